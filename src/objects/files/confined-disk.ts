/**
 * The disk as the mail objects of a script see it: granted folders under Windows paths, nothing else.
 * Owns: the SyncDisk port over GrantedFiles.  Leaves: look-up and rights (objects), what is written (cdo).
 * Fails: throws errors with the machine's codes (ENOENT, EACCES, EEXIST …), as the port's users expect.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { AutomationError } from '../../automation/index.ts';
import { nodeSyncDisk, type SyncDisk, TEMPORARY_PREFIX, type WrittenFile } from '../../base/index.ts';
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
  const temporary = join(folder, TEMPORARY_PREFIX + name);
  const file = nodeSyncDisk.openNew(temporary, mode);
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
