/**
 * Runs the real relay as a process of its own, as a user would: `mailroot start` with flags.
 * Owns: a scratch mailroot, the child, waiting for its banner, stopping it.  Leaves: what the test does with it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICE_ENVIRONMENT, SERVICE_FLAGS } from '../../bin/service-process.mjs';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

export class RelayProcess {
  readonly mailroot: string;
  readonly child: ChildProcess;
  #output = '';
  #waiting: (() => void)[] = [];
  readonly #isExited: Promise<unknown>;

  private constructor(mailroot: string, child: ChildProcess) {
    this.mailroot = mailroot;
    this.child = child;
    this.#isExited = once(child, 'exit');
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        for (const wake of this.#waiting.splice(0)) wake();
      });
    }
  }

  /** Everything it printed so far. */
  get output(): string {
    return this.#output;
  }

  get pickup(): string {
    return join(this.mailroot, 'Pickup');
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Starts a relay and waits until it says that it runs. Without `mailroot` it gets a new folder. */
  static async start(
    flags: readonly string[],
    mailroot = mkdtempSync(join(tmpdir(), 'mailroot-e2e-')),
    environment: Readonly<Record<string, string>> = {},
  ): Promise<RelayProcess> {
    const child = spawn(
      process.execPath,
      [...SERVICE_FLAGS, MAIN, 'start', '--mailroot', mailroot, ...flags],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        // As `npm start` sets it.
        env: { ...SERVICE_ENVIRONMENT, ...process.env, ...environment },
      },
    );
    const relay = new RelayProcess(mailroot, child);
    await relay.printed(/is running\./);
    return relay;
  }

  /** Waits until the output matches; fails with the output when the process ends first. */
  async printed(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#output)) {
      const more = new Promise<boolean>((resolve) => {
        this.#waiting.push(() => resolve(false));
      });
      if (await Promise.race([this.#isExited.then(() => true), more])) {
        throw new Error(`the relay ended before it printed ${pattern}:\n${this.#output}`);
      }
    }
  }

  /** The SMTP address it listens on, as printed in its banner. */
  get smtpPort(): number {
    const match = /SMTP\s+[^\n]*?127\.0\.0\.1:(\d+)/.exec(this.#output);
    if (match === null) throw new Error(`no SMTP port in:\n${this.#output}`);
    return Number(match[1]);
  }

  /** Runs a command of the CLI against this relay. */
  async command(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return runMailroot([...args, '--mailroot', this.mailroot]);
  }

  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.child.kill(signal);
    await this.#isExited;
  }

  /** Stops it gracefully and removes its folder. */
  async dispose(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
    rmSync(this.mailroot, { recursive: true, force: true });
  }
}

/** Runs `mailroot ARGS` to its end. `input` becomes its standard input. */
export async function runMailroot(
  args: readonly string[],
  options: { readonly input?: string; readonly program?: 'main' | 'sendmail'; readonly cwd?: string } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const script = join(import.meta.dirname, `../../src/cli/${options.program ?? 'main'}.ts`);
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, stdout, stderr };
}
