/** The pages of test/asp/pages and test/asp/broken, through the real pool of page threads. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PageBench } from './support/page-bench.ts';
import { playCase, readCases } from './support/page-case.ts';

for (const kind of ['pages', 'broken'] as const)
  describe(`test/asp/${kind}`, () => {
    const cases = readCases(join(import.meta.dirname, kind));
    let bench: PageBench;
    before(() => {
      bench = new PageBench();
      for (const { name, bytes } of cases) bench.write(name, bytes);
    });
    after(() => bench.close());
    for (const page of cases)
      if (page.exchanges.length > 0) test(`${kind}/${page.name}`, () => playCase(bench, page));
  });

test('there are enough page tests', () => {
  const count = (kind: string) =>
    readCases(join(import.meta.dirname, kind)).filter(({ exchanges }) => exchanges.length > 0).length;
  assert.ok(count('pages') >= 150, `${count('pages')} pages`);
  assert.ok(count('broken') >= 40, `${count('broken')} broken pages`);
});

/** Every member that spec and documentation name, as pages write it. */
const MEMBERS = readFileSync(join(import.meta.dirname, 'members.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

test('every member of the intrinsic objects is used in a page test', () => {
  const text = ['pages', 'broken']
    .flatMap((kind) => readCases(join(import.meta.dirname, kind)))
    .map(({ bytes }) => bytes.toString('latin1').toLowerCase())
    .join('\n');
  const missing = MEMBERS.filter((member) => !text.includes(member.toLowerCase()));
  assert.deepEqual(missing, []);
});
