/**
 * Dates of header fields, both ways.
 * Owns: printing with an offset, tolerant parsing with obsolete zones and two-digit years.  Leaves: clocks (base).
 * Fails: text that is no date gives undefined.
 * Sources: RFC 5322 §3.3, §4.3.
 */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** RFC 5322 §4.3: the obsolete zones that have a meaning; all other names count as -0000. */
const ZONES: Readonly<Record<string, number>> = {
  UT: 0,
  GMT: 0,
  UTC: 0,
  Z: 0,
  EDT: -240,
  EST: -300,
  CDT: -300,
  CST: -360,
  MDT: -360,
  MST: -420,
  PDT: -420,
  PST: -480,
};

export type DateStyle = {
  /** Minutes east of UTC; the machine's local offset at that instant unless given. */
  readonly offsetMinutes?: number;
  /** How zero is written: `+0000`, or `-0000` which says that the local zone is unknown. */
  readonly zeroOffset?: '+0000' | '-0000';
};

/** `Fri, 6 Sep 2002 18:35:32 -0400`. `atMs` is milliseconds since 1970. */
export function printDateTime(atMs: number, style: DateStyle = {}): string {
  const offset = style.offsetMinutes ?? -new Date(atMs).getTimezoneOffset();
  const local = new Date(atMs + offset * 60_000);
  const zone = offset === 0 ? (style.zeroOffset ?? '+0000') : printOffset(offset);
  return (
    `${DAYS[local.getUTCDay()]}, ${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]} ` +
    `${String(local.getUTCFullYear()).padStart(4, '0')} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:` +
    `${two(local.getUTCSeconds())} ${zone}`
  );
}

function printOffset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

export type HeaderDate = {
  /** Milliseconds since 1970, UTC. */
  readonly atMs: number;
  readonly offsetMinutes: number;
};

const DATE =
  /^(?:[A-Za-z]{3,9}\s*,?\s*)?(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*[\s,-]+(\d{2,5})\s+(\d{1,2})\s*[:.]\s*(\d{1,2})(?:\s*[:.]\s*(\d{1,2})(?:\.\d+)?)?\s*(?:([AaPp])[Mm])?\s*(.*)$/s;
/** `Fri Sep  6 18:35:32 2002 -0400`, as C programs write it. */
const ASCTIME =
  /^(?:[A-Za-z]{3,9}\s+)([A-Za-z]{3})[a-z]*\s+(\d{1,2})\s+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?\s+(?:([A-Z]{1,4}|[+-]\d{4})\s+)?(\d{4})\s*(.*)$/s;

/** The instant a header date names, or undefined. Comments are skipped; a missing or unknown zone counts as UTC. */
export function parseDateTime(text: string): HeaderDate | undefined {
  let plain = text.slice(0, 256);
  for (let depth = 0; depth < 8 && plain.includes('('); depth += 1) plain = plain.replace(/\([^()]*\)/g, ' ');
  plain = plain.replace(/\s+/g, ' ').trim();
  const usual = DATE.exec(plain);
  if (usual !== null) {
    const [, day, month, year, hour, minute, second, half, zone] = usual;
    return instant(year!, month!, day!, halfDay(Number(hour), half), minute!, second, zone!);
  }
  const asctime = ASCTIME.exec(plain);
  if (asctime === null) return undefined;
  const [, month, day, hour, minute, second, zone, year, rest] = asctime;
  return instant(year!, month!, day!, Number(hour), minute!, second, zone ?? rest!);
}

function halfDay(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function instant(
  yearText: string,
  monthText: string,
  dayText: string,
  hour: number,
  minuteText: string,
  secondText: string | undefined,
  zoneText: string,
): HeaderDate | undefined {
  const month = MONTHS.findIndex((name) => name.toLowerCase() === monthText.toLowerCase());
  const [day, minute, second] = [Number(dayText), Number(minuteText), Number(secondText ?? 0)];
  if (month < 0 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return undefined;
  const offsetMinutes = zoneOffset(zoneText);
  const utc = Date.UTC(fullYear(yearText), month, day, hour, minute, second);
  return { atMs: utc - offsetMinutes * 60_000, offsetMinutes };
}

/** RFC 5322 §4.3: 00–49 are this century, 50–99 and three digits count from 1900. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return text.length === 3 ? 1900 + year : year;
}

function zoneOffset(text: string): number {
  const numeric = /^(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d{2})/.exec(text);
  if (numeric !== null) {
    const size = Number(numeric[2]) * 60 + Number(numeric[3]);
    return numeric[1] === '-' ? -size : size;
  }
  return ZONES[/^[A-Za-z]*/.exec(text)![0].toUpperCase()] ?? 0;
}
