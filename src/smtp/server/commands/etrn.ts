/**
 * ETRN: a server fetches the mail that is held for its domain.
 * Sources: RFC 1985 §4, §5.
 */
import { replies } from '../../protocol/catalogue.ts';
import { command, refuse } from '../command.ts';
import { peerOf } from '../state.ts';

export const etrn = command({
  verb: 'ETRN',
  allowedIn: ['ready'],
  outOfOrder: (at) =>
    at === 'greeted' ? replies.helloFirst : at === 'chunking' ? replies.chunkFirst : replies.senderAlready,
  worksWithoutTls: false,
  worksWithoutAuth: false,
  mustEndGroup: false,
  isInHelp: true,
  keywords: ({ offersEtrn }) => (offersEtrn ? ['ETRN'] : []),
  check(argument, context) {
    if (!context.offersEtrn) return refuse(replies.notOffered);
    if (!/^[@#]?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9])?$/.test(argument))
      return refuse(replies.badArguments('ETRN domain is expected'));
    return argument;
  },
  proceed(node, _context, state) {
    const asked = { about: 'etrn', node } as const;
    return {
      next: { at: 'judging', peer: peerOf(state)!, asked, back: state },
      effect: { do: 'judge', asked },
    };
  },
});
