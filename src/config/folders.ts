/**
 * Where the folders of a virtual server lie.
 * Owns: the two layouts and single folders that lie elsewhere.  Leaves: creating them (mailroot), what lies in them.
 * The layout `exchange-ims` is the imcdata tree of the Internet Mail Service. Substitutions, because the old service kept
 * these things elsewhere: BAD was a folder of its mailbox, not of the disk; the queue's state was the file Queue.dat and lies,
 * with the content of what is handled, in Work here; Drop is In, where mail for the local store waited.
 * Sources: KB 306957, KB 244048, KB 201314, KB 322829.
 */
import { join } from 'node:path';
import type { Config } from './load.ts';
import type { ServerConfig } from './schema.ts';

export type ServerFolders = {
  readonly pickup: string;
  readonly queue: string;
  readonly drop: string;
  readonly badmail: string;
};

type Placed = Pick<ServerConfig, 'mailroot' | 'layout' | 'folders'>;

const NAMES = {
  mailroot: { pickup: 'Pickup', queue: 'Queue', drop: 'Drop', badmail: 'Badmail' },
  'exchange-ims': { pickup: 'Pickup', queue: 'Work', drop: 'In', badmail: 'BAD' },
} as const;

export function serverFolders({ mailroot, layout, folders }: Placed): ServerFolders {
  const names = NAMES[layout];
  return {
    pickup: folders.pickup ?? join(mailroot, names.pickup),
    queue: folders.queue ?? join(mailroot, names.queue),
    drop: folders.drop ?? join(mailroot, names.drop),
    badmail: folders.badmail ?? join(mailroot, names.badmail),
  };
}

/** Where files of Pickup go that are no messages, in the layout that has such a folder. */
export function pickupArchive(server: Placed): string | undefined {
  return server.layout === 'exchange-ims' ? join(serverFolders(server).pickup, 'Archive') : undefined;
}

/** The rest of the tree: folders that programs and people expect, and that Mailroot itself does not need. */
export function furtherFolders({ mailroot, layout }: Placed): readonly string[] {
  if (layout === 'mailroot') return [];
  return ['In/Archive', 'Out', 'Out/Archive', 'Log'].map((name) => join(mailroot, name));
}

/** The folders that programs on this machine use: of the SMTP service when there is one, else of the Internet Mail Service. */
export type ProgramFolders = {
  readonly pickup: string;
  readonly drop: string;
  /** Where CDONTS writes in place of `pickup`; absent: it does not. */
  readonly exchangePickup?: string;
};

export function programFolders({ servers, process }: Config): ProgramFolders {
  const smtp = servers.find(({ layout }) => layout === 'mailroot');
  const exchange = servers.find(({ layout }) => layout === 'exchange-ims');
  const { pickup, drop } = serverFolders(smtp ?? exchange!);
  const usesExchange = process.useExchange ?? smtp === undefined;
  return {
    pickup,
    drop,
    ...(usesExchange && exchange !== undefined && { exchangePickup: serverFolders(exchange).pickup }),
  };
}
