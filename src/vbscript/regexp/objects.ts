/**
 * The RegExp object, its Matches, Match and SubMatches.
 * Source: doc "Regular Expression Object"; observed: public conformance suite.
 */
import type { AutomationArgument, AutomationObject, AutomationValue } from '../../automation/index.ts';
import { ArgumentReference, automationFace, MISSING, Scalar, VT } from '../../automation/index.ts';
import { inward } from '../border.ts';
import { toBoolean, toInt32, toUnits } from '../convert.ts';
import { runtimeError } from '../errors.ts';
import { VbProcedure } from '../instance.ts';
import { callProcedure } from '../members.ts';
import type { Runtime } from '../runtime.ts';
import { type Captures, Matcher } from './matcher.ts';
import { parsePattern } from './pattern.ts';

type Found = { readonly text: string; readonly captures: Captures };

class RegExpState {
  readonly rt: Runtime;
  pattern = '';
  global = false;
  ignoreCase = false;
  multiLine = false;
  private matcher: Matcher | undefined;
  private key = '';

  constructor(rt: Runtime) {
    this.rt = rt;
  }

  /** The matches in a text: one, or all when Global is set. */
  find(text: string): Found[] {
    const matcher = this.compiled();
    const found: Found[] = [];
    let from = 0;
    while (from <= text.length) {
      const captures = matcher.exec(text, from, () => {
        this.rt.burn(256);
        return 4096;
      });
      if (captures === undefined) break;
      found.push({ text, captures });
      if (!this.global) break;
      from = captures[1]! > captures[0]! ? captures[1]! : captures[1]! + 1;
    }
    this.rt.checkElements(found.length);
    return found;
  }

  private compiled(): Matcher {
    const key = `${this.ignoreCase}${this.multiLine}${this.pattern}`;
    if (this.matcher === undefined || key !== this.key) {
      this.matcher = new Matcher(parsePattern(this.pattern), {
        ignoreCase: this.ignoreCase,
        multiLine: this.multiLine,
      });
      this.key = key;
    }
    return this.matcher;
  }
}

const long = (value: number): Scalar => new Scalar(VT.long, value);

function value(argument: AutomationArgument | undefined): AutomationValue {
  return argument instanceof ArgumentReference ? argument.get() : argument;
}

function text(self: RegExpState, argument: AutomationArgument | undefined): string {
  const it = value(argument);
  if (it === null) throw runtimeError(94);
  return toUnits(inward(it), self.rt);
}

function flag(name: 'global' | 'ignoreCase' | 'multiLine') {
  return {
    get: (self: RegExpState): AutomationValue => self[name],
    put: (self: RegExpState, args: readonly AutomationArgument[]): void => {
      self[name] = toBoolean(inward(value(args[0])), self.rt);
    },
    arity: [0, 0] as const,
  };
}

const regExpFace = automationFace<RegExpState>({
  name: 'IRegExp2',
  members: {
    Pattern: {
      get: (self) => self.pattern,
      put: (self, args) => {
        self.pattern = text(self, args[0]);
      },
      arity: [0, 0],
    },
    Global: flag('global'),
    IgnoreCase: flag('ignoreCase'),
    MultiLine: flag('multiLine'),
    Test: {
      call: (self, args) => {
        const wasGlobal = self.global;
        self.global = false;
        try {
          return self.find(text(self, args[0])).length > 0;
        } finally {
          self.global = wasGlobal;
        }
      },
      arity: [1, 1],
    },
    Execute: {
      call: (self, args) => matchesFace(new Matches(self.find(text(self, args[0])), self.rt)),
      arity: [1, 1],
    },
    Replace: { call: (self, args) => replace(self, text(self, args[0]), value(args[1])), arity: [2, 2] },
  },
});

/** New RegExp, CreateObject("VBScript.RegExp"). */
export function createRegExp(rt: Runtime): AutomationObject {
  return regExpFace(new RegExpState(rt));
}

function replace(self: RegExpState, source: string, replacement: AutomationValue): string {
  const { rt } = self;
  const template = replacement instanceof VbProcedure ? undefined : toUnits(inward(replacement), rt);
  const parts: string[] = [];
  let last = 0;
  let length = 0;
  for (const found of self.find(source)) {
    const [start, end] = [found.captures[0]!, found.captures[1]!];
    const put =
      template === undefined
        ? toUnits(callProcedure(replacement as VbProcedure, replaceArguments(found)), rt)
        : expand(template, found, rt.maxStringLength);
    length += start - last + put.length;
    if (length > rt.maxStringLength) throw runtimeError(14);
    parts.push(source.slice(last, start), put);
    last = end;
  }
  if (parts.length === 0) return source;
  rt.allocate(length);
  return parts.join('') + source.slice(last);
}

/** A function reference as replacement gets the match, the groups, the index and the text. */
function replaceArguments(found: Found): (string | number)[] {
  const groups = Array.from(
    { length: found.captures.length / 2 - 1 },
    (_, at) => groupText(found, at + 1) ?? '',
  );
  return [groupText(found, 0)!, ...groups, found.captures[0]!, found.text];
}

function groupText(found: Found, index: number): string | undefined {
  const start = found.captures[2 * index]!;
  return start < 0 ? undefined : found.text.slice(start, found.captures[2 * index + 1]!);
}

/** $1 to $99, $&, $`, $', $_, $$ in a replacement. */
function expand(template: string, found: Found, mostUnits: number): string {
  if (!template.includes('$')) return template;
  const groups = found.captures.length / 2 - 1;
  let length = 0;
  // Each `$_` puts in the whole text: what they sum up to is known before anything of that size is made.
  const counted = (piece: string): string => {
    length += piece.length;
    if (length > mostUnits) throw runtimeError(14);
    return piece;
  };
  return template.replace(/\$(?:(\d{1,2})|([$&`'_]))/g, (whole, digits: string | undefined, mark: string) => {
    if (digits !== undefined) {
      const two = Number(digits);
      if (two >= 1 && two <= groups) return counted(groupText(found, two) ?? '');
      const one = Number(digits[0]);
      if (digits.length === 2 && one >= 1 && one <= groups)
        return counted(groupText(found, one) ?? '') + digits[1];
      return whole;
    }
    switch (mark) {
      case '$':
        return '$';
      case '&':
        return counted(groupText(found, 0)!);
      case '`':
        return counted(found.text.slice(0, found.captures[0]!));
      case "'":
        return counted(found.text.slice(found.captures[1]!));
      default:
        return counted(found.text);
    }
  });
}

class Matches {
  readonly items: readonly AutomationObject[];
  readonly rt: Runtime;

  constructor(found: readonly Found[], rt: Runtime) {
    this.rt = rt;
    this.items = found.map((one) => matchFace(new Match(one, rt)));
  }
}

class Match {
  readonly found: Found;
  readonly groups: AutomationObject;

  constructor(found: Found, rt: Runtime) {
    this.found = found;
    this.groups = subMatchesFace(new SubMatches(found, rt));
  }
}

class SubMatches {
  readonly texts: readonly (string | undefined)[];
  readonly rt: Runtime;

  constructor(found: Found, rt: Runtime) {
    this.rt = rt;
    this.texts = Array.from({ length: found.captures.length / 2 - 1 }, (_, at) => groupText(found, at + 1));
  }
}

function item<T>(items: readonly T[], args: readonly AutomationArgument[], rt: Runtime): T {
  const index = value(args[0]);
  if (index === MISSING) throw runtimeError(5);
  const at = toInt32(inward(index), rt);
  if (at < 0 || at >= items.length) throw runtimeError(5);
  return items[at]!;
}

const matchesFace = automationFace<Matches>({
  name: 'IMatchCollection2',
  members: {
    Count: { get: (self) => long(self.items.length), arity: [0, 0] },
    Item: { get: (self, args) => item(self.items, args, self.rt), arity: [1, 1] },
  },
  defaultMember: 'Item',
  enumerate: (self) => self.items.values(),
});

const matchFace = automationFace<Match>({
  name: 'IMatch2',
  members: {
    Value: { get: ({ found }) => groupText(found, 0)!, arity: [0, 0] },
    FirstIndex: { get: ({ found }) => long(found.captures[0]!), arity: [0, 0] },
    Length: { get: ({ found }) => long(found.captures[1]! - found.captures[0]!), arity: [0, 0] },
    SubMatches: {
      get: (self, args) => (args.length === 0 ? self.groups : self.groups.invoke('get', '', args)),
      arity: [0, 1],
    },
  },
  defaultMember: 'Value',
});

const subMatchesFace = automationFace<SubMatches>({
  name: 'ISubMatches',
  members: {
    Count: { get: (self) => long(self.texts.length), arity: [0, 0] },
    Item: { get: (self, args) => item(self.texts, args, self.rt), arity: [1, 1] },
  },
  defaultMember: 'Item',
  enumerate: (self) => self.texts.values(),
});
