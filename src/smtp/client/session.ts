/**
 * The client session: a socket that feeds the machine and does what it says.
 * Owns: connecting, TLS, reading, one write per turn, bodies with back-pressure, deadlines.
 * Leaves: order of commands (machine), choice of host and message (delivery).
 * Fails: never throws at its owner; every end is `onClosed`, every transaction ends in `onResult`.
 * Sources: RFC 5321 §4.5.3.2; RFC 3207 §4.1, §4.2; RFC 8314 §3; RFC 8996.
 *
 * Cost: a small message is one write and one read. Replies that come together are taken in one turn, and all that the turn
 * wants to say leaves in one buffer, which is reused as soon as the kernel has copied it.
 */
import { randomBytes } from 'node:crypto';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { type Clock, systemErrorCode } from '../../base/index.ts';
import { formatReply } from '../../envelope/index.ts';
import {
  codeWhole,
  DotDoubler,
  END_OF_DATA,
  endsInCrlf,
  LineCoder,
  needsNoDots,
} from '../protocol/dot-coding.ts';
import { ReplyReader } from '../protocol/reply-parser.ts';
import type { AttemptFailure } from './contract.ts';
import { DeadlineWatch, type Waiter } from './deadlines.ts';
import { awaited, step } from './machine.ts';
import type { Peer, TlsFacts } from './peer.ts';
import type { ClientCredentials } from './sasl.ts';
import { type Event, type MachineSettings, START, type State, type Timeouts } from './state.ts';
import type { Transaction, TransactionResult } from './transaction.ts';

/** Where to connect, and how. */
export type SessionTarget = {
  /** For TLS, logs and reports. */
  readonly host: string;
  /** An IP address, or a name that the system resolves. */
  readonly address: string;
  readonly port: number;
  readonly tls: 'none' | 'opportunistic' | 'required' | 'implicit';
  readonly verifyCertificate: boolean;
  readonly greetWithHelo: boolean;
  readonly credentials?: ClientCredentials;
};

export type SessionSettings = {
  readonly heloName: string;
  /** The virtual server that sends, for those who watch. */
  readonly server?: string;
  readonly timeouts: Timeouts;
  /** Local address to connect from. */
  readonly localAddress?: string;
};

/** Hears what happens in sessions. One object may serve any number of them. Calls never come inside a call to a session
 * other than `begin`, and never after `onClosed`. */
export interface SessionOwner {
  /** The session can take a transaction: answer with `begin`, now or later. */
  onReady(session: ClientSession): void;
  onResult(session: ClientSession, result: TransactionResult): void;
  /**
   * The end of a body is about to be written. A transaction returned here follows in the same write, `quit` ends the session
   * after this one. Asked only when the host allows it.
   */
  nextAfter(session: ClientSession): Transaction | 'quit' | undefined;
  onClosed(session: ClientSession, why: AttemptFailure | undefined): void;
  /** A defect of ours, in the session or in one of the calls above, ended the session; no further call comes. */
  onDefect(session: ClientSession, defect: unknown): void;
}

/**
 * Watches the dialogue of sessions: protocol log, live trace. Passwords and challenges never come here: AUTH lines are told
 * as `****`. Bodies are told as a note of their length.
 */
export interface SessionObserver {
  /** False: nobody watches, and no line needs to be made. */
  readonly isWatched: boolean;
  line(session: ClientSession, direction: 'command' | 'reply' | 'note', text: string): void;
}

/** What sessions share: clock, timer, TLS settings, the output buffer. */
export class SessionMaker {
  readonly clock: Clock;
  readonly watch: DeadlineWatch;
  readonly output = new OutputBuffer();
  #secureContext: tls.SecureContext | undefined;
  readonly #certificateAuthorities: string | readonly string[] | undefined;

  readonly observer: SessionObserver | undefined;
  #opened = 0;

  /** `certificateAuthorities`: PEM texts to trust instead of the platform's. */
  constructor(options: {
    readonly clock: Clock;
    readonly certificateAuthorities?: string | readonly string[];
    readonly observer?: SessionObserver;
  }) {
    this.clock = options.clock;
    this.observer = options.observer;
    this.watch = new DeadlineWatch(options.clock);
    this.#certificateAuthorities = options.certificateAuthorities;
  }

  open(target: SessionTarget, settings: SessionSettings, owner: SessionOwner): ClientSession {
    this.#opened += 1;
    return new ClientSession(this, this.#opened, target, settings, owner);
  }

  /** Made once: reading the root certificates takes longer than a whole session. */
  get secureContext(): tls.SecureContext {
    const authorities = this.#certificateAuthorities;
    this.#secureContext ??= tls.createSecureContext({
      // RFC 8996: TLS before 1.2 is no protection.
      minVersion: 'TLSv1.2',
      ...(authorities === undefined
        ? {}
        : { ca: typeof authorities === 'string' ? authorities : [...authorities] }),
    });
    return this.#secureContext;
  }
}

/** Room for one turn's output. Taken back by the next turn when the kernel has copied everything, else left behind. */
class OutputBuffer {
  #bytes = Buffer.allocUnsafeSlow(32 * 1024);

  /** At least `length` bytes; valid until the next call. */
  take(length: number): Buffer {
    return length <= this.#bytes.length ? this.#bytes : Buffer.allocUnsafe(length);
  }

  /** The bytes of the last `take` are still needed by a socket. */
  leave(): void {
    this.#bytes = Buffer.allocUnsafeSlow(32 * 1024);
  }
}

/** Replies are short; a bigger read only means a second call. */
const READ_BUFFER_BYTES = 4096;
/** Bodies up to this size are copied into the turn's single write. */
const ONE_WRITE_MAX_BYTES = 256 * 1024;

type Piece = string | Uint8Array;

export class ClientSession implements Waiter {
  /** For the owner's own bookkeeping. */
  slot: unknown;
  deadlineAt = Number.POSITIVE_INFINITY;
  readonly target: SessionTarget;
  /** Unique among the sessions of one maker. */
  readonly number: number;
  readonly server: string;
  readonly #maker: SessionMaker;
  readonly #machine: MachineSettings;
  readonly #timeouts: Timeouts;
  readonly #owner: SessionOwner;
  #state: State = START;
  #socket: net.Socket;
  #reader: ReplyReader;
  /** Texts and bodies of the running turn. */
  #out: Piece[] = [];
  #turns = 0;
  #waitedMs = 0;
  #body: BodyStream | undefined;
  #isSocketDone = false;

  constructor(
    maker: SessionMaker,
    number: number,
    target: SessionTarget,
    settings: SessionSettings,
    owner: SessionOwner,
  ) {
    this.#maker = maker;
    this.number = number;
    this.target = target;
    this.server = settings.server ?? '';
    this.#owner = owner;
    this.#timeouts = settings.timeouts;
    this.#machine = {
      host: target.host,
      address: target.address,
      heloName: settings.heloName,
      greetWithHelo: target.greetWithHelo,
      tls: target.tls,
      ...(target.credentials === undefined ? {} : { credentials: target.credentials }),
      // Drawn when asked for: most sessions do not authenticate.
      get fresh() {
        return { nonce: randomBytes(18).toString('base64'), nowMs: maker.clock.now() };
      },
    };
    this.#reader = this.#newReader();
    maker.watch.add(this);
    this.#socket = this.#connect(settings.localAddress);
    this.#armDeadline();
  }

  /** What the host offers; undefined before the session is ready. */
  get peer(): Peer | undefined {
    return 'peer' in this.#state ? this.#state.peer : undefined;
  }

  get at(): State['at'] {
    return this.#state.at;
  }

  /** Transactions that ended in this session. */
  get completed(): number {
    return 'completed' in this.#state ? this.#state.completed : 0;
  }

  /** Sends a transaction. Only when ready. */
  begin(transaction: Transaction): void {
    this.#turn({ type: 'begin', transaction });
  }

  /** Ends an idle session in order. */
  quit(): void {
    this.#turn({ type: 'quit' });
  }

  /** Ends the session now. */
  abandon(reason: string): void {
    this.#turn({ type: 'abandon', reason });
  }

  onDeadline(): void {
    this.#turn({ type: 'timeout', waitedMs: this.#waitedMs });
  }

  // Turns: one event from outside, all steps it leads to, one write, one deadline.

  #turn(event: Event): void {
    if (this.#turns > 0) {
      this.#step(event);
      return;
    }
    this.#turns = 1;
    try {
      this.#step(event);
      this.#finishTurn();
    } catch (defect) {
      this.#breakDown(defect);
    }
    this.#turns = 0;
  }

  #finishTurn(): void {
    if (this.#out.length > 0) this.#flush();
    this.#armDeadline();
  }

  /** A defect ends this session, never the process. */
  #breakDown(defect: unknown): void {
    const wasClosed = this.#state.at === 'closed';
    this.#state = { at: 'closed', why: undefined };
    this.#out = [];
    this.#dispose();
    if (!wasClosed) this.#owner.onDefect(this, defect);
  }

  #step(event: Event): void {
    const { next, effects } = step(this.#state, event, this.#machine);
    this.#state = next;
    for (const effect of effects) {
      switch (effect.do) {
        case 'write':
          this.#out.push(effect.text);
          if (this.#maker.observer?.isWatched === true) this.#tellWritten(effect.text);
          break;
        case 'report':
          this.#owner.onResult(this, effect.result);
          break;
        case 'ready':
          // An owner that was told of a result may have begun the next one already.
          if (this.#state.at === 'ready') this.#owner.onReady(this);
          break;
        case 'send-body':
          this.#sendBody(effect.transaction);
          break;
        case 'stop-body':
          this.#body?.stop();
          this.#body = undefined;
          break;
        case 'secure':
          this.#secure();
          break;
        case 'close':
          this.#close();
          break;
      }
    }
  }

  #tell(direction: 'command' | 'reply' | 'note', text: string): void {
    const { observer } = this.#maker;
    if (observer?.isWatched === true) observer.line(this, direction, text);
  }

  #tellWritten(text: string): void {
    for (const line of text.split('\r\n').slice(0, -1)) {
      // In this state everything but the mechanism's name may be a secret.
      const isSecret = this.#state.at === 'auth';
      this.#tell('command', isSecret ? line.replace(/^(AUTH \S+ )?(?!AUTH \S+$).+$/, '$1****') : line);
    }
  }

  #armDeadline(): void {
    const timeouts = this.#timeouts;
    let afterMs: number;
    switch (awaited(this.#state)) {
      case 'connection':
        afterMs = timeouts.connectMs;
        break;
      case 'greeting':
        afterMs = timeouts.greetingMs;
        break;
      case 'mail':
        afterMs = timeouts.mailMs;
        break;
      case 'rcpt':
        afterMs = timeouts.rcptMs;
        break;
      case 'data':
        afterMs = timeouts.dataMs;
        break;
      case 'block':
        afterMs = timeouts.blockMs;
        break;
      case 'end-of-data':
        afterMs = timeouts.endOfDataMs;
        break;
      case 'quit':
        afterMs = timeouts.quitMs;
        break;
      case 'nothing':
        this.deadlineAt = Number.POSITIVE_INFINITY;
        return;
      default:
        afterMs = timeouts.commandMs;
    }
    this.#waitedMs = afterMs;
    this.#maker.watch.set(this, afterMs);
  }

  // Writing.

  #flush(): void {
    const out = this.#out;
    this.#out = [];
    if (this.#isSocketDone) return;
    const only = out[0]!;
    if (out.length === 1 && typeof only === 'string') {
      this.#socket.write(only, 'utf8');
      return;
    }
    let length = 0;
    for (const piece of out) length += typeof piece === 'string' ? piece.length * 3 : piece.length;
    if (length > ONE_WRITE_MAX_BYTES) {
      this.#socket.cork();
      for (const piece of out) this.#socket.write(piece);
      this.#socket.uncork();
      return;
    }
    const output = this.#maker.output;
    const bytes = output.take(length);
    let used = 0;
    for (const piece of out) {
      if (typeof piece === 'string') used += bytes.write(piece, used, 'utf8');
      else {
        bytes.set(piece, used);
        used += piece.length;
      }
    }
    this.#socket.write(bytes.subarray(0, used));
    // Zero says that the kernel has copied all of it during the call.
    if (this.#socket.writableLength !== 0) output.leave();
  }

  #sendBody(transaction: Transaction): void {
    const { content, isCanonical, body } = transaction.message;
    if (this.#maker.observer?.isWatched === true)
      this.#tell('note', `${content.bytes} bytes of message as ${transaction.transfer.toUpperCase()}`);
    const isBinary = body === 'binarymime';
    const { small } = content;
    if (small === undefined) {
      this.#body = new BodyStream(this.#bodyPort, transaction, this.peer?.pipelining === true);
      this.#body.run();
      return;
    }
    if (transaction.transfer === 'bdat') {
      const bytes = isBinary || isCanonical ? small : codeWhole(small, { doubleDots: false });
      this.#out.push(`BDAT ${bytes.length} LAST\r\n`, bytes);
      if (!transaction.bodyAtOnce) this.#bodySent(undefined);
      return;
    }
    if (isCanonical && needsNoDots(small) && endsInCrlf(small)) this.#out.push(small, END_OF_DATA);
    else this.#out.push(codeWhole(small, { doubleDots: true }), END_OF_DATA);
    this.#bodySent(transaction);
  }

  /** `mayFollow`: the DATA transaction after which another one may go out in the same write. */
  #bodySent(mayFollow: Transaction | undefined): void {
    const next =
      mayFollow !== undefined && this.peer?.pipelining === true ? this.#owner.nextAfter(this) : undefined;
    if (next === undefined) this.#step({ type: 'body-sent' });
    else if (next === 'quit') this.#step({ type: 'body-sent', quit: true });
    else this.#step({ type: 'body-sent', following: next });
  }

  /** What a streamed body may do to its session. */
  readonly #bodyPort: BodyPort = {
    write: (pieces) => {
      if (this.#isSocketDone) return true;
      this.#socket.cork();
      let isTaken = true;
      for (const piece of pieces) isTaken = this.#socket.write(piece);
      this.#socket.uncork();
      this.#armDeadline();
      return isTaken;
    },
    chunkSent: () => this.#turn({ type: 'chunk-sent' }),
    chunkRepliesDue: () => (this.#state.at === 'body' ? this.#state.chunkRepliesDue : 0),
    sent: (transaction) => {
      this.#body = undefined;
      this.#turns = 1;
      try {
        this.#bodySent(transaction.transfer === 'data' ? transaction : undefined);
        this.#finishTurn();
      } catch (defect) {
        this.#breakDown(defect);
      }
      this.#turns = 0;
    },
    failed: (reason) => {
      this.#body = undefined;
      this.#turn({ type: 'body-failed', reason });
    },
  };

  // Reading.

  #newReader(): ReplyReader {
    return new ReplyReader({
      onReply: (reply) => {
        if (this.#maker.observer?.isWatched === true)
          this.#tell('reply', reply.code === 334 ? '334 ****' : formatReply(reply));
        // A reply that came together with the one before it, ahead of the command it seems to answer, would shift all
        // that follow by one: a refusal could pass for an acceptance.
        const isEarly = this.#out.length > 0 && !(this.#state.at === 'resetting' && this.#state.skip > 0);
        if (isEarly && this.#state.at !== 'quitting') {
          this.#step({ type: 'garbage', reason: `came before it was asked for: ${formatReply(reply)}` });
        } else this.#step({ type: 'reply', reply });
      },
      onGarbage: (reason) => this.#step({ type: 'garbage', reason }),
    });
  }

  #read(bytes: Buffer): void {
    this.#turns = 1;
    try {
      this.#reader.push(bytes);
      this.#body?.wake();
      this.#finishTurn();
    } catch (defect) {
      this.#breakDown(defect);
    }
    this.#turns = 0;
  }

  // The socket.

  #connect(localAddress: string | undefined): net.Socket {
    const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
    const socket = net.connect({
      host: this.target.address,
      port: this.target.port,
      noDelay: true,
      ...(localAddress === undefined ? {} : { localAddress }),
      onread: {
        buffer,
        callback: (length) => {
          this.#read(buffer.subarray(0, length));
          return true;
        },
      },
    });
    socket.on('connect', () => {
      this.#tell('note', `connected to ${this.target.host} [${this.target.address}]:${this.target.port}`);
      this.#turn({ type: 'connected' });
    });
    this.#listen(socket);
    return socket;
  }

  #listen(socket: net.Socket): void {
    socket.on('error', (error) => this.#ended(error));
    socket.on('end', () => this.#ended(undefined));
    socket.on('close', () => this.#ended(undefined));
    socket.on('drain', () => this.#body?.wake());
  }

  #ended(error: Error | undefined): void {
    if (this.#isSocketDone) return;
    this.#isSocketDone = true;
    this.#socket.destroy();
    if (this.#state.at === 'securing') {
      const reason = error === undefined ? 'the host closed the connection' : tlsReason(error);
      this.#turn({ type: 'tls-failed', reason });
      return;
    }
    const code = systemErrorCode(error);
    if (this.#state.at === 'connecting') {
      const problem = code === 'ECONNREFUSED' ? 'connection-refused' : 'unreachable';
      this.#turn({ type: 'ended', problem, reason: connectReason(code, error) });
      return;
    }
    const reason = code === undefined ? 'the host closed the connection' : `the connection broke (${code})`;
    this.#turn({ type: 'ended', problem: 'connection-lost', reason });
  }

  #secure(): void {
    // RFC 3207 §4.2, and the answer to injected commands: whatever plain text came behind the reply is not read.
    this.#reader.stop();
    this.#reader = this.#newReader();
    const { host, verifyCertificate } = this.target;
    const plain = this.#socket;
    // Until the handshake the plain socket's own events still count; TLS passes them on.
    const secure = tls.connect({
      socket: plain,
      host,
      ...(net.isIP(host) === 0 ? { servername: host } : {}),
      secureContext: this.#maker.secureContext,
      rejectUnauthorized: verifyCertificate,
    });
    this.#socket = secure;
    secure.on('secureConnect', () => {
      const facts = factsOf(secure);
      this.#tell(
        'note',
        `${facts.protocol} ${facts.cipher}, certificate ${facts.isVerified ? '' : 'not '}verified`,
      );
      this.#turn({ type: 'secured', tls: facts });
    });
    secure.on('data', (bytes: Buffer) => this.#read(bytes));
    this.#listen(secure);
  }

  #close(): void {
    if (this.#out.length > 0) this.#flush();
    this.#dispose();
    const why = this.#state.at === 'closed' ? this.#state.why : undefined;
    this.#tell('note', why === undefined ? 'closed' : `closed: ${why.text}`);
    this.#owner.onClosed(this, why);
  }

  #dispose(): void {
    this.#body?.stop();
    this.#body = undefined;
    this.#maker.watch.remove(this);
    this.#reader.stop();
    if (!this.#isSocketDone) {
      this.#isSocketDone = true;
      // A QUIT that is on its way still leaves; then the descriptor is given back without waiting for the peer.
      const socket = this.#socket;
      if (socket.writableLength === 0) socket.destroy();
      else {
        socket.destroySoon();
        // A peer that reads nothing more must not keep the descriptor, nor what was to be written.
        this.#maker.clock.setTimer(this.#timeouts.quitMs, () => socket.destroy());
      }
    }
  }
}

type BodyPort = {
  /** False asks to wait for `wake`. */
  write(pieces: readonly Piece[]): boolean;
  chunkSent(): void;
  chunkRepliesDue(): number;
  sent(transaction: Transaction): void;
  failed(reason: string): void;
};

/** Sends a large body piece by piece, never faster than the peer takes it. */
class BodyStream {
  readonly #port: BodyPort;
  readonly #transaction: Transaction;
  readonly #mayPipeline: boolean;
  #isStopped = false;
  #resume: (() => void) | undefined;

  constructor(port: BodyPort, transaction: Transaction, mayPipeline: boolean) {
    this.#port = port;
    this.#transaction = transaction;
    this.#mayPipeline = mayPipeline;
  }

  stop(): void {
    this.#isStopped = true;
    this.wake();
  }

  /** The socket drained or a reply came: look again. */
  wake(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  run(): void {
    const sending = this.#transaction.transfer === 'data' ? this.#asData() : this.#asChunks();
    sending.then(
      () => {
        if (!this.#isStopped) this.#port.sent(this.#transaction);
      },
      (error: unknown) => {
        if (!this.#isStopped) this.#port.failed(error instanceof Error ? error.message : String(error));
      },
    );
  }

  async #asData(): Promise<void> {
    const coder = this.#transaction.message.isCanonical
      ? new DotDoubler()
      : new LineCoder({ doubleDots: true });
    for await (const piece of this.#transaction.message.content.chunks()) {
      if (this.#isStopped) return;
      await this.#write([coder.code(piece)]);
    }
    if (!this.#isStopped) await this.#write([coder.end() + END_OF_DATA]);
  }

  async #asChunks(): Promise<void> {
    const { message } = this.#transaction;
    const isExact = message.isCanonical || message.body === 'binarymime';
    const coder = isExact ? undefined : new LineCoder({ doubleDots: false });
    // One piece is held back, because the last one is marked.
    let held: Uint8Array | undefined;
    for await (const piece of message.content.chunks()) {
      if (this.#isStopped) return;
      if (held !== undefined) await this.#writeChunk(held);
      held = coder === undefined ? piece : coder.code(piece);
    }
    const tail = Buffer.concat([held ?? Buffer.alloc(0), Buffer.from(coder?.end() ?? '', 'latin1')]);
    if (!this.#isStopped) await this.#write([`BDAT ${tail.length} LAST\r\n`, tail]);
  }

  async #writeChunk(piece: Uint8Array): Promise<void> {
    if (piece.length === 0) return;
    this.#port.chunkSent();
    await this.#write([`BDAT ${piece.length}\r\n`, piece]);
    while (!this.#mayPipeline && !this.#isStopped && this.#port.chunkRepliesDue() > 0) await this.#woken();
  }

  async #write(pieces: readonly Piece[]): Promise<void> {
    if (pieces.every((piece) => piece.length === 0)) return;
    if (!this.#port.write(pieces) && !this.#isStopped) await this.#woken();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }
}

function factsOf(socket: tls.TLSSocket): TlsFacts {
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    isVerified: socket.authorized,
  };
}

const CONNECT_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the host refuses connections on this port',
  EHOSTUNREACH: 'no way to the host',
  ENETUNREACH: 'no way to the host’s network',
  EADDRNOTAVAIL: 'this machine has no address of that kind',
  ETIMEDOUT: 'the host does not answer',
  ENOTFOUND: 'the host’s name has no address',
};

function connectReason(code: string | undefined, error: Error | undefined): string {
  const known = code === undefined ? undefined : CONNECT_REASONS[code];
  if (known !== undefined) return `${known} (${code})`;
  return error?.message ?? 'the host closed the connection at once';
}

function tlsReason(error: Error): string {
  return `the TLS handshake failed: ${error.message.replace(/[\r\n]+/g, ' ').slice(0, 300)}`;
}
