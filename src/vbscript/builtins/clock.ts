/** Reads the session's clock as VBScript shows it. */

/** Seconds since midnight, local time, with the fraction that a Single can show. */
export function secondsSinceMidnight(now: Date): number {
  return Math.fround(
    now.getHours() * 3600 + now.getMinutes() * 60 + now.getSeconds() + now.getMilliseconds() / 1000,
  );
}
