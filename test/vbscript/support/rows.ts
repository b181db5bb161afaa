/**
 * The rows of docs/compatibility-vbscript.md: what Windows does, what the engine does, where the knowledge comes from.
 * Rows of functions, error numbers and locales are made from the engine's own tables; a test program names its row in
 * brackets in its title, and scripts/pages/compatibility-vbscript.ts refuses rows without one.
 */
import { BUILTINS } from '../../../src/vbscript/builtins/index.ts';
import { localeIds } from '../../../src/vbscript/locales.ts';
import { COMPILE_TEXT, RUNTIME_TEXT } from '../../../src/vbscript/messages.ts';

export type Row = {
  readonly id: string;
  readonly behaviour: string;
  /** `same`, or how ours differs. */
  readonly ours: string;
  /** suite: asserted by a public conformance suite that also runs on Windows; documented; hypothesis: decided by us. */
  readonly source: string;
};

export type Section = { readonly title: string; readonly rows: readonly Row[] };

const row = (id: string, behaviour: string, source: string, ours = 'same'): Row => ({
  id,
  behaviour,
  ours,
  source,
});

/** Compile errors that no source can provoke here, with the reason. */
export const UNREACHABLE: ReadonlyMap<number, string> = new Map([
  [1001, 'Raised for nesting beyond 400 levels; tested in TypeScript.'],
  [1003, 'The grammar has no place that demands a colon.'],
  [1027, 'The grammar reports 1028 instead, as the suite asserts.'],
  [1034, 'The language has no comment that needs an end.'],
  [1043, 'Assigning to a parameter is always allowed.'],
]);

const HAND_WRITTEN: readonly Section[] = [
  {
    title: 'Lexis',
    rows: [
      row('2.1-case', 'Keywords, names and members ignore case', 'documented'),
      row('2.1-brackets', '`[any text]` names anything, the empty text included', 'suite'),
      row('2.1-members', 'A reserved word is a plain name behind a dot', 'suite'),
      row('2.1-keywordnames', '`default error explicit step property` may name variables', 'suite'),
      row(
        '2.1-lines',
        'A line end or a colon ends a statement; blank, `_` and line end continue it',
        'suite',
      ),
      row('2.1-comments', "`'` and `Rem` open comments, also behind `Then`", 'suite'),
      row(
        '2.1-strings',
        'Strings double their quotes, know no escapes, end on their line (1033)',
        'hypothesis, decided so',
      ),
      row(
        '2.1-numbers',
        'A literal is Integer, Long or Double by its size; with point or exponent Double',
        'suite',
      ),
      row('2.1-hex', '`&Hffff` is -1, `&Hffff&` 65535, `&H10&` an Integer; octal with or without O', 'suite'),
      row('2.1-hextrap', '`"x" &hi` concatenates; `&h01or&h02` is two literals', 'suite'),
      row('2.1-dates', 'Date literals are in US order in every locale', 'suite'),
      row('2.1-operators', '`=>` `=<` `><` mean `>=` `<=` `<>`; a blank inside is an error', 'suite'),
      row('2.1-nonascii', 'Letters beyond ASCII are invalid characters outside brackets (1032)', 'suite'),
    ],
  },
  {
    title: 'Grammar',
    rows: [
      row('2.2-hoist', 'Procedures, classes and constants are known before they are reached', 'suite'),
      row(
        '2.2-dim',
        'Dim, ReDim [Preserve], Erase; arrays exist from their Dim on; fixed ones refuse ReDim (10)',
        'suite',
      ),
      row('2.2-const', 'Const takes a literal with signs or another constant, nothing else (1045)', 'suite'),
      row('2.2-explicit', 'Option Explicit: undeclared names give 500 when they are reached', 'suite'),
      row('2.2-assign', 'Targets may chain calls, indices and members', 'suite'),
      row(
        '2.2-calls',
        'With and without Call; one argument in parentheses is a value; two are 1044',
        'suite',
      ),
      row('2.2-parentrap', '`Echo (a) & (b)` is one argument', 'suite'),
      row('2.2-omitted', 'Omitted arguments arrive as Missing, subtype Error', 'documented'),
      row('2.2-if', 'If on one line, nested, with optional End If', 'suite'),
      row(
        '2.2-ifblock',
        'Block If: statements behind Then of ElseIf and behind Else, a colon behind Then',
        'suite',
      ),
      row('2.2-select', 'Select Case; a statement may follow the values directly; no `Case Is`', 'suite'),
      row(
        '2.2-for',
        'Bounds and step are read once; the variable may be written inside and ends one step beyond',
        'suite',
      ),
      row(
        '2.2-foreach',
        'For Each over arrays (first index fastest) and collections; the variable ends Empty',
        'suite',
      ),
      row('2.2-loops', 'Do, While and their exits', 'suite'),
      row('2.2-with', 'With binds to the innermost; a dot outside is 505 when it is reached', 'suite'),
      row(
        '2.2-procedures',
        'Results by name, recursion with parentheses, the last of two procedures of a name counts',
        'suite',
      ),
      row(
        '2.2-class',
        'Fields, methods, properties with arguments, default member, Me, Class_Initialize',
        'suite',
      ),
      row(
        '2.2-execute',
        'Execute and Eval work in the scope they stand in, ExecuteGlobal in the global one',
        'suite',
      ),
      row(
        '2.2-onerror',
        'On Error, Stop (no effect), Randomize, Public and Private at script level',
        'suite',
      ),
      row('2.2-ends', 'End Sub, End Function and End Class need no separator before them', 'suite'),
      row(
        '2.2-scope',
        'A name that a procedure writes without a declaration is the global of that name if there is one by then, else local',
        'hypothesis, decided so',
      ),
    ],
  },
  {
    title: 'Values',
    rows: [
      row('2.3-empty', 'Empty equals "", 0 and False', 'suite'),
      row(
        '2.3-null',
        'Null propagates; a condition that is Null counts as False',
        'suite; conditions: hypothesis, decided so',
      ),
      row('2.3-integer', 'Integer and Long are told apart by literal size and operation', 'suite'),
      row('2.3-double', 'Double shows 15, Single 7 significant digits', 'suite'),
      row('2.3-currency', 'Currency has 64 bits and four decimals, halves to even', 'documented'),
      row('2.3-date', 'Date is a Double of days; years 100 to 9999', 'documented'),
      row('2.3-string', 'Strings hold NUL and odd byte counts', 'documented'),
      row('2.3-object', 'VarType of an object is that of its default value, if it has one', 'documented'),
      row('2.3-error', 'Missing is of subtype Error', 'documented'),
      row('2.3-boolean', 'True is -1; arithmetic makes Integers of Booleans', 'suite'),
      row('2.3-array', 'Arrays are assigned by copy, passed ByRef as themselves', 'suite'),
      row('2.3-bytes', 'Byte arrays work with the B functions', 'documented'),
      row('2.3-byte', 'Byte arithmetic; Decimal converts but does not calculate (458)', 'documented'),
      row('2.3-nothing', 'Nothing has no value (91)', 'suite'),
      row('2.3-index', 'An index on what is no array or object is 13; a wrong index or count is 9', 'suite'),
    ],
  },
  {
    title: 'Operators',
    rows: [
      row(
        '2.4-precedence',
        'Signs bind tighter than ^; ^ associates left; Not takes the rest of its comparison',
        'suite',
      ),
      row('2.4-plus', '+ concatenates two strings, else adds', 'suite'),
      row('2.4-concat', '& makes text; Null is "" unless both are', 'suite'),
      row(
        '2.4-overflow',
        'Byte, Integer, Long, Double promote on overflow; Double overflows with 6',
        'suite',
      ),
      row(
        '2.4-divide',
        '/ is Double, or Single among Singles; 0/0 is 6, x/0 is 11',
        'suite; 0/0: hypothesis, decided so',
      ),
      row(
        '2.4-integer',
        '\\ and Mod round their operands to even; the sign is that of the dividend',
        'suite',
      ),
      row('2.4-power', '^ is Double; a fractional power of a negative number is 5', 'hypothesis, decided so'),
      row(
        '2.4-logic',
        'Bitwise on numbers, three-valued with Null, both sides always evaluated',
        'suite; both sides: hypothesis, decided so',
      ),
      row('2.4-null', 'Comparison with Null is Null', 'suite'),
      row('2.4-emptycompare', 'Empty equals "" and 0', 'suite'),
      row('2.4-stringcompare', 'Strings compare code unit by code unit', 'suite'),
      row('2.4-numbercompare', 'Numbers of all subtypes compare by value', 'suite'),
      row('2.4-is', 'Is compares identity; anything but objects is 424', 'suite'),
      row('2.4-absent', 'No Like, IIf, += and their kin', 'hypothesis, decided so'),
      row('2.4-subtypes', 'Result subtype of each operator for every pair of subtypes', 'documented'),
    ],
  },
  {
    title: 'Hard and soft operands',
    rows: [
      row('2.5-soft', 'A string in a variable is greater than any number in one', 'KB 190272'),
      row('2.5-hardstring', 'A literal string against a soft number compares text', 'suite (OLE Automation)'),
      row(
        '2.5-hardnumber',
        'A soft string against a literal number compares numbers when it is one',
        'suite (OLE Automation)',
      ),
      row('2.5-both', 'Literal string against literal number: never equal', 'suite (OLE Automation)'),
      row('2.5-empty', 'A string against Empty compares with ""', 'suite (OLE Automation)'),
    ],
  },
  {
    title: 'Conversions',
    rows: [
      row('2.6-round', 'CInt, CLng, CByte round halves to even and read decorated text', 'suite'),
      row('2.6-intfix', 'Int and Fix keep the subtype', 'suite'),
      row('2.6-roundfn', 'Round rounds halves to even and keeps the subtype', 'suite'),
      row(
        '2.6-others',
        'CDbl, CSng, CCur, CDate, CBool; day and month swap when the month exceeds 12',
        'suite; swap: hypothesis, decided so',
      ),
      row('2.6-cstr', 'CStr: 15 digits, exponent from 1E+15', 'suite'),
      row('2.6-isnumeric', 'IsNumeric', 'suite'),
      row('2.6-isdate', 'IsDate', 'suite'),
      row('2.6-hex', 'Hex and Oct in the width of the subtype', 'suite'),
      row('2.6-bool', 'Conditions take numbers, numeric text, truth words and default values', 'suite'),
    ],
  },
  {
    title: 'Dates',
    rows: [
      row('2.7-serial', 'Negative days keep a positive time', 'suite'),
      row('2.7-arithmetic', 'Date plus number is Date, Date minus Date is Double', 'suite'),
      row('2.7-idiom', 'Year, Month, Day and Now in text, as mail scripts use them', 'real scripts'),
    ],
  },
  {
    title: 'Procedures and objects',
    rows: [
      row(
        '2.8-byref',
        'ByRef aliases variables, elements and fields; everything else is copied',
        'suite; fields: hypothesis, decided so',
      ),
      row('2.8-methods', 'Methods of classes take references like procedures', 'suite'),
      row(
        '2.8-objects',
        'ByRef arguments of host objects',
        'documented',
        'values, unless the object declares out arguments',
      ),
      row('2.8-let', 'Let takes the default value; a property put passes the object itself', 'suite'),
      row(
        '2.8-default',
        'Default members, also of results and through properties without arguments',
        'suite',
      ),
      row('2.8-putparam', 'Properties with arguments can be put and set', 'suite'),
      row('2.8-results', 'A function without assignment and a Sub as value give Empty', 'suite'),
      row(
        '2.9-terminate',
        'Class_Terminate runs at the last release, before the next statement',
        'suite',
        'same; what a host object stores is released when the script ends',
      ),
    ],
  },
  {
    title: 'Errors',
    rows: [
      row('2.10-resume', 'On Error Resume Next runs the statement after the failing one', 'suite'),
      row('2.10-callee', 'A callee without a handler unwinds to behind the call', 'suite'),
      row('2.10-if', 'A failing condition takes its branch', 'suite'),
      row('2.10-do', 'A failing condition runs the body before it, ends the loop behind it', 'suite'),
      row('2.10-for', 'For with a failing bound: body once, then 92', 'suite'),
      row('2.10-foreach', 'For Each over a failing collection: body once, then 451', 'suite'),
      row('2.10-select', 'A failing subject skips all cases; a failing case is taken', 'suite'),
      row('2.10-with', 'With over a failing object: the body runs, members give 424', 'suite'),
      row('2.10-assign', 'A failing assignment leaves its target', 'suite'),
      row('2.10-goto0', 'On Error GoTo 0 clears Err', 'suite'),
      row(
        '2.10-mode',
        "The caller's mode returns with it; Err stays as the callee left it",
        'suite; behind Exit: hypothesis, decided so',
      ),
      row('2.10-err', 'Err and Raise, numbers of FACILITY_CONTROL as their low word', 'suite'),
      row(
        '2.10-hresult',
        'HRESULTs without a text become numbers of VBScript; with a text they stay',
        'suite',
      ),
      row(
        '2.10-culprit',
        'An error that nobody traps names its culprit; Err.Description does not',
        'suite; real error reports',
      ),
      row('2.10-execute', 'Errors inside Execute and Eval, 1002 among them', 'suite'),
    ],
  },
  {
    title: 'Other built-ins',
    rows: [
      row('2.11-constants', 'All constants', 'documented'),
      row(
        '2.11-regexp',
        'RegExp, the dialect of JScript 3',
        'suite',
        'same; matched by steps, so that the time limit holds',
      ),
      row('2.11-locale', 'SetLocale: 27 locales', 'documented', 'an id that the table lacks is 447'),
    ],
  },
];

function errorRows(kind: 'compile' | 'runtime', texts: Readonly<Record<number, string>>): Row[] {
  return Object.entries(texts)
    .filter(([number]) => kind === 'runtime' || !UNREACHABLE.has(Number(number)))
    .map(([number, text]) => row(`${kind}-${number}`, `${number} ${text}`, 'documented'));
}

export const SECTIONS: readonly Section[] = [
  ...HAND_WRITTEN,
  {
    title: 'Functions',
    rows: [...BUILTINS.values()]
      .map(({ name }) => name)
      .sort()
      .map((name) => row(`function-${name}`, name, 'documented')),
  },
  { title: 'Compile errors', rows: errorRows('compile', COMPILE_TEXT) },
  { title: 'Runtime errors', rows: errorRows('runtime', RUNTIME_TEXT) },
  {
    title: 'Locales in full',
    rows: [1033, 2057, 1031, 1036, 3082, 1040, 1046, 2052, 1041].map((lcid) =>
      row(`locale-${lcid}`, `LCID ${lcid}: dates, numbers, currency, names`, 'documented'),
    ),
  },
];

export const LOCALE_COUNT = localeIds().length;
