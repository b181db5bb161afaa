/** Adoption of old mail: everything, in order, once, whatever step fails. */
import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { type Disk, nodeDisk } from '../../src/base/index.ts';
import { runCommandLine } from '../../src/cli/main.ts';
import { formatMailbox } from '../../src/envelope/index.ts';
import { adopt, CopyOnce, planAdoption, suggestEnvelope } from '../../src/import/index.ts';

const base = mkdtempSync(join(tmpdir(), 'mailroot-adopt-'));
after(() => rmSync(base, { recursive: true }));
let counter = 0;

function freshFolder(): string {
  const folder = join(base, String(counter++));
  mkdirSync(folder);
  return folder;
}

/** Writes files one second apart, oldest first. */
function fill(root: string, files: readonly (readonly [string, string])[]): void {
  for (const [index, [name, content]] of files.entries()) {
    const path = join(root, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    utimesSync(path, 1_000_000 + index, 1_000_000 + index);
  }
}

const message = (n: number): string =>
  `From: a@old.example\r\nTo: b${n}@new.example\r\nSubject: ${n}\r\n\r\nbody ${n}\r\n`;

/** A disk that dies at its n-th step: that step and all after it fail. */
function dyingDisk(steps: number): { readonly disk: Disk; readonly used: () => number } {
  let used = 0;
  const step = (): void => {
    used += 1;
    if (used > steps) throw Object.assign(new Error('EIO: the disk died'), { code: 'EIO' });
  };
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(inner, name) {
        const value: unknown = Reflect.get(inner, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (name === 'list') {
            step();
            return (value as (...args: unknown[]) => unknown).apply(inner, args);
          }
          // Closing works even then; everything else counts.
          if (name !== 'close') {
            try {
              step();
            } catch (failure) {
              return Promise.reject(failure);
            }
          }
          const result = (value as (...args: unknown[]) => unknown).apply(inner, args);
          return result instanceof Promise
            ? result.then((opened: unknown) =>
                typeof name === 'string' && name.startsWith('open') ? wrap(opened as object) : opened,
              )
            : result;
        };
      },
    });
  return { disk: wrap({ ...nodeDisk }), used: () => used };
}

function targets(root: string): Record<'pickup' | 'drop' | 'badmail' | 'draft', string> {
  return {
    pickup: join(root, 'Pickup'),
    drop: join(root, 'Drop'),
    badmail: join(root, 'Badmail'),
    draft: join(root, 'Import/Drafts'),
  };
}

describe('adoption of old mail', () => {
  it('takes Queue, Pickup, Drop and Badmail, oldest first, and leaves what is no mail', async () => {
    const old = freshFolder();
    fill(old, [
      ['Pickup/z-first.txt', message(1)],
      ['Pickup/a-second.eml', message(2)],
      ['Drop/NTFS_1.EML', `x-sender: a@b.example\r\nx-receiver: c@old.example\r\n${message(3)}`],
      ['badmail/X.BAD', message(4)],
      ['badmail/X.BDR', 'why'],
      ['badmail/X.BDP', '\x01\x02'],
      ['Queue/NTFS_2.EML', message(5)],
      ['Queue/NTFS_3.EML', `x-sender: a@b.example\r\nx-receiver: c@d.example\r\n${message(6)}`],
      ['Queue/NTFS_2.LTR', 'transcript'],
      ['Pickup/sub/inner.eml', message(7)],
    ]);
    const plan = await planAdoption(nodeDisk, old, 'mailroot');
    assert.deepEqual(
      plan.map(({ kind, name }) => `${kind} ${name}`),
      [
        'draft NTFS_2.EML',
        'pickup NTFS_3.EML',
        'pickup z-first.txt',
        'pickup a-second.eml',
        'drop NTFS_1.EML',
        'badmail X.BDR',
        'badmail X.BDP',
        'badmail X.BAD',
      ],
    );
    const root = freshFolder();
    await adopt(nodeDisk, new CopyOnce(nodeDisk, root), plan, targets(root));
    assert.equal(readFileSync(join(root, 'Badmail/X.BAD'), 'utf8'), message(4));
    assert.deepEqual(readdirSync(join(root, 'Pickup')).sort(), ['NTFS_3.EML', 'a-second.eml', 'z-first.txt']);
    assert.deepEqual(
      readdirSync(join(old, 'Pickup')).sort(),
      ['a-second.eml', 'sub', 'z-first.txt'],
      'the old folder is only read',
    );
  });

  it('takes the imcdata folders of Exchange: spool files become drafts, archives become badmail', async () => {
    const old = freshFolder();
    fill(old, [
      ['Out/JTMRMAQV', message(1)],
      ['In/NQ1NQYQK', message(2)],
      ['Pickup/form.txt', message(3)],
      ['Pickup/Archive/bad.txt', 'no header'],
      ['In/Archive/MM0XK5MC', message(4)],
      ['Queue.dat', 'index'],
      ['Log/L0000000.LOG', 'log'],
    ]);
    const root = freshFolder();
    await adopt(
      nodeDisk,
      new CopyOnce(nodeDisk, root),
      await planAdoption(nodeDisk, old, 'imcdata'),
      targets(root),
    );
    assert.deepEqual(readdirSync(join(root, 'Import/Drafts')).sort(), ['JTMRMAQV.eml', 'NQ1NQYQK.eml']);
    assert.deepEqual(readdirSync(join(root, 'Pickup')), ['form.txt']);
    assert.deepEqual(readdirSync(join(root, 'Badmail')).sort(), ['MM0XK5MC.BAD', 'bad.txt.BAD']);
  });

  it('loses nothing and repeats nothing when any single step fails and the service has eaten from Pickup since', async () => {
    const old = freshFolder();
    const wanted = [1, 2, 3].map(message);
    fill(
      old,
      wanted.map((content, index) => [`Pickup/${'zyx'[index]}.eml`, content] as const),
    );
    const plan = await planAdoption(nodeDisk, old, 'mailroot');
    const whole = dyingDisk(Number.POSITIVE_INFINITY);
    const first = freshFolder();
    await adopt(whole.disk, new CopyOnce(whole.disk, first), plan, targets(first));
    const steps = whole.used();
    assert.ok(steps > 30, `${steps} steps`);
    for (let dies = 0; dies < steps; dies += 1) {
      const root = freshFolder();
      mkdirSync(join(root, 'Pickup'));
      const eaten: string[] = [];
      const eat = (): void => {
        const names = readdirSync(join(root, 'Pickup')).filter((name) => !name.startsWith('.'));
        const all = names.map((name) => readFileSync(join(root, 'Pickup', name), 'utf8'));
        eaten.push(...all.sort());
        for (const name of names) unlinkSync(join(root, 'Pickup', name));
      };
      const dying = dyingDisk(dies).disk;
      await assert.rejects(adopt(dying, new CopyOnce(dying, root), plan, targets(root)), `step ${dies}`);
      eat();
      await adopt(nodeDisk, new CopyOnce(nodeDisk, root), plan, targets(root));
      eat();
      assert.deepEqual(eaten, wanted, `after a failure at step ${dies}`);
      await adopt(nodeDisk, new CopyOnce(nodeDisk, root), plan, targets(root));
      eat();
      assert.equal(eaten.length, 3, 'a third run finds nothing to do');
      rmSync(root, { recursive: true });
    }
  });

  it('never replaces a file that has the name already', async () => {
    const old = freshFolder();
    fill(old, [['Drop/NTFS_1.EML', message(1)]]);
    const root = freshFolder();
    fill(root, [['Drop/NTFS_1.EML', 'somebody else']]);
    await adopt(
      nodeDisk,
      new CopyOnce(nodeDisk, root),
      await planAdoption(nodeDisk, old, 'mailroot'),
      targets(root),
    );
    assert.equal(readFileSync(join(root, 'Drop/NTFS_1.EML'), 'utf8'), 'somebody else');
    const [other] = readdirSync(join(root, 'Drop')).filter((name) => name !== 'NTFS_1.EML');
    assert.match(other!, /^NTFS_1-[0-9a-f]{8}\.EML$/);
  });

  it('says which folder it cannot read', async () => {
    await assert.rejects(planAdoption(nodeDisk, join(base, 'nowhere'), 'mailroot'), /reading .*nowhere/);
  });
});

describe('drafts', () => {
  it('suggests sender and recipients from the header, and says what is not known', () => {
    const found = suggestEnvelope(
      Buffer.from(
        'Sender: s@x.example\nFrom: f@x.example\nTo: A <a@y.example>, b@y.example\nCc: a@y.example\nSubject: Hi\n\nBcc: no@body.example\n',
      ),
    );
    assert.ok(found.sender !== undefined && !('kind' in found.sender));
    assert.equal(formatMailbox(found.sender), 's@x.example');
    assert.deepEqual(found.recipients.map(formatMailbox), ['a@y.example', 'b@y.example']);
    assert.match(found.doubts.join(), /may have got it already.*several people/);
    const report = suggestEnvelope(
      Buffer.from(
        'From: postmaster@x.example\nTo: a@y.example\nContent-Type: multipart/report; boundary=x\n\n',
      ),
    );
    assert.deepEqual(report.sender, { kind: 'null-reverse-path' }, 'a report is returned to nobody');
    const empty = suggestEnvelope(Buffer.from('\nhello\n'));
    assert.equal(empty.sender, undefined);
    assert.match(empty.doubts.join(), /no sender.*no recipient/);
  });

  const folder = freshFolder();
  const run = async (
    ...args: readonly string[]
  ): Promise<{ code: number; stdout: string; stderr: string }> => {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const stdin = Readable.from([]) as unknown as NodeJS.ReadableStream;
    const code = await runCommandLine(args, { stdin, stdout, stderr, environment: {}, folder });
    return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
  };

  it('are taken, listed, confirmed and discarded by commands; a confirmed one goes to Pickup once', async () => {
    fill(folder, [
      ['old/Queue/NTFS_1.EML', message(1)],
      ['old/Queue/NTFS_2.EML', 'Subject: lonely\r\n\r\n'],
      ['old/Queue/NTFS_3.EML', `x-sender: stale@b.example\r\n${message(3)}`],
    ]);
    const dry = await run('import', 'mail', 'old', '--dry-run');
    assert.match(dry.stdout, /3 files would be taken; nothing was changed/);
    assert.throws(() => readdirSync(join(folder, 'mailroot')));
    assert.match(
      (await run('import', 'mail', 'old')).stdout,
      /3 files taken over, 0 had been taken before.*drafts/s,
    );
    assert.match((await run('import', 'mail', 'old')).stdout, /0 files taken over, 3 had been taken before/);
    const listed = await run('import', 'drafts');
    assert.match(listed.stdout, /NTFS_1\.EML.*\n {2}from <a@old\.example> to b1@new\.example: 1/);
    assert.match(listed.stdout, /NTFS_2\.EML.*\n {2}from nobody to nobody: lonely\n {2}! no sender/);
    const refused = await run('import', 'confirm', 'NTFS_1.EML', 'NTFS_2.EML');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /NTFS_2\.EML names no sender; give one with --sender/);
    assert.throws(
      () => readdirSync(join(folder, 'mailroot/Pickup/NTFS_1.EML')),
      'nothing left before all was settled',
    );
    assert.equal((await run('import', 'confirm', 'NTFS_1.EML')).code, 0);
    const sent = readFileSync(join(folder, 'mailroot/Pickup/NTFS_1.EML'), 'utf8');
    assert.equal(
      sent,
      `x-sender: <a@old.example> BODY=8BITMIME\r\nx-receiver: b1@new.example\r\n${message(1)}`,
    );
    await run('import', 'confirm', 'NTFS_3.EML', '--sender', '<>', '--recipient', 'only@new.example');
    assert.equal(
      readFileSync(join(folder, 'mailroot/Pickup/NTFS_3.EML'), 'utf8'),
      `x-sender: <> BODY=8BITMIME\r\nx-receiver: only@new.example\r\n${message(3)}`,
    );
    assert.equal((await run('import', 'discard', 'NTFS_2.EML')).code, 0);
    assert.equal((await run('import', 'drafts')).stdout, 'There are no drafts.\n');
    const gone = await run('import', 'confirm', 'NTFS_1.EML');
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /There is no draft 'NTFS_1\.EML'/);
  });

  it('explains wrong use', async () => {
    for (const args of [
      ['import', 'mail'],
      ['import', 'confirm'],
      ['import', 'mail', 'old', '--layout', 'x'],
      ['import', 'drafts', '--server', 'x'],
    ]) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 2, stderr);
    }
    assert.match((await run('import', 'mail', 'nowhere')).stderr, /reading .*nowhere/);
  });
});
