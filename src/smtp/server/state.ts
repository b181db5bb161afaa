/**
 * The states of a server session, the events that move it and the effects it asks for.
 *
 *   connecting ─► greeted ─EHLO─► ready ─MAIL─► judging ─► transaction ─DATA─► data ─► committing ─► ready
 *                   ▲   │           │ ▲                      │  ▲  │ ▲RCPT►judging┘        ▲
 *                   │   │STARTTLS   │ └─────RSET, EHLO───────┘  │  └BDAT─► chunk ─► chunking ┤ LAST
 *                   └securing◄──────┤                                        ▲────────┘      │
 *                                   └AUTH─► verifying ⇄ authenticating       └───────────────┘
 *   every state ─QUIT, 421, connection lost─► closed
 *
 * Invariants:
 *  S1  A transaction lives in the state alone; whoever leaves transaction, judging, data, chunk, chunking or committing
 *      for another state drops it whole, and the session aborts what was received of it.
 *  S2  In connecting, judging, verifying, securing and committing nothing is read: input waits.
 *  S3  The state after STARTTLS knows nothing of before: no peer, no identity, no transaction, no byte.
 *  S4  Content is read in data and chunk alone, and never as commands.
 *
 * Transitions: `commands/*.ts` for each verb, `step.ts` for the answers of effects.
 */
import type { Recipient, Reply, ReversePath } from '../../envelope/index.ts';
import type { MailParameters } from '../protocol/parameters.ts';
import type { AuthExchange, AuthStep, ConnectVerdict, EndReply, Identity, SessionTls } from './contract.ts';

/** What outlives a transaction and ends with EHLO, STARTTLS or the session. */
export type Peer = {
  readonly heloName: string;
  readonly isExtended: boolean;
  /** Who authenticated. */
  readonly identity?: Identity;
};

/** One MAIL … DATA cycle. */
export type Transaction = {
  readonly reversePath: ReversePath;
  readonly parameters: MailParameters;
  /** Grows in place: only the state holds the transaction, so nobody sees it change. */
  readonly recipients: Recipient[];
};

export type State =
  | { readonly at: 'connecting' }
  | { readonly at: 'greeted' }
  | { readonly at: 'ready'; readonly peer: Peer }
  | { readonly at: 'authenticating'; readonly peer: Peer; readonly exchange: AuthExchange }
  | { readonly at: 'verifying'; readonly peer: Peer; readonly exchange: AuthExchange }
  /** A decision is awaited. `tx` is what the transaction will be when it is favourable, `back` the state when not. */
  | { readonly at: 'judging'; readonly peer: Peer; readonly asked: Question; readonly back: Resting }
  | { readonly at: 'transaction'; readonly peer: Peer; readonly tx: Transaction }
  | { readonly at: 'data'; readonly peer: Peer; readonly tx: Transaction }
  | { readonly at: 'chunk'; readonly chunk: Chunk; readonly octets: number }
  | { readonly at: 'chunking'; readonly peer: Peer; readonly tx: Transaction }
  | { readonly at: 'committing'; readonly peer: Peer; readonly tx: Transaction }
  | { readonly at: 'securing' }
  | { readonly at: 'closed' };

export type At = State['at'];

/** States in which the server reads commands. */
export type Resting = Extract<State, { at: 'greeted' | 'ready' | 'transaction' | 'chunking' }>;

export const RESTING = ['greeted', 'ready', 'transaction', 'chunking'] as const;

/** The octets after a BDAT: content of a message, or octets to be swallowed because the command was refused. */
export type Chunk =
  | { readonly use: 'content'; readonly peer: Peer; readonly tx: Transaction; readonly isLast: boolean }
  | { readonly use: 'swallow'; readonly reply: Reply; readonly back: Resting };

export type Question =
  | { readonly about: 'sender'; readonly tx: Transaction }
  | { readonly about: 'recipient'; readonly tx: Transaction; readonly recipient: Recipient }
  | { readonly about: 'etrn'; readonly node: string };

/** Why a message cannot be accepted although its content arrived. */
export type ContentProblem = 'too-big' | 'bare-line-end' | 'nul';

export type Event =
  | { readonly kind: 'connected'; readonly verdict: ConnectVerdict }
  | { readonly kind: 'auth-line'; readonly text: string }
  | { readonly kind: 'auth-answered'; readonly step: AuthStep }
  | { readonly kind: 'judged'; readonly refusal: Reply | undefined }
  | { readonly kind: 'content-ended'; readonly problem: ContentProblem | undefined }
  | { readonly kind: 'chunk-ended'; readonly problem: ContentProblem | undefined }
  | { readonly kind: 'committed'; readonly end: EndReply }
  | { readonly kind: 'secured'; readonly tls: SessionTls };

/** What the session must do for the state it has just entered. */
export type Effect =
  | { readonly do: 'judge'; readonly asked: Question }
  | { readonly do: 'authenticate'; readonly exchange: AuthExchange; readonly response: Buffer | undefined }
  | { readonly do: 'receive'; readonly tx: Transaction }
  | { readonly do: 'commit' }
  | { readonly do: 'start-tls' }
  | { readonly do: 'close' };

/** One step: the state afterwards, what the client is told, what is to be done. */
export type Step = {
  readonly next: State;
  readonly reply?: Reply;
  readonly effect?: Effect;
};

/** The transaction that a state keeps alive (S1). */
export function transactionOf(state: State): Transaction | undefined {
  switch (state.at) {
    case 'transaction':
    case 'data':
    case 'chunking':
    case 'committing':
      return state.tx;
    case 'judging':
      return state.asked.about === 'etrn' ? undefined : state.asked.tx;
    case 'chunk':
      return state.chunk.use === 'content' ? state.chunk.tx : transactionOf(state.chunk.back);
    default:
      return undefined;
  }
}

export function peerOf(state: State): Peer | undefined {
  if ('peer' in state) return state.peer;
  if (state.at !== 'chunk') return undefined;
  return state.chunk.use === 'content' ? state.chunk.peer : peerOf(state.chunk.back);
}

/** Stays where it is and answers. */
export function answer(state: State, reply: Reply): Step {
  return { next: state, reply };
}

/** Answers and ends the session. */
export function closeWith(reply: Reply): Step {
  return { next: { at: 'closed' }, reply, effect: { do: 'close' } };
}
