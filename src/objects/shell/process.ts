/**
 * Programs a script may start: the operations performed where waiting is allowed, and the command line as Windows splits it.
 * Owns: the allow-list, starting, reading, ending.  Leaves: the objects scripts hold (shell, exec).
 * Fails: a program that is not granted is 0x80070005; one that cannot start is 0x80070002.
 * Sources: doc "Parsing C++ command-line arguments"; doc "WshShell.Exec".
 */
import type { ChildProcess } from 'node:child_process';
import { AutomationError } from '../../automation/index.ts';

export const PROCESS_OPERATION = {
  start: 'process.start',
  read: 'process.read',
  write: 'process.write',
  state: 'process.state',
  wait: 'process.wait',
  terminate: 'process.terminate',
} as const;

export type ProcessStart = { readonly command: string };
export type ProcessState = { readonly pid: number; readonly isRunning: boolean; readonly exitCode: number };

export type ProcessPolicy = {
  /** Program name as scripts write it, without folder, in any case → the program on this machine. Nothing else runs. */
  readonly programs: Readonly<Record<string, string>>;
  /** The whole environment of a started program. */
  readonly variables: Readonly<Record<string, string>>;
};

/** Splits a command line as Windows programs do: quotes group, backslashes count only before a quote. */
export function splitCommandLine(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let isWord = false;
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]!;
    if (character === '\\') {
      let count = 1;
      while (line[at + count] === '\\') count += 1;
      const isBeforeQuote = line[at + count] === '"';
      word += '\\'.repeat(isBeforeQuote ? count >> 1 : count);
      isWord = true;
      at += count - 1;
      if (isBeforeQuote && count % 2 === 1) {
        word += '"';
        at += 1;
      }
    } else if (character === '"') {
      isQuoted = !isQuoted;
      isWord = true;
    } else if (!isQuoted && (character === ' ' || character === '\t')) {
      if (isWord) words.push(word);
      word = '';
      isWord = false;
    } else {
      word += character;
      isWord = true;
    }
  }
  if (isWord) words.push(word);
  return words;
}

type Started = {
  readonly child: ChildProcess;
  readonly output: Record<'stdout' | 'stderr', { chunks: Buffer[]; isEnded: boolean; wake: () => void }>;
  exitCode: number | undefined;
  readonly exited: Promise<void>;
};

/** The programs of one script run. */
export class ScriptProcesses {
  readonly #policy: ProcessPolicy;
  readonly #started = new Map<number, Started>();

  constructor(policy: ProcessPolicy) {
    this.#policy = policy;
  }

  /** Starts a granted program without any shell. */
  async start({ command }: ProcessStart): Promise<ProcessState> {
    const [program = '', ...args] = splitCommandLine(command);
    const name = program.replace(/^.*[\\/]/, '').toLowerCase();
    const granted = Object.entries(this.#policy.programs).find(([key]) => key.toLowerCase() === name)?.[1];
    if (granted === undefined) throw refusal(program);
    const { spawn } = await import('node:child_process');
    const child = spawn(granted, args, { env: { ...this.#policy.variables }, stdio: 'pipe', shell: false });
    const ends = { stdout: end(), stderr: end() };
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = child[name]!;
      stream.on('data', (chunk: Buffer) => {
        ends[name].chunks.push(chunk);
        ends[name].wake();
      });
      stream.on('close', () => {
        ends[name].isEnded = true;
        ends[name].wake();
      });
    }
    child.stdin?.on('error', () => {});
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', () =>
        reject(new AutomationError(0x8007_0002 | 0, 'The system cannot find the file specified.')),
      );
    });
    const started: Started = {
      child,
      output: ends,
      exitCode: undefined,
      exited: new Promise((resolve) => {
        child.once('exit', (code) => {
          started.exitCode = code ?? 1;
          resolve();
        });
      }),
    };
    this.#started.set(child.pid!, started);
    return { pid: child.pid!, isRunning: true, exitCode: 0 };
  }

  /** The next bytes of an output; undefined at its end. */
  async read({ pid, stream }: { pid: number; stream: 'stdout' | 'stderr' }): Promise<Uint8Array | undefined> {
    const output = this.#find(pid).output[stream];
    while (output.chunks.length === 0 && !output.isEnded)
      await new Promise<void>((resolve) => {
        output.wake = resolve;
      });
    const bytes = output.chunks.splice(0);
    return bytes.length === 0 ? undefined : new Uint8Array(Buffer.concat(bytes));
  }

  write({ pid, bytes, close }: { pid: number; bytes: Uint8Array; close: boolean }): void {
    const { stdin } = this.#find(pid).child;
    if (bytes.length > 0) stdin?.write(bytes);
    if (close) stdin?.end();
  }

  state({ pid }: { pid: number }): ProcessState {
    const { exitCode } = this.#find(pid);
    return { pid, isRunning: exitCode === undefined, exitCode: exitCode ?? 0 };
  }

  async wait({ pid }: { pid: number }): Promise<ProcessState> {
    await this.#find(pid).exited;
    return this.state({ pid });
  }

  terminate({ pid }: { pid: number }): void {
    this.#find(pid).child.kill();
  }

  /** Ends what still runs when the script has ended. */
  endAll(): void {
    for (const { child, exitCode } of this.#started.values()) if (exitCode === undefined) child.kill();
    this.#started.clear();
  }

  #find(pid: number): Started {
    const started = this.#started.get(pid);
    if (started === undefined) throw new AutomationError(0x8007_0057 | 0, 'The parameter is incorrect.');
    return started;
  }
}

function refusal(program: string): AutomationError {
  return new AutomationError(
    0x8007_0005 | 0,
    `Permission denied: scripts may not start '${program}'. Grant it with --allow-run NAME=PROGRAM.`,
  );
}

function end(): { chunks: Buffer[]; isEnded: boolean; wake: () => void } {
  return { chunks: [], isEnded: false, wake: () => {} };
}
