/** VBScript → the tree of the scan, by the script engine's own parser. Fails: throws the engine's ScriptError. */
import { type Expression, type Procedure, parseScript, type Statement } from '../../vbscript/index.ts';
import type { Node, Routine, Step, Tree } from './tree.ts';

export function vbscriptTree(source: string): Tree {
  return { language: 'vbscript', steps: parseScript(source).body.flatMap(stepsOf) };
}

function stepsOf(statement: Statement): Step[] {
  switch (statement.kind) {
    case 'dim':
      return [{ do: 'declare', names: statement.declarators.map(({ lower }) => lower) }];
    case 'const':
      return statement.declarators.map(({ lower, value, at }) => ({
        do: 'assign',
        target: { op: 'name', name: lower, at },
        value: literalNode(value, at),
        at,
      }));
    case 'redim':
      return [
        choice(
          statement.items.flatMap(({ bounds }) => bounds),
          [],
        ),
      ];
    case 'erase':
      return [choice(statement.targets, [])];
    case 'assign':
      return [
        { do: 'assign', target: nodeOf(statement.target), value: nodeOf(statement.value), at: statement.at },
      ];
    case 'callStatement':
      return [{ do: 'run', node: callOf(statement), isCalled: true, at: statement.at }];
    case 'if':
      return [
        choice(
          statement.branches.map(({ condition }) => condition),
          [...statement.branches.map(({ body }) => body), statement.otherwise ?? []],
        ),
      ];
    case 'select':
      return [
        choice(
          [statement.subject, ...statement.clauses.flatMap(({ values }) => values ?? [])],
          statement.clauses.map(({ body }) => body),
        ),
      ];
    case 'for':
      return [choice([statement.from, statement.to], [statement.body])];
    case 'forEach':
      return [choice([statement.collection], [statement.body])];
    case 'loop':
      return [choice(statement.condition === undefined ? [] : [statement.condition], [statement.body])];
    case 'with':
      return [{ do: 'with', object: nodeOf(statement.object), body: statement.body.flatMap(stepsOf) }];
    case 'procedure':
      return [routineOf(statement)];
    case 'class':
      return statement.procedures.map(routineOf);
    default:
      return [];
  }
}

function routineOf({ lower, parameters, body }: Procedure): Routine {
  return {
    do: 'routine',
    name: lower,
    parameters: parameters.map((parameter) => parameter.lower),
    body: body.flatMap(stepsOf),
  };
}

function choice(parts: readonly Expression[], bodies: readonly (readonly Statement[])[]): Step {
  return { do: 'choice', parts: parts.map(nodeOf), bodies: bodies.map((body) => body.flatMap(stepsOf)) };
}

function callOf({
  callee,
  args,
  at,
}: {
  callee: Expression;
  args: readonly (Expression | undefined)[];
  at: number;
}): Node {
  // `m.To = …` parsed as a statement is an assignment; what reaches us here is a call.
  return { op: 'call', callee: nodeOf(callee), args: args.map((arg) => arg && nodeOf(arg)), at };
}

function nodeOf(expression: Expression): Node {
  const { at } = expression;
  switch (expression.kind) {
    case 'literal':
      return literalNode(expression.value, at);
    case 'name':
      return { op: 'name', name: expression.lower, at };
    case 'me':
      return { op: 'name', name: 'me', at };
    case 'member':
      return {
        op: 'member',
        object: expression.object && nodeOf(expression.object),
        name: expression.lower,
        at,
      };
    case 'call':
      return callOf(expression);
    case 'new':
      return { op: 'other', parts: [], at };
    case 'unary':
      return { op: 'other', parts: [nodeOf(expression.operand)], at };
    case 'binary': {
      const left = nodeOf(expression.left);
      const right = nodeOf(expression.right);
      const joins = expression.operator === '&' || expression.operator === '+';
      return joins ? { op: 'join', left, right, at } : { op: 'other', parts: [left, right], at };
    }
    case 'group':
      return nodeOf(expression.inner);
  }
}

function literalNode(value: unknown, at: number): Node {
  if (typeof value === 'string') return { op: 'text', value, at };
  if (typeof value === 'number') return { op: 'number', value, at };
  if (typeof value === 'boolean') return { op: 'number', value: value ? -1 : 0, at };
  return { op: 'other', parts: [], at };
}
