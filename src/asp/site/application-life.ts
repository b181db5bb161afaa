/**
 * When the application of a site restarts: its global.asa is another one.
 * Owns: noticing that, letting pages under way end, holding back those that come meanwhile, the text that was in force.
 * Leaves: what ends and begins (site).
 * Fails: never; a file that cannot be read counts as none.
 * Sources: doc "Global.asa reference: changing the file" (pages under way end, then sessions, then the application).
 *
 *   serving ──global.asa changed──► draining ──no page runs, or 30 s──► ending ──► serving
 *
 * deviates: pages that come while it drains and ends wait; they were refused.
 */
import { readFile } from 'node:fs/promises';
import type { Clock, Timer } from '../../base/index.ts';
import type { SiteFiles } from '../web/site-files.ts';

/** How often it is looked at while nobody asks for pages. */
const LOOK_EVERY_MS = 2000;
/** Pages look no more often than this. */
const LOOK_REST_MS = 500;
/** How long pages under way are waited for. */
const PATIENCE_MS = 30_000;

export type ApplicationLifeParts = {
  readonly files: Pick<SiteFiles, 'find'>;
  readonly clock: Clock;
  /** Ends sessions and application with the text that was in force; undefined: there was none. */
  readonly restart: (ended: Buffer | undefined) => Promise<void>;
};

type Found = { readonly stamp: string; readonly text: Buffer | undefined };

export class ApplicationLife {
  readonly #parts: ApplicationLifeParts;
  #known: Found;
  #lookedAt: number;
  #looking: Promise<void> | undefined;
  #restarting: Promise<void> | undefined;
  #running = 0;
  #onIdle: (() => void) | undefined;
  #timer: Timer | undefined;
  #isStopped = false;

  private constructor(parts: ApplicationLifeParts, known: Found) {
    this.#parts = parts;
    this.#known = known;
    this.#lookedAt = parts.clock.monotonicMs();
  }

  static async open(parts: ApplicationLifeParts): Promise<ApplicationLife> {
    const life = new ApplicationLife(parts, await find(parts.files, undefined));
    life.#lookLater();
    return life;
  }

  /** Before a page runs. A promise, when one is given, is to be waited for. Each `enter` is followed by one `leave`. */
  enter(): Promise<void> | undefined {
    const isLookDue = this.#parts.clock.monotonicMs() - this.#lookedAt >= LOOK_REST_MS;
    if (this.#restarting === undefined && !isLookDue) {
      this.#running += 1;
      return undefined;
    }
    return this.#enterLater();
  }

  leave(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#onIdle?.();
  }

  /** Resolves when a restart that has begun is over; none begins any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#looking;
    await this.#restarting;
  }

  async #enterLater(): Promise<void> {
    await this.#look();
    while (this.#restarting !== undefined) await this.#restarting;
    this.#running += 1;
  }

  #lookLater(): void {
    if (this.#isStopped) return;
    this.#timer = this.#parts.clock.setTimer(LOOK_EVERY_MS, () => {
      void this.#look().then(() => this.#lookLater());
    });
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookNow(): Promise<void> {
    this.#lookedAt = this.#parts.clock.monotonicMs();
    if (this.#isStopped || this.#restarting !== undefined) return;
    const before = this.#known;
    const now = await find(this.#parts.files, before);
    if (now.stamp === before.stamp || this.#isStopped) return;
    this.#known = now;
    // Written again with the same text, as copying a site does.
    if (now.text !== undefined && before.text !== undefined && now.text.equals(before.text)) return;
    this.#restarting = this.#restart(before.text).finally(() => {
      this.#restarting = undefined;
    });
  }

  async #restart(ended: Buffer | undefined): Promise<void> {
    if (this.#running > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onIdle = resolve;
      const timer = this.#parts.clock.setTimer(PATIENCE_MS, resolve);
      await promise;
      timer.cancel();
      this.#onIdle = undefined;
    }
    await this.#parts.restart(ended);
  }
}

async function find(files: Pick<SiteFiles, 'find'>, known: Found | undefined): Promise<Found> {
  const entry = await files.find('/global.asa');
  if (entry.kind !== 'file') return { stamp: '', text: undefined };
  const stamp = `${entry.modifiedAtMs} ${entry.bytes} ${entry.file}`;
  if (stamp === known?.stamp) return known;
  try {
    return { stamp, text: await readFile(entry.file) };
  } catch {
    return { stamp: '', text: undefined };
  }
}
