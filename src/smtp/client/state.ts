/**
 * The client session's states, events and effects, as values.
 *
 *     connecting ─▶ (securing, implicit TLS) ─▶ greeting ─▶ hello ─┬─▶ starttls ─▶ securing ─▶ hello
 *                                                                  ├─▶ auth ─┐
 *                                                                  └─────────┴─▶ ready ◀───────────────┐
 *                                                                                  │ begin             │
 *                              resetting ◀── refused ── opening ◀──────────────────┘                   │
 *                                  │                       │ 354, or BDAT                              │
 *                                  └──▶ ready              ▼                                           │
 *                                                        body ─▶ accepting ─────── final reply ────────┤
 *                                                                    └─ the following one is opening ──┘
 *     ready ─▶ quitting ─▶ closed; every state ─▶ closed when the connection ends, time runs out or the peer talks nonsense.
 *
 * Invariants (the tests of machine.ts cite the numbers):
 *  M1  A transaction that began is reported exactly once, whatever happens.
 *  M2  `accepted` is reported only after a positive reply to the end of data.
 *  M3  Nothing a server said before TLS is remembered after it.
 *  M4  Credentials leave only over TLS, or when the operator allowed plain text by name.
 *  M5  `closed` is final: no event changes it and none has effects.
 */
import type { Reply } from '../../envelope/index.ts';
import type { AttemptFailure } from './contract.ts';
import type { Peer, TlsFacts } from './peer.ts';
import type { ClientCredentials, Freshness, SaslExchange } from './sasl.ts';
import type { Transaction, TransactionResult } from './transaction.ts';

export type MachineSettings = {
  /** For reports: the host's name as routing knows it, and the address connected to. */
  readonly host: string;
  readonly address: string;
  /** What we call ourselves in EHLO. */
  readonly heloName: string;
  readonly greetWithHelo: boolean;
  readonly tls: 'none' | 'opportunistic' | 'required' | 'implicit';
  readonly credentials?: ClientCredentials;
  readonly fresh: Freshness;
};

/** A transaction in the making: what the host has answered so far. */
export type Opening = {
  readonly transaction: Transaction;
  /** Undefined until MAIL is answered. */
  readonly mailReply: Reply | undefined;
  readonly rcptReplies: readonly Reply[];
};

export type State =
  | { readonly at: 'connecting' }
  /** `peer` is set for STARTTLS and undefined for implicit TLS. */
  | { readonly at: 'securing'; readonly peer: Peer | undefined }
  | { readonly at: 'greeting'; readonly tls: TlsFacts | undefined }
  | { readonly at: 'hello'; readonly verb: 'EHLO' | 'HELO'; readonly tls: TlsFacts | undefined }
  | { readonly at: 'starttls'; readonly peer: Peer }
  | { readonly at: 'auth'; readonly peer: Peer; readonly exchange: SaslExchange }
  | { readonly at: 'ready'; readonly peer: Peer; readonly completed: number }
  | { readonly at: 'opening'; readonly peer: Peer; readonly completed: number; readonly opening: Opening }
  /** The body is being sent. `chunkRepliesDue`: BDAT pieces on the way that are not answered yet. */
  | {
      readonly at: 'body';
      readonly peer: Peer;
      readonly completed: number;
      readonly opening: Opening;
      readonly chunkRepliesDue: number;
    }
  /** All is sent; `repliesDue` answers are awaited, the last of them decides. */
  | {
      readonly at: 'accepting';
      readonly peer: Peer;
      readonly completed: number;
      readonly opening: Opening;
      readonly repliesDue: number;
      /** Its MAIL, RCPT and DATA went out right behind this one's end of data. */
      readonly following: Transaction | undefined;
      /** QUIT went out right behind the end of data. */
      readonly quitSent: boolean;
      /** RFC 2920 §3.1: a lone dot answers a 354 that nobody wanted; the end is decided already. */
      readonly decided: TransactionResult['end'] | undefined;
    }
  /** RSET is on its way; `skip` answers to earlier commands come before its own. */
  | { readonly at: 'resetting'; readonly peer: Peer; readonly completed: number; readonly skip: number }
  | { readonly at: 'quitting' }
  /** `why` is undefined after an orderly end. */
  | { readonly at: 'closed'; readonly why: AttemptFailure | undefined };

export type Event =
  | { readonly type: 'connected' }
  | { readonly type: 'secured'; readonly tls: TlsFacts }
  | { readonly type: 'tls-failed'; readonly reason: string }
  | { readonly type: 'reply'; readonly reply: Reply }
  /** The peer's bytes are no SMTP. */
  | { readonly type: 'garbage'; readonly reason: string }
  /** The present state lasted too long. `waitedMs` is for the text. */
  | { readonly type: 'timeout'; readonly waitedMs: number }
  /** The connection ended: `problem` before it was up, else connection-lost. */
  | {
      readonly type: 'ended';
      readonly problem: 'connection-refused' | 'unreachable' | 'connection-lost';
      readonly reason: string;
    }
  /** Asks to send; only when ready. */
  | { readonly type: 'begin'; readonly transaction: Transaction }
  /** A BDAT piece that is not the last was written. */
  | { readonly type: 'chunk-sent' }
  /** The end of the body was written; what goes out in the same write may follow. */
  | { readonly type: 'body-sent'; readonly following?: Transaction; readonly quit?: boolean }
  /** Our own body could not be read. */
  | { readonly type: 'body-failed'; readonly reason: string }
  /** Ends the session in order; when a transaction runs, nothing happens until it is over. */
  | { readonly type: 'quit' }
  /** Ends the session now. What was not fully sent is untried. */
  | { readonly type: 'abandon'; readonly reason: string };

export type Effect =
  | { readonly do: 'write'; readonly text: string }
  | { readonly do: 'secure' }
  | { readonly do: 'send-body'; readonly transaction: Transaction }
  | { readonly do: 'stop-body' }
  | { readonly do: 'report'; readonly result: TransactionResult }
  /** The session can take a transaction. */
  | { readonly do: 'ready' }
  | { readonly do: 'close' };

export type Step = { readonly next: State; readonly effects: readonly Effect[] };

export const START: State = { at: 'connecting' };

/** Waiting time per state in milliseconds (RFC 5321 §4.5.3.2). */
export type Timeouts = {
  readonly connectMs: number;
  readonly greetingMs: number;
  /** EHLO, HELO, STARTTLS, the handshake, AUTH, RSET. */
  readonly commandMs: number;
  readonly mailMs: number;
  readonly rcptMs: number;
  readonly dataMs: number;
  /** One piece of the body not taken by the peer. */
  readonly blockMs: number;
  readonly endOfDataMs: number;
  readonly quitMs: number;
};

// RFC 5321 §4.5.3.2.1–6. Connecting and QUIT have no figure there; ours keep a dead host from holding a slot for long.
export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 30_000,
  greetingMs: 300_000,
  commandMs: 300_000,
  mailMs: 300_000,
  rcptMs: 300_000,
  dataMs: 120_000,
  blockMs: 180_000,
  endOfDataMs: 600_000,
  quitMs: 5_000,
};
