/**
 * Text outside ASCII in header fields, per profile and charset.
 * Owns: the choice between encoded words and raw text, the bytes of a header.  Leaves: RFC 2047 itself (message).
 * Sources: reference A5.5 (words take the charset of the message's own body part; us-ascii cannot encode any).
 */
import { isAscii } from 'node:buffer';
import { encodeWords, findCharset, needsEncoding } from '../message/index.ts';
import { quoted } from './addresses.ts';
import type { CodingRules } from './content-coding.ts';
import { encodeText } from './part.ts';

export interface HeaderWords {
  /** Text for an unstructured field, folded. */
  text(text: string): string;
  /** A display name. */
  phrase(name: string): string;
}

/** A word no fold can break, too long for a line (RFC 5322 §2.1.1); encoded words can be. */
const UNFOLDABLE = /[^ \t]{900}/;

/** `charset` is that of the message's own body part; undefined or us-ascii: none was chosen. */
export function headerWords(charset: string | undefined, rules: CodingRules): HeaderWords {
  const chosen = charset === undefined || /^us-ascii$/i.test(charset) ? undefined : charset;
  const separator = rules.profile.layout === 'plain' ? '\r\n ' : '\r\n\t';
  const encode = (text: string): string | undefined => {
    if (rules.profile.output === 'standards')
      return encodeWords(text, { charset: chosen ?? 'utf-8' }).replaceAll(' ', separator);
    if (chosen === undefined) return undefined;
    const form = findCharset(chosen)?.kind === 'single-byte' ? 'Q' : 'B';
    return encodeWords(text, { charset: chosen, form }).replaceAll(' ', separator);
  };
  const mustEncode = (text: string): boolean =>
    needsEncoding(text) || (rules.profile.output === 'standards' && UNFOLDABLE.test(text));
  return {
    text: (text) => (mustEncode(text) ? (encode(text) ?? text) : text),
    phrase: (name) => (mustEncode(name) ? (encode(name) ?? quoted(name)) : quoted(name)),
  };
}

/** Printed header lines as bytes: what could not be encoded stands raw in the ANSI code page, as the original left it. */
export function headerBytes(printed: string, rules: CodingRules): Buffer {
  const bytes = Buffer.from(printed, 'utf8');
  if (isAscii(bytes) || rules.profile.output === 'standards') return bytes;
  return findCharset(rules.ansiCharset)?.canEncode(printed) ? encodeText(printed, rules.ansiCharset) : bytes;
}
