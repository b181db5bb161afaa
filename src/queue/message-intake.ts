/**
 * One message on its way into the queue.
 * Owns: collecting the body, small in memory, large streamed to a file that is flushed before the commit.
 * Leaves: the commit itself (queue).  Fails: RelayError; after a failed write or commit nothing of the message remains.
 */
import { type Disk, type OpenFile, RelayError, toRelayError } from '../base/index.ts';
import type { Recipient } from '../envelope/index.ts';
import { bodyPath } from './body.ts';
import type { Accepted, MessageDraft, MessageIntake } from './contract.ts';

export type Collected = {
  readonly id: string;
  readonly draft: MessageDraft;
  readonly recipients: readonly Recipient[];
  readonly bytes: number;
  /** undefined: the body is in its file, flushed. */
  readonly body: Uint8Array | undefined;
};

export type IntakePorts = {
  readonly disk: Disk;
  readonly folder: string;
  readonly smallBodyBytes: number;
  /** Makes the collected message durable. Rejects with RelayError. */
  readonly commit: (collected: Collected) => Promise<Accepted>;
};

export class QueueIntake implements MessageIntake {
  readonly id: string;
  readonly #draft: MessageDraft;
  readonly #ports: IntakePorts;
  readonly #recipients: Recipient[] = [];
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #file: OpenFile | undefined;
  #fileExists = false;
  /** Writes to the file, one after the other. */
  #writing: Promise<void> | undefined;
  #phase: 'open' | 'ending' | 'done' = 'open';

  constructor(id: string, draft: MessageDraft, ports: IntakePorts) {
    this.id = id;
    this.#draft = draft;
    this.#ports = ports;
  }

  addRecipient(recipient: Recipient): void {
    this.#assertOpen();
    this.#recipients.push(recipient);
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    this.#assertOpen();
    this.#bytes += chunk.length;
    if (this.#writing === undefined && this.#bytes <= this.#ports.smallBodyBytes) {
      this.#pieces.push(chunk);
      return undefined;
    }
    const before = this.#writing ?? this.#startFile();
    const writing = before.then(() => this.#file!.write(chunk));
    // The failure is reported by the returned promise and again by commit; nobody needs to listen to this one.
    writing.catch(() => {});
    this.#writing = writing;
    return writing.catch((failure) => {
      throw this.#wrap(failure, 'writing a large message');
    });
  }

  async commit(): Promise<Accepted> {
    this.#assertOpen();
    if (this.#recipients.length === 0)
      throw new RelayError('internal', `Message ${this.id} was committed without recipients.`);
    this.#phase = 'ending';
    const { id } = this;
    const draft = this.#draft;
    const recipients = this.#recipients;
    const bytes = this.#bytes;
    try {
      if (this.#writing === undefined) {
        const [only] = this.#pieces;
        const body = this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces, bytes);
        this.#pieces = [];
        return await this.#ports.commit({ id, draft, recipients, bytes, body });
      }
      await this.#endFile();
      const accepted = await this.#ports.commit({ id, draft, recipients, bytes, body: undefined });
      if (accepted.isNew) this.#fileExists = false;
      return accepted;
    } catch (failure) {
      throw this.#wrap(failure, 'accepting a message');
    } finally {
      await this.#cleanUp();
    }
  }

  async abort(): Promise<void> {
    if (this.#phase !== 'open') return;
    this.#phase = 'ending';
    await this.#cleanUp();
  }

  #assertOpen(): void {
    if (this.#phase !== 'open') throw new RelayError('internal', `Message ${this.id} has ended already.`);
  }

  async #startFile(): Promise<void> {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#file = await this.#ports.disk.openNew(bodyPath(this.#ports.folder, this.id));
    this.#fileExists = true;
    for (const piece of pieces) await this.#file.write(piece);
  }

  /** The file and its name are on the disk before the row that names it. */
  async #endFile(): Promise<void> {
    await this.#writing;
    const file = this.#file!;
    await file.flush();
    this.#file = undefined;
    await file.close();
    await this.#ports.disk.flushFolder(this.#ports.folder);
  }

  /** Whatever file is left now belongs to no accepted message. A file that cannot be removed is swept at the next start. */
  async #cleanUp(): Promise<void> {
    this.#pieces = [];
    if (this.#writing !== undefined) {
      await this.#writing.catch(() => {});
      const file = this.#file;
      this.#file = undefined;
      if (file !== undefined) await file.close().catch(() => {});
      if (this.#fileExists)
        await this.#ports.disk.unlink(bodyPath(this.#ports.folder, this.id)).catch(() => {});
      this.#fileExists = false;
    }
    this.#phase = 'done';
  }

  #wrap(failure: unknown, doing: string): RelayError {
    return toRelayError(failure, doing, { file: bodyPath(this.#ports.folder, this.id) });
  }
}
