import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ansiEncoding, isCodePage, type TextEncoding, UTF16 } from './encoding.ts';

function inPieces(encoding: TextEncoding, bytes: Buffer, size: number): string {
  const decoder = encoding.decoder();
  let text = '';
  for (let at = 0; at < bytes.length; at += size) text += decoder.decode(bytes.subarray(at, at + size));
  return text + decoder.end();
}

for (const codePage of [1252, 1251, 1250, 437, 932, 936, 949, 950, 65001])
  test(`code page ${codePage} gives back what it wrote, however it is cut`, () => {
    const encoding = ansiEncoding(codePage);
    const alphabet = ['a', 'Z', ' ', '\r', '\n', 'é', 'Ж', '日', '한', '中', '€', 'ü'].filter(
      (character) => encoding.encode(character) !== undefined,
    );
    assert.ok(alphabet.length >= 5);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...alphabet)),
        fc.integer({ min: 1, max: 5 }),
        (characters, size) => {
          const text = characters.join('');
          assert.equal(inPieces(encoding, encoding.encode(text)!, size), text);
        },
      ),
      { numRuns: 50 },
    );
  });

test('every byte of 1252 has a character, also the five holes', () => {
  const encoding = ansiEncoding(1252);
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const text = inPieces(encoding, bytes, 256);
  assert.equal(text.length, 256);
  assert.equal(text[0x80], '€');
  assert.equal(text[0x81], '\x81');
  assert.deepEqual(encoding.encode(text), bytes);
});

test('what a code page lacks is not replaced', () => {
  assert.equal(ansiEncoding(1252).encode('Ж'), undefined);
  assert.equal(ansiEncoding(932).encode('é€한'), undefined);
});

test('UTF-16 keeps NULs and lone surrogates, also cut in the middle', () => {
  const text = 'a\0\ud800b\udc00😀';
  assert.equal(inPieces(UTF16, UTF16.encode(text)!, 1), text);
  assert.equal(inPieces(UTF16, Buffer.from([0x41, 0, 0x42]), 3), 'A');
});

test('knows which code pages it has', () => {
  assert.equal(isCodePage(1252), true);
  assert.equal(isCodePage(4711), false);
  assert.throws(() => ansiEncoding(4711), RangeError);
});
