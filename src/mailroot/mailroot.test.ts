import assert from 'node:assert/strict';
import {
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
import { type TestContext, test } from 'node:test';
import * as fc from 'fast-check';
import { type Disk, nodeDisk, RelayError, silentLogger, systemClock } from '../base/index.ts';
import { domainName, type Envelope, NULL_REVERSE_PATH } from '../envelope/index.ts';
import { Badmail } from './badmail.ts';
import { BADMAIL_CLASSES, type BadmailRecord } from './badmail-format.ts';
import { DropWriter } from './drop-writer.ts';
import { decodeXtext, encodeXtext, formatEnvelopeLines } from './envelope-lines.ts';
import { foldersBelow, prepareFolder, prepareFolders } from './layout.ts';

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const mailbox = (localPart: string, domain: string) => ({ localPart, domain: domainName(domain)! });
const envelope: Envelope = {
  reversePath: mailbox('ann', 'remote.example'),
  recipients: [{ forwardPath: mailbox('bob', 'local.example') }],
  body: '7bit',
  smtpUtf8: false,
};
const MESSAGE = Buffer.from('From: ann@remote.example\r\n\r\n.\r\nbody\r\n');

test('xtext survives any text, and refuses what is none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const xtext = encodeXtext(text);
      assert.match(xtext, /^[\x21-\x7e]*$/);
      assert.equal(decodeXtext(xtext), text);
    }),
  );
  assert.equal(encodeXtext('a+b=c d'), 'a+2Bb+3Dc+20d');
  for (const bad of ['a=b', 'a+2', 'a+zz', 'a b', 'é']) assert.equal(decodeXtext(bad), undefined, bad);
});

test('envelope lines carry every ESMTP parameter that a replay needs, and none that is the default', () => {
  const text = (more: Partial<Envelope>) => formatEnvelopeLines({ ...envelope, ...more }).toString();
  assert.equal(text({}), 'x-sender: ann@remote.example\r\nx-receiver: bob@local.example\r\n');
  assert.equal(
    text({ reversePath: NULL_REVERSE_PATH, recipients: [] }),
    'x-sender: <>\r\n',
    'the null reverse-path is written out',
  );
  assert.equal(
    text({
      body: '8bitmime',
      smtpUtf8: true,
      returnContent: 'full',
      envelopeId: 'QQ314159',
      recipients: [
        { forwardPath: mailbox('a b', 'x.example'), notify: 'never' },
        {
          forwardPath: mailbox('grün', 'x.example'),
          notify: { success: true, failure: true, delay: false },
          originalRecipient: { addressType: 'rfc822', address: 'old+x@y.example' },
        },
      ],
    }),
    'x-sender: <ann@remote.example> BODY=8BITMIME SMTPUTF8 RET=FULL ENVID=QQ314159\r\n' +
      'x-receiver: <"a b"@x.example> NOTIFY=NEVER\r\n' +
      'x-receiver: <grün@x.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;old+2Bx@y.example\r\n',
  );
});

test('a Drop file begins with the envelope, then the given lines, then the message, byte for byte', async (t) => {
  const folder = folderFor(t);
  const writer = new DropWriter({ folder, disk: nodeDisk, clock: systemClock, log: silentLogger });
  const drop = {
    envelope,
    bytes: MESSAGE.length,
    chunks: () => [MESSAGE],
    headerLines: 'Return-Path: <a@b>\r\n',
  };
  const result = await writer.write(drop);
  const other = await writer.write(drop);
  assert.ok(result.kind === 'written' && other.kind === 'written');
  assert.match(result.file, /^NTFS_[0-9a-f]{24}\.EML$/);
  assert.notEqual(result.file, other.file);
  assert.equal(
    readFileSync(join(folder, result.file), 'latin1'),
    `x-sender: ann@remote.example\r\nx-receiver: bob@local.example\r\nReturn-Path: <a@b>\r\n${MESSAGE}`,
  );
  assert.equal(readdirSync(folder).length, 2, 'no temporary file remains');
});

test('Drop refuses beyond its quota and takes mail again when a consumer made room', async (t) => {
  const folder = folderFor(t);
  let mono = 0;
  const clock = { ...systemClock, monotonicMs: () => mono };
  const writer = new DropWriter({ folder, disk: nodeDisk, clock, log: silentLogger, quotaBytes: () => 1000 });
  const drop = { envelope, bytes: 400, chunks: () => [Buffer.alloc(400, 'x')] };
  const first = await writer.write(drop);
  assert.ok(first.kind === 'written');
  assert.equal((await writer.write(drop)).kind, 'written');
  const refused = await writer.write(drop);
  assert.ok(refused.kind === 'refused' && refused.isQuota);
  assert.match(refused.text, /quota is 1000/);
  unlinkSync(join(folder, first.file));
  mono += 2000;
  assert.equal((await writer.write(drop)).kind, 'written');
});

test('Drop that cannot be written is a refusal with its reason, and leaves nothing half-written', async (t) => {
  const folder = folderFor(t);
  for (const step of ['openNew', 'write', 'flush', 'rename', 'flushFolder'] as const) {
    const disk = failingDisk(step, 'ENOSPC');
    const writer = new DropWriter({ folder, disk, clock: systemClock, log: silentLogger });
    const result = await writer.write({ envelope, bytes: 3, chunks: () => [Buffer.from('abc')] });
    assert.ok(result.kind === 'refused' && !result.isQuota, step);
    assert.match(result.text, /no space/i);
    // After the rename the file is whole; only its name is not known to be on the disk yet.
    assert.equal(readdirSync(folder).length, step === 'flushFolder' ? 1 : 0, step);
  }
});

const record: BadmailRecord = {
  id: '0123456789ABCDEF',
  reasonClass: 'Bad Pickup File',
  detail: 'The file has no From field.',
  at: Date.UTC(2026, 0, 1),
  server: 'default',
  envelope,
  fileName: 'bad.eml',
  history: [{ at: 1, text: 'taken from Pickup' }],
};

const badmailIn = (folder: string, disk: Disk = nodeDisk) =>
  new Badmail({ folder, disk, clock: systemClock, log: silentLogger });

test('badmail is a triplet: the message, the reason with its code, envelope and history', async (t) => {
  const folder = folderFor(t);
  const badmail = badmailIn(folder);
  await badmail.write(record, { chunks: () => [MESSAGE] });
  assert.deepEqual(readdirSync(folder).sort(), [`${record.id}.BAD`, `${record.id}.BDP`, `${record.id}.BDR`]);
  assert.deepEqual(readFileSync(join(folder, `${record.id}.BAD`)), MESSAGE);
  const reason = readFileSync(join(folder, `${record.id}.BDR`), 'utf8');
  assert.match(reason, /^Unable to deliver this message because the following error was encountered:\r\n/);
  assert.match(reason, /pickup directory\.\r\nThe specific error code was 0xC00402CE\.\r\n/);
  assert.match(reason, /no From field/);
  const shown = await badmail.show(`${record.id}.bad`);
  assert.deepEqual(shown!.record, record);
  assert.equal((await badmail.list()).length, 1);
  assert.equal(await badmail.show('../../etc/passwd'), undefined);
});

test('each of the six classes has its own code', async (t) => {
  const folder = folderFor(t);
  const codes = new Set<string>();
  for (const [index, reasonClass] of BADMAIL_CLASSES.entries()) {
    const id = `CLASS00000000${String(index).padStart(3, '0')}`;
    await badmailIn(folder).write({ ...record, id, reasonClass }, { chunks: () => [MESSAGE] });
    codes.add(/0xC00402..(?=\.)/.exec(readFileSync(join(folder, `${id}.BDR`), 'utf8'))![0]);
  }
  assert.equal(codes.size, 6);
});

test('a file is moved into Badmail, also from another file system; on failure it stays where it was', async (t) => {
  const folder = folderFor(t);
  const source = folderFor(t);
  const file = join(source, 'x.eml');
  for (const disk of [nodeDisk, { ...nodeDisk, rename: crossDevice(nodeDisk, file) }]) {
    writeFileSync(file, MESSAGE);
    await badmailIn(folder, disk).write(record, { file });
    assert.deepEqual(readdirSync(source), []);
    assert.deepEqual(readFileSync(join(folder, `${record.id}.BAD`)), MESSAGE);
    for (const name of readdirSync(folder)) unlinkSync(join(folder, name));
  }
  writeFileSync(file, MESSAGE);
  for (const step of ['openNew', 'write', 'flush', 'rename'] as const) {
    await assert.rejects(
      badmailIn(folder, failingDisk(step, 'EROFS')).write(record, { file }),
      (error: unknown) => {
        assert.ok(error instanceof RelayError && error.code === 'permission-denied');
        assert.match(error.message, /Give the service account the right/);
        return true;
      },
    );
    assert.deepEqual(readdirSync(source), ['x.eml'], step);
    assert.deepEqual(readdirSync(folder), [], step);
  }
});

test('a replayed message is in Pickup with its envelope, and out of Badmail', async (t) => {
  const folder = folderFor(t);
  const pickup = folderFor(t);
  const badmail = badmailIn(folder);
  await badmail.write(record, { chunks: () => [MESSAGE] });
  const name = await badmail.replay(record.id, pickup);
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(readFileSync(join(pickup, name), 'latin1'), `${formatEnvelopeLines(envelope)}${MESSAGE}`);
  await assert.rejects(badmail.replay(record.id, pickup), { code: 'not-found' });
  writeFileSync(join(folder, 'old.BAD'), MESSAGE);
  writeFileSync(join(folder, 'old.BDP'), Buffer.from([1, 2, 3]));
  const old = await badmail.replay('old', pickup);
  assert.equal(
    readFileSync(join(pickup, old), 'latin1'),
    String(MESSAGE),
    'without a known envelope: as it is',
  );
  await badmail.write(record, { chunks: () => [MESSAGE] });
  await assert.rejects(badmail.replay(record.id, join(pickup, 'missing')), { code: 'not-found' });
  assert.equal((await badmail.list()).length, 1, 'what could not be replayed stays');
});

test('badmail is swept by age and by size, oldest first, whole triplets', async (t) => {
  const folder = folderFor(t);
  const badmail = badmailIn(folder);
  const day = 24 * 60 * 60;
  for (let index = 0; index < 5; index += 1) {
    const id = `AGE000000000000${index}`;
    await badmail.write({ ...record, id }, { chunks: () => [Buffer.alloc(1000)] });
    const at = Date.now() / 1000 - (10 - index) * day;
    utimesSync(join(folder, `${id}.BAD`), at, at);
  }
  writeFileSync(join(folder, 'readme.txt'), 'not ours');
  writeFileSync(join(folder, '.mailroot-dead'), '');
  writeFileSync(join(folder, '.mailroot-alive'), '');
  utimesSync(join(folder, '.mailroot-dead'), 1e9, 1e9);
  assert.equal(await badmail.sweep({ maxAgeMs: 8.5 * day * 1000 }), 2);
  assert.equal(await badmail.sweep({ maxBytes: 2500 }), 1);
  assert.equal(await badmail.sweep({ maxAgeMs: 100 * day * 1000, maxBytes: 1e9 }), 0);
  assert.equal(readdirSync(folder).length, 2 * 3 + 2);
  assert.ok(!readdirSync(folder).includes('.mailroot-dead'));
  assert.ok(await badmail.delete('AGE0000000000004'));
  assert.equal(await badmail.delete('AGE0000000000004'), false);
  assert.deepEqual(
    (await badmail.list()).map(({ name }) => name),
    ['AGE0000000000003'],
  );
});

test('folders are created; one that cannot be used names itself, its purpose and the cure', async (t) => {
  const root = folderFor(t);
  const folders = foldersBelow(join(root, 'deep', 'mailroot'));
  await prepareFolders(nodeDisk, folders);
  await prepareFolders(nodeDisk, folders);
  assert.deepEqual(readdirSync(join(root, 'deep', 'mailroot')).sort(), [
    'Badmail',
    'Drop',
    'Pickup',
    'Queue',
  ]);
  assert.deepEqual(readdirSync(folders.pickup), []);
  await assert.rejects(
    prepareFolder(failingDisk('openNew', 'EACCES'), folders.pickup, 'take files'),
    (error) => {
      assert.ok(error instanceof RelayError && error.code === 'permission-denied');
      assert.match(error.message, /Pickup.*must take files.*right/s);
      return true;
    },
  );
  writeFileSync(join(root, 'file'), '');
  await assert.rejects(prepareFolder(nodeDisk, join(root, 'file'), 'take files'), RelayError);
});

/** A disk whose named step fails with this system error. */
function failingDisk(step: 'openNew' | 'write' | 'flush' | 'rename' | 'flushFolder', code: string): Disk {
  const fail = () => Promise.reject(Object.assign(new Error(`${code}: no`), { code }));
  return {
    ...nodeDisk,
    ...(step === 'flushFolder' && { flushFolder: fail }),
    ...(step === 'rename' && { rename: fail }),
    async openNew(path, mode) {
      if (step === 'openNew') return fail();
      const file = await nodeDisk.openNew(path, mode);
      return {
        write: (bytes) => (step === 'write' ? fail() : file.write(bytes)),
        read: (into, position) => file.read(into, position),
        flush: () => (step === 'flush' ? fail() : file.flush()),
        stat: () => file.stat(),
        close: () => file.close(),
      };
    },
  };
}

function crossDevice(disk: Disk, file: string): Disk['rename'] {
  return (from, to) =>
    from === file
      ? Promise.reject(Object.assign(new Error('EXDEV'), { code: 'EXDEV' }))
      : disk.rename(from, to);
}
