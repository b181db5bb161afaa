/**
 * The journal: a few files in the Queue folder that batches are appended to, each with one write that goes through to the disk.
 * Owns: the files, where the next batch goes, generations, reading everything back at start.
 * Leaves: what a batch says (journal-records), when a file may be written over (journaled-store).
 * Fails: `append` and `open` reject with the system's error as it came. After a failed `append` the journal must not be used until
 * `startOver`: what the disk holds behind the last batch is unknown.
 *
 * A file that is written over keeps its blocks, so that nothing but the batch goes to the disk: no sizes, no allocation. That is what
 * makes it quicker than a log that grows.
 */
import { join } from 'node:path';
import { type Disk, type JournalFile, systemErrorCode } from '../base/index.ts';
import {
  BLOCK_BYTES,
  type JournalBatch,
  type JournalReading,
  readBatches,
  roomForBatch,
  writeBatch,
} from './journal-batch.ts';
import type { QueueMoment } from './queue-time.ts';

/** A file this large is followed by the next. One batch may be larger by itself. */
const FILE_BYTES = 16 * 1024 * 1024;
const MOST_FILES = 4;
/**
 * A file grows by this much at a time, filled with zeros: a write that changes the size of a file waits for the file system's own
 * journal as well.
 */
const GROWTH_BYTES = 1024 * 1024;
const LARGEST_KEPT_BUFFER = 1024 * 1024;

type Place = {
  readonly path: string;
  open: JournalFile | undefined;
  /** The generation of its batches; undefined: it holds nothing that is needed. */
  generation: number | undefined;
  end: number;
  /** The size of the file. */
  bytes: number;
  batches: number;
};

export type JournalFound = {
  /** In the order in which they were written. */
  readonly batches: readonly JournalBatch[];
  readonly damaged: readonly { readonly file: string; readonly at: number }[];
  /** Files of another queue's journal. */
  readonly foreign: readonly string[];
};

export class Journal {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #key: Buffer;
  readonly #fileBytes: number;
  readonly #files: Place[];
  #current: Place | undefined;
  #nextGeneration = 1;
  #buffer = Buffer.alloc(0);

  /** `key`: eight random bytes that the database of this queue keeps. */
  constructor(folder: string, disk: Disk, key: Buffer, fileBytes = FILE_BYTES) {
    this.#folder = folder;
    this.#disk = disk;
    this.#key = key;
    this.#fileBytes = fileBytes;
    this.#files = Array.from({ length: MOST_FILES }, (_, index) => ({
      path: join(folder, `queue.journal-${index + 1}`),
      open: undefined,
      generation: undefined,
      end: 0,
      bytes: 0,
      batches: 0,
    }));
  }

  /** The generation that the next file begins with: every batch so far has a smaller one. */
  get nextGeneration(): number {
    return this.#nextGeneration;
  }

  /** The oldest generation whose file is full and not released yet. */
  get oldestFull(): number | undefined {
    let oldest: number | undefined;
    for (const { generation } of this.#files) {
      if (generation === undefined || generation === this.#current?.generation) continue;
      oldest = Math.min(oldest ?? Infinity, generation);
    }
    return oldest;
  }

  get isEmpty(): boolean {
    return this.#files.every(({ generation }) => generation === undefined);
  }

  /**
   * Reads what an earlier process left, generations below `floor` excepted, and changes nothing: it can be read again until all of it
   * is safe elsewhere, which it must be before the first `append`. Damaged and foreign files are for `keepAside` then.
   */
  async read(floor: number): Promise<JournalFound> {
    this.#nextGeneration = Math.max(floor, 1);
    const readings: JournalReading[] = [];
    const damaged: { file: string; at: number }[] = [];
    const foreign: string[] = [];
    for (const { path } of this.#files) {
      const reading = readBatches(await this.#content(path), this.#key);
      if (reading.isForeign) foreign.push(path);
      if (reading.generation === undefined || reading.generation < floor) continue;
      readings.push(reading);
      this.#nextGeneration = Math.max(this.#nextGeneration, reading.generation + 1);
      for (const at of reading.damagedAt) damaged.push({ file: path, at });
    }
    readings.sort((one, other) => one.generation! - other.generation!);
    return { batches: readings.flatMap(({ batches }) => batches), damaged, foreign };
  }

  /** Gives a file another name, so that nothing is written over it; the name. */
  async keepAside(path: string, why: 'damaged' | 'foreign'): Promise<string> {
    const name = await this.#freeName(`${path}.${why}`);
    await this.#disk.rename(path, name);
    return name;
  }

  /**
   * Makes a batch durable; the generation it belongs to. undefined: all files hold what is still needed, nothing was written.
   * One call at a time.
   */
  async append(
    moment: QueueMoment,
    text: string,
    bodies: readonly Uint8Array[],
  ): Promise<number | undefined> {
    let bodyBytes = 0;
    for (const body of bodies) bodyBytes += body.length;
    const room = roomForBatch(text, bodyBytes);
    const file = this.#fileFor(room);
    if (file === undefined) return undefined;
    const generation = file.generation!;
    const buffer = this.#bufferOf(room);
    const place = { key: this.#key, generation, number: file.batches };
    const length = writeBatch(buffer, place, moment, text, bodies);
    if (file.open === undefined) {
      file.open = await this.#openFile(file.path);
      file.bytes = file.open.bytes;
    }
    await file.open.writeThrough(this.#grown(file, buffer.subarray(0, length)), file.end);
    file.bytes = Math.max(file.bytes, file.end + length);
    file.end += length;
    file.batches += 1;
    return generation;
  }

  /** The batches of this generation and of older ones are needed no more. */
  release(generation: number): void {
    for (const file of this.#files)
      if (file.generation !== undefined && file.generation <= generation && file !== this.#current)
        file.generation = undefined;
  }

  /** Nothing of what was appended is needed any more: the next batch begins a file. */
  startOver(): void {
    this.#current = undefined;
    for (const file of this.#files) file.generation = undefined;
  }

  /** Closes the files. `isNeeded` keeps them for the next start; otherwise they are removed. */
  async close(isNeeded: boolean): Promise<void> {
    for (const file of this.#files) {
      const { open } = file;
      file.open = undefined;
      await open?.close();
      // What cannot be removed holds only what the next start passes over.
      if (!isNeeded) await this.#disk.unlink(file.path).catch(() => {});
    }
  }

  #fileFor(room: number): Place | undefined {
    const current = this.#current;
    if (current !== undefined && current.end + room <= this.#fileBytes) return current;
    const next = this.#files.find(({ generation }) => generation === undefined);
    if (next === undefined) return undefined;
    next.generation = this.#nextGeneration;
    next.end = 0;
    next.batches = 0;
    this.#nextGeneration += 1;
    this.#current = next;
    return next;
  }

  /** The batch; when it reaches beyond the file, with zeros behind it. */
  #grown(file: Place, batch: Buffer): Buffer {
    const end = file.end + batch.length;
    if (end <= file.bytes || end >= this.#fileBytes) return batch;
    const bytes = Math.min(Math.ceil(end / GROWTH_BYTES) * GROWTH_BYTES, this.#fileBytes);
    file.bytes = bytes;
    return Buffer.concat([batch], bytes - file.end);
  }

  async #openFile(path: string): Promise<JournalFile> {
    const file = await this.#disk.openJournal(path);
    // Its name must be there after a power cut as well.
    await this.#disk.flushFolder(this.#folder);
    return file;
  }

  #bufferOf(bytes: number): Buffer {
    if (this.#buffer.length >= bytes) return this.#buffer;
    const buffer = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(Math.max(bytes, 16 * BLOCK_BYTES))));
    if (buffer.length <= LARGEST_KEPT_BUFFER) this.#buffer = buffer;
    return buffer;
  }

  /** A name like `path` that nothing has. */
  async #freeName(path: string): Promise<string> {
    for (let count = 1; ; count += 1) {
      const name = `${path}-${count}`;
      try {
        await this.#disk.stat(name);
      } catch (failure) {
        if (systemErrorCode(failure) === 'ENOENT') return name;
        throw failure;
      }
    }
  }

  async #content(path: string): Promise<Buffer> {
    try {
      return await this.#disk.readFile(path);
    } catch (failure) {
      if (systemErrorCode(failure) === 'ENOENT') return Buffer.alloc(0);
      throw failure;
    }
  }
}
