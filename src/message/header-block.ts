/**
 * Finds the header fields of a message and where its body begins.
 * Owns: the split into fields, unfolding, the body offset.  Leaves: the meaning of fields, NUL and size limits (callers).
 * Fails: never. A line that is neither field nor folded ends the header and is the first line of the body.
 * Line ends may be CRLF or LF; a CR alone is an ordinary character.
 * Sources: RFC 5322 §2.2, §4.5 (white space before the colon); doc "pickup file format" (a missing blank line is tolerated).
 */
import { isAscii, isUtf8 } from 'node:buffer';

const LF = 10;
const CR = 13;
const TAB = 9;
const SPACE = 32;
const COLON = 58;

/** One header field as it stands in the message. Text is made only when asked for: most fields are passed by unread. */
export class HeaderField {
  /** Offset of the first byte of the name. */
  readonly start: number;
  /** Offset behind the line end of the last line. */
  readonly end: number;
  readonly #bytes: Buffer;
  readonly #nameEnd: number;
  readonly #valueStart: number;
  #key: string | undefined;
  #value: string | undefined;

  constructor(bytes: Buffer, start: number, nameEnd: number, valueStart: number, end: number) {
    this.#bytes = bytes;
    this.start = start;
    this.#nameEnd = nameEnd;
    this.#valueStart = valueStart;
    this.end = end;
  }

  /** The name as written. */
  get name(): string {
    return this.#bytes.toString('latin1', this.start, this.#nameEnd);
  }

  /** The name in lower case, for comparing. */
  get key(): string {
    this.#key ??= this.name.toLowerCase();
    return this.#key;
  }

  /** The value, unfolded and trimmed; bytes outside ASCII read as UTF-8 when they are that, else as Latin-1. */
  get value(): string {
    this.#value ??= headerText(unfold(this.#bytes, this.#valueStart, this.end));
    return this.#value;
  }

  /** The value's bytes as written: folded, with blanks, without the last line end. */
  get rawValue(): Buffer {
    return this.#bytes.subarray(this.#valueStart, beforeLineEnd(this.#bytes, this.#valueStart, this.end));
  }

  /** The whole field with its line ends. A view, not a copy. */
  get raw(): Buffer {
    return this.#bytes.subarray(this.start, this.end);
  }
}

/** The header of one message or body part. Offsets count from the start of the scanned bytes. */
export class HeaderBlock {
  readonly fields: readonly HeaderField[];
  /** Where the first field begins. */
  readonly start: number;
  /** Where the body begins: behind the blank line, or at the first line that is not a field. */
  readonly bodyAt: number;
  /** False when no blank line stood between header and body. */
  readonly hasBlankLine: boolean;

  constructor(fields: readonly HeaderField[], start: number, bodyAt: number, hasBlankLine: boolean) {
    this.fields = fields;
    this.start = start;
    this.bodyAt = bodyAt;
    this.hasBlankLine = hasBlankLine;
  }

  /** The first field of this name; `key` in lower case. */
  first(key: string): HeaderField | undefined {
    for (const field of this.fields) if (field.key === key) return field;
    return undefined;
  }

  /** All fields of this name in their order; `key` in lower case. */
  all(key: string): HeaderField[] {
    return this.fields.filter((field) => field.key === key);
  }

  /** The unfolded value of the first field of this name. */
  value(key: string): string | undefined {
    return this.first(key)?.value;
  }
}

/** Scans the header that begins at `start`. Bytes from `end` on are not looked at. */
export function scanHeader(bytes: Buffer, start = 0, end = bytes.length): HeaderBlock {
  const fields: HeaderField[] = [];
  let at = start;
  while (at < end) {
    const lineEnd = endOfLine(bytes, at, end);
    if (isBlankLine(bytes, at, end)) return new HeaderBlock(fields, start, lineEnd, true);
    const colon = nameEnd(bytes, at, lineEnd);
    if (colon < 0) return new HeaderBlock(fields, start, at, false);
    let nameStop = colon;
    while (bytes[nameStop - 1] === SPACE || bytes[nameStop - 1] === TAB) nameStop -= 1;
    let fieldEnd = lineEnd;
    while (fieldEnd < end && (bytes[fieldEnd] === SPACE || bytes[fieldEnd] === TAB)) {
      fieldEnd = endOfLine(bytes, fieldEnd, end);
    }
    fields.push(new HeaderField(bytes, at, nameStop, colon + 1, fieldEnd));
    at = fieldEnd;
  }
  return new HeaderBlock(fields, start, end, false);
}

/** Bytes of a header value as text: UTF-8 when they are that, else Latin-1 so that no byte is lost. */
export function headerText(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
}

function endOfLine(bytes: Buffer, at: number, end: number): number {
  const feed = bytes.indexOf(LF, at);
  return feed < 0 || feed >= end ? end : feed + 1;
}

function isBlankLine(bytes: Buffer, at: number, end: number): boolean {
  return bytes[at] === LF || (bytes[at] === CR && at + 1 < end && bytes[at + 1] === LF);
}

/** Offset of the colon when the line begins with a field name; -1 otherwise. RFC 5322 §3.6.8: printable ASCII without colon. */
function nameEnd(bytes: Buffer, at: number, lineEnd: number): number {
  let position = at;
  while (position < lineEnd) {
    const byte = bytes[position]!;
    if (byte === COLON) return position > at ? position : -1;
    if (byte <= SPACE || byte > 126) break;
    position += 1;
  }
  if (position === at) return -1;
  while (position < lineEnd && (bytes[position] === SPACE || bytes[position] === TAB)) position += 1;
  return position < lineEnd && bytes[position] === COLON ? position : -1;
}

function beforeLineEnd(bytes: Buffer, start: number, end: number): number {
  let stop = end;
  if (stop > start && bytes[stop - 1] === LF) stop -= 1;
  if (stop > start && bytes[stop - 1] === CR) stop -= 1;
  return stop;
}

/** The value on one line: line ends removed, the blanks of the fold kept, blanks at both ends removed. */
function unfold(bytes: Buffer, start: number, end: number): Buffer {
  let from = start;
  let stop = end;
  while (from < stop && isBlank(bytes[from]!)) from += 1;
  while (stop > from && isBlank(bytes[stop - 1]!)) stop -= 1;
  const value = bytes.subarray(from, stop);
  if (!value.includes(LF)) return value;
  const out = Buffer.allocUnsafe(value.length);
  let length = 0;
  for (let at = 0; at < value.length; at += 1) {
    const byte = value[at]!;
    if (byte === LF || (byte === CR && value[at + 1] === LF)) continue;
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CR || byte === LF;
}
