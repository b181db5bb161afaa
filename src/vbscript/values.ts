/**
 * How a variant lies in JavaScript, and the classes for what JavaScript has no value for.
 * Owns: the representation, subtype names and numbers.  Leaves: coercion (`convert.ts`), operators (`operators.ts`).
 *
 * The subtype of a plain number is read off the number itself, so that ordinary arithmetic allocates nothing:
 *
 *   number, integral, -32768 … 32767        Integer
 *   number, integral, otherwise 32 bits     Long
 *   any other finite number                 Double
 *   Scalar(long), Scalar(double)            a Long or Double that its size alone would not show
 *   Scalar(other)                           Single, Currency (VbCurrency), Date, Byte, Decimal, Error
 *   undefined, null, boolean, string        Empty, Null, Boolean, String
 *   OddString                               a String of an odd number of bytes
 *   VbArray, Uint8Array                     array of variants, Byte array
 *   NOTHING, VbInstance, VbProcedure, AutomationObject   Object
 *
 * Source: decision 0300.
 */
import {
  type AutomationObject,
  isAutomationObject,
  MISSING,
  NOTHING,
  Scalar,
  VT,
} from '../automation/index.ts';
import type { VbArray } from './arrays.ts';
import type { VbInstance, VbProcedure } from './instance.ts';
import type { OddString } from './odd-string.ts';

export { isAutomationObject, MISSING, NOTHING, Scalar, VT };

export type VbObject = typeof NOTHING | VbInstance | VbProcedure | AutomationObject;

export type VbValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | Scalar
  | OddString
  | VbArray
  | Uint8Array
  | VbObject;

/** Currency keeps all 64 bits: `scaled` is the amount in ten-thousandths. */
export class VbCurrency extends Scalar {
  readonly scaled: bigint;

  constructor(scaled: bigint) {
    super(VT.currency, Number(scaled) / 10000);
    this.scaled = scaled;
  }
}

const LONG_CACHE_LOW = -128;
const LONG_CACHE: readonly Scalar[] = Array.from(
  { length: 1152 },
  (_, index) => new Scalar(VT.long, index + LONG_CACHE_LOW),
);

/** A Long. `value` is integral within 32 bits. */
export function fromLong(value: number): number | Scalar {
  if ((value + 0x8000) >>> 16 !== 0) return value;
  return LONG_CACHE[value - LONG_CACHE_LOW] ?? new Scalar(VT.long, value);
}

/** A Double. `value` is finite. */
export function fromDouble(value: number): number | Scalar {
  return (value | 0) === value ? new Scalar(VT.double, value) : value;
}

export function fromSingle(value: number): Scalar {
  return new Scalar(VT.single, Math.fround(value));
}

export function fromDate(serial: number): Scalar {
  return new Scalar(VT.date, serial);
}

export function fromByte(value: number): Scalar {
  return new Scalar(VT.byte, value);
}

/** Subtype number of a plain number. */
export function numberType(value: number): typeof VT.integer | typeof VT.long | typeof VT.double {
  if ((value | 0) !== value) return VT.double;
  return (value + 0x8000) >>> 16 === 0 ? VT.integer : VT.long;
}

/** True for values that `Set` may assign. */
export function isObject(value: unknown): value is VbObject {
  return value === NOTHING || isAutomationObject(value);
}
