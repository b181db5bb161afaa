/**
 * What delivery needs of others, and how it is set, as types.
 * The queue, routing and outcome contracts are in their rooms; here is what only delivery calls.
 */
import type { ReversePath } from '../envelope/index.ts';
import type { MessageBody, QueuedMessage, QueuedRecipient } from '../queue/index.ts';
import type { Router } from '../routing/index.ts';
import type { OutgoingBody, PlanOptions, Timeouts } from '../smtp/index.ts';

/** Writes messages for local domains into Drop. */
export interface DropPort {
  /** One file for all `recipients`. Never rejects for the file system's sake; a rejection counts as a defect and defers. */
  drop(
    message: QueuedMessage,
    recipients: readonly QueuedRecipient[],
    body: MessageBody,
  ): Promise<
    | { readonly dropped: true; readonly file: string }
    /** `quota`: the folder is full by setting, not the disk. */
    | { readonly dropped: false; readonly quota: boolean; readonly text: string }
  >;
}

/**
 * Re-encodes a body for a host without 8BITMIME: quoted-printable or base64, header fields true to it. Resolves with the
 * 7-bit body; rejects when the body cannot be read or re-encoded, with a message for people.
 */
export type Downgrade = (body: MessageBody, message: QueuedMessage) => Promise<OutgoingBody>;

/** What depends on the virtual server that a message came through. */
export type ServerParts = {
  readonly router: Router;
  readonly drop: DropPort;
  /** Our name in EHLO. */
  readonly heloName: string;
  /** Masquerade: the reverse-path to send instead of the message's own. */
  readonly reversePath?: (path: ReversePath) => ReversePath;
};

/** What ETRN needs of the queue. */
export interface HeldMail {
  /** Makes held recipients of the domain due now; resolves with their number. */
  release(domainKey: string): Promise<number>;
}

export type DeliverySettings = {
  /** Connections in all, and to one next hop. */
  readonly maxSessions: number;
  readonly maxSessionsPerHop: number;
  /** Transactions over one connection before a new one is opened. */
  readonly messagesPerSession: number;
  readonly recipientsPerTransaction: number;
  /** How long a connection is kept without work. */
  readonly idleMs: number;
  readonly timeouts: Timeouts;
  readonly plan: PlanOptions;
  /** Connections to a new next hop at first; the number grows with success. */
  readonly firstSessions: number;
  /** A next hop that cannot be connected is left alone this long, doubling up to the maximum. */
  readonly backOffFirstMs: number;
  readonly backOffMaxMs: number;
  /** Claims in memory at once, and bytes of their bodies. */
  readonly maxClaims: number;
  readonly maxClaimBytes: number;
  /** Claims asked for at once. */
  readonly claimBatch: number;
  /** Messages written to Drop at once. */
  readonly dropsAtOnce: number;
  /** How long mail of a domain is let through after its server asked for it (ETRN). */
  readonly requestedForMs: number;
};

/** A next hop as the operator sees it. */
export type HopStatus = {
  readonly server: string;
  readonly label: string;
  readonly waiting: number;
  readonly sessions: number;
  readonly ready: number;
  /** UTC milliseconds; set while the next hop is left alone. */
  readonly backOffUntil?: number;
  /** Why, for people. */
  readonly lastFailure?: string;
};
