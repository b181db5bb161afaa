import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  call,
  each,
  errorOf,
  get,
  put,
  type TestScope,
  testScope,
} from '../../../test/script/support/object-scope.ts';
import { PROCESS_OPERATION, type ProcessPolicy, ScriptProcesses, splitCommandLine } from './process.ts';

test('Environment holds the variables of the allow-list and nothing of this process', (t) => {
  const shell = testScope(t).createObject('WScript.Shell');
  const environment = get(shell, 'Environment', 'PROCESS');
  assert.deepEqual(each(environment), ['TEMP=C:\\Windows\\Temp', 'COMPUTERNAME=MAIL01']);
  assert.equal(get(environment, '', 'computername'), 'MAIL01');
  assert.equal(get(environment, 'Item', 'PATH'), '');
  put(environment, 'Item', 'My', 'value');
  assert.equal(
    call(shell, 'ExpandEnvironmentStrings', '%my%;%COMPUTERNAME%;%PATH%;100%'),
    'value;MAIL01;%PATH%;100%',
  );
  call(environment, 'Remove', 'MY');
  assert.equal(
    errorOf(() => call(environment, 'Remove', 'MY')),
    0x8007_00cb | 0,
  );
  assert.equal(process.env['My'], undefined);
});

test('CurrentDirectory moves within granted folders only', (t) => {
  const scope = testScope(t);
  const shell = scope.createObject('WScript.Shell');
  assert.equal(get(shell, 'CurrentDirectory'), 'C:\\data');
  call(scope.createObject('Scripting.FileSystemObject'), 'CreateFolder', 'sub');
  put(shell, 'CurrentDirectory', 'SUB');
  assert.equal(get(shell, 'CurrentDirectory'), 'C:\\data\\sub');
  assert.equal(
    errorOf(() => put(shell, 'CurrentDirectory', 'C:\\none')),
    76,
  );
});

test('what Windows has and this machine has not is refused with the error Windows gives', (t) => {
  const shell = testScope(t).createObject('WScript.Shell');
  assert.equal(
    errorOf(() => call(shell, 'RegRead', 'HKLM\\Software\\X')),
    0x8007_0002 | 0,
  );
  assert.equal(
    errorOf(() => call(shell, 'RegWrite', 'HKLM\\Software\\X', 1)),
    0x8007_0005 | 0,
  );
  assert.equal(
    errorOf(() => call(shell, 'CreateShortcut', 'C:\\x.lnk')),
    0x8000_4005 | 0,
  );
  assert.equal(
    errorOf(() => call(shell, 'SendKeys', 'x')),
    70,
  );
  assert.equal(call(shell, 'AppActivate', 'x'), false);
});

test('Popup and LogEvent show their text and go on', (t) => {
  const scope = testScope(t);
  const shell = scope.createObject('WScript.Shell');
  assert.equal(call(shell, 'Popup', 'Done', 5, 'Backup'), 1);
  assert.equal(call(shell, 'LogEvent', 0, 'sent'), true);
  assert.deepEqual(scope.notices, ['Backup: Done', 'sent']);
});

test('Network tells the names of the machine', (t) => {
  const network = testScope(t).createObject('WScript.Network');
  assert.equal(get(network, 'ComputerName'), 'MAIL01');
  assert.equal(get(network, 'UserName'), 'svc-mail');
  assert.equal(get(call(network, 'EnumNetworkDrives'), 'Count'), 0);
  assert.equal(
    errorOf(() => call(network, 'MapNetworkDrive', 'Z:', '\\\\a\\b')),
    0x8007_04b3 | 0,
  );
});

for (const [line, words] of [
  ['a b  c', ['a', 'b', 'c']],
  ['"a b" c', ['a b', 'c']],
  ['a"b c"d', ['ab cd']],
  ['"" x', ['', 'x']],
  ['a\\b "c\\\\" d', ['a\\b', 'c\\', 'd']],
  ['a\\"b', ['a"b']],
  ['"C:\\Program Files\\x.exe" /s', ['C:\\Program Files\\x.exe', '/s']],
  ['', []],
] as const)
  test(`splits the command line ${line}`, () => assert.deepEqual(splitCommandLine(line), words));

const node: ProcessPolicy = { programs: { 'Tool.exe': process.execPath }, variables: { ONLY: 'this' } };

function processes(t: TestContext, policy: ProcessPolicy): ScriptProcesses {
  const started = new ScriptProcesses(policy);
  t.after(() => started.endAll());
  return started;
}

test('a granted program runs without a shell, with the given environment alone', async (t) => {
  const running = processes(t, node);
  const code = `console.log(JSON.stringify([process.argv.slice(1), process.env]))`;
  const { pid } = await running.start({
    command: `"C:\\Tools\\TOOL.EXE" -e "${code.replaceAll('"', '\\"')}" ";rm -rf" $HOME`,
  });
  const bytes = await running.read({ pid, stream: 'stdout' });
  const [args, environment] = JSON.parse(Buffer.from(bytes!).toString());
  assert.deepEqual(args, [';rm -rf', '$HOME']);
  assert.deepEqual(environment, { ONLY: 'this' });
  assert.equal(await running.read({ pid, stream: 'stdout' }), undefined);
  assert.equal((await running.wait({ pid })).exitCode, 0);
});

test('what a script writes reaches the program, and the exit code comes back', async (t) => {
  const running = processes(t, node);
  const { pid } = await running.start({
    command: `tool.exe -e "process.stdin.on('data', d => process.stderr.write(d)).on('end', () => process.exit(7))"`,
  });
  running.write({ pid, bytes: Buffer.from('hello'), close: true });
  assert.equal(Buffer.from((await running.read({ pid, stream: 'stderr' }))!).toString(), 'hello');
  assert.deepEqual(await running.wait({ pid }), { pid, isRunning: false, exitCode: 7 });
});

test('a program that is not granted, cannot start or is unknown is refused', async (t) => {
  const running = processes(t, { programs: { 'gone.exe': '/nonexistent/program' }, variables: {} });
  await assert.rejects(running.start({ command: 'cmd.exe /c dir' }), {
    hresult: 0x8007_0005 | 0,
    message: /--allow-run/,
  });
  await assert.rejects(running.start({ command: 'gone.exe' }), { hresult: 0x8007_0002 | 0 });
  assert.throws(() => running.terminate({ pid: 1 }), { hresult: 0x8007_0057 | 0 });
});

function answered(t: TestContext): TestScope {
  const scope = testScope(t);
  let reads = 0;
  scope.answer = (operation) => {
    if (operation === PROCESS_OPERATION.start) return { pid: 5, isRunning: true, exitCode: 0 };
    if (operation === PROCESS_OPERATION.read)
      return reads++ === 0 ? Buffer.from('line 1\r\nline 2\r\n') : undefined;
    return { pid: 5, isRunning: false, exitCode: 3 };
  };
  return scope;
}

test('Run waits for the exit code only when asked to', (t) => {
  const scope = answered(t);
  const shell = scope.createObject('WScript.Shell');
  assert.equal(call(shell, 'Run', 'tool.exe', 0, true), 3);
  assert.equal(call(shell, 'Run', 'tool.exe %COMPUTERNAME%'), 0);
  assert.deepEqual(
    scope.asked.map(({ operation }) => operation),
    ['process.start', 'process.wait', 'process.start'],
  );
  assert.deepEqual(scope.asked[2]?.request, { command: 'tool.exe MAIL01' });
});

test('Exec gives the streams of the program', (t) => {
  const scope = answered(t);
  const exec = call(scope.createObject('WScript.Shell'), 'Exec', 'tool.exe');
  assert.equal(call(get(exec, 'StdOut'), 'ReadLine'), 'line 1');
  assert.equal(call(get(exec, 'StdOut'), 'ReadAll'), 'line 2\r\n');
  call(get(exec, 'StdIn'), 'Write', 'é');
  assert.deepEqual(scope.asked.at(-1)?.request, { pid: 5, bytes: new Uint8Array([0xe9]), close: false });
  assert.equal(get(exec, 'Status'), 1);
  assert.equal(get(exec, 'ExitCode'), 3);
  assert.equal(get(exec, 'ProcessID'), 5);
});

test('a refused program is an error of Run', (t) => {
  const scope = testScope(t);
  scope.answer = () => {
    throw Object.assign(new Error('Permission denied'), { hresult: 0x8007_0005 | 0 });
  };
  assert.equal(
    errorOf(() => call(scope.createObject('WScript.Shell'), 'Run', 'cmd')),
    0x8007_0005 | 0,
  );
});
