import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { type Bench, benchOf, nextHop, TestServer } from './support.ts';

const servers: TestServer[] = [];
const benches: Bench[] = [];

async function server(change: (server: TestServer) => void = () => {}): Promise<TestServer> {
  const made = new TestServer();
  change(made);
  servers.push(made);
  return made.listen();
}

function bench(options: Parameters<typeof benchOf>[0] = {}): Bench {
  const made = benchOf(options);
  benches.push(made);
  return made;
}

afterEach(async () => {
  for (const made of benches.splice(0)) await made.delivery.stop(50);
  for (const made of servers.splice(0)) await made.close();
});

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
