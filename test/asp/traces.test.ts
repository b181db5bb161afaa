/** Traces of pages: what is recorded, in both languages, and what is kept out. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TraceRecord } from '../../src/asp/contract.ts';
import { PageBench } from './support/page-bench.ts';

let bench: PageBench;
before(() => {
  bench = new PageBench({ pool: { size: 1, warm: 1 } });
});
after(() => bench.close());

function shown(records: readonly TraceRecord[]): string[] {
  return records.map((record): string => {
    const place = `${record.file}:${record.line} `;
    switch (record.kind) {
      case 'line':
        return `${place}${record.source.trim()}`;
      case 'condition':
        return `${place}? ${record.value}`;
      case 'call':
      case 'create':
        return `${place}${record.use} ${record.object}.${record.member}(${record.args.join(', ')}) ${record.result ?? '-'} ${record.hresult ?? ''}`.trimEnd();
      case 'error':
        return `${place}! ${record.number} ${record.description}`;
      case 'warning':
        return `${place}! ${record.text}`;
      default:
        return `${place}mail ${record.object} ${record.way.kind}`;
    }
  });
}

test('a page that is not traced records nothing', async () => {
  bench.write('plain.asp', '<% x = 1 %>');
  assert.equal((await bench.ask('/plain.asp')).trace, undefined);
});

test('VBScript: lines with their source, conditions, calls with arguments and result, errors that were trapped', async () => {
  bench.write('inc.asp', '<%\nFunction Add(a, b)\n  Add = a + b\nEnd Function\n%>');
  bench.write(
    'vb.asp',
    '<!--#include file="inc.asp"-->\n<%\nDim d\nSet d = CreateObject("Scripting.Dictionary")\nd("n") = Add(1, 2)\nIf d.Exists("n") Then\n  Response.Write d("n")\nEnd If\nOn Error Resume Next\nx = CInt("abc")\n%>',
  );
  const { trace, body } = await bench.ask('/vb.asp', { trace: true });
  assert.match(body, /3/);
  const lines = shown(trace!.records);
  for (const expected of [
    '/vb.asp:4 Set d = CreateObject("Scripting.Dictionary")',
    '/vb.asp:5 d("n") = Add(1, 2)',
    '/inc.asp:3 Add = a + b',
    '/vb.asp:6 ? True',
    '/vb.asp:7 Response.Write d("n")',
    '/vb.asp:7 call IResponse.Write(3) Empty',
    "/vb.asp:10 ! 13 Type mismatch: 'CInt'",
  ])
    assert.ok(lines.includes(expected), `${expected} is missing in\n${lines.join('\n')}`);
  assert.ok(
    lines.some((line) => /^\/vb\.asp:4 create Scripting\.Dictionary\./.test(line)),
    lines.join('\n'),
  );
  assert.ok(
    lines.some((line) => /^\/vb\.asp:5 put Dictionary\.\("n", 3\)/i.test(line)),
    lines.join('\n'),
  );
});

test('JScript: the same', async () => {
  bench.write(
    'js.asp',
    '<%@ Language=JScript %>\n<%\nvar d = new ActiveXObject("Scripting.Dictionary");\nd("n") = 1 + 2;\nif (d.Exists("n")) {\n  Response.Write(d("n"));\n}\ntry { nope(); } catch (e) { }\n%>',
  );
  const { trace, body } = await bench.ask('/js.asp', { trace: true });
  assert.match(body, /3/);
  const lines = shown(trace!.records);
  for (const expected of [
    '/js.asp:3 var d = new ActiveXObject("Scripting.Dictionary");',
    '/js.asp:5 ? True',
    '/js.asp:6 Response.Write(d("n"));',
    '/js.asp:8 ! 5007 Object expected',
  ])
    assert.ok(lines.includes(expected), `${expected} is missing in\n${lines.join('\n')}`);
  assert.ok(
    lines.some((line) => /^\/js\.asp:4 put Dictionary\.\("n", 3\)/i.test(line)),
    lines.join('\n'),
  );
});

test('secrets are masked: form fields, literals, fields of objects, and their values elsewhere', async () => {
  bench.write(
    'secret.asp',
    '<%\npw = Request.QueryString("password")\nResponse.Write pw\nSet c = CreateObject("CDO.Configuration")\nc.Fields("http://schemas.microsoft.com/cdo/configuration/sendpassword") = "literal77"\npin = "4711x"\nResponse.Write "literal77"\n%>',
  );
  const { trace, body } = await bench.ask('/secret.asp?password=hunter22&x=open', { trace: true });
  assert.match(body, /hunter22/);
  const text = JSON.stringify(trace!.records);
  for (const secret of ['hunter22', 'literal77', '4711x'])
    assert.ok(!text.includes(secret), `${secret} in ${text}`);
  assert.match(text, /\*\*\*\*\*/);
  assert.match(text, /sendpassword/);
});

test('a mail is told with its Message-ID or its file', async () => {
  bench.write(
    'mail.asp',
    '<%\nSet m = CreateObject("CDONTS.NewMail")\nm.From = "a@example.com"\nm.To = "b@example.net"\nm.Subject = "s"\nm.Body = "b"\nm.Send\n%>',
  );
  const { trace, error } = await bench.ask('/mail.asp', { trace: true });
  assert.equal(error, undefined);
  const mails = trace!.records.filter((record) => record.kind === 'mail');
  assert.equal(mails.length, 1, shown(trace!.records).join('\n'));
  const [mail] = mails;
  assert.equal(mail!.line, 7);
  assert.ok(mail?.kind === 'mail' && mail.way.kind === 'pickup' && /\.eml$/.test(mail.way.file));
});

test('a loop fills a trace and no more; what follows is still recorded', async () => {
  bench.write('loop.asp', '<%\nFor i = 1 To 50000\n  x = i\nNext\nx = CInt("abc")\n%>');
  const { trace } = await bench.ask('/loop.asp', { trace: true });
  assert.ok(trace!.records.length <= 20_000);
  assert.ok(trace!.dropped > 30_000);
  assert.equal(trace!.records.at(-1)!.kind, 'error');
});
