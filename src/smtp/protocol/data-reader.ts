/**
 * The content of a message after DATA: finds its end, removes the dots that transparency added, guards line ends.
 * Owns: the one rule where a message ends: CRLF "." CRLF, and nothing else.  Leaves: size limits, where the bytes go.
 * Fails: `fault` names the first thing wrong with the content; the bytes up to the end are then swallowed.
 *
 *   line ──CR──► cr ──LF──► start ──"."──► dot ──CR──► dot-cr ──LF──► end
 *     ▲           │other      │other        │other        │other
 *     └───────────┴───────────┴─────────────┴─────────────┘   (other after CR: a CR alone, a fault)
 *
 * Invariants: no byte after the end is used; the content is the same however the bytes are cut into chunks; in a message
 * with a fault, whatever a lenient reader could take for its end is reported (`lenient-end`), so that the session can be
 * closed and nothing that follows is ever read as a command.
 * Sources: RFC 5321 §2.3.8, §4.1.1.4, §4.5.2; RFC 5322 §3.5 (no NUL).
 */

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;

/** `refuse`: a CR or LF alone, or NUL, is a fault. `normalize`: they become CRLF, NUL is dropped. */
export type LineEndPolicy = 'refuse' | 'normalize';

export type ContentFault = 'bare-line-end' | 'nul';

/** `lenient-end`: the message has a fault, and here somebody less strict would see its end. */
export type DataProgress = 'more' | 'end' | 'lenient-end';

type At = 'line' | 'cr' | 'start' | 'dot' | 'dot-cr';

export class DataReader {
  readonly #lineEnds: LineEndPolicy;
  #at: At = 'start';
  /** Once a fault is found: the position as a lenient reader sees it, for whom CR, LF and CRLF all end a line. */
  #lenientAt: Exclude<At, 'cr'> = 'line';
  fault: ContentFault | undefined;
  /** After `read`: how many bytes of the chunk belong to the message. */
  used = 0;

  constructor(lineEnds: LineEndPolicy) {
    this.#lineEnds = lineEnds;
  }

  /**
   * Reads on. `emit` gets the content in order, in buffers that are its own from then on; nothing after a fault.
   * The chunk is the reader's to change up to `used`.
   */
  read(chunk: Buffer, emit: (content: Buffer) => void): DataProgress {
    let from = 0;
    // What the previous chunk left open is settled byte by byte; then whole chunks go the quick way.
    if (this.fault !== undefined) return this.#swallow(chunk, 0);
    while (this.#at !== 'start' && this.#at !== 'line') {
      if (from === chunk.length) return this.#stop(from, 'more');
      const progress = this.#readBytes(chunk, from, from + 1, emit);
      // A fault swallows the whole chunk.
      if (progress !== 'more' || this.fault !== undefined) return progress;
      from += 1;
    }
    if (from === chunk.length) return this.#stop(from, 'more');
    return this.#readQuickly(from === 0 ? chunk : chunk.subarray(from), from, emit);
  }

  /** Reads a chunk that begins in a line or at its start. `offset` is where it lies in the chunk given to `read`. */
  #readQuickly(chunk: Buffer, offset: number, emit: (content: Buffer) => void): DataProgress {
    const text = chunk.toString('latin1');
    const firstDot = this.#at === 'start' && text.charCodeAt(0) === DOT ? 0 : dotAfter(text, 0);
    let end = text.length;
    let isEnd = false;
    for (let dot = firstDot; dot >= 0; dot = dotAfter(text, dot)) {
      if (text.charCodeAt(dot + 1) === CR && text.charCodeAt(dot + 2) === LF) {
        end = dot + 3;
        isEnd = true;
        break;
      }
    }
    if (!hasCleanLineEnds(text, end)) {
      const progress = this.#readBytes(chunk, 0, chunk.length, emit);
      this.used += offset;
      return progress;
    }
    const contentEnd = isEnd ? end - 3 : this.#settleTail(text);
    // The chunk is ours: dots are squeezed out in place.
    let written = 0;
    let read = 0;
    for (let dot = firstDot; dot >= 0 && dot < contentEnd; dot = dotAfter(text, dot)) {
      if (written !== read) chunk.copyWithin(written, read, dot);
      written += dot - read;
      read = dot + 1;
    }
    if (written !== read) chunk.copyWithin(written, read, contentEnd);
    written += contentEnd - read;
    if (written > 0) emit(chunk.subarray(0, written));
    return this.#stop(offset + end, isEnd ? 'end' : 'more');
  }

  /** Sets the state after a chunk without a fault; returns where the bytes begin that must wait for the next one. */
  #settleTail(text: string): number {
    const { length } = text;
    const startsAtLine = this.#at === 'start';
    const isLoneDot = (at: number): boolean =>
      text.charCodeAt(at) === DOT && (at === 0 ? startsAtLine : at >= 2 && text.charCodeAt(at - 1) === LF);
    switch (text.charCodeAt(length - 1)) {
      case LF:
        this.#at = 'start';
        return length;
      case CR:
        this.#at = length >= 2 && isLoneDot(length - 2) ? 'dot-cr' : 'cr';
        return this.#at === 'cr' ? length - 1 : length - 2;
      case DOT:
        this.#at = isLoneDot(length - 1) ? 'dot' : 'line';
        return this.#at === 'dot' ? length - 1 : length;
      default:
        this.#at = 'line';
        return length;
    }
  }

  /** The careful way: byte by byte through the diagram above. */
  #readBytes(chunk: Buffer, from: number, to: number, emit: (content: Buffer) => void): DataProgress {
    const lines = new Repair(to - from);
    for (let index = from; index < to; index += 1) {
      const byte = chunk[index]!;
      const at = this.#at;
      const isBareCr = (at === 'cr' || at === 'dot-cr') && byte !== LF;
      const isBareLf = byte === LF && at !== 'cr' && at !== 'dot-cr';
      if (isBareCr || isBareLf || byte === 0) {
        if (this.#lineEnds === 'refuse') {
          this.#fail(isBareCr || isBareLf ? 'bare-line-end' : 'nul');
          return this.#swallow(chunk, index);
        }
        // A dot before a lone CR or LF was no transparency: it stands alone on its line.
        if (at === 'dot-cr' || (at === 'dot' && isBareLf)) lines.put(DOT);
        if (isBareCr || isBareLf) lines.putLineEnd();
        this.#at = 'line';
        if (isBareLf || byte === 0) continue;
      } else if (byte === LF) {
        this.#at = 'start';
        if (at === 'dot-cr') {
          lines.emit(emit);
          return this.#stop(index + 1, 'end');
        }
        lines.putLineEnd();
        continue;
      }
      this.#at = strictlyAfter(this.#at, byte);
      if (this.#at === 'line') lines.put(byte);
    }
    lines.emit(emit);
    return this.#stop(to, 'more');
  }

  #fail(fault: ContentFault): void {
    this.fault = fault;
    this.#lenientAt = this.#at === 'cr' ? 'start' : this.#at;
  }

  /** After a fault: looks for the end, and for what a lenient reader takes for it. */
  #swallow(chunk: Buffer, from: number): DataProgress {
    for (let index = from; index < chunk.length; index += 1) {
      const byte = chunk[index]!;
      const wasStrictEnd = this.#at === 'dot-cr' && byte === LF;
      this.#at = strictlyAfter(this.#at, byte);
      if (wasStrictEnd) return this.#stop(index + 1, 'end');
      if (this.#lenientAt === 'dot-cr' || (this.#lenientAt === 'dot' && byte === LF))
        return this.#stop(index + 1, 'lenient-end');
      if (byte === CR) this.#lenientAt = this.#lenientAt === 'dot' ? 'dot-cr' : 'start';
      else if (byte === LF) this.#lenientAt = 'start';
      else this.#lenientAt = byte === DOT && this.#lenientAt === 'start' ? 'dot' : 'line';
    }
    return this.#stop(chunk.length, 'more');
  }

  #stop(used: number, progress: DataProgress): DataProgress {
    this.used = used;
    return progress;
  }
}

function strictlyAfter(at: At, byte: number): At {
  if (byte === CR) return at === 'dot' ? 'dot-cr' : 'cr';
  if (byte === LF) return at === 'cr' ? 'start' : 'line';
  return byte === DOT && at === 'start' ? 'dot' : 'line';
}

/**
 * True when `[0, end)` holds CR and LF as CRLF alone, and no NUL; a CR as last character may yet get its LF.
 * Searching for single characters is several times as fast as a regular expression or a loop over bytes: every LF must
 * follow a CR, and there must be as many CRs as LFs.
 */
function hasCleanLineEnds(text: string, end: number): boolean {
  let unpaired = 0;
  for (let lf = text.indexOf('\n'); lf >= 0 && lf < end; lf = text.indexOf('\n', lf + 1)) {
    if (text.charCodeAt(lf - 1) !== CR) return false;
    unpaired -= 1;
  }
  for (let cr = text.indexOf('\r'); cr >= 0 && cr < end; cr = text.indexOf('\r', cr + 1)) unpaired += 1;
  if (text.charCodeAt(end - 1) === CR) unpaired -= 1;
  const nul = text.indexOf('\0');
  return unpaired === 0 && (nul < 0 || nul >= end);
}

/** The next dot that begins a line, after `from`; -1 when there is none. */
function dotAfter(text: string, from: number): number {
  const lineEnd = text.indexOf('\r\n.', from);
  return lineEnd < 0 ? -1 : lineEnd + 2;
}

/** Content put together byte by byte: at most two bytes and a held dot for each byte read. */
class Repair {
  readonly #bytes: Buffer;
  #length = 0;

  constructor(bytesRead: number) {
    this.#bytes = Buffer.allocUnsafe(bytesRead * 2 + 4);
  }

  put(byte: number): void {
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }

  putLineEnd(): void {
    this.put(CR);
    this.put(LF);
  }

  /** Hands over a copy of the right size, so that nothing keeps twice the memory. */
  emit(emit: (content: Buffer) => void): void {
    if (this.#length > 0) emit(Buffer.from(this.#bytes.subarray(0, this.#length)));
  }
}

/** Line ends of text that comes without transparency (BDAT): the same faults and repairs as in DATA, no dots. */
export class ChunkReader {
  readonly #lineEnds: LineEndPolicy;
  #endedInCr = false;
  #lastByte = LF;
  fault: ContentFault | undefined;

  constructor(lineEnds: LineEndPolicy) {
    this.#lineEnds = lineEnds;
  }

  /** Reads on; takes ownership of the chunk. `emit` gets nothing after a fault. */
  read(chunk: Buffer, emit: (content: Buffer) => void): void {
    if (chunk.length === 0 || this.fault !== undefined) return;
    const text = (this.#endedInCr ? '\r' : '') + chunk.toString('latin1');
    const startsWithLf = text.charCodeAt(0) === LF;
    if (!startsWithLf && hasCleanLineEnds(text, text.length)) {
      this.#pass(text, chunk, emit);
      return;
    }
    if (this.#lineEnds === 'refuse') {
      const nul = text.indexOf('\0');
      const others = startsWithLf ? 0 : text.search(/[^\r]\n|\r[^\n]/);
      this.fault = nul >= 0 && (others < 0 || nul < others) ? 'nul' : 'bare-line-end';
      return;
    }
    const repaired = text.replace(/\0/g, '').replace(/\r(?!\n|$)|(?<!\r)\n/g, '\r\n');
    this.#pass(repaired, Buffer.from(repaired, 'latin1'), emit, true);
  }

  #pass(text: string, chunk: Buffer, emit: (content: Buffer) => void, includesHeldCr = false): void {
    const hadCr = this.#endedInCr && !includesHeldCr;
    this.#endedInCr = text.endsWith('\r');
    const content = this.#endedInCr ? chunk.subarray(0, chunk.length - 1) : chunk;
    if (hadCr && text !== '\r') emit(Buffer.from('\r'));
    if (content.length > 0) emit(content);
    if (text !== '') this.#lastByte = text.charCodeAt(text.length - 1);
  }

  /** The end of the message: a CR held back is a fault, a last line without CRLF gets one. */
  finish(emit: (content: Buffer) => void): void {
    if (this.fault !== undefined) return;
    if (this.#endedInCr && this.#lineEnds === 'refuse') {
      this.fault = 'bare-line-end';
      return;
    }
    if (this.#endedInCr || this.#lastByte !== LF) emit(Buffer.from('\r\n'));
    this.#endedInCr = false;
    this.#lastByte = LF;
  }
}
