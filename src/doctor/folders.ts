/** The folders of a server, as the relay uses them. */

import { chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
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

/** Creates a folder of ours that is missing, for the owner of the nearest folder above it that there is. */
export function createFolder(folder: string): void {
  let above = dirname(folder);
  while (!existsSync(above) && dirname(above) !== above) above = dirname(above);
  const { uid, gid } = statSync(above);
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (first === undefined || process.getuid?.() !== 0) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) chownSync(made, uid, gid);
}
