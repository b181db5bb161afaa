/**
 * What an operator may ask of the queue, as types: the contract for commands, console and metrics.
 * All times are UTC milliseconds.
 */
import type { Claim, MessageDraft, MessageId, RecipientState } from './contract.ts';

export type QueueFilter = {
  readonly states?: readonly RecipientState[];
  /** Part of the reverse-path, any case; `<>` finds the null reverse-path. */
  readonly sender?: string;
  /** Part of a forward-path, any case. */
  readonly recipient?: string;
  /** Domain key of a recipient, exactly; `*.example.com` finds sub-domains. */
  readonly domain?: string;
  /** Waiting longer than this. */
  readonly olderThanMs?: number;
  /** Part of id, Subject, Message-ID, file name, addresses or last result, any case. */
  readonly text?: string;
};

export type ListedRecipient = {
  readonly address: string;
  readonly domain: string;
  readonly state: RecipientState;
  readonly attempts: number;
  readonly lastResult?: string;
  /** Absent while held or being delivered. */
  readonly nextAttemptAt?: number;
  /** An attempt is under way. */
  readonly isClaimed: boolean;
};

export type ListedMessage = {
  readonly id: MessageId;
  readonly arrivedAt: number;
  readonly ageMs: number;
  readonly bytes: number;
  /** `a@example.com` or `<>`. */
  readonly sender: string;
  readonly draft: MessageDraft;
  readonly recipients: readonly ListedRecipient[];
};

export type QueuePage = {
  /** Oldest first. */
  readonly messages: readonly ListedMessage[];
  /** Give it back to get the next page; absent on the last. */
  readonly next?: string;
};

export type ShownEvent = { readonly at: number; readonly text: string };

export type ShownMessage = Omit<ListedMessage, 'recipients'> & {
  /** `queue` while a recipient is open, `history` afterwards. */
  readonly place: 'queue' | 'history';
  readonly finishedAt?: number;
  readonly recipients: readonly (ListedRecipient & { readonly events: readonly ShownEvent[] })[];
};

export type HistoryPage = { readonly messages: readonly ShownMessage[]; readonly next?: string };

export type OrderResult = {
  /** Recipients that the order changed. */
  readonly changed: number;
  /** Recipients left alone because an attempt is under way. */
  readonly busy: number;
  /** Ids that the queue does not hold. */
  readonly unknown: readonly MessageId[];
};

export type DestinationCount = {
  readonly domain: string;
  readonly queued: number;
  readonly deferred: number;
  readonly held: number;
  readonly oldestArrivedAt: number;
};

export type QueueCounts = {
  readonly messages: number;
  readonly bytes: number;
  /** Recipients by state; only open states occur. */
  readonly queued: number;
  readonly deferred: number;
  readonly held: number;
  /** Recipients being delivered right now; they count in one of the states above as well. */
  readonly claimed: number;
  /** undefined when the queue is empty. */
  readonly oldestArrivedAt: number | undefined;
  readonly destinations: readonly DestinationCount[];
  readonly history: number;
  readonly isFrozen: boolean;
  /** Why the queue cannot write at the moment; mail is safe, nothing is claimed. */
  readonly fault: string | undefined;
};

/** A queued message as a file that Pickup takes again. */
export type ExportedMessage = {
  /** Proposed file name. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
};

export interface QueueOperator {
  list(query?: { filter?: QueueFilter; limit?: number; next?: string }): Promise<QueuePage>;
  /** undefined when neither queue nor history knows the id. */
  show(id: MessageId): Promise<ShownMessage | undefined>;
  /** Newest first. */
  history(query?: { text?: string; limit?: number; next?: string }): Promise<HistoryPage>;
  /** Keeps the messages until released; nothing expires while held. */
  hold(ids: readonly MessageId[], reason?: string): Promise<OrderResult>;
  release(ids: readonly MessageId[]): Promise<OrderResult>;
  /** Makes the waiting recipients due now. */
  retry(ids: readonly MessageId[]): Promise<OrderResult>;
  /** Removes without telling the sender. */
  delete(ids: readonly MessageId[], reason?: string): Promise<OrderResult>;
  /** One of the orders above for everything that the filter finds. */
  changeMatching(
    action: 'hold' | 'release' | 'retry' | 'delete',
    filter: QueueFilter,
    reason?: string,
  ): Promise<OrderResult>;
  /**
   * Claims all open recipients of the messages, due or not, held or not, so that the caller can settle them as failed with a
   * report to the sender (`queue bounce`). Messages being delivered are left out.
   */
  claimForReturn(ids: readonly MessageId[]): Promise<readonly Claim[]>;
  /** undefined when the queue does not hold the id. */
  export(id: MessageId): Promise<ExportedMessage | undefined>;
  counts(): Promise<QueueCounts>;
  /** Stops and resumes handing out claims; remembered across restarts. Intake goes on. */
  freeze(): Promise<void>;
  unfreeze(): Promise<void>;
}
