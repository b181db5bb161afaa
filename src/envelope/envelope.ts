/**
 * Envelope: reverse-path, forward-paths and options of one transaction.
 * Sources: RFC 5321 §2.3.1; RFC 3461 (DSN); RFC 6152 (BODY); RFC 6531 (SMTPUTF8).
 */
import type { ForwardPath, ReversePath } from './mailbox.ts';

export type BodyType = '7bit' | '8bitmime' | 'binarymime';

export type NotifyWhen =
  | 'never'
  | { readonly success: boolean; readonly failure: boolean; readonly delay: boolean };

/** RFC 3461 §4.2 ORCPT: the address type and the decoded address. */
export type OriginalRecipient = { readonly addressType: string; readonly address: string };

export type Recipient = {
  readonly forwardPath: ForwardPath;
  /** Absent means the default: report failure, and delay once. */
  readonly notify?: NotifyWhen;
  readonly originalRecipient?: OriginalRecipient;
};

export type Envelope = {
  readonly reversePath: ReversePath;
  readonly recipients: readonly Recipient[];
  readonly body: BodyType;
  readonly smtpUtf8: boolean;
  /** RFC 3461 §4.3 RET: how much of the message a failure DSN returns. Absent means the relay decides. */
  readonly returnContent?: 'full' | 'headers';
  /** RFC 3461 §4.4 ENVID, decoded. */
  readonly envelopeId?: string;
};
