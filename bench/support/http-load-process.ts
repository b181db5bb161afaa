/**
 * Load for a site, as a process of its own: keep-alive connections that ask, wait for the whole answer, and ask again.
 * Reads one order from its parent and answers with one result. Knows just enough HTTP: answers with a Content-Length.
 */
import { connect, type Socket } from 'node:net';

export type LoadOrder = {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** The request as it goes over the wire. */
  readonly request: string;
  /** Requests in all; absent: as many as go into the time. */
  readonly count?: number;
};

export type LoadResult = {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
};

process.on('disconnect', () => process.exit());
process.on('message', (order: LoadOrder) => {
  void load(order).then((result) => process.send!(result));
});

async function load(order: LoadOrder): Promise<LoadResult> {
  const request = Buffer.from(order.request, 'latin1');
  const times: number[] = [];
  let errors = 0;
  let left = order.count ?? Number.POSITIVE_INFINITY;
  const began = performance.now();
  const end = began + order.seconds * 1000;
  const one = (socket: Socket) =>
    new Promise<void>((resolve) => {
      let asked = 0;
      let text = '';
      const ask = () => {
        if (performance.now() >= end || left <= 0) {
          socket.destroy();
          resolve();
          return;
        }
        left -= 1;
        asked = performance.now();
        socket.write(request);
      };
      socket.setEncoding('latin1');
      socket.on('data', (piece: string) => {
        text += piece;
        const head = text.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
        if (text.length < head + 4 + length) return;
        if (!text.startsWith('HTTP/1.1 200')) errors += 1;
        times.push(performance.now() - asked);
        text = text.slice(head + 4 + length);
        ask();
      });
      socket.on('error', () => {
        errors += 1;
        resolve();
      });
      socket.on('connect', ask);
    });
  await Promise.all(
    Array.from({ length: order.connections }, () =>
      one(connect({ port: order.port, host: '127.0.0.1', noDelay: true })),
    ),
  );
  const seconds = (performance.now() - began) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { requests: times.length, seconds, p50Ms: at(0.5), p99Ms: at(0.99), errors };
}
