/** Replays every conversation of this folder against the real client. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { playDialog, readDialog } from './dialog.ts';

const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.smtp'))
  .sort();

for (const name of files) {
  const dialog = readDialog(join(import.meta.dirname, name));
  test(`${name}: ${dialog.title}`, { timeout: 20_000 }, async () => {
    assert.deepEqual(await playDialog(dialog), dialog.expected);
  });
}

test('there are at least sixty conversations', () => assert.ok(files.length >= 60, `${files.length} files`));
