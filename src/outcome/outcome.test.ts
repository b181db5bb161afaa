import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { bodyOf, type ClaimOptions, claimOf, mailbox } from '../../test/support/claims.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { createIdSource, type IdSource, type LogFields, type Logger } from '../base/index.ts';
import { formatMailbox, NULL_REVERSE_PATH, type Reply } from '../envelope/index.ts';
import type { Claim, ClaimSource, OwnMessage, Settlement } from '../queue/index.ts';
import type { AttemptFailure } from '../smtp/index.ts';
import type { Badmail, BadmailClaim } from './badmail.ts';
import type { DeliveryReport } from './contract.ts';
import { Outcome } from './outcome.ts';
import { screenedClaims } from './screened-claims.ts';
import type { OutcomeSettings } from './settings.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const SETTINGS: OutcomeSettings = {
  fqdn: 'relay.test',
  reportFrom: mailbox('postmaster@shop.test'),
  maxReturnedBytes: 1_048_576,
  maxHops: 15,
  remote: { delayNoticeMs: 12 * HOUR, expiryMs: 2 * DAY },
  local: { delayNoticeMs: 2 * HOUR, expiryMs: DAY },
};

type Happening =
  | {
      readonly kind: 'settled';
      readonly settlements: readonly Settlement[];
      readonly reports: readonly OwnMessage[];
    }
  | {
      readonly kind: 'badmail';
      readonly class: string;
      readonly reason: string;
      readonly claim: BadmailClaim;
    }
  | { readonly kind: 'event'; readonly level: string; readonly name: string; readonly fields: LogFields };

/** An outcome whose effects are written down in their order. */
function watched(
  options: {
    settings?: Partial<OutcomeSettings>;
    badmail?: Badmail;
    settle?: ClaimSource['settle'];
    ids?: IdSource;
  } = {},
) {
  const happened: Happening[] = [];
  const clock = manualClock();
  const log: Logger = {
    event: (level, name, fields = {}) => happened.push({ kind: 'event', level, name, fields }),
    with: () => log,
  };
  const outcome = new Outcome({
    queue: {
      settle:
        options.settle ??
        (async (_, settlements, reports = []) => {
          happened.push({ kind: 'settled', settlements, reports });
        }),
    },
    badmail: options.badmail ?? {
      put: async (kind, reason, claim) => {
        happened.push({ kind: 'badmail', class: kind, reason, claim });
      },
    },
    settings: () => ({ ...SETTINGS, ...options.settings }),
    clock,
    ids: options.ids ?? createIdSource(clock.now),
    log,
  });
  return {
    outcome,
    happened,
    async settle(claim: Claim, ...reports: DeliveryReport[]) {
      await outcome.report(claim, reports);
      const settled = happened.findLast((one) => one.kind === 'settled');
      assert.ok(settled?.kind === 'settled');
      return {
        settlements: settled.settlements,
        reports: settled.reports,
        badmail: happened.flatMap((one) => (one.kind === 'badmail' ? [one] : [])),
        events: happened.flatMap((one) => (one.kind === 'event' ? [one] : [])),
      };
    },
  };
}

const settle = (claim: Claim, ...reports: DeliveryReport[]) => watched().settle(claim, ...reports);

const ACCEPTED: Reply = { code: 250, status: '2.0.0', lines: ['ok'] };

function accepted(recipientId = 1, hostKeepsDsn = false): DeliveryReport {
  return {
    recipientId,
    accepted: true,
    host: 'mx.test',
    address: '192.0.2.1',
    reply: ACCEPTED,
    hostKeepsDsn,
  };
}

function refused(recipientId: number, code: number, more: Partial<AttemptFailure> = {}): DeliveryReport {
  const reply: Reply = { code, status: code < 500 ? '4.2.1' : '5.1.1', lines: ['no such user'] };
  return {
    recipientId,
    accepted: false,
    failure: { stage: 'rcpt', host: 'mx.test', problem: 'rejected', reply, text: 'refused', ...more },
  };
}

function textOf(report: OwnMessage | undefined): string {
  return Buffer.from(report!.body).toString();
}

describe('delivered', () => {
  test('settles with host and reply, and tells nobody', async () => {
    const { settlements, reports, badmail, events } = await settle(claimOf(), accepted());
    assert.deepEqual(settlements, [{ recipientId: 1, state: 'delivered', host: 'mx.test', reply: ACCEPTED }]);
    assert.deepEqual([reports.length, badmail.length], [0, 0]);
    assert.equal(events.length, 1);
    assert.equal(events[0]?.name, 'outcome.delivered');
    assert.deepEqual(events[0]?.fields, {
      messageId: '0123456789ABCDEF',
      recipient: 'r1@dest.test',
      sender: '<ann@shop.test>',
      attempt: 1,
      ageMs: 0,
      host: 'mx.test',
      address: '192.0.2.1',
      tls: undefined,
      reply: '250 2.0.0 ok',
    });
  });

  test('to Drop names the file in the log', async () => {
    const { settlements, events } = await settle(claimOf(), { recipientId: 1, dropped: true, file: 'X.eml' });
    assert.equal(settlements[0]?.state, 'delivered');
    assert.equal(events[0]?.name, 'outcome.dropped');
    assert.equal(events[0]?.fields['file'], 'X.eml');
  });

  const wishes = { success: true, failure: true, delay: false };
  test('with NOTIFY=SUCCESS tells that it was relayed when the next hop has no DSN', async () => {
    const { reports } = await settle(claimOf({ recipients: [{ notify: wishes }] }), accepted());
    assert.equal(reports.length, 1);
    assert.match(textOf(reports[0]), /^Action: relayed\r$/m);
    assert.match(textOf(reports[0]), /^Remote-MTA: dns; mx\.test\r$/m);
  });

  test('with NOTIFY=SUCCESS leaves it to a next hop that has DSN', async () => {
    const { reports } = await settle(claimOf({ recipients: [{ notify: wishes }] }), accepted(1, true));
    assert.equal(reports.length, 0);
  });

  test('with NOTIFY=SUCCESS tells that it is in Drop', async () => {
    const claim = claimOf({ recipients: [{ notify: wishes }] });
    const { reports } = await settle(claim, { recipientId: 1, dropped: true, file: 'X.eml' });
    assert.match(textOf(reports[0]), /^Action: delivered\r$/m);
    assert.match(textOf(reports[0]), /^Status: 2\.1\.5\r$/m);
    assert.doesNotMatch(textOf(reports[0]), /Remote-MTA/);
    assert.doesNotMatch(textOf(reports[0]), /^text\r$/m);
  });

  test('with NOTIFY=SUCCESS and no sender tells nobody', async () => {
    const claim = claimOf({ message: { reversePath: NULL_REVERSE_PATH }, recipients: [{ notify: wishes }] });
    assert.equal((await settle(claim, accepted())).reports.length, 0);
  });
});

describe('deferred', () => {
  test('keeps what happened and tells nobody while the message is young', async () => {
    const { settlements, reports, events } = await settle(claimOf({ ageMs: 12 * HOUR - 1 }), refused(1, 451));
    assert.deepEqual(settlements, [
      { recipientId: 1, state: 'deferred', lastResult: 'mx.test 451 4.2.1 no such user', schedule: 'remote' },
    ]);
    assert.equal(reports.length, 0);
    assert.equal(events[0]?.name, 'outcome.deferred');
    assert.equal(events[0]?.fields['stage'], 'rcpt');
    assert.equal(events[0]?.fields['status'], '4.2.1');
  });

  test('without a reply keeps our own words', async () => {
    const failure: Partial<AttemptFailure> = {
      stage: 'connect',
      problem: 'timeout',
      text: 'no answer within 5 min',
    };
    const report = refused(1, 451, failure) as Extract<DeliveryReport, { accepted: false }>;
    const { reply: _, ...withoutReply } = report.failure;
    const { settlements } = await settle(claimOf(), { ...report, failure: withoutReply });
    assert.equal(
      'lastResult' in settlements[0]! && settlements[0].lastResult,
      'mx.test no answer within 5 min',
    );
  });

  test('is told once, at the age of the delay notice, with the time of giving up', async () => {
    const { settlements, reports } = await settle(claimOf({ ageMs: 12 * HOUR }), refused(1, 451));
    assert.equal('delayNoticeSent' in settlements[0]! && settlements[0].delayNoticeSent, true);
    assert.equal(reports.length, 1);
    const text = textOf(reports[0]);
    assert.match(text, /^Subject: Delivery Status Notification \(Delay\)\r$/m);
    assert.match(text, /^Action: delayed\r$/m);
    const until = /^Will-Retry-Until: (.*)\r$/m.exec(text)?.[1];
    assert.equal(Date.parse(until ?? ''), Date.UTC(2026, 0, 5, 9, 0, 0) + 36 * HOUR);
    const again = claimOf({ ageMs: 20 * HOUR, recipients: [{ delayNoticeSent: true }] });
    assert.equal((await settle(again, refused(1, 451))).reports.length, 0);
  });

  test('is told only to those who want to know of delays', async () => {
    const claim = claimOf({
      ageMs: 13 * HOUR,
      recipients: [
        { notify: 'never' },
        { notify: { success: false, failure: true, delay: false } },
        { notify: { success: false, failure: true, delay: true } },
        {},
      ],
    });
    const { reports, settlements } = await settle(
      claim,
      refused(1, 451),
      refused(2, 451),
      refused(3, 451),
      refused(4, 451),
    );
    assert.equal(reports.length, 1);
    assert.deepEqual(
      [...textOf(reports[0]).matchAll(/^Final-Recipient: rfc822; (r\d)/gm)].map((match) => match[1]),
      ['r3', 'r4'],
    );
    assert.deepEqual(
      settlements.map((one) => 'delayNoticeSent' in one),
      [false, false, true, true],
    );
  });

  test('Drop has its own ages and retry times', async () => {
    const report = { recipientId: 1, dropRefused: { quota: true, text: 'Drop is full: 10 of 10 MB' } };
    const { settlements, reports } = await settle(claimOf({ ageMs: 2 * HOUR }), report);
    assert.deepEqual(settlements[0], {
      recipientId: 1,
      state: 'deferred',
      lastResult: 'Drop is full: 10 of 10 MB',
      schedule: 'local',
      delayNoticeSent: true,
    });
    assert.match(textOf(reports[0]), /^Status: 4\.2\.2\r$/m);
    assert.equal((await settle(claimOf({ ageMs: DAY }), report)).settlements[0]?.state, 'expired');
  });

  test('DNS trouble waits, and says what is wrong', async () => {
    const unroutable = { cause: 'dns-timeout', text: 'no answer from 192.0.2.53' } as const;
    const { settlements } = await settle(claimOf(), { recipientId: 1, unroutable });
    assert.equal(settlements[0]?.state, 'deferred');
  });

  test('untried recipients go back as they were', async () => {
    const { settlements } = await settle(
      claimOf({ recipients: [{}, {}] }),
      { recipientId: 1, untried: true },
      { recipientId: 2, untried: true, notBefore: 77 },
    );
    assert.deepEqual(settlements, [
      { recipientId: 1, state: 'queued' },
      { recipientId: 2, state: 'queued', notBefore: 77 },
    ]);
  });

  test('what is only ever put off expires too, unless nothing was ever tried', async () => {
    const claim = claimOf({
      ageMs: 2 * DAY,
      recipients: [{ attempts: 9, lastResult: 'mx.test refused' }, {}, { attempts: 9 }],
    });
    const { settlements, reports } = await settle(
      claim,
      { recipientId: 1, untried: true, notBefore: 77 },
      { recipientId: 2, untried: true, notBefore: 77 },
      { recipientId: 3, untried: true },
    );
    assert.deepEqual(
      settlements.map(({ state }) => state),
      ['expired', 'queued', 'queued'],
    );
    assert.equal(reports.length, 1);
  });

  test('mail held for ETRN is held', async () => {
    const { settlements, reports } = await settle(claimOf(), {
      recipientId: 1,
      heldForEtrn: 'waits for ETRN',
    });
    assert.deepEqual(settlements, [{ recipientId: 1, state: 'held', lastResult: 'waits for ETRN' }]);
    assert.equal(reports.length, 0);
  });
});

describe('failed', () => {
  test('returns the message in one report for all failed recipients, from nobody, asking for nothing', async () => {
    const claim = claimOf({
      message: {
        envelopeId: 'E1',
        subject: 'hello',
        headerMessageId: '1@shop.test',
        origin: {
          kind: 'smtp',
          sessionId: 'S',
          clientAddress: '192.0.2.9',
          heloName: 'desk.test',
          overTls: false,
        },
      },
      recipients: [{}, {}, { originalRecipient: { addressType: 'rfc822', address: 'x@alias.test' } }],
    });
    const { settlements, reports, badmail, events } = await settle(
      claim,
      refused(1, 550),
      accepted(2),
      refused(3, 550),
    );
    assert.deepEqual(
      settlements.map(({ state }) => state),
      ['failed', 'delivered', 'failed'],
    );
    assert.deepEqual(settlements[0], {
      recipientId: 1,
      state: 'failed',
      lastResult: 'mx.test 550 5.1.1 no such user',
      status: '5.1.1',
    });
    assert.equal(badmail.length, 0);
    assert.equal(reports.length, 1);
    const { draft, recipients } = reports[0]!;
    assert.equal(draft.reversePath, NULL_REVERSE_PATH);
    assert.deepEqual(draft.origin, { kind: 'report', about: '0123456789ABCDEF' });
    assert.equal(draft.server, 'default');
    assert.equal(draft.hops, 0);
    assert.equal(draft.body, '7bit');
    assert.match(draft.headerMessageId ?? '', /^[0-9A-Z]{16}@relay\.test$/);
    assert.deepEqual(recipients, [{ forwardPath: mailbox('ann@shop.test'), notify: 'never' }]);
    const text = textOf(reports[0]);
    assert.deepEqual(
      [...text.matchAll(/^Final-Recipient: rfc822; (r\d)/gm)].map((match) => match[1]),
      ['r1', 'r3'],
    );
    for (const line of [
      'From: postmaster@shop.test',
      'To: ann@shop.test',
      'Original-Envelope-Id: E1',
      'Original-Recipient: rfc822; x@alias.test',
      'Received-From-MTA: dns; desk.test',
      'Diagnostic-Code: smtp; 550 5.1.1 no such user',
      'Remote-MTA: dns; mx.test',
      'Content-Type: message/rfc822',
      'Subject: hello',
      'text',
    ])
      assert.ok(text.includes(`\r\n${line}\r\n`) || text.startsWith(`${line}\r\n`), line);
    const told = events.find(({ name }) => name === 'outcome.reported');
    assert.equal(told?.fields['recipients'], 2);
    assert.deepEqual(
      events.map(({ name }) => name),
      ['outcome.failed', 'outcome.delivered', 'outcome.failed', 'outcome.reported'],
    );
  });

  test('NOTIFY=NEVER and NOTIFY without FAILURE are not told, and are not put into Badmail', async () => {
    const claim = claimOf({
      recipients: [{ notify: 'never' }, { notify: { success: true, failure: false, delay: true } }],
    });
    const { settlements, reports, badmail } = await settle(claim, refused(1, 550), refused(2, 550));
    assert.deepEqual(
      settlements.map(({ state }) => state),
      ['failed', 'failed'],
    );
    assert.deepEqual([reports.length, badmail.length], [0, 0]);
  });

  test('a domain without mail host is told in plain words, without a remote server', async () => {
    const unroutable = { cause: 'no-such-domain', text: 'the domain dest.test does not exist' } as const;
    const { reports, settlements } = await settle(claimOf(), { recipientId: 1, unroutable });
    assert.equal('status' in settlements[0]! && settlements[0].status, '5.1.2');
    const text = textOf(reports[0]);
    assert.match(text, /The domain of this address does not exist\./);
    assert.match(text, /^Diagnostic-Code: x-mailroot; the domain dest\.test does not exist\r$/m);
    assert.doesNotMatch(text, /Remote-MTA/);
  });

  test('a message that loops is returned with 5.4.6', async () => {
    const { settlements } = await settle(claimOf(), { recipientId: 1, tooManyHops: 16 });
    assert.equal('status' in settlements[0]! && settlements[0].status, '5.4.6');
  });

  test('an operator returns a message with 4.3.2 and words of their own', async () => {
    const { outcome, happened } = watched();
    await outcome.returnToSender(claimOf({ recipients: [{}, {}] }), 'wrong attachment');
    const settled = happened[0];
    assert.ok(settled?.kind === 'settled');
    assert.deepEqual(
      settled.settlements.map((one) => one.state === 'failed' && one.status),
      ['4.3.2', '4.3.2'],
    );
    assert.match(textOf(settled.reports[0]), /returned by the administrator: wrong attachment/);
  });

  test('the NDR copy address gets the same report, unless it is the sender', async () => {
    const copyNdrTo = mailbox('ndr@shop.test');
    const copied = await watched({ settings: { copyNdrTo } }).settle(claimOf(), refused(1, 550));
    assert.deepEqual(
      copied.reports[0]?.recipients.map(({ forwardPath }) => formatMailbox(forwardPath)),
      ['ann@shop.test', 'ndr@shop.test'],
    );
    const own = claimOf({ message: { reversePath: copyNdrTo } });
    assert.equal(
      (await watched({ settings: { copyNdrTo } }).settle(own, refused(1, 550))).reports[0]?.recipients.length,
      1,
    );
    const delayed = await watched({ settings: { copyNdrTo } }).settle(
      claimOf({ ageMs: 13 * HOUR }),
      refused(1, 450),
    );
    assert.equal(delayed.reports[0]?.recipients.length, 1);
  });

  test('failed, delayed and relayed recipients of one settlement get a report each', async () => {
    const claim = claimOf({
      ageMs: 13 * HOUR,
      recipients: [{}, {}, { notify: { success: true, failure: true, delay: true } }],
    });
    const { reports } = await settle(claim, refused(1, 550), refused(2, 450), accepted(3));
    assert.deepEqual(
      reports.map((report) => /^Action: (.*)\r$/m.exec(textOf(report))?.[1]),
      ['failed', 'delayed', 'relayed'],
    );
  });
});

describe('expired', () => {
  test('at the age limit a temporary failure becomes final, with 4.4.7 and the last answer', async () => {
    const { settlements, reports } = await settle(claimOf({ ageMs: 2 * DAY }), refused(1, 451));
    assert.deepEqual(settlements, [
      { recipientId: 1, state: 'expired', lastResult: 'mx.test 451 4.2.1 no such user', status: '4.4.7' },
    ]);
    const text = textOf(reports[0]);
    assert.match(text, /^Action: failed\r$/m);
    assert.match(text, /^Status: 4\.4\.7\r$/m);
    assert.match(text, /The server tried for 2 days without success\./);
    assert.match(text, /^Diagnostic-Code: smtp; 451 4\.2\.1 no such user\r$/m);
  });

  test('a success at the age limit is a success', async () => {
    assert.equal((await settle(claimOf({ ageMs: 3 * DAY }), accepted())).settlements[0]?.state, 'delivered');
  });
});

describe('what is returned', () => {
  const large = `From: ann@shop.test\r\nSubject: big\r\n\r\n${'x'.repeat(70)}\r\n`.padEnd(3000, 'y');
  const returnedBy = async (options: ClaimOptions, settings: Partial<OutcomeSettings> = {}) =>
    textOf((await watched({ settings }).settle(claimOf(options), refused(1, 550))).reports[0]);

  test('RET=HDRS returns the header alone', async () => {
    const text = await returnedBy({ message: { returnContent: 'headers' } });
    assert.match(text, /^Content-Type: text\/rfc822-headers\r$/m);
    assert.doesNotMatch(text, /^text\r$/m);
  });

  test('a message above the bound comes back as header, RET=FULL or not, and the text says so', async () => {
    const text = await returnedBy(
      { body: large, message: { returnContent: 'full' } },
      { maxReturnedBytes: 2000 },
    );
    assert.match(text, /too large to be returned/);
    assert.doesNotMatch(text, /xxxx/);
  });

  test('a large message from the disk is read in pieces', async () => {
    const body = bodyOf(`A: b\r\n\r\n${'z\r\n'.repeat(500)}`, 100);
    assert.match(await returnedBy({ body }), /(z\r\n){500}/);
  });

  test('with a bound of zero nothing is returned', async () => {
    assert.doesNotMatch(await returnedBy({}, { maxReturnedBytes: 0 }), /rfc822-headers|message\/rfc822/);
  });

  test('an overlong header is cut after a whole line', async () => {
    const body = `A: b\r\nX-Long: ${'c'.repeat(300)}\r\nZ: z\r\n\r\n${'d'.repeat(1000)}`;
    const text = await returnedBy({ body }, { maxReturnedBytes: 200 });
    assert.match(text, /\r\n\r\nA: b\r\n\r\n--/);
  });

  test('binary content and overlong lines are not put into another message', async () => {
    assert.match(await returnedBy({ message: { body: 'binarymime' } }), /text\/rfc822-headers/);
    assert.match(await returnedBy({ body: `A: b\r\n\r\n${'l'.repeat(999)}\r\n` }), /text\/rfc822-headers/);
  });

  test('an unreadable body does not keep the report back', async () => {
    const broken = () => Promise.reject(new Error('EIO'));
    const body = {
      ...bodyOf('A: b\r\n\r\n', 1),
      header: broken,
      chunks: () => ({ [Symbol.asyncIterator]: () => ({ next: broken }) }),
    };
    assert.match(await returnedBy({ body }), /^Status: 5\.1\.1\r$/m);
  });
});

describe('Badmail', () => {
  const reportMessage = { reversePath: NULL_REVERSE_PATH, origin: { kind: 'report', about: 'X' } } as const;

  test('an undeliverable NDR goes to Badmail as NDR of DSN before it is settled', async () => {
    const { outcome, happened } = watched();
    await outcome.report(claimOf({ message: reportMessage, recipients: [{ notify: 'never' }, {}] }), [
      refused(1, 550),
      accepted(2),
    ]);
    assert.deepEqual(
      happened.map(({ kind }) => kind),
      ['badmail', 'settled', 'event', 'event'],
    );
    const put = happened[0];
    assert.ok(put?.kind === 'badmail');
    assert.equal(put.class, 'NDR of DSN');
    assert.match(put.reason, /no sender to return it to.*550 5\.1\.1 no such user/);
    assert.deepEqual(
      put.claim.recipients.map(({ recipient, status, lastResult }) => [
        recipient.recipientId,
        status,
        lastResult,
      ]),
      [[1, '5.1.1', 'mx.test 550 5.1.1 no such user']],
    );
  });

  test('recipients given up at different times get triplets of different names, the same ones the same name', async () => {
    const names: string[] = [];
    const badmail: Badmail = { put: async (_kind, _reason, { name }) => void names.push(name) };
    const { outcome } = watched({ badmail });
    const claim = claimOf({ message: reportMessage, recipients: [{}, {}] });
    await outcome.report(claim, [refused(1, 550)]);
    await outcome.report(claim, [refused(2, 550)]);
    await outcome.report(claim, [refused(1, 550)]);
    assert.deepEqual(names, ['0123456789ABCDEF-1', '0123456789ABCDEF-2', '0123456789ABCDEF-1']);
  });

  test('an expired NDR goes there too', async () => {
    const { badmail } = await settle(claimOf({ message: reportMessage, ageMs: 2 * DAY }), refused(1, 450));
    assert.equal(badmail[0]?.claim.recipients[0]?.status, '4.4.7');
  });

  test('a message without sender that loops counts as hop count exceeded', async () => {
    const { badmail } = await settle(claimOf({ message: reportMessage }), {
      recipientId: 1,
      tooManyHops: 99,
    });
    assert.equal(badmail[0]?.class, 'Hop Count Exceeded');
  });

  test('when Badmail cannot be written the message waits, the others are settled, and the log says why', async () => {
    const badmail: Badmail = { put: () => Promise.reject(new Error('EROFS: read-only file system')) };
    const claim = claimOf({ message: reportMessage, recipients: [{}, {}] });
    const { settlements, events } = await watched({ badmail }).settle(claim, refused(1, 550), accepted(2));
    assert.equal(settlements[0]?.state, 'deferred');
    assert.match(
      'lastResult' in settlements[0]! ? settlements[0].lastResult : '',
      /Badmail cannot be written: EROFS/,
    );
    assert.equal(settlements[1]?.state, 'delivered');
    assert.ok(events.some(({ level, name }) => level === 'error' && name === 'outcome.badmail-unwritable'));
  });
});

test('a defect in writing a report keeps the failed recipients in the queue and stops nobody else', async () => {
  const ids: IdSource = {
    next() {
      throw new Error('no more ids');
    },
  };
  const claim = claimOf({
    ageMs: 13 * HOUR,
    recipients: [{}, {}, {}, { notify: { success: true, failure: true, delay: true } }],
  });
  const { settlements, reports, events } = await watched({ ids }).settle(
    claim,
    refused(1, 550),
    accepted(2),
    refused(3, 450),
    accepted(4),
  );
  assert.deepEqual(
    settlements.map(({ state }) => state),
    ['deferred', 'delivered', 'deferred', 'delivered'],
  );
  assert.equal(
    'lastResult' in settlements[0]! && settlements[0].lastResult,
    'the report to the sender cannot be written: no more ids',
  );
  assert.equal('delayNoticeSent' in settlements[2]!, false);
  assert.equal(reports.length, 0);
  assert.ok(events.some(({ level, name }) => level === 'error' && name === 'outcome.report-not-made'));
});

test('a lost queue is told to the caller, and nothing is logged as if it had happened', async () => {
  const { outcome, happened } = watched({ settle: () => Promise.reject(new Error('queue closed')) });
  await assert.rejects(outcome.report(claimOf(), [accepted()]), /queue closed/);
  assert.deepEqual(happened, []);
});

test('a recipient reported twice, or of another claim, is our own mistake and settles nothing', async () => {
  const { outcome, happened } = watched();
  await assert.rejects(outcome.report(claimOf(), [accepted(), accepted()]), /reported twice/);
  await assert.rejects(outcome.report(claimOf(), [accepted(7)]), /does not belong/);
  assert.deepEqual(happened, []);
});

test('no reports, no settlement', async () => {
  const { outcome, happened } = watched();
  await outcome.report(claimOf(), []);
  assert.deepEqual(happened, []);
});

test('messages with too many hops are turned back between queue and delivery', async () => {
  const { outcome, happened } = watched();
  const batches = [
    [claimOf({ message: { hops: 16 } }), claimOf({ message: { hops: 15, id: 'GOOD' } })],
    [claimOf({ message: { hops: 40 } })],
    [],
  ];
  const queue: ClaimSource = {
    claim: async () => batches.shift() ?? [],
    onReady: () => {},
    settle: async () => {},
  };
  const screened = screenedClaims({ queue, outcome, settings: () => SETTINGS });
  assert.deepEqual(
    (await screened.claim(5)).map(({ message }) => message.id),
    ['GOOD'],
  );
  assert.deepEqual(await screened.claim(5), []);
  const failed = happened.filter((one) => one.kind === 'event' && one.name === 'outcome.failed');
  assert.equal(failed.length, 2);
});

test('whatever is reported: one settlement each, and nobody who is given up goes without report, Badmail or NEVER', async () => {
  const notify = fc.constantFrom(
    undefined,
    'never' as const,
    { success: true, failure: true, delay: true },
    { success: false, failure: false, delay: true },
  );
  const report = fc.constantFrom<(id: number) => DeliveryReport>(
    (id) => accepted(id),
    (id) => accepted(id, true),
    (id) => refused(id, 450),
    (id) => refused(id, 550),
    (id) => refused(id, 450, { stage: 'connect', problem: 'timeout' }),
    (id) => ({ recipientId: id, dropped: true, file: 'f' }),
    (id) => ({ recipientId: id, dropRefused: { quota: false, text: 'no room' } }),
    (id) => ({ recipientId: id, unroutable: { cause: 'null-mx', text: 'no mail' } }),
    (id) => ({ recipientId: id, unroutable: { cause: 'dns-failure', text: 'SERVFAIL' } }),
    (id) => ({ recipientId: id, heldForEtrn: 'waits' }),
    (id) => ({ recipientId: id, tooManyHops: 50 }),
    (id) => ({ recipientId: id, returnedByOperator: '' }),
    (id) => ({ recipientId: id, untried: true, notBefore: 5 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(report, notify, fc.boolean(), fc.nat(5)), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: 3 * DAY }),
      fc.boolean(),
      async (plan, ageMs, hasSender) => {
        const claim = claimOf({
          ageMs,
          ...(hasSender ? {} : { message: { reversePath: NULL_REVERSE_PATH } }),
          recipients: plan.map(([, wish, delayNoticeSent, attempts]) => ({
            ...(wish === undefined ? {} : { notify: wish }),
            delayNoticeSent,
            attempts,
          })),
        });
        const { settlements, reports, badmail } = await settle(
          claim,
          ...plan.map(([make], index) => make(index + 1)),
        );
        assert.deepEqual(
          settlements.map(({ recipientId }) => recipientId),
          plan.map((_, index) => index + 1),
        );
        const told = new Set(
          reports
            .map(textOf)
            .filter((text) => /^Action: failed\r$/m.test(text))
            .flatMap((text) =>
              [...text.matchAll(/^Final-Recipient: rfc822; r(\d+)/gm)].map((match) => Number(match[1])),
            ),
        );
        const kept = new Set(
          badmail.flatMap((one) => one.claim.recipients.map(({ recipient }) => recipient.recipientId)),
        );
        for (const { recipientId, state } of settlements) {
          const wish = plan[recipientId - 1]![1];
          const wantsFailure = wish === undefined || (wish !== 'never' && wish.failure);
          const isGivenUp = state === 'failed' || state === 'expired';
          assert.equal(kept.has(recipientId), isGivenUp && !hasSender);
          assert.equal(told.has(recipientId), isGivenUp && hasSender && wantsFailure);
        }
        if (!hasSender) assert.equal(reports.length, 0);
        for (const one of reports) assert.equal(one.draft.reversePath, NULL_REVERSE_PATH);
      },
    ),
  );
});
