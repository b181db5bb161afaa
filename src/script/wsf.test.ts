import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseWsf, WsfProblem } from './wsf.ts';

test('reads jobs with scripts, objects, references, resources and the line each script begins on', () => {
  const [first, second] = parseWsf(`<package>
  <!-- <job id="not this one"></job> -->
  <job id="Send">
    <?job error="true" debug="false"?>
    <reference object="CDO.Message"/>
    <object id="fso" classid='clsid:{0D43FE01-F093-11CF-8940-00A0C9054228}' />
    <resource id="greeting">
      Hello &amp; welcome
    </resource>
    <script language="VBScript" src="lib.vbs"></script>
    <script language="VBScript">
      If 1 < 2 Then WScript.Echo "<b>&amp;</b>"
    </script>
    <script><![CDATA[
      WScript.Echo 1 > 0
    ]]></script>
  </job>
  <JOB ID=Other><SCRIPT>WScript.Echo 2</SCRIPT></JOB>
</package>`);
  assert.equal(first!.id, 'Send');
  assert.deepEqual(first!.references, [{ name: 'CDO.Message', line: 5 }]);
  assert.deepEqual(first!.objects, [{ id: 'fso', progId: 'Scripting.FileSystemObject', line: 6 }]);
  assert.equal(first!.resources.get('greeting')?.trim(), 'Hello & welcome');
  assert.equal(first!.scripts[0]!.src, 'lib.vbs');
  assert.match(first!.scripts[1]!.text!, /If 1 < 2 Then WScript\.Echo "<b>&amp;<\/b>"/);
  assert.equal(first!.scripts[1]!.line, 11);
  assert.match(first!.scripts[2]!.text!, /1 > 0/);
  assert.equal(second!.id, 'Other');
  assert.equal(second!.scripts[0]!.text, 'WScript.Echo 2');
});

test('what only looks like an element, in texts of scripts, CDATA and comments, is none', () => {
  const [job, ...others] = parseWsf(`<package><job id="a">
<script><![CDATA[
  page = "<script>go()</script><job id='b'><resource><reference><runtime>"
]]></script>
<script>s = "<object><resource></job>" ' <!-- not a comment</script>
<!-- <script>never</script><resource> -->
<resource id="r"><![CDATA[<script>a & b</script>]]></resource>
</job></package>`);
  assert.deepEqual(others, []);
  assert.deepEqual(
    job!.scripts.map(({ text, line }) => [text!.trim(), line]),
    [
      [`page = "<script>go()</script><job id='b'><resource><reference><runtime>"`, 2],
      [`s = "<object><resource></job>" ' <!-- not a comment`, 5],
    ],
  );
  assert.equal(job!.resources.get('r'), '<script>a & b</script>');
});

test('with an XML declaration the text of a script is XML', () => {
  const [job] = parseWsf(
    `<?xml version="1.0"?><job><script>If 1 &lt; 2 Then x = "&quot;&#65;"</script></job>`,
  );
  assert.equal(job!.scripts[0]!.text, 'If 1 < 2 Then x = ""A"');
});

test('the usage text is that of <usage>, or made of the described arguments', () => {
  const [own] = parseWsf('<job><runtime><usage>Use it so</usage></runtime><script>x</script></job>');
  assert.equal(own!.usage, 'Use it so\r\n');
  const [made] = parseWsf(`<job><runtime>
    <description>Sends a mail</description>
    <named name="to" helpstring="Recipient" type="string" required="true"/>
    <named name="html" helpstring="Send HTML" type="simple" required="false"/>
    <unnamed name="file" helpstring="Attachment" required="0"/>
    <example>send.wsf /to:a@example.test</example>
  </runtime><script>x</script></job>`);
  assert.equal(
    made!.usage,
    [
      'Sends a mail',
      '',
      'Usage: /to:value [/html] [file]',
      '',
      'Options:',
      '',
      '/to:value    : Recipient',
      '/html        : Send HTML',
      'file         : Attachment',
      '',
      'send.wsf /to:a@example.test',
      '',
    ].join('\r\n'),
  );
});

for (const [source, message, line] of [
  ['<package><job id="a"></job></package>', /no script/, 1],
  ['<job>\n<script>x</job>', /<script> element is not closed/, 2],
  ['<job>\n\n<object id="a"/><script>x</script></job>', /needs the attribute progid or classid/, 3],
  ['<job>\n<object id="a" classid="clsid:1"/><script>x</script></job>', /class clsid:1 is not known/, 2],
  ['<job><object progid="a.b"/><script>x</script></job>', /<object> element needs the attribute id/, 1],
  ['<job><script =>x</script></job>', /not written as XML/, 1],
  ['', /no script/, 1],
] as const)
  test(`refuses ${JSON.stringify(source)} with the line`, () => {
    assert.throws(
      () => parseWsf(source),
      (thrown) => thrown instanceof WsfProblem && message.test(thrown.message) && thrown.line === line,
    );
  });

test('no text makes the reader do anything but answer or complain', () => {
  const pieces = fc.array(
    fc.constantFrom(
      '<job',
      '<script',
      '</script>',
      '</job>',
      '<package>',
      ' id=',
      '"',
      "'",
      '>',
      '/>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      'x',
      '\n',
      '<resource id="a">',
      '<runtime>',
      '&lt;',
      '&#x110000;',
    ),
    { maxLength: 25 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      try {
        parseWsf(parts.join(''));
      } catch (thrown) {
        assert.ok(thrown instanceof WsfProblem, String(thrown));
      }
    }),
  );
});
