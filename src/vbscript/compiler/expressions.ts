/**
 * Writes JavaScript for expressions.
 * Owns: evaluation order, the fast forms of operators, argument passing.  Leaves: statements.
 *
 * `Written.kind` says what is certain about a value: `number` is a plain number whose size shows its subtype, `raw` a
 * plain number that may only be compared or used as an index, `boolean` true or false, `truth` that or null, `scalar` any
 * value but an array, an object or Nothing.
 */
import type { BinaryOperator, Expression } from '../ast.ts';
import type { ProcedureInfo } from './analysis.ts';
import { ungrouped } from './analysis.ts';
import { type Binding, fieldKey, type Place, resolve } from './scope.ts';
import type { UnitWriter } from './writer.ts';
import { quote } from './writer.ts';

export type Kind = 'any' | 'scalar' | 'number' | 'raw' | 'string' | 'boolean' | 'truth';

export type Written = {
  readonly code: string;
  readonly kind: Kind;
  /** May be written twice: no side effect, nothing can change it in between. */
  readonly isStable: boolean;
  /** Arrays in it belong to nobody else. */
  readonly isOwned: boolean;
};

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

/** From this many operators on a chain is written flat. */
const LONG_CHAIN = 24;

export class ExpressionWriter {
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

  // ---- values ----

  protected value(expression: Expression): Written {
    switch (expression.kind) {
      case 'literal':
        return this.literal(expression.value);
      case 'name':
        return this.name(expression.name, expression.lower);
      case 'me':
        return stable(this.selfCode());
      case 'member':
        return this.call(expression, [], true);
      case 'call':
        return this.call(expression.callee, expression.args, false);
      case 'new':
        return owned(
          `${this.helper('createInstance')}(rt,${quote(expression.lower)},${quote(expression.name)})`,
        );
      case 'unary':
        return this.unary(expression.operator, expression.operand);
      case 'binary':
        return this.binary(expression);
      case 'group':
        return this.value(expression.inner);
    }
  }

  protected code(expression: Expression): string {
    return this.value(expression).code;
  }

  /** The object of `Me`: the instance, or the script itself. */
  private selfCode(): string {
    if (this.place.owner !== undefined) return 'self';
    return this.place.unit.mode === 'local'
      ? `${this.helper('selfOf')}(S,rt)`
      : `${this.helper('selfOf')}(undefined,rt)`;
  }

  private literal(value: Extract<Expression, { kind: 'literal' }>['value']): Written {
    const code = this.writer.literal(value);
    const kind: Kind =
      typeof value === 'number'
        ? 'number'
        : typeof value === 'string'
          ? 'string'
          : typeof value === 'boolean'
            ? 'boolean'
            : 'any';
    return { code, kind, isStable: true, isOwned: false };
  }

  /** A bare name: a variable's value, or a call without arguments. */
  private name(name: string, lower: string): Written {
    this.writer.spell(lower, name);
    const binding = this.resolve(lower);
    switch (binding.kind) {
      case 'local': {
        const { variable } = binding;
        const code = variable.boxed ? `${variable.js}.v` : variable.js;
        return {
          code,
          kind: this.known.get(variable.js) ?? 'any',
          isStable: !variable.boxed,
          isOwned: false,
        };
      }
      case 'constant':
        return this.literal(binding.value);
      case 'field':
        return any(`self[${quote(binding.key)}]`);
      case 'method':
      case 'procedure':
      case 'builtin':
        return this.callBinding(binding, name, [], lower);
      case 'global':
        if (binding.isDeclared || this.place.procedure === undefined) {
          const cell = this.writer.cell(lower);
          return { code: `${cell}.v`, kind: this.known.get(cell) ?? 'any', isStable: false, isOwned: false };
        }
        return any(`${this.helper('readName')}(${this.writer.cell(lower)},${this.strict()},rt)`);
      case 'unknown':
        return any(`${this.helper('readName')}(${this.writer.cell(lower)},${this.strict()},rt)`);
      case 'dynamic':
        return any(`${this.helper('readDynamic')}(S,${quote(lower)},${this.strict()},rt)`);
    }
  }

  protected strict(): string {
    return this.place.unit.script.optionExplicit ? 'true' : 'false';
  }

  // ---- operators ----

  private unary(operator: '-' | '+' | 'not', operand: Expression): Written {
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

  private binary(expression: Extract<Expression, { kind: 'binary' }>): Written {
    const { operator, left, right } = expression;
    const arithmetic = ARITHMETIC[operator];
    if (arithmetic !== undefined) {
      return this.longChain(expression) ?? this.arithmetic(operator, arithmetic, left, right);
    }
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
    const steps: { helper: string; right: Expression }[] = [];
    let first: Expression = expression;
    while (first.kind === 'binary' && ARITHMETIC[first.operator] !== undefined) {
      steps.push({ helper: ARITHMETIC[first.operator]!, right: first.right });
      first = first.left;
    }
    if (steps.length < LONG_CHAIN) return undefined;
    const name = this.temporary();
    const parts = steps
      .reverse()
      .map(({ helper, right }) => `${name}=${this.helper(helper)}(${name},${this.code(right)},rt)`);
    return scalar(`(${name}=${this.code(first)},${parts.join(',')})`);
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
    return scalar(`${this.helper(helper)}(${a.code},${b.code},rt)`);
  }

  private isLongChain(expression: Expression): boolean {
    let node = expression;
    for (let length = 0; length < LONG_CHAIN; length += 1) {
      if (node.kind !== 'binary') return false;
      node = node.left;
    }
    return true;
  }

  /** A value whose subtype does not matter: an operand of a comparison, an index. */
  protected raw(expression: Expression): Written {
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
    if (inner.kind === 'binary' && (inner.operator === 'and' || inner.operator === 'or')) {
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

  // ---- calls ----

  /** `callee(args)` or `callee` as a value. `isBare`: no parentheses were written. */
  protected call(callee: Expression, args: readonly (Expression | undefined)[], isBare: boolean): Written {
    const target = ungrouped(callee);
    if (target.kind === 'name') {
      const binding = this.resolve(target.lower);
      // Inside a function its own name with parentheses calls it again.
      const own = this.place.procedure;
      if (binding.kind === 'local' && binding.variable.kind === 'result' && own !== undefined) {
        if (own.owner === undefined) return this.callProcedure(own, target.name, args);
        return this.callMethods(own.owner.procedures.get(target.lower) ?? [own], target.name, args);
      }
      return this.callBinding(binding, target.name, args, target.lower);
    }
    if (target.kind === 'member') return this.callMember(target, args, 'getMember');
    if (target.kind === 'me') return this.indexValue(this.selfCode(), undefined, args);
    void isBare;
    return this.indexValue(this.code(target), undefined, args);
  }

  private callBinding(
    binding: Binding,
    name: string,
    args: readonly (Expression | undefined)[],
    lower: string,
  ): Written {
    this.writer.spell(lower, name);
    switch (binding.kind) {
      case 'local':
      case 'field':
      case 'global':
        if (binding.kind !== 'global' || binding.isDeclared || this.place.procedure === undefined) {
          return this.indexValue(this.name(name, lower).code, name, args);
        }
        break;
      case 'constant':
        return this.indexValue(this.writer.literal(binding.value), name, args);
      case 'method':
        return this.callMethods(binding.procedures, name, args);
      case 'procedure':
        return this.callProcedure(binding.info, name, args);
      case 'builtin':
        return this.callBuiltin(binding.builtin, args);
      case 'dynamic': {
        const site = this.writer.site('', name);
        return owned(
          `${this.helper('callDynamic')}(S,${quote(lower)},[${this.lateArguments(args)}],${site},${this.strict()},L)`,
        );
      }
    }
    const site = this.writer.site('', name);
    return owned(
      `${this.helper('callName')}(${this.writer.cell(lower)},[${this.lateArguments(args)}],${site},${this.strict()},L)`,
    );
  }

  private indexValue(
    value: string,
    culprit: string | undefined,
    args: readonly (Expression | undefined)[],
  ): Written {
    const site = this.writer.site('', culprit);
    const [only] = args;
    if (args.length === 1 && only !== undefined) {
      return any(`${this.helper('index1')}(${value},${this.raw(only).code},${site},L)`);
    }
    return any(`${this.helper('index')}(${value},[${this.plainArguments(args)}],${site},L)`);
  }

  private plainArguments(args: readonly (Expression | undefined)[]): string {
    return args.map((arg) => (arg === undefined ? this.helper('MISSING') : this.code(arg))).join(',');
  }

  /** A procedure of this script. */
  private callProcedure(
    info: ProcedureInfo,
    name: string,
    args: readonly (Expression | undefined)[],
  ): Written {
    const { parameters } = info.node;
    if (args.length !== parameters.length) {
      return owned(`${this.helper('wrongCount')}(${quote(name)}${this.evaluated(args)})`);
    }
    const codes = args.map((arg, at) =>
      info.byReference[at]
        ? this.referenceArgument(arg)
        : arg === undefined
          ? this.helper('MISSING')
          : this.code(arg),
    );
    return owned(`${info.js}(${codes.join(',')})`);
  }

  /** Arguments that are evaluated although the call cannot happen. */
  private evaluated(args: readonly (Expression | undefined)[]): string {
    return args.map((arg) => `,${arg === undefined ? 'undefined' : this.code(arg)}`).join('');
  }

  /** A member of the class that this code stands in. */
  private callMethods(
    procedures: readonly ProcedureInfo[],
    name: string,
    args: readonly (Expression | undefined)[],
  ): Written {
    const info = procedures.find(
      (candidate) =>
        candidate.node.procedureKind !== 'let' &&
        candidate.node.procedureKind !== 'set' &&
        candidate.node.parameters.length === args.length,
    );
    if (info === undefined) {
      const readable = procedures.some(
        ({ node }) => node.procedureKind !== 'let' && node.procedureKind !== 'set',
      );
      const helper = this.helper(readable ? 'wrongCount' : 'noRead');
      return owned(`${helper}(${quote(name)}${this.evaluated(args)})`);
    }
    return owned(`self[${quote(methodKey(info))}](${this.lateArguments(args)})`);
  }

  private callBuiltin(
    builtin: { readonly name: string; readonly min: number; readonly max: number },
    args: readonly (Expression | undefined)[],
  ): Written {
    const lower = builtin.name.toLowerCase();
    if (args.length < builtin.min || args.length > builtin.max) {
      return owned(`${this.helper('wrongCount')}(${quote(builtin.name)}${this.evaluated(args)})`);
    }
    if (lower === 'eval') {
      return owned(`${this.helper('evaluate')}(${this.code(args[0]!)},${this.localScope()},rt)`);
    }
    if (lower === 'execute') {
      return owned(`${this.helper('execute')}(${this.code(args[0]!)},${this.localScope()},rt)`);
    }
    const codes = args.map((arg) => (arg === undefined ? this.helper('MISSING') : this.code(arg)));
    if (Number.isFinite(builtin.max)) {
      while (codes.length < builtin.max) codes.push(this.helper('MISSING'));
    }
    if (lower === 'createobject' || lower === 'getobject') {
      return owned(`(rt.unit=U,rt.offset=L,B.${lower}(rt,${codes.join(',')}))`);
    }
    return owned(`B.${lower}(${['rt', ...codes].join(',')})`);
  }

  /** The scope that Execute and Eval work in: the procedure's, or the global one. */
  private localScope(): string {
    return this.place.procedure !== undefined || this.place.unit.mode === 'local' ? 'S' : 'undefined';
  }

  /** `object.member(args)`. */
  protected callMember(
    target: Extract<Expression, { kind: 'member' }>,
    args: readonly (Expression | undefined)[],
    helper: 'getMember' | 'callMember',
  ): Written {
    const { object, name, lower } = target;
    const inner = object === undefined ? undefined : ungrouped(object);
    if (inner?.kind === 'me' && this.place.owner !== undefined) {
      const own = this.place.owner;
      const procedures = own.procedures.get(lower);
      if (procedures !== undefined) return this.callMethods(procedures, name, args);
    }
    const culprit = this.culpritOf(object);
    const site = this.writer.site(name, culprit);
    const objectCode = object === undefined ? this.withCode() : this.code(object);
    const o = this.temporary();
    const codes = args.map((arg) => this.lateArgument(arg));
    const names = codes.map(() => this.temporary());
    const sets = codes.map((code, at) => `${names[at]}=${code},`).join('');
    const key = quote(`m$${lower}$${args.length}`);
    return owned(
      `(${o}=${objectCode},${sets}${o}?.[${key}]!==undefined?${o}[${key}](${names.join(',')}):` +
        `${this.helper(helper)}(${o},${site},[${names.join(',')}],L))`,
    );
  }

  protected culpritOf(object: Expression | undefined): string | undefined {
    const inner = object === undefined ? undefined : ungrouped(object);
    if (inner?.kind === 'name' || inner?.kind === 'member') return inner.name;
    if (inner?.kind === 'call') return this.culpritOf(inner.callee);
    return undefined;
  }

  /** The object of the innermost With; 505 when there is none. */
  protected withCode(): string {
    return this.withs[this.withs.length - 1] ?? `${this.helper('noWith')}()`;
  }

  // ---- arguments ----

  protected lateArguments(args: readonly (Expression | undefined)[]): string {
    return args.map((arg) => this.lateArgument(arg)).join(',');
  }

  /** An argument for a callee that is only known when it runs: a place for variables, else a value. */
  protected lateArgument(arg: Expression | undefined): string {
    if (arg === undefined) return this.helper('MISSING');
    return this.placeCode(arg) ?? this.passedValue(arg);
  }

  /** An argument for a parameter that takes a Reference. */
  private referenceArgument(arg: Expression | undefined): string {
    if (arg === undefined) return `new ${this.helper('Cell')}(${this.helper('MISSING')})`;
    return this.placeCode(arg) ?? `new ${this.helper('Cell')}(${this.passedValue(arg)})`;
  }

  /** A value passed on; what stands in parentheses is a copy. */
  protected passedValue(arg: Expression): string {
    const written = this.value(arg);
    if (written.isOwned || written.kind !== 'any' || arg.kind === 'literal' || arg.kind === 'new')
      return written.code;
    return `${this.helper('copied')}(${written.code})`;
  }

  /** Code for the Reference that an expression names, or `undefined` when it names none. */
  private placeCode(arg: Expression): string | undefined {
    if (arg.kind === 'name') {
      this.writer.spell(arg.lower, arg.name);
      const binding = this.resolve(arg.lower);
      switch (binding.kind) {
        case 'local':
          return binding.variable.boxed ? binding.variable.js : undefined;
        case 'field':
          return `new ${this.helper('FieldReference')}(self,${quote(binding.key)})`;
        case 'global':
          if (binding.isDeclared || this.place.procedure === undefined) return this.writer.place(arg.lower);
          return undefined;
        case 'unknown':
          return `${this.helper('referenceName')}(${this.writer.cell(arg.lower)},${this.strict()},rt)`;
        case 'dynamic':
          return `${this.helper('referenceDynamic')}(S,${quote(arg.lower)},${this.strict()},rt)`;
        default:
          return undefined;
      }
    }
    if (arg.kind === 'call' && arg.callee.kind === 'name') {
      const binding = this.resolve(arg.callee.lower);
      const isVariable =
        binding.kind === 'field' ||
        (binding.kind === 'local' && binding.variable.kind !== 'result') ||
        (binding.kind === 'global' && (binding.isDeclared || this.place.procedure === undefined));
      if (!isVariable) return undefined;
      const { code } = this.name(arg.callee.name, arg.callee.lower);
      const site = this.writer.site('', arg.callee.name);
      return `${this.helper('elementReference')}(${code},[${this.plainArguments(arg.args)}],${site},L)`;
    }
    return undefined;
  }
}

/** The prototype key under which a class has this procedure. Private ones have keys that no other code uses. */
export function methodKey(info: ProcedureInfo): string {
  const { node } = info;
  const isPut = node.procedureKind === 'let' || node.procedureKind === 'set';
  const count = node.parameters.length - (isPut ? 1 : 0);
  const prefix = node.procedureKind === 'let' ? 'l' : node.procedureKind === 'set' ? 's' : 'm';
  return node.visibility === 'private'
    ? `p${prefix}$${node.lower}$${count}`
    : `${prefix}$${node.lower}$${count}`;
}

const isTruthKind = (kind: Kind): boolean => kind === 'boolean' || kind === 'truth';
const isNumberKind = (kind: Kind): boolean => kind === 'number' || kind === 'raw';

/** The value of a numeric literal, signs included. */
export function literalNumber(expression: Expression): number | undefined {
  const inner = ungrouped(expression);
  if (inner.kind === 'literal') {
    return typeof inner.value === 'number' && (inner.value | 0) === inner.value ? inner.value : undefined;
  }
  if (inner.kind === 'unary' && inner.operator === '-') {
    const value = literalNumber(inner.operand);
    return value === undefined || value === 0 || value === 32768 ? undefined : -value;
  }
  return undefined;
}

const any = (code: string): Written => ({ code, kind: 'any', isStable: false, isOwned: false });
const owned = (code: string): Written => ({ code, kind: 'any', isStable: false, isOwned: true });
const scalar = (code: string): Written => ({ code, kind: 'scalar', isStable: false, isOwned: true });
const stable = (code: string): Written => ({ code, kind: 'any', isStable: true, isOwned: false });

export { fieldKey };
