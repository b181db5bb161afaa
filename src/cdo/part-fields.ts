/**
 * The fields of a message or body part: mailheader raw, httpmail decoded and typed.
 * Owns: what each name reads and writes.  Leaves: pending values (fields.ts), the header (header-store.ts).
 * Sources: reference A2.3–A2.5.
 */
import { parseDateTime, parseParameterized, printDateTime } from '../message/index.ts';
import { headerAddresses, normalAddresses } from './addresses.ts';
import { type FieldValue, toBoolean, toDate, toLong, toText } from './coerce.ts';
import { NAMESPACE } from './constants.ts';
import { CdoError } from './errors.ts';
import type { FieldSource } from './fields.ts';
import { headerWords } from './header-words.ts';
import type { CdoHost } from './host.ts';
import {
  HTTPMAIL_FIELDS,
  type HttpMailFieldRow,
  httpMailField,
  INERT_HTTPMAIL_FIELDS,
} from './message-fields.ts';
import type { Part } from './part.ts';
import { listAttachments } from './structure.ts';

/** Field values that the message's own properties keep: bodies. */
export interface BodyTexts {
  textBody: string;
  htmlBody: string;
}

const IMPORTANCE = ['low', 'normal', 'high'];
const PRIORITY = ['non-urgent', 'normal', 'urgent'];
const SENSITIVITY = ['', 'personal', 'private', 'company-confidential'];

/** Header names whose usual spelling is not capitals at the start of each word. */
const SPELLINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'message-id': 'Message-ID',
    'mime-version': 'MIME-Version',
    'content-id': 'Content-ID',
    'thread-index': 'thread-index',
    cc: 'Cc',
    bcc: 'Bcc',
  }),
);

/** How a header is spelt when the library writes it: as given when it has capitals, else by custom. */
export function headerSpelling(name: string): string {
  if (/[A-Z]/.test(name)) return name;
  return (
    SPELLINGS.get(name) ?? name.replace(/(^|-)([a-z])/g, (_, dash, letter) => dash + letter.toUpperCase())
  );
}

const ADDRESS_HEADERS = new Set(['from', 'to', 'cc', 'bcc', 'sender', 'reply-to']);

/** The fields of one part. `bodies` is the message's own when the part is a message's root. */
export function partFields(part: Part, host: CdoHost, bodies?: BodyTexts): FieldSource {
  const access = new PartAccess(part, host, bodies);
  return {
    names: () => access.names(),
    read: (name) => access.read(name),
    check: (name, value) => access.check(name, value),
    write: (name, value) => access.write(name, value),
    remove: (name) => access.remove(name),
    // Header names count without regard to case behind the prefix, which is exact.
    resolve: (name) => (name.startsWith(NAMESPACE.mailHeader) ? access.spelling(name) : name),
  };
}

type Target =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'httpmail'; readonly row: HttpMailFieldRow }
  | { readonly kind: 'inert'; readonly name: string }
  | { readonly kind: 'content-class' | 'sensitivity' | 'keywords' | 'content-type' };

class PartAccess {
  readonly #part: Part;
  readonly #host: CdoHost;
  readonly #bodies: BodyTexts | undefined;
  readonly #inert = new Map<string, FieldValue>();
  readonly #spellings = new Map<string, string>();

  constructor(part: Part, host: CdoHost, bodies: BodyTexts | undefined) {
    this.#part = part;
    this.#host = host;
    this.#bodies = bodies;
  }

  names(): string[] {
    const names: string[] = [];
    const keys = new Set(this.#part.header.entries.map((entry) => entry.name.toLowerCase()));
    if (this.#part.mediaType !== undefined) keys.add('content-type');
    if (this.#part.encoding !== undefined) keys.add('content-transfer-encoding');
    if (this.#part.disposition !== undefined) keys.add('content-disposition');
    for (const key of keys) names.push(NAMESPACE.mailHeader + key);
    for (const row of HTTPMAIL_FIELDS) {
      const name = NAMESPACE.httpMail + row.name;
      const value = this.read(name);
      if (value !== undefined && value !== '') names.push(name);
    }
    if (keys.has('content-class')) names.push(NAMESPACE.contentClass);
    return [...names, ...this.#inert.keys()];
  }

  /** The first spelling that was used for a header, so that two spellings are one field. */
  spelling(name: string): string {
    const key = name.toLowerCase();
    const known = this.#spellings.get(key);
    if (known === undefined) this.#spellings.set(key, name);
    return known ?? name;
  }

  read(name: string): FieldValue {
    const target = this.#target(name);
    switch (target.kind) {
      case 'header':
        return this.#readHeader(target.name);
      case 'httpmail':
        return this.#readHttpMail(target.row);
      case 'inert':
        return this.#inert.get(target.name);
      case 'content-class':
        return this.#part.header.text('content-class') ?? 'urn:content-classes:message';
      case 'content-type':
        return this.#part.mediaType ?? 'text/plain';
      case 'keywords':
        return this.#part.header.text('keywords')?.split(/\s*,\s*/);
      case 'sensitivity':
        return Math.max(0, SENSITIVITY.indexOf((this.#part.header.text('sensitivity') ?? '').toLowerCase()));
    }
  }

  /** Refuses at assignment what the field can never take. */
  check(name: string, value: FieldValue): void {
    const target = this.#target(name);
    if (target.kind === 'content-type') throw new CdoError('CDO_E_PROP_READONLY', { hint: name });
    if (target.kind === 'sensitivity' && value !== null) toLong(value);
    if (target.kind !== 'httpmail') return;
    if (target.row.readOnly === true) throw new CdoError('CDO_E_PROP_READONLY', { hint: name });
    if (value === undefined || value === null) return;
    if (target.row.type === 'long') toLong(value);
    else if (target.row.type === 'date') toDate(value);
    else if (target.row.type === 'boolean') toBoolean(value);
  }

  write(name: string, value: FieldValue): void {
    const target = this.#target(name);
    const isEmpty = value === undefined || value === null;
    switch (target.kind) {
      case 'header':
        this.#writeHeader(target.name, toText(value));
        return;
      case 'httpmail':
        this.#writeHttpMail(target.row, value);
        return;
      case 'inert':
        this.#inert.set(target.name, value);
        return;
      case 'content-class':
        this.#part.header.set('Content-Class', toText(value), 'text');
        return;
      case 'keywords':
        this.#part.header.set('Keywords', toText(value), 'text');
        return;
      case 'sensitivity':
        this.#part.header.set('Sensitivity', isEmpty ? '' : (SENSITIVITY[toLong(value)] ?? ''), 'text');
        return;
      case 'content-type':
        throw new CdoError('CDO_E_PROP_READONLY', { hint: name });
    }
  }

  remove(name: string): void {
    const target = this.#target(name);
    if (target.kind === 'content-type' || (target.kind === 'httpmail' && target.row.readOnly === true))
      throw new CdoError('CDO_E_PROP_CANNOT_DELETE', { hint: name });
    if (target.kind === 'inert') this.#inert.delete(target.name);
    else this.write(name, undefined);
  }

  #target(name: string): Target {
    if (name.startsWith(NAMESPACE.mailHeader) && name.length > NAMESPACE.mailHeader.length) {
      const header = name.slice(NAMESPACE.mailHeader.length);
      // RFC 5322 §3.6.8: a field name is printable ASCII without colon; anything else could forge a field.
      if (/^[\x21-\x39\x3b-\x7e]+$/.test(header)) return { kind: 'header', name: header };
    }
    if (name.startsWith(NAMESPACE.httpMail)) {
      const plain = name.slice(NAMESPACE.httpMail.length);
      const row = httpMailField(plain);
      if (row !== undefined) return { kind: 'httpmail', row };
      if (INERT_HTTPMAIL_FIELDS.includes(plain)) return { kind: 'inert', name };
    }
    if (name === NAMESPACE.contentClass) return { kind: 'content-class' };
    if (name === NAMESPACE.getContentType) return { kind: 'content-type' };
    if (name === NAMESPACE.keywords) return { kind: 'keywords' };
    if (name === NAMESPACE.sensitivity) return { kind: 'sensitivity' };
    throw new CdoError('CDO_E_INVALID_PROPERTYNAME', {
      hint: `'${name}' belongs to no namespace of messages.`,
    });
  }

  /** The raw text: what would stand in the message. */
  #readHeader(name: string): string | undefined {
    const part = this.#part;
    const key = name.toLowerCase();
    if (key === 'content-type') return part.mediaType === undefined ? undefined : part.contentTypeText();
    if (key === 'content-transfer-encoding') {
      const entry = part.header.entry(key);
      return part.encoding ?? (entry?.bytes === undefined ? undefined : entry.value);
    }
    if (key === 'content-disposition') return part.dispositionText() || undefined;
    const entry = part.header.entry(name);
    if (entry === undefined) return undefined;
    if (entry.form !== 'text') return entry.value;
    const words = headerWords(part.charset, this.#host);
    const printed = ADDRESS_HEADERS.has(key)
      ? headerAddresses(entry.value, this.#host.profile, words)
      : words.text(entry.value);
    return printed.replace(/\r\n[\t ]/g, ' ');
  }

  #writeHeader(name: string, value: string): void {
    const part = this.#part;
    const key = name.toLowerCase();
    if (key === 'content-type') part.setContentType(value);
    else if (key === 'content-disposition') part.setDisposition(value);
    else if (key === 'content-transfer-encoding')
      part.setEncoding(value === '' ? undefined : value.toLowerCase());
    else part.header.set(headerSpelling(name), value, 'raw');
  }

  #readHttpMail(row: HttpMailFieldRow): FieldValue {
    const part = this.#part;
    switch (row.name) {
      case 'textdescription':
        return this.#bodies?.textBody;
      case 'htmldescription':
        return this.#bodies?.htmlBody;
      case 'hasattachment':
        return listAttachments(part).length > 0;
      case 'attachmentfilename':
        return part.fileName === '' ? undefined : part.fileName;
      case 'content-disposition-type':
        return part.disposition;
      case 'content-media-type':
        return part.mediaType;
      case 'normalizedsubject':
        return part.header.text('subject')?.replace(/^(\s*[A-Za-z]{1,3}(\[\d+\])?:\s*)+/, '');
      case 'datereceived':
        return receivedTime(part);
    }
    const entry = row.header === undefined ? undefined : part.header.entry(row.header);
    if (entry === undefined) return undefined;
    if (row.type === 'addresses')
      return entry.form === 'text' ? entry.value : normalAddresses(entry.value, this.#host.profile);
    const text = part.header.text(row.header!)!;
    if (row.type === 'date') return dateOf(text);
    if (row.name === 'importance') return wordIndex(IMPORTANCE, text, 0);
    if (row.name === 'priority') return wordIndex(PRIORITY, text, -1);
    return text;
  }

  #writeHttpMail(row: HttpMailFieldRow, value: FieldValue): void {
    const part = this.#part;
    switch (row.name) {
      case 'textdescription':
        if (this.#bodies !== undefined) this.#bodies.textBody = toText(value);
        return;
      case 'htmldescription':
        if (this.#bodies !== undefined) this.#bodies.htmlBody = toText(value);
        return;
      case 'attachmentfilename':
        part.dispositionParameters.set('filename', toText(value));
        part.disposition ??= 'attachment';
        part.header.invalidate('content-disposition');
        return;
      case 'content-disposition-type':
        part.disposition = toText(value) || undefined;
        part.header.invalidate('content-disposition');
        return;
      case 'content-media-type':
        part.setMediaType(toText(value).toLowerCase());
        return;
    }
    if (value === undefined || value === null) part.header.delete(row.header!);
    else
      part.header.set(
        headerSpelling(row.header!),
        this.#headerText(row, value),
        row.type === 'date' ? 'raw' : 'text',
      );
  }

  #headerText(row: HttpMailFieldRow, value: Exclude<FieldValue, null | undefined>): string {
    if (row.type === 'date') {
      const atMs = toDate(value).getTime();
      return printDateTime(atMs, {
        offsetMinutes: this.#host.offsetMinutes(atMs),
        zeroOffset: this.#host.profile.zeroOffset,
      });
    }
    if (row.name === 'importance') return wordAt(IMPORTANCE, toLong(value), 0);
    if (row.name === 'priority') return wordAt(PRIORITY, toLong(value), -1);
    return row.type === 'addresses' ? normalAddresses(toText(value), this.#host.profile) : toText(value);
  }
}

function wordIndex(words: readonly string[], text: string, first: number): number {
  const index = words.indexOf(text.trim().toLowerCase());
  return index < 0 ? first + 1 : index + first;
}

function wordAt(words: readonly string[], value: number, first: number): string {
  const word = words[value - first];
  if (word === undefined)
    throw new CdoError('CDO_E_BAD_DATA', {
      hint: `${value} is not one of ${first} to ${first + words.length - 1}.`,
    });
  return word;
}

function dateOf(text: string): Date | undefined {
  const read = parseDateTime(text);
  return read === undefined ? undefined : new Date(read.atMs);
}

/** The date of the newest Received field, behind its last semicolon. */
export function receivedTime(part: Part): Date | undefined {
  const received = part.header.text('received');
  return received === undefined ? undefined : dateOf(received.slice(received.lastIndexOf(';') + 1));
}

/** A parameter of a header field in the mailheader namespace; undefined when the field or the parameter is absent. */
export function fieldParameter(source: FieldSource, field: string, parameter: string): string | undefined {
  if (!field.startsWith(NAMESPACE.mailHeader))
    throw new CdoError('CDO_E_PROP_NONHEADER', {
      hint: `'${field}' does not begin with ${NAMESPACE.mailHeader}`,
    });
  const text = toText(source.read(field));
  return text === '' ? undefined : parseParameterized(text).parameters.get(parameter.toLowerCase());
}
