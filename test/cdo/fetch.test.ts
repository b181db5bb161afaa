import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { after, test } from 'node:test';
import { createFetch, type HttpGetRequest, nntpPosting } from '../../src/cdo/index.ts';

type Seen = { readonly url: string; readonly headers: IncomingHttpHeaders };

async function site(): Promise<{ readonly base: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url!, headers: request.headers });
    if (request.url === '/moved') response.writeHead(302, { location: '/page' }).end();
    else if (request.url === '/away')
      response.writeHead(302, { location: 'http://elsewhere.example/' }).end();
    else if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end();
    else if (request.url === '/bad') response.writeHead(302, { location: 'http://[' }).end();
    else if (request.url === '/large') response.end(Buffer.alloc(5000));
    else if (request.url === '/silent') return;
    else if (request.url === '/named')
      response.writeHead(200, { 'content-disposition': 'attachment; filename="C:\\evil\\x.pdf"' }).end('pdf');
    else response.writeHead(200, 'Fine', { 'content-type': 'text/html' }).end('<p>page</p>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { base: `http://127.0.0.1:${typeof address === 'object' ? address!.port : 0}`, seen };
}

const request = (url: string, more: Partial<HttpGetRequest> = {}): HttpGetRequest => ({
  url,
  fresh: false,
  ...more,
});

test('nothing is fetched from a host that is not allowed', async () => {
  const { base, seen } = await site();
  const answer = await createFetch({ allowedHosts: ['*.example.com', 'other'] }).get(request(base));
  assert.equal(answer.status, 0);
  assert.match(answer.statusText, /not allowed; add it/);
  assert.deepEqual(seen, []);
  assert.match(
    (await createFetch({ allowedHosts: ['*'] }).get(request('ftp://x/y'))).statusText,
    /use http or https/,
  );
});

test('pages are fetched with their type, redirects followed, names and cookies sent', async () => {
  const { base, seen } = await site();
  const fetcher = createFetch({ allowedHosts: ['127.0.0.1'] });
  const answer = await fetcher.get(
    request(`${base}/moved`, { user: 'u', password: 'p', cookies: 'a=b\r\nx: y', fresh: true }),
  );
  assert.deepEqual(
    [answer.status, answer.contentType, Buffer.from(answer.bytes).toString()],
    [200, 'text/html', '<p>page</p>'],
  );
  assert.equal(answer.url, `${base}/page`);
  assert.equal(seen[1]!.headers.authorization, `Basic ${Buffer.from('u:p').toString('base64')}`);
  assert.equal(seen[1]!.headers.cookie, 'a=bx: y');
  assert.equal(seen[1]!.headers['cache-control'], 'no-cache');
  assert.equal((await fetcher.get(request(`${base}/named`))).fileName, 'x.pdf');
});

test('a redirect to a host that is not allowed, an endless one and a broken one are answers with the reason', async () => {
  const { base } = await site();
  const fetcher = createFetch({ allowedHosts: ['127.0.0.1'], maxBytes: 1000, timeoutMs: 200 });
  const reasons: [string, RegExp][] = [
    ['/away', /'elsewhere\.example' is not allowed/],
    ['/loop', /more than 5 times/],
    ['/bad', /no URL/],
    ['/large', /larger than 1000 bytes/],
    ['/silent', /no answer in time/],
  ];
  for (const [path, reason] of reasons) {
    const answer = await fetcher.get(request(base + path));
    assert.equal(answer.status, 0, path);
    assert.match(answer.statusText, reason, path);
  }
  assert.match((await fetcher.get(request('http://127.0.0.1:1/'))).statusText, /ECONNREFUSED/);
});

test('a proxy gets the whole URL, hosts of the bypass list do not go through it', async () => {
  const proxy = await site();
  const direct = await site();
  const fetcher = createFetch({ allowedHosts: ['*'] });
  const through = { proxy: proxy.base.slice('http://'.length), proxyBypass: '127.*; <local>' };
  await fetcher.get(request('http://www.example.com/x', through));
  assert.equal(proxy.seen[0]!.url, 'http://www.example.com/x');
  assert.equal(proxy.seen[0]!.headers.host, 'www.example.com');
  await fetcher.get(request(`${direct.base}/page`, { ...through, proxyBypass: '127.0.0.1' }));
  assert.equal(direct.seen.length, 1);
});

// ── News ───────────────────────────────────────────────────────────────────────────────────────────────────────────

async function newsServer(
  answers: Readonly<Record<string, string>>,
): Promise<{ port: number; said: string[] }> {
  const said: string[] = [];
  const server = createTcpServer((socket) => {
    let isArticle = false;
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    socket.write(`${answers['greeting'] ?? '200 news'}\r\n`);
    let rest = '';
    socket.on('data', (text: string) => {
      rest += text;
      const lines = rest.split('\r\n');
      rest = lines.pop()!;
      for (const line of lines) {
        said.push(line);
        if (isArticle) {
          if (line !== '.') continue;
          isArticle = false;
          socket.write(`${answers['.'] ?? '240 posted'}\r\n`);
          continue;
        }
        const verb = line.split(' ').slice(0, 2).join(' ').toUpperCase();
        const answer =
          answers[verb] ?? { 'AUTHINFO USER': '381 more', 'AUTHINFO PASS': '281 ok', POST: '340 go' }[verb];
        if (answer === 'close') socket.destroy();
        else if (answer !== undefined) socket.write(`${answer}\r\n`);
        if (verb === 'POST' && answer?.startsWith('340')) isArticle = true;
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const address = server.address();
  return { port: typeof address === 'object' ? address!.port : 0, said };
}

const article = Buffer.from('Newsgroups: alt.test\r\n\r\ntext\r\n.dot\r\n');
const post = (port: number, more: object = {}) =>
  nntpPosting().post({
    server: '127.0.0.1',
    port,
    connectionTimeoutMs: 2000,
    tls: false,
    message: article,
    ...more,
  });

test('an article is posted with dots doubled, behind a logon when there is one', async () => {
  const { port, said } = await newsServer({});
  assert.deepEqual(await post(port, { user: 'u', password: 'p' }), {
    outcome: 'posted',
    response: '240 posted',
  });
  assert.deepEqual(said.slice(0, 8), [
    'AUTHINFO USER u',
    'AUTHINFO PASS p',
    'POST',
    'Newsgroups: alt.test',
    '',
    'text',
    '..dot',
    '.',
  ]);
});

test('every end of a news dialogue is an answer', async () => {
  const cases: [Readonly<Record<string, string>>, object, string][] = [
    [{ greeting: '502 no' }, {}, 'not-connected'],
    [{ POST: '440 not here' }, {}, 'refused'],
    [{ '.': '441 bad article' }, {}, 'refused'],
    [{ 'AUTHINFO PASS': '481 no' }, { user: 'u' }, 'logon-refused'],
    [{ POST: 'close' }, {}, 'dropped'],
  ];
  for (const [answers, more, outcome] of cases) {
    const { port } = await newsServer(answers);
    assert.equal((await post(port, more)).outcome, outcome);
  }
  assert.equal((await post(1)).outcome, 'not-connected');
});
