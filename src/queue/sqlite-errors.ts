/**
 * SQLite's result codes as RelayErrors.
 * Owns: the table.  Leaves: retrying (queue).
 * Sources: doc "SQLite result and error codes".
 */
import { RELAY_ERROR_CODES, RelayError, type RelayErrorCode, toRelayError } from '../base/index.ts';

/** Primary result codes: the low byte of what SQLite reports. */
const CODE_OF_RESULT: Readonly<Record<number, RelayErrorCode>> = {
  3: 'permission-denied', // SQLITE_PERM
  5: 'queue-locked', // SQLITE_BUSY
  8: 'permission-denied', // SQLITE_READONLY
  10: 'disk-failed', // SQLITE_IOERR
  11: 'queue-damaged', // SQLITE_CORRUPT
  13: 'disk-full', // SQLITE_FULL
  14: 'permission-denied', // SQLITE_CANTOPEN
  26: 'queue-damaged', // SQLITE_NOTADB
};

const CURE: Partial<Record<RelayErrorCode, string>> = {
  'queue-locked': 'Stop the other process, or give this one another mailroot.',
  'disk-full': 'Free space on that disk; mail in the queue is safe and the relay goes on by itself.',
  'permission-denied': 'Give the service account the right to read and write this folder and its files.',
  'queue-damaged':
    'Stop the relay and keep the Queue folder; restore the file from a backup, or move it away to start with an empty queue.',
  'disk-failed': 'Check the disk; mail that was accepted is kept where the disk still holds it.',
};

/** Wraps what SQLite threw; `doing` completes “while …”. */
export function fromSqlite(thrown: unknown, doing: string, file: string): RelayError {
  if (thrown instanceof RelayError) return thrown;
  const result = (thrown as { errcode?: unknown } | undefined)?.errcode;
  const code = typeof result === 'number' ? CODE_OF_RESULT[result & 0xff] : undefined;
  if (code === undefined) return toRelayError(thrown, doing, { file });
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new RelayError(
    code,
    `${RELAY_ERROR_CODES[code]} While ${doing} (${file}): ${reason}. ${CURE[code] ?? ''}`.trim(),
    { fields: { file, sqlite: Number(result) }, cause: thrown },
  );
}

/** True when the machine failed, not one operation: trying the operations one by one would only fail as often. */
export function isMachineFailure(error: RelayError): boolean {
  return error.code !== 'internal';
}
