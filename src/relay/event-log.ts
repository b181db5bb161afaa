/**
 * The event log: one line of JSON for each event, one file a day, old files deleted; and a short form for a terminal.
 * Owns: files, rotation, retention, the terminal's rate limit.  Leaves: event names (each room), fields (each room).
 * Fails: a log that cannot be written never stops mail: it is reported once on standard error and tried again.
 */
import { mkdirSync, openSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import sonicBoom from 'sonic-boom';
import {
  type Clock,
  LOG_LEVELS,
  type LogFields,
  type Logger,
  type LogLevel,
  TerminalLines,
  type Timer,
  toRelayError,
} from '../base/index.ts';

export type EventLogOptions = {
  readonly folder: string;
  readonly level: LogLevel;
  /** Older files are deleted. */
  readonly keepMs: number;
  readonly clock: Clock;
  /** Takes short lines for people; absent when nobody watches. */
  readonly terminal?: (line: string) => void;
  /** Takes what must not go unnoticed when the log itself fails. */
  readonly complain: (text: string) => void;
};

/** A place outside the log file that hears of events. It takes them at once and never throws. */
export interface EventForward {
  take(level: LogLevel, name: string, fields: LogFields): void;
}

/** `mailroot-2026-11-21.log`. */
const FILE_NAME = /^mailroot-\d{4}-\d\d-\d\d\.log$/;
const DAY_MS = 86_400_000;
/**
 * Characters gathered before a write, and the longest they wait. A write wakes a thread, which costs as much as forty lines. They are
 * gathered here: the stream below measures all that it holds again with every line.
 */
const GATHERED_CHARACTERS = 65_536;
const FLUSH_MS = 250;
const MOST_UNWRITTEN_BYTES = 8 * 1024 * 1024;

export class EventLog implements Logger {
  readonly #options: EventLogOptions;
  readonly #terminal: TerminalLines | undefined;
  #destination: sonicBoom.SonicBoom;
  /** Yesterday's file is closed. */
  #turned: Promise<void> = Promise.resolve();
  #level: LogLevel;
  #day: number;
  #timer: Timer | undefined;
  #hasComplained = false;
  #forwards: readonly EventForward[] = [];
  #gathered = '';
  #isClosed = false;
  #stampedAt = Number.NaN;
  #stamp = '';

  /** Creates the folder and opens today's file. Throws RelayError when it cannot. */
  constructor(options: EventLogOptions) {
    this.#options = options;
    this.#level = options.level;
    this.#terminal = options.terminal && new TerminalLines(options.terminal, options.clock);
    this.#day = this.#today();
    try {
      mkdirSync(options.folder, { recursive: true });
      this.#destination = this.#open();
    } catch (thrown) {
      throw toRelayError(thrown, `opening the event log in ${options.folder}`);
    }
    this.#deleteOld();
    this.#arm();
  }

  event(level: LogLevel, name: string, fields: LogFields = {}): void {
    if (LOG_LEVELS[level] >= LOG_LEVELS[this.#level]) this.#write(level, name, fields);
    if (LOG_LEVELS[level] >= LOG_LEVELS.info) this.#terminal?.show(level, name, fields);
    for (const forward of this.#forwards) forward.take(level, name, fields);
  }

  /** From now on events are told there too. The places stay the caller's, who closes them. */
  forwardTo(forwards: readonly EventForward[]): void {
    this.#forwards = forwards;
  }

  with(fields: LogFields): Logger {
    return {
      event: (level, name, more) => this.event(level, name, { ...fields, ...more }),
      with: (more) => this.with({ ...fields, ...more }),
    };
  }

  /** Changes the level while running. */
  setLevel(level: LogLevel): void {
    this.#level = level;
  }

  /** Writes out what is gathered and closes the file; call once, at the end. What comes after is dropped. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#isClosed = true;
    this.#pass();
    await this.#turned;
    await ended(this.#destination);
  }

  #write(level: LogLevel, name: string, fields: LogFields): void {
    if (this.#isClosed) return;
    const text = jsonOf(fields);
    const inner = text.length > 2 ? `,${text.slice(1, -1)}` : '';
    this.#gathered += `{"level":"${level}","time":"${this.#time()}"${inner},"event":"${name}"}\n`;
    if (this.#gathered.length >= GATHERED_CHARACTERS) this.#pass();
  }

  #pass(): void {
    if (this.#gathered === '') return;
    const text = this.#gathered;
    this.#gathered = '';
    this.#destination.write(text);
  }

  /** Thousands of events share a millisecond; its text is made once. */
  #time(): string {
    const now = this.#options.clock.now();
    if (now !== this.#stampedAt) {
      this.#stampedAt = now;
      this.#stamp = new Date(now).toISOString();
    }
    return this.#stamp;
  }

  #arm(): void {
    this.#timer = this.#options.clock.setTimer(FLUSH_MS, () => {
      if (this.#today() !== this.#day) this.#turnPage();
      this.#pass();
      this.#arm();
    });
  }

  /** Opened synchronously, so that a line can be flushed at any moment after. */
  #open(): sonicBoom.SonicBoom {
    const destination = new sonicBoom.SonicBoom({
      fd: openSync(this.#path(), 'a', 0o640),
      sync: false,
      maxWrite: 4 * GATHERED_CHARACTERS,
      // A disk that stays full must not fill the memory as well: what is beyond this is lost.
      maxLength: MOST_UNWRITTEN_BYTES,
    });
    destination.on('error', (error: Error) => this.#complainOnce(error));
    return destination;
  }

  #turnPage(): void {
    this.#day = this.#today();
    this.#hasComplained = false;
    try {
      const next = this.#open();
      this.#pass();
      this.#turned = ended(this.#destination);
      this.#destination = next;
    } catch (thrown) {
      this.#complainOnce(thrown);
    }
    this.#deleteOld();
  }

  #complainOnce(thrown: unknown): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    this.#options.complain(toRelayError(thrown, `writing the event log in ${this.#options.folder}`).message);
  }

  #deleteOld(): void {
    const oldest = this.#name(this.#options.clock.now() - this.#options.keepMs);
    for (const name of readdirSync(this.#options.folder)) {
      if (!FILE_NAME.test(name) || name >= oldest) continue;
      try {
        unlinkSync(join(this.#options.folder, name));
      } catch {
        // Somebody else's lock or right; tomorrow is another day.
      }
    }
  }

  #today(): number {
    return Math.floor(this.#options.clock.now() / DAY_MS);
  }

  #path(): string {
    return join(this.#options.folder, this.#name(this.#options.clock.now()));
  }

  #name(atMs: number): string {
    return `mailroot-${new Date(atMs).toISOString().slice(0, 10)}.log`;
  }
}

/** Resolves when all that was written is in the file and the file is closed, or when that failed, which its owner has heard. */
function ended(destination: sonicBoom.SonicBoom): Promise<void> {
  return new Promise((resolve) => {
    destination.once('close', resolve);
    destination.once('error', () => resolve());
    destination.end();
  });
}

/** A field that is no JSON costs the line its form, not the event. */
function jsonOf(fields: LogFields): string {
  try {
    return JSON.stringify(fields);
  } catch {
    return JSON.stringify(
      Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)])),
    );
  }
}
