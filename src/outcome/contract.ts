/**
 * What an attempt means, as types: the contract between delivery and outcome.
 */
import type { Claim } from '../queue/index.ts';
import type { RoutingProblem } from '../routing/index.ts';
import type { AttemptFailure, RecipientReport } from '../smtp/index.ts';

/** What delivery found out about one recipient of a claim. */
export type DeliveryReport =
  | RecipientReport
  | { readonly recipientId: number; readonly unroutable: RoutingProblem }
  /** Written to Drop. `file` is the name in the Drop folder. */
  | { readonly recipientId: number; readonly dropped: true; readonly file: string }
  /** Drop could not take it now: quota, disk full, no permission. */
  | { readonly recipientId: number; readonly dropRefused: { readonly quota: boolean; readonly text: string } }
  | { readonly recipientId: number; readonly heldForEtrn: string }
  /** Not tried: the message has this many Received fields, more than allowed (screened-claims.ts). */
  | { readonly recipientId: number; readonly tooManyHops: number }
  /** An operator returns the message to its sender; the text, which may be empty, reaches the sender. */
  | { readonly recipientId: number; readonly returnedByOperator: string }
  /** Nothing was tried: the service stops, or the host is in a back-off; `notBefore` in UTC milliseconds. */
  | { readonly recipientId: number; readonly untried: true; readonly notBefore?: number };

/** What a failure at one host means for the attempt: go on with the next host, try later, or give up for good. */
export type FailureMeaning = 'next-host' | 'defer' | 'fail';

export interface OutcomeSink {
  /**
   * Takes the reports for some or all recipients of a claim and settles them: queue, DSN or NDR, Badmail, log record.
   * Resolves when durable. Never rejects for a single message's sake; rejects with RelayError when the queue is lost.
   */
  report(claim: Claim, reports: readonly DeliveryReport[]): Promise<void>;
}

/** Implemented by judgeFailure in `meaning.ts`; delivery asks it after each failed host. */
export type JudgeFailure = (failure: AttemptFailure) => FailureMeaning;
