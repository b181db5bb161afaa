/** vbscript: the language engine. */
export * from './api.ts';
export * from './errors.ts';
export { COMPILE_TEXT, numberOfHresult, RUNTIME_TEXT } from './messages.ts';
