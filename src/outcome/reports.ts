/**
 * Turns verdicts into messages: one DSN per action and settlement, with a copy for the postmaster where one is wanted.
 * Owns: what of the original is returned, to whom reports go.  Leaves: their form (message/dsn), when (decide).
 * Fails: an original that cannot be read is left out of the report; the report itself always goes out.
 * Sources: RFC 3461 §4.3 (RET), §6.2; RFC 3464 §2.1 (null reverse-path); RFC 3834 §5.
 */
import type { Clock, IdSource } from '../base/index.ts';
import { isNullReversePath, type Mailbox, mailboxKey, NULL_REVERSE_PATH } from '../envelope/index.ts';
import { buildDsn, type DsnAction, type DsnReturned, longestLine, messageIdFor } from '../message/index.ts';
import type { Claim, MessageBody, OwnMessage } from '../queue/index.ts';
import type { Verdict } from './decide.ts';
import type { OutcomeSettings } from './settings.ts';

export type ReportMaker = {
  readonly clock: Clock;
  readonly ids: IdSource;
};

export type MadeReport = { readonly action: DsnAction; readonly message: OwnMessage; readonly about: number };

const ACTIONS: readonly DsnAction[] = ['failed', 'delayed', 'delivered', 'relayed'];

/** A header larger than this is returned in part. */
const MOST_HEADER_BYTES = 64 * 1024;
/** RFC 5322 §2.1.1: a message with longer lines would not pass the next host as part of another. */
const LONGEST_LINE = 998;

export async function makeReports(
  claim: Claim,
  verdicts: readonly Verdict[],
  settings: OutcomeSettings,
  maker: ReportMaker,
): Promise<MadeReport[]> {
  const { reversePath } = claim.message;
  if (isNullReversePath(reversePath)) return [];
  const made: MadeReport[] = [];
  for (const action of ACTIONS) {
    const notices = verdicts.flatMap(({ notice }) => (notice?.action === action ? [notice] : []));
    if (notices.length === 0) continue;
    const recipients = notices.map(({ dsn }) => dsn);
    const returned = await whatIsReturned(claim, action, settings.maxReturnedBytes);
    made.push(makeReport({ claim, action, recipients, returned, to: reversePath }, settings, maker));
  }
  return made;
}

function makeReport(
  plan: {
    readonly claim: Claim;
    readonly action: DsnAction;
    readonly recipients: Parameters<typeof buildDsn>[0]['recipients'];
    readonly returned: DsnReturned;
    readonly to: Mailbox;
  },
  settings: OutcomeSettings,
  maker: ReportMaker,
): MadeReport {
  const { message } = plan.claim;
  const messageId = messageIdFor(maker.ids.next(), settings.fqdn);
  const { origin, envelopeId, subject, headerMessageId } = message;
  const dsn = buildDsn({
    action: plan.action,
    recipients: plan.recipients,
    reportingMta: settings.fqdn,
    from: settings.reportFrom,
    to: plan.to,
    messageId,
    at: maker.clock.now(),
    original: {
      arrivedAt: message.arrivedAt,
      queueId: message.id,
      smtpUtf8: message.smtpUtf8,
      ...(envelopeId === undefined ? {} : { envelopeId }),
      ...(subject === undefined ? {} : { subject }),
      ...(headerMessageId === undefined ? {} : { messageId: headerMessageId }),
      ...(origin.kind === 'smtp' ? { receivedFrom: origin.heloName } : {}),
    },
    returned: plan.returned,
    boundary: () => `${maker.ids.next()}DSN=_`,
  });
  const copy = plan.action === 'failed' ? settings.copyNdrTo : undefined;
  const readers =
    copy === undefined || mailboxKey(copy) === mailboxKey(plan.to) ? [plan.to] : [plan.to, copy];
  return {
    action: plan.action,
    about: plan.recipients.length,
    message: {
      draft: {
        reversePath: NULL_REVERSE_PATH,
        body: dsn.body,
        smtpUtf8: dsn.smtpUtf8,
        origin: { kind: 'report', about: message.id },
        server: message.server,
        headerMessageId: messageId.slice(1, -1),
        subject: dsn.subject,
        hops: 0,
      },
      // RFC 3461 §6.2: no report about a report is ever asked for.
      recipients: readers.map((forwardPath) => ({ forwardPath, notify: 'never' as const })),
      body: dsn.bytes,
    },
  };
}

async function whatIsReturned(claim: Claim, action: DsnAction, maxBytes: number): Promise<DsnReturned> {
  const { message, body } = claim;
  if (maxBytes === 0) return { kind: 'none' };
  try {
    // RFC 3461 §4.3: RET speaks of failures; other reports return the header.
    if (action !== 'failed' || message.returnContent === 'headers')
      return { kind: 'headers', header: await headerOf(body, maxBytes), why: 'not-wanted' };
    if (body.bytes <= maxBytes && message.body !== 'binarymime') {
      const whole = await wholeBody(body);
      if (longestLine(whole) <= LONGEST_LINE) return { kind: 'full', message: whole };
      return { kind: 'headers', header: await headerOf(body, maxBytes), why: 'not-wanted' };
    }
    return { kind: 'headers', header: await headerOf(body, maxBytes), why: 'too-large' };
  } catch {
    // The failure report matters more than what it carries, and the body's trouble is logged by those who deliver it.
    return { kind: 'none' };
  }
}

/** The header, cut after a whole line when it is larger than a report should be. */
async function headerOf(body: MessageBody, maxBytes: number): Promise<Buffer> {
  const most = Math.min(maxBytes, MOST_HEADER_BYTES);
  const header = asBuffer(await body.header(most));
  if (header.length < most) return header;
  const lastLine = header.lastIndexOf('\r\n');
  return lastLine < 0 ? Buffer.alloc(0) : header.subarray(0, lastLine + 2);
}

async function wholeBody(body: MessageBody): Promise<Buffer> {
  if (body.small !== undefined) return asBuffer(body.small);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.chunks()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
