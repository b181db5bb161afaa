/**
 * A session: one realm of JScript in which compiled scripts run.
 * Owns: the embedding API, limits, what the realm may ask.  Leaves: the inside (realm/), values (border.ts), errors (crossing.ts), places (units.ts).
 * Fails: ScriptError for what a script did not catch, ScriptAbort for limits, what a host threw to end the script as itself.
 */
import { type Context, constants, createContext, Script } from 'node:vm';
import {
  type AutomationArgument,
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  type CompiledScript,
  type CompileOptions,
  isAutomationObject,
  ScriptAbort,
  ScriptError,
  ScriptExit,
  type ScriptLimits,
  type ScriptProcedure,
  type ScriptSession,
  type SessionHost,
  type SessionOptions,
  type SourcePosition,
  type TraceListener,
} from '../automation/index.ts';
import { arrayBound, arrayElement, arrayElements } from './arrays.ts';
import { Border, type ScriptEntry } from './border.ts';
import { type CompiledUnit, ScriptCache } from './compile.ts';
import { ErrorCrossing, errorOf } from './crossing.ts';
import { runtimeError } from './errors.ts';
import { explain } from './explain.ts';
import { Members } from './members.ts';
import { fullNumber } from './messages.ts';
import type { Node } from './parser.ts';
import type { HostSide, RealmSide } from './realm/contract.ts';
import { type Realm, realmScripts } from './realm/text.ts';
import { textOf } from './text.ts';
import { NOWHERE, Units } from './units.ts';

/** Makes a session. */
export function createSession(
  options: SessionOptions & { readonly cache?: ScriptCache } = {},
): ScriptSession {
  return new Session(options);
}

type Iteration = { readonly items: Iterator<AutomationValue>; current: AutomationValue };
type Outcome = { readonly value: unknown } | { readonly thrown: unknown };

/** Turns of loops and calls between two looks at the memory. */
const FEWEST_TURNS = 1;
const MOST_TURNS = 65_536;

const ENTRY = '__jscript_enter()';

class Session implements ScriptSession, ScriptEntry {
  locale: number;
  readonly #host: SessionHost;
  readonly #trace: TraceListener | undefined;
  readonly #cache: ScriptCache;
  readonly #limits: ScriptLimits;
  readonly #maxOutput: number;
  readonly #context: Context;
  readonly #realm: RealmSide;
  readonly #border: Border;
  readonly #members: Members;
  readonly #entry = new Script(ENTRY);
  readonly #units = new Units();
  /** Objects whose members are names of the script. */
  readonly #memberObjects: AutomationObject[] = [];
  readonly #iterations = new WeakMap<object, Iteration>();
  readonly #releasable = new Set<AutomationObject>();
  readonly #errors: ErrorCrossing;
  #depth = 0;
  #turns = FEWEST_TURNS;
  #lookedAt = 0;
  #output = 0;
  #isEnded = false;
  #work: (() => unknown) | undefined;
  #outcome: Outcome | undefined;

  constructor(options: SessionOptions & { readonly cache?: ScriptCache }) {
    const { host = {}, limits = {}, trace } = options;
    this.#host = host;
    this.#trace = trace;
    this.#cache = options.cache ?? new ScriptCache();
    this.#limits = limits;
    this.#maxOutput = limits.outputLength ?? 64 * 1024 * 1024;
    this.locale = options.locale ?? 1033;

    this.#context = createContext(constants.DONT_CONTEXTIFY, {
      codeGeneration: { strings: true, wasm: false },
    });
    const scripts = realmScripts();
    const make = scripts.realm.runInContext(this.#context) as (host: HostSide) => Realm;
    const made = make(this.#hostSide());
    this.#realm = made.side;
    this.#realm.write(this.#realm.global, '__jscript_boot', made);
    scripts.names.runInContext(this.#context);
    this.#errors = new ErrorCrossing(this.#realm, this.#units, (at, error) => trace?.error?.(at, error));
    this.#border = new Border(this.#realm, this);
    const report = trace?.call;
    this.#members = new Members(
      this.#border,
      this.#realm,
      report && ((call) => report(this.position, call)),
      errorOf,
    );
  }

  // ---- the embedding API ----

  addObject(name: string, object: AutomationObject, options: { readonly members?: boolean } = {}): void {
    this.#realm.define(name, this.#border.inward(object));
    if (options.members === true) this.#memberObjects.push(object);
  }

  addConstants(constantsGiven: Readonly<Record<string, AutomationValue>>): void {
    for (const [name, value] of Object.entries(constantsGiven))
      this.#realm.define(name, this.#border.inward(value));
  }

  run(script: CompiledScript | string, options: CompileOptions = {}): void {
    this.enter(() => {
      this.#runUnit(typeof script === 'string' ? this.#cache.get(script, options) : (script as CompiledUnit));
    });
  }

  evaluate(expression: string): AutomationValue {
    return this.enter(() => this.#border.outward(this.#runUnit(this.#cache.get(expression))));
  }

  hasProcedure(name: string): boolean {
    return this.#procedureName(name) !== undefined;
  }

  get procedureNames(): readonly string[] {
    return [...this.#units.all()].flatMap(({ procedures }) => procedures);
  }

  call(name: string, args: readonly AutomationArgument[] = []): AutomationValue {
    const procedure = this.procedure(name);
    if (procedure === undefined) throw runtimeError(5007);
    return procedure.call(args);
  }

  procedure(name: string): ScriptProcedure | undefined {
    const found = this.#procedureName(name);
    if (found === undefined) return undefined;
    const value = this.enter(() => this.#realm.read(this.#realm.global, found)) as object;
    return this.#border.faceOf(value, 'function', found) as unknown as ScriptProcedure;
  }

  /** As written; for callers that ignore case, in another case. */
  #procedureName(name: string): string | undefined {
    const lower = name.toLowerCase();
    let found: string | undefined;
    for (const { procedures } of this.#units.all()) {
      for (const candidate of procedures) {
        if (candidate === name || (found === undefined && candidate.toLowerCase() === lower))
          found = candidate;
        if (found === name) break;
      }
    }
    if (found === undefined) return undefined;
    const named = found;
    const value = this.enter(() => this.#realm.read(this.#realm.global, named));
    return typeof value === 'function' && !this.#border.isHosts(value) ? found : undefined;
  }

  getVariable(name: string): AutomationValue {
    return this.enter(() => this.#border.outward(this.#realm.read(this.#realm.global, name)));
  }

  setVariable(name: string, value: AutomationValue): void {
    this.enter(() => this.#realm.write(this.#realm.global, name, this.#border.inward(value)));
  }

  countOutput(length: number): void {
    this.#output += length;
    if (this.#output > this.#maxOutput)
      throw new ScriptAbort('output', 'The script wrote more output than allowed.');
  }

  get position(): SourcePosition {
    if (this.#depth === 0) return NOWHERE;
    return this.#units.statementOf(this.#realm.stack());
  }

  toText(value: AutomationValue): string {
    let plain = value;
    for (let turn = 0; turn < 64 && isAutomationObject(plain); turn += 1) plain = plain.invoke('get', '', []);
    const text = textOf(plain);
    if (text === undefined) throw runtimeError(13);
    return text;
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    for (const object of this.#releasable) object.release?.();
    this.#releasable.clear();
  }

  // ---- running ----

  /** Runs `work`, in which the script may run: limits hold, and what comes out is an error of ours. */
  enter<T>(work: () => T): T {
    if (this.#depth > 0) {
      try {
        return work();
      } catch (thrown) {
        throw thrown instanceof AutomationError ? thrown : this.#errors.outward(thrown);
      }
    }
    this.#depth = 1;
    this.#work = work;
    this.#outcome = undefined;
    try {
      // Read now: a host may give what is left of a limit.
      const { timeMs = 90_000 } = this.#limits;
      if (Number.isFinite(timeMs))
        this.#entry.runInContext(this.#context, { timeout: Math.max(1, Math.ceil(timeMs)) });
      else this.#hostEnter();
    } catch {
      // Nothing but the end of the time gets here: whatever was thrown inside is an outcome.
      this.#outcome = { thrown: this.#errors.timeout() };
    } finally {
      this.#depth = 0;
    }
    const outcome = this.#outcome as Outcome | undefined;
    if (outcome === undefined) throw runtimeError(28);
    this.#realm.state.isExiting = false;
    this.#errors.exit = undefined;
    if (!('thrown' in outcome)) return outcome.value as T;
    throw this.#errors.outward(outcome.thrown);
  }

  readonly #hostEnter = (): void => {
    try {
      this.#outcome = { value: this.#work!() };
    } catch (thrown) {
      // Still within the limits: describing an error may run code of the script.
      const error = this.#errors.outward(thrown);
      if (error instanceof ScriptError) this.#errors.report(thrown, error);
      this.#outcome = { thrown: error };
    }
  };

  #runUnit(unit: CompiledUnit): unknown {
    this.#units.add(unit);
    for (const object of this.#memberObjects) {
      for (const name of unit.names)
        if (object.has?.(name) === true && this.#realm.find(this.#realm.global, name) !== name)
          this.#realm.defineMember(name, this.#border.handleOf(object));
    }
    return unit.script.runInContext(this.#context);
  }

  // ---- what the realm may ask ----

  #hostSide(): HostSide {
    return {
      get: this.#guarded((handle, name) => this.#members.get(handle, name)),
      put: this.#guarded((handle, name, args, value) => this.#members.put(handle, name, args, value)),
      call: this.#guarded((handle, name, args) => this.#members.call(handle, name, args)),
      primitive: this.#guarded((handle) => this.#members.primitive(handle)),
      has: this.#guarded((handle, name) => this.#members.has(handle, name)),
      create: this.#guarded((progId, server) => this.#create(progId, server)),
      getObject: this.#guarded((path, progId) => this.#getObject(path, progId)),
      enumerate: this.#guarded((token, handle) => {
        const items = this.#border.objectOf(handle).enumerate?.();
        if (items === undefined) throw runtimeError(451);
        this.#iterations.set(token, { items, current: undefined });
      }),
      advance: this.#guarded((token) => {
        const iteration = this.#iterations.get(token)!;
        const step = iteration.items.next();
        iteration.current = step.done === true ? undefined : step.value;
        return step.done !== true;
      }),
      current: this.#guarded((token) => this.#border.inward(this.#iterations.get(token)!.current)),
      bound: this.#guarded((array, what, dimension) =>
        arrayBound(this.#border.arrayOf(array)!, what, dimension),
      ),
      element: this.#guarded((array, indices) => {
        const given: number[] = [];
        for (let at = 0; at < indices.length; at += 1) given.push(Number(this.#realm.textOf(indices[at])));
        return this.#border.inward(arrayElement(this.#border.arrayOf(array)!, given));
      }),
      elements: this.#guarded((array, store) => {
        let at = 0;
        for (const value of arrayElements(this.#border.arrayOf(array)!)) {
          store(at, this.#border.inward(value));
          at += 1;
        }
      }),
      varDate: this.#guarded((milliseconds) => this.#border.date(milliseconds)),
      code: this.#guarded((source) => this.#code(source)),
      makeFunction: this.#guarded((parameters, body) => this.#makeFunction(parameters, body)),
      functionText: this.#guarded((compiled) => this.#units.functionText(compiled)),
      explain: this.#guarded((className, message, stack) => {
        const { number, text } = explain(className, message, this.#units.placeIn(stack));
        this.#realm.state.number = fullNumber(number);
        return text;
      }),
      raised: this.#guarded((thrown) => {
        if (this.#trace?.error === undefined) return;
        const error = this.#errors.outward(thrown);
        if (error instanceof ScriptError) this.#errors.report(thrown, error);
      }),
      line: this.#guarded((unit, offset) => {
        const place = { unit: this.#units.get(unit)!, offset };
        this.#units.last = place;
        this.#trace?.line?.(place.unit.positionAt(offset));
      }),
      test: this.#guarded((unit, offset, value) => {
        this.#trace?.condition?.(this.#units.get(unit)!.positionAt(offset), this.#border.outward(value));
      }),
      enter: this.#hostEnter,
      turns: this.#limits.isMemoryFull?.turns,
      memory: this.#guarded((bytes) => this.#look(bytes)),
    };
  }

  /**
   * Asked now and then, and before anything large is made. Between two looks without a reason lies about a millisecond: what a
   * script can fill in that time finds room beyond the limit (src/script/memory.ts).
   */
  #look(bytes: number): number {
    if (this.#limits.isMemoryFull?.(bytes) === true) throw runtimeError(7);
    if (bytes > 0) return 0;
    const now = performance.now();
    const tookMs = now - this.#lookedAt;
    this.#lookedAt = now;
    if (tookMs < 0.5) this.#turns = Math.min(this.#turns * 4, MOST_TURNS);
    else if (tookMs > 2) this.#turns = Math.max(this.#turns >> 2, FEWEST_TURNS);
    return this.#turns;
  }

  /** A function for the realm: what it throws is left where the realm looks for it. */
  #guarded<Args extends readonly unknown[], Result>(
    work: (...args: Args) => Result,
  ): (...args: Args) => Result {
    return (...args) => {
      try {
        return work(...args);
      } catch (thrown) {
        this.#fail(thrown);
        return undefined as Result;
      }
    };
  }

  #fail(thrown: unknown): void {
    const { state } = this.#realm;
    if (thrown instanceof ScriptExit || thrown instanceof ScriptAbort) {
      this.#errors.exit = thrown;
      state.isExiting = true;
      state.failed = 2;
      return;
    }
    state.thrown = thrown instanceof Error ? this.#errors.inward(thrown) : thrown;
    state.failed = 1;
  }

  // ---- functions of the language that need the host ----

  #create(progId: string, server: string | undefined): unknown {
    return this.#created('create', progId, () => this.#host.createObject?.(progId, server), 'ActiveXObject');
  }

  #getObject(path: string | undefined, progId: string | undefined): unknown {
    return this.#created(
      'create',
      progId ?? path ?? '',
      () => this.#host.getObject?.(path, progId),
      'GetObject',
    );
  }

  #created(
    kind: 'create',
    object: string,
    make: () => AutomationObject | undefined,
    member: string,
  ): unknown {
    const startedAt = performance.now();
    const call = { object, member, kind, args: [] };
    try {
      const made = make();
      if (made === undefined) throw runtimeError(429);
      if (made.release !== undefined && this.#host.keepsObjects !== true) this.#releasable.add(made);
      this.#trace?.call?.(this.position, { ...call, result: made, elapsedMs: performance.now() - startedAt });
      return this.#border.inward(made);
    } catch (thrown) {
      const error = errorOf(thrown);
      this.#trace?.call?.(this.position, {
        ...call,
        ...(error && { error }),
        elapsedMs: performance.now() - startedAt,
      });
      throw thrown;
    }
  }

  /** Text for eval, rewritten. */
  #code(source: string): string {
    // Checked and refused with numbers and texts of its own, at the place of the call.
    const unit = this.#cache.get(source);
    this.#units.addEvaluated(unit);
    return unit.javascript;
  }

  #makeFunction(parameters: string, body: string): unknown {
    const unit = this.#cache.get(`(function anonymous(${parameters}\n) {\n${body}\n})`, { isNameless: true });
    const [statement, ...more] = unit.tree['body'] as Node[];
    const expression = statement?.['expression'] as Node | undefined;
    // Text that closes the function early would be something else than a function.
    if (more.length > 0 || expression?.type !== 'FunctionExpression' || statement!.end !== unit.source.length)
      throw runtimeError(1002);
    return this.#runUnit(unit);
  }
}
