/**
 * The script engines that run pages, by language.
 * Owns: which languages there are.  Leaves: the languages.
 */
import type {
  CompiledScript,
  CompileOptions,
  ScriptSession,
  SessionOptions,
} from '../../automation/index.ts';
import {
  compileScript as compileJScript,
  createSession as createJScriptSession,
} from '../../jscript/index.ts';
import { compileScript, createSession } from '../../vbscript/index.ts';
import type { PageLanguage } from '../template/languages.ts';

/** What a page asks of a language. */
export type PageEngine = {
  /** Throws a ScriptError of kind 'compilation'. */
  readonly compile: (source: string, options: CompileOptions) => CompiledScript;
  readonly createSession: (options: SessionOptions) => ScriptSession;
};

/** An engine that is absent makes a page of its language fail with ASP 0129. */
export const ENGINES: Readonly<Record<PageLanguage, PageEngine | undefined>> = {
  vbscript: { compile: compileScript, createSession },
  jscript: { compile: compileJScript, createSession: createJScriptSession },
};
