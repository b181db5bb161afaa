/**
 * When somebody looks at the memory.
 * Owns: the turns between two looks, questions before something large is made.  Leaves: the answer (../session.ts).
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { Asking } from './asking.ts';
import type { HostFunctions } from './host-functions.ts';
import type { Intrinsics } from './intrinsics.ts';

export type Room = ReturnType<typeof roomFor>;

export function roomFor({
  hostMemory,
  apply,
  defineProperty,
  isArray,
  property,
  ask,
}: HostFunctions & Intrinsics & Asking) {
  /** Turns of loops and calls until somebody looks at the memory. */
  const fuel = new Int32Array(1);
  /** Length from which a text or array is asked about before anything is made of it. */
  const LARGE = 1_000_000;

  function look(): void {
    // Full: the next turn looks again, whoever catches the error.
    fuel[0] = 0;
    fuel[0] = ask(hostMemory, 0) as number;
  }

  /** Before something is made of a text or array. */
  function room(value: unknown, bytesEach: number): void {
    if (typeof value === 'string' || isArray(value)) {
      const { length } = value as { length: number };
      if (length > LARGE) ask(hostMemory, length * bytesEach);
    }
  }

  /** Asks for room before a function of the engine makes much of a text, be it the receiver or the first argument. */
  function guard(object: object, name: string, bytesEach: number): void {
    const real = (object as Record<string, (...args: unknown[]) => unknown>)[name]!;
    const guarded = {
      [name](this: unknown, ...args: unknown[]): unknown {
        room(this, bytesEach);
        room(args[0], bytesEach);
        return apply(real, this, args);
      },
    }[name]!;
    defineProperty(guarded, 'length', { __proto__: null, value: real.length } as never);
    property(object, name, guarded);
  }

  return {
    fuel,
    look,
    room,
    guard,
  };
}
