/** Runs the examples of docs/cdo.md and compares what they print, or write into Pickup, with what stands below them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from './support.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/cdo.md'), 'utf8');

/** Dates and identifiers differ from run to run. */
function masked(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/^Date: .*$/m, 'Date: DATE')
    .replace(/<[0-9A-F]{32}@[^>]+>/g, '<ID>')
    .replace(/(_NextPart_000)_[0-9A-F]{4}_[0-9A-F]{8}\.[0-9A-F]{8}/g, '$1_ID')
    .trim();
}

const examples = [...page.matchAll(/```ts\n([\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)```/g)];

test('docs/cdo.md has examples', () => {
  assert.ok(examples.length >= 6);
});

for (const [index, [, code, printed]] of examples.entries()) {
  test(`example ${index + 1} of docs/cdo.md does what the page says`, () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'Pickup'));
    const file = join(folder, 'example.ts');
    const entrance = (room: string): string => pathToFileURL(join(root, 'src', room, 'index.ts')).href;
    writeFileSync(
      file,
      code!
        .replace("'mailroot/cdo'", `'${entrance('cdo')}'`)
        .replace("'mailroot/cdonts'", `'${entrance('cdonts')}'`),
    );
    const run = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(run.status, 0, run.stderr);
    const written = readdirSync(join(folder, 'Pickup')).map((name) =>
      readFileSync(join(folder, 'Pickup', name), 'utf8'),
    );
    assert.equal(masked(run.stdout !== '' ? run.stdout : written.join('')), masked(printed!));
  });
}
