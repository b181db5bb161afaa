/**
 * Re-encodes a message for a next hop that takes less than the message needs: no 8-bit bodies, or no binary ones.
 * Owns: which part gets which transfer encoding, the rewriting, in memory that does not grow with the message.
 * Leaves: structure (mime-walker), header fields (downgrade-header), whether it is needed at all (delivery).
 * The content behind the encodings stays the same byte for byte; what cannot be kept is told in the notes.
 * Fails: rejects only when the body itself cannot be read.
 *
 * A large message is read three times: to survey its parts, to learn the new size, and to send it.
 * Sources: RFC 6152 §3; RFC 2045 §6; RFC 2046 §5; RFC 3030 §3; RFC 5322 §2.1.1; RFC 1847 §2.1; RFC 6376 §5.3.
 */
import { isAscii } from 'node:buffer';
import { labelFor, rewriteHeader } from './downgrade-header.ts';
import { type MimeVisitor, MimeWalker, type WalkedPart } from './mime-walker.ts';
import type { ParameterizedValue } from './parameters.ts';
import { type PieceCoder, transferEncoder } from './transfer-encoding.ts';

/** A readable body, as the queue and the SMTP client know it. */
export type ReadableBody = {
  readonly bytes: number;
  readonly small: Uint8Array | undefined;
  chunks(): AsyncIterable<Uint8Array>;
};

/** What the next hop can take: ASCII in lines, or any bytes in lines (8BITMIME without BINARYMIME). */
export type DowngradeTarget = '7bit' | '8bit';

export type DowngradeNotes = {
  /** Parts that got another transfer encoding. */
  readonly parts: number;
  /** Header fields that were encoded. */
  readonly fields: number;
  /** Signatures that a verifier will find broken now. */
  readonly brokenSignatures: readonly ('dkim' | 'multipart/signed')[];
  /** Addresses in header fields whose local-part could not be written in ASCII. */
  readonly lostAddresses: number;
};

export type DowngradedBody = ReadableBody & { readonly notes: DowngradeNotes };

/** RFC 5322 §2.1.1 */
const LONGEST_LINE = 998;

export async function downgradeBody(body: ReadableBody, target: DowngradeTarget): Promise<DowngradedBody> {
  const survey = new Survey(target);
  const surveyor = new MimeWalker(survey, isUnusableMultipart);
  for await (const chunk of pieces(body)) surveyor.push(chunk);
  surveyor.end();

  if (body.small !== undefined) {
    const rewriter = new Rewriter(survey, target);
    const bytes = Buffer.concat([rewriter.push(body.small), rewriter.end()]);
    return {
      bytes: bytes.length,
      small: bytes,
      async *chunks() {
        yield bytes;
      },
      notes: rewriter.notes(),
    };
  }

  async function* chunks(rewriter = new Rewriter(survey, target)): AsyncGenerator<Buffer> {
    for await (const chunk of body.chunks()) {
      const out = rewriter.push(chunk);
      if (out.length > 0) yield out;
    }
    const out = rewriter.end();
    if (out.length > 0) yield out;
  }
  const measuring = new Rewriter(survey, target);
  let bytes = 0;
  for await (const chunk of chunks(measuring)) bytes += chunk.length;
  return { bytes, small: undefined, chunks: () => chunks(), notes: measuring.notes() };
}

async function* pieces(body: ReadableBody): AsyncGenerator<Uint8Array> {
  if (body.small === undefined) yield* body.chunks();
  else yield body.small;
}

/** A boundary outside ASCII cannot be written in 7 bits; such a multipart travels as one part. */
function isUnusableMultipart(_: number, type: ParameterizedValue): boolean {
  return /[^\x20-\x7e]/.test(type.parameters.get('boundary') ?? '');
}

/** What is known of one part after the first reading. */
type Findings = {
  eightBit: boolean;
  /** NUL, CR or LF alone: what no text may hold. */
  binary: boolean;
  longLines: boolean;
  isUtf8: boolean;
  bytes: number;
  /** Bytes that quoted-printable would write as three. */
  escapes: number;
  hasBoundary: boolean;
  kind: WalkedPart['kind'];
};

/** First reading: what is in each part. */
class Survey implements MimeVisitor {
  readonly findings: Findings[] = [];
  /** The charset of the first text that names one: the best guess for raw header fields. */
  charset: string | undefined;
  readonly signatures = new Set<'dkim' | 'multipart/signed'>();
  readonly #target: DowngradeTarget;
  #lineLength = 0;
  #decoder: TextDecoder | undefined;

  constructor(target: DowngradeTarget) {
    this.#target = target;
  }

  header(part: WalkedPart): void {
    this.findings[part.index] = {
      eightBit: false,
      binary: false,
      longLines: false,
      isUtf8: true,
      bytes: 0,
      escapes: 0,
      hasBoundary: false,
      kind: part.kind,
    };
    if (part.contentType.value === 'multipart/signed') this.signatures.add('multipart/signed');
    if (part.index === 0 && part.header.fields.some(({ key }) => key === 'dkim-signature'))
      this.signatures.add('dkim');
    if (part.contentType.value.startsWith('text/'))
      this.charset ??= part.contentType.parameters.get('charset');
    this.#lineLength = 0;
    this.#decoder = new TextDecoder('utf-8', { fatal: true });
  }

  content(part: WalkedPart, bytes: Buffer): void {
    const found = this.findings[part.index]!;
    found.bytes += bytes.length;
    if (bytes[bytes.length - 1] === 10) {
      if (bytes.length === 1) found.binary = true;
      this.#lineLength = 0;
    } else {
      this.#lineLength += bytes.length;
      if (this.#lineLength > LONGEST_LINE) found.longLines = true;
      this.#inspect(found, bytes);
    }
    this.#checkUtf8(found, bytes, { stream: true });
  }

  #inspect(found: Findings, bytes: Buffer): void {
    if (!isAscii(bytes)) found.eightBit = true;
    for (const byte of bytes) {
      if (byte === 0 || byte === 13) found.binary = true;
      if (byte > 126 || byte === 61 || (byte < 32 && byte !== 9)) found.escapes += 1;
    }
  }

  #checkUtf8(found: Findings, bytes: Buffer, options: { stream: boolean }): void {
    if (!found.isUtf8) return;
    try {
      this.#decoder?.decode(bytes, options);
    } catch {
      found.isUtf8 = false;
    }
  }

  contentEnd(part: WalkedPart): void {
    this.#checkUtf8(this.findings[part.index]!, Buffer.alloc(0), { stream: false });
  }

  boundary(_: Buffer, multipart: number): void {
    this.findings[multipart]!.hasBoundary = true;
  }

  /** What stands before the first boundary counts as content as long as none has come: there may never be one. */
  filler(bytes: Buffer): void {
    const last = this.findings.at(-1);
    if (last?.kind !== 'multipart' || last.hasBoundary) return;
    if (!isAscii(bytes)) last.eightBit = true;
    this.#checkUtf8(last, bytes, { stream: true });
  }

  /** Boundaries never came: all of it would be taken for a preamble, which nobody shows. */
  isHollow(index: number): boolean {
    const found = this.findings[index];
    return found?.kind === 'multipart' && !found.hasBoundary;
  }

  /** What the part must become; undefined leaves its content alone. */
  treatment(part: WalkedPart): Treatment | undefined {
    const found = this.findings[part.index]!;
    if (part.kind !== 'single') return undefined;
    // The survey walked over a hollow multipart as filler, and knows little of it.
    if (found.kind === 'multipart') return found.eightBit && this.#target === '7bit' ? 'base64' : undefined;
    const unfit = (found.eightBit && this.#target === '7bit') || found.binary || found.longLines;
    if (!unfit) return undefined;
    if (part.encoding === 'quoted-printable') return 'mend-quoted-printable';
    if (part.encoding === 'base64') return 'mend-base64';
    // Each escape costs two more bytes; base64 costs one third of everything.
    const isText = /^(text|message|multipart)\//.test(part.contentType.value);
    return isText && !found.binary && found.escapes * 6 <= found.bytes ? 'quoted-printable' : 'base64';
  }
}

type Treatment = 'quoted-printable' | 'base64' | 'mend-quoted-printable' | 'mend-base64';

/** Second reading: the message as it will be sent. */
class Rewriter implements MimeVisitor {
  readonly #survey: Survey;
  readonly #target: DowngradeTarget;
  readonly #walker: MimeWalker;
  #out: Buffer[] = [];
  #coder: PieceCoder | undefined;
  #parts = 0;
  #fields = 0;
  #lostAddresses = 0;
  #labels = 0;

  constructor(survey: Survey, target: DowngradeTarget) {
    this.#survey = survey;
    this.#target = target;
    this.#walker = new MimeWalker(
      this,
      (index, type) => isUnusableMultipart(index, type) || survey.isHollow(index),
    );
  }

  push(chunk: Uint8Array): Buffer {
    this.#walker.push(chunk);
    return this.#take();
  }

  end(): Buffer {
    this.#walker.end();
    return this.#take();
  }

  #take(): Buffer {
    const out = Buffer.concat(this.#out);
    this.#out = [];
    return out;
  }

  notes(): DowngradeNotes {
    const isChanged = this.#parts + this.#fields + this.#labels > 0;
    return {
      parts: this.#parts,
      fields: this.#fields,
      brokenSignatures: isChanged ? [...this.#survey.signatures].sort() : [],
      lostAddresses: this.#lostAddresses,
    };
  }

  header(part: WalkedPart, raw: Buffer): void {
    const treatment = this.#survey.treatment(part);
    this.#coder = treatment === undefined ? undefined : coderFor(treatment);
    if (treatment !== undefined) this.#parts += 1;
    const transferEncoding = this.#newEncoding(part, treatment);
    const contentType = this.#newType(part, treatment);
    const isLabelled = transferEncoding !== undefined || contentType !== undefined;
    if (isLabelled) this.#labels += 1;
    const rewritten = rewriteHeader(part.header, raw, {
      ...(transferEncoding === undefined ? {} : { transferEncoding }),
      ...(contentType === undefined ? {} : { contentType }),
      needsMimeVersion: part.isMessageRoot && isLabelled,
      encodesText: this.#target === '7bit',
      ...(this.#survey.charset === undefined ? {} : { charset: this.#survey.charset }),
    });
    this.#fields += rewritten.encodedFields;
    this.#lostAddresses += rewritten.lostAddresses;
    this.#out.push(rewritten.bytes);
  }

  /** RFC 2045 §6.2: the label says what is really there, for single parts and for all that enclose them. */
  #newEncoding(part: WalkedPart, treatment: Treatment | undefined): string | undefined {
    if (treatment === 'quoted-printable' || treatment === 'base64') return treatment;
    if (part.encoding === 'binary' || (part.encoding === '8bit' && this.#target === '7bit'))
      return this.#target;
    return undefined;
  }

  #newType(part: WalkedPart, treatment: Treatment | undefined): string | undefined {
    if (treatment !== 'quoted-printable' && treatment !== 'base64') return undefined;
    const isUnlabelled = part.isMessageRoot && part.header.first('content-type') === undefined;
    // A multipart must not be encoded (RFC 2045 §6.4): without parts it is a text, and is called one.
    if (!isUnlabelled && !part.contentType.value.startsWith('multipart/')) return undefined;
    const found = this.#survey.findings[part.index]!;
    return `text/plain; charset=${labelFor(found.isUtf8 && found.eightBit)}`;
  }

  content(_: WalkedPart, bytes: Buffer): void {
    this.#out.push(this.#coder === undefined ? Buffer.from(bytes) : this.#coder.push(bytes));
  }

  contentEnd(): void {
    if (this.#coder !== undefined) this.#out.push(this.#coder.end());
    this.#coder = undefined;
  }

  boundary(bytes: Buffer): void {
    this.#out.push(Buffer.from(bytes));
  }

  filler(bytes: Buffer): void {
    this.#out.push(this.#target === '7bit' && !isAscii(bytes) ? questionMarks(bytes) : Buffer.from(bytes));
  }
}

function coderFor(treatment: Treatment): PieceCoder {
  if (treatment === 'mend-quoted-printable') return new Mender({ escapes: true });
  if (treatment === 'mend-base64') return new Mender({ escapes: false });
  return transferEncoder(treatment, treatment === 'base64' ? 'binary' : 'text');
}

/** What stands outside of all parts is shown to nobody, and has no encoding. */
function questionMarks(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => (byte > 127 || byte === 0 ? 63 : byte)));
}

const HEX = '0123456789ABCDEF';
/** Far below the limit, so that an escape always fits. */
const MENDED_LINE = 900;

/**
 * Content that calls itself quoted-printable or base64 and holds what neither may: other bytes and overlong lines.
 * Quoted-printable gets escapes and soft breaks; from base64 the strange bytes go, as every decoder would skip them.
 */
class Mender implements PieceCoder {
  readonly #escapes: boolean;
  #column = 0;
  /** Bytes of an escape still to come: it must not be broken. */
  #insideEscape = 0;

  constructor(options: { readonly escapes: boolean }) {
    this.#escapes = options.escapes;
  }

  push(chunk: Uint8Array): Buffer {
    const out: number[] = [];
    for (const byte of chunk) {
      const isLineEnd = byte === 10 || byte === 13;
      if (this.#column >= MENDED_LINE && this.#insideEscape === 0 && !isLineEnd) this.#break(out);
      if (byte > 126 || byte === 0) {
        if (this.#escapes) out.push(61, HEX.charCodeAt(byte >> 4), HEX.charCodeAt(byte & 15));
        this.#column += 3;
      } else {
        out.push(byte);
        this.#column += 1;
      }
      if (this.#insideEscape > 0) this.#insideEscape -= 1;
      if (this.#escapes && byte === 61) this.#insideEscape = 2;
      if (isLineEnd) {
        this.#column = 0;
        this.#insideEscape = 0;
      }
    }
    return Buffer.from(out);
  }

  end(): Buffer {
    return Buffer.alloc(0);
  }

  #break(out: number[]): void {
    if (this.#escapes) out.push(61);
    out.push(13, 10);
    this.#column = 0;
  }
}
