/**
 * AUTH: who the client is. The mechanisms themselves are the authenticator's (intake/users).
 * Sources: RFC 4954 §4, §6.
 */
import { replies } from '../../protocol/catalogue.ts';
import { type CommandContext, command, type Refusal, refuse } from '../command.ts';
import type { AuthExchange } from '../contract.ts';
import { peerOf } from '../state.ts';

export const auth = command({
  verb: 'AUTH',
  allowedIn: ['ready'],
  outOfOrder: (at) =>
    at === 'greeted'
      ? replies.helloFirst
      : at === 'chunking'
        ? replies.chunkFirst
        : replies.authInTransaction,
  worksWithoutTls: true,
  worksWithoutAuth: true,
  mustEndGroup: true,
  isInHelp: true,
  keywords(context) {
    const names = offered(context);
    // compat: the second form is what Outlook Express 4 and its contemporaries look for.
    return names.length === 0 ? [] : [`AUTH ${names.join(' ')}`, `AUTH=${names.join(' ')}`];
  },
  check(argument, context, state): Begun | Refusal {
    const [mechanism, initial, ...more] = argument.split(/ +/);
    if (peerOf(state)?.identity !== undefined) return refuse(replies.authAlready);
    if (context.authenticator.mechanisms(context).length === 0) return refuse(replies.notOffered);
    if (!mechanism || more.length > 0)
      return refuse(replies.badArguments('AUTH mechanism [response] is expected'));
    if (!mayAuthenticate(context)) return refuse(replies.authNeedsTls);
    const response = initial === undefined ? undefined : decodeResponse(initial);
    if (initial !== undefined && response === undefined) return refuse(replies.authMalformed);
    const exchange = context.authenticator.begin(mechanism.toUpperCase(), context);
    if (exchange === undefined) return refuse(replies.authMechanismUnknown);
    return { exchange, response };
  },
  proceed({ exchange, response }, _context, state) {
    return {
      next: { at: 'verifying', peer: peerOf(state)!, exchange },
      effect: { do: 'authenticate', exchange, response },
    };
  },
});

type Begun = { readonly exchange: AuthExchange; readonly response: Buffer | undefined };

function offered(context: CommandContext): readonly string[] {
  return mayAuthenticate(context) ? context.authenticator.mechanisms(context) : [];
}

function mayAuthenticate(context: CommandContext): boolean {
  return context.tls !== undefined || context.grants.mayAuthInClear;
}

/** Base64 of one response line; RFC 4954 §4: a lone `=` is the empty response. */
export function decodeResponse(text: string): Buffer | undefined {
  if (text === '=') return Buffer.alloc(0);
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}
