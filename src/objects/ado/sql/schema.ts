/**
 * What the translation knows of a database's tables.
 * Owns: look-up of names in any case.  Leaves: reading them (sqlite, postgresql).
 */
import { kindOfType } from '../columns.ts';
import type { TableFacts } from '../database.ts';

/** What a column holds, as far as translation must know. */
export type ColumnKind = 'text' | 'date' | 'boolean' | 'number' | 'other';

export type SchemaTable = {
  readonly name: string;
  /** Lower-case name → column, in the table's order. */
  readonly columns: ReadonlyMap<string, { readonly name: string; readonly kind: ColumnKind }>;
};

export class Schema {
  readonly #tables = new Map<string, SchemaTable>();

  constructor(
    tables: readonly {
      readonly name: string;
      readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[];
    }[],
  ) {
    for (const { name, columns } of tables) {
      const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
      this.#tables.set(name.toLowerCase(), { name, columns: byName });
    }
  }

  table(name: string): SchemaTable | undefined {
    return this.#tables.get(name.toLowerCase());
  }
}

/** The schema of the tables as a database tells them. */
export function schemaOf(tables: readonly TableFacts[]): Schema {
  return new Schema(
    tables.map(({ name, columns }) => ({
      name,
      columns: columns.map((column) => ({ name: column.name, kind: kindOfType(column.type) })),
    })),
  );
}

export const NO_SCHEMA = new Schema([]);
