/**
 * Body files and message rows, brought together at start.
 * Owns: sweeping files that no row names; settling messages whose file is gone.  Leaves: opening the store (queue).
 * Fails: what cannot be swept is logged and left; nothing that a row names is ever deleted here.
 */
import { join } from 'node:path';
import { systemErrorCode, TEMPORARY_PREFIX } from '../base/index.ts';
import { bodyPath, idOfBodyFile } from './body.ts';
import type { Settlement } from './contract.ts';
import type { Queue, QueueOptions } from './queue.ts';

export async function recoverBodies(
  queue: Queue,
  withFile: readonly { readonly seq: number; readonly id: string }[],
  options: QueueOptions,
): Promise<void> {
  const known = new Map(withFile.map(({ seq, id }) => [id, seq]));
  for await (const { name, isFolder } of options.disk.list(options.folder)) {
    if (isFolder) continue;
    const id = idOfBodyFile(name);
    // A body is written before its row: a file without a row was never accepted (Q1), or is settled for good (Q6).
    if (id === undefined ? name.startsWith(TEMPORARY_PREFIX) : !known.has(id)) await sweep(name, options);
    else if (id !== undefined) known.delete(id);
  }
  for (const [id, seq] of known) {
    try {
      await options.disk.stat(bodyPath(options.folder, id));
    } catch (failure) {
      if (systemErrorCode(failure) === 'ENOENT') await giveUp(queue, seq, id, options);
    }
  }
}

async function sweep(name: string, { disk, folder, log }: QueueOptions): Promise<void> {
  const file = join(folder, name);
  try {
    await disk.unlink(file);
    log.event('info', 'queue.orphan-removed', { file });
  } catch (failure) {
    log.event('warn', 'queue.orphan-not-removed', { file, reason: String(failure) });
  }
}

async function giveUp(queue: Queue, seq: number, id: string, options: QueueOptions): Promise<void> {
  const file = bodyPath(options.folder, id);
  options.log.event('error', 'queue.body-missing', { messageId: id, file });
  const [claim] = queue.claimRows(await queue.submit({ op: 'claim-messages', seqs: [seq], busyRids: [] }));
  if (claim === undefined) return;
  const lastResult = `the body file ${file} is missing`;
  let isReported = true;
  try {
    await options.onBodyMissing?.(claim);
  } catch (failure) {
    isReported = false;
    options.log.event('error', 'queue.body-missing-unreported', { messageId: id, reason: String(failure) });
  }
  const settlements = claim.recipients.map(
    ({ recipientId }): Settlement =>
      isReported
        ? { recipientId, state: 'failed', lastResult, status: '5.3.0' }
        : { recipientId, state: 'held', lastResult },
  );
  await queue.settle(id, settlements);
}
