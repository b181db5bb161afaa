import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import {
  CdoError,
  Configuration,
  DropDirectory,
  Message,
  mailrootDefaults,
  standardHost,
} from '../../src/cdo/index.ts';
import { C, makeBench, script, temporaryFolder } from './support.ts';

test('a message goes into the pickup folder, envelope lines first, Bcc in the envelope alone', async () => {
  const bench = makeBench();
  const message = new Message({
    host: bench.host,
    from: 'robot@example.com',
    to: 'ann@example.net',
    bcc: 'audit@example.com, ann@example.net',
    subject: 'Order 17',
    textBody: 'Thanks.\n.dot',
  });
  await message.send();
  const [file] = bench.files();
  assert.match(
    file!,
    /^x-sender: robot@example\.com\r\nx-receiver: ann@example\.net\r\nx-receiver: audit@example\.com\r\nthread-index: /,
  );
  assert.doesNotMatch(file!, /^bcc:/im);
  assert.ok(file!.endsWith('\r\n\r\nThanks.\r\n.dot'));
});

test('the same message through the automation face gives the same file', async () => {
  const typed = makeBench();
  await new Message({
    host: typed.host,
    from: 'a@x.de',
    to: 'b@x.de',
    subject: 's',
    htmlBody: '<p>h</p>',
  }).send();
  const late = makeBench();
  const m = script(late.create('cdo.message.1'));
  m.put('from', 'a@x.de');
  m.put('TO', 'b@x.de');
  m.put('Subject', 's');
  m.put('HTMLBody', '<p>h</p>');
  m.call('send');
  assert.deepEqual(late.files(), typed.files());
});

test('streams, Buffers and texts are attachments', async () => {
  const { host } = makeBench();
  const message = new Message({ host, from: 'a@x', to: 'b@x' });
  await message.addAttachment({
    content: Readable.from([Buffer.from('one '), Buffer.from('two')]),
    fileName: 'a.txt',
  });
  await message.addAttachment({ content: Buffer.from([0, 1, 2]), fileName: 'b.bin' });
  await message.addAttachment({ content: 'grün', fileName: 'c.txt', charset: 'utf-8' });
  assert.deepEqual(
    [...message.attachments].map((part) => [part.fileName, part.content().toString('latin1')]),
    [
      ['a.txt', 'one two'],
      ['b.bin', '\0\x01\x02'],
      ['c.txt', 'gr\xc3\xbcn'],
    ],
  );
  const read = Message.from(message.toBuffer(), { host });
  assert.deepEqual(
    [...read.attachments].map((part) => part.content().toString('latin1')),
    ['one two', '\0\x01\x02', 'gr\xc3\xbcn'],
  );
});

test('a file name in a message cannot lead out of the folder it is saved in', () => {
  for (const written of ['../../etc/passwd', '..\\..\\etc\\passwd', 'C:\\etc\\passwd', '/etc/passwd']) {
    const message = Message.from(
      Buffer.from(
        `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n--b\r\nContent-Disposition: attachment; filename="${written}"\r\n\r\nx\r\n--b--`,
      ),
    );
    assert.equal(message.attachments.item(1).fileName, 'passwd', written);
  }
});

test('an opened message takes another attachment, and its text and headers stay as they were', async () => {
  const { host } = makeBench();
  const message = Message.from(
    Buffer.from(
      'Received: by x\r\nX-Odd:   kept\r\n\tas it is\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\nSubject: s\r\n\r\ngr=FCn =\r\nund blau',
    ),
    { host },
  );
  await message.addAttachment({ content: 'x', fileName: 'x.txt' });
  const written = message.toBuffer().toString('latin1');
  assert.match(
    written,
    /^Received: by x\r\nX-Odd: {3}kept\r\n\tas it is\r\nMIME-Version: 1\.0\r\nContent-Type: multipart\/mixed;/,
  );
  assert.match(written, /\r\n\r\ngr=FCn =\r\nund blau\r\n--/);
  const read = Message.from(message.toBuffer(), { host });
  assert.equal(read.textBody, 'grün und blau');
  assert.equal(read.attachments.item(1).content().toString(), 'x');
  message.textBody = 'new text';
  assert.match(
    message.toBuffer().toString('latin1'),
    /Content-Type: text\/plain;\r\n\tcharset="iso-8859-1"\r\nContent-Transfer-Encoding: 7bit\r\n\r\nnew text/,
  );
});

test('with the defaults of a mailroot, messages go into its Pickup and GetMessages reads its Drop', async () => {
  const root = temporaryFolder();
  for (const name of ['Pickup', 'Drop']) mkdirSync(join(root, name));
  writeFileSync(join(root, 'Drop', '1.eml'), 'Subject: dropped\r\n\r\n');
  const host = standardHost({ defaults: () => mailrootDefaults(root) });
  await new Message({ host, from: 'a@x', to: 'b@y', subject: 'no settings at all' }).send();
  assert.equal(readdirSync(join(root, 'Pickup')).length, 1);
  assert.equal((await (await new DropDirectory(host).getMessages()).item(1)).subject, 'dropped');
});

test('a message from the drop folder is sent on without the envelope lines it was dropped with', async () => {
  const bench = makeBench();
  const text =
    'x-sender: old@x\r\nx-receiver: hidden@x\r\nFrom: <a@x>\r\nTo: <b@y>\r\nSubject: s\r\n\r\ntext';
  writeFileSync(join(bench.drop, '1.eml'), text);
  const message = await (await new DropDirectory(bench.host).getMessages()).item(1);
  await message.send();
  assert.match(bench.files()[0]!, /^x-sender: a@x\r\nx-receiver: b@y\r\nFrom: <a@x>\r\n/);
  assert.doesNotMatch(bench.files()[0]!, /hidden@x|old@x/);
  assert.match(
    message.toBuffer().toString(),
    /^x-sender: old@x\r\nx-receiver: hidden@x\r\n/,
    'a saved copy keeps them',
  );
});

test('a display name that was encoded never becomes an address', async () => {
  const bench = makeBench();
  const message = Message.from(
    Buffer.from('From: <a@x>\r\nTo: =?utf-8?Q?one=2C_evil=40example.com=3B?= <b@y>\r\n\r\ntext'),
    { host: bench.host },
  );
  assert.equal(message.to, '"one, evil@example.com;" <b@y>');
  await message.send();
  assert.match(bench.files()[0]!, /^x-sender: a@x\r\nx-receiver: b@y\r\nFrom: /);
});

test('a line end in a header value cannot add a header', async () => {
  const bench = makeBench();
  const message = new Message({ host: bench.host, from: 'a@x', to: 'b@x', textBody: 't' });
  message.subject = 'hello\r\nBcc: victim@example.com';
  message.fields.set('urn:schemas:mailheader:X-A', 'v\r\nX-B: w');
  message.from = 'Name\r\nX-C: c <a@x>';
  await message.send();
  const header = bench.files()[0]!.split('\r\n\r\n')[0]!;
  assert.doesNotMatch(header, /^(bcc|x-b|x-c):/im);
  assert.match(header, /^Subject: hello Bcc: victim@example\.com$/m);
});

test('SMTP gets server, port, envelope and message from the configuration', async () => {
  const bench = makeBench({ fields: {} });
  const message = new Message({
    host: bench.host,
    configuration: { sendUsing: 'port', smtpServer: 'mx.example.net', smtpUseSsl: true, smtpServerPort: 465 },
    from: 'a@x.de',
    to: 'b@x.de',
    textBody: 't',
  });
  await message.send();
  const [request] = bench.sent;
  assert.equal(request!.server, 'mx.example.net');
  assert.equal(request!.tls, 'implicit');
  assert.equal(request!.heloName, 'WEB01');
  assert.deepEqual(request!.authentication, { method: 'none' });
  assert.equal(request!.envelope.recipients.length, 1);
});

test('the https:// spelling counts, with a warning that callers and the log see', () => {
  const events: string[] = [];
  const log = { event: (_: string, name: string) => void events.push(name), with: () => log };
  const { host } = makeBench({ log: log as never });
  const configuration = new Configuration(host);
  configuration.fields.set(`${C.replace('http:', 'https:')}smtpserver`, 'mx.example.net').update();
  assert.equal(configuration.text('smtpserver'), 'mx.example.net');
  assert.match(configuration.warnings[0]!.message, /was read as/);
  assert.deepEqual(events, ['cdo.configuration-https-name']);
});

test('an error carries number, text, source and a hint that stays out of the text', async () => {
  const { host } = makeBench({ fields: {} });
  await assert.rejects(new Message({ host, from: 'a@x', to: 'b@x' }).send(), (error: unknown) => {
    assert.ok(error instanceof CdoError);
    assert.equal(error.code, 'CDO_E_INVALID_SEND_OPTION');
    assert.equal(error.hresult, -2147220960);
    assert.equal(error.message, 'The "SendUsing" configuration value is invalid.');
    assert.equal(error.source, 'CDO.Message.1');
    assert.match(error.hint!, /sendusing/);
    return true;
  });
});

test('messages of a folder are read, counted from one, and deleted with their files', async () => {
  const bench = makeBench();
  for (const name of ['b.eml', 'a.eml', 'c.txt'])
    writeFileSync(join(bench.drop, name), `x-sender: s@x\r\nx-receiver: r@x\r\nSubject: ${name}\r\n\r\ntext`);
  const messages = await new DropDirectory(bench.host).getMessages();
  assert.equal(messages.count, 2);
  const first = await messages.item(1);
  assert.equal(first.subject, 'a.eml');
  assert.equal(first.textBody, 'text');
  assert.equal(first.autoGenerateTextBody, false);
  assert.equal(first.fields.get('urn:schemas:mailheader:x-receiver'), 'r@x');
  assert.equal(messages.fileName(first), join(bench.drop, 'a.eml'));
  await messages.delete(1);
  assert.equal((await messages.item(1)).subject, 'b.eml');
});
