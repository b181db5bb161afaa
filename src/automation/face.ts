/**
 * Builds the automation face of a TypeScript object from a table, so that legacy names live in tables only.
 * Owns: case-blind look-up, default members, argument counts.  Leaves: coercion of arguments (`coerce.ts` of each object room).
 */
import { AutomationError, type AutomationObject, DISP_E, type InvokeKind } from './object.ts';
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
  const faces = new WeakMap<Self, AutomationObject>();
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
  const byName = new Map<string, Member<Self>>();
  for (const [name, member] of Object.entries(table.members)) byName.set(name.toLowerCase(), member);
  if (table.defaultMember !== undefined) byName.set('', byName.get(table.defaultMember.toLowerCase())!);
  const withOut = new Set(table.outArguments?.map((name) => name.toLowerCase()));

  // Objects of one class share their methods: pages make a handful of faces for every request.
  class Face implements AutomationObject {
    readonly automationName = table.name;
    readonly self: Self;

    constructor(self: Self) {
      this.self = self;
    }

    invoke(kind: InvokeKind, name: string, args: readonly AutomationArgument[]): AutomationValue {
      return invokeMember(byName, this.self, kind, name, args);
    }

    has(name: string): boolean {
      return byName.has(name.toLowerCase());
    }

    isMethod(name: string): boolean {
      return isMethod(byName.get(name.toLowerCase()));
    }
  }
  Object.assign(Face.prototype, {
    ...(table.keepsSubtypes && { keepsSubtypes: true }),
    ...(withOut.size > 0 && { outArguments: (member: string) => withOut.has(member.toLowerCase()) }),
    ...(table.enumerate && {
      enumerate(this: Face) {
        return table.enumerate!(this.self);
      },
    }),
    ...(table.release && {
      release(this: Face) {
        table.release!(this.self);
      },
    }),
  });

  return (self) => new Face(self);
}

function isMethod(member: Member<never> | undefined): boolean {
  return member?.call !== undefined && member.get === undefined;
}

/** Most spellings of members that one table remembers. */
const MAX_SPELLINGS = 1_000;

function invokeMember<Self>(
  byName: Map<string, Member<Self>>,
  self: Self,
  kind: InvokeKind,
  name: string,
  args: readonly AutomationArgument[],
): AutomationValue {
  let member = byName.get(name);
  if (member === undefined) {
    member = byName.get(name.toLowerCase());
    if (member === undefined) throw noSuchMember(name);
    // The spelling is remembered: a script uses a member under one or two, over and over.
    if (byName.size < MAX_SPELLINGS) byName.set(name, member);
  }
  const given = withoutTrailingMissing(args);
  const isPut = kind === 'put' || kind === 'putref';
  const count = isPut ? given.length - 1 : given.length;
  if (member.arity !== undefined && (count < member.arity[0] || count > member.arity[1])) {
    throw new AutomationError(
      DISP_E.badParamCount,
      'Wrong number of arguments or invalid property assignment',
    );
  }
  if (isPut) {
    const put = kind === 'putref' ? (member.putref ?? member.put) : (member.put ?? member.putref);
    if (put === undefined) throw noSuchMember(name);
    put(self, given);
    return undefined;
  }
  const read = kind === 'call' ? (member.call ?? member.get) : (member.get ?? member.call);
  if (read === undefined) throw noSuchMember(name);
  return read(self, given);
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
