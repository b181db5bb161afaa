/**
 * What ADO calls the types of columns.
 * Owns: DataTypeEnum, declared types of SQLite and type numbers of PostgreSQL → ADO, what kind a column is to the translation.
 * Leaves: values (values).
 * Sources: doc "DataTypeEnum (ADO)"; doc "SQLite: Datatypes"; doc "PostgreSQL 15: System Catalogs, pg_type".
 */
import type { SqlDialect } from './data-sources.ts';
import type { ColumnKind } from './sql/schema.ts';

export const AD = {
  empty: 0,
  smallInt: 2,
  integer: 3,
  single: 4,
  double: 5,
  currency: 6,
  date: 7,
  bstr: 8,
  error: 10,
  boolean: 11,
  variant: 12,
  decimal: 14,
  tinyInt: 16,
  unsignedTinyInt: 17,
  unsignedSmallInt: 18,
  unsignedInt: 19,
  bigInt: 20,
  unsignedBigInt: 21,
  guid: 72,
  binary: 128,
  char: 129,
  wChar: 130,
  numeric: 131,
  dbDate: 133,
  dbTime: 134,
  dbTimeStamp: 135,
  varChar: 200,
  longVarChar: 201,
  varWChar: 202,
  longVarWChar: 203,
  varBinary: 204,
  longVarBinary: 205,
} as const;

export type ColumnType = {
  readonly type: number;
  readonly size: number;
  readonly precision: number;
  readonly scale: number;
};

const LONG = 1_073_741_823;

/** Bytes of a value of fixed size; digits of a number. */
const FIXED: Readonly<Record<number, readonly [size: number, precision: number]>> = {
  [AD.smallInt]: [2, 5],
  [AD.integer]: [4, 10],
  [AD.single]: [4, 7],
  [AD.double]: [8, 15],
  [AD.currency]: [8, 19],
  [AD.date]: [8, 255],
  [AD.boolean]: [2, 255],
  [AD.unsignedTinyInt]: [1, 3],
  [AD.bigInt]: [8, 19],
  [AD.guid]: [16, 255],
  [AD.dbTimeStamp]: [16, 19],
};

export function columnType(type: number, size = 0, precision = 0, scale = 0): ColumnType {
  const fixed = FIXED[type];
  if (fixed !== undefined) return { type, size: fixed[0], precision: fixed[1], scale: 0 };
  if (type === AD.numeric) return { type, size: 19, precision: precision || 28, scale };
  const isLong = type === AD.longVarWChar || type === AD.longVarBinary || type === AD.longVarChar;
  return { type, size: size || (isLong ? LONG : 255), precision: 255, scale: 255 };
}

const SQLITE_TYPES: readonly (readonly [RegExp, number])[] = [
  [/^(?:bool|boolean|yesno|bit|logical)/, AD.boolean],
  [/^(?:currency|money|smallmoney)/, AD.currency],
  [/^(?:decimal|numeric)/, AD.numeric],
  [/^(?:tinyint|byte)/, AD.unsignedTinyInt],
  [/^(?:smallint|short|int2)/, AD.smallInt],
  [/^(?:bigint|int8|unsigned big int)/, AD.bigInt],
  [/^(?:int|long$|long |mediumint|counter|autoincrement|serial|identity)/, AD.integer],
  [/^single/, AD.single],
  [/^(?:real|double|float|number)/, AD.double],
  [/^(?:date|time|smalldatetime)/, AD.date],
  [/^(?:guid|uniqueidentifier|uuid)/, AD.guid],
  [/^(?:blob|binary|varbinary|image|longbinary|ole|general|bytea)/, AD.longVarBinary],
  [/^(?:memo|longtext|longchar|clob|ntext|note|xml|hyperlink)/, AD.longVarWChar],
  [/char|text|string/, AD.varWChar],
];

/** The type of a column that SQLite knows by its declaration; undefined: it tells nothing. */
export function typeOfDeclaration(declared: string | null, dialect: SqlDialect): ColumnType | undefined {
  const text = (declared ?? '').trim().toLowerCase();
  const found = SQLITE_TYPES.find(([pattern]) => pattern.test(text))?.[1];
  if (found === undefined) return undefined;
  const [, first, second] = /\((\d+)(?:\s*,\s*(\d+))?\)/.exec(text) ?? [];
  if (found === AD.varWChar)
    return first === undefined ? columnType(AD.longVarWChar) : columnType(AD.varWChar, Number(first));
  if (found === AD.numeric) return decimalType(Number(first ?? 0), Number(second ?? 0), dialect);
  return columnType(found === AD.date ? dateType(dialect) : found);
}

/** Access had no decimals that scripts could compute with: what fits is Currency. */
export function decimalType(precision: number, scale: number, dialect: SqlDialect): ColumnType {
  if (dialect === 'access') return columnType(scale > 4 || precision === 0 ? AD.double : AD.currency);
  return columnType(AD.numeric, 0, precision, scale);
}

export function dateType(dialect: SqlDialect): number {
  return dialect === 'access' ? AD.date : AD.dbTimeStamp;
}

/** PostgreSQL's type numbers. `modifier` carries the declared size. */
export function typeOfOid(oid: number, modifier: number, dialect: SqlDialect): ColumnType {
  switch (oid) {
    case 16:
      return columnType(AD.boolean);
    case 21:
      return columnType(AD.smallInt);
    case 23:
    case 26:
      return columnType(AD.integer);
    case 20:
      return columnType(AD.bigInt);
    case 700:
      return columnType(AD.single);
    case 701:
      return columnType(AD.double);
    case 790:
      return columnType(AD.currency);
    case 1700:
      return modifier < 4
        ? decimalType(0, 0, dialect)
        : decimalType(((modifier - 4) >> 16) & 0xffff, (modifier - 4) & 0x7ff, dialect);
    case 1082:
    case 1083:
    case 1114:
    case 1184:
    case 1266:
      return columnType(dateType(dialect));
    case 17:
      return columnType(AD.longVarBinary);
    case 2950:
      return columnType(AD.guid);
    case 1042:
    case 1043:
      return modifier < 4 ? columnType(AD.longVarWChar) : columnType(AD.varWChar, modifier - 4);
    case 18:
    case 19:
      return columnType(AD.varWChar, 64);
    default:
      return columnType(AD.longVarWChar);
  }
}

export function isTextType(type: number): boolean {
  return (
    (type >= AD.varChar && type <= AD.longVarWChar) ||
    type === AD.char ||
    type === AD.wChar ||
    type === AD.bstr
  );
}

export function isDateType(type: number): boolean {
  return type === AD.date || (type >= AD.dbDate && type <= AD.dbTimeStamp);
}

export function isBinaryType(type: number): boolean {
  return type === AD.binary || type === AD.varBinary || type === AD.longVarBinary;
}

export function isLongType(type: number): boolean {
  return type === AD.longVarChar || type === AD.longVarWChar || type === AD.longVarBinary;
}

export function kindOfType(type: number | undefined): ColumnKind {
  if (type === undefined) return 'other';
  if (isTextType(type)) return 'text';
  if (isDateType(type)) return 'date';
  if (type === AD.boolean) return 'boolean';
  return isBinaryType(type) || type === AD.guid || type === AD.variant ? 'other' : 'number';
}
