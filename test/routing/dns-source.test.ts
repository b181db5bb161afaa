/** One suite, two sources: the real client against a real name server, and the fake that other tests use. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '../../src/base/index.ts';
import type { DnsSource } from '../../src/routing/dns/answer.ts';
import { reverseName } from '../../src/routing/dns/answer.ts';
import { DnsClient } from '../../src/routing/dns/client.ts';
import { fakeDns } from '../support/fake-dns.ts';
import { type NameServer, startNsd } from '../support/nsd.ts';
import type { ZoneRecord, Zones } from '../support/zone.ts';

const MANY = Array.from(
  { length: 120 },
  (_, index): ZoneRecord => ['many.example.test', 'MX', `${index} mail-host-number-${index}.example.test`],
);

const ZONES = {
  'example.test': [
    ['example.test', 'MX', '20 mx2.example.test'],
    ['example.test', 'MX', '10 mx1.example.test', 120],
    ['mx1.example.test', 'A', '127.0.0.1'],
    ['mx1.example.test', 'A', '127.0.0.2'],
    ['mx1.example.test', 'AAAA', '::1'],
    ['alias.example.test', 'CNAME', 'mx1.example.test'],
    ['abroad.example.test', 'CNAME', 'far.other.test'],
    ['nowhere.example.test', 'CNAME', 'missing.other.test'],
    ['silent.example.test', 'MX', '0 .'],
    ['text.example.test', 'TXT', 'only text'],
    ['deep.below.example.test', 'A', '127.0.0.3'],
    ...MANY,
  ],
  'other.test': [
    ['far.other.test', 'MX', '5 mail.other.test'],
    ['mail.other.test', 'A', '127.0.0.9'],
  ],
  '0.0.127.in-addr.arpa': [['7.0.0.127.in-addr.arpa', 'PTR', 'host7.example.test']],
} as const satisfies Zones;

let nsd: NameServer;
let client: DnsClient;
before(async () => {
  nsd = await startNsd(ZONES);
  client = new DnsClient({ clock: systemClock, servers: () => [nsd], timeoutMs: 5_000, rounds: 1 });
});
after(async () => {
  client.close();
  await nsd.stop();
});

const sources: readonly [string, () => DnsSource][] = [
  ['the client with a real server', () => client],
  ['the fake', () => fakeDns(Object.values(ZONES).flat())],
];

for (const [title, source] of sources) {
  describe(title, () => {
    test('finds MX records with preference and lifetime', async () => {
      const answer = await source().ask('example.test', 'MX');
      assert.equal(answer.kind, 'found');
      assert.deepEqual(
        answer.kind === 'found' && [...answer.records].sort((a, b) => a.preference - b.preference),
        [
          { preference: 10, exchange: 'mx1.example.test' },
          { preference: 20, exchange: 'mx2.example.test' },
        ],
      );
      assert.equal(answer.kind === 'found' && answer.ttlMs, 120_000);
    });

    test('does not care about case', async () => {
      const answer = await source().ask('MX1.Example.Test', 'A');
      assert.equal(answer.kind, 'found');
    });

    test('finds all addresses of each family', async () => {
      const ipv4 = await source().ask('mx1.example.test', 'A');
      assert.deepEqual(ipv4.kind === 'found' && [...ipv4.records].sort(), ['127.0.0.1', '127.0.0.2']);
      const ipv6 = await source().ask('mx1.example.test', 'AAAA');
      assert.deepEqual(ipv6.kind === 'found' && ipv6.records, ['::1']);
    });

    test('follows an alias inside the zone and into another one', async () => {
      const near = await source().ask('alias.example.test', 'AAAA');
      assert.deepEqual(near.kind === 'found' && near.records, ['::1']);
      const far = await source().ask('abroad.example.test', 'MX');
      assert.deepEqual(far.kind === 'found' && far.records, [{ preference: 5, exchange: 'mail.other.test' }]);
    });

    test('tells a missing name from a name without such records', async () => {
      const missing = await source().ask('nobody.example.test', 'MX');
      assert.deepEqual(missing, { kind: 'no-such-name', ttlMs: 60_000 });
      const none = await source().ask('text.example.test', 'MX');
      assert.deepEqual(none, { kind: 'no-records', ttlMs: 60_000 });
      assert.equal((await source().ask('below.example.test', 'A')).kind, 'no-records');
      assert.equal((await source().ask('nowhere.example.test', 'A')).kind, 'no-such-name');
      assert.equal((await source().ask('no-such-top-level', 'MX')).kind, 'no-such-name');
    });

    test('reads the root as an empty exchange (null MX)', async () => {
      const answer = await source().ask('silent.example.test', 'MX');
      assert.deepEqual(answer.kind === 'found' && answer.records, [{ preference: 0, exchange: '' }]);
    });

    test('brings an answer whole that does not fit into a datagram', async () => {
      const answer = await source().ask('many.example.test', 'MX');
      assert.equal(answer.kind === 'found' && answer.records.length, MANY.length);
    });

    test('finds the name of an address', async () => {
      const answer = await source().ask(reverseName('127.0.0.7'), 'PTR');
      assert.deepEqual(answer.kind === 'found' && answer.records, ['host7.example.test']);
    });
  });
}

test('knows what a real server answers for a zone that is not its own: a failure, no missing name', async () => {
  const narrow = await startNsd({ 'example.test': ZONES['example.test'] }, { closedWorld: false });
  const asking = new DnsClient({ clock: systemClock, servers: () => [narrow], timeoutMs: 5_000, rounds: 2 });
  try {
    const answer = await asking.ask('elsewhere.test', 'MX');
    assert.equal(answer.kind, 'failed');
    assert.match(
      answer.kind === 'failed' ? answer.text : '',
      /MX elsewhere\.test: 127\.0\.0\.1:\d+ answered REFUSED/,
    );
    // Half of the alias is known here, the other half is not.
    assert.equal((await asking.ask('abroad.example.test', 'MX')).kind, 'failed');
  } finally {
    asking.close();
    await narrow.stop();
  }
});

test('sees a changed zone at once when nothing is cached', async () => {
  await nsd.setZone('other.test', [['far.other.test', 'MX', '7 new.other.test']]);
  const answer = await client.ask('far.other.test', 'MX');
  assert.deepEqual(answer.kind === 'found' && answer.records, [
    { preference: 7, exchange: 'new.other.test' },
  ]);
});
