/**
 * STARTTLS: what follows is TLS. Nothing sent before the handshake survives it (S3), so it must end its group.
 * Sources: RFC 3207 §4, §4.2, §6.
 */
import { replies } from '../../protocol/catalogue.ts';
import { checkNoArgument, command, refuse } from '../command.ts';

export const starttls = command({
  verb: 'STARTTLS',
  allowedIn: ['greeted', 'ready'],
  outOfOrder: (at) => (at === 'chunking' ? replies.chunkFirst : replies.senderAlready),
  worksWithoutTls: true,
  worksWithoutAuth: true,
  mustEndGroup: true,
  isInHelp: true,
  keywords: ({ offersStartTls }) => (offersStartTls ? ['STARTTLS'] : []),
  check(argument, context) {
    if (context.tls !== undefined) return refuse(replies.tlsActive);
    if (!context.offersStartTls) return refuse(replies.notOffered);
    return checkNoArgument('STARTTLS')(argument);
  },
  proceed() {
    return { next: { at: 'securing' }, reply: replies.tlsReady, effect: { do: 'start-tls' } };
  },
});
