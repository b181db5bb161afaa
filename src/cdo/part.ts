/**
 * One body part while it is edited: header, type, content, children.
 * Owns: the tree and the content in its three states (text, bytes, as it stood in an opened message).
 * Leaves: which parts are body and attachments (structure.ts), encodings when written (content-coding.ts).
 */
import {
  decodeText,
  decodeTransfer,
  findCharset,
  findTransferEncoding,
  parseParameterized,
  printParameterized,
} from '../message/index.ts';
import { HeaderStore } from './header-store.ts';

export type PartContent =
  /** Text that is put into its charset when it is written. */
  | { readonly kind: 'text'; readonly text: string }
  /** Content before any transfer encoding. */
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** As it stood in the opened message, transfer encoding included. */
  | { readonly kind: 'encoded'; readonly bytes: Buffer; readonly encoding: string };

const EMPTY: PartContent = { kind: 'bytes', bytes: Buffer.alloc(0) };

export class Part {
  parent: Part | undefined;
  readonly header = new HeaderStore();
  readonly children: Part[] = [];
  /** Undefined until somebody says what the part is; written as text/plain. */
  mediaType: string | undefined;
  /** Of Content-Type, without charset and boundary. */
  parameters = new Map<string, string>();
  charset: string | undefined;
  /** The boundary of an opened multipart; a new one is made when undefined. */
  boundary: string | undefined;
  /** The transfer encoding somebody asked for; undefined: chosen when written. */
  encoding: string | undefined;
  disposition: string | undefined;
  dispositionParameters = new Map<string, string>();
  /** Read from a message: what stood there is written again as it stood, and nothing is added to it. */
  isOpened = false;
  /** Text that AutoGenerateTextBody made. */
  isGenerated = false;
  /** Around the children of an opened multipart. */
  preamble: Buffer | undefined;
  epilogue: Buffer | undefined;
  #content: PartContent = EMPTY;

  get content(): PartContent {
    return this.#content;
  }

  set content(content: PartContent) {
    this.#content = content;
    this.header.invalidate('content-transfer-encoding');
  }

  get isMultipart(): boolean {
    return this.mediaType?.startsWith('multipart/') ?? false;
  }

  get isText(): boolean {
    return this.mediaType === undefined || this.mediaType.startsWith('text/');
  }

  /** Nothing was said about it yet: no type, no content, no children. */
  get isFresh(): boolean {
    return this.mediaType === undefined && this.children.length === 0 && this.isEmpty;
  }

  get isEmpty(): boolean {
    return this.#content.kind === 'text' ? this.#content.text === '' : this.#content.bytes.length === 0;
  }

  get root(): Part {
    let part: Part = this;
    while (part.parent !== undefined) part = part.parent;
    return part;
  }

  /** Takes type and parameters as Content-Type writes them. */
  setContentType(written: string): void {
    const { value, parameters } = parseParameterized(written);
    this.mediaType = value === '' ? undefined : value;
    this.parameters = new Map(parameters);
    this.boundary = this.parameters.get('boundary');
    this.parameters.delete('boundary');
    const charset = this.parameters.get('charset');
    this.parameters.delete('charset');
    if (charset !== undefined) this.charset = charset;
    this.header.invalidate('content-type');
  }

  setMediaType(mediaType: string): void {
    this.mediaType = mediaType;
    this.header.invalidate('content-type');
  }

  setParameter(name: string, value: string | undefined): void {
    if (value === undefined) this.parameters.delete(name);
    else this.parameters.set(name, value);
    this.header.invalidate('content-type');
  }

  /** Text that is already there keeps its meaning: it is read by the old charset and written by the new one. */
  setCharset(charset: string | undefined, fallback: string): void {
    if (this.isText && this.#content.kind !== 'text' && !this.isEmpty) {
      this.#content = { kind: 'text', text: this.text(fallback) };
      if (this.encoding === undefined) this.header.invalidate('content-transfer-encoding');
    }
    this.charset = charset;
    this.header.invalidate('content-type');
  }

  setEncoding(encoding: string | undefined): void {
    if (this.#content.kind === 'encoded') this.#content = { kind: 'bytes', bytes: this.bytes('us-ascii') };
    this.encoding = encoding;
    this.header.invalidate('content-transfer-encoding');
  }

  setDisposition(written: string): void {
    const { value, parameters } = parseParameterized(written);
    this.disposition = value === '' ? undefined : value;
    this.dispositionParameters = new Map(parameters);
    this.header.invalidate('content-disposition');
  }

  contentTypeText(): string {
    const charset =
      this.charset === undefined || this.isMultipart ? [] : [['charset', this.charset] as const];
    return printParameterized(this.mediaType ?? 'text/plain', [...charset, ...this.parameters], {
      alwaysQuote: true,
    });
  }

  dispositionText(): string {
    if (this.disposition === undefined) return '';
    return printParameterized(this.disposition, this.dispositionParameters, { alwaysQuote: true });
  }

  /** The last segment of the name that stands in the message: programs save under it, and it may come from anybody. */
  get fileName(): string {
    const written = this.dispositionParameters.get('filename') ?? this.parameters.get('name') ?? '';
    return written.split(/[\\/]/).at(-1)!;
  }

  /** The content as text; bytes that no charset explains are read by `fallback`, the ANSI code page. */
  text(fallback: string): string {
    if (this.#content.kind === 'text') return this.#content.text;
    const charset = this.charset ?? 'us-ascii';
    const bytes = this.bytes(fallback);
    return decodeText(
      bytes,
      /^us-ascii$/i.test(charset) && bytes.some((byte) => byte > 127) ? fallback : charset,
    );
  }

  /** The content without transfer encoding; text in `charset` when it has none of its own. */
  bytes(charset: string): Buffer {
    if (this.#content.kind === 'bytes') return this.#content.bytes;
    if (this.#content.kind === 'text') return encodeText(this.#content.text, this.charset ?? charset);
    return decodeTransfer(this.#content.bytes, findTransferEncoding(this.#content.encoding) ?? '8bit');
  }

  /** Puts `child` at `index` (the end when absent) and takes it from where it was. */
  insert(child: Part, index = this.children.length): void {
    child.detach();
    child.parent = this;
    this.children.splice(index, 0, child);
  }

  /** Removes the part from its parent; it becomes a root of its own. */
  detach(): void {
    const siblings = this.parent?.children;
    if (siblings !== undefined) siblings.splice(siblings.indexOf(this), 1);
    this.parent = undefined;
  }

  /** Makes the part a multipart whose first child is what the part was; header fields that are no content stay here. */
  pushDown(multipartType: string): Part {
    const child = new Part();
    child.mediaType = this.mediaType;
    child.parameters = this.parameters;
    child.charset = this.charset;
    child.boundary = this.boundary;
    child.encoding = this.encoding;
    child.disposition = this.disposition;
    child.dispositionParameters = this.dispositionParameters;
    child.isGenerated = this.isGenerated;
    child.preamble = this.preamble;
    child.epilogue = this.epilogue;
    child.#content = this.#content;
    for (const grandchild of [...this.children]) child.insert(grandchild);
    this.#becomeMultipart(multipartType);
    this.insert(child);
    return child;
  }

  #becomeMultipart(multipartType: string): void {
    this.mediaType = multipartType;
    this.parameters = new Map();
    this.boundary = undefined;
    this.encoding = undefined;
    this.disposition = undefined;
    this.dispositionParameters = new Map();
    this.isGenerated = false;
    this.preamble = undefined;
    this.epilogue = undefined;
    this.#content = EMPTY;
    for (const name of STRUCTURAL_FIELDS) this.header.invalidate(name);
  }

  /** This part and all below, outermost first. */
  *walk(): Generator<Part> {
    yield this;
    for (const child of this.children) yield* child.walk();
  }
}

/** Fields that are kept apart from the others because the structure decides them. */
export const STRUCTURAL_FIELDS = [
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
] as const;

/** Text in a charset; one that is not known here writes the text as UTF-8. */
export function encodeText(text: string, charsetName: string): Buffer {
  return (findCharset(charsetName) ?? findCharset('utf-8')!).encode(text);
}
