import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APPLICATION_OPERATION as DO, type StoredValue } from '../contract.ts';
import { ApplicationStore } from './application.ts';

const plain = (value: string): StoredValue => ({ kind: 'plain', value });
const ask = async (store: ApplicationStore, owner: object, operation: string, request?: unknown) =>
  store.perform(owner, operation, request)!.answer;
const version = (store: ApplicationStore) => new Int32Array(store.cell)[0];

/** Whether the promise is settled once all that can go on has gone on. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

test('keeps variables in order of first assignment, names in any case, and raises the version at each change', async () => {
  const store = new ApplicationStore();
  const page = {};
  const first = version(store);
  await ask(store, page, DO.write, { key: 'Hits', value: plain('1') });
  await ask(store, page, DO.write, { key: 'Title', value: plain('x') });
  assert.equal(
    await ask(store, page, DO.write, { key: 'HITS', value: plain('2') }),
    version(store),
    'the answer to a write is the version it made',
  );
  assert.notEqual(version(store), first);
  assert.deepEqual(await ask(store, page, DO.read, 0), {
    version: version(store),
    contents: [
      ['Hits', plain('2')],
      ['Title', plain('x')],
    ],
  });
  await ask(store, page, DO.write, { key: 'hits' });
  assert.deepEqual(store.contents, [['Title', plain('x')]]);
  await ask(store, page, DO.write, {});
  assert.deepEqual(store.contents, []);
});

test('one request holds the lock; others wait for it in order, for locking and for writing (A2)', async () => {
  const store = new ApplicationStore();
  const [a, b, c] = [{}, {}, {}];
  await ask(store, a, DO.lock);
  await ask(store, a, DO.lock);
  const order: string[] = [];
  const write = ask(store, b, DO.write, { key: 'x', value: plain('b') }).then(() => order.push('b wrote'));
  const lock = ask(store, c, DO.lock).then(() => order.push('c locked'));
  assert.equal(await isSettled(Promise.race([write, lock])), false);
  await ask(store, a, DO.write, { key: 'x', value: plain('a') });
  await ask(store, b, DO.unlock);
  assert.equal(await isSettled(Promise.race([write, lock])), false, 'only the holder unlocks');
  await ask(store, a, DO.unlock);
  await Promise.all([write, lock]);
  assert.deepEqual(order, ['b wrote', 'c locked']);
  assert.deepEqual(store.contents, [['x', plain('b')]]);
  assert.equal(await isSettled(ask(store, a, DO.lock)), false, 'c holds it now');
});

test('the end of a request gives back its lock and its place in the line', async () => {
  const store = new ApplicationStore();
  const [dead, waiting, gone] = [{}, {}, {}];
  await ask(store, dead, DO.lock);
  const never = ask(store, gone, DO.lock);
  const next = ask(store, waiting, DO.lock);
  store.release(gone);
  store.release(dead);
  await next;
  assert.equal(await isSettled(never), false);
});

test('exactly one request starts the application; the others wait until it has (A3)', async () => {
  const store = new ApplicationStore();
  const [a, b] = [{}, {}];
  assert.equal(await ask(store, a, DO.begin), true);
  const other = ask(store, b, DO.begin);
  assert.equal(await isSettled(other), false);
  assert.equal(store.isStarted, false);
  await ask(store, b, DO.started);
  assert.equal(store.isStarted, false, 'only who starts it can say so');
  await ask(store, a, DO.started);
  assert.equal(await other, false);
  assert.equal(store.isStarted, true);
  assert.equal(await ask(store, {}, DO.begin), false);
});

test('when the thread that starts the application dies, the next in line starts it (A3)', async () => {
  const store = new ApplicationStore();
  const [dead, next, last] = [{}, {}, {}];
  assert.equal(await ask(store, dead, DO.begin), true);
  const second = ask(store, next, DO.begin);
  const third = ask(store, last, DO.begin);
  store.release(dead);
  assert.equal(await second, true);
  assert.equal(await isSettled(third), false);
  await ask(store, next, DO.started);
  assert.equal(await third, false);
});

test('after its end the application begins anew', async () => {
  const store = new ApplicationStore();
  const page = {};
  await ask(store, page, DO.begin);
  await ask(store, page, DO.started);
  await ask(store, page, DO.write, { key: 'x', value: plain('1') });
  const before = version(store);
  store.clear();
  assert.notEqual(version(store), before);
  assert.deepEqual(store.contents, []);
  assert.equal(await ask(store, page, DO.begin), true);
});

test('an operation of others is not answered', () => {
  assert.equal(new ApplicationStore().perform({}, 'http.exchange', {}), undefined);
});
