/**
 * Texts for HTML, URLs and cookies as the Server object writes them, and text ↔ bytes in a code page.
 * Owns: which characters stay.  Leaves: the code page in use (response).
 * Sources: doc "Server.HTMLEncode", "Server.URLEncode", "Server.URLPathEncode"; KB 234016.
 */
import { ansiEncoding, UTF16 } from '../../objects/index.ts';

export const UTF8_PAGE = 65001;
/** UTF-16, low byte first. */
const UTF16_PAGE = 1200;

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** observed: outside UTF-8 every character beyond ASCII becomes a number. */
export function htmlEncoded(text: string, codePage: number): string {
  if (!/[&<>"\u0080-\uffff]/.test(text)) return text;
  const special = text.replace(/[&<>"]/g, (character) => HTML[character]!);
  if (codePage === UTF8_PAGE) return special;
  return special.replace(/[\u0080-\u{10ffff}]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** Letters and digits stay, a space becomes `+`, everything else `%XX` in the code page. */
export function urlEncoded(text: string, codePage: number): string {
  if (/^[A-Za-z0-9]*$/.test(text)) return text;
  return text.replace(/[^A-Za-z0-9]+/g, (run) => {
    let result = '';
    for (const byte of encodeText(run, codePage)) result += byte === 0x20 ? '+' : escapeOf(byte);
    return result;
  });
}

/** Escapes what a path may not hold, up to the question mark. */
export function urlPathEncoded(text: string, codePage: number): string {
  const query = text.indexOf('?');
  const path = query < 0 ? text : text.slice(0, query);
  const encoded = path.replace(/[^!#-;=?-Z_a-z~@[\]$&'()*+,]+/g, (run) => {
    let result = '';
    for (const byte of encodeText(run, codePage)) result += escapeOf(byte);
    return result;
  });
  return query < 0 ? encoded : encoded + text.slice(query);
}

/** A text as a header may carry it: what is no visible ASCII becomes `%XX` of its UTF-8. */
export function locationEncoded(url: string): string {
  return /^[\x21-\x7e]*$/.test(url)
    ? url
    : url.replace(/[^\x21-\x7e]+/gu, (run) => {
        let result = '';
        for (const byte of Buffer.from(run, 'utf8')) result += escapeOf(byte);
        return result;
      });
}

function escapeOf(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** `%XX`, `%uXXXX` and `+` undone; `text` holds bytes as Latin-1. What is no escape stays. */
export function urlDecoded(text: string, codePage: number): string {
  if (!/[%+\x80-\xff]/.test(text)) return text;
  const plain = text.replaceAll('+', ' ');
  if (!/[%\x80-\xff]/.test(plain)) return plain;
  // %uXXXX stands for a character and not for bytes, so the text is decoded between them.
  return plain
    .split(/(%u[0-9a-f]{4})/i)
    .map((part, index) =>
      index % 2 === 1
        ? String.fromCharCode(Number.parseInt(part.slice(2), 16))
        : decodeText(unescapedBytes(part), codePage),
    )
    .join('');
}

function unescapedBytes(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digits = text[at] === '%' ? text.slice(at + 1, at + 3) : '';
    if (/^[0-9a-f]{2}$/i.test(digits)) {
      bytes[length] = Number.parseInt(digits, 16);
      at += 2;
    } else bytes[length] = text.charCodeAt(at);
    length += 1;
  }
  return bytes.subarray(0, length);
}

export function decodeText(bytes: Buffer, codePage: number): string {
  if (codePage === UTF8_PAGE) return bytes.toString('utf8');
  if (codePage === UTF16_PAGE) return UTF16.decoder().decode(bytes);
  const decoder = ansiEncoding(codePage).decoder();
  return decoder.decode(bytes) + decoder.end();
}

/** The bytes of a text, in a buffer of their own; a character that the code page lacks becomes a question mark. */
export function encodeText(text: string, codePage: number): Uint8Array {
  if (codePage === UTF8_PAGE) return new TextEncoder().encode(text);
  if (codePage === 1252 && /^[\x00-\x7f\xa0-\xff]*$/.test(text)) return latin1(text);
  if (codePage === UTF16_PAGE) return new Uint8Array(Buffer.from(text, 'utf16le'));
  const encoding = ansiEncoding(codePage);
  const whole = encoding.encode(text);
  if (whole !== undefined) return new Uint8Array(whole);
  const parts = Array.from(text, (character) => encoding.encode(character) ?? Buffer.from('?'));
  return new Uint8Array(Buffer.concat(parts));
}

function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  Buffer.from(bytes.buffer).write(text, 'latin1');
  return bytes;
}
