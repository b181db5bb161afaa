/**
 * Feeds the VBScript engine generated programs and mutated sources: `node scripts/fuzz-vbscript.ts [COUNT] [SEED]`.
 * A program may end in any error of the language. It fails the run when the engine throws anything else, reports its own
 * error 51, outlives its time limit, or reaches a JavaScript global. The failing source is printed with its seed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { automationFace } from '../src/automation/index.ts';
import { createSession, ScriptAbort, ScriptCache, ScriptError } from '../src/vbscript/index.ts';

export type FuzzReport = { readonly programs: number; readonly compiled: number; readonly completed: number };

/** A small generator of numbers, so that a seed names a run. */
class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0 || 1;
  }

  next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) / 0x100000000;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

const NAMES = [
  'a',
  'b',
  'c',
  'i',
  'n',
  's',
  'x',
  'obj',
  'constructor',
  '[__proto__]',
  '[toString]',
  'this',
  'eval_',
  'rt',
];
const LITERALS = [
  '0',
  '1',
  '-1',
  '2',
  '10',
  '32767',
  '32768',
  '2147483647',
  '1.5',
  '1E300',
  '&HFF',
  '"abc"',
  '"12"',
  '""',
  'Null',
  'Empty',
  'True',
  'False',
  'Nothing',
  '#1/2/2003#',
  'vbCrLf',
  'Array(1, "x", Array(2))',
  'ChrB(65)',
  'CCur(1.5)',
  'CByte(7)',
  'CSng(0.1)',
  'CLng(3)',
  `"$\{process.exit()}"`,
  '"\u2028"',
  '"`"',
  '"\'"',
];
const FUNCTIONS = [
  'Len',
  'UCase',
  'CStr',
  'CInt',
  'CDbl',
  'CDate',
  'Abs',
  'Int',
  'Fix',
  'Sqr',
  'Hex',
  'TypeName',
  'VarType',
  'IsNumeric',
  'IsDate',
  'Asc',
  'Chr',
  'Trim',
  'StrReverse',
  'Year',
  'Weekday',
  'UBound',
  'Join',
  'Split',
  'Eval',
  'LenB',
  'FormatNumber',
  'Rnd',
  'Round',
  'CBool',
  'Escape',
  'MonthName',
  'GetRef',
  'IsObject',
];
const FUNCTIONS2 = [
  'Left',
  'Right',
  'InStr',
  'Split',
  'StrComp',
  'String',
  'Replace',
  'Filter',
  'Round',
  'MidB',
  'Mid',
];
const OPERATORS = [
  '+',
  '-',
  '*',
  '/',
  '\\',
  'Mod',
  '^',
  '&',
  '=',
  '<>',
  '<',
  '>',
  '<=',
  '>=',
  'And',
  'Or',
  'Xor',
  'Eqv',
  'Imp',
  'Is',
];
const MEMBERS = [
  'Text',
  'Item',
  'Count',
  'constructor',
  '[__proto__]',
  'prototype',
  'toString',
  'V',
  'P',
  'M',
  'Call',
];

function expression(dice: Dice, depth: number): string {
  if (depth <= 0) return dice.next() < 0.5 ? dice.pick(LITERALS) : dice.pick(NAMES);
  switch (dice.below(9)) {
    case 0:
      return dice.pick(LITERALS);
    case 1:
      return dice.pick(NAMES);
    case 2:
    case 3:
      return `(${expression(dice, depth - 1)} ${dice.pick(OPERATORS)} ${expression(dice, depth - 1)})`;
    case 4:
      return `${dice.pick(FUNCTIONS)}(${expression(dice, depth - 1)})`;
    case 5:
      return `${dice.pick(FUNCTIONS2)}(${expression(dice, depth - 1)}, ${expression(dice, depth - 1)})`;
    case 6:
      return `${dice.pick(NAMES)}(${expression(dice, depth - 1)})`;
    case 7:
      return `${dice.pick(NAMES)}.${dice.pick(MEMBERS)}${dice.next() < 0.4 ? `(${expression(dice, depth - 1)})` : ''}`;
    default:
      return dice.next() < 0.3
        ? '(New K)'
        : `(${dice.pick(['Not ', '-', '+'])}${expression(dice, depth - 1)})`;
  }
}

function block(dice: Dice, depth: number, indent: string): string {
  const count = 1 + dice.below(3);
  return Array.from({ length: count }, () => statement(dice, depth, `${indent}  `)).join('');
}

function statement(dice: Dice, depth: number, indent = ''): string {
  const value = (): string => expression(dice, 2);
  const name = dice.pick(NAMES);
  const line = (text: string): string => `${indent}${text}\n`;
  switch (dice.below(depth > 0 ? 20 : 11)) {
    case 0:
    case 1:
      return line(`${name} = ${value()}`);
    case 2:
      return line(`Set ${name} = ${dice.pick(['Nothing', 'New K', 'host', 'GetRef("F")', value()])}`);
    case 3:
      return line(`${name}(${value()}) = ${value()}`);
    case 4:
      return line(`${name}.${dice.pick(MEMBERS)} = ${value()}`);
    case 5:
      return line(`${dice.pick(['Call ', ''])}F(${value()})`);
    case 6:
      return line(`${name} ${value()}`);
    case 7:
      return line(
        dice.pick(['On Error Resume Next', 'On Error GoTo 0', 'Err.Clear', 'Err.Raise 13', 'Randomize']),
      );
    case 8:
      return line(`ReDim ${dice.pick(['Preserve ', ''])}${name}(${dice.pick(['3', '2, 2', value()])})`);
    case 9:
      return line(
        `${dice.pick(['Execute', 'ExecuteGlobal'])} ${JSON.stringify(statement(dice, 0).trim()).replace(/\\"/g, '""')}`,
      );
    case 10:
      return line(`Erase ${name}`);
    case 11:
      return `${line(`If ${value()} Then`)}${block(dice, depth - 1, indent)}${line('Else')}${block(dice, depth - 1, indent)}${line('End If')}`;
    case 12:
      return `${line(`For ${name} = ${value()} To ${value()}${dice.next() < 0.3 ? ` Step ${value()}` : ''}`)}${block(dice, depth - 1, indent)}${line('Next')}`;
    case 13:
      return `${line(`For Each ${name} In ${value()}`)}${block(dice, depth - 1, indent)}${line('Next')}`;
    case 14:
      return `${line(`Do While ${value()}`)}${block(dice, depth - 1, indent)}${line('Loop')}`;
    case 15:
      return `${line('Do')}${block(dice, depth - 1, indent)}${line(`Loop Until ${value()}`)}`;
    case 16:
      return `${line(`Select Case ${value()}`)}${line(`Case ${value()}, ${value()}`)}${block(dice, depth - 1, indent)}${line('Case Else')}${block(dice, depth - 1, indent)}${line('End Select')}`;
    case 17:
      return `${line(`With ${value()}`)}${line(`  .${dice.pick(MEMBERS)} = ${value()}`)}${block(dice, depth - 1, indent)}${line('End With')}`;
    case 18:
      return line(`Dim d${dice.below(1e9)}(${dice.below(5)})`);
    default:
      return line(`If ${value()} Then ${name} = ${value()} Else ${name} = ${value()}`);
  }
}

function program(dice: Dice): string {
  const parts = Array.from({ length: 2 + dice.below(8) }, () => statement(dice, 2));
  return `${parts.join('')}
Function F(p)
${block(dice, 1, '')}  F = p
End Function
Class K
  Public V
  Private Sub Class_Initialize
${block(dice, 0, '  ')}  End Sub
${dice.next() < 0.3 ? `  Private Sub Class_Terminate\n${block(dice, 0, '  ')}  End Sub\n` : ''}  Public Default Property Get P
${block(dice, 0, '  ')}    P = V
  End Property
  Public Sub M(ByRef q)
${block(dice, 1, '  ')}  End Sub
End Class
`;
}

const TOKENS = [
  'If',
  'Then',
  'Else',
  'End If',
  'For',
  'Next',
  'Do',
  'Loop',
  'Sub',
  'End Sub',
  'Class',
  'End Class',
  '(',
  ')',
  '"',
  '#',
  ':',
  '_\n',
  '&H',
  '.',
  ',',
  '=',
  '\u0000',
  '\u2028',
  '\\',
  '`',
  '${',
  '*/',
  "'",
  '[',
  ']',
  'Rem',
  'Exit For',
  'With',
  'Case',
  'é',
];

/** A source with a few pieces cut, doubled, swapped or put in. */
function mutated(dice: Dice, source: string): string {
  let text = source;
  for (let turn = 0; turn <= dice.below(4); turn += 1) {
    const at = dice.below(text.length + 1);
    const length = dice.below(12);
    switch (dice.below(4)) {
      case 0:
        text = text.slice(0, at) + text.slice(at + length);
        break;
      case 1:
        text = text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
        break;
      case 2:
        text = `${text.slice(0, at)}${dice.pick(TOKENS)} ${text.slice(at)}`;
        break;
      default:
        text = text.slice(0, at) + String.fromCharCode(dice.below(0x250)) + text.slice(at + 1);
    }
  }
  return text;
}

const hostFace = automationFace<{ text: string }>({
  name: 'Host',
  members: {
    Text: {
      get: (self) => self.text,
      put: (self, [value]) => void (self.text = String(value)),
      arity: [0, 0],
    },
    Count: { call: (_self, args) => args.length },
  },
  defaultMember: 'Text',
});

/** Runs one source; a text describes what went wrong, `undefined` is well. */
function attempt(source: string, outcome: { compiled: boolean; completed: boolean }): string | undefined {
  const session = createSession({
    cache: new ScriptCache(4),
    limits: {
      timeMs: 400,
      callDepth: 60,
      stringLength: 100_000,
      arrayElements: 20_000,
      allocation: 2_000_000,
      steps: 200_000,
    },
    now: () => new Date(2003, 0, 2, 16, 5, 6),
  });
  session.addObject('host', hostFace({ text: 'h' }));
  const startedAt = performance.now();
  try {
    session.run(source);
    session.end();
    outcome.compiled = true;
    outcome.completed = true;
  } catch (error) {
    if (error instanceof ScriptError) {
      outcome.compiled = error.kind === 'runtime';
      if (error.number === 51)
        return `error 51: ${String((error.cause as Error | undefined)?.stack ?? error.cause)}`;
      if (!(error.line > 0)) return `no line: ${error.message}`;
    } else if (error instanceof ScriptAbort) outcome.compiled = true;
    else return `threw ${String((error as Error).stack ?? error)}`;
  }
  const elapsed = performance.now() - startedAt;
  return elapsed > 8_000 ? `took ${Math.round(elapsed)} ms` : undefined;
}

/** The programs of the test folder, as matter for mutation. */
function corpus(): string[] {
  const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'test/vbscript');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.vbs') && name !== 'operator-subtypes.vbs')
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split(/^'==== .*$/m))
    .filter((text) => text.trim() !== '');
}

/** The generated program of a number. */
export function fuzzProgram(number: number): string {
  const dice = new Dice(number + 7);
  for (let warm = 0; warm < 4; warm += 1) dice.next();
  return program(dice);
}

/** Throws at the first failure, with seed, number and source. */
export function fuzz(count: number, seed: number): FuzzReport {
  const sources = corpus();
  let compiled = 0;
  let completed = 0;
  const globals = Object.getOwnPropertyNames(globalThis).length;
  for (let number = 0; number < count; number += 1) {
    const dice = new Dice(seed * 1_000_003 + number);
    for (let warm = 0; warm < 4; warm += 1) dice.next();
    const source = dice.next() < 0.5 ? program(dice) : mutated(dice, dice.pick(sources));
    const outcome = { compiled: false, completed: false };
    const problem = attempt(source, outcome);
    if (problem !== undefined) throw new Error(`seed ${seed}, program ${number}: ${problem}\n${source}`);
    if (Object.getOwnPropertyNames(globalThis).length !== globals) {
      throw new Error(`seed ${seed}, program ${number}: a script changed the global object\n${source}`);
    }
    if (outcome.compiled) compiled += 1;
    if (outcome.completed) completed += 1;
  }
  return { programs: count, compiled, completed };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const count = Number(process.argv[2] ?? 10_000);
  const seed = Number(process.argv[3] ?? 1);
  const startedAt = performance.now();
  const report = fuzz(count, seed);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `${report.programs} programs, ${report.compiled} compiled, ${report.completed} ran to their end, ${seconds.toFixed(1)} s: no crash, no hang.`,
  );
}
