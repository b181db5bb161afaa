/**
 * The errors of CDONTS: numbers, names and texts.
 * Owns: the table and the error value.  Leaves: when each is raised.
 * Sources: reference B1.4; KB 197619 and KB 184270 (800A0046), KB 238956 (80070003).
 */
import { AutomationError } from '../automation/index.ts';
import { systemErrorCode } from '../base/index.ts';

export const CDONTS_ERRORS = {
  CdoE_CALL_FAILED: { hresult: 0x80004005 | 0, text: 'The call failed.' },
  CdoE_NO_SUPPORT: { hresult: 0x80040102 | 0, text: 'The object does not support this.' },
  CdoE_INVALID_OBJECT: { hresult: 0x80040108 | 0, text: 'The object is invalid or was deleted.' },
  CdoE_NOT_FOUND: { hresult: 0x8004010f | 0, text: 'The object could not be found.' },
  CdoE_UNKNOWN_CPID: { hresult: 0x8004011e | 0, text: 'The code page is not known.' },
  CdoE_UNKNOWN_LCID: { hresult: 0x8004011f | 0, text: 'The locale is not known.' },
  CdoE_NOT_INITIALIZED: { hresult: 0x80040605 | 0, text: 'The session is not logged on.' },
  CdoE_NO_RECIPIENTS: { hresult: 0x80040607 | 0, text: 'The message has no recipients.' },
  CdoE_NO_ACCESS: { hresult: 0x80070005 | 0, text: 'Access is denied.' },
  CdoE_INVALID_PARAMETER: { hresult: 0x80070057 | 0, text: 'The parameter is incorrect.' },
  PERMISSION_DENIED: { hresult: 0x800a0046 | 0, text: 'Permission denied' },
  PATH_NOT_FOUND: { hresult: 0x80070003 | 0, text: 'Path not found' },
} as const;

export type CdontsErrorName = keyof typeof CDONTS_ERRORS;

/** What every member throws. */
export class CdontsError extends AutomationError {
  readonly code: CdontsErrorName;
  /** The place and the cure, for people; not part of the text. */
  readonly hint: string | undefined;

  constructor(
    code: CdontsErrorName,
    details: { readonly source?: string; readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    const { hresult, text } = CDONTS_ERRORS[code];
    super(hresult, text, {
      source: details.source ?? 'CDONTS.NewMail.1',
      ...(details.cause !== undefined && { cause: details.cause }),
    });
    this.code = code;
    this.hint = details.hint;
  }
}

const DENIED = new Set(['EACCES', 'EPERM', 'EROFS']);
const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

/** A failure of the pickup folder, as programs know it: no right 800A0046, no folder 80070003. */
export function pickupError(failure: unknown, folder: string): CdontsError {
  if (failure instanceof CdontsError) return failure;
  const code = systemErrorCode(failure) ?? '';
  const details = { cause: failure, hint: folder };
  if (DENIED.has(code)) return new CdontsError('PERMISSION_DENIED', details);
  return new CdontsError(ABSENT.has(code) ? 'PATH_NOT_FOUND' : 'CdoE_CALL_FAILED', details);
}
