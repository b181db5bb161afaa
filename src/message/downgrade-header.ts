/**
 * Header fields in 7 bits: raw text outside ASCII becomes encoded words, parameters and A-labels; fields of MIME are corrected.
 * Owns: which form a field takes, the charset of raw bytes.  Leaves: which transfer encoding a part gets (downgrade).
 * Fields in ASCII stay as they are, byte for byte.
 * Fails: never. What no encoding can carry (a local-part outside ASCII) becomes question marks and is told.
 * Sources: RFC 2047 §5; RFC 2231 §4; RFC 1428 §3 (unknown-8bit); RFC 5322 §2.1.1, §3.2.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { domainName } from '../envelope/index.ts';
import { findCharset } from './charset.ts';
import { encodeWords } from './encoded-word.ts';
import type { HeaderBlock, HeaderField } from './header-block.ts';
import { printField } from './header-print.ts';
import { parseParameterized, printParameterized } from './parameters.ts';

export type HeaderChanges = {
  /** The new Content-Transfer-Encoding; absent: as it is. */
  readonly transferEncoding?: string;
  /** The new Content-Type; absent: as it is. */
  readonly contentType?: string;
  /** MIME-Version is added when it is missing. */
  readonly needsMimeVersion: boolean;
  /** Raw text is encoded. False leaves it, for a host that takes 8-bit. */
  readonly encodesText: boolean;
  /** What raw bytes are taken for when they are not UTF-8: the charset of the message's text. */
  readonly charset?: string;
};

export type RewrittenHeader = {
  readonly bytes: Buffer;
  /** Fields whose text was encoded. */
  readonly encodedFields: number;
  /** Addresses whose local-part could not be kept. */
  readonly lostAddresses: number;
};

/** RFC 5322 §2.1.1 */
const LONGEST_LINE = 998;

export function rewriteHeader(header: HeaderBlock, raw: Buffer, changes: HeaderChanges): RewrittenHeader {
  const tally = { encodedFields: 0, lostAddresses: 0 };
  const out: Buffer[] = [];
  let hasEncoding = false;
  let hasType = false;
  for (const field of header.fields) {
    if (field.key === 'content-transfer-encoding' && changes.transferEncoding !== undefined) {
      if (!hasEncoding) out.push(Buffer.from(printField(field.name, changes.transferEncoding)));
      hasEncoding = true;
    } else if (field.key === 'content-type' && changes.contentType !== undefined) {
      if (!hasType) out.push(Buffer.from(printField(field.name, changes.contentType)));
      hasType = true;
    } else out.push(rewriteField(field, changes, tally));
  }
  const added = [
    ...(changes.needsMimeVersion && header.first('mime-version') === undefined
      ? [printField('MIME-Version', '1.0')]
      : []),
    ...(changes.contentType !== undefined && !hasType
      ? [printField('Content-Type', changes.contentType)]
      : []),
    ...(changes.transferEncoding !== undefined && !hasEncoding
      ? [printField('Content-Transfer-Encoding', changes.transferEncoding)]
      : []),
  ];
  const last = header.fields.at(-1);
  if (added.length > 0 && last !== undefined && raw[last.end - 1] !== 10) out.push(Buffer.from('\r\n'));
  out.push(Buffer.from(added.join('')));
  const rest = raw.subarray(last?.end ?? header.start);
  // Behind fields that we add, the body needs the empty line that was missing.
  out.push(rest.length === 0 && added.length > 0 ? Buffer.from('\r\n') : rest);
  return { bytes: Buffer.concat(out), ...tally };
}

type Tally = { encodedFields: number; lostAddresses: number };

function rewriteField(field: HeaderField, changes: HeaderChanges, tally: Tally): Buffer {
  if (isAscii(field.raw) || !changes.encodesText) {
    if (longestLine(field.raw) <= LONGEST_LINE) return field.raw;
    return Buffer.from(printField(field.name, unfold(field.rawValue).toString('latin1').trim()), 'latin1');
  }
  tally.encodedFields += 1;
  const text = textOf(unfold(field.rawValue), changes.charset);
  return Buffer.from(printField(field.name, asciiOnly(encodedValue(field.key, text, tally)).trim()));
}

function encodedValue(key: string, text: RawText, tally: Tally): string {
  if (key === 'content-type' || key === 'content-disposition') {
    const { value, parameters } = parseParameterized(text.words);
    const style = { separator: ' ', ...(text.charset === undefined ? {} : { charset: text.charset }) };
    return printParameterized(value, parameters, style);
  }
  return STRUCTURED.test(key) ? encodeStructured(text, tally) : encodeRuns(text.words, text);
}

const STRUCTURED =
  /^(resent-)?(from|to|cc|bcc|sender|reply-to|message-id|date)$|^(received|references|in-reply-to|return-path|return-receipt-to|disposition-notification-to|errors-to|mail-followup-to|mail-reply-to|content-id|content-transfer-encoding|mime-version|list-.*|dkim-signature|arc-.*|authentication-results|x-sender|x-receiver)$/;

/** Raw bytes as text, and the way back into encoded words. */
type RawText = {
  readonly words: string;
  /** Undefined when nobody knows it. */
  readonly charset: string | undefined;
  encode(text: string): string;
};

function textOf(bytes: Buffer, charsetOfMessage: string | undefined): RawText {
  if (isUtf8(bytes))
    return { words: bytes.toString('utf8'), charset: 'utf-8', encode: (text) => encodeWords(text) };
  const charset = charsetOfMessage === undefined ? undefined : findCharset(charsetOfMessage);
  if (charset?.kind === 'single-byte' && charset.encode(charset.decode(bytes)).equals(bytes))
    return {
      words: charset.decode(bytes),
      charset: charset.name,
      encode: (text) => encodeWords(text, { charset: charset.name }),
    };
  // Each byte stands as the character of its number, so that the words can be taken apart and no byte is lost.
  return { words: bytes.toString('latin1'), charset: undefined, encode: encodeUnknown };
}

/** RFC 1428 §3: what nobody knows is said to be unknown; the reader's program guesses as it would have guessed before. */
function encodeUnknown(text: string): string {
  const escaped = [...Buffer.from(text, 'latin1')].map((byte) => {
    if (byte === 32) return '_';
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9!*+\-/]/.test(character)
      ? character
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  const words: string[] = [];
  let word = '';
  for (const piece of escaped) {
    if (word.length + piece.length > 75 - '=?unknown-8bit?Q??='.length) {
      words.push(word);
      word = '';
    }
    word += piece;
  }
  return [...words, word].map((content) => `=?unknown-8bit?Q?${content}?=`).join(' ');
}

const ENCODED_WORD = /^=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=$/;

/** Encodes runs of words outside ASCII and leaves the others alone; encoded words that stand there stay. */
function encodeRuns(text: string, coder: RawText): string {
  const tokens = text.split(/([ \t]+)/);
  const isRaw = (token: string | undefined) => token !== undefined && /[^\x00-\x7f]/.test(token);
  let out = '';
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    if (!isRaw(token)) {
      out += token;
      continue;
    }
    let end = at;
    while (isRaw(tokens[end + 2])) end += 2;
    let run = tokens.slice(at, end + 1).join('');
    // RFC 2047 §6.2: the blank between two encoded words is not shown, so it must be inside one of them.
    if (ENCODED_WORD.test(tokens[at - 2] ?? '')) run = ` ${run}`;
    if (ENCODED_WORD.test(tokens[end + 2] ?? '')) run += ' ';
    out += coder.encode(run);
    at = end;
  }
  return out;
}

/** Phrases and comments are encoded, addresses downgraded; what separates them stays. */
function encodeStructured(text: RawText, tally: Tally): string {
  const { words } = text;
  let out = '';
  for (let at = 0; at < words.length; ) {
    const end = endOfToken(words, at);
    const token = words.slice(at, end);
    const isLocalPart = words[end] === '@';
    const encoded = encodeToken(token, isLocalPart, text, tally);
    // An encoded word needs a blank on both sides (RFC 2047 §5).
    out += encoded.startsWith('=?') && needsBlank(out.at(-1)) ? ` ${encoded}` : encoded;
    if (encoded !== token && words[end] === '<' && !/\s$/.test(encoded)) out += ' ';
    at = end;
  }
  return out;
}

function needsBlank(before: string | undefined): boolean {
  return before !== undefined && !/[\s(<]/.test(before);
}

function encodeToken(token: string, isLocalPart: boolean, text: RawText, tally: Tally): string {
  if (!/[^\x00-\x7f]/.test(token)) return token;
  if (token.startsWith('<')) return downgradeAddress(token, tally);
  if (token.startsWith('(')) return `(${text.encode(unquoted(token.slice(1, -1)))})`;
  if (token.startsWith('"') && !isLocalPart) return text.encode(unquoted(token.slice(1, -1)));
  return token
    .split(/([ \t]*[^ \t]*@[^ \t]*[ \t]*)/)
    .map((piece) =>
      piece.includes('@') || isLocalPart ? downgradeAddress(piece, tally) : encodeRuns(piece, text),
    )
    .join('');
}

function unquoted(quoted: string): string {
  return quoted.replace(/\\(.)/g, '$1');
}

/** The end of what begins at `at`: a quoted string, a comment, an address in brackets, one separator, or a run of other text. */
function endOfToken(text: string, at: number): number {
  const first = text[at]!;
  if (first === '"') return endOfQuoted(text, at, '"');
  if (first === '<') {
    const close = text.indexOf('>', at);
    return close < 0 ? text.length : close + 1;
  }
  if (first === '(') return endOfQuoted(text, at, ')');
  if (/[,;:]/.test(first)) return at + 1;
  const run = /[^"<(,;:]+/y;
  run.lastIndex = at;
  return at + (run.exec(text)?.[0].length ?? 1);
}

function endOfQuoted(text: string, from: number, close: '"' | ')'): number {
  let depth = 0;
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (close === ')' && text[at] === '(') depth += 1;
    else if (text[at] === close) {
      if (depth === 0) return at + 1;
      depth -= 1;
    }
  }
  return text.length;
}

function downgradeAddress(address: string, tally: Tally): string {
  const sign = address.lastIndexOf('@');
  const at = sign < 0 ? address.length : sign;
  const localPart = address.slice(0, at + 1);
  const [, domain = '', tail = ''] = /^([^>\s]*)(.*)$/s.exec(address.slice(at + 1)) ?? [];
  const ascii = /[^\x00-\x7f]/.test(domain) ? (domainName(domain)?.ascii ?? domain) : domain;
  const kept = `${localPart}${ascii}${tail}`;
  if (/[^\x00-\x7f]/.test(kept)) tally.lostAddresses += 1;
  return asciiOnly(kept);
}

function asciiOnly(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, '?');
}

function unfold(value: Buffer): Buffer {
  if (!value.includes(10)) return value;
  return Buffer.from(value.toString('latin1').replace(/\r?\n/g, ''), 'latin1');
}

function longestLine(bytes: Buffer): number {
  return Math.max(
    ...bytes
      .toString('latin1')
      .split('\r\n')
      .map((line) => line.length),
  );
}

/** The charset that a text of unknown origin gets as its label. */
export function labelFor(isUtf8Text: boolean): string {
  return isUtf8Text ? 'utf-8' : 'unknown-8bit';
}
