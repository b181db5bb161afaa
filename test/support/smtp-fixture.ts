/**
 * A whole SMTP service in this process: the real server, policy, users and sink over a queue in memory.
 * Owns: settings of the fixture, what was accepted.  For dialogues, real clients, the fuzzer and the benchmark.
 */
import {
  type Clock,
  createIdSource,
  type Logger,
  nodeDisk,
  silentLogger,
  systemClock,
} from '../../src/base/index.ts';
import { domainName, formatMailbox, formatPath, type Recipient } from '../../src/envelope/index.ts';
import {
  defaultSmtpIntakeSettings,
  type SmtpIntakeSettings,
  SmtpPolicy,
  SmtpSink,
  UserLogon,
} from '../../src/intake/index.ts';
import type { MessageAcceptor, MessageDraft, MessageIntake } from '../../src/queue/index.ts';
import type { DnsSource } from '../../src/routing/index.ts';
import {
  defaultServerSettings,
  type ProtocolLog,
  type ServerLimits,
  type ServerSettings,
  SmtpServer,
  TraceHub,
} from '../../src/smtp/index.ts';
import { fakeDns } from './fake-dns.ts';

export type AcceptedMessage = {
  readonly id: string;
  readonly draft: MessageDraft;
  readonly recipients: readonly Recipient[];
  readonly content: Buffer;
};

/** A queue that keeps everything in memory; `failure` makes the next commits fail. */
export class MemoryQueue implements Pick<MessageAcceptor, 'begin'> {
  readonly messages: AcceptedMessage[] = [];
  aborted = 0;
  failure: Error | undefined;
  /** Called with each accepted message; by default it is kept. */
  onAccepted: (message: AcceptedMessage) => void = (message) => this.messages.push(message);
  readonly #ids = createIdSource(Date.now);

  begin(draft: MessageDraft): MessageIntake {
    const id = this.#ids.next();
    const recipients: Recipient[] = [];
    const pieces: Uint8Array[] = [];
    let isOver = false;
    const finish = (): void => {
      if (isOver) throw new Error('exactly one of commit and abort');
      isOver = true;
    };
    return {
      id,
      addRecipient: (recipient) => {
        recipients.push(recipient);
      },
      write: (chunk) => {
        pieces.push(chunk);
        return undefined;
      },
      commit: async () => {
        finish();
        if (this.failure !== undefined) throw this.failure;
        this.onAccepted({ id, draft, recipients, content: Buffer.concat(pieces) });
        return { id, isNew: true };
      },
      abort: async () => {
        finish();
        this.aborted += 1;
      },
    };
  }
}

export type FixtureOptions = {
  readonly server?: Partial<Omit<ServerSettings, 'limits'>>;
  readonly limits?: Partial<ServerLimits>;
  readonly intake?: Partial<SmtpIntakeSettings>;
  readonly usersFile?: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly dns?: DnsSource;
  readonly protocolLog?: ProtocolLog;
  readonly isDropFull?: () => boolean;
};

export type SmtpFixture = {
  readonly server: SmtpServer;
  readonly queue: MemoryQueue;
  readonly trace: TraceHub;
  readonly policy: SmtpPolicy;
  readonly sink: SmtpSink;
  readonly port: number;
  stop(): Promise<void>;
};

export const FIXTURE_FQDN = 'relay.test';

/** Takes mail for local.test and relay-ok.test from anyone, relays for 127.0.0.1 alone. */
export async function startSmtpFixture(options: FixtureOptions = {}): Promise<SmtpFixture> {
  const { clock = systemClock, logger = silentLogger, dns = fakeDns([]) } = options;
  const queue = new MemoryQueue();
  const intake: SmtpIntakeSettings = {
    ...defaultSmtpIntakeSettings({ server: 'test', fqdn: FIXTURE_FQDN }),
    localDomains: ['local.test', 'alias.test', '*.farm.test', 'xn--bcher-kva.test'],
    remoteDomains: [
      { name: 'relay-ok.test', allowRelay: true, holdForEtrn: false },
      { name: 'held.test', allowRelay: true, holdForEtrn: true },
    ],
    relayNetworks: ['127.0.0.1/32', '::1/128'],
    ...options.intake,
  };
  const defaults = defaultServerSettings({ name: 'test', fqdn: FIXTURE_FQDN });
  const settings: ServerSettings = {
    ...defaults,
    defaultDomain: domainName('local.test')!,
    bindings: [{ address: '127.0.0.1', port: 0, tls: 'starttls' }],
    ...options.server,
    limits: { ...defaults.limits, ...options.limits },
  };
  const policy = new SmtpPolicy(intake, {
    clock,
    logger,
    dns,
    isDropFull: options.isDropFull ?? (() => false),
    triggerEtrn: async () => 0,
  });
  const authenticator = new UserLogon({
    disk: nodeDisk,
    clock,
    logger,
    ...(options.usersFile !== undefined && { usersFile: options.usersFile }),
  });
  await authenticator.load();
  const trace = new TraceHub(clock);
  const sink = new SmtpSink(intake, { queue, clock, logger, dns });
  const server = new SmtpServer(settings, {
    policy,
    sink,
    authenticator,
    clock,
    ids: createIdSource(clock.now),
    logger,
    readFile: nodeDisk.readFile,
    trace,
    protocolLog: options.protocolLog,
  });
  await server.start();
  return {
    server,
    queue,
    trace,
    policy,
    sink,
    port: server.addresses[0]?.port ?? 0,
    stop: () => server.stop(0),
  };
}

/** `<from> → <to>, <to>` of an accepted message. */
export function envelopeText({ draft, recipients }: AcceptedMessage): string {
  const to = recipients.map(({ forwardPath }) => `<${formatMailbox(forwardPath)}>`).join(', ');
  return `${formatPath(draft.reversePath)} → ${to}`;
}
