/**
 * Watches the heap of a script's thread.
 * Owns: saying when it is full, before V8 does.  Leaves: asking (the engine), the thread's hard limit (start-thread).
 * Why: a script that runs into V8's own limit ends its thread at best; inside one large operation – an array that doubles, a text
 * that is joined – it ends the whole process. So the hard limit lies well above the one that is promised, and this one is asked
 * before anything large is made and at each look at the clock.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { MemoryWatch } from '../automation/index.ts';

const MB = 1024 * 1024;
/** What byte arrays may take beside the heap: attachments, streams, answers of servers. */
const OUTSIDE_MB = 512;

/** A question for the engine: is there no room for so many bytes more? Garbage is collected before the answer is yes. */
export function memoryWatch(memoryMb: number, turns?: SharedArrayBuffer): MemoryWatch {
  const limit = memoryMb * MB;
  const exceeds = (bytes: number): boolean => {
    const { used_heap_size: heap, external_memory: outside } = getHeapStatistics();
    return heap + bytes > limit || heap + outside + bytes > limit + OUTSIDE_MB * MB;
  };
  let collect: (() => void) | undefined;
  const isFull = (bytes: number): boolean => {
    if (!exceeds(bytes)) return false;
    collect ??= collector();
    collect();
    // Nearly full is full: otherwise a script at its limit does nothing but collect.
    const wanted = bytes + limit / 16;
    if (!exceeds(wanted)) return false;
    // Byte arrays that nobody holds are given back behind the collection, side by side with the script: the next one waits for that.
    collect();
    return exceeds(wanted);
  };
  return turns === undefined ? isFull : Object.assign(isFull, { turns });
}

/** V8's collector, which it gives to contexts that are made while its flag is set. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
