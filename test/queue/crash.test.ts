import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashOnce } from './crash.ts';
import { temporaryFolder } from './support.ts';

test('a process killed at any moment loses nothing that was accepted or settled (short form)', async (t) => {
  const folder = temporaryFolder(t);
  let accepted = 0;
  for (const journal of ['usual', 'hasty'] as const)
    for (const lifeMs of [0, 20, 100, 250]) accepted += (await crashOnce(folder, lifeMs, journal)).accepted;
  // A busy machine gets little done before it is killed: it is given longer lives until there was something to lose.
  for (let lifeMs = 500; accepted <= 50 && lifeMs <= 8000; lifeMs *= 2)
    accepted += (await crashOnce(folder, lifeMs)).accepted;
  assert.ok(accepted > 50, `only ${accepted} messages were accepted in all rounds`);
});
