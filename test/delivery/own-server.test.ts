/** Our client against our server: the two sides were written apart, and must agree on every byte. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { nodeDisk } from '../../src/base/index.ts';
import { addUser } from '../../src/intake/index.ts';
import { type SubmitRequest, submit } from '../../src/smtp/index.ts';
import { type SmtpFixture, startSmtpFixture } from '../support/smtp-fixture.ts';
import { address, benchOf, bodyOf, nextHop } from './support.ts';

const scratch = mkdtempSync(join(tmpdir(), 'mailroot-own-'));
const usersFile = join(scratch, 'users');
const tls = join(import.meta.dirname, '../dialogs-client/tls');
const authority = readFileSync(join(tls, 'ca.pem'), 'utf8');
let service: SmtpFixture;

before(async () => {
  await addUser({ disk: nodeDisk, path: usersFile, iterations: 4096 }, 'anna', 'se cret');
  service = await startSmtpFixture({
    usersFile,
    server: {
      bindings: [
        { address: '127.0.0.1', port: 0, tls: 'starttls' },
        { address: '127.0.0.1', port: 0, tls: 'implicit' },
      ],
      tls: {
        certificates: [{ certFile: join(tls, 'mx.pem'), keyFile: join(tls, 'mx.key') }],
        minVersion: 'TLSv1.2',
      },
    },
  });
});
after(async () => {
  await service.stop();
  rmSync(scratch, { recursive: true });
});

function request(more: Partial<SubmitRequest> = {}): SubmitRequest {
  return {
    server: '127.0.0.1',
    port: service.port,
    connectionTimeoutMs: 10_000,
    tls: 'none',
    auth: { kind: 'none' },
    heloName: 'client.test',
    envelope: {
      reversePath: address('from@example.test'),
      recipients: [{ forwardPath: address('to@local.test') }],
      body: '8bitmime',
      smtpUtf8: false,
    },
    message: Buffer.from('Subject: x\r\n\r\nhello\r\n'),
    ...more,
  };
}

/** What came in last, without the header fields that the server puts on top. */
function lastContent(start: string): string {
  const content = service.queue.messages.at(-1)!.content.toString('latin1');
  return content.slice(content.indexOf(start));
}

test('any body arrives as its canonical form, in one BDAT', async () => {
  const piece = fc.constantFrom('\r', '\n', '.', 'a', '\r\n', '\r\n.', '\r\n.\r\n', 'é', 'xyz '.repeat(300));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const body = pieces.join('');
      const message = Buffer.from(`Subject: x\r\n\r\n${body}`, 'latin1');
      const result = await submit(request({ message }));
      assert.ok(result.sent, JSON.stringify(result));
      const canonical = `Subject: x\r\n\r\n${body}`.replace(/\r\n|\r|\n/g, '\r\n');
      assert.equal(lastContent('Subject: x'), canonical.endsWith('\r\n') ? canonical : `${canonical}\r\n`);
    }),
    { numRuns: 60 },
  );
});

test('STARTTLS and implicit TLS with a verified certificate, SCRAM-SHA-256 proves both sides', async () => {
  const auth = { kind: 'basic', user: 'anna', password: 'se cret' } as const;
  const [, implicit] = service.server.addresses;
  for (const [mode, port] of [
    ['starttls', service.port],
    ['implicit', implicit!.port],
  ] as const) {
    const secure = { tls: mode, port, auth, certificateAuthorities: authority } as const;
    // The certificate is for mx.test, and 127.0.0.1 is not that.
    const wrongName = await submit(request(secure));
    assert.ok(!wrongName.sent && wrongName.failure.problem === 'tls-failed');
    const result = await submit(request({ ...secure, verifyCertificate: false }));
    assert.ok(result.sent, JSON.stringify(result));
    const { origin } = service.queue.messages.at(-1)!.draft;
    assert.ok(origin.kind === 'smtp' && origin.overTls && origin.identity === 'anna');
  }
  const wrong = await submit(
    request({ tls: 'starttls', verifyCertificate: false, auth: { ...auth, password: 'guess' } }),
  );
  assert.ok(!wrong.sent);
  assert.equal(wrong.failure.stage, 'auth');
  assert.equal(wrong.failure.reply?.code, 535);
});

test('DSN wishes and SMTPUTF8 addresses pass from side to side', async () => {
  const result = await submit(
    request({
      envelope: {
        reversePath: address('größe@example.test'),
        recipients: [
          {
            forwardPath: address('to@local.test'),
            notify: { success: true, failure: true, delay: false },
            originalRecipient: { addressType: 'rfc822', address: 'first+last@example.test' },
          },
          { forwardPath: address('für@local.test'), notify: 'never' },
        ],
        body: '8bitmime',
        smtpUtf8: true,
        returnContent: 'headers',
        envelopeId: 'a+b=c d',
      },
    }),
  );
  assert.ok(result.sent, JSON.stringify(result));
  const { draft, recipients } = service.queue.messages.at(-1)!;
  assert.ok('localPart' in draft.reversePath && draft.reversePath.localPart === 'größe');
  assert.equal(draft.smtpUtf8, true);
  assert.equal(draft.returnContent, 'headers');
  assert.equal(draft.envelopeId, 'a+b=c d');
  assert.deepEqual(recipients[0]!.notify, { success: true, failure: true, delay: false });
  assert.deepEqual(recipients[0]!.originalRecipient, {
    addressType: 'rfc822',
    address: 'first+last@example.test',
  });
  assert.equal(recipients[1]!.forwardPath.localPart, 'für');
  assert.equal(recipients[1]!.notify, 'never');
});

test('delivery keeps sessions with it: 500 messages, small and large, each once', {
  timeout: 60_000,
}, async () => {
  const { queue, delivery, routes, settled } = benchOf();
  routes.set('local.test', {
    kind: 'next-hop',
    nextHop: nextHop('local.test', service.port, {
      security: { tls: 'opportunistic', verifyCertificate: false },
    }),
  });
  const before = service.queue.messages.length;
  for (let n = 0; n < 500; n += 1) {
    const body = bodyOf(
      `Subject: number ${n}\r\n\r\n${'.a line of text\r\n'.repeat(n % 25 === 0 ? 20_000 : n % 9)}`,
    );
    queue.add([`x${n}@local.test`], { body: n % 25 === 0 ? { ...body, small: undefined } : body });
  }
  delivery.start();
  await settled();
  await delivery.stop(1000);
  const arrived = service.queue.messages.slice(before);
  const numbers = arrived.map(({ content }) =>
    Number(/^Subject: number (\d+)/m.exec(content.toString('latin1'))![1]),
  );
  assert.deepEqual(
    numbers.sort((a, b) => a - b),
    Array.from({ length: 500 }, (_, n) => n),
  );
  for (const { content } of arrived) {
    const text = content.toString('latin1');
    const n = Number(/^Subject: number (\d+)/m.exec(text)![1]);
    assert.equal(text.match(/^\.a line of text\r$/gm)?.length ?? 0, n % 25 === 0 ? 20_000 : n % 9);
  }
});
