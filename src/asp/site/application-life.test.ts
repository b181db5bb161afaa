import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type ManualClock, manualClock } from '../../../test/support/manual-clock.ts';
import { SiteFiles } from '../web/site-files.ts';
import { ApplicationLife } from './application-life.ts';

let folder: string;
let clock: ManualClock;
let ended: (string | undefined)[];
let life: ApplicationLife;
let finish: () => void;
let times = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroot-life-'));
  clock = manualClock();
  ended = [];
});
afterEach(async () => {
  finish?.();
  await life.stop();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<void> {
  life = await ApplicationLife.open({
    files: await SiteFiles.open(folder, () => clock.monotonicMs()),
    clock,
    restart: (text) => {
      ended.push(text?.toString());
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
  });
}

/** Each version has a time of its own. */
function write(text: string, name = 'global.asa'): void {
  const file = join(folder, name);
  writeFileSync(file, text);
  times += 1;
  utimesSync(file, times, times);
}

/** What was begun has come as far as it can without the clock. */
async function settled(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
}

test('a changed global.asa waits for pages under way, holds back those that come, and is told what was in force', async () => {
  write('first');
  await open();
  assert.equal(life.enter(), undefined, 'nothing to wait for');
  write('second');
  clock.advance(600);
  let isIn = false;
  const later = life.enter()!.then(() => {
    isIn = true;
  });
  clock.advance(5000);
  assert.deepEqual([ended.length, isIn], [0, false], 'a page still runs');
  life.leave();
  await settled(() => ended.length > 0);
  assert.deepEqual([ended, isIn], [['first'], false], 'the restart has the text that was in force');
  finish();
  await later;
  assert.equal(isIn, true);
  life.leave();
});

test('nobody has to ask: it is noticed by itself, and so is a file that comes or goes, in any case', async () => {
  await open();
  write('new', 'Global.ASA');
  clock.advance(2000);
  await settled(() => ended.length === 1);
  finish();
  await settled(() => life.enter() === undefined);
  life.leave();
  rmSync(join(folder, 'Global.ASA'));
  await settled(() => {
    clock.advance(2000);
    return ended.length === 2;
  });
  assert.deepEqual(ended, [undefined, 'new']);
});

test('a page that does not end is waited for half a minute', async () => {
  write('first');
  await open();
  life.enter();
  write('second');
  clock.advance(600);
  const later = life.enter()!;
  await new Promise((resolve) => setImmediate(resolve));
  await settled(() => {
    clock.advance(10_000);
    return ended.length === 1;
  });
  finish();
  await later;
});

test('the same text with another time restarts nothing', async () => {
  write('first');
  await open();
  write('first');
  clock.advance(600);
  await life.enter();
  assert.deepEqual(ended, []);
});
