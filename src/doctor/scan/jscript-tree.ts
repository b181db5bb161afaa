/**
 * JScript → the tree of the scan, by acorn (docs/decisions/0341).
 * Owns: what JScript allows beyond ECMAScript: assignment to the result of a call.
 * Fails: throws acorn's SyntaxError, which carries `pos`.
 */
import {
  type Node as AcornNode,
  type Expression,
  Parser,
  type Pattern,
  type Program,
  type Statement,
} from 'acorn';
import type { Node, Step, Tree } from './tree.ts';

type Acorn = AcornNode & Readonly<Record<string, unknown>>;

/** JScript assigns to `fields.Item("x") = 2`: the member's default property is put. */
class JScriptParser extends Parser {
  toAssignable(node: AcornNode, ...rest: unknown[]): AcornNode {
    if (node.type === 'CallExpression') return node;
    return call(Parser.prototype, 'toAssignable', this, [node, ...rest]) as AcornNode;
  }

  checkLValSimple(node: AcornNode, ...rest: unknown[]): void {
    if (node.type !== 'CallExpression') call(Parser.prototype, 'checkLValSimple', this, [node, ...rest]);
  }
}

function call(prototype: object, method: string, self: object, args: readonly unknown[]): unknown {
  return (Reflect.get(prototype, method) as (...args: unknown[]) => unknown).apply(self, [...args]);
}

export function jscriptTree(source: string): Tree {
  const program: Program = JScriptParser.parse(source, {
    ecmaVersion: 'latest',
    sourceType: 'script',
    allowReturnOutsideFunction: true,
    allowHashBang: true,
  });
  return { language: 'jscript', steps: (program.body as Statement[]).flatMap(stepsOf) };
}

function stepsOf(statement: Statement | Expression | Pattern | null | undefined): Step[] {
  if (statement === null || statement === undefined) return [];
  const node = statement as unknown as Acorn;
  const child = (name: string): Step[] => stepsOf(node[name] as Statement | null);
  const all = (name: string): Step[] => (node[name] as Statement[]).flatMap(stepsOf);
  const value = (name: string): Node[] => (node[name] ? [nodeOf(node[name] as AcornNode)] : []);
  switch (node.type) {
    case 'ExpressionStatement':
      return expressionSteps(node['expression'] as Acorn);
    case 'VariableDeclaration':
      return (node['declarations'] as Acorn[]).flatMap((declaration): Step[] => {
        const name = (declaration['id'] as Acorn)['name'];
        if (typeof name !== 'string') return [];
        const declared: Step = { do: 'declare', names: [name.toLowerCase()] };
        const init = declaration['init'] as Acorn | null;
        if (init === null) return [declared];
        const target: Node = { op: 'name', name: name.toLowerCase(), at: declaration.start };
        return [declared, { do: 'assign', target, value: nodeOf(init), at: declaration.start }];
      });
    case 'FunctionDeclaration':
      return [routine(node, ((node['id'] as Acorn)['name'] as string).toLowerCase())];
    case 'ReturnStatement':
      return [{ do: 'return', value: value('argument')[0] }];
    case 'BlockStatement':
      return all('body');
    case 'IfStatement':
      return [{ do: 'choice', parts: value('test'), bodies: [child('consequent'), child('alternate')] }];
    case 'ForStatement':
      return [
        ...initSteps(node['init'] as Acorn | null),
        { do: 'choice', parts: value('test'), bodies: [child('body')] },
      ];
    case 'ForInStatement':
    case 'ForOfStatement':
      return [{ do: 'choice', parts: value('right'), bodies: [child('body')] }];
    case 'WhileStatement':
    case 'DoWhileStatement':
      return [{ do: 'choice', parts: value('test'), bodies: [child('body')] }];
    case 'TryStatement': {
      const handler = node['handler'] as Acorn | null;
      return [
        ...child('block'),
        { do: 'choice', parts: [], bodies: [handler === null ? [] : stepsOf(handler['body'] as Statement)] },
        ...child('finalizer'),
      ];
    }
    case 'SwitchStatement': {
      const cases = node['cases'] as Acorn[];
      return [
        {
          do: 'choice',
          parts: value('discriminant'),
          bodies: cases.map((clause) => (clause['consequent'] as Statement[]).flatMap(stepsOf)),
        },
      ];
    }
    case 'WithStatement':
      return [{ do: 'with', object: nodeOf(node['object'] as AcornNode), body: child('body') }];
    case 'LabeledStatement':
      return child('body');
    default:
      return [];
  }
}

function initSteps(init: Acorn | null): Step[] {
  if (init === null) return [];
  return init.type === 'VariableDeclaration' ? stepsOf(init as unknown as Statement) : expressionSteps(init);
}

function expressionSteps(expression: Acorn): Step[] {
  if (expression.type === 'SequenceExpression')
    return (expression['expressions'] as Acorn[]).flatMap(expressionSteps);
  if (expression.type === 'AssignmentExpression') {
    const left = expression['left'] as Acorn;
    const right = expression['right'] as Acorn;
    const target = nodeOf(left);
    // `a = b = c` assigns twice.
    const inner = right.type === 'AssignmentExpression' ? expressionSteps(right) : [];
    const read = right.type === 'AssignmentExpression' ? nodeOf(right['left'] as AcornNode) : nodeOf(right);
    const value: Node =
      expression['operator'] === '=' ? read : { op: 'join', left: target, right: read, at: left.start };
    if (right.type === 'FunctionExpression' && target.op === 'name') return [routine(right, target.name)];
    return [...inner, { do: 'assign', target, value, at: expression.start }];
  }
  return [
    {
      do: 'run',
      node: nodeOf(expression),
      isCalled: expression.type !== 'MemberExpression',
      at: expression.start,
    },
  ];
}

function routine(node: Acorn, name: string): Step {
  const parameters = (node['params'] as Acorn[]).flatMap((parameter) =>
    typeof parameter['name'] === 'string' ? [parameter['name'].toLowerCase()] : [],
  );
  return { do: 'routine', name, parameters, body: stepsOf(node['body'] as Statement) };
}

function nodeOf(given: AcornNode): Node {
  const node = given as Acorn;
  const at = node.start;
  const list = (name: string): Node[] =>
    (node[name] as (AcornNode | null)[]).flatMap((item) => (item === null ? [] : [nodeOf(item)]));
  switch (node.type) {
    case 'Literal': {
      const value = node['value'];
      if (typeof value === 'string') return { op: 'text', value, at };
      if (typeof value === 'number') return { op: 'number', value, at };
      return typeof value === 'boolean'
        ? { op: 'number', value: value ? -1 : 0, at }
        : { op: 'other', parts: [], at };
    }
    case 'Identifier':
      return { op: 'name', name: (node['name'] as string).toLowerCase(), at };
    case 'MemberExpression': {
      const object = nodeOf(node['object'] as AcornNode);
      const property = node['property'] as Acorn;
      if (node['computed'] === true) return { op: 'call', callee: object, args: [nodeOf(property)], at };
      return { op: 'member', object, name: String(property['name']).toLowerCase(), at };
    }
    case 'CallExpression':
      return { op: 'call', callee: nodeOf(node['callee'] as AcornNode), args: list('arguments'), at };
    case 'NewExpression':
      return { op: 'new', className: nodeOf(node['callee'] as AcornNode), args: list('arguments'), at };
    case 'BinaryExpression': {
      const left = nodeOf(node['left'] as AcornNode);
      const right = nodeOf(node['right'] as AcornNode);
      return node['operator'] === '+'
        ? { op: 'join', left, right, at }
        : { op: 'other', parts: [left, right], at };
    }
    case 'ConditionalExpression':
      return {
        op: 'other',
        parts: ['test', 'consequent', 'alternate'].map((name) => nodeOf(node[name] as AcornNode)),
        at,
      };
    case 'LogicalExpression':
      return { op: 'other', parts: ['left', 'right'].map((name) => nodeOf(node[name] as AcornNode)), at };
    case 'UnaryExpression':
    case 'UpdateExpression':
      return { op: 'other', parts: [nodeOf(node['argument'] as AcornNode)], at };
    case 'ArrayExpression':
      return { op: 'other', parts: list('elements'), at };
    case 'ParenthesizedExpression':
      return nodeOf(node['expression'] as AcornNode);
    default:
      return { op: 'other', parts: [], at };
  }
}
