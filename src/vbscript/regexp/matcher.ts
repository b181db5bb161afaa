/**
 * Matches patterns of the RegExp object by backtracking, and counts its steps.
 * Owns: matching, case folding.  Leaves: syntax (`pattern.ts`), Global and Replace (`objects.ts`).
 * Our own matcher, because the platform's cannot be stopped: a pattern that explodes would outlive the time limit.
 */
import type { Node, Pattern, Ranges } from './pattern.ts';

export type MatchOptions = { readonly ignoreCase: boolean; readonly multiLine: boolean };

/** Start and end of the match and of each group; -1 for a group that took no part. */
export type Captures = Int32Array;

/** One step of matching: true when the rest of the pattern matched, too. */
type Step = (state: State, at: number) => boolean;

type State = {
  readonly text: string;
  readonly captures: Int32Array;
  fuel: number;
  readonly refuel: () => number;
  end: number;
};

export class Matcher {
  private readonly start: Step;
  private readonly groups: number;
  /** The code units a match can begin with, when few enough to look for. */
  private readonly firstCode: number | undefined;

  constructor(pattern: Pattern, options: MatchOptions) {
    this.groups = pattern.groups;
    this.start = compile(pattern.root, options, (state, at) => {
      state.end = at;
      return true;
    });
    this.firstCode = options.ignoreCase ? undefined : firstCode(pattern.root);
  }

  /** The first match at or behind `from`. `refuel` is asked whenever a slice of steps is used up, and may throw. */
  exec(text: string, from: number, refuel: () => number): Captures | undefined {
    const captures = new Int32Array(2 * (this.groups + 1)).fill(-1);
    const state: State = { text, captures, fuel: refuel(), refuel, end: 0 };
    for (let at = from; at <= text.length; at += 1) {
      if (this.firstCode !== undefined) {
        at = text.indexOf(String.fromCharCode(this.firstCode), at);
        if (at < 0) return undefined;
      }
      if (this.start(state, at)) {
        captures[0] = at;
        captures[1] = state.end;
        return captures;
      }
      captures.fill(-1);
      burn(state);
    }
    return undefined;
  }
}

function burn(state: State): void {
  state.fuel -= 1;
  if (state.fuel < 0) state.fuel = state.refuel();
}

function firstCode(node: Node): number | undefined {
  switch (node.kind) {
    case 'char':
      return node.code;
    case 'sequence':
      return node.items[0] === undefined ? undefined : firstCode(node.items[0]);
    case 'group':
      return firstCode(node.inner);
    case 'repeat':
      return node.min > 0 ? firstCode(node.inner) : undefined;
    default:
      return undefined;
  }
}

function compile(node: Node, options: MatchOptions, next: Step): Step {
  switch (node.kind) {
    case 'char':
    case 'set': {
      const accepts = acceptor(node, options);
      return (state, at) =>
        at < state.text.length && accepts(state.text.charCodeAt(at)) && next(state, at + 1);
    }
    case 'sequence':
      return node.items.reduceRight<Step>((rest, item) => compile(item, options, rest), next);
    case 'choice': {
      const steps = node.options.map((option) => compile(option, options, next));
      return (state, at) => {
        burn(state);
        for (const step of steps) if (step(state, at)) return true;
        return false;
      };
    }
    case 'group':
      return group(node.index, node.inner, options, next);
    case 'look':
      return look(node, options, next);
    case 'repeat':
      return repeat(node, options, next);
    case 'backreference':
      return backreference(node.index, options, next);
    case 'assert':
      return assertion(node.what, options, next);
  }
}

function group(index: number, inner: Node, options: MatchOptions, next: Step): Step {
  const opened: number[] = [];
  const body = compile(inner, options, (state, at) => {
    const { captures } = state;
    const [start, end] = [captures[2 * index]!, captures[2 * index + 1]!];
    const from = opened.pop()!;
    captures[2 * index] = from;
    captures[2 * index + 1] = at;
    if (next(state, at)) return true;
    opened.push(from);
    captures[2 * index] = start;
    captures[2 * index + 1] = end;
    return false;
  });
  return (state, at) => {
    const depth = opened.length;
    opened.push(at);
    const isMatch = body(state, at);
    opened.length = depth;
    return isMatch;
  };
}

function look(node: Extract<Node, { kind: 'look' }>, options: MatchOptions, next: Step): Step {
  const inner = compile(node.inner, options, () => true);
  return (state, at) => {
    const saved = state.captures.slice();
    const isMatch = inner(state, at);
    if (isMatch === node.isNegated) {
      state.captures.set(saved);
      return false;
    }
    if (node.isNegated) state.captures.set(saved);
    if (next(state, at)) return true;
    state.captures.set(saved);
    return false;
  };
}

function repeat(node: Extract<Node, { kind: 'repeat' }>, options: MatchOptions, next: Step): Step {
  const { inner, min, max, isLazy } = node;
  if (inner.kind === 'char' || inner.kind === 'set') return repeatOne(inner, min, max, isLazy, options, next);
  const [firstGroup, lastGroup] = node.groups;
  type Frame = { count: number; at: number };
  let frame: Frame = { count: 0, at: -1 };
  const turn: Step = (state, at) => {
    burn(state);
    const mine = frame;
    // A turn that matched nothing ends the loop.
    if (mine.count > min && at === mine.at) return false;
    const leave = (): boolean => {
      const isMatch = next(state, at);
      if (!isMatch) frame = mine;
      return isMatch;
    };
    const again = (): boolean => {
      if (mine.count >= max) return false;
      const saved = state.captures.slice(2 * firstGroup, 2 * lastGroup + 2);
      state.captures.fill(-1, 2 * firstGroup, 2 * lastGroup + 2);
      frame = { count: mine.count + 1, at };
      if (body(state, at)) return true;
      frame = mine;
      state.captures.set(saved, 2 * firstGroup);
      return false;
    };
    if (mine.count < min) return again();
    return isLazy ? leave() || again() : again() || leave();
  };
  const body = compile(inner, options, (state, at) => turn(state, at));
  return (state, at) => {
    const outer = frame;
    frame = { count: 0, at: -1 };
    const isMatch = turn(state, at);
    frame = outer;
    return isMatch;
  };
}

/** Repetition of one character: no recursion while it counts. */
function repeatOne(
  inner: Extract<Node, { kind: 'char' | 'set' }>,
  min: number,
  max: number,
  isLazy: boolean,
  options: MatchOptions,
  next: Step,
): Step {
  const accepts = acceptor(inner, options);
  return (state, at) => {
    const { text } = state;
    const limit = max === Number.POSITIVE_INFINITY ? text.length : Math.min(text.length, at + max);
    let end = at;
    const least = at + min;
    if (isLazy) {
      while (end < least) {
        if (end >= limit || !accepts(text.charCodeAt(end))) return false;
        end += 1;
      }
      for (;;) {
        if (next(state, end)) return true;
        burn(state);
        if (end >= limit || !accepts(text.charCodeAt(end))) return false;
        end += 1;
      }
    }
    while (end < limit && accepts(text.charCodeAt(end))) end += 1;
    state.fuel -= (end - at) >> 3;
    for (; end >= least; end -= 1) {
      if (next(state, end)) return true;
      burn(state);
    }
    return false;
  };
}

function backreference(index: number, options: MatchOptions, next: Step): Step {
  return (state, at) => {
    const { text, captures } = state;
    const [start, end] = [captures[2 * index]!, captures[2 * index + 1]!];
    if (end < 0) return next(state, at);
    const length = end - start;
    const here = text.slice(at, at + length);
    const there = text.slice(start, end);
    const isSame = options.ignoreCase ? here.toLowerCase() === there.toLowerCase() : here === there;
    return isSame && next(state, at + length);
  };
}

const isLineEnd = (code: number): boolean => code === 10 || code === 13;
const isWord = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);

function assertion(what: Extract<Node, { kind: 'assert' }>['what'], options: MatchOptions, next: Step): Step {
  switch (what) {
    case 'start':
      return (state, at) =>
        (at === 0 || (options.multiLine && isLineEnd(state.text.charCodeAt(at - 1)))) && next(state, at);
    case 'end':
      return (state, at) =>
        (at === state.text.length || (options.multiLine && isLineEnd(state.text.charCodeAt(at)))) &&
        next(state, at);
    default:
      return (state, at) => {
        const { text } = state;
        const before = at > 0 && isWord(text.charCodeAt(at - 1));
        const after = at < text.length && isWord(text.charCodeAt(at));
        return (before !== after) === (what === 'boundary') && next(state, at);
      };
  }
}

function acceptor(
  node: Extract<Node, { kind: 'char' | 'set' }>,
  options: MatchOptions,
): (code: number) => boolean {
  if (node.kind === 'char') {
    const { code } = node;
    if (!options.ignoreCase) return (candidate) => candidate === code;
    const lower = foldCode(code);
    return (candidate) => candidate === code || foldCode(candidate) === lower;
  }
  const { ranges, isNegated } = node;
  const table = new Uint8Array(256);
  const test = (code: number): boolean => inRanges(code, ranges, options.ignoreCase) !== isNegated;
  for (let code = 0; code < 256; code += 1) table[code] = test(code) ? 1 : 0;
  return (code) => (code < 256 ? table[code] === 1 : test(code));
}

function inRanges(code: number, ranges: Ranges, ignoreCase: boolean): boolean {
  if (ranges.some(([first, last]) => code >= first && code <= last)) return true;
  if (!ignoreCase) return false;
  const char = String.fromCharCode(code);
  const [lower, upper] = [char.toLowerCase(), char.toUpperCase()];
  return [lower, upper].some((other) => {
    if (other.length !== 1 || other === char) return false;
    const otherCode = other.charCodeAt(0);
    return ranges.some(([first, last]) => otherCode >= first && otherCode <= last);
  });
}

function foldCode(code: number): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  const lower = String.fromCharCode(code).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : code;
}
