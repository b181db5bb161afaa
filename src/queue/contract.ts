/**
 * What "queued" means, as types: the contract between intake, queue, delivery and outcome.
 *
 * Invariants (tests cite the numbers):
 *  Q1  Nothing is durable before commit; a commit that resolved is on the disk whatever happens next.
 *  Q2  A recipient is in exactly one state: queued, deferred, held, delivered, failed, expired.
 *  Q3  A claim is in memory; a crash releases it. A retry time is on disk before the retry is due.
 *  Q4  Each claimed recipient is settled exactly once per claim.
 *  Q5  A settlement and the messages it gives rise to (DSNs) become durable together or not at all.
 *  Q6  A body is written once and never changed; it is deleted only after the last of its recipients is settled for good.
 *  Q7  A pickup claim that was accepted is never accepted again: its claim id is remembered with the message and in history.
 *  Q8  Memory holds what is being delivered, not the queue.
 *
 * Delivery is at least once: between the next hop's reply and the commit of the settlement a crash repeats the attempt.
 */
import type { BodyType, EnhancedStatus, Recipient, Reply, ReversePath } from '../envelope/index.ts';

/** 16 characters from base/ids; names the message in logs, files, replies and commands. */
export type MessageId = string;

/** How a message came to us. */
export type MessageOrigin =
  | {
      readonly kind: 'pickup';
      /** The name the file had in Pickup. */
      readonly fileName: string;
      /** Names the claim across crashes (Q7). An id from base/ids; it becomes the message's id. */
      readonly claimId: string;
    }
  | {
      readonly kind: 'smtp';
      readonly sessionId: string;
      readonly clientAddress: string;
      readonly heloName: string;
      readonly overTls: boolean;
      /** The authenticated user or the network identity. */
      readonly identity?: string;
    }
  /** A DSN or NDR about another message. */
  | { readonly kind: 'report'; readonly about: MessageId }
  /** `mailroot send` and other local commands. */
  | { readonly kind: 'command' };

/** A message as intake hands it over; its body follows through `MessageIntake.write`. */
export type MessageDraft = {
  readonly reversePath: ReversePath;
  readonly body: BodyType;
  readonly smtpUtf8: boolean;
  readonly returnContent?: 'full' | 'headers';
  readonly envelopeId?: string;
  readonly origin: MessageOrigin;
  /** Name of the virtual server it came through; settings and folders follow from it. */
  readonly server: string;
  /** The Message-ID header field without angle brackets, for logs and commands; at most 255 characters are kept. */
  readonly headerMessageId?: string;
  /** The Subject as plain text for commands; at most 255 characters are kept. */
  readonly subject?: string;
  /** Received header fields counted when it arrived (hop count). */
  readonly hops: number;
};

/**
 * One message on its way into the queue: addRecipient*, write*, then exactly one of commit and abort.
 * The body is the message as it goes over the wire, without dot stuffing: header fields first (also our own Received),
 * lines ending in CRLF. Small bodies stay in memory until commit; large ones are streamed to a file.
 */
export interface MessageIntake {
  readonly id: MessageId;
  addRecipient(recipient: Recipient): void;
  /** Takes ownership of `chunk`. A returned promise asks the caller to wait before writing more. May throw RelayError. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Resolves when the message is durable (Q1). Rejects with RelayError; then nothing of it remains. */
  commit(): Promise<Accepted>;
  abort(): Promise<void>;
}

export type Accepted = {
  readonly id: MessageId;
  /** False when Q7 recognised the pickup claim: the message had been accepted before, nothing was added. */
  readonly isNew: boolean;
};

export type RecipientState = 'queued' | 'deferred' | 'held' | 'delivered' | 'failed' | 'expired';

/** A message row as delivery and commands see it. */
export type QueuedMessage = MessageDraft & {
  readonly id: MessageId;
  /** UTC milliseconds. */
  readonly arrivedAt: number;
  /** Length of the body, header fields included. */
  readonly bytes: number;
};

export type QueuedRecipient = Recipient & {
  /** Unique in the queue. */
  readonly recipientId: number;
  readonly state: RecipientState;
  /** Completed attempts. */
  readonly attempts: number;
  /** UTC milliseconds; the earliest moment of the next attempt. */
  readonly nextAttemptAt: number;
  /** Delay notice already sent. */
  readonly delayNoticeSent: boolean;
  /** What happened last, for people: `smtp.example 451 4.7.1 try later`. */
  readonly lastResult?: string;
};

/** The bytes of a queued message, readable any number of times while the claim lasts. */
export interface MessageBody {
  readonly bytes: number;
  /** The whole body when it is small and in memory; undefined for a large one. */
  readonly small: Uint8Array | undefined;
  /** The body in pieces of at most 64 KiB. */
  chunks(): AsyncIterable<Uint8Array>;
  /** Everything up to and including the empty line, bounded by `maxBytes`. */
  header(maxBytes: number): Promise<Uint8Array>;
}

/** Part of a message that somebody works on: the message and those of its recipients that were due. */
export type Claim = {
  readonly message: QueuedMessage;
  /**
   * How long the message had waited when it was claimed, in queue time: it does not jump when the wall clock does.
   * Delay notice and expiry are judged by this, not by `arrivedAt`.
   */
  readonly ageMs: number;
  readonly recipients: readonly QueuedRecipient[];
  readonly body: MessageBody;
};

/** How one claimed recipient ends its claim. Decided by `outcome`. */
export type Settlement =
  | {
      readonly recipientId: number;
      readonly state: 'delivered';
      readonly host: string;
      readonly reply: Reply;
    }
  | {
      readonly recipientId: number;
      readonly state: 'deferred';
      readonly lastResult: string;
      /** Local recipients (Drop) and remote ones have their own retry intervals. */
      readonly schedule: 'local' | 'remote';
      /** Set when the delay notice goes out with this settlement. */
      readonly delayNoticeSent?: boolean;
    }
  | {
      readonly recipientId: number;
      readonly state: 'failed' | 'expired';
      readonly lastResult: string;
      readonly status: EnhancedStatus;
    }
  /** Given back untouched: nothing was tried. `notBefore` (UTC milliseconds) keeps it from being claimed at once. */
  | { readonly recipientId: number; readonly state: 'queued'; readonly notBefore?: number }
  | { readonly recipientId: number; readonly state: 'held'; readonly lastResult: string };

/** A message made by the relay itself (DSN, NDR copy), small enough to be held in memory. */
export type OwnMessage = {
  readonly draft: MessageDraft;
  readonly recipients: readonly Recipient[];
  readonly body: Uint8Array;
};

/** What delivery and outcome need of the queue. */
export interface ClaimSource {
  /**
   * Up to `limit` claims whose recipients are due, oldest due first, skipping recipients whose domain key is in
   * `exceptDomains`. Resolves at once, with an empty list when nothing is due.
   */
  claim(limit: number, exceptDomains?: readonly string[]): Promise<readonly Claim[]>;
  /** `listener` is called when a claim may succeed again: accepted, due, released, retried. Never synchronously. */
  onReady(listener: () => void): void;
  /**
   * Ends the claims of the named recipients, and accepts `reports` in the same commit (Q4, Q5). Resolves when durable.
   * A message whose recipients are all delivered, failed or expired moves to history.
   */
  settle(
    message: MessageId,
    settlements: readonly Settlement[],
    reports?: readonly OwnMessage[],
  ): Promise<void>;
}

/** What intake needs of the queue. */
export interface MessageAcceptor {
  begin(draft: MessageDraft): MessageIntake;
  /**
   * For who has many messages at hand: undefined when so many find a place in memory now. Otherwise a promise that resolves when
   * they do, or a moment later all the same: waiting saves reading them back and is never needed.
   */
  room(messages: number): Promise<void> | undefined;
  /** True when this pickup claim was accepted before (Q7). */
  wasClaimAccepted(claimId: string): Promise<boolean>;
}
