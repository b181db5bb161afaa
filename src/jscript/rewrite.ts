/**
 * Rewrites JScript so that the JavaScript engine runs it: calls on members, assignment to call results, typeof, catch, eval.
 * Owns: which places change and how, where memory is looked at; every line stays the line it was.  Leaves: what the inserted names do (realm/inserted.ts).
 * Fails: SyntaxProblem for names that are ours alone.
 *
 * Inserted names begin with `__jscript_`; a script may not use such a name itself, so what they mean cannot be changed from
 * inside (docs/decisions/0430). Everything that the engine is given has been read by acorn as ECMAScript 5 before: no
 * newer syntax, and above all no `import()`, gets through.
 */
import { type Node, type Reading, read, SyntaxProblem } from './parser.ts';

/** Beginning of names that belong to the engine. */
export const OWN_PREFIX = '__jscript_';

export type Rewritten = {
  readonly text: string;
  /** Where the text came from: pieces in order, each beginning at `out` in the text and at `source` in the source. */
  readonly pieces: readonly { readonly out: number; readonly source: number; readonly isSource: boolean }[];
  /** Start and end of every statement, in order of start. */
  readonly statements: readonly (readonly [start: number, end: number])[];
  /** Functions of script level, as written. */
  readonly procedures: readonly string[];
  /** Names used as variables. */
  readonly names: ReadonlySet<string>;
  /** Start and end of each function, for its text. */
  readonly functions: readonly (readonly [start: number, end: number])[];
};

/** Throws SyntaxProblem. With `traceAs`, the number of the unit, reports of lines and conditions are added. */
export function rewrite(source: string, traceAs?: number, onProgress?: () => void): Rewritten {
  return new Rewriter(source, read(source, onProgress), traceAs).result();
}

type Parent = { readonly node: Node; readonly field: string } | undefined;

class Rewriter {
  /** The source with blanks for comments, so that searches between tokens see tokens alone. */
  readonly #source: string;
  readonly #traceAs: number | undefined;
  readonly #program: Node;
  /** Text put in front of what begins at an offset; the outer node's comes first. */
  readonly #openings = new Map<number, string>();
  /** Text put behind what ends at an offset; the inner node's comes first. */
  readonly #closings = new Map<number, string>();
  readonly #replaced = new Map<number, { readonly end: number; readonly text: string }>();
  readonly #statements: (readonly [number, number])[] = [];
  readonly #functions: (readonly [number, number])[] = [];
  readonly #procedures: string[] = [];
  readonly #names = new Set<string>();

  constructor(source: string, { program, comments }: Reading, traceAs: number | undefined) {
    this.#source = withoutComments(source, comments);
    this.#program = program;
    this.#traceAs = traceAs;
  }

  result(): Rewritten {
    this.#visit(this.#program, undefined);
    for (const statement of this.#program['body'] as Node[]) this.#declare(statement);
    const { text, pieces } = this.#assemble();
    this.#statements.sort((a, b) => a[0] - b[0]);
    return {
      text,
      pieces,
      statements: this.#statements,
      procedures: this.#procedures,
      names: this.#names,
      functions: this.#functions,
    };
  }

  #declare(statement: Node): void {
    if (statement.type === 'FunctionDeclaration') this.#procedures.push(nameOf(statement['id']));
    if (statement.type !== 'VariableDeclaration') return;
    for (const declarator of statement['declarations'] as Node[])
      if ((declarator['init'] as Node | null)?.type === 'FunctionExpression')
        this.#procedures.push(nameOf(declarator['id']));
  }

  #assemble(): Pick<Rewritten, 'text' | 'pieces'> {
    const pieces: { out: number; source: number; isSource: boolean }[] = [];
    const places = new Set([...this.#openings.keys(), ...this.#closings.keys(), ...this.#replaced.keys()]);
    let text = '';
    let at = 0;
    const copy = (end: number): void => {
      if (end <= at) return;
      pieces.push({ out: text.length, source: at, isSource: true });
      text += this.#source.slice(at, end);
      at = end;
    };
    const insert = (inserted: string | undefined): void => {
      if (inserted === undefined) return;
      pieces.push({ out: text.length, source: at, isSource: false });
      text += inserted;
    };
    for (const place of [...places].sort((a, b) => a - b)) {
      copy(place);
      insert(this.#closings.get(place));
      insert(this.#openings.get(place));
      const replaced = this.#replaced.get(place);
      if (replaced !== undefined) {
        insert(replaced.text);
        at = replaced.end;
      }
    }
    copy(this.#source.length);
    return { text, pieces };
  }

  #open(offset: number, text: string): void {
    this.#openings.set(offset, (this.#openings.get(offset) ?? '') + text);
  }

  #close(offset: number, text: string): void {
    this.#closings.set(offset, (this.#closings.get(offset) ?? '') + text);
  }

  #replace(start: number, end: number, text: string): void {
    // Lines must stay: line ends of what goes are kept.
    const breaks = this.#source.slice(start, end).replace(/[^\r\n\u2028\u2029]/g, '');
    this.#replaced.set(start, { end, text: text + breaks });
  }

  // ---- the walk: openings on the way in, closings on the way out ----

  #visit(node: Node, parent: Parent): void {
    if (parent !== undefined && isStatement(node)) this.#statement(node, parent);
    const close = this.#enter(node, parent);
    for (const field of Object.keys(node)) {
      const child = node[field];
      if (Array.isArray(child)) {
        for (const one of child) if (isNode(one)) this.#visit(one, { node, field });
      } else if (isNode(child)) this.#visit(child, { node, field });
    }
    close?.();
  }

  #statement(node: Node, parent: NonNullable<Parent>): void {
    const isListed =
      parent.node.type === 'Program' ||
      parent.node.type === 'BlockStatement' ||
      (parent.node.type === 'SwitchCase' && parent.field === 'consequent');
    // The body of a label stays next to it, and a declaration in the head of a loop is no statement.
    if (!isListed && !isBody(parent)) return;
    if (node.type === 'BlockStatement') return;
    this.#statements.push([node.start, node.end]);
    if (typeof node['directive'] === 'string') this.#open(node.start, ';');
    if (this.#traceAs === undefined || node.type === 'FunctionDeclaration' || node.type === 'EmptyStatement')
      return;
    const report = `${OWN_PREFIX}line(${this.#traceAs},${node.start});`;
    if (isListed) this.#open(node.start, report);
    else {
      this.#open(node.start, `{${report}`);
      this.#close(node.end, '}');
    }
  }

  /** Openings of a node; returns what is to be done when its children have been visited. */
  #enter(node: Node, parent: Parent): (() => void) | undefined {
    switch (node.type) {
      case 'Identifier':
        this.#identifier(node, parent);
        return undefined;
      case 'CallExpression':
        return this.#arrayOf(node) ?? this.#call(node);
      case 'NewExpression':
        return this.#arrayOf(node);
      case 'BinaryExpression':
        return this.#sum(node, parent);
      case 'AssignmentExpression':
        return isCall(node['left']) ? this.#assignment(node) : this.#growth(node);
      case 'UpdateExpression':
        return isCall(node['argument']) ? this.#update(node) : undefined;
      case 'UnaryExpression':
        return node['operator'] === 'typeof' ? this.#typeOf(node) : undefined;
      case 'CatchClause': {
        const name = nameOf(node['param']);
        const { start } = node['body'] as Node;
        this.#close(start + 1, `${name}=${OWN_PREFIX}caught(${name});`);
        return undefined;
      }
      case 'TryStatement': {
        const finalizer = node['finalizer'] as Node | null;
        if (finalizer !== null) this.#close(finalizer.start + 1, `${OWN_PREFIX}leave();`);
        return undefined;
      }
      case 'ThrowStatement':
        return this.#wrap(node['argument'] as Node, 'thrown');
      case 'WithStatement':
        return this.#wrap(node['object'] as Node, 'with');
      case 'ArrayExpression':
        this.#array(node);
        return undefined;
      case 'IfStatement':
        return this.#condition(node['test'] as Node | null);
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForStatement': {
        const tick = this.#tick(node['body'] as Node);
        const condition = this.#condition(node['test'] as Node | null);
        return () => {
          condition?.();
          tick?.();
        };
      }
      case 'ForInStatement': {
        const tick = this.#tick(node['body'] as Node);
        const each = this.#wrap(node['right'] as Node, 'each');
        return () => {
          each();
          tick?.();
        };
      }
      case 'SwitchStatement':
        return this.#condition(node['discriminant'] as Node);
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        this.#functions.push([node.start, node.end]);
        return this.#tick(node['body'] as Node);
      default:
        return undefined;
    }
  }

  #wrap(node: Node, helper: string): () => void {
    // Two pairs: the node may be a list of expressions.
    this.#open(node.start, `${OWN_PREFIX}${helper}((`);
    return () => this.#close(node.end, '))');
  }

  /** `a + b`, the outermost of a chain: when neither is written out, the sum may be twice as long as what there was. */
  #sum(node: Node, parent: Parent): (() => void) | undefined {
    if (node['operator'] !== '+' || (parent !== undefined && isSum(parent.node)) || !doubles(node))
      return undefined;
    return this.#wrap(node, 'sum');
  }

  /** `a += b` and `a.length = n`. */
  #growth(node: Node): (() => void) | undefined {
    const right = node['right'] as Node;
    if (node['operator'] === '+=') return right.type === 'Literal' ? undefined : this.#wrap(node, 'sum');
    return node['operator'] === '=' && isLength(node['left'] as Node) ? this.#wrap(right, 'size') : undefined;
  }

  /** `new Array(n)` and `Array(n)`. */
  #arrayOf(node: Node): (() => void) | undefined {
    const callee = node['callee'] as Node;
    const given = node['arguments'] as Node[];
    if (callee.type !== 'Identifier' || nameOf(callee) !== 'Array' || given.length !== 1) return undefined;
    return this.#wrap(given[0]!, 'size');
  }

  /** Each turn of a loop and each call burns a little; when it is gone somebody looks at the memory. */
  #tick(body: Node): (() => void) | undefined {
    if (body.type === 'BlockStatement') {
      this.#close(body.start + 1, TICK);
      return undefined;
    }
    this.#open(body.start, `{${TICK}`);
    return () => this.#close(body.end, '}');
  }

  #condition(test: Node | null): (() => void) | undefined {
    if (this.#traceAs === undefined || test === null) return undefined;
    this.#open(test.start, `${OWN_PREFIX}test(${this.#traceAs},${test.start},(`);
    return () => this.#close(test.end, '))');
  }

  #identifier(node: Node, parent: Parent): void {
    const name = nameOf(node);
    if (isPropertyName(parent)) return;
    this.#names.add(name);
    if (name.startsWith(OWN_PREFIX)) throw new SyntaxProblem(1010, node.start);
    // Newer engines read `let` as a keyword where acorn, reading JScript, sees a name.
    if (name === 'let') throw new SyntaxProblem(1010, node.start);
    if (name === 'eval') {
      if (isDeclared(parent)) throw new SyntaxProblem(1010, node.start);
      // Only the word itself, called, evaluates in the scope where it stands; every other use is the function's.
      if (!isCallee(parent)) this.#replace(node.start, node.end, `${OWN_PREFIX}eval`);
      else if (node.end - node.start !== name.length) this.#replace(node.start, node.end, name);
      return;
    }
    if (node.end - node.start !== name.length && !this.#replaced.has(node.start))
      this.#replace(node.start, node.end, name);
  }

  #call(node: Node): (() => void) | undefined {
    const callee = node['callee'] as Node;
    if (callee.type === 'Identifier' && nameOf(callee) === 'eval') {
      const [first] = node['arguments'] as Node[];
      return first === undefined ? undefined : this.#wrap(first, 'code');
    }
    if (callee.type !== 'MemberExpression') return undefined;
    const object = callee['object'] as Node;
    return NEVER_HOSTS.has(object.type) ? undefined : this.#wrap(object, 'self');
  }

  /** `f(a) = v` → `__jscript_put(f, "", [a], v)`; `o.m(a) = v` → `__jscript_put(o, "m", [a], v)`. */
  #assignment(node: Node): () => void {
    const left = node['left'] as Node;
    const right = node['right'] as Node;
    const operator = node['operator'] as string;
    const at = this.#operatorAt(left.end, right.start, operator);
    this.#target(left, operator === '=' ? 'put' : 'change', node.start);
    if (operator === '=') this.#replace(at, at + 1, ',');
    else
      this.#replace(
        at,
        at + operator.length,
        `,false,(${OWN_PREFIX}value)=>${OWN_PREFIX}value${operator.slice(0, -1)}(`,
      );
    return () => this.#close(node.end, operator === '=' ? ')' : '))');
  }

  /** `f(a)++` → `__jscript_change(f, "", [a], true, (value) => +value + 1)`. */
  #update(node: Node): () => void {
    const target = node['argument'] as Node;
    const operator = node['operator'] as string;
    const isPrefix = node['prefix'] === true;
    const at = isPrefix ? node.start : this.#operatorAt(target.end, node.end, operator);
    this.#replace(at, at + operator.length, '');
    this.#target(target, 'change', target.start);
    return () =>
      this.#close(
        target.end,
        `,${!isPrefix},(${OWN_PREFIX}value)=>+${OWN_PREFIX}value${operator.slice(0, 1)}1)`,
      );
  }

  /** Turns a call that is assigned to into the beginning of an argument list. */
  #target(call: Node, helper: string, start: number): void {
    const callee = call['callee'] as Node;
    this.#open(start, `${OWN_PREFIX}${helper}(`);
    const open = this.#source.indexOf('(', callee.end);
    if (callee.type === 'MemberExpression') {
      const object = callee['object'] as Node;
      const property = callee['property'] as Node;
      if (callee['computed'] === true) {
        const bracket = this.#source.indexOf('[', this.#behind(object, property));
        this.#replace(bracket, bracket + 1, ',');
        this.#replace(callee.end - 1, callee.end, ',');
      } else {
        const dot = this.#source.indexOf('.', this.#behind(object, property));
        this.#replace(dot, property.end, `,${JSON.stringify(nameOf(property))},`);
      }
    } else {
      if (callee.type === 'Identifier' && nameOf(callee) === 'eval')
        throw new SyntaxProblem(1002, call.start);
      this.#open(open, ',"",');
    }
    this.#replace(open, open + 1, '[');
    this.#replace(call.end - 1, call.end, ']');
  }

  /** The end of an expression with the parentheses around it. */
  #behind(node: Node, next: Node): number {
    const closing = this.#source.slice(node.end, next.start).lastIndexOf(')');
    return closing < 0 ? node.end : node.end + closing + 1;
  }

  #operatorAt(from: number, to: number, operator: string): number {
    const at = this.#source.indexOf(operator, from);
    // `(f(x)) = v` assigns to a value, not to a call.
    if (at < 0 || at > to || this.#source.slice(from, at).includes(')')) throw new SyntaxProblem(5003, from);
    return at;
  }

  #typeOf(node: Node): () => void {
    const operand = node['argument'] as Node;
    // A name that nobody declared has a type, too.
    const isBare = operand.type === 'Identifier';
    const name = isBare ? nameOf(operand) : '';
    const used = name === 'eval' ? `${OWN_PREFIX}eval` : name;
    this.#replace(
      node.start,
      node.start + 6,
      isBare ? `(typeof ${used}==="undefined"?"undefined":${OWN_PREFIX}type(` : `${OWN_PREFIX}type(`,
    );
    return () => this.#close(node.end, isBare ? '))' : ')');
  }

  /** JScript counts a comma at the end: `[1,2,]` has three elements. */
  #array(node: Node): void {
    const inside = this.#source.slice(node.start + 1, node.end - 1).trimEnd();
    if (inside.endsWith(',')) this.#close(node.end - 1, ',');
  }
}

/** No statement of the kind that has a value: what `eval` gives stays what it was. */
const TICK = `if(--${OWN_PREFIX}fuel[0]<0)${OWN_PREFIX}look();`;

/** Objects that are written out are none of the host's. */
const NEVER_HOSTS: ReadonlySet<string> = new Set([
  'Literal',
  'ThisExpression',
  'ArrayExpression',
  'ObjectExpression',
  'FunctionExpression',
]);

function withoutComments(source: string, comments: Reading['comments']): string {
  let text = '';
  let at = 0;
  for (const [start, end] of comments) {
    text += source.slice(at, start) + source.slice(start, end).replace(/[^\r\n\u2028\u2029]/g, ' ');
    at = end;
  }
  return text + source.slice(at);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function isStatement(node: Node): boolean {
  return node.type.endsWith('Statement') || node.type.endsWith('Declaration');
}

const BODY_FIELDS: ReadonlySet<string> = new Set(['body', 'consequent', 'alternate']);

function isBody({ node, field }: NonNullable<Parent>): boolean {
  return isStatement(node) && BODY_FIELDS.has(field) && node.type !== 'LabeledStatement';
}

function isSum(node: Node): boolean {
  return node.type === 'BinaryExpression' && node['operator'] === '+';
}

/** A sum in which two values that are not written out come together. */
function doubles(node: Node): boolean {
  let sum = node;
  for (;;) {
    const [left, right] = [sum['left'] as Node, sum['right'] as Node];
    if (left.type !== 'Literal' && right.type !== 'Literal') return true;
    if (isSum(right) && doubles(right)) return true;
    if (!isSum(left)) return false;
    sum = left;
  }
}

function isLength(target: Node): boolean {
  if (target.type !== 'MemberExpression') return false;
  const property = target['property'] as Node;
  return target['computed'] === true ? property['value'] === 'length' : nameOf(property) === 'length';
}

function isCall(value: unknown): boolean {
  return (value as Node).type === 'CallExpression';
}

function nameOf(identifier: unknown): string {
  return String((identifier as Node)['name']);
}

function isPropertyName(parent: Parent): boolean {
  if (parent === undefined) return false;
  const { node, field } = parent;
  switch (node.type) {
    case 'MemberExpression':
      return field === 'property' && node['computed'] !== true;
    case 'Property':
      return field === 'key';
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return field === 'label';
    default:
      return false;
  }
}

function isDeclared(parent: Parent): boolean {
  if (parent === undefined) return false;
  const { node, field } = parent;
  if (node.type === 'VariableDeclarator') return field === 'id';
  if (node.type === 'CatchClause') return field === 'param';
  return /^Function/.test(node.type) && (field === 'id' || field === 'params');
}

function isCallee(parent: Parent): boolean {
  return parent?.node.type === 'CallExpression' && parent.field === 'callee';
}
