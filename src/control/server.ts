/**
 * The relay's end of the local control interface.
 * Owns: the socket, its rights, dispatching requests to methods, streaming items with back-pressure.
 * Leaves: the methods (relay), framing (protocol.ts).
 * Fails: `listen` throws RelayError when another service answers there; a stale socket file is replaced.
 */
import { chmod, unlink } from 'node:fs/promises';
import { createServer, connect as netConnect, type Server, type Socket } from 'node:net';
import { type Logger, RelayError, toRelayError } from '../base/index.ts';
import { type ControlAnswer, JsonLines, toLine } from './protocol.ts';

/** One call: what it may send besides its result. */
export type ControlCall = {
  /** Sends one item to the caller; resolves when more may be sent. Rejects when the caller is gone. */
  send(item: unknown): Promise<void>;
  /** Aborted when the caller hangs up or the service stops. */
  readonly signal: AbortSignal;
};

/** Name → what it does. Whatever it returns is the result; a RelayError is told to the caller, others as a defect. */
export type ControlMethods = Readonly<Record<string, (params: unknown, call: ControlCall) => unknown>>;

/** Connections at once; a command uses one. */
const MAX_CONNECTIONS = 64;

export class ControlServer {
  readonly #address: string;
  readonly #methods: ControlMethods;
  readonly #log: Logger;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(address: string, methods: ControlMethods, log: Logger) {
    this.#address = address;
    this.#methods = methods;
    this.#log = log;
    this.#server = createServer((socket) => this.#serve(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  async listen(): Promise<void> {
    if (process.platform !== 'win32') {
      if (await answers(this.#address)) {
        throw new RelayError(
          'queue-locked',
          `Another Mailroot service answers at ${this.#address}. Stop it first.`,
        );
      }
      await unlink(this.#address).catch(() => {});
    }
    // The socket must never be open to others, not even between listen and chmod.
    const umask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen(this.#address, () => {
          this.#server.removeListener('error', reject);
          resolve();
        });
      });
      if (process.platform !== 'win32') await chmod(this.#address, 0o600);
    } catch (thrown) {
      throw toRelayError(thrown, `opening the control interface at ${this.#address}`);
    } finally {
      process.umask(umask);
    }
    this.#server.on('error', (error) =>
      this.#log.event('error', 'control.failed', { reason: error.message }),
    );
  }

  /** Hangs up on every caller and frees the address. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const hangup = new AbortController();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      hangup.abort();
    });
    const lines = new JsonLines(
      (value) => void this.#answer(socket, value, hangup.signal),
      () => socket.destroy(),
    );
    socket.on('data', (chunk) => lines.push(chunk));
  }

  async #answer(socket: Socket, value: unknown, signal: AbortSignal): Promise<void> {
    const request = value as { id?: unknown; method?: unknown; params?: unknown } | null;
    if (typeof request !== 'object' || request === null || typeof request.id !== 'number') {
      socket.destroy();
      return;
    }
    const id = request.id;
    const method = typeof request.method === 'string' && Object.hasOwn(this.#methods, request.method);
    try {
      if (!method) throw new RelayError('refused', `The service has no method '${String(request.method)}'.`);
      const run = this.#methods[request.method as string]!;
      const result = await run(request.params, { send: (item) => write(socket, { id, item }), signal });
      await write(socket, { id, result: result ?? null });
    } catch (thrown) {
      const error = toRelayError(thrown, `answering '${String(request.method)}'`);
      if (error.code === 'internal') {
        this.#log.event('error', 'control.defect', { method: request.method, reason: error.message });
      }
      await write(socket, { id, error: { code: error.code, text: error.message } }).catch(() => {});
    }
  }
}

async function write(socket: Socket, answer: ControlAnswer): Promise<void> {
  if (socket.destroyed) throw new RelayError('refused', 'The caller hung up.');
  if (socket.write(toLine(answer))) return;
  await new Promise<void>((resolve, reject) => {
    const onDrain = () => settle(resolve);
    const onClose = () => settle(() => reject(new RelayError('refused', 'The caller hung up.')));
    const settle = (then: () => void) => {
      socket.removeListener('drain', onDrain);
      socket.removeListener('close', onClose);
      then();
    };
    socket.on('drain', onDrain);
    socket.on('close', onClose);
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = netConnect(address);
    probe.on('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => resolve(false));
  });
}
