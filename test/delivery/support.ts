/**
 * Stand-ins for the rooms around delivery: a queue in memory, a router from a table, an outcome that settles at once, and a
 * mail server whose answers are chosen by the recipient's local part.
 */

import { readFileSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import type { Clock, LogFields, Logger, LogLevel } from '../../src/base/index.ts';
import { systemClock } from '../../src/base/index.ts';
import type { DeliverySettings } from '../../src/delivery/contract.ts';
import { Delivery, type DeliveryParts } from '../../src/delivery/delivery.ts';
import { DEFAULT_DELIVERY_SETTINGS } from '../../src/delivery/index.ts';
import { type BodyType, domainKey, domainName, type Recipient } from '../../src/envelope/index.ts';
import type { DeliveryReport, FailureMeaning, OutcomeSink } from '../../src/outcome/index.ts';
import type { Claim, ClaimSource, MessageBody, QueuedRecipient } from '../../src/queue/index.ts';
import type { NextHop, Route, Router } from '../../src/routing/index.ts';
import type { AttemptFailure } from '../../src/smtp/index.ts';

export function address(text: string): {
  localPart: string;
  domain: NonNullable<ReturnType<typeof domainName>>;
} {
  const at = text.lastIndexOf('@');
  return { localPart: text.slice(0, at), domain: domainName(text.slice(at + 1))! };
}

export function bodyOf(text: string | Buffer): MessageBody {
  const bytes = Buffer.from(text);
  return {
    bytes: bytes.length,
    small: bytes,
    async *chunks() {
      yield bytes;
    },
    header: async () => bytes,
  };
}

type Held = { recipient: QueuedRecipient; state: 'due' | 'claimed' | 'done' | 'held'; notBefore: number };
type Kept = { claim: Omit<Claim, 'recipients'>; recipients: Held[] };

/** A queue whose recipients are due at once, oldest first. */
export class MemoryQueue implements ClaimSource {
  readonly #messages: Kept[] = [];
  readonly #clock: Clock;
  #listener: (() => void) | undefined;
  #nextId = 1;
  claims = 0;
  failing = 0;
  readonly reports = new Map<number, DeliveryReport[]>();
  readonly #byId = new Map<number, Held>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(
    recipients: readonly string[],
    options: {
      body?: string | Buffer | MessageBody;
      type?: BodyType;
      smtpUtf8?: boolean;
      attempts?: number;
      more?: Partial<Recipient>;
    } = {},
  ): readonly number[] {
    const body = options.body ?? 'Subject: x\r\n\r\nhello\r\n';
    const content = typeof body === 'object' && 'chunks' in body ? body : bodyOf(body);
    const kept: Kept = {
      claim: {
        message: {
          id: `M${this.#messages.length}`,
          arrivedAt: this.#clock.now(),
          bytes: content.bytes,
          reversePath: address('from@example.test'),
          body: options.type ?? '7bit',
          smtpUtf8: options.smtpUtf8 ?? false,
          origin: { kind: 'command' },
          server: 'default',
          hops: 0,
        },
        ageMs: 0,
        body: content,
      },
      recipients: recipients.map((text) => {
        const recipient: QueuedRecipient = {
          recipientId: this.#nextId++,
          forwardPath: address(text),
          state: 'queued',
          attempts: options.attempts ?? 0,
          nextAttemptAt: 0,
          delayNoticeSent: false,
          ...options.more,
        };
        const held: Held = { recipient, state: 'due', notBefore: 0 };
        this.#byId.set(recipient.recipientId, held);
        return held;
      }),
    };
    this.#messages.push(kept);
    const listener = this.#listener;
    setImmediate(() => listener?.());
    return kept.recipients.map(({ recipient }) => recipient.recipientId);
  }

  onReady(listener: () => void): void {
    this.#listener = listener;
  }

  wake(): void {
    this.#listener?.();
  }

  async claim(limit: number, exceptDomains: readonly string[] = []): Promise<readonly Claim[]> {
    this.claims += 1;
    if (this.failing > 0) {
      this.failing -= 1;
      throw new Error('the queue is out of order');
    }
    const except = new Set(exceptDomains);
    const claims: Claim[] = [];
    for (const { claim, recipients } of this.#messages) {
      if (claims.length >= limit) break;
      const due = recipients.filter(
        (held) =>
          held.state === 'due' &&
          held.notBefore <= this.#clock.now() &&
          !except.has(domainKey(held.recipient.forwardPath.domain)),
      );
      if (due.length === 0) continue;
      for (const held of due) held.state = 'claimed';
      claims.push({ ...claim, recipients: due.map(({ recipient }) => recipient) });
    }
    return claims;
  }

  async settle(): Promise<void> {
    throw new Error('outcome settles, not delivery');
  }

  /** Makes held recipients due; the number. */
  release(domain: string): number {
    let count = 0;
    for (const held of this.#byId.values()) {
      if (held.state !== 'held' || domainKey(held.recipient.forwardPath.domain) !== domain) continue;
      held.state = 'due';
      count += 1;
    }
    const listener = this.#listener;
    setImmediate(() => listener?.());
    return count;
  }

  /** What outcome does with a report: untried ones are due again, the others are done. */
  take(report: DeliveryReport): void {
    const held = this.#byId.get(report.recipientId)!;
    if (held.state !== 'claimed')
      throw new Error(`recipient ${report.recipientId} is reported while ${held.state}`);
    this.reports.set(report.recipientId, [...(this.reports.get(report.recipientId) ?? []), report]);
    if ('untried' in report) {
      held.state = 'due';
      held.notBefore = report.notBefore ?? 0;
    } else held.state = 'heldForEtrn' in report ? 'held' : 'done';
  }

  get unsettled(): number {
    return [...this.#byId.values()].filter(({ state }) => state === 'due' || state === 'claimed').length;
  }

  get claimed(): number {
    return [...this.#byId.values()].filter(({ state }) => state === 'claimed').length;
  }

  /** The words of each recipient's last report. */
  words(id: number): string {
    const report = this.reports.get(id)?.at(-1);
    return report === undefined ? 'nothing' : wordsOf(report);
  }
}

export function wordsOf(report: DeliveryReport): string {
  if ('accepted' in report) {
    if (report.accepted) return `accepted by ${report.host}`;
    const { stage, problem, reply, host } = report.failure;
    return `${stage} ${problem}${reply === undefined ? '' : ` ${reply.code}`} at ${host}`;
  }
  if ('untried' in report) return 'untried';
  if ('unroutable' in report) return `unroutable ${report.unroutable.cause}`;
  if ('dropped' in report) return `dropped ${report.file}`;
  if ('dropRefused' in report) return `drop refused ${report.dropRefused.text}`;
  if ('heldForEtrn' in report) return 'held';
  return 'something else';
}

/** As outcome judges: replies to RCPT and before count for the host, the rest for the message. */
export function judge(failure: AttemptFailure): FailureMeaning {
  if (failure.problem === 'too-large' || failure.problem === 'needs-smtputf8') return 'fail';
  if (failure.problem === 'body-unreadable') return 'defer';
  if (failure.problem !== 'rejected') return failure.stage === 'end-of-data' ? 'defer' : 'next-host';
  const code = failure.reply!.code;
  if (code >= 500) return failure.stage === 'greeting' ? 'next-host' : 'fail';
  return failure.stage === 'data' || failure.stage === 'end-of-data' ? 'defer' : 'next-host';
}

export class LogKeeper implements Logger {
  readonly events: { level: LogLevel; name: string; fields: LogFields }[] = [];
  event(level: LogLevel, name: string, fields: LogFields = {}): void {
    this.events.push({ level, name, fields });
  }
  with(): Logger {
    return this;
  }
  count(name: string): number {
    return this.events.filter((event) => event.name === name).length;
  }
}

export function nextHop(name: string, port: number, more: Partial<NextHop> = {}): NextHop {
  return {
    key: name,
    label: name,
    kind: 'mx',
    hosts: [{ name: `mx.${name}`, addresses: ['127.0.0.1'] }],
    port,
    security: { tls: 'none', verifyCertificate: false },
    greetWithHelo: false,
    ...more,
  };
}

export type Bench = {
  readonly queue: MemoryQueue;
  readonly delivery: Delivery;
  readonly log: LogKeeper;
  readonly routes: Map<string, Route>;
  readonly asked: { domain: string; purpose: string | undefined }[];
  /** Resolves when nothing is due or claimed any more. */
  settled(): Promise<void>;
  /** Resolves when `isTrue`; looks after each report and every few milliseconds. */
  until(isTrue: () => boolean): Promise<void>;
};

export function benchOf(
  options: {
    readonly settings?: Partial<DeliverySettings>;
    readonly parts?: Partial<DeliveryParts>;
    readonly outcome?: (inner: OutcomeSink) => OutcomeSink;
    readonly clock?: Clock;
  } = {},
): Bench {
  const clock = options.clock ?? systemClock;
  const queue = new MemoryQueue(clock);
  const log = new LogKeeper();
  const routes = new Map<string, Route>();
  const asked: Bench['asked'] = [];
  const inner: OutcomeSink = {
    async report(_claim, reports) {
      for (const report of reports) queue.take(report);
    },
  };
  const router: Router = {
    async route(domain, purpose) {
      asked.push({ domain, purpose });
      const route = routes.get(domain);
      if (route?.kind === 'held' && purpose === 'requested') return routes.get(`requested ${domain}`)!;
      return (
        route ?? {
          kind: 'unroutable',
          problem: { cause: 'no-such-domain', text: `${domain} does not exist` },
        }
      );
    },
  };
  const delivery = new Delivery({
    queue,
    held: { release: async (domain) => queue.release(domain) },
    outcome: options.outcome?.(inner) ?? inner,
    judge,
    downgrade: async (body) => {
      const text = Buffer.from(body.small!).toString('latin1');
      return bodyOf(text.replace(/[^\x00-\x7f]/g, '=XX'));
    },
    server: () => ({
      router,
      heloName: 'relay.test',
      drop: { drop: async () => ({ dropped: true, file: 'x.eml' }) },
    }),
    settings: { ...DEFAULT_DELIVERY_SETTINGS, ...options.settings },
    clock,
    log,
    ...options.parts,
  });
  const until = async (isTrue: () => boolean): Promise<void> => {
    while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  return { queue, delivery, log, routes, asked, until, settled: () => until(() => queue.unsettled === 0) };
}

export type Mail = { readonly mail: string; readonly rcpts: readonly string[]; readonly body: string };

/** A mail server for tests; what it says is chosen by the test and by local parts: `550-x@…` is refused with 550. */
export class TestServer {
  readonly received: Mail[] = [];
  readonly sockets = new Set<net.Socket>();
  connections = 0;
  most = 0;
  commands: string[] = [];
  /** How long the final reply takes. */
  delayMs = 0;
  /** Greeting, or `close`, or undefined for silence. */
  greeting: (nth: number) => string | undefined = () => '220 mx.test';
  extensions: readonly string[] = ['PIPELINING', '8BITMIME', 'CHUNKING', 'SIZE 0'];
  /** Answer to a command instead of the usual one; `close` ends the connection, `silence` says nothing. */
  answer: (command: string, nthConnection: number) => string | undefined = () => undefined;
  readonly #server: net.Server;
  port = 0;

  constructor() {
    this.#server = net.createServer((socket) => this.#serve(socket));
  }

  async listen(port = 0, host = '127.0.0.1'): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, host, resolve));
    this.port = (this.#server.address() as net.AddressInfo).port;
    return this;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(plain: net.Socket): void {
    const nth = ++this.connections;
    let socket = plain;
    this.sockets.add(plain);
    this.most = Math.max(this.most, this.sockets.size);
    plain.on('close', () => this.sockets.delete(plain));
    plain.on('error', () => {});
    plain.setNoDelay(true);
    let rest = Buffer.alloc(0);
    let mail = '';
    let rcpts: string[] = [];
    let body = '';
    let mode: 'command' | 'data' | { left: number; last: boolean; said?: string } = 'command';
    const say = (text: string): boolean => {
      if (text === 'close') {
        socket.destroySoon();
        return false;
      }
      if (text.startsWith('421')) {
        socket.end(`${text}\r\n`);
        return false;
      }
      if (text !== 'silence') socket.write(`${text}\r\n`);
      return true;
    };
    const finish = (): string => {
      const said = this.answer('end', nth);
      if (said === undefined) this.received.push({ mail, rcpts, body });
      rcpts = [];
      body = '';
      return said ?? '250 2.0.0 taken';
    };
    const command = (line: string): string => {
      this.commands.push(line);
      const own = this.answer(line, nth);
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'BDAT' && own !== undefined) {
        // Refused or not, the bytes of the piece come with it.
        const [, size] = line.split(' ');
        mode = { left: Number(size), last: false, said: own };
        return 'silence';
      }
      if (verb === 'MAIL') {
        mail = '';
        rcpts = [];
      }
      if (own !== undefined) return own;
      if (verb === 'EHLO') {
        const lines = ['mx.test', ...this.extensions];
        return lines.map((text, n) => `250${n === lines.length - 1 ? ' ' : '-'}${text}`).join('\r\n');
      }
      if (verb === 'MAIL') {
        mail = line;
        rcpts = [];
        body = '';
        return '250 2.1.0 ok';
      }
      if (verb === 'RCPT') {
        if (mail === '') return '503 5.5.1 MAIL first';
        const code = /<(\d{3})-/.exec(line)?.[1];
        if (code !== undefined) return `${code} as asked`;
        rcpts.push(line);
        return '250 2.1.5 ok';
      }
      if (verb === 'DATA') {
        if (rcpts.length === 0) return '554 5.5.1 no valid recipients';
        mode = 'data';
        return '354 go';
      }
      if (verb === 'BDAT') {
        const [, size, last] = line.split(' ');
        mode = { left: Number(size), last: last === 'LAST' };
        return 'silence';
      }
      if (verb === 'QUIT') {
        socket.end('221 bye\r\n');
        return 'silence';
      }
      if (line === 'STARTTLS') {
        socket.write('220 go\r\n');
        const folder = join(import.meta.dirname, '../dialogs-client/tls');
        plain.removeAllListeners('data');
        socket = new TLSSocket(plain, {
          isServer: true,
          key: readFileSync(join(folder, 'mx.key')),
          cert: readFileSync(join(folder, 'mx.pem')),
        });
        socket.on('error', () => {});
        socket.on('data', read);
        return 'silence';
      }
      return '250 2.0.0 ok';
    };
    const read = (bytes: Buffer): void => {
      rest = Buffer.concat([rest, bytes]);
      for (;;) {
        if (typeof mode === 'object') {
          const part = rest.subarray(0, mode.left);
          body += part.toString('latin1');
          rest = rest.subarray(part.length);
          mode.left -= part.length;
          if (mode.left > 0) return;
          const isLast = mode.last;
          const own = mode.said;
          mode = 'command';
          const said =
            own !== undefined
              ? own
              : rcpts.length === 0
                ? '554 5.5.1 no valid recipients'
                : isLast
                  ? finish()
                  : '250 ok';
          if (isLast && this.delayMs > 0) setTimeout(() => say(said), this.delayMs);
          else if (!say(said)) return;
          continue;
        }
        const end = rest.indexOf('\r\n');
        if (end < 0) return;
        const line = rest.toString('latin1', 0, end);
        rest = rest.subarray(end + 2);
        if (mode === 'data') {
          if (line !== '.') body += `${line.startsWith('.') ? line.slice(1) : line}\r\n`;
          else {
            mode = 'command';
            if (!say(finish())) return;
          }
        } else if (!say(command(line))) return;
      }
    };
    socket.on('data', read);
    const hello = this.greeting(nth);
    if (hello !== undefined) say(hello);
  }
}
