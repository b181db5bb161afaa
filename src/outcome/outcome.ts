/**
 * Carries out what the results of a claim mean: Badmail first, then settlements and reports in one commit, then the log.
 * Owns: the order of effects.  Leaves: the decision (decide), the texts (reports), storage (queue, mailroot).
 * Fails: what keeps a message from Badmail, or a report from being written, defers those it is about; a lost queue is a
 * RelayError of the queue's own.
 *
 * The order makes a crash harmless: a message is in Badmail before its recipients are settled, so a crash between the two
 * repeats the attempt and writes it there again; settlements and reports become durable together (queue invariant Q5).
 */
import assert from 'node:assert/strict';
import type { Clock, IdSource, Logger } from '../base/index.ts';
import { formatMailbox, formatPath } from '../envelope/index.ts';
import type { Claim, ClaimSource, QueuedRecipient } from '../queue/index.ts';
import type { Badmail, BadmailClass } from './badmail.ts';
import type { DeliveryReport, OutcomeSink } from './contract.ts';
import { decide, type Verdict } from './decide.ts';
import { type MadeReport, makeReports } from './reports.ts';
import type { OutcomeSettings } from './settings.ts';

export type OutcomeParts = {
  readonly queue: Pick<ClaimSource, 'settle'>;
  readonly badmail: Badmail;
  /** The settings of a virtual server, as they are now. */
  readonly settings: (server: string) => OutcomeSettings;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
};

export class Outcome implements OutcomeSink {
  readonly #parts: OutcomeParts;

  constructor(parts: OutcomeParts) {
    this.#parts = parts;
  }

  async report(claim: Claim, reports: readonly DeliveryReport[]): Promise<void> {
    if (reports.length === 0) return;
    const settings = this.#parts.settings(claim.message.server);
    const about = { claim, settings, now: this.#parts.clock.now() };
    const byId = new Map(claim.recipients.map((recipient) => [recipient.recipientId, recipient]));
    const decided = reports.map((report) => decide(report, takeRecipient(byId, report.recipientId), about));
    const isPlain = decided.every(({ badmail, notice }) => badmail === undefined && notice === undefined);
    const { verdicts, made } = isPlain
      ? { verdicts: decided, made: [] }
      : await this.#withReports(claim, await this.#keepUndeliverable(claim, decided), settings);
    await this.#parts.queue.settle(
      claim.message.id,
      verdicts.map(({ settlement }) => settlement),
      made.map(({ message }) => message),
    );
    this.#log(claim, verdicts, made);
  }

  /** Gives up all recipients of a claim at an operator's wish and returns the message. `words` reach the sender. */
  returnToSender(claim: Claim, words = ''): Promise<void> {
    return this.report(
      claim,
      claim.recipients.map(({ recipientId }) => ({ recipientId, returnedByOperator: words })),
    );
  }

  /** Puts into Badmail what can be neither delivered nor returned; what cannot be put there now stays in the queue. */
  async #keepUndeliverable(claim: Claim, verdicts: readonly Verdict[]): Promise<readonly Verdict[]> {
    const kinds = new Set(verdicts.flatMap(({ badmail }) => (badmail === undefined ? [] : [badmail.kind])));
    const unwritten = new Map<BadmailClass, string>();
    for (const kind of kinds) {
      const concerned = verdicts.filter(({ badmail }) => badmail?.kind === kind);
      try {
        await this.#putIntoBadmail(kind, claim, concerned);
      } catch (failure) {
        const reason = failure instanceof Error ? failure.message : String(failure);
        unwritten.set(kind, reason);
        this.#parts.log.event('error', 'outcome.badmail-unwritable', {
          messageId: claim.message.id,
          class: kind,
          reason,
        });
      }
    }
    if (unwritten.size === 0) return verdicts;
    return verdicts.map((verdict) => {
      const reason = verdict.badmail === undefined ? undefined : unwritten.get(verdict.badmail.kind);
      if (reason === undefined) return verdict;
      return waiting(verdict, `Badmail cannot be written: ${reason}`, 'badmail-unwritable');
    });
  }

  /** A report that we cannot write is our defect: those it is about stay in the queue, and the others go their way. */
  async #withReports(
    claim: Claim,
    verdicts: readonly Verdict[],
    settings: OutcomeSettings,
  ): Promise<{ readonly verdicts: readonly Verdict[]; readonly made: readonly MadeReport[] }> {
    try {
      return { verdicts, made: await makeReports(claim, verdicts, settings, this.#parts) };
    } catch (defect) {
      const reason = defect instanceof Error ? defect.message : String(defect);
      this.#parts.log.event('error', 'outcome.report-not-made', { messageId: claim.message.id, reason });
      const lastResult = `the report to the sender cannot be written: ${reason}`;
      const kept = verdicts.map((verdict) => {
        if (verdict.notice === undefined) return verdict;
        if (verdict.notice.action === 'failed') return waiting(verdict, lastResult, 'report-not-made');
        return untold(verdict);
      });
      return { verdicts: kept, made: [] };
    }
  }

  async #putIntoBadmail(kind: BadmailClass, claim: Claim, concerned: readonly Verdict[]): Promise<void> {
    const recipients = concerned.map(({ recipient, badmail, settlement }) => ({
      recipient,
      status: badmail!.status,
      lastResult: 'lastResult' in settlement ? settlement.lastResult : '',
    }));
    const { message, body } = claim;
    const name = `${message.id}-${recipients[0]!.recipient.recipientId}`;
    await this.#parts.badmail.put(kind, concerned[0]!.badmail!.reason, { name, message, recipients }, body);
  }

  #log(claim: Claim, verdicts: readonly Verdict[], made: readonly MadeReport[]): void {
    const { message, ageMs } = claim;
    const log = this.#parts.log;
    for (const { recipient, event, badmail } of verdicts) {
      log.event(event.level, event.name, {
        messageId: message.id,
        recipient: formatMailbox(recipient.forwardPath),
        sender: formatPath(message.reversePath),
        attempt: recipient.attempts + 1,
        ageMs,
        ...event.fields,
        ...(badmail === undefined ? {} : { badmail: badmail.kind }),
      });
    }
    for (const { action, about, message: report } of made) {
      log.event(action === 'failed' ? 'warn' : 'info', 'outcome.reported', {
        messageId: message.id,
        action,
        recipients: about,
        to: report.recipients.map(({ forwardPath }) => formatMailbox(forwardPath)),
        reportMessageId: report.draft.headerMessageId,
      });
    }
  }
}

function takeRecipient(byId: Map<number, QueuedRecipient>, recipientId: number): QueuedRecipient {
  const recipient = byId.get(recipientId);
  // Q4: one settlement per claimed recipient.
  assert(
    recipient !== undefined,
    `recipient ${recipientId} was reported twice or does not belong to the claim`,
  );
  byId.delete(recipientId);
  return recipient;
}

/** Back into the queue, to be tried again when the local obstacle may be gone. */
function waiting(verdict: Verdict, lastResult: string, problem: string): Verdict {
  const { recipient } = verdict;
  return {
    recipient,
    settlement: { recipientId: recipient.recipientId, state: 'deferred', lastResult, schedule: 'local' },
    event: { level: 'warn', name: 'outcome.deferred', fields: { problem, reason: lastResult } },
  };
}

/** The same without its notice; a delay stays to be told. */
function untold({ recipient, settlement, event }: Verdict): Verdict {
  if (settlement.state !== 'deferred') return { recipient, settlement, event };
  const { delayNoticeSent: _, ...unmarked } = settlement;
  return { recipient, settlement: unmarked, event };
}
