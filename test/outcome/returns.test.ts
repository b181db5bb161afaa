/**
 * What becomes of mail that cannot be delivered, with everything real but the hours: queue on disk, routing by a name
 * server, delivery to Postfix, reports that travel the same way back, Drop and Badmail folders.
 */
import assert from 'node:assert/strict';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createIdSource, type LogFields, type Logger, nodeDisk } from '../../src/base/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import { NULL_REVERSE_PATH, type Recipient } from '../../src/envelope/index.ts';
import type { MessageDraft } from '../../src/queue/index.ts';
import { MailrootUnit } from '../../src/relay/mailroot-unit.ts';
import { mailbox } from '../support/claims.ts';
import { type NameServer, startNsd } from '../support/nsd.ts';
import { PostfixMailbox } from '../support/postfix.ts';
import { type ForeignPart, foreignField, parsedByPython } from '../support/python-mail.ts';
import { type SkippingClock, skippingClock } from '../support/skipping-clock.ts';
import type { ZoneRecord } from '../support/zone.ts';

const HOUR = 3_600_000;

const toPostfix = (domain: string): ZoneRecord[] => [
  [domain, 'MX', `10 mx.${domain}`, 1],
  [`mx.${domain}`, 'A', '127.0.0.1', 1],
];

let nsd: NameServer;
let postfix: PostfixMailbox;
let clock: SkippingClock;
let unit: MailrootUnit;
let folder: string;
const events: { readonly name: string; readonly fields: LogFields }[] = [];
const heard: (() => void)[] = [];

before(async () => {
  [nsd, postfix] = await Promise.all([
    startNsd(
      {
        'shop.test': toPostfix('shop.test'),
        'dest.test': toPostfix('dest.test'),
        // The world that this server knows; for other names it refuses to answer.
        test: [['silent.test', 'MX', '0 .']],
      },
      { closedWorld: false },
    ),
    PostfixMailbox.start(['shop.test', 'dest.test'], {
      addresses: ['ann@shop.test', 'ndr@shop.test', 'bob@dest.test'],
      settings: ['smtpd_discard_ehlo_keywords = dsn, 8bitmime, chunking', 'local_header_rewrite_clients ='],
    }),
  ]);
  folder = mkdtempSync(join(tmpdir(), 'mailroot-returns-'));
  clock = skippingClock();
  const loaded = loadConfig(
    [
      'fqdn: relay.home.test',
      'listen: []',
      'domains: { default: home.test }',
      `delivery: { port: ${postfix.instance.port}, dnsServers: ["${nsd.server}"], tls: none }`,
      'reports: { copyTo: ndr@shop.test }',
    ].join('\n'),
    join(folder, 'mailroot.yaml'),
  );
  assert.ok(loaded.ok, JSON.stringify(loaded));
  const log: Logger = {
    event(_, name, fields = {}) {
      events.push({ name, fields });
      for (const wake of heard.splice(0)) wake();
    },
    with: () => log,
  };
  unit = await MailrootUnit.open({
    mailroot: folder,
    servers: loaded.config.servers,
    process: loaded.config.process,
    listeners: [],
    nameOf: () => 'relay.home.test',
    disk: nodeDisk,
    clock,
    ids: createIdSource(clock.now),
    log,
  });
  unit.start();
});

after(async () => {
  await unit.stop(1_000);
  postfix.stop();
  await nsd.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function accept(
  to: readonly (string | Recipient)[],
  more: Partial<MessageDraft> = {},
  body = 'From: ann@shop.test\r\nSubject: hello\r\n\r\ntext\r\n',
) {
  const intake = unit.queue.begin({
    reversePath: mailbox('ann@shop.test'),
    body: '7bit',
    smtpUtf8: false,
    origin: { kind: 'command' },
    server: 'default',
    hops: 0,
    ...more,
  });
  for (const one of to) intake.addRecipient(typeof one === 'string' ? { forwardPath: mailbox(one) } : one);
  await intake.write(Buffer.from(body));
  return (await intake.commit()).id;
}

/** Waits for an event about a message; events of the past count. */
async function event(name: string, messageId: string, nth = 1): Promise<LogFields> {
  for (;;) {
    const found = events.filter((one) => one.name === name && one.fields['messageId'] === messageId);
    if (found.length >= nth) return found[nth - 1]!.fields;
    await new Promise<void>((resolve) => heard.push(resolve));
  }
}

/** The first message in Postfix's mailbox that holds all of `texts`. */
async function arrived(...texts: readonly string[]): Promise<ForeignPart> {
  for (let count = 1; ; ) {
    const mail = await postfix.reached(count);
    const found = mail.find((one) => texts.every((text) => one.includes(text)));
    if (found !== undefined) return parsedByPython([Buffer.from(found, 'latin1')])[0]!;
    count = mail.length + 1;
  }
}

/** The report about a message, as it arrived in the mailbox of `reader`. */
const reportTo = (reader: string, about: string) => arrived(`\nDelivered-To: ${reader}\n`, about);

const group = (report: ForeignPart, field: string, nth = 1) =>
  foreignField(report.parts![1]!.groups![nth]!, field);

test('a refused recipient comes back to the sender and to the copy address; the other one is delivered', async () => {
  const id = await accept(['bob@dest.test', 'nobody@dest.test']);
  const failed = await event('outcome.failed', id);
  assert.equal(failed['recipient'], 'nobody@dest.test');
  assert.equal(failed['host'], 'mx.dest.test');
  assert.equal((await event('outcome.delivered', id))['recipient'], 'bob@dest.test');
  for (const reader of ['ann@shop.test', 'ndr@shop.test']) {
    const report = await reportTo(reader, id);
    assert.equal(foreignField(report.headers, 'From'), 'postmaster@home.test');
    assert.equal(foreignField(report.headers, 'To'), 'ann@shop.test');
    assert.equal(foreignField(report.headers, 'Return-Path'), '<>');
    assert.equal(group(report, 'Final-Recipient'), 'rfc822; nobody@dest.test');
    assert.equal(group(report, 'Status'), '5.1.1');
    assert.equal(group(report, 'Remote-MTA'), 'dns; mx.dest.test');
    assert.equal(report.parts![1]!.groups!.length, 2);
  }
});

test('a domain that does not exist, and one that takes no mail, come back at once', async () => {
  for (const [address, status] of [
    ['x@nowhere.test', '5.1.2'],
    ['x@silent.test', '5.1.10'],
  ] as const) {
    const report = await reportTo('ann@shop.test', await accept([address]));
    assert.equal(group(report, 'Final-Recipient'), `rfc822; ${address}`);
    assert.equal(group(report, 'Status'), status);
  }
});

test('a report for a local sender goes to Drop', async () => {
  const id = await accept(['nobody@dest.test'], { reversePath: mailbox('clerk@home.test') });
  await event('outcome.failed', id);
  const dropped = await droppedWith(id);
  assert.match(dropped, /^x-sender: <>\r\nx-receiver: <clerk@home\.test> NOTIFY=NEVER\r\n/);
  assert.match(dropped, /Action: failed/);
});

async function droppedWith(text: string): Promise<string> {
  for (let seen = 0; ; seen += 1) {
    for (const name of readdirSync(unit.folders.drop)) {
      const content = readFileSync(join(unit.folders.drop, name), 'latin1');
      if (content.includes(text)) return content;
    }
    const already = events.length;
    while (events.length === already) await new Promise<void>((resolve) => heard.push(resolve));
    assert.ok(seen < 1000);
  }
}

test('a report that cannot be delivered goes to Badmail as a triplet', async () => {
  const id = await accept(['nobody@dest.test'], { reversePath: mailbox('no-sender@shop.test') });
  await event('outcome.failed', id);
  const written = await untilEvent(
    (one) => one.name === 'badmail.written' && badmailOf(one.fields).includes(id),
  );
  assert.equal(written['reasonClass'], 'NDR of DSN');
  assert.match(badmailOf(written), /Subject: Delivery Status Notification \(Failure\)/);
});

function badmailOf(fields: LogFields): string {
  const stem = String(fields['messageId']);
  const names = readdirSync(unit.folders.badmail).filter((name) => name.startsWith(stem));
  assert.deepEqual(names.map((name) => name.slice(-4)).sort(), ['.BAD', '.BDP', '.BDR']);
  return names.map((name) => readFileSync(join(unit.folders.badmail, name), 'latin1')).join('\n');
}

async function untilEvent(
  matches: (one: { name: string; fields: LogFields }) => boolean,
): Promise<LogFields> {
  for (;;) {
    const found = events.find(matches);
    if (found !== undefined) return found.fields;
    await new Promise<void>((resolve) => heard.push(resolve));
  }
}

test('a message without a sender goes to Badmail itself, and nobody is written to', async () => {
  const id = await accept(['nobody@dest.test'], { reversePath: NULL_REVERSE_PATH });
  assert.equal((await event('outcome.failed', id))['badmail'], 'NDR of DSN');
  assert.ok(!events.some((one) => one.name === 'outcome.reported' && one.fields['messageId'] === id));
});

test('while Badmail cannot be written the message waits, and goes there when it can, without a restart', async () => {
  const { badmail } = unit.folders;
  renameSync(badmail, `${badmail}.away`);
  writeFileSync(badmail, 'a file where the folder should be');
  const id = await accept(['nobody@dest.test'], { reversePath: NULL_REVERSE_PATH });
  assert.match(String((await event('outcome.badmail-unwritable', id))['reason']), /Badmail/);
  assert.match(String((await event('outcome.deferred', id))['reason']), /Badmail cannot be written/);
  unlinkSync(badmail);
  renameSync(`${badmail}.away`, badmail);
  clock.skip(16 * 60_000);
  await event('outcome.failed', id);
  assert.ok(readdirSync(badmail).some((name) => name.startsWith(id) && name.endsWith('.BAD')));
});

test('a message with too many hops is not sent but returned', async () => {
  const id = await accept(['bob@dest.test'], { hops: 16 });
  assert.equal((await event('outcome.failed', id))['status'], '5.4.6');
  assert.match(group(await reportTo('ann@shop.test', id), 'Diagnostic-Code') ?? '', /hop count exceeded: 16/);
});

test('a wanted success report says relayed, since the next hop has no DSN', async () => {
  const notify = { success: true, failure: true, delay: true };
  const id = await accept([{ forwardPath: mailbox('bob@dest.test'), notify }], { envelopeId: 'E-77' });
  const report = await reportTo('ann@shop.test', id);
  assert.equal(group(report, 'Action'), 'relayed');
  assert.equal(group(report, 'Original-Envelope-Id', 0), 'E-77');
});

test('an 8-bit message reaches a host without 8BITMIME, and the log tells of the broken signature', async () => {
  const body = 'DKIM-Signature: v=1\r\nFrom: ann@shop.test\r\nSubject: Grüße\r\n\r\nKöln am Rhein\r\n';
  const id = await accept(['bob@dest.test'], { body: '8bitmime' }, body);
  assert.deepEqual((await event('relay.downgraded', id))['brokenSignatures'], ['dkim']);
  const read = await arrived('DKIM-Signature: v=1');
  assert.equal(foreignField(read.headers, 'Subject'), 'Grüße');
  assert.equal(read.content?.toString(), 'Köln am Rhein\n');
});

test('an operator returns a waiting message', async () => {
  const id = await accept(['x@unknown-world.example']);
  await event('outcome.deferred', id);
  const [claim] = await unit.operator.claimForReturn([id]);
  await unit.outcome.returnToSender(claim!, 'not today');
  const report = await reportTo('ann@shop.test', id);
  assert.equal(group(report, 'Status'), '4.3.2');
  assert.match(report.parts![0]!.content!.toString(), /administrator/);
});

test('mail waits while DNS fails, the sender is told after 12 hours, and gets it back after two days', async () => {
  const id = await accept(['x@late.other']);
  assert.equal((await event('outcome.deferred', id))['status'], '4.4.3');
  for (let hours = 0, seen = 1; hours < 12; hours += 5) {
    clock.skip(5 * HOUR);
    seen += 1;
    await event('outcome.deferred', id, seen);
  }
  const delayed = await reportTo('ann@shop.test', id);
  assert.equal(group(delayed, 'Action'), 'delayed');
  assert.equal(foreignField(delayed.headers, 'Subject'), 'Delivery Status Notification (Delay)');
  const told = events.filter((one) => one.name === 'outcome.reported' && one.fields['messageId'] === id);
  assert.equal(told.length, 1);
  clock.skip(34 * HOUR);
  assert.equal((await event('outcome.expired', id))['status'], '4.4.7');
});
