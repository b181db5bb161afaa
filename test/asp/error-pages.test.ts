/** The pages that web.config names for errors, over HTTP. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { exchange, get, statusOf } from '../../src/asp/web/testing.ts';
import { RealSite } from './support/real-site.ts';

const config = (attributes: string, rows: string): string =>
  `<configuration><system.webServer><httpErrors ${attributes}>${rows}</httpErrors></system.webServer></configuration>`;

const FILES = {
  'missing.asp': `<% If InStr(Request.QueryString, "/old.htm") > 0 Then Response.Redirect "/new.asp"
    If InStr(Request.QueryString, "rewritten") = 0 Then Response.Status = "404 Not Found"
    Session("seen") = True %><%= Request.QueryString %>|<%= Request.ServerVariables("REQUEST_METHOD") %>|<%= Request.TotalBytes %>`,
  'new.asp': 'new',
  'own.asp':
    '<% Session("own") = 1 : Response.Status = "404 Not Found" : Response.Cookies("kept") = 1 %>own text',
  'gone.asp': '<% Response.Status = "410 Gone" %>own text',
  'fails.asp': '<% x = 1 / 0 %>',
  'empty/x.txt': 'x',
  'err/forbidden.htm': '<p>No.</p>',
  'err/de/method.htm': '<p>Nein.</p>',
  'err/method.htm': '<p>Not so.</p>',
  'err/broken.asp': '<% y = Null : Response.Write y.z %>',
  'err/500.htm': '<p>Broken.</p>',
  'app.config': 'secret',
};

const WEB_CONFIG = config(
  'errorMode="Custom"',
  `<error statusCode="404" path="/missing.asp" responseMode="ExecuteURL"/>
   <error statusCode="404" subStatusCode="8" path="app.config"/>
   <error statusCode="403" path="%SystemDrive%\\inetpub\\wwwroot\\err\\forbidden.htm"/>
   <error statusCode="405" path="method.htm" prefixLanguageFilePath="err"/>
   <error statusCode="410" path="https://www.example.test/gone" responseMode="Redirect"/>
   <error statusCode="500" path="err/500.htm"/>`,
);

const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4);

describe('pages for errors', () => {
  let site: RealSite;
  before(async () => {
    site = await RealSite.start({ ...FILES, 'web.config': WEB_CONFIG }, { config: { showErrors: false } });
  });
  after(() => site?.stop());
  const ask = (target: string, fields = '') => get(site.port, target, fields);

  test('one that is executed knows what was asked for, and says the status itself', async () => {
    const answer = await ask('/no/such.htm?a=%3Cb%3E&c=1');
    assert.equal(statusOf(answer), 404);
    assert.equal(bodyOf(answer), `404;http://site.test:${site.port}/no/such.htm?a=%3Cb%3E&c=1|GET|0`);
    assert.match(answer, /^set-cookie: ASPSESSIONID/im, 'it has a session like every page');
    assert.equal(statusOf(await ask('/rewritten/page')), 200, 'sites rewrite addresses in this way');
    const moved = await ask('/old.htm');
    assert.match(moved, /^HTTP\/1\.1 302 [\s\S]*^location: \/new\.asp\r$/im);
  });

  test('what was sent to the page that is not there is not sent to it', async () => {
    const answer = await exchange(
      site.port,
      'POST /no.asp HTTP/1.1\r\nHost: site.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=1GET /new.asp HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n',
    );
    assert.match(bodyOf(answer), /\/no\.asp\|GET\|0/);
    assert.match(answer, /new$/, 'and the connection goes on');
    const head = await exchange(
      site.port,
      'HEAD /no.asp HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n',
    );
    assert.equal(statusOf(head), 404);
    assert.equal(bodyOf(head), '');
  });

  test('a file is shown with the status of the error, in the language that is asked for where it is there', async () => {
    const forbidden = await ask('/empty/');
    assert.equal(statusOf(forbidden), 403);
    assert.match(forbidden, /^content-type: text\/html\r$/im);
    assert.equal(bodyOf(forbidden), '<p>No.</p>');
    const put = (language: string) =>
      exchange(
        site.port,
        `DELETE /new.asp HTTP/1.1\r\nHost: s\r\nAccept-Language: ${language}\r\nConnection: close\r\n\r\n`,
      );
    assert.equal(bodyOf(await put('fr, de;q=0.8')), '<p>Nein.</p>');
    const other = await put('../..');
    assert.equal(bodyOf(other), '<p>Not so.</p>');
    assert.match(other, /^HTTP\/1\.1 405 [\s\S]*^allow: GET, HEAD, POST\r$/im);
  });

  test('a page’s own answer with an error status gives way, its cookies stay', async () => {
    const answer = await ask('/own.asp');
    assert.match(bodyOf(answer), /^404;http:.*\/own\.asp\|GET\|0$/);
    assert.match(answer, /^set-cookie: kept=1; path=\/\r$/im);
    assert.equal(answer.match(/^set-cookie: ASPSESSIONID/gim)?.length, 1, 'both pages see one session');
    assert.match(
      await ask('/gone.asp'),
      /^HTTP\/1\.1 302 [\s\S]*^location: https:\/\/www\.example\.test\/gone\r$/im,
    );
  });

  test('a script error is shown by the page for 500', async () => {
    const answer = await ask('/fails.asp');
    assert.equal(statusOf(answer), 500);
    assert.equal(bodyOf(answer), '<p>Broken.</p>');
  });

  test('a file that is never served is not served in this way either', async () => {
    for (let round = 0; round < 2; round += 1) {
      const answer = await ask('/app.config');
      assert.equal(statusOf(answer), 404);
      assert.doesNotMatch(answer, /secret/);
    }
  });

  test('what is refused before it is understood gets our short page, and runs nothing', async () => {
    const answer = await exchange(site.port, 'GET /no.htm HTTP/1.1\r\nHost: a@b\r\n\r\n');
    assert.equal(statusOf(answer), 400);
    const broken = await ask('/..%2f..%2fetc/passwd');
    assert.ok([400, 404].includes(statusOf(broken)));
  });
});

test('with PassThrough pages keep their answers; a page that fails itself is not asked again; a missing one is told of', async () => {
  const site = await RealSite.start(
    {
      ...FILES,
      'web.config': config(
        'existingResponse="PassThrough" defaultPath="/nowhere.htm" defaultResponseMode="ExecuteURL"',
        '<error statusCode="404" path="/err/broken.asp" responseMode="ExecuteURL"/>',
      ),
    },
    { config: { showErrors: true } },
  );
  try {
    assert.equal(bodyOf(await get(site.port, '/own.asp')), 'own text');
    const failed = await get(site.port, '/none.htm');
    assert.equal(statusOf(failed), 500);
    assert.match(bodyOf(failed), /Object required[\s\S]*\/err\/broken\.asp/);
    for (let round = 0; round < 2; round += 1) assert.equal(statusOf(await get(site.port, '/empty/')), 403);
    assert.deepEqual(site.told('asp.error-page-missing'), [
      { site: 'test', status: 403, path: '/nowhere.htm' },
    ]);
    assert.match(
      bodyOf(await get(site.port, '/fails.asp')),
      /Division by zero/,
      'errors that are to be seen are',
    );
    site.write(
      'web.config',
      config('errorMode="Detailed"', '<error statusCode="403" path="err/forbidden.htm"/>'),
    );
    while (site.told('asp.web-config-read').length === 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.doesNotMatch(bodyOf(await get(site.port, '/empty/')), /No\./, 'switched off');
  } finally {
    await site.stop();
  }
});
