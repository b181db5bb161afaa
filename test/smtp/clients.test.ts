/** Real clients send through the real server. Each message must be in the queue as the client meant it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { createTransport } from 'nodemailer';
import { nodeDisk } from '../../src/base/index.ts';
import { addUser } from '../../src/intake/index.ts';
import { startPostfixRelay } from '../support/postfix.ts';
import {
  type AcceptedMessage,
  envelopeText,
  type FixtureOptions,
  type SmtpFixture,
  startSmtpFixture,
} from '../support/smtp-fixture.ts';

const run = promisify(execFile);
const TLS = join(import.meta.dirname, '../dialogs-client/tls');
const certificates = [{ certFile: join(TLS, 'mx.pem'), keyFile: join(TLS, 'mx.key') }];
const scratch = mkdtempSync(join(tmpdir(), 'mailroot-clients-'));
const usersFile = join(scratch, 'users');
before(() => addUser({ disk: nodeDisk, path: usersFile, iterations: 4096 }, 'anna', 'se cret'));
after(() => rmSync(scratch, { recursive: true }));

let fixture: SmtpFixture | undefined;
afterEach(async () => {
  await fixture?.stop();
  fixture = undefined;
});

type Security = 'plain' | 'starttls' | 'implicit';

/** A server whose relay list is empty: who relays has logged on. */
async function serve(security: Security = 'plain', more: FixtureOptions = {}): Promise<SmtpFixture> {
  fixture = await startSmtpFixture({
    usersFile,
    ...more,
    server: {
      tls: { certificates: security === 'plain' ? [] : certificates, minVersion: 'TLSv1.2' },
      bindings: [{ address: '127.0.0.1', port: 0, tls: security === 'implicit' ? 'implicit' : 'starttls' }],
      ...more.server,
    },
    intake: { relayNetworks: [], ...more.intake },
  });
  return fixture;
}

async function client(program: string, args: readonly string[], input?: string): Promise<string> {
  const running = run(program, args, {
    timeout: 60_000,
    maxBuffer: 1 << 24,
    env: { PATH: process.env['PATH'], HOME: scratch },
  });
  if (input !== undefined) running.child.stdin!.end(input);
  const { stdout, stderr } = await running;
  return stdout + stderr;
}

function only({ queue }: SmtpFixture): AcceptedMessage {
  assert.equal(queue.messages.length, 1);
  return queue.messages[0]!;
}

describe('swaks', () => {
  const args = (port: number, ...more: readonly string[]): string[] => [
    ...['--server', '127.0.0.1', '--port', String(port), '--helo', 'client.test', '--from', 'a@b.test'],
    ...more,
  ];

  test('sends to a local domain', async () => {
    const { port } = await serve();
    const output = await client('swaks', args(port, '--to', 'c@local.test', '--body', 'one\n.two\n'));
    assert.match(output, /<- {2}250 2\.6\.0 <[^>]+> \[InternalId=\w{16}\] Queued mail for delivery/);
    assert.equal(envelopeText(only(fixture!)), '<a@b.test> → <c@local.test>');
    assert.match(only(fixture!).content.toString(), /\r\n\r\none\r\n\.two\r\n/);
  });

  for (const security of ['starttls', 'implicit'] as const) {
    for (const mechanism of ['PLAIN', 'LOGIN']) {
      test(`relays with ${security} and AUTH ${mechanism}`, async () => {
        const { port } = await serve(security);
        const tls = security === 'starttls' ? '--tls' : '--tlsc';
        const auth = ['--auth', mechanism, '--auth-user', 'anna', '--auth-password', 'se cret'];
        await client('swaks', args(port, '--to', 'c@world.test', tls, ...auth));
        const { draft, content } = only(fixture!);
        assert.deepEqual({ ...draft.origin, overTls: true, identity: 'anna' }, draft.origin);
        assert.match(
          content.toString(),
          /^Received: from client\.test \(\[127\.0\.0\.1\]\)\s+by relay\.test \(Mailroot\)\s+with ESMTPSA\s+id \w{16}\s+tls TLS_/,
        );
      });
    }
  }

  test('is refused to relay without AUTH', async () => {
    const { port } = await serve();
    await assert.rejects(client('swaks', args(port, '--to', 'c@world.test')), (failure) => {
      assert.match(
        (failure as { stdout: string }).stdout,
        /<\*\* 550 5\.7\.1 Unable to relay for c@world\.test/,
      );
      return true;
    });
  });
});

describe('Python smtplib', () => {
  const script = (body: string): string[] => [
    '-c',
    `import smtplib, ssl, sys\nport = int(sys.argv[1])\n${body}`,
  ];
  const message = `'Subject: smtplib\\r\\n\\r\\n.dot\\r\\nend\\r\\n'`;

  test('sends to several recipients and keeps the session for a second message', async () => {
    const { port, queue } = await serve();
    const body = [
      "s = smtplib.SMTP('127.0.0.1', port)",
      `s.sendmail('a@b.test', ['c@local.test', 'd@local.test'], ${message})`,
      `s.sendmail('', ['e@local.test'], ${message})`,
      's.quit()',
    ].join('\n');
    await client('python3', [...script(body), String(port)]);
    assert.deepEqual(queue.messages.map(envelopeText), [
      '<a@b.test> → <c@local.test>, <d@local.test>',
      '<> → <e@local.test>',
    ]);
    assert.match(queue.messages[0]!.content.toString(), /Subject: smtplib\r\n\r\n\.dot\r\nend\r\n$/);
  });

  test('logs on over STARTTLS and checks our certificate', async () => {
    const { port } = await serve('starttls');
    const body = [
      `context = ssl.create_default_context(cafile='${join(TLS, 'ca.pem')}')`,
      'context.check_hostname = False',
      "s = smtplib.SMTP('127.0.0.1', port)",
      's.starttls(context=context)',
      "s.login('anna', 'se cret')",
      `s.sendmail('a@b.test', ['c@world.test'], ${message})`,
      's.quit()',
    ].join('\n');
    await client('python3', [...script(body), String(port)]);
    assert.equal(envelopeText(only(fixture!)), '<a@b.test> → <c@world.test>');
  });

  test('sends addresses beyond ASCII', async () => {
    const { port } = await serve();
    const body = [
      "s = smtplib.SMTP('127.0.0.1', port)",
      's.ehlo()',
      "s.sendmail('j\\u00fcrgen@b.test', ['zo\\u00eb@local.test'], 'Subject: \\u00fc\\r\\n\\r\\nx'.encode(), mail_options=['SMTPUTF8', 'BODY=8BITMIME'])",
      's.quit()',
    ].join('\n');
    await client('python3', [...script(body), String(port)]);
    assert.equal(envelopeText(only(fixture!)), '<jürgen@b.test> → <zoë@local.test>');
    assert.equal(only(fixture!).draft.smtpUtf8, true);
  });
});

describe('nodemailer', () => {
  test('sends a message with an attachment over implicit TLS with AUTH and DSN', async () => {
    const { port } = await serve('implicit');
    const transport = createTransport({
      host: '127.0.0.1',
      port,
      secure: true,
      tls: { rejectUnauthorized: false },
      auth: { user: 'anna', pass: 'se cret' },
    });
    await transport.sendMail({
      from: 'a@b.test',
      to: 'c@world.test',
      subject: 'nodemailer',
      text: '.\n..\nend',
      attachments: [{ filename: 'a.bin', content: Buffer.alloc(100_000, 7) }],
      dsn: { id: 'ID1', return: 'headers', notify: ['failure'], recipient: 'a@b.test' },
    });
    transport.close();
    const { draft, recipients, content } = only(fixture!);
    assert.equal(draft.subject, 'nodemailer');
    assert.equal(draft.envelopeId, 'ID1');
    assert.deepEqual(recipients[0]!.notify, { success: false, failure: true, delay: false });
    assert.ok(content.length > 130_000);
  });

  test('reports our refusal of a wrong password', async () => {
    const { port } = await serve('starttls');
    const transport = createTransport({
      host: '127.0.0.1',
      port,
      tls: { rejectUnauthorized: false },
      auth: { user: 'anna', pass: 'x' },
    });
    await assert.rejects(
      transport.sendMail({ from: 'a@b.test', to: 'c@world.test', text: 'x' }),
      /535 5\.7\.8 Authentication unsuccessful/,
    );
    transport.close();
  });
});

describe('curl', () => {
  test('sends a file over STARTTLS with AUTH', async () => {
    const { port } = await serve('starttls');
    const file = join(scratch, 'curl.eml');
    writeFileSync(file, 'From: a@b.test\r\nSubject: curl\r\n\r\n.dot\r\n');
    const to = ['--mail-from', 'a@b.test', '--mail-rcpt', 'c@world.test', '--upload-file', file];
    await client('curl', [
      '-sS',
      '--ssl-reqd',
      '-k',
      '--user',
      'anna:se cret',
      ...to,
      `smtp://127.0.0.1:${port}/client.test`,
    ]);
    assert.match(only(fixture!).content.toString(), /Subject: curl\r\n\r\n\.dot\r\n$/);
  });

  test('sends over implicit TLS', async () => {
    const { port } = await serve('implicit');
    const file = join(scratch, 'curls.eml');
    writeFileSync(file, 'Subject: curl\r\n\r\nx\r\n');
    await client('curl', [
      '-sS',
      '-k',
      '--mail-from',
      'a@b.test',
      '--mail-rcpt',
      'c@local.test',
      '--upload-file',
      file,
      `smtps://127.0.0.1:${port}`,
    ]);
    assert.equal(envelopeText(only(fixture!)), '<a@b.test> → <c@local.test>');
  });
});

describe('msmtp', () => {
  for (const mechanism of ['scram-sha-256', 'plain', 'login']) {
    test(`logs on with ${mechanism} over STARTTLS`, async () => {
      const { port } = await serve('starttls');
      const password = join(scratch, 'password');
      writeFileSync(password, 'se cret\n', { mode: 0o600 });
      const args = [
        ...[
          '--file=/dev/null',
          '--host=127.0.0.1',
          `--port=${port}`,
          '--from=a@b.test',
          '--domain=client.test',
        ],
        ...[
          '--tls=on',
          '--tls-certcheck=off',
          `--auth=${mechanism}`,
          '--user=anna',
          `--passwordeval=cat ${password}`,
        ],
        'c@world.test',
      ];
      await client('msmtp', args, 'Subject: msmtp\n\n.dot\n');
      assert.match(only(fixture!).content.toString(), /Subject: msmtp\r\n\r\n\.dot\r\n$/);
    });
  }
});

describe('Postfix', () => {
  test('smtp-source sends many messages over few sessions', async () => {
    const { port, queue } = await serve();
    const args = [
      '-s',
      '5',
      '-m',
      '100',
      '-l',
      '5000',
      '-d',
      '-f',
      'a@b.test',
      '-t',
      'c@local.test',
      `127.0.0.1:${port}`,
    ];
    await client('/usr/sbin/smtp-source', args);
    assert.equal(queue.messages.length, 100);
  });

  test('relays through us as its smart host, over STARTTLS', async () => {
    const { port, queue } = await serve('starttls', { server: { helloCheck: 'syntax' } });
    const postfix = await startPostfixRelay(port, ['smtp_tls_security_level = encrypt']);
    try {
      const arrived = new Promise<void>((resolve) => {
        queue.onAccepted = (message) => {
          queue.messages.push(message);
          if (queue.messages.length === 20) resolve();
        };
      });
      const args = [
        '-s',
        '4',
        '-m',
        '20',
        '-l',
        '5000',
        '-f',
        'a@b.test',
        '-t',
        'c@local.test',
        `127.0.0.1:${postfix.port}`,
      ];
      await client('/usr/sbin/smtp-source', args);
      await arrived;
      assert.match(
        queue.messages[0]!.content.toString(),
        /^Received: from postfix\.test .*\s+by relay\.test \(Mailroot\)\s+with ESMTPS\s/,
      );
    } finally {
      postfix.stop();
    }
  });
});

describe('nmap', () => {
  test('finds no open relay and no verb that we do not offer', async () => {
    const { port } = await serve();
    const output = await client('nmap', [
      '-Pn',
      '-p',
      String(port),
      '--script',
      '+smtp-open-relay,+smtp-commands',
      '127.0.0.1',
    ]);
    assert.match(output, /smtp-open-relay: Server doesn't seem to be an open relay, all tests failed/);
    assert.match(output, /smtp-commands: relay\.test Hello \[127\.0\.0\.1\], SIZE 26214400/);
    assert.equal(fixture!.queue.messages.length, 0);
  });
});
