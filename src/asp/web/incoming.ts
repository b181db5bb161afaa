/**
 * From a request of the HTTP server to a PageRequest.
 * Owns: header fields and their bounds, the host a request is for, reading the body within its limits.
 * Leaves: the target (site-path), what a page makes of it (page).
 * Fails: a refusal with its status; a client that goes away while it sends ends the reading.
 * Sources: RFC 9112 §3.2 and §6.3, RFC 9110 §10.1.1.
 */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { PageRequest } from '../contract.ts';

export type HeaderList = readonly (readonly [name: string, value: string])[];

export function headerList(raw: readonly string[]): HeaderList {
  const list: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) list.push([raw[at]!, raw[at + 1]!]);
  return list;
}

/** Fields of which a second one makes two servers read two different requests. */
const SINGLE = ['host', 'content-length', 'transfer-encoding', 'content-type', 'expect'];

/** What is wrong with the header fields; undefined: nothing. */
export function headerTrouble(
  headers: HeaderList,
  most: number,
): { readonly status: 400 | 431; readonly reason: string } | undefined {
  if (headers.length > most) return { status: 431, reason: 'too many header fields' };
  const seen = new Set<string>();
  for (const [name] of headers) {
    const lower = name.toLowerCase();
    if (SINGLE.includes(lower) && seen.has(lower)) return { status: 400, reason: `two fields ${lower}` };
    seen.add(lower);
  }
  if (seen.has('transfer-encoding') && seen.has('content-length'))
    return { status: 400, reason: 'a body with two lengths' };
  return undefined;
}

/** Host and port of a Host field; undefined when it is none. Names in lower case, IPv6 in brackets. */
export function readHost(
  text: string,
): { readonly name: string; readonly port: number | undefined } | undefined {
  const match = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,253}[a-z0-9])?\.?)(?::([0-9]{1,5}))?$/i.exec(
    text,
  );
  if (match === null) return undefined;
  const port = match[2] === undefined ? undefined : Number(match[2]);
  if (port !== undefined && (port === 0 || port > 65_535)) return undefined;
  return { name: match[1]!.toLowerCase().replace(/\.$/, ''), port };
}

/** Whether a site with these names answers for `host`. None: it answers for all. */
export function isHostOf(host: string, names: readonly string[]): boolean {
  if (names.length === 0) return true;
  return names.some((name) => (name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name));
}

/** The body, 'too-large', or 'gone' when the client ended first. */
export async function readBody(raw: IncomingMessage, most: number): Promise<Buffer | 'too-large' | 'gone'> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of raw as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > most) return 'too-large';
      pieces.push(piece);
    }
  } catch {
    return 'gone';
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, length);
}

/** Whether a body follows the header. */
export function hasBody(raw: IncomingMessage): boolean {
  const length = raw.headers['content-length'];
  return raw.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

export function pageRequest(
  raw: IncomingMessage,
  parts: {
    readonly path: string;
    readonly query: string;
    readonly headers: HeaderList;
    readonly body: Uint8Array;
    readonly host: { readonly name: string; readonly port: number | undefined } | undefined;
  },
): PageRequest {
  const { socket } = raw;
  const localPort = socket.localPort ?? 0;
  const isSecure = (socket as TLSSocket).encrypted === true;
  return {
    method: raw.method ?? 'GET',
    httpVersion: raw.httpVersion,
    path: parts.path,
    query: parts.query,
    headers: parts.headers,
    body: parts.body,
    client: { address: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 },
    server: {
      name: parts.host?.name ?? plainAddress(socket.localAddress),
      address: plainAddress(socket.localAddress),
      port: localPort,
    },
    isSecure,
    variables: {},
  };
}

/** `::ffff:192.0.2.1` is an IPv4 address to everybody else. */
export function plainAddress(address: string | undefined): string {
  return address === undefined ? '' : address.replace(/^::ffff:(?=\d+\.)/i, '');
}
