/**
 * Builds a delivery status notification: a multipart/report with words for a person, fields for a program, and the
 * returned message or its header.
 * Owns: the form, 7-bit safety, SMTPUTF8 forms.  Leaves: who gets one and why (outcome), the sentences about a failure.
 * Fails: never; foreign text is clipped and kept on one line, so that no value adds a field or a part.
 * Sources: RFC 3461 §6; RFC 3464 §2; RFC 6522 §3, §4; RFC 6533 §3, §4; RFC 3834 §5; doc "NDR of the Windows SMTP service".
 */
import { isAscii } from 'node:buffer';
import {
  type EnhancedStatus,
  formatMailbox,
  formatMailboxAscii,
  type Mailbox,
  needsSmtpUtf8,
  type OriginalRecipient,
} from '../envelope/index.ts';
import { dsnText } from './dsn-text.ts';
import { printField } from './header-print.ts';
import { formatDate } from './trace.ts';
import { encodeTransfer, safeTextEncoding } from './transfer-encoding.ts';

/** RFC 3464 §2.3.3. One report is about recipients of one action. */
export type DsnAction = 'failed' | 'delayed' | 'delivered' | 'relayed';

export type DsnRecipient = {
  readonly finalRecipient: Mailbox;
  readonly originalRecipient?: OriginalRecipient;
  readonly status: EnhancedStatus;
  /** The host that said so: a name, or an address literal. */
  readonly remoteMta?: string;
  /** The host's reply (`smtp`), or a reason of our own. */
  readonly diagnostic?: { readonly from: 'smtp' | 'mailroot'; readonly text: string };
  /** UTC milliseconds. */
  readonly lastAttemptAt?: number;
  /** UTC milliseconds. Only for delayed recipients. */
  readonly willRetryUntil?: number;
  /** What happened, in sentences for a normal person. */
  readonly explanation: string;
  /** What that person can do about it. */
  readonly advice?: string;
};

/** What of the original message comes back. */
export type DsnReturned =
  | { readonly kind: 'full'; readonly message: Buffer }
  /** `header` is the header block; an empty line at its end does not matter. */
  | { readonly kind: 'headers'; readonly header: Buffer; readonly why: 'too-large' | 'not-wanted' }
  | { readonly kind: 'none' };

export type DsnContent = {
  readonly action: DsnAction;
  readonly recipients: readonly DsnRecipient[];
  /** Our own fully-qualified domain name. */
  readonly reportingMta: string;
  readonly from: Mailbox;
  readonly to: Mailbox;
  /** With angle brackets. */
  readonly messageId: string;
  /** UTC milliseconds. */
  readonly at: number;
  /** Zone of printed dates, minutes east of Greenwich; the machine's own when absent. */
  readonly offsetMinutes?: number;
  /** What is known of the original message. */
  readonly original: {
    readonly arrivedAt: number;
    readonly subject?: string;
    /** Without angle brackets. */
    readonly messageId?: string;
    readonly envelopeId?: string;
    /** The HELO name of the client that gave it to us. */
    readonly receivedFrom?: string;
    /** Our id of the message. */
    readonly queueId: string;
    readonly smtpUtf8: boolean;
  };
  readonly returned: DsnReturned;
  /** Gives candidates for the boundary; called until one does not occur in the returned message. */
  readonly boundary: () => string;
};

export type BuiltDsn = {
  readonly bytes: Buffer;
  readonly body: '7bit' | '8bitmime';
  /** The recipient of the report can be reached by SMTPUTF8 alone. */
  readonly smtpUtf8: boolean;
  readonly subject: string;
};

const SUBJECTS: Readonly<Record<DsnAction, string>> = {
  failed: 'Delivery Status Notification (Failure)',
  delayed: 'Delivery Status Notification (Delay)',
  delivered: 'Delivery Status Notification (Success)',
  relayed: 'Delivery Status Notification (Relay)',
};

const PREAMBLE =
  'This is a MIME-formatted message.\r\n' +
  'Portions of this message may be unreadable without a MIME-capable mail program.\r\n';

export function buildDsn(content: DsnContent): BuiltDsn {
  const parts = [textPart(content), statusPart(content), ...returnedPart(content)];
  const boundary = freeBoundary(content, parts);
  const is8bit = parts.some((part) => !isAscii(part));
  const smtpUtf8 = needsSmtpUtf8(content.to);
  const header = headerOf(content, { boundary, is8bit, smtpUtf8 });
  const pieces: Buffer[] = [Buffer.from(header), Buffer.from(`\r\n${PREAMBLE}`)];
  for (const part of parts) pieces.push(Buffer.from(`\r\n--${boundary}\r\n`), part);
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`));
  const bytes = Buffer.concat(pieces);
  return { bytes, body: is8bit ? '8bitmime' : '7bit', smtpUtf8, subject: SUBJECTS[content.action] };
}

function headerOf(
  content: DsnContent,
  form: { readonly boundary: string; readonly is8bit: boolean; readonly smtpUtf8: boolean },
): string {
  const { original } = content;
  const to = form.smtpUtf8 ? formatMailbox(content.to) : formatMailboxAscii(content.to);
  const thread = original.messageId === undefined ? undefined : `<${clip(original.messageId, 250)}>`;
  const threadFields =
    thread === undefined || !/^<[\x21-\x7e]+>$/.test(thread)
      ? ''
      : `${printField('In-Reply-To', thread)}${printField('References', thread)}`;
  return (
    printField('From', formatMailboxAscii(content.from)) +
    printField('To', to) +
    printField('Date', formatDate(content.at, content.offsetMinutes)) +
    printField('Message-ID', content.messageId) +
    printField('Subject', SUBJECTS[content.action]) +
    threadFields +
    // RFC 3834 §5: nobody's auto-responder shall answer this.
    printField('Auto-Submitted', 'auto-replied') +
    printField('MIME-Version', '1.0') +
    `Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="${form.boundary}"\r\n` +
    (form.is8bit ? printField('Content-Transfer-Encoding', '8bit') : '')
  );
}

function textPart(content: DsnContent): Buffer {
  const text = Buffer.from(dsnText(content));
  const charset = isAscii(text) ? 'us-ascii' : 'utf-8';
  return encodedPart([`Content-Type: text/plain; charset=${charset}`], text);
}

/** RFC 3464 §2: fields about the message, then a group of fields per recipient. */
function statusPart(content: DsnContent): Buffer {
  // RFC 6533 §4: an address that ASCII cannot hold needs the global form; everybody can read the old one.
  const isGlobal = content.recipients.some(
    ({ finalRecipient, originalRecipient }) =>
      needsSmtpUtf8(finalRecipient) || !isPlain(originalRecipient?.address ?? ''),
  );
  const text = isGlobal ? clip : (value: string, length?: number) => toAscii(clip(value, length));
  const { original } = content;
  let fields = '';
  if (original.envelopeId !== undefined)
    fields += printField('Original-Envelope-Id', toAscii(clip(original.envelopeId)));
  fields += printField('Reporting-MTA', `dns; ${toAscii(content.reportingMta)}`);
  if (original.receivedFrom !== undefined)
    fields += printField('Received-From-MTA', `dns; ${toAscii(clip(original.receivedFrom))}`);
  fields += printField('Arrival-Date', formatDate(original.arrivedAt, content.offsetMinutes));
  for (const recipient of content.recipients) fields += `\r\n${recipientFields(content, recipient, text)}`;
  const bytes = Buffer.from(fields);
  if (!isGlobal) return Buffer.concat([Buffer.from('Content-Type: message/delivery-status\r\n\r\n'), bytes]);
  return encodedPart(['Content-Type: message/global-delivery-status'], bytes);
}

function recipientFields(
  content: DsnContent,
  recipient: DsnRecipient,
  text: (value: string, length?: number) => string,
): string {
  const date = (atMs: number) => formatDate(atMs, content.offsetMinutes);
  const { originalRecipient, remoteMta, diagnostic, lastAttemptAt, willRetryUntil } = recipient;
  let fields = '';
  if (originalRecipient !== undefined) {
    const type = isPlain(originalRecipient.address) ? originalRecipient.addressType : 'utf-8';
    fields += printField(
      'Original-Recipient',
      `${toAscii(clip(type, 60))}; ${clip(originalRecipient.address)}`,
    );
  }
  const address = needsSmtpUtf8(recipient.finalRecipient)
    ? `utf-8; ${formatMailbox(recipient.finalRecipient)}`
    : `rfc822; ${formatMailboxAscii(recipient.finalRecipient)}`;
  fields += printField('Final-Recipient', address);
  fields += printField('Action', content.action);
  fields += printField('Status', recipient.status);
  if (remoteMta !== undefined) fields += printField('Remote-MTA', `dns; ${toAscii(clip(remoteMta))}`);
  if (diagnostic !== undefined) {
    // RFC 3464 §2.1.2: a type of our own is marked with x-.
    const type = diagnostic.from === 'smtp' ? 'smtp' : 'x-mailroot';
    fields += printField('Diagnostic-Code', `${type}; ${text(diagnostic.text)}`);
  }
  if (lastAttemptAt !== undefined) fields += printField('Last-Attempt-Date', date(lastAttemptAt));
  fields += printField('Final-Log-ID', content.original.queueId);
  if (willRetryUntil !== undefined) fields += printField('Will-Retry-Until', date(willRetryUntil));
  return fields;
}

/** RFC 6522 §4 and RFC 6533 §4: the message, or its header as a text of its own type. */
function returnedPart(content: DsnContent): Buffer[] {
  const { returned } = content;
  if (returned.kind === 'none') return [];
  if (returned.kind === 'headers') {
    const header = withoutBlankLine(returned.header);
    const isGlobal = content.original.smtpUtf8 && !isAscii(header);
    return [
      encodedPart([`Content-Type: ${isGlobal ? 'message/global-headers' : 'text/rfc822-headers'}`], header),
    ];
  }
  const { message } = returned;
  // RFC 6532 §3.7: message/global may be encoded, and then passes hosts without SMTPUTF8; message/rfc822 may not.
  if (content.original.smtpUtf8 && !isAscii(message))
    return [encodedPart(['Content-Type: message/global'], message)];
  const encoding = isAscii(message) ? '7bit' : '8bit';
  const head = `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  return [Buffer.concat([Buffer.from(head), message])];
}

function encodedPart(fields: readonly string[], content: Buffer): Buffer {
  const encoding = safeTextEncoding(content);
  const head = [...fields, `Content-Transfer-Encoding: ${encoding}`].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), encodeTransfer(content, encoding, 'text')]);
}

function freeBoundary(content: DsnContent, parts: readonly Buffer[]): string {
  for (;;) {
    const candidate = content.boundary();
    if (!parts.some((part) => part.includes(candidate))) return candidate;
  }
}

function withoutBlankLine(header: Buffer): Buffer {
  return header.toString('latin1', Math.max(0, header.length - 4)) === '\r\n\r\n'
    ? header.subarray(0, -2)
    : header;
}

/** Foreign text in a field: no longer than a line may be, controls and line ends as blanks (printField sees to those). */
function clip(text: string, length = 800): string {
  // Words without a blank cannot be folded, and a line must stay below 998 bytes.
  const foldable = text.replace(/[\x00-\x1f\x7f]/g, ' ').replace(/\S{200}/g, '$& ');
  return foldable.length <= length ? foldable : `${foldable.slice(0, length)} ...`;
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
