/**
 * The verbs that move no mail: RSET, NOOP, QUIT, HELP, VRFY, and those that are only refused by name.
 * Sources: RFC 5321 §4.1.1.5 to §4.1.1.10, §3.5.3, §7.3 (VRFY reveals nothing); KB 289521.
 */
import { formatDomain } from '../../../envelope/index.ts';
import { replies } from '../../protocol/catalogue.ts';
import type { Verb } from '../../protocol/command-line.ts';
import { type CommandRow, checkNoArgument, command, refuse } from '../command.ts';
import { answer, closeWith, RESTING } from '../state.ts';

const anywhere = {
  allowedIn: RESTING,
  outOfOrder: () => replies.helloFirst,
  worksWithoutTls: true,
  worksWithoutAuth: true,
  mustEndGroup: false,
  isInHelp: true,
};

export const rset = command({
  ...anywhere,
  verb: 'RSET',
  check: checkNoArgument('RSET'),
  proceed: (_none, _context, state) => ({
    next: state.at === 'greeted' ? state : { at: 'ready', peer: state.peer },
    reply: replies.resetting,
  }),
});

export const noop = command({
  ...anywhere,
  verb: 'NOOP',
  isInHelp: false,
  check: (argument) => argument,
  proceed: (_ignored, _context, state) => answer(state, replies.ok),
});

export const quit = command({
  ...anywhere,
  verb: 'QUIT',
  check: checkNoArgument('QUIT'),
  proceed: (_none, { settings }) => closeWith(replies.closing(settings.fqdn)),
});

export const help = command({
  ...anywhere,
  verb: 'HELP',
  check: (argument) => argument,
  proceed: (_topic, { helpVerbs }, state) => answer(state, replies.help(helpVerbs)),
});

export const vrfy = command({
  ...anywhere,
  verb: 'VRFY',
  worksWithoutTls: false,
  worksWithoutAuth: false,
  keywords: () => ['VRFY'],
  check: (argument) => (argument === '' ? refuse(replies.badArguments('VRFY user is expected')) : argument),
  // The same words for every name: what exists here is nobody's business.
  proceed(asked, { settings }, state) {
    const isQualified = asked.includes('@') || settings.defaultDomain === undefined;
    const address = isQualified ? asked : `${asked}@${formatDomain(settings.defaultDomain!)}`;
    return answer(state, replies.cannotVerify(address));
  },
});

/** Verbs that exist elsewhere and are not offered here. */
export const refused: readonly CommandRow[] = (['EXPN', 'TURN', 'ATRN'] satisfies Verb[]).map((verb) =>
  command({
    ...anywhere,
    verb,
    isInHelp: false,
    check: () => refuse(replies.notOffered),
    proceed: (_never: string, _context, state) => answer(state, replies.notOffered),
  }),
);
