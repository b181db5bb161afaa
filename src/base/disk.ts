/**
 * The disk port, and the one way Mailroot makes a file durable.
 * Owns: write, flush, close, rename, flush the folder, in that order.  Leaves: what files mean (mailroot, queue).
 * Fails: throws the system's error as it came (`ENOSPC`, `EACCES` …); the caller names the file and wraps it.
 * Every step is a method of the port, so a test can make any single one fail.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from './errors.ts';

export type FileFacts = {
  readonly bytes: number;
  /** Last change of the content, milliseconds since 1970 with fractions. */
  readonly modifiedAtMs: number;
  readonly isFile: boolean;
  readonly isFolder: boolean;
  readonly inode: number;
};

/** An open file. Exactly one `close` per open, also after a failed step. */
export interface OpenFile {
  /** Writes all of `bytes` at the end of what was written so far. */
  write(bytes: Uint8Array): Promise<void>;
  /** Reads up to `into.length` bytes at `position`; 0 at the end of the file. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Returns when the content is on the disk (fdatasync). */
  flush(): Promise<void>;
  stat(): Promise<FileFacts>;
  close(): Promise<void>;
}

/** A file that is written in place. Exactly one `close` per open, also after a failed step. */
export interface JournalFile {
  /** Its size when it was opened. */
  readonly bytes: number;
  /** Writes all of `bytes` at `position`; returns when they are on the disk. One call at a time. */
  writeThrough(bytes: Uint8Array, position: number): Promise<void>;
  close(): Promise<void>;
}

export interface Disk {
  openNew(path: string, mode?: number): Promise<OpenFile>;
  openRead(path: string): Promise<OpenFile>;
  /** Opens a file that is written in place, and creates it when there is none. */
  openJournal(path: string, mode?: number): Promise<JournalFile>;
  readFile(path: string): Promise<Buffer>;
  stat(path: string): Promise<FileFacts>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Creates the folder and its parents; no error when it exists. */
  makeFolder(path: string): Promise<void>;
  /** Makes earlier renames and creations in the folder durable; nothing to do on platforms that cannot. */
  flushFolder(path: string): Promise<void>;
  /** Names in the folder in the order of the file system, read piecewise: a folder may hold millions. */
  list(path: string): AsyncIterable<{ readonly name: string; readonly isFolder: boolean }>;
}

/** The temporary name a file has until it is complete. Pickup and every scan leave names with this prefix alone. */
export const TEMPORARY_PREFIX = '.mailroot-';

/** A folder in a Pickup folder where pages of a site write their mail before it gets its name. */
export const WRITING_FOLDER = `${TEMPORARY_PREFIX}written`;

/**
 * Writes `chunks` to `folder/name` so that after the returned promise the file is whole and survives a power cut, and
 * at no moment exists under its name half-written. On failure nothing of it remains and the system's error is thrown.
 * An existing file of that name is replaced.
 */
export async function writeDurably(
  disk: Disk,
  target: {
    readonly folder: string;
    readonly name: string;
    readonly mode?: number;
    readonly temporaryId: string;
  },
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = join(target.folder, `${TEMPORARY_PREFIX}${target.temporaryId}`);
  const file = await disk.openNew(temporary, target.mode);
  try {
    try {
      for await (const chunk of chunks) await file.write(chunk);
      await file.flush();
    } finally {
      await file.close();
    }
    await disk.rename(temporary, join(target.folder, target.name));
  } catch (failure) {
    await disk.unlink(temporary).catch(() => {});
    throw failure;
  }
  await disk.flushFolder(target.folder);
}

/** The machine's own file system. */
export const nodeDisk: Disk = {
  async openNew(path, mode = 0o600) {
    return new NodeFile(await fs.promises.open(path, 'wx+', mode));
  },
  async openRead(path) {
    return new NodeFile(await fs.promises.open(path, 'r'));
  },
  async openJournal(path, mode = 0o600) {
    const { O_RDWR, O_CREAT } = fs.constants;
    const handle = await fs.promises.open(path, O_RDWR | O_CREAT | WRITE_THROUGH, mode);
    return new NodeJournalFile(handle, (await handle.stat()).size);
  },
  readFile: (path) => fs.promises.readFile(path),
  stat: async (path) => factsOf(await fs.promises.stat(path)),
  rename: (from, to) => fs.promises.rename(from, to),
  unlink: (path) => fs.promises.unlink(path),
  async makeFolder(path) {
    await fs.promises.mkdir(path, { recursive: true });
  },
  async flushFolder(path) {
    // Windows cannot open a folder for flushing; NTFS journals the rename itself.
    if (process.platform === 'win32') return;
    let folder: fs.promises.FileHandle;
    try {
      folder = await fs.promises.open(path, 'r');
    } catch (thrown) {
      // A program that may add files to Pickup and not list it cannot open the folder. The rename is in the journal.
      if (systemErrorCode(thrown) === 'EACCES') return;
      throw thrown;
    }
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  async *list(path) {
    for await (const entry of await fs.promises.opendir(path, { bufferSize: 1024 })) {
      yield { name: entry.name, isFolder: entry.isDirectory() };
    }
  },
};

class NodeFile implements OpenFile {
  readonly #handle: fs.promises.FileHandle;

  constructor(handle: fs.promises.FileHandle) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done);
      done += bytesWritten;
    }
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.read(into, 0, into.length, position)).bytesRead;
  }

  flush(): Promise<void> {
    return this.#handle.datasync();
  }

  async stat(): Promise<FileFacts> {
    return factsOf(await this.#handle.stat());
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** One call of the system instead of two: each write returns when it is on the disk. 0 where the platform has no such flag. */
const WRITE_THROUGH = fs.constants.O_DSYNC ?? 0;

class NodeJournalFile implements JournalFile {
  readonly bytes: number;
  readonly #handle: fs.promises.FileHandle;

  constructor(handle: fs.promises.FileHandle, bytes: number) {
    this.#handle = handle;
    this.bytes = bytes;
  }

  // With callbacks: this runs for each handful of messages, and a promise of Node's costs as much as the checksum of one.
  writeThrough(bytes: Uint8Array, position: number): Promise<void> {
    const { fd } = this.#handle;
    return new Promise((resolve, reject) => {
      const end = (failure: Error | null): void => {
        if (failure === null) resolve();
        else reject(failure);
      };
      const writeFrom = (done: number): void => {
        fs.write(fd, bytes, done, bytes.length - done, position + done, (failure, written) => {
          if (failure === null && done + written < bytes.length) writeFrom(done + written);
          else if (failure !== null || WRITE_THROUGH !== 0) end(failure);
          else fs.fdatasync(fd, end);
        });
      };
      writeFrom(0);
    });
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

function factsOf(stats: fs.Stats): FileFacts {
  return {
    bytes: stats.size,
    modifiedAtMs: stats.mtimeMs,
    isFile: stats.isFile(),
    isFolder: stats.isDirectory(),
    inode: stats.ino,
  };
}
