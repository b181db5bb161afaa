/** intake: SMTP and Pickup into the queue; access, relay policy, users. */
export * from './pickup-index.ts';
export { judgeRelay, type RelayClient, type RelayRules, type RelayVerdict } from './relay-policy.ts';
export { type DeviceRates, SmtpPolicy, type SmtpPolicyParts } from './smtp-policy.ts';
export { verifiedNames } from './smtp-reverse-dns.ts';
export {
  type ConnectionControl,
  defaultSmtpIntakeSettings,
  type NetworkIdentity,
  type SmtpIntakeSettings,
} from './smtp-settings.ts';
export { SmtpSink, type SmtpSinkParts } from './smtp-sink.ts';
export { type LogonFailures, UserLogon, type UserLogonParts } from './users.ts';
export { addUser, changePassword, listUsers, readUsers, removeUser, type UserChange } from './users-file.ts';
