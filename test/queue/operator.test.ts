/** Operator commands on the queue, for every store. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueueCommands } from '../../src/queue/index.ts';
import {
  accept,
  addressesOf,
  BODY,
  deferred,
  delivered,
  HOUR,
  MINUTE,
  mailbox,
  openBench,
  ridsOf,
  STORES,
  settleAll,
} from './support.ts';

for (const { name, create } of STORES) {
  test(`${name}: lists by state, sender, recipient, domain, age and text, page by page`, async (t) => {
    const { queue, clock } = await openBench(t, create);
    const commands = new QueueCommands(queue);
    const old = await accept(queue, ['ann@one.example'], { draft: { subject: 'Invoice 7' } });
    clock.advance(HOUR);
    const other = await accept(queue, ['bob@sub.two.example', 'ann@three.example'], {
      draft: { reversePath: mailbox('Boss@Example.NET'), headerMessageId: 'abc@host' },
    });
    const ids = async (filter: object) =>
      (await commands.list({ filter })).messages.map(({ id }) => (id === old ? 'old' : 'other'));
    assert.deepEqual(await ids({}), ['old', 'other']);
    assert.deepEqual(await ids({ sender: 'boss@' }), ['other']);
    assert.deepEqual(await ids({ recipient: 'ANN' }), ['old', 'other']);
    assert.deepEqual(await ids({ domain: 'one.example' }), ['old']);
    assert.deepEqual(await ids({ domain: 'two.example' }), []);
    assert.deepEqual(await ids({ domain: '*.two.example' }), ['other']);
    assert.deepEqual(await ids({ olderThanMs: 30 * MINUTE }), ['old']);
    assert.deepEqual(await ids({ text: 'invoice' }), ['old']);
    assert.deepEqual(await ids({ text: 'ABC@host' }), ['other']);
    assert.deepEqual(await ids({ text: old.toLowerCase() }), ['old']);
    await commands.hold([other], 'looks odd');
    assert.deepEqual(await ids({ states: ['held'] }), ['other']);
    assert.deepEqual(await ids({ text: 'looks odd' }), ['other']);
    assert.deepEqual(await ids({ states: ['deferred'] }), []);
    const first = await commands.list({ limit: 1 });
    assert.deepEqual([first.messages[0]!.id, first.messages.length], [old, 1]);
    const second = await commands.list({ limit: 1, next: first.next! });
    assert.equal(second.messages[0]!.id, other);
    assert.equal(other, second.messages[0]!.id);
    assert.equal((await commands.list({ next: 'nonsense' })).messages.length, 2);
  });

  test(`${name}: a held message is claimed by nobody until released, across a restart, and expires not`, async (t) => {
    const bench = await openBench(t, create);
    const id = await accept(bench.queue, ['a@one.example', 'b@two.example']);
    assert.deepEqual(await new QueueCommands(bench.queue).hold([id, 'NOSUCHMESSAGE000']), {
      changed: 2,
      busy: 0,
      unknown: ['NOSUCHMESSAGE000'],
    });
    assert.deepEqual(await bench.queue.claim(5), []);
    bench.clock.advance(100 * HOUR);
    const queue = await bench.restart();
    assert.deepEqual(await queue.claim(5), []);
    const commands = new QueueCommands(queue);
    assert.equal((await commands.release([id])).changed, 2);
    assert.equal((await commands.release([id])).changed, 0);
    assert.deepEqual(addressesOf(await queue.claim(5)), ['a', 'b']);
  });

  test(`${name}: retry makes a deferred recipient due now and leaves fresh mail alone`, async (t) => {
    const { queue } = await openBench(t, create);
    const commands = new QueueCommands(queue);
    const id = await accept(queue, ['a@one.example']);
    const [claim] = await queue.claim(1);
    await settleAll(queue, claim!, deferred);
    const fresh = await accept(queue, ['b@one.example']);
    assert.equal((await commands.retry([id, fresh])).changed, 1);
    assert.deepEqual(addressesOf(await queue.claim(5)), ['a', 'b']);
    assert.deepEqual(await queue.claim(5), []);
  });

  test(`${name}: delete ends a message as failed and keeps it in history; the file of a large one goes`, async (t) => {
    const bench = await openBench(t, create);
    const commands = new QueueCommands(bench.queue);
    const id = await accept(bench.queue, ['a@one.example'], { body: Buffer.alloc(300_000, 'x') });
    assert.deepEqual(await commands.delete([id], 'spam'), { changed: 1, busy: 0, unknown: [] });
    assert.deepEqual(await bench.queue.claim(5), []);
    const shown = await commands.show(id);
    assert.equal(shown!.place, 'history');
    assert.equal(shown!.recipients[0]!.state, 'failed');
    assert.equal(shown!.recipients[0]!.lastResult, 'spam');
    await bench.restart();
    assert.ok(!bench.log.names().includes('queue.orphan-removed'), 'its file went with it');
    const page = await new QueueCommands(bench.queue).history({ text: id });
    assert.deepEqual(
      page.messages.map((message) => message.id),
      [id],
    );
  });

  test(`${name}: orders leave recipients alone that an attempt works on, and say so`, async (t) => {
    const { queue } = await openBench(t, create);
    const commands = new QueueCommands(queue);
    const id = await accept(queue, ['a@one.example', 'b@slow.example']);
    const [claim] = await queue.claim(1, ['slow.example']);
    assert.deepEqual(await commands.delete([id]), { changed: 1, busy: 1, unknown: [] });
    assert.deepEqual(await queue.claim(5), [], 'the other recipient left the window');
    await settleAll(queue, claim!, delivered);
    const shown = await commands.show(id);
    assert.deepEqual(
      shown!.recipients.map(({ state }) => state),
      ['delivered', 'failed'],
    );
  });

  test(`${name}: an order given while a claim is under way never acts on what the claim takes`, async (t) => {
    const { queue } = await openBench(t, create, { window: { messages: 0, bytes: 0 } });
    const commands = new QueueCommands(queue);
    const id = await accept(queue, ['a@one.example']);
    const claiming = queue.claim(5);
    const deleting = commands.delete([id]);
    const [claims, result] = await Promise.all([claiming, deleting]);
    assert.equal(claims.length + result.changed, 1, 'one of the two has it');
    for (const claim of claims) await settleAll(queue, claim, delivered);
    assert.equal((await commands.show(id))!.place, 'history');
  });

  test(`${name}: orders by filter reach every match`, async (t) => {
    const { queue } = await openBench(t, create);
    const commands = new QueueCommands(queue);
    await Promise.all(
      Array.from({ length: 600 }, (_, index) => accept(queue, [`r@${index % 2 ? 'odd' : 'even'}.example`])),
    );
    assert.equal((await commands.changeMatching('hold', { domain: 'odd.example' })).changed, 300);
    assert.equal((await commands.changeMatching('delete', { domain: 'even.example' })).changed, 300);
    const counts = await commands.counts();
    assert.deepEqual([counts.messages, counts.held, counts.history], [300, 300, 300]);
    assert.equal((await commands.changeMatching('release', {})).changed, 300);
    assert.equal((await queue.claim(1000)).length, 300);
  });

  test(`${name}: claims for return take held, deferred and fresh recipients, not those under way`, async (t) => {
    const { queue } = await openBench(t, create);
    const commands = new QueueCommands(queue);
    const held = await accept(queue, ['held@one.example']);
    await commands.hold([held]);
    const waiting = await accept(queue, ['deferred@one.example']);
    const [claim] = await queue.claim(1);
    await settleAll(queue, claim!, deferred);
    const busy = await accept(queue, ['busy@one.example']);
    const [working] = await queue.claim(1);
    const fresh = await accept(queue, ['fresh@one.example']);
    const claims = await commands.claimForReturn([held, waiting, busy, fresh]);
    assert.deepEqual(addressesOf(claims), ['deferred', 'fresh', 'held']);
    for (const each of claims)
      await queue.settle(
        each.message.id,
        ridsOf(each).map((recipientId) => ({
          recipientId,
          state: 'failed',
          lastResult: 'returned by the operator',
          status: '5.3.2',
        })),
      );
    await settleAll(queue, working!, delivered);
    assert.equal((await commands.counts()).messages, 0);
  });

  test(`${name}: an exported message carries its envelope so that Pickup takes it again`, async (t) => {
    const { queue } = await openBench(t, create);
    const commands = new QueueCommands(queue);
    const body = Buffer.alloc(300_000, 'Subject: big\r\n');
    const large = await accept(queue, ['a@one.example', 'b@two.example'], { body });
    const small = await accept(queue, ['a@one.example'], {
      draft: { body: '8bitmime', returnContent: 'headers', envelopeId: 'x=1' },
    });
    const read = async (id: string) => {
      const exported = await commands.export(id);
      const pieces: Uint8Array[] = [];
      for await (const piece of exported!.chunks) pieces.push(piece.slice());
      return Buffer.concat(pieces).toString('latin1');
    };
    assert.equal(
      await read(small),
      `x-sender: <sender@example.org> BODY=8BITMIME RET=HDRS ENVID=x+3D1\r\nx-receiver: a@one.example\r\n${BODY}`,
    );
    assert.equal(
      await read(large),
      `x-sender: sender@example.org\r\nx-receiver: a@one.example\r\nx-receiver: b@two.example\r\n${body.toString()}`,
    );
    assert.equal(await commands.export('0000000000000000'), undefined);
  });

  test(`${name}: a frozen queue accepts and hands out nothing, also after a restart, until unfrozen`, async (t) => {
    const bench = await openBench(t, create);
    await new QueueCommands(bench.queue).freeze();
    await accept(bench.queue, ['a@one.example']);
    assert.deepEqual(await bench.queue.claim(5), []);
    const queue = await bench.restart();
    assert.equal((await new QueueCommands(queue).counts()).isFrozen, true);
    assert.deepEqual(await queue.claim(5), []);
    await new QueueCommands(queue).unfreeze();
    assert.deepEqual(addressesOf(await queue.claim(5)), ['a']);
  });
}
