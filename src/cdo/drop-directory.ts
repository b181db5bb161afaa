/**
 * DropDirectory and Messages: the messages in a folder.
 * Owns: listing, opening on demand, deleting with the file.  Leaves: opening a message (message.ts).
 * Fails: CDO_E_NO_DEFAULT_DROP_DIR without a folder; a file that went away meanwhile is an error of that item alone.
 * Sources: reference A6.1. A snapshot: the names are read when the collection is made, sorted, and kept.
 */
import { join } from 'node:path';
import { CdoError, fileError } from './errors.ts';
import type { CdoHost } from './host.ts';
import { Message } from './message.ts';
import { standardHost } from './standard-host.ts';
import { ask, runAsync, type Steps } from './steps.ts';

const MESSAGE_FILE = /\.eml$/i;

export class DropDirectory {
  readonly host: CdoHost;

  constructor(host: CdoHost = standardHost()) {
    this.host = host;
  }

  /** The messages of a folder; without one, of the local service's drop folder. */
  getMessages(folder = ''): Promise<Messages> {
    return runAsync(this.getMessagesSteps(folder), this.host.perform);
  }

  *getMessagesSteps(folder = ''): Steps<Messages> {
    const path = folder === '' ? (this.host.defaults().dropFolder ?? '') : this.host.mapPath(folder);
    if (path === '')
      throw new CdoError('CDO_E_NO_DEFAULT_DROP_DIR', { source: SOURCE, hint: 'Give GetMessages a folder.' });
    let names: readonly string[];
    try {
      names = yield* ask('folder.list', { path });
    } catch (failure) {
      throw fileError(failure, path, 'ERROR_PATH_NOT_FOUND');
    }
    return new Messages(
      this.host,
      names
        .filter((name) => MESSAGE_FILE.test(name))
        .sort()
        .map((name) => join(path, name)),
    );
  }
}

const SOURCE = 'CDO.DropDirectory.1';

export class Messages implements AsyncIterable<Message> {
  readonly #host: CdoHost;
  /** Full paths, in the order of their names. */
  readonly #paths: string[];
  readonly #opened = new Map<string, Message>();

  constructor(host: CdoHost, paths: readonly string[]) {
    this.#host = host;
    this.#paths = [...paths];
  }

  get host(): CdoHost {
    return this.#host;
  }

  get count(): number {
    return this.#paths.length;
  }

  /** One-based. */
  item(index: number): Promise<Message> {
    return runAsync(this.itemSteps(index), this.#host.perform);
  }

  *itemSteps(index: number): Steps<Message> {
    const path = this.#path(index);
    const known = this.#opened.get(path);
    if (known !== undefined) return known;
    let bytes: Buffer;
    try {
      bytes = yield* ask('file.read', { path });
    } catch (failure) {
      throw fileError(failure, path);
    }
    const message = Message.from(bytes, { host: this.#host });
    this.#opened.set(path, message);
    return message;
  }

  /** The full path of the file of an item, by one-based index or by the message itself. */
  fileName(which: number | Message): string {
    return this.#path(this.#indexOf(which));
  }

  /** Deletes the item and its file; the ones behind move up. */
  delete(which: number | Message): Promise<void> {
    return runAsync(this.deleteSteps(which), this.#host.perform);
  }

  *deleteSteps(which: number | Message): Steps<void> {
    const index = this.#indexOf(which);
    const path = this.#path(index);
    try {
      yield* ask('file.delete', { path });
    } catch (failure) {
      throw fileError(failure, path);
    }
    this.#forget(path);
  }

  /** Deletes all items with their files; what cannot be deleted stays in the collection. */
  deleteAll(): Promise<void> {
    return runAsync(this.deleteAllSteps(), this.#host.perform);
  }

  *deleteAllSteps(): Steps<void> {
    const failed: string[] = [];
    for (const path of [...this.#paths]) {
      try {
        yield* ask('file.delete', { path });
        this.#forget(path);
      } catch (failure) {
        // A file that is gone already is as deleted as it can be.
        if (fileError(failure, path).code === 'ERROR_FILE_NOT_FOUND') this.#forget(path);
        else failed.push(path);
      }
    }
    if (failed.length > 0)
      throw new CdoError('CDO_E_NOT_ALL_DELETED', { source: SOURCE, hint: failed.slice(0, 3).join(', ') });
  }

  /** The paths at this moment: what a loop walks while items are deleted. */
  paths(): string[] {
    return [...this.#paths];
  }

  /** One-based; 0 when the item is gone. */
  indexOfPath(path: string): number {
    return this.#paths.indexOf(path) + 1;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Message> {
    for (const path of this.paths()) {
      const index = this.indexOfPath(path);
      if (index > 0) yield await this.item(index);
    }
  }

  #indexOf(which: number | Message): number {
    if (typeof which === 'number') return which;
    const path = [...this.#opened].find(([, message]) => message === which)?.[0];
    return path === undefined ? 0 : this.#paths.indexOf(path) + 1;
  }

  #path(index: number): string {
    const path = this.#paths[index - 1];
    if (path === undefined)
      throw new CdoError('DISP_E_BADINDEX', {
        source: SOURCE,
        hint: `There are ${this.count} messages; ${index} was asked for.`,
      });
    return path;
  }

  #forget(path: string): void {
    this.#paths.splice(this.#paths.indexOf(path), 1);
    this.#opened.delete(path);
  }
}
