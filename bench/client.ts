/**
 * Sending alone: delivery and SMTP client against Postfix's smtp-sink, 5 kB messages, queue and outcome in memory.
 * `node bench/client.ts [MESSAGES]`; prints messages a second and the CPU time of this process per message, kernel included.
 */
import { silentLogger, systemClock } from '../src/base/index.ts';
import { DEFAULT_DELIVERY_SETTINGS, Delivery } from '../src/delivery/index.ts';
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

async function run(
  port: number,
  settings: { readonly messagesPerSession: number; readonly maxSessionsPerHop: number },
  count: number,
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
    queue: endless(count),
    held: { release: async () => 0 },
    outcome: {
      async report(_claim, reports) {
        for (const report of reports) {
          if (!('accepted' in report) || !report.accepted) throw new Error(JSON.stringify(report));
        }
        settled += reports.length;
        if (settled % 1000 === 0) sessions = Math.max(sessions, delivery.status().sessions);
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
function endless(count: number): ClaimSource {
  let next = 0;
  const body: MessageBody = {
    bytes: content.length,
    small: content,
    async *chunks() {
      yield content;
    },
    header: async () => content,
  };
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
            bytes: content.length,
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
