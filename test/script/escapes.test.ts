/**
 * Attempts to get out of the sandbox, each refused. A script echoes ESCAPED when its attempt worked; nothing it prints may hold
 * the secret, and nothing outside the granted folders may change.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { type BenchOptions, ScriptBench } from './support/script-bench.ts';

const SECRET = 'TOP-SECRET-5167';

let bench: ScriptBench;
let web: Server;
let webHits = 0;

before(async () => {
  bench = new ScriptBench({ warm: 1, size: 1 });
  web = createServer((_request, response) => {
    webHits += 1;
    response.end(SECRET);
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  bench.write('outside/secret.txt', SECRET);
  bench.write('outside/secret.xml', `<a>${SECRET}</a>`);
  bench.write('outside/lib.vbs', `WScript.Echo "ESCAPED ${SECRET}"`);
  bench.write('pickup/other.eml', `Subject: ${SECRET}`);
  bench.write('readonly/file.txt', 'kept');
  mkdirSync(bench.path('outside', 'folder'));
  bench.write('outside/folder/deep.txt', SECRET);
  symlinkSync(bench.path('outside', 'secret.txt'), bench.path('data', 'link.txt'));
  symlinkSync(bench.path('outside'), bench.path('data', 'linkfolder'));
  symlinkSync(bench.path('outside', 'new.txt'), bench.path('data', 'dangling.txt'));
  symlinkSync(bench.path('data', 'loop'), bench.path('data', 'loop'));
  symlinkSync('../outside/secret.txt', bench.path('data', 'relative.txt'));
  if (process.platform !== 'win32') {
    symlinkSync('/dev/zero', bench.path('data', 'zero'));
    execFileSync('mkfifo', [bench.path('data', 'pipe')]);
  }
});

after(async () => {
  web.close();
  await bench.close();
});

/** What lies outside, to be the same afterwards. */
function outside(): unknown {
  return {
    outside: readdirSync(bench.path('outside'), { recursive: true }),
    secret: readFileSync(bench.path('outside', 'secret.txt'), 'utf8'),
    deep: readFileSync(bench.path('outside', 'folder', 'deep.txt'), 'utf8'),
    readonly: readdirSync(bench.path('readonly')),
    kept: readFileSync(bench.path('readonly', 'file.txt'), 'utf8'),
    other: readFileSync(bench.path('pickup', 'other.eml'), 'utf8'),
    root: readdirSync(bench.folder),
  };
}

let untouched: unknown;
beforeEach(() => {
  untouched = outside();
});

type Attempt = BenchOptions & {
  /** Runs between On Error Resume Next and the verdict. */
  readonly attempt?: string;
  /** A whole script instead. */
  readonly script?: string;
  /** What the output must match; default: refused with any number. */
  readonly refused?: RegExp;
  /** How the run must end; default: finished. */
  readonly ends?: 'finished' | 'failed' | 'stopped';
};

const FSO = 'Set fso = CreateObject("Scripting.FileSystemObject")\n';

/** Reads `path` as a text file. */
function reading(path: string): string {
  return `${FSO}text = fso.OpenTextFile(${path}).ReadAll\nIf Err.Number = 0 Then WScript.Echo text`;
}

function writing(path: string): string {
  return `${FSO}fso.CreateTextFile(${path}, True).Write "overwritten"`;
}

/** `%OUTSIDE%` and the like in scripts stand for real paths of this machine. */
function withPaths(script: string): string {
  return script
    .replaceAll('%OUTSIDE%', bench.path('outside'))
    .replaceAll('%DATA%', bench.path('data'))
    .replaceAll('%PICKUP%', bench.path('pickup'))
    .replaceAll('%WEB%', `http://127.0.0.1:${(web.address() as AddressInfo).port}`);
}

const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  // Paths
  'a path that climbs above the mapped folder': {
    attempt: reading('"C:\\data\\..\\outside\\secret.txt"'),
    refused: /^refused 76/,
  },
  'a path that climbs with forward slashes': {
    attempt: reading('"C:/data/../../../../../../etc/passwd"'),
    refused: /^refused 76/,
  },
  'a relative path that climbs': { attempt: reading('"..\\outside\\secret.txt"'), refused: /^refused 76/ },
  'a drive-relative path that climbs': {
    attempt: reading('"C:..\\outside\\secret.txt"'),
    refused: /^refused 76/,
  },
  'climbing after a folder that does not exist': {
    attempt: reading('"none\\..\\..\\outside\\secret.txt"'),
    refused: /^refused 76/,
  },
  'an absolute path of the machine': { attempt: reading('"/etc/passwd"'), refused: /^refused (?:53|76)/ },
  'the real path of the outside folder': {
    attempt: reading('"%OUTSIDE%/secret.txt"'),
    refused: /^refused (?:53|76)/,
  },
  'climbing from the real path of the granted folder': {
    attempt: reading('"%DATA%/../outside/secret.txt"'),
    refused: /^refused (?:53|76)/,
  },
  'a name that only begins like the granted folder': { attempt: reading('"%DATA%-outside/secret.txt"') },
  'percent-encoded dots': { attempt: reading('"C:\\data\\%2e%2e\\outside\\secret.txt"') },
  'fullwidth dots and slashes': {
    attempt: reading(
      '"C:\\data\\" & ChrW(&HFF0E) & ChrW(&HFF0E) & ChrW(&HFF0F) & "outside" & ChrW(&H2215) & "secret.txt"',
    ),
  },
  'dots with trailing spaces': {
    attempt: reading('"C:\\data\\.. \\outside\\secret.txt"'),
    refused: /^refused 52/,
  },
  'three dots': { attempt: reading('"C:\\data\\...\\outside\\secret.txt"'), refused: /^refused 52/ },
  'a lone surrogate in a name': {
    attempt: reading('"C:\\data\\" & ChrW(&HD800) & "\\..\\..\\outside\\secret.txt"'),
    refused: /^refused 52/,
  },
  'a NUL behind the name': {
    attempt: reading('"..\\outside\\secret.txt" & Chr(0) & ".txt"'),
    refused: /^refused 52/,
  },
  'an unmapped drive': { attempt: reading('"D:\\secret.txt"'), refused: /^refused 76/ },
  'a share of this machine': {
    attempt: reading('"\\\\localhost\\c$\\Windows\\win.ini"'),
    refused: /^refused 76/,
  },
  'a path with the \\\\?\\ prefix': {
    attempt: reading('"\\\\?\\C:\\data\\..\\outside\\secret.txt"'),
    refused: /^refused 70/,
  },
  'a path in the device namespace': { attempt: reading('"\\\\.\\PhysicalDrive0"'), refused: /^refused 70/ },
  'a path in the object namespace': { attempt: reading('"\\??\\C:\\secret.txt"'), refused: /^refused 70/ },
  'a device by its old name': { attempt: writing('"C:\\data\\NUL.txt"'), refused: /^refused 70/ },
  'a serial port': { attempt: writing('"COM1:"'), refused: /^refused 70/ },
  'an alternate data stream': { attempt: writing('"C:\\data\\a.txt:hidden"'), refused: /^refused 70/ },
  'the ::$DATA stream of a script': { attempt: reading('"C:\\data\\a.asp::$DATA"'), refused: /^refused 70/ },
  'a wildcard where a name belongs': {
    attempt: reading('"C:\\data\\..\\*\\secret.txt"'),
    refused: /^refused/,
  },
  // Links and special files
  'reading through a link that leads out': {
    attempt: reading('"C:\\data\\link.txt"'),
    refused: /^refused 70/,
  },
  'reading through a relative link that leads out': {
    attempt: reading('"C:\\data\\relative.txt"'),
    refused: /^refused 70/,
  },
  'reading below a linked folder': {
    attempt: reading('"C:\\data\\linkfolder\\secret.txt"'),
    refused: /^refused 70/,
  },
  'writing through a link that leads out': {
    attempt: writing('"C:\\data\\link.txt"'),
    refused: /^refused 70/,
  },
  'creating a file through a dangling link': {
    attempt: writing('"C:\\data\\dangling.txt"'),
    refused: /^refused 70/,
  },
  'a link to itself': { attempt: reading('"C:\\data\\loop"'), refused: /^refused 70/ },
  'an endless device by a link': { attempt: reading('"C:\\data\\zero"'), refused: /^refused 70/ },
  'a pipe that nobody writes to': { attempt: reading('"C:\\data\\pipe"'), refused: /^refused 70/ },
  'listing a linked folder': {
    attempt: `${FSO}Set found = fso.GetFolder("C:\\data\\linkfolder").Files`,
    refused: /^refused 70/,
  },
  'deleting a linked folder': {
    attempt: `${FSO}fso.DeleteFolder "C:\\data\\linkfolder", True`,
    refused: /^refused 70/,
  },
  'copying a folder that holds links out': {
    attempt: `${FSO}fso.CreateFolder "C:\\data\\in"\nfso.CopyFolder "C:\\data\\linkfolder", "C:\\data\\in"`,
    refused: /^refused 70/,
  },
  // Operations across the border
  'copying a file in': {
    attempt: `${FSO}fso.CopyFile "%OUTSIDE%/secret.txt", "C:\\data\\stolen.txt"`,
    refused: /^refused/,
  },
  'copying a file out': {
    attempt: `${FSO}fso.CreateTextFile("C:\\data\\mine.txt").Write "x"\nfso.CopyFile "C:\\data\\mine.txt", "C:\\data\\..\\outside\\mine.txt"`,
    refused: /^refused 76/,
  },
  'moving a file out': {
    attempt: `${FSO}fso.CreateTextFile("C:\\data\\mine2.txt").Write "x"\nfso.MoveFile "C:\\data\\mine2.txt", "%OUTSIDE%/mine.txt"`,
    refused: /^refused 76/,
  },
  'renaming a file out of its folder': {
    attempt: `${FSO}fso.CreateTextFile("C:\\data\\mine3.txt").Write "x"\nfso.GetFile("C:\\data\\mine3.txt").Name = "..\\outside\\mine.txt"`,
    refused: /^refused 52/,
  },
  'deleting by a wildcard above the folder': {
    attempt: `${FSO}fso.DeleteFile "C:\\data\\..\\outside\\*"`,
    refused: /^refused 76/,
  },
  'deleting the granted folder itself': {
    attempt: `${FSO}fso.DeleteFolder "C:\\data", True`,
    refused: /^refused 70/,
  },
  'creating a folder outside': { attempt: `${FSO}fso.CreateFolder "C:\\outside"`, refused: /^refused 76/ },
  'changing a file in a folder given for reading': {
    attempt: writing('"R:\\file.txt"'),
    refused: /^refused 70/,
  },
  'moving a file out of a folder given for reading': {
    attempt: `${FSO}fso.MoveFile "R:\\file.txt", "C:\\data\\file.txt"`,
    refused: /^refused 70/,
  },
  'making a folder outside the current one': {
    attempt: `CreateObject("WScript.Shell").CurrentDirectory = "C:\\data\\..\\outside"`,
    refused: /^refused 76/,
  },
  'the parent of the mapped folder lists nothing else': {
    script: `${FSO}For Each f In fso.GetFolder("C:\\data").ParentFolder.SubFolders: WScript.Echo f.Name: Next\nWScript.Echo fso.GetFolder("C:\\").Files.Count`,
    refused: /^data\r\n(?:exchsrvr\r\n)?(?:inetpub\r\n)?(?:Windows\r\n)?0\r\n$/,
  },
  // Mail objects
  'attaching a file from outside': {
    attempt: 'CreateObject("CDO.Message").AddAttachment "%OUTSIDE%/secret.txt"',
  },
  'attaching a file URL': {
    attempt: 'CreateObject("CDO.Message").AddAttachment "file://%OUTSIDE%/secret.txt"',
  },
  'attaching through a link': { attempt: 'CreateObject("CDO.Message").AddAttachment "C:\\data\\link.txt"' },
  'a page from a file URL': { attempt: 'CreateObject("CDO.Message").CreateMHTMLBody "file:///etc/passwd"' },
  'a related part from outside': {
    attempt: 'CreateObject("CDO.Message").AddRelatedBodyPart "/etc/passwd", "x", 0',
  },
  'saving a body part outside': {
    attempt:
      'Set m = CreateObject("CDO.Message")\nm.TextBody = "x"\nm.BodyPart.SaveToFile "%OUTSIDE%/saved.txt"',
  },
  'saving a stream outside': {
    attempt:
      'Set s = CreateObject("ADODB.Stream")\ns.Open\ns.WriteText "x"\ns.SaveToFile "C:\\data\\..\\outside\\saved.txt", 2',
  },
  'loading a stream from outside': {
    attempt:
      'Set s = CreateObject("ADODB.Stream")\ns.Open\ns.LoadFromFile "%OUTSIDE%/secret.txt"\nIf Err.Number = 0 Then WScript.Echo s.ReadText',
  },
  'a Pickup folder of the script’s choice': {
    attempt: `Set m = CreateObject("CDO.Message")
m.From = "a@example.test": m.To = "b@example.test"
With m.Configuration.Fields
  .Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 1
  .Item("http://schemas.microsoft.com/cdo/configuration/smtpserverpickupdirectory") = "%OUTSIDE%"
  .Update
End With
m.Send`,
  },
  'reading mail that waits in Pickup': {
    attempt: reading('"C:\\inetpub\\mailroot\\Pickup\\other.eml"'),
    refused: /^refused 70/,
  },
  'listing mail that waits in Pickup': {
    attempt: `${FSO}WScript.Echo fso.GetFolder("C:\\inetpub\\mailroot\\Pickup").Files.Count`,
    refused: /^refused 70/,
  },
  'deleting mail that waits in Pickup': {
    attempt: `${FSO}fso.DeleteFile "C:\\inetpub\\mailroot\\Pickup\\other.eml"`,
    refused: /^refused 70/,
  },
  'overwriting mail that waits in Pickup': {
    attempt: writing('"C:\\inetpub\\mailroot\\Pickup\\other.eml"'),
    refused: /^refused 70/,
  },
  'reading a folder of mail outside': {
    attempt: 'WScript.Echo CreateObject("CDO.DropDirectory").GetMessages("%PICKUP%").Count',
  },
  'a body from a file outside, by a mail component': {
    attempt:
      'Set m = CreateObject("JMail.Message")\nm.AppendBodyFromFile "/etc/passwd"\nIf Err.Number = 0 Then WScript.Echo m.Body',
  },
  'an attachment from outside, by a mail component': {
    attempt: 'CreateObject("Persits.MailSender").AddAttachment "%OUTSIDE%/secret.txt"',
  },
  'sending through a server that is not allowed': {
    attempt: `Set m = CreateObject("JMail.Message")
m.From = "a@example.test": m.AddRecipient "b@example.test": m.Body = "x"
m.Send "127.0.0.1:25"`,
  },
  // XML and HTTP
  'loading XML from outside': {
    script:
      'Set d = CreateObject("Microsoft.XMLDOM")\nWScript.Echo d.load("%OUTSIDE%/secret.xml"), d.load("file:///etc/passwd"), d.xml',
    refused: /^0 0 \r\n$/,
  },
  'an XML entity that names a file': {
    script:
      'Set d = CreateObject("Microsoft.XMLDOM")\nd.resolveExternals = True\nWScript.Echo d.loadXML("<!DOCTYPE a [<!ENTITY x SYSTEM ""file://%OUTSIDE%/secret.txt"">]><a>&x;</a>"), d.text',
    refused: /^0 \r\n$/,
  },
  'saving XML outside': {
    attempt: 'Set d = CreateObject("Microsoft.XMLDOM")\nd.loadXML "<a/>"\nd.save "%OUTSIDE%/saved.xml"',
  },
  'fetching from this machine': {
    attempt:
      'Set h = CreateObject("MSXML2.XMLHTTP")\nh.open "GET", "%WEB%/", False\nh.send\nIf Err.Number = 0 Then WScript.Echo h.responseText',
    refused: /^refused -2147024891/,
  },
  'fetching a file URL': {
    attempt:
      'Set h = CreateObject("WinHttp.WinHttpRequest.5.1")\nh.Open "GET", "file:///etc/passwd"\nh.Send\nIf Err.Number = 0 Then WScript.Echo h.ResponseText',
  },
  'attaching a page of this machine': {
    attempt: 'CreateObject("CDO.Message").AddAttachment "%WEB%/secret.txt"',
  },
  'a header that smuggles another request': {
    attempt:
      'Set h = CreateObject("MSXML2.XMLHTTP")\nh.open "GET", "%WEB%/", False\nh.setRequestHeader "X", "a" & vbCrLf & vbCrLf & "GET / HTTP/1.0"',
  },
  // Programs and other objects
  'running a shell': {
    attempt: 'CreateObject("WScript.Shell").Run "/bin/sh -c id", 0, True',
    refused: /^refused (?:70|-2147024891)/,
  },
  'running a program and reading it': {
    attempt: 'WScript.Echo CreateObject("WScript.Shell").Exec("cat /etc/passwd").StdOut.ReadAll',
  },
  'a second command behind a granted program': {
    script:
      'WScript.Echo "words only:", CreateObject("WScript.Shell").Run("tool.exe & touch %OUTSIDE%/ran ; touch %OUTSIDE%/ran2 | sh", 0, True)',
    services: { processes: { programs: { 'tool.exe': '/bin/true' }, variables: {} } },
    refused: /^words only: 0\r\n$/,
  },
  'a granted name in another folder': {
    attempt: 'CreateObject("WScript.Shell").Run "%OUTSIDE%/evil.exe", 0, True',
    services: { processes: { programs: { 'tool.exe': '/bin/true' }, variables: {} } },
  },
  'the environment of the service': {
    script:
      'Set e = CreateObject("WScript.Shell").Environment("Process")\nWScript.Echo e("PATH") & e("HOME") & e("NODE_OPTIONS") & "|" & CreateObject("WScript.Shell").ExpandEnvironmentStrings("%PATH%%HOME%")',
    refused: /^\|%PATH%%HOME%\r\n$/,
  },
  'the registry': {
    attempt: 'WScript.Echo CreateObject("WScript.Shell").RegRead("HKLM\\SOFTWARE\\X")',
    refused: /^refused -2147024894/,
  },
  'WMI by GetObject': {
    attempt: 'Set w = GetObject("winmgmts:\\\\.\\root\\cimv2")',
    refused: /^refused 432/,
  },
  'a script component by GetObject': {
    attempt: 'Set w = GetObject("script:%WEB%/x.sct")',
    refused: /^refused 432/,
  },
  'objects of the desktop': { attempt: 'Set s = CreateObject("Shell.Application")', refused: /^refused 429/ },
  'names of JavaScript as ProgIDs': {
    script: `On Error Resume Next
For Each p In Array("constructor", "__proto__", "toString", "process", "Function", "globalThis", "child_process", "hasOwnProperty", "fs")
  Err.Clear
  Set o = CreateObject(p)
  If Err.Number <> 429 Then WScript.Echo "ESCAPED " & p
Next
WScript.Echo "refused 429"`,
    refused: /^refused 429\r\n$/,
  },
  // The engine
  'JavaScript in Execute': { attempt: 'Execute "process.exit(7)"', refused: /^refused 424/ },
  'JavaScript in Eval': {
    attempt: 'x = Eval("require(""fs"").readFileSync(""/etc/passwd"")")',
    refused: /^refused (?:13|424)/,
  },
  'names of JavaScript as variables': {
    script:
      'WScript.Echo TypeName(process), TypeName(globalThis), TypeName(require), TypeName(constructor), TypeName(arguments), TypeName(self), TypeName(prototype)',
    refused: /^Empty Empty Empty Empty Empty Empty Empty\r\n$/,
  },
  'names of JavaScript as members of objects': {
    script: `On Error Resume Next
Dim d, list(7), i
Set d = CreateObject("Scripting.Dictionary")
For i = 0 To 7
  Err.Clear
  Select Case i
    Case 0: x = d.constructor
    Case 1: x = d.prototype
    Case 2: x = d.toString()
    Case 3: x = d.invoke("get", "Count")
    Case 4: x = WScript.constructor.constructor("return process")()
    Case 5: x = d.hasOwnProperty("x")
    Case 6: Set x = WScript.Arguments.constructor
    Case 7: x = d.valueOf()
  End Select
  If Err.Number <> 438 Then WScript.Echo "ESCAPED " & i & " " & Err.Number
Next
WScript.Echo "refused 438"`,
    refused: /^refused 438\r\n$/,
  },
  'names of JavaScript in brackets': {
    attempt: 'x = WScript.[__proto__]',
    refused: /^refused 438/,
  },
  'names of JavaScript for classes, variables and keys': {
    script: `Class [constructor]
  Public [__proto__]
  Public Function [toString]()
    [toString] = "mine"
  End Function
End Class
Dim [__proto__], [eval], [this], [hasOwnProperty]
[__proto__] = 1: [eval] = 2: [this] = 3: [hasOwnProperty] = 4
Set c = New [constructor]
c.[__proto__] = "p"
Set d = CreateObject("Scripting.Dictionary")
d("__proto__") = 5: d("constructor") = 6
WScript.Echo [__proto__], [eval], [this], [hasOwnProperty], c.[__proto__], c.[toString](), d("__proto__"), d("constructor"), d.Count`,
    refused: /^1 2 3 4 p mine 5 6 2\r\n$/,
  },
  'code in string literals': {
    script:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the script tries to be one.
      'WScript.Echo "${process.exit(7)}`+process.exit(7)+`" & "\\"";process.exit(7);//" & "*/process.exit(7)/*" & ChrW(&H2028) & "</script>"',
    refused:
      /^\$\{process\.exit\(7\)\}`\+process\.exit\(7\)\+`\\";process\.exit\(7\);\/\/\*\/process\.exit\(7\)\/\*\u2028<\/script>\r\n$/,
  },
  'code in names in brackets': {
    script: 'Dim [x]; process.exit(7); //]\n[a`+process.exit(7)+`] = 1: WScript.Echo "over"',
    ends: 'failed',
    refused: /^$/,
  },
  'code in the name of a procedure': {
    script:
      'x = "a(){};process.exit(7);function b"\nOn Error Resume Next\nExecute "Sub " & x & vbLf & "End Sub"\nWScript.Echo "refused " & Err.Number',
    refused: /^refused 10\d\d\r\n$/,
  },
  'code in a regular expression': {
    script:
      'Set r = New RegExp\nr.Pattern = "(?<x>a)/;process.exit(7);/"\nOn Error Resume Next\nWScript.Echo r.Test("a")\nWScript.Echo "refused " & Err.Number',
    refused: /refused 50(?:1\d|20)\r\n$/,
  },
  'code in the replacement of a regular expression': {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the script tries to be one.
    script: 'Set r = New RegExp\nr.Pattern = "a"\nWScript.Echo r.Replace("a", "${process.exit(7)}$$$`")',
    refused: /^\$\{process\.exit\(7\)\}\$/,
  },
  // Limits
  'an endless loop': { script: 'Do: Loop', limits: { timeMs: 300 }, ends: 'stopped', refused: /^$/ },
  'an endless loop that traps every error': {
    script: 'On Error Resume Next\nDo\nx = 1 / 0\nLoop\nWScript.Echo "ESCAPED"',
    limits: { timeMs: 300 },
    ends: 'stopped',
    refused: /^$/,
  },
  'an endless loop when an object goes away': {
    script:
      'Class T\nSub Class_Terminate\nDo: Loop\nEnd Sub\nEnd Class\nSet x = New T\nSet x = Nothing\nWScript.Echo "ESCAPED"',
    limits: { timeMs: 300 },
    ends: 'stopped',
    refused: /^$/,
  },
  'a long sleep': {
    script: 'WScript.Sleep 3600000\nWScript.Echo "ESCAPED"',
    limits: { timeMs: 300 },
    ends: 'stopped',
    refused: /^$/,
  },
  'a regular expression that backtracks for ever': {
    script:
      'Set r = New RegExp\nr.Pattern = "^(a+)+$"\nWScript.Echo r.Test(String(60, "a") & "b")\nWScript.Echo "ESCAPED"',
    limits: { timeMs: 300 },
    ends: 'stopped',
    refused: /^$/,
  },
  'lifting the limit by WScript.Timeout': {
    script: 'WScript.Timeout = 0\nDo: Loop',
    limits: { timeMs: 300 },
    ends: 'stopped',
    refused: /^$/,
  },
  'endless recursion': {
    script: 'Sub f: f: End Sub\nOn Error Resume Next\nf\nWScript.Echo "refused " & Err.Number',
    refused: /^refused 28\r\n$/,
  },
  'endless recursion through a host object': {
    script:
      'Class C\nPublic Default Property Get Item(n)\nItem = Me(n + 1)\nEnd Property\nEnd Class\nOn Error Resume Next\nx = (New C)(1)\nWScript.Echo "refused " & Err.Number',
    refused: /^refused 28\r\n$/,
  },
  'a string that doubles for ever': {
    script:
      's = "x"\nOn Error Resume Next\nDo While Err.Number = 0: s = s & s: Loop\nWScript.Echo "refused " & Err.Number',
    refused: /^refused (?:7|14)\r\n$/,
  },
  'a huge array': { attempt: 'Dim a()\nReDim a(2000000000)', refused: /^refused 7/ },
  'output without end': {
    script: 'Do: WScript.Echo String(10000, "x"): Loop',
    limits: { outputLength: 100_000 },
    ends: 'stopped',
    refused: /^x{10000}/,
  },
  'output without end that traps every error': {
    script: 'On Error Resume Next\nDo: WScript.StdOut.Write String(10000, "x"): Loop',
    limits: { outputLength: 100_000 },
    ends: 'stopped',
    refused: /^x+$/,
  },
  'a script of a job from outside': {
    script: '<job><script src="..\\outside\\lib.vbs"/></job>',
    language: 'wsf',
    ends: 'failed',
    refused: /^$/,
  },
  'events of other objects': {
    attempt: 'WScript.ConnectObject CreateObject("Scripting.Dictionary"), "d_"',
    refused: /^refused/,
  },
};

for (const [name, attempt] of Object.entries(ATTEMPTS))
  test(`refused: ${name}`, async () => {
    const script = withPaths(
      attempt.script ??
        `On Error Resume Next\n${attempt.attempt}\nIf Err.Number = 0 Then WScript.Echo "ESCAPED" Else WScript.Echo "refused " & Err.Number`,
    );
    const before = webHits;
    const { outcome, output } = await bench.run(script, attempt);
    assert.equal(outcome.kind, attempt.ends ?? 'finished', JSON.stringify(outcome));
    assert.match(output, attempt.refused ?? /^refused /);
    assert.doesNotMatch(output, /ESCAPED/);
    assert.ok(!output.includes(SECRET) && !output.includes('root:'), 'the secret came out');
    assert.deepEqual(outside(), untouched);
    assert.equal(webHits, before);
  });

test('there are more than forty attempts', () => assert.ok(Object.keys(ATTEMPTS).length > 80));

test('what one script leaves behind the next does not see, also in the same thread', async () => {
  await bench.run(
    `leftOver = "x"
Function Helper: Helper = 1: End Function
Class Thing: End Class
CreateObject("WScript.Shell").Environment("Process")("LEFT") = "y"
CreateObject("WScript.Shell").CurrentDirectory = "R:\\"
SetLocale 1031
${FSO}fso.CreateTextFile("C:\\Windows\\Temp\\left.txt").Write "z"
On Error Resume Next
Err.Raise 5`,
  );
  const { output } = await bench.run(
    `On Error Resume Next
WScript.Echo TypeName(leftOver), GetLocale(), Err.Number
x = Helper()
WScript.Echo Err.Number
Err.Clear
Set x = New Thing
WScript.Echo Err.Number
WScript.Echo "[" & CreateObject("WScript.Shell").Environment("Process")("LEFT") & "]"
WScript.Echo CreateObject("WScript.Shell").CurrentDirectory
${FSO}WScript.Echo fso.FileExists("C:\\Windows\\Temp\\left.txt")`,
  );
  assert.equal(output, 'Empty 1033 0\r\n13\r\n506\r\n[]\r\nC:\\data\r\n0\r\n');
});

test('the temporary folder of a run goes with it', async () => {
  const { output } = await bench.run(
    `${FSO}p = fso.GetSpecialFolder(2) & "\\" & fso.GetTempName\nfso.CreateTextFile(p).Write "x"\nWScript.Echo fso.FileExists(p), fso.GetFile(p).Size`,
  );
  assert.equal(output, '-1 1\r\n');
});

test('a message may be put into Pickup, by CDO and as a file', async () => {
  const { output, outcome } = await bench.run(
    `Set m = CreateObject("CDO.Message")
m.From = "a@example.test": m.To = "b@example.test": m.TextBody = "x"
m.Send
${FSO}Set f = fso.CreateTextFile("C:\\inetpub\\mailroot\\Pickup\\new.eml", False)
f.WriteLine "x-sender: a@example.test"
f.Close
WScript.Echo "ok"`,
  );
  assert.equal(output, 'ok\r\n', JSON.stringify(outcome));
  const names = readdirSync(bench.path('pickup'));
  assert.equal(names.length, 3);
  assert.ok(existsSync(bench.path('pickup', 'new.eml')));
  writeFileSync(bench.path('pickup', 'other.eml'), `Subject: ${SECRET}`);
});
