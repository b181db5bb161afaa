/**
 * Outbound: can this machine find other mail servers, reach them, and log on where it must.
 * Owns: asking DNS by UDP and by TCP, the names of this server, the smart host's greeting, TLS and AUTH, SPF.
 * Leaves: sending (delivery).  It never sends a message.
 * Sources: KB 276347 (DNS servers that refuse TCP); RFC 5321 §4.1.1.1, §5.1; RFC 7208 §4.5; doc "CDO migration checklist".
 */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { systemErrorCode } from '../base/index.ts';
import type { HostPort, NamedServer, SocketAddress } from '../config/index.ts';
import {
  DEFAULT_DNS_SETTINGS,
  type DnsSource,
  openResolver,
  readServer,
  reverseName,
} from '../routing/index.ts';
import type { Check, DoctorContext, Finding } from './finding.ts';
import { replyText, SmtpProbe } from './smtp-probe.ts';

const DNS_TIMEOUT_MS = 3_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** What our client can do with user and password (smtp/client). */
const passwordMechanisms: readonly string[] = ['SCRAM-SHA-256', 'PLAIN', 'LOGIN', 'CRAM-MD5'];

export const outboundCheck: Check = {
  group: 'outbound',
  async run(context) {
    if (!context.options.network) return [];
    const findings: Finding[] = [];
    const [first] = context.servers;
    const servers = dnsServers(first!);
    findings.push(...(await dnsTransports(servers)));
    const { dns, close } = openResolver(
      { ...DEFAULT_DNS_SETTINGS, servers, timeoutMs: DNS_TIMEOUT_MS, rounds: 1 },
      context.clock,
    );
    try {
      for (const server of context.servers) {
        findings.push(
          ...(await ownName(context, server, dns)),
          ...(await smartHost(server, dns)),
          ...(await spf(context, server, servers)),
        );
      }
      if (context.options.domain !== undefined)
        findings.push(...(await domainPath(context.options.domain, first!, dns)));
    } finally {
      close();
    }
    return findings;
  },
};

function dnsServers({ delivery }: NamedServer): SocketAddress[] {
  if (delivery.dnsServers.length > 0) return [...delivery.dnsServers];
  return new Resolver().getServers().map(readServer);
}

// ── DNS ─────────────────────────────────────────────────────────────────────────────────────────────────────────

async function dnsTransports(servers: readonly SocketAddress[]): Promise<Finding[]> {
  if (servers.length === 0) {
    return [
      {
        id: 'outbound.no-dns',
        severity: 'error',
        seen: 'no DNS server is known to this machine',
        why: 'Without DNS no destination is found, except a smart host given as an address.',
        cure: 'Name one in /etc/resolv.conf or in delivery.dnsServers: [192.0.2.53:53].',
        source: 'RFC 5321 §5.1',
      },
    ];
  }
  const findings: Finding[] = [];
  for (const server of servers) {
    const name = server.address.includes(':')
      ? `[${server.address}]:${server.port}`
      : `${server.address}:${server.port}`;
    const [udp, tcp] = await Promise.all([asksUdp(server), asksTcp(server)]);
    if (!udp && !tcp) {
      findings.push({
        id: 'outbound.dns-silent',
        severity: 'error',
        seen: `the DNS server ${name} does not answer`,
        why: 'Destinations cannot be found; mail waits.',
        cure: 'Correct delivery.dnsServers or /etc/resolv.conf, or open port 53 (UDP and TCP) to it in the firewall.',
        source: 'RFC 1035 §4.2',
      });
    } else if (!tcp) {
      findings.push({
        id: 'outbound.dns-no-tcp',
        severity: 'warning',
        seen: `the DNS server ${name} answers by UDP and not by TCP`,
        why: 'Long answers (many MX hosts) are cut and asked again by TCP; those domains cannot be reached.',
        cure: 'Open TCP port 53 to it in the firewall, or use another DNS server.',
        source: 'KB 276347; RFC 7766 §5',
      });
    } else if (!udp) {
      findings.push({
        id: 'outbound.dns-no-udp',
        severity: 'error',
        seen: `the DNS server ${name} answers by TCP and not by UDP`,
        why: 'Questions are asked by UDP first.',
        cure: 'Open UDP port 53 to it in the firewall.',
        source: 'RFC 1035 §4.2',
      });
    }
  }
  return findings;
}

/** A question for the name servers of the root: 17 bytes that every server can answer or refuse. */
function rootQuestion(id: number): Buffer {
  const question = Buffer.from([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1]);
  question.writeUInt16BE(id);
  return question;
}

function asksUdp({ address, port }: SocketAddress): Promise<boolean> {
  return new Promise((done) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const id = randomInt(65_536);
    const end = (answer: boolean): void => {
      clearTimeout(timer);
      socket.close();
      done(answer);
    };
    const timer = setTimeout(() => end(false), DNS_TIMEOUT_MS);
    socket.once('error', () => end(false));
    socket.on('message', (bytes) => {
      if (bytes.length >= 12 && bytes.readUInt16BE(0) === id) end(true);
    });
    socket.send(rootQuestion(id), port, address);
  });
}

function asksTcp({ address, port }: SocketAddress): Promise<boolean> {
  return new Promise((done) => {
    const id = randomInt(65_536);
    const question = rootQuestion(id);
    const socket = connect({ host: address, port, timeout: DNS_TIMEOUT_MS });
    const end = (answer: boolean): void => {
      socket.destroy();
      done(answer);
    };
    socket.on('connect', () => socket.write(Buffer.concat([Buffer.from([0, question.length]), question])));
    socket.on('data', (bytes) => end(bytes.length >= 4 && bytes.readUInt16BE(2) === id));
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(false));
    socket.on('close', () => end(false));
  });
}

async function addressesOf(
  name: string,
  dns: DnsSource,
): Promise<{ addresses: string[]; failure: string | undefined }> {
  const bare = name.replace(/^\[(?:IPv6:)?|\]$/gi, '');
  if (isIP(bare) !== 0) return { addresses: [bare], failure: undefined };
  // Names of the machine's own file are not in DNS.
  if (/^localhost$/i.test(bare)) return { addresses: ['127.0.0.1', '::1'], failure: undefined };
  const answers = await Promise.all([dns.ask(bare, 'A'), dns.ask(bare, 'AAAA')]);
  const addresses = answers.flatMap((answer) => (answer.kind === 'found' ? answer.records : []));
  const failed = answers.find(({ kind }) => kind === 'failed' || kind === 'timeout');
  return {
    addresses,
    failure:
      addresses.length > 0
        ? undefined
        : failed !== undefined && 'text' in failed
          ? failed.text
          : 'there is no such name',
  };
}

async function ownName({ nameOf }: DoctorContext, server: NamedServer, dns: DnsSource): Promise<Finding[]> {
  const name = nameOf(server);
  const cure = `Give ${name} an address in DNS and let the provider set the reverse name of your public address to it, or set fqdn to a name that has both. Behind a smart host it matters little.`;
  const source = 'RFC 5321 §4.1.1.1; RFC 1912 §2.1';
  if (!name.includes('.')) {
    return [
      {
        id: 'outbound.fqdn-short',
        severity: 'warning',
        seen: `this server calls itself '${name}', which is no full name`,
        why: 'Many servers refuse a greeting without a domain.',
        cure: 'Set fqdn: mail.example.com.',
        source,
      },
    ];
  }
  const { addresses, failure } = await addressesOf(name, dns);
  if (addresses.length === 0) {
    return [
      {
        id: 'outbound.fqdn-unknown',
        severity: 'warning',
        seen: `${name}: ${failure}`,
        why: 'Other servers look the name of the greeting up and distrust one that does not exist.',
        cure,
        source,
      },
    ];
  }
  for (const address of addresses) {
    const reverse = await dns.ask(reverseName(address), 'PTR');
    if (
      reverse.kind === 'found' &&
      reverse.records.some((found) => found.toLowerCase() === name.toLowerCase())
    )
      return [];
  }
  return [
    {
      id: 'outbound.no-reverse',
      severity: 'warning',
      seen: `${addresses.join(', ')} has no reverse name that says ${name}`,
      why: 'Large receivers refuse mail from addresses whose reverse name does not agree.',
      cure,
      source,
    },
  ];
}

async function spf(
  { nameOf }: DoctorContext,
  server: NamedServer,
  servers: readonly SocketAddress[],
): Promise<Finding[]> {
  const domain = server.delivery.masqueradeDomain ?? server.domains.default ?? nameOf(server);
  if (!domain.includes('.')) return [];
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 1 });
  try {
    resolver.setServers(
      servers.map(({ address, port }) =>
        address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
      ),
    );
    const records = (await resolver.resolveTxt(domain)).map((pieces) => pieces.join(''));
    const policies = records.filter((record) => /^v=spf1(?: |$)/i.test(record));
    if (policies.length === 1) return [];
    return [spfFinding(domain, policies.length)];
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    return code === 'ENODATA' || code === 'ENOTFOUND' ? [spfFinding(domain, 0)] : [];
  }
}

function spfFinding(domain: string, count: number): Finding {
  return {
    id: count === 0 ? 'outbound.no-spf' : 'outbound.two-spf',
    severity: count === 0 ? 'info' : 'warning',
    seen:
      count === 0 ? `${domain} has no SPF record` : `${domain} has ${count} SPF records; only one is allowed`,
    why: 'Receivers look up who may send for a domain; without one clear answer they trust it less or refuse it.',
    cure: `One TXT record for ${domain}: "v=spf1 ip4:YOUR.PUBLIC.ADDRESS -all", or with the include that your smart host names.`,
    source: 'RFC 7208 §4.5',
  };
}

// ── the way to a domain ─────────────────────────────────────────────────────────────────────────────────────────

async function domainPath(domain: string, server: NamedServer, dns: DnsSource): Promise<Finding[]> {
  const answer = await dns.ask(domain, 'MX');
  const finding = (
    id: string,
    severity: Finding['severity'],
    seen: string,
    why: string,
    cure: string,
  ): Finding => ({ id, severity, seen, why, cure, source: 'RFC 5321 §5.1' });
  if (answer.kind === 'no-such-name')
    return [
      finding(
        'outbound.no-such-domain',
        'error',
        `${domain} does not exist`,
        'Mail there is returned.',
        'Correct the address.',
      ),
    ];
  if (answer.kind === 'failed' || answer.kind === 'timeout')
    return [
      finding(
        'outbound.mx-failed',
        'error',
        `the MX hosts of ${domain} cannot be found: ${answer.text}`,
        'Mail there waits.',
        'Look at the DNS findings above, or ask another DNS server (delivery.dnsServers).',
      ),
    ];
  if (answer.kind === 'found' && answer.records.length === 1 && answer.records[0]!.exchange === '') {
    return [
      finding(
        'outbound.null-mx',
        'error',
        `${domain} says that it takes no mail (null MX)`,
        'Mail there is returned.',
        'Correct the address.',
      ),
    ];
  }
  const hosts =
    answer.kind === 'found'
      ? [...answer.records].sort((a, b) => a.preference - b.preference).map(({ exchange }) => exchange)
      : [domain];
  if (server.delivery.smartHost !== undefined) return [];
  const { port } = server.delivery;
  const tried: string[] = [];
  for (const host of hosts) {
    const { addresses, failure } = await addressesOf(host, dns);
    if (addresses.length === 0) tried.push(`${host}: ${failure}`);
    for (const address of addresses) {
      const problem = await connects(address, port);
      if (problem === undefined) return [];
      tried.push(`${host} (${address}): ${problem}`);
    }
  }
  const cure =
    port === 25
      ? 'Many providers block port 25 outwards: send through their smart host by port 587 or 465 (delivery.smartHost: smtp.example.com:587, with user and passwordFile), or let the provider open it.'
      : `Open port ${port} in the firewall.`;
  return [
    finding(
      'outbound.unreachable',
      'error',
      `no host of ${domain} can be reached on port ${port}: ${tried.join('; ')}`,
      'Mail there waits and is returned in the end.',
      cure,
    ),
  ];
}

function connects(host: string, port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const end = (problem: string | undefined): void => {
      socket.destroy();
      done(problem);
    };
    socket.on('connect', () => end(undefined));
    socket.on('timeout', () => end(`no answer for ${CONNECT_TIMEOUT_MS / 1000} seconds`));
    socket.on('error', (error) => end(systemErrorCode(error) ?? error.message));
  });
}

// ── smart host ──────────────────────────────────────────────────────────────────────────────────────────────────

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

async function smartHost(server: NamedServer, dns: DnsSource): Promise<Finding[]> {
  const { smartHost: host, port, user, tls } = server.delivery;
  if (host === undefined) return [];
  const target = host.port ?? port;
  const findings: Finding[] = providerFindings(host, target, user);
  const finding = (
    id: string,
    severity: Finding['severity'],
    seen: string,
    why: string,
    cure: string,
    source = 'doc "CDO migration checklist for IIS 7"',
  ): Finding => ({ id, severity, seen, why, cure, source });
  const { addresses, failure } = await addressesOf(host.host, dns);
  if (addresses.length === 0) {
    return [
      ...findings,
      finding(
        'outbound.smart-host-unknown',
        'error',
        `the smart host ${host.host}: ${failure}`,
        'No mail goes out.',
        'Correct delivery.smartHost: a host name, or an address in brackets: [192.0.2.25].',
      ),
    ];
  }
  const self = addresses.find((address) => isOurselves(address, target, server));
  if (self !== undefined) {
    return [
      ...findings,
      finding(
        'outbound.smart-host-self',
        'error',
        `the smart host ${host.host}:${target} is this server (${self})`,
        'Every message comes back until it has passed too many servers, and is returned (5.4.6).',
        'Name the next server in delivery.smartHost, or remove it to send by DNS.',
        'RFC 5321 §6.3',
      ),
    ];
  }
  return [
    ...findings,
    ...(await greetSmartHost(server, {
      host: host.host,
      address: addresses[0]!,
      port: target,
      implicit: tls === 'implicit',
    })),
  ];
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

async function greetSmartHost(
  server: NamedServer,
  target: {
    readonly host: string;
    readonly address: string;
    readonly port: number;
    readonly implicit: boolean;
  },
): Promise<Finding[]> {
  const { user, tls, verifyCertificate } = server.delivery;
  const name = `${target.host}:${target.port}`;
  const finding = (
    id: string,
    seen: string,
    why: string,
    cure: string,
    source = 'RFC 5321 §4.3.1',
  ): Finding => ({ id, severity: 'error', seen: `${name}: ${seen}`, why, cure, source });
  const findings: Finding[] = [];
  let opened: Awaited<ReturnType<typeof SmtpProbe.open>>;
  try {
    opened = await SmtpProbe.open(target.address, target.port, {
      implicitTls: target.implicit,
      ...(isIP(target.host) === 0 && { serverName: target.host }),
    });
  } catch (thrown) {
    const others = await Promise.all(
      [587, 465, 25]
        .filter((port) => port !== target.port)
        .map(async (port) => ((await connects(target.address, port)) === undefined ? port : undefined)),
    );
    const open = others.filter((port) => port !== undefined);
    const hint =
      open.length > 0
        ? `It answers on port ${open.join(' and ')}: try smartHost: ${target.host}:${open[0]}${open[0] === 465 ? ' with tls: implicit' : ''}.`
        : 'Ask its operator for the port, and open it in the firewall.';
    return [finding('outbound.smart-host-unreachable', (thrown as Error).message, 'No mail goes out.', hint)];
  }
  const { probe, greeting } = opened;
  try {
    if (greeting.code !== 220)
      return [
        finding(
          'outbound.smart-host-refuses',
          `it greets with ${replyText(greeting)}`,
          'It takes no mail from this machine.',
          'Ask its operator to allow this machine.',
        ),
      ];
    let hello = await probe.ask(`EHLO ${server.fqdn ?? 'localhost.localdomain'}`);
    const keywords = (): string[] => hello.lines.slice(1).map((line) => line.trim().toUpperCase());
    if (!target.implicit) {
      const offersTls = keywords().includes('STARTTLS');
      const mustTls = tls === 'required' || (user !== undefined && tls !== 'none');
      if (!offersTls && mustTls) {
        return [
          finding(
            'outbound.smart-host-no-tls',
            'it offers no STARTTLS, and TLS is required here',
            'Mail waits: it is not sent in plain text.',
            user === undefined
              ? 'Set delivery.tls: opportunistic if plain text is acceptable.'
              : 'Use the port that has TLS (587 or 465); or delivery.tls: none with plainTextPassword: true if the password may go in clear.',
            'RFC 3207 §5',
          ),
        ];
      }
      if (offersTls && tls !== 'none') {
        const secured = await probe.startTls(target.host);
        if ('code' in secured)
          findings.push(
            finding(
              'outbound.smart-host-tls-refused',
              `STARTTLS is answered with ${replyText(secured)}`,
              'TLS cannot be used.',
              'Ask its operator.',
              'RFC 3207 §4',
            ),
          );
        else {
          if (/^TLSv1(\.1)?$/.test(secured.version))
            findings.push({
              ...finding(
                'outbound.smart-host-old-tls',
                `it speaks ${secured.version}`,
                'That version is no longer safe.',
                'Ask its operator for TLS 1.2.',
                'RFC 8996 §2',
              ),
              severity: 'warning',
            });
          const mustVerify = verifyCertificate ?? user !== undefined;
          if (secured.problem !== undefined && mustVerify)
            findings.push(
              finding(
                'outbound.smart-host-certificate',
                `its certificate is not trusted: ${secured.problem}`,
                'Mail waits: the password is not given to a host that cannot prove its name.',
                'Name the host as its certificate does; install the authority that issued it (NODE_EXTRA_CA_CERTS); or delivery.verifyCertificate: false on a network that you trust.',
                'RFC 6125',
              ),
            );
          hello = await probe.ask(`EHLO ${server.fqdn ?? 'localhost.localdomain'}`);
        }
      }
    }
    if (user !== undefined) findings.push(...authFindings(keywords(), finding));
    return findings;
  } catch (thrown) {
    return [
      ...findings,
      finding(
        'outbound.smart-host-breaks',
        (thrown as Error).message,
        'The conversation ends before mail can be given.',
        'Look at its log, and at mailroot trace here.',
      ),
    ];
  } finally {
    probe.close();
  }
}

function authFindings(
  keywords: readonly string[],
  finding: (id: string, seen: string, why: string, cure: string, source?: string) => Finding,
): Finding[] {
  const offered = keywords
    .filter((word) => /^AUTH[ =]/.test(word))
    .flatMap((word) => word.slice(5).split(/\s+/))
    .filter((word) => word !== '');
  if (offered.length === 0)
    return [
      finding(
        'outbound.smart-host-no-auth',
        'it offers no AUTH, and a user is set',
        'The log-on cannot happen; mail waits.',
        'Remove user and passwordFile if it knows this machine by address, or use its submission port (587 or 465).',
        'RFC 4954 §3',
      ),
    ];
  if (offered.some((mechanism) => passwordMechanisms.includes(mechanism))) return [];
  return [
    finding(
      'outbound.smart-host-auth',
      `it offers AUTH ${offered.join(' ')}, none of which is known here (${passwordMechanisms.join(' ')})`,
      'The log-on cannot happen; mail waits.',
      'Let its operator switch on one of ours, for example LOGIN over TLS.',
      'RFC 4954 §3',
    ),
  ];
}
