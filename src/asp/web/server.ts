/**
 * One listening address of a site: connections, their bounds and time-outs, HTTPS, and a front behind them.
 * Owns: sockets, what the parser of HTTP refuses, how many requests one connection may have under way.
 * Leaves: what a request gets (front).
 * Fails: `listen` throws RelayError when the address is taken or does not exist.
 * Sources: RFC 9112 §9 (persistence, pipelining), RFC 9110 §15.5; doc "IIS limits".
 */
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import compress from '@fastify/compress';
import fastify, { type FastifyInstance, type RouteHandlerMethod } from 'fastify';
import { toRelayError } from '../../base/index.ts';
import type { SiteConfig, SocketAddress } from '../../config/index.ts';
import { addressText } from '../site/settings.ts';
import { bareAnswer, errorAnswer } from './answers.ts';
import type { Front } from './front.ts';
import { plainAddress } from './incoming.ts';

export type ServerOptions = {
  readonly address: SocketAddress;
  readonly limits: SiteConfig['limits'];
  readonly compression: boolean;
  /** Absent: HTTP. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer; readonly minVersion: string };
};

/** Requests of one connection that may be under way: clients that pipeline send a few, floods thousands. */
const MOST_PIPELINED = 16;
/** Texts shorter than this are sent as they are. */
const COMPRESS_FROM_BYTES = 1400;

export class SiteServer {
  readonly #options: ServerOptions;
  readonly #app: FastifyInstance;
  readonly #byAddress = new Map<string, number>();
  readonly #underWay = new WeakMap<Socket, number>();
  #server: http.Server | https.Server | undefined;
  #isStopping = false;
  readonly #answer: RouteHandlerMethod;

  private constructor(options: ServerOptions, front: Front) {
    this.#options = options;
    this.#app = fastify({
      logger: false,
      // One parser of paths, ours: whatever is asked for, Fastify's router sees this.
      rewriteUrl: () => '/',
      bodyLimit: Number.MAX_SAFE_INTEGER,
      forceCloseConnections: 'idle',
      return503OnClosing: false,
      exposeHeadRoutes: false,
      serverFactory: (handler) => {
        this.#server = this.#createServer(handler);
        return this.#server;
      },
      clientErrorHandler: (error, socket) => refuseConnection(error, socket as Socket),
    }) as unknown as FastifyInstance;
    this.#app.removeAllContentTypeParsers();
    this.#app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    this.#answer = async (request, reply) => {
      await front.answer(request, reply);
      return reply;
    };
    // Methods that Fastify does not know.
    this.#app.setNotFoundHandler(this.#answer);
    // What Fastify itself refuses before the front is asked.
    this.#app.setErrorHandler(async (_error, _request, reply) => {
      const { status, headers, body } = errorAnswer(400);
      return reply.code(status).headers(headers).header('Connection', 'close').send(body);
    });
  }

  static async open(options: ServerOptions, front: Front): Promise<SiteServer> {
    const server = new SiteServer(options, front);
    const { address } = options;
    try {
      if (options.compression)
        await server.#app.register(compress, {
          globalDecompression: false,
          threshold: COMPRESS_FROM_BYTES,
          encodings: ['br', 'gzip', 'deflate'],
        });
      // Compression is a matter of routes, so there is one.
      server.#app.route({ method: server.#app.supportedMethods, url: '/', handler: server.#answer });
      await server.#app.listen({ host: address.address, port: address.port });
    } catch (thrown) {
      await server.#app.close().catch(() => {});
      throw toRelayError(thrown, `listening on ${addressText(address)}`);
    }
    return server;
  }

  get address(): SocketAddress {
    const { address, port } = this.#server!.address() as { address: string; port: number };
    return { address, port };
  }

  get isSecure(): boolean {
    return this.#options.tls !== undefined;
  }

  /** Puts a renewed certificate to use for new connections. Throws when it is none. */
  useCertificate(cert: Buffer, key: Buffer): void {
    const { tls } = this.#options;
    if (tls === undefined) return;
    (this.#server as https.Server).setSecureContext({ cert, key, minVersion: tls.minVersion as 'TLSv1.2' });
  }

  /** Takes no new requests; those under way are finished for `deadlineMs`. */
  async stop(deadlineMs: number): Promise<void> {
    this.#isStopping = true;
    const closed = this.#app.close();
    const timer = setTimeout(() => this.#server?.closeAllConnections(), deadlineMs);
    await closed;
    clearTimeout(timer);
  }

  #createServer(handler: http.RequestListener): http.Server | https.Server {
    const { limits, tls } = this.#options;
    const options: http.ServerOptions = {
      maxHeaderSize: limits.headerSize,
      headersTimeout: limits.headerTime,
      requestTimeout: Math.max(limits.requestTime, limits.headerTime),
      keepAliveTimeout: limits.idleTime,
      // How often Node looks for those that are too slow.
      connectionsCheckingInterval: Math.min(5000, Math.max(250, limits.headerTime / 4)),
      noDelay: true,
      insecureHTTPParser: false,
      requireHostHeader: true,
    };
    const guarded: http.RequestListener = (request, response) => {
      // HTTP/0.9 has no header, so no host and no end.
      if (request.httpVersionMajor < 1) {
        request.socket.end(bareAnswer(400));
        return;
      }
      if (!this.#admit(request, response)) return;
      handler(request, response);
    };
    const server =
      tls === undefined
        ? http.createServer(options, guarded)
        : https.createServer(
            {
              ...options,
              cert: tls.cert,
              key: tls.key,
              minVersion: tls.minVersion as 'TLSv1.2',
              handshakeTimeout: limits.headerTime,
            },
            guarded,
          );
    server.maxConnections = limits.connections;
    // More than may be is seen and refused by the front; Node would drop the rest silently.
    server.maxHeadersCount = 0;
    server.on('connection', (socket) => this.#countAddress(socket));
    // CONNECT and upgrades are no business of a site.
    server.on('connect', (_request, socket) => socket.end(bareAnswer(405)));
    server.on('checkContinue', (request, response) => {
      const length = Number(request.headers['content-length'] ?? 0);
      if (length <= limits.requestSize) response.writeContinue();
      guarded(request, response);
    });
    return server;
  }

  #admit(request: http.IncomingMessage, response: http.ServerResponse): boolean {
    const { socket } = request;
    const count = (this.#underWay.get(socket) ?? 0) + 1;
    if (count > MOST_PIPELINED) {
      socket.destroy();
      return false;
    }
    this.#underWay.set(socket, count);
    response.once('close', () => this.#underWay.set(socket, (this.#underWay.get(socket) ?? 1) - 1));
    if (this.#isStopping) response.setHeader('Connection', 'close');
    return true;
  }

  #countAddress(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress);
    if (/^(?:127\.|::1$)/.test(address)) return;
    const count = (this.#byAddress.get(address) ?? 0) + 1;
    if (count > this.#options.limits.connectionsPerAddress) {
      socket.destroy();
      return;
    }
    this.#byAddress.set(address, count);
    socket.once('close', () => {
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#byAddress.set(address, left);
      else this.#byAddress.delete(address);
    });
  }
}

/** Answers what is no HTTP, or came too slowly, and closes. */
function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  // Half of an answer may be on its way: then there is nothing to add.
  const { _httpMessage: open } = socket as Socket & { _httpMessage?: http.ServerResponse };
  if (open?.headersSent === true) socket.destroy();
  else {
    socket.end(bareAnswer(status));
    socket.destroySoon();
  }
}
