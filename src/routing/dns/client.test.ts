/** The client against servers of the test's making: slow, silent, lying, old. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { type DecodedPacket, decode, encode, type Packet, TRUNCATED_RESPONSE } from 'dns-packet';
import { type Clock, systemClock } from '../../base/index.ts';
import { DnsClient } from './client.ts';
import type { DnsServer } from './exchange.ts';

type Script = (query: DecodedPacket & { rcode?: string }) => Buffer | Buffer[] | undefined;

type Scripted = DnsServer & { readonly queries: DecodedPacket[]; close(): Promise<void> };

/** A UDP server, with TCP on the same port when `overTcp` is given. */
async function scripted(overUdp: Script, overTcp?: Script): Promise<Scripted> {
  const queries: DecodedPacket[] = [];
  const tcp = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      const query = decode(bytes.subarray(2));
      queries.push(query);
      for (const part of [overTcp?.(query) ?? []].flat()) socket.write(part);
      socket.end();
    });
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as { port: number };
  const udp = createSocket('udp4');
  udp.on('message', (bytes, from) => {
    const query = decode(bytes);
    queries.push(query);
    for (const part of [overUdp(query) ?? []].flat()) udp.send(part, from.port, from.address);
  });
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  return {
    address: '127.0.0.1',
    port,
    queries,
    close: async () => {
      udp.close();
      await new Promise((resolve) => tcp.close(resolve));
    },
  };
}

const RCODE = { SERVFAIL: 2, FORMERR: 1, REFUSED: 5, NXDOMAIN: 3 } as const;

function answerTo(
  query: DecodedPacket,
  packet: Packet,
  rcode: keyof typeof RCODE | 'NOERROR' = 'NOERROR',
): Buffer {
  const flags = (packet.flags ?? 0) | (rcode === 'NOERROR' ? 0 : RCODE[rcode]);
  return encode({ ...packet, type: 'response', id: query.id!, questions: query.questions!, flags });
}

const withAddress: Script = (query) =>
  answerTo(query, { answers: [{ type: 'A', name: query.questions![0]!.name, ttl: 60, data: '127.0.0.1' }] });

/** Waits 50 ms where the code under test asks for more: silence is proven without the wait. */
const hastyClock: Clock = {
  ...systemClock,
  setTimer: (delayMs, fire) => systemClock.setTimer(Math.min(delayMs, 50), fire),
};

async function asking(
  servers: readonly Scripted[],
  use: (client: DnsClient) => Promise<void>,
  options: { clock?: Clock; rounds?: number } = {},
): Promise<void> {
  const client = new DnsClient({
    clock: options.clock ?? systemClock,
    servers: () => servers,
    timeoutMs: 5_000,
    rounds: options.rounds ?? 1,
  });
  try {
    await use(client);
  } finally {
    client.close();
    await Promise.all(servers.map((server) => server.close()));
  }
}

test('asks the next server when one answers SERVFAIL, and takes its answer', async () => {
  const broken = await scripted((query) => answerTo(query, {}, 'SERVFAIL'));
  const good = await scripted(withAddress);
  await asking([broken, good], async (client) => {
    const answer = await client.ask('a.test', 'A');
    assert.deepEqual(answer, { kind: 'found', records: ['127.0.0.1'], ttlMs: 60_000 });
  });
});

test('asks the next server when one is silent, and asks the silent one last from then on', async () => {
  const silent = await scripted(() => undefined);
  const good = await scripted(withAddress);
  await asking(
    [silent, good],
    async (client) => {
      assert.equal((await client.ask('a.test', 'A')).kind, 'found');
      assert.equal((await client.ask('b.test', 'A')).kind, 'found');
      assert.equal(silent.queries.length, 1);
    },
    { clock: hastyClock },
  );
});

test('asks the next server when nothing listens at the first', async () => {
  const gone = await scripted(() => undefined);
  await gone.close();
  const good = await scripted(withAddress);
  await asking([{ ...gone, close: async () => {} }, good], async (client) => {
    assert.equal((await client.ask('a.test', 'A')).kind, 'found');
  });
});

test('says time-out when every server is silent, after as many rounds as configured', async () => {
  const silent = await scripted(() => undefined);
  await asking(
    [silent],
    async (client) => {
      const answer = await client.ask('a.test', 'MX');
      assert.equal(answer.kind, 'timeout');
      assert.match(
        answer.kind === 'timeout' ? answer.text : '',
        /MX a\.test: 127\.0\.0\.1:\d+ did not answer in time/,
      );
      assert.equal(silent.queries.length, 3);
    },
    { clock: hastyClock, rounds: 3 },
  );
});

test('says failed when servers answer and none usefully', async () => {
  const refusing = await scripted((query) => answerTo(query, {}, 'REFUSED'));
  const failing = await scripted((query) => answerTo(query, {}, 'SERVFAIL'));
  await asking([refusing, failing], async (client) => {
    const answer = await client.ask('a.test', 'MX');
    assert.equal(answer.kind, 'failed');
    assert.match(answer.kind === 'failed' ? answer.text : '', /answered REFUSED; .* answered SERVFAIL/);
  });
});

test('a referral is no answer', async () => {
  const referring = await scripted((query) =>
    answerTo(query, { authorities: [{ type: 'NS', name: 'test', data: 'ns.test' }] }),
  );
  await asking([referring], async (client) => {
    assert.equal((await client.ask('a.test', 'MX')).kind, 'failed');
  });
});

test('a truncated answer is fetched by TCP, also when it comes in pieces', async () => {
  const large = (query: DecodedPacket): Buffer[] => {
    const answers = Array.from({ length: 300 }, (_, index) => ({
      type: 'A' as const,
      name: 'a.test',
      ttl: 60,
      data: `127.0.${index >> 8}.${index & 255}`,
    }));
    const message = answerTo(query, { answers });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    const framed = Buffer.concat([length, message]);
    return [framed.subarray(0, 1), framed.subarray(1, 700), framed.subarray(700)];
  };
  const server = await scripted((query) => answerTo(query, { flags: TRUNCATED_RESPONSE }), large);
  await asking([server], async (client) => {
    const answer = await client.ask('a.test', 'A');
    assert.equal(answer.kind === 'found' && answer.records.length, 300);
  });
});

test('a server that closes TCP early is broken, not silent', async () => {
  const server = await scripted(
    (query) => answerTo(query, { flags: TRUNCATED_RESPONSE }),
    () => Buffer.from([9]),
  );
  await asking([server], async (client) => {
    const answer = await client.ask('a.test', 'A');
    assert.match(answer.kind === 'failed' ? answer.text : '', /closed the connection/);
  });
});

test('a server that cannot read EDNS is asked again without it', async () => {
  const old = await scripted((query) =>
    query.additionals!.length > 0 ? answerTo(query, {}, 'FORMERR') : withAddress(query),
  );
  await asking([old], async (client) => {
    assert.equal((await client.ask('a.test', 'A')).kind, 'found');
    assert.equal(old.queries.length, 2);
  });
});

test('a server without EDNS is asked without it by TCP too', async () => {
  const old =
    (answer: Script): Script =>
    (query) =>
      query.additionals!.length > 0 ? answerTo(query, {}, 'FORMERR') : answer(query);
  const framed: Script = (query) => {
    const message = old(withAddress)(query) as Buffer;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    return Buffer.concat([length, message]);
  };
  const server = await scripted(
    old((query) => answerTo(query, { flags: TRUNCATED_RESPONSE })),
    framed,
  );
  await asking([server], async (client) => {
    assert.equal((await client.ask('a.test', 'A')).kind, 'found');
  });
});

test('waits on past forged answers with a wrong id or a wrong name', async () => {
  const server = await scripted((query) => [
    Buffer.from('noise'),
    encode({
      type: 'response',
      id: (query.id! + 1) & 0xffff,
      questions: query.questions!,
      answers: [{ type: 'A', name: 'a.test', ttl: 60, data: '127.6.6.6' }],
    }),
    withAddress(query) as Buffer,
  ]);
  await asking([server], async (client) => {
    const answer = await client.ask('a.test', 'A');
    assert.deepEqual(answer.kind === 'found' && answer.records, ['127.0.0.1']);
  });
});

test('records of other names in the answer are not taken', async () => {
  const server = await scripted((query) =>
    answerTo(query, {
      answers: [
        { type: 'A', name: 'other.test', ttl: 60, data: '127.6.6.6' },
        { type: 'A', name: 'a.test', ttl: 60, data: '127.0.0.1' },
      ],
    }),
  );
  await asking([server], async (client) => {
    const answer = await client.ask('a.test', 'A');
    assert.deepEqual(answer.kind === 'found' && answer.records, ['127.0.0.1']);
  });
});

test('an alias that leads to itself ends', async () => {
  const circle = await scripted((query) => {
    const { name } = query.questions![0]!;
    return answerTo(query, {
      answers: [{ type: 'CNAME', name, ttl: 60, data: name === 'a.test' ? 'b.test' : 'a.test' }],
    });
  });
  await asking([circle], async (client) => {
    const answer = await client.ask('a.test', 'A');
    assert.match(answer.kind === 'failed' ? answer.text : '', /alias of an alias/);
  });
  const inOneAnswer = await scripted((query) =>
    answerTo(query, { answers: [{ type: 'CNAME', name: 'a.test', ttl: 60, data: 'a.test' }] }),
  );
  await asking([inOneAnswer], async (client) => {
    assert.equal((await client.ask('a.test', 'A')).kind, 'no-records');
  });
});

test('a missing name is believed at once; a second server is not asked', async () => {
  const first = await scripted((query) =>
    answerTo(
      query,
      {
        authorities: [
          {
            type: 'SOA',
            name: 'test',
            ttl: 900,
            data: {
              mname: 'ns.test',
              rname: 'h.test',
              serial: 1,
              refresh: 1,
              retry: 1,
              expire: 1,
              minimum: 30,
            },
          },
        ],
      },
      'NXDOMAIN',
    ),
  );
  const second = await scripted(withAddress);
  await asking([first, second], async (client) => {
    assert.deepEqual(await client.ask('a.test', 'A'), { kind: 'no-such-name', ttlMs: 30_000 });
    assert.equal(second.queries.length, 0);
  });
});

test('a name that cannot be asked is no name, without any question', async () => {
  const server = await scripted(withAddress);
  await asking([server], async (client) => {
    assert.equal((await client.ask('a..test', 'A')).kind, 'no-such-name');
    assert.equal(server.queries.length, 0);
  });
});

test('closing ends the questions under way', async () => {
  const silent = await scripted(() => undefined);
  await asking([silent], async (client) => {
    const answers = Array.from({ length: 300 }, (_, index) => client.ask(`a${index}.test`, 'A'));
    client.close();
    for (const answer of await Promise.all(answers)) assert.equal(answer.kind, 'failed');
  });
});

test('many questions at once are all answered', async () => {
  const server = await scripted(withAddress);
  await asking([server], async (client) => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) => client.ask(`a${index}.test`, 'A')),
    );
    assert.equal(answers.filter((answer) => answer.kind === 'found').length, 500);
  });
});
