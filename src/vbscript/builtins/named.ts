/** Gives the errors of built-ins the function's name: `Type mismatch: 'CInt'`. */
import { ScriptError } from '../errors.ts';
import { RUNTIME_TEXT } from '../messages.ts';
import type { Runtime } from '../runtime.ts';
import type { VbValue } from '../values.ts';
import type { Builtin } from './index.ts';

type Run = Builtin['run'];

/** Functions that run other code, whose errors are not their own. */
const TRANSPARENT = new Set(['eval', 'execute', 'executeglobal', 'createobject', 'getobject', 'err']);

/** Lower-case name → function as generated code calls it. */
export function namedBuiltins(builtins: ReadonlyMap<string, Builtin>): Readonly<Record<string, Run>> {
  const table: Record<string, Run> = Object.create(null) as Record<string, Run>;
  for (const [lower, builtin] of builtins) {
    table[lower] = TRANSPARENT.has(lower) ? builtin.run : named(builtin);
  }
  return table;
}

function named({ name, max, run }: Builtin): Run {
  const fail = (caught: unknown): never => {
    if (
      caught instanceof ScriptError &&
      caught.line === 0 &&
      caught.kind === 'runtime' &&
      caught.description === RUNTIME_TEXT[caught.number] &&
      caught.number !== 28
    ) {
      caught.description += `: '${name}'`;
    }
    throw caught;
  };
  switch (max) {
    case 0:
      return run;
    case 1:
      return (rt: Runtime, a: VbValue) => {
        try {
          return run(rt, a);
        } catch (caught) {
          return fail(caught);
        }
      };
    case 2:
      return (rt: Runtime, a: VbValue, b: VbValue) => {
        try {
          return run(rt, a, b);
        } catch (caught) {
          return fail(caught);
        }
      };
    case 3:
      return (rt: Runtime, a: VbValue, b: VbValue, c: VbValue) => {
        try {
          return run(rt, a, b, c);
        } catch (caught) {
          return fail(caught);
        }
      };
    default:
      return (rt: Runtime, ...args: VbValue[]) => {
        try {
          return run(rt, ...args);
        } catch (caught) {
          return fail(caught);
        }
      };
  }
}
