/**
 * One question to one DNS server and back, by UDP and, when the answer is cut short, by TCP.
 * Owns: sockets and their time limit.  Leaves: which server, how often (client).
 * Fails: a value per failure; nothing is thrown, and every socket is closed when the returned promise resolves.
 * Each question leaves from a port of its own with a random id, and only the asked server's datagrams are read
 * (RFC 5452 §9).
 */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { Clock } from '../../base/index.ts';
import type { RecordType } from './answer.ts';
import { decodeResponse, encodeQuestion, type Question, type Response } from './message.ts';

export type DnsServer = {
  /** IPv4 or IPv6, without brackets. */
  readonly address: string;
  readonly port: number;
};

export type ExchangeResult =
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'timeout' }
  /** `text` completes “the server …”: `refused the connection`. */
  | { readonly kind: 'broken'; readonly text: string };

export type ExchangeOptions = {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Aborting ends the exchange at once as broken. */
  readonly signal: AbortSignal;
};

/** Asks by UDP; asks again by TCP when the answer did not fit, and without EDNS when the server cannot read it. */
export async function exchange(
  server: DnsServer,
  asked: { readonly name: string; readonly type: RecordType },
  options: ExchangeOptions,
): Promise<ExchangeResult> {
  let edns = true;
  let result = await overUdp(server, question(asked), { edns }, options);
  // RFC 6891 §7: a server that knows no EDNS answers FORMERR, or NOTIMP in old times.
  if (result.kind === 'response' && /^(FORMERR|NOTIMP)$/.test(result.response.code)) {
    edns = false;
    result = await overUdp(server, question(asked), { edns }, options);
  }
  if (result.kind === 'response' && result.response.isTruncated)
    result = await overTcp(server, question(asked), { edns }, options);
  return result;
}

function question(asked: { readonly name: string; readonly type: RecordType }): Question {
  return { id: randomInt(65_536), name: asked.name, type: asked.type };
}

function overUdp(
  server: DnsServer,
  asked: Question,
  encoding: { readonly edns: boolean },
  options: ExchangeOptions,
): Promise<ExchangeResult> {
  return settleOnce(options, (settle) => {
    const socket = createSocket(server.address.includes(':') ? 'udp6' : 'udp4');
    socket.on('error', (failure) => settle(brokenBy(failure)));
    socket.on('message', (bytes) => {
      const response = decodeResponse(bytes, asked);
      // Something that is no answer to this question may be forged; the right one may still come.
      if (response.ok) settle({ kind: 'response', response: response.value });
    });
    socket.connect(server.port, server.address, () => socket.send(encodeQuestion(asked, encoding)));
    return () => socket.close();
  });
}

function overTcp(
  server: DnsServer,
  asked: Question,
  encoding: { readonly edns: boolean },
  options: ExchangeOptions,
): Promise<ExchangeResult> {
  return settleOnce(options, (settle) => {
    const socket = connect({ host: server.address, port: server.port });
    let received = Buffer.alloc(0);
    socket.on('error', (failure) => settle(brokenBy(failure)));
    socket.on('close', () => settle({ kind: 'broken', text: 'closed the connection' }));
    socket.on('connect', () => {
      const message = encodeQuestion(asked, encoding);
      // RFC 1035 §4.2.2: two bytes of length come first.
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      socket.write(Buffer.concat([length, message]));
    });
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const response = decodeResponse(received.subarray(2, 2 + received.readUInt16BE(0)), asked);
      settle(
        response.ok
          ? { kind: 'response', response: response.value }
          : { kind: 'broken', text: `sent an unusable answer (${response.reason})` },
      );
    });
    return () => socket.destroy();
  });
}

function brokenBy(failure: Error): ExchangeResult {
  const code = (failure as NodeJS.ErrnoException).code;
  if (code === 'ECONNREFUSED') return { kind: 'broken', text: 'refused the connection' };
  return { kind: 'broken', text: `cannot be reached (${code ?? failure.message})` };
}

/** Runs one exchange under its time limit: the first of result, time-out and abort counts, then `start`'s closer runs. */
function settleOnce(
  options: ExchangeOptions,
  start: (settle: (result: ExchangeResult) => void) => () => void,
): Promise<ExchangeResult> {
  return new Promise((resolve) => {
    let settled = false;
    let close: (() => void) | undefined;
    const settle = (result: ExchangeResult): void => {
      if (settled) return;
      settled = true;
      timer.cancel();
      options.signal.removeEventListener('abort', abandon);
      close?.();
      resolve(result);
    };
    const abandon = (): void =>
      settle({ kind: 'broken', text: 'was not waited for: the resolver is closed' });
    const timer = options.clock.setTimer(options.timeoutMs, () => settle({ kind: 'timeout' }));
    options.signal.addEventListener('abort', abandon);
    if (options.signal.aborted) return abandon();
    try {
      close = start(settle);
    } catch (failure) {
      settle(brokenBy(failure instanceof Error ? failure : new Error(String(failure))));
    }
    if (settled) close?.();
  });
}
