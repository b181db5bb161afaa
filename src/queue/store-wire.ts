/**
 * How a batch crosses to the store's thread: accepted and completed messages as flat lists and one block of bytes that is
 * handed over, not copied; everything else as it is. Cloning one object per message costs more than storing it.
 * Owns: packing and unpacking.  Leaves: threads (threaded-store, store-thread).
 */
import type { QueueMoment } from './queue-time.ts';
import type { AcceptOp, CompleteOp, NewRecipient, RecordOp, StoreOp } from './store.ts';

export type PackedBatch = {
  readonly moment: QueueMoment;
  /** Per operation: ACCEPT, COMPLETE, RECORD or OTHER. */
  readonly kinds: readonly number[];
  readonly numbers: readonly number[];
  readonly texts: readonly string[];
  readonly bytes: Uint8Array;
  readonly others: readonly StoreOp[];
};

const ACCEPT = 0;
const COMPLETE = 1;
const RECORD = 2;
const OTHER = 3;

const NO_BODY = -1;
const NO_DUE = -1;

const SMALLEST_BLOCK = 64 * 1024;

/** `block` is used again when it is large enough: a new one per batch would be megabytes of garbage a second. */
export function packBatch(ops: readonly StoreOp[], moment: QueueMoment, block?: ArrayBuffer): PackedBatch {
  let bodyBytes = 0;
  for (const op of ops) if (op.op === 'accept') bodyBytes += op.body?.length ?? 0;
  const room =
    block !== undefined && block.byteLength >= bodyBytes
      ? block
      : new ArrayBuffer(Math.max(SMALLEST_BLOCK, 2 ** Math.ceil(Math.log2(bodyBytes + 1))));
  const bytes = new Uint8Array(room, 0, bodyBytes);
  const kinds: number[] = [];
  const numbers: number[] = [];
  const texts: string[] = [];
  const others: StoreOp[] = [];
  let used = 0;
  for (const op of ops) {
    if (op.op === 'accept') {
      kinds.push(ACCEPT);
      numbers.push(
        op.seq,
        (op.misplaced ? 1 : 0) + (op.askFirst ? 2 : 0),
        op.arrivedAt,
        op.arrivedQ,
        op.bytes,
        op.due ?? NO_DUE,
        op.body === null ? NO_BODY : op.body.length,
        op.recipients[0]?.rid ?? 0,
        op.recipients.length,
      );
      texts.push(op.id, op.draft);
      for (const { domain, json } of op.recipients) texts.push(domain, json);
      if (op.body !== null) {
        bytes.set(op.body, used);
        used += op.body.length;
      }
    } else if (op.op === 'complete' && op.reports.length === 0) {
      kinds.push(COMPLETE);
      numbers.push(op.seq, op.firstRid, op.recipientCount, op.bytes, op.finishedAt);
      texts.push(op.results);
    } else if (op.op === 'record') {
      kinds.push(RECORD);
      numbers.push(op.seq, op.misplaced ? 1 : 0, op.arrivedAt, op.finishedAt, op.bytes);
      texts.push(op.id, op.draft, op.results);
    } else {
      kinds.push(OTHER);
      others.push('reports' in op ? { ...op, reports: op.reports.map(ownBody) } : op);
    }
  }
  return { moment, kinds, numbers, texts, bytes, others };
}

/** A view into a shared pool would be cloned with the whole pool. */
function ownBody(report: AcceptOp): AcceptOp {
  return { ...report, body: report.body && new Uint8Array(report.body) };
}

export function unpackBatch(batch: PackedBatch): StoreOp[] {
  const { numbers, texts, bytes } = batch;
  let number = 0;
  let text = 0;
  let byte = 0;
  let other = 0;
  const accept = (): AcceptOp => {
    const seq = numbers[number++]!;
    const flags = numbers[number++]!;
    const arrivedAt = numbers[number++]!;
    const arrivedQ = numbers[number++]!;
    const size = numbers[number++]!;
    const due = numbers[number++]!;
    const bodyBytes = numbers[number++]!;
    const firstRid = numbers[number++]!;
    const count = numbers[number++]!;
    const id = texts[text++]!;
    const draft = texts[text++]!;
    const recipients: NewRecipient[] = [];
    for (let index = 0; index < count; index += 1)
      recipients.push({ rid: firstRid + index, domain: texts[text++]!, json: texts[text++]! });
    let body: Uint8Array | null = null;
    if (bodyBytes !== NO_BODY) {
      body = bytes.subarray(byte, byte + bodyBytes);
      byte += bodyBytes;
    }
    return {
      op: 'accept',
      seq,
      id,
      misplaced: (flags & 1) !== 0,
      askFirst: (flags & 2) !== 0,
      arrivedAt,
      arrivedQ,
      bytes: size,
      draft,
      body,
      recipients,
      due: due === NO_DUE ? null : due,
    };
  };
  const complete = (): CompleteOp => ({
    op: 'complete',
    seq: numbers[number++]!,
    firstRid: numbers[number++]!,
    recipientCount: numbers[number++]!,
    bytes: numbers[number++]!,
    finishedAt: numbers[number++]!,
    results: texts[text++]!,
    reports: [],
  });
  const record = (): RecordOp => ({
    op: 'record',
    seq: numbers[number++]!,
    misplaced: numbers[number++] === 1,
    arrivedAt: numbers[number++]!,
    finishedAt: numbers[number++]!,
    bytes: numbers[number++]!,
    id: texts[text++]!,
    draft: texts[text++]!,
    results: texts[text++]!,
  });
  return batch.kinds.map((kind) => {
    if (kind === ACCEPT) return accept();
    if (kind === COMPLETE) return complete();
    return kind === RECORD ? record() : batch.others[other++]!;
  });
}
