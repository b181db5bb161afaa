/**
 * Arrays of variants: 0-based, any number of dimensions, copied when assigned.
 * Owns: bounds, index arithmetic, copying, ReDim.  Leaves: release of object elements (`lifetime.ts`).
 */
import { runtimeError } from './errors.ts';
import type { VbValue } from './values.ts';

export class VbArray {
  /** Upper bound of each dimension; empty while a dynamic array has no dimensions yet. */
  bounds: number[];
  /** Elements, first index fastest. */
  elements: VbValue[];
  /** Declared with bounds in Dim: ReDim is refused. */
  readonly isFixed: boolean;
  /** For Each is running over it: ReDim and Erase are refused. */
  locks = 0;

  constructor(bounds: number[], elements: VbValue[], isFixed = false) {
    this.bounds = bounds;
    this.elements = elements;
    this.isFixed = isFixed;
  }

  static of(elements: VbValue[]): VbArray {
    return new VbArray([elements.length - 1], elements);
  }

  /** A copy of its own, inner arrays included. `room` hears of the elements of each before it is made, and may throw. */
  copy(room?: (elements: number) => void): VbArray {
    room?.(this.elements.length);
    const elements = this.elements.slice();
    for (let at = 0; at < elements.length; at += 1) {
      const element = elements[at];
      if (element instanceof VbArray) elements[at] = element.copy(room);
      else if (element instanceof Uint8Array) elements[at] = element.slice();
    }
    return new VbArray(this.bounds.slice(), elements);
  }
}

/** Number of elements for upper bounds. */
export function elementCount(bounds: readonly number[]): number {
  let count = 1;
  for (const bound of bounds) {
    if (bound < -1) throw runtimeError(9);
    count *= bound + 1;
  }
  return bounds.length === 0 ? 0 : count;
}

/** Offset of an element. Throws 9. */
export function elementOffset(array: VbArray, indices: readonly number[]): number {
  const { bounds } = array;
  if (indices.length !== bounds.length || bounds.length === 0) throw runtimeError(9);
  let offset = 0;
  let stride = 1;
  for (let at = 0; at < bounds.length; at += 1) {
    const index = indices[at]!;
    const bound = bounds[at]!;
    if (index < 0 || index > bound) throw runtimeError(9, `[number: ${index}]`);
    offset += index * stride;
    stride *= bound + 1;
  }
  return offset;
}

/** New elements for a ReDim Preserve; only the last bound may differ, else error 9. */
export function preservedElements(array: VbArray, bounds: readonly number[]): VbValue[] {
  const count = elementCount(bounds);
  if (array.bounds.length === 0) return new Array<VbValue>(count).fill(undefined);
  if (bounds.length !== array.bounds.length) throw runtimeError(9);
  for (let at = 0; at < bounds.length - 1; at += 1) {
    if (bounds[at] !== array.bounds[at]) throw runtimeError(9);
  }
  const elements = array.elements.slice(0, count);
  while (elements.length < count) elements.push(undefined);
  return elements;
}
