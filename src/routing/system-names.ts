/**
 * The operating system's own way from a host name to addresses: hosts file, search domains, local names.
 * Owns: remembering its answers for a minute, and sharing a look-up between those who wait for it.
 * Leaves: when it is asked (router: only for smart hosts, which the operator names).
 * Fails: an empty list; why the system knows no address is not worth telling apart here.
 */
import { lookup } from 'node:dns/promises';
import type { Clock } from '../base/index.ts';

const KEPT_MS = 60_000;
const MOST_NAMES = 1_000;

export type SystemNamesParts = {
  readonly clock: Clock;
  /** The look-up itself; the system's when absent. May reject. */
  readonly lookUp?: (name: string) => Promise<readonly string[]>;
};

export class SystemNames {
  readonly #clock: Clock;
  readonly #lookUp: (name: string) => Promise<readonly string[]>;
  readonly #known = new Map<
    string,
    { readonly askedAt: number; readonly addresses: Promise<readonly string[]> }
  >();

  constructor(parts: SystemNamesParts) {
    this.#clock = parts.clock;
    this.#lookUp = parts.lookUp ?? systemLookUp;
  }

  addresses(name: string): Promise<readonly string[]> {
    const now = this.#clock.monotonicMs();
    const known = this.#known.get(name);
    if (known !== undefined && now - known.askedAt < KEPT_MS) return known.addresses;
    if (this.#known.size >= MOST_NAMES) this.#known.clear();
    const addresses = this.#lookUp(name).catch(() => []);
    this.#known.set(name, { askedAt: now, addresses });
    return addresses;
  }
}

async function systemLookUp(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true, order: 'verbatim' })).map(({ address }) => address);
}
