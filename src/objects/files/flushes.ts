/**
 * Flushes in a thread that takes turns with others: the thread itself asks the disk, and says while it waits that it computes nothing.
 * Owns: nothing but the two together.  Leaves: flushing (base), what the pool of threads makes of it (script/thread-pool).
 * Fails: with the system's error, as the flush itself does.
 *
 * Flushes of one disk that come at the same time share a commit of its journal, so the file system does the grouping.
 */
import { nodeSyncDisk, type SyncDisk } from '../../base/index.ts';

export type Flusher = Pick<SyncDisk, 'flush' | 'flushFolder'>;

/** Does work that blocks the thread without computing, and gives what it gives. */
export type Resting = <Value>(work: () => Value) => Value;

export function restingFlusher(rest: Resting, disk: Flusher = nodeSyncDisk): Flusher {
  return {
    flush: (file) => rest(() => disk.flush(file)),
    flushFolder: (path) => rest(() => disk.flushFolder(path)),
  };
}
