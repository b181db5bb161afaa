/**
 * The one way from the realm to the host.
 * Owns: calling the host's functions, letting nothing through that they throw, the end of the script.
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { RealmState } from './contract.ts';
import type { Errors } from './errors.ts';
import type { Intrinsics } from './intrinsics.ts';

export type Asking = ReturnType<typeof asking>;

export function asking({ RealObject, makeError }: Intrinsics & Errors) {
  const state: RealmState = {
    __proto__: null,
    failed: 0,
    thrown: undefined,
    isExiting: false,
    number: 0,
  } as never;
  const EXIT = RealObject.freeze({ __proto__: null });

  /** Calls a function of the host. What it throws is never looked at: only a full stack makes it throw at all. */
  function ask(fn: unknown, a?: unknown, b?: unknown, c?: unknown, d?: unknown): unknown {
    if (state.isExiting) throw EXIT;
    let value: unknown;
    try {
      value = (fn as (...given: unknown[]) => unknown)(a, b, c, d);
    } catch {
      state.failed = 0;
      throw makeError('Error', 28, 'Out of stack space');
    }
    if (state.failed !== 0) throw failure();
    return value;
  }

  function failure(): unknown {
    const isExit = state.failed === 2;
    const { thrown } = state;
    state.failed = 0;
    state.thrown = undefined;
    return isExit ? EXIT : thrown;
  }

  return {
    state,
    EXIT,
    ask,
  };
}
