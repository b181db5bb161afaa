/**
 * Coercion between subtypes: the one place where a value of one kind becomes another.
 * Owns: text ↔ number ↔ date ↔ boolean, rounding, ranges.  Leaves: operators (`operators.ts`), default members (`members.ts`).
 * Fails: 5, 6 Overflow, 13 Type mismatch, 91, 94 Invalid use of Null.
 * Sources: doc "Data Type Conversion Functions"; observed: public conformance suite.
 */
import { VbArray } from './arrays.ts';
import { MAX_DATE, MIN_DATE, parseDate } from './dates.ts';
import { runtimeError } from './errors.ts';
import { generalDate } from './format-date.ts';
import { fixedPoint, generalNumber } from './format-number.ts';
import type { Locale } from './locales.ts';
import { fromBytes, OddString, wholeUnits } from './odd-string.ts';
import {
  fromByte,
  fromDate,
  fromDouble,
  fromLong,
  fromSingle,
  NOTHING,
  Scalar,
  VbCurrency,
  type VbObject,
  type VbValue,
  VT,
} from './values.ts';

/** What coercion asks of the session. */
export interface Coercion {
  locale: Locale;
  now(): Date;
  /** The default member's value; never an object. Throws 91 for Nothing, 438 without a default member. */
  defaultValue(object: VbObject): Exclude<VbValue, VbObject>;
}

export type PlainValue = Exclude<VbValue, VbObject>;

/** The value itself, or the default value of an object. */
export function plain(value: VbValue, rt: Coercion): PlainValue {
  if (typeof value === 'object' && value !== null) {
    if (
      value instanceof Scalar ||
      value instanceof VbArray ||
      value instanceof OddString ||
      value instanceof Uint8Array
    )
      return value;
    return rt.defaultValue(value);
  }
  return value === NOTHING ? rt.defaultValue(value) : value;
}

/** Nearest whole number, halves to even. */
export function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value - Math.trunc(value)) === 0.5 ? 2 * Math.round(value / 2) : rounded;
}

// ---- numbers ----

/** The number that a text means in a locale, or `undefined`. Hexadecimal and octal forms are unsigned. */
export function parseNumber(text: string, locale: Locale): number | undefined {
  const trimmed = text.trim();
  if (PLAIN_NUMBER.test(trimmed) && (locale.decimal === '.' || !trimmed.includes('.'))) {
    const value = Number(trimmed);
    return Number.isFinite(value) ? value : undefined;
  }
  return trimmed === '' ? undefined : parseDecorated(trimmed, locale);
}

const PLAIN_NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const RADIX_NUMBER = /^&(?:[hH]([0-9a-fA-F]{1,8})|[oO]?([0-7]{1,11}))&?$/;

/** Sign before or behind, parentheses, currency sign, thousands separators, E or D exponent. */
function parseDecorated(text: string, locale: Locale): number | undefined {
  const radix = RADIX_NUMBER.exec(text);
  if (radix !== null)
    return radix[1] !== undefined ? Number.parseInt(radix[1], 16) : Number.parseInt(radix[2]!, 8);
  let rest = text;
  let negative = false;
  let signed = false;
  const takeSign = (): boolean => {
    const before = rest[0];
    if (signed || (before !== '-' && before !== '+')) return false;
    signed = true;
    negative = before === '-';
    rest = rest.slice(1).trimStart();
    return true;
  };
  const takeCurrency = (): boolean => {
    const sign = locale.currency.trim();
    if (sign === '' || !rest.startsWith(sign)) return false;
    rest = rest.slice(sign.length).trimStart();
    return true;
  };
  if (rest.startsWith('(') && rest.endsWith(')')) {
    signed = true;
    negative = true;
    rest = rest.slice(1, -1).trim();
  }
  const hadSign = takeSign();
  const hadCurrency = takeCurrency();
  if (!hadSign) takeSign();
  let digits = '';
  let at = 0;
  let seenPoint = false;
  let seenDigit = false;
  for (; at < rest.length; at += 1) {
    const char = rest[at]!;
    if (char >= '0' && char <= '9') {
      digits += char;
      seenDigit = true;
    } else if (!seenPoint && char === locale.decimal) {
      digits += '.';
      seenPoint = true;
    } else if (!seenPoint && seenDigit && isThousands(char, locale)) {
      // Separators are skipped wherever they stand; their distance is not looked at.
    } else break;
  }
  if (!seenDigit) return undefined;
  const exponent = /^[eEdD]([+-]?\d+)/.exec(rest.slice(at));
  if (exponent !== null) {
    digits += `e${exponent[1]}`;
    at += exponent[0].length;
  }
  rest = rest.slice(at).trim();
  if (!hadCurrency && takeCurrency() && rest === '') rest = '';
  if (rest === '-' || rest === '+') {
    if (signed) return undefined;
    negative = rest === '-';
    rest = '';
  }
  if (rest !== '') return undefined;
  const value = Number(digits);
  if (!Number.isFinite(value)) return undefined;
  return negative ? -value : value;
}

function isThousands(char: string, locale: Locale): boolean {
  return char === locale.thousands || (locale.thousands === '\u00a0' && char === ' ');
}

/** True when the text counts as a number for IsNumeric. */
export function isNumericText(text: string, locale: Locale): boolean {
  return parseNumber(text, locale) !== undefined;
}

/** Any value as a double. Throws 13, 94. */
export function toDouble(value: VbValue, rt: Coercion): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') {
    const parsed = parseNumber(value, rt.locale);
    if (parsed === undefined) throw runtimeError(13);
    return parsed;
  }
  if (value === undefined) return 0;
  if (value === null) throw runtimeError(94);
  if (typeof value === 'boolean') return value ? -1 : 0;
  if (value instanceof Scalar) {
    if (value.type === VT.error) throw runtimeError(13);
    return value.value;
  }
  if (value instanceof OddString) return toDouble(wholeUnits(value), rt);
  if (value instanceof VbArray) throw runtimeError(13);
  if (value instanceof Uint8Array) return toDouble(toText(value, rt) as string, rt);
  return toDouble(rt.defaultValue(value), rt);
}

/** Rounded to a whole number within 32 bits. Throws 6, 13, 94. */
export function toInt32(value: VbValue, rt: Coercion): number {
  if (typeof value === 'number' && (value | 0) === value) return value;
  const rounded = roundHalfEven(toDouble(value, rt));
  if (!(rounded >= -0x80000000 && rounded <= 0x7fffffff)) throw runtimeError(6);
  return rounded | 0;
}

/** CInt. */
export function toInteger(value: VbValue, rt: Coercion): number {
  let rounded = roundHalfEven(toDouble(value, rt));
  // Hexadecimal text of four digits is a signed Integer.
  if (typeof value === 'string' && rounded > 0x7fff && rounded <= 0xffff && /^\s*&/.test(value))
    rounded -= 0x10000;
  if (!(rounded >= -0x8000 && rounded <= 0x7fff)) throw runtimeError(6);
  return rounded | 0;
}

/** CLng. */
export function toLong(value: VbValue, rt: Coercion): number | Scalar {
  if (typeof value === 'string' && /^\s*&/.test(value)) {
    const bits = toDouble(value, rt);
    if (bits <= 0xffffffff) return fromLong(bits | 0);
  }
  return fromLong(toInt32(value, rt));
}

/** CByte. */
export function toByte(value: VbValue, rt: Coercion): Scalar {
  if (typeof value === 'boolean') return fromByte(value ? 255 : 0);
  const rounded = roundHalfEven(toDouble(value, rt));
  if (!(rounded >= 0 && rounded <= 255)) throw runtimeError(6);
  return fromByte(rounded);
}

/** CDbl. */
export function toDoubleValue(value: VbValue, rt: Coercion): number | Scalar {
  return fromDouble(toDouble(value, rt));
}

/** CSng. */
export function toSingle(value: VbValue, rt: Coercion): Scalar {
  const single = Math.fround(toDouble(value, rt));
  if (!Number.isFinite(single)) throw runtimeError(6);
  return fromSingle(single);
}

const MAX_SCALED = 0x7fffffffffffffffn;
const MIN_SCALED = -0x8000000000000000n;

export function currency(scaled: bigint): VbCurrency {
  if (scaled > MAX_SCALED || scaled < MIN_SCALED) throw runtimeError(6);
  return new VbCurrency(scaled);
}

/** The ten-thousandths of a double, halves to even. */
export function scaledOf(value: number): bigint {
  if (!Number.isFinite(value) || Math.abs(value) > 922337203685478) throw runtimeError(6);
  const scaled = value * 10000;
  if (Math.abs(scaled) < 1e14) return BigInt(roundHalfEven(Number(scaled.toPrecision(15))));
  const whole = Math.trunc(value);
  return BigInt(whole) * 10000n + BigInt(roundHalfEven((value - whole) * 10000));
}

/** CCur. */
export function toCurrency(value: VbValue, rt: Coercion): VbCurrency {
  const it = plain(value, rt);
  if (it instanceof VbCurrency) return it;
  if (typeof it === 'string') {
    const exact = /^\s*(-?)(\d{1,15})(?:\.(\d{1,4}))?\s*$/.exec(it);
    if (exact !== null && (rt.locale.decimal === '.' || exact[3] === undefined)) {
      const scaled = BigInt(exact[2]! + (exact[3] ?? '').padEnd(4, '0'));
      return currency(exact[1] === '-' ? -scaled : scaled);
    }
  }
  return currency(scaledOf(toDouble(it, rt)));
}

// ---- booleans ----

/** "True", "False" in English or the locale's words, with `#TRUE#` as files of Write # have it; `undefined`: neither. */
function booleanText(text: string, locale: Locale): boolean | undefined {
  const word = text.toLowerCase();
  if (word === 'true' || word === locale.true.toLowerCase()) return true;
  if (word === 'false' || word === locale.false.toLowerCase()) return false;
  if (word === '#true#') return true;
  if (word === '#false#') return false;
  return undefined;
}

/** CBool and conditions, except that a condition takes Null for False. Throws 13, 94. */
export function toBoolean(value: VbValue, rt: Coercion): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') {
    const flag = booleanText(value, rt.locale);
    if (flag !== undefined) return flag;
    const number = parseNumber(value, rt.locale);
    if (number === undefined) throw runtimeError(13);
    return number !== 0;
  }
  if (value === undefined) return false;
  if (value === null) throw runtimeError(94);
  if (value instanceof Scalar) {
    if (value.type === VT.error) throw runtimeError(13);
    return value instanceof VbCurrency ? value.scaled !== 0n : value.value !== 0;
  }
  if (value instanceof OddString) return toBoolean(wholeUnits(value), rt);
  if (value instanceof VbArray || value instanceof Uint8Array) throw runtimeError(13);
  return toBoolean(rt.defaultValue(value), rt);
}

/** A text that says a truth value, for Not, And and the like; else `undefined`. */
export function truthOfText(text: string, rt: Coercion): boolean | undefined {
  return booleanText(text, rt.locale);
}

// ---- dates ----

/** CDate. Throws 6, 13, 94. */
export function toDate(value: VbValue, rt: Coercion): Scalar {
  const it = plain(value, rt);
  if (it instanceof Scalar && it.type === VT.date) return it;
  if (typeof it === 'string') {
    const serial = parseDate(it, rt.locale, rt.now());
    if (serial !== undefined) return fromDate(serial);
    const number = parseNumber(it, rt.locale);
    if (number === undefined) throw runtimeError(13);
    return dateInRange(number);
  }
  return dateInRange(toDouble(it, rt));
}

/** A Date of a serial. Throws 6 outside the years 100 to 9999. */
export function dateInRange(serial: number): Scalar {
  if (!(serial > MIN_DATE - 1 && serial < MAX_DATE + 0.00000001)) throw runtimeError(6);
  return fromDate(serial);
}

// ---- text ----

/** CStr and everything that shows a value. Throws 13, 94. */
export function toText(value: VbValue, rt: Coercion): string | OddString {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value, rt.locale);
  if (value === undefined) return '';
  if (value === null) throw runtimeError(94);
  if (typeof value === 'boolean') return value ? rt.locale.true : rt.locale.false;
  if (value instanceof Scalar) return scalarText(value, rt.locale);
  if (value instanceof OddString) return value;
  if (value instanceof Uint8Array) return fromBytes(value);
  if (value instanceof VbArray) throw runtimeError(13);
  return toText(rt.defaultValue(value), rt);
}

/** The text in whole UTF-16 units. */
export function toUnits(value: VbValue, rt: Coercion): string {
  return typeof value === 'string' ? value : wholeUnits(toText(value, rt));
}

function numberText(value: number, locale: Locale): string {
  if ((value | 0) === value) return `${value | 0}`;
  return doubleText(value, locale);
}

function doubleText(value: number, locale: Locale): string {
  const size = Math.abs(value);
  if (size >= 0.0001 && size < 1e15) {
    // JavaScript's shortest text is the answer whenever it needs no more than 15 digits.
    const shortest = `${value}`;
    if (shortest.length <= 15)
      return locale.decimal === '.' ? shortest : shortest.replace('.', locale.decimal);
  }
  return generalNumber(value, 15, locale);
}

function scalarText(scalar: Scalar, locale: Locale): string {
  switch (scalar.type) {
    case VT.double:
      return doubleText(scalar.value === 0 ? 0 : scalar.value, locale);
    case VT.single:
      return generalNumber(scalar.value, 7, locale);
    case VT.currency:
      return scalar instanceof VbCurrency
        ? fixedPoint(scalar.scaled, 4, locale)
        : fixedPoint(scaledOf(scalar.value), 4, locale);
    case VT.decimal:
      return generalNumber(scalar.value, 15, locale);
    case VT.date:
      return generalDate(scalar.value, locale);
    case VT.error:
      throw runtimeError(13);
    default:
      return `${scalar.value}`;
  }
}
