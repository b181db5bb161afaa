/**
 * Writes a message or body part: header fields in their order, then the content.
 * Owns: field order per layout, generated fields, boundaries, promotion of single children.
 * Leaves: charset and encoding of contents (content-coding.ts), identifiers (identifiers.ts).
 * Sources: reference A5.1 (order and values), A5.4 (structure); RFC 2046 §5.1.1.
 */
import { printDateTime, printField, printParameterized } from '../message/index.ts';
import { headerAddresses } from './addresses.ts';
import { type CodedContent, codeContent } from './content-coding.ts';
import type { HeaderEntry } from './header-store.ts';
import { type HeaderWords, headerBytes, headerWords } from './header-words.ts';
import type { CdoHost } from './host.ts';
import { identifierHost, makeBoundary, makeMessageId, makeThreadIndex } from './identifiers.ts';
import { type Part, STRUCTURAL_FIELDS } from './part.ts';

export type PrintOptions = {
  readonly host: CdoHost;
  /** Write a multipart with one child as that child. */
  readonly promote: boolean;
  /** Leave MIME out: a message of the time before MIME, whose attachments are uuencoded. */
  readonly mime: boolean;
  /** Who gets a receipt when the reader's program sends one; the From address as the property has it. */
  readonly receiptTo?: string;
  /** Leave out the envelope lines that drop files begin with. */
  readonly withoutEnvelopeLines?: boolean;
};

/** The text every multipart of the original begins with. */
export const PREAMBLE = 'This is a multi-part message in MIME format.\r\n';

const ADDRESS_FIELDS = new Set(['from', 'sender', 'reply-to', 'to', 'cc']);
/** Recipients that nobody shall see are in the envelope alone. */
const NEVER_WRITTEN = new Set(['bcc']);

const ENVELOPE_LINES = new Set(['x-sender', 'x-receiver']);

const HEAD = [
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'newsgroups',
  'followup-to',
  'subject',
  'date',
  'message-id',
];
const MIME = ['mime-version', ...STRUCTURAL_FIELDS];

const LAYOUTS = {
  '2000': [
    ...HEAD,
    'in-reply-to',
    'references',
    ...MIME,
    'x-mailer',
    'thread-index',
    'content-class',
    'importance',
    'priority',
    '*',
    'x-mimeole',
  ],
  xp: [
    'thread-index',
    'thread-topic',
    ...HEAD,
    'in-reply-to',
    'references',
    ...MIME,
    'x-mailer',
    'content-class',
    'importance',
    'priority',
    '*',
    'x-mimeole',
  ],
  plain: [...HEAD, 'in-reply-to', 'references', ...MIME, '*'],
} as const;

/** The whole message. Contents are not copied. */
export function printMessage(root: Part, options: PrintOptions): Buffer[] {
  const chunks: Buffer[] = [];
  new Printer(options, root.charset).message(root, chunks);
  return chunks;
}

/** One part: its header and its content as they stand inside a message. */
export function printPart(part: Part, options: PrintOptions): Buffer[] {
  const chunks: Buffer[] = [];
  new Printer(options, part.root.charset).part(part, chunks);
  return chunks;
}

class Printer {
  readonly #options: PrintOptions;
  readonly #words: HeaderWords;
  #multiparts = 0;

  constructor(options: PrintOptions, headerCharset: string | undefined) {
    this.#options = options;
    this.#words = headerWords(headerCharset, options.host);
  }

  message(root: Part, chunks: Buffer[]): void {
    const shown = this.#shown(root);
    const fields = this.#fieldsOf(root, shown);
    const order = root.isOpened
      ? [...root.header.entries.map((entry) => entry.name.toLowerCase()), '*']
      : LAYOUTS[this.#options.host.profile.layout];
    this.#generate(fields, root);
    chunks.push(...this.#inOrder(fields, order));
    this.#content(shown, chunks);
  }

  part(part: Part, chunks: Buffer[]): void {
    const shown = this.#shown(part);
    const fields = this.#fieldsOf(shown, shown);
    chunks.push(
      ...this.#inOrder(
        fields,
        shown.isOpened
          ? [...shown.header.entries.map((entry) => entry.name.toLowerCase()), '*']
          : [...STRUCTURAL_FIELDS, '*'],
      ),
    );
    this.#content(shown, chunks);
  }

  /** The part that stands for this one: a multipart with a single child is that child. */
  #shown(part: Part): Part {
    let shown = part;
    while (this.#options.promote && shown.isMultipart && shown.children.length === 1 && !isUntouched(shown)) {
      shown = shown.children[0]!;
    }
    return shown;
  }

  /** Name in lower case → printed fields: those of `owner`, and the structural ones of `shown`. */
  #fieldsOf(owner: Part, shown: Part): Map<string, (string | Buffer)[]> {
    const fields = new Map<string, (string | Buffer)[]>();
    const add = (name: string, printed: string | Buffer): void => {
      const key = name.toLowerCase();
      const list = fields.get(key);
      if (list === undefined) fields.set(key, [printed]);
      else list.push(printed);
    };
    for (const [name, printed] of this.#structural(shown)) add(name, printed);
    for (const store of owner === shown ? [owner.header] : [owner.header, shown.header]) {
      for (const entry of store.entries) {
        const key = entry.name.toLowerCase();
        if (this.#options.withoutEnvelopeLines === true && ENVELOPE_LINES.has(key)) continue;
        if (NEVER_WRITTEN.has(key) || (STRUCTURAL_FIELDS as readonly string[]).includes(key)) continue;
        add(entry.name, this.#entry(entry));
      }
    }
    return fields;
  }

  #entry(entry: HeaderEntry): string | Buffer {
    if (entry.bytes !== undefined) return entry.bytes;
    if (entry.form === 'raw' || entry.form === 'original') return printField(entry.name, entry.value);
    if (ADDRESS_FIELDS.has(entry.name.toLowerCase()))
      return `${entry.name}: ${headerAddresses(entry.value, this.#options.host.profile, this.#words)}\r\n`;
    const text = this.#words.text(entry.value);
    return text === entry.value ? printField(entry.name, text) : `${entry.name}: ${text}\r\n`;
  }

  /** Content-Type, Content-Transfer-Encoding and Content-Disposition of the part that is shown. */
  #structural(part: Part): [string, string | Buffer][] {
    if (!this.#options.mime) return [];
    const fields: [string, string | Buffer][] = [];
    const add = (name: string, make: () => string): void => {
      const original = part.header.entry(name)?.bytes;
      if (original !== undefined) fields.push([name, original]);
      else if (!part.isOpened || !part.header.isStillAbsent(name.toLowerCase())) {
        const value = make();
        if (value !== '') fields.push([name, `${name}: ${value}\r\n`]);
      }
    };
    const coded = part.isMultipart ? undefined : this.#code(part);
    add('Content-Type', () => this.#contentType(part, coded));
    // Only when the content is written as it stood may its encoding field stand as it was.
    add('Content-Transfer-Encoding', () => coded?.encoding ?? '');
    add('Content-Disposition', () => this.#disposition(part));
    return fields;
  }

  readonly #coded = new Map<Part, CodedContent>();

  #code(part: Part): CodedContent {
    let coded = this.#coded.get(part);
    if (coded === undefined) {
      coded = codeContent(part, this.#options.host);
      this.#coded.set(part, coded);
    }
    return coded;
  }

  #contentType(part: Part, coded: CodedContent | undefined): string {
    const parameters = [...part.parameters];
    if (coded?.charset !== undefined) parameters.unshift(['charset', coded.charset]);
    if (part.isMultipart) {
      const inner = part.children[0];
      if (part.mediaType === 'multipart/related' && inner !== undefined && !part.parameters.has('type'))
        parameters.push(['type', this.#shown(inner).mediaType ?? 'text/plain']);
      parameters.push(['boundary', this.#boundary(part)]);
    }
    return printParameterized(part.mediaType ?? 'text/plain', parameters, this.#parameterStyle());
  }

  #disposition(part: Part): string {
    return part.disposition === undefined
      ? ''
      : printParameterized(part.disposition, part.dispositionParameters, this.#parameterStyle());
  }

  #parameterStyle(): Parameters<typeof printParameterized>[2] {
    return this.#options.host.profile.output === 'standards'
      ? { alwaysQuote: true, separator: '\r\n ' }
      : { alwaysQuote: true, separator: '\r\n\t', nonAscii: 'rfc2047' };
  }

  readonly #boundaries = new Map<Part, string>();

  #boundary(part: Part): string {
    let boundary = this.#boundaries.get(part);
    if (boundary === undefined) {
      boundary = part.boundary ?? makeBoundary(this.#options.host, this.#multiparts);
      this.#multiparts += 1;
      this.#boundaries.set(part, boundary);
    }
    return boundary;
  }

  /** What the library itself adds. A value that the program has set wins. */
  #generate(fields: Map<string, (string | Buffer)[]>, root: Part): void {
    const { host } = this.#options;
    const { profile } = host;
    const add = (name: string, make: () => string): void => {
      if (!fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), [`${name}: ${make()}\r\n`]);
    };
    add('Date', () => this.#date());
    add('Message-ID', () => makeMessageId(host, profile, identifierHost(host)));
    const isMime = this.#options.mime && (!root.isOpened || fields.has('content-type'));
    if (isMime) add('MIME-Version', () => '1.0');
    const { receiptTo } = this.#options;
    if (receiptTo !== undefined)
      add('Disposition-Notification-To', () => headerAddresses(receiptTo, profile, this.#words));
    // Without an author the submitter is the author.
    const submitter = root.header.text('Sender');
    if (!fields.has('from') && submitter !== undefined && !root.isOpened)
      add('From', () => headerAddresses(submitter, profile, this.#words));
    if (profile.layout === 'plain' || root.isOpened) return;
    if (profile.writer === 'cdo') this.#addCdoFields(fields, add);
    if (profile.mimeOleVersion !== undefined)
      add('X-MimeOLE', () => `Produced By Microsoft MimeOLE${profile.mimeOleVersion}`);
  }

  #addCdoFields(
    fields: ReadonlyMap<string, readonly (string | Buffer)[]>,
    add: (name: string, make: () => string) => void,
  ): void {
    const { host } = this.#options;
    add('X-Mailer', () => 'Microsoft CDO for Windows 2000');
    add('Content-Class', () => 'urn:content-classes:message');
    if (host.profile.layout !== 'xp') {
      add('Thread-Index', () => makeThreadIndex(host));
      return;
    }
    add('thread-index', () => makeThreadIndex(host));
    const subject = fields.get('subject')?.[0];
    if (subject !== undefined) add('Thread-Topic', () => topicOf(subject));
    add('Importance', () => 'normal');
    add('Priority', () => 'normal');
  }

  #date(): string {
    const { host } = this.#options;
    const nowMs = host.now();
    return printDateTime(nowMs, {
      offsetMinutes: host.offsetMinutes(nowMs),
      zeroOffset: host.profile.zeroOffset,
    });
  }

  #inOrder(fields: Map<string, (string | Buffer)[]>, order: readonly string[]): Buffer[] {
    const named = new Set(order);
    const chunks: Buffer[] = [];
    let text = '';
    const settle = (): void => {
      if (text !== '') chunks.push(headerBytes(text, this.#options.host));
      text = '';
    };
    const write = (printed: string | Buffer): void => {
      if (typeof printed === 'string') text += printed;
      else {
        settle();
        chunks.push(printed);
      }
    };
    const times = new Map<string, number>();
    for (const key of order) times.set(key, (times.get(key) ?? 0) + 1);
    const taken = new Map<string, number>();
    for (const key of order) {
      if (key === '*') {
        for (const [name, list] of fields) if (!named.has(name)) list.forEach(write);
        continue;
      }
      const list = fields.get(key) ?? [];
      // An opened message names a repeated field once per occurrence: each takes the next.
      const from = taken.get(key) ?? 0;
      const until = times.get(key)! > 1 ? from + 1 : list.length;
      list.slice(from, until).forEach(write);
      taken.set(key, until);
    }
    text += '\r\n';
    settle();
    return chunks;
  }

  #content(part: Part, chunks: Buffer[]): void {
    if (!part.isMultipart) {
      chunks.push(this.#code(part).bytes);
      return;
    }
    const boundary = this.#boundary(part);
    const preamble = part.preamble ?? Buffer.from(PREAMBLE, 'latin1');
    chunks.push(preamble);
    for (const [index, child] of part.children.entries()) {
      // The line end before a boundary belongs to it; the first boundary of an opened multipart may have none.
      const lead = index === 0 && preamble.length === 0 ? '' : '\r\n';
      chunks.push(Buffer.from(`${lead}--${boundary}\r\n`, 'latin1'));
      this.part(child, chunks);
    }
    chunks.push(Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1'));
    if (part.epilogue !== undefined) chunks.push(part.epilogue);
  }
}

/** The multipart stands as it stood in the opened message. */
function isUntouched(part: Part): boolean {
  return part.header.entry('content-type')?.bytes !== undefined;
}

function topicOf(subjectField: string | Buffer): string {
  return subjectField
    .toString('utf8')
    .replace(/^[^:]*:\s*/, '')
    .replace(/\r\n$/, '');
}
