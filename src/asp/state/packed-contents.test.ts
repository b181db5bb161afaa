import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { StoredContents, StoredValue } from '../contract.ts';
import { pack, unpack } from './packed-contents.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '"', '\\', '\ud800', '\0', '\u2028', '['),
);
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, Number.NaN, Infinity, -Infinity));
const { value } = fc.letrec<{ value: StoredValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      kind: fc.constant('plain' as const),
      value: fc.oneof(fc.constantFrom(undefined, null, true, false), number, text, fc.uint8Array()),
    }),
    fc.record({ kind: fc.constant('scalar' as const), type: fc.integer(), value: number }),
    fc.record({ kind: fc.constant('nothing' as const) }),
    fc.record({ kind: fc.constant('resident' as const), id: fc.nat(), typeName: text }),
    fc.record({
      kind: fc.constant('array' as const),
      upperBounds: fc.array(fc.integer({ min: -1 })),
      elements: fc.array(tie('value'), { maxLength: 5 }),
    }),
    fc.record({
      kind: fc.constant('dictionary' as const),
      compareMode: fc.constantFrom(0, 1),
      entries: fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 5 }),
    }),
  ),
}));

test('whatever a session holds comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, value), { maxLength: 5 }), (contents: StoredContents) => {
      // The copy has the prototypes of plain objects, which fast-check leaves out now and then.
      assert.deepStrictEqual(unpack(pack(contents)), structuredClone(contents));
    }),
  );
});

test('bytes have a buffer of their own, as the way between threads needs it', () => {
  const [entry] = unpack(pack([['b', { kind: 'plain', value: new Uint8Array([1, 2, 3]) }]]));
  const [, back] = entry!;
  assert.equal(back.kind === 'plain' && back.value instanceof Uint8Array && back.value.buffer.byteLength, 3);
});

test('an empty session takes no room', () => {
  assert.equal(pack([]), '');
  assert.deepEqual(unpack(''), []);
});
