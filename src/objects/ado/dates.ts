/**
 * Dates between OLE serials, the texts databases keep, and the numbers some databases keep.
 * Owns: reading every form of a date column, writing one form.  Leaves: locales (the script's), time zones: all is local time.
 * Sources: doc "VARIANT date"; doc "SQLite: Date And Time Functions".
 */
import type { DbValue } from './database.ts';
import { accessDate } from './sql/tokens.ts';

const DAY_MS = 86_400_000;
/** 1899-12-30 in milliseconds of the calendar. */
const EPOCH_MS = Date.UTC(1899, 11, 30);
/** Julian days of 100-01-01 and 10000-01-01. As OLE serials the smaller would be days after the year 6700. */
const FIRST_JULIAN = 1_757_584.5;
const LAST_JULIAN = 5_373_484.5;
const JULIAN_OF_EPOCH = 2_415_018.5;

const ISO =
  /^(-?\d{4,5})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/;

/** Milliseconds of the calendar (as if local time were UTC) of whatever a date column holds; undefined: no date. */
export function calendarOf(value: DbValue): number | undefined {
  if (typeof value === 'bigint') return calendarOf(Number(value));
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return undefined;
    // Numbers are Julian days, OLE serials, seconds or milliseconds since 1970, by size.
    if (value >= 100_000_000_000) return local(value);
    if (value >= 100_000_000) return local(value * 1000);
    if (value >= FIRST_JULIAN && value < LAST_JULIAN)
      return Math.round((value - JULIAN_OF_EPOCH) * DAY_MS) + EPOCH_MS;
    return value > -657_435 && value < FIRST_JULIAN ? calendarOfSerial(value) : undefined;
  }
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  const iso = ISO.exec(text) ?? COMPACT.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, fraction] = iso;
    return calendar(year!, month!, day!, hour, minute, second, fraction);
  }
  const time = TIME.exec(text);
  if (time !== null) return calendar('1899', '12', '30', time[1], time[2], time[3], time[4]);
  const us = accessDate(text);
  return us === undefined ? undefined : calendarOf(us);
}

function calendar(
  year: string,
  month: string,
  day: string,
  hour = '0',
  minute = '0',
  second = '0',
  fraction = '',
): number | undefined {
  const ms = Math.trunc(Number(`${fraction}000`.slice(0, 3)));
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  date.setUTCHours(Number(hour), Number(minute), Number(second), ms);
  return date.getTime();
}

/** An instant as the local calendar shows it. */
function local(instant: number): number {
  const date = new Date(instant);
  return Date.UTC(
    date.getFullYear(),
    date.getMonth(),
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
    date.getMilliseconds(),
  );
}

/** Negative serials count days down but time up. */
export function calendarOfSerial(serial: number): number {
  const days = Math.trunc(serial);
  return EPOCH_MS + days * DAY_MS + Math.round(Math.abs(serial - days) * DAY_MS);
}

export function serialOfCalendar(ms: number): number {
  const days = Math.floor((ms - EPOCH_MS) / DAY_MS);
  const fraction = (ms - EPOCH_MS - days * DAY_MS) / DAY_MS;
  return days < 0 ? days - fraction : days + fraction;
}

/** `2003-01-02 03:04:05`, with `.678` when there are milliseconds. */
export function textOfCalendar(ms: number): string {
  const text = new Date(ms).toISOString().replace('T', ' ').slice(0, -1);
  return text.endsWith('.000') ? text.slice(0, -4) : text;
}

export function textOfSerial(serial: number): string {
  return textOfCalendar(calendarOfSerial(serial));
}
