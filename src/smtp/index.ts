/** smtp: the protocol (pure), the server session and the client session. Knows neither queue nor policy. */
export * from './client/contract.ts';
export type { Peer, TlsFacts } from './client/peer.ts';
export type { ClientCredentials } from './client/sasl.ts';
export {
  type ClientSession,
  SessionMaker,
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
