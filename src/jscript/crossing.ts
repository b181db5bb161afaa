/**
 * Errors on their way into the realm and out of it.
 * Owns: which error of the realm is which of ours, numbers and places on the way out, each error told to the trace once.
 * Leaves: making errors inside (realm/errors.ts), words for those of the engine below (explain.ts).
 */
import {
  AutomationError,
  ScriptAbort,
  ScriptError,
  ScriptExit,
  type TraceListener,
} from '../automation/index.ts';
import { fromAutomationError, runtimeError } from './errors.ts';
import { fullNumber, RUNTIME_SOURCE, RUNTIME_TEXT } from './messages.ts';
import type { RealmSide } from './realm/contract.ts';
import { NOWHERE, type Units } from './units.ts';

/** What a member threw as an error of scripts; undefined for what ends the script. */
export function errorOf(thrown: unknown): ScriptError | undefined {
  if (thrown instanceof ScriptError) return thrown;
  if (thrown instanceof AutomationError) return fromAutomationError(thrown);
  if (thrown instanceof ScriptExit || thrown instanceof ScriptAbort || !(thrown instanceof Error))
    return undefined;
  const error = runtimeError(/call stack/i.test(thrown.message) ? 28 : 440);
  error.cause = thrown;
  return error;
}

export class ErrorCrossing {
  readonly #realm: RealmSide;
  readonly #units: Units;
  readonly #tell: NonNullable<TraceListener['error']>;
  /** Error of the realm ↔ error outside. */
  readonly #outer = new WeakMap<object, ScriptError>();
  readonly #inner = new WeakMap<Error, unknown>();
  readonly #reported = new WeakSet<object>();
  /** What the host threw to end the script. */
  exit: Error | undefined;

  constructor(realm: RealmSide, units: Units, tell: NonNullable<TraceListener['error']>) {
    this.#realm = realm;
    this.#units = units;
    this.#tell = tell;
  }

  /** The realm's error for one of ours. */
  inward(error: Error): unknown {
    const known = this.#inner.get(error);
    if (known !== undefined) return known;
    const converted = errorOf(error) ?? runtimeError(440);
    if (converted !== error) converted.cause ??= error;
    const className = converted.kind === 'compilation' ? 'SyntaxError' : 'Error';
    const inner = this.#realm.makeError(className, fullNumber(converted.number), converted.bareDescription);
    this.#outer.set(inner, converted);
    this.#inner.set(converted, inner);
    return inner;
  }

  /** What left the script, as an error of ours. */
  outward(thrown: unknown): Error {
    if (thrown === this.#realm.exit) return this.exit ?? runtimeError(51);
    if (thrown instanceof ScriptError || thrown instanceof ScriptAbort || thrown instanceof ScriptExit)
      return thrown;
    if (thrown instanceof AutomationError) return fromAutomationError(thrown);
    if (thrown instanceof Error) return /call stack/i.test(thrown.message) ? runtimeError(28) : thrown;
    const { number, description, stack, isError } = this.#realm.describe(thrown);
    const known = typeof thrown === 'object' && thrown !== null ? this.#outer.get(thrown) : undefined;
    if (known !== undefined && known.line > 0) return known;
    const shown = (number & 0xffff0000) === (0x800a0000 | 0) ? number & 0xffff : number;
    const text =
      description === '' ? (RUNTIME_TEXT[isError && shown !== 0 ? shown : 5022] ?? '') : description;
    const error = new ScriptError('runtime', shown, text, known?.source ?? RUNTIME_SOURCE);
    error.category = RUNTIME_SOURCE;
    if (known !== undefined) error.cause = known.cause ?? known;
    const position = this.#units.statementOf(stack);
    error.file = position.file;
    error.line = position.line;
    error.column = position.column;
    if (typeof thrown === 'object' && thrown !== null) this.#inner.set(error, thrown);
    return error;
  }

  /** The place is known where lines are traced. */
  timeout(): ScriptAbort {
    const abort = new ScriptAbort('timeout', 'Script timed out.');
    const { last } = this.#units;
    const { file, line, column } = last?.unit.positionAt(last.offset) ?? NOWHERE;
    abort.file = file;
    abort.line = line;
    abort.column = column;
    return abort;
  }

  /** Tells the trace of an error, once. */
  report(thrown: unknown, error: ScriptError): void {
    if (typeof thrown === 'object' && thrown !== null) {
      if (this.#reported.has(thrown)) return;
      this.#reported.add(thrown);
    }
    const { file, line, column } = error;
    this.#tell({ file, line, column }, error);
  }
}
