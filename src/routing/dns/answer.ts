/**
 * What the domain name system says, as values.
 * A missing name and a silent server are answers, never throws; routing decides what they mean for mail.
 * Sources: RFC 1035 §3.3, §4.1; RFC 2308 §2.
 */

export type MxRecord = {
  /** Lower is preferred. */
  readonly preference: number;
  /** Lower case, without a trailing dot; empty for the root (null MX, RFC 7505 §3). */
  readonly exchange: string;
};

/** Record types that mail routing asks for, and what one record of each is. */
export type RecordOf = {
  readonly MX: MxRecord;
  /** A canonical IPv4 address. */
  readonly A: string;
  /** A canonical IPv6 address. */
  readonly AAAA: string;
  /** Lower case, without a trailing dot. */
  readonly PTR: string;
};

export type RecordType = keyof RecordOf;

export type DnsAnswer<T> =
  | { readonly kind: 'found'; readonly records: readonly T[]; readonly ttlMs: number }
  /** The name does not exist (NXDOMAIN). */
  | { readonly kind: 'no-such-name'; readonly ttlMs: number }
  /** The name exists and has no record of this type. */
  | { readonly kind: 'no-records'; readonly ttlMs: number }
  /** Servers answered, and the answer was of no use: SERVFAIL, REFUSED, damaged. `text` is for people. */
  | { readonly kind: 'failed'; readonly text: string }
  /** No server answered in time. */
  | { readonly kind: 'timeout'; readonly text: string };

export interface DnsSource {
  /** Never rejects. `name` is in A-labels, without a trailing dot; case does not matter. */
  ask<T extends RecordType>(name: string, type: T): Promise<DnsAnswer<RecordOf[T]>>;
}

/** The name under which reverse DNS keeps an address: `1.2.0.192.in-addr.arpa` (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reverseName(address: string): string {
  if (!address.includes(':')) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  const nibbles = ipv6Groups(address)
    .map((group) => group.toString(16).padStart(4, '0'))
    .join('');
  return `${[...nibbles].reverse().join('.')}.ip6.arpa`;
}

function ipv6Groups(address: string): number[] {
  // The URL parser rewrites an embedded dotted quad and lower-cases; what is left is groups and at most one gap.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [left = '', right] = canonical.split('::');
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  if (right === undefined) return groups(left);
  const head = groups(left);
  const tail = groups(right);
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}
