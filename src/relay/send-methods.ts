/**
 * `mailroot send`: a message that arrives in pieces over the control interface goes the way of a file in Pickup.
 * Owns: uploads and their bounds.  Leaves: envelope and header (intake), durability (queue).
 * Fails: RelayError `refused` with the sentence that Badmail would have got; nothing is kept of a refused message.
 */
import { type Clock, type IdSource, type Logger, RelayError } from '../base/index.ts';
import type { ControlApi, ControlMethods } from '../control/index.ts';
import { formatMailbox, formatPath } from '../envelope/index.ts';
import { type PickupFolderSettings, preparePickup } from '../intake/index.ts';
import type { MessageAcceptor } from '../queue/index.ts';

/** What these methods need of the server that a message goes through. */
export type SendServer = {
  readonly settings: PickupFolderSettings;
  readonly acceptor: MessageAcceptor;
  /** Infinity: no limit. */
  readonly maxMessageBytes: number;
};

type Params<M extends keyof ControlApi> = ControlApi[M]['params'];

type Upload = { readonly server: SendServer; readonly chunks: Buffer[]; bytes: number };

/** Messages on their way at once: each is in memory until it is committed. */
const MAX_UPLOADS = 16;

/** `server` gives the server of a name, the first one for undefined, and undefined for a name that does not exist. */
export function sendMethods(
  server: (name: string | undefined) => SendServer | undefined,
  clock: Clock,
  ids: IdSource,
  log: Logger,
): ControlMethods {
  const uploads = new Map<number, Upload>();
  let lastUpload = 0;
  const take = (upload: number): Upload => {
    const found = uploads.get(upload);
    if (found === undefined) throw new RelayError('refused', 'There is no such upload; begin again.');
    return found;
  };
  return {
    'send.open': (params, call) => {
      const { server: name, sender, recipients = [] } = params as Params<'send.open'>;
      const found = server(name);
      if (found === undefined) throw new RelayError('refused', `There is no server '${name}'.`);
      if (uploads.size >= MAX_UPLOADS) {
        throw new RelayError(
          'refused',
          `${MAX_UPLOADS} messages are on their way already; try again in a moment.`,
        );
      }
      lastUpload += 1;
      const upload = lastUpload;
      uploads.set(upload, { server: found, chunks: [envelopeLines(sender, recipients)], bytes: 0 });
      call.signal.addEventListener('abort', () => uploads.delete(upload));
      return { upload };
    },
    'send.write': (params) => {
      const { upload: id, base64 } = params as Params<'send.write'>;
      const upload = take(id);
      const chunk = Buffer.from(base64, 'base64');
      upload.bytes += chunk.length;
      if (upload.bytes > upload.server.maxMessageBytes) {
        uploads.delete(id);
        throw new RelayError(
          'refused',
          `The message is larger than ${upload.server.maxMessageBytes} bytes (limits.messageSize).`,
        );
      }
      upload.chunks.push(chunk);
    },
    'send.commit': async (params) => {
      const { upload: id } = params as Params<'send.commit'>;
      const { server: through, chunks } = take(id);
      uploads.delete(id);
      const claim = { claimId: ids.next(), fileName: '', at: clock.now() };
      const prepared = preparePickup(Buffer.concat(chunks), claim, through.settings);
      if (!prepared.ok) throw new RelayError('refused', prepared.detail);
      const intake = through.acceptor.begin({ ...prepared.draft, origin: { kind: 'command' } });
      for (const recipient of prepared.recipients) intake.addRecipient(recipient);
      await intake.write(prepared.body);
      await intake.commit();
      log.event('info', 'command.accepted', {
        messageId: intake.id,
        sender: formatPath(prepared.draft.reversePath),
        server: through.settings.server,
        recipients: prepared.recipients.length,
      });
      return {
        id: intake.id,
        recipients: prepared.recipients.map(({ forwardPath }) => formatMailbox(forwardPath)),
      };
    },
  };
}

/** Sender and recipients as a file's own envelope lines. What holds a line break cannot be an address. */
function envelopeLines(sender: string | undefined, recipients: readonly string[]): Buffer {
  for (const address of [sender ?? '', ...recipients]) {
    if (/[\r\n\0]/.test(address)) throw new RelayError('refused', `'${address}' is no mail address.`);
  }
  const lines = recipients.map((recipient) => `x-receiver: ${recipient}\r\n`);
  if (sender !== undefined) lines.unshift(`x-sender: ${sender === '' ? '<>' : sender}\r\n`);
  return Buffer.from(lines.join(''));
}
