import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { SiteFiles } from './site-files.ts';

const top = mkdtempSync(join(tmpdir(), 'mailroot-site-files-'));
const folder = join(top, 'site');
mkdirSync(join(folder, 'Shop'), { recursive: true });
writeFileSync(join(folder, 'Shop', 'Order.asp'), 'x');
writeFileSync(join(folder, 'a.txt'), 'lower');
writeFileSync(join(folder, 'A.TXT'), 'upper');
writeFileSync(join(top, 'secret.txt'), 's');
symlinkSync(join(top, 'secret.txt'), join(folder, 'leak.txt'));
symlinkSync(top, join(folder, 'up'));
symlinkSync(join(folder, 'Shop'), join(folder, 'inside'));
after(() => rmSync(top, { recursive: true }));

let now = 0;
const open = () => SiteFiles.open(folder, () => now);
const fileOf = async (files: SiteFiles, path: string) => {
  const entry = await files.find(path);
  return entry.kind === 'file' || entry.kind === 'folder' ? entry.file.slice(files.root.length) : entry.kind;
};

test('names are found in any case; the one as written wins', async () => {
  const files = await open();
  assert.equal(await fileOf(files, '/shop/ORDER.ASP'), join('/', 'Shop', 'Order.asp'));
  assert.equal(await fileOf(files, '/SHOP'), '/Shop');
  assert.equal(await fileOf(files, '/shop/'), '/Shop');
  assert.equal(await fileOf(files, '/a.txt'), '/a.txt');
  assert.equal(await fileOf(files, '/A.TXT'), '/A.TXT');
  assert.equal(await fileOf(files, '/shop/none.asp'), 'none');
  assert.equal(await fileOf(files, '/shop/order.asp/x'), 'none');
  assert.equal(await fileOf(files, '/shop/order.asp/'), 'none');
  assert.equal(await fileOf(files, `/${'x'.repeat(400)}`), 'none');
});

test('a symbolic link leads nowhere outside the site', async () => {
  const files = await open();
  assert.equal(await fileOf(files, '/leak.txt'), 'none');
  assert.equal(await fileOf(files, '/up/secret.txt'), 'none');
  assert.equal(await fileOf(files, '/inside/order.asp'), '/Shop/Order.asp');
});

test('what was found is believed for half a second; what was missing is looked for again', async () => {
  const files = await open();
  const path = join(folder, 'new.txt');
  assert.equal(await fileOf(files, '/new.txt'), 'none');
  writeFileSync(path, '1');
  assert.equal(await fileOf(files, '/new.txt'), '/new.txt');
  rmSync(path);
  assert.equal(await fileOf(files, '/new.txt'), '/new.txt');
  now += 501;
  assert.equal(await fileOf(files, '/new.txt'), 'none');
});

test('a folder that does not exist is told at the start', async () => {
  await assert.rejects(
    SiteFiles.open(join(top, 'none'), () => 0),
    { code: 'ENOENT' },
  );
});
