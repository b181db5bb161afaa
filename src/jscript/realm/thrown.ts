/**
 * What scripts throw, catch and let go.
 * Owns: number and text for errors of the engine below, what `catch` and `finally` may see, what the host is told.
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { Asking } from './asking.ts';
import type { RealmSide } from './contract.ts';
import type { Errors } from './errors.ts';
import type { HostFunctions } from './host-functions.ts';
import type { HostObjects } from './host-objects.ts';
import type { Intrinsics } from './intrinsics.ts';

export type Thrown = ReturnType<typeof thrownValues>;

export function thrownValues({
  hostExplain,
  hostRaised,
  getOwnPropertyDescriptor,
  isError,
  known,
  stacks,
  harvest,
  describeAs,
  classNameOf,
  stack,
  textOf,
  state,
  EXIT,
  ask,
  hosts,
}: HostFunctions & Intrinsics & Errors & Asking & HostObjects) {
  /** Gives an error of the engine below JScript's number and text. */
  function translate(error: object): void {
    const own = getOwnPropertyDescriptor(error, 'message') as Record<string, unknown> | undefined;
    const message = own !== undefined && typeof own['value'] === 'string' ? own['value'] : '';
    harvest(error);
    const text = ask(hostExplain, classNameOf(error), message, stacks.get(error));
    describeAs(error, state.number, text);
  }

  function caught(thrown: unknown): unknown {
    if (thrown === EXIT || state.isExiting) throw EXIT;
    if (isError(thrown) && !known.has(thrown)) translate(thrown as object);
    ask(hostRaised, thrown);
    return thrown;
  }

  function leave(): void {
    if (state.isExiting) throw EXIT;
  }

  /** Where something was thrown that is no error. */
  const lastThrown: { value: unknown; stack: string } = {
    __proto__: null,
    value: undefined,
    stack: '',
  } as never;

  function thrown(value: unknown): unknown {
    if (!isError(value)) {
      lastThrown.value = value;
      lastThrown.stack = stack();
    }
    return value;
  }

  function describe(value: unknown): ReturnType<RealmSide['describe']> {
    let number = 5022;
    let description = '';
    let trace = '';
    let className = '';
    const isProper = isError(value);
    if (isProper) {
      const error = value as Record<string, unknown>;
      try {
        if (!known.has(error)) translate(error);
      } catch {
        // The stack is full: what the engine below says must do.
      }
      className = classNameOf(error);
      trace = (stacks.get(error) as string | undefined) ?? '';
      try {
        const given = error['number'];
        number = typeof given === 'number' ? given : 0;
        description = textOf(error['message']);
        if (description === '') description = textOf(error['description'] ?? '');
      } catch {
        number = 0;
      }
    } else {
      if (value === lastThrown.value) trace = lastThrown.stack;
      try {
        if (typeof value === 'object' && value !== null && !hosts.has(value)) {
          const object = value as Record<string, unknown>;
          if (typeof object['number'] === 'number' && typeof object['description'] === 'string') {
            number = object['number'];
            description = object['description'];
          }
        }
      } catch {
        number = 5022;
      }
    }
    return { __proto__: null, isError: isProper, number, description, className, stack: trace } as never;
  }

  return {
    caught,
    leave,
    thrown,
    describe,
  };
}
