/**
 * One mailroot at work: its folders, queue, routing, outcome and delivery, for the virtual servers that share it.
 * Owns: building these parts from settings, their order at start and stop, reload.  Leaves: listeners and control (relay).
 * Fails: `open` throws RelayError and leaves nothing running.
 */
import { join } from 'node:path';
import type { Clock, Disk, IdSource, Logger, Timer } from '../base/index.ts';
import { RelayError } from '../base/index.ts';
import {
  furtherFolders,
  type NamedServer,
  type ProcessConfig,
  pickupArchive,
  serverFolders,
} from '../config/index.ts';
import { DEFAULT_DELIVERY_SETTINGS, Delivery, type DeliverySettings } from '../delivery/index.ts';
import { type PickupFolderSettings, PickupWatcher } from '../intake/index.ts';
import {
  Badmail,
  DropWriter,
  type MailrootFolders,
  PickupArchive,
  prepareFolder,
  prepareFolders,
} from '../mailroot/index.ts';
import { type DowngradedBody, downgradeBody } from '../message/index.ts';
import { judgeFailure, Outcome, screenedClaims } from '../outcome/index.ts';
import {
  type Claim,
  type MessageBody,
  openQueue,
  type Queue,
  QueueCommands,
  type QueuedMessage,
} from '../queue/index.ts';
import type { SessionObserver } from '../smtp/index.ts';
import { badmailPort } from './badmail-port.ts';
import { dropPort } from './drop-port.ts';
import { retrySchedule } from './outcome-slice.ts';
import { pickupSlice } from './pickup-slice.ts';
import { type ServerRuntime, serverRuntime } from './server-runtime.ts';

export type UnitOptions = {
  readonly mailroot: string;
  /** At least one; they agree on everything that belongs to the mailroot. */
  readonly servers: readonly NamedServer[];
  readonly process: ProcessConfig;
  readonly listeners: readonly { readonly address: string; readonly port: number }[];
  readonly nameOf: (server: NamedServer) => string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  /** Watches the sessions in which we are the client. */
  readonly observer?: SessionObserver;
};

type UnitParts = {
  readonly folders: MailrootFolders;
  readonly queue: Queue;
  readonly badmail: Badmail;
  /** False: the layout lets the service run without its Pickup, and it has to. */
  readonly isPickupReady: boolean;
};

const SWEEP_EVERY_MS = 3_600_000;

export class MailrootUnit {
  readonly mailroot: string;
  readonly folders: MailrootFolders;
  readonly queue: Queue;
  readonly operator: QueueCommands;
  readonly outcome: Outcome;
  readonly delivery: Delivery;
  readonly badmail: Badmail;
  /** Absent when Pickup is switched off. */
  readonly pickup: PickupWatcher | undefined;
  readonly #options: UnitOptions;
  readonly drop: DropWriter;
  readonly #dropPort: ReturnType<typeof dropPort>;
  #runtimes: ReadonlyMap<string, ServerRuntime>;
  #sweep: Timer | undefined;

  private constructor(options: UnitOptions, { folders, queue, badmail, isPickupReady }: UnitParts) {
    const { clock, disk, ids, log } = options;
    this.#options = options;
    this.mailroot = options.mailroot;
    this.folders = folders;
    this.queue = queue;
    this.badmail = badmail;
    this.operator = new QueueCommands(queue);
    this.drop = new DropWriter({
      folder: folders.drop,
      disk,
      clock,
      log,
      quotaBytes: () => this.#dropQuota(),
    });
    this.#dropPort = dropPort(this.drop);
    this.#runtimes = this.#makeRuntimes(options.servers, options.listeners);
    const settings = (name: string) => this.runtime(name).outcome;
    this.outcome = new Outcome({ queue, badmail: badmailPort(badmail, clock), settings, clock, ids, log });
    this.delivery = new Delivery({
      queue: screenedClaims({ queue, outcome: this.outcome, settings }),
      held: { release: (domainKey) => this.#releaseHeldForEtrn(domainKey) },
      outcome: this.outcome,
      judge: judgeFailure,
      downgrade: (body, message) => downgradeLogged(body, message, log),
      server: (name) => this.runtime(name).delivery,
      settings: deliverySettings(options.servers[0]!),
      clock,
      log,
      ...(options.observer !== undefined && { observer: options.observer }),
    });
    const archive = pickupArchive(options.servers[0]!);
    this.pickup =
      options.servers[0]!.pickup.enabled && isPickupReady
        ? new PickupWatcher({
            settings: this.pickupSettings(),
            acceptor: queue,
            badmail: archive === undefined ? badmail : new PickupArchive({ folder: archive, disk, log }),
            disk,
            clock,
            log,
          })
        : undefined;
  }

  /** Prepares the folders and opens the queue; nothing is delivered or taken yet. */
  static async open(options: UnitOptions): Promise<MailrootUnit> {
    const { clock, disk, ids, log, process, servers } = options;
    const first = servers[0]!;
    const folders = serverFolders(first);
    const isPickupReady = await preparePlaces(first, folders, disk, log);
    const badmail = new Badmail({ folder: folders.badmail, disk, clock, log });
    let unit: MailrootUnit | undefined;
    const queue = await openQueue({
      folder: folders.queue,
      disk,
      clock,
      log,
      ids,
      retry: (server) => retrySchedule(unit?.runtime(server).config ?? first),
      history: () => ({ keepMs: process.history.maxAge, keepCount: process.history.maxMessages }),
      onBodyMissing: (claim) => reportMissingBody(badmail, claim, folders.queue, clock),
    });
    try {
      unit = new MailrootUnit(options, { folders, queue, badmail, isPickupReady });
      return unit;
    } catch (thrown) {
      await queue.close();
      throw thrown;
    }
  }

  /** Begins to deliver and to take files. */
  start(): void {
    this.delivery.start();
    this.pickup?.start();
    this.#sweepBadmail();
  }

  /** Finishes open transactions for `deadlineMs`, then writes everything and closes the queue. */
  async stop(deadlineMs: number): Promise<void> {
    this.#sweep?.cancel();
    await this.pickup?.stop();
    await this.delivery.stop(deadlineMs);
    await this.queue.close();
    for (const { resolver } of this.#runtimes.values()) resolver.close();
  }

  /** Puts new settings to use for everything that asks for them anew. Throws RelayError and changes nothing. */
  reload(servers: readonly NamedServer[], listeners: UnitOptions['listeners']): void {
    const next = this.#makeRuntimes(servers, listeners);
    // The old resolvers stay open: closing them would defer the mail whose look-ups are under way. They hold nothing else.
    this.#runtimes = next;
    this.delivery.forgetRoutes();
    this.pickup?.configure(this.pickupSettings());
  }

  /** How files in this mailroot's Pickup are read; `mailroot send` reads its messages the same way. */
  pickupSettings(): PickupFolderSettings {
    const { config, fqdn } = this.servers[0]!;
    return pickupSlice(config, fqdn, this.folders.pickup);
  }

  /** The runtime of a server; messages of a server that the settings no longer name belong to the first. */
  runtime(name: string): ServerRuntime {
    const runtime = this.#runtimes.get(name) ?? this.#runtimes.values().next().value;
    if (runtime === undefined)
      throw new RelayError('internal', `The mailroot ${this.mailroot} has no server.`);
    return runtime;
  }

  get servers(): readonly ServerRuntime[] {
    return [...this.#runtimes.values()];
  }

  #makeRuntimes(
    servers: readonly NamedServer[],
    listeners: UnitOptions['listeners'],
  ): ReadonlyMap<string, ServerRuntime> {
    const { clock, nameOf } = this.#options;
    const drop = this.#dropPort;
    return new Map(
      servers.map((config) => [
        config.name,
        serverRuntime({ config, fqdn: nameOf(config), listeners, drop, clock }),
      ]),
    );
  }

  #dropQuota(): number | undefined {
    const { quota } = this.servers[0]!.config.drop;
    return Number.isFinite(quota) ? quota : undefined;
  }

  /** ETRN releases what waits for it, not what an operator holds: the reason that routing gave tells them apart. */
  async #releaseHeldForEtrn(domainKey: string): Promise<number> {
    const { changed } = await this.operator.changeMatching('release', {
      domain: domainKey,
      states: ['held'],
      text: '(ETRN)',
    });
    return changed;
  }

  #sweepBadmail(): void {
    const { clock, log } = this.#options;
    const { maxAge, maxSize } = this.servers[0]!.config.badmail;
    this.badmail
      .sweep({ maxAgeMs: maxAge, ...(Number.isFinite(maxSize) && { maxBytes: maxSize }) })
      .catch((thrown: unknown) => log.event('warn', 'relay.badmail-not-swept', { reason: String(thrown) }))
      .finally(() => {
        this.#sweep = clock.setTimer(SWEEP_EVERY_MS, () => this.#sweepBadmail());
      });
  }
}

/** Creates the tree. Whether Pickup can be served; where it must be, RelayError is thrown instead. */
async function preparePlaces(
  server: NamedServer,
  folders: MailrootFolders,
  disk: Disk,
  log: Logger,
): Promise<boolean> {
  const archive = pickupArchive(server);
  if (archive === undefined) {
    await prepareFolders(disk, folders);
    return true;
  }
  const { pickup, ...others } = folders;
  await prepareFolders(disk, others);
  for (const folder of furtherFolders(server)) await prepareFolder(disk, folder, 'use its tree of folders');
  // KB 201314: when Pickup or its Archive cannot be created the feature is off, and the service starts without it.
  try {
    await prepareFolder(disk, pickup, 'take files out of it');
    await prepareFolder(disk, archive, 'keep in it what is no message');
    return true;
  } catch (thrown) {
    log.event('error', 'pickup.switched-off', {
      server: server.name,
      folder: pickup,
      reason: `${(thrown as Error).message} Mail in Pickup is not taken until the service is started again.`,
    });
    return false;
  }
}

/** A signature that breaks is worth a warning: the receiver may treat the message worse, and the cure is a better host. */
async function downgradeLogged(
  body: MessageBody,
  message: QueuedMessage,
  log: Logger,
): Promise<DowngradedBody> {
  const made = await downgradeBody(body, '7bit');
  const { notes } = made;
  const isHarmed = notes.brokenSignatures.length > 0 || notes.lostAddresses > 0;
  log.event(isHarmed ? 'warn' : 'info', 'relay.downgraded', { messageId: message.id, ...notes });
  return made;
}

function deliverySettings({ delivery }: NamedServer): DeliverySettings {
  const { timeouts } = DEFAULT_DELIVERY_SETTINGS;
  return {
    ...DEFAULT_DELIVERY_SETTINGS,
    maxSessions: delivery.connections,
    maxSessionsPerHop: delivery.connectionsPerDomain,
    messagesPerSession: delivery.messagesPerConnection,
    recipientsPerTransaction: delivery.recipientsPerTransaction,
    timeouts: Object.fromEntries(
      Object.entries(timeouts).map(([step, ms]) => [step, Math.min(ms, delivery.connectionTimeout)]),
    ) as typeof timeouts,
  };
}

/** A message whose body file is gone: its envelope and what happened go to Badmail. */
async function reportMissingBody(
  badmail: Badmail,
  claim: Claim,
  queueFolder: string,
  clock: Clock,
): Promise<void> {
  const { message, recipients } = claim;
  const file = join(queueFolder, message.id);
  await badmail.write(
    {
      id: message.id,
      reasonClass: 'General Failure',
      detail: `The file with the content of this message is gone from the Queue folder (${file}). Only the envelope is left.`,
      at: clock.now(),
      server: message.server,
      envelope: {
        reversePath: message.reversePath,
        recipients,
        body: message.body,
        smtpUtf8: message.smtpUtf8,
      },
      ...(message.subject !== undefined && { subject: message.subject }),
    },
    { chunks: () => [] },
  );
}
