/**
 * IP addresses as text: reading, canonical form, address literals of paths and greetings.
 * Owns: what counts as an IPv4 or IPv6 address.  Leaves: networks and access lists (server/networks).
 * Fails: undefined; never throws.
 * Sources: RFC 5321 §4.1.3; RFC 5952 §4 (canonical IPv6 text); RFC 4291 §2.2.
 */
import type { AddressLiteral } from '../../envelope/index.ts';

/** Four octets, or undefined. Leading zeros are refused: `010` is eight to one reader and ten to another. */
export function parseIpv4(text: string): readonly number[] | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  const octets: number[] = [];
  let octet = -1;
  for (let index = 0; index <= text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) {
      if (octet === 0) return undefined;
      octet = Math.max(octet, 0) * 10 + (code - 0x30);
      if (octet > 255) return undefined;
    } else if (octet >= 0 && (code === 0x2e || index === text.length)) {
      octets.push(octet);
      octet = -1;
    } else return undefined;
  }
  return octets.length === 4 ? octets : undefined;
}

/** Eight groups of 16 bits, or undefined. Takes `::`, and an IPv4 tail; no zone (`%eth0`), no brackets. */
export function parseIpv6(text: string): readonly number[] | undefined {
  if (text.length < 2 || text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0]!, halves.length === 1);
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  const tail = groupsOf(halves[1]!, true);
  if (tail === undefined || head.length + tail.length > 7) return undefined;
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function groupsOf(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9A-Fa-f]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    if (!mayEndInIpv4 || index !== parts.length - 1) return undefined;
    const octets = parseIpv4(part);
    if (octets === undefined) return undefined;
    groups.push((octets[0]! << 8) | octets[1]!, (octets[2]! << 8) | octets[3]!);
  }
  return groups;
}

/** RFC 5952: lower case, no leading zeros, the longest run of zero groups as `::`, IPv4-mapped with a dotted tail. */
export function formatIpv6(groups: readonly number[]): string {
  if (isIpv4Mapped(groups)) return `::ffff:${dotted(groups)}`;
  let runStart = -1;
  let runLength = 1; // RFC 5952 §4.2.2: a single zero group is never shortened.
  for (let start = 0; start < 8; ) {
    let end = start;
    while (end < 8 && groups[end] === 0) end += 1;
    if (end - start > runLength) {
      runStart = start;
      runLength = end - start;
    }
    start = Math.max(end, start + 1);
  }
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  if (runStart < 0) return hex(0, 8);
  return `${hex(0, runStart)}::${hex(runStart + runLength, 8)}`;
}

function isIpv4Mapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

function dotted(groups: readonly number[]): string {
  return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.');
}

/** An address in the form that is compared and logged; IPv4-mapped IPv6 becomes plain IPv4, a zone is dropped. */
export function canonicalAddress(text: string): string {
  if (!text.includes(':')) return text;
  const groups = parseIpv6(text.replace(/%.*$/s, ''));
  if (groups === undefined) return text;
  return isIpv4Mapped(groups) ? dotted(groups) : formatIpv6(groups);
}

/**
 * What stands between the brackets of an address literal. RFC 5321 §4.1.3 lets future tags be registered; none is, so
 * every tag but `IPv6:` is refused.
 */
export function parseAddressLiteral(inside: string): AddressLiteral | undefined {
  if (/^ipv6:/i.test(inside)) {
    const groups = parseIpv6(inside.slice(5));
    return groups && { kind: 'literal', family: 6, address: formatIpv6(groups) };
  }
  const octets = parseIpv4(inside);
  return octets && { kind: 'literal', family: 4, address: octets.join('.') };
}
