import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AutomationError, MISSING, NOTHING } from '../../src/automation/index.ts';
import { nodeSyncDisk } from '../../src/base/index.ts';
import { Message } from '../../src/cdo/index.ts';
import {
  CDONTS_CONSTANTS,
  createCdontsObject,
  type MailPlaces,
  NewMail,
  pickupFolderOf,
  Session,
} from '../../src/cdonts/index.ts';
import { type Bench, type BenchOptions, makeBench, script, temporaryFolder } from '../cdo/support.ts';

function nts(options: BenchOptions = {}): Bench & { places: MailPlaces } {
  const bench = makeBench(options);
  return { ...bench, places: { pickupFolder: bench.pickup, dropFolder: bench.drop } };
}

const newMail = (bench: Bench & { places: MailPlaces }) =>
  script(createCdontsObject('CDONTS.NewMail', bench.host, bench.places)!);

function failure(act: () => unknown): AutomationError {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof AutomationError);
    return error;
  }
  throw new Error('nothing was thrown');
}

test('NewMail.Send with five arguments writes a plain message without MIME', () => {
  const bench = nts();
  newMail(bench).call('Send', 'a@x.de', 'b@x.de', 'Subject', 'Body', 2);
  assert.deepEqual(bench.files(), [
    [
      'x-sender: a@x.de',
      'x-receiver: b@x.de',
      'From: <a@x.de>',
      'To: <b@x.de>',
      'Subject: Subject',
      'Date: Mon, 3 Mar 2014 10:20:30 +0100',
      'Message-ID: <A5A5A5A5A5A545A5A5A5A5A500000002@example.com>',
      'Importance: high',
      'X-Priority: 1',
      'X-MSMail-Priority: High',
      'X-MimeOLE: Produced By Microsoft MimeOLE',
      '',
      'Body',
    ].join('\r\n'),
  ]);
});

test('NewMail.Send: From and Subject of the arguments win, the recipients of both count', () => {
  const bench = nts();
  const m = newMail(bench);
  m.put('From', 'old@x');
  m.put('To', 'one@x; two@x');
  m.put('Subject', 'old');
  m.put('Body', 'old');
  m.call('Send', 'new@x', 'three@x', 'new', MISSING, 0);
  const [file] = bench.files();
  assert.match(
    file!,
    /^x-sender: new@x\r\nx-receiver: one@x\r\nx-receiver: two@x\r\nx-receiver: three@x\r\n/,
  );
  assert.match(file!, /\r\nSubject: new\r\n/);
  assert.match(file!, /\r\nImportance: low\r\n/);
  assert.ok(file!.endsWith('\r\n\r\nold'));
});

test('CdoE_INVALID_OBJECT: every member after a successful Send, but not after a failed one', () => {
  const bench = nts();
  const m = newMail(bench);
  assert.equal(failure(() => m.call('Send', 'a@x')).hresult, 0x80040607 | 0);
  m.call('Send', 'a@x', 'b@x');
  for (const act of [
    () => m.call('Send'),
    () => m.put('To', 'c@x'),
    () => m.put('Value', 'X-A', 'b'),
    () => m.call('SetLocaleIDs', 1252),
    () => m.call('AttachFile', '/x'),
  ])
    assert.equal(failure(act).hresult, 0x80040108 | 0);
});

test('NewMail.BodyFormat and NewMail.MailFormat: HTML goes as MIME, also when only BodyFormat says so', () => {
  for (const mailFormat of [0, 1]) {
    const bench = nts();
    const m = newMail(bench);
    m.put('BodyFormat', CDONTS_CONSTANTS.CdoBodyFormatHTML);
    m.put('MailFormat', mailFormat);
    m.call('Send', 'a@x', 'b@x', 's', '<b>h</b>');
    assert.match(
      bench.files()[0]!,
      /MIME-Version: 1\.0\r\nContent-Type: text\/html\r\nContent-Transfer-Encoding: /,
    );
  }
  const bench = nts();
  assert.equal(failure(() => newMail(bench).put('BodyFormat', 7)).hresult, 0x80070057 | 0);
});

test('NewMail.AttachFile: uuencode by default in text mails, base64 makes the mail MIME', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.doc'), 'content');
  const plain = nts();
  const m = newMail(plain);
  m.call('AttachFile', join(folder, 'a.doc'));
  m.call('Send', 'a@x', 'b@x', 's', 'text');
  assert.match(plain.files()[0]!, /\r\n\r\ntext\r\nbegin 666 a\.doc\r\n'8V]N=&5N=```\r\n`\r\nend\r\n$/);
  assert.doesNotMatch(plain.files()[0]!, /MIME-Version/);
  const mime = nts();
  const n = newMail(mime);
  n.call('AttachFile', join(folder, 'a.doc'), 'renamed.doc', CDONTS_CONSTANTS.CdoEncodingBase64);
  n.call('Send', 'a@x', 'b@x', 's', 'text');
  assert.match(mime.files()[0]!, /filename="renamed\.doc"\r\n\r\nY29udGVudA==\r\n/);
  assert.equal(failure(() => newMail(nts()).call('AttachFile', '/no/such/file')).hresult, 0x80070002 | 0);
});

test('NewMail.AttachURL, NewMail.ContentBase and NewMail.ContentLocation carry the resources of a page', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'logo.gif'), 'GIF89a');
  const bench = nts();
  const m = newMail(bench);
  m.put('BodyFormat', 0);
  m.put('MailFormat', 0);
  m.put('ContentBase', 'http://h/');
  m.put('ContentLocation', 'http://h/page.htm');
  m.put('Body', '<img src="logo.gif">');
  m.call('AttachURL', join(folder, 'logo.gif'), 'logo.gif');
  m.call('Send', 'a@x', 'b@x', 's');
  const [file] = bench.files();
  assert.match(file!, /multipart\/related;\r\n\ttype="text\/html"/);
  assert.match(file!, /Content-Location: logo\.gif\r\n/);
  assert.match(file!, /Content-Base: http:\/\/h\/\r\n/);
});

test('NewMail.Value adds a header line each time and takes no forged lines', () => {
  const bench = nts();
  const m = newMail(bench);
  m.put('Value', 'X-A', 'one');
  m.put('', 'X-A', 'two');
  m.put('Value', 'Reply-To', 'c@x\r\nX-B: forged');
  assert.equal(failure(() => m.put('Value', 'X-C: d\r\nX-D', 'e')).hresult, 0x80070057 | 0);
  m.call('Send', 'a@x', 'b@x');
  assert.match(bench.files()[0]!, /X-A: one\r\nX-A: two\r\n/);
  assert.match(bench.files()[0]!, /Reply-To: c@x X-B: forged\r\n/);
});

test('NewMail.SetLocaleIDs chooses the charset of body and header; an unknown page is CdoE_UNKNOWN_CPID', () => {
  const bench = nts();
  const m = newMail(bench);
  m.call('SetLocaleIDs', 932);
  m.put('MailFormat', 0);
  m.call('Send', 'a@x', 'b@x', '日本', '日本語');
  const [file] = bench.files();
  assert.match(file!, /Subject: =\?iso-2022-jp\?B\?/);
  assert.equal(Message.from(Buffer.from(file!, 'latin1')).textBody, '日本語');
  assert.equal(failure(() => newMail(bench).call('SetLocaleIDs', 4711)).hresult, 0x8004011e | 0);
});

test('NewMail.Version reads, everything else is write-only', () => {
  const m = newMail(nts());
  assert.equal(m.get('Version'), '1.2.1');
  for (const property of ['From', 'To', 'Cc', 'Bcc', 'Subject', 'Body', 'Importance'])
    assert.equal(failure(() => m.get(property)).hresult, 0x80020006 | 0);
});

test('a mail without From is written without x-sender, for the service to put aside', () => {
  const bench = nts();
  newMail(bench).call('Send', MISSING, 'b@x', 's', 't');
  assert.match(bench.files()[0]!, /^x-receiver: b@x\r\nTo: <b@x>\r\n/);
});

test('PERMISSION_DENIED 800A0046 without the right to write, PATH_NOT_FOUND 80070003 without the folder', async () => {
  const denied = Object.assign(new Error('denied'), { code: 'EACCES' });
  const syncDisk = {
    ...nodeSyncDisk,
    openNew: () => {
      throw denied;
    },
  };
  const bench = nts({ syncDisk });
  const first = failure(() => newMail(bench).call('Send', 'a@x', 'b@x'));
  assert.deepEqual([first.hresult, first.message], [0x800a0046 | 0, 'Permission denied']);
  const gone = nts();
  rmSync(gone.pickup, { recursive: true });
  const second = failure(() => newMail(gone).call('Send', 'a@x', 'b@x'));
  assert.deepEqual([second.hresult, second.message], [0x80070003 | 0, 'Path not found']);
  await assert.rejects(new NewMail({ host: gone.host, places: {} }).send('a@x', 'b@x'), {
    code: 'PATH_NOT_FOUND',
  });
});

test('with Use Exchange set, mail goes to the Internet Mail Service under RootDir', () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'Pickup'));
  const bench = nts();
  const places = { useExchange: true, exchangeRootFolder: root, pickupFolder: bench.pickup };
  script(createCdontsObject('CDONTS.NewMail.1', bench.host, places)!).call('Send', 'a@x', 'b@x');
  assert.equal(readdirSync(join(root, 'Pickup')).length, 1);
  assert.equal(bench.files().length, 0);
  assert.equal(
    pickupFolderOf({ useExchange: true, exchangeRootFolder: 'C:\\imcdata\\pickup' }),
    'C:\\imcdata\\pickup',
  );
  assert.equal(
    pickupFolderOf({ useExchange: true, exchangeRootFolder: 'C:\\imcdata' }),
    'C:\\imcdata\\Pickup',
  );
  assert.throws(() => pickupFolderOf({ useExchange: true }), { code: 'PATH_NOT_FOUND' });
});

test('Session: a message from the Outbox is in pickup at once, and invalid afterwards', () => {
  const bench = nts();
  const s = script(createCdontsObject('cdonts.session', bench.host, bench.places)!);
  assert.equal(failure(() => s.get('Outbox')).hresult, 0x80040605 | 0);
  s.call('LogonSMTP', 'Me', 'me@x.de');
  assert.equal(s.get('Name'), 'Me');
  const g = script(s.of('Outbox').of('Messages').call('Add', 'sub', 'text') as never);
  g.of('Recipients').call('Add', 'Bob', 'bob@y.de', CDONTS_CONSTANTS.CdoTo);
  g.of('Recipients').call('Add', 'Cat', 'cat@y.de', CDONTS_CONSTANTS.CdoCc);
  g.call('Send');
  assert.match(
    bench.files()[0]!,
    /^x-sender: me@x\.de\r\nx-receiver: bob@y\.de\r\nx-receiver: cat@y\.de\r\nFrom: "Me" <me@x\.de>\r\nTo: "Bob" <bob@y\.de>\r\nCc: "Cat" <cat@y\.de>\r\nSubject: sub\r\n/,
  );
  assert.equal(failure(() => g.get('Subject')).hresult, 0x80040108 | 0);
  assert.equal(s.of('Outbox').of('Messages').get('Count'), 0);
  s.call('Logoff');
  assert.equal(failure(() => s.get('Inbox')).hresult, 0x80040605 | 0);
});

test('Session: the Inbox shows the drop folder, filtered by x-receiver and else by To and Cc', async () => {
  const bench = nts();
  const put = (name: string, head: string): void =>
    writeFileSync(
      join(bench.drop, name),
      `${head}From: Ann <ann@y.de>\r\nSubject: ${name}\r\nDate: Mon, 3 Mar 2014 09:00:00 +0000\r\n\r\nbody`,
    );
  put('1.eml', 'x-sender: ann@y.de\r\nx-receiver: me@x.de\r\nTo: list@x.de\r\n');
  put('2.eml', 'x-receiver: you@x.de\r\nTo: me@x.de\r\n');
  put('3.eml', 'To: Me <ME@x.de>\r\n');
  const session = new Session(bench);
  session.logonSmtp('Me', 'me@x.de');
  const messages = await session.inbox.messages();
  assert.deepEqual(
    [...messages].map((message) => [message.subject, message.sender.address, message.text]),
    [
      ['1.eml', 'ann@y.de', 'body'],
      ['3.eml', 'ann@y.de', 'body'],
    ],
  );
  assert.throws(() => messages.add(), { code: 'CdoE_NO_ACCESS' });
  assert.throws(() => messages.item(1).recipients.add('x', 'x@x'), { code: 'CdoE_NO_ACCESS' });
  await messages.item(1).delete();
  assert.deepEqual(readdirSync(bench.drop).sort(), ['2.eml', '3.eml']);
  assert.equal(messages.count, 1);
});

test('Messages.GetFirst and its sisters walk the folder and end in Nothing', () => {
  const bench = nts();
  for (const name of ['1.eml', '2.eml', '3.eml'])
    writeFileSync(join(bench.drop, name), `x-receiver: me@x\r\nSubject: ${name[0]}\r\n\r\n`);
  const s = script(createCdontsObject('CDONTS.Session', bench.host, bench.places)!);
  s.call('LogonSMTP', 'Me', 'me@x');
  const m = s.of('Inbox').of('Messages');
  const walk: unknown[] = [];
  for (const step of [
    'GetFirst',
    'GetNext',
    'GetNext',
    'GetNext',
    'GetLast',
    'GetPrevious',
    'GetPrevious',
    'GetPrevious',
  ]) {
    const value = m.call(step);
    walk.push(value === NOTHING ? undefined : script(value as never).get('Subject'));
  }
  assert.deepEqual(walk, ['1', '2', '3', undefined, '3', '2', '1', undefined]);
  m.call('Delete');
  assert.deepEqual(readdirSync(bench.drop), []);
});

test('Attachments: files and messages are attached, named, read and written', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'in.txt'), 'file text');
  const bench = nts();
  const session = new Session(bench);
  session.logonSmtp('Me', 'me@x');
  const inner = (await session.outbox.messages()).add('inner', 'inner text');
  const outer = (await session.outbox.messages()).add('outer', 'outer text');
  outer.recipients.add('b@x');
  const file = await outer.attachments.add(join(folder, 'in.txt'));
  const message = await outer.attachments.add(inner);
  assert.deepEqual([file.name, file.type, message.name, message.type], ['in.txt', 1, 'ATT00002.EML', 4]);
  assert.equal(message.embedded().subject, 'inner');
  await file.writeToFile(join(folder, 'out.txt'));
  assert.equal(readFileSync(join(folder, 'out.txt'), 'utf8'), 'file text');
  await outer.send();
  const read = Message.from(Buffer.from(bench.files()[0]!, 'latin1'));
  assert.deepEqual(
    [...read.attachments].map((part) => part.contentMediaType),
    ['text/plain', 'message/rfc822'],
  );
});
