import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { scanHeader } from './header-block.ts';
import { printField } from './header-print.ts';

const scan = (text: string) => scanHeader(Buffer.from(text, 'latin1'));

test('splits fields, unfolds values and finds the body', () => {
  const text = 'From: a@b\r\nSubject:  one\r\n\ttwo \r\nX-A : v\r\n\r\nbody';
  const header = scan(text);
  assert.deepEqual(
    header.fields.map((field) => [field.name, field.value]),
    [
      ['From', 'a@b'],
      ['Subject', 'one\ttwo'],
      ['X-A', 'v'],
    ],
  );
  assert.equal(text.slice(header.bodyAt), 'body');
  assert.equal(header.hasBlankLine, true);
  assert.equal(header.first('subject')!.raw.toString(), 'Subject:  one\r\n\ttwo \r\n');
  assert.equal(header.first('subject')!.rawValue.toString(), '  one\r\n\ttwo ');
});

test('a missing blank line: the first line that is neither field nor folded begins the body', () => {
  const text = 'From: a@b\r\nSubject: Test email\r\nThis is the text: yes\r\nmore\r\n';
  const header = scan(text);
  assert.equal(header.fields.length, 2);
  assert.equal(text.slice(header.bodyAt), 'This is the text: yes\r\nmore\r\n');
  assert.equal(header.hasBlankLine, false);
});

test('reads bare LF line ends, and a CR alone is no line end', () => {
  const header = scan('A: 1\nB: 2\r3\n 4\n\nbody');
  assert.deepEqual(
    header.fields.map((field) => field.value),
    ['1', '2\r3 4'],
  );
  assert.equal(header.bodyAt, 16);
});

test('gives repeated fields in order and the first by name, in any case', () => {
  const header = scan('x-receiver: a\nX-Receiver: b\nX-RECEIVER: c\n\n');
  assert.deepEqual(
    header.all('x-receiver').map((field) => field.value),
    ['a', 'b', 'c'],
  );
  assert.equal(header.value('x-receiver'), 'a');
  assert.equal(header.value('absent'), undefined);
});

test('values outside ASCII are UTF-8 when they can be and Latin-1 otherwise', () => {
  const header = scanHeader(
    Buffer.concat([Buffer.from('A: grün\r\n'), Buffer.from('B: gr\xfcn\r\n\r\n', 'latin1')]),
  );
  assert.equal(header.value('a'), 'grün');
  assert.equal(header.value('b'), 'grün');
});

test('a header ends at the given end, an empty one is empty', () => {
  assert.equal(scanHeader(Buffer.from('A: 1\r\nB: 2\r\n'), 0, 6).fields.length, 1);
  assert.deepEqual(
    [scan('').fields.length, scan('\r\nA: 1').fields.length, scan('\r\nA: 1').bodyAt],
    [0, 0, 2],
  );
  assert.equal(scan('body only').bodyAt, 0);
  assert.equal(scan(': no name').bodyAt, 0);
});

test('any bytes: fields are adjacent and reach from the start to the body', () => {
  const line = fc.oneof(
    fc.constantFrom('A: b', ' folded', '', 'no field', ':', 'B:', '\t', 'X-Y : \xff', '\0: \0'),
    fc.string({ maxLength: 12 }),
  );
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', '\r\n', '\r'), (lines, lineEnd) => {
      const bytes = Buffer.from(lines.join(lineEnd), 'latin1');
      const header = scanHeader(bytes);
      let at = 0;
      for (const field of header.fields) {
        assert.equal(field.start, at);
        assert.ok(field.name.length > 0);
        assert.ok(!field.value.includes('\n'));
        at = field.end;
      }
      assert.ok(header.bodyAt >= at && header.bodyAt - at <= 2);
    }),
  );
});

test('printField folds at blanks within 78 characters and scans back to the same value', () => {
  const printed = printField(
    'References',
    `<${'a'.repeat(40)}@x> <${'b'.repeat(40)}@x> <${'c'.repeat(90)}@x>`,
  );
  assert.deepEqual(
    printed.split('\r\n').map((line) => line.length <= 78 || line.startsWith(' <ccc')),
    [true, true, true, true],
  );
  const word = fc.string({ minLength: 1, maxLength: 90 }).map((text) => text.replace(/[^\x21-\x7e]/g, 'x'));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (words) => {
      const value = words.join(' ');
      const header = scan(`${printField('X-Long', value)}\r\n`);
      assert.equal(header.fields.length, 1);
      assert.equal(header.value('x-long'), value);
    }),
  );
});

test('line ends inside a value cannot add a field', () => {
  const printed = printField('Subject', 'hello\r\nBcc: victim@example.com\r\n\r\nbody');
  assert.equal(printed, 'Subject: hello Bcc: victim@example.com body\r\n');
});
