/** JScript that tries to use up the memory: error 7 with its line, in a thread that lives on. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ScriptBench } from '../script/support/script-bench.ts';

let bench: ScriptBench;
before(() => {
  bench = new ScriptBench({ warm: 1, size: 1, memoryMb: 48 });
});
after(() => bench.close());

const run = (source: string) =>
  bench.run(source, {
    language: 'jscript',
    displayName: 'test.js',
    fullName: 'C:\\data\\test.js',
    limits: { timeMs: 60_000 },
  });

/** Each ends with error 7 on the line that its name is followed by. */
const FULL: Readonly<Record<string, readonly [line: number, script: string]>> = {
  'an array that grows': [2, 'var a = [];\nfor (;;) a.push({ n: a.length });'],
  'an object with ever more names': [2, 'var o = {}, i = 0;\ndo { o["n" + i++] = i; } while (true);'],
  'texts that are kept': [
    3,
    'var a = [], s = "";\nfor (var i = 0; i < 1000; i++) s += "0123456789";\nwhile (1) a.push(s.toUpperCase() + a.length);',
  ],
  'a text of many pieces': [2, 'var s = "", i = 0;\nwhile (1) s += i++ + ",";'],
  'calls that keep what they make, without a loop': [
    2,
    'var kept = [];\nfunction f(n) { if (n == 0) { kept.push([1, 2, 3, 4]); return; } f(n - 1); f(n - 1); }\nf(200);',
  ],
  'for … in over an array': [
    2,
    'var a = []; for (var i = 0; i < 3000; i++) a[i] = i; var k = [];\nwhile (1) for (var n in a) k.push(n + "x");',
  ],
  'functions given to forEach': [
    2,
    'var a = [], k = []; for (var i = 0; i < 1000; i++) a[i] = i;\nfunction g() { k.push([a, k]); } while (1) a.forEach(g);',
  ],
  'a long text split into letters': [
    2,
    'var s = "x"; while (s.length < 1 << 27) s += s;\nvar a = s.split("");',
  ],
  'matches of every letter': [2, 'var s = "x"; while (s.length < 1 << 26) s += s;\nvar a = s.match(/x/g);'],
  'a replacement of every letter': [
    2,
    'var s = "x"; while (s.length < 1 << 27) s += s;\ns.replace(/x/g, "yy");',
  ],
  'escape of a long text': [2, 'var s = "\\u2030"; while (s.length < 1 << 26) s += s;\nescape(s);'],
  'an array joined with itself': [2, 'var a = [1, 2, 3, 4];\nwhile (1) a = a.concat(a);'],
  'code made by eval': [1, 'var a = []; eval("while (1) a.push([a.length]);");'],
};

for (const [name, [line, script]] of Object.entries(FULL))
  test(`${name} ends with Out of memory, and the next script runs`, async () => {
    const { outcome, error } = await run(script);
    assert.equal(outcome.kind, 'failed', `${JSON.stringify(outcome)} ${error}`);
    const { problem } = outcome as { problem: { number: number; description: string; line: number } };
    assert.equal(problem.number & 0xffff, 7, JSON.stringify(problem));
    assert.equal(problem.description, 'Out of memory');
    assert.ok(line === problem.line, `line ${problem.line}`);
    assert.equal((await run('WScript.Echo([1, 2].join("-"))')).output, '1-2\r\n');
  });

test('a script that catches Out of memory again and again goes on until its time is over, and its thread lives', async () => {
  const { outcome } = await bench.run(
    'var a = []; for (;;) try { a.push([a.length]); } catch (e) { a.push(e); }',
    {
      language: 'jscript',
      limits: { timeMs: 1500 },
    },
  );
  assert.ok(outcome.kind !== 'finished', JSON.stringify(outcome));
  assert.equal((await run('WScript.Echo("lives")')).output, 'lives\r\n');
});

test('one that lets go of what it had is given room again', async () => {
  const { output, error } = await run(
    'var a = [], n;\ntry { for (;;) a.push([a.length]); } catch (e) { n = e.number & 0xffff; a = null; }\nvar b = []; for (var i = 0; i < 100000; i++) b.push([i]);\nWScript.Echo(n, b.length);',
  );
  assert.equal(output, '7 100000\r\n', error);
});

test('what loops and functions give is what they gave', async () => {
  const { output } = await run(
    `var s = 0; for (var i = 0; i < 5; i++) s += i; while (s > 8) s--; do s++; while (s < 12);
for (var n in { a: 1 }) s += n;
function f(a, b) { "a directive"; return a + b; }
outer: for (i = 0; i < 3; i++) for (;;) { if (i == 1) continue outer; if (i == 2) break outer; break; }
WScript.Echo(s, i, f(1, 2), f.length, eval("var q = 0; for (;q < 3; q++) q * 2"), eval("while (false);"), "a,b".split(",").length, "aXbX".replace(/X/g, "-"), "a b".split.length, escape("ä b"));
WScript.Echo(("" + f).indexOf("jscript"), (function () { return arguments.length; })(1, 2), "" + function () { while (1); });`,
  );
  assert.equal(output, '12a 2 3 2 4  2 a-b- 2 %E4%20b\r\n-1 2 function () { while (1); }\r\n');
});
