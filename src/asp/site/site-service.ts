/**
 * The sites of one process, each with threads of its own: a slow site keeps no other waiting.
 * Owns: threads of each site, starting and stopping all.  Leaves: one site (site-host), threads (PagePool).
 * Fails: `start` throws RelayError and leaves nothing open.
 */
import type { Clock, Logger } from '../../base/index.ts';
import { PagePool } from '../threads/page-pool.ts';
import type { SiteSettings } from './settings.ts';
import { SiteHost } from './site-host.ts';

export type SiteServiceParts = {
  readonly clock: Clock;
  readonly log: Logger;
  /** Folder for compiled code; undefined: none is kept. */
  readonly codeCache: string | undefined;
};

/** How long requests under way may take at the stop. */
const STOP_DEADLINE_MS = 10_000;

type Running = { readonly host: SiteHost; readonly pool: PagePool };

export class SiteService {
  readonly #running: Running[] = [];

  private constructor() {}

  static async start(sites: readonly SiteSettings[], parts: SiteServiceParts): Promise<SiteService> {
    const service = new SiteService();
    try {
      for (const settings of sites) {
        const { threads, memory } = settings.config.asp;
        const pool = new PagePool({
          size: threads,
          warm: Math.min(2, threads),
          queueLength: settings.config.limits.queue,
          memoryMb: Math.round(memory / 1024 ** 2),
          codeCache: parts.codeCache,
        });
        try {
          const { clock, log } = parts;
          service.#running.push({ host: await SiteHost.start(settings, { runner: pool, clock, log }), pool });
        } catch (thrown) {
          await pool.close();
          throw thrown;
        }
      }
    } catch (thrown) {
      await service.stop();
      throw thrown;
    }
    return service;
  }

  /** Name and addresses of each site. */
  get sites(): readonly {
    readonly name: string;
    readonly folder: string;
    readonly urls: readonly string[];
  }[] {
    return this.#running.map(({ host }) => ({
      name: host.site.name,
      folder: host.site.settings.config.folder,
      urls: host.urls,
    }));
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#running.map(async ({ host, pool }) => {
        await host.stop(STOP_DEADLINE_MS);
        await pool.close();
      }),
    );
  }
}
