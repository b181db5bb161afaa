/**
 * Members of host objects as JScript uses them: get, put, call, default values.
 * Owns: which member a use means, arguments that belong to the object behind a property, tracing of calls.
 * Leaves: conversion (border.ts), what errors look like (session.ts).
 */
import {
  type AutomationArgument,
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  DISP_E,
  type InvokeKind,
  isAutomationObject,
  NOTHING,
  type ScriptError,
  type TracedCall,
} from '../automation/index.ts';
import type { Border } from './border.ts';
import type { Handle, RealmSide } from './realm/contract.ts';

type List = { readonly length: number; readonly [index: number]: unknown };

/** Told of every use of a member, when somebody listens. */
export type CallReport = ((call: TracedCall) => void) | undefined;

export class Members {
  readonly #border: Border;
  readonly #realm: RealmSide;
  readonly #report: CallReport;
  readonly #errorOf: (thrown: unknown) => ScriptError | undefined;

  constructor(
    border: Border,
    realm: RealmSide,
    report: CallReport,
    errorOf: (thrown: unknown) => ScriptError | undefined,
  ) {
    this.#border = border;
    this.#realm = realm;
    this.#report = report;
    this.#errorOf = errorOf;
  }

  /** `object.name` as a value. What does not exist is undefined; a method is not called by being named. */
  get(handle: Handle, name: string): unknown {
    const object = this.#border.objectOf(handle);
    if (object.isMethod?.(name) === true) return this.#realm.method(handle, name);
    if (object.has !== undefined && !object.has(name)) return undefined;
    try {
      return this.#border.inward(this.#invoke(object, 'get', name, []));
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      // A property that wants arguments: they come with the call that follows.
      if (isHresult(thrown, DISP_E.badParamCount, DISP_E.paramNotOptional))
        return this.#realm.method(handle, name);
      throw thrown;
    }
  }

  /** `object.name(args)`; without a name the object itself is called. */
  call(handle: Handle, name: string, args: List): unknown {
    const object = this.#border.objectOf(handle);
    const given = this.#border.outwardList(args, object.keepsSubtypes === true);
    try {
      return this.#border.inward(this.#invoke(object, 'get', name, given));
    } catch (thrown) {
      if (given.length === 0 || name === '' || !isHresult(thrown, DISP_E.badParamCount)) throw thrown;
      const inner = this.#objectBehind(object, name);
      if (inner === undefined) throw thrown;
      return this.#border.inward(this.#invoke(inner, 'get', '', given));
    }
  }

  /** `object.name = value`, `object.name(args) = value`. */
  put(handle: Handle, name: string, args: List | undefined, value: unknown): void {
    const object = this.#border.objectOf(handle);
    const isExact = object.keepsSubtypes === true;
    const put = this.#border.outward(value, isExact);
    const given = args === undefined ? [] : this.#border.outwardList(args, isExact);
    const kind = isAutomationObject(put) ? 'putref' : 'put';
    try {
      this.#invoke(object, kind, name, [...given, put]);
    } catch (thrown) {
      const { badParamCount, memberNotFound, unknownName } = DISP_E;
      const inner =
        given.length > 0 && name !== '' && isHresult(thrown, badParamCount, memberNotFound, unknownName)
          ? this.#objectBehind(object, name)
          : undefined;
      if (inner === undefined) throw thrown;
      this.#invoke(inner, kind, '', [...given, put]);
    }
  }

  /** The object's value: its default member's, until it is no object any more. */
  primitive(handle: Handle): unknown {
    let value: AutomationValue = this.#border.objectOf(handle);
    for (let turn = 0; turn < 64 && isAutomationObject(value); turn += 1)
      value = this.#invoke(value, 'get', '', []);
    return this.#border.inward(value);
  }

  has(handle: Handle, name: string): boolean {
    return this.#border.objectOf(handle).has?.(name) === true;
  }

  /** `message.Fields(url)`: the property is read without arguments, and they go to the default member of what it gives. */
  #objectBehind(object: AutomationObject, name: string): AutomationObject | undefined {
    // Reading a method would run it, without the arguments that were wrong.
    if (object.isMethod?.(name) === true) return undefined;
    try {
      const inner = this.#invoke(object, 'get', name, []);
      return inner !== NOTHING && isAutomationObject(inner) ? inner : undefined;
    } catch (thrown) {
      if (thrown instanceof AutomationError) return undefined;
      throw thrown;
    }
  }

  #invoke(
    object: AutomationObject,
    kind: InvokeKind,
    name: string,
    args: readonly AutomationArgument[],
  ): AutomationValue {
    if (this.#report === undefined) return object.invoke(kind, name, args);
    const startedAt = performance.now();
    const call = { object: object.automationName, member: name, kind, args: args as AutomationValue[] };
    try {
      const result = object.invoke(kind, name, args);
      this.#report({ ...call, result, elapsedMs: performance.now() - startedAt });
      return result;
    } catch (thrown) {
      const error = this.#errorOf(thrown);
      this.#report({ ...call, ...(error && { error }), elapsedMs: performance.now() - startedAt });
      throw thrown;
    }
  }
}

function isHresult(thrown: unknown, ...reasons: readonly number[]): boolean {
  return thrown instanceof AutomationError && reasons.includes(thrown.hresult);
}

function isMissing(thrown: unknown): boolean {
  return isHresult(thrown, DISP_E.unknownName, DISP_E.memberNotFound);
}
