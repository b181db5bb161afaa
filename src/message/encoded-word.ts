/**
 * Encoded words: text outside ASCII in header fields.
 * Owns: decoding (tolerant) and encoding in B and Q form, split so that no word exceeds 75 characters.
 * Leaves: which fields may hold them (callers), folding of the rest of the line.
 * Sources: RFC 2047 §2, §4, §5, §6.2; RFC 2231 §5 (language tags).
 */

import { decodeBase64 } from './base64.ts';
import { type Charset, decodeText, findCharset, guessText } from './charset.ts';

const WORD = /=\?([^?\s]{1,64})\?([bBqQ])\?([^?]*)\?=/g;

/** The text with its encoded words read; damaged ones stay as they are. Blanks between two encoded words vanish. */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  let result = '';
  let at = 0;
  // Words that follow each other in one charset are decoded together: many senders cut characters in two.
  let pending: Buffer[] = [];
  let pendingCharset = '';
  const settle = (): void => {
    if (pending.length > 0) result += decodeText(Buffer.concat(pending), pendingCharset);
    pending = [];
  };
  for (const match of text.matchAll(WORD)) {
    const charset = match[1]!.replace(/\*.*$/, '').toLowerCase();
    const between = text.slice(at, match.index);
    const follows = at > 0 && /^[ \t\r\n]*$/.test(between);
    if (!follows || charset !== pendingCharset) settle();
    if (!follows) result += between;
    pending.push(wordBytes(match[2]!, match[3]!));
    pendingCharset = charset;
    at = match.index + match[0].length;
  }
  settle();
  return result + text.slice(at);
}

function wordBytes(encoding: string, text: string): Buffer {
  if (encoding === 'b' || encoding === 'B') return decodeBase64(Buffer.from(text, 'latin1'));
  const plain = text
    .replace(/_/g, ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, /[^\x00-\xff]/.test(plain) ? 'utf8' : 'latin1');
}

/** Reads a header value that may hold raw 8-bit text and encoded words. */
export function decodeHeaderBytes(bytes: Uint8Array): string {
  return decodeWords(guessText(bytes));
}

export type WordEncoding = {
  /** Charset of the words; `utf-8` unless given. Text it cannot hold is written in UTF-8. */
  readonly charset?: string;
  /** `auto`: Q while most of the text stays readable, for single-byte charsets and UTF-8; B for other charsets. */
  readonly form?: 'B' | 'Q' | 'auto';
};

/** True when `text` needs encoding to stand in a header: a character outside ASCII, a control, or what looks like a word. */
export function needsEncoding(text: string): boolean {
  return /[^\x20-\x7e\t]|=\?/.test(text);
}

/** The whole text as encoded words separated by a blank, whether it needs them or not. Empty for empty text. */
export function encodeWords(text: string, encoding: WordEncoding = {}): string {
  return splitIntoWords(text, encoding).join(' ');
}

/** Text for an unstructured field: as it is when it can be, else encoded as a whole. */
export function encodeUnstructured(text: string, encoding: WordEncoding = {}): string {
  return needsEncoding(text) ? encodeWords(text, encoding) : text;
}

/** The encoded words of `text`, each complete in itself and at most 75 characters. */
export function splitIntoWords(text: string, encoding: WordEncoding = {}): string[] {
  const wanted = findCharset(encoding.charset ?? 'utf-8');
  const wellFormed = text.toWellFormed();
  const charset =
    wanted !== undefined && wanted.kind !== 'ascii' && wanted.canEncode(wellFormed)
      ? wanted
      : findCharset('utf-8')!;
  const form =
    encoding.form === undefined || encoding.form === 'auto'
      ? fittingForm(wellFormed, charset)
      : encoding.form;
  const room = 75 - `=?${charset.name}?B??=`.length;
  const words: string[] = [];
  const characters = [...wellFormed];
  for (let at = 0; at < characters.length; ) {
    const { content, count } = longestWord(characters, at, charset, form, room);
    words.push(`=?${charset.name}?${form}?${content}?=`);
    at += count;
  }
  return words;
}

function fittingForm(text: string, charset: Charset): 'B' | 'Q' {
  if (charset.kind === 'multi-byte' || charset.kind === 'stateful') return 'B';
  const bytes = charset.encode(text);
  // Q stays readable while at most half of the bytes are escapes.
  return encodedQ(bytes).length <= bytes.length * 2 ? 'Q' : 'B';
}

/** The most characters from `at` on whose encoded form fits into `room`; always at least one. */
function longestWord(
  characters: readonly string[],
  at: number,
  charset: Charset,
  form: 'B' | 'Q',
  room: number,
): { content: string; count: number } {
  const encode = (count: number): string => {
    const bytes = charset.encode(characters.slice(at, at + count).join(''));
    return form === 'B' ? bytes.toString('base64') : encodedQ(bytes);
  };
  let count = Math.min(characters.length - at, room);
  let content = encode(count);
  while (content.length > room && count > 1) {
    // The length is nearly proportional to the count: jump close, then step.
    count = Math.max(1, Math.min(count - 1, Math.floor((count * room) / content.length)));
    content = encode(count);
  }
  while (at + count < characters.length) {
    const longer = encode(count + 1);
    if (longer.length > room) break;
    count += 1;
    content = longer;
  }
  return { content, count };
}

/** RFC 2047 §5 (3): the characters that need no escape even inside a phrase. */
function encodedQ(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 32) text += '_';
    else if (
      (byte >= 48 && byte <= 57) ||
      (byte >= 65 && byte <= 90) ||
      (byte >= 97 && byte <= 122) ||
      byte === 33 ||
      byte === 42 ||
      byte === 43 ||
      byte === 45 ||
      byte === 47
    )
      text += String.fromCharCode(byte);
    else text += `=${byte < 16 ? '0' : ''}${byte.toString(16).toUpperCase()}`;
  }
  return text;
}
