/** The way of a message with real peers: a name server says where, Postfix takes it; what Postfix refuses comes back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createIdSource, silentLogger, systemClock } from '../../src/base/index.ts';
import type { Envelope } from '../../src/envelope/index.ts';
import { downgradeBody } from '../../src/message/index.ts';
import { Outcome } from '../../src/outcome/index.ts';
import type { OwnMessage, Settlement } from '../../src/queue/index.ts';
import { openResolver } from '../../src/routing/resolver.ts';
import { MailRouter } from '../../src/routing/router.ts';
import { DEFAULT_DNS_SETTINGS } from '../../src/routing/settings.ts';
import { submit } from '../../src/smtp/index.ts';
import { bodyOf, claimOf, mailbox } from '../support/claims.ts';
import { type NameServer, startNsd } from '../support/nsd.ts';
import { PostfixMailbox } from '../support/postfix.ts';
import { foreignField, parsedByPython } from '../support/python-mail.ts';

let nsd: NameServer;
let postfix: PostfixMailbox;
before(async () => {
  [nsd, postfix] = await Promise.all([
    startNsd({
      'dest.test': [
        ['dest.test', 'MX', '10 nobody-there.dest.test'],
        ['dest.test', 'MX', '20 mx.dest.test'],
        ['mx.dest.test', 'A', '127.0.0.1'],
      ],
    }),
    PostfixMailbox.start(['dest.test', 'shop.test'], {
      addresses: ['bob@dest.test', 'ann@shop.test'],
      settings: [
        // An old host: no 8-bit bodies, no chunks.
        'smtpd_discard_ehlo_keywords = 8bitmime, chunking, smtputf8',
        // Clients on loopback would get missing fields added.
        'local_header_rewrite_clients =',
      ],
    }),
  ]);
});
after(async () => {
  postfix.stop();
  await nsd.stop();
});

const MESSAGE = Buffer.from(
  'From: Ann <ann@shop.test>\r\nTo: bob@dest.test\r\nSubject: Grüße\r\nMessage-ID: <1@shop.test>\r\n\r\n.\r\nKöln\r\n..\r\n',
);

/** What Postfix delivered, without the fields that it put on top, and those fields' word about the envelope. */
function asSent(delivered: string): { returnPath: string; deliveredTo: string; message: Buffer } {
  const own =
    /^Return-Path: <(.*)>\nX-Original-To: .*\nDelivered-To: (.*)\nReceived: .*\n(?:[ \t].*\n)*/.exec(
      delivered,
    );
  assert.ok(own, delivered);
  const message = Buffer.from(delivered.slice(own[0].length).replaceAll('\n', '\r\n'), 'latin1');
  return { returnPath: own[1]!, deliveredTo: own[2]!, message };
}

async function send(envelope: Envelope, message: Uint8Array) {
  const resolver = openResolver({ ...DEFAULT_DNS_SETTINGS, servers: [nsd] }, systemClock);
  try {
    const router = new MailRouter({
      settings: {
        localDomains: [],
        remoteDomains: [],
        outboundPort: postfix.instance.port,
        security: { tls: 'none', verifyCertificate: false },
        addressFamilies: 'ipv4-first',
        dns: DEFAULT_DNS_SETTINGS,
        self: { names: ['relay.test'], listeners: [] },
      },
      dns: resolver.dns,
      clock: systemClock,
    });
    const route = await router.route('dest.test');
    assert.ok(route.kind === 'next-hop');
    const [host] = route.nextHop.hosts;
    assert.equal(host?.name, 'mx.dest.test');
    return await submit({
      server: host.addresses[0]!,
      port: route.nextHop.port,
      connectionTimeoutMs: 30_000,
      tls: 'none',
      auth: { kind: 'none' },
      heloName: 'relay.test',
      envelope,
      message,
    });
  } finally {
    resolver.close();
  }
}

test('a message finds its host by MX and arrives, re-encoded for a host without 8BITMIME', async () => {
  const sevenBit = await downgradeBody(bodyOf(MESSAGE), '7bit');
  const envelope: Envelope = {
    reversePath: mailbox('ann@shop.test'),
    recipients: [{ forwardPath: mailbox('bob@dest.test') }],
    body: '7bit',
    smtpUtf8: false,
  };
  const result = await send(envelope, sevenBit.small!);
  assert.ok(result.sent, JSON.stringify(result));
  const [mail] = (await postfix.reached(1)).map(asSent);
  assert.equal(mail?.returnPath, 'ann@shop.test');
  assert.equal(mail.deliveredTo, 'bob@dest.test');
  assert.deepEqual(mail.message, Buffer.from(sevenBit.small!));
  const [read] = parsedByPython([mail.message]);
  assert.equal(foreignField(read!.headers, 'Subject'), 'Grüße');
  assert.equal(read!.content?.toString(), '.\r\nKöln\r\n..\r\n');
});

test('what Postfix refuses comes back as a report that Postfix delivers', async () => {
  const claim = claimOf({
    body: MESSAGE,
    message: { subject: 'Grüße', headerMessageId: '1@shop.test' },
    recipients: [{ forwardPath: mailbox('nobody@dest.test') }],
  });
  const envelope: Envelope = {
    reversePath: mailbox('ann@shop.test'),
    recipients: [{ forwardPath: mailbox('nobody@dest.test') }],
    body: '7bit',
    smtpUtf8: false,
  };
  const refused = await send(envelope, (await downgradeBody(bodyOf(MESSAGE), '7bit')).small!);
  assert.equal(refused.sent, false);
  const failure = refused.sent ? undefined : refused.failure;
  assert.ok(failure);
  const settled: { settlements: readonly Settlement[]; reports: readonly OwnMessage[] }[] = [];
  const outcome = new Outcome({
    queue: { settle: async (_, settlements, reports = []) => void settled.push({ settlements, reports }) },
    badmail: { put: () => Promise.reject(new Error('nothing belongs there')) },
    settings: () => ({
      fqdn: 'relay.test',
      reportFrom: mailbox('postmaster@shop.test'),
      maxReturnedBytes: 100_000,
      maxHops: 15,
      remote: { delayNoticeMs: 1e9, expiryMs: 2e9 },
      local: { delayNoticeMs: 1e9, expiryMs: 2e9 },
    }),
    clock: systemClock,
    ids: createIdSource(Date.now),
    log: silentLogger,
  });
  await outcome.report(claim, [
    { recipientId: 1, accepted: false, failure: { ...failure, host: 'mx.dest.test' } },
  ]);
  assert.equal(settled[0]?.settlements[0]?.state, 'failed');
  const report = settled[0].reports[0]!;
  const before = postfix.messages().length;
  const { draft, recipients } = report;
  const returned = await downgradeBody(bodyOf(report.body), '7bit');
  const delivered = await send(
    { reversePath: draft.reversePath, recipients, body: '7bit', smtpUtf8: false },
    returned.small!,
  );
  assert.ok(delivered.sent, JSON.stringify(delivered));
  const mail = (await postfix.reached(before + 1))
    .map(asSent)
    .find(({ deliveredTo }) => deliveredTo === 'ann@shop.test');
  assert.equal(mail?.returnPath, '');
  const [read] = parsedByPython([mail.message]);
  const group = read!.parts![1]!.groups![1]!;
  assert.equal(foreignField(group, 'Final-Recipient'), 'rfc822; nobody@dest.test');
  assert.equal(foreignField(group, 'Status'), '5.1.1');
  assert.match(foreignField(group, 'Diagnostic-Code') ?? '', /^smtp; 550 5\.1\.1 <nobody@dest\.test>/);
  assert.equal(foreignField(read!.parts![2]!.parts![0]!.headers, 'Subject'), 'Grüße');
  assert.equal(read!.parts![2]!.parts![0]!.content?.toString(), '.\r\nKöln\r\n..\r\n');
});
