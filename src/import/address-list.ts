/**
 * The address lists of the old service: RelayIpList and IPSecurity, a blob of little-endian numbers.
 * Owns: bytes ↔ lists of networks and names.  Leaves: whether a list opens or closes relay (iis.ts).
 * Fails: ParseResult with the offset; an offset or a count that points outside of the blob is refused.
 * Layout as read off scripts that build it by hand: four offsets (high bit set) to lists of denied addresses, granted
 * addresses, denied names, granted names; flags; size of the header. A list of addresses begins with the number of
 * groups and of addresses; each group has one mask.
 */
import { type ParseResult, parsed, unparsed } from '../base/index.ts';

export type AddressList = {
  /** `192.0.2.0/24`, in the order of the blob. */
  readonly granted: readonly string[];
  readonly denied: readonly string[];
  /** Number of names in each list; the names themselves are not read. */
  readonly grantedNames: number;
  readonly deniedNames: number;
  /** Groups whose mask is no prefix, as `address mask`. */
  readonly oddMasks: readonly string[];
  readonly flags: number;
};

const OFFSET_MARK = 0x8000_0000;
const MAX_GROUPS = 10_000;

/** Bytes of a value as MetaBase.xml holds it (hex digits) or as scripts print it (decimal numbers with commas). */
export function blobBytes(text: string): ParseResult<Buffer> {
  const trimmed = text.trim();
  if (/^[\d\s,]+$/.test(trimmed) && trimmed.includes(',')) {
    const numbers = trimmed
      .split(/[\s,]+/)
      .filter((word) => word !== '')
      .map(Number);
    if (numbers.every((number) => number <= 255)) return parsed(Buffer.from(numbers));
    return unparsed('a number above 255 is no byte', 0);
  }
  const digits = trimmed.replace(/\s+/g, '').replace(/^0x/i, '');
  if (!/^[0-9a-f]*$/i.test(digits)) return unparsed('hexadecimal digits are expected', 0);
  if (digits.length % 2 !== 0)
    return unparsed('an odd number of hexadecimal digits: the value was cut', digits.length);
  return parsed(Buffer.from(digits, 'hex'));
}

export function readAddressList(bytes: Buffer): ParseResult<AddressList> {
  if (bytes.length < 24)
    return unparsed(`${bytes.length} bytes are fewer than the 24 of the header`, bytes.length);
  try {
    const reader = new Reader(bytes);
    const oddMasks: string[] = [];
    const denied = reader.addresses(reader.offset(0), oddMasks);
    const granted = reader.addresses(reader.offset(4), oddMasks);
    const deniedNames = reader.count(reader.offset(8));
    const grantedNames = reader.count(reader.offset(12));
    return parsed({ granted, denied, grantedNames, deniedNames, oddMasks, flags: reader.number(16) });
  } catch (thrown) {
    if (!(thrown instanceof OutsideOfBlob)) throw thrown;
    return unparsed(thrown.message, thrown.at);
  }
}

class OutsideOfBlob extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

class Reader {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  number(at: number): number {
    if (at < 0 || at + 4 > this.#bytes.length)
      throw new OutsideOfBlob(`byte ${at} lies outside of the value`, at);
    return this.#bytes.readUInt32LE(at);
  }

  offset(at: number): number {
    const value = this.number(at);
    const offset = value >= OFFSET_MARK ? value - OFFSET_MARK : value;
    if (offset > this.#bytes.length - 8)
      throw new OutsideOfBlob(`the offset at byte ${at} points to ${offset}, outside of the value`, at);
    return offset;
  }

  count(at: number): number {
    const count = this.number(at);
    if (count > MAX_GROUPS) throw new OutsideOfBlob(`${count} groups at byte ${at} cannot be true`, at);
    return count;
  }

  addresses(at: number, oddMasks: string[]): string[] {
    const networks: string[] = [];
    const groups = this.count(at);
    for (let group = 0; group < groups; group += 1) {
      const head = at + 8 + group * 20;
      const items = this.number(head + 4);
      const itemBytes = this.number(head + 8);
      if (itemBytes !== 4 && itemBytes !== 16) {
        throw new OutsideOfBlob(
          `${itemBytes} bytes for one address at byte ${head + 8} cannot be true`,
          head + 8,
        );
      }
      const mark = this.number(head + 16);
      const from = mark >= OFFSET_MARK ? mark - OFFSET_MARK : mark;
      if (items < 1 || from + items * itemBytes > this.#bytes.length) {
        throw new OutsideOfBlob(`the group at byte ${head} reaches outside of the value`, head);
      }
      const mask = this.#bytes.subarray(from, from + itemBytes);
      const prefix = prefixLength(mask);
      for (let item = 1; item < items; item += 1) {
        const address = this.#bytes.subarray(from + item * itemBytes, from + (item + 1) * itemBytes);
        if (prefix === undefined) oddMasks.push(`${addressText(address)} ${addressText(mask)}`);
        else networks.push(`${addressText(masked(address, mask))}/${prefix}`);
      }
    }
    return networks;
  }
}

/** The network that an address lies in: bits behind the mask are of no meaning, and a network must have none. */
function masked(address: Buffer, mask: Buffer): Buffer {
  return Buffer.from(address.map((byte, index) => byte & mask[index]!));
}

/** 24 for 255.255.255.0; undefined when the ones do not stand together at the front. */
function prefixLength(mask: Buffer): number | undefined {
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const match = /^(1*)0*$/.exec(bits);
  return match === null ? undefined : match[1]!.length;
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.');
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(bytes.readUInt16BE(at).toString(16));
  return groups.join(':');
}
