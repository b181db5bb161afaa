/** The folders of a server, as the relay uses them. */

import type { NamedServer } from '../config/index.ts';
import { foldersBelow, type MailrootFolders } from '../mailroot/index.ts';

export function foldersOf({ mailroot, folders }: NamedServer): MailrootFolders {
  const usual = foldersBelow(mailroot);
  return {
    pickup: folders.pickup ?? usual.pickup,
    queue: folders.queue ?? usual.queue,
    drop: folders.drop ?? usual.drop,
    badmail: folders.badmail ?? usual.badmail,
  };
}

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
