/**
 * The disk as the mail objects of a script see it: granted folders under Windows paths, nothing else.
 * Owns: the SyncDisk port over GrantedFiles.  Leaves: look-up and rights (objects), what is written (cdo).
 * Fails: throws errors with the machine's codes (ENOENT, EACCES, EEXIST …), as the port's users expect.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { AutomationError } from '../../automation/index.ts';
import {
  nodeSyncDisk,
  type SyncDisk,
  systemErrorCode,
  TEMPORARY_PREFIX,
  WRITING_FOLDER,
  type WrittenFile,
} from '../../base/index.ts';
import { runtimeError } from '../errors.ts';
import type { Flusher } from './flushes.ts';
import { type Location, visibleEntries } from './folder-map.ts';
import type { GrantedFiles } from './granted-files.ts';

const SYSTEM_CODE: Readonly<Record<number, string>> = {
  52: 'EINVAL',
  53: 'ENOENT',
  58: 'EEXIST',
  61: 'ENOSPC',
  67: 'EMFILE',
  70: 'EACCES',
  76: 'ENOENT',
};

export function confinedDisk(files: GrantedFiles, flusher: Flusher = nodeSyncDisk): SyncDisk {
  /** Files this run made itself: it may rename and remove them even where it may only create. */
  const made = new Set<string>();
  /** The same by the paths they were made under: what was located a moment ago is not located again. */
  const hosts = new Map<string, string>();

  const hostToCreate = (path: string, found?: Location): string => {
    const location = files.writable(path, found);
    if (location.kind !== 'free') throw systemError('EEXIST', path);
    return location.host;
  };
  const ownHost = (path: string): string => {
    const own = hosts.get(path);
    if (own !== undefined) return own;
    const location = files.locate(path);
    if (location.kind === 'file' && made.has(location.host)) return location.host;
    const writable = files.writable(path);
    if (writable.kind === 'free') throw systemError('ENOENT', path);
    return writable.host;
  };

  return {
    openNew: (path, mode) =>
      withSystemErrors(path, () => {
        const host = hostToCreate(path);
        const fd = nodeSyncDisk.openNew(host, mode);
        made.add(host);
        hosts.set(path, host);
        return fd;
      }),
    write: (file, bytes) => nodeSyncDisk.write(file, bytes),
    flush: (file) => flusher.flush(file),
    close: (file) => nodeSyncDisk.close(file),
    rename: (from, to) =>
      withSystemErrors(to, () => {
        const source = ownHost(from);
        const location = files.locate(to);
        const target =
          location.kind === 'file' && location.grant.access === 'write'
            ? location.host
            : hostToCreate(to, location);
        fs.renameSync(source, target);
        made.delete(source);
        made.add(target);
        hosts.delete(from);
        hosts.set(to, target);
      }),
    unlink: (path) =>
      withSystemErrors(path, () => {
        const host = ownHost(path);
        hosts.delete(path);
        fs.unlinkSync(host);
      }),
    flushFolder: (path) =>
      withSystemErrors(path, () => {
        const location = files.folder(path);
        if (location.kind === 'folder') flusher.flushFolder(location.host);
      }),
    readFile: (path) => withSystemErrors(path, () => files.readAll(path)),
    writeFile: (path, bytes, existing) => withSystemErrors(path, () => files.writeAll(path, bytes, existing)),
    list: (path) =>
      withSystemErrors(path, () => {
        const location = files.folder(path);
        if (location.kind === 'virtual') return files.map.mappedBelow(location.path);
        files.requireListing(location.grant);
        return visibleEntries(location).map((entry) => entry.name);
      }),
  };
}

/**
 * Writes a whole file under its temporary name into a folder where the script may create files, and closes it: the flush and the
 * final name are left to others. On failure nothing remains.
 */
export function writeUnflushed(
  files: GrantedFiles,
  target: { readonly folder: string; readonly name: string; readonly mode: number },
  chunks: Iterable<Uint8Array>,
): WrittenFile {
  const { folder: path, name, mode } = target;
  const folder = withSystemErrors(path, () => {
    const location = files.locateOwn(path);
    if (location.kind === 'forbidden') throw runtimeError(70);
    if (location.kind !== 'folder') throw runtimeError(76);
    if (location.grant.access === 'read') throw runtimeError(70);
    return location.host;
  });
  const { file, temporary } = openWriting(folder, name, mode);
  try {
    try {
      for (const chunk of chunks) nodeSyncDisk.write(file, chunk);
    } finally {
      nodeSyncDisk.close(file);
    }
  } catch (failure) {
    try {
      nodeSyncDisk.unlink(temporary);
    } catch {
      // The first failure is the one to report.
    }
    throw failure;
  }
  return { temporary, folder, name };
}

/** In the folder where files are written, or under a temporary name beside the others where there is none. */
function openWriting(folder: string, name: string, mode: number): { file: number; temporary: string } {
  const writing = writingFolder(folder);
  if (writing !== undefined) {
    const temporary = join(writing, name);
    try {
      return { file: nodeSyncDisk.openNew(temporary, mode), temporary };
    } catch (failure) {
      // Somebody removed it, or it is not ours any more.
      if (systemErrorCode(failure) !== 'ENOENT' && systemErrorCode(failure) !== 'EACCES') throw failure;
      writingFolders.delete(folder);
    }
  }
  const temporary = join(folder, TEMPORARY_PREFIX + name);
  return { file: nodeSyncDisk.openNew(temporary, mode), temporary };
}

/** Folder → where its files are written; undefined: among the others. What this thread has found. */
const writingFolders = new Map<string, string | undefined>();
const MOST_FOLDERS = 100;
const STALE_MS = 24 * 3_600_000;

/**
 * A folder of our own inside: who makes a file waits for everyone who names one in the same folder, and for its flush. Undefined where
 * we may not make it, or where somebody else has put something of that name.
 */
function writingFolder(folder: string): string | undefined {
  if (writingFolders.has(folder)) return writingFolders.get(folder);
  const path = join(folder, WRITING_FOLDER);
  let found: string | undefined;
  try {
    fs.mkdirSync(path, { recursive: true, mode: 0o700 });
    const facts = fs.lstatSync(path);
    const isOurs =
      process.getuid === undefined || (facts.uid === process.getuid() && (facts.mode & 0o22) === 0);
    if (isOurs && facts.isDirectory()) {
      found = path;
      removeStale(path);
    }
  } catch {
    // Without a right to make folders there, files are written among the others.
  }
  if (writingFolders.size >= MOST_FOLDERS) writingFolders.clear();
  writingFolders.set(folder, found);
  return found;
}

/** What a thread that was killed left; nobody was told that it was sent. */
function removeStale(folder: string): void {
  const before = Date.now() - STALE_MS;
  for (const name of fs.readdirSync(folder)) {
    const path = join(folder, name);
    const facts = fs.lstatSync(path, { throwIfNoEntry: false });
    if (facts?.isFile() && facts.mtimeMs < before) fs.rmSync(path, { force: true });
  }
}

function withSystemErrors<Value>(path: string, work: () => Value): Value {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof AutomationError)) throw thrown;
    throw systemError(SYSTEM_CODE[thrown.hresult & 0xffff] ?? 'EIO', path, thrown);
  }
}

function systemError(code: string, path: string, cause?: unknown): Error {
  return Object.assign(new Error(`${code}: ${path}`, cause === undefined ? undefined : { cause }), {
    code,
    path,
  });
}
