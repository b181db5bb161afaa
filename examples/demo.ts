/**
 * The demonstration: a receiving server that shows what arrives, and the service with its relay and the site of examples/site.
 * Owns: a scratch mailroot, the database of the site, the configuration that joins the parts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Receiver, startReceiver } from './receiver.ts';

export type DemoOptions = {
  /** Ports on loopback; 0 picks a free one. */
  readonly sitePort: number;
  readonly mailsPort: number;
  /** Takes what the service prints. */
  readonly print?: (text: string) => void;
};

export type Demo = {
  readonly siteUrl: string;
  readonly receiver: Receiver;
  readonly mailroot: string;
  /** Resolves when the service has ended, by itself or by `stop`. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
};

export async function startDemo(options: DemoOptions): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-demo-'));
  const receiver = await startReceiver({ smtp: 0, web: options.mailsPort });
  const smtpPort = await freePort();
  const data = join(folder, 'data');
  mkdirSync(join(data, 'Uploads'), { recursive: true });
  // Line by line, as the global.asa of the site reads it.
  writeFileSync(join(data, 'settings.txt'), `127.0.0.1\r\n${smtpPort}\r\n`);
  const database = join(folder, 'newsletter.sqlite');
  makeDatabase(database);
  const config = join(folder, 'mailroot.yaml');
  // JSON is YAML: paths need no quoting of our own.
  const settings = {
    mailroot: join(folder, 'mailroot'),
    listen: [`127.0.0.1:${smtpPort}`],
    fqdn: 'relay.pies.example',
    domains: { default: 'pies.example' },
    delivery: { smartHost: `[127.0.0.1]:${receiver.smtpPort}`, tls: 'none' },
    sites: {
      pies: {
        folder: join(import.meta.dirname, 'site'),
        listen: [`127.0.0.1:${options.sitePort}`],
        showErrors: true,
        smtpServers: [`127.0.0.1:${smtpPort}`],
        folders: {
          'C:\\Demo': { folder: data, access: 'read' },
          'C:\\Demo\\Uploads': { folder: join(data, 'Uploads'), access: 'write' },
        },
        dataSources: {
          'DSN=newsletter': { sqlite: database, dialect: 'access' },
          'newsletter.mdb': { sqlite: database, dialect: 'access' },
        },
      },
    },
  };
  writeFileSync(config, JSON.stringify(settings, null, 2));
  const service = spawn(
    process.execPath,
    [join(import.meta.dirname, '../src/cli/main.ts'), 'start', '--config', config],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { MALLOC_ARENA_MAX: '2', ...process.env } },
  );
  const ended = once(service, 'exit').then(() => {});
  const clear = async () => {
    await receiver.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const siteUrl = await printedUrl(service, options.print);
    return {
      siteUrl,
      receiver,
      mailroot: settings.mailroot,
      ended,
      stop: async () => {
        service.kill('SIGTERM');
        await ended;
        await clear();
      },
    };
  } catch (thrown) {
    service.kill('SIGKILL');
    await clear();
    throw thrown;
  }
}

function makeDatabase(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`
    CREATE TABLE Subscribers (Email TEXT PRIMARY KEY, Name TEXT, Since DATETIME);
    CREATE TABLE Users (Email TEXT PRIMARY KEY, UserName TEXT, Token TEXT);
    INSERT INTO Subscribers VALUES ('ada@customers.example', 'Ada', '2026-01-05 09:30:00');
    INSERT INTO Subscribers VALUES ('zoe@customers.example', 'Zoë', '2026-02-11 17:05:00');
    INSERT INTO Users VALUES ('ada@customers.example', 'Ada', NULL);
  `);
  database.close();
}

/** The address of the site, from what the service prints; throws with all of it when it ends first. */
async function printedUrl(service: ChildProcess, print: DemoOptions['print']): Promise<string> {
  let text = '';
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  for (const stream of [service.stdout!, service.stderr!])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      print?.(piece);
      const [, url] = /^ {2}pies +(http:\S+)$/m.exec(text) ?? [];
      if (url !== undefined) resolve(url);
    });
  service.once('exit', () => reject(new Error(`the service ended:\n${text}`)));
  return promise;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
