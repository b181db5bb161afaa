/**
 * The line between a script's thread and the main thread: output one way, questions and answers the other.
 * Owns: blocking the script on shared memory until its answer is there, and holding it back when output is not taken.
 * Leaves: what questions mean (services), threads (thread-pool, thread).
 *
 * Shared memory, 32-bit cells: 0 number of the last answered question · 1 size of the output on its way · 2 not zero: nobody
 * waits for the outcome any more (a browser that went away) · 3 beginnings and ends of waits for the disk:
 * odd while the script waits.
 * A question is posted, then the script waits until cell 0 reaches its number and takes the answer from the port. The answer is
 * posted before the cell is raised, so it is always there.
 */
import { type MessagePort, receiveMessageOnPort, type Transferable } from 'node:worker_threads';
import type { WaitingRoom } from '../automation/index.ts';

/** From the script's thread. `size` is what the piece counts for in the way of output under way. */
export type Upward =
  | { readonly kind: 'output'; readonly piece: unknown; readonly size: number }
  | { readonly kind: 'ask'; readonly id: number; readonly operation: string; readonly request: unknown };

/** To the script's thread. */
export type Answer =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: PlainError };

/** An error as data: what structured clone would lose is kept. */
export type PlainError = {
  readonly name: string;
  readonly message: string;
  readonly fields: Record<string, unknown>;
};

const CELL = { answered: 0, underWay: 1, deserted: 2, resting: 3 } as const;

/** Output (characters or bytes) that may be under way before the script waits for the reader. */
const MOST_UNDER_WAY = 1024 * 1024;
/** Size of the pieces that output is best sent in, so that a single huge text is held back too. */
export const PIECE_SIZE = 256 * 1024;

export function sharedCells(): SharedArrayBuffer {
  return new SharedArrayBuffer(16);
}

/** The script's end. */
export class ScriptSide implements WaitingRoom {
  readonly #port: MessagePort;
  readonly #cells: Int32Array;
  #asked = 0;

  constructor(port: MessagePort, cells: SharedArrayBuffer) {
    this.#port = port;
    this.#cells = new Int32Array(cells);
    this.#asked = Atomics.load(this.#cells, CELL.answered);
  }

  waitFor(operation: string, request: unknown): unknown {
    this.#asked += 1;
    const id = this.#asked;
    this.#port.postMessage({ kind: 'ask', id, operation, request } satisfies Upward);
    for (;;) {
      const answered = Atomics.load(this.#cells, CELL.answered);
      if (answered >= id) break;
      Atomics.wait(this.#cells, CELL.answered, answered);
    }
    for (;;) {
      const received = receiveMessageOnPort(this.#port) as { message: Answer } | undefined;
      if (received === undefined) throw new Error(`the answer to '${operation}' is missing`);
      const { message } = received;
      if (message.id !== id) continue;
      if (message.kind === 'answer') return message.value;
      throw revive(message.error);
    }
  }

  /** Hands a piece of output on; waits while too much of it has not been taken. */
  send(piece: unknown, size: number, transfer: readonly Transferable[] = []): void {
    for (;;) {
      const underWay = Atomics.load(this.#cells, CELL.underWay);
      if (underWay < MOST_UNDER_WAY) break;
      Atomics.wait(this.#cells, CELL.underWay, underWay);
    }
    Atomics.add(this.#cells, CELL.underWay, size);
    this.#port.postMessage({ kind: 'output', piece, size } satisfies Upward, [...transfer]);
  }

  /**
   * Does what blocks this thread and uses no processor: a flush to the disk. The pool sees it, and may let another script run
   * meanwhile. It costs nothing, where a question to the main thread costs a millisecond of processor time on a busy machine.
   */
  rest<Value>(work: () => Value): Value {
    Atomics.add(this.#cells, CELL.resting, 1);
    try {
      return work();
    } finally {
      Atomics.add(this.#cells, CELL.resting, 1);
    }
  }

  /** True when nobody waits for what this run gives. */
  get isDeserted(): boolean {
    return Atomics.load(this.#cells, CELL.deserted) !== 0;
  }
}

/** The main thread's end. */
export class MainSide {
  readonly #port: MessagePort;
  readonly #cells: Int32Array;

  constructor(port: MessagePort, cells: SharedArrayBuffer) {
    this.#port = port;
    this.#cells = new Int32Array(cells);
  }

  answer(id: number, value: unknown): void {
    this.#send(id, { kind: 'answer', id, value });
  }

  refuse(id: number, thrown: unknown): void {
    this.#send(id, { kind: 'refusal', id, error: flatten(thrown) });
  }

  /** Says that output was handed on. */
  taken(size: number): void {
    Atomics.sub(this.#cells, CELL.underWay, size);
    Atomics.notify(this.#cells, CELL.underWay);
  }

  /** A number for the script's wait for the disk, another for each; undefined: it does not wait. */
  get rest(): number | undefined {
    const count = Atomics.load(this.#cells, CELL.resting);
    return count % 2 === 0 ? undefined : count;
  }

  /** Says whether anybody still waits for the outcome of what runs. */
  desert(isDeserted: boolean): void {
    Atomics.store(this.#cells, CELL.deserted, isDeserted ? 1 : 0);
  }

  #send(id: number, message: Answer): void {
    try {
      this.#port.postMessage(message);
    } catch (thrown) {
      // The value cannot be cloned: the script must hear of it, or it would wait for ever.
      this.#port.postMessage({ kind: 'refusal', id, error: flatten(thrown) } satisfies Answer);
    }
    Atomics.store(this.#cells, CELL.answered, id);
    Atomics.notify(this.#cells, CELL.answered);
  }
}

function flatten(thrown: unknown): PlainError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown), fields: {} };
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(thrown))
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      fields[key] = value;
  return { name: thrown.name, message: thrown.message, fields };
}

function revive(plain: PlainError): Error {
  const error = new Error(plain.message);
  Object.defineProperty(error, 'name', { value: plain.name, configurable: true });
  for (const [key, value] of Object.entries(plain.fields))
    Object.defineProperty(error, key, { value, enumerable: true, configurable: true, writable: true });
  return error;
}
