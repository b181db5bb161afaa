/**
 * The long form of the session fuzzer: `node scripts/fuzz-smtp.ts [STREAMS] [SEED]`, a million streams unless told
 * otherwise. The short form runs with the tests (test/smtp/fuzz.test.ts). A failure prints seed and stream.
 */
import { fuzzSmtp } from '../test/support/smtp-fuzz.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 32);
const STEP = 50_000;

const startedAt = performance.now();
const before = process.memoryUsage().rss;
let accepted = 0;
let bytes = 0;
for (let done = 0; done < count; done += STEP) {
  const report = await fuzzSmtp(seed + done, Math.min(STEP, count - done));
  accepted += report.accepted;
  bytes += report.bytes;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const grown = Math.round((process.memoryUsage().rss - before) / 2 ** 20);
  console.log(
    `${done + report.streams} streams, ${bytes} octets, ${accepted} messages accepted, ${seconds} s, ${grown} MiB grown`,
  );
}
const grown = (process.memoryUsage().rss - before) / 2 ** 20;
if (grown > 400) throw new Error(`memory grew by ${grown.toFixed(0)} MiB`);
console.log(`seed ${seed}: no defect, no hang, no message that was not sent`);
