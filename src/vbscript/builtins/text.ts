/**
 * Text functions that count in characters.
 * Source: doc "VBScript Functions"; observed: public conformance suite.
 */
import { VbArray } from '../arrays.ts';
import { plain, toInt32, toText, toUnits } from '../convert.ts';
import { runtimeError } from '../errors.ts';
import { OddString, wholeUnits } from '../odd-string.ts';
import type { Runtime } from '../runtime.ts';
import { fromLong, MISSING, type VbValue } from '../values.ts';
import { compareMode, folded, optional, optionalInt } from './arguments.ts';
import type { Builtin } from './index.ts';

/** Windows-1252, the positions 128 to 159. */
const ANSI_HIGH =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

export function ansiChar(code: number): string {
  return code >= 128 && code <= 159 ? ANSI_HIGH[code - 128]! : String.fromCharCode(code);
}

export function ansiCode(char: string): number {
  const code = char.charCodeAt(0);
  if (code < 128 || (code >= 160 && code <= 255)) return code;
  const at = ANSI_HIGH.indexOf(char[0]!);
  return at >= 0 ? at + 128 : 63;
}

/** A function of one text that gives Null for Null. */
function mapping(name: string, map: (text: string) => string): Builtin {
  return {
    name,
    min: 1,
    max: 1,
    run: (rt, value) => {
      const it = typeof value === 'string' ? value : plain(value, rt);
      if (it === null) return null;
      const text = toUnits(it, rt);
      rt.makeRoom(text.length);
      return map(text);
    },
  };
}

function count(value: VbValue, rt: Runtime): number {
  const length = toInt32(value, rt);
  if (length < 0) throw runtimeError(5);
  return length;
}

function checkLength(length: number, rt: Runtime): void {
  if (length > rt.maxStringLength) throw runtimeError(14);
  rt.allocate(length);
}

function left(rt: Runtime, value: VbValue, length: VbValue): VbValue {
  const it = plain(value, rt);
  const n = count(length, rt);
  return it === null ? null : toUnits(it, rt).slice(0, n);
}

function right(rt: Runtime, value: VbValue, length: VbValue): VbValue {
  const it = plain(value, rt);
  const n = count(length, rt);
  if (it === null) return null;
  const text = toUnits(it, rt);
  return n >= text.length ? text : text.slice(text.length - n);
}

function mid(rt: Runtime, value: VbValue, start: VbValue, length: VbValue): VbValue {
  const it = typeof value === 'string' ? value : plain(value, rt);
  if (length !== MISSING && plain(length, rt) === null) throw runtimeError(94);
  const from = toInt32(start, rt);
  if (from < 1) throw runtimeError(5);
  const n = length === MISSING ? Number.POSITIVE_INFINITY : count(length, rt);
  return it === null ? null : toUnits(it, rt).slice(from - 1, from - 1 + n);
}

function len(rt: Runtime, value: VbValue): VbValue {
  if (typeof value === 'string') return fromLong(value.length);
  const it = plain(value, rt);
  if (it === null) return null;
  const text = toText(it, rt);
  return fromLong(text instanceof OddString ? text.units.length : text.length);
}

function inStr(rt: Runtime, a: VbValue, b: VbValue, c: VbValue, mode: VbValue): VbValue {
  const [start, text, sought]: [number, VbValue, VbValue] =
    c === MISSING ? [1, a, b] : [toStart(a, rt), b, c];
  const how = compareMode(mode, rt);
  if (start < 1) throw runtimeError(5);
  const where = plain(text, rt);
  const what = plain(sought, rt);
  if (where === null || what === null) return null;
  return fromLong(indexOf(toUnits(where, rt), toUnits(what, rt), start - 1, how, rt) + 1);
}

function toStart(value: VbValue, rt: Runtime): number {
  if (plain(value, rt) === null) throw runtimeError(94);
  return toInt32(value, rt);
}

function indexOf(text: string, sought: string, from: number, how: 'binary' | 'text', rt: Runtime): number {
  if (text.length === 0 || from > text.length) return -1;
  rt.burn((text.length - from) >> 8);
  if (sought.length === 0) return from < text.length ? from : -1;
  return how === 'binary' ? text.indexOf(sought, from) : folded(text).indexOf(folded(sought), from);
}

function inStrRev(rt: Runtime, text: VbValue, sought: VbValue, start: VbValue, mode: VbValue): VbValue {
  const from = optionalInt(start, -1, rt);
  const how = compareMode(mode, rt);
  if (from === 0 || from < -1) throw runtimeError(5);
  const where = plain(text, rt);
  const what = plain(sought, rt);
  if (where === null || what === null) throw runtimeError(94);
  const haystack = toUnits(where, rt);
  const needle = toUnits(what, rt);
  const end = from === -1 ? haystack.length : from;
  if (haystack.length === 0 || end > haystack.length) return fromLong(0);
  if (needle.length === 0) return fromLong(end);
  const within = haystack.slice(0, end);
  const at = how === 'binary' ? within.lastIndexOf(needle) : folded(within).lastIndexOf(folded(needle));
  return fromLong(at + 1);
}

function replace(
  rt: Runtime,
  text: VbValue,
  sought: VbValue,
  replacement: VbValue,
  start: VbValue,
  times: VbValue,
  mode: VbValue,
): VbValue {
  if (plain(text, rt) === null || plain(sought, rt) === null || plain(replacement, rt) === null)
    throw runtimeError(94);
  const from = optionalInt(start, 1, rt);
  const most = optionalInt(times, -1, rt);
  const how = compareMode(mode, rt);
  if (from < 1 || most < -1) throw runtimeError(5);
  const whole = toUnits(text, rt);
  const needle = toUnits(sought, rt);
  const put = toUnits(replacement, rt);
  const tail = whole.slice(from - 1);
  if (needle === '' || tail === '' || most === 0) return tail;
  const within = how === 'binary' ? tail : folded(tail);
  const what = how === 'binary' ? needle : folded(needle);
  const pieces = new Pieces(rt);
  let at = 0;
  for (let turn = 0; most === -1 || turn < most; turn += 1) {
    const found = within.indexOf(what, at);
    if (found < 0) break;
    pieces.add(tail.slice(at, found));
    pieces.add(put);
    at = found + needle.length;
  }
  if (at === 0) return tail;
  rt.burn(tail.length >> 8);
  pieces.add(tail.slice(at));
  return pieces.whole();
}

/**
 * A long text put together of many short ones. Its length is counted before anything is joined, and no list of pieces grows with
 * the text: a thread that runs out of memory inside one operation of JavaScript takes the whole process with it.
 */
class Pieces {
  private readonly rt: Runtime;
  private readonly done: string[] = [];
  private open: string[] = [];
  private length = 0;
  private counted = 0;

  constructor(rt: Runtime) {
    this.rt = rt;
  }

  add(piece: string): void {
    this.length += piece.length;
    if (this.length > this.rt.maxStringLength) throw runtimeError(14);
    if (this.open.push(piece) >= 8_192) this.close();
  }

  whole(): string {
    this.close();
    return this.done.join('');
  }

  private close(): void {
    this.rt.allocate(this.length - this.counted);
    this.counted = this.length;
    this.done.push(this.open.join(''));
    this.open = [];
  }
}

/** Stretches that a long text is worked on in. */
const STRETCH = 8_192;

function* stretches(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += STRETCH) yield text.slice(at, at + STRETCH);
}

function split(rt: Runtime, text: VbValue, delimiter: VbValue, times: VbValue, mode: VbValue): VbValue {
  if (plain(text, rt) === null || plain(delimiter, rt) === null) throw runtimeError(94);
  const most = optionalInt(times, -1, rt);
  const how = compareMode(mode, rt);
  if (most < -1) throw runtimeError(5);
  const whole = toUnits(text, rt);
  const separator = toUnits(optional(delimiter, ' '), rt);
  if (whole === '' || most === 0) return VbArray.of([]);
  if (separator === '') return VbArray.of([whole]);
  const within = how === 'binary' ? whole : folded(whole);
  const what = how === 'binary' ? separator : folded(separator);
  const parts: VbValue[] = [];
  let at = 0;
  while (most === -1 || parts.length < most - 1) {
    const found = within.indexOf(what, at);
    if (found < 0) break;
    parts.push(whole.slice(at, found));
    at = found + separator.length;
    if (parts.length % STRETCH === 0) rt.checkElements(STRETCH, parts.length);
  }
  parts.push(whole.slice(at));
  rt.checkElements(parts.length % STRETCH, parts.length);
  return VbArray.of(parts);
}

function listOf(value: VbValue, rt: Runtime): VbArray {
  const it = plain(value, rt);
  if (it === null) throw runtimeError(94);
  if (!(it instanceof VbArray) || it.bounds.length > 1) throw runtimeError(13);
  if (it.bounds.length === 0) throw runtimeError(9);
  return it;
}

function join(rt: Runtime, list: VbValue, delimiter: VbValue): VbValue {
  const array = listOf(list, rt);
  if (plain(delimiter, rt) === null) throw runtimeError(94);
  const separator = toUnits(optional(delimiter, ' '), rt);
  const texts = array.elements.map((element) => {
    const it = plain(element, rt);
    if (it === null) throw runtimeError(13);
    return toUnits(it, rt);
  });
  checkLength(
    texts.reduce((sum, text) => sum + text.length + separator.length, 0),
    rt,
  );
  return texts.join(separator);
}

function filter(rt: Runtime, list: VbValue, sought: VbValue, include: VbValue, mode: VbValue): VbValue {
  const array = listOf(list, rt);
  const isIncluding = include === MISSING || toInt32(include, rt) !== 0;
  const how = compareMode(mode, rt);
  if (plain(sought, rt) === null) throw runtimeError(94);
  const needle = how === 'binary' ? toUnits(sought, rt) : folded(toUnits(sought, rt));
  const kept = array.elements
    .map((element) => toUnits(plain(element, rt) ?? '', rt))
    .filter((text) => (how === 'binary' ? text : folded(text)).includes(needle) === isIncluding);
  return VbArray.of(kept);
}

function strComp(rt: Runtime, a: VbValue, b: VbValue, mode: VbValue): VbValue {
  const how = compareMode(mode, rt);
  const left_ = plain(a, rt);
  const right_ = plain(b, rt);
  if (left_ === null || right_ === null) return null;
  const x = toUnits(left_, rt);
  const y = toUnits(right_, rt);
  if (how === 'binary') return x < y ? -1 : x > y ? 1 : 0;
  const p = folded(x);
  const q = folded(y);
  if (p === q) return 0;
  return Math.sign(p.localeCompare(q, 'en')) || (p < q ? -1 : 1);
}

function string(rt: Runtime, length: VbValue, char: VbValue): VbValue {
  const n = count(length, rt);
  const it = plain(char, rt);
  if (it === null) throw runtimeError(94);
  checkLength(n, rt);
  if (typeof it === 'string' || it instanceof OddString) {
    const text = wholeUnits(it);
    if (text === '') throw runtimeError(5);
    return text[0]!.repeat(n);
  }
  return ansiChar(toInt32(it, rt) & 0xff).repeat(n);
}

function chr(rt: Runtime, code: VbValue): VbValue {
  const n = toInt32(code, rt);
  if (n < 0 || n > 255) throw runtimeError(5);
  return ansiChar(n);
}

function chrW(rt: Runtime, code: VbValue): VbValue {
  const n = toInt32(code, rt);
  if (n < -32768 || n > 65535) throw runtimeError(5);
  return String.fromCharCode(n & 0xffff);
}

function first(value: VbValue, rt: Runtime): string {
  if (plain(value, rt) === null) throw runtimeError(94);
  const text = toUnits(value, rt);
  if (text === '') throw runtimeError(5);
  return text;
}

function escaped(rt: Runtime, value: VbValue): VbValue {
  const it = plain(value, rt);
  if (it === null) throw runtimeError(94);
  const pieces = new Pieces(rt);
  for (const stretch of stretches(toUnits(it, rt))) {
    pieces.add(
      stretch.replace(/[^A-Za-z0-9@*_+\-./]/g, (char) => {
        const code = char.charCodeAt(0);
        const hex = code.toString(16).toUpperCase();
        return code < 256 ? `%${hex.padStart(2, '0')}` : `%u${hex.padStart(4, '0')}`;
      }),
    );
  }
  return pieces.whole();
}

function unescaped(rt: Runtime, value: VbValue): VbValue {
  const it = plain(value, rt);
  if (it === null) throw runtimeError(94);
  const text = toUnits(it, rt);
  const pieces = new Pieces(rt);
  let at = 0;
  for (;;) {
    const found = text.indexOf('%', at);
    if (found < 0) break;
    pieces.add(text.slice(at, found));
    const code = /^%u([0-9a-fA-F]{4})|^%([0-9a-fA-F]{2})/.exec(text.slice(found, found + 6));
    pieces.add(code === null ? '%' : String.fromCharCode(Number.parseInt(code[1] ?? code[2]!, 16)));
    at = found + (code?.[0].length ?? 1);
  }
  pieces.add(text.slice(at));
  return pieces.whole();
}

/** Upper and lower case letter by letter, so that no text changes its length. */
function cased(text: string, convert: (text: string) => string): string {
  const result = convert(text);
  if (result.length === text.length) return result;
  if (text.length > STRETCH)
    return Array.from(stretches(text), (stretch) => cased(stretch, convert)).join('');
  return Array.from({ length: text.length }, (_, at) => {
    const one = convert(text[at]!);
    return one.length === 1 ? one : text[at]!;
  }).join('');
}

export const TEXT_FUNCTIONS: readonly Builtin[] = [
  { name: 'Left', min: 2, max: 2, run: left },
  { name: 'Right', min: 2, max: 2, run: right },
  { name: 'Mid', min: 2, max: 3, run: mid },
  { name: 'Len', min: 1, max: 1, run: len },
  { name: 'InStr', min: 2, max: 4, run: inStr },
  { name: 'InStrRev', min: 2, max: 4, run: inStrRev },
  { name: 'Replace', min: 3, max: 6, run: replace },
  { name: 'Split', min: 1, max: 4, run: split },
  { name: 'Join', min: 1, max: 2, run: join },
  { name: 'Filter', min: 2, max: 4, run: filter },
  { name: 'StrComp', min: 2, max: 3, run: strComp },
  { name: 'String', min: 2, max: 2, run: string },
  {
    name: 'Space',
    min: 1,
    max: 1,
    run: (rt, length) => {
      const n = count(length, rt);
      checkLength(n, rt);
      return ' '.repeat(n);
    },
  },
  { name: 'Asc', min: 1, max: 1, run: (rt, value) => ansiCode(first(value, rt)) },
  {
    name: 'AscW',
    min: 1,
    max: 1,
    run: (rt, value) => {
      const code = first(value, rt).charCodeAt(0);
      return code > 0x7fff ? code - 0x10000 : code;
    },
  },
  { name: 'Chr', min: 1, max: 1, run: chr },
  { name: 'ChrW', min: 1, max: 1, run: chrW },
  mapping('LCase', (text) => cased(text, (it) => it.toLowerCase())),
  mapping('UCase', (text) => cased(text, (it) => it.toUpperCase())),
  mapping('Trim', (text) => withoutTail(text.replace(/^ +/, ''))),
  mapping('LTrim', (text) => text.replace(/^ +/, '')),
  mapping('RTrim', withoutTail),
  {
    name: 'StrReverse',
    min: 1,
    max: 1,
    run: (rt, value) => {
      if (plain(value, rt) === null) throw runtimeError(94);
      const text = toUnits(value, rt);
      rt.makeRoom(text.length);
      return reversed(text);
    },
  },
  { name: 'Escape', min: 1, max: 1, run: escaped },
  { name: 'Unescape', min: 1, max: 1, run: unescaped },
];

/** Only blanks are trimmed; other white space stays. */
function withoutTail(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end -= 1;
  return text.slice(0, end);
}

/** Unit by unit: surrogate pairs are not kept together. */
function reversed(text: string): string {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at += 1) units[text.length - 1 - at] = text.charCodeAt(at);
  return Buffer.from(units.buffer).toString('utf16le');
}
