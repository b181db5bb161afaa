/**
 * The Drop writer: one file per message for local domains, complete and durable before its name appears.
 * Owns: envelope lines first, file names, the quota.  Leaves: which recipients are local (routing), retries (queue).
 * Fails: a full quota or disk, or a missing right, is a refusal with its text; the caller reports it and tries later.
 * Sources: KB 306043 (x-sender and x-receiver make a Drop file replayable); RFC 3463 §3.3 (4.2.2 mailbox full).
 */
import { join } from 'node:path';
import { type Clock, type Disk, type Logger, toRelayError, writeDurably } from '../base/index.ts';
import type { Envelope } from '../envelope/index.ts';
import { formatEnvelopeLines } from './envelope-lines.ts';
import { DropNames } from './file-names.ts';

export type DropMessage = {
  /** Its recipients are those that this file delivers to. */
  readonly envelope: Envelope;
  /** Header lines that go between the envelope lines and the message, CRLF-ended. */
  readonly headerLines?: string;
  readonly bytes: number;
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
};

export type DropResult =
  | { readonly kind: 'written'; readonly file: string }
  | { readonly kind: 'refused'; readonly isQuota: boolean; readonly text: string };

export type DropOptions = {
  readonly folder: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Logger;
  /** Largest sum of all files in the folder; asked at each message, undefined is no limit. */
  readonly quotaBytes?: () => number | undefined;
  /** Rights of new files before the umask. */
  readonly fileMode?: number;
};

/** A consumer may empty the folder at any time; a quota that seems exceeded is measured again at most this often. */
const MEASURE_EVERY_MS = 1000;
/** Without a reason to measure, the sum is trusted this long. */
const TRUST_MS = 60_000;
const REFUSE_EARLY_MS = 10_000;

export class DropWriter {
  readonly #options: DropOptions;
  readonly #names: DropNames;
  #usedBytes = 0;
  #measuredAtMs = Number.NEGATIVE_INFINITY;
  #refusing = false;
  #refusedAtMs = 0;

  constructor(options: DropOptions) {
    this.#options = options;
    this.#names = new DropNames(options.clock);
  }

  /**
   * The quota was exceeded by a message that came just now, so that further local recipients may be refused early. After a
   * moment one message is let through again, which measures anew.
   */
  get isFull(): boolean {
    return this.#refusing && this.#options.clock.monotonicMs() - this.#refusedAtMs < REFUSE_EARLY_MS;
  }

  async write(message: DropMessage): Promise<DropResult> {
    const { disk, folder, log, fileMode } = this.#options;
    const lines = formatEnvelopeLines(message.envelope);
    const header = Buffer.from(message.headerLines ?? '');
    const bytes = lines.length + header.length + message.bytes;
    const name = this.#names.next();
    try {
      const quota = this.#options.quotaBytes?.();
      if (quota !== undefined && !(await this.#hasRoom(bytes, quota))) return this.#refuse(quota);
      await writeDurably(
        disk,
        { folder, name, mode: fileMode ?? 0o640, temporaryId: name },
        (async function* () {
          yield lines;
          if (header.length > 0) yield header;
          yield* message.chunks();
        })(),
      );
    } catch (failure) {
      const error = toRelayError(failure, `writing to the Drop folder ${folder}`, { folder });
      log.event('warn', 'drop.write-failed', { folder, code: error.code, reason: error.message });
      return { kind: 'refused', isQuota: false, text: error.message };
    }
    this.#usedBytes += bytes;
    this.#refusing = false;
    return { kind: 'written', file: name };
  }

  #refuse(quota: number): DropResult {
    const { folder, log } = this.#options;
    const text = `the Drop folder ${folder} holds ${this.#usedBytes} bytes, its quota is ${quota}`;
    if (!this.#refusing) log.event('warn', 'drop.quota-full', { folder, usedBytes: this.#usedBytes, quota });
    this.#refusing = true;
    this.#refusedAtMs = this.#options.clock.monotonicMs();
    return { kind: 'refused', isQuota: true, text };
  }

  async #hasRoom(bytes: number, quota: number): Promise<boolean> {
    const sinceMs = this.#options.clock.monotonicMs() - this.#measuredAtMs;
    if (sinceMs > TRUST_MS) await this.#measure();
    if (this.#usedBytes + bytes <= quota) return true;
    if (sinceMs <= TRUST_MS && sinceMs < MEASURE_EVERY_MS) return false;
    await this.#measure();
    return this.#usedBytes + bytes <= quota;
  }

  async #measure(): Promise<void> {
    const { disk, folder, clock } = this.#options;
    let total = 0;
    for await (const { name, isFolder } of disk.list(folder)) {
      if (isFolder) continue;
      // A file that a consumer takes away while we look counts nothing.
      const facts = await disk.stat(join(folder, name)).catch(() => undefined);
      total += facts?.bytes ?? 0;
    }
    this.#usedBytes = total;
    this.#measuredAtMs = clock.monotonicMs();
  }
}
