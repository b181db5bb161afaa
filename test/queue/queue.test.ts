/** The suite that every store passes: the invariants Q1–Q8 and the retry schedule. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createIdSource, RelayError } from '../../src/base/index.ts';
import { NULL_REVERSE_PATH } from '../../src/envelope/index.ts';
import type { OwnMessage, Settlement } from '../../src/queue/index.ts';
import { QueueCommands } from '../../src/queue/index.ts';
import {
  accept,
  addressesOf,
  BODY,
  bodyText,
  deferred,
  delivered,
  draft,
  failed,
  HOUR,
  MINUTE,
  openBench,
  recipient,
  ridsOf,
  STORES,
  settleAll,
} from './support.ts';

const newClaimId = () => createIdSource(() => Date.UTC(2026, 0, 1, 11)).next();
const LARGE = Buffer.alloc(600_000, 'large body\r\n');

for (const { name, create } of STORES) {
  test(`${name}: Q1 a committed message survives a restart, an aborted or unfinished one leaves nothing`, async (t) => {
    const bench = await openBench(t, create);
    const id = await accept(bench.queue, ['a@one.example', 'b@two.example']);
    const aborted = bench.queue.begin(draft());
    aborted.addRecipient(recipient('c@one.example'));
    aborted.write(Buffer.from(BODY));
    await aborted.abort();
    bench.queue.begin(draft()).write(Buffer.from(BODY));
    const queue = await bench.restart();
    const claims = await queue.claim(10);
    assert.equal(claims.length, 1);
    assert.equal(claims[0]!.message.id, id);
    assert.deepEqual(addressesOf(claims), ['a', 'b']);
    assert.equal(await bodyText(claims[0]!), BODY);
    assert.equal(Buffer.from(claims[0]!.body.small!).toString(), BODY);
  });

  test(`${name}: Q1 a large body is streamed to a file, swept when aborted, kept when committed`, async (t) => {
    const bench = await openBench(t, create);
    const aborted = bench.queue.begin(draft());
    aborted.addRecipient(recipient('c@one.example'));
    await aborted.write(LARGE);
    assert.equal(readdirSync(bench.folder).filter((file) => file.endsWith('.body')).length, 1);
    await aborted.abort();
    assert.equal(readdirSync(bench.folder).filter((file) => file.endsWith('.body')).length, 0);
    await accept(bench.queue, ['a@one.example'], { body: LARGE });
    const queue = await bench.restart();
    const [claim] = await queue.claim(10);
    assert.equal(claim!.body.small, undefined);
    assert.equal(claim!.body.bytes, LARGE.length);
    assert.equal(await bodyText(claim!), LARGE.toString('latin1'));
    assert.equal((await claim!.body.header(100)).length, 100);
  });

  test(`${name}: Q2 each recipient has its own state, and the counts are of recipients`, async (t) => {
    const { queue } = await openBench(t, create);
    const id = await accept(queue, ['a@one.example', 'b@one.example', 'c@two.example', 'd@two.example']);
    const commands = new QueueCommands(queue);
    const [claim] = await queue.claim(1);
    const [a, b, c, d] = ridsOf(claim!);
    const counts = await commands.counts();
    assert.deepEqual([counts.queued, counts.claimed, counts.messages], [4, 4, 1]);
    await queue.settle(id, [delivered(a!), deferred(b!), failed(c!)]);
    await queue.settle(id, [{ recipientId: d!, state: 'held', lastResult: 'waits for ETRN' }]);
    const shown = await commands.show(id);
    assert.deepEqual(
      shown!.recipients.map(({ address, state }) => [address, state]),
      [
        ['a@one.example', 'delivered'],
        ['b@one.example', 'deferred'],
        ['c@two.example', 'failed'],
        ['d@two.example', 'held'],
      ],
    );
    const after = await commands.counts();
    assert.deepEqual([after.queued, after.deferred, after.held, after.claimed], [0, 1, 1, 0]);
    assert.deepEqual(
      after.destinations.map(({ domain, deferred, held }) => [domain, deferred, held]),
      [
        ['one.example', 1, 0],
        ['two.example', 0, 1],
      ],
    );
  });

  test(`${name}: Q3 a crash releases claims; a retry time is kept exactly`, async (t) => {
    const bench = await openBench(t, create);
    const first = await accept(bench.queue, ['a@one.example']);
    const [claim] = await bench.queue.claim(1);
    await settleAll(bench.queue, claim!, deferred);
    await accept(bench.queue, ['b@one.example']);
    assert.deepEqual(addressesOf(await bench.queue.claim(10)), ['b']);
    assert.deepEqual(await bench.queue.claim(10), [], 'what is claimed is not claimed again');
    bench.clock.advance(5 * MINUTE);
    let queue = await bench.restart();
    assert.deepEqual(addressesOf(await queue.claim(10)), ['b'], 'the claim is released, the retry waits');
    bench.clock.advance(10 * MINUTE - 1);
    assert.deepEqual(await queue.claim(10), []);
    queue = await bench.restart();
    bench.clock.advance(1);
    const claims = await queue.claim(10);
    assert.deepEqual(addressesOf(claims), ['a', 'b'].slice(0, claims.length === 1 ? 1 : 2));
    const again = claims.find(({ message }) => message.id === first);
    assert.equal(again!.recipients[0]!.attempts, 1);
    assert.equal(again!.recipients[0]!.state, 'deferred');
    assert.equal(again!.recipients[0]!.lastResult, 'mx.example 451 try later');
    assert.equal(again!.ageMs, 15 * MINUTE);
  });

  test(`${name}: Q4 a recipient is settled once per claim; anything else is refused and changes nothing`, async (t) => {
    const { queue } = await openBench(t, create);
    const id = await accept(queue, ['a@one.example', 'b@one.example']);
    await assert.rejects(queue.settle(id, [delivered(1)]), isInternal);
    const [claim] = await queue.claim(1);
    const [a, b] = ridsOf(claim!);
    await assert.rejects(queue.settle(id, [delivered(a!), failed(a!)]), isInternal);
    await assert.rejects(queue.settle(id, [delivered(a! + 100)]), isInternal);
    const both = [queue.settle(id, [delivered(a!)]), queue.settle(id, [failed(a!)])];
    const [one, two] = await Promise.allSettled(both);
    assert.deepEqual([one!.status, two!.status], ['fulfilled', 'rejected']);
    await queue.settle(id, [delivered(b!)]);
    await assert.rejects(queue.settle(id, [delivered(b!)]), isInternal);
    const shown = await new QueueCommands(queue).show(id);
    assert.equal(shown!.place, 'history');
    assert.deepEqual(
      shown!.recipients.map(({ state }) => state),
      ['delivered', 'delivered'],
    );
  });

  test(`${name}: Q5 a settlement and its reports become durable together`, async (t) => {
    const bench = await openBench(t, create);
    const report: OwnMessage = {
      draft: draft({ reversePath: NULL_REVERSE_PATH, origin: { kind: 'report', about: 'x' } }),
      recipients: [recipient('sender@example.org')],
      body: Buffer.from('Subject: report\r\n\r\n'),
    };
    const id = await accept(bench.queue, ['a@one.example']);
    const [claim] = await bench.queue.claim(1);
    await bench.queue.settle(id, ridsOf(claim!).map(failed), [report]);
    const claims = await bench.queue.claim(10);
    assert.deepEqual(addressesOf(claims), ['sender'], 'the report can be claimed at once');
    const queue = await bench.restart();
    assert.deepEqual(addressesOf(await queue.claim(10)), ['sender']);
    const twoId = await accept(queue, ['a@one.example', 'b@one.example']);
    const [two] = await queue.claim(1);
    await queue.settle(twoId, [failed(ridsOf(two!)[0]!)], [report]);
    assert.equal((await new QueueCommands(queue).counts()).messages, 3);
  });

  test(`${name}: Q6 a body stays until the last recipient is settled for good`, async (t) => {
    const bench = await openBench(t, create);
    const id = await accept(bench.queue, ['a@one.example', 'b@two.example'], { body: LARGE });
    const file = join(bench.folder, `${id}.body`);
    const [claim] = await bench.queue.claim(1);
    const [a, b] = ridsOf(claim!);
    await bench.queue.settle(id, [delivered(a!)]);
    await bench.queue.settle(id, [deferred(b!)]);
    await bench.restart();
    assert.ok(existsSync(file));
    bench.clock.advance(15 * MINUTE);
    const [second] = await bench.queue.claim(1);
    assert.equal(await bodyText(second!), LARGE.toString('latin1'));
    await settleAll(bench.queue, second!, failed);
    await bench.restart();
    assert.ok(!existsSync(file), 'gone with the last recipient');
    const shown = await new QueueCommands(bench.queue).show(id);
    assert.deepEqual(
      shown!.recipients.map(({ state, events }) => [state, events.length]),
      [
        ['delivered', 1],
        ['failed', 2],
      ],
    );
  });

  test(`${name}: Q7 a pickup claim is accepted once, also after delivery and restart`, async (t) => {
    const bench = await openBench(t, create);
    const claimId = newClaimId();
    const pickup = { draft: { origin: { kind: 'pickup', fileName: 'a.eml', claimId } as const } };
    assert.equal(await bench.queue.wasClaimAccepted(claimId), false);
    assert.equal(
      await accept(bench.queue, ['a@one.example'], pickup),
      claimId,
      'the claim id names the message',
    );
    const again = async () => {
      const intake = bench.queue.begin(draft(pickup.draft));
      intake.addRecipient(recipient('a@one.example'));
      intake.write(Buffer.from(BODY));
      return (await intake.commit()).isNew;
    };
    assert.equal(await again(), false);
    await bench.restart();
    assert.equal(await bench.queue.wasClaimAccepted(claimId), true);
    assert.equal(await again(), false);
    const claims = await bench.queue.claim(10);
    assert.equal(claims.length, 1);
    await settleAll(bench.queue, claims[0]!, delivered);
    await bench.restart();
    assert.equal(await again(), false, 'history remembers it too');
    assert.deepEqual(await bench.queue.claim(10), []);
  });

  test(`${name}: Q8 what does not fit in memory is claimed from the store, oldest first, nothing twice`, async (t) => {
    const { queue } = await openBench(t, create, { window: { messages: 5, bytes: 1_000_000 } });
    for (let index = 0; index < 30; index += 1)
      await accept(queue, [`r${String(index).padStart(2, '0')}@one.example`]);
    const seen: string[] = [];
    for (;;) {
      const claims = await queue.claim(4);
      if (claims.length === 0) break;
      seen.push(...addressesOf(claims));
      for (const claim of claims) {
        assert.equal(await bodyText(claim), BODY);
        await settleAll(queue, claim, delivered);
      }
    }
    assert.equal(seen.length, 30);
    assert.equal(new Set(seen).size, 30);
    const fromStore = seen.filter((address) => Number(address.slice(1)) >= 5);
    assert.deepEqual(fromStore, fromStore.toSorted());
  });

  test(`${name}: excluded domains are passed over, in the window and in the store, and come when free again`, async (t) => {
    const { queue } = await openBench(t, create, { window: { messages: 3, bytes: 1_000_000 } });
    for (let index = 0; index < 4; index += 1) {
      await accept(queue, [`slow${index}@slow.example`]);
      await accept(queue, [`fast${index}@fast.example`]);
    }
    await accept(queue, ['both1@slow.example', 'both2@fast.example']);
    const free: string[] = [];
    for (let round = 0; round < 5; round += 1)
      free.push(...addressesOf(await queue.claim(10, ['slow.example'])));
    assert.deepEqual(free.sort(), ['both2', 'fast0', 'fast1', 'fast2', 'fast3']);
    const rest: string[] = [];
    for (let round = 0; round < 5; round += 1) rest.push(...addressesOf(await queue.claim(10)));
    assert.deepEqual(rest.sort(), ['both1', 'slow0', 'slow1', 'slow2', 'slow3']);
  });

  test(`${name}: thousands of due messages for an excluded domain do not hide another domain`, async (t) => {
    const { queue, restart } = await openBench(t, create, { window: { messages: 0, bytes: 0 } });
    const many = Array.from({ length: 1200 }, (_, index) => accept(queue, [`m${index}@slow.example`]));
    await Promise.all(many);
    await accept(queue, ['z@zebra.example']);
    await accept(queue, ['a@aard.example']);
    const next = await restart();
    const got: string[] = [];
    for (let round = 0; round < 3; round += 1)
      got.push(...addressesOf(await next.claim(10, ['slow.example'])));
    assert.deepEqual(got.sort(), ['a', 'z']);
  });

  test(`${name}: retries wait 15, 30, 60, 240, 240 minutes; local ones have their own list`, async (t) => {
    const bench = await openBench(t, create, {
      retry: (server) => ({
        remoteMs: server === 'default' ? [15, 30, 60, 240].map((m) => m * MINUTE) : [],
        localMs: [MINUTE],
      }),
    });
    const id = await accept(bench.queue, ['a@one.example']);
    const local = await accept(bench.queue, ['b@local.example']);
    for (const claim of await bench.queue.claim(2)) {
      await settleAll(
        bench.queue,
        claim,
        (recipientId): Settlement =>
          claim.message.id === id
            ? deferred(recipientId)
            : { recipientId, state: 'deferred', lastResult: '452 4.2.2 quota', schedule: 'local' },
      );
    }
    bench.clock.advance(MINUTE);
    const [soon] = await bench.queue.claim(2);
    assert.equal(soon!.message.id, local);
    await settleAll(bench.queue, soon!, delivered);
    bench.clock.advance(-MINUTE + 15 * MINUTE);
    for (const minutes of [30, 60, 240, 240]) {
      const [claim] = await bench.queue.claim(1);
      await settleAll(bench.queue, claim!, deferred);
      bench.clock.advance(minutes * MINUTE - 1);
      assert.deepEqual(await bench.queue.claim(1), []);
      bench.clock.advance(1);
    }
    const [last] = await bench.queue.claim(1);
    assert.equal(last!.recipients[0]!.attempts, 5);
  });

  test(`${name}: a wall clock that jumps neither burns retries nor ages mail`, async (t) => {
    const bench = await openBench(t, create);
    await accept(bench.queue, ['a@one.example']);
    const [claim] = await bench.queue.claim(1);
    await settleAll(bench.queue, claim!, deferred);
    bench.clock.jump(365 * 24 * HOUR);
    bench.clock.advance(10 * MINUTE);
    assert.deepEqual(await bench.queue.claim(1), [], 'a jump forward makes nothing due');
    bench.clock.jump(-2 * 365 * 24 * HOUR);
    bench.clock.advance(5 * MINUTE);
    const [second] = await bench.queue.claim(1);
    assert.equal(second!.ageMs, 15 * MINUTE);
    await settleAll(bench.queue, second!, deferred);
    const queue = await bench.restart(20 * MINUTE);
    bench.clock.advance(10 * MINUTE - 1);
    assert.deepEqual(await queue.claim(1), [], '20 minutes off and 10 on make 30');
    bench.clock.advance(1);
    const [third] = await queue.claim(1);
    assert.equal(third!.ageMs, 45 * MINUTE);
    await bench.restart(-10 * 365 * 24 * HOUR);
    const [fourth] = await bench.queue.claim(1);
    assert.equal(fourth!.ageMs, 45 * MINUTE, 'a clock set back while off stops nothing and ages nothing');
  });

  test(`${name}: listeners hear of accepted, due and released messages, never synchronously`, async (t) => {
    const bench = await openBench(t, create);
    const { queue, clock } = bench;
    let calls = 0;
    queue.onReady(() => {
      calls += 1;
    });
    const heard = async (): Promise<boolean> => {
      for (let turn = 0; turn < 200 && calls === 0; turn += 1) await new Promise((r) => setImmediate(r));
      const was = calls > 0;
      calls = 0;
      return was;
    };
    const id = await accept(queue, ['a@one.example']);
    assert.ok(await heard(), 'accepted');
    const [claim] = await queue.claim(1);
    await settleAll(queue, claim!, deferred);
    calls = 0;
    clock.advance(15 * MINUTE);
    assert.equal(calls, 0);
    assert.ok(await heard(), 'due');
    const commands = new QueueCommands(queue);
    await commands.hold([id]);
    calls = 0;
    await commands.release([id]);
    assert.ok(await heard(), 'released');
  });

  test(`${name}: a claim given back counts no attempt and waits until notBefore`, async (t) => {
    const { queue, clock } = await openBench(t, create);
    const id = await accept(queue, ['a@one.example', 'b@one.example']);
    const [claim] = await queue.claim(1);
    const [a, b] = ridsOf(claim!);
    await queue.settle(id, [
      { recipientId: a!, state: 'queued' },
      { recipientId: b!, state: 'queued', notBefore: clock.now() + MINUTE },
    ]);
    const now = await queue.claim(5);
    assert.deepEqual(addressesOf(now), ['a']);
    assert.equal(now[0]!.recipients[0]!.attempts, 0);
    clock.advance(MINUTE);
    assert.deepEqual(addressesOf(await queue.claim(5)), ['b']);
  });

  test(`${name}: history is bounded by count and by age`, async (t) => {
    const bench = await openBench(t, create, { history: () => ({ keepMs: HOUR, keepCount: 1500 }) });
    const commands = new QueueCommands(bench.queue);
    const finish = async (count: number) => {
      await Promise.all(Array.from({ length: count }, () => accept(bench.queue, ['a@one.example'])));
      for (let done = 0; done < count; ) {
        const claims = await bench.queue.claim(500);
        await Promise.all(claims.map((claim) => settleAll(bench.queue, claim, delivered)));
        done += claims.length;
      }
    };
    await finish(2000);
    for (let turn = 0; turn < 500 && (await commands.counts()).history > 1500; turn += 1);
    assert.equal((await commands.counts()).history, 1500);
    bench.clock.advance(2 * HOUR);
    await finish(1000);
    for (let turn = 0; turn < 500 && (await commands.counts()).history > 1000; turn += 1);
    assert.equal((await commands.counts()).history, 1000);
  });
}

function isInternal(error: unknown): boolean {
  return error instanceof RelayError && error.code === 'internal';
}
