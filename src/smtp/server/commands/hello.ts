/**
 * HELO and EHLO: who speaks. Both drop a transaction (RFC 5321 §4.1.4) and an identity shown before them stays.
 * Sources: RFC 5321 §4.1.1.1, §4.1.3, §4.1.4; RFC 9422 (LIMITS).
 */

import { parseIpv4, parseIpv6 } from '../../protocol/address-literal.ts';
import { replies } from '../../protocol/catalogue.ts';
import { parseDomain } from '../../protocol/path.ts';
import { type CommandContext, command, type Refusal, refuse } from '../command.ts';
import { peerOf, RESTING, type Resting, type Step } from '../state.ts';

const shared = {
  allowedIn: RESTING,
  outOfOrder: () => replies.helloFirst,
  worksWithoutTls: true,
  worksWithoutAuth: true,
  mustEndGroup: false,
  isInHelp: true,
};

export const helo = command({ ...shared, verb: 'HELO', check: checkName, proceed: greet(false) });

export const ehlo = command({
  ...shared,
  verb: 'EHLO',
  keywords: ({ settings, grants }) => [
    [
      'LIMITS',
      ...limit('MAILMAX', settings.limits.maxMessages),
      ...limit('RCPTMAX', grants.maxRecipients),
    ].join(' '),
  ],
  check: checkName,
  proceed: greet(true),
});

function limit(name: string, value: number): string[] {
  return value > 0 ? [`${name}=${value}`] : [];
}

/** The name in the form it takes in the Received field. */
function checkName(argument: string, { settings }: CommandContext): string | Refusal {
  // RFC 5321 §4.1.1.1 gives HELO no parameters; what follows the first word is ignored for the sake of old devices.
  const blank = argument.indexOf(' ');
  const name = blank < 0 ? argument : argument.slice(0, blank);
  if (name === '') return refuse(replies.helloInvalid('the name is missing'));
  if (name.length > 255) return refuse(replies.helloInvalid('the name is too long'));
  if (!/^[!-~]+$/.test(name)) return refuse(replies.helloInvalid('the name is not ASCII'));
  if (settings.helloCheck === 'any') return name;
  // Devices greet with their bare address; it does no harm and is what they know.
  if (parseIpv4(name) !== undefined || parseIpv6(name) !== undefined) return name;
  const domain = parseDomain(name, 0);
  if (!domain.ok) return refuse(replies.helloInvalid(domain.reason));
  if (domain.value.end !== name.length)
    return refuse(replies.helloInvalid('unexpected character in the name'));
  return name;
}

function greet(isExtended: boolean): (heloName: string, context: CommandContext, state: Resting) => Step {
  return (heloName, context, state) => {
    const identity = peerOf(state)?.identity;
    const peer = { heloName, isExtended, ...(identity === undefined ? {} : { identity }) };
    const { fqdn } = context.settings;
    return {
      next: { at: 'ready', peer },
      reply: isExtended
        ? replies.helloExtended(fqdn, context.client.address, context.keywords())
        : replies.hello(fqdn, context.client.address),
    };
  };
}
