import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TemplateProblem } from '../errors.ts';
import { scan } from './scanner.ts';

const short = (source: string) =>
  scan(source, '/p.asp').map((segment) =>
    'text' in segment
      ? `${segment.kind}@${segment.line}:${segment.text}`
      : segment.kind === 'include'
        ? `include@${segment.line}:${segment.from} ${segment.path}`
        : `${segment.kind}@${segment.line}:${segment.attributes.map(({ name, value }) => `${name}=${value}`).join(' ')}`,
  );

const CASES: readonly (readonly [source: string, ...segments: string[]])[] = [
  ['plain', 'html@1:plain'],
  ['a<% x = 1 %>b', 'html@1:a', 'code@1: x = 1 ', 'html@1:b'],
  ['<%= x %>', 'expression@1:x'],
  ['<% = x %>', 'expression@1:x'],
  ['<%=\r\n  x\r\n%>', 'expression@2:x'],
  ['\n\n<% "%\\>" %>', 'html@1:\n\n', 'code@3: "%>" '],
  ["<% ' it ends here %>'", "code@1: ' it ends here ", "html@1:'"],
  ['<%@ LANGUAGE="VBScript" CODEPAGE = 65001 %>', 'directive@1:LANGUAGE=VBScript CODEPAGE=65001'],
  ['<% @ lcid=1033%>', 'directive@1:lcid=1033'],
  ['<!--#include file="a.inc"-->', 'include@1:file a.inc'],
  ['<!-- #include virtual = "/inc/x" --->', 'include@1:virtual /inc/x'],
  ['<!-- # INCLUDE FILE=a.inc -->', 'include@1:file a.inc'],
  ["<!--#include file='a b.inc'-->", 'include@1:file a b.inc'],
  ['<!--#include file="a.inc-->', 'include@1:file a.inc'],
  ['<!-- note <% x %> -->', 'html@1:<!-- note ', 'code@1: x ', 'html@1: -->'],
  ['<script>x</script>', 'html@1:<script>x</script>'],
  ['<SCRIPT RUNAT=SERVER LANGUAGE="VBScript">\nSub a\n</SCRIPT>', 'script@1:\nSub a\n'],
  ['<script language=vbscript runat="server" src="a.vbs"/>z', 'script@1:', 'html@1:z'],
  ['<script runat=server>\n<!--\nx = 1\n-->\n</script>', 'script@1:\n\nx = 1\n\n'],
  ['<object runat=server id=m progid=CDO.Message></object>', 'object@1:runat=server id=m progid=CDO.Message'],
  ['<object id=flash></object>', 'html@1:<object id=flash></object>'],
  ['<!--METADATA TYPE="typelib" FILE="x"-->', 'metadata@1:<!--METADATA TYPE="typelib" FILE="x"-->'],
];

for (const [source, ...expected] of CASES)
  test(`cuts ${JSON.stringify(source)}`, () => assert.deepEqual(short(source), expected));

const BROKEN: readonly (readonly [source: string, number: number, line: number])[] = [
  ['\n<% x', 116, 2],
  ['<script runat=server>x', 117, 1],
  ['<object runat=server id=a progid=b.c>', 118, 1],
  ['\n\n<!--#include file="a"', 127, 3],
  ['<!--#include -->', 128, 1],
  ['<!--#include file=""-->', 128, 1],
  ['<script runat=server>\nx\n<% y %></script>', 138, 3],
  ['<object runat=server id=a><object id=b></object></object>', 139, 1],
  ['<script runat=server>\n<!--#include file="a"--></script>', 234, 2],
  ['<%@ language="vbscript %>', 125, 1],
  ['<%@ language= %>', 238, 1],
];

for (const [source, number, line] of BROKEN)
  test(`refuses ${JSON.stringify(source)} with ASP 0${number}`, () =>
    assert.throws(
      () => scan(source, '/p.asp'),
      (thrown: TemplateProblem) => {
        assert.deepEqual([thrown.number, thrown.file, thrown.line], [number, '/p.asp', line]);
        return true;
      },
    ));

test('no text makes the scanner do anything but cut or complain, and no HTML is lost', () => {
  const bits = fc.constantFrom(
    '<%',
    '%>',
    '=',
    '@',
    '<!--#include file="a"-->',
    '<!--',
    '-->',
    '<script runat=server>',
    '</script>',
    '<object runat=server id=a>',
    '</object>',
    'x',
    '"',
    "'",
    '\n',
    '\r\n',
    ' ',
    'METADATA',
  );
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 30 }), (parts) => {
      const source = parts.join('');
      try {
        const segments = scan(source, '/p');
        if (!source.includes('<%') && !/<script|<object|<!--/i.test(source))
          assert.equal(segments.map((segment) => ('text' in segment ? segment.text : '')).join(''), source);
      } catch (thrown) {
        if (!(thrown instanceof TemplateProblem)) throw thrown;
      }
    }),
    { numRuns: 2000 },
  );
});
