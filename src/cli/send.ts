/** `mailroot send`: hands one message to the running service and waits until it is safe in the queue. */
import { createReadStream } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { toRelayError } from '../base/index.ts';
import {
  encodeQuotedPrintable,
  encodeUnstructured,
  parseMailboxes,
  printAddressList,
  printDateTime,
  printField,
} from '../message/index.ts';
import { type Command, EXIT, type Invocation, output, text, texts, UsageError } from './command.ts';
import { withService } from './queue.ts';

/** Bytes of the message in one request. */
const PIECE_BYTES = 512 * 1024;

export const sendCommand: Command = {
  name: 'send',
  summary: 'Send a message: from arguments, a file, or standard input.',
  arguments: '[FILE]',
  options: {
    from: { type: 'string', value: 'ADDRESS', doc: 'Sender. Absent: the From field of the file.' },
    to: {
      type: 'string',
      multiple: true,
      value: 'ADDRESS',
      doc: 'Recipient (may be repeated). Absent: To, Cc and Bcc of the file.',
    },
    subject: {
      type: 'string',
      value: 'TEXT',
      doc: 'Write a message with this subject instead of reading one.',
    },
    body: { type: 'string', value: 'TEXT', doc: 'Its text. Absent: standard input.' },
  },
  details: [
    'A file may begin with x-sender: and x-receiver: lines, as files in Pickup do. Without FILE the message is read',
    "from standard input. Exits with 0 only when the message is on the service's disk.",
    '',
    "  mailroot send --from a@example.com --to b@example.net --subject Test --body 'It works.'",
    '  mailroot send message.eml',
  ].join('\n'),
  async run(invocation) {
    const [file, ...extra] = invocation.positionals;
    if (extra.length > 0) throw new UsageError('one file at most is expected');
    const isComposed = text(invocation, 'subject') !== undefined || text(invocation, 'body') !== undefined;
    if (isComposed && file !== undefined)
      throw new UsageError('either a file or --subject and --body, not both');
    const message = isComposed ? await compose(invocation) : readMessage(invocation, file);
    const sender = text(invocation, 'from');
    const recipients = texts(invocation, 'to');
    const accepted = await withService(invocation, async (service) => {
      const { upload } = await service.ask('send.open', {
        ...(sender !== undefined && { sender }),
        ...(recipients.length > 0 && { recipients }),
      });
      await pipeline(message, async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
            await service.ask('send.write', {
              upload,
              base64: chunk.subarray(at, at + PIECE_BYTES).toString('base64'),
            });
          }
        }
      });
      return service.ask('send.commit', { upload });
    });
    output(invocation, accepted, () => `Accepted as ${accepted.id} for ${accepted.recipients.join(', ')}.`);
    return EXIT.done;
  },
};

function readMessage({ io }: Invocation, file: string | undefined): AsyncIterable<Buffer> {
  if (file === undefined || file === '-') return io.stdin as AsyncIterable<Buffer>;
  const path = resolve(io.folder, file);
  const stream = createReadStream(path);
  return (async function* () {
    try {
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (thrown) {
      throw toRelayError(thrown, `reading ${path}`);
    }
  })();
}

/** A plain text message in UTF-8 from the arguments. */
async function compose(invocation: Invocation): Promise<Iterable<Buffer>> {
  const to = texts(invocation, 'to');
  if (to.length === 0) throw new UsageError('--to is needed');
  const body = text(invocation, 'body') ?? (await readAll(invocation.io.stdin as AsyncIterable<Buffer>));
  const from = text(invocation, 'from') ?? userInfo().username;
  const content = encodeQuotedPrintable(Buffer.from(body.replaceAll(/\r?\n/g, '\r\n'), 'utf8'));
  const header = [
    printField('From', addressList(from)),
    printField('To', addressList(to.join(', '))),
    printField('Subject', encodeUnstructured(text(invocation, 'subject') ?? '')),
    printField('Date', printDateTime(Date.now())),
    printField('MIME-Version', '1.0'),
    printField('Content-Type', 'text/plain; charset=utf-8'),
    printField('Content-Transfer-Encoding', 'quoted-printable'),
  ];
  return [Buffer.from(`${header.join('')}\r\n`), content];
}

/** The addresses as a header field holds them; a name without a domain is left for the service to complete. */
function addressList(value: string): string {
  const mailboxes = parseMailboxes(value);
  return mailboxes.length > 0
    ? printAddressList(mailboxes.map((mailbox) => ({ kind: 'mailbox' as const, ...mailbox })))
    : value.replaceAll(/[\r\n]/g, ' ');
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
