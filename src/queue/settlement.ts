/**
 * Settlements as store operations.
 * Owns: which state, due time, attempt count and event a settlement leaves; the short way for a message that is done at once.
 * Leaves: what an attempt meant (outcome), writing (store).
 */
import { formatMailbox, formatReply } from '../envelope/index.ts';
import type { QueuedRecipient, Settlement } from './contract.ts';
import type { QueueTime } from './queue-time.ts';
import { type RetrySchedule, retryIntervalMs } from './retry-times.ts';
import {
  type AcceptOp,
  type CompleteOp,
  type HistoryRecipient,
  RECIPIENT_STATES,
  type RecipientUpdate,
  type SettleOp,
} from './store.ts';

export type Settled = { readonly settlement: Settlement; readonly recipient: QueuedRecipient };

/** Longest text kept as a result; a server may answer a page. */
const LONGEST_RESULT = 1000;

/** The operation that ends the whole message, or undefined when a recipient stays open or was left out. */
export function completeOp(
  message: {
    readonly seq: number;
    readonly firstRid: number;
    readonly recipientCount: number;
    readonly bytes: number;
  },
  settled: readonly Settled[],
  reports: readonly AcceptOp[],
  at: number,
): CompleteOp | undefined {
  if (settled.length !== message.recipientCount) return undefined;
  const results: HistoryRecipient[] = [];
  for (const { settlement, recipient } of settled) {
    const { state } = settlement;
    if (state !== 'delivered' && state !== 'failed' && state !== 'expired') return undefined;
    results.push({
      address: formatMailbox(recipient.forwardPath),
      state,
      attempts: recipient.attempts + 1,
      at,
      result: resultText(settlement),
    });
  }
  return {
    op: 'complete',
    seq: message.seq,
    firstRid: message.firstRid,
    recipientCount: message.recipientCount,
    bytes: message.bytes,
    finishedAt: at,
    results: JSON.stringify(results),
    reports,
  };
}

export function settleOp(
  seq: number,
  settled: readonly Settled[],
  reports: readonly AcceptOp[],
  at: number,
  times: { readonly time: QueueTime; readonly retry: RetrySchedule },
): SettleOp {
  return {
    op: 'settle',
    seq,
    at,
    updates: settled.map(({ settlement, recipient }) => update(settlement, recipient, times)),
    reports,
  };
}

function update(
  settlement: Settlement,
  recipient: QueuedRecipient,
  { time, retry }: { readonly time: QueueTime; readonly retry: RetrySchedule },
): RecipientUpdate {
  const base = { rid: settlement.recipientId, delayNoticeSent: false, due: null };
  if (settlement.state === 'queued') {
    const due = settlement.notBefore === undefined ? time.now() : time.fromWall(settlement.notBefore);
    // Given back: a deferred recipient stays deferred, nothing counts as an attempt.
    return {
      ...base,
      state: recipient.state === 'held' ? RECIPIENT_STATES.indexOf('queued') : undefined,
      due,
      countsAsAttempt: false,
      lastResult: undefined,
      event: undefined,
    };
  }
  const result = resultText(settlement);
  const state = RECIPIENT_STATES.indexOf(settlement.state);
  if (settlement.state === 'deferred') {
    return {
      ...base,
      state,
      due: time.now() + retryIntervalMs(retry, settlement.schedule, recipient.attempts),
      countsAsAttempt: true,
      delayNoticeSent: settlement.delayNoticeSent ?? false,
      lastResult: result,
      event: `deferred: ${result}`,
    };
  }
  return {
    ...base,
    state,
    countsAsAttempt: settlement.state !== 'held',
    lastResult: result,
    event: `${settlement.state}: ${result}`,
  };
}

function resultText(settlement: Exclude<Settlement, { state: 'queued' }>): string {
  const text =
    settlement.state === 'delivered'
      ? `${settlement.host} ${formatReply(settlement.reply)}`
      : settlement.lastResult;
  return text.length <= LONGEST_RESULT ? text : `${text.slice(0, LONGEST_RESULT)}…`;
}
