/**
 * How much slower a script is than the same program in plain JavaScript, in one process: `node bench/vbscript.ts`.
 * Six programs, each run several times in both forms by turns; the medians and their ratio are printed. `--json` prints
 * one object for records.
 */
import { createDictionary } from '../src/objects/dictionary.ts';
import { compileScript, createSession } from '../src/vbscript/index.ts';

type Program = { readonly name: string; readonly script: string; readonly plain: () => unknown };

const ROUNDS = 9;

const programs: readonly Program[] = [
  {
    name: 'recursive Fibonacci, fib(27)',
    script: `
      Function Fib(n)
        If n < 2 Then
          Fib = n
        Else
          Fib = Fib(n - 1) + Fib(n - 2)
        End If
      End Function
      result = Fib(27)`,
    plain: () => {
      const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));
      return fib(27);
    },
  },
  {
    name: 'integer loop with Mod, 3,000,000 turns',
    script: `
      Dim i, count
      count = 0
      For i = 1 To 3000000
        If i Mod 3 = 0 Then count = count + i Mod 7
      Next
      result = count`,
    plain: () => {
      let count = 0;
      for (let i = 1; i <= 3_000_000; i += 1) if (i % 3 === 0) count += i % 7;
      return count;
    },
  },
  {
    name: 'string building, 300,000 pieces',
    script: `
      Dim i, s
      s = ""
      For i = 1 To 300000
        s = s & "x" & i
      Next
      result = Len(s)`,
    plain: () => {
      let s = '';
      for (let i = 1; i <= 300_000; i += 1) s = `${s}x${i}`;
      return s.length;
    },
  },
  {
    name: 'array sieve to 1,000,000',
    script: `
      Sub Sieve(limit, found)
        Dim flags(), i, j
        ReDim flags(limit)
        For i = 2 To limit
          flags(i) = True
        Next
        For i = 2 To 1000
          If flags(i) Then
            For j = i * i To limit Step i
              flags(j) = False
            Next
          End If
        Next
        found = 0
        For i = 2 To limit
          If flags(i) Then found = found + 1
        Next
      End Sub
      Sieve 1000000, result`,
    plain: () => {
      const limit = 1_000_000;
      const flags = new Array<boolean>(limit + 1).fill(true);
      for (let i = 2; i <= 1000; i += 1) {
        if (flags[i]) for (let j = i * i; j <= limit; j += i) flags[j] = false;
      }
      let found = 0;
      for (let i = 2; i <= limit; i += 1) if (flags[i]) found += 1;
      return found;
    },
  },
  {
    name: 'dictionary, 300,000 look-ups',
    script: `
      Dim i, key
      For i = 1 To 300000
        key = "k" & (i Mod 1000)
        If words.Exists(key) Then
          words(key) = words(key) + 1
        Else
          words(key) = 1
        End If
      Next
      result = words("k7")`,
    plain: () => {
      const words = new Map<string, number>();
      for (let i = 1; i <= 300_000; i += 1) {
        const key = `k${i % 1000}`;
        if (words.has(key)) words.set(key, words.get(key)! + 1);
        else words.set(key, 1);
      }
      return words.get('k7');
    },
  },
  {
    name: 'class method calls, 1,000,000',
    script: `
      Class Account
        Private total
        Private Sub Class_Initialize
          total = 0
        End Sub
        Public Sub Add(n)
          total = total + n
        End Sub
        Public Property Get Balance
          Balance = total
        End Property
      End Class
      Dim savings, i
      Set savings = New Account
      For i = 1 To 1000000
        savings.Add i Mod 10
      Next
      result = savings.Balance`,
    plain: () => {
      class Account {
        private total = 0;
        add(n: number): void {
          this.total += n;
        }
        get balance(): number {
          return this.total;
        }
      }
      const account = new Account();
      for (let i = 1; i <= 1_000_000; i += 1) account.add(i % 10);
      return account.balance;
    },
  },
];

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

const results: { name: string; scriptMs: number; plainMs: number; ratio: number }[] = [];
for (const { name, script, plain } of programs) {
  const compiled = compileScript(script);
  const scriptTimes: number[] = [];
  const plainTimes: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const session = createSession();
    session.addObject('words', createDictionary());
    let startedAt = performance.now();
    session.run(compiled);
    scriptTimes.push(performance.now() - startedAt);
    startedAt = performance.now();
    const expected = plain();
    plainTimes.push(performance.now() - startedAt);
    const found = session.getVariable('result');
    if (found !== expected)
      throw new Error(`${name}: the script found ${String(found)}, not ${String(expected)}`);
  }
  const scriptMs = median(scriptTimes);
  const plainMs = median(plainTimes);
  results.push({ name, scriptMs, plainMs, ratio: scriptMs / plainMs });
}

if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else {
  console.log('program                                    script ms   plain ms   ratio');
  for (const { name, scriptMs, plainMs, ratio } of results) {
    console.log(
      `${name.padEnd(42)} ${scriptMs.toFixed(1).padStart(9)} ${plainMs.toFixed(1).padStart(10)} ${ratio.toFixed(1).padStart(7)}`,
    );
  }
}
