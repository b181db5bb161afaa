/**
 * The process that is killed: accepts and settles without pause and says on its output what it was promised.
 * `A id` accepted, `T id` an attempt reached the next hop, `S id` the settlement is durable, `R id about` a report came with it.
 */
import { writeSync } from 'node:fs';
import { nodeDisk, silentLogger, systemClock } from '../../src/base/index.ts';
import { Queue } from '../../src/queue/index.ts';
import { JournaledStore } from '../../src/queue/journaled-store.ts';
import { ThreadedStore } from '../../src/queue/threaded-store.ts';
import { crashBody } from './crash.ts';
import { draft, recipient } from './support.ts';

const [folder, journal] = process.argv.slice(2) as [string, string];
const ports = { folder, disk: nodeDisk, log: silentLogger };
const hasty = { fileBytes: 50_000, tidyMs: 3 };
const store = new JournaledStore(new ThreadedStore({ folder }), {
  ...ports,
  ...(journal === 'hasty' && hasty),
});
const queue = await Queue.open(store, {
  ...ports,
  clock: systemClock,
  smallBodyBytes: 20_000,
  window: { messages: 20, bytes: 1_000_000 },
});
// Written at once: what stands in a pipe survives the process.
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

async function acceptForEver(): Promise<never> {
  for (let turn = 0; ; turn += 1) {
    const intake = queue.begin(draft());
    intake.addRecipient(recipient('a@one.example'));
    if (turn % 3 === 0) intake.addRecipient(recipient('b@two.example'));
    const wait = intake.write(crashBody(intake.id, turn % 7 === 0 ? 50_000 : 3000));
    if (wait !== undefined) await wait;
    await intake.commit();
    say(`A ${intake.id}`);
  }
}

async function settleForEver(): Promise<never> {
  for (let turn = 0; ; ) {
    for (const claim of await queue.claim(5)) {
      turn += 1;
      const { id } = claim.message;
      const ids = claim.recipients.map(({ recipientId }) => recipientId);
      if (turn % 4 === 0) {
        await queue.settle(
          id,
          ids.map((recipientId) => ({
            recipientId,
            state: 'deferred',
            lastResult: 'try later',
            schedule: 'remote',
          })),
        );
        say(`P ${id}`);
        continue;
      }
      for (const recipientId of ids) say(`T ${id} ${recipientId}`);
      const about = claim.message.origin.kind === 'report' ? [] : [reportAbout(id)];
      await queue.settle(
        id,
        ids.map((recipientId) => ({ recipientId, state: 'failed', lastResult: 'no', status: '5.1.1' })),
        turn % 5 === 0 ? about : [],
      );
      for (const recipientId of ids) say(`S ${id} ${recipientId}`);
      if (turn % 5 === 0 && about.length > 0) say(`R ${id}`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function reportAbout(id: string) {
  return {
    draft: draft({ origin: { kind: 'report', about: id } }),
    recipients: [recipient('sender@example.org')],
    body: Buffer.from(`report about ${id}\r\n`),
  };
}

say('ready');
await Promise.all([acceptForEver(), acceptForEver(), acceptForEver(), settleForEver()]);
