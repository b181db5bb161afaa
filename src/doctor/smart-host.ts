/**
 * Smart hosts: what each one says to a greeting, to STARTTLS and to our log-on.
 * Owns: the conversation up to the log-on, really tried with the configured user; what the hosts of Microsoft 365 need.
 * Leaves: addresses (reach.ts), TLS and replies (smtp-probe.ts), mechanisms (smtp/client).  It never sends a message, and
 * never shows a password.
 * Sources: RFC 3207; RFC 4954; RFC 8996; doc "CDO migration checklist for IIS 7".
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { HostPort, NamedServer } from '../config/index.ts';
import type { DnsSource } from '../routing/index.ts';
import { startSasl } from '../smtp/index.ts';
import type { DoctorContext, Finding } from './finding.ts';
import { addressesOf, connects } from './reach.ts';
import { type ProbeReply, replyText, SmtpProbe, type TlsProbe } from './smtp-probe.ts';

/** A place in the settings that names a smart host. */
type Outbound = {
  /** `delivery`, `domains.remote.example.com`. */
  readonly path: string;
  readonly smartHost: HostPort;
  readonly port: number;
  readonly tls: 'none' | 'opportunistic' | 'required' | 'implicit' | undefined;
  readonly verifyCertificate: boolean | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly passwordFile: string | undefined;
  readonly plainTextPassword: boolean;
};

export async function smartHosts(
  { clock }: DoctorContext,
  server: NamedServer,
  dns: DnsSource,
): Promise<Finding[]> {
  const places = [
    ['delivery', server.delivery] as const,
    ...Object.entries(server.domains.remote).map(
      ([name, remote]) => [`domains.remote.${name}`, remote] as const,
    ),
  ];
  const findings: Finding[] = [];
  for (const [
    path,
    { smartHost, port, tls, verifyCertificate, user, password, passwordFile, plainTextPassword },
  ] of places) {
    if (smartHost === undefined) continue;
    const outbound: Outbound = {
      path,
      smartHost,
      port: smartHost.port ?? port ?? server.delivery.port,
      // As the relay has it: port 465 is TLS from the first byte unless the settings say otherwise.
      tls: tls ?? (smartHost.port === 465 ? 'implicit' : undefined),
      verifyCertificate,
      user,
      password,
      passwordFile,
      plainTextPassword,
    };
    findings.push(...(await oneSmartHost(server, outbound, dns, clock.now())));
  }
  return findings;
}

type Provider = {
  readonly pattern: RegExp;
  readonly port: readonly number[];
  readonly needsUser: boolean;
  readonly needs: string;
};

/** What the services of Microsoft 365 want; a wrong mixture is refused with words that say little. */
const PROVIDERS: readonly Provider[] = [
  {
    pattern: /^smtp\.office365\.com$/i,
    port: [587],
    needsUser: true,
    needs:
      'client submission: port 587, TLS, and the user and password of a mailbox that may use SMTP AUTH (it is off for new tenants); the sender must be that mailbox. Set smartHost: smtp.office365.com:587, tls: required, user, passwordFile',
  },
  {
    pattern: /\.mail\.protection\.outlook\.com$/i,
    port: [25],
    needsUser: false,
    needs:
      'direct send or a connector: port 25, TLS, no log-on, and a fixed public address that the connector or the SPF record names. Set smartHost: TENANT.mail.protection.outlook.com:25 without user',
  },
];

async function oneSmartHost(
  server: NamedServer,
  outbound: Outbound,
  dns: DnsSource,
  nowMs: number,
): Promise<Finding[]> {
  const { path, smartHost, port, user, tls } = outbound;
  const findings: Finding[] = providerFindings(smartHost, port, user);
  const { addresses, failure } = await addressesOf(smartHost.host, dns);
  if (addresses.length === 0) {
    return [
      ...findings,
      {
        id: 'outbound.smart-host-unknown',
        severity: 'error',
        seen: `the smart host ${smartHost.host}: ${failure}`,
        why: 'No mail goes out.',
        cure: `Correct ${path}.smartHost: a host name, or an address in brackets: [192.0.2.25].`,
        source: 'doc "CDO migration checklist for IIS 7"',
      },
    ];
  }
  const self = addresses.find((address) => isOurselves(address, port, server));
  if (self !== undefined) {
    return [
      ...findings,
      {
        id: 'outbound.smart-host-self',
        severity: 'error',
        seen: `the smart host ${smartHost.host}:${port} is this server (${self})`,
        why: 'Every message comes back until it has passed too many servers, and is returned (5.4.6).',
        cure: `Name the next server in ${path}.smartHost, or remove it to send by DNS.`,
        source: 'RFC 5321 §6.3',
      },
    ];
  }
  const target = { host: smartHost.host, address: addresses[0]!, port, implicit: tls === 'implicit' };
  return [...findings, ...(await new Greeting(server, outbound, target, nowMs).run())];
}

function providerFindings({ host }: HostPort, port: number, user: string | undefined): Finding[] {
  const provider = PROVIDERS.find(({ pattern }) => pattern.test(host));
  if (provider === undefined || (provider.port.includes(port) && (user !== undefined) === provider.needsUser))
    return [];
  return [
    {
      id: 'outbound.microsoft-365',
      severity: 'error',
      seen: `the smart host is ${host}, port ${port}, ${user === undefined ? 'without user' : 'with a user'}`,
      why: `This host is for ${provider.needs.split(':')[0]}; with other settings mail is refused.`,
      cure: provider.needs,
      source: 'doc "How to set up a multifunction device or application to send email using Microsoft 365"',
    },
  ];
}

function isOurselves(address: string, port: number, server: NamedServer): boolean {
  const own = new Set([
    '127.0.0.1',
    '::1',
    ...Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .map((found) => found.address),
  ]);
  if (!own.has(address) && !address.startsWith('127.')) return false;
  return server.listen.some((listener) => {
    const { address: listening, port: listeningPort } = listener.address;
    return listeningPort === port && (listening === address || listening === '0.0.0.0' || listening === '::');
  });
}

type Target = {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly implicit: boolean;
};

/** One conversation with a smart host. */
class Greeting {
  readonly #server: NamedServer;
  readonly #outbound: Outbound;
  readonly #target: Target;
  readonly #nowMs: number;
  readonly #findings: Finding[] = [];

  constructor(server: NamedServer, outbound: Outbound, target: Target, nowMs: number) {
    this.#server = server;
    this.#outbound = outbound;
    this.#target = target;
    this.#nowMs = nowMs;
  }

  async run(): Promise<Finding[]> {
    const { address, host, port, implicit } = this.#target;
    let opened: Awaited<ReturnType<typeof SmtpProbe.open>>;
    try {
      opened = await SmtpProbe.open(address, port, { implicitTls: implicit, serverName: host });
    } catch (thrown) {
      await this.#unreachable((thrown as Error).message);
      return this.#findings;
    }
    const { probe, greeting } = opened;
    try {
      await this.#converse(probe, greeting);
    } catch (thrown) {
      this.#add(
        'smart-host-breaks',
        (thrown as Error).message,
        'The conversation ends before mail can be given.',
        'Look at its log, and at mailroot trace here.',
      );
    } finally {
      probe.close();
    }
    return this.#findings;
  }

  #add(id: string, seen: string, why: string, cure: string, source = 'RFC 5321 §4.3.1'): void {
    const { host, port } = this.#target;
    const finding = { id: `outbound.${id}`, seen: `${host}:${port}: ${seen}`, why, cure, source };
    this.#findings.push({ ...finding, severity: 'error' });
  }

  async #unreachable(reason: string): Promise<void> {
    const { address, host, port: tried } = this.#target;
    const others = await Promise.all(
      [587, 465, 25]
        .filter((port) => port !== tried)
        .map(async (port) => ((await connects(address, port)) === undefined ? port : undefined)),
    );
    const open = others.filter((port) => port !== undefined);
    const hint =
      open.length > 0
        ? `It answers on port ${open.join(' and ')}: try smartHost: ${host}:${open[0]}${open[0] === 465 ? ' with tls: implicit' : ''}.`
        : 'Ask its operator for the port, and open it in the firewall.';
    this.#add('smart-host-unreachable', reason, 'No mail goes out.', hint);
  }

  async #converse(probe: SmtpProbe, greeting: ProbeReply): Promise<void> {
    if (greeting.code !== 220) {
      this.#add(
        'smart-host-refuses',
        `it greets with ${replyText(greeting)}`,
        'It takes no mail from this machine.',
        'Ask its operator to allow this machine.',
      );
      return;
    }
    const { user, tls, path, plainTextPassword } = this.#outbound;
    let keywords = await this.#hello(probe);
    let mayLogOn = plainTextPassword;
    if (probe.tls !== undefined) mayLogOn = this.#judgeTls(probe.tls);
    else {
      const offersTls = keywords.includes('STARTTLS');
      if (!offersTls && (tls === 'required' || (user !== undefined && tls !== 'none'))) {
        this.#add(
          'smart-host-no-tls',
          'it offers no STARTTLS, and TLS is required here',
          'Mail waits: it is not sent in plain text.',
          user === undefined
            ? `Set ${path}.tls: opportunistic if plain text is acceptable.`
            : `Use the port that has TLS (587 or 465); or ${path}.tls: none with plainTextPassword: true if the password may go in clear.`,
          'RFC 3207 §5',
        );
        return;
      }
      if (offersTls && tls !== 'none') {
        const secured = await probe.startTls(this.#target.host);
        if ('code' in secured) {
          this.#add(
            'smart-host-tls-refused',
            `STARTTLS is answered with ${replyText(secured)}`,
            'TLS cannot be used.',
            'Ask its operator.',
            'RFC 3207 §4',
          );
        } else {
          mayLogOn = this.#judgeTls(secured);
          keywords = await this.#hello(probe);
        }
      }
    }
    if (user !== undefined) await this.#logOn(probe, keywords, mayLogOn);
  }

  async #hello(probe: SmtpProbe): Promise<string[]> {
    const hello = await probe.ask(`EHLO ${this.#server.fqdn ?? 'localhost.localdomain'}`);
    return hello.lines.slice(1).map((line) => line.trim().toUpperCase());
  }

  /** True when the password may be given over it. */
  #judgeTls({ version, problem }: TlsProbe): boolean {
    const { user, verifyCertificate, path } = this.#outbound;
    const isOld = /^TLSv1(\.1)?$/.test(version);
    if (isOld) {
      this.#add(
        'smart-host-old-tls',
        `it speaks ${version} and nothing newer`,
        'That version is no longer safe, and Mailroot does not speak it: mail waits, or goes in plain text where the settings allow it.',
        'Ask its operator for TLS 1.2.',
        'RFC 8996 §2',
      );
    }
    const mustVerify = verifyCertificate ?? user !== undefined;
    const isUntrusted = problem !== undefined && mustVerify;
    if (isUntrusted) {
      this.#add(
        'smart-host-certificate',
        `its certificate is not trusted: ${problem}`,
        'Mail waits: nothing is given to a host that cannot prove its name.',
        `Name the host as its certificate does; install the authority that issued it (NODE_EXTRA_CA_CERTS); or ${path}.verifyCertificate: false on a network that you trust.`,
        'RFC 6125',
      );
    }
    return !isOld && !isUntrusted;
  }

  async #logOn(probe: SmtpProbe, keywords: readonly string[], mayLogOn: boolean): Promise<void> {
    const { path } = this.#outbound;
    const offered = keywords
      .filter((word) => /^AUTH[ =]/.test(word))
      .flatMap((word) => word.slice(5).split(/\s+/))
      .filter((word) => word !== '');
    if (offered.length === 0) {
      this.#add(
        'smart-host-no-auth',
        'it offers no AUTH, and a user is set',
        'The log-on cannot happen; mail waits.',
        `Remove ${path}.user and passwordFile if it knows this machine by address, or use its submission port (587 or 465).`,
        'RFC 4954 §3',
      );
      return;
    }
    const user = this.#outbound.user!;
    const password = this.#password();
    if (password === undefined) return;
    const fresh = { nonce: randomBytes(18).toString('base64'), nowMs: this.#nowMs };
    const start = startSasl(offered, { user, password }, fresh);
    if (start === undefined) {
      this.#add(
        'smart-host-auth',
        `it offers AUTH ${offered.join(' ')}, none of which is known here (SCRAM-SHA-256 PLAIN LOGIN CRAM-MD5 NTLM)`,
        'The log-on cannot happen; mail waits.',
        'Let its operator switch on one of ours, for example LOGIN over TLS.',
        'RFC 4954 §3',
      );
      return;
    }
    // Only a way that the relay itself would take is good enough for the password.
    if (!mayLogOn) return;
    const initial = start.initial === undefined ? '' : ` ${start.initial.toString('base64') || '='}`;
    let answer = await probe.ask(`AUTH ${start.mechanism}${initial}`);
    let exchange = start.after;
    for (let round = 0; answer.code === 334 && round < MOST_ROUNDS; round += 1) {
      const step = exchange.respond(Buffer.from(answer.lines.join(''), 'base64'));
      if ('broken' in step) {
        await probe.ask('*');
        this.#refused(start.mechanism, step.broken);
        return;
      }
      answer = await probe.ask(step.send.toString('base64'));
      exchange = step.after;
    }
    if (answer.code !== 235) this.#refused(start.mechanism, replyText(answer));
  }

  /** A host may repeat what it heard. */
  #refused(mechanism: string, answer: string): void {
    const password = this.#password();
    const shown = password === undefined || password === '' ? answer : answer.replaceAll(password, '****');
    this.#add(
      'smart-host-logon',
      `the log-on of '${this.#outbound.user}' by AUTH ${mechanism} fails: ${shown}`,
      'The smart host takes no mail from us; it waits until the log-on succeeds.',
      `Correct ${this.#outbound.path}.user and passwordFile; or ask its operator whether this user may send by SMTP.`,
      'RFC 4954 §6',
    );
  }

  #password(): string | undefined {
    const { password, passwordFile, path } = this.#outbound;
    if (password !== undefined) return password;
    try {
      return readFileSync(passwordFile!, 'utf8').split(/\r?\n/, 1)[0]!;
    } catch (thrown) {
      this.#add(
        'smart-host-password-file',
        `the password file cannot be read: ${(thrown as Error).message}`,
        'The service does not start, or keeps its old settings.',
        `Put the password into the first line of ${path}.passwordFile, readable by the service alone.`,
        'RFC 4954 §3',
      );
      return undefined;
    }
  }
}

/** Challenges of one log-on; no mechanism has more. */
const MOST_ROUNDS = 8;
