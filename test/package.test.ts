/** What the published package promises: it builds, its entrances open, its command and its threads run from dist/. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';

const root = join(import.meta.dirname, '..');

function node(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 120_000 });
}

describe('the published package', () => {
  before(() => {
    const built = node('scripts/build.ts');
    assert.equal(built.status, 0, built.stdout + built.stderr);
  });

  it('opens every entrance that package.json names', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, string>;
    };
    for (const entrance of Object.keys(exports).filter((name) => !name.endsWith('.json'))) {
      const specifier = `mailroot${entrance.slice(1)}`;
      const opened = node(
        '--input-type=module',
        '-e',
        `const m = await import('${specifier}'); if (Object.keys(m).length === 0) process.exit(1);`,
      );
      assert.equal(opened.status, 0, `${specifier}: ${opened.stderr}`);
    }
  });

  it('runs a relay from dist: queue and pickup threads included', () => {
    const mailroot = mkdtempSync(join(tmpdir(), 'mailroot-dist-'));
    const script = `
      import { Relay, EventLog } from 'mailroot/relay';
      import { systemClock, silentLogger } from './dist/base/index.js';
      import { loadConfig } from './dist/config/index.js';
      import { writeFileSync } from 'node:fs';
      const flags = { mailroot: ${JSON.stringify(mailroot)}, listen: [], delivery: { smartHost: '[127.0.0.1]:1' } };
      const { config } = loadConfig('', '/none/mailroot.yaml', flags);
      const { promise, resolve } = Promise.withResolvers();
      const log = { event: (level, name) => name === 'pickup.accepted' && resolve(), with: () => log };
      const relay = await Relay.start({ config, loadConfig: () => config, nameOf: () => 'relay.test', version: '0', clock: systemClock, log });
      writeFileSync(${JSON.stringify(join(mailroot, 'Pickup', 'a.eml'))}, 'From: a@example.com\\nTo: b@example.net\\n\\nx\\n');
      const alive = setInterval(() => {}, 1000);
      await promise;
      await relay.stop();
      clearInterval(alive);
      console.log('accepted and stopped');
    `;
    const ran = node('--input-type=module', '-e', script);
    rmSync(mailroot, { recursive: true, force: true });
    assert.equal(ran.stdout, 'accepted and stopped\n', ran.stderr);
  });

  it('runs JScript from dist, whose realm is made of the text of compiled functions', () => {
    const ran = node(
      '--input-type=module',
      '-e',
      `import { createSession } from 'mailroot/jscript';
       const session = createSession();
       console.log(session.evaluate('var a = [1, 2,]; a.length + typeof a + new Date(2003, 0, 2).getYear() + (function () { try { null.x; } catch (e) { return e.number & 0xffff; } })()'));`,
    );
    assert.equal(ran.stdout, '3object2003 5007\n'.replace(' ', ''), ran.stderr);
  });

  it('has the command', () => {
    assert.match(node('dist/cli/main.js', 'version').stdout, /^mailroot \d/);
  });
});
