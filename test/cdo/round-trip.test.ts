/** What Message writes, Message reads back equal; and no message makes it fall over. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHost, Message, PROFILES, type ProfileName, textFromHtml } from '../../src/cdo/index.ts';
import { TORTURE } from '../message/corpus/write.ts';
import { makeBench } from './support.ts';

/** What a reader of a message sees. */
function view(message: Message) {
  return {
    from: message.from,
    to: message.to,
    cc: message.cc,
    subject: message.subject,
    text: message.textBody,
    html: message.htmlBody,
    attachments: [...message.attachments].map((part) => [
      part.fileName,
      part.contentMediaType,
      part.bodyParts.count === 0 ? part.content().toString('latin1') : part.bodyParts.count,
    ]),
  };
}

/** Uuencoded blocks need a line of their own: the text before them may gain a line end. */
const trimmed = (seen: ReturnType<typeof view>) => ({ ...seen, text: seen.text.trimEnd() });

for (const [name, bytes] of Object.entries(TORTURE)) {
  test(`torture message '${name}' is opened, written and read back equal`, () => {
    const { host } = makeBench();
    const first = Message.from(bytes, { host });
    const seen = trimmed(view(first));
    const written = first.toBuffer();
    const second = Message.from(written, { host });
    assert.deepEqual(trimmed(view(second)), seen);
    // From the second writing on nothing changes any more.
    assert.ok(second.toBuffer().equals(written));
    second.subject = 'changed';
    second.reply();
    second.forward();
    assert.equal(Message.from(second.toBuffer(), { host }).subject, 'changed');
  });
}

test('a message that nobody changes is written byte for byte as it was', () => {
  for (const name of [
    'signed',
    'report',
    'digest',
    'message in a message in a message',
    'five thousand parts',
  ]) {
    const bytes = TORTURE[name]!;
    const written = Message.from(bytes, { host: makeBench().host }).toBuffer();
    const expected = bytes.toString('latin1');
    assert.equal(written.toString('latin1').replace(/\r\n$/, ''), expected.replace(/\r\n$/, ''), name);
  }
});

const line = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .map((text) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?'));
const oneLine = line.map((text) => text.replace(/\s+/gu, ' ').trim());
const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\r\n'));
const fileName = oneLine.map((name) => name.replace(/[\\/]/g, '_')).filter((name) => name !== '');
const attachments = fc.array(fc.record({ fileName, bytes: fc.uint8Array({ maxLength: 300 }) }), {
  maxLength: 3,
});

for (const profile of [
  'standards',
  'windows-2016',
  'windows-2000',
] as const satisfies readonly ProfileName[]) {
  test(`any subject, names, bodies and attachments survive in the profile ${profile}`, async () => {
    const host = createHost({ profile });
    await fc.assert(
      fc.asyncProperty(
        oneLine,
        oneLine,
        text,
        fc.option(text, { nil: undefined }),
        attachments,
        async (subject, name, body, html, files) => {
          const message = new Message({ host });
          // The profiles of the original need a charset to write anything outside ASCII.
          if (PROFILES[profile].output === 'original') message.bodyPart.charset = 'utf-8';
          message.subject = subject;
          message.from = `"${name.replace(/["\\]/g, '\\$&')}" <a@x.example>`;
          message.textBody = body;
          if (html !== undefined) message.htmlBody = html;
          if (PROFILES[profile].output === 'original') {
            message.textBodyPart!.charset = 'utf-8';
            if (message.htmlBodyPart !== undefined) message.htmlBodyPart.charset = 'utf-8';
          }
          for (const file of files)
            await message.addAttachment({
              content: file.bytes,
              fileName: file.fileName,
              contentType: 'application/octet-stream',
            });
          const read = Message.from(message.toBuffer(), { host });
          assert.deepEqual(view(read), view(message));
          assert.equal(read.subject, subject);
          assert.equal(read.textBody, body);
          assert.equal(read.htmlBody, html ?? '');
        },
      ),
      { numRuns: 60 },
    );
  });
}

test('in the standards profile every line is short and every byte is ASCII', () => {
  const host = createHost({ profile: 'standards' });
  fc.assert(
    fc.property(oneLine, text, fc.constantFrom('7bit', '8bit', undefined), (subject, body, encoding) => {
      const message = new Message({
        host,
        subject,
        from: 'a@x',
        to: 'b@x',
        textBody: `${body}${'long '.repeat(300)}`,
      });
      if (encoding !== undefined) message.textBodyPart!.contentTransferEncoding = encoding;
      const written = message.toBuffer().toString('latin1');
      for (const printed of written.split('\r\n')) assert.ok(printed.length <= 998, `${printed.length}`);
      if (encoding !== '8bit') assert.doesNotMatch(written, /[^\x00-\x7f]/);
      assert.equal(Message.from(message.toBuffer(), { host }).textBody, message.textBody);
    }),
    { numRuns: 50 },
  );
});

test('in the standards profile endless words and odd group names leave short ASCII lines that read back equal', () => {
  const host = createHost({ profile: 'standards' });
  const message = new Message({
    host,
    subject: 'x'.repeat(5000),
    from: `"${'y'.repeat(2000)}" <a@x.example>`,
  });
  message.to = 'Grün; Rot: b@x.example, c@x.example;';
  message.cc = '"odd: name": d@x.example;';
  const written = message.toBuffer().toString('latin1');
  for (const printed of written.split('\r\n')) assert.ok(printed.length <= 998);
  assert.doesNotMatch(written, /[^\x00-\x7f]/);
  assert.deepEqual(view(Message.from(message.toBuffer(), { host })), view(message));
});

test('text made from HTML: wrapped at 72, entities read, tables and lists laid out, never a throw', () => {
  const make = (html: string): string => textFromHtml(html, { leadingBlank: false });
  const cases: [string, string][] = [
    ['<p>a</p><p>b</p>', 'a\r\n\r\nb'],
    ['a<br>b<br><br>c', 'a\r\nb\r\n\r\nc'],
    ['<div>a</div><div>b</div>', 'a\r\nb'],
    ['<ul><li>one</li><li>two</li></ul>', '*\tone\r\n*\ttwo'],
    ['x<hr>y', 'x\r\n  _____\r\ny'],
    ['<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>', '1\t2\r\n3'],
    ['see <a href="http://h/?a=1&amp;b">here</a> now', 'see here\r\n<http://h/?a=1&b> now'],
    ['<a href="#top">top</a>', 'top'],
    ['&lt;b&gt; &amp; &uuml; &#8364; &#x20ac; &unknown; &#0;', '<b> & ü € € &unknown;'],
    ['<head><title>t</title></head><style>p{}</style><script>x<y</script>text', 'text'],
    ['<!-- <p>no</p> -->yes', 'yes'],
    ['a < b and c > d', 'a < b and c > d'],
    ['<pre>two  blanks\n  kept</pre>', 'two  blanks\r\n  kept'],
    ['<img src=x alt=y>only text', 'only text'],
    ['', ''],
  ];
  for (const [html, expected] of cases) assert.equal(make(html), expected, html);
  const words = make(`<p>${'word '.repeat(100)}</p>`);
  for (const printed of words.split('\r\n')) assert.ok(printed.length <= 72);
  assert.equal(textFromHtml('<p>a</p>', { leadingBlank: true }), ' a');
  const piece = fc.constantFrom(
    '<',
    '>',
    '</',
    '<p',
    '<a href="',
    '"',
    '<!--',
    '-->',
    '&',
    ';',
    'x',
    ' ',
    '<style>',
    '<td>',
    '</a>',
    "'",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      make(pieces.join(''));
    }),
    { numRuns: 300 },
  );
  for (const hostile of [
    '<',
    '<a "',
    '<style',
    '<head>',
    '<!--',
    '&',
    '<a href="x">',
    '<table><tr><td>',
    '<li>',
    '<a ',
  ])
    assert.equal(typeof make(hostile.repeat(100_000 / hostile.length)), 'string', hostile);
});
