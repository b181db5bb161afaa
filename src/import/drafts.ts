/**
 * Drafts: messages whose envelope was lost with the old machine, waiting for somebody who says where they go.
 * Owns: the envelope that the header suggests, confirming (into Pickup, once), discarding.
 * Leaves: how drafts come to be (adoption.ts), sending (the relay, through Pickup).
 * Sources: KB 306043 (the envelope of a queue file is not in the file); RFC 5322 §3.6.2, §3.6.3.
 */
import { join } from 'node:path';
import {
  type Disk,
  type ParseResult,
  parsed,
  RelayError,
  systemErrorCode,
  toRelayError,
  unparsed,
} from '../base/index.ts';
import {
  type Envelope,
  formatMailbox,
  type Mailbox,
  mailboxKey,
  NULL_REVERSE_PATH,
  needsSmtpUtf8,
  type ReversePath,
} from '../envelope/index.ts';
import { formatEnvelopeLines } from '../mailroot/index.ts';
import { headerText, parseAddress, parseMailboxes, scanHeader } from '../message/index.ts';
import { type CopyOnce, type CopyResult, fileHead, filePieces } from './copy-once.ts';

/** Longest header that is read for a suggestion. */
const HEAD_BYTES = 256 * 1024;

export type Draft = {
  /** Name of the file; names the draft in commands. */
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
  readonly subject: string;
  /** What the header suggests; absent when it names no sender. */
  readonly sender?: ReversePath;
  readonly recipients: readonly Mailbox[];
  /** Why the suggestion may be wrong. */
  readonly doubts: readonly string[];
};

export class Drafts {
  readonly #disk: Disk;
  readonly #folder: string;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /** Oldest first. */
  async list(): Promise<Draft[]> {
    const drafts: Draft[] = [];
    try {
      for await (const { name, isFolder } of this.#disk.list(this.#folder)) {
        if (!isFolder && !name.startsWith('.')) drafts.push(await this.#read(name));
      }
    } catch (thrown) {
      if (systemErrorCode(thrown) === 'ENOENT') return [];
      throw toRelayError(thrown, `reading ${this.#folder}`);
    }
    return drafts.sort((a, b) => a.modifiedAtMs - b.modifiedAtMs || (a.name < b.name ? -1 : 1));
  }

  /** The draft of this name. Throws RelayError not-found. */
  async find(name: string): Promise<Draft> {
    const draft = (await this.list()).find((candidate) => candidate.name === name);
    if (draft === undefined) {
      throw new RelayError('not-found', `There is no draft '${name}'; 'mailroot import drafts' lists them.`, {
        fields: { name },
      });
    }
    return draft;
  }

  /** Puts the draft into Pickup with this envelope, once, and removes it here. */
  async confirm(draft: Draft, envelope: Envelope, pickupFolder: string, once: CopyOnce): Promise<CopyResult> {
    const source = join(this.#folder, draft.name);
    const disk = this.#disk;
    await once.prepare();
    const start = await this.#messageStart(source);
    const result = await once.copy({
      identity: `draft\n${source}\n${draft.bytes}\n${draft.modifiedAtMs}`,
      source,
      folder: pickupFolder,
      name: draft.name,
      content: async function* () {
        yield formatEnvelopeLines(envelope);
        yield* filePieces(disk, source, start);
      },
    });
    await this.#remove(source);
    return result;
  }

  async discard(draft: Draft): Promise<void> {
    await this.#remove(join(this.#folder, draft.name));
  }

  async #remove(path: string): Promise<void> {
    try {
      await this.#disk.unlink(path);
    } catch (thrown) {
      throw toRelayError(thrown, `removing the draft ${path}`);
    }
  }

  /** Behind envelope lines that the file may begin with: they would contradict the confirmed ones. */
  async #messageStart(path: string): Promise<number> {
    const header = scanHeader(await fileHead(this.#disk, path, HEAD_BYTES));
    const first = header.fields.find((field) => field.key !== 'x-sender' && field.key !== 'x-receiver');
    return first?.start ?? 0;
  }

  async #read(name: string): Promise<Draft> {
    const path = join(this.#folder, name);
    const { bytes, modifiedAtMs } = await this.#disk.stat(path);
    const head = await fileHead(this.#disk, path, HEAD_BYTES);
    return { name, bytes, modifiedAtMs, ...suggestEnvelope(head) };
  }
}

/** What the header of a message says about who sent it and who should get it. */
export function suggestEnvelope(head: Buffer): Pick<Draft, 'subject' | 'sender' | 'recipients' | 'doubts'> {
  const header = scanHeader(head);
  const doubts: string[] = [];
  const isReport = /^\s*multipart\/report\b/i.test(header.value('content-type') ?? '');
  const from = ['return-path', 'sender', 'from'].flatMap((key) => parseMailboxes(header.value(key) ?? ''))[0]
    ?.mailbox;
  const sender = isReport || /^\s*<>\s*$/.test(header.value('return-path') ?? '') ? NULL_REVERSE_PATH : from;
  if (sender === undefined) doubts.push('no sender is named: give one with --sender');
  const recipients = new Map<string, Mailbox>();
  for (const key of ['to', 'cc', 'bcc']) {
    for (const field of header.all(key)) {
      for (const { mailbox } of parseMailboxes(field.value)) recipients.set(mailboxKey(mailbox), mailbox);
    }
  }
  if (recipients.size === 0) doubts.push('no recipient is named: give them with --recipient');
  else {
    doubts.push('some of them may have got it already, and blind copies are not named');
    if (recipients.size > 1 || header.first('list-id') !== undefined) {
      doubts.push(
        'it went to several people or to a list: who of them the queue still waited for is not known',
      );
    }
  }
  const subject = headerText(Buffer.from(header.value('subject') ?? ''));
  return { subject, recipients: [...recipients.values()], doubts, ...(sender !== undefined && { sender }) };
}

/** An envelope from addresses that an operator typed, or from the suggestion where none are given. */
export function draftEnvelope(
  draft: Draft,
  given: { readonly sender?: string; readonly recipients: readonly string[] },
): ParseResult<Envelope> {
  let reversePath = draft.sender;
  if (given.sender === '' || given.sender === '<>') reversePath = NULL_REVERSE_PATH;
  else if (given.sender !== undefined) {
    const sender = parseAddress(given.sender);
    if (!sender.ok) return unparsed(`--sender ${given.sender}: ${sender.reason}`, sender.at);
    reversePath = sender.value.mailbox;
  }
  if (reversePath === undefined) return unparsed(`${draft.name} names no sender; give one with --sender`, 0);
  const recipients: Mailbox[] = given.recipients.length === 0 ? [...draft.recipients] : [];
  for (const text of given.recipients) {
    const recipient = parseAddress(text);
    if (!recipient.ok) return unparsed(`--recipient ${text}: ${recipient.reason}`, recipient.at);
    recipients.push(recipient.value.mailbox);
  }
  if (recipients.length === 0)
    return unparsed(`${draft.name} names no recipient; give them with --recipient`, 0);
  return parsed({
    reversePath,
    recipients: recipients.map((forwardPath) => ({ forwardPath })),
    body: '8bitmime',
    smtpUtf8: [reversePath, ...recipients].some(needsSmtpUtf8),
  });
}

/** The addresses of a draft as text. */
export function draftRecipients(draft: Draft): string[] {
  return draft.recipients.map(formatMailbox);
}
