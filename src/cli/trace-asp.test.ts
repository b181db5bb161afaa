import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, it } from 'node:test';
import type { StoredTrace } from '../asp/index.ts';
import { runCommandLine } from './main.ts';

const top = mkdtempSync(join(tmpdir(), 'trace-asp-'));
after(() => rmSync(top, { recursive: true, force: true }));
const traces = join(top, 'traces');

async function run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const stdin = Readable.from([]) as unknown as NodeJS.ReadableStream;
  const code = await runCommandLine(['trace', 'asp', ...args], {
    stdin,
    stdout,
    stderr,
    environment: {},
    folder: top,
  });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

const TRACE: StoredTrace = {
  format: 1,
  id: 'fr000001',
  site: 'shop',
  at: Date.UTC(2026, 0, 2, 3, 4, 5),
  method: 'GET',
  url: 'http://shop.example:80/order.asp',
  path: '/order.asp',
  client: '192.0.2.1',
  user: '',
  status: 200,
  subStatus: 0,
  tookMs: 3,
  reason: 'REQUESTED',
  activityId: '01234567-89ab-cdef-0123-456789abcdef',
  processId: 42,
  records: [
    {
      atMs: 1,
      file: '/order.asp',
      line: 9,
      kind: 'mail',
      object: 'CDO.Message',
      messageId: 'a@b',
      way: { kind: 'pickup', file: 'x.eml' },
    },
  ],
  dropped: 0,
  error: undefined,
};

it('says where there is nothing yet and how to record', async () => {
  const { code, stdout } = await run('--folder', 'traces');
  assert.equal(code, 0);
  assert.match(stdout, /^There are no traces in .*traces\. .*mailroot trace asp next 1/);
});

it('leaves a wish for the site', async () => {
  const { code, stdout } = await run('next', '3', '--path', '/order.asp', '--folder', 'traces');
  assert.equal(code, 0);
  assert.match(stdout, /^The next 3 requests for \/order\.asp will be recorded/);
  assert.deepEqual(JSON.parse(readFileSync(join(traces, 'next.json'), 'utf8')), {
    requests: 3,
    path: '/order.asp',
  });
});

it('lists and shows; without a relay it says that it cannot know where the mail is', async () => {
  writeFileSync(join(traces, 'fr000001.json'), JSON.stringify(TRACE));
  const list = await run('--folder', 'traces');
  assert.match(list.stdout, /^ID +TIME .*\nfr000001 .*GET \/order\.asp +1 mail\n$/);
  const shown = await run('show', 'FR000001', '--folder', 'traces');
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /@ mail a@b put into Pickup as x\.eml\n +the relay does not run here/);
  const json = JSON.parse((await run('show', 'fr000001', '--json', '--folder', 'traces')).stdout);
  assert.deepEqual(json.records, TRACE.records);
  assert.deepEqual(json.mail, [{ messageId: 'a@b', way: { kind: 'pickup', file: 'x.eml' }, messages: null }]);
  const rows = JSON.parse((await run('--json', '--folder', 'traces')).stdout);
  assert.equal(rows.traces[0].records, 1);
});

it('writes the XML of Failed Request Tracing into a file or to standard output', async () => {
  const file = await run('show', 'fr000001', '--freb', 'fr000001.xml', '--folder', 'traces');
  assert.equal(file.stdout, 'fr000001 is in fr000001.xml.\n');
  const xml = readFileSync(join(top, 'fr000001.xml'), 'utf8');
  assert.match(xml, /<failedRequest url="http:\/\/shop\.example:80\/order\.asp"/);
  assert.equal((await run('show', 'fr000001', '--freb', '-', '--folder', 'traces')).stdout, xml);
});

it('names damaged files and goes on', async () => {
  writeFileSync(join(traces, 'fr000002.json'), '{');
  const { code, stdout, stderr } = await run('--folder', 'traces');
  assert.equal(code, 0);
  assert.match(stderr, /fr000002\.json cannot be read: it is no JSON/);
  assert.match(stdout, /fr000001/);
});

it('refuses what it cannot do with the cure', async () => {
  for (const [args, code, text] of [
    [['show', '--folder', 'traces'], 2, /which trace\?/],
    [['show', 'fr000009', '--folder', 'traces'], 1, /There is no trace fr000009/],
    [['next', '0', '--folder', 'traces'], 2, /from 1 to 1000/],
    [['next', 'many', '--folder', 'traces'], 2, /from 1 to 1000/],
    [['forget', '--folder', 'traces'], 2, /there is no 'forget'/],
    [['show', 'a', 'b', '--folder', 'traces'], 2, /one word too many/],
    [[], 2, /the configuration has no sites; .*--folder/],
    [['--site', 'shop'], 2, /--site shop: the configuration has no sites/],
  ] as const) {
    const result = await run(...args);
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr, text);
  }
});
