/**
 * Measures the queue: whole lives (accept, claim, settle, history) per second through the store's thread, CPU per message on
 * both threads, flushes counted. `node bench/queue.ts [MESSAGES=100000] [BYTES=5000] [IN_FLIGHT=1000]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { nodeDisk, silentLogger, systemClock } from '../src/base/index.ts';
import { domainName } from '../src/envelope/index.ts';
import { type MessageDraft, openQueue } from '../src/queue/index.ts';

const messages = Number(process.argv[2] ?? 100_000);
const bytes = Number(process.argv[3] ?? 5000);
const inFlight = Number(process.argv[4] ?? 1000);
const folder = mkdtempSync(join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'mailroot-bench-'));
const queue = await openQueue({ folder, disk: nodeDisk, clock: systemClock, log: silentLogger });

const draft: MessageDraft = {
  reversePath: { localPart: 'sender', domain: domainName('example.org')! },
  body: '7bit',
  smtpUtf8: false,
  origin: { kind: 'command' },
  server: 'default',
  subject: 'A subject of usual length',
  headerMessageId: '0123456789@host.example.org',
  hops: 1,
};
const recipient = { forwardPath: { localPart: 'user', domain: domainName('dest.example')! } };
const settlement = {
  state: 'delivered',
  host: 'mx.dest.example',
  reply: { code: 250, status: '2.0.0', lines: ['OK queued as 12345'] },
} as const;

let accepted = 0;
let done = 0;
let finish: () => void = () => {};
const finished = new Promise<void>((resolve) => {
  finish = resolve;
});

function acceptOne(): void {
  accepted += 1;
  const intake = queue.begin(draft);
  intake.addRecipient(recipient);
  intake.write(Buffer.allocUnsafeSlow(bytes).fill(120));
  void intake.commit();
}

let isClaiming = false;
async function deliver(): Promise<void> {
  if (isClaiming) return;
  isClaiming = true;
  for (let claims = await queue.claim(500); claims.length > 0; claims = await queue.claim(500)) {
    for (const claim of claims) {
      const settled = [{ ...settlement, recipientId: claim.recipients[0]!.recipientId }];
      void queue.settle(claim.message.id, settled).then(settledOne);
    }
  }
  isClaiming = false;
}

function settledOne(): void {
  done += 1;
  if (accepted < messages) acceptOne();
  if (done === messages) finish();
}

queue.onReady(() => void deliver());
const cpu = process.cpuUsage();
const loop = performance.eventLoopUtilization();
const start = performance.now();
for (let index = 0; index < Math.min(inFlight, messages); index += 1) acceptOne();
await finished;
const seconds = (performance.now() - start) / 1000;
const used = process.cpuUsage(cpu);
const busy = performance.eventLoopUtilization(loop).active;
console.log(`${messages} messages of ${bytes} bytes, ${inFlight} at a time, in ${folder}`);
console.log(`${Math.round(messages / seconds)} lives/s`);
console.log(
  `CPU ${((used.user + used.system) / messages).toFixed(1)} µs per message (user ${(used.user / messages).toFixed(1)}), ` +
    `of it the main thread ${((busy * 1000) / messages).toFixed(1)} µs`,
);
await queue.close();
rmSync(folder, { recursive: true });
