import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Allowance, BackOff, LineLength } from './pace.ts';

test('an allowance grows by one after each full round of success, up to its maximum', () => {
  const allowance = new Allowance(5, 8);
  const grew: number[] = [];
  for (let n = 1; n <= 40; n += 1) if (allowance.onSuccess(20)) grew.push(n);
  assert.deepEqual(grew, [5, 11, 18]);
  assert.equal(allowance.limit, 8);
});

test('a host that can answer at once gets ten connections, however long they wait for each other', () => {
  const allowance = new Allowance(5, 100);
  for (let n = 0; n < 10_000; n += 1) allowance.onSuccess(n % 50 === 0 ? 1 : 30);
  assert.equal(allowance.limit, 10);
  for (let n = 0; n < 10_000; n += 1) allowance.onSuccess(30);
  assert.equal(allowance.limit, 100);
  for (let n = 0; n < 10_000; n += 1) allowance.onSuccess(n % 50 === 0 ? 1 : 30);
  assert.equal(allowance.limit, 10);
});

test('an allowance is halved by failures, never below one, and finds back with quick answers too', () => {
  const allowance = new Allowance(5, 100);
  const left = [1, 2, 3].map(() => {
    allowance.onFailure();
    return allowance.limit;
  });
  assert.deepEqual(left, [2, 1, 1]);
  for (let n = 0; n < 10; n += 1) allowance.onSuccess(0.1);
  assert.equal(allowance.limit, 5);
  allowance.shrinkTo(3);
  assert.deepEqual(allowance.limit, 3);
  allowance.restart();
  assert.equal(allowance.limit, 1);
});

test('a back-off doubles to its maximum and is forgotten by a success', () => {
  const backOff = new BackOff(30, 100);
  const rounds = [0, 0, 0, 0].map(() => {
    backOff.onFailure(1000);
    return { until: backOff.until, failures: backOff.failures };
  });
  assert.deepEqual(rounds, [
    { until: 1030, failures: 1 },
    { until: 1060, failures: 2 },
    { until: 1100, failures: 3 },
    { until: 1100, failures: 4 },
  ]);
  assert.ok(!backOff.isOver(1099) && backOff.isOver(1100));
  backOff.onSuccess();
  assert.ok(backOff.isOver(0));
  assert.equal(backOff.failures, 0);
});

test('a line grows when it runs dry and falls back when nothing moves', () => {
  const line = new LineLength(0);
  assert.equal(line.current(0, 1000), 50);
  assert.equal(line.current(0, 7), 7);
  assert.equal(line.current(0, 0), 2);
  for (let n = 0; n < 10; n += 1) line.onStarved();
  assert.equal(line.current(0, 7), 1000);
  line.onProgress(500);
  assert.equal(line.current(1500, 7), 1000);
  assert.ok(!line.isStalled(1500) && line.isStalled(1501));
  assert.equal(line.current(1501, 7), 7);
});
