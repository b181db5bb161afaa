/**
 * The errors that script objects raise under the numbers of the script runtime (53 File not found, 70 Permission denied …).
 * Owns: number → text, and the translation of the machine's error codes.  Leaves: errors with HRESULTs of their own (each object).
 * Sources: doc "VBScript Run-time Errors"; doc "FileSystemObject" (which number for which failure).
 */
import { AutomationError } from '../automation/index.ts';
import { systemErrorCode } from './system-error.ts';

/** The component that names itself as the source of runtime errors, also for the scripting library's objects. */
export const RUNTIME_SOURCE = 'Microsoft VBScript runtime error';

/** The runtime errors that objects raise. */
export const RUNTIME_ERRORS = {
  5: 'Invalid procedure call or argument',
  6: 'Overflow',
  7: 'Out of memory',
  9: 'Subscript out of range',
  13: 'Type mismatch',
  17: "Can't perform requested operation",
  52: 'Bad file name or number',
  53: 'File not found',
  54: 'Bad file mode',
  55: 'File already open',
  57: 'Device I/O error',
  58: 'File already exists',
  61: 'Disk full',
  62: 'Input past end of file',
  67: 'Too many files',
  68: 'Device unavailable',
  70: 'Permission denied',
  71: 'Disk not ready',
  74: "Can't rename with different drive",
  75: 'Path/File access error',
  76: 'Path not found',
  91: 'Object variable not set',
  94: 'Invalid use of Null',
  424: 'Object required',
  429: "ActiveX component can't create object",
  438: "Object doesn't support this property or method",
  445: "Object doesn't support this action",
  449: 'Argument not optional',
  450: 'Wrong number of arguments or invalid property assignment',
  457: 'This key is already associated with an element of this collection',
  32811: 'Element not found',
} as const;

export type RuntimeErrorNumber = keyof typeof RUNTIME_ERRORS;

/** The runtime error `number`: HRESULT 0x800A0000 + number, as the scripting library raises it. */
export function runtimeError(number: RuntimeErrorNumber, cause?: unknown): AutomationError {
  return new AutomationError(0x800a_0000 | number, RUNTIME_ERRORS[number], {
    source: RUNTIME_SOURCE,
    ...(cause !== undefined && { cause }),
  });
}

const NUMBER_OF_SYSTEM_ERROR: Readonly<Record<string, RuntimeErrorNumber>> = {
  EACCES: 70,
  EPERM: 70,
  EROFS: 70,
  EBUSY: 70,
  ELOOP: 70,
  EISDIR: 70,
  ENOTEMPTY: 70,
  ENXIO: 70,
  EEXIST: 58,
  ENOENT: 53,
  ENOTDIR: 76,
  ENOSPC: 61,
  EDQUOT: 61,
  EMFILE: 67,
  ENFILE: 67,
  EXDEV: 74,
  ENAMETOOLONG: 52,
  EINVAL: 52,
};

/** Runs `work`; a failure of the file system becomes the runtime error a script expects, anything else passes through. */
export function withRuntimeErrors<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof AutomationError) throw thrown;
    const code = systemErrorCode(thrown);
    if (code === undefined) throw thrown;
    throw runtimeError(NUMBER_OF_SYSTEM_ERROR[code] ?? 57, thrown);
  }
}
