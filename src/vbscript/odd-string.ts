/**
 * Strings counted in bytes: BSTRs may hold an odd number of them (ChrB, MidB), which no JavaScript string can.
 * Owns: bytes ↔ string, concatenation across the odd byte.  Leaves: the B functions themselves (`builtins/bytes.ts`).
 */

/** A string whose byte length is odd: whole units, then one byte. */
export class OddString {
  readonly units: string;
  readonly last: number;

  constructor(units: string, last: number) {
    this.units = units;
    this.last = last;
  }
}

const SINGLE_BYTES: readonly OddString[] = Array.from({ length: 256 }, (_, byte) => new OddString('', byte));

/** The text that a byte string holds, little-endian. */
export function fromBytes(bytes: Uint8Array): string | OddString {
  const pairs = bytes.length >> 1;
  if (bytes.length === 1) return SINGLE_BYTES[bytes[0]!]!;
  const chunks: string[] = [];
  for (let start = 0; start < pairs; start += 8192) {
    const end = Math.min(pairs, start + 8192);
    const units = new Uint16Array(end - start);
    for (let at = start; at < end; at += 1) units[at - start] = bytes[2 * at]! | (bytes[2 * at + 1]! << 8);
    chunks.push(String.fromCharCode(...units));
  }
  const text = chunks.join('');
  return (bytes.length & 1) === 0 ? text : new OddString(text, bytes[bytes.length - 1]!);
}

export function toBytes(value: string | OddString): Uint8Array {
  const units = typeof value === 'string' ? value : value.units;
  const bytes = new Uint8Array(2 * units.length + (typeof value === 'string' ? 0 : 1));
  for (let at = 0; at < units.length; at += 1) {
    const unit = units.charCodeAt(at);
    bytes[2 * at] = unit & 0xff;
    bytes[2 * at + 1] = unit >> 8;
  }
  if (typeof value !== 'string') bytes[bytes.length - 1] = value.last;
  return bytes;
}

export function byteLength(value: string | OddString): number {
  return typeof value === 'string' ? 2 * value.length : 2 * value.units.length + 1;
}

/** Byte at `index` of a text, 0-based; `undefined` behind the end. */
export function byteAt(value: string | OddString, index: number): number | undefined {
  const units = typeof value === 'string' ? value : value.units;
  const unit = index >> 1;
  if (unit < units.length)
    return (index & 1) === 0 ? units.charCodeAt(unit) & 0xff : units.charCodeAt(unit) >> 8;
  return typeof value !== 'string' && unit === units.length && (index & 1) === 0 ? value.last : undefined;
}

export function concatBytes(left: string | OddString, right: string | OddString): string | OddString {
  if (typeof left === 'string') {
    return typeof right === 'string' ? left + right : new OddString(left + right.units, right.last);
  }
  const tail = toBytes(right);
  if (tail.length === 0) return left;
  const bytes = new Uint8Array(tail.length + 1);
  bytes[0] = left.last;
  bytes.set(tail, 1);
  const joined = fromBytes(bytes);
  return typeof joined === 'string'
    ? left.units + joined
    : new OddString(left.units + joined.units, joined.last);
}

/** The text as whole units: a trailing odd byte counts as a unit with a zero high byte. */
export function wholeUnits(value: string | OddString): string {
  return typeof value === 'string' ? value : value.units + String.fromCharCode(value.last);
}
