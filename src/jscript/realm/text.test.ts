/** The text of the realm stands for itself: every name in it is its own or one that a fresh context has. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createContext, runInContext, runInNewContext } from 'node:vm';
import { type Node, parse } from 'acorn';
import { asking } from './asking.ts';
import { constructors } from './constructors.ts';
import { copies } from './copies.ts';
import { dates } from './dates.ts';
import { errors } from './errors.ts';
import { habits } from './habits.ts';
import { hostFunctions } from './host-functions.ts';
import { hostObjects } from './host-objects.ts';
import { inserted } from './inserted.ts';
import { intrinsics } from './intrinsics.ts';
import { library } from './library.ts';
import { roomFor } from './room.ts';
import { realmSide } from './side.ts';
import { namesText, Parts, realmText } from './text.ts';
import { thrownValues } from './thrown.ts';

type AnyNode = Node & Record<string, unknown>;
type Names = Set<string>;
type Note = { readonly add: (name: string) => unknown };

/** Names that are used where nothing around declares them. */
function freeNames(text: string): readonly string[] {
  const free = new Set<string>();
  visit(parse(text, { ecmaVersion: 2024, sourceType: 'script' }) as unknown as AnyNode, [new Set()], free);
  return [...free].sort();
}

const children = (node: AnyNode): AnyNode[] =>
  Object.values(node)
    .flat()
    .filter((child): child is AnyNode => typeof (child as AnyNode | null)?.type === 'string');

function visit(node: AnyNode, scopes: readonly Names[], free: Names): void {
  switch (node.type) {
    case 'Identifier':
      if (!scopes.some((scope) => scope.has(node['name'] as string))) free.add(node['name'] as string);
      return;
    case 'MemberExpression':
      visit(node['object'] as AnyNode, scopes, free);
      if (node['computed'] === true) visit(node['property'] as AnyNode, scopes, free);
      return;
    case 'Property':
      if (node['computed'] === true) visit(node['key'] as AnyNode, scopes, free);
      visit(node['value'] as AnyNode, scopes, free);
      return;
    case 'MetaProperty':
    case 'LabeledStatement':
      return;
    case 'CatchClause':
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const own: Names = new Set(['arguments']);
      for (const pattern of [node['id'], node['param'], ...((node['params'] as AnyNode[] | undefined) ?? [])])
        bind(pattern as AnyNode | null | undefined, own);
      declare(node['body'] as AnyNode, own);
      for (const child of children(node)) visit(child, [...scopes, own], free);
      return;
    }
    case 'Program':
    case 'BlockStatement':
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement': {
      const own: Names = new Set();
      declare(node, own);
      for (const child of children(node)) visit(child, [...scopes, own], free);
      return;
    }
    default:
      for (const child of children(node)) visit(child, scopes, free);
  }
}

/** Names that the statements of a block declare, or the head of a loop. */
function declare(block: AnyNode, own: Note): void {
  for (const statement of children(block)) {
    if (statement.type === 'VariableDeclaration')
      for (const { id } of statement['declarations'] as { id: AnyNode }[]) bind(id, own);
    if (statement.type === 'FunctionDeclaration') bind(statement['id'] as AnyNode, own);
  }
}

function bind(pattern: AnyNode | null | undefined, own: Note): void {
  if (pattern === null || pattern === undefined) return;
  if (pattern.type === 'Identifier') own.add(pattern['name'] as string);
  else if (pattern.type === 'Property') bind(pattern['value'] as AnyNode, own);
  else if (pattern.type === 'AssignmentPattern') bind(pattern['left'] as AnyNode, own);
  else for (const child of children(pattern)) bind(child, own);
}

type ObjectNode = {
  readonly properties: readonly { readonly shorthand: boolean; readonly value: AnyNode }[];
};
type Program = {
  readonly body: readonly {
    readonly expression: {
      readonly body: { readonly body: AnyNode[] };
      readonly params: readonly ObjectNode[];
    };
  }[];
};

/** Names declared at the top of a function, each as often as it is declared. */
function declaredBy(text: string): string[] {
  const { expression } = (parse(text, { ecmaVersion: 2024 }) as unknown as Program).body[0]!;
  const names: string[] = [];
  const note = { add: (name: string) => names.push(name) };
  for (const pattern of expression.params as unknown as AnyNode[]) bind(pattern, note);
  declare(expression.body as unknown as AnyNode, note);
  return names;
}

const PARTS: readonly ((kit: never) => object)[] = [
  hostFunctions,
  intrinsics,
  errors,
  asking,
  hostObjects,
  thrownValues,
  roomFor,
  inserted,
  constructors,
  dates,
  habits,
  copies,
  library,
  realmSide,
];

describe('the text of the realm', () => {
  it('names nothing but its own and what every context has', () => {
    const foreign = freeNames(realmText()).filter((name) => !runInNewContext(`"${name}" in globalThis`));
    assert.deepEqual(foreign, []);
  });

  it('is found out when it does: the search sees names of a module in parts, defaults and patterns', () => {
    assert.deepEqual(
      freeNames(
        '(function ({ a, b: { c } = lost }) { const d = (e) => e + f; for (const g of d) try { a.x = { y: g, [h]: c }; } catch (i) { i; } return d; })',
      ),
      ['f', 'h', 'lost'],
    );
  });

  it('has every name once: no part declares what another declares', () => {
    const counts = new Map<string, number>();
    for (const name of declaredBy(realmText())) counts.set(name, (counts.get(name) ?? 0) + 1);
    assert.deepEqual(
      [...counts].filter(([, count]) => count > 1),
      [],
    );
    assert.ok(counts.size > 150, `${counts.size} names`);
    assert.deepEqual(declaredBy('(function (a) { const { c: [d] } = a; function b() {} function b() {} })'), [
      'a',
      'd',
      'b',
      'b',
    ]);
  });

  it('is made of parts that take and return names as they are, and return at their end alone', () => {
    for (const part of PARTS) {
      const text = part.toString();
      const { body, params } = (parse(`(${text})`, { ecmaVersion: 2024 }) as unknown as Program).body[0]!
        .expression;
      const returns = body.body.filter(({ type }) => type === 'ReturnStatement');
      const [end] = returns;
      assert.ok(returns.length === 1 && end === body.body.at(-1), part.name);
      assert.equal(`(${text}`.lastIndexOf('return {', end!.end), end!.start, part.name);
      for (const { properties } of [...params, end!['argument'] as ObjectNode])
        for (const { shorthand, value } of properties)
          assert.ok(shorthand && value.type === 'Identifier', `${part.name} renames`);
    }
  });

  it('is strict: no function of it tells a script who called it', () => {
    const part = () => {
      const probe = (script: () => unknown) => script();
      return { probe };
    };
    const text = Parts.given<{ host: object }>('host').with(part).text(['probe']);
    const context = createContext();
    const { probe } = runInContext(text, context)({});
    const told = runInContext('(function told() { return told.caller; })', context);
    assert.equal(probe(told), null);
  });

  it('gives each part what was given and what earlier parts made, and returns what is wanted', () => {
    const first = ({ start }: { start: number }) => {
      const one = start + 1;
      return { one };
    };
    const second = ({ one, start }: { one: number; start: number }) => {
      const two = one + start;
      const unwanted = true;
      return { two, unwanted };
    };
    const text = Parts.given<{ start: number }>('start').with(first).with(second).text(['one', 'two']);
    const made = runInNewContext(text)(1);
    assert.deepEqual({ ...made }, { one: 2, two: 3 });
    assert.equal(Object.getPrototypeOf(made), null);
  });

  it('is followed by names that the parts make, every one of them', () => {
    const named = [...namesText().matchAll(/names\.(\w+)/g)].map(([, name]) => name);
    const text = realmText();
    const made = /const names = \{([\s\S]*?)\n\s*\};/.exec(text)?.[1] ?? '';
    for (const name of named) assert.match(made, new RegExp(`\\b${name}\\b`));
  });
});
