/** Random lives of a queue against a plain model: whatever happens in whatever order, no recipient is lost or doubled. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { nodeDisk, silentLogger } from '../../src/base/index.ts';
import { type Claim, Queue, QueueCommands } from '../../src/queue/index.ts';
import { JournaledStore } from '../../src/queue/journaled-store.ts';
import { SqliteStore } from '../../src/queue/sqlite-store.ts';
import { accept, deferred, delivered, FakeClock, failed, MINUTE, STORES } from './support.ts';

type Step =
  | { readonly do: 'accept'; readonly domains: readonly string[]; readonly isLarge: boolean }
  | { readonly do: 'claim'; readonly limit: number; readonly except: readonly string[] }
  | { readonly do: 'settle'; readonly how: readonly ('delivered' | 'deferred' | 'failed' | 'back')[] }
  | { readonly do: 'order'; readonly action: 'hold' | 'release' | 'retry' | 'delete'; readonly pick: number }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'restart' }
  /** The process is killed; a store in memory is closed instead. */
  | { readonly do: 'kill' };

const domain = fc.constantFrom('a.example', 'b.example', 'c.example');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('accept' as const),
      domains: fc.array(domain, { minLength: 1, maxLength: 4 }),
      isLarge: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      limit: fc.integer({ min: 1, max: 5 }),
      except: fc.subarray(['a.example', 'b.example', 'c.example']),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      how: fc.array(
        fc.constantFrom('delivered' as const, 'deferred' as const, 'failed' as const, 'back' as const),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      action: fc.constantFrom('hold' as const, 'release' as const, 'retry' as const, 'delete' as const),
      pick: fc.nat(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 300 }) }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'restart' as const }, { do: 'kill' as const }) },
);

const HASTY = {
  name: 'hasty journal before sqlite',
  create: (folder: string) => () =>
    new JournaledStore(new SqliteStore({ folder }), {
      folder,
      disk: nodeDisk,
      log: silentLogger,
      fileBytes: 20_000,
      tidyMs: 1,
    }),
};

for (const { name, create } of [...STORES.slice(0, 3), HASTY]) {
  test(`${name}: random accept, claim, settle, orders, waiting and restarts lose and double nothing`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => live(create, steps)),
      { numRuns: 60 },
    );
  });
}

async function live(
  create: (folder: string) => () => ReturnType<ReturnType<(typeof STORES)[0]['create']>>,
  steps: readonly Step[],
) {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-test-'));
  const clock = new FakeClock();
  const newStore = create(folder);
  let store = newStore();
  const open = () => {
    store = newStore();
    return Queue.open(store, {
      folder,
      disk: nodeDisk,
      clock,
      log: silentLogger,
      smallBodyBytes: 1000,
      window: { messages: 3, bytes: 10_000 },
    });
  };
  let queue = await open();
  /** Address of each recipient that must still come, and its message; addresses are unique. */
  const waiting = new Map<string, string>();
  const claimed = new Map<string, Claim>();
  const claims: Claim[] = [];
  let count = 0;
  const take = (taken: readonly Claim[]): void => {
    for (const claim of taken) {
      claims.push(claim);
      for (const { forwardPath } of claim.recipients) {
        const address = forwardPath.localPart;
        assert.ok(waiting.has(address), `${address} was claimed and is finished`);
        assert.ok(!claimed.has(address), `${address} was claimed twice`);
        claimed.set(address, claim);
      }
    }
  };
  try {
    for (const one of steps) {
      if (one.do === 'accept') {
        const addresses = one.domains.map((text) => `r${count++}@${text}`);
        const body = Buffer.alloc(one.isLarge ? 2000 : 100, 'x');
        const id = await accept(queue, addresses, { body });
        for (const address of addresses) waiting.set(address.split('@')[0]!, id);
      } else if (one.do === 'claim') {
        const taken = await queue.claim(one.limit, one.except);
        for (const { recipients } of taken)
          for (const { forwardPath } of recipients)
            assert.ok(!one.except.includes((forwardPath.domain as { ascii: string }).ascii));
        take(taken);
      } else if (one.do === 'settle') {
        const claim = claims.shift();
        if (claim === undefined) continue;
        const settlements = claim.recipients.map(({ recipientId, forwardPath }, index) => {
          const how = one.how[index % one.how.length]!;
          claimed.delete(forwardPath.localPart);
          if (how === 'delivered' || how === 'failed') waiting.delete(forwardPath.localPart);
          if (how === 'back') return { recipientId, state: 'queued' as const };
          return how === 'delivered'
            ? delivered(recipientId)
            : how === 'failed'
              ? failed(recipientId)
              : deferred(recipientId);
        });
        await queue.settle(claim.message.id, settlements);
      } else if (one.do === 'order') {
        const ids = [...new Set(waiting.values())];
        const id = ids[one.pick % Math.max(ids.length, 1)];
        if (id === undefined) continue;
        await new QueueCommands(queue)[one.action]([id]);
        if (one.action === 'delete')
          for (const [address, message] of [...waiting])
            if (message === id && !claimed.has(address)) waiting.delete(address);
      } else if (one.do === 'wait') clock.advance(one.minutes * MINUTE);
      else {
        if (one.do === 'kill' && store instanceof JournaledStore) await store.kill();
        else await queue.close();
        claims.length = 0;
        claimed.clear();
        queue = await open();
      }
    }
    await queue.close();
    claims.length = 0;
    claimed.clear();
    queue = await open();
    await new QueueCommands(queue).changeMatching('release', {});
    clock.advance(24 * 60 * MINUTE);
    for (let idle = 0; idle < 2; ) {
      const taken = await queue.claim(7);
      idle = taken.length === 0 ? idle + 1 : 0;
      take(taken);
    }
    assert.deepEqual([...claimed.keys()].sort(), [...waiting.keys()].sort());
    const counts = await new QueueCommands(queue).counts();
    assert.equal(counts.queued + counts.deferred, waiting.size);
    assert.equal(counts.messages, new Set(waiting.values()).size);
  } finally {
    await queue.close();
    rmSync(folder, { recursive: true });
  }
}
