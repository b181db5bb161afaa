/** Each member of the CDONTS classes, by the name of its row in docs/compatibility-cdo.md. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AutomationError, isAutomationObject, NOTHING, Scalar, VT } from '../../src/automation/index.ts';
import { CDONTS_ERRORS, createCdontsObject } from '../../src/cdonts/index.ts';
import { makeBench, type Script, script, temporaryFolder } from '../cdo/support.ts';

function errorOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof AutomationError, String(error));
    return (error.hresult >>> 0).toString(16).toUpperCase();
  }
  return 'none';
}

type Nts = ReturnType<typeof makeBench> & {
  create(progId: string): ReturnType<typeof createCdontsObject> & object;
};

function bench(): Nts {
  const b = makeBench();
  const places = { pickupFolder: b.pickup, dropFolder: b.drop };
  return { ...b, create: (progId: string) => createCdontsObject(progId, b.host, places)! };
}

/** A NewMail property: what is written when it is put. */
const NEW_MAIL: Readonly<Record<string, [value: string | number, written: RegExp]>> = {
  'NewMail.To': ['t@x; u@x', /x-receiver: t@x\r\nx-receiver: u@x\r\n[\s\S]*To: <t@x>,\r\n\t<u@x>\r\n/],
  'NewMail.Cc': ['c@x', /x-receiver: c@x\r\n[\s\S]*Cc: <c@x>\r\n/],
  'NewMail.Bcc': ['h@x', /^x-sender: a@x\r\nx-receiver: b@x\r\nx-receiver: h@x\r\n(?![\s\S]*Bcc)/],
  'NewMail.From': ['Shop <f@x>', /^x-sender: f@x\r\n[\s\S]*From: "Shop" <f@x>\r\n/],
  'NewMail.Subject': ['Order', /Subject: Order\r\n/],
  'NewMail.Body': ['text\nline', /\r\n\r\ntext\r\nline$/],
  'NewMail.Importance': [2, /Importance: high\r\nX-Priority: 1\r\nX-MSMail-Priority: High\r\n/],
};

for (const [row, [value, written]] of Object.entries(NEW_MAIL)) {
  test(row, () => {
    const b = bench();
    const m = script(b.create('CDONTS.NewMail'));
    if (row !== 'NewMail.From') m.put('From', 'a@x');
    if (row !== 'NewMail.To') m.put('To', 'b@x');
    m.put(row.replace('NewMail.', ''), value);
    m.call('Send');
    assert.match(b.files()[0]!, written);
  });
}

test('NewMail.Body takes a stream, as programs in C++ gave one', () => {
  const b = bench();
  const stream = script(makeBench().create('ADODB.Stream'));
  stream.put('Charset', 'us-ascii');
  stream.call('Open');
  stream.call('WriteText', 'from a stream');
  stream.put('Position', 0);
  const m = script(b.create('CDONTS.NewMail'));
  m.put('Body', stream.object);
  m.call('Send', 'a@x', 'b@x');
  assert.ok(b.files()[0]!.endsWith('from a stream'));
});

type Check = (s: Script, b: Nts) => void;

const loggedOn = (check: Check) => () => {
  const b = bench();
  writeFileSync(
    join(b.drop, '1.eml'),
    'x-receiver: me@x\r\nReceived: by x; Mon, 3 Mar 2014 10:00:00 +0000\r\nFrom: "Ann" <ann@y>\r\nTo: <me@x>\r\nCc: Bob <bob@y>\r\nDate: Mon, 3 Mar 2014 09:00:00 +0000\r\nImportance: high\r\nSubject: hello\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\nContent-Location: http://h/\r\n\r\n<p>body</p>',
  );
  const s = script(b.create('CDONTS.Session'));
  s.call('LogonSMTP', 'Me', 'me@x');
  check(s, b);
};

const received = (s: Script): Script => s.of('Inbox').of('Messages').of('Item', 1);
const composed = (s: Script): Script =>
  script(s.of('Outbox').of('Messages').call('Add', 'sub', 'text') as never);
const recipient = (message: Script): Script =>
  script(message.of('Recipients').call('Add', 'Bob', 'bob@y', 1) as never);

function attachment(message: Script): Script {
  const path = join(temporaryFolder(), 'in.txt');
  writeFileSync(path, 'file text');
  return script(message.of('Attachments').call('Add', 'in.txt', 1, path) as never);
}

const ROWS: Readonly<Record<string, Check>> = {
  'Session.LogonSMTP': (s) =>
    assert.equal(
      errorOf(() => s.call('LogonSMTP', 'Me', 'nobody; two@x')),
      '80070057',
    ),
  'Session.Logoff': (s) => {
    s.call('Logoff');
    assert.equal(
      errorOf(() => s.call('Logoff')),
      '80040605',
    );
  },
  'Session.Name': (s) => assert.equal(s.get(''), 'Me'),
  'Session.Version': (s) => assert.equal(s.get('Version'), '1.2.1'),
  'Session.Parent': (s) => assert.equal(s.get('Parent'), NOTHING),
  'Session.Inbox': (s) => assert.equal(s.of('Inbox').get('Name'), 'Inbox'),
  'Session.Outbox': (s) => assert.equal(s.of('Outbox').of('Messages').get('Count'), 0),
  'Session.GetDefaultFolder': (s) => {
    assert.equal(s.call('GetDefaultFolder', 1), s.get('Inbox'));
    assert.equal(s.call('GetDefaultFolder', 2), s.get('Outbox'));
    assert.equal(
      errorOf(() => s.call('GetDefaultFolder', 3)),
      '80070057',
    );
  },
  'Session.MessageFormat': (s, b) => {
    assert.equal(s.get('MessageFormat'), 0);
    s.put('MessageFormat', 1);
    const g = composed(s);
    recipient(g);
    g.call('Send');
    assert.doesNotMatch(b.files()[0]!, /MIME-Version/);
    assert.equal(
      errorOf(() => s.put('MessageFormat', 2)),
      '80070057',
    );
  },
  'Session.SetLocaleIDs': (s, b) => {
    s.call('SetLocaleIDs', 65001);
    const g = composed(s);
    g.put('Text', 'grün');
    recipient(g);
    g.call('Send');
    assert.match(b.files()[0]!, /charset="utf-8"/);
    assert.equal(
      errorOf(() => s.call('SetLocaleIDs', 1)),
      '8004011E',
    );
  },
  'Session.GetMessage': (s) =>
    assert.equal(
      errorOf(() => s.call('GetMessage', 'id', 'store')),
      '80040102',
    ),
  'Session.SetReserved': (s) => assert.equal(s.call('SetReserved', 1), undefined),
  'Session.Application': (s) =>
    assert.match(s.get('Application') as string, /^Collaboration Data Objects for NTS/),
  'Session.Class': (s) => {
    const message = composed(s);
    recipient(message);
    attachment(message);
    const objects = [
      s,
      s.of('Inbox'),
      message,
      message.of('Recipients').of('Item', 1),
      message.of('Attachments').of('Item', 1),
      message.of('Sender'),
      s.of('Inbox').of('Messages'),
      message.of('Recipients'),
      message.of('Attachments'),
    ];
    assert.deepEqual(
      objects.map((object) => object.get('Class')),
      [0, 2, 3, 4, 5, 8, 16, 17, 18],
    );
    for (const object of objects) assert.equal(object.get('Session'), s.object);
    for (const object of objects.slice(1)) assert.ok(isAutomationObject(object.get('Parent')));
  },
  'Session.Session': (s) => assert.equal(s.get('Session'), s.object),
  'Folder.Name': (s) => assert.equal(s.of('Outbox').get(''), 'Outbox'),
  'Folder.Messages': (s) => assert.equal(s.of('Inbox').of('Messages', 1).get('Subject'), 'hello'),
  'SessionMessages.Count': (s) => assert.equal(s.of('Inbox').of('Messages').get('Count'), 1),
  'SessionMessages.Item': (s) => {
    assert.equal(s.of('Inbox').of('Messages').get('', 1), received(s).object);
    assert.equal(
      errorOf(() => s.of('Inbox').of('Messages').get('Item', 2)),
      '8004010F',
    );
  },
  'SessionMessages._NewEnum': (s) => {
    assert.deepEqual(
      [...{ [Symbol.iterator]: () => s.of('Inbox').of('Messages').object.enumerate!() }],
      [received(s).object],
    );
  },
  'SessionMessages.GetFirst': (s) =>
    assert.equal(s.of('Inbox').of('Messages').call('GetFirst'), received(s).object),
  'SessionMessages.GetNext': (s) => {
    assert.equal(s.of('Inbox').of('Messages').call('GetNext'), received(s).object);
    assert.equal(s.of('Inbox').of('Messages').call('GetNext'), NOTHING);
  },
  'SessionMessages.GetLast': (s) =>
    assert.equal(s.of('Inbox').of('Messages').call('GetLast'), received(s).object),
  'SessionMessages.GetPrevious': (s) =>
    assert.equal(s.of('Inbox').of('Messages').call('GetPrevious'), NOTHING),
  'SessionMessages.Add': (s) => {
    assert.equal(composed(s).get('Subject'), 'sub');
    assert.equal(
      errorOf(() => s.of('Inbox').of('Messages').call('Add', 'x')),
      '80070005',
    );
  },
  'SessionMessages.Delete': (s, b) => {
    s.of('Inbox').of('Messages').call('Delete');
    assert.equal(existsSync(join(b.drop, '1.eml')), false);
  },
  'SessionMessage.Subject': (s) => {
    assert.equal(received(s).get(''), 'hello');
    assert.equal(
      errorOf(() => received(s).put('Subject', 'x')),
      '80070005',
    );
  },
  'SessionMessage.Text': (s) => {
    const g = composed(s);
    assert.equal(g.get('Text'), 'text');
    g.put('Text', 'other');
    assert.equal(g.get('Text'), 'other');
  },
  'SessionMessage.HTMLText': (s, b) => {
    assert.equal(received(s).get('HTMLText'), '<p>body</p>');
    const g = composed(s);
    g.put('HTMLText', '<p>h</p>');
    recipient(g);
    g.call('Send');
    assert.match(b.files()[0]!, /multipart\/alternative/);
  },
  'SessionMessage.Importance': (s, b) => {
    assert.equal(received(s).get('Importance'), 2);
    const g = composed(s);
    g.put('Importance', 0);
    recipient(g);
    g.call('Send');
    assert.match(b.files()[0]!, /Importance: low\r\n/);
    assert.equal(
      errorOf(() => composed(s).put('Importance', 5)),
      '80070057',
    );
  },
  'SessionMessage.MessageFormat': (s, b) => {
    const g = composed(s);
    assert.equal(
      errorOf(() => g.get('MessageFormat')),
      '80020006',
    );
    g.put('MessageFormat', 1);
    recipient(g);
    g.call('Send');
    assert.doesNotMatch(b.files()[0]!, /MIME-Version/);
  },
  'SessionMessage.Recipients': (s) => {
    assert.equal(received(s).of('Recipients').get('Count'), 2);
    assert.equal(received(s).of('Recipients', 2).get('Address'), 'bob@y');
  },
  'SessionMessage.Attachments': (s) => assert.equal(received(s).of('Attachments').get('Count'), 0),
  'SessionMessage.Sender': (s) => {
    assert.equal(received(s).of('Sender').get('Address'), 'ann@y');
    assert.equal(composed(s).of('Sender').get('Address'), 'me@x');
  },
  'SessionMessage.Size': (s, b) => {
    assert.equal(received(s).get('Size'), readFileSync(join(b.drop, '1.eml')).length);
    assert.ok((composed(s).get('Size') as number) > 100);
  },
  'SessionMessage.TimeSent': (s) => assert.equal((received(s).get('TimeSent') as Scalar).type, VT.date),
  'SessionMessage.TimeReceived': (s) => {
    const sent = received(s).get('TimeSent') as Scalar;
    const arrived = received(s).get('TimeReceived') as Scalar;
    assert.equal(Math.round((arrived.value - sent.value) * 24), 1);
    assert.deepEqual(composed(s).get('TimeReceived'), new Scalar(VT.date, 0));
  },
  'SessionMessage.ContentBase': (s) => {
    const g = composed(s);
    g.put('ContentBase', 'http://b/');
    assert.equal(g.get('ContentBase'), 'http://b/');
  },
  'SessionMessage.ContentID': (s) => assert.equal(received(s).get('ContentID'), ''),
  'SessionMessage.ContentLocation': (s) => assert.equal(received(s).get('ContentLocation'), 'http://h/'),
  'SessionMessage.Send': (s) => {
    const g = composed(s);
    assert.equal(
      errorOf(() => g.call('Send')),
      '80040607',
    );
    recipient(g);
    g.call('Send');
    assert.equal(
      errorOf(() => g.call('Send')),
      '80040108',
    );
    assert.equal(
      errorOf(() => received(s).call('Send')),
      '80070005',
    );
  },
  'SessionMessage.Delete': (s, b) => {
    const g = received(s);
    g.call('Delete');
    assert.equal(existsSync(join(b.drop, '1.eml')), false);
    assert.equal(
      errorOf(() => g.get('Subject')),
      '80040108',
    );
  },
  'Recipients.Add': (s) => {
    assert.equal(recipient(composed(s)).get('Type'), 1);
    assert.equal(
      errorOf(() => received(s).of('Recipients').call('Add', 'x', 'x@x')),
      '80070005',
    );
    assert.equal(
      errorOf(() => composed(s).of('Recipients').call('Add', 'x', 'x@x', 4)),
      '80070057',
    );
  },
  'Recipients.Delete': (s) => {
    const g = composed(s);
    recipient(g);
    g.of('Recipients').call('Delete');
    assert.equal(g.of('Recipients').get('Count'), 0);
  },
  'Recipients.Count': (s) => assert.equal(composed(s).of('Recipients').get('Count'), 0),
  'Recipients.Item': (s) =>
    assert.equal(
      errorOf(() => composed(s).of('Recipients').get('Item', 1)),
      '8004010F',
    ),
  'Recipients._NewEnum': (s) => {
    assert.equal(
      [...{ [Symbol.iterator]: () => received(s).of('Recipients').object.enumerate!() }].length,
      2,
    );
  },
  'Recipient.Name': (s) => {
    const r = recipient(composed(s));
    r.put('', 'Robert');
    assert.equal(r.get('Name'), 'Robert');
  },
  'Recipient.Address': (s, b) => {
    const g = composed(s);
    recipient(g).put('Address', 'other@y');
    g.call('Send');
    assert.match(b.files()[0]!, /x-receiver: other@y\r\n[\s\S]*To: "Bob" <other@y>\r\n/);
  },
  'Recipient.Type': (s, b) => {
    const g = composed(s);
    recipient(g).put('Type', 3);
    g.call('Send');
    assert.match(b.files()[0]!, /x-receiver: bob@y\r\n(?![\s\S]*To: )/);
  },
  'Recipient.Delete': (s) => {
    const g = composed(s);
    recipient(g).call('Delete');
    assert.equal(g.of('Recipients').get('Count'), 0);
  },
  'Attachments.Add': (s) => {
    const g = composed(s);
    assert.equal(attachment(g).get('Name'), 'in.txt');
    assert.equal(
      errorOf(() => g.of('Attachments').call('Add', 'x', 4, 'path')),
      '80070057',
    );
    assert.equal(
      errorOf(() => g.of('Attachments').call('Add', 'x', 2, 'path')),
      '80070057',
    );
    assert.equal(
      errorOf(() => g.of('Attachments').call('Add', 'x', 1, '/no/such')),
      '80070002',
    );
  },
  'Attachments.Delete': (s) => {
    const g = composed(s);
    attachment(g);
    g.of('Attachments').call('Delete');
    assert.equal(g.of('Attachments').get('Count'), 0);
  },
  'Attachments.Count': (s) => {
    const g = composed(s);
    attachment(g);
    assert.equal(g.of('Attachments').get('Count'), 1);
  },
  'Attachments.Item': (s) =>
    assert.equal(
      errorOf(() => composed(s).of('Attachments').get('Item', 1)),
      '8004010F',
    ),
  'Attachments._NewEnum': (s) => {
    const g = composed(s);
    attachment(g);
    assert.equal([...{ [Symbol.iterator]: () => g.of('Attachments').object.enumerate!() }].length, 1);
  },
  'Attachment.Name': (s) => {
    const a = attachment(composed(s));
    a.put('', 'renamed.txt');
    assert.equal(a.get('Name'), 'renamed.txt');
  },
  'Attachment.Type': (s) => {
    const g = composed(s);
    const inner = script(g.of('Attachments').call('Add', '', 4, composed(s).object) as never);
    assert.deepEqual(
      [attachment(g).get('Type'), inner.get('Type'), inner.get('Name')],
      [1, 4, 'ATT00001.EML'],
    );
  },
  'Attachment.Source': (s) => {
    const g = composed(s);
    const inner = script(g.of('Attachments').call('Add', '', 4, composed(s).object) as never);
    assert.equal(inner.of('Source').get('Subject'), 'sub');
    assert.equal(attachment(g).get('Source'), 'in.txt');
  },
  'Attachment.ContentBase': (s) => {
    const a = attachment(composed(s));
    a.put('ContentBase', 'http://b/');
    assert.equal(a.get('ContentBase'), 'http://b/');
  },
  'Attachment.ContentID': (s) => {
    const a = attachment(composed(s));
    a.put('ContentID', '<1>');
    assert.equal(a.get('ContentID'), '<1>');
  },
  'Attachment.ContentLocation': (s) => {
    const path = join(temporaryFolder(), 'x.gif');
    writeFileSync(path, 'GIF');
    const a = script(
      composed(s).of('Attachments').call('Add', 'x.gif', 1, path, 'http://l/', 'http://b/') as never,
    );
    assert.deepEqual([a.get('ContentLocation'), a.get('ContentBase')], ['http://l/', 'http://b/']);
  },
  'Attachment.ReadFromFile': (s) => {
    const path = join(temporaryFolder(), 'other.txt');
    writeFileSync(path, 'other');
    const a = attachment(composed(s));
    a.call('ReadFromFile', path);
    a.call('WriteToFile', path);
    assert.equal(readFileSync(path, 'utf8'), 'other');
    assert.equal(
      errorOf(() => a.call('ReadFromFile', '/no/such')),
      '80070002',
    );
  },
  'Attachment.WriteToFile': (s) => {
    const path = join(temporaryFolder(), 'out.txt');
    attachment(composed(s)).call('WriteToFile', path);
    assert.equal(readFileSync(path, 'utf8'), 'file text');
    assert.equal(
      errorOf(() => attachment(composed(s)).call('WriteToFile', '/no/such/x')),
      '80070003',
    );
  },
  'Attachment.Delete': (s) => {
    const g = composed(s);
    attachment(g).call('Delete');
    assert.equal(g.of('Attachments').get('Count'), 0);
  },
  'AddressEntry.Name': (s) => assert.equal(received(s).of('Sender').get(''), 'Ann'),
  'AddressEntry.Address': (s) => assert.equal(received(s).of('Sender').get('Address'), 'ann@y'),
  'AddressEntry.Type': (s) => assert.equal(received(s).of('Sender').get('Type'), 'SMTP'),
};

for (const [row, check] of Object.entries(ROWS)) test(row, loggedOn(check));

const NUMBERS: Readonly<Record<keyof typeof CDONTS_ERRORS, number>> = {
  CdoE_CALL_FAILED: 0x80004005,
  CdoE_NO_SUPPORT: 0x80040102,
  CdoE_INVALID_OBJECT: 0x80040108,
  CdoE_NOT_FOUND: 0x8004010f,
  CdoE_UNKNOWN_CPID: 0x8004011e,
  CdoE_UNKNOWN_LCID: 0x8004011f,
  CdoE_NOT_INITIALIZED: 0x80040605,
  CdoE_NO_RECIPIENTS: 0x80040607,
  CdoE_NO_ACCESS: 0x80070005,
  CdoE_INVALID_PARAMETER: 0x80070057,
  PERMISSION_DENIED: 0x800a0046,
  PATH_NOT_FOUND: 0x80070003,
};

test('the errors of CDONTS have the numbers that programs compare with', () => {
  for (const [name, hresult] of Object.entries(NUMBERS))
    assert.equal(CDONTS_ERRORS[name as keyof typeof CDONTS_ERRORS].hresult >>> 0, hresult, name);
});
