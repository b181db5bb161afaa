/**
 * Carries reports to outcome and never loses one while the process lives.
 * Owns: repetition while the queue cannot take reports (disk full), counting of what is in memory.
 * Leaves: what reports mean (outcome).
 * Fails: a report that outcome rejects is tried again, 1 s to 30 s apart, until it is taken or the service stops; the claim
 * then ends with the process, and the recipients are due again (Q3).
 */
import { type Clock, type Logger, systemErrorCode, TransientMap } from '../base/index.ts';
import type { DeliveryReport, OutcomeSink } from '../outcome/index.ts';
import type { Claim } from '../queue/index.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export class Reporter {
  readonly #outcome: OutcomeSink;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** Claims in memory, each with the number of recipients that are not settled yet. */
  readonly #open = new TransientMap<Claim, number>();
  #bytes = 0;
  #isTroubled = false;
  #onSettled: () => void = () => {};

  constructor(outcome: OutcomeSink, clock: Clock, log: Logger) {
    this.#outcome = outcome;
    this.#clock = clock;
    this.#log = log;
  }

  /** Claims that are not fully settled. */
  get openClaims(): number {
    return this.#open.size;
  }

  /** Bytes of their bodies that are in memory. */
  get openBytes(): number {
    return this.#bytes;
  }

  /** True while outcome cannot take reports: nothing new should be begun. */
  get isTroubled(): boolean {
    return this.#isTroubled;
  }

  /** Called after each claim that is settled, and when trouble is over. */
  set onSettled(listener: () => void) {
    this.#onSettled = listener;
  }

  admit(claim: Claim): void {
    this.#open.set(claim, claim.recipients.length);
    this.#bytes += claim.body.small?.length ?? 0;
  }

  report(claim: Claim, reports: readonly DeliveryReport[]): void {
    this.#outcome.report(claim, reports).then(
      () => this.#settled(claim, reports.length),
      (failure: unknown) => this.#repeat(claim, reports, failure, FIRST_PAUSE_MS),
    );
  }

  #settled(claim: Claim, count: number): void {
    const left = this.#open.get(claim)! - count;
    if (left > 0) {
      this.#open.set(claim, left);
      return;
    }
    this.#open.delete(claim);
    this.#bytes -= claim.body.small?.length ?? 0;
    this.#onSettled();
  }

  #repeat(claim: Claim, reports: readonly DeliveryReport[], failure: unknown, pauseMs: number): void {
    if (!this.#isTroubled) {
      this.#isTroubled = true;
      this.#log.event('error', 'delivery.outcome-rejected', {
        messageId: claim.message.id,
        code: systemErrorCode(failure),
        text: failure instanceof Error ? failure.message : String(failure),
      });
    }
    this.#clock.setTimer(pauseMs, () => {
      this.#outcome.report(claim, reports).then(
        () => {
          if (this.#isTroubled) {
            this.#isTroubled = false;
            this.#log.event('info', 'delivery.outcome-recovered', { open: this.#open.size });
          }
          this.#settled(claim, reports.length);
          this.#onSettled();
        },
        (again: unknown) => this.#repeat(claim, reports, again, Math.min(pauseMs * 2, LONGEST_PAUSE_MS)),
      );
    });
  }
}
