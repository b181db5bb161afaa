/**
 * Words and marks of a statement: which nodes end a run, how marks and texts are written.
 * Owns: keywords, comparisons, hints, quoting, lists of nodes.  Leaves: what runs mean (expressions), clauses (translate).
 * Fails: SqlProblem for a text that no database takes.
 */
import { type Group, type Node, SqlProblem, type Token } from './tokens.ts';

/** Words that stand between values. */
export const KEYWORDS = new Set(
  'select distinct distinctrow all from where group by having order union except intersect on as and or not in like alike between is exists case when then else end inner left right full outer join cross natural using asc desc set values into insert update delete limit returning escape collate with over partition null default xor eqv imp'.split(
    ' ',
  ),
);

const COMPARISONS = new Set(['=', '<>', '!=', '<', '>', '<=', '>=', '=>', '=<', '!<', '!>']);

/** A word, one of these in any case. */
export const isWord = (
  node: Node | undefined,
  ...words: string[]
): node is Token & { readonly kind: 'word' } =>
  node?.kind === 'word' && words.includes(node.value.toLowerCase());

const HINTS =
  /^(?:(?:nolock|rowlock|updlock|holdlock|readpast|tablock|tablockx|xlock|paglock|readuncommitted|readcommitted|repeatableread|serializable|nowait)\s*,?\s*)+$/i;

/** `WITH (NOLOCK)` and the like. */
export function isHint(group: Group): boolean {
  return HINTS.test(words(group.items));
}

/** A node that ends a run: a comma, a comparison, a keyword. */
export function isMark(node: Node, before: Node | undefined, next: Node | undefined): boolean {
  if (node.kind === 'comma' || node.kind === 'semicolon') return true;
  if (node.kind === 'op') return COMPARISONS.has(node.value);
  if (node.kind !== 'word' || before?.kind === 'dot' || next?.kind === 'dot') return false;
  const word = node.value.toLowerCase();
  if (!KEYWORDS.has(word)) return false;
  if (word === 'null') return false;
  // LEFT( and RIGHT( are functions, LEFT JOIN is not; so is Asc(.
  return !((word === 'left' || word === 'right' || word === 'asc') && next?.kind === 'group');
}

export function comparison(mark: Token): string {
  switch (mark.value) {
    case '!=':
      return '<>';
    case '=>':
    case '!<':
      return '>=';
    case '=<':
    case '!>':
      return '<=';
    default:
      return mark.value;
  }
}

export function markText(mark: Token): string {
  if (mark.kind === 'comma') return ',';
  if (mark.kind === 'semicolon') return ';';
  if (mark.kind === 'op') return comparison(mark);
  const word = mark.value.toUpperCase();
  return word === 'ALIKE' ? 'LIKE' : word === 'DISTINCTROW' ? '' : word;
}

/** The words of a list, for patterns. */
export function words(nodes: readonly Node[]): string {
  return nodes
    .map((node) => (node.kind === 'group' ? `(${words(node.items)})` : node.value || ','))
    .join(' ');
}

/** The parts of a list between the nodes that `isBorder` names. */
export function splitAt(nodes: readonly Node[], isBorder: (node: Node) => boolean): Node[][] {
  const parts: Node[][] = [[]];
  for (const node of nodes) {
    if (isBorder(node)) parts.push([]);
    else parts.at(-1)!.push(node);
  }
  return parts;
}

export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(value: string, at = 0): string {
  if (value.includes('\0')) throw new SqlProblem('a text holds a NUL character', at);
  return `'${value.replaceAll("'", "''")}'`;
}

export function isPlainValue(nodes: readonly Node[]): boolean {
  return nodes.length === 1 && (nodes[0]!.kind === 'string' || nodes[0]!.kind === 'param');
}

/** A LIKE pattern with lists as a regular expression of PostgreSQL. */
export function likeExpression(pattern: string): string {
  const body = pattern.replace(/\[([^\]]*)\]|%|_|[\\.*+?^${}()|[\]]/g, (found, list: string | undefined) => {
    if (list !== undefined) {
      const isNegative = /^[!^]/.test(list);
      const inside = (isNegative ? list.slice(1) : list).replace(/[\\[\]^]/g, '\\$&');
      return inside === '' ? '' : `[${isNegative ? '^' : ''}${inside}]`;
    }
    return found === '%' ? '.*' : found === '_' ? '.' : `\\${found}`;
  });
  return `^${body}$`;
}
