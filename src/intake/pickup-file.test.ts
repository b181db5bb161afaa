import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { formatMailbox, formatPath, type Recipient } from '../envelope/index.ts';
import { formatEnvelopeLines } from '../mailroot/index.ts';
import { type PickupFileSettings, preparePickup } from './pickup-file.ts';
import { hasCleanLines } from './pickup-lines.ts';

const settings: PickupFileSettings = {
  server: 'default',
  fqdn: 'relay.example',
  defaultDomain: 'default.example',
  dotStuffed: false,
  addReceived: true,
};
const claim = { claimId: '0123456789ABCDEF', fileName: 'x.eml', at: Date.UTC(2026, 0, 1, 12) };

const prepare = (text: string | Buffer, more: Partial<PickupFileSettings> = {}) =>
  preparePickup(typeof text === 'string' ? Buffer.from(text) : text, claim, { ...settings, ...more });

function good(text: string | Buffer, more: Partial<PickupFileSettings> = {}) {
  const result = prepare(text, more);
  assert.ok(result.ok, result.ok ? '' : result.detail);
  return {
    ...result,
    sender: formatPath(result.draft.reversePath),
    to: result.recipients.map(({ forwardPath }) => formatMailbox(forwardPath)),
    text: result.body.toString('utf8'),
  };
}

function bad(text: string | Buffer): { reasonClass: string; detail: string } {
  const result = prepare(text);
  assert.ok(!result.ok, 'the file should be bad');
  return result;
}

/** Without the generators' null prototypes. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const FROM_TO = 'From: f@x.example\r\nTo: t@y.example\r\n';

describe('the envelope of a pickup file', () => {
  const cases: readonly {
    rule: string;
    head: string;
    sender: string;
    to: readonly string[];
  }[] = [
    { rule: 'comes from From and To', head: FROM_TO, sender: '<f@x.example>', to: ['t@y.example'] },
    {
      rule: 'takes Sender before From',
      head: `Sender: s@x.example\r\n${FROM_TO}`,
      sender: '<s@x.example>',
      to: ['t@y.example'],
    },
    {
      rule: 'takes the first of several From addresses',
      head: 'From: A <a@x.example>, b@x.example\r\nTo: t@y.example\r\n',
      sender: '<a@x.example>',
      to: ['t@y.example'],
    },
    {
      rule: 'takes To, Cc and Bcc, repeated and folded',
      head: 'From: f@x.example\r\nTo: a@y.example,\r\n\tb@y.example\r\nCc: "C, D" <c@y.example>\r\nBcc: d@y.example\r\nTo: e@y.example\r\n',
      sender: '<f@x.example>',
      to: ['a@y.example', 'b@y.example', 'c@y.example', 'd@y.example', 'e@y.example'],
    },
    {
      rule: 'lets x-sender and x-receiver win',
      head: `x-sender: env@x.example\r\nx-receiver: one@y.example\r\nx-receiver: two@y.example\r\n${FROM_TO}`,
      sender: '<env@x.example>',
      to: ['one@y.example', 'two@y.example'],
    },
    {
      rule: 'does not care for case, display names, encoded words and folding',
      head: `X-Sender: =?utf-8?B?QsO2cnNl?= <env@x.example>\r\nX-RECEIVER: "One, Two"\r\n <one@y.example>\r\n${FROM_TO}`,
      sender: '<env@x.example>',
      to: ['one@y.example'],
    },
    {
      rule: 'collapses duplicates, by domain in any case and by local-part exactly',
      head: `x-receiver: a@Y.example\r\nx-receiver: a@y.EXAMPLE, A@y.example,a@y.example\r\n${FROM_TO}`,
      sender: '<f@x.example>',
      to: ['a@Y.example', 'A@y.example'],
    },
    {
      rule: 'completes unqualified names with the default domain',
      head: `x-sender: Sender\r\nx-receiver: postmaster\r\n${FROM_TO}`,
      sender: '<Sender@default.example>',
      to: ['postmaster@default.example'],
    },
    {
      rule: 'knows the null sender',
      head: `x-sender: <>\r\nx-receiver: a@y.example\r\n${FROM_TO}`,
      sender: '<>',
      to: ['a@y.example'],
    },
    {
      rule: 'skips what stands for nobody',
      head: 'From: f@x.example\r\nTo: undisclosed-recipients:;\r\nCc: Undisclosed recipients\r\nBcc: b@y.example\r\n',
      sender: '<f@x.example>',
      to: ['b@y.example'],
    },
    {
      rule: 'passes over the other lines of an Exchange Replay file',
      head: `X-CreatedBy: MSExchange15\r\nX-Sender: <env@x.example> BODY=7bit\r\nX-Receiver: <one@y.example>\r\nX-HeloDomain: h\r\n${FROM_TO}`,
      sender: '<env@x.example>',
      to: ['one@y.example'],
    },
    {
      rule: 'takes the recipients of the header when only x-sender stands above it',
      head: `x-sender: env@x.example\r\n${FROM_TO}`,
      sender: '<env@x.example>',
      to: ['t@y.example'],
    },
    {
      rule: 'carries internationalised addresses',
      head: 'From: grün@x.example\r\nTo: 用户@例え.example\r\n',
      sender: '<grün@x.example>',
      to: ['用户@例え.example'],
    },
  ];
  for (const { rule, head, sender, to } of cases) {
    test(rule, () => {
      const message = good(`${head}Subject: s\r\n\r\nbody\r\n`);
      assert.equal(message.sender, sender);
      assert.deepEqual(message.to, to);
      assert.doesNotMatch(message.text, /^(x-sender|x-receiver|x-createdby|x-helodomain|bcc):/im);
    });
  }

  test('needs SMTPUTF8 only when an address does, or the file asks for it', () => {
    assert.equal(good(`${FROM_TO}Subject: ä\r\n\r\n`).draft.smtpUtf8, false);
    assert.equal(good('From: grün@x.example\r\nTo: t@y.example\r\n\r\n').draft.smtpUtf8, true);
    assert.equal(good(`x-sender: <a@x.example> SMTPUTF8\r\n${FROM_TO}\r\n`).draft.smtpUtf8, true);
  });

  test('reads the ESMTP parameters of Replay and Drop files', () => {
    const message = good(
      `x-sender: <a@x.example> BODY=8BITMIME RET=HDRS ENVID=QQ+2B1\r\n` +
        `x-receiver: <b@y.example> NOTIFY=SUCCESS,DELAY ORcpt=rfc822;old+3D@z.example\r\n` +
        `x-receiver: c@y.example NOTIFY=never\r\n${FROM_TO}\r\n`,
    );
    assert.equal(message.draft.returnContent, 'headers');
    assert.equal(message.draft.envelopeId, 'QQ+1');
    assert.deepEqual(message.recipients[0]!.notify, { success: true, failure: false, delay: true });
    assert.deepEqual(message.recipients[0]!.originalRecipient, {
      addressType: 'rfc822',
      address: 'old=@z.example',
    });
    assert.equal(message.recipients[1]!.notify, 'never');
    assert.deepEqual(message.warnings, []);
  });

  test('warns about parameters it cannot use and sends all the same', () => {
    const message = good(
      `x-sender: <a@x.example> RET=SOME BODY=9bit XFOO=bar\r\nx-receiver: <b@y.example> NOTIFY=SOON ORCPT=rfc822\r\n${FROM_TO}\r\n`,
    );
    assert.equal(message.warnings.length, 5);
    assert.deepEqual(message.to, ['b@y.example']);
  });

  test('warns about envelope lines further down, ignores them and does not send them', () => {
    const message = good(`${FROM_TO}X-Sender: late@x.example\r\nX-Receiver: late@y.example\r\n\r\nbody`);
    assert.equal(message.sender, '<f@x.example>');
    assert.deepEqual(message.to, ['t@y.example']);
    assert.equal(message.warnings.length, 1);
    assert.doesNotMatch(message.text, /late@/);
  });

  test('survives Drop and Pickup again: what the Drop writer prints is what comes back', () => {
    const mailbox = fc.record({
      localPart: fc
        .stringMatching(/^[a-z0-9+"(), é-]{1,20}$/)
        .filter((text) => text.trim() === text && text !== ''),
      domain: fc.constantFrom('a.example', 'b.example', 'münchen.example').map((text) => ({
        kind: 'name' as const,
        text,
        ascii: new URL(`http://${text}`).hostname,
      })),
    });
    const wish = fc.option(
      fc.oneof(
        fc.constant('never' as const),
        fc.record({ success: fc.boolean(), failure: fc.boolean(), delay: fc.boolean() }),
      ),
      { nil: undefined },
    );
    fc.assert(
      fc.property(
        mailbox,
        fc.uniqueArray(fc.record({ forwardPath: mailbox, notify: wish }), {
          minLength: 1,
          maxLength: 4,
          selector: ({ forwardPath }) => formatMailbox(forwardPath).toLowerCase(),
        }),
        fc.option(fc.string({ minLength: 1, maxLength: 20, unit: 'binary-ascii' }), { nil: undefined }),
        (reversePath, wanted, envelopeId) => {
          const recipients = wanted.map(({ forwardPath, notify }): Recipient => {
            const isNothing =
              typeof notify === 'object' && !notify.success && !notify.failure && !notify.delay;
            return notify === undefined || isNothing ? { forwardPath } : { forwardPath, notify };
          });
          const lines = formatEnvelopeLines({
            reversePath,
            recipients,
            body: '7bit',
            smtpUtf8: false,
            ...(envelopeId !== undefined && { envelopeId }),
          });
          const message = good(Buffer.concat([lines, Buffer.from(`${FROM_TO}\r\n`)]));
          assert.deepEqual(plain(message.draft.reversePath), plain(reversePath));
          assert.deepEqual(plain(message.recipients), plain(recipients));
          assert.equal(message.draft.envelopeId, envelopeId);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('what is sent', () => {
  test('begins with Received and gets Message-ID and Date when they are missing', () => {
    const { text } = good(`${FROM_TO}\r\nbody\r\n`);
    assert.match(
      text,
      /^Received: from mail pickup service by relay\.example with Mailroot;\r\n\t [^\r]+\r\nFrom: f@x\.example\r\nTo: t@y\.example\r\nMessage-ID: <0123456789ABCDEF@relay\.example>\r\nDate: [^\r]+\r\n\r\nbody\r\n$/,
    );
  });

  test('keeps Message-ID and Date that are there, replaces empty ones, and leaves Received out when told to', () => {
    const { text, draft } = good(`${FROM_TO}Message-Id: <mine@x>\r\nDate: yesterday\r\n\r\n`, {
      addReceived: false,
    });
    assert.equal(text, `${FROM_TO}Message-Id: <mine@x>\r\nDate: yesterday\r\n\r\n`);
    assert.equal(draft.headerMessageId, 'mine@x');
    const empty = good(`Message-ID:\r\n${FROM_TO}Date: \r\n\r\n`).text;
    assert.equal(empty.match(/^Message-ID:/gim)!.length, 1);
    assert.equal(empty.match(/^Date:/gim)!.length, 1);
  });

  test('every byte of the body arrives, lone dots and leading dots too', () => {
    const body = '.\r\n..\r\n.x\r\n\r\n \t\r\nFrom here\r\n\x80\xff\r\n';
    const file = Buffer.concat([Buffer.from(`${FROM_TO}\r\n`), Buffer.from(body, 'latin1')]);
    const message = good(file);
    assert.ok(message.body.subarray(-body.length).equals(Buffer.from(body, 'latin1')));
    assert.equal(message.draft.body, '8bitmime');
  });

  test('a missing empty line is put in, whatever stands in its place', () => {
    assert.match(
      good(`${FROM_TO}Subject: s\r\nHello there,\r\nbody\r\n`).text,
      /\r\n\r\nHello there,\r\nbody\r\n$/,
    );
    assert.match(good('From: f@x.example\nTo: t@y.example').text, /Date: [^\r]+\r\n\r\n$/);
    assert.match(good(`${FROM_TO}\r\r\nbody\r\r\n`.replaceAll('\r\n', '\r\r\n')).text, /\r\n\r\nbody\r\n$/);
  });

  test('a byte order mark is dropped', () => {
    const message = good(
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(`${FROM_TO}\r\nbody\r\n`)]),
    );
    assert.equal(message.draft.body, '7bit');
  });

  test('counts the hops that are behind it and notes the subject in plain text', () => {
    const { draft } = good(
      `Received: a\r\nReceived: b\r\n${FROM_TO}Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\r\n`,
    );
    assert.equal(draft.hops, 2);
    assert.equal(draft.subject, 'Grüße');
  });

  test('the dotStuffed switch removes one leading dot per line', () => {
    assert.match(
      good(`${FROM_TO}\r\n..a\r\n..\r\nb\r\n`, { dotStuffed: true }).text,
      /\r\n\r\n\.a\r\n\.\r\nb\r\n$/,
    );
  });
});

describe('bad files say what is wrong', () => {
  const cases: readonly [rule: string, text: string | Buffer, detail: RegExp, reasonClass?: string][] = [
    ['no From', 'To: t@y.example\r\n\r\nbody', /no From field/],
    [
      'no From although the envelope is there',
      'x-sender: a@b.example\r\nx-receiver: c@d.example\r\nSubject: s\r\n\r\n',
      /no From field/,
    ],
    ['an empty From', 'From:\r\nTo: t@y.example\r\n\r\n', /empty From/],
    ['a From without address', 'From: Bob Smith\r\nTo: t@y.example\r\n\r\n', /From holds "Bob Smith"/],
    ['no recipients', 'From: f@x.example\r\nSubject: s\r\n\r\n', /no recipients/, 'No Recipients'],
    [
      'recipients that are nobody',
      'From: f@x.example\r\nTo: undisclosed-recipients:;\r\n\r\n',
      /no recipients/,
      'No Recipients',
    ],
    [
      'empty x-receiver lines',
      `x-receiver:\r\n${FROM_TO}\r\n`,
      /x-receiver lines are empty/,
      'No Recipients',
    ],
    [
      'one bad address among good ones',
      'From: f@x.example\r\nTo: a@y.example, b@@y.example\r\n\r\n',
      /To holds "b@@y\.example"/,
    ],
    ['a bad x-receiver', `x-receiver: <a b@c>\r\n${FROM_TO}\r\n`, /x-receiver holds/],
    [
      'two different senders',
      `x-sender: a@x.example\r\nx-sender: b@x.example\r\n${FROM_TO}\r\n`,
      /two different x-sender/,
    ],
    [
      'an x-sender with two addresses',
      `x-sender: a@x.example, b@x.example\r\n${FROM_TO}\r\n`,
      /more than one/,
    ],
    ['an empty x-sender', `x-sender:\r\n${FROM_TO}\r\n`, /x-sender line is empty/],
    ['no header at all', 'Hello,\r\nthis is text.\r\n', /first line is "Hello,"/],
    ['an empty first line', `\r\n${FROM_TO}\r\n`, /begins with an empty line/],
    ['an empty file', '', /is empty/],
    ['NUL bytes', `${FROM_TO}\r\na\0b`, /NUL byte at offset/],
    ['UTF-16', Buffer.from(`\ufeff${FROM_TO}\r\n`, 'utf16le'), /UTF-16/],
    [
      'binary content with bare line ends',
      `x-sender: <a@x.example> BODY=BINARYMIME\r\n${FROM_TO}\r\na\nb`,
      /BINARYMIME/,
    ],
    ['old Macintosh line ends in the header', 'From: f@x.example\rTo: t@y.example\r\rbody\r', /From holds/],
  ];
  for (const [rule, text, detail, reasonClass] of cases) {
    test(rule, () => {
      const result = bad(text);
      assert.match(result.detail, detail);
      assert.equal(result.reasonClass, reasonClass ?? 'Bad Pickup File');
    });
  }
});

test('no bytes make the reader throw, and what it lets through never holds a CR or LF alone or a NUL', () => {
  const part = fc.constantFrom(
    'From: a@b.example',
    'To: c@d.example',
    'Bcc: e@f.example',
    'x-sender: <>',
    'x-receiver: g@h.example NOTIFY=NEVER',
    '\r\n',
    '\n',
    '\r',
    '\r\n\r\n',
    ' folded',
    '.',
    ':',
    '\0',
    '\xff',
    'Subject: s',
    '"',
    '<',
    '(',
    ',',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const result = prepare(Buffer.from(parts.join(''), 'latin1'));
      if (!result.ok) return;
      assert.ok(hasCleanLines(result.body));
      assert.ok(!result.body.includes(0));
      assert.ok(result.recipients.length > 0);
    }),
    { numRuns: 3000 },
  );
});
