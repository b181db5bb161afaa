/**
 * What outcome needs to be told: this room's slice of a server's settings.
 * Sources: doc "Delivery tab" (delay notification, expiration time-out, their local twins); doc "Messages tab" (NDR copy).
 */
import type { Mailbox } from '../envelope/index.ts';

export type OutcomeSettings = {
  /** Our fully-qualified domain name: Reporting-MTA, Message-ID. */
  readonly fqdn: string;
  /** The From of reports: the postmaster at the masquerade domain, else at the default domain. */
  readonly reportFrom: Mailbox;
  /** "Send copy of Non-Delivery Report to". */
  readonly copyNdrTo?: Mailbox;
  /** A message up to this size is returned whole, a larger one with its header only; 0 returns nothing at all. */
  readonly maxReturnedBytes: number;
  /** A message with more Received fields runs in circles. */
  readonly maxHops: number;
  /** Ages for next hops elsewhere. */
  readonly remote: AgeLimits;
  /** Ages for the Drop folder. */
  readonly local: AgeLimits;
};

export type AgeLimits = {
  /** Age at which the sender is told of the delay, once. */
  readonly delayNoticeMs: number;
  /** Age at which a message is given up and returned. */
  readonly expiryMs: number;
};
