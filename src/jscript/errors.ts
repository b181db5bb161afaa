/**
 * The errors that the engine raises itself, and the errors of objects as scripts see them.
 * Owns: number → error with its standard text, HRESULT → number.  Leaves: texts (messages.ts), the class (automation).
 */
import { type AutomationError, ScriptError } from '../automation/index.ts';
import { COMPILE_TEXT, numberOfHresult, RUNTIME_SOURCE, RUNTIME_TEXT } from './messages.ts';

/** A runtime error with its standard text. */
export function runtimeError(number: number): ScriptError {
  return made(
    number,
    RUNTIME_TEXT[number] ?? COMPILE_TEXT[number] ?? 'Unknown runtime error',
    RUNTIME_SOURCE,
  );
}

/**
 * The error of an object. An HRESULT that comes with a text of its own is shown as it is, except those of IDispatch itself;
 * without a text it becomes JScript's number and text, if there is one.
 */
export function fromAutomationError(error: AutomationError): ScriptError {
  const { hresult } = error;
  const isPlain = error.message === '' || (hresult & 0xffff0000) === (0x80020000 | 0);
  const isOwn = (hresult & 0xffff0000) === (0x800a0000 | 0);
  const mapped = isPlain || isOwn ? numberOfHresult(hresult) : undefined;
  const standard = mapped === undefined ? '' : (RUNTIME_TEXT[mapped] ?? 'Unknown runtime error');
  const converted = made(
    mapped ?? hresult,
    error.message === '' ? standard : error.message,
    error.source === '' && mapped !== undefined ? RUNTIME_SOURCE : error.source,
  );
  converted.helpFile = error.helpFile;
  converted.helpContext = error.helpContext;
  converted.cause = error;
  return converted;
}

function made(number: number, text: string, source: string): ScriptError {
  const error = new ScriptError('runtime', number, text, source);
  error.category = RUNTIME_SOURCE;
  return error;
}
