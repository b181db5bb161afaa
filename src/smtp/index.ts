/** smtp: the protocol (pure), the server session and the client session. Knows neither queue nor policy. */
export * from './client/contract.ts';
export { DeadlineWatch, type Waiter } from './client/deadlines.ts';
export type { Peer, TlsFacts } from './client/peer.ts';
export { type ClientCredentials, type SaslStart, startSasl } from './client/sasl.ts';
export {
  type ClientSession,
  SessionMaker,
  type SessionObserver,
  type SessionOwner,
  type SessionSettings,
  type SessionTarget,
} from './client/session.ts';
export { DEFAULT_TIMEOUTS, type Timeouts } from './client/state.ts';
export {
  describeRefusals,
  type SubmitAuth,
  type SubmitRequest,
  type SubmitResult,
  type SubmittedRecipient,
  submit,
} from './client/submit.ts';
export {
  DEFAULT_PLAN_OPTIONS,
  type OutgoingBody,
  type OutgoingMessage,
  type PlanOptions,
  type PlanRefusal,
  planTransaction,
  recipientNeedsSmtpUtf8,
  recipientReports,
  type Transaction,
  type TransactionEnd,
  type TransactionResult,
} from './client/transaction.ts';
export { canonicalAddress, parseAddressLiteral, parseIpv4, parseIpv6 } from './protocol/address-literal.ts';
export { replies } from './protocol/catalogue.ts';
export type { MailParameters } from './protocol/parameters.ts';
export { parseDomain, parseForwardPath, parseMailbox, parseReversePath } from './protocol/path.ts';
export { decodeXtext, encodeXtext } from './protocol/xtext.ts';
export type { CertificateSummary } from './server/certificates.ts';
export * from './server/contract.ts';
export { type Network, NetworkList, parseNetwork } from './server/networks.ts';
export type { Exchange, ProtocolLog, SessionTrace } from './server/observe.ts';
export { type ServerCounters, SmtpServer, type SmtpServerParts } from './server/server.ts';
export {
  type Binding,
  type CertificateFiles,
  defaultServerSettings,
  LOOPBACK_NETWORKS,
  type Profile,
  type ServerLimits,
  type ServerSettings,
  type TlsSettings,
  type TlsVersion,
} from './server/settings.ts';
export { type TraceFilter, TraceHub, type TraceItem } from './server/trace.ts';
export { type OutboundLine, W3C_FIELDS, W3cLog, type W3cLogParts } from './server/w3c-log.ts';
