/** Every conversation of test/dialogs, held with the real server over TCP. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { nodeDisk, RelayError, type RelayErrorCode } from '../../src/base/index.ts';
import { addUser, type SmtpIntakeSettings } from '../../src/intake/index.ts';
import type { ServerLimits, ServerSettings } from '../../src/smtp/index.ts';
import { bytesOf, type Dialog, holdDialog, longestWrite, parseDialog } from '../support/dialog.ts';
import { envelopeText, type SmtpFixture, startSmtpFixture } from '../support/smtp-fixture.ts';

const FOLDER = join(import.meta.dirname, '../dialogs');
const scratch = mkdtempSync(join(tmpdir(), 'mailroot-dialogs-'));
after(() => rmSync(scratch, { recursive: true }));

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.smtp'));

test('there are at least 120 conversations', () => assert.ok(files.length >= 120, `${files.length}`));

for (const file of files) {
  const dialog = parseDialog(readFileSync(join(FOLDER, file), 'utf8'));
  test(`${file}: ${dialog.title}`, async () => {
    const fixture = await fixtureFor(dialog, file);
    try {
      const cuts = dialog.isSplit ? longestWrite(dialog) : 1;
      for (let cut = 0; cut < cuts; cut += 1) await hold(dialog, fixture, dialog.isSplit ? cut : undefined);
    } finally {
      await fixture.stop();
    }
  });
}

async function hold(dialog: Dialog, fixture: SmtpFixture, cut: number | undefined): Promise<void> {
  const { messages } = fixture.queue;
  messages.length = 0;
  let seen = 0;
  const target = {
    port: fixture.port,
    check(what: string, text: string): void {
      if (what === 'messages') {
        assert.equal(messages.length, Number(text));
        return;
      }
      const message = what === 'accepted' ? messages[seen++] : messages[seen - 1];
      assert.ok(message, `no message was accepted for: ${what} ${text}`);
      if (what === 'accepted') assert.equal(envelopeText(message), text);
      else if (what === 'content') {
        const content = message.content.toString('latin1');
        const own =
          /^Received: from (?:[^\n]*\n[ \t])*[^\n]*\n(?:Message-ID: <\w{16}@relay\.test>\r\n)?(?:Date: [^\n]*\n)?/.exec(
            content,
          );
        assert.ok(own, `no trace field: ${content}`);
        assert.equal(content.slice(own[0].length), bytesOf(text).toString('latin1'));
      } else if (what === 'header') assert.match(message.content.toString('latin1'), new RegExp(text));
      else if (what === 'draft') assert.deepEqual({ ...message.draft, ...JSON.parse(text) }, message.draft);
      else if (what === 'recipient')
        assert.deepEqual({ ...message.recipients[0], ...JSON.parse(text) }, message.recipients[0]);
      else throw new Error(`unknown check ${what}`);
    },
  };
  try {
    await holdDialog(dialog, target, cut);
  } catch (failure) {
    throw new Error(`${cut === undefined ? '' : `cut at ${cut}: `}${(failure as Error).message}`, {
      cause: failure,
    });
  }
}

async function fixtureFor({ settings }: Dialog, file: string): Promise<SmtpFixture> {
  const users = settings['users'] as Record<string, string> | undefined;
  const usersFile = join(scratch, file);
  for (const [name, password] of Object.entries(users ?? {}))
    await addUser({ disk: nodeDisk, path: usersFile, iterations: 10 }, name, password);
  const fixture = await startSmtpFixture({
    server: (settings['server'] ?? {}) as Partial<ServerSettings>,
    limits: (settings['limits'] ?? {}) as Partial<ServerLimits>,
    intake: (settings['intake'] ?? {}) as Partial<SmtpIntakeSettings>,
    ...(users && { usersFile }),
    ...(settings['dropFull'] === true && { isDropFull: () => true }),
  });
  const failure = settings['failure'] as RelayErrorCode | undefined;
  if (failure !== undefined) fixture.queue.failure = new RelayError(failure, 'made for the test');
  return fixture;
}
