/**
 * Retry times: how long a deferred recipient waits.
 * Owns: the choice of the interval.  Leaves: expiry and delay notice (outcome), the settings (config).
 * Sources: RFC 5321 §4.5.4.1; the old service's progressive retry, 15/30/60/240 minutes.
 */

/** Intervals in milliseconds, first to last; the last one repeats. Never empty. */
export type RetrySchedule = {
  readonly remoteMs: readonly number[];
  readonly localMs: readonly number[];
};

const MINUTE = 60_000;

export const DEFAULT_RETRY_SCHEDULE: RetrySchedule = {
  remoteMs: [15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 240 * MINUTE],
  localMs: [15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 240 * MINUTE],
};

/** The wait after a failed attempt. `earlierAttempts` counts the attempts completed before this one. */
export function retryIntervalMs(
  schedule: RetrySchedule,
  kind: 'local' | 'remote',
  earlierAttempts: number,
): number {
  const intervals = kind === 'local' ? schedule.localMs : schedule.remoteMs;
  const interval = intervals[Math.min(earlierAttempts, intervals.length - 1)];
  if (interval === undefined) throw new Error('a retry schedule needs at least one interval');
  return interval;
}
