/**
 * The whole service: mailroots, SMTP servers, the control interface; started, reloaded and stopped in the right order.
 * Owns: that order.  Leaves: one mailroot (mailroot-unit), one server's intake (smtp-service), commands (…-methods).
 * Fails: `start` throws RelayError and leaves nothing running.
 */
import {
  type Clock,
  createIdSource,
  type Disk,
  type IdSource,
  type Logger,
  nodeDisk,
  toRelayError,
} from '../base/index.ts';
import { type Config, type NamedServer, needsRestart } from '../config/index.ts';
import { type ControlMethods, ControlServer, controlAddress } from '../control/index.ts';
import { TraceHub } from '../smtp/index.ts';
import { badmailMethods } from './badmail-methods.ts';
import { CountingLog } from './counting-log.ts';
import { MailrootUnit } from './mailroot-unit.ts';
import { OutboundObserver } from './outbound-observer.ts';
import { ProtocolLogs } from './protocol-logs.ts';
import { queueMethods } from './queue-methods.ts';
import { type SendServer, sendMethods } from './send-methods.ts';
import { SmtpService } from './smtp-service.ts';
import { statusReport } from './status.ts';
import { traceMethods } from './trace-methods.ts';

export type RelayOptions = {
  readonly config: Config;
  /** Reads the configuration again for a reload. Throws RelayError with every problem. */
  readonly loadConfig: () => Config;
  /** The fully qualified name of a server. */
  readonly nameOf: (server: NamedServer) => string;
  readonly version: string;
  /** For `status`. */
  readonly configFile?: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly disk?: Disk;
};

/** Longest time that open transactions may take at a stop. */
const STOP_DEADLINE_MS = 30_000;

export class Relay {
  readonly #options: RelayOptions;
  readonly #log: CountingLog;
  readonly #startedAt: number;
  readonly #ids: IdSource;
  readonly #units: MailrootUnit[] = [];
  readonly #controls: ControlServer[] = [];
  readonly #services: SmtpService[] = [];
  readonly #trace: TraceHub;
  readonly #protocolLogs: ProtocolLogs;
  readonly #onStopRequest: (() => void)[] = [];
  #config: Config;

  private constructor(options: RelayOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#log = new CountingLog(options.log);
    this.#startedAt = options.clock.now();
    this.#trace = new TraceHub(options.clock);
    this.#protocolLogs = new ProtocolLogs({ clock: options.clock, log: this.#log });
    this.#ids = createIdSource(() => options.clock.now());
  }

  /** Starts everything, or nothing. */
  static async start(options: RelayOptions): Promise<Relay> {
    const relay = new Relay(options);
    try {
      await relay.#start();
    } catch (thrown) {
      await relay.stop().catch(() => {});
      throw toRelayError(thrown, 'starting the service');
    }
    return relay;
  }

  async #start(): Promise<void> {
    const { clock, nameOf } = this.#options;
    const disk = this.#options.disk ?? nodeDisk;
    const listeners = this.#listeners(this.#config);
    this.#protocolLogs.configure(this.#config.servers);
    const observer = new OutboundObserver({ clock, trace: this.#trace, protocolLogs: this.#protocolLogs });
    for (const servers of byMailroot(this.#config).values()) {
      this.#units.push(
        await MailrootUnit.open({
          mailroot: servers[0]!.mailroot,
          servers,
          process: this.#config.process,
          listeners,
          nameOf,
          disk,
          clock,
          ids: this.#ids,
          log: this.#log,
          observer,
        }),
      );
    }
    const methods = this.#methods();
    for (const { folders } of this.#units) {
      const control = new ControlServer(controlAddress(folders.queue), methods, this.#log);
      await control.listen();
      this.#controls.push(control);
    }
    for (const unit of this.#units) {
      for (const runtime of unit.servers) {
        if (runtime.config.listen.length === 0) continue;
        const service = new SmtpService(runtime, {
          queue: unit.queue,
          triggerEtrn: (domainKey) => unit.delivery.flushDomain(domainKey),
          isDropFull: () => unit.drop.isFull,
          trace: this.#trace,
          protocolLog: (server) => this.#protocolLogs.of(server),
          disk,
          clock,
          ids: this.#ids,
          log: this.#log,
        });
        await service.start();
        this.#services.push(service);
      }
    }
    for (const unit of this.#units) unit.start();
    this.#log.event('info', 'relay.started', { version: this.#options.version, pid: process.pid });
  }

  /** Calls `listener` when a command asks the service to stop. */
  onStopRequest(listener: () => void): void {
    this.#onStopRequest.push(listener);
  }

  /** Reads the configuration again and puts it to use; sessions go on. Throws RelayError and keeps the running settings. */
  async reload(): Promise<{ readonly warnings: readonly string[]; readonly needRestart: readonly string[] }> {
    try {
      const wanted = this.#options.loadConfig();
      const needRestart = needsRestart(this.#config, wanted);
      const listeners = this.#listeners(wanted);
      for (const unit of this.#units) {
        const servers = wanted.servers.filter(({ mailroot }) => mailroot === unit.mailroot);
        if (servers.length > 0) unit.reload(servers, listeners);
      }
      this.#protocolLogs.configure(wanted.servers);
      for (const service of this.#services) {
        const unit = this.#units.find(({ servers }) =>
          servers.some(({ config }) => config.name === service.name),
        );
        if (unit !== undefined) await service.reload(unit.runtime(service.name));
      }
      this.#config = wanted;
      const warnings = wanted.warnings.map(({ path, text }) => `${path}: ${text}`);
      this.#log.event('info', 'relay.reloaded', { needRestart });
      return { warnings, needRestart };
    } catch (thrown) {
      const error = toRelayError(thrown, 'reading the configuration again');
      this.#log.event('error', 'relay.reload-failed', { code: error.code, reason: error.message });
      throw error;
    }
  }

  /** Stops: nothing new is taken, open transactions finish, everything is written. */
  async stop(): Promise<void> {
    this.#log.event('info', 'relay.stopping', {});
    await Promise.all(this.#services.map((service) => service.stop(STOP_DEADLINE_MS)));
    await Promise.all(this.#units.map((unit) => unit.stop(STOP_DEADLINE_MS)));
    await Promise.all(this.#controls.map((control) => control.close()));
    await this.#protocolLogs.close();
    this.#log.event('info', 'relay.stopped', {});
  }

  /** Where a server takes SMTP: `127.0.0.1:2525`, `[::1]:2525`. */
  listening(server: string): readonly string[] {
    return this.#services.find(({ name }) => name === server)?.listening ?? [];
  }

  /** Where `mailroot send` goes: the named server, or the first. */
  #sendServer(name: string | undefined): SendServer | undefined {
    const unit = this.#units.find(
      (candidate) => name === undefined || candidate.servers.some(({ config }) => config.name === name),
    );
    if (unit === undefined) return undefined;
    const { config, fqdn } = name === undefined ? unit.servers[0]! : unit.runtime(name);
    return {
      settings: { ...unit.pickupSettings(), server: config.name, fqdn },
      acceptor: unit.queue,
      maxMessageBytes: config.limits.messageSize,
    };
  }

  #listeners(config: Config): readonly { readonly address: string; readonly port: number }[] {
    return config.servers.flatMap(({ listen }) => listen.map(({ address }) => address));
  }

  #methods(): ControlMethods {
    return {
      status: () =>
        statusReport({
          version: this.#options.version,
          startedAt: this.#startedAt,
          units: this.#units,
          services: this.#services,
          counters: this.#log.counts,
          ...(this.#options.configFile !== undefined && { configFile: this.#options.configFile }),
        }),
      stop: () => {
        for (const listener of this.#onStopRequest) listener();
      },
      reload: () => this.reload(),
      ...queueMethods(
        this.#units.map((unit) => ({
          operator: unit.operator,
          returnToSender: (claim) => unit.outcome.returnToSender(claim),
          onRetry: () => unit.delivery.endBackOffs(),
        })),
      ),
      ...badmailMethods(this.#units),
      ...traceMethods(this.#trace),
      ...sendMethods((name) => this.#sendServer(name), this.#options.clock, this.#ids, this.#log),
    };
  }
}

function byMailroot(config: Config): ReadonlyMap<string, NamedServer[]> {
  const groups = new Map<string, NamedServer[]>();
  for (const server of config.servers) {
    groups.set(server.mailroot, [...(groups.get(server.mailroot) ?? []), server]);
  }
  return groups;
}
