import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { SinkServer } from '../../test/support/sink-server.ts';
import { type Answer, MainSide, ScriptSide, sharedCells } from './channel.ts';
import { NO_SERVICES, ScriptServices } from './services.ts';

const MESSAGE = {
  connectionTimeoutMs: 5000,
  tls: 'none',
  authentication: { method: 'none' },
  heloName: 'client.test',
  message: Buffer.from('Subject: x\r\n\r\ny\r\n'),
} as const;

test('a mail server that is not allowed is not connected to', async () => {
  const sink = await SinkServer.start();
  const services = new ScriptServices({
    ...NO_SERVICES,
    smtpServers: ['mail.example.test', `127.0.0.1:${sink.port + 1}`],
  });
  const result = await services.perform('smtp.submit', {
    ...MESSAGE,
    server: '127.0.0.1',
    port: sink.port,
    envelope: {},
  });
  assert.deepEqual(result, {
    kind: 'failed',
    stage: 'connect',
    cause: 'not-connected',
    reason: `scripts may not send through 127.0.0.1:${sink.port}`,
  });
  assert.equal(sink.commands.length, 0);
  await sink.stop();
});

test('an article goes to allowed servers only', async () => {
  const services = new ScriptServices(NO_SERVICES);
  assert.deepEqual(await services.perform('nntp.post', { server: 'news.example.test', port: 119 }), {
    outcome: 'not-connected',
    response: 'scripts may not post to news.example.test:119',
  });
});

test('fetching for attachments follows the rule of the HTTP objects and never rejects', async () => {
  const server = createServer((request, response) => {
    response.setHeader('Content-Disposition', 'attachment; filename="report.pdf"');
    response.setHeader('Content-Type', 'application/pdf');
    response.end(String(request.headers.cookie));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  const request = { url, fresh: true, cookies: 'a=1' };
  const refused = (await new ScriptServices(NO_SERVICES).perform('http.get', request)) as {
    status: number;
    statusText: string;
  };
  assert.equal(refused.status, 0);
  assert.match(refused.statusText, /--allow-host/);
  const allowed = new ScriptServices({
    ...NO_SERVICES,
    http: { allowedHosts: ['127.0.0.1'], maxBodyBytes: 100 },
  });
  const answer = (await allowed.perform('http.get', request)) as {
    fileName: string;
    contentType: string;
    bytes: Buffer;
  };
  assert.deepEqual(
    [answer.fileName, answer.contentType, Buffer.from(answer.bytes).toString()],
    ['report.pdf', 'application/pdf', 'a=1'],
  );
  server.close();
});

test('an operation nobody knows is refused', async () => {
  const services = new ScriptServices(NO_SERVICES);
  await assert.rejects(services.perform('file.read', { path: '/etc/passwd' }), { hresult: 0x80004001 | 0 });
  await assert.rejects(services.perform('process.other', {}), /there is no operation/);
  assert.equal(await services.perform('script.stdin', undefined), undefined);
  assert.equal(await services.perform('script.pickup', undefined), undefined);
  services.end();
});

test('an answer that cannot cross the threads becomes an error, not a wait without end', (t) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  const cells = sharedCells();
  const main = new MainSide(port1, cells);
  const script = new ScriptSide(port2, cells);
  // Answered beforehand, so that the script's side finds it at once.
  main.answer(1, () => {});
  assert.throws(() => script.waitFor('any', undefined), /could not be cloned/);
});

test('an error keeps its name, text and plain fields on its way', (t) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  const cells = sharedCells();
  const script = new ScriptSide(port2, cells);
  new MainSide(port1, cells).refuse(
    1,
    Object.assign(new TypeError('text'), { hresult: -5, source: 'here', deep: { not: 'kept' } }),
  );
  assert.throws(
    () => script.waitFor('any', undefined),
    (thrown: Error & { hresult?: number; source?: string; deep?: unknown }) => {
      assert.deepEqual(
        [thrown.name, thrown.message, thrown.hresult, thrown.source, thrown.deep],
        ['TypeError', 'text', -5, 'here', undefined],
      );
      return true;
    },
  );
});

test('a late answer to an earlier question is passed over', (t) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  const cells = sharedCells();
  const script = new ScriptSide(port2, cells);
  port1.postMessage({ kind: 'answer', id: 0, value: 'stale' } satisfies Answer);
  new MainSide(port1, cells).answer(1, 'fresh');
  assert.equal(script.waitFor('any', undefined), 'fresh');
});
