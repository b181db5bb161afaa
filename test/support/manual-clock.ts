/** A clock that stands still until the test moves it. Timers fire in order of their time while `advance` passes it. */
import type { Clock } from '../../src/base/index.ts';

export type ManualClock = Clock & {
  /** Lets `ms` pass, on both kinds of time. */
  advance(ms: number): void;
  /** Sets wall time alone: somebody changed the machine's clock. */
  jumpTo(nowMs: number): void;
};

export function manualClock(startMs = Date.UTC(2026, 0, 5, 9, 0, 0)): ManualClock {
  let wallMs = startMs;
  let monotonic = 0;
  let timers: { readonly at: number; readonly fire: () => void }[] = [];
  return {
    now: () => wallMs,
    monotonicMs: () => monotonic,
    setTimer(delayMs, fire) {
      const timer = { at: monotonic + delayMs, fire };
      timers.push(timer);
      return {
        cancel() {
          timers = timers.filter((other) => other !== timer);
        },
      };
    },
    advance(ms) {
      const end = monotonic + ms;
      for (;;) {
        const due = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers = timers.filter((other) => other !== due);
        wallMs += Math.max(0, due.at - monotonic);
        monotonic = Math.max(monotonic, due.at);
        due.fire();
      }
      wallMs += end - monotonic;
      monotonic = end;
    },
    jumpTo(nowMs) {
      wallMs = nowMs;
    },
  };
}
