/**
 * Makes files durable in groups: written completely under temporary names by others, they are flushed, get their final names, and
 * each folder is flushed once for all of its files of the group.
 * Owns: the order (content flushed → final name → folder flushed), what joins a group, what is left after a failure.
 * Leaves: writing the files, what they mean, who waits for them.
 * Fails: a file's failure is its own result, the system's error as it came; nothing of it remains under either name.
 *
 * A file: queued → content flushed → named → folder flushed (kept), or failed at any step. Content is flushed before the final name
 * exists, so whatever has that name is whole, also after a power cut; the promise is kept when the folder was flushed, and not
 * before. Files whose name came while the folder was being flushed wait for its next flush: that one covers them all.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemErrorCode } from './errors.ts';

/** A file that is complete under its temporary name and closed. */
export type WrittenFile = { readonly temporary: string; readonly folder: string; readonly name: string };

/** Every step is a method, so a test can make any single one fail. They run beside the event loop. */
export interface GroupDisk {
  /** Returns when the content is on the disk. */
  flush(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  flushFolder(path: string): Promise<void>;
}

/** What became of a file: the system's error, or undefined: it is durable under its name. */
export type Kept = Error | undefined;

/** Flushes under way at once: they share commits of the file system's journal. Node has four threads for disk and names. */
const FLUSHES_AT_ONCE = 3;

/** One file on its way; `end` is called once, with what became of it. */
type Step = { readonly file: WrittenFile; readonly end: (kept: Kept) => void };

export class GroupCommit {
  readonly #disk: GroupDisk;
  /** Not flushed yet. */
  readonly #queue: Step[] = [];
  /** Files being flushed and named. */
  #flushing = 0;
  /** Folder → files that have their final name and wait for the folder's flush. */
  readonly #named = new Map<string, Step[]>();
  readonly #folders = new Set<string>();
  #open = 0;
  readonly #onIdle: (() => void)[] = [];
  /** Folders flushed, for tests and figures. */
  folderFlushes = 0;

  constructor(disk: GroupDisk = nodeGroupDisk) {
    this.#disk = disk;
  }

  /** Never rejects: the promise is kept with what became of the file. */
  commit(file: WrittenFile): Promise<Kept> {
    this.#open += 1;
    const { promise, resolve } = Promise.withResolvers<Kept>();
    this.#queue.push({ file, end: resolve });
    this.#flushMore();
    return promise;
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    if (this.#open === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #flushMore(): void {
    while (this.#flushing < FLUSHES_AT_ONCE && this.#queue.length > 0) {
      this.#flushing += 1;
      void this.#name(this.#queue.shift()!);
    }
  }

  async #name(step: Step): Promise<void> {
    const { temporary, folder, name } = step.file;
    const failure =
      (await failureOf(this.#disk.flush(temporary))) ??
      (await failureOf(this.#disk.rename(temporary, join(folder, name))));
    if (failure !== undefined) await failureOf(this.#disk.unlink(temporary));
    this.#flushing -= 1;
    this.#flushMore();
    if (failure !== undefined) this.#end(step, failure);
    else this.#together(folder).push(step);
    for (const waiting of this.#named.keys()) this.#flushFolder(waiting);
  }

  #together(folder: string): Step[] {
    const known = this.#named.get(folder);
    if (known !== undefined) return known;
    const made: Step[] = [];
    this.#named.set(folder, made);
    return made;
  }

  /** Begins when at least as many files wait for it as are still to come: those join the next. */
  #flushFolder(folder: string): void {
    const group = this.#named.get(folder);
    if (group === undefined || this.#folders.has(folder)) return;
    if (group.length < this.#queue.length + this.#flushing) return;
    this.#named.delete(folder);
    this.#folders.add(folder);
    void this.#keep(folder, group);
  }

  async #keep(folder: string, group: readonly Step[]): Promise<void> {
    const failure = await failureOf(this.#disk.flushFolder(folder));
    this.folderFlushes += 1;
    // Whoever hears of the failure will send again: what is still there is taken back.
    if (failure !== undefined)
      for (const { file } of group) await failureOf(this.#disk.unlink(join(folder, file.name)));
    for (const step of group) this.#end(step, failure);
    this.#folders.delete(folder);
    this.#flushFolder(folder);
  }

  #end(step: Step, kept: Kept): void {
    step.end(kept);
    this.#open -= 1;
    if (this.#open === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}

async function failureOf(work: Promise<void>): Promise<Kept> {
  try {
    await work;
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}

/** A name is looked up or changed in microseconds where the folder is near, and waking a thread for it takes longer than that. */
const QUICK_MS = 2;
/** After one that took longer, as in a folder of another machine, names are the threads' again for so long. */
const SLOW_FOR_MS = 60_000;

/** Does quick things here and slow ones in Node's threads, as the last of them turned out. */
export class HereOrBeside {
  readonly #now: () => number;
  #besideUntilMs = Number.NEGATIVE_INFINITY;

  /** `now`: monotonic milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  async run<Value>(here: () => Value, beside: () => Promise<Value>): Promise<Value> {
    const begun = this.#now();
    if (begun < this.#besideUntilMs) return beside();
    try {
      return here();
    } finally {
      const ended = this.#now();
      if (ended - begun > QUICK_MS) this.#besideUntilMs = ended + SLOW_FOR_MS;
    }
  }
}

const names = new HereOrBeside();
const openBeside = promisify(fs.open);
const flushContent = promisify(fs.fdatasync);
const flushNames = promisify(fs.fsync);

/** The machine's own file system. */
export const nodeGroupDisk: GroupDisk = {
  // Who flushes on Windows must be allowed to write.
  flush: (path) => flushed(path, 'r+', flushContent),
  rename: (from, to) =>
    names.run(
      () => fs.renameSync(from, to),
      () => fs.promises.rename(from, to),
    ),
  unlink: (path) => fs.promises.unlink(path),
  async flushFolder(path) {
    // As in disk.ts: Windows cannot open a folder for flushing, and who may only add files cannot open it either.
    if (process.platform === 'win32') return;
    try {
      await flushed(path, 'r', flushNames);
    } catch (thrown) {
      if (systemErrorCode(thrown) !== 'EACCES' || (thrown as NodeJS.ErrnoException).syscall !== 'open')
        throw thrown;
    }
  },
};

/** Opens, flushes, closes. */
async function flushed(path: string, mode: string, flush: (file: number) => Promise<void>): Promise<void> {
  const file = await names.run(
    () => fs.openSync(path, mode),
    () => openBeside(path, mode),
  );
  try {
    await flush(file);
  } finally {
    // Nothing is left to be written, so this does not wait for the disk.
    fs.closeSync(file);
  }
}
