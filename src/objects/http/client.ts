/**
 * What XMLHTTP, ServerXMLHTTP and WinHttpRequest have in common: one request and its answer, as a script builds and reads it.
 * Owns: order of calls, request headers, text of the answer.  Leaves: legacy names (http-objects), the wire (exchange).
 * Fails: AutomationError with the HRESULT of the failed exchange; 0x80070057-like states for calls out of order.
 * Sources: doc "IXMLHTTPRequest"; doc "WinHttpRequest object"; RFC 9110 §5.6.2.
 */
import iconv from 'iconv-lite';
import { AutomationError, type AutomationValue } from '../../automation/index.ts';
import { plainOf, textOf } from '../arguments.ts';
import type { ObjectScope } from '../scope.ts';
import { HTTP_ERROR, HTTP_OPERATION, type HttpRequest, type HttpResponse } from './exchange.ts';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export const READY = { unsent: 0, opened: 1, complete: 4 } as const;

export type HttpFlavour = {
  /** Err.Source: `msxml3.dll`, `WinHttp.WinHttpRequest`. */
  readonly source: string;
  /** The error of a call before Open or before the answer is there. */
  readonly notReady: readonly [hresult: number, text: string];
};

export class HttpClient {
  readonly flavour: HttpFlavour;
  readonly #scope: ObjectScope;
  #open: { method: string; url: string; user: string | undefined; password: string | undefined } | undefined;
  #headers: [string, string][] = [];
  #response: HttpResponse | undefined;
  connectTimeoutMs = 60_000;
  receiveTimeoutMs = 30_000;
  followRedirects = true;
  ignoreCertificate = false;
  onReady: AutomationValue;

  constructor(scope: ObjectScope, flavour: HttpFlavour) {
    this.#scope = scope;
    this.flavour = flavour;
  }

  get readyState(): number {
    if (this.#response !== undefined) return READY.complete;
    return this.#open === undefined ? READY.unsent : READY.opened;
  }

  open(method: string, url: string, user?: string, password?: string): void {
    if (!TOKEN.test(method)) throw this.#error('invalidUrl');
    if (!URL.canParse(url)) throw this.#error(/^[a-z][a-z0-9+.-]*:/i.test(url) ? 'invalidUrl' : 'badScheme');
    this.#open = { method: method.toUpperCase(), url, user, password };
    this.#headers = [];
    this.#response = undefined;
  }

  setCredentials(user: string, password: string): void {
    if (this.#open === undefined) throw this.#notReady();
    this.#open = { ...this.#open, user, password };
  }

  /** A header given twice is sent as one list, as the old objects did. CR, LF and NUL are refused. */
  setHeader(name: string, value: string): void {
    if (this.#open === undefined) throw this.#notReady();
    // The length and the framing are ours; scripts often give a length in characters, which would be wrong for UTF-8.
    if (/^(?:content-length|transfer-encoding|connection)$/i.test(name)) return;
    if (!TOKEN.test(name) || /[\r\n\0]/.test(value))
      throw new AutomationError(0x8007_0057 | 0, 'The parameter is incorrect.', {
        source: this.flavour.source,
      });
    const encoded = Buffer.from(value.trim(), 'utf8').toString('latin1');
    const found = this.#headers.find(([existing]) => existing.toLowerCase() === name.toLowerCase());
    if (found === undefined) this.#headers.push([name, encoded]);
    else found[1] = `${found[1]}, ${encoded}`;
  }

  /** Sends and waits for the whole answer, also for a request opened as asynchronous. */
  send(body: AutomationValue): void {
    if (this.#open === undefined) throw this.#notReady();
    const bytes = this.#bodyOf(body);
    const request: HttpRequest = {
      ...this.#open,
      headers: this.#headers,
      body: bytes,
      followRedirects: this.followRedirects,
      ignoreCertificate: this.ignoreCertificate,
      connectTimeoutMs: this.connectTimeoutMs,
      receiveTimeoutMs: this.receiveTimeoutMs,
    };
    try {
      this.#response = this.#scope.waiting.waitFor(HTTP_OPERATION, request) as HttpResponse;
    } catch (thrown) {
      const hresult = (thrown as { hresult?: unknown }).hresult;
      if (typeof hresult !== 'number') throw thrown;
      throw new AutomationError(hresult, (thrown as Error).message, { source: this.flavour.source });
    }
  }

  abort(): void {
    this.#open = undefined;
    this.#response = undefined;
  }

  get hasAnswer(): boolean {
    return this.#response !== undefined;
  }

  get response(): HttpResponse {
    if (this.#response === undefined) throw this.#notReady();
    return this.#response;
  }

  /** All values of a header, joined; undefined when the answer has none. */
  header(name: string): string | undefined {
    const values = this.response.headers
      .filter(([existing]) => existing.toLowerCase() === name.toLowerCase())
      .map(([, value]) => value);
    return values.length === 0 ? undefined : values.join(', ');
  }

  allHeaders(): string {
    const lines = this.response.headers.map(([name, value]) => `${name}: ${value}\r\n`);
    return `${lines.join('')}\r\n`;
  }

  /** The body as text: byte-order mark, then the charset of Content-Type, then UTF-8. */
  text(): string {
    const body = Buffer.from(this.response.body);
    const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(this.header('content-type') ?? '')?.[1];
    const isMarked =
      (body[0] === 0xff && body[1] === 0xfe) || (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf);
    if (body[0] === 0xff && body[1] === 0xfe) return iconv.decode(body, 'utf16le');
    const encoding = !isMarked && charset !== undefined && iconv.encodingExists(charset) ? charset : 'utf8';
    return iconv.decode(body, encoding);
  }

  #bodyOf(body: AutomationValue): Uint8Array | undefined {
    if (body === undefined || body === null) return undefined;
    if (body instanceof Uint8Array) return body;
    const text =
      typeof body === 'object' && 'invoke' in body ? this.#objectBody(body) : textOf(plainOf(body));
    if (text instanceof Uint8Array) return text;
    return text === '' ? undefined : Buffer.from(text, 'utf8');
  }

  /** A document is sent as its XML. */
  #objectBody(body: Extract<AutomationValue, { invoke: unknown }>): string | Uint8Array {
    if (body.has?.('xml')) return textOf(body.invoke('get', 'xml', []));
    const value = plainOf(body);
    return value instanceof Uint8Array ? value : textOf(value);
  }

  #error(kind: keyof typeof HTTP_ERROR): AutomationError {
    return new AutomationError(HTTP_ERROR[kind][0], HTTP_ERROR[kind][1], { source: this.flavour.source });
  }

  #notReady(): AutomationError {
    const [hresult, text] = this.flavour.notReady;
    return new AutomationError(hresult, text, { source: this.flavour.source });
  }
}
