/** From the settings of a configuration to the sites that run beside the relay, for `start` and `asp`. */
import { join } from 'node:path';
import type { SiteSettings } from '../asp/index.ts';
import { type Config, serverFolders } from '../config/index.ts';

/** The Pickup folder of the first server that has the folders of the SMTP service, else of the first. */
export function pickupOf(config: Config): string {
  const server = config.servers.find(({ layout }) => layout === 'mailroot') ?? config.servers[0]!;
  return serverFolders(server).pickup;
}

export function configuredSites(config: Config): readonly SiteSettings[] {
  return Object.entries(config.process.sites).map(([name, site]) => ({
    name,
    config: site,
    pickup: site.pickup ?? pickupOf(config),
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
