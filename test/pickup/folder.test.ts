/** The Pickup folder at work, with a real folder and queue: what is taken, when, and what happens when a step fails. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Disk, nodeDisk, RelayError, systemClock } from '../../src/base/index.ts';
import { type PickupFolderSettings, PickupWatcher } from '../../src/intake/index.ts';
import { PickupCandidates } from '../../src/intake/pickup-candidates.ts';
import { nodePickupDisk, type PickupDisk } from '../../src/intake/pickup-disk.ts';
import { Badmail } from '../../src/mailroot/index.ts';
import { type Claim, MemoryStore, openMemoryQueue, type Queue } from '../../src/queue/index.ts';
import { bodyText, CollectingLog, delivered, settleAll, temporaryFolder } from '../queue/support.ts';
import { manualClock } from '../support/manual-clock.ts';

const MESSAGE = 'From: ann@x.example\r\nTo: bob@y.example\r\nSubject: s\r\n\r\nbody\r\n';

type Bench = {
  readonly pickup: string;
  readonly badmailFolder: string;
  readonly queueFolder: string;
  readonly log: CollectingLog;
  readonly store: MemoryStore;
  queue: Queue;
  watcher: PickupWatcher;
  /** Puts a file as a careful program does: written elsewhere, renamed into place. */
  put(name: string, text?: string | Buffer): void;
  /** A file that has been lying there for a minute. */
  lie(name: string, text?: string | Buffer, secondsAgo?: number): void;
  /** The next `count` messages that the queue hands out. */
  claims(count: number): Promise<Claim[]>;
  logged(name: string, count?: number): Promise<CollectingLog['events']>;
  restart(): Promise<void>;
};

async function open(
  t: TestContext,
  more: {
    settings?: Partial<PickupFolderSettings>;
    disk?: Partial<PickupDisk>;
    badmailDisk?: Disk;
    readDisk?: Disk;
    room?: Queue['room'];
    thread?: boolean;
    start?: boolean;
  } = {},
): Promise<Bench> {
  const root = temporaryFolder(t);
  const [pickup, badmailFolder, queueFolder] = ['Pickup', 'Badmail', 'Queue'].map((name) =>
    join(root, name),
  ) as [string, string, string];
  for (const folder of [pickup, badmailFolder, queueFolder]) mkdirSync(folder);
  const log = new CollectingLog();
  const store = new MemoryStore();
  const newQueue = () =>
    openMemoryQueue({ folder: queueFolder, disk: nodeDisk, clock: systemClock, log }, store);
  const newWatcher = (queue: Queue) =>
    new PickupWatcher({
      settings: {
        server: 'default',
        fqdn: 'relay.example',
        defaultDomain: 'default.example',
        dotStuffed: false,
        addReceived: false,
        folder: pickup,
        settleMs: 200,
        rescanMs: 300,
        maxTries: 3,
        maxMessageBytes: 10_000_000,
        ...more.settings,
      },
      acceptor: {
        begin: (draft) => queue.begin(draft),
        wasClaimAccepted: (claimId) => queue.wasClaimAccepted(claimId),
        room: more.room ?? ((messages) => queue.room(messages)),
      },
      badmail: new Badmail({
        folder: badmailFolder,
        disk: more.badmailDisk ?? nodeDisk,
        clock: systemClock,
        log,
      }),
      disk: more.readDisk ?? nodeDisk,
      clock: systemClock,
      log,
      restartMs: 50,
      ...(more.thread !== true && {
        local: { disk: { ...nodePickupDisk, ...more.disk }, watchSeesWrites: process.platform === 'linux' },
      }),
    });
  const queue = await newQueue();
  const staging = join(root, 'staging');
  mkdirSync(staging);
  const bench: Bench = {
    pickup,
    badmailFolder,
    queueFolder,
    log,
    store,
    queue,
    watcher: newWatcher(queue),
    put(name, text = MESSAGE) {
      writeFileSync(join(staging, 'x'), text);
      renameSync(join(staging, 'x'), join(pickup, name));
    },
    lie(name, text = MESSAGE, secondsAgo = 60) {
      writeFileSync(join(pickup, name), text);
      const at = Date.now() / 1000 - secondsAgo;
      utimesSync(join(pickup, name), at, at);
    },
    async claims(count) {
      const claims: Claim[] = [];
      await until(async () => {
        claims.push(...(await bench.queue.claim(count - claims.length)));
        return claims.length >= count;
      });
      return claims;
    },
    async logged(name, count = 1) {
      const found = () => log.events.filter((event) => event.name === name);
      await until(async () => found().length >= count);
      return found();
    },
    async restart() {
      await bench.watcher.stop();
      await bench.queue.close();
      bench.queue = await newQueue();
      bench.watcher = newWatcher(bench.queue);
      bench.watcher.start();
    },
  };
  if (more.start !== false) bench.watcher.start();
  t.after(async () => {
    await bench.watcher.stop();
    await bench.queue.close();
  });
  return bench;
}

/** Waits for the condition; a test that waits too long ends by its own time limit. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 2));
}

const namesIn = (folder: string): string[] => readdirSync(folder).filter((name) => !name.startsWith('.'));
const claimedIn = (folder: string): string[] => readdirSync(join(folder, '.mailroot-claimed'));
const fileNameOf = ({ message: { origin } }: Claim): string =>
  origin.kind === 'pickup' ? origin.fileName : '';
const systemError = (code: string): Error => Object.assign(new Error(`${code}: made up`), { code });

test('any name is input; directories, dot files and temporary names are not', async (t) => {
  const bench = await open(t, { start: false });
  mkdirSync(join(bench.pickup, 'folder.eml'));
  for (const name of ['.hidden', '.mailroot-temporary']) bench.lie(name);
  const names = [
    'a.eml',
    'no extension',
    'Brief.txt',
    'x.bad',
    'ü ö.eml',
    '%41.eml',
    '-rf',
    'line\nbreak',
    'é'.repeat(127),
  ];
  for (const name of names) bench.lie(name);
  bench.watcher.start();
  const claims = await bench.claims(names.length);
  assert.deepEqual(claims.map(fileNameOf).sort(), names.toSorted());
  await bench.logged('pickup.accepted', names.length);
  assert.equal(await bodyText(claims[0]!).then((text) => text.startsWith('From: ann@x.example')), true);
  await until(async () => claimedIn(bench.pickup).length === 0);
  assert.deepEqual(readdirSync(bench.pickup).sort(), [
    '.hidden',
    '.mailroot-claimed',
    '.mailroot-temporary',
    'folder.eml',
  ]);
});

test('a name that is not UTF-8 is taken too', {
  skip: process.platform !== 'linux' && 'names are text there',
}, async (t) => {
  const bench = await open(t, { start: false });
  const path = Buffer.concat([Buffer.from(`${bench.pickup}/Gr`), Buffer.from([0xfc]), Buffer.from('n.eml')]);
  writeFileSync(path, MESSAGE);
  utimesSync(path, 1e9, 1e9);
  bench.watcher.start();
  const [claim] = await bench.claims(1);
  assert.equal(fileNameOf(claim!), 'Gr\ufffdn.eml');
  await until(async () => claimedIn(bench.pickup).length === 0);
});

test('while there is no room in memory files wait for it; stopping meanwhile loses none', async (t) => {
  const gate = Promise.withResolvers<void>();
  t.after(() => gate.resolve());
  let asked = 0;
  const bench = await open(t, {
    start: false,
    room(messages) {
      asked += messages;
      return gate.promise;
    },
  });
  for (const name of ['a', 'b', 'c']) bench.lie(name);
  bench.watcher.start();
  await until(async () => asked === 3);
  assert.equal(claimedIn(bench.pickup).length, 3);
  assert.deepEqual(await bench.queue.claim(10), []);
  const stopped = bench.watcher.stop();
  gate.resolve();
  await stopped;
  assert.deepEqual((await bench.claims(3)).map(fileNameOf).sort(), ['a', 'b', 'c']);
  assert.deepEqual(claimedIn(bench.pickup), []);
});

test('files lying at start are taken oldest first', async (t) => {
  const bench = await open(t, { start: false });
  const order = Array.from({ length: 150 }, (_, index) => index);
  for (const index of order.toSorted((a, b) => ((a * 7919) % 150) - ((b * 7919) % 150)))
    bench.lie(`f${index}`, MESSAGE, 1000 - index);
  bench.watcher.start();
  const claims = await bench.claims(150);
  assert.deepEqual(
    claims.map(fileNameOf),
    order.map((index) => `f${index}`),
  );
});

test('a file renamed into place is taken without waiting for it to settle', async (t) => {
  const bench = await open(t, { settings: { settleMs: 3_600_000, rescanMs: 3_600_000 } });
  await until(async () => existsSync(join(bench.pickup, '.mailroot-claimed')));
  await bench.watcher.status();
  bench.put('renamed.eml');
  const [claim] = await bench.claims(1);
  assert.equal(fileNameOf(claim!), 'renamed.eml');
});

test('a file written in place is taken when it has stopped growing, and whole', async (t) => {
  const bench = await open(t, { settings: { settleMs: 150 } });
  await until(async () => existsSync(join(bench.pickup, '.mailroot-claimed')));
  const path = join(bench.pickup, 'growing.eml');
  writeFileSync(path, '');
  const parts = [MESSAGE, ...Array.from({ length: 8 }, (_, index) => `part ${index}\r\n`)];
  for (const part of parts) {
    appendFileSync(path, part);
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.deepEqual(await bench.queue.claim(1), []);
  }
  const [claim] = await bench.claims(1);
  assert.ok((await bodyText(claim!)).endsWith(parts.join('').slice(MESSAGE.indexOf('body'))));
  assert.equal((await bench.logged('pickup.accepted')).length, 1);
});

test('what cannot be claimed is never sent, reported once with reason and cure, and taken when it can be', async (t) => {
  let isLocked = true;
  let tries = 0;
  const bench = await open(t, {
    start: false,
    disk: {
      rename(from, to) {
        if (isLocked && from.endsWith('locked.eml')) {
          tries += 1;
          throw systemError('EACCES');
        }
        nodePickupDisk.rename(from, to);
      },
    },
  });
  bench.lie('locked.eml');
  bench.lie('free.eml');
  bench.watcher.start();
  const [claim] = await bench.claims(1);
  assert.equal(fileNameOf(claim!), 'free.eml');
  await until(async () => tries >= 3);
  assert.deepEqual(await bench.queue.claim(1), []);
  const refusals = bench.log.events.filter(({ name }) => name === 'pickup.refused');
  assert.equal(refusals.length, 1, 'reported once');
  assert.match(
    JSON.stringify(refusals[0]!.fields),
    /locked\.eml.*EACCES.*not sent.*Give the service account/,
  );
  const status = await bench.watcher.status();
  assert.equal(status.refused, 1);
  assert.deepEqual(
    status.stuck.map(({ file }) => file),
    ['locked.eml'],
  );
  assert.match(status.stuck[0]!.reason, /EACCES.*Give the service account the right/);
  isLocked = false;
  const [late] = await bench.claims(1);
  assert.equal(fileNameOf(late!), 'locked.eml');
});

test('what cannot be opened or read now stays, is reported once, and is taken later', async (t) => {
  const broken = new Set(['open', 'read']);
  const bench = await open(t, {
    start: false,
    disk: {
      open(path) {
        if (broken.has('open')) throw systemError('EACCES');
        return nodePickupDisk.open(path);
      },
      read(...args) {
        if (broken.has('read')) throw systemError('EIO');
        return nodePickupDisk.read(...args);
      },
    },
  });
  bench.lie('a.eml');
  bench.watcher.start();
  await bench.logged('pickup.refused');
  assert.deepEqual(namesIn(bench.pickup), ['a.eml']);
  broken.delete('open');
  const [, second] = await bench.logged('pickup.refused', 2);
  assert.match(JSON.stringify(second!.fields), /EIO/);
  await until(async () => namesIn(bench.pickup).length === 1);
  assert.equal(readFileSync(join(bench.pickup, 'a.eml'), 'utf8'), MESSAGE, 'put back under its name');
  broken.clear();
  assert.equal((await bench.claims(1)).length, 1);
  assert.equal(bench.log.events.filter(({ name }) => name === 'pickup.refused').length, 2);
});

test('links, pipes and devices are never sent', async (t) => {
  const bench = await open(t, { start: false });
  const secret = join(bench.queueFolder, 'secret');
  writeFileSync(secret, MESSAGE);
  symlinkSync(secret, join(bench.pickup, 'link.eml'));
  bench.watcher.start();
  const [refusal] = await bench.logged('pickup.refused');
  assert.match(JSON.stringify(refusal!.fields), /not a regular file/);
  assert.ok(existsSync(secret));
  assert.deepEqual(await bench.queue.claim(1), []);
});

test('bad files go to Badmail with their reason, the others on their way', async (t) => {
  const bench = await open(t, { start: false, settings: { maxMessageBytes: 1_000_000 } });
  bench.lie('no-from.eml', 'To: a@b.example\r\n\r\nbody');
  bench.lie('nobody.eml', 'From: a@b.example\r\n\r\nbody');
  bench.lie('huge.eml', Buffer.concat([Buffer.from(MESSAGE), Buffer.alloc(1_000_000, 'x')]));
  bench.lie(
    'nul-at-the-end.eml',
    Buffer.concat([Buffer.from(MESSAGE), Buffer.alloc(400_000, 'x'), Buffer.alloc(1)]),
  );
  bench.lie('empty.eml', '');
  bench.lie('good.eml');
  bench.watcher.start();
  const [claim] = await bench.claims(1);
  assert.equal(fileNameOf(claim!), 'good.eml');
  const written = await bench.logged('badmail.written', 5);
  const reasons = Object.fromEntries(
    written.map(({ fields }) => [fields['file'], `${fields['reasonClass']}: ${fields['reason']}`]),
  );
  assert.match(reasons['no-from.eml']!, /^Bad Pickup File: .*no From/);
  assert.match(reasons['nobody.eml']!, /^No Recipients/);
  assert.match(reasons['huge.eml']!, /1000\d\d\d bytes; the limit is 1000000/);
  assert.match(reasons['nul-at-the-end.eml']!, /NUL/);
  assert.match(reasons['empty.eml']!, /empty/);
  await until(async () => claimedIn(bench.pickup).length === 0);
  assert.deepEqual(namesIn(bench.pickup), []);
  const bad = readdirSync(bench.badmailFolder).filter((name) => name.endsWith('.BAD'));
  assert.equal(bad.length, 5);
});

test('when Badmail cannot be written a bad file stays in Pickup, and goes to Badmail later', async (t) => {
  let isReadOnly = true;
  const bench = await open(t, {
    start: false,
    badmailDisk: {
      ...nodeDisk,
      openNew: (path, mode) =>
        isReadOnly ? Promise.reject(systemError('EROFS')) : nodeDisk.openNew(path, mode),
    },
  });
  bench.lie('bad.eml', 'nothing');
  bench.lie('good.eml');
  bench.watcher.start();
  await bench.claims(1);
  const [broken] = await bench.logged('pickup.badmail-unwritable');
  assert.match(JSON.stringify(broken!.fields), /permission-denied.*Give the service account/);
  await until(async () => namesIn(bench.pickup).length === 1);
  assert.equal(readFileSync(join(bench.pickup, 'bad.eml'), 'utf8'), 'nothing');
  isReadOnly = false;
  await bench.logged('badmail.written');
  assert.deepEqual(namesIn(bench.pickup), []);
});

test('while the queue takes nothing the files wait in Pickup; one event says so; then they are taken', async (t) => {
  const bench = await open(t, { start: false });
  let isFull = true;
  const begin = bench.queue.begin.bind(bench.queue);
  bench.queue.begin = (draft) => {
    const intake = begin(draft);
    const commit = intake.commit.bind(intake);
    intake.commit = () =>
      isFull ? Promise.reject(new RelayError('disk-full', 'There is no space left on the disk.')) : commit();
    return intake;
  };
  for (let index = 0; index < 5; index += 1) bench.lie(`f${index}`);
  bench.watcher.start();
  await bench.logged('pickup.waiting');
  await until(async () => namesIn(bench.pickup).length === 5 && claimedIn(bench.pickup).length === 0);
  isFull = false;
  assert.equal((await bench.claims(5)).length, 5);
  assert.equal(bench.log.events.filter(({ name }) => name === 'pickup.waiting').length, 1);
  await bench.logged('pickup.resumed');
  assert.equal(bench.log.events.filter(({ name }) => name === 'pickup.refused').length, 0);
});

test('a file put back never replaces a new one of the same name', async (t) => {
  let isBroken = true;
  const bench: Bench = await open(t, {
    start: false,
    disk: {
      read(...args) {
        if (!isBroken) return nodePickupDisk.read(...args);
        isBroken = false;
        writeFileSync(join(bench.pickup, 'a.eml'), MESSAGE.replace('body', 'the new one'));
        throw systemError('EIO');
      },
    },
  });
  bench.lie('a.eml');
  bench.watcher.start();
  const claims = await bench.claims(2);
  const texts = await Promise.all(claims.map(bodyText));
  assert.equal(texts.filter((text) => text.includes('the new one')).length, 1);
  assert.equal(texts.filter((text) => text.includes('\r\nbody\r\n')).length, 1);
});

test('an accepted file that cannot be removed is not sent twice, not even after a restart', async (t) => {
  let isStuck = true;
  const bench = await open(t, {
    start: false,
    disk: {
      unlink(path) {
        if (isStuck) throw systemError('EPERM');
        nodePickupDisk.unlink(path);
      },
    },
  });
  bench.lie('a.eml');
  bench.watcher.start();
  const [claim] = await bench.claims(1);
  await bench.logged('pickup.not-removed');
  await settleAll(bench.queue, claim!, delivered);
  await bench.restart();
  await bench.logged('pickup.leftover-removed');
  assert.equal(claimedIn(bench.pickup).length, 1);
  isStuck = false;
  await until(async () => claimedIn(bench.pickup).length === 0);
  assert.deepEqual(await bench.queue.claim(1), []);
});

test('claims that a dead process left are finished: accepted ones only removed, others sent once', async (t) => {
  const bench = await open(t, { start: false });
  bench.lie('first.eml');
  bench.watcher.start();
  const [claim] = await bench.claims(1);
  await bench.logged('pickup.accepted');
  await bench.watcher.stop();
  const folder = join(bench.pickup, '.mailroot-claimed');
  // The process died after the commit and before the removal …
  writeFileSync(join(folder, `${claim!.message.id}.1.first.eml`), MESSAGE);
  // … and before the commit of another file.
  writeFileSync(join(folder, '01234567ABCDEFGH.1.second%20file.eml'), MESSAGE);
  writeFileSync(join(folder, 'not ours'), MESSAGE);
  await settleAll(bench.queue, claim!, delivered);
  await bench.restart();
  const [second] = await bench.claims(1);
  assert.equal(fileNameOf(second!), 'second file.eml');
  assert.equal(second!.message.id, '01234567ABCDEFGH');
  await bench.logged('pickup.leftover-removed');
  await until(async () => claimedIn(bench.pickup).length === 1);
  assert.deepEqual(await bench.queue.claim(5), []);
});

test('a file that was being handled maxTries times when the process died goes to Badmail unread', async (t) => {
  const bench = await open(t, { start: false });
  const folder = join(bench.pickup, '.mailroot-claimed');
  mkdirSync(folder);
  writeFileSync(join(folder, '01234567ABCDEFG0.3.poison.eml'), MESSAGE);
  writeFileSync(join(folder, '01234567ABCDEFG1.2.innocent.eml'), MESSAGE);
  bench.watcher.start();
  const [claim] = await bench.claims(1);
  assert.equal(fileNameOf(claim!), 'innocent.eml');
  const [written] = await bench.logged('badmail.written');
  assert.match(JSON.stringify(written!.fields), /poison\.eml|ended 3 times/);
  assert.equal(readFileSync(join(bench.badmailFolder, '01234567ABCDEFG0.BAD'), 'utf8'), MESSAGE);
});

test('the try of a leftover is counted before it is read', async (t) => {
  const bench = await open(t, {
    start: false,
    disk: {
      read(handle, into, offset, length, position) {
        if (claimedIn(bench.pickup).includes('01234567ABCDEFG0.2.a.eml')) seen = true;
        return nodePickupDisk.read(handle, into, offset, length, position);
      },
    },
  });
  let seen = false;
  mkdirSync(join(bench.pickup, '.mailroot-claimed'));
  writeFileSync(join(bench.pickup, '.mailroot-claimed', '01234567ABCDEFG0.1.a.eml'), MESSAGE);
  bench.watcher.start();
  await bench.claims(1);
  assert.ok(seen);
});

test('a large file is streamed through: cleaned line ends, all bytes, a body file in Queue', async (t) => {
  const bench = await open(t, { start: false });
  const line = `${'x'.repeat(70)}\n`;
  bench.lie('large.eml', MESSAGE.replaceAll('\r\n', '\n') + line.repeat(20_000));
  bench.watcher.start();
  const [claim] = await bench.claims(1);
  assert.equal(claim!.body.small, undefined);
  const text = await bodyText(claim!);
  assert.ok(text.endsWith(`\r\nbody\r\n${line.replace('\n', '\r\n').repeat(20_000)}`));
  assert.equal(text.length, claim!.body.bytes);
  assert.equal(existsSync(join(bench.queueFolder, `${claim!.message.id}.body`)), true);
});

test('a Pickup folder that vanishes is created again and watched again', async (t) => {
  const bench = await open(t, { settings: { settleMs: 50 } });
  bench.put('one.eml');
  await bench.claims(1);
  await until(async () => claimedIn(bench.pickup).length === 0);
  renameSync(bench.pickup, `${bench.pickup}.away`);
  await bench.logged('pickup.folder-found');
  bench.put('two.eml');
  const [claim] = await bench.claims(1);
  assert.equal(fileNameOf(claim!), 'two.eml');
});

test('without a working watch the folder is read instead, and the reason is told', async (t) => {
  const bench = await open(t, {
    disk: {
      watch() {
        throw systemError('ENOSPC');
      },
    },
  });
  bench.put('a.eml');
  await bench.claims(1);
  const [event] = await bench.logged('pickup.watch-failed');
  assert.match(JSON.stringify(event!.fields), /inotify/);
});

test('on its own thread: renamed files, in-place files and bad files; stop answers for every claim', async (t) => {
  const bench = await open(t, { thread: true });
  for (let index = 0; index < 300; index += 1) bench.put(`f${index}`);
  writeFileSync(join(bench.pickup, 'in-place.eml'), MESSAGE);
  bench.put('bad.eml', 'nothing');
  const claims = await bench.claims(301);
  assert.equal(new Set(claims.map(fileNameOf)).size, 301);
  await bench.logged('badmail.written');
  const status = await bench.watcher.status();
  assert.equal(status.refused, 0);
  for (let index = 0; index < 100; index += 1) bench.put(`late${index}`);
  await bench.watcher.stop();
  const rest = namesIn(bench.pickup).length;
  assert.equal(claimedIn(bench.pickup).length, 0);
  const late = await bench.claims(100 - rest);
  assert.equal(late.length + rest, 100, 'each is in the queue or still in Pickup');
});

test('when its thread dies, what it had claimed is finished by the next one, once', async (t) => {
  const bench = await open(t, { thread: true, start: false });
  for (let index = 0; index < 400; index += 1) bench.lie(`f${index}`);
  const begin = bench.queue.begin.bind(bench.queue);
  let begun = 0;
  bench.queue.begin = (draft) => {
    begun += 1;
    if (begun === 100) bench.watcher.crashThread();
    return begin(draft);
  };
  bench.watcher.start();
  await bench.logged('pickup.thread-died');
  const claims = await bench.claims(400);
  assert.equal(new Set(claims.map(fileNameOf)).size, 400);
  await until(async () => namesIn(bench.pickup).length + claimedIn(bench.pickup).length === 0);
  assert.deepEqual(await bench.queue.claim(10), []);
});

test('a large file that cannot be read to its end goes back and is tried again, and nothing of it is queued', async (t) => {
  let isBroken = true;
  const bench = await open(t, {
    start: false,
    readDisk: {
      ...nodeDisk,
      async openRead(path) {
        const file = await nodeDisk.openRead(path);
        const read: typeof file.read = (into, position) =>
          isBroken && position > 500_000 ? Promise.reject(systemError('EIO')) : file.read(into, position);
        return {
          read,
          write: (bytes) => file.write(bytes),
          flush: () => file.flush(),
          stat: () => file.stat(),
          close: () => file.close(),
        };
      },
    },
  });
  bench.lie('large.eml', MESSAGE + 'x'.repeat(1_000_000));
  bench.watcher.start();
  await bench.logged('pickup.waiting');
  await until(async () => namesIn(bench.pickup).length === 1);
  assert.deepEqual(readdirSync(bench.queueFolder), []);
  isBroken = false;
  const [claim] = await bench.claims(1);
  assert.ok(claim!.message.bytes > 1_000_000);
});

test('several Pickup folders feed one queue, each under the name of its server', async (t) => {
  const one = await open(t);
  const other = join(one.pickup, '..', 'Second');
  mkdirSync(other);
  writeFileSync(join(other, 'b.eml'), MESSAGE);
  utimesSync(join(other, 'b.eml'), 1e9, 1e9);
  const second = new PickupWatcher({
    settings: {
      server: 'second',
      fqdn: 'second.example',
      defaultDomain: 'second.example',
      dotStuffed: false,
      addReceived: true,
      folder: other,
      settleMs: 100,
      rescanMs: 300,
      maxTries: 3,
      maxMessageBytes: Infinity,
    },
    acceptor: one.queue,
    badmail: new Badmail({ folder: one.badmailFolder, disk: nodeDisk, clock: systemClock, log: one.log }),
    disk: nodeDisk,
    clock: systemClock,
    log: one.log,
  });
  second.start();
  one.put('a.eml');
  const claims = await one.claims(2);
  assert.deepEqual(claims.map(({ message }) => message.server).sort(), ['default', 'second']);
  await second.stop();
});

test('stopped before it began, or while its thread is dead, it takes nothing any more', async (t) => {
  const bench = await open(t, { start: false });
  bench.lie('a.eml');
  bench.watcher.start();
  await bench.watcher.stop();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(namesIn(bench.pickup), ['a.eml']);
  const threaded = await open(t, { thread: true });
  const asked = threaded.watcher.status();
  threaded.watcher.crashThread();
  await threaded.logged('pickup.thread-died');
  assert.equal((await asked).inFlight, 0, 'a thread that died leaves nobody waiting for its status');
  await threaded.watcher.stop();
  threaded.put('b.eml');
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual(namesIn(threaded.pickup), ['b.eml']);
});

test('a file that somebody writes for more than a minute is told of', (t) => {
  const folder = temporaryFolder(t);
  const clock = manualClock(Date.now());
  const candidates = new PickupCandidates(
    { folder, settleMs: 1000, rescanMs: 10_000 },
    { disk: nodePickupDisk, clock, watchSeesWrites: false, log: () => {}, wake: () => {} },
  );
  const path = join(folder, 'growing.eml');
  const grow = (seconds: number): void => {
    for (let second = 0; second < seconds; second += 1) {
      appendFileSync(path, 'more\r\n');
      const at = clock.now() / 1000;
      utimesSync(path, at, at);
      clock.advance(500);
    }
  };
  grow(1);
  candidates.start();
  grow(100);
  assert.deepEqual(candidates.counts().stuck, []);
  grow(40);
  assert.equal(candidates.next(), undefined);
  assert.match(JSON.stringify(candidates.counts().stuck), /growing\.eml.*changing for \d\d seconds/);
  clock.advance(5000);
  assert.notEqual(candidates.next(), undefined, 'taken when it has stopped');
  candidates.stop();
});

for (const watchSeesWrites of [true, false])
  test(`a file that is created first and written later waits like others from its first byte on (writes are ${watchSeesWrites ? 'seen' : 'not seen'})`, (t) => {
    const folder = temporaryFolder(t);
    const clock = manualClock(Date.now());
    let tell: Parameters<PickupDisk['watch']>[1] = () => {};
    const disk: PickupDisk = {
      ...nodePickupDisk,
      watch(_folder, on) {
        tell = on;
        return { close: () => {} };
      },
    };
    const candidates = new PickupCandidates(
      { folder, settleMs: 1000, rescanMs: 3_600_000 },
      { disk, clock, watchSeesWrites, log: () => {}, wake: () => {} },
    );
    const path = join(folder, 'late.eml');
    writeFileSync(path, '');
    utimesSync(path, clock.now() / 1000, clock.now() / 1000);
    candidates.start();
    clock.advance(1500);
    appendFileSync(path, MESSAGE);
    if (watchSeesWrites) tell('changed', 'late.eml');
    clock.advance(900);
    assert.equal(candidates.next(), undefined, 'not before it rests');
    clock.advance(1100);
    assert.equal(candidates.next()?.name, 'late.eml', 'and not only after ten times that');
    rmSync(path);
    const empty = join(folder, 'empty.eml');
    writeFileSync(empty, '');
    utimesSync(empty, clock.now() / 1000, clock.now() / 1000);
    candidates.scan();
    clock.advance(9500);
    assert.equal(candidates.next(), undefined, 'one that stays empty waits longer');
    clock.advance(600);
    assert.equal(candidates.next()?.name, 'empty.eml');
    candidates.stop();
  });
