/** The doctor's checks of the way out: DNS, names, smart hosts, keys. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  createSecureContext,
  getCACertificates,
  type SecureVersion,
  setDefaultCACertificates,
  TLSSocket,
} from 'node:tls';
import { nodeDisk } from '../../src/base/index.ts';
import type { RawSettings } from '../../src/config/index.ts';
import { type DoctorOptions, thisMachine } from '../../src/doctor/index.ts';
import { addUser } from '../../src/intake/index.ts';
import { RelayHere } from '../support/in-process.ts';
import { startNsd } from '../support/nsd.ts';
import { contextOf, eachLine, find, fresh, ids, listening, unseen, uselessDns } from './bench.ts';

describe('outbound', () => {
  const root = fresh();
  const zones = {
    'example.test': [
      ['example.test', 'TXT', 'v=spf1 -all'],
      ['example.test', 'MX', '10 mx.example.test.'],
      ['mx.example.test', 'A', '127.0.0.1'],
      ['mail.example.test', 'A', '127.0.0.1'],
      ['mail.example.test', 'TXT', 'v=spf1 -all'],
      ['smart.example.test', 'A', '127.0.0.1'],
      ['two.example.test', 'TXT', 'v=spf1 -all'],
      ['two.example.test', 'TXT', 'v=spf1 +all'],
      ['nomail.example.test', 'MX', '0 .'],
      ['dead.example.test', 'MX', '10 nowhere.example.test.'],
    ],
    '127.in-addr.arpa': [['1.0.0.127.in-addr.arpa', 'PTR', 'mail.example.test.']],
  } as const;
  const network = (domain?: string): Partial<DoctorOptions> => ({
    network: true,
    ...(domain !== undefined && { domain }),
  });

  it('asks DNS by UDP and TCP, the names, MX and SPF of a real name server', async () => {
    const dns = await startNsd(zones);
    try {
      const check = async (settings: RawSettings = {}, domain?: string): Promise<string[]> =>
        ids(
          await find(
            contextOf(root, {
              settings: {
                delivery: { dnsServers: [dns.server], ...(settings['delivery'] as object) },
                domains: { default: 'example.test' },
                ...pick(settings),
              },
              options: network(domain),
            }),
            'outbound',
          ),
        );
      const pick = (settings: RawSettings): RawSettings =>
        Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'delivery'));
      assert.deepEqual(await check(), []);
      assert.deepEqual(await check({ fqdn: 'unknown.example.test' }), ['outbound.fqdn-unknown']);
      assert.deepEqual(await check({ fqdn: 'mx.example.test' }), ['outbound.no-reverse']);
      assert.deepEqual(await check({ fqdn: 'short' }), ['outbound.fqdn-short']);
      assert.deepEqual(await check({ domains: { default: 'mx.example.test' } }), ['outbound.no-spf']);
      assert.deepEqual(await check({ domains: { default: 'two.example.test' } }), ['outbound.two-spf']);
      const host = createServer();
      const port = await listening(host);
      assert.deepEqual(await check({ delivery: { port } }, 'example.test'), []);
      host.close();
      const closed = await find(
        contextOf(root, {
          settings: { delivery: { dnsServers: [dns.server], port }, domains: { default: 'example.test' } },
          options: network('example.test'),
        }),
        'outbound',
      );
      assert.deepEqual(ids(closed), ['outbound.unreachable']);
      assert.match(closed[0]!.seen, /mx\.example\.test \(127\.0\.0\.1\): ECONNREFUSED/);
      assert.deepEqual(await check({}, 'no-such.example.test'), ['outbound.no-such-domain']);
      assert.deepEqual(await check({}, 'nomail.example.test'), ['outbound.null-mx']);
      assert.deepEqual(await check({}, 'dead.example.test'), ['outbound.unreachable']);
    } finally {
      await dns.stop();
    }
  });

  it('tells a DNS server without TCP from one that is silent', async () => {
    const udp = createSocket('udp4');
    udp.on('message', (bytes, from) => {
      const answer = Buffer.from(bytes.subarray(0, 12));
      answer[2] = 0x84;
      answer[3] = 0x03;
      udp.send(Buffer.concat([answer.fill(0, 4, 12)]), from.port, from.address);
    });
    const port = await new Promise<number>((ready) =>
      udp.bind(0, '127.0.0.1', () => ready(udp.address().port)),
    );
    const settings = {
      fqdn: 'short',
      delivery: { dnsServers: [`127.0.0.1:${port}`] },
      domains: { default: 'short' },
    };
    const found = ids(await find(contextOf(root, { settings, options: network() }), 'outbound'));
    assert.ok(found.includes('outbound.dns-no-tcp'), found.join());
    udp.close();
    const silent = ids(await find(contextOf(root, { settings, options: network() }), 'outbound'));
    assert.ok(silent.includes('outbound.dns-silent'), silent.join());
  });

  it('greets the smart host: unknown, ourselves, closed, refusing, without TLS, without AUTH, with other AUTH, well', async () => {
    const dns = await startNsd(zones);
    let greeting = '220 smart';
    let keywords = ['AUTH PLAIN LOGIN'];
    const host = createServer((socket) => {
      socket.write(`${greeting}\r\n`);
      eachLine(socket, (line) => {
        if (line.startsWith('EHLO'))
          socket.write(['250-smart', ...keywords.map((word) => `250-${word}`), '250 HELP', ''].join('\r\n'));
        else if (line.startsWith('AUTH')) socket.write('235 welcome\r\n');
        else socket.write('250 ok\r\n');
      });
    });
    const port = await listening(host);
    writeFileSync(join(root, 'password'), 'x\n');
    const check = async (delivery: RawSettings, listen: readonly string[] = []): Promise<string[]> =>
      ids(
        await find(
          contextOf(root, {
            settings: {
              listen,
              delivery: { dnsServers: [dns.server], ...delivery },
              domains: { default: 'example.test' },
            },
            options: network(),
          }),
          'outbound',
        ),
      );
    const user = { user: 'u', passwordFile: join(root, 'password') };
    try {
      const smartHost = `smart.example.test:${port}`;
      assert.deepEqual(await check({ smartHost }), []);
      assert.deepEqual(await check({ smartHost: 'gone.example.test' }), ['outbound.smart-host-unknown']);
      assert.deepEqual(await check({ smartHost }, [`127.0.0.1:${port}`]), ['outbound.smart-host-self']);
      assert.deepEqual(await check({ smartHost, ...user, tls: 'none', plainTextPassword: true }), []);
      assert.deepEqual(await check({ smartHost, ...user }), ['outbound.smart-host-no-tls']);
      keywords = ['AUTH GSSAPI'];
      assert.deepEqual(await check({ smartHost, ...user, tls: 'none', plainTextPassword: true }), [
        'outbound.smart-host-auth',
      ]);
      keywords = [];
      assert.deepEqual(await check({ smartHost, ...user, tls: 'none', plainTextPassword: true }), [
        'outbound.smart-host-no-auth',
      ]);
      greeting = '554 no';
      assert.deepEqual(await check({ smartHost }), ['outbound.smart-host-refuses']);
      greeting = 'HTTP/1.0 400 Bad Request';
      assert.deepEqual(await check({ smartHost }), ['outbound.smart-host-unreachable']);
      await new Promise((closed) => host.close(closed));
      assert.deepEqual(await check({ smartHost }), ['outbound.smart-host-unreachable']);
      // Recognised by name alone; whether it answers is another matter.
      assert.ok((await check({ smartHost: 'smtp.office365.com:25' })).includes('outbound.microsoft-365'));
      assert.ok(
        (await check({ smartHost: 'contoso-com.mail.protection.outlook.com:587' })).includes(
          'outbound.microsoft-365',
        ),
      );
      assert.ok(
        !(await check({ smartHost: 'smtp.office365.com:587', ...user })).includes('outbound.microsoft-365'),
      );
    } finally {
      await dns.stop();
    }
  });
});

describe('outbound: DNS of the machine', () => {
  it('misses name servers, and is silent about those that there are', async () => {
    const settings = { fqdn: 'short', domains: { default: 'short' } };
    const network = { options: { network: true } };
    const without = contextOf(fresh(), {
      settings,
      ...network,
      machine: { ...thisMachine, nameServers: () => [] },
    });
    assert.ok(ids(await find(without, 'outbound')).includes('outbound.no-dns'));
    const dns = await startNsd({ 'example.test': [['mail.example.test', 'A', '127.0.0.1']] });
    const machine = { ...thisMachine, nameServers: () => [dns.server] };
    assert.deepEqual(ids(await find(contextOf(fresh(), { settings, ...network, machine }), 'outbound')), [
      'outbound.fqdn-short',
    ]);
    await dns.stop();
  });

  it('tells a server that answers by TCP alone, and one that fails for a domain', async () => {
    const tcp = await uselessDns(['tcp']);
    const settings = { fqdn: 'short', domains: { default: 'short' }, delivery: { dnsServers: [tcp.server] } };
    const found = await find(contextOf(fresh(), { settings, options: { network: true } }), 'outbound');
    assert.deepEqual(ids(found), ['outbound.dns-no-udp', 'outbound.fqdn-short']);
    tcp.close();
    const both = await uselessDns();
    const options = { network: true, domain: 'far.example.test' };
    const failing = await find(
      contextOf(fresh(), { settings: { ...settings, delivery: { dnsServers: [both.server] } }, options }),
      'outbound',
    );
    assert.deepEqual(ids(failing), ['outbound.fqdn-short', 'outbound.mx-failed']);
    both.close();
  });
});

describe('outbound: DKIM', () => {
  const rsa = (bits: number, type: 'spki' | 'pkcs1' = 'spki'): string =>
    generateKeyPairSync('rsa', { modulusLength: bits })
      .publicKey.export({ format: 'der', type })
      .toString('base64');
  const texts = (record: string): string => record.match(/.{1,200}/g)!.join('" "');

  it('looks the key of each named selector up: there, missing, revoked, broken, weak, two of them', async () => {
    const ed25519 = generateKeyPairSync('ed25519')
      .publicKey.export({ format: 'der', type: 'spki' })
      .subarray(-32);
    const record = (selector: string, text: string) =>
      [`${selector}._domainkey.example.test`, 'TXT', texts(text)] as const;
    const dns = await startNsd({
      'example.test': [
        ['example.test', 'TXT', 'v=spf1 -all'],
        ['mail.example.test', 'A', '127.0.0.1'],
        record('good', `v=DKIM1; k=rsa; p=${rsa(2048)}`),
        record('old', `p=${rsa(2048, 'pkcs1')}`),
        record('ed', `v=DKIM1; k=ed25519; p=${ed25519.toString('base64')}`),
        record('short-ed', 'v=DKIM1; k=ed25519; p=AAAA'),
        record('weak', `v=DKIM1; p=${rsa(1024)}`),
        record('weaker', `v=DKIM1; p=${rsa(512)}`),
        record('revoked', 'v=DKIM1; p='),
        record('cut', 'v=DKIM1; p=MIIBIjANBgkqh'),
        record('other', 'v=DKIM2; p=AAAA'),
        record('two', 'v=DKIM1; p=AAAA'),
        record('two', 'v=DKIM1; p=BBBB'),
      ],
      '127.in-addr.arpa': [['1.0.0.127.in-addr.arpa', 'PTR', 'mail.example.test.']],
    });
    try {
      const check = async (...dkimSelectors: string[]): Promise<string[]> =>
        (
          await find(
            contextOf(fresh(), {
              settings: { delivery: { dnsServers: [dns.server] }, domains: { default: 'example.test' } },
              options: { network: true, dkimSelectors },
            }),
            'outbound',
          )
        ).map(({ id, severity }) => `${id} ${severity}`);
      assert.deepEqual(await check('good', 'old', 'ed'), []);
      assert.deepEqual(await check('nowhere'), ['outbound.dkim-missing warning']);
      assert.deepEqual(await check('revoked'), ['outbound.dkim-revoked error']);
      for (const broken of ['cut', 'other', 'two', 'short-ed'])
        assert.deepEqual(await check(broken), ['outbound.dkim-broken error'], broken);
      assert.deepEqual(await check('weak'), ['outbound.dkim-weak info']);
      assert.deepEqual(await check('weaker'), ['outbound.dkim-weak error']);
    } finally {
      await dns.stop();
    }
  });
});

describe('outbound: the smart host, up to the log-on', () => {
  const root = fresh();
  const password = 'correct horse battery';
  writeFileSync(join(root, 'password'), `${password}\n`);
  writeFileSync(join(root, 'wrong'), 'wrong battery\n');
  const usual = getCACertificates('default');
  let dns: Awaited<ReturnType<typeof uselessDns>>;
  before(async () => {
    dns = await uselessDns();
  });
  after(() => {
    setDefaultCACertificates(usual);
    dns.close();
  });

  /** A certificate that signs itself. */
  function certificate(name: string): { cert: Buffer; key: Buffer } {
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${name}`],
      ...['-addext', `subjectAltName=DNS:${name}`],
      ...['-keyout', join(root, `${name}.key`), '-out', join(root, `${name}.pem`)],
    ]);
    assert.equal(made.status, 0, String(made.stderr));
    return { cert: readFileSync(join(root, `${name}.pem`)), key: readFileSync(join(root, `${name}.key`)) };
  }
  const { cert, key } = certificate('localhost');

  /** A host that takes AUTH PLAIN after STARTTLS, and says what it heard. */
  async function host(changes: {
    readonly startTls?: string;
    readonly breaksAt?: string;
    readonly maxVersion?: SecureVersion;
    readonly implicit?: true;
  }): Promise<{ readonly port: number; readonly heard: string[]; close(): void }> {
    const heard: string[] = [];
    const context = createSecureContext({
      cert,
      key,
      ciphers: 'DEFAULT@SECLEVEL=0',
      minVersion: 'TLSv1',
      ...(changes.maxVersion !== undefined && { maxVersion: changes.maxVersion }),
    });
    const talk = (socket: Socket, isSecure: boolean): void => {
      if (!isSecure || changes.implicit) socket.write('220 smart\r\n');
      let isUpgraded = false;
      eachLine(socket, (line) => {
        if (isUpgraded) return;
        const [verb = ''] = line.split(' ', 1);
        heard.push(line);
        if (verb === changes.breaksAt) socket.destroy();
        else if (verb === 'EHLO')
          socket.write(`250-smart\r\n${isSecure ? '250 AUTH PLAIN' : '250 STARTTLS'}\r\n`);
        else if (verb === 'STARTTLS') {
          socket.write(`${changes.startTls ?? '220 go'}\r\n`);
          if (changes.startTls !== undefined) return;
          isUpgraded = true;
          socket.removeAllListeners('data');
          const secure = new TLSSocket(socket, { isServer: true, secureContext: context });
          secure.on('error', () => {});
          talk(secure, true);
        } else if (verb === 'AUTH') {
          const [, user, given] = Buffer.from(line.split(' ')[2]!, 'base64').toString().split('\0');
          const isRight = user === 'ann' && given === password;
          // A host without manners, which says what it heard.
          socket.write(isRight ? '235 2.7.0 welcome\r\n' : `535 5.7.8 not with ${given}\r\n`);
        } else socket.write('250 ok\r\n');
      });
    };
    const server = createServer((socket) => {
      socket.on('error', () => {});
      if (changes.implicit) {
        const secure = new TLSSocket(socket, { isServer: true, secureContext: context });
        secure.on('error', () => {});
        talk(secure, true);
      } else talk(socket, false);
    });
    const port = await listening(server);
    return { port, heard, close: () => server.close() };
  }

  const check = async (port: number, delivery: RawSettings) => {
    const settings = {
      fqdn: 'short',
      domains: { default: 'short' },
      delivery: { dnsServers: [dns.server], smartHost: `localhost:${port}`, ...delivery },
    };
    const found = await find(contextOf(root, { settings, options: { network: true } }), 'outbound');
    return found.filter(({ id }) => id.startsWith('outbound.smart-host'));
  };
  const right = { user: 'ann', passwordFile: join(root, 'password') };

  it('is silent when everything is right, over STARTTLS and over TLS from the first byte', async () => {
    setDefaultCACertificates([...usual, String(cert)]);
    for (const changes of [{}, { implicit: true }] as const) {
      const { port, heard, close } = await host(changes);
      const tls = 'implicit' in changes ? { tls: 'implicit' } : {};
      assert.deepEqual(await check(port, { ...right, ...tls }), []);
      assert.ok(
        heard.some((line) => line.startsWith('AUTH PLAIN ')),
        'the log-on was really tried',
      );
      assert.ok(!heard.some((line) => /^(MAIL|RCPT|DATA)/.test(line)));
      close();
    }
  });

  it('says that the log-on fails, with the answer, and never shows the password', async () => {
    setDefaultCACertificates([...usual, String(cert)]);
    const { port, close } = await host({});
    const found = await check(port, { user: 'ann', passwordFile: join(root, 'wrong') });
    assert.deepEqual(ids(found), ['outbound.smart-host-logon']);
    assert.match(found[0]!.seen, /the log-on of 'ann' by AUTH PLAIN fails: 535 5\.7\.8 not with \*\*\*\*$/);
    assert.ok(!JSON.stringify(found).includes('wrong battery'));
    assert.deepEqual(ids(await check(port, { user: 'ann', passwordFile: join(root, 'nowhere') })), [
      'outbound.smart-host-password-file',
    ]);
    close();
  });

  it('gives the password to no host whose certificate is not trusted, and is silent where that is not asked for', async () => {
    setDefaultCACertificates(usual);
    for (const changes of [{}, { implicit: true }] as const) {
      const { port, heard, close } = await host(changes);
      const tls = 'implicit' in changes ? { tls: 'implicit' } : {};
      assert.deepEqual(ids(await check(port, { ...right, ...tls })), ['outbound.smart-host-certificate']);
      assert.ok(!heard.some((line) => line.startsWith('AUTH')));
      assert.deepEqual(await check(port, { ...right, ...tls, verifyCertificate: false }), []);
      close();
    }
  });

  it('sees old TLS, a refused STARTTLS and a conversation that breaks', async () => {
    setDefaultCACertificates([...usual, String(cert)]);
    const old = await host({ maxVersion: 'TLSv1.1' });
    const found = await check(old.port, right);
    assert.deepEqual(ids(found), ['outbound.smart-host-old-tls']);
    assert.match(found[0]!.seen, /it speaks TLSv1\.1/);
    assert.ok(!old.heard.some((line) => line.startsWith('AUTH')));
    old.close();
    const refusing = await host({ startTls: '454 4.7.0 no TLS today' });
    assert.deepEqual(ids(await check(refusing.port, {})), ['outbound.smart-host-tls-refused']);
    refusing.close();
    for (const breaksAt of ['EHLO', 'AUTH']) {
      const breaking = await host({ breaksAt });
      assert.deepEqual(ids(await check(breaking.port, right)), ['outbound.smart-host-breaks'], breaksAt);
      breaking.close();
    }
  });

  it('logs on at a real server as the relay would, for a remote domain of its own too', async () => {
    const relay = await RelayHere.start();
    const usersFile = join(relay.mailroot, 'users');
    await addUser({ disk: nodeDisk, path: usersFile }, 'ann', password);
    await relay.reload({ access: { usersFile, plainTextAuthNetworks: ['127.0.0.0/8'] } });
    const remote = (passwordFile: string): RawSettings => ({
      settings: {
        fqdn: 'short',
        domains: {
          default: 'short',
          remote: {
            'far.test': {
              smartHost: `[127.0.0.1]:${relay.smtpPort}`,
              user: 'ann',
              passwordFile: join(root, passwordFile),
              tls: 'none',
              plainTextPassword: true,
            },
          },
        },
        delivery: { dnsServers: [dns.server] },
      },
      options: { network: true },
    });
    const smart = async (given: RawSettings) =>
      (await find(contextOf(root, given), 'outbound')).filter(({ id }) =>
        id.startsWith('outbound.smart-host'),
      );
    assert.deepEqual(await smart(remote('password')), []);
    assert.ok(
      relay.events.some(({ name, fields }) => name === 'smtp.auth-accepted' && fields['user'] === 'ann'),
    );
    const found = await smart(remote('wrong'));
    assert.deepEqual(ids(found), ['outbound.smart-host-logon']);
    assert.match(found[0]!.seen, /by AUTH SCRAM-SHA-256 fails: 535 /);
    assert.match(found[0]!.cure, /domains\.remote\.far\.test\.user/);
    await relay.stop();
  });
});

it('each check of the way out was seen to find something, and to be silent', () => {
  assert.deepEqual(unseen('outbound'), []);
});
