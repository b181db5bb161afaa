/**
 * The criteria of Filter, Find and Sort.
 * Owns: reading them, deciding for a row.  Leaves: which rows are asked (recordset).
 * Fails: 3001 for criteria that cannot be read, 3265 for a column that is not there.
 * Sources: doc "ADO Filter Property", "Find Method", "Sort Property".
 */
import { AD, isDateType, isTextType } from './columns.ts';
import type { DbValue } from './database.ts';
import { calendarOf } from './dates.ts';
import { type AdoSource, adoError } from './errors.ts';
import type { Row, Rowset } from './rowset.ts';
import { type Node, readSql, SqlProblem, type Token } from './sql/tokens.ts';

export type Criterion = (row: Row) => boolean;

const SOURCE: AdoSource = 'ADODB.Recordset';

/** `a = 1 AND (b LIKE 'x*' OR c IS NULL)`; Find takes one comparison alone. */
export function parseCriteria(text: string, rowset: Rowset, form: 'filter' | 'find'): Criterion {
  let nodes: Node[];
  try {
    nodes = readSql(text, 'access');
  } catch (thrown) {
    if (thrown instanceof SqlProblem)
      throw adoError(3001, SOURCE, `The criteria cannot be read: ${thrown.message}.`);
    throw thrown;
  }
  const criterion = anyOf(nodes, rowset);
  if (form === 'find' && nodes.some((node) => isWord(node, 'and', 'or'))) throw adoError(3001, SOURCE);
  return criterion;
}

function anyOf(nodes: readonly Node[], rowset: Rowset): Criterion {
  const parts = splitAtWord(nodes, 'or').map((part) => allOf(part, rowset));
  return (row) => parts.some((part) => part(row));
}

function allOf(nodes: readonly Node[], rowset: Rowset): Criterion {
  const parts = splitAtWord(nodes, 'and').map((part) => clause(part, rowset));
  return (row) => parts.every((part) => part(row));
}

function clause(nodes: readonly Node[], rowset: Rowset): Criterion {
  const [first, ...rest] = nodes;
  if (first === undefined) throw adoError(3001, SOURCE);
  if (first.kind === 'group' && rest.length === 0) return anyOf(first.items, rowset);
  if (first.kind !== 'word' && first.kind !== 'name') throw adoError(3001, SOURCE);
  const index = rowset.indexOf(first.value);
  if (index < 0) throw adoError(3265, SOURCE);
  const { type } = rowset.columns[index]!.type;
  const [operator, ...value] = rest;
  if (isWord(operator, 'is')) {
    const isNot = isWord(value[0], 'not');
    if (!isWord(value[isNot ? 1 : 0], 'null')) throw adoError(3001, SOURCE);
    return (row) => (row.values[index] === null) !== isNot;
  }
  const wanted = literalValue(value);
  if (isWord(operator, 'like')) {
    const matcher = likeOf(String(wanted));
    return (row) => row.values[index] !== null && matcher(String(row.values[index]));
  }
  if (operator?.kind !== 'op') throw adoError(3001, SOURCE);
  const test = TESTS[operator.value];
  if (test === undefined) throw adoError(3001, SOURCE);
  if (wanted === null) {
    // `= Null` is read as IS NULL.
    if (operator.value !== '=' && operator.value !== '<>') throw adoError(3001, SOURCE);
    return (row) => (row.values[index] === null) === (operator.value === '=');
  }
  const key = comparable(type, wanted);
  return (row) => {
    const value = row.values[index]!;
    return value !== null && test(compare(comparable(type, value), key));
  };
}

const TESTS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
};

function literalValue(nodes: readonly Node[]): DbValue {
  const [first, second] = nodes;
  if (first?.kind === 'op' && (first.value === '-' || first.value === '+') && second?.kind === 'number')
    return Number(`${first.value}${second.value}`);
  if (nodes.length !== 1 || first === undefined) throw adoError(3001, SOURCE);
  switch (first.kind) {
    case 'string':
    case 'date':
      return first.value;
    case 'number':
      return Number(first.value);
    case 'word': {
      const word = first.value.toLowerCase();
      if (word === 'true') return true;
      if (word === 'false') return false;
      if (word === 'null') return null;
      throw adoError(3001, SOURCE);
    }
    default:
      throw adoError(3001, SOURCE);
  }
}

/** A value as it is put in order: dates and numbers as numbers, texts without regard to case. */
function comparable(type: number, value: DbValue): number | string {
  if (isDateType(type)) return calendarOf(value) ?? String(value);
  if (type === AD.boolean) return truth(value) ? 1 : 0;
  if (isTextType(type) || type === AD.guid) return String(value).toLowerCase();
  const number = typeof value === 'boolean' ? (value ? -1 : 0) : Number(value);
  return Number.isNaN(number) ? String(value).toLowerCase() : number;
}

function truth(value: DbValue): boolean {
  return typeof value === 'string' ? /^(?:t|true|yes|on|-?1)$/i.test(value) : Number(value) !== 0;
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `*` and `%` at the end, or at both ends, are all there is. */
function likeOf(pattern: string): (text: string) => boolean {
  const body = pattern.toLowerCase();
  const isOpenAtStart = /^[*%]/.test(body);
  const isOpenAtEnd = /[*%]$/.test(body);
  const middle = body.slice(isOpenAtStart ? 1 : 0, isOpenAtEnd && body.length > 1 ? -1 : undefined);
  if (/[*%]/.test(middle)) throw adoError(3001, SOURCE);
  return (text) => {
    const value = text.toLowerCase();
    if (isOpenAtStart && isOpenAtEnd) return value.includes(middle);
    if (isOpenAtEnd) return value.startsWith(middle);
    return isOpenAtStart ? value.endsWith(middle) : value === middle;
  };
}

/** `name, made DESC` as an order of rows. */
export function parseSort(text: string, rowset: Rowset): ((a: Row, b: Row) => number) | undefined {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  const orders = parts.map((part) => {
    const [, bracketed, bare, direction] =
      /^(?:\[([^\]]+)\]|(.+?))(?:\s+(asc|desc|ascending|descending))?$/i.exec(part)!;
    const index = rowset.indexOf(bracketed ?? bare!);
    if (index < 0) throw adoError(3265, SOURCE);
    return { index, sign: /^desc/i.test(direction ?? '') ? -1 : 1, type: rowset.columns[index]!.type.type };
  });
  return (a, b) => {
    for (const { index, sign, type } of orders) {
      const [left, right] = [a.values[index]!, b.values[index]!];
      if (left === null && right === null) continue;
      if (left === null || right === null) return left === null ? -sign : sign;
      const order = compare(comparable(type, left), comparable(type, right));
      if (order !== 0) return order * sign;
    }
    return a.id - b.id;
  };
}

function isWord(node: Node | undefined, ...words: string[]): node is Token & { readonly kind: 'word' } {
  return node?.kind === 'word' && words.includes(node.value.toLowerCase());
}

function splitAtWord(nodes: readonly Node[], word: string): Node[][] {
  const parts: Node[][] = [[]];
  for (const node of nodes) {
    if (isWord(node, word)) parts.push([]);
    else parts.at(-1)!.push(node);
  }
  return parts;
}
