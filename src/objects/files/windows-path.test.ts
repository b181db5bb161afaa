import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  baseName,
  buildPath,
  driveName,
  extensionName,
  fileName,
  formatWindowsPath,
  parentFolderName,
  parseWindowsPath,
} from './windows-path.ts';

const CURRENT = { root: 'C:', parts: ['data'] };

function parsed(text: string): string {
  const result = parseWindowsPath(text, CURRENT);
  return 'path' in result ? formatWindowsPath(result.path) : result.problem;
}

for (const [text, expected] of [
  ['C:\\a\\b', 'C:\\a\\b'],
  ['c:/a//b/', 'C:\\a\\b'],
  ['a.txt', 'C:\\data\\a.txt'],
  ['\\a.txt', 'C:\\a.txt'],
  ['C:a.txt', 'C:\\data\\a.txt'],
  ['D:a.txt', 'D:\\a.txt'],
  ['..\\..\\..\\x', 'C:\\x'],
  ['.\\.\\x', 'C:\\data\\x'],
  ['x. . .', 'C:\\data\\x'],
  ['\\\\server\\share\\a', '\\\\server\\share\\a'],
  ['//server/share', '\\\\server\\share'],
  ['\\\\server\\share\\..\\..\\x', '\\\\server\\share\\x'],
  ['\\\\server', 'bad-name'],
  ['...', 'bad-name'],
  ['.. ', 'bad-name'],
  [' ..', 'bad-name'],
  ['a*b', 'bad-name'],
  ['a\0b', 'bad-name'],
  ['a|b', 'bad-name'],
  ['\ud800', 'bad-name'],
  ['', 'bad-name'],
  ['ab:c', 'stream'],
  ['C:\\a.txt:hidden', 'stream'],
  ['C:\\a.txt::$DATA', 'stream'],
  ['nul', 'device'],
  ['NUL.txt', 'device'],
  ['C:\\data\\con .log', 'device'],
  ['com1:', 'device'],
  ['lpt\u00b9', 'device'],
  ['conin$', 'device'],
  ['\\\\.\\PhysicalDrive0', 'device'],
  ['\\\\?\\C:\\a', 'device'],
  ['\\??\\C:\\a', 'device'],
] as const)
  test(`reads the path ${JSON.stringify(text)} as ${expected}`, () => {
    assert.equal(parsed(text), expected);
  });

test('no text makes a path with an empty, dotted or separated part', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '\\',
        '/',
        ':',
        'C:',
        '\\\\',
        '?',
        '\0',
        ' ',
        'CON',
        'a',
        'b.txt',
        '%2e',
        '\u2215',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const result = parseWindowsPath(parts.join(''), CURRENT);
      if (!('path' in result)) return;
      for (const part of result.path.parts) {
        assert.notEqual(part, '');
        assert.ok(!/^\.+$/.test(part), part);
        assert.ok(!/[\\/:\0]/.test(part), part);
        assert.ok(!/[. ]$/.test(part), part);
      }
    }),
  );
});

// observed: the answers of the scripting library on Windows.
for (const [path, name, joined] of [
  ['C:\\path', '..\\name.tmp', 'C:\\path\\..\\name.tmp'],
  ['C:\\path', '\\name.tmp', 'C:\\path\\name.tmp'],
  ['C:\\path', 'name.tmp', 'C:\\path\\name.tmp'],
  ['C:\\path\\', 'name.tmp', 'C:\\path\\name.tmp'],
  ['C:\\path', '\\\\name.tmp', 'C:\\path\\\\name.tmp'],
  ['C:\\path\\', '\\name.tmp', 'C:\\path\\name.tmp'],
  ['C:\\path\\', '\\\\name.tmp', 'C:\\path\\\\name.tmp'],
  ['C:\\\\', '\\name.tmp', 'C:\\\\name.tmp'],
  ['C:', 'name.tmp', 'C:name.tmp'],
  ['C:', '\\\\name.tmp', 'C:\\\\name.tmp'],
  ['path', '', 'path'],
  ['', 'path', 'path'],
] as const)
  test(`BuildPath joins ${path} and ${name}`, () => assert.equal(buildPath(path, name), joined));

const names: readonly (readonly [(path: string) => string, string, string])[] = [
  [parentFolderName, 'a', ''],
  [parentFolderName, 'a/a/a', 'a/a'],
  [parentFolderName, 'a\\a\\a', 'a\\a'],
  [parentFolderName, 'a/a//\\\\', 'a'],
  [parentFolderName, 'c:\\\\a', 'c:\\'],
  [parentFolderName, 'ac:\\a', 'ac:'],
  [parentFolderName, 'C:\\', ''],
  [parentFolderName, '\\\\server\\share\\a', '\\\\server\\share'],
  [fileName, 'a', 'a'],
  [fileName, 'a/a.b', 'a.b'],
  [fileName, 'a\\', 'a'],
  [fileName, 'c:', ''],
  [fileName, '/\\', ''],
  [baseName, 'a', 'a'],
  [baseName, 'a/a.b.c', 'a.b'],
  [baseName, 'a.b\\', 'a'],
  [baseName, 'c:', ''],
  [baseName, '.a', ''],
  [extensionName, 'a.b.c', 'c'],
  [extensionName, 'a', ''],
  [driveName, 'c:\\a', 'c:'],
  [driveName, '\\\\server\\share\\a', '\\\\server\\share'],
  [driveName, 'a', ''],
];
for (const [take, path, expected] of names)
  test(`${take.name} of ${path} is '${expected}'`, () => assert.equal(take(path), expected));
