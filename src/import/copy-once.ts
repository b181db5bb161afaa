/**
 * Copies a file to its place exactly once, whatever dies in between.
 * Owns: the ledger of what was taken, the order of the steps.  Leaves: which file goes where (adoption.ts, drafts.ts).
 * Fails: RelayError naming source and target; nothing is lost, and doing it again goes on where it stopped.
 *
 * Steps: (1) copy to `Import/Staged/KEY`, durable; (2) write `Import/Taken/KEY`, durable: from here on the file counts as
 * taken; (3) rename the copy to its place. A crash before 2 leaves a copy that the next run makes anew; a crash between
 * 2 and 3 leaves copy and entry, and the next run renames; entry without copy means that 3 happened. So a file that the
 * service has taken out of Pickup meanwhile is never put there again.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Disk, RelayError, systemErrorCode, toRelayError, writeDurably } from '../base/index.ts';

const PIECE_BYTES = 64 * 1024;

export type Copy = {
  /** What makes this file the same one next time. */
  readonly identity: string;
  /** Only for words. */
  readonly source: string;
  readonly folder: string;
  /** The name wanted; another one is chosen when it is taken. */
  readonly name: string;
  readonly content: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
};

export type CopyResult = { readonly kind: 'copied' | 'finished' | 'taken-before'; readonly name: string };

export class CopyOnce {
  readonly #disk: Disk;
  readonly #staged: string;
  readonly #taken: string;

  /** `mailroot` is where the new folders lie. */
  constructor(disk: Disk, mailroot: string) {
    this.#disk = disk;
    this.#staged = join(mailroot, 'Import', 'Staged');
    this.#taken = join(mailroot, 'Import', 'Taken');
  }

  async prepare(): Promise<void> {
    try {
      await this.#disk.makeFolder(this.#staged);
      await this.#disk.makeFolder(this.#taken);
    } catch (thrown) {
      throw toRelayError(thrown, `creating ${this.#taken}`);
    }
  }

  /** Whether a file of this identity was taken, whatever became of it then. */
  async wasTaken(identity: string): Promise<boolean> {
    return this.#exists(join(this.#taken, keyOf(identity)));
  }

  async copy(copy: Copy): Promise<CopyResult> {
    const key = keyOf(copy.identity);
    try {
      const before = await this.#entry(key);
      if (before !== undefined) return await this.#finish(key, before);
      // What an earlier run left half-made is made anew.
      await this.#forget(join(this.#staged, `.mailroot-${key}`));
      await writeDurably(
        this.#disk,
        { folder: this.#staged, name: key, mode: 0o640, temporaryId: key },
        copy.content(),
      );
      const name = await this.#freeName(copy.folder, copy.name, key);
      const entry: Entry = { source: copy.source, folder: copy.folder, name };
      await this.#forget(join(this.#taken, `.mailroot-${key}`));
      await writeDurably(this.#disk, { folder: this.#taken, name: key, temporaryId: key }, [
        Buffer.from(`${JSON.stringify(entry)}\n`),
      ]);
      await this.#put(key, entry);
      return { kind: 'copied', name };
    } catch (thrown) {
      throw explain(thrown, copy);
    }
  }

  async #entry(key: string): Promise<Entry | undefined> {
    try {
      return JSON.parse((await this.#disk.readFile(join(this.#taken, key))).toString('utf8')) as Entry;
    } catch (thrown) {
      if (systemErrorCode(thrown) === 'ENOENT') return undefined;
      throw thrown;
    }
  }

  async #finish(key: string, entry: Entry): Promise<CopyResult> {
    const isStaged = await this.#exists(join(this.#staged, key));
    if (isStaged) await this.#put(key, entry);
    return { kind: isStaged ? 'finished' : 'taken-before', name: entry.name };
  }

  async #put(key: string, entry: Entry): Promise<void> {
    await this.#disk.rename(join(this.#staged, key), join(entry.folder, entry.name));
    await this.#disk.flushFolder(entry.folder);
    await this.#disk.flushFolder(this.#staged);
  }

  /** A rename replaces what has the name, so a name that is taken is never used. */
  async #freeName(folder: string, name: string, key: string): Promise<string> {
    if (!(await this.#exists(join(folder, name)))) return name;
    const dot = name.lastIndexOf('.');
    const [stem, suffix] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    return `${stem}-${key.slice(0, 8)}${suffix}`;
  }

  async #exists(path: string): Promise<boolean> {
    try {
      await this.#disk.stat(path);
      return true;
    } catch (thrown) {
      if (systemErrorCode(thrown) === 'ENOENT') return false;
      throw thrown;
    }
  }

  async #forget(path: string): Promise<void> {
    await this.#disk.unlink(path).catch((thrown: unknown) => {
      if (systemErrorCode(thrown) !== 'ENOENT') throw thrown;
    });
  }
}

function keyOf(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}

type Entry = { readonly source: string; readonly folder: string; readonly name: string };

function explain(thrown: unknown, { source, folder }: Copy): RelayError {
  const error = toRelayError(thrown, `taking over ${source} into ${folder}`, { source, folder });
  const cure =
    systemErrorCode(thrown) === 'EXDEV'
      ? ` ${folder} lies on another file system than the mailroot's Import folder; let both lie on one while you import.`
      : '';
  return new RelayError(error.code, error.message + cure, { fields: error.fields, cause: thrown });
}

/** The bytes of a file, in pieces, from `start` on. */
export async function* filePieces(disk: Disk, path: string, start = 0): AsyncGenerator<Uint8Array> {
  const file = await disk.openRead(path);
  try {
    let at = start;
    for (;;) {
      const piece = new Uint8Array(PIECE_BYTES);
      const read = await file.read(piece, at);
      if (read === 0) return;
      at += read;
      yield piece.subarray(0, read);
    }
  } finally {
    await file.close();
  }
}

/** The first `length` bytes of a file. */
export async function fileHead(disk: Disk, path: string, length: number): Promise<Buffer> {
  const file = await disk.openRead(path);
  try {
    const head = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const read = await file.read(head.subarray(done), done);
      if (read === 0) break;
      done += read;
    }
    return head.subarray(0, done);
  } finally {
    await file.close();
  }
}
