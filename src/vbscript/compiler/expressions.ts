/**
 * Writes JavaScript for names, literals and calls.
 * Owns: evaluation order, argument passing, built-ins.  Leaves: operators (`operators.ts`), statements.
 */
import type { Expression } from '../ast.ts';
import type { ProcedureInfo } from './analysis.ts';
import { ungrouped } from './analysis.ts';
import { OperatorWriter } from './operators.ts';
import type { Binding } from './scope.ts';
import { quote } from './writer.ts';
import { any, type Kind, owned, stable, type Written } from './written.ts';

/** Conversions that refuse to be called as a statement. */
const NEEDS_TARGET = new Set(['cbyte', 'ccur', 'cdate', 'cdbl', 'cint', 'clng', 'csng']);

/** Arguments that a built-in is given one by one; only Array takes more. */
const MOST_ARGUMENTS = 256;

export class ExpressionWriter extends OperatorWriter {
  /** The call written next is a statement. */
  protected isStatement = false;

  // ---- values ----

  protected override value(expression: Expression): Written {
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

  /** The object of `Me`: the instance, or the script itself. */
  private selfCode(): string {
    if (this.place.owner !== undefined) return 'self';
    return this.place.unit.mode === 'local'
      ? `${this.helper('selfOf')}(S,rt)`
      : `${this.helper('selfOf')}(undefined,rt)`;
  }

  protected override literal(value: Extract<Expression, { kind: 'literal' }>['value']): Written {
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
    if (target.kind === 'member') return this.callMember(target, args, 'get');
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
        return this.callBuiltin(binding.builtin, args, this.isStatement);
      case 'dynamic': {
        const site = this.writer.site('', name, 'call', args.length);
        return owned(
          `${this.helper('callDynamic')}(S,${quote(lower)},[${this.lateArguments(args)}],${site},${this.strict()},L)`,
        );
      }
    }
    const site = this.writer.site('', name, 'call', args.length);
    const list = this.lateArguments(args);
    const [helper, given] = args.length === 1 ? ['callName1', list] : ['callName', `[${list}]`];
    return owned(`${this.helper(helper)}(${this.writer.cell(lower)},${given},${site},${this.strict()},L)`);
  }

  private indexValue(
    value: string,
    culprit: string | undefined,
    args: readonly (Expression | undefined)[],
  ): Written {
    const site = this.writer.site('', culprit, 'get', args.length);
    const [only] = args;
    if (args.length === 1 && only !== undefined) {
      return any(`${this.helper('index1')}(${value},${this.code(only)},${site},L)`);
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
    isStatement: boolean,
  ): Written {
    this.isStatement = false;
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
    if (lower === 'randomize' && !isStatement) return owned(`${this.helper('noValue')}(${codes.join(',')})`);
    if (Number.isFinite(builtin.max)) {
      while (codes.length < builtin.max) codes.push(this.helper('MISSING'));
    }
    if (lower === 'createobject' || lower === 'getobject') {
      return owned(`(rt.unit=U,rt.offset=L,B.${lower}(rt,${codes.join(',')}))`);
    }
    // More than a call may have on the stack below.
    if (codes.length > MOST_ARGUMENTS) return owned(`${this.helper('arrayOf')}([${codes.join(',')}],rt)`);
    const call = `B.${lower}(${['rt', ...codes].join(',')})`;
    // Observed: these conversions cannot be called for nothing.
    return owned(isStatement && NEEDS_TARGET.has(lower) ? `${this.helper('noTarget')}(${call})` : call);
  }

  /** The scope that Execute and Eval work in: the procedure's, or the global one. */
  private localScope(): string {
    return this.place.procedure !== undefined || this.place.unit.mode === 'local' ? 'S' : 'undefined';
  }

  /** `object.member(args)`. */
  protected callMember(
    target: Extract<Expression, { kind: 'member' }>,
    args: readonly (Expression | undefined)[],
    kind: 'get' | 'call',
  ): Written {
    const { object, name, lower } = target;
    const inner = object === undefined ? undefined : ungrouped(object);
    if (inner?.kind === 'me' && this.place.owner !== undefined) {
      const own = this.place.owner;
      const procedures = own.procedures.get(lower);
      if (procedures !== undefined) return this.callMethods(procedures, name, args);
    }
    const culprit = this.culpritOf(object);
    const site = this.writer.site(name, culprit, kind, args.length);
    const objectCode = object === undefined ? this.withCode() : this.code(object);
    const o = this.temporary();
    const codes = args.map((arg) => this.lateArgument(arg));
    const names = codes.map(() => this.temporary());
    const sets = codes.map((code, at) => `${names[at]}=${code},`).join('');
    const key = quote(`m$${lower}$${args.length}`);
    return owned(
      `(${o}=${objectCode},${sets}${o}?.[${key}]!==undefined?${o}[${key}](${names.join(',')}):` +
        `${this.useCode('useMember', 2, o, site, names)},L))`,
    );
  }

  /** The beginning of a call of `helper`: few arguments go one by one, more as a list. */
  protected useCode(
    helper: string,
    most: number,
    object: string,
    site: string,
    args: readonly string[],
  ): string {
    return args.length > most
      ? `${this.helper(helper)}(${object},${site},[${args.join(',')}]`
      : `${this.helper(helper + args.length)}(${[object, site, ...args].join(',')}`;
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
      const site = this.writer.site('', arg.callee.name, 'get', arg.args.length);
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
