import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWebConfig, WEB_CONFIG_BYTES } from './web-config.ts';

const INHERITED = ['Default.htm', 'Default.asp'];

const server = (inside: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<configuration>\n<system.webServer>\n${inside}\n</system.webServer>\n</configuration>`;

async function read(text: string) {
  const result = await readWebConfig(Buffer.from(text), INHERITED);
  assert.ok(result.ok, result.ok ? '' : result.reason);
  return result.value;
}

async function problem(text: string): Promise<string> {
  const result = await readWebConfig(Buffer.from(text), INHERITED);
  assert.equal(result.ok, false);
  return result.ok ? '' : result.reason;
}

test('reads the settings of <asp> in the notation of IIS', async () => {
  const { asp } = await read(
    server(`<asp bufferingOn="false" codePage="65001" lcid="1031" enableParentPaths="true"
      scriptErrorSentToBrowser="True" scriptErrorMessage="Sorry." scriptLanguage="JScript">
      <session allowSessionState="true" timeout="00:45:00" max="5000" keepSessionIdSecure="false" />
      <limits bufferingLimit="8388608" maxRequestEntityAllowed="1000000" scriptTimeout="00:05:00" />
      <comPlus appServiceFlags="None" />
      <cache diskTemplateCacheDirectory="x" />
    </asp>`),
  );
  assert.deepEqual(asp, {
    bufferingOn: false,
    codePage: 65001,
    lcid: 1031,
    enableParentPaths: true,
    scriptErrorSentToBrowser: true,
    scriptErrorMessage: 'Sorry.',
    scriptLanguage: 'JScript',
    bufferingLimit: 8_388_608,
    maxRequestEntityAllowed: 1_000_000,
    scriptTimeout: 300,
    allowSessionState: true,
    keepSessionIdSecure: false,
    sessionMax: 5000,
    sessionTimeoutMinutes: 45,
  });
});

test('default documents are added in front, removed, cleared, or switched off', async () => {
  const documents = async (files: string, enabled = 'true') =>
    (await read(server(`<defaultDocument enabled="${enabled}"><files>${files}</files></defaultDocument>`)))
      .defaultDocuments;
  assert.deepEqual(await documents('<add value="home.asp"/><add value="start.asp"/>'), [
    'home.asp',
    'start.asp',
    ...INHERITED,
  ]);
  assert.deepEqual(await documents('<remove value="DEFAULT.HTM"/>'), ['Default.asp']);
  assert.deepEqual(await documents('<clear/><add value="only.asp"/>'), ['only.asp']);
  assert.deepEqual(await documents('', 'false'), []);
  assert.equal((await read(server(''))).defaultDocuments, undefined);
});

test('reads media types, request limits and error pages', async () => {
  const config = await read(
    server(`<staticContent><remove fileExtension=".x"/><mimeMap fileExtension=".X" mimeType="text/x-x; charset=utf-8"/></staticContent>
      <security><requestFiltering><requestLimits maxAllowedContentLength="5000000" maxUrl="1000" maxQueryString="500"/></requestFiltering></security>
      <httpErrors errorMode="Custom"><remove statusCode="500" subStatusCode="100"/>
      <error statusCode="500" subStatusCode="100" path="/err/500.asp" responseMode="ExecuteURL"/>
      <error statusCode="404" path="/missing.asp?x" responseMode="ExecuteURL"/></httpErrors>`),
  );
  assert.deepEqual([...config.mediaTypes], [['x', 'text/x-x; charset=utf-8']]);
  assert.equal(config.maxAllowedContentLength, 5_000_000);
  assert.equal(config.maxUrl, 1000);
  assert.equal(config.maxQueryString, 500);
  assert.deepEqual(config.errorPages, {
    isOn: true,
    passThrough: false,
    pages: [
      { status: 500, subStatus: 100, path: '/err/500.asp', mode: 'ExecuteURL' },
      { status: 404, subStatus: -1, path: '/missing.asp?x', mode: 'ExecuteURL' },
    ],
    fallback: undefined,
  });
});

test('reads the rest of httpErrors: modes, languages, what is removed, and the page for all others', async () => {
  const { errorPages } = await read(
    server(`<httpErrors errorMode="detailed" existingResponse="PassThrough" defaultPath="all.htm">
      <error statusCode="403" path="x.htm"/><clear/>
      <error statusCode="404" path="not here.htm" prefixLanguageFilePath="%SystemDrive%\\inetpub\\custerr"/>
      <error statusCode="405" path="a"/><remove statusCode="405"/>
      <error statusCode="406" path="https://www.example.test/" responseMode="redirect"/></httpErrors>`),
  );
  assert.deepEqual(errorPages, {
    isOn: false,
    passThrough: true,
    pages: [
      {
        ...{ status: 404, subStatus: -1, path: 'not here.htm', mode: 'File' },
        prefix: '%SystemDrive%\\inetpub\\custerr',
      },
      { status: 406, subStatus: -1, path: 'https://www.example.test/', mode: 'Redirect' },
    ],
    fallback: { status: 0, subStatus: -1, path: 'all.htm', mode: 'File' },
  });
});

test('a file for ASP.NET alone says nothing to us', async () => {
  const config = await read(
    '<configuration><appSettings><add key="a" value="b"/></appSettings><system.web/></configuration>',
  );
  assert.deepEqual(config.asp, {});
});

for (const [what, text, expected] of [
  ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><configuration/>', /document type/],
  ['an outer entity', '<!DOCTYPE x SYSTEM "file:///etc/passwd"><configuration/>', /document type/],
  ['an entity of its own', '<?xml version="1.0"?><configuration>&a;</configuration>', /entity/i],
  ['a cut file', '<?xml version="1.0"?><configuration><system.webServer>', /unclosed/i],
  ['another root', '<?xml version="1.0"?><other/>', /no element <configuration>/],
  ['too much', ' '.repeat(WEB_CONFIG_BYTES + 1), /more than/],
  [
    'a wrong switch',
    server('<asp bufferingOn="yes"/>'),
    /line 4: bufferingOn="yes" in <asp>: 'true' or 'false'/,
  ],
  ['a wrong number', server('<asp codePage="-1"/>'), /codePage="-1".*whole number/],
  ['a huge number', server('<asp codePage="99999999999"/>'), /whole number/],
  ['a wrong span', server('<asp><limits scriptTimeout="90"/></asp>'), /time span such as/],
  ['no time at all', server('<asp><session timeout="00:00:00"/></asp>'), /a second at least/],
  ['a foreign language', server('<asp scriptLanguage="PerlScript"/>'), /VBScript or JScript/],
  [
    'a document elsewhere',
    server('<defaultDocument><files><add value="..\\x.asp"/></files></defaultDocument>'),
    /the name of a file/,
  ],
  [
    'a type with a line break',
    server('<staticContent><mimeMap fileExtension=".x" mimeType="a/b&#13;&#10;X: y"/></staticContent>'),
    /a media type/,
  ],
  [
    'a mode that does not exist',
    server('<httpErrors><error statusCode="404" path="/x" responseMode="Run"/></httpErrors>'),
    /File, ExecuteURL or Redirect/,
  ],
  [
    'a page to execute elsewhere',
    server('<httpErrors><error statusCode="404" path="http://x/" responseMode="ExecuteURL"/></httpErrors>'),
    /path="http:\/\/x\/" in <error>: a path of this site/,
  ],
  [
    'a redirection to nowhere',
    server('<httpErrors><error statusCode="404" path="javascript:x" responseMode="Redirect"/></httpErrors>'),
    /begins with '\/'/,
  ],
  [
    'an error mode that does not exist',
    server('<httpErrors errorMode="On"/>'),
    /DetailedLocalOnly, Custom or Detailed/,
  ],
  [
    'a status that is none',
    server('<httpErrors><error statusCode="40" path="/x"/></httpErrors>'),
    /a status from 400/,
  ],
] as const) {
  test(`refuses ${what} and says where`, async () => {
    assert.match(await problem(text), expected);
  });
}
