/**
 * One command line: its verb and its argument text.
 * Owns: bytes to text, the verb.  Leaves: finding the line (wire), arguments of each verb (server/commands).
 * Fails: a value that names the fault; never throws.
 * Sources: RFC 5321 §2.4 (verbs are not case-sensitive), §4.1.1; RFC 6531 §3.1.
 */
import { isUtf8 } from 'node:buffer';

/** Every verb the server knows, also those that it only refuses by name. */
export const VERBS = [
  'HELO',
  'EHLO',
  'STARTTLS',
  'RCPT',
  'DATA',
  'RSET',
  'MAIL',
  'QUIT',
  'HELP',
  'AUTH',
  'ETRN',
  'BDAT',
  'VRFY',
  'EXPN',
  'NOOP',
  'TURN',
  'ATRN',
] as const;

export type Verb = (typeof VERBS)[number];

export type CommandLine = {
  readonly verb: Verb;
  /** What follows the verb, without the blank between them and without blanks at the end. */
  readonly argument: string;
};

export type CommandFault = 'unrecognized' | 'bad-bytes' | 'not-utf8';

const VERB_OF = new Map<string, Verb>();
for (const verb of VERBS) {
  VERB_OF.set(verb, verb);
  VERB_OF.set(verb.toLowerCase(), verb);
}

/** Reads the line between `start` and `end`, which exclude the CRLF. */
export function readCommandLine(bytes: Buffer, start: number, end: number): CommandLine | CommandFault {
  let text = bytes.toString('latin1', start, end);
  let isWide = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // Controls have no place in a command; the tabulator is one. Lone CR and LF never get here (wire refuses them).
    if (code < 0x20 || code === 0x7f) return 'bad-bytes';
    if (code > 0x7f) isWide = true;
  }
  if (isWide) {
    if (!isUtf8(bytes.subarray(start, end))) return 'not-utf8';
    text = bytes.toString('utf8', start, end);
  }
  let blank = text.indexOf(' ');
  if (blank < 0) blank = text.length;
  const word = text.slice(0, blank);
  // Only ASCII letters are folded: `ſ` in capitals would be an S.
  const verb =
    VERB_OF.get(word) ?? (/^[A-Za-z]{4,8}$/.test(word) ? VERB_OF.get(word.toUpperCase()) : undefined);
  if (verb === undefined) return 'unrecognized';
  let last = text.length;
  while (last > blank && text.charCodeAt(last - 1) === 0x20) last -= 1;
  return { verb, argument: last <= blank + 1 ? '' : text.slice(blank + 1, last) };
}
