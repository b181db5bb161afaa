/**
 * The functions that generated code calls, by the names it calls them.
 * Owns: names at run time, arrays of Dim and ReDim, loops, procedures and classes of a unit.
 * Leaves: operators, members, values, which are handed through.
 */
import { elementCount, preservedElements, VbArray } from './arrays.ts';
import { outward } from './border.ts';
import { BUILTINS } from './builtins/index.ts';
import { CONSTANTS } from './constants.ts';
import { currency, plain, scaledOf, toDouble, toInt32 } from './convert.ts';
import { callValue1, index1 } from './direct.ts';
import { runtimeError } from './errors.ts';
import type { GlobalCell } from './globals.ts';
import { VbInstance, VbProcedure } from './instance.ts';
import { hold, holdItems, ownLocal } from './lifetime.ts';
import { LocalScope, type ScopeHost } from './local-scope.ts';
import {
  callProcedure,
  callValue,
  copied,
  index,
  iterate,
  letOwned,
  letValue,
  objectValue,
  type Site,
  useMember,
} from './members.ts';
import { type Argument, Cell, FieldReference, placeOf, type Reference, valueIn } from './references.ts';
import { createRegExp } from './regexp/objects.ts';
import { positionIn, type Runtime, type Unit } from './runtime.ts';
import { truthy } from './truth.ts';
import {
  fromDate,
  fromDouble,
  fromLong,
  fromSingle,
  isObject,
  MISSING,
  NOTHING,
  numberType,
  Scalar,
  VbCurrency,
  type VbValue,
  VT,
} from './values.ts';

export { arrayOf } from './builtins/inspection.ts';
export { equal, greater, greaterOrEqual, less, lessOrEqual, notEqual } from './compare.ts';
export {
  index1,
  putMember0,
  putMember1,
  setIndex1,
  useMember0,
  useMember1,
  useMember2,
} from './direct.ts';
export {
  callValue,
  elementReference,
  index,
  putMember,
  setIndex,
  useMember,
} from './members.ts';
export {
  add,
  concat,
  divide,
  integerDivide,
  logicalAnd,
  logicalEqv,
  logicalImp,
  logicalNot,
  logicalOr,
  logicalXor,
  modulo,
  multiply,
  negate,
  power,
  subtract,
} from './operators.ts';
export {
  Cell,
  copied,
  FieldReference,
  hold,
  holdItems,
  LocalScope,
  letOwned,
  letValue,
  MISSING,
  NOTHING,
  objectValue,
  ownLocal,
  placeOf,
  VbInstance,
  valueIn,
};
export const isFiniteNumber = Number.isFinite;

// ---- conditions ----

/** A condition's value: Null counts as False. */
export function isTrue(value: VbValue, rt: Runtime): boolean {
  return value === true || (value !== false && truthy(value, rt));
}

export function sameObject(a: VbValue, b: VbValue): boolean {
  if (!isObject(a) || !isObject(b)) throw runtimeError(424);
  return a === b;
}

/** The subject of Select Case: objects give their default value. */
export function selected(value: VbValue, rt: Runtime): VbValue {
  return plain(value, rt);
}

// ---- names ----

/** A name that the script does not declare: a variable of another source, a host object, a procedure, or Empty. */
export function readName(cell: GlobalCell, strict: boolean, rt: Runtime): VbValue {
  if (cell.kind === 'procedure') return callProcedure(cell.procedure!, []);
  if (cell.exists) return cell.v;
  const member = rt.globals.memberOf(cell.name);
  if (member !== undefined) {
    return useMember(member, globalMemberSite(cell.name, rt), [], rt.offset);
  }
  if (strict) throw runtimeError(500, cell.name);
  return undefined;
}

function globalMemberSite(name: string, rt: Runtime): Site {
  return {
    name,
    culprit: undefined,
    kind: 'get',
    count: 0,
    unit: rt.unit!,
    rt,
    shape: undefined,
    direct: undefined,
    changes: 0,
  };
}

/** `name(argument)` or `name argument` for such a name. */
export function callName1(
  cell: GlobalCell,
  argument: Argument,
  site: Site,
  strict: boolean,
  offset: number,
): VbValue {
  if (cell.kind === 'procedure' || !cell.exists) return callName(cell, [argument], site, strict, offset);
  if (cell.v instanceof VbArray) return index1(cell.v, valueIn(argument), site, offset);
  return callValue1(cell.v, argument, site, offset);
}

/** `name(args)` or `name args` for such a name. */
export function callName(
  cell: GlobalCell,
  args: readonly Argument[],
  site: Site,
  strict: boolean,
  offset: number,
): VbValue {
  if (cell.kind === 'procedure') return callProcedure(cell.procedure!, args);
  if (!cell.exists) {
    const member = site.rt.globals.memberOf(cell.name);
    if (member !== undefined) return useMember(member, { ...site, name: site.culprit! }, args, offset);
    if (strict) throw runtimeError(500, site.culprit);
  }
  if (cell.v instanceof VbArray) return index(cell.v, args, site, offset);
  return callValue(cell.v, args, site, offset);
}

export function assignName(cell: GlobalCell, strict: boolean, rt: Runtime): Reference {
  if (strict && !cell.exists) throw runtimeError(500, cell.name);
  return rt.globals.place(cell.name.toLowerCase(), cell.name);
}

export function referenceName(cell: GlobalCell, strict: boolean, _rt: Runtime): Argument {
  if (cell.kind === 'procedure') return callProcedure(cell.procedure!, []);
  if (strict && !cell.exists) throw runtimeError(500, cell.name);
  return cell.kind === 'variable' || cell.kind === 'none' ? cell : cell.v;
}

/** A variable that a procedure writes without declaring it: the global one if it exists by now, else a new local. */
export function implicitVariable(cell: GlobalCell): Reference {
  return cell.exists ? cell : new Cell(undefined);
}

export function illegalAssignment(_value?: VbValue, name?: string): never {
  throw runtimeError(501, name);
}

// ---- names inside Execute and Eval ----

export function readDynamic(scope: LocalScope, lower: string, strict: boolean, rt: Runtime): VbValue {
  const found = scope.find(lower, rt);
  if (found !== undefined) return found.v;
  const member = scope.member(lower, []);
  if (member !== undefined) return member();
  const cell = rt.globals.find(lower);
  if (cell !== undefined) return readName(cell, strict, rt);
  if (CONSTANTS.has(lower)) return CONSTANTS.get(lower) as VbValue;
  const builtin = BUILTINS.get(lower);
  if (builtin !== undefined) return callBuiltin(builtin.name, [], scope, rt);
  if (strict) throw runtimeError(500, lower);
  return undefined;
}

export function callDynamic(
  scope: LocalScope,
  lower: string,
  args: readonly Argument[],
  site: Site,
  strict: boolean,
  offset: number,
): VbValue {
  const { rt } = site;
  const found = scope.find(lower, rt);
  if (found !== undefined) {
    return found.v instanceof VbArray
      ? index(found.v, args, site, offset)
      : callValue(found.v, args, site, offset);
  }
  const member = scope.member(lower, args);
  if (member !== undefined) return member();
  const cell = rt.globals.find(lower);
  if (cell !== undefined) return callName(cell, args, site, strict, offset);
  const builtin = BUILTINS.get(lower);
  if (builtin !== undefined) return callBuiltin(builtin.name, args, scope, rt);
  throw runtimeError(strict ? 500 : 13, site.culprit);
}

function callBuiltin(
  name: string,
  args: readonly Argument[],
  scope: LocalScope | undefined,
  rt: Runtime,
): VbValue {
  const lower = name.toLowerCase();
  const builtin = BUILTINS.get(lower)!;
  if (args.length < builtin.min || args.length > builtin.max) throw runtimeError(450, name);
  const values = args.map(valueIn);
  if (lower === 'eval') return evaluate(values[0], scope, rt);
  if (lower === 'execute') return execute(values[0], scope, rt);
  while (values.length < builtin.max && Number.isFinite(builtin.max)) values.push(MISSING);
  return builtin.run(rt, ...values);
}

export function referenceDynamic(scope: LocalScope, lower: string, strict: boolean, rt: Runtime): Reference {
  const found = scope.find(lower, rt);
  if (found !== undefined) return found;
  const cell = rt.globals.find(lower);
  if (cell !== undefined && cell.kind !== 'procedure') return rt.globals.place(lower, lower);
  if (
    CONSTANTS.has(lower) ||
    BUILTINS.has(lower) ||
    cell !== undefined ||
    scope.member(lower, []) !== undefined
  ) {
    return new Cell(readDynamic(scope, lower, strict, rt));
  }
  if (strict) throw runtimeError(500, lower);
  return scope.declare(lower);
}

export function assignDynamic(scope: LocalScope, lower: string, strict: boolean, rt: Runtime): Reference {
  const found = scope.find(lower, rt);
  if (found !== undefined) return found;
  const cell = rt.globals.find(lower);
  if (cell !== undefined) return rt.globals.place(lower, lower);
  if (CONSTANTS.has(lower) || BUILTINS.has(lower)) throw runtimeError(501, lower);
  if (strict) throw runtimeError(500, lower);
  return scope.declare(lower);
}

export function declareDynamic(scope: LocalScope, lower: string): void {
  scope.declare(lower);
}

export function selfOf(scope: LocalScope | undefined, rt: Runtime): VbValue {
  return scope?.self ?? rt.scriptObject;
}

export function evaluate(source: VbValue, scope: LocalScope | undefined, rt: Runtime): VbValue {
  return scopeHost(rt).evaluate(source, scope);
}

export function execute(source: VbValue, scope: LocalScope | undefined, rt: Runtime): VbValue {
  scopeHost(rt).execute(source, scope);
  return undefined;
}

function scopeHost(rt: Runtime): ScopeHost {
  return rt.compiler!;
}

// ---- errors ----

/** A call with the wrong number of arguments; they were evaluated all the same. */
export function wrongCount(name: string): never {
  throw runtimeError(450, name);
}

/** A property that can only be written. */
export function noRead(name: string): never {
  throw runtimeError(438, name);
}

/** A conversion called as a statement: its result has nowhere to go. */
export function noTarget(_value: VbValue): never {
  throw runtimeError(458);
}

/** Randomize gives no value. */
export function noValue(..._args: readonly VbValue[]): never {
  throw runtimeError(13);
}

export function noWith(): never {
  throw runtimeError(505);
}

export function tooDeep(rt: Runtime): never {
  rt.depth -= 1;
  throw runtimeError(28);
}

// ---- arrays ----

/** Dim with bounds: a new array, unless this Dim made one already. */
export function dimArray(current: VbValue, bounds: number[], rt: Runtime): VbArray {
  if (current instanceof VbArray) return current;
  const count = elementCount(bounds);
  rt.checkElements(count);
  return new VbArray(bounds, new Array<VbValue>(count).fill(undefined), bounds.length > 0);
}

export function redimArray(
  current: VbValue,
  bounds: () => readonly VbValue[],
  preserve: boolean,
  rt: Runtime,
): VbArray {
  if (current instanceof VbArray && (current.isFixed || current.locks > 0)) throw runtimeError(10);
  const sizes = bounds().map((bound) => {
    const size = toInt32(bound, rt);
    if (size < -1) throw runtimeError(9);
    return size;
  });
  const count = elementCount(sizes);
  rt.checkElements(count);
  if (!(current instanceof VbArray)) {
    if (preserve && current !== undefined) throw runtimeError(13);
    return new VbArray(sizes, new Array<VbValue>(count).fill(undefined));
  }
  const previous = current.elements;
  if (preserve) current.elements = preservedElements(current, sizes);
  else current.elements = new Array<VbValue>(count).fill(undefined);
  current.bounds = sizes;
  if (rt.isCounting) {
    for (let at = preserve ? current.elements.length : 0; at < previous.length; at += 1)
      rt.letGo(previous[at]);
  }
  return current;
}

export function eraseArray(value: VbValue, rt: Runtime): void {
  if (!(value instanceof VbArray)) throw runtimeError(13);
  if (value.locks > 0) throw runtimeError(10);
  const previous = value.elements;
  if (value.isFixed) value.elements = new Array<VbValue>(previous.length).fill(undefined);
  else {
    value.elements = [];
    value.bounds = [];
  }
  if (rt.isCounting) for (const element of previous) rt.letGo(element);
}

// ---- loops ----

/** What the counter of a For is: 0 a plain number that shows its subtype as it counts, else a subtype number. */
export function forKind(from: VbValue, _to: VbValue, step: VbValue, rt: Runtime): number {
  const a = counterType(from, rt);
  const b = counterType(step, rt);
  const type = Math.max(RANK.indexOf(a), RANK.indexOf(b));
  return type <= 0 ? 0 : RANK[type]!;
}

const RANK: readonly number[] = [VT.integer, VT.long, VT.single, VT.double, VT.currency, VT.date];

function counterType(value: VbValue, rt: Runtime): number {
  if (typeof value === 'number') return numberType(value);
  const it = plain(value, rt);
  if (it === null) throw runtimeError(94);
  if (it instanceof Scalar) {
    if (it.type === VT.byte) return VT.integer;
    return RANK.includes(it.type) ? it.type : VT.double;
  }
  if (it === undefined || typeof it === 'boolean') return VT.integer;
  if (typeof it === 'number') return numberType(it);
  return VT.double;
}

export function forLimit(value: VbValue, rt: Runtime): number {
  return typeof value === 'number' ? value : toDouble(value, rt);
}

/** The counter's value in its subtype. */
export function forValue(kind: number, counter: number): VbValue {
  switch (kind) {
    case VT.long:
      return (counter | 0) === counter ? fromLong(counter) : fromDouble(counter);
    case VT.single:
      return fromSingle(counter);
    case VT.currency:
      return currency(scaledOf(counter));
    case VT.date:
      return fromDate(counter);
    case 0:
      return counter;
    default:
      return fromDouble(counter);
  }
}

/** What follows the body of a loop whose head failed: 92 for For, 451 for For Each. */
export function forNotReady(number: number): never {
  throw runtimeError(number);
}

export function forEachItems(value: VbValue, rt: Runtime): Iterator<VbValue> {
  const items = iterate(value, rt);
  if (items === undefined) throw value === NOTHING ? runtimeError(91) : runtimeError(451);
  return items;
}

// ---- procedures and classes ----

export function defineProcedure(
  rt: Runtime,
  lower: string,
  name: string,
  isFunction: boolean,
  arity: number,
  references: number,
  run: (...args: Argument[]) => VbValue,
  redirect: (run: (...args: Argument[]) => VbValue) => void,
): void {
  const procedure = new VbProcedure(rt, name, isFunction, arity, references, run);
  rt.globals.procedure(lower, procedure, (next) => {
    redirect((...args) => callProcedure(next, args));
  });
}

/** What an instance counts for against `limits.allocation`. */
const INSTANCE_UNITS = 64;

export function defineClass(rt: Runtime, lower: string, name: string, type: new () => VbInstance): void {
  rt.globals.defineClass(lower, {
    name,
    create: () => {
      rt.allocate(INSTANCE_UNITS);
      const instance = new type();
      const { initialize, terminate } = instance.description;
      if (terminate !== undefined) rt.terminable.add(instance);
      if (rt.isCounting) rt.pending.push(instance);
      if (initialize !== undefined) {
        (instance as unknown as Record<string, () => void>)[initialize]!();
      }
      return instance;
    },
  });
}

export function createInstance(rt: Runtime, lower: string, name: string): VbValue {
  if (lower === 'regexp') return createRegExp(rt);
  const definition = rt.globals.class(lower);
  if (definition === undefined) throw runtimeError(506, name);
  return definition.create();
}

// ---- trace ----

export function traceLine(rt: Runtime, unit: Unit, offset: number): void {
  rt.trace?.line?.(positionIn(unit, offset));
}

export function traceCondition<T extends VbValue>(rt: Runtime, unit: Unit, offset: number, value: T): T {
  rt.trace?.condition?.(positionIn(unit, offset), outward(value));
  return value;
}

export { VbCurrency };
