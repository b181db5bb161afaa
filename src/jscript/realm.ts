/**
 * The inside of the sandbox: runs in the script's own realm and is all of us that a script ever touches.
 * Owns: proxies of host objects, errors, what the inserted names do, what is taken out of the realm.
 * Leaves: conversion of values and every decision (border.ts and session.ts, outside).
 *
 * The function below is not called here. Its text is compiled inside the script's context (session.ts), so every object,
 * function and error it makes belongs there. What must hold, and test/jscript/escapes.test.ts tries to break:
 *
 *   1. Functions of the host are known to closures of this text alone; no script-visible value leads to them.
 *   2. They are called through `ask`, which lets nothing through that they throw: even a stack overflow inside the host
 *      is made anew here.
 *   3. They return primitives or objects of this realm.
 *   4. Nothing here looks a name up that a script can change: intrinsics are taken at the start, property descriptors and
 *      records have no prototype, lists are passed on by Reflect.apply and never iterated.
 *   5. Proxy, Reflect, Symbol, Promise, WeakMap and all the rest that JScript had not are gone before a script runs.
 *
 * The text may use nothing from this module: types alone are written around it.
 */

/** Where the host says how its function went. Written by the host, read here. */
export type RealmState = {
  /** 0: it went well. 1: `thrown` is to be thrown. 2: the script ends at once. */
  failed: 0 | 1 | 2;
  thrown: unknown;
  /** The script is being ended: nothing may stop that. */
  isExiting: boolean;
  /** Number that goes with the text that `explain` returned. */
  number: number;
};

/** Stands for one object of the host; made here, known to the host by identity. */
export type Handle = { readonly proxy: object };

/** Lists and values of the script, read by index. */
type List = { readonly length: number; readonly [index: number]: unknown };

/** The functions of the host. */
export type HostSide = {
  readonly get: (handle: Handle, name: string) => unknown;
  readonly put: (handle: Handle, name: string, args: List | undefined, value: unknown) => void;
  readonly call: (handle: Handle, name: string, args: List) => unknown;
  readonly primitive: (handle: Handle) => unknown;
  readonly has: (handle: Handle, name: string) => boolean;
  readonly create: (progId: string, server: string | undefined) => unknown;
  readonly getObject: (path: string | undefined, progId: string | undefined) => unknown;
  readonly enumerate: (token: object, handle: Handle) => void;
  /** True when there is one more; `current` gives it. */
  readonly advance: (token: object) => boolean;
  readonly current: (token: object) => unknown;
  readonly bound: (array: object, what: 'count' | 'lower' | 'upper', dimension: number) => number;
  readonly element: (array: object, indices: List) => unknown;
  readonly elements: (array: object, store: (index: number, value: unknown) => void) => void;
  readonly varDate: (milliseconds: number) => unknown;
  readonly code: (source: string) => string;
  readonly makeFunction: (parameters: string, body: string) => unknown;
  readonly functionText: (compiled: string) => string;
  readonly explain: (className: string, message: string, stack: string) => string;
  readonly raised: (error: unknown) => void;
  readonly line: (unit: number, offset: number) => void;
  readonly test: (unit: number, offset: number, value: unknown) => void;
  readonly enter: () => void;
  /** Refuses with error 7 when there is no room for so many bytes more; gives the turns until the next look. */
  readonly memory: (bytes: number) => number;
};

/** What the host may call. Every function may throw values of the realm. */
export type RealmSide = {
  readonly state: RealmState;
  readonly global: object;
  /** The sentinel that ends a script. */
  readonly exit: object;
  readonly wrap: () => Handle;
  readonly method: (handle: Handle, name: string) => unknown;
  readonly opaqueArray: () => object;
  readonly opaqueDate: (milliseconds: number) => object;
  readonly makeError: (className: string, number: number, description: string) => object;
  /** What kind of object a script's value is. */
  readonly classOf: (value: object) => 'function' | 'array' | 'date' | 'error' | 'primitive' | 'object';
  readonly unbox: (value: object) => unknown;
  readonly describe: (thrown: unknown) => {
    readonly isError: boolean;
    readonly number: number;
    readonly description: string;
    readonly className: string;
    readonly stack: string;
  };
  readonly textOf: (value: unknown) => string;
  readonly read: (object: object, name: string) => unknown;
  readonly write: (object: object, name: string, value: unknown) => void;
  /** The property's name as it is, or in another case; undefined: there is none. */
  readonly find: (object: object, name: string) => string | undefined;
  readonly invoke: (fn: unknown, self: unknown, args: List) => unknown;
  readonly list: () => { readonly values: object; readonly push: (value: unknown) => void };
  readonly define: (name: string, value: unknown) => void;
  readonly defineMember: (name: string, handle: Handle) => void;
  readonly stack: () => string;
};

/** Compiled inside the context; see above. */
export function realm(host: HostSide): {
  readonly side: RealmSide;
  readonly names: object;
  readonly evaluate: unknown;
} {
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

  type Description = Record<string, unknown>;

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

  function memory(): {
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

  const state: RealmState = {
    __proto__: null,
    failed: 0,
    thrown: undefined,
    isExiting: false,
    number: 0,
  } as never;
  const EXIT = RealObject.freeze({ __proto__: null });

  // ---- asking the host ----

  const {
    get: hostGet,
    put: hostPut,
    call: hostCall,
    primitive: hostPrimitive,
    has: hostHas,
    create: hostCreate,
    getObject: hostGetObject,
    enumerate: hostEnumerate,
    advance: hostAdvance,
    current: hostCurrent,
    bound: hostBound,
    element: hostElement,
    elements: hostElements,
    varDate: hostVarDate,
    code: hostCode,
    makeFunction: hostMakeFunction,
    functionText: hostFunctionText,
    explain: hostExplain,
    raised: hostRaised,
    line: hostLine,
    test: hostTest,
    enter: hostEnter,
    memory: hostMemory,
  } = host;

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

  // ---- errors ----

  /** Errors whose number and text are JScript's already. */
  const known = memory();
  const stacks = memory();
  const realClasses: Record<string, ErrorConstructor> = { __proto__: null } as never;
  const nameOfPrototype = memory();

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

  /** Gives an error of the engine below JScript's number and text. */
  function translate(error: object): void {
    const own = getOwnPropertyDescriptor(error, 'message') as Description | undefined;
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

  function stack(): string {
    const probe = new RealError();
    harvest(probe);
    return stacks.get(probe) as string;
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

  function textOf(value: unknown): string {
    return `${value as string}`;
  }

  // ---- objects of the host ----

  type InnerHandle = { proxy: object; view: object | undefined };

  /** Proxy → handle; view → handle. */
  const hosts = memory();
  const views = memory();
  /** Methods that were named and not called. */
  const methods = memory();
  /** Values that scripts can only pass on: → what typeof says. */
  const opaques = memory();
  const dates = memory();

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

  // ---- memory ----

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

  function self(value: unknown): unknown {
    if (typeof value !== 'function') {
      room(value, 8);
      return value;
    }
    const handle = hosts.get(value);
    return handle === undefined ? value : viewOf(handle as InnerHandle);
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
    return typeof source === 'string' ? ask(hostCode, source) : source;
  }

  const evaluate = global['eval'] as (text: unknown) => unknown;
  /** `eval` that is not called by its own name: evaluates in the global scope. */
  const indirectEval = (source: unknown): unknown => evaluate(code(source));

  function makeFunction(...args: unknown[]): unknown {
    let parameters = '';
    for (let at = 0; at < args.length - 1; at += 1) parameters += (at === 0 ? '' : ',') + textOf(args[at]);
    const body = args.length === 0 ? '' : textOf(args[args.length - 1]);
    return ask(hostMakeFunction, parameters, body);
  }

  // ---- constructors of JScript ----

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

  type Walk = { handle: Handle | undefined; token: object; isAtEnd: boolean };
  const walks = memory();

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

  const arrays = memory();

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

  // ---- values that a script passes on ----

  function opaqueArray(): object {
    const array = { __proto__: null } as unknown as object;
    opaques.set(array, 'unknown');
    return RealObject.freeze(array);
  }

  const DATE_VALUE = { __proto__: null } as unknown as Record<PropertyKey, unknown>;

  function opaqueDate(milliseconds: number): object {
    const date = { __proto__: DATE_VALUE } as unknown as object;
    opaques.set(date, 'date');
    dates.set(date, milliseconds);
    return RealObject.freeze(date);
  }
  property(DATE_VALUE, toPrimitive, function asDate(this: object, hint: unknown): unknown {
    const milliseconds = dates.get(this) as number;
    return hint === 'number' ? milliseconds : dateText(new RealDate(milliseconds));
  });

  // ---- Date as JScript writes it ----

  const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const FULL_DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  const FULL_MONTHS = [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ];
  const datePrototype = Date.prototype;
  const part = (date: unknown, name: string): number => apply(dateParts[name]!, date, []) as number;
  const dateParts: Record<string, (...given: never[]) => unknown> = { __proto__: null } as never;
  for (const name of [
    'getFullYear',
    'getMonth',
    'getDate',
    'getDay',
    'getHours',
    'getMinutes',
    'getSeconds',
    'getTimezoneOffset',
    'getUTCFullYear',
    'getUTCMonth',
    'getUTCDate',
    'getUTCDay',
    'getUTCHours',
    'getUTCMinutes',
    'getUTCSeconds',
    'setFullYear',
  ])
    dateParts[name] = (datePrototype as unknown as Record<string, never>)[name]!;

  function two(number: number): string {
    return number < 10 ? `0${number}` : `${number}`;
  }

  function checkDate(date: unknown): number {
    try {
      return apply(dateTime, date, []);
    } catch {
      throw makeError('TypeError', 5006, 'Date object expected');
    }
  }

  function yearText(year: number): string {
    return year < 1 ? `${1 - year} B.C.` : `${year}`;
  }

  function zoneText(date: unknown): string {
    const minutes = -part(date, 'getTimezoneOffset');
    if (minutes === 0) return 'UTC';
    const size = minutes < 0 ? -minutes : minutes;
    return `UTC${minutes < 0 ? '-' : '+'}${two((size / 60) | 0)}${two(size % 60)}`;
  }

  function dateText(date: unknown): string {
    const time = checkDate(date);
    if (isNotANumber(time)) return 'NaN';
    const day = `${DAYS[part(date, 'getDay')]} ${MONTHS[part(date, 'getMonth')]} ${part(date, 'getDate')}`;
    return `${day} ${timeText(date)} ${zoneText(date)} ${yearText(part(date, 'getFullYear'))}`;
  }

  function timeText(date: unknown): string {
    return `${two(part(date, 'getHours'))}:${two(part(date, 'getMinutes'))}:${two(part(date, 'getSeconds'))}`;
  }

  function utcText(date: unknown): string {
    const time = checkDate(date);
    if (isNotANumber(time)) return 'NaN';
    const clock = `${two(part(date, 'getUTCHours'))}:${two(part(date, 'getUTCMinutes'))}:${two(part(date, 'getUTCSeconds'))}`;
    const day = `${DAYS[part(date, 'getUTCDay')]}, ${part(date, 'getUTCDate')} ${MONTHS[part(date, 'getUTCMonth')]}`;
    return `${day} ${yearText(part(date, 'getUTCFullYear'))} ${clock} UTC`;
  }

  function longDate(date: unknown): string {
    const day = `${FULL_DAYS[part(date, 'getDay')]}, ${FULL_MONTHS[part(date, 'getMonth')]}`;
    return `${day} ${two(part(date, 'getDate'))}, ${yearText(part(date, 'getFullYear'))}`;
  }

  function clockText(date: unknown): string {
    const hours = part(date, 'getHours');
    const clock = `${hours % 12 === 0 ? 12 : hours % 12}:${two(part(date, 'getMinutes'))}:${two(part(date, 'getSeconds'))}`;
    return `${clock} ${hours < 12 ? 'AM' : 'PM'}`;
  }

  /** Text of a date → milliseconds. What the engine below reads, and JScript's own form. */
  function parseDate(text: string): number {
    return realParse(text);
  }

  function dateFrom(value: unknown): unknown {
    if (typeof value === 'function') {
      const handle = hosts.get(value);
      if (handle !== undefined) return dateFrom(ask(hostPrimitive, handle));
    }
    if (typeof value === 'object' && value !== null && dates.has(value)) return dates.get(value);
    return typeof value === 'string' ? parseDate(value) : value;
  }

  const JDate = function made(...args: unknown[]): unknown {
    if (new.target === undefined) return dateText(new RealDate());
    if (args.length === 1) return construct(RealDate, [dateFrom(args[0])], new.target);
    return construct(RealDate, args, new.target);
  };
  const dateMethods = {
    toString(this: unknown): string {
      return dateText(this);
    },
    toDateString(this: unknown): string {
      const time = checkDate(this);
      if (isNotANumber(time)) return 'NaN';
      return `${DAYS[part(this, 'getDay')]} ${MONTHS[part(this, 'getMonth')]} ${part(this, 'getDate')} ${yearText(part(this, 'getFullYear'))}`;
    },
    toTimeString(this: unknown): string {
      const time = checkDate(this);
      return isNotANumber(time) ? 'NaN' : `${timeText(this)} ${zoneText(this)}`;
    },
    toUTCString(this: unknown): string {
      return utcText(this);
    },
    toGMTString(this: unknown): string {
      return utcText(this);
    },
    toLocaleString(this: unknown): string {
      const time = checkDate(this);
      return isNotANumber(time) ? 'NaN' : `${longDate(this)} ${clockText(this)}`;
    },
    toLocaleDateString(this: unknown): string {
      const time = checkDate(this);
      return isNotANumber(time) ? 'NaN' : longDate(this);
    },
    toLocaleTimeString(this: unknown): string {
      const time = checkDate(this);
      return isNotANumber(time) ? 'NaN' : clockText(this);
    },
    /** Two digits within the twentieth century, the whole year outside. */
    getYear(this: unknown): number {
      checkDate(this);
      const year = part(this, 'getFullYear');
      return year >= 1900 && year <= 1999 ? year - 1900 : year;
    },
    setYear(this: unknown, given: unknown): unknown {
      checkDate(this);
      const year = +(given as number);
      return apply(dateParts['setFullYear']!, this, [year >= 0 && year <= 99 ? year + 1900 : year] as never);
    },
    getVarDate(this: unknown): unknown {
      return ask(hostVarDate, checkDate(this));
    },
  };

  // ---- other habits of JScript ----

  const realParseInt = global['parseInt'] as (text: unknown, radix?: unknown) => number;
  const otherHabits = {
    /** A leading 0 means octal. */
    parseInt(text: unknown, radix: unknown): number {
      const source = textOf(text);
      if (radix !== undefined || !octal(source)) return realParseInt(source, radix);
      const value = realParseInt(source, 8);
      return isNotANumber(value) ? 0 : value;
    },
  };
  /** White space, a sign, then 0 and a digit. */
  function octal(text: string): boolean {
    let at = 0;
    while (
      at < text.length &&
      (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r')
    )
      at += 1;
    if (text[at] === '-' || text[at] === '+') at += 1;
    return text[at] === '0' && at + 1 < text.length && text[at + 1]! >= '0' && text[at + 1]! <= '9';
  }

  const realSubstr = String.prototype.substr;
  const realSplice = Array.prototype.splice;
  const stringHabits = {
    /** A negative start is the beginning. */
    substr(this: unknown, ...args: unknown[]): string {
      const start = +(args[0] as number);
      const begin = start < 0 ? 0 : start;
      return apply(realSubstr, this, args.length < 2 ? [begin] : [begin, args[1] as number]);
    },
  };
  const arrayHabits = {
    /** Without a count nothing is removed. */
    splice(this: unknown, ...args: unknown[]): unknown {
      return apply(realSplice, this, args.length === 1 ? ([args[0], 0] as never) : (args as never));
    },
  };
  const errorHabits = {
    toString(this: unknown): string {
      return '[object Error]';
    },
  };
  const functionHabits = {
    toString(this: unknown): unknown {
      if (typeof this !== 'function') throw makeError('TypeError', 5002, 'Function expected');
      return ask(hostFunctionText, apply(functionToText, this, []));
    },
  };

  // ---- what the host asks ----

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

  // ---- the realm is made JScript's ----

  function only(object: object, names: string): void {
    const kept: Record<string, boolean> = { __proto__: null } as never;
    for (const name of names.split(' ')) kept[name] = true;
    for (const key of ownKeys(object))
      if (typeof key === 'string' && kept[key] !== true) deleteProperty(object, key);
  }

  function install(object: object, members: object): void {
    for (const key of ownKeys(members)) property(object, key, (members as Record<PropertyKey, unknown>)[key]);
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

  function replaceConstructor(name: string, made: unknown, prototype: object): void {
    const fn = made as object;
    defineProperty(fn, 'prototype', { __proto__: null, value: prototype, writable: false } as never);
    defineProperty(fn, 'name', { __proto__: null, value: name } as never);
    property(prototype, 'constructor', fn);
    property(global, name, fn);
  }

  for (const name of [
    'Error',
    'EvalError',
    'RangeError',
    'ReferenceError',
    'SyntaxError',
    'TypeError',
    'URIError',
  ]) {
    const real = global[name] as ErrorConstructor;
    const { prototype } = real;
    realClasses[name] = real;
    nameOfPrototype.set(prototype, name);
    const made = function (this: unknown, first: unknown, second: unknown): unknown {
      const error = construct(real, []) as object;
      harvest(error);
      const isNumbered = typeof first === 'number';
      const description = isNumbered ? (second === undefined ? '' : textOf(second)) : first;
      describeAs(
        error,
        isNumbered ? (first as number) : 0,
        description === undefined ? '' : textOf(description),
      );
      return error;
    };
    only(prototype, 'constructor name message toString');
    replaceConstructor(name, made, prototype);
    defineProperty(made, 'length', { __proto__: null, value: 2 } as never);
    // The engine below looks for this function when a stack is written: there is to be none, whatever a script does.
    property(made, 'prepareStackTrace', undefined, true);
    property(global, name, made, true);
  }
  install(RealError.prototype, errorHabits);
  (RealError as unknown as { stackTraceLimit: number }).stackTraceLimit = 20;

  only(
    RealObject,
    'length name prototype create defineProperty defineProperties getOwnPropertyDescriptor getOwnPropertyNames getPrototypeOf keys freeze seal preventExtensions isFrozen isSealed isExtensible',
  );
  only(
    objectPrototype,
    'constructor toString toLocaleString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable',
  );
  only(RealArray, 'length name prototype isArray');
  only(
    RealArray.prototype,
    'length constructor concat join pop push reverse shift slice sort splice unshift toString toLocaleString indexOf lastIndexOf every some forEach map filter reduce reduceRight',
  );
  deleteProperty(RealArray.prototype, unscopables);
  install(RealArray.prototype, arrayHabits);
  only(RealString, 'length name prototype fromCharCode');
  only(
    RealString.prototype,
    'length constructor charAt charCodeAt concat indexOf lastIndexOf localeCompare match replace search slice split substr substring toLowerCase toLocaleLowerCase toUpperCase toLocaleUpperCase toString trim valueOf anchor big blink bold fixed fontcolor fontsize italics link small strike sub sup',
  );
  install(RealString.prototype, stringHabits);
  // These make many pieces of one text: a piece is many times a letter.
  for (const name of ['split', 'match', 'replace']) guard(RealString.prototype, name, 24);
  for (const name of [
    'escape',
    'unescape',
    'encodeURI',
    'encodeURIComponent',
    'decodeURI',
    'decodeURIComponent',
  ])
    guard(global, name, 12);
  only(Number, 'length name prototype MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY');
  only(Number.prototype, 'constructor toString toFixed toExponential toPrecision toLocaleString valueOf');
  only(
    Math,
    'E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min pow random round sin sqrt tan',
  );
  only(JSON, 'parse stringify');
  only(
    datePrototype,
    'constructor getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setTime setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds toISOString toJSON valueOf',
  );
  install(datePrototype, dateMethods);
  replaceConstructor('Date', JDate, datePrototype);
  property(JDate, 'parse', (text: unknown) => parseDate(textOf(text)));
  property(JDate, 'UTC', realUtc);
  property(JDate, 'now', RealDate.now);

  only(RealFunction.prototype, 'length name constructor apply call bind toString');
  install(RealFunction.prototype, functionHabits);
  replaceConstructor('Function', makeFunction, RealFunction.prototype);
  // Constructors of functions that only newer syntax makes.
  for (const example of [function* () {}, async () => {}, async function* () {}])
    deleteProperty(getPrototypeOf(example)!, 'constructor');

  only(
    global,
    'Object Function Array String Boolean Number Date RegExp Math JSON Error EvalError RangeError ReferenceError SyntaxError TypeError URIError parseInt parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape NaN Infinity undefined',
  );
  install(global, otherHabits);
  property(global, 'eval', indirectEval);
  install(Enumerator.prototype, enumeratorMethods);
  install(VBArray.prototype, arrayMethods);
  install(global, {
    ActiveXObject,
    GetObject,
    Enumerator,
    VBArray,
    ScriptEngine: () => 'JScript',
    ScriptEngineMajorVersion: () => 5,
    ScriptEngineMinorVersion: () => 8,
    ScriptEngineBuildVersion: () => 16384,
    CollectGarbage: () => undefined,
  });

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
  return { side, names, evaluate };
}

/**
 * Gives the inserted names their meaning, at the top of the realm, where neither assignment nor deletion reaches them. `eval`
 * there is the engine's own, so that a call by this name evaluates in the scope of the call.
 */
export const NAMES_SCRIPT = `let eval = __jscript_boot.evaluate;
const ${[
  'self',
  'put',
  'change',
  'type',
  'caught',
  'leave',
  'thrown',
  'with',
  'code',
  'eval',
  'line',
  'test',
  'enter',
  'fuel',
  'look',
]
  .map((name) => `__jscript_${name} = __jscript_boot.names.${name}`)
  .join(', ')};
delete this.__jscript_boot;`;
