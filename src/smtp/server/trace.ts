/**
 * The live trace: who watches, and what of the dialogue each watcher sees.
 * Owns: subscriptions, filters, what is kept of sessions whose sender or recipient is not known yet.
 * Leaves: the lines (session), showing them (control, cli).
 * Nobody watching costs one look at a flag. A watcher that throws is dropped.
 */
import type { Clock } from '../../base/index.ts';
import type { SessionTrace, TraceLine } from './observe.ts';

/** All given parts must hold. Texts are compared without case. */
export type TraceFilter = {
  /** The other side's address or the beginning of it. */
  readonly client?: string;
  /** Part of a reverse-path. */
  readonly sender?: string;
  /** Part of a forward-path. */
  readonly recipient?: string;
};

/** As the control interface sends it. */
export type TraceItem = {
  /** UTC milliseconds. */
  readonly at: number;
  readonly server: string;
  readonly sessionId: string;
  /** The address of the other side: the client, or in a session of ours as a client the host. */
  readonly client: string;
  /** `in`: the other side said it. */
  readonly direction: 'in' | 'out' | 'event';
  /** True when we are the client. */
  readonly isOutbound: boolean;
  readonly text: string;
};

/** Lines kept of a session that does not match yet. */
const MOST_LINES = 200;
/** Sessions kept for one watcher. */
const MOST_SESSIONS = 1000;

const DIRECTIONS = { client: 'in', server: 'out', note: 'event' } as const;

export class TraceHub implements SessionTrace {
  readonly #clock: Clock;
  readonly #watchers = new Set<Watcher>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Calls `listener` with each line that fits, until the returned function is called. */
  subscribe(filter: TraceFilter, listener: (item: TraceItem) => void): () => void {
    const watcher = new Watcher(filter, listener);
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  line({ session, direction, text }: TraceLine): void {
    this.tell({
      server: session.server,
      sessionId: session.id,
      client: session.client.address,
      direction: DIRECTIONS[direction],
      isOutbound: false,
      text,
    });
  }

  /** A line of a session that somebody else keeps. */
  tell(line: Omit<TraceItem, 'at'>): void {
    const item: TraceItem = { at: this.#clock.now(), ...line };
    for (const watcher of [...this.#watchers]) {
      try {
        watcher.take(item);
      } catch {
        this.#watchers.delete(watcher);
      }
    }
  }
}

type Pending = { readonly lines: TraceItem[]; hasSender: boolean; hasRecipient: boolean };

class Watcher {
  readonly #filter: TraceFilter;
  readonly #listener: (item: TraceItem) => void;
  readonly #sessions = new Map<string, Pending>();

  constructor(filter: TraceFilter, listener: (item: TraceItem) => void) {
    this.#filter = filter;
    this.#listener = listener;
  }

  take(item: TraceItem): void {
    const { client, sender, recipient } = this.#filter;
    if (client !== undefined && !item.client.startsWith(client.toLowerCase())) return;
    if (sender === undefined && recipient === undefined) {
      this.#listener(item);
      return;
    }
    const key = `${item.server} ${item.sessionId}`;
    let session = this.#sessions.get(key);
    if (session === undefined) {
      session = { lines: [], hasSender: sender === undefined, hasRecipient: recipient === undefined };
      this.#sessions.set(key, session);
      if (this.#sessions.size > MOST_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value!);
    }
    // Only the client's commands name sender and recipients.
    if (item.direction === (item.isOutbound ? 'out' : 'in')) {
      session.hasSender ||= names(item.text, 'mail from:', sender);
      session.hasRecipient ||= names(item.text, 'rcpt to:', recipient);
    }
    session.lines.push(item);
    if (session.hasSender && session.hasRecipient)
      for (const line of session.lines.splice(0)) this.#listener(line);
    else if (session.lines.length > MOST_LINES) session.lines.shift();
    if (item.direction === 'event' && /^(?:closed|connection lost)/.test(item.text))
      this.#sessions.delete(key);
  }
}

function names(line: string, verb: string, part: string | undefined): boolean {
  if (part === undefined) return true;
  const lower = line.toLowerCase();
  return lower.startsWith(verb) && lower.includes(part.toLowerCase());
}
