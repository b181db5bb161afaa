/**
 * Line ends of a pickup file: what goes into the queue has CRLF at the end of every line and no CR or LF anywhere else.
 * Owns: bare LF and bare CR, the missing last line end, the compatibility removal of doubled dots.
 * Leaves: dot stuffing on the wire (smtp).  Fails: never.
 * Sources: RFC 5321 §2.3.8 (CR and LF only together); doc "SmtpDotStuffPickupDirFiles".
 *
 * In the body a run of CRs before LF is one line end (files written through two text layers have CR CR LF); a CR alone
 * ends a line too, as on old Macintoshes. In the header a CR alone becomes a blank, because a line end would make a new
 * header field out of the rest of a value.
 */

const LF = 10;
const CR = 13;
const SPACE = 32;
const DOT = 46;

/** True when every line ends in CRLF, the last one too, and no CR or LF stands alone. Empty bytes are clean. */
export function hasCleanLines(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes[bytes.length - 1] === LF && hasNoneAlone(bytes));
}

/** True when no CR or LF stands alone; the last line may lack its end. Text is searched twice as fast as a buffer. */
function hasNoneAlone(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  let balance = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (text.charCodeAt(at - 1) !== CR) return false;
    balance += 1;
  }
  // Every LF has its CR; as many CRs as LFs leave none alone.
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) balance -= 1;
  return balance === 0;
}

/** Bytes without any CR, as Unix programs write them: each LF gets its CR. */
function withReturns(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(/\n/g, '\r\n'), 'latin1');
}

/** One header field with clean lines. `raw` may lack its last line end. */
export function cleanField(raw: Buffer): Buffer {
  if (hasCleanLines(raw)) return raw;
  const out = Buffer.allocUnsafe(raw.length * 2 + 2);
  let length = 0;
  for (let at = 0; at < raw.length; at += 1) {
    const byte = raw[at]!;
    if (byte === CR && endsLine(raw, at)) continue;
    if (byte === LF) out[length++] = CR;
    out[length++] = byte === CR ? SPACE : byte;
  }
  if (length === 0 || out[length - 1] !== LF) {
    out[length++] = CR;
    out[length++] = LF;
  }
  return out.subarray(0, length);
}

/** True for a CR that belongs to a line end: only CRs lie between it and an LF. */
function endsLine(bytes: Buffer, at: number): boolean {
  let next = at + 1;
  while (bytes[next] === CR) next += 1;
  return bytes[next] === LF;
}

/** Cleans a body that comes in pieces of any size. One object per body. */
export class LineCleaner {
  readonly #removesDots: boolean;
  /** CRs seen whose meaning the next byte decides. */
  #returns = 0;
  #atLineStart = true;
  /** The last byte written ended a line, or nothing was written. */
  #endedLine = true;
  #hasChanged = false;

  constructor(options: { readonly dotStuffed: boolean }) {
    this.#removesDots = options.dotStuffed;
  }

  /** True when the bytes given out differ from the bytes put in. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /** The cleaned form of `piece`; may be the piece itself. What it ends with may wait for the next piece. */
  push(piece: Buffer): Buffer {
    if (piece.length === 0) return piece;
    if (this.#returns === 0 && !this.#removesDots) {
      const hasReturn = piece.includes(CR);
      if (!hasReturn || hasNoneAlone(piece)) {
        this.#endedLine = piece[piece.length - 1] === LF;
        this.#atLineStart = this.#endedLine;
        if (hasReturn || !piece.includes(LF)) return piece;
        this.#hasChanged = true;
        return withReturns(piece);
      }
    }
    const out = Buffer.allocUnsafe((piece.length + this.#returns) * 2);
    let length = 0;
    for (const byte of piece) {
      if (byte === CR) {
        this.#returns += 1;
        continue;
      }
      if (byte === LF) {
        if (this.#returns !== 1) this.#hasChanged = true;
        this.#returns = 0;
        out[length++] = CR;
        out[length++] = LF;
        this.#atLineStart = true;
        continue;
      }
      if (this.#returns > 0) {
        this.#hasChanged = true;
        for (; this.#returns > 0; this.#returns -= 1) {
          out[length++] = CR;
          out[length++] = LF;
        }
        // A line made of a CR alone is none of the file's lines: its dot was not doubled.
        this.#atLineStart = false;
      }
      if (byte === DOT && this.#atLineStart && this.#removesDots) {
        this.#hasChanged = true;
        this.#atLineStart = false;
        continue;
      }
      this.#atLineStart = false;
      out[length++] = byte;
    }
    if (length > 0) this.#endedLine = out[length - 1] === LF;
    return out.subarray(0, length);
  }

  /** What remains: a line end that was waiting or missing. */
  end(): Buffer {
    const needed = this.#returns > 0 ? this.#returns : this.#endedLine ? 0 : 1;
    if (needed > 0) this.#hasChanged = true;
    this.#returns = 0;
    this.#endedLine = true;
    return Buffer.from('\r\n'.repeat(needed));
  }
}
