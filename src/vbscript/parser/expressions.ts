/**
 * Parses expressions.
 * Owns: precedence, calls and indices, omitted arguments.  Leaves: statements.
 * Source: doc "Operator Precedence"; observed: public conformance suite for unary minus and Not as an operand.
 */
import type { BinaryOperator, Expression } from '../ast.ts';
import { NOTHING } from '../values.ts';
import { Cursor } from './cursor.ts';

/** Operators of each level, weakest first; all associate to the left. Not lies between `and` and the comparisons. */
const LOGICAL: readonly (readonly BinaryOperator[])[] = [['imp'], ['eqv'], ['xor'], ['or'], ['and']];
const COMPARISONS: ReadonlySet<string> = new Set(['=', '<>', '<', '>', '<=', '>=']);
const ARITHMETIC: readonly (readonly BinaryOperator[])[] = [['&'], ['+', '-'], ['mod'], ['\\'], ['*', '/']];

/** Deepest nesting of parentheses, unary operators and calls, before error 1001. */
const MAX_NESTING = 400;

export class ExpressionParser extends Cursor {
  private nesting = 0;

  protected expression(): Expression {
    this.enter();
    const expression = this.logical(0);
    this.nesting -= 1;
    return expression;
  }

  protected enter(): void {
    this.nesting += 1;
    if (this.nesting > MAX_NESTING) throw this.error(1001);
  }

  protected leave(): void {
    this.nesting -= 1;
  }

  private logical(level: number): Expression {
    const operators = LOGICAL[level];
    if (operators === undefined) return this.negation();
    let left = this.logical(level + 1);
    while (this.token.kind === 'name' && this.token.lower === operators[0]) {
      const { at } = this.advance();
      left = { kind: 'binary', operator: operators[0], left, right: this.logical(level + 1), at };
    }
    return left;
  }

  private negation(): Expression {
    if (!this.isWord('not')) return this.comparison();
    this.enter();
    const { at } = this.advance();
    const operand = this.negation();
    this.leave();
    return { kind: 'unary', operator: 'not', operand, at };
  }

  private comparison(): Expression {
    let left = this.arithmetic(0);
    for (;;) {
      const { token } = this;
      const operator =
        token.kind === 'symbol' && COMPARISONS.has(token.text)
          ? (token.text as BinaryOperator)
          : this.isWord('is')
            ? 'is'
            : undefined;
      if (operator === undefined) return left;
      this.advance();
      // `1 <> Not 0 = 0`: Not takes everything to its right.
      const right = this.isWord('not') ? this.negation() : this.arithmetic(0);
      left = { kind: 'binary', operator, left, right, at: token.at };
    }
  }

  private arithmetic(level: number): Expression {
    const operators = ARITHMETIC[level];
    if (operators === undefined) return this.power();
    let left = this.arithmetic(level + 1);
    for (;;) {
      const { token } = this;
      const text = token.kind === 'symbol' ? token.text : token.kind === 'name' ? token.lower : '';
      if (!(operators as readonly string[]).includes(text)) return left;
      this.advance();
      left = {
        kind: 'binary',
        operator: text as BinaryOperator,
        left,
        right: this.arithmetic(level + 1),
        at: token.at,
      };
    }
  }

  /** A sign binds tighter than `^`: -3^2 is 9. */
  private power(): Expression {
    let left = this.signed();
    while (this.isSymbol('^')) {
      const { at } = this.advance();
      left = { kind: 'binary', operator: '^', left, right: this.signed(), at };
    }
    return left;
  }

  private signed(): Expression {
    const { token } = this;
    if (this.isSymbol('-') || this.isSymbol('+')) {
      this.enter();
      this.advance();
      const operand = this.signed();
      this.leave();
      return { kind: 'unary', operator: token.text as '-' | '+', operand, at: token.at };
    }
    if (this.isWord('not')) return this.negation();
    return this.postfix(this.primary());
  }

  protected primary(): Expression {
    const { token } = this;
    if (token.kind === 'literal') {
      this.advance();
      return { kind: 'literal', value: token.value, at: token.at };
    }
    if (this.isSymbol('(')) {
      this.advance();
      const inner = this.expression();
      this.expectSymbol(')', 1006);
      return { kind: 'group', inner, at: token.at };
    }
    if (this.isSymbol('.')) {
      this.advance();
      const member = this.expectMember();
      return { kind: 'member', object: undefined, ...member };
    }
    if (token.kind === 'name') {
      const constant = CONSTANTS.get(token.lower);
      if (constant !== undefined) {
        this.advance();
        return { kind: 'literal', value: constant.value, at: token.at };
      }
      if (token.lower === 'me') {
        this.advance();
        return { kind: 'me', at: token.at };
      }
      if (token.lower === 'new') {
        this.advance();
        return { kind: 'new', ...this.expectName(), at: token.at };
      }
    }
    if (this.isName()) {
      this.advance();
      return { kind: 'name', name: token.text, lower: token.lower, at: token.at };
    }
    throw this.error(this.isLineEnd() || token.kind === 'name' ? 1002 : 1002);
  }

  /** Members, calls and indices behind a primary. */
  protected postfix(start: Expression): Expression {
    let expression = start;
    for (;;) {
      if (this.isSymbol('.')) {
        this.advance();
        expression = { kind: 'member', object: expression, ...this.expectMember() };
      } else if (this.isSymbol('(') && expression.kind !== 'literal' && expression.kind !== 'new') {
        const { at } = this.token;
        expression = { kind: 'call', callee: expression, args: this.parenthesised(), at };
      } else return expression;
    }
  }

  /** `(a, , b)`, the parentheses included. */
  protected parenthesised(): (Expression | undefined)[] {
    this.expectSymbol('(', 1005);
    if (this.symbol(')')) return [];
    const args = this.argumentList((token) => this.isSymbol(')', token));
    this.expectSymbol(')', 1006);
    return args;
  }

  /** Arguments up to the token that `isEnd` knows; omitted ones are `undefined`. */
  protected argumentList(isEnd: (token: typeof this.token) => boolean): (Expression | undefined)[] {
    const args: (Expression | undefined)[] = [];
    for (;;) {
      if (this.isSymbol(',')) args.push(undefined);
      else if (isEnd(this.token)) {
        args.push(undefined);
        return args;
      } else args.push(this.expression());
      if (!this.symbol(',')) return args;
    }
  }
}

const CONSTANTS = new Map<string, { readonly value: undefined | null | boolean | typeof NOTHING }>([
  ['true', { value: true }],
  ['false', { value: false }],
  ['null', { value: null }],
  ['empty', { value: undefined }],
  ['nothing', { value: NOTHING }],
]);
