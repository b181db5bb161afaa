/**
 * Decides what becomes of each recipient: pure, one verdict per report.
 * Owns: ages, NOTIFY, who is told what, who goes to Badmail.  Leaves: building reports (reports), effects (outcome).
 * Sources: RFC 3461 §4.1, §5.2, §6.2; RFC 3464 §2.3; RFC 5321 §4.5.5 (no report about a report), §6.3 (loops).
 */

import type { LogLevel } from '../base/index.ts';
import { type EnhancedStatus, formatReply, isNullReversePath, type Reply } from '../envelope/index.ts';
import type { DsnAction, DsnRecipient } from '../message/index.ts';
import type { Claim, QueuedRecipient, Settlement } from '../queue/index.ts';
import type { BadmailClass } from './badmail.ts';
import type { DeliveryReport } from './contract.ts';
import { type Explanation, explainFailure, explainRouting, explainStatus } from './explain.ts';
import {
  type Lasting,
  lastingOfFailure,
  lastingOfRouting,
  statusOfFailure,
  statusOfRouting,
} from './meaning.ts';
import type { AgeLimits, OutcomeSettings } from './settings.ts';

export type Verdict = {
  readonly recipient: QueuedRecipient;
  readonly settlement: Settlement;
  /** What the sender is told. */
  readonly notice?: { readonly action: DsnAction; readonly dsn: DsnRecipient };
  /** The message can be neither delivered nor returned: it is put into Badmail before it is settled. */
  readonly badmail?: {
    readonly kind: BadmailClass;
    readonly reason: string;
    readonly status: EnhancedStatus;
  };
  readonly event: {
    readonly level: LogLevel;
    readonly name: string;
    readonly fields: Record<string, unknown>;
  };
};

export type Circumstances = {
  readonly claim: Claim;
  readonly settings: OutcomeSettings;
  /** Wall time, UTC milliseconds. */
  readonly now: number;
};

/** Something went wrong for a recipient, whoever reported it. */
type Trouble = {
  readonly lasting: Lasting;
  readonly status: EnhancedStatus;
  /** `mx.example 550 5.1.1 no such user`: for commands and logs. */
  readonly lastResult: string;
  readonly explanation: Explanation;
  readonly schedule: 'local' | 'remote';
  readonly host?: string;
  readonly diagnostic?: DsnRecipient['diagnostic'];
  /** Where a message goes that cannot be returned. */
  readonly badmailClass?: BadmailClass;
  readonly fields?: Record<string, unknown>;
};

export function decide(report: DeliveryReport, recipient: QueuedRecipient, about: Circumstances): Verdict {
  if ('dropped' in report) return arrived('dropped', { file: report.file }, DROPPED, recipient, about);
  if ('accepted' in report) {
    if (!report.accepted) return inTrouble(troubleOfFailure(report.failure), recipient, about);
    const fields = { host: report.host, address: report.address, tls: report.tls };
    return arrived('delivered', fields, report, recipient, about);
  }
  if ('unroutable' in report) {
    const { unroutable } = report;
    const trouble: Trouble = {
      lasting: lastingOfRouting(unroutable),
      status: statusOfRouting(unroutable),
      lastResult: unroutable.text,
      explanation: explainRouting(unroutable),
      schedule: 'remote',
      diagnostic: { from: 'mailroot', text: unroutable.text },
      fields: { problem: unroutable.cause },
      ...(unroutable.cause === 'loops-to-self' ? { badmailClass: 'Hop Count Exceeded' as const } : {}),
    };
    return inTrouble(trouble, recipient, about);
  }
  if ('dropRefused' in report) return inTrouble(troubleOfDrop(report.dropRefused), recipient, about);
  if ('tooManyHops' in report) return inTrouble(troubleOfHops(report.tooManyHops, about), recipient, about);
  if ('returnedByOperator' in report)
    return inTrouble(troubleOfOperator(report.returnedByOperator), recipient, about);
  if ('heldForEtrn' in report) {
    const lastResult = report.heldForEtrn;
    return {
      recipient,
      settlement: { recipientId: recipient.recipientId, state: 'held', lastResult },
      event: { level: 'info', name: 'outcome.held', fields: { reason: lastResult } },
    };
  }
  return untried(report.notBefore, recipient, about);
}

/** A message that is only ever put off, because its host is in a back-off, must expire like any other. */
function untried(notBefore: number | undefined, recipient: QueuedRecipient, about: Circumstances): Verdict {
  const hasExpired = notBefore !== undefined && recipient.attempts > 0 && isExpired(about, 'remote');
  if (hasExpired) {
    const lastResult = recipient.lastResult ?? 'the next hop did not answer for a long time';
    return inTrouble(
      {
        lasting: 'temporary',
        status: '4.4.1',
        lastResult,
        explanation: explainStatus('4.4.1'),
        schedule: 'remote',
      },
      recipient,
      about,
    );
  }
  const { recipientId } = recipient;
  return {
    recipient,
    settlement: { recipientId, state: 'queued', ...(notBefore === undefined ? {} : { notBefore }) },
    event: { level: 'debug', name: 'outcome.untried', fields: { notBefore } },
  };
}

const DROPPED = {
  host: 'Drop',
  reply: { code: 250, status: '2.1.5', lines: ['written to Drop'] } satisfies Reply,
  hostKeepsDsn: false,
};

function arrived(
  fact: 'delivered' | 'dropped',
  fields: Record<string, unknown>,
  by: { readonly host: string; readonly reply: Reply; readonly hostKeepsDsn: boolean },
  recipient: QueuedRecipient,
  about: Circumstances,
): Verdict {
  const { host, reply } = by;
  const wantsSuccess = typeof recipient.notify === 'object' && recipient.notify.success;
  // RFC 3461 §5.2.2: a next hop with DSN tells of success itself; for one without, we tell that it has the message.
  const tells = wantsSuccess && !by.hostKeepsDsn && !isNullReversePath(about.claim.message.reversePath);
  const action = fact === 'dropped' ? 'delivered' : 'relayed';
  return {
    recipient,
    settlement: { recipientId: recipient.recipientId, state: 'delivered', host, reply },
    event: { level: 'info', name: `outcome.${fact}`, fields: { ...fields, reply: formatReply(reply) } },
    ...(tells ? { notice: { action, dsn: successFields(fact, by, recipient, about.now) } } : {}),
  };
}

function successFields(
  fact: 'delivered' | 'dropped',
  by: { readonly host: string; readonly reply: Reply },
  recipient: QueuedRecipient,
  now: number,
): DsnRecipient {
  const remote =
    fact === 'dropped'
      ? {}
      : { remoteMta: by.host, diagnostic: { from: 'smtp' as const, text: formatReply(by.reply) } };
  return {
    ...addressFields(recipient),
    status: by.reply.status?.startsWith('2') ? by.reply.status : '2.0.0',
    lastAttemptAt: now,
    explanation:
      fact === 'dropped' ? 'The message is in the mailbox.' : 'The next mail server has the message.',
    ...remote,
  };
}

function addressFields(
  recipient: QueuedRecipient,
): Pick<DsnRecipient, 'finalRecipient' | 'originalRecipient'> {
  const { forwardPath, originalRecipient } = recipient;
  return { finalRecipient: forwardPath, ...(originalRecipient === undefined ? {} : { originalRecipient }) };
}

function inTrouble(trouble: Trouble, recipient: QueuedRecipient, about: Circumstances): Verdict {
  if (trouble.lasting === 'permanent') return givenUp('failed', trouble, recipient, about);
  if (isExpired(about, trouble.schedule)) return givenUp('expired', trouble, recipient, about);
  return putOff(trouble, recipient, about);
}

function limitsOf(about: Circumstances, schedule: 'local' | 'remote'): AgeLimits {
  return about.settings[schedule];
}

function isExpired(about: Circumstances, schedule: 'local' | 'remote'): boolean {
  return about.claim.ageMs >= limitsOf(about, schedule).expiryMs;
}

function putOff(trouble: Trouble, recipient: QueuedRecipient, about: Circumstances): Verdict {
  const { recipientId, notify } = recipient;
  const limits = limitsOf(about, trouble.schedule);
  // RFC 3461 §4.1: without NOTIFY a delay may be reported; with it, only when DELAY was asked for.
  const wantsDelay = notify === undefined || (notify !== 'never' && notify.delay);
  const tells =
    wantsDelay &&
    !recipient.delayNoticeSent &&
    about.claim.ageMs >= limits.delayNoticeMs &&
    !isNullReversePath(about.claim.message.reversePath);
  const { lastResult, schedule } = trouble;
  const willRetryUntil = about.now + Math.max(0, limits.expiryMs - about.claim.ageMs);
  return {
    recipient,
    settlement: {
      recipientId,
      state: 'deferred',
      lastResult,
      schedule,
      ...(tells ? { delayNoticeSent: true } : {}),
    },
    event: { level: 'info', name: 'outcome.deferred', fields: troubleFields(trouble) },
    ...(tells
      ? {
          notice: {
            action: 'delayed',
            dsn: {
              ...troubleDsn(trouble, recipient, about, trouble.explanation.explanation),
              willRetryUntil,
            },
          },
        }
      : {}),
  };
}

function givenUp(
  state: 'failed' | 'expired',
  trouble: Trouble,
  recipient: QueuedRecipient,
  about: Circumstances,
): Verdict {
  const { recipientId, notify } = recipient;
  // RFC 3463 §3.5: delivery time expired. The class stays 4: nothing said that it can never be delivered.
  const status = state === 'expired' ? '4.4.7' : trouble.status;
  const { lastResult } = trouble;
  const verdict: Verdict = {
    recipient,
    settlement: { recipientId, state, lastResult, status },
    event: { level: 'warn', name: `outcome.${state}`, fields: { ...troubleFields(trouble), status } },
  };
  // RFC 5321 §4.5.5: nobody is told about a message without a sender. It is kept where an operator finds it.
  if (isNullReversePath(about.claim.message.reversePath)) {
    const reason = `This message has no sender to return it to, and it cannot be delivered: ${lastResult}`;
    return { ...verdict, badmail: { kind: trouble.badmailClass ?? 'NDR of DSN', reason, status } };
  }
  const wantsFailure = notify === undefined || (notify !== 'never' && notify.failure);
  if (!wantsFailure) return verdict;
  const { explanation, advice } = trouble.explanation;
  const words = state === 'expired' ? `${afterTime(about)} without success. ${explanation}` : explanation;
  const dsn: DsnRecipient = { ...troubleDsn(trouble, recipient, about, words), status };
  return { ...verdict, notice: { action: 'failed', dsn: advice === undefined ? dsn : { ...dsn, advice } } };
}

function afterTime(about: Circumstances): string {
  const hours = Math.round(about.claim.ageMs / 3_600_000);
  const days = Math.round(hours / 24);
  if (hours >= 48) return `The server tried for ${days} days`;
  return hours >= 2 ? `The server tried for ${hours} hours` : 'The server tried for as long as it may';
}

function troubleDsn(
  trouble: Trouble,
  recipient: QueuedRecipient,
  about: Circumstances,
  explanation: string,
): DsnRecipient {
  return {
    ...addressFields(recipient),
    status: trouble.status,
    lastAttemptAt: about.now,
    explanation,
    ...(trouble.host === undefined ? {} : { remoteMta: trouble.host }),
    ...(trouble.diagnostic === undefined ? {} : { diagnostic: trouble.diagnostic }),
  };
}

function troubleFields(trouble: Trouble): Record<string, unknown> {
  return { ...trouble.fields, host: trouble.host, status: trouble.status, reason: trouble.lastResult };
}

function troubleOfFailure(failure: Extract<DeliveryReport, { accepted: false }>['failure']): Trouble {
  const status = statusOfFailure(failure);
  const { host, reply, text, stage, problem } = failure;
  const words = reply === undefined ? text : formatReply(reply);
  const isOurs = problem === 'body-unreadable';
  return {
    lasting: lastingOfFailure(failure),
    status,
    lastResult: `${host} ${words}`,
    explanation: explainFailure(failure, status),
    schedule: 'remote',
    diagnostic: { from: reply === undefined ? 'mailroot' : 'smtp', text: words },
    fields: { stage, problem, address: failure.address },
    ...(isOurs ? {} : { host }),
  };
}

function troubleOfDrop(refused: { readonly quota: boolean; readonly text: string }): Trouble {
  const status = refused.quota ? '4.2.2' : '4.3.0';
  return {
    lasting: 'temporary',
    status,
    lastResult: refused.text,
    explanation: refused.quota
      ? explainStatus('4.2.2')
      : {
          explanation: 'The mailbox could not be written.',
          advice: 'Please show this to your mail administrator.',
        },
    schedule: 'local',
    diagnostic: {
      from: 'mailroot',
      text: refused.quota ? 'the Drop folder is full' : 'the Drop folder cannot be written',
    },
    fields: { problem: refused.quota ? 'drop-quota' : 'drop-unwritable' },
  };
}

function troubleOfHops(hops: number, about: Circumstances): Trouble {
  const text = `hop count exceeded: ${hops} Received fields, at most ${about.settings.maxHops} are allowed`;
  return {
    lasting: 'permanent',
    status: '5.4.6',
    lastResult: text,
    explanation: explainStatus('5.4.6'),
    schedule: 'remote',
    diagnostic: { from: 'mailroot', text },
    badmailClass: 'Hop Count Exceeded',
    fields: { problem: 'hop-count', hops },
  };
}

function troubleOfOperator(words: string): Trouble {
  const text = words === '' ? 'returned by the administrator' : `returned by the administrator: ${words}`;
  return {
    lasting: 'permanent',
    // compat: 4.3.2 is what the old product wrote for "deleted by an administrator".
    status: '4.3.2',
    lastResult: text,
    explanation: { explanation: 'The administrator of the mail server has returned the message.' },
    schedule: 'remote',
    diagnostic: { from: 'mailroot', text },
    fields: { problem: 'returned-by-operator' },
  };
}
