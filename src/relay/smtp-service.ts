/**
 * The SMTP side of one virtual server: listeners, policy, users, sink, watched certificates.
 * Owns: building these from settings, reload, noticing new certificate files.  Leaves: the protocol (smtp), rules (intake),
 * the protocol log's files (protocol-logs).
 * Fails: `start` and `reload` throw RelayError; after a failed reload everything runs as before.
 */
import { readFile, stat } from 'node:fs/promises';
import type { Clock, Disk, IdSource, Logger, Timer } from '../base/index.ts';
import {
  type DeviceRates,
  type LogonFailures,
  type SmtpIntakeSettings,
  SmtpPolicy,
  SmtpSink,
  UserLogon,
} from '../intake/index.ts';
import type { MessageAcceptor } from '../queue/index.ts';
import { type ProtocolLog, type SessionTrace, SmtpServer } from '../smtp/index.ts';
import { mailbox } from './outcome-slice.ts';
import type { ServerRuntime } from './server-runtime.ts';
import { orZero, serverSlice } from './server-slice.ts';

export type SmtpServiceOptions = {
  readonly queue: Pick<MessageAcceptor, 'begin'>;
  /** Sends what is held for a domain; resolves with the number of recipients released. */
  readonly triggerEtrn: (domainKey: string) => Promise<number>;
  readonly isDropFull: () => boolean;
  readonly trace: SessionTrace;
  /** The protocol log of a server as it is set now. */
  readonly protocolLog: (server: string) => ProtocolLog | undefined;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
};

/** How often the certificate files are looked at. */
const CERTIFICATES_EVERY_MS = 60_000;

export class SmtpService {
  readonly #options: SmtpServiceOptions;
  #runtime: ServerRuntime;
  #server: SmtpServer;
  readonly #failures: LogonFailures = new Map();
  readonly #rates: DeviceRates = new Map();
  #certificateTimer: Timer | undefined;
  #certificateStamp = '';

  constructor(runtime: ServerRuntime, options: SmtpServiceOptions) {
    this.#options = options;
    this.#runtime = runtime;
    const { clock, ids, log, trace, protocolLog } = options;
    this.#server = new SmtpServer(serverSlice(runtime.config, runtime.fqdn), {
      ...this.#parts(runtime),
      protocolLog: protocolLog(runtime.config.name),
      clock,
      ids,
      logger: log,
      readFile,
      trace,
    });
  }

  get name(): string {
    return this.#runtime.config.name;
  }

  get sessions(): number {
    return this.#server.sessionCount;
  }

  /** Where it listens: `127.0.0.1:2525`, `[::1]:2525`. */
  get listening(): readonly string[] {
    return this.#server.addresses.map(({ address, port, tls }) => {
      const host = address.includes(':') ? `[${address}]` : address;
      return `${host}:${port}${tls === 'implicit' ? ' (TLS)' : ''}`;
    });
  }

  async start(): Promise<void> {
    const { config, fqdn } = this.#runtime;
    if (config.access.relayForEveryone !== false) {
      this.#options.log.event('error', 'relay.open-relay', {
        server: config.name,
        advice: 'anyone may send anything to anyone through this server; remove access.relayForEveryone',
      });
    }
    await (this.#server.authenticator as UserLogon).load();
    await this.#server.start();
    this.#certificateStamp = await this.#stampOfCertificates();
    this.#watchCertificates();
    this.#options.log.event('info', 'relay.listening', {
      server: config.name,
      fqdn,
      addresses: this.listening,
    });
  }

  async reload(runtime: ServerRuntime): Promise<void> {
    const parts = this.#parts(runtime);
    await parts.authenticator.load();
    const protocolLog = this.#options.protocolLog(runtime.config.name);
    await this.#server.reload(serverSlice(runtime.config, runtime.fqdn), { ...parts, protocolLog });
    this.#runtime = runtime;
  }

  /** No new sessions; open transactions may finish for `deadlineMs`. */
  async stop(deadlineMs: number): Promise<void> {
    this.#certificateTimer?.cancel();
    await this.#server.stop(deadlineMs);
  }

  #parts(runtime: ServerRuntime) {
    const { clock, disk, log, queue, triggerEtrn, isDropFull } = this.#options;
    const settings = intakeSlice(runtime);
    const { dns } = runtime.resolver;
    const { usersFile } = runtime.config.access;
    return {
      policy: new SmtpPolicy(settings, {
        clock,
        logger: log,
        dns,
        isDropFull,
        triggerEtrn,
        rates: this.#rates,
      }),
      sink: new SmtpSink(settings, { queue, clock, logger: log, dns }),
      authenticator: new UserLogon({
        disk,
        clock,
        logger: log,
        failures: this.#failures,
        ...(usersFile !== undefined && { usersFile }),
      }),
    };
  }

  /** A renewed certificate is put to use without a restart; one that cannot be read leaves the old one in use. */
  #watchCertificates(): void {
    const { clock, log } = this.#options;
    this.#certificateTimer = clock.setTimer(CERTIFICATES_EVERY_MS, async () => {
      const stamp = await this.#stampOfCertificates();
      if (stamp !== this.#certificateStamp) {
        try {
          await this.#server.reloadCertificates();
          this.#certificateStamp = stamp;
        } catch (thrown) {
          log.event('error', 'relay.certificate-not-loaded', { server: this.name, reason: String(thrown) });
        }
      }
      this.#watchCertificates();
    });
  }

  async #stampOfCertificates(): Promise<string> {
    const { certificateFile, keyFile } = this.#runtime.config.tls;
    const stamps = await Promise.all(
      [certificateFile, keyFile].map(async (file) => {
        if (file === undefined) return '';
        const facts = await stat(file).catch(() => undefined);
        return facts === undefined ? 'missing' : `${facts.mtimeMs} ${facts.size} ${facts.ino}`;
      }),
    );
    return stamps.join('|');
  }
}

/** The intake room's slice of a server's settings. */
export function intakeSlice({ config, fqdn, routing }: ServerRuntime): SmtpIntakeSettings {
  const { access, limits } = config;
  return {
    server: config.name,
    fqdn,
    connections: {
      otherwise: access.connections.default,
      allow: access.connections.allow,
      deny: access.connections.deny,
    },
    anonymous: access.anonymous,
    plainTextAuthNetworks: access.plainTextAuthNetworks,
    normalizeLineEndsNetworks: access.normalizeLineEndsNetworks,
    relayNetworks: access.relayNetworks,
    relayForAuthenticated: access.relayForAuthenticated,
    relayForEveryone: access.relayForEveryone !== false,
    localDomains: routing.localDomains,
    remoteDomains: routing.remoteDomains,
    identities: access.identities.map((identity) => ({
      name: identity.name,
      networks: identity.networks,
      mayRelay: identity.mayRelay,
      ...(identity.sender !== undefined && { sender: mailbox(identity.sender, 'access.identities.sender') }),
      ...(identity.messagesPerHour !== undefined && { messagesPerHour: identity.messagesPerHour }),
      ...(identity.messageSize !== undefined && { maxMessageBytes: identity.messageSize }),
    })),
    maxHops: limits.hopCount,
    reverseDnsCheck: access.reverseDnsCheck,
    maxMessageBytes: orZero(limits.messageSize),
    maxRecipients: orZero(limits.recipientsPerMessage),
    replyWithQueueId: config.replyWithQueueId,
  };
}
