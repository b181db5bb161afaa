/**
 * Finds out what the names of a script mean before code is written for it.
 * Owns: which variables a procedure has, which of them must live in cells, which parameters are passed by reference.
 * Leaves: code (`expressions.ts`, `statements.ts`).
 *
 * A ByRef parameter that its procedure never writes, passes on or exposes to Execute is passed as a plain value: the
 * difference cannot be seen. Passing a global that some procedure writes makes it a reference after all.
 */

import type {
  ClassDeclaration,
  ConstantDeclarator,
  Declarator,
  Expression,
  LiteralValue,
  Procedure,
  Script,
  Statement,
} from '../ast.ts';
import { BUILTINS } from '../builtins/index.ts';

export type Variable = {
  readonly name: string;
  readonly lower: string;
  readonly kind: 'parameter' | 'dim' | 'result' | 'implicit';
  /** JavaScript identifier. */
  readonly js: string;
  /** Fixed bounds of `Dim a(3)`, `[]` of `Dim a()`. */
  readonly bounds: readonly number[] | undefined;
  /** Lives in a Cell. */
  boxed: boolean;
};

export class Body {
  readonly variables = new Map<string, Variable>();
  readonly constants = new Map<string, LiteralValue>();
  /** Names written anywhere in the body. */
  readonly written = new Set<string>();
  /** Bare names used as arguments of something that may write to them. */
  readonly exposed = new Set<string>();
  /** Bare names passed to procedures of this script: decided when all are known. */
  readonly passed: {
    readonly lower: string;
    readonly callee: ProcedureInfo;
    readonly position: number;
    /** The same name stands in another place of the same call: both must see what either writes. */
    readonly isTwice: boolean;
  }[] = [];
  /** Contains On Error Resume Next. */
  hasResume = false;
  /** Contains Execute or Eval: names must be found at run time. */
  isDynamic = false;
}

export class ProcedureInfo {
  readonly node: Procedure;
  readonly js: string;
  readonly body = new Body();
  readonly owner: ClassInfo | undefined;
  /** Per parameter: true when it takes a Reference. */
  readonly byReference: boolean[];

  constructor(node: Procedure, js: string, owner: ClassInfo | undefined) {
    this.node = node;
    this.js = js;
    this.owner = owner;
    this.byReference = node.parameters.map(() => false);
  }
}

export class ClassInfo {
  readonly node: ClassDeclaration;
  readonly js: string;
  readonly fields = new Map<string, Declarator & { readonly visibility: 'public' | 'private' }>();
  readonly constants = new Map<string, LiteralValue>();
  /** Lower-case name → the procedures under it: one Sub or Function, or Get, Let and Set. */
  readonly procedures = new Map<string, ProcedureInfo[]>();

  constructor(node: ClassDeclaration, js: string) {
    this.node = node;
    this.js = js;
  }
}

/** Where a source runs: as script, or as the text of Execute inside a procedure. */
export type UnitMode = 'script' | 'local';

export class UnitInfo {
  readonly script: Script;
  readonly mode: UnitMode;
  readonly procedures = new Map<string, ProcedureInfo>();
  readonly classes = new Map<string, ClassInfo>();
  /** Variables declared with Dim at script level. */
  readonly globals = new Map<string, Declarator>();
  readonly constants = new Map<string, ConstantDeclarator>();
  /** Names that script level assigns without a declaration. */
  readonly implicit = new Map<string, string>();
  /** Global names that some procedure writes. */
  readonly sharedWrites = new Set<string>();
  readonly main = new Body();

  constructor(script: Script, mode: UnitMode) {
    this.script = script;
    this.mode = mode;
  }
}

export function analyse(script: Script, mode: UnitMode): UnitInfo {
  const unit = new UnitInfo(script, mode);
  let count = 0;
  const identifier = (prefix: string, lower: string): string => {
    count += 1;
    return `${prefix}${count}_${lower.replace(/[^a-z0-9_]/g, '')}`;
  };
  collectDeclarations(unit, identifier);
  const bodies: { body: Body; owner: ProcedureInfo | undefined; statements: readonly Statement[] }[] = [
    { body: unit.main, owner: undefined, statements: script.body },
  ];
  for (const procedure of everyProcedure(unit)) {
    bodies.push({ body: procedure.body, owner: procedure, statements: procedure.node.body });
  }
  for (const { body, owner, statements } of bodies) {
    new Scan(unit, body, owner).statements(statements);
  }
  for (const name of unit.main.written) {
    if (!unit.globals.has(name) && !unit.constants.has(name) && !unit.procedures.has(name)) {
      unit.implicit.set(name, name);
    }
  }
  for (const { body, owner } of bodies) {
    if (owner !== undefined) declareLocals(unit, owner, body, identifier);
  }
  settleReferences(unit, bodies);
  return unit;
}

export function* everyProcedure(unit: UnitInfo): Generator<ProcedureInfo> {
  yield* unit.procedures.values();
  for (const owner of unit.classes.values()) {
    for (const procedures of owner.procedures.values()) yield* procedures;
  }
}

function collectDeclarations(unit: UnitInfo, identifier: (prefix: string, lower: string) => string): void {
  walkStatements(unit.script.body, (statement) => {
    switch (statement.kind) {
      case 'dim':
        for (const declarator of statement.declarators) unit.globals.set(declarator.lower, declarator);
        break;
      case 'const':
        for (const declarator of statement.declarators) unit.constants.set(declarator.lower, declarator);
        break;
      case 'procedure':
        unit.procedures.set(
          statement.lower,
          new ProcedureInfo(statement, identifier('p', statement.lower), undefined),
        );
        break;
      case 'class': {
        const info = new ClassInfo(statement, identifier('C', statement.lower));
        for (const field of statement.fields) info.fields.set(field.lower, field);
        for (const constant of statement.constants) info.constants.set(constant.lower, constant.value);
        for (const procedure of statement.procedures) {
          const known = info.procedures.get(procedure.lower) ?? [];
          known.push(new ProcedureInfo(procedure, identifier('m', procedure.lower), info));
          info.procedures.set(procedure.lower, known);
        }
        unit.classes.set(statement.lower, info);
        break;
      }
    }
  });
}

/** Visits every statement of a list, nested blocks included, procedures and classes not entered. */
export function walkStatements(
  statements: readonly Statement[],
  visit: (statement: Statement) => void,
): void {
  for (const statement of statements) {
    visit(statement);
    for (const block of blocksOf(statement)) walkStatements(block, visit);
  }
}

function blocksOf(statement: Statement): (readonly Statement[])[] {
  switch (statement.kind) {
    case 'if':
      return [...statement.branches.map((branch) => branch.body), statement.otherwise ?? []];
    case 'select':
      return statement.clauses.map((clause) => clause.body);
    case 'for':
    case 'forEach':
    case 'loop':
    case 'with':
      return [statement.body];
    default:
      return [];
  }
}

/** Looks through one body for what it does to names. */
class Scan {
  private readonly unit: UnitInfo;
  private readonly body: Body;
  private readonly owner: ProcedureInfo | undefined;

  constructor(unit: UnitInfo, body: Body, owner: ProcedureInfo | undefined) {
    this.unit = unit;
    this.body = body;
    this.owner = owner;
  }

  statements(statements: readonly Statement[]): void {
    walkStatements(statements, (statement) => {
      this.statement(statement);
    });
  }

  private statement(statement: Statement): void {
    const { body } = this;
    switch (statement.kind) {
      case 'dim':
        if (this.owner === undefined) break;
        for (const { name, lower, bounds } of statement.declarators) {
          body.variables.set(lower, { name, lower, kind: 'dim', js: '', bounds, boxed: false });
        }
        break;
      case 'const':
        for (const { lower, value } of statement.declarators) body.constants.set(lower, value);
        break;
      case 'redim':
        for (const { target, bounds } of statement.items) {
          this.target(target);
          for (const bound of bounds) this.expression(bound);
        }
        break;
      case 'erase':
        for (const target of statement.targets) this.target(target);
        break;
      case 'assign':
        this.target(statement.target);
        this.expression(statement.value);
        break;
      case 'callStatement':
        this.call(statement.callee, statement.args, true);
        break;
      case 'if':
        for (const { condition } of statement.branches) this.expression(condition);
        break;
      case 'select':
        this.expression(statement.subject);
        for (const { values } of statement.clauses) for (const value of values ?? []) this.expression(value);
        break;
      case 'for':
        this.target(statement.variable);
        this.expression(statement.from);
        this.expression(statement.to);
        if (statement.step !== undefined) this.expression(statement.step);
        break;
      case 'forEach':
        this.target(statement.variable);
        this.expression(statement.collection);
        break;
      case 'loop':
        if (statement.condition !== undefined) this.expression(statement.condition);
        break;
      case 'with':
        this.expression(statement.object);
        break;
      case 'onError':
        if (statement.mode === 'resume') body.hasResume = true;
        break;
    }
  }

  private target(target: Expression): void {
    if (target.kind === 'name') this.body.written.add(target.lower);
    else if (target.kind === 'call') {
      this.expression(target.callee);
      for (const arg of target.args) if (arg !== undefined) this.expression(arg);
    } else this.expression(target);
  }

  private expression(expression: Expression): void {
    switch (expression.kind) {
      case 'member':
        if (expression.object !== undefined) this.expression(expression.object);
        break;
      case 'call':
        this.call(expression.callee, expression.args, false);
        break;
      case 'unary':
        this.expression(expression.operand);
        break;
      case 'binary': {
        // Chains lean left and may be long.
        let node: Expression = expression;
        for (; node.kind === 'binary'; node = node.left) this.expression(node.right);
        this.expression(node);
        break;
      }
      case 'group':
        this.expression(expression.inner);
        break;
      case 'name':
        this.noteDynamic(expression.lower);
        break;
    }
  }

  private noteDynamic(lower: string): void {
    if ((lower === 'execute' || lower === 'eval') && !this.unit.procedures.has(lower))
      this.body.isDynamic = true;
  }

  private call(callee: Expression, args: readonly (Expression | undefined)[], isStatement: boolean): void {
    const target = ungrouped(callee);
    this.expression(target);
    const known = target.kind === 'name' ? this.procedure(target.lower) : undefined;
    const takesValues =
      target.kind === 'name' && known === undefined && this.isValueTaker(target.lower, isStatement);
    for (let position = 0; position < args.length; position += 1) {
      const arg = args[position];
      if (arg === undefined) continue;
      this.expression(arg);
      if (arg.kind !== 'name') continue;
      if (known !== undefined && args.length === known.node.parameters.length) {
        const isTwice = args.some(
          (other, at) => at !== position && other?.kind === 'name' && other.lower === arg.lower,
        );
        this.body.passed.push({ lower: arg.lower, callee: known, position, isTwice });
      } else if (!takesValues) this.body.exposed.add(arg.lower);
    }
  }

  /** The script's own procedure that a name calls here, unless a local or a member hides it. */
  private procedure(lower: string): ProcedureInfo | undefined {
    const { owner, unit } = this;
    if (owner !== undefined) {
      if (owner.node.parameters.some((parameter) => parameter.lower === lower)) return undefined;
      if (owner.owner?.procedures.has(lower) || owner.owner?.fields.has(lower)) return undefined;
    }
    return unit.procedures.get(lower);
  }

  /** Built-ins take values, and so does the index of a variable that is known to be one. */
  private isValueTaker(lower: string, isStatement: boolean): boolean {
    const { owner, unit } = this;
    if (owner?.owner?.procedures.has(lower)) return false;
    const isVariable =
      unit.globals.has(lower) ||
      this.body.variables.has(lower) ||
      owner?.node.parameters.some((parameter) => parameter.lower === lower) === true ||
      owner?.owner?.fields.has(lower) === true;
    if (isVariable) return !isStatement;
    return BUILTINS.has(lower);
  }
}

export function ungrouped(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === 'group') inner = inner.inner;
  return inner;
}

/** Parameters, result, Dim, and what is written without a declaration. */
function declareLocals(
  unit: UnitInfo,
  info: ProcedureInfo,
  body: Body,
  identifier: (prefix: string, lower: string) => string,
): void {
  const declared = [...body.variables.values()];
  body.variables.clear();
  const add = (
    name: string,
    lower: string,
    kind: Variable['kind'],
    bounds: readonly number[] | undefined = undefined,
  ): void => {
    body.variables.set(lower, { name, lower, kind, js: identifier('v', lower), bounds, boxed: false });
  };
  const { node } = info;
  if (node.procedureKind === 'function' || node.procedureKind === 'get') add(node.name, node.lower, 'result');
  for (const { name, lower } of node.parameters) add(name, lower, 'parameter');
  for (const { name, lower, bounds } of declared) {
    if (!body.variables.has(lower)) add(name, lower, 'dim', bounds);
  }
  for (const lower of body.written) {
    if (body.variables.has(lower) || body.constants.has(lower)) continue;
    if (info.owner?.fields.has(lower) || info.owner?.constants.has(lower)) continue;
    if (info.owner?.procedures.has(lower)) continue;
    if (unit.globals.has(lower) || unit.constants.has(lower) || unit.procedures.has(lower)) {
      unit.sharedWrites.add(lower);
      continue;
    }
    if (BUILTINS.has(lower) || unit.script.optionExplicit || body.isDynamic) {
      unit.sharedWrites.add(lower);
      continue;
    }
    // Written, and declared nowhere: the global of this name if it exists by then, else a local.
    unit.sharedWrites.add(lower);
    add(lower, lower, 'implicit');
  }
}

function settleReferences(
  unit: UnitInfo,
  bodies: readonly { readonly body: Body; readonly owner: ProcedureInfo | undefined }[],
): void {
  const makeReference = (info: ProcedureInfo, position: number): boolean => {
    if (info.byReference[position] || info.node.parameters[position]!.mode === 'byval') return false;
    info.byReference[position] = true;
    return true;
  };
  for (const { body, owner } of bodies) {
    for (const variable of body.variables.values()) {
      if (body.isDynamic || body.exposed.has(variable.lower) || variable.kind === 'implicit')
        variable.boxed = true;
    }
    if (owner === undefined) continue;
    owner.node.parameters.forEach((parameter, position) => {
      if (body.written.has(parameter.lower) || body.exposed.has(parameter.lower) || body.isDynamic) {
        makeReference(owner, position);
      }
    });
  }
  for (let isChanging = true; isChanging; ) {
    isChanging = false;
    for (const { body, owner } of bodies) {
      for (const { lower, callee, position, isTwice } of body.passed) {
        const variable = body.variables.get(lower);
        if (isTwice || (variable === undefined && unit.sharedWrites.has(lower))) {
          if (makeReference(callee, position)) isChanging = true;
        }
        if (!callee.byReference[position] || variable === undefined || variable.boxed) continue;
        variable.boxed = true;
        isChanging = true;
        const at = owner?.node.parameters.findIndex((parameter) => parameter.lower === lower) ?? -1;
        if (at >= 0 && owner !== undefined) makeReference(owner, at);
      }
    }
  }
  for (const { body, owner } of bodies) {
    owner?.node.parameters.forEach((parameter, position) => {
      const variable = body.variables.get(parameter.lower);
      if (owner.byReference[position] && variable !== undefined) variable.boxed = true;
    });
  }
}
