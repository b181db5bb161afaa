/**
 * Instances of script classes, and procedures as values.
 * Owns: how generated classes describe their members, the automation face of both.  Leaves: dispatch (`members.ts`).
 *
 * A generated class has its members on its prototype under keys that no script text can choose freely:
 * `m$name$n` reads or calls with n arguments, `l$name$n` and `s$name$n` let and set with n, `f$name` holds a field.
 */
import type {
  AutomationArgument,
  AutomationObject,
  AutomationValue,
  InvokeKind,
} from '../automation/index.ts';
import type { ScriptProcedure } from './api.ts';
import type { Argument } from './references.ts';
import type { VbValue } from './values.ts';

/** One member name of a class. Private members have no entry in `arities` and no prototype key of the kinds above. */
export type ClassMember = {
  readonly name: string;
  /** Argument counts that reading or calling accepts. */
  readonly reads: readonly number[];
  /** The key of a public field, for arrays held in it. */
  readonly field: string | undefined;
};

export type ClassDescription = {
  readonly name: string;
  /** Lower-case name → member, public ones only. */
  readonly members: ReadonlyMap<string, ClassMember>;
  /** Lower-case name of the default member. */
  readonly defaultMember: string | undefined;
  /** Prototype keys of Class_Initialize and Class_Terminate. */
  readonly initialize: string | undefined;
  readonly terminate: string | undefined;
};

/** What an instance asks of the session that made it. */
export interface InstanceHost {
  invokeInstance(
    instance: VbInstance,
    kind: InvokeKind,
    member: string,
    args: readonly AutomationArgument[],
  ): AutomationValue;
  callFromHost(procedure: VbProcedure, args: readonly AutomationArgument[]): AutomationValue;
}

export type MemberFunction = (this: VbInstance, ...args: Argument[]) => VbValue;

export abstract class VbInstance implements AutomationObject {
  abstract readonly description: ClassDescription;
  readonly host: InstanceHost;
  /** References held by variables, elements and fields; kept only in counting programs. */
  references = 0;
  isTerminated = false;

  constructor(host: InstanceHost) {
    this.host = host;
  }

  get automationName(): string {
    return this.description.name;
  }

  invoke(kind: InvokeKind, member: string, args: readonly AutomationArgument[]): AutomationValue {
    return this.host.invokeInstance(this, kind, member, args);
  }

  has(member: string): boolean {
    return member === ''
      ? this.description.defaultMember !== undefined
      : this.description.members.has(member.toLowerCase());
  }
}

/** A class as `New` finds it. */
export type VbClass = {
  readonly name: string;
  readonly create: () => VbInstance;
};

/** A Sub or Function of script level. */
export class VbProcedure implements ScriptProcedure {
  readonly procedureName: string;
  readonly isFunction: boolean;
  readonly arity: number;
  /** Bit n: parameter n takes a Reference, else a value. */
  readonly references: number;
  readonly run: (...args: Argument[]) => VbValue;
  private readonly host: InstanceHost;

  constructor(
    host: InstanceHost,
    name: string,
    isFunction: boolean,
    arity: number,
    references: number,
    run: (...args: Argument[]) => VbValue,
  ) {
    this.host = host;
    this.procedureName = name;
    this.isFunction = isFunction;
    this.arity = arity;
    this.references = references;
    this.run = run;
  }

  get automationName(): string {
    return 'Object';
  }

  call(args: readonly AutomationArgument[]): AutomationValue {
    return this.host.callFromHost(this, args);
  }

  invoke(_kind: InvokeKind, member: string, args: readonly AutomationArgument[]): AutomationValue {
    if (member !== '') return this.host.callFromHost(NO_MEMBER, args);
    return this.host.callFromHost(this, args);
  }

  has(member: string): boolean {
    return member === '';
  }
}

/** Stands for "no such member": hosts that ask a procedure for one get error 438. */
export const NO_MEMBER: VbProcedure = new VbProcedure(
  { invokeInstance: () => undefined, callFromHost: () => undefined },
  '',
  false,
  0,
  0,
  () => undefined,
);

/** True for an instance of a class that a script defined; it lives no longer than its session. */
export function isScriptInstance(value: unknown): boolean {
  return value instanceof VbInstance;
}
