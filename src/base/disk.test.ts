import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Disk, nodeDisk, type OpenFile, writeDurably } from './disk.ts';

type Step = 'openNew' | 'write' | 'flush' | 'close' | 'rename' | 'flushFolder';

/** The real disk with one step that fails, and a record of the order of steps. */
function failingDisk(failingStep?: Step): { disk: Disk; steps: Step[] } {
  const steps: Step[] = [];
  const take = async <T>(step: Step, proceed: () => Promise<T>): Promise<T> => {
    steps.push(step);
    if (step === failingStep) throw Object.assign(new Error(`ENOSPC: ${step}`), { code: 'ENOSPC' });
    return proceed();
  };
  const wrap = (file: OpenFile): OpenFile => ({
    write: (bytes) => take('write', () => file.write(bytes)),
    read: (into, position) => file.read(into, position),
    flush: () => take('flush', () => file.flush()),
    stat: () => file.stat(),
    close: async () => {
      await file.close();
      await take('close', async () => {});
    },
  });
  const disk: Disk = {
    ...nodeDisk,
    openNew: (path, mode) => take('openNew', async () => wrap(await nodeDisk.openNew(path, mode))),
    rename: (from, to) => take('rename', () => nodeDisk.rename(from, to)),
    flushFolder: (path) => take('flushFolder', () => nodeDisk.flushFolder(path)),
  };
  return { disk, steps };
}

describe('writeDurably', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailroot-disk-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const target = () => ({ folder, name: 'a.eml', temporaryId: 'T1' });
  const content = [Buffer.from('one '), Buffer.from('two')];

  it('writes, flushes, closes, renames and flushes the folder, in this order', async () => {
    const { disk, steps } = failingDisk();
    await writeDurably(disk, target(), content);
    assert.deepEqual(steps, ['openNew', 'write', 'write', 'flush', 'close', 'rename', 'flushFolder']);
    assert.equal(readFileSync(join(folder, 'a.eml'), 'utf8'), 'one two');
    assert.deepEqual(readdirSync(folder), ['a.eml']);
  });

  for (const step of ['openNew', 'write', 'flush', 'close', 'rename'] as const) {
    it(`leaves nothing behind and keeps an older file when '${step}' fails`, async () => {
      writeFileSync(join(folder, 'a.eml'), 'older');
      await assert.rejects(writeDurably(failingDisk(step).disk, target(), content), { code: 'ENOSPC' });
      assert.deepEqual(readdirSync(folder), ['a.eml']);
      assert.equal(readFileSync(join(folder, 'a.eml'), 'utf8'), 'older');
    });
  }

  it('reports a failed flush of the folder, so that nobody is promised what may not be there', async () => {
    await assert.rejects(writeDurably(failingDisk('flushFolder').disk, target(), content), {
      code: 'ENOSPC',
    });
  });

  it('leaves nothing behind when the content itself fails', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('half');
      throw new Error('the source broke');
    }
    await assert.rejects(writeDurably(nodeDisk, target(), broken()), /the source broke/);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('refuses to write through a planted temporary name', async () => {
    writeFileSync(join(folder, '.mailroot-T1'), 'planted');
    await assert.rejects(writeDurably(nodeDisk, target(), content), { code: 'EEXIST' });
    assert.equal(readFileSync(join(folder, '.mailroot-T1'), 'utf8'), 'planted');
  });
});

it('lists names with their kind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-disk-'));
  await nodeDisk.makeFolder(join(folder, 'sub', 'deeper'));
  writeFileSync(join(folder, 'file'), '');
  chmodSync(join(folder, 'file'), 0o000);
  const entries: string[] = [];
  for await (const { name, isFolder } of nodeDisk.list(folder)) entries.push(`${name} ${isFolder}`);
  assert.deepEqual(entries.sort(), ['file false', 'sub true']);
  rmSync(folder, { recursive: true });
});
