/**
 * What recording a page costs: `node bench/trace.ts`. A page as the contact forms are (a form read, a text made in a loop, two
 * objects), untraced and traced, one after the other in one thread.
 */
import { PageBench } from '../test/asp/support/page-bench.ts';

const TURNS = Number(process.argv[2] ?? 200);
const bench = new PageBench({ pool: { size: 1, warm: 1 } });
bench.write(
  'page.asp',
  `<html><% Dim i, text, d
Set d = CreateObject("Scripting.Dictionary")
For i = 1 To 20
  d("k" & i) = i * i
  If i Mod 2 = 0 Then text = text & "<li>" & Server.HTMLEncode("<" & i & ">") & "</li>"
Next
Response.Write "<ul>" & text & "</ul>"
Response.Write Request.QueryString("name") & " " & d.Count
%></html>`,
);

async function measure(trace: boolean): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let turn = 0; turn < TURNS; turn += 1) {
    const begun = performance.now();
    await bench.ask('/page.asp?name=Ann', { trace });
    times.push(performance.now() - begun);
  }
  const { user, system } = process.cpuUsage(before);
  return {
    ms: times.sort((a, b) => a - b)[Math.floor(TURNS / 2)]!,
    cpuMs: (user + system) / 1000 / TURNS,
  };
}

await measure(false);
await measure(true);
const off = await measure(false);
const on = await measure(true);
console.log(
  `trace: a page takes ${off.ms.toFixed(2)} ms without and ${on.ms.toFixed(2)} ms with recording (median of ${TURNS}): ${(on.ms / off.ms).toFixed(2)} times; ` +
    `processor time of all threads ${off.cpuMs.toFixed(2)} and ${on.cpuMs.toFixed(2)} ms: ${(on.cpuMs / off.cpuMs).toFixed(2)} times`,
);
await bench.close();
