/**
 * NTLM version 2 from the client's side, for servers inside Windows networks that offer nothing else (`AUTH NTLM`).
 * Owns: the three messages' bytes.  Leaves: when to use it (sasl); version 1, sealing and signing are not spoken.
 * Fails: a challenge that makes no sense is a value `{ broken }`, never a throw.
 * Sources: doc "MS-NLMP" §2.2.1, §3.3.2, §3.4.5.2 (messages, NTOWFv2, response); RFC 1320 (MD4).
 */
import { createHmac } from 'node:crypto';

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
const NEGOTIATE_UNICODE = 0x0000_0001;
const REQUEST_TARGET = 0x0000_0004;
const NEGOTIATE_NTLM = 0x0000_0200;
const ALWAYS_SIGN = 0x0000_8000;
const EXTENDED_SESSION_SECURITY = 0x0008_0000;
const FLAGS = NEGOTIATE_UNICODE | REQUEST_TARGET | NEGOTIATE_NTLM | ALWAYS_SIGN | EXTENDED_SESSION_SECURITY;

export type NtlmUser = {
  readonly user: string;
  readonly password: string;
  readonly domain: string;
  /** Eight fresh random bytes. */
  readonly clientChallenge: Uint8Array;
  /** Wall time in milliseconds, for servers that do not send theirs. */
  readonly nowMs: number;
};

/** The first message: what we speak. */
export function ntlmNegotiate(): Buffer {
  const message = Buffer.alloc(32);
  SIGNATURE.copy(message);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(FLAGS, 12);
  return message;
}

/** The third message, in answer to the server's challenge. */
export function ntlmAuthenticate(
  challenge: Buffer,
  user: NtlmUser,
): { readonly message: Buffer } | { readonly broken: string } {
  if (
    challenge.length < 48 ||
    !challenge.subarray(0, 8).equals(SIGNATURE) ||
    challenge.readUInt32LE(8) !== 2
  ) {
    return { broken: 'the host’s NTLM challenge makes no sense' };
  }
  const targetLength = challenge.readUInt16LE(40);
  const targetAt = challenge.readUInt32LE(44);
  if (targetAt + targetLength > challenge.length) return { broken: 'the host’s NTLM challenge is cut short' };
  const targetFields = challenge.subarray(targetAt, targetAt + targetLength);
  const serverChallenge = challenge.subarray(24, 32);

  const ownerKey = hmacMd5(md4(utf16(user.password)), utf16(user.user.toUpperCase() + user.domain));
  // The server's clock when it sends one (attribute 7), so that a wrong clock here does not refuse us.
  const serverTime = timestampOf(targetFields);
  const time = serverTime ?? fileTime(user.nowMs);
  const blob = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    time,
    user.clientChallenge,
    Buffer.alloc(4),
    targetFields,
    Buffer.alloc(4),
  ]);
  const ntResponse = Buffer.concat([hmacMd5(ownerKey, Buffer.concat([serverChallenge, blob])), blob]);
  // MS-NLMP §3.1.5.1.2: to a server that sent its time the older response is left out.
  const lmResponse =
    serverTime !== undefined
      ? Buffer.alloc(24)
      : Buffer.concat([
          hmacMd5(ownerKey, Buffer.concat([serverChallenge, user.clientChallenge])),
          user.clientChallenge,
        ]);
  return { message: authenticateMessage(lmResponse, ntResponse, user) };
}

function authenticateMessage(lmResponse: Buffer, ntResponse: Buffer, user: NtlmUser): Buffer {
  const parts = [lmResponse, ntResponse, utf16(user.domain), utf16(user.user), utf16(''), Buffer.alloc(0)];
  const head = Buffer.alloc(64);
  SIGNATURE.copy(head);
  head.writeUInt32LE(3, 8);
  let offset = head.length;
  parts.forEach((part, n) => {
    const field = 12 + n * 8;
    head.writeUInt16LE(part.length, field);
    head.writeUInt16LE(part.length, field + 2);
    head.writeUInt32LE(offset, field + 4);
    offset += part.length;
  });
  head.writeUInt32LE(FLAGS, 60);
  return Buffer.concat([head, ...parts]);
}

function timestampOf(fields: Buffer): Buffer | undefined {
  for (let at = 0; at + 4 <= fields.length; ) {
    const id = fields.readUInt16LE(at);
    const length = fields.readUInt16LE(at + 2);
    if (id === 0) return undefined;
    if (id === 7 && length === 8 && at + 12 <= fields.length) return fields.subarray(at + 4, at + 12);
    at += 4 + length;
  }
  return undefined;
}

/** 100-nanosecond steps since 1601. */
function fileTime(nowMs: number): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(Math.trunc(nowMs)) + 11_644_473_600_000n) * 10_000n);
  return time;
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

function hmacMd5(key: Uint8Array, message: Uint8Array): Buffer {
  return createHmac('md5', key).update(message).digest();
}

/** RFC 1320; the platform's OpenSSL no longer offers it. */
export function md4(message: Uint8Array): Buffer {
  const padded = Buffer.alloc((((message.length + 8) >> 6) + 1) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
  for (let block = 0; block < padded.length; block += 64) {
    const word = (n: number): number => padded.readUInt32LE(block + n * 4);
    let [a, b, c, d] = state as [number, number, number, number];
    const turn = (mix: number, n: number, add: number, shift: number): void => {
      const next = rotate((a + mix + word(n) + add) | 0, shift);
      [a, b, c, d] = [d, next, b, c];
    };
    for (let n = 0; n < 16; n += 1) turn((b & c) | (~b & d), n, 0, [3, 7, 11, 19][n % 4]!);
    for (let n = 0; n < 16; n += 1)
      turn((b & c) | (b & d) | (c & d), (n % 4) * 4 + (n >> 2), 0x5a827999, [3, 5, 9, 13][n % 4]!);
    for (let n = 0; n < 16; n += 1) turn(b ^ c ^ d, ROUND_3[n]!, 0x6ed9eba1, [3, 9, 11, 15][n % 4]!);
    state[0] = (state[0]! + a) | 0;
    state[1] = (state[1]! + b) | 0;
    state[2] = (state[2]! + c) | 0;
    state[3] = (state[3]! + d) | 0;
  }
  const digest = Buffer.alloc(16);
  state.forEach((value, n) => {
    digest.writeInt32LE(value | 0, n * 4);
  });
  return digest;
}

const ROUND_3 = [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15] as const;
