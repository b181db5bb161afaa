/**
 * Programs of the kind administrators have, longer than the rows of the language: what they print follows from its rules.
 * The larger ones lie in test/script/programs/, each with what it prints beside it, and `exit N` when it ends with a code.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ScriptBench } from './support/script-bench.ts';

let bench: ScriptBench;
before(() => {
  bench = new ScriptBench({ warm: 1, size: 1 });
});
after(() => bench.close());

const PROGRAMS: Readonly<Record<string, readonly [script: string, lines: readonly string[]]>> = {
  'rotates log files and keeps three': [
    `Option Explicit
Const Keep = 3
Dim fso, i, n
Set fso = CreateObject("Scripting.FileSystemObject")
Sub Rotate(name)
  Dim at
  If fso.FileExists(name & "." & Keep) Then fso.DeleteFile name & "." & Keep
  For at = Keep - 1 To 1 Step -1
    If fso.FileExists(name & "." & at) Then fso.MoveFile name & "." & at, name & "." & (at + 1)
  Next
  If fso.FileExists(name) Then fso.MoveFile name, name & ".1"
End Sub
For i = 1 To 5
  Rotate "app.log"
  With fso.CreateTextFile("app.log")
    .WriteLine "run " & i
    .Close
  End With
Next
For Each n In Array("app.log", "app.log.1", "app.log.2", "app.log.3", "app.log.4")
  If fso.FileExists(n) Then WScript.Echo n & ": " & fso.OpenTextFile(n).ReadLine Else WScript.Echo n & ": none"
Next`,
    ['app.log: run 5', 'app.log.1: run 4', 'app.log.2: run 3', 'app.log.3: run 2', 'app.log.4: none'],
  ],
  'sums a CSV file by customer': [
    `Set fso = CreateObject("Scripting.FileSystemObject")
Set f = fso.CreateTextFile("orders.csv")
f.WriteLine "customer;amount;date"
For Each line In Split("Ann;10,50;2003-01-02|Bob;3;2003-01-03|ann;1.5;2003-02-01|Cid;x;2003-02-02|;4;", "|"): f.WriteLine line: Next
f.Close
Set sums = CreateObject("Scripting.Dictionary"): sums.CompareMode = vbTextCompare
Set f = fso.OpenTextFile("orders.csv"): f.SkipLine
Do Until f.AtEndOfStream
  parts = Split(f.ReadLine, ";")
  If parts(0) = "" Then
    skipped = skipped + 1
  ElseIf Not IsNumeric(parts(1)) Then
    bad = bad & parts(0) & " "
  Else
    sums(parts(0)) = sums(parts(0)) + CDbl(Replace(parts(1), ",", "."))
  End If
Loop
names = sums.Keys
For i = UBound(names) To 0 Step -1: WScript.Echo names(i) & Space(6 - Len(names(i))) & FormatNumber(sums(names(i)), 2): Next
WScript.Echo "skipped " & skipped & ", bad: " & Trim(bad) & ", lines read: " & f.Line - 1`,
    ['Bob   3.00', 'Ann   12.00', 'skipped 1, bad: Cid, lines read: 6'],
  ],
  'counts the working days between two dates': [
    `Function WorkDays(first, last)
  Dim day
  For day = first To last
    Select Case Weekday(day, vbMonday)
      Case 6, 7
      Case Else
        If Not IsHoliday(day) Then WorkDays = WorkDays + 1
    End Select
  Next
End Function
Function IsHoliday(day)
  IsHoliday = (Month(day) = 12 And (DatePart("d", day) = 25 Or DatePart("d", day) = 26))
End Function
WScript.Echo WorkDays(#12/22/2003#, #12/31/2003#)
WScript.Echo DateDiff("ww", #12/22/2003#, #1/5/2004#), DateAdd("m", 1, #1/31/2004#), DateSerial(2004, 3, 0)
WScript.Echo Year(#12/31/2003#) & Right("0" & Month(#2/1/2003#), 2), WeekdayName(Weekday(#2/29/2004#), True)
WScript.Echo FormatDateTime(#1/2/2003 4:05:06 PM#, vbShortTime), CDate(37623.5), #1/2/2003# - #12/30/2002#`,
    ['6', '2 2/29/2004 2/29/2004', '200302 Sun', '16:05 1/2/2003 12:00:00 PM 3'],
  ],
  'keeps a queue in a class, with errors of its own': [
    `Class Queue
  Private items(), first, last
  Private Sub Class_Initialize: ReDim items(1): first = 0: last = -1: End Sub
  Public Property Get Count: Count = last - first + 1: End Property
  Public Sub Push(item)
    last = last + 1
    If last > UBound(items) Then ReDim Preserve items(2 * UBound(items) + 1)
    If IsObject(item) Then Set items(last) = item Else items(last) = item
  End Sub
  Public Function Pop
    If Count = 0 Then Err.Raise vbObjectError + 7, "Queue", "The queue is empty"
    If IsObject(items(first)) Then Set Pop = items(first) Else Pop = items(first)
    items(first) = Empty
    first = first + 1
  End Function
  Private Sub Class_Terminate: WScript.Echo "gone with " & Count: End Sub
End Class
Set q = New Queue
For i = 1 To 5: q.Push i * i: Next
q.Push New Queue
WScript.Echo q.Pop + q.Pop, q.Count
On Error Resume Next
Do
  x = q.Pop
  If Err.Number <> 0 Then Exit Do
  t = t & TypeName(x) & " "
Loop
WScript.Echo t & Err.Number
Err.Clear
Do While q.Count > 0: Set y = q.Pop: Loop
Set y = Nothing
z = q.Pop
WScript.Echo Err.Source & ": " & Err.Description & " " & (Err.Number - vbObjectError)
Set q = Nothing
WScript.Echo "end"`,
    [
      '5 4',
      'gone with 0',
      'Integer Integer Integer 438',
      'Queue: The queue is empty 7',
      'gone with 0',
      'end',
    ],
  ],
  'cleans texts with regular expressions': [
    `Set r = New RegExp: r.Global = True: r.IgnoreCase = True
Function Clean(text)
  r.Pattern = "<[^>]+>": Clean = r.Replace(text, " ")
  r.Pattern = "\\s+": Clean = Trim(r.Replace(Clean, " "))
End Function
WScript.Echo Clean("<P>Hello,<br>" & vbCrLf & vbTab & "<b>World</b> </p>")
r.Pattern = "(\\d{4})-(\\d\\d)-(\\d\\d)": WScript.Echo r.Replace("from 2003-01-02 to 2003-02-03", "$3.$2.$1")
r.Pattern = "([\\w.]+)@([\\w.]+)"
For Each m In r.Execute("ann@example.test, Bob.B@mail.example.test; none")
  WScript.Echo m.FirstIndex, m.Length, LCase(m.SubMatches(0)) & " at " & m.SubMatches(1)
Next
r.Global = False: r.Pattern = "^\\s*#": n = 0
For Each line In Array("# one", "two", "  # three"): If r.Test(line) Then n = n + 1
Next
WScript.Echo n`,
    [
      'Hello, World',
      'from 02.01.2003 to 03.02.2003',
      '0 16 ann at example.test',
      '18 23 bob.b at mail.example.test',
      '2',
    ],
  ],
  'reads settings, a feed and writes a report': [
    `Set d = CreateObject("Microsoft.XMLDOM"): d.async = False
If Not d.loadXML("<feed><item id='2'><title>Two &amp; more</title></item><item id='1'><title>One</title></item><item><title/></item></feed>") Then WScript.Quit 9
For Each item In d.selectNodes("/feed/item")
  id = item.getAttribute("id")
  If IsNull(id) Then id = "?"
  list = list & id & "=" & item.selectSingleNode("title").text & vbLf
Next
a = Split(list, vbLf)
ReDim Preserve a(UBound(a) - 1)
For i = 0 To UBound(a) - 1
  For j = i + 1 To UBound(a)
    If a(j) < a(i) Then t = a(i): a(i) = a(j): a(j) = t
  Next
Next
WScript.Echo Join(a, "|")
Set s = CreateObject("ADODB.Stream"): s.Type = 2: s.Charset = "utf-8": s.Open
For Each line In Filter(a, "?", False): s.WriteText line, 1: Next
s.SaveToFile "report.txt", 2: s.Close
WScript.Echo CreateObject("Scripting.FileSystemObject").GetFile("report.txt").Size`,
    ['1=One|2=Two & more|?=', '24'],
  ],
};

for (const [name, [script, lines]] of Object.entries(PROGRAMS))
  test(name, async () => {
    const { outcome, output } = await bench.run(script);
    assert.equal(outcome.kind, 'finished', JSON.stringify(outcome));
    assert.deepEqual(output.split('\r\n').slice(0, -1), lines);
  });

const folder = join(import.meta.dirname, 'programs');
for (const file of readdirSync(folder).filter((name) => name.endsWith('.vbs')))
  test(file, async () => {
    // Folders of its own: the programs make files without looking what is there.
    const own = new ScriptBench({ warm: 1, size: 1 });
    try {
      const { outcome, output } = await own.run(readFileSync(join(folder, file), 'utf8'));
      assert.equal(outcome.kind, 'finished', JSON.stringify(outcome));
      const code = outcome.kind === 'finished' && outcome.exitCode !== 0 ? `exit ${outcome.exitCode}\n` : '';
      const expected = readFileSync(join(folder, file.replace(/\.vbs$/, '.txt')), 'utf8');
      assert.equal(output.replaceAll('\r\n', '\n') + code, expected);
    } finally {
      await own.close();
    }
  });
