/**
 * Names of files in Drop, as the old service gave them: `NTFS_` + 24 hexadecimal digits + `.EML`.
 * Owns: uniqueness: 100-nanosecond time, low half first, and a counter that starts at random.
 * Sources: doc "Drop and Queue file names" (known from operators; the meaning of the digits is our reading).
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../base/index.ts';

const EPOCH_OF_FILETIME = 116_444_736_000_000_000n;

export class DropNames {
  readonly #clock: Clock;
  #counter = randomBytes(4).readUInt32BE();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): string {
    this.#counter = (this.#counter + 1) >>> 0;
    const fileTime = BigInt(Math.trunc(this.#clock.now())) * 10_000n + EPOCH_OF_FILETIME;
    return `NTFS_${hex(fileTime & 0xffff_ffffn)}${hex(fileTime >> 32n)}${hex(BigInt(this.#counter))}.EML`;
  }
}

function hex(value: bigint): string {
  return value.toString(16).padStart(8, '0');
}
