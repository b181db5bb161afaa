/** What the machine does to the queue: full disk, slow disk, second process, foreign and newer files, lost body files. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { type Disk, nodeDisk, RelayError, silentLogger, systemClock } from '../../src/base/index.ts';
import { openQueue, Queue, QueueCommands } from '../../src/queue/index.ts';
import { SqliteStore } from '../../src/queue/sqlite-store.ts';
import { ThreadedStore } from '../../src/queue/threaded-store.ts';
import {
  accept,
  addressesOf,
  bodyText,
  CollectingLog,
  delivered,
  draft,
  FakeClock,
  openBench,
  recipient,
  ridsOf,
  settleAll,
  temporaryFolder,
} from './support.ts';

const hasCode = (code: string) => (error: unknown) => {
  assert.ok(error instanceof RelayError, String(error));
  assert.equal(error.code, code);
  return true;
};

test('a second queue on the same folder is refused while the first is open, and not afterwards', async (t) => {
  const folder = temporaryFolder(t);
  const options = { folder, disk: nodeDisk, clock: systemClock, log: silentLogger };
  const first = await openQueue(options);
  await assert.rejects(openQueue(options), hasCode('queue-locked'));
  await accept(first, ['a@one.example']);
  await first.close();
  const second = await openQueue(options);
  assert.deepEqual(addressesOf(await second.claim(5)), ['a']);
  await second.close();
});

test('a queue of a newer version, a foreign database and a damaged file are refused and left untouched', async (t) => {
  const options = { disk: nodeDisk, clock: systemClock, log: silentLogger };
  const newer = temporaryFolder(t);
  await (await openQueue({ ...options, folder: newer })).close();
  const database = new DatabaseSync(join(newer, 'queue.db'));
  database.exec('PRAGMA user_version = 999');
  database.close();
  await assert.rejects(openQueue({ ...options, folder: newer }), hasCode('queue-version'));

  const foreign = temporaryFolder(t);
  const other = new DatabaseSync(join(foreign, 'queue.db'));
  other.exec('CREATE TABLE songs (title TEXT)');
  other.close();
  await assert.rejects(openQueue({ ...options, folder: foreign }), hasCode('queue-damaged'));

  const damaged = temporaryFolder(t);
  writeFileSync(join(damaged, 'queue.db'), 'this is no database, it only has its name'.repeat(100));
  await assert.rejects(openQueue({ ...options, folder: damaged }), hasCode('queue-damaged'));
  assert.ok(existsSync(join(damaged, 'queue.db')));
});

test('a folder that cannot be used names itself and the cure', async () => {
  const options = { folder: '/nowhere/at/all', disk: nodeDisk, clock: systemClock, log: silentLogger };
  await assert.rejects(openQueue(options), (error: unknown) => {
    hasCode('permission-denied')(error);
    assert.match(String(error), /\/nowhere\/at\/all.*right/);
    return true;
  });
});

test('full disk: accepting fails, settlements wait, all is there again when there is room, without a restart', async (t) => {
  const folder = temporaryFolder(t);
  const clock = new FakeClock();
  const log = new CollectingLog();
  const database = { limit: 60 };
  const store = new SqliteStore({ folder, maxPages: database.limit });
  const queue = await Queue.open(store, {
    folder,
    disk: nodeDisk,
    clock,
    log,
    window: { messages: 1, bytes: 1e6 },
  });
  t.after(() => queue.close());
  const accepted: string[] = [];
  let refusal: unknown;
  while (refusal === undefined) {
    try {
      accepted.push(
        await accept(queue, [`r${accepted.length}@one.example`], { body: Buffer.alloc(20_000, 'x') }),
      );
    } catch (failure) {
      refusal = failure;
    }
  }
  hasCode('disk-full')(refusal);
  assert.ok(accepted.length > 2);
  assert.deepEqual(await queue.claim(5), [], 'nothing is handed out that could not be settled');
  assert.match((await new QueueCommands(queue).counts()).fault ?? '', /no space/i);
  await assert.rejects(accept(queue, ['late@one.example']), hasCode('disk-full'));
  store.setMaxPages(10_000);
  clock.advance(1000);
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    log.names().filter((name) => name.startsWith('queue.write')),
    ['queue.write-failed', 'queue.write-recovered'],
  );
  let delivering = 0;
  for (let claims = await queue.claim(50); claims.length > 0; claims = await queue.claim(50)) {
    delivering += claims.length;
    await Promise.all(claims.map((claim) => settleAll(queue, claim, delivered)));
  }
  assert.equal(delivering, accepted.length);
});

test('full disk at the moment of settling: the settlement is written as soon as there is room', async (t) => {
  const folder = temporaryFolder(t);
  const clock = new FakeClock();
  const store = new SqliteStore({ folder });
  const queue = await Queue.open(store, { folder, disk: nodeDisk, clock, log: silentLogger });
  t.after(() => queue.close());
  const big = { body: Buffer.alloc(200_000, 'x') };
  const id = await accept(queue, ['a@one.example']);
  const [claim] = await queue.claim(1);
  store.setMaxPages(1);
  const report = {
    draft: draft(),
    recipients: [recipient('sender@example.org')],
    body: Buffer.alloc(200_000, 'y'),
  };
  let isSettled = false;
  const settling = queue.settle(id, ridsOf(claim!).map(delivered), [report]).then(() => {
    isSettled = true;
  });
  await assert.rejects(accept(queue, ['b@one.example'], big), hasCode('disk-full'));
  clock.advance(1000);
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isSettled, false);
  store.setMaxPages(10_000);
  clock.advance(1000);
  await settling;
  assert.deepEqual(addressesOf(await queue.claim(5)), ['sender'], 'the report came with it (Q5)');
});

test('a large body that the disk refuses is rejected alone, and leaves no file', async (t) => {
  const folder = temporaryFolder(t);
  for (const step of ['openNew', 'write', 'flush', 'flushFolder'] as const) {
    const disk = failingDisk(step);
    const queue = await Queue.open(new SqliteStore({ folder }), {
      folder,
      disk,
      clock: systemClock,
      log: silentLogger,
    });
    await assert.rejects(
      accept(queue, ['a@one.example'], { body: Buffer.alloc(400_000) }),
      hasCode('disk-full'),
    );
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.body')),
      [],
    );
    await accept(queue, ['b@one.example']);
    const [claim] = await queue.claim(5);
    await settleAll(queue, claim!, delivered);
    await queue.close();
  }
});

test('body files without a message are swept at start; other files are left', async (t) => {
  const bench = await openBench(t, (folder) => () => new SqliteStore({ folder }));
  const kept = await accept(bench.queue, ['a@one.example'], { body: Buffer.alloc(300_000, 'k') });
  writeFileSync(join(bench.folder, '0123456789ABCDEF.body'), 'orphan');
  writeFileSync(join(bench.folder, '.mailroot-0123'), 'half-written');
  writeFileSync(join(bench.folder, 'notes.txt'), 'mine');
  await bench.restart();
  const names = readdirSync(bench.folder).filter((name) => !name.startsWith('queue.db'));
  assert.deepEqual(names.sort(), [`${kept}.body`, 'notes.txt'].sort());
});

test('a message whose body file is gone is reported and ends; when the report fails it is held, not lost', async (t) => {
  const bench = await openBench(t, (folder) => () => new SqliteStore({ folder }));
  const reported: string[] = [];
  let mayReport = false;
  const options = {
    ...bench.options,
    onBodyMissing: async (claim: { message: { id: string } }) => {
      if (!mayReport) throw new Error('badmail is read-only');
      reported.push(claim.message.id);
    },
  };
  const id = await accept(bench.queue, ['a@one.example'], { body: Buffer.alloc(300_000, 'k') });
  await bench.queue.close();
  unlinkSync(join(bench.folder, `${id}.body`));
  let queue = await Queue.open(new SqliteStore({ folder: bench.folder }), options);
  const shown = await new QueueCommands(queue).show(id);
  assert.equal(shown!.recipients[0]!.state, 'held');
  assert.match(shown!.recipients[0]!.lastResult!, /missing/);
  await queue.close();
  mayReport = true;
  queue = await Queue.open(new SqliteStore({ folder: bench.folder }), options);
  assert.deepEqual(reported, [id]);
  assert.equal((await new QueueCommands(queue).show(id))!.place, 'history');
  await queue.close();
});

test('a body file that ends early is unreadable, not a shorter message', async (t) => {
  const bench = await openBench(t, (folder) => () => new SqliteStore({ folder }));
  const id = await accept(bench.queue, ['a@one.example'], { body: Buffer.alloc(300_000, 'k') });
  writeFileSync(join(bench.folder, `${id}.body`), 'short');
  const [claim] = await bench.queue.claim(1);
  await assert.rejects(bodyText(claim!), hasCode('disk-failed'));
});

test('one wrong operation in a batch does not spoil the others', async (t) => {
  const folder = temporaryFolder(t);
  const store = new SqliteStore({ folder });
  await store.open();
  t.after(() => store.close());
  const message = (seq: number, recipients: number) => ({
    op: 'accept' as const,
    seq,
    id: '0000000000000000',
    misplaced: false,
    askFirst: false,
    arrivedAt: 0,
    arrivedQ: 0,
    bytes: 1,
    draft: '{}',
    body: Buffer.from('x'),
    recipients: Array.from({ length: recipients }, (_, index) => ({
      rid: seq * 10 + index,
      domain: 'one.example',
      json: '{}',
    })),
    due: null,
  });
  const { results } = await store.apply([message(1, 1), message(2, 0), message(3, 1), message(3, 1)], {
    queueMs: 0,
    wallMs: 0,
  });
  assert.deepEqual(
    results.map(({ ok }) => ok),
    [true, false, true, false],
  );
  const counts = await store.apply([{ op: 'counts' }], { queueMs: 0, wallMs: 0 });
  assert.equal((counts.results[0] as { value: { messages: number } }).value.messages, 2);
});

test('a flush of 20 ms stops the store, not the main thread, and many messages share it', async (t) => {
  const folder = temporaryFolder(t);
  const store = new ThreadedStore({ folder, commitDelayMs: 20 });
  const queue = await Queue.open(store, { folder, disk: nodeDisk, clock: systemClock, log: silentLogger });
  t.after(() => queue.close());
  // The main thread must get many turns while flushes run. A thread that flushed itself would get about one turn per flush.
  let turns = 0;
  let isRunning = true;
  const spin = (): void => {
    turns += 1;
    if (isRunning) setImmediate(spin);
  };
  spin();
  for (let group = 0; group < 5; group += 1)
    await Promise.all(Array.from({ length: 50 }, () => accept(queue, ['a@one.example'])));
  isRunning = false;
  assert.ok(turns > 500, `the main thread had only ${turns} turns during at least 5 flushes of 20 ms`);
});

test('when the thread dies every call ends with an error instead of waiting for ever', async (t) => {
  const folder = temporaryFolder(t);
  const store = new ThreadedStore({ folder });
  const log = new CollectingLog();
  const lost: string[] = [];
  const onLost = (error: RelayError): void => {
    lost.push(error.code);
  };
  const queue = await Queue.open(store, { folder, disk: nodeDisk, clock: systemClock, log, onLost });
  const accepting = accept(queue, ['a@one.example']);
  await store.kill();
  await assert.rejects(accepting, hasCode('queue-closed'));
  await assert.rejects(accept(queue, ['b@one.example']), hasCode('queue-closed'));
  assert.deepEqual(await queue.claim(5), []);
  assert.deepEqual(lost, ['queue-closed'], 'told once');
  assert.equal(log.names().filter((name) => name === 'queue.lost').length, 1);
  await queue.close();
});

/** A disk whose named step reports that there is no space. */
function failingDisk(step: 'openNew' | 'write' | 'flush' | 'flushFolder'): Disk {
  const full = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  return {
    ...nodeDisk,
    ...(step === 'flushFolder' && { flushFolder: full }),
    async openNew(path, mode) {
      if (step === 'openNew') return full();
      const file = await nodeDisk.openNew(path, mode);
      return {
        write: (bytes) => (step === 'write' ? full() : file.write(bytes)),
        read: (into, position) => file.read(into, position),
        flush: () => (step === 'flush' ? full() : file.flush()),
        stat: () => file.stat(),
        close: () => file.close(),
      };
    },
  };
}
