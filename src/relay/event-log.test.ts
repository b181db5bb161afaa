import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platform } from 'node:process';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../base/index.ts';
import { EventLog } from './event-log.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is alive in the heap. */
function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

describe('the event log', () => {
  let folder: string;
  let now: number;
  let fire: (() => void) | undefined;
  const clock: Clock = {
    now: () => now,
    monotonicMs: () => now,
    setTimer(_delayMs, callback) {
      fire = callback;
      return { cancel: () => (fire = undefined) };
    },
  };
  const complaints: string[] = [];
  const open = (more: { level?: 'debug' | 'info'; terminal?: (line: string) => void } = {}) =>
    new EventLog({
      folder,
      level: more.level ?? 'info',
      keepMs: 3 * 86_400_000,
      clock,
      complain: (text) => complaints.push(text),
      ...(more.terminal && { terminal: more.terminal }),
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailroot-log-'));
    now = Date.parse('2026-11-21T22:00:00Z');
    complaints.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes one line of JSON for each event of its level or above', async () => {
    const log = open();
    log.with({ messageId: 'M1' }).event('info', 'pickup.taken', { file: 'a "b".eml' });
    log.event('debug', 'smtp.client.command', {});
    await log.close();
    const lines = readFileSync(join(folder, 'mailroot-2026-11-21.log'), 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [
        {
          level: 'info',
          time: '2026-11-21T22:00:00.000Z',
          messageId: 'M1',
          file: 'a "b".eml',
          event: 'pickup.taken',
        },
      ],
    );
  });

  it('loses no line of a burst, and keeps their order', async () => {
    const log = open();
    // Several times what is gathered for one write.
    for (let number = 0; number < 4000; number += 1)
      log.event('info', 'a.b', { number, text: 'x'.repeat(60) });
    await log.close();
    const lines = readFileSync(join(folder, 'mailroot-2026-11-21.log'), 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).number),
      Array.from({ length: 4000 }, (_, number) => number),
    );
  });

  it('takes what comes after its end without a word', async () => {
    const log = open();
    log.event('info', 'a.b');
    await log.close();
    for (let count = 0; count < 4000; count += 1) log.event('info', 'a.late', { text: 'x'.repeat(60) });
    assert.doesNotMatch(readFileSync(join(folder, 'mailroot-2026-11-21.log'), 'utf8'), /late/);
  });

  it('tells an event whose fields are no JSON, and what a field may contain', async () => {
    const log = open();
    const circle: { self?: unknown } = {};
    circle.self = circle;
    log.event('warn', 'a.b', { big: 1n, circle, text: '"\n\u2028é', left: undefined });
    log.event('info', 'a.c');
    await log.close();
    const lines = readFileSync(join(folder, 'mailroot-2026-11-21.log'), 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [
        {
          level: 'warn',
          time: '2026-11-21T22:00:00.000Z',
          big: '1',
          circle: '[object Object]',
          text: '"\n\u2028é',
          left: 'undefined',
          event: 'a.b',
        },
        { level: 'info', time: '2026-11-21T22:00:00.000Z', event: 'a.c' },
      ],
    );
  });

  it('follows a change of the level', async () => {
    const log = open();
    log.event('debug', 'one');
    log.setLevel('debug');
    log.event('debug', 'two');
    log.setLevel('error');
    log.event('warn', 'three');
    await log.close();
    const text = readFileSync(join(folder, 'mailroot-2026-11-21.log'), 'utf8');
    assert.deepEqual(text.match(/"event":"\w+"/g), ['"event":"two"']);
  });

  it('begins a new file each day and deletes those past their time, nothing else', async () => {
    for (const name of [
      'mailroot-2026-11-18.log',
      'mailroot-2026-11-19.log',
      'mailroot-old.log',
      'notes.txt',
    ]) {
      writeFileSync(join(folder, name), '');
    }
    const log = open();
    assert.ok(readdirSync(folder).includes('mailroot-2026-11-18.log'));
    now += 4 * 3_600_000;
    fire!();
    log.event('info', 'next.day');
    await log.close();
    assert.deepEqual(readdirSync(folder).sort(), [
      'mailroot-2026-11-19.log',
      'mailroot-2026-11-21.log',
      'mailroot-2026-11-22.log',
      'mailroot-old.log',
      'notes.txt',
    ]);
    assert.match(readFileSync(join(folder, 'mailroot-2026-11-22.log'), 'utf8'), /next\.day/);
  });

  const noFullDisk = platform === 'linux' ? false : 'only Linux has /dev/full';
  it('complains once of a full disk, keeps no more than a few megabytes, and ends', {
    skip: noFullDisk,
  }, async () => {
    symlinkSync('/dev/full', join(folder, 'mailroot-2026-11-21.log'));
    const log = open();
    const before = heldBytes();
    for (let round = 0; round < 40; round += 1) {
      for (let count = 0; count < 1000; count += 1) log.event('info', 'a.b', { text: 'x'.repeat(1000) });
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(heldBytes() - before < 12e6);
    await log.close();
    assert.equal(complaints.length, 1);
    assert.match(complaints[0]!, /writing the event log in .*: no space left/i);
  });

  it('prints values for a person: lists with commas, quotes only where words would run together', async () => {
    const shown: string[] = [];
    const log = open({ terminal: (line) => shown.push(line.slice('22:00:00 '.length)) });
    log.event('info', 'relay.listening', {
      ...{ fqdn: 'mail.example', reason: 'two words', port: 25, error: undefined },
      ...{ addresses: ['127.0.0.1:25', '[::1]:25'], to: ['a b'] },
    });
    await log.close();
    assert.deepEqual(shown, [
      'relay.listening fqdn=mail.example reason="two words" port=25 addresses=127.0.0.1:25,[::1]:25 to="a b"',
    ]);
  });

  it('shows a person at most twenty lines a second, every warning, and how many were left out', async () => {
    const shown: string[] = [];
    const log = open({ terminal: (line) => shown.push(line) });
    for (let count = 0; count < 50; count += 1)
      log.event('info', 'delivery.delivered', { to: 'a b@example.com' });
    log.event('warn', 'delivery.deferred', { reason: 'no answer' });
    assert.equal(shown.length, 21);
    assert.match(shown[0]!, /^\d\d:\d\d:\d\d delivery\.delivered to="a b@example\.com"$/);
    assert.match(shown[20]!, /WARN delivery\.deferred reason="no answer"$/);
    now += 1000;
    log.event('info', 'queue.idle');
    assert.match(shown[21]!, /30 more events/);
    await log.close();
  });

  it('refuses to start in a folder that cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    folder = join(folder, 'file');
    assert.throws(() => open(), { name: 'RelayError', code: 'name-taken' });
    folder = join(folder, '..');
  });
});
