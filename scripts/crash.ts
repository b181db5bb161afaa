/**
 * `node scripts/crash.ts [KILLS] [SEED]`: kills the relay at random moments under load, by Pickup and by SMTP, and prints
 * what was promised, lost and delivered twice. A hundred kills each by default. The tests run a short form.
 */

import { type CrashReport, crashPickup, crashSmtp } from '../test/support/crash.ts';
import { freePort } from '../test/support/ports.ts';

const kills = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
console.log(`${kills} kills each, seed ${seed}`);
report('Pickup, 50 files a second', await crashPickup({ kills, seed }));
report('SMTP, five clients without a pause', await crashSmtp({ kills, seed }, await freePort()));

function report(title: string, result: CrashReport): void {
  console.log(
    `${title}: ${result.promised} messages promised, ${result.lost.length} lost, ${result.duplicates} delivered twice ` +
      `(${result.unexplained.length} of them unexplained), ${result.badmail.length} files in Badmail`,
  );
  if (result.lost.length + result.unexplained.length + result.badmail.length > 0) process.exitCode = 1;
}
