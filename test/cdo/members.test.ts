/** Each member of the CDOSYS classes, by the name of its row in docs/compatibility-cdo.md, through the automation face. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  AutomationError,
  DISP_E,
  isAutomationObject,
  MISSING,
  NOTHING,
  Scalar,
  VT,
} from '../../src/automation/index.ts';
import { Message, type MessageOptions, messageFace } from '../../src/cdo/index.ts';
import { type Bench, C, makeBench, type Script, script, temporaryFolder } from './support.ts';

/** Number of the error that `act` throws. */
export function errorOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof AutomationError, String(error));
    return (error.hresult >>> 0).toString(16).toUpperCase();
  }
  return 'none';
}

type Row = [row: string, check: (b: Bench, m: Script) => void | Promise<void>];

/** Runs each row with a bench and a new CDO.Message of its own. */
function rows(list: readonly Row[], prepare?: (m: Script) => void): void {
  for (const [row, check] of list) {
    test(row, async () => {
      const b = makeBench();
      const m = script(b.create('CDO.Message'));
      prepare?.(m);
      await check(b, m);
    });
  }
}

/** A text property: empty at first, reads what was put, and is written as the header. */
const header = (row: string, name: string, value: string, written = value): Row => [
  row,
  (b, m) => {
    const property = row.replace('Message.', '');
    assert.equal(m.get(property), '');
    m.put(property, value);
    for (const [other, text] of [
      ['From', 'a@x'],
      ['To', 'b@x'],
    ] as const)
      if (other !== property) m.put(other, text);
    m.call('Send');
    assert.ok(b.files()[0]!.includes(`\r\n${name}: ${written}\r\n`), b.files()[0]);
  },
];

const opened = (b: Bench, text: string, options: MessageOptions = {}): Script =>
  script(
    messageFace(
      Message.from(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'), { host: b.host, ...options }),
    ),
  );

const readOnly = (m: Script, property: string): void =>
  assert.match(
    errorOf(() => m.put(property, 'x')),
    /^8002000[36]$/,
    `${property} is read-only`,
  );

const RECEIVED =
  'Received: by b; Mon, 3 Mar 2014 10:00:02 +0000\nReceived: by a; Mon, 3 Mar 2014 10:00:01 +0000\nDate: Mon, 3 Mar 2014 09:00:00 +0000\nFrom: <a@x>\nTo: <b@x>, <c@x>\nCc: <d@x>, <a@x>\nMessage-ID: <1@x>\nthread-index: Ac82wdIwpaWlpaWlRaWlpaWlAAAAAw==\nSubject: hello\n\nbody text';

rows([
  [
    'Message.BCC',
    (b, m) => {
      m.put('From', 'a@x');
      m.put('BCC', 'hidden@x,');
      assert.equal(m.get('BCC'), '<hidden@x>');
      m.call('Send');
      assert.match(b.files()[0]!, /^x-sender: a@x\r\nx-receiver: hidden@x\r\n/);
      assert.doesNotMatch(b.files()[0]!, /^bcc:/im);
    },
  ],
  header('Message.CC', 'Cc', 'c@x', '<c@x>'),
  header('Message.FollowUpTo', 'Followup-To', 'alt.test'),
  header('Message.From', 'From', 'f@x', '<f@x>'),
  header('Message.Keywords', 'Keywords', 'one, two'),
  [
    'Message.MimeFormatted',
    (b, m) => {
      assert.equal(m.get('MimeFormatted'), true);
      m.put('From', 'a@x');
      m.put('To', 'b@x');
      m.put('TextBody', 't');
      m.put('MimeFormatted', false);
      m.call('Send');
      assert.doesNotMatch(b.files()[0]!, /MIME-Version|Content-Type/);
      m.put('HTMLBody', '<p>h</p>');
      assert.equal(m.get('MimeFormatted'), true);
    },
  ],
  header('Message.Newsgroups', 'Newsgroups', 'alt.test'),
  header('Message.Organization', 'Organization', 'Example Ltd'),
  [
    'Message.ReceivedTime',
    (b, m) => {
      assert.deepEqual(m.get('ReceivedTime'), new Scalar(VT.date, 0));
      readOnly(m, 'ReceivedTime');
      const read = Message.from(Buffer.from(RECEIVED), { host: b.host });
      assert.equal(read.receivedTime!.getTime(), Date.UTC(2014, 2, 3, 10, 0, 2));
    },
  ],
  header('Message.ReplyTo', 'Reply-To', 'r@x', '<r@x>'),
  [
    'Message.DSNOptions',
    async (b) => {
      const message = new Message({
        host: b.host,
        from: 'a@x',
        to: 'b@x',
        configuration: { sendUsing: 'port', smtpServer: 'mx' },
      });
      assert.equal(message.dsnOptions, 0);
      const wishes: unknown[] = [];
      for (const options of [0, 1, 2, 14]) {
        message.dsnOptions = options;
        await message.send();
        wishes.push(b.sent.at(-1)!.envelope.recipients[0]!.notify);
      }
      assert.deepEqual(wishes, [
        undefined,
        'never',
        { success: false, failure: true, delay: false },
        { success: true, failure: true, delay: true },
      ]);
      assert.throws(
        () => {
          message.dsnOptions = 16;
        },
        { code: 'E_INVALIDARG' },
      );
    },
  ],
  [
    'Message.SentOn',
    (b, m) => {
      m.put('From', 'a@x');
      m.put('To', 'b@x');
      m.call('Send');
      assert.deepEqual(m.get('SentOn'), new Scalar(VT.date, 0), 'Send leaves the object as it was');
      readOnly(m, 'SentOn');
      const read = Message.from(Buffer.from(RECEIVED), { host: b.host });
      assert.equal(read.sentOn!.getTime(), Date.UTC(2014, 2, 3, 9));
    },
  ],
  header('Message.Subject', 'Subject', 'Order 17'),
  header('Message.To', 'To', 'Bob <t@x>', '"Bob" <t@x>'),
  [
    'Message.TextBody',
    (_, m) => {
      assert.equal(m.get('TextBody'), '');
      m.put('TextBody', 'a\nb\rc');
      assert.equal(m.get('TextBody'), 'a\r\nb\r\nc');
      assert.equal(m.get('AutoGenerateTextBody'), false);
    },
  ],
  [
    'Message.HTMLBody',
    (_, m) => {
      m.put('HTMLBody', '<p>one</p>');
      assert.equal(m.get('TextBody'), 'one');
      m.put('HTMLBody', `${m.get('HTMLBody') as string}<p>two</p>`);
      assert.equal(m.get('HTMLBody'), '<p>one</p><p>two</p>');
      assert.equal(m.get('TextBody'), 'one\r\n\r\ntwo');
      m.put('TextBody', 'mine');
      m.put('HTMLBody', '<p>three</p>');
      assert.equal(m.get('TextBody'), 'mine');
    },
  ],
  [
    'Message.Attachments',
    (_, m) => {
      assert.equal(m.of('Attachments').get('Count'), 0);
      const part = script(m.of('Attachments').call('Add') as never);
      part.put('ContentMediaType', 'application/pdf; name="x.pdf"');
      assert.equal(m.of('Attachments', 1).get('FileName'), 'x.pdf');
      readOnly(m, 'Attachments');
    },
  ],
  [
    'Message.Sender',
    (b, m) => {
      m.put('From', 'author@x');
      m.put('Sender', 'robot@x');
      m.put('To', 'b@x');
      m.call('Send');
      assert.match(b.files()[0]!, /^x-sender: robot@x\r\n/);
      assert.match(b.files()[0]!, /From: <author@x>\r\nSender: <robot@x>\r\n/);
      m.put('From', '');
      m.call('Send');
      assert.match(b.files()[1]!, /From: <robot@x>\r\n/);
    },
  ],
  [
    'Message.Configuration',
    (b, m) => {
      const c = b.create('CDO.Configuration');
      m.set('Configuration', c);
      assert.equal(m.get('Configuration'), c, 'shared, not copied');
      assert.equal(
        script(m.get('Configuration') as never)
          .of('Fields', `${C}sendusing`)
          .get(''),
        1,
      );
      assert.equal(
        errorOf(() => m.put('Configuration', 'x')),
        '80020005',
      );
    },
  ],
  [
    'Message.AutoGenerateTextBody',
    (b, m) => {
      assert.equal(m.get('AutoGenerateTextBody'), true);
      m.put('AutoGenerateTextBody', false);
      m.put('HTMLBody', '<p>h</p>');
      assert.equal(m.get('TextBody'), '');
      assert.equal(opened(b, RECEIVED).get('AutoGenerateTextBody'), false);
    },
  ],
  [
    'Message.EnvelopeFields',
    (_, m) => {
      assert.equal(
        errorOf(() => m.get('EnvelopeFields')),
        '80040208',
      );
    },
  ],
  [
    'Message.TextBodyPart',
    (_, m) => {
      m.put('TextBody', 't');
      assert.equal(m.of('TextBodyPart').get('ContentMediaType'), 'text/plain');
    },
  ],
  [
    'Message.HTMLBodyPart',
    (_, m) => {
      assert.equal(m.get('HTMLBodyPart'), NOTHING);
      m.put('HTMLBody', '<p>h</p>');
      m.of('HTMLBodyPart').put('Charset', 'utf-8');
      assert.equal(m.of('HTMLBodyPart').get('Charset'), 'utf-8');
    },
  ],
  [
    'Message.BodyPart',
    (_, m) => {
      assert.equal(m.of('BodyPart').get('Parent'), NOTHING);
      assert.equal(m.get('BodyPart'), m.get('BodyPart'));
      readOnly(m, 'BodyPart');
    },
  ],
  [
    'Message.DataSource',
    (_, m) => {
      assert.equal(m.of('DataSource').get('SourceClass'), '');
    },
  ],
  [
    'Message.Fields',
    (_, m) => {
      m.put('Fields', 'urn:schemas:httpmail:subject', 'by field');
      assert.equal(m.get('Subject'), '', 'not before Update');
      m.of('Fields').call('Update');
      assert.equal(m.get('Subject'), 'by field');
    },
  ],
  [
    'Message.MDNRequested',
    (b, m) => {
      assert.equal(m.get('MDNRequested'), false);
      m.put('MDNRequested', true);
      m.put('From', 'a@x');
      m.put('To', 'b@x');
      m.call('Send');
      assert.match(b.files()[0]!, /Disposition-Notification-To: <a@x>\r\n/);
      m.put('MDNRequested', false);
      m.call('Send');
      assert.doesNotMatch(b.files()[1]!, /Disposition-Notification-To/);
    },
  ],
  [
    'Message.AddRelatedBodyPart',
    (_, m) => {
      const file = join(temporaryFolder(), 'logo.gif');
      writeFileSync(file, 'GIF89a');
      m.put('MimeFormatted', false);
      m.put('HTMLBody', '<img src="cid:logo">');
      const part = script(m.call('AddRelatedBodyPart', file, 'logo', 0) as never);
      assert.equal(part.of('Fields', 'urn:schemas:mailheader:content-id').get(''), '<logo>');
      assert.equal(m.get('MimeFormatted'), true);
      assert.equal(m.of('Attachments').get('Count'), 0);
      assert.equal(part.of('Parent').get('ContentMediaType'), 'multipart/related');
      assert.equal(
        errorOf(() => m.call('AddRelatedBodyPart', file)),
        '8002000E',
      );
    },
  ],
  [
    'Message.AddAttachment',
    (_, m) => {
      const file = join(temporaryFolder(), 'report.pdf');
      writeFileSync(file, 'content');
      const part = script(m.call('AddAttachment', `file://${file}`) as never);
      assert.equal(part.get('FileName'), 'report.pdf');
      assert.equal(part.get('ContentMediaType'), 'application/pdf');
      assert.equal(
        errorOf(() => m.call('AddAttachment', `${file}.absent`)),
        '80070002',
      );
      assert.equal(
        errorOf(() => m.call('AddAttachment', 'relative.pdf')),
        '8007007B',
      );
    },
  ],
  [
    'Message.CreateMHTMLBody',
    (_, m) => {
      const folder = temporaryFolder();
      writeFileSync(
        join(folder, 'p.htm'),
        '<img src="logo.gif"><link rel=stylesheet href="s.css"><img src="gone.gif">',
      );
      writeFileSync(join(folder, 'logo.gif'), 'GIF89a');
      writeFileSync(join(folder, 's.css'), 'p {}');
      m.call('CreateMHTMLBody', join(folder, 'p.htm'), 16);
      const html = m.get('HTMLBody') as string;
      assert.match(
        html,
        /^<img src="cid:[^"]+_CDOSYS"><link rel=stylesheet href="s\.css"><img src="gone\.gif">$/,
      );
      m.call('CreateMHTMLBody', join(folder, 'p.htm'));
      assert.match(m.get('HTMLBody') as string, /href="cid:/);
      assert.equal(
        errorOf(() => m.call('CreateMHTMLBody', join(folder, 'logo.gif'))),
        '80040216',
      );
    },
  ],
  [
    'Message.Forward',
    (b) => {
      const original = opened(
        b,
        `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n${RECEIVED.replace('body text', '--b\n\ntext\n--b\nContent-Disposition: attachment; filename=a.txt\n\nA\n--b--')}`,
      );
      const copy = script(original.call('Forward') as never);
      assert.deepEqual([copy.get('Subject'), copy.get('To'), copy.get('CC')], ['FW: hello', '', '']);
      assert.equal(copy.of('Attachments').get('Count'), 1);
      assert.equal(copy.of('Attachments', 1).get('FileName'), 'a.txt');
    },
  ],
  [
    'Message.Reply',
    (b) => {
      const original = opened(b, RECEIVED);
      const answer = script(original.call('Reply') as never);
      assert.deepEqual(
        [answer.get('Subject'), answer.get('To'), answer.get('CC')],
        ['RE: hello', '<a@x>', ''],
      );
      const field = (name: string): unknown => answer.of('Fields', `urn:schemas:mailheader:${name}`).get('');
      assert.deepEqual([field('in-reply-to'), field('references')], ['<1@x>', '<1@x>']);
      const index = Buffer.from(field('thread-index') as string, 'base64');
      assert.equal(index.length, 27);
      assert.equal(script(answer.call('Reply') as never).get('Subject'), 'RE: hello');
    },
  ],
  [
    'Message.ReplyAll',
    (b) => {
      const answer = script(opened(b, RECEIVED).call('ReplyAll') as never);
      assert.deepEqual([answer.get('To'), answer.get('CC')], ['<a@x>, <b@x>, <c@x>', '<d@x>']);
    },
  ],
  [
    'Message.PostReply',
    (b) => {
      const answer = script(
        opened(b, `Newsgroups: alt.a\nFollowup-To: alt.b\n${RECEIVED}`).call('PostReply') as never,
      );
      assert.deepEqual(
        [answer.get('Newsgroups'), answer.get('Subject'), answer.get('To')],
        ['alt.b', 'RE: hello', ''],
      );
    },
  ],
  [
    'Message.Post',
    (b, m) => {
      const fields = m.of('Configuration').of('Fields');
      assert.equal(
        errorOf(() => m.call('Post')),
        '80040221',
      );
      fields.put('Item', `${C}postusing`, 1);
      assert.equal(
        errorOf(() => m.call('Post')),
        '80040222',
      );
      fields.put('Item', `${C}nntpserverpickupdirectory`, b.pickup);
      assert.equal(
        errorOf(() => m.call('Post')),
        '80040214',
      );
      m.put('From', 'a@x');
      m.put('Subject', 's');
      m.put('Newsgroups', 'alt.test');
      m.call('Post');
      assert.match(b.files()[0]!, /^thread-index: .*\r\nNewsgroups: alt\.test\r\n/s);
    },
  ],
  [
    'Message.Send',
    (b, m) => {
      m.put('From', 'a@x');
      m.put('To', 'b@x');
      m.call('Send');
      m.call('Send');
      const ids = b.files().map((file) => /Message-ID: (.*)\r/.exec(file)![1]);
      assert.equal(new Set(ids).size, 2, 'a new Message-ID each time');
    },
  ],
  [
    'Message.GetStream',
    (_, m) => {
      m.put('Subject', 'before');
      const stream = m.of('GetStream');
      assert.deepEqual([stream.get('State'), stream.get('Type'), stream.get('Charset')], [1, 2, 'us-ascii']);
      const text = stream.call('ReadText') as string;
      stream.put('Position', 0);
      stream.call('SetEOS');
      stream.call('WriteText', text.replaceAll('before', 'after'));
      assert.equal(m.get('Subject'), 'before');
      stream.call('Flush');
      assert.equal(m.get('Subject'), 'after');
    },
  ],
  [
    'Message.GetInterface',
    (_, m) => {
      assert.equal(script(m.call('GetInterface', 'IBodyPart') as never).object, m.get('BodyPart'));
      assert.equal(script(m.call('GetInterface', 'idatasource') as never).object, m.get('DataSource'));
      assert.equal(m.call('GetInterface', 'IMessage'), m.object);
      assert.equal(
        errorOf(() => m.call('GetInterface', 'IUnheardOf')),
        '80004002',
      );
    },
  ],
  [
    'Message.ContentClass',
    (b, m) => {
      assert.equal(m.get('ContentClass'), 'urn:content-classes:message');
      m.put('ContentClass', 'urn:content-classes:calendarmessage');
      m.put('From', 'a@x');
      m.put('To', 'b@x');
      m.call('Send');
      assert.match(b.files()[0]!, /Content-Class: urn:content-classes:calendarmessage\r\n/);
    },
  ],
]);

/** A message with text, HTML and one attachment. */
const withParts = (m: Script): void => {
  m.put('HTMLBody', '<p>h</p>');
  const part = script(m.of('Attachments').call('Add') as never);
  part.put('ContentMediaType', 'application/octet-stream');
  part.of('Fields').put('Item', 'urn:schemas:mailheader:content-disposition', 'attachment; filename="a.bin"');
  part.of('Fields').call('Update');
  const stream = part.of('GetDecodedContentStream');
  stream.call('Write', Uint8Array.of(1, 2, 255));
  stream.call('Flush');
};

rows(
  [
    [
      'BodyPart.BodyParts',
      (_, m) => {
        const root = m.of('BodyPart');
        assert.equal(root.of('BodyParts').get('Count'), 2);
        assert.equal(root.of('BodyParts').of('Item', 1).get('ContentMediaType'), 'multipart/alternative');
      },
    ],
    [
      'BodyPart.ContentTransferEncoding',
      (_, m) => {
        const part = m.of('TextBodyPart');
        assert.equal(part.get('ContentTransferEncoding'), '7bit');
        part.put('ContentTransferEncoding', 'BASE64');
        assert.equal(part.get('ContentTransferEncoding'), 'base64');
        assert.equal(
          errorOf(() => part.put('ContentTransferEncoding', 'rot13')),
          '800CCE1D',
        );
        assert.equal(
          errorOf(() => m.of('BodyPart').put('ContentTransferEncoding', 'base64')),
          '8004021C',
        );
        assert.match(
          m.of('GetStream').call('ReadText') as string,
          /Content-Transfer-Encoding: base64\r\n\r\naA==/,
        );
      },
    ],
    [
      'BodyPart.ContentMediaType',
      (_, m) => {
        const part = m.of('Attachments', 1);
        part.put('ContentMediaType', 'application/pkcs7-mime;smime-type=signed-data;name="smime.p7m"');
        assert.equal(part.get('ContentMediaType'), 'application/pkcs7-mime');
        assert.equal(
          part.call('GetFieldParameter', 'urn:schemas:mailheader:content-type', 'smime-type'),
          'signed-data',
        );
      },
    ],
    [
      'BodyPart.Fields',
      (_, m) => {
        const part = m.of('Attachments', 1);
        part.put('Fields', 'urn:schemas:mailheader:content-id', '<a>');
        part.of('Fields').call('Update');
        assert.match(part.of('GetStream').call('ReadText') as string, /Content-ID: <a>\r\n/);
      },
    ],
    [
      'BodyPart.Charset',
      (_, m) => {
        const part = m.of('HTMLBodyPart');
        assert.equal(part.get('Charset'), 'us-ascii');
        m.put('HTMLBody', '<p>ü</p>');
        part.put('Charset', 'iso-8859-1');
        assert.match(
          m.of('GetStream').call('ReadText') as string,
          /charset="iso-8859-1"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=FC<\/p>/,
        );
        assert.equal(
          errorOf(() => part.put('Charset', 'klingon')),
          '8004022B',
        );
      },
    ],
    ['BodyPart.FileName', (_, m) => assert.equal(m.of('Attachments', 1).get('FileName'), 'a.bin')],
    [
      'BodyPart.DataSource',
      (b, m) => {
        const stream = script(b.create('ADODB.Stream'));
        stream.call('Open');
        m.of('Attachments', 1).of('DataSource').call('SaveToObject', stream.object, '_Stream');
        stream.put('Type', 1);
        assert.match(
          Buffer.from(stream.call('Read') as Uint8Array).toString('latin1'),
          /^Content-Type: application\/octet-stream\r\n/,
        );
        assert.equal(m.of('BodyPart').get('DataSource'), m.get('DataSource'));
      },
    ],
    [
      'BodyPart.ContentClass',
      (_, m) => {
        m.of('BodyPart').put('ContentClass', 'urn:content-classes:x');
        assert.equal(m.get('ContentClass'), 'urn:content-classes:x');
      },
    ],
    [
      'BodyPart.ContentClassName',
      (_, m) => {
        assert.equal(m.of('BodyPart').get('ContentClassName'), 'urn:content-classes:message');
      },
    ],
    ['BodyPart.Parent', (_, m) => assert.equal(m.of('Attachments', 1).get('Parent'), m.get('BodyPart'))],
    [
      'BodyPart.AddBodyPart',
      (b) => {
        const m = script(b.create('CDO.Message'));
        const part = script(m.of('BodyPart').call('AddBodyPart') as never);
        assert.equal(m.of('BodyPart').get('ContentMediaType'), 'multipart/mixed');
        part.put('ContentMediaType', 'text/html');
        const stream = part.of('GetDecodedContentStream');
        stream.call('WriteText', '<p>x</p>');
        stream.call('Flush');
        script(m.of('BodyPart').call('AddBodyPart', 1) as never).put('ContentMediaType', 'text/plain');
        assert.deepEqual(
          [1, 2].map((index) => m.of('BodyPart').of('BodyParts').of('Item', index).get('ContentMediaType')),
          ['text/plain', 'text/html'],
        );
      },
    ],
    [
      'BodyPart.SaveToFile',
      (_, m) => {
        const path = join(temporaryFolder(), 'out.bin');
        m.of('Attachments', 1).call('SaveToFile', path);
        assert.deepEqual([...readFileSync(path)], [1, 2, 255]);
        assert.equal(
          errorOf(() => m.of('Attachments', 1).call('SaveToFile', '/no/such/folder/x')),
          '80070003',
        );
      },
    ],
    [
      'BodyPart.GetEncodedContentStream',
      (_, m) => {
        const part = m.of('Attachments', 1);
        part.put('ContentTransferEncoding', 'base64');
        assert.equal(part.of('GetEncodedContentStream').call('ReadText'), 'AQL/\r\n');
        assert.equal(
          errorOf(() => m.of('BodyPart').call('GetEncodedContentStream')),
          '8004021B',
        );
      },
    ],
    [
      'BodyPart.GetDecodedContentStream',
      (_, m) => {
        const stream = m.of('Attachments', 1).of('GetDecodedContentStream');
        assert.equal(stream.get('Type'), 1);
        assert.deepEqual([...(stream.call('Read') as Uint8Array)], [1, 2, 255]);
        const text = m.of('TextBodyPart').of('GetDecodedContentStream');
        assert.equal(text.call('ReadText'), 'h');
        text.put('Position', 0);
        text.call('SetEOS');
        text.call('WriteText', 'changed');
        assert.equal(m.get('TextBody'), 'h', 'without Flush nothing changes');
        text.call('Flush');
        assert.equal(m.get('TextBody'), 'changed');
        assert.equal(
          errorOf(() => m.of('BodyPart').call('GetDecodedContentStream')),
          '8004021B',
        );
      },
    ],
    [
      'BodyPart.GetStream',
      (_, m) => {
        assert.match(
          m.of('Attachments', 1).of('GetStream').call('ReadText') as string,
          /^Content-Type: .*\r\n\r\nAQL\/\r\n$/s,
        );
      },
    ],
    [
      'BodyPart.GetFieldParameter',
      (_, m) => {
        const part = m.of('HTMLBodyPart');
        part.put('Charset', 'utf-8');
        assert.equal(
          part.call('GetFieldParameter', 'urn:schemas:mailheader:content-type', 'charset'),
          'utf-8',
        );
        assert.equal(part.call('GetFieldParameter', 'urn:schemas:mailheader:content-type', 'absent'), '');
        assert.equal(
          errorOf(() => part.call('GetFieldParameter', 'urn:schemas:httpmail:subject', 'x')),
          '8004022A',
        );
      },
    ],
    [
      'BodyPart.GetInterface',
      (_, m) => {
        const part = m.of('BodyPart');
        assert.equal(part.call('GetInterface', 'IBodyPart'), part.object);
        assert.equal(
          errorOf(() => part.call('GetInterface', 'IMessage2')),
          '80004002',
        );
      },
    ],
    [
      'BodyParts.Count',
      (_, m) => {
        assert.equal(m.of('Attachments').get('Count'), 1);
      },
    ],
    [
      'BodyParts.Item',
      (_, m) => {
        assert.equal(m.of('Attachments').get('', 1), m.of('Attachments').get('Item', 1));
        assert.equal(
          errorOf(() => m.of('Attachments').get('Item', 0)),
          '800CCE05',
        );
        assert.equal(
          errorOf(() => m.of('Attachments').get('Item', 2)),
          '800CCE05',
        );
      },
    ],
    [
      'BodyParts._NewEnum',
      (_, m) => {
        const parts = [...{ [Symbol.iterator]: () => m.of('Attachments').object.enumerate!() }];
        assert.deepEqual(parts, [m.of('Attachments').get('Item', 1)]);
      },
    ],
    [
      'BodyParts.Add',
      (_, m) => {
        const part = m.of('Attachments').call('Add', 1);
        assert.equal(m.of('Attachments').get('Item', 1), part);
        assert.equal(m.of('Attachments').get('Count'), 2);
      },
    ],
    [
      'BodyParts.Delete',
      (_, m) => {
        const part = m.of('Attachments').get('Item', 1);
        assert.ok(isAutomationObject(part));
        m.of('Attachments').call('Delete', part);
        assert.equal(m.of('Attachments').get('Count'), 0);
        assert.equal(
          errorOf(() => m.of('Attachments').call('Delete', 1)),
          '800CCE05',
        );
      },
    ],
    [
      'BodyParts.DeleteAll',
      (_, m) => {
        m.of('Attachments').call('DeleteAll');
        assert.equal(m.of('Attachments').get('Count'), 0);
        assert.doesNotMatch(
          m.of('GetStream').call('ReadText') as string,
          /multipart\/mixed/,
          'the only child is promoted',
        );
      },
    ],
  ],
  withParts,
);

/** Three messages in the drop folder, as a script gets them. */
function dropped(b: Bench): Script {
  for (const name of ['1.eml', '2.eml', '3.eml'])
    writeFileSync(join(b.drop, name), `Subject: ${name}\r\n\r\n`);
  return script(script(b.create('CDO.DropDirectory')).call('GetMessages') as never);
}

rows([
  [
    'DropDirectory.GetMessages',
    (b) => {
      assert.equal(dropped(b).get('Count'), 3);
      assert.equal(
        errorOf(() => script(b.create('CDO.DropDirectory')).call('GetMessages', '/no/such')),
        '80070003',
      );
    },
  ],
  ['Messages.Count', (b) => assert.equal(dropped(b).get('Count'), 3)],
  [
    'Messages.Item',
    (b) => {
      const messages = dropped(b);
      assert.equal(messages.of('Item', 3).get('Subject'), '3.eml');
      assert.equal(messages.get('', 1), messages.get('Item', 1));
      assert.equal(
        errorOf(() => messages.get('Item', 4)),
        '8002000B',
      );
    },
  ],
  [
    'Messages.FileName',
    (b) => {
      const messages = dropped(b);
      assert.equal(messages.get('FileName', 2), join(b.drop, '2.eml'));
      assert.equal(messages.get('FileName', messages.get('Item', 3)), join(b.drop, '3.eml'));
    },
  ],
  [
    'Messages.Delete',
    (b) => {
      const messages = dropped(b);
      messages.call('Delete', messages.get('Item', 1));
      assert.equal(existsSync(join(b.drop, '1.eml')), false);
      assert.equal(messages.of('Item', 1).get('Subject'), '2.eml');
    },
  ],
  [
    'Messages.DeleteAll',
    (b) => {
      const messages = dropped(b);
      messages.call('DeleteAll');
      assert.equal(messages.get('Count'), 0);
      assert.equal(existsSync(join(b.drop, '3.eml')), false);
    },
  ],
  [
    'Messages._NewEnum',
    (b) => {
      const messages = dropped(b);
      const subjects: unknown[] = [];
      for (const message of { [Symbol.iterator]: () => messages.object.enumerate!() }) {
        subjects.push(script(message as never).get('Subject'));
        messages.call('Delete', message);
      }
      assert.deepEqual(subjects, ['1.eml', '2.eml', '3.eml'], 'deleting inside the loop skips none');
    },
  ],
  [
    'Configuration.Fields',
    (b) => {
      const c = script(b.create('CDO.Configuration'));
      c.put('', `${C}smtpserver`, 'one');
      assert.equal(c.of('Fields').of('Item', `${C}smtpserver`).get('Value'), 'one');
      assert.equal(
        errorOf(() => c.put('Fields', 'x')),
        '80020003',
      );
    },
  ],
  [
    'Configuration.Load',
    (b) => {
      const c = script(b.create('CDO.Configuration'));
      c.put('', `${C}smtpserver`, 'one');
      c.of('Fields').call('Update');
      c.call('Load', 1);
      assert.equal(c.of('Fields', `${C}smtpserver`).get(''), undefined);
      assert.equal(c.of('Fields', `${C}sendusing`).get(''), 1);
      assert.equal(
        errorOf(() => c.call('Load', 9)),
        '80044000',
      );
    },
  ],
  [
    'Configuration.GetInterface',
    (b) => {
      const c = script(b.create('CDO.Configuration'));
      assert.equal(c.call('GetInterface', 'IConfiguration'), c.object);
      assert.equal(
        errorOf(() => c.call('GetInterface', 'IMessage')),
        '80004002',
      );
    },
  ],
  [
    'DataSource.OpenObject',
    (b, m) => {
      const inner = opened(b, RECEIVED);
      m.of('DataSource').call('OpenObject', inner.object, 'IMessage');
      assert.equal(m.get('Subject'), 'hello');
      assert.equal(
        errorOf(() => m.of('DataSource').call('OpenObject', inner.object, 'IUnheardOf')),
        '80040203',
      );
      assert.equal(
        errorOf(() => m.of('DataSource').call('OpenObject', b.create('CDO.Configuration'), '_Stream')),
        '80040203',
      );
    },
  ],
  [
    'DataSource.SaveToObject',
    (b, m) => {
      m.put('Subject', 'embedded');
      const outer = script(b.create('CDO.Message'));
      const part = outer.call('AddAttachment', join(import.meta.dirname, 'support.ts'));
      m.of('DataSource').call('SaveToObject', part as never, 'IBodyPart');
      assert.equal(script(part as never).get('ContentMediaType'), 'message/rfc822');
      const again = script(b.create('CDO.Message'));
      again.of('DataSource').call('OpenObject', part as never, 'IBodyPart');
      assert.equal(again.get('Subject'), 'embedded');
      assert.equal(
        errorOf(() => m.of('DataSource').call('SaveToObject', m.object, 'IMessage')),
        '80040234',
      );
    },
  ],
  [
    'DataSource.Save',
    (b, m) => {
      assert.equal(
        errorOf(() => m.of('DataSource').call('Save')),
        '80040202',
      );
      const stream = script(b.create('ADODB.Stream'));
      stream.call('Open');
      m.of('DataSource').call('SaveToObject', stream.object, '_Stream');
      m.put('Subject', 'later');
      m.of('DataSource').call('Save');
      stream.put('Type', 2);
      stream.put('Charset', 'us-ascii');
      assert.match(stream.call('ReadText') as string, /Subject: later\r\n/);
    },
  ],
  [
    'DataSource.Open',
    (_, m) =>
      assert.equal(
        errorOf(() => m.of('DataSource').call('Open', 'file://x')),
        '80004001',
      ),
  ],
  [
    'DataSource.SaveTo',
    (_, m) =>
      assert.equal(
        errorOf(() => m.of('DataSource').call('SaveTo', 'x')),
        '80004001',
      ),
  ],
  [
    'DataSource.SaveToContainer',
    (_, m) =>
      assert.equal(
        errorOf(() => m.of('DataSource').call('SaveToContainer', 'x')),
        '80004001',
      ),
  ],
  [
    'DataSource.Source',
    (b, m) => {
      assert.equal(m.of('DataSource').get('Source'), NOTHING);
      const inner = opened(b, RECEIVED);
      m.of('DataSource').call('OpenObject', inner.object, 'IMessage');
      assert.equal(m.of('DataSource').get('Source'), inner.object);
    },
  ],
  [
    'DataSource.SourceClass',
    (b, m) => {
      m.of('DataSource').call('OpenObject', opened(b, RECEIVED).object, 'IMessage');
      assert.equal(m.of('DataSource').get('SourceClass'), 'IMessage');
    },
  ],
  ['DataSource.SourceURL', (_, m) => assert.equal(m.of('DataSource').get('SourceURL'), '')],
  [
    'DataSource.IsDirty',
    (b, m) => {
      m.of('DataSource').call('OpenObject', opened(b, RECEIVED).object, 'IMessage');
      assert.equal(m.of('DataSource').get('IsDirty'), false);
      m.put('Subject', 'changed');
      assert.equal(m.of('DataSource').get('IsDirty'), true);
    },
  ],
  [
    'DataSource.ActiveConnection',
    (_, m) => assert.equal(m.of('DataSource').get('ActiveConnection'), NOTHING),
  ],
  [
    'Fields.Item',
    (_, m) => {
      const f = m.of('Fields');
      f.put('Item', 'urn:schemas:mailheader:X-A', 'one');
      assert.equal(f.of('', 'urn:schemas:mailheader:x-a').get(''), 'one', 'header names have no case');
      assert.equal(f.of('Item', (f.get('Count') as number) - 1).get('Name'), 'urn:schemas:mailheader:X-A');
      assert.equal(
        errorOf(() => f.get('Item', 99)),
        '8002000B',
      );
    },
  ],
  [
    'Fields.Update',
    (_, m) => {
      m.of('Fields').put('Item', 'urn:schemas:httpmail:subject', 's');
      assert.equal(m.get('Subject'), '');
      m.of('Fields').call('Update');
      assert.equal(m.get('Subject'), 's');
    },
  ],
  [
    'Fields.Resync',
    (_, m) => {
      m.put('Subject', 'kept');
      m.of('Fields').put('Item', 'urn:schemas:httpmail:subject', 'dropped');
      m.of('Fields').call('Resync', 2);
      m.of('Fields').call('Update');
      assert.equal(m.get('Subject'), 'kept');
    },
  ],
  [
    'Fields.Append',
    (_, m) => {
      m.of('Fields').call('Append', 'urn:schemas:mailheader:X-Foo', 8, 256, MISSING, 'v');
      m.of('Fields').call('Update');
      assert.match(m.of('GetStream').call('ReadText') as string, /X-Foo: v\r\n/);
    },
  ],
  [
    'Fields.Delete',
    (_, m) => {
      m.of('Fields').put('Item', 'urn:schemas:mailheader:X-Foo', 'v');
      m.of('Fields').call('Update');
      m.of('Fields').call('Delete', 'urn:schemas:mailheader:x-foo');
      assert.doesNotMatch(m.of('GetStream').call('ReadText') as string, /X-Foo/);
      assert.equal(
        errorOf(() => m.of('Fields').call('Delete', 'urn:schemas:httpmail:hasattachment')),
        '80040228',
      );
    },
  ],
  [
    'Fields.Count',
    (b) => {
      assert.equal(script(b.create('CDO.Configuration')).of('Fields').get('Count'), 2);
    },
  ],
  [
    'Fields._NewEnum',
    (b) => {
      const names: unknown[] = [];
      const fields = script(b.create('CDO.Configuration')).of('Fields');
      for (const field of { [Symbol.iterator]: () => fields.object.enumerate!() })
        names.push(script(field as never).get('Name'));
      assert.deepEqual(names, [`${C}sendusing`, `${C}smtpserverpickupdirectory`]);
    },
  ],
  [
    'Field.Value',
    (b) => {
      const f = script(b.create('CDO.Configuration')).of('Fields', `${C}smtpserverport`);
      assert.equal(f.get('Value'), undefined);
      f.put('', '25');
      assert.equal(f.get('Value'), '25', 'the variant keeps its type');
      f.put('Value', null);
      assert.equal(f.get(''), undefined, 'Null removes');
    },
  ],
  [
    'Field.Name',
    (b) => assert.equal(script(b.create('CDO.Configuration')).of('Fields', `${C}x`).get('Name'), `${C}x`),
  ],
  [
    'Field.Type',
    (b) => {
      const f = script(b.create('CDO.Configuration')).of('Fields', 'CalendarLocation');
      const types = ['text', 17, true, undefined].map((value) => {
        f.put('Value', value);
        return f.get('Type');
      });
      assert.deepEqual(types, [202, 3, 11, 0]);
    },
  ],
  [
    'Field.ActualSize',
    (b) => {
      const f = script(b.create('CDO.Configuration')).of('Fields', 'x');
      f.put('Value', 'four');
      assert.equal(f.get('ActualSize'), 8);
    },
  ],
  [
    'Field.DefinedSize',
    (b) => {
      const f = script(b.create('CDO.Configuration')).of('Fields', 'x');
      f.put('Value', 7);
      assert.equal(f.get('DefinedSize'), 4);
    },
  ],
  [
    'Field.Attributes',
    (b) => assert.equal(script(b.create('CDO.Configuration')).of('Fields', 'x').get('Attributes'), 4),
  ],
  [
    'Message (an unknown member)',
    (_, m) => {
      assert.equal(
        errorOf(() => m.put('Bodytext', 'x')),
        (DISP_E.unknownName >>> 0).toString(16).toUpperCase(),
      );
    },
  ],
]);

/** An open text stream in us-ascii. */
function stream(b: Bench, content = ''): Script {
  const s = script(b.create('ADODB.Stream'));
  s.put('Charset', 'us-ascii');
  s.call('Open');
  if (content !== '') {
    s.call('WriteText', content);
    s.put('Position', 0);
  }
  return s;
}

rows([
  [
    'Stream.Type',
    (b) => {
      const s = script(b.create('ADODB.Stream'));
      assert.equal(s.get('Type'), 2);
      s.call('Open');
      s.call('WriteText', 'x');
      assert.equal(
        errorOf(() => s.put('Type', 1)),
        '800A0C93',
      );
      s.put('Position', 0);
      s.put('Type', 1);
      assert.deepEqual(
        [...(s.call('Read') as Uint8Array)],
        [0xff, 0xfe, 0x78, 0],
        'fresh streams are Unicode',
      );
      assert.equal(
        errorOf(() => s.put('Type', 3)),
        '800A0BB9',
      );
    },
  ],
  [
    'Stream.Charset',
    (b) => {
      assert.equal(script(b.create('ADODB.Stream')).get('Charset'), 'Unicode');
      const s = stream(b, 'abc');
      s.call('ReadText', 1);
      assert.equal(
        errorOf(() => s.put('Charset', 'utf-8')),
        '800A0C93',
      );
      assert.equal(
        errorOf(() => stream(b).put('Charset', 'klingon')),
        '800A0BB9',
      );
    },
  ],
  [
    'Stream.Mode',
    (b) => {
      const s = script(b.create('ADODB.Stream'));
      s.put('Mode', 3);
      assert.equal(s.get('Mode'), 3);
      s.call('Open');
      assert.equal(
        errorOf(() => s.put('Mode', 1)),
        '800A0E79',
      );
    },
  ],
  [
    'Stream.State',
    (b) => {
      const s = script(b.create('ADODB.Stream'));
      assert.equal(s.get('State'), 0);
      s.call('Open');
      assert.equal(s.get('State'), 1);
    },
  ],
  [
    'Stream.Open',
    (b) => {
      assert.equal(
        errorOf(() => script(b.create('ADODB.Stream')).call('ReadText')),
        '800A0E78',
      );
      assert.equal(
        errorOf(() => stream(b).call('Open')),
        '800A0E79',
      );
    },
  ],
  [
    'Stream.Close',
    (b, m) => {
      const s = stream(b, 'x');
      s.call('Close');
      assert.equal(
        errorOf(() => s.get('Size')),
        '800A0E78',
      );
      const own = m.of('GetStream');
      own.call('Close');
      assert.equal(
        errorOf(() => own.call('ReadText')),
        '8004022C',
      );
    },
  ],
  [
    'Stream.Position',
    (b) => {
      const s = stream(b, 'abc');
      s.put('Position', 2);
      assert.equal(s.call('ReadText'), 'c');
      s.put('Position', 5);
      assert.equal(s.get('Size'), 5);
      assert.equal(
        errorOf(() => s.put('Position', -1)),
        '800A0BB9',
      );
    },
  ],
  ['Stream.Size', (b) => assert.equal(stream(b, 'abc').get('Size'), 3)],
  [
    'Stream.EOS',
    (b) => {
      const s = stream(b, 'a');
      assert.equal(s.get('EOS'), false);
      s.call('ReadText');
      assert.equal(s.get('EOS'), true);
    },
  ],
  [
    'Stream.SetEOS',
    (b) => {
      const s = stream(b, 'abc');
      s.put('Position', 1);
      s.call('SetEOS');
      assert.equal(s.get('Size'), 1);
    },
  ],
  [
    'Stream.ReadText',
    (b) => {
      const s = stream(b, 'one\r\ntwo\r\nthree');
      assert.equal(s.call('ReadText', -2), 'one');
      assert.equal(s.call('ReadText', 2), 'tw');
      assert.equal(s.call('ReadText', -1), 'o\r\nthree');
      assert.equal(s.call('ReadText'), '');
      s.put('Position', 0);
      s.put('Type', 1);
      assert.equal(
        errorOf(() => s.call('ReadText')),
        '800A0C93',
      );
    },
  ],
  [
    'Stream.WriteText',
    (b) => {
      const s = stream(b);
      s.call('WriteText', 'one', 1);
      s.call('WriteText', 'two');
      s.put('Position', 0);
      assert.equal(s.call('ReadText'), 'one\r\ntwo');
      s.put('Position', 0);
      s.call('WriteText', 'O');
      s.put('Position', 0);
      assert.equal(s.call('ReadText'), 'One\r\ntwo', 'writes over what stands there');
    },
  ],
  [
    'Stream.SkipLine',
    (b) => {
      const s = stream(b, 'one\r\ntwo');
      s.call('SkipLine');
      assert.equal(s.call('ReadText'), 'two');
    },
  ],
  [
    'Stream.LineSeparator',
    (b) => {
      const s = stream(b, 'a\nb\rc');
      assert.equal(s.get('LineSeparator'), -1);
      s.put('LineSeparator', 10);
      assert.equal(s.call('ReadText', -2), 'a');
      s.put('LineSeparator', 13);
      assert.equal(s.call('ReadText', -2), 'b');
      assert.equal(
        errorOf(() => s.put('LineSeparator', 7)),
        '800A0BB9',
      );
    },
  ],
  [
    'Stream.Read',
    (b) => {
      const s = stream(b, 'abc');
      assert.equal(
        errorOf(() => s.call('Read')),
        '800A0C93',
      );
      s.put('Type', 1);
      assert.deepEqual([...(s.call('Read', 2) as Uint8Array)], [97, 98]);
      assert.deepEqual([...(s.call('Read') as Uint8Array)], [99]);
      assert.equal(s.call('Read'), null);
    },
  ],
  [
    'Stream.Write',
    (b) => {
      const s = stream(b);
      s.put('Type', 1);
      s.call('Write', Uint8Array.of(0, 255));
      assert.equal(s.get('Size'), 2);
      assert.equal(
        errorOf(() => s.call('Write', 'text')),
        '80020005',
      );
    },
  ],
  [
    'Stream.LoadFromFile',
    (b) => {
      const path = join(temporaryFolder(), 'x.txt');
      writeFileSync(path, 'content');
      const s = stream(b, 'old');
      s.call('LoadFromFile', path);
      assert.equal(s.call('ReadText'), 'content');
      assert.equal(
        errorOf(() => s.call('LoadFromFile', '/no/such/file')),
        '800A0BBA',
      );
    },
  ],
  [
    'Stream.SaveToFile',
    (b) => {
      const path = join(temporaryFolder(), 'x.txt');
      const s = stream(b, 'content');
      s.call('SaveToFile', path);
      assert.equal(readFileSync(path, 'utf8'), 'content');
      assert.equal(
        errorOf(() => s.call('SaveToFile', path)),
        '800A0BBC',
      );
      s.call('SaveToFile', path, 2);
    },
  ],
  [
    'Stream.CopyTo',
    (b) => {
      const target = stream(b);
      const source = stream(b, 'abcdef');
      source.call('CopyTo', target.object, 3);
      source.call('CopyTo', target.object);
      target.put('Position', 0);
      assert.equal(target.call('ReadText'), 'abcdef');
      assert.equal(
        errorOf(() => source.call('CopyTo', b.create('CDO.Message'))),
        '80020005',
      );
    },
  ],
  [
    'Stream.Flush',
    (_, m) => {
      m.put('TextBody', 'one');
      const s = m.of('TextBodyPart').of('GetDecodedContentStream');
      s.call('WriteText', 'two');
      s.call('Flush');
      assert.equal(m.get('TextBody'), 'two');
    },
  ],
  [
    'CDO.Message, CDO.Configuration, CDO.DropDirectory and ADODB.Stream are creatable by name and class id',
    (b) => {
      for (const name of [
        'CDO.Message',
        'cdo.configuration.1',
        'CDO.DropDirectory',
        'ADODB.Stream',
        '{CD000001-8B95-11D1-82DB-00C04FB1625D}',
        '{cd000002-8b95-11d1-82db-00c04fb1625d}',
        '{CD000004-8B95-11D1-82DB-00C04FB1625D}',
      ])
        assert.ok(b.create(name), name);
    },
  ],
]);
