/**
 * MAIL: begins a transaction.
 * Sources: RFC 5321 §4.1.1.2; RFC 1870 §6.1 (refuse by declared size); RFC 3030 §2; RFC 3461 §4.3; RFC 6531 §3.4.
 */
import { replies } from '../../protocol/catalogue.ts';
import { isParameterProblem, NO_MAIL_PARAMETERS, parseMailParameters } from '../../protocol/parameters.ts';
import { parseReversePath } from '../../protocol/path.ts';
import { type CommandContext, command, type Refusal, refuse } from '../command.ts';
import { closeWith, peerOf, type Resting, type Step, type Transaction } from '../state.ts';

export const mail = command({
  verb: 'MAIL',
  allowedIn: ['ready'],
  outOfOrder: (at) =>
    at === 'greeted' ? replies.helloFirst : at === 'chunking' ? replies.chunkFirst : replies.senderAlready,
  worksWithoutTls: false,
  worksWithoutAuth: false,
  mustEndGroup: false,
  isInHelp: true,
  keywords: ({ grants }) => [grants.maxMessageBytes > 0 ? `SIZE ${grants.maxMessageBytes}` : 'SIZE'],
  check,
  proceed,
});

function check(argument: string, context: CommandContext, state: Resting): Transaction | Refusal {
  if (!/^from:/i.test(argument)) return refuse(replies.badArguments('MAIL FROM:<address> is expected'));
  const { defaultDomain } = context.settings;
  const path = parseReversePath(argument, 5, defaultDomain === undefined ? {} : { defaultDomain });
  if (!path.ok) return refuse(replies.senderInvalid(path.reason));
  const { end, isInternational, path: reversePath } = path.value;
  if (argument.length === end) {
    if (isInternational) return refuse(replies.needsSmtpUtf8);
    return { reversePath, parameters: NO_MAIL_PARAMETERS, recipients: [] };
  }
  const parameters = parseMailParameters(argument, end);
  if (isParameterProblem(parameters))
    return refuse(
      parameters.problem === 'unknown'
        ? replies.parameterUnknown(parameters.text)
        : replies.parameterInvalid(parameters.text),
    );
  // Parameters belong to extensions, and HELO asks for none.
  if (peerOf(state)?.isExtended !== true)
    return refuse(replies.parameterUnknown('greet with EHLO to use parameters'));
  if (isInternational && !parameters.smtpUtf8) return refuse(replies.needsSmtpUtf8);
  return { reversePath, parameters, recipients: [] };
}

function proceed(tx: Transaction, context: CommandContext, state: Resting): Step {
  const { limits } = context.settings;
  const { tally, grants } = context;
  const declared = tx.parameters.declaredBytes ?? 0;
  if (limits.maxMessages > 0 && tally.messages >= limits.maxMessages)
    return closeWith(replies.messageLimitOfConnection);
  if (grants.maxMessageBytes > 0 && declared > grants.maxMessageBytes)
    return { next: state, reply: replies.tooBig };
  // A message that fits by itself is welcome on a new connection.
  if (limits.maxSessionBytes > 0 && tally.bytes > 0 && tally.bytes + declared > limits.maxSessionBytes)
    return closeWith(replies.sessionSizeExceeded);
  const asked = { about: 'sender', tx } as const;
  return {
    next: { at: 'judging', peer: peerOf(state)!, asked, back: state },
    effect: { do: 'judge', asked },
  };
}
