/** The session fuzzer in its short form, and the streams that once went wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzSmtp, runStream } from '../support/smtp-fuzz.ts';

test('twenty thousand streams: no defect, no hang, never a message that was not sent', async () => {
  for (const seed of [1, 2]) {
    const report = await fuzzSmtp(seed, 10_000);
    assert.equal(report.streams, 10_000);
    // A generator that makes nothing acceptable would prove nothing.
    assert.ok(report.accepted > 2000, `${report.accepted} accepted`);
  }
});

test('session and plain reading agree on a plain message, and that early content is none', async () => {
  const hello = 'EHLO x.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n';
  const chunks = (...texts: readonly string[]) => texts.map((text) => Buffer.from(text));
  assert.equal((await runStream(chunks(hello, 'x\r\n.\r\n'))).accepted, 1);
  assert.equal((await runStream(chunks(`${hello}x\r\n.\r\n`))).accepted, 0);
});
