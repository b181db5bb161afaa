/**
 * Where CDONTS finds its folders.
 * Owns: the choice between the Exchange Internet Mail Service and the virtual server.  Leaves: the values (whoever configures).
 * Sources: reference B3, C3: `Active Messaging\Use Exchange` with `RootDir`, else the virtual server's Pickup; KB 238956.
 */
import { CdontsError } from './errors.ts';

export type MailPlaces = {
  /** `Active Messaging\Use Exchange`: programs hand their mail to the Internet Mail Service. */
  readonly useExchange?: boolean;
  /** The Internet Mail Service's RootDir, with or without its `pickup` at the end. */
  readonly exchangeRootFolder?: string;
  /** The virtual server's Pickup and Drop. */
  readonly pickupFolder?: string;
  readonly dropFolder?: string;
};

/** The folder that Send writes into, as it was configured (not yet mapped). */
export function pickupFolderOf(places: MailPlaces): string {
  if (places.useExchange === true) {
    const root = places.exchangeRootFolder;
    if (root === undefined || root === '')
      throw new CdontsError('PATH_NOT_FOUND', { hint: 'Use Exchange is set, but RootDir is not.' });
    return /[\\/]pickup[\\/]?$/i.test(root) ? root : joinAs(root, 'Pickup');
  }
  if (places.pickupFolder === undefined || places.pickupFolder === '')
    throw new CdontsError('PATH_NOT_FOUND', { hint: 'No pickup folder is configured.' });
  return places.pickupFolder;
}

/** Joined with the kind of slash that the folder itself is written with. */
function joinAs(folder: string, name: string): string {
  const slash = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return folder.replace(/[\\/]+$/, '') + slash + name;
}
