/**
 * Bytes that arrived and were not used yet, and the lines in them. They are read where they arrived, and copied only when they stay.
 * Owns: line ends, the length limit of a line, the bound on what is held.  Leaves: text and verbs (command-line.ts), the
 * end of a message (data-reader.ts).
 * Fails: a LineRead that names the fault; after `bare-line-end` the session must end, because what follows could be
 * somebody else's words read as commands.
 * Sources: RFC 5321 §2.3.8 (CR and LF only as CRLF), §4.5.3.1.4 (line length).
 */

const NOTHING = Buffer.alloc(0);
const CR = 0x0d;
const LF = 0x0a;

/** `none`: no whole line is here. `line`: `lineStart` and `lineEnd` are set. */
export type LineRead = 'none' | 'line' | 'too-long' | 'bare-line-end';

export class Wire {
  #bytes: Buffer = NOTHING;
  #at = 0;
  /** Bytes from #at that hold no LF: not searched again. */
  #searched = 0;
  #isSkippingLine = false;
  /** The bytes lie in somebody else's buffer, until `keep`. */
  #isLent = false;
  /** Where the last line read lies in `bytes`, without its CRLF. Valid until the next call. */
  lineStart = 0;
  lineEnd = 0;

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Bytes held and not used yet. */
  get held(): number {
    return this.#bytes.length - this.#at;
  }

  /** The next byte, 0 when none is held. */
  get firstByte(): number {
    return this.#bytes[this.#at] ?? 0;
  }

  /** Adds `chunk`, which is lent: the caller may write over it after the next `keep`. */
  push(chunk: Buffer): void {
    this.#isLent = this.#at === this.#bytes.length;
    if (this.#isLent) {
      this.#bytes = chunk;
      this.#searched = 0;
    } else this.#bytes = Buffer.concat([this.#bytes.subarray(this.#at), chunk]);
    this.#at = 0;
  }

  /** What is held and lent becomes our own: most often nothing, for commands are used at once. */
  keep(): void {
    if (!this.#isLent) return;
    this.#isLent = false;
    if (this.#at === this.#bytes.length) this.#bytes = NOTHING;
    else this.#bytes = Buffer.from(this.#bytes.subarray(this.#at));
    this.#at = 0;
  }

  /** Looks for the next line of at most `maxOctets` (CRLF included). `normalize` takes a lone LF as a line end. */
  readLine(maxOctets: number, lineEnds: 'refuse' | 'normalize'): LineRead {
    if (this.#isSkippingLine && !this.#skipLine()) return 'none';
    const start = this.#at;
    const bytes = this.#bytes;
    const lf = bytes.indexOf(LF, start + this.#searched);
    const cr = bytes.indexOf(CR, start);
    // Only what lies within the limit is judged, so that the verdict does not depend on how the bytes were cut.
    const end = start + maxOctets;
    if (lf < 0) {
      // A CR as last byte may yet be followed by its LF.
      if (cr >= 0 && cr < bytes.length - 1 && cr < end) return 'bare-line-end';
      this.#searched = bytes.length - start;
      if (this.#searched <= maxOctets) return 'none';
      this.#isSkippingLine = true;
      this.#skipLine();
      return 'too-long';
    }
    const hasCrlf = cr === lf - 1 && cr >= start;
    if (!hasCrlf) {
      const fault = cr >= 0 && cr < lf ? cr : lf;
      if (fault < end && (fault === cr || lineEnds === 'refuse')) return 'bare-line-end';
    }
    this.#at = lf + 1;
    this.#searched = 0;
    if (lf >= end) return 'too-long';
    this.lineStart = start;
    this.lineEnd = hasCrlf ? cr : lf;
    return 'line';
  }

  /** Forgets held bytes up to and including the next LF; true when it was found. */
  #skipLine(): boolean {
    const lf = this.#bytes.indexOf(LF, this.#at);
    this.#searched = 0;
    if (lf < 0) {
      this.clear();
      return false;
    }
    this.#at = lf + 1;
    this.#isSkippingLine = false;
    return true;
  }

  /** Hands over at most `most` of the held bytes; they are the caller's now. */
  take(most: number): Buffer {
    const end = Math.min(this.#at + most, this.#bytes.length);
    const view = this.#bytes.subarray(this.#at, end);
    const taken = this.#isLent ? Buffer.from(view) : view;
    this.#at = end;
    this.#searched = 0;
    if (end === this.#bytes.length) this.clear();
    return taken;
  }

  /** Forgets everything held. */
  clear(): void {
    this.#bytes = NOTHING;
    this.#at = 0;
    this.#searched = 0;
    this.#isLent = false;
  }
}
