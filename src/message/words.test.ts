import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDateTime, printDateTime } from './date-time.ts';
import { decodeWords, encodeUnstructured, encodeWords, splitIntoWords } from './encoded-word.ts';
import { parseParameterized, printParameterized } from './parameters.ts';

test('decodes encoded words, joins neighbours, leaves damaged ones', () => {
  const cases: [string, string][] = [
    ['=?iso-8859-1?Q?gr=FCn_tea?=', 'grün tea'],
    ['a =?utf-8?b?w6k=?= =?utf-8?b?w6k=?= b', 'a éé b'],
    ['=?utf-8?B?ww==?= =?utf-8?B?qQ==?=', 'é'],
    ['=?utf-8?Q?=C3?=\r\n =?utf-8?B?qQ==?=', 'é'],
    ['=?utf-8*en?Q?x?=', 'x'],
    ['=?UTF-8?Q?a?==?UTF-8?Q?b?=', 'ab'],
    ['=?utf-8?Q?with blank?=', 'with blank'],
    ['=?utf-8?X?no?=', '=?utf-8?X?no?='],
    ['=?unclosed?Q?', '=?unclosed?Q?'],
    ['=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['plain', 'plain'],
  ];
  for (const [written, meaning] of cases) assert.equal(decodeWords(written), meaning);
});

test('encoded words are at most 75 characters, complete in themselves, and read back equal', () => {
  const charsets = fc.constantFrom(
    'utf-8',
    'iso-8859-1',
    'iso-2022-jp',
    'gb2312',
    'shift-jis',
    'us-ascii',
    'nobody',
  );
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }),
      charsets,
      fc.constantFrom('B', 'Q', 'auto'),
      (text, charset, form) => {
        const words = splitIntoWords(text, { charset, form: form as 'B' | 'Q' | 'auto' });
        for (const word of words) {
          assert.ok(word.length <= 75, word);
          assert.match(word, /^=\?[\w-]+\?[BQ]\?[!-~]+\?=$/);
        }
        assert.equal(
          words.map((word) => decodeWords(word)).join(''),
          text.toWellFormed().replace(/^\ufeff/, '') === text
            ? text
            : words.map((word) => decodeWords(word)).join(''),
        );
        assert.equal(
          words
            .map((word) => decodeWords(word))
            .join('')
            .replace(/\ufeff/g, ''),
          text.replace(/\ufeff/g, ''),
        );
        assert.equal(decodeWords(words.join(' ')).replace(/\ufeff/g, ''), text.replace(/\ufeff/g, ''));
      },
    ),
  );
});

test('text that needs no encoding stays as it is; what looks like a word is protected', () => {
  assert.equal(encodeUnstructured('Order 17'), 'Order 17');
  assert.equal(decodeWords(encodeUnstructured('not =?utf-8?Q?a?= word')), 'not =?utf-8?Q?a?= word');
  assert.equal(encodeWords('grün', { charset: 'iso-8859-1' }), '=?iso-8859-1?Q?gr=FCn?=');
  assert.match(encodeWords('日本', { charset: 'iso-8859-1' }), /^=\?utf-8\?B\?/);
});

test('reads parameters: quoted, bare with blanks, comments, continuations, charsets', () => {
  const cases: [string, string, Record<string, string>][] = [
    ['Text/Plain; charset=UTF-8', 'text/plain', { charset: 'UTF-8' }],
    [
      'text/plain;charset="iso-8859-1" ; format=flowed;',
      'text/plain',
      { charset: 'iso-8859-1', format: 'flowed' },
    ],
    ['attachment; filename=my file.pdf; size=3', 'attachment', { filename: 'my file.pdf', size: '3' }],
    ['attachment; filename="a\\"b;c.txt"', 'attachment', { filename: 'a"b;c.txt' }],
    ['attachment; filename="C:\\temp\\a.txt"', 'attachment', { filename: 'C:\\temp\\a.txt' }],
    ["x/y; name*=utf-8'de'gr%C3%BCn.txt; name=plain", 'x/y', { name: 'grün.txt' }],
    ["x/y; n*1=two; n*0*=iso-8859-1''%E9; n*2*=%E8", 'x/y', { n: 'étwoè' }],
    ['x/y; name="=?utf-8?B?w6k=?="', 'x/y', { name: 'é' }],
    ['text/html (comment); (c) charset=x (c)', 'text/html', { charset: 'x' }],
    ['multipart/mixed; boundary', 'multipart/mixed', {}],
    ['; =; ;;', '', {}],
  ];
  for (const [written, value, parameters] of cases) {
    const read = parseParameterized(written);
    assert.equal(read.value, value, written);
    assert.deepEqual(Object.fromEntries(read.parameters), parameters, written);
  }
});

test('printed parameters read back equal in both styles', () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 150 })
    .filter((value) => !/[\x00-\x1f\x7f\\]/.test(value));
  fc.assert(
    fc.property(text, fc.constantFrom('rfc2231', 'rfc2047'), fc.boolean(), (value, nonAscii, alwaysQuote) => {
      const style = { nonAscii: nonAscii as 'rfc2231' | 'rfc2047', alwaysQuote };
      const printed = printParameterized(
        'a/b',
        [
          ['name', value],
          ['x', 'y'],
        ],
        style,
      );
      const read = parseParameterized(printed);
      assert.equal(read.parameters.get('name'), value);
      assert.equal(read.parameters.get('x'), 'y');
    }),
  );
});

test('prints dates with an English day, no leading zero and the offset', () => {
  const at = Date.UTC(2002, 8, 6, 22, 35, 32);
  assert.equal(printDateTime(at, { offsetMinutes: -240 }), 'Fri, 6 Sep 2002 18:35:32 -0400');
  assert.equal(printDateTime(at, { offsetMinutes: 330 }), 'Sat, 7 Sep 2002 04:05:32 +0530');
  assert.equal(
    printDateTime(at, { offsetMinutes: 0, zeroOffset: '-0000' }),
    'Fri, 6 Sep 2002 22:35:32 -0000',
  );
});

test('reads dates of every age and refuses what is none', () => {
  const at = Date.UTC(2002, 8, 6, 22, 35, 32);
  for (const text of [
    'Fri, 6 Sep 2002 18:35:32 -0400',
    'Fri, 06 Sep 02 18:35:32 EDT',
    '6 Sep 102 22:35:32',
    'Fri Sep  6 18:35:32 2002 -0400',
    'Friday, 06-Sep-02 22:35:32 GMT',
    'Fri, 6 Sep 2002 18:35:32 -0400 (Eastern (summer) time)',
    'Fri, 6 Sep 2002 6:35:32 pm -0400',
  ])
    assert.equal(parseDateTime(text)?.atMs, at, text);
  for (const text of [
    '',
    'yesterday',
    'Fri, 40 Sep 2002 1:1:1',
    '6 Foo 2002 1:1:1',
    '(((((((((((('.repeat(50),
  ])
    assert.equal(parseDateTime(text), undefined, text);
});

test('printed dates read back equal', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 253_402_214_400 }),
      fc.integer({ min: -720, max: 840 }),
      (seconds, offsetMinutes) => {
        const read = parseDateTime(printDateTime(seconds * 1000, { offsetMinutes }));
        assert.deepEqual(read, { atMs: seconds * 1000, offsetMinutes });
      },
    ),
  );
});
