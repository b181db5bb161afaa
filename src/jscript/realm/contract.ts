/**
 * What passes between the host and the inside of the realm.
 * Owns: the two sides' types.  Leaves: the functions (the parts of this folder, ../session.ts).
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
export type List = { readonly length: number; readonly [index: number]: unknown };

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
  /** undefined: it is no function of the script. */
  readonly functionText: (compiled: string) => string | undefined;
  readonly explain: (className: string, message: string, stack: string) => string;
  readonly raised: (error: unknown) => void;
  readonly line: (unit: number, offset: number) => void;
  readonly test: (unit: number, offset: number, value: unknown) => void;
  readonly enter: () => void;
  /** Where turns are counted, when somebody outside sets them back now and then. */
  readonly turns: SharedArrayBuffer | undefined;
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
