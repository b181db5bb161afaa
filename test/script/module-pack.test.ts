/** The pack that programs are loaded from: bin/module-pack.mjs, in a copy of its own with a program of three modules. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';

class Copy {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'mailroot-pack-')));
  readonly cache = join(this.root, 'cache');

  constructor(t: TestContext) {
    t.after(() => rmSync(this.root, { recursive: true, force: true }));
    for (const name of ['bin', 'src']) mkdirSync(join(this.root, name));
    copyFileSync(
      join(import.meta.dirname, '../../bin/module-pack.mjs'),
      join(this.root, 'bin/module-pack.mjs'),
    );
    this.write(
      'main.ts',
      "import { text } from './text.ts';\nconst shown: string = text;\nconsole.log(shown);\n",
    );
    this.write('text.ts', "export * from './inner.ts';\n");
    this.write('inner.ts', "export const text: string = 'one';\n");
  }

  path(name: string): string {
    return join(this.root, 'src', name);
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  pack(): string {
    const [name] = readdirSync(this.cache).filter((each) => each.endsWith('.json'));
    return join(this.cache, name!);
  }

  run(): { stdout: string; stderr: string } {
    const program = pathToFileURL(this.path('main.ts')).href;
    const starter = `import { usePack } from ${JSON.stringify(pathToFileURL(join(this.root, 'bin/module-pack.mjs')).href)};
const keep = usePack(${JSON.stringify(this.cache)}, ${JSON.stringify(program)});
await import(${JSON.stringify(program)});
keep();`;
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', starter], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return { stdout, stderr };
  }
}

test('the second start takes the modules from the pack that the first one wrote', (t) => {
  const copy = new Copy(t);
  assert.deepEqual(copy.run(), { stdout: 'one\n', stderr: '' });
  const pack = copy.pack();
  assert.equal(JSON.parse(readFileSync(pack, 'utf8')).length, 3);
  // A file that looks unchanged is not read again: what the pack holds runs.
  const { atime, mtime } = statSync(copy.path('inner.ts'));
  copy.write('inner.ts', "export const text: string = 'two';\n");
  utimesSync(copy.path('inner.ts'), atime, mtime);
  const { mtimeMs } = statSync(copy.path('inner.ts'));
  writeFileSync(
    pack,
    readFileSync(pack, 'utf8').replace(/("path":"src.inner\.ts","changed":)[\d.]+/, `$1${mtimeMs}`),
  );
  assert.equal(copy.run().stdout, 'one\n');
});

test('a file that changed is read, and a new pack is written', (t) => {
  const copy = new Copy(t);
  copy.run();
  copy.write('inner.ts', "export const text: string = 'another';\n");
  assert.equal(copy.run().stdout, 'another\n');
  assert.match(readFileSync(copy.pack(), 'utf8'), /another/);
  assert.equal(copy.run().stdout, 'another\n');
});

test('a file that is gone from the program, or a pack that is damaged, costs nothing but time', (t) => {
  const copy = new Copy(t);
  copy.run();
  copy.write('text.ts', "export const text = 'short';\n");
  rmSync(copy.path('inner.ts'));
  assert.equal(copy.run().stdout, 'short\n');
  for (const damage of ['', '{', '[{"path":"src/text.ts"}]', 'null']) {
    writeFileSync(copy.pack(), damage);
    assert.equal(copy.run().stdout, 'short\n', damage);
    assert.equal(JSON.parse(readFileSync(copy.pack(), 'utf8')).length, 2);
  }
});

test('a folder that takes no files does not keep a program from starting', (t) => {
  const copy = new Copy(t);
  writeFileSync(copy.cache, 'a file');
  assert.deepEqual(copy.run(), { stdout: 'one\n', stderr: '' });
});
