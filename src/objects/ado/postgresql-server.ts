/**
 * The connections to PostgreSQL of one run, held where waiting is allowed.
 * Owns: connecting by the table of data sources, running, limits of time, rows and bytes, the end.
 * Leaves: what scripts see (postgresql, in the script's thread), the wire (pg), connections at rest (postgresql-pool).
 * Fails: rejects with ProviderFailure; no message holds a user's password.
 * Sources: doc "PostgreSQL 15: Error Codes", "Frontend/Backend Protocol: Extended Query".
 *
 * Statements go through the extended protocol, which takes one statement at a time and its values beside it. Rows are
 * fetched some at a time, so a result that is too large is noticed before it fills the memory.
 */
import { systemErrorCode } from '../../base/index.ts';
import { type DataSource, publicAddress } from './data-sources.ts';
import { type FailureKind, ProviderFailure } from './errors.ts';
import type {
  PostgresqlAnswer,
  PostgresqlOpen,
  PostgresqlOpened,
  PostgresqlRun,
  PostgresqlTable,
} from './postgresql.ts';
import { leave, type PostgresqlConnection, type PostgresqlPool } from './postgresql-pool.ts';

/** Connections one run may hold. */
const MOST_SESSIONS = 32;
/** Rows fetched at once. */
const FETCH = 1000;

type Fields = readonly {
  readonly name: string;
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
  readonly tableID: number;
  readonly columnID: number;
}[];

/** Values stay the server's texts; the script's thread reads them. */
const RAW = { getTypeParser: () => (text: string) => text };

export class PostgresqlSessions {
  readonly #sources: readonly DataSource[];
  readonly #pool: PostgresqlPool | undefined;
  readonly #sessions = new Map<number, PostgresqlConnection>();
  readonly #idle: PostgresqlConnection[] = [];
  #last = 0;
  #isEnded = false;

  /** With a pool connections outlive the run; without one they are kept for the run alone. */
  constructor(sources: readonly DataSource[], pool?: PostgresqlPool) {
    this.#sources = sources;
    this.#pool = pool;
  }

  async open(request: PostgresqlOpen): Promise<PostgresqlOpened> {
    const source = this.#sources.find(
      ({ match, target }) => target.kind === 'postgresql' && match === request.match,
    );
    if (source === undefined || source.target.kind !== 'postgresql')
      throw new ProviderFailure('cannotOpen', `There is no data source '${request.match}'.`);
    if (this.#sessions.size >= MOST_SESSIONS)
      throw new ProviderFailure(
        'noServer',
        `The page has ${MOST_SESSIONS} connections open. Close those that are no longer needed.`,
      );
    const key = `${request.isReadOnly ? 'read' : 'write'} ${request.match}`;
    const { session, version } =
      (await this.#kept(key)) ?? (await this.#new(source.target.url, key, request));
    if (this.#isEnded) {
      this.#leave(session);
      throw new ProviderFailure('noServer', 'The run has ended.');
    }
    this.#last += 1;
    this.#sessions.set(this.#last, session);
    return { session: this.#last, version };
  }

  /** A connection that was used before and still answers. */
  async #kept(
    key: string,
  ): Promise<{ readonly session: PostgresqlConnection; readonly version: string } | undefined> {
    for (;;) {
      const at = this.#idle.findIndex((session) => session.key === key);
      const session = at < 0 ? this.#pool?.take(key) : this.#idle.splice(at, 1)[0];
      if (session === undefined) return undefined;
      try {
        if (!session.isBroken) return { session, version: await versionOf(session) };
      } catch {
        // The server was started anew, or closed what rested too long.
      }
      leave(session);
    }
  }

  async #new(url: string, key: string, request: PostgresqlOpen) {
    const session = await this.#connect(url, key, request);
    return { session, version: await versionOf(session) };
  }

  async #connect(
    url: string,
    key: string,
    { connectTimeoutMs, isReadOnly }: PostgresqlOpen,
  ): Promise<PostgresqlConnection> {
    // Loaded when first needed: few scripts have a database on a server.
    const { default: pg } = await import('pg');
    const client = new pg.Client({
      connectionString: url,
      application_name: 'mailroot',
      ...(connectTimeoutMs > 0 && { connectionTimeoutMillis: connectTimeoutMs }),
    });
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll("'", '');
    const setup = `SET datestyle TO 'ISO, MDY'; SET bytea_output TO 'hex'; SET standard_conforming_strings TO on; SET TIME ZONE '${zone}'; SET default_transaction_read_only TO ${isReadOnly ? 'on' : 'off'}`;
    const session: PostgresqlConnection = {
      ...{ client, key, setup, timeoutMs: 0, isBusy: false, isBroken: false },
    };
    client.on('error', () => {
      session.isBroken = true;
    });
    try {
      await client.connect();
      await client.query(setup);
      return session;
    } catch (thrown) {
      leave(session);
      throw connectFailure(thrown, url);
    }
  }

  async run(request: PostgresqlRun): Promise<PostgresqlAnswer> {
    const session = this.#session(request.session);
    session.isBusy = true;
    try {
      if (session.timeoutMs !== request.timeoutMs) {
        await session.client.query(`SET statement_timeout TO ${Math.trunc(request.timeoutMs)}`);
        session.timeoutMs = request.timeoutMs;
      }
      if (!request.isGuarded) return await this.#fetch(session, request);
      await session.client.query('SAVEPOINT ado_statement');
      try {
        const answer = await this.#fetch(session, request);
        await session.client.query('RELEASE SAVEPOINT ado_statement');
        return answer;
      } catch (thrown) {
        await session.client.query('ROLLBACK TO SAVEPOINT ado_statement; RELEASE SAVEPOINT ado_statement');
        throw thrown;
      }
    } catch (thrown) {
      throw failureOf(thrown);
    } finally {
      session.isBusy = false;
    }
  }

  async #fetch({ client }: PostgresqlConnection, request: PostgresqlRun): Promise<PostgresqlAnswer> {
    const { default: Cursor } = await import('pg-cursor');
    const { limits, maxRows } = request;
    const cursor = client.query(
      new Cursor<(string | null)[]>(
        request.sql,
        request.values.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value)),
        { rowMode: 'array', types: RAW } as never,
      ),
    );
    const rows: (string | null)[][] = [];
    let bytes = 0;
    try {
      for (;;) {
        const wanted = maxRows === undefined ? FETCH : Math.min(FETCH, maxRows - rows.length);
        const { fetched, fields, changes } = await read(cursor, wanted);
        for (const row of fetched) {
          for (const value of row) bytes += value === null ? 16 : value.length * 2;
          rows.push(row);
        }
        if (rows.length > limits.rows || bytes > limits.bytes)
          throw new ProviderFailure(
            'fail',
            `The result is larger than ${limits.rows} rows or ${Math.floor(limits.bytes / 1024 / 1024)} MB. Ask for fewer rows with WHERE or TOP.`,
          );
        if (fetched.length < wanted || rows.length === maxRows)
          return {
            columns: fields.map((field) => ({
              name: field.name,
              oid: field.dataTypeID,
              modifier: field.dataTypeModifier,
              table: field.tableID,
              column: field.columnID,
            })),
            rows,
            changes: fields.length > 0 ? rows.length : (changes ?? 0),
          };
      }
    } finally {
      await cursor.close();
    }
  }

  /** Tables and views of the search path, and this session's temporary ones. */
  async structure(id: number): Promise<PostgresqlTable[]> {
    const session = this.#session(id);
    try {
      const { rows } = await session.client.query<Record<string, unknown>>(STRUCTURE);
      const tables = new Map<number, PostgresqlTable & { columns: PostgresqlTable['columns'][number][] }>();
      for (const row of rows) {
        const oid = Number(row['oid']);
        let table = tables.get(oid);
        if (table === undefined) {
          table = { oid, name: String(row['relname']), isView: row['is_view'] === true, columns: [] };
          tables.set(oid, table);
        }
        table.columns.push({
          number: Number(row['attnum']),
          name: String(row['attname']),
          oid: Number(row['atttypid']),
          modifier: Number(row['atttypmod']),
          isNullable: row['attnotnull'] !== true,
          hasDefault: row['atthasdef'] === true,
          keyPlace: Number(row['key_place'] ?? 0),
        });
      }
      return [...tables.values()];
    } catch (thrown) {
      throw failureOf(thrown);
    }
  }

  /** Gives a connection back; what it left behind is put right before it is used again. */
  async close(id: number): Promise<void> {
    const session = this.#session(id);
    this.#sessions.delete(id);
    if (this.#pool !== undefined) return this.#pool.give(session);
    try {
      await session.client.query(
        'ROLLBACK; RESET statement_timeout; DISCARD TEMP; SELECT pg_advisory_unlock_all()',
      );
      session.timeoutMs = 0;
      if (this.#isEnded) leave(session);
      else this.#idle.push(session);
    } catch {
      leave(session);
    }
  }

  /** Ends all connections, or gives them back to the pool. What runs on the server is broken off. */
  end(): void {
    this.#isEnded = true;
    for (const session of [...this.#sessions.values(), ...this.#idle]) this.#leave(session);
    this.#sessions.clear();
    this.#idle.length = 0;
  }

  #leave(session: PostgresqlConnection): void {
    if (this.#pool === undefined || session.isBusy) leave(session);
    else void this.#pool.give(session);
  }

  #session(id: number): PostgresqlConnection {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new ProviderFailure('noServer', 'The connection is closed.');
    return session;
  }
}

async function versionOf({ client }: PostgresqlConnection): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  return rows[0]!.server_version;
}

const STRUCTURE = `
SELECT c.oid, c.relname, c.relkind IN ('v', 'm') AS is_view, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull,
       (a.atthasdef OR a.attidentity <> '') AS atthasdef, array_position(i.indkey::int2[], a.attnum) + 1 AS key_place
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_table_is_visible(c.oid)
  AND c.relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema', 'pg_toast'))
ORDER BY c.relname, a.attnum`;

type Cursor = {
  read(
    count: number,
    done: (
      thrown: Error | null | undefined,
      rows: (string | null)[][],
      result: { fields: Fields; rowCount: number | null },
    ) => void,
  ): void;
};

function read(
  cursor: unknown,
  count: number,
): Promise<{ fetched: (string | null)[][]; fields: Fields; changes: number | null }> {
  return new Promise((resolve, reject) => {
    (cursor as Cursor).read(count, (thrown, fetched, result) => {
      if (thrown) reject(thrown);
      else resolve({ fetched, fields: result.fields ?? [], changes: result.rowCount });
    });
  });
}

function connectFailure(thrown: unknown, url: string): ProviderFailure {
  const address = publicAddress(url);
  const code = (thrown as { code?: string }).code ?? systemErrorCode(thrown) ?? '';
  const sqlState = /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code) ? code : '';
  if (sqlState === '28P01' || sqlState === '28000')
    return new ProviderFailure(
      'login',
      `Login failed at ${address}: user or password of the data source is wrong.`,
      {
        sqlState,
      },
    );
  if (sqlState === '3D000')
    return new ProviderFailure('cannotOpen', `There is no such database: ${address}.`, { sqlState });
  const why = code === '' ? withoutPassword((thrown as Error).message, url) : code;
  return new ProviderFailure('noServer', `The server cannot be reached: ${address} (${why}).`, { sqlState });
}

function withoutPassword(text: string, url: string): string {
  if (!URL.canParse(url)) return 'the address cannot be read';
  const { password } = new URL(url);
  let shown = text.replaceAll(url, publicAddress(url));
  for (const secret of [password, decodeURIComponent(password)])
    if (secret !== '') shown = shown.replaceAll(secret, '***');
  return shown;
}

const KINDS: Readonly<Record<string, FailureKind>> = {
  '42P01': 'noTable',
  '42703': 'noColumn',
  '42883': 'noFunction',
  '42P07': 'tableExists',
  '23505': 'duplicate',
  '23503': 'foreignKey',
  '23502': 'integrity',
  '23514': 'integrity',
  '22P02': 'conversion',
  '22007': 'conversion',
  '22008': 'conversion',
  '22003': 'conversion',
  '42804': 'conversion',
  '57014': 'timeout',
  '28P01': 'login',
  '28000': 'login',
  '42501': 'permission',
  '25006': 'readOnly',
  '40001': 'locked',
  '40P01': 'locked',
  '55P03': 'locked',
};

function failureOf(thrown: unknown): Error {
  if (thrown instanceof ProviderFailure) return thrown;
  const { code, message } = thrown as { code?: string; message: string };
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || /^E[A-Z]{4}$/.test(code))
    return new ProviderFailure('noServer', `The connection to the server is broken (${code ?? message}).`);
  const kind =
    KINDS[code] ?? (code.startsWith('42') ? 'command' : code.startsWith('23') ? 'integrity' : 'fail');
  const subject =
    /(?:relation|column|function) "?([^"]+?)"? (?:of relation "[^"]*" )?(?:does not exist|already exists)/.exec(
      message,
    )?.[1];
  return new ProviderFailure(kind, message, {
    sqlState: code,
    ...(subject !== undefined && { subject }),
  });
}
