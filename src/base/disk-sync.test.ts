import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { nodeSyncDisk, type SyncDisk, writeDurablySync } from './disk-sync.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroot-disk-sync-'));
after(() => rmSync(folder, { recursive: true }));

test('writes, flushes, closes, renames and flushes the folder, in this order', () => {
  const steps: string[] = [];
  const spy = new Proxy(nodeSyncDisk, {
    get: (target, step: keyof SyncDisk) => {
      const method = target[step] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        steps.push(step);
        return method(...args);
      };
    },
  });
  writeDurablySync(spy, { folder, name: 'a.eml', temporaryId: '1' }, [
    Buffer.from('one '),
    Buffer.from('two'),
  ]);
  assert.deepEqual(steps, ['openNew', 'write', 'write', 'flush', 'close', 'rename', 'flushFolder']);
  assert.equal(readFileSync(join(folder, 'a.eml'), 'utf8'), 'one two');
});

test('a failure of any step leaves no file and throws what the system said', () => {
  for (const failing of ['write', 'flush', 'rename'] as const) {
    const failure = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const disk: SyncDisk = {
      ...nodeSyncDisk,
      [failing]: () => {
        throw failure;
      },
    };
    const before = readdirSync(folder).length;
    assert.throws(
      () => writeDurablySync(disk, { folder, name: `${failing}.eml`, temporaryId: '2' }, [Buffer.from('x')]),
      failure,
    );
    assert.equal(readdirSync(folder).length, before);
  }
});

test('who may add files to a folder and not list it can write there, as the submitters of Pickup do', (t) => {
  const pickup = mkdtempSync(join(tmpdir(), 'mailroot-submit-'));
  t.after(() => rmSync(pickup, { recursive: true }));
  chmodSync(pickup, 0o333);
  // Root may do everything: it steps down for the moment.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid!(65534);
  try {
    assert.throws(() => readdirSync(pickup), { code: 'EACCES' });
    writeDurablySync(nodeSyncDisk, { folder: pickup, name: 'a.eml', temporaryId: '1' }, [
      Buffer.from('mail'),
    ]);
  } finally {
    if (isRoot) process.seteuid!(0);
    chmodSync(pickup, 0o700);
  }
  assert.deepEqual(readdirSync(pickup), ['a.eml']);
});
