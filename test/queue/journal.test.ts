/** The journal before the database: what it saves, how its messages reach the database, and every way in which it can fail. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Disk, nodeDisk, RelayError } from '../../src/base/index.ts';
import { Queue, QueueCommands } from '../../src/queue/index.ts';
import { JournaledStore, type JournaledStoreOptions } from '../../src/queue/journaled-store.ts';
import { SqliteStore } from '../../src/queue/sqlite-store.ts';
import type { QueueStore, StoreOp } from '../../src/queue/store.ts';
import {
  accept,
  addressesOf,
  bodyText,
  CollectingLog,
  deferred,
  delivered,
  draft,
  FakeClock,
  failed,
  recipient,
  ridsOf,
  settleAll,
  temporaryFolder,
} from './support.ts';

type Setup = {
  readonly folder: string;
  readonly log: CollectingLog;
  readonly clock: FakeClock;
  readonly database: SqliteStore;
  readonly store: JournaledStore;
  readonly queue: Queue;
  /** Operations that reached the database, by kind. */
  readonly reached: string[];
};

/** Nothing is brought to the database by itself unless `tidyMs` says so. */
async function setUp(
  t: TestContext,
  more: Partial<JournaledStoreOptions> & { readonly maxPages?: number } = {},
): Promise<Setup> {
  const folder = more.folder ?? temporaryFolder(t);
  const log = new CollectingLog();
  const clock = new FakeClock();
  const reached: string[] = [];
  const { maxPages } = more;
  const database = new SqliteStore({ folder, ...(maxPages !== undefined && { maxPages }) });
  const inner: QueueStore = {
    open: () => database.open(),
    close: () => database.close(),
    apply(ops: readonly StoreOp[], moment) {
      reached.push(...ops.map((op) => (op.op === 'setting' ? `setting ${op.key}` : op.op)));
      return database.apply(ops, moment);
    },
  };
  const store = new JournaledStore(inner, { folder, disk: nodeDisk, log, tidyMs: 1e6, ...more });
  const queue = await Queue.open(store, { folder, disk: nodeDisk, clock, log, smallBodyBytes: 20_000 });
  reached.length = 0;
  t.after(() => queue.close().catch(() => {}));
  return { folder, log, clock, database, store, queue, reached };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function until(isSo: () => boolean): Promise<void> {
  for (let turns = 0; !isSo(); turns += 1) {
    assert.ok(turns < 20_000, 'it never came to be');
    await turn();
  }
}

test('a message that is delivered at once is never a row: the database gets its history', async (t) => {
  const { queue, reached, folder } = await setUp(t);
  const id = await accept(queue, ['a@one.example', 'b@two.example']);
  const [claim] = await queue.claim(1);
  await settleAll(queue, claim!, delivered);
  assert.deepEqual(reached, ['setting journal-key', 'claim']);
  assert.ok(readdirSync(folder).includes('queue.journal-1'));
  const shown = await new QueueCommands(queue).show(id);
  assert.equal(shown!.place, 'history');
  assert.deepEqual(
    shown!.recipients.map(({ address, state }) => [address, state]),
    [
      ['a@one.example', 'delivered'],
      ['b@two.example', 'delivered'],
    ],
  );
  assert.deepEqual(reached.slice(2), ['record', 'find']);
});

test('after a moment everything is in the database, and the journal is written from its beginning', async (t) => {
  const { queue, reached, folder } = await setUp(t, { tidyMs: 1 });
  await accept(queue, ['a@one.example']);
  const [claim] = await queue.claim(1);
  await settleAll(queue, claim!, delivered);
  await until(() => reached.includes('setting journal'));
  assert.ok(reached.includes('record') && !reached.includes('accept'));
  await accept(queue, ['b@one.example']);
  // One batch of the new generation, where the first of the old one stood.
  assert.equal(readFileSync(join(folder, 'queue.journal-1')).readUInt32BE(4), 2);
});

test('whatever is not delivered at once becomes rows: deferred, with a report, held, listed', async (t) => {
  const { queue, reached, clock } = await setUp(t);
  const commands = new QueueCommands(queue);
  const [one, two, three, four] = [
    await accept(queue, ['a@one.example']),
    await accept(queue, ['b@two.example']),
    await accept(queue, ['c@three.example']),
    await accept(queue, ['d@four.example']),
  ];
  const claims = await queue.claim(2);
  reached.length = 0;
  await settleAll(queue, claims[0]!, deferred);
  assert.deepEqual(reached, ['accept', 'settle']);
  const report = {
    draft: draft(),
    recipients: [recipient('sender@example.org')],
    body: Buffer.from('no\r\n'),
  };
  reached.length = 0;
  await queue.settle(two, ridsOf(claims[1]!).map(failed), [report]);
  assert.deepEqual(reached, ['accept', 'complete']);
  reached.length = 0;
  await commands.hold([three]);
  assert.deepEqual(reached, ['accept', 'find', 'change']);
  reached.length = 0;
  assert.equal((await commands.list()).messages.length, 4);
  assert.deepEqual(reached, ['accept', 'list']);
  assert.equal((await commands.show(four))!.place, 'queue');
  clock.advance(24 * 3_600_000);
  assert.deepEqual(addressesOf(await queue.claim(9)), ['a', 'd', 'sender']);
  assert.equal((await commands.show(one))!.recipients[0]!.attempts, 1);
});

test('after a kill all that was accepted is there, all that was settled is history', async (t) => {
  const first = await setUp(t);
  await accept(first.queue, ['a@one.example'], { body: 'Subject: one\r\n\r\n1\r\n' });
  await accept(first.queue, ['b@two.example', 'c@two.example']);
  const done = await accept(first.queue, ['d@four.example']);
  const claims = await first.queue.claim(3);
  await settleAll(first.queue, claims[2]!, delivered);
  await first.store.kill();
  const second = await setUp(t, { folder: first.folder });
  assert.deepEqual(second.log.events.find(({ name }) => name === 'queue.journal-read')?.fields, {
    open: 2,
    finished: 1,
  });
  const again = await second.queue.claim(9);
  assert.deepEqual(addressesOf(again), ['a', 'b', 'c']);
  assert.equal(await bodyText(again[0]!), 'Subject: one\r\n\r\n1\r\n');
  const commands = new QueueCommands(second.queue);
  assert.equal((await commands.show(done))!.place, 'history');
  await accept(second.queue, ['e@five.example']);
  assert.equal((await commands.counts()).messages, 3);
});

test('what the database knows already is not brought twice, however often the process is killed', async (t) => {
  const first = await setUp(t);
  const open = await accept(first.queue, ['a@one.example']);
  const finished = await accept(first.queue, ['b@two.example']);
  const [, claim] = await first.queue.claim(2);
  await settleAll(first.queue, claim!, delivered);
  // Now both stand in the journal and in the database.
  await new QueueCommands(first.queue).list();
  await new QueueCommands(first.queue).history();
  await first.store.kill();
  for (let times = 0; times < 2; times += 1) {
    const { queue, store } = await setUp(t, { folder: first.folder });
    const commands = new QueueCommands(queue);
    assert.deepEqual(
      (await commands.list()).messages.map(({ id }) => id),
      [open],
    );
    assert.deepEqual(
      (await commands.history()).messages.map(({ id }) => id),
      [finished],
    );
    await store.kill();
  }
});

test('history that a start would read from the journal is not forgotten before the journal is', async (t) => {
  const folder = temporaryFolder(t);
  const keep = { keepMs: 0, keepCount: 0 };
  const clock = new FakeClock();
  const log = new CollectingLog();
  const store = new JournaledStore(new SqliteStore({ folder }), { folder, disk: nodeDisk, log, tidyMs: 1e6 });
  const queue = await Queue.open(store, { folder, disk: nodeDisk, clock, log, history: () => keep });
  const id = await accept(queue, ['a@one.example']);
  // As a row, so that the journal holds its acceptance and not its end.
  await new QueueCommands(queue).list();
  const [claim] = await queue.claim(1);
  await settleAll(queue, claim!, delivered);
  clock.advance(61_000);
  for (let turns = 0; turns < 50; turns += 1) await turn();
  await store.kill();
  const second = await setUp(t, { folder });
  assert.deepEqual(await second.queue.claim(9), [], 'delivered and claimed again');
  assert.equal((await new QueueCommands(second.queue).show(id))!.place, 'history');
});

test('full files: what is still open in them becomes rows, and they are written over', async (t) => {
  const { queue, reached, folder } = await setUp(t, { fileBytes: 30_000 });
  const slow = await accept(queue, ['slow@one.example']);
  const [kept] = await queue.claim(1);
  for (let count = 0; count < 40; count += 1) {
    const id = await accept(queue, [`r${count}@two.example`], { body: Buffer.alloc(10_000, 'x') });
    const [claim] = await queue.claim(1);
    assert.equal(claim!.message.id, id);
    await settleAll(queue, claim!, delivered);
  }
  assert.equal(reached.filter((op) => op === 'accept').length, 1, 'only the slow one became a row');
  assert.ok(readdirSync(folder).filter((name) => name.startsWith('queue.journal')).length <= 4);
  await settleAll(queue, kept!, delivered);
  assert.equal((await new QueueCommands(queue).show(slow))!.place, 'history');
  assert.equal((await new QueueCommands(queue).counts()).history, 41);
});

test('a journal that cannot be written: everything goes to the database, and nothing is doubled after a kill', async (t) => {
  const failure = Object.assign(new Error('i/o error'), { code: 'EIO' });
  let isBroken = false;
  const disk: Disk = {
    ...nodeDisk,
    async openJournal(path) {
      const file = await nodeDisk.openJournal(path);
      return {
        bytes: file.bytes,
        close: () => file.close(),
        async writeThrough(bytes, position) {
          // The worst of failures: the bytes are there, and nobody may count on it.
          await file.writeThrough(bytes, position);
          if (isBroken) throw failure;
        },
      };
    },
  };
  const first = await setUp(t, { disk, tidyMs: 1 });
  await accept(first.queue, ['a@one.example']);
  isBroken = true;
  await accept(first.queue, ['b@one.example']);
  const warning = first.log.events.find(({ name }) => name === 'queue.journal-failed');
  assert.equal(warning?.level, 'warn');
  assert.equal(warning.fields['code'], 'disk-failed');
  await accept(first.queue, ['c@one.example']);
  const claims = await first.queue.claim(9);
  assert.deepEqual(addressesOf(claims), ['a', 'b', 'c']);
  for (const claim of claims.slice(0, 2)) await settleAll(first.queue, claim, delivered);
  assert.equal(first.log.names().filter((name) => name === 'queue.journal-failed').length, 1, 'tried once');
  await first.store.kill();
  const second = await setUp(t, { folder: first.folder });
  assert.deepEqual(addressesOf(await second.queue.claim(9)), ['c']);
});

test('the database is full: the journal goes on until it is full as well, then mail is refused; all comes through later', async (t) => {
  const { queue, log, database, clock } = await setUp(t, { fileBytes: 60_000, tidyMs: 1, maxPages: 60 });
  database.setMaxPages(1);
  const accepted: string[] = [];
  let refusal: unknown;
  while (refusal === undefined) {
    assert.ok(accepted.length < 200, 'the journal is bounded');
    try {
      accepted.push(
        await accept(queue, [`r${accepted.length}@one.example`], { body: Buffer.alloc(15_000, 'x') }),
      );
    } catch (thrown) {
      refusal = thrown;
    }
  }
  assert.ok(refusal instanceof RelayError && refusal.code === 'disk-full', String(refusal));
  assert.ok(accepted.length >= 8, `only ${accepted.length}`);
  await until(() => log.names().includes('queue.journal-kept'));
  assert.ok(log.names().includes('queue.write-failed'));
  database.setMaxPages(10_000);
  clock.advance(1000);
  await until(() => log.names().includes('queue.write-recovered'));
  const ids: string[] = [];
  for (let claims = await queue.claim(50); claims.length > 0; claims = await queue.claim(50)) {
    ids.push(...claims.map(({ message }) => message.id));
    await Promise.all(claims.map((claim) => settleAll(queue, claim, delivered)));
  }
  assert.deepEqual(ids.sort(), accepted.sort());
  assert.equal(log.names().filter((name) => name === 'queue.journal-kept').length, 1, 'told once');
});

test('a settlement is written to the journal even while the database is full', async (t) => {
  const first = await setUp(t);
  const id = await accept(first.queue, ['a@one.example']);
  const [claim] = await first.queue.claim(1);
  first.database.setMaxPages(1);
  await settleAll(first.queue, claim!, delivered);
  await first.store.kill();
  const second = await setUp(t, { folder: first.folder });
  assert.deepEqual(await second.queue.claim(9), []);
  assert.equal((await new QueueCommands(second.queue).show(id))!.place, 'history');
});

test('closed in order, the journal is empty and its files are gone', async (t) => {
  const { queue, folder } = await setUp(t);
  await accept(queue, ['a@one.example']);
  await queue.close();
  assert.deepEqual(readdirSync(folder), ['queue.db']);
  const again = await setUp(t, { folder });
  assert.deepEqual(addressesOf(await again.queue.claim(9)), ['a']);
});

test('closed while the database takes nothing, the journal stays for the next start', async (t) => {
  const first = await setUp(t);
  await accept(first.queue, ['a@one.example'], { body: Buffer.alloc(15_000, 'x') });
  first.database.setMaxPages(1);
  await first.queue.close();
  assert.ok(readdirSync(first.folder).includes('queue.journal-1'));
  const second = await setUp(t, { folder: first.folder });
  assert.deepEqual(addressesOf(await second.queue.claim(9)), ['a']);
});

test('a damaged journal is told and kept aside; the queue opens with everything else', async (t) => {
  const first = await setUp(t);
  for (const name of ['a', 'b', 'c']) await accept(first.queue, [`${name}@one.example`]);
  await first.store.kill();
  const path = join(first.folder, 'queue.journal-1');
  const file = await nodeDisk.openJournal(path);
  await file.writeThrough(Buffer.from('XXXX'), 4096 + 100);
  await file.close();
  const second = await setUp(t, { folder: first.folder });
  const event = second.log.events.find(({ name }) => name === 'queue.journal-damaged');
  assert.equal(event?.level, 'error');
  assert.deepEqual(event.fields, { file: `${path}.damaged-1`, at: 4096 });
  assert.deepEqual(addressesOf(await second.queue.claim(9)), ['a', 'c']);
});

test('a damaged journal that the database cannot take yet is read again by the next start', async (t) => {
  const first = await setUp(t);
  const body = Buffer.alloc(15_000, 'x');
  for (const name of ['a', 'b', 'c']) await accept(first.queue, [`${name}@one.example`], { body });
  await first.store.kill();
  const file = await nodeDisk.openJournal(join(first.folder, 'queue.journal-1'));
  await file.writeThrough(Buffer.from('XXXX'), 4 * 4096 + 100);
  await file.close();
  await assert.rejects(setUp(t, { folder: first.folder, maxPages: 1 }), { code: 'disk-full' });
  const second = await setUp(t, { folder: first.folder });
  assert.ok(second.log.names().includes('queue.journal-damaged'));
  assert.deepEqual(addressesOf(await second.queue.claim(9)), ['a', 'c']);
});
