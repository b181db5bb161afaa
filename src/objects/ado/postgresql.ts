/**
 * PostgreSQL as a database of ADO, seen from the script's thread.
 * Owns: the questions to the main thread, values out of PostgreSQL's texts, the structure.
 * Leaves: connecting and running (postgresql-server, in the main thread), addresses and passwords: this thread has none.
 * Fails: ProviderFailure.
 */
import type { WaitingRoom } from '../../automation/index.ts';
import { columnType, typeOfOid } from './columns.ts';
import type { SqlDialect } from './data-sources.ts';
import type {
  Column,
  Database,
  DbValue,
  QueryResult,
  ResultLimits,
  StatementOptions,
  TableFacts,
} from './database.ts';
import { type FailureKind, ProviderFailure } from './errors.ts';
import { type Schema, schemaOf } from './sql/schema.ts';

/** The operations of the waiting room. */
export const POSTGRESQL_OPERATION = {
  /** PostgresqlOpen → PostgresqlOpened */
  open: 'ado.postgresql.open',
  /** PostgresqlRun → PostgresqlAnswer */
  run: 'ado.postgresql.run',
  /** session → PostgresqlTable[] */
  structure: 'ado.postgresql.structure',
  /** session → nothing */
  close: 'ado.postgresql.close',
} as const;

export type PostgresqlOpen = {
  /** Which row of the table of data sources; the address is the main thread's. */
  readonly match: string;
  readonly connectTimeoutMs: number;
  readonly isReadOnly: boolean;
};

export type PostgresqlOpened = { readonly session: number; readonly version: string };

export type PostgresqlRun = {
  readonly session: number;
  readonly sql: string;
  readonly values: readonly (string | null | Uint8Array)[];
  readonly timeoutMs: number;
  readonly isGuarded: boolean;
  readonly maxRows: number | undefined;
  readonly limits: ResultLimits;
};

export type PostgresqlAnswer = {
  readonly columns: readonly {
    readonly name: string;
    readonly oid: number;
    readonly modifier: number;
    readonly table: number;
    readonly column: number;
  }[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly changes: number;
};

export type PostgresqlTable = {
  readonly oid: number;
  readonly name: string;
  readonly isView: boolean;
  readonly columns: readonly {
    readonly number: number;
    readonly name: string;
    readonly oid: number;
    readonly modifier: number;
    readonly isNullable: boolean;
    readonly hasDefault: boolean;
    readonly keyPlace: number;
  }[];
};

export type PostgresqlOptions = PostgresqlOpen & {
  readonly dialect: SqlDialect;
  readonly limits: ResultLimits;
};

export class PostgresqlDatabase implements Database {
  readonly kind = 'postgresql';
  readonly product: { readonly name: string; readonly version: string };
  readonly #waiting: WaitingRoom;
  readonly #options: PostgresqlOptions;
  readonly #session: number;
  #structure: readonly PostgresqlTable[] | undefined;
  #tables: readonly TableFacts[] | undefined;
  #schema: Schema | undefined;

  constructor(waiting: WaitingRoom, options: PostgresqlOptions) {
    this.#waiting = waiting;
    this.#options = options;
    const { match, connectTimeoutMs, isReadOnly } = options;
    const opened = this.#ask(POSTGRESQL_OPERATION.open, {
      match,
      connectTimeoutMs,
      isReadOnly,
    } satisfies PostgresqlOpen) as PostgresqlOpened;
    this.#session = opened.session;
    this.product = { name: 'PostgreSQL', version: opened.version };
  }

  run(sql: string, parameters: readonly DbValue[], options: StatementOptions): QueryResult {
    const answer = this.#ask(POSTGRESQL_OPERATION.run, {
      session: this.#session,
      sql,
      values: parameters.map(wireValue),
      timeoutMs: options.timeoutMs,
      isGuarded: options.isGuarded,
      maxRows: options.maxRows,
      limits: this.#options.limits,
    } satisfies PostgresqlRun) as PostgresqlAnswer;
    const oids = answer.columns.map(({ oid }) => oid);
    return {
      columns: answer.columns.map((column) => this.#column(column)),
      rows: answer.rows.map((row) => row.map((text, index) => valueFromText(oids[index]!, text))),
      changes: answer.changes,
    };
  }

  #column({ name, oid, modifier, table, column }: PostgresqlAnswer['columns'][number]): Column {
    const found = table === 0 ? undefined : this.#tablesRaw().find((known) => known.oid === table);
    const facts = found?.columns.find((known) => known.number === column);
    const type = typeOfOid(oid, modifier, this.#options.dialect);
    return {
      name,
      ...type,
      isNullable: facts?.isNullable ?? true,
      table: found?.name,
      column: facts?.name,
    };
  }

  schema(): Schema {
    this.#schema ??= schemaOf(this.tables());
    return this.#schema;
  }

  tables(): readonly TableFacts[] {
    this.#tables ??= this.#tablesRaw().map(({ name, isView, columns }) => ({
      name,
      isView,
      columns: columns.map((column) => ({
        ...columnType(0),
        ...typeOfOid(column.oid, column.modifier, this.#options.dialect),
        name: column.name,
        isNullable: column.isNullable,
        hasDefault: column.hasDefault,
        keyPlace: column.keyPlace,
      })),
    }));
    return this.#tables;
  }

  keyOf(table: string): readonly string[] | undefined {
    const facts = this.tables().find(({ name }) => name.toLowerCase() === table.toLowerCase());
    const keys = facts?.columns.filter(({ keyPlace }) => keyPlace > 0) ?? [];
    if (facts === undefined || facts.isView || keys.length === 0) return undefined;
    return [...keys]
      .sort((a, b) => a.keyPlace - b.keyPlace)
      .map(({ name }) => `"${name.replaceAll('"', '""')}"`);
  }

  structureChanged(): void {
    this.#structure = undefined;
    this.#tables = undefined;
    this.#schema = undefined;
  }

  close(): void {
    this.#ask(POSTGRESQL_OPERATION.close, this.#session);
  }

  #tablesRaw(): readonly PostgresqlTable[] {
    this.#structure ??= this.#ask(POSTGRESQL_OPERATION.structure, this.#session) as PostgresqlTable[];
    return this.#structure;
  }

  #ask(operation: string, request: unknown): unknown {
    try {
      return this.#waiting.waitFor(operation, request);
    } catch (thrown) {
      const { name, message, kind, subject, sqlState } = thrown as Error & {
        kind?: FailureKind;
        subject?: string;
        sqlState?: string;
      };
      if (name !== 'ProviderFailure' || kind === undefined) throw thrown;
      throw new ProviderFailure(kind, message, {
        ...(subject !== undefined && { subject }),
        ...(sqlState !== undefined && { sqlState }),
        cause: thrown,
      });
    }
  }
}

function wireValue(value: DbValue): string | null | Uint8Array {
  if (value === null || typeof value === 'string' || value instanceof Uint8Array) return value;
  return typeof value === 'boolean' ? (value ? 'true' : 'false') : String(value);
}

const OID = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, oid: 26, float4: 700, float8: 701 } as const;

/** PostgreSQL's text of a value → the value. Dates, decimals and the rest stay texts. */
function valueFromText(oid: number, text: string | null): DbValue {
  if (text === null) return null;
  switch (oid) {
    case OID.bool:
      return text === 't';
    case OID.int2:
    case OID.int4:
    case OID.oid:
    case OID.float4:
    case OID.float8:
      return Number(text);
    case OID.int8:
      return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
    case OID.bytea:
      return text.startsWith('\\x') ? Buffer.from(text.slice(2), 'hex') : Buffer.from(text, 'latin1');
    default:
      return text;
  }
}
