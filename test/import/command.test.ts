/** `mailroot import iis` as an operator runs it. */
import assert from 'node:assert/strict';
import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { commandsIn } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroot-import-'));
after(() => rmSync(folder, { recursive: true }));

const run = commandsIn(folder);

describe('mailroot import iis', () => {
  copyFileSync(
    join(import.meta.dirname, 'iis/04-empty-relay-list-is-open.xml'),
    join(folder, 'MetaBase.xml'),
  );

  it('shows everything and writes nothing with --dry-run', async () => {
    const { code, stdout } = await run('import', 'iis', 'MetaBase.xml', '--dry-run');
    assert.equal(code, 0);
    assert.match(stdout, /relayNetworks: \[127\.0\.0\.0\/8, ::1\/128\] # RelayIpList/);
    assert.match(stdout, /Read this first\n-+\n\n1\. \[open-relay\] RelayIpList is empty/);
    assert.match(stdout, /Nothing was written/);
    assert.ok(!existsSync(join(folder, 'mailroot.yaml')));
  });

  it('writes settings that config check accepts, and a report; never over a file that exists', async () => {
    const first = await run('import', 'iis', 'MetaBase.xml', '--mailroot', 'spool');
    assert.equal(first.code, 0, first.stderr);
    assert.match(
      readFileSync(join(folder, 'mailroot.yaml'), 'utf8'),
      new RegExp(`mailroot: ${folder}/spool # `),
    );
    assert.match(readFileSync(join(folder, 'mailroot-import.txt'), 'utf8'), /Old settings and new ones/);
    const check = await run('config', 'check');
    assert.equal(check.code, 0, check.stderr);
    const second = await run('import', 'iis', 'MetaBase.xml');
    assert.equal(second.code, 1);
    assert.match(second.stderr, /mailroot\.yaml exists and is not overwritten.*--output/);
  });

  it('says in JSON what a program needs', async () => {
    const { stdout } = await run('import', 'iis', 'MetaBase.xml', '--dry-run', '--json');
    const { written, notes } = JSON.parse(stdout) as { written: null; notes: { id: string }[] };
    assert.equal(written, null);
    assert.ok(notes.some(({ id }) => id === 'open-relay'));
  });

  it('names file, line and reason of what it cannot read, and exits with 1', async () => {
    const missing = await run('import', 'iis', 'nowhere.xml', '-o', 'x.yaml');
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /nowhere\.xml/);
    const bomb = await run(
      'import',
      'iis',
      join(import.meta.dirname, 'iis/50-entity-bomb.xml'),
      '-o',
      'x.yaml',
    );
    assert.equal(bomb.code, 1);
    assert.match(bomb.stderr, /50-entity-bomb\.xml: line 13, column 2: a document type/);
    assert.ok(!existsSync(join(folder, 'x.yaml')));
    assert.equal((await run('import', 'iis')).code, 2);
  });

  it('refuses a file of 100 MB by its size alone', async () => {
    const file = join(folder, 'huge.xml');
    const handle = openSync(file, 'w');
    ftruncateSync(handle, 100 * 1024 * 1024);
    closeSync(handle);
    const { code, stderr } = await run('import', 'iis', 'huge.xml', '-o', 'y.yaml');
    assert.equal(code, 1);
    assert.match(stderr, /104857600 bytes/);
  });
});
