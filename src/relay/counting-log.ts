/**
 * A logger that counts events by name on their way to the log: the numbers of `mailroot status`.
 * Owns: the counts.  Leaves: the names (each room).
 */
import type { LogFields, Logger, LogLevel } from '../base/index.ts';

export class CountingLog implements Logger {
  readonly #below: Logger;
  readonly #counts: Map<string, number>;

  constructor(below: Logger, counts = new Map<string, number>()) {
    this.#below = below;
    this.#counts = counts;
  }

  event(level: LogLevel, name: string, fields?: LogFields): void {
    if (level !== 'debug') this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    this.#below.event(level, name, fields);
  }

  with(fields: LogFields): Logger {
    return new CountingLog(this.#below.with(fields), this.#counts);
  }

  /** Event name → how often since the start, sorted by name. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
