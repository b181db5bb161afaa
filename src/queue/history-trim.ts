/**
 * How long finished messages are remembered.
 * Owns: when history is trimmed, in pieces that hold up nobody.  Leaves: which rows go (store).
 * Fails: told in the log and tried again with the next messages.
 */
import type { Clock, Logger } from '../base/index.ts';
import type { TrimOp, TrimResult } from './store.ts';

export type HistoryLimits = { readonly keepMs: number; readonly keepCount: number };

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_LIMITS = (): HistoryLimits => ({ keepMs: 14 * DAY_MS, keepCount: 1_000_000 });
const TRIM_EVERY = 1000;
const TRIM_ROWS = 2000;

export class HistoryTrim {
  readonly #limits: () => HistoryLimits;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #submit: (op: TrimOp) => Promise<TrimResult>;
  #finished = 0;
  #isTrimming = false;
  #isClosed = false;

  constructor(
    parts: { readonly clock: Clock; readonly log: Logger; readonly history?: () => HistoryLimits },
    submit: (op: TrimOp) => Promise<TrimResult>,
  ) {
    this.#limits = parts.history ?? DEFAULT_LIMITS;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#submit = submit;
  }

  /** A message became history. */
  finished(): void {
    this.#finished += 1;
    if (this.#finished >= TRIM_EVERY) void this.#trim();
  }

  /** Trims when anything was finished since the last time. */
  trimSoon(): void {
    if (this.#finished > 0) void this.#trim();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #trim(): Promise<void> {
    if (this.#isTrimming) return;
    this.#isTrimming = true;
    this.#finished = 0;
    const { keepMs, keepCount } = this.#limits();
    try {
      for (let removed = TRIM_ROWS; removed >= TRIM_ROWS && !this.#isClosed; ) {
        const finishedBefore = Math.floor(this.#clock.now() - keepMs);
        ({ removed } = await this.#submit({ op: 'trim', finishedBefore, keepCount, limit: TRIM_ROWS }));
      }
    } catch (failure) {
      this.#log.event('warn', 'queue.trim-failed', { reason: String(failure) });
    } finally {
      this.#isTrimming = false;
    }
  }
}
