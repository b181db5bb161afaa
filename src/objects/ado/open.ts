/**
 * From a connection string to an open database.
 * Owns: the row of the table, files that scripts may open without one, what is said when nothing fits.
 * Leaves: the table's form (data-sources), running (sqlite, postgresql).
 * Fails: ProviderFailure; ADO's 3706 for a provider that is none.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { AutomationError } from '../../automation/index.ts';
import type { ObjectScope } from '../scope.ts';
import { ConnectionString, type DataSource, findDataSource, type SqlDialect } from './data-sources.ts';
import { type Database, RESULT_LIMITS } from './database.ts';
import { adoError, ProviderFailure, type ProviderFlavour } from './errors.ts';
import { PostgresqlDatabase } from './postgresql.ts';
import { DataSession } from './session.ts';
import { SqliteDatabase, type SqliteOptions } from './sqlite.ts';

export type OpenOptions = {
  readonly isReadOnly: boolean;
  readonly connectTimeoutMs: number;
};

/** Providers of old whose connection strings are understood; any other is 3706. */
const PROVIDERS =
  /^(?:microsoft\.(?:jet|ace)\.|msdasql|sqloledb|sqlncli|msoledbsql|pgoledb|postgresql|sqlite)/i;

export function openSession(scope: ObjectScope, text: string, options: OpenOptions): DataSession {
  scope.beforeEffect?.();
  const connection = new ConnectionString(text);
  const row = findDataSource(scope.dataSources ?? [], connection);
  const flavour = flavourOf(connection);
  if (row !== undefined) {
    const dialect = row.dialect ?? connection.dialect ?? 'access';
    return new DataSession(
      guarded(openRow(scope, row, dialect, options), scope),
      dialect,
      flavourFor(flavour, dialect, row),
    );
  }
  const { provider, file } = connection;
  if (provider !== undefined && !PROVIDERS.test(provider)) throw adoError(3706, 'ADODB.Connection');
  const dialect = connection.dialect ?? 'access';
  if (file !== undefined && connection.dialect !== 'sqlserver')
    return new DataSession(guarded(openFile(scope, file, dialect, options), scope), dialect, flavour);
  throw new ProviderFailure('cannotOpen', unknownSource(connection));
}

/** The database as it is; what the script promised before is kept before each statement. */
function guarded(database: Database, { beforeEffect }: ObjectScope): Database {
  if (beforeEffect === undefined) return database;
  const { kind, product } = database;
  return {
    kind,
    product,
    run(sql, parameters, options) {
      beforeEffect();
      return database.run(sql, parameters, options);
    },
    schema: () => database.schema(),
    tables: () => database.tables(),
    keyOf: (table) => database.keyOf(table),
    structureChanged: () => database.structureChanged(),
    close: () => database.close(),
  };
}

function flavourOf(connection: ConnectionString): ProviderFlavour {
  const provider = connection.provider ?? '';
  if (/jet|ace/i.test(provider)) return 'jet';
  return /sqloledb|sqlncli|msoledbsql/i.test(provider) ? 'sqlserver' : 'odbc';
}

function flavourFor(flavour: ProviderFlavour, dialect: SqlDialect, row: DataSource): ProviderFlavour {
  return row.dialect === 'sqlserver' && dialect === 'sqlserver' && flavour === 'jet' ? 'sqlserver' : flavour;
}

function openRow(scope: ObjectScope, row: DataSource, dialect: SqlDialect, options: OpenOptions) {
  const { target } = row;
  if (target.kind === 'sqlite') {
    const size = statSync(target.file, { throwIfNoEntry: false })?.size;
    if (size === undefined)
      throw new ProviderFailure(
        'cannotOpen',
        `The database of the data source '${row.match}' is not there: ${target.file}.`,
      );
    requireSqlite(target.file, row.match);
    return new SqliteDatabase(
      target.file,
      sqliteOptions(options.isReadOnly ? 'read' : 'write', dialect, options),
    );
  }
  return new PostgresqlDatabase(scope.waiting, {
    match: row.match,
    dialect,
    limits: RESULT_LIMITS,
    connectTimeoutMs: options.connectTimeoutMs,
    isReadOnly: options.isReadOnly,
  });
}

function sqliteOptions(
  access: SqliteOptions['access'],
  dialect: SqlDialect,
  options: OpenOptions,
): SqliteOptions {
  return {
    access,
    dialect,
    limits: RESULT_LIMITS,
    busyMs: Math.min(options.connectTimeoutMs || 60_000, 60_000),
  };
}

/** A file inside the folders of the script. SQLite's own driver makes one that is not there, as it did. */
function openFile(
  scope: ObjectScope,
  file: string,
  dialect: SqlDialect,
  options: OpenOptions,
): SqliteDatabase {
  const location = locate(scope, file);
  if (location.kind === 'free' && dialect === 'native' && location.grant.access !== 'read')
    return new SqliteDatabase(location.host, sqliteOptions('create', dialect, options));
  if (location.kind !== 'file' || location.grant.access === 'create')
    throw new ProviderFailure(
      'cannotOpen',
      `Could not find file '${file}'. If the database has moved, say where: --data-source '${baseName(file)}=sqlite:FILE'.`,
    );
  requireSqlite(location.host, file);
  const isReadOnly = options.isReadOnly || location.grant.access === 'read';
  return new SqliteDatabase(location.host, sqliteOptions(isReadOnly ? 'read' : 'write', dialect, options));
}

function locate(scope: ObjectScope, file: string) {
  try {
    return scope.files.locate(file);
  } catch (thrown) {
    if (!(thrown instanceof AutomationError)) throw thrown;
    throw new ProviderFailure('cannotOpen', `'${file}' is not a valid path.`, { cause: thrown });
  }
}

/** Throws for a file that SQLite did not make. An empty one becomes a database. */
function requireSqlite(host: string, shown: string): void {
  const head = Buffer.alloc(32);
  let length = 0;
  try {
    const file = openSync(host, 'r');
    try {
      length = readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
  } catch (thrown) {
    throw new ProviderFailure(
      'cannotOpen',
      `Could not open file '${shown}': ${(thrown as NodeJS.ErrnoException).code ?? 'it cannot be read'}.`,
      { cause: thrown },
    );
  }
  if (length === 0 || head.toString('latin1', 0, 16) === 'SQLite format 3\0') return;
  const name = baseName(shown);
  if (/^Standard (?:Jet|ACE) DB/.test(head.toString('latin1', 4, 32)))
    throw new ProviderFailure(
      'cannotOpen',
      `'${name}' is a database of Access, which is not read here. Convert it to SQLite once with mdbtools (mdb-schema and mdb-export, see docs/ado.md) and say where it is: --data-source '${name}=sqlite:FILE'.`,
    );
  throw new ProviderFailure('cannotOpen', `Unrecognized database format '${name}'. It is no SQLite file.`);
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1)!;
}

function unknownSource(connection: ConnectionString): string {
  const name = connection.dsn ?? connection.get('initial catalog', 'database');
  const example = name === undefined ? 'NAME' : name;
  return `Data source name not found and no default driver specified. No data source matches this connection string; give one with --data-source '${example}=sqlite:FILE' or '${example}=postgresql://USER@HOST/DATABASE'.`;
}
