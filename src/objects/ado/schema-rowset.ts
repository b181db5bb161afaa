/**
 * Connection.OpenSchema: tables, columns and primary keys as recordsets.
 * Owns: which columns each list has.  Leaves: reading the structure (sqlite, postgresql).
 * Fails: 3251 for lists that are not there.
 * Sources: doc "SchemaEnum"; doc "OLE DB Schema Rowsets: COLUMNS, TABLES, PRIMARY_KEYS".
 */
import { type AutomationValue, VariantArray } from '../../automation/index.ts';
import { isBlank, plainOf } from '../arguments.ts';
import { AD, columnType } from './columns.ts';
import type { Connection } from './connection.ts';
import type { DbValue, TableFacts } from './database.ts';
import { notCapable } from './errors.ts';
import { CURSOR, Recordset } from './recordset.ts';
import { Rowset } from './rowset.ts';

const SCHEMA = { columns: 4, tables: 20, primaryKeys: 28 } as const;

type List = {
  readonly columns: readonly (readonly [name: string, type: number])[];
  readonly rows: DbValue[][];
};

export function schemaRecordset(connection: Connection, kind: number, criteria: AutomationValue): Recordset {
  const tables = connection.attempt(() => connection.session().database.tables());
  const { columns, rows } = listOf(kind, tables);
  const wanted = criteria instanceof VariantArray ? criteria.elements.map((element) => plainOf(element)) : [];
  // Criteria are given for the first columns, in their order; tables by type, too.
  const places = kind === SCHEMA.primaryKeys ? [0, 1, 2] : [0, 1, 2, 3];
  const shown = rows.filter((row) =>
    places.every(
      (place, at) =>
        isBlank(wanted[at]) || String(row[place] ?? '').toLowerCase() === String(wanted[at]).toLowerCase(),
    ),
  );
  const rowset = new Rowset(
    columns.map(([name, type]) => ({
      name,
      type: columnType(type),
      isNullable: true,
      table: undefined,
      column: undefined,
    })),
    [],
    undefined,
  );
  for (const row of shown) rowset.add(row, [], 'clean');
  const recordset = new Recordset();
  recordset.connection = connection;
  recordset.cursorType = CURSOR.static;
  recordset.show(rowset);
  return recordset;
}

function listOf(kind: number, tables: readonly TableFacts[]): List {
  const text = AD.varWChar;
  switch (kind) {
    case SCHEMA.tables:
      return {
        columns: [
          ['TABLE_CATALOG', text],
          ['TABLE_SCHEMA', text],
          ['TABLE_NAME', text],
          ['TABLE_TYPE', text],
          ['TABLE_GUID', AD.guid],
          ['DESCRIPTION', text],
          ['TABLE_PROPID', AD.integer],
          ['DATE_CREATED', AD.date],
          ['DATE_MODIFIED', AD.date],
        ],
        rows: [...tables]
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map(({ name, isView }) => [
            null,
            null,
            name,
            isView ? 'VIEW' : 'TABLE',
            null,
            null,
            null,
            null,
            null,
          ]),
      };
    case SCHEMA.columns:
      return {
        columns: [
          ['TABLE_CATALOG', text],
          ['TABLE_SCHEMA', text],
          ['TABLE_NAME', text],
          ['COLUMN_NAME', text],
          ['ORDINAL_POSITION', AD.integer],
          ['COLUMN_HASDEFAULT', AD.boolean],
          ['IS_NULLABLE', AD.boolean],
          ['DATA_TYPE', AD.integer],
          ['CHARACTER_MAXIMUM_LENGTH', AD.integer],
          ['NUMERIC_PRECISION', AD.integer],
          ['NUMERIC_SCALE', AD.integer],
        ],
        rows: tables.flatMap(({ name, columns }) =>
          columns.map((column, index): DbValue[] => [
            null,
            null,
            name,
            column.name,
            index + 1,
            column.hasDefault,
            column.isNullable,
            column.type,
            column.type === AD.varWChar ? column.size : null,
            column.precision === 255 ? null : column.precision,
            column.scale === 255 ? null : column.scale,
          ]),
        ),
      };
    case SCHEMA.primaryKeys:
      return {
        columns: [
          ['TABLE_CATALOG', text],
          ['TABLE_SCHEMA', text],
          ['TABLE_NAME', text],
          ['COLUMN_NAME', text],
          ['ORDINAL', AD.integer],
        ],
        rows: tables.flatMap(({ name, columns }) =>
          columns
            .filter(({ keyPlace }) => keyPlace > 0)
            .map((column): DbValue[] => [null, null, name, column.name, column.keyPlace]),
        ),
      };
    default:
      throw notCapable(
        'ADODB.Connection',
        'OpenSchema lists adSchemaTables, adSchemaColumns and adSchemaPrimaryKeys.',
      );
  }
}
