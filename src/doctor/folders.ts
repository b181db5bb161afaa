/** The folders of a server, as the relay uses them. */

import { type NamedServer, serverFolders } from '../config/index.ts';

export { serverFolders as foldersOf };

/** Each mailroot once, with its first server. */
export function mailrootsOf(servers: readonly NamedServer[]): NamedServer[] {
  return servers.filter(
    (server, index) => servers.findIndex(({ mailroot }) => mailroot === server.mailroot) === index,
  );
}

/** A path as a shell word. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
