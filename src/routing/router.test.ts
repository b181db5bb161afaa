import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fakeDns } from '../../test/support/fake-dns.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import type { ZoneRecord } from '../../test/support/zone.ts';
import type { NextHop, Route } from './contract.ts';
import { MailRouter, type RouterParts } from './router.ts';
import {
  DEFAULT_DNS_SETTINGS,
  parseSmartHost,
  type RemoteDomain,
  type RoutingSettings,
  type SmartHostRoute,
} from './settings.ts';

const OPPORTUNISTIC = { tls: 'opportunistic', verifyCertificate: false } as const;

const SETTINGS: RoutingSettings = {
  localDomains: ['home.test'],
  remoteDomains: [],
  outboundPort: 25,
  security: OPPORTUNISTIC,
  addressFamilies: 'ipv4-first',
  dns: DEFAULT_DNS_SETTINGS,
  self: { names: ['relay.test'], listeners: [{ address: '127.0.0.1', port: 25 }] },
};

const RECORDS: readonly ZoneRecord[] = [
  ['shop.test', 'MX', '20 backup.test'],
  ['shop.test', 'MX', '10 mx1.test'],
  ['shop.test', 'MX', '10 mx2.test'],
  ['mx1.test', 'A', '192.0.2.1'],
  ['mx1.test', 'AAAA', '2001:db8::1'],
  ['mx2.test', 'A', '192.0.2.2'],
  ['backup.test', 'A', '192.0.2.3'],
  ['plain.test', 'A', '192.0.2.4'],
  ['six.test', 'AAAA', '2001:db8::6'],
  ['refuses.test', 'MX', '0 .'],
  ['half.test', 'MX', '0 .'],
  ['half.test', 'MX', '5 mx2.test'],
  ['lost.test', 'MX', '5 gone.test'],
  ['lost.test', 'MX', '6 text.test'],
  ['text.test', 'TXT', 'no address here'],
  ['zero.test', 'A', '0.0.0.0'],
  ['local.test', 'MX', '5 localhost'],
  ['twice.test', 'MX', '5 mx2.test'],
  ['twice.test', 'MX', '9 mx2.test'],
  ['backup-for.test', 'MX', '5 mx1.test'],
  ['backup-for.test', 'MX', '10 relay.test'],
  ['backup-for.test', 'MX', '10 mx2.test'],
  ['backup-for.test', 'MX', '20 backup.test'],
  ['relay.test', 'A', '192.0.2.99'],
  ['mine.test', 'MX', '5 relay.test'],
  ['mine-by-address.test', 'MX', '5 other-name.test'],
  ['other-name.test', 'A', '127.0.0.1'],
  ['mine-implicit.test', 'A', '127.0.0.1'],
  ['smart.test', 'A', '192.0.2.50'],
  ['smart2.test', 'A', '192.0.2.51'],
];

function router(settings: Partial<RoutingSettings> = {}, parts: Partial<RouterParts> = {}): MailRouter {
  return new MailRouter({
    settings: { ...SETTINGS, ...settings },
    dns: fakeDns(RECORDS),
    clock: manualClock(),
    random: () => 0.999,
    ownAddresses: () => ['127.0.0.1', '192.0.2.99'],
    lookUpName: async () => [],
    ...parts,
  });
}

function hopOf(route: Route): NextHop {
  assert.equal(route.kind, 'next-hop', JSON.stringify(route));
  return (route as Extract<Route, { kind: 'next-hop' }>).nextHop;
}

function hostNames(route: Route): readonly string[] {
  return hopOf(route).hosts.map((host) => host.name);
}

function causeOf(route: Route): string {
  assert.equal(route.kind, 'unroutable', JSON.stringify(route));
  return (route as Extract<Route, { kind: 'unroutable' }>).problem.cause;
}

function smartHost(...hosts: string[]): SmartHostRoute {
  return {
    hosts: hosts.map((host) => {
      const read = parseSmartHost(host);
      assert.ok(read.ok);
      return read.value;
    }),
    security: OPPORTUNISTIC,
    greetWithHelo: false,
  };
}

function remoteDomain(name: string, options: Partial<RemoteDomain> = {}): RemoteDomain {
  return { name, useDns: false, greetWithHelo: false, holdForEtrn: false, allowRelay: false, ...options };
}

describe('by MX', () => {
  test('hosts come by preference, each with its addresses in the wanted order', async () => {
    const hop = hopOf(await router().route('shop.test'));
    assert.deepEqual(hop.hosts, [
      { name: 'mx1.test', addresses: ['192.0.2.1', '2001:db8::1'] },
      { name: 'mx2.test', addresses: ['192.0.2.2'] },
      { name: 'backup.test', addresses: ['192.0.2.3'] },
    ]);
    assert.equal(hop.kind, 'mx');
    assert.equal(hop.label, 'shop.test');
    assert.equal(hop.port, 25);
    assert.equal(hop.greetWithHelo, false);
    assert.equal(hop.security, OPPORTUNISTIC);
  });

  test('equal preferences are shuffled by the dice alone, and no host is lost or moved across preferences', async () => {
    const order = async (random: () => number) => hostNames(await router({}, { random }).route('shop.test'));
    // The records come as backup, mx1, mx2: the first throw chooses who goes last, the second orders the other two.
    const fallen = async (...dice: number[]) => order(() => dice.shift()!);
    assert.deepEqual(await fallen(0.9, 0.9), ['mx1.test', 'mx2.test', 'backup.test']);
    assert.deepEqual(await fallen(0.5, 0.9), ['mx2.test', 'mx1.test', 'backup.test']);
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        async (dice) => {
          const names = await order(() => dice.next().value);
          assert.deepEqual([...names.slice(0, 2)].sort(), ['mx1.test', 'mx2.test']);
          assert.deepEqual(names.slice(2), ['backup.test']);
        },
      ),
    );
  });

  test('IPv6 first, IPv4 only and IPv6 only', async () => {
    const addresses = async (addressFamilies: RoutingSettings['addressFamilies']) =>
      hopOf(await router({ addressFamilies }).route('shop.test')).hosts.find(
        (host) => host.name === 'mx1.test',
      )?.addresses;
    assert.deepEqual(await addresses('ipv6-first'), ['2001:db8::1', '192.0.2.1']);
    assert.deepEqual(await addresses('ipv4-only'), ['192.0.2.1']);
    assert.deepEqual(await addresses('ipv6-only'), ['2001:db8::1']);
  });

  test('asks for no family that is not used', async () => {
    const dns = fakeDns(RECORDS);
    await router({ addressFamilies: 'ipv4-only' }, { dns }).route('plain.test');
    assert.deepEqual(dns.asked, ['MX plain.test', 'A plain.test']);
  });

  test('without MX the domain itself is the host', async () => {
    assert.deepEqual(hopOf(await router().route('plain.test')).hosts, [
      { name: 'plain.test', addresses: ['192.0.2.4'] },
    ]);
    assert.deepEqual(hopOf(await router().route('six.test')).hosts, [
      { name: 'six.test', addresses: ['2001:db8::6'] },
    ]);
    assert.equal(causeOf(await router({ addressFamilies: 'ipv4-only' }).route('six.test')), 'no-mail-host');
  });

  test('with MX that cannot be used the domain itself is not tried (RFC 5321 §5.1)', async () => {
    const records: ZoneRecord[] = [...RECORDS, ['lost.test', 'A', '192.0.2.8']];
    assert.equal(causeOf(await router({}, { dns: fakeDns(records) }).route('lost.test')), 'no-mail-host');
  });

  test('a null MX refuses mail; beside a real MX it is only a useless host', async () => {
    assert.equal(causeOf(await router().route('refuses.test')), 'null-mx');
    assert.deepEqual(hostNames(await router().route('half.test')), ['mx2.test']);
  });

  test('a host listed twice is tried once', async () => {
    assert.deepEqual(hostNames(await router().route('twice.test')), ['mx2.test']);
  });

  test('tells what is missing: domain, mail host', async () => {
    const missing = await router().route('nobody.test');
    assert.equal(causeOf(missing), 'no-such-domain');
    assert.equal(causeOf(await router().route('text.test')), 'no-mail-host');
    const lost = await router().route('lost.test');
    assert.match(
      lost.kind === 'unroutable' ? lost.problem.text : '',
      /no mail host of lost\.test has an address: gone\.test does not exist, text\.test has no IPv4 or IPv6 address/,
    );
    assert.equal(causeOf(await router().route('zero.test')), 'no-mail-host');
  });

  test('DNS trouble is told as trouble, never as a missing domain', async () => {
    const failing = (trouble: Record<string, 'failed' | 'timeout'>) =>
      router({}, { dns: fakeDns(RECORDS, trouble) });
    assert.equal(causeOf(await failing({ 'MX shop.test': 'failed' }).route('shop.test')), 'dns-failure');
    assert.equal(causeOf(await failing({ 'MX shop.test': 'timeout' }).route('shop.test')), 'dns-timeout');
    assert.equal(
      causeOf(await failing({ 'AAAA plain.test': 'failed', 'A plain.test': 'failed' }).route('plain.test')),
      'dns-failure',
    );
    // One family is enough.
    assert.deepEqual(hostNames(await failing({ 'AAAA plain.test': 'failed' }).route('plain.test')), [
      'plain.test',
    ]);
    // The host that may exist counts more than the one that certainly does not.
    assert.equal(causeOf(await failing({ 'A gone.test': 'timeout' }).route('lost.test')), 'dns-timeout');
    // Another MX host can be used meanwhile.
    assert.deepEqual(
      hostNames(await failing({ 'A mx1.test': 'failed', 'AAAA mx1.test': 'failed' }).route('shop.test')),
      ['mx2.test', 'backup.test'],
    );
  });
});

describe('ourselves', () => {
  test('hosts that are not preferred to us are left out', async () => {
    assert.deepEqual(hostNames(await router().route('backup-for.test')), ['mx1.test']);
  });

  test('mail that would come back is refused: by name, by address, without MX', async () => {
    for (const domain of ['mine.test', 'mine-by-address.test', 'mine-implicit.test', '[127.0.0.1]'])
      assert.equal(causeOf(await router().route(domain)), 'loops-to-self', domain);
  });

  test('a better host whose address is unknown for now keeps the mail waiting', async () => {
    const dns = fakeDns(RECORDS, { 'A mx1.test': 'timeout', 'AAAA mx1.test': 'timeout' });
    assert.equal(causeOf(await router({}, { dns }).route('backup-for.test')), 'dns-timeout');
  });

  test('a listener on all addresses covers every address of the machine and all of 127/8', async () => {
    const self = { names: [], listeners: [{ address: '0.0.0.0', port: 25 }] };
    assert.equal(causeOf(await router({ self }).route('mine.test')), 'loops-to-self');
    assert.equal(causeOf(await router({ self }).route('[127.0.0.5]')), 'loops-to-self');
    assert.deepEqual(hostNames(await router({ self }).route('plain.test')), ['plain.test']);
  });

  test('another service on this machine is no loop: the port differs', async () => {
    const self = { names: [], listeners: [{ address: '127.0.0.1', port: 2525 }] };
    assert.deepEqual(hostNames(await router({ self }).route('mine-by-address.test')), ['other-name.test']);
    assert.deepEqual(hopOf(await router({ self }).route('local.test')).hosts[0]?.addresses, [
      '127.0.0.1',
      '::1',
    ]);
  });

  test('asks the system for the addresses when nobody else was named', async () => {
    const parts = {
      settings: { ...SETTINGS, self: { names: [], listeners: [{ address: '::', port: 25 }] } },
    };
    const real = new MailRouter({ ...parts, dns: fakeDns(RECORDS), clock: manualClock() });
    assert.equal(causeOf(await real.route('[127.0.0.1]')), 'loops-to-self');
    assert.deepEqual(hostNames(await real.route('[192.0.2.77]')), ['[192.0.2.77]']);
  });
});

describe('address literals', () => {
  test('are their own host', async () => {
    const hop = hopOf(await router().route('[192.0.2.77]'));
    assert.deepEqual(hop.hosts, [{ name: '[192.0.2.77]', addresses: ['192.0.2.77'] }]);
    assert.equal(hop.kind, 'literal');
    assert.deepEqual(hopOf(await router().route('[IPv6:2001:db8::9]')).hosts[0]?.addresses, ['2001:db8::9']);
  });

  test('of a family that is not used are unusable', async () => {
    assert.equal(
      causeOf(await router({ addressFamilies: 'ipv4-only' }).route('[IPv6:2001:db8::9]')),
      'unusable-literal',
    );
    assert.equal(causeOf(await router().route('[0.0.0.0]')), 'unusable-literal');
  });

  test('go to the smart host like other domains when there is one', async () => {
    const settings = { smartHost: { ...smartHost('[192.0.2.50]'), directFirst: false } };
    assert.equal(hopOf(await router(settings).route('[192.0.2.77]')).kind, 'smart-host');
  });
});

describe('local and remote domains', () => {
  test('a local domain goes to Drop whatever DNS and smart host say', async () => {
    const dns = fakeDns(RECORDS);
    const settings = { smartHost: { ...smartHost('smart.test'), directFirst: false } };
    assert.deepEqual(await router(settings, { dns }).route('home.test'), { kind: 'drop' });
    assert.deepEqual(dns.asked, []);
  });

  test('a remote domain has its own smart host, port, security, credentials and HELO', async () => {
    const credentials = { user: 'u', password: 'p' };
    const security = { tls: 'required', verifyCertificate: true } as const;
    const own = { ...smartHost('smart2.test:587'), security, credentials, greetWithHelo: true };
    const settings = {
      smartHost: { ...smartHost('smart.test'), directFirst: false },
      remoteDomains: [remoteDomain('*.partner.test', { smartHost: own })],
    };
    const hop = hopOf(await router(settings).route('a.partner.test'));
    assert.deepEqual(hop, {
      key: hop.key,
      label: 'smart2.test:587',
      kind: 'smart-host',
      hosts: [{ name: 'smart2.test', addresses: ['192.0.2.51'] }],
      port: 587,
      security,
      credentials,
      greetWithHelo: true,
    });
    const general = hopOf(await router(settings).route('shop.test'));
    assert.deepEqual(general.hosts, [{ name: 'smart.test', addresses: ['192.0.2.50'] }]);
    assert.notEqual(general.key, hop.key);
    assert.equal(general.credentials, undefined);
  });

  test('a remote domain can go by DNS beside a smart host, with its own port and security', async () => {
    const settings = {
      smartHost: { ...smartHost('smart.test'), directFirst: false },
      remoteDomains: [
        remoteDomain('shop.test', {
          useDns: true,
          port: 2525,
          greetWithHelo: true,
          security: { tls: 'none', verifyCertificate: false },
          credentials: { user: 'u', password: 'p' },
        }),
      ],
    };
    const hop = hopOf(await router(settings).route('shop.test'));
    assert.equal(hop.kind, 'mx');
    assert.equal(hop.port, 2525);
    assert.equal(hop.security.tls, 'none');
    assert.equal(hop.greetWithHelo, true);
    assert.deepEqual(hop.credentials, { user: 'u', password: 'p' });
  });

  test('a domain held for ETRN waits until its server asks', async () => {
    const settings = { remoteDomains: [remoteDomain('shop.test', { holdForEtrn: true })] };
    const held = await router(settings).route('shop.test');
    assert.equal(held.kind, 'held');
    assert.match(held.kind === 'held' ? held.reason : '', /ETRN/);
    assert.equal((await router(settings).route('shop.test', 'requested')).kind, 'next-hop');
  });
});

describe('smart host', () => {
  test('by address needs no DNS', async () => {
    const dns = fakeDns(RECORDS);
    const settings = { smartHost: { ...smartHost('[192.0.2.50]:2525'), directFirst: false } };
    const hop = hopOf(await router(settings, { dns }).route('shop.test'));
    assert.deepEqual(hop.hosts, [{ name: '192.0.2.50', addresses: ['192.0.2.50'] }]);
    assert.equal(hop.port, 2525);
    assert.deepEqual(dns.asked, []);
  });

  test('domains share its key, so that they share connections', async () => {
    const settings = {
      smartHost: { ...smartHost('smart.test'), directFirst: false },
      remoteDomains: [remoteDomain('plain.test', { allowRelay: true })],
    };
    const [one, other] = [
      await router(settings).route('shop.test'),
      await router(settings).route('plain.test'),
    ];
    assert.equal(hopOf(one).key, hopOf(other).key);
  });

  test('several are tried in order; those of another port become the fallback', async () => {
    const settings = {
      smartHost: {
        ...smartHost('smart.test', 'missing.test', '[192.0.2.60]', 'smart2.test:587'),
        directFirst: false,
      },
    };
    const hop = hopOf(await router(settings).route('shop.test'));
    assert.deepEqual(
      hop.hosts.map((host) => host.name),
      ['smart.test', '192.0.2.60'],
    );
    assert.deepEqual(
      hop.fallback?.hosts.map((host) => host.name),
      ['smart2.test'],
    );
    assert.equal(hop.fallback?.port, 587);
    assert.notEqual(hop.fallback?.key, hop.key);
  });

  test('one that DNS does not know is looked up as the system does', async () => {
    const settings = { smartHost: { ...smartHost('mailserver'), directFirst: false } };
    const asked: string[] = [];
    const lookUpName = async (name: string) => {
      asked.push(name);
      return ['192.0.2.70'];
    };
    const routing = router(settings, { lookUpName });
    await routing.route('shop.test');
    assert.deepEqual(hopOf(await routing.route('plain.test')).hosts, [
      { name: 'mailserver', addresses: ['192.0.2.70'] },
    ]);
    assert.deepEqual(asked, ['mailserver']);
  });

  test('one that nobody knows keeps the mail waiting and says which setting to check', async () => {
    const settings = { smartHost: { ...smartHost('typo.test'), directFirst: false } };
    const route = await router(settings, { lookUpName: () => Promise.reject(new Error('ENOTFOUND')) }).route(
      'shop.test',
    );
    assert.equal(causeOf(route), 'dns-failure');
    assert.match(
      route.kind === 'unroutable' ? route.problem.text : '',
      /smart host typo\.test cannot be used: typo\.test does not exist/,
    );
  });

  test('one that is this server is refused', async () => {
    const settings = { smartHost: { ...smartHost('[127.0.0.1]:25'), directFirst: false } };
    const route = await router(settings).route('shop.test');
    assert.match(route.kind === 'unroutable' ? route.problem.text : '', /is this server itself/);
    const elsewhere = { smartHost: { ...smartHost('[127.0.0.1]:2526'), directFirst: false } };
    assert.equal((await router(elsewhere).route('shop.test')).kind, 'next-hop');
  });

  describe('direct first', () => {
    const settings = { smartHost: { ...smartHost('smart.test'), directFirst: true } };

    test('has the smart host as fallback of the MX hosts', async () => {
      const hop = hopOf(await router(settings).route('shop.test'));
      assert.equal(hop.kind, 'mx');
      assert.equal(hop.fallback?.kind, 'smart-host');
    });

    test('uses the smart host when DNS knows no way', async () => {
      assert.equal(hopOf(await router(settings).route('nobody.test')).kind, 'smart-host');
      assert.equal(hopOf(await router(settings).route('mine.test')).kind, 'smart-host');
      const dns = fakeDns(RECORDS, { 'MX shop.test': 'timeout' });
      assert.equal(hopOf(await router(settings, { dns }).route('shop.test')).kind, 'smart-host');
    });

    test('but not for a domain that accepts no mail', async () => {
      assert.equal(causeOf(await router(settings).route('refuses.test')), 'null-mx');
    });

    test('goes on without the smart host when that is unknown', async () => {
      const broken = { smartHost: { ...smartHost('typo.test'), directFirst: true } };
      assert.equal(hopOf(await router(broken).route('shop.test')).fallback, undefined);
      assert.equal(causeOf(await router(broken).route('nobody.test')), 'dns-failure');
    });
  });
});
