/**
 * The machine's clock, with a button that lets hours go by at once: for tests with real peers and long waits.
 * Timers run by real time until `skip` moves it; those that come due then fire in their order.
 */
import { type Clock, systemClock } from '../../src/base/index.ts';

export type SkippingClock = Clock & {
  /** Lets `ms` go by on both kinds of time. */
  skip(ms: number): void;
};

type Waiting = { readonly at: number; readonly fire: () => void };

export function skippingClock(): SkippingClock {
  let skippedMs = 0;
  const waiting = new Set<Waiting>();
  const monotonicMs = () => systemClock.monotonicMs() + skippedMs;
  const fireDue = (): void => {
    const due = [...waiting].filter(({ at }) => at <= monotonicMs()).sort((a, b) => a.at - b.at);
    for (const timer of due) if (waiting.delete(timer)) timer.fire();
  };
  return {
    now: () => systemClock.now() + skippedMs,
    monotonicMs,
    setTimer(delayMs, fire) {
      const timer = { at: monotonicMs() + delayMs, fire };
      waiting.add(timer);
      const real = systemClock.setTimer(delayMs, () => {
        if (waiting.delete(timer)) fire();
      });
      return {
        cancel() {
          waiting.delete(timer);
          real.cancel();
        },
      };
    },
    skip(ms) {
      skippedMs += ms;
      fireDue();
    },
  };
}
