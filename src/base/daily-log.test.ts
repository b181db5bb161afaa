import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from './clock.ts';
import { DailyLog, w3cField } from './daily-log.ts';

/** Time stands still until it is set; timers never fire, the test flushes. */
function frozen(at: string) {
  let now = Date.parse(at);
  const clock: Clock = { now: () => now, monotonicMs: () => now, setTimer: () => ({ cancel() {} }) };
  return {
    clock,
    set: (next: string) => {
      now = Date.parse(next);
    },
  };
}

function log(at: string) {
  const time = frozen(at);
  const files = new Map<string, string>();
  const told: string[] = [];
  const disk = { isBroken: false };
  const daily = new DailyLog({
    clock: time.clock,
    append: async (name, text) => {
      if (disk.isBroken) throw new Error('no space');
      files.set(name, (files.get(name) ?? '') + text);
    },
    fileName: (day) => `ex${day}.log`,
    heading: (when) => `#${when}\r\n`,
    onFailed: (file, reason) => told.push(`failed ${file} ${reason}`),
    onRecovered: (file, dropped) => told.push(`recovered ${file} ${dropped}`),
  });
  return { daily, files, told, disk, set: time.set };
}

test('lines carry date and time, each day has its file with its heading', async () => {
  const { daily, files, set } = log('2026-11-22T23:59:59Z');
  daily.add('one');
  daily.add('two');
  set('2026-11-23T00:00:00Z');
  daily.add('three');
  await daily.flush();
  assert.deepEqual(Object.fromEntries(files), {
    'ex261122.log': '#2026-11-22 23:59:59\r\n2026-11-22 23:59:59 one\r\n2026-11-22 23:59:59 two\r\n',
    'ex261123.log': '#2026-11-23 00:00:00\r\n2026-11-23 00:00:00 three\r\n',
  });
});

test('a disk that takes nothing is told once; what waited is written when it takes lines again', async () => {
  const { daily, files, told, disk } = log('2026-11-22T10:00:00Z');
  disk.isBroken = true;
  daily.add('one');
  await daily.flush();
  daily.add('two');
  await daily.flush();
  assert.deepEqual(told, ['failed ex261122.log no space']);
  disk.isBroken = false;
  await daily.flush();
  assert.deepEqual(told.slice(1), ['recovered ex261122.log 0']);
  assert.match(files.get('ex261122.log')!, /one\r\n.* two\r\n$/);
});

test('lines beyond what may wait are dropped and counted', async () => {
  const { daily, told, disk } = log('2026-11-22T10:00:00Z');
  disk.isBroken = true;
  for (let at = 0; at < 11; at += 1) daily.add('x'.repeat(1024 * 1024));
  await daily.flush();
  disk.isBroken = false;
  await daily.flush();
  assert.deepEqual(told.slice(1), ['recovered ex261122.log 3']);
});

test('a field is never empty and has neither blanks nor controls', () => {
  assert.equal(w3cField(''), '-');
  assert.equal(w3cField('Mozilla 4.0\r\nx\x7f'), 'Mozilla+4.0??x?');
});
