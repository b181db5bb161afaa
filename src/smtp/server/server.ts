/**
 * One virtual server: its listeners, its sessions, the limits that concern more than one session, one tick for all deadlines.
 * Owns: admission by count and rate, start, reload, stop.  Leaves: who may connect (SessionPolicy), the dialogue (session.ts).
 * Fails: `start` and `reload` throw RelayError that names the binding (port in use, address unavailable) or the certificate
 * file; after a failed reload everything runs as before.
 * Sources: RFC 5321 §3.8 (421), §4.5.3.2; KB 303701.
 */
import { createServer, type Server, type Socket } from 'node:net';
import {
  type Clock,
  type IdSource,
  type Logger,
  RelayError,
  systemErrorCode,
  type Timer,
  TransientSet,
} from '../../base/index.ts';
import type { Reply } from '../../envelope/index.ts';
import { canonicalAddress } from '../protocol/address-literal.ts';
import { replies } from '../protocol/catalogue.ts';
import { printReply } from '../protocol/reply-writer.ts';
import { takeArrivals } from './arrivals.ts';
import { TlsContexts } from './certificates.ts';
import type { Authenticator, ClientFacts, MessageSink, SessionPolicy } from './contract.ts';
import { NetworkList } from './networks.ts';
import type { ProtocolLog, SessionTrace } from './observe.ts';
import { ServerSession, type SessionCounters, type SessionHost } from './session.ts';
import type { Binding, ServerSettings } from './settings.ts';

const TICK_MS = 1000;
const RATE_WINDOW_MS = 60_000;

export type SmtpServerParts = {
  readonly policy: SessionPolicy;
  readonly sink: MessageSink;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly readFile: (path: string) => Promise<Buffer>;
  readonly trace: SessionTrace;
  readonly protocolLog?: ProtocolLog | undefined;
};

type Listener = {
  readonly binding: Binding;
  readonly server: Server;
  readonly address: string;
  readonly port: number;
};

type AddressUse = { open: number; begun: number; windowStartMs: number };

export type ServerCounters = SessionCounters & {
  connectionsTotal: number;
  connectionsRefused: number;
};

export class SmtpServer implements SessionHost {
  readonly tls = new TlsContexts();
  readonly counters: ServerCounters = {
    messagesAccepted: 0,
    messagesRefused: 0,
    bytesReceived: 0,
    recipientsRefused: 0,
    authSucceeded: 0,
    authFailed: 0,
    connectionsTotal: 0,
    connectionsRefused: 0,
  };
  policy: SessionPolicy;
  sink: MessageSink;
  authenticator: Authenticator;
  protocolLog: ProtocolLog | undefined;
  readonly trace: SessionTrace;
  keywordCache: SessionHost['keywordCache'] = new WeakMap();
  coarseNowMs: number;

  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #logger: Logger;
  readonly #readFile: (path: string) => Promise<Buffer>;
  readonly #sessions = new TransientSet<ServerSession>();
  readonly #uses = new Map<string, AddressUse>();
  #listeners: readonly Listener[] = [];
  #settings: ServerSettings;
  #unlimited: NetworkList;
  #tick: Timer | undefined;
  #isStopping = false;
  #whenEmpty: (() => void) | undefined;
  #bannerDate = '';
  #bannerSecond = -1;

  constructor(settings: ServerSettings, parts: SmtpServerParts) {
    this.#settings = settings;
    this.#unlimited = NetworkList.of(...settings.limits.unlimitedNetworks);
    this.policy = parts.policy;
    this.sink = parts.sink;
    this.authenticator = parts.authenticator;
    this.protocolLog = parts.protocolLog;
    this.trace = parts.trace;
    this.#clock = parts.clock;
    this.#ids = parts.ids;
    this.#logger = parts.logger.with({ server: settings.name });
    this.#readFile = parts.readFile;
    this.coarseNowMs = parts.clock.monotonicMs();
  }

  get settings(): ServerSettings {
    return this.#settings;
  }

  /** Sessions now. */
  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Where it listens, with the ports that the system chose for port 0. */
  get addresses(): readonly {
    readonly address: string;
    readonly port: number;
    readonly tls: Binding['tls'];
  }[] {
    return this.#listeners.map(({ address, port, binding }) => ({ address, port, tls: binding.tls }));
  }

  async start(): Promise<void> {
    await this.tls.load(this.#settings.tls, this.#readFile);
    const opened: Listener[] = [];
    try {
      for (const binding of this.#settings.bindings) opened.push(await this.#listen(binding));
    } catch (failure) {
      for (const { server } of opened) server.close();
      throw failure;
    }
    this.#listeners = opened;
  }

  /**
   * Puts new settings to use: listeners that are no longer wanted close, new ones open, certificates are read again.
   * Sessions under way keep the settings they began with and are not dropped.
   */
  async reload(
    settings: ServerSettings,
    parts: Partial<Pick<SmtpServerParts, 'policy' | 'sink' | 'authenticator' | 'protocolLog'>> = {},
  ): Promise<void> {
    const unlimited = NetworkList.of(...settings.limits.unlimitedNetworks);
    const contexts = new TlsContexts();
    await contexts.load(settings.tls, this.#readFile);
    const kept = this.#listeners.filter(({ binding }) =>
      settings.bindings.some((other) => isSame(binding, other)),
    );
    const opened: Listener[] = [];
    try {
      for (const binding of settings.bindings) {
        if (!kept.some((listener) => isSame(listener.binding, binding)))
          opened.push(await this.#listen(binding));
      }
    } catch (failure) {
      for (const { server } of opened) server.close();
      throw failure;
    }
    for (const listener of this.#listeners) if (!kept.includes(listener)) listener.server.close();
    this.#listeners = [...kept, ...opened];
    await this.tls.load(settings.tls, this.#readFile);
    this.#settings = settings;
    this.#unlimited = unlimited;
    this.keywordCache = new WeakMap();
    if (parts.policy !== undefined) this.policy = parts.policy;
    if (parts.sink !== undefined) this.sink = parts.sink;
    if (parts.authenticator !== undefined) this.authenticator = parts.authenticator;
    if ('protocolLog' in parts) this.protocolLog = parts.protocolLog;
    this.log('info', 'smtp.server-reloaded', { bindings: this.#listeners.map(printBinding) });
  }

  /** Reads the certificate files of the running settings again. */
  async reloadCertificates(): Promise<void> {
    await this.tls.load(this.#settings.tls, this.#readFile);
    this.log('info', 'smtp.certificates-reloaded', { count: this.tls.summaries.length });
  }

  /**
   * No new sessions from now on; idle ones end with 421, open transactions may finish for `deadlineMs`. Resolves when no
   * session is left.
   */
  async stop(deadlineMs: number): Promise<void> {
    this.#isStopping = true;
    for (const { server } of this.#listeners) server.close();
    this.#listeners = [];
    for (const session of [...this.#sessions]) session.stop();
    if (this.#sessions.size > 0) {
      const empty = new Promise<void>((resolve) => {
        this.#whenEmpty = resolve;
      });
      const deadline = this.#clock.setTimer(deadlineMs, () => {
        this.log('warn', 'smtp.sessions-cut', { count: this.#sessions.size });
        for (const session of [...this.#sessions]) session.destroy();
      });
      await empty;
      deadline.cancel();
    }
    this.#tick?.cancel();
    this.#tick = undefined;
    this.log('info', 'smtp.server-stopped', {});
  }

  // ── SessionHost ─────────────────────────────────────────────────────────────────────────────────────────────────

  exactNowMs(): number {
    return this.#clock.monotonicMs();
  }

  bannerDate(): string {
    const now = this.#clock.now();
    const second = Math.floor(now / 1000);
    if (second !== this.#bannerSecond) {
      this.#bannerSecond = second;
      this.#bannerDate = new Date(now).toUTCString().replace('GMT', '+0000');
    }
    return this.#bannerDate;
  }

  log(
    level: 'debug' | 'info' | 'warn' | 'error',
    event: string,
    fields: Readonly<Record<string, unknown>>,
  ): void {
    this.#logger.event(level, event, fields);
  }

  ended(session: ServerSession): void {
    this.#sessions.delete(session);
    const use = this.#uses.get(addressGroup(session.client.address));
    if (use !== undefined) use.open -= 1;
    if (this.#sessions.size === 0) this.#whenEmpty?.();
  }

  // ── connections ─────────────────────────────────────────────────────────────────────────────────────────────────

  #listen(binding: Binding): Promise<Listener> {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, noDelay: true });
      const onFailure = (thrown: Error): void => reject(listenFailure(thrown, binding));
      server.once('error', onFailure);
      server.listen(
        { host: binding.address, port: binding.port, ipv6Only: binding.address.includes(':'), backlog: 1024 },
        () => {
          server.removeListener('error', onFailure);
          server.on('error', (thrown) =>
            this.log('error', 'smtp.listener-failed', { address: binding.address, error: thrown.message }),
          );
          takeArrivals(server, (socket) => this.#accept(socket, binding));
          const { address, port } = server.address() as { address: string; port: number };
          resolve({ binding, server, address, port });
          this.log('info', 'smtp.listening', { address, port, tls: binding.tls });
        },
      );
    });
  }

  #accept(socket: Socket, binding: Binding): void {
    const { remoteAddress } = socket;
    // The client may be gone before we look.
    if (remoteAddress === undefined) {
      socket.destroy();
      return;
    }
    if (this.#tick === undefined) this.#startTicking();
    const address = canonicalAddress(remoteAddress);
    this.counters.connectionsTotal += 1;
    const use = this.#useOf(address);
    const refusal = this.#refusalFor(address, use);
    if (refusal !== undefined) {
      this.counters.connectionsRefused += 1;
      this.log('warn', 'smtp.connection-limited', { client: address, reply: refusal.lines[0] });
      turnAway(socket, refusal, binding);
      return;
    }
    use.open += 1;
    const client = new Client(address, socket);
    const id = this.#ids.next();
    this.#sessions.add(new ServerSession(this, socket, { id, client, settings: this.#settings, binding }));
  }

  #useOf(address: string): AddressUse {
    const key = addressGroup(address);
    let use = this.#uses.get(key);
    if (use === undefined) {
      use = { open: 0, begun: 0, windowStartMs: this.coarseNowMs };
      this.#uses.set(key, use);
    } else if (this.coarseNowMs - use.windowStartMs >= RATE_WINDOW_MS) {
      use.windowStartMs = this.coarseNowMs;
      use.begun = 0;
    }
    use.begun += 1;
    return use;
  }

  #refusalFor(address: string, use: AddressUse): Reply | undefined {
    const { limits, fqdn } = this.#settings;
    if (this.#isStopping) return replies.shuttingDown(fqdn);
    if (limits.maxConnections > 0 && this.#sessions.size >= limits.maxConnections)
      return replies.tooManyConnections;
    const isOverCount = limits.maxConnectionsPerAddress > 0 && use.open >= limits.maxConnectionsPerAddress;
    const isOverRate = limits.maxConnectionRate > 0 && use.begun > limits.maxConnectionRate;
    if ((!isOverCount && !isOverRate) || this.#unlimited.contains(address)) return undefined;
    return isOverCount ? replies.tooManyConnectionsFromAddress : replies.connectionRate;
  }

  // ── one tick for all ────────────────────────────────────────────────────────────────────────────────────────────

  #startTicking(): void {
    this.coarseNowMs = this.#clock.monotonicMs();
    this.#tick = this.#clock.setTimer(TICK_MS, () => {
      this.#tick = undefined;
      this.coarseNowMs = this.#clock.monotonicMs();
      for (const session of [...this.#sessions])
        if (session.deadlineAtMs <= this.coarseNowMs) session.expire();
      for (const [key, use] of this.#uses)
        if (use.open === 0 && this.coarseNowMs - use.windowStartMs >= RATE_WINDOW_MS) this.#uses.delete(key);
      if (this.#sessions.size > 0 || this.#uses.size > 0) this.#startTicking();
    });
  }
}

/** The local end is asked of the system only when somebody wants to know it. */
class Client implements ClientFacts {
  readonly address: string;
  readonly port: number;
  readonly #socket: Socket;

  constructor(address: string, socket: Socket) {
    this.address = address;
    this.port = socket.remotePort ?? 0;
    this.#socket = socket;
  }

  get localAddress(): string {
    return canonicalAddress(this.#socket.localAddress ?? '');
  }

  get localPort(): number {
    return this.#socket.localPort ?? 0;
  }
}

/** A whole IPv6 /64 is one customer. */
function addressGroup(address: string): string {
  if (!address.includes(':')) return address;
  const head = address.split('::')[0]!.split(':');
  return address.includes('::') && head.length < 4
    ? `${[...head.filter(Boolean), ...new Array<string>(4).fill('0')].slice(0, 4).join(':')}/64`
    : `${head.slice(0, 4).join(':')}/64`;
}

/** Refuses without a session: one write, and the socket is forgotten when it closes. */
function turnAway(socket: Socket, refusal: Reply, binding: Binding): void {
  socket.on('error', () => socket.destroy());
  if (binding.tls === 'implicit') {
    socket.destroy();
    return;
  }
  socket.end(printReply(refusal), () => socket.destroy());
}

function isSame(one: Binding, other: Binding): boolean {
  return (
    one.address === other.address &&
    one.port === other.port &&
    one.tls === other.tls &&
    one.minTlsVersion === other.minTlsVersion
  );
}

function printBinding({ address, port }: Listener): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function listenFailure(thrown: Error, { address, port }: Binding): RelayError {
  const fields = { address, port };
  const place = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  switch (systemErrorCode(thrown)) {
    case 'EADDRINUSE':
      return new RelayError(
        'port-in-use',
        `Another program listens on ${place}. Stop it, or choose another port.`,
        {
          fields,
          cause: thrown,
        },
      );
    case 'EADDRNOTAVAIL':
      return new RelayError(
        'address-unavailable',
        `This machine has no address ${address}; it cannot listen on ${place}.`,
        {
          fields,
          cause: thrown,
        },
      );
    case 'EACCES':
      return new RelayError(
        'permission-denied',
        `No permission to listen on ${place}. Ports below 1024 need root or CAP_NET_BIND_SERVICE; or choose another port.`,
        { fields, cause: thrown },
      );
    default:
      return new RelayError('internal', `Cannot listen on ${place}: ${thrown.message}`, {
        fields,
        cause: thrown,
      });
  }
}
