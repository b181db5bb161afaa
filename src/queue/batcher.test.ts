/** Which operations share a batch, against a store that only remembers them. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../base/index.ts';
import { Batcher } from './batcher.ts';
import { QueueTime } from './queue-time.ts';
import type { CompleteOp, StoreOp } from './store.ts';

const complete = (seq: number): CompleteOp => ({
  op: 'complete',
  seq,
  firstRid: seq,
  recipientCount: 1,
  bytes: 1,
  finishedAt: 0,
  results: '[]',
  reports: [],
});

const setting: StoreOp = { op: 'setting', key: 'frozen', value: 'no' };

/** A batcher and the batches that its store was given. */
function watched(): { batcher: Batcher; batches: string[][] } {
  const batches: string[][] = [];
  const store = {
    open: () => assert.fail('the batcher opens nothing'),
    close: () => assert.fail('the batcher closes nothing'),
    apply: async (ops: readonly StoreOp[]) => {
      batches.push(ops.map(({ op }) => op));
      return {
        results: ops.map(() => ({ ok: true, value: undefined }) as const),
        due: undefined,
      };
    },
  };
  const time = new QueueTime(systemClock, undefined);
  return {
    batcher: new Batcher(
      store,
      time,
      () => {},
      () => {},
    ),
    batches,
  };
}

test('finished messages go along with the next operation that somebody waits for', async (t) => {
  // The moment that they wait alone never ends here.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { batcher, batches } = watched();
  const finished = [batcher.submit(complete(1)), batcher.submit(complete(2))];
  await new Promise(setImmediate);
  assert.deepEqual(batches, []);
  await batcher.submit(setting);
  assert.deepEqual(batches, [['complete', 'complete', 'setting']]);
  await Promise.all(finished);
});

test('finished messages alone are written after a moment, and at once when the queue is being closed', async () => {
  const { batcher, batches } = watched();
  await batcher.submit(complete(1));
  assert.deepEqual(batches, [['complete']]);
  const last = batcher.submit(complete(2));
  await batcher.idle();
  assert.deepEqual(batches, [['complete'], ['complete']]);
  await last;
});

test('many finished messages begin a batch by themselves', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { batcher, batches } = watched();
  await Promise.all(Array.from({ length: 500 }, (_, index) => batcher.submit(complete(index))));
  assert.deepEqual(
    batches.map(({ length }) => length),
    [500],
  );
});

/** The clock of the event loop: each reading is `stepMs` after the one before. */
function readings(t: TestContext, stepMs: number): void {
  let now = 0;
  t.mock.method(performance, 'now', () => (now += stepMs));
}

test('while the event loop is at work, what comes in its next turns shares the batch, for two milliseconds', async (t) => {
  readings(t, 0.5);
  const { batcher, batches } = watched();
  const all: Promise<unknown>[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    all.push(batcher.submit(setting));
    await new Promise(setImmediate);
  }
  await Promise.all(all);
  assert.equal(batches[0]!.length, 4, 'begun at 0.5, looked at 1, 1.5, 2 and 2.5 ms');
});

test('a sender who is alone does not wait', async (t) => {
  readings(t, 0.01);
  const { batcher, batches } = watched();
  const first = batcher.submit(setting);
  await new Promise(setImmediate);
  await Promise.all([first, batcher.submit(setting)]);
  assert.deepEqual(batches, [['setting'], ['setting']]);
});
