import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { commandsIn } from '../../test/support/command-line.ts';
import { loadConfig } from '../config/index.ts';
import { sampleConfig } from './init.ts';
import { allCommands, commandHelp } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroot-cli-'));
after(() => rmSync(folder, { recursive: true }));

const run = commandsIn(folder);

describe('the command line', () => {
  it('lists all commands when it is called without any, and on --help', async () => {
    for (const args of [[], ['--help'], ['help']]) {
      const { code, stdout } = await run(...args);
      assert.equal(code, 0);
      for (const { name } of await allCommands()) assert.ok(stdout.includes(`  ${name} `), name);
    }
  });

  it('explains every command with every option', async () => {
    for (const command of await allCommands()) {
      const { code, stdout } = await run(...command.name.split(' '), '--help');
      assert.equal(code, 0);
      assert.equal(stdout, `${commandHelp(command)}\n`);
      for (const option of Object.keys(command.options)) assert.ok(stdout.includes(`--${option}`));
    }
  });

  it('refuses unknown commands and options with exit code 2 and says how to get help', async () => {
    const unknown = await run('queue', 'lisst');
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /no command 'queue lisst'/);
    const option = await run('queue', 'list', '--stat', 'held');
    assert.equal(option.code, 2);
    assert.match(option.stderr, /--stat.*\n.*mailroot queue list --help/s);
  });

  it('says that no service runs, how to start one, and exits with 3', async () => {
    for (const args of [
      ['status'],
      ['queue', 'list'],
      ['badmail', 'list'],
      ['send', '--to', 'a@b.example', '--body', 'x'],
    ]) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 3, stderr);
      assert.match(stderr, /No Mailroot service runs with the mailroot .*\n.*mailroot start/);
    }
    const json = await run('status', '--json');
    assert.equal((JSON.parse(json.stderr) as { error: { code: string } }).error.code, 'not-running');
  });

  it('refuses to act on the whole queue unless that is said', async () => {
    for (const verb of ['retry', 'hold', 'release', 'delete', 'bounce']) {
      const { code, stderr } = await run('queue', verb);
      assert.equal(code, 2);
      assert.match(stderr, /--all/);
    }
  });

  it('checks flags before it asks anybody', async () => {
    for (const flags of [
      ['--smart-host', 'smtp://x'],
      ['--listen', 'localhost:25'],
      ['--dns', 'ns.example'],
    ]) {
      const { code, stderr } = await run('config', 'check', ...flags);
      assert.equal(code, 2, stderr);
      assert.ok(stderr.includes(flags[0]!));
    }
  });

  it('config check lists every mistake with file and line, and exits with 1', async () => {
    writeFileSync(join(folder, 'bad.yaml'), 'fqdn: x y\nlimits:\n  recipents: 3\n');
    const { code, stderr } = await run('config', 'check', '--config', 'bad.yaml');
    assert.equal(code, 1);
    assert.match(stderr, /bad\.yaml:1: fqdn: a domain name/);
    assert.match(stderr, /bad\.yaml:3: limits\.recipents: there is no setting of this name/);
    const missing = await run('config', 'check', '--config', 'missing.yaml');
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /missing\.yaml/);
  });

  it('config show prints flags, file and defaults together', async () => {
    const { code, stdout } = await run(
      'config',
      'show',
      '--smart-host',
      '[192.0.2.1]:26',
      '--dns',
      '192.0.2.53',
    );
    assert.equal(code, 0);
    assert.match(stdout, /smartHost: "\[192\.0\.2\.1\]:26"/);
    assert.match(stdout, /- 192\.0\.2\.53:53/);
  });

  it('init writes a file that passes its own check, keeps an existing one, and is not for everybody to read', async () => {
    assert.equal((await run('init', '--fqdn', 'mail.example.com')).code, 0);
    const file = join(folder, 'mailroot.yaml');
    assert.equal(readFileSync(file, 'utf8'), sampleConfig('mail.example.com'));
    assert.equal(statSync(file).mode & 0o007, 0);
    assert.equal((await run('config', 'check')).code, 0);
    assert.equal((await run('init')).code, 1);
    assert.equal((await run('init', '--force')).code, 0);
    rmSync(file);
    const result = loadConfig(sampleConfig('mail.example.com'), file);
    assert.ok(result.ok);
    assert.deepEqual(
      result.config.servers[0]!.listen.map(({ address }) => address.port),
      [25, 25],
    );
  });

  it('version names Mailroot and Node.js', async () => {
    assert.match((await run('version')).stdout, /^mailroot \d+\.\d+\.\d+ \(Node\.js \d+/);
  });
});
