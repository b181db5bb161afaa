/**
 * Parses a whole script: Option Explicit, declarations of variables, constants, procedures and classes.
 * Owns: names declared twice, rules of classes and their properties.  Leaves: statements, expressions.
 * Fails: the compile errors of docs/compatibility-vbscript.md with the original number, line and column.
 */
import type {
  ClassDeclaration,
  ConstantDeclarator,
  Declarator,
  Expression,
  LiteralValue,
  Parameter,
  Procedure,
  ProcedureKind,
  Script,
  Statement,
  Visibility,
} from '../ast.ts';
import { CONSTANTS } from '../constants.ts';
import type { Token } from '../lexer.ts';
import { fromDouble, fromLong, NOTHING, Scalar, VT } from '../values.ts';
import { StatementParser } from './statements.ts';

type NameKind = 'variable' | 'procedure';

class ScriptParser extends StatementParser {
  /** Names declared in the scope being parsed. */
  private names = new Map<string, NameKind>();
  private constants = new Map<string, LiteralValue>();
  private place: 'script' | 'class' | 'procedure' = 'script';

  script(): Script {
    let optionExplicit = false;
    this.skipLineEnds();
    while (this.isWord('option') && this.isWord('explicit', this.peek(1))) {
      if (optionExplicit) throw this.error(1024);
      this.advance();
      this.advance();
      optionExplicit = true;
      if (!this.isLineEnd()) throw this.error(1025);
      this.skipLineEnds();
    }
    const body = this.block();
    if (this.token.kind !== 'end') throw this.strayEnd();
    this.checkEnd();
    return { source: this.lexer.source, optionExplicit, body };
  }

  /** The one expression of Eval. */
  wholeExpression(): Expression {
    this.skipLineEnds();
    const expression = this.expression();
    this.skipLineEnds();
    if (this.token.kind !== 'end') throw this.error(1002);
    this.checkEnd();
    return expression;
  }

  private strayEnd(): Error {
    switch (this.token.lower) {
      case 'loop':
        return this.error(1038);
      case 'next':
        return this.error(1055);
      default:
        return this.error(1024);
    }
  }

  protected override declaration(): Statement | undefined {
    const { token } = this;
    switch (token.lower) {
      case 'sub':
      case 'function':
        if (this.place === 'procedure') throw this.error(1002);
        return this.procedure('public', false);
      case 'class':
        if (this.place !== 'script') throw this.error(1002);
        return this.classDeclaration();
      case 'private':
      case 'public':
        return this.withVisibility(token.lower);
      case 'property':
        if (this.isPropertyKind(this.peek(1)) && this.place === 'script')
          throw this.error(1048, this.peek(1));
        return undefined;
    }
    return undefined;
  }

  private isPropertyKind(token: Token): boolean {
    return this.isWord('get', token) || this.isWord('let', token) || this.isWord('set', token);
  }

  /** `Private` or `Public` at script level or, refused, inside a procedure. */
  private withVisibility(visibility: Visibility): Statement {
    if (this.place === 'procedure') throw this.error(1002);
    const next = this.peek(1);
    if (this.isWord('const', next)) {
      this.advance();
      return this.constStatement();
    }
    if (this.isWord('sub', next) || this.isWord('function', next)) {
      this.advance();
      return this.procedure(visibility, false);
    }
    if (this.isWord('default', next)) {
      const after = this.peek(2);
      if (this.isWord('sub', after) || this.isWord('function', after) || this.isWord('property', after)) {
        throw this.error(1048, next);
      }
    }
    if (this.isWord('property', next) && this.isPropertyKind(this.peek(2))) throw this.error(1048, next);
    return this.dimStatement();
  }

  // ---- variables and constants ----

  protected override dimStatement(): Statement {
    const { at } = this.advance();
    const declarators = [this.declarator()];
    while (this.symbol(',')) declarators.push(this.declarator());
    return { kind: 'dim', declarators, at };
  }

  private declarator(): Declarator {
    const name = this.expectName();
    this.declareName(name.lower, 'variable', name.at);
    return { ...name, bounds: this.declaredBounds() };
  }

  private declaredBounds(): number[] | undefined {
    if (!this.symbol('(')) return undefined;
    const bounds: number[] = [];
    if (this.symbol(')')) return bounds;
    do {
      const { token } = this;
      if (token.kind !== 'literal' || typeof token.value !== 'number' || (token.value | 0) !== token.value) {
        throw this.error(1026);
      }
      if (token.value < 0) throw this.error(1026);
      bounds.push(token.value);
      this.advance();
    } while (this.symbol(','));
    this.expectSymbol(')', 1006);
    return bounds;
  }

  protected override constStatement(): Statement {
    const { at } = this.advance();
    const declarators: ConstantDeclarator[] = [];
    do {
      const name = this.expectName();
      this.expectSymbol('=', 1011);
      const value = this.constantValue();
      this.declareName(name.lower, 'variable', name.at);
      this.constants.set(name.lower, value);
      declarators.push({ ...name, value });
    } while (this.symbol(','));
    return { kind: 'const', declarators, at };
  }

  /** A literal with signs, or another constant; any other expression is read to its end and refused there. */
  private constantValue(): LiteralValue {
    const expression = this.expression();
    const value = this.foldedConstant(expression);
    if (value === NOT_CONSTANT) throw this.error(1045);
    return value;
  }

  private foldedConstant(expression: Expression): LiteralValue | typeof NOT_CONSTANT {
    switch (expression.kind) {
      case 'literal':
        return expression.value === NOTHING ? NOT_CONSTANT : expression.value;
      case 'group':
        return this.foldedConstant(expression.inner);
      case 'name':
        if (this.constants.has(expression.lower)) return this.constants.get(expression.lower);
        return CONSTANTS.has(expression.lower) ? CONSTANTS.get(expression.lower) : NOT_CONSTANT;
      case 'unary': {
        const value = this.foldedConstant(expression.operand);
        if (expression.operator === '+') return value;
        return expression.operator === '-' ? negated(value) : NOT_CONSTANT;
      }
      default:
        return NOT_CONSTANT;
    }
  }

  private declareName(lower: string, kind: NameKind, at: number): void {
    const known = this.names.get(lower);
    // A procedure may be declared again: the last one counts.
    if (known !== undefined && !(known === 'procedure' && kind === 'procedure')) {
      throw this.lexer.error(1041, at);
    }
    this.names.set(lower, kind);
  }

  // ---- procedures ----

  private procedure(visibility: Visibility, isDefault: boolean): Procedure {
    const { at, lower: word } = this.advance();
    const kind: ProcedureKind = word === 'sub' ? 'sub' : 'function';
    const name = this.expectName();
    if (this.place === 'script') this.declareName(name.lower, 'procedure', name.at);
    const isEvent =
      this.place === 'class' && (name.lower === 'class_initialize' || name.lower === 'class_terminate');
    return this.procedureRest(kind, name, visibility, isDefault, at, (count) => {
      if (isEvent && count > 0) throw this.error(1053);
    });
  }

  private procedureRest(
    kind: ProcedureKind,
    name: { name: string; lower: string; at: number },
    visibility: Visibility,
    isDefault: boolean,
    at: number,
    check: (parameterCount: number) => void = () => undefined,
  ): Procedure {
    const outer = { names: this.names, constants: this.constants, place: this.place, around: this.around };
    this.names = new Map();
    this.constants = new Map(outer.constants);
    this.place = 'procedure';
    const word = kind === 'sub' || kind === 'function' ? kind : 'property';
    this.around = {
      forVariables: [],
      doDepth: 0,
      withDepth: 0,
      inlineIfDepth: 0,
      mayCloseIf: false,
      procedure: word,
    };
    if (kind === 'function' || kind === 'get') this.names.set(name.lower, 'variable');
    const hasList = this.isSymbol('(');
    const parameters = this.parameters();
    if (!hasList && !this.isLineEnd()) throw this.error(1005);
    check(parameters.length);
    const body = this.block();
    const end = this.expectEnd(word, word === 'sub' ? 1016 : word === 'function' ? 1015 : 1050);
    this.names = outer.names;
    this.constants = outer.constants;
    this.place = outer.place;
    this.around = outer.around;
    return {
      kind: 'procedure',
      procedureKind: kind,
      name: name.name,
      lower: name.lower,
      parameters,
      body,
      visibility,
      isDefault,
      at,
      endAt: end.at,
    };
  }

  private parameters(): Parameter[] {
    const parameters: Parameter[] = [];
    if (!this.symbol('(')) return parameters;
    if (this.symbol(')')) return parameters;
    const given = new Set<string>();
    do {
      const mode = this.word('byval') ? 'byval' : 'byref';
      if (mode === 'byref') this.word('byref');
      const name = this.expectName();
      if (given.has(name.lower)) throw this.lexer.error(1041, name.at);
      given.add(name.lower);
      this.names.set(name.lower, 'variable');
      if (this.symbol('(')) this.expectSymbol(')', 1006);
      parameters.push({ ...name, mode });
    } while (this.symbol(','));
    this.expectSymbol(')', 1006);
    return parameters;
  }

  // ---- classes ----

  private classDeclaration(): ClassDeclaration {
    const { at } = this.advance();
    const name = this.expectName();
    this.declareName(name.lower, 'variable', name.at);
    if (!this.isLineEnd()) throw this.error(1024);
    const outer = { names: this.names, place: this.place };
    this.names = new Map();
    this.place = 'class';
    const members: {
      fields: (Declarator & { visibility: Visibility })[];
      constants: ConstantDeclarator[];
      procedures: Procedure[];
    } = { fields: [], constants: [], procedures: [] };
    for (;;) {
      this.skipLineEnds();
      if (this.token.kind === 'end' || this.isWord('end')) break;
      this.classMember(members);
      this.endOfStatement();
    }
    this.expectEnd('class', 1047);
    this.names = outer.names;
    this.place = outer.place;
    return { kind: 'class', ...name, ...members, at };
  }

  private classMember(members: {
    fields: (Declarator & { visibility: Visibility })[];
    constants: ConstantDeclarator[];
    procedures: Procedure[];
  }): void {
    const first = this.token;
    let visibility: Visibility = 'public';
    const isExplicit = this.isWord('public') || this.isWord('private');
    if (isExplicit) visibility = this.advance().lower as Visibility;
    const defaultToken = this.token;
    if (
      !isExplicit &&
      this.isWord('default') &&
      (this.isWord('private', this.peek(1)) || this.isWord('public', this.peek(1)))
    ) {
      throw this.error(1057);
    }
    const isDefault = this.isWord('default') && this.isProcedureStart(this.peek(1), this.peek(2));
    if (isDefault) {
      this.advance();
      if (!isExplicit || visibility !== 'public') throw this.error(1057, defaultToken);
      if (members.procedures.some((procedure) => procedure.isDefault)) throw this.error(1052);
    } else if (isExplicit && this.isWord('default') && !this.isFieldEnd(this.peek(1))) {
      throw this.error(1056, this.peek(1));
    }
    if (this.isWord('sub') || this.isWord('function')) {
      members.procedures.push(this.method(visibility, isDefault));
    } else if (this.isWord('property') && this.isPropertyKind(this.peek(1))) {
      members.procedures.push(this.property(visibility, isDefault, members.procedures));
    } else if (
      this.isWord('property') &&
      this.peek(1).kind === 'name' &&
      !this.isFieldEnd(this.peek(1)) &&
      !this.isWord('end', this.peek(1))
    ) {
      throw this.error(1049, this.peek(1));
    } else if (this.isWord('const')) {
      const statement = this.constStatement();
      if (statement.kind === 'const') members.constants.push(...statement.declarators);
    } else if (isExplicit || this.isWord('dim')) {
      if (!isExplicit) this.advance();
      do {
        members.fields.push({ ...this.declarator(), visibility });
      } while (this.symbol(','));
    } else throw this.error(1002, first);
  }

  private isFieldEnd(token: Token): boolean {
    return this.isLineEnd(token) || this.isSymbol(',', token) || this.isSymbol('(', token);
  }

  private isProcedureStart(token: Token, next: Token): boolean {
    if (this.isWord('sub', token) || this.isWord('function', token)) return true;
    return this.isWord('property', token) && this.isPropertyKind(next);
  }

  private method(visibility: Visibility, isDefault: boolean): Procedure {
    const name = this.peek(1);
    const procedure = this.procedure(visibility, isDefault);
    this.declareName(procedure.lower, 'variable', name.at);
    return procedure;
  }

  private property(visibility: Visibility, isDefault: boolean, siblings: readonly Procedure[]): Procedure {
    const { at } = this.advance();
    const kindToken = this.advance();
    const kind = kindToken.lower as 'get' | 'let' | 'set';
    const name = this.expectName();
    if (isDefault && kind !== 'get') throw this.error(1058, kindToken);
    const same = siblings.filter((sibling) => sibling.lower === name.lower);
    if (same.some((sibling) => sibling.procedureKind === kind)) throw this.lexer.error(1041, name.at);
    if (same.length === 0) this.declareName(name.lower, 'variable', name.at);
    else if (
      same.some((sibling) => sibling.procedureKind === 'sub' || sibling.procedureKind === 'function')
    ) {
      throw this.lexer.error(1041, name.at);
    }
    return this.procedureRest(kind, name, visibility, isDefault, at, (count) => {
      if (kind !== 'get' && count === 0) throw this.error(1054);
      const indices = kind === 'get' ? count : count - 1;
      for (const sibling of same) {
        const siblingIndices = sibling.parameters.length - (sibling.procedureKind === 'get' ? 0 : 1);
        if (siblingIndices !== indices) throw this.error(1051);
      }
    });
  }
}

const NOT_CONSTANT: unique symbol = Symbol('not a constant');

function negated(value: LiteralValue | typeof NOT_CONSTANT): LiteralValue | typeof NOT_CONSTANT {
  if (typeof value === 'number')
    return value === 32768 ? fromLong(-32768) : value === 2147483648 ? value : -value;
  if (value instanceof Scalar && value.type === VT.double) return fromDouble(-value.value);
  if (value instanceof Scalar) return new Scalar(value.type, -value.value);
  return NOT_CONSTANT;
}

/** Parses a script. Throws a ScriptError of kind 'compilation', or what `onProgress` throws, which is called now and then. */
export function parseScript(source: string, onProgress?: () => void): Script {
  return new ScriptParser(source, onProgress).script();
}

/** Parses the argument of Eval. */
export function parseExpression(source: string, onProgress?: () => void): Expression {
  return new ScriptParser(source, onProgress).wholeExpression();
}
