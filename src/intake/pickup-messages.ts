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

/** The items with their bodies copied into one block, so that it can change threads in one piece. */
export function withOwnBodies(items: readonly PickupItem[]): {
  readonly items: readonly PickupItem[];
  readonly block: ArrayBuffer;
} {
  let bytes = 0;
  for (const item of items) if (item.kind === 'message') bytes += item.body.length;
  const block = new ArrayBuffer(bytes);
  let at = 0;
  const own = items.map((item): PickupItem => {
    if (item.kind !== 'message') return item;
    const body = new Uint8Array(block, at, item.body.length);
    body.set(item.body);
    at += body.length;
    return { ...item, body };
  });
  return { items: own, block };
}

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
  /** Bodies are valid until this returns: the folder uses their memory again. See `withOwnBodies`. */
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
  | { readonly kind: 'items'; readonly items: readonly PickupItem[] }
  | { readonly kind: 'ask'; readonly claimId: string }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly name: string; readonly fields: LogFields }
  | { readonly kind: 'status'; readonly status: PickupStatus }
  | { readonly kind: 'stopped' };
