import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fakeDns } from '../../test/support/fake-dns.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { MemoryQueue } from '../../test/support/smtp-fixture.ts';
import { type LogFields, type Logger, RelayError, silentLogger } from '../base/index.ts';
import { domainName, type Mailbox } from '../envelope/index.ts';
import type { EndReply, IncomingMessage } from '../smtp/index.ts';
import { readHeader, rewriteSender } from './smtp-header.ts';
import type { IntakeGrants } from './smtp-policy.ts';
import { defaultSmtpIntakeSettings, type SmtpIntakeSettings } from './smtp-settings.ts';
import { MAX_HEADER_BYTES, SmtpSink } from './smtp-sink.ts';

const box = (localPart: string, domain: string): Mailbox => ({ localPart, domain: domainName(domain)! });

function messageFor(
  change: Partial<IncomingMessage> = {},
  grants: Partial<IntakeGrants> = {},
): IncomingMessage {
  return {
    session: {
      id: 'SESSION',
      server: 'test',
      client: { address: '192.0.2.1', port: 1, localAddress: '192.0.2.9', localPort: 25 },
      grants: {
        isInRelayList: false,
        lineEnds: 'refuse',
        mayAuthInClear: false,
        mayBeAnonymous: true,
        maxMessageBytes: 0,
        maxRecipients: 0,
        ...grants,
      } as IntakeGrants,
      heloName: 'client.test',
      isExtended: true,
      tls: undefined,
      identity: undefined,
    },
    reversePath: box('a', 'b.test'),
    parameters: { body: '7bit', smtpUtf8: false },
    recipients: [{ forwardPath: box('c', 'here.test') }],
    ...change,
  };
}

function sinkOf(
  settings: Partial<SmtpIntakeSettings> = {},
  logger: Logger = silentLogger,
): { sink: SmtpSink; queue: MemoryQueue } {
  const queue = new MemoryQueue();
  const all = { ...defaultSmtpIntakeSettings({ server: 'test', fqdn: 'here.test' }), ...settings };
  return { sink: new SmtpSink(all, { queue, clock: manualClock(), logger, dns: fakeDns([]) }), queue };
}

async function receive(
  sink: SmtpSink,
  pieces: readonly (string | Buffer)[],
  message = messageFor(),
): Promise<EndReply> {
  const receiver = sink.begin(message);
  for (const piece of pieces) await receiver.write(Buffer.from(piece as string, 'latin1'));
  return receiver.end();
}

/** The content without our Received field. */
function bodyOf(content: Buffer): string {
  return content.toString('latin1').replace(/^Received: (?:[^\n]*\n[ \t])*[^\n]*\n/, '');
}

test('keeps the bytes and finds the header however they come', async () => {
  const text =
    'Message-ID: <m@b.test>\r\nSubject: =?utf-8?Q?gr=C3=BC=C3=9Fe?=\r\n folded\r\nReceived: x\r\n\r\nbody\r\n\r\nReceived: y\r\n';
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 10 }), async (cuts) => {
      const points = [0, ...cuts.sort((a, b) => a - b), text.length];
      const pieces = points.slice(1).map((end, index) => text.slice(points[index], end));
      const { sink, queue } = sinkOf();
      const { reply } = await receive(sink, pieces);
      assert.equal(reply.code, 250);
      const { draft, content } = queue.messages[0]!;
      assert.equal(bodyOf(content), text);
      assert.equal(draft.headerMessageId, 'm@b.test');
      assert.equal(draft.subject, 'grüße folded');
      assert.equal(draft.hops, 2);
    }),
  );
});

test('a header that comes byte by byte stays one header', async () => {
  const { sink, queue } = sinkOf();
  const text = `X: ${'y'.repeat(3000)}\r\n\r\nbody\r\n`;
  await receive(sink, [...text]);
  assert.equal(bodyOf(queue.messages[0]!.content), text);
});

test('a body that comes byte by byte reaches the queue in few pieces', async () => {
  const { sink, queue } = sinkOf();
  const { begin } = queue;
  let writes = 0;
  queue.begin = (draft) => {
    const intake = begin.call(queue, draft);
    return {
      ...intake,
      write(chunk) {
        writes += 1;
        return intake.write(chunk);
      },
    };
  };
  const body = Array.from({ length: 20_000 }, (_, index) => String(index % 10));
  await receive(sink, ['A: b\r\n\r\n', ...body, 'x'.repeat(600), 'y', 'z'.repeat(9000), 'end']);
  assert.equal(
    bodyOf(queue.messages[0]!.content),
    `A: b\r\n\r\n${body.join('')}${'x'.repeat(600)}y${'z'.repeat(9000)}end`,
  );
  assert.ok(writes < 10, `${writes} writes`);
});

test('text without header gets an empty line before it, and so does nothing at all', async () => {
  const { sink, queue } = sinkOf();
  await receive(sink, ['only text\r\n']);
  await receive(sink, []);
  await receive(sink, ['\r\nbody\r\n']);
  await receive(sink, ['A: b\r\n']);
  assert.deepEqual(
    queue.messages.map(({ content }) => bodyOf(content)),
    ['\r\nonly text\r\n', '\r\n', '\r\nbody\r\n', 'A: b\r\n'],
  );
});

test('a header beyond its bound is refused, and nothing is kept', async () => {
  const { sink, queue } = sinkOf();
  const piece = `X: ${'y'.repeat(1000)}\r\n`;
  const { reply } = await receive(sink, new Array<string>(Math.ceil(MAX_HEADER_BYTES / 1000)).fill(piece));
  assert.equal(reply.code, 552);
  assert.equal(queue.messages.length, 0);
});

test('completes what a submitting client left out, and nobody else’s mail', async () => {
  const { sink, queue } = sinkOf();
  const submitter = messageFor({}, { isInRelayList: true });
  await receive(sink, ['Subject: x\r\n\r\n'], submitter);
  await receive(sink, ['Date: today\r\nMessage-ID: <m@x>\r\n\r\n'], submitter);
  await receive(sink, ['Received: x\r\n\r\n'], submitter);
  await receive(sink, ['Subject: x\r\n\r\n']);
  const [first, ...others] = queue.messages.map(({ content }) => bodyOf(content));
  assert.match(first!, /^Message-ID: <\w{16}@here\.test>\r\nDate: Mon, 5 Jan 2026 .*\r\nSubject: x\r\n\r\n$/);
  assert.deepEqual(others, [
    'Date: today\r\nMessage-ID: <m@x>\r\n\r\n',
    'Received: x\r\n\r\n',
    'Subject: x\r\n\r\n',
  ]);
});

test('a message without Message-ID is named by ours in the reply', async () => {
  const { sink, queue } = sinkOf();
  const { reply, queueId } = await receive(sink, ['A: b\r\n\r\n']);
  const { id } = queue.messages[0]!;
  assert.equal(queueId, id);
  assert.equal(reply.lines[0], `<${id}@here.test> [InternalId=${id}] Queued mail for delivery`);
});

test('a queue that refuses is told to the client, and abort follows no commit', async () => {
  const events: { name: string; fields: LogFields }[] = [];
  const logger: Logger = {
    event: (_level, name, fields = {}) => {
      events.push({ name, fields });
    },
    with: () => logger,
  };
  const { sink, queue } = sinkOf({}, logger);
  queue.failure = new RelayError('disk-full', 'no space');
  assert.equal((await receive(sink, ['A: b\r\n\r\n'])).reply.code, 452);
  queue.failure = new Error('something else');
  assert.equal((await receive(sink, ['A: b\r\n\r\n'])).reply.code, 451);
  assert.equal(queue.aborted, 0);
  assert.deepEqual(
    events.map(({ name }) => name),
    ['smtp.message-not-stored', 'smtp.message-refused', 'smtp.message-not-stored', 'smtp.message-refused'],
  );
  assert.doesNotMatch(JSON.stringify((await receive(sink, ['A: b\r\n\r\n'])).reply), /something else/);
});

test('a queue that fails while the body comes is told at the end', async () => {
  const { sink, queue } = sinkOf();
  const { begin } = queue;
  for (const fail of [
    () => {
      throw new RelayError('disk-full', 'no space');
    },
    () => Promise.reject(new RelayError('disk-full', 'no space')),
  ]) {
    queue.begin = (draft) => ({
      ...begin.call(queue, draft),
      write: (chunk) => (chunk.length === 600 ? fail() : undefined),
    });
    const { reply } = await receive(sink, ['A: b\r\n\r\n', 'x'.repeat(8000), 'b'.repeat(600), 'more']);
    assert.equal(reply.code, 452);
  }
  queue.begin = () => {
    throw new Error('closed');
  };
  assert.equal((await receive(sink, ['A: b\r\n\r\n'])).reply.code, 451);
  assert.equal(queue.messages.length, 0);
  assert.equal(queue.aborted, 2);
});

test('what comes while reverse DNS is awaited is kept in order, and an abort then leaves nothing', async () => {
  const queue = new MemoryQueue();
  const settings = {
    ...defaultSmtpIntakeSettings({ server: 'test', fqdn: 'here.test' }),
    reverseDnsCheck: true,
  };
  const sink = new SmtpSink(settings, {
    queue,
    clock: manualClock(),
    logger: silentLogger,
    dns: fakeDns([]),
  });
  const receiver = sink.begin(messageFor());
  // Nobody waits between the pieces, nor before the end.
  receiver.write(Buffer.from('A: b\r\n\r\n'));
  receiver.write(Buffer.from('x'.repeat(600)));
  receiver.write(Buffer.from('y'));
  assert.equal((await receiver.end()).reply.code, 250);
  assert.equal(queue.messages.length, 1);
  const text = queue.messages[0]!.content.toString();
  assert.match(text, /^Received: from client\.test \(\[192\.0\.2\.1\] unverified\)/);
  assert.ok(text.endsWith(`\r\nA: b\r\n\r\n${'x'.repeat(600)}y`));
  const second = sink.begin(messageFor());
  const busy = second.write(Buffer.from('A: b\r\n\r\n'));
  second.abort();
  await busy;
  assert.equal(queue.messages.length, 1);
  assert.equal(queue.aborted, 0);
});

test('abort leaves nothing behind, before and after the header', async () => {
  const { sink, queue } = sinkOf();
  const early = sink.begin(messageFor());
  early.write(Buffer.from('A: '));
  early.abort();
  const late = sink.begin(messageFor());
  late.write(Buffer.from('A: b\r\n\r\nbody'));
  late.abort();
  await new Promise(setImmediate);
  assert.equal(queue.messages.length, 0);
  assert.equal(queue.aborted, 1);
});

test('reads Received, Message-ID, Subject and Date in any case', () => {
  assert.deepEqual(
    readHeader(
      'RECEIVED : a\r\nreceived: b\r\nX-Received: c\r\nMESSAGE-id:\r\n <m@x>\r\nsubject: s\r\ndate:x\r\n\r\n',
    ),
    {
      messageId: '<m@x>',
      subject: 's',
      hops: 2,
      hasDate: true,
    },
  );
  assert.deepEqual(readHeader('Message-ID: nonsense\r\n\r\n'), {
    messageId: undefined,
    subject: undefined,
    hops: 0,
    hasDate: false,
  });
  const long = readHeader(`Subject: ${'x'.repeat(400)}\r\n\r\n`);
  assert.equal(long.subject?.length, 255);
});

test('gives a message another author and keeps where replies go', () => {
  const rewritten = (header: string) => rewriteSender(header, 'scan@here.test');
  assert.equal(
    rewritten('Subject: x\r\nFrom: A\r\n <a@b>\r\n\r\n'),
    'From: scan@here.test\r\nReply-To: A\r\n <a@b>\r\nSubject: x\r\n\r\n',
  );
  assert.equal(
    rewritten('from: a@b\r\nREPLY-TO: c@d\r\nSender: e@f\r\n\r\n'),
    'From: scan@here.test\r\nREPLY-TO: c@d\r\n\r\n',
  );
  assert.equal(rewritten('Subject: x\r\n\r\n'), 'From: scan@here.test\r\nSubject: x\r\n\r\n');
  assert.equal(rewritten('\r\n'), 'From: scan@here.test\r\n\r\n');
});

test('rewriting keeps every other field byte by byte', () => {
  const field = fc
    .tuple(
      fc.constantFrom('Subject', 'X-A', 'To', 'Cc'),
      fc.string({ unit: fc.constantFrom('a', ' ', ':', '\xff', ','), maxLength: 20 }),
    )
    .map(([name, value]) => `${name}:${value}\r\n`);
  fc.assert(
    fc.property(fc.array(field, { maxLength: 6 }), fc.nat(6), (fields, at) => {
      const from = 'From: old@b.test\r\n';
      const header = [...fields.slice(0, at), from, ...fields.slice(at)].join('');
      const expected = `From: new@b.test\r\nReply-To: old@b.test\r\n${fields.join('')}\r\n`;
      assert.equal(rewriteSender(`${header}\r\n`, 'new@b.test'), expected);
    }),
  );
});
