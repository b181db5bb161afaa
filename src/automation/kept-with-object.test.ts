import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptWithObject } from './kept-with-object.ts';

test('each place keeps a value of its own for each object, also for a frozen one, and shows nothing of it', () => {
  const [one, other] = [keptWithObject<object, string>(), keptWithObject<object, string>()];
  const key = Object.freeze({ a: 1 });
  assert.equal(one.get(key), undefined);
  one.set(key, 'first');
  assert.equal(one.get(key), 'first');
  assert.equal(other.get(key), undefined);
  one.set(key, 'second');
  assert.equal(one.get(key), 'second');
  assert.equal(one.get({ a: 1 }), undefined);
  assert.deepEqual(Reflect.ownKeys(key), ['a']);
});
