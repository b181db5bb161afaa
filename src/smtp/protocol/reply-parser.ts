/**
 * Reads replies from the bytes a server sends.
 * Owns: line ends, multi-line replies, enhanced status codes, and every bound on what a server may send.
 * Leaves: what a reply means (client/machine), time-outs (client/session).
 * Fails: never throws; bytes that are no reply end the reader with a reason, and nothing more is read from them.
 * Sources: RFC 5321 §4.2, §4.2.1, §4.5.3.1.5; RFC 2034 §4; RFC 3463 §2.
 */
import type { EnhancedStatus, Reply } from '../../envelope/index.ts';

/** RFC 5321 §4.5.3.1.5 allows 512 octets; servers send longer ones, and more than this is no reply. */
export const MAX_REPLY_LINE_BYTES = 4096;
export const MAX_REPLY_LINES = 256;
/** Text kept of one line; the rest says nothing more to a reader of logs and reports. */
const KEPT_LINE_CHARACTERS = 1024;

const LF = 10;
const CR = 13;
const DIGIT_0 = 48;
const BLANK = 32;
const HYPHEN = 45;
const DOT = 46;

const STATUS = /^([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: +|$)/;

export type ReplySink = {
  onReply(reply: Reply): void;
  /** The server's bytes are not SMTP; `reason` completes “the host's answer …”. Called once, then the reader is dead. */
  onGarbage(reason: string): void;
};

/** One per connection and security layer: a fresh one after STARTTLS forgets whatever came in plain text. */
export class ReplyReader {
  readonly #sink: ReplySink;
  /** The beginning of a line whose end has not come. */
  #rest: Buffer | undefined;
  #code = 0;
  #status: EnhancedStatus | undefined;
  #lines: string[] = [];
  #isDead = false;

  constructor(sink: ReplySink) {
    this.#sink = sink;
  }

  /** True when bytes of an unfinished reply are waiting. */
  get isMidReply(): boolean {
    return this.#rest !== undefined || this.#lines.length > 0;
  }

  /** Stops reading at once, also in the middle of `push`: what is left in that chunk is dropped. */
  stop(): void {
    this.#isDead = true;
    this.#rest = undefined;
  }

  /** Reads `chunk`, which the caller may reuse afterwards. Calls the sink for every complete reply, in order. */
  push(chunk: Buffer): void {
    if (this.#isDead) return;
    let bytes = chunk;
    if (this.#rest !== undefined) {
      bytes = Buffer.concat([this.#rest, chunk]);
      this.#rest = undefined;
    }
    let start = 0;
    while (start < bytes.length && !this.#isDead) {
      const lineFeed = bytes.indexOf(LF, start);
      const length = (lineFeed < 0 ? bytes.length : lineFeed) - start;
      if (length > MAX_REPLY_LINE_BYTES) {
        this.#fail(`has a line of more than ${MAX_REPLY_LINE_BYTES} bytes`);
        return;
      }
      if (lineFeed < 0) {
        this.#rest = Buffer.from(bytes.subarray(start));
        return;
      }
      this.#line(bytes, start, lineFeed > start && bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed);
      start = lineFeed + 1;
    }
  }

  #line(bytes: Buffer, start: number, end: number): void {
    const code =
      end - start < 3
        ? -1
        : (bytes[start]! - DIGIT_0) * 100 +
          (bytes[start + 1]! - DIGIT_0) * 10 +
          (bytes[start + 2]! - DIGIT_0);
    const separator = end - start > 3 ? bytes[start + 3] : BLANK;
    const isReplyLine =
      isDigit(bytes[start + 1]) &&
      isDigit(bytes[start + 2]) &&
      code >= 200 &&
      code <= 599 &&
      (separator === BLANK || separator === HYPHEN);
    if (!isReplyLine) {
      this.#fail(`is no SMTP reply: “${printable(bytes, start, Math.min(end, start + 60))}”`);
      return;
    }
    // RFC 5321 §4.2.1: every line of one reply carries the same code.
    if (this.#lines.length > 0 && code !== this.#code) {
      this.#fail(`changes its code from ${this.#code} to ${code} between lines`);
      return;
    }
    if (this.#lines.length >= MAX_REPLY_LINES) {
      this.#fail(`has more than ${MAX_REPLY_LINES} lines`);
      return;
    }
    this.#code = code;
    this.#text(bytes, Math.min(start + 4, end), end);
    if (separator === HYPHEN) return;
    const lines = this.#lines;
    const status = this.#status;
    this.#lines = [];
    this.#status = undefined;
    this.#sink.onReply(status === undefined ? { code, lines } : { code, status, lines });
  }

  #text(bytes: Buffer, start: number, end: number): void {
    // A SASL challenge (334) is data, not prose: it is kept whole.
    const keptEnd = this.#code === 334 ? end : Math.min(end, start + KEPT_LINE_CHARACTERS);
    let text = printable(bytes, start, keptEnd);
    if (text.charCodeAt(1) === DOT) {
      const status = STATUS.exec(text);
      // RFC 2034 §4: the class of the status repeats the first digit of the code; anything else is just text.
      if (status !== null && text.charCodeAt(0) - DIGIT_0 === Math.floor(this.#code / 100)) {
        this.#status ??= status[1] as EnhancedStatus;
        text = text.slice(status[0].length);
      }
    }
    this.#lines.push(text);
  }

  #fail(reason: string): void {
    this.stop();
    this.#sink.onGarbage(reason);
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= DIGIT_0 && byte <= DIGIT_0 + 9;
}

const PLAIN = /^[\x20-\x7e]*$/;
const CONTROL = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/g;

/** Text for logs and reports: UTF-8 where it is valid, else Latin-1; control characters become question marks. */
function printable(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('latin1', start, end);
  if (PLAIN.test(text)) return text;
  const utf8 = bytes.toString('utf8', start, end);
  return (utf8.includes('\ufffd') ? text : utf8).replace(CONTROL, '?');
}
