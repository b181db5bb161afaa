/**
 * Numbers and texts of the runtime errors that script engines and the objects of scripts share: 53 is `File not found`, whoever
 * raises it; and how the error of an object becomes that of a script.
 * Sources: doc "VBScript Run-time Errors", observed: public conformance suite for the mapping.
 */

import type { AutomationError } from './object.ts';
import { ScriptError } from './script-error.ts';

const TEXTS = {
  5: 'Invalid procedure call or argument',
  6: 'Overflow',
  7: 'Out of memory',
  9: 'Subscript out of range',
  10: 'This array is fixed or temporarily locked',
  11: 'Division by zero',
  13: 'Type mismatch',
  14: 'Out of string space',
  17: "Can't perform requested operation",
  28: 'Out of stack space',
  35: 'Sub or Function not defined',
  48: 'Error in loading DLL',
  51: 'Internal error',
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
  92: 'For loop not initialized',
  94: 'Invalid use of Null',
  322: "Can't create necessary temporary file",
  424: 'Object required',
  429: "ActiveX component can't create object",
  430: "Class doesn't support Automation",
  432: 'File name or class name not found during Automation operation',
  438: "Object doesn't support this property or method",
  440: 'Automation error',
  445: "Object doesn't support this action",
  446: "Object doesn't support named arguments",
  447: "Object doesn't support current locale setting",
  448: 'Named argument not found',
  449: 'Argument not optional',
  450: 'Wrong number of arguments or invalid property assignment',
  451: 'Object not a collection',
  453: 'Specified DLL function not found',
  455: 'Code resource lock error',
  457: 'This key is already associated with an element of this collection',
  458: 'Variable uses an Automation type not supported in VBScript',
  462: 'The remote server machine does not exist or is unavailable',
  481: 'Invalid picture',
  500: 'Variable is undefined',
  501: 'Illegal assignment',
  502: 'Object not safe for scripting',
  503: 'Object not safe for initializing',
  504: 'Object not safe for creating',
  505: 'Invalid or unqualified reference',
  506: 'Class not defined',
  507: 'An exception occurred',
  5016: 'Regular Expression object expected',
  5017: 'Syntax error in regular expression',
  5018: 'Unexpected quantifier',
  5019: "Expected ']' in regular expression",
  5020: "Expected ')' in regular expression",
  5021: 'Invalid range in character set',
  32811: 'Element not found',
} as const;

/** The numbers that have a text. */
export type RuntimeErrorNumber = keyof typeof TEXTS;

/** Number → text, in English. */
export const RUNTIME_TEXT: Readonly<Record<number, string>> & Readonly<Record<RuntimeErrorNumber, string>> =
  TEXTS;

/** General HRESULTs → the number that scripts see. */
const NUMBER_OF_HRESULT: ReadonlyMap<number, number> = new Map(
  (
    [
      [0x80004001, 445],
      [0x80004002, 430],
      [0x80020001, 438],
      [0x80020003, 438],
      [0x80020004, 448],
      [0x80020005, 13],
      [0x80020006, 438],
      [0x80020007, 446],
      [0x80020008, 458],
      [0x8002000a, 6],
      [0x8002000b, 9],
      [0x8002000c, 447],
      [0x8002000d, 10],
      [0x8002000e, 450],
      [0x8002000f, 449],
      [0x80020011, 451],
      [0x80020012, 11],
      [0x80030002, 432],
      [0x80030003, 76],
      [0x80030005, 70],
      [0x80030050, 58],
      [0x80030070, 61],
      [0x80040112, 429],
      [0x80040154, 429],
      [0x800401e3, 429],
      [0x800401ea, 432],
      [0x800401f3, 429],
      [0x80070005, 70],
      [0x8007000e, 7],
      [0x80070057, 5],
      [0x800706ba, 462],
    ] as const
  ).map(([hresult, number]) => [hresult | 0, number]),
);

/** The number every engine shows for an HRESULT without error information of its own, or `undefined` when it stays as it is. */
export function generalNumberOf(hresult: number): number | undefined {
  const signed = hresult | 0;
  // FACILITY_CONTROL: scripts see the low word alone.
  if ((signed & 0xffff0000) === (0x800a0000 | 0)) return signed & 0xffff;
  return NUMBER_OF_HRESULT.get(signed);
}

/** What an engine knows of errors. */
export type ErrorTable = {
  readonly source: string;
  readonly texts: Readonly<Record<number, string>>;
  readonly numberOf: (hresult: number) => number | undefined;
};

/**
 * The error of an object as scripts see it. An HRESULT that comes with a text of its own is shown as it is, except those of
 * IDispatch itself; without a text it becomes the engine's number and text, if there is one.
 */
export function scriptErrorOf(error: AutomationError, { source, texts, numberOf }: ErrorTable): ScriptError {
  const { hresult } = error;
  const isPlain = error.message === '' || (hresult & 0xffff0000) === (0x80020000 | 0);
  const isOwn = (hresult & 0xffff0000) === (0x800a0000 | 0);
  const mapped = isPlain || isOwn ? numberOf(hresult) : undefined;
  const standard = mapped === undefined ? '' : (texts[mapped] ?? 'Unknown runtime error');
  const converted = new ScriptError(
    'runtime',
    mapped ?? hresult,
    error.message === '' ? standard : error.message,
    error.source === '' && mapped !== undefined ? source : error.source,
  );
  converted.helpFile = error.helpFile;
  converted.helpContext = error.helpContext;
  converted.cause = error;
  return converted;
}
