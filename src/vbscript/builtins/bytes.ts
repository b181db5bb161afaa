/**
 * Text functions that count in bytes: for posted forms and other binary data held in strings.
 * A Byte array stands for the string of its bytes.
 */
import { plain, toInt32, toText } from '../convert.ts';
import { runtimeError } from '../errors.ts';
import { byteAt, byteLength, fromBytes, type OddString, toBytes } from '../odd-string.ts';
import type { Runtime } from '../runtime.ts';
import { fromByte, fromLong, MISSING, type VbValue } from '../values.ts';
import { compareMode, folded } from './arguments.ts';
import type { Builtin } from './index.ts';

/** The text or the bytes behind a value; Null stays. */
function text(value: VbValue, rt: Runtime): string | OddString | Uint8Array | null {
  const it = plain(value, rt);
  if (it === null || it instanceof Uint8Array) return it;
  return toText(it, rt);
}

function sizeOf(value: string | OddString | Uint8Array): number {
  return value instanceof Uint8Array ? value.length : byteLength(value);
}

function slice(value: string | OddString | Uint8Array, start: number, end: number): string | OddString {
  const last = Math.min(end, sizeOf(value));
  if (start >= last) return '';
  if (typeof value === 'string' && (start & 1) === 0 && (last & 1) === 0)
    return value.slice(start / 2, last / 2);
  if (last - start <= 64) {
    const bytes = new Uint8Array(last - start);
    for (let at = start; at < last; at += 1) {
      bytes[at - start] = value instanceof Uint8Array ? value[at]! : byteAt(value, at)!;
    }
    return fromBytes(bytes);
  }
  return fromBytes((value instanceof Uint8Array ? value : toBytes(value)).subarray(start, last));
}

function count(value: VbValue, rt: Runtime): number {
  const length = toInt32(value, rt);
  if (length < 0) throw runtimeError(5);
  return length;
}

function midB(rt: Runtime, value: VbValue, start: VbValue, length: VbValue): VbValue {
  const it = text(value, rt);
  const from = toInt32(start, rt);
  if (from < 1) throw runtimeError(5);
  const n = length === MISSING ? Number.POSITIVE_INFINITY : count(length, rt);
  return it === null ? null : slice(it, from - 1, from - 1 + n);
}

function inStrB(rt: Runtime, a: VbValue, b: VbValue, c: VbValue, mode: VbValue): VbValue {
  const [start, where, what]: [number, VbValue, VbValue] = c === MISSING ? [1, a, b] : [toInt32(a, rt), b, c];
  const how = compareMode(mode, rt);
  if (start < 1) throw runtimeError(5);
  const haystack = text(where, rt);
  const needle = text(what, rt);
  if (haystack === null || needle === null) return null;
  if (how === 'text' && typeof haystack === 'string' && typeof needle === 'string') {
    return fromLong(search(toBytes(folded(haystack)), toBytes(folded(needle)), start - 1) + 1);
  }
  const within = haystack instanceof Uint8Array ? haystack : toBytes(haystack);
  const sought = needle instanceof Uint8Array ? needle : toBytes(needle);
  rt.burn(within.length >> 8);
  return fromLong(search(within, sought, start - 1) + 1);
}

function search(within: Uint8Array, sought: Uint8Array, from: number): number {
  if (within.length === 0 || from >= within.length) return -1;
  if (sought.length === 0) return from;
  return Buffer.from(within.buffer, within.byteOffset, within.length).indexOf(sought, from);
}

export const BYTE_FUNCTIONS: readonly Builtin[] = [
  {
    name: 'LenB',
    min: 1,
    max: 1,
    run: (rt, value) => {
      const it = text(value, rt);
      return it === null ? null : fromLong(sizeOf(it));
    },
  },
  { name: 'MidB', min: 2, max: 3, run: midB },
  {
    name: 'LeftB',
    min: 2,
    max: 2,
    run: (rt, value, length) => {
      const it = text(value, rt);
      const n = count(length, rt);
      return it === null ? null : slice(it, 0, n);
    },
  },
  {
    name: 'RightB',
    min: 2,
    max: 2,
    run: (rt, value, length) => {
      const it = text(value, rt);
      const n = count(length, rt);
      if (it === null) return null;
      const size = sizeOf(it);
      return slice(it, Math.max(0, size - n), size);
    },
  },
  { name: 'InStrB', min: 2, max: 4, run: inStrB },
  {
    name: 'AscB',
    min: 1,
    max: 1,
    run: (rt, value) => {
      const it = text(value, rt);
      if (it === null) throw runtimeError(94);
      const byte = it instanceof Uint8Array ? it[0] : byteAt(it, 0);
      if (byte === undefined) throw runtimeError(5);
      return fromByte(byte);
    },
  },
  {
    name: 'ChrB',
    min: 1,
    max: 1,
    run: (rt, code) => {
      const n = toInt32(code, rt);
      if (n < 0 || n > 255) throw runtimeError(6);
      return fromBytes(Uint8Array.of(n));
    },
  },
];
