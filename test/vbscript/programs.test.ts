/** Runs the programs of test/vbscript/*.vbs; their form is described in test/support/script-programs.ts. */
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { compileScript, createSession, ScriptCache, ScriptError } from '../../src/vbscript/index.ts';
import { lineEcho, type ProgramRun, testPrograms } from '../support/script-programs.ts';
import { testObject } from './support/test-object.ts';

const cache = new ScriptCache(10);

/** Each program runs as it is, compiled with trace code, and in a session that counts references. */
const VARIANTS = ['plain', 'traced', 'counting'] as const;
type Variant = (typeof VARIANTS)[number];

const met = testPrograms({
  folder: import.meta.dirname,
  extension: '.vbs',
  mark: "'",
  variants: VARIANTS,
  execute,
});

after(() => {
  assert.ok(met.assertions >= 1_500, `the programs hold ${met.assertions} assertions`);
});

function execute(source: string, variant: Variant): ProgramRun {
  const output = new Map<number, string[]>();
  const session = createSession({
    cache,
    now: () => new Date(2003, 0, 2, 16, 5, 6),
    host: { createObject: (progId) => (/^test\.object$/i.test(progId) ? testObject() : undefined) },
    limits: { timeMs: 20_000 },
    trace: { line: () => undefined, condition: () => undefined, call: () => undefined },
  });
  session.addObject('Echo', lineEcho(session, output));
  session.addObject('TestObject', testObject());
  try {
    if (variant === 'counting') session.run('Class Z_ : Private Sub Class_Terminate : End Sub : End Class');
    session.run(compileScript(source, { trace: variant === 'traced' }));
    session.end();
    return { output, error: undefined };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    if (error.number === 51) throw error.cause;
    return { output, error };
  }
}
