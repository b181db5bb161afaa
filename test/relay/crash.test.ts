import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CrashReport, crashPickup, crashSmtp } from '../support/crash.ts';
import { freePort } from '../support/ports.ts';

// The long form: node scripts/crash.ts 100
describe('a relay that is killed under load', () => {
  it('loses no file that was put into Pickup', async (t) => {
    check(await crashPickup({ kills: 8, seed: 1 }), t);
  });

  it('loses no message that it answered with 250', async (t) => {
    check(await crashSmtp({ kills: 8, seed: 2 }, await freePort()), t);
  });
});

function check(report: CrashReport, t: { diagnostic(text: string): void }): void {
  t.diagnostic(`${report.promised} promised, ${report.duplicates} delivered twice`);
  assert.ok(report.promised > 0);
  assert.deepEqual(report.lost, []);
  assert.deepEqual(report.unexplained, []);
  assert.deepEqual(report.badmail, []);
}
