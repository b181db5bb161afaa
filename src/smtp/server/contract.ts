/**
 * What the server session asks of others, as types: who may connect, who may send what to whom, where messages go.
 * Implemented in `intake`; the session itself knows neither relay rules nor the queue.
 */
import type { Mailbox, Recipient, Reply, ReversePath } from '../../envelope/index.ts';
import type { LineEndPolicy } from '../protocol/data-reader.ts';
import type { MailParameters } from '../protocol/parameters.ts';

/** Either the answer or a promise of it; the session goes on at once when it is no promise. */
export type Soon<T> = T | Promise<T>;

export type ClientFacts = {
  /** IPv4 or IPv6 in canonical form; IPv4-mapped addresses are plain IPv4. */
  readonly address: string;
  readonly port: number;
  readonly localAddress: string;
  readonly localPort: number;
};

export type SessionTls = {
  /** `TLSv1.3` */
  readonly protocol: string;
  readonly cipher: string;
};

/** Who a client is to us, beyond its address. */
export type Identity = {
  readonly name: string;
  /** `auth`: it showed a password. `network`: its address speaks for it (devices without AUTH). */
  readonly kind: 'auth' | 'network';
};

/** What the client's address alone decides; settled once, at connect. */
export type ClientGrants = {
  /** Set for devices known by network. */
  readonly identity?: Identity;
  /** `normalize` repairs lone CR and LF from networks named for it. */
  readonly lineEnds: LineEndPolicy;
  /** AUTH without TLS, for networks named for it. */
  readonly mayAuthInClear: boolean;
  /** False: MAIL is refused with 530 until AUTH succeeded. */
  readonly mayBeAnonymous: boolean;
  /** Octets of one message, 0 for unlimited. */
  readonly maxMessageBytes: number;
  readonly maxRecipients: number;
};

export type ConnectVerdict =
  | { readonly admitted: true; readonly grants: ClientGrants }
  | { readonly admitted: false; readonly reply: Reply };

/** The session as policy, sink, log and trace see it. */
export interface SessionFacts {
  readonly id: string;
  readonly server: string;
  readonly client: ClientFacts;
  readonly grants: ClientGrants;
  /** What the client said in HELO or EHLO; empty before. */
  readonly heloName: string;
  /** It said EHLO. */
  readonly isExtended: boolean;
  readonly tls: SessionTls | undefined;
  /** The authenticated user, else the identity by network. */
  readonly identity: Identity | undefined;
}

export interface SessionPolicy {
  connect(client: ClientFacts): Soon<ConnectVerdict>;
  /** Undefined accepts; a reply refuses. */
  mail(session: SessionFacts, path: ReversePath, parameters: MailParameters): Soon<Reply | undefined>;
  rcpt(session: SessionFacts, reversePath: ReversePath, path: Mailbox): Soon<Reply | undefined>;
  /** Whether ETRN is announced. */
  readonly offersEtrn: boolean;
  /** `node` as the client wrote it: a domain, `@domain` with its sub-domains, or `#queue`. */
  etrn(session: SessionFacts, node: string): Soon<Reply>;
}

export type IncomingMessage = {
  readonly session: SessionFacts;
  readonly reversePath: ReversePath;
  readonly parameters: MailParameters;
  /** Complete when `end` is called: recipients cannot be added after DATA. */
  readonly recipients: readonly Recipient[];
};

/** Where accepted mail goes. */
export interface MessageSink {
  /** Called at DATA or the first BDAT. Must not throw. */
  begin(message: IncomingMessage): MessageReceiver;
}

/** One message on its way in: write*, then exactly one of `end` and `abort`. */
export interface MessageReceiver {
  /**
   * Takes ownership of `content`: without dots of transparency, lines ending in CRLF. A returned promise asks the session
   * to stop reading until it resolves. Never throws and never rejects: a failure is kept and told by `end`.
   */
  write(content: Buffer): Promise<void> | undefined;
  /**
   * All content was written. Resolves with the reply to the end of data: a positive one only after the message is durable.
   * Never rejects.
   */
  end(): Promise<EndReply>;
  /** Nothing of it is to be kept. */
  abort(): void;
}

export type EndReply = {
  readonly reply: Reply;
  /** Header Message-ID with angle brackets, for the protocol log. */
  readonly messageId: string;
  /** The queue's id when the message was accepted. */
  readonly queueId?: string;
};

/** How one AUTH exchange goes on. */
export type AuthStep =
  | { readonly kind: 'challenge'; readonly bytes: Uint8Array }
  | { readonly kind: 'accepted'; readonly user: string }
  /** `blocked`: too many failures from this address; the session ends. `busy`: not judged, the client may try again. */
  | { readonly kind: 'rejected'; readonly why: 'credentials' | 'malformed' | 'busy' | 'blocked' };

export interface AuthExchange {
  /** `response` is what the client sent, decoded; undefined when it gave no initial response. */
  answer(response: Buffer | undefined): Soon<AuthStep>;
}

export interface AuthContext {
  readonly session: SessionFacts;
  /** Bytes that bind an exchange to this TLS connection; undefined when there is no such binding. */
  channelBinding(type: 'tls-exporter' | 'tls-server-end-point'): Buffer | undefined;
}

export interface Authenticator {
  /** Names for EHLO, strongest first; `secure` tells whether TLS is active. Empty: AUTH is not offered. */
  mechanisms(context: AuthContext): readonly string[];
  /** Undefined for a mechanism that is not offered here. */
  begin(mechanism: string, context: AuthContext): AuthExchange | undefined;
}
