/**
 * Traces of pages in a folder: a bounded number of files, the oldest replaced first, as Failed Request Tracing keeps them.
 * Owns: whether a request is recorded, which ones are kept, names and number of files, traces asked for from outside.
 * Leaves: recording (the page), rules (rules), showing (text, freb, the command).
 * Fails: never towards a request; what cannot be written is an event, told once until writing works again.
 *
 * Asking from outside needs no connection: `mailroot trace asp next 5` leaves a file in the folder, which is looked at once a
 * second while requests come. Off, that is all a request costs: one comparison of the clock.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger } from '../../base/index.ts';
import type { PageTrace } from '../contract.ts';
import { fitsPath, mayApply, reasonOf, type TraceRule } from './rules.ts';
import { parseTrace, type StoredTrace, type TracedRequest, type TraceReason } from './stored-trace.ts';

export type TraceStoreOptions = {
  readonly folder: string;
  /** Most files kept. */
  readonly files: number;
  readonly rules: readonly TraceRule[];
  readonly clock: Clock;
  readonly log: Logger;
};

/** Files that Failed Request Tracing keeps, too. */
export const DEFAULT_TRACE_FILES = 50;

/** What the file in the folder asks for. */
export type TraceWish = { readonly requests: number; readonly path?: string };

/** Name of that file. */
export const WISH_FILE = 'next.json';

const LOOK_EVERY_MS = 1000;
/** Records beyond this much text are cut off: a file stays readable. */
const MAX_FILE_CHARACTERS = 8 * 1024 * 1024;
/** Traces that may wait to be written; the disk is slower than a page in a loop. */
const MAX_WAITING = 20;

const NAME = /^(fr(\d{6,9}))\.json$/;

export class TraceStore {
  readonly folder: string;
  readonly #options: TraceStoreOptions;
  /** Ids of files in the folder, oldest first. */
  readonly #ids: string[] = [];
  #lastNumber = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #wish: { left: number; readonly path: string | undefined; readonly stamp: string } | undefined;
  #writing: Promise<void> = Promise.resolve();
  #waiting = 0;
  #hasFailed = false;

  private constructor(options: TraceStoreOptions) {
    this.folder = options.folder;
    this.#options = options;
  }

  /** The folder is made with the first file; it may be absent. */
  static async open(options: TraceStoreOptions): Promise<TraceStore> {
    const store = new TraceStore(options);
    for (const { id, number } of await traceFiles(options.folder)) {
      store.#ids.push(id);
      store.#lastNumber = Math.max(store.#lastNumber, number);
    }
    await store.#look();
    return store;
  }

  /** Whether the request that now begins is to be recorded. */
  wants(path: string): boolean {
    const now = this.#options.clock.monotonicMs();
    if (now - this.#lookedAt >= LOOK_EVERY_MS) {
      this.#lookedAt = now;
      void this.#look();
    }
    return (
      (this.#wish !== undefined && fitsPath(this.#wish.path, path)) || mayApply(this.#options.rules, path)
    );
  }

  /** Takes the recording of a finished request; keeps it when a rule or a wish says so. */
  take(request: TracedRequest, trace: PageTrace): void {
    const reason = this.#reasonFor(request);
    if (reason === undefined) return;
    if (this.#waiting >= MAX_WAITING) {
      this.#failed('too many traces at once; this one was left out');
      return;
    }
    this.#waiting += 1;
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#write(request, reason, trace);
        this.#hasFailed = false;
      } catch (thrown) {
        this.#failed((thrown as Error).message);
      } finally {
        this.#waiting -= 1;
      }
    });
  }

  /** Resolves when everything taken is in the folder. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  #reasonFor(request: TracedRequest): TraceReason | undefined {
    const reason = reasonOf(this.#options.rules, request);
    const wish = this.#wish;
    if (wish === undefined || !fitsPath(wish.path, request.path)) return reason;
    wish.left -= 1;
    if (wish.left <= 0) {
      this.#wish = undefined;
      void rm(join(this.folder, WISH_FILE), { force: true });
    }
    return reason ?? 'REQUESTED';
  }

  async #write(request: TracedRequest, reason: TraceReason, trace: PageTrace): Promise<void> {
    this.#lastNumber += 1;
    const id = `fr${String(this.#lastNumber).padStart(6, '0')}`;
    const stored: StoredTrace = {
      format: 1,
      id,
      ...request,
      reason,
      activityId: randomUUID(),
      processId: process.pid,
      ...bounded(trace),
    };
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const file = join(this.folder, `${id}.json`);
    // What visitors sent is in it: for the operator's eyes.
    await writeFile(`${file}.tmp`, JSON.stringify(stored), { mode: 0o600 });
    await rename(`${file}.tmp`, file);
    this.#ids.push(id);
    while (this.#ids.length > this.#options.files)
      await rm(join(this.folder, `${this.#ids.shift()!}.json`), { force: true });
  }

  async #look(): Promise<void> {
    const file = join(this.folder, WISH_FILE);
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (this.#wish?.stamp === stamp) return;
      const { requests, path } = JSON.parse(await readFile(file, 'utf8')) as TraceWish;
      this.#wish = Number.isInteger(requests) && requests > 0 ? { left: requests, path, stamp } : undefined;
    } catch {
      // No such file: nothing is wished for. One that cannot be read will be whole at the next look.
      this.#wish = undefined;
    }
  }

  #failed(reason: string): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#options.log.event('warn', 'asp.trace-failed', { folder: this.folder, reason });
  }
}

function bounded(trace: PageTrace): PageTrace {
  let characters = 0;
  let kept = 0;
  for (const record of trace.records) {
    characters += JSON.stringify(record).length;
    if (characters > MAX_FILE_CHARACTERS) break;
    kept += 1;
  }
  const cut = trace.records.length - kept;
  return cut === 0
    ? { records: trace.records, dropped: trace.dropped }
    : { records: trace.records.slice(0, kept), dropped: trace.dropped + cut };
}

/** The files of a folder, oldest first; none when there is no such folder. */
export async function traceFiles(
  folder: string,
): Promise<readonly { readonly id: string; readonly number: number; readonly file: string }[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return [];
  }
  return names
    .map((name) => NAME.exec(name))
    .filter((match) => match !== null)
    .map((match) => ({ id: match[1]!, number: Number(match[2]), file: join(folder, match[0]) }))
    .sort((a, b) => a.number - b.number);
}

/** The traces of a folder, oldest first, and the files that are none. */
export async function readTraces(folder: string): Promise<{
  readonly traces: readonly StoredTrace[];
  readonly damaged: readonly { readonly file: string; readonly reason: string }[];
}> {
  const traces: StoredTrace[] = [];
  const damaged: { file: string; reason: string }[] = [];
  for (const { file } of await traceFiles(folder)) {
    try {
      const read = parseTrace(await readFile(file, 'utf8'));
      if (read.ok) traces.push(read.value);
      else damaged.push({ file, reason: read.reason });
    } catch (thrown) {
      // Replaced by a newer one while we looked.
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT')
        damaged.push({ file, reason: (thrown as Error).message });
    }
  }
  return { traces, damaged };
}

/** Asks the site that keeps its traces in `folder` for the next requests. */
export async function wishForTraces(folder: string, wish: TraceWish): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, WISH_FILE);
  await writeFile(`${file}.tmp`, JSON.stringify(wish), { mode: 0o600 });
  await rename(`${file}.tmp`, file);
}
