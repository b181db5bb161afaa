/**
 * How the process of the service is started so that it stays small with a full Pickup folder (docs/decisions/0105).
 * Owns: which commands are services, flags and environment, starting again with them.  Leaves: starting (launch, scripts/bootstrap).
 */
import { platform } from 'node:process';

/** Commands that run until they are stopped. */
const SERVICES = ['start', 'asp'];

/** True for the words behind `mailroot` that begin a service. */
export function isServiceCommand(words) {
  return SERVICES.includes(words[0]);
}

/** V8: a small young generation, and an old one that is collected before it has more than doubled. */
export const SERVICE_FLAGS = ['--max-semi-space-size=8', '--heap-growing-percent=80'];

/** glibc: one arena for all threads, and large blocks given back to the system when they are freed. */
export const SERVICE_ENVIRONMENT = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '262144',
};

/** Puts this process in the place of itself, with the flags; returns when it has them or where that cannot be done. */
export function startAgainSmall() {
  if (platform === 'win32' || process.execve === undefined || process.execArgv.includes(SERVICE_FLAGS[0]))
    return;
  const words = [process.execPath, ...SERVICE_FLAGS, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, words, { ...SERVICE_ENVIRONMENT, ...process.env });
}
