/**
 * The disk as the pickup folder uses it: synchronous, because it works on a thread of its own, where one system call after
 * the other costs a fifth of what promises cost.
 * Owns: the port, so that a test can make any single step fail, and its one real form.  Leaves: what files mean.
 * Fails: throws the system's error as it came.
 *
 * File names are byte strings: one character per byte (`latin1`), so that names which are not UTF-8 can be opened too.
 */
import * as fs from 'node:fs';
import { normalize } from 'node:path';

export type PickupFacts = {
  readonly bytes: number;
  /** Last change of the content and of the directory entry or rights, milliseconds since 1970 with fractions. */
  readonly modifiedAtMs: number;
  readonly changedAtMs: number;
  readonly isFile: boolean;
  readonly isFolder: boolean;
  readonly inode: number;
};

export type WatchEvent = 'appeared-or-vanished' | 'changed';

export interface PickupDisk {
  /** Opens for reading; never follows a symbolic link in the last step and never waits for a pipe's other end. */
  open(path: string): number;
  facts(handle: number): PickupFacts;
  /** Of the entry itself, not of what a link points to. */
  factsOf(path: string): PickupFacts;
  read(handle: number, into: Uint8Array, offset: number, length: number, position: number): number;
  close(handle: number): void;
  rename(from: string, to: string): void;
  /** Fails with EEXIST when `to` exists. */
  link(from: string, to: string): void;
  unlink(path: string): void;
  /** With its parents. `isPrivate`: for our account alone. */
  makeFolder(path: string, isPrivate: boolean): void;
  /** Names in the order of the file system. */
  list(path: string): Iterable<{ readonly name: string; readonly isFolder: boolean }>;
  watch(
    path: string,
    on: (event: WatchEvent, name: string | undefined) => void,
    failed: (error: unknown) => void,
  ): { close(): void };
}

/** An ordinary path as a byte string, to which names from `list` can be appended. */
export function bytePath(folder: string): string {
  return Buffer.from(normalize(folder).replace(/[\\/]+$/, '')).toString('latin1');
}

/** A byte string for people. */
export function shownName(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}

function real(path: string): string | Buffer {
  // Plain names, almost all of them, need no second form.
  return /^[\x00-\x7f]*$/.test(path) ? path : Buffer.from(path, 'latin1');
}

const OPEN_FLAGS = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0);

export const nodePickupDisk: PickupDisk = {
  open: (path) => fs.openSync(real(path), OPEN_FLAGS),
  facts: (handle) => factsFrom(fs.fstatSync(handle)),
  factsOf: (path) => factsFrom(fs.lstatSync(real(path))),
  read: (handle, into, offset, length, position) => fs.readSync(handle, into, offset, length, position),
  close: (handle) => fs.closeSync(handle),
  rename: (from, to) => fs.renameSync(real(from), real(to)),
  link: (from, to) => fs.linkSync(real(from), real(to)),
  unlink: (path) => fs.unlinkSync(real(path)),
  makeFolder: (path, isPrivate) => {
    fs.mkdirSync(real(path), { recursive: true, mode: isPrivate ? 0o700 : 0o777 });
  },
  *list(path) {
    const folder = fs.opendirSync(real(path) as string, {
      encoding: 'latin1' as BufferEncoding,
      bufferSize: 1024,
    });
    try {
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync())
        yield { name: entry.name, isFolder: entry.isDirectory() };
    } finally {
      folder.closeSync();
    }
  },
  watch(path, on, failed) {
    const watcher = fs.watch(real(path) as string, { encoding: 'latin1' as BufferEncoding }, (event, name) =>
      on(event === 'change' ? 'changed' : 'appeared-or-vanished', name ?? undefined),
    );
    watcher.on('error', failed);
    return watcher;
  },
};

function factsFrom(stats: fs.Stats): PickupFacts {
  return {
    bytes: stats.size,
    modifiedAtMs: stats.mtimeMs,
    changedAtMs: stats.ctimeMs,
    isFile: stats.isFile(),
    isFolder: stats.isDirectory(),
    inode: stats.ino,
  };
}
