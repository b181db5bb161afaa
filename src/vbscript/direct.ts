/**
 * The short way to what scripts do in loops: elements of arrays, members of host objects with few plain arguments.
 * Owns: what a place remembers of the object that was there last.  Leaves: all other ways (`members.ts`), which do the same.
 *
 * Objects made from one table share a shape. A place that meets the same shape again calls the member's function itself: nothing
 * is looked up, counted or put into a list. A session that traces its calls goes the long way.
 */
import type { AutomationObject, AutomationValue, DirectMember } from '../automation/index.ts';
import { VbArray } from './arrays.ts';
import { inward, inwardExact } from './border.ts';
import { VbInstance } from './instance.ts';
import {
  callValue,
  index,
  indexBehind,
  LONG_TEXT,
  namedError,
  putBehind,
  putMember,
  type Site,
  setIndex,
  useMember,
} from './members.ts';
import { type Argument, Reference } from './references.ts';
import { NOTHING, type VbValue } from './values.ts';

/** A place that has met so many changes of shape stops remembering. */
const MOST_CHANGES = 16;

/** Stands for an argument that needs the long way. */
const LATE = Symbol('late');

function directOf(object: VbValue, site: Site): DirectMember | undefined {
  const shape = (object as AutomationObject | null | undefined)?.shape;
  if (shape === undefined) return undefined;
  if (shape !== site.shape) {
    if (site.changes > MOST_CHANGES) return undefined;
    site.changes += 1;
    site.shape = shape;
    site.direct = site.rt.trace === undefined ? shape.member(site.kind, site.name, site.count) : undefined;
  }
  return site.direct;
}

/** An argument as every object takes it, if it is plain. */
function plainArgument(argument: Argument): AutomationValue | typeof LATE {
  const value = argument instanceof Reference ? argument.v : argument;
  if (typeof value === 'string') return value.length > LONG_TEXT ? LATE : value;
  if (typeof value !== 'object' || value === null) return value as AutomationValue;
  return value instanceof VbInstance ? value : LATE;
}

function result(site: Site, value: AutomationValue): VbValue {
  if (typeof value === 'string') return value;
  return site.shape!.keepsSubtypes ? inwardExact(value) : inward(value);
}

function standAt(site: Site, offset: number): void {
  site.rt.unit = site.unit;
  site.rt.offset = offset;
}

/** `object.member` */
export function useMember0(object: VbValue, site: Site, offset: number): VbValue {
  const direct = directOf(object, site);
  if (direct === undefined) return useMember(object, site, [], offset);
  standAt(site, offset);
  try {
    return result(site, direct(object as AutomationObject));
  } catch (caught) {
    throw namedError(caught, site.name, site.rt);
  }
}

/** `object.member(first)` */
export function useMember1(object: VbValue, site: Site, first: Argument, offset: number): VbValue {
  const direct = directOf(object, site);
  if (direct === undefined) return useMember(object, site, [first], offset);
  const given = plainArgument(first);
  if (given === LATE) return useMember(object, site, [first], offset);
  standAt(site, offset);
  try {
    return result(site, direct(object as AutomationObject, given));
  } catch (caught) {
    return indexBehind(object as AutomationObject, site, [first], namedError(caught, site.name, site.rt));
  }
}

/** `object.member(first, second)` */
export function useMember2(
  object: VbValue,
  site: Site,
  first: Argument,
  second: Argument,
  offset: number,
): VbValue {
  const direct = directOf(object, site);
  if (direct === undefined) return useMember(object, site, [first, second], offset);
  const one = plainArgument(first);
  const two = plainArgument(second);
  if (one === LATE || two === LATE) return useMember(object, site, [first, second], offset);
  standAt(site, offset);
  try {
    return result(site, direct(object as AutomationObject, one, two));
  } catch (caught) {
    const error = namedError(caught, site.name, site.rt);
    return indexBehind(object as AutomationObject, site, [first, second], error);
  }
}

/** `object.member = value` */
export function putMember0(object: VbValue, site: Site, value: VbValue, offset: number): void {
  const direct = directOf(object, site);
  const given = direct === undefined ? LATE : plainArgument(value);
  if (direct === undefined || given === LATE) {
    putMember(object, site, [], value, offset);
    return;
  }
  standAt(site, offset);
  try {
    direct(object as AutomationObject, given);
  } catch (caught) {
    throw namedError(caught, site.name, site.rt);
  }
}

/** `object.member(first) = value` */
export function putMember1(
  object: VbValue,
  site: Site,
  first: Argument,
  value: VbValue,
  offset: number,
): void {
  const direct = directOf(object, site);
  const one = direct === undefined ? LATE : plainArgument(first);
  const two = plainArgument(value);
  if (direct === undefined || one === LATE || two === LATE) {
    putMember(object, site, [first], value, offset);
    return;
  }
  standAt(site, offset);
  try {
    direct(object as AutomationObject, one, two);
  } catch (caught) {
    putBehind(object as AutomationObject, site, [first], value, namedError(caught, site.name, site.rt));
  }
}

/** `x(at)`: an element, or the default member. */
export function index1(value: VbValue, at: VbValue, site: Site, offset: number): VbValue {
  if (value instanceof VbArray) {
    if (value.bounds.length === 1 && typeof at === 'number') {
      const { elements } = value;
      if (at >= 0 && at < elements.length && (at | 0) === at) return elements[at];
    }
    return index(value, [at], site, offset);
  }
  const direct = directOf(value, site);
  const given = direct === undefined ? LATE : plainArgument(at);
  if (direct === undefined || given === LATE) return index(value, [at], site, offset);
  standAt(site, offset);
  try {
    return result(site, direct(value as AutomationObject, given));
  } catch (caught) {
    throw namedError(caught, '', site.rt);
  }
}

/** `x argument`, or `x(argument)` where x may be a procedure: the default member. */
export function callValue1(value: VbValue, argument: Argument, site: Site, offset: number): VbValue {
  const direct = directOf(value, site);
  const given = direct === undefined ? LATE : plainArgument(argument);
  if (direct === undefined || given === LATE) return callValue(value, [argument], site, offset);
  standAt(site, offset);
  try {
    return result(site, direct(value as AutomationObject, given));
  } catch (caught) {
    throw namedError(caught, '', site.rt);
  }
}

/** `x(at) = value` with a value that nothing else holds. */
export function setIndex1(target: VbValue, at: VbValue, value: VbValue, site: Site, offset: number): void {
  if (target instanceof VbArray) {
    if (
      target.bounds.length === 1 &&
      typeof at === 'number' &&
      (typeof value !== 'object' || value === null) &&
      value !== NOTHING
    ) {
      const { elements } = target;
      if (at >= 0 && at < elements.length && (at | 0) === at && !site.rt.isCounting) {
        elements[at] = value;
        return;
      }
    }
    setIndex(target, [at], value, site, offset);
    return;
  }
  const direct = directOf(target, site);
  const one = direct === undefined ? LATE : plainArgument(at);
  const two = plainArgument(value);
  if (direct === undefined || one === LATE || two === LATE) {
    setIndex(target, [at], value, site, offset);
    return;
  }
  standAt(site, offset);
  try {
    direct(target as AutomationObject, one, two);
  } catch (caught) {
    throw namedError(caught, '', site.rt);
  }
}
