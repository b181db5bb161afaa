import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EnhancedStatus } from '../envelope/index.ts';
import type { RoutingProblem } from '../routing/index.ts';
import type { AttemptFailure, Stage } from '../smtp/index.ts';
import type { FailureMeaning } from './contract.ts';
import {
  judgeFailure,
  type Lasting,
  lastingOfFailure,
  lastingOfRouting,
  statusOfFailure,
  statusOfRouting,
} from './meaning.ts';

const rejected = (stage: Stage, code: number, status?: EnhancedStatus): AttemptFailure => ({
  stage,
  host: 'mx.test',
  problem: 'rejected',
  reply: status === undefined ? { code, lines: ['no'] } : { code, status, lines: ['no'] },
  text: '',
});
const problem = (stage: Stage, name: AttemptFailure['problem']): AttemptFailure => ({
  stage,
  host: 'mx.test',
  problem: name,
  text: '',
});

const table: readonly [AttemptFailure, FailureMeaning, Lasting, EnhancedStatus][] = [
  // The host cannot be spoken to.
  [problem('connect', 'connection-refused'), 'next-host', 'temporary', '4.4.1'],
  [problem('connect', 'unreachable'), 'next-host', 'temporary', '4.4.1'],
  [problem('connect', 'timeout'), 'next-host', 'temporary', '4.4.1'],
  [problem('greeting', 'timeout'), 'next-host', 'temporary', '4.4.1'],
  [problem('greeting', 'connection-lost'), 'next-host', 'temporary', '4.4.2'],
  [rejected('greeting', 421, '4.3.2'), 'next-host', 'temporary', '4.3.2'],
  [rejected('greeting', 554), 'next-host', 'temporary', '4.0.0'],
  [rejected('connect', 554, '5.7.1'), 'next-host', 'temporary', '4.7.1'],
  [rejected('greeting', 521), 'next-host', 'permanent', '5.0.0'],
  [rejected('ehlo', 450), 'next-host', 'temporary', '4.0.0'],
  [rejected('ehlo', 550, '5.7.1'), 'fail', 'permanent', '5.7.1'],
  [problem('ehlo', 'protocol-error'), 'next-host', 'temporary', '4.5.0'],
  // TLS and AUTH are about us.
  [problem('starttls', 'tls-failed'), 'next-host', 'temporary', '4.7.5'],
  [problem('starttls', 'tls-not-offered'), 'next-host', 'temporary', '4.7.4'],
  [rejected('starttls', 454, '4.7.0'), 'next-host', 'temporary', '4.7.0'],
  [rejected('starttls', 554), 'next-host', 'temporary', '4.0.0'],
  [problem('auth', 'auth-not-offered'), 'defer', 'temporary', '4.7.4'],
  [rejected('auth', 535, '5.7.8'), 'defer', 'temporary', '4.7.8'],
  [rejected('auth', 454, '4.7.0'), 'defer', 'temporary', '4.7.0'],
  [rejected('mail', 530, '5.7.0'), 'defer', 'temporary', '4.7.0'],
  // The transaction.
  [rejected('mail', 421, '4.3.2'), 'next-host', 'temporary', '4.3.2'],
  [rejected('mail', 451), 'next-host', 'temporary', '4.0.0'],
  [rejected('mail', 550, '5.7.1'), 'fail', 'permanent', '5.7.1'],
  [problem('mail', 'too-large'), 'fail', 'permanent', '5.3.4'],
  [problem('mail', 'needs-smtputf8'), 'fail', 'permanent', '5.6.7'],
  [rejected('rcpt', 450, '4.2.1'), 'next-host', 'temporary', '4.2.1'],
  [rejected('rcpt', 550, '5.1.1'), 'fail', 'permanent', '5.1.1'],
  [rejected('rcpt', 550), 'fail', 'permanent', '5.0.0'],
  [rejected('rcpt', 552), 'next-host', 'temporary', '4.0.0'],
  [rejected('rcpt', 552, '5.5.3'), 'next-host', 'temporary', '4.5.3'],
  [rejected('rcpt', 552, '5.2.2'), 'fail', 'permanent', '5.2.2'],
  [rejected('rcpt', 550, '4.1.1'), 'fail', 'permanent', '5.1.1'],
  [rejected('data', 451), 'defer', 'temporary', '4.0.0'],
  [rejected('data', 421), 'next-host', 'temporary', '4.0.0'],
  [rejected('data', 554), 'fail', 'permanent', '5.0.0'],
  [rejected('end-of-data', 452, '4.3.1'), 'defer', 'temporary', '4.3.1'],
  [rejected('end-of-data', 552, '5.3.4'), 'fail', 'permanent', '5.3.4'],
  [problem('data', 'connection-lost'), 'next-host', 'temporary', '4.4.2'],
  [problem('end-of-data', 'connection-lost'), 'defer', 'temporary', '4.4.2'],
  [problem('end-of-data', 'timeout'), 'defer', 'temporary', '4.4.2'],
  [problem('data', 'body-unreadable'), 'defer', 'temporary', '4.3.0'],
  // A reply that fits nothing.
  [rejected('mail', 354), 'next-host', 'temporary', '4.0.0'],
  [problem('mail', 'rejected'), 'next-host', 'temporary', '4.5.0'],
];

for (const [failure, meaning, lasting, status] of table) {
  const what =
    failure.reply === undefined ? failure.problem : `${failure.reply.code} ${failure.reply.status ?? ''}`;
  test(`${what} at ${failure.stage}: ${meaning}, ${lasting}, ${status}`, () => {
    assert.equal(judgeFailure(failure), meaning);
    assert.equal(lastingOfFailure(failure), lasting);
    assert.equal(statusOfFailure(failure), status);
  });
}

test('whoever fails at once does so for good, and whoever defers does not', () => {
  for (const [failure] of table) {
    const meaning = judgeFailure(failure);
    if (meaning === 'fail') assert.equal(lastingOfFailure(failure), 'permanent');
    if (meaning === 'defer') assert.equal(lastingOfFailure(failure), 'temporary');
    assert.equal(statusOfFailure(failure)[0], lastingOfFailure(failure) === 'permanent' ? '5' : '4');
  }
});

const routing: readonly [RoutingProblem['cause'], Lasting, EnhancedStatus][] = [
  ['no-such-domain', 'permanent', '5.1.2'],
  ['no-mail-host', 'permanent', '5.4.4'],
  ['null-mx', 'permanent', '5.1.10'],
  ['loops-to-self', 'permanent', '5.4.6'],
  ['unusable-literal', 'permanent', '5.1.2'],
  ['dns-failure', 'temporary', '4.4.3'],
  ['dns-timeout', 'temporary', '4.4.3'],
];
for (const [cause, lasting, status] of routing) {
  test(`a domain with ${cause} is ${lasting}, ${status}`, () => {
    assert.equal(lastingOfRouting({ cause, text: '' }), lasting);
    assert.equal(statusOfRouting({ cause, text: '' }), status);
  });
}
