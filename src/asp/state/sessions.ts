/**
 * The sessions of one site: who they belong to, what they hold, whose turn it is, when they end.
 * Owns: keys that nobody can guess, one request at a time for each session, time-out, bounds.
 * Leaves: the cookie's form (session-cookie), running Session_OnEnd (site), values (page).
 * Fails: `enter` answers 'busy' or 'full' instead of growing without end.
 *
 * Invariants:
 *   S1  A key that this store did not give out never names a session: a key brought along is looked up, never adopted.
 *   S2  A session exists only after a page has kept it; until then nobody but its first request knows its key.
 *   S3  At most one request has the turn of a session; the others follow in order of arrival.
 *   S4  Each session ends once, by `abandon`, time-out or `endAll`, and then `onEnd` is told its last contents.
 */
import { randomFillSync } from 'node:crypto';
import type { Clock } from '../../base/index.ts';
import type { PageSession, SessionAfter, StoredContents } from '../contract.ts';
import { pack, unpack } from './packed-contents.ts';
import { storedSize } from './stored-size.ts';

export type SessionLimits = {
  readonly timeoutMinutes: number;
  /** Sessions at once. */
  readonly most: number;
  /** Bytes that all of them hold, about. */
  readonly mostBytes: number;
  /** Requests that wait for the turn of one session. */
  readonly mostWaiting: number;
};

export type SessionParts = {
  readonly clock: Clock;
  readonly limits: () => SessionLimits;
  /** A session has ended. `isNew` is false; what is thrown is the caller's. */
  readonly onEnd: (session: PageSession) => void;
};

type Entry = {
  readonly key: string;
  readonly id: string;
  /** What it holds, packed. */
  packed: string;
  bytes: number;
  timeoutMinutes: number;
  locale: number | undefined;
  codePage: number | undefined;
  /** Monotonic milliseconds. */
  expiresAt: number;
  isTaken: boolean;
  hasEnded: boolean;
  /** Present while somebody waits. */
  waiting: (() => void)[] | undefined;
};

/** The turn of one request. Exactly one `leave`. */
export type SessionTurn = {
  /** For the page. */
  readonly session: PageSession;
  /** What the cookie carries when the session is kept. */
  readonly key: string;
  /** Gives the turn on. `after` is undefined when the page's thread died: the session stays as it was. */
  readonly leave: (after: SessionAfter | undefined) => 'kept' | 'none';
};

/** Letters of a key: as in the old product, 26 capitals. 24 of them are 112 bits. */
const KEY_LENGTH = 24;
const KEY = /^[A-Z]{24}$/;
/** How often sessions are looked through for those that are past their time. */
const SWEEP_EVERY_MS = 5000;

export class SessionStore {
  readonly #parts: SessionParts;
  readonly #entries = new Map<string, Entry>();
  readonly #ids = new Set<string>();
  readonly #random = new Randomness();
  #bytes = 0;
  #isSweeping = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes that all sessions hold, about. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Waits for the turn of the session that one of `keys` names (as they came in cookies, in order), or makes a new one.
   * 'busy': too many wait for this session. 'full': there is no room for a new one.
   */
  async enter(keys: readonly string[]): Promise<SessionTurn | 'busy' | 'full'> {
    for (;;) {
      const entry = this.#find(keys);
      if (entry === undefined) return this.#newTurn();
      if (!entry.isTaken) return this.#turn(entry);
      entry.waiting ??= [];
      if (entry.waiting.length >= this.#parts.limits().mostWaiting) return 'busy';
      const { promise, resolve } = Promise.withResolvers<void>();
      entry.waiting.push(resolve);
      await promise;
      // It may have ended meanwhile; then this request gets a new one.
      if (!entry.hasEnded) return this.#turn(entry);
    }
  }

  /** Ends every session, at the stop of the site. */
  endAll(): void {
    for (const entry of [...this.#entries.values()]) this.#end(entry);
  }

  /** Ends the sessions that are past their time. */
  sweep(): void {
    const now = this.#parts.clock.monotonicMs();
    for (const entry of this.#entries.values())
      if (!entry.isTaken && entry.expiresAt <= now) this.#end(entry);
  }

  #find(keys: readonly string[]): Entry | undefined {
    for (const key of keys) {
      const entry = KEY.test(key) ? this.#entries.get(key) : undefined;
      if (entry === undefined) continue;
      if (entry.isTaken || entry.expiresAt > this.#parts.clock.monotonicMs()) return entry;
      this.#end(entry);
    }
    return undefined;
  }

  #turn(entry: Entry): SessionTurn {
    entry.isTaken = true;
    return {
      key: entry.key,
      session: pageSession(entry),
      leave: (after) => {
        entry.isTaken = false;
        if (entry.hasEnded) return 'none';
        if (after?.kind === 'kept') this.#keep(entry, after);
        entry.expiresAt = this.#expiry(entry);
        if (after?.kind === 'abandoned') {
          this.#setContents(entry, after.contents);
          this.#end(entry);
          return 'none';
        }
        const next = entry.waiting?.shift();
        if (next === undefined) entry.waiting = undefined;
        else {
          // Taken before the next one wakes: nobody may slip in between (S3).
          entry.isTaken = true;
          next();
        }
        return 'kept';
      },
    };
  }

  #newTurn(): SessionTurn | 'full' {
    const limits = this.#parts.limits();
    if (this.#entries.size >= limits.most || this.#bytes >= limits.mostBytes) {
      this.sweep();
      if (this.#entries.size >= limits.most || this.#bytes >= limits.mostBytes) return 'full';
    }
    // Most of these are forgotten at once: the key is drawn when somebody asks for it.
    let key: string | undefined;
    const random = this.#random;
    const entry: Entry = {
      get key() {
        return (key ??= random.key());
      },
      id: this.#newId(),
      packed: '',
      bytes: 0,
      timeoutMinutes: limits.timeoutMinutes,
      locale: undefined,
      codePage: undefined,
      expiresAt: 0,
      isTaken: true,
      hasEnded: false,
      waiting: undefined,
    };
    return {
      get key() {
        return entry.key;
      },
      session: { ...pageSession(entry), isNew: true },
      leave: (after) => {
        this.#ids.delete(entry.id);
        if (after?.kind === 'abandoned') {
          this.#parts.onEnd({ ...pageSession(entry), contents: after.contents });
          return 'none';
        }
        if (after?.kind !== 'kept') return 'none';
        const lasting: Entry = { ...entry, isTaken: false };
        this.#entries.set(lasting.key, lasting);
        this.#ids.add(lasting.id);
        this.#keep(lasting, after);
        lasting.expiresAt = this.#expiry(lasting);
        this.#sweepLater();
        return 'kept';
      },
    };
  }

  #keep(entry: Entry, after: Extract<SessionAfter, { kind: 'kept' }>): void {
    if (after.contents !== undefined) this.#setContents(entry, after.contents);
    entry.timeoutMinutes = after.timeoutMinutes;
    entry.locale = after.locale;
    entry.codePage = after.codePage;
  }

  #setContents(entry: Entry, contents: StoredContents): void {
    this.#bytes -= entry.bytes;
    entry.packed = pack(contents);
    entry.bytes = storedSize(contents);
    this.#bytes += entry.bytes;
  }

  #end(entry: Entry): void {
    if (entry.hasEnded) return;
    entry.hasEnded = true;
    this.#entries.delete(entry.key);
    this.#ids.delete(entry.id);
    this.#bytes -= entry.bytes;
    for (const wake of entry.waiting?.splice(0) ?? []) wake();
    this.#parts.onEnd(pageSession(entry));
  }

  #expiry(entry: Entry): number {
    return this.#parts.clock.monotonicMs() + entry.timeoutMinutes * 60_000;
  }

  #sweepLater(): void {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    this.#parts.clock.setTimer(SWEEP_EVERY_MS, () => {
      this.#isSweeping = false;
      this.sweep();
      if (this.#entries.size > 0) this.#sweepLater();
    });
  }

  /** SessionID as pages see it: nine digits that no other session of this site has. It opens nothing. */
  #newId(): string {
    for (;;) {
      const id = this.#random.id();
      if (this.#ids.has(id)) continue;
      this.#ids.add(id);
      return id;
    }
  }
}

function pageSession(entry: Entry): PageSession {
  return {
    id: entry.id,
    isNew: false,
    contents: unpack(entry.packed),
    timeoutMinutes: entry.timeoutMinutes,
    locale: entry.locale,
    codePage: entry.codePage,
  };
}

/** Keys and ids from the system's randomness, drawn in bulk: one system call for a hundred of them. */
class Randomness {
  readonly #pool = Buffer.allocUnsafeSlow(4096);
  #used = 4096;

  key(): string {
    let key = '';
    while (key.length < KEY_LENGTH) {
      const byte = this.#byte();
      // 234 is the largest multiple of 26 in a byte: beyond it some letters would be more likely than others.
      if (byte < 234) key += String.fromCharCode(65 + (byte % 26));
    }
    return key;
  }

  /** Nine digits, the first not 0. */
  id(): string {
    let number = 0;
    for (let at = 0; at < 6; at += 1) number = number * 256 + this.#byte();
    return String(100_000_000 + (number % 900_000_000));
  }

  #byte(): number {
    if (this.#used === this.#pool.length) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const byte = this.#pool[this.#used]!;
    // What was given out is not kept.
    this.#pool[this.#used] = 0;
    this.#used += 1;
    return byte;
  }
}
