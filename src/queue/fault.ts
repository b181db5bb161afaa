/**
 * A disk that takes no writes: known to the whole queue from the first failure until a write succeeds again.
 * Owns: the failure, the probe that asks again every second, who waits for it.  Leaves: what is written (queue).
 */
import type { Clock, Logger, RelayError, Timer } from '../base/index.ts';

const PROBE_EVERY_MS = 1000;

export class QueueFault {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #probe: () => void;
  #current: RelayError | undefined;
  #timer: Timer | undefined;
  #waiting: (() => void)[] = [];
  #isClosed = false;

  /** `probe` writes something small; its success ends the fault, its failure enters it anew. */
  constructor(clock: Clock, log: Logger, probe: () => void) {
    this.#clock = clock;
    this.#log = log;
    this.#probe = probe;
  }

  get current(): RelayError | undefined {
    return this.#current;
  }

  enter(fault: RelayError): void {
    if (this.#current === undefined)
      this.#log.event('error', 'queue.write-failed', { code: fault.code, reason: fault.message });
    this.#current = fault;
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = this.#clock.setTimer(PROBE_EVERY_MS, () => {
      this.#timer = undefined;
      // Waiting settlements go first: they are what must not be lost.
      this.#wake();
      this.#probe();
    });
  }

  leave(): void {
    this.#current = undefined;
    this.#log.event('info', 'queue.write-recovered');
    this.#wake();
  }

  /** Resolves when a write is worth trying again. */
  nextTry(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
