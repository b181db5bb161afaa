/**
 * Errors as JScript has them: number, description, no stack in sight.
 * Owns: making them, their stacks, the names of their classes.  Leaves: those of the engine below (thrown.ts).
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { Intrinsics } from './intrinsics.ts';

export type Errors = ReturnType<typeof errors>;

export function errors({
  RealError,
  construct,
  deleteProperty,
  getPrototypeOf,
  property,
  table,
}: Intrinsics) {
  /** Errors whose number and text are JScript's already. */
  const known = table();
  const stacks = table();
  const realClasses: Record<string, ErrorConstructor> = { __proto__: null } as never;
  const nameOfPrototype = table();

  /** Takes the stack away from an error and keeps it. */
  function harvest(error: object): void {
    let stack: unknown = '';
    try {
      stack = (error as Error).stack;
      deleteProperty(error, 'stack');
    } catch {
      // A full stack, or a getter of the script: then the place stays unknown.
    }
    known.set(error, true);
    stacks.set(error, typeof stack === 'string' ? stack : '');
  }

  function describeAs(error: object, number: number, description: unknown): void {
    property(error, 'number', number);
    property(error, 'description', description);
    property(error, 'message', description);
  }

  function fullNumber(number: number): number {
    return number >= 0 && number <= 0xffff ? 0x800a0000 | number | 0 : number | 0;
  }

  function makeError(className: string, number: number, description: string): object {
    const error = construct(realClasses[className] ?? RealError, []) as object;
    harvest(error);
    describeAs(error, fullNumber(number), description);
    return error;
  }

  function classNameOf(error: object): string {
    let prototype: object | null = getPrototypeOf(error);
    for (let turn = 0; prototype !== null && turn < 100; turn += 1) {
      const name = nameOfPrototype.get(prototype);
      if (name !== undefined) return name as string;
      prototype = getPrototypeOf(prototype);
    }
    return 'Error';
  }

  function stack(): string {
    const probe = new RealError();
    harvest(probe);
    return stacks.get(probe) as string;
  }

  function textOf(value: unknown): string {
    return `${value as string}`;
  }

  return {
    known,
    stacks,
    realClasses,
    nameOfPrototype,
    harvest,
    describeAs,
    makeError,
    classNameOf,
    stack,
    textOf,
  };
}
