/**
 * The client session as a pure step: state and event to the next state and what to do. The diagram is in state.ts.
 * Owns: order of commands, what may be pipelined, fallback to HELO, STARTTLS and AUTH rules, 421 and lost connections.
 * Leaves: bytes, sockets and timers (session), commands' text (transaction), mechanisms (sasl), meaning (outcome).
 * Fails: an event that cannot happen in a state is our own defect and throws; whatever a peer does is a value.
 * Sources: RFC 5321 §3.2, §3.8, §4.1.1, §4.1.4; RFC 2920 §3.1; RFC 3030 §2; RFC 3207 §4; RFC 4954 §4.
 */
import { formatReply, type Reply } from '../../envelope/index.ts';
import type { AttemptFailure, Stage } from './contract.ts';
import { type Peer, plainPeer, readPeer, type TlsFacts } from './peer.ts';
import { type SaslStep, startSasl } from './sasl.ts';
import type { Effect, Event, MachineSettings, Opening, State, Step } from './state.ts';
import type { Transaction, TransactionEnd } from './transaction.ts';

const NOTHING: readonly Effect[] = [];
const READY: Effect = { do: 'ready' };
const CLOSE: Effect = { do: 'close' };
const QUIT: Effect = { do: 'write', text: 'QUIT\r\n' };
const RSET: Effect = { do: 'write', text: 'RSET\r\n' };
/** Commands longer than this leave the initial response to the first challenge (RFC 4954 §4). */
const MAX_AUTH_LINE = 510;

type Of<A extends State['at']> = Extract<State, { at: A }>;

export function step(state: State, event: Event, settings: MachineSettings): Step {
  if (state.at === 'closed') return { next: state, effects: NOTHING };
  switch (event.type) {
    case 'reply':
      return onReply(state, event.reply, settings);
    case 'begin':
      return begin(expect(state, 'ready', event), event.transaction);
    case 'body-sent':
      return bodySent(expect(state, 'body', event), event.following, event.quit === true);
    case 'chunk-sent': {
      const body = expect(state, 'body', event);
      return { next: { ...body, chunkRepliesDue: body.chunkRepliesDue + 1 }, effects: NOTHING };
    }
    case 'body-failed': {
      const { opening } = expect(state, 'body', event);
      const failure = fail(settings, 'data', 'body-unreadable', event.reason);
      // The host must not take half a message for a whole one: only dropping the connection says so for DATA.
      return close(failure, [{ do: 'report', result: ended(opening, { kind: 'broken', failure }) }]);
    }
    case 'connected':
      expect(state, 'connecting', event);
      return settings.tls === 'implicit'
        ? { next: { at: 'securing', peer: undefined }, effects: [{ do: 'secure' }] }
        : { next: { at: 'greeting', tls: undefined }, effects: NOTHING };
    case 'secured': {
      const { peer } = expect(state, 'securing', event);
      // RFC 3207 §4.2: what was learned in plain text is forgotten; a fresh EHLO tells it again.
      return peer === undefined
        ? { next: { at: 'greeting', tls: event.tls }, effects: NOTHING }
        : greet(settings, event.tls);
    }
    case 'tls-failed':
      expect(state, 'securing', event);
      return close(fail(settings, 'starttls', 'tls-failed', event.reason));
    case 'garbage':
      return breakOff(state, settings, 'protocol-error', `the host’s answer ${event.reason}`);
    case 'timeout':
      if (state.at === 'quitting' || state.at === 'ready') return close(undefined);
      return breakOff(
        state,
        settings,
        'timeout',
        `${PATIENCE[awaited(state)]} within ${duration(event.waitedMs)}`,
      );
    case 'ended': {
      if (state.at === 'quitting' || state.at === 'ready') return close(undefined);
      const text = `${event.reason} while waiting for ${EXPECTATION[awaited(state)]}`;
      return breakOff(state, settings, event.problem, state.at === 'connecting' ? event.reason : text);
    }
    case 'quit':
      if (state.at === 'ready') return { next: { at: 'quitting' }, effects: [QUIT] };
      return isGreeting(state) ? close(undefined) : { next: state, effects: NOTHING };
    case 'abandon':
      return abandon(state, settings, event.reason);
  }
}

function onReply(state: Exclude<State, Of<'closed'>>, reply: Reply, settings: MachineSettings): Step {
  // RFC 5321 §3.8: 421 may answer anything, and the connection is gone after it.
  if (reply.code === 421 && state.at !== 'quitting') {
    if (state.at === 'ready') return close(undefined);
    return breakOff(state, settings, 'rejected', `answered ${formatReply(reply)}`, reply);
  }
  switch (state.at) {
    case 'greeting':
      if (reply.code < 300) return greet(settings, state.tls);
      return refused(settings, 'greeting', reply);
    case 'hello':
      return onHello(state, reply, settings);
    case 'starttls':
      if (reply.code < 300) {
        return { next: { at: 'securing', peer: state.peer }, effects: [{ do: 'secure' }] };
      }
      // RFC 3207 §4: a refusal leaves the connection usable in plain text, if that is good enough for us.
      return settings.tls === 'required'
        ? refused(settings, 'starttls', reply)
        : authenticate(state.peer, settings);
    case 'auth':
      return onAuth(state, reply, settings);
    case 'opening':
      return onOpening(state, reply, settings);
    case 'body':
      return onReplyInBody(state, reply, settings);
    case 'accepting':
      return onFinal(state, reply, settings);
    case 'resetting':
      if (state.skip > 0) return { next: { ...state, skip: state.skip - 1 }, effects: NOTHING };
      // A host that refuses RSET is in a state nobody knows.
      if (reply.code >= 300) return close(undefined);
      return { next: { at: 'ready', peer: state.peer, completed: state.completed }, effects: [READY] };
    case 'quitting':
      return close(undefined);
    case 'connecting':
    case 'securing':
    case 'ready':
      return breakOff(state, settings, 'protocol-error', `the host spoke unasked: ${formatReply(reply)}`);
  }
}

// From the greeting to ready.

function greet(settings: MachineSettings, tls: TlsFacts | undefined): Step {
  const verb = settings.greetWithHelo ? 'HELO' : 'EHLO';
  return {
    next: { at: 'hello', verb, tls },
    effects: [{ do: 'write', text: `${verb} ${settings.heloName}\r\n` }],
  };
}

function onHello(state: Of<'hello'>, reply: Reply, settings: MachineSettings): Step {
  if (reply.code >= 200 && reply.code < 300) {
    const peer = state.verb === 'EHLO' ? readPeer(reply, state.tls) : plainPeer(reply, state.tls);
    return protect(peer, settings);
  }
  // RFC 5321 §3.2: a host that does not know EHLO is greeted with HELO in the same session.
  if (state.verb === 'EHLO' && reply.code >= 500) {
    return {
      next: { at: 'hello', verb: 'HELO', tls: state.tls },
      effects: [{ do: 'write', text: `HELO ${settings.heloName}\r\n` }],
    };
  }
  return refused(settings, 'ehlo', reply);
}

function protect(peer: Peer, settings: MachineSettings): Step {
  const wantsTls = settings.tls === 'opportunistic' || settings.tls === 'required';
  if (peer.tls !== undefined || !wantsTls) return authenticate(peer, settings);
  if (peer.startTls) {
    return { next: { at: 'starttls', peer }, effects: [{ do: 'write', text: 'STARTTLS\r\n' }] };
  }
  if (settings.tls === 'opportunistic') return authenticate(peer, settings);
  return close(
    fail(settings, 'starttls', 'tls-not-offered', 'TLS is required, and the host does not offer STARTTLS'),
    [QUIT],
  );
}

function authenticate(peer: Peer, settings: MachineSettings): Step {
  const { credentials } = settings;
  if (credentials === undefined) {
    return { next: { at: 'ready', peer, completed: 0 }, effects: [READY] };
  }
  if (peer.tls === undefined && credentials.allowPlainText !== true) {
    return close(
      fail(
        settings,
        'auth',
        'tls-not-offered',
        'a password is sent over TLS only; allow plain text for this host by name if that is meant',
      ),
      [QUIT],
    );
  }
  const start = startSasl(peer.authMechanisms, credentials, settings.fresh);
  if (start === undefined) {
    const offered =
      peer.authMechanisms.length === 0 ? 'no AUTH' : `only AUTH ${peer.authMechanisms.join(' ')}`;
    return close(
      fail(settings, 'auth', 'auth-not-offered', `credentials are set, and the host offers ${offered}`),
      [QUIT],
    );
  }
  const { mechanism, initial, after } = start;
  const line = initial === undefined ? `AUTH ${mechanism}` : `AUTH ${mechanism} ${base64(initial)}`;
  if (initial === undefined || line.length <= MAX_AUTH_LINE) {
    return {
      next: { at: 'auth', peer, exchange: after },
      effects: [{ do: 'write', text: `${line}\r\n` }],
    };
  }
  const first = { ...after, respond: (): SaslStep => ({ send: initial, after }) };
  return {
    next: { at: 'auth', peer, exchange: first },
    effects: [{ do: 'write', text: `AUTH ${mechanism}\r\n` }],
  };
}

function onAuth(state: Of<'auth'>, reply: Reply, settings: MachineSettings): Step {
  const { peer, exchange } = state;
  if (reply.code === 334) {
    const answer = exchange.respond(Buffer.from(reply.lines[0] ?? '', 'base64'));
    if ('broken' in answer) return close(fail(settings, 'auth', 'protocol-error', answer.broken), [QUIT]);
    return {
      next: { at: 'auth', peer, exchange: answer.after },
      effects: [{ do: 'write', text: `${base64(answer.send)}\r\n` }],
    };
  }
  if (reply.code >= 400) return refused(settings, 'auth', reply);
  if (reply.code >= 300 || exchange.isServerUnproven) {
    return close(
      fail(settings, 'auth', 'protocol-error', `the host ended AUTH early with ${formatReply(reply)}`, reply),
      [QUIT],
    );
  }
  return { next: { at: 'ready', peer, completed: 0 }, effects: [READY] };
}

// One transaction.

function begin(state: Of<'ready'>, transaction: Transaction): Step {
  const { peer, completed } = state;
  const opening: Opening = { transaction, mailReply: undefined, rcptReplies: [] };
  const next: State = { at: 'opening', peer, completed, opening };
  const write: Effect = { do: 'write', text: openingText(transaction, peer) };
  return {
    next,
    effects: transaction.bodyAtOnce ? [write, { do: 'send-body', transaction }] : [write],
  };
}

/** RFC 2920 §3.1: MAIL and RCPT go in one group; DATA may be its last command, and waits for nobody. */
function openingText(transaction: Transaction, peer: Peer): string {
  if (!peer.pipelining) return `${transaction.mail}\r\n`;
  let text = `${transaction.mail}\r\n`;
  for (const rcpt of transaction.rcpts) text += `${rcpt}\r\n`;
  return sendsDataAhead(transaction, peer) ? `${text}DATA\r\n` : text;
}

/** True when DATA leaves together with RCPT, before anybody knows whether there is a recipient. */
function sendsDataAhead(transaction: Transaction, peer: Peer): boolean {
  return peer.pipelining && transaction.transfer === 'data' && !transaction.allOrNone;
}

function onOpening(state: Of<'opening'>, reply: Reply, settings: MachineSettings): Step {
  const { peer, completed, opening } = state;
  const { transaction } = opening;
  if (opening.mailReply === undefined) {
    if (reply.code >= 300 && reply.code < 400) return senseless(state, settings, reply);
    const answered: Opening = { ...opening, mailReply: reply };
    if (peer.pipelining) return { next: { ...state, opening: answered }, effects: NOTHING };
    if (reply.code >= 300) return refuseAll(answered, peer, completed);
    return {
      next: { ...state, opening: answered },
      effects: [{ do: 'write', text: `${transaction.rcpts[0]}\r\n` }],
    };
  }
  const { rcpts } = transaction;
  if (opening.rcptReplies.length < rcpts.length) {
    if (reply.code >= 300 && reply.code < 400) return senseless(state, settings, reply);
    const answered: Opening = { ...opening, rcptReplies: [...opening.rcptReplies, reply] };
    const next: State = { ...state, opening: answered };
    const count = answered.rcptReplies.length;
    if (count < rcpts.length) {
      const write: Effect[] = peer.pipelining ? [] : [{ do: 'write', text: `${rcpts[count]}\r\n` }];
      return { next, effects: write };
    }
    // All RCPT are answered. What comes next was sent already, or is sent now.
    if (transaction.bodyAtOnce || sendsDataAhead(transaction, peer)) return { next, effects: NOTHING };
    if (!isWorthSending(answered)) return refuseAll(answered, peer, completed);
    if (transaction.transfer === 'data') return { next, effects: [{ do: 'write', text: 'DATA\r\n' }] };
    return sendBody(state, answered);
  }
  return transaction.bodyAtOnce ? onBodyAtOnce(state, reply, settings) : onData(state, reply, settings);
}

/** The answer to DATA. */
function onData(state: Of<'opening'>, reply: Reply, settings: MachineSettings): Step {
  const { peer, completed, opening } = state;
  if (reply.code >= 300 && reply.code < 400) {
    if (someoneAccepted(opening)) return sendBody(state, opening);
    // RFC 2920 §3.1: a host that says 354 after refusing everybody gets a lone dot, an empty message to nobody.
    return {
      next: {
        at: 'accepting',
        peer,
        completed,
        opening,
        repliesDue: 1,
        following: undefined,
        quitSent: false,
        decided: refusalOfAll(opening),
      },
      effects: [{ do: 'write', text: '.\r\n' }],
    };
  }
  if (!someoneAccepted(opening)) return refuseAll(opening, peer, completed);
  if (reply.code < 300) return senseless(state, settings, reply);
  const report = ended(opening, { kind: 'replied', stage: 'data', reply });
  return reset(peer, completed, 0, [{ do: 'report', result: report }]);
}

/** The answer to the only BDAT, which went out together with MAIL and RCPT. */
function onBodyAtOnce(state: Of<'opening'>, reply: Reply, settings: MachineSettings): Step {
  const { peer, completed, opening } = state;
  if (!someoneAccepted(opening)) return refuseAll(opening, peer, completed);
  if (reply.code >= 300 && reply.code < 400) return senseless(state, settings, reply);
  const result = ended(opening, { kind: 'replied', stage: 'end-of-data', reply });
  const report: Effect = { do: 'report', result };
  // RFC 3030 §2: after a refused BDAT the transaction is still open for the host; RSET ends it.
  if (reply.code >= 400) return reset(peer, completed, 0, [report]);
  return { next: { at: 'ready', peer, completed: completed + 1 }, effects: [report, READY] };
}

function sendBody(state: Of<'opening'>, opening: Opening): Step {
  const { peer, completed } = state;
  return {
    next: { at: 'body', peer, completed, opening, chunkRepliesDue: 0 },
    effects: [{ do: 'send-body', transaction: opening.transaction }],
  };
}

function onReplyInBody(state: Of<'body'>, reply: Reply, settings: MachineSettings): Step {
  const { peer, completed, opening, chunkRepliesDue } = state;
  if (chunkRepliesDue > 0 && reply.code < 300) {
    return { next: { ...state, chunkRepliesDue: chunkRepliesDue - 1 }, effects: NOTHING };
  }
  if (reply.code < 400) return senseless(state, settings, reply);
  const result = ended(opening, { kind: 'replied', stage: 'data', reply });
  const effects: readonly Effect[] = [{ do: 'stop-body' }, { do: 'report', result }];
  // After a refused BDAT piece the rest stays here; the pieces on the way are still answered.
  if (chunkRepliesDue > 0) return reset(peer, completed, chunkRepliesDue - 1, effects);
  // A host that answers in the middle of DATA cannot be brought back into step.
  return close(rejectedBy(settings, 'data', reply), effects);
}

function bodySent(state: Of<'body'>, following: Transaction | undefined, quit: boolean): Step {
  const { peer, completed, opening, chunkRepliesDue } = state;
  const next: State = {
    at: 'accepting',
    peer,
    completed,
    opening,
    repliesDue: chunkRepliesDue + 1,
    following,
    quitSent: quit,
    decided: undefined,
  };
  if (following !== undefined)
    return { next, effects: [{ do: 'write', text: openingText(following, peer) }] };
  return { next, effects: quit ? [QUIT] : NOTHING };
}

function onFinal(state: Of<'accepting'>, reply: Reply, settings: MachineSettings): Step {
  const { peer, completed, opening, repliesDue, following, quitSent, decided } = state;
  if (reply.code >= 300 && reply.code < 400) return senseless(state, settings, reply);
  if (repliesDue > 1 && reply.code < 300) {
    return { next: { ...state, repliesDue: repliesDue - 1 }, effects: NOTHING };
  }
  const end: TransactionEnd = decided ?? { kind: 'replied', stage: 'end-of-data', reply };
  const report: Effect = { do: 'report', result: ended(opening, end) };
  if (repliesDue > 1) return reset(peer, completed, repliesDue - 1, [report]);
  if (quitSent) return { next: { at: 'quitting' }, effects: [report] };
  if (opening.transaction.transfer === 'bdat' && reply.code >= 400)
    return reset(peer, completed, 0, [report]);
  if (following === undefined) {
    return { next: { at: 'ready', peer, completed: completed + 1 }, effects: [report, READY] };
  }
  return {
    next: {
      at: 'opening',
      peer,
      completed: completed + 1,
      opening: { transaction: following, mailReply: undefined, rcptReplies: [] },
    },
    effects: [report],
  };
}

// How transactions and sessions end.

function someoneAccepted({ mailReply, rcptReplies }: Opening): boolean {
  return (mailReply?.code ?? 500) < 300 && rcptReplies.some((reply) => reply.code < 300);
}

/** Asked after all RCPT, when the body has not been promised yet. */
function isWorthSending(opening: Opening): boolean {
  if (!opening.transaction.allOrNone) return someoneAccepted(opening);
  return someoneAccepted(opening) && opening.rcptReplies.every((reply) => reply.code < 300);
}

function refusalOfAll({ mailReply, rcptReplies }: Opening): TransactionEnd {
  if (mailReply !== undefined && mailReply.code >= 300)
    return { kind: 'replied', stage: 'mail', reply: mailReply };
  const reply = rcptReplies.find((each) => each.code >= 300) ?? rcptReplies.at(-1)!;
  return { kind: 'replied', stage: 'rcpt', reply };
}

function refuseAll(opening: Opening, peer: Peer, completed: number): Step {
  const report: Effect = { do: 'report', result: ended(opening, refusalOfAll(opening)) };
  return reset(peer, completed, 0, [report]);
}

function reset(peer: Peer, completed: number, skip: number, effects: readonly Effect[]): Step {
  return { next: { at: 'resetting', peer, completed: completed + 1, skip }, effects: [...effects, RSET] };
}

function ended(
  { transaction, rcptReplies }: Opening,
  end: TransactionEnd,
): {
  readonly transaction: Transaction;
  readonly rcptReplies: readonly Reply[];
  readonly end: TransactionEnd;
} {
  return { transaction, rcptReplies, end };
}

/** Ends the session because of `problem`; every transaction in it gets its report (M1). */
function breakOff(
  state: Exclude<State, Of<'closed'>>,
  settings: MachineSettings,
  problem: AttemptFailure['problem'],
  text: string,
  reply?: Reply,
): Step {
  const failure = fail(settings, stageOf(state), problem, text, reply);
  const effects: Effect[] = [];
  if (state.at === 'opening') {
    // A kept connection that the host had given up meanwhile says nothing about the message.
    const wasStale =
      state.completed > 0 &&
      state.opening.mailReply === undefined &&
      (problem === 'connection-lost' || reply?.code === 421);
    const end: TransactionEnd = wasStale ? { kind: 'untried' } : { kind: 'broken', failure };
    effects.push({ do: 'report', result: ended(state.opening, end) });
  } else if (state.at === 'body') {
    effects.push(
      { do: 'stop-body' },
      { do: 'report', result: ended(state.opening, { kind: 'broken', failure }) },
    );
  } else if (state.at === 'accepting') {
    const end: TransactionEnd = state.decided ?? { kind: 'broken', failure };
    effects.push({ do: 'report', result: ended(state.opening, end) });
    if (state.following !== undefined) {
      const result = { transaction: state.following, rcptReplies: [], end: { kind: 'untried' } } as const;
      effects.push({ do: 'report', result });
    }
  }
  return close(failure, effects);
}

function abandon(state: Exclude<State, Of<'closed'>>, settings: MachineSettings, reason: string): Step {
  const wasFullySent =
    state.at === 'accepting' || (state.at === 'opening' && state.opening.transaction.bodyAtOnce);
  if (wasFullySent) return breakOff(state, settings, 'connection-lost', reason);
  if (state.at !== 'opening' && state.at !== 'body') {
    return close(isGreeting(state) ? fail(settings, stageOf(state), 'connection-lost', reason) : undefined);
  }
  const result = { ...ended(state.opening, { kind: 'untried' }), rcptReplies: [] };
  return close(undefined, [{ do: 'stop-body' }, { do: 'report', result }]);
}

/** A reply of a class that the command cannot have. */
function senseless(state: Exclude<State, Of<'closed'>>, settings: MachineSettings, reply: Reply): Step {
  const text = `the host’s answer makes no sense here: ${formatReply(reply)}`;
  return breakOff(state, settings, 'protocol-error', text, reply);
}

function refused(settings: MachineSettings, stage: Stage, reply: Reply): Step {
  if (reply.code < 400) {
    const text = `the host’s answer makes no sense here: ${formatReply(reply)}`;
    return close(fail(settings, stage, 'protocol-error', text, reply), [QUIT]);
  }
  return close(rejectedBy(settings, stage, reply), [QUIT]);
}

function rejectedBy(settings: MachineSettings, stage: Stage, reply: Reply): AttemptFailure {
  return fail(settings, stage, 'rejected', `answered ${STAGE_NAME[stage]} with ${formatReply(reply)}`, reply);
}

function fail(
  { host, address }: MachineSettings,
  stage: Stage,
  problem: AttemptFailure['problem'],
  text: string,
  reply?: Reply,
): AttemptFailure {
  const failure = { stage, host, address, problem, text };
  return reply === undefined ? failure : { ...failure, reply };
}

function close(why: AttemptFailure | undefined, effects: readonly Effect[] = NOTHING): Step {
  return { next: { at: 'closed', why }, effects: [...effects, CLOSE] };
}

function isGreeting(state: State): boolean {
  return (['connecting', 'securing', 'greeting', 'hello', 'starttls', 'auth'] as const).some(
    (at) => at === state.at,
  );
}

function expect<A extends State['at']>(state: State, at: A, event: Event): Of<A> {
  if (state.at !== at) throw new Error(`smtp client: ${event.type} in state ${state.at}, expected ${at}`);
  return state as Of<A>;
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64');
}

/** What the peer owes us in a state: the key of time-outs and phrases. */
export type Awaited =
  | 'connection'
  | 'handshake'
  | 'greeting'
  | 'hello'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'block'
  | 'end-of-data'
  | 'reset'
  | 'quit'
  | 'nothing';

export function awaited(state: State): Awaited {
  switch (state.at) {
    case 'connecting':
      return 'connection';
    case 'securing':
      return 'handshake';
    case 'greeting':
    case 'hello':
    case 'starttls':
    case 'auth':
      return state.at;
    case 'opening': {
      const { transaction, mailReply, rcptReplies } = state.opening;
      if (mailReply === undefined) return 'mail';
      if (rcptReplies.length < transaction.rcpts.length) return 'rcpt';
      return transaction.bodyAtOnce ? 'end-of-data' : 'data';
    }
    case 'body':
      return 'block';
    case 'accepting':
      return 'end-of-data';
    case 'resetting':
      return 'reset';
    case 'quitting':
      return 'quit';
    case 'ready':
    case 'closed':
      return 'nothing';
  }
}

function stageOf(state: State): Stage {
  const waiting = awaited(state);
  return STAGE_OF[waiting];
}

const STAGE_OF: Readonly<Record<Awaited, Stage>> = {
  connection: 'connect',
  handshake: 'starttls',
  greeting: 'greeting',
  hello: 'ehlo',
  starttls: 'starttls',
  auth: 'auth',
  mail: 'mail',
  rcpt: 'rcpt',
  data: 'data',
  block: 'data',
  'end-of-data': 'end-of-data',
  reset: 'mail',
  quit: 'quit',
  nothing: 'quit',
};

const STAGE_NAME: Readonly<Record<Stage, string>> = {
  connect: 'the connection',
  greeting: 'the connection',
  ehlo: 'EHLO and HELO',
  starttls: 'STARTTLS',
  auth: 'AUTH',
  mail: 'MAIL',
  rcpt: 'RCPT',
  data: 'DATA',
  'end-of-data': 'the end of data',
  quit: 'QUIT',
};

const EXPECTATION: Readonly<Record<Awaited, string>> = {
  connection: 'the connection',
  handshake: 'the TLS handshake',
  greeting: 'the greeting',
  hello: 'the answer to EHLO',
  starttls: 'the answer to STARTTLS',
  auth: 'the answer to AUTH',
  mail: 'the answer to MAIL',
  rcpt: 'the answer to RCPT',
  data: 'the answer to DATA',
  block: 'the host to take the message',
  'end-of-data': 'the answer to the end of data',
  reset: 'the answer to RSET',
  quit: 'the answer to QUIT',
  nothing: 'nothing',
};

const PATIENCE: Readonly<Record<Awaited, string>> = {
  connection: 'no connection',
  handshake: 'no TLS handshake',
  greeting: 'no greeting',
  hello: 'no answer to EHLO',
  starttls: 'no answer to STARTTLS',
  auth: 'no answer to AUTH',
  mail: 'no answer to MAIL',
  rcpt: 'no answer to RCPT',
  data: 'no answer to DATA',
  block: 'the host took no more of the message',
  'end-of-data': 'no answer to the end of data',
  reset: 'no answer to RSET',
  quit: 'no answer to QUIT',
  nothing: 'nothing',
};

/** `5 min`, `30 s`, `200 ms`. */
export function duration(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms >= 1000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms)} ms`;
}
