import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type BenchRun, ScriptBench } from '../../test/script/support/script-bench.ts';
import { outcomeText } from './report.ts';
import type { PoolOptions } from './thread-pool.ts';

function bench(t: TestContext, options: Partial<PoolOptions> = {}): ScriptBench {
  const made = new ScriptBench({ size: 1, warm: 1, ...options });
  t.after(() => made.close());
  return made;
}

test('a script that hangs is ended and its thread replaced', async (t) => {
  const scripts = bench(t);
  // A sleep is outside the engine's own clock, so only the pool can end it.
  const hung = await scripts.run('WScript.Echo "before"\nWScript.Sleep 600000', { limits: { timeMs: 100 } });
  assert.deepEqual(hung.outcome, { kind: 'stopped', limit: 'time', problem: undefined });
  assert.equal(hung.output, 'before\r\n');
  assert.equal(
    outcomeText(hung.outcome, 'x.vbs'),
    'Script execution time was exceeded on script "x.vbs".\nScript execution was terminated.',
  );
  assert.equal((await scripts.run('WScript.Echo "after"')).output, 'after\r\n');
  assert.equal(scripts.pool.threadCount, 1);
});

test('a script that ends while its thread is being ended keeps its outcome, and the next one gets a thread that lives', async (t) => {
  const scripts = bench(t);
  await scripts.run('x = 1');
  const { outcome, output } = await new Promise<BenchRun>((resolve) => {
    setImmediate(() => {
      resolve(scripts.run('WScript.Echo "in time"', { limits: { timeMs: 200 } }));
      // The main thread sees nothing until the time limit and its grace are over. The timers of its next turn come first.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
    });
  });
  assert.equal(output, 'in time\r\n');
  assert.equal(outcome.kind, 'finished');
  assert.equal((await scripts.run('WScript.Echo "next"')).output, 'next\r\n');
});

test('a script that hangs while it waits for an answer is ended too', async (t) => {
  const scripts = bench(t);
  const { outcome } = await scripts.run('x = WScript.StdIn.ReadLine', {
    limits: { timeMs: 100 },
    services: { readInput: () => new Promise(() => {}) },
  });
  assert.equal(outcome.kind === 'stopped' && outcome.limit, 'time');
});

test('a script that fills its memory ends with Out of memory, and the next one has room again', async (t) => {
  const scripts = bench(t, { memoryMb: 48 });
  const filling =
    'Set d = CreateObject("Scripting.Dictionary")\nDo: i = i + 1: d.Add i, Array(i, "text " & i): Loop';
  const { outcome } = await scripts.run(filling, { limits: { timeMs: 60_000 } });
  assert.equal(outcome.kind, 'failed', JSON.stringify(outcome));
  assert.match(
    outcomeText(outcome, 'x.vbs')!,
    /^test\.vbs\(2, \d+\) Microsoft VBScript runtime error: Out of memory$/,
  );
  assert.equal((await scripts.run('WScript.Echo 1')).output, '1\r\n');
  // A script that goes on in spite of it is ended by whichever limit comes first: its memory again, its time, its thread's heap.
  const { outcome: stubborn } = await scripts.run(`On Error Resume Next\n${filling}`, {
    limits: { timeMs: 1_000 },
  });
  const isOutOfMemory = stubborn.kind === 'failed' && stubborn.problem.description === 'Out of memory';
  assert.ok(stubborn.kind === 'stopped' || isOutOfMemory, JSON.stringify(stubborn));
  assert.equal((await scripts.run('WScript.Echo 2')).output, '2\r\n');
});

test('jobs beyond the number of threads wait for one, and all are run', async (t) => {
  const scripts = bench(t, { size: 2 });
  const runs = await Promise.all(
    Array.from({ length: 12 }, (_, index) => scripts.run(`WScript.Sleep 5\nWScript.Echo ${index}`)),
  );
  assert.deepEqual(
    runs.map(({ output }) => output),
    Array.from({ length: 12 }, (_, index) => `${index}\r\n`),
  );
  assert.ok(scripts.pool.threadCount <= 2);
});

test('a worn thread is replaced', async (t) => {
  const scripts = bench(t, { runsPerThread: 2 });
  for (let run = 0; run < 5; run += 1)
    assert.equal((await scripts.run(`WScript.Echo ${run}`)).output, `${run}\r\n`);
});

test('output arrives whole and in order, however large, and a slow reader holds the script back', async (t) => {
  const scripts = bench(t);
  let length = 0;
  let largestLead = 0;
  let underWay = 0;
  const outcome = await scripts.pool.run(
    {
      kind: 'job',
      job: scripts.job('For i = 1 To 300: WScript.StdOut.Write String(20000, Chr(65 + i Mod 26)): Next'),
    },
    {
      services: {
        http: { allowedHosts: [], maxBodyBytes: 0 },
        processes: { programs: {}, variables: {} },
        smtpServers: [],
      },
      write: async (_stream, text) => {
        underWay += text.length;
        largestLead = Math.max(largestLead, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= text.length;
        for (const character of text) {
          assert.equal(character, String.fromCharCode(65 + ((Math.floor(length / 20000) + 1) % 26)));
          length += 1;
        }
      },
    },
  );
  assert.deepEqual(outcome, { kind: 'finished', exitCode: 0 });
  assert.equal(length, 6_000_000);
  assert.ok(largestLead <= 2 * 1024 * 1024, `${largestLead} characters were under way`);
});

test('questions are answered in order while the script waits, and errors keep their number', async (t) => {
  const scripts = bench(t);
  let asked = 0;
  const { output } = await scripts.run(
    `For i = 1 To 50: WScript.StdOut.Write WScript.StdIn.Read(1): Next
On Error Resume Next
CreateObject("WScript.Shell").Run "x"
WScript.Echo Err.Number`,
    { services: { readInput: async () => String((asked += 1) % 10) } },
  );
  assert.equal(output, `${'1234567890'.repeat(5)}-2147024891\r\n`);
});

test('a closed pool takes no more work and leaves no thread', async () => {
  const scripts = new ScriptBench({ size: 1, warm: 1 });
  const running = scripts.run('WScript.Sleep 60000');
  await scripts.close();
  assert.equal((await running).outcome.kind, 'crashed');
  assert.equal(scripts.pool.threadCount, 0);
  await assert.rejects(scripts.run('x = 1'), /closed/);
});

test('objects of one run do not wait for another: two scripts run at once', async (t) => {
  const scripts = bench(t, { size: 2, warm: 2 });
  const { promise: line, resolve: release } = Promise.withResolvers<string>();
  const first = scripts.run('WScript.Echo WScript.StdIn.ReadLine', { services: { readInput: () => line } });
  const second = await scripts.run('WScript.Echo "second"');
  assert.equal(second.output, 'second\r\n');
  release('first\n');
  assert.equal((await first).output, 'first\r\n');
});
