/**
 * The words of a delivery status notification that a person reads.
 * Owns: order, wording around the explanations, line width.  Leaves: the explanations (outcome), the rest of the report (dsn).
 * Sources: RFC 3464 §2 (the first part is for people); doc "NDR of the Windows SMTP service" (its opening sentences).
 */
import { formatMailbox } from '../envelope/index.ts';
import type { DsnAction, DsnContent, DsnRecipient } from './dsn.ts';
import { formatDate } from './trace.ts';

const OPENINGS: Readonly<Record<DsnAction, string>> = {
  failed: 'Delivery to the following recipients failed.',
  delayed:
    'Delivery to the following recipients is delayed. You need not do anything: the server keeps trying. ' +
    'You will be told if it has to give up.',
  delivered: 'Your message was delivered to the following recipients.',
  relayed:
    'Your message was passed on to the mail servers of the following recipients. ' +
    'Those servers send no notifications, so you will not hear whether it reached the mailbox.',
};

const WIDTH = 76;
/** As the old product indented addresses. */
const ADDRESS_INDENT = '       ';
const DETAIL_INDENT = '          ';

export function dsnText(content: DsnContent): string {
  const lines = [
    'This is an automatically generated Delivery Status Notification.',
    '',
    ...wrapped(OPENINGS[content.action], ''),
    ...content.recipients.flatMap((recipient) => recipientLines(content, recipient)),
    '',
    ...aboutOriginal(content),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function recipientLines(content: DsnContent, recipient: DsnRecipient): string[] {
  const lines = [
    '',
    `${ADDRESS_INDENT}${formatMailbox(recipient.finalRecipient).replace(/[\x00-\x1f\x7f]/g, ' ')}`,
    '',
  ];
  lines.push(...wrapped(recipient.explanation, DETAIL_INDENT));
  if (recipient.diagnostic?.from === 'smtp') {
    const who =
      recipient.remoteMta === undefined ? 'The mail server' : `The mail server ${recipient.remoteMta}`;
    lines.push(...wrapped(`${who} answered: ${recipient.diagnostic.text}`, DETAIL_INDENT));
  }
  if (recipient.advice !== undefined) lines.push(...wrapped(recipient.advice, DETAIL_INDENT));
  if (recipient.willRetryUntil !== undefined) {
    const until = formatDate(recipient.willRetryUntil, content.offsetMinutes);
    lines.push(...wrapped(`The server keeps trying until ${until}.`, DETAIL_INDENT));
  }
  return lines;
}

function aboutOriginal(content: DsnContent): string[] {
  const { original, returned } = content;
  const lines = ['Your message:', ''];
  if (original.subject !== undefined && original.subject !== '')
    lines.push(...wrapped(`Subject: ${original.subject}`, ADDRESS_INDENT));
  lines.push(`${ADDRESS_INDENT}Received: ${formatDate(original.arrivedAt, content.offsetMinutes)}`);
  if (original.messageId !== undefined)
    lines.push(...wrapped(`Message-ID: <${original.messageId}>`, ADDRESS_INDENT));
  lines.push('');
  if (returned.kind === 'full') lines.push('It is attached to this notification.');
  if (returned.kind === 'headers')
    lines.push(
      returned.why === 'too-large'
        ? 'Its header is attached to this notification; the message itself is too large to be returned.'
        : 'Its header is attached to this notification.',
    );
  lines.push('', `Reported by ${content.reportingMta}, message ${original.queueId}.`);
  return lines;
}

/** Breaks at blanks; a word longer than the line stands alone on its own. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .replace(/[\x00-\x1f\x7f]/g, ' ')
    .trim()
    .split(/ +/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(indent + line);
  return lines;
}
