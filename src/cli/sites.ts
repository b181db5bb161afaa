/** From the settings of a configuration to the sites that run beside the relay, for `start` and `asp`. */
import { join } from 'node:path';
import type { SiteSettings } from '../asp/index.ts';
import { type Config, programFolders } from '../config/index.ts';

export function configuredSites(config: Config): readonly SiteSettings[] {
  const { pickup, exchangePickup } = programFolders(config);
  return Object.entries(config.process.sites).map(([name, site]) => ({
    name,
    config: site,
    pickup: site.pickup ?? pickup,
    // A folder named for the site is for every message.
    ...(site.pickup === undefined && exchangePickup !== undefined && { exchangePickup }),
    logFolder: site.log.enabled
      ? (site.log.folder ?? join(config.servers[0]!.mailroot, 'Log', `W3svc-${name}`))
      : undefined,
    traceFolder: traceFolderOf(config, name),
  }));
}

/** Where a site keeps the traces of its pages. */
export function traceFolderOf(config: Config, name: string): string {
  return (
    config.process.sites[name]?.trace.folder ??
    join(config.servers[0]!.mailroot, 'Log', `FailedReqLogFiles-${name}`)
  );
}
