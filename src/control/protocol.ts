/**
 * The local control interface: the words that commands and the running relay exchange.
 * Owns: framing (one JSON text a line), the request and answer shapes, the address of the socket.
 * Leaves: what a method does (relay), who may connect (the socket file's mode: the service's own user and root).
 * Fails: a line that is too long or no JSON ends the connection; it never reaches a method.
 */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type ControlRequest = { readonly id: number; readonly method: string; readonly params: unknown };

/** Any number of `item`s, then exactly one `result` or `error`. */
export type ControlAnswer =
  | { readonly id: number; readonly item: unknown }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly code: string; readonly text: string } };

/** Longest line: a message sent through the interface travels in base64 pieces far below this. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** Longest path of a Unix socket that every platform takes. */
const MAX_SOCKET_PATH = 100;

/** Where the relay that owns this Queue folder listens. `queueFolder` is absolute. */
export function controlAddress(queueFolder: string): string {
  const fingerprint = createHash('sha256').update(queueFolder).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\mailroot-${fingerprint}`;
  const beside = join(queueFolder, 'control.sock');
  return Buffer.byteLength(beside) <= MAX_SOCKET_PATH
    ? beside
    : join(tmpdir(), `mailroot-${fingerprint}.sock`);
}

/** Cuts a byte stream into lines and parses them. `onLine` gets each value; `onBad` is called once, then nothing more. */
export class JsonLines {
  readonly #onLine: (value: unknown) => void;
  readonly #onBad: (reason: string) => void;
  #pieces: Buffer[] = [];
  #held = 0;
  #isBad = false;

  constructor(onLine: (value: unknown) => void, onBad: (reason: string) => void) {
    this.#onLine = onLine;
    this.#onBad = onBad;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    for (;;) {
      if (this.#isBad) return;
      const end = rest.indexOf(0x0a);
      if (end === -1) break;
      this.#pieces.push(rest.subarray(0, end));
      this.#take(Buffer.concat(this.#pieces));
      this.#pieces = [];
      this.#held = 0;
      rest = rest.subarray(end + 1);
    }
    if (rest.length === 0) return;
    this.#held += rest.length;
    if (this.#held > MAX_LINE_BYTES) this.#fail(`a line is longer than ${MAX_LINE_BYTES} bytes`);
    else this.#pieces.push(rest);
  }

  #take(line: Buffer): void {
    let value: unknown;
    try {
      value = JSON.parse(line.toString('utf8'));
    } catch {
      this.#fail('a line is no JSON');
      return;
    }
    this.#onLine(value);
  }

  #fail(reason: string): void {
    this.#isBad = true;
    this.#pieces = [];
    this.#onBad(reason);
  }
}

export function toLine(value: ControlRequest | ControlAnswer): string {
  return `${JSON.stringify(value)}\n`;
}
