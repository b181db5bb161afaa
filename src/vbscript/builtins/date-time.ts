/**
 * Date and time functions.
 * Source: doc "Date and Time Functions"; observed: public conformance suite.
 */
import { dateToSerial } from '../../automation/index.ts';
import { plain, toDate, toDouble, toInt32, toUnits } from '../convert.ts';
import {
  calendarOf,
  daysInMonth,
  daysOf,
  MAX_DATE,
  MIN_DATE,
  parseDate,
  serialOf,
  splitSerial,
  windowedYear,
} from '../dates.ts';
import { runtimeError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { fromDate, fromLong, fromSingle, MISSING, Scalar, type VbValue, VT } from '../values.ts';
import { optionalInt } from './arguments.ts';
import { secondsSinceMidnight } from './clock.ts';
import type { Builtin } from './index.ts';

function serial(value: VbValue, rt: Runtime): number {
  if (value instanceof Scalar && value.type === VT.date) return value.value;
  return toDate(value, rt).value;
}

/** A part of a date; Null gives Null. */
function part(name: string, read: (serialNumber: number) => number): Builtin {
  return {
    name,
    min: 1,
    max: 1,
    run: (rt, value) => {
      const it = plain(value, rt);
      return it === null ? null : read(serial(it, rt));
    },
  };
}

function wholeSeconds(now: Date): number {
  const copy = new Date(now);
  copy.setMilliseconds(0);
  return dateToSerial(copy);
}

// ---- intervals ----

function intervalOf(value: VbValue, rt: Runtime): string {
  if (plain(value, rt) === null) throw runtimeError(94);
  const interval = toUnits(value, rt).toLowerCase();
  if (!['yyyy', 'q', 'm', 'y', 'd', 'w', 'ww', 'h', 'n', 's'].includes(interval)) throw runtimeError(5);
  return interval;
}

function dateAdd(rt: Runtime, interval: VbValue, amount: VbValue, date: VbValue): VbValue {
  const kind = intervalOf(interval, rt);
  const it = plain(date, rt);
  if (plain(amount, rt) === null) throw runtimeError(94);
  if (it === null) return null;
  const n = Math.trunc(toDouble(amount, rt));
  const from = serial(it, rt);
  const { days, seconds } = splitSerial(from);
  let result: number;
  switch (kind) {
    case 'yyyy':
      result = addMonths(from, n * 12);
      break;
    case 'q':
      result = addMonths(from, n * 3);
      break;
    case 'm':
      result = addMonths(from, n);
      break;
    case 'ww':
      result = serialOf(days + n * 7, seconds);
      break;
    case 'h':
      result = serialOf(days, seconds + n * 3600);
      break;
    case 'n':
      result = serialOf(days, seconds + n * 60);
      break;
    case 's':
      result = serialOf(days, seconds + n);
      break;
    default:
      result = serialOf(days + n, seconds);
  }
  if (!(result > MIN_DATE - 1 && result < MAX_DATE + 1)) throw runtimeError(5);
  return fromDate(result);
}

/** Months on; a day that the month lacks becomes its last. */
function addMonths(from: number, months: number): number {
  const { year, month, day } = calendarOf(from);
  const total = year * 12 + (month - 1) + months;
  const newYear = Math.floor(total / 12);
  const newMonth = total - newYear * 12 + 1;
  if (newYear < 100 || newYear > 9999) throw runtimeError(5);
  const { seconds } = splitSerial(from);
  return serialOf(daysOf(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth))), seconds);
}

function weekStart(value: VbValue, rt: Runtime): number {
  const first = optionalInt(value, 1, rt);
  if (first < 0 || first > 7) throw runtimeError(5);
  return first === 0 ? rt.locale.firstDayOfWeek + 1 : first;
}

function weekRule(value: VbValue, rt: Runtime): number {
  const rule = optionalInt(value, 1, rt);
  if (rule < 0 || rule > 3) throw runtimeError(5);
  return rule === 0 ? 1 : rule;
}

function dateDiff(
  rt: Runtime,
  interval: VbValue,
  a: VbValue,
  b: VbValue,
  firstDay: VbValue,
  firstWeek: VbValue,
): VbValue {
  const kind = intervalOf(interval, rt);
  const start = weekStart(firstDay, rt);
  weekRule(firstWeek, rt);
  const left = plain(a, rt);
  const right = plain(b, rt);
  if (left === null || right === null) return null;
  const x = serial(left, rt);
  const y = serial(right, rt);
  const p = calendarOf(x);
  const q = calendarOf(y);
  const s = splitSerial(x);
  const t = splitSerial(y);
  const days = t.days - s.days;
  const seconds = days * 86400 + t.seconds - s.seconds;
  const result = ((): number => {
    switch (kind) {
      case 'yyyy':
        return q.year - p.year;
      case 'q':
        return (q.year - p.year) * 4 + Math.ceil(q.month / 3) - Math.ceil(p.month / 3);
      case 'm':
        return (q.year - p.year) * 12 + q.month - p.month;
      case 'w':
        return Math.trunc(days / 7);
      case 'ww': {
        const offset = (weekday: number): number => (weekday + 1 - start + 7) % 7;
        return (t.days - offset(q.weekday) - (s.days - offset(p.weekday))) / 7;
      }
      case 'h':
        return (
          Math.floor((t.days * 86400 + t.seconds) / 3600) - Math.floor((s.days * 86400 + s.seconds) / 3600)
        );
      case 'n':
        return Math.floor((t.days * 86400 + t.seconds) / 60) - Math.floor((s.days * 86400 + s.seconds) / 60);
      case 's':
        return seconds;
      default:
        return days;
    }
  })();
  if (Math.abs(result) > 0x7fffffff) throw runtimeError(6);
  return fromLong(result | 0);
}

function datePart(
  rt: Runtime,
  interval: VbValue,
  date: VbValue,
  firstDay: VbValue,
  firstWeek: VbValue,
): VbValue {
  const kind = intervalOf(interval, rt);
  const start = weekStart(firstDay, rt);
  const rule = weekRule(firstWeek, rt);
  const it = plain(date, rt);
  if (it === null) return null;
  const when = serial(it, rt);
  const calendar = calendarOf(when);
  const { days } = splitSerial(when);
  switch (kind) {
    case 'yyyy':
      return calendar.year;
    case 'q':
      return Math.ceil(calendar.month / 3);
    case 'm':
      return calendar.month;
    case 'y':
      return days - daysOf(calendar.year, 1, 1) + 1;
    case 'd':
      return calendar.day;
    case 'w':
      return weekdayNumber(calendar.weekday, start);
    case 'ww':
      return weekOfYear(days, calendar.year, start, rule);
    case 'h':
      return calendar.hour;
    case 'n':
      return calendar.minute;
    default:
      return calendar.second;
  }
}

const weekdayNumber = (weekday: number, start: number): number => ((weekday + 1 - start + 7) % 7) + 1;

/** The first day of week 1 of a year, by the rule: the week of 1 January, the first of four days, the first full one. */
function firstWeekStart(year: number, start: number, rule: number): number {
  const newYear = daysOf(year, 1, 1);
  const offset = weekdayNumber(calendarOf(newYear).weekday, start) - 1;
  const sameWeek = newYear - offset;
  if (rule === 1) return sameWeek;
  if (rule === 2) return 7 - offset >= 4 ? sameWeek : sameWeek + 7;
  return offset === 0 ? newYear : sameWeek + 7;
}

function weekOfYear(days: number, year: number, start: number, rule: number): number {
  const first = firstWeekStart(year, start, rule);
  if (days < first) return Math.floor((days - firstWeekStart(year - 1, start, rule)) / 7) + 1;
  if (rule !== 1 && days >= firstWeekStart(year + 1, start, rule)) return 1;
  return Math.floor((days - first) / 7) + 1;
}

// ---- making dates ----

function whole(value: VbValue, rt: Runtime): number {
  if (plain(value, rt) === null) throw runtimeError(94);
  const n = toInt32(value, rt);
  if (n < -32768 || n > 32767) throw runtimeError(6);
  return n;
}

function dateSerial(rt: Runtime, year: VbValue, month: VbValue, day: VbValue): VbValue {
  const y = whole(year, rt);
  const days = daysOf(y >= 0 && y <= 99 ? windowedYear(y) : y, whole(month, rt), whole(day, rt));
  if (days < MIN_DATE || days > MAX_DATE) throw runtimeError(5);
  return fromDate(days);
}

function timeSerial(rt: Runtime, hour: VbValue, minute: VbValue, second: VbValue): VbValue {
  const seconds = whole(hour, rt) * 3600 + whole(minute, rt) * 60 + whole(second, rt);
  if (seconds < 0) {
    // Before midnight: the time of day counts up on the day before.
    return fromDate(seconds / 86400);
  }
  return fromDate(serialOf(0, seconds));
}

/** DateValue and TimeValue: a half of what CDate reads. */
function half(name: string, which: 'date' | 'time'): Builtin {
  return {
    name,
    min: 1,
    max: 1,
    run: (rt, value) => {
      const it = plain(value, rt);
      if (it === null) throw runtimeError(94);
      const when =
        it instanceof Scalar && it.type === VT.date
          ? it.value
          : (parseDate(toUnits(it, rt), rt.locale, rt.now()) ?? mismatch());
      const { days, seconds } = splitSerial(when);
      return fromDate(which === 'date' ? days : serialOf(0, seconds));
    },
  };
}

function mismatch(): never {
  throw runtimeError(13);
}

// ---- names ----

function monthName(rt: Runtime, month: VbValue, abbreviate: VbValue): VbValue {
  if (abbreviate !== MISSING && plain(abbreviate, rt) === null) throw runtimeError(94);
  const n = toInt32(month, rt);
  if (n < 1 || n > 12) throw runtimeError(5);
  const isShort = abbreviate !== MISSING && toInt32(abbreviate, rt) !== 0;
  return (isShort ? rt.locale.shortMonths : rt.locale.months)[n - 1]!;
}

function weekdayName(rt: Runtime, weekday: VbValue, abbreviate: VbValue, firstDay: VbValue): VbValue {
  const n = toInt32(weekday, rt);
  if (n < 1 || n > 7) throw runtimeError(5);
  const isShort = abbreviate !== MISSING && toInt32(abbreviate, rt) !== 0;
  const start = firstDay === MISSING ? rt.locale.firstDayOfWeek + 1 : weekStart(firstDay, rt);
  return (isShort ? rt.locale.shortDays : rt.locale.days)[(n - 1 + start - 1) % 7]!;
}

function weekday(rt: Runtime, date: VbValue, firstDay: VbValue): VbValue {
  const it = plain(date, rt);
  const start = weekStart(firstDay, rt);
  return it === null ? null : weekdayNumber(calendarOf(serial(it, rt)).weekday, start);
}

export const DATE_FUNCTIONS: readonly Builtin[] = [
  { name: 'Now', min: 0, max: 0, run: (rt) => fromDate(wholeSeconds(rt.now())) },
  { name: 'Date', min: 0, max: 0, run: (rt) => fromDate(Math.floor(wholeSeconds(rt.now()))) },
  {
    name: 'Time',
    min: 0,
    max: 0,
    run: (rt) => fromDate(Math.floor(secondsSinceMidnight(rt.now())) / 86400),
  },
  { name: 'Timer', min: 0, max: 0, run: (rt) => fromSingle(secondsSinceMidnight(rt.now())) },
  part('Year', (when) => calendarOf(when).year),
  part('Month', (when) => calendarOf(when).month),
  part('Day', (when) => calendarOf(when).day),
  part('Hour', (when) => calendarOf(when).hour),
  part('Minute', (when) => calendarOf(when).minute),
  part('Second', (when) => calendarOf(when).second),
  { name: 'Weekday', min: 1, max: 2, run: weekday },
  { name: 'DateAdd', min: 3, max: 3, run: dateAdd },
  { name: 'DateDiff', min: 3, max: 5, run: dateDiff },
  { name: 'DatePart', min: 2, max: 4, run: datePart },
  { name: 'DateSerial', min: 3, max: 3, run: dateSerial },
  { name: 'TimeSerial', min: 3, max: 3, run: timeSerial },
  half('DateValue', 'date'),
  half('TimeValue', 'time'),
  { name: 'MonthName', min: 1, max: 2, run: monthName },
  { name: 'WeekdayName', min: 1, max: 3, run: weekdayName },
];
