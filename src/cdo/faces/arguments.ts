/**
 * Arguments of the automation face, as the TypeScript members want them.
 * Owns: reading text, numbers, booleans and objects out of automation values, and back.  Leaves: members (the other tables).
 * Fails: CdoError DISP_E_TYPEMISMATCH.
 */
import {
  ArgumentReference,
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  dateValue,
  isAutomationObject,
  keptWithObject,
  type MemberTable,
  MISSING,
  NOTHING,
  Scalar,
  serialToDate,
  VariantArray,
  VT,
} from '../../automation/index.ts';
import { type FieldValue, toBoolean, toLong, toText } from '../coerce.ts';
import { CdoError } from '../errors.ts';

/** The plain value of an argument; references are read, objects give their default member. */
export function fieldValue(argument: AutomationArgument): FieldValue {
  const value = argument instanceof ArgumentReference ? argument.get() : argument;
  if (value === undefined || value === null || value === MISSING) return undefined;
  if (value === NOTHING)
    throw new CdoError('DISP_E_TYPEMISMATCH', { hint: 'Nothing stands where a value is wanted.' });
  if (value instanceof Scalar) return value.type === VT.date ? serialToDate(value.value) : value.value;
  if (value instanceof VariantArray) return value.elements.map((element) => toText(fieldValue(element)));
  if (isAutomationObject(value)) return fieldValue(value.invoke('get', '', []));
  return value;
}

/** A value for scripts: dates become the Date subtype, nothing becomes Empty. */
export function automationValue(value: FieldValue): AutomationValue {
  if (value instanceof Date) return dateValue(value);
  if (Array.isArray(value)) return VariantArray.of(value as string[]);
  return value as Exclude<FieldValue, Date | readonly string[]>;
}

export function text(args: readonly AutomationArgument[], at: number): string {
  return toText(fieldValue(args[at]));
}

/** Undefined when the argument was left out or is empty text. */
export function optionalText(args: readonly AutomationArgument[], at: number): string | undefined {
  return isMissing(args[at]) ? undefined : text(args, at) || undefined;
}

export function long(args: readonly AutomationArgument[], at: number, fallback: number): number {
  return isMissing(args[at]) ? fallback : toLong(fieldValue(args[at]));
}

export function flag(args: readonly AutomationArgument[], at: number, fallback = false): boolean {
  return isMissing(args[at]) ? fallback : toBoolean(fieldValue(args[at]));
}

export function isMissing(argument: AutomationArgument): boolean {
  return argument === undefined || argument === MISSING;
}

/** The object an argument refers to; undefined for Nothing. */
export function objectArgument(argument: AutomationArgument): AutomationObject | undefined {
  const value = argument instanceof ArgumentReference ? argument.get() : argument;
  if (value === NOTHING) return undefined;
  if (isAutomationObject(value)) return value;
  throw new CdoError('DISP_E_TYPEMISMATCH', { hint: 'An object is wanted here.' });
}

const SELVES = keptWithObject<AutomationObject, object>();

/** Like automationFace, and the way back: `selfOf` finds the object behind a face. */
export function knownFace<Self extends object>(table: MemberTable<Self>): (self: Self) => AutomationObject {
  const make = automationFace(table);
  return (self) => {
    const face = make(self);
    if (SELVES.get(face) === undefined) SELVES.set(face, self);
    return face;
  };
}

/** The object behind a face of these rooms; undefined for foreign objects. */
export function selfOf(face: AutomationObject): object | undefined {
  return SELVES.get(face);
}
