/**
 * Runs the programs of test/jscript/*.js.
 *
 * A file holds programs, each begun by a line `//==== title`. A program writes with `Echo`; the comment of the line that
 * writes says what is expected, several outputs with ` | ` between them. `// expect error: 5007 Object expected` belongs to
 * the line that ends the program, `// expect compile error: 1004, 7` to the place that does not compile.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  AutomationError,
  type AutomationObject,
  automationFace,
  ScriptError,
  VariantArray,
} from '../../src/automation/index.ts';
import { compileScript, createSession, ScriptCache } from '../../src/jscript/index.ts';
import { testObject } from '../vbscript/support/test-object.ts';
import { probe } from './support/probe.ts';
import { readPrograms } from './support/read-programs.ts';

process.env['TZ'] = 'UTC';

const folder = import.meta.dirname;
const cache = new ScriptCache(10);
let assertions = 0;

/** Each program runs as it is and compiled with trace code. */
const VARIANTS = ['plain', 'traced'] as const;
type Variant = (typeof VARIANTS)[number];

for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
  describe(file, () => {
    for (const program of readPrograms(readFileSync(join(folder, file), 'utf8'))) {
      for (const variant of VARIANTS)
        it(`${program.title}${variant === 'plain' ? '' : `, ${variant}`}`, () => {
          if (variant === 'plain')
            assertions += program.expected.size + (program.error === undefined ? 0 : 1);
          const run = execute(program.source, variant);
          const where = (line: number | undefined): string =>
            line === undefined ? '' : ` in line ${line + program.firstLine - 1}`;
          const shown =
            program.error?.kind === 'compilation'
              ? `${run.error?.number}, ${run.error?.column}`
              : run.error && `${run.error.number} ${run.error.description}`;
          assert.equal(
            run.error && `${run.error.kind}: ${shown}${where(run.error.line)}`,
            program.error && `${program.error.kind}: ${program.error.text}${where(program.error.line)}`,
          );
          const lines = new Set([...program.expected.keys(), ...run.output.keys()]);
          for (const line of [...lines].sort((a, b) => a - b)) {
            const text = program.source.split('\n')[line - 1] ?? '';
            assert.equal(
              run.output.get(line)?.join(' | '),
              program.expected.get(line),
              `${file}, line ${line + program.firstLine - 1}: ${text.trim()}`,
            );
          }
        });
    }
  });
}

after(() => {
  assert.ok(assertions >= 300, `the programs hold ${assertions} assertions`);
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

function execute(
  source: string,
  variant: Variant,
): { output: Map<number, string[]>; error: ScriptError | undefined } {
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
  const echo: AutomationObject = {
    automationName: 'Echo',
    invoke: (_kind, member, args) => {
      if (member !== '') throw new AutomationError(0x80020006, 'no such member');
      const { line } = session.position;
      const texts = output.get(line) ?? [];
      texts.push(args.map((arg) => session.toText(arg as never)).join(' '));
      output.set(line, texts);
      return undefined;
    },
  };
  session.addObject('Echo', echo);
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
