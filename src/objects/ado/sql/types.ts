/**
 * Types of Access and SQL Server in the words of SQLite and PostgreSQL.
 * Owns: the table of types, columns of CREATE TABLE, CAST.  Leaves: what ADO calls the types of results (columns).
 * Sources: doc "Microsoft Jet SQL Reference: Equivalent ANSI SQL Data Types"; doc "Transact-SQL: Data Types".
 */
import type { SqlTarget } from './functions.ts';
import type { ColumnKind } from './schema.ts';
import { type Node, SqlProblem, type Token } from './tokens.ts';

type TypeRow = {
  readonly names: string;
  readonly kind: ColumnKind;
  /** `()` stands for the size when one is given. */
  readonly sqlite: string;
  readonly postgresql: string;
};

const TYPES: readonly TypeRow[] = [
  { names: 'counter autoincrement identity', kind: 'number', sqlite: 'COUNTER', postgresql: 'COUNTER' },
  {
    names: 'memo longtext longchar note ntext xml',
    kind: 'text',
    sqlite: 'LONGTEXT COLLATE NOCASE',
    postgresql: 'text',
  },
  {
    names: 'text char varchar nchar nvarchar alphanumeric string character sysname',
    kind: 'text',
    sqlite: 'VARCHAR() COLLATE NOCASE',
    postgresql: 'varchar()',
  },
  {
    names: 'datetime date time smalldatetime datetime2 timestamp',
    kind: 'date',
    sqlite: 'DATETIME',
    postgresql: 'timestamp',
  },
  {
    names: 'yesno bit logical logical1 boolean bool',
    kind: 'boolean',
    sqlite: 'BOOLEAN',
    postgresql: 'boolean',
  },
  { names: 'currency money smallmoney', kind: 'number', sqlite: 'CURRENCY', postgresql: 'numeric(19, 4)' },
  { names: 'byte tinyint integer1', kind: 'number', sqlite: 'TINYINT', postgresql: 'smallint' },
  { names: 'short smallint integer2', kind: 'number', sqlite: 'SMALLINT', postgresql: 'smallint' },
  { names: 'long int integer integer4', kind: 'number', sqlite: 'INTEGER', postgresql: 'integer' },
  { names: 'bigint', kind: 'number', sqlite: 'BIGINT', postgresql: 'bigint' },
  { names: 'single real float4 ieeesingle', kind: 'number', sqlite: 'SINGLE REAL', postgresql: 'real' },
  {
    names: 'double float float8 number ieeedouble',
    kind: 'number',
    sqlite: 'DOUBLE',
    postgresql: 'double precision',
  },
  { names: 'decimal numeric dec', kind: 'number', sqlite: 'DECIMAL()', postgresql: 'numeric()' },
  {
    names: 'oleobject longbinary general image binary varbinary blob',
    kind: 'other',
    sqlite: 'BLOB',
    postgresql: 'bytea',
  },
  { names: 'guid uniqueidentifier', kind: 'text', sqlite: 'GUID TEXT COLLATE NOCASE', postgresql: 'uuid' },
];

const BY_NAME = new Map(TYPES.flatMap((row) => row.names.split(' ').map((name) => [name, row] as const)));

export type TypeWords = {
  readonly row: TypeRow;
  /** `(50)` or empty. */
  readonly size: string;
  /** Nodes that the type takes. */
  readonly used: number;
};

/** The type at the head of `nodes`. */
export function typeAt(nodes: readonly Node[], at: number): TypeWords {
  const first = nodes[0];
  const name = first?.kind === 'word' || first?.kind === 'name' ? first.value.toLowerCase() : '';
  let row = BY_NAME.get(name);
  if (row === undefined) throw new SqlProblem(`the type '${name}' is not known`, first?.at ?? at);
  const next = nodes[1];
  const size = next?.kind === 'group' ? next.items.map((node) => (node as Token).value).join('') : '';
  // VARCHAR(MAX), and TEXT without a size where SQL Server means a long one, hold any text.
  if (/max/i.test(size)) row = BY_NAME.get(row.kind === 'text' ? 'memo' : name)!;
  return { row, size: /^\d+(?:,\d+)?$/.test(size) ? `(${size})` : '', used: next?.kind === 'group' ? 2 : 1 };
}

export function typeText(target: SqlTarget, { row, size }: TypeWords): string {
  const isBareText = row.names.startsWith('text') && size === '';
  if (target === 'postgresql' && isBareText) return 'text';
  return row[target].replace('()', size);
}

/** `text` cast to the type that `nodes` name. */
export function castType(target: SqlTarget, text: string, nodes: readonly Node[], at: number): string {
  const type = typeAt(nodes, at);
  const { row, size } = type;
  if (target === 'postgresql') {
    if (row.kind === 'boolean') return `(CAST(${text} AS integer) <> 0)`;
    return `CAST(${text} AS ${typeText(target, type)})`;
  }
  switch (row.kind) {
    case 'text': {
      const cast = `CAST(${text} AS TEXT)`;
      return size === '' ? cast : `substr(${cast}, 1, ${size.slice(1, -1)})`;
    }
    case 'date':
      return row.names.startsWith('datetime') &&
        nodes[0]!.kind === 'word' &&
        /^date$/i.test((nodes[0] as Token).value)
        ? `ado_day(${text})`
        : `ado_date(${text})`;
    case 'boolean':
      return `(${text} <> 0)`;
    case 'number':
      if (/INT/.test(row.sqlite)) return `CAST(${text} AS INTEGER)`;
      if (row.sqlite === 'CURRENCY') return `round(CAST(${text} AS REAL), 4)`;
      return row.sqlite.startsWith('DECIMAL') && size !== ''
        ? `round(CAST(${text} AS REAL), ${size.includes(',') ? size.slice(size.indexOf(',') + 1, -1) : '0'})`
        : `CAST(${text} AS REAL)`;
    default:
      return `CAST(${text} AS BLOB)`;
  }
}
