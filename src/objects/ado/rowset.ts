/**
 * The rows behind a recordset and its clones.
 * Owns: columns, rows and what was done to them, writing rows back.  Leaves: cursors (recordset), statements of pages (session).
 * Fails: ProviderFailure, 3251 for rows that cannot be written.
 *
 * A row is clean, new (not in the database), modified or deleted; `original` holds what the database had. Rows are
 * written by their key: the hidden columns that the query was given, or the primary key among the query's own columns.
 */
import { AD, type ColumnType, columnType } from './columns.ts';
import type { Column, DbValue } from './database.ts';
import { type AdoSource, adoError, ProviderFailure } from './errors.ts';
import type { DataSession, SessionResult } from './session.ts';
import { inferredType } from './values.ts';

export type FieldColumn = {
  readonly name: string;
  readonly type: ColumnType;
  readonly isNullable: boolean;
  /** Where its values are kept; undefined: nowhere. */
  readonly table: string | undefined;
  readonly column: string | undefined;
};

export type RowState = 'clean' | 'new' | 'modified' | 'deleted';

export type Row = {
  values: DbValue[];
  keys: DbValue[];
  state: RowState;
  /** What the database holds; undefined: a new row. */
  original: DbValue[] | undefined;
  /** Columns that differ from `original`, by index. */
  changed: Set<number>;
  /** Bookmark. */
  readonly id: number;
};

export class Rowset {
  columns: FieldColumn[];
  rows: Row[] = [];
  /** Expressions in the base table that the rows' keys are values of. */
  readonly #keys: readonly string[];
  readonly #table: string | undefined;
  #nextId = 1;

  constructor(columns: FieldColumn[], keys: readonly string[], table: string | undefined) {
    this.columns = columns;
    this.#keys = keys;
    this.#table = table;
  }

  static of(result: SessionResult): Rowset {
    const columns = result.columns.map((column, index) => fieldColumn(column, result.rows, index));
    const rowset = new Rowset(columns, result.statement.keys, result.statement.table);
    result.rows.forEach((values, index) => void rowset.add(values, result.keys[index] ?? [], 'clean'));
    return rowset;
  }

  add(values: DbValue[], keys: DbValue[], state: 'clean' | 'new'): Row {
    const row: Row = {
      values,
      keys,
      state,
      original: state === 'new' ? undefined : values,
      changed: new Set(),
      id: this.#nextId,
    };
    this.#nextId += 1;
    this.rows.push(row);
    return row;
  }

  indexOf(name: string): number {
    const wanted = name.toLowerCase();
    return this.columns.findIndex((column) => column.name.toLowerCase() === wanted);
  }

  /** Puts a row's changes into the database; afterwards it is clean, or gone. */
  write(row: Row, session: DataSession): void {
    if (row.state === 'new') this.#insert(row, session);
    else if (row.state === 'modified') this.#update(row, session);
    else if (row.state === 'deleted') {
      this.#delete(row, session);
      this.rows = this.rows.filter((kept) => kept !== row);
      return;
    }
    this.settle(row);
  }

  /** A row that stands as it is. */
  settle(row: Row): void {
    row.state = 'clean';
    row.original = row.values;
    row.changed = new Set();
  }

  /** Takes back what was done to a row since it was last written. */
  restore(row: Row): void {
    if (row.state === 'new') {
      this.rows = this.rows.filter((kept) => kept !== row);
      return;
    }
    row.values = row.original!;
    row.state = 'clean';
    row.changed = new Set();
  }

  #insert(row: Row, session: DataSession): void {
    const table = this.#baseTable(row.changed, session);
    const set = [...row.changed].filter(
      (index) => this.columns[index]!.table === table || this.#isAlone(index),
    );
    const names = set.map((index) => quoted(this.columns[index]!.column ?? this.columns[index]!.name));
    const back = this.columns
      .map((column, index) => ({ column, index }))
      .filter(({ column }) => column.table === table && column.column !== undefined);
    const keys = session.database.keyOf(table) === undefined ? [] : this.#keys;
    const returning = [...back.map(({ column }) => quoted(column.column!)), ...keys];
    const places = set.map((_, at) => (session.database.kind === 'sqlite' ? `?${at + 1}` : `$${at + 1}`));
    const head =
      names.length === 0 ? 'DEFAULT VALUES' : `(${names.join(', ')}) VALUES (${places.join(', ')})`;
    const { rows } = session.write(
      `INSERT INTO ${quoted(table)} ${head}${returning.length === 0 ? '' : ` RETURNING ${returning.join(', ')}`}`,
      set.map((index) => this.#bound(row.values[index]!, index, session)),
    );
    const [stored] = rows;
    if (stored === undefined) return;
    // Counters and defaults come back with the row.
    row.values = [...row.values];
    back.forEach(({ index }, at) => {
      row.values[index] = stored[at]!;
    });
    row.keys = stored.slice(back.length);
  }

  #update(row: Row, session: DataSession): void {
    if (row.changed.size === 0) return;
    const table = this.#baseTable(row.changed, session);
    const set = [...row.changed];
    const mark = session.database.kind === 'sqlite' ? '?' : '$';
    const assignments = set.map((index, at) => `${quoted(this.columns[index]!.column!)} = ${mark}${at + 1}`);
    const key = this.#keyOf(row, table, session);
    const where = key.map(([expression], at) => `${expression} = ${mark}${set.length + at + 1}`);
    const { changes } = session.write(
      `UPDATE ${quoted(table)} SET ${assignments.join(', ')} WHERE ${where.join(' AND ')}`,
      [
        ...set.map((index) => this.#bound(row.values[index]!, index, session)),
        ...key.map(([, value]) => value),
      ],
    );
    if (changes === 0) throw new ProviderFailure('rowGone', 'the row is gone');
    // A key that was changed is the new one from here on.
    row.keys = row.keys.map((value, at) => {
      const index = this.columns.findIndex(
        ({ table: of, column }) => of === table && column !== undefined && quoted(column) === this.#keys[at],
      );
      return index >= 0 && row.changed.has(index) ? row.values[index]! : value;
    });
  }

  #delete(row: Row, session: DataSession): void {
    if (row.original === undefined) return;
    const table = this.#baseTable(new Set(), session);
    const mark = session.database.kind === 'sqlite' ? '?' : '$';
    const key = this.#keyOf(row, table, session);
    const where = key.map(([expression], at) => `${expression} = ${mark}${at + 1}`);
    const { changes } = session.write(
      `DELETE FROM ${quoted(table)} WHERE ${where.join(' AND ')}`,
      key.map(([, value]) => value),
    );
    if (changes === 0) throw new ProviderFailure('rowGone', 'the row is gone');
  }

  /** The one table that the changed columns lie in; the query's only one when none is changed. */
  #baseTable(changed: ReadonlySet<number>, session: DataSession): string {
    // A value that the query computed has no place in any table.
    if ([...changed].some((index) => this.columns[index]!.column === undefined)) throw insufficient();
    const tables = new Set([...changed].map((index) => this.columns[index]!.table));
    if (tables.size === 0) {
      const all = new Set(this.columns.map(({ table }) => table).filter((table) => table !== undefined));
      if (this.#table !== undefined) return this.#table;
      if (all.size === 1) return [...all][0]!;
    }
    const [only] = tables;
    if (tables.size === 1 && only !== undefined) return only;
    if (
      this.#table !== undefined &&
      only === undefined &&
      session.database.schema().table(this.#table) !== undefined
    )
      return this.#table;
    throw insufficient();
  }

  /** A value computed by the query has no place in the table. */
  #isAlone(index: number): boolean {
    return this.columns[index]!.column !== undefined && this.columns[index]!.table === undefined;
  }

  /** What finds the row: expression and value. */
  #keyOf(row: Row, table: string, session: DataSession): [string, DbValue][] {
    if (this.#keys.length > 0 && table === this.#table) {
      if (row.keys.length === this.#keys.length)
        return this.#keys.map((expression, at) => [expression, row.keys[at]!]);
      throw insufficient();
    }
    const facts = session.database.tables().find(({ name }) => name === table);
    const keys = facts?.columns.filter(({ keyPlace }) => keyPlace > 0) ?? [];
    const found = keys.map(({ name }): [string, DbValue] | undefined => {
      const index = this.columns.findIndex((column) => column.table === table && column.column === name);
      return index < 0 ? undefined : [quoted(name), (row.original ?? row.values)[index]!];
    });
    if (found.length === 0 || found.includes(undefined)) throw insufficient();
    return found as [string, DbValue][];
  }

  #bound(value: DbValue, index: number, session: DataSession): DbValue {
    const { type } = this.columns[index]!.type;
    if (type === AD.boolean && session.database.kind === 'sqlite' && value !== null)
      return Number(value) === 0 ? 0 : 1;
    return value;
  }
}

function fieldColumn(column: Column, rows: readonly (readonly DbValue[])[], index: number): FieldColumn {
  const type = column.type === undefined ? inferredType(rows, index) : columnTypeOf(column, column.type);
  return {
    name: column.name,
    type,
    isNullable: column.isNullable,
    table: column.table,
    column: column.column,
  };
}

function columnTypeOf(column: Column, type: number): ColumnType {
  return type === AD.numeric || column.size > 0
    ? { type, size: column.size, precision: column.precision, scale: column.scale }
    : columnType(type);
}

export function insufficient(): ProviderFailure {
  return new ProviderFailure(
    'fail',
    'Insufficient base table information for updating or refreshing. The query must name one table, or the primary key of the table to be changed must be among its columns.',
  );
}

export function notUpdatable(source: AdoSource) {
  return adoError(3251, source);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
