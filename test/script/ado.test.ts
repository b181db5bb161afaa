/** ADODB over both back ends: the same script must print the same. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AdoBench, BACK_ENDS, type BackEnd } from './support/ado-bench.ts';

const bench = new AdoBench();
before(() => bench.start());
after(() => bench.close());

type Case = {
  readonly script: string;
  /** Lines that the script prints; where the back ends differ, one list each. */
  readonly prints: readonly string[] | Readonly<Record<BackEnd, readonly string[]>>;
  readonly dialect?: 'sqlserver';
};

const CASES: Readonly<Record<string, Case>> = {
  'a loop over a recordset prints what pages print': {
    script: `Set r = c.Execute("SELECT * FROM Users ORDER BY Id")
Do Until r.EOF
  WScript.Echo r("Id"), r("Name"), r("Active"), TypeName(r("Born").Value), r.Fields("Name").Value & "", r.Fields(0)
  r.MoveNext
Loop`,
    prints: ['1 Ann True Date Ann 1', '2 bob False Date bob 2', '3 Cyd True Null Cyd 3'],
  },
};

for (const [title, { script, prints, dialect }] of Object.entries(CASES))
  for (const backEnd of BACK_ENDS)
    test(`${title} (${backEnd})`, async () => {
      const run = await bench.run(backEnd, script, dialect);
      const expected: readonly string[] = Array.isArray(prints)
        ? prints
        : (prints as Record<BackEnd, readonly string[]>)[backEnd];
      assert.equal(run.output + run.error, expected.map((line) => `${line}\r\n`).join(''));
    });
