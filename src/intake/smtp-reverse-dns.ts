/**
 * Names of a client by reverse DNS, and only those that lead back to its address.
 * Owns: PTR, then A or AAAA of each name.  Leaves: DNS itself and its cache (routing), what names decide (policy, sink).
 * Fails: never; a DNS that does not answer gives no names.
 * Sources: RFC 1035 §3.5; RFC 8601 §3 (iprev).
 */
import { type DnsSource, reverseName } from '../routing/index.ts';
import { canonicalAddress } from '../smtp/index.ts';

/** RFC 8601 §3 asks for a bound; nobody honest has more names. */
const MOST_NAMES = 5;

export async function verifiedNames(dns: DnsSource, address: string): Promise<readonly string[]> {
  const pointers = await dns.ask(reverseName(address), 'PTR');
  if (pointers.kind !== 'found') return [];
  const names = pointers.records.slice(0, MOST_NAMES);
  const type = address.includes(':') ? 'AAAA' : 'A';
  const verified = await Promise.all(
    names.map(async (name) => {
      const back = await dns.ask(name, type);
      return back.kind === 'found' && back.records.some((record) => canonicalAddress(record) === address);
    }),
  );
  return names.filter((_name, index) => verified[index]);
}
