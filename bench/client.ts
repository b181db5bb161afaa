/**
 * Sending alone: delivery and SMTP client against Postfix's smtp-sink, 5 kB messages, queue and outcome in memory.
 * `node bench/client.ts [MESSAGES]`; prints messages a second and the CPU time of this process per message, kernel included;
 * then the memory that 200 messages of 25 MB at once take.
 */
import { silentLogger, systemClock } from '../src/base/index.ts';
import { DEFAULT_DELIVERY_SETTINGS, Delivery, type DeliverySettings } from '../src/delivery/index.ts';
import { domainName } from '../src/envelope/index.ts';
import { judgeFailure } from '../src/outcome/index.ts';
import type { Claim, ClaimSource, MessageBody } from '../src/queue/index.ts';
import type { Route } from '../src/routing/index.ts';
import { figure, heading } from './support/report.ts';
import { SmtpSink } from './support/smtp-sink.ts';

const MESSAGES = Number(process.argv[2] ?? 20_000);
const BYTES = 5120;

const line = `${'x'.repeat(76)}\r\n`;
const content = Buffer.from(`Subject: bench\r\n\r\n${line.repeat(BYTES / line.length)}`);
const small: MessageBody = {
  bytes: content.length,
  small: content,
  async *chunks() {
    yield content;
  },
  header: async () => content,
};
const sender = { localPart: 'from', domain: domainName('example.test')! };

for (const { messagesPerSession, maxSessionsPerHop } of [
  { messagesPerSession: 20, maxSessionsPerHop: 100 },
  { messagesPerSession: 100, maxSessionsPerHop: 100 },
  { messagesPerSession: 100_000, maxSessionsPerHop: 100 },
  { messagesPerSession: 100_000, maxSessionsPerHop: 1 },
]) {
  heading(`${messagesPerSession} messages per connection, at most ${maxSessionsPerHop} connections`);
  const sink = await SmtpSink.start();
  try {
    await run(sink.port, { messagesPerSession, maxSessionsPerHop }, Math.ceil(MESSAGES / 4));
    const { perSecond, cpu, sessions } = await run(
      sink.port,
      { messagesPerSession, maxSessionsPerHop },
      MESSAGES,
    );
    figure('messages', perSecond, '/s');
    figure('CPU of the sending side', cpu, 'µs per message');
    figure('most connections', sessions, '');
  } finally {
    sink.stop();
  }
}

heading('200 messages of 25 MB, 200 connections at once');
{
  const sink = await SmtpSink.start();
  const piece = Buffer.alloc(64 * 1024, line);
  let most = process.memoryUsage.rss();
  const before = most;
  const watching = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  const large: MessageBody = {
    bytes: 400 * piece.length,
    small: undefined,
    async *chunks() {
      // A fresh buffer each time, as from a file.
      for (let n = 0; n < 400; n += 1) yield Buffer.from(piece);
    },
    header: async () => piece,
  };
  const settings = { messagesPerSession: 100, maxSessionsPerHop: 200, firstSessions: 200 };
  const { perSecond, cpu, sessions } = await run(sink.port, settings, 200, large);
  clearInterval(watching);
  sink.stop();
  figure('megabytes', (perSecond * large.bytes) / 1e6, 'MB/s');
  figure('CPU of the sending side', cpu / (large.bytes / 1e6), 'µs per MB');
  figure('most connections', sessions, '');
  figure('resident memory before', before / 1e6, 'MB');
  figure('resident memory at most', most / 1e6, 'MB');
}

async function run(
  port: number,
  settings: Partial<DeliverySettings>,
  count: number,
  body: MessageBody = small,
): Promise<{ readonly perSecond: number; readonly cpu: number; readonly sessions: number }> {
  let sessions = 0;
  let settled = 0;
  let done: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    done = resolve;
  });
  const route: Route = {
    kind: 'next-hop',
    nextHop: {
      key: 'sink',
      label: 'sink',
      kind: 'smart-host',
      hosts: [{ name: 'sink.test', addresses: ['127.0.0.1'] }],
      port,
      security: { tls: 'none', verifyCertificate: false },
      greetWithHelo: false,
    },
  };
  const delivery = new Delivery({
    queue: endless(count, body),
    held: { release: async () => 0 },
    outcome: {
      async report(_claim, reports) {
        for (const report of reports) {
          if (!('accepted' in report) || !report.accepted) throw new Error(JSON.stringify(report));
        }
        settled += reports.length;
        if (settled % 100 === 0) sessions = Math.max(sessions, delivery.status().sessions);
        if (settled === count) done();
      },
    },
    judge: judgeFailure,
    downgrade: async (body) => body,
    server: () => ({
      router: { route: async () => route },
      heloName: 'bench.test',
      drop: { drop: async () => ({ dropped: true, file: '' }) },
    }),
    settings: { ...DEFAULT_DELIVERY_SETTINGS, ...settings },
    clock: systemClock,
    log: silentLogger,
  });
  const before = process.cpuUsage();
  const start = performance.now();
  delivery.start();
  await finished;
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  await delivery.stop(1000);
  return { perSecond: count / seconds, cpu: (user + system) / count, sessions };
}

/** A queue with `count` messages that are due at once. */
function endless(count: number, body: MessageBody): ClaimSource {
  let next = 0;
  return {
    onReady() {},
    async claim(limit, exceptDomains) {
      const claims: Claim[] = [];
      if (exceptDomains !== undefined && exceptDomains.length > 0) return claims;
      for (; claims.length < limit && next < count; next += 1) {
        claims.push({
          message: {
            id: `M${next}`,
            arrivedAt: 0,
            bytes: body.bytes,
            reversePath: sender,
            body: '7bit',
            smtpUtf8: false,
            origin: { kind: 'command' },
            server: 'default',
            hops: 0,
          },
          ageMs: 0,
          recipients: [
            {
              recipientId: next,
              forwardPath: { localPart: `r${next}`, domain: sender.domain },
              state: 'queued',
              attempts: 0,
              nextAttemptAt: 0,
              delayNoticeSent: false,
            },
          ],
          body,
        });
      }
      return claims;
    },
    async settle() {},
  };
}
