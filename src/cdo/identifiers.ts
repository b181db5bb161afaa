/**
 * The identifiers that the library writes: Message-ID, thread-index, boundaries.
 * Owns: their construction.  Leaves: clock and randomness (ports), where they stand (print-message.ts).
 * Sources: messages of the original (reference A5.3), whose numbers these forms reproduce.
 */
import { encodeFileTime, type FileTime } from './file-time.ts';
import type { Profile } from './profile.ts';

/** Where identifiers take what they are made of. */
export interface IdentifierSource {
  /** Wall time in milliseconds since 1970. */
  now(): number;
  randomBytes(count: number): Buffer;
  /** Minutes of local time east of UTC at an instant. */
  offsetMinutes(atMs: number): number;
  /** A number that counts up with every call, from 1. */
  nextCount(): number;
}

/** The host part: the machine's domain, else its name without hyphens. */
export function identifierHost(machine: { readonly computerName: string; readonly domain?: string }): string {
  return machine.domain ?? machine.computerName.replaceAll('-', '');
}

/** With its angle brackets. */
export function makeMessageId(source: IdentifierSource, profile: Profile, host: string): string {
  if (profile.messageId === 'guid') return `<${guid(source).toString('hex').toUpperCase()}@${host}>`;
  const time = encodeFileTime(source.now());
  const address = source.randomBytes(4).toString('hex');
  return `<${source.nextCount().toString(16)}${hex(time.high)}$${hex(time.low)}$${address}@${host}>`;
}

/** 22 bytes in base64: six of the time, sixteen of a GUID. */
export function makeThreadIndex(source: IdentifierSource): string {
  return Buffer.concat([timeBytes(source.now()).subarray(0, 6), guid(source)]).toString('base64');
}

/**
 * The thread-index of an answer: the original's with five bytes more, which hold the time since the original's first
 * message in units of about 1.6 seconds and a random number. An unreadable original starts a new thread.
 */
export function extendThreadIndex(source: IdentifierSource, original: string): string {
  const parent = Buffer.from(original.replace(/\s+/g, ''), 'base64');
  if (parent.length < 22) return makeThreadIndex(source);
  const started = parent.readUIntBE(0, 6) * 65_536;
  const passed = Math.max(0, fileTimeNumber(source.now()) - started);
  const block = Buffer.alloc(5);
  // [MS-OXOMSG] conversation index: 31 bits of the difference, without the low 18 bits of the time.
  block.writeUInt32BE(Math.floor(passed / 2 ** 18) % 2 ** 31);
  block[4] = source.randomBytes(1)[0]!;
  return Buffer.concat([parent, block]).toString('base64');
}

/** `----=_NextPart_000_0001_01CF36CE.7A5F0C40`; `level` counts multiparts inside one message. */
export function makeBoundary(source: IdentifierSource, level: number): string {
  const nowMs = source.now();
  const local = encodeFileTime(nowMs + source.offsetMinutes(nowMs) * 60_000);
  const count = source.nextCount().toString(16).toUpperCase().padStart(4, '0');
  const part = String(level).padStart(3, '0');
  return `----=_NextPart_${part}_${count}_${hex(local.high).toUpperCase()}.${hex(local.low).toUpperCase()}`;
}

/** A Content-ID for a resource, without brackets, in the form that the documentation shows. */
export function makeContentId(source: IdentifierSource): string {
  const time = encodeFileTime(source.now());
  const count = source.nextCount().toString(16).padStart(4, '0');
  return `${count}${hex(time.high)}$${hex(time.low)}$${source.randomBytes(4).toString('hex')}_CDOSYS`;
}

/** 16 random bytes with the marks of a version 4 GUID, in network order. */
function guid(source: IdentifierSource): Buffer {
  const bytes = Buffer.from(source.randomBytes(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

function timeBytes(atMs: number): Buffer {
  const { high, low }: FileTime = encodeFileTime(atMs);
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(high, 0);
  bytes.writeUInt32BE(low, 4);
  return bytes;
}

function fileTimeNumber(atMs: number): number {
  const { high, low } = encodeFileTime(atMs);
  return high * 2 ** 32 + low;
}
