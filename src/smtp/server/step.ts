/**
 * The session as a function: state and event in, step out. Pure; sockets, clocks and policy live in session.ts.
 * Owns: the common judgement of commands, and what the answers of effects mean.
 * Fails: an event that its state cannot have is our own bug and throws; the session then ends, the process does not.
 * Sources: RFC 5321 §3, §4.1.4; RFC 4954 §4; style: the diagram in state.ts.
 */
import { replies } from '../protocol/catalogue.ts';
import type { CommandFault, CommandLine } from '../protocol/command-line.ts';
import { type CommandContext, refusalFor } from './command.ts';
import { decodeResponse } from './commands/auth.ts';
import type { AuthStep } from './contract.ts';
import {
  answer,
  type ContentProblem,
  closeWith,
  type Event,
  type Question,
  type Resting,
  type State,
  type Step,
} from './state.ts';
import { rowOf } from './table.ts';

/** A command line in a state that reads commands. `isLast` is true when nothing follows it in what has arrived. */
export function stepCommand(
  state: Resting,
  line: CommandLine,
  isLast: boolean,
  context: CommandContext,
): Step {
  const row = rowOf(line.verb);
  // Whatever came along was sent without knowing our answer: reading it as commands or as content would be a guess.
  if (row.mustEndGroup && !isLast) return closeWith(replies.pipelined(row.verb));
  const refusal = row === bdatRow ? undefined : refusalFor(row, state, context);
  if (refusal !== undefined) return answer(state, refusal);
  return row.run(state, line.argument, context);
}

const bdatRow = rowOf('BDAT');

export function stepFault(state: Resting, fault: CommandFault): Step {
  if (fault === 'unrecognized') return answer(state, replies.unrecognized);
  return answer(state, fault === 'not-utf8' ? replies.notUtf8 : replies.badBytes);
}

export function step(state: State, event: Event, context: CommandContext): Step {
  switch (event.kind) {
    case 'connected':
      expect(state.at === 'connecting', state, event);
      if (!event.verdict.admitted) return closeWith(event.verdict.reply);
      return { next: { at: 'greeted' }, reply: replies.banner(bannerText(context)) };
    case 'secured':
      expect(state.at === 'securing', state, event);
      return { next: { at: 'greeted' } };
    case 'judged':
      expect(state.at === 'judging', state, event);
      return afterJudgement(state as Extract<State, { at: 'judging' }>, event.refusal);
    case 'auth-line':
      expect(state.at === 'authenticating', state, event);
      return afterAuthLine(state as Extract<State, { at: 'authenticating' }>, event.text);
    case 'auth-answered':
      expect(state.at === 'verifying', state, event);
      return afterAuthStep(state as Extract<State, { at: 'verifying' }>, event.step);
    case 'content-ended': {
      expect(state.at === 'data', state, event);
      const { peer, tx } = state as Extract<State, { at: 'data' }>;
      if (event.problem !== undefined)
        return { next: { at: 'ready', peer }, reply: problemReply(event.problem) };
      return { next: { at: 'committing', peer, tx }, effect: { do: 'commit' } };
    }
    case 'chunk-ended':
      expect(state.at === 'chunk', state, event);
      return afterChunk(state as Extract<State, { at: 'chunk' }>, event.problem);
    case 'committed': {
      expect(state.at === 'committing', state, event);
      const { peer } = state as Extract<State, { at: 'committing' }>;
      return { next: { at: 'ready', peer }, reply: event.end.reply };
    }
  }
}

function afterJudgement(state: Extract<State, { at: 'judging' }>, refusal: Step['reply']): Step {
  const { asked, peer, back } = state;
  if (asked.about === 'etrn') return { next: back, ...(refusal && { reply: refusal }) };
  if (refusal !== undefined) return refusal.code === 421 ? closeWith(refusal) : answer(back, refusal);
  return { next: { at: 'transaction', peer, tx: accepted(asked) }, reply: acceptance(asked) };
}

function accepted(asked: Exclude<Question, { about: 'etrn' }>): (typeof asked)['tx'] {
  if (asked.about === 'recipient') asked.tx.recipients.push(asked.recipient);
  return asked.tx;
}

function acceptance(asked: Exclude<Question, { about: 'etrn' }>): NonNullable<Step['reply']> {
  return asked.about === 'sender'
    ? replies.senderOk(asked.tx.reversePath)
    : replies.recipientOk(asked.recipient.forwardPath);
}

function afterAuthLine({ peer, exchange }: Extract<State, { at: 'authenticating' }>, text: string): Step {
  const back = { at: 'ready', peer } as const;
  if (text === '*') return answer(back, replies.authCancelled);
  const response = text === '' ? Buffer.alloc(0) : decodeResponse(text);
  if (response === undefined) return answer(back, replies.authMalformed);
  return { next: { at: 'verifying', peer, exchange }, effect: { do: 'authenticate', exchange, response } };
}

function afterAuthStep({ peer, exchange }: Extract<State, { at: 'verifying' }>, given: AuthStep): Step {
  switch (given.kind) {
    case 'challenge':
      return {
        next: { at: 'authenticating', peer, exchange },
        reply: replies.challenge(Buffer.from(given.bytes).toString('base64')),
      };
    case 'accepted': {
      const identity = { name: given.user, kind: 'auth' } as const;
      return { next: { at: 'ready', peer: { ...peer, identity } }, reply: replies.authOk };
    }
    case 'rejected':
      if (given.why === 'blocked') return closeWith(replies.authBlocked);
      return answer({ at: 'ready', peer }, AUTH_REJECTION[given.why]);
  }
}

const AUTH_REJECTION = {
  credentials: replies.authFailed,
  malformed: replies.authMalformed,
  busy: replies.authBusy,
} as const;

function afterChunk(
  { chunk, octets }: Extract<State, { at: 'chunk' }>,
  problem: ContentProblem | undefined,
): Step {
  if (chunk.use === 'swallow') return answer(chunk.back, chunk.reply);
  const { peer, tx, isLast } = chunk;
  if (problem !== undefined) return answer({ at: 'ready', peer }, problemReply(problem));
  if (isLast) return { next: { at: 'committing', peer, tx }, effect: { do: 'commit' } };
  return { next: { at: 'chunking', peer, tx }, reply: replies.chunkOk(octets) };
}

function problemReply(problem: ContentProblem): NonNullable<Step['reply']> {
  if (problem === 'too-big') return replies.tooBig;
  return problem === 'nul' ? replies.nulInMessage : replies.bareLineEndInMessage;
}

function bannerText(context: CommandContext): string {
  const { banner, fqdn } = context.settings;
  return banner ?? `${fqdn} ESMTP Mailroot ready at  ${context.bannerDate()}`;
}

function expect(isPossible: boolean, state: State, event: Event): void {
  if (!isPossible) throw new Error(`the event ${event.kind} came in the state ${state.at}`);
}
