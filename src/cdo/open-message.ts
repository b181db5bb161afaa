/**
 * Reads a message's bytes into parts that can be edited.
 * Owns: carrying the parsed tree over, keeping untouched fields and contents byte for byte, uuencoded attachments.
 * Leaves: MIME parsing (message).
 * Fails: never; damaged messages give fewer parts.
 */
import { findUuBlocks, type MimePart, parseMime } from '../message/index.ts';
import { Part, STRUCTURAL_FIELDS } from './part.ts';

/** Fills `root`, which must be empty, with the message in `bytes`. True: the message is MIME; false: older, uuencoded or plain. */
export function openMessage(root: Part, bytes: Buffer): boolean {
  const parsed = parseMime(bytes);
  carry(parsed, root);
  const isMime =
    parsed.header.first('mime-version') !== undefined || parsed.header.first('content-type') !== undefined;
  if (!isMime) splitUuencoded(root);
  return isMime;
}

/** Takes everything out of a part, so that another message can be read into it. */
export function clearPart(part: Part): void {
  for (const child of [...part.children]) child.detach();
  part.header.clear();
  part.isOpened = false;
  part.mediaType = undefined;
  part.parameters = new Map();
  part.charset = undefined;
  part.boundary = undefined;
  part.encoding = undefined;
  part.disposition = undefined;
  part.dispositionParameters = new Map();
  part.preamble = undefined;
  part.epilogue = undefined;
  part.content = { kind: 'bytes', bytes: Buffer.alloc(0) };
}

function carry(from: MimePart, to: Part): void {
  const structural = from.header;
  const type = structural.value('content-type');
  if (type !== undefined) to.setContentType(type);
  // RFC 2045 §5.2: a type that cannot be read is plain text; a multipart without parts is what its content looks like.
  to.mediaType = from.isMultipart && from.children.length === 0 ? 'text/plain' : from.contentType.value;
  const disposition = structural.value('content-disposition');
  if (disposition !== undefined) to.setDisposition(disposition);
  const encoding = structural.value('content-transfer-encoding')?.trim().toLowerCase();
  const keepsChildren = from.isMultipart && from.children.length > 0;
  if (keepsChildren) {
    to.preamble = from.preamble;
    to.epilogue = from.epilogue;
    for (const child of from.children) {
      const part = new Part();
      carry(child, part);
      to.insert(part);
    }
  } else to.content = { kind: 'encoded', bytes: from.encodedBody, encoding: encoding || '7bit' };
  to.isOpened = true;
  to.header.clear();
  for (const field of structural.fields) to.header.adopt(field.name, field.value, endedBytes(field.raw));
  // What the multipart said about its parts does not hold for the plain text it has become.
  if (from.isMultipart && !keepsChildren) for (const name of STRUCTURAL_FIELDS) to.header.invalidate(name);
}

/** Field bytes with CRLF line ends, the last included. */
function endedBytes(raw: Buffer): Buffer {
  if (!/(^|[^\r])\n|[^\n]$/.test(raw.toString('latin1'))) return raw;
  return Buffer.from(
    raw
      .toString('latin1')
      .replace(/\r?\n/g, '\r\n')
      .replace(/(\r\n)?$/, '\r\n'),
    'latin1',
  );
}

/** Attachments of the time before MIME stand inside the text, between `begin` and `end`. */
function splitUuencoded(root: Part): void {
  if (root.content.kind !== 'encoded') return;
  const { bytes } = root.content;
  if (!bytes.includes('begin ')) return;
  const blocks = findUuBlocks(bytes);
  if (blocks.length === 0) return;
  const texts: Buffer[] = [];
  let at = 0;
  for (const block of blocks) {
    texts.push(bytes.subarray(at, block.start));
    at = block.end;
  }
  texts.push(bytes.subarray(at));
  root.content = { kind: 'encoded', bytes: Buffer.concat(texts), encoding: '7bit' };
  root.pushDown('multipart/mixed');
  for (const block of blocks) {
    const part = new Part();
    part.setMediaType('application/octet-stream');
    part.setDisposition('attachment');
    part.dispositionParameters.set('filename', block.name);
    part.content = { kind: 'bytes', bytes: block.bytes };
    part.encoding = 'uuencode';
    root.insert(part);
  }
}
