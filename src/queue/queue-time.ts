/**
 * Queue time: the time by which messages age and retries become due.
 * Owns: a millisecond count that advances with the monotonic clock while the relay runs, and across a stop by what the
 * wall clock says went by.  Leaves: dating things for people (wall time).
 *
 * Why not wall time: a clock set forward by a day would make every retry due at once and expire mail that was tried
 * twice; one set back would stop all retries. So:
 *  - while the relay runs only the monotonic clock counts; the wall clock may jump as it likes;
 *  - across a stop the difference of two wall readings counts, never less than 0 and never more than 30 days, because a
 *    machine may start with an unset clock. Even a wrong reading expires nothing untried: expiry is judged after an
 *    attempt, and every due recipient gets one.
 * The pair (queue time, wall time) is written with each commit that changes something and whenever the two drift apart.
 */
import type { Clock } from '../base/index.ts';

/** One reading of both clocks, as it is stored. */
export type QueueMoment = { readonly queueMs: number; readonly wallMs: number };

const LONGEST_STOP_MS = 30 * 24 * 60 * 60 * 1000;

export class QueueTime {
  readonly #clock: Clock;
  readonly #originMs: number;

  /** `last` is the newest stored reading; undefined for a new queue, whose time starts at the wall clock. */
  constructor(clock: Clock, last: QueueMoment | undefined) {
    this.#clock = clock;
    const wallMs = clock.now();
    const startMs =
      last === undefined
        ? wallMs
        : last.queueMs + Math.min(Math.max(wallMs - last.wallMs, 0), LONGEST_STOP_MS);
    this.#originMs = startMs - clock.monotonicMs();
  }

  /** Queue time in whole milliseconds; never runs backwards. */
  now(): number {
    return Math.floor(this.#originMs + this.#clock.monotonicMs());
  }

  moment(): QueueMoment {
    return { queueMs: this.now(), wallMs: Math.floor(this.#clock.now()) };
  }

  /** The wall time at which queue time will be `queueMs`, if the clock is not set again. */
  toWall(queueMs: number): number {
    return Math.floor(this.#clock.now()) + queueMs - this.now();
  }

  /** The queue time that belongs to a moment named in wall time. */
  fromWall(wallMs: number): number {
    return this.now() + Math.ceil(wallMs - this.#clock.now());
  }
}
