/**
 * The batcher: all that arrived while the last commit ran goes into the next one, so many messages share one flush.
 * Owns: grouping, order, one batch in the store at a time.  Leaves: what the operations mean (queue), durability (store).
 * Fails: each operation with its own RelayError; when the store is lost, all that wait fail with that error.
 */
import { setImmediate } from 'node:timers';
import { type RelayError, toRelayError } from '../base/index.ts';
import type { QueueTime } from './queue-time.ts';
import type { BatchResult, OpResult, QueueStore, ResultOf, StoreOp } from './store.ts';

/** A batch ends here even when more waits, so that one flush keeps nobody waiting for hundreds of milliseconds. */
const MOST_OPS = 2000;
const MOST_BODY_BYTES = 8 * 1024 * 1024;

type Waiting = {
  readonly op: StoreOp;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: RelayError) => void;
};

export class Batcher {
  readonly #store: QueueStore;
  readonly #time: QueueTime;
  readonly #onBatch: (result: BatchResult, ops: readonly StoreOp[]) => void;
  readonly #onLost: (error: RelayError) => void;
  #waiting: Waiting[] = [];
  #running = false;
  #scheduled = false;
  #onIdle: (() => void)[] = [];

  /**
   * `onBatch` is called after each batch and before its operations are answered; `onLost` when the store answered to none of
   * them, as when its thread died.
   */
  constructor(
    store: QueueStore,
    time: QueueTime,
    onBatch: (result: BatchResult, ops: readonly StoreOp[]) => void,
    onLost: (error: RelayError) => void,
  ) {
    this.#store = store;
    this.#time = time;
    this.#onBatch = onBatch;
    this.#onLost = onLost;
  }

  submit<Op extends StoreOp>(op: Op): Promise<ResultOf<Op>> {
    return new Promise<ResultOf<Op>>((resolve, reject) => {
      this.#waiting.push({ op, resolve: resolve as (value: unknown) => void, reject });
      this.#schedule();
    });
  }

  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void> {
    if (!this.#running && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** What one turn of the event loop brings goes together. */
  #schedule(): void {
    if (this.#running || this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) await this.#runBatch(this.#nextBatch());
    this.#running = false;
    for (const wake of this.#onIdle.splice(0)) wake();
  }

  #nextBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { op } of this.#waiting) {
      if (count === MOST_OPS || bytes >= MOST_BODY_BYTES) break;
      if (op.op === 'accept') bytes += op.body?.length ?? 0;
      count += 1;
    }
    if (count === this.#waiting.length) {
      const all = this.#waiting;
      this.#waiting = [];
      return all;
    }
    return this.#waiting.splice(0, count);
  }

  async #runBatch(batch: readonly Waiting[]): Promise<void> {
    const ops = batch.map(({ op }) => op);
    let result: BatchResult;
    try {
      result = await this.#store.apply(ops, this.#time.moment());
    } catch (failure) {
      const error = toRelayError(failure, 'writing the queue');
      const failed: OpResult = { ok: false, error };
      this.#onLost(error);
      result = { results: ops.map(() => failed), hasDue: false, nextDue: undefined };
    }
    this.#onBatch(result, ops);
    batch.forEach(({ resolve, reject }, index) => {
      const answer = result.results[index]!;
      if (answer.ok) resolve(answer.value);
      else reject(answer.error);
    });
  }
}
