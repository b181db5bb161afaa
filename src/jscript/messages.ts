/**
 * Numbers and texts of JScript's own errors. Those that it shares with every component of scripts come from the automation room.
 * Sources: doc "JScript Run-time Errors", doc "JScript Syntax Errors".
 */

import { RUNTIME_TEXT as COMMON_TEXT } from '../automation/index.ts';

export const RUNTIME_SOURCE = 'Microsoft JScript runtime error';
export const COMPILATION_SOURCE = 'Microsoft JScript compilation error';

/** Numbers that only VBScript or its objects raise; here they have no text. */
const NOT_JSCRIPT = new Set(['455', '481', '500', '505', '506', '32811']);

export const RUNTIME_TEXT: Readonly<Record<number, string>> = {
  ...Object.fromEntries(Object.entries(COMMON_TEXT).filter(([number]) => !NOT_JSCRIPT.has(number))),
  91: 'Object variable or With block variable not set',
  429: "Automation server can't create object",
  458: 'Variable uses an Automation type not supported in JScript',
  501: 'Cannot assign to variable',
  5000: "Cannot assign to 'this'",
  5001: 'Number expected',
  5002: 'Function expected',
  5003: 'Cannot assign to a function result',
  5004: 'Cannot index object',
  5005: 'String expected',
  5006: 'Date object expected',
  5007: 'Object expected',
  5008: 'Illegal assignment',
  5009: 'Undefined identifier',
  5010: 'Boolean expected',
  5011: "Can't execute code from a freed script",
  5012: 'Object member expected',
  5013: 'VBArray expected',
  5014: 'JScript object expected',
  5015: 'Enumerator object expected',
  5022: 'Exception thrown and not caught',
  5023: 'Function does not have a valid prototype object',
  5024: 'The URI to be encoded contains an invalid character',
  5025: 'The URI to be decoded is not a valid encoding',
  5026: 'The number of fractional digits is out of range',
  5027: 'The precision is out of range',
  5028: 'Array or arguments object expected',
  5029: 'Array length must be a finite positive integer',
  5030: 'Array length must be assigned a finite positive number',
  5034: 'Circular reference in value argument not supported',
};

export const COMPILE_TEXT: Readonly<Record<number, string>> = {
  1001: 'Out of memory',
  1002: 'Syntax error',
  1003: "Expected ':'",
  1004: "Expected ';'",
  1005: "Expected '('",
  1006: "Expected ')'",
  1007: "Expected ']'",
  1008: "Expected '{'",
  1009: "Expected '}'",
  1010: 'Expected identifier',
  1011: "Expected '='",
  1012: "Expected '/'",
  1013: 'Invalid number',
  1014: 'Invalid character',
  1015: 'Unterminated string constant',
  1016: 'Unterminated comment',
  1018: "'return' statement outside of function",
  1019: "Can't have 'break' outside of loop",
  1020: "Can't have 'continue' outside of loop",
  1023: 'Expected hexadecimal digit',
  1024: "Expected 'while'",
  1025: 'Label redefined',
  1026: 'Label not found',
  1027: "'default' can only appear once in a 'switch' statement",
  1028: 'Expected identifier, string or number',
  1029: "Expected '@end'",
  1030: 'Conditional compilation is turned off',
  1031: 'Expected constant',
  1032: "Expected '@'",
  1033: "Expected 'catch'",
  1034: "Expected 'var'",
  1035: 'throw must be followed by an expression on the same source line',
};

/** `number` of an Error object: numbers of JScript itself carry the facility 0x800A. */
export function fullNumber(number: number): number {
  return number >= 0 && number <= 0xffff ? 0x800a0000 | number | 0 : number | 0;
}
