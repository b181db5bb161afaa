/**
 * Builds the automation face of a TypeScript object from a table, so that legacy names live in tables only.
 * Owns: case-blind look-up, default members, argument counts.  Leaves: coercion of arguments (`coerce.ts` of each object room).
 */
import { keptWithObject } from './kept-with-object.ts';
import {
  AutomationError,
  type AutomationObject,
  DISP_E,
  type DirectMember,
  type InvokeKind,
  type ObjectShape,
} from './object.ts';
import { type AutomationArgument, type AutomationValue, MISSING } from './value.ts';

/** One row: a member of `Self` under its legacy name. A property that only reads has no `put`; a method has only `call`. */
export type Member<Self> = {
  /** Reads the property, or a parameterised one. */
  readonly get?: (self: Self, args: readonly AutomationArgument[]) => AutomationValue;
  /** Assigns; the value is the last argument. Also serves putref unless that is given. */
  readonly put?: (self: Self, args: readonly AutomationArgument[]) => void;
  readonly putref?: (self: Self, args: readonly AutomationArgument[]) => void;
  /** Calls the method. */
  readonly call?: (self: Self, args: readonly AutomationArgument[]) => AutomationValue;
  /** Fewest and most arguments (without the assigned value); absent: any number. 450 outside. */
  readonly arity?: readonly [min: number, max: number];
  /**
   * The same as `get` or `call` (`put` or `putref`) with its arguments, at most two, one by one, for members that scripts use in
   * loops: an engine that remembers a member makes no list for it. All are values, none is missing.
   */
  readonly direct?: (self: Self, first: AutomationValue, second: AutomationValue) => AutomationValue;
  readonly directPut?: (self: Self, first: AutomationValue, second: AutomationValue) => void;
};

export type MemberTable<Self> = {
  /** What TypeName answers. */
  readonly name: string;
  /** Legacy spelling → member. */
  readonly members: Readonly<Record<string, Member<Self>>>;
  /** Legacy spelling of the default member, if there is one. */
  readonly defaultMember?: string;
  /** As `keepsSubtypes` of AutomationObject. */
  readonly keepsSubtypes?: true;
  /** Legacy spellings of members that put to their arguments. */
  readonly outArguments?: readonly string[];
  readonly enumerate?: (self: Self) => Iterator<AutomationValue>;
  readonly release?: (self: Self) => void;
};

/** Compiles a table once; the returned function gives each `self` its face, always the same one for the same object. */
export function automationFace<Self extends object>(
  table: MemberTable<Self>,
): (self: Self) => AutomationObject {
  const fresh = freshFace(table);
  const faces = keptWithObject<Self, AutomationObject>();
  return (self) => {
    let face = faces.get(self);
    if (face === undefined) {
      face = fresh(self);
      faces.set(self, face);
    }
    return face;
  };
}

/** As automationFace, but each call gives another face: for callers who keep the one they made, and make many. */
export function freshFace<Self extends object>(table: MemberTable<Self>): (self: Self) => AutomationObject {
  const shape = new TableShape(table);

  // Objects of one class share their methods: pages make a handful of faces for every request.
  class TableFace extends Face<Self> {}
  Object.assign(TableFace.prototype, {
    automationName: table.name,
    shape,
    ...(table.keepsSubtypes && { keepsSubtypes: true }),
    ...(shape.hasOutArguments && { outArguments: (member: string) => shape.putsToArguments(member) }),
    ...(table.enumerate && {
      enumerate(this: TableFace) {
        return table.enumerate!(this.self);
      },
    }),
    ...(table.release && {
      release(this: TableFace) {
        table.release!(this.self);
      },
    }),
  });

  return (self) => new TableFace(self);
}

abstract class Face<Self> implements AutomationObject {
  // Both lie on the prototype of the table's own class.
  declare readonly automationName: string;
  declare readonly shape: TableShape<Self>;
  readonly self: Self;

  constructor(self: Self) {
    this.self = self;
  }

  invoke(kind: InvokeKind, name: string, args: readonly AutomationArgument[]): AutomationValue {
    return this.shape.invoke(this.self, kind, name, args);
  }

  has(name: string): boolean {
    return this.shape.find(name) !== undefined;
  }

  isMethod(name: string): boolean {
    const member = this.shape.find(name);
    return member?.call !== undefined && member.get === undefined;
  }
}

/** Most spellings of members that one table remembers. */
const MAX_SPELLINGS = 1_000;

const NO_ARGUMENTS: readonly AutomationArgument[] = [];

/** The members of a table, found in any case: what all objects made from it have in common. */
class TableShape<Self> implements ObjectShape {
  readonly keepsSubtypes: boolean;
  readonly #byName = new Map<string, Member<Self>>();
  readonly #withOut: ReadonlySet<string>;

  constructor(table: MemberTable<Self>) {
    for (const [name, member] of Object.entries(table.members)) this.#byName.set(name.toLowerCase(), member);
    if (table.defaultMember !== undefined)
      this.#byName.set('', this.#byName.get(table.defaultMember.toLowerCase())!);
    this.#withOut = new Set(table.outArguments?.map((name) => name.toLowerCase()));
    this.keepsSubtypes = table.keepsSubtypes === true;
  }

  get hasOutArguments(): boolean {
    return this.#withOut.size > 0;
  }

  putsToArguments(name: string): boolean {
    return this.#withOut.has(name.toLowerCase());
  }

  find(name: string): Member<Self> | undefined {
    let member = this.#byName.get(name);
    if (member !== undefined) return member;
    member = this.#byName.get(name.toLowerCase());
    // The spelling is remembered: a script uses a member under one or two, over and over.
    if (member !== undefined && this.#byName.size < MAX_SPELLINGS) this.#byName.set(name, member);
    return member;
  }

  member(kind: InvokeKind, name: string, count: number): DirectMember | undefined {
    const member = this.find(name);
    if (member === undefined || !takes(member, count) || this.putsToArguments(name)) return undefined;
    const isPut = kind === 'put' || kind === 'putref';
    const run = functionOf(member, kind);
    if (run === undefined) return undefined;
    const direct = (isPut ? member.directPut : member.direct) as typeof member.direct;
    if (direct !== undefined)
      return (object, first, second) => direct((object as Face<Self>).self, first, second);
    switch (isPut ? count + 1 : count) {
      case 0:
        return (object) => run((object as Face<Self>).self, NO_ARGUMENTS);
      case 1:
        return (object, first) => run((object as Face<Self>).self, [first]);
      case 2:
        return (object, first, second) => run((object as Face<Self>).self, [first, second]);
      default:
        return undefined;
    }
  }

  invoke(self: Self, kind: InvokeKind, name: string, args: readonly AutomationArgument[]): AutomationValue {
    const member = this.find(name);
    if (member === undefined) throw noSuchMember(name);
    const given = withoutTrailingMissing(args);
    const isPut = kind === 'put' || kind === 'putref';
    if (!takes(member, isPut ? given.length - 1 : given.length)) {
      throw new AutomationError(
        DISP_E.badParamCount,
        'Wrong number of arguments or invalid property assignment',
      );
    }
    const run = functionOf(member, kind);
    if (run === undefined) throw noSuchMember(name);
    return run(self, given);
  }
}

function takes({ arity }: Member<never>, count: number): boolean {
  return arity === undefined || (count >= arity[0] && count <= arity[1]);
}

/** What puts returns nothing, which is Empty. */
type ListFunction<Self> = (self: Self, args: readonly AutomationArgument[]) => AutomationValue;

/** What a use of the member runs: a call of a property reads it, a reading of a method calls it. */
function functionOf<Self>(member: Member<Self>, kind: InvokeKind): ListFunction<Self> | undefined {
  switch (kind) {
    case 'get':
      return member.get ?? member.call;
    case 'call':
      return member.call ?? member.get;
    case 'put':
      return (member.put ?? member.putref) as ListFunction<Self> | undefined;
    case 'putref':
      return (member.putref ?? member.put) as ListFunction<Self> | undefined;
  }
}

function noSuchMember(name: string): AutomationError {
  return new AutomationError(
    name === '' ? DISP_E.memberNotFound : DISP_E.unknownName,
    "Object doesn't support this property or method",
  );
}

/** `f a, , ` passes Missing for what was left out; at the end that is the same as not passing it. */
function withoutTrailingMissing(args: readonly AutomationArgument[]): readonly AutomationArgument[] {
  let count = args.length;
  while (count > 0 && args[count - 1] === MISSING) count -= 1;
  return count === args.length ? args : args.slice(0, count);
}
