/** A changed global.asa over HTTP: the old application ends by its own events, the next page finds a new one. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { get } from '../../src/asp/web/testing.ts';
import { RealSite } from './support/real-site.ts';

/** Events that write to a folder beside the site; the name says which file it was. */
const globalAsa = (name: string): string => `<script language="VBScript" runat="server">
Sub Note(text)
  Set stream = Server.CreateObject("Scripting.FileSystemObject").OpenTextFile("D:\\notes\\log.txt", 8, True)
  stream.WriteLine "${name} " & text
  stream.Close
End Sub
Sub Application_OnStart
  Application("version") = "${name}"
  Note "application starts"
End Sub
Sub Application_OnEnd
  Note "application ends, " & Application("hits")
End Sub
Sub Session_OnStart
  Session("since") = "${name}"
End Sub
Sub Session_OnEnd
  Note "session ends, " & Session("since") & " " & Session("n")
End Sub
</script>`;

const PAGE = `<% Application.Lock : Application("hits") = Application("hits") + 1 : Application.Unlock : Session("n") = Session("n") + 1
  %><%= Application("version") %>|<%= Application("hits") %>|<%= Session("since") %>|<%= Session("n") %>`;

test('a changed global.asa ends sessions and application with the old text and starts them with the new', async () => {
  const notes = mkdtempSync(join(tmpdir(), 'mailroot-notes-'));
  after(() => rmSync(notes, { recursive: true }));
  const site = await RealSite.start(
    { 'global.asa': globalAsa('first'), 'page.asp': PAGE },
    { config: { folders: { 'D:\\notes': { folder: notes, access: 'write' } } } },
  );
  try {
    const ask = async (cookie = '') => {
      const answer = await get(site.port, '/page.asp', cookie === '' ? '' : `Cookie: ${cookie}\r\n`);
      const [, set = cookie] = /^set-cookie: ([^;]+);/im.exec(answer) ?? [];
      return { text: answer.slice(answer.indexOf('\r\n\r\n') + 4), cookie: set };
    };
    const { text, cookie } = await ask();
    assert.equal(text, 'first|1|first|1');
    assert.equal((await ask(cookie)).text, 'first|2|first|2');
    assert.equal((await ask()).text, 'first|3|first|1', 'another visitor');
    site.write('global.asa', globalAsa('second'));
    let after = await ask(cookie);
    // It is noticed within half a second.
    while (after.text.startsWith('first')) after = await ask(cookie);
    assert.equal(after.text, 'second|1|second|1');
    assert.notEqual(after.cookie, cookie, 'the old session is no more');
    assert.deepEqual(site.told('asp.application-restarted').length, 1);
    const log = readFileSync(join(notes, 'log.txt'), 'latin1').trim().split('\r\n');
    const hits = Number(/first application ends, (\d+)/.exec(log.at(-2)!)![1]);
    const mine = hits - 1;
    assert.deepEqual(
      [log[0], ...log.slice(1, 3).sort(), ...log.slice(3)],
      [
        'first application starts',
        'first session ends, first 1',
        `first session ends, first ${mine}`,
        `first application ends, ${hits}`,
        'second application starts',
      ],
    );
  } finally {
    await site.stop();
  }
  const log = readFileSync(join(notes, 'log.txt'), 'latin1').trim().split('\r\n');
  assert.deepEqual(log.slice(-2), ['second session ends, second 1', 'second application ends, 1']);
});
