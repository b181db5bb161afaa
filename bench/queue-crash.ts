/** The long form of the queue's crash test: `node bench/queue-crash.ts [ROUNDS=100]`. Kills at random moments, one queue for all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crashOnce } from '../test/queue/crash.ts';

const rounds = Number(process.argv[2] ?? 100);
const folder = mkdtempSync(join(tmpdir(), 'mailroot-crash-'));
const total = { accepted: 0, settled: 0, repeated: 0, orphans: 0 };
for (let round = 1; round <= rounds; round += 1) {
  const found = await crashOnce(folder, Math.random() ** 2 * 600, round % 2 === 0 ? 'usual' : 'hasty');
  for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += found[key];
  if (round % 10 === 0)
    console.log(
      `${round} kills: ${total.accepted} accepted, none lost; ${total.settled} recipients settled, none claimed again; ` +
        `${total.repeated} attempts repeated because their settlement had not reached the disk; ${total.orphans} body files swept`,
    );
}
rmSync(folder, { recursive: true });
