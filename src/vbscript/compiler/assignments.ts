/**
 * Writes JavaScript for declarations, assignments and calls as statements.
 * Owns: stores under every kind of target, the try around what may fail.  Leaves: control flow (`statements.ts`, `loops.ts`).
 */
import type { Expression, Statement } from '../ast.ts';
import { ungrouped } from './analysis.ts';
import { ExpressionWriter, methodKey } from './expressions.ts';
import type { Place } from './scope.ts';
import type { UnitWriter } from './writer.ts';
import { quote } from './writer.ts';
import type { Written } from './written.ts';

/** Lines that are joined at once: a million small texts would be work for the collector. */
const STRETCH = 1024;

export type StatementOf<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

export class AssignmentWriter extends ExpressionWriter {
  /** Lines written since the last stretch was joined. */
  private lines: string[] = [];
  private readonly stretches: string[] = [];
  protected readonly hasResume: boolean;

  constructor(writer: UnitWriter, place: Place) {
    super(writer, place);
    this.hasResume = place.body.hasResume;
  }

  protected emit(code: string): void {
    if (this.lines.push(code) < STRETCH) return;
    this.stretches.push(this.lines.join('\n'));
    this.lines = [];
    this.writer.onProgress?.();
  }

  /** Everything emitted. */
  protected written(): string {
    return [...this.stretches, ...this.lines].join('\n');
  }

  /** Conditions may be written in place: nothing has to happen between their value and the branch. */
  protected get testsInPlace(): boolean {
    return !this.hasResume && !this.writer.isTracing && !this.writer.isCounting;
  }

  /** Code that may fail: in a procedure that resumes, with its own try. */
  protected guarded(code: string, onError = ''): void {
    if (!this.hasResume) this.emit(code);
    else this.emit(`try{${code}}catch(e){if(!on)throw e;rt.trap(e,L,U,D);${onError}}`);
  }

  protected at(offset: number): void {
    this.emit(`L=${offset};${this.writer.isTracing ? `${this.helper('traceLine')}(rt,U,L);` : ''}`);
  }

  /** In counting programs: objects that lost their last reference in this statement end now. */
  protected drain(): void {
    if (this.writer.isCounting) this.guarded('if(rt.pending.length>M)rt.drain(M);');
  }

  // ---- declarations and arrays ----

  protected dim(statement: StatementOf<'dim'>): void {
    for (const { lower, name, bounds } of statement.declarators) {
      if (bounds === undefined) {
        if (this.place.unit.mode === 'local' && this.place.procedure === undefined) {
          this.emit(`${this.helper('declareDynamic')}(S,${quote(lower)});`);
        } else if (this.place.procedure === undefined) this.writer.cell(lower);
        continue;
      }
      this.at(statement.at);
      const target: Expression = { kind: 'name', name, lower, at: statement.at };
      if (this.place.unit.mode === 'local' && this.place.procedure === undefined) {
        this.emit(`${this.helper('declareDynamic')}(S,${quote(lower)});`);
      }
      const current = this.code(target);
      const store = this.store(target, `${this.helper('dimArray')}(${current},[${bounds.join(',')}],rt)`);
      this.guarded(`${store};`);
    }
  }

  protected redim(statement: StatementOf<'redim'>): void {
    for (const { target, bounds } of statement.items) {
      const current = target.kind === 'name' ? this.currentValue(target) : this.code(target);
      const codes = bounds.map((bound) => this.code(bound)).join(',');
      const helper = this.helper('redimArray');
      const array = `${helper}(${current},()=>[${codes}],${statement.preserve},rt)`;
      this.guarded(`${this.store(target, array)};`);
    }
    this.drain();
  }

  /** A variable's value for ReDim, which may be the first to name it. */
  private currentValue(target: Extract<Expression, { kind: 'name' }>): string {
    const binding = this.resolve(target.lower);
    if (binding.kind === 'unknown') return `${this.writer.cell(target.lower)}.v`;
    if (binding.kind === 'dynamic') {
      return `${this.helper('referenceDynamic')}(S,${quote(target.lower)},false,rt).v`;
    }
    return this.code(target);
  }

  protected erase(statement: StatementOf<'erase'>): void {
    for (const target of statement.targets) {
      this.guarded(`${this.helper('eraseArray')}(${this.code(target)},rt);`);
    }
    this.drain();
  }

  // ---- assignment ----

  protected assignment(statement: StatementOf<'assign'>): string {
    const { target, value, isSet } = statement;
    if (target.kind === 'name') {
      const code = isSet ? this.objectCode(value, target.name) : this.letCode(value);
      return `${this.store(target, code, isSet)};`;
    }
    if (target.kind === 'member') return this.putMember(target, [], value, isSet);
    if (target.kind === 'call') {
      const callee = ungrouped(target.callee);
      if (callee.kind === 'member') return this.putMember(callee, target.args, value, isSet);
      return this.putIndex(callee, target.args, value, isSet);
    }
    return `${this.helper('illegalAssignment')}();`;
  }

  private letCode(value: Expression): string {
    const written = this.value(value);
    return this.lettable(written);
  }

  protected lettable(written: Written): string {
    if (written.kind !== 'any') return written.code;
    if (written.code === 'undefined' || written.code === 'null') return written.code;
    return `${this.helper(written.isOwned ? 'letOwned' : 'letValue')}(${written.code},rt)`;
  }

  private objectCode(value: Expression, culprit: string): string {
    const inner = ungrouped(value);
    if (inner.kind === 'new') return this.code(value);
    return `${this.helper('objectValue')}(${this.code(value)},${quote(this.culpritOf(value) ?? culprit)})`;
  }

  /** Stores a value under a name. */
  protected store(target: Expression, code: string, isSet = false): string {
    if (target.kind !== 'name') {
      if (target.kind === 'member') {
        const site = this.writer.site(target.name, this.culpritOf(target.object), 'put', 0);
        const object = target.object === undefined ? this.withCode() : this.code(target.object);
        return `${this.helper('putMember0')}(${object},${site},${code},L)`;
      }
      return `${this.helper('illegalAssignment')}(${code})`;
    }
    const { lower, name } = target;
    this.writer.spell(lower, name);
    const binding = this.resolve(lower);
    switch (binding.kind) {
      case 'local':
        return this.assign(binding.variable.boxed ? `${binding.variable.js}.v` : binding.variable.js, code);
      case 'field':
        return this.assign(`self[${quote(binding.key)}]`, code);
      case 'global':
        if (binding.isDeclared || this.place.procedure === undefined) {
          return this.assign(`${this.writer.place(lower)}.v`, code);
        }
        break;
      case 'method': {
        const kind = isSet ? 'set' : 'let';
        const put = binding.procedures.find(
          ({ node }) => node.procedureKind === kind && node.parameters.length === 1,
        );
        if (put !== undefined) return `self[${quote(methodKey(put))}](${code})`;
        return `${this.helper('illegalAssignment')}(${code},${quote(name)})`;
      }
      case 'dynamic':
        return this.assign(`${this.helper('assignDynamic')}(S,${quote(lower)},${this.strict()},rt).v`, code);
      case 'constant':
      case 'procedure':
      case 'builtin':
        return `${this.helper('illegalAssignment')}(${code},${quote(name)})`;
    }
    return this.assign(
      `${this.helper('assignName')}(${this.writer.cell(lower)},${this.strict()},rt).v`,
      code,
    );
  }

  private assign(place: string, code: string): string {
    if (!this.writer.isCounting) return `${place}=${code}`;
    return `${place}=${this.helper('hold')}(rt,${place},${code})`;
  }

  private putMember(
    target: Extract<Expression, { kind: 'member' }>,
    args: readonly (Expression | undefined)[],
    value: Expression,
    isSet: boolean,
  ): string {
    const v = this.temporary();
    const valueCode = isSet ? this.objectCode(value, target.name) : this.passedValue(value);
    const objectCode = target.object === undefined ? this.withCode() : this.code(target.object);
    const kind = isSet ? 'putref' : 'put';
    const site = this.writer.site(target.name, this.culpritOf(target.object), kind, args.length);
    const o = this.temporary();
    const codes = args.map((arg) => this.lateArgument(arg));
    const names = codes.map(() => this.temporary());
    const sets = codes.map((code, at) => `${names[at]}=${code},`).join('');
    const key = quote(`${isSet ? 's' : 'l'}$${target.lower}$${args.length}`);
    return (
      `${v}=${valueCode},${o}=${objectCode},${sets}${o}?.[${key}]!==undefined?` +
      `${o}[${key}](${[...names, v].join(',')}):` +
      `${this.useCode('putMember', 1, o, site, names)},${v},L);`
    );
  }

  private putIndex(
    callee: Expression,
    args: readonly (Expression | undefined)[],
    value: Expression,
    isSet: boolean,
  ): string {
    const name = callee.kind === 'name' ? callee.name : undefined;
    if (callee.kind === 'name') {
      const property = this.ownProperty(callee, args, value, isSet);
      if (property !== undefined) return property;
    }
    const site = this.writer.site('', name, isSet ? 'putref' : 'put', args.length);
    const target = callee.kind === 'name' ? this.indexedValue(callee) : this.code(callee);
    const [only] = args;
    const isSimple = args.every(
      (arg) => arg !== undefined && (arg.kind === 'literal' || arg.kind === 'name'),
    );
    if (isSet && args.length === 1 && only !== undefined) {
      const v = this.temporary();
      const code = this.objectCode(value, name ?? '');
      return `${v}=${code},${this.helper('setIndex1')}(${target},${this.code(only)},${v},${site},L);`;
    }
    if (!isSet && args.length === 1 && only !== undefined) {
      const written = this.value(value);
      const code =
        written.isOwned || written.kind !== 'any'
          ? written.code
          : `${this.helper('copied')}(${written.code})`;
      if (isSimple) return `${this.helper('setIndex1')}(${target},${this.code(only)},${code},${site},L);`;
      const v = this.temporary();
      return `${v}=${code},${this.helper('setIndex1')}(${target},${this.code(only)},${v},${site},L);`;
    }
    const v = this.temporary();
    const code = isSet ? this.objectCode(value, name ?? '') : this.passedValue(value);
    const codes = args.map((arg) => (arg === undefined ? this.helper('MISSING') : this.code(arg))).join(',');
    return `${v}=${code},${this.helper('setIndex')}(${target},[${codes}],${v},${site},L);`;
  }

  /** `Name(i) = v` inside a class that has a Property Let or Set of that name. */
  private ownProperty(
    callee: Extract<Expression, { kind: 'name' }>,
    args: readonly (Expression | undefined)[],
    value: Expression,
    isSet: boolean,
  ): string | undefined {
    const binding = this.resolve(callee.lower);
    if (binding.kind !== 'method') return undefined;
    const kind = isSet ? 'set' : 'let';
    const put = binding.procedures.find(
      ({ node }) => node.procedureKind === kind && node.parameters.length === args.length + 1,
    );
    if (put === undefined) return undefined;
    const v = this.temporary();
    const code = isSet ? this.objectCode(value, callee.name) : this.passedValue(value);
    const codes = [...args.map((arg) => this.lateArgument(arg)), v].join(',');
    return `${v}=${code},self[${quote(methodKey(put))}](${codes});`;
  }

  /** What an indexed assignment finds under a name: a variable's value, or the result of calling a function of that name. */
  private indexedValue(callee: Extract<Expression, { kind: 'name' }>): string {
    return this.code(callee);
  }

  // ---- calls ----

  protected callStatement(statement: StatementOf<'callStatement'>): string {
    const callee = ungrouped(statement.callee);
    const { args } = statement;
    if (callee.kind === 'member') return this.callMember(callee, args, 'call').code;
    if (callee.kind === 'name') {
      const binding = this.resolve(callee.lower);
      const isOwnName = binding.kind === 'local' && binding.variable.kind === 'result';
      const isVariable =
        (binding.kind === 'local' && !isOwnName) ||
        binding.kind === 'field' ||
        (binding.kind === 'global' && (binding.isDeclared || this.place.procedure === undefined));
      if (isVariable) {
        const site = this.writer.site('', callee.name, 'call', args.length);
        return `${this.helper('callValue')}(${this.code(callee)},[${this.lateArguments(args)}],${site},L)`;
      }
      this.isStatement = binding.kind === 'builtin';
      return this.call(callee, args, false).code;
    }
    if (callee.kind === 'call' && args.length === 0) return this.code(callee);
    const site = this.writer.site('', undefined, 'call', args.length);
    return `${this.helper('callValue')}(${this.code(callee)},[${this.lateArguments(args)}],${site},L)`;
  }
}
