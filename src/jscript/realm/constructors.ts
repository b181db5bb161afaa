/**
 * What JScript has and the engine below has not: ActiveXObject, GetObject, Enumerator, VBArray.
 * Owns: their checks and errors.  Leaves: the objects behind them (the host).
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { Asking } from './asking.ts';
import type { Handle } from './contract.ts';
import type { Errors } from './errors.ts';
import type { HostFunctions } from './host-functions.ts';
import type { HostObjects } from './host-objects.ts';
import type { Intrinsics } from './intrinsics.ts';

type Walk = { handle: Handle | undefined; token: object; isAtEnd: boolean };

export type Constructors = ReturnType<typeof constructors>;

export function constructors({
  hostCreate,
  hostGetObject,
  hostEnumerate,
  hostAdvance,
  hostCurrent,
  hostBound,
  hostElement,
  hostElements,
  defineProperty,
  table,
  makeError,
  textOf,
  EXIT,
  ask,
  hosts,
  opaques,
}: HostFunctions & Intrinsics & Errors & Asking & HostObjects) {
  function ActiveXObject(...args: unknown[]): unknown {
    const progId = args[0];
    const server = args[1];
    if (args.length === 0)
      throw makeError('Error', 450, 'Wrong number of arguments or invalid property assignment');
    return ask(hostCreate, textOf(progId), server === undefined ? undefined : textOf(server));
  }

  function GetObject(path: unknown, progId: unknown): unknown {
    return ask(
      hostGetObject,
      path === undefined ? undefined : textOf(path),
      progId === undefined ? undefined : textOf(progId),
    );
  }

  const walks = table();

  function begin(walk: Walk): void {
    walk.token = { __proto__: null } as never;
    walk.isAtEnd = true;
    if (walk.handle === undefined) return;
    ask(hostEnumerate, walk.token, walk.handle);
    walk.isAtEnd = !ask(hostAdvance, walk.token);
  }

  function walkOf(value: unknown): Walk {
    const walk = typeof value === 'object' && value !== null ? walks.get(value) : undefined;
    if (walk === undefined) throw makeError('TypeError', 5015, 'Enumerator object expected');
    return walk as Walk;
  }

  const Enumerator = function Enumerator(this: object, collection: unknown): unknown {
    if (new.target === undefined)
      return new (Enumerator as unknown as new (of: unknown) => object)(collection);
    const walk: Walk = { __proto__: null, handle: undefined, token: EXIT, isAtEnd: true } as never;
    if (collection !== undefined) {
      const handle = typeof collection === 'function' ? hosts.get(collection) : undefined;
      if (handle === undefined) throw makeError('TypeError', 451, 'Object not a collection');
      walk.handle = handle as Handle;
    }
    begin(walk);
    walks.set(this, walk);
    return undefined;
  };
  const enumeratorMethods = {
    atEnd(this: unknown): boolean {
      return walkOf(this).isAtEnd;
    },
    item(this: unknown): unknown {
      const walk = walkOf(this);
      return walk.isAtEnd ? undefined : ask(hostCurrent, walk.token);
    },
    moveFirst(this: unknown): void {
      begin(walkOf(this));
    },
    moveNext(this: unknown): void {
      const walk = walkOf(this);
      if (!walk.isAtEnd) walk.isAtEnd = !ask(hostAdvance, walk.token);
    },
  };

  const arrays = table();

  function arrayOf(value: unknown): object {
    const array = typeof value === 'object' && value !== null ? arrays.get(value) : undefined;
    if (array === undefined) throw makeError('TypeError', 5013, 'VBArray expected');
    return array as object;
  }

  const VBArray = function VBArray(this: object, array: unknown): unknown {
    if (typeof array !== 'object' || array === null || opaques.get(array) !== 'unknown') {
      if (typeof array === 'object' && array !== null && arrays.has(array)) return array;
      throw makeError('TypeError', 5013, 'VBArray expected');
    }
    if (new.target === undefined) return new (VBArray as unknown as new (of: unknown) => object)(array);
    arrays.set(this, array);
    return undefined;
  };
  const dimension = (given: unknown): number => (given === undefined ? 1 : +(given as number));
  const arrayMethods = {
    dimensions(this: unknown): unknown {
      return ask(hostBound, arrayOf(this), 'count', 1);
    },
    getItem(this: unknown, ...indices: unknown[]): unknown {
      return ask(hostElement, arrayOf(this), indices);
    },
    lbound(this: unknown, given: unknown): unknown {
      return ask(hostBound, arrayOf(this), 'lower', dimension(given));
    },
    ubound(this: unknown, given: unknown): unknown {
      return ask(hostBound, arrayOf(this), 'upper', dimension(given));
    },
    toArray(this: unknown): unknown {
      const result: unknown[] = [];
      ask(hostElements, arrayOf(this), (index: number, value: unknown) =>
        defineProperty(result, index, {
          __proto__: null,
          value,
          enumerable: true,
          writable: true,
          configurable: true,
        } as never),
      );
      return result;
    },
  };

  return {
    ActiveXObject,
    GetObject,
    Enumerator,
    enumeratorMethods,
    VBArray,
    arrayMethods,
  };
}
