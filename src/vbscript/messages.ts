/**
 * Numbers and texts of VBScript's own errors, and how an HRESULT becomes an Err.Number.
 * The texts of runtime errors are those of every component of scripts: the automation room holds them.
 * Sources: doc "VBScript Syntax Errors", observed: public conformance suite for the mapping.
 */
import { generalNumberOf } from '../automation/index.ts';

export { RUNTIME_TEXT } from '../automation/index.ts';

export const COMPILE_TEXT: Readonly<Record<number, string>> = {
  1001: 'Out of memory',
  1002: 'Syntax error',
  1003: "Expected ':'",
  1005: "Expected '('",
  1006: "Expected ')'",
  1007: "Expected ']'",
  1010: 'Expected identifier',
  1011: "Expected '='",
  1012: "Expected 'If'",
  1013: "Expected 'To'",
  1014: "Expected 'End'",
  1015: "Expected 'Function'",
  1016: "Expected 'Sub'",
  1017: "Expected 'Then'",
  1018: "Expected 'Wend'",
  1019: "Expected 'Loop'",
  1020: "Expected 'Next'",
  1021: "Expected 'Case'",
  1022: "Expected 'Select'",
  1023: 'Expected expression',
  1024: 'Expected statement',
  1025: 'Expected end of statement',
  1026: 'Expected integer constant',
  1027: "Expected 'While' or 'Until'",
  1028: "Expected 'While', 'Until' or end of statement",
  1029: "Expected 'With'",
  1030: 'Identifier too long',
  1031: 'Invalid number',
  1032: 'Invalid character',
  1033: 'Unterminated string constant',
  1034: 'Unterminated comment',
  1037: "Invalid use of 'Me' keyword",
  1038: "'loop' without 'do'",
  1039: "Invalid 'exit' statement",
  1040: "Invalid 'for' loop control variable",
  1041: 'Name redefined',
  1042: 'Must be first statement on the line',
  1043: 'Cannot assign to non-ByVal argument',
  1044: 'Cannot use parentheses when calling a Sub',
  1045: 'Expected literal constant',
  1046: "Expected 'In'",
  1047: "Expected 'Class'",
  1048: 'Must be defined inside a Class',
  1049: 'Expected Let or Set or Get in property declaration',
  1050: "Expected 'Property'",
  1051: 'Number of arguments must be consistent across properties specification',
  1052: 'Cannot have multiple default property/method in a Class',
  1053: 'Class initialize or terminate do not have arguments',
  1054: 'Property set or let must have at least one argument',
  1055: "Unexpected 'Next'",
  1056: "'Default' can be specified only on 'Property' or 'Function' or 'Sub'",
  1057: "'Default' specification must also specify 'Public'",
  1058: "'Default' specification can only be on Property Get",
};

/** What VBScript knows beyond the general HRESULTs. */
const FURTHER = new Map(
  (
    [
      [0x80028017, 453],
      [0x80028ca1, 322],
      [0x80029c84, 48],
      [0x80030004, 67],
      [0x80030008, 7],
      [0x80030012, 67],
      [0x80030013, 70],
      [0x80030019, 61],
      [0x8003001d, 57],
      [0x8003001e, 57],
      [0x80030020, 75],
      [0x80030021, 70],
      [0x800300fb, 51],
      [0x800300fc, 53],
      [0x800401f5, 429],
    ] as const
  ).map(([hresult, number]) => [hresult | 0, number]),
);

/** Err.Number for an HRESULT without error information of its own, or `undefined` when it stays as it is. */
export function numberOfHresult(hresult: number): number | undefined {
  return generalNumberOf(hresult) ?? FURTHER.get(hresult | 0);
}
