/**
 * Envelope lines: x-sender and x-receiver, the envelope written above a message so that Pickup takes it again unchanged.
 * Owns: printing, with the ESMTP parameters that a lossless replay needs; the text forms of those parameters.
 * Leaves: reading the lines (intake), where the file goes (drop-writer, queue export).
 * Sources: RFC 3461 §4 (RET, ENVID, NOTIFY, ORCPT, xtext); RFC 6152; RFC 6531 §3.4; KB 306043 (Drop to Pickup).
 */
import {
  type Envelope,
  formatMailbox,
  formatPath,
  isNullReversePath,
  type Recipient,
} from '../envelope/index.ts';

/** The envelope as CRLF-ended lines: one x-sender, then one x-receiver per recipient. */
export function formatEnvelopeLines(envelope: Envelope): Buffer {
  const parameters: string[] = [];
  // 7bit is what a file without the parameter means; naming it would only lengthen every line.
  if (envelope.body !== '7bit') parameters.push(`BODY=${envelope.body.toUpperCase()}`);
  if (envelope.smtpUtf8) parameters.push('SMTPUTF8');
  if (envelope.returnContent !== undefined)
    parameters.push(`RET=${envelope.returnContent === 'full' ? 'FULL' : 'HDRS'}`);
  if (envelope.envelopeId !== undefined) parameters.push(`ENVID=${encodeXtext(envelope.envelopeId)}`);
  const { reversePath } = envelope;
  const sender =
    isNullReversePath(reversePath) || parameters.length > 0
      ? formatPath(reversePath)
      : formatMailbox(reversePath);
  const lines = [`x-sender: ${[sender, ...parameters].join(' ')}\r\n`];
  for (const recipient of envelope.recipients) lines.push(`x-receiver: ${formatReceiver(recipient)}\r\n`);
  return Buffer.from(lines.join(''));
}

function formatReceiver(recipient: Recipient): string {
  const { notify, originalRecipient } = recipient;
  const parameters: string[] = [];
  if (notify !== undefined) {
    const wishes =
      notify === 'never'
        ? ['NEVER']
        : (['success', 'failure', 'delay'] as const).flatMap((when) =>
            notify[when] ? when.toUpperCase() : [],
          );
    parameters.push(`NOTIFY=${wishes.length === 0 ? 'NEVER' : wishes.join(',')}`);
  }
  if (originalRecipient !== undefined)
    parameters.push(`ORCPT=${originalRecipient.addressType};${encodeXtext(originalRecipient.address)}`);
  const mailbox = formatMailbox(recipient.forwardPath);
  return parameters.length === 0 ? mailbox : [`<${mailbox}>`, ...parameters].join(' ');
}

/** RFC 3461 §4: printable ASCII but `+` and `=` as it is, every other byte (of UTF-8) as +HH. */
export function encodeXtext(text: string): string {
  if (/^[!-*,-<>-~]*$/.test(text)) return text;
  let out = '';
  for (const byte of Buffer.from(text)) {
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x2b && byte !== 0x3d;
    out += isPlain ? String.fromCharCode(byte) : `+${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

/** The text behind an xtext, or undefined when it is none. */
export function decodeXtext(xtext: string): string | undefined {
  if (!/^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/.test(xtext)) return undefined;
  if (!xtext.includes('+')) return xtext;
  const bytes = Buffer.from(
    xtext.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : bytes.toString('latin1');
}
