import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHiddenName, readTarget } from './site-path.ts';

const LIMITS = { urlLength: 4096, queryLength: 2048 };
const read = (target: string) => readTarget(target, LIMITS);

test('reads path and query, decodes the path once and leaves the query as it came', () => {
  assert.deepEqual(read('/shop/My%20Page.asp?a=%41&b=2'), {
    kind: 'path',
    path: '/shop/My Page.asp',
    query: 'a=%41&b=2',
    host: undefined,
  });
  assert.deepEqual(read('/caf%C3%A9/'), { kind: 'path', path: '/café/', query: '', host: undefined });
  assert.deepEqual(read('//a///b'), { kind: 'path', path: '/a/b', query: '', host: undefined });
});

test('a target in absolute form gives host and path (RFC 9112 §3.2.2)', () => {
  assert.deepEqual(read('http://www.example.com:81/a.asp?x'), {
    kind: 'path',
    path: '/a.asp',
    query: 'x',
    host: 'www.example.com:81',
  });
  assert.deepEqual(read('http://www.example.com'), {
    kind: 'path',
    path: '/',
    query: '',
    host: 'www.example.com',
  });
});

const REFUSED: readonly (readonly [string, number])[] = [
  ['*', 400],
  ['example.com:443', 400],
  ['/a#b', 400],
  ['/a?b#c', 400],
  ['/%', 400],
  ['/%zz', 400],
  ['/%2', 400],
  ['/%c0%ae%c0%ae/', 400],
  ['/%e0%80%ae', 400],
  ['/%ed%a0%80', 400],
  ['/%ff', 400],
  ['/a\\b', 400],
  ['/\xe9', 400],
  [`/${'a'.repeat(5000)}`, 414],
  [`/?${'a'.repeat(3000)}`, 414],
  ['/../x', 404],
  ['/a/../../x', 404],
  ['/%2e%2e/x', 404],
  ['/.%2e/x', 404],
  ['/a/./b', 404],
  ['/..%2fx', 404],
  ['/..%5cx', 404],
  ['/%5c..%5cx', 404],
  ['/%252e%252e/', 404],
  ['/%25%32%65', 404],
  ['/%25u002e', 404],
  ['/page.asp%00.txt', 404],
  ['/page.asp::$DATA', 404],
  ['/page.asp%3a%3a$data', 404],
  ['/page.asp:stream', 404],
  ['/page.asp.', 404],
  ['/page.asp%20', 404],
  ['/page.asp%20/', 404],
  ['/folder./x', 404],
  ['/...', 404],
  ['/GLOBAL~1.ASA', 404],
  ['/global~1.asa', 404],
  ['/docume~1/x.txt', 404],
  ['/con', 404],
  ['/a/AUX.txt', 404],
  ['/lpt1.asp', 404],
  ['/%EF%BC%8E%EF%BC%8E/x', 404],
  ['/a%EF%BC%8Fb', 404],
  ['/a%E2%88%95b', 404],
  ['/a%E2%81%84b', 404],
  ['/%E2%80%A4%E2%80%A4/', 404],
  ['/a%E2%80%AEb', 404],
  ['/a%E2%80%8Bb', 404],
  ['/a%0d%0aSet-Cookie:x', 404],
  ['/a%0ab', 404],
  ['/a*b', 404],
  ['/a%3Cb', 404],
  ['/.git/config', 404],
  ['/.htaccess', 404],
  ['/Global.ASA', 404],
  ['/inc/db.INC', 404],
  ['/web.config', 404],
  ['/Web.Config', 404],
  ['/App_Data/x.txt', 404],
  ['/bin/x.dll', 404],
  ['/data/shop.mdb', 404],
  ['/data/shop.sqlite', 404],
  ['/data/shop.db-wal', 404],
  ['/page.asp.bak', 404],
  ['/page.asp~', 404],
  ['/page.bak', 404],
  ['/page.asp.txt', 404],
  ['/web.config.txt', 404],
];

for (const [target, status] of REFUSED) {
  test(`refuses ${JSON.stringify(target.slice(0, 60))}`, () => {
    const answer = read(target);
    assert.equal(answer.kind, 'refused');
    assert.equal((answer as { status: number }).status, status);
  });
}

test('ordinary names are not refused', () => {
  for (const target of [
    '/~user/page.asp',
    '/~1',
    '/.well-known/acme-challenge/abc_-1',
    '/images/logo.example.com.gif',
    '/a-b_c(1).asp',
    '/100%25.asp',
    '/console.asp',
    '/caf%C3%A9.asp',
    '/%E6%97%A5%E6%9C%AC.asp',
    '/price.old.html',
    '/a+b.asp',
  ])
    assert.equal(read(target).kind, 'path', target);
});

test('whatever comes, an accepted path neither climbs nor names what is hidden', () => {
  const piece = fc.constantFrom(
    ...['/', '.', '..', '%2e', '%2f', '%5c', '%00', '%20', 'a', 'A.asp', '~1', '%c0%af', '%25', ':', '\\'],
    ...['%EF%BC%8F', '%EF%BC%8E', '::$DATA', 'web.config', '.inc', '%u002e', '?', '#', '\t'],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const answer = read(`/${pieces.join('')}`);
      if (answer.kind === 'refused') return;
      assert.match(answer.path, /^\//);
      assert.doesNotMatch(answer.path, /[\\:\0]|%2|\/\//);
      for (const segment of answer.path.split('/')) {
        assert.doesNotMatch(segment, /^\.|[. ]$/);
        assert.equal(isHiddenName(segment), false);
      }
    }),
    { numRuns: 3000 },
  );
});
