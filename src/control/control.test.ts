import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { RelayError, silentLogger } from '../base/index.ts';
import { ControlClient } from './client.ts';
import { controlAddress, JsonLines, MAX_LINE_BYTES } from './protocol.ts';
import { type ControlCall, ControlServer } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroot-control-'));
after(() => rmSync(folder, { recursive: true }));

describe('the control interface', () => {
  const address = controlAddress(folder);
  let server: ControlServer;
  let hungUp: Promise<void>;

  beforeEach(async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    hungUp = promise;
    server = new ControlServer(
      address,
      {
        add: (params) => (params as number[]).reduce((sum, value) => sum + value, 0),
        refuse: () => {
          throw new RelayError('disk-full', 'No space left in Queue.');
        },
        break: () => {
          throw new TypeError('x is undefined');
        },
        count: async (params, call) => {
          for (let item = 0; item < (params as number); item += 1) await call.send(item);
          return 'done';
        },
        listen: async (_params, call: ControlCall) => {
          await call.send('listening');
          await new Promise<void>((stop) => call.signal.addEventListener('abort', () => stop()));
          resolve();
        },
      },
      silentLogger,
    );
    await server.listen();
  });
  afterEach(() => server.close());

  it('answers a call with its result', async () => {
    const client = await ControlClient.connect(address);
    assert.equal(await client.call('add', [1, 2, 3]), 6);
    client.close();
  });

  it('streams items in order before the result', async () => {
    const client = await ControlClient.connect(address);
    const items: unknown[] = [];
    assert.equal(await client.call('count', 5000, (item) => items.push(item)), 'done');
    assert.deepEqual(
      items,
      Array.from({ length: 5000 }, (_, index) => index),
    );
    client.close();
  });

  it('tells the code and the text of a RelayError, and a defect as internal', async () => {
    const client = await ControlClient.connect(address);
    await assert.rejects(client.call('refuse'), { code: 'disk-full', message: 'No space left in Queue.' });
    await assert.rejects(client.call('break'), { code: 'internal' });
    await assert.rejects(client.call('toString'), { code: 'refused' });
    client.close();
  });

  it('aborts a call when the caller hangs up', async () => {
    const client = await ControlClient.connect(address);
    await new Promise((resolve) => void client.call('listen', {}, resolve).catch(() => {}));
    client.close();
    await hungUp;
  });

  it('fails the calls under way when the service stops', async () => {
    const client = await ControlClient.connect(address);
    const call = client.call('listen');
    await Promise.all([assert.rejects(call, { code: 'not-running' }), server.close()]);
    await server.listen();
  });

  it('is open to its own user alone', {
    skip: process.platform === 'win32' && 'Windows pipes have no mode',
  }, () => {
    assert.equal(statSync(address).mode & 0o777, 0o600);
  });

  it('hangs up on what is no request and goes on serving others', async () => {
    for (const garbage of [
      'GET / HTTP/1.1\r\n',
      '{"id":"x"}\n',
      'null\n',
      `${'x'.repeat(MAX_LINE_BYTES + 2)}`,
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(address, () => socket.write(garbage));
        socket.on('error', () => {});
        socket.on('close', () => resolve());
      });
    }
    const client = await ControlClient.connect(address);
    assert.equal(await client.call('add', [1]), 1);
    client.close();
  });

  it('refuses a second service on the same mailroot and replaces a stale socket', async () => {
    const second = new ControlServer(address, {}, silentLogger);
    await assert.rejects(second.listen(), { code: 'queue-locked' });
    await server.close();
    writeFileSync(address, '');
    await server.listen();
  });
});

it('says that no service runs when none listens', async () => {
  await assert.rejects(ControlClient.connect(join(folder, 'nobody.sock')), { code: 'not-running' });
});

it('keeps the address short enough for every platform', () => {
  assert.ok(Buffer.byteLength(controlAddress(`/${'deep/'.repeat(60)}`)) <= 100);
});

it('puts lines together from any pieces', () => {
  const seen: unknown[] = [];
  const lines = new JsonLines(
    (value) => seen.push(value),
    () => assert.fail('good lines'),
  );
  for (const byte of Buffer.from('{"a":"ä"}\n[1]\n')) lines.push(Buffer.from([byte]));
  assert.deepEqual(seen, [{ a: 'ä' }, [1]]);
});
