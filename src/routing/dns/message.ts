/**
 * DNS messages: question out, answer in.
 * Owns: the only use of `dns-packet`, and what is read from it.  Leaves: sockets (exchange), servers and retries (client).
 * Fails: a damaged message is a ParseFailure; the library's throws end here.
 * Sources: RFC 1035 §2.3.4, §4.1; RFC 2308 §5; RFC 6891 §6.2.
 */
import { isIPv4, isIPv6 } from 'node:net';
import {
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  decode,
  encode,
  type Answer as PacketAnswer,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet';
import { type ParseResult, parsed, unparsed } from '../../base/index.ts';
import type { MxRecord, RecordType } from './answer.ts';

/** Answers up to this size come by UDP: what passes every path without fragments (RFC 6891 §6.2.5). */
const UDP_PAYLOAD_BYTES = 1232;

export type Question = { readonly id: number; readonly name: string; readonly type: RecordType };

/** False for what no DNS message can carry: empty or overlong labels, over 253 characters, non-ASCII. */
export function isLookupName(name: string): boolean {
  return name.length <= 253 && /^[\x21-\x2d\x2f-\x7e]{1,63}(\.[\x21-\x2d\x2f-\x7e]{1,63})*$/.test(name);
}

export function encodeQuestion(question: Question, options: { readonly edns: boolean }): Buffer {
  return encode({
    type: 'query',
    id: question.id,
    flags: RECURSION_DESIRED,
    questions: [{ type: question.type, name: question.name, class: 'IN' }],
    additionals: options.edns
      ? [
          {
            type: 'OPT',
            name: '.',
            udpPayloadSize: UDP_PAYLOAD_BYTES,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: 0,
            flag_do: false,
            options: [],
          },
        ]
      : [],
  });
}

export type ResponseRecord =
  | { readonly type: 'CNAME'; readonly name: string; readonly ttl: number; readonly target: string }
  | { readonly type: 'MX'; readonly name: string; readonly ttl: number; readonly value: MxRecord }
  | {
      readonly type: 'A' | 'AAAA' | 'PTR';
      readonly name: string;
      readonly ttl: number;
      readonly value: string;
    };

export type Response = {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED` … */
  readonly code: string;
  readonly isTruncated: boolean;
  readonly isAuthoritative: boolean;
  readonly records: readonly ResponseRecord[];
  /** Seconds a negative answer may be kept, from the SOA record; undefined without one (RFC 2308 §5). */
  readonly negativeTtl: number | undefined;
  /** The server knows only who else to ask. */
  readonly isReferral: boolean;
};

/** Reads the answer to `question`; an answer to something else is a failure, so a stray datagram can be ignored. */
export function decodeResponse(bytes: Buffer, question: Question): ParseResult<Response> {
  let packet: DecodedPacket & { readonly rcode?: string };
  try {
    packet = decode(bytes);
  } catch (damage) {
    return unparsed(`damaged DNS message: ${damage instanceof Error ? damage.message : String(damage)}`, 0);
  }
  if (packet.type !== 'response' || packet.id !== question.id)
    return unparsed('not the answer to this question', 0);
  const asked = packet.questions?.[0];
  // Servers that could not read the question may leave it out; any other must repeat it.
  if (asked === undefined ? packet.rcode === 'NOERROR' : !repeats(asked, question))
    return unparsed('the answer repeats another question', 0);

  const authorities = packet.authorities ?? [];
  const soa = authorities.find((record) => record.type === 'SOA');
  const flags = packet.flags ?? 0;
  const records = (packet.answers ?? []).flatMap(readRecord);
  return parsed({
    code: packet.rcode ?? 'NOERROR',
    isTruncated: (flags & TRUNCATED_RESPONSE) !== 0,
    isAuthoritative: (flags & AUTHORITATIVE_ANSWER) !== 0,
    records,
    negativeTtl: soa === undefined ? undefined : Math.min(soa.ttl ?? 0, soa.data.minimum ?? 0),
    isReferral:
      records.length === 0 && soa === undefined && authorities.some((record) => record.type === 'NS'),
  });
}

function repeats(asked: { name: string; type: string }, question: Question): boolean {
  return asked.type === question.type && bareName(asked.name) === bareName(question.name);
}

/** Lower case, without a trailing dot; the root is empty. */
function bareName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function readRecord(record: PacketAnswer): ResponseRecord[] {
  if (!('ttl' in record) || (record.class ?? 'IN') !== 'IN') return [];
  const name = bareName(record.name);
  // RFC 2181 §8: a TTL with the highest bit set counts as zero.
  const ttl = Math.max(0, (record.ttl ?? 0) | 0);
  switch (record.type) {
    case 'CNAME':
      return [{ type: 'CNAME', name, ttl, target: bareName(record.data) }];
    case 'MX': {
      const value = { preference: record.data.preference ?? 0, exchange: bareName(record.data.exchange) };
      return [{ type: 'MX', name, ttl, value }];
    }
    case 'A':
      return isIPv4(record.data) ? [{ type: 'A', name, ttl, value: record.data }] : [];
    case 'AAAA':
      return isIPv6(record.data) ? [{ type: 'AAAA', name, ttl, value: record.data }] : [];
    case 'PTR':
      return [{ type: 'PTR', name, ttl, value: bareName(record.data) }];
    default:
      return [];
  }
}
