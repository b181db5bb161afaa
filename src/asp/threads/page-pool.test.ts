import assert from 'node:assert/strict';
import { utimesSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { PageBench } from '../../../test/asp/support/page-bench.ts';
import { NO_SERVICES } from '../../script/index.ts';

function bench(t: TestContext, options: ConstructorParameters<typeof PageBench>[0] = {}): PageBench {
  const made = new PageBench(options);
  t.after(() => made.close());
  return made;
}

test('a page is run and its answer comes in one piece', async (t) => {
  const site = bench(t);
  site.write('hello.asp', '<html>\r\n<% For i = 1 To 3 %>\r\nHello <%= i %>\r\n<% Next %></html>');
  const answer = await site.ask('/hello.asp');
  assert.equal(answer.body, '<html>\r\n\r\nHello 1\r\n\r\nHello 2\r\n\r\nHello 3\r\n</html>');
  assert.equal(answer.head.status, 200);
  assert.equal(answer.header('content-type'), 'text/html');
  assert.equal(answer.pieces.length, 0);
  assert.equal(answer.error, undefined);
  // No session is begun for a page that uses none.
  assert.deepEqual(answer.outcome.session, { kind: 'unused' });
});

test('what is flushed comes before the end, and the head announces a session that may yet be used', async (t) => {
  const site = bench(t);
  site.write('flush.asp', 'one<% Response.Flush %>two<% Session("a") = 1 %>');
  const { pieces, head, body, outcome } = await site.ask('/flush.asp');
  assert.equal(pieces.length, 1);
  assert.equal(Buffer.from(pieces[0]!.bytes).toString(), 'one');
  assert.equal(head.startsSession, true);
  assert.equal(body, 'onetwo');
  assert.equal(outcome.session.kind, 'kept');
});

test('a page or include that changed is compiled anew', async (t) => {
  const site = bench(t);
  site.write('p.asp', '<!--#include file="i.inc"-->!');
  site.write('i.inc', 'one');
  assert.equal((await site.ask('/p.asp')).body, 'one!');
  site.write('i.inc', 'two');
  utimesSync(site.path('site', 'i.inc'), 1, 1);
  assert.equal((await site.ask('/p.asp')).body, 'two!');
  site.write(
    'global.asa',
    '<script runat=server language=vbscript>\nSub Session_OnStart\nSession("x") = "begun"\nEnd Sub</script>',
  );
  site.write('q.asp', '<%= Session("x") %>');
  assert.equal((await site.ask('/q.asp')).body, 'begun');
});

test('a page that runs too long ends with ASP 0113', async (t) => {
  const site = bench(t, { settings: { scriptTimeout: 1 } });
  site.write('loop.asp', 'text<% Do : Loop %>');
  site.write('ok.asp', 'fine');
  const { error, head, body } = await site.ask('/loop.asp');
  assert.deepEqual([error?.aspCode, error?.description, head.status], ['0113', 'Script timed out', 500]);
  assert.match(body, /^text.*error 'ASP 0113'/s);
  assert.equal((await site.ask('/ok.asp')).body, 'fine');
});

test('a thread that hangs outside the engine is ended and the next page is served', async (t) => {
  const site = bench(t, { settings: { scriptTimeout: 1 } });
  site.services = { http: { allowedHosts: ['*'], maxBodyBytes: 1 } };
  site.write('lock.asp', '<% Application.Lock : Application.Lock %>locked');
  site.write('wait.asp', '<% Application.Lock %>never');
  site.write('ok.asp', 'fine');
  // Somebody has the lock and does not give it back.
  const holder = site.application.services({
    http: { allowedHosts: [], maxBodyBytes: 1 },
    processes: { programs: {}, variables: {} },
    smtpServers: [],
  });
  await holder.perform('asp.application.lock', undefined);
  const { error } = await site.ask('/wait.asp');
  assert.equal(error?.aspCode, '0113');
  holder.end();
  assert.equal((await site.ask('/ok.asp')).body, 'fine');
});

test('while pages wait for something another thread is started for those that could run', async (t) => {
  const site = bench(t, { pool: { size: 2, parallel: 1, patienceMs: 20 } });
  site.write('wait.asp', '<% Application.Lock %>had it');
  site.write('ok.asp', 'fine');
  const holder = site.application.services({ ...NO_SERVICES });
  await holder.perform('asp.application.lock', undefined);
  const waiting = site.ask('/wait.asp');
  assert.equal((await site.ask('/ok.asp')).body, 'fine');
  assert.equal(site.pool.threadCount, 2);
  holder.end();
  assert.equal((await waiting).body, 'had it');
});

test('a page that fills its memory ends with Out of memory, and the next one is served', async (t) => {
  const site = bench(t, { pool: { memoryMb: 48 } });
  site.write(
    'eat.asp',
    '<% Set d = CreateObject("Scripting.Dictionary") : Do : i = i + 1 : d.Add i, Array(i, "text " & i) : Loop %>',
  );
  site.write('ok.asp', 'fine');
  const { error, head } = await site.ask('/eat.asp');
  assert.deepEqual([error?.description, error?.file, head.status], ['Out of memory', '/eat.asp', 500]);
  assert.equal((await site.ask('/ok.asp')).body, 'fine');
});

test('requests beyond the queue are told that the server is too busy', async (t) => {
  const site = bench(t, { pool: { queueLength: 1 } });
  site.write('p.asp', 'x');
  const answers = await Promise.all(Array.from({ length: 4 }, () => site.ask('/p.asp')));
  const busy = answers.filter(({ head }) => head.status === 503);
  assert.ok(busy.length >= 1);
  assert.equal(busy[0]!.error?.aspCode, '0148');
  assert.ok(answers.some(({ body }) => body === 'x'));
});

test('a session with an object that only one thread has is served by that thread', async (t) => {
  const site = bench(t, { pool: { size: 3, warm: 3 } });
  site.write(
    'p.asp',
    '<% If Not IsObject(Session("m")) Then\nSet m = CreateObject("CDO.Message") : m.Subject = "0" : Set Session("m") = m\nElse\nSession("m").Subject = Session("m").Subject + 1\nEnd If %><%= Session("m").Subject %>',
  );
  const visitors = Array.from({ length: 6 }, () => site.visitor());
  for (let round = 0; round < 4; round += 1) {
    const answers = await Promise.all(visitors.map((visitor) => site.ask('/p.asp', { visitor })));
    assert.deepEqual(
      answers.map(({ body }) => body),
      visitors.map(() => String(round)),
    );
  }
  const ended = await site.endSession(visitors[0]!);
  assert.equal(ended.outcome.session.kind, 'abandoned');
});

test('Application_OnStart runs once for all threads, Session_OnEnd at the end of a session', async (t) => {
  const site = bench(t, { pool: { size: 3, warm: 3 } });
  site.write(
    'global.asa',
    `<script runat=server language=vbscript>
Sub Application_OnStart
  Application("starts") = Application("starts") + 1
End Sub
Sub Session_OnStart
  Session("name") = "new"
End Sub
Sub Session_OnEnd
  On Error Resume Next
  x = Server.MapPath("/")
  Application("ended") = Application("ended") & Session("name") & " " & Mid(Err.Description, 5, 8) & ";"
End Sub
</script>`,
  );
  site.write('p.asp', '<%= Application("starts") %><%= Session("name") %><% Session("name") = "ann" %>');
  const visitor = site.visitor();
  const answers = await Promise.all(Array.from({ length: 8 }, () => site.ask('/p.asp')));
  for (const { body } of answers) assert.equal(body, '1new');
  assert.equal((await site.ask('/p.asp', { visitor })).body, '1new');
  assert.equal((await site.ask('/p.asp', { visitor })).body, '1ann');
  const end = await site.endSession(visitor);
  assert.equal(end.error, undefined);
  assert.deepEqual(site.application.contents().find(([name]) => name === 'ended')?.[1], {
    kind: 'plain',
    value: 'ann ASP 0195;',
  });
});

test("the site's own page tells errors, and gets what was wrong from GetLastError", async (t) => {
  const site = bench(t, { settings: { errorPage: '/errors/500.asp' } });
  site.write(
    'errors/500.asp',
    '<% Set e = Server.GetLastError : Response.Clear %>Sorry: <%= e.Category %>|<%= e.ASPCode %>|<%= Hex(e.Number) %>|<%= e.Description %>|<%= e.ASPDescription %>|<%= e.File %>|<%= e.Line %>|<%= e.Column %>|<%= e.Source %>',
  );
  site.write('a.asp', 'text\n<% x = 1 / 0 %>');
  site.write('b.asp', '<% Set x = Server.CreateObject("No.Such") %>');
  site.write('c.asp', '<% If x = Then %>');
  const a = await site.ask('/a.asp');
  assert.equal(a.body, 'Sorry: Microsoft VBScript runtime||800A000B|Division by zero||/a.asp|2|-1|');
  assert.equal(a.head.status, 500);
  assert.equal(
    (await site.ask('/b.asp')).body,
    'Sorry: Server object|ASP 0177|800401F3|Server.CreateObject Failed|800401f3|/b.asp|1|-1|',
  );
  assert.match(
    (await site.ask('/c.asp')).body,
    /^Sorry: Microsoft VBScript compilation\|\|800A03EA\|Syntax error\|\|\/c\.asp\|1\|\d+\|.*If x = Then/,
  );
  // An error page that fails itself does not hide the first error from the log.
  site.write('errors/500.asp', '<% y = CInt("z") %>');
  const broken = await site.ask('/a.asp');
  assert.equal(broken.error?.description, 'Division by zero');
  assert.match(broken.body, /800a000d/);
});

test('browsers that may not see errors see the fixed message', async (t) => {
  const site = bench(t, { settings: { scriptErrorSentToBrowser: false } });
  site.write('a.asp', 'part <% secretName = 1 / 0 %>');
  const { body, error } = await site.ask('/a.asp');
  assert.match(body, /^part .*An error occurred on the server when processing the URL\./s);
  assert.ok(!body.includes('Division'));
  assert.equal(error?.description, 'Division by zero');
});

test('Response.IsClientConnected tells a browser that has gone', async (t) => {
  const site = bench(t);
  site.write(
    'wait.asp',
    'x<% Response.Flush\nn = 0\nDo While Response.IsClientConnected\nn = n + 1\nLoop\nApplication("gone") = True %>',
  );
  const gone = new AbortController();
  await site.ask('/wait.asp', { signal: gone.signal, onPiece: () => gone.abort() });
  assert.equal(site.application.contents()[0]?.[0], 'gone');
});

test('a buffer beyond its limit ends the page with ASP 0251', async (t) => {
  const site = bench(t, { settings: { bufferingLimit: 1000 } });
  site.write('big.asp', '<% Do : Response.Write String(100, "x") : Loop %>');
  const { error } = await site.ask('/big.asp');
  assert.deepEqual([error?.aspCode, error?.category], ['0251', 'Response object']);
});

test('pages of two languages share procedures', async (t) => {
  const site = bench(t);
  site.write(
    'both.asp',
    '<%@ Language=VBScript %><script runat=server language=JScript>function twice(n) { return n * 2; }</script><%= twice(21) %>',
  );
  assert.equal((await site.ask('/both.asp')).body, '42');
  site.write(
    'js.asp',
    '<%@ Language=JScript %><% for (var i = 0; i < 2; i++) { %>[<%= i %>]<% } Response.Write("end"); %>',
  );
  assert.equal((await site.ask('/js.asp')).body, '[0][1]end');
});
