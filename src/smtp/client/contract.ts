/**
 * What one attempt at one host reports, as types. Protocol code says what happened; outcome says what it means.
 * Sources: RFC 5321 §4.2, §4.5.3.2; RFC 3461.
 */
import type { Reply } from '../../envelope/index.ts';

/** Where in the conversation something happened. */
export type Stage =
  | 'connect'
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'end-of-data'
  | 'quit';

/** Why an attempt, or one recipient of it, was not accepted. */
export type AttemptFailure = {
  readonly stage: Stage;
  readonly host: string;
  readonly address?: string;
  readonly problem: /** The host answered; `reply` says how. */
    | 'rejected'
    | 'connection-refused'
    | 'unreachable'
    | 'timeout'
    | 'connection-lost'
    | 'tls-failed'
    | 'tls-not-offered'
    | 'auth-not-offered'
    /** The host's answer made no sense. */
    | 'protocol-error'
    /** The message is larger than the host's SIZE. */
    | 'too-large'
    /** The envelope or header needs SMTPUTF8 and the host has it not. */
    | 'needs-smtputf8'
    /** Our own body could not be read. */
    | 'body-unreadable';
  readonly reply?: Reply;
  /** For people, without secrets: `no answer within 5 min after DATA`. */
  readonly text: string;
};

export type RecipientReport =
  | {
      readonly recipientId: number;
      readonly accepted: true;
      readonly host: string;
      readonly address: string;
      readonly reply: Reply;
      /** The host took over the recipient's NOTIFY wishes (it offered DSN). */
      readonly hostKeepsDsn: boolean;
      readonly tls?: string;
    }
  | { readonly recipientId: number; readonly accepted: false; readonly failure: AttemptFailure };
