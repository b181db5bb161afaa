/** The messages between the pickup folder, on its thread, and the watcher, as types. */
import type { LogFields, LogLevel } from '../base/index.ts';
import type { Recipient } from '../envelope/index.ts';
import type { BadmailClass } from '../mailroot/index.ts';
import type { MessageDraft } from '../queue/index.ts';
import type { PickupFileSettings } from './pickup-file.ts';

export type PickupFolderSettings = PickupFileSettings & {
  readonly folder: string;
  /** A file written in place is taken when it has not changed for this long. */
  readonly settleMs: number;
  readonly rescanMs: number;
  /** A file that was being handled this many times when the process died goes to Badmail. */
  readonly maxTries: number;
  /** Infinity: no limit. */
  readonly maxMessageBytes: number;
  /** Larger files stay where they are. Absent: they are bad. */
  readonly leavesTooLarge?: boolean;
};

/** A file that was claimed and read. Every item is answered once, by its claim id. */
export type PickupItem =
  | {
      readonly kind: 'message';
      readonly claimId: string;
      readonly draft: MessageDraft;
      readonly recipients: readonly Recipient[];
      readonly body: Uint8Array;
    }
  /** Too large to be handed over whole: the watcher streams it from the claimed file. */
  | {
      readonly kind: 'large';
      readonly claimId: string;
      readonly path: string;
      readonly draft: MessageDraft;
      readonly recipients: readonly Recipient[];
      readonly header: Uint8Array;
      readonly bodyAt: number;
      readonly dotStuffed: boolean;
    }
  | {
      readonly kind: 'bad';
      readonly claimId: string;
      readonly path: string;
      readonly fileName: string;
      readonly reasonClass: BadmailClass;
      readonly detail: string;
    };

/** Items on their way to another thread: everything but content as one text, which is far cheaper than cloning each object. */
export type PackedItems = {
  /** JSON; where an item has bytes it says how many. */
  readonly text: string;
  /** The bytes of all items, one after the other; handed over, not copied. */
  readonly block: ArrayBuffer;
};

type Packed<Item> = Item extends { readonly body: Uint8Array }
  ? Omit<Item, 'body'> & { readonly body: number }
  : Item extends { readonly header: Uint8Array }
    ? Omit<Item, 'header'> & { readonly header: number }
    : Item;

export function packItems(items: readonly PickupItem[]): PackedItems {
  let bytes = 0;
  for (const item of items) bytes += contentOf(item).length;
  const block = new Uint8Array(bytes);
  let at = 0;
  const packed = items.map((item): Packed<PickupItem> => {
    const content = contentOf(item);
    block.set(content, at);
    at += content.length;
    if (item.kind === 'message') return { ...item, body: content.length };
    return item.kind === 'large' ? { ...item, header: content.length } : item;
  });
  return { text: JSON.stringify(packed), block: block.buffer };
}

export function unpackItems({ text, block }: PackedItems): readonly PickupItem[] {
  let at = 0;
  const take = (bytes: number): Uint8Array => {
    at += bytes;
    return new Uint8Array(block, at - bytes, bytes);
  };
  return (JSON.parse(text) as Packed<PickupItem>[]).map((item): PickupItem => {
    if (item.kind === 'message') return { ...item, body: take(item.body) };
    return item.kind === 'large' ? { ...item, header: take(item.header) } : item;
  });
}

function contentOf(item: PickupItem): Uint8Array {
  if (item.kind === 'message') return item.body;
  return item.kind === 'large' ? item.header : NOTHING;
}

const NOTHING = new Uint8Array(0);

export type PickupAnswer =
  /** The queue has it (or had it already): the claimed file goes. */
  | { readonly claimId: string; readonly outcome: 'accepted' }
  /** The claimed file is gone already: it was moved to Badmail. */
  | { readonly claimId: string; readonly outcome: 'moved' }
  /** Not now: the file goes back into Pickup. `waitMs` stops the whole folder, for instance while the disk is full. */
  | {
      readonly claimId: string;
      readonly outcome: 'put-back';
      readonly reason: string;
      readonly waitMs?: number;
    };

export type PickupStatus = {
  /** Files known to wait; with `hasMore` there are others that were not looked at yet. */
  readonly waiting: number;
  readonly hasMore: boolean;
  /** Files that cannot be claimed or read. */
  readonly refused: number;
  readonly settling: number;
  readonly inFlight: number;
  /** Some files that are not taken, and why: refused ones first, then those that keep changing. */
  readonly stuck: readonly { readonly file: string; readonly reason: string }[];
};

/** What the folder tells whoever runs it. */
export interface PickupPort {
  /** Bodies are valid until this returns: the folder uses their memory again. See `packItems`. */
  items(items: readonly PickupItem[]): void;
  /** Asks whether an earlier process's claim was accepted (Q7); answered by `PickupFolder.answerClaim`. */
  askClaim(claimId: string): void;
  log(level: LogLevel, name: string, fields: LogFields): void;
  /** After `stop`: nothing is claimed any more. */
  stopped(): void;
}

export type ToPickupThread =
  | { readonly kind: 'answers'; readonly answers: readonly PickupAnswer[] }
  | { readonly kind: 'claim'; readonly claimId: string; readonly wasAccepted: boolean }
  | { readonly kind: 'settings'; readonly settings: PickupFolderSettings }
  | { readonly kind: 'status' }
  | { readonly kind: 'stop' };

export type FromPickupThread =
  | { readonly kind: 'items'; readonly items: PackedItems }
  | { readonly kind: 'ask'; readonly claimId: string }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly name: string; readonly fields: LogFields }
  | { readonly kind: 'status'; readonly status: PickupStatus }
  | { readonly kind: 'stopped' };
