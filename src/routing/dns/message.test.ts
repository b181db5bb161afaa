import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from 'dns-packet';
import fc from 'fast-check';
import { reverseName } from './answer.ts';
import { decodeResponse, encodeQuestion, isLookupName, type Question } from './message.ts';

const QUESTION: Question = { id: 7, name: 'example.test', type: 'MX' };

test('no bytes make the reader throw, and none of them answer the question', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      assert.equal(typeof decodeResponse(Buffer.from(bytes), QUESTION).ok, 'boolean');
    }),
  );
});

test('no damage to a real answer makes the reader throw or take more than its bounds', () => {
  const whole = encode({
    type: 'response',
    id: 7,
    questions: [{ type: 'MX', name: 'example.test' }],
    answers: [
      { type: 'CNAME', name: 'example.test', ttl: 5, data: 'a.test' },
      { type: 'MX', name: 'a.test', ttl: 5, data: { preference: 1, exchange: 'mx.test' } },
    ],
  });
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, value, length) => {
      const damaged = Buffer.from(whole);
      damaged[at] = value;
      const read = decodeResponse(damaged.subarray(0, length), QUESTION);
      if (read.ok) for (const record of read.value.records) assert.ok(record.name.length <= 1000);
    }),
    { numRuns: 2000 },
  );
});

test('ignores the answer to another question, id or type', () => {
  const answer = (id: number, name: string, type: 'MX' | 'A') =>
    decodeResponse(encode({ type: 'response', id, questions: [{ type, name }] }), QUESTION).ok;
  assert.equal(answer(7, 'EXAMPLE.test', 'MX'), true);
  assert.equal(answer(8, 'example.test', 'MX'), false);
  assert.equal(answer(7, 'example2.test', 'MX'), false);
  assert.equal(answer(7, 'example.test', 'A'), false);
  assert.equal(decodeResponse(encodeQuestion(QUESTION, { edns: true }), QUESTION).ok, false);
});

test('reads a lifetime with the highest bit set as zero (RFC 2181 §8)', () => {
  const bytes = encode({
    type: 'response',
    id: 7,
    questions: [{ type: 'MX', name: 'example.test' }],
    answers: [
      { type: 'MX', name: 'example.test', ttl: 0xffffffff, data: { preference: 1, exchange: 'mx.test' } },
    ],
  });
  const read = decodeResponse(bytes, QUESTION);
  assert.equal(read.ok && read.value.records[0]?.ttl, 0);
});

test('knows which names a question can carry', () => {
  for (const name of ['example.test', 'a', '_dmarc.example.test', 'x'.repeat(63), 'xn--bcher-kva.test'])
    assert.equal(isLookupName(name), true, name);
  const overlong = Array.from({ length: 43 }, () => 'label').join('.');
  for (const name of ['', '.', 'a..b', '.a', 'a.', 'x'.repeat(64), 'a b', 'bücher.test', overlong])
    assert.equal(isLookupName(name), false, name);
});

test('builds the name under which reverse DNS keeps an address', () => {
  assert.equal(reverseName('192.0.2.1'), '1.2.0.192.in-addr.arpa');
  const zeros = Array.from({ length: 24 }, () => '0').join('.');
  assert.equal(reverseName('2001:db8::1'), `1.${zeros.slice(2)}.8.b.d.0.1.0.0.2.ip6.arpa`);
  assert.match(reverseName('::'), /^(0\.){32}ip6\.arpa$/);
  assert.match(reverseName('::ffff:192.0.2.1'), /^1\.0\.2\.0\.0\.0\.0\.c\.f\.f\.f\.f\.(0\.){20}ip6\.arpa$/);
});
