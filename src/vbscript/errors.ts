/**
 * The errors that the engine raises itself.
 * Owns: number → error with its standard text.  Leaves: texts (`messages.ts`), Err object (`err-object.ts`), the classes (automation).
 */
import { ScriptError } from '../automation/index.ts';
import { COMPILE_TEXT, RUNTIME_TEXT } from './messages.ts';

export { ScriptAbort, ScriptError, type ScriptErrorKind, ScriptExit } from '../automation/index.ts';

export const RUNTIME_SOURCE = 'Microsoft VBScript runtime error';
export const COMPILATION_SOURCE = 'Microsoft VBScript compilation error';

/** A runtime error with its standard text; `culprit` is put in quotes behind it. */
export function runtimeError(number: number, culprit?: string): ScriptError {
  const text = RUNTIME_TEXT[number] ?? 'Unknown runtime error';
  const error = new ScriptError('runtime', number, text, RUNTIME_SOURCE);
  if (culprit !== undefined) error.description = `${text}: '${culprit}'`;
  return error;
}

/** A compile error with its standard text. */
export function compileError(number: number, line: number, column: number, lineText: string): ScriptError {
  const error = new ScriptError(
    'compilation',
    number,
    COMPILE_TEXT[number] ?? 'Syntax error',
    COMPILATION_SOURCE,
  );
  error.line = line;
  error.column = column;
  error.lineText = lineText;
  return error;
}
