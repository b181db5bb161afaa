/**
 * The whole service: mailroots, SMTP servers, the control interface; started, reloaded and stopped in the right order.
 * Owns: that order.  Leaves: one mailroot (mailroot-unit), one server's intake (smtp-service), commands (…-methods).
 * Fails: `start` throws RelayError and leaves nothing running.
 */
import { type Clock, createIdSource, type Disk, type Logger, nodeDisk, toRelayError } from '../base/index.ts';
import { type Config, type NamedServer, needsRestart } from '../config/index.ts';
import { type ControlMethods, ControlServer, controlAddress } from '../control/index.ts';
import { badmailMethods } from './badmail-methods.ts';
import { CountingLog } from './counting-log.ts';
import { MailrootUnit } from './mailroot-unit.ts';
import { queueMethods } from './queue-methods.ts';
import { statusReport } from './status.ts';

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
  readonly #units: MailrootUnit[] = [];
  readonly #controls: ControlServer[] = [];
  readonly #onStopRequest: (() => void)[] = [];
  #config: Config;

  private constructor(options: RelayOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#log = new CountingLog(options.log);
    this.#startedAt = options.clock.now();
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
    const ids = createIdSource(() => clock.now());
    const disk = this.#options.disk ?? nodeDisk;
    const listeners = this.#listeners(this.#config);
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
          ids,
          log: this.#log,
        }),
      );
    }
    const methods = this.#methods();
    for (const { folders } of this.#units) {
      const control = new ControlServer(controlAddress(folders.queue), methods, this.#log);
      await control.listen();
      this.#controls.push(control);
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
    await Promise.all(this.#units.map((unit) => unit.stop(STOP_DEADLINE_MS)));
    await Promise.all(this.#controls.map((control) => control.close()));
    this.#log.event('info', 'relay.stopped', {});
  }

  /** Where a server takes SMTP: `127.0.0.1:2525`, `[::1]:2525`. */
  listening(_server: string): readonly string[] {
    return [];
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
