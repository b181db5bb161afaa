/**
 * Parses expressions.
 * Owns: precedence, calls and indices, omitted arguments.  Leaves: statements.
 * Source: doc "Operator Precedence"; observed: public conformance suite for unary minus and Not as an operand.
 */
import type { BinaryOperator, Expression } from '../ast.ts';
import { NOTHING } from '../values.ts';
import { Cursor } from './cursor.ts';

/** Operators by how tightly they bind; all associate to the left. Not lies between `and` and the comparisons. */
const BINDING: ReadonlyMap<string, number> = new Map<BinaryOperator, number>([
  ['imp', 1],
  ['eqv', 2],
  ['xor', 3],
  ['or', 4],
  ['and', 5],
  ['=', 6],
  ['<>', 6],
  ['<', 6],
  ['>', 6],
  ['<=', 6],
  ['>=', 6],
  ['is', 6],
  ['&', 7],
  ['+', 8],
  ['-', 8],
  ['mod', 9],
  ['\\', 10],
  ['*', 11],
  ['/', 11],
  ['^', 12],
]);
const COMPARISON = 6;

/** Deepest nesting of parentheses, unary operators and calls, before error 1001. */
const MAX_NESTING = 400;

export class ExpressionParser extends Cursor {
  private nesting = 0;

  protected expression(): Expression {
    this.enter();
    const expression = this.operators(0);
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

  /** An expression of operators that bind at least so tightly. */
  private operators(weakest: number): Expression {
    let left = this.operand();
    for (;;) {
      const { kind, lower, at } = this.token;
      if (kind !== 'symbol' && kind !== 'name') return left;
      const binding = BINDING.get(lower);
      if (binding === undefined || binding < weakest) return left;
      this.advance();
      left = {
        kind: 'binary',
        operator: lower as BinaryOperator,
        left,
        right: this.operators(binding + 1),
        at,
      };
    }
  }

  /** What stands between operators. A sign binds tighter than `^`, and -3^2 is 9; Not takes every comparison to its right: `1 <> Not 0 = 0`. */
  private operand(): Expression {
    const { token } = this;
    if (token.kind === 'symbol' && (token.text === '-' || token.text === '+')) {
      this.enter();
      this.advance();
      const operand = this.operand();
      this.leave();
      return { kind: 'unary', operator: token.text, operand, at: token.at };
    }
    if (token.kind === 'name' && token.lower === 'not') {
      this.enter();
      this.advance();
      const operand = this.operators(COMPARISON);
      this.leave();
      return { kind: 'unary', operator: 'not', operand, at: token.at };
    }
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
    throw this.error(1002);
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
