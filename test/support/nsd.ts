/**
 * Starts a real authoritative DNS server (nsd, a Debian package) on a free loopback port, for one test.
 *
 *     const dns = await startNsd({ 'example.test': [['example.test', 'MX', '10 mx.example.test'], …] });
 *     … DNS servers: [{ address: dns.address, port: dns.port }] …
 *     await dns.stop();
 *
 * Unless told otherwise it is a closed world: a root zone answers "no such name" to everything that is not listed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type ZoneRecord, type Zones, zoneFile } from './zone.ts';

export type NameServer = {
  readonly address: '127.0.0.1';
  readonly port: number;
  /** `127.0.0.1:port`, as the `--dns` flag takes it. */
  readonly server: string;
  /** Replaces one zone's records and returns when the server answers with them. */
  setZone(zone: string, records: readonly ZoneRecord[]): Promise<void>;
  stop(): Promise<void>;
};

export async function startNsd(
  zones: Zones,
  options: { readonly closedWorld?: boolean } = {},
): Promise<NameServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mailroot-nsd-'));
  const all: Zones = options.closedWorld === false || '.' in zones ? zones : { '.': [], ...zones };
  const serials = new Map<string, number>();
  const writeZone = async (zone: string, records: readonly ZoneRecord[]): Promise<string> => {
    const serial = (serials.get(zone) ?? 0) + 1;
    serials.set(zone, serial);
    // The mark tells when the server has taken the file.
    const mark: ZoneRecord = [markName(zone), 'TXT', String(serial), 1];
    const text = zoneFile(zone, [...records, mark]).replace(
      'hostmaster.test. 1 ',
      `hostmaster.test. ${serial} `,
    );
    await writeFile(join(folder, zoneFileName(zone)), text);
    return String(serial);
  };
  for (const [zone, records] of Object.entries(all)) await writeZone(zone, records);
  const firstZone = Object.keys(all)[0] ?? '.';

  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    await writeFile(join(folder, 'nsd.conf'), configuration(folder, port, Object.keys(all)));
    const child = spawn('/usr/sbin/nsd', ['-d', '-c', join(folder, 'nsd.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = '';
    child.stderr.on('data', (bytes) => {
      told += String(bytes);
    });
    if (await answersMark(child, port, firstZone, '1')) return running(child, port, { folder, writeZone });
    await ended(child);
    if (attempt === 5) throw new Error(`nsd did not start:\n${told}`);
  }
}

function running(
  child: ChildProcess,
  port: number,
  files: { folder: string; writeZone(zone: string, records: readonly ZoneRecord[]): Promise<string> },
): NameServer {
  return {
    address: '127.0.0.1',
    port,
    server: `127.0.0.1:${port}`,
    async setZone(zone, records) {
      const serial = await files.writeZone(zone, records);
      child.kill('SIGHUP');
      if (!(await answersMark(child, port, zone, serial)))
        throw new Error(`nsd did not take the zone ${zone}`);
    },
    async stop() {
      await ended(child);
      await rm(files.folder, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

function configuration(folder: string, port: number, zones: readonly string[]): string {
  const server = [
    'server:',
    '  server-count: 1',
    `  ip-address: 127.0.0.1@${port}`,
    `  port: ${port}`,
    `  username: "${userInfo().username}"`,
    '  chroot: ""',
    '  database: ""',
    `  zonesdir: "${folder}"`,
    `  pidfile: "${folder}/nsd.pid"`,
    `  xfrdfile: "${folder}/xfrd.state"`,
    `  zonelistfile: "${folder}/zone.list"`,
    `  xfrdir: "${folder}"`,
    '  xfrd-reload-timeout: 0',
    'remote-control:',
    '  control-enable: no',
  ];
  const listed = zones.flatMap((zone) => [
    'zone:',
    `  name: "${zone}"`,
    `  zonefile: "${zoneFileName(zone)}"`,
  ]);
  return `${[...server, ...listed].join('\n')}\n`;
}

function zoneFileName(zone: string): string {
  return zone === '.' ? 'root.zone' : `${zone}.zone`;
}

function markName(zone: string): string {
  return zone === '.' ? 'mark-of-this-zone' : `mark-of-this-zone.${zone}`;
}

/** A port that is free for UDP and TCP just now. */
async function freePort(): Promise<number> {
  for (;;) {
    const tcp = createServer().listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const { port } = tcp.address() as { port: number };
    const udp = createSocket('udp4');
    const isFree = await new Promise<boolean>((resolve) => {
      udp.on('error', () => resolve(false));
      udp.bind(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise<void>((resolve) => udp.close(() => resolve()));
    await new Promise((resolve) => tcp.close(resolve));
    if (isFree) return port;
  }
}

/** For a moment the server from before a reload answers beside the new one: so many answers in a row, and it is gone. */
const ANSWERS_IN_A_ROW = 20;

/** Asks for the zone's mark until it is the wanted one; false when the server has ended. */
async function answersMark(
  child: ChildProcess,
  port: number,
  zone: string,
  wanted: string,
): Promise<boolean> {
  const until = Date.now() + 20_000;
  let inARow = 0;
  while (child.exitCode === null && child.signalCode === null && Date.now() < until) {
    const isNew = (await askText(port, markName(zone))) === wanted;
    inARow = isNew ? inARow + 1 : 0;
    if (inARow === ANSWERS_IN_A_ROW) return true;
    if (!isNew) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

/** One raw TXT question; the text, or undefined when none came within 200 ms. */
function askText(port: number, name: string): Promise<string | undefined> {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  const question = Buffer.from([0x4d, 0x52, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 16, 0, 1]);
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const timer = setTimeout(() => finish(undefined), 200);
    const finish = (answer: string | undefined): void => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    socket.once('message', (bytes) => {
      // Header of the record: pointer 2, type 2, class 2, TTL 4, length 2; then the length byte of the string.
      const answers = bytes.readUInt16BE(6);
      const start = question.length + 12;
      finish(answers === 0 ? undefined : bytes.toString('latin1', start + 1, start + 1 + bytes[start]!));
    });
    socket.on('error', () => finish(undefined));
    socket.send(question, port, '127.0.0.1');
  });
}
