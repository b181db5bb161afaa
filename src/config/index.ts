/** config: the settings table: load, validate, describe. */
export { needsRestart } from './changes.ts';
export { checkSite } from './cross-checks.ts';
export * from './describe.ts';
export { type HostPort, parseHostPort, parseSocketAddress, type SocketAddress } from './fields.ts';
export {
  furtherFolders,
  type ProgramFolders,
  pickupArchive,
  programFolders,
  type ServerFolders,
  serverFolders,
} from './folders.ts';
export * from './load.ts';
export * from './quantity.ts';
export type { ListenerConfig, ProcessConfig, RemoteDomainConfig, ServerConfig } from './schema.ts';
export { type SiteConfig, siteSchema } from './site-schema.ts';
