/** Short form of `node bench/asp-crash.ts`: the server of a site is killed while visitors send mail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killRounds } from './support/kill-rounds.ts';

test('a site that is killed while pages send mail has the mail of each answer, once and whole', async () => {
  const { answered, mails } = await killRounds(2);
  assert.ok(answered > 0);
  assert.ok(mails >= answered);
});
