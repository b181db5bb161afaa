/** mailroot: the folders, their file formats and safe moves. */
export { Badmail, type BadmailEntry, type BadmailOptions, type BadmailSource, pieces } from './badmail.ts';
export {
  BADMAIL_CLASSES,
  type BadmailClass,
  type BadmailRecord,
  badmailCode,
} from './badmail-format.ts';
export { type DropMessage, type DropOptions, type DropResult, DropWriter } from './drop-writer.ts';
export { decodeXtext, encodeXtext, formatEnvelopeLines } from './envelope-lines.ts';
export {
  foldersBelow,
  type MailrootFolders,
  prepareFolder,
  prepareFolders,
  removeStaleTemporaries,
} from './layout.ts';
export { PickupArchive, type PickupArchiveOptions } from './pickup-archive.ts';
