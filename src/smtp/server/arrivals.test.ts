import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { takeArrivals } from './arrivals.ts';

const open: Server[] = [];
after(() => {
  for (const server of open) server.close();
});

/** A server whose arrivals come as they are, and what dials it. */
async function listen(take: (socket: Socket) => void): Promise<() => Promise<Socket>> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  takeArrivals(server, take);
  const { port } = server.address() as { port: number };
  return async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
}

test('sockets share the room they read into, and none hears what another was sent', async () => {
  const heard = new Map<number, string>();
  const dial = await listen((socket) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('end', () => {
      heard.set(Number(text.slice(0, 4)), text);
      socket.end();
    });
  });
  const texts = Array.from({ length: 20 }, (_, number) => String(1000 + number).repeat(30_000));
  const clients = await Promise.all(texts.map(dial));
  await Promise.all(
    clients.map(async (client, number) => {
      client.resume();
      // Odd pieces, so that reads of different sockets come between each other.
      for (let at = 0; at < texts[number]!.length; at += 7001 + number * 13) {
        client.write(texts[number]!.slice(at, at + 7001 + number * 13));
        await new Promise(setImmediate);
      }
      client.end();
      await once(client, 'close');
    }),
  );
  assert.equal(heard.size, 20);
  for (const text of texts) assert.ok(heard.get(Number(text.slice(0, 4))) === text);
});

test('a paused socket reads nothing, and all of it later; the client may close its side first', async () => {
  let socket!: Socket;
  let bytes = 0;
  let wake: () => void = () => {};
  const dial = await listen((arrived) => {
    socket = arrived;
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      socket.pause();
      wake();
    });
    socket.on('end', () => socket.end('bye'));
  });
  const client = await dial();
  client.end(Buffer.alloc(1_000_000, 'x'));
  const [answer] = await Promise.all([
    once(client, 'data'),
    (async () => {
      while (bytes < 1_000_000) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          socket?.resume();
        });
        const seen = bytes;
        await new Promise(setImmediate);
        assert.equal(bytes, seen, 'paused means paused');
      }
      socket.resume();
    })(),
  ]);
  assert.equal(String(answer[0]), 'bye');
  assert.equal(bytes, 1_000_000);
});

test('where the handle is not as we know it, the server makes the sockets', () => {
  for (const handle of [undefined, {}, { onconnection: 1 }]) {
    const server = Object.assign(new EventEmitter(), { _handle: handle });
    const taken: unknown[] = [];
    takeArrivals(server as unknown as Server, (socket) => taken.push(socket));
    server.emit('connection', 'a socket');
    assert.deepEqual(taken, ['a socket']);
  }
});

test('what the system says while accepting is the server to tell', () => {
  const told: unknown[] = [];
  const handle = { onconnection: (status: number, connection: unknown) => told.push([status, connection]) };
  const server = Object.assign(new EventEmitter(), { _handle: handle });
  takeArrivals(server as unknown as Server, () => assert.fail('nobody came'));
  (handle.onconnection as (status: number, connection: unknown) => void)(-24, undefined);
  assert.deepEqual(told, [[-24, undefined]]);
});
