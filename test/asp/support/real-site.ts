/**
 * A site as visitors meet it: real sockets in front, real page threads behind, a Pickup folder beside it.
 * Owns: making and removing these.  Leaves: what is asked and expected.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SiteHost } from '../../../src/asp/site/site-host.ts';
import { PagePool } from '../../../src/asp/threads/page-pool.ts';
import { type LogFields, type Logger, systemClock } from '../../../src/base/index.ts';
import { siteSchema } from '../../../src/config/index.ts';
import type { PoolOptions } from '../../../src/script/index.ts';

export type RealSiteOptions = {
  /** As a row of `sites:` has it, without folder and addresses. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Where mail goes; a folder of the site's own otherwise. */
  readonly pickup?: string;
  /** Where CDONTS writes when Exchange is to be used. */
  readonly exchangePickup?: string;
  readonly pool?: Partial<PoolOptions>;
  readonly traceFolder?: string;
};

export type SiteEvent = { readonly name: string; readonly fields: LogFields };

export class RealSite {
  /** Holds the site's folder and Pickup. */
  readonly top = realpathSync(mkdtempSync(join(tmpdir(), 'mailroot-real-site-')));
  readonly folder = join(this.top, 'site');
  readonly pickup: string;
  readonly events: SiteEvent[] = [];
  readonly #pool: PagePool;
  #host: SiteHost | undefined;

  private constructor(options: RealSiteOptions) {
    mkdirSync(this.folder);
    this.pickup = options.pickup ?? join(this.top, 'Pickup');
    mkdirSync(this.pickup, { recursive: true });
    this.#pool = new PagePool({ size: 2, warm: 1, ...options.pool });
  }

  /** `files`: paths below the site's folder → content. */
  static async start(
    files: Readonly<Record<string, string | Buffer>>,
    options: RealSiteOptions = {},
  ): Promise<RealSite> {
    const site = new RealSite(options);
    for (const [path, content] of Object.entries(files)) site.write(path, content);
    const config = siteSchema.parse({
      folder: site.folder,
      listen: ['127.0.0.1:0'],
      showErrors: true,
      ...options.config,
    });
    const log: Logger = {
      event: (_level, name, fields = {}) => void site.events.push({ name, fields }),
      with: () => log,
    };
    const { exchangePickup, traceFolder } = options;
    try {
      site.#host = await SiteHost.start(
        {
          name: 'test',
          config,
          pickup: site.pickup,
          logFolder: config.log.folder,
          traceFolder,
          ...(exchangePickup !== undefined && { exchangePickup }),
        },
        { runner: site.#pool, clock: systemClock, log },
      );
    } catch (thrown) {
      await site.stop();
      throw thrown;
    }
    return site;
  }

  get url(): string {
    return this.#host!.urls[0]!;
  }

  get port(): number {
    return this.#host!.addresses[0]!.port;
  }

  write(path: string, content: string | Buffer): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** The messages in Pickup. */
  mails(): string[] {
    return readdirSync(this.pickup)
      .filter((name) => !name.startsWith('.'))
      .map((name) => readFileSync(join(this.pickup, name), 'latin1'));
  }

  /** The fields of the events of this name so far. */
  told(name: string): readonly LogFields[] {
    return this.events.filter((event) => event.name === name).map(({ fields }) => fields);
  }

  async stop(): Promise<void> {
    await this.#host?.stop(200);
    await this.#pool.close();
    rmSync(this.top, { recursive: true, force: true });
  }
}
