/**
 * What a failure means: go on with the next host, try later, or give up; and which status code tells it.
 * Owns: temporary or permanent, for everything that is no plain reply.  Leaves: ages and reports (settle, decide).
 * Sources: RFC 5321 §4.2.1, §4.2.4, §4.5.3.1.10, §5.1; RFC 3463 §3; RFC 7504 §3, §4; RFC 7505 §4.2; RFC 1870 §6.1;
 * RFC 6531 §3.4; RFC 4954 §6; KB 303889 (next MX host after a 4xx reply).
 */
import { type EnhancedStatus, type Reply, replyClass, statusOf } from '../envelope/index.ts';
import type { RoutingProblem } from '../routing/index.ts';
import type { AttemptFailure, Stage } from '../smtp/index.ts';
import type { FailureMeaning } from './contract.ts';

export type Lasting = 'temporary' | 'permanent';

/** Delivery asks this after each failed host. `next-host` with no host left means `defer`, unless the failure is permanent. */
export function judgeFailure(failure: AttemptFailure): FailureMeaning {
  if (failure.problem === 'rejected') return judgeRejection(failure.stage, failure.reply);
  switch (failure.problem) {
    // The same message is as large for every host of the domain, and needs what it needs.
    case 'too-large':
    case 'needs-smtputf8':
      return 'fail';
    // The fault is ours: another host changes nothing.
    case 'body-unreadable':
    case 'auth-not-offered':
      return 'defer';
    // RFC 1047 §2: after the end of data nobody knows whether the host has the message; another host would make it two.
    case 'timeout':
    case 'connection-lost':
      return failure.stage === 'end-of-data' ? 'defer' : 'next-host';
    default:
      return 'next-host';
  }
}

function judgeRejection(stage: Stage, answer: Reply | undefined): FailureMeaning {
  if (lastingOfReply(stage, answer) === 'permanent') return concernsHostAlone(stage) ? 'next-host' : 'fail';
  // RFC 4954 §6: about our credentials, which are the same for every host, and repeated failures lock accounts.
  if (stage === 'auth' || isAboutOurselves(answer)) return 'defer';
  // RFC 5321 §4.2.4, KB 303889: a host that has no time now is one reason more to ask the next.
  if (stage !== 'data' && stage !== 'end-of-data') return 'next-host';
  return answer?.code === 421 ? 'next-host' : 'defer';
}

function concernsHostAlone(stage: Stage): boolean {
  return stage === 'connect' || stage === 'greeting';
}

/** Temporary or permanent, when no host is left to ask. */
export function lastingOfFailure(failure: AttemptFailure): Lasting {
  if (failure.problem === 'rejected') return lastingOfReply(failure.stage, failure.reply);
  return failure.problem === 'too-large' || failure.problem === 'needs-smtputf8' ? 'permanent' : 'temporary';
}

function lastingOfReply(stage: Stage, answer: Reply | undefined): Lasting {
  if (answer === undefined || replyClass(answer) !== 'permanent') return 'temporary';
  // RFC 7504 §3: 521 says that the host never accepts mail. Any other refusal to talk may be about this moment
  // (block lists, overload), and the sender is served better by a retry than by a bounce.
  if (concernsHostAlone(stage)) return answer.code === 521 || answer.code === 556 ? 'permanent' : 'temporary';
  if (stage === 'auth' || stage === 'starttls' || isAboutOurselves(answer)) return 'temporary';
  // RFC 5321 §4.5.3.1.10: 552 to RCPT used to mean too many recipients, and must be treated like 452. A full mailbox says so.
  if (stage === 'rcpt' && answer.code === 552 && !answer.status?.startsWith('5.2.')) return 'temporary';
  return 'permanent';
}

/** The host wants credentials or TLS of us: a setting to mend, and no word about the message (RFC 4954 §6). */
function isAboutOurselves(answer: Reply | undefined): boolean {
  return answer !== undefined && [530, 534, 535, 538].includes(answer.code);
}

/** Temporary or permanent for a domain that leads nowhere. */
export function lastingOfRouting(problem: RoutingProblem): Lasting {
  return problem.cause === 'dns-failure' || problem.cause === 'dns-timeout' ? 'temporary' : 'permanent';
}

/** The status of a failure (RFC 3463 §3); the host's own when it gave one that fits its reply code. */
export function statusOfFailure(failure: AttemptFailure): EnhancedStatus {
  const lasting = lastingOfFailure(failure);
  if (failure.reply !== undefined && failure.problem === 'rejected') {
    const told = statusOf(failure.reply);
    return withClass(told.startsWith('2') ? '4.0.0' : told, lasting);
  }
  switch (failure.problem) {
    case 'connection-refused':
    case 'unreachable':
      return '4.4.1';
    case 'timeout':
      return failure.stage === 'connect' || failure.stage === 'greeting' ? '4.4.1' : '4.4.2';
    case 'connection-lost':
      return '4.4.2';
    case 'tls-failed':
      return '4.7.5';
    case 'tls-not-offered':
    case 'auth-not-offered':
      return '4.7.4';
    case 'protocol-error':
    case 'rejected':
      return '4.5.0';
    case 'too-large':
      return '5.3.4';
    case 'needs-smtputf8':
      return '5.6.7';
    case 'body-unreadable':
      return '4.3.0';
  }
}

export function statusOfRouting(problem: RoutingProblem): EnhancedStatus {
  switch (problem.cause) {
    case 'no-such-domain':
    case 'unusable-literal':
      return '5.1.2';
    case 'no-mail-host':
      return '5.4.4';
    case 'null-mx':
      return '5.1.10';
    case 'loops-to-self':
      return '5.4.6';
    case 'dns-failure':
    case 'dns-timeout':
      return '4.4.3';
  }
}

/** A host may answer 550 with 4.x.x, or we may be more patient than it: the class follows what we do. */
function withClass(status: EnhancedStatus, lasting: Lasting): EnhancedStatus {
  return `${lasting === 'permanent' ? 5 : 4}${status.slice(1)}` as EnhancedStatus;
}
