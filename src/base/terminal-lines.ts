/**
 * Events as short lines for a person at a terminal.
 * Owns: their form, how many a second.  Leaves: the log that keeps everything (event-log).
 */
import type { Clock } from './clock.ts';
import type { LogFields, Logger, LogLevel } from './log.ts';

export const LOG_LEVELS: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50 };

/** Lines a second that a person can still follow; the rest is counted. */
const TERMINAL_LINES_PER_SECOND = 20;

export class TerminalLines {
  readonly #write: (line: string) => void;
  readonly #clock: Clock;
  #second = 0;
  #shown = 0;
  #dropped = 0;

  constructor(write: (line: string) => void, clock: Clock) {
    this.#write = write;
    this.#clock = clock;
  }

  show(level: LogLevel, name: string, fields: LogFields): void {
    const now = this.#clock.now();
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      if (this.#dropped > 0) this.#write(`… and ${this.#dropped} more events, all in the log`);
      this.#second = second;
      this.#shown = 0;
      this.#dropped = 0;
    }
    if (this.#shown >= TERMINAL_LINES_PER_SECOND && LOG_LEVELS[level] < LOG_LEVELS.warn) {
      this.#dropped += 1;
      return;
    }
    this.#shown += 1;
    const time = new Date(now).toTimeString().slice(0, 8);
    const mark = level === 'info' ? '' : `${level.toUpperCase()} `;
    this.#write(`${time} ${mark}${name}${formatFields(fields)}`);
  }
}

function formatFields(fields: LogFields): string {
  let text = '';
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const shown = shownValue(value);
    text += /[\s"=]/.test(shown) ? ` ${name}=${JSON.stringify(shown)}` : ` ${name}=${shown}`;
  }
  return text;
}

function shownValue(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(shownValue).join(',') : JSON.stringify(value);
}

/** A log for a terminal alone: nothing is kept. */
export class TerminalLog implements Logger {
  readonly #lines: TerminalLines;
  readonly #fields: LogFields;

  constructor(lines: TerminalLines, fields: LogFields = {}) {
    this.#lines = lines;
    this.#fields = fields;
  }

  event(level: LogLevel, name: string, fields: LogFields = {}): void {
    if (LOG_LEVELS[level] >= LOG_LEVELS.info) this.#lines.show(level, name, { ...this.#fields, ...fields });
  }

  with(fields: LogFields): Logger {
    return new TerminalLog(this.#lines, { ...this.#fields, ...fields });
  }
}
