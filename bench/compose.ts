/**
 * How fast the mail objects compose and write: `node scripts/bench.ts compose` or `node bench/compose.ts [SECONDS]`.
 * Measures whole sends through `Message.send` into a pickup folder on this disk. The flush to the disk is left out
 * (flushbuffersonwrite off): it costs what the disk costs, once per message, and is measured on its own line.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CdoHost, createHost, Message, runSync } from '../src/cdo/index.ts';

const seconds = Number(process.argv[2] ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'mailroot-bench-'));
const pickup = join(folder, 'Pickup');
mkdirSync(pickup);

const text = 'The quick brown fox jumps over the lazy dog, and 5 kB of this make a message.\r\n'
  .repeat(65)
  .slice(0, 5000);
const attachment = Buffer.alloc(1024 * 1024);
for (let at = 0; at < attachment.length; at += 1) attachment[at] = (at * 2654435761) >>> 24;

function hostFor(profile: 'standards' | 'windows-2016', flush: boolean): CdoHost {
  return createHost({
    profile,
    defaults: () => ({
      fields: { sendusing: 1, smtpserverpickupdirectory: pickup, flushbuffersonwrite: flush },
    }),
  });
}

function compose(host: CdoHost): Message {
  return new Message({
    host,
    from: 'Shop <robot@example.com>',
    to: 'ann@example.net, "Bob" <bob@example.net>',
    subject: 'Order 17',
    textBody: text,
  });
}

function sweep(): void {
  for (const name of readdirSync(pickup)) rmSync(join(pickup, name));
}

type Rate = {
  /** Runs per second of wall time: what a machine gives that does nothing else. */
  readonly wall: number;
  /** Runs per second of this process's processor time, the system's share included: one core, however busy the machine. */
  readonly processor: number;
};

/** Runs `act` for the time given, sweeping the folder outside the measured time. */
function measure(act: () => void, batch: number): Rate {
  for (let warm = 0; warm < batch; warm += 1) act();
  sweep();
  let runs = 0;
  let spentMs = 0;
  let processorMs = 0;
  while (spentMs < seconds * 1000) {
    const start = performance.now();
    const before = process.cpuUsage();
    for (let run = 0; run < batch; run += 1) act();
    const { user, system } = process.cpuUsage(before);
    processorMs += (user + system) / 1000;
    spentMs += performance.now() - start;
    runs += batch;
    sweep();
  }
  return { wall: (runs * 1000) / spentMs, processor: (runs * 1000) / processorMs };
}

const show = (rate: Rate, unit: string): string =>
  `${Math.round(rate.processor)} ${unit} per second of processor time, ${Math.round(rate.wall)} per second by the clock`;

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}; one core used`,
);
for (const profile of ['windows-2016', 'standards'] as const) {
  const host = hostFor(profile, false);
  const composed = measure(() => compose(host).toChunks(host, 'send'), 500);
  console.log(`${profile}: 5 kB text composed, nothing written: ${show(composed, 'messages')}`);
  const sends = measure(() => runSync(compose(host).sendSteps(), host.performSync), 500);
  console.log(`${profile}: 5 kB text into pickup, flush excluded: ${show(sends, 'messages')}`);
  const large = measure(() => {
    const message = compose(host);
    const { part } = message.attachments.add();
    part.setContentType('application/octet-stream');
    part.content = { kind: 'bytes', bytes: attachment };
    runSync(message.sendSteps(), host.performSync);
  }, 20);
  console.log(`${profile}: 1 MB attachment into pickup, flush excluded: ${show(large, 'MB')}`);
}
const flushing = hostFor('windows-2016', true);
const durable = measure(() => runSync(compose(flushing).sendSteps(), flushing.performSync), 50);
console.log(
  `windows-2016: 5 kB text into pickup, one flush of file and folder each: ${show(durable, 'messages')}`,
);
rmSync(folder, { recursive: true });
