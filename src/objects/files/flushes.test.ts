import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Resting, restingFlusher } from './flushes.ts';

test('the thread rests while the disk works, and for each flush once', () => {
  const events: string[] = [];
  const rest: Resting = (work) => {
    events.push('rest');
    const value = work();
    events.push('awake');
    return value;
  };
  const flusher = restingFlusher(rest, {
    flush: (file) => events.push(`file ${file}`),
    flushFolder: (path) => events.push(`folder ${path}`),
  });
  flusher.flush(7);
  flusher.flushFolder('/pickup');
  assert.deepEqual(events, ['rest', 'file 7', 'awake', 'rest', 'folder /pickup', 'awake']);
});

test('real files and folders are flushed; what is none is the system’s error', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-flushes-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const flusher = restingFlusher((work) => work());
  const file = openSync(join(folder, 'mail'), 'wx');
  writeSync(file, 'mail');
  flusher.flush(file);
  flusher.flushFolder(folder);
  closeSync(file);
  assert.throws(() => flusher.flush(file), { code: 'EBADF' });
  assert.throws(() => flusher.flushFolder(join(folder, 'none')), { code: 'ENOENT' });
});
