/**
 * Bytes of a file that somebody exported long ago → text, or a clear refusal.
 * Owns: byte-order marks, the encoding that an XML declaration names, UTF-16 without a mark, and their contradictions.
 * Fails: ParseResult; a byte that does not belong to the encoding is refused with its offset, never replaced.
 */
import iconv from 'iconv-lite';
import { type ParseResult, parsed, unparsed } from '../base/index.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes a file of XML: byte-order mark, else the declaration, else UTF-8. */
export function decodeXmlBytes(bytes: Buffer): ParseResult<string> {
  const marked = byMark(bytes);
  if (marked !== undefined) return marked;
  // Without a mark, `<` followed or preceded by a zero byte can only be UTF-16.
  if (bytes[0] === 0x3c && bytes[1] === 0) return utf16(bytes, 'utf-16le');
  if (bytes[0] === 0 && bytes[1] === 0x3c) return utf16(bytes, 'utf-16be');
  const declared = declaredEncoding(bytes.subarray(0, 200).toString('latin1'));
  if (declared === undefined || /^utf-?8$/i.test(declared)) return utf8(bytes, 0);
  if (/^(utf-?16|ucs-?2|utf-?32)/i.test(declared)) {
    return unparsed(
      `the XML declaration says ${declared}, but the bytes are not; save the file as UTF-8 and mend the declaration`,
      0,
    );
  }
  if (!iconv.encodingExists(declared)) {
    return unparsed(
      `the XML declaration names the unknown encoding '${declared}'; save the file as UTF-8`,
      0,
    );
  }
  return parsed(iconv.decode(bytes, declared));
}

/** Decodes a text file of Windows: byte-order mark, UTF-16LE without one, UTF-8, else the ANSI code page 1252. */
export function decodeWindowsText(bytes: Buffer): ParseResult<string> {
  const marked = byMark(bytes);
  if (marked !== undefined) return marked;
  if (bytes.length >= 4 && bytes[0] !== 0 && bytes[1] === 0 && bytes[3] === 0)
    return utf16(bytes, 'utf-16le');
  const asUtf8 = utf8(bytes, 0);
  return asUtf8.ok ? asUtf8 : parsed(iconv.decode(bytes, 'windows-1252'));
}

function byMark(bytes: Buffer): ParseResult<string> | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return utf8(bytes, 3);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16(bytes.subarray(2), 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16(bytes.subarray(2), 'utf-16be');
  return undefined;
}

function utf8(bytes: Buffer, from: number): ParseResult<string> {
  try {
    return parsed(UTF8.decode(bytes.subarray(from)));
  } catch {
    const at = firstBadByte(bytes, from);
    return unparsed(
      `byte ${at} is not UTF-8 (0x${bytes[at]!.toString(16)}); save the file as UTF-8, or name its encoding in the XML declaration`,
      at,
    );
  }
}

/** The first byte that breaks UTF-8, by halving: all shorter prefixes decode (the last character may be cut). */
function firstBadByte(bytes: Buffer, from: number): number {
  let good = from;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodesSoFar(bytes.subarray(from, middle))) good = middle;
    else bad = middle;
  }
  return bad - 1;
}

function decodesSoFar(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function utf16(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): ParseResult<string> {
  if (bytes.length % 2 !== 0)
    return unparsed('this is UTF-16 with half a character at the end: the file was cut', bytes.length);
  const ordered = encoding === 'utf-16le' ? bytes : Buffer.from(bytes).swap16();
  const text = ordered.toString('utf16le');
  return text.isWellFormed()
    ? parsed(text)
    : unparsed('this is UTF-16 with an unpaired surrogate: the file is damaged', 0);
}

function declaredEncoding(head: string): string | undefined {
  return /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z][\w.:-]*)["']/.exec(head)?.[1];
}
