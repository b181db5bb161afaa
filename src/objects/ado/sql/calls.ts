/**
 * Rewrites calls of functions, CAST and CONVERT among them.
 * Owns: numbers of arguments, units of time, types and styles.  Leaves: the functions' own forms (functions), arguments (expressions).
 * Fails: SqlProblem for what has no counterpart.
 */
import type { SqlDialect } from '../data-sources.ts';
import { FUNCTIONS, type SqlTarget } from './functions.ts';
import type { Schema } from './schema.ts';
import { dateStyle, type TimeUnit, timeUnit } from './times.ts';
import { type Group, type Node, SqlProblem, type Token } from './tokens.ts';
import { castType } from './types.ts';
import { isWord, KEYWORDS, splitAt, words } from './words.ts';

/** What writes the arguments. */
export type CallWriter = {
  readonly context: { readonly target: SqlTarget; readonly dialect: SqlDialect; readonly schema: Schema };
  list(nodes: readonly Node[]): string;
  group(group: Group): string;
};

/** The call of a function; undefined: the words stand as they are. */
export function call(writer: CallWriter, name: Token, group: Group): string | undefined {
  const key = name.value.toLowerCase();
  const { target, dialect } = writer.context;
  if (dialect === 'native') return undefined;
  if (key === 'cast' || key === 'try_cast') return cast(writer, name, group);
  if (key === 'convert') return convert(writer, name, group);
  const row = FUNCTIONS.get(key);
  if (row === undefined) {
    if (KEYWORDS.has(key)) return undefined;
    // A function that is not in the table is the database's own, if it has it; a table before a list of columns is none.
    const isTable = writer.context.schema.table(name.value) !== undefined;
    return isTable ? undefined : `${name.value}(${writer.group(group)})`;
  }
  const parts = group.items.length === 0 ? [] : splitAt(group.items, (node) => node.kind === 'comma');
  if (parts.length < row.arity[0] || parts.length > row.arity[1])
    throw new SqlProblem(
      `${name.value} takes ${row.arity[0]}${row.arity[1] === row.arity[0] ? '' : ` to ${row.arity[1]}`} arguments`,
      name.at,
    );
  let unit: TimeUnit = 'day';
  if (row.hasUnit) {
    const [only] = parts[0]!;
    const found =
      only?.kind === 'string' || only?.kind === 'word' ? timeUnit((only as Token).value) : undefined;
    if (found === undefined)
      throw new SqlProblem(`the first argument of ${name.value} is no unit of time that is known`, name.at);
    unit = found;
  }
  if (key === 'format' && target === 'postgresql' && parts.length === 2 && parts[1]![0]?.kind !== 'string')
    throw new SqlProblem('Format is translated for a literal form alone', name.at);
  const args = parts.map((part, index) => (row.hasUnit && index === 0 ? '' : writer.list(part)));
  return row[target](args, unit);
}

/** CAST(x AS type). */
function cast(writer: CallWriter, name: Token, group: Group): string {
  const as = group.items.findLastIndex((node) => isWord(node, 'as'));
  if (as < 0) throw new SqlProblem('CAST is written as CAST(value AS type)', name.at);
  return castType(
    writer.context.target,
    writer.list(group.items.slice(0, as)),
    group.items.slice(as + 1),
    name.at,
  );
}

/** CONVERT(type, x[, style]). */
function convert(writer: CallWriter, name: Token, group: Group): string {
  const parts = splitAt(group.items, (node) => node.kind === 'comma');
  if (parts.length < 2 || parts.length > 3)
    throw new SqlProblem('CONVERT is written as CONVERT(type, value[, style])', name.at);
  const [type, value, style] = parts;
  if (style === undefined || !/char/i.test(words(type!)))
    return castType(writer.context.target, writer.list(value!), type!, name.at);
  const [number] = style;
  if (style.length !== 1 || number!.kind !== 'number')
    throw new SqlProblem('the style of CONVERT must be a number', name.at);
  const length = type!.find((node) => node.kind === 'group');
  const form = dateStyle(Number((number as Token).value), name.at);
  const text =
    writer.context.target === 'sqlite'
      ? `ado_format(${writer.list(value!)}, '${form.access}')`
      : `to_char(CAST(${writer.list(value!)} AS timestamp), '${form.postgresql}')`;
  return length === undefined ? text : `substr(${text}, 1, ${words([length]).replace(/\D/g, '') || '30'})`;
}
