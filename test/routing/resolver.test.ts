import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import { systemClock } from '../../src/base/index.ts';
import { openResolver, readServer, systemServers } from '../../src/routing/resolver.ts';
import { MailRouter } from '../../src/routing/router.ts';
import { DEFAULT_DNS_SETTINGS, type RoutingSettings } from '../../src/routing/settings.ts';
import { manualClock } from '../support/manual-clock.ts';
import { startNsd } from '../support/nsd.ts';

test('routes by a real name server, remembers its answers, and lives through its end', async () => {
  const nsd = await startNsd({
    'shop.test': [
      ['shop.test', 'MX', '10 mx.shop.test'],
      ['mx.shop.test', 'A', '127.0.0.1'],
    ],
  });
  const settings: RoutingSettings = {
    localDomains: [],
    remoteDomains: [],
    outboundPort: 2525,
    security: { tls: 'opportunistic', verifyCertificate: false },
    addressFamilies: 'ipv4-first',
    dns: { ...DEFAULT_DNS_SETTINGS, servers: [nsd], rounds: 1 },
    self: { names: ['relay.test'], listeners: [] },
  };
  const resolver = openResolver(settings.dns, systemClock);
  try {
    const router = new MailRouter({ settings, dns: resolver.dns, clock: systemClock });
    const route = await router.route('shop.test');
    assert.deepEqual(route.kind === 'next-hop' && route.nextHop.hosts, [
      { name: 'mx.shop.test', addresses: ['127.0.0.1'] },
    ]);
    const missing = await router.route('nobody.test');
    assert.equal(missing.kind === 'unroutable' && missing.problem.cause, 'no-such-domain');
    await nsd.stop();
    assert.deepEqual(await router.route('shop.test'), route);
    const unknown = await router.route('other.test');
    assert.equal(unknown.kind === 'unroutable' && unknown.problem.cause, 'dns-failure');
  } finally {
    resolver.close();
    await nsd.stop();
  }
});

test('reads the servers of the system in every form the platform prints', () => {
  assert.deepEqual(readServer('192.0.2.53'), { address: '192.0.2.53', port: 53 });
  assert.deepEqual(readServer('192.0.2.53:5353'), { address: '192.0.2.53', port: 5353 });
  assert.deepEqual(readServer('2001:db8::53'), { address: '2001:db8::53', port: 53 });
  assert.deepEqual(readServer('[2001:db8::53]:5353'), { address: '2001:db8::53', port: 5353 });
  assert.deepEqual(readServer('[2001:db8::53]'), { address: '2001:db8::53', port: 53 });
});

test('the list of the system is read again after half a minute', () => {
  const clock = manualClock();
  const servers = systemServers(clock);
  const first = servers();
  for (const { address, port } of first) assert.ok(isIP(address) !== 0 && port > 0, address);
  clock.advance(29_999);
  assert.equal(servers(), first);
  clock.advance(1);
  assert.notEqual(servers(), first);
  assert.deepEqual(servers(), first);
});
