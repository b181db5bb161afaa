/**
 * The errors that the engine raises itself, and the errors of objects as scripts see them.
 * Owns: number → error with its standard text.  Leaves: texts (messages.ts), the class and the conversion (automation).
 */
import { type AutomationError, generalNumberOf, ScriptError, scriptErrorOf } from '../automation/index.ts';
import { COMPILE_TEXT, RUNTIME_SOURCE, RUNTIME_TEXT } from './messages.ts';

/** A runtime error with its standard text. */
export function runtimeError(number: number): ScriptError {
  const text = RUNTIME_TEXT[number] ?? COMPILE_TEXT[number] ?? 'Unknown runtime error';
  const error = new ScriptError('runtime', number, text, RUNTIME_SOURCE);
  error.category = RUNTIME_SOURCE;
  return error;
}

/** The error of an object. */
export function fromAutomationError(error: AutomationError): ScriptError {
  const converted = scriptErrorOf(error, {
    source: RUNTIME_SOURCE,
    texts: RUNTIME_TEXT,
    numberOf: generalNumberOf,
  });
  converted.category = RUNTIME_SOURCE;
  return converted;
}
