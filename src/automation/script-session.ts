/**
 * The words of the embedding API that all script engines share: options, limits, positions, trace events, the session.
 * Owns: types only.  Leaves: compiling and running (vbscript, jscript), the errors (`script-error.ts`).
 */
import type { AutomationObject } from './object.ts';
import type { ScriptError } from './script-error.ts';
import type { AutomationArgument, AutomationValue } from './value.ts';

/** A place in a script: the file that holds the line, both numbers 1-based. Column 0: unknown. */
export type SourcePosition = { readonly file: string; readonly line: number; readonly column: number };

/** Where a line of an assembled page came from. */
export type LineOrigin = { readonly file: string; readonly line: number };

export type CompileOptions = {
  /** File name for errors and traces. Default `''`. */
  readonly name?: string;
  /** For pages assembled of several files: the origin of each line (1-based) of the source given. */
  readonly origin?: (line: number) => LineOrigin;
  /** Compiles the variant that reports to the session's trace listener. Default false: no trace code at all. */
  readonly trace?: boolean;
  /** Called now and then while a long source is read and compiled; what it throws ends that. A session gives its own limits. */
  readonly onProgress?: () => void;
};

/** What a session may use. Times in milliseconds; `undefined` means the default, `Infinity` no limit. */
export type ScriptLimits = {
  /**
   * Longest run of one `run`, `call` or `evaluate`, before ScriptAbort 'timeout'. Default 90 000. Read each time an engine looks
   * at the clock, so a host may give a getter and change the limit while a script runs (Server.ScriptTimeout).
   */
  readonly timeMs?: number;
  /** Most loop turns and procedure calls in the same, before ScriptAbort 'steps'. Default Infinity. */
  readonly steps?: number;
  /** Deepest nesting of procedure calls, then error 28. Default 2 000. */
  readonly callDepth?: number;
  /** Longest string in UTF-16 units, then error 14. Default 64 Mi. */
  readonly stringLength?: number;
  /** Most elements of one array, then error 7. Default 16 Mi. */
  readonly arrayElements?: number;
  /** Elements of all arrays and units of all strings created by Space, String, ReDim and the like; then error 7. Default 1 Gi. */
  readonly allocation?: number;
  /** Most units that the host may report through `countOutput`, before ScriptAbort 'output'. Default 64 Mi. */
  readonly outputLength?: number;
  /**
   * Asked before something of so many bytes is made, and now and then with 0: true means that there is no room for it, which is
   * error 7. Absent: memory is bounded by the limits above alone.
   */
  readonly isMemoryFull?: MemoryWatch;
};

/** Says whether memory is full for so many bytes more. */
export type MemoryWatch = {
  (bytes: number): boolean;
  /**
   * Four bytes that somebody outside the thread sets to 0 every few milliseconds while it runs: an engine that counts turns of loops
   * in them looks at the memory in time, however much one turn makes.
   */
  readonly turns?: SharedArrayBuffer;
};

/** How a member of an object was used, for the trace. */
export type TracedCall = {
  /** What TypeName says of the object, or the ProgID given to CreateObject. */
  readonly object: string;
  /** Member as written in the script; empty for the default member; `CreateObject` or `GetObject` for creations. */
  readonly member: string;
  readonly kind: 'get' | 'call' | 'put' | 'putref' | 'create';
  readonly args: readonly AutomationValue[];
  /** The value returned; absent when the call failed. */
  readonly result?: AutomationValue;
  readonly error?: ScriptError;
  readonly elapsedMs: number;
};

/** Listens to scripts that were compiled with `trace`. Every method is optional. */
export type TraceListener = {
  /** Before each statement. */
  readonly line?: (at: SourcePosition) => void;
  /** The value of a condition (If, ElseIf, While, Until) or of Select Case's subject. */
  readonly condition?: (at: SourcePosition, value: AutomationValue) => void;
  /** After a member of a host object was used. */
  readonly call?: (at: SourcePosition, call: TracedCall) => void;
  /** An error was raised, trapped or not. */
  readonly error?: (at: SourcePosition, error: ScriptError) => void;
};

/** What the functions MsgBox, InputBox, CreateObject and their like ask of the host. Absent: error 429, 438 or a silent default. */
export type SessionHost = {
  /** Creates the object of a ProgID. Throws AutomationError; `undefined` means no such class (429). */
  readonly createObject?: (progId: string, server: string | undefined) => AutomationObject | undefined;
  readonly getObject?: (path: string | undefined, progId: string | undefined) => AutomationObject | undefined;
  /** The host itself calls `release` of the objects it created; the session does not at its end. */
  readonly keepsObjects?: boolean;
  /** Returns the button. Absent: MsgBox answers 1 (OK). */
  readonly messageBox?: (text: string, buttons: number, title: string | undefined) => number;
  /** Returns the text, or `undefined` for Cancel. Absent: InputBox answers Empty. */
  readonly inputBox?: (prompt: string, title: string | undefined, preset: string) => string | undefined;
};

export type SessionOptions = {
  readonly host?: SessionHost;
  readonly limits?: ScriptLimits;
  readonly trace?: TraceListener;
  /** LCID that the session starts with. Default 1033. */
  readonly locale?: number;
  /** The wall clock, read for Now, Date, Time, Timer and the time limit. Default `() => new Date()`. */
  readonly now?: () => Date;
  /** Told of each throw that is no error of scripts: a defect of the engine or of an object. The script sees 51 or 440. */
  readonly onDefect?: (thrown: unknown) => void;
};

/** A compiled script; holds no state of a run and may be run in any number of sessions. */
export interface CompiledScript {
  readonly name: string;
  /** Names of the procedures declared at script level, as written. */
  readonly procedures: readonly string[];
}

/** A procedure value, from GetRef or `procedure()`; callable by the host and, through the default member, by scripts. */
export interface ScriptProcedure extends AutomationObject {
  readonly procedureName: string;
  call(args: readonly AutomationArgument[]): AutomationValue;
}

/**
 * One global scope: variables, procedures, classes, host objects, Err, the random sequence, the locale. Errors of scripts
 * come out as ScriptError, limits as ScriptAbort, and what a host object throws to end the script (ScriptExit) as itself.
 */
export interface ScriptSession {
  /** Makes `object` a global name. `members` also makes its members global, as `Response` of an embedding page may want. */
  addObject(name: string, object: AutomationObject, options?: { readonly members?: boolean }): void;
  /** Adds read-only global constants, as a type library does. Names in any case. */
  addConstants(constants: Readonly<Record<string, AutomationValue>>): void;
  /** Compiles (through the session's cache) and runs at script level. Declarations stay for what runs later. */
  run(script: CompiledScript | string, options?: CompileOptions): void;
  /** True when a Sub or Function of this name exists at script level. */
  hasProcedure(name: string): boolean;
  /** Names of the procedures that scripts declared at script level, as written. */
  readonly procedureNames: readonly string[];
  /** Calls a Sub or Function of script level; its result, or Empty. Error 13 when there is none of this name. */
  call(name: string, args?: readonly AutomationArgument[]): AutomationValue;
  /** What GetRef gives for `name`, or `undefined`. */
  procedure(name: string): ScriptProcedure | undefined;
  /** The value of an expression in the global scope. */
  evaluate(expression: string): AutomationValue;
  /** A global variable; `undefined` (Empty) when there is none. */
  getVariable(name: string): AutomationValue;
  setVariable(name: string, value: AutomationValue): void;
  /** Counts output against `limits.outputLength`; throws ScriptAbort 'output'. Hosts call it before they write. */
  countOutput(length: number): void;
  /** The locale in use, as Get/SetLocale see it. */
  locale: number;
  /** Where the script is now: for hosts that log from inside a member. */
  readonly position: SourcePosition;
  /** How this session's locale writes a value as text: what Response.Write and WScript.Echo show. Error 13 for arrays and objects without a default. */
  toText(value: AutomationValue): string;
  /** Runs the outstanding Class_Terminate procedures, then calls `release` of objects that CreateObject made. Call it once, last. */
  end(): void;
}
