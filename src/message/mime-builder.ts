/**
 * Writes a tree of body parts.
 * Owns: boundaries, the order header – blank line – body, line ends between parts.  Leaves: encodings and fields (callers).
 * Fails: never; a boundary that occurs in a content is the caller's mistake, `makeBoundary` makes that practically impossible.
 * Sources: RFC 2046 §5.1.1.
 */
import { randomBytes } from 'node:crypto';

/** A part to write. Fields are complete printed lines (`printField`), Content-Type with its boundary parameter included. */
export type MimeNode = {
  readonly fields: readonly string[];
  readonly body: Buffer | MimeMultipart;
};

export type MimeMultipart = {
  readonly boundary: string;
  readonly parts: readonly MimeNode[];
  /** A line for readers without MIME, before the first boundary; with its line end. */
  readonly preamble?: string;
};

/** A boundary nobody else uses. */
export function makeBoundary(): string {
  return `=_${randomBytes(16).toString('hex')}`;
}

/** The message in pieces, in order. Contents are not copied. */
export function printMime(node: MimeNode): Buffer[] {
  const chunks: Buffer[] = [];
  printNode(node, chunks);
  return chunks;
}

/** The message as one Buffer. */
export function printMimeWhole(node: MimeNode): Buffer {
  return Buffer.concat(printMime(node));
}

function printNode(node: MimeNode, chunks: Buffer[]): void {
  chunks.push(Buffer.from(`${node.fields.join('')}\r\n`, 'utf8'));
  if (Buffer.isBuffer(node.body)) {
    chunks.push(node.body);
    return;
  }
  const { boundary, parts, preamble } = node.body;
  if (preamble !== undefined) chunks.push(Buffer.from(preamble, 'utf8'));
  for (const [index, part] of parts.entries()) {
    // The line end before a boundary belongs to the boundary; the first needs one only behind a preamble's own.
    const lead = index === 0 ? (preamble === undefined ? '' : '\r\n') : '\r\n';
    chunks.push(Buffer.from(`${lead}--${boundary}\r\n`, 'latin1'));
    printNode(part, chunks);
  }
  chunks.push(Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1'));
}
