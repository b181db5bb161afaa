/**
 * Who may connect and what each client may do: the policy of SMTP sessions.
 * Owns: connection control, grants by network, identities and their rates, the relay judgement's inputs, ETRN.
 * Leaves: the order of the relay judgement (relay-policy.ts), AUTH (users), storing (smtp-sink.ts).
 * Fails: refusals are replies. DNS trouble never refuses by itself: a client without a name is in no domain list.
 * Sources: KB 304897, KB 310356, KB 303734; RFC 1985 §5.
 */
import type { Clock, Logger } from '../base/index.ts';
import { domainName, type Mailbox, type Reply, type ReversePath } from '../envelope/index.ts';
import { type DnsSource, DomainTable, type RemoteDomain } from '../routing/index.ts';
import {
  type ClientFacts,
  type ClientGrants,
  type ConnectVerdict,
  NetworkList,
  parseNetwork,
  replies,
  type SessionFacts,
  type SessionPolicy,
  type Soon,
} from '../smtp/index.ts';
import { judgeRelay, type RelayRules } from './relay-policy.ts';
import { verifiedNames } from './smtp-reverse-dns.ts';
import type { NetworkIdentity, SmtpIntakeSettings } from './smtp-settings.ts';

const HOUR_MS = 3_600_000;
/** Addresses whose grants are remembered. */
const MOST_VERDICTS = 10_000;

export type SmtpPolicyParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dns: DnsSource;
  /** True while the Drop folder is over its quota: local recipients get `452 4.2.2 Mailbox Full`. */
  readonly isDropFull: () => boolean;
  /** Sends what is held for the domain; resolves with the number of messages released. */
  readonly triggerEtrn: (domainKey: string) => Promise<number>;
  /** Outlives a reload: a device that used up its hour does not get a new one because the operator changed a setting. */
  readonly rates?: DeviceRates;
};

/** Messages of each device, by its name, in its current hour. Only SmtpPolicy reads and writes it. */
export type DeviceRates = Map<string, { startedMs: number; count: number }>;

/** Grants of our own policy: also whether the client may relay by its address. */
export type IntakeGrants = ClientGrants & {
  readonly isInRelayList: boolean;
  readonly device?: NetworkIdentity;
};

export class SmtpPolicy implements SessionPolicy {
  readonly offersEtrn: boolean;
  readonly #settings: SmtpIntakeSettings;
  readonly #parts: SmtpPolicyParts;
  readonly #rules: RelayRules;
  readonly #etrnDomains: readonly string[];
  readonly #relayNetworks: NetworkList;
  readonly #clearAuthNetworks: NetworkList;
  readonly #normalizeNetworks: NetworkList;
  readonly #devices: readonly { readonly identity: NetworkIdentity; readonly networks: NetworkList }[];
  readonly #allow: AccessList;
  readonly #deny: AccessList;
  readonly #verdicts = new Map<string, ConnectVerdict>();
  readonly #rates: DeviceRates;

  constructor(settings: SmtpIntakeSettings, parts: SmtpPolicyParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#rates = parts.rates ?? new Map();
    this.#rules = {
      domains: domainTable(settings),
      relayForAuthenticated: settings.relayForAuthenticated,
      relayForEveryone: settings.relayForEveryone,
    };
    this.#etrnDomains = settings.remoteDomains.filter((domain) => domain.holdForEtrn).map(({ name }) => name);
    this.offersEtrn = this.#etrnDomains.length > 0;
    this.#relayNetworks = NetworkList.of(...settings.relayNetworks);
    this.#clearAuthNetworks = NetworkList.of(...settings.plainTextAuthNetworks);
    this.#normalizeNetworks = NetworkList.of(...settings.normalizeLineEndsNetworks);
    this.#devices = settings.identities.map((identity) => ({
      identity,
      networks: NetworkList.of(...identity.networks),
    }));
    this.#allow = new AccessList(settings.connections.allow);
    this.#deny = new AccessList(settings.connections.deny);
    if (settings.relayForEveryone)
      parts.logger.event('error', 'smtp.open-relay', {
        server: settings.server,
        reason: 'access.relayForEveryone is set: anybody may send mail to anybody through this server',
      });
  }

  connect(client: ClientFacts): Soon<ConnectVerdict> {
    const needsName = this.#allow.hasDomains || this.#deny.hasDomains;
    const byAddress = this.#admits(client.address, []);
    // Names are asked for only where they could change the verdict.
    if (!needsName) return this.#verdict(client, byAddress);
    return verifiedNames(this.#parts.dns, client.address).then((names) =>
      this.#verdict(client, this.#admits(client.address, names)),
    );
  }

  mail(session: SessionFacts, _path: ReversePath): Reply | undefined {
    const device = grantsOf(session).device;
    if (device?.messagesPerHour === undefined || session.identity?.kind === 'auth') return undefined;
    const now = this.#parts.clock.monotonicMs();
    let rate = this.#rates.get(device.name);
    if (rate === undefined || now - rate.startedMs >= HOUR_MS) {
      rate = { startedMs: now, count: 0 };
      this.#rates.set(device.name, rate);
    }
    if (rate.count >= device.messagesPerHour) return replies.messageRate;
    rate.count += 1;
    return undefined;
  }

  rcpt(session: SessionFacts, _reversePath: ReversePath, path: Mailbox): Reply | undefined {
    const client = {
      isInRelayList: grantsOf(session).isInRelayList,
      isAuthenticated: session.identity?.kind === 'auth',
    };
    const verdict = judgeRelay(path, client, this.#rules);
    if (verdict === 'denied') return replies.relayDenied(path);
    return verdict === 'local-domain' && this.#parts.isDropFull() ? replies.mailboxFull : undefined;
  }

  async etrn(_session: SessionFacts, node: string): Promise<Reply> {
    // RFC 1985 §5.2: `#` names a queue, which we have none of; `@` asks for the sub-domains too.
    const withSubDomains = node.startsWith('@');
    const asked = node.startsWith('#') ? undefined : domainName(withSubDomains ? node.slice(1) : node)?.ascii;
    const held =
      asked === undefined ? [] : this.#etrnDomains.filter((name) => covers(name, asked, withSubDomains));
    if (asked === undefined || held.length === 0) return replies.etrnRefused(node);
    try {
      // A wildcard rule holds mail under the names of its sub-domains: the name asked for is one of them.
      const names = withSubDomains ? held.map((name) => name.replace(/^\*\./, '')) : [asked];
      let released = 0;
      for (const name of new Set(names)) released += await this.#parts.triggerEtrn(name);
      return released === 0 ? replies.etrnNothing(node) : replies.etrnPending(node, released);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#parts.logger.event('error', 'smtp.etrn-failed', { node, reason });
      return replies.etrnUnable(node);
    }
  }

  #admits(address: string, names: readonly string[]): boolean {
    const isAllowed = this.#allow.contains(address, names);
    const isDenied = this.#deny.contains(address, names);
    return this.#settings.connections.otherwise === 'allow' ? !isDenied || isAllowed : isAllowed && !isDenied;
  }

  /** Clients come again: what an address may is worked out once. */
  #verdict({ address }: ClientFacts, isAdmitted: boolean): ConnectVerdict {
    if (!isAdmitted) return { admitted: false, reply: replies.accessDenied };
    let verdict = this.#verdicts.get(address);
    if (verdict === undefined) {
      verdict = this.#grant(address);
      if (this.#verdicts.size >= MOST_VERDICTS) this.#verdicts.clear();
      this.#verdicts.set(address, verdict);
    }
    return verdict;
  }

  #grant(address: string): ConnectVerdict {
    const settings = this.#settings;
    const device = this.#devices.find(({ networks }) => networks.contains(address))?.identity;
    const grants: IntakeGrants = {
      isInRelayList: this.#relayNetworks.contains(address) || device?.mayRelay === true,
      lineEnds: this.#normalizeNetworks.contains(address) ? 'normalize' : 'refuse',
      mayAuthInClear: this.#clearAuthNetworks.contains(address),
      mayBeAnonymous: settings.anonymous,
      maxMessageBytes: device?.maxMessageBytes ?? settings.maxMessageBytes,
      maxRecipients: device?.maxRecipients ?? settings.maxRecipients,
      ...(device && { device, identity: { name: device.name, kind: 'network' } }),
    };
    return { admitted: true, grants };
  }
}

export function grantsOf(session: SessionFacts): IntakeGrants {
  return session.grants as IntakeGrants;
}

/** The table that routing uses, from the names that policy knows. */
export function domainTable(
  settings: Pick<SmtpIntakeSettings, 'localDomains' | 'remoteDomains'>,
): DomainTable {
  return new DomainTable({
    localDomains: settings.localDomains,
    remoteDomains: settings.remoteDomains.map(
      (domain): RemoteDomain => ({ useDns: true, greetWithHelo: false, ...domain }),
    ),
  });
}

function covers(rule: string, asked: string, withSubDomains: boolean): boolean {
  if (rule === asked) return true;
  if (rule.startsWith('*.'))
    return asked.endsWith(rule.slice(1)) || (withSubDomains && rule.slice(2) === asked);
  return withSubDomains && rule.endsWith(`.${asked}`);
}

/** Addresses, networks and domains of one list. */
class AccessList {
  readonly #networks: NetworkList;
  readonly #domains: readonly string[];

  constructor(entries: readonly string[]) {
    const isNetwork = (entry: string): boolean => parseNetwork(entry).ok;
    this.#networks = NetworkList.of(...entries.filter(isNetwork));
    this.#domains = entries.filter((entry) => !isNetwork(entry)).map((entry) => entry.toLowerCase());
  }

  get hasDomains(): boolean {
    return this.#domains.length > 0;
  }

  contains(address: string, names: readonly string[]): boolean {
    return (
      this.#networks.contains(address) ||
      names.some((name) => this.#domains.some((domain) => isInDomain(name, domain)))
    );
  }
}

/** `*.example.com` means sub-domains; `example.com` the domain with them, as the property sheet's "domain" does. */
function isInDomain(name: string, domain: string): boolean {
  if (domain.startsWith('*.')) return name.endsWith(domain.slice(1));
  return name === domain || name.endsWith(`.${domain}`);
}
