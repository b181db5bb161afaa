import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { MessageBody } from '../../src/queue/index.ts';
import type { NextHop } from '../../src/routing/index.ts';
import { DEFAULT_TIMEOUTS } from '../../src/smtp/index.ts';
import { manualClock } from '../support/manual-clock.ts';
import { type Bench, benchOf, nextHop, TestServer, wordsOf } from './support.ts';

const servers: TestServer[] = [];
const benches: Bench[] = [];

async function server(
  change: (server: TestServer) => void = () => {},
  port = 0,
  host = '127.0.0.1',
): Promise<TestServer> {
  const made = new TestServer();
  change(made);
  servers.push(made);
  return made.listen(port, host);
}

function bench(options: Parameters<typeof benchOf>[0] = {}): Bench {
  const made = benchOf(options);
  benches.push(made);
  return made;
}

/** A next hop with two hosts: the first at 127.0.0.1, the second at 127.0.0.2, on one port. */
function twoHosts(port: number, more: Partial<NextHop> = {}): NextHop {
  return nextHop('a.test', port, {
    hosts: [
      { name: 'one.test', addresses: ['127.0.0.1'] },
      { name: 'two.test', addresses: ['127.0.0.2'] },
    ],
    ...more,
  });
}

afterEach(async () => {
  for (const made of benches.splice(0)) await made.delivery.stop(50);
  for (const made of servers.splice(0)) await made.close();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('delivers a message and reports host and reply', async () => {
  const mx = await server();
  const { queue, delivery, routes, settled } = bench();
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  const [id] = queue.add(['x@a.test']);
  delivery.start();
  await settled();
  assert.equal(queue.words(id!), 'accepted by mx.a.test');
  assert.deepEqual(mx.received, [
    {
      mail: 'MAIL FROM:<from@example.test> SIZE=21',
      rcpts: ['RCPT TO:<x@a.test>'],
      body: 'Subject: x\r\n\r\nhello\r\n',
    },
  ]);
});

test('recipients of different domains with one next hop share a transaction, other hops get their own', async () => {
  const smart = await server();
  const other = await server();
  const { queue, delivery, routes, settled } = bench();
  const hop = nextHop('smart.test', smart.port);
  routes.set('a.test', { kind: 'next-hop', nextHop: hop });
  routes.set('b.test', { kind: 'next-hop', nextHop: { ...hop } });
  routes.set('c.test', { kind: 'next-hop', nextHop: nextHop('c.test', other.port) });
  queue.add(['x@a.test', 'y@b.test', 'z@c.test', 'w@a.test']);
  delivery.start();
  await settled();
  assert.deepEqual(
    smart.received.map(({ rcpts }) => rcpts.length),
    [3],
  );
  assert.deepEqual(
    other.received.map(({ rcpts }) => rcpts),
    [['RCPT TO:<z@c.test>']],
  );
});

test('250 recipients go as 100, 100 and 50 over one connection', async () => {
  const mx = await server();
  const { queue, delivery, routes, settled } = bench({
    settings: { firstSessions: 1, maxSessionsPerHop: 1 },
  });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  queue.add(Array.from({ length: 250 }, (_, n) => `r${n}@a.test`));
  delivery.start();
  await settled();
  assert.deepEqual(
    mx.received.map(({ rcpts }) => rcpts.length),
    [100, 100, 50],
  );
  assert.equal(mx.connections, 1);
});

test('a host that says fewer recipients by LIMITS or 452 gets fewer, at once and on the same connection', async () => {
  for (const way of ['LIMITS', '452']) {
    let inTransaction = 0;
    const mx = await server((each) => {
      if (way === 'LIMITS') each.extensions = ['PIPELINING', 'LIMITS RCPTMAX=7'];
      each.answer = (command) => {
        if (command.startsWith('MAIL')) inTransaction = 0;
        if (way === '452' && command.startsWith('RCPT') && ++inTransaction > 7) return '452 4.5.3 too many';
        return undefined;
      };
    });
    const { queue, delivery, routes, settled } = bench({
      settings: { firstSessions: 1, maxSessionsPerHop: 1 },
    });
    routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
    const ids = queue.add(Array.from({ length: 20 }, (_, n) => `r${n}@a.test`));
    delivery.start();
    await settled();
    assert.deepEqual(
      mx.received.map(({ rcpts }) => rcpts.length),
      [7, 7, 6],
      way,
    );
    assert.equal(mx.connections, 1);
    assert.ok(ids.every((id) => queue.words(id) === 'accepted by mx.a.test'));
  }
});

test('connections are kept, and changed after the set number of messages', async () => {
  for (const extensions of [['PIPELINING'], ['PIPELINING', 'CHUNKING'], []]) {
    const mx = await server((each) => {
      each.extensions = extensions;
    });
    const { queue, delivery, routes, settled } = bench({
      settings: { firstSessions: 1, maxSessionsPerHop: 1, messagesPerSession: 20 },
    });
    routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
    for (let n = 0; n < 50; n += 1) queue.add([`x${n}@a.test`]);
    delivery.start();
    await settled();
    assert.equal(mx.received.length, 50);
    assert.equal(mx.connections, 3, extensions.join());
    assert.deepEqual(
      mx.received.map(({ rcpts }) => rcpts[0]),
      Array.from({ length: 50 }, (_, n) => `RCPT TO:<x${n}@a.test>`),
    );
  }
});

test('an idle connection is closed with QUIT after its time', async () => {
  const clock = manualClock();
  const mx = await server();
  const { queue, delivery, routes, settled, until } = bench({ clock, settings: { idleMs: 3000 } });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  queue.add(['x@a.test']);
  delivery.start();
  await settled();
  clock.advance(2999);
  await pause(20);
  assert.equal(mx.sockets.size, 1);
  clock.advance(1);
  await until(() => mx.sockets.size === 0);
  assert.equal(mx.commands.at(-1), 'QUIT');
});

test('no more connections than set: to one next hop, and in all', async () => {
  const slow = (each: TestServer): void => {
    each.extensions = [];
  };
  const mx = await server(slow);
  const perHop = bench({ settings: { firstSessions: 3, maxSessionsPerHop: 3, messagesPerSession: 1000 } });
  perHop.routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  for (let n = 0; n < 60; n += 1) perHop.queue.add([`x${n}@a.test`]);
  perHop.delivery.start();
  await perHop.settled();
  assert.equal(mx.received.length, 60);
  assert.ok(mx.most <= 3, `${mx.most} connections`);

  let most = 0;
  const each = await server((made) => {
    slow(made);
    made.greeting = () => {
      most = Math.max(most, inAll.delivery.status().sessions);
      return '220 go';
    };
  });
  const inAll = bench({ settings: { maxSessions: 2, messagesPerSession: 1000 } });
  for (let n = 0; n < 6; n += 1) {
    inAll.routes.set(`d${n}.test`, { kind: 'next-hop', nextHop: nextHop(`d${n}.test`, each.port) });
    for (let m = 0; m < 5; m += 1) inAll.queue.add([`x${m}@d${n}.test`]);
  }
  inAll.delivery.start();
  await inAll.settled();
  assert.equal(each.received.length, 30);
  assert.equal(most, 2);
});

test('a new next hop gets a few connections first; more with success, when it takes its time', async () => {
  let mayGreet = false;
  const mx = await server((each) => {
    each.extensions = ['PIPELINING', 'CHUNKING'];
    each.greeting = () => (mayGreet ? '220 go' : undefined);
    each.delayMs = 4;
  });
  const { queue, delivery, routes, settled, until } = bench({ settings: { firstSessions: 5 } });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  for (let n = 0; n < 400; n += 1) queue.add([`x${n}@a.test`]);
  delivery.start();
  await until(() => mx.sockets.size === 5);
  await pause(30);
  assert.equal(mx.connections, 5);
  mayGreet = true;
  for (const socket of mx.sockets) socket.write('220 go\r\n');
  await settled();
  assert.equal(mx.received.length, 400);
  assert.ok(mx.most > 5, `${mx.most} connections after success`);
});

test('each recipient has its own result', async () => {
  const mx = await server();
  const { queue, delivery, routes, settled } = bench();
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  const ids = queue.add(['550-a@a.test', 'b@a.test', '451-c@a.test']);
  delivery.start();
  await settled();
  assert.deepEqual(
    ids.map((id) => queue.words(id)),
    ['rcpt rejected 550 at mx.a.test', 'accepted by mx.a.test', 'rcpt rejected 451 at mx.a.test'],
  );
});

const FAIL_OVER: readonly (readonly [string, (one: TestServer) => void])[] = [
  ['greets with 554', (one) => (one.greeting = () => '554 no')],
  ['greets with 421', (one) => (one.greeting = () => '421 busy')],
  ['closes at once', (one) => (one.greeting = () => 'close')],
  ['talks nonsense', (one) => (one.greeting = () => 'SSH-2.0')],
  [
    'answers EHLO with 450',
    (one) => (one.answer = (line) => (line.startsWith('EHLO') ? '450 later' : undefined)),
  ],
  [
    'answers MAIL with 451',
    (one) => (one.answer = (line) => (line.startsWith('MAIL') ? '451 later' : undefined)),
  ],
  [
    'answers MAIL with 421',
    (one) => (one.answer = (line) => (line.startsWith('MAIL') ? '421 later' : undefined)),
  ],
  ['closes after MAIL', (one) => (one.answer = (line) => (line.startsWith('MAIL') ? 'close' : undefined))],
  ['closes after RCPT', (one) => (one.answer = (line) => (line.startsWith('RCPT') ? 'close' : undefined))],
  [
    'answers RCPT with 450',
    (one) => (one.answer = (line) => (line.startsWith('RCPT') ? '450 later' : undefined)),
  ],
];
for (const [title, change] of FAIL_OVER) {
  test(`goes on with the next host when the first ${title}`, async () => {
    const two = await server(undefined, 0, '127.0.0.2');
    const one = await server(change, two.port);
    const { queue, delivery, routes, settled } = bench();
    routes.set('a.test', { kind: 'next-hop', nextHop: twoHosts(two.port) });
    const ids = [...queue.add(['x@a.test', 'y@a.test']), ...queue.add(['z@a.test'])];
    delivery.start();
    await settled();
    assert.deepEqual(
      ids.map((id) => queue.words(id)),
      ids.map(() => 'accepted by two.test'),
    );
    assert.ok(one.connections > 0);
    assert.ok(ids.every((id) => queue.reports.get(id)!.length === 1));
  });
}

test('goes on with the next host when nobody listens at the first', async () => {
  const two = await server(undefined, 0, '127.0.0.2');
  const { queue, delivery, routes, settled } = bench();
  routes.set('a.test', { kind: 'next-hop', nextHop: twoHosts(two.port) });
  const [id] = queue.add(['x@a.test']);
  delivery.start();
  await settled();
  assert.equal(queue.words(id!), 'accepted by two.test');
});

test('only the deferred recipients go to the next host', async () => {
  const two = await server(undefined, 0, '127.0.0.2');
  const one = await server((each) => {
    each.answer = (line) => (line.includes('<later@') ? '450 4.2.0 later' : undefined);
  }, two.port);
  const { queue, delivery, routes, settled } = bench();
  routes.set('a.test', { kind: 'next-hop', nextHop: twoHosts(two.port) });
  const ids = queue.add(['now@a.test', 'later@a.test', '550-never@a.test']);
  delivery.start();
  await settled();
  assert.deepEqual(
    ids.map((id) => queue.words(id)),
    ['accepted by one.test', 'accepted by two.test', 'rcpt rejected 550 at one.test'],
  );
  assert.deepEqual(two.received[0]!.rcpts, ['RCPT TO:<later@a.test>']);
  assert.equal(one.received.length, 1);
});

test('when the last host defers too, its answer is reported', async () => {
  const no = (each: TestServer): void => {
    each.answer = (line) => (line.startsWith('MAIL') ? '451 4.3.0 later' : undefined);
  };
  const two = await server(no, 0, '127.0.0.2');
  await server(no, two.port);
  const { queue, delivery, routes, settled } = bench();
  routes.set('a.test', { kind: 'next-hop', nextHop: twoHosts(two.port) });
  const [id] = queue.add(['x@a.test']);
  delivery.start();
  await settled();
  assert.equal(queue.words(id!), 'mail rejected 451 at two.test');
});

test('a dead second host does not take the first with it: its answer is reported, and no back-off begins', async () => {
  const one = await server((each) => {
    each.answer = (line) => (line.includes('<later@') ? '450 4.2.0 later' : undefined);
  });
  const { queue, delivery, routes, settled, log } = bench({ settings: { messagesPerSession: 1 } });
  routes.set('a.test', { kind: 'next-hop', nextHop: twoHosts(one.port) });
  const ids: number[] = [];
  for (let n = 0; n < 20; n += 1) ids.push(...queue.add([n % 2 === 0 ? 'now@a.test' : 'later@a.test']));
  delivery.start();
  await settled();
  ids.push(...queue.add(['now@a.test']));
  await settled();
  assert.deepEqual(
    ids.map((id) => queue.words(id)),
    ids.map((_, n) => (n % 2 === 0 ? 'accepted by one.test' : 'rcpt rejected 450 at one.test')),
  );
  assert.equal(log.count('delivery.back-off'), 0);
});

test('a reply lost after the end of data is not tried at another host', async () => {
  const lose = (each: TestServer): void => {
    each.extensions = ['PIPELINING'];
    each.answer = (line) => (line === 'end' ? 'close' : undefined);
  };
  const two = await server(undefined, 0, '127.0.0.2');
  await server(lose, two.port);
  const { queue, delivery, routes, settled } = bench();
  routes.set('a.test', { kind: 'next-hop', nextHop: twoHosts(two.port) });
  const [id] = queue.add(['x@a.test']);
  delivery.start();
  await settled();
  assert.equal(queue.words(id!), 'end-of-data connection-lost at one.test');
  assert.equal(two.connections, 0);
});

test('a kept connection that the host gave up costs no attempt: the message goes over a new one', async () => {
  for (const end of ['421 4.4.2 idle', 'close']) {
    let mails = 0;
    const mx = await server((each) => {
      each.answer = (line, connection) => {
        if (line.startsWith('MAIL') && connection === 1 && ++mails === 2) return end;
        return undefined;
      };
    });
    const { queue, delivery, routes, settled } = bench({
      settings: { firstSessions: 1, maxSessionsPerHop: 1 },
    });
    routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
    const ids = [1, 2, 3].map((n) => queue.add([`x${n}@a.test`])[0]!);
    delivery.start();
    await settled();
    assert.deepEqual(
      ids.map((id) => queue.words(id)),
      ids.map(() => 'accepted by mx.a.test'),
    );
    assert.ok(ids.every((id) => queue.reports.get(id)!.length === 1));
    assert.equal(mx.connections, 2);
  }
});

async function freePort(): Promise<number> {
  const made = await new TestServer().listen();
  await made.close();
  return made.port;
}

test('a dead host costs a few connections, however many messages wait for it', async () => {
  const clock = manualClock();
  const port = await freePort();
  const { queue, delivery, routes, settled, log } = bench({ clock });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', port) });
  const ids = Array.from({ length: 3000 }, (_, n) => queue.add([`x${n}@a.test`], { attempts: 1 })[0]!);
  delivery.start();
  // Rounds of back-off pass: messages that were tried before share the failure, each round costs one connection.
  await settled();
  assert.ok(ids.every((id) => queue.words(id) === 'connect connection-refused at mx.a.test'));
  assert.ok(
    log.count('delivery.connect-failed') <= 10,
    `${log.count('delivery.connect-failed')} connections`,
  );
  assert.ok(log.count('delivery.back-off') >= 1);
});

test('a message that was never tried waits for the end of the back-off, and no attempt is counted', async () => {
  const clock = manualClock();
  const port = await freePort();
  const { queue, delivery, routes, settled, until, log } = bench({ clock });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', port) });
  const [first] = queue.add(['x@a.test']);
  delivery.start();
  await settled();
  assert.equal(queue.words(first!), 'connect connection-refused at mx.a.test');
  const [second] = queue.add(['y@a.test']);
  await until(() => queue.words(second!) === 'untried');
  const [report] = queue.reports.get(second!)!;
  assert.ok('untried' in report! && report.notBefore === clock.now() + 30_000);
  // The host is back when the time has come.
  const mx = await server(undefined, port);
  clock.advance(30_000);
  queue.wake();
  await settled();
  assert.equal(queue.words(second!), 'accepted by mx.a.test');
  assert.equal(mx.connections, 1);
  assert.equal(log.count('delivery.recovered'), 1);
});

test('the back-off doubles, and the operator can end it', async () => {
  const clock = manualClock();
  const port = await freePort();
  const { queue, delivery, routes, settled, until } = bench({ clock });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', port) });
  const lengths: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    queue.add(['x@a.test'], { attempts: 1 });
    if (round === 0) delivery.start();
    await settled();
    const [hop] = delivery.status().hops;
    lengths.push(hop!.backOffUntil! - clock.now());
    clock.advance(lengths.at(-1)!);
  }
  assert.deepEqual(
    lengths,
    [30, 60, 120, 240, 480, 900, 900, 900].map((seconds) => seconds * 1000),
  );
  queue.add(['x@a.test'], { attempts: 1 });
  await settled();
  const mx = await server(undefined, port);
  const [shared] = queue.add(['y@a.test'], { attempts: 1 });
  await settled();
  assert.equal(queue.words(shared!), 'connect connection-refused at mx.a.test');
  delivery.endBackOffs();
  const [id] = queue.add(['z@a.test'], { attempts: 1 });
  await until(() => queue.words(id!) === 'accepted by mx.a.test');
  assert.equal(mx.received.length, 1);
});

test('a host that breaks every connection in the middle is left alone too', async () => {
  const mx = await server((each) => {
    each.answer = (line) => (line.startsWith('MAIL') ? 'close' : undefined);
  });
  const { queue, delivery, routes, settled, log } = bench();
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  for (let n = 0; n < 500; n += 1) queue.add([`x${n}@a.test`], { attempts: 1 });
  delivery.start();
  await settled();
  assert.ok(mx.connections < 60, `${mx.connections} connections`);
  assert.ok(log.count('delivery.back-off') >= 1);
});

test('a host that takes only a few connections gets all mail over those', async () => {
  let open = 0;
  const mx = await server((each) => {
    each.extensions = [];
    each.greeting = () => (++open > 2 ? '421 4.7.0 too many connections' : '220 go');
  });
  const { queue, delivery, routes, settled } = bench({ settings: { messagesPerSession: 1000 } });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  const ids = Array.from({ length: 100 }, (_, n) => queue.add([`x${n}@a.test`])[0]!);
  delivery.start();
  await settled();
  assert.ok(ids.every((id) => queue.words(id) === 'accepted by mx.a.test'));
});

test('the fallback next hop takes over when no host can be connected', async () => {
  const smart = await server();
  const port = await freePort();
  const { queue, delivery, routes, settled } = bench();
  routes.set('a.test', {
    kind: 'next-hop',
    nextHop: nextHop('a.test', port, { fallback: nextHop('smart.test', smart.port, { kind: 'smart-host' }) }),
  });
  const ids = [...queue.add(['x@a.test'])];
  delivery.start();
  await settled();
  // While the direct way is left alone, the fallback is taken at once.
  ids.push(...queue.add(['y@a.test']));
  await settled();
  assert.deepEqual(
    ids.map((id) => queue.words(id)),
    ids.map(() => 'accepted by mx.smart.test'),
  );
});

test('a slow host with thousands of messages does not hold up others', async () => {
  const silent = await server((each) => {
    each.greeting = () => undefined;
  });
  const good = await server();
  const { queue, delivery, routes, until } = bench({ settings: { maxClaims: 200, claimBatch: 50 } });
  routes.set('slow.test', { kind: 'next-hop', nextHop: nextHop('slow.test', silent.port) });
  routes.set('good.test', { kind: 'next-hop', nextHop: nextHop('good.test', good.port) });
  for (let n = 0; n < 2000; n += 1) queue.add([`x${n}@slow.test`]);
  for (let n = 0; n < 100; n += 1) queue.add([`x${n}@good.test`]);
  delivery.start();
  await until(() => good.received.length === 100);
  assert.ok(queue.claimed <= 400, `${queue.claimed} claims in memory`);
});

test('many slow hosts together do not hold up others', async () => {
  const silent = await server((each) => {
    each.greeting = () => undefined;
  });
  const good = await server();
  const { queue, delivery, routes, until } = bench({ settings: { maxClaims: 200, claimBatch: 50 } });
  routes.set('good.test', { kind: 'next-hop', nextHop: nextHop('good.test', good.port) });
  for (let d = 0; d < 15; d += 1) {
    routes.set(`slow${d}.test`, { kind: 'next-hop', nextHop: nextHop(`slow${d}.test`, silent.port) });
    for (let n = 0; n < 40; n += 1) queue.add([`x${n}@slow${d}.test`]);
  }
  for (let n = 0; n < 100; n += 1) queue.add([`x${n}@good.test`]);
  delivery.start();
  await until(() => good.received.length === 100);
  assert.ok(queue.claimed <= 450, `${queue.claimed} claims in memory`);
});

test('large bodies for a slow host do not hold up others, nor fill the memory', async () => {
  const silent = await server((each) => {
    each.greeting = () => undefined;
  });
  const good = await server();
  const { queue, delivery, routes, until } = bench({
    settings: { maxClaimBytes: 1_000_000, claimBatch: 20, firstSessions: 2 },
  });
  routes.set('slow.test', { kind: 'next-hop', nextHop: nextHop('slow.test', silent.port) });
  routes.set('good.test', { kind: 'next-hop', nextHop: nextHop('good.test', good.port) });
  const body = `Subject: x\r\n\r\n${'x'.repeat(50_000)}\r\n`;
  for (let n = 0; n < 300; n += 1) queue.add([`x${n}@slow.test`], { body });
  for (let n = 0; n < 30; n += 1) queue.add([`x${n}@good.test`], { body });
  delivery.start();
  let most = 0;
  await until(() => {
    most = Math.max(most, delivery.status().claims);
    return good.received.length === 30;
  });
  assert.ok(most * body.length < 4_000_000, `${most} claims`);
});

test('slow name service for one domain does not hold up another, nor the other recipients of the message', async () => {
  const good = await server();
  const made = bench({
    parts: {
      server: () => ({
        router: {
          route: (domain) =>
            domain === 'good.test'
              ? Promise.resolve({ kind: 'next-hop', nextHop: nextHop('good.test', good.port) })
              : new Promise((resolve) => {
                  answers.push(() =>
                    resolve({ kind: 'unroutable', problem: { cause: 'dns-timeout', text: 'no answer' } }),
                  );
                }),
        },
        heloName: 'relay.test',
        drop: { drop: async () => ({ dropped: true, file: 'x.eml' }) },
      }),
    },
  });
  const answers: (() => void)[] = [];
  const ids = [...made.queue.add(['x@slow.test']), ...made.queue.add(['y@slow.test', 'z@good.test'])];
  made.delivery.start();
  await made.until(() => good.received.length === 1);
  for (const answer of answers) answer();
  await made.settled();
  assert.deepEqual(
    ids.map((id) => made.queue.words(id)),
    ['unroutable dns-timeout', 'unroutable dns-timeout', 'accepted by mx.good.test'],
  );
});

test('an 8-bit message is re-encoded for a host without 8BITMIME, and only for that', async () => {
  const eight = await server();
  const seven = await server((each) => {
    each.extensions = ['PIPELINING'];
  });
  const { queue, delivery, routes, settled } = bench();
  routes.set('eight.test', { kind: 'next-hop', nextHop: nextHop('eight.test', eight.port) });
  routes.set('seven.test', { kind: 'next-hop', nextHop: nextHop('seven.test', seven.port) });
  queue.add(['a@eight.test', 'b@seven.test'], {
    body: Buffer.from('a: b\r\n\r\n\xe9\r\n', 'latin1'),
    type: '8bitmime',
  });
  delivery.start();
  await settled();
  assert.equal(eight.received[0]!.body, 'a: b\r\n\r\n\xe9\r\n');
  assert.match(eight.received[0]!.mail, /BODY=8BITMIME/);
  assert.equal(seven.received[0]!.body, 'a: b\r\n\r\n=XX\r\n');
  assert.equal(seven.received[0]!.mail, 'MAIL FROM:<from@example.test>');
});

test('a message that cannot be re-encoded is reported, the others go on', async () => {
  const seven = await server((each) => {
    each.extensions = ['PIPELINING'];
  });
  const { queue, delivery, routes, settled } = bench({
    parts: { downgrade: async () => Promise.reject(new Error('the body is no MIME')) },
  });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', seven.port) });
  const [bad] = queue.add(['x@a.test'], { type: '8bitmime' });
  const [good] = queue.add(['y@a.test']);
  delivery.start();
  await settled();
  assert.equal(queue.words(bad!), 'mail body-unreadable at a.test');
  assert.equal(queue.words(good!), 'accepted by mx.a.test');
});

test('SMTPUTF8 is demanded only where it is needed', async () => {
  const mx = await server();
  const { queue, delivery, routes, settled } = bench();
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  const asciiOnly = queue.add(['x@a.test'], { smtpUtf8: true })[0]!;
  const utf8Header = queue.add(['x@a.test'], {
    smtpUtf8: true,
    body: 'Subject: größe\r\n\r\nx\r\n',
    type: '8bitmime',
  })[0]!;
  const mixed = queue.add(['x@a.test', 'größe@a.test', 'y@a.test']);
  delivery.start();
  await settled();
  assert.equal(queue.words(asciiOnly), 'accepted by mx.a.test');
  assert.equal(queue.words(utf8Header), 'mail needs-smtputf8 at mx.a.test');
  assert.deepEqual(
    mixed.map((id) => queue.words(id)),
    ['accepted by mx.a.test', 'mail needs-smtputf8 at mx.a.test', 'accepted by mx.a.test'],
  );
});

test('local mail goes to Drop, held mail is held, lost domains are reported, in one message', async () => {
  const mx = await server();
  const { queue, delivery, routes, settled } = bench();
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  routes.set('local.test', { kind: 'drop' });
  routes.set('alias.test', { kind: 'drop' });
  routes.set('etrn.test', { kind: 'held', reason: 'waits for ETRN' });
  const ids = queue.add(['1@local.test', '2@alias.test', '3@etrn.test', '4@nowhere.test', '5@a.test']);
  delivery.start();
  await settled();
  assert.deepEqual(
    ids.map((id) => queue.words(id)),
    ['dropped x.eml', 'dropped x.eml', 'held', 'unroutable no-such-domain', 'accepted by mx.a.test'],
  );
});

test('Drop is written by a few at once, and a refusal is reported', async () => {
  let running = 0;
  let most = 0;
  const made = bench({
    settings: { dropsAtOnce: 4 },
    parts: {
      server: () => ({
        router: { route: async () => ({ kind: 'drop' }) },
        heloName: 'relay.test',
        drop: {
          async drop(_message, recipients) {
            most = Math.max(most, ++running);
            await pause(1);
            running -= 1;
            const who = recipients[0]!.forwardPath.localPart;
            if (who === 'defect') throw new Error('defect');
            if (who === 'full') return { dropped: false, quota: true, text: 'Mailbox Full' };
            return { dropped: true, file: `${who}.eml` };
          },
        },
      }),
    },
  });
  const ids = Array.from({ length: 40 }, (_, n) => made.queue.add([`x${n}@local.test`])[0]!);
  const [full, defect] = ['full@local.test', 'defect@local.test'].map((text) => made.queue.add([text])[0]!);
  made.delivery.start();
  await made.settled();
  assert.equal(most, 4);
  assert.ok(ids.every((id, n) => made.queue.words(id) === `dropped x${n}.eml`));
  assert.equal(made.queue.words(full!), 'drop refused Mailbox Full');
  assert.match(made.queue.words(defect!), /^drop refused the message could not be written/);
});

test('ETRN lets the held mail of a domain go, and its new mail for a while', async () => {
  const clock = manualClock();
  const mx = await server();
  const { queue, delivery, routes, settled, asked, until } = bench({ clock });
  routes.set('a.test', { kind: 'held', reason: 'waits for ETRN' });
  routes.set('requested a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  const [first] = queue.add(['x@a.test']);
  delivery.start();
  await settled();
  assert.equal(queue.words(first!), 'held');
  assert.equal(await delivery.flushDomain('a.test'), 1);
  await until(() => queue.words(first!) === 'accepted by mx.a.test');
  const [second] = queue.add(['y@a.test']);
  await until(() => queue.words(second!) === 'accepted by mx.a.test');
  clock.advance(601_000);
  const [third] = queue.add(['z@a.test']);
  await until(() => queue.words(third!) === 'held');
  assert.deepEqual([...new Set(asked.map(({ purpose }) => purpose))], ['delivery', 'requested']);
});

test('ETRN ends the back-off of the domain’s next hop', async () => {
  const clock = manualClock();
  const port = await freePort();
  const { queue, delivery, routes, settled, until } = bench({ clock });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', port) });
  const [lost] = queue.add(['x@a.test']);
  delivery.start();
  await settled();
  assert.equal(queue.words(lost!), 'connect connection-refused at mx.a.test');
  const mx = await server(undefined, port);
  await delivery.flushDomain('a.test');
  const [id] = queue.add(['y@a.test']);
  await until(() => queue.words(id!) !== 'nothing');
  assert.equal(queue.words(id!), 'accepted by mx.a.test');
  assert.equal(mx.connections, 1);
});

test('a stop lets an open transaction finish, gives the rest back, and says QUIT', async () => {
  let finish: (() => void) | undefined;
  const mx = await server((each) => {
    each.answer = (line) => {
      if (line !== 'end') return undefined;
      finish = () => {
        for (const socket of each.sockets) socket.write('250 taken\r\n');
      };
      return 'silence';
    };
  });
  const { queue, delivery, routes, until } = bench({ settings: { firstSessions: 1, maxSessionsPerHop: 1 } });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  const ids = [1, 2, 3, 4].map((n) => queue.add([`x${n}@a.test`])[0]!);
  delivery.start();
  await until(() => finish !== undefined);
  const stopped = delivery.stop(10_000);
  await until(() => queue.claimed === 1);
  finish!();
  await stopped;
  assert.deepEqual(
    ids.map((id) => queue.words(id)),
    ['accepted by mx.a.test', 'untried', 'untried', 'untried'],
  );
  assert.equal(queue.claimed, 0);
  assert.equal(mx.commands.at(-1), 'QUIT');
});

test('a stop cuts connections at its deadline: untried when not fully sent, lost when the reply is missing', async () => {
  const clock = manualClock();
  const silent = await server((each) => {
    each.answer = (line) => (line === 'end' || line.includes('<slow@') ? 'silence' : undefined);
    each.extensions = ['PIPELINING'];
  });
  const { queue, delivery, routes, until } = bench({ clock });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', silent.port) });
  const [sent] = queue.add(['x@a.test']);
  const [halfway] = queue.add(['slow@a.test']);
  delivery.start();
  await until(() => silent.commands.includes('RCPT TO:<slow@a.test>') && silent.commands.includes('DATA'));
  await pause(20);
  const stopped = delivery.stop(5000);
  clock.advance(5000);
  await stopped;
  assert.equal(queue.words(sent!), 'end-of-data connection-lost at mx.a.test');
  assert.equal(queue.words(halfway!), 'untried');
  assert.equal(queue.claimed, 0);
});

test('results that cannot be written are kept and written later; meanwhile nothing new is claimed', async () => {
  const clock = manualClock();
  const mx = await server();
  let isFull = true;
  const { queue, delivery, routes, settled, log, until } = bench({
    clock,
    outcome: (inner) => ({
      report: (claim, reports) =>
        isFull ? Promise.reject(new Error('disk full')) : inner.report(claim, reports),
    }),
  });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  const [id] = queue.add(['x@a.test']);
  delivery.start();
  await until(() => log.count('delivery.outcome-rejected') === 1);
  const claims = queue.claims;
  queue.add(['y@a.test']);
  await pause(20);
  clock.advance(1000);
  await pause(20);
  clock.advance(2000);
  await pause(20);
  assert.equal(queue.claims, claims);
  assert.equal(queue.words(id!), 'nothing');
  isFull = false;
  clock.advance(4000);
  await settled();
  assert.equal(queue.words(id!), 'accepted by mx.a.test');
  assert.equal(mx.received.length, 2);
  assert.equal(log.count('delivery.outcome-recovered'), 1);
});

test('a queue that cannot be read is asked again', async () => {
  const clock = manualClock();
  const mx = await server();
  const { queue, delivery, routes, settled, log, until } = bench({ clock });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  queue.failing = 3;
  queue.add(['x@a.test']);
  delivery.start();
  for (const [failures, pauseMs] of [
    [1, 1000],
    [2, 2000],
    [3, 4000],
  ] as const) {
    await until(() => queue.failing === 3 - failures);
    await pause(5);
    clock.advance(pauseMs);
  }
  await settled();
  assert.equal(log.count('delivery.queue-failed'), 1);
});

test('TLS that is offered and fails gives way to plain text only where the route allows it', async () => {
  for (const [tls, words] of [
    ['opportunistic', 'accepted by mx.a.test'],
    ['required', 'starttls tls-failed at mx.a.test'],
  ] as const) {
    const mx = await server((each) => {
      each.extensions = ['STARTTLS', 'PIPELINING'];
      each.answer = (line) => {
        if (line !== 'STARTTLS') return undefined;
        setTimeout(() => {
          for (const socket of each.sockets) socket.write('this is no TLS record\r\n');
        }, 20);
        return '220 go';
      };
    });
    const { queue, delivery, routes, settled, log } = bench();
    routes.set('a.test', {
      kind: 'next-hop',
      nextHop: nextHop('a.test', mx.port, { security: { tls, verifyCertificate: false } }),
    });
    const [id] = queue.add(['x@a.test']);
    delivery.start();
    await settled();
    assert.equal(queue.words(id!), words);
    assert.equal(log.count('delivery.tls-fallback'), tls === 'opportunistic' ? 1 : 0);
  }
});

test('STARTTLS protects the delivery, and the report says so', async () => {
  const mx = await server((each) => {
    each.extensions = ['STARTTLS', 'PIPELINING', 'CHUNKING'];
  });
  const { queue, delivery, routes, settled } = bench();
  routes.set('a.test', {
    kind: 'next-hop',
    nextHop: nextHop('a.test', mx.port, { security: { tls: 'opportunistic', verifyCertificate: false } }),
  });
  const ids = Array.from({ length: 30 }, (_, n) => queue.add([`x${n}@a.test`])[0]!);
  delivery.start();
  await settled();
  for (const id of ids) {
    const [report] = queue.reports.get(id)!;
    assert.ok('accepted' in report! && report.accepted && report.tls === 'TLSv1.3', wordsOf(report!));
  }
});

test('credentials that are refused defer everything after one try', async () => {
  const mx = await server((each) => {
    each.extensions = ['AUTH PLAIN', 'STARTTLS'];
    each.answer = (line) => (line.startsWith('AUTH') ? '535 5.7.8 wrong' : undefined);
  });
  const { queue, delivery, routes, settled } = bench({ settings: { firstSessions: 1 } });
  routes.set('a.test', {
    kind: 'next-hop',
    nextHop: nextHop('a.test', mx.port, {
      credentials: { user: 'u', password: 'p' },
      security: { tls: 'required', verifyCertificate: false },
    }),
  });
  const ids = Array.from({ length: 50 }, (_, n) => queue.add([`x${n}@a.test`], { attempts: 1 })[0]!);
  delivery.start();
  await settled();
  assert.ok(ids.every((id) => queue.words(id) === 'auth rejected 535 at mx.a.test'));
  assert.equal(mx.connections, 1);
});

test('a port that cannot be costs the messages for it an attempt, and nobody else anything', async () => {
  const mx = await server();
  const { queue, delivery, routes, settled } = bench();
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', 700_000) });
  routes.set('b.test', { kind: 'next-hop', nextHop: nextHop('b.test', mx.port) });
  const ids = queue.add(['x@a.test', 'y@b.test']);
  delivery.start();
  await settled();
  assert.deepEqual(
    ids.map((id) => queue.words(id)),
    ['connect unreachable at mx.a.test', 'accepted by mx.b.test'],
  );
});

test('a dialogue can be watched, without secrets', async () => {
  const lines: string[] = [];
  let isWatched = true;
  const mx = await server((each) => {
    each.extensions = ['AUTH LOGIN', 'PIPELINING'];
    each.answer = (line) => {
      if (line === 'AUTH LOGIN') return '334 VXNlcm5hbWU6';
      if (line === 'dQ==') return '334 UGFzc3dvcmQ6';
      return line === 'c2VjcmV0' ? '235 2.7.0 welcome' : undefined;
    };
  });
  const { queue, delivery, routes, settled } = bench({
    parts: {
      observer: {
        get isWatched() {
          return isWatched;
        },
        line: (session, direction, text) => lines.push(`${session.number} ${direction} ${text}`),
      },
    },
  });
  routes.set('a.test', {
    kind: 'next-hop',
    nextHop: nextHop('a.test', mx.port, {
      credentials: { user: 'u', password: 'secret', allowPlainText: true },
    }),
  });
  queue.add(['x@a.test']);
  delivery.start();
  await settled();
  assert.deepEqual(lines.splice(0), [
    `1 note connected to mx.a.test [127.0.0.1]:${mx.port}`,
    '1 reply 220 mx.test',
    '1 command EHLO relay.test',
    '1 reply 250 mx.test AUTH LOGIN PIPELINING',
    '1 command AUTH LOGIN',
    '1 reply 334 ****',
    '1 command ****',
    '1 reply 334 ****',
    '1 command ****',
    '1 reply 235 2.7.0 welcome',
    '1 command MAIL FROM:<from@example.test>',
    '1 command RCPT TO:<x@a.test>',
    '1 command DATA',
    '1 reply 250 2.1.0 ok',
    '1 reply 250 2.1.5 ok',
    '1 reply 354 go',
    '1 note 21 bytes of message as DATA',
    '1 reply 250 2.0.0 taken',
  ]);
  isWatched = false;
  queue.add(['y@a.test']);
  await settled();
  assert.deepEqual(lines, []);
});

test('a host that never answers is left after its time, its messages deferred', async () => {
  const clock = manualClock();
  const mx = await server((each) => {
    each.greeting = () => undefined;
  });
  const { queue, delivery, routes, settled, until } = bench({
    clock,
    settings: { timeouts: DEFAULT_TIMEOUTS },
  });
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  const [id] = queue.add(['x@a.test']);
  delivery.start();
  await until(() => mx.sockets.size === 1);
  await pause(20);
  clock.advance(299_999);
  await pause(5);
  assert.equal(queue.words(id!), 'nothing');
  clock.advance(1);
  await settled();
  assert.equal(queue.words(id!), 'greeting timeout at mx.a.test');
});

test('a large body is read no faster than the host takes it', async () => {
  const mx = await server((each) => {
    // Nobody reads behind BDAT and DATA.
    each.answer = (line) => {
      if (line === 'DATA' || line.startsWith('BDAT')) for (const socket of each.sockets) socket.pause();
      return undefined;
    };
  });
  const piece = Buffer.alloc(64 * 1024, 'line\r\n');
  let read = 0;
  const body: MessageBody = {
    bytes: 64 * 1024 * 1024,
    small: undefined,
    async *chunks() {
      for (let n = 0; n < 1024; n += 1) {
        read += 1;
        yield piece;
      }
    },
    header: async () => piece,
  };
  const { queue, delivery, routes, until } = bench();
  routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', mx.port) });
  queue.add(['x@a.test'], { body });
  delivery.start();
  await until(() => read > 0);
  let before = -1;
  while (before !== read) {
    before = read;
    await pause(100);
  }
  // The kernel's own buffers take some megabytes on loopback; the whole is 64 MiB.
  assert.ok(read < 400, `${read} of 1024 pieces were read`);
});
