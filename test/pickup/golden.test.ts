/**
 * Pickup files as real programs write them: NN-name.in is the file, NN-name.out what becomes of it.
 * MAILROOT_ACCEPT=1 writes the .out files anew; the difference is what a reviewer looks at.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatMailbox, formatPath, type Recipient } from '../../src/envelope/index.ts';
import { preparePickup } from '../../src/intake/index.ts';
import { hasCleanLines } from '../../src/intake/pickup-lines.ts';

const folder = join(import.meta.dirname, 'files');
const stems = readdirSync(folder)
  .filter((name) => name.endsWith('.in'))
  .map((name) => name.slice(0, -3))
  .sort();

process.env['TZ'] = 'UTC';

for (const stem of stems) {
  test(`pickup file ${stem}`, () => {
    const result = preparePickup(
      readFileSync(join(folder, `${stem}.in`)),
      { claimId: '0123456789ABCDEF', fileName: `${stem}.eml`, at: Date.UTC(2026, 0, 1, 12) },
      {
        server: 'default',
        fqdn: 'relay.example',
        defaultDomain: 'default.example',
        dotStuffed: false,
        addReceived: true,
      },
    );
    const text = result.ok ? describe(result) : `Badmail: ${result.reasonClass}\n${result.detail}\n`;
    if (result.ok) assert.ok(hasCleanLines(result.body));
    const expected = join(folder, `${stem}.out`);
    if (process.env['MAILROOT_ACCEPT'] === '1') writeFileSync(expected, text);
    assert.equal(text, readFileSync(expected, 'utf8'));
  });
}

function describe(message: Extract<ReturnType<typeof preparePickup>, { ok: true }>): string {
  const { draft, recipients, warnings, body } = message;
  const options = [
    draft.body,
    ...(draft.smtpUtf8 ? ['SMTPUTF8'] : []),
    ...(draft.returnContent === undefined ? [] : [`return ${draft.returnContent}`]),
    ...(draft.envelopeId === undefined ? [] : [`envelope id ${draft.envelopeId}`]),
    `hops ${draft.hops}`,
  ];
  return [
    `from ${formatPath(draft.reversePath)} ${options.join(', ')}`,
    ...recipients.map((recipient) => `to <${formatMailbox(recipient.forwardPath)}>${wishes(recipient)}`),
    `subject ${draft.subject ?? '(none)'}`,
    `message-id ${draft.headerMessageId ?? '(none)'}`,
    ...warnings.map((warning) => `warning ${warning}`),
    '--- as sent; bytes outside ASCII as \\xHH',
    body
      .toString('latin1')
      .replace(/\\/g, '\\\\')
      .replace(/\r\n/g, '\n')
      .replace(/[^\x20-\x7e\n\t]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`),
  ].join('\n');
}

function wishes({ notify, originalRecipient }: Recipient): string {
  const when =
    notify === undefined
      ? ''
      : ` notify ${notify === 'never' ? 'never' : Object.keys(notify).filter((key) => notify[key as 'delay'])}`;
  const original =
    originalRecipient === undefined
      ? ''
      : ` original ${originalRecipient.addressType};${originalRecipient.address}`;
  return when + original;
}
