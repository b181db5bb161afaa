/**
 * The two encodings a TextStream knows: the ANSI code page and UTF-16.
 * Owns: byte ↔ character for code pages as Windows does it, incremental.  Leaves: iconv-lite the tables.
 * Fails: a character the code page lacks makes `encode` return undefined; the stream raises error 5 as the old one did.
 * Sources: doc "TextStream object"; doc "Code Page Identifiers".
 */
import type * as IconvLite from 'iconv-lite';
import { lazily } from '../lazy.ts';

const iconvLite = lazily<typeof IconvLite>(import.meta.url, 'iconv-lite', 'package');

export interface TextDecoder {
  /** The characters that `bytes` complete; a character cut in two waits for the next call. */
  decode(bytes: Buffer): string;
  end(): string;
}

export interface TextEncoding {
  readonly decoder: () => TextDecoder;
  /** The bytes of `text`; undefined when a character does not exist in the encoding. */
  readonly encode: (text: string) => Buffer | undefined;
}

/** UTF-16, low byte first. Lone surrogates and NULs pass unchanged; an odd last byte is dropped. */
export const UTF16: TextEncoding = {
  decoder: () => {
    let rest: Buffer = Buffer.alloc(0);
    return {
      decode(bytes) {
        const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
        const whole = all.length & ~1;
        rest = Buffer.from(all.subarray(whole));
        return all.toString('utf16le', 0, whole);
      },
      end: () => '',
    };
  },
  encode: (text) => Buffer.from(text, 'utf16le'),
};

/** Windows code pages whose iconv name is not `cp` + number. */
const NAMES: Readonly<Record<number, string>> = {
  65001: 'utf8',
  20127: 'ascii',
  28591: 'latin1',
  28605: 'iso-8859-15',
};

const pages = new Map<number, TextEncoding>();

/** True when `codePage` is one Mailroot has tables for. The usual one is known without loading them. */
export function isCodePage(codePage: number): boolean {
  return codePage === 1252 || iconvLite().encodingExists(nameOf(codePage));
}

/** The encoding of a Windows code page: 1252, 932, 65001 …; RangeError for one without tables. */
export function ansiEncoding(codePage: number): TextEncoding {
  let page = pages.get(codePage);
  if (page === undefined) {
    if (!isCodePage(codePage)) throw new RangeError(`there is no code page ${codePage}`);
    page =
      codePage === 65001 || isDoubleByte(codePage) ? manyByteEncoding(codePage) : oneByteEncoding(codePage);
    pages.set(codePage, page);
  }
  return page;
}

function nameOf(codePage: number): string {
  return NAMES[codePage] ?? `cp${codePage}`;
}

function isDoubleByte(codePage: number): boolean {
  return codePage === 932 || codePage === 936 || codePage === 949 || codePage === 950;
}

function oneByteEncoding(codePage: number): TextEncoding {
  const name = nameOf(codePage);
  const characters: string[] = [];
  const bytes = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1) {
    const character = iconvLite().decode(Buffer.from([byte]), name, { stripBOM: false });
    // compat: Windows maps the holes of a code page (1252: 81, 8D …) to the control character of the same number.
    characters.push(character === '\ufffd' || character === '' ? String.fromCharCode(byte) : character);
    if (!bytes.has(characters[byte]!)) bytes.set(characters[byte]!, byte);
  }
  const codes = Uint16Array.from(characters, (character) => character.charCodeAt(0));
  const decode = (source: Buffer): string => {
    let isAscii = true;
    for (const byte of source) {
      if (byte < 0x80) continue;
      isAscii = false;
      break;
    }
    if (isAscii) return source.toString('latin1');
    const units = new Uint16Array(source.length);
    for (let at = 0; at < source.length; at += 1) units[at] = codes[source[at]!]!;
    return Buffer.from(units.buffer).toString('utf16le');
  };
  return {
    decoder: () => ({ decode, end: () => '' }),
    encode(text) {
      const result = Buffer.allocUnsafe(text.length);
      for (let at = 0; at < text.length; at += 1) {
        const byte = bytes.get(text[at]!);
        if (byte === undefined) return undefined;
        result[at] = byte;
      }
      return result;
    },
  };
}

function manyByteEncoding(codePage: number): TextEncoding {
  const name = nameOf(codePage);
  return {
    decoder: () => {
      const decoder = iconvLite().getDecoder(name, { stripBOM: false });
      return { decode: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '' };
    },
    encode(text) {
      const bytes = iconvLite().encode(text, name);
      return iconvLite().decode(bytes, name, { stripBOM: false }) === text ? bytes : undefined;
    },
  };
}
