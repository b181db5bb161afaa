/** The same scripts over SQLite and over a real PostgreSQL, each with fresh tables. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { type DataSource, type SqlDialect, withoutSecrets } from '../../../src/objects/index.ts';
import type { ServicePolicy } from '../../../src/script/index.ts';
import { type PostgresqlServer, startPostgresql } from '../../support/postgresql.ts';
import { type BenchRun, ScriptBench } from './script-bench.ts';

export type BackEnd = 'sqlite' | 'postgresql';
export const BACK_ENDS: readonly BackEnd[] = ['sqlite', 'postgresql'];

/** Tables as an Access page would make them; a reader of the tests needs no other. */
const SEED = `
Set c = CreateObject("ADODB.Connection")
c.Open "DSN=shop"
c.Execute "CREATE TABLE Users (Id COUNTER CONSTRAINT pk PRIMARY KEY, Name TEXT(50), Active YESNO, Born DATETIME, Price CURRENCY, Score DOUBLE, Hits SMALLINT, Level BYTE, Notes MEMO, Photo LONGBINARY)"
c.Execute "CREATE TABLE Orders (Nr INTEGER CONSTRAINT pko PRIMARY KEY, UserId INTEGER, Title TEXT(20) NOT NULL)"
c.Execute "CREATE TABLE Loose (A INTEGER, B TEXT(20))"
c.Execute "INSERT INTO Users (Name, Active, Born, Price, Score, Hits, Level, Notes) VALUES ('Ann', True, #1/2/2003 4:05:06 PM#, 12.5, 1.25, 7, 200, 'first')"
c.Execute "INSERT INTO Users (Name, Active, Born) VALUES ('bob', False, #12/31/1999#)"
c.Execute "INSERT INTO Users (Name, Active, Score) VALUES ('Cyd', True, 3)"
c.Execute "INSERT INTO Orders VALUES (10, 1, 'Tea')"
c.Execute "INSERT INTO Orders VALUES (11, 1, 'Rum')"
c.Execute "INSERT INTO Orders VALUES (12, 2, 'Gin')"
c.Close
`;

/** PostgreSQL's tables as they were made, without making them again. */
const FRESH = `
DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;
CREATE TABLE users (LIKE seed.users INCLUDING ALL); INSERT INTO users SELECT * FROM seed.users;
CREATE TABLE orders (LIKE seed.orders INCLUDING ALL); INSERT INTO orders SELECT * FROM seed.orders;
CREATE TABLE loose (LIKE seed.loose INCLUDING ALL);
SELECT setval(pg_get_serial_sequence('users', 'id'), 3)`;

export class AdoBench {
  readonly scripts = new ScriptBench({ size: 1, warm: 1 });
  #server: PostgresqlServer | undefined;
  #runs = 0;

  get server(): PostgresqlServer {
    return this.#server!;
  }

  async start(): Promise<void> {
    this.#server = await startPostgresql();
    await this.#server.run('postgres', 'CREATE DATABASE shop');
    const file = this.scripts.path('outside', 'seed.db');
    writeFileSync(file, '');
    for (const source of [sqliteSource(file, 'access'), this.#postgresqlSource('access')]) {
      const { error } = await this.#run(SEED, source);
      if (error !== '') throw new Error(`the tables were not made: ${error}`);
    }
    await this.#server.run('shop', 'ALTER SCHEMA public RENAME TO seed');
  }

  /** Runs a script that finds its connection open as `c`, and an empty recordset as `rs`. */
  async run(backEnd: BackEnd, script: string, dialect: SqlDialect = 'access'): Promise<BenchRun> {
    const source = await this.source(backEnd, dialect);
    const head = `Set c = CreateObject("ADODB.Connection") : c.Open "DSN=shop" : Set rs = CreateObject("ADODB.Recordset")\n`;
    return this.#run(head + script, source);
  }

  /** A source over fresh tables. */
  async source(backEnd: BackEnd, dialect: SqlDialect = 'access'): Promise<DataSource> {
    this.#runs += 1;
    if (backEnd === 'sqlite') {
      const file = this.scripts.path('outside', `run${this.#runs}.db`);
      copyFileSync(this.scripts.path('outside', 'seed.db'), file);
      return sqliteSource(file, dialect);
    }
    await this.server.run('shop', FRESH);
    return this.#postgresqlSource(dialect);
  }

  /** Runs a script with the given table of data sources. */
  async runWith(
    script: string,
    sources: readonly DataSource[],
    services: Partial<ServicePolicy> = {},
  ): Promise<BenchRun> {
    return this.scripts.run(script, {
      dataSources: withoutSecrets(sources),
      services: { dataSources: sources, ...services },
      limits: { timeMs: 200_000 },
    });
  }

  async #run(script: string, source: DataSource): Promise<BenchRun> {
    const run = await this.runWith(script, [source]);
    const problem = 'problem' in run.outcome ? run.outcome.problem : undefined;
    return problem === undefined
      ? run
      : { ...run, error: `${run.error}${problem.source}: ${problem.description} (line ${problem.line - 1})` };
  }

  #postgresqlSource(dialect: SqlDialect): DataSource {
    return { match: 'shop', target: { kind: 'postgresql', url: this.server.url('shop') }, dialect };
  }

  async close(): Promise<void> {
    await this.scripts.close();
    await this.#server?.stop();
  }
}

function sqliteSource(file: string, dialect: SqlDialect): DataSource {
  return { match: 'shop', target: { kind: 'sqlite', file }, dialect };
}
