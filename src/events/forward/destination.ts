/**
 * A place outside our own log file that events are told to: syslog, the journal, the Windows event log.
 * Owns: which events go, how many in a second, opening again after a failure, reporting each failure once.
 * Leaves: how an event is written there (format), how the bytes get there (channels.ts).
 * Fails: never. An event that cannot be told there stands in the log file; what was left out is counted and told later.
 */
import type { Clock, LogFields, LogLevel } from '../../base/index.ts';
import { WINDOWS_EVENTS, type WindowsEvent } from '../windows-events.ts';

export type ToldEvent = {
  /** UTC milliseconds. */
  readonly at: number;
  readonly level: LogLevel;
  readonly name: string;
  readonly fields: LogFields;
  /** The numbers of the old product, where it had one. */
  readonly windows?: WindowsEvent;
};

/** An open way to the place. */
export type Channel = {
  /** False when so much waits that this one was not taken. */
  write(text: string): boolean;
  /** Resolves when what was written is on its way, or cannot be. */
  end(): Promise<void>;
};

/** Opens the way; `lost` is called at most once, when it broke. May throw. */
export type OpenChannel = (lost: (why: unknown) => void) => Channel;

export type DestinationOptions = {
  /** For people: `syslog at 192.0.2.7:514`. */
  readonly name: string;
  readonly open: OpenChannel;
  readonly format: (event: ToldEvent) => string;
  /** Less severe events stay in the log file, unless they carry a number or tell of start and stop. */
  readonly level: LogLevel;
  readonly clock: Clock;
  /** Hears of a failure, once until it works again. */
  readonly trouble: (destination: string, reason: string) => void;
};

const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
/** Told whatever the level: a monitor wants to know. */
const ALWAYS: ReadonlySet<string> = new Set(['relay.started', 'relay.stopped', 'log.left-out']);
const MOST_PER_SECOND = 50;
const OPEN_AGAIN_MS = 30_000;

export class Destination {
  readonly #options: DestinationOptions;
  #channel: Channel | undefined;
  #openAgainAtMs = Number.NEGATIVE_INFINITY;
  #isBroken = false;
  #isClosed = false;
  #second = 0;
  #inSecond = 0;
  #leftOut = 0;

  constructor(options: DestinationOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  take(level: LogLevel, name: string, fields: LogFields): void {
    const { clock } = this.#options;
    const windows = WINDOWS_EVENTS[name];
    if (SEVERITY[level] < SEVERITY[this.#options.level] && windows === undefined && !ALWAYS.has(name)) return;
    const second = Math.floor(clock.monotonicMs() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#inSecond = 0;
      this.#tellLeftOut();
    }
    this.#inSecond += 1;
    const event = { at: clock.now(), level, name, fields, ...(windows !== undefined && { windows }) };
    if (this.#inSecond > MOST_PER_SECOND || !this.#write(event)) this.#leftOut += 1;
  }

  /** Tells what was left out, and gives what was written time to leave. */
  async close(): Promise<void> {
    this.#tellLeftOut();
    const channel = this.#channel;
    this.#channel = undefined;
    this.#isClosed = true;
    await channel?.end().catch(() => {});
  }

  #tellLeftOut(): void {
    if (this.#leftOut === 0) return;
    const event = { at: this.#options.clock.now(), level: 'warn', name: 'log.left-out' } as const;
    if (this.#write({ ...event, fields: { events: this.#leftOut } })) this.#leftOut = 0;
  }

  #write(event: ToldEvent): boolean {
    try {
      this.#channel ??= this.#open();
      return this.#channel?.write(this.#options.format(event)) ?? false;
    } catch (thrown) {
      this.#lost(thrown);
      return false;
    }
  }

  /** undefined: it was tried a moment ago. */
  #open(): Channel | undefined {
    if (this.#isClosed || this.#options.clock.monotonicMs() < this.#openAgainAtMs) return undefined;
    let isLost = false;
    const channel = this.#options.open((why) => {
      if (isLost) return;
      isLost = true;
      this.#lost(why);
    });
    return isLost ? undefined : channel;
  }

  #lost(why: unknown): void {
    this.#channel = undefined;
    this.#openAgainAtMs = this.#options.clock.monotonicMs() + OPEN_AGAIN_MS;
    // The end that we asked for is no failure.
    if (this.#isBroken || this.#isClosed) return;
    this.#isBroken = true;
    this.#options.trouble(this.#options.name, why instanceof Error ? why.message : String(why));
  }
}
