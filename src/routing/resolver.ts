/**
 * The resolver that a relay uses: cache over client over the configured servers, or those of the system.
 * Owns: putting dns/ together.  Leaves: what is asked (router, intake for reverse DNS).
 */
import { Resolver as SystemResolver } from 'node:dns';
import type { Clock } from '../base/index.ts';
import type { DnsSource } from './dns/answer.ts';
import { DnsCache } from './dns/cache.ts';
import { DnsClient } from './dns/client.ts';
import type { DnsServer } from './dns/exchange.ts';
import type { DnsSettings } from './settings.ts';

export type OpenResolver = {
  readonly dns: DnsSource;
  /** Ends all questions under way. */
  close(): void;
};

export function openResolver(settings: DnsSettings, clock: Clock): OpenResolver {
  const servers = settings.servers.length > 0 ? () => settings.servers : systemServers(clock);
  const client = new DnsClient({ clock, servers, timeoutMs: settings.timeoutMs, rounds: settings.rounds });
  return {
    dns: new DnsCache(client, { clock, maxEntries: settings.cacheEntries }),
    close: () => client.close(),
  };
}

/** A laptop changes its network while the relay runs: the system's list is read again now and then. */
const SYSTEM_LIST_KEPT_MS = 30_000;

/** The operating system's DNS servers. */
export function systemServers(clock: Clock): () => readonly DnsServer[] {
  let readAt = Number.NEGATIVE_INFINITY;
  let servers: readonly DnsServer[] = [];
  return () => {
    const now = clock.monotonicMs();
    if (now - readAt >= SYSTEM_LIST_KEPT_MS) {
      readAt = now;
      servers = new SystemResolver().getServers().map(readServer);
    }
    return servers;
  };
}

/** Reads `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` and `[2001:db8::53]:5353`, as the platform prints them. */
export function readServer(text: string): DnsServer {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  const dotted = /^([\d.]+):(\d+)$/.exec(text);
  const [, address = text, port] = bracketed ?? dotted ?? [];
  return { address, port: port === undefined ? 53 : Number(port) };
}
