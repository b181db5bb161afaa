/**
 * A pool of threads that run orders one at a time: scripts, pages.
 * Owns: warm threads, growing and shrinking, the queue, limits enforced from outside, replacing a thread that died or was ended.
 * Leaves: what an order is and what its end means (ThreadProgram), the thread's own loop (thread), services (their owners).
 * Fails: `run` never rejects for what an order does; it resolves to an outcome. After `close` it rejects.
 *
 * A thread is: starting → idle → running → idle …, and ended at last. One function writes the state.
 *   starting → idle      the thread says it is ready
 *   idle → running       it is handed a task
 *   running → idle       the task's end arrives; the thread is fit for more
 *   any → ended          it exits: ended by a limit, retired, or dead; `#refill` starts another
 *
 * How it grows: up to `parallel` threads are started as tasks need them. More come when tasks wait and, for `patienceMs`, at each
 * look fewer than `parallel` threads computed (the others wait for an answer or a slow disk), or no task got a thread for five
 * times that, fifty times while a thread has its first order. A look that finds them computing says that one more would only take
 * turns with them: each needs memory, and seconds of processor time before its code is compiled, so a moment of waiting is no
 * reason for one.
 */
import { type MessagePort, receiveMessageOnPort, type Transferable, type Worker } from 'node:worker_threads';
import { MainSide, type Upward } from './channel.ts';
import { TIMEOUT_OPERATION } from './operations.ts';
import { type StartedThread, startThread } from './start-thread.ts';
import type { FromThread, ToThread } from './thread.ts';

export type PoolOptions = {
  /** Most threads at once. */
  readonly size: number;
  /** Threads kept ready while nothing runs; at most `size`. */
  readonly warm: number;
  /** Threads that are started as soon as tasks need them, and as many as may compute at once; undefined: `size`. */
  readonly parallel: number | undefined;
  /** How long a need for more threads than `parallel` must last before one is started, milliseconds. */
  readonly patienceMs: number;
  /** Idle threads beyond `warm` are ended after this, milliseconds. */
  readonly idleMs: number;
  /** Most tasks that wait for a thread; beyond it they are refused. */
  readonly queueLength: number;
  /** Heap of one thread, megabytes; beyond it the order ends with Out of memory. */
  readonly memoryMb: number;
  /** Part of it for what was made just now, megabytes; undefined: as V8 chooses, up to 48. */
  readonly youngMb: number | undefined;
  /** Runs after which a thread is replaced, so that nothing an order left behind grows for ever. */
  readonly runsPerThread: number;
  /** Folder for compiled code; undefined: none is kept. */
  readonly codeCache: string | undefined;
  /** A thread that was started beforehand with the same needs: the pool's first. */
  readonly started?: StartedThread | undefined;
};

export const DEFAULT_POOL: PoolOptions = {
  size: 4,
  warm: 1,
  parallel: undefined,
  patienceMs: 100,
  idleMs: 60_000,
  queueLength: Number.POSITIVE_INFINITY,
  memoryMb: 256,
  youngMb: undefined,
  runsPerThread: 1000,
  codeCache: undefined,
};

/** What the threads run, and how a run that did not end by itself is told. */
export type ThreadProgram<Order, Outcome> = {
  /** The file each thread runs. */
  readonly url: string;
  /** For texts: `script`. */
  readonly name: string;
  /** Time limit of an order, milliseconds; undefined: none. */
  readonly timeLimitOf: (order: Order) => number | undefined;
  readonly stopped: (order: Order, limit: 'time' | 'memory') => Outcome;
  /** The thread died, or the pool was closed. */
  readonly crashed: (order: Order, reason: string) => Outcome;
  /** The queue is full. */
  readonly refused: (order: Order) => Outcome;
};

/** What threads ask of the main thread on behalf of one order. */
export interface ThreadServices {
  perform(operation: string, request: unknown): Promise<unknown>;
  /** The order has ended. */
  end(): void;
}

export type ThreadTask<Order, Outcome, Piece> = {
  readonly order: Order;
  readonly services: ThreadServices;
  /** What is posted to the thread; absent: the order itself. Called when the thread is chosen. */
  readonly wire?: (thread: number) => { readonly order: unknown; readonly transfer: readonly Transferable[] };
  /** Called with each piece of output, in order. The promise, when one is given, holds the run back. */
  readonly take: (piece: Piece) => void | Promise<void>;
  /** The thread that must run the order as long as it lives. */
  readonly thread?: number | undefined;
  /** Aborted when nobody waits for the outcome any more. The run goes on and may ask. */
  readonly signal?: AbortSignal | undefined;
  readonly settle: (outcome: Outcome, thread: number | undefined) => void;
};

/** Looks at the threads in the time of patience. */
const LOOKS = 10;
/** Times of patience without any progress until threads count as stuck: a machine that is slow for a moment is no reason. */
const STUCK = 5;
/** The same while a thread has its first order, which loads and compiles what all orders need: another thread would do so beside it. */
const STUCK_COLD = 50;
/** A wait for the disk that is shorter is no reason for more threads: the disk has no more to give. */
const LONG_REST_MS = 20;
/** Threads in a row that ended before they were ready. */
const MOST_FAILED_STARTS = 3;
/** How often a script is made to look at its memory, milliseconds: what it can fill in that time finds room beyond its limit. */
const LOOK_MS = 4;
/** How long an order may overstay its time limit before its thread is ended: the engine notices by itself first. */
const GRACE_MS = 1000;

export class ThreadPool<Order, Outcome, Piece> {
  readonly #program: ThreadProgram<Order, Outcome>;
  readonly #options: PoolOptions;
  readonly #threads = new Map<number, Thread<Order, Outcome, Piece>>();
  readonly #queue: Queued<Order, Outcome, Piece>[] = [];
  #looking: NodeJS.Timeout | undefined;
  /** Since when each look found a processor free while tasks waited, by performance.now(); undefined: the last one did not. */
  #freeSince: number | undefined;
  #isClosed = false;
  #started = 0;
  /** When a task last got its thread, by performance.now(). */
  #progressAt = 0;
  #failedStarts = 0;

  constructor(program: ThreadProgram<Order, Outcome>, options: Partial<PoolOptions> = {}) {
    this.#program = program;
    this.#options = { ...DEFAULT_POOL, ...options };
    this.#refill();
  }

  /** Threads alive now, for tests and figures. */
  get threadCount(): number {
    return this.#threads.size;
  }

  /** Tasks that wait for a thread. */
  get queueLength(): number {
    return this.#queue.length;
  }

  isAlive(thread: number): boolean {
    return this.#threads.has(thread);
  }

  run(task: Omit<ThreadTask<Order, Outcome, Piece>, 'settle'>): Promise<{
    readonly outcome: Outcome;
    readonly thread: number | undefined;
  }> {
    if (this.#isClosed) return Promise.reject(new Error(`the ${this.#program.name} pool is closed`));
    return new Promise((resolve) => {
      if (this.#queue.length >= this.#options.queueLength) {
        task.services.end();
        resolve({ outcome: this.#program.refused(task.order), thread: undefined });
        return;
      }
      // The threads themselves do not keep the process alive, so a task waiting for one must.
      const alive = setInterval(() => {}, 60_000);
      const settle = (outcome: Outcome, thread: number | undefined) => {
        clearInterval(alive);
        task.services.end();
        resolve({ outcome, thread });
      };
      this.#place({ ...task, settle });
    });
  }

  /** Ends the threads; what still runs or waits is stopped. Resolves when all have exited. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#calm();
    for (const { task } of this.#queue.splice(0))
      task.settle(this.#program.crashed(task.order, `the ${this.#program.name} pool was closed`), undefined);
    await Promise.all(Array.from(this.#threads.values(), (thread) => thread.close()));
  }

  #place(task: ThreadTask<Order, Outcome, Piece>): void {
    const bound = task.thread === undefined ? undefined : this.#threads.get(task.thread);
    if (bound !== undefined) bound.runSoon(task);
    else this.#queue.push({ task, since: performance.now() });
    this.#dispatch();
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const idle = this.#find('idle');
      if (idle !== undefined) {
        this.#progressAt = performance.now();
        idle.run(this.#queue.shift()!.task);
      } else if (!this.#grow()) break;
    }
    if (this.#queue.length > 0) this.#watch();
    else this.#calm();
  }

  /** Starts a thread when the rules allow one; true when it did. */
  #grow(): boolean {
    const { size, parallel = size, patienceMs } = this.#options;
    let starting = 0;
    let computing = 0;
    let isCold = false;
    for (const thread of this.#threads.values()) {
      isCold ||= thread.isCold;
      if (thread.state === 'starting') starting += 1;
      if (!thread.isWaiting) computing += 1;
    }
    const now = performance.now();
    this.#freeSince = computing < parallel ? (this.#freeSince ?? now) : undefined;
    if (this.#threads.size >= size || starting >= this.#queue.length) return false;
    if (this.#threads.size >= parallel) {
      const isFree = this.#freeSince !== undefined && now - this.#freeSince >= patienceMs;
      const patience = patienceMs * (isCold ? STUCK_COLD : STUCK);
      const isStuck = now - Math.max(this.#queue[0]!.since, this.#progressAt) >= patience;
      if (starting > 0 || !(isFree || isStuck)) return false;
    }
    this.#freeSince = undefined;
    this.#start();
    return true;
  }

  /** While tasks wait and more threads are possible, looks again and again. */
  #watch(): void {
    if (this.#looking !== undefined || this.#threads.size >= this.#options.size) return;
    this.#looking = setTimeout(() => {
      this.#looking = undefined;
      this.#dispatch();
    }, this.#options.patienceMs / LOOKS);
  }

  #calm(): void {
    clearTimeout(this.#looking);
    this.#looking = undefined;
    this.#freeSince = undefined;
  }

  #find(state: ThreadState): Thread<Order, Outcome, Piece> | undefined {
    for (const thread of this.#threads.values()) if (thread.state === state) return thread;
    return undefined;
  }

  #start(): void {
    this.#started += 1;
    const number = this.#started;
    const thread: Thread<Order, Outcome, Piece> = new Thread(
      number,
      this.#program,
      this.#options,
      number === 1 ? this.#options.started : undefined,
      {
        idle: () => this.#dispatch(),
        waits: () => this.#dispatch(),
        isSpare: () => this.#threads.size > this.#options.warm,
        ended: (left, startFailure) => {
          this.#threads.delete(number);
          this.#countStart(startFailure);
          // What was bound to the thread has lost what it was bound for, and is served by any.
          for (const task of left) this.#queue.unshift({ task, since: performance.now() });
          this.#refill();
          this.#dispatch();
        },
      },
    );
    this.#threads.set(number, thread);
  }

  /** Threads that cannot even start would be started for ever; after some in a row what waits is told why. */
  #countStart(failure: string | undefined): void {
    this.#failedStarts = failure === undefined ? 0 : this.#failedStarts + 1;
    if (this.#failedStarts < MOST_FAILED_STARTS) return;
    for (const { task } of this.#queue.splice(0))
      task.settle(this.#program.crashed(task.order, failure!), undefined);
  }

  #refill(): void {
    if (this.#isClosed || this.#failedStarts >= MOST_FAILED_STARTS) return;
    while (this.#threads.size < Math.min(this.#options.warm, this.#options.size)) this.#start();
  }
}

type Queued<Order, Outcome, Piece> = {
  readonly task: ThreadTask<Order, Outcome, Piece>;
  /** By performance.now(). */
  readonly since: number;
};

type ThreadState = 'starting' | 'idle' | 'running' | 'ended';

class Thread<Order, Outcome, Piece> {
  readonly number: number;
  state: ThreadState = 'starting';
  readonly #program: ThreadProgram<Order, Outcome>;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #side: MainSide;
  readonly #options: PoolOptions;
  readonly #on: {
    readonly idle: () => void;
    readonly waits: () => void;
    readonly isSpare: () => boolean;
    readonly ended: (left: ThreadTask<Order, Outcome, Piece>[], startFailure: string | undefined) => void;
  };
  readonly #exited: Promise<void>;
  /** Tasks that only this thread may run. */
  readonly #bound: ThreadTask<Order, Outcome, Piece>[] = [];
  #task: ThreadTask<Order, Outcome, Piece> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Makes the order look at its memory while it runs. */
  #looks: NodeJS.Timeout | undefined;
  readonly #turns: Int32Array;
  /** Why the thread is being ended while a task runs. */
  #verdict: ((order: Order) => Outcome) | undefined;
  /** What the thread died of. */
  #trouble: string | undefined;
  #runs = 0;
  /** Questions of the thread that have no answer yet. */
  #questions = 0;
  /** The wait for the disk that was seen last, and when first. */
  #rest: { readonly number: number | undefined; readonly since: number } = { number: undefined, since: 0 };
  /** The last run left something that only this thread has. */
  #isKeeping = false;
  /** Output that the reader has not taken yet. */
  readonly #writes = new Set<Promise<void>>();
  readonly #desert = () => this.#side.desert(true);

  constructor(
    number: number,
    program: ThreadProgram<Order, Outcome>,
    options: PoolOptions,
    started: StartedThread | undefined,
    on: {
      idle: () => void;
      waits: () => void;
      isSpare: () => boolean;
      ended: (left: ThreadTask<Order, Outcome, Piece>[], startFailure: string | undefined) => void;
    },
  ) {
    this.number = number;
    this.#program = program;
    this.#options = options;
    this.#on = on;
    const { worker, port, cells, turns } = started ?? startThread(program.url, options);
    this.#turns = new Int32Array(turns);
    this.#worker = worker;
    this.#port = port;
    this.#side = new MainSide(port, cells);
    this.#port.on('message', (message: Upward | FromThread<Outcome>) => this.#receive(message));
    this.#worker.on('error', (thrown: Error & { code?: string }) => {
      this.#trouble = thrown.stack ?? thrown.message;
      this.#verdict ??=
        thrown.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? (order) => program.stopped(order, 'memory')
          : (order) => program.crashed(order, thrown.stack ?? thrown.message);
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#ended(code);
        resolve();
      });
    });
    // A pool that nobody closes must not keep the process alive while it only waits.
    this.#unhold();
  }

  /** True while what runs waits for an answer, or for long for the disk, and uses no processor. */
  get isWaiting(): boolean {
    const now = performance.now();
    const { rest } = this.#side;
    if (rest === undefined || rest !== this.#rest.number) this.#rest = { number: rest, since: now };
    return this.#questions > 0 || (rest !== undefined && now - this.#rest.since >= LONG_REST_MS);
  }

  /** True until the thread has run something. */
  get isCold(): boolean {
    return this.state === 'starting' || (this.state === 'running' && this.#runs === 1);
  }

  run(task: ThreadTask<Order, Outcome, Piece>): void {
    clearTimeout(this.#timer);
    this.#task = task;
    this.#become('running');
    this.#looks = setInterval(() => Atomics.store(this.#turns, 0, 0), LOOK_MS).unref();
    this.#worker.ref();
    this.#port.ref();
    this.#runs += 1;
    this.#side.desert(task.signal?.aborted === true);
    task.signal?.addEventListener('abort', this.#desert, { once: true });
    const timeMs = this.#program.timeLimitOf(task.order);
    if (timeMs !== undefined) this.#endIn(timeMs + GRACE_MS);
    const { order, transfer } = task.wire?.(this.number) ?? { order: task.order, transfer: [] };
    this.#worker.postMessage({ kind: 'run', order } satisfies ToThread<unknown>, [...transfer]);
  }

  /** Runs a task as soon as this thread is free. */
  runSoon(task: ThreadTask<Order, Outcome, Piece>): void {
    if (this.state === 'idle') this.run(task);
    else this.#bound.push(task);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.state === 'idle') {
      // Nothing is handed to it from here on; it exits by itself.
      this.#become('ended');
      this.#worker.ref();
      this.#worker.postMessage({ kind: 'close' } satisfies ToThread<Order>);
    } else if (this.state !== 'ended') {
      this.#verdict ??= (order) => this.#program.crashed(order, `the ${this.#program.name} pool was closed`);
      void this.#worker.terminate();
    }
    await this.#exited;
  }

  #receive(message: Upward | FromThread<Outcome>): void {
    switch (message.kind) {
      case 'ready':
        this.#idle();
        return;
      case 'output': {
        const written = this.#task?.take(message.piece as Piece);
        if (written === undefined) {
          this.#side.taken(message.size);
          return;
        }
        const taken = written.finally(() => {
          this.#writes.delete(taken);
          this.#side.taken(message.size);
        });
        this.#writes.add(taken);
        return;
      }
      case 'ask':
        void this.#answer(message.id, message.operation, message.request);
        return;
      case 'ended':
        if (this.#writes.size === 0) this.#finish(message);
        else void Promise.allSettled(this.#writes).then(() => this.#finish(message));
    }
  }

  /** Ends the thread when its order is not done by then. */
  #endIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#verdict = (order) => this.#program.stopped(order, 'time');
        void this.#worker.terminate();
      },
      // A timer's longest time; beyond it Node would fire at once.
      Math.min(milliseconds, 2 ** 31 - 1),
    );
  }

  async #answer(id: number, operation: string, request: unknown): Promise<void> {
    const task = this.#task;
    if (operation === TIMEOUT_OPERATION) {
      this.#endIn(Number(request) * 1000);
      this.#side.answer(id, undefined);
      return;
    }
    this.#questions += 1;
    this.#on.waits();
    try {
      this.#side.answer(id, await task?.services.perform(operation, request));
    } catch (thrown) {
      this.#side.refuse(id, thrown);
    } finally {
      this.#questions -= 1;
    }
  }

  #finish(ended: Extract<FromThread<Outcome>, { kind: 'ended' }>): void {
    clearTimeout(this.#timer);
    if (this.state === 'ended') return;
    const task = this.#release();
    this.#isKeeping = ended.isKeeping;
    const isOld = this.#runs >= this.#options.runsPerThread && !ended.isKeeping;
    // A thread that was being ended when its task came to an end would take the next one with it.
    const isDoomed = this.#verdict !== undefined;
    const isWorn = isDoomed || isOld || ended.heapBytes > (this.#options.memoryMb / 2) * 1024 * 1024;
    if (isWorn) {
      this.#become('ended');
      void this.#worker.terminate();
    }
    task?.settle(ended.outcome, isWorn ? undefined : this.number);
    if (!isWorn) this.#idle();
  }

  #idle(): void {
    this.#become('idle');
    const next = this.#bound.shift();
    if (next !== undefined) {
      this.run(next);
      return;
    }
    this.#unhold();
    this.#on.idle();
    if (this.state === 'idle' && !this.#isKeeping && this.#on.isSpare()) this.#leaveIn(this.#options.idleMs);
  }

  /** A thread beyond the warm ones ends when nothing came for it. */
  #leaveIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.state === 'idle' && this.#on.isSpare()) void this.close();
    }, milliseconds).unref();
  }

  #ended(code: number): void {
    clearTimeout(this.#timer);
    // What the thread had still posted belongs to the task: its output, and an end that came before the verdict was carried out.
    let own: Outcome | undefined;
    for (
      let left = receiveMessageOnPort(this.#port);
      left !== undefined;
      left = receiveMessageOnPort(this.#port)
    ) {
      const message = left.message as Upward | FromThread<Outcome>;
      if (message.kind === 'ended') own = message.outcome;
      if (message.kind !== 'output') continue;
      const written = this.#task?.take(message.piece as Piece);
      if (written !== undefined) this.#writes.add(written);
    }
    this.#port.close();
    const task = this.#release();
    const startFailure =
      this.state === 'starting' ? (this.#trouble ?? `the thread ended with code ${code}`) : undefined;
    this.#become('ended');
    const verdict =
      this.#verdict ?? ((order: Order) => this.#program.crashed(order, `the thread ended with code ${code}`));
    if (task !== undefined)
      void Promise.allSettled(this.#writes).then(() => task.settle(own ?? verdict(task.order), undefined));
    this.#on.ended(this.#bound.splice(0), startFailure);
  }

  /** The task that ran, which runs no more. */
  #release(): ThreadTask<Order, Outcome, Piece> | undefined {
    const task = this.#task;
    clearInterval(this.#looks);
    task?.signal?.removeEventListener('abort', this.#desert);
    this.#task = undefined;
    return task;
  }

  #unhold(): void {
    this.#worker.unref();
    this.#port.unref();
  }

  #become(state: ThreadState): void {
    if (this.state === 'ended' && state !== 'ended') throw new Error('an ended thread cannot be used again');
    this.state = state;
  }
}
