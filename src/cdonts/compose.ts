/**
 * What both ways of CDONTS share in composing: profile, importance, the pickup file.
 * Owns: the message's form, the envelope lines, writing.  Leaves: the members (new-mail.ts, session objects).
 * Sources: reference B1.5 (MimeOLE's layout without X-Mailer; missing From goes through), B3.
 */

import {
  addressMailboxes,
  ask,
  type CdoHost,
  envelopeLines,
  identifierHost,
  type Message,
  messageIdIn,
  type Steps,
} from '../cdo/index.ts';
import { type Mailbox, mailboxKey, NULL_REVERSE_PATH, type Recipient } from '../envelope/index.ts';
import { CdontsError, pickupError } from './errors.ts';
import { type MailPlaces, pickupFolderOf } from './places.ts';

/** The host with CDONTS's own layout: what MimeOLE writes, without CDO's fields. */
export function cdontsHost(host: CdoHost): CdoHost {
  const { profile } = host;
  const layout = profile.layout === 'plain' ? 'plain' : '2000';
  return { ...host, profile: { ...profile, layout, writer: 'cdonts' } };
}

/** `Importance`, and the two lines older programs look at; none for normal. */
export function setImportance(message: Message, importance: number): void {
  if (importance < 0 || importance > 2 || !Number.isInteger(importance))
    throw new CdontsError('CdoE_INVALID_PARAMETER', {
      hint: 'Importance is 0 (low), 1 (normal) or 2 (high).',
    });
  if (importance === 1) return;
  const isHigh = importance === 2;
  const { header } = message.root;
  header.set('Importance', isHigh ? 'high' : 'low', 'text');
  header.set('X-Priority', isHigh ? '1' : '5', 'text');
  header.set('X-MSMail-Priority', isHigh ? 'High' : 'Low', 'text');
}

/** Mail without MIME cannot say its charset: in the standards profile, text outside ASCII is MIME whatever was asked for. */
export function mustBeMime(message: Message): boolean {
  return message.host.profile.output === 'standards' && /[^\x00-\x7f]/.test(message.textBody);
}

/** Charset of texts and header words: the chosen one, else the ANSI code page where a text needs one. */
export function setCharset(message: Message, chosen: string | undefined): void {
  const { profile, ansiCharset } = message.host;
  const texts = [message.subject, message.textBody, message.htmlBody, message.from, message.to, message.cc];
  const needsOne = texts.some((text) => /[^\x00-\x7f]/.test(text));
  const charset = chosen ?? (needsOne && profile.output === 'original' ? ansiCharset : undefined);
  if (charset === undefined) return;
  message.bodyPart.charset = charset;
  if (message.textBodyPart !== undefined) message.textBodyPart.charset = charset;
  if (message.htmlBodyPart !== undefined) message.htmlBodyPart.charset = charset;
}

/** Writes the message into the pickup folder. A message without author is written; the service puts it into Badmail. */
export function* writeToPickup(message: Message, places: MailPlaces, extraTo = ''): Steps<void> {
  const { host } = message;
  const domain = identifierHost(host);
  const recipients = new Map<string, Recipient>();
  for (const list of [message.to, extraTo, message.cc, message.bcc]) {
    for (const forwardPath of addressMailboxes(list, domain))
      recipients.set(mailboxKey(forwardPath), { forwardPath });
  }
  if (recipients.size === 0) throw new CdontsError('CdoE_NO_RECIPIENTS', { hint: 'Set To, Cc or Bcc.' });
  const folder = host.mapPath(pickupFolderOf(places));
  const name = `${host.newName()}.eml`;
  const sender = addressMailboxes(message.from, domain)[0];
  const lines = linesOf(sender, [...recipients.values()]);
  const chunks = [lines, ...message.toChunks(host, 'send')];
  try {
    yield* ask('message.put', { folder, name, chunks, flush: true, by: 'cdonts' });
  } catch (failure) {
    throw pickupError(failure, folder);
  }
  host.log.event('info', 'cdonts.message-written', { folder, name, messageId: messageIdIn(chunks.slice(1)) });
}

function linesOf(sender: Mailbox | undefined, recipients: readonly Recipient[]): Buffer {
  const lines = envelopeLines({
    reversePath: sender ?? NULL_REVERSE_PATH,
    recipients,
    body: '7bit',
    smtpUtf8: false,
  });
  return sender === undefined ? lines.subarray(lines.indexOf('\n') + 1) : lines;
}
