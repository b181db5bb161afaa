/**
 * The store in memory: for tests of other rooms, and the measure for the suite that all stores pass.
 * Owns: the same operations as the store on SQLite, without durability.  Fails: like it, per operation.
 * What it holds outlives `close`: opening the same object again is what a restart is to the disk.
 */
import { RelayError } from '../base/index.ts';
import { historyResults } from './history-record.ts';
import type { QueueMoment } from './queue-time.ts';
import {
  type AcceptOp,
  type BatchResult,
  type ChangeOp,
  type ChangeResult,
  type ClaimRow,
  type CountsResult,
  type EventRow,
  FIRST_FINAL_STATE,
  type FindResult,
  type HistoryRow,
  type MessageRow,
  type OpResult,
  type QueueStore,
  RECIPIENT_STATES,
  type RecipientRow,
  type RecipientUpdate,
  type StoreOp,
  type StoreOpened,
  type TrimOp,
} from './store.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type HeldRecipient = Writable<RecipientRow>;
type HeldMessage = Omit<MessageRow, 'recipients'> & {
  readonly recipients: HeldRecipient[];
  readonly body: Uint8Array | null;
  readonly events: EventRow[];
};

const HELD = RECIPIENT_STATES.indexOf('held');
const FAILED = RECIPIENT_STATES.indexOf('failed');

export class MemoryStore implements QueueStore {
  /** In the order of seq. */
  readonly #messages = new Map<number, HeldMessage>();
  readonly #history = new Map<number, HistoryRow>();
  readonly #settings = new Map<string, string>();
  #moment: QueueMoment | undefined;
  #lastSeq = 0;
  #lastRid = 0;
  #isOpen = false;
  /** For tests: the next batch that writes fails with this. */
  failNext: RelayError | undefined;

  async open(): Promise<StoreOpened> {
    if (this.#isOpen) throw new RelayError('queue-locked', 'This memory store is open already.');
    this.#isOpen = true;
    for (const message of this.#messages.values())
      for (const recipient of message.recipients)
        if (recipient.due === null && recipient.state < HELD) recipient.due = this.#moment?.queueMs ?? 0;
    return {
      moment: this.#moment,
      lastSeq: this.#lastSeq,
      lastRid: this.#lastRid,
      settings: Object.fromEntries(this.#settings),
      withFile: [...this.#messages.values()].filter((m) => m.hasFile).map(({ seq, id }) => ({ seq, id })),
    };
  }

  async apply(ops: readonly StoreOp[], moment: QueueMoment): Promise<BatchResult> {
    const results = ops.map((op): OpResult => this.#result(op));
    this.failNext = undefined;
    this.#moment = moment;
    let hasDue = false;
    let nextDue: number | undefined;
    for (const message of this.#messages.values()) {
      for (const { due } of message.recipients) {
        if (due === null) continue;
        if (due <= moment.queueMs) hasDue = true;
        else nextDue = Math.min(nextDue ?? Infinity, due);
      }
    }
    return { results, due: { has: hasDue, next: nextDue } };
  }

  async close(): Promise<void> {
    this.#isOpen = false;
  }

  #result(op: StoreOp): OpResult {
    if (!this.#isOpen) return { ok: false, error: new RelayError('queue-closed', 'The queue is closed.') };
    if (this.failNext !== undefined) return { ok: false, error: this.failNext };
    try {
      return { ok: true, value: this.#run(op) };
    } catch (failure) {
      if (failure instanceof RelayError) return { ok: false, error: failure };
      throw failure;
    }
  }

  #run(op: StoreOp): unknown {
    switch (op.op) {
      case 'accept':
        return this.#accept(op);
      case 'complete': {
        const message = this.#message(op.seq);
        this.#finish(message, op.finishedAt, op.results);
        for (const report of op.reports) this.#accept(report);
        return undefined;
      }
      case 'record': {
        const { op: _op, misplaced: _misplaced, ...row } = op;
        if (!this.#history.has(op.seq)) this.#history.set(op.seq, row);
        return undefined;
      }
      case 'settle': {
        const message = this.#message(op.seq);
        for (const update of op.updates) this.#update(message, update, op.at);
        for (const report of op.reports) this.#accept(report);
        return { finished: this.#finishIfDone(message, op.at) };
      }
      case 'claim': {
        const due = [...this.#messages.values()]
          .map((message) => ({
            message,
            recipients: message.recipients.filter(
              ({ due, domain }) => due !== null && due <= op.nowQ && !op.exceptDomains.includes(domain),
            ),
          }))
          .filter(({ recipients }) => recipients.length > 0)
          .sort((a, b) => earliest(a.recipients) - earliest(b.recipients));
        return due.slice(0, op.limit).map(({ message, recipients }) => take(message, recipients));
      }
      case 'claim-messages':
        return op.seqs.flatMap((seq): ClaimRow[] => {
          const message = this.#messages.get(seq);
          const recipients =
            message?.recipients.filter(
              ({ rid, state }) => state < FIRST_FINAL_STATE && !op.busyRids.includes(rid),
            ) ?? [];
          return message === undefined || recipients.length === 0 ? [] : [take(message, recipients)];
        });
      case 'change':
        return this.#change(op);
      case 'list': {
        const rows = [...this.#messages.values()].filter(({ seq }) => seq > op.after).slice(0, op.scan);
        return {
          rows: rows.map(copyOf),
          next: rows.length < op.scan ? undefined : rows.at(-1)?.seq,
        };
      }
      case 'history': {
        const rows = [...this.#history.values()]
          .filter(({ seq }) => seq < op.before)
          .sort((a, b) => b.seq - a.seq)
          .slice(0, op.scan);
        return { rows, next: rows.length < op.scan ? undefined : rows.at(-1)?.seq };
      }
      case 'find':
        return this.#find(op.id);
      case 'body':
        return this.#messages.get(op.seq)?.body ?? null;
      case 'counts':
        return this.#counts();
      case 'setting':
        this.#settings.set(op.key, op.value);
        return undefined;
      case 'trim':
        return this.#trim(op);
    }
  }

  #message(seq: number): HeldMessage {
    const message = this.#messages.get(seq);
    if (message === undefined) throw new RelayError('internal', `No message has seq ${seq}.`);
    return message;
  }

  #accept(op: AcceptOp): { known: boolean } {
    if (op.askFirst && (this.#seqOf(op.id) ?? this.#historySeqOf(op.id)) !== undefined)
      return { known: true };
    const first = op.recipients[0];
    if (first === undefined) throw new RelayError('internal', `Message ${op.id} has no recipients.`);
    if (this.#messages.has(op.seq)) throw new RelayError('internal', `Seq ${op.seq} is taken.`);
    this.#messages.set(op.seq, {
      seq: op.seq,
      id: op.id,
      arrivedAt: op.arrivedAt,
      arrivedQ: op.arrivedQ,
      bytes: op.bytes,
      firstRid: first.rid,
      recipientCount: op.recipients.length,
      draft: op.draft,
      hasFile: op.body === null,
      body: op.body === null ? null : op.body.slice(),
      events: [],
      recipients: op.recipients.map(({ rid, domain, json }) => ({
        rid,
        state: 0,
        due: op.due,
        domain,
        attempts: 0,
        delayNoticeSent: false,
        json,
        lastResult: null,
      })),
    });
    this.#lastSeq = Math.max(this.#lastSeq, op.seq);
    this.#lastRid = Math.max(this.#lastRid, op.recipients.at(-1)!.rid);
    return { known: false };
  }

  #update(message: HeldMessage, update: RecipientUpdate, at: number): void {
    const recipient = message.recipients.find(({ rid }) => rid === update.rid);
    if (recipient === undefined) throw new RelayError('internal', `No recipient has rid ${update.rid}.`);
    recipient.state = update.state ?? recipient.state;
    recipient.due = update.due;
    if (update.countsAsAttempt) recipient.attempts += 1;
    if (update.delayNoticeSent) recipient.delayNoticeSent = true;
    recipient.lastResult = update.lastResult ?? recipient.lastResult;
    if (update.event !== undefined) message.events.push({ rid: update.rid, at, text: update.event });
  }

  #finishIfDone(message: HeldMessage, at: number): boolean {
    if (message.recipients.some(({ state }) => state < FIRST_FINAL_STATE)) return false;
    this.#finish(message, at, historyResults(message.recipients, message.events, at));
    return true;
  }

  #finish(message: HeldMessage, finishedAt: number, results: string): void {
    const { seq, id, arrivedAt, bytes, draft } = message;
    this.#messages.delete(seq);
    this.#history.set(seq, { seq, id, arrivedAt, finishedAt, bytes, draft, results });
  }

  #change(op: ChangeOp): ChangeResult {
    const gone: { seq: number; id: string; hasFile: boolean }[] = [];
    let changed = 0;
    for (const seq of op.seqs) {
      const message = this.#messages.get(seq);
      if (message === undefined) continue;
      let touched = 0;
      for (const recipient of message.recipients) {
        if (recipient.state >= FIRST_FINAL_STATE || op.busyRids.includes(recipient.rid)) continue;
        const text = changeRecipient(op, recipient);
        if (text === undefined) continue;
        message.events.push({ rid: recipient.rid, at: op.at, text });
        touched += 1;
      }
      changed += touched;
      if (op.action === 'delete' && touched > 0 && this.#finishIfDone(message, op.at))
        gone.push({ seq, id: message.id, hasFile: message.hasFile });
    }
    return { changed, gone };
  }

  #find(id: string): FindResult {
    const seq = this.#seqOf(id);
    const message = seq === undefined ? undefined : this.#messages.get(seq);
    const historySeq = this.#historySeqOf(id);
    return {
      message: message && copyOf(message),
      events: message?.events.slice() ?? [],
      history: historySeq === undefined ? undefined : this.#history.get(historySeq),
    };
  }

  #seqOf(id: string): number | undefined {
    for (const message of this.#messages.values()) if (message.id === id) return message.seq;
    return undefined;
  }

  #historySeqOf(id: string): number | undefined {
    for (const row of this.#history.values()) if (row.id === id) return row.seq;
    return undefined;
  }

  #counts(): CountsResult {
    const domains = new Map<string, Writable<CountsResult['domains'][number]>>();
    let bytes = 0;
    for (const message of this.#messages.values()) {
      bytes += message.bytes;
      for (const { domain, state } of message.recipients) {
        if (state >= FIRST_FINAL_STATE) continue;
        const entry = domains.get(domain) ?? {
          domain,
          queued: 0,
          deferred: 0,
          held: 0,
          oldestArrivedAt: message.arrivedAt,
        };
        domains.set(domain, entry);
        entry[RECIPIENT_STATES[state] as 'queued' | 'deferred' | 'held'] += 1;
        entry.oldestArrivedAt = Math.min(entry.oldestArrivedAt, message.arrivedAt);
      }
    }
    return {
      messages: this.#messages.size,
      bytes,
      history: this.#history.size,
      domains: [...domains.values()],
    };
  }

  #trim(op: TrimOp): { removed: number } {
    const rows = [...this.#history.values()].sort((a, b) => a.seq - b.seq);
    const surplus = rows.length - op.keepCount;
    const old = rows.filter(
      (row, index) =>
        row.seq < (op.before ?? Infinity) && (index < surplus || row.finishedAt < op.finishedBefore),
    );
    for (const { seq } of old.slice(0, op.limit)) this.#history.delete(seq);
    return { removed: Math.min(old.length, op.limit) };
  }
}

function earliest(recipients: readonly HeldRecipient[]): number {
  return Math.min(...recipients.map(({ due }) => due ?? Infinity));
}

function take(message: HeldMessage, recipients: readonly HeldRecipient[]): ClaimRow {
  const row: ClaimRow = {
    ...copyOf(message),
    recipients: recipients.map((r) => ({ ...r })),
    body: message.body,
  };
  for (const recipient of recipients) recipient.due = null;
  return row;
}

function copyOf(message: HeldMessage): MessageRow {
  const { body: _body, events: _events, recipients, ...row } = message;
  return { ...row, recipients: recipients.map((recipient) => ({ ...recipient })) };
}

/** Applies an operator's action; the text of its event, or undefined when it does not concern this recipient. */
function changeRecipient(op: ChangeOp, recipient: HeldRecipient): string | undefined {
  const isHeld = recipient.state === HELD;
  switch (op.action) {
    case 'hold':
      if (isHeld) return undefined;
      Object.assign(recipient, { state: HELD, due: null, lastResult: op.reason });
      return `held: ${op.reason}`;
    case 'release':
      if (!isHeld) return undefined;
      Object.assign(recipient, { state: recipient.attempts > 0 ? 1 : 0, due: op.nowQ });
      return 'released';
    case 'retry':
      if (isHeld) return undefined;
      recipient.due = op.nowQ;
      return 'retry asked for';
    case 'delete':
      Object.assign(recipient, { state: FAILED, due: null, lastResult: op.reason });
      return `deleted: ${op.reason}`;
  }
}
