/**
 * How the process of the service is started so that it stays small with a full Pickup folder (docs/decisions/0105).
 * Owns: which commands are services, flags and environment, starting again with them.  Leaves: starting (launch, scripts/bootstrap).
 */
import { cpus } from 'node:os';
import { platform } from 'node:process';
import { setFlagsFromString } from 'node:v8';

/**
 * V8: a small young generation, and an old one that is collected before it has more than doubled. Nothing is made in the old one from
 * the start: V8 comes to believe that of whatever was alive in a busy moment, sessions above all (docs/performance.md).
 */
export const SERVICE_FLAGS = [
  '--max-semi-space-size=8',
  '--heap-growing-percent=80',
  '--no-allocation-site-pretenuring',
];

/**
 * The same for sites alone, whose main thread makes little. And no more threads for V8's own work than there are processors: each
 * function that is being compiled takes megabytes, which the C library then keeps (docs/decisions/0600).
 */
export const SITE_FLAGS = [
  '--max-semi-space-size=4',
  '--heap-growing-percent=40',
  `--v8-pool-size=${Math.min(4, cpus().length || 1)}`,
];

/** Flags for the words behind `mailroot` that begin a service, a command that runs until it is stopped; undefined: they do not. */
export function flagsOf(words) {
  if (words[0] === 'start') return SERVICE_FLAGS;
  return words[0] === 'asp' ? SITE_FLAGS : undefined;
}

/** glibc: one arena for all threads, and large blocks given back to the system when they are freed. */
export const SERVICE_ENVIRONMENT = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '262144',
};

/**
 * The flag for the young generation is meant for the main thread, which has it by now. V8 lets it go before the limits that threads
 * are started with, so it is taken back.
 */
export function leaveThreadsTheirLimits() {
  setFlagsFromString('--max-semi-space-size=0');
}

/** Puts this process in the place of itself, with the flags; returns when it has them or where that cannot be done. */
export function startAgainSmall(flags) {
  const hasThem = process.execArgv.some((word) => word.startsWith('--max-semi-space-size'));
  if (platform === 'win32' || process.execve === undefined || hasThem) return;
  const words = [process.execPath, ...flags, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, words, { ...SERVICE_ENVIRONMENT, ...process.env });
}
