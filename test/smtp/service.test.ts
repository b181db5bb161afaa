/** What concerns more than one command: time, limits, TLS, reload, stop, logs, trace. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type LogFields, type Logger, nodeDisk, RelayError } from '../../src/base/index.ts';
import { addUser, defaultSmtpIntakeSettings, SmtpPolicy } from '../../src/intake/index.ts';
import { defaultServerSettings, type TraceItem, W3C_FIELDS, W3cLog } from '../../src/smtp/index.ts';
import { fakeDns } from '../support/fake-dns.ts';
import { manualClock } from '../support/manual-clock.ts';
import { type FixtureOptions, type SmtpFixture, startSmtpFixture } from '../support/smtp-fixture.ts';

const TLS = join(import.meta.dirname, '../dialogs-client/tls');
const scratch = mkdtempSync(join(tmpdir(), 'mailroot-service-'));
after(() => rmSync(scratch, { recursive: true }));

const fixtures: SmtpFixture[] = [];
const talks: Talk[] = [];
afterEach(async () => {
  for (const talk of talks.splice(0)) talk.socket.destroy();
  for (const fixture of fixtures.splice(0)) await fixture.stop();
});

async function serve(options: FixtureOptions = {}): Promise<SmtpFixture> {
  const fixture = await startSmtpFixture(options);
  fixtures.push(fixture);
  return fixture;
}

/** One client connection. */
class Talk {
  socket: Socket;
  #text = '';
  #isClosed = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    talks.push(this);
    this.#listen();
  }

  static to(port: number, from = '127.0.0.1'): Talk {
    return new Talk(connect({ port, host: '127.0.0.1', localAddress: from }));
  }

  #listen(): void {
    this.socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString();
      this.#wake();
    });
    for (const event of ['close', 'end', 'error'])
      this.socket.on(event, () => {
        this.#isClosed = true;
        this.#wake();
      });
  }

  /** The next reply; lines joined by `|`; `closed` when the connection ends. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(this.#text);
      if (match) {
        this.#text = this.#text.slice(match[0].length);
        return match[0].slice(0, -2).replaceAll('\r\n', '|');
      }
      if (this.#isClosed) return 'closed';
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async ask(text: string): Promise<string> {
    this.socket.write(`${text}\r\n`);
    return this.reply();
  }

  /** Greets and goes up to an accepted RCPT. */
  async transact(): Promise<void> {
    await this.reply();
    await this.ask('EHLO client.test');
    assert.match(await this.ask('MAIL FROM:<a@b.test>'), /^250/);
    assert.match(await this.ask('RCPT TO:<c@local.test>'), /^250/);
  }

  async send(body = 'x'): Promise<string> {
    assert.match(await this.ask('DATA'), /^354/);
    return this.ask(`${body}\r\n.`);
  }

  async secure(): Promise<TLSSocket> {
    this.socket.removeAllListeners();
    const secure = connectTls({ socket: this.socket, rejectUnauthorized: false });
    await new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', resolve);
      secure.once('error', reject);
    });
    this.socket = secure;
    this.#listen();
    return secure;
  }
}

const tls = {
  certificates: [{ certFile: join(TLS, 'mx.pem'), keyFile: join(TLS, 'mx.key') }],
  minVersion: 'TLSv1.2',
} as const;

function recorder(): { logger: Logger; events: { name: string; fields: LogFields }[] } {
  const events: { name: string; fields: LogFields }[] = [];
  const logger: Logger = {
    event: (_level, name, fields = {}) => {
      events.push({ name, fields });
    },
    with: () => logger,
  };
  return { logger, events };
}

// ── TLS ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

test('STARTTLS forgets what was said before, offers AUTH, and is not offered again', async () => {
  const usersFile = join(scratch, 'users-tls');
  await addUser({ disk: nodeDisk, path: usersFile, iterations: 10 }, 'anna', 'secret');
  const { port } = await serve({ server: { tls }, usersFile });
  const talk = Talk.to(port);
  await talk.reply();
  const offered = await talk.ask('EHLO client.test');
  assert.match(offered, /\|250-STARTTLS\|/);
  assert.doesNotMatch(offered, /AUTH/);
  await talk.ask('MAIL FROM:<a@b.test>');
  assert.match(await talk.ask('STARTTLS'), /^503/);
  await talk.ask('RSET');
  assert.equal(await talk.ask('STARTTLS'), '220 2.0.0 SMTP server ready');
  await talk.secure();
  assert.equal(await talk.ask('MAIL FROM:<a@b.test>'), '503 5.5.2 Send hello first');
  const secured = await talk.ask('EHLO client.test');
  assert.doesNotMatch(secured, /STARTTLS/);
  assert.match(secured, /\|250-AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN\|/);
  assert.equal(await talk.ask('STARTTLS'), '503 5.5.1 TLS is already active');
  assert.match(await talk.ask(`AUTH PLAIN ${Buffer.from('\0anna\0secret').toString('base64')}`), /^235/);
  assert.match(await talk.ask('MAIL FROM:<a@b.test>'), /^250/);
});

test('where TLS is required, mail is taken after STARTTLS', async () => {
  const { port } = await serve({ server: { tls, requireTls: true } });
  const talk = Talk.to(port);
  await talk.reply();
  await talk.ask('EHLO client.test');
  assert.equal(await talk.ask('MAIL FROM:<a@b.test>'), '530 5.7.0 Must issue a STARTTLS command first');
  await talk.ask('STARTTLS');
  await talk.secure();
  await talk.ask('EHLO client.test');
  assert.match(await talk.ask('MAIL FROM:<a@b.test>'), /^250/);
});

test('implicit TLS greets after the handshake; plain text there ends the connection', async () => {
  const { logger, events } = recorder();
  const { port } = await serve({
    server: { tls, bindings: [{ address: '127.0.0.1', port: 0, tls: 'implicit' }] },
    logger,
  });
  const secure = new Talk(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }));
  assert.match(await secure.reply(), /^220 /);
  const plain = Talk.to(port);
  plain.socket.write('EHLO client.test\r\n');
  assert.equal(await plain.reply(), 'closed');
  assert.ok(events.some(({ name }) => name === 'smtp.tls-failed'));
});

test('refuses TLS 1.1 unless the binding opts down', async () => {
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const strict = await serve({
    server: { tls, bindings: [{ address: '127.0.0.1', port: 0, tls: 'implicit' }] },
  });
  const refused = new Talk(
    connectTls({ port: strict.port, host: '127.0.0.1', rejectUnauthorized: false, ...old }),
  );
  assert.equal(await refused.reply(), 'closed');
  const lenient = await serve({
    server: { tls, bindings: [{ address: '127.0.0.1', port: 0, tls: 'implicit', minTlsVersion: 'TLSv1' }] },
  });
  const taken = new Talk(
    connectTls({ port: lenient.port, host: '127.0.0.1', rejectUnauthorized: false, ...old }),
  );
  assert.match(await taken.reply(), /^220 /);
  assert.equal((taken.socket as TLSSocket).getProtocol(), 'TLSv1.1');
});

test('takes a new certificate without a restart, and keeps the old one when the new is bad', async () => {
  const certFile = join(scratch, 'cert.pem');
  const keyFile = join(scratch, 'key.pem');
  copyFileSync(join(TLS, 'mx.pem'), certFile);
  copyFileSync(join(TLS, 'mx.key'), keyFile);
  const { port, server } = await serve({
    server: {
      tls: { certificates: [{ certFile, keyFile }], minVersion: 'TLSv1.2' },
      bindings: [{ address: '127.0.0.1', port: 0, tls: 'implicit' }],
    },
  });
  const subject = async (): Promise<string> => {
    const talk = new Talk(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }));
    assert.match(await talk.reply(), /^220 /);
    return String((talk.socket as TLSSocket).getPeerCertificate().subject.CN);
  };
  const before = await subject();
  copyFileSync(join(TLS, 'ca.pem'), certFile);
  await assert.rejects(
    server.reloadCertificates(),
    (thrown) => thrown instanceof RelayError && thrown.message.includes(certFile),
  );
  assert.equal(await subject(), before);
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...[
        '-subj',
        '/CN=renewed.test',
        '-addext',
        'subjectAltName=DNS:renewed.test',
        '-keyout',
        keyFile,
        '-out',
        certFile,
      ],
    ],
    { stdio: 'ignore' },
  );
  await server.reloadCertificates();
  assert.equal(await subject(), 'renewed.test');
  assert.deepEqual(server.tls.summaries[0]!.names, ['renewed.test']);
});

test('a certificate file that is missing is named', async () => {
  const certificates = [{ certFile: join(scratch, 'none.pem'), keyFile: join(scratch, 'none.key') }];
  await assert.rejects(serve({ server: { tls: { certificates, minVersion: 'TLSv1.2' } } }), /none\.pem/);
});

// ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

test('an idle session ends with 421 at its time, one that speaks does not', async () => {
  const clock = manualClock();
  const { port } = await serve({ clock, limits: { commandTimeoutMs: 60_000 } });
  const idle = Talk.to(port);
  const busy = Talk.to(port);
  await idle.reply();
  await busy.reply();
  clock.advance(40_000);
  assert.match(await busy.ask('NOOP'), /^250/);
  clock.advance(22_000);
  assert.equal(await idle.reply(), '421 4.4.2 relay.test Timeout waiting for client input, closing');
  assert.equal(await idle.reply(), 'closed');
  assert.match(await busy.ask('NOOP'), /^250/);
});

test('bytes without a line end do not keep a session alive', async () => {
  const clock = manualClock();
  const { port, server } = await serve({ clock, limits: { commandTimeoutMs: 60_000 } });
  const talk = Talk.to(port);
  await talk.reply();
  for (let count = 0; count < 6; count += 1) {
    talk.socket.write('N');
    await new Promise<void>((resolve) => setImmediate(resolve));
    clock.advance(11_000);
  }
  assert.match(await talk.reply(), /^421 4\.4\.2/);
  assert.equal(server.sessionCount, 1);
});

test('a message that drips is cut off at its own time', async () => {
  const clock = manualClock();
  const { port, queue } = await serve({
    clock,
    limits: { dataTimeoutMs: 60_000, messageTimeoutMs: 120_000 },
  });
  const talk = Talk.to(port);
  await talk.transact();
  assert.match(await talk.ask('DATA'), /^354/);
  let answer = '';
  void talk.reply().then((reply) => {
    answer = reply;
  });
  for (let count = 0; count < 20 && answer === ''; count += 1) {
    talk.socket.write('x\r\n');
    for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
    clock.advance(10_000);
    for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  assert.match(answer, /^421 4\.4\.2/);
  assert.equal(queue.messages.length, 0);
});

test('a handshake that does not end is cut off', async () => {
  const clock = manualClock();
  const { port } = await serve({
    clock,
    server: { tls, bindings: [{ address: '127.0.0.1', port: 0, tls: 'implicit' }] },
  });
  const talk = Talk.to(port);
  const over = talk.reply();
  await new Promise<void>((resolve) => talk.socket.once('connect', () => resolve()));
  for (let turn = 0; turn < 10; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  clock.advance(32_000);
  assert.equal(await over, 'closed');
});

// ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────────

test('too many connections from one address get 421, others notice nothing', async () => {
  const { port, server } = await serve({
    limits: { maxConnectionsPerAddress: 2, unlimitedNetworks: ['127.0.0.1'] },
  });
  const crowd = [Talk.to(port, '127.0.0.2'), Talk.to(port, '127.0.0.2')];
  for (const talk of crowd) assert.match(await talk.reply(), /^220/);
  const third = Talk.to(port, '127.0.0.2');
  assert.equal(await third.reply(), '421 4.7.0 Too many connections from your address, try again later');
  assert.equal(await third.reply(), 'closed');
  assert.match(await Talk.to(port, '127.0.0.3').reply(), /^220/);
  for (let count = 0; count < 5; count += 1) assert.match(await Talk.to(port).reply(), /^220/);
  await crowd[0]!.ask('QUIT');
  while (server.sessionCount > 7) await new Promise<void>((resolve) => setImmediate(resolve));
  assert.match(await Talk.to(port, '127.0.0.2').reply(), /^220/);
  assert.equal(server.counters.connectionsRefused, 1);
});

test('too many new connections in a minute get 421 until the minute is over', async () => {
  const clock = manualClock();
  const { port } = await serve({ clock, limits: { maxConnectionRate: 2, unlimitedNetworks: [] } });
  for (let count = 0; count < 2; count += 1) {
    const talk = Talk.to(port);
    assert.match(await talk.reply(), /^220/);
    await talk.ask('QUIT');
  }
  assert.equal(
    await Talk.to(port).reply(),
    '421 4.7.0 Too many new connections from your address, try again later',
  );
  clock.advance(61_000);
  assert.match(await Talk.to(port).reply(), /^220/);
});

test('the limit of all connections holds for everybody', async () => {
  const { port } = await serve({ limits: { maxConnections: 1 } });
  const first = Talk.to(port);
  assert.match(await first.reply(), /^220/);
  assert.equal(await Talk.to(port).reply(), '421 4.3.2 Too many connections, try again later');
});

test('a client that never reads its replies does not fill our memory', async () => {
  const { port, server } = await serve({ limits: { maxIdleCommands: 0 } });
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.pause();
  const flood = Buffer.from('HELP\r\n'.repeat(10_000));
  const before = process.memoryUsage().rss;
  // The server stops reading when its replies are not taken; then our own buffer fills and write says so.
  let written = 0;
  for (let isTaken = true; written < 200 && isTaken; written += 1) {
    isTaken = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), 300);
      socket.write(flood, () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
  assert.ok(written < 200, 'the server read on and on');
  assert.ok(process.memoryUsage().rss - before < 100 * 2 ** 20);
  assert.equal(server.sessionCount, 1);
  socket.destroy();
});

// ── reload and stop ───────────────────────────────────────────────────────────────────────────────────────────────────

test('a reload keeps sessions, and new ones get the new settings', async () => {
  const { port, server } = await serve();
  const before = Talk.to(port);
  await before.transact();
  const settings = { ...server.settings, fqdn: 'renamed.test', bindings: [...server.settings.bindings] };
  const policy = new SmtpPolicy(
    { ...defaultSmtpIntakeSettings({ server: 'test', fqdn: 'renamed.test' }), localDomains: ['new.test'] },
    {
      clock: manualClock(),
      logger: recorder().logger,
      dns: fakeDns([]),
      isDropFull: () => false,
      triggerEtrn: async () => 0,
    },
  );
  await server.reload(settings, { policy });
  const later = Talk.to(port);
  assert.match(await later.reply(), /^220 renamed\.test /);
  assert.match(await before.send(), /^250 2\.6\.0/);
  assert.match(await before.ask('QUIT'), /^221 2\.0\.0 relay\.test /);
});

test('a reload that fails changes nothing', async () => {
  const { port, server } = await serve();
  const taken = await serve();
  const bindings = [
    ...server.settings.bindings,
    { address: '127.0.0.1', port: taken.port, tls: 'none' as const },
  ];
  await assert.rejects(
    server.reload({ ...server.settings, fqdn: 'renamed.test', bindings }),
    (thrown) =>
      thrown instanceof RelayError &&
      thrown.code === 'port-in-use' &&
      thrown.message.includes(String(taken.port)),
  );
  assert.match(await Talk.to(port).reply(), /^220 relay\.test /);
});

test('a reload opens new listeners and closes old ones', async () => {
  const { port, server } = await serve();
  const old = Talk.to(port);
  await old.reply();
  await server.reload({ ...server.settings, bindings: [{ address: '::1', port: 0, tls: 'none' }] });
  const [listener] = server.addresses;
  assert.equal(listener!.address, '::1');
  const fresh = new Talk(connect(listener!.port, '::1'));
  assert.match(await fresh.reply(), /^220/);
  assert.match(await fresh.ask('EHLO client.test'), /Hello \[::1\]/);
  assert.equal(await Talk.to(port).reply(), 'closed');
  assert.match(await old.ask('NOOP'), /^250/);
});

test('start names the binding that cannot be had, and leaves no other open', async () => {
  const taken = await serve();
  const settings = { ...defaultServerSettings({ name: 't', fqdn: 'x.test' }) };
  const bindings = [
    { address: '127.0.0.1', port: 0, tls: 'none' as const },
    { address: '127.0.0.1', port: taken.port, tls: 'none' as const },
  ];
  await assert.rejects(
    serve({ server: { ...settings, bindings } }),
    /Another program listens on 127\.0\.0\.1:\d+/,
  );
  const missing = [{ address: '192.0.2.1', port: 0, tls: 'none' as const }];
  await assert.rejects(serve({ server: { ...settings, bindings: missing } }), /has no address 192\.0\.2\.1/);
});

test('a stop ends idle sessions with 421 and lets transactions finish', async () => {
  const clock = manualClock();
  const { port, server, queue } = await serve({ clock });
  const idle = Talk.to(port);
  await idle.reply();
  const busy = Talk.to(port);
  await busy.transact();
  const stopped = server.stop(60_000);
  assert.equal(await idle.reply(), '421 4.3.2 relay.test Service is stopping, try again later');
  assert.match(await busy.send(), /^250 2\.6\.0/);
  assert.equal(await busy.reply(), '421 4.3.2 relay.test Service is stopping, try again later');
  await stopped;
  assert.equal(queue.messages.length, 1);
});

test('a stop cuts what is open when its deadline has passed', async () => {
  const clock = manualClock();
  const { port, server } = await serve({ clock });
  const talk = Talk.to(port);
  await talk.transact();
  const stopped = server.stop(60_000);
  clock.advance(60_000);
  await stopped;
  assert.equal(await talk.reply(), 'closed');
});

test('a defect in policy ends one session with 421 and is logged', async () => {
  const { logger, events } = recorder();
  const { port, server, policy } = await serve({ logger });
  server.policy = Object.assign(Object.create(policy) as SmtpPolicy, {
    connect: policy.connect.bind(policy),
    mail() {
      throw new Error('a defect');
    },
  });
  const talk = Talk.to(port);
  await talk.reply();
  await talk.ask('EHLO client.test');
  assert.match(
    await talk.ask('MAIL FROM:<a@b.test>'),
    /^421 4\.3\.0 Internal error, session \w{16}, closing/,
  );
  assert.equal(await talk.reply(), 'closed');
  assert.ok(
    events.some(
      ({ name, fields }) => name === 'smtp.session-failed' && String(fields['error']).includes('a defect'),
    ),
  );
  assert.match(await Talk.to(port).reply(), /^220/);
});

// ── reverse DNS ───────────────────────────────────────────────────────────────────────────────────────────────────────

test('reverse DNS marks a greeting that does not fit, and never rejects', async () => {
  const dns = fakeDns([
    ['2.0.0.127.in-addr.arpa', 'PTR', 'client.test'],
    ['client.test', 'A', '127.0.0.2'],
  ]);
  const { port, queue } = await serve({ dns, intake: { reverseDnsCheck: true } });
  for (const address of ['127.0.0.2', '127.0.0.3']) {
    const talk = Talk.to(port, address);
    await talk.transact();
    assert.match(await talk.send('Subject: x\r\n\r\nx'), /^250/);
  }
  const [verified, unverified] = queue.messages.map(({ content }) => content.toString());
  for (const text of [verified, unverified]) assert.match(text!, /\r\nSubject: x\r\n\r\nx\r\n$/);
  assert.match(verified!, /^Received: from client\.test \(\[127\.0\.0\.2\]\)/);
  assert.match(unverified!, /^Received: from client\.test \(\[127\.0\.0\.3\] unverified\)/);
});

// ── logs and trace ────────────────────────────────────────────────────────────────────────────────────────────────────

test('the protocol log has the lines of the old one, and ids', async () => {
  const files = new Map<string, string>();
  const clock = manualClock(Date.UTC(2026, 0, 5, 23, 59, 58));
  const log = new W3cLog({
    clock,
    logger: recorder().logger,
    siteName: 'SMTPSVC1',
    computerName: 'PC 1',
    append: async (file, text) => {
      files.set(file, (files.get(file) ?? '') + text);
    },
  });
  const usersFile = join(scratch, 'users-log');
  await addUser({ disk: nodeDisk, path: usersFile, iterations: 10 }, 'anna', 'secret');
  const { port, queue } = await serve({
    clock,
    protocolLog: log,
    usersFile,
    intake: { plainTextAuthNetworks: ['127.0.0.1'] },
  });
  const talk = Talk.to(port);
  await talk.reply();
  await talk.ask('EHLO client.test');
  await talk.ask(`AUTH PLAIN ${Buffer.from('\0anna\0secret').toString('base64')}`);
  await talk.ask('MAIL FROM:<a@b.test>');
  await talk.ask('RCPT To: <c@local.test>');
  await talk.send('Message-ID: <m1@b.test>\r\n\r\ntext');
  await talk.ask('GIBBERISH');
  clock.advance(3000);
  await talk.ask('QUIT');
  await log.flush();
  assert.deepEqual([...files.keys()], ['ex260105.log', 'ex260106.log']);
  const lines = files.get('ex260105.log')!.split('\r\n');
  assert.deepEqual(lines.slice(0, 4), [
    '#Software: Mailroot',
    '#Version: 1.0',
    '#Date: 2026-01-05 23:59:58',
    `#Fields: ${W3C_FIELDS}`,
  ]);
  const session = lines[4]!.split(' ').at(-2)!;
  assert.match(session, /^\w{16}$/);
  const id = queue.messages[0]!.id;
  const line = (method: string, query: string, status: number, sent: string, got: string, message = '-') =>
    new RegExp(
      `^2026-01-05 23:59:58 127\\.0\\.0\\.1 client\\.test SMTPSVC1 PC\\+1 127\\.0\\.0\\.1 ${port} ${method} - ${query} ${status} 0 ${sent} ${got} 0 SMTP test - - - ${session} ${message}$`,
    );
  assert.match(lines[4]!, line('EHLO', '\\+client\\.test', 250, '\\d+', '18'));
  assert.match(lines[5]!, line('AUTH', '\\+PLAIN', 235, '38', '\\d+'));
  assert.match(lines[6]!, line('MAIL', '\\+FROM:<a@b\\.test>', 250, '33', '22'));
  assert.match(lines[7]!, line('RCPT', '\\+To:\\+<c@local\\.test>', 250, '\\d+', '25'));
  assert.match(lines[8]!, line('DATA', '<m1@b\\.test>', 250, '\\d+', '\\d+', id));
  assert.match(lines[9]!, line('xxxx', '-', 500, '\\d+', '11'));
  assert.match(
    files.get('ex260106.log')!,
    /^#Software[\s\S]*\r\n2026-01-06 00:00:01 .* QUIT - client\.test 240 0 /,
  );
  assert.doesNotMatch([...files.values()].join(), /AGFubmE/, 'no password in the log');
});

test('a protocol log that cannot be written keeps lines for later', async () => {
  const { logger, events } = recorder();
  const written: string[] = [];
  let isFull = true;
  const log = new W3cLog({
    clock: manualClock(),
    logger,
    siteName: 'S',
    computerName: 'C',
    append: async (_file, text) => {
      if (isFull) throw new Error('ENOSPC');
      written.push(text);
    },
  });
  const { port } = await serve({ protocolLog: log });
  const talk = Talk.to(port);
  await talk.reply();
  await talk.ask('NOOP');
  await log.flush();
  await talk.ask('NOOP');
  await log.flush();
  assert.deepEqual(
    events.map(({ name }) => name),
    ['smtp.protocol-log-failed'],
  );
  isFull = false;
  await log.flush();
  assert.equal(written.join('').match(/ NOOP /g)?.length, 2);
  assert.deepEqual(
    events.map(({ name }) => name),
    ['smtp.protocol-log-failed', 'smtp.protocol-log-recovered'],
  );
});

test('the trace shows the sessions that fit its filter, from their beginning, without passwords', async () => {
  const usersFile = join(scratch, 'users-trace');
  await addUser({ disk: nodeDisk, path: usersFile, iterations: 10 }, 'anna', 'secret');
  const { port, trace } = await serve({ usersFile, intake: { plainTextAuthNetworks: ['127.0.0.0/8'] } });
  const all: TraceItem[] = [];
  const some: TraceItem[] = [];
  const none: TraceItem[] = [];
  const stops = [
    trace.subscribe({}, (item) => all.push(item)),
    trace.subscribe({ recipient: 'C@local', client: '127.0.0.2' }, (item) => some.push(item)),
    trace.subscribe({ sender: 'nobody' }, (item) => none.push(item)),
  ];
  const one = Talk.to(port, '127.0.0.2');
  await one.reply();
  await one.ask('EHLO client.test');
  await one.ask(`AUTH PLAIN ${Buffer.from('\0anna\0secret').toString('base64')}`);
  await one.ask('MAIL FROM:<a@b.test>');
  await one.ask('RCPT TO:<c@local.test>');
  await one.send('Subject: hidden\r\n\r\nhidden');
  await one.ask('QUIT');
  const two = Talk.to(port, '127.0.0.3');
  await two.transact();
  const dialogue = some.map(({ direction, text }) => `${direction} ${text}`);
  assert.equal(dialogue[0], 'event connected');
  assert.match(dialogue[1]!, /^out 220 relay\.test/);
  assert.equal(dialogue[2], 'in EHLO client.test');
  assert.ok(dialogue.includes('in AUTH PLAIN ****'));
  assert.ok(dialogue.includes('in RCPT TO:<c@local.test>'));
  assert.ok(dialogue.some((line) => /^event \d+ octets of content$/.test(line)));
  assert.doesNotMatch(dialogue.join(), /hidden|AGFubmE/);
  assert.equal(new Set(some.map(({ sessionId }) => sessionId)).size, 1);
  assert.equal(new Set(all.map(({ sessionId }) => sessionId)).size, 2);
  assert.equal(none.length, 0);
  for (const stop of stops) stop();
  assert.equal(trace.isWatched, false);
});

test('a watcher that fails is dropped', async () => {
  const { port, trace } = await serve();
  trace.subscribe({}, () => {
    throw new Error('gone');
  });
  const talk = Talk.to(port);
  await talk.reply();
  assert.equal(trace.isWatched, false);
  assert.match(await talk.ask('NOOP'), /^250/);
});
