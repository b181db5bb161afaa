/**
 * Dot coding for sending: a body becomes what may follow 354.
 * Owns: doubled dots, repair of bare CR and LF, the end of data.  Leaves: reading a dotted body (server side).
 * Guarantee: whatever the body holds, a receiver that takes CRLF, bare LF or bare CR (or any mix) as the end of a line finds
 * no line that is a lone dot before the end we wrote. Every dot after a CR or LF is doubled, and bare ones become CRLF.
 * Sources: RFC 5321 §2.3.8, §4.1.1.4, §4.5.2.
 */

const LF = 10;
const CR = 13;
const DOT = 46;

/** What ends a body whose last line is complete. */
export const END_OF_DATA = '.\r\n';

/**
 * True when the body can follow 354 as it stands: no line begins with a dot under any reading of line ends. Fast: native
 * searches. A body with bare CR or LF but without dots after them passes; it cannot end the data early.
 */
export function needsNoDots(body: Uint8Array): boolean {
  const bytes = asBuffer(body);
  return bytes[0] !== DOT && bytes.indexOf('\n.') < 0 && bytes.indexOf('\r.') < 0;
}

/** True when the body's last line is complete, so that the end of data may follow at once. */
export function endsInCrlf(body: Uint8Array): boolean {
  return (
    body.length === 0 || (body.length >= 2 && body[body.length - 1] === LF && body[body.length - 2] === CR)
  );
}

/**
 * Repairs line ends and, when asked, doubles dots, piece by piece. A CR at the end of a piece waits for the next one.
 * Pieces without anything to do come back as they were, without a copy.
 */
export class LineCoder {
  readonly #doubleDots: boolean;
  #atLineStart = true;
  #heldCr = false;
  #wroteAnything = false;

  constructor(options: { readonly doubleDots: boolean }) {
    this.#doubleDots = options.doubleDots;
  }

  /** The coded form of `piece`: `piece` itself when nothing had to change. Never longer than twice its length plus two. */
  code(piece: Uint8Array): Uint8Array {
    if (piece.length === 0) return piece;
    const bytes = asBuffer(piece);
    let result: Buffer | undefined;
    let used = 0;
    let copiedTo = 0;
    const room = (): Buffer => (result ??= Buffer.allocUnsafe(bytes.length * 2 + 2));
    const copy = (end: number): void => {
      if (end > copiedTo) {
        used += bytes.copy(room(), used, copiedTo, end);
        copiedTo = end;
      }
    };
    let position = 0;
    if (this.#heldCr) {
      // The CR of the piece before: a CRLF whether or not its LF comes.
      room()[used] = CR;
      result![used + 1] = LF;
      used += 2;
      if (bytes[0] === LF) {
        position = 1;
        copiedTo = 1;
      }
      this.#heldCr = false;
      this.#atLineStart = true;
    }
    // The next CR at or after `position`; searched again only when passed, so a body without any costs one search.
    let carriageAt = -1;
    while (position < bytes.length) {
      if (this.#atLineStart && bytes[position] === DOT && this.#doubleDots) {
        copy(position);
        room()[used] = DOT;
        used += 1;
      }
      const lineFeed = bytes.indexOf(LF, position);
      if (carriageAt < position) carriageAt = nextOf(bytes, CR, position);
      // The line's own text must hold no CR, except the one before its LF.
      if (carriageAt + 1 === lineFeed) {
        position = lineFeed + 1;
        this.#atLineStart = true;
      } else if (carriageAt < bytes.length && (lineFeed < 0 || carriageAt < lineFeed)) {
        copy(carriageAt);
        copiedTo = carriageAt + 1;
        position = carriageAt + 1;
        if (position === bytes.length) {
          this.#heldCr = true;
          room();
        } else {
          this.#newLine(room(), used);
          used += 2;
        }
      } else if (lineFeed >= 0) {
        copy(lineFeed);
        copiedTo = lineFeed + 1;
        position = lineFeed + 1;
        this.#newLine(room(), used);
        used += 2;
      } else {
        position = bytes.length;
        this.#atLineStart = false;
      }
    }
    this.#wroteAnything = true;
    if (result === undefined) return piece;
    copy(bytes.length);
    return result.subarray(0, used);
  }

  /** What completes the last line, possibly nothing. Call once, after the last piece. */
  end(): string {
    if (this.#heldCr) return '\r\n';
    return this.#wroteAnything && !this.#atLineStart ? '\r\n' : '';
  }

  #newLine(into: Buffer, at: number): void {
    into[at] = CR;
    into[at + 1] = LF;
    this.#atLineStart = true;
  }
}

/**
 * Doubles dots piece by piece in a body whose line ends are known to be CRLF, at the speed of native searches. A bare CR or LF
 * all the same is left, and a dot after it is doubled: the guarantee of this file holds.
 */
export class DotDoubler {
  #last = LF;
  #lastButOne = CR;

  /** The coded form of `piece`: `piece` itself when nothing had to change. */
  code(piece: Uint8Array): Uint8Array {
    if (piece.length === 0) return piece;
    const bytes = asBuffer(piece);
    const dots: number[] = [];
    if (bytes[0] === DOT && (this.#last === LF || this.#last === CR)) dots.push(0);
    for (let at = bytes.indexOf('\n.'); at >= 0; at = bytes.indexOf('\n.', at + 2)) dots.push(at + 1);
    for (let at = bytes.indexOf('\r.'); at >= 0; at = bytes.indexOf('\r.', at + 2)) dots.push(at + 1);
    this.#lastButOne = bytes.length > 1 ? bytes[bytes.length - 2]! : this.#last;
    this.#last = bytes[bytes.length - 1]!;
    if (dots.length === 0) return piece;
    dots.sort((a, b) => a - b);
    const coded = Buffer.allocUnsafe(bytes.length + dots.length);
    let used = 0;
    let from = 0;
    for (const dot of dots) {
      used += bytes.copy(coded, used, from, dot);
      coded[used] = DOT;
      used += 1;
      from = dot;
    }
    bytes.copy(coded, used, from);
    return coded;
  }

  /** What completes the last line, possibly nothing. */
  end(): string {
    return this.#last === LF && this.#lastButOne === CR ? '' : '\r\n';
  }
}

/** Where `byte` comes next, or the length of `bytes`. */
function nextOf(bytes: Buffer, byte: number, from: number): number {
  const found = bytes.indexOf(byte, from);
  return found < 0 ? bytes.length : found;
}

/** The whole coded body in one buffer, end of data not included: for bodies in memory. */
export function codeWhole(body: Uint8Array, options: { readonly doubleDots: boolean }): Buffer {
  const coder = new LineCoder(options);
  const coded = coder.code(body);
  return Buffer.concat([coded, Buffer.from(coder.end(), 'latin1')]);
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
