/** vbscript: the language engine. */
export * from './api.ts';
export type * from './ast.ts';
export { compileScript, ScriptCache } from './compile.ts';
export { walkStatements } from './compiler/analysis.ts';
export * from './errors.ts';
export { isScriptInstance } from './instance.ts';
export { Lexer, type Token } from './lexer.ts';
export { localeIds } from './locales.ts';
export { COMPILE_TEXT, numberOfHresult, RUNTIME_TEXT } from './messages.ts';
export { parseScript } from './parser/script.ts';
export { createSession } from './session.ts';
