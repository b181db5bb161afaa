/**
 * The store: what the queue asks of whatever keeps it, as types.
 * Owns: the operations and rows between Queue (main thread) and a store (memory, SQLite, SQLite on its own thread).
 * A batch is one transaction: either all of it is durable when `apply` resolves, or the failed operations left no trace.
 * Values are plain (numbers, strings, bytes) so that a batch crosses a thread border cheaply; `draft`, `recipient` and
 * `results` are JSON text that the store keeps and does not read on the fast path.
 */
import type { RelayError } from '../base/index.ts';
import type { RecipientState } from './contract.ts';
import type { QueueMoment } from './queue-time.ts';

/** The order is the number a state has in the database; never reorder. */
export const RECIPIENT_STATES: readonly RecipientState[] = [
  'queued',
  'deferred',
  'held',
  'delivered',
  'failed',
  'expired',
];

/** States at or above this number end a recipient for good. */
export const FIRST_FINAL_STATE = 3;

export type NewRecipient = {
  readonly rid: number;
  readonly domain: string;
  /** JSON of envelope's Recipient. */
  readonly json: string;
};

export type AcceptOp = {
  readonly op: 'accept';
  readonly seq: number;
  readonly id: string;
  /** True when `seq` does not follow from the id's time (see seq.ts). */
  readonly misplaced: boolean;
  /** True when the id may have been accepted by an earlier process (Q7). */
  readonly askFirst: boolean;
  /** Wall time and queue time of arrival. */
  readonly arrivedAt: number;
  readonly arrivedQ: number;
  readonly bytes: number;
  /** JSON of MessageDraft. */
  readonly draft: string;
  /** null: the body is in a file. */
  readonly body: Uint8Array | null;
  /** Consecutive numbers, ascending. Never empty. */
  readonly recipients: readonly NewRecipient[];
  /** null: the queue keeps it in its window, nobody else may claim it. */
  readonly due: number | null;
};

/** A message that is finished already when the store hears of it: a row of history. No error when it is there. */
export type RecordOp = {
  readonly op: 'record';
  readonly seq: number;
  readonly id: string;
  readonly misplaced: boolean;
  readonly arrivedAt: number;
  readonly finishedAt: number;
  readonly bytes: number;
  readonly draft: string;
  /** JSON of HistoryRecipient[]. */
  readonly results: string;
};

/** The fast end of a message: every recipient is final with this one settlement. */
export type CompleteOp = {
  readonly op: 'complete';
  readonly seq: number;
  readonly firstRid: number;
  readonly recipientCount: number;
  /** Size of the body, for the totals. */
  readonly bytes: number;
  readonly finishedAt: number;
  /** JSON of HistoryRecipient[]. */
  readonly results: string;
  readonly reports: readonly AcceptOp[];
};

export type RecipientUpdate = {
  readonly rid: number;
  /** undefined leaves the state as it is (a claim given back). */
  readonly state: number | undefined;
  readonly due: number | null;
  readonly countsAsAttempt: boolean;
  readonly delayNoticeSent: boolean;
  readonly lastResult: string | undefined;
  /** An entry for the recipient's event list. */
  readonly event: string | undefined;
};

export type SettleOp = {
  readonly op: 'settle';
  readonly seq: number;
  readonly at: number;
  readonly updates: readonly RecipientUpdate[];
  readonly reports: readonly AcceptOp[];
};

export type ClaimOp = {
  readonly op: 'claim';
  readonly nowQ: number;
  readonly limit: number;
  readonly maxBodyBytes: number;
  readonly exceptDomains: readonly string[];
};

/** Takes all open recipients of the named messages, due or not, except those in `busyRids`. */
export type ClaimMessagesOp = {
  readonly op: 'claim-messages';
  readonly seqs: readonly number[];
  readonly busyRids: readonly number[];
};

export type OperatorAction = 'hold' | 'release' | 'retry' | 'delete';

export type ChangeOp = {
  readonly op: 'change';
  readonly action: OperatorAction;
  readonly seqs: readonly number[];
  /** Recipients being delivered right now: left alone. */
  readonly busyRids: readonly number[];
  readonly at: number;
  readonly nowQ: number;
  readonly reason: string;
};

export type ListOp = {
  readonly op: 'list';
  /** Rows after this seq. */
  readonly after: number;
  /** Messages looked at, not found: one slice of a scan. */
  readonly scan: number;
};

export type HistoryListOp = { readonly op: 'history'; readonly before: number; readonly scan: number };
export type FindOp = { readonly op: 'find'; readonly id: string };
export type BodyOp = { readonly op: 'body'; readonly seq: number };
export type CountsOp = { readonly op: 'counts' };
export type SettingOp = { readonly op: 'setting'; readonly key: string; readonly value: string };
export type TrimOp = {
  readonly op: 'trim';
  readonly finishedBefore: number;
  readonly keepCount: number;
  /** At most this many rows go in one batch. */
  readonly limit: number;
  /** Messages from this seq on stay, however old or many. */
  readonly before?: number;
};

export type StoreOp =
  | AcceptOp
  | CompleteOp
  | RecordOp
  | SettleOp
  | ClaimOp
  | ClaimMessagesOp
  | ChangeOp
  | ListOp
  | HistoryListOp
  | FindOp
  | BodyOp
  | CountsOp
  | SettingOp
  | TrimOp;

export type RecipientRow = {
  readonly rid: number;
  readonly state: number;
  readonly due: number | null;
  readonly domain: string;
  readonly attempts: number;
  readonly delayNoticeSent: boolean;
  readonly json: string;
  readonly lastResult: string | null;
};

export type MessageRow = {
  readonly seq: number;
  readonly id: string;
  readonly arrivedAt: number;
  readonly arrivedQ: number;
  readonly bytes: number;
  readonly firstRid: number;
  readonly recipientCount: number;
  readonly draft: string;
  readonly hasFile: boolean;
  readonly recipients: readonly RecipientRow[];
};

export type ClaimRow = MessageRow & { readonly body: Uint8Array | null };

export type EventRow = { readonly rid: number; readonly at: number; readonly text: string };

export type HistoryRow = {
  readonly seq: number;
  readonly id: string;
  readonly arrivedAt: number;
  readonly finishedAt: number;
  readonly bytes: number;
  readonly draft: string;
  readonly results: string;
};

/** What one recipient became, as history keeps it. */
export type HistoryRecipient = {
  readonly address: string;
  readonly state: RecipientState;
  readonly attempts: number;
  /** UTC milliseconds. */
  readonly at: number;
  readonly result: string;
  readonly events?: readonly { readonly at: number; readonly text: string }[];
};

export type AcceptResult = { readonly known: boolean };
export type SettleResult = { readonly finished: boolean };
export type ChangeResult = {
  /** Recipients changed. */
  readonly changed: number;
  /** Messages that are gone: seq, id and whether a body file remains to be removed. */
  readonly gone: readonly { readonly seq: number; readonly id: string; readonly hasFile: boolean }[];
};
export type ListResult = { readonly rows: readonly MessageRow[]; readonly next: number | undefined };
export type HistoryResult = { readonly rows: readonly HistoryRow[]; readonly next: number | undefined };
export type FindResult = {
  readonly message: MessageRow | undefined;
  readonly events: readonly EventRow[];
  readonly history: HistoryRow | undefined;
};
export type DomainCount = {
  readonly domain: string;
  readonly queued: number;
  readonly deferred: number;
  readonly held: number;
  /** Wall time of the oldest waiting message. */
  readonly oldestArrivedAt: number;
};
export type CountsResult = {
  readonly messages: number;
  readonly bytes: number;
  readonly domains: readonly DomainCount[];
  readonly history: number;
};
export type TrimResult = { readonly removed: number };

export type ResultOf<Op extends StoreOp> = Op extends AcceptOp
  ? AcceptResult
  : Op extends CompleteOp
    ? undefined
    : Op extends SettleOp
      ? SettleResult
      : Op extends ClaimOp | ClaimMessagesOp
        ? readonly ClaimRow[]
        : Op extends ChangeOp
          ? ChangeResult
          : Op extends ListOp
            ? ListResult
            : Op extends HistoryListOp
              ? HistoryResult
              : Op extends FindOp
                ? FindResult
                : Op extends BodyOp
                  ? Uint8Array | null
                  : Op extends CountsOp
                    ? CountsResult
                    : Op extends TrimOp
                      ? TrimResult
                      : undefined;

/** One result per operation, in order: its value, or why it failed. */
export type OpResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: RelayError };

export type BatchResult = {
  readonly results: readonly OpResult[];
  /** undefined: the batch changed nothing of it. */
  readonly due: Due | undefined;
};

export type Due = {
  /** Something in the store is due at the moment of the batch or before. */
  readonly has: boolean;
  /** The earliest due time after that moment. */
  readonly next: number | undefined;
};

export type StoreOpened = {
  readonly moment: QueueMoment | undefined;
  readonly lastSeq: number;
  readonly lastRid: number;
  readonly settings: Readonly<Record<string, string>>;
  /** Messages whose body is in a file. */
  readonly withFile: readonly { readonly seq: number; readonly id: string }[];
};

export interface QueueStore {
  /**
   * Opens and locks. Releases every claim of the last process: waiting recipients without a due time become due (Q3).
   * Throws RelayError: queue-locked, queue-version, queue-damaged, disk-full, permission-denied, disk-failed.
   */
  open(): Promise<StoreOpened>;
  /** Never called again before the last call is answered. Rejects only when the store is lost as a whole. */
  apply(ops: readonly StoreOp[], moment: QueueMoment): Promise<BatchResult>;
  close(): Promise<void>;
}

/** True for operations that change nothing: a batch of these needs no transaction. */
export function isReadOnly(op: StoreOp): boolean {
  return (
    op.op === 'list' || op.op === 'history' || op.op === 'find' || op.op === 'body' || op.op === 'counts'
  );
}
