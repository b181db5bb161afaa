import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, test } from 'node:test';
import { siteOf } from './asp.ts';
import type { CommandIo, OptionValues } from './command.ts';
import { runCommandLine } from './main.ts';

const top = mkdtempSync(join(tmpdir(), 'mailroot-asp-command-'));
mkdirSync(join(top, 'site'));
mkdirSync(join(top, 'mailroot', 'Pickup'), { recursive: true });
writeFileSync(join(top, 'shop.db'), '');
after(() => rmSync(top, { recursive: true }));

function io(): CommandIo & { readonly stderr: PassThrough } {
  const stdin = Readable.from([]) as unknown as NodeJS.ReadableStream;
  return { stdin, stdout: new PassThrough(), stderr: new PassThrough(), environment: {}, folder: top };
}

for (const [args, expected] of [
  [[], /which folder\?/],
  [['none'], /there is no folder .*none; give the folder/],
  [['site', '--listen', '8080'], /--listen 8080: an address and port such as/],
  [['site', '--pickup', 'nowhere'], /--pickup: there is no folder .*nowhere; 'mailroot start' makes one/],
  [['site', '--map', 'D:\\data'], /--map 'D:\\data': write it as 'C:\\folder=DIR'/],
  [['site', '--map', 'data=x'], /--map: a Windows path such as/],
  [['site', '--data-source', 'shop'], /--data-source: the data source is written as 'MATCH=sqlite:FILE'/],
  [['site', '--data-source', 'shop=sqlite:none.db'], /--data-source: there is no file .*none\.db for 'shop'/],
  [['site', '--listen-https', '127.0.0.1:0'], /--listen-https: HTTPS needs a certificate/],
  [['site', '--key', 'x.pem'], /--certificate, --key: .*belong together/],
  [['site', '--threads', 'many'], /--threads many: a number is expected/],
  [['site', '--session-timeout', '20'], /--session-timeout: a duration such as/],
  [['site', '--error-page', 'x.asp'], /--error-page: a path of the site/],
] as const) {
  test(`refuses ${args.join(' ') || 'no folder'} and says how it is written`, async () => {
    const streams = io();
    assert.equal(await runCommandLine(['asp', ...args], streams), 2);
    const text = String(streams.stderr.read());
    assert.match(text, expected);
    assert.match(text, /See 'mailroot asp --help'/);
  });
}

const settings = (values: OptionValues) => siteOf({ values, positionals: ['site'], io: io() });

test('without options: loopback port 8080, the Pickup of the mailroot here, nothing writable', () => {
  const { config, pickup, logFolder } = settings({});
  assert.deepEqual(config.listen, [{ address: '127.0.0.1', port: 8080 }]);
  assert.equal(config.folder, join(top, 'site'));
  assert.equal(pickup, join(top, 'mailroot', 'Pickup'));
  assert.equal(logFolder, undefined);
  assert.equal(config.writable, false);
  assert.equal(config.showErrors, false);
});

test('each option stands for its setting', () => {
  const { config, logFolder } = settings({
    listen: ['127.0.0.1:81'],
    map: ['D:\\data=data'],
    'map-read': ['D:\\texts=texts'],
    'data-source': ['DSN=shop=sqlite:shop.db', 'news=sqlserver:postgresql://u@h/n'],
    'allow-http': ['api.test'],
    'smtp-server': ['mail.test:25'],
    'host-name': ['shop.test'],
    'show-errors': true,
    'error-page': '/500.asp',
    'parent-paths': true,
    'session-timeout': '45m',
    'code-page': '65001',
    locale: '1031',
    threads: '3',
    log: 'logs',
    writable: true,
    'windows-folder': 'E:\\www',
  });
  assert.deepEqual(config.folders, {
    'D:\\data': { folder: join(top, 'data'), access: 'write' },
    'D:\\texts': { folder: join(top, 'texts'), access: 'read' },
  });
  assert.deepEqual(config.dataSources, {
    'DSN=shop': { sqlite: join(top, 'shop.db') },
    news: { postgresql: 'postgresql://u@h/n', dialect: 'sqlserver' },
  });
  assert.deepEqual(config.allowHttp, ['api.test']);
  assert.deepEqual(config.smtpServers, ['mail.test:25']);
  assert.deepEqual(config.hostNames, ['shop.test']);
  assert.equal(config.showErrors, true);
  assert.equal(config.errorPage, '/500.asp');
  assert.equal(config.asp.parentPaths, true);
  assert.equal(config.asp.codePage, 65001);
  assert.equal(config.asp.locale, 1031);
  assert.equal(config.asp.threads, 3);
  assert.equal(config.sessions.timeout, 45 * 60_000);
  assert.equal(config.windowsFolder, 'E:\\www');
  assert.equal(config.writable, true);
  assert.equal(logFolder, join(top, 'logs'));
});
