/**
 * The store on SQLite: each batch is one transaction, one flush.
 * Owns: writing, transactions, the exclusive lock.  Leaves: reading rows (sqlite-reader), threads (threaded-store), meaning and timing (queue).
 * Fails: per operation with RelayError in its result; `open` throws. After disk-full nothing of the batch remains and the
 * store can be used again at once.
 * Sources: doc "Write-Ahead Logging", "PRAGMA statements" (SQLite).
 */
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { RelayError } from '../base/index.ts';
import { historyResults } from './history-record.ts';
import type { QueueMoment } from './queue-time.ts';
import { fromSqlite, isMachineFailure } from './sqlite-errors.ts';
import { SqliteReader } from './sqlite-reader.ts';
import { migrate } from './sqlite-schema.ts';
import { BULK, prepareStatements, type Statements } from './sqlite-statements.ts';
import {
  type AcceptOp,
  type AcceptResult,
  type BatchResult,
  type ChangeOp,
  type ChangeResult,
  type ClaimOp,
  type ClaimRow,
  type CompleteOp,
  type Due,
  FIRST_FINAL_STATE,
  isReadOnly,
  type OpResult,
  type QueueStore,
  RECIPIENT_STATES,
  type RecipientRow,
  type RecordOp,
  type SettleOp,
  type SettleResult,
  type StoreOp,
  type StoreOpened,
  type TrimOp,
} from './store.ts';

export const DATABASE_NAME = 'queue.db';

const HELD = RECIPIENT_STATES.indexOf('held');
const FAILED = RECIPIENT_STATES.indexOf('failed');

export type SqliteStoreOptions = {
  /** The Queue folder; must exist. */
  readonly folder: string;
  /** For tests: the largest size of the database in pages; beyond it SQLite reports a full disk. */
  readonly maxPages?: number;
  /** For tests and measurements: each commit takes this much longer, as on a slow disk. */
  readonly commitDelayMs?: number;
};

export class SqliteStore implements QueueStore {
  readonly #options: SqliteStoreOptions;
  readonly #file: string;
  #database: DatabaseSync | undefined;
  #sql!: Statements;
  #rows!: SqliteReader;
  /** Totals that would be slow to count; restored when a transaction is rolled back. */
  #totals = { messages: 0, bytes: 0, history: 0 };
  /** Where the search by domain goes on, so that each domain has its turn. */
  #domainCursor = '';

  constructor(options: SqliteStoreOptions) {
    this.#options = options;
    this.#file = join(options.folder, DATABASE_NAME);
  }

  async open(): Promise<StoreOpened> {
    try {
      return this.#open();
    } catch (failure) {
      this.#database?.close();
      this.#database = undefined;
      throw fromSqlite(failure, 'opening the queue', this.#file);
    }
  }

  #open(): StoreOpened {
    const database = new DatabaseSync(this.#file);
    this.#database = database;
    // The lock is exclusive and the WAL index in memory: a second process is refused, and no shared memory is needed.
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -4096;
      PRAGMA wal_autocheckpoint = 4000;
      PRAGMA journal_size_limit = 67108864;
      BEGIN IMMEDIATE; COMMIT`);
    migrate(database, this.#file);
    if (this.#options.maxPages !== undefined) this.setMaxPages(this.#options.maxPages);
    const sql = prepareStatements(database);
    this.#sql = sql;
    this.#rows = new SqliteReader(sql);
    const settings: Record<string, string> = {};
    for (const [key, value] of sql.settings.all() as unknown as [string, string][]) settings[key] = value;
    const moment: QueueMoment | undefined =
      settings['queue-ms'] === undefined
        ? undefined
        : { queueMs: Number(settings['queue-ms']), wallMs: Number(settings['wall-ms']) };
    // Q3: whatever was claimed, or waited in the last process's memory, is due again, in the order of arrival.
    if (moment !== undefined) sql.releaseClaims.run(moment.queueMs);
    const [messages, bytes] = sql.totals.get() as unknown as [number, number];
    const [history] = sql.historyCount.get() as unknown as [number];
    this.#totals = { messages, bytes, history };
    const [lastSeq, lastRid] = sql.last.get() as unknown as [number, number];
    const withFile = (sql.withFile.all() as unknown as [number, string][]).map(([seq, id]) => ({ seq, id }));
    return { moment, lastSeq, lastRid, settings, withFile };
  }

  async apply(ops: readonly StoreOp[], moment: QueueMoment): Promise<BatchResult> {
    const results = ops.every(isReadOnly)
      ? ops.map((op) => this.#alone(op, () => this.#run(op)))
      : this.#transaction(ops, moment);
    return { results, due: this.#due(moment.queueMs) };
  }

  async close(): Promise<void> {
    const database = this.#database;
    this.#database = undefined;
    try {
      database?.close();
    } catch (failure) {
      throw fromSqlite(failure, 'closing the queue', this.#file);
    }
  }

  /** For tests: beyond this size SQLite reports a full disk. A limit below the present size means the present size. */
  setMaxPages(pages: number): void {
    this.#opened().exec(`PRAGMA max_page_count = ${pages}`);
  }

  #transaction(ops: readonly StoreOp[], moment: QueueMoment, isRetry = false): OpResult[] {
    const totals = { ...this.#totals };
    const database = this.#opened();
    try {
      this.#sql.begin.run();
      const results = this.#runAll(ops);
      this.#sql.setSetting.run('queue-ms', String(moment.queueMs));
      this.#sql.setSetting.run('wall-ms', String(moment.wallMs));
      if (this.#options.commitDelayMs !== undefined) pause(this.#options.commitDelayMs);
      this.#sql.commit.run();
      return results;
    } catch (failure) {
      this.#totals = totals;
      if (database.isTransaction) database.exec('ROLLBACK');
      const error = fromSqlite(failure, 'writing the queue', this.#file);
      if (error.code === 'disk-full' && !isRetry && this.#reuseLog())
        return this.#transaction(ops, moment, true);
      if (ops.length === 1 || isMachineFailure(error)) return ops.map(() => ({ ok: false, error }));
      // One operation is wrong and must not spoil the others: each gets its own transaction.
      return ops.flatMap((op) => this.#transaction([op], moment));
    }
  }

  /**
   * New messages first, then finished ones, each many rows at a time; then the rest in order. The operations of a batch are
   * about different messages or do not mind: an order never touches what an attempt works on, and a claim may as well come later.
   */
  #runAll(ops: readonly StoreOp[]): OpResult[] {
    const results: OpResult[] = new Array(ops.length);
    const accepts: number[] = [];
    const completes: number[] = [];
    const records: number[] = [];
    ops.forEach((op, index) => {
      if (op.op === 'accept' && !op.askFirst && op.recipients.length === 1) accepts.push(index);
      else if (op.op === 'complete' && op.reports.length === 0 && op.recipientCount === 1)
        completes.push(index);
      else if (op.op === 'record') records.push(index);
    });
    let at = 0;
    for (; at + BULK <= accepts.length; at += BULK) {
      const indexes = accepts.slice(at, at + BULK);
      this.#acceptBulk(indexes.map((index) => ops[index] as AcceptOp));
      for (const index of indexes) results[index] = { ok: true, value: { known: false } };
    }
    at = 0;
    for (; at + BULK <= completes.length; at += BULK) {
      const indexes = completes.slice(at, at + BULK);
      this.#completeBulk(indexes.map((index) => ops[index] as CompleteOp));
      for (const index of indexes) results[index] = { ok: true, value: undefined };
    }
    at = 0;
    for (; at + BULK <= records.length; at += BULK) {
      const indexes = records.slice(at, at + BULK);
      this.#recordBulk(indexes.map((index) => ops[index] as RecordOp));
      for (const index of indexes) results[index] = { ok: true, value: undefined };
    }
    ops.forEach((op, index) => {
      results[index] ??= { ok: true, value: this.#run(op) };
    });
    return results;
  }

  #acceptBulk(ops: readonly AcceptOp[]): void {
    const messages: SQLInputValue[] = [];
    const recipients: SQLInputValue[] = [];
    for (const op of ops) {
      const { rid, domain, json } = op.recipients[0]!;
      messages.push(
        op.seq,
        op.id,
        op.misplaced ? 1 : 0,
        op.arrivedAt,
        op.arrivedQ,
        op.bytes,
        rid,
        1,
        op.draft,
        op.body,
      );
      recipients.push(rid, op.seq, op.due, domain, json);
      this.#totals.messages += 1;
      this.#totals.bytes += op.bytes;
    }
    this.#sql.insertMessages.run(...messages);
    this.#sql.insertRecipients.run(...recipients);
  }

  #completeBulk(ops: readonly CompleteOp[]): void {
    const rows: SQLInputValue[] = [];
    for (const { seq, finishedAt, results, bytes } of ops) {
      rows.push(seq, finishedAt, results);
      this.#totals.bytes -= bytes;
    }
    this.#sql.toHistoryBulk.run(...rows);
    const { changes } = this.#sql.deleteMessages.run(...ops.map(({ seq }) => seq));
    if (Number(changes) !== ops.length)
      throw new RelayError('internal', 'A finished message has no row, or two settlements finished it.');
    this.#sql.deleteRecipientsBulk.run(...ops.map(({ firstRid }) => firstRid));
    this.#totals.messages -= ops.length;
    this.#totals.history += ops.length;
  }

  #recordBulk(ops: readonly RecordOp[]): void {
    const { changes } = this.#sql.insertHistoryBulk.run(...ops.flatMap(historyColumns));
    this.#totals.history += Number(changes);
  }

  /**
   * Copies the log into the database, so that the log is written from its beginning again: what is settled makes room for what is
   * to be settled, even on a disk that stays full.
   */
  #reuseLog(): boolean {
    try {
      const [isBusy] = this.#sql.checkpoint.get() as unknown as [number];
      return isBusy === 0;
    } catch {
      return false;
    }
  }

  #alone(op: StoreOp, run: () => unknown): OpResult {
    try {
      this.#opened();
      return { ok: true, value: run() };
    } catch (failure) {
      return { ok: false, error: fromSqlite(failure, `reading the queue (${op.op})`, this.#file) };
    }
  }

  #opened(): DatabaseSync {
    if (this.#database === undefined) throw new RelayError('queue-closed', 'The queue is closed.');
    return this.#database;
  }

  #due(nowQ: number): Due {
    if (this.#database === undefined) return { has: false, next: undefined };
    try {
      const [earliest] = this.#sql.earliestDue.get() as unknown as [number | null];
      if (earliest === null) return { has: false, next: undefined };
      if (earliest > nowQ) return { has: false, next: earliest };
      const [next] = this.#sql.nextDue.get(nowQ) as unknown as [number | null];
      return { has: true, next: next ?? undefined };
    } catch {
      // The batch is answered for already; a lost hint costs one needless claim, which then reports the failure.
      return { has: true, next: undefined };
    }
  }

  #run(op: StoreOp): unknown {
    switch (op.op) {
      case 'accept':
        return this.#accept(op);
      case 'complete':
        this.#sql.toHistory.run(op.finishedAt, op.results, op.seq);
        this.#forget(op.seq, op.bytes);
        this.#sql.deleteRecipients.run(op.firstRid, op.firstRid + op.recipientCount - 1);
        for (const report of op.reports) this.#accept(report);
        return undefined;
      case 'record':
        this.#totals.history += Number(this.#sql.insertHistory.run(...historyColumns(op)).changes);
        return undefined;
      case 'settle':
        return this.#settle(op);
      case 'claim':
        return this.#claim(op);
      case 'claim-messages':
        return this.#claimMessages(op.seqs, new Set(op.busyRids));
      case 'change':
        return this.#change(op);
      case 'list':
        return this.#rows.list(op.after, op.scan);
      case 'history':
        return this.#rows.history(op.before, op.scan);
      case 'find':
        return this.#rows.find(op.id);
      case 'body': {
        const row = this.#sql.body.get(op.seq) as unknown as [Uint8Array | null] | undefined;
        return row === undefined ? null : row[0];
      }
      case 'counts':
        return { ...this.#totals, domains: this.#rows.counts() };
      case 'setting':
        this.#sql.setSetting.run(op.key, op.value);
        return undefined;
      case 'trim':
        return this.#trim(op);
    }
  }

  #accept(op: AcceptOp): AcceptResult {
    if (op.askFirst && this.#rows.isKnown(op.id)) return { known: true };
    const first = op.recipients[0];
    if (first === undefined) throw new RelayError('internal', `Message ${op.id} has no recipients.`);
    const sql = this.#sql;
    sql.insertMessage.run(
      op.seq,
      op.id,
      op.misplaced ? 1 : 0,
      op.arrivedAt,
      op.arrivedQ,
      op.bytes,
      first.rid,
      op.recipients.length,
      op.draft,
      op.body,
    );
    for (const recipient of op.recipients)
      sql.insertRecipient.run(recipient.rid, op.seq, op.due, recipient.domain, recipient.json);
    this.#totals.messages += 1;
    this.#totals.bytes += op.bytes;
    return { known: false };
  }

  /** Deletes the message row. Its size leaves the totals with it. */
  #forget(seq: number, bytes: number): void {
    const { changes } = this.#sql.deleteMessage.run(seq);
    if (Number(changes) !== 1) throw new RelayError('internal', `No message has seq ${seq}.`);
    this.#totals.messages -= 1;
    this.#totals.bytes -= bytes;
    this.#totals.history += 1;
  }

  #settle(op: SettleOp): SettleResult {
    const sql = this.#sql;
    for (const update of op.updates) {
      const { changes } = sql.updateRecipient.run(
        update.state ?? null,
        update.due,
        update.countsAsAttempt ? 1 : 0,
        update.delayNoticeSent ? 1 : 0,
        update.lastResult ?? null,
        update.rid,
      );
      if (Number(changes) !== 1) throw new RelayError('internal', `No recipient has rid ${update.rid}.`);
      if (update.event !== undefined) sql.insertEvent.run(update.rid, op.at, update.event);
    }
    for (const report of op.reports) this.#accept(report);
    return { finished: this.#finishIfDone(op.seq, op.at) };
  }

  /** Q6: a message goes to history, and its body goes, only when no recipient is open. */
  #finishIfDone(seq: number, at: number): boolean {
    const row = this.#rows.message(seq);
    if (row === undefined) throw new RelayError('internal', `No message has seq ${seq}.`);
    if (row.recipients.some((recipient) => recipient.state < FIRST_FINAL_STATE)) return false;
    this.#sql.toHistory.run(at, historyResults(row.recipients, this.#rows.events(row), at), seq);
    this.#sql.deleteEvents.run(row.firstRid, row.firstRid + row.recipientCount - 1);
    this.#sql.deleteRecipients.run(row.firstRid, row.firstRid + row.recipientCount - 1);
    this.#forget(seq, row.bytes);
    return true;
  }

  #claim(op: ClaimOp): ClaimRow[] {
    const except = new Set(op.exceptDomains);
    const seqs = this.#dueSeqs(op, except);
    const claims: ClaimRow[] = [];
    let bodyBytes = 0;
    for (const seq of seqs) {
      if (claims.length > 0 && bodyBytes >= op.maxBodyBytes) break;
      const claim = this.#take(
        seq,
        (recipient) => recipient.due !== null && recipient.due <= op.nowQ && !except.has(recipient.domain),
      );
      if (claim === undefined) continue;
      bodyBytes += claim.body?.length ?? 0;
      claims.push(claim);
    }
    return claims;
  }

  #claimMessages(seqs: readonly number[], busy: ReadonlySet<number>): ClaimRow[] {
    return seqs.flatMap((seq) => {
      const claim = this.#take(
        seq,
        (recipient) => recipient.state < FIRST_FINAL_STATE && !busy.has(recipient.rid),
      );
      return claim ?? [];
    });
  }

  /** Takes the wanted recipients of a message out of the due indexes. */
  #take(seq: number, isWanted: (recipient: RecipientRow) => boolean): ClaimRow | undefined {
    const row = this.#rows.message(seq);
    const recipients = row?.recipients.filter(isWanted) ?? [];
    if (row === undefined || recipients.length === 0) return undefined;
    for (const recipient of recipients) if (recipient.due !== null) this.#sql.clearDue.run(recipient.rid);
    const [body] = this.#sql.body.get(seq) as unknown as [Uint8Array | null];
    return { ...row, recipients, body };
  }

  /** The messages to claim: oldest due first; when excluded domains fill the front, domain by domain. */
  #dueSeqs(op: ClaimOp, except: ReadonlySet<string>): Set<number> {
    const seqs = new Set<number>();
    const mostRows = op.limit * 4 + 1000;
    const rows = this.#sql.dueRows.all(op.nowQ, mostRows) as unknown as [number, string][];
    for (const [seq, domain] of rows) {
      if (seqs.size >= op.limit) return seqs;
      if (!except.has(domain)) seqs.add(seq);
    }
    if (rows.length < mostRows) return seqs;
    const start = this.#domainCursor;
    let wrapped = false;
    for (let domain = start; seqs.size < op.limit; ) {
      const next = this.#sql.nextDomain.get(domain) as unknown as [string] | undefined;
      if (next === undefined || (wrapped && next[0] > start)) {
        if (wrapped) break;
        wrapped = true;
        domain = '';
        continue;
      }
      domain = next[0];
      this.#domainCursor = domain;
      if (except.has(domain)) continue;
      const due = this.#sql.dueOfDomain.all(domain, op.nowQ, op.limit) as unknown as [number][];
      for (const [seq] of due) if (seqs.size < op.limit) seqs.add(seq);
    }
    return seqs;
  }

  #change(op: ChangeOp): ChangeResult {
    const busy = new Set(op.busyRids);
    const gone: { seq: number; id: string; hasFile: boolean }[] = [];
    let changed = 0;
    for (const seq of op.seqs) {
      const row = this.#rows.message(seq);
      if (row === undefined) continue;
      let touched = 0;
      for (const recipient of row.recipients) {
        if (recipient.state >= FIRST_FINAL_STATE || busy.has(recipient.rid)) continue;
        if (this.#changeRecipient(op, recipient)) touched += 1;
      }
      changed += touched;
      if (op.action === 'delete' && touched > 0 && this.#finishIfDone(seq, op.at))
        gone.push({ seq, id: row.id, hasFile: row.hasFile });
    }
    return { changed, gone };
  }

  #changeRecipient(op: ChangeOp, recipient: RecipientRow): boolean {
    const sql = this.#sql;
    const isHeld = recipient.state === HELD;
    const set = (state: number, due: number | null, text: string | null, event: string): boolean => {
      sql.updateRecipient.run(state, due, 0, 0, text, recipient.rid);
      sql.insertEvent.run(recipient.rid, op.at, event);
      return true;
    };
    switch (op.action) {
      case 'hold':
        return !isHeld && set(HELD, null, op.reason, `held: ${op.reason}`);
      case 'release':
        return isHeld && set(recipient.attempts > 0 ? 1 : 0, op.nowQ, null, 'released');
      case 'retry':
        return !isHeld && set(recipient.state, op.nowQ, null, 'retry asked for');
      case 'delete':
        return set(FAILED, null, op.reason, `deleted: ${op.reason}`);
    }
  }

  #trim(op: TrimOp): { removed: number } {
    const surplus = Math.min(Math.max(this.#totals.history - op.keepCount, 0), op.limit);
    const before = op.before ?? Number.MAX_SAFE_INTEGER;
    let removed = surplus === 0 ? 0 : Number(this.#sql.trimCount.run(before, surplus).changes);
    if (removed < op.limit)
      removed += Number(this.#sql.trimAge.run(before, op.finishedBefore, op.limit - removed).changes);
    this.#totals.history -= removed;
    return { removed };
  }
}

function historyColumns(op: RecordOp): SQLInputValue[] {
  const { seq, id, misplaced, arrivedAt, finishedAt, bytes, draft, results } = op;
  return [seq, id, misplaced ? 1 : 0, arrivedAt, finishedAt, bytes, draft, results];
}

/** Stops this thread, as a slow disk would. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
