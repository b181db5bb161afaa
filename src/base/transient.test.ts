import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { TransientMap, TransientSet } from './transient.ts';

/** Many more changes than one table has. */
const CHANGES = fc.array(fc.tuple(fc.boolean(), fc.nat(40)), { minLength: 1, maxLength: 6000, size: 'max' });

test('a transient map and a transient set hold what Map and Set hold, in the same order', () => {
  fc.assert(
    fc.property(CHANGES, (changes) => {
      const map = new TransientMap<number, number>();
      const set = new TransientSet<number>();
      const expected = new Map<number, number>();
      changes.forEach(([isAdded, key], index) => {
        if (isAdded) {
          map.set(key, index);
          set.add(key);
          expected.set(key, index);
        } else {
          const wasThere = expected.delete(key);
          assert.equal(map.delete(key), wasThere);
          assert.equal(set.delete(key), wasThere);
        }
        assert.equal(map.get(key), expected.get(key));
        assert.equal(map.has(key), expected.has(key));
        assert.equal(set.has(key), expected.has(key));
      });
      assert.equal(map.size, expected.size);
      assert.equal(set.size, expected.size);
      assert.deepEqual([...map], [...expected]);
      assert.deepEqual([...map.values()], [...expected.values()]);
      assert.deepEqual([...set], [...expected.keys()]);
    }),
    { numRuns: 50 },
  );
});

test('a loop that deletes what it meets meets everything once', () => {
  const map = new TransientMap<number, string>();
  const set = new TransientSet<number>();
  for (let key = 0; key < 5000; key += 1) {
    map.set(key, `${key}`);
    set.add(key);
  }
  let met = 0;
  for (const [key, value] of map) {
    assert.equal(value, `${met}`);
    map.delete(key);
    met += 1;
  }
  for (const member of set) set.delete(member);
  assert.deepEqual([met, map.size, set.size], [5000, 0, 0]);
});

/** Bytes that came into the old generation while twenty thousand entries came and went. */
function promoted(collection: string): number {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { TransientMap } from ${JSON.stringify(import.meta.resolve('./transient.ts'))};
    const entries = ${collection};
    const open = [];
    let number = 0;
    const turn = () => {
      number += 1;
      entries.set(number, { number, text: new Array(100).fill(number) });
      open.push(number);
      if (open.length > 20) entries.delete(open.shift());
    };
    turn();
    // What is here for long is in the old generation.
    gc();
    gc();
    const old = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space').space_used_size;
    const before = old();
    for (let count = 0; count < 20_000; count += 1) turn();
    process.stdout.write(String(old() - before));
  `;
  const flags = ['--expose-gc', '--max-semi-space-size=1', '--no-allocation-site-pretenuring'];
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  assert.match(stdout, /^-?\d+$/, stderr);
  return Number(stdout);
}

test('what has left a transient map does not fill the old generation, as with a Map it does', () => {
  const before = promoted('new Map()');
  const after = promoted('new TransientMap()');
  assert.ok(after < before / 3, `${after} bytes, with a Map ${before}`);
});
