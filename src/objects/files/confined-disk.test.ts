import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { testScope } from '../../../test/script/support/object-scope.ts';
import type { SyncDisk } from '../../base/index.ts';
import { confinedDisk } from './confined-disk.ts';
import { FolderMap } from './folder-map.ts';
import { GrantedFiles } from './granted-files.ts';

function disk(t: TestContext): { disk: SyncDisk; folder: string } {
  const { folder } = testScope(t);
  mkdirSync(join(folder, 'pickup'));
  writeFileSync(join(folder, 'pickup', 'old.eml'), 'old');
  const map = new FolderMap([
    { windows: 'C:\\data', folder: join(folder, 'data'), access: 'write' },
    { windows: 'C:\\pickup', folder: join(folder, 'pickup'), access: 'create' },
    { windows: 'C:\\gone', folder: () => undefined, access: 'write' },
  ]);
  return { disk: confinedDisk(new GrantedFiles(map)), folder };
}

test('a message gets into a folder for creation: new name, write, flush, rename', (t) => {
  const { disk: confined, folder } = disk(t);
  const file = confined.openNew('C:\\pickup/.temporary');
  confined.write(file, Buffer.from('mail'));
  confined.flush(file);
  confined.close(file);
  confined.rename('C:\\pickup/.temporary', 'C:\\pickup/new.eml');
  confined.flushFolder('C:\\pickup');
  assert.equal(readFileSync(join(folder, 'pickup', 'new.eml'), 'utf8'), 'mail');
});

test('a temporary file of one’s own can be removed again', (t) => {
  const { disk: confined, folder } = disk(t);
  confined.close(confined.openNew('C:\\pickup\\.temporary'));
  confined.unlink('C:\\pickup\\.temporary');
  assert.deepEqual(readdirSync(join(folder, 'pickup')), ['old.eml']);
});

for (const [name, work, code] of [
  [
    'reading what lies in a folder for creation',
    (each: SyncDisk) => each.readFile('C:\\pickup\\old.eml'),
    'EACCES',
  ],
  ['listing a folder for creation', (each: SyncDisk) => each.list('C:\\pickup'), 'EACCES'],
  ['removing what others put there', (each: SyncDisk) => each.unlink('C:\\pickup\\old.eml'), 'EACCES'],
  ['taking a name that is taken', (each: SyncDisk) => each.openNew('C:\\pickup\\old.eml'), 'EACCES'],
  [
    'renaming what others put there',
    (each: SyncDisk) => each.rename('C:\\pickup\\old.eml', 'C:\\pickup\\x'),
    'EACCES',
  ],
  ['reading a file that is not there', (each: SyncDisk) => each.readFile('C:\\data\\none'), 'ENOENT'],
  ['a folder that is not mapped', (each: SyncDisk) => each.list('D:\\'), 'ENOENT'],
  ['a mapping that leads nowhere', (each: SyncDisk) => each.readFile('C:\\gone\\x'), 'ENOENT'],
  ['climbing out', (each: SyncDisk) => each.readFile('C:\\data\\..\\outside\\x'), 'ENOENT'],
  ['a name that is none', (each: SyncDisk) => each.openNew('C:\\data\\a|b'), 'EINVAL'],
  [
    'an old name of a new file',
    (each: SyncDisk) => each.writeFile('C:\\data\\here', Buffer.alloc(0), 'refuse'),
    'EEXIST',
  ],
] as const)
  test(`${name} fails with ${code}`, (t) => {
    const { disk: confined, folder } = disk(t);
    writeFileSync(join(folder, 'data', 'here'), '');
    assert.throws(() => work(confined), { code });
  });

test('files in a writable folder are read, replaced, listed and removed', (t) => {
  const { disk: confined } = disk(t);
  confined.writeFile('C:\\data\\a.txt', Buffer.from('1'), 'refuse');
  confined.writeFile('C:\\DATA\\A.TXT', Buffer.from('2'), 'replace');
  assert.equal(confined.readFile('C:\\data\\a.txt').toString(), '2');
  assert.deepEqual(confined.list('C:\\data'), ['a.txt']);
  confined.rename('C:\\data\\a.txt', 'C:\\data\\b.txt');
  confined.unlink('C:\\data\\b.txt');
  assert.deepEqual(confined.list('C:\\data'), []);
});
