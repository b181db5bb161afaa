/** Runs the example of docs/jscript.md and compares what it prints with what the page says. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../..');

it('the example of docs/jscript.md prints what the page says', () => {
  const page = readFileSync(join(root, 'docs/jscript.md'), 'utf8');
  const [, code, output] = /```ts\n([\s\S]*?)```[^`]*?```text\n([\s\S]*?)```/.exec(page)!;
  const folder = mkdtempSync(join(tmpdir(), 'jscript-docs-'));
  try {
    const file = join(folder, 'example.ts');
    const room = pathToFileURL(join(root, 'src/jscript/index.ts')).href;
    writeFileSync(file, code!.replace('mailroot/jscript', room));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    assert.equal(execFileSync(process.execPath, [file], { encoding: 'utf8' }), output);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
