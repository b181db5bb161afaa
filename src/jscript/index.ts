/** jscript: the language engine for JScript, over the JavaScript engine itself. */
export { compileScript, ScriptCache } from './compile.ts';
export { COMPILE_TEXT, RUNTIME_TEXT } from './messages.ts';
export { createSession } from './session.ts';
