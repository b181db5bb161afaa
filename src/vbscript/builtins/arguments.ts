/**
 * Reading arguments of built-ins.
 * Owns: omitted arguments, compare modes.  Leaves: coercion (`convert.ts`).
 */
import { toInt32, toUnits } from '../convert.ts';
import { runtimeError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { MISSING, type VbValue } from '../values.ts';

/** The value, or `preset` when it was left out. */
export function optional(value: VbValue, preset: VbValue): VbValue {
  return value === MISSING ? preset : value;
}

export function optionalInt(value: VbValue, preset: number, rt: Runtime): number {
  return value === MISSING ? preset : toInt32(value, rt);
}

/** vbBinaryCompare or vbTextCompare. Throws 5 for anything else. */
export function compareMode(value: VbValue, rt: Runtime): 'binary' | 'text' {
  const mode = optionalInt(value, 0, rt);
  if (mode !== 0 && mode !== 1) throw runtimeError(5);
  return mode === 0 ? 'binary' : 'text';
}

/** A text with each letter folded for a comparison that ignores case; its length stays. */
export function folded(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  // In stretches: a list of all letters of a long text would be larger than the memory of a thread.
  const stretches: string[] = [];
  for (let from = 0; from < text.length; from += 8_192) {
    const letters: string[] = [];
    for (let at = from; at < Math.min(text.length, from + 8_192); at += 1) {
      const one = text[at]!.toLowerCase();
      letters.push(one.length === 1 ? one : text[at]!);
    }
    stretches.push(letters.join(''));
  }
  return stretches.join('');
}

export function units(value: VbValue, rt: Runtime): string {
  return toUnits(value, rt);
}
