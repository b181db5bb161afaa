/**
 * At start: what the journal of an earlier process holds is brought to the database.
 * Owns: joining acceptances with their ends, leaving out what the database knows.  Leaves: reading files (journal).
 * Fails: with the failure of the inner store; then nothing of the journal is lost, the next start reads it again.
 */
import type { Logger } from '../base/index.ts';
import type { Journal } from './journal.ts';
import { readRecords } from './journal-records.ts';
import type { AcceptOp, QueueStore, RecordOp, StoreOp, StoreOpened } from './store.ts';

/** The setting that names the oldest generation which a start must read. */
export const FLOOR = 'journal';

const MOST_OPS = 500;
const MOST_BODY_BYTES = 4 * 1024 * 1024;

/** What the store knows afterwards. */
export async function recoverJournal(
  journal: Journal,
  inner: QueueStore,
  opened: StoreOpened,
  log: Logger,
): Promise<StoreOpened> {
  const { batches, damaged, foreign } = await journal.read(Number(opened.settings[FLOOR] ?? 0));
  for (const path of foreign)
    log.event('warn', 'queue.journal-foreign', { file: await journal.keepAside(path, 'foreign') });
  const last = batches.at(-1);
  if (last === undefined) return opened;
  // Each batch of the database carries the moment too, and one of them may be newer.
  const { moment } = [last, opened].reduce((one, other) =>
    (other.moment?.queueMs ?? 0) > (one.moment?.queueMs ?? 0) ? other : one,
  );
  const open = new Map<number, AcceptOp>();
  const finished: RecordOp[] = [];
  let { lastSeq, lastRid } = opened;
  for (const record of batches.flatMap(readRecords)) {
    if (record.kind === 'accepted') {
      const { op } = record;
      open.set(op.seq, { ...op, due: moment!.queueMs });
      lastSeq = Math.max(lastSeq, op.seq);
      lastRid = Math.max(lastRid, op.recipients.at(-1)!.rid);
    } else {
      const op = open.get(record.seq);
      // Its acceptance stood in a file that was released: the database has it all.
      if (op === undefined) continue;
      open.delete(record.seq);
      finished.push(recordOf(op, record.finishedAt, record.results));
    }
  }
  const floor: StoreOp = { op: 'setting', key: FLOOR, value: String(journal.nextGeneration) };
  for (const ops of [...pieces(finished), ...pieces([...open.values()]), [floor]]) {
    const { results } = await inner.apply(ops, moment!);
    for (const result of results) if (!result.ok) throw result.error;
  }
  // Only now: until the database has the rest of such a file, the next start must find it.
  for (const path of new Set(damaged.map(({ file }) => file))) {
    const file = await journal.keepAside(path, 'damaged');
    for (const one of damaged)
      if (one.file === path) log.event('error', 'queue.journal-damaged', { file, at: one.at });
  }
  log.event('info', 'queue.journal-read', { open: open.size, finished: finished.length });
  return { ...opened, moment, lastSeq, lastRid };
}

/** The row of history that a finished message becomes. */
export function recordOf(op: AcceptOp, finishedAt: number, results: string): RecordOp {
  const { seq, id, misplaced, arrivedAt, bytes, draft } = op;
  return { op: 'record', seq, id, misplaced, arrivedAt, finishedAt, bytes, draft, results };
}

/** Operations in transactions that hold up nobody for long. */
export function pieces<Op extends StoreOp>(ops: readonly Op[]): Op[][] {
  const all: Op[][] = [];
  let piece: Op[] = [];
  let bytes = 0;
  for (const op of ops) {
    if (piece.length === 0) all.push(piece);
    piece.push(op);
    bytes += op.op === 'accept' ? (op.body?.length ?? 0) : 0;
    if (piece.length < MOST_OPS && bytes < MOST_BODY_BYTES) continue;
    piece = [];
    bytes = 0;
  }
  return all;
}
