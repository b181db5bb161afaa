/**
 * A log of lines with one file a day (UTC), written in batches.
 * Owns: when lines are written, the heading of each file, waiting for a disk that takes nothing.
 * Leaves: what a line says and what a file is called (the protocol logs of SMTP and of sites).
 * Fails: `onFailed` is told once and `onRecovered` when it is over; who writes never waits, lines beyond MOST_WAITING are
 * dropped and counted.
 */
import type { Clock, Timer } from './clock.ts';

/** Lines wait this long to be written together. */
const BATCH_MS = 1000;
/** Characters that may wait for a disk that does not take them. */
const MOST_WAITING = 8 * 1024 * 1024;

export type DailyLogParts = {
  readonly clock: Clock;
  /** Appends to a file of the log folder, creating both. */
  readonly append: (fileName: string, text: string) => Promise<void>;
  /** `ex261122.log` from `261122`. */
  readonly fileName: (yymmdd: string) => string;
  /** What a file begins with, and what is repeated after a restart; `at` is `2026-11-22 02:10:00`. */
  readonly heading: (at: string) => string;
  readonly onFailed: (file: string, reason: string) => void;
  readonly onRecovered: (file: string, dropped: number) => void;
};

export class DailyLog {
  readonly #parts: DailyLogParts;
  /** Text that waits, by file. */
  readonly #waiting = new Map<string, string>();
  #waitingLength = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #headed = '';
  #isFailing = false;
  #dropped = 0;

  constructor(parts: DailyLogParts) {
    this.#parts = parts;
  }

  /** Adds `date time LINE`; the line itself has neither. */
  add(line: string): void {
    const now = new Date(this.#parts.clock.now()).toISOString();
    const at = `${now.slice(0, 10)} ${now.slice(11, 19)}`;
    const file = this.#parts.fileName(`${now.slice(2, 4)}${now.slice(5, 7)}${now.slice(8, 10)}`);
    let text = `${at} ${line}\r\n`;
    if (this.#headed !== file) {
      this.#headed = file;
      text = `${this.#parts.heading(at)}${text}`;
    }
    if (this.#waitingLength > MOST_WAITING) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.set(file, (this.#waiting.get(file) ?? '') + text);
    this.#waitingLength += text.length;
    this.#timer ??= this.#parts.clock.setTimer(BATCH_MS, () => {
      this.#timer = undefined;
      void this.flush();
    });
  }

  /** Writes what waits; resolves when it is in the file or was told to have failed. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeWaiting());
    return this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    for (const [file, text] of [...this.#waiting]) {
      this.#waiting.delete(file);
      try {
        await this.#parts.append(file, text);
        this.#waitingLength -= text.length;
        if (this.#isFailing) this.#parts.onRecovered(file, this.#dropped);
        this.#isFailing = false;
        this.#dropped = 0;
      } catch (thrown) {
        this.#waiting.set(file, text + (this.#waiting.get(file) ?? ''));
        if (!this.#isFailing)
          this.#parts.onFailed(file, thrown instanceof Error ? thrown.message : String(thrown));
        this.#isFailing = true;
        return;
      }
    }
  }
}

/** The first lines of a file in the W3C extended form. */
export function w3cHeading(at: string, fields: string): string {
  return `#Software: Mailroot\r\n#Version: 1.0\r\n#Date: ${at}\r\n#Fields: ${fields}\r\n`;
}

/** One value of a W3C line: never empty, never with a blank or a control in it. */
export function w3cField(text: string): string {
  return text === '' ? '-' : text.replace(/ /g, '+').replace(/[\x00-\x20\x7f]/g, '?');
}
