/**
 * The header of an incoming message: what we need to know of it, and the few changes we make.
 * Owns: one quick pass over the header bytes; rewriting From for devices; completing Date and Message-ID.
 * Leaves: the meaning of other fields (message room).
 * Bytes are kept: text is Latin-1 here, one character per byte, and goes back the same way.
 * Sources: RFC 5322 §2.2, §3.6; RFC 6409 §8.1, §8.3 (a submission server may complete Date and Message-ID).
 */
import { decodeWords } from '../message/index.ts';

export type HeaderFacts = {
  /** The Message-ID with angle brackets; undefined when there is none. */
  readonly messageId: string | undefined;
  readonly subject: string | undefined;
  readonly hops: number;
  readonly hasDate: boolean;
};

const WANTED = /^(received|message-id|subject|date)[ \t]*:/gim;

/** `header` up to and including the empty line, as Latin-1. */
export function readHeader(header: string): HeaderFacts {
  let messageId: string | undefined;
  let subject: string | undefined;
  let hops = 0;
  let hasDate = false;
  WANTED.lastIndex = 0;
  for (let match = WANTED.exec(header); match !== null; match = WANTED.exec(header)) {
    const name = match[1]!;
    const at = WANTED.lastIndex;
    // The four names differ in length: 8, 10, 7, 4.
    if (name.length === 8) hops += 1;
    else if (name.length === 4) hasDate = true;
    else if (name.length === 10)
      messageId ??= /<[^<>\s]{1,900}>/.exec(header.slice(at, fieldEnd(header, at)))?.[0];
    else subject ??= subjectText(header.slice(at, fieldEnd(header, at)));
  }
  return { messageId, subject, hops, hasDate };
}

/** Where the field that begins before `at` ends: behind the CRLF that no blank follows. */
function fieldEnd(header: string, at: number): number {
  for (let end = at; ; ) {
    const line = header.indexOf('\r\n', end);
    if (line < 0) return header.length;
    const next = header.charCodeAt(line + 2);
    if (next !== 0x20 && next !== 0x09) return line;
    end = line + 2;
  }
}

function subjectText(value: string): string {
  const unfolded = value.replace(/\r\n(?=[ \t])/g, '').trim();
  const isPlain = !unfolded.includes('=?') && !/[^\x20-\x7e]/.test(unfolded);
  const text = isPlain ? unfolded : decodeWords(Buffer.from(unfolded, 'latin1').toString('utf8'));
  return text.length <= 255 ? text : text.slice(0, 255).replace(/[\ud800-\udbff]$/, '');
}

/**
 * Gives the message another author: From becomes `sender`, the old From becomes Reply-To unless there is one, and Sender
 * goes, because it would name the old author.
 */
export function rewriteSender(header: string, sender: string): string {
  const hasEnd = header === '\r\n' || header.endsWith('\r\n\r\n');
  const blank = hasEnd ? header.length - 2 : header.length;
  const fields = header.slice(0, blank).match(/[^\r\n][^\n]*(?:\n[ \t][^\n]*)*\n?/g) ?? [];
  const named = (field: string, name: string): boolean => new RegExp(`^${name}[ \\t]*:`, 'i').test(field);
  const hasReplyTo = fields.some((field) => named(field, 'reply-to'));
  const oldFrom = fields.find((field) => named(field, 'from'));
  const kept = fields.filter((field) => !named(field, 'from') && !named(field, 'sender'));
  const replyTo =
    hasReplyTo || oldFrom === undefined ? '' : `Reply-To:${oldFrom.slice(oldFrom.indexOf(':') + 1)}`;
  return `From: ${sender}\r\n${replyTo}${kept.join('')}${header.slice(blank)}`;
}
