/**
 * Number functions.
 * Source: doc "Math Functions"; observed: public conformance suite for result subtypes.
 */
import { currency, plain, roundHalfEven, toDouble, toInt32 } from '../convert.ts';
import { runtimeError } from '../errors.ts';
import { negate } from '../operators.ts';
import type { Runtime } from '../runtime.ts';
import {
  fromDate,
  fromDouble,
  fromLong,
  fromSingle,
  MISSING,
  Scalar,
  VbCurrency,
  type VbValue,
  VT,
} from '../values.ts';
import { optionalInt } from './arguments.ts';
import { secondsSinceMidnight } from './clock.ts';
import type { Builtin } from './index.ts';

/** A function of one double; Null is refused. */
function real(name: string, compute: (x: number) => number): Builtin {
  return {
    name,
    min: 1,
    max: 1,
    run: (rt, value) => {
      const result = compute(toDouble(value, rt));
      if (!Number.isFinite(result)) throw runtimeError(6);
      return fromDouble(result);
    },
  };
}

function within(x: number, isAllowed: boolean): number {
  if (!isAllowed) throw runtimeError(5);
  return x;
}

/** Applies a rounding to a number of any subtype and keeps the subtype. */
function keepingType(value: VbValue, rt: Runtime, round: (x: number) => number): VbValue {
  const it = plain(value, rt);
  if (it === null) return null;
  if (typeof it === 'number') return (it | 0) === it ? it : fromDouble(round(it));
  if (it === undefined) return 0;
  if (typeof it === 'boolean') return it ? -1 : 0;
  if (it instanceof Scalar) {
    switch (it.type) {
      case VT.long:
      case VT.byte:
        return it;
      case VT.double:
        return it;
      case VT.single:
        return fromSingle(round(it.value));
      case VT.date:
        return fromDate(round(it.value));
      case VT.currency:
        return roundCurrency(it as VbCurrency, round);
    }
  }
  return fromDouble(round(toDouble(it, rt)));
}

function roundCurrency(value: VbCurrency, round: (x: number) => number): VbCurrency {
  const whole = value.scaled / 10000n;
  const rest = value.scaled - whole * 10000n;
  return currency(whole * 10000n + BigInt(Math.round(round(Number(rest) / 10000) * 10000)));
}

function abs(rt: Runtime, value: VbValue): VbValue {
  const it = plain(value, rt);
  if (it === null) return null;
  if (it instanceof VbCurrency) return it.scaled < 0n ? currency(-it.scaled) : it;
  if (typeof it === 'boolean') return it ? 1 : 0;
  if (it === undefined) return 0;
  if (typeof it === 'number' || it instanceof Scalar) {
    const number = typeof it === 'number' ? it : it.value;
    return number < 0 ? negate(it, rt) : it;
  }
  return fromDouble(Math.abs(toDouble(it, rt)));
}

function round(rt: Runtime, value: VbValue, digits: VbValue): VbValue {
  const places = optionalInt(digits, 0, rt);
  if (places < 0) throw runtimeError(5);
  if (typeof value === 'boolean') return value;
  return keepingType(value, rt, (x) => {
    const scale = 10 ** Math.min(places, 22);
    const scaled = x * scale;
    return Math.abs(scaled) >= 2 ** 52 ? x : roundHalfEven(scaled) / scale;
  });
}

/** Two's complement in the width of the subtype. */
function radix(base: 16 | 8): Builtin['run'] {
  return (rt, value) => {
    const it = plain(value, rt);
    if (it === null) return null;
    const isInteger =
      (typeof it === 'number' && it >= -32768 && it <= 32767 && (it | 0) === it) ||
      typeof it === 'boolean' ||
      it === undefined;
    const number = toInt32(it, rt);
    const unsigned = number >= 0 ? number : isInteger ? number & 0xffff : number >>> 0;
    return unsigned.toString(base).toUpperCase();
  };
}

function rnd(rt: Runtime, value: VbValue): VbValue {
  const { random } = rt;
  if (value === MISSING) return fromSingle(random.next());
  const seed = Math.fround(toDouble(value, rt));
  if (seed < 0) return fromSingle(random.seedFrom(seed));
  return fromSingle(seed === 0 ? random.last() : random.next());
}

export const NUMBER_FUNCTIONS: readonly Builtin[] = [
  { name: 'Abs', min: 1, max: 1, run: abs },
  real('Atn', Math.atan),
  real('Cos', Math.cos),
  real('Sin', Math.sin),
  real('Tan', Math.tan),
  real('Exp', Math.exp),
  real('Log', (x) => Math.log(within(x, x > 0))),
  real('Sqr', (x) => Math.sqrt(within(x, x >= 0))),
  { name: 'Int', min: 1, max: 1, run: (rt, value) => keepingType(value, rt, Math.floor) },
  { name: 'Fix', min: 1, max: 1, run: (rt, value) => keepingType(value, rt, Math.trunc) },
  { name: 'Round', min: 1, max: 2, run: round },
  { name: 'Sgn', min: 1, max: 1, run: (rt, value) => Math.sign(toDouble(value, rt)) | 0 },
  { name: 'Hex', min: 1, max: 1, run: radix(16) },
  { name: 'Oct', min: 1, max: 1, run: radix(8) },
  { name: 'Rnd', min: 0, max: 1, run: rnd },
  {
    name: 'Randomize',
    min: 0,
    max: 1,
    run: (rt, value) => {
      rt.random.randomize(value === MISSING ? secondsSinceMidnight(rt.now()) : toDouble(value, rt));
      return undefined;
    },
  },
  {
    name: 'RGB',
    min: 3,
    max: 3,
    run: (rt, red, green, blue) => {
      const part = (value: VbValue): number => {
        const n = toInt32(value, rt);
        if (n < 0) throw runtimeError(5);
        return Math.min(n, 255);
      };
      return fromLong(part(red) | (part(green) << 8) | (part(blue) << 16));
    },
  },
];
