import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bodyOf } from '../../test/support/claims.ts';
import { type DowngradeTarget, downgradeBody } from './downgrade.ts';
import { type MimeVisitor, MimeWalker } from './mime-walker.ts';

async function downgraded(text: string | Buffer, target: DowngradeTarget = '7bit') {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const body = await downgradeBody(bodyOf(bytes), target);
  return { text: Buffer.from(body.small!).toString('latin1'), notes: body.notes };
}

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n`;

test('a text gets quoted-printable, and its label is corrected in place', async () => {
  const { text, notes } = await downgraded(
    lines(
      'MIME-Version: 1.0',
      'Content-Transfer-Encoding: 8bit',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Grüße aus Köln',
      'und ein langer, langer Satz ohne Umlaute.',
    ),
  );
  assert.equal(
    text,
    lines(
      'MIME-Version: 1.0',
      'Content-Transfer-Encoding: quoted-printable',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Gr=C3=BC=C3=9Fe aus K=C3=B6ln',
      'und ein langer, langer Satz ohne Umlaute.',
    ),
  );
  assert.deepEqual(notes, { parts: 1, fields: 0, brokenSignatures: [], lostAddresses: 0 });
});

test('a text with more letters outside ASCII than inside gets base64', async () => {
  const { text } = await downgraded(
    lines('MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '', 'Привет, мир'),
  );
  assert.match(text, /Content-Transfer-Encoding: base64\r\n\r\n[A-Za-z0-9+/=]+\r\n$/);
  assert.equal(Buffer.from(text.split('\r\n\r\n')[1]!, 'base64').toString(), 'Привет, мир\r\n');
});

test('a message without MIME fields gets them, with the charset its bytes show', async () => {
  const utf8 = await downgraded(lines('From: a@b', '', 'Grüße an alle, die das hier lesen'));
  assert.match(
    utf8.text,
    /^From: a@b\r\nMIME-Version: 1\.0\r\nContent-Type: text\/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe an/,
  );
  const latin1 = await downgraded(
    Buffer.from(lines('From: a@b', '', 'Grüße an alle, die das hier lesen'), 'latin1'),
  );
  assert.match(latin1.text, /charset=unknown-8bit\r\n/);
  assert.match(latin1.text, /Gr=FC=DFe an/);
});

test('a message whose header has no end gets one', async () => {
  const { text } = await downgraded(lines('From: a@b', 'Grüße aus Köln am Rhein und so weiter'));
  assert.match(text, /quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe aus/);
});

test('only parts that need it are encoded; the labels of what encloses them become true', async () => {
  const { text, notes } = await downgraded(
    lines(
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="b 1"',
      'Content-Transfer-Encoding: 8bit',
      '',
      'Vorwort mit Ü',
      '--b 1',
      '',
      'plain part',
      '--b 1',
      'Content-Type: application/pdf',
      'Content-Transfer-Encoding: binary',
      '',
      '\u00ff\u00fe\u00fd',
      '--b 1',
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: 8bit',
      '',
      'Subject: innen schön',
      'Content-Transfer-Encoding: 8bit',
      '',
      'Text innen: schön und gut und lang genug',
      '--b 1--',
      'Nachwort',
    ),
  );
  assert.equal(
    text,
    lines(
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="b 1"',
      'Content-Transfer-Encoding: 7bit',
      '',
      'Vorwort mit ??',
      '--b 1',
      '',
      'plain part',
      '--b 1',
      'Content-Type: application/pdf',
      'Content-Transfer-Encoding: base64',
      '',
      'w7/DvsO9',
      '',
      '--b 1',
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: 7bit',
      '',
      'Subject: innen =?utf-8?Q?sch=C3=B6n?=',
      'Content-Transfer-Encoding: quoted-printable',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Text innen: sch=C3=B6n und gut und lang genug',
      '--b 1--',
      'Nachwort',
    ),
  );
  assert.equal(notes.parts, 2);
  assert.equal(notes.fields, 1);
});

const fields: readonly [string, string][] = [
  ['Subject: Grüße an alle', 'Subject: =?utf-8?B?R3LDvMOfZQ==?= an alle'],
  ['Subject: schöne Grüße an alle', 'Subject: =?utf-8?Q?sch=C3=B6ne_Gr=C3=BC=C3=9Fe?= an alle'],
  ['Subject: =?utf-8?Q?a?= ö x', 'Subject: =?utf-8?Q?a?= =?utf-8?B?IMO2?= x'],
  ['Subject: ö =?utf-8?Q?a?=', 'Subject: =?utf-8?B?w7Yg?= =?utf-8?Q?a?='],
  ['From: Jörg Müller <j@b.test>', 'From: =?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <j@b.test>'],
  [
    'From: "Müller, Jörg" <j@b.test>, x@y.test',
    'From: =?utf-8?Q?M=C3=BCller=2C_J=C3=B6rg?= <j@b.test>, x@y.test',
  ],
  ['From: Jörg<j@b.test>', 'From: =?utf-8?Q?J=C3=B6rg?= <j@b.test>'],
  ['To: j@b.test (Jörg)', 'To: j@b.test (=?utf-8?Q?J=C3=B6rg?=)'],
  ['To: a@b.test,j@bücher.test', 'To: a@b.test,j@xn--bcher-kva.test'],
  ['To: Ann <a@bücher.test>', 'To: Ann <a@xn--bcher-kva.test>'],
  ['To: Gruppe Ü: a@b.test, c@d.test;', 'To: Gruppe =?utf-8?B?w5w=?=: a@b.test, c@d.test;'],
  [
    'Content-Disposition: attachment; filename="ö.txt"',
    "Content-Disposition: attachment; filename*=utf-8''%C3%B6.txt",
  ],
];
for (const [raw, expected] of fields) {
  test(`encodes the field ${raw}`, async () => {
    const { text } = await downgraded(lines(raw, '', 'x'));
    assert.equal(text, lines(expected, '', 'x'));
  });
}

test('raw bytes that are no UTF-8 take the charset of the text, or say that nobody knows it', async () => {
  const known = lines('Subject: Grüße', 'Content-Type: text/plain; charset=iso-8859-1', '', 'x');
  assert.match(
    (await downgraded(Buffer.from(known, 'latin1'))).text,
    /^Subject: =\?iso-8859-1\?Q\?Gr=FC=DFe\?=\r\n/,
  );
  const unknown = lines('Subject: Grüße an alle', '', 'x');
  assert.match(
    (await downgraded(Buffer.from(unknown, 'latin1'))).text,
    /^Subject: =\?unknown-8bit\?Q\?Gr=FC=DFe\?= an alle\r\n/,
  );
});

test('a local-part outside ASCII cannot be kept, and is counted', async () => {
  const { text, notes } = await downgraded(lines('To: jörg@b.test, "jö"@c.test', '', 'x'));
  assert.match(text, /^To: j\?rg@b\.test, "j\?"@c\.test\r\n/);
  assert.equal(notes.lostAddresses, 2);
});

test('broken signatures are told when anything changed, and only then', async () => {
  const signed = (body: string) =>
    lines('DKIM-Signature: v=1', 'Content-Type: multipart/signed; boundary=b', '', '--b', '', body, '--b--');
  assert.deepEqual((await downgraded(signed('Grüße'))).notes.brokenSignatures, ['dkim', 'multipart/signed']);
  assert.deepEqual((await downgraded(signed('plain'))).notes.brokenSignatures, []);
});

test('quoted-printable that holds 8-bit bytes and long lines is mended, not encoded twice', async () => {
  const { text, notes } = await downgraded(
    lines(
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      `=C3=BC ü ${'=41'.repeat(400)}`,
    ),
  );
  const body = text.split('\r\n\r\n')[1]!;
  assert.match(body, /^=C3=BC =C3=BC =41/);
  assert.equal(body.replaceAll('=\r\n', ''), `=C3=BC =C3=BC ${'=41'.repeat(400)}\r\n`);
  for (const line of body.split('\r\n')) assert.ok(line.length <= 998);
  assert.equal(notes.parts, 1);
});

test('base64 that holds strange bytes loses them, as every decoder would', async () => {
  const { text } = await downgraded(
    lines('Content-Type: image/png', 'Content-Transfer-Encoding: base64', '', 'aGVs\u00fcbG8='),
  );
  assert.ok(text.endsWith('\r\n\r\naGVsbG8=\r\n'));
});

test('an unknown encoding is replaced', async () => {
  const { text } = await downgraded(
    lines('Content-Type: application/x', 'Content-Transfer-Encoding: x-strange', '', 'ü'),
  );
  assert.match(text, /Content-Transfer-Encoding: base64\r\nMIME-Version: 1\.0\r\n\r\nw7wNCg==\r\n$/);
});

test('a multipart without parts becomes the text that it is', async () => {
  for (const type of [
    'multipart/mixed; boundary=never',
    'multipart/mixed',
    'multipart/mixed; boundary="bö"',
  ]) {
    const { text } = await downgraded(lines('MIME-Version: 1.0', `Content-Type: ${type}`, '', 'Grüße'));
    assert.match(
      text,
      /^MIME-Version: 1\.0\r\nContent-Type: text\/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nR3LDvMOfZQ0K\r\n$/,
      type,
    );
  }
  const inner = await downgraded(
    lines(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: multipart/alternative; boundary=never',
      '',
      'Grüße',
      '--b--',
    ),
  );
  assert.match(
    inner.text,
    /--b\r\nContent-Type: text\/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nR3LDvMOfZQ==\r\n\r\n--b--\r\n$/,
  );
});

test('lines of over 998 characters are broken by an encoding', async () => {
  const { text } = await downgraded(lines('Subject: Ü', '', 'x'.repeat(2000)));
  assert.match(text, /Content-Transfer-Encoding: quoted-printable/);
  for (const line of text.split('\r\n')) assert.ok(line.length <= 998);
});

test('for a host with 8BITMIME, binary parts alone are encoded and 8-bit text stays', async () => {
  const message = lines(
    'Subject: Grüße',
    'Content-Type: multipart/mixed; boundary=b',
    'Content-Transfer-Encoding: binary',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: binary',
    '',
    'Grüße',
    '--b',
    'Content-Type: image/png',
    'Content-Transfer-Encoding: binary',
    '',
    'a\0b\nc\rd',
    '--b--',
  );
  const { text } = await downgraded(message, '8bit');
  assert.equal(
    text,
    Buffer.from(
      lines(
        'Subject: Grüße',
        'Content-Type: multipart/mixed; boundary=b',
        'Content-Transfer-Encoding: 8bit',
        'MIME-Version: 1.0',
        '',
        '--b',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 8bit',
        '',
        'Grüße',
        '--b',
        'Content-Type: image/png',
        'Content-Transfer-Encoding: base64',
        '',
        `${Buffer.from('a\0b\nc\rd').toString('base64')}`,
        '',
        '--b--',
      ),
    ).toString('latin1'),
  );
});

test('a message in ASCII passes byte for byte', async () => {
  const message = lines(
    'Subject: x',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    'text',
    '--b--',
    '',
  );
  const { text, notes } = await downgraded(message);
  assert.equal(text, message);
  assert.deepEqual(notes, { parts: 0, fields: 0, brokenSignatures: [], lostAddresses: 0 });
});

test('a body that cannot be read is the reader’s failure', async () => {
  const body = {
    ...bodyOf('', 1),
    chunks: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('EIO')) }) }),
  };
  await assert.rejects(downgradeBody(body, '7bit'), /EIO/);
});

const messageLine = fc.oneof(
  fc.constantFrom(
    '--b',
    '--b--',
    '--c',
    '--c--',
    '',
    'Content-Type: multipart/mixed; boundary=b',
    'Content-Type: multipart/alternative; boundary=c',
    'Content-Type: message/rfc822',
    'Content-Transfer-Encoding: 8bit',
    'Content-Transfer-Encoding: base64',
    'Content-Transfer-Encoding: quoted-printable',
    'Content-Type: text/plain',
    'Subject: ü',
    ' folded ö',
    'ü',
    '\0',
    '-',
    '--',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const messages = fc
  .tuple(fc.array(messageLine, { maxLength: 40 }), fc.constantFrom('\r\n', '\n'))
  .map(([all, lineEnd]) => Buffer.from(all.join(lineEnd)));

test('the walker tells every byte once and in order, however the message is cut', () => {
  fc.assert(
    fc.property(messages, fc.integer({ min: 1, max: 40 }), (message, size) => {
      const told: Buffer[] = [];
      const take = (bytes: Buffer) => told.push(Buffer.from(bytes));
      const visitor: MimeVisitor = {
        header: (_, raw) => take(raw),
        content: (_, bytes) => take(bytes),
        contentEnd: () => {},
        boundary: take,
        filler: take,
      };
      const walker = new MimeWalker(visitor);
      for (let at = 0; at < message.length; at += size) walker.push(message.subarray(at, at + size));
      walker.end();
      assert.deepEqual(Buffer.concat(told), message);
    }),
  );
});

test('whatever the message: the result is ASCII without NUL, and the same in pieces as at once', async () => {
  await fc.assert(
    fc.asyncProperty(messages, fc.integer({ min: 1, max: 50 }), async (message, size) => {
      const whole = await downgradeBody(bodyOf(message), '7bit');
      const out = Buffer.from(whole.small!);
      assert.match(out.toString('latin1'), /^[\x00-\x7f]*$/);
      const streamed = await downgradeBody(bodyOf(message, size), '7bit');
      const chunks: Uint8Array[] = [];
      for await (const chunk of streamed.chunks()) chunks.push(chunk);
      assert.deepEqual(Buffer.concat(chunks), out);
      assert.equal(streamed.bytes, out.length);
      assert.deepEqual(streamed.notes, whole.notes);
      const again = await downgradeBody(bodyOf(out), '7bit');
      assert.deepEqual(Buffer.from(again.small!), out);
    }),
    { numRuns: 300 },
  );
});
