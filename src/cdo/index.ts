/**
 * cdo: the mail objects of CDOSYS, for TypeScript and, by their automation faces, for scripts.
 *
 *     import * as CDO from 'mailroot/cdo';
 *     const message = new CDO.Message({ from: 'shop@example.com', to: 'ann@example.net', subject: 'Order 17' });
 */
export { addressMailboxes } from './addresses.ts';
export { type AttachmentSource, type Resource, readResourceSteps, relate } from './attach.ts';
export { BodyPart, BodyParts } from './body-part.ts';
export type { FieldValue } from './coerce.ts';
export {
  Configuration,
  type ConfigurationSettings,
  type ConfigurationWarning,
  TLS_MODE_FIELD,
} from './configuration.ts';
export { CONFIGURATION_FIELDS, type ConfigurationFieldName } from './configuration-fields.ts';
export { ENUMERATIONS, NAMESPACE, STRING_CONSTANTS } from './constants.ts';
export type { DataObject, DataSource, InterfaceName } from './data-source.ts';
export { DropDirectory, Messages } from './drop-directory.ts';
export type { SinkEnvelope } from './envelope-fields.ts';
export {
  CDO_ERRORS,
  CdoError,
  type CdoErrorName,
  fileError,
  SYSTEM_ERRORS,
  type SystemErrorName,
} from './errors.ts';
export * from './faces/arguments.ts';
export {
  CDO_CLASSES,
  CDO_TYPE_LIBRARY,
  type CreatableClass,
  cdoConstants,
  createCdoObject,
} from './faces/create.ts';
export { messageFace } from './faces/message-face.ts';
export { bytesArgument, streamFace } from './faces/stream-face.ts';
export { createFetch, type FetchRules } from './fetch.ts';
export { Field, Fields } from './fields.ts';
export { textFromHtml } from './generated-text.ts';
export {
  type CdoHost,
  type ConfigurationDefaults,
  createHost,
  type HostOptions,
  type HttpFetch,
  type NntpPosting,
  PortMissing,
} from './host.ts';
export { identifierHost } from './identifiers.ts';
export { mediaTypeOf } from './media-types.ts';
export { Message, type MessageOptions } from './message.ts';
export {
  HTTPMAIL_FIELDS,
  MAILHEADER_CONSTANTS,
  NNTP_ENVELOPE_FIELDS,
  SMTP_ENVELOPE_FIELDS,
} from './message-fields.ts';
export type { MhtmlFlags } from './mhtml.ts';
export { nntpPosting } from './nntp-post.ts';
export { Part } from './part.ts';
export { COMPATIBILITY_PROFILE, PROFILES, type Profile, type ProfileName } from './profile.ts';
export { envelopeLines, messageIdIn } from './send.ts';
export {
  type Arrival,
  type ArrivalOutcome,
  type ArrivalSink,
  type EventStatus,
  messageForSink,
  runArrivalSinks,
} from './sink.ts';
export { mailrootDefaults, standardHost } from './standard-host.ts';
export {
  ask,
  type HttpGetAnswer,
  type HttpGetRequest,
  type NntpPostAnswer,
  type NntpPostRequest,
  type OperationName,
  type Operations,
  runAsync,
  runSync,
  type Steps,
  type Work,
} from './steps.ts';
export { Stream, StreamError } from './stream.ts';
export { addAttachmentPart, listAttachments } from './structure.ts';
export type { SmtpStage, SmtpSubmission, SmtpSubmissionRequest, SmtpSubmissionResult } from './submission.ts';
export { type SubmissionOptions, smtpSubmission } from './submit.ts';
