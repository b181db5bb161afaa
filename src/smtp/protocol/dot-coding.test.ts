import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { codeWhole, DotDoubler, END_OF_DATA, endsInCrlf, LineCoder, needsNoDots } from './dot-coding.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const coded = (body: string): string => text(codeWhole(Buffer.from(body, 'latin1'), { doubleDots: true }));

const CASES: readonly (readonly [string, string, string])[] = [
  ['an empty body stays empty', '', ''],
  ['a plain line passes', 'a\r\n', 'a\r\n'],
  ['a dot at the very start is doubled', '.\r\n', '..\r\n'],
  ['a dot after CRLF is doubled', 'a\r\n.b\r\n', 'a\r\n..b\r\n'],
  ['a dot inside a line is not', 'a.b\r\n', 'a.b\r\n'],
  ['a missing last line end is added', 'a', 'a\r\n'],
  ['a bare LF becomes CRLF', 'a\nb\r\n', 'a\r\nb\r\n'],
  ['a bare CR becomes CRLF', 'a\rb\r\n', 'a\r\nb\r\n'],
  ['a CR at the end becomes CRLF', 'a\r', 'a\r\n'],
  ['CR CR LF is two line ends', 'a\r\r\nb\r\n', 'a\r\n\r\nb\r\n'],
  ['LF CR is two line ends', 'a\n\rb\r\n', 'a\r\n\r\nb\r\n'],
  ['a smuggled end with bare LF is repaired', 'a\n.\nMAIL\r\n', 'a\r\n..\r\nMAIL\r\n'],
  ['a smuggled end with bare CR is repaired', 'a\r.\rMAIL\r\n', 'a\r\n..\r\nMAIL\r\n'],
  ['a NUL is left as it is', 'a\0\r\n.\0\r\n', 'a\0\r\n..\0\r\n'],
];

for (const [title, body, expected] of CASES) {
  test(`dot coding: ${title}`, () => assert.equal(coded(body), expected));
}

const nasty = fc
  .array(fc.constantFrom('\r', '\n', '.', 'a', '\0', '\r\n', '\r\n.', 'é'), { maxLength: 40 })
  .map((parts) => parts.join(''));

test('dot coding gives the same bytes for every way of cutting the body', () => {
  fc.assert(
    fc.property(nasty, fc.array(fc.nat({ max: 40 }), { maxLength: 6 }), (body, cuts) => {
      const bytes = Buffer.from(body, 'latin1');
      const coder = new LineCoder({ doubleDots: true });
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      let pieces = '';
      for (let n = 1; n < places.length; n += 1)
        pieces += text(coder.code(bytes.subarray(places[n - 1], places[n])));
      assert.equal(pieces + coder.end(), coded(body));
    }),
  );
});

test('no receiver, strict or lenient, finds the end of data inside a coded body', () => {
  fc.assert(
    fc.property(nasty, (body) => {
      const sent = coded(body);
      for (const lineEnd of ['\r\n', '\n', '\r', /\r\n|\r|\n/]) {
        assert.ok(!sent.split(lineEnd).some((line) => /^\.[\r\n]*$/.test(line)), JSON.stringify(sent));
      }
      // Undone by a strict receiver it is the canonical form of the body.
      const received = sent
        .split('\r\n')
        .map((line) => (line.startsWith('.') ? line.slice(1) : line))
        .join('\r\n');
      const canonical = body.replace(/\r\n|\r|\n/g, '\r\n');
      assert.equal(received, canonical === '' || canonical.endsWith('\r\n') ? canonical : `${canonical}\r\n`);
    }),
  );
});

test('a body that passes the fast check cannot end the data early', () => {
  fc.assert(
    fc.property(nasty, (body) => {
      const bytes = Buffer.from(body, 'latin1');
      if (!needsNoDots(bytes)) return;
      const sent = body + (endsInCrlf(bytes) ? '' : '\r\n') + END_OF_DATA;
      const ends = [...sent.matchAll(/(?<=^|[\r\n])\.(?=[\r\n])/g)];
      assert.equal(ends.length, 1);
      assert.equal(ends[0]!.index, sent.length - 3);
    }),
  );
});

test('without doubled dots only line ends are repaired', () => {
  assert.equal(text(codeWhole(Buffer.from('.a\n.'), { doubleDots: false })), '.a\r\n.\r\n');
});

test('doubling dots piece by piece leaves no early end for strict or lenient receivers, and is exact for CRLF bodies', () => {
  fc.assert(
    fc.property(nasty, fc.array(fc.nat({ max: 40 }), { maxLength: 6 }), (body, cuts) => {
      const bytes = Buffer.from(body, 'latin1');
      const coder = new DotDoubler();
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      let sent = '';
      for (let n = 1; n < places.length; n += 1)
        sent += text(coder.code(bytes.subarray(places[n - 1], places[n])));
      sent += coder.end();
      assert.ok(!/(?:^|[\r\n])\.(?:[\r\n]|$)/.test(sent), JSON.stringify(sent));
      const canonical = body.replace(/\r\n|\r|\n/g, '\r\n');
      if (body === canonical) assert.equal(sent, coded(body));
    }),
  );
});
