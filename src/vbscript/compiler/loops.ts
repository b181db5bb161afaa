/**
 * Writes JavaScript for loops.
 * Owns: counters, For Each, tests before and behind the body, exits.  Leaves: other statements.
 */
import type { Expression, Statement } from '../ast.ts';
import { walkStatements } from './analysis.ts';
import { AssignmentWriter, type StatementOf } from './assignments.ts';
import { literalNumber } from './written.ts';

const TICK = 'if(--rt.fuel<0)rt.tick();';

export abstract class LoopWriter extends AssignmentWriter {
  protected readonly forLabels: string[] = [];
  protected readonly doLabels: string[] = [];

  protected abstract block(statements: readonly Statement[]): void;
  protected abstract test(expression: Expression, failed: boolean): string;

  protected loop(statement: StatementOf<'loop'>): void {
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
    if (this.testsInPlace) {
      const code = this.condition(statement.condition);
      this.emit(isWhile ? `if(!(${code}))break ${label};` : `if(${code})break ${label};`);
      this.endStatement();
      return;
    }
    const test = this.test(statement.condition, isWhile === runsOnError);
    this.emit(isWhile ? `if(!${test})break ${label};` : `if(${test})break ${label};`);
  }

  protected forStatement(statement: StatementOf<'for'>): void {
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

  protected forEach(statement: StatementOf<'forEach'>): void {
    const label = this.writer.fresh('each');
    const [items, item, source] = [this.writer.fresh('i'), this.writer.fresh('n'), this.writer.fresh('x')];
    const ok = this.hasResume ? this.writer.fresh('ok') : undefined;
    const { isCounting } = this.writer;
    const held = isCounting ? this.writer.fresh('h') : undefined;
    this.emit(
      `{let ${items},${item},${source}${held === undefined ? '' : `,${held}`};${ok === undefined ? '' : `let ${ok}=true;`}`,
    );
    this.guarded(
      `${source}=${this.code(statement.collection)};${items}=${this.helper('forEachItems')}(${source},rt);${held === undefined ? '' : `${held}=${this.helper('holdItems')}(${source});`}`,
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
    this.emit(`}finally{${items}?.return?.();${held === undefined ? '' : `rt.letGo(${held});`}}}`);
    this.drain();
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
