import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { RESULT_LIMITS, type ResultLimits } from './database.ts';
import { calendarOf, textOfCalendar } from './dates.ts';
import { ProviderFailure } from './errors.ts';
import { SqliteDatabase } from './sqlite.ts';
import { formatted, likeMatcher } from './sqlite-functions.ts';

const RUN = { timeoutMs: 0, isGuarded: false };

function open(t: TestContext, limits: ResultLimits = RESULT_LIMITS) {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-sqlite-'));
  const file = join(folder, 'a.db');
  writeFileSync(file, '');
  const database = new SqliteDatabase(file, { access: 'write', dialect: 'access', limits, busyMs: 100 });
  t.after(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, file, database, run: (sql: string) => database.run(sql, [], RUN) };
}

const ATTACKS: readonly string[] = [
  "ATTACH DATABASE '%/stolen.db' AS other",
  "ATTACH '/etc/passwd' AS p",
  'DETACH main',
  "VACUUM INTO '%/copy.db'",
  'VACUUM',
  "SELECT load_extension('%/x.so')",
  'PRAGMA journal_mode = OFF',
  'PRAGMA writable_schema = ON',
  "PRAGMA temp_store_directory = '%'",
  "PRAGMA data_store_directory = '%'",
  'PRAGMA database_list',
  'PRAGMA trusted_schema = ON',
  'PRAGMA key = 1',
  'SELECT * FROM pragma_database_list',
  'CREATE VIRTUAL TABLE v USING fts5(x)',
  'CREATE VIRTUAL TABLE temp.v USING dbstat',
  "UPDATE sqlite_master SET sql = 'x'",
  "INSERT INTO sqlite_master VALUES ('table', 'x', 'x', 2, 'x')",
  "SELECT readfile('/etc/passwd')",
  "SELECT writefile('%/x', 'y')",
  "SELECT fts3_tokenizer('simple')",
];

for (const attack of ATTACKS)
  test(`refuses to leave its file: ${attack}`, (t) => {
    const { folder, run } = open(t);
    run('CREATE TABLE t (a)');
    assert.throws(() => run(attack.replaceAll('%', folder)), ProviderFailure);
    assert.deepEqual(
      readdirSync(folder).filter((name) => !name.startsWith('a.db')),
      [],
    );
    assert.deepEqual(run('SELECT count(*) AS n FROM t').rows, [[0]]);
  });

test('runs the first statement alone', (t) => {
  const { run } = open(t);
  run('CREATE TABLE t (a)');
  try {
    run('SELECT 1; DROP TABLE t');
  } catch (thrown) {
    assert.ok(thrown instanceof ProviderFailure);
  }
  assert.deepEqual(run('SELECT count(*) FROM t').rows, [[0]]);
});

test('ends a result that is too large with a word about it', (t) => {
  const { run } = open(t, { rows: 10, bytes: 1000 });
  assert.equal(
    run('WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n').rows.length,
    10,
  );
  const tooMany = 'WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n';
  assert.throws(() => run(tooMany), /larger than 10 rows.*WHERE or TOP/s);
  assert.throws(() => run('SELECT hex(zeroblob(1000))'), /larger than/);
});

test('says what kind of failure it was', (t) => {
  const { run } = open(t);
  run('CREATE TABLE p (id INTEGER PRIMARY KEY)');
  run('CREATE TABLE t (a UNIQUE NOT NULL, b REFERENCES p (id))');
  run('INSERT INTO t VALUES (1, NULL)');
  const kind = (sql: string): string => {
    try {
      run(sql);
    } catch (thrown) {
      return thrown instanceof ProviderFailure ? `${thrown.kind} ${thrown.subject}`.trim() : String(thrown);
    }
    return 'none';
  };
  assert.equal(kind('SELECT * FROM nobody'), 'noTable nobody');
  assert.equal(kind('SELECT zz FROM t'), 'noColumn zz');
  assert.equal(kind('INSERT INTO t (zz) VALUES (1)'), 'noColumn zz');
  assert.equal(kind('SELECT nofun(1)'), 'noFunction nofun');
  assert.equal(kind('CREATE TABLE t (a)'), 'tableExists t');
  assert.equal(kind('INSERT INTO t VALUES (1, NULL)'), 'duplicate');
  assert.equal(kind('INSERT INTO t VALUES (NULL, NULL)'), 'integrity');
  assert.equal(kind('INSERT INTO t VALUES (2, 7)'), 'foreignKey');
  assert.equal(kind('SELEC 1'), 'command');
});

test('whole numbers keep all their digits', (t) => {
  const { run } = open(t);
  assert.deepEqual(run('SELECT 9007199254740993 AS a, 5 AS b').rows, [[9007199254740993n, 5]]);
});

test('reads dates in every form that databases keep them in', () => {
  const forms: readonly (readonly [string | number, string])[] = [
    ['2003-01-02', '2003-01-02 00:00:00'],
    ['2003-01-02T03:04:05.678Z', '2003-01-02 03:04:05.678'],
    ['2003-01-02 03:04', '2003-01-02 03:04:00'],
    ['20030102', '2003-01-02 00:00:00'],
    ['1/2/2003 4:05:06 PM', '2003-01-02 16:05:06'],
    ['13/1/2003', '2003-01-13 00:00:00'],
    ['2-Jan-03', '2003-01-02 00:00:00'],
    ['16:05', '1899-12-30 16:05:00'],
    [2_452_641.5, '2003-01-02 00:00:00'],
    [37_623.5, '2003-01-02 12:00:00'],
    [-1.25, '1899-12-29 06:00:00'],
  ];
  for (const [value, text] of forms) assert.equal(textOfCalendar(calendarOf(value)!), text, String(value));
  for (const value of ['', 'no date', '2003-02-30', '2003-13-01', Number.NaN])
    assert.equal(calendarOf(value), undefined, String(value));
});

test('the functions SQLite is taught count and cut as those of old', (t) => {
  const { run } = open(t);
  const value = (sql: string) => run(`SELECT ${sql} AS v`).rows[0]![0];
  const rows: readonly (readonly [string, unknown])[] = [
    ["ado_dateadd('month', 1, '2003-01-31')", '2003-02-28 00:00:00'],
    ["ado_dateadd('quarter', -1, '2003-01-31')", '2002-10-31 00:00:00'],
    ["ado_dateadd('week', 1, '2003-01-31')", '2003-02-07 00:00:00'],
    ["ado_dateadd('minute', 61, '2003-01-31')", '2003-01-31 01:01:00'],
    ["ado_datediff('year', '2002-12-31', '2003-01-01')", 1],
    ["ado_datediff('month', '2002-12-31', '2003-01-01')", 1],
    ["ado_datediff('quarter', '2002-12-31', '2003-07-01')", 3],
    ["ado_datediff('week', '2003-01-04', '2003-01-05')", 1],
    ["ado_datediff('weekday', '2003-01-01', '2003-01-15')", 2],
    ["ado_datediff('hour', '2003-01-01 00:59', '2003-01-01 01:00')", 1],
    ["ado_datediff('second', '2003-01-01', '2003-01-02')", 86_400],
    ["ado_datepart('weekday', '2003-01-05')", 1],
    ["ado_datepart('week', '2003-01-05')", 2],
    ["ado_datepart('dayofyear', '2003-02-01')", 32],
    ["ado_datename('month', '2003-02-01')", 'February'],
    ["ado_datename('weekday', '2003-01-05')", 'Sunday'],
    ['ado_dateserial(2003, 13, 1)', '2004-01-01 00:00:00'],
    ["ado_day('2003-01-02 03:04')", '2003-01-02 00:00:00'],
    ["ado_plus('2003-01-02', 1.5)", '2003-01-03 12:00:00'],
    ["ado_between('2003-01-02', '2003-01-03 12:00')", 1.5],
    ["ado_right('abc', 2)", 'bc'],
    ["ado_right('abc', 9)", 'abc'],
    ["ado_repeat('ab', 3)", 'ababab'],
    ["length(ado_repeat('x', 1e12))", 1_000_000],
    ["ado_reverse('abc')", 'cba'],
    ["ado_instr('Banana', 'AN', 3)", 4],
    ["ado_date('rubbish')", 'rubbish'],
    ["ado_dateadd('day', 1, 'rubbish')", null],
    ['length(ado_guid())', 38],
    ['ado_random() BETWEEN 0 AND 1', 1],
  ];
  for (const [sql, expected] of rows) assert.equal(value(sql), expected, sql);
});

test('Format writes dates and numbers by their forms', () => {
  const rows: readonly (readonly [string | number, string, string])[] = [
    ['2003-01-02 16:05:06', 'dd/mm/yyyy hh:nn:ss', '02/01/2003 16:05:06'],
    ['2003-01-02 16:05:06', 'h:mm AM/PM', '4:05 PM'],
    ['2003-01-02', 'dddd, mmmm d, yy', 'Thursday, January 2, 03'],
    ['2003-01-02', 'Short Date', '1/2/2003'],
    [1234.5, '#,##0.00', '1,234.50'],
    [-0.256, '0.0%', '-25.6%'],
    [7, '000', '007'],
    [1234, 'Currency', '$1,234.00'],
    ['abc', '>', 'ABC'],
  ];
  for (const [value, form, text] of rows) assert.equal(formatted(value, form), text, form);
});

test('LIKE with lists in brackets, and patterns meant to take for ever', () => {
  assert.equal(likeMatcher('[a-c]%')('Bob'), true);
  assert.equal(likeMatcher('[!a-c]%')('Bob'), false);
  assert.equal(likeMatcher('100[%]')('100%'), true);
  assert.equal(likeMatcher('_b_')('abc'), true);
  assert.equal(likeMatcher('%a'.repeat(50))('b'.repeat(10_000)), false);
});
