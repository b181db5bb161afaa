/**
 * Writes JavaScript for statements.
 * Owns: control flow, assignment, which statement runs next after a trapped error.  Leaves: expressions, procedures.
 *
 * In a procedure that contains On Error Resume Next each statement has a try of its own, and what follows a failed part
 * of a compound statement is written out: a failed condition takes its branch, a failed Select skips all, and so on.
 * Elsewhere errors simply unwind. Source: observed: public conformance suite; §2.10 of docs/compatibility-vbscript.md.
 */
import type { Expression, Statement } from '../ast.ts';
import { ungrouped, walkStatements } from './analysis.ts';
import { ExpressionWriter, literalNumber, methodKey, type Written } from './expressions.ts';
import type { Place } from './scope.ts';
import type { UnitWriter } from './writer.ts';
import { quote } from './writer.ts';

type StatementOf<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

const TICK = 'if(--rt.fuel<0)rt.tick();';

export class StatementWriter extends ExpressionWriter {
  protected readonly lines: string[] = [];
  private readonly hasResume: boolean;
  private readonly forLabels: string[] = [];
  private readonly doLabels: string[] = [];

  constructor(writer: UnitWriter, place: Place) {
    super(writer, place);
    this.hasResume = place.body.hasResume;
  }

  protected emit(code: string): void {
    this.lines.push(code);
  }

  /** Code that may fail: in a procedure that resumes, with its own try. */
  private guarded(code: string, onError = ''): void {
    if (!this.hasResume) this.emit(code);
    else this.emit(`try{${code}}catch(e){if(!on)throw e;rt.trap(e,L,U,D);${onError}}`);
  }

  private at(offset: number): void {
    this.emit(`L=${offset};${this.writer.isTracing ? `${this.helper('traceLine')}(rt,U,L);` : ''}`);
  }

  protected block(statements: readonly Statement[]): void {
    for (const statement of statements) {
      this.statement(statement);
      this.endStatement();
    }
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case 'procedure':
      case 'class':
      case 'const':
        return;
      case 'dim':
        this.dim(statement);
        return;
      case 'stop':
        return;
    }
    this.at(statement.at);
    switch (statement.kind) {
      case 'assign':
        this.guarded(this.assignment(statement));
        this.drain();
        return;
      case 'callStatement':
        this.guarded(`${this.callStatement(statement)};`);
        this.drain();
        return;
      case 'redim':
        this.redim(statement);
        return;
      case 'erase':
        this.erase(statement);
        return;
      case 'if':
        this.ifStatement(statement);
        return;
      case 'select':
        this.select(statement);
        return;
      case 'for':
        this.forStatement(statement);
        return;
      case 'forEach':
        this.forEach(statement);
        return;
      case 'loop':
        this.loop(statement);
        return;
      case 'with':
        this.with(statement);
        return;
      case 'exit':
        this.exit(statement);
        return;
      case 'onError':
        this.emit(`${this.hasResume ? `on=${statement.mode === 'resume'};` : ''}rt.err.clear();`);
        return;
    }
  }

  /** In counting programs: objects that lost their last reference in this statement end now. */
  protected drain(): void {
    if (this.writer.isCounting) this.guarded('if(rt.pending.length>M)rt.drain(M);');
  }

  // ---- declarations and arrays ----

  private dim(statement: StatementOf<'dim'>): void {
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

  private redim(statement: StatementOf<'redim'>): void {
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

  private erase(statement: StatementOf<'erase'>): void {
    for (const target of statement.targets) {
      this.guarded(`${this.helper('eraseArray')}(${this.code(target)},rt);`);
    }
    this.drain();
  }

  // ---- assignment ----

  private assignment(statement: StatementOf<'assign'>): string {
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

  private lettable(written: Written): string {
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
        const site = this.writer.site(target.name, this.culpritOf(target.object));
        const object = target.object === undefined ? this.withCode() : this.code(target.object);
        return `${this.helper('putMember')}(${object},${site},[],${code},false,L)`;
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
    const site = this.writer.site(target.name, this.culpritOf(target.object));
    const o = this.temporary();
    const codes = args.map((arg) => this.lateArgument(arg));
    const names = codes.map(() => this.temporary());
    const sets = codes.map((code, at) => `${names[at]}=${code},`).join('');
    const key = quote(`${isSet ? 's' : 'l'}$${target.lower}$${args.length}`);
    return (
      `${v}=${valueCode},${o}=${objectCode},${sets}${o}?.[${key}]!==undefined?` +
      `${o}[${key}](${[...names, v].join(',')}):` +
      `${this.helper('putMember')}(${o},${site},[${names.join(',')}],${v},${isSet},L);`
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
    const site = this.writer.site('', name);
    const target = callee.kind === 'name' ? this.indexedValue(callee) : this.code(callee);
    const [only] = args;
    const isSimple = args.every(
      (arg) => arg !== undefined && (arg.kind === 'literal' || arg.kind === 'name'),
    );
    if (!isSet && args.length === 1 && only !== undefined) {
      const written = this.value(value);
      const code =
        written.isOwned || written.kind !== 'any'
          ? written.code
          : `${this.helper('copied')}(${written.code})`;
      if (isSimple) return `${this.helper('setIndex1')}(${target},${this.raw(only).code},${code},${site},L);`;
      const v = this.temporary();
      return `${v}=${code},${this.helper('setIndex1')}(${target},${this.raw(only).code},${v},${site},L);`;
    }
    const v = this.temporary();
    const code = isSet ? this.objectCode(value, name ?? '') : this.passedValue(value);
    const codes = args.map((arg) => (arg === undefined ? this.helper('MISSING') : this.code(arg))).join(',');
    return `${v}=${code},${this.helper('setIndex')}(${target},[${codes}],${v},${isSet},${site},L);`;
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

  private callStatement(statement: StatementOf<'callStatement'>): string {
    const callee = ungrouped(statement.callee);
    const { args } = statement;
    if (callee.kind === 'member') return this.callMember(callee, args, 'callMember').code;
    if (callee.kind === 'name') {
      const binding = this.resolve(callee.lower);
      const isOwnName = binding.kind === 'local' && binding.variable.kind === 'result';
      const isVariable =
        (binding.kind === 'local' && !isOwnName) ||
        binding.kind === 'field' ||
        (binding.kind === 'global' && (binding.isDeclared || this.place.procedure === undefined));
      if (isVariable) {
        const site = this.writer.site('', callee.name);
        return `${this.helper('callValue')}(${this.code(callee)},[${this.lateArguments(args)}],${site},L)`;
      }
      return this.call(callee, args, false).code;
    }
    if (callee.kind === 'call' && args.length === 0) return this.code(callee);
    const site = this.writer.site('', undefined);
    return `${this.helper('callValue')}(${this.code(callee)},[${this.lateArguments(args)}],${site},L)`;
  }

  // ---- conditions ----

  /** Evaluates a condition into a fresh variable; a trapped error counts as `failed`. */
  private test(expression: Expression, failed: boolean): string {
    const name = this.writer.fresh('c');
    let code = this.condition(expression);
    if (this.writer.isTracing) code = `${this.helper('traceCondition')}(rt,U,L,${code})`;
    if (!this.hasResume) this.emit(`const ${name}=${code};`);
    else {
      this.emit(`let ${name};`);
      this.guarded(`${name}=${code};`, `${name}=${failed};`);
    }
    this.endStatement();
    return name;
  }

  private ifStatement(statement: StatementOf<'if'>): void {
    let opened = 0;
    statement.branches.forEach((branch, position) => {
      if (position > 0) {
        this.emit('else{');
        opened += 1;
        this.at(branch.at);
      }
      if (!this.hasResume && !this.writer.isTracing) {
        this.emit(`if(${this.condition(branch.condition)}){`);
        this.endStatement();
      } else {
        const test = this.test(branch.condition, true);
        this.emit(`if(${test}){`);
      }
      this.block(branch.body);
      this.emit('}');
    });
    if (statement.otherwise !== undefined && statement.otherwise.length > 0) {
      this.emit('else{');
      this.block(statement.otherwise);
      this.emit('}');
    }
    this.emit('}'.repeat(opened));
    this.drain();
  }

  private select(statement: StatementOf<'select'>): void {
    const label = this.writer.fresh('select');
    const subject = this.writer.fresh('x');
    this.emit(`${label}:{`);
    const written = this.value(statement.subject);
    this.emit(`let ${subject};`);
    const value = written.kind === 'any' ? `${this.helper('selected')}(${written.code},rt)` : written.code;
    this.guarded(
      `${subject}=${value};${this.writer.isTracing ? `${this.helper('traceCondition')}(rt,U,L,${subject});` : ''}`,
      `break ${label};`,
    );
    this.endStatement();
    const isSubjectHard = this.isHard(statement.subject);
    // Errors of a Case belong to the Select statement, as the product reports them.
    for (const clause of statement.clauses) {
      if (clause.values === undefined) {
        this.block(clause.body);
        this.emit(`break ${label};`);
        continue;
      }
      const tests = clause.values.map((candidate) => {
        const hardness = (isSubjectHard ? 1 : 0) | (this.isHard(candidate) ? 2 : 0);
        const code = this.code(candidate);
        const test = `${this.helper('equal')}(${subject},${code},${hardness},rt)`;
        return test;
      });
      if (!this.hasResume) this.emit(`if(${tests.join('||')}){`);
      else {
        const name = this.writer.fresh('c');
        this.emit(`let ${name};`);
        this.guarded(`${name}=${tests.join('||')};`, `${name}=true;`);
        this.emit(`if(${name}){`);
      }
      this.endStatement();
      this.block(clause.body);
      this.emit(`break ${label};}`);
    }
    this.emit('}');
    this.drain();
  }

  // ---- loops ----

  private loop(statement: StatementOf<'loop'>): void {
    const label = this.writer.fresh('loop');
    if (statement.form === 'do') this.doLabels.push(label);
    this.emit(`${label}:for(;;){`);
    if (statement.test === 'before') this.loopTest(statement, label, true);
    this.block(statement.body);
    if (statement.test === 'after') {
      this.at(statement.endAt);
      this.loopTest(statement, label, false);
    }
    this.emit(`${TICK}}`);
    if (statement.form === 'do') this.doLabels.pop();
  }

  /** A trapped error in the test before the body runs it; in the one behind it ends the loop. */
  private loopTest(statement: StatementOf<'loop'>, label: string, runsOnError: boolean): void {
    if (statement.condition === undefined) return;
    if (statement.test === 'before') this.emit(`L=${statement.at};`);
    const isWhile = statement.sense === 'while';
    if (!this.hasResume && !this.writer.isTracing) {
      const code = this.condition(statement.condition);
      this.emit(isWhile ? `if(!(${code}))break ${label};` : `if(${code})break ${label};`);
      this.endStatement();
      return;
    }
    const test = this.test(statement.condition, isWhile === runsOnError);
    this.emit(isWhile ? `if(!${test})break ${label};` : `if(${test})break ${label};`);
  }

  private forStatement(statement: StatementOf<'for'>): void {
    const fresh = (prefix: string): string => this.writer.fresh(prefix);
    const [label, c, e, k, last] = [fresh('for'), fresh('c'), fresh('e'), fresh('k'), fresh('l')];
    const variable = statement.variable as Extract<Expression, { kind: 'name' }>;
    const from = literalNumber(statement.from);
    const step = statement.step === undefined ? 1 : literalNumber(statement.step);
    const isPlain = from !== undefined && isShort(from) && step !== undefined && isShort(step) && step !== 0;
    const isSteady = !this.mayWrite(statement.body, variable.lower);
    const ok = this.hasResume ? fresh('ok') : undefined;
    const s = step === undefined ? fresh('s') : undefined;
    const stepCode = s ?? String(step);

    this.emit('{');
    if (ok !== undefined) this.emit(`let ${ok}=true;`);
    if (isPlain) {
      this.emit(`let ${c}=${from},${e};`);
      this.guarded(`${e}=${this.helper('forLimit')}(${this.code(statement.to)},rt);`, `${ok}=false;`);
    } else {
      this.emit(
        `let ${c},${e},${k},${[s]
          .filter(Boolean)
          .map((name) => `${name},`)
          .join('')}f_;`,
      );
      const f = this.code(statement.from);
      const [fromTemporary, toTemporary] = [this.temporary(), this.temporary()];
      const stepValue = statement.step === undefined ? '1' : this.code(statement.step);
      const stepTemporary = this.temporary();
      this.guarded(
        `${fromTemporary}=${f};${toTemporary}=${this.code(statement.to)};${stepTemporary}=${stepValue};` +
          `${k}=${this.helper('forKind')}(${fromTemporary},${toTemporary},${stepTemporary},rt);` +
          `${e}=${this.helper('forLimit')}(${toTemporary},rt);` +
          `${s === undefined ? '' : `${s}=${this.helper('forLimit')}(${stepTemporary},rt);`}` +
          `${c}=${this.helper('forLimit')}(${fromTemporary},rt);`,
        `${ok}=false;`,
      );
    }
    this.endStatement();
    const value =
      isPlain && isSteady
        ? c
        : isPlain
          ? `(${k}_===0?${c}:${this.helper('forValue')}(${k}_,${c}))`
          : `(${k}===0?${c}:${this.helper('forValue')}(${k},${c}))`;
    if (isPlain && !isSteady) this.emit(`let ${k}_=0;`);
    const kindName = isPlain ? `${k}_` : k;
    if (!isSteady) this.emit(`let ${last};`);
    const binding = this.resolve(variable.lower);
    const knownName =
      binding.kind === 'local' && !binding.variable.boxed
        ? binding.variable.js
        : binding.kind === 'global' && binding.isDeclared
          ? this.writer.cell(variable.lower)
          : undefined;
    const before = knownName === undefined ? undefined : this.known.get(knownName);
    this.emit(`${label}:for(;;){`);
    const store = this.store(variable, isSteady ? value : `${last}=${value}`);
    const direction =
      s !== undefined ? `(${s}>=0?${c}<=${e}:${c}>=${e})` : step! >= 0 ? `${c}<=${e}` : `${c}>=${e}`;
    const head = `${store};if(!(${direction}))break ${label};`;
    if (ok === undefined) this.emit(head);
    else this.emit(`if(${ok}){${head}}`);
    if (knownName !== undefined && isPlain && isSteady && !this.hasResume)
      this.known.set(knownName, 'number');
    this.forLabels.push(label);
    this.block(statement.body);
    this.forLabels.pop();
    if (knownName !== undefined) {
      if (before === undefined) this.known.delete(knownName);
      else this.known.set(knownName, before);
    }
    this.emit(`L=${statement.endAt};`);
    if (ok !== undefined) {
      this.emit(`if(!${ok}){`);
      this.guarded(`${this.helper('forNotReady')}(92);`);
      this.emit(`break ${label};}`);
    }
    if (isSteady) this.emit(`${c}+=${stepCode};`);
    else {
      const current = this.code(variable);
      const n = this.temporary();
      this.emit(`if(${current}===${last})${c}+=${stepCode};else{let ${k}n;`);
      this.guarded(
        `${n}=${this.helper('add')}(${current},${stepCode},rt);${kindName}=${this.helper('forKind')}(${n},${n},1,rt);${c}=${this.helper('forLimit')}(${n},rt);`,
        `break ${label};`,
      );
      this.emit('}');
      this.endStatement();
    }
    this.emit(`${TICK}}}`);
    this.drain();
  }

  /** True when the body, or anything it may call, can write to the loop variable. */
  private mayWrite(body: readonly Statement[], lower: string): boolean {
    const binding = this.resolve(lower);
    let isWritten = false;
    let calls = false;
    walkStatements(body, (statement) => {
      if (writesName(statement, lower)) isWritten = true;
      if (this.mayCall(statement)) calls = true;
    });
    if (isWritten || this.place.body.isDynamic || binding.kind === 'dynamic') return true;
    if (binding.kind === 'local' && !binding.variable.boxed) return false;
    // A boxed or global variable: calls might reach it.
    return calls;
  }

  /** True when a statement may run code of procedures or objects. */
  private mayCall(statement: Statement): boolean {
    const holds = (expression: Expression | undefined): boolean =>
      expression !== undefined && this.holdsCall(expression);
    switch (statement.kind) {
      case 'callStatement':
      case 'forEach':
        return true;
      case 'assign':
        return holds(statement.target) || holds(statement.value);
      case 'if':
        return statement.branches.some((branch) => holds(branch.condition));
      case 'select':
        return (
          holds(statement.subject) || statement.clauses.some((clause) => clause.values?.some(holds) === true)
        );
      case 'for':
        return [statement.from, statement.to, statement.step].some(holds);
      case 'loop':
        return holds(statement.condition);
      case 'with':
        return holds(statement.object);
      case 'redim':
        return statement.items.some((item) => item.bounds.some(holds));
      default:
        return false;
    }
  }

  private holdsCall(expression: Expression): boolean {
    switch (expression.kind) {
      case 'literal':
      case 'me':
        return false;
      case 'name': {
        const { kind } = this.resolve(expression.lower);
        return (
          kind !== 'local' &&
          kind !== 'constant' &&
          kind !== 'field' &&
          kind !== 'global' &&
          kind !== 'builtin'
        );
      }
      case 'unary':
        return this.holdsCall(expression.operand);
      case 'binary': {
        let node: Expression = expression;
        for (; node.kind === 'binary'; node = node.left) if (this.holdsCall(node.right)) return true;
        return this.holdsCall(node);
      }
      case 'group':
        return this.holdsCall(expression.inner);
      case 'call':
        return (
          expression.callee.kind !== 'name' ||
          this.resolve(expression.callee.lower).kind !== 'builtin' ||
          expression.args.some((arg) => arg !== undefined && this.holdsCall(arg))
        );
      default:
        return true;
    }
  }

  private forEach(statement: StatementOf<'forEach'>): void {
    const label = this.writer.fresh('each');
    const [items, item, source] = [this.writer.fresh('i'), this.writer.fresh('n'), this.writer.fresh('x')];
    const ok = this.hasResume ? this.writer.fresh('ok') : undefined;
    this.emit(`{let ${items},${item},${source};${ok === undefined ? '' : `let ${ok}=true;`}`);
    this.guarded(
      `${source}=${this.code(statement.collection)};${items}=${this.helper('forEachItems')}(${source},rt);`,
      `${ok}=false;`,
    );
    this.endStatement();
    this.emit(`try{${label}:for(;;){`);
    const advance = `${item}=${items}.next();`;
    if (ok === undefined) this.emit(`${advance}if(${item}.done)break ${label};`);
    else {
      this.emit(`if(${ok}){let d_=false;`);
      this.guarded(`${advance}d_=${item}.done;`, 'd_=true;');
      this.emit(`if(d_)break ${label};}`);
    }
    const stored = `${this.store(statement.variable, `${item}.value`)};`;
    if (ok === undefined) this.emit(stored);
    else this.guarded(`if(${ok}){${stored}}`);
    this.forLabels.push(label);
    this.block(statement.body);
    this.forLabels.pop();
    this.emit(`L=${statement.endAt};`);
    if (ok !== undefined) {
      this.emit(`if(!${ok}){`);
      this.guarded(`${this.helper('forNotReady')}(451);`);
      this.emit(`break ${label};}`);
    }
    this.emit(`${TICK}}if(${item}?.done)${this.store(statement.variable, 'undefined')};`);
    this.emit(`}finally{${items}?.return?.();}}`);
    this.drain();
  }

  private with(statement: StatementOf<'with'>): void {
    const name = this.writer.fresh('with');
    this.emit(`{let ${name};`);
    this.guarded(`${name}=${this.code(statement.object)};`);
    if (this.writer.isCounting) this.emit(`${this.helper('hold')}(rt,undefined,${name});`);
    this.endStatement();
    this.withs.push(name);
    this.block(statement.body);
    this.withs.pop();
    if (this.writer.isCounting) this.emit(`${this.helper('hold')}(rt,${name},undefined);`);
    this.emit('}');
    this.drain();
  }

  private exit(statement: StatementOf<'exit'>): void {
    if (statement.what === 'for') this.emit(`break ${this.forLabels[this.forLabels.length - 1]};`);
    else if (statement.what === 'do') this.emit(`break ${this.doLabels[this.doLabels.length - 1]};`);
    else this.emit('break body;');
  }
}

const isShort = (value: number): boolean => value >= -32768 && value <= 32767;

function writesName(statement: Statement, lower: string): boolean {
  const isIt = (expression: Expression): boolean => expression.kind === 'name' && expression.lower === lower;
  switch (statement.kind) {
    case 'assign':
      return isIt(statement.target);
    case 'for':
    case 'forEach':
      return isIt(statement.variable);
    case 'redim':
      return statement.items.some((item) => isIt(item.target));
    case 'erase':
      return statement.targets.some(isIt);
    default:
      return false;
  }
}
