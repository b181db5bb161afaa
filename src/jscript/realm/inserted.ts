/**
 * What the names mean that rewriting puts into a script (../rewrite.ts).
 * Owns: calls on members, assignment to call results, typeof, with, code from text.  Leaves: catch and throw (thrown.ts), memory (room.ts).
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { Asking } from './asking.ts';
import type { Handle, List } from './contract.ts';
import type { Errors } from './errors.ts';
import type { HostFunctions } from './host-functions.ts';
import type { HostObjects } from './host-objects.ts';
import type { Intrinsics } from './intrinsics.ts';
import type { Room } from './room.ts';
import type { Thrown } from './thrown.ts';

export type Inserted = ReturnType<typeof inserted>;

export function inserted({
  hostPut,
  hostCall,
  hostCode,
  hostMakeFunction,
  hostLine,
  hostTest,
  hostEnter,
  RealObject,
  defineProperty,
  getPrototypeOf,
  global,
  objectPrototype,
  ownKeys,
  property,
  unscopables,
  makeError,
  textOf,
  ask,
  hosts,
  views,
  methods,
  opaques,
  viewOf,
  caught,
  leave,
  thrown,
  fuel,
  look,
  room,
  sum,
  size,
  each,
}: HostFunctions & Intrinsics & Errors & Asking & HostObjects & Thrown & Room) {
  function self(value: unknown): unknown {
    if (typeof value !== 'function') {
      room(value, 8);
      return value;
    }
    const handle = hosts.get(value);
    return handle === undefined ? value : viewOf(handle as Parameters<typeof viewOf>[0]);
  }

  function type(value: unknown): string {
    const plain = typeof value;
    if (plain === 'function') {
      if (hosts.has(value)) return 'object';
      return methods.has(value) ? 'unknown' : plain;
    }
    if (plain === 'object' && value !== null && opaques.has(value))
      return opaques.get(value as object) as string;
    return plain;
  }

  function target(value: unknown): Handle {
    const handle = typeof value === 'function' ? (hosts.get(value) ?? views.get(value)) : undefined;
    if (handle === undefined) {
      if (value === undefined || value === null) throw makeError('TypeError', 5007, 'Object expected');
      throw makeError('TypeError', 5003, 'Cannot assign to a function result');
    }
    return handle as Handle;
  }

  function put(object: unknown, name: unknown, args: List, value: unknown): unknown {
    ask(hostPut, target(object), textOf(name), args, value);
    return value;
  }

  function change(
    object: unknown,
    name: unknown,
    args: List,
    isPostfix: boolean,
    compute: (old: unknown) => unknown,
  ): unknown {
    const handle = target(object);
    const member = textOf(name);
    const old = ask(hostCall, handle, member, args);
    const value = compute(old);
    ask(hostPut, handle, member, args, value);
    return isPostfix ? +(old as number) : value;
  }

  /** Names of ours must not be found in the object of a `with`. */
  const hidden: Record<string, boolean> = { __proto__: null, eval: true } as never;

  function withObject(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    let prototype: object | null = value;
    for (let turn = 0; prototype !== null && turn < 10_000; turn += 1) {
      if (prototype === objectPrototype) return value;
      prototype = getPrototypeOf(prototype);
    }
    // An object without Object.prototype behind it does not inherit what hides the names.
    const isHidden = defineProperty(value, unscopables, { __proto__: null, value: hidden } as never);
    if (!isHidden) throw makeError('TypeError', 5, 'Invalid procedure call or argument');
    return value;
  }

  // ---- code from text ----

  function code(source: unknown): unknown {
    // A tree of what is read is many times the text.
    room(source, 100);
    return typeof source === 'string' ? ask(hostCode, source) : source;
  }

  const evaluate = global['eval'] as (text: unknown) => unknown;
  /** `eval` that is not called by its own name: evaluates in the global scope. */
  const indirectEval = (source: unknown): unknown => evaluate(code(source));

  function makeFunction(...args: unknown[]): unknown {
    let parameters = '';
    for (let at = 0; at < args.length - 1; at += 1) parameters += (at === 0 ? '' : ',') + textOf(args[at]);
    const body = args.length === 0 ? '' : textOf(args[args.length - 1]);
    room(body, 100);
    return ask(hostMakeFunction, parameters, body);
  }

  const names = {
    __proto__: null,
    self,
    put,
    change,
    type,
    caught,
    leave,
    thrown,
    with: withObject,
    code,
    eval: indirectEval,
    line: (unit: number, offset: number) => void ask(hostLine, unit, offset),
    test: (unit: number, offset: number, value: unknown) => {
      ask(hostTest, unit, offset, value);
      return value;
    },
    fuel,
    look,
    sum,
    size,
    each,
    enter: () => {
      try {
        hostEnter();
      } catch {
        // The host keeps what happened; nothing of it comes here.
      }
    },
  };
  for (const name of ownKeys(names)) hidden[`__jscript_${name as string}`] = true;
  hidden['__jscript_value'] = true;
  property(objectPrototype, unscopables, RealObject.freeze(hidden), true);

  return {
    names,
    evaluate,
    indirectEval,
    makeFunction,
  };
}
