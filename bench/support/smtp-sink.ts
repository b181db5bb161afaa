/**
 * Postfix's smtp-sink as the receiving end of a benchmark, with its own count of messages.
 * It writes the count to a file, which is looked at once a millisecond while somebody waits: reading every change from a pipe
 * would cost this process a tenth of what the relay costs, on the same cores.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, untilListening } from '../../test/support/ports.ts';

/** Longer than two of its lines. */
const TAIL_BYTES = 256;

export class SmtpSink {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #file: number;
  readonly #tail = Buffer.alloc(TAIL_BYTES);

  private constructor(port: number, child: ChildProcess, folder: string, file: number) {
    this.port = port;
    this.#child = child;
    this.#folder = folder;
    this.#file = file;
  }

  static async start(): Promise<SmtpSink> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'mailroot-sink-'));
    const file = openSync(join(folder, 'count'), 'a+');
    const root = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    // -c prints `sess=… quit=… mesg=…` after each change.
    const child = spawn('/usr/sbin/smtp-sink', [...root, '-c', `127.0.0.1:${port}`, '1024'], {
      stdio: ['ignore', file, 'ignore'],
    });
    await untilListening(port);
    return new SmtpSink(port, child, folder, file);
  }

  /** Messages received so far. */
  get messages(): number {
    const { size } = fstatSync(this.#file);
    const read = readSync(this.#file, this.#tail, 0, TAIL_BYTES, Math.max(0, size - TAIL_BYTES));
    const last = [...this.#tail.toString('latin1', 0, read).matchAll(/mesg=(\d+)\r/g)].at(-1);
    return last === undefined ? 0 : Number(last[1]);
  }

  /** Resolves when `count` messages have arrived in all. */
  async reached(count: number): Promise<void> {
    while (this.messages < count) await sleep(1);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
    closeSync(this.#file);
    rmSync(this.#folder, { recursive: true });
  }
}
