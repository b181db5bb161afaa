/**
 * The state of a session that running code sees: limits, Err, locale, error handling, positions.
 * Owns: counting, trapping, conversion of foreign throws.  Leaves: values (`convert.ts`), members (`members.ts`).
 * Fails: ScriptError for what a script may trap, ScriptAbort for what it may not.
 */
import {
  type AutomationArgument,
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  type InvokeKind,
  scriptErrorOf,
} from '../automation/index.ts';
import type { LineOrigin, ScriptLimits, SessionHost, SourcePosition, TraceListener } from './api.ts';
import { inward, inwardArgument, outward } from './border.ts';
import { type PlainValue, toInt32, toUnits } from './convert.ts';
import { ErrObject } from './err-object.ts';
import { RUNTIME_SOURCE, runtimeError, ScriptAbort, ScriptError, ScriptExit } from './errors.ts';
import { Globals } from './globals.ts';
import { type InstanceHost, NO_MEMBER, type VbInstance, type VbProcedure } from './instance.ts';
import { drain, hold, letGo, terminate } from './lifetime.ts';
import type { ScopeHost } from './local-scope.ts';
import { DEFAULT_LCID, type Locale, localeOf } from './locales.ts';
import { callProcedure, defaultValueOf, invokeFromHost } from './members.ts';
import { numberOfHresult, RUNTIME_TEXT } from './messages.ts';
import { RandomSequence } from './random.ts';
import type { VbObject, VbValue } from './values.ts';

/** A compiled source as errors need it: where its offsets lie. */
export interface Unit {
  readonly name: string;
  readonly origin: ((line: number) => LineOrigin) | undefined;
  positionOf(offset: number): { line: number; column: number };
}

/** Turns between two looks at the clock: few while turns are slow, many while they are quick. */
const FIRST_SLICE = 1_000;
const LEAST_SLICE = 32;
const MOST_SLICE = 50_000;
/** Elements or units from which on the memory is asked for room. */
const LARGE = 0x1_0000;

export class Runtime implements InstanceHost {
  readonly globals = new Globals();
  readonly random = new RandomSequence();
  readonly err: ErrObject;
  readonly host: SessionHost;
  readonly trace: TraceListener | undefined;
  readonly now: () => Date;
  onDefect: ((thrown: unknown) => void) | undefined;
  locale: Locale = localeOf(DEFAULT_LCID)!;

  // Read by generated code at every call and loop turn.
  fuel = FIRST_SLICE;
  depth = 0;
  readonly maxDepth: number;
  readonly maxStringLength: number;
  readonly maxArrayElements: number;

  /** True once a class with Class_Terminate was compiled: references are counted from then on. */
  isCounting = false;
  readonly pending: VbInstance[] = [];
  readonly terminable = new Set<VbInstance>();
  /** Objects of CreateObject that want to know when the script ends. */
  readonly releasable = new Set<AutomationObject>();

  /** Execute and Eval. */
  compiler: ScopeHost | undefined;
  /** `Me` at script level. */
  scriptObject: AutomationObject | undefined;

  /** The unit and offset of the statement that last entered a host object, for `position`. */
  unit: Unit | undefined;
  offset = 0;

  private readonly limits: ScriptLimits;
  private readonly maxSteps: number;
  private readonly maxAllocation: number;
  private startedAt = 0;
  private entries = 0;
  private slice = FIRST_SLICE;
  private lookedAt = 0;
  private steps = 0;
  private allocated = 0;
  private copied = 0;
  private readonly isMemoryFull: ((bytes: number) => boolean) | undefined;

  constructor(host: SessionHost, limits: ScriptLimits, trace: TraceListener | undefined, now: () => Date) {
    this.host = host;
    this.trace = trace;
    this.now = now;
    this.limits = limits;
    this.maxSteps = limits.steps ?? Number.POSITIVE_INFINITY;
    this.maxDepth = limits.callDepth ?? 2_000;
    this.maxStringLength = limits.stringLength ?? 64 * 1024 * 1024;
    this.maxArrayElements = limits.arrayElements ?? 16 * 1024 * 1024;
    this.isMemoryFull = limits.isMemoryFull;
    this.maxAllocation = limits.allocation ?? 1024 * 1024 * 1024;
    this.err = new ErrObject({
      numberFrom: (value) => toInt32(inward(value), this),
      textFrom: (value) => toUnits(inward(value), this),
    });
  }

  /** Runs `work` as one entry of the host: clocks and counters begin anew unless a script is running already. */
  enter<T>(work: () => T): T {
    if (this.entries === 0) this.begin();
    this.entries += 1;
    const { depth } = this;
    try {
      return work();
    } catch (caught) {
      throw this.scriptError(caught);
    } finally {
      this.entries -= 1;
      this.depth = depth;
    }
  }

  invokeInstance(
    instance: VbInstance,
    kind: InvokeKind,
    member: string,
    args: readonly AutomationArgument[],
  ): AutomationValue {
    return this.enter(() => outward(invokeFromHost(instance, kind, member, args.map(inwardArgument), this)));
  }

  callFromHost(procedure: VbProcedure, args: readonly AutomationArgument[]): AutomationValue {
    if (procedure === NO_MEMBER) throw runtimeError(438);
    return this.enter(() => outward(callProcedure(procedure, args.map(inwardArgument))));
  }

  private begin(): void {
    this.startedAt = performance.now();
    this.lookedAt = this.startedAt;
    this.slice = FIRST_SLICE;
    this.steps = 0;
    this.allocated = 0;
    this.depth = 0;
    this.refuel();
  }

  private refuel(): void {
    this.fuel = Math.min(this.slice, Math.max(0, this.maxSteps - this.steps));
  }

  /** Called while a long source is compiled: its time and memory count like those of the running script. */
  readonly onProgress = (): void => {
    this.lookAtClock();
    if (this.isMemoryFull?.(0) === true) throw runtimeError(7);
  };

  private lookAtClock(): number {
    const now = performance.now();
    if (now - this.startedAt > (this.limits.timeMs ?? 90_000))
      throw new ScriptAbort('timeout', 'Script timed out.');
    return now;
  }

  /** The fuel is used up: counts it, looks at the clock, fills up. */
  tick(): void {
    this.steps += this.slice;
    if (this.steps > this.maxSteps)
      throw new ScriptAbort('steps', 'The script took more steps than allowed.');
    const now = this.lookAtClock();
    if (this.isMemoryFull?.(0) === true) {
      this.refuel();
      throw runtimeError(7);
    }
    const elapsed = now - this.lookedAt;
    this.lookedAt = now;
    if (elapsed > 10) this.slice = Math.max(LEAST_SLICE, this.slice >> 1);
    else if (elapsed < 2) this.slice = Math.min(MOST_SLICE, this.slice * 2);
    this.refuel();
  }

  /** A built-in that may work long in one call costs fuel in proportion. */
  burn(amount: number): void {
    this.fuel -= amount;
    if (this.fuel < 0) this.tick();
  }

  /** Counts array elements or string units about to be created. Throws 7. */
  allocate(count: number, bytesEach = 2): void {
    this.allocated += count;
    if (this.allocated > this.maxAllocation) throw runtimeError(7);
    this.makeRoom(count, bytesEach);
    this.burn(count >> 6);
  }

  /** Asks for room before `count` array elements or string units are made. Throws 7. */
  makeRoom(count: number, bytesEach = 2): void {
    if (count >= LARGE && this.isMemoryFull?.(bytesEach * count) === true) throw runtimeError(7);
  }

  /** A long text goes to an object, which will copy it: room is asked for, and fuel goes with its length. */
  handOver(units: number): void {
    this.makeRoom(units);
    this.burn(units >> 6);
  }

  defaultValue(object: VbObject): Exclude<PlainValue, never> {
    return defaultValueOf(object, this);
  }

  /** Makes what generated code caught an error with a place. Never returns what a script could mistake for its own. */
  locate(caught: unknown, offset: number, unit: Unit): Error {
    const error = this.scriptError(caught);
    if ((error instanceof ScriptError || error instanceof ScriptAbort) && error.line === 0) {
      const position = positionIn(unit, offset);
      error.file = position.file;
      error.line = position.line;
      error.column = position.column;
      if (error instanceof ScriptError) this.trace?.error?.(position, error);
    }
    return error;
  }

  /** Sets Err from what a statement threw; throws it on when no script may trap it. */
  trap(caught: unknown, offset: number, unit: Unit, depth: number): void {
    const error = this.locate(caught, offset, unit);
    if (!(error instanceof ScriptError)) throw error;
    this.depth = depth;
    this.err.take(error);
  }

  /** A ScriptError for anything thrown below, or the throw itself when it must pass through. */
  scriptError(caught: unknown): Error {
    if (caught instanceof ScriptError || caught instanceof ScriptAbort || caught instanceof ScriptExit)
      return caught;
    if (caught instanceof AutomationError) return fromAutomationError(caught);
    if (caught instanceof Error) {
      // Plain searches: near the end of the stack a regular expression could not even be compiled.
      const { message } = caught;
      if (message.includes('call stack') || message.includes('Stack overflow')) return runtimeError(28);
      if (message.includes('string length') || message.includes('string longer')) return runtimeError(14);
      if (message.includes('array length') || message.includes('allocation')) return runtimeError(7);
    }
    this.onDefect?.(caught);
    const error = runtimeError(51);
    error.cause = caught;
    return error;
  }

  position(): SourcePosition {
    return this.unit === undefined ? { file: '', line: 0, column: 0 } : positionIn(this.unit, this.offset);
  }

  /** True for errors that On Error Resume Next would trap. */
  isTrappable(caught: unknown): boolean {
    return this.scriptError(caught) instanceof ScriptError;
  }

  get isRunning(): boolean {
    return this.entries > 0;
  }

  drain(mark: number): void {
    drain(this, mark);
  }

  letGo(value: VbValue): void {
    letGo(this, value);
  }

  exchange(previous: VbValue, next: VbValue): void {
    hold(this, previous, next);
  }

  /** The end of the script: outstanding Class_Terminate procedures, then `release` of created objects. */
  finish(): void {
    try {
      this.enter(() => {
        for (const instance of this.terminable) {
          try {
            terminate(this, instance);
          } catch (caught) {
            if (!this.isTrappable(caught)) throw caught;
          }
        }
      });
    } finally {
      for (const object of this.releasable) object.release?.();
      this.releasable.clear();
    }
  }

  /** Elements that a copy of an array takes: many small copies look at the memory as often as one large. Throws 7. */
  readonly countElements = (count: number): void => {
    this.copied += count;
    if (this.copied < LARGE) return;
    const copied = this.copied;
    this.copied = 0;
    this.burn(copied >> 6);
    this.makeRoom(copied, 8);
  };

  /** `count` elements more of an array that then has `total`. Throws 7. */
  checkElements(count: number, total = count): void {
    if (total > this.maxArrayElements) throw runtimeError(7);
    this.allocate(count, 8);
  }
}

export function positionIn(unit: Unit, offset: number): SourcePosition {
  const { line, column } = unit.positionOf(offset);
  const origin = unit.origin?.(line);
  return { file: origin?.file ?? unit.name, line: origin?.line ?? line, column };
}

/** The error of an object as Err shows it. */
export function fromAutomationError(error: AutomationError): ScriptError {
  return scriptErrorOf(error, { source: RUNTIME_SOURCE, texts: RUNTIME_TEXT, numberOf: numberOfHresult });
}
