/**
 * Starts a real PostgreSQL (Debian's postgresql-15) with an empty database on a free loopback port, for one test.
 *
 *     const server = await startPostgresql();
 *     … server.url('shop') …
 *     await server.stop();
 *
 * The server refuses to run as root, so under root it runs as the package's own user.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const PROGRAMS = '/usr/lib/postgresql/15/bin';
const USER = 'mailroot';
/** With characters that an address must write in another way. */
export const POSTGRESQL_PASSWORD = 'p@ss:wörd/1';

export type PostgresqlServer = {
  readonly port: number;
  /** The address of a database, with user and password. */
  url(database: string, options?: { password?: string; user?: string }): string;
  /** Runs statements in a database as its owner. */
  run(database: string, sql: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
};

export async function startPostgresql(): Promise<PostgresqlServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-postgresql-'));
  const data = join(folder, 'data');
  const password = join(folder, 'password');
  writeFileSync(password, POSTGRESQL_PASSWORD);
  const owner = process.getuid?.() === 0 ? idsOf('postgres') : undefined;
  if (owner !== undefined) for (const path of [folder, password]) chownSync(path, owner.uid, owner.gid);
  chmodSync(folder, 0o700);
  const how = { cwd: folder, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' }, ...owner };
  const made = spawnSync(
    join(PROGRAMS, 'initdb'),
    ['-D', data, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${password}`, '-E', 'UTF8', '--locale=C', '-N'],
    { ...how, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || String(made.error)}`);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const settings = [
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${folder}`,
      'fsync=off',
      'autovacuum=off',
    ];
    const child = spawn(
      join(PROGRAMS, 'postgres'),
      ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { ...how, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let told = '';
    child.stderr.on('data', (bytes) => {
      told += String(bytes);
    });
    if (await accepts(child, port)) return running(child, port, folder);
    if (attempt === 5) throw new Error(`postgres did not start:\n${told}`);
  }
}

function running(child: ChildProcess, port: number, folder: string): PostgresqlServer {
  const url: PostgresqlServer['url'] = (database, { password = POSTGRESQL_PASSWORD, user = USER } = {}) =>
    `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  return {
    port,
    url,
    async run(database, sql) {
      const client = new pg.Client({ connectionString: url(database) });
      await client.connect();
      try {
        const { rows } = await client.query(sql);
        return rows as Record<string, unknown>[];
      } finally {
        await client.end();
      }
    },
    async stop() {
      const ended = once(child, 'exit');
      // Fast shutdown: sessions that are still there are broken off.
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function idsOf(user: string): { uid: number; gid: number } {
  const id = (flag: string): number =>
    Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout.trim());
  return { uid: id('-u'), gid: id('-g') };
}

async function accepts(child: ChildProcess, port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 600 && child.exitCode === null; attempt += 1) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: USER,
      password: POSTGRESQL_PASSWORD,
      database: 'postgres',
    });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return false;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
