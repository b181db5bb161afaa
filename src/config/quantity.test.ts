import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { formatDuration, formatSize, parseDuration, parseSize } from './quantity.ts';

it('reads durations with one or several units', () => {
  for (const [text, ms] of [
    ['250ms', 250],
    ['30 s', 30_000],
    ['1.5h', 5_400_000],
    ['1h 30m', 5_400_000],
    ['2 days', 172_800_000],
  ] as const) {
    assert.deepEqual(parseDuration(text), { ok: true, value: ms });
  }
});

it('refuses durations and sizes without a unit or with an unknown one', () => {
  for (const text of ['', '15', 'soon', '15 m x', '-1s', '3 weeks'])
    assert.equal(parseDuration(text).ok, false, text);
  for (const text of ['', '2048', '10 TB', 'MB', '-1 MB']) assert.equal(parseSize(text).ok, false, text);
});

it('counts sizes in powers of 1024 as the property sheet does', () => {
  assert.deepEqual(parseSize('2048 KB'), { ok: true, value: 2_097_152 });
  assert.deepEqual(parseSize('25 MiB'), { ok: true, value: 26_214_400 });
});

it('prints what it reads back to the same value', () => {
  fc.assert(
    fc.property(fc.nat(), (value) => {
      assert.deepEqual(parseDuration(formatDuration(value)), { ok: true, value });
      assert.deepEqual(parseSize(formatSize(value)), { ok: true, value });
    }),
  );
});
