/**
 * Runs the programs of test/vbscript/*.vbs.
 *
 * A file holds programs, each begun by a line `'==== title`. A program writes with `Echo`; the comment of the line that
 * writes says what is expected, several outputs with ` | ` between them. `' expect error: 13 Type mismatch` belongs to
 * the line that ends the program, `' expect compile error: 1025, 7` to the place that does not compile.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { AutomationObject } from '../../src/automation/index.ts';
import { compileScript, createSession, ScriptCache, ScriptError } from '../../src/vbscript/index.ts';
import { readPrograms } from './support/programs.ts';
import { testObject } from './support/test-object.ts';

const folder = import.meta.dirname;
const cache = new ScriptCache(10);
let assertions = 0;

/** Each program runs as it is, compiled with trace code, and in a session that counts references. */
const VARIANTS = ['plain', 'traced', 'counting'] as const;
type Variant = (typeof VARIANTS)[number];

for (const file of readdirSync(folder).filter((name) => name.endsWith('.vbs'))) {
  describe(file, () => {
    for (const program of readPrograms(readFileSync(join(folder, file), 'utf8'))) {
      for (const variant of VARIANTS)
        it(`${program.title}${variant === 'plain' ? '' : `, ${variant}`}`, () => {
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
  assert.ok(assertions > 0, 'the programs hold no assertion at all');
});

function execute(
  source: string,
  variant: Variant,
): { output: Map<number, string[]>; error: ScriptError | undefined } {
  const output = new Map<number, string[]>();
  const session = createSession({
    cache,
    now: () => new Date(2003, 0, 2, 16, 5, 6),
    host: { createObject: (progId) => (/^test\.object$/i.test(progId) ? testObject() : undefined) },
    limits: { timeMs: 20_000 },
    trace: { line: () => undefined, condition: () => undefined, call: () => undefined },
  });
  const echo: AutomationObject = {
    automationName: 'Echo',
    invoke: (_kind, _member, args) => {
      const { line } = session.position;
      const texts = output.get(line) ?? [];
      texts.push(args.map((arg) => session.toText(arg as never)).join(' '));
      output.set(line, texts);
      return undefined;
    },
  };
  session.addObject('Echo', echo);
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
