/**
 * Variables that can be handed to a procedure by reference.
 * Owns: the cell every boxed or global variable lives in, and references to array elements and fields.
 */
import type { VbArray } from './arrays.ts';
import type { VbValue } from './values.ts';

/** A place that holds a value. Generated code reads and writes `v` alone. */
export abstract class Reference {
  abstract v: VbValue;
}

/** A variable of its own. */
export class Cell extends Reference {
  v: VbValue;

  constructor(v: VbValue) {
    super();
    this.v = v;
  }
}

/** An element of an array, as long as the array keeps its elements. */
export class ElementReference extends Reference {
  private readonly array: VbArray;
  private readonly offset: number;

  constructor(array: VbArray, offset: number) {
    super();
    this.array = array;
    this.offset = offset;
  }

  override get v(): VbValue {
    return this.array.elements[this.offset];
  }

  override set v(value: VbValue) {
    if (this.offset < this.array.elements.length) this.array.elements[this.offset] = value;
  }
}

/** A field of a class instance, under its mangled key. */
export class FieldReference extends Reference {
  private readonly fields: Record<string, VbValue>;
  private readonly key: string;

  constructor(fields: Record<string, VbValue>, key: string) {
    super();
    this.fields = fields;
    this.key = key;
  }

  override get v(): VbValue {
    return this.fields[this.key];
  }

  override set v(value: VbValue) {
    this.fields[this.key] = value;
  }
}

export type Argument = VbValue | Reference;

/** The value of an argument, whichever way it was passed. */
export function valueIn(argument: Argument): VbValue {
  return argument instanceof Reference ? argument.v : argument;
}

/** The argument as a place; a value gets one of its own. */
export function placeOf(argument: Argument): Reference {
  return argument instanceof Reference ? argument : new Cell(argument);
}
