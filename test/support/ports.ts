/** Free ports and waiting for listeners, on loopback. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A port nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when something accepts connections there; rejects after `tries` refusals, 25 ms apart. */
export async function untilListening(port: number, host = '127.0.0.1', tries = 400): Promise<void> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, host, () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nothing listens on ${host} port ${port}`);
}
