/**
 * The fields of a Message or body part outside the configuration: names, types, and the header field behind each.
 * Owns: the tables.  Leaves: reading and writing (part-fields.ts, envelope-fields.ts).
 * Sources: doc "CDO mailheader, httpmail and envelope fields" (reference A2.3–A2.7).
 */
import { NAMESPACE } from './constants.ts';

export type HttpMailFieldRow = {
  readonly name: string;
  readonly constant: string;
  readonly type: 'text' | 'addresses' | 'long' | 'boolean' | 'date';
  /** The header field behind it, when there is just one. */
  readonly header?: string;
  readonly readOnly?: true;
};

/** `urn:schemas:httpmail:`: decoded and typed. */
export const HTTPMAIL_FIELDS = [
  { name: 'attachmentfilename', constant: 'cdoAttachmentFilename', type: 'text' },
  { name: 'bcc', constant: 'cdoBcc', type: 'addresses', header: 'Bcc' },
  { name: 'cc', constant: 'cdoCC', type: 'addresses', header: 'Cc' },
  { name: 'content-disposition-type', constant: 'cdoContentDispositionType', type: 'text' },
  { name: 'content-media-type', constant: 'cdoContentMediaType', type: 'text' },
  { name: 'date', constant: 'cdoDate', type: 'date', header: 'Date' },
  { name: 'datereceived', constant: 'cdoDateReceived', type: 'date', header: 'Received', readOnly: true },
  { name: 'from', constant: 'cdoFrom', type: 'addresses', header: 'From' },
  { name: 'hasattachment', constant: 'cdoHasAttachment', type: 'boolean', readOnly: true },
  { name: 'htmldescription', constant: 'cdoHTMLDescription', type: 'text' },
  { name: 'importance', constant: 'cdoImportance', type: 'long', header: 'Importance' },
  {
    name: 'normalizedsubject',
    constant: 'cdoNormalizedSubject',
    type: 'text',
    header: 'Subject',
    readOnly: true,
  },
  { name: 'priority', constant: 'cdoPriority', type: 'long', header: 'Priority' },
  { name: 'reply-to', constant: 'cdoReplyTo', type: 'addresses', header: 'Reply-To' },
  { name: 'sender', constant: 'cdoSender', type: 'addresses', header: 'Sender' },
  { name: 'subject', constant: 'cdoSubject', type: 'text', header: 'Subject' },
  { name: 'textdescription', constant: 'cdoTextDescription', type: 'text' },
  { name: 'thread-topic', constant: 'cdoThreadTopic', type: 'text', header: 'Thread-Topic' },
  { name: 'to', constant: 'cdoTo', type: 'addresses', header: 'To' },
] as const satisfies readonly HttpMailFieldRow[];

/** Fields that belong to Exchange; scripts read some of them. Accepted, without effect. */
export const INERT_HTTPMAIL_FIELDS: readonly string[] = [
  'fromname',
  'fromemail',
  'sendername',
  'senderemail',
  'displayto',
  'displaycc',
  'read',
  'submitted',
  'savedestination',
  'saveinsent',
  'sendmsg',
];

/** `urn:schemas:mailheader:` names with a constant; any other header may be named the same way. Raw text both ways. */
export const MAILHEADER_CONSTANTS: Readonly<Record<string, string>> = {
  approved: 'cdoApproved',
  comment: 'cdoComment',
  'content-base': 'cdoContentBase',
  'content-description': 'cdoContentDescription',
  'content-disposition': 'cdoContentDisposition',
  'content-id': 'cdoContentId',
  'content-language': 'cdoContentLanguage',
  'content-location': 'cdoContentLocation',
  'content-transfer-encoding': 'cdoContentTransferEncoding',
  'content-type': 'cdoContentType',
  control: 'cdoControl',
  disposition: 'cdoDisposition',
  'disposition-notification-to': 'cdoDispositionNotificationTo',
  distribution: 'cdoDistribution',
  expires: 'cdoExpires',
  'followup-to': 'cdoFollowupTo',
  'in-reply-to': 'cdoInReplyTo',
  lines: 'cdoLines',
  'message-id': 'cdoMessageId',
  'mime-version': 'cdoMIMEVersion',
  newsgroups: 'cdoNewsgroups',
  organization: 'cdoOrganization',
  'original-recipient': 'cdoOriginalRecipient',
  path: 'cdoPath',
  'posting-version': 'cdoPostingVersion',
  received: 'cdoReceived',
  references: 'cdoReferences',
  'relay-version': 'cdoRelayVersion',
  'return-path': 'cdoReturnPath',
  'return-receipt-to': 'cdoReturnReceiptTo',
  summary: 'cdoSummary',
  'thread-index': 'cdoThreadIndex',
  'x-mailer': 'cdoXMailer',
  xref: 'cdoXref',
  'x-unsent': 'cdoXUnsent',
  'x-cdostreamhighfidelity': 'cdoXCDOStreamHighFidelity',
};

export type EnvelopeFieldRow = {
  readonly name: string;
  readonly constant: string;
  readonly type: 'date' | 'text' | 'long';
  readonly readOnly: boolean;
};

/** `…/cdo/smtpenvelope/`: inside a transport sink only. */
export const SMTP_ENVELOPE_FIELDS = [
  { name: 'arrivaltime', constant: 'cdoArrivalTime', type: 'date', readOnly: true },
  { name: 'clientipaddress', constant: 'cdoClientIPAddress', type: 'text', readOnly: true },
  { name: 'messagestatus', constant: 'cdoMessageStatus', type: 'long', readOnly: false },
  { name: 'pickupfilename', constant: 'cdoPickupFileName', type: 'text', readOnly: true },
  { name: 'recipientlist', constant: 'cdoRecipientList', type: 'text', readOnly: false },
  { name: 'senderemailaddress', constant: 'cdoSenderEmailAddress', type: 'text', readOnly: true },
] as const satisfies readonly EnvelopeFieldRow[];

/** `…/cdo/nntpenvelope/`. */
export const NNTP_ENVELOPE_FIELDS = [
  { name: 'newsgrouplist', constant: 'cdoNewsgroupList', type: 'text', readOnly: false },
  { name: 'nntpprocessing', constant: 'cdoNNTPProcessing', type: 'long', readOnly: false },
] as const satisfies readonly EnvelopeFieldRow[];

const HTTPMAIL_BY_NAME: ReadonlyMap<string, HttpMailFieldRow> = new Map(
  HTTPMAIL_FIELDS.map((row) => [row.name, row]),
);

export function httpMailField(name: string): HttpMailFieldRow | undefined {
  return HTTPMAIL_BY_NAME.get(name);
}

/** Full name of every constant of the field namespaces, for script hosts. */
export function fieldConstants(
  configuration: readonly { readonly name: string; readonly constant: string }[],
): Record<string, string> {
  const named = (namespace: string, rows: readonly { readonly name: string; readonly constant: string }[]) =>
    rows.map((row) => [row.constant, namespace + row.name] as const);
  return Object.fromEntries([
    ...named(NAMESPACE.configuration, configuration),
    ...named(NAMESPACE.httpMail, HTTPMAIL_FIELDS),
    ...Object.entries(MAILHEADER_CONSTANTS).map(
      ([name, constant]) => [constant, NAMESPACE.mailHeader + name] as const,
    ),
    ...named(NAMESPACE.smtpEnvelope, SMTP_ENVELOPE_FIELDS),
    ...named(NAMESPACE.nntpEnvelope, NNTP_ENVELOPE_FIELDS),
  ]);
}
