/** The small parts of the queue by themselves: seq, queue time, retry times, wire form, window. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { manualClock } from '../../test/support/manual-clock.ts';
import { createIdSource } from '../base/index.ts';
import { domainName } from '../envelope/index.ts';
import { QueueTime } from './queue-time.ts';
import { DEFAULT_RETRY_SCHEDULE, retryIntervalMs } from './retry-times.ts';
import { SeqSource, seqRange, timeOfId } from './seq.ts';
import type { AcceptOp, StoreOp } from './store.ts';
import { packBatch, unpackBatch } from './store-wire.ts';
import { Window, type WindowEntry } from './window.ts';
import { WindowRoom } from './window-room.ts';

test('a seq lies in the range of its id, always grows, and says when it could not', () => {
  let now = Date.UTC(2026, 0, 1);
  const ids = createIdSource(() => now);
  const seqs = new SeqSource(0);
  let last = 0;
  for (let index = 0; index < 1000; index += 1) {
    if (index % 10 === 0) now += 1;
    const id = ids.next();
    const { seq, misplaced } = seqs.next(id);
    const range = seqRange(id)!;
    assert.ok(seq > last && seq >= range.first && seq < range.end && !misplaced);
    last = seq;
  }
  now -= 3_600_000;
  const old = seqs.next(ids.next());
  assert.ok(old.seq > last && old.misplaced, 'after the clock was set back');
  assert.ok(Number.isSafeInteger(seqRange('ZZZZZZZZZZZZZZZZ')!.end - 1));
  for (const text of ['', 'short', 'ILOU000000000000', '0123456789abcdef', '../../etc/passwd'])
    assert.equal(timeOfId(text), undefined);
});

test('queue time follows the monotonic clock, counts a stop by the wall clock within bounds', () => {
  let wall = 1_000_000;
  let mono = 50;
  const clock = { now: () => wall, monotonicMs: () => mono, setTimer: () => ({ cancel() {} }) };
  const time = new QueueTime(clock, undefined);
  assert.equal(time.now(), wall);
  mono += 500;
  wall += 99_999_999;
  assert.equal(time.now(), 1_000_500);
  assert.equal(time.toWall(time.now() + 1000), wall + 1000);
  assert.equal(time.fromWall(wall + 1000), time.now() + 1000);
  const last = { queueMs: 5000, wallMs: wall };
  const day = 86_400_000;
  for (const [stop, counted] of [
    [1000, 1000],
    [-1000, 0],
    [400 * day, 30 * day],
  ] as const) {
    wall = last.wallMs + stop;
    assert.equal(new QueueTime(clock, last).now(), 5000 + counted);
  }
});

test('retry intervals go on with the last one', () => {
  const minutes = [0, 1, 2, 3, 4, 50].map(
    (n) => retryIntervalMs(DEFAULT_RETRY_SCHEDULE, 'remote', n) / 60_000,
  );
  assert.deepEqual(minutes, [15, 30, 60, 240, 240, 240]);
  assert.throws(() => retryIntervalMs({ remoteMs: [], localMs: [] }, 'local', 0), /at least one/);
});

test('a batch comes out of its packing as it went in, whatever block it travels in', () => {
  const count = fc.nat(2 ** 40);
  const accept: fc.Arbitrary<AcceptOp> = fc
    .record({
      seq: count,
      misplaced: fc.boolean(),
      askFirst: fc.boolean(),
      arrivedAt: count,
      due: fc.option(count, { nil: null }),
      draft: fc.string(),
      body: fc.option(fc.uint8Array({ maxLength: 300 }), { nil: null }),
      firstRid: fc.nat(1000),
      domains: fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
    })
    .map(({ firstRid, domains, ...rest }) => ({
      op: 'accept',
      id: 'ID',
      arrivedQ: rest.arrivedAt + 1,
      bytes: 7,
      recipients: domains.map((domain, index) => ({ rid: firstRid + index, domain, json: `"${domain}"` })),
      ...rest,
    }));
  const op: fc.Arbitrary<StoreOp> = fc.oneof(
    accept,
    fc.record({ seq: count, reports: fc.array(accept, { maxLength: 1 }) }).map(
      ({ seq, reports }): StoreOp => ({
        op: 'complete',
        seq,
        firstRid: 1,
        recipientCount: 2,
        bytes: 3,
        finishedAt: 4,
        results: '[]',
        reports,
      }),
    ),
    fc.constant<StoreOp>({ op: 'counts' }),
  );
  const moment = { queueMs: 1, wallMs: 2 };
  fc.assert(
    fc.property(
      fc.array(op, { maxLength: 10 }),
      fc.option(fc.nat(2000), { nil: undefined }),
      (ops, blockBytes) => {
        const block = blockBytes === undefined ? undefined : new ArrayBuffer(blockBytes);
        const packed = packBatch(ops, moment, block);
        const { bytes, ...rest } = packed;
        const travelled = structuredClone({ bytes, ...rest }, { transfer: [bytes.buffer as ArrayBuffer] });
        const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
        assert.deepEqual(plain(unpackBatch(travelled)), plain(ops));
      },
    ),
  );
});

test('the window gives out every recipient once, never one whose domain is excluded', () => {
  const domain = fc.constantFrom('a.example', 'b.example', 'c.example');
  fc.assert(
    fc.property(
      fc.array(fc.array(domain, { minLength: 1, maxLength: 3 }), { maxLength: 20 }),
      fc.array(
        fc.tuple(fc.integer({ min: 1, max: 5 }), fc.subarray(['a.example', 'b.example', 'c.example'])),
        {
          maxLength: 20,
        },
      ),
      (messages, takes) => {
        const window = new Window({ messages: 100, bytes: 10_000 });
        let rid = 0;
        messages.forEach((domains, seq) => {
          assert.ok(window.reserve(10));
          window.add(entry(seq, domains, () => rid++));
        });
        const seen: number[] = [];
        const take = (limit: number, except: readonly string[]): number => {
          const taken = window.take(limit, new Set(except));
          assert.ok(taken.length <= limit);
          for (const { recipients, domains } of taken) {
            assert.ok(!domains.some((one) => except.includes(one)));
            seen.push(...recipients.map(({ recipientId }) => recipientId));
          }
          return taken.length;
        };
        for (const [limit, except] of takes) take(limit, except);
        while (take(100, []) > 0);
        assert.deepEqual(
          seen.toSorted((a, b) => a - b),
          Array.from({ length: rid }, (_, index) => index),
        );
        assert.equal(window.size, 0);
        assert.ok(window.reserve(10_000), 'all bytes are given back');
      },
    ),
  );
});

test('the window has room for so many messages and bytes, counted from the reservation', () => {
  const window = new Window({ messages: 2, bytes: 100 });
  assert.ok(window.reserve(60));
  assert.ok(!window.reserve(60), 'too many bytes');
  assert.ok(window.reserve(40));
  assert.ok(!window.reserve(0), 'too many messages');
  window.cancel(40);
  assert.ok(window.reserve(40));
});

test('who waits for room goes on when there is enough, in order, or after a moment; nobody waits for what does not move', async () => {
  const clock = manualClock();
  // A quarter of it is for those who wait.
  const window = new Window({ messages: 16, bytes: 1000 });
  const room = new WindowRoom(window, clock);
  const fill = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      assert.ok(window.reserve(10));
      window.add(entry(++seq, ['a.example'], () => seq));
    }
  };
  const take = (count: number): void => {
    assert.equal(window.take(count, new Set()).length, count);
    room.left();
  };
  let seq = 0;
  const went: string[] = [];
  const wait = (name: string, messages: number): void => {
    const promise = room.wait(messages);
    if (promise === undefined) went.push(`${name} at once`);
    else void promise.then(() => went.push(name));
  };
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  fill(4);
  wait('nothing moves', 2);
  take(1);
  wait('one', 1);
  wait('two', 2);
  wait('behind', 1);
  await turn();
  assert.deepEqual(went.splice(0), ['nothing moves at once', 'one at once']);
  take(1);
  await turn();
  assert.deepEqual(went.splice(0), ['two'], 'the other one stands behind it and would be one too many');
  take(1);
  await turn();
  assert.deepEqual(went.splice(0), ['behind']);

  fill(3);
  wait('late', 1);
  clock.advance(399);
  await turn();
  assert.deepEqual(went, []);
  clock.advance(1);
  await turn();
  assert.deepEqual(went.splice(0), ['late']);
  clock.advance(1);
  wait('stuck', 1);
  assert.deepEqual(went.splice(0), ['stuck at once'], 'nothing has left for a while');

  take(1);
  wait('more than its share', 100);
  take(3);
  await turn();
  assert.deepEqual(went.splice(0), ['more than its share']);

  fill(4);
  wait('closing', 4);
  room.close();
  await turn();
  assert.deepEqual(went, ['closing']);
});

function entry(seq: number, domains: readonly string[], rid: () => number): WindowEntry {
  const from = domainName('x.example')!;
  return {
    seq,
    arrivedQ: 0,
    recipientCount: domains.length,
    domains,
    body: undefined,
    message: {
      id: String(seq),
      arrivedAt: 0,
      bytes: 10,
      reversePath: { localPart: 'a', domain: from },
      body: '7bit',
      smtpUtf8: false,
      origin: { kind: 'command' },
      server: 'default',
      hops: 0,
    },
    recipients: domains.map(() => ({
      forwardPath: { localPart: 'b', domain: from },
      recipientId: rid(),
      state: 'queued',
      attempts: 0,
      nextAttemptAt: 0,
      delayNoticeSent: false,
    })),
  };
}
