/**
 * The queue: accepts, hands out claims, settles. The invariants Q1–Q8 are listed in contract.ts.
 * Owns: what is claimed and by whom nothing else, the window of fresh messages, due times.
 * Leaves: rows and transactions (store), grouping (batcher), a full disk (fault), operator commands (queue-operator), what a
 * result means (outcome).
 * Fails: RelayError. After `disk-full` new messages are refused, claims pause, settlements wait and are written when there
 * is room again; no restart is needed.
 */
import type { Clock, Disk, IdSource, Logger, Timer } from '../base/index.ts';
import { createIdSource, RelayError, TransientSet } from '../base/index.ts';
import { domainKey, type Recipient } from '../envelope/index.ts';
import { ActiveMessages } from './active-messages.ts';
import { Batcher } from './batcher.ts';
import { bodyPath, FileBody, SmallBody } from './body.ts';
import type {
  Accepted,
  Claim,
  ClaimSource,
  MessageAcceptor,
  MessageDraft,
  MessageIntake,
  OwnMessage,
  QueuedMessage,
  QueuedRecipient,
  Settlement,
} from './contract.ts';
import { QueueFault } from './fault.ts';
import { HistoryTrim } from './history-trim.ts';
import { type Collected, QueueIntake } from './message-intake.ts';
import { QueueTime } from './queue-time.ts';
import { RecentClaims } from './recent-claims.ts';
import { recoverBodies } from './recovery.ts';
import { DEFAULT_RETRY_SCHEDULE, type RetrySchedule } from './retry-times.ts';
import { SeqSource, timeOfId } from './seq.ts';
import { completeOp, settleOp } from './settlement.ts';
import type {
  AcceptOp,
  BatchResult,
  ClaimRow,
  CompleteOp,
  QueueStore,
  RecipientRow,
  SettleOp,
  StoreOp,
  StoreOpened,
} from './store.ts';
import { isReadOnly, RECIPIENT_STATES } from './store.ts';
import { Window, type WindowEntry } from './window.ts';
import { WindowRoom } from './window-room.ts';

export type QueueOptions = {
  /** The Queue folder; must exist. */
  readonly folder: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Logger;
  readonly ids?: IdSource;
  /** Asked at each deferral, with the name of the virtual server that the message came through. */
  readonly retry?: (server: string) => RetrySchedule;
  /** Finished messages are remembered this long and this many; asked at each trim. */
  readonly history?: () => { readonly keepMs: number; readonly keepCount: number };
  /** Larger bodies go to a file. */
  readonly smallBodyBytes?: number;
  readonly window?: { readonly messages: number; readonly bytes: number };
  /**
   * Called at start for each message whose body file is gone, before it is settled as failed: the place to write Badmail.
   * When it rejects the message stays in the queue, held.
   */
  readonly onBodyMissing?: (claim: Claim) => Promise<void>;
  /** Called once when the store has died: nothing is accepted or settled any more until the process starts again. */
  readonly onLost?: (error: RelayError) => void;
};

const DEFAULT_WINDOW = { messages: 2048, bytes: 12 * 1024 * 1024 };
const DEFAULT_SMALL_BODY_BYTES = 256 * 1024;
/** Bodies read from the store for one claim call. */
const MOST_CLAIM_BODY_BYTES = 8 * 1024 * 1024;
const HEARTBEAT_MS = 60_000;
const DRIFT_WORTH_WRITING_MS = 1000;

export class Queue implements ClaimSource, MessageAcceptor {
  readonly #options: QueueOptions;
  readonly #store: QueueStore;
  readonly #time: QueueTime;
  readonly #batcher: Batcher;
  readonly #window: Window;
  readonly #room: WindowRoom;
  readonly #seqs: SeqSource;
  readonly #ids: IdSource;
  readonly #retry: (server: string) => RetrySchedule;
  /** The newest id time an earlier process may have accepted (Q7). */
  readonly #lastIdTimeBefore: number;
  readonly #active = new ActiveMessages();
  readonly #claimsAsked = new Set<Promise<readonly Claim[]>>();
  readonly #claimsUnderway = new TransientSet<string>();
  readonly #recentClaims = new RecentClaims();
  readonly #fault: QueueFault;
  readonly #history: HistoryTrim;
  readonly #listeners: (() => void)[] = [];
  #lastRid: number;
  #isFrozen: boolean;
  #isClosed = false;
  #isLost = false;
  #hasDue = false;
  /** What the last fruitless claim excluded; undefined when the store may have something for anyone. */
  #nothingBut: ReadonlySet<string> | undefined;
  #dueTimer: Timer | undefined;
  #heartbeat: Timer | undefined;
  #writtenOffsetMs: number | undefined;
  #notifying = false;

  private constructor(store: QueueStore, opened: StoreOpened, options: QueueOptions) {
    this.#options = options;
    this.#store = store;
    this.#time = new QueueTime(options.clock, opened.moment);
    this.#batcher = new Batcher(
      store,
      this.#time,
      (result, ops) => this.#afterBatch(result, ops),
      (error) => this.#lose(error),
    );
    this.#window = new Window(options.window ?? DEFAULT_WINDOW);
    this.#room = new WindowRoom(this.#window, options.clock);
    this.#fault = new QueueFault(options.clock, options.log, () => this.#probe());
    this.#history = new HistoryTrim(options, (op) => this.#submit(op));
    this.#seqs = new SeqSource(opened.lastSeq);
    this.#ids = options.ids ?? createIdSource(() => options.clock.now());
    this.#retry = options.retry ?? (() => DEFAULT_RETRY_SCHEDULE);
    this.#lastIdTimeBefore = Math.floor(opened.lastSeq / 8192);
    this.#lastRid = opened.lastRid;
    this.#isFrozen = opened.settings['frozen'] === 'yes';
    this.#hasDue = true;
  }

  /**
   * Opens the queue: releases the claims of the last process, sweeps body files without a message, reports messages
   * without their body file. Throws RelayError: queue-locked, queue-version, queue-damaged, disk-full, permission-denied.
   */
  static async open(store: QueueStore, options: QueueOptions): Promise<Queue> {
    const opened = await store.open();
    const queue = new Queue(store, opened, options);
    try {
      await recoverBodies(queue, opened.withFile, options);
    } catch (failure) {
      await queue.close();
      throw failure;
    }
    queue.#beat();
    options.log.event('info', 'queue.opened', { folder: options.folder, frozen: queue.#isFrozen });
    return queue;
  }

  // ── accept ────────────────────────────────────────────────────────────────────────────────────────────────────────

  begin(draft: MessageDraft): MessageIntake {
    const id = draft.origin.kind === 'pickup' ? draft.origin.claimId : this.#ids.next();
    if (timeOfId(id) === undefined) throw new RelayError('internal', `'${id}' is no message id.`);
    return new QueueIntake(id, draft, {
      disk: this.#options.disk,
      folder: this.#options.folder,
      smallBodyBytes: this.#options.smallBodyBytes ?? DEFAULT_SMALL_BODY_BYTES,
      commit: (collected) => this.#accept(collected),
    });
  }

  room(messages: number): Promise<void> | undefined {
    return this.#room.wait(messages);
  }

  async wasClaimAccepted(claimId: string): Promise<boolean> {
    if (this.#recentClaims.has(claimId)) return true;
    const { message, history } = await this.#submit({ op: 'find', id: claimId });
    return message !== undefined || history !== undefined;
  }

  async #accept(collected: Collected): Promise<Accepted> {
    const { id, draft } = collected;
    const isPickup = draft.origin.kind === 'pickup';
    if (isPickup && this.#recentClaims.has(id)) return { id, isNew: false };
    if (this.#fault.current !== undefined) throw this.#fault.current;
    if (isPickup && this.#claimsUnderway.has(id))
      throw new RelayError('internal', `The pickup claim ${id} is being accepted already (Q7).`);
    const { op, entry } = this.#newMessage(collected, isPickup && timeOfId(id)! <= this.#lastIdTimeBefore);
    let isNew = false;
    if (isPickup) this.#claimsUnderway.add(id);
    try {
      const { known } = await this.#submit(op);
      isNew = !known;
    } finally {
      this.#claimsUnderway.delete(id);
      this.#enter(entry, isNew);
    }
    if (isPickup) this.#recentClaims.add(id);
    return { id, isNew };
  }

  /** The operation that makes a message durable, and its place in the window if there is room. */
  #newMessage(collected: Collected, askFirst: boolean): { op: AcceptOp; entry: WindowEntry | undefined } {
    const { id, draft, bytes, body } = collected;
    const { seq, misplaced } = this.#seqs.next(id);
    const arrivedAt = Math.floor(this.#options.clock.now());
    const arrivedQ = this.#time.now();
    const firstRid = this.#lastRid + 1;
    this.#lastRid += collected.recipients.length;
    const domains = collected.recipients.map(({ forwardPath }) => domainKey(forwardPath.domain));
    const fits = this.#window.reserve(bytes);
    const op: AcceptOp = {
      op: 'accept',
      seq,
      id,
      misplaced,
      askFirst,
      arrivedAt,
      arrivedQ,
      bytes,
      draft: JSON.stringify(draft),
      body: body ?? null,
      recipients: collected.recipients.map((recipient, index) => ({
        rid: firstRid + index,
        domain: domains[index]!,
        json: JSON.stringify(recipient),
      })),
      due: fits ? null : arrivedQ,
    };
    if (!fits) return { op, entry: undefined };
    const recipients = collected.recipients.map(
      (recipient, index): QueuedRecipient => ({
        ...recipient,
        recipientId: firstRid + index,
        state: 'queued',
        attempts: 0,
        nextAttemptAt: arrivedAt,
        delayNoticeSent: false,
      }),
    );
    const message: QueuedMessage = { ...draft, id, arrivedAt, bytes };
    const entry = { message, seq, arrivedQ, recipientCount: recipients.length, recipients, domains, body };
    return { op, entry };
  }

  /** Settles the reservation that #newMessage made. */
  #enter(entry: WindowEntry | undefined, wasAccepted: boolean): void {
    if (entry === undefined) return;
    if (!wasAccepted) {
      this.#window.cancel(entry.message.bytes);
      return;
    }
    this.#window.add(entry);
    this.#notify();
  }

  // ── claim ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  onReady(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async claim(limit: number, exceptDomains: readonly string[] = []): Promise<readonly Claim[]> {
    if (this.#isFrozen || this.#isClosed || this.#isLost || this.#fault.current !== undefined || limit <= 0)
      return [];
    const except = new Set(exceptDomains);
    const claims: Claim[] = [];
    if (this.#mayHaveDue(except)) {
      // Fresh mail and mail whose turn has come share; neither starves the other.
      const work = this.#claimFromStore(this.#window.hasReady ? Math.ceil(limit / 2) : limit, except);
      this.#claimsAsked.add(work);
      try {
        claims.push(...(await work));
      } finally {
        this.#claimsAsked.delete(work);
      }
      // While the store was asked the operator may have frozen the queue; what was claimed stays claimed and is delivered.
      if (this.#isFrozen || this.#isClosed) return claims;
    }
    if (claims.length < limit) {
      const taken = this.#window.take(limit - claims.length, except);
      for (const entry of taken) claims.push(this.#claimEntry(entry));
      if (taken.length > 0) this.#room.left();
    }
    return claims;
  }

  async #claimFromStore(limit: number, except: ReadonlySet<string>): Promise<readonly Claim[]> {
    const rows = await this.#submit({
      op: 'claim',
      nowQ: this.#time.now(),
      limit,
      maxBodyBytes: MOST_CLAIM_BODY_BYTES,
      exceptDomains: [...except],
    });
    if (rows.length === 0) this.#nothingBut = except;
    return rows.map((row) => this.#claimOf(row));
  }

  /** False when the store is known to hold nothing due for domains outside `except`. */
  #mayHaveDue(except: ReadonlySet<string>): boolean {
    if (!this.#hasDue) return false;
    if (this.#nothingBut === undefined) return true;
    for (const domain of this.#nothingBut) if (!except.has(domain)) return true;
    return false;
  }

  #claimEntry(entry: WindowEntry): Claim {
    const { message, recipients, recipientCount, body } = entry;
    this.#active.claim(message.id, {
      seq: entry.seq,
      firstRid: recipients[0]!.recipientId,
      recipientCount,
      bytes: message.bytes,
      hasFile: body === undefined,
      server: message.server,
      isWhole: recipients.length === recipientCount,
      recipients,
    });
    return {
      message,
      ageMs: this.#time.now() - entry.arrivedQ,
      recipients,
      body: body === undefined ? this.#fileBody(message) : new SmallBody(body),
    };
  }

  #claimOf(row: ClaimRow): Claim {
    const message: QueuedMessage = {
      ...(JSON.parse(row.draft) as MessageDraft),
      id: row.id,
      arrivedAt: row.arrivedAt,
      bytes: row.bytes,
    };
    const recipients = row.recipients.map((recipient) => this.#queuedRecipient(recipient));
    this.#active.claim(row.id, {
      seq: row.seq,
      firstRid: row.firstRid,
      recipientCount: row.recipientCount,
      bytes: row.bytes,
      hasFile: row.hasFile,
      server: message.server,
      isWhole: false,
      recipients,
    });
    return {
      message,
      ageMs: this.#time.now() - row.arrivedQ,
      recipients,
      body: row.body === null ? this.#fileBody(message) : new SmallBody(row.body),
    };
  }

  #queuedRecipient(row: RecipientRow): QueuedRecipient {
    return {
      ...(JSON.parse(row.json) as Recipient),
      recipientId: row.rid,
      state: RECIPIENT_STATES[row.state]!,
      attempts: row.attempts,
      nextAttemptAt: this.#time.toWall(row.due ?? this.#time.now()),
      delayNoticeSent: row.delayNoticeSent,
      ...(row.lastResult !== null && { lastResult: row.lastResult }),
    };
  }

  #fileBody(message: QueuedMessage): FileBody {
    return new FileBody(this.#options.disk, bodyPath(this.#options.folder, message.id), message.bytes);
  }

  // ── settle ────────────────────────────────────────────────────────────────────────────────────────────────────────

  async settle(
    message: string,
    settlements: readonly Settlement[],
    reports: readonly OwnMessage[] = [],
  ): Promise<void> {
    const { active, settled, isWhole } = this.#active.beginSettlement(message, settlements);
    const own = reports.map((report) =>
      this.#newMessage(
        {
          id: this.#ids.next(),
          draft: report.draft,
          recipients: report.recipients,
          bytes: report.body.length,
          body: report.body,
        },
        false,
      ),
    );
    const at = Math.floor(this.#options.clock.now());
    const reportOps = own.map(({ op }) => op);
    const fast = isWhole ? completeOp(active, settled, reportOps, at) : undefined;
    const op =
      fast ??
      settleOp(active.seq, settled, reportOps, at, {
        time: this.#time,
        retry: this.#retry(active.server),
      });
    let isWritten = false;
    try {
      const finished = await this.#writeSettlement(op);
      isWritten = true;
      if (finished) this.#afterFinish(message, active.hasFile);
    } finally {
      for (const { entry } of own) this.#enter(entry, isWritten);
      this.#active.endSettlement(message, settlements);
    }
  }

  /** Writes it however long the disk is full: the delivery has happened and must not be forgotten. True: finished. */
  async #writeSettlement(op: CompleteOp | SettleOp): Promise<boolean> {
    for (;;) {
      try {
        if (op.op === 'settle') return (await this.#submit(op)).finished;
        await this.#submit(op);
        return true;
      } catch (failure) {
        if (!(failure instanceof RelayError) || !isPassing(failure) || this.#isClosed) throw failure;
        await this.#fault.nextTry();
      }
    }
  }

  #afterFinish(id: string, hasFile: boolean): void {
    if (hasFile) void this.removeBodyFile(id);
    this.#history.finished();
  }

  /** Q6: only after the message is in history. A file that cannot be removed is swept at the next start. */
  async removeBodyFile(id: string): Promise<void> {
    const file = bodyPath(this.#options.folder, id);
    try {
      await this.#options.disk.unlink(file);
    } catch (failure) {
      this.#options.log.event('warn', 'queue.body-not-removed', {
        messageId: id,
        file,
        reason: String(failure),
      });
    }
  }

  // ── for queue-operator.ts ─────────────────────────────────────────────────────────────────────────────────────────

  get time(): QueueTime {
    return this.#time;
  }

  get options(): QueueOptions {
    return this.#options;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  get fault(): RelayError | undefined {
    return this.#fault.current;
  }

  get claimedCount(): number {
    return this.#active.claimedCount;
  }

  /** Recipients of this message that an attempt works on. */
  busyRids(id: string): readonly number[] {
    return this.#active.busyRids(id);
  }

  submit<Op extends StoreOp>(op: Op) {
    return this.#submit(op);
  }

  /** Resolves when no claim is under way in the store: what it took is active then. */
  async claimsAnswered(): Promise<void> {
    while (this.#claimsAsked.size > 0) await Promise.allSettled(this.#claimsAsked);
  }

  /** Takes a message out of the window; whoever does must make its rows held, final or claimed, or give it back. */
  leaveWindow(seq: number): readonly WindowEntry[] {
    return this.#window.remove(seq);
  }

  returnToWindow(entry: WindowEntry): void {
    this.#window.restore(entry);
    this.#notify();
  }

  ridsInWindow(seq: number): readonly number[] {
    return this.#window
      .find(seq)
      .flatMap(({ recipients }) => recipients.map(({ recipientId }) => recipientId));
  }

  claimRows(rows: readonly ClaimRow[]): readonly Claim[] {
    return rows.map((row) => this.#claimOf(row));
  }

  async setFrozen(isFrozen: boolean): Promise<void> {
    const before = this.#isFrozen;
    this.#isFrozen = isFrozen;
    try {
      await this.#submit({ op: 'setting', key: 'frozen', value: isFrozen ? 'yes' : 'no' });
    } catch (failure) {
      this.#isFrozen = before;
      throw failure;
    }
    this.#options.log.event('info', isFrozen ? 'queue.frozen' : 'queue.unfrozen');
    if (!isFrozen) this.#notify();
  }

  // ── inner workings ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Resolves when everything handed in is written; then closes the store. Claims not settled by then are released. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#room.close();
    for (const timer of [this.#dueTimer, this.#heartbeat]) timer?.cancel();
    this.#history.close();
    this.#fault.close();
    await this.#batcher.idle();
    await this.#store.close();
    this.#options.log.event('info', 'queue.closed', { folder: this.#options.folder });
  }

  #submit<Op extends StoreOp>(op: Op) {
    if (this.#isClosed && op.op !== 'complete' && op.op !== 'settle')
      return Promise.reject(new RelayError('queue-closed', 'The queue is closed.'));
    return this.#batcher.submit(op);
  }

  #afterBatch(result: BatchResult, ops: readonly StoreOp[]): void {
    const failure = result.results.find((answer) => !answer.ok && isPassing(answer.error));
    if (failure !== undefined && !failure.ok) this.#fault.enter(failure.error);
    else if (this.#fault.current !== undefined && !ops.every(isReadOnly)) {
      this.#fault.leave();
      this.#notify();
    }
    if (failure !== undefined || result.due === undefined) return;
    const { has, next } = result.due;
    this.#hasDue = has;
    this.#dueTimer?.cancel();
    this.#dueTimer = undefined;
    if (next !== undefined && !this.#isClosed) {
      const waitMs = Math.max(next - this.#time.now(), 1);
      this.#dueTimer = this.#options.clock.setTimer(waitMs, () => {
        this.#hasDue = true;
        this.#nothingBut = undefined;
        this.#notify();
      });
    }
    if (has && ops.some(makesDue)) {
      this.#nothingBut = undefined;
      this.#notify();
    }
  }

  /** The store is gone and does not come back in this process; what is on the disk is safe. */
  #lose(error: RelayError): void {
    if (this.#isLost || this.#isClosed) return;
    this.#isLost = true;
    this.#options.log.event('error', 'queue.lost', { code: error.code, reason: error.message });
    this.#options.onLost?.(error);
  }

  #probe(): void {
    this.#submit({ op: 'setting', key: 'probe', value: String(this.#options.clock.now()) }).catch(() => {});
  }

  /** Writes the pair of clocks when the wall clock was set, so that a crash later does not misjudge the stop. */
  #beat(): void {
    this.#heartbeat = this.#options.clock.setTimer(HEARTBEAT_MS, () => {
      const { queueMs, wallMs } = this.#time.moment();
      const offsetMs = wallMs - queueMs;
      if (Math.abs(offsetMs - (this.#writtenOffsetMs ?? Infinity)) > DRIFT_WORTH_WRITING_MS) {
        this.#submit({ op: 'setting', key: 'heartbeat', value: String(wallMs) }).then(
          () => {
            this.#writtenOffsetMs = offsetMs;
          },
          () => {},
        );
      }
      this.#history.trimSoon();
      if (!this.#isClosed) this.#beat();
    });
  }

  /** Tells the listeners once, in a later turn of the event loop. */
  #notify(): void {
    if (this.#notifying || this.#isClosed) return;
    this.#notifying = true;
    setImmediate(() => {
      this.#notifying = false;
      if (this.#isClosed) return;
      for (const listener of this.#listeners) listener();
    });
  }
}

/** Failures of the machine that may pass: the same write can succeed later. */
function isPassing(error: RelayError): boolean {
  return error.code === 'disk-full' || error.code === 'disk-failed' || error.code === 'permission-denied';
}

/** True for an operation after which somebody may be due who was not before. */
function makesDue(op: StoreOp): boolean {
  return (
    (op.op === 'accept' && op.due !== null) ||
    op.op === 'settle' ||
    (op.op === 'change' && op.action !== 'hold') ||
    (op.op === 'complete' && op.reports.some(({ due }) => due !== null))
  );
}
