/**
 * What an error of the engine below is in JScript: its number and its text.
 * Owns: the mapping from the engine's words.  Leaves: the texts (messages.ts), places (compile.ts).
 * The engine tells what went wrong in its message alone; where JScript's text names a variable, the source is looked at.
 */
import type { CompiledUnit } from './compile.ts';
import { RUNTIME_TEXT } from './messages.ts';
import type { Node } from './parser.ts';

export type Explained = { readonly number: number; readonly text: string };

type Place = { readonly unit: CompiledUnit; readonly offset: number } | undefined;

/** `message` is the engine's; `place` is where it happened, if that is in a script. */
export function explain(className: string, message: string, place: Place): Explained {
  const undeclared = /^(\S+) is not defined$/.exec(message);
  if (undeclared !== null) {
    const name = undeclared[1]!;
    // JScript speaks of the object when a call fails, of the name when a value is wanted.
    return isCalled(place, name) ? standard(5007) : { number: 5009, text: `'${name}' is undefined` };
  }
  if (/^Cannot (?:read|set) propert(?:y|ies) .*of (?:undefined|null)|is (?:undefined|null)$/.test(message)) {
    const object = objectText(place);
    return object === undefined
      ? standard(5007)
      : { number: 5007, text: `'${object}' is null or not an object` };
  }
  if (/ is not a function$/.test(message))
    return standard(/[.\]] ?\S* is not/.test(message) ? 438 : calledValue(place));
  for (const [pattern, number] of BY_MESSAGE) if (pattern.test(message)) return standard(number);
  if (/^URI malformed/.test(message)) return standard(calledName(place)?.startsWith('encode') ? 5024 : 5025);
  if (className === 'SyntaxError') return { number: 1002, text: 'Syntax error' };
  return standard(5);
}

const BY_MESSAGE: readonly (readonly [RegExp, number])[] = [
  [/call stack/i, 28],
  [/string length/i, 14],
  [/[Ii]nvalid array length|array buffer|allocation/, 5029],
  [/is not a constructor$/, 445],
  [/Right-hand side of 'instanceof'/, 5002],
  [/'in' operator/, 5007],
  [/toFixed/, 5026],
  [/toPrecision|toExponential/, 5027],
  [/is not a Date/i, 5006],
  [/Invalid regular expression.*(?:Unterminated group|Unmatched '\)')/, 5020],
  [/Invalid regular expression.*[Uu]nterminated character class/, 5019],
  [/Invalid regular expression.*Nothing to repeat/, 5018],
  [/Invalid regular expression.*Range out of order/, 5021],
  [/[Ii]nvalid (?:regular expression|flags)/, 5017],
  [/RegExp\.prototype|is not a regular/i, 5016],
  [/Assignment to constant/, 5008],
  [/circular/i, 5034],
  [/CreateListFromArrayLike/, 5028],
  [/Cannot convert object to primitive|cannot be converted/i, 438],
  [/requires that 'this' be a Number/, 5001],
  [/requires that 'this' be a String/, 5005],
  [/requires that 'this' be a Boolean/, 5010],
  [/requires that 'this' be a Function/, 5002],
];

export function standard(number: number): Explained {
  return { number, text: RUNTIME_TEXT[number] ?? 'Unknown runtime error' };
}

function isCalled(place: Place, name: string): boolean {
  const node = find(place, (candidate) => {
    const callee = candidate['callee'] as Node | undefined;
    return (
      candidate.type === 'CallExpression' && callee!.start === place!.offset && callee!.type === 'Identifier'
    );
  });
  return node !== undefined && (node['callee'] as Node)['name'] === name;
}

/** `f()` where f holds a value that is no function: a literal shows what it is; else it is taken for undefined. */
function calledValue(place: Place): number {
  const call = find(place, (node) => node.type === 'CallExpression' && holds(node, place!.offset));
  const callee = call?.['callee'] as Node | undefined;
  return callee === undefined || callee.type === 'Identifier' ? 5007 : 5002;
}

function calledName(place: Place): string | undefined {
  const call = find(place, (node) => node.type === 'CallExpression' && holds(node, place!.offset));
  const callee = call?.['callee'] as Node | undefined;
  return callee?.type === 'Identifier' ? String(callee['name']) : undefined;
}

/** The object of the member at the place, as the source writes it. */
function objectText(place: Place): string | undefined {
  const member = find(
    place,
    (node) =>
      node.type === 'MemberExpression' &&
      (node['object'] as Node).end <= place!.offset &&
      place!.offset < node.end,
  );
  // A put is placed at the operator: then its left side is meant.
  const put = find(
    place,
    (node) => node.type === 'AssignmentExpression' && (node['left'] as Node).type === 'MemberExpression',
  );
  const found = member ?? (put?.['left'] as Node | undefined);
  if (found === undefined) return undefined;
  const object = found['object'] as Node;
  return place!.unit.source.slice(object.start, object.end);
}

function holds(node: Node, offset: number): boolean {
  return node.start <= offset && node.end >= offset;
}

/** The innermost node that fits. */
function find(place: Place, fits: (node: Node) => boolean): Node | undefined {
  if (place === undefined) return undefined;
  let found: Node | undefined;
  const visit = (node: Node): void => {
    if (!holds(node, place.offset)) return;
    if (fits(node)) found = node;
    for (const field of Object.keys(node)) {
      const child = node[field];
      if (Array.isArray(child)) {
        for (const one of child) if (isNode(one)) visit(one);
      } else if (isNode(child)) visit(child);
    }
  };
  visit(place.unit.tree);
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}
