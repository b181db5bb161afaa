/**
 * NewMail: one message, composed and sent in a few lines.
 * Owns: its members, the merge rules of Send, the one-shot rule.  Leaves: composing and writing (cdo, compose.ts).
 * Fails: CdontsError; after a successful Send every member raises CdoE_INVALID_OBJECT.
 * Sources: reference B1.
 */
import {
  type CdoHost,
  fileError,
  Message,
  readResourceSteps,
  relate,
  runAsync,
  type Steps,
  standardHost,
} from '../cdo/index.ts';
import { charsetOfCodePage } from './code-pages.ts';
import { cdontsHost, mustBeMime, setCharset, setImportance, writeToPickup } from './compose.ts';
import { CDONTS_VERSION } from './constants.ts';
import { CdontsError } from './errors.ts';
import type { MailPlaces } from './places.ts';

export type NewMailOptions = { readonly host?: CdoHost; readonly places: MailPlaces };

/** 0 uuencode, 1 base64. */
export type EncodingMethod = 0 | 1;

type Attachment = {
  readonly bytes: Buffer;
  readonly fileName: string;
  readonly mediaType: string;
  readonly encoding: EncodingMethod;
};
type UrlResource = {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly location: string;
  readonly base: string;
};

export class NewMail {
  readonly host: CdoHost;
  readonly version = CDONTS_VERSION;
  readonly #places: MailPlaces;
  #isSent = false;
  #from = '';
  #to = '';
  #cc = '';
  #bcc = '';
  #subject = '';
  #body = '';
  #bodyFormat = 1;
  #mailFormat = 1;
  #importance = 1;
  #contentBase = '';
  #contentLocation = '';
  #charset: string | undefined;
  readonly #headers: [name: string, value: string][] = [];
  readonly #attachments: Attachment[] = [];
  readonly #resources: UrlResource[] = [];

  constructor(options: NewMailOptions) {
    this.host = cdontsHost(options.host ?? standardHost());
    this.#places = options.places;
  }

  /** Every member's first question. */
  #use(): void {
    if (this.#isSent)
      throw new CdontsError('CdoE_INVALID_OBJECT', {
        hint: 'A NewMail sends one message; create another for the next.',
      });
  }

  set from(value: string) {
    this.#use();
    this.#from = value;
  }

  set to(value: string) {
    this.#use();
    this.#to = value;
  }

  set cc(value: string) {
    this.#use();
    this.#cc = value;
  }

  set bcc(value: string) {
    this.#use();
    this.#bcc = value;
  }

  set subject(value: string) {
    this.#use();
    this.#subject = value;
  }

  set body(value: string) {
    this.#use();
    this.#body = value;
  }

  /** 0 HTML, 1 text. */
  set bodyFormat(value: number) {
    this.#use();
    this.#bodyFormat = oneOf(value, [0, 1], 'BodyFormat is 0 (HTML) or 1 (text).');
  }

  /** 0 MIME, 1 text. */
  set mailFormat(value: number) {
    this.#use();
    this.#mailFormat = oneOf(value, [0, 1], 'MailFormat is 0 (MIME) or 1 (text).');
  }

  /** 0 low, 1 normal, 2 high. */
  set importance(value: number) {
    this.#use();
    this.#importance = oneOf(value, [0, 1, 2], 'Importance is 0 (low), 1 (normal) or 2 (high).');
  }

  set contentBase(value: string) {
    this.#use();
    this.#contentBase = value;
  }

  set contentLocation(value: string) {
    this.#use();
    this.#contentLocation = value;
  }

  /** Adds a header line; every call adds another. */
  addHeader(name: string, value: string): void {
    this.#use();
    if (!/^[\x21-\x39\x3b-\x7e]+$/.test(name))
      throw new CdontsError('CdoE_INVALID_PARAMETER', { hint: `'${name}' cannot be the name of a header.` });
    this.#headers.push([name, value]);
  }

  /** The code page of the texts. */
  setLocaleIds(codePage: number): void {
    this.#use();
    const charset = charsetOfCodePage(codePage);
    if (charset === undefined)
      throw new CdontsError('CdoE_UNKNOWN_CPID', { hint: `Code page ${codePage} is not known here.` });
    this.#charset = charset;
  }

  /** Attaches a file by its full path, or bytes. Base64 makes the mail MIME. */
  attachFile(source: string | Uint8Array, fileName?: string, encoding?: EncodingMethod): Promise<void> {
    return runAsync(this.attachFileSteps(source, fileName, encoding), this.host.perform);
  }

  *attachFileSteps(source: string | Uint8Array, fileName?: string, encoding?: EncodingMethod): Steps<void> {
    this.#use();
    const method = this.#encoding(encoding);
    const read =
      typeof source === 'string'
        ? yield* this.#read(source)
        : { bytes: Buffer.from(source), fileName: 'attachment.dat', mediaType: 'application/octet-stream' };
    this.#attachments.push({ ...read, fileName: fileName ?? read.fileName, encoding: method });
    if (method === 1) this.#mailFormat = 0;
  }

  /** Adds a resource of an HTML body under the location the HTML names. */
  attachUrl(
    source: string,
    contentLocation: string,
    contentBase = '',
    encoding?: EncodingMethod,
  ): Promise<void> {
    return runAsync(this.attachUrlSteps(source, contentLocation, contentBase, encoding), this.host.perform);
  }

  *attachUrlSteps(
    source: string,
    contentLocation: string,
    contentBase = '',
    encoding?: EncodingMethod,
  ): Steps<void> {
    this.#use();
    const method = this.#encoding(encoding ?? 1);
    const { bytes, mediaType } = yield* this.#read(source);
    this.#resources.push({ bytes, mediaType, location: contentLocation, base: contentBase });
    if (method === 1) this.#mailFormat = 0;
  }

  #encoding(encoding: EncodingMethod | undefined): EncodingMethod {
    if (encoding === undefined) return this.#mailFormat === 0 ? 1 : 0;
    return oneOf(encoding, [0, 1], 'EncodingMethod is 0 (uuencode) or 1 (base64).') as EncodingMethod;
  }

  *#read(source: string): Steps<{ bytes: Buffer; fileName: string; mediaType: string }> {
    const message = new Message({ host: this.host });
    try {
      return yield* readResourceSteps(message, source);
    } catch (failure) {
      throw fileError(failure, source);
    }
  }

  /** Sends. An argument wins over its property; recipients of both count. */
  send(from?: string, to?: string, subject?: string, body?: string, importance?: number): Promise<void> {
    return runAsync(this.sendSteps(from, to, subject, body, importance), this.host.perform);
  }

  *sendSteps(from?: string, to?: string, subject?: string, body?: string, importance?: number): Steps<void> {
    this.#use();
    const message = new Message({ host: this.host });
    message.from = from ?? this.#from;
    message.to = [this.#to, to ?? ''].filter(Boolean).join('; ');
    message.cc = this.#cc;
    message.bcc = this.#bcc;
    message.subject = subject ?? this.#subject;
    setImportance(message, importance ?? this.#importance);
    this.#setBody(message, body ?? this.#body);
    for (const [name, value] of this.#headers) message.root.header.append(name, value, 'raw');
    this.#setParts(message);
    setCharset(message, this.#charset);
    yield* writeToPickup(message, this.#places);
    this.#isSent = true;
  }

  #setBody(message: Message, body: string): void {
    message.autoGenerateTextBody = false;
    if (this.#bodyFormat === 0) {
      message.htmlBody = body;
      if (this.#mailFormat === 1 && this.#attachments.length === 0) {
        // compat: the original's page says nothing; a single text/html part is what later builds wrote.
        this.host.log.event('info', 'cdonts.html-as-text', {
          message: 'BodyFormat is HTML and MailFormat text; the mail is sent as MIME. Set MailFormat to 0.',
        });
      }
    } else message.textBody = body;
    const isPlain = this.#mailFormat === 1 && this.#bodyFormat === 1 && this.#resources.length === 0;
    message.mimeFormatted = !isPlain || mustBeMime(message);
  }

  #setParts(message: Message): void {
    for (const { bytes, mediaType, location, base } of this.#resources) {
      const part = relate(message.root, { bytes, mediaType, fileName: '', url: '' }, 'location', location);
      if (base !== '') part.header.set('Content-Base', base, 'raw');
    }
    for (const { bytes, fileName, mediaType, encoding } of this.#attachments) {
      const { part } = message.attachments.add();
      part.setContentType(mediaType);
      part.setParameter('name', fileName);
      part.dispositionParameters.set('filename', fileName);
      part.content = { kind: 'bytes', bytes };
      if (encoding === 0 && message.mimeFormatted) part.encoding = 'uuencode';
    }
    const { header } = (message.htmlBodyPart ?? message.bodyPart).part;
    if (this.#contentBase !== '') header.set('Content-Base', this.#contentBase, 'raw');
    if (this.#contentLocation !== '') header.set('Content-Location', this.#contentLocation, 'raw');
  }
}

function oneOf(value: number, allowed: readonly number[], hint: string): number {
  if (!allowed.includes(value)) throw new CdontsError('CdoE_INVALID_PARAMETER', { hint });
  return value;
}
