/**
 * The Response object.
 * Owns: the buffer and its limit, status and header fields, what may still change when.
 * Leaves: cookies (response-cookies), sending (the sink), the way to the browser (web).
 * Fails: ASP 0156 once headers have left; 0157, 0158, 0159, 0163, 0204, 0219, 0251; 5 for values that would split a header.
 * Sources: doc "Response object"; KB 294271; KB 238210; observed: `Content-Type: text/html; Charset=utf-8`, `Cache-Control: private`.
 *
 * A response is: open → (head sent)* → ended. Buffered, the head leaves with the first Flush or at the end; unbuffered,
 * with the first output.
 */
import {
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  freshFace,
  Scalar,
  VT,
} from '../../automation/index.ts';
import { booleanAt, isCodePage, longAt, plainOf, runtimeError, textAt } from '../../objects/index.ts';
import { localeIds } from '../../vbscript/index.ts';
import type { PageHead, PagePiece } from '../contract.ts';
import { AspProblem } from '../errors.ts';
import { encodeText, htmlEncoded, locationEncoded } from './encode.ts';
import { PageEnd } from './exits.ts';
import { fieldName, httpDate, refuseControls } from './header-text.ts';
import { cookiesMember, dateAt, ResponseCookies } from './response-cookies.ts';

export type ResponseOptions = {
  readonly isBuffered: boolean;
  readonly bufferingLimit: number;
  /** The code page while the page sets none itself. */
  readonly codePage: () => number;
  readonly locale: { get: () => number; set: (lcid: number) => void };
  /** A value as text in the locale of the running script; counts it against the limit of output. */
  readonly toText: (value: AutomationValue) => string;
  readonly countOutput: (length: number) => void;
  /** Called before anything leaves before the end. */
  readonly beforeSend: () => void;
  /** Takes what leaves before the end. */
  readonly send: (piece: PagePiece) => void;
  readonly isConnected: () => boolean;
  /** The request uses its new session; asked when the head is made. */
  readonly startsSession: () => boolean;
  readonly now: () => Date;
};

/** Fields that say how the answer is framed are the server's. */
const FRAMING = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Longest entry of AppendToLog. */
const LONGEST_LOG = 80;

export class PageResponse {
  readonly #options: ResponseOptions;
  readonly cookies: ResponseCookies;
  readonly #fields: [name: string, value: string][] = [];
  #status = '200 OK';
  #contentType = 'text/html';
  #charset = '';
  #cacheControl = 'private';
  #expires: number | undefined;
  #expiresAt: Date | undefined;
  #codePage: number | undefined;
  #isBuffered: boolean;
  #isHeadSent = false;
  /** Text that was not encoded yet, and encoded pieces before it. */
  #text = '';
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;
  #log = '';

  constructor(options: ResponseOptions) {
    this.#options = options;
    this.#isBuffered = options.isBuffered;
    this.cookies = new ResponseCookies(() => this.#checkHeaders());
  }

  get codePage(): number {
    return this.#codePage ?? this.#options.codePage();
  }

  set codePage(codePage: number) {
    if (!isCodePage(codePage)) throw new AspProblem('Response object', 204);
    this.#encode();
    this.#codePage = codePage;
  }

  get isHeadSent(): boolean {
    return this.#isHeadSent;
  }

  get isBuffered(): boolean {
    return this.#isBuffered;
  }

  set isBuffered(value: boolean) {
    if (this.#isHeadSent) throw new AspProblem('Response object', 156);
    if (!value && this.#isBuffered && this.#size > 0) throw new AspProblem('Response object', 157);
    this.#isBuffered = value;
  }

  get isConnected(): boolean {
    return this.#options.isConnected();
  }

  get locale(): number {
    return this.#options.locale.get();
  }

  set locale(lcid: number) {
    this.#options.locale.set(lcid);
  }

  get logText(): string {
    return this.#log;
  }

  get #size(): number {
    return this.#chunkBytes + this.#text.length;
  }

  // ---- output ----

  write(value: AutomationValue): void {
    this.writeText(typeof value === 'string' ? value : this.#options.toText(value));
  }

  writeText(text: string): void {
    if (text === '') return;
    this.#options.countOutput(text.length);
    this.#text += text;
    this.#output();
  }

  binaryWrite(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#options.countOutput(bytes.length);
    this.#encode();
    this.#chunks.push(bytes);
    this.#chunkBytes += bytes.length;
    this.#output();
  }

  /** The text of an error, which no limit holds back. It is the last of the answer and leaves with its end. */
  writeError(html: string): void {
    this.#text += html;
  }

  #output(): void {
    if (!this.#isBuffered) {
      this.#send();
      return;
    }
    const { bufferingLimit } = this.#options;
    if (this.#size <= bufferingLimit) return;
    this.clearBuffer();
    throw new AspProblem('Response object', 251);
  }

  /** Encodes the text so far in the code page that holds. */
  #encode(): void {
    if (this.#text === '') return;
    const bytes = encodeText(this.#text, this.codePage);
    this.#text = '';
    this.#chunks.push(bytes);
    this.#chunkBytes += bytes.length;
  }

  #takeBytes(): Uint8Array {
    this.#encode();
    const chunks = this.#chunks;
    this.#chunks = [];
    const length = this.#chunkBytes;
    this.#chunkBytes = 0;
    if (chunks.length === 1) return chunks[0]!;
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  #send(): void {
    this.#options.beforeSend();
    const head = this.#isHeadSent ? undefined : this.#head();
    this.#isHeadSent = true;
    this.#options.send({ head, bytes: this.#takeBytes() });
  }

  flush(): void {
    if (!this.#isBuffered) throw new AspProblem('Response object', 159);
    if (this.#size > 0 || !this.#isHeadSent) this.#send();
  }

  clear(): void {
    if (!this.#isBuffered) throw new AspProblem('Response object', 159);
    this.clearBuffer();
  }

  clearBuffer(): void {
    this.#text = '';
    this.#chunks = [];
    this.#chunkBytes = 0;
  }

  end(): never {
    throw new PageEnd('Response.End');
  }

  /** What has not left yet, at the end of the request. */
  finish(): PagePiece {
    const head = this.#isHeadSent ? undefined : this.#head();
    this.#isHeadSent = true;
    return { head, bytes: this.#takeBytes() };
  }

  /** Starts anew for an error that is told in another way; only before the head has left. */
  reset(): void {
    this.clearBuffer();
    this.cookies.clear();
    this.#fields.length = 0;
    this.#contentType = 'text/html';
    this.#charset = '';
  }

  // ---- status and header fields ----

  get status(): string {
    return this.#status;
  }

  set status(text: string) {
    this.#checkHeaders();
    const status = refuseControls(text.trim());
    if (!/^[1-9]\d\d(?:\s|$)/.test(status)) throw runtimeError(5);
    this.#status = status;
  }

  addHeader(name: string, value: string): void {
    this.#checkHeaders();
    fieldName(name);
    refuseControls(value);
    if (!FRAMING.has(name.toLowerCase())) this.#fields.push([name, value]);
  }

  redirect(url: string): never {
    this.#checkHeaders();
    if (url.trim() === '') throw new AspProblem('Response object', 158);
    const location = locationEncoded(refuseControls(url));
    this.clearBuffer();
    this.#status = '302 Object moved';
    this.#contentType = 'text/html';
    this.#fields.push(['Location', location]);
    this.writeText(
      `<head><title>Object moved</title></head>\n<body><h1>Object Moved</h1>This object may be found <a HREF="${htmlEncoded(location, 1252)}">here</a>.</body>\n`,
    );
    throw new PageEnd('Response.Redirect');
  }

  get contentType(): string {
    return this.#contentType;
  }

  set contentType(text: string) {
    this.#checkHeaders();
    this.#contentType = refuseControls(text);
  }

  get charset(): string {
    return this.#charset;
  }

  set charset(text: string) {
    this.#checkHeaders();
    this.#charset = refuseControls(text);
  }

  get cacheControl(): string {
    return this.#cacheControl;
  }

  set cacheControl(text: string) {
    this.#checkHeaders();
    this.#cacheControl = refuseControls(text);
  }

  get expires(): number | undefined {
    return this.#expires;
  }

  /** Minutes from now. Of several times the earliest counts. */
  set expires(minutes: number) {
    this.#checkHeaders();
    this.#expires = minutes;
    this.#expireAt(new Date(this.#options.now().getTime() + minutes * 60_000));
  }

  get expiresAt(): Date | undefined {
    return this.#expiresAt;
  }

  expireAt(date: Date): void {
    this.#checkHeaders();
    this.#expireAt(date);
  }

  #expireAt(date: Date): void {
    if (Number.isNaN(date.getTime())) throw runtimeError(5);
    if (this.#expiresAt === undefined || date < this.#expiresAt) this.#expiresAt = date;
  }

  appendToLog(text: string): void {
    if (text.includes(',')) throw new AspProblem('Response object', 163);
    this.#log += refuseControls(text).slice(0, LONGEST_LOG);
  }

  #checkHeaders(): void {
    if (this.#isHeadSent) throw new AspProblem('Response object', 156);
  }

  #head(): PageHead {
    const type = this.#charset === '' ? this.#contentType : `${this.#contentType}; Charset=${this.#charset}`;
    const space = this.#status.search(/\s/);
    return {
      status: Number(this.#status.slice(0, 3)),
      reason: space < 0 ? '' : headerText(this.#status.slice(space + 1)),
      headers: [
        ['Cache-Control', headerText(this.#cacheControl)],
        ...(type === '' ? [] : [['Content-Type', headerText(type)] as const]),
        ...(this.#expiresAt === undefined ? [] : [['Expires', httpDate(this.#expiresAt)] as const]),
        ...this.#fields.map(([name, value]) => [name, headerText(value)] as const),
        ...this.cookies.headers(this.codePage).map((value) => ['Set-Cookie', headerText(value)] as const),
      ],
      startsSession: this.#options.startsSession(),
    };
  }
}

/** Header values are bytes: beyond Latin-1 they are given as UTF-8, read as Latin-1. */
function headerText(text: string): string {
  return /^[\u0000-\u00ff]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

type Args = readonly AutomationArgument[];
const text = (name: 'charset' | 'cacheControl' | 'contentType' | 'status') => ({
  arity: [0, 0] as const,
  get: (self: PageResponse) => self[name],
  put: (self: PageResponse, args: Args) => {
    self[name] = textAt(args, 0);
  },
});

export const responseFace: (self: PageResponse) => AutomationObject = freshFace<PageResponse>({
  name: 'IResponse',
  members: {
    AddHeader: {
      arity: [2, 2],
      call: (self, args) => void self.addHeader(textAt(args, 0), textAt(args, 1)),
    },
    AppendToLog: { arity: [1, 1], call: (self, args) => void self.appendToLog(textAt(args, 0)) },
    BinaryWrite: { arity: [1, 1], call: (self, args) => void self.binaryWrite(bytesOf(plainOf(args[0]))) },
    Buffer: {
      arity: [0, 0],
      get: (self) => self.isBuffered,
      put: (self, args) => {
        self.isBuffered = booleanAt(args, 0);
      },
    },
    CacheControl: text('cacheControl'),
    Charset: text('charset'),
    Clear: { arity: [0, 0], call: (self) => void self.clear() },
    CodePage: {
      arity: [0, 0],
      get: (self) => new Scalar(VT.long, self.codePage),
      put: (self, args) => {
        self.codePage = longAt(args, 0);
      },
    },
    ContentType: text('contentType'),
    Cookies: {
      arity: [0, 1],
      get: (self, args) => cookiesMember(self.cookies, 'get', args),
      put: (self, args) => void cookiesMember(self.cookies, 'put', args),
    },
    End: { arity: [0, 0], call: (self) => self.end() },
    Expires: {
      arity: [0, 0],
      get: (self) => (self.expires === undefined ? undefined : new Scalar(VT.long, self.expires)),
      put: (self, args) => {
        self.expires = longAt(args, 0);
      },
    },
    ExpiresAbsolute: {
      arity: [0, 0],
      get: (self) =>
        self.expiresAt === undefined ? undefined : new Scalar(VT.date, dateSerial(self.expiresAt)),
      put: (self, args) => void self.expireAt(dateAt(args, 0)),
    },
    Flush: { arity: [0, 0], call: (self) => void self.flush() },
    IsClientConnected: { arity: [0, 0], get: (self) => self.isConnected },
    LCID: {
      arity: [0, 0],
      get: (self) => new Scalar(VT.long, self.locale),
      put: (self, args) => {
        self.locale = localeAt(args, 'Response object');
      },
    },
    PICS: { arity: [1, 1], call: (self, args) => void self.addHeader('PICS-Label', textAt(args, 0)) },
    Redirect: { arity: [1, 1], call: (self, args) => self.redirect(textAt(args, 0)) },
    Status: text('status'),
    Write: { arity: [1, 1], call: (self, args) => void self.write(argument(args)) },
  },
});

function argument(args: Args): AutomationValue {
  const value = args[0];
  return typeof value === 'string' ? value : (plainOf(value) as AutomationValue);
}

function dateSerial(date: Date): number {
  return date.getTime() / 86_400_000 + 25_569 - date.getTimezoneOffset() / 1440;
}

/** Byte arrays as they are; a text counts as UTF-16 units, as it lies in memory. */
function bytesOf(value: AutomationValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return new Uint8Array(Buffer.from(value, 'utf16le'));
  throw runtimeError(13);
}

/** A locale that the engine knows; ASP 0219 for others. */
export function localeAt(args: Args, category: 'Response object' | 'Session object'): number {
  const lcid = longAt(args, 0);
  if (!localeIds().includes(lcid)) throw new AspProblem(category, 219);
  return lcid;
}
