/**
 * The port to the Badmail folder, as outcome calls it.
 * Owns: the six reasons that the old product counted, and what is told about a message.  Leaves: files (mailroot).
 * Sources: doc "SMTP Server performance counters" (the six classes); KB 319285 (words and code of a reason).
 */
import type { EnhancedStatus } from '../envelope/index.ts';
import type { BadmailClass } from '../mailroot/index.ts';
import type { MessageBody, QueuedMessage, QueuedRecipient } from '../queue/index.ts';

export type { BadmailClass };

/** A message that can be neither delivered nor returned. */
export type BadmailClaim = {
  /**
   * Names what is put away: recipients of one message that are given up at different times must not overwrite each other,
   * and the same ones after a crash must.
   */
  readonly name: string;
  readonly message: QueuedMessage;
  /** The recipients it concerns; others of the same message may have been delivered. */
  readonly recipients: readonly {
    readonly recipient: QueuedRecipient;
    readonly status: EnhancedStatus;
    /** What happened last, for people. */
    readonly lastResult: string;
  }[];
};

export interface Badmail {
  /**
   * Resolves when the message is durable in Badmail; only then its recipients are settled. After a crash between the two
   * the call comes again with the same message and recipients. Rejects when the folder cannot be written: mail then waits.
   */
  put(kind: BadmailClass, reason: string, claim: BadmailClaim, body: MessageBody): Promise<void>;
}
