/**
 * The whole relay inside the test's own process: settings as a value, its events as a list.
 * Owns: a scratch mailroot, waiting for events.  Leaves: what the test does with it.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogFields, type Logger, type LogLevel, systemClock } from '../../src/base/index.ts';
import { type Config, loadConfig, type RawSettings, serverFolders } from '../../src/config/index.ts';
import { ControlClient, controlAddress } from '../../src/control/index.ts';
import { Relay } from '../../src/relay/index.ts';

export type ToldEvent = { readonly level: LogLevel; readonly name: string; readonly fields: LogFields };

/** Only a relay that never does it gets this far. */
const LONGEST_WAIT_MS = 15_000;

export class RelayHere {
  readonly mailroot: string;
  readonly events: ToldEvent[] = [];
  #settings: RawSettings;
  #relay: Relay | undefined;
  readonly #waiting: { readonly fits: (event: ToldEvent) => boolean; readonly resolve: () => void }[] = [];

  private constructor(mailroot: string, settings: RawSettings) {
    this.mailroot = mailroot;
    this.#settings = settings;
  }

  /** Settings stand over `mailroot`, a listener on a free port and the name relay.example.test. */
  static async start(
    settings: RawSettings = {},
    mailroot = mkdtempSync(join(tmpdir(), 'mailroot-here-')),
  ): Promise<RelayHere> {
    const here = new RelayHere(mailroot, settings);
    here.#relay = await Relay.start({
      config: here.#load(),
      loadConfig: () => here.#load(),
      nameOf: ({ fqdn }) => fqdn ?? 'relay.example.test',
      version: '0',
      clock: systemClock,
      log: here.log,
    });
    return here;
  }

  get relay(): Relay {
    return this.#relay!;
  }

  get pickup(): string {
    return join(this.mailroot, 'Pickup');
  }

  get smtpPort(): number {
    return Number(this.relay.listening('default')[0]!.split(':').at(-1));
  }

  /** Puts other settings to use, as `mailroot reload` does. */
  async reload(settings: RawSettings): Promise<void> {
    this.#settings = settings;
    await this.relay.reload();
  }

  /** Resolves when such an event was told, in the past or later; a wait without end becomes a list of what was told. */
  told(fits: (event: ToldEvent) => boolean): Promise<void> {
    if (this.events.some(fits)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        const told = this.events.map(({ name, fields }) => `${name} ${JSON.stringify(fields)}`);
        reject(new Error(`no such event among:\n${told.join('\n')}`));
      }, LONGEST_WAIT_MS);
      this.#waiting.push({
        fits,
        resolve: () => {
          clearTimeout(limit);
          resolve();
        },
      });
    });
  }

  /** Everything that waits is tried now. */
  async retry(): Promise<void> {
    const client = await this.control();
    await client.ask('queue.retry', { filter: { all: true } });
    client.close();
  }

  control(): Promise<ControlClient> {
    return ControlClient.connect(controlAddress(serverFolders(this.#load().servers[0]!).queue));
  }

  async stop(): Promise<void> {
    await this.relay.stop();
    rmSync(this.mailroot, { recursive: true, force: true });
  }

  readonly log: Logger = {
    event: (level, name, fields = {}) => {
      const event = { level, name, fields };
      this.events.push(event);
      for (const waiter of [...this.#waiting]) {
        if (!waiter.fits(event)) continue;
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        waiter.resolve();
      }
    },
    with: () => this.log,
  };

  #load(): Config {
    const settings = {
      mailroot: this.mailroot,
      listen: ['127.0.0.1:0'],
      fqdn: 'relay.example.test',
      ...this.#settings,
    };
    const loaded = loadConfig(JSON.stringify(settings), join(this.mailroot, 'mailroot.yaml'));
    assert.ok(loaded.ok, JSON.stringify(loaded));
    return loaded.config;
  }
}
