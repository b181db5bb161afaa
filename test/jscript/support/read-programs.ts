/** Reads the programs of a `.js` test file: see programs.test.ts for the form. */

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

const HEAD = /^\/\/==== (.*)$/;
const EXPECTATION = /\/\/ expect(?: (error|compile error))?: ?(.*)$/;

export function readPrograms(text: string): Program[] {
  const programs: Program[] = [];
  const lines = text.split('\n');
  let start = lines.findIndex((line) => HEAD.test(line));
  while (start >= 0 && start < lines.length) {
    let end = start + 1;
    while (end < lines.length && !HEAD.test(lines[end]!)) end += 1;
    programs.push(readProgram(HEAD.exec(lines[start]!)![1]!, lines.slice(start + 1, end), start + 2));
    start = end;
  }
  return programs;
}

function readProgram(title: string, lines: readonly string[], firstLine: number): Program {
  const expected = new Map<number, string>();
  let error: Program['error'];
  const source = lines.map((line, at) => {
    const match = EXPECTATION.exec(line);
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
