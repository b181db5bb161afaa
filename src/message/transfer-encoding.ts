/**
 * Content transfer encodings by name.
 * Owns: one door to decoding and encoding, and the choice of an encoding for given bytes.  Leaves: the encodings themselves.
 * Fails: an unknown encoding reads as 8bit (RFC 2045 §6.4: treat as opaque); `undefined` from `findTransferEncoding`.
 * Sources: RFC 2045 §6.
 */
import { isAscii } from 'node:buffer';
import { Base64Decoder, Base64Encoder, decodeBase64, encodeBase64 } from './base64.ts';
import {
  decodeQuotedPrintable,
  encodeQuotedPrintable,
  QuotedPrintableDecoder,
  QuotedPrintableEncoder,
} from './quoted-printable.ts';
import { findUuBlocks } from './uuencode.ts';

export const TRANSFER_ENCODINGS = [
  '7bit',
  '8bit',
  'binary',
  'base64',
  'quoted-printable',
  'uuencode',
] as const;
export type TransferEncoding = (typeof TRANSFER_ENCODINGS)[number];

/** The encoding a field names, in any case and with the old `x-uuencode` spellings. */
export function findTransferEncoding(name: string): TransferEncoding | undefined {
  const key = name
    .replace(/\([^()]*\)/g, '')
    .trim()
    .toLowerCase();
  if (key === '') return '7bit';
  if (/^(x-)?uu(encode|e)?$/.test(key)) return 'uuencode';
  return TRANSFER_ENCODINGS.find((encoding) => encoding === key);
}

/** The content behind its encoding. Plain encodings give the same bytes, not a copy. */
export function decodeTransfer(bytes: Buffer, encoding: TransferEncoding): Buffer {
  if (encoding === 'base64') return decodeBase64(bytes);
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(bytes);
  if (encoding === 'uuencode') return findUuBlocks(bytes)[0]?.bytes ?? bytes;
  return bytes;
}

/** Encodes content; `isText` says whether line ends are line ends. Uuencode needs a name and has its own function. */
export function encodeTransfer(
  bytes: Buffer,
  encoding: Exclude<TransferEncoding, 'uuencode'>,
  content: 'text' | 'binary',
): Buffer {
  if (encoding === 'base64') return encodeBase64(bytes);
  if (encoding === 'quoted-printable') return encodeQuotedPrintable(bytes, { mode: content });
  return bytes;
}

/** Work in pieces: `push` and `end` give what is ready. */
export interface PieceCoder {
  push(chunk: Uint8Array): Buffer;
  end(): Buffer;
}

const AS_IS: PieceCoder = {
  push: (chunk) => Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength),
  end: () => Buffer.alloc(0),
};

/** A decoder that takes the content in pieces. Uuencoded content must be decoded whole and passes as it is. */
export function transferDecoder(encoding: TransferEncoding): PieceCoder {
  if (encoding === 'base64') return new Base64Decoder();
  return encoding === 'quoted-printable' ? new QuotedPrintableDecoder() : AS_IS;
}

/** An encoder that takes the content in pieces. */
export function transferEncoder(
  encoding: Exclude<TransferEncoding, 'uuencode'>,
  content: 'text' | 'binary',
): PieceCoder {
  if (encoding === 'base64') return new Base64Encoder();
  return encoding === 'quoted-printable' ? new QuotedPrintableEncoder({ mode: content }) : AS_IS;
}

/** RFC 5321 §4.5.3.1.6: 1000 octets with the line end. */
const LONGEST_LINE = 998;

/** The plainest encoding that carries text over any SMTP path: 7bit, else quoted-printable, else base64. */
export function safeTextEncoding(bytes: Buffer): '7bit' | 'quoted-printable' | 'base64' {
  if (isAscii(bytes) && !bytes.includes(0) && longestLine(bytes) <= LONGEST_LINE && !hasBareCr(bytes))
    return '7bit';
  let escapes = 0;
  for (const byte of bytes)
    if (byte > 126 || byte === 61 || (byte < 32 && byte !== 10 && byte !== 13 && byte !== 9)) escapes += 1;
  // Each escape costs two more bytes; base64 costs one third of everything.
  return escapes * 6 <= bytes.length ? 'quoted-printable' : 'base64';
}

/** Length of the longest line without its line end. */
export function longestLine(bytes: Buffer): number {
  let longest = 0;
  let at = 0;
  while (at < bytes.length) {
    const feed = bytes.indexOf(10, at);
    const end = feed < 0 ? bytes.length : feed;
    const length = feed > at && bytes[feed - 1] === 13 ? end - at - 1 : end - at;
    if (length > longest) longest = length;
    at = end + 1;
  }
  return longest;
}

function hasBareCr(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1))
    if (bytes[at + 1] !== 10) return true;
  return false;
}
