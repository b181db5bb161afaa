/**
 * The pool of script threads.
 * Owns: warm threads, one job per thread at a time, limits enforced from outside, replacing a thread that died or was ended.
 * Leaves: running (worker, run), services (services).
 * Fails: `run` never rejects for what a script does; it resolves to an outcome. After `close` it rejects.
 *
 * A thread is: starting → idle → running → idle …, and ended at last. One function writes the state.
 *   starting → idle      the thread says it is ready
 *   idle → running       `#dispatch` hands it a job
 *   running → idle       the job's end arrives; the thread is fit for more
 *   any → ended          it exits: ended by a limit, retired, or dead; `#refill` starts another
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { MainSide, type StreamName, sharedCells, type Upward } from './channel.ts';
import type { ScriptOrder, ScriptOutcome } from './job.ts';
import { TIMEOUT_OPERATION } from './operations.ts';
import { ScriptServices, type ServicePolicy } from './services.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './worker.ts';

export type PoolOptions = {
  /** Most threads at once. */
  readonly size: number;
  /** Threads kept ready while nothing runs; at most `size`. */
  readonly warm: number;
  /** Heap of one thread, megabytes; beyond it the script ends with Out of memory. */
  readonly memoryMb: number;
  /** Runs after which a thread is replaced, so that nothing a script left behind grows for ever. */
  readonly runsPerThread: number;
  /** Folder for compiled code; undefined: none is kept. */
  readonly codeCache: string | undefined;
};

export const DEFAULT_POOL: PoolOptions = {
  size: 4,
  warm: 1,
  memoryMb: 256,
  runsPerThread: 1000,
  codeCache: undefined,
};

export type RunOptions = {
  readonly services: ServicePolicy;
  /** Called with what the script writes, in order. The promise, when one is given, holds the script back. */
  readonly write: (stream: StreamName, text: string) => void | Promise<void>;
};

/** The thread's program, as a URL. */
const PROGRAM = new URL(`./worker${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
  .href;

/** How long a script may overstay its time limit before its thread is ended: the engine notices by itself first. */
const GRACE_MS = 1000;
/** JavaScript stack of a thread: deep recursion must reach the engine's own limit first. */
const STACK_MB = 32;

type Task = {
  readonly order: ScriptOrder;
  readonly options: RunOptions;
  readonly services: ScriptServices;
  readonly settle: (outcome: ScriptOutcome) => void;
};

export class ScriptPool {
  readonly #options: PoolOptions;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Task[] = [];
  #isClosed = false;

  constructor(options: Partial<PoolOptions> = {}) {
    this.#options = { ...DEFAULT_POOL, ...options };
    this.#refill();
  }

  /** Threads alive now, for tests and figures. */
  get threadCount(): number {
    return this.#threads.size;
  }

  run(order: ScriptOrder, options: RunOptions): Promise<ScriptOutcome> {
    if (this.#isClosed) return Promise.reject(new Error('the script pool is closed'));
    return new Promise((resolve) => {
      const services = new ScriptServices(options.services);
      // The threads themselves do not keep the process alive, so a job waiting for one must.
      const alive = setInterval(() => {}, 60_000);
      this.#waiting.push({
        order,
        options,
        services,
        settle: (outcome) => {
          clearInterval(alive);
          services.end();
          resolve(outcome);
        },
      });
      this.#dispatch();
    });
  }

  /** Ends the threads; what still runs or waits is stopped. Resolves when all have exited. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const task of this.#waiting.splice(0))
      task.settle({ kind: 'crashed', reason: 'the script pool was closed' });
    await Promise.all(Array.from(this.#threads, (thread) => thread.close()));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const idle = [...this.#threads].find((thread) => thread.state === 'idle');
      if (idle !== undefined) idle.run(this.#waiting.shift()!);
      else {
        const starting = [...this.#threads].filter((thread) => thread.state === 'starting').length;
        if (starting >= this.#waiting.length || this.#threads.size >= this.#options.size) return;
        this.#start();
      }
    }
  }

  #start(): void {
    const thread: Thread = new Thread(this.#options, {
      idle: () => this.#dispatch(),
      ended: () => {
        this.#threads.delete(thread);
        this.#refill();
        this.#dispatch();
      },
    });
    this.#threads.add(thread);
  }

  #refill(): void {
    if (this.#isClosed) return;
    while (this.#threads.size < Math.min(this.#options.warm, this.#options.size)) this.#start();
  }
}

/**
 * What a thread runs first. It is text and not a file, so that code compiled earlier is found before any of our files is read:
 * the sources would be stripped of their types at every start otherwise.
 */
const STARTER = `
const { workerData } = require('node:worker_threads');
if (workerData.codeCache !== undefined) require('node:module').enableCompileCache(workerData.codeCache);
import(workerData.program);
`;

type ThreadState = 'starting' | 'idle' | 'running' | 'ended';

class Thread {
  state: ThreadState = 'starting';
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #side: MainSide;
  readonly #options: PoolOptions;
  readonly #on: { readonly idle: () => void; readonly ended: () => void };
  readonly #exited: Promise<void>;
  #task: Task | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Why the thread is being ended while a job runs. */
  #verdict: ScriptOutcome | undefined;
  #runs = 0;
  /** Output that the reader has not taken yet. */
  readonly #writes = new Set<Promise<void>>();

  constructor(options: PoolOptions, on: { idle: () => void; ended: () => void }) {
    this.#options = options;
    this.#on = on;
    const { port1, port2 } = new MessageChannel();
    const cells = sharedCells();
    this.#port = port1;
    this.#side = new MainSide(port1, cells);
    const setup: WorkerSetup = { port: port2, cells, codeCache: options.codeCache, program: PROGRAM };
    this.#worker = new Worker(STARTER, {
      eval: true,
      workerData: setup,
      transferList: [port2],
      // The thread sees neither this process's environment nor its arguments.
      env: {},
      argv: [],
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMb, stackSizeMb: STACK_MB },
    });
    this.#port.on('message', (message: Upward | FromWorker) => this.#receive(message));
    this.#worker.on('error', (thrown: Error & { code?: string }) => {
      this.#verdict ??=
        thrown.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? { kind: 'stopped', limit: 'memory', problem: undefined }
          : { kind: 'crashed', reason: thrown.stack ?? thrown.message };
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#ended(code);
        resolve();
      });
    });
    // A pool that nobody closes must not keep the process alive while it only waits.
    this.#rest();
  }

  run(task: Task): void {
    this.#task = task;
    this.#become('running');
    this.#worker.ref();
    this.#port.ref();
    this.#runs += 1;
    const timeMs = timeLimitOf(task.order);
    if (timeMs !== undefined) this.#endIn(timeMs + GRACE_MS);
    this.#worker.postMessage({ kind: 'run', order: task.order } satisfies ToWorker);
  }

  async close(): Promise<void> {
    if (this.state === 'idle') {
      this.#worker.ref();
      this.#worker.postMessage({ kind: 'close' } satisfies ToWorker);
    } else if (this.state !== 'ended') {
      this.#verdict ??= { kind: 'crashed', reason: 'the script pool was closed' };
      void this.#worker.terminate();
    }
    await this.#exited;
  }

  #receive(message: Upward | FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#become('idle');
        this.#on.idle();
        return;
      case 'output': {
        const { length } = message.text;
        const written = this.#task?.options.write(message.stream, message.text);
        if (written === undefined) {
          this.#side.taken(length);
          return;
        }
        const taken = written.finally(() => {
          this.#writes.delete(taken);
          this.#side.taken(length);
        });
        this.#writes.add(taken);
        return;
      }
      case 'ask':
        void this.#answer(message.id, message.operation, message.request);
        return;
      case 'ended':
        void this.#finish(message.outcome, message.heapBytes);
    }
  }

  /** Ends the thread when its script is not over by then. */
  #endIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#verdict = { kind: 'stopped', limit: 'time', problem: undefined };
      void this.#worker.terminate();
    }, milliseconds);
  }

  async #answer(id: number, operation: string, request: unknown): Promise<void> {
    const task = this.#task;
    if (operation === TIMEOUT_OPERATION) {
      this.#endIn(Number(request) * 1000);
      this.#side.answer(id, undefined);
      return;
    }
    try {
      this.#side.answer(id, await task?.services.perform(operation, request));
    } catch (thrown) {
      this.#side.refuse(id, thrown);
    }
  }

  async #finish(outcome: ScriptOutcome, heapBytes: number): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.allSettled(this.#writes);
    if (this.state === 'ended') return;
    const task = this.#task;
    this.#task = undefined;
    const isWorn =
      this.#runs >= this.#options.runsPerThread || heapBytes > (this.#options.memoryMb / 2) * 1024 * 1024;
    if (isWorn) {
      this.#become('ended');
      void this.#worker.terminate();
    } else {
      this.#become('idle');
      this.#rest();
    }
    task?.settle(outcome);
    if (!isWorn) this.#on.idle();
  }

  #ended(code: number): void {
    clearTimeout(this.#timer);
    // What the thread had still posted belongs to the job's output.
    for (
      let left = receiveMessageOnPort(this.#port);
      left !== undefined;
      left = receiveMessageOnPort(this.#port)
    ) {
      const message = left.message as Upward | FromWorker;
      if (message.kind !== 'output') continue;
      const written = this.#task?.options.write(message.stream, message.text);
      if (written !== undefined) this.#writes.add(written);
    }
    this.#port.close();
    const task = this.#task;
    this.#task = undefined;
    this.#become('ended');
    const outcome = this.#verdict ?? { kind: 'crashed', reason: `the thread ended with code ${code}` };
    void Promise.allSettled(this.#writes).then(() => task?.settle(outcome));
    this.#on.ended();
  }

  #rest(): void {
    this.#worker.unref();
    this.#port.unref();
  }

  #become(state: ThreadState): void {
    if (this.state === 'ended' && state !== 'ended') throw new Error('an ended thread cannot be used again');
    this.state = state;
  }
}

function timeLimitOf(order: ScriptOrder): number | undefined {
  if (order.kind === 'job') return order.job.limits.timeMs;
  return order.line.timeoutSeconds === 0 ? undefined : order.line.timeoutSeconds * 1000;
}
