/**
 * The creatable classes by ProgID, for script hosts.
 * Owns: ProgIDs and CLSIDs of this room, the constants of its type library.  Leaves: CreateObject itself (the host).
 * Sources: reference A1.0.
 */
import type { AutomationObject } from '../../automation/index.ts';
import { Configuration } from '../configuration.ts';
import { CONFIGURATION_FIELDS } from '../configuration-fields.ts';
import { ENUMERATIONS, STRING_CONSTANTS } from '../constants.ts';
import { DropDirectory } from '../drop-directory.ts';
import type { CdoHost } from '../host.ts';
import { Message } from '../message.ts';
import { fieldConstants } from '../message-fields.ts';
import { Stream } from '../stream.ts';
import { configurationFace } from './configuration-face.ts';
import { dropDirectoryFace, messageFace } from './message-face.ts';
import { streamFace } from './stream-face.ts';

export type CreatableClass = {
  readonly progId: string;
  readonly clsid: string;
  readonly create: (host: CdoHost) => AutomationObject;
};

/** Each also answers to its ProgID with the version `.1`. */
export const CDO_CLASSES: readonly CreatableClass[] = [
  {
    progId: 'CDO.Message',
    clsid: '{CD000001-8B95-11D1-82DB-00C04FB1625D}',
    create: (host) => messageFace(new Message({ host })),
  },
  {
    progId: 'CDO.Configuration',
    clsid: '{CD000002-8B95-11D1-82DB-00C04FB1625D}',
    create: (host) => configurationFace(new Configuration(host)),
  },
  {
    progId: 'CDO.DropDirectory',
    clsid: '{CD000004-8B95-11D1-82DB-00C04FB1625D}',
    create: (host) => dropDirectoryFace(new DropDirectory(host)),
  },
  {
    progId: 'ADODB.Stream',
    clsid: '{00000566-0000-0010-8000-00AA006D2EA4}',
    create: (host) => streamFace(new Stream({ files: host }), host.performSync),
  },
];

/** The object of a ProgID or CLSID, in any case; undefined when this room has none of that name. */
export function createCdoObject(progId: string, host: CdoHost): AutomationObject | undefined {
  const wanted = progId.toLowerCase().replace(/\.1$/, '');
  const found = CDO_CLASSES.find(
    (candidate) => candidate.progId.toLowerCase() === wanted || candidate.clsid.toLowerCase() === wanted,
  );
  return found?.create(host);
}

/** The type library that METADATA tags and references name. */
export const CDO_TYPE_LIBRARY = '{CD000000-8B95-11D1-82DB-00C04FB1625D}';

/** Every constant of the type library: name → value. */
export function cdoConstants(): Readonly<Record<string, string | number>> {
  return {
    ...Object.assign({}, ...Object.values(ENUMERATIONS)),
    ...Object.assign({}, ...Object.values(STRING_CONSTANTS)),
    ...fieldConstants(CONFIGURATION_FIELDS),
  };
}
