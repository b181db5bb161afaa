/**
 * Deadlines of many sessions on one timer.
 * A session moves its deadline with every command; arming and cancelling a timer each time would cost more than the command.
 * Here moving it is one assignment: the single timer wakes for the earliest deadline it knew, looks, and sleeps again.
 * Precision: a deadline fires at most as late as the clock's timer does, never early.
 */
import type { Clock, Timer } from '../../base/index.ts';

export interface Waiter {
  /** Monotonic milliseconds; Infinity waits for nothing. Owned by the watch: change it through `set`. */
  deadlineAt: number;
  /** Called when the deadline has passed, with the deadline set to Infinity before. */
  onDeadline(): void;
}

export class DeadlineWatch {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #timer: Timer | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  remove(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  /** Lets `waiter` be called `afterMs` from now instead of whatever was set before. */
  set(waiter: Waiter, afterMs: number): void {
    waiter.deadlineAt = this.#clock.monotonicMs() + afterMs;
    if (waiter.deadlineAt < this.#wakesAt) this.#sleepUntil(waiter.deadlineAt);
  }

  #sleepUntil(at: number): void {
    this.#timer?.cancel();
    this.#wakesAt = at;
    this.#timer = this.#clock.setTimer(Math.max(0, at - this.#clock.monotonicMs()), this.#look);
  }

  readonly #look = (): void => {
    const now = this.#clock.monotonicMs();
    this.#wakesAt = Number.POSITIVE_INFINITY;
    this.#timer = undefined;
    let earliest = Number.POSITIVE_INFINITY;
    for (const waiter of this.#waiters) {
      if (waiter.deadlineAt <= now) {
        waiter.deadlineAt = Number.POSITIVE_INFINITY;
        waiter.onDeadline();
      }
    }
    for (const waiter of this.#waiters) earliest = Math.min(earliest, waiter.deadlineAt);
    if (earliest < this.#wakesAt) this.#sleepUntil(earliest);
  };
}
