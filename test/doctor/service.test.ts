/** The service's unit, its Windows form, and the commands doctor, service and setup-permissions. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { runCommandLine } from '../../src/cli/main.ts';
import {
  readSystemdState,
  readWindowsState,
  systemdUnit,
  windowsInstall,
  windowsWord,
} from '../../src/doctor/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroot-service-'));
chmodSync(folder, 0o711);
after(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const stdin = Readable.from([]) as unknown as NodeJS.ReadableStream;
  const code = await runCommandLine(args, { stdin, stdout, stderr, environment: {}, folder });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

describe('the service', () => {
  it('is a unit that systemd itself accepts, whatever stands in its paths', () => {
    const text = systemdUnit({
      program: [process.execPath, '/opt/mail root/50% $x "q"/mailroot.mjs'],
      configFile: '/etc/mailroot/mailroot.yaml',
    });
    assert.match(
      text,
      /^ExecStart=\S+ "\/opt\/mail root\/50%% \$\$x \\"q\\"\/mailroot\.mjs" start --quiet --config \/etc\/mailroot\/mailroot\.yaml$/m,
    );
    assert.match(text, /AmbientCapabilities=CAP_NET_BIND_SERVICE/);
    assert.match(text, /After=network-online\.target/);
    const file = join(folder, 'mailroot.service');
    writeFileSync(
      file,
      systemdUnit({
        program: [process.execPath, join(import.meta.dirname, '../../bin/mailroot.mjs')],
        mailroot: folder,
      }),
    );
    const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    // Where systemd-analyze is missing the text above is all that can be judged.
    if (verified.error === undefined)
      assert.doesNotMatch(verified.stderr, /mailroot\.service:.*(Unknown|Failed|ignoring|Invalid)/i);
  });

  it('is quoted for Windows so that its command line is taken apart again unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '\t') })), (words) => {
        assert.deepEqual(splitWindows(words.map(windowsWord).join(' ')), words);
      }),
    );
    const [create] = windowsInstall({
      program: ['C:\\Program Files\\node.exe', 'C:\\m\\mailroot.mjs'],
      mailroot: 'C:\\Inetpub\\mailroot',
    });
    assert.deepEqual(create!.slice(0, 6), [
      'create',
      'mailroot',
      'binPath=',
      '"C:\\Program Files\\node.exe" C:\\m\\mailroot.mjs start --quiet --mailroot C:\\Inetpub\\mailroot',
      'start=',
      'delayed-auto',
    ]);
  });

  it('tells its state from what systemctl and sc.exe print', () => {
    assert.deepEqual(
      readSystemdState('LoadState=loaded\nUnitFileState=enabled\nActiveState=active\nSubState=running\n'),
      { isInstalled: true, isEnabled: true, isRunning: true, detail: 'active (running)' },
    );
    assert.equal(readSystemdState('LoadState=not-found\nActiveState=inactive\n').isInstalled, false);
    const query = 'SERVICE_NAME: mailroot\n        STATE              : 4  RUNNING\n';
    assert.deepEqual(readWindowsState(query, '        START_TYPE         : 2   AUTO_START  (DELAYED)\n'), {
      isInstalled: true,
      isEnabled: true,
      isRunning: true,
      detail: 'RUNNING',
    });
    assert.equal(
      readWindowsState('[SC] EnumQueryServicesStatus:OpenService FAILED 1060', '').isInstalled,
      false,
    );
  });

  it('prints the unit, and says what is missing when it cannot install or remove', async () => {
    assert.match((await run('service', 'install', '--print', '--user', 'mail')).stdout, /^User=mail$/m);
    const nowhere = await run('service', 'install', '--unit-folder', 'nowhere');
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /writing .*nowhere\/mailroot\.service \(run this as root\)/);
    const removed = await run('service', 'remove', '--unit-folder', 'nowhere');
    assert.match(removed.stderr, /the service is not installed/);
    assert.equal((await run('service', 'status')).code, 3);
  });
});

/** How Windows takes a command line apart (CommandLineToArgvW, without the special first word). */
function splitWindows(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const slashes = /^\\*/.exec(line.slice(at))![0].length;
    if (slashes > 0 && line[at + slashes] === '"') {
      word = (word ?? '') + '\\'.repeat(slashes >> 1);
      at += slashes;
      if (slashes % 2 === 1) word += '"';
      else isQuoted = !isQuoted;
    } else if (line[at] === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else if (!isQuoted && /[ \t]/.test(line[at]!)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + line[at]!;
  }
  if (word !== undefined) words.push(word);
  return words;
}

describe('the commands', () => {
  it('doctor prints cure and source of each finding, gives JSON, and exits with 1 for errors', async () => {
    const { code, stdout } = await run('doctor', '--offline', '--check', 'service');
    assert.equal(code, 1);
    assert.match(
      stdout,
      /ERROR no service runs with the mailroot .*\[service\.not-running\]\n {2}why: .*\n {2}cure: .*mailroot start\n {2}source: /,
    );
    const json = JSON.parse((await run('doctor', '--offline', '--json', '--check', 'service')).stdout) as {
      findings: { id: string }[];
    };
    assert.ok(json.findings.some(({ id }) => id === 'service.not-running'));
    assert.equal((await run('doctor', '--check', 'nothing')).code, 2);
  });

  it('doctor exits with 0 when all is well', async () => {
    const { code, stdout } = await run('doctor', '--offline', '--check', 'access');
    assert.equal(code, 0);
    assert.equal(stdout, 'All is well.\n');
  });

  it('setup-permissions shows and sets the minimum, and explains what it needs', async () => {
    const dry = await run('setup-permissions', '--dry-run', '--mailroot', 'm1');
    assert.match(dry.stdout, /0700 .*Pickup/);
    assert.throws(() => statSync(join(folder, 'm1')));
    assert.match(
      (await run('setup-permissions', '--service', 'no-such-user')).stderr,
      /no user 'no-such-user'/,
    );
    assert.match(
      (await run('setup-permissions', '--submitter', 'nobody', '--group', 'no-such-group')).stderr,
      /groupadd no-such-group/,
    );
    assert.match(
      (await run('setup-permissions', '--submitter', 'nobody', '--submitter', 'root')).stderr,
      /groupadd mailsubmit.*usermod -aG mailsubmit nobody/,
    );
    if (process.getuid?.() !== 0) return;
    assert.equal((await run('setup-permissions', '--submitter', 'nobody', '--mailroot', 'm2')).code, 0);
    assert.equal(statSync(join(folder, 'm2/Pickup')).mode & 0o7777, 0o1730);
    assert.equal(statSync(join(folder, 'm2/Queue')).mode & 0o7777, 0o700);
    const written = spawnSync('runuser', [
      '-u',
      'nobody',
      '--',
      'sh',
      '-c',
      `echo x > ${folder}/m2/Pickup/a.eml && ! ls ${folder}/m2/Pickup`,
    ]);
    assert.equal(written.status, 0, String(written.stderr));
    assert.equal(readFileSync(join(folder, 'm2/Pickup/a.eml'), 'utf8'), 'x\n');
  });

  it('setup-permissions names the folder that it cannot set', async () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'm3'), { recursive: true });
    const { code, stderr } = await run('setup-permissions', '--mailroot', 'file');
    assert.equal(code, 1);
    assert.match(stderr, /setting the rights of .*file/);
  });
});
