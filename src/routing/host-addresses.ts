/**
 * The addresses of one host name, in the order to try.
 * Owns: address families, literals, localhost.  Leaves: which hosts (mx-hosts, router), asking (dns/).
 * Sources: RFC 5321 §5.1, §5.2; RFC 6761 §6.3.
 */
import { isIP } from 'node:net';
import type { DnsAnswer, DnsSource } from './dns/answer.ts';
import type { AddressFamilies } from './settings.ts';

export type HostAddresses =
  | { readonly kind: 'found'; readonly addresses: readonly string[] }
  /** The host does not exist or has no address that we use. */
  | { readonly kind: 'none'; readonly text: string }
  | { readonly kind: 'unknown'; readonly cause: 'dns-failure' | 'dns-timeout'; readonly text: string };

/** A host that lists more addresses than this is not tried on all of them. */
const MOST_ADDRESSES = 10;

export async function hostAddresses(
  name: string,
  families: AddressFamilies,
  dns: DnsSource,
): Promise<HostAddresses> {
  if (isIP(name) !== 0) return withFamilies([name], families, name);
  // RFC 6761 §6.3: localhost is never asked for.
  if (name === 'localhost' || name.endsWith('.localhost'))
    return withFamilies(['127.0.0.1', '::1'], families, name);
  const [ipv4, ipv6] = await Promise.all([
    families === 'ipv6-only' ? undefined : dns.ask(name, 'A'),
    families === 'ipv4-only' ? undefined : dns.ask(name, 'AAAA'),
  ]);
  const found = [...recordsOf(ipv4), ...recordsOf(ipv6)];
  if (found.length > 0) return withFamilies(found, families, name);
  for (const answer of [ipv4, ipv6]) {
    if (answer?.kind === 'failed') return { kind: 'unknown', cause: 'dns-failure', text: answer.text };
    if (answer?.kind === 'timeout') return { kind: 'unknown', cause: 'dns-timeout', text: answer.text };
  }
  const missing = ipv4?.kind === 'no-such-name' || ipv6?.kind === 'no-such-name';
  return {
    kind: 'none',
    text: missing ? `${name} does not exist` : `${name} has no ${wanted(families)} address`,
  };
}

function recordsOf(answer: DnsAnswer<string> | undefined): readonly string[] {
  return answer?.kind === 'found' ? answer.records : [];
}

/** Sorts and filters by family; within a family the order of the answer stays, as RFC 5321 §5.1 asks. */
export function withFamilies(
  addresses: readonly string[],
  families: AddressFamilies,
  name: string,
): HostAddresses {
  // Nobody is reached at the unspecified address; on most systems it would lead back to this machine.
  const usable = addresses.filter((address) => address !== '0.0.0.0' && address !== '::');
  const ipv4 = families === 'ipv6-only' ? [] : usable.filter((address) => isIP(address) === 4);
  const ipv6 = families === 'ipv4-only' ? [] : usable.filter((address) => isIP(address) === 6);
  const ordered = families.startsWith('ipv4') ? [...ipv4, ...ipv6] : [...ipv6, ...ipv4];
  if (ordered.length === 0)
    return { kind: 'none', text: `${name} has no ${wanted(families)} address that can be used` };
  return { kind: 'found', addresses: ordered.slice(0, MOST_ADDRESSES) };
}

function wanted(families: AddressFamilies): string {
  if (families === 'ipv4-only') return 'IPv4';
  return families === 'ipv6-only' ? 'IPv6' : 'IPv4 or IPv6';
}
