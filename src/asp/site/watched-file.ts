/**
 * A small file that is read again when it changes: web.config, a certificate.
 * Owns: noticing by size and times, every two seconds.  Leaves: what the file means.
 * Looking is cheap and works on every file system; watching by events does neither.
 */
import { readFile, stat } from 'node:fs/promises';
import type { Clock, Timer } from '../../base/index.ts';

const LOOK_EVERY_MS = 2000;

export class WatchedFile {
  readonly path: string;
  readonly #clock: Clock;
  #stamp = '';
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(path: string, clock: Clock) {
    this.path = path;
    this.#clock = clock;
  }

  /** Its bytes; undefined when there is no such file or it cannot be read. */
  async read(): Promise<Buffer | undefined> {
    this.#stamp = await this.#look();
    try {
      return await readFile(this.path);
    } catch {
      return undefined;
    }
  }

  /** Calls `changed` with the new bytes whenever the file is another one; undefined: it has gone. */
  watch(changed: (bytes: Buffer | undefined) => Promise<void>): void {
    if (this.#isStopped) return;
    this.#timer = this.#clock.setTimer(LOOK_EVERY_MS, () => {
      void (async () => {
        if ((await this.#look()) !== this.#stamp) await changed(await this.read());
        this.watch(changed);
      })();
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  async #look(): Promise<string> {
    try {
      const { mtimeMs, size, ino } = await stat(this.path);
      return `${mtimeMs} ${size} ${ino}`;
    } catch {
      return '';
    }
  }
}
