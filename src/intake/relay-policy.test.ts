import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeDns } from '../../test/support/fake-dns.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { silentLogger, systemClock } from '../base/index.ts';
import { formatReply, type Mailbox } from '../envelope/index.ts';
import { type ConnectVerdict, parseForwardPath, type SessionFacts } from '../smtp/index.ts';
import { judgeRelay, type RelayVerdict } from './relay-policy.ts';
import { domainTable, SmtpPolicy, type SmtpPolicyParts } from './smtp-policy.ts';
import { defaultSmtpIntakeSettings, type SmtpIntakeSettings } from './smtp-settings.ts';

function mailbox(text: string): Mailbox {
  const read = parseForwardPath(`<${text}>`, 0);
  assert.ok(read.ok, text);
  return read.value.path;
}

const domains = domainTable({
  localDomains: ['here.test', 'alias.test', '*.farm.test'],
  remoteDomains: [
    { name: 'partner.test', allowRelay: true, holdForEtrn: false },
    { name: '*.partner.test', allowRelay: false, holdForEtrn: true },
  ],
});

test('judges a recipient in the order of the old service', () => {
  const judge = (to: string, list: boolean, auth: boolean, forAuth: boolean, open: boolean): RelayVerdict =>
    judgeRelay(
      mailbox(to),
      { isInRelayList: list, isAuthenticated: auth },
      { domains, relayForAuthenticated: forAuth, relayForEveryone: open },
    );
  assert.equal(judge('a@here.test', true, true, true, true), 'local-domain');
  assert.equal(judge('a@HERE.test', false, false, false, false), 'local-domain');
  assert.equal(judge('a@x.farm.test', false, false, false, false), 'local-domain');
  assert.equal(judge('a@farm.test', false, false, false, false), 'denied');
  assert.equal(judge('a@partner.test', true, true, true, true), 'relay-domain');
  assert.equal(judge('a@sub.partner.test', false, false, true, false), 'denied');
  assert.equal(judge('a@world.test', true, true, true, true), 'relay-list');
  assert.equal(judge('a@world.test', false, true, true, true), 'authenticated');
  assert.equal(judge('a@world.test', false, true, false, false), 'denied');
  assert.equal(judge('a@world.test', false, false, true, true), 'open-relay');
  assert.equal(judge('a@world.test', false, false, true, false), 'denied');
});

for (const address of [
  'user%world.test@here.test',
  'world.test!user@here.test',
  '"user@world.test"@here.test',
  '@here.test:user@here.test',
]) {
  test(`takes ${address} as a local name and never as a route`, () => {
    assert.equal(
      judgeRelay(mailbox(address), { isInRelayList: false, isAuthenticated: false }, closed()),
      'local-domain',
    );
  });
}
for (const address of [
  '@here.test:user@world.test',
  'user@[127.0.0.1]',
  'user@[IPv6:::ffff:127.0.0.1]',
  'user@[IPv6:::1]',
  'user@here.test.world.test',
  'user@hеre.test',
  '"a@here.test"@world.test',
]) {
  test(`denies ${address} to a stranger`, () => {
    assert.equal(
      judgeRelay(mailbox(address), { isInRelayList: false, isAuthenticated: false }, closed()),
      'denied',
    );
  });
}

function closed() {
  return { domains, relayForAuthenticated: true, relayForEveryone: false };
}

function policyOf(
  settings: Partial<SmtpIntakeSettings> = {},
  parts: Partial<SmtpPolicyParts> = {},
): SmtpPolicy {
  return new SmtpPolicy(
    { ...defaultSmtpIntakeSettings({ server: 'test', fqdn: 'here.test' }), ...settings },
    {
      clock: systemClock,
      logger: silentLogger,
      dns: fakeDns([]),
      isDropFull: () => false,
      triggerEtrn: async () => 0,
      ...parts,
    },
  );
}

const client = (address: string) => ({ address, port: 1, localAddress: '127.0.0.1', localPort: 25 });

async function verdict(policy: SmtpPolicy, address: string): Promise<ConnectVerdict> {
  return policy.connect(client(address));
}

/** A session as the policy sees it, with the grants it gave. */
async function session(policy: SmtpPolicy, address: string, user?: string): Promise<SessionFacts> {
  const answer = await verdict(policy, address);
  assert.ok(answer.admitted);
  return {
    id: 'S',
    server: 'test',
    client: client(address),
    grants: answer.grants,
    heloName: 'x',
    isExtended: true,
    tls: undefined,
    identity: user === undefined ? answer.grants.identity : { name: user, kind: 'auth' },
  };
}

test('relays by default for loopback alone, IPv4, IPv6 and IPv4-mapped', async () => {
  const policy = policyOf();
  const relays = async (address: string): Promise<boolean> =>
    policy.rcpt(await session(policy, address), mailbox('a@b.test'), mailbox('a@world.test')) === undefined;
  assert.equal(await relays('127.0.0.1'), true);
  assert.equal(await relays('127.8.9.1'), true);
  assert.equal(await relays('::1'), true);
  assert.equal(await relays('192.0.2.1'), false);
  assert.equal(await relays('2001:db8::1'), false);
  assert.equal(await relays('::2'), false);
  const refused = policy.rcpt(
    await session(policy, '192.0.2.1'),
    mailbox('a@here.test'),
    mailbox('a@world.test'),
  );
  assert.equal(formatReply(refused!), '550 5.7.1 Unable to relay for a@world.test');
});

test('the default of the iis profile relays for nobody by address', async () => {
  const policy = policyOf({
    relayNetworks: defaultSmtpIntakeSettings({ server: 't', fqdn: 'here.test' }, 'iis').relayNetworks,
  });
  const facts = await session(policy, '127.0.0.1');
  assert.equal(policy.rcpt(facts, mailbox('a@b.test'), mailbox('a@world.test'))?.code, 550);
});

test('connection control by address and network, with exceptions', async () => {
  const open = policyOf({
    connections: { otherwise: 'allow', deny: ['192.0.2.0/24'], allow: ['192.0.2.7'] },
  });
  assert.equal((await verdict(open, '192.0.2.1')).admitted, false);
  assert.equal((await verdict(open, '192.0.2.7')).admitted, true);
  assert.equal((await verdict(open, '198.51.100.1')).admitted, true);
  const shut = policyOf({
    connections: { otherwise: 'deny', allow: ['2001:db8::/32'], deny: ['2001:db8::bad'] },
  });
  assert.equal((await verdict(shut, '2001:db8::1')).admitted, true);
  assert.equal((await verdict(shut, '2001:db8::bad')).admitted, false);
  assert.equal((await verdict(shut, '127.0.0.1')).admitted, false);
});

test('connection control by reverse-DNS domain believes only names that lead back', async () => {
  const dns = fakeDns([
    ['1.2.0.192.in-addr.arpa', 'PTR', 'host.good.test'],
    ['host.good.test', 'A', '192.0.2.1'],
    ['2.2.0.192.in-addr.arpa', 'PTR', 'host.good.test'],
    ['9.2.0.192.in-addr.arpa', 'PTR', 'mail.bad.test'],
    ['mail.bad.test', 'A', '192.0.2.9'],
  ]);
  const shut = policyOf({ connections: { otherwise: 'deny', allow: ['good.test'], deny: [] } }, { dns });
  assert.equal((await verdict(shut, '192.0.2.1')).admitted, true);
  assert.equal((await verdict(shut, '192.0.2.2')).admitted, false);
  assert.equal((await verdict(shut, '192.0.2.3')).admitted, false);
  const open = policyOf({ connections: { otherwise: 'allow', allow: [], deny: ['*.bad.test'] } }, { dns });
  assert.equal((await verdict(open, '192.0.2.9')).admitted, false);
  assert.equal((await verdict(open, '192.0.2.3')).admitted, true);
});

test('a device known by network has its own limits and rate', async () => {
  const clock = manualClock();
  const policy = policyOf(
    {
      anonymous: false,
      identities: [
        {
          name: 'scanner',
          networks: ['10.0.0.0/8'],
          mayRelay: true,
          messagesPerHour: 2,
          maxMessageBytes: 1000,
          maxRecipients: 3,
        },
      ],
    },
    { clock },
  );
  const facts = await session(policy, '10.1.2.3');
  assert.deepEqual(facts.identity, { name: 'scanner', kind: 'network' });
  assert.equal(facts.grants.maxMessageBytes, 1000);
  assert.equal(facts.grants.maxRecipients, 3);
  assert.equal(policy.rcpt(facts, mailbox('a@b.test'), mailbox('a@world.test')), undefined);
  assert.equal(policy.mail(facts, mailbox('a@b.test')), undefined);
  assert.equal(policy.mail(facts, mailbox('a@b.test')), undefined);
  assert.equal(policy.mail(facts, mailbox('a@b.test'))?.code, 452);
  assert.equal(policy.mail(await session(policy, '10.1.2.3', 'anna'), mailbox('a@b.test')), undefined);
  clock.advance(3_600_000);
  assert.equal(policy.mail(facts, mailbox('a@b.test')), undefined);
});

test('a full Drop folder refuses local recipients alone, for now', async () => {
  const policy = policyOf({}, { isDropFull: () => true });
  const facts = await session(policy, '127.0.0.1');
  assert.equal(
    formatReply(policy.rcpt(facts, mailbox('a@b.test'), mailbox('a@here.test'))!),
    '452 4.2.2 Mailbox Full',
  );
  assert.equal(policy.rcpt(facts, mailbox('a@b.test'), mailbox('a@world.test')), undefined);
});

test('opening relay to everyone is shouted', () => {
  const events: string[] = [];
  const logger = {
    event: (level: string, name: string) => events.push(`${level} ${name}`),
    with: () => logger,
  };
  policyOf({ relayForEveryone: true }, { logger });
  assert.deepEqual(events, ['error smtp.open-relay']);
});

test('ETRN starts what is held for the domain and for nobody else', async () => {
  const triggered: string[] = [];
  const policy = policyOf(
    {
      remoteDomains: [
        { name: 'branch.test', allowRelay: true, holdForEtrn: true },
        { name: 'sub.branch.test', allowRelay: true, holdForEtrn: true },
        { name: 'other.test', allowRelay: true, holdForEtrn: false },
        { name: 'broken.test', allowRelay: true, holdForEtrn: true },
      ],
    },
    {
      triggerEtrn: async (domain) => {
        if (domain === 'broken.test') throw new Error('no queue');
        triggered.push(domain);
        return domain === 'branch.test' ? 2 : 0;
      },
    },
  );
  const facts = await session(policy, '192.0.2.1');
  const ask = async (node: string): Promise<string> => formatReply(await policy.etrn(facts, node));
  assert.equal(policy.offersEtrn, true);
  assert.equal(await ask('Branch.test'), '253 2.0.0 OK, 2 pending messages for node Branch.test started');
  assert.equal(await ask('sub.branch.test'), '251 2.0.0 OK, no messages waiting for node sub.branch.test');
  assert.equal(await ask('@branch.test'), '253 2.0.0 OK, 2 pending messages for node @branch.test started');
  assert.deepEqual(triggered, ['branch.test', 'sub.branch.test', 'branch.test', 'sub.branch.test']);
  assert.match(await ask('other.test'), /^459 4\.7\.1/);
  assert.match(await ask('#queue'), /^459 4\.7\.1/);
  assert.match(await ask('broken.test'), /^458 4\.3\.0/);
  assert.equal(policyOf().offersEtrn, false);
});
