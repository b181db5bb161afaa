/**
 * One transaction as the commands that open it, and its end as a report per recipient.
 * Owns: parameters of MAIL and RCPT by what the host offers, what cannot be sent to a host at all, meaning of the replies
 * per recipient.  Leaves: order and pipelining (machine), re-encoding of 8-bit bodies (delivery).
 * Sources: RFC 5321 §4.1.1; RFC 1870 §6; RFC 3030 §2, §3; RFC 3461 §4; RFC 6152 §2; RFC 6531 §3.4.
 */
import {
  type EnhancedStatus,
  type Envelope,
  formatMailbox,
  formatMailboxAscii,
  isNullReversePath,
  type NotifyWhen,
  needsSmtpUtf8,
  type OriginalRecipient,
  type Recipient,
  type Reply,
} from '../../envelope/index.ts';
import { encodeXtext } from '../protocol/xtext.ts';
import type { AttemptFailure, RecipientReport } from './contract.ts';
import type { Peer } from './peer.ts';

/** The bytes of a message: whole in memory when small, else in pieces of at most 64 KiB, readable more than once. */
export interface OutgoingBody {
  readonly bytes: number;
  readonly small: Uint8Array | undefined;
  chunks(): AsyncIterable<Uint8Array>;
}

/** What is sent in one transaction. */
export type OutgoingMessage = Omit<Envelope, 'recipients'> & {
  /** At most as many as the host takes in one transaction. Never empty. */
  readonly recipients: readonly (Recipient & { readonly recipientId: number })[];
  readonly content: OutgoingBody;
  /**
   * True when line ends are known to be CRLF throughout, as in the queue. Otherwise every byte is looked at and bare CR
   * and LF are repaired on the way.
   */
  readonly isCanonical: boolean;
};

/** How the body follows: after 354, or as BDAT pieces of known length. */
export type Transfer = 'data' | 'bdat';

/** The plan of a transaction with one host: what the machine writes, in order. */
export type Transaction = {
  readonly message: OutgoingMessage;
  /** Without CRLF. */
  readonly mail: string;
  readonly rcpts: readonly string[];
  readonly transfer: Transfer;
  /** The body goes out in the same write as MAIL and RCPT: one round trip for everything. */
  readonly bodyAtOnce: boolean;
  /** One refused recipient stops the whole transaction before its body. */
  readonly allOrNone: boolean;
};

export type PlanOptions = {
  /** False sends DATA even when the host offers CHUNKING. BINARYMIME always needs BDAT. */
  readonly useChunking: boolean;
  /** Bodies up to this size follow MAIL and RCPT without waiting for the replies, when the host allows. */
  readonly bodyAtOnceMaxBytes: number;
  /** One refused recipient stops the whole transaction before its body. */
  readonly allOrNone?: boolean;
};

export const DEFAULT_PLAN_OPTIONS: PlanOptions = { useChunking: true, bodyAtOnceMaxBytes: 64 * 1024 };

/** Why this host cannot get this message; `nothing` was said to it. */
export type PlanRefusal = {
  readonly problem: 'too-large' | 'needs-smtputf8' | 'needs-8bit';
  readonly text: string;
};

/**
 * The commands for `message` to a host that offers what `peer` says. `needs-8bit` asks the caller to re-encode the body
 * as 7bit and plan again; the other refusals are final for this host.
 */
export function planTransaction(
  message: OutgoingMessage,
  peer: Peer,
  options: PlanOptions = DEFAULT_PLAN_OPTIONS,
): Transaction | { readonly refused: PlanRefusal } {
  const utf8 =
    message.smtpUtf8 || needsSmtpUtf8(message.reversePath) || message.recipients.some(recipientNeedsSmtpUtf8);
  if (utf8 && !peer.smtpUtf8) {
    return refuse('needs-smtputf8', 'the message needs SMTPUTF8, which the host does not offer');
  }
  const canTakeBody =
    message.body === '7bit' || (message.body === '8bitmime' ? peer.eightBitMime : peer.binaryMime);
  if (!canTakeBody)
    return refuse('needs-8bit', `the host does not take ${message.body.toUpperCase()} bodies`);
  // RFC 1870 §6.1: sending what is larger than the host's limit only wastes both sides' time.
  if (peer.maxMessageBytes !== undefined && message.content.bytes > peer.maxMessageBytes) {
    return refuse(
      'too-large',
      `the message has ${message.content.bytes} bytes; the host takes at most ${peer.maxMessageBytes}`,
    );
  }
  const transfer: Transfer =
    peer.chunking && (message.body === 'binarymime' || (options.useChunking && peer.pipelining))
      ? 'bdat'
      : 'data';
  const allOrNone = options.allOrNone === true;
  const rcpts: string[] = [];
  for (const recipient of message.recipients) rcpts.push(rcptCommand(recipient, utf8, peer));
  return {
    message,
    mail: mailCommand(message, utf8, peer),
    rcpts,
    transfer,
    allOrNone,
    bodyAtOnce:
      !allOrNone &&
      transfer === 'bdat' &&
      peer.pipelining &&
      message.content.small !== undefined &&
      message.content.bytes <= options.bodyAtOnceMaxBytes,
  };
}

/** True when this recipient alone makes SMTPUTF8 necessary. */
export function recipientNeedsSmtpUtf8(recipient: Recipient): boolean {
  return needsSmtpUtf8(recipient.forwardPath);
}

function refuse(problem: PlanRefusal['problem'], text: string): { readonly refused: PlanRefusal } {
  return { refused: { problem, text } };
}

function mailCommand(message: OutgoingMessage, utf8: boolean, peer: Peer): string {
  const path = isNullReversePath(message.reversePath)
    ? '<>'
    : `<${utf8 ? formatMailbox(message.reversePath) : formatMailboxAscii(message.reversePath)}>`;
  let command = `MAIL FROM:${path}`;
  if (peer.sizeOffered) command += ` SIZE=${message.content.bytes}`;
  if (message.body === 'binarymime') command += ' BODY=BINARYMIME';
  else if (message.body === '8bitmime') command += ' BODY=8BITMIME';
  if (utf8) command += ' SMTPUTF8';
  if (peer.dsn) {
    if (message.returnContent !== undefined)
      command += message.returnContent === 'full' ? ' RET=FULL' : ' RET=HDRS';
    if (message.envelopeId !== undefined) command += ` ENVID=${encodeXtext(message.envelopeId)}`;
  }
  return command;
}

function rcptCommand(recipient: Recipient, utf8: boolean, peer: Peer): string {
  const path = utf8 ? formatMailbox(recipient.forwardPath) : formatMailboxAscii(recipient.forwardPath);
  const command = `RCPT TO:<${path}>`;
  if (!peer.dsn) return command;
  const notify = recipient.notify === undefined ? '' : ` NOTIFY=${notifyWords(recipient.notify)}`;
  const original =
    recipient.originalRecipient === undefined
      ? ''
      : originalRecipientParameter(recipient.originalRecipient, utf8);
  return command + notify + original;
}

function notifyWords(notify: NotifyWhen): string {
  if (notify === 'never') return 'NEVER';
  const words = [
    notify.success ? 'SUCCESS' : '',
    notify.failure ? 'FAILURE' : '',
    notify.delay ? 'DELAY' : '',
  ];
  const named = words.filter((word) => word !== '');
  return named.length === 0 ? 'NEVER' : named.join(',');
}

function originalRecipientParameter({ addressType, address }: OriginalRecipient, utf8: boolean): string {
  if (!/[^\x00-\x7f]/.test(address)) return ` ORCPT=${addressType};${encodeXtext(address)}`;
  // RFC 6533 §3: an address outside ASCII keeps its type utf-8 and is written as such, or with \x{…} for 7-bit peers.
  return ` ORCPT=utf-8;${utf8 ? originalAsUtf8(address) : originalAsAscii(address)}`;
}

function originalAsUtf8(address: string): string {
  return address.replace(/[\x00-\x20\\+=\x7f]/g, (char) => `\\x{${hex(char.codePointAt(0)!)}}`);
}

function originalAsAscii(address: string): string {
  return address.replace(/[\x00-\x20\\+=\x7f]|[^\x00-\x7f]/gu, (char) => `\\x{${hex(char.codePointAt(0)!)}}`);
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}

/** How a transaction ended; `rcptReplies` may refine it per recipient. */
export type TransactionEnd =
  /** The host's last word. Positive only at end of data. */
  | {
      readonly kind: 'replied';
      readonly stage: 'mail' | 'rcpt' | 'data' | 'end-of-data';
      readonly reply: Reply;
    }
  /** Something else ended it. */
  | { readonly kind: 'broken'; readonly failure: AttemptFailure }
  /** The host never answered to it, because a kept connection had ended meanwhile: another connection may try. */
  | { readonly kind: 'untried' };

export type TransactionResult = {
  readonly transaction: Transaction;
  /** Replies to RCPT, in order; shorter than the recipients when the end came before. */
  readonly rcptReplies: readonly Reply[];
  readonly end: TransactionEnd;
};

export type ReportContext = {
  readonly host: string;
  readonly address: string;
  /** `TLSv1.3`, when the connection was protected. */
  readonly tls: string | undefined;
  readonly hostKeepsDsn: boolean;
};

/** One report per recipient, in their order; undefined for an untried transaction, which has nothing to report. */
export function recipientReports(
  { transaction, rcptReplies, end }: TransactionResult,
  context: ReportContext,
): readonly RecipientReport[] | undefined {
  if (end.kind === 'untried') return undefined;
  const { host, address, tls, hostKeepsDsn } = context;
  const reports: RecipientReport[] = [];
  const refusesAll = end.kind === 'replied' && end.stage === 'mail';
  transaction.message.recipients.forEach(({ recipientId }, n) => {
    const own = rcptReplies[n];
    const isRefused = own !== undefined && own.code >= 300 && !refusesAll;
    if (isRefused) {
      reports.push({ recipientId, accepted: false, failure: rejection('rcpt', own, context) });
    } else if (end.kind === 'broken') {
      reports.push({ recipientId, accepted: false, failure: end.failure });
    } else if (end.stage === 'end-of-data' && end.reply.code < 300) {
      const accepted = {
        recipientId,
        accepted: true,
        host,
        address,
        reply: end.reply,
        hostKeepsDsn,
      } as const;
      reports.push(tls === undefined ? accepted : { ...accepted, tls });
    } else {
      reports.push({ recipientId, accepted: false, failure: rejection(end.stage, end.reply, context) });
    }
  });
  return reports;
}

const STAGE_PHRASE: Readonly<Record<'mail' | 'rcpt' | 'data' | 'end-of-data', string>> = {
  mail: 'MAIL',
  rcpt: 'RCPT',
  data: 'DATA',
  'end-of-data': 'the end of data',
};

export function rejection(
  stage: 'mail' | 'rcpt' | 'data' | 'end-of-data',
  reply: Reply,
  { host, address }: { readonly host: string; readonly address: string },
): AttemptFailure {
  const status: EnhancedStatus | undefined = reply.status;
  const said = `${reply.code}${status === undefined ? '' : ` ${status}`} ${reply.lines.join(' ')}`.trimEnd();
  return {
    stage,
    host,
    address,
    problem: 'rejected',
    reply,
    text: `answered ${STAGE_PHRASE[stage]} with ${said}`,
  };
}
