/**
 * What happened, for a normal person, and what that person can do.
 * Owns: the sentences of notifications about failures.  Leaves: their place in the report (message/dsn).
 * A sentence names the server only through the DSN's own line about it; it never repeats the server's words.
 * Sources: RFC 3463 §3 (what the codes mean).
 */
import type { EnhancedStatus } from '../envelope/index.ts';
import type { RoutingProblem } from '../routing/index.ts';
import type { AttemptFailure } from '../smtp/index.ts';

export type Explanation = {
  readonly explanation: string;
  readonly advice?: string;
};

const CHECK_ADDRESS = 'Check the address for typing mistakes, or ask the recipient for the right one.';
const TRY_LATER = 'Please try again later, or reach the recipient in another way.';
const ASK_ADMINISTRATOR = 'Please show this notification to your mail administrator.';

/** By the detail of the status code: `1.1` for 5.1.1 and 4.1.1. */
const BY_STATUS: Readonly<Record<string, Explanation>> = {
  '1.1': { explanation: 'There is no such mailbox at this domain.', advice: CHECK_ADDRESS },
  '1.2': { explanation: 'The part of the address behind the @ cannot receive mail.', advice: CHECK_ADDRESS },
  '1.3': {
    explanation: 'The address is not written in a form that the server understands.',
    advice: CHECK_ADDRESS,
  },
  '1.6': {
    explanation: 'The mailbox has moved and left no new address.',
    advice: 'Ask the recipient for the new address.',
  },
  '1.8': { explanation: 'The server does not accept your own address as sender.', advice: ASK_ADMINISTRATOR },
  '1.10': { explanation: 'The domain accepts no mail at all.', advice: CHECK_ADDRESS },
  '2.1': { explanation: 'The mailbox is switched off at the moment.', advice: TRY_LATER },
  '2.2': { explanation: 'The mailbox is full.', advice: TRY_LATER },
  '2.3': {
    explanation: 'The message is too large for this mailbox.',
    advice: 'Send less or smaller attachments.',
  },
  '3.4': {
    explanation: 'The message is too large for the mail server.',
    advice: 'Send less or smaller attachments.',
  },
  '4.4': { explanation: 'No mail server could be found for the domain.', advice: CHECK_ADDRESS },
  '4.6': { explanation: 'The message ran in circles between mail servers.', advice: ASK_ADMINISTRATOR },
  '6.7': {
    explanation: 'The mail server cannot handle addresses with letters outside of A to Z.',
    advice: 'Ask the recipient for an address with plain letters.',
  },
  '7.1': {
    explanation: 'The mail server refused the message by its rules.',
    advice:
      'If the message is not spam, the administrator of the recipient can tell why; show the answer of the server there.',
  },
};

const GENERAL: Readonly<Record<string, Explanation>> = {
  '1': { explanation: 'The mail server refused the address.', advice: CHECK_ADDRESS },
  '2': { explanation: 'The mailbox could not take the message.', advice: TRY_LATER },
  '3': { explanation: 'The mail server could not take the message.', advice: TRY_LATER },
  '4': { explanation: 'The mail server of the recipient could not be reached.', advice: TRY_LATER },
  '5': { explanation: 'The mail servers did not understand each other.', advice: ASK_ADMINISTRATOR },
  '6': {
    explanation: 'The mail server could not handle the content of the message.',
    advice: ASK_ADMINISTRATOR,
  },
  '7': {
    explanation: 'The mail server refused the message by its rules.',
    advice:
      'If the message is not spam, the administrator of the recipient can tell why; show the answer of the server there.',
  },
};

/** The sentence for a status code alone. */
export function explainStatus(status: EnhancedStatus): Explanation {
  const [, subject = '', detail = ''] = status.split('.');
  return (
    BY_STATUS[`${subject}.${detail}`] ??
    GENERAL[subject] ?? { explanation: 'The mail server refused the message.', advice: ASK_ADMINISTRATOR }
  );
}

export function explainFailure(failure: AttemptFailure, status: EnhancedStatus): Explanation {
  switch (failure.problem) {
    case 'rejected':
      return explainStatus(status);
    case 'connection-refused':
    case 'unreachable':
      return { explanation: `The mail server ${failure.host} could not be reached.`, advice: TRY_LATER };
    case 'timeout':
    case 'connection-lost':
      return {
        explanation: `The connection to the mail server ${failure.host} broke off or was not answered.`,
        advice: TRY_LATER,
      };
    case 'tls-failed':
    case 'tls-not-offered':
      return {
        explanation: `No encrypted connection to the mail server ${failure.host} was possible, and none but an encrypted one is allowed.`,
        advice: ASK_ADMINISTRATOR,
      };
    case 'auth-not-offered':
      return {
        explanation: `The mail server ${failure.host} does not let our server log on.`,
        advice: ASK_ADMINISTRATOR,
      };
    case 'protocol-error':
      return {
        explanation: `The mail server ${failure.host} gave an answer that makes no sense.`,
        advice: ASK_ADMINISTRATOR,
      };
    case 'too-large':
    case 'needs-smtputf8':
      return explainStatus(status);
    case 'body-unreadable':
      return { explanation: 'Our mail server could not read the stored message.', advice: ASK_ADMINISTRATOR };
  }
}

export function explainRouting(problem: RoutingProblem): Explanation {
  switch (problem.cause) {
    case 'no-such-domain':
      return { explanation: 'The domain of this address does not exist.', advice: CHECK_ADDRESS };
    case 'no-mail-host':
      return { explanation: 'The domain of this address has no mail server.', advice: CHECK_ADDRESS };
    case 'null-mx':
      return { explanation: 'The domain of this address accepts no mail at all.', advice: CHECK_ADDRESS };
    case 'unusable-literal':
      return { explanation: 'Mail cannot be delivered to this IP address.', advice: CHECK_ADDRESS };
    case 'loops-to-self':
      return {
        explanation: 'The mail server of this domain is our own server, which is not set up for the domain.',
        advice: ASK_ADMINISTRATOR,
      };
    case 'dns-failure':
    case 'dns-timeout':
      return {
        explanation: 'Our server could not find out which mail server is responsible for the address.',
        advice: TRY_LATER,
      };
  }
}
