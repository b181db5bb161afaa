/**
 * RCPT: adds a recipient. Whether we take mail for it is policy's word; how it may be written is ours.
 * Sources: RFC 5321 §4.1.1.3, §4.5.1 (postmaster), §4.5.3.1.10 (452 for surplus recipients); RFC 3461 §4.1, §4.2.
 */
import type { Recipient } from '../../../envelope/index.ts';
import { replies } from '../../protocol/catalogue.ts';
import { isParameterProblem, NO_RCPT_PARAMETERS, parseRcptParameters } from '../../protocol/parameters.ts';
import { parseForwardPath } from '../../protocol/path.ts';
import { type CommandContext, command, type Refusal, refuse } from '../command.ts';
import { peerOf, type Resting, type Step } from '../state.ts';

export const rcpt = command({
  verb: 'RCPT',
  allowedIn: ['transaction'],
  outOfOrder: (at) =>
    at === 'greeted' ? replies.helloFirst : at === 'chunking' ? replies.chunkFirst : replies.mailFirst,
  worksWithoutTls: false,
  worksWithoutAuth: false,
  mustEndGroup: false,
  isInHelp: true,
  keywords: () => ['PIPELINING', 'DSN', 'ENHANCEDSTATUSCODES'],
  check,
  proceed,
});

function check(argument: string, context: CommandContext, state: Resting): Recipient | Refusal {
  if (state.at !== 'transaction') return refuse(replies.mailFirst);
  if (!/^to:/i.test(argument)) return refuse(replies.badArguments('RCPT TO:<address> is expected'));
  const { defaultDomain } = context.settings;
  const path = parseForwardPath(argument, 3, defaultDomain === undefined ? {} : { defaultDomain });
  if (!path.ok) return refuse(replies.recipientInvalid(path.reason));
  const { end, isInternational, path: forwardPath } = path.value;
  if (isInternational && !state.tx.parameters.smtpUtf8) return refuse(replies.needsSmtpUtf8);
  if (argument.length === end) return { forwardPath, ...NO_RCPT_PARAMETERS };
  const parameters = parseRcptParameters(argument, end);
  if (isParameterProblem(parameters))
    return refuse(
      parameters.problem === 'unknown'
        ? replies.parameterUnknown(parameters.text)
        : replies.parameterInvalid(parameters.text),
    );
  if (!state.peer.isExtended) return refuse(replies.parameterUnknown('greet with EHLO to use parameters'));
  return { forwardPath, ...parameters };
}

function proceed(recipient: Recipient, context: CommandContext, state: Resting): Step {
  if (state.at !== 'transaction') return { next: state, reply: replies.mailFirst };
  const { maxRecipients } = context.grants;
  if (maxRecipients > 0 && state.tx.recipients.length >= maxRecipients)
    return { next: state, reply: replies.recipientsFull };
  const asked = { about: 'recipient', tx: state.tx, recipient } as const;
  return {
    next: { at: 'judging', peer: peerOf(state)!, asked, back: state },
    effect: { do: 'judge', asked },
  };
}
