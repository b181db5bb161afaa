/**
 * The ProgIDs of a script run: the catalogue of objects with CDO, CDONTS and ADODB.Stream beside them.
 * Owns: giving the mail objects this run's folders, its way to wait and its Pickup folder.  Leaves: the objects (cdo, cdonts).
 * The mail objects are loaded when a script first creates one.
 */
import type { AutomationObject, WaitingRoom } from '../automation/index.ts';
import type { CdoHost } from '../cdo/index.ts';
import { objectCatalogue } from './catalogue.ts';
import { confinedDisk } from './files/confined-disk.ts';
import type { GrantedFiles } from './files/granted-files.ts';
import { lazily } from './lazy.ts';
import type { ProgIdRegistry } from './registry.ts';
import type { ObjectScope, ScriptMachine } from './scope.ts';

const cdo = lazily<typeof import('../cdo/index.ts')>(import.meta.url, '../cdo/index');
const cdonts = lazily<typeof import('../cdonts/index.ts')>(import.meta.url, '../cdonts/index');

/** Where the Windows service had its Pickup folder; scripts name it, and messages without other orders go there. */
export const PICKUP_PATH = 'C:\\inetpub\\mailroot\\Pickup';

const CDO_PROG_IDS = ['CDO.Message', 'CDO.Configuration', 'CDO.DropDirectory', 'ADODB.Stream'] as const;
const CDONTS_PROG_IDS = ['CDONTS.NewMail', 'CDONTS.Session'] as const;

/** A fresh registry with every class scripts may create. */
export function fullCatalogue(
  machine: ScriptMachine,
  files: GrantedFiles,
  waiting: WaitingRoom,
): ProgIdRegistry<ObjectScope> {
  const registry = objectCatalogue();
  let host: CdoHost | undefined;
  const mailHost = (): CdoHost => (host ??= createMailHost(machine, files, waiting));
  for (const progId of CDO_PROG_IDS)
    registry.register([progId], () => known(cdo().createCdoObject(progId, mailHost())));
  for (const progId of CDONTS_PROG_IDS)
    registry.register([progId], () =>
      known(cdonts().createCdontsObject(progId, mailHost(), pickupOf(files))),
    );
  return registry;
}

/** The constants of CDO's type library. */
export function cdoConstants(): Readonly<Record<string, string | number>> {
  return cdo().cdoConstants();
}

function createMailHost(machine: ScriptMachine, files: GrantedFiles, waiting: WaitingRoom): CdoHost {
  const disk = confinedDisk(files);
  return cdo().createHost({
    syncDisk: disk,
    waitingRoom: waiting,
    computerName: machine.computerName,
    ansiCharset: machine.codePage === 65001 ? 'utf-8' : `windows-${machine.codePage}`,
    defaults: () => {
      const { pickupFolder } = pickupOf(files);
      return {
        fields: pickupFolder === undefined ? {} : { sendusing: 1, smtpserverpickupdirectory: pickupFolder },
      };
    },
  });
}

/** The Pickup folder of the local mail service, where there is one. */
function pickupOf(files: GrantedFiles): { pickupFolder?: string } {
  return files.locate(PICKUP_PATH).kind === 'folder' ? { pickupFolder: PICKUP_PATH } : {};
}

function known(object: AutomationObject | undefined): AutomationObject {
  if (object === undefined) throw new Error('a registered class has no factory');
  return object;
}
