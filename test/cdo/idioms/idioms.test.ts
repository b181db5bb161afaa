/**
 * Golden files: what the idioms of real scripts write, byte for byte.
 * Clock, identifiers and names of the host stand still, so nothing needs masking but temporary folders.
 * `ACCEPT=1 node --test test/cdo/idioms/idioms.test.ts` takes what is written now as expected; the difference is the review.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { IdiomBench } from './bench.ts';
import { CDONTS_IDIOMS } from './cdonts.ts';
import { CDOSYS_IDIOMS } from './cdosys.ts';

const folder = join(import.meta.dirname, 'expected');
const all = [...CDOSYS_IDIOMS, ...CDONTS_IDIOMS];
const fileOf = (idiom: (typeof all)[number]): string =>
  `${String(idiom.number).padStart(2, '0')}-${idiom.name}.txt`;

for (const idiom of all) {
  test(`idiom ${idiom.number}, ${idiom.name.replaceAll('-', ' ')}, writes what it always wrote`, async () => {
    const bench = new IdiomBench(idiom.options);
    await idiom.run(bench);
    const result = await bench.result();
    const path = join(folder, fileOf(idiom));
    if (process.env['ACCEPT'] === '1') writeFileSync(path, result, 'latin1');
    assert.ok(existsSync(path), `${path} is missing; ACCEPT=1 writes it`);
    assert.equal(result, readFileSync(path, 'latin1'));
  });
}

test('at least 60 idioms have a golden file, and no golden file is left over', () => {
  assert.ok(all.length >= 60, `${all.length} idioms`);
  assert.deepEqual(
    readdirSync(folder)
      .filter((name) => name.endsWith('.txt'))
      .sort(),
    all.map(fileOf).sort(),
  );
});
