/**
 * Attacks from inside a page: what a page may not do, whoever wrote it.
 * Owns: leaving the sandbox, splitting headers, reaching files outside, using up the machine.  Leaves: attacks over the wire (web).
 */
import assert from 'node:assert/strict';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { PageBench } from './support/page-bench.ts';

describe('attacks from inside a page', () => {
  let bench: PageBench;
  before(() => {
    bench = new PageBench({
      settings: { enableParentPaths: true, scriptTimeout: 60 },
      pool: { memoryMb: 64 },
    });
    writeFileSync(bench.path('outside', 'secret.txt'), 'top secret');
    writeFileSync(bench.path('outside', 'secret.asp'), 'top secret');
    symlinkSync(bench.path('outside'), bench.path('site', 'link'));
    symlinkSync(bench.path('outside', 'secret.asp'), bench.path('site', 'linked.asp'));
  });
  after(() => bench.close());

  /** Runs script text; gives what it wrote. */
  const run = async (script: string, language = 'VBScript') => {
    bench.write('attack.asp', `<%@ Language=${language} %><% ${script} %>`);
    return bench.ask('/attack.asp');
  };

  describe('header splitting', () => {
    const splits: readonly (readonly [name: string, script: string])[] = [
      ['AddHeader value', 'Response.AddHeader "X", "a" & vbCrLf & "Evil: 1"'],
      ['AddHeader value with a line feed', 'Response.AddHeader "X", "a" & vbLf & "Evil: 1"'],
      ['AddHeader value with a carriage return', 'Response.AddHeader "X", "a" & vbCr & "Evil: 1"'],
      ['AddHeader name', 'Response.AddHeader "Evil: 1" & vbCrLf & "X", "a"'],
      ['AddHeader name with a colon', 'Response.AddHeader "Evil: 1", "a"'],
      ['AddHeader name with a space', 'Response.AddHeader "Evil ", "a"'],
      ['AddHeader with NUL', 'Response.AddHeader "X", "a" & Chr(0) & "Evil: 1"'],
      ['AddHeader with a Unicode line separator', 'Response.AddHeader "X", "a" & ChrW(8232) & "Evil: 1"'],
      ['Redirect', 'Response.Redirect "/x" & vbCrLf & "Evil: 1"'],
      ['Redirect with a line feed', 'Response.Redirect "/x" & vbLf & "Evil: 1"'],
      ['Status', 'Response.Status = "200 OK" & vbCrLf & "Evil: 1"'],
      ['ContentType', 'Response.ContentType = "text/html" & vbCrLf & "Evil: 1"'],
      ['Charset', 'Response.Charset = "utf-8" & vbCrLf & "Evil: 1"'],
      ['CacheControl', 'Response.CacheControl = "private" & vbCrLf & "Evil: 1"'],
      ['PICS', 'Response.PICS "x" & vbCrLf & "Evil: 1"'],
      ['cookie path', 'Response.Cookies("a").Path = "/" & vbCrLf & "Evil: 1"'],
      ['cookie domain', 'Response.Cookies("a").Domain = "x" & vbCrLf & "Evil: 1"'],
      ['cookie path with attributes', 'Response.Cookies("a").Path = "/; Domain=evil"'],
      ['log entry', 'Response.AppendToLog "a" & vbCrLf & "Evil: 1"'],
    ];
    for (const [name, script] of splits)
      test(`${name} is refused with error 5`, async () => {
        const answer = await run(`On Error Resume Next : ${script} : Response.Write Err.Number`);
        assert.equal(answer.body, '5');
        const told = JSON.stringify(answer.head) + answer.logText;
        assert.ok(!/evil/i.test(told), told);
      });

    test('cookie names, keys and values are encoded', async () => {
      const { header } = await run(
        'Response.Cookies("a" & vbCrLf & "b") = "v; Path=/x" & vbLf : Response.Cookies("k")("x=" & vbCr) = "&;"',
      );
      assert.equal(header('set-cookie'), 'a%0D%0Ab=v%3B+Path%3D%2Fx%0A; path=/\nk=x%3D%0D=%26%3B; path=/');
    });

    test('fields that frame the answer are not taken from a page', async () => {
      const { head } = await run(
        'Response.AddHeader "Content-Length", "5" : Response.AddHeader "Transfer-Encoding", "chunked" : Response.AddHeader "Connection", "close"',
      );
      assert.ok(
        !head.headers.some(([name]) => /length|encoding|connection/i.test(name)),
        JSON.stringify(head),
      );
    });
  });

  describe('files outside the site', () => {
    const reads: readonly (readonly [name: string, script: string])[] = [
      ['MapPath above the root', 'x = Server.MapPath("/../outside/secret.txt")'],
      ['MapPath relative above the root', 'x = Server.MapPath("../../../etc/passwd")'],
      ['MapPath with backslashes', 'x = Server.MapPath("..\\..\\outside\\secret.txt")'],
      ['Execute above the root', 'Server.Execute "../outside/secret.asp"'],
      ['Execute with backslashes', 'Server.Execute "\\..\\outside\\secret.asp"'],
      ['Execute through a link', 'Server.Execute "/linked.asp"'],
      ['Execute in a linked folder', 'Server.Execute "/link/secret.asp"'],
      ['Transfer above the root', 'Server.Transfer "/a/../../outside/secret.asp"'],
      ['Transfer through a link', 'Server.Transfer "/link/secret.asp"'],
      ['Execute of a path of this machine', `Server.Execute "/etc/passwd"`],
      ['Execute of a stream', 'Server.Execute "/attack.asp::$DATA"'],
      [
        'FileSystemObject above the root',
        'Response.Write CreateObject("Scripting.FileSystemObject").OpenTextFile("C:\\inetpub\\wwwroot\\..\\outside\\secret.txt").ReadAll',
      ],
      [
        'FileSystemObject through a link',
        'Response.Write CreateObject("Scripting.FileSystemObject").OpenTextFile("C:\\inetpub\\wwwroot\\link\\secret.txt").ReadAll',
      ],
      [
        'FileSystemObject with a path of this machine',
        'Response.Write CreateObject("Scripting.FileSystemObject").OpenTextFile("/etc/passwd").ReadAll',
      ],
      [
        'a message read back from Pickup',
        'For Each f In CreateObject("Scripting.FileSystemObject").GetFolder("C:\\inetpub\\mailroot\\Pickup").Files : Response.Write f.Name : Next',
      ],
      ['an attachment from outside', 'Set m = CreateObject("CDO.Message") : m.AddAttachment "/etc/passwd"'],
    ];
    for (const [name, script] of reads)
      test(`${name} is refused`, async () => {
        const answer = await run(
          `On Error Resume Next : ${script} : If Err.Number <> 0 Then Response.Write "refused"`,
        );
        assert.equal(answer.body, 'refused');
      });

    for (const include of [
      'file="../outside/secret.asp"',
      'virtual="/../outside/secret.asp"',
      'file="link/secret.asp"',
      'virtual="/linked.asp"',
      'virtual="/etc/passwd"',
      'file="C:\\outside\\secret.asp"',
    ])
      test(`#include ${include} is not found`, async () => {
        bench.write('attack.asp', `<!--#include ${include}-->`);
        const { error, body } = await bench.ask('/attack.asp');
        assert.equal(error?.aspCode, '0126');
        assert.ok(!body.includes('top secret'));
      });

    test('a page is not served from outside the site', async () => {
      for (const path of [
        '/link/secret.asp',
        '/linked.asp',
        '/../outside/secret.asp',
        '/a/..\\..\\outside\\secret.asp',
      ])
        assert.equal((await bench.ask(path)).head.status, 404, path);
      assert.equal((await bench.ask('/global.asa')).error?.aspCode, '0220');
    });
  });

  describe('leaving the sandbox', () => {
    const escapes: readonly string[] = [
      'Response.Write TypeName(Response.constructor)',
      'Response.Write TypeName(Request.[__proto__])',
      'Response.Write TypeName(Server.[self])',
      'Response.Write TypeName(Session.host)',
      'Response.Write Eval("process.version")',
      'Response.Write Eval("globalThis")',
      'Execute "require(""fs"")"',
      'Response.Write GetRef("constructor")',
      'Set x = CreateObject("WScript.Shell") : Response.Write x.Run("id", 0, True)',
      'Set x = CreateObject("WScript.Shell").Exec("sh -c id") : Response.Write x.StdOut.ReadAll',
      'Response.Write Server.CreateObject("constructor")',
      'Response.Write Request.Form("__proto__").constructor',
    ];
    for (const script of escapes)
      test(script, async () => {
        const answer = await run(
          `On Error Resume Next : ${script} : If Err.Number <> 0 Then Response.Write "refused"`,
        );
        assert.match(answer.body, /^(?:Empty|Error)?(?:refused)?$/);
      });

    for (const script of [
      'Response.Write(typeof process + typeof require + typeof globalThis.process);',
      'var f = Response.Write.constructor; Response.Write(typeof f === "function" ? f("return typeof process")() : "undefined");',
      'try { Response.Write(typeof Server.constructor.constructor("return process")().version); } catch (e) { Response.Write("undefined"); }',
    ])
      test(`in JScript: ${script}`, async () => {
        const { body } = await run(script, 'JScript');
        assert.match(body, /^(?:undefined)*$|ActiveX|error/i);
        assert.ok(!/v\d+\.\d+/.test(body), body);
      });

    test('names of prototypes in forms, cookies and sessions are names like others', async () => {
      bench.write(
        'proto.asp',
        '<% Session("__proto__") = 1 : Session("constructor") = 2 : Application("__proto__") = 3 %><%= Request.Form("__proto__") %><%= Request.Form("constructor") %><%= Session("__proto__") + Session("constructor") + Application("__proto__") %><%= Request.ServerVariables("__proto__") %><%= Request.ServerVariables("constructor") %>',
      );
      const { body } = await bench.ask('/proto.asp', { body: '__proto__=a&constructor=b' });
      assert.equal(body, 'ab6');
    });

    test('pages of one thread do not see what another left', async () => {
      bench.write('leave.asp', '<% leak = 5 : Execute "Function Leaked() : Leaked = 1 : End Function" %>');
      bench.write(
        'find.asp',
        '<% On Error Resume Next %>[<%= leak %>]<% x = Leaked() : Response.Write Err.Number %>',
      );
      await bench.ask('/leave.asp');
      assert.equal((await bench.ask('/find.asp')).body, '[]13');
    });
  });

  describe('using up the machine', () => {
    const hogs: readonly (readonly [name: string, script: string, code: string])[] = [
      ['an endless loop', 'Do : Loop', '0113'],
      ['an endless loop that traps errors', 'On Error Resume Next : Do : x = 1 / 0 : Loop', '0113'],
      ['endless output', 'Do : Response.Write String(100000, "x") : Loop', '0251'],
      ['a page that executes itself', 'Server.Execute "attack.asp"', '0228'],
      ['a page of a million statements', 'x = x + 1\n'.repeat(1_000_000), '0113'],
    ];
    for (const [name, script, code] of hogs)
      test(`${name} ends with ASP ${code}`, async () => {
        bench.set({ scriptTimeout: 1 });
        assert.equal((await run(script)).error?.aspCode, code);
        bench.set({ scriptTimeout: 60 });
      });

    test('endless recursion ends with Out of stack space', async () => {
      assert.equal(
        (await run('Sub A : A : End Sub : A')).error?.description.slice(0, 18),
        'Out of stack space',
      );
    });

    test('a giant text ends with Out of string space or memory', async () => {
      const { error } = await run('s = "x" : Do : s = s & s : Loop');
      assert.match(error?.description ?? '', /^Out of (?:string space|memory)/);
    });

    test('in JScript an array that grows without end ends with Out of memory on its line', async () => {
      const { error } = await run('var a = [];\nfor (;;) a.push([a.length]);', 'JScript');
      assert.deepEqual(
        [error?.category, error?.description, error?.line],
        ['Microsoft JScript runtime', 'Out of memory', 2],
      );
    });

    test('a form of many fields is read within a moment, and only so many', async () => {
      bench.write('many.asp', '<%= Request.Form.Count %>');
      bench.set({ maxRequestEntityAllowed: 1_000_000 });
      const body = Array.from({ length: 60_000 }, (_, index) => `f${index}=1`).join('&');
      assert.equal((await bench.ask('/many.asp', { body })).body, '20000');
      bench.set({ maxRequestEntityAllowed: 200_000 });
      assert.equal((await bench.ask('/many.asp', { body })).error?.aspCode, '0104');
    });

    test('mail goes where the page may send it, and no message is written elsewhere', async () => {
      const { body } = await run(
        'On Error Resume Next : Set m = CreateObject("CDO.Message") : m.From = "a@example.test" : m.To = "b@example.test" : m.Configuration.Fields("http://schemas.microsoft.com/cdo/configuration/smtpserverpickupdirectory") = "C:\\inetpub\\outside" : m.Configuration.Fields.Update : m.Send : If Err.Number <> 0 Then Response.Write "refused"',
      );
      assert.equal(body, 'refused');
      assert.ok(!existsSync(bench.path('site', 'outside')));
    });
  });
});
