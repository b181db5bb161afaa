/**
 * The port through which messages go to an SMTP server.
 * Owns: request and result as plain data.  Leaves: the dialogue (smtp/client, behind submit.ts), errors' numbers (send.ts).
 */
import type { Envelope } from '../envelope/index.ts';
import type { Stage } from '../smtp/index.ts';

/** All of it can cross a thread border by structured clone. */
export type SmtpSubmissionRequest = {
  readonly server: string;
  readonly port: number;
  readonly connectionTimeoutMs: number;
  /** `starttls` and `implicit` are required, never tried and given up. */
  readonly tls: 'none' | 'starttls' | 'implicit';
  readonly authentication:
    | { readonly method: 'none' }
    | { readonly method: 'basic' | 'ntlm'; readonly user: string; readonly password: string };
  /** What EHLO says. */
  readonly heloName: string;
  readonly envelope: Envelope;
  /** The message with CRLF line ends; dots are not doubled. */
  readonly message: Uint8Array;
};

/** Where in the conversation something happened; the farewell changes nothing. */
export type SmtpStage = Exclude<Stage, 'quit'>;

export type SmtpSubmissionResult =
  | {
      readonly kind: 'sent';
      /** The server's answer to the end of the data. */
      readonly response: string;
    }
  | {
      readonly kind: 'failed';
      readonly stage: SmtpStage;
      /**
       * `refused`: the server answered; `unavailable`: it does not offer what is needed; `not-connected`: no connection
       * or no TLS; `dropped`: the connection ended or timed out in the middle.
       */
      readonly cause: 'refused' | 'unavailable' | 'not-connected' | 'dropped';
      /** The server's answer, `550 5.1.1 no such user`; undefined when there was none. */
      readonly response?: string;
      readonly replyCode?: number;
      /** For people: what happened, and the cure where one is known. */
      readonly reason: string;
      readonly recipient?: string;
    };

export interface SmtpSubmission {
  /** Delivers to all recipients or to none. Resolves with what happened; rejects only by a defect. */
  submit(request: SmtpSubmissionRequest): Promise<SmtpSubmissionResult>;
}
