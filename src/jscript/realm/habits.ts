/**
 * Where JScript's own functions differ from those of the engine below.
 * Owns: parseInt, substr, splice, texts of errors and functions.  Leaves: Date (dates.ts).
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { Asking } from './asking.ts';
import type { Errors } from './errors.ts';
import type { HostFunctions } from './host-functions.ts';
import type { Intrinsics } from './intrinsics.ts';

export type Habits = ReturnType<typeof habits>;

export function habits({
  hostFunctionText,
  RealArray,
  RealString,
  apply,
  functionToText,
  getOwnPropertyDescriptor,
  global,
  isNotANumber,
  makeError,
  textOf,
  ask,
}: HostFunctions & Intrinsics & Errors & Asking) {
  const realParseInt = global['parseInt'] as (text: unknown, radix?: unknown) => number;
  const otherHabits = {
    /** A leading 0 means octal. */
    parseInt(text: unknown, radix: unknown): number {
      const source = textOf(text);
      if (radix !== undefined || !octal(source)) return realParseInt(source, radix);
      const value = realParseInt(source, 8);
      return isNotANumber(value) ? 0 : value;
    },
  };
  /** White space, a sign, then 0 and a digit. */
  function octal(text: string): boolean {
    let at = 0;
    while (
      at < text.length &&
      (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r')
    )
      at += 1;
    if (text[at] === '-' || text[at] === '+') at += 1;
    return text[at] === '0' && at + 1 < text.length && text[at + 1]! >= '0' && text[at + 1]! <= '9';
  }

  const realSubstr = RealString.prototype.substr;
  const realSplice = RealArray.prototype.splice;
  const stringHabits = {
    /** A negative start is the beginning. */
    substr(this: unknown, ...args: unknown[]): string {
      const start = +(args[0] as number);
      const begin = start < 0 ? 0 : start;
      return apply(realSubstr, this, args.length < 2 ? [begin] : [begin, args[1] as number]);
    },
  };
  const arrayHabits = {
    /** Without a count nothing is removed. */
    splice(this: unknown, ...args: unknown[]): unknown {
      return apply(realSplice, this, args.length === 1 ? ([args[0], 0] as never) : (args as never));
    },
  };
  const errorHabits = {
    toString(this: unknown): string {
      return '[object Error]';
    },
  };
  const functionHabits = {
    toString(this: unknown): unknown {
      if (typeof this !== 'function') throw makeError('TypeError', 5002, 'Function expected');
      const text = ask(hostFunctionText, apply(functionToText, this, []));
      if (text !== undefined) return text;
      const named = getOwnPropertyDescriptor(this, 'name')?.value as unknown;
      let name = typeof named === 'string' ? named : '';
      // `bound f`, `get x`: no names of JScript.
      for (let at = 0; at < name.length; at += 1) if (name[at] === ' ') name = '';
      return `\nfunction ${name}() {\n    [native code]\n}\n`;
    },
  };

  return {
    otherHabits,
    stringHabits,
    arrayHabits,
    errorHabits,
    functionHabits,
  };
}
