/**
 * Where accepted SMTP mail goes: header read, trace field put on top, everything into the queue.
 * Owns: one message from DATA to the reply after its end.  Leaves: durability (queue), protocol faults (session).
 * Fails: a queue that cannot take the message gives 452 4.3.1 (disk full) or 451 4.3.0; nothing of it remains, the client
 * keeps it and tries again. The positive reply is made only after `commit` resolved.
 * Sources: RFC 5321 §4.4 (trace), §6.1, §6.3 (loops); KB 303734 (reverse DNS).
 */
import { type Clock, type Logger, RelayError } from '../base/index.ts';
import { formatMailboxAscii, formatPath, type Mailbox } from '../envelope/index.ts';
import { formatDate, messageIdFor, receivedField, transmissionType } from '../message/index.ts';
import type { MessageAcceptor, MessageDraft, MessageIntake } from '../queue/index.ts';
import type { DnsSource, DomainTable } from '../routing/index.ts';
import {
  type EndReply,
  type IncomingMessage,
  type MessageReceiver,
  type MessageSink,
  replies,
  type SessionFacts,
} from '../smtp/index.ts';
import { type HeaderFacts, readHeader, rewriteSender } from './smtp-header.ts';
import { domainTable, grantsOf } from './smtp-policy.ts';
import { verifiedNames } from './smtp-reverse-dns.ts';
import type { SmtpIntakeSettings } from './smtp-settings.ts';

/** A header beyond this is no header. */
export const MAX_HEADER_BYTES = 1024 * 1024;

const HEADER_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);
const CR = 0x0d;
const LF = 0x0a;
/** Smaller pieces of a body are gathered until there are this many bytes of them. */
const CRUMB_BYTES = 512;
const CRUMBS_BYTES = 8192;
/** A header that comes byte by byte must not become a million buffers. */
const MOST_EARLY_PIECES = 256;

export type SmtpSinkParts = {
  readonly queue: Pick<MessageAcceptor, 'begin'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dns: DnsSource;
};

export class SmtpSink implements MessageSink {
  readonly settings: SmtpIntakeSettings;
  readonly parts: SmtpSinkParts;
  readonly domains: DomainTable;
  #dateSecond = -1;
  #date = '';
  /** Reverse-DNS verdicts of sessions under way. */
  readonly #verdicts = new WeakMap<SessionFacts, Promise<boolean>>();

  constructor(settings: SmtpIntakeSettings, parts: SmtpSinkParts) {
    this.settings = settings;
    this.parts = parts;
    this.domains = domainTable(settings);
  }

  begin(message: IncomingMessage): MessageReceiver {
    return new Receiver(this, message);
  }

  /** Now as header fields write it; made once a second. */
  date(): string {
    const now = this.parts.clock.now();
    const second = Math.floor(now / 1000);
    if (second !== this.#dateSecond) {
      this.#dateSecond = second;
      this.#date = formatDate(now);
    }
    return this.#date;
  }

  /** Whether the greeting fits the client's reverse DNS; undefined when that is not checked. Asked once a session. */
  isVerified(session: SessionFacts): Promise<boolean> | undefined {
    if (!this.settings.reverseDnsCheck) return undefined;
    let verdict = this.#verdicts.get(session);
    if (verdict === undefined) {
      const greeted = session.heloName.toLowerCase();
      verdict = verifiedNames(this.parts.dns, session.client.address).then((names) =>
        names.includes(greeted),
      );
      this.#verdicts.set(session, verdict);
    }
    return verdict;
  }
}

class Receiver implements MessageReceiver {
  readonly #sink: SmtpSink;
  readonly #message: IncomingMessage;
  /** Content until the header is complete. */
  #early: Buffer[] = [];
  /** The last three bytes of what came before: the empty line may be cut in two. */
  #tail: Buffer = NOTHING;
  #isHeaderRead = false;
  #facts: HeaderFacts | undefined;
  #intake: MessageIntake | undefined;
  /** Set when the message cannot be taken; the rest of it is dropped. */
  #refusal: EndReply | undefined;
  #bytes = 0;
  /** Reverse DNS is awaited; what comes meanwhile waits behind it. */
  #opening: Promise<void> | undefined;
  readonly #backlog: Buffer[] = [];
  #crumbs: Buffer | undefined;
  #crumbsLength = 0;
  readonly #verified: Promise<boolean> | undefined;
  #isUnverified = false;

  constructor(sink: SmtpSink, message: IncomingMessage) {
    this.#sink = sink;
    this.#message = message;
    this.#verified = sink.isVerified(message.session);
  }

  write(content: Buffer): Promise<void> | undefined {
    if (this.#refusal !== undefined) return undefined;
    this.#bytes += content.length;
    if (this.#opening !== undefined) {
      this.#backlog.push(content);
      return this.#opening;
    }
    if (this.#isHeaderRead) return this.#pass(content);
    const end = this.#headerEnd(content);
    this.#early.push(content);
    if (this.#early.length > MOST_EARLY_PIECES) this.#joinEarly();
    if (end < 0 && this.#bytes <= MAX_HEADER_BYTES) return undefined;
    if (end < 0 || end > MAX_HEADER_BYTES) {
      this.#refuse(replies.headerTooBig);
      return undefined;
    }
    const last = this.#joinEarly();
    if (this.#verified === undefined) return this.#open(last, end);
    this.#opening = this.#verified.then(async (isVerified) => {
      this.#isUnverified = !isVerified;
      await this.#openBehind(last, end);
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async end(): Promise<EndReply> {
    await this.#opening;
    if (this.#refusal === undefined && this.#intake === undefined) await this.#openWithoutBody();
    if (this.#crumbsLength > 0) await this.#handCrumbs();
    if (this.#refusal !== undefined) {
      this.#logRefused(this.#refusal);
      return this.#refusal;
    }
    const intake = this.#intake!;
    // A commit that fails leaves nothing behind; there is nothing to abort any more.
    this.#intake = undefined;
    const { session } = this.#message;
    try {
      await intake.commit();
    } catch (thrown) {
      this.#fail(thrown);
      this.#logRefused(this.#refusal!);
      return this.#refusal!;
    }
    const messageId = this.#facts!.messageId ?? messageIdFor(intake.id, this.#sink.settings.fqdn);
    this.#sink.parts.logger.event('info', 'smtp.message-accepted', {
      messageId: intake.id,
      sessionId: session.id,
      client: session.client.address,
      ...(session.identity && { identity: session.identity.name }),
      reversePath: formatPath(this.#message.reversePath),
      recipients: this.#message.recipients.length,
      bytes: this.#bytes,
      headerMessageId: messageId,
    });
    const { replyWithQueueId } = this.#sink.settings;
    return {
      reply: replyWithQueueId ? replies.queuedAs(messageId, intake.id) : replies.queued(messageId),
      messageId,
      queueId: intake.id,
    };
  }

  abort(): void {
    this.#early = [];
    this.#abortIntake();
    this.#refusal ??= { reply: replies.storageFailed(this.#message.session.id), messageId: '' };
  }

  /** Opens, and passes on what came while reverse DNS was awaited. */
  async #openBehind(content: Buffer, end: number): Promise<void> {
    if (this.#refusal !== undefined) return;
    await this.#open(content, end);
    for (let piece = this.#backlog.shift(); piece !== undefined; piece = this.#backlog.shift())
      await this.#pass(piece);
  }

  #joinEarly(): Buffer {
    if (this.#early.length !== 1) this.#early = [Buffer.concat(this.#early)];
    return this.#early[0]!;
  }

  /** Behind the empty line that ends the header, counted from the start of the message; -1 when it has not come. */
  #headerEnd(content: Buffer): number {
    const before = this.#tail.length;
    const seen = before === 0 ? content : Buffer.concat([this.#tail, content]);
    const start = this.#bytes - content.length - before;
    if (start === 0 && seen.length >= 2 && seen[0] === CR && seen[1] === LF) return 2;
    const at = seen.indexOf(HEADER_END);
    if (at >= 0) return start + at + 4;
    this.#tail = seen.subarray(Math.max(seen.length - 3, 0));
    return -1;
  }

  /** The client sent no empty line: everything is header, or text without one, or there is nothing at all. */
  async #openWithoutBody(): Promise<void> {
    if (this.#verified !== undefined) this.#isUnverified = !(await this.#verified);
    const all = this.#joinEarly();
    await this.#open(all, all.length);
  }

  /** The header is `[0, end)` of `content`: judge it, begin the queue's message, pass on what came. */
  #open(content: Buffer, end: number): Promise<void> | undefined {
    this.#isHeaderRead = true;
    this.#early = [];
    const { settings } = this.#sink;
    let header = content.toString('latin1', 0, end);
    const facts = readHeader(header);
    this.#facts = facts;
    const { session, parameters } = this.#message;
    if (facts.hops > settings.maxHops) {
      this.#refuse(replies.tooManyHops);
      return undefined;
    }
    // A binary body may hold any byte; the header is lines in every message.
    if (parameters.body === 'binarymime' && /[^\r]\n|\r[^\n]|\0/.test(header)) {
      this.#refuse(replies.bareLineEndInMessage);
      return undefined;
    }
    try {
      const intake = this.#sink.parts.queue.begin(this.#draft(facts));
      this.#intake = intake;
      for (const recipient of this.#message.recipients) intake.addRecipient(recipient);
      const sender = senderOf(session);
      if (sender !== undefined) header = rewriteSender(header, formatMailboxAscii(sender));
      // Text without any field is body: an empty line keeps it apart from our own fields.
      const gap = /^(?:\r\n|[!-9;-~]+[ \t]*:)/.test(header) ? '' : '\r\n';
      const top = this.#received(intake.id) + this.#completion(facts, intake.id) + gap;
      if (sender === undefined) {
        intake.write(Buffer.from(top, 'latin1'));
        return this.#pass(content);
      }
      intake.write(Buffer.from(top + header, 'latin1'));
      return end < content.length ? this.#pass(content.subarray(end)) : undefined;
    } catch (thrown) {
      this.#fail(thrown);
      return undefined;
    }
  }

  /** Gathers crumbs, so that a body which drips in does not become a million buffers. */
  #pass(content: Buffer): Promise<void> | undefined {
    if (content.length >= CRUMB_BYTES && this.#crumbsLength === 0) return this.#hand(content);
    this.#crumbs ??= Buffer.allocUnsafe(CRUMBS_BYTES);
    if (this.#crumbsLength + content.length <= CRUMBS_BYTES) {
      content.copy(this.#crumbs, this.#crumbsLength);
      this.#crumbsLength += content.length;
      return undefined;
    }
    const before = this.#handCrumbs();
    const after = this.#pass(content);
    return before === undefined ? after : before.then(() => after);
  }

  #handCrumbs(): Promise<void> | undefined {
    if (this.#crumbs === undefined || this.#crumbsLength === 0) return undefined;
    const gathered = this.#crumbs.subarray(0, this.#crumbsLength);
    this.#crumbs = undefined;
    this.#crumbsLength = 0;
    return this.#hand(gathered);
  }

  #hand(content: Buffer): Promise<void> | undefined {
    if (this.#refusal !== undefined) return undefined;
    try {
      return this.#intake!.write(content)?.catch((thrown: unknown) => this.#fail(thrown));
    } catch (thrown) {
      this.#fail(thrown);
      return undefined;
    }
  }

  #draft(facts: HeaderFacts): MessageDraft {
    const { session, parameters, reversePath } = this.#message;
    const { identity } = session;
    return {
      reversePath: senderOf(session) ?? reversePath,
      body: parameters.body,
      smtpUtf8: parameters.smtpUtf8,
      ...(parameters.returnContent && { returnContent: parameters.returnContent }),
      ...(parameters.envelopeId !== undefined && { envelopeId: parameters.envelopeId }),
      origin: {
        kind: 'smtp',
        sessionId: session.id,
        clientAddress: session.client.address,
        heloName: session.heloName,
        overTls: session.tls !== undefined,
        ...(identity && { identity: identity.name }),
      },
      server: this.#sink.settings.server,
      ...(facts.messageId !== undefined && { headerMessageId: facts.messageId.slice(1, -1).slice(0, 255) }),
      ...(facts.subject !== undefined && { subject: facts.subject }),
      // Our own field counts too.
      hops: facts.hops + 1,
    };
  }

  #received(id: string): string {
    const { session, parameters } = this.#message;
    return receivedField({
      from: {
        kind: 'smtp',
        heloName: session.heloName,
        clientAddress: session.client.address,
        type: transmissionType({
          extended: session.isExtended,
          overTls: session.tls !== undefined,
          authenticated: session.identity?.kind === 'auth',
          smtpUtf8: parameters.smtpUtf8,
        }),
        ...(this.#isUnverified && { unverified: true }),
        ...(session.tls && { tlsCipher: session.tls.cipher }),
      },
      by: this.#sink.settings.fqdn,
      id,
      atMs: 0,
      date: this.#sink.date(),
    });
  }

  /** Fields that a submitting program left out. Mail that others relay to us is not touched. */
  #completion(facts: HeaderFacts, id: string): string {
    const { session } = this.#message;
    const isSubmitter = session.identity !== undefined || grantsOf(session).isInRelayList;
    if (!isSubmitter || facts.hops > 0) return '';
    let fields = '';
    if (facts.messageId === undefined)
      fields += `Message-ID: ${messageIdFor(id, this.#sink.settings.fqdn)}\r\n`;
    if (!facts.hasDate) fields += `Date: ${this.#sink.date()}\r\n`;
    return fields;
  }

  #refuse(reply: EndReply['reply']): void {
    this.#refusal = { reply, messageId: this.#facts?.messageId ?? '' };
    this.#early = [];
    this.#abortIntake();
  }

  #fail(thrown: unknown): void {
    const { session } = this.#message;
    const isFull = thrown instanceof RelayError && thrown.code === 'disk-full';
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    this.#sink.parts.logger.event('error', 'smtp.message-not-stored', { sessionId: session.id, reason });
    this.#refuse(isFull ? replies.storageFull : replies.storageFailed(session.id));
  }

  #abortIntake(): void {
    const intake = this.#intake;
    this.#intake = undefined;
    intake?.abort().catch((thrown: unknown) => {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#sink.parts.logger.event('warn', 'smtp.abort-failed', {
        sessionId: this.#message.session.id,
        reason,
      });
    });
  }

  #logRefused({ reply }: EndReply): void {
    const { session, reversePath, recipients } = this.#message;
    this.#sink.parts.logger.event('info', 'smtp.message-refused', {
      sessionId: session.id,
      client: session.client.address,
      reversePath: formatPath(reversePath),
      recipients: recipients.length,
      reply: `${reply.code} ${reply.status ?? ''} ${reply.lines[0]}`,
    });
  }
}

/** The sender that a device's messages get; an authenticated user is nobody's device. */
function senderOf(session: SessionFacts): Mailbox | undefined {
  return session.identity?.kind === 'auth' ? undefined : grantsOf(session).device?.sender;
}
