/**
 * Walks through a message in pieces and tells its structure as it goes: headers, contents of single parts, the frame around.
 * Owns: boundaries, nesting, where a content ends, in memory that does not grow with the message.
 * Leaves: what is done with the parts (downgrade).  The tree of a whole message in memory is mime-tree's.
 * Fails: never. What looks damaged is plainer structure: a missing boundary makes a single part.
 * Every byte of the message is told exactly once, in order.
 * Sources: RFC 2046 §5.1.1, §5.1.5, §5.2.1; RFC 2045 §6.4.
 */
import { type HeaderBlock, scanHeader } from './header-block.ts';
import { type ParameterizedValue, parseParameterized } from './parameters.ts';
import { findTransferEncoding, type TransferEncoding } from './transfer-encoding.ts';

export type WalkedPart = {
  /** 0 for the message itself, then in order of appearance. */
  readonly index: number;
  readonly header: HeaderBlock;
  readonly contentType: ParameterizedValue;
  /** Undefined when the field names something unknown. */
  readonly encoding: TransferEncoding | undefined;
  /** `message` is a message inside, whose header comes next. */
  readonly kind: 'single' | 'multipart' | 'message';
  /** The message itself, or a message inside another: the place of MIME-Version. */
  readonly isMessageRoot: boolean;
};

export interface MimeVisitor {
  /** The header block with its empty line, if it has one. */
  header(part: WalkedPart, raw: Buffer): void;
  /** A piece of a single part's content, as encoded in the message. Line ends before a boundary are not content. */
  content(part: WalkedPart, bytes: Buffer): void;
  contentEnd(part: WalkedPart): void;
  /** A boundary line of the multipart with this index. */
  boundary(bytes: Buffer, multipart: number): void;
  /** What is no part: the line end before a boundary, what stands before the first boundary and behind the last one. */
  filler(bytes: Buffer): void;
}

const LF = 10;
const CR = 13;
const DASH = 45;
/** A longer line is told in pieces; no boundary is as long. */
const PIECE_BYTES = 65_536;
const DEEPEST = 64;
/** Behind this many parts boundaries are content: more is an attack, not mail. */
const MOST_PARTS = 10_000;

type Level = { readonly part: number; readonly delimiter: Buffer; readonly childType: string };

export class MimeWalker {
  readonly #visitor: MimeVisitor;
  readonly #isOpaque: (index: number, type: ParameterizedValue) => boolean;
  #state: 'header' | 'content' | 'filler' = 'header';
  readonly #levels: Level[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #isMidLine = false;
  /** The line end behind the content told so far: part of the content unless a boundary follows. */
  #heldLineEnd: Buffer = Buffer.alloc(0);
  #headerLines: Buffer[] = [];
  #defaultType = 'text/plain';
  #isMessageRoot = true;
  #part: WalkedPart | undefined;
  #parts = 0;

  /** `isOpaque` names multiparts that must be taken as single parts. */
  constructor(
    visitor: MimeVisitor,
    isOpaque: (index: number, type: ParameterizedValue) => boolean = () => false,
  ) {
    this.#visitor = visitor;
    this.#isOpaque = isOpaque;
  }

  push(chunk: Uint8Array): void {
    const bytes = asBuffer(chunk);
    const joined = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    for (let end = joined.indexOf(LF); end >= 0; end = joined.indexOf(LF, at)) {
      this.#line(joined.subarray(at, end + 1));
      at = end + 1;
    }
    // A CR at the end may be half of a line end: it waits for the next piece.
    if (this.#state !== 'header' && joined.length - at > PIECE_BYTES) {
      const cut = joined[joined.length - 1] === CR ? joined.length - 1 : joined.length;
      this.#pieceOfLine(joined.subarray(at, cut));
      at = cut;
    }
    this.#rest = Buffer.from(joined.subarray(at));
  }

  end(): void {
    if (this.#rest.length > 0) this.#line(this.#rest);
    if (this.#state === 'header') this.#endHeader();
    // A message inside may begin at the very end: then its header is empty too.
    if (this.#state === 'header') this.#endHeader();
    if (this.#state === 'content') this.#endContent(undefined);
  }

  #line(line: Buffer): void {
    const isWhole = !this.#isMidLine;
    this.#isMidLine = false;
    if (isWhole && line[0] === DASH && line[1] === DASH) {
      const found = this.#findLevel(line);
      if (found !== undefined) {
        this.#boundary(line, found);
        return;
      }
    }
    if (this.#state === 'header') this.#headerLine(line);
    else if (this.#state === 'filler') this.#visitor.filler(line);
    else this.#contentLine(line);
  }

  #pieceOfLine(bytes: Buffer): void {
    this.#isMidLine = true;
    if (this.#state === 'filler') this.#visitor.filler(bytes);
    else {
      this.#tellHeld();
      this.#visitor.content(this.#part!, bytes);
    }
  }

  #contentLine(line: Buffer): void {
    this.#tellHeld();
    const ending = lineEndLength(line);
    if (line.length > ending) this.#visitor.content(this.#part!, line.subarray(0, line.length - ending));
    this.#heldLineEnd = Buffer.from(line.subarray(line.length - ending));
  }

  #tellHeld(): void {
    if (this.#heldLineEnd.length > 0) this.#visitor.content(this.#part!, this.#heldLineEnd);
    this.#heldLineEnd = Buffer.alloc(0);
  }

  /** RFC 2046 §5.1.2: a boundary of an outer multipart ends the inner ones too, so all open levels are looked at. */
  #findLevel(line: Buffer): { readonly level: number; readonly closes: boolean } | undefined {
    for (let level = this.#levels.length - 1; level >= 0; level -= 1) {
      const { delimiter } = this.#levels[level]!;
      if (!line.subarray(0, delimiter.length).equals(delimiter)) continue;
      const tail = line.toString('latin1', delimiter.length);
      if (/^--[ \t]*\r?\n?$/.test(tail)) return { level, closes: true };
      if (/^[ \t]*\r?\n?$/.test(tail) && this.#parts < MOST_PARTS) return { level, closes: false };
    }
    return undefined;
  }

  #boundary(line: Buffer, found: { readonly level: number; readonly closes: boolean }): void {
    if (this.#state === 'header') this.#endHeader();
    if (this.#state === 'header') this.#endHeader();
    if (this.#state === 'content') this.#endContent('boundary');
    this.#visitor.boundary(line, this.#levels[found.level]!.part);
    this.#levels.length = found.closes ? found.level : found.level + 1;
    if (found.closes) this.#state = 'filler';
    else this.#startHeader(this.#levels[found.level]!.childType, false);
  }

  #endContent(before: 'boundary' | undefined): void {
    if (before === undefined) this.#tellHeld();
    this.#visitor.contentEnd(this.#part!);
    if (this.#heldLineEnd.length > 0) this.#visitor.filler(this.#heldLineEnd);
    this.#heldLineEnd = Buffer.alloc(0);
    this.#state = 'filler';
  }

  #startHeader(defaultType: string, isMessageRoot: boolean): void {
    this.#state = 'header';
    this.#headerLines = [];
    this.#defaultType = defaultType;
    this.#isMessageRoot = isMessageRoot;
  }

  #headerLine(line: Buffer): void {
    if (isBlank(line)) {
      this.#headerLines.push(Buffer.from(line));
      this.#endHeader();
    } else if (isField(line) || (this.#headerLines.length > 0 && (line[0] === 32 || line[0] === 9))) {
      this.#headerLines.push(Buffer.from(line));
    } else {
      // As header-block reads it: a line that is no field is the first of the body.
      this.#endHeader();
      this.#line(line);
    }
  }

  #endHeader(): void {
    const raw = Buffer.concat(this.#headerLines);
    this.#headerLines = [];
    const header = scanHeader(raw);
    const written = header.value('content-type');
    const type = written === undefined ? undefined : parseParameterized(written);
    const contentType = type?.value.includes('/')
      ? type
      : { value: this.#defaultType, parameters: type?.parameters ?? new Map() };
    const encoding = findTransferEncoding(header.value('content-transfer-encoding') ?? '');
    const index = this.#parts;
    this.#parts += 1;
    const isMessageRoot = this.#isMessageRoot;
    const kind = this.#kindOf(index, contentType, encoding);
    const part: WalkedPart = { index, header, contentType, encoding, kind, isMessageRoot };
    this.#part = part;
    if (kind === 'single') this.#state = 'content';
    else if (kind === 'message') this.#startHeader('text/plain', true);
    else {
      const boundary = contentType.parameters.get('boundary')!;
      const childType = contentType.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
      const delimiter = Buffer.from(`--${boundary}`, /[^\x00-\xff]/.test(boundary) ? 'utf8' : 'latin1');
      this.#levels.push({ part: index, delimiter, childType });
      this.#state = 'filler';
    }
    this.#visitor.header(part, raw);
  }

  #kindOf(
    index: number,
    type: ParameterizedValue,
    encoding: TransferEncoding | undefined,
  ): WalkedPart['kind'] {
    // RFC 2045 §6.4: neither may be encoded; one that is all the same keeps its content to itself.
    const isPlain = encoding === '7bit' || encoding === '8bit' || encoding === 'binary';
    if (
      !isPlain ||
      this.#levels.length >= DEEPEST ||
      this.#parts >= MOST_PARTS ||
      this.#isOpaque(index, type)
    )
      return 'single';
    if (type.value === 'message/rfc822') return 'message';
    if (!type.value.startsWith('multipart/')) return 'single';
    return (type.parameters.get('boundary') ?? '') === '' ? 'single' : 'multipart';
  }
}

function lineEndLength(line: Buffer): number {
  if (line[line.length - 1] !== LF) return 0;
  return line[line.length - 2] === CR ? 2 : 1;
}

function isBlank(line: Buffer): boolean {
  return line.length === lineEndLength(line);
}

function isField(line: Buffer): boolean {
  return /^[!-9;-~]+[ \t]*:/.test(line.toString('latin1'));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
