import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { manualClock } from '../../../test/support/manual-clock.ts';
import type { DnsAnswer, DnsSource } from './answer.ts';
import { DnsCache } from './cache.ts';

/** Counts questions and answers each with `answer`. */
function counting(answer: DnsAnswer<string>): DnsSource & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async ask(name, type) {
      asked.push(`${type} ${name}`);
      return answer as never;
    },
  };
}

const found = (ttlMs: number): DnsAnswer<string> => ({ kind: 'found', records: ['127.0.0.1'], ttlMs });

const lifetimes: readonly [string, DnsAnswer<string>, number][] = [
  ['an answer as long as it says', found(60_000), 60_000],
  ['an answer without lifetime for five seconds', found(0), 5_000],
  ['an answer for a day at most', found(7 * 86_400_000), 86_400_000],
  ['a missing name as long as the zone says', { kind: 'no-such-name', ttlMs: 90_000 }, 90_000],
  ['a missing record for an hour at most', { kind: 'no-records', ttlMs: 86_400_000 }, 3_600_000],
  ['a failure for ten seconds', { kind: 'failed', text: '' }, 10_000],
  ['a time-out for ten seconds', { kind: 'timeout', text: '' }, 10_000],
];

for (const [title, answer, lifetimeMs] of lifetimes) {
  test(`keeps ${title}`, async () => {
    const clock = manualClock();
    const source = counting(answer);
    const cache = new DnsCache(source, { clock, maxEntries: 10 });
    assert.deepEqual(await cache.ask('a.test', 'A'), answer);
    clock.advance(lifetimeMs - 1);
    assert.deepEqual(await cache.ask('A.test', 'A'), answer);
    assert.equal(source.asked.length, 1);
    clock.advance(1);
    await cache.ask('a.test', 'A');
    assert.equal(source.asked.length, 2);
  });
}

test('lifetimes follow monotonic time: a jump of the wall clock neither ends nor lengthens them', async () => {
  const clock = manualClock();
  const source = counting(found(60_000));
  const cache = new DnsCache(source, { clock, maxEntries: 10 });
  await cache.ask('a.test', 'A');
  clock.jumpTo(clock.now() + 365 * 86_400_000);
  await cache.ask('a.test', 'A');
  assert.equal(source.asked.length, 1);
});

test('those who ask at the same time share one question; types are questions of their own', async () => {
  const source = counting(found(60_000));
  const cache = new DnsCache(source, { clock: manualClock(), maxEntries: 10 });
  await Promise.all([cache.ask('a.test', 'A'), cache.ask('A.TEST', 'A'), cache.ask('a.test', 'AAAA')]);
  assert.deepEqual(source.asked, ['A a.test', 'AAAA a.test']);
});

test('forgets the longest unused answer first and never holds more than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(30), { maxLength: 200 }), async (names) => {
      const source = counting(found(60_000));
      const cache = new DnsCache(source, { clock: manualClock(), maxEntries: 8 });
      const used: number[] = [];
      for (const name of names) {
        const before = source.asked.length;
        await cache.ask(`n${name}.test`, 'A');
        const isKnown = used.slice(-8).includes(name);
        assert.equal(source.asked.length - before, isKnown ? 0 : 1);
        if (used.includes(name)) used.splice(used.indexOf(name), 1);
        used.push(name);
        assert.ok(cache.size <= 8);
      }
    }),
  );
});
