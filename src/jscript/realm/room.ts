/**
 * When somebody looks at the memory.
 * Owns: the turns between two looks, questions before something large is made.  Leaves: the answer (../session.ts).
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { Asking } from './asking.ts';
import type { Errors } from './errors.ts';
import type { HostFunctions } from './host-functions.ts';
import type { Intrinsics } from './intrinsics.ts';

export type Room = ReturnType<typeof roomFor>;

export function roomFor({
  hostMemory,
  hostTurns,
  apply,
  defineProperty,
  isArray,
  property,
  ask,
  makeError,
}: HostFunctions & Intrinsics & Errors & Asking) {
  /** Turns of loops and calls until somebody looks at the memory. */
  const fuel = hostTurns === undefined ? new Int32Array(1) : new Int32Array(hostTurns);
  /** Length from which a text or array is asked about before anything is made of it. */
  const LARGE = 1_000_000;
  /** Longest text: a copy of it must find room beyond the limit. */
  const LONGEST = 1 << 27;
  /** Longest array whose elements lie side by side. */
  const MOST_TOGETHER = 32 * 1024 * 1024;

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

  function refuse(): never {
    throw makeError('Error', 7, 'Out of memory');
  }

  /** For so many units of text that will be made in one go. */
  function roomForText(units: number): void {
    if (units > LONGEST) refuse();
    if (units > LARGE) ask(hostMemory, units * 2);
  }

  /** What `+` made of two values that were not written out: a long text costs nothing until it is read, and then all at once. */
  function sum(value: unknown): unknown {
    if (typeof value === 'string' && value.length > LONGEST) refuse();
    return value;
  }

  /** A length that an array is given: its elements are laid side by side at once. */
  function size(length: unknown): unknown {
    if (typeof length === 'number' && length > LARGE && length <= MOST_TOGETHER) ask(hostMemory, length * 8);
    return length;
  }

  /** What `for … in` goes through: its names are gathered before the first turn. */
  function each(value: unknown): unknown {
    room(value, 40);
    return value;
  }

  /** Puts a question in front of a function of the engine below. */
  function ahead(
    object: object,
    name: string,
    ask: (this: unknown, first: unknown, all: readonly unknown[]) => void,
  ): void {
    const real = (object as Record<string, (...args: unknown[]) => unknown>)[name]!;
    const asking = {
      [name](this: unknown, ...args: unknown[]): unknown {
        apply(ask, this, [args[0], args]);
        return apply(real, this, args);
      },
    }[name]!;
    defineProperty(asking, 'length', { __proto__: null, value: real.length } as never);
    property(object, name, asking);
  }

  /** Asks for room before a function of the engine makes much of a text, be it the receiver or the first argument. */
  function guard(object: object, name: string, bytesEach: number): void {
    ahead(object, name, function asked(first) {
      room(this, bytesEach);
      room(first, bytesEach);
    });
  }

  return {
    fuel,
    look,
    room,
    roomForText,
    sum,
    size,
    each,
    ahead,
    guard,
  };
}
