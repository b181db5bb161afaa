/**
 * An open database as the objects of ADO use it.
 * Owns: from a command's text to results: translation, parameters, batches, transactions.
 * Leaves: the database (sqlite, postgresql), how failures are told (connection).
 * Fails: ProviderFailure.
 */
import { isTextType, kindOfType } from './columns.ts';
import type { SqlDialect } from './data-sources.ts';
import type { Column, Database, DbValue } from './database.ts';
import { calendarOf, textOfCalendar } from './dates.ts';
import { ProviderFailure, type ProviderFlavour } from './errors.ts';
import type { ParameterUse } from './sql/expressions.ts';
import type { ColumnKind } from './sql/schema.ts';
import { SqlProblem } from './sql/tokens.ts';
import { type Statement, type Translation, translate } from './sql/translate.ts';

export type ParameterValue = {
  /** Empty: known by its place alone. */
  readonly name: string;
  readonly type: number | undefined;
  readonly value: DbValue;
};

export type SessionResult = {
  readonly statement: Statement;
  /** Without the columns that were added to tell rows apart. */
  readonly columns: readonly Column[];
  readonly rows: DbValue[][];
  /** Values of the added columns, row by row. */
  readonly keys: DbValue[][];
  readonly changes: number;
};

export type RunOptions = {
  readonly timeoutMs: number;
  /** `rows`: ask for what tells the rows apart, so that they can be changed. */
  readonly wants: 'values' | 'rows';
  /** Most rows; 0: all that the limits allow. */
  readonly maxRows: number;
};

export const PLAIN_RUN: RunOptions = { timeoutMs: 0, wants: 'values', maxRows: 0 };

export class DataSession {
  readonly database: Database;
  readonly dialect: SqlDialect;
  readonly flavour: ProviderFlavour;
  #level = 0;
  #isClosed = false;

  constructor(database: Database, dialect: SqlDialect, flavour: ProviderFlavour) {
    this.database = database;
    this.dialect = dialect;
    this.flavour = flavour;
  }

  get transactionLevel(): number {
    return this.#level;
  }

  /** The results of a command's statements, in order; those of SET NOCOUNT ON leave out what has no rows. */
  run(sql: string, parameters: readonly ParameterValue[], options: RunOptions = PLAIN_RUN): SessionResult[] {
    const translation = this.#translated(sql, parameters, options);
    const given = parameters.length;
    if (translation.markers > given)
      throw new ProviderFailure(
        'missingParameter',
        `No value given for one or more required parameters. The command has ${translation.markers} question marks and ${given} parameters.`,
      );
    const results: SessionResult[] = [];
    for (const statement of translation.statements) {
      const result = this.#statement(statement, parameters, options);
      if (result === undefined) continue;
      if (result.columns.length > 0 || !translation.noCount) results.push(result);
    }
    return results;
  }

  begin(): number {
    this.#control(
      this.#level === 0
        ? this.database.kind === 'sqlite'
          ? 'BEGIN IMMEDIATE'
          : 'BEGIN'
        : `SAVEPOINT ado_level_${this.#level}`,
    );
    this.#level += 1;
    return this.#level;
  }

  /** Undefined: there is no transaction. */
  commit(): number | undefined {
    if (this.#level === 0) return undefined;
    this.#control(this.#level === 1 ? 'COMMIT' : `RELEASE SAVEPOINT ado_level_${this.#level - 1}`);
    this.#level -= 1;
    return this.#level;
  }

  rollback(): number | undefined {
    if (this.#level === 0) return undefined;
    if (this.#level === 1) this.#control('ROLLBACK');
    else this.#control(`ROLLBACK TO SAVEPOINT ado_level_${this.#level - 1}`);
    this.#level -= 1;
    return this.#level;
  }

  /** A statement in the database's own words, for rows that a recordset writes. */
  write(sql: string, values: readonly DbValue[]): { rows: DbValue[][]; changes: number } {
    return this.database.run(sql, values, { timeoutMs: 0, isGuarded: this.#level > 0 });
  }

  /** What was not committed is taken back. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      if (this.#level > 0) this.#control('ROLLBACK');
    } finally {
      this.#level = 0;
      this.database.close();
    }
  }

  #control(sql: string): void {
    this.database.run(sql, [], { timeoutMs: 0, isGuarded: false });
  }

  #translated(sql: string, parameters: readonly ParameterValue[], options: RunOptions): Translation {
    try {
      return translate(sql, {
        target: this.database.kind,
        dialect: this.dialect,
        schema: this.database.schema(),
        parameterKinds: parameters.map(({ type, value }) =>
          type !== undefined ? kindOfType(type) : typeof value === 'string' ? 'text' : undefined,
        ),
        ...(options.wants === 'rows' && { keysOf: (table: string) => this.database.keyOf(table) }),
      });
    } catch (thrown) {
      if (!(thrown instanceof SqlProblem)) throw thrown;
      throw new ProviderFailure('command', problemText(thrown, sql), { cause: thrown });
    }
  }

  #statement(
    statement: Statement,
    parameters: readonly ParameterValue[],
    options: RunOptions,
  ): SessionResult | undefined {
    const none = { statement, columns: [], rows: [], keys: [], changes: -1 };
    switch (statement.verb) {
      case 'nothing':
        return undefined;
      case 'begin':
        this.begin();
        return none;
      case 'commit':
        if (this.commit() === undefined) throw noTransaction('COMMIT');
        return none;
      case 'rollback':
        if (this.rollback() === undefined) throw noTransaction('ROLLBACK');
        return none;
      default:
    }
    const values = statement.parameters.map((use) => valueFor(use, parameters, this.database.kind));
    const result = this.database.run(statement.sql, values, {
      timeoutMs: options.timeoutMs,
      isGuarded: this.#level > 0,
      ...(options.maxRows > 0 && { maxRows: options.maxRows }),
    });
    if (statement.verb === 'structure' || /^CREATE (?:TEMP )?TABLE/.test(statement.sql))
      this.database.structureChanged();
    const own = result.columns.length - statement.keys.length;
    const columns = result.columns.slice(0, own).map((column) => ({
      ...column,
      name: statement.spellings.get(column.name.toLowerCase()) ?? column.name,
    }));
    if (statement.keys.length === 0) return { statement, ...result, columns, keys: [] };
    const keys = result.rows.map((row) => row.splice(own));
    return { statement, columns, rows: result.rows, keys, changes: result.changes };
  }
}

function noTransaction(word: string): ProviderFailure {
  return new ProviderFailure(
    'command',
    `The ${word} TRANSACTION request has no corresponding BEGIN TRANSACTION.`,
  );
}

function valueFor(
  use: ParameterUse,
  parameters: readonly ParameterValue[],
  target: 'sqlite' | 'postgresql',
): DbValue {
  const found =
    typeof use.parameter === 'number'
      ? parameters[use.parameter]
      : parameters.find(
          ({ name }) => name.replace(/^@/, '').toLowerCase() === String(use.parameter).toLowerCase(),
        );
  if (found === undefined)
    throw new ProviderFailure('missingParameter', `Must declare the scalar variable "@${use.parameter}".`);
  return fitted(found.value, use.kind, found.type, target);
}

/** A parameter's value in the form that the column it meets keeps. */
function fitted(
  value: DbValue,
  kind: ColumnKind | undefined,
  type: number | undefined,
  target: 'sqlite' | 'postgresql',
): DbValue {
  if (value === null) return null;
  if (kind === 'date' && (type === undefined || isTextType(type))) {
    const ms = calendarOf(value);
    return ms === undefined ? value : textOfCalendar(ms);
  }
  if (kind === 'boolean') {
    if (typeof value === 'string') {
      const isTrue = /^(?:t|true|y|yes|on|-?1)$/i.test(value.trim());
      return target === 'sqlite' ? (isTrue ? 1 : 0) : isTrue;
    }
    const isTrue = Number(value) !== 0;
    return target === 'sqlite' ? (isTrue ? 1 : 0) : isTrue;
  }
  if (typeof value === 'boolean' && kind !== undefined)
    return value ? (kind === 'text' ? 'True' : 1) : kind === 'text' ? 'False' : 0;
  if (typeof value === 'number' && kind === 'text' && target === 'sqlite') return String(value);
  return value;
}

/** Most of a query that an error shows. */
const SHOWN = 300;

function problemText(problem: SqlProblem, sql: string): string {
  const before = sql.slice(0, problem.at);
  const line = before.split('\n').length;
  const column = problem.at - before.lastIndexOf('\n');
  const shown = sql.replace(/\s+/g, ' ').trim();
  const near = sql.slice(problem.at, problem.at + 20).split('\n')[0];
  const query = shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown;
  return `Syntax error in query: ${problem.message}, at line ${line}, column ${column} ('${near}'). Query: ${query}`;
}
