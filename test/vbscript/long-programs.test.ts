/** Programs that are very long in one direction: they run, or are refused with a number of the language; the process lives. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { compileScript as compileJScript } from '../../src/jscript/index.ts';
import {
  compileScript,
  createSession,
  ScriptAbort,
  ScriptError,
  type SessionOptions,
} from '../../src/vbscript/index.ts';
import { ScriptBench } from '../script/support/script-bench.ts';

const MANY = 50_000;

function repeated(count: number, piece: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => piece(at)).join('');
}

/** Each leaves its result in `y`. */
const RUNS: Readonly<Record<string, readonly [source: string, result: unknown]>> = {
  'branches of an If': [
    `x = ${MANY}\nIf x = 0 Then\n${repeated(MANY, (at) => `ElseIf x = ${at + 1} Then\ny = ${at + 1}\n`)}Else\ny = -1\nEnd If`,
    MANY,
  ],
  'branches of an If that resumes after errors, none of them taken': [
    `On Error Resume Next\nx = -1\nIf x = 0 Then\n${repeated(MANY, (at) => `ElseIf x = ${at + 1} Then\ny = 1\n`)}Else\ny = 2\nEnd If`,
    2,
  ],
  'branches of an If on one line': [
    `x = 1: If x = 0 Then y = 0${repeated(MANY, (at) => ` ElseIf x = 3 Then y = ${at}`)} Else y = "none"`,
    'none',
  ],
  'cases of a Select': [
    `x = ${MANY}\nSelect Case x\n${repeated(MANY, (at) => `Case ${at + 1}\ny = ${at + 1}\n`)}End Select`,
    MANY,
  ],
  'values of a Case': [
    `Select Case ${MANY}\nCase 0${repeated(MANY, (at) => `,${at + 1}`)}\ny = "met"\nEnd Select`,
    'met',
  ],
  'parts of a text': [`x = "a"\ny = Len(x${' & x'.repeat(MANY)})`, MANY + 1],
  'terms of a sum': [`x = 1\ny = x${' + x'.repeat(MANY)}`, MANY + 1],
  'terms of a sum and of a text in turn': [`x = 1\ny = Len(x${' & x'.repeat(MANY)} & x + x) > 0`, true],
  'conditions with And': [`x = 1\nIf x = 1${' And x = 1'.repeat(MANY)} Then y = "all"`, 'all'],
  'conditions with Or': [`x = 1\nIf x = 2${' Or x = 2'.repeat(MANY)} Or x = 1 Then y = "one"`, 'one'],
  'conditions with Xor, as a value': [`x = True\ny = x${' Xor x'.repeat(MANY)}`, true],
  // 1 = 1 is True, which is not 1; False is not 1 either; and so on.
  comparisons: [`x = 1\ny = x${' = x'.repeat(MANY)}`, false],
  'a literal compared first, which is hard': [`x = "1"\ny = 1 = x${' And True'.repeat(MANY)}`, true],
  'arguments of Array': [`y = UBound(Array(0${repeated(MANY, (at) => `,${at}`)}))`, MANY],
  'constants of every size': [
    `y = 0\n${repeated(MANY, (at) => `y = y + ${at}.5\n`)}y = TypeName(y)`,
    'Double',
  ],
  'variables of a procedure': [
    `y = 0\nSub f\nDim a${repeated(MANY, (at) => `,a${at}`)}\na${MANY - 1} = 1\ny = a${MANY - 1}\nEnd Sub\nf`,
    1,
  ],
  'statements behind colons': [`y = 0${': y = y + 1'.repeat(MANY)}`, MANY],
};

/** Each is more than can be nested; 1001 is Out of memory. */
const REFUSED: Readonly<Record<string, string>> = {
  parentheses: `y = ${'('.repeat(MANY)}1${')'.repeat(MANY)}`,
  'calls within calls': `y = ${'Abs('.repeat(MANY)}1${')'.repeat(MANY)}`,
  signs: `y = ${'-'.repeat(MANY)}1`,
  'texts in parentheses': `y = ${'("a" & '.repeat(MANY)}"a"${')'.repeat(MANY)}`,
  'Not of Not': `y = ${'Not '.repeat(MANY)}1`,
  'If blocks': `${'If True Then\n'.repeat(MANY)}${'End If\n'.repeat(MANY)}`,
  'Ifs on one line': `${'If True Then '.repeat(MANY)}y = 1`,
  'Do blocks': `${'Do\n'.repeat(MANY)}${'Loop\n'.repeat(MANY)}`,
  'With blocks': `${'With x\n'.repeat(MANY)}${'End With\n'.repeat(MANY)}`,
  'Select blocks': `${'Select Case 1\nCase 1\n'.repeat(MANY)}${'End Select\n'.repeat(MANY)}`,
};

describe(`${MANY} of one kind`, () => {
  for (const [name, [source, result]] of Object.entries(RUNS))
    it(`${name}: run`, () => {
      const session = createSession();
      session.run(source);
      assert.equal(session.getVariable('y'), result);
    });

  for (const [name, source] of Object.entries(REFUSED))
    it(`${name} within one another: 1001`, () => {
      assert.throws(
        () => compileScript(source),
        (error) => error instanceof ScriptError && error.kind === 'compilation' && error.number === 1001,
      );
    });
});

describe(`${MANY} of one kind, in a thread of scripts`, () => {
  let bench: ScriptBench;
  before(() => {
    bench = new ScriptBench({ warm: 1, size: 1 });
  });
  after(() => bench.close());

  for (const name of ['branches of an If', 'conditions with And', 'arguments of Array'])
    it(name, async () => {
      const [source, result] = RUNS[name]!;
      const { output, error } = await bench.run(`${source}\nWScript.Echo y`);
      assert.equal(output, `${String(result)}\r\n`, error);
    });

  for (const name of Object.keys(REFUSED).slice(0, 5))
    it(`${name}: refused, and the thread lives`, async () => {
      const { outcome } = await bench.run(REFUSED[name]!);
      assert.equal(outcome.kind, 'failed');
      assert.equal((outcome as { problem: { number: number } }).problem.number & 0xffff, 1001);
      assert.equal((await bench.run('WScript.Echo 1')).output, '1\r\n');
    });
});

describe('compiling counts', () => {
  const long = `y = 1\n${'x = x + 1\n'.repeat(20_000)}`;

  /** Limits that are met at the second look. */
  function limits(): NonNullable<SessionOptions['limits']> {
    let looks = 0;
    return {
      get timeMs() {
        looks += 1;
        return looks > 1 ? -1 : 60_000;
      },
    };
  }

  it('against the time limit of what runs', () => {
    const session = createSession({ limits: limits() });
    assert.throws(
      () => session.run(long, { name: 'long.vbs' }),
      (error) =>
        error instanceof ScriptAbort &&
        error.reason === 'timeout' &&
        error.file === 'long.vbs' &&
        error.line === 1,
    );
    assert.equal(session.getVariable('y'), undefined);
  });

  it('for Execute, at its line', () => {
    const session = createSession({ limits: limits() });
    session.setVariable('text', long);
    assert.throws(
      () => session.run('y = 0\nExecute text', { name: 'short.vbs' }),
      (error) => error instanceof ScriptAbort && error.reason === 'timeout',
    );
    assert.equal(session.getVariable('y'), 0);
  });

  it('against its memory, as error 1001', () => {
    const session = createSession({ limits: { isMemoryFull: () => true } });
    assert.throws(
      () => session.run(long, { name: 'long.vbs' }),
      (error) => error instanceof ScriptError && error.number === 1001 && error.file === 'long.vbs',
    );
  });

  it('for whoever compiles without a session: what onProgress throws ends it, in both languages', () => {
    const stop = new ScriptAbort('timeout', 'Script timed out.');
    const onProgress = (): void => {
      throw stop;
    };
    assert.throws(
      () => compileScript(long, { onProgress }),
      (error) => error === stop,
    );
    assert.throws(
      () => compileJScript('x = x + 1;\n'.repeat(20_000), { onProgress }),
      (error) => error === stop,
    );
    compileScript('x = 1', { onProgress });
  });
});
