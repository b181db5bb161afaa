/** The script host as scripts see it: WScript, arguments, streams, errors, .wsf files. */
import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { outcomeText } from '../../src/script/index.ts';
import { type BenchOptions, ScriptBench } from './support/script-bench.ts';

let bench: ScriptBench;
before(() => {
  bench = new ScriptBench({ size: 1, warm: 1 });
});
after(() => bench.close());

type Case = BenchOptions & {
  readonly script: string;
  readonly prints?: string;
  readonly errors?: string;
  readonly exitCode?: number;
};

const CASES: Readonly<Record<string, Case>> = {
  'Echo parts its values by spaces and writes Booleans and Null in its own way': {
    script: 'WScript.Echo "a", 1, 1.5, True, False, Null, Empty, #1/2/2003#\nWScript.Echo\nwscript.echo "b"',
    prints: 'a 1 1.5 -1 0 null  1/2/2003\r\n\r\nb\r\n',
  },
  'Echo of an array is error 13': {
    script: 'On Error Resume Next\nWScript.Echo Array(1)\nWScript.Echo Err.Number',
    prints: '13\r\n',
  },
  'the names of the script and the host': {
    script:
      'WScript.Echo WScript, WScript.Name, WScript.Version\nWScript.Echo WScript.ScriptName, WScript.ScriptFullName, WScript.FullName\nWScript.Echo WScript.Application.Path, WScript.Interactive, WScript.Timeout',
    prints:
      'Windows Script Host Windows Script Host 5.8\r\ntest.vbs C:\\data\\test.vbs C:\\Windows\\System32\\cscript.exe\r\nC:\\Windows\\System32 -1 10\r\n',
  },
  'Arguments by number, as a collection and counted': {
    script:
      'WScript.Echo WScript.Arguments.Count, WScript.Arguments.length, WScript.Arguments(0), WScript.Arguments.Item(2)\nFor Each a In WScript.Arguments: WScript.StdOut.Write "[" & a & "]": Next',
    arguments: ['one', '/n:v', 'three words here', '/flag'],
    prints: '4 4 one three words here\r\n[one][/n:v][three words here][/flag]',
  },
  'an argument that is not there is error 9': {
    script: 'On Error Resume Next\nx = WScript.Arguments(0)\nWScript.Echo Err.Number, Err.Description',
    prints: '9 Subscript out of range\r\n',
  },
  'Named and Unnamed arguments': {
    script: `Set n = WScript.Arguments.Named
WScript.Echo n.Count, n("TO"), n.Item("url"), n.Exists("html"), n.Exists("none"), TypeName(n("html")), n("on"), n("off"), TypeName(n("none"))
For Each k In n: WScript.StdOut.Write k & " ": Next
WScript.Echo WScript.Arguments.Unnamed.Count, WScript.Arguments.Unnamed(1)`,
    arguments: [
      '/to:a@example.test',
      'x',
      '/html',
      '/on+',
      '/off-',
      '/url:http://h/?a=b:c',
      'y',
      '/to:second',
    ],
    prints: '5 a@example.test http://h/?a=b:c -1 0 Empty -1 0 Empty\r\nto html on off url 2 y\r\n',
  },
  'Quit ends with its exit code, also behind On Error Resume Next': {
    script: 'On Error Resume Next\nWScript.Quit 42\nWScript.Echo "not reached"',
    prints: '',
    exitCode: 42,
  },
  'Quit in a procedure runs what objects do at their end': {
    script:
      'Class T\nSub Class_Terminate\nWScript.Echo "over"\nEnd Sub\nEnd Class\nSet t1 = New T\nSub Leave\nWScript.Quit 3\nEnd Sub\nLeave',
    prints: 'over\r\n',
    exitCode: 3,
  },
  'StdIn is read by characters, lines and whole': {
    script: `Set i = WScript.StdIn
WScript.Echo i.Read(2), i.ReadLine, i.Line, i.AtEndOfStream
WScript.Echo i.ReadAll
WScript.Echo i.AtEndOfStream`,
    services: { readInput: reader(['ab', 'c\r\nde', 'f\ng']) },
    prints: 'ab c 2 0\r\ndef\ng\r\n-1\r\n',
  },
  'without standard input it is at its end': {
    script:
      'WScript.Echo WScript.StdIn.AtEndOfStream\nOn Error Resume Next\nx = WScript.StdIn.ReadLine\nWScript.Echo Err.Number',
    prints: '-1\r\n62\r\n',
  },
  'StdOut and StdErr are streams of their own': {
    script:
      'WScript.StdErr.WriteLine "e1"\nWScript.StdOut.Write "o1"\nWScript.StdOut.WriteBlankLines 1\nWScript.StdErr.Write "e2"',
    prints: 'o1\r\n',
    errors: 'e1\r\ne2',
  },
  'the standard streams by FileSystemObject': {
    script: 'CreateObject("Scripting.FileSystemObject").GetStandardStream(1).WriteLine "x"',
    prints: 'x\r\n',
  },
  'CreateObject of VBScript gives 429 for an unknown class': {
    script:
      'On Error Resume Next\nSet x = CreateObject("No.Such")\nWScript.Echo Err.Number, Left(Err.Description, 38)',
    prints: "429 ActiveX component can't create object\r\n",
  },
  'CreateObject of WScript words it as cscript does': {
    script:
      'On Error Resume Next\nSet x = WScript.CreateObject("No.Such")\nWScript.Echo Err.Description, Err.Source',
    prints: 'Could not locate automation class named "No.Such". WScript.CreateObject\r\n',
  },
  'WScript.CreateObject creates; events are refused': {
    script:
      'WScript.Echo TypeName(WScript.CreateObject("scripting.dictionary"))\nOn Error Resume Next\nSet x = WScript.CreateObject("Scripting.Dictionary", "d_")\nWScript.Echo Left(Err.Description, 25)',
    prints: 'Dictionary\r\nCould not connect object:\r\n',
  },
  'GetObject with an empty path creates': {
    script:
      'WScript.Echo TypeName(GetObject("", "Scripting.Dictionary"))\nOn Error Resume Next\nSet x = GetObject(, "Scripting.Dictionary")\nWScript.Echo Err.Number',
    prints: 'Dictionary\r\n429\r\n',
  },
  'MsgBox prints its text and answers OK, InputBox asks on the standard streams': {
    script:
      'WScript.Echo MsgBox("Done", 4, "Backup")\nWScript.Echo InputBox("Name?")\nWScript.Echo TypeName(InputBox("More?"))',
    services: { readInput: reader(['Ann\n']) },
    prints: 'Backup: Done\r\n1\r\nName? Ann\r\nMore? Empty\r\n',
  },
  'batch mode keeps prompts back': {
    script: 'x = MsgBox("Done")\nWScript.Echo x, TypeName(InputBox("Name?")), WScript.Interactive',
    mode: 'batch',
    prints: '1 Empty 0\r\n',
  },
  'Sleep waits': {
    script: 't = Timer\nWScript.Sleep 60\nWScript.Echo (Timer - t) > 0.04 Or Timer < t',
    prints: '-1\r\n',
  },
  'a dictionary, a stream and a file work together': {
    script: `Set s = CreateObject("ADODB.Stream")
s.Type = 2: s.Charset = "utf-8": s.Open
s.WriteText "Grüße"
s.SaveToFile "C:\\data\\s.txt", 2
s.Close
WScript.Echo CreateObject("Scripting.FileSystemObject").GetFile("C:\\data\\s.txt").Size`,
    prints: '10\r\n',
  },
  'a .wsf file: references, objects, resources, source files, several scripts sharing names': {
    language: 'wsf',
    script: `<package><job id="a">
<reference guid="{00000205-0000-0010-8000-00AA006D2EA4}"/>
<reference object="Scripting.FileSystemObject"/>
<object id="d" progid="Scripting.Dictionary"/>
<resource id="hello">Hello</resource>
<script src="lib.vbs"/>
<script language="VBScript">
shared = adTypeText + ForAppending
</script>
<script><![CDATA[
d("x") = shared
WScript.Echo getResource("hello"), d("x"), FromLib(1)
]]></script>
</job></package>`,
    prints: 'Hello 10 lib 1\r\n',
  },
  'ShowUsage prints what the job describes': {
    language: 'wsf',
    script:
      '<job><runtime><named name="to" helpstring="Recipient" type="string" required="true"/></runtime><script>WScript.Arguments.ShowUsage</script></job>',
    prints: 'Usage: /to:value\r\n\r\nOptions:\r\n\r\n/to:value    : Recipient\r\n',
  },
  'the second job by its name, in any case': {
    language: 'wsf',
    jobName: 'TWO',
    script:
      '<package><job id="one"><script>WScript.Echo 1</script></job><job id="two"><script>WScript.Echo 2</script></job></package>',
    prints: '2\r\n',
  },
};

for (const [name, { script, prints = '', errors = '', exitCode = 0, ...options }] of Object.entries(CASES))
  test(name, async () => {
    writeFileSync(
      bench.path('data', 'lib.vbs'),
      'Function FromLib(n)\r\nFromLib = "lib " & n\r\nEnd Function\r\n',
    );
    const run = await bench.run(script, options);
    assert.equal(run.output, prints, JSON.stringify(run.outcome));
    assert.equal(run.error, errors);
    assert.deepEqual(run.outcome, { kind: 'finished', exitCode });
  });

const FAILURES: Readonly<
  Record<string, BenchOptions & { readonly script: string; readonly told: string | RegExp }>
> = {
  'a runtime error with its culprit': {
    script: 'x = 1\n\n    Foo x',
    told: "test.vbs(3, 5) Microsoft VBScript runtime error: Type mismatch: 'Foo'",
  },
  'a compile error': {
    script: 'x = 1\nIf x = 1 Than\nEnd If',
    told: "test.vbs(2, 10) Microsoft VBScript compilation error: Expected 'Then'",
  },
  'an error of an object, with its own source': {
    script: '\nSet m = CreateObject("CDO.Message")\nm.Send',
    services: { findPickup: async () => undefined },
    told: /^test\.vbs\(3, 1\) CDO\.Message\.1: The "SendUsing" configuration value is invalid\./,
  },
  'an error raised without words': {
    script: 'Err.Raise vbObjectError + 1, "Mine", ""',
    told: /^test\.vbs\(1, 1\) Mine: /,
  },
  'a file that is not there': {
    script: 'Set f = CreateObject("Scripting.FileSystemObject").OpenTextFile("none.txt")',
    told: 'test.vbs(1, 1) Microsoft VBScript runtime error: File not found',
  },
  'an error in a script of a .wsf file has the line of that file': {
    language: 'wsf',
    script: '<job>\n<script>\n\nx = 1 / 0\n</script>\n</job>',
    told: 'test.vbs(4, 1) Microsoft VBScript runtime error: Division by zero',
  },
  'an error in a source file of a .wsf file has its name': {
    language: 'wsf',
    script: '<job><script src="bad.vbs"/></job>',
    told: 'bad.vbs(2, 1) Microsoft VBScript runtime error: Division by zero',
  },
  'a job that is not there': {
    language: 'wsf',
    jobName: 'none',
    script: '<job id="a"><script>x=1</script></job>',
    told: "test.vbs(1, 1) Windows Script Host: There is no job 'none' in this file.",
  },
  'a source file that is not there': {
    language: 'wsf',
    script: '<job>\n<script src="gone.vbs"/></job>',
    told: "test.vbs(2, 1) Windows Script Host: Unable to open the script file 'gone.vbs': File not found.",
  },
  'another language': {
    language: 'wsf',
    script: '<job>\n<script language="PerlScript">x</script></job>',
    told: 'test.vbs(2, 1) Windows Script Host: The language PerlScript is not run here; VBScript and JScript are.',
  },
  'an unknown type library': {
    language: 'wsf',
    script: '<job>\n\n<reference object="Excel.Application"/><script>x=1</script></job>',
    told: "test.vbs(3, 1) Windows Script Host: The type library of 'Excel.Application' is not known here; define its constants in the script.",
  },
  'an unknown class of an object element': {
    language: 'wsf',
    script: '<job>\n<object id="x" progid="No.Such"/><script>x=1</script></job>',
    told: 'test.vbs(2, 1) Windows Script Host: Could not locate automation class named "No.Such".',
  },
};

for (const [name, { script, told, ...options }] of Object.entries(FAILURES))
  test(`is told: ${name}`, async () => {
    writeFileSync(bench.path('data', 'bad.vbs'), '\r\nx = 1 / 0\r\n');
    const { outcome } = await bench.run(script, options);
    assert.equal(outcome.kind, 'failed', JSON.stringify(outcome));
    const text = outcomeText(outcome, 'test.vbs');
    if (typeof told === 'string') assert.equal(text, told);
    else assert.match(text ?? '', told);
  });

/** Standard input that gives these texts, then ends. */
function reader(texts: string[]): () => Promise<string | undefined> {
  return async () => texts.shift();
}

test('WScript.Timeout ends a script that has no other limit', async () => {
  const { outcome, output } = await bench.run('WScript.Timeout = 1\nWScript.Echo WScript.Timeout\nDo: Loop', {
    limits: { timeMs: undefined },
  });
  assert.deepEqual(outcome, { kind: 'stopped', limit: 'time', problem: undefined });
  assert.equal(output, '1\r\n');
});

test('a file too large for memory is error 7, not the end of the thread', async () => {
  writeFileSync(bench.path('data', 'huge.txt'), '');
  truncateSync(bench.path('data', 'huge.txt'), 3_000_000_000);
  const { output, outcome } = await bench.run(
    `On Error Resume Next
Set fso = CreateObject("Scripting.FileSystemObject")
x = fso.OpenTextFile("huge.txt").ReadAll
WScript.Echo Err.Number
Err.Clear
x = fso.OpenTextFile("huge.txt").ReadLine
WScript.Echo Err.Number, fso.GetFile("huge.txt").Size
WScript.Echo CreateObject("Microsoft.XMLDOM").load("huge.txt")`,
    { limits: { timeMs: 60_000 } },
  );
  assert.equal(output, '7\r\n7 3000000000\r\n0\r\n', JSON.stringify(outcome));
});
