/** Claims made up for tests of those who work on claims (delivery, outcome). */
import { domainName, type Mailbox } from '../../src/envelope/index.ts';
import type { Claim, MessageBody, QueuedMessage, QueuedRecipient } from '../../src/queue/index.ts';

export function mailbox(address: string): Mailbox {
  const at = address.lastIndexOf('@');
  const domain = domainName(address.slice(at + 1));
  if (at < 1 || domain === undefined) throw new Error(`no address: ${address}`);
  return { localPart: address.slice(0, at), domain };
}

/** A body in memory; `pieces` says how it comes out of `chunks`, and whether it counts as a large one. */
export function bodyOf(content: string | Uint8Array, pieces?: number): MessageBody {
  const bytes = Buffer.from(content as string);
  const blank = bytes.indexOf('\r\n\r\n');
  return {
    bytes: bytes.length,
    small: pieces === undefined ? bytes : undefined,
    async *chunks() {
      const size = pieces ?? 65_536;
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    },
    header: async (maxBytes) => bytes.subarray(0, Math.min(maxBytes, blank < 0 ? bytes.length : blank + 4)),
  };
}

export type ClaimOptions = {
  readonly message?: Partial<QueuedMessage>;
  /** One per recipient; numbered from 1. */
  readonly recipients?: readonly Partial<QueuedRecipient>[];
  readonly body?: string | Uint8Array | MessageBody;
  readonly ageMs?: number;
};

export function claimOf(options: ClaimOptions = {}): Claim {
  const { body = 'From: ann@shop.test\r\nSubject: hello\r\n\r\ntext\r\n' } = options;
  const readable = typeof body === 'object' && 'chunks' in body ? body : bodyOf(body);
  return {
    message: {
      id: '0123456789ABCDEF',
      reversePath: mailbox('ann@shop.test'),
      body: '7bit',
      smtpUtf8: false,
      origin: { kind: 'command' },
      server: 'default',
      hops: 1,
      arrivedAt: Date.UTC(2026, 0, 5, 9, 0, 0),
      bytes: readable.bytes,
      ...options.message,
    },
    ageMs: options.ageMs ?? 0,
    recipients: (options.recipients ?? [{}]).map((recipient, index) => ({
      recipientId: index + 1,
      forwardPath: mailbox(`r${index + 1}@dest.test`),
      state: 'queued',
      attempts: 0,
      nextAttemptAt: 0,
      delayNoticeSent: false,
      ...recipient,
    })),
    body: readable,
  };
}
