import assert from 'node:assert/strict';
import { test } from 'node:test';
import { domainName, type Mailbox, NULL_REVERSE_PATH } from '../../envelope/index.ts';
import { replies } from '../protocol/catalogue.ts';
import { VERBS, type Verb } from '../protocol/command-line.ts';
import type { CommandContext } from './command.ts';
import type { AuthExchange } from './contract.ts';
import { defaultServerSettings, type ServerSettings } from './settings.ts';
import {
  type At,
  type Event,
  type Peer,
  RESTING,
  type Resting,
  type State,
  type Transaction,
  transactionOf,
} from './state.ts';
import { step, stepCommand, stepFault } from './step.ts';
import { COMMAND_ROWS, HELP_VERBS, keywordsFor, rowOf } from './table.ts';
import { OPEN_GRANTS } from './testing.ts';

const peer: Peer = { heloName: 'client.test', isExtended: true };
const mailbox: Mailbox = { localPart: 'c', domain: domainName('d.test')! };
const exchange: AuthExchange = { answer: () => ({ kind: 'accepted', user: 'anna' }) };

function transaction(recipients = 1): Transaction {
  return {
    reversePath: NULL_REVERSE_PATH,
    parameters: { body: '7bit', smtpUtf8: false },
    recipients: Array.from({ length: recipients }, () => ({ forwardPath: mailbox })),
  };
}

function restingStates(): Record<(typeof RESTING)[number], Resting> {
  return {
    greeted: { at: 'greeted' },
    ready: { at: 'ready', peer },
    transaction: { at: 'transaction', peer, tx: transaction() },
    chunking: { at: 'chunking', peer, tx: transaction() },
  };
}

function contextOf(change: Partial<CommandContext> & { settings?: ServerSettings } = {}): CommandContext {
  const context: CommandContext = {
    id: 'S',
    server: 'test',
    client: { address: '192.0.2.1', port: 1, localAddress: '192.0.2.9', localPort: 25 },
    grants: OPEN_GRANTS,
    heloName: 'client.test',
    isExtended: true,
    tls: undefined,
    identity: undefined,
    settings: {
      ...defaultServerSettings({ name: 'test', fqdn: 'relay.test' }),
      defaultDomain: domainName('here.test')!,
    },
    authenticator: {
      mechanisms: () => ['PLAIN'],
      begin: (name) => (name === 'PLAIN' ? exchange : undefined),
    },
    offersEtrn: true,
    offersStartTls: true,
    tally: { messages: 0, bytes: 0 },
    helpVerbs: HELP_VERBS,
    bannerDate: () => 'now',
    keywords: () => keywordsFor(context),
    channelBinding: () => undefined,
    get session() {
      return context;
    },
    ...change,
  };
  return context;
}

const ARGUMENT: Partial<Record<Verb, string>> = {
  HELO: 'client.test',
  EHLO: 'client.test',
  MAIL: 'FROM:<a@b.test>',
  RCPT: 'TO:<e@d.test>',
  BDAT: '5',
  AUTH: 'PLAIN AGEAYg==',
  ETRN: 'd.test',
  VRFY: 'user',
};

/** Where each verb leads from each state that reads commands: `state` or `state code`. The diagram of state.ts in full. */
const EXPECTED: Readonly<Record<Verb, Readonly<Record<(typeof RESTING)[number], string>>>> = {
  HELO: { greeted: 'ready 250', ready: 'ready 250', transaction: 'ready 250', chunking: 'ready 250' },
  EHLO: { greeted: 'ready 250', ready: 'ready 250', transaction: 'ready 250', chunking: 'ready 250' },
  STARTTLS: {
    greeted: 'securing 220',
    ready: 'securing 220',
    transaction: 'transaction 503',
    chunking: 'chunking 503',
  },
  MAIL: {
    greeted: 'greeted 503',
    ready: 'judging',
    transaction: 'transaction 503',
    chunking: 'chunking 503',
  },
  RCPT: { greeted: 'greeted 503', ready: 'ready 503', transaction: 'judging', chunking: 'chunking 503' },
  DATA: { greeted: 'greeted 503', ready: 'ready 503', transaction: 'data 354', chunking: 'chunking 503' },
  BDAT: { greeted: 'chunk', ready: 'chunk', transaction: 'chunk', chunking: 'chunk' },
  RSET: { greeted: 'greeted 250', ready: 'ready 250', transaction: 'ready 250', chunking: 'ready 250' },
  NOOP: {
    greeted: 'greeted 250',
    ready: 'ready 250',
    transaction: 'transaction 250',
    chunking: 'chunking 250',
  },
  HELP: {
    greeted: 'greeted 214',
    ready: 'ready 214',
    transaction: 'transaction 214',
    chunking: 'chunking 214',
  },
  VRFY: {
    greeted: 'greeted 252',
    ready: 'ready 252',
    transaction: 'transaction 252',
    chunking: 'chunking 252',
  },
  QUIT: { greeted: 'closed 221', ready: 'closed 221', transaction: 'closed 221', chunking: 'closed 221' },
  AUTH: {
    greeted: 'greeted 503',
    ready: 'verifying',
    transaction: 'transaction 503',
    chunking: 'chunking 503',
  },
  ETRN: {
    greeted: 'greeted 503',
    ready: 'judging',
    transaction: 'transaction 503',
    chunking: 'chunking 503',
  },
  EXPN: {
    greeted: 'greeted 502',
    ready: 'ready 502',
    transaction: 'transaction 502',
    chunking: 'chunking 502',
  },
  TURN: {
    greeted: 'greeted 502',
    ready: 'ready 502',
    transaction: 'transaction 502',
    chunking: 'chunking 502',
  },
  ATRN: {
    greeted: 'greeted 502',
    ready: 'ready 502',
    transaction: 'transaction 502',
    chunking: 'chunking 502',
  },
};

for (const verb of VERBS) {
  for (const at of RESTING) {
    test(`${verb} in the state ${at} leads to ${EXPECTED[verb][at]}`, () => {
      const state = restingStates()[at];
      const context = contextOf({ grants: { ...OPEN_GRANTS, mayAuthInClear: true } });
      const taken = stepCommand(state, { verb, argument: ARGUMENT[verb] ?? '' }, true, context);
      assert.equal(`${taken.next.at}${taken.reply ? ` ${taken.reply.code}` : ''}`, EXPECTED[verb][at]);
      // A refusal changes nothing; what acts and has an effect waits for it or closes.
      if (taken.reply !== undefined && taken.reply.code >= 400) assert.equal(taken.next, state);
      const before = transactionOf(state);
      const after = transactionOf(taken.next);
      if (before !== undefined && after !== undefined && taken.next.at !== 'chunk')
        assert.equal(after, before);
    });
  }
}

test('verbs whose reply changes how the rest is read end their group or the session', () => {
  for (const { verb, mustEndGroup } of COMMAND_ROWS) {
    const taken = stepCommand(
      { at: 'ready', peer },
      { verb, argument: ARGUMENT[verb] ?? '' },
      false,
      contextOf(),
    );
    assert.equal(taken.reply?.code === 503 && taken.next.at === 'closed', mustEndGroup, verb);
  }
  assert.deepEqual(
    COMMAND_ROWS.filter(({ mustEndGroup }) => mustEndGroup).map(({ verb }) => verb),
    ['AUTH', 'DATA', 'STARTTLS'],
  );
});

test('where TLS or AUTH is required, only the verbs that lead there act', () => {
  const tlsFirst = contextOf({ settings: { ...contextOf().settings, requireTls: true } });
  const authFirst = contextOf({ grants: { ...OPEN_GRANTS, mayBeAnonymous: false } });
  const refusedBy = (context: CommandContext): Verb[] =>
    VERBS.filter((verb) => {
      const row = rowOf(verb);
      const state = row.allowedIn.includes('ready') ? restingStates().ready : restingStates().transaction;
      const taken = stepCommand(state, { verb, argument: ARGUMENT[verb] ?? '' }, true, context);
      const swallowed =
        taken.next.at === 'chunk' && taken.next.chunk.use === 'swallow' ? taken.next.chunk.reply : undefined;
      return (taken.reply ?? swallowed)?.code === 530;
    });
  const guarded: Verb[] = ['RCPT', 'DATA', 'MAIL', 'ETRN', 'BDAT', 'VRFY'];
  assert.deepEqual(refusedBy(tlsFirst).sort(), [...guarded].sort());
  assert.deepEqual(refusedBy(authFirst).sort(), [...guarded].sort());
  assert.deepEqual(refusedBy(contextOf()), []);
});

test('every refused BDAT swallows its octets', () => {
  for (const state of Object.values(restingStates())) {
    if (transactionOf(state) !== undefined) continue;
    const taken = stepCommand(state, { verb: 'BDAT', argument: '7 LAST' }, false, contextOf());
    assert.ok(taken.next.at === 'chunk' && taken.next.chunk.use === 'swallow' && taken.next.octets === 7);
  }
});

test('AUTH follows its exchange to the end', () => {
  const context = contextOf();
  const verifying: State = { at: 'verifying', peer, exchange };
  const events: readonly (readonly [State, Event, string])[] = [
    [
      verifying,
      { kind: 'auth-answered', step: { kind: 'challenge', bytes: Buffer.from('x') } },
      'authenticating 334',
    ],
    [verifying, { kind: 'auth-answered', step: { kind: 'accepted', user: 'anna' } }, 'ready 235'],
    [verifying, { kind: 'auth-answered', step: { kind: 'rejected', why: 'credentials' } }, 'ready 535'],
    [verifying, { kind: 'auth-answered', step: { kind: 'rejected', why: 'malformed' } }, 'ready 501'],
    [verifying, { kind: 'auth-answered', step: { kind: 'rejected', why: 'busy' } }, 'ready 454'],
    [verifying, { kind: 'auth-answered', step: { kind: 'rejected', why: 'blocked' } }, 'closed 421'],
    [{ at: 'authenticating', peer, exchange }, { kind: 'auth-line', text: '*' }, 'ready 501'],
    [{ at: 'authenticating', peer, exchange }, { kind: 'auth-line', text: '%' }, 'ready 501'],
    [{ at: 'authenticating', peer, exchange }, { kind: 'auth-line', text: '' }, 'verifying'],
    [{ at: 'authenticating', peer, exchange }, { kind: 'auth-line', text: 'eA==' }, 'verifying'],
  ];
  for (const [state, event, expected] of events) {
    const taken = step(state, event, context);
    assert.equal(`${taken.next.at}${taken.reply ? ` ${taken.reply.code}` : ''}`, expected);
  }
});

test('the ends of content lead to commit or drop the transaction', () => {
  const tx = transaction();
  const back: Resting = { at: 'greeted' };
  const swallow: State = {
    at: 'chunk',
    octets: 3,
    chunk: { use: 'swallow', reply: replies.mailFirst, back },
  };
  const chunk = (isLast: boolean): State => ({
    at: 'chunk',
    octets: 3,
    chunk: { use: 'content', peer, tx, isLast },
  });
  const cases: readonly (readonly [State, Event, string])[] = [
    [{ at: 'data', peer, tx }, { kind: 'content-ended', problem: undefined }, 'committing'],
    [{ at: 'data', peer, tx }, { kind: 'content-ended', problem: 'too-big' }, 'ready 552'],
    [{ at: 'data', peer, tx }, { kind: 'content-ended', problem: 'nul' }, 'ready 550'],
    [{ at: 'data', peer, tx }, { kind: 'content-ended', problem: 'bare-line-end' }, 'ready 550'],
    [chunk(false), { kind: 'chunk-ended', problem: undefined }, 'chunking 250'],
    [chunk(true), { kind: 'chunk-ended', problem: undefined }, 'committing'],
    [chunk(true), { kind: 'chunk-ended', problem: 'too-big' }, 'ready 552'],
    [swallow, { kind: 'chunk-ended', problem: undefined }, 'greeted 503'],
    [
      { at: 'committing', peer, tx },
      { kind: 'committed', end: { reply: replies.queued('<x>'), messageId: '<x>' } },
      'ready 250',
    ],
    [
      { at: 'connecting' },
      { kind: 'connected', verdict: { admitted: true, grants: OPEN_GRANTS } },
      'greeted 220',
    ],
    [
      { at: 'connecting' },
      { kind: 'connected', verdict: { admitted: false, reply: replies.accessDenied } },
      'closed 554',
    ],
    [{ at: 'securing' }, { kind: 'secured', tls: { protocol: 'TLSv1.3', cipher: 'x' } }, 'greeted'],
  ];
  for (const [state, event, expected] of cases) {
    const taken = step(state, event, contextOf());
    assert.equal(`${taken.next.at}${taken.reply ? ` ${taken.reply.code}` : ''}`, expected);
    if (taken.next.at === 'ready') assert.equal(transactionOf(taken.next), undefined);
  }
});

test('an event that a state cannot have is our own bug, not the client’s', () => {
  const all: readonly State[] = [
    ...Object.values(restingStates()),
    { at: 'connecting' },
    { at: 'securing' },
    { at: 'closed' },
    { at: 'committing', peer, tx: transaction() },
  ];
  const events: readonly (readonly [Event, At])[] = [
    [{ kind: 'secured', tls: { protocol: 'TLSv1.3', cipher: 'x' } }, 'securing'],
    [{ kind: 'connected', verdict: { admitted: true, grants: OPEN_GRANTS } }, 'connecting'],
    [{ kind: 'committed', end: { reply: replies.ok, messageId: '' } }, 'committing'],
    [{ kind: 'judged', refusal: undefined }, 'judging'],
    [{ kind: 'content-ended', problem: undefined }, 'data'],
    [{ kind: 'chunk-ended', problem: undefined }, 'chunk'],
    [{ kind: 'auth-line', text: '' }, 'authenticating'],
    [{ kind: 'auth-answered', step: { kind: 'accepted', user: 'a' } }, 'verifying'],
  ];
  for (const [event, at] of events)
    for (const state of all)
      if (state.at !== at)
        assert.throws(() => step(state, event, contextOf()), /the event .* came in the state/);
});

test('HELP and EHLO come from the table', () => {
  assert.equal(HELP_VERBS, 'HELO EHLO STARTTLS RCPT DATA RSET MAIL QUIT HELP AUTH ETRN BDAT VRFY');
  assert.deepEqual(keywordsFor(contextOf({ grants: { ...OPEN_GRANTS, mayAuthInClear: true } })), [
    'AUTH PLAIN',
    'AUTH=PLAIN',
    'SIZE 26214400',
    'ETRN',
    'PIPELINING',
    'DSN',
    'ENHANCEDSTATUSCODES',
    '8BITMIME',
    'SMTPUTF8',
    'BINARYMIME',
    'CHUNKING',
    'VRFY',
    'LIMITS RCPTMAX=1000',
    'STARTTLS',
  ]);
  const bare = contextOf({
    offersEtrn: false,
    offersStartTls: false,
    grants: { ...OPEN_GRANTS, mayAuthInClear: false, maxMessageBytes: 0, maxRecipients: 0 },
  });
  const keywords = keywordsFor(bare);
  assert.ok(keywords.includes('SIZE') && keywords.includes('LIMITS'));
  for (const word of ['AUTH PLAIN', 'ETRN', 'STARTTLS']) assert.ok(!keywords.includes(word));
});

test('faults of a line change no state', () => {
  for (const state of Object.values(restingStates())) {
    for (const fault of ['unrecognized', 'bad-bytes', 'not-utf8'] as const) {
      const taken = stepFault(state, fault);
      assert.equal(taken.next, state);
      assert.equal(taken.reply?.code, 500);
    }
  }
});

test('every reply of the catalogue has a status of its class, and no text breaks a line', () => {
  const nasty = 'a\r\n250 x\u202e\u2028';
  const path: Mailbox = { localPart: nasty, domain: domainName('b.test')! };
  for (const [name, entry] of Object.entries(replies)) {
    const made =
      typeof entry === 'function'
        ? (entry as (...all: unknown[]) => typeof replies.ok)(
            name === 'senderOk' || name.startsWith('relay') || name.startsWith('recipientOk') ? path : nasty,
            'ID',
            [nasty],
          )
        : entry;
    if (made.status !== undefined) assert.equal(Number(made.status[0]), Math.floor(made.code / 100), name);
    const isForeign = [
      'cannotVerify',
      'senderOk',
      'recipientOk',
      'relayDenied',
      'parameterUnknown',
      'parameterInvalid',
      'queued',
      'queuedAs',
    ];
    if (isForeign.includes(name) || name.startsWith('etrn'))
      assert.doesNotMatch(made.lines.join(''), /[\r\n\u2028\u202e]/, name);
  }
});
