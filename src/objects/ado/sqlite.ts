/**
 * SQLite as a database of ADO, in the script's own thread.
 * Owns: opening one file and nothing else, running, the structure, which failure is which.
 * Leaves: finding the file (open), translation (sql), SQL functions (sqlite-functions).
 * Fails: ProviderFailure.
 * Sources: doc "SQLite: Result and Error Codes"; doc "SQLite: Compile-Time Authorization Callbacks".
 *
 * Confinement: statements reach the one file that was opened. The authorizer refuses ATTACH, DETACH, loading of
 * extensions, virtual tables and every PRAGMA that does more than describe; there is no room for an attached
 * database either. A Node without the authorizer is refused.
 */
import { constants, DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { columnType, typeOfDeclaration } from './columns.ts';
import type { SqlDialect } from './data-sources.ts';
import type {
  Column,
  ColumnFacts,
  Database,
  DbValue,
  QueryResult,
  ResultLimits,
  StatementOptions,
  TableFacts,
} from './database.ts';
import { ProviderFailure } from './errors.ts';
import { type Schema, schemaOf } from './sql/schema.ts';
import { registerFunctions } from './sqlite-functions.ts';

export type SqliteOptions = {
  readonly access: 'read' | 'write' | 'create';
  readonly dialect: SqlDialect;
  readonly limits: ResultLimits;
  /** Longest wait for another user of the file. */
  readonly busyMs: number;
};

const PRAGMAS = new Set([
  'table_info',
  'table_xinfo',
  'table_list',
  'index_list',
  'index_info',
  'foreign_key_list',
  'data_version',
]);

const FORBIDDEN_ACTIONS = new Set<number>([
  constants.SQLITE_ATTACH,
  constants.SQLITE_DETACH,
  constants.SQLITE_CREATE_VTABLE,
  constants.SQLITE_DROP_VTABLE,
]);

const FORBIDDEN_FUNCTIONS = new Set(['load_extension', 'fts3_tokenizer', 'readfile', 'writefile', 'edit']);

export class SqliteDatabase implements Database {
  readonly kind = 'sqlite';
  readonly product: { readonly name: string; readonly version: string };
  readonly #database: DatabaseSync;
  readonly #options: SqliteOptions;
  #schema: Schema | undefined;
  #tables: readonly TableFacts[] | undefined;

  constructor(file: string, options: SqliteOptions) {
    this.#options = options;
    this.#database = failing(
      () =>
        new DatabaseSync(file, {
          readOnly: options.access === 'read',
          timeout: options.busyMs,
          allowExtension: false,
          limits: { attach: 0 },
        }),
    );
    try {
      const version = failing(() => {
        // The first look at the file says whether it is a database at all.
        this.#database.exec('PRAGMA temp_store = MEMORY; SELECT count(*) FROM sqlite_schema');
        return this.#database.prepare('SELECT sqlite_version() AS version').get()!['version'];
      });
      this.product = { name: 'SQLite', version: String(version) };
      registerFunctions(this.#database);
      this.#database.enableDefensive(true);
      this.#database.setAuthorizer(authorize);
    } catch (thrown) {
      this.#database.close();
      throw thrown;
    }
  }

  run(sql: string, parameters: readonly DbValue[], options: StatementOptions): QueryResult {
    return failing(() => {
      const statement = this.#database.prepare(sql);
      const values = parameters.map(bound);
      const described = statement.columns();
      if (described.length === 0) {
        const { changes } = statement.run(...values);
        return { columns: [], rows: [], changes: Number(changes) };
      }
      const rows = this.#rows(statement, values, options.maxRows);
      return { columns: described.map((column) => this.#column(column)), rows, changes: rows.length };
    });
  }

  /** Rows as arrays. Whole numbers beyond what a Double holds are read as BigInt, in a second try. */
  #rows(statement: StatementSync, values: readonly SQLInputValue[], maxRows?: number): DbValue[][] {
    statement.setReturnArrays(true);
    try {
      return this.#collected(statement, values, maxRows);
    } catch (thrown) {
      if ((thrown as { code?: unknown }).code !== 'ERR_OUT_OF_RANGE') throw thrown;
      statement.setReadBigInts(true);
      return this.#collected(statement, values, maxRows).map((row) =>
        row.map((value) =>
          typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value,
        ),
      );
    }
  }

  #collected(statement: StatementSync, values: readonly SQLInputValue[], maxRows?: number): DbValue[][] {
    const { limits } = this.#options;
    const rows: DbValue[][] = [];
    let bytes = 0;
    for (const row of statement.iterate(...values) as Iterable<unknown> as Iterable<DbValue[]>) {
      for (const value of row)
        bytes +=
          typeof value === 'string' ? value.length * 2 : value instanceof Uint8Array ? value.length : 16;
      if (rows.length >= limits.rows || bytes > limits.bytes) throw tooMuch(limits);
      rows.push(row);
      if (rows.length === maxRows) break;
    }
    return rows;
  }

  #column(described: ReturnType<StatementSync['columns']>[number]): Column {
    const { name, table, column, type } = described;
    const facts =
      table === null || column === null
        ? undefined
        : this.tables()
            .find((known) => known.name === table)
            ?.columns.find((known) => known.name === column);
    const declared = typeOfDeclaration(type, this.#options.dialect);
    return {
      name,
      type: declared?.type,
      size: declared?.size ?? 0,
      precision: declared?.precision ?? 255,
      scale: declared?.scale ?? 255,
      isNullable: facts?.isNullable ?? true,
      table: table ?? undefined,
      column: column ?? undefined,
    };
  }

  schema(): Schema {
    this.#schema ??= schemaOf(this.tables());
    return this.#schema;
  }

  tables(): readonly TableFacts[] {
    this.#tables ??= failing(() =>
      (
        this.#database
          .prepare(
            "SELECT name, type FROM pragma_table_list WHERE schema <> 'temp' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' UNION ALL SELECT name, type FROM pragma_table_list WHERE schema = 'temp' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
          )
          .all() as { name: string; type: string }[]
      ).map(({ name, type }) => ({ name, isView: type === 'view', columns: this.#columnsOf(name) })),
    );
    return this.#tables;
  }

  #columnsOf(table: string): ColumnFacts[] {
    const rows = this.#database
      .prepare('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)')
      .all(table) as { name: string; type: string; notnull: number; dflt_value: unknown; pk: number }[];
    return rows.map(({ name, type, notnull, dflt_value, pk }) => {
      const declared = typeOfDeclaration(type, this.#options.dialect) ?? columnType(202);
      return {
        name,
        ...declared,
        isNullable: notnull === 0 && pk === 0,
        hasDefault: dflt_value !== null,
        keyPlace: pk,
      };
    });
  }

  /** The row id, or the primary key of a table without one. */
  keyOf(table: string): readonly string[] | undefined {
    const facts = this.tables().find(({ name }) => name.toLowerCase() === table.toLowerCase());
    if (facts === undefined || facts.isView) return undefined;
    try {
      this.#database.prepare(`SELECT rowid FROM ${quoted(facts.name)} LIMIT 0`);
      return ['rowid'];
    } catch {
      const keys = facts.columns.filter(({ keyPlace }) => keyPlace > 0);
      return keys.length === 0 ? undefined : keys.map(({ name }) => quoted(name));
    }
  }

  structureChanged(): void {
    this.#schema = undefined;
    this.#tables = undefined;
  }

  close(): void {
    this.#database.close();
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function authorize(action: number, first: string | null, second: string | null): number {
  const isForbidden =
    FORBIDDEN_ACTIONS.has(action) ||
    (action === constants.SQLITE_PRAGMA && !PRAGMAS.has(String(first).toLowerCase())) ||
    (action === constants.SQLITE_FUNCTION && FORBIDDEN_FUNCTIONS.has(String(second).toLowerCase()));
  return isForbidden ? constants.SQLITE_DENY : constants.SQLITE_OK;
}

function bound(value: DbValue): SQLInputValue {
  return typeof value === 'boolean' ? (value ? 1 : 0) : value;
}

export function tooMuch(limits: ResultLimits): ProviderFailure {
  return new ProviderFailure(
    'fail',
    `The result is larger than ${limits.rows} rows or ${Math.floor(limits.bytes / 1024 / 1024)} MB. Ask for fewer rows with WHERE or TOP.`,
  );
}

function failing<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof ProviderFailure) throw thrown;
    throw failureOf(thrown);
  }
}

const CONSTRAINT = { foreignKey: 787, unique: 2067, primaryKey: 1555, rowId: 2579 } as const;

function failureOf(thrown: unknown): Error {
  const { errcode, message, code } = thrown as { errcode?: number; message: string; code?: string };
  if (code !== 'ERR_SQLITE_ERROR' || errcode === undefined)
    return code === 'ERR_INVALID_STATE' || code === 'ERR_INVALID_ARG_TYPE'
      ? new ProviderFailure('fail', message, { cause: thrown })
      : (thrown as Error);
  const options = { nativeError: errcode, cause: thrown };
  const failure = (kind: ProviderFailure['kind'], subject?: string): ProviderFailure =>
    new ProviderFailure(kind, message, { ...options, ...(subject !== undefined && { subject }) });
  switch (errcode & 0xff) {
    case 5:
    case 6:
      return failure('locked');
    case 8:
      return failure('readOnly');
    case 19: {
      if (errcode === CONSTRAINT.unique || errcode === CONSTRAINT.primaryKey || errcode === CONSTRAINT.rowId)
        return failure('duplicate');
      return failure(errcode === CONSTRAINT.foreignKey ? 'foreignKey' : 'integrity');
    }
    case 20:
      return failure('conversion');
    case 23:
      return failure('permission');
    case 14:
    case 26:
      return failure('cannotOpen');
    case 18:
      return failure('fail');
    default: {
      const table = /no such table: (?:main\.)?(.*)$/.exec(message)?.[1];
      if (table !== undefined) return failure('noTable', table);
      const column =
        /no such column: (.*)$/.exec(message)?.[1] ?? /has no column named (.*)$/.exec(message)?.[1];
      if (column !== undefined) return failure('noColumn', column);
      const called = /no such function: (.*)$/.exec(message)?.[1];
      if (called !== undefined) return failure('noFunction', called);
      const existing = /(?:table|index|view) (.*) already exists/.exec(message)?.[1];
      if (existing !== undefined) return failure('tableExists', existing);
      return failure('command');
    }
  }
}
