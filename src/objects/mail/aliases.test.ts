import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  call,
  each,
  errorOf,
  get,
  put,
  type TestScope,
  testScope,
} from '../../../test/script/support/object-scope.ts';
import type { AutomationObject } from '../../automation/index.ts';
import { parseServer, parseServers } from './alias-message.ts';

const CONFIGURATION = 'Configuration.Fields.Item=http://schemas.microsoft.com/cdo/configuration/';
const HEADER = 'Fields.Item=urn:schemas:mailheader:';

function mailer(t: TestContext, progId: string): { scope: TestScope; mail: AutomationObject } {
  const scope = testScope(t);
  writeFileSync(join(scope.folder, 'data', 'a.txt'), 'from file');
  return { scope, mail: scope.createObject(progId) };
}

test('JMail.Message becomes a CDO.Message through the server given to Send', (t) => {
  const { scope, mail } = mailer(t, 'JMail.Message');
  put(mail, 'From', 'a@example.test');
  put(mail, 'FromName', 'Ann "A" Smith');
  put(mail, 'Subject', 'Hi\r\nBcc: x@example.test');
  put(mail, 'Charset', 'utf-8');
  put(mail, 'Body', 'text');
  call(mail, 'AppendText', ' more');
  put(mail, 'HTMLBody', '<p>x</p>');
  call(mail, 'AddRecipient', 'b@example.test', 'Bob');
  call(mail, 'AddRecipientCC', 'c@example.test');
  call(mail, 'AddRecipientBCC', 'd@example.test');
  call(mail, 'AddHeader', 'X-Source', 'web\r\nX-Bad: 1');
  call(mail, 'AddAttachment', 'C:\\data\\a.txt');
  put(mail, 'ReplyTo', 'r@example.test');
  put(mail, 'Priority', 1);
  assert.equal(get(mail, 'RecipientsString'), 'b@example.test\r\nc@example.test\r\nd@example.test\r\n');
  assert.equal(call(mail, 'Send', 'user:pa:ss@mail.example.test:2525'), true);
  assert.deepEqual(scope.messages, [
    [
      `${CONFIGURATION}sendusing=2`,
      `${CONFIGURATION}smtpserver=mail.example.test`,
      `${CONFIGURATION}smtpserverport=2525`,
      `${CONFIGURATION}smtpauthenticate=1`,
      `${CONFIGURATION}sendusername=user`,
      `${CONFIGURATION}sendpassword=pa:ss`,
      'Configuration.Fields.Update()',
      'BodyPart.Charset=utf-8',
      'From="Ann \\"A\\" Smith" <a@example.test>',
      'ReplyTo=r@example.test',
      'To="Bob" <b@example.test>',
      'CC=c@example.test',
      'BCC=d@example.test',
      'Subject=Hi Bcc: x@example.test',
      'HTMLBody=<p>x</p>',
      'TextBody=text more',
      'HTMLBodyPart.Charset=utf-8',
      'TextBodyPart.Charset=utf-8',
      'AddAttachment(C:\\data\\a.txt)',
      'Fields.Item=urn:schemas:httpmail:importance=2',
      `${HEADER}X-Priority=1`,
      `${HEADER}X-Source=web X-Bad: 1`,
      'Fields.Update()',
      'Send()',
    ],
  ]);
});

test('JMail raises, or answers False and keeps the message when Silent', (t) => {
  const { mail } = mailer(t, 'JMail.SMTPMail');
  put(mail, 'ServerAddress', 'mail.example.test');
  put(mail, 'Sender', 'a@example.test');
  call(mail, 'AddRecipient', 'refused@example.test');
  assert.equal(
    errorOf(() => call(mail, 'Execute')),
    0x8004_020f | 0,
  );
  put(mail, 'Silent', true);
  put(mail, 'Logging', true);
  assert.equal(call(mail, 'Execute'), false);
  assert.equal(get(mail, 'ErrorMessage'), 'The recipient was refused.');
  assert.equal(get(mail, 'ErrorCode'), 0x8004_020f | 0);
  assert.match(String(get(mail, 'Log')), /refused/);
  call(mail, 'ClearRecipients');
  call(mail, 'AddRecipientEx', 'b@example.test', 'Bob');
  assert.equal(call(mail, 'Execute'), true);
  assert.equal(get(mail, 'ErrorCode'), 0);
});

test('JMail sends the body as HTML when ContentType says so, and keeps it', (t) => {
  const { scope, mail } = mailer(t, 'JMail.SMTPMail');
  put(mail, 'ContentType', 'text/html');
  put(mail, 'Body', '<b>x</b>');
  call(mail, 'Execute');
  assert.ok(scope.messages[0]!.includes('HTMLBody=<b>x</b>'));
  assert.ok(!scope.messages[0]!.some((line) => line.startsWith('TextBody')));
  assert.equal(get(mail, 'Body'), '<b>x</b>');
});

test('JMail without a server leaves the message to the local mail service', (t) => {
  const { scope, mail } = mailer(t, 'JMail.Message');
  call(mail, 'AppendBodyFromFile', 'C:\\data\\a.txt');
  call(mail, 'nq');
  assert.ok(!scope.messages[0]!.some((line) => line.startsWith('Configuration')));
  assert.ok(scope.messages[0]!.includes('TextBody=from file'));
});

test('Persits.MailSender tries its hosts in order with port, login and TLS', (t) => {
  const { scope, mail } = mailer(t, 'Persits.MailSender');
  put(mail, 'Host', 'one.example.test; two.example.test:26');
  put(mail, 'Port', 587);
  put(mail, 'Username', 'u');
  put(mail, 'Password', 'p');
  put(mail, 'TLS', true);
  put(mail, 'From', 'a@example.test');
  put(mail, 'IsHTML', true);
  put(mail, 'Body', '<p>x</p>');
  put(mail, 'AltBody', 'x');
  call(mail, 'AddAddress', 'refused@example.test');
  call(mail, 'AddCustomHeader', 'X-A: 1');
  call(mail, 'AddEmbeddedImage', 'C:\\data\\a.txt', 'pic');
  assert.throws(() => call(mail, 'Send'), { source: 'Persits.MailSender.4', hresult: 0x8004_020f | 0 });
  assert.equal(scope.messages.length, 2);
  assert.ok(scope.messages[0]!.includes(`${CONFIGURATION}smtpserverport=587`));
  assert.ok(scope.messages[1]!.includes(`${CONFIGURATION}smtpserverport=26`));
  assert.ok(scope.messages[0]!.includes(`${CONFIGURATION}smtpusessl=true`));
  call(mail, 'Reset');
  call(mail, 'AddAddress', 'b@example.test');
  assert.equal(call(mail, 'Send'), true);
  const sent = scope.messages[2]!;
  for (const line of [
    'HTMLBody=<p>x</p>',
    'TextBody=x',
    `${HEADER}X-A=1`,
    'AddRelatedBodyPart(C:\\data\\a.txt, pic, 0)',
  ])
    assert.ok(sent.includes(line), line);
});

test('Persits.MailSender checks addresses, headers and files', (t) => {
  const { mail } = mailer(t, 'Persits.MailSender');
  assert.equal(call(mail, 'ValidateAddress', 'a@example.test'), 0);
  assert.equal(call(mail, 'ValidateAddress', 'a@'), 1);
  assert.equal(
    errorOf(() => call(mail, 'AddCustomHeader', 'no colon')),
    5,
  );
  assert.equal(
    errorOf(() => call(mail, 'AddAttachment', 'C:\\data\\none.txt')),
    53,
  );
  assert.equal(
    errorOf(() => call(mail, 'AddAttachment', 'C:\\Windows\\win.ini')),
    76,
  );
});

test('SMTPsvg.Mailer never raises: SendMail answers False and Response says why', (t) => {
  const { scope, mail } = mailer(t, 'SMTPsvg.Mailer');
  put(mail, 'RemoteHost', 'mail.example.test');
  put(mail, 'FromName', 'Ann');
  put(mail, 'FromAddress', 'a@example.test');
  put(mail, 'BodyText', 'one ');
  put(mail, 'BodyText', 'two');
  put(mail, 'Urgent', true);
  call(mail, 'AddExtraHeader', 'X-A: 1');
  call(mail, 'AddRecipient', 'Bob', 'refused@example.test');
  assert.equal(call(mail, 'AddAttachment', 'C:\\data\\none.txt'), false);
  assert.equal(get(mail, 'Response'), 'File not found');
  assert.equal(call(mail, 'SendMail'), false);
  assert.equal(get(mail, 'Response'), 'The recipient was refused.');
  call(mail, 'ClearRecipients');
  call(mail, 'AddRecipient', 'Bob', 'b@example.test');
  put(mail, 'Organization', 'Example');
  assert.equal(call(mail, 'SendMail'), true);
  assert.equal(get(mail, 'Response'), '');
  const sent = scope.messages[1]!;
  for (const line of [
    'To="Bob" <b@example.test>',
    'TextBody=one two',
    `${HEADER}X-A=1`,
    `${HEADER}Organization=Example`,
  ])
    assert.ok(sent.includes(line), line);
});

test('Dundas.Mailer keeps servers, recipients, headers and attachments in collections', (t) => {
  const { scope, mail } = mailer(t, 'Dundas.Mailer');
  call(get(mail, 'SMTPRelayServers'), 'Add', 'mail.example.test');
  call(get(mail, 'TOs'), 'Add', 'b@example.test', 'Bob');
  call(get(mail, 'TOs'), 'Add', 'x@example.test');
  call(get(mail, 'TOs'), 'Remove', 2);
  call(get(mail, 'Attachments'), 'Add', 'C:\\data\\a.txt');
  call(get(mail, 'CustomHeaders'), 'Add', 'X-A', '1');
  put(mail, 'FromAddress', 'a@example.test');
  put(mail, 'HTMLBody', '<p>x</p>');
  assert.deepEqual(each(get(mail, 'TOs')), ['b@example.test']);
  assert.equal(get(get(mail, 'TOs'), 'Count'), 1);
  assert.equal(
    errorOf(() => get(mail, 'TOs') && get(get(mail, 'TOs'), 'Item', 2)),
    9,
  );
  call(mail, 'SendMail');
  call(mail, 'QuickSend', 'q@example.test', 'w@example.test', 's', 'b');
  assert.ok(scope.messages[0]!.includes('To="Bob" <b@example.test>'));
  assert.ok(scope.messages[0]!.includes('AddAttachment(C:\\data\\a.txt)'));
  assert.ok(scope.messages[1]!.includes('To=w@example.test'));
});

test('Outlook.Application sends an item with recipients given either way', (t) => {
  const { scope, mail } = mailer(t, 'Outlook.Application');
  const item = call(mail, 'CreateItem', 0);
  put(item, 'To', 'b@example.test; c@example.test');
  const recipient = call(get(item, 'Recipients'), 'Add', 'd@example.test');
  put(recipient, 'Type', 2);
  assert.equal(call(recipient, 'Resolve'), true);
  put(item, 'Subject', 's');
  put(item, 'HTMLBody', '<p>x</p>');
  put(item, 'Importance', 2);
  call(get(item, 'ReplyRecipients'), 'Add', 'r@example.test');
  assert.equal(get(call(get(item, 'Attachments'), 'Add', 'C:\\data\\a.txt'), 'FileName'), 'a.txt');
  assert.equal(get(item, 'CC'), 'd@example.test');
  call(item, 'Send');
  const sent = scope.messages[0]!;
  for (const line of [
    'From=svc-mail@example.test',
    'To=b@example.test, c@example.test',
    'CC=d@example.test',
    'ReplyTo=r@example.test',
    'Fields.Item=urn:schemas:httpmail:importance=2',
    'AddAttachment(C:\\data\\a.txt)',
  ])
    assert.ok(sent.includes(line), line);
  assert.equal(
    errorOf(() => call(item, 'Send')),
    0x8004_010a | 0,
  );
});

test('Outlook.Application refuses other items, and mail without recipients', (t) => {
  const { mail } = mailer(t, 'Outlook.Application');
  assert.equal(
    errorOf(() => call(mail, 'CreateItem', 1)),
    0x8000_4001 | 0,
  );
  assert.equal(
    errorOf(() => call(call(mail, 'CreateItem', 0), 'Send')),
    0x8004_0201 | 0,
  );
  call(call(mail, 'GetNamespace', 'MAPI'), 'Logon');
  assert.equal(
    errorOf(() => call(mail, 'GetNamespace', 'X')),
    5,
  );
});

test('server texts give host, port and login', () => {
  assert.deepEqual(parseServer('mail.example.test'), { host: 'mail.example.test' });
  assert.deepEqual(parseServer('u@x:p@mail:26'), { host: 'mail', port: 26, user: 'u@x', password: 'p' });
  assert.deepEqual(
    parseServers('a; b:26 ,').map(({ host }) => host),
    ['a', 'b'],
  );
});

test('SoftArtisans.SMTPMail takes what ASPMail takes, with HTMLText, user and password', (t) => {
  const { scope, mail } = mailer(t, 'softartisans.smtpmail');
  put(mail, 'RemoteHost', 'mail.example.test');
  put(mail, 'UserName', 'u');
  put(mail, 'Password', 'p');
  put(mail, 'FromName', 'Ann');
  put(mail, 'FromAddress', 'a@example.test');
  put(mail, 'BodyText', 'first');
  put(mail, 'BodyText', 'plain');
  put(mail, 'HTMLText', '<p>html</p>');
  put(mail, 'Organization', 'Example');
  put(mail, 'Priority', 5);
  put(mail, 'ReplyTo', 'r@example.test');
  call(mail, 'AddRecipient', 'Bob', 'refused@example.test');
  assert.equal(call(mail, 'SendMail'), false);
  assert.equal(get(mail, 'Response'), 'The recipient was refused.');
  call(mail, 'ClearRecipients');
  call(mail, 'AddRecipient', 'Bob', 'b@example.test');
  assert.equal(call(mail, 'SendMail'), true);
  const sent = scope.messages[1]!;
  for (const line of [
    `${CONFIGURATION}smtpserver=mail.example.test`,
    `${CONFIGURATION}sendusername=u`,
    `${CONFIGURATION}sendpassword=p`,
    'From="Ann" <a@example.test>',
    'ReplyTo=r@example.test',
    'To="Bob" <b@example.test>',
    'TextBody=plain',
    'HTMLBody=<p>html</p>',
    `${HEADER}X-Priority=5`,
    `${HEADER}Organization=Example`,
  ])
    assert.ok(sent.includes(line), line);
  // A second message after the first holds what the first one held.
  assert.equal(get(mail, 'BodyText'), 'plain');
  assert.equal(get(mail, 'HTMLText'), '<p>html</p>');
});

test('Geocel.Mailer tries its servers in order, and Send answers whether one took the message', (t) => {
  const { scope, mail } = mailer(t, 'Geocel.Mailer.1');
  call(mail, 'AddServer', 'one.example.test', 2525);
  call(mail, 'AddServer', 'two.example.test');
  put(mail, 'FromAddress', 'a@example.test');
  put(mail, 'FromName', 'Ann');
  put(mail, 'Subject', 'Hi');
  put(mail, 'Body', '<p>x</p>');
  put(mail, 'ContentType', 'text/html');
  call(mail, 'AddRecipient', 'refused@example.test', 'Nobody');
  call(mail, 'AddAttachment', 'C:\\data\\a.txt');
  call(mail, 'AddHeader', 'X-A', '1');
  assert.equal(call(mail, 'Send'), false);
  assert.equal(get(mail, 'LastError'), 'The recipient was refused.');
  const servers = scope.messages.map((lines) => lines.filter((line) => line.includes('smtpserver')));
  assert.deepEqual(servers, [
    [`${CONFIGURATION}smtpserver=one.example.test`, `${CONFIGURATION}smtpserverport=2525`],
    [`${CONFIGURATION}smtpserver=two.example.test`, `${CONFIGURATION}smtpserverport=25`],
  ]);
  call(mail, 'ClearRecipients');
  call(mail, 'AddRecipient', 'b@example.test', 'Bob');
  call(mail, 'AddCC', 'c@example.test');
  assert.equal(call(mail, 'Send'), true);
  assert.equal(get(mail, 'LastError'), '');
  assert.equal(get(mail, 'Body'), '<p>x</p>');
  const sent = scope.messages[2]!;
  for (const line of [
    'To="Bob" <b@example.test>',
    'CC=c@example.test',
    'HTMLBody=<p>x</p>',
    'AddAttachment(C:\\data\\a.txt)',
    `${HEADER}X-A=1`,
  ])
    assert.ok(sent.includes(line), line);
});
