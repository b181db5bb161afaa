/**
 * Trace fields: Received, Return-Path, Message-ID, X-OriginalArrivalTime and the date form they share.
 * Owns: their printed form and counting of hops.  Leaves: when they are added (intake, mailroot) and the hop limit (outcome).
 * Fails: never; foreign names are made harmless here, so no value can start a header field of its own.
 * Sources: RFC 5321 §4.4; RFC 5322 §3.3, §3.6.4; RFC 3848; RFC 6531 §4.3; RFC 8314 §7.4.
 */
import { formatMailbox, isNullReversePath, type ReversePath } from '../envelope/index.ts';
import { printDateTime } from './date-time.ts';

/** The product as Received fields name it. */
export const PRODUCT_NAME = 'Mailroot';

/**
 * `Thu, 21 Feb 2008 15:29:31 -0500` (RFC 5322 §3.3).
 * `atMs` is UTC milliseconds; `offsetMinutes` is the zone east of Greenwich, the machine's own when absent.
 */
export function formatDate(atMs: number, offsetMinutes?: number): string {
  return printDateTime(atMs, offsetMinutes === undefined ? {} : { offsetMinutes });
}

/** The transmission types of RFC 3848 and RFC 6531 §4.3. */
export type TransmissionType =
  | 'SMTP'
  | 'ESMTP'
  | 'ESMTPA'
  | 'ESMTPS'
  | 'ESMTPSA'
  | 'UTF8SMTP'
  | 'UTF8SMTPA'
  | 'UTF8SMTPS'
  | 'UTF8SMTPSA';

/** The `with` keyword of a session. A client that said HELO has no extension in use, whatever it encrypts. */
export function transmissionType(session: {
  readonly extended: boolean;
  readonly overTls: boolean;
  readonly authenticated: boolean;
  readonly smtpUtf8: boolean;
}): TransmissionType {
  if (!session.extended) return 'SMTP';
  const base = session.smtpUtf8 ? 'UTF8SMTP' : 'ESMTP';
  return `${base}${session.overTls ? 'S' : ''}${session.authenticated ? 'A' : ''}` as TransmissionType;
}

/** Where a message came from, as its Received field tells it. */
export type ReceivedFrom =
  | { readonly kind: 'pickup' }
  /** `mailroot send`, `mailroot-sendmail` and other local programs. */
  | { readonly kind: 'command' }
  | {
      readonly kind: 'smtp';
      /** What the client said in HELO or EHLO. */
      readonly heloName: string;
      /** IPv4 or IPv6 address without brackets. */
      readonly clientAddress: string;
      readonly type: TransmissionType;
      /** The name that reverse DNS gave for the address and that leads back to it. */
      readonly verifiedName?: string;
      /** Reverse DNS was asked and disagrees with the HELO name. */
      readonly unverified?: boolean;
      /** Cipher suite of the session as the TLS library names it. */
      readonly tlsCipher?: string;
    };

export type ReceivedOptions = {
  readonly from: ReceivedFrom;
  /** Our own fully-qualified domain name. */
  readonly by: string;
  /** The queue's id of the message; names it in the field when given. The pickup form has no place for it. */
  readonly id?: string;
  /** UTC milliseconds. */
  readonly atMs: number;
  /** `atMs` as `formatDate` prints it, from a caller that has it at hand; then `atMs` is not looked at. */
  readonly date?: string;
  /** Zone east of Greenwich; the machine's own when absent. */
  readonly offsetMinutes?: number;
};

/** One whole Received field, ending in CRLF. */
export function receivedField(options: ReceivedOptions): string {
  const date = options.date ?? formatDate(options.atMs, options.offsetMinutes);
  const by = harmless(options.by);
  const { from } = options;
  // compat: the words and the fold before the date are those of the old service; spam filters know this form.
  if (from.kind === 'pickup')
    return `Received: from mail pickup service by ${by} with ${PRODUCT_NAME};\r\n\t ${date}\r\n`;

  // RFC 5321 §4.4: from, by, via, with, id, for and then registered clauses, in this order.
  const clauses = from.kind === 'command' ? ['from local command'] : [`from ${clientOf(from)}`];
  clauses.push(`by ${by} (${PRODUCT_NAME})`);
  clauses.push(`with ${from.kind === 'command' ? 'local' : from.type}`);
  if (options.id !== undefined) clauses.push(`id ${harmless(options.id)}`);
  if (from.kind === 'smtp' && from.tlsCipher !== undefined) clauses.push(`tls ${harmless(from.tlsCipher)}`);
  return `${foldClauses('Received:', clauses)};\r\n\t ${date}\r\n`;
}

function clientOf(client: Extract<ReceivedFrom, { kind: 'smtp' }>): string {
  const literal = client.clientAddress.includes(':')
    ? `[IPv6:${harmless(client.clientAddress)}]`
    : `[${harmless(client.clientAddress)}]`;
  const name = client.verifiedName === undefined ? '' : `${harmless(client.verifiedName)} `;
  // compat: the old service wrote the word after the address when reverse DNS disagreed (doc "Perform reverse DNS lookup").
  const doubt = client.unverified === true ? ' unverified' : '';
  return `${harmless(client.heloName)} (${name}${literal}${doubt})`;
}

// RFC 5322 §2.1.1: lines should stay within 78 characters.
const LINE_WIDTH = 78;

function foldClauses(name: string, clauses: readonly string[]): string {
  let folded = name;
  let width = name.length;
  for (const clause of clauses) {
    if (width + 1 + clause.length > LINE_WIDTH && width > name.length) {
      folded += `\r\n\t${clause}`;
      width = 8 + clause.length;
    } else {
      folded += ` ${clause}`;
      width += 1 + clause.length;
    }
  }
  return folded;
}

/** A foreign word as an atom: what is not plain becomes `?`, so nothing can close the comment, fold or break the line. */
function harmless(word: string): string {
  if (/^[\w.:[\]@+/=-]+$/.test(word)) return word;
  return word === '' ? 'unknown' : word.replace(/[^\w.:[\]@+/=-]/g, '?').slice(0, 255);
}

/** `Return-Path: <a@b>` with CRLF; written when a message leaves SMTP (RFC 5321 §4.4), that is at Drop. */
export function returnPathField(path: ReversePath): string {
  return `Return-Path: <${isNullReversePath(path) ? '' : formatMailbox(path).replace(/[\r\n]/g, '')}>\r\n`;
}

/** The content of a Message-ID field, angle brackets included: `<0123456789ABCDEF@host.example>` (RFC 5322 §3.6.4). */
export function messageIdFor(id: string, fqdn: string): string {
  return `<${harmless(id)}@${harmless(fqdn)}>`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

const EPOCH_OF_FILETIME = 116_444_736_000_000_000n;

/**
 * `X-OriginalArrivalTime: 14 Mar 2002 15:31:58.0324 (UTC) FILETIME=[610D9B40:01C1CB6D]` with CRLF.
 * observed: the fraction is milliseconds in four digits, and FILETIME stands low half first.
 */
export function originalArrivalTimeField(atMs: number): string {
  const at = new Date(atMs);
  const fileTime = BigInt(Math.trunc(atMs)) * 10_000n + EPOCH_OF_FILETIME;
  const date = `${two(at.getUTCDate())} ${MONTHS[at.getUTCMonth()]!} ${at.getUTCFullYear()}`;
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  const fraction = String(at.getUTCMilliseconds()).padStart(4, '0');
  const halves = `${hexHalf(fileTime & 0xffff_ffffn)}:${hexHalf(fileTime >> 32n)}`;
  return `X-OriginalArrivalTime: ${date} ${time}.${fraction} (UTC) FILETIME=[${halves}]\r\n`;
}

function hexHalf(half: bigint): string {
  return half.toString(16).toUpperCase().padStart(8, '0');
}

const LF = 10;
const CR = 13;
const RECEIVED = [...'received'].map((letter) => letter.charCodeAt(0));

/** Received fields in a header block: the hops a message has behind it (RFC 5321 §6.3). Stops at the empty line. */
export function countHops(header: Uint8Array): number {
  let hops = 0;
  for (let start = 0; start < header.length; ) {
    const first = header[start]!;
    if (first === LF || (first === CR && header[start + 1] === LF)) break;
    if ((first | 0x20) === 0x72 && namesReceived(header, start)) hops += 1;
    const end = header.indexOf(LF, start);
    if (end < 0) break;
    start = end + 1;
  }
  return hops;
}

function namesReceived(header: Uint8Array, start: number): boolean {
  if (RECEIVED.some((letter, index) => ((header[start + index] ?? 0) | 0x20) !== letter)) return false;
  let at = start + RECEIVED.length;
  // RFC 5322 §4.5: the obsolete form allows white space before the colon.
  while (header[at] === 0x20 || header[at] === 0x09) at += 1;
  return header[at] === 0x3a;
}
