/**
 * Reads a message into its tree of body parts.
 * Owns: the split at boundaries, bounds on depth and number of parts, decoding of contents.  Leaves: what parts mean (cdo).
 * Fails: never. Missing boundaries, endless nesting and bad encodings give fewer or plainer parts and a noted defect.
 * Sources: RFC 2046 §5.1 (multipart), §5.2.1 (message/rfc822), §5.1.5 (digest); RFC 2045 §5.2 (defaults).
 */
import { decodeText } from './charset.ts';
import { type HeaderBlock, scanHeader } from './header-block.ts';
import { type ParameterizedValue, parseParameterized } from './parameters.ts';
import { decodeTransfer, findTransferEncoding, type TransferEncoding } from './transfer-encoding.ts';

export type MimeDefect =
  | 'boundary-missing'
  | 'boundary-not-found'
  | 'closing-boundary-missing'
  | 'too-deep'
  | 'too-many-parts'
  | 'unknown-encoding'
  | 'encoded-multipart';

export type MimeLimits = {
  /** Deepest nesting that is taken apart; deeper multiparts stay one part. */
  readonly depth: number;
  /** Most parts of one message, all levels together. */
  readonly parts: number;
};

const USUAL_LIMITS: MimeLimits = { depth: 64, parts: 10_000 };

/** One part; the root is the message. Offsets count into the message's bytes, and nothing is copied until asked for. */
export class MimePart {
  readonly header: HeaderBlock;
  readonly contentType: ParameterizedValue;
  readonly encoding: TransferEncoding;
  /** Parts of a multipart, or the one message inside message/rfc822. */
  readonly children: MimePart[] = [];
  readonly defects: MimeDefect[] = [];
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Text before the first boundary and behind the last; empty for single parts. */
  preamble: Buffer = Buffer.alloc(0);
  epilogue: Buffer = Buffer.alloc(0);
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, header: HeaderBlock, bodyEnd: number, defaultType: string) {
    this.#bytes = bytes;
    this.header = header;
    this.bodyStart = header.bodyAt;
    this.bodyEnd = bodyEnd;
    const written = header.value('content-type');
    const type = written === undefined ? undefined : parseParameterized(written);
    // RFC 2045 §5.2: what has no readable type is plain text.
    this.contentType = type?.value.includes('/')
      ? type
      : { value: defaultType, parameters: type?.parameters ?? new Map() };
    const encoding = findTransferEncoding(header.value('content-transfer-encoding') ?? '');
    if (encoding === undefined) this.defects.push('unknown-encoding');
    this.encoding = encoding ?? '8bit';
  }

  get isMultipart(): boolean {
    return this.contentType.value.startsWith('multipart/');
  }

  get isMessage(): boolean {
    return this.contentType.value === 'message/rfc822' || this.contentType.value === 'message/global';
  }

  /** The body as it stands in the message. */
  get encodedBody(): Buffer {
    return this.#bytes.subarray(this.bodyStart, this.bodyEnd);
  }

  /** The whole part: header, blank line, body. */
  get raw(): Buffer {
    return this.#bytes.subarray(this.header.start, this.bodyEnd);
  }

  /** The content behind its transfer encoding. */
  decodedBody(): Buffer {
    return decodeTransfer(this.encodedBody, this.encoding);
  }

  /** The content as text, by the charset parameter. */
  text(): string {
    return decodeText(this.decodedBody(), this.contentType.parameters.get('charset') ?? 'us-ascii');
  }

  get disposition(): ParameterizedValue | undefined {
    const written = this.header.value('content-disposition');
    return written === undefined ? undefined : parseParameterized(written);
  }

  /** The file name of Content-Disposition, else the name of Content-Type; undefined when neither is given. */
  get fileName(): string | undefined {
    return this.disposition?.parameters.get('filename') ?? this.contentType.parameters.get('name');
  }

  /** This part and all below it, outermost first. */
  *walk(): Generator<MimePart> {
    yield this;
    for (const child of this.children) yield* child.walk();
  }
}

/** Reads the message in `bytes`, which must stay unchanged as long as the tree is used. */
export function parseMime(bytes: Buffer, limits: Partial<MimeLimits> = {}): MimePart {
  const reader: Reader = { bytes, limits: { ...USUAL_LIMITS, ...limits }, parts: 0 };
  return readPart(reader, 0, bytes.length, 'text/plain', 0);
}

type Reader = { readonly bytes: Buffer; readonly limits: MimeLimits; parts: number };

function readPart(reader: Reader, start: number, end: number, defaultType: string, depth: number): MimePart {
  reader.parts += 1;
  const part = new MimePart(reader.bytes, scanHeader(reader.bytes, start, end), end, defaultType);
  if (part.isMultipart || part.isMessage) {
    if (depth >= reader.limits.depth) part.defects.push('too-deep');
    else if (part.isMultipart) readChildren(reader, part, depth);
    else readEmbedded(reader, part, depth);
  }
  return part;
}

/** RFC 2046 §5.2.1: the message inside stands unencoded; one that was encoded all the same stays a single part. */
function readEmbedded(reader: Reader, part: MimePart, depth: number): void {
  if (part.encoding === 'base64' || part.encoding === 'quoted-printable') {
    part.defects.push('encoded-multipart');
    return;
  }
  if (reader.parts >= reader.limits.parts) part.defects.push('too-many-parts');
  else part.children.push(readPart(reader, part.bodyStart, part.bodyEnd, 'text/plain', depth + 1));
}

function readChildren(reader: Reader, part: MimePart, depth: number): void {
  const boundary = part.contentType.parameters.get('boundary');
  if (boundary === undefined || boundary === '') {
    part.defects.push('boundary-missing');
    return;
  }
  const childType = part.contentType.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  let delimiter = nextDelimiter(reader.bytes, boundary, part.bodyStart, part.bodyEnd);
  if (delimiter === undefined) {
    part.defects.push('boundary-not-found');
    return;
  }
  part.preamble = reader.bytes.subarray(part.bodyStart, Math.max(delimiter.before, part.bodyStart));
  while (!delimiter.closes) {
    if (reader.parts >= reader.limits.parts) {
      part.defects.push('too-many-parts');
      return;
    }
    const next = nextDelimiter(reader.bytes, boundary, delimiter.after, part.bodyEnd);
    const childEnd = next === undefined ? part.bodyEnd : Math.max(next.before, delimiter.after);
    part.children.push(readPart(reader, delimiter.after, childEnd, childType, depth + 1));
    if (next === undefined) {
      part.defects.push('closing-boundary-missing');
      return;
    }
    delimiter = next;
  }
  part.epilogue = reader.bytes.subarray(delimiter.after, part.bodyEnd);
}

type Delimiter = {
  /** Where the line end before the delimiter begins: it belongs to the delimiter (RFC 2046 §5.1.1). */
  readonly before: number;
  /** The first byte behind the delimiter line. */
  readonly after: number;
  readonly closes: boolean;
};

/** The next line that is the boundary, from `start` on, which must be the beginning of a line. */
function nextDelimiter(bytes: Buffer, boundary: string, start: number, end: number): Delimiter | undefined {
  const mark = Buffer.from(`--${boundary}`, /[^\x00-\xff]/.test(boundary) ? 'utf8' : 'latin1');
  for (
    let at = bytes.indexOf(mark, start);
    at >= 0 && at + mark.length <= end;
    at = bytes.indexOf(mark, at + 1)
  ) {
    if (at !== start && bytes[at - 1] !== 10) continue;
    let rest = at + mark.length;
    const closes = bytes[rest] === 45 && bytes[rest + 1] === 45 && rest + 2 <= end;
    if (closes) rest += 2;
    while (rest < end && (bytes[rest] === 32 || bytes[rest] === 9)) rest += 1;
    if (rest < end && bytes[rest] === 13) rest += 1;
    if (rest < end && bytes[rest] !== 10) continue;
    let before = at;
    if (before > start && bytes[before - 1] === 10) before -= 1;
    if (before > start && bytes[before - 1] === 13) before -= 1;
    return { before, after: Math.min(rest + 1, end), closes };
  }
  return undefined;
}
