/**
 * Late-bound access: members of instances and host objects, default members, indices, calls through values.
 * Owns: which error a wrong access gives, and tracing of host calls.  Leaves: direct calls that generated code makes itself.
 * Fails: 13, 91, 424, 438, 450, 451 with the culprit's name.
 */
import {
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  DISP_E,
  type DirectMember,
  type InvokeKind,
  type ObjectShape,
} from '../automation/index.ts';
import { elementOffset, VbArray } from './arrays.ts';
import { inward, inwardExact, keepsSubtypes, outwardArguments } from './border.ts';
import { type PlainValue, toInt32 } from './convert.ts';
import { runtimeError, ScriptError } from './errors.ts';
import { type ClassMember, type MemberFunction, VbInstance, VbProcedure } from './instance.ts';
import { RUNTIME_TEXT } from './messages.ts';
import { OddString } from './odd-string.ts';
import { type Argument, Cell, ElementReference, placeOf, type Reference, valueIn } from './references.ts';
import { positionIn, type Runtime, type Unit } from './runtime.ts';
import { isAutomationObject, NOTHING, Scalar, type VbObject, type VbValue } from './values.ts';

/** One place in generated code that uses a member or an index. */
export type Site = {
  /** The member as written; empty for an index. */
  readonly name: string;
  /** The variable that holds the object, for error texts; `undefined` when it is an expression. */
  readonly culprit: string | undefined;
  readonly kind: InvokeKind;
  /** Arguments, without an assigned value. */
  readonly count: number;
  readonly unit: Unit;
  readonly rt: Runtime;
  /** The host object that was here last (`direct.ts`). */
  shape: ObjectShape | undefined;
  direct: DirectMember | undefined;
  /** How often another shape came. */
  changes: number;
};

/** Calls a procedure of script level with whatever arguments. Throws 450. */
export function callProcedure(procedure: VbProcedure, args: readonly Argument[]): VbValue {
  if (args.length !== procedure.arity) throw runtimeError(450, procedure.procedureName);
  const { references } = procedure;
  return procedure.run(
    ...args.map((argument, at) => ((references >> at) & 1 ? placeOf(argument) : valueIn(argument))),
  );
}

/** Members of a value that is no usable object: 91 for Nothing, else 424. */
function objectRequired(value: VbValue, culprit: string | undefined): ScriptError {
  return runtimeError(value === NOTHING ? 91 : 424, culprit);
}

function isObjectValue(value: VbValue): value is AutomationObject | VbInstance | VbProcedure {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Scalar) &&
    !(value instanceof VbArray) &&
    !(value instanceof OddString) &&
    !(value instanceof Uint8Array)
  );
}

// ---- reading and calling ----

/** `object.member(args)`, as an expression or a statement. */
export function useMember(object: VbValue, site: Site, args: readonly Argument[], offset: number): VbValue {
  if (!isObjectValue(object)) throw objectRequired(object, site.culprit);
  if (object instanceof VbInstance) return readInstance(object, site.name, args, site.rt);
  site.rt.unit = site.unit;
  site.rt.offset = offset;
  if (args.length === 0) return invokeHost(object, site.kind, site.name, args, site.rt);
  try {
    return invokeHost(object, site.kind, site.name, args, site.rt);
  } catch (caught) {
    return indexBehind(object, site, args, caught);
  }
}

/** The element of the object behind a property that took no arguments; throws `caught` when that was not what failed. */
export function indexBehind(
  object: AutomationObject,
  site: Site,
  args: readonly Argument[],
  caught: unknown,
): VbValue {
  const inner = objectBehind(object, site, caught, DISP_E.badParamCount);
  if (inner === undefined) throw caught;
  return indexValue(inner, args, site.name, site.rt);
}

/**
 * `message.Fields(url)`: a property without arguments that gives an object is read, and the arguments go to the object's
 * default member, as type libraries arrange it. `undefined` when the failure was another one.
 */
function objectBehind(
  object: AutomationObject,
  site: Site,
  caught: unknown,
  ...reasons: readonly number[]
): VbValue | undefined {
  if (!(caught instanceof ScriptError) || !(caught.cause instanceof AutomationError)) return undefined;
  if (!reasons.includes(caught.cause.hresult)) return undefined;
  // Reading a method would run it, without the arguments that were wrong.
  if (object.isMethod?.(site.name) === true) return undefined;
  try {
    const inner = invokeHost(object, 'get', site.name, [], site.rt);
    return isObjectValue(inner) ? inner : undefined;
  } catch (second) {
    if (site.rt.isTrappable(second)) return undefined;
    throw second;
  }
}

function readInstance(instance: VbInstance, name: string, args: readonly Argument[], rt: Runtime): VbValue {
  const { description } = instance;
  const lower = name === '' ? description.defaultMember : name.toLowerCase();
  const member = lower === undefined ? undefined : description.members.get(lower);
  if (lower === undefined || member === undefined) throw runtimeError(438, name === '' ? undefined : name);
  const method = fieldsOf(instance)[`m$${lower}$${args.length}`] as MemberFunction | undefined;
  if (method !== undefined) return method.apply(instance, args as Argument[]);
  if (member.field !== undefined && args.length > 0) {
    return indexValue(fieldsOf(instance)[member.field] as VbValue, args, member.name, rt);
  }
  throw member.reads.length === 0 ? runtimeError(438, member.name) : runtimeError(450, member.name);
}

function fieldsOf(instance: VbInstance): Record<string, unknown> {
  return instance as unknown as Record<string, unknown>;
}

/** Texts from which on handing one to an object is work that counts. */
export const LONG_TEXT = 0x1_0000;

function invokeHost(
  object: AutomationObject,
  kind: InvokeKind,
  name: string,
  args: readonly Argument[],
  rt: Runtime,
): VbValue {
  for (const arg of args) if (typeof arg === 'string' && arg.length > LONG_TEXT) rt.handOver(arg.length);
  const { trace } = rt;
  if (trace?.call !== undefined) return tracedInvoke(object, kind, name, args, rt, trace.call);
  try {
    const result = object.invoke(kind, name, outwardArguments(object, name, args));
    return keepsSubtypes(object) ? inwardExact(result) : inward(result);
  } catch (caught) {
    throw namedError(caught, name, rt);
  }
}

function tracedInvoke(
  object: AutomationObject,
  kind: InvokeKind,
  name: string,
  args: readonly Argument[],
  rt: Runtime,
  report: NonNullable<NonNullable<Runtime['trace']>['call']>,
): VbValue {
  const given = outwardArguments(object, name, args);
  const shown = given.map((argument) =>
    typeof argument === 'object' && argument !== null && 'get' in argument ? argument.get() : argument,
  );
  const startedAt = performance.now();
  const at = rt.unit === undefined ? { file: '', line: 0, column: 0 } : positionIn(rt.unit, rt.offset);
  const call = { object: object.automationName, member: name, kind, args: shown };
  try {
    const result = object.invoke(kind, name, given);
    report(at, { ...call, result, elapsedMs: performance.now() - startedAt });
    return keepsSubtypes(object) ? inwardExact(result) : inward(result);
  } catch (caught) {
    const error = namedError(caught, name, rt);
    report(at, {
      ...call,
      ...(error instanceof ScriptError && { error }),
      elapsedMs: performance.now() - startedAt,
    });
    throw error;
  }
}

/** What a host member threw; the engine's own texts for "no such member" gain the member's name. */
export function namedError(caught: unknown, name: string, rt: Runtime): Error {
  if (caught instanceof Error && !(caught instanceof AutomationError)) {
    const error = rt.scriptError(caught);
    // 51 stands for a throw that is no error of scripts at all: the object is at fault, not the engine.
    if (!(error instanceof ScriptError) || error.number !== 51 || error === caught) return error;
    const automation = runtimeError(440);
    automation.cause = caught;
    return automation;
  }
  const error = rt.scriptError(caught);
  if (error instanceof ScriptError && caught instanceof AutomationError) {
    const isMissing = caught.hresult === DISP_E.unknownName || caught.hresult === DISP_E.memberNotFound;
    if (
      (isMissing || error.number === 450) &&
      error.description === RUNTIME_TEXT[error.number] &&
      name !== ''
    )
      error.description += `: '${name}'`;
  }
  return error;
}

/** The default member's value, until it is no object any more. */
export function defaultValueOf(object: VbObject, rt: Runtime): PlainValue {
  let value: VbValue = object;
  for (let turn = 0; turn < 64; turn += 1) {
    if (value === NOTHING) throw runtimeError(91);
    if (!isObjectValue(value)) return value as PlainValue;
    if (value instanceof VbInstance) value = readInstance(value, '', [], rt);
    else if (value instanceof VbProcedure) value = callProcedure(value, []);
    else value = invokeHost(value, 'get', '', [], rt);
  }
  throw runtimeError(28);
}

// ---- indices and calls through values ----

/** `x(args)` where x holds a value: an element, or the default member with arguments. */
export function index(value: VbValue, args: readonly Argument[], site: Site, offset: number): VbValue {
  if (value instanceof VbArray) return elementAt(value, args, site.rt);
  if (!isObjectValue(value)) throw notIndexable(value, site.culprit);
  if (!(value instanceof VbInstance)) {
    site.rt.unit = site.unit;
    site.rt.offset = offset;
  }
  return indexValue(value, args, site.culprit, site.rt);
}

function notIndexable(value: VbValue, culprit: string | undefined): ScriptError {
  return value === NOTHING ? runtimeError(91, culprit) : runtimeError(13, culprit);
}

function indexValue(
  value: VbValue,
  args: readonly Argument[],
  culprit: string | undefined,
  rt: Runtime,
): VbValue {
  if (value instanceof VbArray) return elementAt(value, args, rt);
  if (value instanceof Uint8Array) return byteElement(value, args, rt);
  if (!isObjectValue(value)) throw notIndexable(value, culprit);
  if (value instanceof VbInstance) return readInstance(value, '', args, rt);
  if (value instanceof VbProcedure) return callProcedure(value, args);
  return invokeHost(value, 'get', '', args, rt);
}

/** Elements of a Byte array are Bytes; scripts of the product could not index them (13), and neither can ours. */
function byteElement(_value: Uint8Array, _args: readonly Argument[], _rt: Runtime): VbValue {
  throw runtimeError(13);
}

function indicesOf(args: readonly Argument[], rt: Runtime): number[] {
  return args.map((argument) => toInt32(valueIn(argument), rt));
}

function elementAt(array: VbArray, args: readonly Argument[], rt: Runtime): VbValue {
  if (args.length === 0) return array;
  return array.elements[elementOffset(array, indicesOf(args, rt))];
}

/** `x args` as a statement where x is a variable: its object's default member, else 13. */
export function callValue(value: VbValue, args: readonly Argument[], site: Site, offset: number): VbValue {
  if (!isObjectValue(value)) throw notIndexable(value, site.culprit);
  if (value instanceof VbInstance) return readInstance(value, '', args, site.rt);
  if (value instanceof VbProcedure) return callProcedure(value, args);
  site.rt.unit = site.unit;
  site.rt.offset = offset;
  return invokeHost(value, 'call', '', args, site.rt);
}

/** `x(args)` as an argument by reference: the element itself, or a value of its own. */
export function elementReference(
  value: VbValue,
  args: readonly Argument[],
  site: Site,
  offset: number,
): Reference {
  if (value instanceof VbArray && args.length > 0) {
    return new ElementReference(value, elementOffset(value, indicesOf(args, site.rt)));
  }
  return new Cell(index(value, args, site, offset));
}

// ---- writing ----

/** `object.member(args) = value`, with or without Set. */
export function putMember(
  object: VbValue,
  site: Site,
  args: readonly Argument[],
  value: VbValue,
  offset: number,
): void {
  if (!isObjectValue(object)) throw objectRequired(object, site.culprit);
  if (object instanceof VbInstance) {
    putInstance(object, site.name, args, value, site.kind === 'putref', site.rt);
    return;
  }
  site.rt.unit = site.unit;
  site.rt.offset = offset;
  try {
    invokeHost(object, site.kind, site.name, [...args, value], site.rt);
  } catch (caught) {
    putBehind(object, site, args, value, caught);
  }
}

/** Puts the element of the object behind a property; throws `caught` when that was not what failed. */
export function putBehind(
  object: AutomationObject,
  site: Site,
  args: readonly Argument[],
  value: VbValue,
  caught: unknown,
): void {
  const { badParamCount, memberNotFound, unknownName } = DISP_E;
  const inner =
    args.length === 0
      ? undefined
      : objectBehind(object, site, caught, badParamCount, memberNotFound, unknownName);
  if (inner === undefined) throw caught;
  putIndexed(inner, args, value, site.kind === 'putref', site.name, site.rt);
}

function putInstance(
  instance: VbInstance,
  name: string,
  args: readonly Argument[],
  value: VbValue,
  isSet: boolean,
  rt: Runtime,
): void {
  const { description } = instance;
  const lower = name === '' ? description.defaultMember : name.toLowerCase();
  const member: ClassMember | undefined = lower === undefined ? undefined : description.members.get(lower);
  if (lower === undefined || member === undefined) throw runtimeError(438, name === '' ? undefined : name);
  const key = `${isSet ? 's' : 'l'}$${lower}$${args.length}`;
  const put = fieldsOf(instance)[key] as MemberFunction | undefined;
  if (put !== undefined) {
    put.apply(instance, [...args, value]);
    return;
  }
  if (member.field !== undefined && args.length > 0) {
    putIndexed(fieldsOf(instance)[member.field] as VbValue, args, value, isSet, member.name, rt);
    return;
  }
  // `obj.Prop(0) = 1` where the property gives an array or an object: the element of what it gives.
  const read = fieldsOf(instance)[`m$${lower}$0`] as MemberFunction | undefined;
  if (read !== undefined && args.length > 0 && member.field === undefined) {
    const inner = read.apply(instance, []);
    if (isObjectValue(inner) && !(inner instanceof VbArray)) {
      putIndexed(inner, args, value, isSet, member.name, rt);
      return;
    }
  }
  throw runtimeError(438, member.name);
}

/** `x(args) = value`: an element, or the default member with arguments. */
export function setIndex(
  target: VbValue,
  args: readonly Argument[],
  value: VbValue,
  site: Site,
  offset: number,
): void {
  if (isObjectValue(target) && !(target instanceof VbInstance)) {
    site.rt.unit = site.unit;
    site.rt.offset = offset;
  }
  putIndexed(target, args, value, site.kind === 'putref', site.culprit, site.rt);
}

function putIndexed(
  target: VbValue,
  args: readonly Argument[],
  value: VbValue,
  isSet: boolean,
  culprit: string | undefined,
  rt: Runtime,
): void {
  if (target instanceof VbArray) {
    if (args.length === 0) throw runtimeError(13, culprit);
    const offset = elementOffset(target, indicesOf(args, rt));
    const stored = isSet ? objectValue(value, culprit) : letValue(value, rt);
    if (rt.isCounting) rt.exchange(target.elements[offset], stored);
    target.elements[offset] = stored;
    return;
  }
  if (!isObjectValue(target)) throw notIndexable(target, culprit);
  if (target instanceof VbInstance) putInstance(target, '', args, value, isSet, rt);
  else invokeHost(target, isSet ? 'putref' : 'put', '', [...args, value], rt);
}

// ---- assignment ----

/** The value that `x = value` stores: objects give their default value, arrays are copied. */
export function letValue(value: VbValue, rt: Runtime): VbValue {
  if (typeof value !== 'object' || value === null) {
    if (value === NOTHING) throw runtimeError(91);
    return value;
  }
  return letObject(value, rt);
}

function letObject(value: Exclude<VbValue, undefined>, rt: Runtime): VbValue {
  if (value instanceof Scalar) return value;
  if (value instanceof VbArray) return value.copy(rt.countElements);
  if (value instanceof Uint8Array) return value.slice();
  if (value instanceof OddString) return value;
  return rt.defaultValue(value as VbObject);
}

/** As letValue, for a value that nothing else holds: arrays are taken as they are. */
export function letOwned(value: VbValue, rt: Runtime): VbValue {
  if (typeof value !== 'object' || value === null) {
    if (value === NOTHING) throw runtimeError(91);
    return value;
  }
  if (value instanceof VbArray || value instanceof Uint8Array) return value;
  return letObject(value, rt);
}

/** The value as an argument by value or a property's new value: arrays are copied, objects stay. */
export function copied(value: VbValue): VbValue {
  if (typeof value !== 'object' || value === null) return value;
  return value instanceof VbArray ? value.copy() : value instanceof Uint8Array ? value.slice() : value;
}

/** The value that `Set x = value` stores. Throws 424. */
export function objectValue(value: VbValue, culprit: string | undefined): VbValue {
  if (value === NOTHING || isAutomationObject(value)) return value;
  throw runtimeError(424, culprit);
}

// ---- for hosts ----

/** A member of an instance, asked for by the host. */
export function invokeFromHost(
  instance: VbInstance,
  kind: InvokeKind,
  name: string,
  args: readonly Argument[],
  rt: Runtime,
): VbValue {
  if (kind === 'get' || kind === 'call') return readInstance(instance, name, args, rt);
  const value = valueIn(args[args.length - 1]);
  putInstance(instance, name, args.slice(0, -1), value, kind === 'putref', rt);
  return undefined;
}

// ---- For Each ----

/** The values that For Each runs over; `undefined` when the value is no collection. */
export function iterate(value: VbValue, rt: Runtime): Iterator<VbValue> | undefined {
  if (value instanceof VbArray) return arrayItems(value);
  if (!isObjectValue(value)) return undefined;
  const collection: AutomationObject = value;
  const items = collection.enumerate?.();
  if (items === undefined) return undefined;
  const convert = keepsSubtypes(collection) ? (item: AutomationValue) => inwardExact(item) : inward;
  return {
    next(): IteratorResult<VbValue> {
      try {
        const step = items.next();
        return step.done === true
          ? { done: true, value: undefined }
          : { done: false, value: convert(step.value) };
      } catch (caught) {
        throw namedError(caught, '', rt);
      }
    },
  };
}

function* arrayItems(array: VbArray): Generator<VbValue> {
  array.locks += 1;
  try {
    for (let at = 0; at < array.elements.length; at += 1) yield copied(array.elements[at]);
  } finally {
    array.locks -= 1;
  }
}
