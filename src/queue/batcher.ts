/**
 * The batcher: all that arrived while the last commit ran goes into the next one, so many messages share one flush.
 * Owns: grouping, order, one batch in the store at a time.  Leaves: what the operations mean (queue), durability (store).
 * Fails: each operation with its own RelayError; when the store is lost, all that wait fail with that error.
 *
 * A commit begins when the event loop has nothing else to do, or after two milliseconds: while other sessions are at work, what they
 * are about to hand in shares it, and a sender who is alone never waits. Nobody waits for the end of a finished message to be written: it goes along with what somebody waits for, or after a moment.
 */
import { setImmediate } from 'node:timers';
import { type RelayError, toRelayError } from '../base/index.ts';
import type { QueueTime } from './queue-time.ts';
import type { BatchResult, OpResult, QueueStore, ResultOf, StoreOp } from './store.ts';

/** A batch ends here even when more waits, so that one flush keeps nobody waiting for hundreds of milliseconds. */
const MOST_OPS = 2000;
const MOST_BODY_BYTES = 8 * 1024 * 1024;
/** Finished messages alone begin a batch when they are this many, or after this time. */
const MOST_PATIENT_OPS = 500;
const PATIENCE_MS = 10;
/** A turn of the event loop that took no longer had nothing to do. */
const IDLE_TURN_MS = 0.05;
const LONGEST_GATHERING_MS = 2;

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
  /** How many of them somebody waits for. */
  #pressing = 0;
  #patience: NodeJS.Timeout | undefined;
  #running = false;
  #gathering = false;
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
      if (!isPatient(op)) this.#pressing += 1;
      this.#schedule();
    });
  }

  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void> {
    if (!this.#running && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle.push(resolve);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#running || this.#gathering || this.#waiting.length + this.#onIdle.length === 0) return;
    if (this.#isPressing) this.#gather();
    else this.#patience ??= setTimeout(() => void this.#run(), PATIENCE_MS);
  }

  #gather(): void {
    this.#gathering = true;
    const begun = performance.now();
    let turn = begun;
    const look = (): void => {
      const now = performance.now();
      if (now - turn > IDLE_TURN_MS && now - begun < LONGEST_GATHERING_MS) {
        turn = now;
        setImmediate(look);
        return;
      }
      this.#gathering = false;
      void this.#run();
    };
    setImmediate(look);
  }

  get #isPressing(): boolean {
    return this.#pressing > 0 || this.#waiting.length >= MOST_PATIENT_OPS || this.#onIdle.length > 0;
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#running = true;
    if (this.#waiting.length > 0) await this.#runBatch(this.#nextBatch());
    this.#running = false;
    if (this.#waiting.length > 0) this.#schedule();
    else for (const wake of this.#onIdle.splice(0)) wake();
  }

  #nextBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { op } of this.#waiting) {
      if (count === MOST_OPS || bytes >= MOST_BODY_BYTES) break;
      if (op.op === 'accept') bytes += op.body?.length ?? 0;
      count += 1;
    }
    const batch = this.#waiting.splice(0, count);
    for (const { op } of batch) if (!isPatient(op)) this.#pressing -= 1;
    return batch;
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
      result = { results: ops.map(() => failed), due: undefined };
    }
    this.#onBatch(result, ops);
    batch.forEach(({ resolve, reject }, index) => {
      const answer = result.results[index]!;
      if (answer.ok) resolve(answer.value);
      else reject(answer.error);
    });
  }
}

/** Nobody waits for it: what it says is known to everyone but the disk. */
function isPatient(op: StoreOp): boolean {
  return op.op === 'complete' && op.reports.length === 0;
}
