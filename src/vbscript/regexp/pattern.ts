/**
 * Reads patterns of the RegExp object: the dialect of JScript 3.
 * Owns: syntax, its errors 5017 to 5021.  Leaves: matching (`matcher.ts`).
 * No look-behind, no named groups, no Unicode classes; \d \w \s \b know ASCII only; a dot is anything but a line feed.
 */
import { runtimeError } from '../errors.ts';

/** Code units that a class or an escape stands for: pairs of first and last. */
export type Ranges = readonly (readonly [number, number])[];

export type Node =
  | { readonly kind: 'char'; readonly code: number }
  | { readonly kind: 'set'; readonly ranges: Ranges; readonly isNegated: boolean }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'group'; readonly index: number; readonly inner: Node }
  | { readonly kind: 'look'; readonly isNegated: boolean; readonly inner: Node }
  | {
      readonly kind: 'repeat';
      readonly inner: Node;
      readonly min: number;
      readonly max: number;
      readonly isLazy: boolean;
      /** Groups inside, first and last index: forgotten at each turn. */
      readonly groups: readonly [number, number];
    }
  | { readonly kind: 'backreference'; readonly index: number }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'boundary' | 'inside' };

export type Pattern = { readonly root: Node; readonly groups: number };

const DIGITS: Ranges = [[48, 57]];
const WORD: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const SPACE: Ranges = [
  [9, 13],
  [32, 32],
];
const DOT: Ranges = [[10, 10]];
const MAX_NESTING = 200;

export function parsePattern(source: string): Pattern {
  return new PatternParser(source).parse();
}

class PatternParser {
  private readonly source: string;
  private at = 0;
  private groups = 0;
  private depth = 0;
  /** Capturing groups in the whole pattern, counted before: \2 may come first. */
  private readonly total: number;

  constructor(source: string) {
    this.source = source;
    this.total = countGroups(source);
  }

  parse(): Pattern {
    const root = this.choice();
    if (this.at < this.source.length) throw runtimeError(this.source[this.at] === ')' ? 5017 : 5017);
    return { root, groups: this.groups };
  }

  private choice(): Node {
    this.depth += 1;
    if (this.depth > MAX_NESTING) throw runtimeError(7);
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    this.depth -= 1;
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  private sequence(): Node {
    const items: Node[] = [];
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at]!)) {
      const before = this.groups;
      const atom = this.atom();
      items.push(this.quantified(atom, before));
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private atom(): Node {
    const char = this.source[this.at]!;
    switch (char) {
      case '^':
        this.at += 1;
        return { kind: 'assert', what: 'start' };
      case '$':
        this.at += 1;
        return { kind: 'assert', what: 'end' };
      case '.':
        this.at += 1;
        return { kind: 'set', ranges: DOT, isNegated: true };
      case '(':
        return this.group();
      case '[':
        return this.characterClass();
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
        throw runtimeError(5018);
      case '{':
        if (/^\{\d+(?:,\d*)?\}/.test(this.source.slice(this.at, this.at + 24))) throw runtimeError(5018);
        break;
    }
    this.at += 1;
    return { kind: 'char', code: char.charCodeAt(0) };
  }

  private group(): Node {
    this.at += 1;
    let node: Node;
    if (this.take('?:')) node = this.choice();
    else if (this.take('?=')) node = { kind: 'look', isNegated: false, inner: this.choice() };
    else if (this.take('?!')) node = { kind: 'look', isNegated: true, inner: this.choice() };
    else if (this.source[this.at] === '?') throw runtimeError(5018);
    else {
      this.groups += 1;
      const index = this.groups;
      node = { kind: 'group', index, inner: this.choice() };
    }
    if (!this.take(')')) throw runtimeError(5020);
    return node;
  }

  private quantified(atom: Node, groupsBefore: number): Node {
    let node = atom;
    const bounds = this.bounds();
    if (bounds === undefined) return node;
    if (atom.kind === 'assert' && atom.what !== 'start' && atom.what !== 'end') throw runtimeError(5018);
    const isLazy = this.take('?');
    node = {
      kind: 'repeat',
      inner: atom,
      min: bounds[0],
      max: bounds[1],
      isLazy,
      groups: [groupsBefore + 1, this.groups],
    };
    const next = this.source[this.at];
    if (next === '*' || next === '+' || next === '?') throw runtimeError(5018);
    return node;
  }

  private bounds(): [number, number] | undefined {
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.take('?')) return [0, 1];
    const match = /^\{(\d{1,9})(?:(,)(\d{1,9})?)?\}/.exec(this.source.slice(this.at, this.at + 24));
    if (match === null) return undefined;
    this.at += match[0].length;
    const min = Number(match[1]);
    const max =
      match[2] === undefined ? min : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (max < min) throw runtimeError(5017);
    return [min, max];
  }

  private escape(): Node {
    this.at += 1;
    const char = this.source[this.at];
    if (char === undefined) throw runtimeError(5017);
    const ranges = classRanges(char);
    if (ranges !== undefined) {
      this.at += 1;
      return { kind: 'set', ranges, isNegated: char < 'a' };
    }
    if (char === 'b' || char === 'B') {
      this.at += 1;
      return { kind: 'assert', what: char === 'b' ? 'boundary' : 'inside' };
    }
    const reference = /^[1-9]\d?/.exec(this.source.slice(this.at, this.at + 2));
    if (reference !== null && Number(reference[0]) <= this.total) {
      this.at += reference[0].length;
      return { kind: 'backreference', index: Number(reference[0]) };
    }
    return { kind: 'char', code: this.escapedCode() };
  }

  /** The code unit of an escape that stands for one character; `at` is on the letter behind the backslash. */
  private escapedCode(): number {
    const { source } = this;
    const char = source[this.at]!;
    this.at += 1;
    const simple = 'fnrtv'.indexOf(char);
    if (simple >= 0) return [12, 10, 13, 9, 11][simple]!;
    if (char === 'x' || char === 'u') {
      const width = char === 'x' ? 2 : 4;
      const digits = source.slice(this.at, this.at + width);
      if (digits.length === width && /^[0-9a-fA-F]+$/.test(digits)) {
        this.at += width;
        return Number.parseInt(digits, 16);
      }
      return char.charCodeAt(0);
    }
    if (char === 'c' && /^[A-Za-z]$/.test(source[this.at] ?? '')) {
      this.at += 1;
      return source.charCodeAt(this.at - 1) & 31;
    }
    if (char >= '0' && char <= '7') {
      const octal = /^[0-3]?[0-7]{1,2}/.exec(source.slice(this.at - 1, this.at + 2))?.[0] ?? char;
      this.at += octal.length - 1;
      return Number.parseInt(octal, 8);
    }
    return char.charCodeAt(0);
  }

  private characterClass(): Node {
    const { source } = this;
    this.at += 1;
    const isNegated = this.take('^');
    const ranges: (readonly [number, number])[] = [];
    for (;;) {
      if (this.at >= source.length) throw runtimeError(5019);
      if (this.take(']')) break;
      const first = this.classAtom();
      if (typeof first !== 'number') {
        ranges.push(...first);
        continue;
      }
      if (source[this.at] !== '-' || source[this.at + 1] === ']' || this.at + 1 >= source.length) {
        ranges.push([first, first]);
        continue;
      }
      this.at += 1;
      const last = this.classAtom();
      if (typeof last !== 'number') {
        ranges.push([first, first], [45, 45], ...last);
        continue;
      }
      if (last < first) throw runtimeError(5021);
      ranges.push([first, last]);
    }
    return { kind: 'set', ranges, isNegated };
  }

  private classAtom(): number | Ranges {
    const char = this.source[this.at]!;
    if (char !== '\\') {
      this.at += 1;
      return char.charCodeAt(0);
    }
    this.at += 1;
    const next = this.source[this.at];
    if (next === undefined) throw runtimeError(5019);
    const ranges = classRanges(next);
    if (ranges !== undefined) {
      this.at += 1;
      return next < 'a' ? complement(ranges) : ranges;
    }
    if (next === 'b') {
      this.at += 1;
      return 8;
    }
    return this.escapedCode();
  }
}

function classRanges(letter: string): Ranges | undefined {
  switch (letter.toLowerCase()) {
    case 'd':
      return DIGITS;
    case 'w':
      return WORD;
    case 's':
      return SPACE;
    default:
      return undefined;
  }
}

function complement(ranges: Ranges): Ranges {
  const result: (readonly [number, number])[] = [];
  let next = 0;
  for (const [first, last] of ranges) {
    if (first > next) result.push([next, first - 1]);
    next = last + 1;
  }
  result.push([next, 0xffff]);
  return result;
}

function countGroups(source: string): number {
  let count = 0;
  let inClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '(' && !inClass && source[at + 1] !== '?') count += 1;
  }
  return count;
}
