/** The service's unit, its Windows form, and the commands doctor, service and setup-permissions. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import type { OptionValues } from '../../src/cli/command.ts';
import { serviceCommands } from '../../src/cli/service.ts';
import {
  type Machine,
  type RunResult,
  readSystemdState,
  systemdUnit,
  thisMachine,
  windowsWord,
} from '../../src/doctor/index.ts';
import { commandsIn } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroot-service-'));
chmodSync(folder, 0o711);
after(() => rmSync(folder, { recursive: true, force: true }));

const run = commandsIn(folder);

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
  });

  it('tells its state from what systemctl prints', () => {
    assert.deepEqual(
      readSystemdState('LoadState=loaded\nUnitFileState=enabled\nActiveState=active\nSubState=running\n'),
      { isInstalled: true, isEnabled: true, isRunning: true, detail: 'active (running)' },
    );
    assert.equal(readSystemdState('LoadState=not-found\nActiveState=inactive\n').isInstalled, false);
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

describe('the service on Windows', () => {
  const ok: RunResult = { code: 0, stdout: '', stderr: '' };
  const gone: RunResult = {
    code: 1,
    stdout: '',
    stderr: 'ERROR: The system cannot find the file specified.',
  };

  /** A Windows on which each command answers what `answers` says for its beginning, else with success. */
  function windows(answers: Readonly<Record<string, RunResult>> = {}) {
    const said: string[] = [];
    const machine: Machine = {
      ...thisMachine,
      platform: 'win32',
      run: (program, args) => {
        const line = [program, ...args].join(' ');
        said.push(line);
        return Object.entries(answers).find(([start]) => line.startsWith(start))?.[1] ?? ok;
      },
    };
    const run = async (
      name: string,
      values: OptionValues = {},
    ): Promise<{ code: number; stdout: string }> => {
      const command = serviceCommands(machine).find((each) => each.name === `service ${name}`)!;
      const stdout = new PassThrough();
      const stdin = Readable.from([]) as unknown as NodeJS.ReadableStream;
      const io = { stdin, stdout, stderr: new PassThrough(), environment: {}, folder };
      const code = await command.run({ values, positionals: [], io });
      return { code, stdout: String(stdout.read() ?? '') };
    };
    return { said, run };
  }

  const text = (xml: string, element: string): string =>
    new RegExp(`<${element}>([^<]*)</${element}>`)
      .exec(xml)![1]!
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');

  it('is a task at boot, whose file the scheduler can read and whose command line is taken apart unchanged', async () => {
    const { said, run: command } = windows();
    const { stdout } = await command('install', { 'unit-folder': folder, mailroot: 'C:\\Mail & <more>' });
    assert.match(stdout, /Start it now: schtasks\.exe \/Run \/TN Mailroot/);
    const file = `${folder}\\mailroot-task.xml`;
    assert.deepEqual(said, [`schtasks.exe /Create /TN Mailroot /XML ${file} /F`]);
    const bytes = readFileSync(file);
    assert.deepEqual([...bytes.subarray(0, 2)], [0xff, 0xfe]);
    const xml = bytes.toString('utf16le').slice(1);
    assert.match(xml, /^<\?xml version="1\.0" encoding="UTF-16"\?>\n<Task version="1\.2"/);
    assert.match(xml, /<BootTrigger>\s*<Enabled>true/);
    assert.match(xml, /<UserId>S-1-5-18<\/UserId>/);
    assert.match(xml, /<ExecutionTimeLimit>PT0S</, 'it may run for ever');
    assert.match(xml, /<RestartOnFailure>/);
    assert.equal(text(xml, 'Command'), process.execPath);
    assert.deepEqual(splitWindows(text(xml, 'Arguments')).slice(1), [
      'start',
      '--quiet',
      '--mailroot',
      join(folder, 'C:\\Mail & <more>'),
    ]);
    await command('install', { 'unit-folder': folder, user: 'CORP\\mail' });
    const other = readFileSync(file).toString('utf16le');
    assert.match(other, /<UserId>CORP\\mail<\/UserId>\s*<LogonType>S4U</, 'no password is kept');
    await command('install', { 'unit-folder': folder, user: 'NetworkService' });
    assert.match(readFileSync(file).toString('utf16le'), /<UserId>S-1-5-20<\/UserId>/);
  });

  it('is a service through WinSW, whose settings are written beside it and which is stopped in good order', async () => {
    const { said, run: command } = windows();
    const wrapper = join(folder, 'mailroot-service.exe');
    await assert.rejects(command('install', { wrapper }), /There is no .*Get WinSW/);
    await assert.rejects(command('install', { wrapper: 'WinSW.zip' }), /a program \(\.exe\) is expected/);
    writeFileSync(wrapper, '');
    const { stdout } = await command('install', { wrapper, mailroot: 'C:\\Mail root' });
    assert.match(stdout, /Start it now: sc\.exe start mailroot/);
    assert.deepEqual(said, [`${wrapper} install`]);
    const xml = readFileSync(join(folder, 'mailroot-service.xml'), 'utf8');
    assert.equal(text(xml, 'id'), 'mailroot');
    assert.equal(text(xml, 'executable'), process.execPath);
    assert.deepEqual(splitWindows(text(xml, 'startarguments')).slice(1, 3), ['start', '--quiet']);
    assert.deepEqual(splitWindows(text(xml, 'stoparguments')).slice(1), [
      'stop',
      '--mailroot',
      join(folder, 'C:\\Mail root'),
    ]);
    assert.match(xml, /<delayedAutoStart>true/);
    assert.match(xml, /<onfailure action="restart"/);
  });

  it('prints its file and its command, and says why it cannot be installed', async () => {
    const { said, run: command } = windows();
    const { stdout } = await command('install', { print: true, 'unit-folder': 'C:\\x' });
    assert.match(stdout, /^C:\\x\\mailroot-task\.xml:\n\n<\?xml/);
    assert.match(stdout, /schtasks\.exe \/Create \/TN Mailroot/);
    assert.deepEqual(said, []);
    const denied = windows({ schtasks: { code: 1, stdout: '', stderr: 'ERROR: Access is denied.' } });
    await assert.rejects(
      denied.run('install', { 'unit-folder': folder }),
      /schtasks\.exe .* failed with 1: ERROR: Access is denied\./,
    );
    await assert.rejects(
      command('install', { 'unit-folder': join(folder, 'mailroot-service.exe') }),
      /run this as an administrator/,
    );
  });

  it('tells its state as a task and as a service', async () => {
    const task = {
      code: 0,
      stderr: '',
      stdout:
        '<Task><Triggers><BootTrigger><Enabled>true</Enabled></BootTrigger></Triggers><Settings><Enabled>false</Enabled></Settings></Task>',
    };
    const disabled = await windows({ 'sc.exe': gone, 'schtasks.exe /Query': task }).run('status');
    assert.equal(disabled.code, 3);
    assert.equal(disabled.stdout, 'installed: yes\nat boot:   no\nrunning:   no, task at boot\n');
    const enabled = { ...task, stdout: task.stdout.replace('false', 'true') };
    assert.match(
      (await windows({ 'sc.exe': gone, 'schtasks.exe /Query': enabled }).run('status')).stdout,
      /at boot: {3}yes\nrunning: {3}no/,
    );
    const service = windows({
      'sc.exe query': { ...ok, stdout: 'SERVICE_NAME: mailroot\n        STATE              : 4  RUNNING\n' },
      'sc.exe qc': { ...ok, stdout: '        START_TYPE         : 2   AUTO_START  (DELAYED)\n' },
    });
    assert.deepEqual(await service.run('status'), {
      code: 0,
      stdout: 'installed: yes\nat boot:   yes\nrunning:   yes, service, RUNNING\n',
    });
    assert.match(
      (await windows({ 'sc.exe': gone, 'schtasks.exe': gone }).run('status')).stdout,
      /installed: no\nat boot: {3}no\nrunning: {3}no, not installed/,
    );
  });

  it('is removed in whichever way it was installed, and says when there was none', async () => {
    const { said, run: command } = windows({ 'sc.exe': gone });
    assert.equal((await command('remove')).code, 0);
    assert.deepEqual(said, [
      'sc.exe stop mailroot',
      'sc.exe delete mailroot',
      'schtasks.exe /End /TN Mailroot',
      'schtasks.exe /Delete /TN Mailroot /F',
    ]);
    await assert.rejects(
      windows({ 'sc.exe': gone, 'schtasks.exe': gone }).run('remove'),
      /Neither the service mailroot nor the task Mailroot/,
    );
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
