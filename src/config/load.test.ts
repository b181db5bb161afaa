import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { effectiveSettings, jsonSchema } from './describe.ts';
import { type Config, loadConfig, type RawSettings } from './load.ts';

const badConfigs = join(import.meta.dirname, '../../test/bad-config');

describe('a bad configuration is refused with every problem at once', () => {
  for (const name of readdirSync(badConfigs)) {
    it(name.replace(/\.yaml$/, ''), () => {
      const text = readFileSync(join(badConfigs, name), 'utf8');
      const expected = [...text.matchAll(/^# expect: (\S+) (.*?): (.*)$/gm)];
      assert.ok(expected.length > 0, 'the case states what it expects');
      const result = loadConfig(text, '/etc/mailroot/mailroot.yaml');
      assert.equal(result.ok, false);
      const problems = result.ok ? [] : result.problems;
      assert.equal(problems.length, expected.length, JSON.stringify(problems, null, 2));
      expected.forEach(([, line, path, start], index) => {
        const problem = problems[index]!;
        assert.equal(String(problem.line ?? '-'), line);
        assert.equal(problem.path, path);
        assert.equal(problem.text.slice(0, start!.length), start);
      });
    });
  }
});

describe('a good configuration', () => {
  it('may be empty: one server on loopback with relay for loopback only', () => {
    const { servers } = mustLoad('');
    assert.equal(servers.length, 1);
    assert.equal(servers[0]!.name, 'default');
    assert.deepEqual(
      servers[0]!.listen.map(({ address }) => `${address.address} ${address.port}`),
      ['127.0.0.1 2525', '::1 2525'],
    );
    assert.deepEqual(servers[0]!.access.relayNetworks, ['127.0.0.0/8', '::1/128']);
    assert.equal(servers[0]!.mailroot, '/etc/mailroot/mailroot');
  });

  it('gives every server the settings of the file level unless it has its own', () => {
    const { servers } = mustLoad(`
      fqdn: mail.example.com
      limits: { recipientsPerMessage: 50, connections: 10 }
      servers:
        office: { listen: ['10.0.0.1:25'], mailroot: office }
        printers: { listen: ['10.0.0.2:25'], mailroot: printers, limits: { connections: 3 } }
    `);
    assert.deepEqual(
      servers.map(({ name, fqdn, limits }) => [name, fqdn, limits.recipientsPerMessage, limits.connections]),
      [
        ['office', 'mail.example.com', 50, 10],
        ['printers', 'mail.example.com', 50, 3],
      ],
    );
  });

  it('profile iis picks the installed Windows defaults, and the file still wins', () => {
    const { servers } = mustLoad('profile: iis\nlimits: { recipientsPerMessage: 7 }');
    const { limits, delivery, access } = servers[0]!;
    assert.equal(limits.messageSize, 2048 * 1024);
    assert.equal(limits.sessionSize, 10_240 * 1024);
    assert.equal(limits.recipientsPerMessage, 7);
    assert.equal(delivery.messagesPerConnection, 20);
    assert.deepEqual(access.relayNetworks, []);
  });

  it('flags of the command line win over the file and over a server of the file', () => {
    const config = mustLoad(
      'delivery: { smartHost: file.example }\nservers: { a: { delivery: { smartHost: own.example } } }',
      {
        delivery: { smartHost: 'flag.example:26' },
      },
    );
    assert.deepEqual(config.servers[0]!.delivery.smartHost, { host: 'flag.example', port: 26 });
  });

  it('takes relative paths from the folder of the file, also inside lists and maps', () => {
    const { servers } = mustLoad(`
      mailroot: spool
      access: { usersFile: users.txt }
      domains: { remote: { example.com: { smartHost: a.example, user: u, passwordFile: secret } } }
    `);
    assert.equal(servers[0]!.mailroot, '/etc/mailroot/spool');
    assert.equal(servers[0]!.access.usersFile, '/etc/mailroot/users.txt');
    assert.equal(servers[0]!.domains.remote['example.com']!.passwordFile, '/etc/mailroot/secret');
  });

  it('warns of an open relay that was asked for', () => {
    const { warnings } = mustLoad("access: { relayForEveryone: 'yes, this is an open relay' }");
    assert.match(warnings[0]!.text, /OPEN RELAY/);
    assert.equal(warnings[0]!.line, 1);
  });

  it('prints its effective settings so that they load again to the same, without passwords', () => {
    const config = mustLoad(
      "delivery: { smartHost: '[192.0.2.1]:587', user: u, password: hunter2 }\ndomains: { remote: { '*.example.com': { allowRelay: true } } }",
    );
    const text = effectiveSettings(config);
    assert.ok(!text.includes('hunter2'));
    const again = mustLoad(text);
    assert.equal(effectiveSettings(again), text);
  });

  it('has a JSON Schema that knows servers and refuses other names', () => {
    const schema = jsonSchema() as { properties: Record<string, unknown>; additionalProperties: unknown };
    assert.ok('servers' in schema.properties && 'delivery' in schema.properties);
    assert.equal(schema.additionalProperties, false);
  });
});

function mustLoad(text: string, flags: RawSettings = {}): Config {
  const result = loadConfig(text, '/etc/mailroot/mailroot.yaml', flags);
  assert.ok(result.ok, JSON.stringify(result));
  return result.config;
}

describe('sites', () => {
  it('have defaults as the old product had them, and paths from the folder of the file', () => {
    const config = mustLoad(
      [
        'sites:',
        '  shop:',
        '    folder: www',
        '    listen: [127.0.0.1:8080]',
        "    folders: { 'D:\\Mail': { folder: mail, access: create } }",
        '    dataSources: { DSN=news: { sqlite: news.sqlite } }',
      ].join('\n'),
    );
    const site = config.process.sites['shop']!;
    assert.equal(site.folder, '/etc/mailroot/www');
    assert.deepEqual(site.listen, [{ address: '127.0.0.1', port: 8080 }]);
    assert.deepEqual(site.folders, { 'D:\\Mail': { folder: '/etc/mailroot/mail', access: 'create' } });
    assert.deepEqual(site.dataSources, {
      'DSN=news': { sqlite: '/etc/mailroot/news.sqlite' },
    });
    assert.equal(site.limits.formSize, 200_000);
    assert.equal(site.asp.timeout, 90_000);
    assert.equal(site.sessions.timeout, 20 * 60_000);
    assert.match(effectiveSettings(config), /formSize: 200000 bytes/);
  });
});
