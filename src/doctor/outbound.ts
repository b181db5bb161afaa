/**
 * Outbound: can this machine find other mail servers, reach them, and log on where it must.
 * Owns: asking DNS by UDP and by TCP, the names of this server, SPF and DKIM in DNS, the way to a domain.
 * Leaves: smart hosts (smart-host.ts), what a key says (dkim.ts), sending (delivery).  It never sends a message.
 * Sources: KB 276347 (DNS servers that refuse TCP); RFC 5321 §4.1.1.1, §5.1; RFC 7208 §4.5; doc "CDO migration checklist".
 */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';
import { systemErrorCode } from '../base/index.ts';
import type { NamedServer, SocketAddress } from '../config/index.ts';
import {
  DEFAULT_DNS_SETTINGS,
  type DnsSource,
  openResolver,
  readServer,
  reverseName,
} from '../routing/index.ts';
import { dkimCheck } from './dkim.ts';
import type { Check, DoctorContext, Finding } from './finding.ts';
import { addressesOf, connects } from './reach.ts';
import { smartHosts } from './smart-host.ts';

const DNS_TIMEOUT_MS = 3_000;

export const outboundCheck: Check = {
  group: 'outbound',
  async run(context) {
    if (!context.options.network) return [];
    const findings: Finding[] = [];
    const [first] = context.servers;
    const servers = dnsServers(context, first!);
    findings.push(...(await dnsTransports(servers)));
    const { dns, close } = openResolver(
      { ...DEFAULT_DNS_SETTINGS, servers, timeoutMs: DNS_TIMEOUT_MS, rounds: 1 },
      context.clock,
    );
    try {
      for (const server of context.servers) {
        findings.push(
          ...(await ownName(context, server, dns)),
          ...(await smartHosts(context, server, dns)),
          ...(await spf(context, server, servers)),
          ...(await dkim(context, server, servers)),
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

function dnsServers({ machine }: DoctorContext, { delivery }: NamedServer): SocketAddress[] {
  if (delivery.dnsServers.length > 0) return [...delivery.dnsServers];
  return machine.nameServers().map(readServer);
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

/** The domain that our mail shows. */
function sendingDomain({ nameOf }: DoctorContext, server: NamedServer): string {
  return server.delivery.masqueradeDomain ?? server.domains.default ?? nameOf(server);
}

/** TXT records, none for a name without; undefined when nobody answers, which other findings say. */
async function texts(name: string, servers: readonly SocketAddress[]): Promise<string[] | undefined> {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 1 });
  try {
    resolver.setServers(
      servers.map(({ address, port }) =>
        address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
      ),
    );
    return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''));
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    return code === 'ENODATA' || code === 'ENOTFOUND' ? [] : undefined;
  }
}

async function spf(
  context: DoctorContext,
  server: NamedServer,
  servers: readonly SocketAddress[],
): Promise<Finding[]> {
  const domain = sendingDomain(context, server);
  if (!domain.includes('.')) return [];
  const records = await texts(domain, servers);
  const policies = records?.filter((record) => /^v=spf1(?: |$)/i.test(record));
  return policies === undefined || policies.length === 1 ? [] : [spfFinding(domain, policies.length)];
}

async function dkim(
  context: DoctorContext,
  server: NamedServer,
  servers: readonly SocketAddress[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const selector of context.options.dkimSelectors ?? []) {
    const name = `${selector}._domainkey.${sendingDomain(context, server)}`;
    const records = await texts(name, servers);
    if (records !== undefined) findings.push(...dkimCheck(name, records));
  }
  return findings;
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
