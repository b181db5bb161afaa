/**
 * What the host may do with the realm.
 * Owns: kinds of values, reading, writing and calling on the host's behalf.  Leaves: what values become (../border.ts).
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { Asking } from './asking.ts';
import type { RealmSide } from './contract.ts';
import type { Dates } from './dates.ts';
import type { Errors } from './errors.ts';
import type { HostObjects } from './host-objects.ts';
import type { Intrinsics } from './intrinsics.ts';
import type { Thrown } from './thrown.ts';

export function realmSide({
  apply,
  booleanValue,
  dateTime,
  defineProperty,
  global,
  isArray,
  isError,
  lowerCase,
  numberValue,
  property,
  stringValue,
  makeError,
  stack,
  textOf,
  state,
  EXIT,
  describe,
  wrap,
  method,
  opaqueArray,
  defineMember,
  opaqueDate,
}: Intrinsics & Errors & Asking & Thrown & HostObjects & Dates) {
  const probes: readonly (readonly [(this: unknown) => unknown, string])[] = [
    [numberValue as never, 'primitive'],
    [stringValue as never, 'primitive'],
    [booleanValue as never, 'primitive'],
  ];

  function classOf(value: object): ReturnType<RealmSide['classOf']> {
    if (typeof value === 'function') return 'function';
    if (isArray(value)) return 'array';
    if (isError(value)) return 'error';
    try {
      apply(dateTime, value, []);
      return 'date';
    } catch {
      return unbox(value) === value ? 'object' : 'primitive';
    }
  }

  function unbox(value: object): unknown {
    for (let at = 0; at < 3; at += 1) {
      try {
        return apply(probes[at]![0], value, []);
      } catch {
        // It is none of these.
      }
    }
    return value;
  }

  function find(object: object, name: string): string | undefined {
    if (name in object) return name;
    const wanted = apply(lowerCase, name, []);
    for (const candidate in object) if (apply(lowerCase, candidate, []) === wanted) return candidate;
    return undefined;
  }

  function list(): ReturnType<RealmSide['list']> {
    const values: unknown[] = [];
    return {
      __proto__: null,
      values,
      push: (value: unknown) => {
        defineProperty(values, values.length, {
          __proto__: null,
          value,
          enumerable: true,
          writable: true,
          configurable: true,
        } as never);
      },
    } as never;
  }

  const side: RealmSide = {
    __proto__: null,
    state,
    global,
    exit: EXIT,
    wrap,
    method,
    opaqueArray,
    opaqueDate,
    makeError,
    classOf,
    unbox,
    describe,
    textOf,
    read: (object: Record<string, unknown>, name: string) => object[name],
    write: (object: Record<string, unknown>, name: string, value: unknown) => {
      object[name] = value;
    },
    find,
    invoke: (fn: never, of: unknown, args: never) => apply(fn, of, args),
    list,
    define: (name: string, value: unknown) => property(global, name, value),
    defineMember,
    stack,
  } as never;

  return {
    side,
  };
}
