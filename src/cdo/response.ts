/**
 * Answers: Reply, ReplyAll, Forward, PostReply.
 * Owns: recipients, subject, threading and quoted text of the new message.  Leaves: sending it.
 * Sources: reference A6.5, A6.6; RFC 5322 §3.6.4 (In-Reply-To, References).
 */
import { mailboxKey } from '../envelope/index.ts';
import {
  mailboxesOf,
  type NamedMailbox,
  parseAddressList,
  printAddress,
  printDateTime,
} from '../message/index.ts';
import type { ConfigurationFieldName } from './configuration-fields.ts';
import { extendThreadIndex } from './identifiers.ts';
import { Message } from './message.ts';
import { listAttachments } from './structure.ts';

/** The English texts; the original's other languages are not known to us. */
const TEXTS = { reply: 'RE: ', forward: 'FW: ', original: '-----Original Message-----' } as const;

export function reply(original: Message): Message {
  const answer = begin(original, TEXTS.reply);
  answer.to = original.replyTo !== '' ? original.replyTo : original.from;
  return answer;
}

/** To the author, with all other recipients; nobody twice. */
export function replyAll(original: Message): Message {
  const answer = reply(original);
  const seen = new Set(people(answer.to).map((person) => mailboxKey(person.mailbox)));
  const others = (list: string): string =>
    people(list)
      .filter((person) => {
        const key = mailboxKey(person.mailbox);
        const isNew = !seen.has(key);
        seen.add(key);
        return isNew;
      })
      .map((person) => printAddress(person, { utf8: true }))
      .join(', ');
  const to = others(original.to);
  if (to !== '') answer.to = `${answer.to}, ${to}`;
  answer.cc = others(original.cc);
  return answer;
}

export function forward(original: Message): Message {
  const copy = begin(original, TEXTS.forward);
  for (const attachment of listAttachments(original.root)) {
    const part = copy.attachments.add().part;
    part.setContentType(attachment.contentTypeText());
    if (attachment.disposition !== undefined) part.setDisposition(attachment.dispositionText());
    if (attachment.content.kind === 'encoded') part.encoding = attachment.content.encoding;
    else if (attachment.encoding !== undefined) part.encoding = attachment.encoding;
    part.content = attachment.content;
    const contentId = attachment.header.entry('Content-ID');
    if (contentId !== undefined) part.header.set('Content-ID', contentId.value, 'raw');
  }
  return copy;
}

export function postReply(original: Message): Message {
  const answer = begin(original, TEXTS.reply);
  answer.newsgroups = original.followUpTo !== '' ? original.followUpTo : original.newsgroups;
  return answer;
}

function people(list: string): NamedMailbox[] {
  return mailboxesOf(parseAddressList(list));
}

function begin(original: Message, prefix: string): Message {
  const answer = new Message({ host: original.host, configuration: original.configuration });
  const subject = original.subject;
  answer.subject = subject.toLowerCase().startsWith(prefix.toLowerCase()) ? subject : prefix + subject;
  thread(original, answer);
  if (original.root.charset !== undefined) answer.root.charset = original.root.charset;
  original.configuration.settle();
  if (original.configuration.boolean('usemessageresponsetext' satisfies ConfigurationFieldName))
    quote(original, answer);
  return answer;
}

function thread(original: Message, answer: Message): void {
  const { header } = original.root;
  const messageId = header.entry('Message-ID')?.value;
  if (messageId !== undefined) {
    answer.root.header.set('In-Reply-To', messageId, 'raw');
    const references = header.entry('References')?.value ?? header.entry('In-Reply-To')?.value ?? '';
    answer.root.header.set('References', `${references} ${messageId}`.trim(), 'raw');
  }
  const topic = header.text('Thread-Topic') ?? original.subject;
  const index = header.entry('Thread-Index')?.value;
  if (topic !== '') answer.root.header.set('Thread-Topic', topic, 'text');
  if (index !== undefined)
    answer.root.header.set('thread-index', extendThreadIndex(original.host, index), 'raw');
}

/** The original's text behind a short head, and its HTML when it has one. */
function quote(original: Message, answer: Message): void {
  const head = quotedHead(original);
  if (original.htmlBody !== '') {
    const lines = head.map((line) => `${escapeHtml(line)}<br>`).join('\r\n');
    answer.autoGenerateTextBody = false;
    answer.htmlBody = `<p>&nbsp;</p>\r\n${lines}\r\n<br>\r\n${original.htmlBody}`;
  }
  answer.textBody = `\r\n\r\n${head.join('\r\n')}\r\n\r\n${original.textBody}`;
}

function quotedHead(original: Message): string[] {
  const sent = original.sentOn?.getTime() ?? original.host.now();
  const date = printDateTime(sent, { offsetMinutes: original.host.offsetMinutes(sent) });
  const lines = [TEXTS.original, `From: ${original.from}`, `Sent: ${date}`, `To: ${original.to}`];
  if (original.cc !== '') lines.push(`Cc: ${original.cc}`);
  lines.push(`Subject: ${original.subject}`);
  return lines;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
