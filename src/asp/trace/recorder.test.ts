import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { PageBench } from '../../../test/asp/support/page-bench.ts';
import type { TraceRecord } from '../contract.ts';
import { frebXml } from './freb.ts';
import type { StoredTrace } from './stored-trace.ts';
import { traceText } from './text.ts';

function bench(t: TestContext): PageBench {
  const made = new PageBench();
  t.after(() => made.close());
  return made;
}

const stored = (records: readonly TraceRecord[]): StoredTrace => ({
  ...{ format: 1, id: 'fr000001', reason: 'REQUESTED', activityId: 'a', processId: 1, dropped: 0 },
  ...{ site: 's', at: 0, method: 'GET', url: 'http://s/warn.asp', path: '/warn.asp', client: '', user: '' },
  ...{ status: 200, subStatus: 0, tookMs: 1, error: undefined, records },
});

const of = <Kind extends TraceRecord['kind']>(records: readonly TraceRecord[], kind: Kind) =>
  records.filter((record): record is Extract<TraceRecord, { kind: Kind }> => record.kind === kind);

const callsOf = (records: readonly TraceRecord[]) =>
  records.filter((record): record is Extract<TraceRecord, { args: unknown }> => 'args' in record);

test('a trace holds lines with their source, conditions, calls and errors of page and include', async (t) => {
  const site = bench(t);
  site.write('inc.inc', '<%\nSub Add(n)\n  total = total + n\nEnd Sub\n%>');
  site.write(
    'p.asp',
    '<!--#include file="inc.inc"-->\n<% total = 0\nAdd 5\nIf total > 3 Then\n  Set d = Server.CreateObject("Scripting.Dictionary")\n  d.Add "k", total\nEnd If\nOn Error Resume Next\nx = 1 / 0 %>',
  );
  const { trace, error } = await site.ask('/p.asp', { trace: true });
  assert.equal(error, undefined);
  const { records, dropped } = trace!;
  assert.equal(dropped, 0);
  const lines = of(records, 'line').map(({ file, line, source }) => `${file}:${line} ${source}`);
  assert.ok(lines.includes('/inc.inc:3   total = total + n'), lines.join('\n'));
  assert.ok(lines.includes('/p.asp:3 Add 5'), lines.join('\n'));
  assert.deepEqual(
    of(records, 'condition').map(({ line, value }) => [line, value]),
    [[4, 'True']],
  );
  const calls = callsOf(records).map(({ object, member, args }) => `${object}.${member}(${args.join(', ')})`);
  assert.ok(calls.includes('IServer.CreateObject("Scripting.Dictionary")'), calls.join('\n'));
  assert.ok(calls.includes('Dictionary.Add("k", 5)'), calls.join('\n'));
  assert.deepEqual(
    of(records, 'error').map(({ line, number, description }) => [line, number >>> 0, description]),
    [[9, 11, 'Division by zero']],
  );
  for (let at = 1; at < records.length; at += 1) assert.ok(records[at]!.atMs >= records[at - 1]!.atMs);
});

test('a Send is joined with the message that came of it', async (t) => {
  const site = bench(t);
  site.write(
    'send.asp',
    '<% Set m = CreateObject("CDO.Message") : m.From = "a@example.test" : m.To = "b@example.test"\nm.Subject = "x"\nm.Send\nSet n = CreateObject("CDONTS.NewMail")\nn.Send "a@example.test", "b@example.test", "y", "z" %>',
  );
  const { trace } = await site.ask('/send.asp', { trace: true });
  const mails = of(trace!.records, 'mail');
  assert.deepEqual(
    mails.map(({ line, object }) => [line, object]),
    [
      [3, 'CDO.Message'],
      [5, 'CDONTS.NewMail'],
    ],
  );
  const [first] = mails;
  const file = site.mails().find((text) => text.includes(first!.messageId));
  assert.ok(first!.messageId !== '' && file !== undefined);
  assert.ok(first!.way.kind === 'pickup' && /^\w+\.eml$/.test(first!.way.file));
});

test('what the mail objects warn of is told with its line, traced or not', async (t) => {
  const site = bench(t);
  const name = 'https://schemas.microsoft.com/cdo/configuration/sendusing';
  site.write(
    'warn.asp',
    `<% Set c = CreateObject("CDO.Configuration")\nFor i = 1 To 3\nc.Fields("${name}") = 1\nNext %>`,
  );
  const { trace, outcome } = await site.ask('/warn.asp', { trace: true });
  const [warning, ...others] = of(trace!.records, 'warning');
  assert.deepEqual(others, []);
  assert.equal(warning?.line, 3);
  assert.ok(traceText(stored(trace!.records)).includes(`! warning: '${name}' was read as`));
  assert.match(frebXml(stored(trace!.records)), /<Level>3<\/Level>[\s\S]*<Opcode>WARNING<\/Opcode>/);
  assert.deepEqual(outcome.warnings, [{ file: '/warn.asp', line: 3, text: warning!.text }]);
  assert.deepEqual((await site.ask('/warn.asp')).outcome.warnings, outcome.warnings);
});

test('secrets are masked wherever they turn up', async (t) => {
  const site = bench(t);
  site.write(
    'login.asp',
    `<% pw = Request.Form("Password")
Session("last") = "got " & pw
If Request.Form("user") = "ann" Then x = 1
Set c = CreateObject("CDO.Configuration")
c.Fields("http://schemas.microsoft.com/cdo/configuration/sendpassword") = "smtp-secret"
Const dbPassword = "literal-secret"
x = "" & Request.Form
Response.Write "hello " & pw & Request.QueryString("pin") %>`,
  );
  const { trace, body } = await site.ask('/login.asp?pin=pin4711', {
    trace: true,
    body: 'user=ann&Password=hunter2',
  });
  assert.equal(body, 'hello hunter2pin4711');
  const text = JSON.stringify(trace);
  for (const secret of ['hunter2', 'pin4711', 'smtp-secret', 'literal-secret'])
    assert.ok(!text.includes(secret), `${secret} is told in ${text}`);
  assert.ok(text.includes('*****') && text.includes('ann') && text.includes('sendpassword'));
});

test('a long trace is bounded and says how much is missing', async (t) => {
  const site = bench(t);
  site.write('long.asp', '<% For i = 1 To 30000\nx = i\nNext %>');
  const { trace } = await site.ask('/long.asp', { trace: true });
  assert.ok(trace!.records.length <= 20_000);
  assert.ok(trace!.dropped > 10_000);
});

test('without a trace nothing is recorded', async (t) => {
  const site = bench(t);
  site.write('p.asp', '<% x = 1 %>');
  assert.equal((await site.ask('/p.asp')).trace, undefined);
});
