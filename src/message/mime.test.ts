import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printField } from './header-print.ts';
import { type MimeNode, makeBoundary, printMimeWhole } from './mime-builder.ts';
import { type MimePart, parseMime } from './mime-tree.ts';

const parse = (lines: readonly string[]): MimePart => parseMime(Buffer.from(lines.join('\r\n'), 'latin1'));

test('reads nested parts, their contents, preamble and epilogue', () => {
  const root = parse([
    'Content-Type: multipart/mixed; boundary="a"',
    '',
    'preamble',
    '--a',
    'Content-Type: multipart/alternative; boundary=ab',
    '',
    '--ab',
    '',
    'plain',
    '--ab ',
    'Content-Type: text/html; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    '<b>gr=FCn</b>',
    '--ab--',
    '--a',
    'Content-Type: application/pdf; name="x.pdf"',
    'Content-Disposition: attachment; filename="y.pdf"',
    'Content-Transfer-Encoding: base64',
    '',
    'AAEC',
    '--a--',
    'epilogue',
  ]);
  assert.equal(root.preamble.toString(), 'preamble');
  assert.equal(root.epilogue.toString(), 'epilogue');
  assert.deepEqual(
    root.children.map((part) => part.contentType.value),
    ['multipart/alternative', 'application/pdf'],
  );
  assert.deepEqual(
    root.children[0]!.children.map((part) => part.text()),
    ['plain', '<b>grün</b>'],
  );
  assert.equal(root.children[1]!.fileName, 'y.pdf');
  assert.deepEqual([...root.children[1]!.decodedBody()], [0, 1, 2]);
  assert.deepEqual(root.defects, []);
});

test('reads the message inside message/rfc822, and digests', () => {
  const root = parse([
    'Content-Type: multipart/digest; boundary=d',
    '',
    '--d',
    '',
    'Subject: inner',
    '',
    'text',
    '--d--',
  ]);
  assert.equal(root.children[0]!.contentType.value, 'message/rfc822');
  assert.equal(root.children[0]!.children[0]!.header.value('subject'), 'inner');
  assert.equal(root.children[0]!.children[0]!.text(), 'text');
});

test('names what is wrong with a damaged structure and keeps the content', () => {
  const defects = (lines: readonly string[]): unknown => parse(lines).defects;
  assert.deepEqual(defects(['Content-Type: multipart/mixed', '', 'x']), ['boundary-missing']);
  assert.deepEqual(defects(['Content-Type: multipart/mixed; boundary=b', '', 'x']), ['boundary-not-found']);
  const open = parse(['Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'x']);
  assert.deepEqual(open.defects, ['closing-boundary-missing']);
  assert.equal(open.children[0]!.text(), 'x');
  assert.deepEqual(defects(['Content-Transfer-Encoding: rot13', '', 'x']), ['unknown-encoding']);
  assert.deepEqual(
    defects(['Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64', '', 'eA==']),
    ['encoded-multipart'],
  );
  const innerOpen = parse([
    'Content-Type: multipart/mixed; boundary=o',
    '',
    '--o',
    'Content-Type: multipart/mixed; boundary=i',
    '',
    '--i',
    '',
    'inner',
    '--o',
    '',
    'outer',
    '--o--',
  ]);
  assert.deepEqual(
    [...innerOpen.walk()].filter((part) => !part.isMultipart).map((part) => part.text()),
    ['inner', 'outer'],
  );
});

test('depth and number of parts are bounded', () => {
  let deep = 'x';
  for (let level = 0; level < 300; level += 1)
    deep = `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n${deep}\r\n--b${level}--`;
  const nested = [...parseMime(Buffer.from(deep)).walk()];
  assert.equal(nested.length, 65);
  assert.deepEqual(nested.at(-1)!.defects, ['too-deep']);
  const many = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(20_000)}`;
  const root = parseMime(Buffer.from(many));
  assert.equal(root.children.length, 9_999);
  assert.deepEqual(root.defects, ['too-many-parts']);
});

test('any bytes are read without a throw, and every part lies inside its parent', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '--b',
      '--b--',
      '--c',
      '',
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: multipart/mixed; boundary=c',
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: base64',
      'text',
    ),
    fc.string({ maxLength: 10 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n'), (lines, lineEnd) => {
      const check = (part: MimePart): void => {
        part.decodedBody();
        for (const child of part.children) {
          assert.ok(child.header.start >= part.bodyStart && child.bodyEnd <= part.bodyEnd);
          check(child);
        }
      };
      check(parseMime(Buffer.from(lines.join(lineEnd), 'latin1')));
    }),
    { numRuns: 400 },
  );
});

test('what the builder writes, the reader reads back equal', () => {
  const leaf: fc.Arbitrary<MimeNode> = fc.uint8Array({ maxLength: 60 }).map((array) => ({
    fields: [printField('Content-Type', 'application/octet-stream')],
    body: Buffer.from(array),
  }));
  const { node } = fc.letrec<{ node: MimeNode }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(fc.array(tie('node'), { minLength: 1, maxLength: 4 }), fc.boolean())
        .map(([parts, hasPreamble]) => {
          const boundary = makeBoundary();
          return {
            fields: [printField('Content-Type', `multipart/mixed; boundary="${boundary}"`)],
            body: { boundary, parts, ...(hasPreamble && { preamble: 'This is MIME.\r\n' }) },
          };
        }),
    ),
  }));
  const same = (written: MimeNode, read: MimePart): void => {
    if (Buffer.isBuffer(written.body)) assert.deepEqual(read.encodedBody, written.body);
    else {
      assert.equal(read.children.length, written.body.parts.length);
      written.body.parts.forEach((part, index) => {
        same(part, read.children[index]!);
      });
    }
    for (const part of read.walk()) assert.deepEqual(part.defects, []);
  };
  fc.assert(fc.property(node, (written) => same(written, parseMime(printMimeWhole(written)))));
});
