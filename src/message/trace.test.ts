import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { domainName, NULL_REVERSE_PATH } from '../envelope/index.ts';
import {
  countHops,
  formatDate,
  messageIdFor,
  originalArrivalTimeField,
  receivedField,
  returnPathField,
  transmissionType,
} from './trace.ts';

const AT = Date.UTC(2008, 1, 21, 20, 29, 31, 253);

test('prints dates in the given zone, also when the zone changes the day', () => {
  assert.equal(formatDate(AT, -300), 'Thu, 21 Feb 2008 15:29:31 -0500');
  assert.equal(formatDate(AT, 0), 'Thu, 21 Feb 2008 20:29:31 +0000');
  assert.equal(formatDate(AT, 345), 'Fri, 22 Feb 2008 02:14:31 +0545');
  assert.equal(formatDate(Date.UTC(2026, 0, 3, 4, 5, 6), 0), 'Sat, 3 Jan 2026 04:05:06 +0000');
});

test('prints a date that JavaScript reads back as the same second, in every zone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: -720, max: 840 }), (atMs, offset) => {
      assert.equal(Date.parse(formatDate(atMs, offset)), Math.floor(atMs / 1000) * 1000);
    }),
  );
});

test('uses the machine zone when none is given', () => {
  assert.equal(Date.parse(formatDate(AT)), Math.floor(AT / 1000) * 1000);
});

test('the pickup form is the one of the old service under our name', () => {
  const field = receivedField({
    from: { kind: 'pickup' },
    by: 'mail.example',
    atMs: AT,
    offsetMinutes: -300,
  });
  assert.equal(
    field,
    'Received: from mail pickup service by mail.example with Mailroot;\r\n\t Thu, 21 Feb 2008 15:29:31 -0500\r\n',
  );
});

test('the SMTP form names client, transmission type, id and cipher, and folds at clauses', () => {
  const field = receivedField({
    from: {
      kind: 'smtp',
      heloName: 'client.example',
      clientAddress: '2001:db8::1',
      type: 'ESMTPSA',
      verifiedName: 'host7.example',
      tlsCipher: 'TLS_AES_256_GCM_SHA384',
    },
    by: 'mail.example',
    id: '0123456789ABCDEF',
    atMs: AT,
    offsetMinutes: 0,
  });
  assert.equal(
    field,
    'Received: from client.example (host7.example [IPv6:2001:db8::1])\r\n' +
      '\tby mail.example (Mailroot) with ESMTPSA id 0123456789ABCDEF\r\n' +
      '\ttls TLS_AES_256_GCM_SHA384;\r\n\t Thu, 21 Feb 2008 20:29:31 +0000\r\n',
  );
});

test('says unverified after the address when reverse DNS disagrees', () => {
  const field = receivedField({
    from: { kind: 'smtp', heloName: 'h', clientAddress: '192.0.2.1', type: 'SMTP', unverified: true },
    by: 'm',
    atMs: AT,
    offsetMinutes: 0,
  });
  assert.match(field, /^Received: from h \(\[192\.0\.2\.1\] unverified\) by m \(Mailroot\) with SMTP;\r\n/);
});

test('a command leaves no client in its field', () => {
  const field = receivedField({ from: { kind: 'command' }, by: 'm', id: 'X', atMs: AT, offsetMinutes: 0 });
  assert.match(field, /^Received: from local command by m \(Mailroot\) with local id X;\r\n\t /);
});

test('no HELO name can break out of the field', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ maxLength: 20 }),
      (heloName, by) => {
        const field = receivedField({
          from: { kind: 'smtp', heloName, clientAddress: '192.0.2.1', type: 'ESMTP' },
          by,
          atMs: AT,
          offsetMinutes: 0,
        });
        assert.match(
          field,
          /^Received: from [!-~]+ \(\[192\.0\.2\.1\]\)(\r\n\t| )by [!-~]+ \(Mailroot\)(\r\n\t| )with ESMTP;\r\n\t [\w ,:+]+\r\n$/,
        );
      },
    ),
  );
});

test('names the transmission type of RFC 3848 and RFC 6531', () => {
  const type = (extended: boolean, overTls: boolean, authenticated: boolean, smtpUtf8: boolean) =>
    transmissionType({ extended, overTls, authenticated, smtpUtf8 });
  assert.equal(type(false, true, false, false), 'SMTP');
  assert.equal(type(true, false, false, false), 'ESMTP');
  assert.equal(type(true, true, false, false), 'ESMTPS');
  assert.equal(type(true, false, true, false), 'ESMTPA');
  assert.equal(type(true, true, true, false), 'ESMTPSA');
  assert.equal(type(true, true, true, true), 'UTF8SMTPSA');
  assert.equal(type(true, false, false, true), 'UTF8SMTP');
});

test('prints Return-Path with and without a mailbox', () => {
  assert.equal(returnPathField(NULL_REVERSE_PATH), 'Return-Path: <>\r\n');
  const path = { localPart: 'a b\r\nX: y', domain: domainName('example.com')! };
  assert.equal(returnPathField(path), 'Return-Path: <"a bX: y"@example.com>\r\n');
});

test('makes a Message-ID of the queue id and the own name', () => {
  assert.equal(messageIdFor('0123456789ABCDEF', 'mail.example'), '<0123456789ABCDEF@mail.example>');
  assert.equal(messageIdFor('A', 'bad name>'), '<A@bad?name?>');
});

test('prints X-OriginalArrivalTime as two recorded messages have it', () => {
  assert.equal(
    originalArrivalTimeField(Date.UTC(2002, 2, 14, 15, 31, 58, 324)).replace(/\[.*\]/, ''),
    'X-OriginalArrivalTime: 14 Mar 2002 15:31:58.0324 (UTC) FILETIME=\r\n',
  );
  // observed: two messages in list archives, one of them in an article about virus warnings.
  assert.match(originalArrivalTimeField(Date.UTC(2002, 2, 14, 15, 31, 58, 324)), /\[610D9B40:01C1CB6D\]/);
  assert.match(originalArrivalTimeField(AT), /\[769FE250:01C874C8\]/);
});

test('counts Received fields of the header alone, in any case, also after bare LF', () => {
  const count = (text: string) => countHops(Buffer.from(text, 'latin1'));
  assert.equal(count('Received: a\r\n b\r\nRECEIVED : c\r\nSubject: Received: d\r\n\r\nReceived: e\r\n'), 2);
  assert.equal(count('received: a\nreceived:b\n\nreceived: c\n'), 2);
  assert.equal(count('X-Received: a\r\nReceived-SPF: b\r\n Received: folded\r\nReceived'), 0);
  assert.equal(count(''), 0);
});
