/**
 * The store's own thread: opens the SQLite store and answers one message at a time.
 * Owns: this side of the thread border.  Leaves: everything else (threaded-store, sqlite-store).
 */
import { parentPort, workerData } from 'node:worker_threads';
import { RelayError, toRelayError } from '../base/index.ts';
import { SqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
import type { OpResult } from './store.ts';
import type { PackedError, StoreAnswer, StoreRequest } from './store-messages.ts';
import { unpackBatch } from './store-wire.ts';

const port = parentPort;
if (port === null) throw new Error('store-thread runs as a worker only');
const store = new SqliteStore(workerData as SqliteStoreOptions);

port.on('message', (request: StoreRequest) => {
  answer(request).then(
    ([reply, transfer]) => port.postMessage(reply, transfer),
    (failure: unknown) =>
      port.postMessage({ kind: 'failed', error: packError(failure) } satisfies StoreAnswer),
  );
});

async function answer(request: StoreRequest): Promise<[StoreAnswer, ArrayBuffer[]]> {
  switch (request.kind) {
    case 'open':
      return [{ kind: 'opened', opened: await store.open() }, []];
    case 'close':
      await store.close();
      return [{ kind: 'closed' }, []];
    case 'apply': {
      const { results, due } = await store.apply(unpackBatch(request.batch), request.batch.moment);
      const block = request.batch.bytes.buffer as ArrayBuffer;
      const transfer: ArrayBuffer[] = [block];
      const exceptions = packResults(results, transfer);
      return [{ kind: 'applied', block, due, exceptions }, transfer];
    }
  }
}

/** Most operations answer with nothing worth sending: a message accepted anew, a message completed. */
function packResults(
  results: readonly OpResult[],
  transfer: ArrayBuffer[],
): Extract<StoreAnswer, { kind: 'applied' }>['exceptions'] {
  return results.flatMap((result, index): { index: number; value?: unknown; error?: PackedError }[] => {
    if (!result.ok) return [{ index, error: packError(result.error) }];
    const value = result.value as { known?: boolean } | undefined;
    if (value === undefined || value?.known === false) return [];
    collectBodies(result.value, transfer);
    return [{ index, value: result.value }];
  });
}

function collectBodies(value: unknown, transfer: ArrayBuffer[]): void {
  const bodies = Array.isArray(value) ? value.map((row: { body?: unknown }) => row.body) : [value];
  for (const body of bodies) {
    if (body instanceof Uint8Array && body.buffer instanceof ArrayBuffer && body.byteLength > 0)
      transfer.push(body.buffer);
  }
}

function packError(thrown: unknown): PackedError {
  const { code, message, fields } =
    thrown instanceof RelayError ? thrown : toRelayError(thrown, 'writing the queue');
  return { code, message, fields };
}
