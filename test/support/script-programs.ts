/**
 * Programs of scripts with what they write beside them, for both languages.
 *
 * A file holds programs, each begun by a line `'==== title` (`//==== title` in JScript). A program writes with `Echo`; the comment of
 * the line that writes says what is expected – `' expect: a`, several outputs with ` | ` between them. `' expect error: 13 Type
 * mismatch` belongs to the line that ends the program, `' expect compile error: 1025, 7` to the place that does not compile.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import {
  AutomationError,
  type AutomationObject,
  DISP_E,
  type ScriptError,
  type ScriptSession,
} from '../../src/automation/index.ts';

export type Program = {
  readonly title: string;
  /** Line of the file that holds the program's first line. */
  readonly firstLine: number;
  readonly source: string;
  /** Line of the program → what it writes. */
  readonly expected: ReadonlyMap<number, string>;
  readonly error:
    | { readonly kind: 'runtime' | 'compilation'; readonly text: string; readonly line: number }
    | undefined;
};

/** What begins a comment. */
export type CommentMark = "'" | '//';

export function readPrograms(text: string, mark: CommentMark): Program[] {
  const head = new RegExp(`^${mark}==== (.*)$`);
  const lines = text.split('\n');
  const starts = lines.flatMap((line, at) => (head.test(line) ? [at] : []));
  return starts.map((start, at) =>
    readProgram(head.exec(lines[start]!)![1]!, lines.slice(start + 1, starts[at + 1]), start + 2, mark),
  );
}

function readProgram(title: string, lines: readonly string[], firstLine: number, mark: CommentMark): Program {
  const expectation = new RegExp(`${mark} expect(?: (error|compile error))?: ?(.*)$`);
  const expected = new Map<number, string>();
  let error: Program['error'];
  const source = lines.map((line, at) => {
    const match = expectation.exec(line);
    if (match === null) return line;
    if (match[1] === undefined) expected.set(at + 1, match[2]!);
    else {
      const kind = match[1] === 'error' ? 'runtime' : 'compilation';
      error = { kind, text: match[2]!, line: at + 1 };
    }
    return line.slice(0, match.index).trimEnd();
  });
  return { title, firstLine, source: source.join('\n'), expected, error };
}

/** Number of expectations in a text. */
export function countExpectations(text: string, mark: CommentMark): number {
  return readPrograms(text, mark).reduce((sum, program) => sum + expectationsOf(program), 0);
}

function expectationsOf(program: Program): number {
  return program.expected.size + (program.error === undefined ? 0 : 1);
}

/** What a program did: line → what was written there, and the error that ended it. */
export type ProgramRun = {
  readonly output: ReadonlyMap<number, readonly string[]>;
  readonly error: ScriptError | undefined;
};

export type ProgramTests<Variant extends string> = {
  /** Where the files lie. */
  readonly folder: string;
  readonly extension: '.vbs' | '.js';
  readonly mark: CommentMark;
  /** Ways to run each program; the first one's name stands in no title. */
  readonly variants: readonly Variant[];
  readonly execute: (source: string, variant: Variant, t: TestContext) => ProgramRun;
};

/** Declares a test for each program of a folder in each variant; the number of expectations met is added up in the answer. */
export function testPrograms<Variant extends string>(
  tests: ProgramTests<Variant>,
): { readonly assertions: number } {
  const { folder, extension, mark, variants, execute } = tests;
  let assertions = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith(extension))) {
    describe(file, () => {
      for (const program of readPrograms(readFileSync(join(folder, file), 'utf8'), mark)) {
        for (const variant of variants)
          it(`${program.title}${variant === variants[0] ? '' : `, ${variant}`}`, (t) => {
            if (variant === variants[0]) assertions += expectationsOf(program);
            compare(file, program, execute(program.source, variant, t));
          });
      }
    });
  }
  return {
    get assertions() {
      return assertions;
    },
  };
}

function compare(file: string, program: Program, run: ProgramRun): void {
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
}

/** The object `Echo`, which notes each output at the line it comes from. */
export function lineEcho(session: ScriptSession, output: Map<number, string[]>): AutomationObject {
  return {
    automationName: 'Echo',
    invoke: (_kind, member, args) => {
      if (member !== '') throw new AutomationError(DISP_E.unknownName, 'no such member');
      const { line } = session.position;
      const texts = output.get(line) ?? [];
      texts.push(args.map((arg) => session.toText(arg as never)).join(' '));
      output.set(line, texts);
      return undefined;
    },
  };
}
