import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Base64Decoder, Base64Encoder, decodeBase64, encodeBase64 } from './base64.ts';
import { decodeText, findCharset } from './charset.ts';
import {
  decodeQuotedPrintable,
  encodeQuotedPrintable,
  QuotedPrintableDecoder,
  QuotedPrintableEncoder,
} from './quoted-printable.ts';
import {
  decodeTransfer,
  encodeTransfer,
  findTransferEncoding,
  longestLine,
  safeTextEncoding,
  transferDecoder,
  transferEncoder,
} from './transfer-encoding.ts';
import { encodeUu, findUuBlocks } from './uuencode.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const bytes = fc.uint8Array({ maxLength: 700 }).map((array) => Buffer.from(array));

function inPieces(
  input: Buffer,
  cuts: readonly number[],
  coder: { push(b: Buffer): Buffer; end(): Buffer },
): Buffer {
  const places = [0, ...cuts.map((cut) => cut % (input.length + 1)).sort((a, b) => a - b), input.length];
  const out = places.slice(1).map((end, index) => coder.push(input.subarray(places[index], end)));
  return Buffer.concat([...out, coder.end()]);
}

test('base64 lines have 76 characters and end in CRLF, whatever the length', () => {
  for (let length = 0; length < 260; length += 1) {
    const input = Buffer.alloc(length, 'x\xff\0é');
    const lines = input.toString('base64').match(/.{1,76}/g) ?? [];
    assert.equal(encodeBase64(input).toString('latin1'), lines.map((line) => `${line}\r\n`).join(''));
  }
});

test('base64 read back is equal, whole and in any pieces', () => {
  fc.assert(
    fc.property(bytes, fc.array(fc.nat()), (input, cuts) => {
      const encoded = inPieces(input, cuts, new Base64Encoder());
      assert.deepEqual(encoded, encodeBase64(input));
      assert.deepEqual(decodeBase64(encoded), input);
      assert.deepEqual(inPieces(encoded, cuts, new Base64Decoder()), input);
    }),
  );
});

test('base64 skips foreign characters and reads past padding in the middle', () => {
  assert.equal(decodeBase64(latin1('aGVs!!bG8=\r\n--\r\n')).toString(), 'hello');
  assert.equal(decodeBase64(latin1('aGk=aGk=')).toString(), 'hihi');
  assert.equal(decodeBase64(latin1('aGk')).toString(), 'hi');
  assert.equal(decodeBase64(latin1('====')).length, 0);
});

test('quoted-printable read back is equal, text and binary, whole and in any pieces', () => {
  const line = fc.oneof(
    bytes,
    fc.constantFrom(latin1('.'), latin1('a \t'), latin1('=\r'), latin1('x'.repeat(200))),
  );
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), fc.boolean(), (lines, cuts, breakAtBlanks) => {
      const input = Buffer.concat(lines);
      const binary = inPieces(input, cuts, new QuotedPrintableEncoder({ mode: 'binary', breakAtBlanks }));
      assert.deepEqual(decodeQuotedPrintable(binary), input);
      assert.deepEqual(inPieces(binary, cuts, new QuotedPrintableDecoder()), input);
      assert.ok(longestLine(binary) <= 76);
      const text = latin1(input.toString('latin1').replace(/\r\n|\n/g, '\r\n'));
      const encoded = encodeQuotedPrintable(text);
      assert.deepEqual(decodeQuotedPrintable(encoded), text);
      assert.doesNotMatch(encoded.toString('latin1'), /[^\x09\x0d\x0a\x20-\x7e]|[ \t]\r\n|^\.\r\n/m);
    }),
  );
});

test('quoted-printable breaks behind blanks when asked to, and reads what broken senders write', () => {
  const words = 'word '.repeat(30).trim();
  const encoded = encodeQuotedPrintable(latin1(words), { breakAtBlanks: true, lineLimit: 73 }).toString();
  assert.deepEqual(
    encoded.split('=\r\n').map((line) => line.endsWith(' ') || line.endsWith('word')),
    [true, true, true],
  );
  const read = (text: string): string => decodeQuotedPrintable(latin1(text)).toString('latin1');
  assert.equal(read('a=3db=E9=\r\nc = d=ZZ =\n e'), 'a=b\xe9c = d=ZZ  e');
  assert.equal(read('trailing  \t\r\nx=20\r\n'), 'trailing\r\nx \r\n');
  assert.equal(read('end='), 'end');
});

test('uuencode blocks are found in text and read back equal', () => {
  fc.assert(
    fc.property(bytes, (input) => {
      const text = Buffer.concat([
        latin1('begin of text\r\nbegin here\r\n'),
        encodeUu(input, 'a b.bin'),
        latin1('end\r\n'),
      ]);
      const blocks = findUuBlocks(text);
      assert.equal(blocks.length, 1);
      assert.deepEqual([blocks[0]!.name, blocks[0]!.bytes], ['a b.bin', input]);
      assert.equal(text.subarray(blocks[0]!.end).toString(), 'end\r\n');
    }),
  );
  assert.equal(encodeUu(latin1('Cat'), 'c').toString(), 'begin 666 c\r\n#0V%T\r\n`\r\nend\r\n');
  assert.deepEqual(findUuBlocks(latin1('begin 644 x\r\nnot uuencoded: {}\r\nend\r\n')), []);
});

test('one door to every encoding: names in any case, pieces like the whole', () => {
  assert.equal(findTransferEncoding(' Quoted-Printable (x)'), 'quoted-printable');
  assert.equal(findTransferEncoding('X-UUENCODE'), 'uuencode');
  assert.equal(findTransferEncoding(''), '7bit');
  assert.equal(findTransferEncoding('rot13'), undefined);
  for (const encoding of ['7bit', '8bit', 'binary', 'base64', 'quoted-printable'] as const) {
    const input = latin1('a\r\n=\xff\r\n');
    const encoded = encodeTransfer(input, encoding, 'text');
    assert.deepEqual(decodeTransfer(encoded, encoding), input);
    const encoder = transferEncoder(encoding, 'text');
    assert.deepEqual(Buffer.concat([encoder.push(input), encoder.end()]), encoded);
    const decoder = transferDecoder(encoding);
    assert.deepEqual(Buffer.concat([decoder.push(encoded), decoder.end()]), input);
  }
});

test('the safe encoding of a text is the plainest that every SMTP path carries', () => {
  assert.equal(safeTextEncoding(latin1('plain\r\n')), '7bit');
  assert.equal(safeTextEncoding(latin1('x'.repeat(999))), 'quoted-printable');
  assert.equal(safeTextEncoding(latin1('a bare \r return')), 'quoted-printable');
  assert.equal(safeTextEncoding(Buffer.from('mostly ASCII with an é')), 'quoted-printable');
  assert.equal(safeTextEncoding(Buffer.from('日本語')), 'base64');
});

test('every charset that CDO names can be written and read', () => {
  const samples: Record<string, string> = {
    big5: '中文',
    'euc-jp': '日本語',
    'euc-kr': '한국어',
    gb2312: '中文',
    'iso-2022-jp': 'A日本語ｶﾅ B\r\nC',
    'iso-2022-kr': 'A한국어 B',
    'iso-8859-1': 'é',
    'iso-8859-2': 'ő',
    'iso-8859-3': 'ĉ',
    'iso-8859-4': 'ā',
    'iso-8859-5': 'Ж',
    'iso-8859-6': 'ع',
    'iso-8859-7': 'λ',
    'iso-8859-8': 'א',
    'iso-8859-9': 'ğ',
    'iso-8859-15': '€',
    'koi8-r': 'Ж',
    'shift-jis': '日本語',
    'us-ascii': 'a',
    'utf-7': 'é+ü',
    'utf-8': '😀',
    'windows-1252': '€',
  };
  for (const [name, text] of Object.entries(samples)) {
    const charset = findCharset(name.toUpperCase());
    assert.ok(charset, name);
    assert.equal(charset.decode(charset.encode(text)), text, name);
    assert.equal(charset.canEncode(text), true, name);
  }
  assert.match(findCharset('iso-2022-jp')!.encode('日本').toString('latin1'), /^\x1b\$B.*\x1b\(B$/);
  assert.equal(
    new TextDecoder('iso-2022-jp').decode(findCharset('iso-2022-jp')!.encode('A日本語B')),
    'A日本語B',
  );
  assert.equal(findCharset('klingon'), undefined);
  assert.equal(findCharset('iso-8859-1')!.canEncode('日'), false);
});

test('bytes that are not what their label says are read by their look', () => {
  assert.equal(decodeText(Buffer.from('grün'), 'us-ascii'), 'grün');
  assert.equal(decodeText(latin1('gr\xfcn \x80'), 'x-nobody'), 'grün €');
  assert.equal(decodeText(Buffer.from('\ufeffa'), 'utf-8'), 'a');
  assert.equal(decodeText(latin1('\xff'), 'utf-8'), '\ufffd');
});

test('damaged ISO-2022 text is read to its end', () => {
  for (const text of ['\x1b', '\x1b$B\x24', '\x1b$(Z\x24\x22', '\x1b(I\x31\x1b(', '\x0e\x30']) {
    assert.equal(typeof findCharset('iso-2022-jp')!.decode(latin1(text)), 'string');
    assert.equal(typeof findCharset('iso-2022-kr')!.decode(latin1(text)), 'string');
  }
});
