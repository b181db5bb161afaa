import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { call, each, errorOf, get, put, testScope } from '../../../test/script/support/object-scope.ts';
import { VT } from '../../automation/index.ts';

function fso(t: TestContext) {
  const scope = testScope(t);
  return { scope, data: join(scope.folder, 'data'), fso: scope.createObject('Scripting.FileSystemObject') };
}

test('writes a text file with CRLF lines in the ANSI code page and reads it back line by line', (t) => {
  const { data, fso: fs } = fso(t);
  const out = call(fs, 'CreateTextFile', 'C:\\data\\log.txt');
  call(out, 'WriteLine', 'Grüße €');
  call(out, 'Write', 'second');
  call(out, 'WriteBlankLines', 2);
  call(out, 'Close');
  assert.equal(readFileSync(join(data, 'log.txt'), 'latin1'), 'Gr\xfc\xdfe \x80\r\nsecond\r\n\r\n');
  const stream = call(fs, 'OpenTextFile', 'LOG.TXT');
  assert.equal(get(stream, 'Line'), 1);
  assert.equal(call(stream, 'Read', 2), 'Gr');
  assert.equal(get(stream, 'Column'), 3);
  assert.equal(call(stream, 'ReadLine'), 'üße €');
  assert.equal(get(stream, 'Line'), 2);
  assert.equal(get(stream, 'AtEndOfLine'), false);
  call(stream, 'Skip', 6);
  assert.equal(get(stream, 'AtEndOfLine'), true);
  call(stream, 'SkipLine');
  call(stream, 'SkipLine');
  assert.equal(get(stream, 'AtEndOfStream'), true);
  assert.equal(
    errorOf(() => call(stream, 'ReadLine')),
    62,
  );
});

test('appends, and creates only when asked to', (t) => {
  const { data, fso: fs } = fso(t);
  assert.equal(
    errorOf(() => call(fs, 'OpenTextFile', 'a.log', 8)),
    53,
  );
  call(call(fs, 'OpenTextFile', 'a.log', 8, true), 'WriteLine', 'one');
  call(call(fs, 'OpenTextFile', 'a.log', 8, true), 'WriteLine', 'two');
  assert.equal(readFileSync(join(data, 'a.log'), 'latin1'), 'one\r\ntwo\r\n');
  call(call(fs, 'OpenTextFile', 'a.log', 2), 'Write', 'x');
  assert.equal(readFileSync(join(data, 'a.log'), 'latin1'), 'x');
});

test('UTF-16 files carry a byte-order mark that reading takes off; as ANSI it stays', (t) => {
  const { data, fso: fs } = fso(t);
  call(call(fs, 'CreateTextFile', 'u.txt', true, true), 'WriteLine', 'Ж');
  assert.deepEqual([...readFileSync(join(data, 'u.txt'))], [0xff, 0xfe, 0x16, 0x04, 13, 0, 10, 0]);
  assert.equal(call(call(fs, 'OpenTextFile', 'u.txt', 1, false, -1), 'ReadAll'), 'Ж\r\n');
  assert.equal(call(call(fs, 'OpenTextFile', 'u.txt', 1, false, -2), 'ReadAll'), 'Ж\r\n');
  assert.equal(call(call(fs, 'OpenTextFile', 'u.txt'), 'Read', 2), 'ÿþ');
  call(call(fs, 'OpenTextFile', 'u.txt', 8, false, -2), 'Write', '1');
  assert.equal(readFileSync(join(data, 'u.txt')).length, 10);
});

test('a character the code page lacks raises error 5 and writes nothing', (t) => {
  const { data, fso: fs } = fso(t);
  const out = call(fs, 'CreateTextFile', 'a.txt');
  assert.equal(
    errorOf(() => call(out, 'WriteLine', 'Ж')),
    5,
  );
  call(out, 'Close');
  assert.equal(readFileSync(join(data, 'a.txt')).length, 0);
});

for (const [name, steps, number] of [
  ['reading a stream open for writing', ['CreateTextFile a.txt', 'Read 1'], 54],
  ['AtEndOfStream of a stream open for writing', ['CreateTextFile a.txt', 'AtEndOfStream'], 54],
  ['using a closed stream', ['CreateTextFile a.txt', 'Close', 'WriteLine x'], 91],
] as const)
  test(`${name} raises ${number}`, (t) => {
    const { fso: fs } = fso(t);
    let target = fs as ReturnType<typeof call>;
    const run = (step: string) => {
      const [member, argument] = step.split(' ');
      const result = call(target, member!, ...(argument === undefined ? [] : [argument]));
      if (target === fs) target = result;
    };
    for (const step of steps.slice(0, -1)) run(step);
    assert.equal(
      errorOf(() => run(steps.at(-1)!)),
      number,
    );
  });

test('modes and formats that do not exist raise 5; ReadAll of an empty file raises 62', (t) => {
  const { fso: fs } = fso(t);
  call(call(fs, 'CreateTextFile', 'a.txt'), 'Close');
  assert.equal(
    errorOf(() => call(fs, 'OpenTextFile', 'a.txt', 3)),
    5,
  );
  assert.equal(
    errorOf(() => call(fs, 'OpenTextFile', 'a.txt', 1, false, 7)),
    5,
  );
  assert.equal(
    errorOf(() => call(call(fs, 'OpenTextFile', 'a.txt'), 'ReadAll')),
    62,
  );
  assert.equal(
    errorOf(() => call(call(fs, 'OpenTextFile', 'a.txt'), 'Read', -1)),
    5,
  );
  assert.equal(
    errorOf(() => call(fs, 'CreateTextFile', 'a.txt', false)),
    58,
  );
});

test('reads a file far larger than its buffer, across characters and lines', (t) => {
  const { data, fso: fs } = fso(t);
  const line = 'x'.repeat(999);
  writeFileSync(join(data, 'big.txt'), `${line}\r\n`.repeat(300));
  const stream = call(fs, 'OpenTextFile', 'big.txt');
  let count = 0;
  while (get(stream, 'AtEndOfStream') === false) {
    assert.equal(call(stream, 'ReadLine'), line);
    count += 1;
  }
  assert.equal(count, 300);
  assert.equal(get(stream, 'Line'), 301);
});

test('a script may leave hundreds of files open, for reading and for writing', (t) => {
  const { data, fso: fs } = fso(t);
  const streams = Array.from({ length: 300 }, (_, index) => call(fs, 'CreateTextFile', `f${index}.txt`));
  for (const [index, stream] of streams.entries()) call(stream, 'Write', `a${index}`);
  for (const stream of streams) call(stream, 'Write', 'b');
  assert.equal(readFileSync(join(data, 'f0.txt'), 'utf8'), 'a0b');
  assert.equal(readFileSync(join(data, 'f299.txt'), 'utf8'), 'a299b');
  const descriptors = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
  assert.ok(descriptors < 150, `${descriptors} descriptors are open`);
});

test('finds names in any case, the exact one first', (t) => {
  const { data, fso: fs } = fso(t);
  mkdirSync(join(data, 'Reports'));
  writeFileSync(join(data, 'Reports', 'May.txt'), 'may');
  assert.equal(call(fs, 'FileExists', 'c:\\DATA\\REPORTS\\MAY.TXT'), true);
  assert.equal(get(call(fs, 'GetFile', 'reports\\may.TXT'), 'Path'), 'C:\\data\\Reports\\May.txt');
  call(call(fs, 'CreateTextFile', 'REPORTS\\MAY.TXT'), 'Write', 'new');
  assert.deepEqual(readdirSync(join(data, 'Reports')), ['May.txt']);
  if (process.platform === 'linux') {
    writeFileSync(join(data, 'Reports', 'MAY.txt'), 'other');
    assert.equal(call(call(fs, 'OpenTextFile', 'Reports\\MAY.txt'), 'ReadAll'), 'other');
  }
});

test('File and Folder tell their facts and list what they hold, sorted', (t) => {
  const { data, fso: fs } = fso(t);
  mkdirSync(join(data, 'sub'));
  writeFileSync(join(data, 'b.txt'), '12345');
  writeFileSync(join(data, 'A.log'), '1');
  writeFileSync(join(data, 'sub', 'c'), '22');
  const folder = call(fs, 'GetFolder', '.');
  assert.equal(get(folder, ''), 'C:\\data');
  assert.deepEqual(
    each(get(folder, 'Files')).map((file) => get(file, 'Name')),
    ['A.log', 'b.txt'],
  );
  assert.deepEqual(
    each(get(folder, 'SubFolders')).map((each) => get(each, 'Path')),
    ['C:\\data\\sub'],
  );
  assert.equal(get(get(folder, 'Files'), 'Count'), 2);
  assert.equal(get(folder, 'Size'), 8);
  const file = get(get(folder, 'Files'), 'Item', 'B.TXT');
  assert.equal(get(file, 'Size'), 5);
  assert.equal(get(file, 'Type'), 'Text Document');
  assert.equal(get(get(file, 'ParentFolder'), 'Path'), 'C:\\data');
  assert.equal(get(get(file, 'Drive'), 'DriveLetter'), 'C');
  const modified = get(file, 'DateLastModified');
  assert.ok(
    typeof modified === 'object' && modified !== null && 'type' in modified && modified.type === VT.date,
  );
  assert.equal(
    errorOf(() => get(get(folder, 'Files'), 'Item', 'none')),
    53,
  );
  assert.equal(
    errorOf(() => call(fs, 'GetFile', 'none')),
    53,
  );
  assert.equal(
    errorOf(() => call(fs, 'GetFolder', 'none')),
    76,
  );
  assert.equal(
    errorOf(() => call(fs, 'GetFile', 'none\\none')),
    76,
  );
});

test('a name may be changed but not into another folder', (t) => {
  const { data, fso: fs } = fso(t);
  writeFileSync(join(data, 'a.txt'), '');
  const file = call(fs, 'GetFile', 'a.txt');
  put(file, 'Name', 'b.txt');
  assert.equal(get(file, 'Path'), 'C:\\data\\b.txt');
  assert.ok(existsSync(join(data, 'b.txt')));
  assert.equal(
    errorOf(() => put(file, 'Name', '..\\x')),
    52,
  );
});

test('copies, moves and deletes by name and by wildcard', (t) => {
  const { data, fso: fs } = fso(t);
  for (const name of ['a.txt', 'b.txt', 'c.log']) writeFileSync(join(data, name), name);
  call(fs, 'CreateFolder', 'to');
  call(fs, 'CopyFile', 'C:\\data\\*.txt', 'C:\\data\\to\\');
  assert.deepEqual(readdirSync(join(data, 'to')), ['a.txt', 'b.txt']);
  assert.equal(
    errorOf(() => call(fs, 'CopyFile', 'a.txt', 'to\\a.txt', false)),
    58,
  );
  call(fs, 'MoveFile', 'c.log', 'to\\moved.log');
  assert.equal(readFileSync(join(data, 'to', 'moved.log'), 'utf8'), 'c.log');
  assert.equal(
    errorOf(() => call(fs, 'MoveFile', 'a.txt', 'b.txt')),
    58,
  );
  call(fs, 'DeleteFile', 'to\\*.txt');
  assert.deepEqual(readdirSync(join(data, 'to')), ['moved.log']);
  assert.equal(
    errorOf(() => call(fs, 'DeleteFile', 'to\\*.txt')),
    53,
  );
  assert.equal(
    errorOf(() => call(fs, 'CopyFile', 'to', 'x')),
    53,
  );
  call(fs, 'CopyFolder', 'to', 'again');
  assert.ok(existsSync(join(data, 'again', 'moved.log')));
  assert.equal(
    errorOf(() => call(fs, 'CopyFolder', 'to', 'again', false)),
    58,
  );
  assert.equal(
    errorOf(() => call(fs, 'CopyFolder', 'none', 'again')),
    76,
  );
  assert.equal(
    errorOf(() => call(fs, 'MoveFolder', 'to', 'to\\inside')),
    70,
  );
  call(fs, 'DeleteFolder', 'again');
  assert.ok(!existsSync(join(data, 'again')));
  assert.equal(
    errorOf(() => call(fs, 'CreateFolder', 'to')),
    58,
  );
  assert.equal(
    errorOf(() => call(fs, 'CreateFolder', 'none\\x')),
    76,
  );
});

test('a read-only file needs force to be deleted', (t) => {
  const { data, fso: fs } = fso(t);
  writeFileSync(join(data, 'a.txt'), '');
  chmodSync(join(data, 'a.txt'), 0o444);
  assert.equal(get(call(fs, 'GetFile', 'a.txt'), 'Attributes'), 33);
  assert.equal(
    errorOf(() => call(fs, 'DeleteFile', 'a.txt')),
    70,
  );
  call(fs, 'DeleteFile', 'a.txt', true);
  assert.ok(!existsSync(join(data, 'a.txt')));
});

test('Attributes turns the read-only mark on and off', (t) => {
  const { data, fso: fs } = fso(t);
  writeFileSync(join(data, 'a.txt'), '');
  const file = call(fs, 'GetFile', 'a.txt');
  put(file, 'Attributes', 1);
  assert.equal(get(file, 'Attributes'), 33);
  put(file, 'Attributes', 0);
  assert.equal(get(file, 'Attributes'), 32);
});

test('a folder given for reading refuses every change with 70', (t) => {
  const { scope, fso: fs } = fso(t);
  writeFileSync(join(scope.folder, 'readonly', 'a.txt'), 'text');
  assert.equal(call(call(fs, 'OpenTextFile', 'R:\\a.txt'), 'ReadAll'), 'text');
  for (const [member, ...args] of [
    ['CreateTextFile', 'R:\\new.txt'],
    ['OpenTextFile', 'R:\\a.txt', 8],
    ['OpenTextFile', 'R:\\a.txt', 2],
    ['DeleteFile', 'R:\\a.txt', true],
    ['MoveFile', 'R:\\a.txt', 'C:\\data\\a.txt'],
    ['CreateFolder', 'R:\\sub'],
    ['CopyFile', 'R:\\a.txt', 'R:\\b.txt'],
  ] as const)
    assert.equal(
      errorOf(() => call(fs, member, ...args)),
      70,
      member,
    );
  assert.deepEqual(readdirSync(join(scope.folder, 'readonly')), ['a.txt']);
});

test('drives and folders that only lead to mapped ones exist, hold those, and take nothing else', (t) => {
  const { fso: fs } = fso(t);
  assert.equal(call(fs, 'FolderExists', 'C:\\'), true);
  assert.deepEqual(
    each(get(call(fs, 'GetFolder', 'C:\\'), 'SubFolders')).map((each) => get(each, 'Name')),
    ['data'],
  );
  assert.equal(
    errorOf(() => call(fs, 'CreateTextFile', 'C:\\x.txt')),
    76,
  );
  assert.equal(call(fs, 'DriveExists', 'r'), true);
  assert.equal(call(fs, 'DriveExists', 'Z:'), false);
  assert.equal(
    errorOf(() => call(fs, 'GetDrive', 'Z:')),
    68,
  );
  assert.deepEqual(
    each(get(fs, 'Drives')).map((drive) => get(drive, '')),
    ['C:', 'R:'],
  );
  assert.ok(Number(get(call(fs, 'GetDrive', 'C:\\'), 'FreeSpace')) > 0);
});

test('special folders, temporary names and absolute paths', (t) => {
  const { fso: fs } = fso(t);
  assert.equal(get(call(fs, 'GetSpecialFolder', 2), ''), 'C:\\Windows\\Temp');
  assert.match(String(call(fs, 'GetTempName')), /^rad[0-9A-F]{5}\.tmp$/);
  assert.equal(call(fs, 'GetAbsolutePathName', 'x\\..\\y'), 'C:\\data\\y');
  assert.equal(
    errorOf(() => call(fs, 'GetSpecialFolder', 3)),
    5,
  );
});

test('an absolute path of this machine is taken when it lies in a granted folder', (t) => {
  const { data, fso: fs } = fso(t);
  writeFileSync(join(data, 'a.txt'), 'text');
  if (process.platform !== 'win32')
    assert.equal(get(call(fs, 'GetFile', join(data, 'a.txt')), 'Path'), 'C:\\data\\a.txt');
  assert.equal(call(fs, 'FileExists', '/etc/passwd'), false);
});
