/**
 * Reads JScript by acorn: ECMAScript 3 with JScript's liberties, errors with JScript's numbers.
 * Owns: which number a syntax error has, assignment to call results, "use strict" without meaning, comments and their places.
 * Leaves: rewriting (rewrite.ts).
 * Fails: SyntaxProblem with number and offset.
 * Sources: docs/decisions/0341, docs/decisions/0431, doc "JScript Syntax Errors".
 */
import { type Node as AcornNode, type Options, Parser, type Program, type TokenType, tokTypes } from 'acorn';

/** What does not compile: a number of COMPILE_TEXT and where. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
  readonly number: number;
  readonly offset: number;

  constructor(number: number, offset: number) {
    super(`JScript ${number} at ${offset}`);
    this.number = number;
    this.offset = offset;
  }
}

/** A node with its fields by name: the tree is walked without regard to its types. */
export type Node = AcornNode & { readonly [field: string]: unknown };

export type Reading = {
  readonly program: Node;
  /** Start and end of each comment. */
  readonly comments: readonly (readonly [start: number, end: number])[];
};

const OPTIONS: Options = {
  // Nothing newer: what acorn cannot read here must not reach the engine below.
  ecmaVersion: 5,
  sourceType: 'script',
  allowReserved: false,
};

/** Tokens between two calls of `onProgress`. */
const STRETCH = 4096;

/** The tree of a source. Throws SyntaxProblem, and what `onProgress` throws, which is called now and then. */
export function read(source: string, onProgress?: () => void): Reading {
  const comments: (readonly [number, number])[] = [];
  let tokens = 0;
  const onToken = (): void => {
    tokens += 1;
    if (tokens % STRETCH === 0) onProgress!();
  };
  const program: Program = JScriptParser.parse(source, {
    ...OPTIONS,
    onComment: (_isBlock, _text, start, end) => comments.push([start, end]),
    ...(onProgress && { onToken }),
  });
  return { program: program as unknown as Node, comments };
}

/** Stands for the end of a list until the list is known. */
const LIST_END = 0;

/** Token that is missing → number. */
const EXPECTED: ReadonlyMap<TokenType, number> = new Map([
  [tokTypes.colon, 1003],
  [tokTypes.semi, 1004],
  [tokTypes.parenL, 1005],
  [tokTypes.parenR, 1006],
  [tokTypes.bracketR, 1007],
  [tokTypes.braceL, 1008],
  [tokTypes.braceR, 1009],
  [tokTypes._while, 1024],
]);

/** What acorn says → number. The first that fits counts. */
const BY_TEXT: readonly (readonly [RegExp, number])[] = [
  [/^Unterminated string/, 1015],
  [/^Unterminated comment/, 1016],
  [/^Unterminated regular/, 1012],
  [/^Identifier directly after number/, 1004],
  [/^Expected number in radix 16|^Bad character escape|Unicode escape/i, 1023],
  [/^Invalid number/, 1013],
  [/^Unexpected character/, 1014],
  [/^'return' outside/, 1018],
  [/^Unsyntactic break/, 1019],
  [/^Unsyntactic continue/, 1020],
  [/^Label /, 1025],
  [/^Multiple default/, 1027],
  [/^Illegal newline after throw/, 1035],
  [/^Missing catch or finally/, 1033],
  [/is reserved|^Unexpected keyword/, 1010],
  [/^Invalid regular expression.*(?:Unterminated group|Unmatched '\)')/, 5020],
  [/^Invalid regular expression.*[Uu]nterminated character class/, 5019],
  [/^Invalid regular expression.*Nothing to repeat/, 5018],
  [/^Invalid regular expression.*Range out of order in character class/, 5021],
  [/^Invalid regular expression/, 5017],
];

/** The methods of acorn's parser that are ours; its type description shows the class alone. */
interface Inside {
  readonly start: number;
  readonly input: string;
  readonly type: TokenType;
  eat(type: TokenType): boolean;
  insertSemicolon(): boolean;
}

class JScriptParser extends Parser {
  raise(offset: number, text: string): never {
    const number = BY_TEXT.find(([pattern]) => pattern.test(text))?.[1] ?? 1002;
    const isLabelled =
      (number === 1019 || number === 1020) &&
      /^(?:break|continue)[ \t]+[\w$]/.test(this.#inside.input.slice(offset, offset + 40));
    // acorn names the place behind the slash.
    throw new SyntaxProblem(isLabelled ? 1026 : number, number === 1012 ? offset - 1 : offset);
  }

  raiseRecoverable(offset: number, text: string): never {
    return this.raise(offset, text);
  }

  unexpected(offset?: number | null): never {
    throw new SyntaxProblem(1002, offset ?? this.#inside.start);
  }

  expect(type: TokenType): void {
    if (this.#inside.eat(type)) return;
    // In a list the end could stand here as well, and that is what JScript misses.
    throw new SyntaxProblem(
      type === tokTypes.comma ? LIST_END : (EXPECTED.get(type) ?? 1002),
      this.#inside.start,
    );
  }

  parseExprList(close: TokenType, ...rest: unknown[]): unknown {
    return this.#list('parseExprList', close, [close, ...rest]);
  }

  parseBindingList(close: TokenType, ...rest: unknown[]): unknown {
    return this.#list('parseBindingList', close, [close, ...rest]);
  }

  parseObj(...args: unknown[]): unknown {
    return this.#list('parseObj', tokTypes.braceR, args);
  }

  #list(method: string, close: TokenType, args: readonly unknown[]): unknown {
    try {
      return original(this, method, args);
    } catch (thrown) {
      if (thrown instanceof SyntaxProblem && thrown.number === LIST_END)
        throw new SyntaxProblem(EXPECTED.get(close) ?? 1002, thrown.offset);
      throw thrown;
    }
  }

  /** A reserved word where an expression should be is no name that is missing. */
  parseExprAtom(...args: unknown[]): unknown {
    const { start } = this.#inside;
    try {
      return original(this, 'parseExprAtom', args);
    } catch (thrown) {
      if (thrown instanceof SyntaxProblem && thrown.number === 1010 && thrown.offset === start)
        throw new SyntaxProblem(1002, start);
      throw thrown;
    }
  }

  semicolon(): void {
    const inside = this.#inside;
    if (!inside.eat(tokTypes.semi) && !inside.insertSemicolon()) throw new SyntaxProblem(1004, inside.start);
  }

  parseStatement(context: string | null, ...rest: unknown[]): AcornNode {
    if (context === null && this.#inside.type === tokTypes.eof)
      throw new SyntaxProblem(1009, this.#inside.start);
    return original(this, 'parseStatement', [context, ...rest]) as AcornNode;
  }

  parseIdentNode(): AcornNode {
    const { type, start } = this.#inside;
    if (type !== tokTypes.name && type.keyword === undefined) throw new SyntaxProblem(1010, start);
    return original(this, 'parseIdentNode', []) as AcornNode;
  }

  /** JScript knows no strict mode: the words stand for themselves. */
  strictDirective(): boolean {
    return false;
  }

  /** `fields.Item("x") = 2` puts the member's default property. */
  toAssignable(node: AcornNode, ...rest: unknown[]): AcornNode {
    return node.type === 'CallExpression'
      ? node
      : (original(this, 'toAssignable', [node, ...rest]) as AcornNode);
  }

  checkLValSimple(node: AcornNode, ...rest: unknown[]): void {
    if (node.type !== 'CallExpression') original(this, 'checkLValSimple', [node, ...rest]);
  }

  get #inside(): Inside {
    return this as unknown as Inside;
  }
}

function original(self: JScriptParser, method: string, args: readonly unknown[]): unknown {
  return (Reflect.get(Parser.prototype, method) as (...given: unknown[]) => unknown).apply(self, [...args]);
}
