/**
 * Durations and sizes as operators write them: `15m`, `2 days`, `25 MiB`, `2048 KB`.
 * Owns: the two notations.  Fails: ParseResult with what was expected.
 * A bare number is refused: the unit is the commonest mistake of old configurations (minutes here, seconds there).
 */
import { type ParseResult, parsed, unparsed } from '../base/index.ts';

const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** KB, MB and GB are powers of 1024, as the property sheet of the old product counts them. */
const SIZE_UNITS: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  kb: 1024,
  kib: 1024,
  k: 1024,
  mb: 1024 ** 2,
  mib: 1024 ** 2,
  m: 1024 ** 2,
  gb: 1024 ** 3,
  gib: 1024 ** 3,
  g: 1024 ** 3,
};

/** Milliseconds of `5 min`, `12h`, `1h 30m`. */
export function parseDuration(text: string): ParseResult<number> {
  const pieces = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/giy)];
  const consumed = pieces.reduce((length, piece) => length + piece[0].length, 0);
  if (pieces.length === 0 || consumed !== text.trimStart().length) {
    return unparsed("a duration such as '30s', '15m', '12h' or '2d' is expected", 0);
  }
  let totalMs = 0;
  for (const [, amount, unit] of pieces) {
    const factor = DURATION_UNITS_MS[unit!.toLowerCase()];
    if (factor === undefined) return unparsed(`'${unit}' is no unit of time: write ms, s, m, h or d`, 0);
    totalMs += Number(amount) * factor;
  }
  return parsed(Math.round(totalMs));
}

/** Bytes of `25 MiB`, `2048 KB`, `512 bytes`. */
export function parseSize(text: string): ParseResult<number> {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text);
  if (match === null) return unparsed("a size such as '64 KB', '25 MiB' or '2 GiB' is expected", 0);
  const factor = SIZE_UNITS[match[2]!.toLowerCase()];
  if (factor === undefined) return unparsed(`'${match[2]}' is no unit of size: write bytes, KB, MB or GB`, 0);
  return parsed(Math.round(Number(match[1]) * factor));
}

/** The shortest exact notation: `90 min` prints as `90m`, 86 400 000 as `1d`. */
export function formatDuration(ms: number): string {
  for (const [unit, factor] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const) {
    if (ms >= factor && ms % factor === 0) return `${ms / factor}${unit}`;
  }
  return `${ms}ms`;
}

/** The shortest exact notation in powers of 1024. */
export function formatSize(bytes: number): string {
  for (const [unit, factor] of [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
  ] as const) {
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor} ${unit}`;
  }
  return `${bytes} bytes`;
}
