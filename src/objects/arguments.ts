/**
 * Reads the arguments of members: what a script passed → the text, number or object a member works with.
 * Owns: coercion as OLE Automation does it for BSTR, Long and VARIANT_BOOL parameters.  Leaves: the meaning of values.
 * Fails: 13 Type mismatch, also for Null, which no other type takes in (94 is for the language's own functions); 449 Argument not
 * optional.
 * Sources: doc "VariantChangeType".
 */
import {
  ArgumentReference,
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  isAutomationObject,
  MISSING,
  NOTHING,
  Scalar,
  serialToDate,
  VariantArray,
  VT,
} from '../automation/index.ts';
import { runtimeError } from './errors.ts';

/** The value behind a by-reference argument. */
export function argumentValue(argument: AutomationArgument): AutomationValue {
  return argument instanceof ArgumentReference ? argument.get() : argument;
}

/** True when the argument at `index` was left out. */
export function isMissing(args: readonly AutomationArgument[], index: number): boolean {
  const value = index < args.length ? argumentValue(args[index]) : MISSING;
  return value instanceof Scalar && value.type === VT.error && value.value === MISSING.value;
}

/** The argument as a plain value: objects give their default value, so `rs("name")` can stand where a text is wanted. */
export function plainOf(argument: AutomationArgument): AutomationValue {
  let value = argumentValue(argument);
  for (let depth = 0; isAutomationObject(value); depth += 1) {
    if (depth === 8) throw runtimeError(13);
    value = value.invoke('get', '', []);
  }
  return value;
}

/** The argument as text; `otherwise` when it was left out, error 449 when that is not given. */
export function textAt(args: readonly AutomationArgument[], index: number, otherwise?: string): string {
  if (isMissing(args, index)) return required(otherwise);
  return textOf(plainOf(args[index]));
}

/** The argument as a whole number, rounded half to even. */
export function longAt(args: readonly AutomationArgument[], index: number, otherwise?: number): number {
  if (isMissing(args, index)) return required(otherwise);
  return longOf(plainOf(args[index]));
}

export function booleanAt(args: readonly AutomationArgument[], index: number, otherwise?: boolean): boolean {
  if (isMissing(args, index)) return required(otherwise);
  return booleanOf(plainOf(args[index]));
}

/** The argument as an object reference; error 424 for anything else, also for Nothing. */
export function objectAt(args: readonly AutomationArgument[], index: number): AutomationObject {
  const value = isMissing(args, index) ? undefined : argumentValue(args[index]);
  if (!isAutomationObject(value)) throw runtimeError(424);
  return value;
}

function required<Value>(otherwise: Value | undefined): Value {
  if (otherwise === undefined) throw runtimeError(449);
  return otherwise;
}

/** Text of a plain value in the way of VariantChangeType to BSTR, en-US. */
export function textOf(value: AutomationValue): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (value === null) throw runtimeError(13);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return numberText(value, 15);
  if (value instanceof Uint8Array) return bytesAsText(value);
  if (value instanceof Scalar) {
    if (value.type === VT.error) throw runtimeError(13);
    if (value.type === VT.date) return dateText(value.value);
    return numberText(value.value, value.type === VT.single ? 7 : 15);
  }
  throw runtimeError(13);
}

export function numberOf(value: AutomationValue): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  if (value === null) throw runtimeError(13);
  if (typeof value === 'boolean') return value ? -1 : 0;
  if (value instanceof Scalar && value.type !== VT.error) return value.value;
  if (typeof value === 'string') {
    const text = value.trim().replaceAll(',', '');
    const number = /^&h[0-9a-f]+&?$/i.test(text) ? Number.parseInt(text.slice(2), 16) : Number(text);
    if (text !== '' && Number.isFinite(number)) return number;
  }
  throw runtimeError(13);
}

export function longOf(value: AutomationValue): number {
  const number = numberOf(value);
  const floor = Math.floor(number);
  const rest = number - floor;
  const rounded = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
  if (rounded < -2_147_483_648 || rounded > 2_147_483_647) throw runtimeError(6);
  return rounded;
}

export function booleanOf(value: AutomationValue): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    if (/^\s*true\s*$/i.test(value)) return true;
    if (/^\s*false\s*$/i.test(value)) return false;
  }
  return numberOf(value) !== 0;
}

/** The texts in a one-dimensional array, or the one text that stands for it. */
export function textsOf(value: AutomationValue): string[] {
  if (value instanceof VariantArray) return value.elements.map((element) => textOf(plainOf(element)));
  return [textOf(value)];
}

/** True for Empty, Null and Nothing: what scripts pass to say "nothing here". */
export function isBlank(value: AutomationValue): boolean {
  return value === undefined || value === null || value === NOTHING;
}

/** A number with `digits` significant digits as scripts print it: `0.1`, `1E+15`, `-1.5E-07`. */
export function numberText(value: number, digits: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 10 ** digits) return value === 0 ? '0' : String(value);
  const [mantissa, exponentText] = value.toExponential(digits - 1).split('e') as [string, string];
  const exponent = Number(exponentText);
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  // A fraction is written out as long as fifteen places behind the point hold it.
  const places = short.replace(/^-?\d\.?/, '').length - exponent;
  if (exponent >= digits || places > 15) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${short}E${exponent < 0 ? '-' : '+'}${size}`;
  }
  return Number(value.toPrecision(digits))
    .toFixed(Math.min(100, Math.max(0, digits - 1 - exponent)))
    .replace(/\.?0+$/, '');
}

function dateText(serial: number): string {
  const date = serialToDate(serial);
  const time = date.toLocaleTimeString('en-US', { hour12: true }).replace('\u202f', ' ');
  const day = `${date.getMonth() + 1}/${date.getDate()}/${date.getFullYear()}`;
  if (Math.trunc(serial) === 0) return time;
  return serial === Math.trunc(serial) ? day : `${day} ${time}`;
}

/** Byte arrays stand for strings of UTF-16 units, low byte first. */
function bytesAsText(bytes: Uint8Array): string {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length & ~1).toString('utf16le');
  return bytes.length % 2 === 0 ? whole : whole + String.fromCharCode(bytes[bytes.length - 1]!);
}
