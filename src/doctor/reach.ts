/**
 * Reaching another host: its addresses by DNS, and whether a port answers.
 * Leaves: what it means (outbound.ts, smart-host.ts).
 */
import { connect, isIP } from 'node:net';
import { systemErrorCode } from '../base/index.ts';
import type { DnsSource } from '../routing/index.ts';

const CONNECT_TIMEOUT_MS = 5_000;

export async function addressesOf(
  name: string,
  dns: DnsSource,
): Promise<{ addresses: string[]; failure: string | undefined }> {
  const bare = name.replace(/^\[(?:IPv6:)?|\]$/gi, '');
  if (isIP(bare) !== 0) return { addresses: [bare], failure: undefined };
  // Names of the machine's own file are not in DNS.
  if (/^localhost$/i.test(bare)) return { addresses: ['127.0.0.1', '::1'], failure: undefined };
  const answers = await Promise.all([dns.ask(bare, 'A'), dns.ask(bare, 'AAAA')]);
  const addresses = answers.flatMap((answer) => (answer.kind === 'found' ? answer.records : []));
  const failed = answers.find(({ kind }) => kind === 'failed' || kind === 'timeout');
  return {
    addresses,
    failure:
      addresses.length > 0
        ? undefined
        : failed !== undefined && 'text' in failed
          ? failed.text
          : 'there is no such name',
  };
}

/** The reason why not; undefined when it answers. */
export function connects(host: string, port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const end = (problem: string | undefined): void => {
      socket.destroy();
      done(problem);
    };
    socket.on('connect', () => end(undefined));
    socket.on('timeout', () => end(`no answer for ${CONNECT_TIMEOUT_MS / 1000} seconds`));
    socket.on('error', (error) => end(systemErrorCode(error) ?? error.message));
  });
}
