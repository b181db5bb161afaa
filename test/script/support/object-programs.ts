/** Runs one program with every object a script can create, in this thread: WScript over memory, folders of its own. */
import type { TestContext } from 'node:test';
import type { AutomationObject } from '../../../src/automation/index.ts';
import { fullCatalogue, type ObjectScope, runtimeError, TextStream } from '../../../src/objects/index.ts';
import { ScriptArguments } from '../../../src/script/arguments.ts';
import { noSuchClass, ScriptQuit, wscriptObject } from '../../../src/script/wscript.ts';
import {
  compileScript,
  createSession,
  type ScriptCache,
  ScriptError,
  type ScriptSession,
} from '../../../src/vbscript/index.ts';
import { lineEcho, type ProgramRun } from '../../support/script-programs.ts';
import { type TestScope, testScope } from './object-scope.ts';

/** What the script was called with. */
const ARGUMENTS = ['first', '/to:ann@example.test', '/Quiet', '/Log+', '/Mail-', 'second one', '/empty:'];

export type ProgramOptions = {
  readonly cache: ScriptCache;
  readonly isTraced: boolean;
  /** Answers what is asked of the main thread. */
  readonly answer?: TestScope['answer'];
};

/** Output of Echo by line; what WScript.StdOut was given comes out by `Printed()`. */
export function runObjectProgram(t: TestContext, source: string, options: ProgramOptions): ProgramRun {
  const base = testScope(t);
  if (options.answer !== undefined) base.answer = options.answer;
  const registry = fullCatalogue(base.machine, base.files, base.waiting);
  const scope: ObjectScope = { ...base, createObject: (progId) => registry.create(progId, scope) };
  const create: Creator = (progId) => (registry.has(progId) ? registry.create(progId, scope) : undefined);
  const output = new Map<number, string[]>();
  const session = createSession({
    cache: options.cache,
    now: () => new Date(2003, 0, 2, 16, 5, 6),
    host: { createObject: create },
    limits: { timeMs: 20_000 },
    trace: options.isTraced ? { line: () => undefined, call: () => undefined } : {},
  });
  session.addObject('Echo', lineEcho(session, output));
  const printed: string[] = [];
  session.addObject('WScript', wscript(create, session, printed));
  session.addObject('Printed', {
    automationName: 'Printed',
    invoke: () => printed.splice(0).join('').replaceAll('\r\n', '¶'),
  });
  try {
    session.run(compileScript(source, { trace: options.isTraced }));
    session.end();
    return { output, error: undefined };
  } catch (error) {
    if (error instanceof ScriptQuit) return { output, error: undefined };
    if (!(error instanceof ScriptError)) throw error;
    if (error.number === 51) throw error.cause;
    return { output, error };
  }
}

type Creator = (progId: string) => AutomationObject | undefined;

function wscript(create: Creator, session: ScriptSession, printed: string[]): AutomationObject {
  const lines = ['one\r\n', 'two, three\r\n', 'last'];
  const sink = { write: (text: string) => void printed.push(text), close: () => {} };
  return wscriptObject({
    fullName: 'C:\\data\\test.vbs',
    scriptName: 'test.vbs',
    arguments: new ScriptArguments(ARGUMENTS, () => void printed.push('usage')),
    streams: {
      input: new TextStream({ source: { next: () => lines.shift(), close: () => {} } }),
      output: new TextStream({ sink }),
      error: new TextStream({ sink: { ...sink, write: (text) => void printed.push(`!${text}`) } }),
    },
    isInteractive: true,
    timeoutSeconds: 0,
    limitTime: (seconds) => void printed.push(`limit ${seconds}`),
    createObject: (progId) => {
      const object = create(progId);
      if (object === undefined) throw noSuchClass(progId);
      return object;
    },
    getObject: () => {
      throw runtimeError(429);
    },
    toText: (value) => session.toText(value),
    sleep: (milliseconds) => void printed.push(`sleep ${milliseconds}`),
  });
}
