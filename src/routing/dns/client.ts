/**
 * A stub resolver: asks the configured DNS servers in turn until one gives a usable answer.
 * Owns: fail-over between servers, the number of open questions, following CNAMEs.  Leaves: caching (cache), sockets (exchange).
 * Fails: never throws; a server's failure is an answer when no other server did better.
 * Sources: RFC 1034 §5.2.2, §5.3.1; RFC 2308 §2, §5; RFC 5321 §5.1.
 */
import type { Clock } from '../../base/index.ts';
import type { DnsAnswer, DnsSource, RecordOf, RecordType } from './answer.ts';
import { type DnsServer, type ExchangeResult, exchange } from './exchange.ts';
import { isLookupName, type Response } from './message.ts';

export type DnsClientOptions = {
  readonly clock: Clock;
  /** In the order to ask. Called for each question, so that a changed list counts at once. Never empty. */
  readonly servers: () => readonly DnsServer[];
  /** Longest wait for one answer of one server. */
  readonly timeoutMs: number;
  /** How often the whole list of servers is gone through. */
  readonly rounds: number;
};

/** Questions under way at the same time; more wait. Bounds sockets when many domains come due together. */
const OPEN_QUESTIONS = 200;
/** A server that did not answer is asked last for this long. */
const PENALTY_MS = 30_000;
const LONGEST_ALIAS_CHAIN = 16;
/** How long a missing name is believed when the answer does not say (RFC 2308 §5 leaves it to us, briefly). */
const NEGATIVE_TTL_WITHOUT_SOA = 0;

type Reading<T> = DnsAnswer<T> | { readonly kind: 'alias'; readonly target: string; readonly ttlMs: number };

export class DnsClient implements DnsSource {
  readonly #options: DnsClientOptions;
  readonly #closing = new AbortController();
  readonly #penaltyUntil = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #open = 0;

  constructor(options: DnsClientOptions) {
    this.#options = options;
  }

  /** Ends every question under way as failed. */
  close(): void {
    this.#closing.abort();
  }

  async ask<T extends RecordType>(name: string, type: T): Promise<DnsAnswer<RecordOf[T]>> {
    let asked = name.toLowerCase();
    let ttlMs = Number.POSITIVE_INFINITY;
    for (let aliases = 0; aliases < LONGEST_ALIAS_CHAIN; aliases += 1) {
      // What cannot be asked cannot exist.
      if (!isLookupName(asked)) return { kind: 'no-such-name', ttlMs: 3_600_000 };
      const reading = await this.#askServers(asked, type);
      if (reading.kind === 'failed' || reading.kind === 'timeout') return reading;
      ttlMs = Math.min(ttlMs, reading.ttlMs);
      if (reading.kind !== 'alias') return { ...reading, ttlMs };
      asked = reading.target;
    }
    return { kind: 'failed', text: `${name} is an alias of an alias, more than ${LONGEST_ALIAS_CHAIN} deep` };
  }

  async #askServers<T extends RecordType>(name: string, type: T): Promise<Reading<RecordOf[T]>> {
    await this.#takeSlot();
    try {
      const complaints = new Map<string, string>();
      let answered = false;
      for (let round = 0; round < this.#options.rounds; round += 1) {
        for (const server of this.#inOrder()) {
          const result = await this.#askOne(server, { name, type });
          const reading = readResult(result, name, type);
          if ('kind' in reading) return reading;
          answered ||= result.kind !== 'timeout';
          complaints.set(formatServer(server), reading.complaint);
          if (this.#closing.signal.aborted) break;
        }
        // Whoever answered uselessly will not do better at once; only silence is worth a second round.
        if (answered) break;
      }
      const told = [...complaints].map(([server, complaint]) => `${server} ${complaint}`).join('; ');
      return {
        kind: answered ? 'failed' : 'timeout',
        text: `DNS gave no answer for ${type} ${name}: ${told}`,
      };
    } finally {
      this.#giveSlot();
    }
  }

  async #askOne(
    server: DnsServer,
    asked: { readonly name: string; readonly type: RecordType },
  ): Promise<ExchangeResult> {
    const { clock, timeoutMs } = this.#options;
    const result = await exchange(server, asked, { clock, timeoutMs, signal: this.#closing.signal });
    const key = formatServer(server);
    if (result.kind === 'response') this.#penaltyUntil.delete(key);
    else this.#penaltyUntil.set(key, clock.monotonicMs() + PENALTY_MS);
    return result;
  }

  /** The servers as configured, those that lately failed to answer last. */
  #inOrder(): readonly DnsServer[] {
    const servers = this.#options.servers();
    const now = this.#options.clock.monotonicMs();
    const isPenalised = (server: DnsServer) => (this.#penaltyUntil.get(formatServer(server)) ?? 0) > now;
    return [...servers.filter((server) => !isPenalised(server)), ...servers.filter(isPenalised)];
  }

  async #takeSlot(): Promise<void> {
    if (this.#open < OPEN_QUESTIONS) this.#open += 1;
    // The slot is handed over by whoever gives it up, so the count does not change.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #giveSlot(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#open -= 1;
    else next();
  }
}

export function formatServer(server: DnsServer): string {
  return server.address.includes(':')
    ? `[${server.address}]:${server.port}`
    : `${server.address}:${server.port}`;
}

function readResult<T extends RecordType>(
  result: ExchangeResult,
  name: string,
  type: T,
): Reading<RecordOf[T]> | { readonly complaint: string } {
  if (result.kind === 'timeout') return { complaint: 'did not answer in time' };
  if (result.kind === 'broken') return { complaint: result.text };
  const { response } = result;
  if (response.code !== 'NOERROR' && response.code !== 'NXDOMAIN')
    return { complaint: `answered ${response.code}` };
  if (response.isReferral && !response.isAuthoritative) return { complaint: 'is not a server for this name' };
  return readResponse(response, name, type);
}

function readResponse<T extends RecordType>(response: Response, name: string, type: T): Reading<RecordOf[T]> {
  let owner = name;
  let ttl = Number.POSITIVE_INFINITY;
  for (let aliases = 0; aliases < LONGEST_ALIAS_CHAIN; aliases += 1) {
    const found = response.records.filter((record) => record.name === owner && record.type === type);
    if (found.length > 0) {
      const records = found.map((record) => (record as unknown as { value: RecordOf[T] }).value);
      return { kind: 'found', records, ttlMs: 1000 * Math.min(ttl, ...found.map((record) => record.ttl)) };
    }
    const alias = response.records.find((record) => record.name === owner && record.type === 'CNAME');
    if (alias?.type !== 'CNAME') break;
    ttl = Math.min(ttl, alias.ttl);
    owner = alias.target;
  }
  const negativeTtlMs = 1000 * Math.min(ttl, response.negativeTtl ?? NEGATIVE_TTL_WITHOUT_SOA);
  // RFC 6604 §3: the code speaks of the last name of the chain.
  if (response.code === 'NXDOMAIN') return { kind: 'no-such-name', ttlMs: negativeTtlMs };
  // An authoritative server stops at the border of its zone; the rest is another question.
  if (owner !== name && response.negativeTtl === undefined)
    return { kind: 'alias', target: owner, ttlMs: 1000 * ttl };
  return { kind: 'no-records', ttlMs: negativeTtlMs };
}
