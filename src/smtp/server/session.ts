/**
 * One session on its connection: feeds the pure step with what arrives and does what it asks for.
 * Owns: the order of input and answers, counters, the deadline.
 * Leaves: the socket (connection.ts), meaning (step.ts, commands/), decisions (SessionPolicy), storage (MessageSink), admission and
 * ticks (server.ts).
 * Fails: a defect of ours, or of policy or sink, answers 421 with the session id, is logged, and ends this session alone.
 *
 * A pipelined group is read in one pass and answered in one write. While an answer is awaited nothing is read from the
 * wire; when more than HELD_BYTES wait there, the socket is paused. A client that leaves after the end of data and before
 * our reply does not undo its message: it was committed, and the client will send it again (RFC 5321 §4.2.5, RFC 1047).
 */
import type { Socket } from 'node:net';
import type { LogFields, LogLevel } from '../../base/index.ts';
import { formatMailbox, formatPath, type Reply } from '../../envelope/index.ts';
import { replies } from '../protocol/catalogue.ts';
import { readCommandLine } from '../protocol/command-line.ts';
import { ChunkReader, DataReader } from '../protocol/data-reader.ts';
import { printReply } from '../protocol/reply-writer.ts';
import { Wire } from '../protocol/wire.ts';
import type { TlsContexts } from './certificates.ts';
import type { CommandContext } from './command.ts';
import { Connection } from './connection.ts';
import type {
  Authenticator,
  ClientFacts,
  ClientGrants,
  EndReply,
  Identity,
  MessageSink,
  SessionPolicy,
  SessionTls,
  Soon,
} from './contract.ts';
import type { ProtocolLog, SessionTrace } from './observe.ts';
import { Reception } from './reception.ts';
import { Recorder } from './recorder.ts';
import type { Binding, ServerSettings } from './settings.ts';
import {
  closeWith,
  type Effect,
  type Event,
  type Peer,
  peerOf,
  type Resting,
  type State,
  type Step,
  type Transaction,
  transactionOf,
} from './state.ts';
import { step, stepCommand, stepFault } from './step.ts';
import { HELP_VERBS, keywordsFor } from './table.ts';

/** What may wait unread while an answer is awaited, before the socket is paused. */
const HELD_BYTES = 64 * 1024;
/** Replies may pile up to this before they must be taken by the client. */
const UNSENT_BYTES = 64 * 1024;
/** RFC 4954 §4.5: base64 of up to 12,288 octets. */
const MAX_AUTH_LINE = 16_384;
/** How long a closed session waits for the client to close its side. */
const LINGER_MS = 10_000;

/** What a session needs of its server. */
export interface SessionHost {
  readonly policy: SessionPolicy;
  readonly sink: MessageSink;
  readonly authenticator: Authenticator;
  readonly tls: TlsContexts;
  readonly protocolLog: ProtocolLog | undefined;
  readonly trace: SessionTrace;
  readonly counters: SessionCounters;
  /** EHLO keywords by grants; a reload of policy, settings or users makes new grants. */
  readonly keywordCache: WeakMap<ClientGrants, Map<string, readonly string[]>>;
  /** Monotonic milliseconds of the last tick; exact to a second. */
  readonly coarseNowMs: number;
  /** Exact monotonic milliseconds, for durations in logs. */
  exactNowMs(): number;
  bannerDate(): string;
  log(level: LogLevel, event: string, fields: LogFields): void;
  /** The session is over; called once. */
  ended(session: ServerSession): void;
}

/** Sums over all sessions of one server. */
export type SessionCounters = {
  messagesAccepted: number;
  messagesRefused: number;
  bytesReceived: number;
  recipientsRefused: number;
  authSucceeded: number;
  authFailed: number;
};

const GRANTS_BEFORE_CONNECT: ClientGrants = {
  lineEnds: 'refuse',
  mayAuthInClear: false,
  mayBeAnonymous: false,
  maxMessageBytes: 1,
  maxRecipients: 1,
};

export class ServerSession implements CommandContext {
  readonly id: string;
  readonly server: string;
  readonly client: ClientFacts;
  readonly settings: ServerSettings;
  readonly authenticator: Authenticator;
  readonly helpVerbs = HELP_VERBS;
  readonly tally = { messages: 0, bytes: 0 };
  grants: ClientGrants = GRANTS_BEFORE_CONNECT;
  tls: SessionTls | undefined;
  /** Monotonic milliseconds at which `expire` is due. */
  deadlineAtMs: number;

  readonly #host: SessionHost;
  readonly #binding: Binding;
  readonly #wire = new Wire();
  readonly #connection: Connection;
  #state: State = { at: 'connecting' };
  /** The peer of the state; a closed session still tells the log who it was. */
  #peer: Peer | undefined;
  #isRunning = false;
  /** The sink must take content before more is read. */
  #isSinkBusy = false;
  #hasInputEnded = false;
  /** The session ends while the client is still sending, or may be. */
  #hasMoreToRead = true;
  #isStopping = false;
  #errors = 0;
  #idleCommands = 0;

  #reception: Reception | undefined;
  #chunkLeft = 0;
  #messageDeadlineMs = 0;
  readonly #record: Recorder;

  constructor(
    host: SessionHost,
    socket: Socket,
    facts: { id: string; client: ClientFacts; settings: ServerSettings; binding: Binding },
  ) {
    this.#host = host;
    this.id = facts.id;
    this.client = facts.client;
    this.settings = facts.settings;
    this.server = facts.settings.name;
    this.#binding = facts.binding;
    this.authenticator = host.authenticator;
    this.#record = new Recorder(this, host);
    this.deadlineAtMs = host.coarseNowMs + facts.settings.limits.commandTimeoutMs;
    this.#connection = new Connection(socket, {
      bytes: (chunk) => this.#onBytes(chunk),
      inputEnded: () => {
        this.#hasInputEnded = true;
        this.#run();
      },
      drained: () => this.#run(),
      // The client's own doing, mostly.
      failed: ({ message }) =>
        this.#log('debug', 'smtp.connection-error', { at: this.#state.at, error: message }),
      closed: () => this.#onClosed(),
    });
    try {
      this.#connect();
    } catch (defect) {
      this.#fail(defect);
    }
    this.#connection.flush();
  }

  // ── CommandContext and SessionFacts ─────────────────────────────────────────────────────────────────────────────

  get session(): this {
    return this;
  }

  get heloName(): string {
    return this.#peer?.heloName ?? '';
  }

  get isExtended(): boolean {
    return this.#peer?.isExtended ?? false;
  }

  get identity(): Identity | undefined {
    return this.#peer?.identity ?? this.grants.identity;
  }

  get offersEtrn(): boolean {
    return this.#host.policy.offersEtrn;
  }

  get offersStartTls(): boolean {
    return this.#binding.tls === 'starttls' && this.tls === undefined && this.#host.tls.isAvailable;
  }

  get at(): State['at'] {
    return this.#state.at;
  }

  /** Made once for all clients with the same grants in the same situation. */
  keywords(): readonly string[] {
    const { keywordCache } = this.#host;
    let cached = keywordCache.get(this.grants);
    if (cached === undefined) keywordCache.set(this.grants, (cached = new Map()));
    const situation = `${this.tls === undefined ? '' : 'tls'} ${this.offersStartTls ? 'starttls' : ''}`;
    let keywords = cached.get(situation);
    if (keywords === undefined) cached.set(situation, (keywords = keywordsFor(this)));
    return keywords;
  }

  bannerDate(): string {
    return this.#host.bannerDate();
  }

  channelBinding(type: 'tls-exporter' | 'tls-server-end-point'): Buffer | undefined {
    return this.#connection.channelBinding(type);
  }

  // ── begin and end ───────────────────────────────────────────────────────────────────────────────────────────────

  #connect(): void {
    this.#record.note('connected');
    this.#await(this.#host.policy.connect(this.client), (verdict) => {
      if (verdict.admitted) this.grants = verdict.grants;
      else this.#log('info', 'smtp.connection-refused', { reason: verdict.reply.lines[0] });
      if (verdict.admitted && this.#binding.tls === 'implicit') {
        this.#secure(() => this.#dispatch({ kind: 'connected', verdict }));
        return;
      }
      this.#dispatch({ kind: 'connected', verdict });
    });
  }

  /** The tick found the deadline passed. */
  expire(): void {
    if (this.#connection.isOver) return;
    const { at } = this.#state;
    if (at === 'closed' || at === 'securing' || at === 'connecting') {
      this.#connection.destroy();
      return;
    }
    this.#log('info', 'smtp.session-timeout', { at });
    this.#perform(closeWith(replies.idleTimeout(this.settings.fqdn)));
    this.#connection.flush();
  }

  /** The server stops: an idle session ends now, one in a transaction when that is done. */
  stop(): void {
    this.#isStopping = true;
    if (this.#isRunning) return;
    this.#perform({ next: this.#state });
    this.#connection.flush();
  }

  /** Ends the session at once, whatever it does. A message whose commit runs is kept. */
  destroy(): void {
    this.#connection.destroy();
  }

  #onClosed(): void {
    const wasAt = this.#state.at;
    this.#enter({ at: 'closed' });
    if (wasAt !== 'closed') this.#record.note(`connection lost in state ${wasAt}`);
    else this.#record.note('closed');
    this.#host.ended(this);
  }

  // ── input ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #onBytes(chunk: Buffer): void {
    if (this.#state.at === 'closed') return;
    this.#wire.push(chunk);
    this.#run();
    this.#wire.keep();
  }

  get #isBlocked(): boolean {
    return this.#connection.isUnsent || this.#isSinkBusy;
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (!this.#isBlocked && this.#connection.unwritten < UNSENT_BYTES && this.#advance());
    } catch (defect) {
      this.#fail(defect);
    }
    this.#isRunning = false;
    const hasMore = this.#connection.unwritten >= UNSENT_BYTES;
    this.#connection.flush();
    if (hasMore && !this.#isBlocked) setImmediate(() => this.#run());
    else if (this.#hasInputEnded && !this.#isBlocked && this.#isAtRest()) this.#close();
    this.#balanceReading();
  }

  #isAtRest(): boolean {
    const { at } = this.#state;
    return (
      at !== 'committing' && at !== 'judging' && at !== 'verifying' && at !== 'connecting' && at !== 'closed'
    );
  }

  /** Uses one line or one piece of content; false when bytes or an answer must come first. */
  #advance(): boolean {
    const state = this.#state;
    switch (state.at) {
      case 'greeted':
      case 'ready':
      case 'transaction':
      case 'chunking':
        return this.#readCommand(state);
      case 'data':
        return this.#readContent();
      case 'chunk':
        return this.#readChunk(state);
      case 'authenticating':
        return this.#readAuthLine();
      default:
        return false;
    }
  }

  #readCommand(state: Resting): boolean {
    const wire = this.#wire;
    // Of all verbs AUTH alone has long lines, and only AUTH and ATRN begin with an A.
    const mayBeAuth = (wire.firstByte | 0x20) === 0x61;
    const read = wire.readLine(
      mayBeAuth ? MAX_AUTH_LINE : this.settings.limits.maxLineOctets,
      this.grants.lineEnds,
    );
    if (read === 'none') return false;
    this.#wait(this.settings.limits.commandTimeoutMs);
    this.#idleCommands += 1;
    if (read === 'line') {
      const line = readCommandLine(wire.bytes, wire.lineStart, wire.lineEnd);
      const { bytes, lineStart, lineEnd } = wire;
      this.#record.command(typeof line === 'string' ? undefined : line, lineEnd - lineStart + 2, () =>
        bytes.toString('utf8', lineStart, lineEnd),
      );
      if (typeof line === 'string')
        this.#perform(this.#isHttp() ? closeWith(replies.unrecognized) : stepFault(state, line));
      else {
        if (line.verb === 'QUIT') this.#hasMoreToRead = false;
        this.#perform(stepCommand(state, line, wire.held === 0, this));
      }
    } else {
      this.#record.noCommand();
      this.#perform(
        read === 'too-long' ? { next: state, reply: replies.lineTooLong } : closeWith(replies.bareLineEnd),
      );
    }
    const { maxIdleCommands } = this.settings.limits;
    if (maxIdleCommands > 0 && this.#idleCommands > maxIdleCommands && this.#state.at !== 'closed')
      this.#perform(closeWith(replies.tooManyCommands));
    return true;
  }

  /** A browser was made to speak to us; its next lines are somebody else's words. */
  #isHttp(): boolean {
    const { bytes, lineStart, lineEnd } = this.#wire;
    return / HTTP\/[0-9.]+$/.test(bytes.toString('latin1', lineStart, lineEnd));
  }

  #readAuthLine(): boolean {
    const wire = this.#wire;
    const read = wire.readLine(MAX_AUTH_LINE, this.grants.lineEnds);
    if (read === 'none') return false;
    this.#wait(this.settings.limits.commandTimeoutMs);
    this.#record.secret();
    if (read === 'bare-line-end') this.#perform(closeWith(replies.bareLineEnd));
    // RFC 4954 §4: a line too long is answered 500 and cancels the exchange.
    else if (read === 'too-long') this.#perform({ next: this.#restAfterAuth(), reply: replies.lineTooLong });
    else if (wire.held > 0) this.#perform(closeWith(replies.pipelined('an authentication response')));
    else
      this.#dispatch({
        kind: 'auth-line',
        text: wire.bytes.toString('latin1', wire.lineStart, wire.lineEnd),
      });
    return true;
  }

  #restAfterAuth(): State {
    return { at: 'ready', peer: peerOf(this.#state)! };
  }

  #readContent(): boolean {
    if (this.#wire.held === 0) return false;
    const chunk = this.#wire.take(Number.MAX_SAFE_INTEGER);
    const reception = this.#reception!;
    const progress = reception.readData(chunk);
    if (reception.used < chunk.length) this.#wire.push(chunk.subarray(reception.used));
    this.#countContent(reception.used, reception);
    if (this.#state.at !== 'data') return true;
    if (progress === 'more') {
      this.#waitForContent();
      return false;
    }
    this.#wait(this.settings.limits.commandTimeoutMs);
    if (progress === 'lenient-end') this.#perform(closeWith(replies.bareLineEndInMessage));
    else this.#dispatch({ kind: 'content-ended', problem: reception.problem });
    return true;
  }

  #readChunk(state: Extract<State, { at: 'chunk' }>): boolean {
    const { chunk } = state;
    const reception = chunk.use === 'content' ? this.#reception! : undefined;
    if (this.#chunkLeft > 0) {
      const bytes = this.#wire.take(this.#chunkLeft);
      if (bytes.length === 0) return false;
      this.#chunkLeft -= bytes.length;
      reception?.readChunk(bytes);
      this.#countContent(bytes.length, reception);
      if (this.#state !== state) return true;
      if (this.#chunkLeft > 0) {
        this.#waitForContent();
        return false;
      }
    }
    if (chunk.use === 'content' && chunk.isLast) reception?.finishChunks();
    this.#wait(this.settings.limits.commandTimeoutMs);
    this.#dispatch({ kind: 'chunk-ended', problem: reception?.problem });
    return true;
  }

  readonly #onSinkBusy = (until: Promise<void>): void => {
    this.#isSinkBusy = true;
    until.then(() => {
      this.#isSinkBusy = false;
      this.#run();
    });
  };

  #countContent(octets: number, reception: Reception | undefined): void {
    this.tally.bytes += octets;
    this.#host.counters.bytesReceived += octets;
    const { maxSessionBytes } = this.settings.limits;
    if (maxSessionBytes > 0 && this.tally.bytes > maxSessionBytes) {
      this.#perform(closeWith(replies.sessionSizeExceeded));
      return;
    }
    // A refused message is swallowed to its end, so that the client can read our reply; but not without end.
    const most = this.grants.maxMessageBytes;
    if (reception?.problem !== undefined && most > 0 && reception.octets > 2 * most + HELD_BYTES)
      this.#perform(closeWith(replies.tooBig));
  }

  // ── steps and effects ───────────────────────────────────────────────────────────────────────────────────────────

  #dispatch(event: Event): void {
    this.#perform(step(this.#state, event, this));
  }

  /** An answer came later: the session goes on with what has arrived meanwhile. */
  #resume(act: () => void): void {
    if (this.#state.at === 'closed') return;
    this.#isRunning = true;
    try {
      this.#wait(this.settings.limits.commandTimeoutMs);
      act();
    } catch (defect) {
      this.#fail(defect);
    }
    this.#isRunning = false;
    this.#run();
  }

  #await<T>(answer: Soon<T>, use: (answer: T) => void): void {
    if (!(answer instanceof Promise)) {
      use(answer);
      return;
    }
    if (this.#state.at !== 'connecting') this.deadlineAtMs = Number.POSITIVE_INFINITY;
    answer.then(
      (value) => this.#resume(() => use(value)),
      (defect) =>
        this.#resume(() => {
          throw defect;
        }),
    );
  }

  #perform(taken: Step): void {
    this.#enter(taken.next);
    if (taken.reply !== undefined) this.#say(taken.reply);
    if (taken.effect !== undefined) this.#do(taken.effect);
    const { at } = this.#state;
    if (this.#isStopping && (at === 'ready' || at === 'greeted' || at === 'authenticating'))
      this.#perform(closeWith(replies.shuttingDown(this.settings.fqdn)));
  }

  /** The only writer of the state. What was received of a transaction that is left goes with it (S1). */
  #enter(next: State): void {
    if (this.#reception !== undefined && transactionOf(next) !== this.#reception.tx) {
      this.#reception.abort();
      this.#reception = undefined;
    }
    if (next.at === 'chunk' && this.#state !== next) this.#chunkLeft = next.octets;
    if (next.at !== 'closed') this.#peer = peerOf(next);
    this.#state = next;
  }

  #do(effect: Effect): void {
    switch (effect.do) {
      case 'judge': {
        const { asked } = effect;
        const { policy } = this.#host;
        this.#await(
          asked.about === 'sender'
            ? policy.mail(this, asked.tx.reversePath, asked.tx.parameters)
            : asked.about === 'recipient'
              ? policy.rcpt(this, asked.tx.reversePath, asked.recipient.forwardPath)
              : policy.etrn(this, asked.node),
          (refusal) => {
            if (asked.about === 'recipient') {
              if (refusal === undefined) this.#idleCommands = 0;
              else this.#recipientRefused(asked.tx, formatMailbox(asked.recipient.forwardPath), refusal);
            }
            this.#dispatch({ kind: 'judged', refusal });
          },
        );
        return;
      }
      case 'authenticate':
        this.#await(effect.exchange.answer(effect.response), (given) => {
          if (given.kind === 'accepted') this.#host.counters.authSucceeded += 1;
          else if (given.kind === 'rejected') this.#host.counters.authFailed += 1;
          this.#dispatch({ kind: 'auth-answered', step: given });
        });
        return;
      case 'receive':
        this.#beginContent(effect.tx);
        return;
      case 'commit':
        this.#commit();
        return;
      case 'start-tls':
        this.#connection.flush();
        this.#secure(() => {
          const { tls } = this;
          if (tls !== undefined) this.#dispatch({ kind: 'secured', tls });
        });
        return;
      case 'close':
        this.#close();
    }
  }

  #beginContent(tx: Transaction): void {
    const { reversePath, parameters, recipients } = tx;
    const { lineEnds, maxMessageBytes: maxBytes } = this.grants;
    this.tally.messages += 1;
    const reader =
      this.#state.at === 'data'
        ? new DataReader(lineEnds)
        : parameters.body === 'binarymime'
          ? undefined
          : new ChunkReader(lineEnds);
    const { messageTimeoutMs } = this.settings.limits;
    this.#messageDeadlineMs = messageTimeoutMs === 0 ? Infinity : this.#host.coarseNowMs + messageTimeoutMs;
    const receiver = this.#host.sink.begin({ session: this, reversePath, parameters, recipients });
    this.#reception = new Reception({ tx, receiver, reader, maxBytes, onBusy: this.#onSinkBusy });
    this.#waitForContent();
  }

  #commit(): void {
    const reception = this.#reception!;
    const { contentBytes, octets } = reception;
    this.#reception = undefined;
    this.deadlineAtMs = Number.POSITIVE_INFINITY;
    reception.end().then(
      (end) => {
        this.#countMessage(end, contentBytes);
        this.#resume(() => {
          if (end.reply.code < 400) this.#idleCommands = 0;
          this.#record.message(end, octets);
          this.#dispatch({ kind: 'committed', end });
        });
      },
      (defect) =>
        this.#resume(() => {
          throw defect;
        }),
    );
  }

  #countMessage({ reply, queueId }: EndReply, bytes: number): void {
    const { counters } = this.#host;
    if (reply.code >= 400) counters.messagesRefused += 1;
    else counters.messagesAccepted += 1;
    // The message is safe; the client will not know and sends it again.
    if (this.#state.at === 'closed' && queueId !== undefined)
      this.#log('warn', 'smtp.reply-undelivered', { messageId: queueId, bytes });
  }

  /** Hands the connection to TLS; everything known of the client before is forgotten (S3). */
  #secure(then: () => void): void {
    const version = this.#binding.minTlsVersion ?? this.settings.tls.minVersion;
    const options = this.#host.tls.optionsFor(version);
    this.#wire.clear();
    this.#wait(this.settings.limits.handshakeTimeoutMs);
    if (options === undefined) {
      this.#log('error', 'smtp.tls-unavailable', {});
      this.#connection.destroy();
      return;
    }
    this.#connection.secure(options, {
      secured: (tls) => {
        this.tls = tls;
        this.#record.note(`${tls.protocol} ${tls.cipher}`);
        this.#resume(then);
      },
      refused: ({ message }) => this.#log('info', 'smtp.tls-failed', { at: this.#state.at, error: message }),
    });
  }

  // ── output ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #say(reply: Reply): void {
    const text = printReply(reply);
    this.#connection.say(text);
    this.#record.reply(reply, text);
    if (reply.code < 400) return;
    this.#errors += 1;
    const { maxErrors } = this.settings.limits;
    if (maxErrors > 0 && this.#errors > maxErrors && this.#state.at !== 'closed')
      this.#perform(closeWith(replies.tooManyErrors));
  }

  #close(): void {
    const isDone = this.#wire.held === 0 && !this.#hasMoreToRead;
    this.#enter({ at: 'closed' });
    this.#wire.clear();
    if (!this.#connection.close(isDone)) this.#wait(LINGER_MS);
  }

  #fail(defect: unknown): void {
    const error = defect instanceof Error ? (defect.stack ?? defect.message) : String(defect);
    this.#log('error', 'smtp.session-failed', { at: this.#state.at, error });
    if (this.#state.at === 'closed') return;
    this.#enter({ at: 'closed' });
    this.#connection.say(printReply(replies.internalClose(this.id)));
    this.#close();
  }

  /** Stops reading from the socket when enough is held, and goes on when there is room. */
  #balanceReading(): void {
    this.#connection.pause(this.#state.at !== 'closed' && (this.#isBlocked || this.#wire.held > HELD_BYTES));
  }

  // ── time and records ────────────────────────────────────────────────────────────────────────────────────────────

  #wait(timeoutMs: number): void {
    this.deadlineAtMs = this.#host.coarseNowMs + timeoutMs;
  }

  #waitForContent(): void {
    this.#wait(this.settings.limits.dataTimeoutMs);
    if (this.deadlineAtMs > this.#messageDeadlineMs) this.deadlineAtMs = this.#messageDeadlineMs;
  }

  #recipientRefused(tx: Transaction, forwardPath: string, refusal: Reply): void {
    this.#host.counters.recipientsRefused += 1;
    this.#log('info', 'smtp.recipient-refused', {
      reversePath: formatPath(tx.reversePath),
      forwardPath,
      reply: `${refusal.code} ${refusal.status ?? ''}`.trim(),
    });
  }

  #log(level: LogLevel, event: string, fields: LogFields): void {
    this.#host.log(level, event, { ...fields, sessionId: this.id, client: this.client.address });
  }
}
