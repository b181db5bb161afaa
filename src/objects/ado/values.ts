/**
 * Values between scripts and databases.
 * Owns: what a field of each ADO type gives to a script and takes from one.  Leaves: arguments of members (arguments), dates' forms (dates).
 * Fails: 3421 for a value that the type cannot hold.
 * Sources: doc "DataTypeEnum (ADO)"; KB 195180.
 */
import {
  type AutomationArgument,
  type AutomationValue,
  isAutomationObject,
  MISSING,
  NOTHING,
  Scalar,
  VT,
} from '../../automation/index.ts';
import { argumentValue, booleanOf, plainOf, textOf } from '../arguments.ts';
import { AD, type ColumnType, columnType, isBinaryType, isDateType, isTextType } from './columns.ts';
import type { DbValue } from './database.ts';
import { calendarOf, serialOfCalendar, textOfCalendar, textOfSerial } from './dates.ts';
import { type AdoSource, adoError } from './errors.ts';

/** A raw value as a script sees it. */
export function toScript(type: number, value: DbValue): AutomationValue {
  if (value === null) return null;
  if (isDateType(type)) {
    const ms = calendarOf(value);
    return ms === undefined ? String(value) : new Scalar(VT.date, serialOfCalendar(ms));
  }
  if (isTextType(type) || type === AD.guid) return typeof value === 'string' ? value : plainText(value);
  if (isBinaryType(type)) return value instanceof Uint8Array ? value : bytesOf(value);
  if (type === AD.boolean) return truthOf(value);
  if (type === AD.variant || type === AD.empty) return variant(value);
  const number = numeric(value);
  if (number === undefined) return variant(value);
  switch (type) {
    case AD.smallInt:
    case AD.tinyInt:
      return new Scalar(Math.abs(number) <= 32767 ? VT.integer : VT.long, number);
    case AD.unsignedTinyInt:
      return number >= 0 && number <= 255 ? new Scalar(VT.byte, number) : new Scalar(VT.long, number);
    case AD.integer:
    case AD.error:
    case AD.unsignedSmallInt:
      return whole(number);
    case AD.bigInt:
    case AD.unsignedBigInt:
    case AD.unsignedInt:
      return whole(number);
    case AD.single:
      return new Scalar(VT.single, Math.fround(number));
    case AD.currency:
      return new Scalar(VT.currency, number);
    case AD.numeric:
    case AD.decimal:
      return new Scalar(VT.decimal, number);
    default:
      return new Scalar(VT.double, number);
  }
}

/** Long where it fits, else Double. */
function whole(number: number): Scalar {
  return (number | 0) === number ? new Scalar(VT.long, number) : new Scalar(VT.double, number);
}

function variant(value: DbValue): AutomationValue {
  if (typeof value === 'bigint') return new Scalar(VT.double, Number(value));
  if (typeof value === 'number') return Number.isInteger(value) ? whole(value) : new Scalar(VT.double, value);
  return value;
}

function numeric(value: DbValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? -1 : 0;
  if (typeof value !== 'string') return undefined;
  // PostgreSQL's money carries a sign and grouping.
  const number = Number(value.replace(/[$,]/g, ''));
  return value.trim() === '' || Number.isNaN(number) ? undefined : number;
}

function truthOf(value: DbValue): AutomationValue {
  if (typeof value === 'string') {
    if (/^(?:t|true|y|yes|on|-?1)$/i.test(value)) return true;
    return /^(?:f|false|n|no|off|0|)$/i.test(value) ? false : value;
  }
  return value instanceof Uint8Array ? value : Number(value) !== 0;
}

function plainText(value: DbValue): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

function bytesOf(value: DbValue): Uint8Array {
  return Buffer.from(plainText(value), 'utf8');
}

/**
 * A script's value as a column of `type` keeps it. Objects give their default value. Size is enforced for texts
 * of declared size, which Access refuses with 3421 when they are too long.
 */
export function fromScript(type: number, argument: AutomationArgument, source: AdoSource, size = 0): DbValue {
  const value = plainOf(argument);
  if (value === null || value === undefined || value === NOTHING) return null;
  try {
    const raw = converted(type, value);
    if (size > 0 && typeof raw === 'string' && isTextType(type) && raw.length > size)
      throw adoError(3421, source, `The text has ${raw.length} characters; the field holds ${size}.`);
    return raw;
  } catch (thrown) {
    if (thrown instanceof Error && 'source' in thrown && thrown.source === source) throw thrown;
    throw adoError(3421, source);
  }
}

function converted(type: number, value: AutomationValue): DbValue {
  if (isDateType(type)) return dateOf(value);
  if (isBinaryType(type)) {
    if (value instanceof Uint8Array) return new Uint8Array(value);
    if (typeof value === 'string') return Buffer.from(value, 'utf16le');
    throw new TypeError('no bytes');
  }
  if (isTextType(type) || type === AD.guid) {
    if (value instanceof Scalar && value.type === VT.date) return textOf(value);
    return textOf(value);
  }
  if (type === AD.boolean)
    return typeof value === 'string' && /^[tf]$/i.test(value) ? /t/i.test(value) : booleanOf(value);
  if (type === AD.variant || type === AD.empty) return natural(value);
  const number = numberFrom(value);
  if (type === AD.single || type === AD.double) return number;
  if (type === AD.currency) return Math.round(number * 10_000) / 10_000;
  if (type === AD.numeric || type === AD.decimal) return number;
  const rounded = halfEven(number);
  const [least, most] = RANGES[type] ?? [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  if (rounded < least || rounded > most) throw new RangeError('out of range');
  return rounded;
}

const RANGES: Readonly<Record<number, readonly [number, number]>> = {
  [AD.tinyInt]: [-128, 127],
  [AD.unsignedTinyInt]: [0, 255],
  [AD.smallInt]: [-32_768, 32_767],
  [AD.unsignedSmallInt]: [0, 65_535],
  [AD.integer]: [-2_147_483_648, 2_147_483_647],
  [AD.unsignedInt]: [0, 4_294_967_295],
};

function dateOf(value: AutomationValue): DbValue {
  if (value instanceof Scalar && value.type === VT.date) return textOfSerial(value.value);
  if (typeof value === 'number') return textOfSerial(value);
  if (value instanceof Scalar && value.type !== VT.error) return textOfSerial(value.value);
  const ms = typeof value === 'string' ? calendarOf(value) : undefined;
  if (ms === undefined) throw new TypeError('no date');
  return textOfCalendar(ms);
}

function numberFrom(value: AutomationValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? -1 : 0;
  if (value instanceof Scalar && value.type !== VT.error) return value.value;
  if (typeof value === 'string') {
    const text = value
      .trim()
      .replace(/^([-+]?)\$/, '$1')
      .replaceAll(',', '');
    const number = Number(text);
    if (text !== '' && Number.isFinite(number)) return number;
  }
  throw new TypeError('no number');
}

function halfEven(number: number): number {
  const floor = Math.floor(number);
  const rest = number - floor;
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
}

/** A value whose column is not known, as itself. */
export function natural(argument: AutomationArgument): DbValue {
  const value = isAutomationObject(argument) ? plainOf(argument) : argumentValue(argument);
  if (value === null || value === undefined || value === NOTHING) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Uint8Array) return value;
  if (value instanceof Scalar) {
    if (value.value === MISSING.value && value.type === VT.error) return null;
    return value.type === VT.date ? textOfSerial(value.value) : value.value;
  }
  if (isAutomationObject(value)) return natural(plainOf(value));
  throw new TypeError('no single value');
}

/** The type of a column of which only the rows tell. */
export function inferredType(rows: readonly (readonly DbValue[])[], index: number): ColumnType {
  let type: number | undefined;
  for (const row of rows) {
    const value = row[index] ?? null;
    if (value === null) continue;
    const found = typeOfValue(value);
    if (type === undefined || type === found) type = found;
    else if (isNumber(type) && isNumber(found)) type = AD.double;
    else return columnType(AD.longVarWChar);
  }
  return columnType(type ?? AD.varWChar);
}

function isNumber(type: number): boolean {
  return type === AD.integer || type === AD.double;
}

const WHOLE_DATE = /^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2}(?:\.\d{3})?)$/;

function typeOfValue(value: DbValue): number {
  if (typeof value === 'number')
    return Number.isInteger(value) && (value | 0) === value ? AD.integer : AD.double;
  if (typeof value === 'bigint') return AD.double;
  if (typeof value === 'boolean') return AD.boolean;
  if (value instanceof Uint8Array) return AD.longVarBinary;
  // Now(), Max(date) and DateAdd give texts in SQLite; the form says what they are.
  return WHOLE_DATE.test(String(value)) ? AD.date : AD.varWChar;
}

/** What ActualSize answers: bytes of what is stored, two per character. */
export function actualSize(type: ColumnType, value: DbValue): number {
  if (value === null) return 0;
  if (isTextType(type.type)) return plainText(value).length * 2;
  if (isBinaryType(type.type)) return value instanceof Uint8Array ? value.length : bytesOf(value).length;
  return type.size;
}
