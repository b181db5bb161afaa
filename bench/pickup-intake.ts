/**
 * Measures Pickup: files per second from the folder into the queue, latency of one file when idle, memory with many waiting.
 * `node bench/pickup.ts [FILES=20000] [BYTES=5000]`. Delivery is imitated: each claim is settled as delivered at once.
 */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance as loop } from 'node:perf_hooks';
import { nodeDisk, silentLogger, systemClock } from '../src/base/index.ts';
import { PickupWatcher } from '../src/intake/index.ts';
import { Badmail, foldersBelow, prepareFolders } from '../src/mailroot/index.ts';
import { openQueue } from '../src/queue/index.ts';

const files = Number(process.argv[2] ?? 20_000);
const bytes = Number(process.argv[3] ?? 5000);
const root = mkdtempSync(join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'mailroot-bench-'));
const folders = foldersBelow(root);
await prepareFolders(nodeDisk, folders);

const message = (index: number): Buffer =>
  Buffer.from(
    `x-sender: sender@example.org\r\nx-receiver: user${index}@dest${index % 50}.example\r\n` +
      `From: Sender <sender@example.org>\r\nTo: user${index}@dest${index % 50}.example\r\nSubject: number ${index}\r\n` +
      `Date: Thu, 1 Jan 2026 12:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n${'An ordinary line of text, as mail has them.\r\n'.repeat(Math.ceil(bytes / 45))}`,
  ).subarray(0, bytes);

const old = Date.now() / 1000 - 10;
const { utimesSync } = await import('node:fs');
for (let index = 0; index < files; index += 1) {
  const path = join(folders.pickup, `m${index}.eml`);
  writeFileSync(path, message(index));
  utimesSync(path, old, old);
}

const queue = await openQueue({
  folder: folders.queue,
  disk: nodeDisk,
  clock: systemClock,
  log: silentLogger,
});
let delivered = 0;
let onDelivered: (() => void) | undefined;
let isClaiming = false;
const deliver = async (): Promise<void> => {
  if (isClaiming) return;
  isClaiming = true;
  for (let claims = await queue.claim(200); claims.length > 0; claims = await queue.claim(200)) {
    for (const claim of claims) {
      void queue
        .settle(
          claim.message.id,
          claim.recipients.map(({ recipientId }) => ({
            recipientId,
            state: 'delivered',
            host: 'mx.example',
            reply: { code: 250, status: '2.0.0', lines: ['ok'] },
          })),
        )
        .then(() => {
          delivered += 1;
          onDelivered?.();
        });
    }
  }
  isClaiming = false;
};
queue.onReady(() => void deliver());

const watcher = new PickupWatcher({
  settings: {
    server: 'default',
    fqdn: 'relay.example',
    defaultDomain: 'relay.example',
    dotStuffed: false,
    addReceived: true,
    folder: folders.pickup,
    settleMs: 1000,
    rescanMs: 10_000,
    maxTries: 3,
    maxMessageBytes: Infinity,
  },
  acceptor: queue,
  badmail: new Badmail({ folder: folders.badmail, disk: nodeDisk, clock: systemClock, log: silentLogger }),
  disk: nodeDisk,
  clock: systemClock,
  log: silentLogger,
});

const reach = (count: number): Promise<void> =>
  new Promise((resolve) => {
    onDelivered = () => {
      if (delivered >= count) resolve();
    };
    onDelivered();
  });

console.log(`${files} files of ${bytes} bytes in ${folders.pickup}`);
const cpu = process.cpuUsage();
const main = loop.eventLoopUtilization();
const start = performance.now();
let largestRss = 0;
const sampling = setInterval(() => {
  largestRss = Math.max(largestRss, process.memoryUsage.rss());
}, 100);
watcher.start();
await reach(files);
const seconds = (performance.now() - start) / 1000;
const used = process.cpuUsage(cpu);
console.log(`drained in ${seconds.toFixed(2)} s: ${Math.round(files / seconds)} files/s`);
console.log(
  `CPU ${((used.user + used.system) / files).toFixed(0)} µs per file (user ${(used.user / files).toFixed(0)}), ` +
    `main thread busy ${(loop.eventLoopUtilization(main).utilization * 100).toFixed(0)} %, ` +
    `largest RSS ${(largestRss / 1024 / 1024).toFixed(0)} MB`,
);

const staging = join(root, 'staging');
mkdirSync(staging);
const waits: number[] = [];
for (let index = 0; index < 100; index += 1) {
  writeFileSync(join(staging, 'x'), message(index));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = performance.now();
  renameSync(join(staging, 'x'), join(folders.pickup, `latency${index}.eml`));
  await reach(files + index + 1);
  waits.push(performance.now() - before);
}
waits.sort((a, b) => a - b);
console.log(
  `rename to settled, idle: median ${waits[50]!.toFixed(1)} ms, 95 % ${waits[95]!.toFixed(1)} ms, longest ${waits[99]!.toFixed(1)} ms`,
);
clearInterval(sampling);
await watcher.stop();
await queue.close();
const left = readdirSync(folders.pickup).filter((name) => !name.startsWith('.'));
console.log(`left in Pickup: ${left.length}, in Badmail: ${readdirSync(folders.badmail).length}`);
rmSync(root, { recursive: true });
