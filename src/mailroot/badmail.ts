/**
 * The Badmail folder: what can be neither delivered nor returned, kept with its reason until its time is up.
 * Owns: writing triplets so that X.BAD never stands without its reason, list, show, replay, retention by age and size.
 * Leaves: deciding that something is bad (intake, outcome).
 * Fails: RelayError; nothing half-written remains and the source is untouched, so the caller can try again.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  type Clock,
  type Disk,
  type Logger,
  RelayError,
  systemErrorCode,
  toRelayError,
  writeDurably,
} from '../base/index.ts';
import { type BadmailRecord, formatProperties, formatReason, parseProperties } from './badmail-format.ts';
import { formatEnvelopeLines } from './envelope-lines.ts';
import { removeStaleTemporaries } from './layout.ts';

export type BadmailOptions = {
  readonly folder: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Logger;
};

/** Where the message's bytes come from: pieces, or a file that is moved and gone afterwards. */
export type BadmailSource =
  | { readonly chunks: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array> }
  | { readonly file: string };

export type BadmailEntry = {
  /** The name without extension; names the triplet in commands. */
  readonly name: string;
  readonly bytes: number;
  /** UTC milliseconds; of the .BAD file. */
  readonly modifiedAt: number;
  /** Absent for triplets of the old service. */
  readonly record?: BadmailRecord;
};

const SUFFIXES = ['.BDP', '.BDR', '.BAD'] as const;
/** A temporary file that nobody finished for a day belongs to a process that died. */
const STALE_AFTER_MS = 24 * 60 * 60 * 1000;
const PIECE_BYTES = 64 * 1024;
/** A .BDP larger than this was not written by us. */
const LARGEST_PROPERTIES = 16 * 1024 * 1024;

export class Badmail {
  readonly #options: BadmailOptions;

  constructor(options: BadmailOptions) {
    this.#options = options;
  }

  /** Writes the triplet; the .BAD last. Doing it again for the same name replaces it, so a retry makes no second copy. */
  async write(record: BadmailRecord, source: BadmailSource): Promise<void> {
    const { folder, log } = this.#options;
    const name = record.name ?? record.id;
    try {
      await this.#put(name, '.BDP', [Buffer.from(formatProperties(record))]);
      await this.#put(name, '.BDR', [Buffer.from(formatReason(record))]);
      if ('file' in source) await this.#moveIn(name, source.file);
      else await this.#put(name, '.BAD', source.chunks());
    } catch (failure) {
      for (const suffix of ['.BDP', '.BDR']) await this.#remove(name + suffix).catch(() => {});
      throw this.#explain(failure, `writing to the Badmail folder ${folder}`);
    }
    log.event('warn', 'badmail.written', {
      messageId: record.id,
      reasonClass: record.reasonClass,
      reason: record.detail,
      ...(record.fileName !== undefined && { file: record.fileName }),
    });
  }

  /** Newest first. Reads the whole folder; `limit` bounds what is kept and returned. */
  async list(limit = 1000): Promise<readonly BadmailEntry[]> {
    const found: { name: string; bytes: number; modifiedAt: number }[] = [];
    for await (const file of this.#bads()) {
      found.push(file);
      // Half of what was collected goes when it is twice too much: bounded memory, few sorts.
      if (found.length >= limit * 2 + 100) keepNewest(found, limit);
    }
    keepNewest(found, limit);
    return Promise.all(found.map((file) => this.#withRecord(file)));
  }

  /** The entry and its reason text; undefined when there is none of that name. */
  async show(name: string): Promise<(BadmailEntry & { readonly reason: string }) | undefined> {
    const file = await this.#find(name);
    if (file === undefined) return undefined;
    const { disk, folder } = this.#options;
    const reason = await disk.readFile(join(folder, `${file.stem}.BDR`)).catch(() => Buffer.alloc(0));
    return { ...(await this.#withRecord(file)), reason: reason.toString('utf8') };
  }

  /** The bytes of the bad message. */
  async *content(name: string): AsyncGenerator<Uint8Array> {
    const file = await this.#find(name);
    if (file === undefined)
      throw new RelayError('not-found', `Badmail holds no ${name}.`, { fields: { name } });
    yield* pieces(this.#options.disk, join(this.#options.folder, file.fileName));
  }

  /**
   * Puts the message into Pickup again, with its envelope when it is known, and removes the triplet. The pickup file is
   * complete before it appears. Returns the name of the pickup file.
   */
  async replay(name: string, pickupFolder: string): Promise<string> {
    const { disk, folder, log } = this.#options;
    const file = await this.#find(name);
    if (file === undefined)
      throw new RelayError('not-found', `Badmail holds no ${name}.`, { fields: { name } });
    const { record } = await this.#withRecord(file);
    const envelope = record?.envelope;
    const target = `${file.name}.eml`;
    const content = pieces(disk, join(folder, file.fileName));
    try {
      await writeDurably(
        disk,
        { folder: pickupFolder, name: target, temporaryId: `replay-${randomBytes(6).toString('hex')}` },
        (async function* () {
          if (envelope !== undefined) yield formatEnvelopeLines(envelope);
          yield* content;
        })(),
      );
    } catch (failure) {
      throw toRelayError(failure, `putting ${name} into ${pickupFolder}`, { folder: pickupFolder });
    }
    await this.#removeTriplet(file);
    log.event('info', 'badmail.replayed', { messageId: file.name, file: target });
    return target;
  }

  async delete(name: string): Promise<boolean> {
    const file = await this.#find(name);
    if (file === undefined) return false;
    await this.#removeTriplet(file);
    return true;
  }

  /** Removes what is older than `maxAgeMs`, then the oldest while all together exceed `maxBytes`. How many triplets went. */
  async sweep(keep: { readonly maxAgeMs?: number; readonly maxBytes?: number }): Promise<number> {
    const { clock, disk, folder, log } = this.#options;
    const now = clock.now();
    await removeStaleTemporaries(disk, folder, now - STALE_AFTER_MS);
    let files: BadFile[] = [];
    for await (const file of this.#bads()) files.push(file);
    files = files.sort((a, b) => a.modifiedAt - b.modifiedAt);
    let total = files.reduce((sum, file) => sum + file.bytes, 0);
    let removed = 0;
    for (const file of files) {
      const isOld = keep.maxAgeMs !== undefined && now - file.modifiedAt > keep.maxAgeMs;
      const isTooMuch = keep.maxBytes !== undefined && total > keep.maxBytes;
      if (!isOld && !isTooMuch) break;
      try {
        await this.#removeTriplet(file);
      } catch (failure) {
        const error = this.#explain(failure, 'removing old badmail');
        log.event('warn', 'badmail.sweep-failed', { code: error.code, reason: error.message });
        break;
      }
      total -= file.bytes;
      removed += 1;
    }
    if (removed > 0) log.event('info', 'badmail.swept', { removed, remaining: files.length - removed });
    return removed;
  }

  async #put(
    id: string,
    suffix: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> {
    const { disk, folder } = this.#options;
    // Not the id alone: a temporary file that a crash left must not stand in the way of the next try.
    const temporaryId = `${id}-${randomBytes(6).toString('hex')}${suffix}`;
    await writeDurably(disk, { folder, name: id + suffix, temporaryId }, chunks);
  }

  /** By rename where both lie on one file system; otherwise a durable copy, then the original goes. */
  async #moveIn(id: string, file: string): Promise<void> {
    const { disk, folder } = this.#options;
    try {
      await disk.rename(file, join(folder, `${id}.BAD`));
    } catch (failure) {
      if (systemErrorCode(failure) !== 'EXDEV') throw failure;
      await this.#put(id, '.BAD', pieces(disk, file));
      await disk.unlink(file);
      return;
    }
    await disk.flushFolder(folder);
  }

  async *#bads(): AsyncGenerator<BadFile> {
    const { disk, folder } = this.#options;
    try {
      for await (const { name, isFolder } of disk.list(folder)) {
        if (isFolder || name.startsWith('.') || !/\.bad$/i.test(name)) continue;
        const facts = await disk.stat(join(folder, name)).catch(() => undefined);
        if (facts === undefined) continue;
        const stem = name.slice(0, -4);
        yield { name: stem, stem, fileName: name, bytes: facts.bytes, modifiedAt: facts.modifiedAtMs };
      }
    } catch (failure) {
      throw this.#explain(failure, `reading the Badmail folder ${folder}`);
    }
  }

  /** By name with or without extension; never a path that leaves the folder. */
  async #find(name: string): Promise<BadFile | undefined> {
    const wanted = name.replace(/\.(bad|bdr|bdp)$/i, '').toLowerCase();
    for await (const file of this.#bads()) if (file.stem.toLowerCase() === wanted) return file;
    return undefined;
  }

  async #withRecord(file: Omit<BadmailEntry, 'record'>): Promise<BadmailEntry> {
    const { disk, folder } = this.#options;
    const { name, bytes, modifiedAt } = file;
    const path = join(folder, `${name}.BDP`);
    const facts = await disk.stat(path).catch(() => undefined);
    if (facts === undefined || facts.bytes > LARGEST_PROPERTIES) return { name, bytes, modifiedAt };
    const text = await disk.readFile(path).catch(() => Buffer.alloc(0));
    const record = parseProperties(text.toString('utf8'));
    return { name, bytes, modifiedAt, ...(record !== undefined && { record }) };
  }

  /** The .BAD first: a reason without its message is clutter, a message without its reason a riddle. */
  async #removeTriplet(file: BadFile): Promise<void> {
    await this.#remove(file.fileName);
    for (const suffix of SUFFIXES) {
      await this.#remove(file.stem + suffix);
      await this.#remove(file.stem + suffix.toLowerCase());
    }
  }

  async #remove(name: string): Promise<void> {
    const { disk, folder } = this.#options;
    try {
      await disk.unlink(join(folder, name));
    } catch (failure) {
      if (systemErrorCode(failure) !== 'ENOENT') throw failure;
    }
  }

  #explain(failure: unknown, doing: string): RelayError {
    const { folder } = this.#options;
    const error = toRelayError(failure, doing, { folder });
    if (error.code !== 'permission-denied') return error;
    return new RelayError(
      error.code,
      `${error.message} Give the service account the right to create and delete files in ${folder}.`,
      { fields: { folder }, cause: failure },
    );
  }
}

type BadFile = {
  readonly name: string;
  readonly stem: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly modifiedAt: number;
};

function keepNewest(files: { modifiedAt: number }[], limit: number): void {
  files.sort((a, b) => b.modifiedAt - a.modifiedAt);
  files.length = Math.min(files.length, limit);
}

/** A file in pieces; it is closed also when the reader stops early. */
export async function* pieces(disk: Disk, path: string): AsyncGenerator<Uint8Array> {
  const file = await disk.openRead(path);
  try {
    for (let position = 0; ; ) {
      const piece = new Uint8Array(PIECE_BYTES);
      const count = await file.read(piece, position);
      if (count === 0) return;
      position += count;
      yield piece.subarray(0, count);
    }
  } finally {
    await file.close();
  }
}
