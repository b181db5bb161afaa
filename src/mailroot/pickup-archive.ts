/**
 * Pickup/Archive of the Internet Mail Service: files of Pickup that are no messages, under their own names.
 * Owns: moving them there without replacing what lies there.  Leaves: deciding that a file is bad (intake).
 * There is no file with the reason beside it: the event says it. To send a file again, mend it and move it back to Pickup.
 * Fails: RelayError; the file is untouched, so the caller can try again.
 * Sources: KB 201314; KB 250441 (event 4164).
 */
import { basename, join } from 'node:path';
import { type Disk, type Logger, RelayError, systemErrorCode, toRelayError } from '../base/index.ts';
import type { BadmailSource } from './badmail.ts';
import type { BadmailRecord } from './badmail-format.ts';

export type PickupArchiveOptions = {
  readonly folder: string;
  readonly disk: Disk;
  readonly log: Logger;
};

export class PickupArchive {
  readonly #options: PickupArchiveOptions;

  constructor(options: PickupArchiveOptions) {
    this.#options = options;
  }

  async write(record: BadmailRecord, source: BadmailSource): Promise<void> {
    const { folder, disk, log } = this.#options;
    if (!('file' in source)) throw new RelayError('internal', 'The archive of Pickup takes files alone.');
    try {
      const name = await this.#freeName(record);
      await disk.rename(source.file, join(folder, name));
      await disk.flushFolder(folder);
      log.event('warn', 'pickup.archived', {
        messageId: record.id,
        file: record.fileName,
        archived: name,
        reasonClass: record.reasonClass,
        reason: record.detail,
        server: record.server,
      });
    } catch (failure) {
      throw toRelayError(failure, `moving a file to ${folder}`, { folder });
    }
  }

  /** Its own name; when that is taken, with the claim's id before it, which nothing else has. */
  async #freeName({ id, fileName }: BadmailRecord): Promise<string> {
    const { folder, disk } = this.#options;
    const own = basename(fileName ?? id);
    try {
      await disk.stat(join(folder, own));
    } catch (failure) {
      if (systemErrorCode(failure) === 'ENOENT') return own;
      throw failure;
    }
    return `${id}-${own}`.slice(0, 255);
  }
}
