/**
 * What the realm has from its beginning, taken before a script can change it.
 * Owns: the functions and prototypes of the engine below that the other parts work with, two tools over them.
 * A part of the realm's text (text.ts): types alone are imported.
 */

export type Intrinsics = ReturnType<typeof intrinsics>;

export function intrinsics() {
  const global = globalThis as unknown as Record<string, unknown>;
  const { apply, construct, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf } =
    Reflect;
  const { ownKeys } = Reflect;
  const RealObject = Object;
  const RealFunction = Function;
  const RealArray = Array;
  const RealError = Error;
  const RealDate = Date;
  const RealProxy = Proxy;
  const RealWeakMap = WeakMap;
  const RealString = String;
  const { unscopables, toPrimitive } = Symbol;
  const { isArray } = Array;
  const isNotANumber = Number.isNaN;
  const isError = (Error as unknown as { isError: (value: unknown) => boolean }).isError;
  const mapGet = WeakMap.prototype.get;
  const mapSet = WeakMap.prototype.set;
  const mapHas = WeakMap.prototype.has;
  const dateTime = Date.prototype.getTime;
  const functionToText = Function.prototype.toString;
  const lowerCase = String.prototype.toLowerCase;
  const numberValue = Number.prototype.valueOf;
  const stringValue = String.prototype.valueOf;
  const booleanValue = Boolean.prototype.valueOf;
  const realParse = Date.parse;
  const realUtc = Date.UTC;
  const objectPrototype = Object.prototype;

  function property(target: object, key: PropertyKey, value: unknown, isFixed?: boolean): void {
    const description = {
      __proto__: null,
      value,
      enumerable: false,
      writable: isFixed !== true,
      configurable: isFixed !== true,
    };
    defineProperty(target, key, description);
  }

  function table(): {
    get: (key: object) => unknown;
    set: (key: object, value: unknown) => void;
    has: (key: unknown) => boolean;
  } {
    const map = new RealWeakMap();
    return {
      __proto__: null,
      get: (key: object) => apply(mapGet, map, [key]),
      set: (key: object, value: unknown) => void apply(mapSet, map, [key, value]),
      has: (key: unknown) => apply(mapHas, map, [key]),
    } as never;
  }

  return {
    global,
    apply,
    construct,
    defineProperty,
    deleteProperty,
    getOwnPropertyDescriptor,
    getPrototypeOf,
    ownKeys,
    RealObject,
    RealFunction,
    RealArray,
    RealError,
    RealDate,
    RealProxy,
    RealString,
    unscopables,
    toPrimitive,
    isArray,
    isNotANumber,
    isError,
    dateTime,
    functionToText,
    lowerCase,
    numberValue,
    stringValue,
    booleanValue,
    realParse,
    realUtc,
    objectPrototype,
    property,
    table,
  };
}
