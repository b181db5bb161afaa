/** Ways to open a queue: on disk with its journal and a thread, as the relay does; in memory, for tests of other rooms. */
import { JournaledStore } from './journaled-store.ts';
import { MemoryStore } from './memory-store.ts';
import { Queue, type QueueOptions } from './queue.ts';
import { ThreadedStore } from './threaded-store.ts';

/** Opens the queue in `options.folder` on a thread of its own. Throws RelayError, see Queue.open. */
export function openQueue(options: QueueOptions): Promise<Queue> {
  const { folder, disk, log } = options;
  return Queue.open(new JournaledStore(new ThreadedStore({ folder }), { folder, disk, log }), options);
}

/** A queue that forgets everything with the process; large bodies go to files in `options.folder` all the same. */
export function openMemoryQueue(options: QueueOptions, store = new MemoryStore()): Promise<Queue> {
  return Queue.open(store, options);
}
