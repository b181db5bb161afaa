/**
 * ADODB.Connection without its legacy names.
 * Owns: open and closed, execution, transactions, the Errors collection.  Leaves: members (connection-face), databases (open, session).
 * Fails: AutomationError as ADO and the provider raise it; what a provider refused is in `errors`.
 * Sources: doc "ADO Connection Object".
 */
import { AutomationError, type AutomationObject } from '../../automation/index.ts';
import type { ObjectScope } from '../scope.ts';
import { ConnectionString } from './data-sources.ts';
import { type AdoSource, adoError, ProviderFailure, providerError } from './errors.ts';
import { Owners } from './identity.ts';
import { openSession } from './open.ts';
import type { DataSession, ParameterValue, RunOptions, SessionResult } from './session.ts';

export const STATE = { closed: 0, open: 1 } as const;

/** CommandTypeEnum and ExecuteOptionEnum. */
export const COMMAND = {
  unspecified: -1,
  text: 1,
  table: 2,
  storedProcedure: 4,
  unknown: 8,
  file: 256,
  tableDirect: 512,
  noRecords: 128,
} as const;

/** Who is behind a connection that a script passes on. */
export const connections = new Owners<Connection>();

/** One entry of the Errors collection. */
export type ErrorEntry = {
  readonly number: number;
  readonly description: string;
  readonly source: string;
  readonly sqlState: string;
  readonly nativeError: number;
};

export type ExecuteOptions = {
  readonly commandType: number;
  readonly parameters: readonly ParameterValue[];
  readonly run: RunOptions;
};

export class Connection {
  readonly scope: ObjectScope;
  connectionString = '';
  #connectionTimeout = 15;
  #commandTimeout = 30;
  cursorLocation = 2;
  mode = 0;
  provider = 'MSDASQL';
  isolationLevel = 4096;
  attributes = 0;
  defaultDatabase = '';
  errors: ErrorEntry[] = [];
  #session: DataSession | undefined;
  /** The object that scripts hold. */
  face: AutomationObject | undefined;

  constructor(scope: ObjectScope) {
    this.scope = scope;
  }

  get state(): number {
    return this.#session === undefined ? STATE.closed : STATE.open;
  }

  get connectionTimeout(): number {
    return this.#connectionTimeout;
  }

  set connectionTimeout(seconds: number) {
    if (seconds < 0) throw adoError(3001, 'ADODB.Connection');
    this.requireClosed();
    this.#connectionTimeout = seconds;
  }

  get commandTimeout(): number {
    return this.#commandTimeout;
  }

  set commandTimeout(seconds: number) {
    if (seconds < 0) throw adoError(3001, 'ADODB.Connection');
    this.#commandTimeout = seconds;
  }

  /** The open database; 3704 when there is none. */
  session(source: AdoSource = 'ADODB.Connection'): DataSession {
    if (this.#session === undefined) throw adoError(source === 'ADODB.Connection' ? 3704 : 3709, source);
    return this.#session;
  }

  requireClosed(): void {
    if (this.#session !== undefined) throw adoError(3705, 'ADODB.Connection');
  }

  open(text: string): void {
    this.requireClosed();
    this.connectionString = text;
    const parsed = new ConnectionString(text);
    const provider = parsed.provider ?? (this.provider === 'MSDASQL' ? undefined : this.provider);
    const full =
      provider !== undefined && parsed.provider === undefined ? `Provider=${provider};${text}` : text;
    const session = this.attempt(() =>
      openSession(this.scope, full, {
        // adModeRead.
        isReadOnly: this.mode === 1 || /^read$/i.test(parsed.get('mode') ?? ''),
        connectTimeoutMs: this.#connectionTimeout * 1000,
      }),
    );
    this.#session = session;
    if (parsed.provider !== undefined) this.provider = parsed.provider;
    this.defaultDatabase = parsed.get('initial catalog', 'database') ?? parsed.file ?? '';
    // What a page may read back has no password in it.
    this.connectionString = parsed.publicText;
  }

  close(): void {
    const session = this.session();
    if (session.transactionLevel > 0) throw adoError(3246, 'ADODB.Connection');
    this.#session = undefined;
    session.close();
  }

  /** The end of the run: nothing is committed that was not, and nothing is said. */
  release(): void {
    const session = this.#session;
    this.#session = undefined;
    session?.close();
  }

  execute(text: string, options: ExecuteOptions, source: AdoSource = 'ADODB.Connection'): SessionResult[] {
    const session = this.session(source);
    const timeoutMs = options.run.timeoutMs || this.#commandTimeout * 1000;
    return this.attempt(() =>
      session.run(commandText(text, options.commandType, session, source), options.parameters, {
        ...options.run,
        timeoutMs,
      }),
    );
  }

  /** Runs `work`; what the provider refuses becomes the error of old and an entry of Errors. */
  attempt<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (thrown) {
      if (!(thrown instanceof ProviderFailure)) throw thrown;
      const error = providerError(thrown, this.#session?.flavour ?? flavourOf(this.connectionString));
      this.errors = [
        {
          number: error.hresult,
          description: error.message,
          source: error.source,
          sqlState: thrown.sqlState,
          nativeError: thrown.nativeError,
        },
      ];
      throw error;
    }
  }

  begin(): number {
    const session = this.session();
    return this.attempt(() => session.begin());
  }

  commit(): void {
    const session = this.session();
    if (this.attempt(() => session.commit()) === undefined) throw noTransaction();
  }

  rollback(): void {
    const session = this.session();
    if (this.attempt(() => session.rollback()) === undefined) throw noTransaction();
    session.database.structureChanged();
  }
}

/** XACT_E_NOTRANSACTION, as OLE DB's providers raise it. */
function noTransaction(): AutomationError {
  return new AutomationError(0x8004_d00e | 0, 'No transaction is active.', {
    source: 'Microsoft OLE DB Service Components',
  });
}

function flavourOf(text: string): 'jet' | 'sqlserver' | 'odbc' {
  const provider = new ConnectionString(text).provider ?? '';
  return /jet|ace/i.test(provider)
    ? 'jet'
    : /sqloledb|sqlncli|msoledbsql/i.test(provider)
      ? 'sqlserver'
      : 'odbc';
}

/** The statement that a command of `type` stands for. */
function commandText(text: string, type: number, session: DataSession, source: AdoSource): string {
  const kind =
    type === COMMAND.unspecified ? COMMAND.unknown : type & ~(COMMAND.noRecords | 0x10 | 0x20 | 0x40);
  const trimmed = text.trim();
  if (trimmed === '')
    throw adoError(3708, 'ADODB.Command', 'Command text was not set for the command object.');
  const isName =
    /^(?:[\p{L}_][\p{L}\p{N}_$ ]*|\[[^\]]+\])$/u.test(trimmed) &&
    !/^(?:begin|commit|rollback)\b/i.test(trimmed);
  switch (kind) {
    case COMMAND.table:
    case COMMAND.tableDirect:
      return selectAll(trimmed, session);
    case COMMAND.storedProcedure: {
      const view = session.database.schema().table(bareName(trimmed));
      if (view !== undefined) return selectAll(trimmed, session);
      throw new ProviderFailure(
        'command',
        `Could not find stored procedure '${bareName(trimmed)}'. Stored procedures are not run here; a query of Access can be kept as a view of that name.`,
      );
    }
    case COMMAND.file:
      throw adoError(3001, source, 'Recordsets are not read from files.');
    default:
      if (isName && session.database.schema().table(bareName(trimmed)) !== undefined)
        return selectAll(trimmed, session);
      return text;
  }
}

function bareName(text: string): string {
  return text.replace(/^\[([^\]]*)\]$/, '$1');
}

function selectAll(text: string, session: DataSession): string {
  const name = bareName(text);
  return session.dialect === 'native'
    ? `SELECT * FROM "${name.replaceAll('"', '""')}"`
    : `SELECT * FROM [${name.replaceAll(']', ']]')}]`;
}
