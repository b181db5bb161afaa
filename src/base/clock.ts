/**
 * The clock port: wall time, monotonic time and timers.
 * Owns: the only access to time. Every room gets its clock through a constructor, so tests never sleep.
 * Wall time (`now`) dates things and may jump; monotonic time (`monotonicMs`) measures waits and never does.
 */

export interface Timer {
  /** Stops the timer. Harmless when it has fired or was cancelled before. */
  cancel(): void;
}

export interface Clock {
  /** UTC wall time in milliseconds since 1970-01-01. */
  now(): number;
  /** Milliseconds from an arbitrary origin; never runs backwards. */
  monotonicMs(): number;
  /** Calls `fire` once after `delayMs`. Does not keep the process alive. Delays over 2^31-1 ms are honoured. */
  setTimer(delayMs: number, fire: () => void): Timer;
}

const LONGEST_NODE_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, fire) {
    let handle: NodeJS.Timeout;
    const arm = (remainingMs: number): void => {
      const stepMs = Math.min(Math.max(remainingMs, 0), LONGEST_NODE_TIMER_MS);
      handle = setTimeout(() => (remainingMs > stepMs ? arm(remainingMs - stepMs) : fire()), stepMs);
      handle.unref();
    };
    arm(delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};
