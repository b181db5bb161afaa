/**
 * The script's thread: loads the engine once, then runs one job after the other.
 * Owns: the thread's message loop.  Leaves: running (run), the line to the main thread (channel).
 */
import * as module from 'node:module';
import { getHeapStatistics } from 'node:v8';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ScriptCache } from '../vbscript/index.ts';
import { ScriptSide } from './channel.ts';
import type { ScriptJob, ScriptOrder, ScriptOutcome } from './job.ts';
import { jobOf } from './prepare.ts';
import { runJob } from './run.ts';
import { SwitchProblem } from './switches.ts';

export type WorkerSetup = {
  readonly port: MessagePort;
  readonly cells: SharedArrayBuffer;
  /** Where compiled code is kept between starts; undefined: nowhere. */
  readonly codeCache: string | undefined;
  /** URL of this file, for the few lines that start the thread. */
  readonly program: string;
};

/** To the thread, over its own port. */
export type ToWorker = { readonly kind: 'run'; readonly order: ScriptOrder } | { readonly kind: 'close' };

/** From the thread, over its own port. Output and questions go over the channel. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ended'; readonly outcome: ScriptOutcome; readonly heapBytes: number };

const setup = workerData as WorkerSetup;
const side = new ScriptSide(setup.port, setup.cells);
const pause = new Int32Array(new SharedArrayBuffer(4));
const ports = {
  waiting: side,
  write: (stream: 'output' | 'error', text: string) => side.write(stream, text),
  cache: new ScriptCache(),
  sleep: (milliseconds: number) => void Atomics.wait(pause, 0, 0, milliseconds),
};

parentPort!.on('message', (message: ToWorker) => {
  if (message.kind === 'close') {
    if (setup.codeCache !== undefined) module.flushCompileCache();
    parentPort!.close();
    setup.port.close();
    return;
  }
  const outcome = carryOut(message.order);
  const { used_heap_size: heapBytes } = getHeapStatistics();
  setup.port.postMessage({ kind: 'ended', outcome, heapBytes } satisfies FromWorker);
});
setup.port.postMessage({ kind: 'ready' } satisfies FromWorker);

function carryOut(order: ScriptOrder): ScriptOutcome {
  let job: ScriptJob;
  try {
    job = order.kind === 'job' ? order.job : jobOf(order.line, order);
  } catch (thrown) {
    if (!(thrown instanceof SwitchProblem)) throw thrown;
    return { kind: 'refused', reason: thrown.message };
  }
  return runJob(job, ports);
}
