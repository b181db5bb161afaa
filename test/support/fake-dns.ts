/**
 * A DnsSource that answers from a list of records, without network.
 * `trouble` makes chosen questions fail: `{ 'MX broken.test': 'failed', 'A slow.test': 'timeout' }`.
 */
import type { DnsAnswer, DnsSource, RecordOf, RecordType } from '../../src/routing/dns/answer.ts';
import { NEGATIVE_TTL_SECONDS, type ZoneRecord } from './zone.ts';

export type FakeDns = DnsSource & {
  /** Every question so far: `MX example.test`. */
  readonly asked: readonly string[];
};

export function fakeDns(
  records: readonly ZoneRecord[],
  trouble: Readonly<Record<string, 'failed' | 'timeout'>> = {},
): FakeDns {
  const asked: string[] = [];
  return {
    asked,
    ask<T extends RecordType>(name: string, type: T): Promise<DnsAnswer<RecordOf[T]>> {
      asked.push(`${type} ${name}`);
      const kind = trouble[`${type} ${name}`];
      if (kind !== undefined)
        return Promise.resolve({ kind, text: `DNS gave no answer for ${type} ${name}` });
      return Promise.resolve(answer(records, name.toLowerCase(), type));
    },
  };
}

function answer<T extends RecordType>(
  records: readonly ZoneRecord[],
  name: string,
  type: T,
): DnsAnswer<RecordOf[T]> {
  const ttlMs = 1000 * NEGATIVE_TTL_SECONDS;
  const here = records.filter(([owner]) => owner === name);
  const alias = here.find(([, its]) => its === 'CNAME');
  if (alias !== undefined) return answer(records, alias[2], type);
  const wanted = here.filter(([, its]) => its === type);
  if (wanted.length > 0) {
    const ttls = wanted.map(([, , , ttl]) => ttl ?? 300);
    return {
      kind: 'found',
      records: wanted.map(([, , data]) => read(type, data)),
      ttlMs: 1000 * Math.min(...ttls),
    };
  }
  // A name above an existing one exists too (RFC 8020).
  const exists = here.length > 0 || records.some(([owner]) => owner.endsWith(`.${name}`));
  return { kind: exists ? 'no-records' : 'no-such-name', ttlMs };
}

function read<T extends RecordType>(type: T, data: string): RecordOf[T] {
  if (type !== 'MX') return data as RecordOf[T];
  const [preference, exchange] = data.split(' ') as [string, string];
  return { preference: Number(preference), exchange: exchange.replace(/\.$/, '') } as unknown as RecordOf[T];
}
