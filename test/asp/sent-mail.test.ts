/** Mail that pages send by Pickup: durable before anything of the page is seen outside, and told when it is lost. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type GroupDisk, nodeGroupDisk } from '../../src/base/index.ts';
import { mailFailure } from '../../src/objects/index.ts';
import { NO_SERVICES } from '../../src/script/index.ts';
import { type Answer, PageBench } from './support/page-bench.ts';

type Options = NonNullable<ConstructorParameters<typeof PageBench>[0]>;

function bench(t: TestContext, options: Options = {}): PageBench {
  const made = new PageBench(options);
  t.after(() => made.close());
  return made;
}

/** Lines 1 to 7 of a page; the Send is on line 6. */
const SEND = `<% Dim m
Set m = Server.CreateObject("CDO.Message")
m.From = "web@example.test"
m.To = "staff@example.test"
m.TextBody = "How much is the pie?"
m.Send
Response.Write "Thank you." %>`;
const SEND_LINE = 6;

const NEWMAIL = `<% Dim m
Set m = Server.CreateObject("CDONTS.NewMail")
m.Send "web@example.test", "staff@example.test", "Pie", "How much is the pie?"
Response.Write "Thank you." %>`;

type Step = 'flush' | 'rename' | 'flushFolder';

/** The real disk; `fails` is asked before each step for the system's code of a failure. */
function disk(fails: (step: Step) => string | undefined | Promise<string | undefined>): {
  readonly disk: GroupDisk;
  readonly steps: Step[];
} {
  const steps: Step[] = [];
  const before = async (step: Step) => {
    steps.push(step);
    const code = await fails(step);
    if (code !== undefined) throw Object.assign(new Error(`${code}: refused`), { code });
  };
  return {
    steps,
    disk: {
      ...nodeGroupDisk,
      flush: (path) => before('flush').then(() => nodeGroupDisk.flush(path)),
      rename: (from, to) => before('rename').then(() => nodeGroupDisk.rename(from, to)),
      flushFolder: (path) => before('flushFolder').then(() => nodeGroupDisk.flushFolder(path)),
    },
  };
}

/** The answer tells the loss as Send would have. */
function assertTold(answer: Answer, by: 'cdo' | 'cdonts', code: string, line: number): void {
  const expected = mailFailure(by, Object.assign(new Error(code), { code }), 'C:\\inetpub\\mailroot\\Pickup');
  assert.equal(answer.head.status, 500);
  assert.doesNotMatch(answer.body, /Thank you/);
  assert.match(answer.body, new RegExp(`/p\\.asp</font><font[^>]*>, line ${line}<`));
  const { error } = answer;
  assert.deepEqual(
    [error?.number, error?.category, error?.description, error?.file, error?.line],
    [expected.hresult, expected.source, expected.message, '/p.asp', line],
  );
}

test('an answer leaves when its mail is durable, and meanwhile the thread serves other pages', async (t) => {
  const gate = Promise.withResolvers<void>();
  const held = disk(async (step) => {
    if (step === 'flushFolder') await gate.promise;
    return undefined;
  });
  const site = bench(t, { pool: { disk: held.disk } });
  site.write('p.asp', SEND);
  site.write('other.asp', 'other');
  let isAnswered = false;
  const answer = site.ask('/p.asp').finally(() => {
    isAnswered = true;
  });
  // One thread: it is free although the first answer is held.
  assert.equal((await site.ask('/other.asp')).body, 'other');
  assert.equal(isAnswered, false);
  gate.resolve();
  assert.equal((await answer).body, 'Thank you.');
  assert.deepEqual(held.steps, ['flush', 'rename', 'flushFolder']);
  assert.equal(site.mails().length, 1);
  assert.match(
    site.mails()[0]!,
    /^x-sender: web@example\.test\r\nx-receiver: staff@example\.test\r\n.*pie\?/s,
  );
});

test('pages that send at the same time share flushes of the folder', async (t) => {
  // The folder's first flush takes until ten mails have their names: nine of them share the next.
  const ten = Promise.withResolvers<undefined>();
  let named = 0;
  const counted = disk((step) => {
    if (step === 'rename') named += 1;
    if (named === 10) ten.resolve(undefined);
    return step === 'flushFolder' ? ten.promise : undefined;
  });
  const site = bench(t, { pool: { disk: counted.disk, size: 2, warm: 2 } });
  site.write('p.asp', SEND);
  const answers = await Promise.all(Array.from({ length: 60 }, () => site.ask('/p.asp')));
  assert.ok(answers.every(({ body }) => body === 'Thank you.'));
  assert.equal(site.mails().length, 60);
  assert.ok(counted.steps.filter((step) => step === 'flushFolder').length <= 52);
});

test('a page that sends very many mails waits for the disk now and then, and none is missing', async (t) => {
  const site = bench(t);
  site.write(
    'p.asp',
    `<% Dim i : For i = 1 To 450
Set m = Server.CreateObject("CDO.Message") : m.From = "a@example.test" : m.To = "b" & i & "@example.test" : m.Send
Next %>sent`,
  );
  assert.equal((await site.ask('/p.asp')).body, 'sent');
  assert.equal(new Set(site.mails().map((mail) => /x-receiver: (\S+)/.exec(mail)![1])).size, 450);
});

for (const [step, code] of [
  ['flush', 'ENOSPC'],
  ['flush', 'EIO'],
  ['rename', 'EACCES'],
  ['flushFolder', 'EIO'],
] as const)
  test(`a mail that is lost at ${step} (${code}) is told in place of the answer, at the line of its Send`, async (t) => {
    let isBroken = true;
    const failing = disk((at) => (isBroken && at === step ? code : undefined));
    const site = bench(t, { pool: { disk: failing.disk } });
    site.write('p.asp', SEND);
    const answer = await site.ask('/p.asp', { trace: true });
    assertTold(answer, 'cdo', code, SEND_LINE);
    assert.deepEqual(site.pickupFiles(), []);
    assert.deepEqual(
      answer.outcome.lostMail?.map(({ file, line, folder, reason }) => [file, line, folder, reason]),
      [['/p.asp', SEND_LINE, 'C:\\inetpub\\mailroot\\Pickup', code]],
    );
    const last = answer.trace!.records.at(-1)!;
    assert.deepEqual([last.kind, last.file, last.line], ['error', '/p.asp', SEND_LINE]);
    // From now on Send flushes by itself, so that the page hears of a failure; until the disk has kept a mail again.
    failing.steps.length = 0;
    assert.equal((await site.ask('/p.asp')).body, 'Thank you.');
    assert.deepEqual(failing.steps, []);
    isBroken = false;
    assert.equal((await site.ask('/p.asp')).body, 'Thank you.');
    assert.deepEqual(failing.steps, ['flush', 'rename', 'flushFolder']);
    assert.equal(site.mails().length, 2);
  });

test('CDONTS tells a lost mail in its own words, and browsers that may not see errors see the fixed text', async (t) => {
  const failing = disk((step) => (step === 'flush' ? 'ENOSPC' : undefined));
  const site = bench(t, { pool: { disk: failing.disk } });
  site.write('p.asp', NEWMAIL);
  assertTold(await site.ask('/p.asp'), 'cdonts', 'ENOSPC', 3);
  const hidden = bench(t, { pool: { disk: failing.disk }, settings: { scriptErrorSentToBrowser: false } });
  hidden.write('p.asp', NEWMAIL);
  const { head, body } = await hidden.ask('/p.asp');
  assert.equal(head.status, 500);
  assert.match(body, /^ <font face="Arial" size=2>\n<p>An error occurred on the server/);
});

test('a Send that cannot write its file fails at its line, where the page can trap it', async (t) => {
  const site = bench(t);
  site.write(
    'p.asp',
    `<% On Error Resume Next
Set m = Server.CreateObject("CDO.Message") : m.From = "a@example.test" : m.To = "b@example.test"
m.Configuration.Fields("http://schemas.microsoft.com/cdo/configuration/smtpserverpickupdirectory") = "C:\\data\\none"
m.Configuration.Fields.Update : m.Send
Response.Write Hex(Err.Number) & " " & Err.Description %>`,
  );
  assert.equal((await site.ask('/p.asp')).body, '80070003 The system cannot find the path specified.');
});

/** Each of these is seen outside. `seen` says whether it happened. */
const EFFECTS: readonly {
  readonly name: string;
  readonly before?: string;
  readonly code: string;
  readonly seen: (site: PageBench, answer: Answer, asked: number) => boolean;
}[] = [
  {
    name: 'Response.Flush',
    code: 'Response.Flush',
    seen: (_site, { pieces }) => pieces.length > 0,
  },
  {
    name: 'output that is not buffered',
    before: 'Response.Buffer = False',
    code: 'Response.Write "x"',
    seen: (_site, { pieces }) => pieces.length > 0,
  },
  {
    name: 'a new text file',
    before: 'Set fso = Server.CreateObject("Scripting.FileSystemObject")',
    code: 'fso.CreateTextFile("C:\\data\\sent.txt").Close',
    seen: (site) => existsSync(site.path('data', 'sent.txt')),
  },
  {
    name: 'a text file that was open',
    before:
      'Set journal = Server.CreateObject("Scripting.FileSystemObject").CreateTextFile("C:\\data\\log.txt")',
    code: 'journal.Write String(100000, "x")',
    seen: (site) => readFileSync(site.path('data', 'log.txt')).length > 0,
  },
  {
    name: 'SaveToFile of a stream',
    before: 'Set s = Server.CreateObject("ADODB.Stream") : s.Open : s.WriteText "x"',
    code: 's.SaveToFile "C:\\data\\stream.txt"',
    seen: (site) => existsSync(site.path('data', 'stream.txt')),
  },
  {
    name: 'a statement of a database',
    before: `Set db = Server.CreateObject("ADODB.Connection") : db.Open "Driver=SQLite3;Database=C:\\data\\new.db"
db.Execute "CREATE TABLE t (a INTEGER)"`,
    code: 'db.Execute "INSERT INTO t VALUES (1)" : db.Execute "CREATE TABLE seen (a INTEGER)"',
    seen: (site) => readFileSync(site.path('data', 'new.db'), 'latin1').includes('seen'),
  },
  {
    name: 'a request over HTTP',
    before: 'Set h = Server.CreateObject("MSXML2.ServerXMLHTTP")',
    code: 'h.Open "GET", "http://127.0.0.1:" & Request.QueryString("port") & "/", False : h.Send',
    seen: (_site, _answer, asked) => asked > 0,
  },
];

for (const { name, before = '', code, seen } of EFFECTS)
  test(`mail is durable before ${name}; when it is lost, that does not happen`, async (t) => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end('heard');
    }).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const query = `?port=${(server.address() as AddressInfo).port}`;
    const page = SEND.replace('m.Send', `${before.replaceAll('\n', ' : ')} : m.Send : ${code}`);
    for (const isBroken of [true, false]) {
      asked = 0;
      const watched = disk((step) => (isBroken && step === 'flush' ? 'ENOSPC' : undefined));
      const site = bench(t, { pool: { disk: watched.disk } });
      site.services = { http: { allowedHosts: ['*'], maxBodyBytes: 1000 } };
      site.write('p.asp', page);
      let stepsAtPiece = 0;
      const answer = await site.ask(`/p.asp${query}`, {
        onPiece: () => {
          stepsAtPiece = watched.steps.length;
        },
      });
      if (!isBroken) assert.match(answer.body, /Thank you\.$/);
      assert.equal(seen(site, answer, asked), !isBroken);
      if (isBroken) assertTold(answer, 'cdo', 'ENOSPC', SEND_LINE);
      else if (answer.pieces.length > 0) assert.equal(stepsAtPiece, 3);
      assert.equal(site.mails().length, isBroken ? 0 : 1);
    }
  });

test('a page sees its own mail in the folder it sent it to', async (t) => {
  const site = bench(t);
  mkdirSync(site.path('data', 'Pickup'));
  site.write(
    'p.asp',
    SEND.replace(
      'm.Send',
      `m.Configuration.Fields("http://schemas.microsoft.com/cdo/configuration/smtpserverpickupdirectory") = "C:\\data\\Pickup" : m.Configuration.Fields.Update : m.Send`,
    ).replace(
      '"Thank you."',
      'Server.CreateObject("Scripting.FileSystemObject").GetFolder("C:\\data\\Pickup").Files.Count',
    ),
  );
  assert.equal((await site.ask('/p.asp')).body, '1');
});

for (const [name, end, status] of [
  ['an error', 'x = 1 / 0', 500],
  ['Response.End', 'Response.End', 200],
  ['Response.Redirect', 'Response.Redirect "/thanks.asp"', 302],
  ['a time-out that the engine sees', 'Do : Loop', 500],
  ['a time-out that ends the thread', 'Application.Lock', 500],
] as const)
  test(`mail that was sent before ${name} stays sent, once`, async (t) => {
    const site = bench(t, name.startsWith('a time-out') ? { settings: { scriptTimeout: 1 } } : {});
    site.write('p.asp', SEND.replace('Response.Write "Thank you."', end));
    const holder = site.application.services(NO_SERVICES);
    await holder.perform('asp.application.lock', undefined);
    const { head } = await site.ask('/p.asp');
    holder.end();
    assert.equal(head.status, status);
    assert.equal(site.mails().length, 1);
    assert.match(site.mails()[0]!, /How much is the pie\?/);
  });

test('closing the pool waits for mail that was sent', async (t) => {
  const slow = disk(() => new Promise((resolve) => setImmediate(() => resolve(undefined))));
  const site = bench(t, { pool: { disk: slow.disk } });
  site.write('p.asp', SEND.replace('Response.Write "Thank you."', 'Application.Lock'));
  const holder = site.application.services(NO_SERVICES);
  await holder.perform('asp.application.lock', undefined);
  const answer = site.ask('/p.asp');
  while (slow.steps.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await site.pool.close();
  assert.deepEqual(
    site.pickupFiles().map((name) => name.startsWith('.')),
    [false],
  );
  assert.equal((await answer).head.status, 500);
});

test('mail is written in a folder of its own, and not where somebody else has put something of that name', async (t) => {
  for (const [planted, plant] of [
    ['a link', (path, elsewhere) => symlinkSync(elsewhere, path)],
    ['a file', (path) => writeFileSync(path, '')],
    [
      'a folder open to all',
      (path) => {
        mkdirSync(path);
        chmodSync(path, 0o777);
      },
    ],
  ] as readonly (readonly [string, (path: string, elsewhere: string) => void])[]) {
    const site = bench(t);
    const elsewhere = site.path('elsewhere');
    mkdirSync(elsewhere);
    plant(site.path('pickup', '.mailroot-written'), elsewhere);
    const watcher = watch(elsewhere, () => assert.fail('something was written elsewhere'));
    site.write('p.asp', SEND);
    await site.ask('/p.asp');
    watcher.close();
    const names = site.pickupFiles().filter((name) => !name.startsWith('.'));
    assert.equal(names.length, 1, planted);
    assert.deepEqual(readdirSync(elsewhere), [], planted);
  }
});

test('what a killed thread left in the folder of its own is removed after a day', async (t) => {
  const site = bench(t);
  const folder = site.path('pickup', '.mailroot-written');
  mkdirSync(folder, { mode: 0o700 });
  for (const [name, hours] of [
    ['old.eml', 25],
    ['new.eml', 1],
  ] as const) {
    writeFileSync(join(folder, name), '');
    const at = Date.now() / 1000 - hours * 3600;
    utimesSync(join(folder, name), at, at);
  }
  site.write('p.asp', SEND);
  await site.ask('/p.asp');
  assert.deepEqual(readdirSync(folder), ['new.eml']);
});
