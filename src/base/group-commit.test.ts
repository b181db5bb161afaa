import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import {
  GroupCommit,
  type GroupDisk,
  HereOrBeside,
  type Kept,
  nodeGroupDisk,
  type WrittenFile,
} from './group-commit.ts';

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-group-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function written(folder: string, name: string): WrittenFile {
  const temporary = join(folder, `.mailroot-${name}`);
  writeFileSync(temporary, `content of ${name}`);
  return { temporary, folder, name };
}

function together(group: GroupCommit, files: readonly WrittenFile[]): Promise<readonly Kept[]> {
  return Promise.all(files.map((file) => group.commit(file)));
}

/** A disk that tells its steps, and fails those that `fails` names. */
function telling(fails: (step: string) => string | undefined = () => undefined) {
  const steps: string[] = [];
  const step = async (name: string, work: () => Promise<void>) => {
    steps.push(name);
    const code = fails(name);
    if (code !== undefined) throw Object.assign(new Error(code), { code });
    await work();
    steps.push(`${name}.`);
  };
  const disk: GroupDisk = {
    flush: (path) => step(`flush ${basename(path)}`, () => nodeGroupDisk.flush(path)),
    rename: (from, to) => step(`rename ${basename(to)}`, () => nodeGroupDisk.rename(from, to)),
    unlink: (path) => step(`unlink ${basename(path)}`, () => nodeGroupDisk.unlink(path)),
    flushFolder: (path) => step('folder', () => nodeGroupDisk.flushFolder(path)),
  };
  return { steps, disk };
}

test('content is flushed before the name, the folder after it, and only then is the promise kept', async (t) => {
  const folder = scratch(t);
  const { steps, disk } = telling();
  const kept = await new GroupCommit(disk).commit(written(folder, 'a'));
  assert.equal(kept, undefined);
  const order = ['flush .mailroot-a', 'flush .mailroot-a.', 'rename a', 'rename a.', 'folder', 'folder.'];
  assert.deepEqual(steps, order);
  assert.equal(readFileSync(join(folder, 'a'), 'utf8'), 'content of a');
});

test('files that wait together share the flushes of their folder', async (t) => {
  const folder = scratch(t);
  const { steps, disk } = telling();
  const group = new GroupCommit(disk);
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const all = await Promise.all(names.map((name) => group.commit(written(folder, name))));
  assert.deepEqual(
    all,
    names.map(() => undefined),
  );
  assert.deepEqual(readdirSync(folder).sort(), names);
  assert.ok(group.folderFlushes < names.length, `${group.folderFlushes} flushes of the folder`);
  // None has its promise kept by a flush that began before it had its name.
  assert.ok(steps.lastIndexOf('folder') > steps.lastIndexOf('rename f.'));
  await group.idle();
});

test('each step that fails is the failure of its file alone, and nothing of that file remains', async (t) => {
  for (const failing of ['flush .mailroot-b', 'rename b']) {
    const folder = scratch(t);
    const { disk } = telling((step) => (step === failing ? 'EIO' : undefined));
    const kept = await together(
      new GroupCommit(disk),
      ['a', 'b', 'c'].map((name) => written(folder, name)),
    );
    assert.deepEqual(
      kept.map((one) => one && 'code' in one && one.code),
      [undefined, 'EIO', undefined],
      failing,
    );
    assert.deepEqual(readdirSync(folder).sort(), ['a', 'c'], failing);
  }
});

test('a folder that cannot be flushed fails all its files, takes them back, and leaves other folders alone', async (t) => {
  const [good, bad] = [scratch(t), scratch(t)];
  const { disk } = telling();
  const failing: GroupDisk = {
    ...disk,
    flushFolder: (path) => (path === bad ? Promise.reject(new Error('no')) : disk.flushFolder(path)),
  };
  const files = [written(bad, 'a'), written(good, 'b'), written(bad, 'c')];
  const kept = await together(new GroupCommit(failing), files);

  assert.deepEqual(
    kept.map((one) => one?.message),
    ['no', undefined, 'no'],
  );
  assert.deepEqual(readdirSync(bad), []);
  assert.deepEqual(readdirSync(good), ['b']);
});

test('a file that is not there is the system’s error, and later groups go on', async (t) => {
  const folder = scratch(t);
  const group = new GroupCommit();
  const missing = await group.commit({ temporary: join(folder, '.none'), folder, name: 'x' });
  assert.equal((missing as NodeJS.ErrnoException).code, 'ENOENT');
  assert.equal(await group.commit(written(folder, 'y')), undefined);
  await group.idle();
});

test('whatever fails, a file is whole under its name or not there, and its result says which', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('none', 'flush', 'rename'), { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      async (failures, folderFails) => {
        const folder = mkdtempSync(join(tmpdir(), 'mailroot-group-'));
        try {
          const { disk, steps } = telling((step) => {
            if (step === 'folder') return folderFails ? 'EIO' : undefined;
            const [what, name] = step.split(' ');
            return failures[Number(name!.replace('.mailroot-', ''))] === what ? 'ENOSPC' : undefined;
          });
          const group = new GroupCommit(disk);
          const kept = await Promise.all(
            failures.map((_, index) => group.commit(written(folder, String(index)))),
          );
          for (const [index, result] of kept.entries()) {
            const name = String(index);
            assert.equal(existsSync(join(folder, name)), result === undefined);
            assert.equal(existsSync(join(folder, `.mailroot-${name}`)), false);
            assert.equal(result !== undefined, failures[index] !== 'none' || folderFails);
            const renamed = steps.indexOf(`rename ${name}`);
            if (renamed >= 0) assert.ok(steps.indexOf(`flush .mailroot-${name}.`) < renamed);
          }
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('names are changed here while that is quick, and beside for a minute after one was slow', async () => {
  let now = 0;
  const names = new HereOrBeside(() => now);
  const change = (tookMs: number): Promise<string> =>
    names.run(
      () => {
        now += tookMs;
        return 'here';
      },
      async () => 'beside',
    );
  assert.equal(await change(0.01), 'here');
  assert.equal(await change(30), 'here');
  assert.equal(await change(0.01), 'beside');
  now += 59_000;
  assert.equal(await change(0.01), 'beside');
  now += 1001;
  assert.equal(await change(0.01), 'here');
  const failing = names.run(
    () => {
      now += 30;
      throw new Error('gone');
    },
    async () => 'beside',
  );
  await assert.rejects(failing, /gone/);
  assert.equal(await change(0.01), 'beside', 'a slow failure counts too');
});
