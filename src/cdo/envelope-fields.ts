/**
 * The envelope of a message inside a transport sink, as fields.
 * Owns: their values and what a sink may change.  Leaves: running sinks (sink.ts).
 * Sources: reference A2.6.
 */
import {
  formatMailbox,
  isNullReversePath,
  type Mailbox,
  type Recipient,
  type ReversePath,
} from '../envelope/index.ts';
import { parseMailboxes } from '../message/index.ts';
import { type FieldValue, toLong, toText } from './coerce.ts';
import { NAMESPACE } from './constants.ts';
import { CdoError } from './errors.ts';
import { Fields } from './fields.ts';
import { NNTP_ENVELOPE_FIELDS, SMTP_ENVELOPE_FIELDS } from './message-fields.ts';

/** What a sink sees of the envelope, and what it may change. */
export type SinkEnvelope = {
  readonly arrivedAtMs: number;
  /** Empty for pickup mail. */
  readonly clientAddress: string;
  /** Full path; undefined when the message came by SMTP. */
  readonly pickupFileName?: string;
  readonly reversePath: ReversePath;
  recipients: readonly Recipient[];
  /** CdoMessageStat: 0 deliver, 2 drop, 3 bad mail. */
  status: number;
  /** Writes the message back; called by DataSource.Save. */
  readonly save?: (message: Buffer) => void;
  readonly newsgroups?: string;
};

export function envelopeFields(envelope: SinkEnvelope): Fields {
  const smtp = new Map(SMTP_ENVELOPE_FIELDS.map((row) => [NAMESPACE.smtpEnvelope + row.name, row]));
  const inert = new Map<string, FieldValue>();
  const nntp = new Set(NNTP_ENVELOPE_FIELDS.map((row) => NAMESPACE.nntpEnvelope + row.name));
  const known = (name: string): void => {
    if (!smtp.has(name) && !nntp.has(name)) throw new CdoError('CDO_E_INVALID_PROPERTYNAME', { hint: name });
  };
  return new Fields({
    names: () => [...smtp.keys(), ...inert.keys()],
    read: (name) => {
      known(name);
      return smtp.has(name) ? read(envelope, name.slice(NAMESPACE.smtpEnvelope.length)) : inert.get(name);
    },
    check: (name, value) => {
      known(name);
      if (smtp.get(name)?.readOnly === true) throw new CdoError('CDO_E_PROP_READONLY', { hint: name });
      if (name.endsWith('/messagestatus')) messageStatus(value);
      if (name.endsWith('/recipientlist')) recipientList(toText(value));
    },
    write: (name, value) => {
      if (name.endsWith('/messagestatus')) envelope.status = messageStatus(value);
      else if (name.endsWith('/recipientlist'))
        envelope.recipients = recipientList(toText(value), envelope.recipients);
      else inert.set(name, value);
    },
    remove: (name) => {
      throw new CdoError('CDO_E_PROP_CANNOT_DELETE', { hint: name });
    },
  });
}

function read(envelope: SinkEnvelope, name: string): FieldValue {
  switch (name) {
    case 'arrivaltime':
      // An OLE date has no zone; this one is in UTC, so the local fields of the value must show UTC.
      return utcAsLocal(envelope.arrivedAtMs);
    case 'clientipaddress':
      return envelope.clientAddress;
    case 'messagestatus':
      return envelope.status;
    case 'pickupfilename':
      return envelope.pickupFileName;
    case 'recipientlist':
      return envelope.recipients.map(({ forwardPath }) => `SMTP:${formatMailbox(forwardPath)};`).join('');
    default:
      return isNullReversePath(envelope.reversePath) ? '' : formatMailbox(envelope.reversePath);
  }
}

function utcAsLocal(atMs: number): Date {
  const utc = new Date(atMs);
  return new Date(
    utc.getUTCFullYear(),
    utc.getUTCMonth(),
    utc.getUTCDate(),
    utc.getUTCHours(),
    utc.getUTCMinutes(),
    utc.getUTCSeconds(),
  );
}

function messageStatus(value: FieldValue): number {
  const status = toLong(value);
  if (status !== 0 && status !== 2 && status !== 3)
    throw new CdoError('CDO_E_BAD_DATA', { hint: 'messagestatus is 0 (deliver), 2 (drop) or 3 (bad mail).' });
  return status;
}

/** `SMTP:a@x;SMTP:b@y;`; recipients that stay keep their options. */
function recipientList(text: string, former: readonly Recipient[] = []): Recipient[] {
  const recipients: Recipient[] = [];
  for (const item of text.split(';')) {
    const written = item.trim().replace(/^SMTP:/i, '');
    if (written === '') continue;
    const mailbox: Mailbox | undefined = parseMailboxes(written)[0]?.mailbox;
    if (mailbox === undefined)
      throw new CdoError('CDO_E_BAD_DATA', { hint: `'${item.trim()}' in the recipient list is no address.` });
    const kept = former.find((recipient) => formatMailbox(recipient.forwardPath) === formatMailbox(mailbox));
    recipients.push(kept ?? { forwardPath: mailbox });
  }
  return recipients;
}
