/** cdonts: the mail objects of CDONTS – NewMail and Session – for TypeScript and, by their automation faces, for scripts. */
export { CDONTS_CONSTANTS, CDONTS_VERSION } from './constants.ts';
export { CDONTS_ERRORS, CdontsError, type CdontsErrorName, pickupError } from './errors.ts';
export {
  CDONTS_CLASSES,
  CDONTS_TYPE_LIBRARY,
  type CdontsClass,
  createCdontsObject,
  newMailFace,
  sessionFace,
} from './faces.ts';
export { type EncodingMethod, NewMail, type NewMailOptions } from './new-mail.ts';
export { type MailPlaces, pickupFolderOf } from './places.ts';
export { Folder, Session, SessionMessages, type SessionOptions } from './session.ts';
export {
  AddressEntry,
  Attachment,
  Attachments,
  Recipient,
  Recipients,
  SessionMessage,
} from './session-message.ts';
