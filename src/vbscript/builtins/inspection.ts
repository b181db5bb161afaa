/** Functions that tell what a value is. Source: doc "VarType", doc "TypeName"; observed: public conformance suite. */
import { VbArray } from '../arrays.ts';
import { type PlainValue, parseNumber, plain } from '../convert.ts';
import { parseDate } from '../dates.ts';
import { runtimeError } from '../errors.ts';
import { VbInstance } from '../instance.ts';
import { OddString, wholeUnits } from '../odd-string.ts';
import type { Runtime } from '../runtime.ts';
import { fromLong, isObject, NOTHING, numberType, Scalar, type VbValue, VT } from '../values.ts';
import { optionalInt } from './arguments.ts';
import type { Builtin } from './index.ts';

const NAMES: Readonly<Record<number, string>> = {
  [VT.integer]: 'Integer',
  [VT.long]: 'Long',
  [VT.single]: 'Single',
  [VT.double]: 'Double',
  [VT.currency]: 'Currency',
  [VT.date]: 'Date',
  [VT.error]: 'Error',
  [VT.decimal]: 'Decimal',
  [VT.byte]: 'Byte',
};

export function typeName(value: VbValue): string {
  switch (typeof value) {
    case 'undefined':
      return 'Empty';
    case 'number':
      return NAMES[numberType(value)]!;
    case 'string':
      return 'String';
    case 'boolean':
      return 'Boolean';
  }
  if (value === null) return 'Null';
  if (value === NOTHING) return 'Nothing';
  if (value instanceof Scalar) return NAMES[value.type]!;
  if (value instanceof OddString) return 'String';
  if (value instanceof VbArray) return 'Variant()';
  if (value instanceof Uint8Array) return 'Byte()';
  return value instanceof VbInstance ? value.description.name : value.automationName;
}

export function varType(value: VbValue, rt: Runtime): number {
  switch (typeof value) {
    case 'undefined':
      return VT.empty;
    case 'number':
      return numberType(value);
    case 'string':
      return VT.string;
    case 'boolean':
      return VT.boolean;
  }
  if (value === null) return VT.null;
  if (value === NOTHING) return VT.object;
  if (value instanceof Scalar) return value.type;
  if (value instanceof OddString) return VT.string;
  if (value instanceof VbArray) return VT.array + VT.variant;
  if (value instanceof Uint8Array) return VT.array + VT.byte;
  const inner = defaultOrSelf(value, rt);
  return inner === value ? VT.object : varType(inner, rt);
}

/** The default value of an object that has one, else the object. */
function defaultOrSelf(value: VbValue, rt: Runtime): VbValue {
  if (!isObject(value) || value === NOTHING) return value;
  try {
    return plain(value, rt);
  } catch (error) {
    if (rt.isTrappable(error)) return value;
    throw error;
  }
}

function isNumeric(value: VbValue, rt: Runtime): boolean {
  const it = defaultOrSelf(value, rt) as PlainValue;
  if (typeof it === 'number' || typeof it === 'boolean' || it === undefined) return true;
  if (typeof it === 'string') return parseNumber(it, rt.locale) !== undefined;
  if (it instanceof OddString) return parseNumber(wholeUnits(it), rt.locale) !== undefined;
  return it instanceof Scalar && it.type !== VT.date && it.type !== VT.error;
}

function isDate(value: VbValue, rt: Runtime): boolean {
  const it = defaultOrSelf(value, rt);
  if (typeof it === 'string') return parseDate(it, rt.locale, rt.now()) !== undefined;
  return it instanceof Scalar && it.type === VT.date;
}

function bound(value: VbValue, dimension: VbValue, rt: Runtime, which: 'lower' | 'upper'): VbValue {
  const it = defaultOrSelf(value, rt);
  const at = optionalInt(dimension, 1, rt);
  if (it instanceof Uint8Array) {
    if (at !== 1) throw runtimeError(9);
    return fromLong(which === 'lower' ? 0 : it.length - 1);
  }
  if (!(it instanceof VbArray)) throw runtimeError(13);
  const upper = it.bounds[at - 1];
  if (upper === undefined) throw runtimeError(9);
  return fromLong(which === 'lower' ? 0 : upper);
}

function test(name: string, check: (value: VbValue, rt: Runtime) => boolean): Builtin {
  return { name, min: 1, max: 1, run: (rt, value) => check(value, rt) };
}

export const INSPECTION: readonly Builtin[] = [
  test('IsArray', (value) => value instanceof VbArray || value instanceof Uint8Array),
  test('IsDate', isDate),
  test('IsEmpty', (value, rt) => defaultOrSelf(value, rt) === undefined),
  test('IsNull', (value, rt) => defaultOrSelf(value, rt) === null),
  test('IsNumeric', isNumeric),
  test('IsObject', (value) => isObject(value)),
  { name: 'TypeName', min: 1, max: 1, run: (_rt, value) => typeName(value) },
  { name: 'VarType', min: 1, max: 1, run: (rt, value) => varType(value, rt) },
  { name: 'LBound', min: 1, max: 2, run: (rt, value, at) => bound(value, at, rt, 'lower') },
  { name: 'UBound', min: 1, max: 2, run: (rt, value, at) => bound(value, at, rt, 'upper') },
  {
    name: 'Array',
    min: 0,
    max: Number.POSITIVE_INFINITY,
    run: (rt, ...values) => arrayOf(values, rt),
  },
];

/** An array of values; arrays among them are copied. */
export function arrayOf(values: readonly VbValue[], rt: Runtime): VbArray {
  rt.checkElements(values.length);
  return VbArray.of(values.map((value) => (value instanceof VbArray ? value.copy(rt.countElements) : value)));
}
