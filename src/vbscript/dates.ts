/**
 * OLE dates: days since 1899-12-30, time as a fraction that counts up even for negative days.
 * Owns: serial ↔ calendar fields, reading dates from text.  Leaves: formats (`format-date.ts`), the locale's words (`locales.ts`).
 * Sources: doc "DATE (OLE Automation)"; observed: public conformance suite.
 */
import { ENGLISH_DAYS, ENGLISH_MONTHS, type Locale } from './locales.ts';

/** 1 January 100 and 31 December 9999. */
export const MIN_DATE = -657434;
export const MAX_DATE = 2958465.99999999;

const SECONDS_OF_DAY = 86_400;

export type Calendar = {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
};

/** Days of the serial scale for a date of the Gregorian calendar; month and day may lie outside their ranges. */
export function daysOf(year: number, month: number, day: number): number {
  const months = year * 12 + (month - 1);
  const y = Math.floor(months / 12);
  const m = months - y * 12 + 1;
  const shifted = m <= 2 ? y - 1 : y;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468 + 25569;
}

/** The serial of whole days and seconds; the fraction counts up on both sides of day 0. */
export function serialOf(days: number, seconds: number): number {
  const carry = Math.floor(seconds / SECONDS_OF_DAY);
  const day = days + carry;
  const fraction = (seconds - carry * SECONDS_OF_DAY) / SECONDS_OF_DAY;
  return day < 0 ? day - fraction : day + fraction;
}

/** Whole days and seconds of a serial, the seconds rounded. */
export function splitSerial(serial: number): { days: number; seconds: number } {
  let days = Math.trunc(serial);
  let seconds = Math.round(Math.abs(serial - days) * SECONDS_OF_DAY);
  if (seconds >= SECONDS_OF_DAY) {
    seconds -= SECONDS_OF_DAY;
    days += 1;
  }
  return { days, seconds };
}

export function calendarOf(serial: number): Calendar {
  const { days, seconds } = splitSerial(serial);
  const shifted = days - 25569 + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    weekday: (((days + 6) % 7) + 7) % 7,
  };
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  return [31, isLeapYear(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}

/** Two-digit years: 0 to 29 are 2000 to 2029, 30 to 99 are 1930 to 1999. */
export function windowedYear(year: number): number {
  if (year < 0 || year > 99) return year;
  return year < 30 ? 2000 + year : 1900 + year;
}

type DateOrder = 'mdy' | 'dmy' | 'ymd';

/** The serial of the text between the number signs of a date literal, always in US order; `undefined`: none. */
export function parseDateLiteral(text: string): number | undefined {
  return parseFields(text, 'mdy', ENGLISH_MONTHS, ENGLISH_DAYS, ['am', 'pm'], currentYear(undefined));
}

/** The serial of a text in a locale; `undefined` when it is no date. `now` gives the year that a text leaves out. */
export function parseDate(text: string, locale: Locale, now: Date | undefined): number | undefined {
  const read = (written: string): number | undefined =>
    parseFields(
      written,
      locale.dateOrder,
      [...locale.months, ...locale.shortMonths],
      [...locale.days, ...locale.shortDays],
      [locale.am, locale.pm],
      currentYear(now),
    );
  // Where 16.05.06 is how a time is written it is read as one, and 22.11.2003, which cannot be one, as a date.
  const hasDots = locale.time.includes('.') && /\d\.\d/.test(text);
  return (hasDots ? read(text.replace(/(\d)\.(?=\d)/g, '$1:')) : undefined) ?? read(text);
}

function currentYear(now: Date | undefined): number {
  return (now ?? new Date()).getFullYear();
}

type Word = { readonly kind: 'number' | 'word' | 'mark'; readonly text: string; readonly value: number };

const TOKEN = /\s+|(\d+)|([/\-.:,年月日時分秒년월])|(\p{L}[\p{L}\p{M}.]*)/uy;

function parseFields(
  text: string,
  order: DateOrder,
  monthNames: readonly string[],
  dayNames: readonly string[],
  halves: readonly [string, string],
  thisYear: number,
): number | undefined {
  const words = cut(text);
  if (words === undefined || words.length === 0) return undefined;
  const seconds = takeTime(words, halves);
  if (seconds === null) return undefined;
  const days = takeDate(words, order, monthNames, dayNames, thisYear);
  if (days === null) return undefined;
  if (days === undefined && seconds === undefined) return undefined;
  const serial = serialOf(days ?? 0, seconds ?? 0);
  return serial < MIN_DATE || serial > MAX_DATE + 1 ? undefined : serial;
}

function cut(text: string): Word[] | undefined {
  const words: Word[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    if (match[1] !== undefined) words.push({ kind: 'number', text: match[1], value: Number(match[1]) });
    else if (match[2] !== undefined) {
      const mark = '年月日년월'.includes(match[2]) ? '/' : '時分秒'.includes(match[2]) ? ':' : match[2];
      words.push({ kind: 'mark', text: mark, value: 0 });
    } else if (match[3] !== undefined) {
      words.push({ kind: 'word', text: match[3].toLowerCase(), value: 0 });
    }
  }
  return words;
}

/** Takes the time out of `words`: seconds, `undefined` when there is none, `null` when it is wrong. */
function takeTime(words: Word[], [am, pm]: readonly [string, string]): number | undefined | null {
  const half = (word: Word | undefined): 'am' | 'pm' | undefined => {
    if (word?.kind !== 'word') return undefined;
    const text = word.text.replace(/\.$/, '');
    if (text === 'am' || text === 'a' || (am !== '' && text === am.toLowerCase())) return 'am';
    if (text === 'pm' || text === 'p' || (pm !== '' && text === pm.toLowerCase())) return 'pm';
    return undefined;
  };
  for (let at = 0; at < words.length; at += 1) {
    if (words[at]!.kind !== 'number') continue;
    const isClock = words[at + 1]?.text === ':' && words[at + 2]?.kind === 'number';
    const bareHalf = half(words[at + 1]);
    if (!isClock && bareHalf === undefined) continue;
    let hour = words[at]!.value;
    let minute = 0;
    let second = 0;
    let end = at + 1;
    if (isClock) {
      minute = words[at + 2]!.value;
      end = at + 3;
      if (words[end]?.text === ':' && words[end + 1]?.kind === 'number') {
        second = words[end + 1]!.value;
        end += 2;
      }
      if (words[end]?.text === ':' && words[end + 1] === undefined) end += 1;
    }
    let start = at;
    let which = half(words[end]);
    if (which !== undefined) end += 1;
    else if (at > 0 && half(words[at - 1]) !== undefined) {
      which = half(words[at - 1]);
      start -= 1;
    }
    if (which !== undefined) {
      if (hour > 12 || (hour === 0 && which === 'pm')) return null;
      hour = (hour % 12) + (which === 'pm' ? 12 : 0);
    }
    if (hour > 23 || minute > 59 || second > 59) return null;
    words.splice(start, end - start);
    return hour * 3600 + minute * 60 + second;
  }
  return words.some((word) => word.text === ':') ? null : undefined;
}

/** Days of the date left in `words`; `undefined` when nothing is left, `null` when it is wrong. */
function takeDate(
  words: readonly Word[],
  order: DateOrder,
  monthNames: readonly string[],
  dayNames: readonly string[],
  thisYear: number,
): number | undefined | null {
  const numbers: Word[] = [];
  let month: number | undefined;
  let monthIndex = 0;
  for (const word of words) {
    if (word.kind === 'number') numbers.push(word);
    else if (word.kind === 'word') {
      const name = word.text.replace(/\.$/, '');
      const found = monthOf(name, monthNames);
      if (found !== undefined) {
        if (month !== undefined) return null;
        month = found;
        monthIndex = numbers.length;
      } else if (!matchesName(name, dayNames) && !matchesName(name, ENGLISH_DAYS) && name !== 'de')
        return null;
    }
  }
  if (numbers.length === 0) return month === undefined && words.length === 0 ? undefined : null;
  if (numbers.length > 3 || words.some((word) => word.kind === 'mark' && word.text === ':')) return null;
  if (month !== undefined) return namedMonth(numbers, month, monthIndex, thisYear);
  if (numbers.length === 1) return null;
  if (numbers.length === 2) return twoNumbers(numbers, order, thisYear);
  const [a, b, c] = numbers as [Word, Word, Word];
  const tries: [Word, Word, Word][] = [];
  const ymd: [Word, Word, Word] = [a, b, c];
  const mdy: [Word, Word, Word] = [c, a, b];
  const dmy: [Word, Word, Word] = [c, b, a];
  const ydm: [Word, Word, Word] = [a, c, b];
  if (a.text.length > 2 || a.value > 31) tries.push(ymd, ydm);
  else if (order === 'mdy') tries.push(mdy, dmy, ymd);
  else if (order === 'dmy') tries.push(dmy, mdy, ymd);
  else tries.push(ymd, mdy, dmy);
  for (const [year, m, d] of tries) {
    const days = validDays(yearOf(year), m.value, d.value);
    if (days !== null) return days;
  }
  return null;
}

function yearOf(word: Word): number {
  return word.text.length <= 2 ? windowedYear(word.value) : word.value;
}

function namedMonth(
  numbers: readonly Word[],
  month: number,
  monthIndex: number,
  thisYear: number,
): number | null {
  const [first, second, third] = numbers;
  if (third !== undefined) return null;
  if (second === undefined) {
    // `Feb 3` is a day of this year, `Feb 2003` the first of a month.
    const asDay = first!.text.length <= 2 ? validDays(thisYear, month, first!.value) : null;
    return asDay ?? validDays(yearOf(first!), month, 1);
  }
  if (monthIndex === 1 && (first!.text.length > 2 || first!.value > 31)) {
    return validDays(yearOf(first!), month, second.value);
  }
  return validDays(yearOf(second), month, first!.value) ?? validDays(yearOf(first!), month, second.value);
}

function twoNumbers(numbers: readonly Word[], order: DateOrder, thisYear: number): number | null {
  const [a, b] = numbers as [Word, Word];
  if (b.text.length > 2 || b.value > 31) return validDays(yearOf(b), a.value, 1);
  if (a.text.length > 2 || a.value > 31) return validDays(yearOf(a), b.value, 1);
  const [month, day] = order === 'dmy' ? [b, a] : [a, b];
  return (
    validDays(thisYear, month.value, day.value) ??
    validDays(thisYear, day.value, month.value) ??
    validDays(yearOf(b), a.value, 1)
  );
}

function validDays(year: number, month: number, day: number): number | null {
  if (year < 100 || year > 9999 || month < 1 || month > 12 || day < 1) return null;
  return day > daysInMonth(year, month) ? null : daysOf(year, month, day);
}

function monthOf(name: string, names: readonly string[]): number | undefined {
  for (const list of [names, ENGLISH_MONTHS]) {
    const at = list.findIndex((candidate) => candidate !== '' && fold(candidate) === fold(name));
    if (at >= 0) return (at % 12) + 1;
  }
  if (name.length < 3) return undefined;
  const at = ENGLISH_MONTHS.slice(0, 12).findIndex((candidate) => candidate.toLowerCase().startsWith(name));
  return at >= 0 ? at + 1 : undefined;
}

function matchesName(name: string, names: readonly string[]): boolean {
  return names.some((candidate) => candidate !== '' && fold(candidate) === fold(name));
}

function fold(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
