/**
 * Arithmetic, logic and concatenation on variants.
 * Owns: result subtypes, promotion on overflow, Null.  Leaves: comparison (`compare.ts`), coercion (`convert.ts`).
 * Each operator answers two plain numbers at once and leaves every other pair to its slow form.
 * Sources: doc "VBScript operators"; observed: public conformance suite, OLE Automation arithmetic.
 */
import { VbArray } from './arrays.ts';
import {
  type Coercion,
  currency,
  type PlainValue,
  parseNumber,
  plain,
  roundHalfEven,
  scaledOf,
  toText,
  truthOfText,
} from './convert.ts';
import { MAX_DATE, MIN_DATE } from './dates.ts';
import { runtimeError } from './errors.ts';
import { concatBytes, OddString, wholeUnits } from './odd-string.ts';
import {
  fromByte,
  fromDate,
  fromDouble,
  fromLong,
  fromSingle,
  NOTHING,
  numberType,
  Scalar,
  VbCurrency,
  type VbValue,
  VT,
} from './values.ts';

/** What operators ask of the session: coercion and the longest string. */
export interface Operation extends Coercion {
  readonly maxStringLength: number;
}

/** True when `value` is a plain number that is an Integer; callers made sure it is integral. */
const isShort = (value: number): boolean => (value + 0x8000) >>> 16 === 0;

/** The value of `a ± b` or `a × b` of two plain numbers, given the exact result. */
function numberResult(result: number, a: number, b: number): number | Scalar {
  if ((a | 0) === a && (b | 0) === b) {
    if ((result | 0) === result) {
      // Long op Integer stays Long, even when the result is small.
      return isShort(result) && !(isShort(a) && isShort(b)) ? fromLong(result) : result;
    }
    return result;
  }
  if (!Number.isFinite(result)) throw runtimeError(6);
  return fromDouble(result);
}

/** The value of an Integer or Long; NaN for everything else. */
function wholeValue(value: VbValue): number {
  if (typeof value === 'number') return (value | 0) === value ? value : Number.NaN;
  return value instanceof Scalar && value.type === VT.long ? value.value : Number.NaN;
}

/** The result of two whole operands of which one is a tagged Long. NaN says that they were not. */
function longResult(result: number): number | Scalar {
  return (result | 0) === result ? fromLong(result) : result;
}

export function add(a: VbValue, b: VbValue, rt: Operation): VbValue {
  if (typeof a === 'number' && typeof b === 'number') {
    const result = a + b;
    if ((a | 0) === a && (b | 0) === b && (!isShort(result) || (isShort(a) && isShort(b)))) return result;
    return numberResult(result, a, b);
  }
  if (typeof a === 'string' && typeof b === 'string') return concat(a, b, rt);
  const whole = wholeValue(a) + wholeValue(b);
  return !Number.isNaN(whole) ? longResult(whole) : slowAdd(a, b, rt);
}

export function subtract(a: VbValue, b: VbValue, rt: Operation): VbValue {
  if (typeof a === 'number' && typeof b === 'number') {
    const result = a - b;
    if ((a | 0) === a && (b | 0) === b && (!isShort(result) || (isShort(a) && isShort(b)))) return result;
    return numberResult(result, a, b);
  }
  const whole = wholeValue(a) - wholeValue(b);
  return !Number.isNaN(whole) ? longResult(whole) : slowArithmetic('-', a, b, rt);
}

export function multiply(a: VbValue, b: VbValue, rt: Operation): VbValue {
  if (typeof a === 'number' && typeof b === 'number') {
    const result = a * b;
    if ((a | 0) === a && (b | 0) === b && (!isShort(result) || (isShort(a) && isShort(b)))) return result;
    return numberResult(result, a, b);
  }
  const whole = wholeValue(a) * wholeValue(b);
  return !Number.isNaN(whole) ? longResult(whole) : slowArithmetic('*', a, b, rt);
}

export function divide(a: VbValue, b: VbValue, rt: Operation): VbValue {
  if (typeof a === 'number' && typeof b === 'number' && b !== 0) {
    const result = a / b;
    if ((result | 0) !== result && Number.isFinite(result)) return result;
  }
  return slowDivide(a, b, rt);
}

export function modulo(a: VbValue, b: VbValue, rt: Operation): VbValue {
  if (typeof a === 'number' && typeof b === 'number') {
    if ((a | 0) === a && (b | 0) === b && b !== 0) {
      const result = (a % b) | 0;
      return isShort(result) && !(isShort(a) && isShort(b)) ? fromLong(result) : result;
    }
  }
  return slowInteger('mod', a, b, rt);
}

export function integerDivide(a: VbValue, b: VbValue, rt: Operation): VbValue {
  if (typeof a === 'number' && typeof b === 'number') {
    if ((a | 0) === a && (b | 0) === b && b !== 0 && b !== -1) {
      const result = (a / b) | 0;
      return isShort(result) && !(isShort(a) && isShort(b)) ? fromLong(result) : result;
    }
  }
  return slowInteger('\\', a, b, rt);
}

/** Longest string JavaScript itself can hold. */
const MAX_UNITS = 0x1fffffe8;

export function concat(a: VbValue, b: VbValue, rt: Operation): VbValue {
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length + b.length > rt.maxStringLength || a.length + b.length > MAX_UNITS) throw runtimeError(14);
    return a + b;
  }
  const left = plain(a, rt);
  const right = plain(b, rt);
  if (left === null && right === null) return null;
  const leftText = left === null ? '' : toText(left, rt);
  const rightText = right === null ? '' : toText(right, rt);
  if (typeof leftText === 'string' && typeof rightText === 'string') {
    const length = leftText.length + rightText.length;
    if (length > rt.maxStringLength || length > MAX_UNITS) throw runtimeError(14);
    return leftText + rightText;
  }
  return concatBytes(leftText, rightText);
}

// ---- slow forms ----

type Operand = { readonly type: number; readonly value: number; readonly scaled: bigint | undefined };

/** An operand of arithmetic: Empty is an Integer 0, a Boolean an Integer, a String a Double. */
function operand(value: Exclude<PlainValue, null>, rt: Operation): Operand {
  switch (typeof value) {
    case 'number':
      return { type: numberType(value), value, scaled: undefined };
    case 'undefined':
      return { type: VT.integer, value: 0, scaled: undefined };
    case 'boolean':
      return { type: VT.integer, value: value ? -1 : 0, scaled: undefined };
    case 'string':
      return textOperand(value, rt);
  }
  if (value instanceof Scalar) {
    if (value.type === VT.error) throw runtimeError(13);
    if (value.type === VT.decimal) throw runtimeError(458);
    if (value.type === VT.currency) {
      const scaled = value instanceof VbCurrency ? value.scaled : scaledOf(value.value);
      return { type: VT.currency, value: value.value, scaled };
    }
    return { type: value.type, value: value.value, scaled: undefined };
  }
  if (value instanceof OddString) return textOperand(wholeUnits(value), rt);
  if (value instanceof VbArray) throw runtimeError(13);
  return textOperand(toText(value, rt) as string, rt);
}

function textOperand(text: string, rt: Operation): Operand {
  const value = parseNumber(text, rt.locale);
  if (value === undefined) throw runtimeError(13, `[string: "${text.slice(0, 64)}"]`);
  return { type: VT.double, value, scaled: undefined };
}

function slowAdd(a: VbValue, b: VbValue, rt: Operation): VbValue {
  const left = plain(a, rt);
  const right = plain(b, rt);
  const isLeftText = typeof left === 'string' || left instanceof OddString;
  const isRightText = typeof right === 'string' || right instanceof OddString;
  if (isLeftText && (isRightText || right === undefined)) return concat(left, right, rt);
  if (isRightText && left === undefined) return right;
  return slowArithmetic('+', left, right, rt);
}

function slowArithmetic(operator: '+' | '-' | '*', a: VbValue, b: VbValue, rt: Operation): VbValue {
  const left = plain(a, rt);
  const right = plain(b, rt);
  if (left === null || right === null) {
    if (left instanceof VbArray || right instanceof VbArray) throw runtimeError(13);
    return null;
  }
  const x = operand(left, rt);
  const y = operand(right, rt);
  const type = arithmeticType(x.type, y.type, operator);
  if (type === VT.currency) {
    const l = x.scaled ?? scaledOf(x.value);
    const r = y.scaled ?? scaledOf(y.value);
    return currency(operator === '+' ? l + r : operator === '-' ? l - r : divideHalfEven(l * r, 10000n));
  }
  const result =
    operator === '+' ? x.value + y.value : operator === '-' ? x.value - y.value : x.value * y.value;
  return typed(result, type);
}

function divideHalfEven(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  const rest = value - quotient * by;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  if (twice < by || (twice === by && quotient % 2n === 0n)) return quotient;
  return quotient + (value < 0n ? -1n : 1n);
}

function arithmeticType(a: number, b: number, operator: '+' | '-' | '*'): number {
  if (a === VT.date || b === VT.date) {
    if (operator === '*' || (operator === '-' && a === b)) return VT.double;
    return VT.date;
  }
  if (a === VT.double || b === VT.double) return VT.double;
  if (a === VT.currency || b === VT.currency)
    return a === VT.single || b === VT.single ? VT.double : VT.currency;
  if (a === VT.single || b === VT.single) return a === VT.long || b === VT.long ? VT.double : VT.single;
  if (a === VT.long || b === VT.long) return VT.long;
  return a === VT.byte && b === VT.byte ? VT.byte : VT.integer;
}

/** A result in its subtype, promoted when it does not fit: Byte, Integer, Long, Double; Single, Double. */
function typed(result: number, type: number): VbValue {
  switch (type) {
    case VT.byte:
      return result >= 0 && result <= 255 ? fromByte(result) : typed(result, VT.integer);
    case VT.integer:
      return result;
    case VT.long:
      return (result | 0) === result ? fromLong(result) : result;
    case VT.single:
      if (Math.abs(result) <= 3.4028234663852886e38) return fromSingle(result);
      break;
    case VT.date:
      if (result > MIN_DATE - 1 && result < MAX_DATE + 1) return fromDate(result);
      break;
  }
  if (!Number.isFinite(result)) throw runtimeError(6);
  return fromDouble(result);
}

function slowDivide(a: VbValue, b: VbValue, rt: Operation): VbValue {
  const left = plain(a, rt);
  const right = plain(b, rt);
  if (left === null || right === null) return null;
  const x = operand(left, rt);
  const y = operand(right, rt);
  if (y.value === 0) throw runtimeError(x.value === 0 ? 6 : 11);
  const result = x.value / y.value;
  const isSingle =
    (x.type === VT.single || y.type === VT.single) && isSingleOrLess(x.type) && isSingleOrLess(y.type);
  return typed(result, isSingle ? VT.single : VT.double);
}

const isSingleOrLess = (type: number): boolean =>
  type === VT.single || type === VT.integer || type === VT.byte;

function slowInteger(operator: '\\' | 'mod', a: VbValue, b: VbValue, rt: Operation): VbValue {
  const left = plain(a, rt);
  const right = plain(b, rt);
  if (left === null || right === null) return null;
  const x = operand(left, rt);
  const y = operand(right, rt);
  const dividend = wholeOperand(x);
  const divisor = wholeOperand(y);
  if (divisor === 0) throw runtimeError(11);
  const result = operator === 'mod' ? dividend % divisor : Math.trunc(dividend / divisor);
  if (result > 0x7fffffff) throw runtimeError(6);
  if (x.type === VT.byte && y.type === VT.byte) return fromByte(result);
  const isInteger = isIntegerOrLess(x.type) && isIntegerOrLess(y.type);
  return isInteger ? result | 0 : fromLong(result | 0);
}

const isIntegerOrLess = (type: number): boolean => type === VT.integer || type === VT.byte;

function wholeOperand(it: Operand): number {
  const rounded = roundHalfEven(it.value);
  if (!(rounded >= -0x80000000 && rounded <= 0x7fffffff)) throw runtimeError(6);
  return rounded;
}

export function power(a: VbValue, b: VbValue, rt: Operation): VbValue {
  const left = plain(a, rt);
  const right = plain(b, rt);
  if (left === null || right === null) return null;
  const x = operand(left, rt).value;
  const y = operand(right, rt).value;
  if ((x < 0 && !Number.isInteger(y)) || (x === 0 && y < 0)) throw runtimeError(5);
  return typed(x ** y, VT.double);
}

export function negate(a: VbValue, rt: Operation): VbValue {
  if (typeof a === 'number') return numberResult(-a, a, a);
  const value = plain(a, rt);
  if (value === null) return null;
  const x = operand(value, rt);
  if (x.type === VT.currency) return currency(-x.scaled!);
  return typed(-x.value, x.type === VT.byte ? VT.integer : x.type);
}

/** Unary plus changes nothing, not even the subtype. */
export function identity(a: VbValue): VbValue {
  return a;
}

// ---- logic ----

/** An operand of logic: a Boolean, or a whole number with its width. */
type Bits = { readonly value: number; readonly type: number };

function bits(value: Exclude<PlainValue, null>, rt: Operation): Bits {
  if (typeof value === 'boolean') return { value: value ? -1 : 0, type: VT.boolean };
  const text = typeof value === 'string' ? value : value instanceof OddString ? wholeUnits(value) : undefined;
  if (text !== undefined) {
    const truth = truthOfText(text, rt);
    if (truth !== undefined) return { value: truth ? -1 : 0, type: VT.boolean };
  }
  const it = operand(value, rt);
  if (it.type === VT.integer || it.type === VT.byte) return { value: it.value, type: it.type };
  return { value: wholeOperand(it), type: VT.long };
}

function fromBits(value: number, a: number, b: number): VbValue {
  if (a === VT.boolean && b === VT.boolean) return value !== 0;
  if (a === VT.long || b === VT.long) return fromLong(value);
  return a === VT.byte && b === VT.byte ? fromByte(value & 0xff) : value;
}

export function logicalNot(a: VbValue, rt: Operation): VbValue {
  if (typeof a === 'boolean') return !a;
  const value = plain(a, rt);
  if (value === null) return null;
  const x = bits(value, rt);
  return fromBits(~x.value, x.type, x.type);
}

export function logicalAnd(a: VbValue, b: VbValue, rt: Operation): VbValue {
  if (typeof a === 'boolean' && typeof b === 'boolean') return a && b;
  const left = plain(a, rt);
  const right = plain(b, rt);
  if (left === null || right === null) {
    const other = left ?? right;
    if (other === null) return null;
    const x = bits(other, rt);
    return x.value === 0 ? fromBits(0, x.type, x.type) : null;
  }
  const x = bits(left, rt);
  const y = bits(right, rt);
  return fromBits(x.value & y.value, x.type, y.type);
}

export function logicalOr(a: VbValue, b: VbValue, rt: Operation): VbValue {
  if (typeof a === 'boolean' && typeof b === 'boolean') return a || b;
  const left = plain(a, rt);
  const right = plain(b, rt);
  if (left === null || right === null) {
    const other = left ?? right;
    if (other === null) return null;
    const x = bits(other, rt);
    return x.value !== 0 ? fromBits(x.value, x.type, x.type) : null;
  }
  const x = bits(left, rt);
  const y = bits(right, rt);
  return fromBits(x.value | y.value, x.type, y.type);
}

export function logicalXor(a: VbValue, b: VbValue, rt: Operation): VbValue {
  const left = plain(a, rt);
  const right = plain(b, rt);
  if (left === null || right === null) return null;
  const x = bits(left, rt);
  const y = bits(right, rt);
  return fromBits(x.value ^ y.value, x.type, y.type);
}

export function logicalEqv(a: VbValue, b: VbValue, rt: Operation): VbValue {
  const left = plain(a, rt);
  const right = plain(b, rt);
  if (left === null || right === null) return null;
  const x = bits(left, rt);
  const y = bits(right, rt);
  return fromBits(~(x.value ^ y.value), x.type, y.type);
}

export function logicalImp(a: VbValue, b: VbValue, rt: Operation): VbValue {
  const left = plain(a, rt);
  const right = plain(b, rt);
  if (left === null) {
    if (right === null) return null;
    const y = bits(right, rt);
    return y.value !== 0 ? fromBits(y.value, y.type, y.type) : null;
  }
  const x = bits(left, rt);
  if (right === null) return x.value === 0 ? fromBits(-1, x.type, x.type) : null;
  const y = bits(right, rt);
  return fromBits(~x.value | y.value, x.type, y.type);
}

/** `Is`: identity of two object references. Throws 424. */
export function isSame(a: VbValue, b: VbValue, isObject: (value: VbValue) => boolean): boolean {
  if (!isObject(a) || !isObject(b)) throw runtimeError(424);
  return a === b;
}

export { NOTHING };
