import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { manualClock } from '../../../test/support/manual-clock.ts';
import type { LogFields, Logger } from '../../base/index.ts';
import type { PageError, PageTrace } from '../contract.ts';
import { parseStatusCodes, type TraceRule } from './rules.ts';
import { readTraces, TraceStore, WISH_FILE, wishForTraces } from './store.ts';
import type { TracedRequest } from './stored-trace.ts';

const top = mkdtempSync(join(tmpdir(), 'traces-'));
after(() => rmSync(top, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(top, String((folders += 1)));

const ERROR: PageError = {
  aspCode: '',
  number: 13,
  category: 'Microsoft VBScript runtime',
  description: "Type mismatch: 'x'",
  aspDescription: '',
  file: '/a.asp',
  line: 3,
  column: 1,
  source: '',
};
const TRACE: PageTrace = {
  records: [{ atMs: 1, file: '/a.asp', line: 1, kind: 'line', source: 'x = 1' }],
  dropped: 0,
};
const request = (change: Partial<TracedRequest> = {}): TracedRequest => ({
  site: 'shop',
  at: Date.UTC(2026, 0, 2, 3, 4, 5),
  method: 'GET',
  url: 'http://shop.example:80/a.asp?x=1',
  path: '/a.asp',
  client: '192.0.2.1',
  user: '',
  status: 200,
  subStatus: 0,
  tookMs: 5,
  error: undefined,
  ...change,
});

async function open(folder: string, rules: readonly TraceRule[] = [], files = 50) {
  const events: { name: string; fields: LogFields | undefined }[] = [];
  const log: Logger = {
    event: (_level, name, fields) => void events.push({ name, fields }),
    with: () => log,
  };
  const clock = manualClock();
  const store = await TraceStore.open({ folder, files, rules, clock, log });
  return { store, clock, events };
}

describe('which requests are recorded and kept', () => {
  it('records nothing without rules and wishes, and makes no folder', async () => {
    const folder = newFolder();
    const { store } = await open(folder);
    assert.equal(store.wants('/a.asp'), false);
    store.take(request({ status: 500 }), TRACE);
    await store.flush();
    assert.deepEqual((await readTraces(folder)).traces, []);
    assert.throws(() => statSync(folder), /ENOENT/);
  });

  const cases: readonly (readonly [
    title: string,
    rule: TraceRule,
    change: Partial<TracedRequest>,
    kept: string | undefined,
  ])[] = [
    ['a status within a range', { statusCodes: [[500, 599]] }, { status: 500 }, 'STATUS_CODE'],
    ['a status outside', { statusCodes: [[500, 599]] }, { status: 404 }, undefined],
    ['the ends of a range', { statusCodes: [[404, 404]] }, { status: 404 }, 'STATUS_CODE'],
    ['a slow request', { timeTakenMs: 5000 }, { tookMs: 5000 }, 'TIME_TAKEN'],
    ['a quick request', { timeTakenMs: 5000 }, { tookMs: 4999 }, undefined],
    ['an error', { errors: true }, { error: ERROR }, 'ERROR'],
    ['no error', { errors: true }, {}, undefined],
    ['a path alone', { path: '/a.asp' }, {}, 'PATH'],
    ['a pattern in another case', { path: '/A*' }, {}, 'PATH'],
    ['a name without folder', { path: 'a.asp' }, { path: '/shop/a.asp' }, 'PATH'],
    ['another path', { path: '/b.asp', errors: true }, { error: ERROR }, undefined],
    ['a dot that is a dot', { path: '/aXasp' }, {}, undefined],
    ['one of several conditions', { errors: true, timeTakenMs: 1 }, { tookMs: 2 }, 'TIME_TAKEN'],
  ];
  for (const [title, rule, change, kept] of cases) {
    it(`${kept === undefined ? 'lets go' : 'keeps'} ${title}`, async () => {
      const folder = newFolder();
      const { store } = await open(folder, [rule]);
      store.take(request(change), TRACE);
      await store.flush();
      assert.equal((await readTraces(folder)).traces[0]?.reason, kept);
    });
  }

  it('records what a rule may be about, whatever comes of it', async () => {
    const { store } = await open(newFolder(), [{ path: '/shop/*', errors: true }]);
    assert.equal(store.wants('/shop/a.asp'), true);
    assert.equal(store.wants('/a.asp'), false);
  });

  it('records the next requests that were asked for, and no more', async () => {
    const folder = newFolder();
    const { store, clock } = await open(folder);
    assert.equal(store.wants('/a.asp'), false);
    await wishForTraces(folder, { requests: 2, path: '/a*' });
    await untilWanted(store, clock, '/a.asp');
    assert.equal(store.wants('/b.asp'), false);
    store.take(request(), TRACE);
    store.take(request({ path: '/b.asp' }), TRACE);
    store.take(request(), TRACE);
    assert.equal(store.wants('/a.asp'), false);
    store.take(request(), TRACE);
    await store.flush();
    const { traces } = await readTraces(folder);
    assert.deepEqual(
      traces.map(({ id, reason }) => [id, reason]),
      [
        ['fr000001', 'REQUESTED'],
        ['fr000002', 'REQUESTED'],
      ],
    );
  });

  it('sees a wish that waits when it opens, and ignores one that is no number', async () => {
    const folder = newFolder();
    await wishForTraces(folder, { requests: 1 });
    assert.equal((await open(folder)).store.wants('/x.asp'), true);
    writeFileSync(join(folder, WISH_FILE), '{"requests":"many"}');
    assert.equal((await open(folder)).store.wants('/x.asp'), false);
    writeFileSync(join(folder, WISH_FILE), '{"req');
    assert.equal((await open(folder)).store.wants('/x.asp'), false);
  });

  it('reads status codes as people write them', () => {
    assert.deepEqual(parseStatusCodes('500-599, 404'), [
      [500, 599],
      [404, 404],
    ]);
    for (const bad of ['', '5', '599-500', '500-', '500;404', '099'])
      assert.match(parseStatusCodes(bad) as string, /status codes are written as/, bad);
  });
});

describe('the folder of traces', () => {
  it('keeps as many files as it may, the newest, and goes on counting after a restart', async () => {
    const folder = newFolder();
    const first = await open(folder, [{}], 3);
    for (let number = 1; number <= 5; number += 1) first.store.take(request(), TRACE);
    await first.store.flush();
    assert.deepEqual(readdirSync(folder).sort(), ['fr000003.json', 'fr000004.json', 'fr000005.json']);
    const second = await open(folder, [{}], 3);
    second.store.take(request(), TRACE);
    await second.store.flush();
    assert.deepEqual(readdirSync(folder).sort(), ['fr000004.json', 'fr000005.json', 'fr000006.json']);
  });

  it('keeps them from other users: what visitors sent is in them', async () => {
    const folder = newFolder();
    const { store } = await open(folder, [{}]);
    store.take(request(), TRACE);
    await store.flush();
    if (process.platform !== 'win32') {
      assert.equal(statSync(join(folder, 'fr000001.json')).mode & 0o077, 0);
      assert.equal(statSync(folder).mode & 0o077, 0);
    }
  });

  it('reads back what it was given', async () => {
    const folder = newFolder();
    const { store } = await open(folder, [{}]);
    store.take(request({ error: ERROR, status: 500, subStatus: 100 }), { ...TRACE, dropped: 7 });
    await store.flush();
    const [trace] = (await readTraces(folder)).traces;
    const { activityId, processId, id, format, reason, records, dropped, ...rest } = trace!;
    assert.deepEqual(rest, request({ error: ERROR, status: 500, subStatus: 100 }));
    assert.deepEqual(
      { id, format, reason, records, dropped },
      {
        id: 'fr000001',
        format: 1,
        reason: 'PATH',
        records: TRACE.records,
        dropped: 7,
      },
    );
    assert.match(activityId, /^[0-9a-f-]{36}$/);
    assert.equal(processId, process.pid);
  });

  it('cuts a recording that would make a file nobody can read', async () => {
    const folder = newFolder();
    const { store } = await open(folder, [{}]);
    const record = { ...TRACE.records[0]!, source: 'x'.repeat(100_000) } as PageTrace['records'][number];
    store.take(request(), { records: Array.from({ length: 100 }, () => record), dropped: 1 });
    await store.flush();
    const [trace] = (await readTraces(folder)).traces;
    assert.equal(trace!.records.length + trace!.dropped, 101);
    assert.ok(statSync(join(folder, 'fr000001.json')).size < 9 * 1024 * 1024);
  });

  it('names damaged files with the reason and shows the others', async () => {
    const folder = newFolder();
    const { store } = await open(folder, [{}]);
    store.take(request(), TRACE);
    await store.flush();
    writeFileSync(join(folder, 'fr000002.json'), '{');
    writeFileSync(join(folder, 'fr000003.json'), '{"format":2}');
    writeFileSync(join(folder, 'fr000004.json'), '{"format":1,"id":"fr000004"}');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const { traces, damaged } = await readTraces(folder);
    assert.equal(traces.length, 1);
    assert.deepEqual(
      damaged.map(({ reason }) => reason.replace(/:.*/, '')),
      ['it is no JSON', 'it is no trace of this version of Mailroot', 'a part of it is missing'],
    );
  });

  it('tells once that it cannot write, and again when it failed anew', async () => {
    const folder = newFolder();
    // A file where the folder should be.
    writeFileSync(folder, 'in the way');
    const { store, events } = await open(folder, [{}]);
    store.take(request(), TRACE);
    store.take(request(), TRACE);
    await store.flush();
    assert.deepEqual(
      events.map(({ name }) => name),
      ['asp.trace-failed'],
    );
    assert.match(String(events[0]!.fields?.['reason']), /EEXIST|ENOTDIR/);
    rmSync(folder);
    store.take(request(), TRACE);
    await store.flush();
    assert.equal((await readTraces(folder)).traces.length, 1);
    assert.ok(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8').startsWith('{'));
  });
});

/** The folder is looked at beside the requests; turns of the event loop let it happen. */
async function untilWanted(
  store: TraceStore,
  clock: ReturnType<typeof manualClock>,
  path: string,
): Promise<void> {
  for (let turn = 0; turn < 10_000; turn += 1) {
    clock.advance(1001);
    if (store.wants(path)) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.fail('the wish was never seen');
}
