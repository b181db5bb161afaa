/**
 * The functions of Access and SQL Server in the words of SQLite and PostgreSQL.
 * Owns: one row per function and what kind of value it gives.  Leaves: finding calls (translate), functions that SQLite is taught
 * (sqlite-functions, all named `ado_…`).
 * Sources: doc "Microsoft Jet Expression Service functions"; doc "Transact-SQL Functions"; doc "PostgreSQL 15: Functions and Operators".
 */
import type { ColumnKind } from './schema.ts';
import { at, differenceInPostgres, INTERVAL, partInPostgres, type TimeUnit } from './times.ts';

export type SqlTarget = 'sqlite' | 'postgresql';

export type FunctionRow = {
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  readonly kind: ColumnKind;
  /** `args` are translated; `unit` is the first argument as a unit of time when the row says `hasUnit`. */
  readonly sqlite: (args: readonly string[], unit: TimeUnit) => string;
  readonly postgresql: (args: readonly string[], unit: TimeUnit) => string;
  /** The first argument is a unit of time, in quotes (Access) or bare (SQL Server). */
  readonly hasUnit?: true;
};

const asText = (text: string): string => `CAST(${text} AS text)`;

/** The same text for both databases. */
function both(
  arity: readonly [number, number],
  kind: ColumnKind,
  build: (...args: string[]) => string,
): FunctionRow {
  return { arity, kind, sqlite: (args) => build(...args), postgresql: (args) => build(...args) };
}

function row(
  arity: readonly [number, number],
  kind: ColumnKind,
  sqlite: (...args: string[]) => string,
  postgresql: (...args: string[]) => string,
): FunctionRow {
  return { arity, kind, sqlite: (args) => sqlite(...args), postgresql: (args) => postgresql(...args) };
}

const NOW = row(
  [0, 1],
  'date',
  () => "datetime('now', 'localtime')",
  () => "CAST(date_trunc('second', localtimestamp) AS timestamp)",
);
const part = (unit: TimeUnit): FunctionRow =>
  row(
    [1, 1],
    'number',
    (date) => `ado_datepart('${unit}', ${date})`,
    (date) => partInPostgres(unit, date!),
  );
const integer = row(
  [1, 1],
  'number',
  (x) => `CAST(round(${x}) AS INTEGER)`,
  (x) => `CAST(round(CAST(${x} AS numeric)) AS bigint)`,
);
const real = row(
  [1, 1],
  'number',
  (x) => `CAST(${x} AS REAL)`,
  (x) => `CAST(${x} AS double precision)`,
);
const asDate = row(
  [1, 1],
  'date',
  (x) => `ado_date(${x})`,
  (x) => at(x!),
);
const left = row(
  [2, 2],
  'text',
  (x, n) => `substr(${x}, 1, ${n})`,
  (x, n) => `substr(${asText(x!)}, 1, ${n})`,
);
const right = row(
  [2, 2],
  'text',
  (x, n) => `ado_right(${x}, ${n})`,
  (x, n) => `right(${asText(x!)}, ${n})`,
);
const middle = row(
  [2, 3],
  'text',
  (x, from, n) => `substr(${x}, ${from}${n === undefined ? '' : `, ${n}`})`,
  (x, from, n) => `substr(${asText(x!)}, ${from}${n === undefined ? '' : `, ${n}`})`,
);
const repeated = row(
  [2, 2],
  'text',
  (x, n) => `ado_repeat(${x}, ${n})`,
  (x, n) => `repeat(${asText(x!)}, ${n})`,
);
const lastIdentity = row(
  [0, 1],
  'number',
  () => 'last_insert_rowid()',
  () => 'lastval()',
);
const trimmed = (name: 'trim' | 'ltrim' | 'rtrim'): FunctionRow =>
  row(
    [1, 1],
    'text',
    (x) => `${name}(${x})`,
    (x) => `${name === 'trim' ? 'btrim' : name}(${asText(x!)})`,
  );

/** By lower-case name. What is not here is passed on as it is written. */
export const FUNCTIONS: ReadonlyMap<string, FunctionRow> = new Map<string, FunctionRow>([
  ['now', NOW],
  ['getdate', NOW],
  ['sysdatetime', NOW],
  [
    'getutcdate',
    row(
      [0, 0],
      'date',
      () => "datetime('now')",
      () => "date_trunc('second', timezone('utc', now()))",
    ),
  ],
  [
    'date',
    row(
      [0, 0],
      'date',
      () => "(date('now', 'localtime') || ' 00:00:00')",
      () => 'CAST(current_date AS timestamp)',
    ),
  ],
  [
    'time',
    row(
      [0, 0],
      'date',
      () => "('1899-12-30 ' || time('now', 'localtime'))",
      () => "(timestamp '1899-12-30' + CAST(localtime(0) AS interval))",
    ),
  ],
  [
    'dateadd',
    {
      arity: [3, 3],
      kind: 'date',
      hasUnit: true,
      sqlite: ([, n, date], unit) => `ado_dateadd('${unit}', ${n}, ${date})`,
      postgresql: ([, n, date], unit) => `(${at(date!)} + (${n}) * interval '${INTERVAL[unit]}')`,
    },
  ],
  [
    'datediff',
    {
      arity: [3, 5],
      kind: 'number',
      hasUnit: true,
      sqlite: ([, from, to], unit) => `ado_datediff('${unit}', ${from}, ${to})`,
      postgresql: ([, from, to], unit) => differenceInPostgres(unit, from!, to!),
    },
  ],
  [
    'datepart',
    {
      arity: [2, 4],
      kind: 'number',
      hasUnit: true,
      sqlite: ([, date], unit) => `ado_datepart('${unit}', ${date})`,
      postgresql: ([, date], unit) => partInPostgres(unit, date!),
    },
  ],
  [
    'datename',
    {
      arity: [2, 2],
      kind: 'text',
      hasUnit: true,
      sqlite: ([, date], unit) => `ado_datename('${unit}', ${date})`,
      postgresql: ([, date], unit) =>
        unit === 'month'
          ? `to_char(${at(date!)}, 'FMMonth')`
          : unit === 'weekday'
            ? `to_char(${at(date!)}, 'FMDay')`
            : asText(partInPostgres(unit, date!)),
    },
  ],
  ['year', part('year')],
  ['month', part('month')],
  ['day', part('day')],
  ['hour', part('hour')],
  ['minute', part('minute')],
  ['second', part('second')],
  ['weekday', part('weekday')],
  [
    'dateserial',
    row(
      [3, 3],
      'date',
      (y, m, d) => `ado_dateserial(${y}, ${m}, ${d})`,
      (y, m, d) =>
        `(make_timestamp(CAST(${y} AS integer), 1, 1, 0, 0, 0) + (${m} - 1) * interval '1 month' + (${d} - 1) * interval '1 day')`,
    ),
  ],
  [
    'datevalue',
    row(
      [1, 1],
      'date',
      (x) => `ado_day(${x})`,
      (x) => `date_trunc('day', ${at(x!)})`,
    ),
  ],
  ['cdate', asDate],
  ['cvdate', asDate],
  [
    'monthname',
    row(
      [1, 2],
      'text',
      (m) => `ado_datename('month', ado_dateserial(2000, ${m}, 1))`,
      (m) => `to_char(make_date(2000, CAST(${m} AS integer), 1), 'FMMonth')`,
    ),
  ],
  ['len', both([1, 1], 'number', (x) => `length(${asText(x!)})`)],
  [
    'datalength',
    row(
      [1, 1],
      'number',
      (x) => `length(CAST(${x} AS BLOB))`,
      (x) => `octet_length(${x})`,
    ),
  ],
  ['ucase', both([1, 1], 'text', (x) => `upper(${x})`)],
  ['upper', both([1, 1], 'text', (x) => `upper(${x})`)],
  ['lcase', both([1, 1], 'text', (x) => `lower(${x})`)],
  ['lower', both([1, 1], 'text', (x) => `lower(${x})`)],
  ['trim', trimmed('trim')],
  ['ltrim', trimmed('ltrim')],
  ['rtrim', trimmed('rtrim')],
  ['left', left],
  ['right', right],
  ['mid', middle],
  ['substring', middle],
  ['replace', both([3, 3], 'text', (x, a, b) => `replace(${asText(x!)}, ${a}, ${b})`)],
  [
    'space',
    row(
      [1, 1],
      'text',
      (n) => `ado_repeat(' ', ${n})`,
      (n) => `repeat(' ', ${n})`,
    ),
  ],
  ['replicate', repeated],
  [
    'string',
    row(
      [2, 2],
      'text',
      (n, x) => `ado_repeat(substr(${x}, 1, 1), ${n})`,
      (n, x) => `repeat(substr(${x}, 1, 1), ${n})`,
    ),
  ],
  [
    'strreverse',
    row(
      [1, 1],
      'text',
      (x) => `ado_reverse(${x})`,
      (x) => `reverse(${asText(x!)})`,
    ),
  ],
  [
    'reverse',
    row(
      [1, 1],
      'text',
      (x) => `ado_reverse(${x})`,
      (x) => `reverse(${asText(x!)})`,
    ),
  ],
  [
    'stuff',
    row(
      [4, 4],
      'text',
      (x, from, n, put) => `(substr(${x}, 1, ${from} - 1) || ${put} || substr(${x}, ${from} + ${n}))`,
      (x, from, n, put) => `overlay(${asText(x!)} placing ${put} from ${from} for ${n})`,
    ),
  ],
  [
    'instr',
    {
      arity: [2, 4],
      kind: 'number',
      // With a start it comes first; a fourth argument chooses the comparison, and Jet's is blind to case.
      sqlite: (args) =>
        args.length === 2
          ? `ado_instr(${args[0]}, ${args[1]}, 1)`
          : `ado_instr(${args[1]}, ${args[2]}, ${args[0]})`,
      postgresql: (args) =>
        args.length === 2 ? position(args[0]!, args[1]!) : position(args[1]!, args[2]!, args[0]),
    },
  ],
  [
    'charindex',
    {
      arity: [2, 3],
      kind: 'number',
      sqlite: (args) => `ado_instr(${args[1]}, ${args[0]}, ${args[2] ?? '1'})`,
      postgresql: (args) => position(args[1]!, args[0]!, args[2]),
    },
  ],
  [
    'asc',
    row(
      [1, 1],
      'number',
      (x) => `unicode(${x})`,
      (x) => `ascii(${x})`,
    ),
  ],
  [
    'ascii',
    row(
      [1, 1],
      'number',
      (x) => `unicode(${x})`,
      (x) => `ascii(${x})`,
    ),
  ],
  [
    'chr',
    row(
      [1, 1],
      'text',
      (x) => `char(${x})`,
      (x) => `chr(${x})`,
    ),
  ],
  [
    'char',
    row(
      [1, 1],
      'text',
      (x) => `char(${x})`,
      (x) => `chr(${x})`,
    ),
  ],
  [
    'nz',
    row(
      [1, 2],
      'other',
      (x, y) => `coalesce(${x}, ${y ?? "''"})`,
      (x, y) => `coalesce(${x}, ${y ?? "''"})`,
    ),
  ],
  [
    'isnull',
    {
      arity: [1, 2],
      kind: 'other',
      sqlite: (args) => (args.length === 1 ? `(${args[0]} IS NULL)` : `coalesce(${args.join(', ')})`),
      postgresql: (args) => (args.length === 1 ? `(${args[0]} IS NULL)` : `coalesce(${args.join(', ')})`),
    },
  ],
  ['iif', both([3, 3], 'other', (c, a, b) => `CASE WHEN ${c} THEN ${a} ELSE ${b} END`)],
  [
    'switch',
    {
      arity: [2, 64],
      kind: 'other',
      sqlite: cases,
      postgresql: cases,
    },
  ],
  [
    'choose',
    {
      arity: [2, 64],
      kind: 'other',
      sqlite: chosen,
      postgresql: chosen,
    },
  ],
  ['cint', integer],
  ['clng', integer],
  ['cbyte', integer],
  ['cdbl', real],
  ['csng', real],
  [
    'ccur',
    row(
      [1, 1],
      'number',
      (x) => `round(CAST(${x} AS REAL), 4)`,
      (x) => `CAST(${x} AS numeric(19, 4))`,
    ),
  ],
  ['cstr', both([1, 1], 'text', (x) => asText(x!))],
  ['str', both([1, 1], 'text', (x) => asText(x!))],
  [
    'cbool',
    row(
      [1, 1],
      'boolean',
      (x) => `(${x} <> 0)`,
      (x) => `(CAST(${x} AS integer) <> 0)`,
    ),
  ],
  [
    'val',
    row(
      [1, 1],
      'number',
      (x) => `CAST(${x} AS REAL)`,
      (x) =>
        `coalesce(CAST(substring(${asText(x!)} from '^ *([-+]?[0-9]+[.]?[0-9]*)') AS double precision), 0)`,
    ),
  ],
  [
    'int',
    row(
      [1, 1],
      'number',
      (x) => `floor(${x})`,
      (x) => `floor(${x})`,
    ),
  ],
  ['fix', both([1, 1], 'number', (x) => `trunc(${x})`)],
  ['ceiling', both([1, 1], 'number', (x) => `ceil(${x})`)],
  ['sgn', both([1, 1], 'number', (x) => `sign(${x})`)],
  ['sqr', both([1, 1], 'number', (x) => `sqrt(${x})`)],
  [
    'round',
    row(
      [1, 2],
      'number',
      (x, n) => `round(${x}${n === undefined ? '' : `, ${n}`})`,
      (x, n) => `round(CAST(${x} AS numeric)${n === undefined ? '' : `, ${n}`})`,
    ),
  ],
  [
    'rnd',
    row(
      [0, 1],
      'number',
      () => 'ado_random()',
      () => 'random()',
    ),
  ],
  [
    'rand',
    row(
      [0, 1],
      'number',
      () => 'ado_random()',
      () => 'random()',
    ),
  ],
  [
    'newid',
    row(
      [0, 0],
      'text',
      () => 'ado_guid()',
      () => 'gen_random_uuid()',
    ),
  ],
  ['scope_identity', lastIdentity],
  ['ident_current', lastIdentity],
  ['first', both([1, 1], 'other', (x) => `min(${x})`)],
  ['last', both([1, 1], 'other', (x) => `max(${x})`)],
  ['format', row([1, 2], 'text', (x, form) => `ado_format(${x}, ${form ?? "''"})`, formatInPostgres)],
]);

function position(text: string, wanted: string, start?: string): string {
  const whole = `lower(${asText(text)})`;
  const part = `lower(${asText(wanted)})`;
  if (start === undefined || start === '1') return `strpos(${whole}, ${part})`;
  return `coalesce(nullif(strpos(substr(${whole}, ${start}), ${part}), 0) + ${start} - 1, 0)`;
}

function cases(args: readonly string[]): string {
  const pairs: string[] = [];
  for (let at = 0; at + 1 < args.length; at += 2) pairs.push(`WHEN ${args[at]} THEN ${args[at + 1]}`);
  return `CASE ${pairs.join(' ')} END`;
}

function chosen(args: readonly string[]): string {
  const pairs = args.slice(1).map((value, index) => `WHEN ${index + 1} THEN ${value}`);
  return `CASE ${args[0]} ${pairs.join(' ')} END`;
}

/** Formats of dates in the letters of to_char; numbers by digits. The form is a literal: translate sees to that. */
function formatInPostgres(x: string, form?: string): string {
  if (form === undefined) return asText(x);
  const literal = /^'((?:[^']|'')*)'$/.exec(form)?.[1];
  if (literal === undefined) return `to_char(${x}, ${form})`;
  if (/^[#0,.]+$/.test(literal))
    return `to_char(CAST(${x} AS numeric), 'FM${literal.replaceAll('#', '9').replace(/^9+(?=\d*$|\.)/, '999999999990')}')`;
  return `to_char(${at(x)}, '${dateFormatOf(literal)}')`;
}

/** `dd/mm/yyyy hh:nn` → `DD/MM/YYYY HH24:MI`. */
function dateFormatOf(form: string): string {
  const isHalfDay = /am\/pm|ampm/i.test(form);
  return form.replace(/y+|m+|d+|h+|n+|s+|am\/pm|ampm|[a-z]+/gi, (letters, offset: number) => {
    const key = letters.toLowerCase();
    const isMinute = /h[^a-z]*$/i.test(form.slice(0, offset));
    switch (key) {
      case 'yyyy':
        return 'YYYY';
      case 'yy':
        return 'YY';
      case 'mmmm':
        return 'FMMonth';
      case 'mmm':
        return 'Mon';
      case 'mm':
        return isMinute ? 'MI' : 'MM';
      case 'm':
        return isMinute ? 'FMMI' : 'FMMM';
      case 'dddd':
        return 'FMDay';
      case 'ddd':
        return 'Dy';
      case 'dd':
        return 'DD';
      case 'd':
        return 'FMDD';
      case 'hh':
        return isHalfDay ? 'HH12' : 'HH24';
      case 'h':
        return isHalfDay ? 'FMHH12' : 'FMHH24';
      case 'nn':
        return 'MI';
      case 'n':
        return 'FMMI';
      case 'ss':
        return 'SS';
      case 's':
        return 'FMSS';
      case 'am/pm':
      case 'ampm':
        return 'AM';
      default:
        return `"${letters}"`;
    }
  });
}
