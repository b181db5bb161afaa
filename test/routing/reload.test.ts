import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { decode, encode } from 'dns-packet';
import { createIdSource, type Logger, nodeDisk, systemClock } from '../../src/base/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import { MailrootUnit } from '../../src/relay/mailroot-unit.ts';
import { mailbox } from '../support/claims.ts';

test('a reload in the middle of a look-up does not defer the mail that waits for it', async () => {
  const dns = createSocket('udp4').bind(0, '127.0.0.1');
  await once(dns, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-reload-'));
  const loaded = loadConfig(
    `fqdn: relay.home.test\nlisten: []\ndelivery: { dnsServers: ['127.0.0.1:${dns.address().port}'] }\n`,
    join(folder, 'mailroot.yaml'),
  );
  assert.ok(loaded.ok);
  const { servers, process } = loaded.config;
  const ended = Promise.withResolvers<string>();
  const log: Logger = {
    event: (_, name) => {
      if (/^outcome\.(failed|deferred)$/.test(name)) ended.resolve(name);
    },
    with: () => log,
  };
  const unit = await MailrootUnit.open({
    mailroot: folder,
    servers,
    process,
    listeners: [],
    nameOf: () => 'relay.home.test',
    disk: nodeDisk,
    clock: systemClock,
    ids: createIdSource(Date.now),
    log,
  });
  try {
    unit.start();
    const asked = once(dns, 'message');
    const intake = unit.queue.begin({
      reversePath: mailbox('ann@home.test'),
      body: '7bit',
      smtpUtf8: false,
      origin: { kind: 'command' },
      server: servers[0]!.name,
      hops: 0,
    });
    intake.addRecipient({ forwardPath: mailbox('x@slow.test'), notify: 'never' });
    await intake.write(Buffer.from('From: ann@home.test\r\n\r\nx\r\n'));
    await intake.commit();
    const [question, from] = await asked;
    unit.reload(servers, []);
    const query = decode(question);
    const nullMx = {
      type: 'MX' as const,
      name: 'slow.test',
      ttl: 60,
      data: { preference: 0, exchange: '.' },
    };
    dns.send(
      encode({ type: 'response', id: query.id!, questions: query.questions!, answers: [nullMx] }),
      from.port,
      from.address,
    );
    assert.equal(await ended.promise, 'outcome.failed');
  } finally {
    await unit.stop(1_000);
    dns.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
