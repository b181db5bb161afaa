/** The journal by itself: what was appended is found again, whatever happened to the files behind it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import * as fc from 'fast-check';
import { type Disk, nodeDisk } from '../base/index.ts';
import { Journal } from './journal.ts';
import { BLOCK_BYTES, readBatches, roomForBatch, writeBatch } from './journal-batch.ts';

const KEY = Buffer.from('0123456789abcdef', 'hex');
const MOMENT = { queueMs: 1_700_000_000_123, wallMs: 1_700_000_000_456 };

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const open = (folder: string, fileBytes?: number, disk: Disk = nodeDisk) =>
  new Journal(folder, disk, KEY, fileBytes);

async function texts(folder: string, floor = 0): Promise<string[]> {
  return (await open(folder).read(floor)).batches.map(({ text }) => text);
}

test('batches come back in order with their texts, bodies and moments', async (t) => {
  const folder = folderOf(t);
  const journal = open(folder);
  const bodies = [Buffer.from('one'), Buffer.alloc(9000, 0xff), Buffer.alloc(0)];
  assert.equal(await journal.append(MOMENT, '["é", "日本"]', bodies), 1);
  assert.equal(await journal.append(MOMENT, '[]', []), 1);
  await journal.close(true);
  const { batches, damaged, foreign } = await open(folder).read(0);
  assert.deepEqual([damaged, foreign], [[], []]);
  assert.deepEqual(
    batches.map(({ text }) => text),
    ['["é", "日本"]', '[]'],
  );
  assert.deepEqual(batches[0]!.bodies, Buffer.concat(bodies));
  assert.deepEqual(batches[0]!.moment, MOMENT);
});

test('a write that was cut at any byte takes nothing of the batches before it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 6000 }), { minLength: 1, maxLength: 5 }),
      fc.uint8Array({ maxLength: 9000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (whole, last, cut) => {
        const pieces = [...whole, last].map((body, number) => batch(1, number, `[${number}]`, body));
        const lost = pieces.pop()!;
        // What the last batch leaves of itself ends before its last used byte: what follows is filling.
        const used = roomForBatch('[0]', last.length) - BLOCK_BYTES - 6;
        const file = Buffer.concat([...pieces, lost.subarray(0, Math.floor(cut * used))]);
        const { batches, damagedAt } = readBatches(file, KEY);
        assert.deepEqual(
          batches.map(({ text, bodies }) => [text, bodies]),
          whole.map((body, number) => [`[${number}]`, Buffer.from(body)]),
        );
        assert.deepEqual(damagedAt, []);
      },
    ),
    { numRuns: 200 },
  );
});

test('what stood in a file before it was written over is not read', async (t) => {
  const folder = folderOf(t);
  const journal = open(folder);
  for (const text of ['[1]', '[2]', '[3]']) await journal.append(MOMENT, text, [Buffer.alloc(5000)]);
  const floor = journal.nextGeneration;
  journal.startOver();
  assert.equal(journal.isEmpty, true);
  await journal.append(MOMENT, '[4]', []);
  await journal.close(true);
  assert.deepEqual(await texts(folder), ['[4]']);
  assert.deepEqual(await texts(folder, floor), ['[4]']);
  assert.deepEqual(await texts(folder, floor + 1), []);
});

test('a full file is followed by the next; a file is free again when its generation is released', async (t) => {
  const folder = folderOf(t);
  const journal = open(folder, 40_000);
  const body = [Buffer.alloc(20_000)];
  const generations: (number | undefined)[] = [];
  for (let count = 0; count < 5; count += 1)
    generations.push(await journal.append(MOMENT, `[${count}]`, body));
  assert.deepEqual(generations, [1, 2, 3, 4, undefined], 'four files and no more');
  assert.equal(journal.oldestFull, 1);
  journal.release(2);
  assert.equal(journal.oldestFull, 3);
  assert.equal(await journal.append(MOMENT, '[5]', body), 5);
  await journal.close(true);
  assert.deepEqual(await texts(folder, 3), ['[2]', '[3]', '[5]']);
  assert.equal(readdirSync(folder).length, 4);
});

test('a batch larger than a file goes into a file of its own', async (t) => {
  const folder = folderOf(t);
  const journal = open(folder, 10_000);
  await journal.append(MOMENT, '[1]', [Buffer.alloc(50_000, 'x')]);
  await journal.append(MOMENT, '[2]', []);
  await journal.close(true);
  assert.deepEqual(await texts(folder), ['[1]', '[2]']);
});

test('a batch that is damaged in the middle is told and kept aside; all others are read', async (t) => {
  const folder = folderOf(t);
  const journal = open(folder);
  for (const text of ['[1]', '[2]', '[3]']) await journal.append(MOMENT, text, [Buffer.alloc(5000, 'x')]);
  await journal.close(true);
  const path = join(folder, 'queue.journal-1');
  const bytes = readFileSync(path);
  bytes[2 * BLOCK_BYTES + 300]! ^= 1;
  writeFileSync(path, bytes);
  const found = await open(folder).read(0);
  assert.deepEqual(
    found.batches.map(({ text }) => text),
    ['[1]', '[3]'],
  );
  assert.deepEqual(found.damaged, [{ file: path, at: 2 * BLOCK_BYTES }]);
  assert.equal(await open(folder).keepAside(path, 'damaged'), `${path}.damaged-1`);
  assert.deepEqual(readFileSync(`${path}.damaged-1`), bytes);
  assert.deepEqual(await texts(folder), [], 'it is not read a second time');
});

test('the journal of another queue is kept under another name', async (t) => {
  const folder = folderOf(t);
  const other = new Journal(folder, nodeDisk, Buffer.alloc(8, 7));
  await other.append(MOMENT, '["theirs"]', []);
  await other.close(true);
  const found = await open(folder).read(0);
  assert.deepEqual(found.batches, []);
  assert.deepEqual(found.foreign, [join(folder, 'queue.journal-1')]);
  await open(folder).keepAside(found.foreign[0]!, 'foreign');
  assert.deepEqual(readdirSync(folder), ['queue.journal-1.foreign-1']);
});

test('a message that looks like a batch is never taken for one', () => {
  // Its sender knows the form and not the key; the file holds what is left of an older generation.
  const forged = batch(9, 0, '["forged"]', Buffer.alloc(0), Buffer.alloc(8));
  const header = batch(1, 0, '[1]', Buffer.alloc(0)).subarray(0, BLOCK_BYTES);
  for (const file of [Buffer.concat([header, forged]), forged, Buffer.concat([forged, forged])])
    assert.ok(readBatches(file, KEY).batches.every(({ text }) => text === '[1]'));
  // Inside a batch that is whole nothing is looked for at all.
  const carrier = batch(
    1,
    0,
    '[1]',
    Buffer.concat([Buffer.alloc(BLOCK_BYTES - 51), batch(9, 0, '["inner"]', Buffer.alloc(0))]),
  );
  assert.deepEqual(
    readBatches(carrier, KEY).batches.map(({ text }) => text),
    ['[1]'],
  );
});

test('garbage and short files are read as empty', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
      assert.deepEqual(readBatches(Buffer.from(bytes), KEY).batches, []);
    }),
  );
  const damaged = batch(1, 0, '[1]', Buffer.alloc(100));
  for (let at = 0; at < 160; at += 1) {
    const copy = Buffer.from(damaged);
    copy[at]! ^= 0x80;
    const { batches } = readBatches(copy, KEY);
    assert.ok(batches.length === 0 || at >= 48 + 3 + 100, `a changed byte ${at} went unnoticed`);
  }
});

test('a failed write is the failure of the append', async (t) => {
  const folder = folderOf(t);
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  for (const step of ['openJournal', 'writeThrough', 'flushFolder'] as const) {
    const disk: Disk = {
      ...nodeDisk,
      async openJournal(path) {
        if (step === 'openJournal') throw full;
        const file = await nodeDisk.openJournal(path);
        return step === 'writeThrough'
          ? { bytes: 0, writeThrough: () => Promise.reject(full), close: () => file.close() }
          : file;
      },
      flushFolder: (path) => (step === 'flushFolder' ? Promise.reject(full) : nodeDisk.flushFolder(path)),
    };
    const journal = open(folder, undefined, disk);
    await assert.rejects(journal.append(MOMENT, '[1]', []), { code: 'ENOSPC' });
    await journal.close(false);
    assert.deepEqual(await texts(folder), []);
  }
});

function batch(generation: number, number: number, text: string, body: Uint8Array, key = KEY): Buffer {
  const into = Buffer.alloc(roomForBatch(text, body.length));
  return into.subarray(0, writeBatch(into, { key, generation, number }, MOMENT, text, [body]));
}
