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
  'a text that doubles by + alone': [2, 'var s = "ab", t = s;\nfor (;;) s = t + s, t = s;'],
  'a text that doubles by += alone': [2, 'var o = { s: "ab" };\nwhile (true) o.s += o.s;'],
  'long texts that are read by a comparison': [
    2,
    'var s = "\\u2030x", k = []; while (s.length < 1 << 26) s += s;\nfor (var i = 0; ; i++) {\n  k[i] = s + i; if (k[i] < s) k[i] = 0;\n}',
  ],
  'long texts as names of members': [
    3,
    'var o = {}, s = "x"; while (s.length < 1000000) s += s;\nfor (var i = 0; ; i++)\n  o[s + i] = i;',
  ],
  'arrays that are large at once': [2, 'var a = [];\nfor (var i = 0; ; i++) a[i] = new Array(30000000);'],
  'three large arrays in one turn': [
    2,
    'var a = [], n = 3e7;\nfor (;;) a = [a, new Array(n), Array(n), new Array(n)];',
  ],
  'arrays whose length is set': [
    2,
    'var a = [];\nfor (var i = 0; ; i++) { a[i] = []; a[i].length = 30000000; }',
  ],
  'a quiet loop that begins to make something large': [
    2,
    'var a = [];\nfor (var i = 0; ; i++) if (i > 300000) a[a.length] = new Array(900000);',
  ],
  'arrays of numbers that grow by assignment': [2, 'var a = [];\nfor (var i = 0; ; i++) a[i] = i + 0.5;'],
  'copies of an array': [
    2,
    'var b = []; for (var i = 0; i < 900000; i++) b[i] = i + 0.5; var k = [];\nfor (;;) k[k.length] = b.slice(0);',
  ],
  'an empty array joined with others': [2, 'var a = [1, 2, 3, 4];\nwhile (1) a = [].concat(a, a);'],
  'one text many times in an array that is joined': [
    2,
    'var p = "x"; while (p.length < 500000) p += p; var a = []; for (var i = 0; i < 200; i++) a[i] = p; var k = [];\nfor (;;) k[k.length] = a.join("");',
  ],
  'the same by +': [
    2,
    'var p = "x"; while (p.length < 500000) p += p; var a = []; for (var i = 0; i < 200; i++) a[i] = p; var k = [];\nfor (;;) k[k.length] = a + "";',
  ],
  'the same as JSON': [
    2,
    'var p = "x"; while (p.length < 500000) p += p; var a = []; for (var i = 0; i < 200; i++) a[i] = p; var k = [];\nfor (;;) k[k.length] = JSON.stringify(a);',
  ],
  'a long text in place of each letter': [
    2,
    'var p = "x"; while (p.length < 900000) p += p; var s = new Array(300).join("a");\nvar t = s.replace(/a/g, p);',
  ],
  'a text in place of each of its own letters': [
    2,
    'var p = "x"; while (p.length < 100000) p += p;\nvar t = p.replace(/x/g, "$`");',
  ],
  'names of a large array': [
    2,
    'var a = []; for (var i = 0; i < 1500000; i++) a[i] = i;\nfor (var n in a) break;',
  ],
  'code that is a long text': [2, 'var s = ";"; while (s.length < 1 << 23) s += s;\neval(s);'],
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

test('sums, lengths, joins and replacements of an ordinary size are what they were', async () => {
  const { output, error } = await run(
    `var a = [1, 2], o = { length: 1, p: "x" }, s = "a", i;
s += s + 1 + (s + s); o.p += a; o.length = "five"; o["length"] += s; a.length = 4; a[4] = 5;
var d = new Date(2003, 0, 2), n = 0; n += d - d; for (i in a) n += i;
WScript.Echo(s, o.p, o.length, a.join("|"), new Array(3).length, new Array("3").length, Array(2, 3) + "", n, [1].concat(a, 7, [[8]]).length);
WScript.Echo("a.b".replace(".", "$&$&"), "aXb".replace(/x/i, function (m) { return m + m; }), JSON.stringify({ a: [1, "x"], f: null }), 1 + 2 + "3" + 4 + 5, [].concat("a" + s + s), a.join.length, "x".replace.length);
WScript.Echo((function () { try { return new Array(-1); } catch (e) { return e.number & 0xffff; } })(), [1, 2] + [3], (1 + d).indexOf("1Thu"), typeof (a + 1), i + i + i);
var big = "x"; for (i = 0; i < 20; i++) big += big; var text = new Array(11).join("a"), out = text.replace(/a/g, big);
WScript.Echo(big.length, out.length, big.replace(/x/g, "$$").length, eval("s + s"));`,
  );
  assert.equal(
    output,
    'aa1aa x1,2 fiveaa1aa 1|2|||5 3 1 2,3 0014 8' +
      '\r\na..b aXXb {"a":[1,"x"],"f":null} 3345 aaa1aaaa1aa 1 2\r\n5029 1,23 0 string 444\r\n1048576 10485760 1048576 aa1aaaa1aa\r\n',
    error,
  );
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
