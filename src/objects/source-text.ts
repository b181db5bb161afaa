/**
 * The text of a script file from its bytes.
 * Owns: byte-order marks, UTF-8 and the ANSI code page.
 * deviates: cscript reads a file without byte-order mark in the ANSI code page; here one that is UTF-8 throughout is read as
 * UTF-8, since that is what editors write today. A file in a code page is seldom valid UTF-8 by accident.
 */
import { ansiEncoding, UTF16 } from './files/encoding.ts';

export function scriptText(bytes: Buffer, codePage: number): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return UTF16.decoder().decode(bytes.subarray(2));
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.toString('utf8', 3);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const decoder = ansiEncoding(codePage).decoder();
    return decoder.decode(bytes) + decoder.end();
  }
}
