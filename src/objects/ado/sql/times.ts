/**
 * Units of time and forms of dates in the words of Access, SQL Server and PostgreSQL.
 * Owns: their names, parts and differences of dates in PostgreSQL, the styles of CONVERT.  Leaves: which function uses them (functions).
 * Fails: SqlProblem for a style without counterpart.
 * Sources: doc "Transact-SQL: DATEPART, CONVERT"; doc "Microsoft Jet Expression Service functions".
 */
import { SqlProblem } from './tokens.ts';

export type TimeUnit =
  | 'year'
  | 'quarter'
  | 'month'
  | 'day'
  | 'dayofyear'
  | 'weekday'
  | 'week'
  | 'hour'
  | 'minute'
  | 'second';

const UNITS: Readonly<Record<string, TimeUnit>> = {
  yyyy: 'year',
  yy: 'year',
  year: 'year',
  q: 'quarter',
  qq: 'quarter',
  quarter: 'quarter',
  m: 'month',
  mm: 'month',
  month: 'month',
  d: 'day',
  dd: 'day',
  day: 'day',
  y: 'dayofyear',
  dy: 'dayofyear',
  dayofyear: 'dayofyear',
  w: 'weekday',
  dw: 'weekday',
  weekday: 'weekday',
  ww: 'week',
  wk: 'week',
  week: 'week',
  h: 'hour',
  hh: 'hour',
  hour: 'hour',
  n: 'minute',
  mi: 'minute',
  minute: 'minute',
  s: 'second',
  ss: 'second',
  second: 'second',
};

export function timeUnit(text: string): TimeUnit | undefined {
  return UNITS[text.toLowerCase()];
}

/** One of a unit in PostgreSQL's words. */
export const INTERVAL: Readonly<Record<TimeUnit, string>> = {
  year: '1 year',
  quarter: '3 months',
  month: '1 month',
  day: '1 day',
  dayofyear: '1 day',
  weekday: '1 day',
  week: '7 days',
  hour: '1 hour',
  minute: '1 minute',
  second: '1 second',
};

/** A PostgreSQL expression as a time. */
export const at = (text: string): string => `CAST(${text} AS timestamp)`;
const extracted = (field: string, text: string): string =>
  `CAST(EXTRACT(${field} FROM ${at(text)}) AS integer)`;

export function partInPostgres(unit: TimeUnit, date: string): string {
  switch (unit) {
    case 'weekday':
      return `(${extracted('dow', date)} + 1)`;
    case 'dayofyear':
      return extracted('doy', date);
    case 'second':
      return `CAST(floor(EXTRACT(second FROM ${at(date)})) AS integer)`;
    case 'week':
      return `((${extracted('doy', date)} - 1 + CAST(EXTRACT(dow FROM date_trunc('year', ${at(date)})) AS integer)) / 7 + 1)`;
    default:
      return extracted(unit, date);
  }
}

export function differenceInPostgres(unit: TimeUnit, from: string, to: string): string {
  const years = `(${extracted('year', to)} - ${extracted('year', from)})`;
  switch (unit) {
    case 'year':
      return years;
    case 'quarter':
      return `(${years} * 4 + ${extracted('quarter', to)} - ${extracted('quarter', from)})`;
    case 'month':
      return `(${years} * 12 + ${extracted('month', to)} - ${extracted('month', from)})`;
    case 'week':
      // Counts Sundays: the weeks of date_trunc begin on Monday, so a day is added.
      return `CAST(EXTRACT(epoch FROM date_trunc('week', ${at(to)} + interval '1 day') - date_trunc('week', ${at(from)} + interval '1 day')) / 604800 AS integer)`;
    case 'hour':
    case 'minute':
    case 'second': {
      const size = unit === 'hour' ? 3600 : unit === 'minute' ? 60 : 1;
      return `CAST(EXTRACT(epoch FROM date_trunc('${unit}', ${at(to)}) - date_trunc('${unit}', ${at(from)})) / ${size} AS integer)`;
    }
    case 'weekday':
      return `((CAST(${to} AS date) - CAST(${from} AS date)) / 7)`;
    default:
      return `(CAST(${to} AS date) - CAST(${from} AS date))`;
  }
}

/** Styles of CONVERT that pages use. */
export function dateStyle(style: number, at: number): { access: string; postgresql: string } {
  const found = DATE_STYLES[style];
  if (found === undefined) throw new SqlProblem(`style ${style} of CONVERT has no counterpart`, at);
  return { access: found[0], postgresql: found[1] };
}

const DATE_STYLES: Readonly<Record<number, readonly [string, string]>> = {
  0: ['mmm d yyyy h:nnAM/PM', 'Mon FMDD YYYY FMHH12:MIAM'],
  100: ['mmm d yyyy h:nnAM/PM', 'Mon FMDD YYYY FMHH12:MIAM'],
  1: ['mm/dd/yy', 'MM/DD/YY'],
  101: ['mm/dd/yyyy', 'MM/DD/YYYY'],
  102: ['yyyy.mm.dd', 'YYYY.MM.DD'],
  3: ['dd/mm/yy', 'DD/MM/YY'],
  103: ['dd/mm/yyyy', 'DD/MM/YYYY'],
  104: ['dd.mm.yyyy', 'DD.MM.YYYY'],
  105: ['dd-mm-yyyy', 'DD-MM-YYYY'],
  106: ['dd mmm yyyy', 'DD Mon YYYY'],
  107: ['mmm dd, yyyy', 'Mon DD, YYYY'],
  8: ['hh:nn:ss', 'HH24:MI:SS'],
  108: ['hh:nn:ss', 'HH24:MI:SS'],
  110: ['mm-dd-yyyy', 'MM-DD-YYYY'],
  111: ['yyyy/mm/dd', 'YYYY/MM/DD'],
  12: ['yymmdd', 'YYMMDD'],
  112: ['yyyymmdd', 'YYYYMMDD'],
  20: ['yyyy-mm-dd hh:nn:ss', 'YYYY-MM-DD HH24:MI:SS'],
  120: ['yyyy-mm-dd hh:nn:ss', 'YYYY-MM-DD HH24:MI:SS'],
  23: ['yyyy-mm-dd', 'YYYY-MM-DD'],
  126: ['yyyy-mm-ddThh:nn:ss', 'YYYY-MM-DD"T"HH24:MI:SS'],
};
