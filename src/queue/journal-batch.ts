/**
 * The form of a batch in a journal file: a header, a text, then bodies, filled up to whole blocks of the disk.
 * Owns: the bytes, the checksum, finding the batches of a file again.  Leaves: what the text says (journal-records), files (journal).
 *
 *   0  magic "MRJ1"        16  bytes of the text          32  wall time of the batch, double
 *   4  generation          20  bytes of the bodies        40  the key of the queue, 8 bytes
 *   8  number, from 0      24  queue time, double         48  the text (UTF-8), then the bodies
 *  12  CRC-32 of everything else up to the end of the bodies
 *
 * A file is written over from its beginning once its batches are needed no more. What was there before has a smaller generation, so
 * it is known for what it is. The key is random and never leaves the machine: without it, a message whose body looks like a batch
 * could be taken for one.
 */
import { crc32 } from 'node:zlib';
import type { QueueMoment } from './queue-time.ts';

/** Batches begin at multiples of this: no write changes a block that holds an earlier promise. */
export const BLOCK_BYTES = 4096;

const MAGIC = 0x4d_52_4a_31;
const CHECKSUM_AT = 12;
const KEY_AT = 40;
export const KEY_BYTES = 8;
const HEADER_BYTES = KEY_AT + KEY_BYTES;

export type JournalBatch = {
  readonly generation: number;
  readonly moment: QueueMoment;
  readonly text: string;
  readonly bodies: Buffer;
};

/** Room that `writeBatch` may need: more than it will. */
export function roomForBatch(text: string, bodyBytes: number): number {
  return HEADER_BYTES + text.length * 3 + bodyBytes + BLOCK_BYTES;
}

/** Writes a batch to the beginning of `into`; the bytes it takes, a multiple of BLOCK_BYTES. */
export function writeBatch(
  into: Buffer,
  place: { readonly key: Buffer; readonly generation: number; readonly number: number },
  moment: QueueMoment,
  text: string,
  bodies: readonly Uint8Array[],
): number {
  const textBytes = into.write(text, HEADER_BYTES, 'utf8');
  let end = HEADER_BYTES + textBytes;
  for (const body of bodies) {
    into.set(body, end);
    end += body.length;
  }
  into.writeUInt32BE(MAGIC, 0);
  into.writeUInt32BE(place.generation, 4);
  into.writeUInt32BE(place.number, 8);
  into.writeUInt32BE(textBytes, 16);
  into.writeUInt32BE(end - HEADER_BYTES - textBytes, 20);
  into.writeDoubleBE(moment.queueMs, 24);
  into.writeDoubleBE(moment.wallMs, 32);
  place.key.copy(into, KEY_AT);
  into.writeUInt32BE(checksum(into, end), CHECKSUM_AT);
  const whole = wholeBlocks(end);
  into.fill(0, end, whole);
  return whole;
}

export type JournalReading = {
  /** undefined: the file holds no batch. */
  readonly generation: number | undefined;
  readonly batches: readonly JournalBatch[];
  /** Where something else stands although later batches of the same generation prove that a batch stood there. */
  readonly damagedAt: readonly number[];
  /** It begins with a batch of another queue. */
  readonly isForeign: boolean;
};

/** The batches of the newest generation in a file, in order. What cannot be read between them is told and passed over. */
export function readBatches(file: Buffer, key: Buffer): JournalReading {
  const found: { readonly at: number; readonly number: number; readonly end: number; batch: JournalBatch }[] =
    [];
  for (let at = 0; at + HEADER_BYTES <= file.length; ) {
    const batch = readBatch(file, at, key);
    if (batch === undefined) {
      at += BLOCK_BYTES;
      continue;
    }
    found.push({ at, ...batch });
    at = batch.end;
  }
  const generation = found.reduce<number | undefined>(
    (newest, { batch }) => Math.max(newest ?? 0, batch.generation),
    undefined,
  );
  const own = found.filter(({ batch }) => batch.generation === generation);
  const damagedAt: number[] = [];
  let number = 0;
  let end = 0;
  for (const one of own) {
    if (one.number !== number) damagedAt.push(end);
    number = one.number + 1;
    end = one.end;
  }
  return {
    generation,
    batches: own.map(({ batch }) => batch),
    damagedAt,
    isForeign: found.length === 0 && file.length >= HEADER_BYTES && hasOtherKey(file, key),
  };
}

function hasOtherKey(file: Buffer, key: Buffer): boolean {
  return file.readUInt32BE(0) === MAGIC && key.compare(file, KEY_AT, KEY_AT + KEY_BYTES) !== 0;
}

function readBatch(
  file: Buffer,
  at: number,
  key: Buffer,
): { readonly number: number; readonly end: number; readonly batch: JournalBatch } | undefined {
  if (file.readUInt32BE(at) !== MAGIC || key.compare(file, at + KEY_AT, at + HEADER_BYTES) !== 0)
    return undefined;
  const textBytes = file.readUInt32BE(at + 16);
  const bodyBytes = file.readUInt32BE(at + 20);
  const length = HEADER_BYTES + textBytes + bodyBytes;
  if (at + length > file.length) return undefined;
  const bytes = file.subarray(at, at + length);
  if (checksum(bytes, length) !== bytes.readUInt32BE(CHECKSUM_AT)) return undefined;
  return {
    number: bytes.readUInt32BE(8),
    end: at + wholeBlocks(length),
    batch: {
      generation: bytes.readUInt32BE(4),
      moment: { queueMs: bytes.readDoubleBE(24), wallMs: bytes.readDoubleBE(32) },
      text: bytes.toString('utf8', HEADER_BYTES, HEADER_BYTES + textBytes),
      bodies: bytes.subarray(HEADER_BYTES + textBytes),
    },
  };
}

function checksum(bytes: Buffer, length: number): number {
  return crc32(bytes.subarray(CHECKSUM_AT + 4, length), crc32(bytes.subarray(0, CHECKSUM_AT)));
}

function wholeBlocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
