/**
 * RelayError: what the machine does to us, with a stable code.
 * Owns: the error type and the one place where unknown throws are wrapped.  Leaves: SMTP replies (envelope), script errors.
 * Codes are listed in docs/errors.md; a test proves list and code agree.
 */

/** Every code a RelayError may carry. The text beside each is what an operator reads first. */
export const RELAY_ERROR_CODES = {
  'config-invalid': 'The configuration has errors.',
  'config-unreadable': 'The configuration file cannot be read.',
  'disk-full': 'There is no space left on the disk.',
  'disk-failed': 'The disk reported an error.',
  'permission-denied': 'The service lacks a right on a file or folder.',
  'not-found': 'A file or folder does not exist.',
  'name-taken': 'Something else has this name already.',
  'port-in-use': 'Another program listens on this address and port.',
  'address-unavailable': 'This address does not exist on this machine.',
  'queue-locked': 'Another Mailroot process uses this queue.',
  'queue-version': 'The queue was written by a newer version of Mailroot.',
  'queue-damaged': 'The queue database is damaged.',
  'queue-closed': 'The queue is closed.',
  'not-running': 'No Mailroot service runs with this mailroot.',
  refused: 'The running service refused the request.',
  internal: 'A defect in Mailroot.',
} as const;

export type RelayErrorCode = keyof typeof RELAY_ERROR_CODES;

export type RelayErrorFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A failure of the machine or the installation. `message` is for the operator and names the place and the cure. */
export class RelayError extends Error {
  override readonly name = 'RelayError';
  readonly code: RelayErrorCode;
  readonly fields: RelayErrorFields;

  constructor(
    code: RelayErrorCode,
    message: string,
    options: { fields?: RelayErrorFields; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? {};
  }
}

/** Node's error code of a system call (`ENOSPC`, `EACCES` …), or undefined when the value carries none. */
export function systemErrorCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const code = (thrown as { code?: unknown }).code;
  return typeof code === 'string' ? code : undefined;
}

const CODE_OF_SYSTEM_ERROR: Readonly<Record<string, RelayErrorCode>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EIO: 'disk-failed',
  EROFS: 'permission-denied',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  EEXIST: 'name-taken',
  EADDRINUSE: 'port-in-use',
  EADDRNOTAVAIL: 'address-unavailable',
};

/** Wraps whatever was thrown, once; a RelayError passes through unchanged. `doing` completes “while …”. */
export function toRelayError(thrown: unknown, doing: string, fields: RelayErrorFields = {}): RelayError {
  if (thrown instanceof RelayError) return thrown;
  const system = systemErrorCode(thrown);
  const code = (system !== undefined && CODE_OF_SYSTEM_ERROR[system]) || 'internal';
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new RelayError(code, `${RELAY_ERROR_CODES[code]} While ${doing}: ${reason}`, {
    fields,
    cause: thrown,
  });
}
