/**
 * The log-on guard: with `logonOnlyAs` set, only the names in it may run the service.
 * Owns: the judgement, the three events in the order of the old product, moving what was being handled to Badmail, the cure.
 * Leaves: starting (cli/start.ts asks before it opens anything else).
 * compat: as with the value Logon Only As of Exchange, an empty list lets nobody in. "Being handled" means claimed in
 * Pickup by a process that died; mail that only waits in Pickup stays there.
 * Fails: RelayError 'refused' with cause and cure.
 * Sources: KB 306308; KB 146764.
 */
import { join } from 'node:path';
import { type Clock, type Disk, type Logger, RelayError, systemErrorCode } from '../base/index.ts';
import { Badmail } from '../mailroot/index.ts';

/** Where Pickup keeps what it has claimed (intake). */
const CLAIMED = '.mailroot-claimed';

export type LogonGuard = {
  /** Undefined: everybody may. */
  readonly logonOnlyAs: readonly string[] | undefined;
  /** `Internet Mail Connector (MAIL01)`. */
  readonly logonName: string;
  readonly servers: readonly { readonly name: string; readonly pickup: string; readonly badmail: string }[];
};

/** The name of the service when none is set, as the old product named itself. */
export function defaultLogonName(computer: string): string {
  return `Internet Mail Connector (${computer.split('.')[0]!.toUpperCase()})`;
}

/** True when the list names the service, by itself or as the last part of a distinguished name. Case does not matter. */
export function mayLogOn({ logonOnlyAs, logonName }: Pick<LogonGuard, 'logonOnlyAs' | 'logonName'>): boolean {
  if (logonOnlyAs === undefined) return true;
  const wanted = logonName.toLowerCase();
  return logonOnlyAs.some((entry) => {
    const name = entry.trim().toLowerCase();
    return name === wanted || name.endsWith(`/cn=${wanted}`);
  });
}

/** Returns when the service may start. Throws RelayError 'refused' after the events are written and the message is moved. */
export async function guardLogon(
  guard: LogonGuard,
  ports: { readonly disk: Disk; readonly clock: Clock; readonly log: Logger },
): Promise<void> {
  if (mayLogOn(guard)) return;
  const { logonName } = guard;
  const cause = `'${logonName}' may not log on: logonOnlyAs is set and does not name it`;
  const cure = `Add '${logonName}' to logonOnlyAs, or remove logonOnlyAs.`;
  ports.log.event('error', 'logon.refused', { name: logonName, cause, cure });
  ports.log.event('error', 'logon.start-refused', { cause, cure });
  const moved = await setAside(guard, ports);
  ports.log.event('error', 'logon.message-set-aside', { files: moved, cause, cure });
  throw new RelayError('refused', `The service does not start (events 1023, 4018, 4116): ${cause}. ${cure}`, {
    fields: { moved: moved.length },
  });
}

async function setAside(
  guard: LogonGuard,
  { disk, clock, log }: Parameters<typeof guardLogon>[1],
): Promise<string[]> {
  const moved: string[] = [];
  for (const { name: server, pickup, badmail } of guard.servers) {
    const folder = join(pickup, CLAIMED);
    const names: string[] = [];
    try {
      for await (const { name, isFolder } of disk.list(folder)) if (!isFolder) names.push(name);
    } catch (failure) {
      if (systemErrorCode(failure) === 'ENOENT') continue;
      throw failure;
    }
    await disk.makeFolder(badmail);
    const writer = new Badmail({ folder: badmail, disk, clock, log });
    for (const name of names.sort()) {
      // ID.TRIES.NAME: the id names the triplet.
      const match = /^([^.]+)\.\d+\.(.*)$/s.exec(name);
      await writer.write(
        {
          id: match?.[1] ?? name,
          reasonClass: 'General Failure',
          detail:
            'It was being handled when the service was not allowed to log on (event 4116). Put it back with: mailroot badmail replay',
          at: clock.now(),
          server,
          ...(match !== null && { fileName: match[2]! }),
        },
        { file: join(folder, name) },
      );
      moved.push(match?.[2] ?? name);
    }
  }
  return moved;
}
