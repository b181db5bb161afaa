/**
 * Reading the queue's database: rows as the store's values, lists, the search for an id.
 * Owns: the columns of a row, how an id finds its row.  Leaves: everything that writes (sqlite-store), statements (sqlite-statements).
 * Fails: with what SQLite throws.
 */
import { seqRange } from './seq.ts';
import type { Statements } from './sqlite-statements.ts';
import {
  type CountsResult,
  type EventRow,
  type FindResult,
  type HistoryResult,
  type HistoryRow,
  type ListResult,
  type MessageRow,
  RECIPIENT_STATES,
  type RecipientRow,
} from './store.ts';

export class SqliteReader {
  readonly #sql: Statements;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  isKnown(id: string): boolean {
    return this.seqOf(id) !== undefined || this.#historySeqOf(id) !== undefined;
  }

  seqOf(id: string): number | undefined {
    const range = seqRange(id);
    if (range === undefined) return undefined;
    const row = (this.#sql.findInRange.get(range.first, range.end, id) ?? this.#sql.findMisplaced.get(id)) as
      | [number]
      | undefined;
    return row?.[0];
  }

  #historySeqOf(id: string): number | undefined {
    const range = seqRange(id);
    if (range === undefined) return undefined;
    const row = (this.#sql.historyInRange.get(range.first, range.end, id) ??
      this.#sql.historyMisplaced.get(id)) as [number] | undefined;
    return row?.[0];
  }

  message(seq: number): MessageRow | undefined {
    const row = this.#sql.message.get(seq) as unknown as MessageColumns | undefined;
    return row && this.#messageRow(row);
  }

  #messageRow(row: MessageColumns): MessageRow {
    const [seq, id, arrivedAt, arrivedQ, bytes, firstRid, recipientCount, draft, hasFile] = row;
    const recipients = (
      this.#sql.recipients.all(firstRid, firstRid + recipientCount - 1) as unknown as RecipientColumns[]
    ).map(recipientRow);
    return {
      seq,
      id,
      arrivedAt,
      arrivedQ,
      bytes,
      firstRid,
      recipientCount,
      draft,
      hasFile: hasFile === 1,
      recipients,
    };
  }

  events(row: MessageRow): EventRow[] {
    const rows = this.#sql.events.all(row.firstRid, row.firstRid + row.recipientCount - 1);
    return (rows as unknown as [number, number, string][]).map(([rid, at, text]) => ({ rid, at, text }));
  }

  list(after: number, scan: number): ListResult {
    const rows = this.#sql.list.all(after, scan) as unknown as MessageColumns[];
    return {
      rows: rows.map((row) => this.#messageRow(row)),
      next: rows.length < scan ? undefined : rows.at(-1)?.[0],
    };
  }

  history(before: number, scan: number): HistoryResult {
    const rows = this.#sql.historyList.all(before, scan) as unknown as HistoryColumns[];
    return { rows: rows.map(historyRow), next: rows.length < scan ? undefined : rows.at(-1)?.[0] };
  }

  find(id: string): FindResult {
    const seq = this.seqOf(id);
    const message = seq === undefined ? undefined : this.message(seq);
    const historySeq = message === undefined ? this.#historySeqOf(id) : undefined;
    const history =
      historySeq === undefined
        ? undefined
        : (this.#sql.history.get(historySeq) as unknown as HistoryColumns | undefined);
    return {
      message,
      events: message === undefined ? [] : this.events(message),
      history: history && historyRow(history),
    };
  }

  /** What waits, by domain. */
  counts(): CountsResult['domains'] {
    const domains = new Map<
      string,
      { queued: number; deferred: number; held: number; oldestArrivedAt: number }
    >();
    for (const row of this.#sql.counts.iterate() as unknown as Iterable<[string, number, number, number]>) {
      const [domain, state, count, seq] = row;
      const entry = domains.get(domain) ?? { queued: 0, deferred: 0, held: 0, oldestArrivedAt: Infinity };
      domains.set(domain, entry);
      entry[RECIPIENT_STATES[state] as 'queued' | 'deferred' | 'held'] += count;
      const [arrivedAt] = this.#sql.arrivedAt.get(seq) as unknown as [number];
      entry.oldestArrivedAt = Math.min(entry.oldestArrivedAt, arrivedAt);
    }
    return [...domains].map(([domain, counts]) => ({ domain, ...counts }));
  }
}
type MessageColumns = [
  seq: number,
  id: string,
  arrivedAt: number,
  arrivedQ: number,
  bytes: number,
  firstRid: number,
  recipients: number,
  draft: string,
  hasFile: number,
];
type RecipientColumns = [
  rid: number,
  state: number,
  due: number | null,
  domain: string,
  attempts: number,
  delayNotice: number,
  json: string,
  lastResult: string | null,
];
type HistoryColumns = [number, string, number, number, number, string, string];

function recipientRow(row: RecipientColumns): RecipientRow {
  const [rid, state, due, domain, attempts, delayNotice, json, lastResult] = row;
  return { rid, state, due, domain, attempts, delayNoticeSent: delayNotice === 1, json, lastResult };
}

function historyRow(row: HistoryColumns): HistoryRow {
  const [seq, id, arrivedAt, finishedAt, bytes, draft, results] = row;
  return { seq, id, arrivedAt, finishedAt, bytes, draft, results };
}
