/**
 * Feeds the VBScript engine and the script host made-up programs and mutated sources:
 * `node scripts/fuzz-vbscript.ts [COUNT=10000] [SEED=1] [FROM=0]`, `node scripts/fuzz-vbscript.ts show SEED NUMBER`.
 * The programs run one after the other in one thread, each in a session of its own; the thread is replaced when a program
 * hangs in it, kills it, or finds something. Each finding is printed with seed, number and source; the run goes on, and ends with
 * code 1 when there was any. Progress is printed every ten stretches, so that a run that is cut short still says what it did.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Stretch, type StretchResult, type Tally } from './vbscript-fuzz/run.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Programs that are handed to the thread at a time; after each stretch the folders are looked at. */
const STRETCH = 1_000;
/** A program that has used this much CPU time without an end hangs. Wall time would count pauses of the machine. */
const HANG_MS = 20_000;
const MOST_FINDINGS = 50;

/** Runs `count` programs in this thread, for tests. Throws at the first finding. */
export function fuzz(count: number, seed: number): Tally {
  const { tally, finding } = new Stretch(seed, ROOT).run(0, count);
  if (finding !== undefined) throw new Error(finding);
  return tally;
}

class Thread {
  readonly #cells = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;

  constructor(seed: number) {
    this.#worker = new Worker(join(import.meta.dirname, 'vbscript-fuzz/thread.ts'), {
      workerData: { seed, root: ROOT, cells: this.#cells },
      resourceLimits: { stackSizeMb: 32, maxOldGenerationSizeMb: 512 },
    });
  }

  get at(): number {
    return Atomics.load(this.#cells, 0);
  }

  run(from: number, to: number): Promise<StretchResult | { readonly died: string }> {
    return new Promise((resolve) => {
      let watched = -1;
      let cpuAtChange = 0;
      const clock = setInterval(() => {
        const { user, system } = process.cpuUsage();
        const cpu = (user + system) / 1000;
        if (this.at !== watched) {
          watched = this.at;
          cpuAtChange = cpu;
        } else if (cpu - cpuAtChange > HANG_MS)
          end({ died: `hangs after ${Math.round(cpu - cpuAtChange)} ms of CPU time` });
      }, 1_000);
      const failed = (thrown: unknown): void =>
        end({ died: `killed its thread: ${String((thrown as Error).stack ?? thrown)}` });
      const exited = (code: number): void => end({ died: `ended its thread with code ${code}` });
      const end = (result: StretchResult | { readonly died: string }): void => {
        clearInterval(clock);
        this.#worker.off('message', end).off('error', failed).off('exit', exited);
        resolve(result);
      };
      this.#worker.on('message', end).on('error', failed).on('exit', exited);
      this.#worker.postMessage({ from, to });
    });
  }

  async close(): Promise<void> {
    // What a dying thread still has to say was said already.
    this.#worker.on('error', () => {});
    await this.#worker.terminate();
  }
}

async function main(count: number, seed: number, first: number): Promise<number> {
  const startedAt = performance.now();
  const total: Tally = { programs: 0, compiled: 0, completed: 0, hosted: 0 };
  const maker = new Stretch(seed, ROOT);
  let findings = 0;
  let thread = new Thread(seed);
  const report = (): void => {
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage();
    console.log(
      `seed ${seed}: ${total.programs} programs (${total.compiled} compiled, ${total.completed} ran to their end, ${total.hosted} under the host), ` +
        `${findings} findings, ${seconds.toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of CPU time`,
    );
  };
  let stretches = 0;
  for (let from = first; from < first + count && findings < MOST_FINDINGS; ) {
    const to = Math.min(from + STRETCH, first + count);
    const result = await thread.run(from, to);
    if ('died' in result) {
      findings += 1;
      const { at } = thread;
      console.log(`seed ${seed}, program ${at}: ${result.died}\n----\n${maker.program(at).source}\n----`);
      total.programs += Math.max(0, at - from) + 1;
      from = at + 1;
    } else {
      for (const key of ['programs', 'compiled', 'completed', 'hosted'] as const)
        total[key] += result.tally[key];
      from += result.tally.programs;
      if (result.finding !== undefined) {
        findings += 1;
        console.log(result.finding);
        if (from < to) {
          total.programs += 1;
          from += 1;
        }
      }
    }
    if ('died' in result || result.finding !== undefined) {
      await thread.close();
      thread = new Thread(seed);
    }
    stretches += 1;
    if (stretches % 10 === 0) report();
  }
  await thread.close();
  report();
  return findings === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = '10000', seed = '1', from = '0'] = process.argv.slice(2);
  if (count === 'show') console.log(new Stretch(Number(seed), ROOT).program(Number(from)).source);
  else process.exitCode = await main(Number(count), Number(seed), Number(from));
}
