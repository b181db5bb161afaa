import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import type { PageError } from '../contract.ts';
import { exchange, get, htmlOutcome, pageHead, startSite, statusOf, type TestSite } from './testing.ts';

describe('files and folders', () => {
  let site: TestSite;
  before(async () => {
    site = await startSite(
      {
        'Default.asp': 'x',
        'Shop/Order.asp': 'x',
        'docs/index.htm': '<p>docs</p>',
        'empty/x.unknown': 'x',
        'style.css': 'body{}'.repeat(500),
        'logo.gif': Buffer.from([71, 73, 70, 0, 255]),
        'letter.xyz': 'xyz',
        'web.config': [
          '<configuration><system.webServer>',
          '<staticContent><mimeMap fileExtension=".xyz" mimeType="text/x-xyz"/></staticContent>',
          '</system.webServer></configuration>',
        ].join(''),
      },
      (order) => htmlOutcome(`${order.request!.path} by ${order.request!.method}`),
    );
  });
  after(() => site.stop());

  test('pages are found in any case and know the path as it was asked for', async () => {
    assert.match(await get(site.port, '/shop/ORDER.ASP'), /\r\n\r\n\/shop\/ORDER\.ASP by GET$/);
  });

  test('a folder shows its default document', async () => {
    assert.match(await get(site.port, '/'), /\r\n\r\n\/Default\.asp by GET$/);
    assert.match(await get(site.port, '/DOCS/'), /Content-Type: text\/html\r\n[\s\S]*<p>docs<\/p>$/i);
  });

  test('a folder without a slash is sent there, wherever the Host field points', async () => {
    const answer = await get(site.port, '/docs?a=b', 'X-Forwarded-Host: evil.test\r\n');
    assert.equal(statusOf(answer), 301);
    assert.match(answer, /\r\nlocation: \/docs\/\?a=b\r\n/i);
  });

  test('a folder without a default document is never listed', async () => {
    assert.equal(statusOf(await get(site.port, '/empty/')), 403);
  });

  test('files have their type, an entity tag, a date, and nothing guesses about them', async () => {
    const answer = await get(site.port, '/logo.gif');
    assert.equal(statusOf(answer), 200);
    assert.match(answer, /content-type: image\/gif\r\n/i);
    assert.match(answer, /etag: /i);
    assert.match(answer, /last-modified: /i);
    assert.match(answer, /x-content-type-options: nosniff/i);
    assert.ok(answer.endsWith('GIF\x00\xff'));
  });

  test('a file that was not changed is not sent again; a range is sent alone', async () => {
    const etag = /etag: (\S+)\r\n/i.exec(await get(site.port, '/logo.gif'))![1]!;
    assert.equal(statusOf(await get(site.port, '/logo.gif', `If-None-Match: ${etag}\r\n`)), 304);
    const part = await get(site.port, '/style.css', 'Range: bytes=2-5\r\nAccept-Encoding: gzip\r\n');
    assert.equal(statusOf(part), 206);
    assert.match(part, /content-range: bytes 2-5\/3000\r\n/i);
    assert.ok(part.endsWith('\r\n\r\ndy{}'));
    assert.equal(statusOf(await get(site.port, '/style.css', 'Range: bytes=9000-\r\n')), 416);
  });

  test('texts are compressed for who can take it', async () => {
    const response = await fetch(`${site.url}style.css`, { headers: { 'Accept-Encoding': 'br' } });
    assert.equal(response.headers.get('content-encoding'), 'br');
    assert.match(response.headers.get('vary') ?? '', /accept-encoding/i);
    assert.equal((await response.text()).length, 3000);
    const raw = await get(site.port, '/style.css', 'Accept-Encoding: br\r\n');
    const body = Buffer.from(raw.slice(raw.indexOf('\r\n\r\n') + 4), 'latin1');
    const chunked = /transfer-encoding: chunked/i.test(raw);
    if (!chunked) assert.equal(brotliDecompressSync(body).length, 3000);
    assert.doesNotMatch(await get(site.port, '/logo.gif', 'Accept-Encoding: br\r\n'), /content-encoding/i);
  });

  test('a file without a type is not served, one that web.config names is', async () => {
    assert.equal(statusOf(await get(site.port, '/empty/x.unknown')), 404);
    assert.match(await get(site.port, '/letter.xyz'), /content-type: text\/x-xyz\r\n/i);
  });

  test('HEAD gives the fields of GET and no body', async () => {
    const head = await exchange(site.port, 'HEAD /logo.gif HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n');
    assert.match(head, /content-length: 5\r\n/i);
    assert.ok(head.endsWith('\r\n\r\n'));
    const page = await exchange(
      site.port,
      'HEAD /default.asp HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n',
    );
    assert.equal(statusOf(page), 200);
    assert.ok(page.endsWith('\r\n\r\n'));
  });

  test('methods that a page or file does not have get 405 and those it has', async () => {
    for (const [method, path, allow] of [
      ['PUT', '/default.asp', 'GET, HEAD, POST'],
      ['DELETE', '/default.asp', 'GET, HEAD, POST'],
      ['TRACE', '/default.asp', 'GET, HEAD, POST'],
      ['PROPFIND', '/default.asp', 'GET, HEAD, POST'],
      ['POST', '/logo.gif', 'GET, HEAD'],
      ['OPTIONS', '/logo.gif', 'GET, HEAD'],
    ]) {
      const answer = await exchange(
        site.port,
        `${method} ${path} HTTP/1.1\r\nHost: s\r\nX-Secret: mirror\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      assert.equal(statusOf(answer), 405, method);
      assert.match(answer, new RegExp(`allow: ${allow}\r\n`, 'i'));
      assert.doesNotMatch(answer, /mirror/);
    }
  });

  test('several requests go over one connection', async () => {
    const answer = await exchange(
      site.port,
      'GET /logo.gif HTTP/1.1\r\nHost: s\r\n\r\nGET /default.asp HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n',
    );
    assert.equal(answer.match(/HTTP\/1\.1 200/g)?.length, 2);
  });
});

describe('pages', () => {
  test('a page is told the request as it came', async () => {
    const site = await startSite({ 'a b.asp': 'x' });
    try {
      await exchange(
        site.port,
        'POST /a%20b.asp?q=%41 HTTP/1.1\r\nHost: Shop.Test:8080\r\nX-Latin: caf\xe9\r\n' +
          'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=1',
      );
      const request = site.orders[0]!.request!;
      assert.equal(request.method, 'POST');
      assert.equal(request.path, '/a b.asp');
      assert.equal(request.query, 'q=%41');
      assert.equal(Buffer.from(request.body).toString(), 'a=1');
      assert.deepEqual(request.server, { name: 'shop.test', address: '127.0.0.1', port: site.port });
      assert.equal(request.client.address, '127.0.0.1');
      assert.equal(request.isSecure, false);
      assert.ok(request.headers.some(([name, value]) => name === 'X-Latin' && value === 'caf\xe9'));
    } finally {
      await site.stop();
    }
  });

  test('status, reason and fields of a page reach the client; those of the connection are ours', async () => {
    const site = await startSite({ 'a.asp': 'x' }, () =>
      htmlOutcome('', {
        rest: {
          head: pageHead(
            [
              ['Set-Cookie', 'a=1; path=/'],
              ['Set-Cookie', 'b=2; path=/'],
              ['Content-Length', '9999'],
              ['Transfer-Encoding', 'chunked'],
              ['Connection', 'upgrade'],
            ],
            { status: 418, reason: 'I am a teapot' },
          ),
          bytes: Buffer.from('tea'),
        },
      }),
    );
    try {
      const answer = await get(site.port, '/a.asp');
      assert.match(answer, /^HTTP\/1\.1 418 I am a teapot\r\n/);
      assert.match(answer, /set-cookie: a=1; path=\/\r\nset-cookie: b=2; path=\/\r\n/i);
      assert.match(answer, /content-length: 3\r\n/i);
      assert.doesNotMatch(answer, /9999|upgrade|chunked/);
      assert.ok(answer.endsWith('\r\n\r\ntea'));
    } finally {
      await site.stop();
    }
  });

  test('a form beyond the limit is withheld and its length is told; a body beyond the larger limit is refused', async () => {
    const site = await startSite({ 'a.asp': 'x' }, undefined, {
      limits: { formSize: '1 KB', requestSize: '4 KB' },
    });
    const post = (length: number) =>
      exchange(
        site.port,
        `POST /a.asp HTTP/1.1\r\nHost: s\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${'a'.repeat(length)}`,
      );
    try {
      assert.equal(statusOf(await post(1024)), 200);
      assert.equal(site.orders[0]!.request!.body.length, 1024);
      assert.equal(statusOf(await post(2000)), 200);
      assert.equal(site.orders[1]!.request!.body.length, 0);
      assert.ok(site.orders[1]!.request!.headers.some(([, value]) => value === '2000'));
      assert.equal(statusOf(await post(5000)), 413);
      assert.equal(site.orders.length, 2);
      const chunked = `POST /a.asp HTTP/1.1\r\nHost: s\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
      assert.equal(statusOf(await exchange(site.port, `${chunked}3\r\na=1\r\n0\r\n\r\n`)), 200);
      assert.equal(Buffer.from(site.orders[2]!.request!.body).toString(), 'a=1');
      assert.equal(
        statusOf(await exchange(site.port, `${chunked}800\r\n${'a'.repeat(2048)}\r\n0\r\n\r\n`)),
        413,
      );
    } finally {
      await site.stop();
    }
  });

  test('what a page flushes arrives while it runs', async () => {
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
    const site = await startSite({ 'a.asp': 'x' }, async (_order, { onPiece }) => {
      await onPiece({ head: pageHead(), bytes: Buffer.from('first ') });
      await mayGoOn;
      await onPiece({ head: undefined, bytes: Buffer.from('second ') });
      return htmlOutcome('', { rest: { head: undefined, bytes: Buffer.from('last') } });
    });
    try {
      const response = await fetch(`${site.url}a.asp`);
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      assert.equal((await reader.read()).value, 'first ');
      goOn();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        rest += value;
      }
      assert.equal(rest, 'second last');
    } finally {
      await site.stop();
    }
  });

  test('a page hears that its client has gone', async () => {
    const { promise: hasBegun, resolve: begun } = Promise.withResolvers<void>();
    const { promise: isOver, resolve: over } = Promise.withResolvers<boolean>();
    const site = await startSite({ 'a.asp': 'x' }, async (_order, { signal }) => {
      begun();
      if (signal!.aborted === false) await once(signal!, 'abort');
      over(signal!.aborted);
      return htmlOutcome('nobody reads this');
    });
    try {
      const socket = connect(site.port, '127.0.0.1');
      socket.write('GET /a.asp HTTP/1.1\r\nHost: s\r\n\r\n');
      await hasBegun;
      socket.destroy();
      assert.equal(await isOver, true);
    } finally {
      await site.stop();
    }
  });

  test('too many requests at once get 503 and are told to come again', async () => {
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
    const site = await startSite(
      { 'a.asp': 'x' },
      async () => {
        await mayGoOn;
        return htmlOutcome('done');
      },
      { limits: { queue: 2 } },
    );
    try {
      const early: string[] = [];
      const { promise: threeRefused, resolve: allRefused } = Promise.withResolvers<void>();
      const answers = Array.from({ length: 5 }, async () => {
        const answer = await get(site.port, '/a.asp');
        early.push(answer);
        if (early.length === 3) allRefused();
        return answer;
      });
      await threeRefused;
      const [refused = ''] = early;
      assert.equal(statusOf(refused), 503);
      assert.match(refused, /retry-after: /i);
      goOn();
      const statuses = (await Promise.all(answers)).map(statusOf).sort();
      assert.deepEqual(statuses, [200, 200, 503, 503, 503]);
    } finally {
      await site.stop();
    }
  });

  test('a defect of ours is 500 without a word about it, and told in the event log', async () => {
    const site = await startSite({ 'a.asp': 'x' }, () => {
      throw new Error('secret detail');
    });
    try {
      const answer = await get(site.port, '/a.asp');
      assert.equal(statusOf(answer), 500);
      assert.doesNotMatch(answer, /secret/);
      assert.ok(site.events.some(({ name }) => name === 'asp.defect'));
    } finally {
      await site.stop();
    }
  });
});

describe('sessions over HTTP', () => {
  const counting = (config = {}) =>
    startSite(
      { 'a.asp': 'x', 'none.asp': 'x' },
      (order) => {
        if (order.request?.path === '/none.asp') return htmlOutcome('no session');
        const session = order.session!;
        const [, stored] = session.contents[0] ?? [];
        const count = stored?.kind === 'plain' ? Number(stored.value) + 1 : 1;
        return htmlOutcome('', {
          rest: {
            head: pageHead([], { startsSession: session.isNew }),
            bytes: Buffer.from(`count ${count}`),
          },
          session: {
            kind: 'kept',
            contents: [['n', { kind: 'plain', value: count }]],
            timeoutMinutes: 20,
            locale: undefined,
            codePage: undefined,
            isResident: false,
          },
        });
      },
      config,
    );

  test('a session begins when a page uses it and goes on with its cookie', async () => {
    const site = await counting();
    try {
      assert.doesNotMatch(await get(site.port, '/none.asp'), /set-cookie/i);
      const first = await get(site.port, '/a.asp');
      const [, cookie] =
        /set-cookie: (ASPSESSIONID[A-Z]{8}=[A-Z]{24}); path=\/; HttpOnly; SameSite=Lax\r\n/i.exec(first)!;
      const second = await get(site.port, '/a.asp', `Cookie: x=1; ${cookie}\r\n`);
      assert.match(second, /count 2$/);
      assert.doesNotMatch(second, /set-cookie/i);
      assert.match(await get(site.port, '/a.asp'), /count 1$/);
    } finally {
      await site.stop();
    }
  });

  test('a key that the client brings along is never adopted', async () => {
    const site = await counting();
    try {
      const name = /(ASPSESSIONID[A-Z]{8})=/.exec(await get(site.port, '/a.asp'))![1]!;
      const answer = await get(site.port, '/a.asp', `Cookie: ${name}=AAAAAAAAAAAAAAAAAAAAAAAA\r\n`);
      assert.match(answer, /count 1$/);
      const [, key] = /=([A-Z]{24});/.exec(answer)!;
      assert.notEqual(key, 'AAAAAAAAAAAAAAAAAAAAAAAA');
    } finally {
      await site.stop();
    }
  });

  test('there is a bound for sessions: newcomers get 503, those inside go on', async () => {
    const site = await counting({ sessions: { max: 1 } });
    try {
      const [, cookie] = /set-cookie: ([^;]+);/i.exec(await get(site.port, '/a.asp'))!;
      assert.equal(statusOf(await get(site.port, '/a.asp')), 503);
      assert.match(await get(site.port, '/a.asp', `Cookie: ${cookie}\r\n`), /count 2$/);
      assert.ok(site.events.some(({ name }) => name === 'asp.sessions-full'));
    } finally {
      await site.stop();
    }
  });

  test('at the stop the sessions end, then the application', async () => {
    const site = await startSite({ 'a.asp': 'x', 'Global.asa': 'x' }, async (order, { services }) => {
      if (order.kind !== 'page') return htmlOutcome('');
      assert.equal(await services.perform('asp.application.begin', undefined), true);
      await services.perform('asp.application.started', undefined);
      return htmlOutcome('', {
        session: {
          kind: 'kept',
          contents: [],
          timeoutMinutes: 20,
          locale: undefined,
          codePage: undefined,
          isResident: false,
        },
      });
    });
    await get(site.port, '/a.asp');
    await site.stop();
    assert.deepEqual(
      site.orders.map(({ kind }) => kind),
      ['page', 'session-end', 'application-end'],
    );
  });
});

describe('settings', () => {
  test('web.config wins, and one that turns bad later is told and leaves all as it was', async () => {
    const config = (text: string) =>
      `<configuration><system.webServer><asp enableParentPaths="${text}"/></system.webServer></configuration>`;
    const site = await startSite({ 'a.asp': 'x', 'web.config': config('true') });
    try {
      await get(site.port, '/a.asp');
      assert.equal(site.orders[0]!.site.settings.enableParentPaths, true);
      writeFileSync(join(site.folder, 'web.config'), config('perhaps'));
      while (!site.events.some(({ name }) => name === 'asp.web-config-invalid'))
        await new Promise((resolve) => setTimeout(resolve, 50));
      const { reason } = site.events.find(({ name }) => name === 'asp.web-config-invalid')!.fields;
      assert.match(
        String(reason),
        /web\.config: line 1: enableParentPaths="perhaps" in <asp>: 'true' or 'false'/,
      );
      await get(site.port, '/a.asp');
      assert.equal(site.orders[1]!.site.settings.enableParentPaths, true);
    } finally {
      await site.stop();
    }
  });

  test('a web.config that is bad at the start keeps the site from starting', async () => {
    await assert.rejects(startSite({ 'web.config': '<!DOCTYPE x><configuration/>' }), {
      code: 'config-invalid',
      message: /web\.config: .*a document type/,
    });
  });

  test('names other than those of the site get 400', async () => {
    const site = await startSite({ 'a.asp': 'x' }, undefined, { hostNames: ['shop.test', '*.shop.test'] });
    const ask = async (host: string) =>
      statusOf(
        await exchange(site.port, `GET /a.asp HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
      );
    try {
      assert.equal(await ask('shop.test'), 200);
      assert.equal(await ask('WWW.Shop.Test:80'), 200);
      assert.equal(await ask('evil.test'), 400);
      assert.equal(await ask('notshop.test'), 400);
    } finally {
      await site.stop();
    }
  });

  test('a port that is taken is told with the address', async () => {
    const site = await startSite({});
    try {
      await assert.rejects(startSite({}, undefined, { listen: [`127.0.0.1:${site.port}`] }), {
        code: 'port-in-use',
        message: new RegExp(`127\\.0\\.0\\.1:${site.port}`),
      });
    } finally {
      await site.stop();
    }
  });
});

test('the request log has the fields of IIS, and tells what failed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-request-log-'));
  const error: PageError = {
    aspCode: '',
    number: 0x800a000d | 0,
    category: 'Microsoft VBScript runtime',
    description: "Type mismatch: 'foo'",
    aspDescription: '',
    file: '/a.asp',
    line: 12,
    column: -1,
    source: '',
  };
  const site = await startSite(
    { 'a.asp': 'x', 'bad.asp': 'x' },
    (order) =>
      order.request?.path === '/bad.asp' ? htmlOutcome('', { logText: '&added', error }) : htmlOutcome(''),
    { log: { folder } },
  );
  await get(site.port, '/a.asp?x=1', 'User-Agent: Old Browser/4.0\r\nReferer: http://x/\r\n');
  await get(site.port, '/none%0d%0aInjected');
  await get(site.port, '/bad.asp?y');
  await site.stop();
  const [name] = readdirSync(folder);
  assert.match(name!, /^u_ex\d{6}\.log$/);
  const lines = readFileSync(join(folder, name!), 'utf8')
    .split('\r\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  rmSync(folder, { recursive: true });
  assert.match(
    lines[0]!,
    /^[\d-]{10} [\d:]{8} 127\.0\.0\.1 GET \/a\.asp x=1 \d+ - 127\.0\.0\.1 Old\+Browser\/4\.0 http:\/\/x\/ 200 0 0 \d+$/,
  );
  assert.match(lines[1]!, / GET \/none%0d%0aInjected - \d+ - 127\.0\.0\.1 - - 404 5 0 \d+$/);
  assert.match(
    lines[2]!,
    / GET \/bad\.asp y&added\|12\|800a000d\|Type_mismatch:_'foo' \d+ - 127\.0\.0\.1 - - 200 100 0 \d+$/,
  );
  assert.equal(lines.length, 3);
});
