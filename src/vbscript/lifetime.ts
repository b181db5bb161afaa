/**
 * Counts references to instances of script classes, so that Class_Terminate runs at the last release.
 * Owns: counting through variables, elements and fields; the order of ends.  Leaves: when to ask (generated code).
 *
 * Only programs that define Class_Terminate count. An instance without references waits in `pending` until the statement
 * that dropped it is over; what is still referenced at the end of the script ends in `Session.end`. What a host object
 * stores (Dictionary) is held by it until then.
 */
import { VbArray } from './arrays.ts';
import { GlobalCell } from './globals.ts';
import { VbInstance } from './instance.ts';
import type { Reference } from './references.ts';
import type { Runtime } from './runtime.ts';
import type { VbValue } from './values.ts';

/** Stores `next` where `previous` was: counts both and gives `next` back. */
export function hold(rt: Runtime, previous: VbValue, next: VbValue): VbValue {
  take(next);
  letGo(rt, previous);
  return next;
}

function take(value: VbValue): void {
  if (value instanceof VbInstance) value.references += 1;
  else if (value instanceof VbArray) for (const element of value.elements) take(element);
}

export function letGo(rt: Runtime, value: VbValue): void {
  if (value instanceof VbInstance) {
    value.references -= 1;
    if (value.references <= 0) rt.pending.push(value);
  } else if (value instanceof VbArray) {
    for (const element of value.elements) letGo(rt, element);
  }
}

/** Holds what a loop runs over while it runs: the instances of an array, as they are now. */
export function holdItems(value: VbValue): VbValue {
  const held = value instanceof VbArray ? value.copy() : value;
  take(held);
  return held;
}

/** Ends what has no references left among the instances that wait above `mark`. */
export function drain(rt: Runtime, mark: number): void {
  for (let at = mark; at < rt.pending.length; at += 1) {
    const instance = rt.pending[at]!;
    if (instance.references <= 0 && !instance.isTerminated) terminate(rt, instance);
  }
  rt.pending.length = Math.min(rt.pending.length, mark);
}

/** Runs Class_Terminate once and lets go of the fields, unless the procedure gave the instance a new reference. */
export function terminate(rt: Runtime, instance: VbInstance): void {
  const { terminate: key } = instance.description;
  instance.isTerminated = true;
  rt.terminable.delete(instance);
  const members = instance as unknown as Record<string, VbValue | (() => void)>;
  if (key !== undefined) (members[key] as () => void).call(instance);
  if (instance.references > 0) return;
  for (const field of Object.keys(members)) {
    if (field.startsWith('f$')) letGo(rt, members[field] as VbValue);
  }
}

/** The value of an undeclared variable when it is local to the procedure. */
export function ownLocal(reference: Reference): VbValue {
  return reference instanceof GlobalCell ? undefined : reference.v;
}
