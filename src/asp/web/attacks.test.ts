/** Attacks from outside over real sockets: each is refused, and the site serves the next visitor. */
import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { exchange, get, htmlOutcome, pageHead, startSite, statusOf, type TestSite } from './testing.ts';

const SECRET = 'THE-SECRET';

let site: TestSite;

before(async () => {
  const secret = `<% password = "${SECRET}" %>`;
  site = await startSite(
    {
      'page.asp': secret,
      'page.asp.bak': secret,
      'page.asp~': secret,
      'page.asp.txt': secret,
      'page.bak': secret,
      'Copy.old': secret,
      'global.asa': secret,
      'inc/db.inc': secret,
      'inc/config.asa': secret,
      'web.config': `<configuration><!-- ${SECRET} --></configuration>`,
      '.htpasswd': SECRET,
      '.git/config': SECRET,
      'data/shop.mdb': SECRET,
      'data/shop.sqlite': SECRET,
      'data/shop.db-wal': SECRET,
      'App_Data/list.txt': SECRET,
      'bin/readme.txt': SECRET,
      'notes.log': SECRET,
      'plain.txt': 'public',
      'sub/x.txt': 'public',
    },
    (order) => htmlOutcome(`ran ${order.request!.path}`),
    {
      limits: {
        headerTime: '1s',
        requestTime: '1s',
        idleTime: '1s',
        headerSize: '8 KiB',
        headerFields: 50,
        connections: 40,
        formSize: '10 KB',
        requestSize: '100 KB',
      },
    },
  );
  writeFileSync(join(dirname(site.folder), 'outside.txt'), SECRET);
  symlinkSync(join(dirname(site.folder), 'outside.txt'), join(site.folder, 'link.txt'));
  symlinkSync(join(site.folder, 'page.asp'), join(site.folder, 'source.txt'));
  symlinkSync(dirname(site.folder), join(site.folder, 'up'));
});
after(() => site.stop());

/** The site is as alive as before. */
async function servesOthers(): Promise<void> {
  assert.match(await get(site.port, '/plain.txt'), /public$/);
}

describe('what lies outside the site, and sources inside it, reach nobody', () => {
  const TARGETS = [
    '/../outside.txt',
    '/sub/../../outside.txt',
    '/%2e%2e/outside.txt',
    '/%2e%2e%2foutside.txt',
    '/..%2foutside.txt',
    '/..%5coutside.txt',
    '/sub/..%5c..%5coutside.txt',
    '/..\\outside.txt',
    '/%252e%252e%252foutside.txt',
    '/%c0%ae%c0%ae/outside.txt',
    '/%c0%ae%c0%ae%c0%afoutside.txt',
    '/%uff0e%uff0e/outside.txt',
    '/%EF%BC%8E%EF%BC%8E/outside.txt',
    '/..%EF%BC%8Foutside.txt',
    '/..%E2%88%95outside.txt',
    '/%E2%80%A5/outside.txt',
    '/....//outside.txt',
    '/.../outside.txt',
    '/link.txt',
    '/up/outside.txt',
    '/source.txt',
    '//..//outside.txt',
    '/page.asp::$DATA',
    '/page.asp%3a%3a%24DATA',
    '/page.asp:Zone.Identifier',
    '/page.asp.',
    '/page.asp%20',
    '/page.asp%20.',
    '/page.asp%00.txt',
    '/plain.txt%00.asp',
    '/page.asp/',
    '/page.asp%2f',
    '/page.asp/x.txt',
    '/page.asp.bak',
    '/page.asp~',
    '/page.asp.txt',
    '/page.bak',
    '/Copy.old',
    '/PAGE.ASP.BAK',
    '/global.asa',
    '/GLOBAL.ASA',
    '/Global~1.asa',
    '/global.asa%20',
    '/global.asa::$DATA',
    '/inc/db.inc',
    '/INC/DB.INC',
    '/inc/config.asa',
    '/web.config',
    '/WEB.CONFIG',
    '/web.config.',
    '/WEB~1.CON',
    '/.htpasswd',
    '/.git/config',
    '/%2ehtpasswd',
    '/data/shop.mdb',
    '/data/SHOP.MDB',
    '/data/shop.sqlite',
    '/data/shop.db-wal',
    '/App_Data/list.txt',
    '/app_data/list.txt',
    '/bin/readme.txt',
    '/notes.log',
    '/con',
    '/aux.asp',
    '/page%E2%80%8B.asp',
    '/pag%C4%B1.asp',
  ];
  for (const target of TARGETS) {
    test(target, async () => {
      const answer = await get(site.port, target);
      assert.ok([400, 403, 404].includes(statusOf(answer)), `${statusOf(answer)}: ${answer.slice(0, 200)}`);
      assert.doesNotMatch(answer, new RegExp(SECRET));
      assert.doesNotMatch(answer, /ran \//);
    });
  }

  test('and the answers do not repeat what was asked', async () => {
    const answer = await get(site.port, '/<script>alert(1)</script>?<img>');
    assert.doesNotMatch(answer, /script|<img/);
    assert.doesNotMatch(await get(site.port, '/none.asp?x=<b>'), /<b>/);
  });

  test('a redirection to a folder goes nowhere else, whatever the path looks like', async () => {
    for (const target of [
      '//sub',
      '/\\sub',
      '/%5csub',
      '//evil.test/..',
      '//evil.test/%2e%2e',
      '/sub%0d%0aX:1',
    ]) {
      const [, location] = /location: (\S*)/i.exec(await get(site.port, target)) ?? [];
      assert.ok(location === undefined || /^\/[a-z]+\/$/.test(location), `${target} → ${location}`);
    }
  });
});

describe('requests that two servers would read differently are refused', () => {
  const host = 'Host: s\r\n';
  const SHAPES: Readonly<Record<string, string>> = {
    'two lengths': `POST /page.asp HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 5\r\n\r\na=1xx`,
    'two equal lengths': `POST /page.asp HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 3\r\n\r\na=1`,
    'lengths in one field': `POST /page.asp HTTP/1.1\r\n${host}Content-Length: 3, 3\r\n\r\na=1`,
    'length and chunks': `POST /page.asp HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'chunks and length': `POST /page.asp HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`,
    'a length with a sign': `POST /page.asp HTTP/1.1\r\n${host}Content-Length: +3\r\n\r\na=1`,
    'a negative length': `POST /page.asp HTTP/1.1\r\n${host}Content-Length: -3\r\n\r\na=1`,
    'a hexadecimal length': `POST /page.asp HTTP/1.1\r\n${host}Content-Length: 0x3\r\n\r\na=1`,
    'a coding that ends otherwise': `POST /page.asp HTTP/1.1\r\n${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    'an unknown coding': `POST /page.asp HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    'two codings': `POST /page.asp HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
    'a blank before the colon': `POST /page.asp HTTP/1.1\r\n${host}Content-Length : 3\r\n\r\na=1`,
    'a folded field': `GET /page.asp HTTP/1.1\r\n${host}Transfer-Encoding:\r\n chunked\r\n\r\n`,
    'a bare CR in a field': `GET /page.asp HTTP/1.1\r\n${host}X: a\rContent-Length: 3\r\n\r\na=1`,
    'a NUL in a field': `GET /page.asp HTTP/1.1\r\n${host}X: a\x00b\r\n\r\n`,
    'a chunk size that is none': `POST /page.asp HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\na\r\n0\r\n\r\n`,
    'a chunk size too large': `POST /page.asp HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\na\r\n0\r\n\r\n`,
    'a bare LF after a chunk': `POST /page.asp HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n3\na=1\n0\n\n`,
    'no host': 'GET /page.asp HTTP/1.1\r\n\r\n',
    'two hosts': `GET /page.asp HTTP/1.1\r\n${host}Host: evil.test\r\n\r\n`,
    'a host with a path': 'GET /page.asp HTTP/1.1\r\nHost: s/../x\r\n\r\n',
    'a host with a user': 'GET /page.asp HTTP/1.1\r\nHost: a@s\r\n\r\n',
    'a host with markup': 'GET /page.asp HTTP/1.1\r\nHost: "><script>\r\n\r\n',
    'a port that is none': 'GET /page.asp HTTP/1.1\r\nHost: s:99999\r\n\r\n',
    'a target in absolute form for another scheme': `GET file:///etc/passwd HTTP/1.1\r\n${host}\r\n`,
    'a target with a user': `GET http://a@s/page.asp HTTP/1.1\r\n${host}\r\n`,
    'a method with a blank': `GE T /page.asp HTTP/1.1\r\n${host}\r\n`,
    'a version that does not exist': `GET /page.asp HTTP/9.9\r\n${host}\r\n`,
    'no version': 'GET /page.asp\r\n\r\n',
    'an answer instead of a request': 'HTTP/1.1 200 OK\r\n\r\n',
    'another protocol': 'EHLO client.test\r\nMAIL FROM:<a@b.test>\r\n\r\n',
    'a TLS greeting': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'HTTP/2 without agreement': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  };
  for (const [name, bytes] of Object.entries(SHAPES)) {
    test(name, async () => {
      const before = site.orders.length;
      const answer = await exchange(site.port, bytes);
      const status = statusOf(answer);
      assert.ok(
        status === 400 || status === 408 || status === 501 || status === 505,
        `${status}: ${answer.slice(0, 200)}`,
      );
      assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1, 'one answer and no second request');
      assert.equal(site.orders.length, before, 'no page ran');
      await servesOthers();
    });
  }

  test('CONNECT and an upgrade open no tunnel', async () => {
    assert.equal(statusOf(await exchange(site.port, `CONNECT evil.test:25 HTTP/1.1\r\n${host}\r\n`)), 405);
    const upgrade = await exchange(
      site.port,
      `GET /plain.txt HTTP/1.1\r\n${host}Connection: Upgrade, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n`,
    );
    assert.equal(statusOf(upgrade), 200);
  });

  test('TRACE mirrors nothing', async () => {
    const answer = await exchange(
      site.port,
      `TRACE /page.asp HTTP/1.1\r\n${host}Cookie: session=mirror\r\nConnection: close\r\n\r\n`,
    );
    assert.equal(statusOf(answer), 405);
    assert.doesNotMatch(answer, /mirror/);
  });
});

describe('floods and slow clients are bounded', () => {
  const seconds = (from: number) => (performance.now() - from) / 1000;

  test('a header that drips in is ended (slow headers)', async () => {
    const from = performance.now();
    const { text } = await drip(['GET /page.asp HTTP/1.1\r\n', 'Host: s\r\n'], 'X: a\r\n');
    assert.ok([0, 408].includes(statusOf(text)), text);
    assert.ok(seconds(from) < 30);
    await servesOthers();
  });

  test('a body that drips in is ended (slow form)', async () => {
    const { text } = await drip(['POST /page.asp HTTP/1.1\r\nHost: s\r\nContent-Length: 9000\r\n\r\n'], 'a');
    assert.ok([0, 408].includes(statusOf(text)), text);
    await servesOthers();
  });

  test('a connection that says nothing is closed', async () => {
    assert.equal(statusOf(await exchange(site.port, '')) % 408, 0);
  });

  test('a connection that rests after its request is closed', async () => {
    const answer = await exchange(site.port, 'GET /plain.txt HTTP/1.1\r\nHost: s\r\n\r\n');
    assert.equal(statusOf(answer), 200);
  });

  test('too long a header field, too many of them, too long a target', async () => {
    assert.equal(statusOf(await get(site.port, '/page.asp', `X: ${'a'.repeat(9000)}\r\n`)), 431);
    const many = Array.from({ length: 60 }, (_, at) => `X-${at}: 1\r\n`).join('');
    assert.equal(statusOf(await get(site.port, '/page.asp', many)), 431);
    assert.equal(statusOf(await get(site.port, `/${'a'.repeat(5000)}`)), 414);
    assert.equal(statusOf(await get(site.port, `/page.asp?${'a'.repeat(3000)}`)), 414);
    await servesOthers();
  });

  test('a form larger than may be is not read', async () => {
    const declared = await exchange(
      site.port,
      'POST /page.asp HTTP/1.1\r\nHost: s\r\nContent-Length: 99999999999\r\n\r\na=1',
    );
    assert.equal(statusOf(declared), 413);
    const huge = await exchange(
      site.port,
      'POST /page.asp HTTP/1.1\r\nHost: s\r\nContent-Length: 99999999999999999999999999\r\n\r\na=1',
    );
    assert.ok([400, 413].includes(statusOf(huge)));
    const chunks = `${'1000\r\n'.concat('a'.repeat(4096), '\r\n')}`.repeat(10);
    assert.equal(
      statusOf(
        await exchange(
          site.port,
          `POST /page.asp HTTP/1.1\r\nHost: s\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`,
        ),
      ),
      413,
    );
    await servesOthers();
  });

  test('a form of which the length is announced and not allowed gets no 100 Continue', async () => {
    const answer = await exchange(
      site.port,
      'POST /page.asp HTTP/1.1\r\nHost: s\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n',
    );
    assert.equal(statusOf(answer), 413);
  });

  test('thousands of pipelined requests end their connection and start few pages', async () => {
    const before = site.orders.length;
    const one = 'GET /page.asp HTTP/1.1\r\nHost: s\r\n\r\n';
    await exchange(site.port, one.repeat(5000));
    assert.ok(site.orders.length - before < 100, `${site.orders.length - before} pages ran`);
    await servesOthers();
  });

  test('more connections than may be are closed, those there are go on', async () => {
    const sockets = Array.from({ length: 80 }, () => connect(site.port, '127.0.0.1'));
    const closed = await new Promise<number>((resolve) => {
      let count = 0;
      for (const socket of sockets) {
        socket.on('error', () => {});
        socket.on('close', () => {
          count += 1;
          if (count === 40) resolve(count);
        });
      }
    });
    assert.equal(closed, 40);
    for (const socket of sockets) socket.destroy();
    // The server sees them go one by one.
    let answer = '';
    while (answer === '') answer = await get(site.port, '/plain.txt');
    assert.match(answer, /public$/);
  });

  test('hundreds of ranges of one file are not answered one by one', async () => {
    const ranges = Array.from({ length: 500 }, (_, at) => `${at}-`).join(',');
    const answer = await get(site.port, '/plain.txt', `Range: bytes=${ranges}\r\n`);
    assert.ok(answer.length < 2000, 'the file once, or nothing');
    await servesOthers();
  });

  test('a client that takes nothing is let go, and its page is told', async () => {
    const { promise: ended, resolve: end } = Promise.withResolvers<boolean>();
    const slow = await startSite(
      { 'big.asp': 'x' },
      async (_order, { onPiece, signal }) => {
        let head: ReturnType<typeof pageHead> | undefined = pageHead();
        while (!signal!.aborted) {
          await onPiece({ head, bytes: Buffer.alloc(256 * 1024) });
          head = undefined;
        }
        end(true);
        return htmlOutcome('', { rest: { head: undefined, bytes: new Uint8Array() } });
      },
      { limits: { idleTime: '1s' } },
    );
    try {
      const socket = connect(slow.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write('GET /big.asp HTTP/1.1\r\nHost: s\r\n\r\n');
      socket.pause();
      assert.equal(await ended, true);
      socket.destroy();
    } finally {
      await slow.stop();
    }
  });

  /** Sends `head`, then `piece` every 100 ms until the server closes. */
  function drip(head: readonly string[], piece: string): Promise<{ text: string }> {
    return new Promise((resolve) => {
      const socket = connect(site.port, '127.0.0.1');
      let text = '';
      socket.setEncoding('latin1');
      socket.on('data', (bytes: string) => {
        text += bytes;
      });
      socket.on('error', () => {});
      for (const part of head) socket.write(part);
      const timer = setInterval(() => socket.write(piece), 100);
      socket.on('close', () => {
        clearInterval(timer);
        resolve({ text });
      });
    });
  }
});

describe('what a client sends in fields stays in fields', () => {
  test('a page cannot be made to split the answer by the path or the query', async () => {
    const split = await startSite({ 'a.asp': 'x' }, (order) =>
      htmlOutcome('', {
        rest: {
          head: pageHead([['X-Query', decodeURIComponent(order.request!.query)]]),
          bytes: Buffer.from('body'),
        },
      }),
    );
    try {
      const answer = await get(split.port, '/a.asp?x%0d%0aSet-Cookie:%20evil=1');
      assert.doesNotMatch(answer, /^set-cookie/im);
      assert.equal(statusOf(answer), 500);
    } finally {
      await split.stop();
    }
  });

  test('a forwarded address or host is not believed', async () => {
    const answer = await get(
      site.port,
      '/page.asp',
      'X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Host: evil.test\r\nX-Original-URL: /web.config\r\nX-Rewrite-URL: /web.config\r\n',
    );
    assert.match(answer, /ran \/page\.asp$/);
    const request = site.orders.at(-1)!.request!;
    assert.equal(request.client.address, '127.0.0.1');
    assert.equal(request.server.name, 'site.test');
  });

  test('X-HTTP-Method-Override changes nothing', async () => {
    await get(site.port, '/page.asp', 'X-HTTP-Method-Override: DELETE\r\n');
    assert.equal(site.orders.at(-1)!.request!.method, 'GET');
  });
});
