/**
 * The SQL functions that SQLite is taught, so that statements of Access and SQL Server run on it.
 * Owns: functions named `ado_…`.  Leaves: which function of old becomes which (sql/functions).
 * Fails: never for values: what cannot be read as a date gives NULL, as Null does; an endless result is cut off.
 * Sources: doc "DateAdd Function", "DateDiff Function", "Format Function"; doc "Transact-SQL DATENAME".
 */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { calendarOf, textOfCalendar } from './dates.ts';
import type { TimeUnit } from './sql/times.ts';

type Value = SQLOutputValue;

const DAY_MS = 86_400_000;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** Longest text a function makes. */
const MOST_TEXT = 1_000_000;

export function registerFunctions(database: DatabaseSync): void {
  const add = (name: string, work: (...args: Value[]) => SQLInputValue, fixed = true): void =>
    database.function(
      `ado_${name}`,
      { deterministic: fixed, varargs: false, useBigIntArguments: false },
      work,
    );
  add('date', (value) => {
    const ms = calendarOf(value);
    return ms === undefined ? value : textOfCalendar(ms);
  });
  add('day', (value) => {
    const ms = calendarOf(value);
    return ms === undefined ? null : textOfCalendar(Math.floor(ms / DAY_MS) * DAY_MS);
  });
  add('dateadd', (unit, count, value) => {
    const ms = calendarOf(value);
    if (ms === undefined || count === null) return null;
    return dated(added(String(unit) as TimeUnit, Math.round(Number(count)), ms));
  });
  add('plus', (value, days) => {
    const ms = calendarOf(value);
    return ms === undefined || days === null ? null : dated(ms + Math.round(Number(days) * DAY_MS));
  });
  add('between', (from, to) => {
    const [start, end] = [calendarOf(from), calendarOf(to)];
    return start === undefined || end === undefined ? null : (end - start) / DAY_MS;
  });
  add('datediff', (unit, from, to) => {
    const [start, end] = [calendarOf(from), calendarOf(to)];
    return start === undefined || end === undefined ? null : difference(String(unit) as TimeUnit, start, end);
  });
  add('datepart', (unit, value) => {
    const ms = calendarOf(value);
    return ms === undefined ? null : partOf(String(unit) as TimeUnit, ms);
  });
  add('datename', (unit, value) => {
    const ms = calendarOf(value);
    if (ms === undefined) return null;
    if (unit === 'month') return MONTHS[new Date(ms).getUTCMonth()]!;
    if (unit === 'weekday') return DAYS[new Date(ms).getUTCDay()]!;
    return String(partOf(String(unit) as TimeUnit, ms));
  });
  add('dateserial', (year, month, day) => {
    if (year === null || month === null || day === null) return null;
    const whole = Number(year);
    const full = whole >= 0 && whole < 30 ? 2000 + whole : whole >= 30 && whole < 100 ? 1900 + whole : whole;
    const date = new Date(0);
    date.setUTCFullYear(full, Number(month) - 1, Number(day));
    return dated(date.getTime());
  });
  add('format', (value, form) => (value === null ? null : formatted(value, String(form ?? ''))));
  add('like', (pattern, value) => {
    if (pattern === null || value === null) return null;
    return likeMatcher(String(pattern))(String(value)) ? 1 : 0;
  });
  add('right', (value, count) => {
    if (value === null || count === null) return null;
    const units = [...String(value)];
    return units.slice(Math.max(0, units.length - Math.max(0, Number(count)))).join('');
  });
  add('repeat', (value, count) => {
    if (value === null || count === null) return null;
    const text = String(value);
    const times = Math.max(0, Math.trunc(Number(count)));
    return text.repeat(Math.min(times, Math.floor(MOST_TEXT / Math.max(1, text.length))));
  });
  add('reverse', (value) => (value === null ? null : [...String(value)].reverse().join('')));
  add('instr', (text, wanted, start) => {
    if (text === null || wanted === null || start === null) return null;
    const from = Math.max(1, Number(start)) - 1;
    return String(text).toLowerCase().indexOf(String(wanted).toLowerCase(), from) + 1;
  });
  add('random', () => Math.random(), false);
  add('guid', () => `{${randomUUID().toUpperCase()}}`, false);
}

function dated(ms: number): string | null {
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? textOfCalendar(ms) : null;
}

function added(unit: TimeUnit, count: number, ms: number): number {
  const monthsBy = unit === 'year' ? 12 : unit === 'quarter' ? 3 : unit === 'month' ? 1 : 0;
  if (monthsBy > 0) {
    const date = new Date(ms);
    const day = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + count * monthsBy);
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(day, last));
    return date.getTime();
  }
  const size =
    unit === 'week'
      ? 7 * DAY_MS
      : unit === 'hour'
        ? 3_600_000
        : unit === 'minute'
          ? 60_000
          : unit === 'second'
            ? 1000
            : DAY_MS;
  return ms + count * size;
}

/** Borders crossed from one time to the other. */
function difference(unit: TimeUnit, from: number, to: number): number {
  const [start, end] = [new Date(from), new Date(to)];
  const years = end.getUTCFullYear() - start.getUTCFullYear();
  const days = Math.floor(to / DAY_MS) - Math.floor(from / DAY_MS);
  switch (unit) {
    case 'year':
      return years;
    case 'quarter':
      return years * 4 + Math.floor(end.getUTCMonth() / 3) - Math.floor(start.getUTCMonth() / 3);
    case 'month':
      return years * 12 + end.getUTCMonth() - start.getUTCMonth();
    case 'week':
      // 1970-01-01 was a Thursday; weeks begin on Sunday.
      return Math.floor((Math.floor(to / DAY_MS) + 4) / 7) - Math.floor((Math.floor(from / DAY_MS) + 4) / 7);
    case 'weekday':
      return Math.trunc(days / 7);
    case 'hour':
      return Math.floor(to / 3_600_000) - Math.floor(from / 3_600_000);
    case 'minute':
      return Math.floor(to / 60_000) - Math.floor(from / 60_000);
    case 'second':
      return Math.floor(to / 1000) - Math.floor(from / 1000);
    default:
      return days;
  }
}

function partOf(unit: TimeUnit, ms: number): number {
  const date = new Date(ms);
  const firstDay = Date.UTC(date.getUTCFullYear(), 0, 1);
  const dayOfYear = Math.floor((ms - firstDay) / DAY_MS) + 1;
  switch (unit) {
    case 'year':
      return date.getUTCFullYear();
    case 'quarter':
      return Math.floor(date.getUTCMonth() / 3) + 1;
    case 'month':
      return date.getUTCMonth() + 1;
    case 'day':
      return date.getUTCDate();
    case 'dayofyear':
      return dayOfYear;
    case 'weekday':
      return date.getUTCDay() + 1;
    case 'week':
      return Math.floor((dayOfYear - 1 + new Date(firstDay).getUTCDay()) / 7) + 1;
    case 'hour':
      return date.getUTCHours();
    case 'minute':
      return date.getUTCMinutes();
    case 'second':
      return date.getUTCSeconds();
  }
}

/** Format of Access: forms of dates and of numbers, and the named ones. */
export function formatted(value: Value, form: string): string {
  const named = NAMED_FORMS[form.toLowerCase()] ?? form;
  if (named === '') return String(value);
  if (/[#0]/.test(named) && !/[ymdhns]{1,4}[^a-z]*[ymdhns]/i.test(named))
    return numberIn(Number(value), named);
  if (named === '>') return String(value).toUpperCase();
  if (named === '<') return String(value).toLowerCase();
  const ms = calendarOf(value as string | number);
  return ms === undefined ? String(value) : dateIn(ms, named);
}

const NAMED_FORMS: Readonly<Record<string, string>> = {
  'short date': 'm/d/yyyy',
  'medium date': 'dd-mmm-yy',
  'long date': 'dddd, mmmm dd, yyyy',
  'general date': 'm/d/yyyy h:nn:ss AM/PM',
  'short time': 'hh:nn',
  'medium time': 'hh:nn AM/PM',
  'long time': 'h:nn:ss AM/PM',
  fixed: '0.00',
  standard: '#,##0.00',
  currency: '$#,##0.00',
  percent: '0.00%',
};

function dateIn(ms: number, form: string): string {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  const isHalfDay = /am\/pm|a\/p|ampm/i.test(form);
  const hour = isHalfDay ? date.getUTCHours() % 12 || 12 : date.getUTCHours();
  let wasHour = false;
  return form.replace(
    /"[^"]*"|am\/pm|ampm|a\/p|yyyy|yy|y|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|nn|n|ss|s|ww|w|q/gi,
    (found) => {
      if (found.startsWith('"')) return found.slice(1, -1);
      const key = found.toLowerCase();
      const isMinute = wasHour && (key === 'm' || key === 'mm');
      wasHour = key === 'h' || key === 'hh';
      switch (key) {
        case 'yyyy':
          return String(date.getUTCFullYear()).padStart(4, '0');
        case 'yy':
          return two(date.getUTCFullYear() % 100);
        case 'y':
          return String(partOf('dayofyear', ms));
        case 'mmmm':
          return MONTHS[date.getUTCMonth()]!;
        case 'mmm':
          return MONTHS[date.getUTCMonth()]!.slice(0, 3);
        case 'mm':
          return two(isMinute ? date.getUTCMinutes() : date.getUTCMonth() + 1);
        case 'm':
          return String(isMinute ? date.getUTCMinutes() : date.getUTCMonth() + 1);
        case 'dddd':
          return DAYS[date.getUTCDay()]!;
        case 'ddd':
          return DAYS[date.getUTCDay()]!.slice(0, 3);
        case 'dd':
          return two(date.getUTCDate());
        case 'd':
          return String(date.getUTCDate());
        case 'hh':
          return two(hour);
        case 'h':
          return String(hour);
        case 'nn':
          return two(date.getUTCMinutes());
        case 'n':
          return String(date.getUTCMinutes());
        case 'ss':
          return two(date.getUTCSeconds());
        case 's':
          return String(date.getUTCSeconds());
        case 'ww':
          return String(partOf('week', ms));
        case 'w':
          return String(date.getUTCDay() + 1);
        case 'q':
          return String(partOf('quarter', ms));
        case 'a/p':
          return date.getUTCHours() < 12 ? 'A' : 'P';
        default:
          return date.getUTCHours() < 12 ? 'AM' : 'PM';
      }
    },
  );
}

function numberIn(value: number, form: string): string {
  if (!Number.isFinite(value)) return '';
  const found = /[#0,]*[#0](?:\.[#0]*)?/.exec(form);
  if (found === null) return String(value);
  const scaled = form.includes('%') ? value * 100 : value;
  const [whole, places = ''] = found[0].split('.') as [string, string?];
  const least = places.replace(/[^0]/g, '').length;
  const text = Math.abs(scaled).toFixed(places.length);
  let [integer, fraction = ''] = text.split('.') as [string, string?];
  while (fraction.length > least && fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  integer = integer.padStart(whole.replace(/[^0]/g, '').length, '0');
  if (!whole.includes('0') && integer === '0') integer = '';
  if (whole.includes(',')) integer = integer.replace(/\B(?=(\d{3})+$)/g, ',');
  const number = `${scaled < 0 ? '-' : ''}${integer}${fraction === '' ? '' : `.${fraction}`}`;
  return form.slice(0, found.index) + number + form.slice(found.index + found[0].length);
}

/** LIKE with lists in brackets, blind to case; no pattern takes longer than text × pattern. */
export function likeMatcher(pattern: string): (text: string) => boolean {
  type Part = 'any' | 'one' | ((char: string) => boolean);
  const parts: Part[] = [];
  const lower = pattern.toLowerCase();
  for (let at = 0; at < lower.length; at += 1) {
    const char = lower[at]!;
    const close = char === '[' ? lower.indexOf(']', at + 2) : -1;
    if (char === '%') {
      if (parts.at(-1) !== 'any') parts.push('any');
    } else if (char === '_') parts.push('one');
    else if (close > 0) {
      parts.push(listOf(lower.slice(at + 1, close)));
      at = close;
    } else parts.push((other) => other === char);
  }
  return (text) => {
    const units = text.toLowerCase();
    let [at, part, star, mark] = [0, 0, -1, 0];
    while (at < units.length) {
      const wanted = parts[part];
      if (wanted === 'any') {
        star = part;
        mark = at;
        part += 1;
      } else if (wanted === 'one' || (typeof wanted === 'function' && wanted(units[at]!))) {
        at += 1;
        part += 1;
      } else if (star >= 0) {
        part = star + 1;
        mark += 1;
        at = mark;
      } else return false;
    }
    while (parts[part] === 'any') part += 1;
    return part === parts.length;
  };
}

function listOf(list: string): (char: string) => boolean {
  const isNegative = /^[!^]/.test(list);
  const body = isNegative ? list.slice(1) : list;
  return (char) => {
    let isIn = false;
    for (let at = 0; at < body.length && !isIn; at += 1) {
      if (body[at + 1] === '-' && at + 2 < body.length) {
        isIn = char >= body[at]! && char <= body[at + 2]!;
        at += 2;
      } else isIn = body[at] === char;
    }
    return isIn !== isNegative;
  };
}
