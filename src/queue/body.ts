/**
 * The body of a queued message: small ones in memory, large ones in a file of the Queue folder.
 * Owns: both forms of MessageBody, names of body files.  Leaves: writing them (intake), deleting them (queue).
 * Fails: reading a file throws RelayError; the attempt then ends as `body-unreadable`.
 */
import { join } from 'node:path';
import { type Disk, RelayError, toRelayError } from '../base/index.ts';
import type { MessageBody } from './contract.ts';

const PIECE_BYTES = 64 * 1024;
const BODY_SUFFIX = '.body';

export function bodyPath(folder: string, id: string): string {
  return join(folder, `${id}${BODY_SUFFIX}`);
}

/** The message id in the name of a body file, or undefined for any other file. */
export function idOfBodyFile(name: string): string | undefined {
  return /^([0-9A-Z]{16})\.body$/.exec(name)?.[1];
}

export class SmallBody implements MessageBody {
  readonly small: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.small = bytes;
  }

  get bytes(): number {
    return this.small.length;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.small.length; at += PIECE_BYTES)
      yield this.small.subarray(at, at + PIECE_BYTES);
  }

  async header(maxBytes: number): Promise<Uint8Array> {
    return headerOf(this.small, maxBytes);
  }
}

export class FileBody implements MessageBody {
  readonly small = undefined;
  readonly bytes: number;
  readonly #disk: Disk;
  readonly #path: string;

  constructor(disk: Disk, path: string, bytes: number) {
    this.#disk = disk;
    this.#path = path;
    this.bytes = bytes;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const file = await this.#open();
    try {
      let position = 0;
      while (position < this.bytes) {
        const piece = new Uint8Array(Math.min(PIECE_BYTES, this.bytes - position));
        const count = await file.read(piece, position);
        if (count === 0) throw this.#tooShort(position);
        position += count;
        yield piece.subarray(0, count);
      }
    } catch (failure) {
      throw toRelayError(failure, 'reading a queued message', { file: this.#path });
    } finally {
      await file.close();
    }
  }

  async header(maxBytes: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let total = 0;
    let block: Uint8Array = new Uint8Array();
    for await (const piece of this.chunks()) {
      pieces.push(piece);
      total += piece.length;
      block = pieces.length === 1 ? piece : Buffer.concat(pieces, total);
      if (total >= maxBytes || endOfHeader(block) !== undefined) break;
    }
    return headerOf(block, maxBytes);
  }

  async #open() {
    try {
      return await this.#disk.openRead(this.#path);
    } catch (failure) {
      throw toRelayError(failure, 'opening a queued message', { file: this.#path });
    }
  }

  #tooShort(at: number): RelayError {
    return new RelayError(
      'disk-failed',
      `The body file ${this.#path} ends after ${at} of ${this.bytes} bytes. Restore it from a backup, or delete the message.`,
      { fields: { file: this.#path } },
    );
  }
}

function headerOf(bytes: Uint8Array, maxBytes: number): Uint8Array {
  return bytes.subarray(0, Math.min(endOfHeader(bytes) ?? bytes.length, maxBytes));
}

const EMPTY_LINE = Buffer.from('\r\n\r\n');

/** The offset after the empty line that ends the header. */
function endOfHeader(bytes: Uint8Array): number | undefined {
  // A message may begin with the empty line: no header fields at all.
  if (bytes[0] === 0x0d && bytes[1] === 0x0a) return 2;
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(EMPTY_LINE);
  return at < 0 ? undefined : at + EMPTY_LINE.length;
}
