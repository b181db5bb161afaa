/**
 * A value as text, as objects write what a script hands them: Response.Write, WScript.Echo.
 * Owns: the conversion of variants to text in the English locale, which every object that takes a text makes.
 * Leaves: String() and + of the language itself, which write values in JavaScript's way.
 */
import {
  type AutomationValue,
  NOTHING,
  Scalar,
  serialToDate,
  VariantArray,
  VT,
} from '../automation/index.ts';

/** `undefined`: the value has no text (arrays, objects). */
export function textOf(value: AutomationValue): string | undefined {
  switch (typeof value) {
    case 'undefined':
      return '';
    case 'string':
      return value;
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return numberText(value);
    default:
      break;
  }
  if (value === null) return '';
  if (value === NOTHING || value instanceof VariantArray || value instanceof Uint8Array) return undefined;
  if (!(value instanceof Scalar)) return undefined;
  if (value.type === VT.date) return dateText(value.value);
  if (value.type === VT.error) return undefined;
  return numberText(value.value);
}

/** Fifteen significant digits; an exponent from 1E+15 and below 1E-04 on. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return '-1.#IND';
  if (!Number.isFinite(value)) return value > 0 ? '1.#INF' : '-1.#INF';
  const exact = Number(value.toPrecision(15));
  const [digits, exponent] = exact.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  const length = digits.replace(/[-.]/g, '').length;
  const isPlain = exact === 0 || (power < 15 && power >= -4);
  if (!isPlain) {
    const sign = power < 0 ? '-' : '+';
    return `${digits}E${sign}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  const places = Math.max(0, length - 1 - power);
  return exact.toFixed(Math.min(100, places));
}

function dateText(serial: number): string {
  const date = serialToDate(serial);
  const isTimeAlone = Math.trunc(serial) === 0;
  const hasTime = serial !== Math.trunc(serial);
  const day = `${date.getMonth() + 1}/${date.getDate()}/${date.getFullYear()}`;
  const hours = date.getHours();
  const two = (number: number): string => String(number).padStart(2, '0');
  const time = `${hours % 12 === 0 ? 12 : hours % 12}:${two(date.getMinutes())}:${two(date.getSeconds())} ${hours < 12 ? 'AM' : 'PM'}`;
  if (isTimeAlone) return time;
  return hasTime ? `${day} ${time}` : day;
}
