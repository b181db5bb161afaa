/**
 * Waiting for room in the window: who brings messages by the thousand waits a moment rather than have them written without a place in
 * memory and read back soon after.
 * Owns: who waits, and for how long at most.  Leaves: the window itself; the decision to wait (intake).
 * Fails: never. Nobody waits while nothing leaves the window: then the next hop is away, and waiting would not help.
 */
import type { Clock, Timer } from '../base/index.ts';
import type { Window } from './window.ts';

/** Long enough for a busy next hop to take a few hundred messages, short enough that Pickup is emptied at once when it does not. */
const LONGEST_WAIT_MS = 400;

/** Their part of the window; the rest is for those who cannot wait. */
const SHARE = 1 / 4;

type Waiter = { readonly messages: number; readonly resolve: () => void; readonly timer: Timer };

export class WindowRoom {
  readonly #window: Window;
  readonly #clock: Clock;
  /** First come, first served. */
  #waiters: Waiter[] = [];
  #lastLeftAtMs = Number.NEGATIVE_INFINITY;

  constructor(window: Window, clock: Clock) {
    this.#window = window;
    this.#clock = clock;
  }

  /** undefined: there is room for so many messages, or no use in waiting. Otherwise resolves after LONGEST_WAIT_MS at the latest. */
  wait(count: number): Promise<void> | undefined {
    // More than the whole share is enough when the share is free.
    const messages = Math.min(count, this.#share);
    if (this.#waiters.length === 0 && this.#free >= messages) return undefined;
    if (this.#clock.monotonicMs() - this.#lastLeftAtMs > LONGEST_WAIT_MS) return undefined;
    return new Promise((resolve) => {
      const timer = this.#clock.setTimer(LONGEST_WAIT_MS, () => {
        this.#waiters = this.#waiters.filter((waiter) => waiter.timer !== timer);
        resolve();
      });
      this.#waiters.push({ messages, resolve, timer });
    });
  }

  /** Entries have left the window. */
  left(): void {
    this.#lastLeftAtMs = this.#clock.monotonicMs();
    let room = this.#free;
    for (
      let first = this.#waiters[0];
      first !== undefined && room >= first.messages;
      first = this.#waiters[0]
    ) {
      room -= first.messages;
      this.#release(first);
    }
  }

  /** Nobody waits any more. */
  close(): void {
    for (const waiter of [...this.#waiters]) this.#release(waiter);
  }

  get #share(): number {
    return Math.floor(this.#window.capacity * SHARE);
  }

  get #free(): number {
    return this.#window.room - (this.#window.capacity - this.#share);
  }

  #release(waiter: Waiter): void {
    this.#waiters.shift();
    waiter.timer.cancel();
    waiter.resolve();
  }
}
