/**
 * The stream object: text or bytes with a position, as ADODB.Stream gives them to programs.
 * Owns: content, position, charset, lines.  Leaves: files (steps), what Flush commits (the part that made the stream).
 * Fails: StreamError with ADO's numbers; CdoError for a stream of a message that was closed; out of memory beyond 256 MiB.
 * Sources: doc "ADO Stream object"; KB 834784 (byte order marks of UTF-8 streams), KB 813252 (Unicode streams).
 */
import { AutomationError } from '../automation/index.ts';
import { decodeText, findCharset } from '../message/index.ts';
import { CdoError, fileError } from './errors.ts';
import { ask, type Steps } from './steps.ts';

export const AD_TYPE_BINARY = 1;
export const AD_TYPE_TEXT = 2;
export const AD_READ_ALL = -1;
export const AD_READ_LINE = -2;

/** A stream holds its content in memory, which is not for one stream alone. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Bytes that one character may take in any charset, changes of state included. */
const MOST_BYTES_EACH = 8;

/** ADO's own errors, as scripts see them. */
const STREAM_ERRORS = {
  invalidArgument: [
    3001,
    'Arguments are of the wrong type, are out of acceptable range, or are in conflict with one another.',
  ],
  fileNotReadable: [3002, 'File could not be opened.'],
  writeError: [3004, 'Write to file failed.'],
  notAllowedHere: [3219, 'Operation is not allowed in this context.'],
  closed: [3704, 'Operation is not allowed when the object is closed.'],
  open: [3705, 'Operation is not allowed when the object is open.'],
} as const;

const E_OUTOFMEMORY = 0x8007_000e | 0;

export class StreamError extends AutomationError {
  constructor(kind: keyof typeof STREAM_ERRORS, cause?: unknown) {
    const [number, text] = STREAM_ERRORS[kind];
    // ADO's numbers travel as HRESULTs of facility 10: 0x800A0000 + number.
    super(0x800a0000 + number, text, { source: 'ADODB.Stream', cause });
  }
}

export type StreamOrigin = {
  readonly bytes: Buffer;
  readonly charset: string;
  readonly type: typeof AD_TYPE_BINARY | typeof AD_TYPE_TEXT;
  /** What Flush does with the content. */
  readonly commit: (bytes: Buffer) => void;
};

export type StreamFiles = {
  /** Turns a program's path into one of this machine. */
  readonly mapPath: (path: string) => string;
};

export class Stream {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;
  #position = 0;
  /** Somebody else sees the bytes: they are copied before they are written over. */
  #isShared = false;
  #isOpen = false;
  #type: number = AD_TYPE_TEXT;
  #charset = 'Unicode';
  #lineSeparator = -1;
  #mode = 0;
  readonly #commit: ((bytes: Buffer) => void) | undefined;
  readonly #mapPath: (path: string) => string;

  /** A fresh stream is closed, of type text in Unicode; one of a message is open. */
  constructor(options: { readonly origin?: StreamOrigin; readonly files?: StreamFiles } = {}) {
    this.#mapPath = options.files?.mapPath ?? ((path) => path);
    const { origin } = options;
    this.#commit = origin?.commit;
    if (origin === undefined) return;
    this.#isOpen = true;
    this.#bytes = origin.bytes;
    this.#isShared = true;
    this.#length = origin.bytes.length;
    this.#charset = origin.charset;
    this.#type = origin.type;
  }

  open(): void {
    if (this.#isOpen) throw new StreamError('open');
    this.#isOpen = true;
  }

  close(): void {
    this.#mustBeOpen();
    this.#isOpen = false;
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
    this.#position = 0;
  }

  /** 0 closed, 1 open. */
  get state(): number {
    return this.#isOpen ? 1 : 0;
  }

  get mode(): number {
    return this.#mode;
  }

  set mode(mode: number) {
    if (this.#isOpen) throw new StreamError('open');
    this.#mode = mode;
  }

  get type(): number {
    return this.#type;
  }

  set type(type: number) {
    if (type !== AD_TYPE_BINARY && type !== AD_TYPE_TEXT) throw new StreamError('invalidArgument');
    if (this.#isOpen && this.#position !== 0) throw new StreamError('notAllowedHere');
    this.#type = type;
  }

  get charset(): string {
    return this.#charset;
  }

  set charset(charset: string) {
    if (this.#isOpen && this.#position !== 0) throw new StreamError('notAllowedHere');
    if (findCharset(charset) === undefined) throw new StreamError('invalidArgument');
    this.#charset = charset;
  }

  get lineSeparator(): number {
    return this.#lineSeparator;
  }

  set lineSeparator(separator: number) {
    if (separator !== -1 && separator !== 10 && separator !== 13) throw new StreamError('invalidArgument');
    this.#lineSeparator = separator;
  }

  /** In bytes. */
  get size(): number {
    this.#mustBeOpen();
    return this.#length;
  }

  get position(): number {
    this.#mustBeOpen();
    return this.#position;
  }

  set position(position: number) {
    this.#mustBeOpen();
    if (position < 0) throw new StreamError('invalidArgument');
    if (position > this.#length) this.#grow(position);
    this.#position = position;
  }

  get eos(): boolean {
    this.#mustBeOpen();
    return this.#position >= this.#length;
  }

  /** Cuts the content off at the position. */
  setEos(): void {
    this.#mustBeOpen();
    this.#length = this.#position;
  }

  /** `count` characters, all of them (-1) or the next line (-2), from the position on. */
  readText(count = AD_READ_ALL): string {
    this.#mustBe(AD_TYPE_TEXT);
    if (count === AD_READ_LINE) return this.#readLine();
    if (count < AD_READ_ALL) throw new StreamError('invalidArgument');
    const rest = this.#bytes.subarray(this.#position, this.#length);
    if (count === AD_READ_ALL) {
      const text = this.#decode(rest);
      this.#position = this.#length;
      return text;
    }
    // Only so much is decoded as the characters can take: streams are read in pieces.
    const text = this.#decode(rest.subarray(0, (count + 8) * MOST_BYTES_EACH)).slice(0, count);
    this.#position += Math.min(this.#encode(text).length + this.#markLength(rest), rest.length);
    return text;
  }

  skipLine(): void {
    this.#mustBe(AD_TYPE_TEXT);
    this.#readLine();
  }

  /** Writes at the position, over what stands there; `writeLine` adds the line separator. */
  writeText(text: string, writeLine = false): void {
    this.#mustBe(AD_TYPE_TEXT);
    const mark = this.#length === 0 && this.#position === 0 ? this.#byteOrderMark() : Buffer.alloc(0);
    this.#overwrite(Buffer.concat([mark, this.#encode(writeLine ? text + this.#separator() : text)]));
  }

  /** `count` bytes or all that are left; undefined at the end. */
  read(count = AD_READ_ALL): Buffer | undefined {
    this.#mustBe(AD_TYPE_BINARY);
    if (count < AD_READ_ALL) throw new StreamError('invalidArgument');
    const end = count === AD_READ_ALL ? this.#length : Math.min(this.#position + count, this.#length);
    if (end === this.#position) return undefined;
    const bytes = Buffer.from(this.#bytes.subarray(this.#position, end));
    this.#position = end;
    return bytes;
  }

  write(bytes: Uint8Array): void {
    this.#mustBe(AD_TYPE_BINARY);
    this.#overwrite(bytes);
  }

  /** Writes bytes whatever the type: for objects that save themselves here. */
  writeBytes(bytes: Uint8Array): void {
    this.#mustBeOpen();
    this.#overwrite(bytes);
  }

  /** Hands the content to the part the stream came from; without one there is nothing to do. */
  flush(): void {
    this.#mustBeOpen();
    this.#commit?.(Buffer.from(this.content()));
  }

  /** Copies from the position on into another stream at its position. */
  copyTo(target: Stream, count = AD_READ_ALL): void {
    this.#mustBeOpen();
    target.#mustBeOpen();
    if (count < AD_READ_ALL) throw new StreamError('invalidArgument');
    if (this.#type === AD_TYPE_TEXT && target.#type === AD_TYPE_TEXT) target.writeText(this.readText(count));
    else {
      const end = count === AD_READ_ALL ? this.#length : Math.min(this.#position + count, this.#length);
      target.#overwrite(this.#bytes.subarray(this.#position, end));
      this.#position = end;
    }
  }

  *loadFromFileSteps(path: string): Steps<void> {
    this.#mustBeOpen();
    const mapped = this.#mapPath(path);
    let bytes: Buffer;
    try {
      bytes = yield* ask('file.read', { path: mapped });
    } catch (failure) {
      throw new StreamError('fileNotReadable', fileError(failure, mapped));
    }
    this.#bytes = bytes;
    this.#isShared = true;
    this.#length = bytes.length;
    this.#position = 0;
  }

  /** `existing` 1 refuses to replace a file, 2 replaces it. */
  *saveToFileSteps(path: string, existing = 1): Steps<void> {
    this.#mustBeOpen();
    const mapped = this.#mapPath(path);
    try {
      yield* ask('file.write', {
        path: mapped,
        bytes: this.content(),
        existing: existing === 2 ? 'replace' : 'refuse',
      });
    } catch (failure) {
      throw new StreamError('writeError', fileError(failure, mapped));
    }
    this.#position = 0;
  }

  /** The whole content: a view that later writes leave alone. */
  content(): Buffer {
    this.#mustBeOpen();
    this.#isShared = true;
    return this.#bytes.subarray(0, this.#length);
  }

  #mustBeOpen(): void {
    if (this.#isOpen) return;
    throw this.#commit === undefined ? new StreamError('closed') : new CdoError('CDO_E_ADOSTREAM_NOT_BOUND');
  }

  #mustBe(type: number): void {
    this.#mustBeOpen();
    if (this.#type !== type) throw new StreamError('notAllowedHere');
  }

  #grow(length: number): void {
    if (length > MOST_BYTES) throw new AutomationError(E_OUTOFMEMORY, '');
    if (length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.min(MOST_BYTES, Math.max(length, this.#bytes.length * 2)));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
      this.#isShared = false;
    } else this.#bytes.fill(0, this.#length, length);
    this.#length = length;
  }

  #overwrite(bytes: Uint8Array): void {
    const end = this.#position + bytes.length;
    // A write must not touch the bytes of the message the stream came from, or those that were handed out.
    if (this.#isShared) {
      this.#bytes = Buffer.from(this.#bytes.subarray(0, this.#length));
      this.#isShared = false;
    }
    if (end > this.#length) this.#grow(end);
    this.#bytes.set(bytes, this.#position);
    this.#position = end;
  }

  #readLine(): string {
    const rest = this.#bytes.subarray(this.#position, this.#length);
    const separator = this.#separator();
    const mark = this.#encode(separator);
    const width = mark.length / separator.length;
    // The line end is looked for among the bytes; it is written alike in every place of every charset.
    let at = rest.indexOf(mark);
    while (at > 0 && at % width !== 0) at = rest.indexOf(mark, at + 1);
    const line = this.#decode(at < 0 ? rest : rest.subarray(0, at));
    this.#position = at < 0 ? this.#length : this.#position + at + mark.length;
    return line;
  }

  #separator(): string {
    return this.#lineSeparator === 10 ? '\n' : this.#lineSeparator === 13 ? '\r' : '\r\n';
  }

  #isUnicode(): boolean {
    return /^(unicode|utf-16(le)?)$/i.test(this.#charset);
  }

  #encode(text: string): Buffer {
    return this.#isUnicode() ? Buffer.from(text, 'utf16le') : findCharset(this.#charset)!.encode(text);
  }

  #decode(bytes: Buffer): string {
    const marked = this.#markLength(bytes);
    const content = marked > 0 ? bytes.subarray(marked) : bytes;
    if (this.#isUnicode()) return content.toString('utf16le');
    // A text stream said to be us-ascii still shows 8-bit text, as the ANSI code page reads it.
    return decodeText(content, this.#charset);
  }

  #byteOrderMark(): Buffer {
    if (this.#commit !== undefined) return Buffer.alloc(0);
    if (this.#isUnicode()) return Buffer.from([0xff, 0xfe]);
    return /^utf-8$/i.test(this.#charset) ? Buffer.from([0xef, 0xbb, 0xbf]) : Buffer.alloc(0);
  }

  #markLength(bytes: Buffer): number {
    if (this.#position !== 0) return 0;
    if (this.#isUnicode()) return bytes[0] === 0xff && bytes[1] === 0xfe ? 2 : 0;
    return /^utf-8$/i.test(this.#charset) && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
      ? 3
      : 0;
  }
}
