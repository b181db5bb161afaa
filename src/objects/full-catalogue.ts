/**
 * The ProgIDs of a script run: the catalogue of objects with CDO, CDONTS and ADODB.Stream beside them.
 * Owns: giving the mail objects this run's folders, its way to wait, the service's Pickup and Drop, and the generation of Windows
 * whose mail they write.  Leaves: the objects (cdo, cdonts).
 * The mail objects are loaded when a script first creates one.
 */
import type { AutomationError, AutomationObject, WaitingRoom } from '../automation/index.ts';
import { type Logger, writeDurablySync } from '../base/index.ts';
import type { CdoHost, ConfigurationDefaults, HostOptions, ProfileName } from '../cdo/index.ts';
import type { MailPlaces } from '../cdonts/index.ts';
import { objectCatalogue } from './catalogue.ts';
import type { Flusher } from './files/flushes.ts';
import type { GrantedFiles } from './files/granted-files.ts';
import type { MailOutbox } from './files/mail-outbox.ts';
import { lazily } from './lazy.ts';
import { ProgIdRegistry } from './registry.ts';
import type { ObjectScope, ScriptMachine } from './scope.ts';

const cdo = lazily<typeof import('../cdo/index.ts')>(import.meta.url, '../cdo/index');
const cdonts = lazily<typeof import('../cdonts/index.ts')>(import.meta.url, '../cdonts/index');

const disks = lazily<typeof import('./files/confined-disk.ts')>(import.meta.url, './files/confined-disk');

/** Where the Windows service had its Pickup folder; scripts name it, and messages without other orders go there. */
export const PICKUP_PATH = 'C:\\inetpub\\mailroot\\Pickup';

/** Where Exchange had the Pickup folder of its Internet Mail Service, which CDONTS uses when `Use Exchange` says so. */
const EXCHANGE_ROOT = 'C:\\exchsrvr\\imcdata';
export const EXCHANGE_PICKUP_PATH = `${EXCHANGE_ROOT}\\Pickup`;

/** Where it had its Drop folder: what CDO.DropDirectory and the Inbox of CDONTS.Session read. */
export const DROP_PATH = 'C:\\inetpub\\mailroot\\Drop';

const CDO_PROG_IDS = ['CDO.Message', 'CDO.Configuration', 'CDO.DropDirectory', 'ADODB.Stream'] as const;
const CDONTS_PROG_IDS = ['CDONTS.NewMail', 'CDONTS.Session'] as const;

export type CatalogueOptions = {
  /** Hears what the mail objects do. */
  readonly log?: Logger | undefined;
  /** Flushes mail that was written; absent: the thread itself does. */
  readonly flusher?: Flusher;
  /** Takes mail that is written and not flushed yet; absent: each Send flushes before it returns. */
  readonly outbox?: MailOutbox;
  /** A catalogue of objects that serves many runs; absent: one is made. */
  readonly base?: ProgIdRegistry<ObjectScope>;
};

/** A fresh registry with every class scripts may create. */
export function fullCatalogue(
  machine: ScriptMachine,
  files: GrantedFiles,
  waiting: WaitingRoom,
  options: CatalogueOptions = {},
): ProgIdRegistry<ObjectScope> {
  const registry = new ProgIdRegistry<ObjectScope>(options.base ?? objectCatalogue());
  let host: CdoHost | undefined;
  const mailHost = (): CdoHost => (host ??= createMailHost(machine, files, waiting, options));
  for (const progId of CDO_PROG_IDS)
    registry.register([progId], () => known(cdo().createCdoObject(progId, mailHost())));
  for (const progId of CDONTS_PROG_IDS)
    registry.register([progId], () =>
      known(cdonts().createCdontsObject(progId, mailHost(), new ServiceFolders(files))),
    );
  return registry;
}

/** The names of the profiles that mail can be written in. */
export function mailProfiles(): readonly ProfileName[] {
  return Object.keys(cdo().PROFILES) as ProfileName[];
}

/** The error that a Send raises when the disk fails it, as the class that sent has it. */
export function mailFailure(by: 'cdo' | 'cdonts', thrown: unknown, folder: string): AutomationError {
  return by === 'cdonts'
    ? cdonts().pickupError(thrown, folder)
    : cdo().fileError(thrown, folder, 'ERROR_PATH_NOT_FOUND');
}

/** The constants of CDO's type library. */
export function cdoConstants(): Readonly<Record<string, string | number>> {
  return cdo().cdoConstants();
}

function createMailHost(
  machine: ScriptMachine,
  files: GrantedFiles,
  waiting: WaitingRoom,
  { log, flusher, outbox }: CatalogueOptions,
): CdoHost {
  const disk = disks().confinedDisk(files, flusher);
  const putMessage: HostOptions['putMessage'] = (target, chunks) => {
    if (outbox!.isOpen) outbox!.take(disks().writeUnflushed(files, target, chunks), target);
    else {
      writeDurablySync(disk, { ...target, temporaryId: target.name }, chunks);
      outbox!.kept();
    }
  };
  return cdo().createHost({
    profile: machine.mailProfile ?? cdo().COMPATIBILITY_PROFILE,
    syncDisk: disk,
    waitingRoom: waiting,
    ...(log && { log }),
    ...(outbox && { putMessage }),
    computerName: machine.computerName,
    ansiCharset: machine.codePage === 65001 ? 'utf-8' : `windows-${machine.codePage}`,
    defaults: () => new ServiceDefaults(new ServiceFolders(files)),
  });
}

/**
 * The folders of the local mail service, '' where there is none. Each is looked for when it is read, and not before. A class, as an
 * object with getters of its own gets a shape of its own, which outlives what it was made for.
 */
class ServiceFolders implements MailPlaces {
  readonly exchangeRootFolder = EXCHANGE_ROOT;
  readonly #files: GrantedFiles;

  constructor(files: GrantedFiles) {
    this.#files = files;
  }

  get useExchange(): boolean {
    return this.#there(EXCHANGE_PICKUP_PATH) !== '';
  }

  get pickupFolder(): string {
    return this.#there(PICKUP_PATH);
  }

  get dropFolder(): string {
    return this.#there(DROP_PATH);
  }

  #there(path: string): string {
    return this.#files.locateOwn(path).kind === 'folder' ? path : '';
  }
}

class ServiceDefaults implements ConfigurationDefaults {
  readonly fields: ConfigurationDefaults['fields'];
  readonly #places: ServiceFolders;

  constructor(places: ServiceFolders) {
    const { pickupFolder } = places;
    this.fields = pickupFolder === '' ? {} : { sendusing: 1, smtpserverpickupdirectory: pickupFolder };
    this.#places = places;
  }

  get dropFolder(): string {
    return this.#places.dropFolder;
  }
}

function known(object: AutomationObject | undefined): AutomationObject {
  if (object === undefined) throw new Error('a registered class has no factory');
  return object;
}
