/**
 * Chooses the next hop for one recipient's domain.
 * Owns: precedence of local domain, remote domain, smart host and MX hosts.
 * Leaves: connecting (delivery), retry times (queue), what a problem means (outcome).
 * Fails: a DNS answer is a result, never a throw; throws RelayError only for unusable settings.
 * Sources: RFC 5321 §5.1, §4.1.3; RFC 7505 §3; doc "Advanced delivery" (smart host, direct delivery first).
 */
import { networkInterfaces } from 'node:os';
import type { Clock } from '../base/index.ts';
import type { MailHost, NextHop, Route, Router, RoutingProblem, TransportSecurity } from './contract.ts';
import type { DnsSource } from './dns/answer.ts';
import { type DomainRule, DomainTable } from './domain-table.ts';
import { hostAddresses, withFamilies } from './host-addresses.ts';
import { mxHosts } from './mx-hosts.ts';
import type { RemoteDomain, RoutingSettings, SmartHostAddress, SmartHostRoute } from './settings.ts';
import { formatSmartHost } from './settings.ts';
import { SystemNames } from './system-names.ts';

export type RouterParts = {
  readonly settings: RoutingSettings;
  readonly dns: DnsSource;
  readonly clock: Clock;
  /** A number in [0, 1); Math.random when absent. */
  readonly random?: () => number;
  /** The machine's own addresses; asked when a listener listens on all of them. The system's when absent. */
  readonly ownAddresses?: () => readonly string[];
  /** The operating system's look-up for smart hosts that DNS does not know. */
  readonly lookUpName?: (name: string) => Promise<readonly string[]>;
};

/** How a domain's own hosts are delivered to. */
type DirectOptions = {
  readonly port: number;
  readonly security: TransportSecurity;
  readonly greetWithHelo: boolean;
  readonly credentials?: RemoteDomain['credentials'];
};

export class MailRouter implements Router {
  readonly #parts: RouterParts;
  readonly #settings: RoutingSettings;
  readonly #domains: DomainTable;
  readonly #systemNames: SystemNames;
  readonly #ownNames: ReadonlySet<string>;

  constructor(parts: RouterParts) {
    this.#parts = parts;
    this.#settings = parts.settings;
    this.#domains = new DomainTable(parts.settings);
    this.#systemNames = new SystemNames(
      parts.lookUpName === undefined
        ? { clock: parts.clock }
        : { clock: parts.clock, lookUp: parts.lookUpName },
    );
    this.#ownNames = new Set(parts.settings.self.names.map((name) => name.toLowerCase()));
  }

  async route(domainKey: string, purpose: 'delivery' | 'requested' = 'delivery'): Promise<Route> {
    const rule = this.#domains.find(domainKey);
    if (rule?.kind === 'local') return { kind: 'drop' };
    if (rule?.domain.holdForEtrn === true && purpose === 'delivery')
      return { kind: 'held', reason: `mail for ${rule.name} waits until its server asks for it (ETRN)` };
    if (rule?.domain.smartHost !== undefined) return this.#toSmartHost(rule.domain.smartHost, rule);
    const { smartHost } = this.#settings;
    if (smartHost === undefined || rule?.domain.useDns === true) return this.#toDomain(domainKey, rule);
    if (!smartHost.directFirst) return this.#toSmartHost(smartHost, rule);
    return this.#directThenSmartHost(domainKey, rule, smartHost);
  }

  async #directThenSmartHost(
    domainKey: string,
    rule: DomainRule | undefined,
    smartHost: SmartHostRoute,
  ): Promise<Route> {
    const direct = await this.#toDomain(domainKey, rule);
    // Who accepts no mail accepts none through a smart host either.
    if (direct.kind === 'unroutable' && direct.problem.cause === 'null-mx') return direct;
    const fallback = await this.#toSmartHost(smartHost, rule);
    // What DNS here does not know, the smart host may; so its own trouble counts, which mail can wait for.
    if (direct.kind !== 'next-hop') return fallback;
    if (fallback.kind !== 'next-hop') return direct;
    return { kind: 'next-hop', nextHop: { ...direct.nextHop, fallback: fallback.nextHop } };
  }

  async #toDomain(domainKey: string, rule: DomainRule | undefined): Promise<Route> {
    const own = rule?.kind === 'remote' ? rule.domain : undefined;
    const options: DirectOptions = {
      port: own?.port ?? this.#settings.outboundPort,
      security: own?.security ?? this.#settings.security,
      greetWithHelo: own?.greetWithHelo ?? false,
      ...(own?.credentials === undefined ? {} : { credentials: own.credentials }),
    };
    if (domainKey.startsWith('[')) return this.#toLiteral(domainKey, options);
    const found = await mxHosts(domainKey, {
      dns: this.#parts.dns,
      families: this.#settings.addressFamilies,
      random: this.#parts.random ?? Math.random,
      isSelf: (host) => this.#isSelf(host, options.port),
    });
    if (found.kind === 'problem') return unroutable(found.problem.cause, found.problem.text);
    const hop = nextHop('mx', domainKey, `mx:${domainKey}:${options.port}`, found.hosts, options);
    return { kind: 'next-hop', nextHop: hop };
  }

  #toLiteral(domainKey: string, options: DirectOptions): Route {
    const address = domainKey.slice(1, -1).replace(/^IPv6:/i, '');
    const found = withFamilies([address], this.#settings.addressFamilies, domainKey);
    if (found.kind !== 'found')
      return unroutable('unusable-literal', `mail cannot be delivered to the address ${domainKey}`);
    const host = { name: domainKey, addresses: found.addresses };
    if (this.#isSelf(host, options.port)) {
      const cure = 'Add it to the local domains if mail for it should be kept here.';
      return unroutable('loops-to-self', `${domainKey} is an address of this server. ${cure}`);
    }
    const hop = nextHop('literal', domainKey, `literal:${domainKey}:${options.port}`, [host], options);
    return { kind: 'next-hop', nextHop: hop };
  }

  async #toSmartHost(smartHost: SmartHostRoute, rule: DomainRule | undefined): Promise<Route> {
    const label = smartHost.hosts.map(formatSmartHost).join(', ');
    const found = await Promise.all(
      smartHost.hosts.map(async (address) => ({ address, result: await this.#smartHostAddresses(address) })),
    );
    const resolved = found.flatMap(({ address, result }) =>
      result.kind === 'found'
        ? [
            {
              name: address.host,
              addresses: result.addresses,
              port: address.port ?? this.#settings.outboundPort,
            },
          ]
        : [],
    );
    const hosts = resolved.filter((host) => !this.#isOwnAddress(host.addresses, host.port));
    if (hosts.length === 0) {
      const own = resolved[0];
      const reason =
        own === undefined
          ? found.flatMap(({ result }) => (result.kind === 'found' ? [] : [result.text])).join(', ')
          : `${own.name} port ${own.port} is this server itself`;
      // A wrong setting of ours must not bounce the mail of others: everything here can be mended while mail waits.
      return unroutable(
        'dns-failure',
        `the smart host ${label} cannot be used: ${reason}. Check the setting.`,
      );
    }
    return { kind: 'next-hop', nextHop: this.#smartHops(smartHost, label, rule, hosts) };
  }

  /** Hosts of one port make one next hop; those of another port are its fallback. */
  #smartHops(
    smartHost: SmartHostRoute,
    label: string,
    rule: DomainRule | undefined,
    hosts: readonly (MailHost & { readonly port: number })[],
  ): NextHop {
    const { port } = hosts[0]!;
    const change = hosts.findIndex((host) => host.port !== port);
    const together = change < 0 ? hosts : hosts.slice(0, change);
    // Two domains with one smart host share its connections; rules may differ in credentials and security.
    const scope = rule?.kind === 'remote' && rule.domain.smartHost !== undefined ? `${rule.name}>` : '';
    const names = together.map((host) => host.name).join(',');
    const hop = nextHop('smart-host', label, `smart:${scope}${names}:${port}`, together.map(bareHost), {
      port,
      security: smartHost.security,
      greetWithHelo: smartHost.greetWithHelo,
      ...(smartHost.credentials === undefined ? {} : { credentials: smartHost.credentials }),
    });
    if (change < 0) return hop;
    return { ...hop, fallback: this.#smartHops(smartHost, label, rule, hosts.slice(change)) };
  }

  async #smartHostAddresses(address: SmartHostAddress) {
    const families = this.#settings.addressFamilies;
    if (address.isAddress) return withFamilies([address.host], 'ipv4-first', address.host);
    const byDns = await hostAddresses(address.host, families, this.#parts.dns);
    if (byDns.kind === 'found') return byDns;
    // The hosts file, search domains and whatever else the machine knows names by: a smart host is chosen by its owner.
    const bySystem = await this.#systemNames.addresses(address.host);
    return bySystem.length === 0 ? byDns : withFamilies(bySystem, families, address.host);
  }

  /** A mail host found by DNS is ourselves when it bears our name or leads to one of our listeners. */
  #isSelf(host: MailHost, port: number): boolean {
    return this.#ownNames.has(host.name.toLowerCase()) || this.#isOwnAddress(host.addresses, port);
  }

  #isOwnAddress(addresses: readonly string[], port: number): boolean {
    const listening = this.#settings.self.listeners.filter((listener) => listener.port === port);
    if (listening.length === 0) return false;
    if (listening.some((listener) => addresses.includes(listener.address))) return true;
    if (!listening.some(({ address }) => address === '0.0.0.0' || address === '::')) return false;
    const machine = (this.#parts.ownAddresses ?? machineAddresses)();
    return addresses.some((address) => address.startsWith('127.') || machine.includes(address));
  }
}

function nextHop(
  kind: NextHop['kind'],
  label: string,
  key: string,
  hosts: readonly MailHost[],
  options: DirectOptions,
): NextHop {
  const { port, security, greetWithHelo, credentials } = options;
  const hop: NextHop = { key, label, kind, hosts, port, security, greetWithHelo };
  return credentials === undefined ? hop : { ...hop, credentials };
}

function unroutable(cause: RoutingProblem['cause'], text: string): Route {
  return { kind: 'unroutable', problem: { cause, text } };
}

function bareHost({ name, addresses }: MailHost): MailHost {
  return { name, addresses };
}

function machineAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}
