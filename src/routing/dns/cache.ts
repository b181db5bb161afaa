/**
 * Remembers answers for as long as they say, and lets concurrent askers of one question share it.
 * Owns: lifetimes and the bound on memory.  Leaves: asking (any DnsSource).
 * Sources: RFC 1035 §3.2.1; RFC 2308 §5, §7.1, §7.2.
 */
import type { Clock } from '../../base/index.ts';
import type { DnsAnswer, DnsSource, RecordOf, RecordType } from './answer.ts';

/** RFC 8767 §4 advises a day or less for long lifetimes; a week-long TTL must not outlive an operator's correction. */
const LONGEST_MS = 86_400_000;
/** deviates: a TTL of zero would cost one question per message in a burst; five seconds change no operator's plan. */
const SHORTEST_MS = 5_000;
/** RFC 2308 §5: one to three hours is a sensible bound for negative answers. */
const LONGEST_NEGATIVE_MS = 3_600_000;
/** RFC 2308 §7.1, §7.2: failures may be remembered up to five minutes; we retry mail sooner than that. */
const FAILURE_MS = 10_000;

type Entry = { readonly expiresAt: number; readonly answer: DnsAnswer<unknown> };

export class DnsCache implements DnsSource {
  readonly #source: DnsSource;
  readonly #clock: Clock;
  readonly #maxEntries: number;
  /** In order of use, longest unused first. */
  readonly #entries = new Map<string, Entry>();
  readonly #underWay = new Map<string, Promise<DnsAnswer<unknown>>>();

  constructor(source: DnsSource, options: { readonly clock: Clock; readonly maxEntries: number }) {
    this.#source = source;
    this.#clock = options.clock;
    this.#maxEntries = options.maxEntries;
  }

  /** Answers held, for tests and the status page. */
  get size(): number {
    return this.#entries.size;
  }

  ask<T extends RecordType>(name: string, type: T): Promise<DnsAnswer<RecordOf[T]>> {
    const key = `${type} ${name.toLowerCase()}`;
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#entries.delete(key);
      if (entry.expiresAt > this.#clock.monotonicMs()) {
        this.#entries.set(key, entry);
        return Promise.resolve(entry.answer as DnsAnswer<RecordOf[T]>);
      }
    }
    const shared = this.#underWay.get(key) ?? this.#askSource(key, name, type);
    return shared as Promise<DnsAnswer<RecordOf[T]>>;
  }

  #askSource(key: string, name: string, type: RecordType): Promise<DnsAnswer<unknown>> {
    const asking = this.#source
      .ask(name, type)
      .then((answer) => {
        this.#remember(key, answer);
        return answer;
      })
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, asking);
    return asking;
  }

  #remember(key: string, answer: DnsAnswer<unknown>): void {
    if (this.#entries.size >= this.#maxEntries) {
      const longestUnused = this.#entries.keys().next().value;
      if (longestUnused !== undefined) this.#entries.delete(longestUnused);
    }
    this.#entries.set(key, { expiresAt: this.#clock.monotonicMs() + lifetimeMs(answer), answer });
  }
}

function lifetimeMs(answer: DnsAnswer<unknown>): number {
  switch (answer.kind) {
    case 'found':
      return Math.min(Math.max(answer.ttlMs, SHORTEST_MS), LONGEST_MS);
    case 'no-such-name':
    case 'no-records':
      return Math.min(Math.max(answer.ttlMs, SHORTEST_MS), LONGEST_NEGATIVE_MS);
    case 'failed':
    case 'timeout':
      return FAILURE_MS;
  }
}
