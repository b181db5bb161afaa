/**
 * Reads a script that does not compile because of what copying from a web page does to code: curly quotes, lost line ends.
 * Owns: which errors are these, mending a copy so that the rest can be read too.  Leaves: all other errors (one fault).
 * Positions stay true: a curly quote is replaced by one plain character, and a line break takes the place of a blank or is
 * told to the caller as an insertion.
 */
import { ScriptError } from '../../vbscript/index.ts';
import type { FaultKind } from './faults.ts';
import { jscriptTree } from './jscript-tree.ts';
import type { Language } from './page.ts';
import type { Tree } from './tree.ts';
import { vbscriptTree } from './vbscript-tree.ts';

/** A fault of the text, by line (1-based) of the source that was given. */
export type TextFault = { readonly kind: FaultKind; readonly line: number; readonly found: string };

export type ReadScript = {
  /** Absent when the script could not be read even when mended. */
  readonly tree?: Tree;
  readonly faults: readonly TextFault[];
  /** Line of an offset of the tree in the source that was given. */
  readonly lineOf: (at: number) => number;
};

const MAX_REPAIRS = 200;
const CURLY = /[\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033]/;
const VB_QUOTE = /[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033]/;

export function readScript(language: Language, given: string): ReadScript {
  let source = given;
  /** Offsets at which a line break was put in, ascending; they are no lines of the original. */
  const inserted: number[] = [];
  const faults: TextFault[] = [];
  const lineOf = (at: number): number => {
    let line = 1;
    const end = Math.min(at, source.length);
    for (let index = 0; index < end; index += 1) if (source.charCodeAt(index) === 10) line += 1;
    return line - inserted.filter((offset) => offset < end).length;
  };
  const seen = new Set<string>();
  const report = (kind: FaultKind, at: number): void => {
    const line = lineOf(at);
    if (seen.has(`${kind} ${line}`)) return;
    seen.add(`${kind} ${line}`);
    faults.push({ kind, line, found: lineText(source, at) });
  };
  for (let turn = 0; turn < MAX_REPAIRS; turn += 1) {
    const attempt = parse(language, source);
    if (attempt.tree !== undefined) return { tree: attempt.tree, faults, lineOf };
    const { at, isUnfinishedText, isNextStatement } = attempt;
    const curly = CURLY.test(source[at] ?? '') ? at : isUnfinishedText ? curlyOnLine(source, at) : -1;
    if (curly >= 0) {
      report('typographic-quotes', curly);
      source = straighten(source, curly, language);
    } else if (isNextStatement && somethingBefore(source, at)) {
      report('run-together', at);
      source = `${source.slice(0, at)}\n${source.slice(at)}`;
      for (let index = 0; index < inserted.length; index += 1)
        if (inserted[index]! >= at) inserted[index]! += 1;
      inserted.push(at);
    } else {
      faults.push({ kind: 'syntax', line: lineOf(at), found: `${attempt.reason}: ${lineText(source, at)}` });
      return { faults, lineOf };
    }
  }
  return { faults, lineOf };
}

type Attempt =
  | { readonly tree: Tree }
  | {
      readonly tree?: undefined;
      readonly at: number;
      readonly reason: string;
      readonly isUnfinishedText: boolean;
      /** The parser was done with a statement and found more on the line. */
      readonly isNextStatement: boolean;
    };

function parse(language: Language, source: string): Attempt {
  try {
    return { tree: language === 'vbscript' ? vbscriptTree(source) : jscriptTree(source) };
  } catch (thrown) {
    if (thrown instanceof ScriptError) {
      const at = offsetOf(source, thrown.line, thrown.column);
      const isNextStatement =
        thrown.number === 1025 || (thrown.number === 1002 && startsStatement(source, at));
      return { at, reason: thrown.description, isUnfinishedText: thrown.number === 1033, isNextStatement };
    }
    if (thrown instanceof SyntaxError) {
      const at = (thrown as { pos?: number }).pos ?? 0;
      const reason = thrown.message.replace(/ \(\d+:\d+\)$/, '');
      const isUnfinishedText = /^Unterminated string/.test(reason);
      const isNextStatement =
        /^(Unexpected token|Identifier directly after number)/.test(reason) &&
        /[A-Za-z_$]/.test(source[at] ?? '');
      return { at, reason, isUnfinishedText, isNextStatement };
    }
    if (thrown instanceof RangeError) {
      return { at: 0, reason: 'it is nested too deeply', isUnfinishedText: false, isNextStatement: false };
    }
    throw thrown;
  }
}

const STATEMENT_WORDS =
  /^(set|dim|if|call|for|do|while|with|select|const|redim|sub|function|on|response|exit|next|loop|end)\b/i;

function startsStatement(source: string, at: number): boolean {
  return STATEMENT_WORDS.test(source.slice(at, at + 12));
}

/** Something stands before `at` on its line, so a break there means something. */
function somethingBefore(source: string, at: number): boolean {
  return source.slice(lineStart(source, at), at).trim() !== '';
}

function curlyOnLine(source: string, at: number): number {
  const from = lineStart(source, at);
  const end = lineEnd(source, at);
  for (let index = from; index < end; index += 1) if (CURLY.test(source[index]!)) return index;
  return -1;
}

/** Replaces the curly quotes of the line from `at` on by plain ones. */
function straighten(source: string, at: number, language: Language): string {
  const end = lineEnd(source, at);
  const line = source.slice(at, end);
  const mended = [...line]
    .map((character) => {
      if (!CURLY.test(character)) return character;
      // A single mark opens a comment in VBScript; as a quotation mark it can only have been meant as a double one.
      return VB_QUOTE.test(character) || language === 'vbscript' ? '"' : "'";
    })
    .join('');
  return source.slice(0, at) + mended + source.slice(end);
}

function lineStart(source: string, at: number): number {
  return source.lastIndexOf('\n', at - 1) + 1;
}

function lineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
}

function lineText(source: string, at: number): string {
  const text = source.slice(lineStart(source, at), lineEnd(source, at)).trim();
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function offsetOf(source: string, line: number, column: number): number {
  let at = 0;
  for (let number = 1; number < line; number += 1) {
    const next = source.indexOf('\n', at);
    if (next < 0) break;
    at = next + 1;
  }
  return Math.min(at + Math.max(column - 1, 0), source.length);
}
