/**
 * A session: one global scope in which compiled scripts run.
 * Owns: the embedding API, Execute and Eval.  Leaves: everything that happens inside (`runtime.ts`).
 */
import type {
  AutomationArgument,
  AutomationObject,
  AutomationValue,
  InvokeKind,
} from '../automation/index.ts';
import type {
  CompiledScript,
  CompileOptions,
  ScriptProcedure,
  ScriptSession,
  SessionOptions,
  SourcePosition,
} from './api.ts';
import { inward, inwardArgument, outward } from './border.ts';
import { type CompiledUnit, ScriptCache, type UnitOptions } from './compile.ts';
import { plain, toUnits } from './convert.ts';
import { runtimeError, ScriptAbort } from './errors.ts';
import type { LocalScope, ScopeHost } from './local-scope.ts';
import { DEFAULT_LCID, localeOf } from './locales.ts';
import { callProcedure } from './members.ts';
import { OddString, wholeUnits } from './odd-string.ts';
import { Runtime } from './runtime.ts';
import type { VbValue } from './values.ts';

/** Makes a session. Throws RangeError for a locale that the engine does not know. */
export function createSession(
  options: SessionOptions & { readonly cache?: ScriptCache } = {},
): ScriptSession {
  return new Session(options);
}

class Session implements ScriptSession, ScopeHost {
  private readonly rt: Runtime;
  private readonly cache: ScriptCache;
  private readonly maxOutput: number;
  private output = 0;
  private isEnded = false;

  constructor(options: SessionOptions & { readonly cache?: ScriptCache }) {
    const { host = {}, limits = {}, trace, now = () => new Date() } = options;
    this.rt = new Runtime(host, limits, trace, now);
    this.rt.onDefect = options.onDefect;
    this.rt.compiler = this;
    this.rt.scriptObject = new ScriptObject(this);
    this.cache = options.cache ?? new ScriptCache();
    this.maxOutput = limits.outputLength ?? 64 * 1024 * 1024;
    this.locale = options.locale ?? DEFAULT_LCID;
  }

  addObject(name: string, object: AutomationObject, options: { readonly members?: boolean } = {}): void {
    this.rt.globals.host(name.toLowerCase(), name, object);
    if (options.members === true) this.rt.globals.addMembers(object);
  }

  addConstants(constants: Readonly<Record<string, AutomationValue>>): void {
    for (const [name, value] of Object.entries(constants)) {
      this.rt.globals.constant(name.toLowerCase(), name, exactly(value));
    }
  }

  run(script: CompiledScript | string, options: CompileOptions = {}): void {
    this.rt.enter(() => {
      const unit =
        typeof script === 'string'
          ? this.cache.get(script, this.unitOptions(options))
          : this.forSession(script as CompiledUnit);
      this.runUnit(unit, undefined);
    });
  }

  /** A script compiled without counting, in a session that counts by now, is compiled again. */
  private forSession(unit: CompiledUnit): CompiledUnit {
    if (!this.rt.isCounting || unit.terminates) return unit;
    return this.cache.get(unit.source, {
      name: unit.name,
      ...(unit.origin && { origin: unit.origin }),
      isCounting: true,
      onProgress: this.rt.onProgress,
    });
  }

  private unitOptions(options: UnitOptions): UnitOptions {
    return { ...options, isCounting: this.rt.isCounting, onProgress: this.rt.onProgress };
  }

  private runUnit(unit: CompiledUnit, scope: LocalScope | undefined): VbValue {
    if (unit.terminates) this.rt.isCounting = true;
    return unit.linked(this.rt, scope)();
  }

  get procedureNames(): readonly string[] {
    const names: string[] = [];
    for (const { procedure } of this.rt.globals.all())
      if (procedure !== undefined) names.push(procedure.procedureName);
    return names;
  }

  hasProcedure(name: string): boolean {
    return this.rt.globals.find(name.toLowerCase())?.procedure !== undefined;
  }

  call(name: string, args: readonly AutomationArgument[] = []): AutomationValue {
    return this.rt.enter(() => {
      const procedure = this.rt.globals.find(name.toLowerCase())?.procedure;
      if (procedure === undefined) throw runtimeError(13, name);
      return outward(callProcedure(procedure, args.map(inwardArgument)));
    });
  }

  procedure(name: string): ScriptProcedure | undefined {
    return this.rt.globals.find(name.toLowerCase())?.procedure;
  }

  evaluate(expression: string | VbValue, scope?: LocalScope): AutomationValue & VbValue {
    if (typeof expression === 'string' && scope === undefined && !this.rt.isRunning) {
      return this.rt.enter(() => outward(this.evaluateText(expression, undefined))) as AutomationValue &
        VbValue;
    }
    const source = plain(expression, this.rt);
    if (typeof source !== 'string' && !(source instanceof OddString))
      return source as AutomationValue & VbValue;
    return this.evaluateText(wholeUnits(source), scope) as AutomationValue & VbValue;
  }

  private evaluateText(source: string, scope: LocalScope | undefined): VbValue {
    const mode = scope === undefined ? 'script' : 'local';
    return this.runUnit(this.cache.expression(source, this.unitOptions({ mode })), scope);
  }

  execute(source: VbValue, scope: LocalScope | undefined): void {
    const mode = scope === undefined ? 'script' : 'local';
    this.runUnit(this.cache.get(this.sourceText(source), this.unitOptions({ mode })), scope);
  }

  executeGlobal(source: VbValue): void {
    this.runUnit(this.cache.get(this.sourceText(source), this.unitOptions({})), undefined);
  }

  private sourceText(source: VbValue): string {
    const text = plain(source, this.rt);
    if (typeof text !== 'string' && !(text instanceof OddString)) throw runtimeError(13);
    return wholeUnits(text);
  }

  getVariable(name: string): AutomationValue {
    return outward(this.rt.globals.find(name.toLowerCase())?.v);
  }

  setVariable(name: string, value: AutomationValue): void {
    this.rt.globals.declare(name.toLowerCase(), name).v = inward(value);
  }

  countOutput(length: number): void {
    this.output += length;
    if (this.output > this.maxOutput) {
      throw new ScriptAbort('output', 'The script wrote more output than allowed.');
    }
  }

  get locale(): number {
    return this.rt.locale.lcid;
  }

  set locale(lcid: number) {
    const locale = localeOf(lcid);
    if (locale === undefined) throw new RangeError(`The engine does not know the locale ${lcid}.`);
    this.rt.locale = locale;
  }

  get position(): SourcePosition {
    return this.rt.position();
  }

  toText(value: AutomationValue): string {
    return value === null ? '' : toUnits(inward(value), this.rt);
  }

  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.rt.finish();
  }
}

/** Constants of the host keep the subtype that their size shows. */
function exactly(value: AutomationValue): VbValue {
  return typeof value === 'number' ? (value as VbValue) : inward(value);
}

/** `Me` at script level: the script's procedures and variables as members. */
class ScriptObject implements AutomationObject {
  readonly automationName = 'Object';
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  invoke(kind: InvokeKind, member: string, args: readonly AutomationArgument[]): AutomationValue {
    if (kind === 'put' || kind === 'putref') {
      const value = args[args.length - 1];
      this.session.setVariable(member, value as AutomationValue);
      return undefined;
    }
    if (this.session.hasProcedure(member)) return this.session.call(member, args);
    if (args.length > 0 || member === '') throw runtimeError(438, member);
    return this.session.getVariable(member);
  }
}
