/**
 * A job as a transaction for the host at hand, or why that host cannot take it.
 * Owns: batches of recipients, the SMTPUTF8 check (needed or merely asked for), the choice of body.
 * Sources: RFC 5321 §4.5.3.1.8; RFC 6152 §3; RFC 6531 §3.4; RFC 9422 §4.
 */
import { needsSmtpUtf8 } from '../envelope/index.ts';
import {
  type AttemptFailure,
  type OutgoingBody,
  type OutgoingMessage,
  type Peer,
  planTransaction,
  recipientNeedsSmtpUtf8,
  type Transaction,
} from '../smtp/index.ts';
import type { DeliverySettings } from './contract.ts';
import { type Job, part } from './job.ts';

/** `rest`: recipients that must go in a transaction of their own, in any case. */
export type JobPlan = { readonly job: Job; readonly rest: Job | undefined } & (
  | { readonly kind: 'send'; readonly transaction: Transaction }
  | { readonly kind: 'refused'; readonly failure: AttemptFailure }
  /** The host takes 7-bit bodies only. */
  | { readonly kind: 'reencode' }
);

export function planJob(
  whole: Job,
  peer: Peer,
  settings: Pick<DeliverySettings, 'recipientsPerTransaction' | 'plan'>,
  addressee: { readonly host: string; readonly address: string },
): JobPlan {
  const { job, rest } = firstBatch(whole, peer, settings.recipientsPerTransaction);
  const { message, body } = job.claim;
  const content: OutgoingBody = job.sevenBit ?? body;
  const outgoing: OutgoingMessage = {
    reversePath: job.reversePath,
    recipients: job.recipients,
    body: job.sevenBit === undefined ? message.body : '7bit',
    smtpUtf8: message.smtpUtf8 && (peer.smtpUtf8 || hasUtf8Header(content)),
    content,
    isCanonical: true,
    ...(message.returnContent === undefined ? {} : { returnContent: message.returnContent }),
    ...(message.envelopeId === undefined ? {} : { envelopeId: message.envelopeId }),
  };
  const planned = planTransaction(outgoing, peer, settings.plan);
  if (!('refused' in planned)) return { kind: 'send', transaction: planned, job, rest };
  const { problem, text } = planned.refused;
  if (problem === 'needs-8bit') return { kind: 'reencode', job, rest };
  return { kind: 'refused', failure: { stage: 'mail', problem, text, ...addressee }, job, rest };
}

/** The recipients of the first transaction: no more than allowed, and none that spoils it for the others. */
function firstBatch(
  whole: Job,
  peer: Peer,
  most: number,
): { readonly job: Job; readonly rest: Job | undefined } {
  const limit = Math.min(most, peer.maxRecipients ?? most);
  const { recipients } = whole;
  if (recipients.length === 1) return { job: whole, rest: undefined };
  let first = recipients;
  if (!peer.smtpUtf8 && !needsSmtpUtf8(whole.reversePath) && recipients.some(recipientNeedsSmtpUtf8)) {
    // Only those whose own address needs SMTPUTF8 fail at this host.
    const plain = recipients.filter((recipient) => !recipientNeedsSmtpUtf8(recipient));
    if (plain.length > 0) first = plain;
  }
  first = first.slice(0, limit);
  if (first.length === recipients.length) return { job: whole, rest: undefined };
  const chosen = new Set(first.map(({ recipientId }) => recipientId));
  return {
    job: { ...whole, recipients: first },
    rest: part(
      whole,
      recipients.filter(({ recipientId }) => !chosen.has(recipientId)).map(({ recipientId }) => recipientId),
    ),
  };
}

/**
 * RFC 6531 §3.4: a message that was sent with SMTPUTF8 and needs it neither in addresses nor in header fields may go to a
 * host without it. Of a large body the beginning is not in memory; then the sender's word counts.
 */
function hasUtf8Header(content: OutgoingBody): boolean {
  const { small } = content;
  if (small === undefined) return true;
  for (let at = 0; at < small.length; at += 1) {
    const byte = small[at]!;
    if (byte > 0x7f) return true;
    if (byte === 10 && small[at + 1] === 13 && small[at + 2] === 10) return false;
  }
  return false;
}
