/**
 * From a pickup file to a message for the queue.
 * Owns: which header fields go, which are added, the check of the bytes, the clean body.
 * Leaves: the envelope (pickup-envelope), line ends (pickup-lines), files and claims (pickup-folder).
 * Fails: with a reason class and sentences for the operator; the file then goes to Badmail as it is.
 * Sources: RFC 5322 §3.6; RFC 5321 §4.4; doc "Pickup directory" (Bcc removed, Message-ID and Date added).
 */
import { isAscii } from 'node:buffer';
import type { BodyType, Recipient } from '../envelope/index.ts';
import type { BadmailClass } from '../mailroot/index.ts';
import {
  decodeWords,
  formatDate,
  type HeaderBlock,
  messageIdFor,
  receivedField,
  scanHeader,
} from '../message/index.ts';
import type { MessageDraft } from '../queue/index.ts';
import { ENVELOPE_KEYS, envelopeFields, type PickupEnvelope, readEnvelope } from './pickup-envelope.ts';
import { cleanField, hasCleanLines, LineCleaner } from './pickup-lines.ts';

/** What a message needs to know about the place it came through. */
export type PickupFileSettings = {
  /** Name of the virtual server. */
  readonly server: string;
  /** Our own name, in Received and Message-ID. */
  readonly fqdn: string;
  /** For names without a domain. */
  readonly defaultDomain: string;
  /** Lines that begin with a dot lose one: files as Windows 2000 and 2003 wanted them. */
  readonly dotStuffed: boolean;
  readonly addReceived: boolean;
};

export type PickupClaim = {
  readonly claimId: string;
  /** The name the file had in Pickup, as text. */
  readonly fileName: string;
  /** UTC milliseconds. */
  readonly at: number;
};

export type BadFile = {
  readonly ok: false;
  readonly reasonClass: BadmailClass;
  readonly detail: string;
};

export type PickupHead = {
  readonly ok: true;
  readonly envelope: PickupEnvelope;
  /** The header as it is sent, with the empty line behind it. */
  readonly header: Buffer;
  /** Where the body begins in the file. */
  readonly bodyAt: number;
  readonly headerMessageId: string | undefined;
  readonly subject: string | undefined;
  readonly hops: number;
};

export type PickupMessage = {
  readonly ok: true;
  readonly draft: MessageDraft;
  readonly recipients: readonly Recipient[];
  readonly body: Buffer;
  readonly warnings: readonly string[];
};

/** Where the finished message is put. */
type Allocate = (bytes: number) => Buffer;

const NUL = 0;
const EMPTY_LINE = Buffer.from('\r\n');
const LONGEST_NOTE = 255;

/** A whole file in memory. */
export function preparePickup(
  file: Buffer,
  claim: PickupClaim,
  settings: PickupFileSettings,
  allocate: Allocate = Buffer.allocUnsafe,
): PickupMessage | BadFile {
  const trouble = troubleInBytes(file);
  if (trouble !== undefined) return trouble;
  const head = readHead(file, claim, settings);
  if (!head.ok) return head;
  const cleaner = new LineCleaner(settings);
  const { header, bodyAt } = head;
  const raw = file.subarray(bodyAt);
  const isClean = !settings.dotStuffed && hasCleanLines(raw);
  const content = isClean ? [raw] : [cleaner.push(raw), cleaner.end()];
  const body = joined([header, ...content], allocate);
  const draft = draftOf(head, claim, settings, {
    isAscii: isAscii(body),
    hasChanged: cleaner.hasChanged,
  });
  if ('ok' in draft) return draft;
  const { recipients, warnings } = head.envelope;
  return { ok: true, draft, recipients, body, warnings };
}

/** What no message may hold. Looks at all bytes given. */
export function troubleInBytes(bytes: Buffer): BadFile | undefined {
  if (!bytes.includes(NUL)) return undefined;
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return bad(
    isUtf16
      ? 'The file is saved as UTF-16 ("Unicode"). Save it as plain text: ANSI or UTF-8.'
      : `The file holds a NUL byte at offset ${bytes.indexOf(NUL)}. Mail is text; encode binary content, for example as base64.`,
  );
}

/** The header of a file, from bytes that hold all of it. */
export function readHead(
  file: Buffer,
  claim: PickupClaim,
  settings: PickupFileSettings,
): PickupHead | BadFile {
  // Editors put a byte order mark before UTF-8 text; it is not part of the first field's name.
  const start = file[0] === 0xef && file[1] === 0xbb && file[2] === 0xbf ? 3 : 0;
  const header = scanHeader(file, start);
  if (header.fields.length === 0) return noHeader(file, start);
  const envelope = readEnvelope(header, settings.defaultDomain);
  if (!envelope.ok) return envelope;
  const messageId = header.value('message-id');
  const subject = header.value('subject');
  return {
    ok: true,
    envelope: envelope.value,
    header: sentHeader(file, header, claim, settings),
    bodyAt: header.hasBlankLine ? header.bodyAt : behindOddBlankLine(file, header.bodyAt),
    headerMessageId: note(
      messageId?.replace(/^<|>$/g, '') || messageIdFor(claim.claimId, settings.fqdn).slice(1, -1),
    ),
    subject: note(subject === undefined ? undefined : decodeWords(subject)),
    hops: header.all('received').length,
  };
}

/** The queue's description of the message, once the whole content is known. */
export function draftOf(
  head: PickupHead,
  claim: PickupClaim,
  settings: PickupFileSettings,
  content: { readonly isAscii: boolean; readonly hasChanged: boolean },
): MessageDraft | BadFile {
  const { envelope } = head;
  if (envelope.declaredBody === 'binarymime' && content.hasChanged)
    return bad(
      'The file says BODY=BINARYMIME and its lines do not all end in CRLF. Binary content cannot pass through Pickup; encode it as base64.',
    );
  const body: BodyType = content.isAscii ? '7bit' : '8bitmime';
  return {
    reversePath: envelope.reversePath,
    body,
    smtpUtf8: envelope.smtpUtf8,
    ...(envelope.returnContent !== undefined && { returnContent: envelope.returnContent }),
    ...(envelope.envelopeId !== undefined && { envelopeId: envelope.envelopeId }),
    origin: { kind: 'pickup', fileName: claim.fileName, claimId: claim.claimId },
    server: settings.server,
    ...(head.headerMessageId !== undefined && { headerMessageId: head.headerMessageId }),
    ...(head.subject !== undefined && { subject: head.subject }),
    hops: head.hops,
  };
}

/** Our Received first, then the fields as they stand but envelope lines and Bcc, then what was missing. */
function sentHeader(
  file: Buffer,
  header: HeaderBlock,
  claim: PickupClaim,
  settings: PickupFileSettings,
): Buffer {
  const top = envelopeFields(header).length;
  const parts: Buffer[] = [];
  if (settings.addReceived)
    parts.push(
      Buffer.from(
        receivedField({ from: { kind: 'pickup' }, by: settings.fqdn, id: claim.claimId, atMs: claim.at }),
      ),
    );
  let hasMessageId = false;
  let hasDate = false;
  // Fields that follow each other in the file go over in one piece.
  let runStart = -1;
  let runEnd = -1;
  const endRun = (): void => {
    if (runStart >= 0) parts.push(cleanField(file.subarray(runStart, runEnd)));
    runStart = -1;
  };
  header.fields.forEach((field, index) => {
    const { key } = field;
    // A field that says nothing is as good as missing.
    const isEmpty = (key === 'message-id' || key === 'date') && field.value === '';
    if (index < top || key === 'bcc' || ENVELOPE_KEYS.has(key) || isEmpty) {
      endRun();
      return;
    }
    if (key === 'message-id') hasMessageId = true;
    else if (key === 'date') hasDate = true;
    if (runStart < 0) runStart = field.start;
    runEnd = field.end;
  });
  endRun();
  let added = '';
  if (!hasMessageId) added += `Message-ID: ${messageIdFor(claim.claimId, settings.fqdn)}\r\n`;
  if (!hasDate) added += `Date: ${formatDate(claim.at)}\r\n`;
  if (added !== '') parts.push(Buffer.from(added));
  parts.push(EMPTY_LINE);
  return Buffer.concat(parts);
}

/** `CR CR LF`, a blank line that went through two text layers, is still the end of the header and no part of the body. */
function behindOddBlankLine(file: Buffer, bodyAt: number): number {
  let at = bodyAt;
  while (file[at] === 13) at += 1;
  return at > bodyAt && file[at] === 10 ? at + 1 : bodyAt;
}

function noHeader(file: Buffer, start: number): BadFile {
  if (file.length === start) return bad('The file is empty.');
  const line = file.toString('latin1', start, Math.min(file.length, start + 80)).split(/[\r\n]/, 1)[0]!;
  return bad(
    line === ''
      ? 'The file begins with an empty line, so it has no header. The first line must be a header field such as "From: name@example.com".'
      : `The file has no header: its first line is "${line.replace(/[\x00-\x1f\x7f]/g, '?')}", which is not a header field.`,
  );
}

function joined(parts: readonly Buffer[], allocate: Allocate): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = allocate(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function note(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text.slice(0, LONGEST_NOTE);
}

function bad(detail: string): BadFile {
  return { ok: false, reasonClass: 'Bad Pickup File', detail };
}
