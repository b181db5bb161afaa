/** A Pickup folder with 100,000 files, on a disk made up in memory that counts what is asked of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIdSource, systemClock } from '../../src/base/index.ts';
import type { PickupDisk, PickupFacts } from '../../src/intake/pickup-disk.ts';
import { PickupFolder } from '../../src/intake/pickup-folder.ts';

const MESSAGE = Buffer.from('From: a@b.example\r\nTo: c@d.example\r\n\r\nbody\r\n');
const FILES = 100_000;

test('100,000 files are worked off oldest first, in bounded memory, reading the folder a few times in all', async () => {
  const start = Date.now() - 1_000_000;
  // The order in the folder has nothing to do with the age.
  const ages = new Map<string, number>();
  for (let index = 0; index < FILES; index += 1) ages.set(`f${(index * 7919) % FILES}`, 0);
  for (const name of ages.keys()) ages.set(name, start + Number(name.slice(1)) / 1000);
  let lists = 0;
  let looks = 0;
  const open: string[] = [];
  const facts = (name: string): PickupFacts => {
    const modifiedAtMs = ages.get(name) ?? start;
    return {
      bytes: MESSAGE.length,
      modifiedAtMs,
      changedAtMs: modifiedAtMs,
      isFile: true,
      isFolder: false,
      inode: 1,
    };
  };
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const claimed = new Set<string>();
  const disk: PickupDisk = {
    open: (path) => open.push(nameOf(path)) - 1,
    facts: (handle) => facts(open[handle]!),
    factsOf: (path) => {
      looks += 1;
      return facts(nameOf(path));
    },
    read: (_handle, into) => {
      into.set(MESSAGE);
      return MESSAGE.length;
    },
    close: () => {},
    rename: (from, to) => {
      assert.ok(ages.delete(nameOf(from)));
      claimed.add(nameOf(to));
    },
    link: () => assert.fail('nothing is put back'),
    unlink: (path) => {
      assert.ok(claimed.delete(nameOf(path)));
    },
    makeFolder: () => {},
    *list(path) {
      if (path.endsWith('claimed')) return;
      lists += 1;
      for (const name of [...ages.keys()]) yield { name, isFolder: false };
    },
    watch: () => ({ close: () => {} }),
  };
  let taken = 0;
  let mostWaiting = 0;
  const done = Promise.withResolvers<void>();
  const folder = new PickupFolder(
    {
      server: 'default',
      fqdn: 'relay.example',
      defaultDomain: 'relay.example',
      dotStuffed: false,
      addReceived: true,
      folder: '/pickup',
      settleMs: 1000,
      rescanMs: 3_600_000,
      maxTries: 3,
      maxMessageBytes: Infinity,
    },
    {
      disk,
      clock: systemClock,
      ids: createIdSource(() => Date.now()),
      watchSeesWrites: true,
      port: {
        items(items) {
          for (const item of items) {
            assert.ok(item.kind === 'message' && item.draft.origin.kind === 'pickup');
            assert.equal(item.draft.origin.fileName, `f${taken}`, 'the oldest that is left');
            taken += 1;
          }
          mostWaiting = Math.max(mostWaiting, folder.status().waiting);
          setImmediate(() => {
            folder.answers(items.map(({ claimId }) => ({ claimId, outcome: 'accepted' })));
            if (taken === FILES) done.resolve();
          });
        },
        askClaim: () => assert.fail('there are no leftovers'),
        log: (_level, name) => assert.fail(`nothing to report: ${name}`),
        stopped: () => {},
      },
    },
  );
  folder.start();
  await done.promise;
  folder.stop();
  assert.equal(claimed.size, 0);
  assert.ok(mostWaiting <= 10_000, `${mostWaiting} files were held in memory`);
  assert.ok(lists <= FILES / 10_000 + 2, `the folder was read ${lists} times`);
  assert.ok(looks <= FILES * 6, `${looks} looks at files`);
});
