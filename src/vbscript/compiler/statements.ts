/**
 * Writes JavaScript for statements.
 * Owns: control flow, assignment, which statement runs next after a trapped error.  Leaves: expressions, procedures.
 *
 * In a procedure that contains On Error Resume Next each statement has a try of its own, and what follows a failed part
 * of a compound statement is written out: a failed condition takes its branch, a failed Select skips all, and so on.
 * Elsewhere errors simply unwind. Source: observed: public conformance suite; §2.10 of docs/compatibility-vbscript.md.
 */
import type { Expression, Statement } from '../ast.ts';
import type { StatementOf } from './assignments.ts';
import { LoopWriter } from './loops.ts';

/** Branches of an If that are written inside one another. */
const MOST_NESTED_BRANCHES = 16;

export class StatementWriter extends LoopWriter {
  protected override block(statements: readonly Statement[]): void {
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

  // ---- conditions ----

  /** Evaluates a condition into a fresh variable; a trapped error counts as `failed`. */
  protected override test(expression: Expression, failed: boolean): string {
    const name = this.writer.fresh('c');
    let code = this.condition(expression);
    if (this.writer.isTracing) code = `${this.helper('traceCondition')}(rt,U,L,${code})`;
    if (!this.hasResume) this.emit(`const ${name}=${code};`);
    else {
      this.emit(`let ${name};`);
      this.guarded(`${name}=${code};`, `${name}=${failed};`);
    }
    this.endStatement();
    // What the condition made for itself is let go before the branch.
    this.drain();
    return name;
  }

  private ifStatement(statement: StatementOf<'if'>): void {
    const { branches, otherwise = [] } = statement;
    // Many branches inside one another would be too deep for the engine below: they stand one behind the other, each with a way out.
    const done = branches.length > MOST_NESTED_BRANCHES ? this.writer.fresh('if') : undefined;
    let opened = 0;
    if (done !== undefined) this.emit(`${done}:{`);
    branches.forEach((branch, position) => {
      if (done !== undefined) this.emit('{');
      else if (position > 0) {
        this.emit('else{');
        opened += 1;
      }
      if (position > 0) this.at(branch.at);
      if (this.testsInPlace) {
        this.emit(`if(${this.condition(branch.condition)}){`);
        this.endStatement();
      } else this.emit(`if(${this.test(branch.condition, true)}){`);
      this.block(branch.body);
      this.emit(done === undefined ? '}' : `break ${done};}}`);
    });
    if (otherwise.length > 0) {
      if (done === undefined) this.emit('else{');
      this.block(otherwise);
      if (done === undefined) this.emit('}');
    }
    this.emit(done === undefined ? '}'.repeat(opened) : '}');
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
    this.drain();
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
