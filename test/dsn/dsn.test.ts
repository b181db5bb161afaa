/** What another parser reads in our reports. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { domainName, type Mailbox } from '../../src/envelope/index.ts';
import { buildDsn, type DsnContent, type DsnRecipient } from '../../src/message/dsn.ts';
import { type ForeignPart, foreignField, parsedByPython } from '../support/python-mail.ts';

const mailbox = (localPart: string, domain: string): Mailbox => ({ localPart, domain: domainName(domain)! });

const ORIGINAL = Buffer.from(
  'From: Ann <ann@shop.test>\r\nTo: bob@dest.test\r\nSubject: hello\r\nMessage-ID: <1@shop.test>\r\n\r\nLine one\r\n.\r\nend\r\n',
);

const BOB: DsnRecipient = {
  finalRecipient: mailbox('bob', 'dest.test'),
  originalRecipient: { addressType: 'rfc822', address: 'robert@alias.test' },
  status: '5.1.1',
  remoteMta: 'mx.dest.test',
  diagnostic: { from: 'smtp', text: '550 5.1.1 no such user' },
  lastAttemptAt: Date.UTC(2026, 0, 5, 10, 0, 0),
  explanation: 'There is no such mailbox at this domain.',
  advice: 'Check the address.',
};

const CONTENT: DsnContent = {
  action: 'failed',
  recipients: [BOB],
  reportingMta: 'relay.shop.test',
  from: mailbox('postmaster', 'shop.test'),
  to: mailbox('ann', 'shop.test'),
  messageId: '<R1@relay.shop.test>',
  at: Date.UTC(2026, 0, 5, 10, 0, 1),
  offsetMinutes: 60,
  original: {
    arrivedAt: Date.UTC(2026, 0, 5, 9, 0, 0),
    subject: 'hello',
    messageId: '1@shop.test',
    envelopeId: 'QQ+1 2',
    receivedFrom: 'desk.shop.test',
    queueId: '0123456789ABCDEF',
    smtpUtf8: false,
  },
  returned: { kind: 'full', message: ORIGINAL },
  boundary: () => 'DSN=_1',
};

function parse(content: DsnContent): { built: ReturnType<typeof buildDsn>; read: ForeignPart } {
  const built = buildDsn(content);
  return { built, read: parsedByPython([built.bytes])[0]! };
}

test('a failure report has the three parts and every field of RFC 3464', () => {
  const { built, read } = parse(CONTENT);
  assert.equal(built.body, '7bit');
  assert.equal(built.smtpUtf8, false);
  assert.deepEqual(read.defects, []);
  const header = (name: string) => foreignField(read.headers, name);
  assert.equal(header('From'), 'postmaster@shop.test');
  assert.equal(header('To'), 'ann@shop.test');
  assert.equal(header('Subject'), 'Delivery Status Notification (Failure)');
  assert.equal(header('Auto-Submitted'), 'auto-replied');
  assert.equal(header('In-Reply-To'), '<1@shop.test>');
  assert.equal(header('Date'), 'Mon, 5 Jan 2026 11:00:01 +0100');
  assert.equal(header('Message-ID'), '<R1@relay.shop.test>');
  assert.equal(read.type, 'multipart/report');
  assert.equal(read.params['report-type'], 'delivery-status');
  const [text, status, returned] = read.parts!;
  assert.equal(text!.type, 'text/plain');
  assert.deepEqual(status!.groups, [
    [
      ['Original-Envelope-Id', 'QQ+1 2'],
      ['Reporting-MTA', 'dns; relay.shop.test'],
      ['Received-From-MTA', 'dns; desk.shop.test'],
      ['Arrival-Date', 'Mon, 5 Jan 2026 10:00:00 +0100'],
    ],
    [
      ['Original-Recipient', 'rfc822; robert@alias.test'],
      ['Final-Recipient', 'rfc822; bob@dest.test'],
      ['Action', 'failed'],
      ['Status', '5.1.1'],
      ['Remote-MTA', 'dns; mx.dest.test'],
      ['Diagnostic-Code', 'smtp; 550 5.1.1 no such user'],
      ['Last-Attempt-Date', 'Mon, 5 Jan 2026 11:00:00 +0100'],
      ['Final-Log-ID', '0123456789ABCDEF'],
    ],
  ]);
  assert.equal(returned!.type, 'message/rfc822');
  assert.equal(foreignField(returned!.parts![0]!.headers, 'Subject'), 'hello');
  assert.equal(returned!.parts![0]!.content!.toString(), 'Line one\r\n.\r\nend\r\n');
});

test('a person reads what happened, what the server said and what to do', () => {
  const { read } = parse(CONTENT);
  assert.equal(
    read.parts![0]!.content!.toString(),
    [
      'This is an automatically generated Delivery Status Notification.',
      '',
      'Delivery to the following recipients failed.',
      '',
      '       bob@dest.test',
      '',
      '          There is no such mailbox at this domain.',
      '          The mail server mx.dest.test answered: 550 5.1.1 no such user',
      '          Check the address.',
      '',
      'Your message:',
      '',
      '       Subject: hello',
      '       Received: Mon, 5 Jan 2026 10:00:00 +0100',
      '       Message-ID: <1@shop.test>',
      '',
      'It is attached to this notification.',
      '',
      'Reported by relay.shop.test, message 0123456789ABCDEF.',
      '',
    ].join('\r\n'),
  );
});

test('a delay report says how long the server tries and returns the header alone', () => {
  const header = Buffer.from('Subject: hello\r\nFrom: ann@shop.test\r\n\r\n');
  const { read } = parse({
    ...CONTENT,
    action: 'delayed',
    recipients: [{ ...BOB, status: '4.4.1', willRetryUntil: Date.UTC(2026, 0, 7, 9, 0, 0) }],
    returned: { kind: 'headers', header, why: 'not-wanted' },
  });
  assert.equal(foreignField(read.headers, 'Subject'), 'Delivery Status Notification (Delay)');
  const group = read.parts![1]!.groups![1]!;
  assert.equal(foreignField(group, 'Action'), 'delayed');
  assert.equal(foreignField(group, 'Will-Retry-Until'), 'Wed, 7 Jan 2026 10:00:00 +0100');
  assert.match(read.parts![0]!.content!.toString(), /keeps trying until Wed, 7 Jan 2026/);
  assert.equal(read.parts![2]!.type, 'text/rfc822-headers');
  assert.equal(read.parts![2]!.content!.toString(), 'Subject: hello\r\nFrom: ann@shop.test\r\n');
});

test('a message too large to return says so; nothing returned means two parts', () => {
  const returned = { kind: 'headers', header: Buffer.from('A: b\r\n'), why: 'too-large' } as const;
  assert.match(
    parse({ ...CONTENT, returned }).read.parts![0]!.content!.toString(),
    /too large to be returned/,
  );
  assert.equal(parse({ ...CONTENT, returned: { kind: 'none' } }).read.parts!.length, 2);
});

test('an 8-bit original comes back byte for byte and makes the report 8-bit', () => {
  const message = Buffer.concat([
    Buffer.from('Subject: gr'),
    Buffer.from([0xfc, 0x6e]),
    Buffer.from('\r\n\r\n\xff\xfe\r\n', 'latin1'),
  ]);
  const { built, read } = parse({ ...CONTENT, returned: { kind: 'full', message } });
  assert.equal(built.body, '8bitmime');
  assert.equal(foreignField(read.headers, 'Content-Transfer-Encoding'), '8bit');
  assert.ok(built.bytes.includes(message));
});

test('8-bit header fields alone are encoded, so that the report stays 7-bit', () => {
  const header = Buffer.from('Subject: grün\r\n');
  const { built, read } = parse({ ...CONTENT, returned: { kind: 'headers', header, why: 'not-wanted' } });
  assert.equal(built.body, '7bit');
  assert.deepEqual(read.parts![2]!.content, header);
});

test('an address outside ASCII uses the global forms and still needs no SMTPUTF8 on the way to a plain sender', () => {
  const message = Buffer.from('From: ann@shop.test\r\nTo: jörg@dest.test\r\nSubject: grün\r\n\r\nGrüße\r\n');
  const { built, read } = parse({
    ...CONTENT,
    recipients: [
      {
        ...BOB,
        finalRecipient: mailbox('jörg', 'bücher.test'),
        originalRecipient: { addressType: 'utf-8', address: 'jörg@alias.test' },
        diagnostic: { from: 'smtp', text: '550 5.1.1 jörg unbekannt' },
      },
    ],
    original: { ...CONTENT.original, smtpUtf8: true, subject: 'grün' },
    returned: { kind: 'full', message },
  });
  assert.equal(built.smtpUtf8, false);
  assert.equal(built.body, '7bit');
  const [text, status, returned] = read.parts!;
  assert.match(text!.content!.toString(), /jörg@bücher\.test/);
  assert.equal(status!.type, 'message/global-delivery-status');
  const group = status!.groups![1]!;
  assert.equal(foreignField(group, 'Final-Recipient'), 'utf-8; jörg@bücher.test');
  assert.equal(foreignField(group, 'Original-Recipient'), 'utf-8; jörg@alias.test');
  assert.equal(foreignField(group, 'Diagnostic-Code'), 'smtp; 550 5.1.1 jörg unbekannt');
  assert.equal(returned!.type, 'message/global');
  assert.equal(returned!.parts![0]!.content!.toString(), 'Grüße\r\n');
});

test('a sender outside ASCII is reached by SMTPUTF8; a domain alone is written in A-labels', () => {
  assert.equal(parse({ ...CONTENT, to: mailbox('änn', 'shop.test') }).built.smtpUtf8, true);
  const { built, read } = parse({ ...CONTENT, to: mailbox('ann', 'bücher.test') });
  assert.equal(built.smtpUtf8, false);
  assert.equal(foreignField(read.headers, 'To'), 'ann@xn--bcher-kva.test');
});

test('a global header comes back as such', () => {
  const header = Buffer.from('Subject: grün\r\n');
  const { read } = parse({
    ...CONTENT,
    original: { ...CONTENT.original, smtpUtf8: true },
    returned: { kind: 'headers', header, why: 'not-wanted' },
  });
  assert.equal(read.parts![2]!.type, 'message/global-headers');
  assert.equal(foreignField(read.parts![2]!.groups![0]!, 'Subject'), 'grün');
});

test('success and relay reports have their own subject and words', () => {
  const delivered = parse({ ...CONTENT, action: 'delivered' }).read;
  assert.equal(foreignField(delivered.headers, 'Subject'), 'Delivery Status Notification (Success)');
  const relayed = parse({ ...CONTENT, action: 'relayed' }).read;
  assert.equal(foreignField(relayed.parts![1]!.groups![1]!, 'Action'), 'relayed');
  assert.match(relayed.parts![0]!.content!.toString(), /send no notifications/);
});

test('a boundary that occurs in the returned message is not used', () => {
  const candidates = ['taken', 'free'];
  const message = Buffer.from('A: b\r\n\r\n--taken\r\n');
  const { read } = parse({
    ...CONTENT,
    returned: { kind: 'full', message },
    boundary: () => candidates.shift()!,
  });
  assert.equal(read.params['boundary'], 'free');
  assert.equal(read.parts!.length, 3);
});

test('no foreign text changes the structure, and every recipient and the returned message survive', () => {
  const wild = fc.string({ unit: 'binary', maxLength: 400 });
  const recipient: fc.Arbitrary<DsnRecipient> = fc.record(
    {
      finalRecipient: fc
        .string({ minLength: 1, maxLength: 60 })
        .map((local) => mailbox(local.replace(/[\r\n]/g, 'x'), 'dest.test')),
      originalRecipient: fc.record({ addressType: wild, address: wild }),
      status: fc.constantFrom('5.1.1' as const, '4.4.7' as const),
      remoteMta: wild,
      diagnostic: fc.record({ from: fc.constantFrom('smtp' as const, 'mailroot' as const), text: wild }),
      explanation: wild,
      advice: wild,
    },
    { requiredKeys: ['finalRecipient', 'status', 'explanation'] },
  );
  const bytes = fc
    .uint8Array({ maxLength: 300 })
    .map((array) => Buffer.concat([Buffer.from('A: b\r\n\r\n'), array]));
  const samples = fc.sample(
    fc.record({
      recipients: fc.array(recipient, { minLength: 1, maxLength: 4 }),
      message: bytes,
      subject: wild,
      messageId: wild,
      envelopeId: wild,
      receivedFrom: wild,
    }),
    300,
  );
  const built = samples.map((sample) =>
    buildDsn({
      ...CONTENT,
      recipients: sample.recipients,
      original: { ...CONTENT.original, ...sample },
      returned: { kind: 'full', message: sample.message },
    }),
  );
  parsedByPython(built.map(({ bytes: message }) => message)).forEach((read, index) => {
    const sample = samples[index]!;
    assert.equal(read.type, 'multipart/report');
    assert.deepEqual(read.defects, []);
    assert.equal(read.parts!.length, 3);
    const groups = read.parts![1]!.groups!;
    assert.equal(groups.length, 1 + sample.recipients.length);
    sample.recipients.forEach(({ status }, at) => {
      assert.equal(foreignField(groups[at + 1]!, 'Status'), status);
      assert.equal(foreignField(groups[at + 1]!, 'Action'), 'failed');
    });
    assert.ok(built[index]!.bytes.includes(sample.message));
    for (const line of built[index]!.bytes.toString('latin1').split('\r\n').slice(0, 12))
      assert.ok(line.length <= 998, line);
  });
});
