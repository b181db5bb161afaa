/**
 * For tests and benchmarks of the session: a policy, a sink and an authenticator in memory.
 * Owns: nothing that runs in production.
 */
import type { Mailbox, Recipient, Reply, ReversePath } from '../../envelope/index.ts';
import { replies } from '../protocol/catalogue.ts';
import type {
  Authenticator,
  ClientGrants,
  EndReply,
  IncomingMessage,
  MessageReceiver,
  MessageSink,
  SessionPolicy,
} from './contract.ts';
import type { SessionTrace } from './observe.ts';

export const OPEN_GRANTS: ClientGrants = {
  lineEnds: 'refuse',
  mayAuthInClear: true,
  mayBeAnonymous: true,
  maxMessageBytes: 25 * 1024 * 1024,
  maxRecipients: 1000,
};

/** Admits and accepts everything; `grants` changes what a client may. */
export function openPolicy(
  grants: Partial<ClientGrants> = {},
  refuse?: (path: Mailbox) => Reply | undefined,
): SessionPolicy {
  const all = { ...OPEN_GRANTS, ...grants };
  return {
    offersEtrn: true,
    connect: () => ({ admitted: true, grants: all }),
    mail: () => undefined,
    rcpt: (_session, _reversePath, path) => refuse?.(path),
    etrn: (_session, node) => replies.etrnStarted(node),
  };
}

export type KeptMessage = {
  readonly reversePath: ReversePath;
  readonly recipients: readonly Recipient[];
  readonly content: Buffer;
};

/** Keeps every accepted message. `answer` may replace the reply, also by a promise. */
export class MemorySink implements MessageSink {
  readonly messages: KeptMessage[] = [];
  aborted = 0;
  begun = 0;
  answer: (message: KeptMessage) => EndReply | Promise<EndReply>;

  constructor(answer?: (message: KeptMessage) => EndReply | Promise<EndReply>) {
    this.answer =
      answer ?? (() => ({ reply: replies.queued('<id@test>'), messageId: '<id@test>', queueId: 'Q' }));
  }

  begin(message: IncomingMessage): MessageReceiver {
    this.begun += 1;
    const pieces: Buffer[] = [];
    let isDone = false;
    const finish = (): void => {
      if (isDone) throw new Error('end and abort must come once');
      isDone = true;
    };
    return {
      write: (content) => {
        pieces.push(content);
        return undefined;
      },
      end: async () => {
        finish();
        const { reversePath, recipients } = message;
        const kept = { reversePath, recipients: [...recipients], content: Buffer.concat(pieces) };
        const answered = await this.answer(kept);
        if (answered.reply.code < 400) this.messages.push(kept);
        return answered;
      },
      abort: () => {
        finish();
        this.aborted += 1;
      },
    };
  }
}

export const noAuthentication: Authenticator = { mechanisms: () => [], begin: () => undefined };

export const unwatched: SessionTrace = { isWatched: false, line() {} };
