/**
 * The store on its own thread: a flush that takes 20 ms stops the store, not the sessions.
 * Owns: starting the thread, one request at a time, its death.  Leaves: grouping (batcher), SQL (sqlite-store).
 * Fails: as the store on the thread does; when the thread dies every call rejects with RelayError.
 */
import { Worker } from 'node:worker_threads';
import { RelayError, toRelayError } from '../base/index.ts';
import type { QueueMoment } from './queue-time.ts';
import type { SqliteStoreOptions } from './sqlite-store.ts';
import type { BatchResult, OpResult, QueueStore, StoreOp, StoreOpened } from './store.ts';
import { type StoreAnswer, type StoreRequest, unpackError } from './store-messages.ts';
import { packBatch } from './store-wire.ts';

/** Almost all that the thread makes is dead at once, and most mail never reaches it (decision 0106). */
const YOUNG_MB = 6;
const LARGEST_KEPT_BLOCK = 4 * 1024 * 1024;

const ACCEPTED: OpResult = { ok: true, value: { known: false } };
const DONE: OpResult = { ok: true, value: undefined };

export class ThreadedStore implements QueueStore {
  readonly #options: SqliteStoreOptions;
  #worker: Worker | undefined;
  #waiting:
    | { readonly resolve: (answer: StoreAnswer) => void; readonly reject: (error: RelayError) => void }
    | undefined;
  #death: RelayError | undefined;
  /** Travels with each batch and comes back with its answer. */
  #block: ArrayBuffer | undefined;

  constructor(options: SqliteStoreOptions) {
    this.#options = options;
  }

  async open(): Promise<StoreOpened> {
    // The published package holds .js where the sources hold .ts.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./store-thread.${extension}`, import.meta.url), {
      workerData: this.#options,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      name: 'mailroot-queue',
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#worker = worker;
    this.#death = undefined;
    worker.on('message', (answer: StoreAnswer) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting?.resolve(answer);
    });
    worker.on('error', (error) => this.#die(toRelayError(error, 'running the queue thread')));
    worker.on('exit', () => this.#die(new RelayError('queue-closed', 'The queue thread has ended.')));
    try {
      const answer = await this.#ask({ kind: 'open' });
      if (answer.kind !== 'opened') throw unexpected(answer);
      return answer.opened;
    } catch (failure) {
      await worker.terminate();
      throw failure;
    }
  }

  async apply(ops: readonly StoreOp[], moment: QueueMoment): Promise<BatchResult> {
    const batch = packBatch(ops, moment, this.#block);
    this.#block = undefined;
    const answer = await this.#ask({ kind: 'apply', batch }, [batch.bytes.buffer as ArrayBuffer]);
    if (answer.kind !== 'applied') throw unexpected(answer);
    if (answer.block.byteLength <= LARGEST_KEPT_BLOCK) this.#block = answer.block;
    const results = ops.map((op) => (op.op === 'accept' ? ACCEPTED : DONE));
    for (const { index, value, error } of answer.exceptions)
      results[index] = error === undefined ? { ok: true, value } : { ok: false, error: unpackError(error) };
    return { results, due: answer.due };
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#worker = undefined;
    try {
      if (this.#death === undefined) {
        const answer = await this.#ask({ kind: 'close' }, [], worker);
        if (answer.kind !== 'closed') throw unexpected(answer);
      }
    } finally {
      await worker.terminate();
    }
  }

  /** For tests: ends the thread as a crash in it would. */
  async kill(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(
    request: StoreRequest,
    transfer: ArrayBuffer[] = [],
    worker: Worker | undefined = this.#worker,
  ): Promise<StoreAnswer> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    if (worker === undefined) return Promise.reject(new RelayError('queue-closed', 'The queue is closed.'));
    if (this.#waiting !== undefined)
      return Promise.reject(new RelayError('internal', 'The queue thread was asked twice at a time.'));
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      worker.postMessage(request, transfer);
    });
  }

  #die(why: RelayError): void {
    this.#death ??= why;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(this.#death);
  }
}

function unexpected(answer: StoreAnswer): RelayError {
  if (answer.kind === 'failed') return unpackError(answer.error);
  return new RelayError('internal', `The queue thread answered '${answer.kind}'.`);
}
