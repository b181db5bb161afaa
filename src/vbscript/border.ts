/**
 * Values on their way between the engine and objects of the host.
 * Owns: the mapping of subtypes in both directions, by-reference arguments.  Leaves: the meaning of a member.
 *
 * Outward a plain number stays one and a Long loses its tag; inward a small whole number is a Long, as value.ts of the
 * automation room says. An object that stores variants and must give back what it got (Dictionary, Session) says so
 * with `keepsSubtypes`, and then numbers cross in the engine's own representation.
 */
import {
  ArgumentReference,
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  VariantArray,
} from '../automation/index.ts';
import { VbArray } from './arrays.ts';
import { scaledOf } from './convert.ts';
import { OddString, wholeUnits } from './odd-string.ts';
import { type Argument, Reference, valueIn } from './references.ts';
import { fromLong, Scalar, VbCurrency, type VbValue, VT } from './values.ts';

/** A value for an ordinary object. */
export function outward(value: VbValue): AutomationValue {
  if (typeof value !== 'object' || value === null) return value as AutomationValue;
  if (value instanceof Scalar) return value.type === VT.long ? value.value : value;
  if (value instanceof VbArray) return new VariantArray(value.bounds.slice(), value.elements.map(outward));
  if (value instanceof OddString) return wholeUnits(value);
  if (value instanceof Uint8Array) return value.slice();
  return value as AutomationValue;
}

/** A value for an object that keeps subtypes. */
export function outwardExact(value: VbValue): AutomationValue {
  if (typeof value !== 'object' || value === null) return value as AutomationValue;
  if (value instanceof VbArray) {
    return new VariantArray(value.bounds.slice(), value.elements.map(outwardExact));
  }
  if (value instanceof OddString) return wholeUnits(value);
  if (value instanceof Uint8Array) return value.slice();
  return value as AutomationValue;
}

/** A value from an ordinary object. */
export function inward(value: AutomationValue): VbValue {
  if (typeof value === 'number') return fromHostNumber(value);
  return inwardExact(value, inward);
}

function fromHostNumber(value: number): VbValue {
  if ((value | 0) === value) return fromLong(value);
  if (Number.isFinite(value)) return value;
  return new Scalar(VT.double, value);
}

/** A value from an object that keeps subtypes. */
export function inwardExact(
  value: AutomationValue,
  element: (value: AutomationValue) => VbValue = inwardExact1,
): VbValue {
  if (typeof value !== 'object' || value === null) return value as VbValue;
  if (value instanceof Scalar) return normalScalar(value);
  if (value instanceof VariantArray) return new VbArray([...value.upperBounds], value.elements.map(element));
  if (value instanceof Uint8Array) return value;
  return value as VbValue;
}

function inwardExact1(value: AutomationValue): VbValue {
  return inwardExact(value);
}

/** A Scalar of the host in the engine's representation: Integers and Doubles are plain where their size shows it. */
function normalScalar(value: Scalar): VbValue {
  switch (value.type) {
    case VT.integer:
      return value.value | 0;
    case VT.long:
      return fromLong(value.value | 0);
    case VT.double:
      return (value.value | 0) === value.value ? value : value.value;
    case VT.currency:
      return value instanceof VbCurrency ? value : new VbCurrency(scaledOf(value.value));
    default:
      return value;
  }
}

/** True for objects that take and give numbers in the engine's representation. */
export function keepsSubtypes(object: AutomationObject): boolean {
  return object.keepsSubtypes === true;
}

/**
 * Values of arguments. The list is made for one call, so plain values are put into it where it stands; the common call
 * allocates nothing.
 */
function outwardValues(args: readonly Argument[]): AutomationArgument[] {
  const list = args as Argument[];
  for (let at = 0; at < list.length; at += 1) {
    let value = list[at];
    if (typeof value !== 'object' || value === null) continue;
    if (value instanceof Reference) value = value.v;
    if (typeof value === 'object' && value !== null)
      return list.map((argument) => outward(valueIn(argument)));
    list[at] = value;
  }
  return list as AutomationArgument[];
}

/** Arguments for a member; variables become references only where the object says that it puts to them. */
export function outwardArguments(
  object: AutomationObject,
  member: string,
  args: readonly Argument[],
): AutomationArgument[] {
  if (object.keepsSubtypes !== true && object.outArguments === undefined) return outwardValues(args);
  const convert = keepsSubtypes(object) ? outwardExact : outward;
  const wantsReferences = object.outArguments?.(member);
  const converted = new Array<AutomationArgument>(args.length);
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at];
    converted[at] =
      wantsReferences && argument instanceof Reference
        ? referenceFor(argument, convert)
        : convert(valueIn(argument));
  }
  return converted;
}

function referenceFor(place: Reference, convert: (value: VbValue) => AutomationValue): ArgumentReference {
  return new ArgumentReference(
    () => convert(place.v),
    (value) => {
      place.v = inward(value);
    },
  );
}

/** An argument that a host hands to a script procedure. */
export function inwardArgument(argument: AutomationArgument): Argument {
  return argument instanceof ArgumentReference ? new HostReference(argument) : inward(argument);
}

/** A variable of the host. */
class HostReference extends Reference {
  private readonly argument: ArgumentReference;

  constructor(argument: ArgumentReference) {
    super();
    this.argument = argument;
  }

  override get v(): VbValue {
    return inward(this.argument.get());
  }

  override set v(value: VbValue) {
    this.argument.put(outward(value));
  }
}
