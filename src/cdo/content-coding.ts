/**
 * Charset and transfer encoding of a part when it is written.
 * Owns: the choice per profile.  Leaves: the encodings themselves (message), the fields (print-message.ts).
 * Sources: reference A5.5; RFC 2045 §6; RFC 5321 §4.5.3.1.6 (line length).
 */
import { isAscii } from 'node:buffer';
import {
  encodeQuotedPrintable,
  encodeTransfer,
  encodeUu,
  findCharset,
  longestLine,
  safeTextEncoding,
} from '../message/index.ts';
import { CdoError } from './errors.ts';
import { encodeText, type Part } from './part.ts';
import type { Profile } from './profile.ts';

/** A part's content ready to stand behind its header. */
export type CodedContent = {
  /** The charset parameter; undefined: none is written. */
  readonly charset: string | undefined;
  readonly encoding: string;
  readonly bytes: Buffer;
};

export type CodingRules = { readonly profile: Profile; readonly ansiCharset: string };

const LONGEST_LINE = 998;

export function codeContent(part: Part, rules: CodingRules): CodedContent {
  const { content } = part;
  if (content.kind === 'encoded')
    return { charset: part.charset, encoding: content.encoding, bytes: content.bytes };
  if (part.mediaType === 'message/rfc822')
    return codeMessage(content.kind === 'bytes' ? content.bytes : part.bytes('utf-8'));
  if (content.kind === 'text') return codeText(part, content.text, rules);
  if (part.isText && part.disposition !== 'attachment' && part.fileName === '')
    return codeTextBytes(part, rules);
  return codeBinary(part, content.bytes);
}

/** RFC 2046 §5.2.1: a message inside another may only be 7bit, 8bit or binary. */
function codeMessage(bytes: Buffer): CodedContent {
  return { charset: undefined, encoding: isAscii(bytes) ? '7bit' : '8bit', bytes };
}

function codeText(part: Part, text: string, rules: CodingRules): CodedContent {
  const chosen = textCharset(part, text, rules);
  const bytes = encodeText(text, chosen.bytesIn);
  const wanted = part.encoding ?? chosen.encoding ?? usualEncoding(bytes, chosen.bytesIn, rules.profile);
  return { charset: chosen.label, ...applyEncoding(bytes, wanted, 'text', part, rules.profile) };
}

/** Text that a program wrote as bytes, through a stream: the charset label is the program's word. */
function codeTextBytes(part: Part, rules: CodingRules): CodedContent {
  const bytes = part.bytes(rules.ansiCharset);
  const label = part.charset === undefined || isUsAscii(part.charset) ? undefined : part.charset;
  const wanted = part.encoding ?? usualEncoding(bytes, part.charset ?? 'us-ascii', rules.profile);
  return { charset: label, ...applyEncoding(bytes, wanted, 'text', part, rules.profile) };
}

type TextCharset = {
  readonly label: string | undefined;
  readonly bytesIn: string;
  readonly encoding?: string;
};

function textCharset(part: Part, text: string, { profile, ansiCharset }: CodingRules): TextCharset {
  const isPlain = !/[^\x00-\x7f]/.test(text);
  const own = part.charset === undefined || isUsAscii(part.charset) ? undefined : part.charset;
  if (profile.output === 'standards') {
    if (own !== undefined && (findCharset(own)?.canEncode(text) ?? false))
      return { label: own, bytesIn: own };
    return isPlain ? { label: own ?? 'us-ascii', bytesIn: 'us-ascii' } : { label: 'utf-8', bytesIn: 'utf-8' };
  }
  if (own !== undefined) return { label: own, bytesIn: own };
  if (part.mediaType === 'text/html' && profile.html !== undefined) {
    return { label: profile.html.charset, bytesIn: profile.html.charset, encoding: profile.html.encoding };
  }
  if (part.isGenerated && profile.generatedTextCharset !== undefined) {
    return { label: profile.generatedTextCharset, bytesIn: profile.generatedTextCharset };
  }
  return {
    label: undefined,
    bytesIn: isPlain ? 'us-ascii' : ansiCharset,
    ...(!isPlain && { encoding: '8bit' }),
  };
}

function isUsAscii(charset: string): boolean {
  return /^us-ascii$/i.test(charset);
}

function usualEncoding(bytes: Buffer, charset: string, profile: Profile): string {
  if (profile.output === 'standards') return safeTextEncoding(bytes);
  const kind = findCharset(charset)?.kind ?? 'utf-8';
  // Observed: UTF-8 and East Asian text is base64 even when it is empty or plain ASCII.
  if (kind === 'utf-8' || kind === 'multi-byte') return 'base64';
  if (isAscii(bytes)) return '7bit';
  return kind === 'ascii' ? '8bit' : 'quoted-printable';
}

function codeBinary(part: Part, bytes: Buffer): CodedContent {
  const label = part.isText && part.charset !== undefined ? part.charset : undefined;
  const isPlainText =
    part.isText &&
    isAscii(bytes) &&
    !bytes.includes(0) &&
    longestLine(bytes) <= LONGEST_LINE &&
    onlyCrlf(bytes);
  const wanted = part.encoding ?? (isPlainText ? '7bit' : 'base64');
  return {
    charset: label,
    ...applyEncoding(bytes, wanted, part.isText ? 'text' : 'binary', part, undefined),
  };
}

function onlyCrlf(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1))
    if (bytes[at - 1] !== 13) return false;
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1))
    if (bytes[at + 1] !== 10) return false;
  return true;
}

function applyEncoding(
  bytes: Buffer,
  wanted: string,
  kind: 'text' | 'binary',
  part: Part,
  profile: Profile | undefined,
): { encoding: string; bytes: Buffer } {
  const encoding = profile?.output === 'standards' ? carryable(bytes, wanted) : wanted;
  switch (encoding) {
    case 'base64':
      return { encoding, bytes: encodeTransfer(bytes, 'base64', kind) };
    case 'quoted-printable':
      return { encoding, bytes: quotedPrintable(bytes, kind, profile) };
    case 'uuencode':
      return { encoding, bytes: encodeUu(bytes, part.fileName || 'attachment.dat') };
    case '7bit':
    case '8bit':
    case 'binary':
      return { encoding, bytes };
    default:
      throw new CdoError('CDO_E_INVALID_ENCODING_TYPE', {
        hint: `'${encoding}' can be read but not written; choose base64 or quoted-printable.`,
      });
  }
}

/** Observed: Windows 2000 breaks quoted-printable lines behind blanks, at or before column 74. */
function quotedPrintable(bytes: Buffer, kind: 'text' | 'binary', profile: Profile | undefined): Buffer {
  if (profile?.layout !== '2000') return encodeQuotedPrintable(bytes, { mode: kind });
  return encodeQuotedPrintable(bytes, { mode: kind, breakAtBlanks: true, lineLimit: 74 });
}

/** In the standards profile an encoding that the content breaks gives way to one that carries it. */
function carryable(bytes: Buffer, wanted: string): string {
  if (wanted === '7bit') return safeTextEncoding(bytes);
  if (wanted === '8bit' && longestLine(bytes) > LONGEST_LINE) return safeTextEncoding(bytes);
  return wanted;
}
