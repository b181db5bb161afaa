/**
 * The errors of ADO itself and those of the providers below it.
 * Owns: numbers, texts and sources as pages of old print and test them.  Leaves: which failure of a database is which (sqlite, postgresql).
 * Sources: doc "ErrorValueEnum (ADO)"; doc "OLE DB error codes".
 */
import { AutomationError } from '../../automation/index.ts';

/** ADO's own errors: HRESULT 0x800A0000 + number. */
export const ADO_ERRORS = {
  3000: 'Provider failed to perform the requested operation.',
  3001: 'Arguments are of the wrong type, are out of acceptable range, or are in conflict with one another.',
  3002: 'File could not be opened.',
  3004: 'Write to file failed.',
  3021: 'Either BOF or EOF is True, or the current record has been deleted. Requested operation requires a current record.',
  3219: 'Operation is not allowed in this context.',
  3246: 'Connection object cannot be explicitly closed while in a transaction.',
  3251: 'Current Recordset does not support updating. This may be a limitation of the provider, or of the selected locktype.',
  3265: 'Item cannot be found in the collection corresponding to the requested name or ordinal.',
  3367: 'Object is already in collection. Cannot append.',
  3421: 'Application uses a value of the wrong type for the current operation.',
  3704: 'Operation is not allowed when the object is closed.',
  3705: 'Operation is not allowed when the object is open.',
  3706: 'Provider cannot be found. It may not be properly installed.',
  3707: 'Cannot change the ActiveConnection property of a Recordset object which has a Command object as its source.',
  3708: 'Parameter object is improperly defined. Inconsistent or incomplete information was provided.',
  3709: 'The connection cannot be used to perform this operation. It is either closed or invalid in this context.',
} as const;

export type AdoErrorNumber = keyof typeof ADO_ERRORS;

/** Which object names itself as the source of an ADO error. */
export type AdoSource =
  | 'ADODB.Connection'
  | 'ADODB.Recordset'
  | 'ADODB.Command'
  | 'ADODB.Parameters'
  | 'ADODB.Parameter'
  | 'ADODB.Fields'
  | 'ADODB.Field'
  | 'ADODB.Errors'
  | 'ADODB.Properties';

/** The ADO error `number`; `detail` is added behind the old text where it helps. */
export function adoError(number: AdoErrorNumber, source: AdoSource, detail = ''): AutomationError {
  return new AutomationError(0x800a_0000 | number, ADO_ERRORS[number] + (detail === '' ? '' : ` ${detail}`), {
    source,
  });
}

/** Objects that can do less than the member asks for: 3251 with its other text. */
export function notCapable(source: AdoSource, detail: string): AutomationError {
  return new AutomationError(
    0x800a_0cb3 | 0,
    `Object or provider is not capable of performing requested operation. ${detail}`,
    { source },
  );
}

/** What went wrong in a database, whichever it is. */
export type FailureKind =
  | 'fail'
  /** The command has a mistake, or cannot be translated. */
  | 'command'
  | 'missingParameter'
  | 'noTable'
  | 'noColumn'
  | 'noFunction'
  | 'tableExists'
  | 'duplicate'
  | 'foreignKey'
  | 'integrity'
  | 'conversion'
  | 'locked'
  | 'readOnly'
  | 'timeout'
  | 'login'
  | 'permission'
  | 'cannotOpen'
  | 'noServer'
  | 'rowGone';

/** A failure of a database before a connection tells it in its provider's way. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly kind: FailureKind;
  /** The table, column or function that is missing. */
  readonly subject: string;
  readonly sqlState: string;
  readonly nativeError: number;

  constructor(
    kind: FailureKind,
    message: string,
    options: { subject?: string; sqlState?: string; nativeError?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.subject = options.subject ?? '';
    this.sqlState = options.sqlState ?? '';
    this.nativeError = options.nativeError ?? 0;
  }
}

/** The provider whose name errors carry. */
export type ProviderFlavour = 'jet' | 'sqlserver' | 'odbc';

const PROVIDER_SOURCES: Readonly<Record<ProviderFlavour, string>> = {
  jet: 'Microsoft JET Database Engine',
  sqlserver: 'Microsoft OLE DB Provider for SQL Server',
  odbc: 'Microsoft OLE DB Provider for ODBC Drivers',
};

const E_FAIL = 0x8000_4005 | 0;
const COMMAND = 0x8004_0e14 | 0;
const INTEGRITY = 0x8004_0e2f | 0;

type Telling = readonly [hresult: number, text: (failure: ProviderFailure) => string];

const own = (failure: ProviderFailure): string => failure.message;

/** How each failure is told, unless the provider has words of its own. The database's message stands behind old words. */
const TELLINGS: Readonly<Record<FailureKind, Telling>> = {
  fail: [E_FAIL, own],
  command: [COMMAND, own],
  missingParameter: [0x8004_0e10 | 0, own],
  noTable: [0x8004_0e37 | 0, ({ subject }) => `Invalid object name '${subject}'.`],
  noColumn: [COMMAND, ({ subject }) => `Invalid column name '${subject}'.`],
  noFunction: [COMMAND, ({ subject }) => `Undefined function '${subject}' in expression.`],
  tableExists: [0x8004_0e3f | 0, ({ subject }) => `Table '${subject}' already exists.`],
  duplicate: [INTEGRITY, ({ message }) => `Violation of a UNIQUE or PRIMARY KEY constraint. ${message}`],
  foreignKey: [
    INTEGRITY,
    ({ message }) => `The statement conflicted with a FOREIGN KEY constraint. ${message}`,
  ],
  integrity: [INTEGRITY, own],
  conversion: [0x8004_0e07 | 0, ({ message }) => `Data type mismatch in criteria expression. ${message}`],
  locked: [E_FAIL, ({ message }) => `Could not update; currently locked by another user. ${message}`],
  readOnly: [E_FAIL, ({ message }) => `Operation must use an updateable query. ${message}`],
  timeout: [0x8004_0e31 | 0, ({ message }) => `Timeout expired. ${message}`.trimEnd()],
  login: [0x8004_0e4d | 0, own],
  permission: [0x8004_0e09 | 0, own],
  cannotOpen: [E_FAIL, own],
  noServer: [E_FAIL, own],
  rowGone: [
    0x8004_0e38 | 0,
    () => 'Row cannot be located for updating. Some values may have been changed since it was last read.',
  ],
};

const JET_TELLINGS: Partial<Record<FailureKind, Telling>> = {
  noTable: [
    0x8004_0e37 | 0,
    ({ subject }) =>
      `The Microsoft Jet database engine cannot find the input table or query '${subject}'. Make sure it exists and that its name is spelled correctly.`,
  ],
  // A name that Jet does not know is a parameter to it.
  noColumn: [
    0x8004_0e10 | 0,
    ({ subject }) => `No value given for one or more required parameters. There is no column '${subject}'.`,
  ],
  duplicate: [
    E_FAIL,
    ({ message }) =>
      `The changes you requested to the table were not successful because they would create duplicate values in the index, primary key, or relationship. ${message}`,
  ],
};

/** The error as the provider of the connection string would have told it. */
export function providerError(failure: ProviderFailure, flavour: ProviderFlavour): AutomationError {
  const [hresult, text] =
    (flavour === 'jet' ? JET_TELLINGS[failure.kind] : undefined) ?? TELLINGS[failure.kind];
  return new AutomationError(hresult, text(failure), {
    source: PROVIDER_SOURCES[flavour],
    cause: failure,
  });
}
