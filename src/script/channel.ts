/**
 * The line between a script's thread and the main thread: output one way, questions and answers the other.
 * Owns: blocking the script on shared memory until its answer is there, and holding it back when output is not taken.
 * Leaves: what questions mean (services), threads (pool, worker).
 *
 * Shared memory, 32-bit cells: 0 number of the last answered question · 1 characters of output on their way.
 * A question is posted, then the script waits until cell 0 reaches its number and takes the answer from the port. The answer is
 * posted before the cell is raised, so it is always there.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { WaitingRoom } from '../automation/index.ts';

export type StreamName = 'output' | 'error';

/** From the script's thread. */
export type Upward =
  | { readonly kind: 'output'; readonly stream: StreamName; readonly text: string }
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

const CELL = { answered: 0, underWay: 1 } as const;

/** Characters that may be under way before the script waits for the reader. */
const MOST_UNDER_WAY = 1024 * 1024;
/** Output is sent in pieces of this size, so that a single huge text is held back too. */
const PIECE = 256 * 1024;

export function sharedCells(): SharedArrayBuffer {
  return new SharedArrayBuffer(8);
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

  write(stream: StreamName, text: string): void {
    for (let at = 0; at < text.length; at += PIECE) {
      const piece = text.slice(at, at + PIECE);
      for (;;) {
        const underWay = Atomics.load(this.#cells, CELL.underWay);
        if (underWay < MOST_UNDER_WAY) break;
        Atomics.wait(this.#cells, CELL.underWay, underWay);
      }
      Atomics.add(this.#cells, CELL.underWay, piece.length);
      this.#port.postMessage({ kind: 'output', stream, text: piece } satisfies Upward);
    }
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
  taken(characters: number): void {
    Atomics.sub(this.#cells, CELL.underWay, characters);
    Atomics.notify(this.#cells, CELL.underWay);
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
