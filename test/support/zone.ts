/**
 * A DNS zone as a list of records, for the real name server (nsd.ts) and for the fake one (fake-dns.ts).
 * Names and data are written in full without a trailing dot: `['mx.example.test', 'A', '127.0.0.1']`,
 * `['example.test', 'MX', '10 mx.example.test']`; the root is `.`.
 */

export type ZoneRecordType = 'A' | 'AAAA' | 'CNAME' | 'MX' | 'NS' | 'PTR' | 'TXT';

export type ZoneRecord = readonly [name: string, type: ZoneRecordType, data: string, ttlSeconds?: number];

/** Zone name → its records. A record outside of every zone is a mistake of the test. */
export type Zones = Readonly<Record<string, readonly ZoneRecord[]>>;

/** How long a negative answer of these zones may be kept. */
export const NEGATIVE_TTL_SECONDS = 60;

const TTL_SECONDS = 300;

/** A master file with SOA and NS (RFC 1035 §5). */
export function zoneFile(zone: string, records: readonly ZoneRecord[]): string {
  const origin = absolute(zone);
  const lines = [
    `${origin} ${NEGATIVE_TTL_SECONDS} IN SOA ns.test. hostmaster.test. 1 3600 600 86400 ${NEGATIVE_TTL_SECONDS}`,
    `${origin} ${TTL_SECONDS} IN NS ns.test.`,
    ...records.map(
      ([name, type, data, ttl]) =>
        `${absolute(name)} ${ttl ?? TTL_SECONDS} IN ${type} ${printed(type, data)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function absolute(name: string): string {
  return name.endsWith('.') ? name : `${name}.`;
}

function printed(type: ZoneRecordType, data: string): string {
  if (type === 'A' || type === 'AAAA') return data;
  if (type === 'TXT') return `"${data}"`;
  return absolute(data);
}
