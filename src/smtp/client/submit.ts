/**
 * One-shot sending: one message to one server, and what became of it. The public entrance for programs and mail objects.
 * Owns: one session from connect to QUIT, plain-text second try after a failed opportunistic handshake, batches of recipients.
 * Leaves: queueing and retries (there are none here), MIME (the caller's bytes are sent; only bare CR and LF are repaired).
 * Fails: never rejects for what a server does; every such end is a `SubmitResult`. Rejects for an envelope without recipients.
 * Sources: RFC 5321 §3.1; RFC 6409 §3; RFC 8314 §3.
 *
 *     const result = await submit({
 *       server: 'mail.example.com', port: 587, tls: 'starttls', connectionTimeoutMs: 30_000,
 *       auth: { kind: 'basic', user: 'printer', password: '…' },
 *       envelope, message,
 *     });
 *     if (!result.sent) console.error(result.failure.text);
 */
import { hostname } from 'node:os';
import { type Clock, systemClock } from '../../base/index.ts';
import { type Envelope, formatMailbox, type Mailbox, type Reply } from '../../envelope/index.ts';
import type { AttemptFailure, RecipientReport } from './contract.ts';
import type { ClientCredentials } from './sasl.ts';
import { type ClientSession, SessionMaker, type SessionOwner, type SessionTarget } from './session.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './state.ts';
import {
  DEFAULT_PLAN_OPTIONS,
  type OutgoingMessage,
  planTransaction,
  recipientReports,
  type Transaction,
  type TransactionResult,
} from './transaction.ts';

/** How to prove who we are. `basic`: the best of SCRAM-SHA-256, PLAIN, LOGIN and CRAM-MD5 that the server offers. */
export type SubmitAuth =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'basic';
      readonly user: string;
      readonly password: string;
      /** Send the password without TLS too. Off unless the operator says so. */
      readonly allowPlainText?: boolean;
    }
  | {
      readonly kind: 'ntlm';
      readonly user: string;
      readonly password: string;
      /** The user's Windows domain, unless `user` is written `DOMAIN\user`. */
      readonly domain?: string;
      readonly allowPlainText?: boolean;
    }
  | { readonly kind: 'oauth'; readonly user: string; readonly accessToken: string };

export type SubmitRequest = {
  /** A host name or an IP address without brackets. */
  readonly server: string;
  readonly port: number;
  /** Longest wait for connection, greeting, EHLO, STARTTLS and AUTH each. */
  readonly connectionTimeoutMs: number;
  /** `opportunistic`: STARTTLS when offered. `starttls`: STARTTLS or nothing. `implicit`: TLS from the first byte. */
  readonly tls: 'none' | 'opportunistic' | 'starttls' | 'implicit';
  /** Default: true for `starttls` and `implicit`, false for `opportunistic`, which is better than plain text at any rate. */
  readonly verifyCertificate?: boolean;
  /** PEM texts to trust instead of the platform's certificate authorities. */
  readonly certificateAuthorities?: string | readonly string[];
  readonly auth: SubmitAuth;
  /** Our name in EHLO; the machine's name when absent. */
  readonly heloName?: string;
  readonly envelope: Envelope;
  /** Header fields and body. Bare CR and LF are sent as CRLF. */
  readonly message: Uint8Array;
  /** `send-to-none`: one refused recipient stops everything. Default `send-to-others`. */
  readonly onRefusedRecipient?: 'send-to-others' | 'send-to-none';
  /** Waiting times after the session is up; RFC 5321's when absent. */
  readonly timeouts?: Partial<Timeouts>;
};

export type SubmittedRecipient = {
  readonly mailbox: Mailbox;
  /** The reply that accepted the message for this recipient, or why there is none. */
  readonly result:
    | { readonly accepted: true; readonly reply: Reply }
    | { readonly accepted: false; readonly failure: AttemptFailure };
};

export type SubmitResult = {
  /** True when the server accepted the message for at least one recipient. */
  readonly sent: boolean;
  /** One per recipient of the envelope, in its order. */
  readonly recipients: readonly SubmittedRecipient[];
} & (
  | { readonly sent: true; readonly reply: Reply }
  | {
      readonly sent: false;
      /** The first failure; `stage` says how far it went, `reply` what the server said, `text` both for people. */
      readonly failure: AttemptFailure;
    }
);

/** Recipients in one transaction; the rest goes in further ones on the same connection (RFC 5321 §4.5.3.1.8). */
const BATCH = 100;

export async function submit(request: SubmitRequest, clock: Clock = systemClock): Promise<SubmitResult> {
  if (request.envelope.recipients.length === 0) throw new Error('submit: the envelope has no recipients');
  const first = await attempt(request, targetOf(request), clock);
  const mayFallBack =
    request.tls === 'opportunistic' && !first.sent && first.failure.problem === 'tls-failed';
  return mayFallBack ? attempt(request, { ...targetOf(request), tls: 'none' }, clock) : first;
}

function targetOf(request: SubmitRequest): SessionTarget {
  const credentials = credentialsOf(request.auth);
  return {
    host: request.server,
    address: request.server,
    port: request.port,
    tls: request.tls === 'starttls' ? 'required' : request.tls,
    verifyCertificate: request.verifyCertificate ?? request.tls !== 'opportunistic',
    greetWithHelo: false,
    ...(credentials === undefined ? {} : { credentials }),
  };
}

function credentialsOf(auth: SubmitAuth): ClientCredentials | undefined {
  switch (auth.kind) {
    case 'none':
      return undefined;
    case 'basic':
      return auth;
    case 'ntlm': {
      const { user, password, domain } = auth;
      const plain = auth.allowPlainText === undefined ? {} : { allowPlainText: auth.allowPlainText };
      return {
        user,
        password,
        mechanism: 'NTLM',
        ...plain,
        ...(domain === undefined ? {} : { windowsDomain: domain }),
      };
    }
    case 'oauth':
      return { user: auth.user, password: '', accessToken: auth.accessToken };
  }
}

function attempt(request: SubmitRequest, target: SessionTarget, clock: Clock): Promise<SubmitResult> {
  return new Promise((resolve, reject) => {
    const authorities = request.certificateAuthorities;
    const maker = new SessionMaker({
      clock,
      ...(authorities === undefined ? {} : { certificateAuthorities: authorities }),
    });
    const greetingMs = request.connectionTimeoutMs;
    const timeouts: Timeouts = {
      ...DEFAULT_TIMEOUTS,
      connectMs: greetingMs,
      greetingMs,
      commandMs: greetingMs,
      ...request.timeouts,
    };
    const owner = new Submission(request, target, resolve, reject);
    maker.open(target, { heloName: request.heloName ?? defaultHeloName(), timeouts }, owner);
  });
}

/** RFC 5321 §4.1.1.1 asks for a domain; a machine's bare name is the best that is known here. */
function defaultHeloName(): string {
  const name = hostname().replace(/[^A-Za-z0-9.-]/g, '');
  return name === '' ? 'localhost' : name;
}

/** Sends the batches of one request through one session. */
class Submission implements SessionOwner {
  readonly #request: SubmitRequest;
  readonly #target: SessionTarget;
  readonly #resolve: (result: SubmitResult) => void;
  readonly #reject: (defect: unknown) => void;
  readonly #reports = new Map<number, RecipientReport>();
  #nextRecipient = 0;
  #refusal: AttemptFailure | undefined;

  constructor(
    request: SubmitRequest,
    target: SessionTarget,
    resolve: (result: SubmitResult) => void,
    reject: (defect: unknown) => void,
  ) {
    this.#request = request;
    this.#target = target;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onReady(session: ClientSession): void {
    const planned = this.#plan(session);
    if (planned === undefined) session.quit();
    else session.begin(planned);
  }

  nextAfter(): 'quit' | undefined {
    return this.#nextRecipient >= this.#request.envelope.recipients.length ? 'quit' : undefined;
  }

  onResult(session: ClientSession, result: TransactionResult): void {
    const { host, address } = this.#target;
    const tls = session.peer?.tls?.protocol;
    const reports = recipientReports(result, {
      host,
      address,
      tls,
      hostKeepsDsn: session.peer?.dsn === true,
    });
    for (const report of reports ?? []) this.#reports.set(report.recipientId, report);
  }

  onClosed(_session: ClientSession, why: AttemptFailure | undefined): void {
    try {
      this.#resolve(this.#result(why));
    } catch (defect) {
      this.#reject(defect);
    }
  }

  onDefect(_session: ClientSession, defect: unknown): void {
    this.#reject(defect);
  }

  #plan(session: ClientSession): Transaction | undefined {
    const { envelope, message, onRefusedRecipient } = this.#request;
    const peer = session.peer!;
    const allOrNone = onRefusedRecipient === 'send-to-none';
    const from = this.#nextRecipient;
    if (from >= envelope.recipients.length) return undefined;
    const size = allOrNone ? envelope.recipients.length : Math.min(BATCH, peer.maxRecipients ?? BATCH);
    const recipients = envelope.recipients
      .slice(from, from + size)
      .map((recipient, n) => ({ ...recipient, recipientId: from + n }));
    this.#nextRecipient = from + recipients.length;
    const outgoing: OutgoingMessage = {
      ...envelope,
      recipients,
      content: { bytes: message.length, small: message, chunks: async function* () {} },
      isCanonical: false,
    };
    const options = { ...DEFAULT_PLAN_OPTIONS, allOrNone };
    let planned = planTransaction(outgoing, peer, options);
    if ('refused' in planned && planned.refused.problem === 'needs-8bit') {
      // compat: the caller composed these bytes for this server; like every mail object before us, we send them as they are.
      planned = planTransaction({ ...outgoing, body: '7bit' }, peer, options);
    }
    if (!('refused' in planned)) return planned;
    const { problem, text } = planned.refused;
    this.#refusal = {
      stage: 'mail',
      host: this.#target.host,
      address: this.#target.address,
      problem: problem === 'needs-8bit' ? 'protocol-error' : problem,
      text,
    };
    return undefined;
  }

  #result(why: AttemptFailure | undefined): SubmitResult {
    const nothingSaid: AttemptFailure = {
      stage: 'connect',
      host: this.#target.host,
      problem: 'connection-lost',
      text: 'the session ended before the message was sent',
    };
    const missing = this.#refusal ?? why ?? nothingSaid;
    let accepting: Reply | undefined;
    let failure: AttemptFailure | undefined;
    const recipients = this.#request.envelope.recipients.map((recipient, n): SubmittedRecipient => {
      const report = this.#reports.get(n);
      if (report?.accepted === true) {
        accepting ??= report.reply;
        return { mailbox: recipient.forwardPath, result: { accepted: true, reply: report.reply } };
      }
      const own = report?.failure ?? missing;
      failure ??= own;
      return { mailbox: recipient.forwardPath, result: { accepted: false, failure: own } };
    });
    if (accepting !== undefined) return { sent: true, recipients, reply: accepting };
    return { sent: false, recipients, failure: failure ?? missing };
  }
}

/** `user@example.com: answered RCPT with 550 5.1.1 no such user`, one line per refused recipient. */
export function describeRefusals(result: SubmitResult): readonly string[] {
  return result.recipients.flatMap(({ mailbox, result: own }) =>
    own.accepted ? [] : [`${formatMailbox(mailbox)}: ${own.failure.text}`],
  );
}
