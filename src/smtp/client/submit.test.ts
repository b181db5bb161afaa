import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { domainName, type Envelope } from '../../envelope/index.ts';
import { describeRefusals, type SubmitRequest, submit } from './submit.ts';

const mailbox = (localPart: string) => ({ localPart, domain: domainName('example.test')! });
const envelope = (...names: readonly string[]): Envelope => ({
  reversePath: mailbox('from'),
  recipients: names.map((name) => ({ forwardPath: mailbox(name) })),
  body: '8bitmime',
  smtpUtf8: false,
});

function request(port: number, more: Partial<SubmitRequest> = {}): SubmitRequest {
  return {
    server: '127.0.0.1',
    port,
    connectionTimeoutMs: 5000,
    tls: 'none',
    auth: { kind: 'none' },
    heloName: 'client.test',
    envelope: envelope('a'),
    message: Buffer.from('Subject: é\r\n\r\n.\r\nbare\nline'),
    ...more,
  };
}

/**
 * A server that answers like `answer` and says no more than `budget` bytes in all, then closes. `data` and `end` are the
 * names of DATA and the end of data.
 */
async function withServer<T>(
  answer: (command: string) => string | undefined,
  run: (port: number, heard: string[]) => Promise<T>,
  budget = Number.POSITIVE_INFINITY,
): Promise<T> {
  const heard: string[] = [];
  const server = net.createServer((socket) => {
    let left = budget;
    let rest = '';
    let inData = false;
    const say = (text: string | undefined): void => {
      if (text === undefined || socket.destroyed) return;
      socket.write(text.slice(0, left));
      left -= text.length;
      if (left <= 0) socket.destroySoon();
    };
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      rest += bytes.toString('latin1');
      for (;;) {
        const end = rest.indexOf('\r\n');
        if (end < 0) return;
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        heard.push(line);
        if (inData && line !== '.') continue;
        if (inData) say(answer('end'));
        else say(answer(line));
        inData = !inData && line === 'DATA' && answer('DATA')?.startsWith('3') === true;
      }
    });
    say(answer('greeting'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await run((server.address() as net.AddressInfo).port, heard);
  } finally {
    server.close();
  }
}

function polite(command: string): string {
  if (command === 'greeting') return '220 mx.test\r\n';
  if (command.startsWith('EHLO')) return '250-mx.test\r\n250 PIPELINING\r\n';
  if (command === 'DATA') return '354 go\r\n';
  if (command === 'QUIT') return '221 bye\r\n';
  return '250 2.0.0 ok\r\n';
}

test('submit sends one message and tells the reply', async () => {
  await withServer(polite, async (port, heard) => {
    const result = await submit(request(port));
    assert.ok(result.sent);
    assert.equal(result.reply.status, '2.0.0');
    assert.deepEqual(heard.slice(1), [
      'MAIL FROM:<from@example.test>',
      'RCPT TO:<a@example.test>',
      'DATA',
      'Subject: Ã©',
      '',
      '..',
      'bare',
      'line',
      '.',
      'QUIT',
    ]);
  });
});

test('submit tells each recipient’s own refusal', async () => {
  const picky = (command: string): string =>
    command.startsWith('RCPT TO:<b') ? '550 5.1.1 nobody\r\n' : polite(command);
  await withServer(picky, async (port, heard) => {
    const result = await submit(request(port, { envelope: envelope('a', 'b', 'c') }));
    assert.ok(result.sent);
    assert.deepEqual(describeRefusals(result), ['b@example.test: answered RCPT with 550 5.1.1 nobody']);
    heard.length = 0;
    const nothing = await submit(
      request(port, { envelope: envelope('a', 'b'), onRefusedRecipient: 'send-to-none' }),
    );
    assert.ok(!nothing.sent && !heard.includes('DATA'));
    assert.equal(nothing.failure.stage, 'rcpt');
  });
});

test('submit sends more than 100 recipients in batches on one connection', async () => {
  const names = Array.from({ length: 205 }, (_, n) => `r${n}`);
  await withServer(polite, async (port, heard) => {
    const result = await submit(request(port, { envelope: envelope(...names) }));
    assert.ok(result.sent && result.recipients.every((each) => each.result.accepted));
    assert.equal(heard.filter((line) => line.startsWith('EHLO')).length, 1);
    assert.equal(heard.filter((line) => line.startsWith('MAIL')).length, 3);
    assert.equal(heard.filter((line) => line.startsWith('RCPT')).length, 205);
  });
});

test('submit says where it could not connect', async () => {
  const port = await withServer(polite, async (free) => free);
  const result = await submit(request(port));
  assert.ok(!result.sent);
  assert.equal(result.failure.stage, 'connect');
  assert.equal(result.failure.problem, 'connection-refused');
  assert.match(result.failure.text, /refuses connections/);
});

test('submit finds the server by name, whichever address family it listens on', async () => {
  await withServer(polite, async (port) => {
    const result = await submit(request(port, { server: 'localhost' }));
    assert.ok(result.sent, JSON.stringify(result));
  });
  const lost = await submit(request(25, { server: 'does-not-exist.invalid' }));
  assert.ok(!lost.sent);
  assert.equal(lost.failure.problem, 'unreachable');
  assert.equal(lost.failure.stage, 'connect');
});

test('submit refuses an envelope without recipients', async () => {
  await assert.rejects(submit(request(1, { envelope: envelope() })), /no recipients/);
});

test('a server that falls silent after any byte costs nothing but the message: accepted only after the whole reply', async () => {
  // Everything a polite server says in one session, QUIT left out.
  const total = ['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'end'].map(polite).join('').length;
  const outcomes = new Map<string, number>();
  for (let budget = 1; budget < total; budget += 1) {
    await withServer(
      polite,
      async (port) => {
        const result = await submit(request(port));
        assert.ok(!result.sent, `accepted after ${budget} of ${total} bytes`);
        assert.equal(result.failure.problem, 'connection-lost');
        outcomes.set(result.failure.stage, (outcomes.get(result.failure.stage) ?? 0) + 1);
      },
      budget,
    );
  }
  assert.deepEqual([...outcomes.keys()], ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'end-of-data']);
  const whole = await withServer(polite, (port) => submit(request(port)), total);
  assert.ok(whole.sent);
});

test('submit hands messages to Postfix’s smtp-sink unchanged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-sink-'));
  const port = await withServer(polite, async (free) => free);
  const sink: ChildProcess = spawn(
    '/usr/sbin/smtp-sink',
    [
      ...(process.getuid?.() === 0 ? ['-u', 'root'] : []),
      '-d',
      join(folder, '%M.'),
      '-h',
      'sink.test',
      `127.0.0.1:${port}`,
      '10',
    ],
    { stdio: 'ignore' },
  );
  try {
    await listening(port);
    const lines = Array.from({ length: 3000 }, (_, n) => (n % 7 === 0 ? `.${n}` : `line ${n} é`));
    const message = Buffer.from(`Subject: x\r\n\r\n${lines.join('\r\n')}\r\n.\r\n..\r\n`);
    const result = await submit(request(port, { message }));
    assert.ok(result.sent, JSON.stringify(result));
    const [file] = readdirSync(folder);
    const stored = readFileSync(join(folder, file!), 'utf8');
    const body = stored.slice(stored.indexOf('Subject: x')).replace(/\r\n/g, '\n').trimEnd();
    assert.equal(body, message.toString('utf8').replace(/\r\n/g, '\n').trimEnd());
  } finally {
    sink.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const isUp = await new Promise<boolean>((resolve) => {
      const probe = net.connect(port, '127.0.0.1', () => {
        probe.destroy();
        resolve(true);
      });
      probe.on('error', () => resolve(false));
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('smtp-sink does not listen');
}
