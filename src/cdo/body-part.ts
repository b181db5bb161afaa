/**
 * BodyPart and BodyParts: the parts of a message as programs see them.
 * Owns: their members.  Leaves: the tree (part.ts, structure.ts), writing (print-message.ts).
 * Sources: reference A1.3, A6.4.
 */
import { encodeTransfer, findCharset, findTransferEncoding } from '../message/index.ts';
import { DataSource } from './data-source.ts';
import { CdoError, fileError } from './errors.ts';
import { Fields } from './fields.ts';
import type { CdoHost } from './host.ts';
import { clearPart, openMessage } from './open-message.ts';
import { Part } from './part.ts';
import { type BodyTexts, fieldParameter, partFields } from './part-fields.ts';
import { printPart } from './print-message.ts';
import { ask, runAsync, type Steps } from './steps.ts';
import { AD_TYPE_BINARY, AD_TYPE_TEXT, Stream } from './stream.ts';

/** The surroundings that body parts share with their message. */
export interface PartContext {
  readonly host: CdoHost;
  /** The one BodyPart of a part. */
  bodyPart(part: Part): BodyPart;
  /** The message's bodies, for the fields of its root. */
  readonly bodies?: BodyTexts;
  readonly root: Part;
  /** The message's own data source, which is that of its root part. */
  rootDataSource(): DataSource;
}

export class BodyPart {
  readonly part: Part;
  readonly #context: PartContext;
  #fields: Fields | undefined;
  #children: BodyParts | undefined;
  #dataSource: DataSource | undefined;

  constructor(part: Part, context: PartContext) {
    this.part = part;
    this.#context = context;
  }

  get host(): CdoHost {
    return this.#context.host;
  }

  /** The children, live. */
  get bodyParts(): BodyParts {
    this.#children ??= new BodyParts(this.#context, {
      list: () => this.part.children,
      add: (index) => this.#addChild(index),
    });
    return this.#children;
  }

  get fields(): Fields {
    this.#fields ??= new Fields(
      partFields(this.part, this.host, this.part === this.#context.root ? this.#context.bodies : undefined),
    );
    return this.#fields;
  }

  /** True while field values wait for Update. */
  get hasPendingFields(): boolean {
    return this.#fields?.hasPending ?? false;
  }

  get parent(): BodyPart | undefined {
    return this.part.parent === undefined ? undefined : this.#context.bodyPart(this.part.parent);
  }

  get dataSource(): DataSource {
    if (this.part === this.#context.root) return this.#context.rootDataSource();
    this.#dataSource ??= new DataSource(
      {
        host: this.host,
        open: (bytes) => {
          clearPart(this.part);
          openMessage(this.part, Buffer.from(bytes));
        },
        toBuffer: () => this.toBytes(),
        toChunks: (host) => printPart(this.part, { host, promote: false, mime: true }),
      },
      this,
    );
    return this.#dataSource;
  }

  get fileName(): string {
    return this.part.fileName;
  }

  get contentMediaType(): string {
    return this.part.mediaType ?? 'text/plain';
  }

  /** Parameters may stand in the text: `application/pkcs7-mime; smime-type=signed-data`. */
  set contentMediaType(written: string) {
    this.part.setContentType(written);
  }

  get contentTransferEncoding(): string {
    const { part } = this;
    if (part.encoding !== undefined) return part.encoding;
    return part.content.kind === 'encoded' ? part.content.encoding : '7bit';
  }

  set contentTransferEncoding(written: string) {
    const encoding = written.trim().toLowerCase();
    const isKnown =
      encoding === 'mac-binhex40' || (encoding !== '' && findTransferEncoding(encoding) !== undefined);
    if (!isKnown)
      throw new CdoError('CDO_E_INVALID_ENCODING_TYPE', { hint: `'${written}' is not an encoding of MIME.` });
    const isComposite = this.part.isMultipart || this.part.mediaType?.startsWith('message/') === true;
    if (isComposite && !['7bit', '8bit', 'binary'].includes(encoding))
      throw new CdoError('CDO_E_INVALID_ENCODING_FOR_MULTIPART', { hint: `'${written}' was asked for.` });
    this.part.setEncoding(findTransferEncoding(encoding) ?? encoding);
  }

  get charset(): string {
    return this.part.charset ?? 'us-ascii';
  }

  set charset(charset: string) {
    if (findCharset(charset) === undefined)
      throw new CdoError('CDO_E_INVALID_CHARSET', { hint: `'${charset}' is not known here.` });
    this.part.setCharset(charset, this.host.ansiCharset);
  }

  get contentClass(): string {
    const usual = this.part.parent === undefined ? 'urn:content-classes:message' : '';
    return this.part.header.text('content-class') ?? usual;
  }

  set contentClass(name: string) {
    this.part.header.set('Content-Class', name, 'text');
  }

  /** A new part below this one, at a one-based index or (-1) behind the others; a single part becomes multipart/mixed. */
  addBodyPart(index = -1): BodyPart {
    return this.#context.bodyPart(this.#addChild(index));
  }

  #addChild(index: number): Part {
    if (!this.part.isMultipart) {
      if (this.part.isFresh) this.part.setMediaType('multipart/mixed');
      else this.part.pushDown('multipart/mixed');
    }
    const child = new Part();
    this.part.insert(
      child,
      index < 1 ? this.part.children.length : Math.min(index - 1, this.part.children.length),
    );
    return child;
  }

  getFieldParameter(field: string, parameter: string): string {
    return fieldParameter(partFields(this.part, this.host), field, parameter) ?? '';
  }

  /** The decoded content; Flush writes it back. */
  getDecodedContentStream(): Stream {
    this.#refuseMultipart();
    const { part, host } = this;
    const isText = part.isText && part.disposition !== 'attachment';
    const charset = part.charset ?? (host.profile.output === 'standards' ? 'utf-8' : host.ansiCharset);
    return this.#stream({
      bytes: part.bytes(charset),
      charset: isText ? charset : 'us-ascii',
      type: isText ? AD_TYPE_TEXT : AD_TYPE_BINARY,
      commit: (bytes) => {
        part.content = isText
          ? { kind: 'text', text: findCharset(charset)!.decode(bytes) }
          : { kind: 'bytes', bytes };
      },
    });
  }

  /** The content as it is transferred. */
  getEncodedContentStream(): Stream {
    this.#refuseMultipart();
    const { part } = this;
    const encoding = findTransferEncoding(this.contentTransferEncoding) ?? '7bit';
    const plain = part.bytes(this.host.ansiCharset);
    const bytes =
      part.content.kind === 'encoded'
        ? part.content.bytes
        : encoding === 'uuencode'
          ? plain
          : encodeTransfer(plain, encoding, part.isText ? 'text' : 'binary');
    return this.#stream({
      bytes,
      charset: 'us-ascii',
      type: AD_TYPE_TEXT,
      commit: (written) => {
        part.content = { kind: 'encoded', bytes: written, encoding: this.contentTransferEncoding };
      },
    });
  }

  /** Header and encoded content. */
  getStream(): Stream {
    return this.#stream({ bytes: this.toBytes(), charset: 'us-ascii', type: AD_TYPE_TEXT, commit: () => {} });
  }

  #stream(
    origin: ConstructorParameters<typeof Stream>[0] extends { origin?: infer O } | undefined
      ? NonNullable<O>
      : never,
  ): Stream {
    return new Stream({ origin, files: this.host });
  }

  #refuseMultipart(): void {
    if (this.part.isMultipart) throw new CdoError('CDO_E_MULTIPART_NO_DATA');
  }

  /** Header and encoded content. */
  toBytes(): Buffer {
    return Buffer.concat(printPart(this.part, { host: this.host, promote: false, mime: true }));
  }

  /** Bytes for TypeScript: the decoded content. */
  content(): Buffer {
    this.#refuseMultipart();
    return this.part.bytes(this.part.charset ?? 'utf-8');
  }

  /** Replaces the content by bytes, or text. */
  setContent(content: Uint8Array | string): void {
    this.part.content =
      typeof content === 'string'
        ? { kind: 'text', text: content.replace(/\r\n|\r|\n/g, '\r\n') }
        : { kind: 'bytes', bytes: Buffer.from(content) };
  }

  *saveToFileSteps(path: string): Steps<void> {
    this.#refuseMultipart();
    const mapped = this.host.mapPath(path);
    const bytes = this.part.bytes(this.part.charset ?? this.host.ansiCharset);
    try {
      yield* ask('file.write', { path: mapped, bytes, existing: 'replace' });
    } catch (failure) {
      throw fileError(failure, mapped, 'ERROR_PATH_NOT_FOUND');
    }
  }

  /** Writes the decoded content to a file, replacing one of that name. */
  saveToFile(path: string): Promise<void> {
    return runAsync(this.saveToFileSteps(path), this.host.perform);
  }
}

/** How a collection of parts lists and adds. */
export type PartList = {
  readonly list: () => readonly Part[];
  /** Index as in `add`: one-based, -1 behind the others. */
  readonly add: (index: number) => Part;
};

export class BodyParts implements Iterable<BodyPart> {
  readonly #context: PartContext;
  readonly #parts: PartList;

  constructor(context: PartContext, parts: PartList) {
    this.#context = context;
    this.#parts = parts;
  }

  get count(): number {
    return this.#parts.list().length;
  }

  /** One-based. */
  item(index: number): BodyPart {
    const part = this.#parts.list()[index - 1];
    if (part === undefined)
      throw new CdoError('CDO_E_NOT_FOUND', {
        hint: `There are ${this.count} parts; ${index} was asked for.`,
      });
    return this.#context.bodyPart(part);
  }

  add(index = -1): BodyPart {
    return this.#context.bodyPart(this.#parts.add(index));
  }

  delete(which: number | BodyPart): void {
    const part = typeof which === 'number' ? this.item(which).part : which.part;
    if (!this.#parts.list().includes(part)) throw new CdoError('CDO_E_NOT_FOUND');
    if (part.parent === undefined)
      throw new CdoError('CDO_E_UNSAFE_OPERATION', { hint: 'The part is the message itself.' });
    part.detach();
  }

  deleteAll(): void {
    for (const part of [...this.#parts.list()]) if (part.parent !== undefined) part.detach();
  }

  *[Symbol.iterator](): Iterator<BodyPart> {
    for (const part of [...this.#parts.list()]) yield this.#context.bodyPart(part);
  }
}
