/**
 * What the tests of the doctor's checks share: a mailroot of its own, a context to look at it, and which checks were seen at work.
 */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { systemClock } from '../../src/base/index.ts';
import { loadConfig, type RawSettings } from '../../src/config/index.ts';
import type { StatusReport } from '../../src/control/index.ts';
import {
  CHECK_LIST,
  type DoctorContext,
  type DoctorOptions,
  diagnose,
  type Finding,
  thisMachine,
} from '../../src/doctor/index.ts';

const base = mkdtempSync(join(tmpdir(), 'mailroot-doctor-'));
// Other users must be able to pass through.
chmodSync(base, 0o711);
after(() => rmSync(base, { recursive: true, force: true }));
export const isRoot = process.getuid?.() === 0;
let counter = 0;

export function fresh(): string {
  const root = join(base, String(counter++), 'mailroot');
  for (const name of ['Pickup', 'Queue', 'Drop', 'Badmail']) mkdirSync(join(root, name), { recursive: true });
  chmodSync(join(root, '..'), 0o711);
  return root;
}

type Given = Partial<Omit<DoctorContext, 'options'>> & {
  readonly settings?: RawSettings;
  readonly options?: Partial<DoctorOptions>;
};

export function contextOf(mailroot: string, given: Given = {}): DoctorContext {
  const loaded = loadConfig(
    JSON.stringify({ mailroot, listen: [], fqdn: 'mail.example.test', ...given.settings }),
    join(mailroot, 'mailroot.yaml'),
  );
  assert.ok(loaded.ok, JSON.stringify(loaded));
  const { settings: _, options, ...rest } = given;
  return {
    config: loaded.config,
    configFile: join(mailroot, 'mailroot.yaml'),
    servers: loaded.config.servers,
    status: runningAt(mailroot),
    machine: thisMachine,
    clock: systemClock,
    nameOf: (server) => server.fqdn ?? 'mail.example.test',
    ...rest,
    options: { submitters: [], otherFolders: [], network: false, ...options },
  };
}

/** A service that is this very process. */
export function runningAt(
  mailroot: string,
  changes: Partial<StatusReport['mailroots'][number]> = {},
  listening: readonly string[] = [],
): StatusReport {
  return {
    version: '0',
    pid: process.pid,
    startedAt: 0,
    servers: [
      {
        name: 'default',
        fqdn: 'mail.example.test',
        listening,
        sessions: 0,
        mailroot,
        pickup: join(mailroot, 'Pickup'),
      },
    ],
    mailroots: [
      {
        mailroot,
        queue: { queued: 0, deferred: 0, held: 0 },
        destinations: [],
        stuckFiles: [],
        badmail: { files: 0, bytes: 0 },
        isFrozen: false,
        ...changes,
      },
    ],
    counters: {},
    memoryBytes: 0,
  };
}

export async function find(context: DoctorContext, group: string): Promise<readonly Finding[]> {
  const { findings } = await diagnose(context, { groups: [group], mends: false });
  for (const { id, seen, why, cure, source } of findings) {
    for (const text of [id, seen, why, cure, source]) assert.notEqual(text, '');
  }
  for (const { id } of findings) seen.add(id);
  if (findings.length === 0) silent.add(group);
  return findings;
}

const seen = new Set<string>();
const silent = new Set<string>();

/** Checks of these groups that no test of this process has seen find something, and groups that were never silent. */
export function unseen(...groups: readonly string[]): string[] {
  const idle = groups.filter((group) => !silent.has(group)).map((group) => `${group} is never silent`);
  const missing = CHECK_LIST.map(({ id }) => id).filter(
    (id) => groups.includes(id.slice(0, id.indexOf('.'))) && !seen.has(id),
  );
  return [...missing, ...idle];
}

export const ids = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id).sort();

export function oldFile(path: string, content: string, mode = 0o644): void {
  writeFileSync(path, content, { mode });
  chmodSync(path, mode);
  utimesSync(path, Date.now() / 1000 - 600, Date.now() / 1000 - 600);
}

/** Listens on a free port. A test that fails must not keep the process alive. */
export function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  server.unref();
  server.on('connection', (socket) => socket.unref());
  return new Promise((ready) => server.listen(0, host, () => ready((server.address() as AddressInfo).port)));
}

export function eachLine(socket: Socket, take: (line: string) => void): void {
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    text += String(bytes);
    for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
      const line = text.slice(0, end);
      text = text.slice(end + 2);
      take(line);
    }
  });
}

/** A DNS server that answers every question by UDP and by TCP with SERVFAIL: it is there, and knows nothing. */
export async function uselessDns(
  transports: readonly ('udp' | 'tcp')[] = ['udp', 'tcp'],
): Promise<{ readonly server: string; readonly port: number; close(): void }> {
  const failed = (question: Buffer): Buffer => {
    const answer = Buffer.from(question);
    answer[2] = 0x84;
    answer[3] = 0x82;
    return answer;
  };
  const tcp = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const answer = failed(bytes.subarray(2));
      socket.write(Buffer.concat([Buffer.from([0, answer.length]), answer]));
    });
  });
  // The TCP side takes a free port; without it the port is only reserved for a moment.
  const port = await listening(tcp);
  if (!transports.includes('tcp')) await new Promise((closed) => tcp.close(closed));
  const udp = createSocket('udp4');
  udp.unref();
  if (transports.includes('udp')) {
    udp.on('message', (bytes, from) => udp.send(failed(bytes), from.port, from.address));
    await new Promise<void>((ready) => udp.bind(port, '127.0.0.1', ready));
  }
  return {
    server: `127.0.0.1:${port}`,
    port,
    close: () => {
      if (tcp.listening) tcp.close();
      udp.close();
    },
  };
}
