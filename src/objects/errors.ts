/**
 * The errors that script objects raise under the numbers of the script runtime (53 File not found, 70 Permission denied …).
 * Owns: the translation of the machine's error codes.  Leaves: the texts (automation), errors with HRESULTs of their own (each object).
 * Source: doc "FileSystemObject" (which number for which failure).
 */
import { AutomationError, RUNTIME_TEXT, type RuntimeErrorNumber } from '../automation/index.ts';
import { systemErrorCode } from './system-error.ts';

/** The component that names itself as the source of runtime errors, also for the scripting library's objects. */
export const RUNTIME_SOURCE = 'Microsoft VBScript runtime error';

/** The runtime error `number`: HRESULT 0x800A0000 + number, as the scripting library raises it. */
export function runtimeError(number: RuntimeErrorNumber, cause?: unknown): AutomationError {
  return new AutomationError(0x800a_0000 | number, RUNTIME_TEXT[number], {
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
