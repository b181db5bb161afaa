/**
 * Lists of networks: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`.
 * Owns: reading them and asking whether an address lies inside.  Leaves: what membership means (policy).
 * An IPv4-mapped IPv6 address is the IPv4 address, on both sides.
 * Sources: RFC 4632 §3.1; RFC 4291 §2.3, §2.5.5.2.
 */
import { type ParseResult, parsed, unparsed } from '../../base/index.ts';
import { canonicalAddress, parseIpv4, parseIpv6 } from '../protocol/address-literal.ts';

/** One network as numbers: groups of 16 bits, two for IPv4 and eight for IPv6, and how many leading bits count. */
export type Network = { readonly groups: readonly number[]; readonly prefixBits: number };

/** Reads `address` or `address/bits`. Bits set behind the prefix are refused: they are a slip of the pen. */
export function parseNetwork(text: string): ParseResult<Network> {
  const slash = text.indexOf('/');
  const groups = groupsOf(slash < 0 ? text : text.slice(0, slash));
  if (groups === undefined) return unparsed('is no IPv4 or IPv6 address', 0);
  const isMapped = groups.length === 2 && text.includes(':');
  const most = isMapped ? 128 : groups.length * 16;
  if (slash < 0) return parsed({ groups, prefixBits: groups.length * 16 });
  const bitsText = text.slice(slash + 1);
  const written = /^[0-9]{1,3}$/.test(bitsText) ? Number(bitsText) : Number.NaN;
  const prefixBits = isMapped ? written - 96 : written;
  if (!(written <= most && prefixBits >= 0))
    return unparsed(`the prefix length must be a number from 0 to ${most}`, slash + 1);
  const network = { groups, prefixBits };
  if (groups.some((group, index) => (group & ~maskOf(network, index)) !== 0))
    return unparsed(
      `has bits set behind the first ${written}; shorten the address or lengthen the prefix`,
      0,
    );
  return parsed(network);
}

export class NetworkList {
  readonly #networks: readonly Network[];

  constructor(networks: readonly Network[]) {
    this.#networks = networks;
  }

  /** From texts that were validated before (settings); throws TypeError for one that was not. */
  static of(...texts: readonly string[]): NetworkList {
    return new NetworkList(
      texts.map((text) => {
        const network = parseNetwork(text);
        if (!network.ok) throw new TypeError(`network '${text}' ${network.reason}`);
        return network.value;
      }),
    );
  }

  /** False for text that is no address. */
  contains(address: string): boolean {
    if (this.#networks.length === 0) return false;
    const groups = groupsOf(address);
    return groups !== undefined && this.#networks.some((network) => isInside(groups, network));
  }
}

function isInside(groups: readonly number[], network: Network): boolean {
  if (groups.length !== network.groups.length) return false;
  for (let index = 0; index < groups.length && index * 16 < network.prefixBits; index += 1) {
    if (((groups[index]! ^ network.groups[index]!) & maskOf(network, index)) !== 0) return false;
  }
  return true;
}

function maskOf(network: Network, index: number): number {
  const bits = Math.min(Math.max(network.prefixBits - index * 16, 0), 16);
  return (0xffff << (16 - bits)) & 0xffff;
}

function groupsOf(text: string): readonly number[] | undefined {
  const address = canonicalAddress(text);
  const octets = parseIpv4(address);
  if (octets !== undefined) return [(octets[0]! << 8) | octets[1]!, (octets[2]! << 8) | octets[3]!];
  return parseIpv6(address);
}
