/**
 * Pickup from end to end: drain rate, flushes, latency when idle, memory with a full folder.
 * `node bench/pickup.ts [FILES]`; 20,000 files of 5 kB by default. The next hop is Postfix's smtp-sink.
 */
import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RelayProcess } from '../test/support/relay-process.ts';
import { cpuMicroseconds, FlushCounter, residentBytes } from './support/processes.ts';
import { figure, heading, median, percentile } from './support/report.ts';
import { SmtpSink } from './support/smtp-sink.ts';

const FILES = Number(process.argv[2] ?? 20_000);
const WAITING = 100_000;
const BODY = `${'The quick brown fox jumps over the lazy dog. 0123456789 abc\n'.repeat(80)}`;

const message = (number: number): string =>
  `x-sender: app@example.com\nx-receiver: user${number}@example.net\nFrom: app@example.com\nTo: user${number}@example.net\nSubject: message ${number}\n\n${BODY}`;

const sink = await SmtpSink.start();
try {
  heading(`Pickup: ${FILES} files of ${message(1).length} bytes lie there at start; next hop smtp-sink`);
  for (let round = 1; round <= 3; round += 1) await drain(round);
  heading('Pickup: the flush before the claim is forgotten');
  await countFlushes();
  heading('Pickup: one file at a time, renamed into place, until the next hop has it');
  await latency();
  heading(`Pickup: ${WAITING} files waiting, next hop unreachable`);
  await memory();
} finally {
  sink.stop();
}

async function drain(round: number): Promise<void> {
  const mailroot = filledMailroot(FILES);
  const base = sink.messages;
  const startedAt = performance.now();
  const relay = await RelayProcess.start(['--quiet', '--smart-host', `[127.0.0.1]:${sink.port}`], mailroot);
  const runningAt = performance.now();
  await sink.reached(base + FILES);
  const seconds = (performance.now() - runningAt) / 1000;
  figure(`round ${round}: start until the banner`, runningAt - startedAt, 'ms');
  figure(`round ${round}: rate after the banner`, FILES / seconds, 'messages/s');
  figure(`round ${round}: CPU of the relay`, cpuMicroseconds(relay.pid) / FILES, 'µs/message');
  figure(`round ${round}: peak resident memory`, residentBytes(relay.pid).peak / 2 ** 20, 'MiB');
  await relay.dispose();
}

async function countFlushes(): Promise<void> {
  const relay = await RelayProcess.start(['--quiet', '--smart-host', `[127.0.0.1]:${sink.port}`]);
  const counter = await FlushCounter.attach(relay.pid);
  const count = Math.min(FILES, 2000);
  const base = sink.messages;
  for (let number = 0; number < count; number += 1) place(relay.pickup, number);
  await sink.reached(base + count);
  const flushes = await counter.detach();
  figure(`fsync, fdatasync and writes through for ${count} messages`, flushes, 'calls');
  figure('flushes per message (many share one)', flushes / count, '');
  await relay.dispose();
}

async function latency(): Promise<void> {
  const relay = await RelayProcess.start(['--quiet', '--smart-host', `[127.0.0.1]:${sink.port}`]);
  const times: number[] = [];
  for (let number = 0; number < 200; number += 1) {
    const base = sink.messages;
    const from = performance.now();
    place(relay.pickup, number);
    await sink.reached(base + 1);
    times.push(performance.now() - from);
  }
  figure('rename to next hop, median of 200', median(times), 'ms');
  figure('rename to next hop, 99th percentile', percentile(times, 0.99), 'ms');
  await relay.dispose();
}

async function memory(): Promise<void> {
  const mailroot = filledMailroot(WAITING);
  // Port 1 on loopback refuses: everything is taken and stays in the queue.
  const relay = await RelayProcess.start(['--quiet', '--smart-host', '[127.0.0.1]:1'], mailroot);
  let peak = 0;
  const from = performance.now();
  for (let waiting = 0; waiting < WAITING; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    peak = Math.max(peak, residentBytes(relay.pid).now);
    const { stdout } = await relay.command('status', '--json');
    const status = JSON.parse(stdout) as { mailroots: { queue: Record<string, number> }[] };
    waiting = Object.values(status.mailroots[0]!.queue).reduce((sum, value) => sum + value, 0);
    if (performance.now() - from > 300_000) throw new Error(`only ${waiting} of ${WAITING} files were taken`);
  }
  figure(
    `rate of taking ${WAITING} files into the queue`,
    WAITING / ((performance.now() - from) / 1000),
    'files/s',
  );
  figure('resident memory, highest seen', peak / 2 ** 20, 'MiB');
  await relay.dispose();
}

function filledMailroot(count: number): string {
  const mailroot = mkdtempSync(join(tmpdir(), 'mailroot-bench-'));
  const pickup = join(mailroot, 'Pickup');
  mkdirSync(pickup);
  for (let number = 0; number < count; number += 1)
    writeFileSync(join(pickup, `${number}.eml`), message(number));
  return mailroot;
}

/** Writes the file beside Pickup and renames it in, as a careful program does. */
function place(pickup: string, number: number): void {
  const temporary = join(pickup, '..', `${number}.tmp`);
  writeFileSync(temporary, message(number));
  renameSync(temporary, join(pickup, `${number}.eml`));
}
