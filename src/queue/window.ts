/**
 * The window: messages just accepted, kept in memory with their bodies so that the first attempt reads nothing back.
 * Owns: order, the bounds, setting aside what an excluded domain blocks.  Leaves: durability (store); every message here
 * is on the disk as well, with no due time, and becomes due again when the process dies (Q3).
 * Bounded in messages and bytes (Q8); what does not fit is claimed from the store when its turn comes.
 */
import { TransientMap } from '../base/index.ts';
import type { QueuedMessage, QueuedRecipient } from './contract.ts';

export type WindowEntry = {
  readonly message: QueuedMessage;
  readonly seq: number;
  readonly arrivedQ: number;
  readonly recipientCount: number;
  readonly recipients: readonly QueuedRecipient[];
  /** Domain keys, parallel to `recipients`. */
  readonly domains: readonly string[];
  /** undefined: in a file. */
  readonly body: Uint8Array | undefined;
};

export class Window {
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  /** By seq, oldest first. */
  readonly #ready = new TransientMap<number, WindowEntry>();
  /** Entries whose every recipient was excluded when last looked at, under the domain of the first. */
  readonly #blocked = new Map<string, TransientMap<number, WindowEntry>>();
  #reservedMessages = 0;
  #bytes = 0;
  #size = 0;

  constructor(limits: { readonly messages: number; readonly bytes: number }) {
    this.#maxMessages = limits.messages;
    this.#maxBytes = limits.bytes;
  }

  get size(): number {
    return this.#size;
  }

  /** Most messages. */
  get capacity(): number {
    return this.#maxMessages;
  }

  /** How many messages may still be reserved; those on their way to the disk count as here. */
  get room(): number {
    return this.#bytes >= this.#maxBytes ? 0 : this.#maxMessages - this.#size - this.#reservedMessages;
  }

  /** True when a claim may find something among the entries that are not set aside. */
  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  /** Sets room aside for a message on its way to the disk. False: no room, let the store keep it. */
  reserve(bytes: number): boolean {
    if (this.#size + this.#reservedMessages >= this.#maxMessages || this.#bytes + bytes > this.#maxBytes)
      return false;
    this.#reservedMessages += 1;
    this.#bytes += bytes;
    return true;
  }

  /** Gives reserved room back: the message was not accepted. */
  cancel(bytes: number): void {
    this.#reservedMessages -= 1;
    this.#bytes -= bytes;
  }

  /** Puts a message into the room reserved for it. */
  add(entry: WindowEntry): void {
    this.#reservedMessages -= 1;
    this.#size += 1;
    this.#ready.set(entry.seq, entry);
  }

  /** Takes up to `limit` entries, each with those of its recipients whose domain is not excluded. */
  take(limit: number, except: ReadonlySet<string>): WindowEntry[] {
    const taken: WindowEntry[] = [];
    if (this.#blocked.size > 0) {
      for (const [domain, entries] of this.#blocked) {
        if (taken.length >= limit) break;
        if (!except.has(domain)) this.#takeFrom(entries, limit, except, taken, domain);
        if (entries.size === 0) this.#blocked.delete(domain);
      }
    }
    if (taken.length < limit) this.#takeFrom(this.#ready, limit, except, taken, undefined);
    return taken;
  }

  /** What is here of a message: nothing, or one entry. */
  find(seq: number): readonly WindowEntry[] {
    for (const entries of [this.#ready, ...this.#blocked.values()]) {
      const entry = entries.get(seq);
      if (entry !== undefined) return [entry];
    }
    return [];
  }

  /** Takes a message out for good. */
  remove(seq: number): readonly WindowEntry[] {
    for (const entries of [this.#ready, ...this.#blocked.values()]) {
      const entry = entries.get(seq);
      if (entry === undefined) continue;
      entries.delete(seq);
      this.#leave(entry);
      return [entry];
    }
    return [];
  }

  /** Puts a removed message back. */
  restore(entry: WindowEntry): void {
    this.#size += 1;
    this.#bytes += entry.message.bytes;
    this.#ready.set(entry.seq, entry);
  }

  #takeFrom(
    entries: TransientMap<number, WindowEntry>,
    limit: number,
    except: ReadonlySet<string>,
    taken: WindowEntry[],
    blockedUnder: string | undefined,
  ): void {
    for (const [seq, entry] of entries) {
      if (taken.length >= limit) return;
      if (except.size === 0 || !entry.domains.some((domain) => except.has(domain))) {
        entries.delete(seq);
        this.#leave(entry);
        taken.push(entry);
        continue;
      }
      const [free, excluded] = split(entry, except);
      if (free !== undefined) taken.push(free);
      if (blockedUnder !== excluded.domains[0]) {
        entries.delete(seq);
        this.#block(excluded);
      } else {
        entries.set(seq, excluded);
      }
    }
  }

  #block(entry: WindowEntry): void {
    const domain = entry.domains[0]!;
    let entries = this.#blocked.get(domain);
    if (entries === undefined) this.#blocked.set(domain, (entries = new TransientMap()));
    entries.set(entry.seq, entry);
  }

  #leave(entry: WindowEntry): void {
    this.#size -= 1;
    this.#bytes -= entry.message.bytes;
  }
}

/** The part of an entry that may be claimed, if any, and the part that may not. */
function split(
  entry: WindowEntry,
  except: ReadonlySet<string>,
): [free: WindowEntry | undefined, excluded: WindowEntry] {
  const part = (wantExcluded: boolean): WindowEntry => {
    const keep = entry.domains.map((domain) => except.has(domain) === wantExcluded);
    return {
      ...entry,
      recipients: entry.recipients.filter((_, index) => keep[index]),
      domains: entry.domains.filter((_, index) => keep[index]),
    };
  };
  const free = part(false);
  return [free.recipients.length === 0 ? undefined : free, part(true)];
}
