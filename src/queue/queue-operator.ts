/**
 * The operator's side of the queue: list, show, orders, export, counts.
 * Owns: filters, pages, how an order meets an attempt under way.  Leaves: rows (store), claims (queue), words (cli, console).
 * Long lists are read in slices, so that a search through a large queue never holds up a commit.
 */

import { formatMailbox, formatPath, type Recipient } from '../envelope/index.ts';
import { formatEnvelopeLines } from '../mailroot/index.ts';
import { bodyPath, FileBody, SmallBody } from './body.ts';
import type { Claim, MessageDraft, MessageId } from './contract.ts';
import type {
  ExportedMessage,
  HistoryPage,
  ListedMessage,
  ListedRecipient,
  OrderResult,
  QueueCounts,
  QueueFilter,
  QueueOperator,
  QueuePage,
  ShownMessage,
} from './operator.ts';
import type { Queue } from './queue.ts';
import { timeOfId } from './seq.ts';
import {
  FIRST_FINAL_STATE,
  type HistoryRecipient,
  type HistoryResult,
  type HistoryRow,
  type ListResult,
  type MessageRow,
  type OperatorAction,
  RECIPIENT_STATES,
} from './store.ts';

/** Messages looked at in one read of the store. */
const SLICE = 250;
const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 1000;

export class QueueCommands implements QueueOperator {
  readonly #queue: Queue;

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  async list(query: { filter?: QueueFilter; limit?: number; next?: string } = {}): Promise<QueuePage> {
    const limit = Math.min(query.limit ?? DEFAULT_PAGE, LARGEST_PAGE);
    const messages: ListedMessage[] = [];
    let after: number | undefined = cursor(query.next) ?? 0;
    while (after !== undefined) {
      const slice: ListResult = await this.#queue.submit({ op: 'list', after, scan: SLICE });
      for (const row of slice.rows) {
        const message = this.#listed(row);
        if (!matches(message, query.filter)) continue;
        messages.push(message);
        if (messages.length === limit) return { messages, next: String(row.seq) };
      }
      after = slice.next;
    }
    return { messages };
  }

  async show(id: MessageId): Promise<ShownMessage | undefined> {
    const { message, events, history } = await this.#queue.submit({ op: 'find', id });
    if (message === undefined) return history && shownHistory(history);
    const listed = this.#listed(message);
    return {
      ...listed,
      place: 'queue',
      recipients: listed.recipients.map((recipient, index) => ({
        ...recipient,
        events: events
          .filter(({ rid }) => rid === message.recipients[index]!.rid)
          .map(({ at, text }) => ({ at, text })),
      })),
    };
  }

  async history(query: { text?: string; limit?: number; next?: string } = {}): Promise<HistoryPage> {
    const limit = Math.min(query.limit ?? DEFAULT_PAGE, LARGEST_PAGE);
    const wanted = query.text?.toLowerCase();
    const messages: ShownMessage[] = [];
    let before: number | undefined = cursor(query.next) ?? Number.MAX_SAFE_INTEGER;
    while (before !== undefined) {
      const slice: HistoryResult = await this.#queue.submit({ op: 'history', before, scan: SLICE });
      for (const row of slice.rows) {
        const message = shownHistory(row);
        if (wanted !== undefined && !searchText(message).includes(wanted)) continue;
        messages.push(message);
        if (messages.length === limit) return { messages, next: String(row.seq) };
      }
      before = slice.next;
    }
    return { messages };
  }

  hold(ids: readonly MessageId[], reason = 'held by the operator'): Promise<OrderResult> {
    return this.#order('hold', ids, reason);
  }

  release(ids: readonly MessageId[]): Promise<OrderResult> {
    return this.#order('release', ids, '');
  }

  retry(ids: readonly MessageId[]): Promise<OrderResult> {
    return this.#order('retry', ids, '');
  }

  delete(ids: readonly MessageId[], reason = 'deleted by the operator'): Promise<OrderResult> {
    return this.#order('delete', ids, reason);
  }

  async changeMatching(
    action: OperatorAction,
    filter: QueueFilter,
    reason = `${action === 'hold' ? 'held' : action} by the operator`,
  ): Promise<OrderResult> {
    let changed = 0;
    let busy = 0;
    let next: string | undefined;
    do {
      const page: QueuePage = await this.list({ filter, limit: SLICE, ...(next !== undefined && { next }) });
      if (page.messages.length > 0) {
        const result = await this.#order(
          action,
          page.messages.map(({ id }) => id),
          reason,
        );
        changed += result.changed;
        busy += result.busy;
      }
      next = page.next;
    } while (next !== undefined);
    return { changed, busy, unknown: [] };
  }

  async claimForReturn(ids: readonly MessageId[]): Promise<readonly Claim[]> {
    const queue = this.#queue;
    const { found } = await this.#rows(ids);
    await queue.claimsAnswered();
    const busyRids = found.flatMap(({ id }) => queue.busyRids(id));
    const left = found.flatMap(({ seq }) => queue.leaveWindow(seq));
    const seqs = found.map(({ seq }) => seq);
    try {
      return queue.claimRows(await queue.submit({ op: 'claim-messages', seqs, busyRids }));
    } catch (failure) {
      for (const entry of left) queue.returnToWindow(entry);
      throw failure;
    }
  }

  async export(id: MessageId): Promise<ExportedMessage | undefined> {
    const { message } = await this.#queue.submit({ op: 'find', id });
    if (message === undefined) return undefined;
    const small = message.hasFile ? null : await this.#queue.submit({ op: 'body', seq: message.seq });
    if (!message.hasFile && small === null) return undefined;
    const { disk, folder } = this.#queue.options;
    const body =
      small === null ? new FileBody(disk, bodyPath(folder, id), message.bytes) : new SmallBody(small);
    const recipients = message.recipients
      .filter(({ state }) => state < FIRST_FINAL_STATE)
      .map(({ json }) => JSON.parse(json) as Recipient);
    const lines = formatEnvelopeLines({ ...(JSON.parse(message.draft) as MessageDraft), recipients });
    return {
      name: `${id}.eml`,
      chunks: (async function* () {
        yield lines;
        yield* body.chunks();
      })(),
    };
  }

  async counts(): Promise<QueueCounts> {
    const { messages, bytes, domains, history } = await this.#queue.submit({ op: 'counts' });
    const total = { queued: 0, deferred: 0, held: 0 };
    let oldest = Infinity;
    for (const domain of domains) {
      total.queued += domain.queued;
      total.deferred += domain.deferred;
      total.held += domain.held;
      oldest = Math.min(oldest, domain.oldestArrivedAt);
    }
    return {
      messages,
      bytes,
      ...total,
      claimed: this.#queue.claimedCount,
      oldestArrivedAt: oldest === Infinity ? undefined : oldest,
      destinations: [...domains].sort((a, b) => sum(b) - sum(a) || (a.domain < b.domain ? -1 : 1)),
      history,
      isFrozen: this.#queue.isFrozen,
      fault: this.#queue.fault?.message,
    };
  }

  freeze(): Promise<void> {
    return this.#queue.setFrozen(true);
  }

  unfreeze(): Promise<void> {
    return this.#queue.setFrozen(false);
  }

  async #order(action: OperatorAction, ids: readonly MessageId[], reason: string): Promise<OrderResult> {
    const queue = this.#queue;
    const { found, unknown } = await this.#rows(ids);
    await queue.claimsAnswered();
    // From here to the submit nothing else runs: what an attempt works on is busy, what is in the window either leaves it
    // (held, deleted) or is due already (released, retried).
    const busyRids = found.flatMap(({ id }) => queue.busyRids(id));
    const leaves = action === 'hold' || action === 'delete';
    const left = leaves ? found.flatMap(({ seq }) => queue.leaveWindow(seq)) : [];
    const inWindow = leaves ? [] : found.flatMap(({ seq }) => queue.ridsInWindow(seq));
    const order = queue.submit({
      op: 'change',
      action,
      seqs: found.map(({ seq }) => seq),
      busyRids: [...busyRids, ...inWindow],
      at: Math.floor(queue.options.clock.now()),
      nowQ: queue.time.now(),
      reason,
    });
    const { changed, gone } = await order.catch((failure: unknown) => {
      for (const entry of left) queue.returnToWindow(entry);
      throw failure;
    });
    for (const { id, hasFile } of gone) if (hasFile) await queue.removeBodyFile(id);
    queue.options.log.event('info', 'queue.order', {
      action,
      messages: found.length,
      recipients: changed,
      ...(reason !== '' && { reason }),
    });
    return { changed, busy: busyRids.length, unknown };
  }

  async #rows(ids: readonly MessageId[]): Promise<{ found: MessageRow[]; unknown: MessageId[] }> {
    const found: MessageRow[] = [];
    const unknown: MessageId[] = [];
    for (const id of new Set(ids)) {
      const message =
        timeOfId(id) === undefined ? undefined : (await this.#queue.submit({ op: 'find', id })).message;
      if (message === undefined) unknown.push(id);
      else found.push(message);
    }
    return { found, unknown };
  }

  #listed(row: MessageRow): ListedMessage {
    const draft = JSON.parse(row.draft) as MessageDraft;
    const busy = new Set(this.#queue.busyRids(row.id));
    const { time } = this.#queue;
    return {
      id: row.id,
      arrivedAt: row.arrivedAt,
      ageMs: time.now() - row.arrivedQ,
      bytes: row.bytes,
      sender: senderText(draft),
      draft,
      recipients: row.recipients.map((recipient): ListedRecipient => {
        const isClaimed = busy.has(recipient.rid);
        const state = RECIPIENT_STATES[recipient.state]!;
        // No due time and waiting: in the window, that is, now.
        const waits = !isClaimed && (state === 'queued' || state === 'deferred');
        return {
          address: formatMailbox((JSON.parse(recipient.json) as Recipient).forwardPath),
          domain: recipient.domain,
          state,
          attempts: recipient.attempts,
          isClaimed,
          ...(recipient.lastResult !== null && { lastResult: recipient.lastResult }),
          ...(waits && {
            nextAttemptAt: recipient.due === null ? row.arrivedAt : time.toWall(recipient.due),
          }),
        };
      }),
    };
  }
}

function shownHistory(row: HistoryRow): ShownMessage {
  const draft = JSON.parse(row.draft) as MessageDraft;
  return {
    id: row.id,
    place: 'history',
    arrivedAt: row.arrivedAt,
    finishedAt: row.finishedAt,
    ageMs: row.finishedAt - row.arrivedAt,
    bytes: row.bytes,
    sender: senderText(draft),
    draft,
    recipients: (JSON.parse(row.results) as HistoryRecipient[]).map((recipient) => ({
      address: recipient.address,
      domain: recipient.address.slice(recipient.address.lastIndexOf('@') + 1),
      state: recipient.state,
      attempts: recipient.attempts,
      lastResult: recipient.result,
      isClaimed: false,
      events: recipient.events ?? [{ at: recipient.at, text: `${recipient.state}: ${recipient.result}` }],
    })),
  };
}

function senderText(draft: MessageDraft): string {
  const path = formatPath(draft.reversePath);
  return path === '<>' ? path : path.slice(1, -1);
}

function searchText(message: ListedMessage): string {
  const { draft } = message;
  return [
    message.id,
    message.sender,
    draft.subject,
    draft.headerMessageId,
    draft.origin.kind === 'pickup' ? draft.origin.fileName : '',
    ...message.recipients.flatMap(({ address, lastResult }) => [address, lastResult]),
  ]
    .join('\n')
    .toLowerCase();
}

function matches(message: ListedMessage, filter: QueueFilter | undefined): boolean {
  if (filter === undefined) return true;
  const { states, sender, recipient, domain, olderThanMs, text } = filter;
  if (sender !== undefined && !message.sender.toLowerCase().includes(sender.toLowerCase())) return false;
  if (olderThanMs !== undefined && message.ageMs <= olderThanMs) return false;
  if (text !== undefined && !searchText(message).includes(text.toLowerCase())) return false;
  if (states === undefined && recipient === undefined && domain === undefined) return true;
  return message.recipients.some(
    (row) =>
      (states === undefined || states.includes(row.state)) &&
      (recipient === undefined || row.address.toLowerCase().includes(recipient.toLowerCase())) &&
      (domain === undefined || domainMatches(row.domain, domain.toLowerCase())),
  );
}

function domainMatches(domain: string, wanted: string): boolean {
  return wanted.startsWith('*.') ? domain.endsWith(wanted.slice(1)) : domain === wanted;
}

function sum(counts: { readonly queued: number; readonly deferred: number; readonly held: number }): number {
  return counts.queued + counts.deferred + counts.held;
}

/** A cursor that somebody made up starts from the beginning rather than failing. */
function cursor(next: string | undefined): number | undefined {
  const seq = next === undefined ? Number.NaN : Number(next);
  return Number.isSafeInteger(seq) && seq >= 0 ? seq : undefined;
}
