import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from 'pg';
import { manualClock } from '../../../test/support/manual-clock.ts';
import { type PostgresqlConnection, PostgresqlPool } from './postgresql-pool.ts';

type Fake = PostgresqlConnection & { readonly said: string[]; isLeft: boolean };

/** A connection that only notes what is said to it; `refuses` makes one statement fail. */
function connection(key = 'write shop', refuses?: string): Fake {
  const said: string[] = [];
  const client = {
    query: (sql: string) => {
      said.push(sql);
      return sql === refuses ? Promise.reject(new Error('no')) : Promise.resolve({ rows: [] });
    },
    end: () => {
      fake.isLeft = true;
      return Promise.resolve();
    },
  } as unknown as Client;
  const fake: Fake = {
    ...{ client, key, setup: 'SETUP', timeoutMs: 5, isBusy: false, isBroken: false, said, isLeft: false },
  };
  return fake;
}

test('a connection comes back as good as new, for the same source and access alone', async () => {
  const pool = new PostgresqlPool(manualClock());
  const given = connection();
  await pool.give(given);
  assert.deepEqual(given.said, ['ROLLBACK', 'DISCARD ALL', 'SETUP']);
  assert.equal(given.timeoutMs, 0);
  assert.equal(pool.take('read shop'), undefined);
  assert.equal(pool.take('write shop'), given);
  assert.equal(pool.take('write shop'), undefined, 'nobody else has it');
});

test('one that cannot be reset is let go', async () => {
  const pool = new PostgresqlPool(manualClock());
  for (const statement of ['ROLLBACK', 'DISCARD ALL', 'SETUP']) {
    const given = connection('write shop', statement);
    await pool.give(given);
    assert.equal(given.isLeft, true, statement);
  }
  assert.equal(pool.size, 0);
});

test('after a minute at rest it is let go, and one that broke meanwhile too', async () => {
  const clock = manualClock();
  const pool = new PostgresqlPool(clock);
  const [first, second] = [connection(), connection()];
  await pool.give(first);
  clock.advance(30_000);
  await pool.give(second);
  clock.advance(29_999);
  assert.deepEqual([first.isLeft, second.isLeft], [false, false]);
  clock.advance(1);
  assert.deepEqual([first.isLeft, second.isLeft], [true, false]);
  clock.advance(30_000);
  assert.deepEqual([second.isLeft, pool.size], [true, 0]);
});

test('only so many rest, and none after the end', async () => {
  const pool = new PostgresqlPool(manualClock());
  const many = Array.from({ length: 25 }, () => connection());
  await Promise.all(many.map((given) => pool.give(given)));
  assert.equal(pool.size, 20);
  assert.equal(many.filter(({ isLeft }) => isLeft).length, 5);
  const late = connection();
  const giving = pool.give(late);
  await pool.end();
  await giving;
  assert.ok([...many, late].every(({ isLeft }) => isLeft));
});
