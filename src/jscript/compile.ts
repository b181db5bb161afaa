/**
 * From source text to something that runs: read, rewrite, compile for the engine below.
 * Owns: places in compiled code and in the source, caching.  Leaves: rewriting (rewrite.ts), running (session.ts).
 * Fails: ScriptError of kind 'compilation' with file, line and column.
 */
import { Script } from 'node:vm';
import {
  type CompiledScript,
  type CompileOptions,
  type LineOrigin,
  ScriptError,
  type SourcePosition,
} from '../automation/index.ts';
import { COMPILATION_SOURCE, COMPILE_TEXT } from './messages.ts';
import { type Node, read, SyntaxProblem } from './parser.ts';
import { type Rewritten, rewrite } from './rewrite.ts';

/** Beginning of the names under which the engine below knows our code; the unit's number follows. */
export const UNIT_NAME = 'jscript:';

export class CompiledUnit implements CompiledScript {
  readonly id: number;
  readonly name: string;
  readonly origin: ((line: number) => LineOrigin) | undefined;
  readonly source: string;
  readonly procedures: readonly string[];
  /** Names used as variables anywhere in the script. */
  readonly names: ReadonlySet<string>;
  readonly isTracing: boolean;
  /** Code given to the Function constructor: its own lines mean nothing, those of its caller do. */
  readonly isNameless: boolean;
  /** What the engine below is given, for tests and the curious. */
  readonly javascript: string;
  readonly script: Script;
  readonly #rewritten: Rewritten;
  #sourceLines: readonly number[] | undefined;
  #outLines: readonly number[] | undefined;
  #tree: Node | undefined;

  constructor(id: number, source: string, rewritten: Rewritten, options: UnitOptions) {
    this.id = id;
    this.name = options.name ?? '';
    this.origin = options.origin;
    this.source = source;
    this.procedures = rewritten.procedures;
    this.names = rewritten.names;
    this.isTracing = options.trace === true;
    this.isNameless = options.isNameless === true;
    this.javascript = rewritten.text;
    this.#rewritten = rewritten;
    this.script = new Script(rewritten.text, { filename: `${UNIT_NAME}${id}` });
  }

  /** The offset in the source of a place in the compiled text; both numbers 1-based. */
  offsetOf(line: number, column: number): number {
    this.#outLines ??= lineStarts(this.javascript);
    const out = (this.#outLines[line - 1] ?? 0) + column - 1;
    const { pieces } = this.#rewritten;
    let low = 0;
    let high = pieces.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (pieces[middle]!.out <= out) low = middle;
      else high = middle;
    }
    const piece = pieces[low];
    if (piece === undefined) return 0;
    return piece.isSource ? piece.source + out - piece.out : piece.source;
  }

  /** Where an offset of the source is: the file that holds the line. */
  positionAt(offset: number): SourcePosition {
    this.#sourceLines ??= lineStarts(this.source);
    return placed(offset, this.#sourceLines, this);
  }

  /** Where the statement begins that holds the offset: JScript names statements, not the places inside them. */
  statementAt(offset: number): SourcePosition {
    let start: number | undefined;
    for (const statement of this.#rewritten.statements) {
      if (statement[0] > offset) break;
      if (statement[1] > offset) [start] = statement;
    }
    return this.positionAt(start ?? offset);
  }

  /** The tree, read again: only errors need it. */
  get tree(): Node {
    this.#tree ??= read(this.source).program;
    return this.#tree;
  }

  /** The source of the function whose compiled text this is. */
  functionText(compiled: string): string | undefined {
    for (const [start, end] of this.#rewritten.functions) {
      const text = this.javascript.slice(this.#outOf(start, 'start'), this.#outOf(end, 'end'));
      if (text === compiled) return this.source.slice(start, end);
    }
    return undefined;
  }

  #outOf(source: number, edge: 'start' | 'end'): number {
    const { pieces } = this.#rewritten;
    for (let at = 0; at < pieces.length; at += 1) {
      const piece = pieces[at]!;
      if (!piece.isSource) continue;
      const next = pieces[at + 1];
      const length = (next?.out ?? this.javascript.length) - piece.out;
      const isInside =
        edge === 'start'
          ? source >= piece.source && source < piece.source + length
          : source > piece.source && source <= piece.source + length;
      if (isInside) return piece.out + source - piece.source;
    }
    return this.javascript.length;
  }
}

export type UnitOptions = CompileOptions & { readonly isNameless?: boolean };

/** Numbers of units; unique in this thread so that a place in compiled code names one unit. */
const numbers = { last: 0 };

/** Throws a ScriptError of kind 'compilation'. */
export function compileUnit(source: string, options: UnitOptions = {}): CompiledUnit {
  try {
    numbers.last += 1;
    const id = numbers.last;
    return new CompiledUnit(
      id,
      source,
      rewrite(source, options.trace === true ? id : undefined, options.onProgress),
      options,
    );
  } catch (thrown) {
    if (thrown instanceof SyntaxProblem) throw compileError(thrown.number, source, thrown.offset, options);
    // Nested too deep for the reader, or no memory while it reads.
    if (thrown instanceof RangeError || (thrown instanceof ScriptError && thrown.number === 7))
      throw compileError(1001, source, 0, options);
    // What acorn lets pass and the engine below does not.
    if (thrown instanceof SyntaxError) {
      const line = Number(/^jscript:\d+:(\d+)/.exec(thrown.stack ?? '')?.[1] ?? 1);
      throw compileError(1002, source, lineStarts(source)[line - 1] ?? 0, options);
    }
    throw thrown;
  }
}

/** Compiles a script. Throws a ScriptError of kind 'compilation' with file, line and column. */
export function compileScript(source: string, options: CompileOptions = {}): CompiledScript {
  return compileUnit(source, options);
}

function compileError(number: number, source: string, offset: number, options: UnitOptions): ScriptError {
  const starts = lineStarts(source);
  const text = COMPILE_TEXT[number] ?? COMPILE_TEXT[1002]!;
  const error = new ScriptError('compilation', number, text, COMPILATION_SOURCE);
  error.category = COMPILATION_SOURCE;
  const position = placed(offset, starts, { name: options.name ?? '', origin: options.origin });
  error.file = position.file;
  error.line = position.line;
  error.column = position.column;
  const index = lineIndex(offset, starts);
  error.lineText = source.slice(starts[index], starts[index + 1]).replace(/[\r\n\u2028\u2029]+$/, '');
  return error;
}

function placed(
  offset: number,
  starts: readonly number[],
  unit: { readonly name: string; readonly origin: ((line: number) => LineOrigin) | undefined },
): SourcePosition {
  const index = lineIndex(offset, starts);
  const line = index + 1;
  const origin = unit.origin?.(line);
  return {
    file: origin?.file ?? unit.name,
    line: origin?.line ?? line,
    column: offset - starts[index]! + 1,
  };
}

function lineIndex(offset: number, starts: readonly number[]): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return low;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** Compiled scripts by source text, the least recently used dropped first. One cache may serve many sessions. */
export class ScriptCache {
  readonly #entries = new Map<string, CompiledUnit>();
  readonly #capacity: number;

  /** `capacity`: most scripts kept. */
  constructor(capacity = 250) {
    this.#capacity = capacity;
  }

  /** Origins are part of a script: sources with an `origin` function are compiled anew each time. */
  get(source: string, options: UnitOptions = {}): CompiledUnit {
    if (options.origin !== undefined) return compileUnit(source, options);
    const key = `${options.trace === true} ${options.isNameless === true} ${options.name ?? ''}\n${source}`;
    let unit = this.#entries.get(key);
    if (unit === undefined) {
      unit = compileUnit(source, options);
      if (this.#entries.size >= this.#capacity) this.#entries.delete(this.#entries.keys().next().value!);
    } else this.#entries.delete(key);
    this.#entries.set(key, unit);
    return unit;
  }
}
