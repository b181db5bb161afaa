import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FLUSH_OPERATION, Flushes } from './flushes.ts';

/** Flushes whose folder flushes end when the test says so. */
function held(): { flushes: Flushes; begun: string[]; end: (failure?: Error) => void } {
  const begun: string[] = [];
  const open: ((failure?: Error) => void)[] = [];
  const flushes = new Flushes((path) => {
    begun.push(path);
    return new Promise((resolve, reject) => {
      open.push((failure) => (failure === undefined ? resolve() : reject(failure)));
    });
  });
  return { flushes, begun, end: (failure) => open.shift()!(failure) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('those who ask while a flush runs share the next one, never the one that began before they asked', async () => {
  const { flushes, begun, end } = held();
  const done: string[] = [];
  const ask = (name: string): void => void flushes.folder('/pickup').then(() => done.push(name));
  ask('first');
  ask('second');
  ask('third');
  assert.equal(begun.length, 1);
  end();
  await turn();
  assert.deepEqual(done, ['first']);
  assert.equal(begun.length, 2);
  ask('fourth');
  end();
  await turn();
  assert.deepEqual(done, ['first', 'second', 'third']);
  assert.equal(begun.length, 3);
  end();
  await turn();
  assert.deepEqual(done, ['first', 'second', 'third', 'fourth']);
  ask('much later');
  assert.equal(begun.length, 4);
  end();
  await turn();
  assert.equal(done.length, 5);
});

test('a failed flush fails for those who shared it, and the next one is tried', async () => {
  const { flushes, begun, end } = held();
  const first = flushes.folder('/pickup');
  const second = flushes.folder('/pickup');
  const broken = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  end(broken);
  await assert.rejects(first, { code: 'ENOSPC' });
  await turn();
  assert.equal(begun.length, 2);
  end();
  await second;
});

test('real files and folders are flushed; what is none is the system’s error', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-flushes-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const flushes = new Flushes();
  const file = openSync(join(folder, 'mail'), 'wx');
  writeSync(file, 'mail');
  await flushes.perform(FLUSH_OPERATION.file, file);
  await flushes.perform(FLUSH_OPERATION.folder, folder);
  closeSync(file);
  await assert.rejects(flushes.perform(FLUSH_OPERATION.file, file)!, { code: 'EBADF' });
  await assert.rejects(flushes.perform(FLUSH_OPERATION.folder, join(folder, 'none'))!, { code: 'ENOENT' });
  assert.equal(flushes.perform('http.exchange', {}), undefined);
});
