/**
 * Scripts that try to use up the machine, and data that tries it through a script: each ends with an error or at a limit, in its own
 * thread, and the next script runs as if nothing had been. What gets out of the folders is in escapes.test.ts.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ScriptBench } from './support/script-bench.ts';

let bench: ScriptBench;
before(() => {
  bench = new ScriptBench({ warm: 1, size: 1, memoryMb: 128 });
});
after(() => bench.close());

const XML = 'Set d = CreateObject("Microsoft.XMLDOM"): d.async = False\n';
const STREAM = 'Set s = CreateObject("ADODB.Stream"): s.Type = 2: s.Charset = "utf-8": s.Open\n';
const MAIL = `Set s = CreateObject("ADODB.Stream"): s.Type = 2: s.Charset = "us-ascii": s.Open
Sub Show
  s.Position = 0
  Set m = CreateObject("CDO.Message"): m.DataSource.OpenObject s, "_Stream"
  WScript.Echo m.BodyPart.BodyParts.Count, m.Attachments.Count, Left(m.Subject, 5), Len(m.GetStream.ReadText) > 0
End Sub
`;

/** Script → what it prints, or the number of the error that ends it. */
const CASES: Readonly<Record<string, readonly [script: string, expected: string | number]>> = {
  // One operation that would make more than the memory holds
  'Escape of a long text': ['s = Escape(String(15000000, ChrW(9999)))', 14],
  'Replace that multiplies a text': ['s = Replace(Space(1000000), " ", Space(1000000))', 14],
  'Replace with as many pieces as letters': [
    's = Replace(String(8000000, "x"), "x", "yz"): WScript.Echo Len(s)',
    '16000000\r\n',
  ],
  'Split into more parts than an array may have': ['a = Split(String(20000000, ","), ",")', 7],
  'Join of long texts': [
    'Dim a(1000): For i = 0 To 1000: a(i) = Space(100000): Next: s = Join(a, Space(100000))',
    14,
  ],
  'StrReverse of a long text': ['WScript.Echo Right(StrReverse("ab" & Space(8000000)), 2)', 'ba\r\n'],
  'upper case that would change the length': ['WScript.Echo Len(UCase(String(5000000, "ß")))', '5000000\r\n'],
  'text comparison of letters that change their length': [
    'WScript.Echo InStr(1, String(3000000, ChrW(304)) & "x", "X", 1)',
    '3000001\r\n',
  ],
  'Space beyond every limit': ['s = Space(2147483647)', 14],
  'String beyond every limit': ['s = String(1E9, "ab")', 14],
  'a replacement of expressions that multiplies the text': [
    'Set r = New RegExp: r.Pattern = "^": s = r.Replace(Space(1000000), Replace(Space(500), " ", "$_"))',
    14,
  ],
  'arrays that fill the memory': ['Dim a(200): For i = 0 To 200: ReDim b(2000000): a(i) = b: Next', 7],
  'an array in four dimensions': ['Dim a(): ReDim a(100, 100, 100, 100)', 7],
  'numbers of digits without sense': ['s = FormatNumber(1, 2000000000)', 5],

  'arrays of arrays of arrays': ['a = Array(1): For i = 1 To 1000: a = Array(a, a): Next', 7],
  'a text that doubles': ['s = "x": Do: s = s & s: Loop', 14],
  'a list of instances without end': [
    'Class N: Public Link: End Class\nSet h = Nothing: Do: Set x = New N: Set x.Link = h: Set h = x: Loop',
    7,
  ],
  'a hundred thousand instances let go one by the other': [
    `Dim n
Class N_: Public Link: Private Sub Class_Terminate: n = n + 1: End Sub: End Class
Set h = Nothing: For i = 1 To 100000: Set x = New N_: Set x.Link = h: Set h = x: Next
Set x = Nothing: Set h = Nothing: WScript.Echo n`,
    '100000\r\n',
  ],
  'a dictionary of long texts': [
    'Set d = CreateObject("Scripting.Dictionary"): Do: i = i + 1: d.Add i, String(10000, "x"): Loop',
    7,
  ],

  // Streams
  'a stream written without end': [`${STREAM}t = String(16000000, "x"): Do: s.WriteText t: Loop`, 7],
  'the memory of a stream is there again for the next script': [
    'WScript.Echo Len(String(8000000, "x"))',
    '8000000\r\n',
  ],
  'a stream copied without end': [
    `${STREAM}s.WriteText String(16000000, "x"): Set c = CreateObject("ADODB.Stream"): c.Open: c.Charset = "utf-8"
Do: s.Position = 0: s.CopyTo c: Loop`,
    7,
  ],
  'a position far behind the end of a stream': [`${STREAM}s.Position = 2000000000`, 7],
  'a long stream read line by line and in pieces': [
    `${STREAM}t = Replace(Space(20000), " ", "0123456789" & vbCrLf): For i = 1 To 10: s.WriteText t: Next
s.Position = 0: Do Until s.EOS: n = n + Len(s.ReadText(-2)): Loop
s.Position = 0: Do Until s.EOS: m = m + Len(s.ReadText(100)): Loop: WScript.Echo n, m`,
    '2000000 2400000\r\n',
  ],
  'a long stream written over in place': [
    `${STREAM}s.WriteText String(5000000, "x"): For i = 0 To 20000: s.Position = i * 10: s.WriteText "y": Next
WScript.Echo s.Size`,
    '5000003\r\n',
  ],

  // Sources
  'a source line of ten million letters': [
    'Execute "s = """ & String(10000000, "y") & """": WScript.Echo Len(s)',
    '10000000\r\n',
  ],
  'thirty thousand statements': [
    'Execute Replace(String(30000, "x"), "x", "a = a + 1" & vbLf): WScript.Echo a',
    '30000\r\n',
  ],
  'a hundred thousand parentheses': ['x = Eval(String(100000, "(") & "1" & String(100000, ")"))', 1001],
  'fifty thousand ElseIf': [
    'Execute "If a Then" & vbLf & Replace(String(50000, "x"), "x", "ElseIf a Then" & vbLf) & "Else: b = 1: End If": WScript.Echo b',
    '1\r\n',
  ],
  'members of members without end': ['Execute "x = a" & Replace(String(50000, "x"), "x", ".b")', 1001],
  'parentheses without end': ['x = Eval(String(20000, "(") & "1" & String(20000, ")"))', 1001],
  'signs without end': ['x = Eval(String(100000, "-") & "1")', 1001],
  'blocks without end': [
    'Execute Replace(String(20000, "x"), "x", "If True Then" & vbLf) & Replace(String(20000, "x"), "x", "End If" & vbLf)',
    1001,
  ],
  'members without end': ['x = Eval("a" & Replace(String(100000, "x"), "x", ".b"))', 1001],
  'a hundred thousand arguments': [
    'Execute "x = Array(1" & Replace(String(100000, "x"), "x", ",1") & ")": WScript.Echo UBound(x)',
    '100000\r\n',
  ],
  'Execute that executes itself': ['s = "n = n + 1: Execute s": Execute s', 28],
  'a class that makes its successor when it ends': [
    'Class C\nSub Class_Terminate\nSet x = New C\nEnd Sub\nEnd Class\nSet a = New C: Set a = Nothing',
    28,
  ],
  'a default member that is the object itself': [
    'Class C\nPublic Default Property Get V\nSet V = Me\nEnd Property\nEnd Class\nSet a = New C: x = a + 1',
    28,
  ],
  'a regular expression nested without end': [
    'Set r = New RegExp: r.Pattern = String(100000, "(") & "a" & String(100000, ")"): x = r.Test("a")',
    7,
  ],
  'quantifiers of quantifiers': [
    'Set r = New RegExp: r.Pattern = "((a{1000}){1000}){1000}": WScript.Echo r.Test("aaa")',
    '0\r\n',
  ],

  // XML
  'a billion laughs': [
    `${XML}s = "<!DOCTYPE l [<!ENTITY a0 ""ha"">"
For i = 1 To 30: s = s & "<!ENTITY a" & i & " ""&a" & (i - 1) & ";&a" & (i - 1) & ";"">": Next
WScript.Echo d.loadXML(s & "]><l>&a30;</l>"), Len(d.xml)`,
    '0 0\r\n',
  ],
  'an external subset': [
    `${XML}d.resolveExternals = True: d.validateOnParse = True
d.loadXML "<!DOCTYPE a SYSTEM ""file:///etc/passwd""><a/>": WScript.Echo Len(d.text)`,
    '0\r\n',
  ],
  'an inclusion': [
    `${XML}d.loadXML "<a xmlns:xi=""http://www.w3.org/2001/XInclude""><xi:include href=""/etc/passwd"" parse=""text""/></a>": WScript.Echo Len(d.text)`,
    '0\r\n',
  ],
  'elements within elements without end': [
    `${XML}WScript.Echo d.loadXML(Replace(String(50000, "x"), "x", "<a>") & Replace(String(50000, "x"), "x", "</a>"))`,
    '0\r\n',
  ],
  'a node put under itself': [
    `${XML}d.loadXML "<a><b><c/></b></a>": d.selectSingleNode("//c").appendChild d.documentElement`,
    -2147467259,
  ],
  'a node that replaces its own child': [
    `${XML}d.loadXML "<a><b/></a>": d.documentElement.replaceChild d.documentElement, d.documentElement.firstChild`,
    -2147467259,
  ],
  'a long list of children': [
    `${XML}d.loadXML "<a>" & Replace(String(20000, "x"), "x", "<b/>") & "</a>"
Set l = d.documentElement.childNodes: For i = 0 To l.length - 1: n = n + Len(l.item(i).nodeName): Next
For Each c In l: n = n + 1: Next: WScript.Echo n`,
    '40000\r\n',
  ],
  'a function of XSLT in XPath': [
    `${XML}d.setProperty "SelectionLanguage", "XPath": d.loadXML "<a/>": x = d.selectNodes("document('file:///etc/passwd')").length`,
    -2147467259,
  ],
  'a style sheet': [`${XML}d.loadXML "<a/>": s = d.transformNode(d)`, -2147467263],

  // Names
  'names of JavaScript as keys': [
    `Set a = CreateObject("Scripting.Dictionary"): a("__proto__") = 1: a("constructor") = 2
Set b = CreateObject("Scripting.Dictionary")
WScript.Echo a.Count, Join(a.Keys, ","), b.Exists("__proto__"), b.Exists("constructor"), b.Count`,
    '2 __proto__,constructor 0 0 0\r\n',
  ],
  'names of JavaScript as members': [
    `Class C: Public [__proto__]: Public constructor: End Class
Set a = New C: a.[__proto__] = 5: a.constructor = 6: Set b = New C
WScript.Echo a.[__proto__], a.constructor, TypeName(b.[__proto__]), TypeName(b.constructor), TypeName(b)`,
    '5 6 Empty Empty C\r\n',
  ],
  'names of JavaScript as header fields': [
    `Set m = CreateObject("CDO.Message"): Set f = m.Fields
f("urn:schemas:mailheader:constructor") = "one": f("urn:schemas:mailheader:__proto__") = "two": f.Update
WScript.Echo m.Fields("urn:schemas:mailheader:constructor"), InStr(m.GetStream.ReadText, "Constructor: one") > 0`,
    'one -1\r\n',
  ],
  'names of JavaScript as entities': [
    'Set m = CreateObject("CDO.Message"): m.AutoGenerateTextBody = True: m.HTMLBody = "&constructor;|&toString;": WScript.Echo Trim(Replace(m.TextBody, vbCrLf, ""))',
    '&constructor;|&toString;\r\n',
  ],
  'names of JavaScript as file types': [
    'Set f = CreateObject("Scripting.FileSystemObject"): f.CreateTextFile("a.constructor").Close: WScript.Echo f.GetFile("a.constructor").Type',
    'CONSTRUCTOR File\r\n',
  ],
  'names of JavaScript as procedures': [
    `On Error Resume Next
For Each n In Array("__proto__", "constructor", "main", "rt", "process", "")
  Err.Clear: Set f = GetRef(n): t = t & Err.Number & " "
Next
WScript.Echo t`,
    '5 5 5 5 5 5 \r\n',
  ],
  'odd values for Err.Raise': [
    `On Error Resume Next
For Each v In Array(Null, Empty, "abc", 1E300, -1, 65536, Array(1), Nothing, 2147483648, "13", vbObjectError + 5)
  Err.Clear: Err.Raise v: t = t & Err.Number & " "
Next
WScript.Echo t`,
    '94 5 13 6 -1 5 13 91 6 13 -2147221499 \r\n',
  ],

  // Files
  'a wildcard with many ways to match': [
    `Set f = CreateObject("Scripting.FileSystemObject"): f.CreateTextFile(String(200, "a") & ".txt").Close
f.DeleteFile Replace(String(50, "x"), "x", "*a") & "b"`,
    53,
  ],
  'a folder copied into itself': [
    'Set f = CreateObject("Scripting.FileSystemObject"): f.CreateFolder "q": f.CopyFolder "q", "q\\q"',
    70,
  ],
  'more files open than there are handles': [
    `Set f = CreateObject("Scripting.FileSystemObject"): Dim a(1500)
For i = 0 To 1500: Set a(i) = f.OpenTextFile("h.txt", 8, True): a(i).Write "x": Next
For i = 0 To 1500: a(i).Close: Next: WScript.Echo f.GetFile("h.txt").Size > 0`,
    '-1\r\n',
  ],

  // Mails that were made to harm who reads them
  'a mail of parts within parts': [
    `${MAIL}s.WriteText "Subject: evil" & vbCrLf & "MIME-Version: 1.0" & vbCrLf
For i = 1 To 3000: s.WriteText "Content-Type: multipart/mixed; boundary=b" & i & vbCrLf & vbCrLf & "--b" & i & vbCrLf: Next
s.WriteText vbCrLf & "x": Show`,
    '1 0 evil -1\r\n',
  ],
  'a mail of messages within messages': [
    `${MAIL}s.WriteText "Subject: evil" & vbCrLf
For i = 1 To 5000: s.WriteText "Content-Type: message/rfc822" & vbCrLf & vbCrLf: Next
Show`,
    '0 1 evil -1\r\n',
  ],
  'a mail of header fields': [
    `${MAIL}s.WriteText "Subject: evil" & vbCrLf
For i = 1 To 20000: t = t & "X-A" & i & ": 1" & vbCrLf
If i Mod 1000 = 0 Then s.WriteText t: t = ""
Next
s.WriteText vbCrLf & "x": Show`,
    '0 0 evil -1\r\n',
  ],
  'addresses that are nothing but quotes and comments': [
    `Set m = CreateObject("CDO.Message"): m.To = String(100000, "(") & "a@b.c": m.CC = String(100000, """")
m.To = Replace(String(20000, "x"), "x", "<a@b>,"): m.Subject = String(200000, "=?"): WScript.Echo Len(m.Subject) > 0`,
    '-1\r\n',
  ],
};

for (const [name, [script, expected]] of Object.entries(CASES))
  test(name, async () => {
    const { outcome, output } = await bench.run(script, { limits: { timeMs: 60_000 } });
    if (typeof expected === 'string') {
      assert.equal(outcome.kind, 'finished', JSON.stringify(outcome));
      assert.equal(output, expected);
    } else {
      assert.equal(
        outcome.kind === 'failed' && outcome.problem.number,
        expected,
        JSON.stringify(outcome).slice(0, 500),
      );
    }
  });

test('the thread is the same and as good as new', async () => {
  assert.equal((await bench.run('WScript.Echo 1 + 1')).output, '2\r\n');
  assert.equal(bench.pool.threadCount, 1);
});

test('a folder that becomes a link while a file is open leads nowhere', async () => {
  bench.write('outside/secret.txt', 'SECRET');
  // The swap happens between two uses of the file: the host hands the script its input only then.
  const swap = async (): Promise<string | undefined> => {
    if (existsSync(bench.path('data', 'way-old'))) return undefined;
    renameSync(bench.path('data', 'way'), bench.path('data', 'way-old'));
    symlinkSync(bench.path('outside'), bench.path('data', 'way'));
    return 'go\r\n';
  };
  const { output } = await bench.run(
    `Set fso = CreateObject("Scripting.FileSystemObject")
fso.CreateFolder "way": fso.CreateTextFile("way\\secret.txt").Write "own"
Dim more(80)
Set r = fso.OpenTextFile("way\\secret.txt")
Set w = fso.OpenTextFile("way\\secret.txt", 8)
For i = 0 To 80: Set more(i) = fso.OpenTextFile("other" & i & ".txt", 2, True): Next
WScript.StdIn.ReadLine
On Error Resume Next
WScript.Echo r.ReadAll: WScript.Echo Err.Number: Err.Clear
w.Write "harm": WScript.Echo Err.Number: Err.Clear
fso.OpenTextFile("way\\secret.txt", 2).Write "harm": WScript.Echo Err.Number`,
    { services: { readInput: swap } },
  );
  assert.doesNotMatch(output, /SECRET/);
  assert.match(output, /70/);
  assert.equal(readFileSync(bench.path('outside', 'secret.txt'), 'utf8'), 'SECRET');
});
