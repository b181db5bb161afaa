/**
 * The least rights that mail needs: submitters may add files to Pickup and see nothing; the service owns everything.
 * Owns: which mode each folder gets and why.  Leaves: trying them (rights.ts), naming users (cli).
 * Pickup gets 1730: group `wx` is Windows' Add, no `r` hides the names, and the sticky bit keeps one program from deleting
 * what another wrote; the owner of the folder, the service, still may.
 * Fails: RelayError with the command that would help.
 * Sources: KB 260985.
 */
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { toRelayError } from '../base/index.ts';
import { furtherFolders, type NamedServer, pickupArchive } from '../config/index.ts';
import { foldersOf } from './folders.ts';

export type Permission = {
  readonly folder: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
};

/** What will be set. `gid` is the group whose members may submit; undefined: nobody but the service. */
export function plannedPermissions(
  server: NamedServer,
  service: { readonly uid: number; readonly gid: number },
  submitterGid: number | undefined,
): Permission[] {
  const { pickup, queue, drop, badmail } = foldersOf(server);
  const archive = pickupArchive(server);
  const { uid, gid } = service;
  const own = (folder: string, mode: number): Permission => ({ folder, mode, uid, gid });
  return [
    // Passing through to Pickup, without seeing what lies beside it.
    own(server.mailroot, 0o711),
    { folder: pickup, mode: submitterGid === undefined ? 0o700 : 0o1730, uid, gid: submitterGid ?? gid },
    own(queue, 0o700),
    own(drop, 0o750),
    own(badmail, 0o700),
    ...furtherFolders(server).map((folder) => own(folder, 0o700)),
    ...(archive === undefined ? [] : [own(archive, 0o700)]),
  ];
}

/** Creates what is missing and sets owner and mode. */
export function setPermissions(permissions: readonly Permission[]): void {
  for (const { folder, mode, uid, gid } of permissions) {
    try {
      mkdirSync(folder, { recursive: true });
      const { uid: hasUid, gid: hasGid } = statSync(folder);
      if (hasUid !== uid || hasGid !== gid) chownSync(folder, uid, gid);
      // After chown, which may take the sticky bit away.
      chmodSync(folder, mode);
    } catch (thrown) {
      throw toRelayError(thrown, `setting the rights of ${folder} (run this as root)`, { folder });
    }
  }
}
