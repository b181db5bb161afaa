/** Runs the programs of test/jscript/*.js; their form is described in test/support/script-programs.ts. */
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { automationFace, ScriptError, VariantArray } from '../../src/automation/index.ts';
import { compileScript, createSession, ScriptCache } from '../../src/jscript/index.ts';
import { lineEcho, type ProgramRun, testPrograms } from '../support/script-programs.ts';
import { testObject } from '../vbscript/support/test-object.ts';
import { probe } from './support/probe.ts';

process.env['TZ'] = 'UTC';

const cache = new ScriptCache(10);

/** Each program runs as it is and compiled with trace code. */
const VARIANTS = ['plain', 'traced'] as const;
type Variant = (typeof VARIANTS)[number];

const met = testPrograms({
  folder: import.meta.dirname,
  extension: '.js',
  mark: '//',
  variants: VARIANTS,
  execute,
});

after(() => {
  assert.ok(met.assertions >= 300, `the programs hold ${met.assertions} assertions`);
});

const voices = automationFace<{ tone: string }>({
  name: 'Voices',
  members: {
    Shout: { call: (_, [text]) => `${String(text).toUpperCase()}!`, arity: [1, 1] },
    Whisper: {
      get: (self) => self.tone,
      put: (self, [tone]) => void (self.tone = String(tone)),
      arity: [0, 0],
    },
  },
});

function execute(source: string, variant: Variant): ProgramRun {
  const output = new Map<number, string[]>();
  const session = createSession({
    cache,
    host: {
      createObject: (progId) => (/^test\.object$/i.test(progId) ? testObject() : undefined),
      getObject: (path) => {
        if (path !== 'test:path') return undefined;
        const object = testObject();
        object.invoke('put', 'Text', [path]);
        return object;
      },
    },
    limits: { timeMs: 20_000 },
    trace: { line: () => undefined, condition: () => undefined, call: () => undefined },
  });
  session.addObject('Echo', lineEcho(session, output));
  session.addObject('Probe', probe);
  session.addObject('TestObject', testObject());
  session.addObject('Voices', voices({ tone: 'psst' }), { members: true });
  session.setVariable('Matrix', new VariantArray([1, 2], ['0-0', '1-0', '0-1', '1-1', '0-2', '1-2']));
  session.addConstants({ testConstant: 25, testText: 'a text' });
  try {
    session.run(compileScript(source, { trace: variant === 'traced' }));
    session.end();
    return { output, error: undefined };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return { output, error };
  }
}
