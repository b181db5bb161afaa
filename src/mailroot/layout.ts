/**
 * The mailroot: where the four folders lie, and that they exist and can be used.
 * Owns: paths, creation, the check of rights.  Leaves: what lies in the folders.
 * Fails: RelayError permission-denied, not-found, disk-full …, naming the folder and the cure.
 */
import { join } from 'node:path';
import { type Disk, RelayError, TEMPORARY_PREFIX, toRelayError } from '../base/index.ts';

export type MailrootFolders = {
  readonly pickup: string;
  readonly queue: string;
  readonly drop: string;
  readonly badmail: string;
};

/** The folders below one root, under the names that the old service used. */
export function foldersBelow(root: string): MailrootFolders {
  return {
    pickup: join(root, 'Pickup'),
    queue: join(root, 'Queue'),
    drop: join(root, 'Drop'),
    badmail: join(root, 'Badmail'),
  };
}

/** What the service must be able to do in each folder, for the message when it cannot. */
const PURPOSE: Readonly<Record<keyof MailrootFolders, string>> = {
  pickup: 'take files out of it',
  queue: 'keep the queue in it',
  drop: 'deliver local mail into it',
  badmail: 'keep undeliverable mail in it',
};

/** Creates what is missing and proves that files can be written and removed. Throws RelayError for the first that fails. */
export async function prepareFolders(disk: Disk, folders: Partial<MailrootFolders>): Promise<void> {
  for (const [name, folder] of Object.entries(folders) as [keyof MailrootFolders, string][])
    await prepareFolder(disk, folder, PURPOSE[name]);
}

/** `purpose` completes “the service must …”. */
export async function prepareFolder(disk: Disk, folder: string, purpose: string): Promise<void> {
  try {
    await disk.makeFolder(folder);
  } catch (failure) {
    throw explained(failure, `creating the folder ${folder}`, folder, purpose);
  }
  const facts = await disk.stat(folder);
  if (!facts.isFolder) {
    throw new RelayError(
      'not-found',
      `${folder} is a file, but a folder is needed: the service must ${purpose}. Move the file away.`,
      { fields: { folder } },
    );
  }
  const probe = join(folder, `${TEMPORARY_PREFIX}probe`);
  await disk.unlink(probe).catch(() => {});
  try {
    await (await disk.openNew(probe)).close();
    await disk.unlink(probe);
  } catch (failure) {
    throw explained(failure, `writing to the folder ${folder}`, folder, purpose);
  }
}

function explained(failure: unknown, doing: string, folder: string, purpose: string): RelayError {
  const error = toRelayError(failure, doing, { folder });
  const cure =
    error.code === 'permission-denied'
      ? ` The service must ${purpose}: give its account the right to create, write and delete files there.`
      : '';
  return new RelayError(error.code, error.message + cure, { fields: { folder }, cause: failure });
}

/** Removes temporary files that were last written before `beforeMs` (UTC milliseconds): their writers are dead. */
export async function removeStaleTemporaries(disk: Disk, folder: string, beforeMs: number): Promise<void> {
  for await (const { name, isFolder } of disk.list(folder)) {
    if (isFolder || !name.startsWith(TEMPORARY_PREFIX)) continue;
    const facts = await disk.stat(join(folder, name)).catch(() => undefined);
    if (facts !== undefined && facts.modifiedAtMs < beforeMs)
      await disk.unlink(join(folder, name)).catch(() => {});
  }
}
