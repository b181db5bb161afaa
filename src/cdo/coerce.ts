/**
 * Values of fields and properties, converted as OLE automation converts variants.
 * Owns: number, text, boolean and date from whatever a program assigned.  Leaves: which type a field has (tables).
 * Fails: CdoError DISP_E_TYPEMISMATCH for what cannot be converted.
 * Sources: doc "VariantChangeType".
 */
import { dateToSerial, serialToDate } from '../automation/index.ts';
import { CdoError } from './errors.ts';

export type FieldValue = string | number | boolean | Date | readonly string[] | Uint8Array | null | undefined;

function mismatch(value: unknown, wanted: string): CdoError {
  return new CdoError('DISP_E_TYPEMISMATCH', {
    hint: `${JSON.stringify(value)} cannot be read as ${wanted}.`,
  });
}

/** Text; numbers without exponent, booleans as `True` and `False`, nothing as the empty text. */
export function toText(value: FieldValue): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (value instanceof Date) return localDateText(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return value.join(', ');
}

/** A 32-bit whole number; halves round to the even neighbour. */
export function toLong(value: FieldValue): number {
  const number = toNumber(value);
  const rounded = roundToEven(number);
  if (!Number.isFinite(rounded) || rounded < -2_147_483_648 || rounded > 4_294_967_295)
    throw mismatch(value, 'a whole number');
  return rounded;
}

function toNumber(value: FieldValue): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? -1 : 0;
  if (value instanceof Date) return dateToSerial(value);
  if (typeof value === 'string') {
    const text = value.trim();
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
    if (/^&h[0-9a-f]{1,8}$/i.test(text)) return Number.parseInt(text.slice(2), 16) | 0;
  }
  throw mismatch(value, 'a number');
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** True for any number but zero and for the words True and False. */
export function toBoolean(value: FieldValue): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    const word = value.trim().toLowerCase();
    if (word === 'true' || word === '#true#') return true;
    if (word === 'false' || word === '#false#') return false;
  }
  return toNumber(value) !== 0;
}

/** An instant. Numbers are OLE dates in local time. */
export function toDate(value: FieldValue): Date {
  if (value instanceof Date) return value;
  if (typeof value === 'number') return serialToDate(value);
  if (typeof value === 'string') {
    const at = new Date(value);
    if (!Number.isNaN(at.getTime())) return at;
  }
  throw mismatch(value, 'a date');
}

function localDateText(at: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return (
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ` +
    `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  );
}
