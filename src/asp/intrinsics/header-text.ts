/**
 * What may stand in a status line or header field.
 * Fails: 5 Invalid procedure call or argument for anything that could begin another line.
 * Sources: RFC 9110 §5.5, §5.6.2, §5.6.7.
 */
import { runtimeError } from '../../objects/index.ts';

/** Refuses control characters: a value with a line break would be two fields, or a second answer. */
export function refuseControls(text: string): string {
  if (/[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]/.test(text)) throw runtimeError(5);
  return text;
}

/** A field name: letters, digits and the signs of a token. */
export function fieldName(text: string): string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)) throw runtimeError(5);
  return text;
}

/** `Sat, 31 Dec 2005 23:00:00 GMT`. */
export function httpDate(date: Date): string {
  return date.toUTCString();
}
