/**
 * Cuts SQL of Access, SQL Server and our databases into words, and words into groups of parentheses.
 * Owns: where literals, names, dates and comments begin and end.  Leaves: what they mean (translate).
 * Fails: SqlProblem with the place for a text that is not closed.
 * Sources: doc "Microsoft Jet SQL Reference"; doc "Transact-SQL Reference: Identifiers, Constants".
 */
import type { SqlDialect } from '../data-sources.ts';

/** A statement that cannot be read or translated. `at` counts UTF-16 units from 0. */
export class SqlProblem extends Error {
  override readonly name = 'SqlProblem';
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

export type Token = {
  readonly kind: /** A bare word: keyword, name, function, `@@IDENTITY`. */
    | 'word'
    /** A name in brackets or quotes; `value` is the name. */
    | 'name'
    | 'string'
    | 'number'
    /** `#1/2/2003#`; `value` is `2003-01-02 00:00:00`. */
    | 'date'
    /** `?` (value empty) or `@name`. */
    | 'param'
    | 'op'
    | 'comma'
    | 'dot'
    | 'semicolon';
  readonly value: string;
  readonly at: number;
};

export type Group = { readonly kind: 'group'; readonly items: Node[]; readonly at: number };

export type Node = Token | Group;

const OPERATORS = ['<=', '>=', '<>', '!=', '!<', '!>', '=>', '=<', '||', '::', '->>', '->'];
const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const NUMBER = /(?:0x[0-9a-f]*|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/iy;

/** The words of `sql`, comments left out, parentheses made groups. */
export function readSql(sql: string, dialect: SqlDialect): Node[] {
  const outer: Node[] = [];
  const open: { items: Node[]; at: number }[] = [];
  let items = outer;
  for (const token of tokens(sql, dialect)) {
    if (token.kind === 'op' && token.value === '(') {
      const group: Group = { kind: 'group', items: [], at: token.at };
      items.push(group);
      open.push({ items, at: token.at });
      items = group.items;
    } else if (token.kind === 'op' && token.value === ')') {
      const above = open.pop();
      if (above === undefined) throw new SqlProblem('a parenthesis is closed that was not opened', token.at);
      items = above.items;
    } else {
      items.push(token);
    }
  }
  const last = open.pop();
  if (last !== undefined) throw new SqlProblem('a parenthesis is not closed', last.at);
  return outer;
}

function* tokens(sql: string, dialect: SqlDialect): Generator<Token> {
  const end = sql.length;
  for (let at = 0; at < end; ) {
    const char = sql[at]!;
    const next = sql[at + 1];
    if (/\s/.test(char) || char === '\0' || char === '\ufeff') {
      at += 1;
    } else if (char === '-' && next === '-') {
      const line = sql.indexOf('\n', at);
      at = line < 0 ? end : line + 1;
    } else if (char === '/' && next === '*') {
      at = commentEnd(sql, at);
    } else if (char === "'" || (char === '"' && dialect === 'access')) {
      const [value, after] = quoted(sql, at, char);
      yield { kind: 'string', value, at };
      at = after;
    } else if ((char === 'N' || char === 'n') && next === "'" && dialect !== 'native') {
      const [value, after] = quoted(sql, at + 1, "'");
      yield { kind: 'string', value, at };
      at = after;
    } else if (char === '"' || char === '`') {
      const [value, after] = quoted(sql, at, char);
      yield { kind: 'name', value, at };
      at = after;
    } else if (char === '[' && dialect !== 'native') {
      const [value, after] = quoted(sql, at, ']');
      yield { kind: 'name', value, at };
      at = after;
    } else if (char === '#' && dialect === 'access') {
      const close = sql.indexOf('#', at + 1);
      const value = close < 0 ? undefined : accessDate(sql.slice(at + 1, close));
      if (value === undefined) throw new SqlProblem('a date is not written as #month/day/year#', at);
      yield { kind: 'date', value, at };
      at = close + 1;
    } else if (char === '?') {
      yield { kind: 'param', value: '', at };
      at += 1;
    } else if (char === '@' || (char === '#' && dialect === 'sqlserver')) {
      const found = /^(?:@@?|##?)[\p{L}_][\p{L}\p{N}_$]*/u.exec(sql.slice(at, at + 130));
      if (found === null && dialect !== 'native') throw new SqlProblem(`'${char}' stands alone`, at);
      const value = found?.[0] ?? char;
      const kind =
        found === null ? 'op' : value.startsWith('@@') ? 'word' : char === '@' ? 'param' : ('name' as const);
      yield { kind, value: kind === 'param' ? value.slice(1) : value, at };
      at += value.length;
    } else if (matches(NUMBER, sql, at) !== undefined && /[\d.]/.test(char)) {
      const value = matches(NUMBER, sql, at)!;
      yield { kind: 'number', value, at };
      at += value.length;
    } else if (matches(WORD, sql, at) !== undefined) {
      const value = matches(WORD, sql, at)!;
      yield { kind: 'word', value, at };
      at += value.length;
    } else {
      const value = OPERATORS.find((operator) => sql.startsWith(operator, at)) ?? char;
      const kind =
        value === ',' ? 'comma' : value === '.' ? 'dot' : value === ';' ? 'semicolon' : ('op' as const);
      if (
        dialect !== 'native' &&
        kind === 'op' &&
        value.length === 1 &&
        !'()=<>+-*/%&|^\\!~:$'.includes(value)
      )
        throw new SqlProblem(`the character '${char}' has no place in a statement`, at);
      yield { kind, value, at };
      at += value.length;
    }
  }
}

function matches(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** SQL Server's comments nest; nobody else's text is hurt by that. */
function commentEnd(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at += 1) {
    if (sql.startsWith('/*', at)) {
      depth += 1;
      at += 1;
    } else if (sql.startsWith('*/', at)) {
      depth -= 1;
      at += 1;
      if (depth === 0) return at + 1;
    }
  }
  throw new SqlProblem('a comment is not closed', start);
}

/** The text between quotes that begin at `start`, and where the rest begins. A doubled closing mark stands for one. */
function quoted(sql: string, start: number, close: string): [string, number] {
  let value = '';
  for (let at = start + 1; at < sql.length; at += 1) {
    if (sql[at] !== close) {
      value += sql[at];
      continue;
    }
    if (sql[at + 1] !== close) return [value, at + 1];
    value += close;
    at += 1;
  }
  throw new SqlProblem(close === ']' ? 'a bracket is not closed' : 'a text is not closed', start);
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** A date as it stands between number signs, month before day, as `2003-01-02 03:04:05`; undefined: it is none. */
export function accessDate(text: string): string | undefined {
  const time = /(?:^|\s)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]m)?\s*$/i.exec(text);
  const day = (time === null ? text : text.slice(0, time.index)).trim();
  let clock = '00:00:00';
  if (time !== null) {
    let hour = Number(time[1]);
    const half = time[4]?.toLowerCase();
    if (half !== undefined) {
      if (hour < 1 || hour > 12) return undefined;
      hour = (hour % 12) + (half === 'pm' ? 12 : 0);
    }
    if (hour > 23 || Number(time[2]) > 59 || Number(time[3] ?? 0) > 59) return undefined;
    clock = `${two(hour)}:${time[2]}:${time[3] ?? '00'}`;
  }
  if (day === '') return time === null ? undefined : `1899-12-30 ${clock}`;
  const date = calendarDay(day);
  return date === undefined ? undefined : `${date} ${clock}`;
}

function calendarDay(text: string): string | undefined {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (iso !== null) return isoDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const us = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{2}|\d{4})$/.exec(text);
  if (us !== null) {
    const [month, day] = [Number(us[1]), Number(us[2])];
    return isoDay(fullYear(us[3]!), month, day) ?? isoDay(fullYear(us[3]!), day, month);
  }
  const named =
    /^(\d{1,2})[-/ ]([a-z]{3,9})[-/ ,]+(\d{2}|\d{4})$/i.exec(text) ??
    /^([a-z]{3,9})[-/ ]+(\d{1,2})[-/ ,]+(\d{2}|\d{4})$/i.exec(text);
  if (named === null) return undefined;
  const isMonthFirst = /^[a-z]/i.test(named[1]!);
  const month = MONTHS.indexOf((isMonthFirst ? named[1]! : named[2]!).slice(0, 3).toLowerCase()) + 1;
  return isoDay(fullYear(named[3]!), month, Number(isMonthFirst ? named[2] : named[1]));
}

/** Two digits up to 29 are of this century, as Jet takes them. */
function fullYear(text: string): number {
  const year = Number(text);
  return text.length === 4 ? year : year < 30 ? 2000 + year : 1900 + year;
}

function isoDay(year: number, month: number, day: number): string | undefined {
  if (month < 1 || month > 12 || day < 1 || year < 100) return undefined;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
