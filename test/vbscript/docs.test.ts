/** Runs the examples of docs/vbscript.md and compares what they print with what the page says. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/vbscript.md'), 'utf8');
const examples = [...page.matchAll(/```ts\n([\s\S]*?)```[^`]*?```text\n([\s\S]*?)```/g)];

it('the page holds examples with their output', () => {
  assert.equal(examples.length, 2);
});

for (const [number, [, code, output]] of examples.entries()) {
  it(`example ${number + 1} prints what the page says`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'vbscript-docs-'));
    try {
      const file = join(folder, 'example.ts');
      const rooms = code!.replace(
        /from 'mailroot\/(\w+)'/g,
        (_, room: string) => `from '${pathToFileURL(join(root, 'src', room, 'index.ts')).href}'`,
      );
      writeFileSync(file, rooms);
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      assert.equal(execFileSync(process.execPath, [file], { encoding: 'utf8' }), output);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
