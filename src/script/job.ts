/**
 * What a script run is given and what comes of it, as plain data that crosses from thread to thread.
 * Owns: the types.  Leaves: running (run), the threads (pool, worker), printing (report).
 */
import type { DataSource, ScriptMachine } from '../objects/index.ts';
import type { ScriptCommandLine } from './switches.ts';

export type ScriptFolder = {
  /** As scripts write it: `C:\inetpub`. */
  readonly windows: string;
  /** The folder of this machine. */
  readonly folder: string;
  /** `create`: new files may be put there and nothing else, as in a pickup folder. */
  readonly access: 'read' | 'write' | 'create';
};

export type ScriptLimitSettings = {
  /** Longest run; undefined: no limit. */
  readonly timeMs: number | undefined;
  readonly callDepth: number;
  /** UTF-16 units written to the streams. */
  readonly outputLength: number;
  /** UTF-16 units of one string, elements of one array, and both summed over the run. */
  readonly stringLength: number;
  readonly arrayElements: number;
  readonly allocation: number;
  /** Loop turns and calls; absent: no limit. */
  readonly steps?: number;
};

/** One script to run. */
export type ScriptJob = {
  readonly source: string;
  readonly language: 'vbscript' | 'jscript' | 'wsf';
  /** How errors name the file. */
  readonly displayName: string;
  /** WScript.ScriptFullName, a Windows path. */
  readonly fullName: string;
  readonly arguments: readonly string[];
  /** The job of a .wsf file; undefined: the first. */
  readonly jobName: string | undefined;
  readonly folders: readonly ScriptFolder[];
  /** Where relative paths start, a Windows path. */
  readonly currentFolder: string;
  readonly machine: ScriptMachine;
  /** Old databases and their new homes, without user and password. */
  readonly dataSources?: readonly DataSource[];
  readonly limits: ScriptLimitSettings;
  /** LCID that texts, numbers and dates are written in. */
  readonly locale: number;
  /** `batch`: prompts and error texts are kept back. */
  readonly mode: 'interactive' | 'batch';
};

/** What the pool is asked to run: a job, or a command line that the thread makes a job of. */
export type ScriptOrder =
  | { readonly kind: 'job'; readonly job: ScriptJob }
  | {
      readonly kind: 'command';
      readonly line: ScriptCommandLine;
      readonly folder: string;
      readonly dataSources: readonly DataSource[];
    };

export type StreamName = 'output' | 'error';

/** A piece of what a script writes to its streams, on its way between threads. */
export type OutputPiece = { readonly stream: StreamName; readonly text: string };

/** An error as cscript prints it. */
export type ScriptProblem = {
  readonly file: string;
  /** 1-based; 0: unknown. */
  readonly line: number;
  readonly column: number;
  /** `Microsoft VBScript runtime error`, or the component that raised it. */
  readonly source: string;
  readonly description: string;
  readonly number: number;
};

export type ScriptOutcome =
  /** The script ended by itself or by WScript.Quit. */
  | { readonly kind: 'finished'; readonly exitCode: number }
  /** An error nobody trapped. */
  | { readonly kind: 'failed'; readonly problem: ScriptProblem; readonly exitCode: number }
  /** A limit ended it. */
  | {
      readonly kind: 'stopped';
      readonly limit: 'time' | 'output' | 'memory' | 'steps';
      readonly problem: ScriptProblem | undefined;
    }
  /** The command line asks for what cannot be: no such file, no such folder. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The thread died: our defect. */
  | { readonly kind: 'crashed'; readonly reason: string };

export const DEFAULT_LIMITS: ScriptLimitSettings = {
  timeMs: undefined,
  callDepth: 2000,
  outputLength: 64 * 1024 * 1024,
  stringLength: 64 * 1024 * 1024,
  arrayElements: 16 * 1024 * 1024,
  allocation: 1024 * 1024 * 1024,
};
