/**
 * The disk port for callers that must have the answer before they return: objects in a script's thread.
 * Owns: the same durable write as disk.ts, step by step.  Leaves: what files mean.
 * Fails: throws the system's error as it came; the caller names the file and wraps it.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { TEMPORARY_PREFIX } from './disk.ts';
import { systemErrorCode } from './errors.ts';

/** Every step is a method, so a test can make any single one fail. */
export interface SyncDisk {
  openNew(path: string, mode?: number): number;
  write(file: number, bytes: Uint8Array): void;
  flush(file: number): void;
  close(file: number): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  flushFolder(path: string): void;
  readFile(path: string): Buffer;
  /** Writes a whole file, replacing one of that name or refusing (`EEXIST`). Not durable. */
  writeFile(path: string, bytes: Uint8Array, existing: 'replace' | 'refuse'): void;
  list(path: string): string[];
}

export const nodeSyncDisk: SyncDisk = {
  openNew: (path, mode = 0o600) => fs.openSync(path, 'wx', mode),
  write(file, bytes) {
    for (let done = 0; done < bytes.length; ) done += fs.writeSync(file, bytes, done);
  },
  flush: (file) => fs.fdatasyncSync(file),
  close: (file) => fs.closeSync(file),
  rename: (from, to) => fs.renameSync(from, to),
  unlink: (path) => fs.unlinkSync(path),
  flushFolder(path) {
    // Windows cannot open a folder for flushing; NTFS journals the rename itself.
    if (process.platform === 'win32') return;
    let folder: number;
    try {
      folder = fs.openSync(path, 'r');
    } catch (thrown) {
      // As in disk.ts: who may add files and not list them cannot open the folder.
      if (systemErrorCode(thrown) === 'EACCES') return;
      throw thrown;
    }
    try {
      fs.fsyncSync(folder);
    } finally {
      fs.closeSync(folder);
    }
  },
  readFile: (path) => fs.readFileSync(path),
  writeFile: (path, bytes, existing) =>
    fs.writeFileSync(path, bytes, { flag: existing === 'replace' ? 'w' : 'wx' }),
  list: (path) => fs.readdirSync(path),
};

/**
 * Writes `chunks` to `folder/name`: whole under its name or not there at all. `flush: 'no'` leaves the time of writing
 * to the operating system. On failure nothing remains and the system's error is thrown.
 */
export function writeDurablySync(
  disk: SyncDisk,
  target: {
    readonly folder: string;
    readonly name: string;
    readonly mode?: number;
    readonly temporaryId: string;
    readonly flush?: 'yes' | 'no';
  },
  chunks: Iterable<Uint8Array>,
): void {
  const temporary = join(target.folder, `${TEMPORARY_PREFIX}${target.temporaryId}`);
  const file = disk.openNew(temporary, target.mode);
  try {
    try {
      for (const chunk of chunks) disk.write(file, chunk);
      if (target.flush !== 'no') disk.flush(file);
    } finally {
      disk.close(file);
    }
    disk.rename(temporary, join(target.folder, target.name));
  } catch (failure) {
    try {
      disk.unlink(temporary);
    } catch {
      // The first failure is the one to report.
    }
    throw failure;
  }
  if (target.flush !== 'no') disk.flushFolder(target.folder);
}
