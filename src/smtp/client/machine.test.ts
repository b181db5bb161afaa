/** Walks every state with every event; the invariants M1–M5 of state.ts are named where they are proven. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { domainName, reply } from '../../envelope/index.ts';
import { step } from './machine.ts';
import { type Peer, plainPeer, readPeer } from './peer.ts';
import { type Effect, type Event, type MachineSettings, START, type State } from './state.ts';
import { planTransaction, recipientReports, type Transaction } from './transaction.ts';

const SETTINGS: MachineSettings = {
  host: 'mx.test',
  address: '192.0.2.1',
  heloName: 'client.test',
  greetWithHelo: false,
  tls: 'opportunistic',
  fresh: { nonce: 'fyko+d2lbbFgONRv9qkxdawL', nowMs: 0 },
};
const WITH_PASSWORD: MachineSettings = { ...SETTINGS, credentials: { user: 'u', password: 'pencil' } };

const FULL_PEER = readPeer(
  reply(250, undefined, 'mx.test', 'PIPELINING', 'CHUNKING', 'BINARYMIME', '8BITMIME', 'DSN', 'STARTTLS'),
  undefined,
);
const PLAIN_PEER = plainPeer(reply(250, undefined, 'mx.test'), undefined);

function transaction(
  peer: Peer,
  options: { at?: 'once' | 'data' | 'chunks'; recipients?: number } = {},
): Transaction {
  const planned = planTransaction(
    {
      reversePath: { localPart: 'from', domain: domainName('example.test')! },
      recipients: Array.from({ length: options.recipients ?? 2 }, (_, recipientId) => ({
        recipientId,
        forwardPath: { localPart: `r${recipientId}`, domain: domainName('example.test')! },
      })),
      body: '7bit',
      smtpUtf8: false,
      content: { bytes: 5, small: Buffer.from('a: b\r\n'), async *chunks() {} },
      isCanonical: true,
    },
    peer,
    { useChunking: options.at !== 'data', bodyAtOnceMaxBytes: options.at === 'chunks' ? 0 : 65536 },
  );
  assert.ok(!('refused' in planned));
  return planned;
}

const ok = reply(250, undefined, 'ok');
const opening = (peer: Peer, at: 'once' | 'data' | 'chunks', answered: number): State => ({
  at: 'opening',
  peer,
  completed: 0,
  opening: {
    transaction: transaction(peer, { at }),
    mailReply: answered > 0 ? ok : undefined,
    rcptReplies: Array.from({ length: Math.max(0, answered - 1) }, () => ok),
  },
});
const openingParts = (peer: Peer, at: 'once' | 'data' | 'chunks') => ({
  transaction: transaction(peer, { at }),
  mailReply: ok,
  rcptReplies: [ok, reply(550, '5.1.1', 'no')],
});

const STATES: readonly (readonly [string, State])[] = [
  ['connecting', START],
  ['securing after STARTTLS', { at: 'securing', peer: FULL_PEER }],
  ['securing at once', { at: 'securing', peer: undefined }],
  ['greeting', { at: 'greeting', tls: undefined }],
  ['hello EHLO', { at: 'hello', verb: 'EHLO', tls: undefined }],
  ['hello HELO', { at: 'hello', verb: 'HELO', tls: undefined }],
  ['starttls', { at: 'starttls', peer: FULL_PEER }],
  [
    'auth',
    {
      at: 'auth',
      peer: FULL_PEER,
      exchange: { mechanism: 'X', isServerUnproven: false, respond: () => ({ broken: 'enough' }) },
    },
  ],
  ['ready', { at: 'ready', peer: FULL_PEER, completed: 0 }],
  ['ready, used', { at: 'ready', peer: PLAIN_PEER, completed: 3 }],
  ...([0, 1, 2, 3] as const).flatMap((answered) => [
    [`opening, pipelined DATA, ${answered} answered`, opening(FULL_PEER, 'data', answered)] as const,
    [`opening, body at once, ${answered} answered`, opening(FULL_PEER, 'once', answered)] as const,
    [`opening, step by step, ${answered} answered`, opening(PLAIN_PEER, 'data', answered)] as const,
  ]),
  ...([0, 1, 2] as const).map(
    (answered) => [`opening, chunks, ${answered} answered`, opening(FULL_PEER, 'chunks', answered)] as const,
  ),
  ...([0, 2] as const).map(
    (chunkRepliesDue) =>
      [
        `body, ${chunkRepliesDue} chunk replies due`,
        {
          at: 'body',
          peer: FULL_PEER,
          completed: 0,
          opening: openingParts(FULL_PEER, chunkRepliesDue > 0 ? 'chunks' : 'data'),
          chunkRepliesDue,
        } as State,
      ] as const,
  ),
  ...(
    [
      { repliesDue: 1, following: undefined, quitSent: false, decided: undefined },
      { repliesDue: 2, following: undefined, quitSent: false, decided: undefined },
      {
        repliesDue: 1,
        following: transaction(FULL_PEER, { at: 'data' }),
        quitSent: false,
        decided: undefined,
      },
      { repliesDue: 1, following: undefined, quitSent: true, decided: undefined },
      {
        repliesDue: 1,
        following: undefined,
        quitSent: false,
        decided: { kind: 'replied', stage: 'rcpt', reply: reply(550, undefined, 'no') },
      },
    ] as const
  ).map(
    (rest, n) =>
      [
        `accepting ${n}`,
        {
          at: 'accepting',
          peer: FULL_PEER,
          completed: 1,
          opening: openingParts(FULL_PEER, rest.repliesDue > 1 ? 'chunks' : 'data'),
          ...rest,
        } as State,
      ] as const,
  ),
  ['resetting', { at: 'resetting', peer: FULL_PEER, completed: 1, skip: 0 }],
  ['resetting with answers due', { at: 'resetting', peer: FULL_PEER, completed: 1, skip: 2 }],
  ['quitting', { at: 'quitting' }],
  ['closed', { at: 'closed', why: undefined }],
];

const CODES = [200, 220, 235, 250, 251, 334, 354, 421, 450, 452, 500, 503, 535, 550, 554];
const EVENTS: readonly (readonly [string, Event])[] = [
  ...CODES.map((code) => [`reply ${code}`, { type: 'reply', reply: reply(code, undefined, 'x') }] as const),
  ['connected', { type: 'connected' }],
  ['secured', { type: 'secured', tls: { protocol: 'TLSv1.3', cipher: 'x', isVerified: true } }],
  ['tls-failed', { type: 'tls-failed', reason: 'x' }],
  ['garbage', { type: 'garbage', reason: 'is x' }],
  ['timeout', { type: 'timeout', waitedMs: 60_000 }],
  ['ended', { type: 'ended', problem: 'connection-lost', reason: 'gone' }],
  ['begin', { type: 'begin', transaction: transaction(FULL_PEER) }],
  ['chunk-sent', { type: 'chunk-sent' }],
  ['body-sent', { type: 'body-sent' }],
  ['body-sent, following', { type: 'body-sent', following: transaction(FULL_PEER, { at: 'data' }) }],
  ['body-sent, quit', { type: 'body-sent', quit: true }],
  ['body-failed', { type: 'body-failed', reason: 'gone' }],
  ['quit', { type: 'quit' }],
  ['abandon', { type: 'abandon', reason: 'stop' }],
];

/** Events of our own side, and the only states in which they may come. Elsewhere they are defects and throw. */
const OWN: Readonly<Record<string, State['at']>> = {
  connected: 'connecting',
  secured: 'securing',
  'tls-failed': 'securing',
  begin: 'ready',
  'chunk-sent': 'body',
  'body-sent': 'body',
  'body-failed': 'body',
};

function open(state: State): readonly Transaction[] {
  if (state.at === 'opening' || state.at === 'body') return [state.opening.transaction];
  if (state.at !== 'accepting') return [];
  return state.following === undefined
    ? [state.opening.transaction]
    : [state.opening.transaction, state.following];
}

function reported(effects: readonly Effect[]): readonly Transaction[] {
  return effects.flatMap((effect) => (effect.do === 'report' ? [effect.result.transaction] : []));
}

for (const [stateName, state] of STATES) {
  test(`client machine in ${stateName}: every event has one defined result`, () => {
    for (const settings of [SETTINGS, WITH_PASSWORD, { ...SETTINGS, tls: 'required' as const }]) {
      for (const [eventName, event] of EVENTS) {
        const where = `${stateName} × ${eventName}`;
        const only = OWN[event.type];
        if (state.at !== 'closed' && only !== undefined && only !== state.at) {
          assert.throws(() => step(state, event, settings), /expected/, where);
          continue;
        }
        const { next, effects } = step(state, event, settings);
        if (state.at === 'closed') {
          // M5
          assert.deepEqual({ next, effects }, { next: state, effects: [] }, where);
          continue;
        }
        // M1: what was open is open still or reported, each once; a new one came only through begin or following.
        const given =
          event.type === 'begin'
            ? [event.transaction]
            : event.type === 'body-sent' && event.following !== undefined
              ? [event.following]
              : [];
        assert.deepEqual([...reported(effects), ...open(next)], [...open(state), ...given], where);
        // Closing is said exactly when it happens.
        assert.equal(
          effects.filter((effect) => effect.do === 'close').length,
          next.at === 'closed' ? 1 : 0,
          where,
        );
        for (const effect of effects) {
          if (effect.do !== 'report') continue;
          const reports = recipientReports(effect.result, {
            host: 'mx.test',
            address: '192.0.2.1',
            tls: undefined,
            hostKeepsDsn: false,
          });
          // M2
          const isFinalYes =
            event.type === 'reply' &&
            event.reply.code < 300 &&
            (state.at === 'accepting' || state.at === 'opening');
          for (const each of reports ?? [])
            assert.ok(!each.accepted || isFinalYes, `${where}: accepted without a final reply`);
        }
        // M3
        if (event.type === 'secured') assert.ok(!('peer' in next), where);
        // M4
        const texts = effects.flatMap((effect) => (effect.do === 'write' ? [effect.text] : []));
        assert.ok(!texts.some((text) => text.startsWith('AUTH')), `${where}: AUTH without TLS`);
      }
    }
  });
}

test('any sequence of replies and mishaps leaves no transaction unreported and no recipient twice', () => {
  const peerEvent = fc.constantFrom<Event>(
    ...EVENTS.filter(([, { type }]) => type === 'reply').map(([, e]) => e),
  );
  const mishap = fc.constantFrom<Event>(
    { type: 'timeout', waitedMs: 1 },
    { type: 'garbage', reason: 'x' },
    { type: 'ended', problem: 'connection-lost', reason: 'x' },
    { type: 'abandon', reason: 'x' },
    { type: 'quit' },
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 12, arbitrary: peerEvent }, { weight: 1, arbitrary: mishap }), {
        maxLength: 40,
      }),
      fc.constantFrom<'once' | 'data' | 'chunks'>('once', 'data', 'chunks'),
      fc.boolean(),
      (events, at, pipelines) => {
        let state: State = { at: 'ready', peer: pipelines ? FULL_PEER : PLAIN_PEER, completed: 0 };
        const begun: Transaction[] = [];
        const ended: Transaction[] = [];
        const feed = (event: Event): void => {
          const { next, effects } = step(state, event, SETTINGS);
          state = next;
          ended.push(...reported(effects));
          for (const effect of effects) {
            if (effect.do !== 'send-body' || state.at !== 'body') continue;
            if (effect.transaction.transfer === 'bdat') feed({ type: 'chunk-sent' });
            if (effect.transaction.transfer === 'data' && pipelines) {
              const following = transaction(FULL_PEER, { at: 'data' });
              begun.push(following);
              feed({ type: 'body-sent', following });
            } else feed({ type: 'body-sent' });
          }
        };
        for (const event of events) {
          if (state.at === 'ready') {
            begun.push(transaction(state.peer, { at }));
            feed({ type: 'begin', transaction: begun.at(-1)! });
          }
          feed(event);
        }
        feed({ type: 'abandon', reason: 'end of test' });
        assert.equal(state.at, 'closed');
        assert.deepEqual(new Set(ended), new Set(begun));
        assert.equal(ended.length, begun.length);
      },
    ),
  );
});

test('credentials wait for TLS, and a second EHLO tells the mechanisms anew (M3, M4)', () => {
  const texts: string[] = [];
  let state: State = START;
  const feed = (event: Event): void => {
    const { next, effects } = step(state, event, WITH_PASSWORD);
    state = next;
    for (const effect of effects) if (effect.do === 'write') texts.push(effect.text);
  };
  feed({ type: 'connected' });
  feed({ type: 'reply', reply: reply(220, undefined, 'x') });
  feed({ type: 'reply', reply: reply(250, undefined, 'x', 'STARTTLS', 'AUTH CRAM-MD5') });
  feed({ type: 'reply', reply: reply(220, undefined, 'x') });
  feed({ type: 'secured', tls: { protocol: 'TLSv1.3', cipher: 'x', isVerified: true } });
  feed({ type: 'reply', reply: reply(250, undefined, 'x', 'AUTH LOGIN') });
  assert.deepEqual(texts, ['EHLO client.test\r\n', 'STARTTLS\r\n', 'EHLO client.test\r\n', 'AUTH LOGIN\r\n']);
});
