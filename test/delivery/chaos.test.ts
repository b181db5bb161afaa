/** Delivery between hosts that fail at random, at every point: nothing is lost, nothing is reported twice, nothing is invented. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benchOf, nextHop, TestServer } from './support.ts';

/** A small generator of repeatable numbers between 0 and 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const MISHAPS = [
  'close',
  '421 4.3.2 bye',
  '451 4.3.0 later',
  '550 5.7.1 no',
  'what?',
  '250-half\r\n550 other',
];
const EXTENSIONS = [
  [],
  ['PIPELINING'],
  ['PIPELINING', 'CHUNKING'],
  ['PIPELINING', 'CHUNKING', 'LIMITS RCPTMAX=3'],
];

for (let seed = 1; seed <= 12; seed += 1) {
  test(`hosts that fail at random lose nothing (seed ${seed})`, { timeout: 60_000 }, async () => {
    const random = randomOf(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
    const chance = [0, 0.01, 0.03, 0.1][seed % 4]!;
    const servers: TestServer[] = [];
    const { queue, delivery, routes, log, until } = benchOf({
      settings: {
        backOffFirstMs: 2,
        backOffMaxMs: 8,
        messagesPerSession: 7,
        maxSessionsPerHop: 4,
        maxSessions: 9,
        maxClaims: 60,
        claimBatch: 13,
      },
    });
    try {
      for (let n = 0; n < 4; n += 1) {
        const server = new TestServer();
        server.extensions = EXTENSIONS[(seed + n) % EXTENSIONS.length]!;
        server.answer = () => (random() < chance ? pick(MISHAPS) : undefined);
        server.greeting = () => (random() < chance ? pick(MISHAPS) : '220 mx.test');
        servers.push(await server.listen());
        let hop = nextHop(`d${n}.test`, server.port);
        if (n === 0) {
          // This domain has a second host.
          const second = new TestServer();
          second.answer = server.answer;
          second.greeting = server.greeting;
          servers.push(await second.listen(server.port, '127.0.0.2'));
          hop = { ...hop, hosts: [...hop.hosts, { name: 'second.test', addresses: ['127.0.0.2'] }] };
        }
        routes.set(`d${n}.test`, { kind: 'next-hop', nextHop: hop });
      }
      const addressOf = new Map<number, string>();
      for (let n = 0; n < 250; n += 1) {
        const recipients = Array.from(
          { length: 1 + Math.floor(random() * 5) },
          (_, r) => `m${n}r${r}@d${Math.floor(random() * 4)}.test`,
        );
        queue.add(recipients).forEach((id, r) => {
          addressOf.set(id, recipients[r]!);
        });
      }
      delivery.start();
      await until(() => {
        queue.wake();
        return queue.unsettled === 0;
      });
      const taken = new Map<string, number>();
      for (const { rcpts } of servers.flatMap((server) => server.received)) {
        for (const rcpt of rcpts) {
          const address = /<(.*)>/.exec(rcpt)![1]!;
          taken.set(address, (taken.get(address) ?? 0) + 1);
        }
      }
      let delivered = 0;
      for (const [id, address] of addressOf) {
        const final = queue.reports.get(id)!.filter((report) => !('untried' in report));
        assert.equal(final.length, 1, `${address} is reported ${final.length} times`);
        const isAccepted = 'accepted' in final[0]! && final[0].accepted;
        if (isAccepted) delivered += 1;
        const times = taken.get(address) ?? 0;
        // A host that talks nonsense in the middle of a group may have taken the message all the same; then a second host, too.
        const isUnsure = / protocol-error at /.test(queue.words(id));
        const most = address.endsWith('@d0.test') ? 2 : isAccepted || isUnsure ? 1 : 0;
        assert.ok(times <= most && (times > 0 || !isAccepted), `${times} × ${address}: ${queue.words(id)}`);
      }
      assert.ok(delivered > 0);
      if (chance === 0) assert.equal(delivered, addressOf.size);
      assert.equal(
        log.count('delivery.defect'),
        0,
        JSON.stringify(log.events.find((e) => e.name === 'delivery.defect')),
      );
      assert.equal(log.count('delivery.outcome-rejected'), 0);
    } finally {
      await delivery.stop(100);
      for (const server of servers) await server.close();
    }
    assert.deepEqual(delivery.status(), { hops: [], sessions: 0, claims: 0 });
  });
}
