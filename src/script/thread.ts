/**
 * What runs in a thread of a pool: one order after the other, each to its outcome.
 * Owns: the thread's message loop.  Leaves: what an order is and how it is run (the program that calls `serveThread`).
 */
import * as module from 'node:module';
import { getHeapStatistics } from 'node:v8';
import { type MessagePort, parentPort, type Transferable, workerData } from 'node:worker_threads';
import type { MemoryWatch } from '../automation/index.ts';
import { ScriptSide } from './channel.ts';
import { memoryWatch } from './memory.ts';

export type ThreadSetup = {
  readonly port: MessagePort;
  readonly cells: SharedArrayBuffer;
  readonly turns: SharedArrayBuffer;
  /** What the order may use of the heap, megabytes. */
  readonly memoryMb: number;
  /** Where compiled code is kept between starts; undefined: nowhere. */
  readonly codeCache: string | undefined;
  /** URL of the program, for the few lines that start the thread. */
  readonly program: string;
  /** Path of the loader of packed modules. */
  readonly pack: string;
};

/** To the thread, over its own port. */
export type ToThread<Order> = { readonly kind: 'run'; readonly order: Order } | { readonly kind: 'close' };

/** From the thread, over its own port. Output and questions go over the channel. */
export type FromThread<Outcome> =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'ended';
      readonly outcome: Outcome;
      readonly heapBytes: number;
      /** The thread keeps something that only it can give back: it is not replaced for its age. */
      readonly isKeeping: boolean;
    };

/** What running an order gives. */
export type ThreadAnswer<Outcome> = {
  readonly outcome: Outcome;
  /** Moved to the main thread instead of copied. */
  readonly transfer?: readonly Transferable[];
  readonly isKeeping?: boolean;
};

/** Serves orders until the pool closes the thread. `run` must not throw: a throw ends the thread. */
export function serveThread<Order, Outcome>(
  make: (side: ScriptSide, isMemoryFull: MemoryWatch) => (order: Order) => ThreadAnswer<Outcome>,
): void {
  const setup = workerData as ThreadSetup;
  const run = make(new ScriptSide(setup.port, setup.cells), memoryWatch(setup.memoryMb, setup.turns));
  parentPort!.on('message', (message: ToThread<Order>) => {
    if (message.kind === 'close') {
      if (setup.codeCache !== undefined) module.flushCompileCache();
      parentPort!.close();
      setup.port.close();
      return;
    }
    const { outcome, transfer = [], isKeeping = false } = run(message.order);
    const { used_heap_size: heapBytes } = getHeapStatistics();
    setup.port.postMessage({ kind: 'ended', outcome, heapBytes, isKeeping } satisfies FromThread<Outcome>, [
      ...transfer,
    ]);
  });
  setup.port.postMessage({ kind: 'ready' } satisfies FromThread<Outcome>);
}
