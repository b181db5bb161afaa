/** Databases in pages, over HTTP: the same pages over SQLite and over a real PostgreSQL, and the connections that outlive them. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { get, statusOf } from '../../src/asp/web/testing.ts';
import { type PostgresqlServer, startPostgresql } from '../support/postgresql.ts';
import { RealSite } from './support/real-site.ts';

const OPEN = `<%
Set c = Server.CreateObject("ADODB.Connection")
c.Open "Provider=Microsoft.Jet.OLEDB.4.0;Data Source=" & Server.MapPath("/db/shop.mdb")
%>`;

const FILES: Readonly<Record<string, string>> = {
  'open.inc': OPEN,
  'make.asp': `<!--#include file="open.inc"--><%
c.Execute "CREATE TABLE Items (Id COUNTER CONSTRAINT pk PRIMARY KEY, Name TEXT(50), Price CURRENCY, Since DATETIME, Sold YESNO)"
For i = 1 To 23
  c.Execute "INSERT INTO Items (Name, Price, Since, Sold) VALUES ('Item " & i & "', " & i & ".5, #1/" & i & "/2003#, False)"
Next %>made`,
  'pages.asp': `<!--#include file="open.inc"--><!--METADATA TYPE="typelib" UUID="00000205-0000-0010-8000-00AA006D2EA4"--><%
Set rs = Server.CreateObject("ADODB.Recordset")
rs.CursorLocation = adUseClient : rs.PageSize = 10
rs.Open "SELECT * FROM Items ORDER BY Id", c, adOpenStatic, adLockReadOnly
page = CInt(Request.QueryString("page")) : rs.AbsolutePage = page
%><%= rs.RecordCount %> in <%= rs.PageCount %>, page <%= rs.AbsolutePage %>:<%
For n = 1 To rs.PageSize
  If rs.EOF Then Exit For %> <%= rs("Name") %><%
  rs.MoveNext
Next
Response.Write "|" & FormatDateTime(c.Execute("SELECT MAX(Since) FROM Items")(0), 2) & "|" & rs.EOF %>`,
  'add.asp': `<!--#include file="open.inc"--><%
Set rs = Server.CreateObject("ADODB.Recordset")
rs.Open "SELECT * FROM Items WHERE Id = 0", c, 1, 3
rs.AddNew : rs("Name") = Request.QueryString("name").Item : rs("Price") = "9.75" : rs("Since") = #12/24/2003 18:30# : rs("Sold") = True : rs.Update
Response.Write rs("Id") & "|" : rs.Close
rs.Open "SELECT * FROM Items WHERE Name = '" & Replace(Request.QueryString("name"), "'", "''") & "'", c, 1, 3
rs("Price") = rs("Price") + 1 : rs.Update
Response.Write rs("Name") & "|" & rs("Price") & "|" & TypeName(rs("Price").Value) & "|" & rs("Sold") & "|" & rs("Since")
rs.Delete : rs.Close
Response.Write "|" & c.Execute("SELECT COUNT(*) FROM Items")(0) %>`,
  'command.asp': `<!--#include file="open.inc"--><%
Set cmd = Server.CreateObject("ADODB.Command")
Set cmd.ActiveConnection = c
cmd.CommandText = "SELECT COUNT(*) AS n FROM Items WHERE Name = ? OR Price < ?"
cmd.Parameters.Append cmd.CreateParameter("name", 200, 1, 50, Request.QueryString("name").Item)
cmd.Parameters.Append cmd.CreateParameter("price", 6, 1, , 3)
Response.Write cmd.Execute()("n") & "|"
cmd.CommandText = "UPDATE Items SET Sold = ? WHERE Id <= ?"
cmd.Execute n, Array(True, 4)
Response.Write n & "|" & UBound(c.Execute("SELECT Id FROM Items WHERE Sold = True").GetRows, 2) %>`,
  'transaction.asp': `<!--#include file="open.inc"--><%
c.BeginTrans
c.Execute "DELETE FROM Items WHERE Id > 20"
Response.Write c.Execute("SELECT COUNT(*) FROM Items")(0) & "|"
If Request.QueryString("end") = "commit" Then c.CommitTrans
If Request.QueryString("end") = "rollback" Then c.RollbackTrans
If Request.QueryString("end") = "error" Then x = 1 / 0
Response.Write "ended" %>`,
  'count.asp': `<!--#include file="open.inc"--><%= c.Execute("SELECT COUNT(*) FROM Items")(0) %>`,
  'error.asp': `<!--#include file="open.inc"-->before<%
c.Execute "SELECT Missing FROM Nowhere" %>`,
  'trapped.asp': `<!--#include file="open.inc"--><% On Error Resume Next
c.Execute "SELECT Missing FROM Nowhere"
Response.Write Hex(Err.Number) & "|" & Err.Source & "|" & c.Errors.Count & "|" & (InStr(LCase(Err.Description), "nowhere") > 0) %>`,
  'failed.asp': '<% Set e = Server.GetLastError : Response.Write e.Category & "|" & e.File & "|" & e.Line %>',
  'open.asp': '<!--#include file="open.inc"--><%= c.State %>',
  'temp.asp': `<!--#include file="open.inc"--><%
c.Execute "SET search_path TO pg_catalog" : c.Execute "CREATE TEMP TABLE left_behind (a int)" : c.Execute "SELECT pg_advisory_lock(7)"
c.Execute "PREPARE left_over AS SELECT 1"
Response.Write "left" %>`,
  'clean.asp': `<!--#include file="open.inc"--><% On Error Resume Next
Response.Write c.Execute("SELECT current_setting('search_path')")(0) & "|" & c.Execute("SELECT COUNT(*) FROM pg_prepared_statements")(0) & "|" & c.Execute("SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory'")(0)
c.Execute "SELECT * FROM left_behind"
Response.Write "|" & (Err.Number <> 0) & "|" & c.Execute("SELECT pg_backend_pid()")(0) %>`,
  'pid.asp': `<!--#include file="open.inc"--><%= c.Execute("SELECT pg_backend_pid()")(0) %>`,
  'twice.asp': `<!--#include file="open.inc"--><% first = c.Execute("SELECT pg_backend_pid()")(0) : c.Close : c.Open : Response.Write (first = c.Execute("SELECT pg_backend_pid()")(0)) %>`,
};

const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4).trim();

let server: PostgresqlServer;
const folder = mkdtempSync(join(tmpdir(), 'mailroot-ado-'));
before(async () => {
  // A file is made by the operator, never by a page.
  writeFileSync(join(folder, 'shop.db'), '');
  server = await startPostgresql();
  await server.run('postgres', 'CREATE DATABASE shop');
});
after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

const start = (source: Readonly<Record<string, string>>, showErrors = false): Promise<RealSite> =>
  RealSite.start(FILES, {
    config: { dataSources: { 'shop.mdb': source }, showErrors, errorPage: '/failed.asp' },
  });

for (const backEnd of ['sqlite', 'postgresql'] as const)
  describe(`pages over ${backEnd}`, () => {
    let site: RealSite;
    before(async () => {
      site = await start(
        backEnd === 'sqlite'
          ? { sqlite: join(folder, 'shop.db'), dialect: 'access' }
          : { postgresql: server.url('shop'), dialect: 'access' },
      );
      assert.equal(bodyOf(await get(site.port, '/make.asp')), 'made');
    });
    after(() => site?.stop());
    const ask = async (target: string) => bodyOf(await get(site.port, target));

    test('a recordset is shown page by page', async () => {
      assert.equal(
        await ask('/pages.asp?page=1'),
        `23 in 3, page 1: ${Array.from({ length: 10 }, (_, at) => `Item ${at + 1}`).join(' ')}|1/23/2003|False`,
      );
      assert.equal(await ask('/pages.asp?page=3'), '23 in 3, page 3: Item 21 Item 22 Item 23|1/23/2003|True');
    });

    test('a record is added, changed and deleted through a recordset', async () => {
      const [id, ...rest] = (await ask('/add.asp?name=O%27Neil')).split('|');
      assert.ok(Number(id) > 23, id);
      assert.deepEqual(rest, ["O'Neil", '10.75', 'Currency', 'True', '12/24/2003 6:30:00 PM', '23']);
    });

    test('parameters of a command are values, whatever they look like', async () => {
      assert.equal(await ask('/command.asp?name=Item%207'), '3|4|3');
      assert.equal(await ask('/command.asp?name=%27%20OR%20%27%27%3D%27'), '2|4|3');
    });

    test('a transaction that is taken back, broken by an error, or just left changes nothing; a committed one does', async () => {
      assert.equal(await ask('/transaction.asp?end=rollback'), '20|ended');
      assert.equal(await ask('/count.asp'), '23');
      assert.equal(await ask('/transaction.asp?end=none'), '20|ended');
      assert.equal(await ask('/count.asp'), '23');
      assert.match(
        await ask('/transaction.asp?end=error'),
        /Microsoft VBScript runtime\|\/transaction\.asp\|\d+$/,
      );
      assert.equal(await ask('/count.asp'), '23');
      assert.equal(await ask('/transaction.asp?end=commit'), '20|ended');
      assert.equal(await ask('/count.asp'), '20');
    });

    test('an error of the database has its source, and its page for errors', async () => {
      const answer = await get(site.port, '/error.asp');
      assert.equal(statusOf(answer), 500);
      assert.equal(bodyOf(answer), 'beforeMicrosoft JET Database Engine|/error.asp|2');
      assert.equal(await ask('/trapped.asp'), '80040E37|Microsoft JET Database Engine|1|True');
    });
  });

describe('connections to PostgreSQL outlive their page', () => {
  let site: RealSite;
  before(async () => {
    site = await start({ postgresql: server.url('shop'), dialect: 'native' }, true);
  });
  after(() => site?.stop());
  const ask = async (target: string) => bodyOf(await get(site.port, target));
  const connections = async () =>
    Number(
      (
        await server.run(
          'postgres',
          "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'mailroot'",
        )
      )[0]!['n'],
    );

  test('the next page has the same one, and so has one that closes and opens', async () => {
    const first = await ask('/pid.asp');
    assert.match(first, /^\d+$/);
    for (let round = 0; round < 3; round += 1) assert.equal(await ask('/pid.asp'), first);
    assert.equal(await ask('/twice.asp'), 'True');
    assert.equal(await connections(), 1);
  });

  test('pages at the same time have one each', async () => {
    const pids = await Promise.all(Array.from({ length: 4 }, () => ask('/pid.asp')));
    assert.ok(pids.every((pid) => /^\d+$/.test(pid)));
    assert.ok((await connections()) <= 4);
  });

  test('what a page left behind is gone: settings, tables, locks, statements', async () => {
    await server.run(
      'postgres',
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mailroot'",
    );
    const pid = await ask('/pid.asp');
    assert.equal(await ask('/temp.asp'), 'left');
    assert.equal(await ask('/clean.asp'), `"$user", public|0|0|True|${pid}`, 'in the same connection');
  });

  test('one that the server has cut meanwhile is noticed, and the page does not', async () => {
    const before = await ask('/pid.asp');
    await server.run(
      'postgres',
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mailroot'",
    );
    const after = await ask('/pid.asp');
    assert.match(after, /^\d+$/);
    assert.notEqual(after, before);
    assert.equal(await connections(), 1);
  });

  test('with the site they end', async () => {
    await site.stop();
    while ((await connections()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

test('every member of the ADODB objects is used by name in a test', () => {
  const root = join(import.meta.dirname, '../..');
  const used = ['test/script/ado.test.ts', 'test/asp/ado.test.ts', 'src/objects/ado/data-sources.test.ts']
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n')
    .toLowerCase();
  const faces = ['connection-face', 'recordset-face', 'command-face', 'fields', 'properties'];
  const members = faces.flatMap((face) =>
    [
      ...readFileSync(join(root, `src/objects/ado/${face}.ts`), 'utf8').matchAll(
        /^ {4}([A-Z][A-Za-z]+)(?::|\()/gm,
      ),
    ].map((match) => match[1]!),
  );
  assert.ok(members.length > 100, String(members.length));
  assert.deepEqual(
    members.filter((member) => !new RegExp(`\\.${member.toLowerCase()}\\b`).test(used)),
    [],
  );
});
