import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { call, errorOf, get, put, testScope } from '../../../test/script/support/object-scope.ts';
import type { AutomationObject } from '../../automation/index.ts';
import { HTTP_ERROR, HttpFailure, type HttpPolicy, type HttpRequest, performExchange } from './exchange.ts';

async function server(
  t: TestContext,
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<{ port: number; url: string }> {
  const listening: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, Buffer.concat(chunks).toString(), response));
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    listening.closeAllConnections();
    listening.close();
  });
  const { port } = listening.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}` };
}

const REQUEST: HttpRequest = {
  method: 'GET',
  url: '',
  headers: [],
  body: undefined,
  user: undefined,
  password: undefined,
  followRedirects: true,
  ignoreCertificate: false,
  connectTimeoutMs: 5000,
  receiveTimeoutMs: 5000,
};
const LOCAL: HttpPolicy = { allowedHosts: ['127.0.0.1'], maxBodyBytes: 1000 };

test('sends method, headers, credentials and body, and reads status, headers and body', async (t) => {
  const { url } = await server(t, (request, body, response) => {
    response.writeHead(201, 'Made', {
      'X-Seen': `${request.method} ${request.headers['x-a']} ${request.headers.authorization}`,
    });
    response.end(`got ${body}`);
  });
  const answer = await performExchange(
    {
      ...REQUEST,
      method: 'POST',
      url: `${url}/x`,
      headers: [['X-A', '1']],
      body: Buffer.from('data'),
      user: 'u',
      password: 'p',
    },
    LOCAL,
  );
  assert.equal(answer.status, 201);
  assert.equal(answer.statusText, 'Made');
  assert.equal(Buffer.from(answer.body).toString(), 'got data');
  assert.deepEqual(answer.headers.find(([name]) => name === 'X-Seen')?.[1], 'POST 1 Basic dTpw');
});

test('a host that is not allowed is refused before any connection', async (t) => {
  let connections = 0;
  const { url, port } = await server(t, (_request, _body, response) => {
    connections += 1;
    response.end();
  });
  for (const allowedHosts of [[], ['localhost'], [`127.0.0.1:${port + 1}`], ['127.0.0.1.example.test']])
    await assert.rejects(performExchange({ ...REQUEST, url }, { ...LOCAL, allowedHosts }), {
      hresult: HTTP_ERROR.accessDenied[0],
      message: /--allow-host 127\.0\.0\.1/,
    });
  assert.equal(connections, 0);
  await performExchange({ ...REQUEST, url }, { ...LOCAL, allowedHosts: [`127.0.0.1:${port}`] });
  assert.equal(connections, 1);
});

test('a redirect to a host that is not allowed is refused', async (t) => {
  const { url, port } = await server(t, (_request, _body, response) => {
    response.writeHead(302, { Location: `http://localhost:${port}/secret` }).end();
  });
  await assert.rejects(performExchange({ ...REQUEST, url }, LOCAL), { hresult: HTTP_ERROR.accessDenied[0] });
});

test('follows redirects, turning POST into GET, and stops after ten', async (t) => {
  const seen: string[] = [];
  const { url } = await server(t, (request, body, response) => {
    seen.push(`${request.method} ${request.url} ${body}`);
    if (request.url === '/done') response.end('end');
    else response.writeHead(302, { Location: request.url === '/loop' ? '/loop' : '/done' }).end();
  });
  const answer = await performExchange(
    { ...REQUEST, method: 'POST', url: `${url}/go`, body: Buffer.from('b') },
    LOCAL,
  );
  assert.equal(answer.url, `${url}/done`);
  assert.deepEqual(seen, ['POST /go b', 'GET /done ']);
  await assert.rejects(performExchange({ ...REQUEST, url: `${url}/loop` }, LOCAL), {
    hresult: HTTP_ERROR.redirectFailed[0],
  });
  const first = await performExchange({ ...REQUEST, url: `${url}/go`, followRedirects: false }, LOCAL);
  assert.equal(first.status, 302);
});

test('every failure of the wire has its HRESULT', async (t) => {
  const { url } = await server(t, (request, _body, response) => {
    if (request.url === '/large') response.end('x'.repeat(2000));
    else if (request.url === '/cut') response.socket?.destroy();
  });
  const fails = (request: Partial<HttpRequest>, kind: keyof typeof HTTP_ERROR) =>
    assert.rejects(
      performExchange({ ...REQUEST, ...request }, { ...LOCAL, allowedHosts: ['*'] }),
      (thrown) => thrown instanceof HttpFailure && thrown.hresult === HTTP_ERROR[kind][0],
    );
  await fails({ url: `${url}/large` }, 'tooLarge');
  await fails({ url: `${url}/cut` }, 'connectionLost');
  await fails({ url: `${url}/silent`, receiveTimeoutMs: 50 }, 'timeout');
  await fails({ url: 'http://127.0.0.1:1/' }, 'cannotConnect');
  await fails({ url: 'file:///etc/passwd' }, 'badScheme');
  await fails({ url: 'no url' }, 'invalidUrl');
});

function answering(
  t: TestContext,
  progId: string,
  body: string,
  headers: [string, string][] = [],
): AutomationObject {
  const scope = testScope(t);
  scope.answer = (_operation, request) => ({
    status: 200,
    statusText: 'OK',
    headers,
    body: Buffer.from(body, 'latin1'),
    url: (request as HttpRequest).url,
  });
  return scope.createObject(progId);
}

test('XMLHTTP goes through its states and gives text, bytes and headers', (t) => {
  const http = answering(t, 'MSXML2.XMLHTTP', 'gr\xfc\xdf', [
    ['Content-Type', 'text/plain; charset=iso-8859-1'],
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
  ]);
  assert.equal(get(http, 'readyState'), 0);
  assert.equal(
    errorOf(() => call(http, 'send')),
    0x8000_000a | 0,
  );
  call(http, 'open', 'get', 'http://example.test/', false);
  assert.equal(get(http, 'readyState'), 1);
  assert.equal(
    errorOf(() => get(http, 'status')),
    0x8000_000a | 0,
  );
  call(http, 'send');
  assert.equal(get(http, 'readyState'), 4);
  assert.equal(get(http, 'status'), 200);
  assert.equal(get(http, 'responseText'), 'grüß');
  assert.deepEqual(get(http, 'responseBody'), new Uint8Array([0x67, 0x72, 0xfc, 0xdf]));
  assert.equal(call(http, 'getResponseHeader', 'set-cookie'), 'a=1, b=2');
  assert.match(
    String(call(http, 'getAllResponseHeaders')),
    /^Content-Type: text\/plain; charset=iso-8859-1\r\n/,
  );
});

test('responseXML is a document of the answer', (t) => {
  const http = answering(t, 'MSXML2.ServerXMLHTTP.6.0', '<a><b>1</b></a>');
  call(http, 'open', 'GET', 'http://example.test/');
  call(http, 'setTimeouts', 1000, 1000, 1000, 1000);
  call(http, 'send');
  assert.equal(get(call(get(http, 'responseXML'), 'selectSingleNode', '/a/b'), 'text'), '1');
});

test('a header value with CR or LF and a header name that is none are refused', (t) => {
  const http = answering(t, 'WinHttp.WinHttpRequest.5.1', '');
  call(http, 'Open', 'GET', 'http://example.test/');
  assert.equal(
    errorOf(() => call(http, 'SetRequestHeader', 'X-A', 'a\r\nX-B: b')),
    0x8007_0057 | 0,
  );
  assert.equal(
    errorOf(() => call(http, 'SetRequestHeader', 'X A', 'a')),
    0x8007_0057 | 0,
  );
  assert.equal(
    errorOf(() => call(http, 'Open', 'G ET', 'http://example.test/')),
    HTTP_ERROR.invalidUrl[0],
  );
});

test('a length the script counts itself is not sent', (t) => {
  const scope = testScope(t);
  scope.answer = () => ({ status: 200, statusText: 'OK', headers: [], body: new Uint8Array(), url: '' });
  const http = scope.createObject('MSXML2.XMLHTTP');
  call(http, 'open', 'POST', 'http://example.test/', false);
  call(http, 'setRequestHeader', 'Content-Length', '4');
  call(http, 'setRequestHeader', 'X-A', '1');
  call(http, 'setRequestHeader', 'x-a', '2');
  call(http, 'send', 'grüß');
  const request = scope.asked[0]?.request as HttpRequest;
  assert.deepEqual(request.headers, [['X-A', '1, 2']]);
  assert.equal(request.body?.length, 6);
});

test('WinHttpRequest options turn redirects off, ignore certificates and tell the final address', (t) => {
  const scope = testScope(t);
  scope.answer = () => ({
    status: 200,
    statusText: 'OK',
    headers: [],
    body: new Uint8Array(),
    url: 'http://example.test/end',
  });
  const http = scope.createObject('WinHttp.WinHttpRequest.5.1');
  call(http, 'Open', 'GET', 'http://example.test/');
  put(http, 'Option', 6, false);
  put(http, 'Option', 4, 13056);
  call(http, 'SetCredentials', 'u', 'p', 0);
  call(http, 'Send');
  const request = scope.asked[0]?.request as HttpRequest;
  assert.equal(request.followRedirects, false);
  assert.equal(request.ignoreCertificate, true);
  assert.equal(request.user, 'u');
  assert.equal(get(http, 'Option', 1), 'http://example.test/end');
  assert.equal(
    errorOf(() => call(http, 'GetResponseHeader', 'X-None')),
    0x8007_2f76 | 0,
  );
  assert.equal(
    errorOf(() => call(http, 'SetProxy', 2, 'proxy:80')),
    0x8007_0005 | 0,
  );
});

test('a failure in the waiting room becomes the error of send', (t) => {
  const scope = testScope(t);
  scope.answer = () => {
    throw Object.assign(new Error('The operation timed out'), { hresult: HTTP_ERROR.timeout[0] });
  };
  const http = scope.createObject('MSXML2.XMLHTTP');
  call(http, 'open', 'GET', 'http://example.test/', false);
  assert.equal(
    errorOf(() => call(http, 'send')),
    HTTP_ERROR.timeout[0],
  );
});
