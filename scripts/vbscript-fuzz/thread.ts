/** The thread that runs stretches for scripts/fuzz-vbscript.ts, and says in shared memory which program it is at. */
import { parentPort, workerData } from 'node:worker_threads';
import { Stretch } from './run.ts';

const { seed, root, cells } = workerData as { seed: number; root: string; cells: Int32Array };
const stretch = new Stretch(seed, root);

parentPort!.on('message', ({ from, to }: { from: number; to: number }) => {
  parentPort!.postMessage(stretch.run(from, to, (number) => Atomics.store(cells, 0, number)));
});
