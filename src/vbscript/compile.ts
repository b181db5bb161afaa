/**
 * From source text to something that runs: parse, generate, evaluate the generated JavaScript once.
 * Owns: caching of linked units, positions.  Leaves: parsing, generation, sessions.
 */
import type { CompiledScript, CompileOptions, LineOrigin } from './api.ts';
import { BUILTINS } from './builtins/index.ts';
import { namedBuiltins } from './builtins/named.ts';
import type { UnitMode } from './compiler/analysis.ts';
import { definesTerminate, type GeneratedUnit, generateExpression, generateScript } from './compiler/unit.ts';
import { ScriptAbort, ScriptError } from './errors.ts';
import { Lexer } from './lexer.ts';
import * as library from './library.ts';
import type { LocalScope } from './local-scope.ts';
import { parseExpression, parseScript } from './parser/script.ts';
import type { Runtime, Unit } from './runtime.ts';
import type { VbValue } from './values.ts';

/** Runs a unit's statements; an expression gives its value. */
type Main = () => VbValue;
type Link = (rt: Runtime, unit: Unit, scope: LocalScope | undefined) => Main;

export class CompiledUnit implements CompiledScript, Unit {
  readonly name: string;
  readonly origin: ((line: number) => LineOrigin) | undefined;
  readonly source: string;
  readonly procedures: readonly string[];
  /** The script defines a class with Class_Terminate. */
  readonly terminates: boolean;
  /** The generated JavaScript, for tests and the curious. */
  readonly javascript: string;
  private readonly link: Link;
  private readonly lexer: Lexer;

  constructor(generated: GeneratedUnit, source: string, options: CompileOptions) {
    this.name = options.name ?? '';
    this.origin = options.origin;
    this.source = source;
    this.lexer = new Lexer(source);
    this.procedures = [...generated.info.procedures.values()].map((procedure) => procedure.node.name);
    this.terminates = definesTerminate(generated.info);
    this.javascript = generated.code;
    this.link = evaluateGenerated(generated);
  }

  positionOf(offset: number): { line: number; column: number } {
    return this.lexer.positionOf(offset);
  }

  /** Announces the unit's declarations to the session, then gives its statements. */
  linked(rt: Runtime, scope: LocalScope | undefined): Main {
    return this.link(rt, this, scope);
  }
}

/** The built-ins as generated code calls them: the same for every unit, made with the first. */
let builtins: ReturnType<typeof namedBuiltins> | undefined;

function evaluateGenerated({ code, helpers, pool }: GeneratedUnit): Link {
  const values = library as unknown as Readonly<Record<string, unknown>>;
  const absent = helpers.find((name) => values[name] === undefined);
  if (absent !== undefined) throw new Error(`library.ts lacks the helper ${absent}`);
  const make = new Function('K', 'B', ...helpers, code) as (...given: unknown[]) => Link;
  builtins ??= namedBuiltins(BUILTINS);
  return make(pool, builtins, ...helpers.map((name) => values[name]));
}

export type UnitOptions = CompileOptions & { readonly mode?: UnitMode; readonly isCounting?: boolean };

/** Throws a ScriptError of kind 'compilation' with file, line and column. */
export function compileUnit(source: string, options: UnitOptions = {}): CompiledUnit {
  return placed(source, options, () =>
    generateScript(parseScript(source, options.onProgress), options.mode ?? 'script', {
      isTracing: options.trace === true,
      isCounting: options.isCounting === true,
      onProgress: options.onProgress,
    }),
  );
}

export function compileExpression(source: string, options: UnitOptions = {}): CompiledUnit {
  return placed(source, options, () =>
    generateExpression(parseExpression(source, options.onProgress), source, options.mode ?? 'script', {
      isTracing: false,
      isCounting: options.isCounting === true,
      onProgress: options.onProgress,
    }),
  );
}

/** Compiles, and gives compile errors the file and line that the source came from. */
function placed(source: string, options: UnitOptions, generate: () => GeneratedUnit): CompiledUnit {
  try {
    return new CompiledUnit(generate(), source, options);
  } catch (caught) {
    if (caught instanceof ScriptError && caught.kind === 'compilation') {
      const origin = options.origin?.(caught.line);
      caught.file = origin?.file ?? options.name ?? '';
      caught.line = origin?.line ?? caught.line;
    } else if (isTooLarge(caught)) {
      const error = new Lexer(source).error(1001, 0);
      error.file = options.name ?? '';
      throw error;
    } else if (caught instanceof ScriptAbort && caught.line === 0) {
      const origin = options.origin?.(1);
      caught.file = origin?.file ?? options.name ?? '';
      caught.line = origin?.line ?? 1;
      caught.column = 1;
    }
    throw caught;
  }
}

/**
 * The source is sound and yet more than there is room for: no memory while it was compiled, or more than JavaScript takes, which is
 * nesting too deep, or a call with more arguments than a function can have.
 */
function isTooLarge(caught: unknown): boolean {
  if (caught instanceof ScriptError) return caught.number === 7;
  if (caught instanceof RangeError) return /call stack/i.test(caught.message);
  return caught instanceof SyntaxError && /too many (?:arguments|parameters)/i.test(caught.message);
}

/** Compiles a script. Throws a ScriptError of kind 'compilation' with file, line and column. */
export function compileScript(source: string, options: CompileOptions = {}): CompiledScript {
  return compileUnit(source, options);
}

/** Compiled scripts by source text, the least recently used dropped first. One cache may serve many sessions. */
export class ScriptCache {
  private readonly entries = new Map<string, CompiledUnit>();
  private readonly capacity: number;

  /** `capacity`: most scripts kept. */
  constructor(capacity = 250) {
    this.capacity = capacity;
  }

  /** Origins are part of a script: sources with an `origin` function are compiled anew each time. */
  get(source: string, options: UnitOptions = {}): CompiledUnit {
    return this.cached(`script ${flags(options)}${source}`, options, () => compileUnit(source, options));
  }

  expression(source: string, options: UnitOptions = {}): CompiledUnit {
    return this.cached(`expression ${flags(options)}${source}`, options, () =>
      compileExpression(source, options),
    );
  }

  private cached(key: string, options: UnitOptions, compile: () => CompiledUnit): CompiledUnit {
    if (options.origin !== undefined) return compile();
    const known = this.entries.get(key);
    if (known !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, known);
      return known;
    }
    const unit = compile();
    this.entries.set(key, unit);
    if (this.entries.size > this.capacity) this.entries.delete(this.entries.keys().next().value!);
    return unit;
  }
}

function flags(options: UnitOptions): string {
  return `${options.mode ?? 'script'} ${options.trace === true} ${options.isCounting === true} ${options.name ?? ''}\n`;
}
