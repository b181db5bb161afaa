/**
 * Delivery's view of the Drop folder.
 * deviates: no Return-Path field is added. x-sender says the same, and the file stays a lossless replay of the message.
 */
import type { DropPort } from '../delivery/index.ts';
import type { DropWriter } from '../mailroot/index.ts';

export function dropPort(drop: DropWriter): DropPort {
  return {
    async drop(message, recipients, body) {
      const { reversePath, body: bodyType, smtpUtf8, returnContent, envelopeId } = message;
      const result = await drop.write({
        envelope: {
          reversePath,
          recipients,
          body: bodyType,
          smtpUtf8,
          ...(returnContent !== undefined && { returnContent }),
          ...(envelopeId !== undefined && { envelopeId }),
        },
        bytes: body.bytes,
        chunks: () => body.chunks(),
      });
      return result.kind === 'written'
        ? { dropped: true, file: result.file }
        : { dropped: false, quota: result.isQuota, text: result.text };
    },
  };
}
