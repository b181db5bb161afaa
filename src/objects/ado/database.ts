/**
 * What the objects of ADO need of a database.
 * Owns: the port between the objects and the two back ends, and how values lie in rows.  Leaves: doing it (sqlite, postgresql).
 */
import type { Schema } from './sql/schema.ts';

/** A value as a row keeps it. Dates are texts `2003-01-02 03:04:05[.678]`, Booleans are booleans or numbers. */
export type DbValue = null | number | bigint | string | boolean | Uint8Array;

/** A column of a result. */
export type Column = {
  readonly name: string;
  /** ADO's DataTypeEnum; undefined: no column of a table, and the rows tell. */
  readonly type: number | undefined;
  /** Characters or bytes, as declared; 0: unknown. */
  readonly size: number;
  readonly precision: number;
  readonly scale: number;
  readonly isNullable: boolean;
  /** The table and column that the values come from; undefined for expressions. */
  readonly table: string | undefined;
  readonly column: string | undefined;
};

export type QueryResult = {
  /** Empty for a statement without rows. */
  readonly columns: readonly Column[];
  readonly rows: DbValue[][];
  /** Rows that the statement changed. */
  readonly changes: number;
};

export type StatementOptions = {
  /** 0: no limit. */
  readonly timeoutMs: number;
  /** A failure takes back this statement alone, not the transaction that it is part of. */
  readonly isGuarded: boolean;
  /** Rows after which the result ends. */
  readonly maxRows?: number;
};

/** Most that one result may hold. */
export type ResultLimits = { readonly rows: number; readonly bytes: number };

export const RESULT_LIMITS: ResultLimits = { rows: 1_000_000, bytes: 256 * 1024 * 1024 };

/** One column of a table as OpenSchema lists it. */
export type ColumnFacts = {
  readonly name: string;
  readonly type: number;
  readonly size: number;
  readonly precision: number;
  readonly scale: number;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
  /** Place in the primary key from 1; 0: none. */
  readonly keyPlace: number;
};

export type TableFacts = {
  readonly name: string;
  readonly isView: boolean;
  readonly columns: readonly ColumnFacts[];
};

/** An open database. Every member throws ProviderFailure for what the database refuses. */
export interface Database {
  readonly kind: 'sqlite' | 'postgresql';
  /** What `DBMS Name` and `DBMS Version` answer. */
  readonly product: { readonly name: string; readonly version: string };
  /** Runs one statement in the database's own SQL; values never enter its text. */
  run(sql: string, parameters: readonly DbValue[], options: StatementOptions): QueryResult;
  /** Tables and columns, known until the next change of the structure. */
  schema(): Schema;
  tables(): readonly TableFacts[];
  /** Expressions over `table` that tell its rows apart, with the values' columns; undefined: there are none. */
  keyOf(table: string): readonly string[] | undefined;
  /** Forget the structure: a statement changed it. */
  structureChanged(): void;
  close(): void;
}
