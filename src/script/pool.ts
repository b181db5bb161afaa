/**
 * The pool of script threads.
 * Owns: what the ends of a script's thread mean as outcomes.  Leaves: threads (thread-pool), running (worker), services (services).
 * Fails: `run` never rejects for what a script does; it resolves to an outcome. After `close` it rejects.
 */
import type { OutputPiece, ScriptOrder, ScriptOutcome, StreamName } from './job.ts';
import { ScriptServices, type ServicePolicy } from './services.ts';
import { SCRIPT_PROGRAM } from './start-thread.ts';
import { type PoolOptions, ThreadPool, type ThreadProgram } from './thread-pool.ts';

export type RunOptions = {
  readonly services: ServicePolicy;
  /** Called with what the script writes, in order. The promise, when one is given, holds the script back. */
  readonly write: (stream: StreamName, text: string) => void | Promise<void>;
};

const PROGRAM: ThreadProgram<ScriptOrder, ScriptOutcome> = {
  url: SCRIPT_PROGRAM,
  name: 'script',
  timeLimitOf,
  stopped: (_order, limit) => ({ kind: 'stopped', limit, problem: undefined }),
  crashed: (_order, reason) => ({ kind: 'crashed', reason }),
  refused: () => ({ kind: 'refused', reason: 'too many scripts wait to be run' }),
};

export class ScriptPool {
  readonly #threads: ThreadPool<ScriptOrder, ScriptOutcome, OutputPiece>;

  constructor(options: Partial<PoolOptions> = {}) {
    this.#threads = new ThreadPool(PROGRAM, options);
  }

  /** Threads alive now, for tests and figures. */
  get threadCount(): number {
    return this.#threads.threadCount;
  }

  async run(order: ScriptOrder, options: RunOptions): Promise<ScriptOutcome> {
    const { outcome } = await this.#threads.run({
      order,
      services: new ScriptServices(options.services),
      take: ({ stream, text }) => options.write(stream, text),
    });
    return outcome;
  }

  /** Ends the threads; what still runs or waits is stopped. Resolves when all have exited. */
  close(): Promise<void> {
    return this.#threads.close();
  }
}

function timeLimitOf(order: ScriptOrder): number | undefined {
  if (order.kind === 'job') return order.job.limits.timeMs;
  return order.line.timeoutSeconds === 0 ? undefined : order.line.timeoutSeconds * 1000;
}
