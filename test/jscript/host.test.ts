/** JScript under the script host: .js files, //E:, jobs of .wsf files in two languages, mail. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { runScriptCommand, ScriptPool } from '../../src/script/index.ts';

let folder: string;
let pool: ScriptPool;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'jscript-host-'));
  mkdirSync(join(folder, 'Pickup'));
  pool = new ScriptPool({ size: 1, warm: 1 });
});
after(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(name: string, source: string, ...args: readonly string[]) {
  writeFileSync(join(folder, name), source);
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const stdin = Readable.from([]) as unknown as NodeJS.ReadableStream;
  const code = await runScriptCommand(
    ['--pickup', join(folder, 'Pickup'), name, ...args],
    { stdin, stdout, stderr, environment: {}, folder },
    { pool, findFolders: async () => undefined },
  );
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

test('a .js file runs with WScript, its arguments and its exit code', async () => {
  const { code, stdout, stderr } = await run(
    'hello.js',
    'for (var i = 0; i < WScript.Arguments.length; i++) WScript.Echo(i + ": " + WScript.Arguments(i));\n' +
      'WScript.StdOut.Write(WScript.ScriptName);\nWScript.Quit(7);\nWScript.Echo("never");',
    'a',
    'b c',
  );
  assert.equal(stderr, '');
  assert.equal(stdout.replaceAll('\r\n', '\n'), '0: a\n1: b c\nhello.js');
  assert.equal(code, 7);
});

test('//E:JScript runs a file of any name, //E:VBScript a .js file', async () => {
  assert.equal((await run('odd.txt', 'WScript.Echo(typeof {});', '//E:JScript')).stdout.trim(), 'object');
  assert.equal((await run('odd.js', 'WScript.Echo 1 + 1', '//E:VBScript')).stdout.trim(), '2');
});

test('an error is told with file, line and column, and ends with 1', async () => {
  const { code, stderr } = await run('bad.js', 'var a = null;\n  a.b.c();\n');
  assert.equal(stderr.trim(), "bad.js(2, 3) Microsoft JScript runtime error: 'a' is null or not an object");
  assert.equal(code, 1);
  assert.match(
    (await run('bad.js', 'var a = ;')).stderr,
    /^bad\.js\(1, 9\) Microsoft JScript compilation error: Syntax error/,
  );
});

test('//T: ends a loop', async () => {
  const { code, stderr } = await run('loop.js', 'while (true) { try { for (;;); } catch (e) {} }', '//T:1');
  assert.equal(code, 1);
  assert.match(stderr, /Script execution time was exceeded/);
});

test('WScript.Quit ends a script inside try, catch and finally', async () => {
  const { code, stdout } = await run(
    'quit.js',
    'try { WScript.Quit(3); } catch (e) { WScript.Echo("caught"); } finally { WScript.Echo("finally"); }',
  );
  assert.deepEqual([code, stdout], [3, '']);
});

test('a job of a .wsf file in two languages: procedures and objects are shared', async () => {
  const { code, stdout, stderr } = await run(
    'two.wsf',
    `<job id="a">
<object id="dict" progid="Scripting.Dictionary"/>
<script language="VBScript">
Function Twice(x)
  Twice = x * 2
End Function
dict("from") = "VBScript"
</script>
<script language="JScript">
function glue(a, b) { return a + "-" + b; }
WScript.Echo(Twice(21) + " " + dict("from"));
dict("from") = "JScript";
</script>
<script language="VBScript">
WScript.Echo glue("x", 1) & " " & dict("from")
</script>
</job>`,
  );
  assert.equal(stderr, '');
  assert.equal(stdout.replaceAll('\r\n', '\n'), '42 VBScript\nx-1 JScript\n');
  assert.equal(code, 0);
});

test('an error in a .wsf file has the line of the file', async () => {
  const { stderr } = await run(
    'lines.wsf',
    '<job>\n<script language="JScript">\nvar a = 1;\nnope.x = 1;\n</script></job>',
  );
  assert.equal(stderr.trim(), "lines.wsf(4, 1) Microsoft JScript runtime error: 'nope' is undefined");
});

test('a script sends mail by CDO: assignment to call results, Enumerator, members in any case', async () => {
  const { code, stderr, stdout } = await run(
    'mail.js',
    `var m = new ActiveXObject("CDO.Message"), c = new ActiveXObject("CDO.Configuration");
var ns = "http://schemas.microsoft.com/cdo/configuration/";
c.Fields.Item(ns + "sendusing") = 1;
c.Fields(ns + "smtpserverpickupdirectory") = "C:\\\\inetpub\\\\mailroot\\\\Pickup";
c.fields.update();
m.Configuration = c;
m.from = "a@example.com"; m.TO = "b@example.net"; m.Subject = "JScript " + (1 + 1);
m.textbody = "body";
m.Send;
m.Send();
try { m.NoSuchMember(); } catch (e) { WScript.Echo((e.number & 0xffff) + " " + e.description); }`,
  );
  assert.equal(stderr, '');
  assert.equal(stdout.trim(), "438 Object doesn't support this property or method");
  assert.equal(code, 0);
  const files = readdirSync(join(folder, 'Pickup')).filter((name) => name.endsWith('.eml'));
  assert.equal(files.length, 1);
  const mail = readFileSync(join(folder, 'Pickup', files[0]!), 'latin1');
  assert.match(mail, /^Subject: JScript 2\r$/im);
  assert.match(mail, /^x-receiver: b@example\.net\r$/im);
});

test('Scripting objects: FileSystemObject by Enumerator, Dictionary by VBArray', async () => {
  const { stdout, stderr } = await run(
    'objects.js',
    `var fso = new ActiveXObject("Scripting.FileSystemObject"), names = [];
for (var e = new Enumerator(fso.GetFolder("C:\\\\Scripts").Files); !e.atEnd(); e.moveNext()) names.push(e.item().Name);
WScript.Echo(names.join(" ").indexOf("objects.js") >= 0 ? "found" : "missing");
var d = new ActiveXObject("Scripting.Dictionary");
d.Add("a", 1); d("b") = 2; d.Item("a") += 10;
WScript.Echo(new VBArray(d.Keys()).toArray().join(",") + " " + new VBArray(d.Items()).toArray().join(","));
WScript.Echo(typeof fso.GetFile("C:\\\\Scripts\\\\objects.js").DateLastModified);`,
  );
  assert.equal(stderr, '');
  assert.equal(stdout.replaceAll('\r\n', '\n'), 'found\na,b 11,2\ndate\n');
});
