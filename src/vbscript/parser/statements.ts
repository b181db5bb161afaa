/**
 * Parses statements of every kind but declarations of procedures and classes.
 * Owns: blocks and their ends, call forms, Exit checks.  Leaves: expressions, declarations.
 * Sources: doc "VBScript Statements"; observed: public conformance suite (ends without a separator, colons).
 */
import type { CaseClause, Expression, Statement } from '../ast.ts';
import type { Token } from '../lexer.ts';
import { ExpressionParser } from './expressions.ts';

/** What stands around the statement being parsed. */
type Surroundings = {
  /** Names of the For variables open here. */
  forVariables: string[];
  doDepth: number;
  withDepth: number;
  inlineIfDepth: number;
  /** `End If` may follow a statement directly: in an Else, or on the line of an ElseIf. */
  mayCloseIf: boolean;
  procedure: 'sub' | 'function' | 'property' | undefined;
};

const BLOCK_ENDS = new Set(['end', 'else', 'elseif', 'loop', 'next', 'wend', 'case']);
const END_WORDS = new Set(['if', 'sub', 'function', 'class', 'property', 'select', 'with']);

export abstract class StatementParser extends ExpressionParser {
  protected around: Surroundings = {
    forVariables: [],
    doDepth: 0,
    withDepth: 0,
    inlineIfDepth: 0,
    mayCloseIf: false,
    procedure: undefined,
  };

  /** A declaration, or `undefined` when none begins here. */
  protected abstract declaration(): Statement | undefined;
  protected abstract dimStatement(): Statement;
  protected abstract constStatement(): Statement;

  /** Statements up to a word that ends a block. */
  protected block(): Statement[] {
    this.enter();
    const statements: Statement[] = [];
    for (;;) {
      this.skipLineEnds();
      const { token } = this;
      if (token.kind === 'end') break;
      if (token.kind === 'name' && BLOCK_ENDS.has(token.lower)) break;
      this.letGo();
      statements.push(this.statement());
      this.endOfStatement();
    }
    this.leave();
    return statements;
  }

  /** After a statement: a line end, a colon, or in some places directly the End of the block. */
  protected endOfStatement(): void {
    if (this.isLineEnd()) return;
    if (this.around.inlineIfDepth > 0 && (this.isWord('else') || this.isWord('elseif'))) return;
    if (!this.isWord('end')) throw this.error(1025);
    const next = this.peek(1).lower;
    if (next === 'sub' || next === 'function' || next === 'property' || next === 'class') return;
    if (next === 'if' && (this.around.mayCloseIf || this.around.inlineIfDepth > 0)) return;
    throw this.error(END_WORDS.has(next) ? 1042 : 1024);
  }

  protected statement(): Statement {
    const { token } = this;
    if (token.kind === 'name') {
      const declared = this.declaration();
      if (declared !== undefined) return declared;
      switch (token.lower) {
        case 'dim':
          return this.dimStatement();
        case 'const':
          return this.constStatement();
        case 'redim':
          return this.redim();
        case 'set':
          return this.assignment(true);
        case 'let':
          return this.assignment(false);
        case 'call':
          return this.call();
        case 'if':
          return this.ifStatement();
        case 'select':
          return this.select();
        case 'for':
          return this.forStatement();
        case 'do':
          return this.doStatement();
        case 'while':
          return this.whileStatement();
        case 'with':
          return this.withStatement();
        case 'exit':
          return this.exit();
        case 'on':
          return this.onError();
        case 'stop':
          this.advance();
          return { kind: 'stop', at: token.at };
        case 'erase':
          if (!this.isSymbol('=', this.peek(1)) && !this.isSymbol('.', this.peek(1))) return this.erase();
          break;
        case 'next':
          throw this.error(1055);
        case 'loop':
          throw this.error(1038);
        case 'option':
          throw this.error(1024);
      }
    }
    return this.expressionStatement();
  }

  // ---- calls and assignments ----

  private expressionStatement(): Statement {
    const { token } = this;
    const { at } = token;
    if (!(this.isName() || this.isWord('me') || this.isSymbol('.'))) {
      throw this.error(token.kind === 'name' || token.kind === 'literal' ? 1024 : 1002);
    }
    let target = this.primary();
    for (;;) {
      if (this.isSymbol('.') && !this.isWithMember()) {
        this.advance();
        target = { kind: 'member', object: target, ...this.expectMember() };
        continue;
      }
      if (!this.isSymbol('(')) break;
      const before = this.index;
      const args = this.parenthesised();
      if (this.isSymbol('(') || this.isSymbol('.') || this.isSymbol('=')) {
        target = { kind: 'call', callee: target, args, at };
        continue;
      }
      if (this.isStatementEnd()) {
        if (args.length > 1) throw this.error(1044);
        // One argument in parentheses is a value; the procedure cannot change the caller's variable.
        const only = args[0];
        const passed = only === undefined ? args : [{ kind: 'group', inner: only, at: only.at } as const];
        return { kind: 'callStatement', callee: target, args: passed, at };
      }
      // `f (a) & (b)` and `f (a), b`: the parentheses belong to the first argument.
      this.goTo(before);
      break;
    }
    if (this.isSymbol('=')) return this.finishAssignment(target, false, at);
    if (this.isStatementEnd()) return { kind: 'callStatement', callee: target, args: [], at };
    if (target.kind === 'me') throw this.error(1037, token);
    const args = this.argumentList((next) => this.isStatementEnd(next));
    return { kind: 'callStatement', callee: target, args, at };
  }

  /** `ok .Name` inside With: a dot behind a blank begins an argument. */
  private isWithMember(): boolean {
    return this.around.withDepth > 0 && this.token.spaced && !this.isContinued();
  }

  private isStatementEnd(token: Token = this.token): boolean {
    if (this.isLineEnd(token)) return true;
    if (token.kind !== 'name') return false;
    if (token.lower === 'end') return true;
    return this.around.inlineIfDepth > 0 && (token.lower === 'else' || token.lower === 'elseif');
  }

  private assignment(isSet: boolean): Statement {
    const { at } = this.advance();
    const { token } = this;
    if (!(this.isName() || this.isWord('me') || this.isSymbol('.'))) throw this.error(1010);
    let target = this.primary();
    for (;;) {
      if (this.isSymbol('.')) {
        this.advance();
        target = { kind: 'member', object: target, ...this.expectMember() };
      } else if (this.isSymbol('(')) {
        target = { kind: 'call', callee: target, args: this.parenthesised(), at: token.at };
      } else break;
    }
    if (!this.isSymbol('=')) throw this.error(1011);
    return this.finishAssignment(target, isSet, at);
  }

  private finishAssignment(target: Expression, isSet: boolean, at: number): Statement {
    if (target.kind === 'me') throw this.error(1037);
    this.advance();
    return { kind: 'assign', isSet, target, value: this.expression(), at };
  }

  private call(): Statement {
    const { at } = this.advance();
    if (!(this.isName() || this.isWord('me') || this.isSymbol('.') || this.isSymbol('('))) {
      throw this.error(1010);
    }
    const expression = this.postfix(this.primary());
    const isCall = expression.kind === 'call';
    return {
      kind: 'callStatement',
      callee: isCall ? expression.callee : expression,
      args: isCall ? expression.args : [],
      at,
    };
  }

  private redim(): Statement {
    const { at } = this.advance();
    const preserve = this.isWord('preserve') && !this.isSymbol('(', this.peek(1));
    if (preserve) this.advance();
    const items: { target: Expression; bounds: Expression[] }[] = [];
    do {
      const name = this.expectName();
      let target: Expression = { kind: 'name', ...name };
      while (this.isSymbol('.')) {
        this.advance();
        target = { kind: 'member', object: target, ...this.expectMember() };
      }
      if (!this.isSymbol('(')) throw this.error(1005);
      const bounds = this.parenthesised();
      if (bounds.length === 0 || bounds.includes(undefined)) throw this.error(1023);
      items.push({ target, bounds: bounds as Expression[] });
    } while (this.symbol(','));
    return { kind: 'redim', preserve, items, at };
  }

  private erase(): Statement {
    const { at } = this.advance();
    const targets: Expression[] = [];
    do {
      targets.push(this.postfix(this.primary()));
    } while (this.symbol(','));
    return { kind: 'erase', targets, at };
  }

  // ---- If ----

  private ifStatement(): Statement {
    const { at } = this.advance();
    const condition = this.expression();
    this.expectWord('then', 1017);
    if (this.isHardLineEnd()) return this.blockIf(condition, at);
    if (this.token.kind === 'newline' && this.isColonBlock()) return this.blockIf(condition, at);
    return this.inlineIf(condition, at);
  }

  /** `If c Then :` with nothing behind the colon opens a block only when an End If follows for it. */
  private isColonBlock(): boolean {
    let distance = 0;
    while (this.peek(distance).kind === 'newline' && this.peek(distance).text === ':') distance += 1;
    if (!this.isHardLineEnd(this.peek(distance))) return false;
    let depth = 0;
    for (let at = this.index + distance; this.at(at).kind !== 'end'; at += 1) {
      const token = this.at(at);
      const previous = this.at(at - 1);
      if (token.kind !== 'name' || this.isSymbol('.', previous)) continue;
      const next = this.at(at + 1);
      if (token.lower === 'end' && next.kind === 'name' && END_WORDS.has(next.lower)) {
        if (next.lower === 'if' && depth === 0) return true;
        if (next.lower === 'if') depth -= 1;
        else if (next.lower === 'sub' || next.lower === 'function' || next.lower === 'property') return false;
      } else if (token.lower === 'then' && this.isHardLineEnd(next)) depth += 1;
      if (depth < 0) return false;
      const isFirst = this.isHardLineEnd(previous);
      if (isFirst && (token.lower === 'else' || token.lower === 'elseif') && depth === 0) return true;
    }
    return false;
  }

  private inlineIf(condition: Expression, at: number): Statement {
    this.around.inlineIfDepth += 1;
    const body = this.inlineBody();
    let otherwise: Statement[] | undefined;
    const branches = [{ condition, body, at }];
    while (this.isWord('elseif')) {
      const branchAt = this.advance().at;
      const next = this.expression();
      this.expectWord('then', 1017);
      branches.push({ condition: next, body: this.inlineBody(), at: branchAt });
    }
    if (this.word('else')) otherwise = this.inlineBody();
    this.around.inlineIfDepth -= 1;
    if (this.isWord('end') && this.isWord('if', this.peek(1))) {
      this.advance();
      this.advance();
    }
    return { kind: 'if', branches, otherwise, at };
  }

  private inlineBody(): Statement[] {
    this.enter();
    const statements: Statement[] = [];
    for (;;) {
      while (this.token.kind === 'newline' && this.token.text === ':') this.advance();
      const { token } = this;
      if (this.isHardLineEnd() || (token.kind === 'name' && INLINE_ENDS.has(token.lower))) break;
      statements.push(this.statement());
      if (!this.isLineEnd() && !(this.token.kind === 'name' && INLINE_ENDS.has(this.token.lower))) {
        throw this.error(1025);
      }
    }
    this.leave();
    return statements;
  }

  private blockIf(condition: Expression, at: number): Statement {
    const inline = this.around.inlineIfDepth;
    this.around.inlineIfDepth = 0;
    const branches = [{ condition, body: this.branchBody('then'), at }];
    let otherwise: Statement[] | undefined;
    for (;;) {
      if (this.isWord('elseif')) {
        const branchAt = this.advance().at;
        const next = this.expression();
        this.expectWord('then', 1017);
        branches.push({ condition: next, body: this.branchBody('elseif'), at: branchAt });
      } else if (this.isWord('else')) {
        this.advance();
        otherwise = this.branchBody('else');
        break;
      } else break;
    }
    this.expectEnd('if', 1012);
    this.around.inlineIfDepth = inline;
    return { kind: 'if', branches, otherwise, at };
  }

  /** The statements of a branch of a block If. */
  private branchBody(which: 'then' | 'elseif' | 'else'): Statement[] {
    const outer = this.around.mayCloseIf;
    this.around.mayCloseIf = which === 'else' || (which === 'elseif' && !this.isLineEnd());
    if (which === 'else' && this.isWord('end')) throw this.error(1024);
    const statements = this.block();
    this.around.mayCloseIf = outer;
    return statements;
  }

  /** `End` and the word; 1014 when End itself is missing. */
  protected expectEnd(word: string, number: number): Token {
    const end = this.expectWord('end', 1014);
    this.expectWord(word, number);
    return end;
  }

  // ---- other blocks ----

  private select(): Statement {
    const { at } = this.advance();
    this.expectWord('case', 1021);
    const subject = this.expression();
    if (!this.isLineEnd()) throw this.error(1025);
    this.skipLineEnds();
    const clauses: CaseClause[] = [];
    while (this.isWord('case')) {
      const clauseAt = this.advance().at;
      if (this.word('else')) {
        clauses.push({ values: undefined, body: this.nested(() => this.block()), at: clauseAt });
        continue;
      }
      const values = [this.expression()];
      while (this.symbol(',')) values.push(this.expression());
      clauses.push({ values, body: this.nested(() => this.block()), at: clauseAt });
    }
    if (!this.isWord('end')) throw this.error(this.token.kind === 'end' ? 1014 : 1021);
    this.expectEnd('select', 1022);
    return { kind: 'select', subject, clauses, at };
  }

  private forStatement(): Statement {
    const { at } = this.advance();
    const inline = this.around.inlineIfDepth;
    if (this.word('each')) {
      const variable = this.expectName();
      this.expectWord('in', 1046);
      const collection = this.expression();
      const statement = this.forBody(variable.lower);
      return {
        kind: 'forEach',
        variable: { kind: 'name', ...variable },
        collection,
        body: statement.body,
        at,
        endAt: statement.endAt,
      };
    }
    const name = this.expectName();
    if (this.isSymbol('.') || this.isSymbol('(')) throw this.error(1040);
    this.expectSymbol('=', 1011);
    if (this.around.forVariables.includes(name.lower)) throw this.lexer.error(1040, name.at);
    const from = this.expression();
    this.expectWord('to', 1013);
    const to = this.expression();
    const step = this.word('step') ? this.expression() : undefined;
    const { body, endAt } = this.forBody(name.lower);
    this.around.inlineIfDepth = inline;
    return { kind: 'for', variable: { kind: 'name', ...name }, from, to, step, body, at, endAt };
  }

  private forBody(variable: string): { body: Statement[]; endAt: number } {
    this.requireLineEnd();
    this.around.forVariables.push(variable);
    const body = this.nested(() => this.block());
    this.around.forVariables.pop();
    const { at } = this.token;
    this.expectWord('next', 1020);
    return { body, endAt: at };
  }

  /** A block of its own inside an inline If no longer ends at Else. */
  private nested<T>(parse: () => T): T {
    const { inlineIfDepth, mayCloseIf } = this.around;
    this.around.inlineIfDepth = 0;
    this.around.mayCloseIf = false;
    const result = parse();
    this.around.inlineIfDepth = inlineIfDepth;
    this.around.mayCloseIf = mayCloseIf;
    return result;
  }

  private requireLineEnd(): void {
    if (!this.isLineEnd()) throw this.error(1025);
  }

  private doStatement(): Statement {
    const { at } = this.advance();
    let sense = this.loopSense();
    let condition: Expression | undefined;
    let test: 'none' | 'before' | 'after' = 'none';
    if (sense !== undefined) {
      condition = this.expression();
      test = 'before';
      this.requireLineEnd();
    } else if (!this.isLineEnd()) throw this.error(1028);
    this.around.doDepth += 1;
    const body = this.nested(() => this.block());
    this.around.doDepth -= 1;
    const endAt = this.token.at;
    this.expectWord('loop', 1019);
    if (test === 'none') {
      sense = this.loopSense();
      if (sense !== undefined) {
        condition = this.expression();
        test = 'after';
      } else if (!this.isStatementEnd()) throw this.error(1028);
    }
    return { kind: 'loop', form: 'do', test, sense: sense ?? 'while', condition, body, at, endAt };
  }

  private loopSense(): 'while' | 'until' | undefined {
    return this.word('while') ? 'while' : this.word('until') ? 'until' : undefined;
  }

  private whileStatement(): Statement {
    const { at } = this.advance();
    const condition = this.expression();
    this.requireLineEnd();
    const body = this.nested(() => this.block());
    const endAt = this.token.at;
    this.expectWord('wend', 1018);
    return { kind: 'loop', form: 'while', test: 'before', sense: 'while', condition, body, at, endAt };
  }

  private withStatement(): Statement {
    const { at } = this.advance();
    const object = this.expression();
    this.requireLineEnd();
    this.around.withDepth += 1;
    const body = this.nested(() => this.block());
    this.around.withDepth -= 1;
    const endAt = this.token.at;
    this.expectEnd('with', 1029);
    return { kind: 'with', object, body, at, endAt };
  }

  private exit(): Statement {
    const { at } = this.advance();
    const { token, around } = this;
    const what = token.kind === 'name' ? token.lower : '';
    const isAllowed =
      (what === 'for' && around.forVariables.length > 0) ||
      (what === 'do' && around.doDepth > 0) ||
      what === around.procedure;
    if (!isAllowed) throw this.error(1039);
    this.advance();
    return { kind: 'exit', what: what as 'for' | 'do' | 'sub' | 'function' | 'property', at };
  }

  private onError(): Statement {
    const { at } = this.advance();
    this.expectWord('error', 1002);
    if (this.word('resume')) {
      this.expectWord('next', 1020);
      return { kind: 'onError', mode: 'resume', at };
    }
    this.expectWord('goto', 1002);
    if (this.token.kind !== 'literal' || this.token.value !== 0) throw this.error(1002);
    this.advance();
    return { kind: 'onError', mode: 'off', at };
  }
}

const INLINE_ENDS = new Set(['else', 'elseif', 'end']);
