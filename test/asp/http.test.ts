/**
 * Pages as a client on the wire sees them: real front, real page threads, real sockets. What single parts do is tested beside them
 * (src/asp/web/*.test.ts, test/asp/pages); here it is their joints.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import * as https from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { exchange, get, statusOf } from '../../src/asp/web/testing.ts';
import { RealSite } from './support/real-site.ts';

const FILES: Readonly<Record<string, string | Buffer>> = {
  'hello.asp': '<%= "Hello" %>',
  'Default.asp': '<%= Request.ServerVariables("SCRIPT_NAME") %>',
  'shop/start.asp': '<%= Request.ServerVariables("PATH_INFO") %>|<%= Request.QueryString("a") %>',
  'status.asp': `<% Response.Status = "418 I am a teapot" : Response.AddHeader "X-Pot", "tea" : Response.AddHeader "X-Pot", "green"
    Response.ContentType = "text/plain" : Response.Charset = "utf-8" : Response.Write "tea" %>`,
  'nothing.asp': '<% Response.Status = Request.QueryString("s") : Response.Write "unseen" %>',
  'cookies.asp': `<%
    If Request.QueryString("set") <> "" Then
      Response.Cookies("plain") = "a b;c" : Response.Cookies("cart")("pie") = 2 : Response.Cookies("cart")("size") = "x&y"
    End If
    Response.Write Request.Cookies("plain") & "|" & Request.Cookies("cart")("pie") & "|" & Request.Cookies("cart")("size") %>`,
  'redirect.asp': '<% Response.Redirect Request.QueryString("to") : Session("ran") = True %>',
  'flush.asp': `<% Application("go") = 0 : Response.Write "first" : Response.Flush
    Do While Application("go") = 0 : Loop
    Response.Write "second" : Response.Flush : Response.Write "third" %>`,
  'go.asp': '<% Application("go") = 1 %>',
  'flush-once.asp': '<% Response.Write "first" : Response.Flush : Response.Write "second" %>',
  'method.asp': '<%= Request.ServerVariables("REQUEST_METHOD") %>|<%= Request.TotalBytes %>',
  'form.asp': `<% @CodePage=65001 %><% Response.Charset = "utf-8" %><% For Each name In Request.Form %><%= name %>=<%= Request.Form(name) %>(<%= Request.Form(name).Count %>);<% Next %>`,
  'echo.asp':
    '<% Response.ContentType = "application/octet-stream" : Response.BinaryWrite Request.BinaryRead(Request.TotalBytes) %>',
  'count.asp': '<%= Request.Form.Count %>|<%= Request.QueryString.Count %>|<%= Request.Cookies.Count %>',
  'last.asp': '<%= Request.Form("last") %>',
  'large.asp': '<% For i = 1 To 500 : Response.Write "line " & i & vbLf : Next %>',
  'gif.asp': '<% Response.ContentType = "image/gif" : Response.Write String(5000, "g") %>',
  'encoded.asp': '<% Response.AddHeader "Content-Encoding", "identity" : Response.Write String(5000, "e") %>',
  'error.asp': '<% Response.Write "before" : x = 1 / 0 %>',
  'syntax.asp': '<% If %>',
  'end.asp': '<% Response.Write "end" : Response.End : Response.Write "unseen" %>',
  'variables.asp':
    '<%= Request.ServerVariables("HTTPS") %>|<%= Request.ServerVariables("SERVER_PORT_SECURE") %>|<%= Request.ServerVariables("SERVER_PROTOCOL") %>|<%= Request.ServerVariables("SERVER_PORT") %>',
  'session.asp': '<% Session("n") = Session("n") + 1 : Response.Write Session("n") %>',
  'waits.asp': `<% Application("client") = "here" : Response.Write "x" : Response.Flush
    Do While Response.IsClientConnected : Loop
    Application("client") = "gone" %>`,
  'client.asp': '<%= Application("client") %>',
  'admin.asp': '<% Application("admin") = Application("admin") + 1 %>',
  'admins.asp': '<%= Application("admin") + 0 %>',
  'style.css': 'body{}'.repeat(500),
  'web.config':
    '<configuration><system.webServer><defaultDocument><files><add value="start.asp"/></files></defaultDocument></system.webServer></configuration>',
};

let site: RealSite;
before(async () => {
  site = await RealSite.start(FILES, {
    pool: { size: 3 },
    config: { limits: { formSize: '200 KB', requestSize: '400 KB', queryLength: 2048, headerSize: '16 KB' } },
  });
});
after(() => site?.stop());

const ask = (target: string, fields = '') => get(site.port, target, fields);
const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4);
const fieldOf = (answer: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)\\r$`, 'im').exec(answer.slice(0, answer.indexOf('\r\n\r\n') + 2))?.[1];

function post(
  target: string,
  body: string | Buffer,
  type = 'application/x-www-form-urlencoded',
): Promise<string> {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  return exchange(
    site.port,
    Buffer.concat([
      Buffer.from(
        `POST ${target} HTTP/1.1\r\nHost: s\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\nConnection: close\r\n\r\n`,
      ),
      bytes,
    ]),
  );
}

/** A connection of its own, of which what arrived can be waited for. */
class Wire {
  readonly socket: Socket;
  text = '';
  readonly #waiting = new Set<() => void>();
  isClosed = false;

  constructor() {
    this.socket = connect(site.port, '127.0.0.1');
    this.socket.setEncoding('latin1').on('data', (piece: string) => {
      this.text += piece;
      for (const wake of this.#waiting) wake();
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.isClosed = true;
      for (const wake of this.#waiting) wake();
    });
  }

  send(bytes: string): void {
    this.socket.write(bytes, 'latin1');
  }

  /** Resolves when what arrived matches; fails when the server closes first. */
  async until(wanted: RegExp | ((text: string) => boolean)): Promise<string> {
    while (!(wanted instanceof RegExp ? wanted.test(this.text) : wanted(this.text))) {
      assert.ok(!this.isClosed, `closed after: ${this.text}`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
    return this.text;
  }
}

describe('answers', () => {
  test('status line, repeated fields, type and charset are the page’s, the length is ours', async () => {
    const answer = await ask('/status.asp');
    assert.match(answer, /^HTTP\/1\.1 418 I am a teapot\r\n/);
    assert.match(answer, /\r\nX-Pot: tea\r\n(?:.*\r\n)*?X-Pot: green\r\n/i);
    assert.equal(fieldOf(answer, 'content-type'), 'text/plain; Charset=utf-8');
    assert.equal(fieldOf(answer, 'cache-control'), 'private');
    assert.equal(fieldOf(answer, 'content-length'), '3');
    assert.equal(bodyOf(answer), 'tea');
  });

  test('204 and 304 have no body, whatever the page writes', async () => {
    for (const status of ['204 No Content', '304 Not Modified']) {
      const answer = await exchange(
        site.port,
        `GET /nothing.asp?s=${encodeURIComponent(status)} HTTP/1.1\r\nHost: s\r\n\r\nGET /hello.asp HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n`,
      );
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status}\r\n`));
      assert.doesNotMatch(answer, /unseen/);
      assert.match(answer, /Hello$/);
    }
  });

  test('cookies go out encoded and come back as they were, keys and all', async () => {
    const first = await ask('/cookies.asp?set=1');
    const cookies = [...first.matchAll(/^set-cookie: ([^;]*); path=\/\r$/gim)].map((match) => match[1]!);
    assert.deepEqual(cookies, ['plain=a+b%3Bc', 'cart=pie=2&size=x%26y']);
    assert.equal(bodyOf(await ask('/cookies.asp', `Cookie: ${cookies.join('; ')}\r\n`)), 'a b;c|2|x&y');
  });

  test('a redirection ends the page: 302, the place, a small page that names it, and no session', async () => {
    const answer = await ask('/redirect.asp?to=/shop/%3Fa%3D1');
    assert.match(answer, /^HTTP\/1\.1 302 Object moved\r\n/);
    assert.equal(fieldOf(answer, 'location'), '/shop/?a=1');
    assert.match(bodyOf(answer), /<a HREF="\/shop\/\?a=1">/i);
    assert.equal(fieldOf(answer, 'set-cookie'), undefined);
    const response = await fetch(`${site.url}redirect.asp?to=hello.asp`);
    assert.equal(await response.text(), 'Hello');
  });

  test('a redirection cannot be split by what a visitor sends', async () => {
    const answer = await ask('/redirect.asp?to=/x%0D%0ASet-Cookie:%20evil=1%0D%0A%0D%0A<script>');
    assert.equal(statusOf(answer), 500);
    assert.equal(fieldOf(answer, 'set-cookie'), undefined);
    assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1);
  });

  test('what is flushed arrives in chunks while the page runs', async () => {
    const wire = new Wire();
    wire.send('GET /flush.asp HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n');
    const begun = await wire.until(/\r\nfirst\r\n/);
    assert.equal(fieldOf(begun, 'transfer-encoding'), 'chunked');
    assert.equal(fieldOf(begun, 'content-length'), undefined);
    assert.doesNotMatch(begun, /second/);
    assert.equal(statusOf(await ask('/go.asp')), 200);
    assert.match(
      await wire.until(/\r\n0\r\n\r\n$/),
      /\r\n5\r\nfirst\r\n6\r\nsecond\r\n5\r\nthird\r\n0\r\n\r\n$/,
    );
  });

  test('HTTP/1.0 gets no chunks: the end of the connection is the end of the page', async () => {
    const answer = await exchange(site.port, 'GET /flush-once.asp HTTP/1.0\r\nHost: s\r\n\r\n');
    assert.equal(fieldOf(answer, 'transfer-encoding'), undefined);
    assert.equal(bodyOf(answer), 'firstsecond');
  });

  test('HEAD runs the page and sends what GET would, without its body', async () => {
    const of = (method: string) =>
      exchange(site.port, `${method} /method.asp HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n`);
    const [head, asked] = await Promise.all([of('HEAD'), of('GET')]);
    assert.equal(bodyOf(asked), 'GET|0');
    assert.equal(bodyOf(head), '');
    assert.equal(fieldOf(head, 'content-length'), '6', 'the page saw HEAD');
    assert.equal(fieldOf(head, 'content-type'), fieldOf(asked, 'content-type'));
    const flushed = await exchange(
      site.port,
      'HEAD /flush-once.asp HTTP/1.1\r\nHost: s\r\n\r\nGET /hello.asp HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n',
    );
    assert.doesNotMatch(flushed, /first|second/);
    assert.match(flushed, /Hello$/);
  });

  test('a folder shows the document that web.config puts first, and the page knows its own name', async () => {
    assert.equal(bodyOf(await ask('/shop/?a=1')), '/shop/start.asp|1');
    assert.equal(bodyOf(await ask('/')), '/Default.asp');
    assert.equal(fieldOf(await ask('/shop?a=1'), 'location'), '/shop/?a=1');
  });

  test('a file is sent again only when it was changed; part of it when part is asked for', async () => {
    const whole = await ask('/style.css');
    const [date, tag] = [fieldOf(whole, 'last-modified')!, fieldOf(whole, 'etag')!];
    const unchanged = await ask('/style.css', `If-Modified-Since: ${date}\r\n`);
    assert.equal(statusOf(unchanged), 304);
    assert.equal(bodyOf(unchanged), '');
    assert.equal(statusOf(await ask('/style.css', 'If-None-Match: "other"\r\n')), 200);
    assert.equal(statusOf(await ask('/style.css', `If-Match: "other"\r\n`)), 412);
    const part = await ask('/style.css', `Range: bytes=-3\r\nIf-Range: ${tag}\r\n`);
    assert.deepEqual([statusOf(part), bodyOf(part)], [206, 'y{}']);
    assert.equal(statusOf(await ask('/style.css', 'Range: bytes=0-1\r\nIf-Range: "other"\r\n')), 200);
    site.write('style.css', 'p{}');
    assert.equal(statusOf(await ask('/style.css', `If-None-Match: ${tag}\r\n`)), 200);
  });

  test('pages are compressed for who takes it, and nothing else is', async () => {
    const plain = bodyOf(await ask('/large.asp'));
    for (const [coding, expand] of [
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
    ] as const) {
      const response = await fetch(`${site.url}large.asp`, { headers: { 'Accept-Encoding': coding } });
      assert.equal(response.headers.get('content-encoding'), coding);
      assert.match(response.headers.get('vary') ?? '', /accept-encoding/i);
      assert.equal(await response.text(), plain);
      const raw = await exchange(
        site.port,
        `GET /large.asp HTTP/1.0\r\nHost: s\r\nAccept-Encoding: ${coding}\r\n\r\n`,
      );
      assert.equal(expand(Buffer.from(bodyOf(raw), 'latin1')).toString('latin1'), plain);
      assert.ok(bodyOf(raw).length < plain.length / 2);
    }
    for (const target of ['/gif.asp', '/encoded.asp', '/hello.asp', '/flush-once.asp'])
      assert.notEqual(
        fieldOf(await ask(target, 'Accept-Encoding: gzip, br\r\n'), 'content-encoding'),
        'gzip',
        target,
      );
    assert.equal(
      fieldOf(await ask('/large.asp', 'Accept-Encoding: gzip;q=0\r\n'), 'content-encoding'),
      undefined,
    );
  });
});

describe('requests', () => {
  test('a form is decoded in the page’s code page, values of one name in their order', async () => {
    const answer = await post('/form.asp', 'name=Zo%C3%AB+%26+co&pie=a&empty=&Pie=b&%u20AC=%u20ac');
    const text = Buffer.from(bodyOf(answer), 'latin1').toString('utf8');
    assert.equal(text, 'name=Zoë & co(1);pie=a, b(2);empty=(1);€=€(1);');
  });

  test('a form in chunks is a form', async () => {
    const answer = await exchange(
      site.port,
      'POST /form.asp HTTP/1.1\r\nHost: s\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\na=1\r\n4\r\n&b=2\r\n0\r\n\r\n',
    );
    assert.equal(bodyOf(answer), 'a=1(1);b=2(1);');
  });

  test('an upload reaches the page byte by byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
    const part = Buffer.concat([
      Buffer.from('--b\r\nContent-Disposition: form-data; name="f"; filename="x.bin"\r\n\r\n'),
      bytes,
      Buffer.from('\r\n--b--\r\n'),
    ]);
    const answer = await post('/echo.asp', part, 'multipart/form-data; boundary=b');
    assert.deepEqual(Buffer.from(bodyOf(answer), 'latin1'), part);
    // Not read as a form, as it never was.
    assert.equal(bodyOf(await post('/count.asp', part, 'multipart/form-data; boundary=b')), '0|0|0');
  });

  test('who waits for 100 Continue gets it, and then the page', async () => {
    const wire = new Wire();
    wire.send(
      'POST /form.asp HTTP/1.1\r\nHost: s\r\nExpect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\nConnection: close\r\n\r\n',
    );
    assert.match(await wire.until(/\r\n\r\n/), /^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    wire.send('a=1');
    assert.match(await wire.until(/a=1\(1\);$/), /HTTP\/1\.1 200 OK/);
  });

  test('a connection goes on after errors, redirections, ends and files that are not there', async () => {
    const targets = [
      ['/error.asp', 500],
      ['/hello.asp', 200],
      ['/syntax.asp', 500],
      ['/none.asp', 404],
      ['/redirect.asp?to=/', 302],
      ['/end.asp', 200],
      ['/style.css', 200],
      ['/method.asp', 200],
    ] as const;
    const wire = new Wire();
    let seen = 0;
    for (const [target] of targets) {
      wire.send(`GET ${target} HTTP/1.1\r\nHost: s\r\n\r\n`);
      seen += 1;
      // The whole of this answer, before the next is asked for.
      await wire.until((text) => wholeAnswers(text) === seen);
    }
    const statuses = [...wire.text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
    assert.deepEqual(
      statuses,
      targets.map(([, status]) => status),
    );
    assert.match(wire.text, /before[\s\S]*Division by zero/);
    assert.doesNotMatch(wire.text, /unseen/);
    assert.match(wire.text, /GET\|0$/);
    wire.socket.destroy();
  });

  test('requests of one session follow one another, and no count is lost', async () => {
    const first = await ask('/session.asp');
    const cookie = fieldOf(first, 'set-cookie')!.split(';')[0]!;
    const counts = await Promise.all(
      Array.from({ length: 15 }, async () =>
        Number(bodyOf(await ask('/session.asp', `Cookie: ${cookie}\r\n`))),
      ),
    );
    assert.deepEqual(
      counts.sort((a, b) => a - b),
      Array.from({ length: 15 }, (_, at) => at + 2),
    );
  });

  test('a page that asks learns that its client has gone', async () => {
    const wire = new Wire();
    wire.send('GET /waits.asp HTTP/1.1\r\nHost: s\r\n\r\n');
    await wire.until(/\r\nx\r\n/);
    assert.equal(bodyOf(await ask('/client.asp')), 'here');
    wire.socket.destroy();
    let told = '';
    while (told !== 'gone') told = bodyOf(await ask('/client.asp'));
  });

  test('over plain HTTP pages know that it is', async () => {
    assert.equal(bodyOf(await ask('/variables.asp')), `off|0|HTTP/1.1|${site.port}`);
  });
});

test('over HTTPS pages know it, and their session cookie is for HTTPS alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-https-'));
  const [certificateFile, keyFile] = ['site.pem', 'site.key'].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=site.test';
  execFileSync('openssl', [...request.split(' '), '-keyout', keyFile, '-out', certificateFile], {
    stdio: 'ignore',
  });
  const secure = await RealSite.start(FILES, {
    config: { listen: [], listenHttps: ['127.0.0.1:0'], tls: { certificateFile, keyFile } },
  });
  const ca = readFileSync(certificateFile);
  const fetched = (path: string): Promise<{ body: string; cookies: readonly string[] }> =>
    new Promise((resolve, reject) => {
      https
        .get(`${secure.url}${path}`, { ca, servername: 'site.test', agent: false }, (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (piece: string) => {
            body += piece;
          });
          response.on('end', () => resolve({ body, cookies: response.headers['set-cookie'] ?? [] }));
        })
        .on('error', reject);
    });
  try {
    assert.equal((await fetched('variables.asp')).body, `on|1|HTTP/1.1|${secure.port}`);
    const { body, cookies } = await fetched('session.asp');
    assert.equal(body, '1');
    assert.match(cookies[0]!, /^ASPSESSIONID.*; Secure$/);
  } finally {
    await secure.stop();
    rmSync(folder, { recursive: true });
  }
});

describe('attacks on the joints', () => {
  test('names in any number, and names that fall together, are read up to a bound', async () => {
    const counted = async (body: string) => bodyOf(await post('/count.asp', body));
    assert.equal(await counted('a=&'.repeat(60_000)), '1|0|0', 'one name is one item');
    assert.equal(await counted('a&'.repeat(60_000)), '1|0|0');
    const names = (count: number, step: number) =>
      Array.from({ length: count }, (_, at) => `${(at * step).toString(36)}=`).join('&');
    assert.equal(await counted(names(33_000, 1)), '20000|0|0');
    // Engines keep names that look like numbers by a hash that anybody can compute.
    const numbers = Array.from({ length: 15_000 }, (_, at) => `${at * 65_536}=`).join('&');
    assert.equal(await counted(numbers), '15000|0|0');
    assert.equal(statusOf(await ask(`/count.asp?${names(800, 1)}`)), 414);
    assert.equal(bodyOf(await ask(`/count.asp?${names(500, 1)}`)), '0|500|0');
    const cookies = (count: number) =>
      `Cookie: ${Array.from({ length: count }, (_, at) => `${at.toString(36)}=`).join('; ')}\r\n`;
    assert.equal(bodyOf(await ask('/count.asp', cookies(1500))).split('|')[2], '1500');
    assert.equal(statusOf(await ask('/count.asp', cookies(4000))), 431);
  });

  test('names of prototypes and giant values do no harm', async () => {
    const answer = await post('/last.asp', `__proto__=1&constructor=2&x=${'%41'.repeat(60_000)}&last=ok`);
    assert.equal(bodyOf(answer), 'ok');
  });

  test('forms that drip in hold no page thread', async () => {
    const drips = Array.from({ length: 30 }, () => new Wire());
    for (const wire of drips)
      wire.send(
        'POST /last.asp HTTP/1.1\r\nHost: s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nlast',
      );
    for (let round = 0; round < 5; round += 1) assert.match(await ask('/hello.asp'), /Hello$/);
    const [first] = drips;
    first!.send('=fast');
    assert.match(await first!.until(/fast$/), /HTTP\/1\.1 200/);
    for (const wire of drips) wire.socket.destroy();
  });

  test('a form beyond the limit fails where it is read, and what it holds is never taken for a request', async () => {
    const smuggled = 'GET /admin.asp HTTP/1.1\r\nHost: s\r\n\r\n';
    const large = smuggled.repeat(Math.ceil(250_000 / smuggled.length));
    const refused = await post('/last.asp', large);
    assert.equal(statusOf(refused), 500);
    assert.match(bodyOf(refused).replace(/<[^>]*>/g, ''), /Request object error 'ASP 0104 : 80004005'/);
    assert.match(
      await post('/hello.asp', large),
      /^HTTP\/1\.1 200[\s\S]*Hello$/,
      'a page that reads none runs',
    );
    const pipelined = await exchange(
      site.port,
      `POST /hello.asp HTTP/1.1\r\nHost: s\r\nContent-Length: ${large.length}\r\n\r\n${large}GET /method.asp HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n`,
    );
    assert.match(pipelined, /^HTTP\/1\.1 200/);
    assert.equal(statusOf(await post('/last.asp', 'x'.repeat(500_000))), 413);
    assert.equal(bodyOf(await ask('/admins.asp')), '0');
  });
});

/** How many answers with a Content-Length have arrived whole. */
function wholeAnswers(text: string): number {
  let rest = text;
  for (let count = 0; ; count += 1) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return count;
    const length = Number(/^content-length: (\d+)\r$/im.exec(rest.slice(0, end + 2))?.[1] ?? 0);
    if (rest.length < end + 4 + length) return count;
    rest = rest.slice(end + 4 + length);
  }
}
