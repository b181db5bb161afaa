/** Outcome's view of the Badmail folder: a message with its recipients becomes a triplet. */
import type { Clock } from '../base/index.ts';
import { formatMailbox } from '../envelope/index.ts';
import type { Badmail } from '../mailroot/index.ts';
import type { Badmail as BadmailPort } from '../outcome/index.ts';

export function badmailPort(badmail: Badmail, clock: Clock): BadmailPort {
  return {
    put(reasonClass, reason, { name, message, recipients }, body) {
      const at = clock.now();
      const { reversePath, body: bodyType, smtpUtf8, returnContent, envelopeId, origin } = message;
      return badmail.write(
        {
          id: message.id,
          name,
          reasonClass,
          detail: reason,
          at,
          server: message.server,
          envelope: {
            reversePath,
            recipients: recipients.map(({ recipient: { forwardPath, notify, originalRecipient } }) => ({
              forwardPath,
              ...(notify !== undefined && { notify }),
              ...(originalRecipient !== undefined && { originalRecipient }),
            })),
            body: bodyType,
            smtpUtf8,
            ...(returnContent !== undefined && { returnContent }),
            ...(envelopeId !== undefined && { envelopeId }),
          },
          ...(origin.kind === 'pickup' && { fileName: origin.fileName }),
          ...(message.subject !== undefined && { subject: message.subject }),
          history: recipients.map(({ recipient, status, lastResult }) => ({
            at,
            text: `${formatMailbox(recipient.forwardPath)}: ${status} ${lastResult}`,
          })),
        },
        { chunks: () => body.chunks() },
      );
    },
  };
}
