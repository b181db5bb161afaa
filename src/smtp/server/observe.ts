/**
 * Who may watch a session, as types: protocol log and live trace.
 * Owns: what is told of each exchange.  Leaves: the W3C file (w3c-log.ts), subscriptions (trace.ts).
 * Passwords never come here: AUTH responses are told as `****`.
 */
import type { Reply } from '../../envelope/index.ts';
import type { SessionFacts } from './contract.ts';

/** One command and the reply that answered it. */
export type Exchange = {
  /** The verb; `xxxx` for one that nobody knows, as the old log has it. */
  readonly verb: string;
  /** The argument as sent; for DATA and BDAT the message's Message-ID. */
  readonly argument: string;
  readonly reply: Reply;
  /** Octets of the command, or of the message. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly tookMs: number;
  /** The queue's id of an accepted message. */
  readonly queueId?: string;
};

export interface ProtocolLog {
  exchange(session: SessionFacts, exchange: Exchange): void;
}

export type TraceLine = {
  readonly session: SessionFacts;
  /** `note` tells what is no dialogue: connection, TLS, content received, end. */
  readonly direction: 'client' | 'server' | 'note';
  readonly text: string;
};

export interface SessionTrace {
  /** False: nobody watches, and no line needs to be made. */
  readonly isWatched: boolean;
  line(line: TraceLine): void;
}
