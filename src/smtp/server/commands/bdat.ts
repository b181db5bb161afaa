/**
 * BDAT: a counted piece of the content. Also a refused one brings its octets, which are swallowed and never read as commands.
 * Sources: RFC 3030 §2, §3, §4.2.
 */
import type { Reply } from '../../../envelope/index.ts';
import { replies } from '../../protocol/catalogue.ts';
import { type CommandContext, command, refusalFor } from '../command.ts';
import { closeWith, RESTING, type Resting, type Step } from '../state.ts';

type Announced = { readonly octets: number; readonly isLast: boolean };

export const bdat = command({
  verb: 'BDAT',
  // Judged in `proceed`: every refusal must still swallow the octets.
  allowedIn: RESTING,
  outOfOrder: () => replies.mailFirst,
  worksWithoutTls: true,
  worksWithoutAuth: true,
  mustEndGroup: false,
  isInHelp: true,
  keywords: () => ['BINARYMIME', 'CHUNKING'],
  check(argument): Announced | Unreadable {
    const match = /^([0-9]{1,15})(?: +(last))?$/i.exec(argument);
    return match === null ? new Unreadable() : { octets: Number(match[1]), isLast: match[2] !== undefined };
  },
  proceed(announced, context, state): Step {
    // Where the next command begins is unknown: reading on would take content for commands.
    if (announced instanceof Unreadable)
      return closeWith(replies.badArguments('BDAT needs a number of octets and perhaps LAST; closing'));
    const refusal = refusalOf(announced, context, state);
    if (refusal !== undefined) {
      const most = context.grants.maxMessageBytes;
      if (most > 0 && announced.octets > most) return closeWith(refusal);
      const back = state.at === 'greeted' ? state : ({ at: 'ready', peer: state.peer } as const);
      return {
        next: { at: 'chunk', chunk: { use: 'swallow', reply: refusal, back }, octets: announced.octets },
      };
    }
    const { peer, tx } = state as Extract<Resting, { at: 'transaction' | 'chunking' }>;
    const { octets, isLast } = announced;
    const next = { at: 'chunk', chunk: { use: 'content', peer, tx, isLast }, octets } as const;
    return state.at === 'chunking' ? { next } : { next, effect: { do: 'receive', tx } };
  },
});

/** The argument told no number. */
class Unreadable {
  readonly isUnreadable = true;
}

function refusalOf(announced: Announced, context: CommandContext, state: Resting): Reply | undefined {
  const shared = refusalFor({ ...bdat, worksWithoutTls: false, worksWithoutAuth: false }, state, context);
  if (shared !== undefined) return shared;
  if (state.at === 'greeted') return replies.helloFirst;
  if (state.at === 'ready') return replies.mailFirst;
  if (state.tx.recipients.length === 0) return replies.rcptFirst;
  const most = context.grants.maxMessageBytes;
  return most > 0 && announced.octets > most ? replies.tooBig : undefined;
}
