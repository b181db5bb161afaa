/**
 * Comparison of variants, with the rule of hard and soft operands.
 * Owns: =, <>, <, >, <=, >= and the order behind them.  Leaves: StrComp and its like (`builtins/text.ts`).
 * A literal or constant is hard, everything else soft; only a string against something that is none cares.
 * Sources: KB 190272; observed: public conformance suite of OLE Automation (VarCmp). Decision 0301.
 */
import { VbArray } from './arrays.ts';
import { type Coercion, parseNumber, plain, toText } from './convert.ts';
import { runtimeError } from './errors.ts';
import { OddString, toBytes } from './odd-string.ts';
import { Scalar, VbCurrency, type VbValue, VT } from './values.ts';

/** Bit 1: the left operand is hard; bit 2: the right one is. */
export type Hardness = 0 | 1 | 2 | 3;

/** -1, 0 or 1; null when an operand is Null. */
export function compare(a: VbValue, b: VbValue, hardness: number, rt: Coercion): -1 | 0 | 1 | null {
  const left = plain(a, rt);
  const right = plain(b, rt);
  if (left instanceof VbArray || right instanceof VbArray) throw runtimeError(13);
  if (left === null || right === null) return null;
  const leftText = textOf(left);
  const rightText = textOf(right);
  if (leftText !== undefined) {
    if (rightText !== undefined) return compareText(leftText, rightText);
    if (right === undefined) return compareText(leftText, '');
    return textAgainst(leftText, right, (hardness & 1) !== 0, (hardness & 2) !== 0, rt);
  }
  if (rightText !== undefined) {
    if (left === undefined) return compareText('', rightText);
    const order = textAgainst(rightText, left, (hardness & 2) !== 0, (hardness & 1) !== 0, rt);
    return order === null ? null : ((0 - order) as -1 | 0 | 1);
  }
  if (left instanceof VbCurrency && right instanceof VbCurrency) {
    return left.scaled < right.scaled ? -1 : left.scaled > right.scaled ? 1 : 0;
  }
  return order(numberOf(left), numberOf(right));
}

type Text = string | OddString;

function textOf(value: unknown): Text | undefined {
  if (typeof value === 'string' || value instanceof OddString) return value;
  return undefined;
}

/** Order of a string (the left operand) against a value that is neither String, Empty nor Null. */
function textAgainst(
  text: Text,
  other: VbValue,
  isTextHard: boolean,
  isOtherHard: boolean,
  rt: Coercion,
): -1 | 0 | 1 | null {
  if (isTextHard && !isOtherHard) return compareText(text, toText(other, rt));
  if (!isOtherHard) return 1;
  const number = typeof text === 'string' ? parseNumber(text, rt.locale) : undefined;
  if (number === undefined) return 1;
  if (isTextHard) return number < 0 ? -1 : 1;
  return order(number, numberOf(other));
}

function numberOf(value: VbValue): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  if (typeof value === 'boolean') return value ? -1 : 0;
  if (value instanceof Scalar && value.type !== VT.error) return value.value;
  throw runtimeError(13);
}

function order(a: number, b: number): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Binary order: code unit by code unit, byte by byte where an odd byte is involved. */
export function compareText(a: Text, b: Text): -1 | 0 | 1 {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  const left = toBytes(a);
  const right = toBytes(b);
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    if (left[at] !== right[at]) return left[at]! < right[at]! ? -1 : 1;
  }
  return order(left.length, right.length);
}

type Comparison = (a: VbValue, b: VbValue, hardness: number, rt: Coercion) => boolean | null;

export const equal: Comparison = (a, b, hardness, rt) => {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  const result = compare(a, b, hardness, rt);
  return result === null ? null : result === 0;
};

export const notEqual: Comparison = (a, b, hardness, rt) => {
  if (typeof a === 'number' && typeof b === 'number') return a !== b;
  if (typeof a === 'string' && typeof b === 'string') return a !== b;
  const result = compare(a, b, hardness, rt);
  return result === null ? null : result !== 0;
};

export const less: Comparison = (a, b, hardness, rt) => {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  const result = compare(a, b, hardness, rt);
  return result === null ? null : result < 0;
};

export const greater: Comparison = (a, b, hardness, rt) => {
  if (typeof a === 'number' && typeof b === 'number') return a > b;
  const result = compare(a, b, hardness, rt);
  return result === null ? null : result > 0;
};

export const lessOrEqual: Comparison = (a, b, hardness, rt) => {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  const result = compare(a, b, hardness, rt);
  return result === null ? null : result <= 0;
};

export const greaterOrEqual: Comparison = (a, b, hardness, rt) => {
  if (typeof a === 'number' && typeof b === 'number') return a >= b;
  const result = compare(a, b, hardness, rt);
  return result === null ? null : result >= 0;
};
