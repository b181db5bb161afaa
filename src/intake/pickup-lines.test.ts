import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { cleanField, hasCleanLines, LineCleaner } from './pickup-lines.ts';

function clean(text: string, cuts: readonly number[] = [], dotStuffed = false): string {
  const bytes = Buffer.from(text, 'latin1');
  const cleaner = new LineCleaner({ dotStuffed });
  const out: string[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    const to = Math.min(Math.max(cut, from), bytes.length);
    out.push(cleaner.push(bytes.subarray(from, to)).toString('latin1'));
    from = to;
  }
  out.push(cleaner.end().toString('latin1'));
  return out.join('');
}

const CASES: readonly (readonly [rule: string, text: string, expected: string])[] = [
  ['clean lines stay', 'a\r\nb\r\n', 'a\r\nb\r\n'],
  ['bare LF becomes CRLF', 'a\nb\n', 'a\r\nb\r\n'],
  ['a missing last line end is added', 'a\r\nb', 'a\r\nb\r\n'],
  ['a file of LF without a last one', 'a\nb', 'a\r\nb\r\n'],
  ['nothing stays nothing', '', ''],
  ['a CR alone ends a line', 'a\rb\r', 'a\r\nb\r\n'],
  ['CR CR LF is one line end', 'a\r\r\nb\r\n', 'a\r\nb\r\n'],
  ['mixed ends', 'a\nb\r\nc\rd', 'a\r\nb\r\nc\r\nd\r\n'],
  ['a lone dot stays', 'a\r\n.\r\nb\r\n', 'a\r\n.\r\nb\r\n'],
  ['dots between odd line ends cannot end the data early', 'a\r.\nb\n.\r\n', 'a\r\n.\r\nb\r\n.\r\n'],
  ['8-bit bytes stay', '\xe4\xff\x80\r\n', '\xe4\xff\x80\r\n'],
];

for (const [rule, text, expected] of CASES)
  test(`body lines: ${rule}`, () => assert.equal(clean(text), expected));

test('dotStuffed removes one dot from each line that begins with one, and only there', () => {
  assert.equal(clean('..a\r\n.\r\nb.\r\n...\r\n', [], true), '.a\r\n\r\nb.\r\n..\r\n');
  assert.equal(clean('.a\n..\n', [], true), 'a\r\n.\r\n');
  assert.equal(clean('a\r.b\r\n', [], true), 'a\r\n.b\r\n');
});

test('any text in any pieces: the same result, no CR or LF alone, every other byte kept', () => {
  const text = fc
    .array(fc.constantFrom('\r', '\n', '\r\n', '.', 'x', '\xff', 'line of text'), { maxLength: 60 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.array(fc.nat(300), { maxLength: 8 }), fc.boolean(), (value, cuts, dotStuffed) => {
      const whole = clean(value, [], dotStuffed);
      assert.equal(
        clean(
          value,
          cuts.toSorted((a, b) => a - b),
          dotStuffed,
        ),
        whole,
      );
      assert.ok(hasCleanLines(Buffer.from(whole, 'latin1')));
      assert.doesNotMatch(whole, /\r(?!\n)|(?<!\r)\n/);
      if (!dotStuffed) assert.equal(whole.replace(/[\r\n]/g, ''), value.replace(/[\r\n]/g, ''));
      assert.equal(clean(whole), whole, 'cleaning twice changes nothing');
    }),
    { numRuns: 2000 },
  );
});

test('hasChanged tells whether bytes were altered', () => {
  const changed = (text: string): boolean => {
    const cleaner = new LineCleaner({ dotStuffed: false });
    cleaner.push(Buffer.from(text));
    cleaner.end();
    return cleaner.hasChanged;
  };
  assert.equal(changed('a\r\nb\r\n'), false);
  for (const text of ['a\n', 'a', 'a\rb\r\n', 'a\r\r\n'])
    assert.equal(changed(text), true, JSON.stringify(text));
});

test('a CR alone in a header field becomes a blank, never a new field', () => {
  assert.equal(cleanField(Buffer.from('Subject: a\rBcc: b@c\r\n')).toString(), 'Subject: a Bcc: b@c\r\n');
  assert.equal(
    cleanField(Buffer.from('Subject: a\n folded\r\r\n more')).toString(),
    'Subject: a\r\n folded\r\n more\r\n',
  );
});
