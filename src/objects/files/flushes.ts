/**
 * Flushes on behalf of threads that serve many at once: the thread waits without computing, so that another may go on, and one
 * flush of a folder serves all who asked for it before it began.
 * Owns: the operations and both ends of them.  Leaves: which files and folders there are (confined-disk).
 * Fails: with the system's error, as the flush itself does.
 */
import * as fs from 'node:fs';
import { promisify } from 'node:util';
import type { WaitingRoom } from '../../automation/index.ts';
import { nodeDisk, type SyncDisk } from '../../base/index.ts';

export type Flusher = Pick<SyncDisk, 'flush' | 'flushFolder'>;

/** request: the file's descriptor, which all threads of a process share · the folder's path on this machine. */
export const FLUSH_OPERATION = { file: 'disk.flush', folder: 'disk.flush-folder' } as const;

/** The thread's end. */
export function waitingFlusher(waiting: WaitingRoom): Flusher {
  return {
    flush: (file) => void waiting.waitFor(FLUSH_OPERATION.file, file),
    flushFolder: (path) => void waiting.waitFor(FLUSH_OPERATION.folder, path),
  };
}

const flushFile = promisify(fs.fdatasync);

/** The main thread's end, one for all threads. */
export class Flushes {
  readonly #flushFolder: (path: string) => Promise<void>;
  readonly #folders = new Map<string, { running: Promise<void>; next: Promise<void> | undefined }>();

  constructor(flushFolder: (path: string) => Promise<void> = nodeDisk.flushFolder) {
    this.#flushFolder = flushFolder;
  }

  /** undefined: the operation is none of these. */
  perform(operation: string, request: unknown): Promise<void> | undefined {
    if (operation === FLUSH_OPERATION.file) return flushFile(request as number);
    if (operation === FLUSH_OPERATION.folder) return this.folder(request as string);
    return undefined;
  }

  /** A flush that begins after this call. Those who ask while one runs share the one after it. */
  folder(path: string): Promise<void> {
    const turn = this.#folders.get(path);
    if (turn === undefined) return this.#begin(path);
    turn.next ??= turn.running.catch(() => {}).then(() => this.#begin(path));
    return turn.next;
  }

  #begin(path: string): Promise<void> {
    const turn = { running: this.#flushFolder(path), next: undefined };
    this.#folders.set(path, turn);
    const isLast = (): void => {
      if (turn.next === undefined && this.#folders.get(path) === turn) this.#folders.delete(path);
    };
    turn.running.then(isLast, isLast);
    return turn.running;
  }
}
