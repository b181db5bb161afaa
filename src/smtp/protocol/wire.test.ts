import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printReply } from './reply-writer.ts';
import { Wire } from './wire.ts';

/** All that the wire makes of these chunks: lines, and the names of faults. */
function readAll(
  chunks: readonly string[],
  lineEnds: 'refuse' | 'normalize' = 'refuse',
  most = 20,
): string[] {
  const wire = new Wire();
  const found: string[] = [];
  for (const chunk of chunks) {
    const lent = Buffer.from(chunk, 'latin1');
    wire.push(lent);
    for (;;) {
      const read = wire.readLine(most, lineEnds);
      if (read === 'none') break;
      found.push(read === 'line' ? `=${wire.bytes.toString('latin1', wire.lineStart, wire.lineEnd)}` : read);
      if (read === 'bare-line-end') return found;
    }
    assert.ok(wire.held <= most, 'an unfinished line is bounded');
    // Whose buffer it is writes over it.
    wire.keep();
    lent.fill('!');
  }
  return found;
}

test('finds lines, and holds what is unfinished', () => {
  assert.deepEqual(readAll(['NO', 'OP\r', '\nQUIT\r\nRS']), ['=NOOP', '=QUIT']);
  assert.deepEqual(readAll(['\r\n\r\n']), ['=', '=']);
});

test('refuses lone CR and LF, or takes a lone LF where it may', () => {
  assert.deepEqual(readAll(['a\nb\r\n']), ['bare-line-end']);
  assert.deepEqual(readAll(['a\rb\r\n']), ['bare-line-end']);
  assert.deepEqual(readAll(['a\r\r\n']), ['bare-line-end']);
  assert.deepEqual(readAll(['a\nb\r\n'], 'normalize'), ['=a', '=b']);
  assert.deepEqual(readAll(['a\rb\n'], 'normalize'), ['bare-line-end']);
});

test('skips a line that is too long and goes on behind it', () => {
  assert.deepEqual(readAll([`${'x'.repeat(18)}\r\nok\r\n`]), [`=${'x'.repeat(18)}`, '=ok']);
  assert.deepEqual(readAll([`${'x'.repeat(19)}\r\nok\r\n`]), ['too-long', '=ok']);
  assert.deepEqual(readAll(['x'.repeat(15), 'x'.repeat(15), 'x'.repeat(15), '\r\nok\r\n']), [
    'too-long',
    '=ok',
  ]);
});

test('finds the same however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('a', 'bc', '\r', '\n', '\r\n', 'x'.repeat(19), 'y'.repeat(7)),
        maxLength: 20,
      }),
      fc.array(fc.nat(200), { maxLength: 10 }),
      fc.constantFrom<'refuse' | 'normalize'>('refuse', 'normalize'),
      (text, cuts, lineEnds) => {
        const points = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
        const chunks = points.slice(1).map((end, index) => text.slice(points[index], end));
        const whole = readAll([text], lineEnds);
        const cut = readAll(chunks, lineEnds);
        assert.deepEqual(cut, whole);
      },
    ),
    { numRuns: 5000 },
  );
});

test('hands over content and keeps the rest', () => {
  const wire = new Wire();
  wire.push(Buffer.from('DATA\r\nabcdef'));
  assert.equal(wire.firstByte, 0x44);
  wire.readLine(100, 'refuse');
  assert.equal(wire.take(4).toString(), 'abcd');
  assert.equal(wire.held, 2);
  assert.equal(wire.take(100).toString(), 'ef');
  assert.equal(wire.firstByte, 0);
  wire.push(Buffer.from('x'));
  wire.clear();
  assert.equal(wire.held, 0);
});

test('what was taken or kept outlives the chunk it came in', () => {
  const wire = new Wire();
  const lent = Buffer.from('abcdef');
  wire.push(lent);
  const taken = wire.take(2);
  wire.keep();
  lent.fill('!');
  assert.equal(taken.toString(), 'ab');
  assert.equal(wire.take(100).toString(), 'cdef');
});

test('prints replies, status on every line, and cuts what exceeds 512 octets', () => {
  assert.equal(printReply({ code: 250, status: '2.0.0', lines: ['OK'] }), '250 2.0.0 OK\r\n');
  assert.equal(printReply({ code: 250, lines: ['a', 'b'] }), '250-a\r\n250 b\r\n');
  assert.equal(
    printReply({ code: 550, status: '5.1.1', lines: ['a', 'b'] }),
    '550-5.1.1 a\r\n550 5.1.1 b\r\n',
  );
  const long = printReply({ code: 550, status: '5.1.1', lines: ['ü'.repeat(400)] });
  assert.ok(Buffer.byteLength(long) <= 512 && long.endsWith('ü\r\n'));
  assert.ok(printReply({ code: 250, lines: ['😀'.repeat(300)] }).isWellFormed());
});
