/**
 * The values that cross the border between a script engine and the objects it uses.
 * Owns: the set of values and the tagged scalars.  Leaves: coercion (the engine's), meaning (the object's).
 *
 * Plain JavaScript values stand for the common subtypes, so that an object written in TypeScript stays pleasant:
 *
 *   undefined  Empty          string   String             Uint8Array        Byte array
 *   null       Null           boolean  Boolean            VariantArray      array of variants, 0-based, copied by value
 *   number     Long when integral and within 32 bits, else Double            AutomationObject  an object
 *   NOTHING    the object reference that refers to none   Scalar            every other subtype, tagged
 *
 * An engine accepts all of these from an object and hands only these to it; it hands Integers as plain numbers, too.
 * Objects that must keep subtypes apart see `keepsSubtypes` of AutomationObject.
 */
import type { AutomationObject } from './object.ts';

/** Subtype numbers as VarType reports them. */
export const VT = {
  empty: 0,
  null: 1,
  integer: 2,
  long: 3,
  single: 4,
  double: 5,
  currency: 6,
  date: 7,
  string: 8,
  object: 9,
  error: 10,
  boolean: 11,
  variant: 12,
  decimal: 14,
  byte: 17,
  array: 8192,
} as const;

export type ScalarType =
  | typeof VT.integer
  | typeof VT.long
  | typeof VT.single
  | typeof VT.double
  | typeof VT.currency
  | typeof VT.date
  | typeof VT.error
  | typeof VT.decimal
  | typeof VT.byte;

/**
 * A number with an explicit subtype. `value` is: for Date, days since 1899-12-30 00:00 local time as OLE counts them;
 * for Currency and Decimal, the decimal value as a double (four decimals for Currency); for Error, the HRESULT.
 */
export class Scalar {
  readonly type: ScalarType;
  readonly value: number;

  constructor(type: ScalarType, value: number) {
    this.type = type;
    this.value = value;
  }
}

/** An array as VBScript has them. `bounds` are the upper bounds of each dimension; elements lie with the first index fastest. */
export class VariantArray {
  readonly upperBounds: readonly number[];
  readonly elements: AutomationValue[];

  constructor(upperBounds: readonly number[], elements: AutomationValue[]) {
    this.upperBounds = upperBounds;
    this.elements = elements;
  }

  /** A one-dimensional array holding `items`. */
  static of(items: readonly AutomationValue[]): VariantArray {
    return new VariantArray([items.length - 1], [...items]);
  }
}

/** The object reference that refers to no object (`Nothing`). */
export const NOTHING: unique symbol = Symbol('Nothing');

/** An omitted argument: Error subtype with DISP_E_PARAMNOTFOUND. */
export const MISSING = new Scalar(VT.error, 0x80020004 | 0);

/** A variable passed by reference. Only a member that documents an out argument may put to it. */
export class ArgumentReference {
  readonly get: () => AutomationValue;
  readonly put: (value: AutomationValue) => void;

  constructor(get: () => AutomationValue, put: (value: AutomationValue) => void) {
    this.get = get;
    this.put = put;
  }
}

export type AutomationValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Scalar
  | VariantArray
  | typeof NOTHING
  | AutomationObject;

export type AutomationArgument = AutomationValue | ArgumentReference;

/** Milliseconds of one day. */
const DAY_MS = 86_400_000;

/** An OLE date from calendar fields of a JavaScript Date, read in local time. */
export function dateToSerial(date: Date): number {
  const days = Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS + 25_569;
  const fraction =
    (((date.getHours() * 60 + date.getMinutes()) * 60 + date.getSeconds()) * 1000 + date.getMilliseconds()) /
    DAY_MS;
  // Negative serials count days down but time up: -1.25 is 06:00 of 1899-12-29.
  return days < 0 ? days - fraction : days + fraction;
}

/** The local JavaScript Date of an OLE serial. */
export function serialToDate(serial: number): Date {
  const days = Math.trunc(serial);
  const timeMs = Math.round(Math.abs(serial - days) * DAY_MS);
  const midnight = new Date((days - 25_569) * DAY_MS);
  return new Date(midnight.getUTCFullYear(), midnight.getUTCMonth(), midnight.getUTCDate(), 0, 0, 0, timeMs);
}

/** A Date subtype value from a JavaScript Date, local time. */
export function dateValue(date: Date): Scalar {
  return new Scalar(VT.date, dateToSerial(date));
}
