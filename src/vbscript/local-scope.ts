/**
 * The variables of a running procedure by name, for Execute and Eval.
 * Owns: look-up among locals and the members of the instance at hand.  Leaves: the global scope.
 */
import { type MemberFunction, VbInstance } from './instance.ts';
import { type Argument, Cell, FieldReference, type Reference } from './references.ts';
import type { Runtime } from './runtime.ts';
import type { VbValue } from './values.ts';

/** What Execute and Eval ask of the session. */
export interface ScopeHost {
  execute(source: VbValue, scope: LocalScope | undefined): void;
  executeGlobal(source: VbValue): void;
  evaluate(source: VbValue, scope: LocalScope | undefined): VbValue;
}

export class LocalScope {
  readonly self: VbInstance | undefined;
  private readonly names: Map<string, Reference>;

  constructor(entries: readonly (readonly [string, Reference])[], self: VbInstance | undefined) {
    this.names = new Map(entries);
    this.self = self;
  }

  /** A local variable, or a field of the instance. */
  find(lower: string, _rt: Runtime): Reference | undefined {
    const local = this.names.get(lower);
    if (local !== undefined) return local;
    const fields = this.self as unknown as Record<string, VbValue> | undefined;
    const key = `f$${lower}`;
    return fields !== undefined && Object.hasOwn(fields, key) ? new FieldReference(fields, key) : undefined;
  }

  /** A call of a member of the instance, private ones included. */
  member(lower: string, args: readonly Argument[]): (() => VbValue) | undefined {
    const { self } = this;
    if (!(self instanceof VbInstance)) return undefined;
    const members = self as unknown as Record<string, MemberFunction | undefined>;
    const member = members[`m$${lower}$${args.length}`] ?? members[`pm$${lower}$${args.length}`];
    return member === undefined ? undefined : () => member.apply(self, [...args]);
  }

  /** Dim inside Execute; a variable that exists keeps its value. */
  declare(lower: string): Reference {
    let reference = this.names.get(lower);
    if (reference === undefined) {
      reference = new Cell(undefined);
      this.names.set(lower, reference);
    }
    return reference;
  }

  /** Const inside Execute. */
  constant(lower: string, _name: string, value: VbValue): void {
    this.names.set(lower, new Cell(value));
  }
}
