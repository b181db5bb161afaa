import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ConnectionString,
  type DataSource,
  DataSourceProblem,
  findDataSource,
  parseDataSource,
  withoutSecrets,
} from './data-sources.ts';

const at = (file: string): string => `/srv/${file}`;

test('reads rows of the table of data sources', () => {
  assert.deepEqual(parseDataSource('shop=sqlite:db/shop.db', at), {
    match: 'shop',
    target: { kind: 'sqlite', file: '/srv/db/shop.db' },
  });
  assert.deepEqual(parseDataSource('Data Source=C:\\db\\x.mdb=sqlserver:sqlite:x.db', at), {
    match: 'Data Source=C:\\db\\x.mdb',
    target: { kind: 'sqlite', file: '/srv/x.db' },
    dialect: 'sqlserver',
  });
  assert.deepEqual(parseDataSource('Crm=postgres://u:p@db.example.test:5433/crm?sslmode=require', at), {
    match: 'Crm',
    target: { kind: 'postgresql', url: 'postgresql://u:p@db.example.test:5433/crm?sslmode=require' },
  });
});

test('refuses rows that are not written as they should be, without showing a password', () => {
  for (const text of [
    'shop',
    'shop=',
    '=sqlite:x',
    'shop=sqlite:',
    'shop=mysql://u:hidden@h/d',
    'shop=postgresql://u:hidden@/',
    'shop=postgresql://u:hidden@h/',
  ])
    assert.throws(
      () => parseDataSource(text, at),
      (thrown) => thrown instanceof DataSourceProblem && !thrown.message.includes('hidden'),
      text,
    );
});

test('keeps user, password and options from the script', () => {
  const [source] = withoutSecrets([parseDataSource('a=postgresql://u:p%40w@h:5432/d?password=x', at)]);
  assert.deepEqual(source!.target, { kind: 'postgresql', url: 'postgresql://h:5432/d' });
});

test('takes connection strings apart', () => {
  const jet = new ConnectionString(
    'Provider=Microsoft.Jet.OLEDB.4.0; Data Source="C:\\a;b\\x.mdb";Jet OLEDB:Database Password=secret;User Id=admin',
  );
  assert.equal(jet.file, 'C:\\a;b\\x.mdb');
  assert.equal(jet.dialect, 'access');
  assert.ok(!jet.publicText.includes('secret'));
  const odbc = new ConnectionString('DRIVER={Microsoft Access Driver (*.mdb)};DBQ=C:\\x.mdb;PWD={a;b};UID=u');
  assert.equal(odbc.file, 'C:\\x.mdb');
  assert.equal(odbc.get('uid'), 'u');
  assert.ok(!odbc.publicText.includes('a;b'));
  const sql = new ConnectionString("Provider=SQLOLEDB;Data Source=srv;Initial Catalog=crm;Password='q'");
  assert.equal(sql.dialect, 'sqlserver');
  assert.ok(!sql.publicText.includes("q'"));
  assert.equal(new ConnectionString('shop').dsn, 'shop');
  assert.equal(new ConnectionString('DSN=Shop;UID=x').dsn, 'Shop');
  assert.equal(new ConnectionString('DRIVER={SQLite3 ODBC Driver};Database=C:\\x.db').dialect, 'native');
  assert.equal(new ConnectionString('DRIVER={SQLite3 ODBC Driver};Database=C:\\x.db').file, 'C:\\x.db');
});

test('finds the row by its DSN, else by the longest text that the connection string contains', () => {
  const row = (match: string): DataSource => ({ match, target: { kind: 'sqlite', file: `/${match}` } });
  const rows = [row('shop'), row('shop.mdb'), row('C:/inetpub/db/x.mdb'), row('Initial Catalog=crm')];
  const found = (text: string) => findDataSource(rows, new ConnectionString(text))?.match;
  assert.equal(found('DSN=SHOP'), 'shop');
  assert.equal(found('shop'), 'shop');
  assert.equal(found('Data Source=C:\\db\\Shop.MDB'), 'shop.mdb');
  assert.equal(found('DBQ=c:\\INETPUB\\db\\x.mdb;'), 'C:/inetpub/db/x.mdb');
  assert.equal(found('Provider=SQLOLEDB;Initial Catalog = CRM'), 'Initial Catalog=crm');
  assert.equal(found('DSN=other'), undefined);
});
