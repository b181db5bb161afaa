/**
 * The mail hosts of a domain: MX by preference, the domain itself without MX, nobody with a null MX.
 * Owns: order, shuffling, removal of ourselves.  Leaves: addresses of one host (host-addresses), ports and security (router).
 * Sources: RFC 5321 §5.1; RFC 7505 §3, §4.1; RFC 2181 §10.3.
 */
import type { MailHost, RoutingProblem } from './contract.ts';
import type { DnsSource, MxRecord } from './dns/answer.ts';
import { type HostAddresses, hostAddresses } from './host-addresses.ts';
import type { AddressFamilies } from './settings.ts';

export type MxHosts =
  | { readonly kind: 'hosts'; readonly hosts: readonly MailHost[] }
  | { readonly kind: 'problem'; readonly problem: RoutingProblem };

export type MxLookup = {
  readonly dns: DnsSource;
  readonly families: AddressFamilies;
  /** A number in [0, 1): the dice for equal preferences. */
  readonly random: () => number;
  /** True for a host that leads back to this relay. */
  readonly isSelf: (host: MailHost) => boolean;
};

/** More hosts than this are not tried for one domain; RFC 5321 §5.1 asks for at least two addresses. */
const MOST_HOSTS = 12;

export async function mxHosts(domain: string, lookup: MxLookup): Promise<MxHosts> {
  const answer = await lookup.dns.ask(domain, 'MX');
  switch (answer.kind) {
    case 'failed':
      return problem('dns-failure', answer.text);
    case 'timeout':
      return problem('dns-timeout', answer.text);
    case 'no-such-name':
      return problem('no-such-domain', `the domain ${domain} does not exist`);
    case 'no-records':
      return implicitMx(domain, lookup);
    case 'found':
      // RFC 7505 §3: a single MX of the root. Beside other records the root is a host without an address.
      if (answer.records.every((record) => record.exchange === ''))
        return problem('null-mx', `the domain ${domain} accepts no mail (null MX)`);
      return listedHosts(domain, answer.records, lookup);
  }
}

/** RFC 5321 §5.1: without any MX, the domain's own address is an MX of preference 0. */
async function implicitMx(domain: string, lookup: MxLookup): Promise<MxHosts> {
  const found = await hostAddresses(domain, lookup.families, lookup.dns);
  if (found.kind === 'unknown') return problem(found.cause, found.text);
  if (found.kind === 'none') return problem('no-mail-host', `${domain} has no MX record, and ${found.text}`);
  const host = { name: domain, addresses: found.addresses };
  if (lookup.isSelf(host)) return loops(domain, domain);
  return { kind: 'hosts', hosts: [host] };
}

async function listedHosts(domain: string, records: readonly MxRecord[], lookup: MxLookup): Promise<MxHosts> {
  const ordered = inOrder(records, lookup.random).slice(0, MOST_HOSTS);
  const resolved = await Promise.all(
    ordered.map(async (record) => ({
      record,
      found: await addressesOf(record.exchange, lookup),
    })),
  );
  const known = resolved.flatMap(({ record, found }) =>
    found.kind === 'found'
      ? [{ preference: record.preference, host: { name: record.exchange, addresses: found.addresses } }]
      : [],
  );
  // RFC 5321 §5.1: ourselves and every host that is not preferred to us are left out, or mail would run in circles.
  const own = known.filter(({ host }) => lookup.isSelf(host));
  const ownPreference = Math.min(...own.map(({ preference }) => preference));
  const hosts = known.filter(({ preference }) => preference < ownPreference).map(({ host }) => host);
  if (hosts.length > 0) return { kind: 'hosts', hosts };
  const failed = resolved.find(
    ({ record, found }) => found.kind === 'unknown' && record.preference < ownPreference,
  );
  if (failed?.found.kind === 'unknown') return problem(failed.found.cause, failed.found.text);
  if (own.length > 0) return loops(domain, own[0]!.host.name);
  const reasons = resolved.flatMap(({ found }) => (found.kind === 'none' ? [found.text] : []));
  return problem('no-mail-host', `no mail host of ${domain} has an address: ${reasons.join(', ')}`);
}

function addressesOf(exchange: string, lookup: MxLookup): Promise<HostAddresses> {
  if (exchange === '') return Promise.resolve({ kind: 'none', text: 'the root is no host' });
  return hostAddresses(exchange, lookup.families, lookup.dns);
}

/** Lowest preference first, equal ones in random order (Fisher and Yates), one entry per host name. */
function inOrder(records: readonly MxRecord[], random: () => number): MxRecord[] {
  const shuffled = [...records];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[chosen]] = [shuffled[chosen]!, shuffled[last]!];
  }
  shuffled.sort((a, b) => a.preference - b.preference);
  const seen = new Set<string>();
  return shuffled.filter(({ exchange }) => !seen.has(exchange) && seen.add(exchange));
}

function loops(domain: string, host: string): MxHosts {
  const cure = `Either the domain is ours and must be a local domain, or its MX record is wrong.`;
  return problem('loops-to-self', `mail for ${domain} would come back to this server (${host}). ${cure}`);
}

function problem(cause: RoutingProblem['cause'], text: string): MxHosts {
  return { kind: 'problem', problem: { cause, text } };
}
