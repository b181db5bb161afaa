import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anObject, call, each, errorOf, get, put } from '../../test/script/support/object-scope.ts';
import { NOTHING, Scalar, VariantArray, VT } from '../automation/index.ts';
import { createDictionary } from './dictionary.ts';

test('keeps keys in order of arrival for Keys, Items and For Each', () => {
  const d = createDictionary();
  for (const key of ['z', 'a', 'm']) call(d, 'Add', key, key.toUpperCase());
  put(d, 'Item', 'a', 'new');
  assert.deepEqual((call(d, 'Keys') as VariantArray).elements, ['z', 'a', 'm']);
  assert.deepEqual((call(d, 'Items') as VariantArray).elements, ['Z', 'new', 'M']);
  assert.deepEqual(each(d), ['z', 'a', 'm']);
  assert.equal(get(d, '', 'z'), 'Z');
  assert.equal(call(d, 'Keys', 1), 'a');
});

test('Keys and Items of an empty dictionary are arrays with the upper bound -1', () => {
  const d = createDictionary();
  assert.deepEqual((call(d, 'Keys') as VariantArray).upperBounds, [-1]);
  assert.deepEqual((call(d, 'Items') as VariantArray).upperBounds, [-1]);
});

test('reading a key that is not there adds it with Empty', () => {
  const d = createDictionary();
  assert.equal(get(d, 'Item', 'new'), undefined);
  assert.deepEqual(get(d, 'Count'), new Scalar(VT.long, 1));
  assert.equal(call(d, 'Exists', 'new'), true);
});

test('adding a key twice raises 457, removing or renaming a missing one 32811', () => {
  const d = createDictionary();
  call(d, 'Add', 'a', 1);
  assert.equal(
    errorOf(() => call(d, 'Add', 'a', 2)),
    457,
  );
  assert.equal(
    errorOf(() => call(d, 'Remove', 'b')),
    32811,
  );
  assert.equal(
    errorOf(() => put(d, 'Key', 'b', 'c')),
    32811,
  );
  call(d, 'Add', 'b', 2);
  assert.equal(
    errorOf(() => put(d, 'Key', 'a', 'b')),
    457,
  );
});

test('a new Key keeps the place and the item', () => {
  const d = createDictionary();
  for (const key of ['a', 'b', 'c']) call(d, 'Add', key, `item ${key}`);
  put(d, 'Key', 'b', 'x');
  assert.deepEqual(each(d), ['a', 'x', 'c']);
  assert.equal(get(d, 'Item', 'x'), 'item b');
});

test('CompareMode takes any number while the dictionary is empty and raises 5 afterwards', () => {
  const d = createDictionary();
  assert.deepEqual(get(d, 'CompareMode'), new Scalar(VT.long, 0));
  put(d, 'CompareMode', 10);
  assert.deepEqual(get(d, 'CompareMode'), new Scalar(VT.long, 10));
  put(d, 'CompareMode', 1);
  call(d, 'Add', 'Key', 1);
  assert.equal(call(d, 'Exists', 'KEY'), true);
  assert.equal(
    errorOf(() => call(d, 'Add', 'kEY', 2)),
    457,
  );
  assert.equal(
    errorOf(() => put(d, 'CompareMode', 0)),
    5,
  );
  call(d, 'RemoveAll');
  put(d, 'CompareMode', 0);
  call(d, 'Add', 'Key', 1);
  assert.equal(call(d, 'Exists', 'KEY'), false);
});

test('numbers of different subtypes are one key; a text never equals a number', () => {
  const d = createDictionary();
  call(d, 'Add', new Scalar(VT.integer, 0), 'zero');
  assert.equal(
    errorOf(() => call(d, 'Add', new Scalar(VT.single, 0), 'x')),
    457,
  );
  assert.equal(call(d, 'Exists', 0), true);
  assert.equal(call(d, 'Exists', '0'), false);
  assert.equal(call(d, 'Exists', undefined), false);
  call(d, 'Add', undefined, 'empty');
  call(d, 'Add', '', 'no text');
  assert.deepEqual(get(d, 'Count'), new Scalar(VT.long, 3));
});

test('objects are keys by identity, arrays none', () => {
  const d = createDictionary();
  const one = anObject({});
  call(d, 'Add', one, 1);
  assert.equal(call(d, 'Exists', one), true);
  assert.equal(call(d, 'Exists', anObject({})), false);
  call(d, 'Add', NOTHING, 2);
  assert.equal(call(d, 'Exists', NOTHING), true);
  assert.equal(
    errorOf(() => call(d, 'Add', VariantArray.of([1]), 1)),
    5,
  );
});

test('items may be objects, put with or without Set', () => {
  const d = createDictionary();
  const one = anObject({});
  d.invoke('putref', 'Item', ['a', one]);
  put(d, '', 'b', one);
  assert.equal(get(d, 'Item', 'a'), one);
  assert.equal(get(d, 'Item', 'b'), one);
});

test('wrong argument counts and unknown members are refused', () => {
  const d = createDictionary();
  assert.throws(() => call(d, 'Add', 'a'), { hresult: 0x8002000e | 0 });
  assert.throws(() => call(d, 'Append', 'a'), { hresult: 0x80020006 | 0 });
  assert.throws(() => get(d, 'Key', 'a'), { hresult: 0x80020006 | 0 });
});

test('behaves like a map under any sequence of changes', () => {
  const step = fc.tuple(
    fc.constantFrom('Add', 'Remove', 'Item', 'Exists'),
    fc.constantFrom('a', 'b', 'c', 'A'),
    fc.nat(),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const d = createDictionary();
      const model = new Map<string, number>();
      for (const [name, key, value] of steps) {
        if (name === 'Add') {
          assert.equal(
            errorOf(() => call(d, 'Add', key, value)),
            model.has(key) ? 457 : 0,
          );
          if (!model.has(key)) model.set(key, value);
        } else if (name === 'Remove') {
          assert.equal(
            errorOf(() => call(d, 'Remove', key)),
            model.delete(key) ? 0 : 32811,
          );
        } else if (name === 'Item') {
          put(d, 'Item', key, value);
          model.set(key, value);
        } else assert.equal(call(d, 'Exists', key), model.has(key));
      }
      assert.deepEqual(each(d), [...model.keys()]);
    }),
  );
});
