/**
 * ADODB.Command and its parameters without legacy names.
 * Owns: text, type, parameters and their values.  Leaves: members (command-face), execution (connection).
 * Fails: 3708 for a parameter without a type, 3421 for a value that the type cannot hold, 3709 without a connection.
 * Sources: doc "ADO Command Object", "Parameter Object".
 */
import { type AutomationArgument, type AutomationValue, NOTHING } from '../../automation/index.ts';
import { argumentValue, plainOf } from '../arguments.ts';
import { AD, isBinaryType, isTextType } from './columns.ts';
import { COMMAND, type Connection } from './connection.ts';
import type { DbValue } from './database.ts';
import { adoError } from './errors.ts';
import { Owners } from './identity.ts';
import type { ParameterValue, RunOptions, SessionResult } from './session.ts';
import { fromScript, natural, toScript } from './values.ts';

export const DIRECTION = { unknown: 0, input: 1, output: 2, inputOutput: 3, returnValue: 4 } as const;

/** Who is behind a command or parameter that a script passes on. */
export const commands = new Owners<Command>();
export const parametersBehind = new Owners<Parameter>();

export class Parameter {
  name = '';
  type = 0;
  direction: number = DIRECTION.input;
  size = 0;
  precision = 0;
  numericScale = 0;
  attributes = 64;
  #raw: DbValue | undefined;

  put(argument: AutomationArgument): void {
    const value = plainOf(argument);
    // Empty: no value yet.
    if (value === undefined) {
      this.#raw = undefined;
      return;
    }
    this.#raw = this.#fitted(value);
  }

  get value(): AutomationValue {
    return this.#raw === undefined ? undefined : toScript(this.type || AD.variant, this.#raw);
  }

  /** As it is bound; 3708 for one that is not defined. */
  bound(): ParameterValue {
    if (this.type === 0) throw adoError(3708, 'ADODB.Command');
    const isSized = isTextType(this.type) || isBinaryType(this.type);
    const isLong =
      this.type === AD.longVarChar || this.type === AD.longVarWChar || this.type === AD.longVarBinary;
    if (isSized && !isLong && this.size === 0 && this.type !== AD.bstr) throw adoError(3708, 'ADODB.Command');
    return { name: this.name, type: this.type, value: this.#raw ?? null };
  }

  appendChunk(argument: AutomationArgument): void {
    const piece = this.#fitted(plainOf(argument));
    const before = this.#raw;
    if (before instanceof Uint8Array && piece instanceof Uint8Array)
      this.#raw = Buffer.concat([before, piece]);
    else this.#raw = before === undefined || before === null ? piece : String(before) + String(piece ?? '');
  }

  #fitted(value: AutomationValue): DbValue {
    if (this.type === 0 || value === null || value === NOTHING)
      return value === null || value === NOTHING ? null : natural(value);
    const raw = fromScript(this.type, value, 'ADODB.Command');
    // Longer than declared: cut, as the providers cut.
    if (typeof raw === 'string' && this.size > 0 && isTextType(this.type)) return raw.slice(0, this.size);
    return raw;
  }
}

export class Command {
  connection: Connection | undefined;
  ownConnection: Connection | undefined;
  text = '';
  type: number = COMMAND.unknown;
  timeout = 30;
  isPrepared = false;
  hasNamedParameters = false;
  name = '';
  readonly parameters: Parameter[] = [];

  /** Runs with the values of `given` in place of the parameters' own, by position. */
  execute(
    given: readonly AutomationValue[],
    run: Omit<RunOptions, 'timeoutMs'>,
    options: number,
  ): SessionResult[] {
    const { connection } = this;
    if (connection === undefined) throw adoError(3709, 'ADODB.Command');
    return connection.execute(
      this.text,
      {
        commandType: options === COMMAND.unspecified ? this.type : options,
        parameters: this.#values(given),
        run: { ...run, timeoutMs: this.timeout * 1000 },
      },
      'ADODB.Command',
    );
  }

  #values(given: readonly AutomationValue[]): ParameterValue[] {
    if (this.parameters.length === 0)
      return given.map((value) => ({ name: '', type: undefined, value: natural(value) }));
    given.forEach((value, index) => {
      if (value !== undefined) this.parameters[index]?.put(value);
    });
    const bound = this.parameters.filter(({ direction }) => direction !== DIRECTION.returnValue);
    return bound.map((parameter) => parameter.bound());
  }

  append(parameter: Parameter): void {
    if (this.parameters.includes(parameter)) throw adoError(3367, 'ADODB.Parameters');
    this.parameters.push(parameter);
  }

  indexOf(wanted: AutomationArgument): number {
    const key = argumentValue(wanted);
    const index =
      typeof key === 'string'
        ? this.parameters.findIndex(({ name }) => name.toLowerCase() === key.toLowerCase())
        : Number(plainOf(wanted));
    if (!(index >= 0 && index < this.parameters.length)) throw adoError(3265, 'ADODB.Parameters');
    return index;
  }
}
