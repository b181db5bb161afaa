/**
 * The store with a journal before its database: most mail is delivered within a moment, and never becomes a row of a table.
 * Owns: which messages stand in the journal alone, and bringing them to the database.
 * Leaves: the files (journal), what is found at start (journal-recovery), rows (the inner store).
 * Fails: like the inner store. When the journal cannot be written everything goes to the inner store, until it can again.
 *
 * A message accepted into the queue's window is appended to the journal; so is its end. Everything else needs rows, and first brings
 * the messages that it is about to the database. Nothing stays in the journal for long: finished messages become history within a
 * second, those still open after a second become rows. A journal file is written over when everything in it is in the database; the
 * database remembers up to where (FLOOR), and until then does not forget the history of what a start would read again.
 */
import { randomBytes } from 'node:crypto';
import { type Disk, type Logger, RelayError, TransientMap, toRelayError } from '../base/index.ts';
import { Journal } from './journal.ts';
import { KEY_BYTES } from './journal-batch.ts';
import { acceptedText, finishedText, type JournaledAccept } from './journal-records.ts';
import { FLOOR, pieces, recordOf, recoverJournal } from './journal-recovery.ts';
import type { QueueMoment } from './queue-time.ts';
import type {
  BatchResult,
  CompleteOp,
  Due,
  OpResult,
  QueueStore,
  RecordOp,
  StoreOp,
  StoreOpened,
} from './store.ts';

export type JournaledStoreOptions = {
  /** The Queue folder; must exist. */
  readonly folder: string;
  readonly disk: Disk;
  readonly log: Logger;
  /** For tests: the size of a journal file in bytes. */
  readonly fileBytes?: number;
  /** For tests: how often messages are brought to the database, in milliseconds. */
  readonly tidyMs?: number;
};

/** A message that has no rows in the database. */
type Entry = {
  readonly op: JournaledAccept;
  readonly generation: number;
  /** By the monotonic clock. */
  readonly acceptedMs: number;
  /** Its end is being appended: it stays here until that is done. */
  isEnding: boolean;
};

/** A finished message that is not in the history of the database. */
type Finished = { readonly record: RecordOp; readonly generation: number };

const KEY = 'journal-key';
const TIDY_MS = 1000;
/** Messages open for so long get rows: their delivery takes its time anyway. */
const OLD_MS = 1000;
/** So many finished messages are brought to the database at once. */
const MANY_FINISHED = 500;
/** A journal that failed is tried again after this time. */
const FAILED_MS = 60_000;

const ACCEPTED: OpResult = { ok: true, value: { known: false } };
const DONE: OpResult = { ok: true, value: undefined };

export class JournaledStore implements QueueStore {
  readonly #inner: QueueStore;
  readonly #options: JournaledStoreOptions;
  #journal!: Journal;
  /** The key as the database is to keep it; undefined: it does. */
  #newKey: string | undefined;
  /** By seq. */
  readonly #live = new TransientMap<number, Entry>();
  #finished: Finished[] = [];
  /** The first seq of each generation that a start would read. */
  readonly #firstSeqs = new Map<number, number>();
  #moment!: QueueMoment;
  #isAppending = false;
  /** The inner store is asked one thing at a time. */
  #lastTurn: Promise<unknown> = Promise.resolve();
  #tidying: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Set after a failed write, until the journal may be used again. */
  #brokenUntilMs: number | undefined;
  /** Why the database did not take what it was brought; told once. */
  #refusal: RelayError | undefined;
  /** The inner store is gone. */
  #loss: RelayError | undefined;
  #isClosed = false;

  constructor(inner: QueueStore, options: JournaledStoreOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  async open(): Promise<StoreOpened> {
    const { folder, disk, log, fileBytes } = this.#options;
    const opened = await this.#inner.open();
    const key = opened.settings[KEY] ?? (this.#newKey = randomBytes(KEY_BYTES).toString('hex'));
    this.#journal = new Journal(folder, disk, Buffer.from(key, 'hex'), fileBytes);
    try {
      return await recoverJournal(this.#journal, this.#inner, opened, log);
    } catch (failure) {
      await this.#inner.close();
      throw toRelayError(failure, 'reading the journal of the queue', { file: folder });
    }
  }

  async apply(ops: readonly StoreOp[], moment: QueueMoment): Promise<BatchResult> {
    if (this.#loss !== undefined) throw this.#loss;
    if (this.#isClosed) throw new RelayError('queue-closed', 'The queue is closed.');
    this.#moment = moment;
    const own: number[] = [];
    const others: number[] = [];
    const mayAppend = this.#mayAppend();
    ops.forEach((op, index) => {
      (mayAppend && this.#isOwn(op) ? own : others).push(index);
    });
    const results: OpResult[] = new Array(ops.length);
    if (own.length > 0) {
      const isWritten = await this.#append(own.map((index) => ops[index] as JournaledAccept | CompleteOp));
      if (isWritten) for (const index of own) results[index] = ops[index]!.op === 'accept' ? ACCEPTED : DONE;
      else others.push(...own);
    }
    let due: Due | undefined;
    if (others.length > 0) {
      others.sort((one, other) => one - other);
      const answer = await this.#pass(others.map((index) => ops[index]!));
      answer.results.forEach((result, at) => {
        results[others[at]!] = result;
      });
      due = answer.due;
    }
    this.#scheduleTidying();
    return { results, due };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#tidying;
    // What cannot be brought to the database stays in the journal: the next start reads it.
    const isEmpty = await this.#alone(() => this.#empty()).catch(() => false);
    try {
      await this.#journal.close(!isEmpty);
    } finally {
      await this.#inner.close();
    }
  }

  /** For tests: leaves everything as a process does that is killed. */
  async kill(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#tidying;
    await this.#journal.close(true);
    await this.#inner.close();
  }

  // ── the journal ───────────────────────────────────────────────────────────────────────────────────────────────────

  #isOwn(op: StoreOp): boolean {
    if (op.op === 'accept') return op.due === null && op.body !== null && !op.askFirst;
    return op.op === 'complete' && op.reports.length === 0 && this.#live.has(op.seq);
  }

  /** A journal that failed begins anew, so nothing that is needed may stand in it. */
  #mayAppend(): boolean {
    if (this.#brokenUntilMs === undefined) return true;
    if (performance.now() < this.#brokenUntilMs || !this.#journal.isEmpty) return false;
    this.#brokenUntilMs = undefined;
    return true;
  }

  /** False when nothing was promised: the operations are for the inner store. */
  async #append(ops: readonly (JournaledAccept | CompleteOp)[]): Promise<boolean> {
    for (const op of ops) if (op.op === 'complete') this.#live.get(op.seq)!.isEnding = true;
    this.#isAppending = true;
    const generation = await this.#write(ops);
    this.#isAppending = false;
    for (const op of ops) {
      const entry = this.#live.get(op.seq);
      if (entry !== undefined) entry.isEnding = false;
      if (generation === undefined) continue;
      if (op.op === 'accept') {
        if (!this.#firstSeqs.has(generation)) this.#firstSeqs.set(generation, op.seq);
        this.#live.set(op.seq, { op, generation, acceptedMs: performance.now(), isEnding: false });
      } else {
        this.#live.delete(op.seq);
        const record = recordOf(entry!.op, op.finishedAt, op.results);
        this.#finished.push({ record, generation: entry!.generation });
      }
    }
    return generation !== undefined;
  }

  /** The generation it was written to; undefined when it was not. */
  async #write(ops: readonly (JournaledAccept | CompleteOp)[]): Promise<number | undefined> {
    if (!(await this.#keepKey())) return undefined;
    let text = '';
    const bodies: Uint8Array[] = [];
    for (const op of ops) {
      text += text === '' ? '[' : ',';
      if (op.op === 'complete') text += finishedText(op);
      else {
        text += acceptedText(op);
        bodies.push(op.body);
      }
    }
    try {
      return await this.#journal.append(this.#moment, `${text}]`, bodies);
    } catch (failure) {
      this.#brokenUntilMs = performance.now() + FAILED_MS;
      const { code, message } = toRelayError(failure, 'writing the journal of the queue');
      this.#options.log.event('warn', 'queue.journal-failed', { code, reason: message });
      return undefined;
    }
  }

  /** The database knows the key before anything is written with it. */
  async #keepKey(): Promise<boolean> {
    const value = this.#newKey;
    if (value === undefined) return true;
    const failure = await this.#alone(() => this.#set(KEY, value));
    if (failure === undefined) this.#newKey = undefined;
    return failure === undefined;
  }

  // ── the database; all of this only while the inner store is ours alone ─────────────────────────────────────────────

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(work);
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }

  /** Operations that need rows, in one transaction with those that make the rows. */
  #pass(ops: readonly StoreOp[]): Promise<BatchResult> {
    return this.#alone(async () => {
      const isWanted = wantedBy(ops);
      const rows = this.#take(({ op }) => isWanted(op));
      const history = ops.some(needsHistory) ? this.#finished.splice(0) : [];
      return this.#bring(
        rows,
        history,
        ops.map((op) => this.#guarded(op)),
      );
    });
  }

  #guarded(op: StoreOp): StoreOp {
    if (op.op !== 'trim' || this.#firstSeqs.size === 0) return op;
    return { ...op, before: Math.min(...this.#firstSeqs.values()) };
  }

  /** Takes messages out of the journal's: from here on their end is for the database. */
  #take(isWanted: (entry: Entry) => boolean): Entry[] {
    const taken: Entry[] = [];
    for (const entry of this.#live.values()) if (!entry.isEnding && isWanted(entry)) taken.push(entry);
    for (const { op } of taken) this.#live.delete(op.seq);
    return taken;
  }

  /**
   * Makes rows and history, and applies what comes behind them with the last piece. What the database does not take stays the
   * journal's; operations behind a failure fail with it. `failure` is the first one among rows and history.
   */
  async #bring(
    rows: readonly Entry[],
    history: readonly Finished[],
    behind: readonly StoreOp[] = [],
  ): Promise<BatchResult & { readonly failure: RelayError | undefined }> {
    const entries = new Map(rows.map((entry) => [entry.op.seq, entry]));
    const finished = new Map(history.map((one) => [one.record.seq, one]));
    const brought = pieces([...rows.map(({ op }) => op), ...history.map(({ record }) => record)]);
    if (brought.length === 0) brought.push([]);
    let failure: RelayError | undefined;
    let answer: BatchResult = { results: [], due: undefined };
    for (const [index, piece] of brought.entries()) {
      const isLast = index === brought.length - 1;
      const ops = isLast && failure === undefined ? [...piece, ...behind] : piece;
      if (ops.length > 0) answer = await this.#ask(ops);
      piece.forEach((op, at) => {
        const result = answer.results[at]!;
        if (result.ok) return;
        failure ??= result.error;
        if (op.op === 'accept') this.#live.set(op.seq, entries.get(op.seq)!);
        else this.#finished.push(finished.get(op.seq)!);
      });
      if (!isLast) continue;
      if (ops.length > piece.length) answer = { ...answer, results: answer.results.slice(piece.length) };
      else {
        const failed: OpResult = { ok: false, error: failure! };
        answer = { results: behind.map(() => failed), due: undefined };
      }
    }
    return { ...answer, failure };
  }

  async #ask(ops: readonly StoreOp[]): Promise<BatchResult> {
    try {
      return await this.#inner.apply(ops, this.#moment);
    } catch (failure) {
      this.#loss = toRelayError(failure, 'writing the queue');
      throw this.#loss;
    }
  }

  /** Its failure, or undefined. */
  async #set(key: string, value: string): Promise<RelayError | undefined> {
    const [result] = (await this.#ask([{ op: 'setting', key, value }])).results;
    return result!.ok ? undefined : result!.error;
  }

  // ── tidying ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #scheduleTidying(): void {
    if (this.#isClosed || this.#tidying !== undefined || this.#loss !== undefined) return;
    const isPressing = this.#finished.length >= MANY_FINISHED || this.#journal.oldestFull !== undefined;
    if (isPressing && this.#refusal === undefined) this.#tidy();
    else this.#tidyLater();
  }

  #tidyLater(): void {
    if (this.#isClosed || this.#journal.isEmpty) return;
    this.#timer ??= setTimeout(() => this.#tidy(), this.#options.tidyMs ?? TIDY_MS);
  }

  #tidy(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const tidying = this.#alone(() => this.#bringWhatIsDue()).then(
      (refusal) => {
        if (refusal !== undefined && this.#refusal === undefined)
          this.#options.log.event('warn', 'queue.journal-kept', {
            code: refusal.code,
            reason: refusal.message,
          });
        this.#refusal = refusal;
      },
      () => {
        // The store is lost: the next operation says so.
      },
    );
    this.#tidying = tidying.then(() => {
      this.#tidying = undefined;
      this.#tidyLater();
    });
  }

  /** The first failure, or undefined. */
  async #bringWhatIsDue(): Promise<RelayError | undefined> {
    const full = this.#journal.oldestFull ?? 0;
    const isBroken = this.#brokenUntilMs !== undefined;
    const oldMs = performance.now() - OLD_MS;
    const isDue = ({ generation, acceptedMs }: Entry): boolean =>
      isBroken || generation <= full || acceptedMs <= oldMs;
    const { failure } = await this.#bring(this.#take(isDue), this.#finished.splice(0));
    if (failure !== undefined) return failure;
    if (this.#isNeeded(full)) return undefined;
    if (this.#live.size === 0 && this.#finished.length === 0 && !this.#isAppending) return this.#startOver();
    if (full === 0) return undefined;
    const refusal = await this.#raiseFloor(full + 1);
    if (refusal === undefined) this.#journal.release(full);
    return refusal;
  }

  /** True when the database lacks something of this generation or of an older one. */
  #isNeeded(upTo: number): boolean {
    for (const { generation } of this.#live.values()) if (generation <= upTo) return true;
    return this.#finished.some(({ generation }) => generation <= upTo);
  }

  /** Brings everything to the database. True when the journal holds nothing more. */
  async #empty(): Promise<boolean> {
    await this.#bring(
      this.#take(() => true),
      this.#finished.splice(0),
    );
    if (this.#live.size > 0 || this.#finished.length > 0) return false;
    return (await this.#startOver()) === undefined;
  }

  /** The database has it all. From here on files may be written over, and what comes next has a generation above the floor. */
  async #startOver(): Promise<RelayError | undefined> {
    if (this.#journal.isEmpty) return undefined;
    const floor = this.#journal.nextGeneration;
    this.#journal.startOver();
    return this.#raiseFloor(floor);
  }

  /** Its failure, or undefined. */
  async #raiseFloor(floor: number): Promise<RelayError | undefined> {
    const failure = await this.#set(FLOOR, String(floor));
    if (failure !== undefined) return failure;
    for (const generation of this.#firstSeqs.keys())
      if (generation < floor) this.#firstSeqs.delete(generation);
    return undefined;
  }
}

/** Which messages need rows for these operations. */
function wantedBy(
  ops: readonly StoreOp[],
): (message: { readonly seq: number; readonly id: string }) => boolean {
  const seqs = new Set<number>();
  const ids = new Set<string>();
  for (const op of ops) {
    if (op.op === 'list' || op.op === 'counts') return () => true;
    if (op.op === 'find') ids.add(op.id);
    else if ('seq' in op) seqs.add(op.seq);
    else if ('seqs' in op) for (const seq of op.seqs) seqs.add(seq);
  }
  return ({ seq, id }) => seqs.has(seq) || ids.has(id);
}

function needsHistory({ op }: StoreOp): boolean {
  return op === 'history' || op === 'find' || op === 'counts' || op === 'trim';
}
