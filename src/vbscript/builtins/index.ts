/**
 * The table of built-in functions.
 * Owns: names and argument counts.  Leaves: what they do (one file per family).
 */
import type { Runtime } from '../runtime.ts';
import type { VbValue } from '../values.ts';
import { BYTE_FUNCTIONS } from './bytes.ts';
import { CONVERSIONS } from './conversions.ts';
import { DATE_FUNCTIONS } from './date-time.ts';
import { FORMAT_FUNCTIONS } from './formats.ts';
import { HOST_FUNCTIONS } from './host.ts';
import { INSPECTION } from './inspection.ts';
import { NUMBER_FUNCTIONS } from './numbers.ts';
import { TEXT_FUNCTIONS } from './text.ts';

/** One built-in. Omitted arguments arrive as MISSING. */
export type Builtin = {
  /** As the language writes it. */
  readonly name: string;
  readonly min: number;
  /** Most arguments; Infinity for Array. */
  readonly max: number;
  readonly run: (rt: Runtime, ...args: VbValue[]) => VbValue;
};

/** Lower-case name → function. Execute, ExecuteGlobal, Eval and GetRef are in it with the compiler's own code for them. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
  [
    ...TEXT_FUNCTIONS,
    ...BYTE_FUNCTIONS,
    ...NUMBER_FUNCTIONS,
    ...CONVERSIONS,
    ...INSPECTION,
    ...DATE_FUNCTIONS,
    ...FORMAT_FUNCTIONS,
    ...HOST_FUNCTIONS,
  ].map((builtin) => [builtin.name.toLowerCase(), builtin]),
);
