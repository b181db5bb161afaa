/**
 * Text to bytes and back in the character sets of mail.
 * Owns: names and aliases, decoding, encoding; the only file that knows iconv-lite.  Leaves: choosing a charset (callers).
 * Fails: an unknown charset is `undefined` from `findCharset`; `decodeText` reads it as the bytes' most likely meaning.
 * Sources: RFC 1468 (ISO-2022-JP), RFC 1557 (ISO-2022-KR), RFC 2047 §2 (names compare without case).
 */
import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** A charset that this process can read and write. */
export type Charset = {
  /** The name as asked for, in lower case. */
  readonly name: string;
  readonly kind: 'ascii' | 'utf-8' | 'single-byte' | 'multi-byte' | 'stateful';
  encode(text: string): Buffer;
  decode(bytes: Uint8Array): string;
  /** True when every character of `text` has a place in the charset. */
  canEncode(text: string): boolean;
};

const ALIASES: Readonly<Record<string, string>> = {
  'shift-jis': 'shift_jis',
  'x-sjis': 'shift_jis',
  cp932: 'shift_jis',
  'windows-31j': 'shift_jis',
  'ks_c_5601-1987': 'euc-kr',
  unicode: 'utf-16',
  utf8: 'utf-8',
  ascii: 'us-ascii',
  'ansi_x3.4-1968': 'us-ascii',
  csiso2022jp: 'iso-2022-jp',
  'x-unknown': 'windows-1252',
  '8bit': 'windows-1252',
};

const ASIAN = /^(big5|gb|euc|shift|cp9|ks_c|hz|windows-9|utf-16|utf-32|utf-7)/;

/** A charset by its name in any case, or undefined when nothing here can read it. */
export function findCharset(name: string): Charset | undefined {
  const wanted = name.trim().toLowerCase();
  const known = ALIASES[wanted] ?? wanted;
  if (known === 'us-ascii') return ascii(wanted);
  if (known === 'utf-8') return utf8(wanted);
  if (known === 'iso-2022-jp') return iso2022(wanted, 'euc-jp', encodeJapanese, decodeJapanese);
  if (known === 'iso-2022-kr') return iso2022(wanted, 'euc-kr', encodeKorean, decodeKorean);
  if (!/^[\w.:+-]+$/.test(known) || !iconv.encodingExists(known)) return undefined;
  return {
    name: wanted,
    kind: ASIAN.test(known) ? 'multi-byte' : 'single-byte',
    encode: (text) => iconv.encode(text, known),
    decode: (bytes) => iconv.decode(asBuffer(bytes), known, { stripBOM: true }),
    canEncode: (text) => iconv.decode(iconv.encode(text, known, { addBOM: false }), known) === text,
  };
}

/** The text of `bytes` said to be in `name`. Unknown names, and bytes that are not what they claim, are read by their look. */
export function decodeText(bytes: Uint8Array, name: string): string {
  const charset = findCharset(name);
  if (charset === undefined) return guessText(bytes);
  if (charset.kind === 'ascii' && !isAscii(bytes)) return guessText(bytes);
  if (charset.kind === 'utf-8' && !isUtf8(bytes)) return asBuffer(bytes).toString('utf8');
  return charset.decode(bytes);
}

/** Bytes of unknown charset: UTF-8 when they are that, else windows-1252, the usual content of unlabelled mail. */
export function guessText(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes);
  if (isAscii(buffer)) return buffer.toString('latin1');
  return isUtf8(buffer) ? buffer.toString('utf8') : iconv.decode(buffer, 'windows-1252');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isAsciiText(text: string): boolean {
  return !/[^\x00-\x7f]/.test(text);
}

function ascii(name: string): Charset {
  return {
    name,
    kind: 'ascii',
    encode: (text) => Buffer.from(isAsciiText(text) ? text : text.replace(/[^\x00-\x7f]/gu, '?'), 'latin1'),
    decode: (bytes) => asBuffer(bytes).toString('ascii'),
    canEncode: isAsciiText,
  };
}

function utf8(name: string): Charset {
  return {
    name,
    kind: 'utf-8',
    encode: (text) => Buffer.from(text, 'utf8'),
    decode: (bytes) => {
      const text = asBuffer(bytes).toString('utf8');
      return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    },
    canEncode: (text) => text.isWellFormed(),
  };
}

function iso2022(
  name: string,
  base: string,
  encode: (extended: Buffer) => Buffer,
  decode: (bytes: Buffer) => string,
): Charset {
  return {
    name,
    kind: 'stateful',
    encode: (text) => encode(iconv.encode(text, base)),
    decode: (bytes) => decode(asBuffer(bytes)),
    canEncode: (text) => iconv.decode(iconv.encode(text, base), base) === text,
  };
}

/** RFC 1468: EUC-JP with the high bits off, between escape sequences; ends in ASCII, and each line does. */
function encodeJapanese(extended: Buffer): Buffer {
  const out: number[] = [];
  let set = 'B';
  const enter = (wanted: '(B' | '$B' | '(I' | '$(D'): void => {
    const key = wanted === '(B' ? 'B' : wanted;
    if (set === key) return;
    out.push(0x1b, ...Buffer.from(wanted, 'latin1'));
    set = key;
  };
  for (let at = 0; at < extended.length; at += 1) {
    const byte = extended[at]!;
    if (byte < 0x80) {
      enter('(B');
      out.push(byte);
    } else if (byte === 0x8e) {
      enter('(I');
      out.push(extended[(at += 1)]! & 0x7f);
    } else if (byte === 0x8f) {
      enter('$(D');
      out.push(extended[at + 1]! & 0x7f, extended[at + 2]! & 0x7f);
      at += 2;
    } else {
      enter('$B');
      out.push(byte & 0x7f, extended[(at += 1)]! & 0x7f);
    }
  }
  enter('(B');
  return Buffer.from(out);
}

/** Escape sequences tell which set follows; an unknown one is dropped and reading goes on. */
function decodeJapanese(bytes: Buffer): string {
  const extended: number[] = [];
  let set = '(B';
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === 0x1b) {
      const three = bytes.toString('latin1', at + 1, at + 4);
      const two = three.slice(0, 2);
      set = three.startsWith('$(') ? three : two;
      at += set.length;
    } else if (set === '(I') extended.push(0x8e, byte | 0x80);
    else if (set === '$(D') {
      extended.push(0x8f, byte | 0x80, (bytes[(at += 1)] ?? 0x21) | 0x80);
    } else if (set.startsWith('$') && byte > 0x20 && byte < 0x7f) {
      extended.push(byte | 0x80, (bytes[(at += 1)] ?? 0x21) | 0x80);
    } else extended.push(byte);
  }
  return iconv.decode(Buffer.from(extended), 'euc-jp');
}

/** RFC 1557: the designator once at the start, then SO and SI around Korean. */
function encodeKorean(extended: Buffer): Buffer {
  if (isAscii(extended)) return extended;
  const out: number[] = [0x1b, 0x24, 0x29, 0x43];
  let shifted = false;
  for (const byte of extended) {
    const korean = byte >= 0x80;
    if (korean !== shifted) out.push(korean ? 0x0e : 0x0f);
    shifted = korean;
    out.push(byte & 0x7f);
  }
  if (shifted) out.push(0x0f);
  return Buffer.from(out);
}

function decodeKorean(bytes: Buffer): string {
  const extended: number[] = [];
  let shifted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === 0x1b && bytes.toString('latin1', at + 1, at + 4) === '$)C') at += 3;
    else if (byte === 0x0e || byte === 0x0f) shifted = byte === 0x0e;
    else extended.push(shifted && byte > 0x20 && byte < 0x7f ? byte | 0x80 : byte);
  }
  return iconv.decode(Buffer.from(extended), 'euc-kr');
}
