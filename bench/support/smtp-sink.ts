/**
 * Postfix's smtp-sink as the receiving end of a benchmark, with its own count of messages.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { freePort, untilListening } from '../../test/support/ports.ts';

export class SmtpSink {
  readonly port: number;
  readonly #child: ChildProcess;
  #messages = 0;
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
    // -c prints `sess=… quit=… mesg=…` after each change.
    child.stdout!.setEncoding('latin1').on('data', (text: string) => {
      const last = [...text.matchAll(/mesg=(\d+)\r/g)].at(-1);
      if (last !== undefined) this.#messages = Number(last[1]);
      if (this.#waiting !== undefined && this.#messages >= this.#waiting.count) {
        this.#waiting.resolve();
        this.#waiting = undefined;
      }
    });
  }

  static async start(): Promise<SmtpSink> {
    const port = await freePort();
    const root = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    const child = spawn('/usr/sbin/smtp-sink', [...root, '-c', `127.0.0.1:${port}`, '1024'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await untilListening(port);
    return new SmtpSink(port, child);
  }

  /** Messages received so far. */
  get messages(): number {
    return this.#messages;
  }

  /** Resolves when `count` messages have arrived in all. */
  reached(count: number): Promise<void> {
    if (this.#messages >= count) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { count, resolve };
    });
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
