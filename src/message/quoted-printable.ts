/**
 * Quoted-printable, both ways, whole and piecewise.
 * Owns: the encoding and tolerant decoding.  Leaves: the choice of encoding (transfer-encoding.ts).
 * Fails: never. An equals sign that introduces nothing valid stands for itself (RFC 2045 §6.7, note on robust decoding).
 * Sources: RFC 2045 §6.7.
 */

const LF = 10;
const CR = 13;
const TAB = 9;
const SPACE = 32;
const EQUALS = 61;
const DOT = 46;
const HEX = Buffer.from('0123456789ABCDEF', 'latin1');
/** RFC 2045 §6.7 (5): 76 characters, one of which is the soft break's equals sign. */
const LINE_LIMIT = 75;

export type QuotedPrintableOptions = {
  /** `text`: CRLF (or LF) in the input is a line end; `binary`: CR and LF are escaped like any control. */
  readonly mode?: 'text' | 'binary';
  /** Longest line without the soft break's equals sign: 75 unless given. */
  readonly lineLimit?: number;
  /** Put soft breaks behind a blank where the line has one. */
  readonly breakAtBlanks?: boolean;
};

/** Encodes all of `bytes`. */
export function encodeQuotedPrintable(bytes: Uint8Array, options: QuotedPrintableOptions = {}): Buffer {
  const encoder = new QuotedPrintableEncoder(options);
  return Buffer.concat([encoder.push(bytes), encoder.end()]);
}

export class QuotedPrintableEncoder {
  readonly #isText: boolean;
  readonly #limit: number;
  readonly #breakAtBlanks: boolean;
  /** The line being built; a token is a byte or an escape of three. */
  readonly #line: Buffer;
  #length = 0;
  /** Length of the line behind its last blank, 0 when it has none. */
  #afterBlank = 0;
  #heldCr = false;

  constructor(options: QuotedPrintableOptions = {}) {
    this.#isText = options.mode !== 'binary';
    this.#limit = options.lineLimit ?? LINE_LIMIT;
    this.#breakAtBlanks = options.breakAtBlanks ?? false;
    this.#line = Buffer.allocUnsafe(this.#limit + 8);
  }

  push(chunk: Uint8Array): Buffer {
    const out = new Output(chunk.length * 3 + (chunk.length >> 3) + 256);
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if (this.#heldCr) {
        this.#heldCr = false;
        if (byte === LF) {
          this.#endLine(out);
          continue;
        }
        this.#escape(out, CR);
      }
      if (this.#isText && byte === CR) this.#heldCr = true;
      else if (this.#isText && byte === LF) this.#endLine(out);
      else if ((byte > SPACE && byte < 127 && byte !== EQUALS) || byte === SPACE || byte === TAB)
        this.#literal(out, byte);
      else this.#escape(out, byte);
    }
    return out.take();
  }

  end(): Buffer {
    const out = new Output(this.#limit * 4 + 16);
    if (this.#heldCr) this.#escape(out, CR);
    this.#heldCr = false;
    this.#protectTrailingBlank(out);
    this.#flush(out, this.#length);
    return out.take();
  }

  #literal(out: Output, byte: number): void {
    this.#room(out, 1);
    // A line that begins with a dot is safe everywhere when the dot is escaped; only a line of one dot can do harm.
    this.#line[this.#length] = byte;
    this.#length += 1;
    if (byte === SPACE || byte === TAB) this.#afterBlank = this.#length;
  }

  #escape(out: Output, byte: number): void {
    this.#room(out, 3);
    this.#line[this.#length] = EQUALS;
    this.#line[this.#length + 1] = HEX[byte >> 4]!;
    this.#line[this.#length + 2] = HEX[byte & 15]!;
    this.#length += 3;
  }

  #room(out: Output, needed: number): void {
    if (this.#length + needed <= this.#limit) return;
    const cut = this.#breakAtBlanks && this.#afterBlank > 0 ? this.#afterBlank : this.#length;
    this.#flush(out, cut);
    out.soft();
  }

  #endLine(out: Output): void {
    this.#protectTrailingBlank(out);
    if (this.#length === 1 && this.#line[0] === DOT) {
      this.#length = 0;
      this.#escape(out, DOT);
    }
    this.#flush(out, this.#length);
    out.hard();
  }

  /** RFC 2045 §6.7 (3): a blank at the end of a line must be escaped. */
  #protectTrailingBlank(out: Output): void {
    const last = this.#line[this.#length - 1];
    if (this.#length === 0 || (last !== SPACE && last !== TAB)) return;
    this.#length -= 1;
    this.#afterBlank = 0;
    this.#escape(out, last);
  }

  /** Writes the first `count` characters of the line and keeps the rest as the start of the next. */
  #flush(out: Output, count: number): void {
    out.bytes(this.#line, count);
    this.#line.copyWithin(0, count, this.#length);
    this.#length -= count;
    this.#afterBlank = 0;
  }
}

/** The decoded bytes; line ends stay as they are, soft breaks and blanks at line ends go. */
export function decodeQuotedPrintable(text: Uint8Array): Buffer {
  const decoder = new QuotedPrintableDecoder();
  return Buffer.concat([decoder.push(text), decoder.end()]);
}

export class QuotedPrintableDecoder {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): Buffer {
    const bytes = this.#rest.length === 0 ? asBuffer(chunk) : Buffer.concat([this.#rest, chunk]);
    // What follows the last line end may be an escape or blanks cut in two; a line without end is kept up to 4 kB.
    let safe = bytes.lastIndexOf(LF) + 1;
    if (safe === 0 && bytes.length > 4096) safe = lastSafeCut(bytes);
    this.#rest = Buffer.from(bytes.subarray(safe));
    return decodeWhole(bytes.subarray(0, safe));
  }

  end(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return decodeWhole(rest);
  }
}

/** Before the last equals sign or run of blanks near the end; a run longer than 1 kB is cut anyway. */
function lastSafeCut(bytes: Buffer): number {
  let cut = bytes.length;
  const floor = Math.max(bytes.length - 1024, 0);
  while (cut > floor && (bytes[cut - 1] === SPACE || bytes[cut - 1] === TAB || bytes[cut - 1] === CR))
    cut -= 1;
  for (let back = 1; back <= 3; back += 1) if (bytes[cut - back] === EQUALS) return cut - back;
  return cut;
}

function decodeWhole(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === EQUALS) {
      const high = hexValue(bytes[at + 1]);
      const low = hexValue(bytes[at + 2]);
      if (high >= 0 && low >= 0) {
        out[length] = (high << 4) | low;
        length += 1;
        at += 3;
        continue;
      }
      const next = afterBlanks(bytes, at + 1);
      if (next >= bytes.length || isLineEnd(bytes, next)) {
        at = next >= bytes.length ? next : next + (bytes[next] === CR ? 2 : 1);
        continue;
      }
    } else if (byte === SPACE || byte === TAB) {
      const next = afterBlanks(bytes, at);
      if (next >= bytes.length || isLineEnd(bytes, next)) {
        at = next;
        continue;
      }
      // The whole run is copied at once: looking at it again per blank would cost its square.
      bytes.copy(out, length, at, next);
      length += next - at;
      at = next;
      continue;
    }
    out[length] = byte;
    length += 1;
    at += 1;
  }
  return out.subarray(0, length);
}

function afterBlanks(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === SPACE || bytes[at] === TAB) at += 1;
  return at;
}

function isLineEnd(bytes: Buffer, at: number): boolean {
  return bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF);
}

function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 65 && byte <= 70) return byte - 55;
  return byte >= 97 && byte <= 102 ? byte - 87 : -1;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A buffer that grows: escapes and soft breaks make the output up to four times the input. */
class Output {
  #bytes: Buffer;
  #length = 0;

  constructor(expected: number) {
    this.#bytes = Buffer.allocUnsafe(expected);
  }

  bytes(source: Buffer, count: number): void {
    this.#reserve(count);
    source.copy(this.#bytes, this.#length, 0, count);
    this.#length += count;
  }

  soft(): void {
    this.#reserve(1);
    this.#bytes[this.#length] = EQUALS;
    this.#length += 1;
    this.hard();
  }

  hard(): void {
    this.#reserve(2);
    this.#bytes[this.#length] = CR;
    this.#bytes[this.#length + 1] = LF;
    this.#length += 2;
  }

  take(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#length + count) * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
