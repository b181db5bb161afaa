/**
 * Date as JScript writes it, and dates that a script got from the host.
 * Owns: texts of dates, the constructor, getYear and its kin, getVarDate.  Leaves: reading texts of dates (the engine below).
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { Asking } from './asking.ts';
import type { Errors } from './errors.ts';
import type { HostFunctions } from './host-functions.ts';
import type { HostObjects } from './host-objects.ts';
import type { Intrinsics } from './intrinsics.ts';

export type Dates = ReturnType<typeof dates>;

export function dates({
  hostPrimitive,
  hostVarDate,
  RealDate,
  RealObject,
  apply,
  construct,
  dateTime,
  isNotANumber,
  property,
  realParse,
  table,
  toPrimitive,
  makeError,
  ask,
  hosts,
  opaques,
}: HostFunctions & Intrinsics & Errors & Asking & HostObjects) {
  const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const FULL_DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  const FULL_MONTHS = [
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
  const datePrototype = Date.prototype;
  const part = (date: unknown, name: string): number => apply(dateParts[name]!, date, []) as number;
  const dateParts: Record<string, (...given: never[]) => unknown> = { __proto__: null } as never;
  for (const name of [
    'getFullYear',
    'getMonth',
    'getDate',
    'getDay',
    'getHours',
    'getMinutes',
    'getSeconds',
    'getTimezoneOffset',
    'getUTCFullYear',
    'getUTCMonth',
    'getUTCDate',
    'getUTCDay',
    'getUTCHours',
    'getUTCMinutes',
    'getUTCSeconds',
    'setFullYear',
  ])
    dateParts[name] = (datePrototype as unknown as Record<string, never>)[name]!;

  function two(number: number): string {
    return number < 10 ? `0${number}` : `${number}`;
  }

  function checkDate(date: unknown): number {
    try {
      return apply(dateTime, date, []);
    } catch {
      throw makeError('TypeError', 5006, 'Date object expected');
    }
  }

  function yearText(year: number): string {
    return year < 1 ? `${1 - year} B.C.` : `${year}`;
  }

  function zoneText(date: unknown): string {
    const minutes = -part(date, 'getTimezoneOffset');
    if (minutes === 0) return 'UTC';
    const size = minutes < 0 ? -minutes : minutes;
    return `UTC${minutes < 0 ? '-' : '+'}${two((size / 60) | 0)}${two(size % 60)}`;
  }

  function dateText(date: unknown): string {
    const time = checkDate(date);
    if (isNotANumber(time)) return 'NaN';
    const day = `${DAYS[part(date, 'getDay')]} ${MONTHS[part(date, 'getMonth')]} ${part(date, 'getDate')}`;
    return `${day} ${timeText(date)} ${zoneText(date)} ${yearText(part(date, 'getFullYear'))}`;
  }

  function timeText(date: unknown): string {
    return `${two(part(date, 'getHours'))}:${two(part(date, 'getMinutes'))}:${two(part(date, 'getSeconds'))}`;
  }

  function utcText(date: unknown): string {
    const time = checkDate(date);
    if (isNotANumber(time)) return 'NaN';
    const clock = `${two(part(date, 'getUTCHours'))}:${two(part(date, 'getUTCMinutes'))}:${two(part(date, 'getUTCSeconds'))}`;
    const day = `${DAYS[part(date, 'getUTCDay')]}, ${part(date, 'getUTCDate')} ${MONTHS[part(date, 'getUTCMonth')]}`;
    return `${day} ${yearText(part(date, 'getUTCFullYear'))} ${clock} UTC`;
  }

  function longDate(date: unknown): string {
    const day = `${FULL_DAYS[part(date, 'getDay')]}, ${FULL_MONTHS[part(date, 'getMonth')]}`;
    return `${day} ${two(part(date, 'getDate'))}, ${yearText(part(date, 'getFullYear'))}`;
  }

  function clockText(date: unknown): string {
    const hours = part(date, 'getHours');
    const clock = `${hours % 12 === 0 ? 12 : hours % 12}:${two(part(date, 'getMinutes'))}:${two(part(date, 'getSeconds'))}`;
    return `${clock} ${hours < 12 ? 'AM' : 'PM'}`;
  }

  /** Text of a date → milliseconds. What the engine below reads, and JScript's own form. */
  function parseDate(text: string): number {
    return realParse(text);
  }

  function dateFrom(value: unknown): unknown {
    if (typeof value === 'function') {
      const handle = hosts.get(value);
      if (handle !== undefined) return dateFrom(ask(hostPrimitive, handle));
    }
    if (typeof value === 'object' && value !== null && given.has(value)) return given.get(value);
    return typeof value === 'string' ? parseDate(value) : value;
  }

  const JDate = function made(...args: unknown[]): unknown {
    if (new.target === undefined) return dateText(new RealDate());
    if (args.length === 1) return construct(RealDate, [dateFrom(args[0])], new.target);
    return construct(RealDate, args, new.target);
  };
  const dateMethods = {
    toString(this: unknown): string {
      return dateText(this);
    },
    toDateString(this: unknown): string {
      const time = checkDate(this);
      if (isNotANumber(time)) return 'NaN';
      return `${DAYS[part(this, 'getDay')]} ${MONTHS[part(this, 'getMonth')]} ${part(this, 'getDate')} ${yearText(part(this, 'getFullYear'))}`;
    },
    toTimeString(this: unknown): string {
      const time = checkDate(this);
      return isNotANumber(time) ? 'NaN' : `${timeText(this)} ${zoneText(this)}`;
    },
    toUTCString(this: unknown): string {
      return utcText(this);
    },
    toGMTString(this: unknown): string {
      return utcText(this);
    },
    toLocaleString(this: unknown): string {
      const time = checkDate(this);
      return isNotANumber(time) ? 'NaN' : `${longDate(this)} ${clockText(this)}`;
    },
    toLocaleDateString(this: unknown): string {
      const time = checkDate(this);
      return isNotANumber(time) ? 'NaN' : longDate(this);
    },
    toLocaleTimeString(this: unknown): string {
      const time = checkDate(this);
      return isNotANumber(time) ? 'NaN' : clockText(this);
    },
    /** Two digits within the twentieth century, the whole year outside. */
    getYear(this: unknown): number {
      checkDate(this);
      const year = part(this, 'getFullYear');
      return year >= 1900 && year <= 1999 ? year - 1900 : year;
    },
    setYear(this: unknown, given: unknown): unknown {
      checkDate(this);
      const year = +(given as number);
      return apply(dateParts['setFullYear']!, this, [year >= 0 && year <= 99 ? year + 1900 : year] as never);
    },
    getVarDate(this: unknown): unknown {
      return ask(hostVarDate, checkDate(this));
    },
  };

  /** Dates of the host → milliseconds. */
  const given = table();
  const DATE_VALUE = { __proto__: null } as unknown as Record<PropertyKey, unknown>;

  function opaqueDate(milliseconds: number): object {
    const date = { __proto__: DATE_VALUE } as unknown as object;
    opaques.set(date, 'date');
    given.set(date, milliseconds);
    return RealObject.freeze(date);
  }
  property(DATE_VALUE, toPrimitive, function asDate(this: object, hint: unknown): unknown {
    const milliseconds = given.get(this) as number;
    return hint === 'number' ? milliseconds : dateText(new RealDate(milliseconds));
  });

  return {
    JDate,
    datePrototype,
    dateMethods,
    parseDate,
    opaqueDate,
  };
}
