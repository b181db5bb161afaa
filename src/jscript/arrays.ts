/**
 * Arrays of other languages as VBArray shows them.
 * Owns: bounds and elements.  Fails: 9 for an index outside, 5 for a dimension that does not exist.
 */
import type { AutomationValue, VariantArray } from '../automation/index.ts';
import { runtimeError } from './errors.ts';

type ForeignArray = VariantArray | Uint8Array;

export function arrayBound(
  array: ForeignArray,
  what: 'count' | 'lower' | 'upper',
  dimension: number,
): number {
  const bounds = upperBounds(array);
  if (what === 'count') return bounds.length;
  const upper = bounds[dimension - 1];
  if (upper === undefined) throw runtimeError(9);
  return what === 'lower' ? 0 : upper;
}

/** The first index runs fastest. */
export function arrayElement(array: ForeignArray, indices: readonly number[]): AutomationValue {
  const bounds = upperBounds(array);
  if (indices.length !== bounds.length) throw runtimeError(9);
  let offset = 0;
  let size = 1;
  for (const [at, upper] of bounds.entries()) {
    const index = Math.trunc(indices[at]!);
    if (!(index >= 0 && index <= upper)) throw runtimeError(9);
    offset += index * size;
    size *= upper + 1;
  }
  return array instanceof Uint8Array ? array[offset]! : array.elements[offset];
}

/** All elements in one row, the first index running fastest. */
export function arrayElements(array: ForeignArray): Iterable<AutomationValue> {
  return array instanceof Uint8Array ? array : array.elements;
}

function upperBounds(array: ForeignArray): readonly number[] {
  return array instanceof Uint8Array ? [array.length - 1] : array.upperBounds;
}
