/**
 * Where mail waits that a page has written and nobody has flushed yet.
 * Owns: the port.  Leaves: writing (confined-disk), flushing and final names (GroupCommit of base), when a page may go on (asp).
 *
 * A mail is a promise to whoever sees what the page does after it. So it may wait until something of the page gets out, and no longer.
 */
import type { WrittenFile } from '../../base/index.ts';

export type WaitingMail = {
  /** The folder as the script named it, for errors. */
  readonly folder: string;
  readonly by: 'cdo' | 'cdonts';
};

export interface MailOutbox {
  /** False: Send flushes before it returns. */
  readonly isOpen: boolean;
  /** Takes over a file that is complete under its temporary name. */
  take(file: WrittenFile, mail: WaitingMail): void;
  /** Says that a Send flushed by itself, and the disk did so. */
  kept(): void;
}
