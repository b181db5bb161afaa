/**
 * DATA: the content follows. Nothing sent before our 354 is content, so DATA must end its group.
 * Sources: RFC 5321 §4.1.1.4, §3.3; RFC 2920 §3.1; RFC 3030 §3 (no DATA for BINARYMIME).
 */
import { replies } from '../../protocol/catalogue.ts';
import { checkNoArgument, command, refuse } from '../command.ts';

export const data = command({
  verb: 'DATA',
  allowedIn: ['transaction'],
  outOfOrder: (at) =>
    at === 'greeted' ? replies.helloFirst : at === 'chunking' ? replies.chunkFirst : replies.mailFirst,
  worksWithoutTls: false,
  worksWithoutAuth: false,
  mustEndGroup: true,
  isInHelp: true,
  keywords: () => ['8BITMIME', 'SMTPUTF8'],
  check(argument, _context, state) {
    const problem = checkNoArgument('DATA')(argument);
    if (problem !== '') return problem;
    if (state.at !== 'transaction') return refuse(replies.mailFirst);
    if (state.tx.recipients.length === 0) return refuse(replies.rcptFirst);
    if (state.tx.parameters.body === 'binarymime') return refuse(replies.binaryNeedsBdat);
    return state;
  },
  proceed({ peer, tx }) {
    return { next: { at: 'data', peer, tx }, reply: replies.startInput, effect: { do: 'receive', tx } };
  },
});
