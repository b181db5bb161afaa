/**
 * Writes JavaScript for operators and conditions.
 * Owns: the fast forms of operators, temporaries.  Leaves: names, calls and literals (`expressions.ts`).
 */
import type { BinaryOperator, Expression } from '../ast.ts';
import { ungrouped } from './analysis.ts';
import { type Binding, type Place, resolve } from './scope.ts';
import type { UnitWriter } from './writer.ts';
import { any, isNumberKind, isTruthKind, type Kind, literalNumber, scalar, type Written } from './written.ts';

const ARITHMETIC: Partial<Record<BinaryOperator, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '\\': 'integerDivide',
  mod: 'modulo',
  '^': 'power',
  '&': 'concat',
};
const COMPARISON: Partial<Record<BinaryOperator, { helper: string; js: string }>> = {
  '=': { helper: 'equal', js: '===' },
  '<>': { helper: 'notEqual', js: '!==' },
  '<': { helper: 'less', js: '<' },
  '>': { helper: 'greater', js: '>' },
  '<=': { helper: 'lessOrEqual', js: '<=' },
  '>=': { helper: 'greaterOrEqual', js: '>=' },
};
const LOGIC: Partial<Record<BinaryOperator, string>> = {
  and: 'logicalAnd',
  or: 'logicalOr',
  xor: 'logicalXor',
  eqv: 'logicalEqv',
  imp: 'logicalImp',
};

/** From this many arithmetic operators on a chain is written flat. */
const LONG_CHAIN = 24;
/** The same for operators of every kind: their quick forms nest. */
const LONG_MIXED_CHAIN = 200;

export abstract class OperatorWriter {
  protected readonly writer: UnitWriter;
  protected readonly place: Place;
  /** Variables holding the objects of open With blocks, innermost last. */
  protected readonly withs: string[] = [];
  /** What is known of variables inside loops: JavaScript name → kind. */
  protected readonly known = new Map<string, Kind>();
  private temporaries = 0;
  private mostTemporaries = 0;

  constructor(writer: UnitWriter, place: Place) {
    this.writer = writer;
    this.place = place;
  }

  protected helper(name: string): string {
    return this.writer.helper(name);
  }

  protected resolve(lower: string): Binding {
    return resolve(this.place, lower);
  }

  /** A temporary that lives until the statement ends. */
  protected temporary(): string {
    this.temporaries += 1;
    this.mostTemporaries = Math.max(this.mostTemporaries, this.temporaries);
    return `t${this.temporaries}`;
  }

  protected endStatement(): void {
    this.temporaries = 0;
  }

  protected temporaryDeclaration(): string {
    if (this.mostTemporaries === 0) return '';
    return `let ${Array.from({ length: this.mostTemporaries }, (_, at) => `t${at + 1}`).join(',')};`;
  }

  protected abstract value(expression: Expression): Written;
  protected abstract literal(value: Extract<Expression, { kind: 'literal' }>['value']): Written;

  protected code(expression: Expression): string {
    return this.value(expression).code;
  }

  protected unary(operator: '-' | '+' | 'not', operand: Expression): Written {
    if (operator === '+') return this.value(operand);
    if (operator === 'not') {
      const written = this.value(operand);
      if (written.kind === 'boolean') return { ...any(`(!${written.code})`), kind: 'boolean' };
      if (written.kind === 'truth') {
        const [set, code] = this.once(written);
        return { ...any(`(${set}${code}===null?null:!${code})`), kind: 'truth' };
      }
      return scalar(`${this.helper('logicalNot')}(${written.code},rt)`);
    }
    const inner = ungrouped(operand);
    if (inner.kind === 'literal' && typeof inner.value === 'number' && inner.value !== 0) {
      // 32768 is a Long, and so is its negation, which as a plain number would be an Integer.
      if (inner.value !== 32768 && inner.value !== 2147483648) return this.literal(-inner.value);
    }
    return scalar(`${this.helper('negate')}(${this.code(operand)},rt)`);
  }

  protected binary(expression: Extract<Expression, { kind: 'binary' }>): Written {
    const { operator, left, right } = expression;
    const flat = this.longChain(expression);
    if (flat !== undefined) return flat;
    const arithmetic = ARITHMETIC[operator];
    if (arithmetic !== undefined) return this.arithmetic(operator, arithmetic, left, right);
    const comparison = COMPARISON[operator];
    if (comparison !== undefined) return this.comparison(comparison, left, right);
    if (operator === 'is') {
      const code = `${this.helper('sameObject')}(${this.code(left)},${this.code(right)})`;
      return { ...any(code), kind: 'boolean' };
    }
    const a = this.value(left);
    const b = this.value(right);
    const isPlain = a.kind === 'boolean' && b.kind === 'boolean';
    if (isPlain && (operator === 'and' || operator === 'or')) {
      // Both sides are always evaluated.
      return { ...any(`!!(${a.code}${operator === 'and' ? '&' : '|'}${b.code})`), kind: 'boolean' };
    }
    const isTruth = isTruthKind(a.kind) && isTruthKind(b.kind);
    return {
      ...any(`${this.helper(LOGIC[operator]!)}(${a.code},${b.code},rt)`),
      kind: isTruth ? 'truth' : 'scalar',
    };
  }

  /** `a & b & c …` over many lines: written as a flat sequence, which nests in neither compiler. */
  private longChain(expression: Extract<Expression, { kind: 'binary' }>): Written | undefined {
    const steps: Extract<Expression, { kind: 'binary' }>[] = [];
    let first: Expression = expression;
    let arithmetic = 0;
    while (first.kind === 'binary') {
      if (arithmetic === steps.length && ARITHMETIC[first.operator] !== undefined) arithmetic += 1;
      steps.push(first);
      first = first.left;
    }
    if (steps.length < LONG_MIXED_CHAIN) {
      if (arithmetic < LONG_CHAIN) return undefined;
      first = steps[arithmetic - 1]!.left;
      steps.length = arithmetic;
    }
    const name = this.temporary();
    const parts = steps.reverse().map((step) => `${name}=${this.step(step, name)}`);
    return scalar(`(${name}=${this.code(first)},${parts.join(',')})`);
  }

  /** One operator of a long chain; the variable `name` holds what stands to its left. */
  private step({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, name: string): string {
    const code = this.code(right);
    const comparison = COMPARISON[operator];
    if (comparison !== undefined) {
      const hardness = (this.isHard(left) ? 1 : 0) | (this.isHard(right) ? 2 : 0);
      return `${this.helper(comparison.helper)}(${name},${code},${hardness},rt)`;
    }
    if (operator === 'is') return `${this.helper('sameObject')}(${name},${code})`;
    return `${this.helper((ARITHMETIC[operator] ?? LOGIC[operator])!)}(${name},${code},rt)`;
  }

  private arithmetic(operator: BinaryOperator, helper: string, left: Expression, right: Expression): Written {
    const a = this.value(left);
    const b = this.value(right);
    const step = literalNumber(right);
    if (
      (operator === '+' || operator === '-') &&
      step !== undefined &&
      Math.abs(step) <= 0x7fff &&
      a.kind !== 'string'
    ) {
      // An Integer and a small literal: the sum shows its own subtype, Integer or Long.
      const [set, code] = this.once(a);
      const test = a.kind === 'number' ? '' : `typeof ${code}==="number"&&`;
      const isShort = `${test}${code}<<16>>16===${code}`;
      return scalar(
        `(${set}${isShort}?${code}${operator}${b.code}:${this.helper(helper)}(${code},${b.code},rt))`,
      );
    }
    if (operator === 'mod' && step !== undefined && step !== 0 && Math.abs(step) <= 0x7fff) {
      // What is left of an Integer is one; 0 is added because -6 % 3 is -0.
      const [set, code] = this.once(a);
      return scalar(
        `(${set}typeof ${code}==="number"&&${code}<<16>>16===${code}?${code}%${step}+0:${this.helper(helper)}(${code},${step},rt))`,
      );
    }
    return scalar(`${this.helper(helper)}(${a.code},${b.code},rt)`);
  }

  private isLongChain(expression: Expression, least = LONG_CHAIN): boolean {
    let node = expression;
    for (let length = 0; length < least; length += 1) {
      if (node.kind !== 'binary') return false;
      node = node.left;
    }
    return true;
  }

  /** An operand of a comparison, whose subtype does not matter. An index is none: a dictionary keeps its keys as they came. */
  private raw(expression: Expression): Written {
    const inner = ungrouped(expression);
    if (inner.kind !== 'binary' || this.isLongChain(inner)) return this.value(expression);
    const { operator, left, right } = inner;
    if (operator !== '+' && operator !== '-' && operator !== '*' && operator !== 'mod') {
      return this.value(expression);
    }
    if (operator === 'mod') {
      const divisor = literalNumber(right);
      if (divisor === undefined || divisor === 0) return this.value(expression);
      const a = this.value(left);
      const [set, code] = this.once(a);
      return any(
        `(${set}typeof ${code}==="number"&&(${code}|0)===${code}?${code}%${divisor}:${this.helper('modulo')}(${code},${divisor},rt))`,
      );
    }
    const a = this.value(left);
    const b = this.value(right);
    const [setA, codeA] = this.once(a);
    const [setB, codeB] = this.once(b);
    const tests = [a, b]
      .map((written, at) =>
        written.kind === 'number' ? '' : `typeof ${at === 0 ? codeA : codeB}==="number"`,
      )
      .filter((test) => test !== '');
    if (tests.length === 0 && Math.abs(literalNumber(right) ?? 0) > 0 && operator !== '*') {
      return { ...any(`(${setA}${setB}${codeA}${operator}${codeB})`), kind: 'raw' };
    }
    const helper = this.helper(ARITHMETIC[operator]!);
    const plain = `${codeA}${operator}${codeB}`;
    const slow = `${helper}(${codeA},${codeB},rt)`;
    if (tests.length === 0) return any(`(${setA}${setB}${slow})`);
    return any(
      `(${setA}${setB}${tests.join('&&')}&&${this.helper('isFiniteNumber')}(${plain})?${plain}:${slow})`,
    );
  }

  private comparison(operator: { helper: string; js: string }, left: Expression, right: Expression): Written {
    const hardness = (this.isHard(left) ? 1 : 0) | (this.isHard(right) ? 2 : 0);
    const a = this.raw(left);
    const b = this.raw(right);
    const helper = this.helper(operator.helper);
    if (isNumberKind(a.kind) && isNumberKind(b.kind)) {
      return { ...any(`(${a.code}${operator.js}${b.code})`), kind: 'boolean' };
    }
    if (a.kind === 'string' && b.kind === 'string' && (operator.js === '===' || operator.js === '!==')) {
      return { ...any(`(${a.code}${operator.js}${b.code})`), kind: 'boolean' };
    }
    const fastType = isNumberKind(b.kind) || isNumberKind(a.kind) ? 'number' : undefined;
    const textType =
      operator.js.length === 3 && (b.kind === 'string' || a.kind === 'string') ? 'string' : undefined;
    const type = fastType ?? textType;
    if (type !== undefined) {
      const [setA, codeA] = this.once(a);
      const [setB, codeB] = this.once(b);
      const other = isNumberKind(b.kind) || b.kind === 'string' ? codeA : codeB;
      return {
        ...any(
          `(${setA}${setB}typeof ${other}==="${type}"?${codeA}${operator.js}${codeB}:${helper}(${codeA},${codeB},${hardness},rt))`,
        ),
        kind: 'truth',
      };
    }
    if (hardness === 0 && operator.js.length !== 3) {
      const [setA, codeA] = this.once(a);
      const [setB, codeB] = this.once(b);
      return {
        ...any(
          `(${setA}${setB}typeof ${codeA}==="number"&&typeof ${codeB}==="number"?${codeA}${operator.js}${codeB}:${helper}(${codeA},${codeB},0,rt))`,
        ),
        kind: 'truth',
      };
    }
    return { ...any(`${helper}(${a.code},${b.code},${hardness},rt)`), kind: 'truth' };
  }

  /** Literals and constants are hard. */
  protected isHard(expression: Expression): boolean {
    const inner = ungrouped(expression);
    if (inner.kind === 'literal') return inner.value !== null && inner.value !== undefined;
    if (inner.kind === 'unary' && inner.operator !== 'not') return this.isHard(inner.operand);
    return inner.kind === 'name' && this.resolve(inner.lower).kind === 'constant';
  }

  /** Code that evaluates once, and code that may then be repeated. */
  protected once(written: Written): [set: string, code: string] {
    if (written.isStable) return ['', written.code];
    const name = this.temporary();
    return [`${name}=${written.code},`, name];
  }

  /** A condition: JavaScript that is truthy when the branch is taken. Null is not. */
  protected condition(expression: Expression): string {
    const inner = ungrouped(expression);
    if (
      inner.kind === 'binary' &&
      (inner.operator === 'and' || inner.operator === 'or') &&
      !this.isLongChain(inner, LONG_MIXED_CHAIN)
    ) {
      const a = this.conditionPart(inner.left);
      const b = this.conditionPart(inner.right);
      if (a !== undefined && b !== undefined) return `(${a}${inner.operator === 'and' ? '&' : '|'}${b})`;
    }
    const written = this.value(expression);
    if (isTruthKind(written.kind)) return written.code;
    return `${this.helper('isTrue')}(${written.code},rt)`;
  }

  /** An operand of And or Or in a condition that is certain to be a Boolean or Null: as 0, 1, true, false or null. */
  private conditionPart(expression: Expression): string | undefined {
    const inner = ungrouped(expression);
    if (inner.kind === 'binary') {
      if (inner.operator === 'and' || inner.operator === 'or') {
        const a = this.conditionPart(inner.left);
        if (a === undefined) return undefined;
        const b = this.conditionPart(inner.right);
        return b === undefined ? undefined : `(${a}${inner.operator === 'and' ? '&' : '|'}${b})`;
      }
      if (COMPARISON[inner.operator] !== undefined || inner.operator === 'is') return this.code(inner);
    }
    return undefined;
  }
}
