/**
 * Objects of the host as the script sees them.
 * Owns: proxies, views for member calls, methods that were named and not called, values that can only be passed on.
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { Asking } from './asking.ts';
import type { Handle, List } from './contract.ts';
import type { Errors } from './errors.ts';
import type { HostFunctions } from './host-functions.ts';
import type { Intrinsics } from './intrinsics.ts';

type InnerHandle = { proxy: object; view: object | undefined };

export type HostObjects = ReturnType<typeof hostObjects>;

export function hostObjects({
  hostGet,
  hostPut,
  hostCall,
  hostPrimitive,
  hostHas,
  RealObject,
  RealProxy,
  toPrimitive,
  defineProperty,
  global,
  table,
  textOf,
  ask,
}: HostFunctions & Intrinsics & Errors & Asking) {
  /** Proxy → handle; view → handle. */
  const hosts = table();
  const views = table();
  /** Methods that were named and not called. */
  const methods = table();
  /** Values that scripts can only pass on: → what typeof says. */
  const opaques = table();

  function asPrimitive(this: object): unknown {
    const handle = (hosts.get(this) ?? views.get(this)) as Handle;
    const value = ask(hostPrimitive, handle);
    return typeof value === 'object' && value !== null ? textOf(value) : value;
  }

  const COMMON = {
    __proto__: null,
    has(this: Handle, _target: unknown, name: PropertyKey): boolean {
      return typeof name === 'string' && (ask(hostHas, this, name) as boolean);
    },
    deleteProperty: () => false,
    defineProperty: () => false,
    getOwnPropertyDescriptor: () => undefined,
    getPrototypeOf: () => null,
    setPrototypeOf: () => false,
    preventExtensions: () => false,
    ownKeys: () => [],
  };

  const TRAPS = {
    ...COMMON,
    __proto__: null,
    get(this: Handle, _target: unknown, name: PropertyKey): unknown {
      if (typeof name === 'string') return ask(hostGet, this, name);
      return name === toPrimitive ? asPrimitive : undefined;
    },
    set(this: Handle, _target: unknown, name: PropertyKey, value: unknown): boolean {
      if (typeof name === 'string') ask(hostPut, this, name, undefined, value);
      return true;
    },
    apply(this: Handle, _target: unknown, _self: unknown, args: List): unknown {
      return ask(hostCall, this, '', args);
    },
  };

  /** The object as the left side of a member call sees it: members are called with what comes in the parentheses. */
  const VIEW_TRAPS = {
    ...COMMON,
    __proto__: null,
    get(this: { handle: Handle }, _target: unknown, name: PropertyKey): unknown {
      const { handle } = this;
      if (typeof name !== 'string') return name === toPrimitive ? asPrimitive : undefined;
      return (...args: unknown[]) => ask(hostCall, handle, name, args);
    },
  };

  function wrap(): Handle {
    const handle = { __proto__: TRAPS, proxy: undefined, view: undefined } as unknown as InnerHandle;
    handle.proxy = new RealProxy(() => undefined, handle as never);
    hosts.set(handle.proxy, handle);
    return handle;
  }

  function viewOf(handle: InnerHandle): object {
    if (handle.view === undefined) {
      handle.view = new RealProxy(() => undefined, { __proto__: VIEW_TRAPS, handle } as never);
      views.set(handle.view, handle);
    }
    return handle.view;
  }

  function method(handle: Handle, name: string): unknown {
    const bound = (...args: unknown[]) => ask(hostCall, handle, name, args);
    methods.set(bound, true);
    return bound;
  }

  function opaqueArray(): object {
    const array = { __proto__: null } as unknown as object;
    opaques.set(array, 'unknown');
    return RealObject.freeze(array);
  }

  function defineMember(name: string, handle: Handle): void {
    const call = (...args: unknown[]): unknown => ask(hostCall, handle, name, args);
    defineProperty(global, name, {
      __proto__: null,
      configurable: true,
      enumerable: false,
      get: () => {
        const value = ask(hostGet, handle, name);
        return value === undefined ? call : value;
      },
      set: (value: unknown) => void ask(hostPut, handle, name, undefined, value),
    } as never);
  }

  return {
    hosts,
    views,
    methods,
    opaques,
    wrap,
    viewOf,
    method,
    opaqueArray,
    defineMember,
  };
}
