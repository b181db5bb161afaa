/**
 * Writes OLE dates in a locale.
 * Owns: the pattern letters.  Leaves: patterns (`locales.ts`).
 */
import { type Calendar, calendarOf, splitSerial } from './dates.ts';
import type { Locale } from './locales.ts';

/** The text of CStr: short date, and the time unless it is midnight; the time alone on day 0. */
export function generalDate(serial: number, locale: Locale): string {
  const { days, seconds } = splitSerial(serial);
  const calendar = calendarOf(serial);
  if (days === 0) return formatPattern(calendar, locale.time, locale);
  const date = formatPattern(calendar, locale.shortDate, locale);
  return seconds === 0 ? date : `${date} ${formatPattern(calendar, locale.time, locale)}`;
}

/** 0 general, 1 long date, 2 short date, 3 long time, 4 hours and minutes of the 24-hour clock. */
export function formatDateTime(serial: number, form: number, locale: Locale): string {
  const calendar = calendarOf(serial);
  if (form === 1) return formatPattern(calendar, locale.longDate, locale);
  if (form === 2) return formatPattern(calendar, locale.shortDate, locale);
  if (form === 3) return formatPattern(calendar, locale.time, locale);
  if (form === 4) return `${pad(calendar.hour, 2)}:${pad(calendar.minute, 2)}`;
  return generalDate(serial, locale);
}

const LETTERS = /'([^']*)'|dddd|ddd|dd|d|MMMM|MMM|MM|M|yyyy|yy|hh|h|HH|H|mm|m|ss|s|tt/g;

function formatPattern(calendar: Calendar, pattern: string, locale: Locale): string {
  return pattern.replace(LETTERS, (letters: string, quoted: string | undefined) =>
    quoted !== undefined ? quoted : (FIELDS[letters]?.(calendar, locale) ?? letters),
  );
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');
const hour12 = (hour: number): number => (hour % 12 === 0 ? 12 : hour % 12);

const FIELDS: Readonly<Record<string, (calendar: Calendar, locale: Locale) => string>> = {
  d: (c) => String(c.day),
  dd: (c) => pad(c.day, 2),
  ddd: (c, l) => l.shortDays[c.weekday]!,
  dddd: (c, l) => l.days[c.weekday]!,
  M: (c) => String(c.month),
  MM: (c) => pad(c.month, 2),
  MMM: (c, l) => l.shortMonths[c.month - 1]!,
  MMMM: (c, l) => l.months[c.month - 1]!,
  yy: (c) => pad(c.year % 100, 2),
  yyyy: (c) => pad(c.year, 4),
  h: (c) => String(hour12(c.hour)),
  hh: (c) => pad(hour12(c.hour), 2),
  H: (c) => String(c.hour),
  HH: (c) => pad(c.hour, 2),
  m: (c) => String(c.minute),
  mm: (c) => pad(c.minute, 2),
  s: (c) => String(c.second),
  ss: (c) => pad(c.second, 2),
  tt: (c, l) => (c.hour < 12 ? l.am : l.pm),
};
