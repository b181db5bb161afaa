/**
 * SQL of Access and SQL Server → SQL of SQLite and PostgreSQL.
 * Owns: the entrance, statements of a batch, clauses of SELECT, INSERT, UPDATE and DELETE.
 * Leaves: expressions, CREATE and ALTER (structure), running.
 * Fails: SqlProblem with the place for what cannot be read or has no counterpart.
 * Sources: doc "Microsoft Jet SQL Reference"; doc "Transact-SQL Reference".
 */
import type { SqlDialect } from '../data-sources.ts';
import { type ExpressionContext, Expressions, type ParameterUse } from './expressions.ts';
import type { SqlTarget } from './functions.ts';
import type { ColumnKind, Schema } from './schema.ts';
import { structureStatement } from './structure.ts';
import { type Group, type Node, readSql, SqlProblem, type Token } from './tokens.ts';
import { isWord, splitAt, words } from './words.ts';

export type Verb =
  | 'select'
  | 'insert'
  | 'update'
  | 'delete'
  /** Changes the structure. */
  | 'structure'
  | 'begin'
  | 'commit'
  | 'rollback'
  /** SET NOCOUNT ON and what has nothing to do here. */
  | 'nothing';

export type Statement = {
  readonly verb: Verb;
  readonly sql: string;
  /** What is bound to the first, second … place. */
  readonly parameters: readonly ParameterUse[];
  /** Columns at the end of the result that tell rows apart, when they were asked for and could be added. */
  readonly keys: readonly string[];
  /** The only table of a SELECT. */
  readonly table: string | undefined;
  /** Lower case → spelling of the query's own column names. */
  readonly spellings: ReadonlyMap<string, string>;
};

export type Translation = {
  readonly statements: readonly Statement[];
  /** How many `?` there are. */
  readonly markers: number;
  /** SET NOCOUNT ON: statements without rows give no result of their own. */
  readonly noCount: boolean;
};

export type TranslateOptions = {
  readonly target: SqlTarget;
  readonly dialect: SqlDialect;
  readonly schema: Schema;
  /** What the parameters hold, in their order. */
  readonly parameterKinds?: readonly (ColumnKind | undefined)[];
  /** The expressions that tell a table's rows apart; asked for a SELECT whose rows are to be changed. */
  readonly keysOf?: (table: string) => readonly string[] | undefined;
};

/** Most text of one command, UTF-16 units. */
const MOST_TEXT = 1_000_000;

export function translate(sql: string, options: TranslateOptions): Translation {
  if (sql.length > MOST_TEXT) throw new SqlProblem('the command is longer than a million characters', 0);
  const nodes = readSql(sql, options.dialect);
  const order = new Map<Node, number>();
  numberParameters(nodes, order);
  const parts = statementsIn(nodes, options.dialect);
  if (parts.length > 1 && options.dialect === 'access')
    throw new SqlProblem('Characters found after end of SQL statement.', parts[1]![0]!.at);
  let noCount = false;
  const statements = parts.map((part) => {
    if (isWord(part[0], 'set') && isWord(part[1], 'nocount')) noCount = isWord(part[2], 'on');
    return options.dialect === 'native'
      ? nativeStatement(sql, part, order, options.target)
      : new StatementWriter(options, part, order).write();
  });
  return { statements, markers: order.size, noCount };
}

function numberParameters(nodes: readonly Node[], order: Map<Node, number>): void {
  for (const node of nodes) {
    if (node.kind === 'group') numberParameters(node.items, order);
    else if (node.kind === 'param' && node.value === '') order.set(node, order.size);
  }
}

/** The statements of a batch: between semicolons, and where SQL Server begins another without one. */
function statementsIn(nodes: readonly Node[], dialect: SqlDialect): Node[][] {
  const parts = splitAt(nodes, (node) => node.kind === 'semicolon').filter((part) => part.length > 0);
  return dialect === 'sqlserver' ? parts.flatMap(unseparated) : parts;
}

function unseparated(part: readonly Node[]): Node[][] {
  const [first, second, third] = part;
  if (isWord(first, 'set') && isWord(second, 'nocount') && isWord(third, 'on', 'off') && part.length > 3)
    return [part.slice(0, 3), ...unseparated(part.slice(3))];
  const another = part.findIndex(
    (node, at) => at > 0 && isWord(node, 'set') && isWord(part[at + 1], 'nocount'),
  );
  if (another > 0) return [...unseparated(part.slice(0, another)), ...unseparated(part.slice(another))];
  if (!isWord(first, 'insert', 'update', 'delete')) return [[...part]];
  const isInsertOfRows = isWord(first, 'insert') && part.some((node) => isWord(node, 'values'));
  for (let at = 1; at < part.length; at += 1) {
    const node = part[at];
    const startsAnother =
      (isWord(node, 'select') && (isInsertOfRows || !isWord(first, 'insert'))) ||
      isWord(node, 'insert', 'update', 'delete');
    if (startsAnother) return [part.slice(0, at), ...unseparated(part.slice(at))];
  }
  return [[...part]];
}

/** A statement in the database's own words: the parameters alone are renamed. */
function nativeStatement(
  sql: string,
  part: readonly Node[],
  order: ReadonlyMap<Node, number>,
  target: SqlTarget,
): Statement {
  const markers: Token[] = [];
  const collect = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      if (node.kind === 'group') collect(node.items);
      else if (node.kind === 'param') markers.push(node);
    }
  };
  collect(part);
  const start = part[0]!.at;
  const next = sql.indexOf(';', lastPlace(part));
  const end = next < 0 ? sql.length : next;
  let text = '';
  let at = start;
  for (const [index, marker] of markers.entries()) {
    text += `${sql.slice(at, marker.at)}${target === 'sqlite' ? '?' : '$'}${index + 1}`;
    at = marker.at + (marker.value === '' ? 1 : marker.value.length + 1);
  }
  text += sql.slice(at, end);
  const first = (part[0] as Token).value?.toLowerCase() ?? '';
  return {
    verb: NATIVE_VERBS[first] ?? 'select',
    sql: text,
    parameters: markers.map((marker) => ({
      parameter: marker.value === '' ? order.get(marker)! : marker.value,
      kind: undefined,
    })),
    keys: [],
    table: undefined,
    spellings: new Map(),
  };
}

/** Somewhere in the last word of a statement, so that the next semicolon behind it ends it. */
function lastPlace(nodes: readonly Node[]): number {
  const last = nodes.at(-1)!;
  if (last.kind === 'group') return last.items.length === 0 ? last.at : lastPlace(last.items);
  return last.kind === 'string' || last.kind === 'name' ? last.at + last.value.length + 1 : last.at;
}

const NATIVE_VERBS: Readonly<Record<string, Verb>> = {
  select: 'select',
  insert: 'insert',
  replace: 'insert',
  update: 'update',
  delete: 'delete',
  create: 'structure',
  alter: 'structure',
  drop: 'structure',
  begin: 'begin',
  start: 'begin',
  commit: 'commit',
  end: 'commit',
  rollback: 'rollback',
};

/** What cannot run here, by its first word. */
const REFUSED: Readonly<Record<string, string>> = {
  exec: 'stored procedures are not run here; write the statements of the procedure into the page',
  execute: 'stored procedures are not run here; write the statements of the procedure into the page',
  call: 'stored procedures are not run here; write the statements of the procedure into the page',
  declare: 'variables of Transact-SQL have no counterpart; compute them in the page',
  if: 'IF of Transact-SQL has no counterpart; ask first, then decide in the page',
  while: 'loops of Transact-SQL have no counterpart; write the loop in the page',
  transform: 'crosstab queries have no counterpart; use SUM(IIf(…)) for each column',
  parameters: 'the PARAMETERS clause has no counterpart; use ? and Command.Parameters',
  grant: 'rights are given in the database itself',
  revoke: 'rights are given in the database itself',
  deny: 'rights are given in the database itself',
};

class StatementWriter {
  readonly #options: TranslateOptions;
  readonly #nodes: readonly Node[];
  readonly #expressions: Expressions;
  #keys: readonly string[] = [];
  #table: string | undefined;

  constructor(options: TranslateOptions, nodes: readonly Node[], order: ReadonlyMap<Node, number>) {
    this.#options = options;
    this.#nodes = nodes;
    const context: ExpressionContext = {
      target: options.target,
      dialect: options.dialect,
      schema: options.schema,
      parameterKinds: options.parameterKinds ?? [],
    };
    this.#expressions = new Expressions(context, nodes, order);
    this.#expressions.nested = (items) => this.#select(items, 'nested');
  }

  write(): Statement {
    const [verb, sql] = this.#statement(this.#nodes);
    return {
      verb,
      sql,
      parameters: this.#expressions.parameters,
      keys: this.#keys,
      table: this.#table,
      spellings: this.#expressions.spellings,
    };
  }

  #statement(nodes: readonly Node[]): [Verb, string] {
    const first = nodes[0]!;
    if (first.kind === 'group') return ['select', this.#expressions.list(nodes)];
    const verb = first.kind === 'word' ? first.value.toLowerCase() : '';
    switch (verb) {
      case 'select':
        return ['select', this.#select(nodes, 'outer')];
      case 'insert':
        return ['insert', this.#insert(nodes)];
      case 'update':
        return ['update', this.#update(nodes)];
      case 'delete':
        return ['delete', this.#delete(nodes)];
      case 'with': {
        const start = nodes.findIndex((node) => isWord(node, 'select', 'insert', 'update', 'delete'));
        if (start < 0) throw new SqlProblem('WITH needs a statement', first.at);
        const head = this.#expressions.list(nodes.slice(0, start));
        const [rest, sql] = this.#statement(nodes.slice(start));
        return [rest, `${head} ${sql}`];
      }
      case 'create':
      case 'alter':
      case 'drop':
      case 'truncate':
        return ['structure', structureStatement(this.#options.target, nodes, this.#expressions)];
      case 'begin':
        if (nodes.length > 3) break;
        return ['begin', 'BEGIN'];
      case 'commit':
        return ['commit', 'COMMIT'];
      case 'rollback':
        return ['rollback', 'ROLLBACK'];
      case 'set':
        if (
          isWord(
            nodes[1],
            'nocount',
            'ansi_nulls',
            'ansi_warnings',
            'quoted_identifier',
            'dateformat',
            'xact_abort',
          )
        )
          return ['nothing', ''];
        break;
      case 'use':
        return ['nothing', ''];
      default:
    }
    const why = REFUSED[verb];
    const word = first.kind === 'word' ? first.value : words([first]);
    throw new SqlProblem(why ?? `a statement cannot begin with '${word}'`, first.at);
  }

  /** SELECT, with UNION and the like. */
  #select(nodes: readonly Node[], place: 'outer' | 'nested'): string {
    if (isWord(nodes[0], 'with')) return this.#statement(nodes)[1];
    const parts: { items: Node[]; joint: string }[] = [{ items: [], joint: '' }];
    for (let at = 0; at < nodes.length; at += 1) {
      const node = nodes[at]!;
      if (!isWord(node, 'union', 'except', 'intersect')) {
        parts.at(-1)!.items.push(node);
        continue;
      }
      const isAll = isWord(nodes[at + 1], 'all');
      parts.push({ items: [], joint: `${node.value.toUpperCase()}${isAll ? ' ALL' : ''}` });
      if (isAll) at += 1;
    }
    if (parts.length === 1) return this.#simpleSelect(nodes, place);
    return parts
      .map(({ items, joint }) => {
        const isGroup = items.length === 1 && items[0]!.kind === 'group';
        const text = isGroup
          ? this.#select((items[0] as Group).items, 'nested')
          : this.#simpleSelect(items, 'nested');
        const isLimited = / LIMIT \d+$/.test(text);
        return `${joint} ${isLimited ? `SELECT * FROM (${text})${this.#options.target === 'postgresql' ? ' AS limited' : ''}` : text}`.trim();
      })
      .join(' ');
  }

  #simpleSelect(given: readonly Node[], place: 'outer' | 'nested'): string {
    const expressions = this.#expressions;
    let nodes = [...given];
    if (!isWord(nodes[0], 'select')) return expressions.list(nodes);
    let at = 1;
    let head = 'SELECT';
    if (isWord(nodes[at], 'distinct', 'all', 'distinctrow')) {
      if (!isWord(nodes[at], 'distinctrow')) head += ` ${(nodes[at] as Token).value.toUpperCase()}`;
      at += 1;
    }
    let limit = '';
    if (isWord(nodes[at], 'top') && nodes[at + 1] !== undefined && nodes[at + 1]!.kind !== 'dot') {
      const count = nodes[at + 1]!;
      if (isWord(nodes[at + 2], 'percent'))
        throw new SqlProblem('TOP n PERCENT has no counterpart; count the rows and use TOP n', nodes[at]!.at);
      at += 2;
      if (isWord(nodes[at], 'with') && isWord(nodes[at + 1], 'ties')) at += 2;
      const list = count.kind === 'group' ? count.items : [count];
      if (list.length !== 1 || (list[0]!.kind !== 'number' && list[0]!.kind !== 'param'))
        throw new SqlProblem('TOP needs a number', count.at);
      nodes = [...nodes.slice(0, at), ...nodes.slice(at)];
      limit =
        list[0]!.kind === 'number' ? ` LIMIT ${(list[0] as Token).value}` : ` LIMIT ${expressions.run(list)}`;
    }
    this.#refuseClauses(nodes);
    const option = nodes.findIndex(
      (node, index) => isWord(node, 'option') && nodes[index + 1]?.kind === 'group',
    );
    if (option > 0) nodes = nodes.slice(0, option);
    const from = nodes.findIndex(
      (node, index) => index >= at && isWord(node, 'from') && nodes[index - 1]?.kind !== 'dot',
    );
    let items = nodes.slice(at, from < 0 ? nodes.length : from);
    let into = '';
    const intoAt = items.findIndex((node) => isWord(node, 'into'));
    if (intoAt >= 0) {
      into = this.#newTable(items.slice(intoAt + 1));
      items = items.slice(0, intoAt);
    }
    const rest = from < 0 ? [] : nodes.slice(from);
    const page = this.#pageClause(rest);
    let list = this.#selectList(items);
    if (place === 'outer' && into === '') list += this.#keyColumns(head, items, page.rest);
    const text = `${head} ${list} ${expressions.list(page.rest)}`.trimEnd();
    return `${into}${text}${limit}${page.limit}`;
  }

  /** `alias = value` of SQL Server becomes `value AS alias`. */
  #selectList(items: readonly Node[]): string {
    const expressions = this.#expressions;
    const parts = splitAt(items, (node) => node.kind === 'comma');
    if (this.#options.dialect !== 'sqlserver') return expressions.list(items);
    return parts
      .map((part) => {
        const [alias, equals, ...value] = part;
        const isAlias =
          equals?.kind === 'op' && equals.value === '=' && (alias?.kind === 'word' || alias?.kind === 'name');
        if (equals?.kind === 'op' && equals.value === '=' && alias?.kind === 'param')
          throw new SqlProblem('variables of Transact-SQL have no counterpart', alias.at);
        if (!isAlias) return expressions.list(part);
        expressions.spellings.set(alias.value.toLowerCase(), alias.value);
        return `${expressions.list(value)} AS ${expressions.name(alias)}`;
      })
      .join(', ');
  }

  /** Columns that tell the rows of the only table apart, added behind the list. */
  #keyColumns(head: string, items: readonly Node[], rest: readonly Node[]): string {
    const where = rest.findIndex(
      (node, index) => index > 0 && isWord(node, 'where', 'order', 'group', 'having'),
    );
    const source = rest.slice(1, where < 0 ? rest.length : where).filter((node) => !isWord(node, 'as'));
    const names = source.filter((node): node is Token => node.kind === 'word' || node.kind === 'name');
    const isChain = source.every(
      (node) => node.kind === 'word' || node.kind === 'name' || node.kind === 'dot',
    );
    const dots = source.filter((node) => node.kind === 'dot').length;
    if (!isChain || names.length === 0 || names.length - dots > 2 || names.length - dots < 1) return '';
    const table = names[dots]!;
    const facts = this.#options.schema.table(table.value);
    if (facts === undefined) return '';
    this.#table = facts.name;
    const isGrouped = rest.some((node) => isWord(node, 'group', 'having'));
    if (head !== 'SELECT' || isGrouped || hasAggregate(items)) return '';
    const keys = this.#options.keysOf?.(facts.name);
    if (keys === undefined) return '';
    this.#keys = keys;
    const alias = this.#expressions.name(names.at(-1)!);
    return keys.map((key, index) => `, ${alias}.${key} AS ado_key_${index + 1}`).join('');
  }

  /** OFFSET n ROWS FETCH NEXT m ROWS ONLY. */
  #pageClause(rest: readonly Node[]): { rest: readonly Node[]; limit: string } {
    const at = rest.findIndex(
      (node, index) => isWord(node, 'offset') && isWord(rest[index + 2], 'rows', 'row'),
    );
    if (at < 0) return { rest, limit: '' };
    const fetch = rest.findIndex((node, index) => index > at && isWord(node, 'fetch'));
    const offset = this.#expressions.run([rest[at + 1]!]);
    const count = fetch < 0 ? '' : this.#expressions.run([rest[fetch + 2]!]);
    const limit = count !== '' ? ` LIMIT ${count}` : this.#options.target === 'sqlite' ? ' LIMIT -1' : '';
    return { rest: rest.slice(0, at), limit: `${limit} OFFSET ${offset}` };
  }

  #refuseClauses(nodes: readonly Node[]): void {
    for (const [index, node] of nodes.entries()) {
      if (isWord(node, 'pivot', 'unpivot') && nodes[index + 1]?.kind === 'group')
        throw new SqlProblem(`${node.value.toUpperCase()} has no counterpart`, node.at);
      if (isWord(node, 'apply') && isWord(nodes[index - 1], 'cross', 'outer'))
        throw new SqlProblem('APPLY has no counterpart', node.at);
      if (isWord(node, 'for') && isWord(nodes[index + 1], 'xml', 'browse', 'json'))
        throw new SqlProblem(
          `FOR ${(nodes[index + 1] as Token).value.toUpperCase()} has no counterpart`,
          node.at,
        );
      if (isWord(node, 'in') && nodes[index + 1]?.kind === 'string')
        throw new SqlProblem('tables of another database file are not reached', node.at);
    }
  }

  #newTable(nodes: readonly Node[]): string {
    const name = nodes.filter((node): node is Token => node.kind === 'word' || node.kind === 'name').at(-1);
    if (name === undefined)
      throw new SqlProblem('SELECT INTO needs the name of the new table', nodes[0]?.at ?? 0);
    const kind = name.value.startsWith('#') ? 'TEMP TABLE' : 'TABLE';
    return `CREATE ${kind} ${this.#expressions.name(name)} AS `;
  }

  #insert(nodes: readonly Node[]): string {
    const expressions = this.#expressions;
    let at = isWord(nodes[1], 'into') ? 2 : 1;
    const nameStart = at;
    while (nodes[at]?.kind === 'word' || nodes[at]?.kind === 'name' || nodes[at]?.kind === 'dot') {
      if (isWord(nodes[at], 'values', 'select', 'default', 'output', 'with') && nodes[at - 1]?.kind !== 'dot')
        break;
      at += 1;
    }
    const table = nodes
      .slice(nameStart, at)
      .filter((node): node is Token => node.kind !== 'dot')
      .at(-1);
    if (table === undefined) throw new SqlProblem('INSERT needs a table', nodes[0]!.at);
    const facts = this.#options.schema.table(table.value);
    const columns = nodes[at]?.kind === 'group' ? (nodes[at] as Group) : undefined;
    if (columns !== undefined) at += 1;
    const names = columns === undefined ? [...(facts?.columns.keys() ?? [])] : columnNames(columns);
    const list =
      columns === undefined
        ? ''
        : ` (${splitAt(columns.items, (node) => node.kind === 'comma')
            .map((part) => expressions.name(part.at(-1) as Token))
            .join(', ')})`;
    let returning = '';
    if (isWord(nodes[at], 'output')) {
      const end = nodes.findIndex((node, index) => index > at && isWord(node, 'values', 'select', 'default'));
      returning = ` RETURNING ${expressions.list(withoutInserted(nodes.slice(at + 1, end)))}`;
      at = end;
    }
    const head = `INSERT INTO ${expressions.name(table)}${list}`;
    if (isWord(nodes[at], 'default')) return `${head} DEFAULT VALUES${returning}`;
    if (isWord(nodes[at], 'select', 'with'))
      return `${head} ${this.#select(nodes.slice(at), 'nested')}${returning}`;
    if (nodes[at]?.kind === 'group' && isWord((nodes[at] as Group).items[0], 'select'))
      return `${head} ${this.#select((nodes[at] as Group).items, 'nested')}${returning}`;
    if (!isWord(nodes[at], 'values')) throw new SqlProblem('INSERT needs VALUES or SELECT', table.at);
    const rows = nodes.slice(at + 1).filter((node) => node.kind !== 'comma');
    if (rows.length === 0 || rows.some((node) => node.kind !== 'group'))
      throw new SqlProblem('VALUES needs lists in parentheses', nodes[at]!.at);
    const values = rows.map((row) => {
      const parts = splitAt((row as Group).items, (node) => node.kind === 'comma');
      if (columns !== undefined && parts.length !== names.length)
        throw new SqlProblem('Number of query values and destination fields are not the same.', row.at);
      return `(${parts.map((part, index) => this.#value(part, facts?.columns.get(names[index] ?? '')?.kind)).join(', ')})`;
    });
    return `${head} VALUES ${values.join(', ')}${returning}`;
  }

  #value(part: readonly Node[], kind: ColumnKind | undefined): string {
    if (isWord(part[0], 'default') && part.length === 1) return 'DEFAULT';
    return this.#isComparison(part) ? this.#expressions.list(part) : this.#expressions.value(part, kind);
  }

  /** A value with marks in it – CASE, comparisons – is written as a list. */
  #isComparison(part: readonly Node[]): boolean {
    return part.length > 1 && part.some((node) => isWord(node, 'case', 'and', 'or', 'not', 'select'));
  }

  #update(nodes: readonly Node[]): string {
    const set = nodes.findIndex((node) => isWord(node, 'set'));
    if (set < 0) throw new SqlProblem('UPDATE needs SET', nodes[0]!.at);
    const target = nodes.slice(1, set);
    const joined = target.find(
      (node) => isWord(node, 'join', 'inner', 'left', 'right') || node.kind === 'comma',
    );
    const from = nodes.find((node, index) => index > set && isWord(node, 'from'));
    if (joined !== undefined || from !== undefined)
      throw new SqlProblem(
        'UPDATE over joined tables has no counterpart; use WHERE key IN (SELECT …)',
        (joined ?? from)!.at,
      );
    if (isWord(target[0], 'top')) throw new SqlProblem('UPDATE TOP has no counterpart', target[0].at);
    return this.#expressions.list(nodes);
  }

  #delete(nodes: readonly Node[]): string {
    const where = nodes.findIndex((node) => isWord(node, 'where'));
    const end = where < 0 ? nodes.length : where;
    const from = nodes.findIndex((node, index) => index < end && isWord(node, 'from'));
    const source = nodes.slice(from < 0 ? 1 : from + 1, end);
    const joined = source.find((node) => isWord(node, 'join', 'inner') || node.kind === 'comma');
    if (joined !== undefined)
      throw new SqlProblem(
        'DELETE over joined tables has no counterpart; use WHERE key IN (SELECT …)',
        joined.at,
      );
    if (source.length === 0) throw new SqlProblem('DELETE needs a table', nodes[0]!.at);
    return this.#expressions.list([
      { kind: 'word', value: 'DELETE', at: nodes[0]!.at },
      { kind: 'word', value: 'FROM', at: nodes[0]!.at },
      ...source,
      ...nodes.slice(end),
    ]);
  }
}

const AGGREGATES = /^(?:count|count_big|sum|avg|min|max|first|last|stdev|stdevp|var|varp)$/i;

function hasAggregate(items: readonly Node[]): boolean {
  return items.some(
    (node, index) =>
      (node.kind === 'word' && AGGREGATES.test(node.value) && items[index + 1]?.kind === 'group') ||
      (node.kind === 'group' && !isWord(node.items[0], 'select') && hasAggregate(node.items)),
  );
}

function columnNames(group: Group): string[] {
  return splitAt(group.items, (node) => node.kind === 'comma').map((part) => {
    const last = part.at(-1);
    if (last?.kind !== 'word' && last?.kind !== 'name')
      throw new SqlProblem('the list of columns holds something else', last?.at ?? group.at);
    return last.value.toLowerCase();
  });
}

/** `INSERTED.id` → `id`. */
function withoutInserted(nodes: readonly Node[]): Node[] {
  return nodes.filter(
    (node, index) =>
      !(isWord(node, 'inserted') || (node.kind === 'dot' && isWord(nodes[index - 1], 'inserted'))),
  );
}
