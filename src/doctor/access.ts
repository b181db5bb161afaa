/**
 * Access: who can reach the server, whom it relays for, how passwords and certificates stand.
 * Owns: the relay test from inside; it asks only up to RCPT and never sends a message.
 * Sources: KB 304897 (the seven relay tests); KB 310356; RFC 5321 §3.6.2, §4.5.3; doc "CDO migration checklist for IIS 7".
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { NamedServer } from '../config/index.ts';
import { NetworkList } from '../smtp/index.ts';
import type { Check, DoctorContext, Finding } from './finding.ts';
import { shellWord } from './folders.ts';
import { replyText, SmtpProbe } from './smtp-probe.ts';

const EXPIRES_SOON_MS = 30 * 86_400_000;
/** A domain that nobody has: a relay that takes mail for it takes mail for everybody. */
const FOREIGN = 'relay-test.example';

export const accessCheck: Check = {
  group: 'access',
  async run(context) {
    const findings: Finding[] = [];
    for (const server of context.servers) {
      findings.push(
        ...openByConfig(server),
        ...exposure(server),
        ...loopback6(server),
        ...plainPasswords(server),
      );
      findings.push(...certificate(context, server));
      if (context.options.network && context.status !== undefined)
        findings.push(...(await relayTests(context, server)));
    }
    return findings;
  },
};

function setting(server: NamedServer, path: string): string {
  return server.name === 'default' ? path : `servers.${server.name}.${path}`;
}

function openByConfig(server: NamedServer): Finding[] {
  if (server.access.relayForEveryone === false) return [];
  return [
    {
      id: 'access.open-relay',
      severity: 'error',
      seen: `${setting(server, 'access.relayForEveryone')} is on: '${server.name}' is an open relay`,
      why: 'Anybody may send anything to anybody through it; within hours it is found, and your address is on block lists.',
      cure: `Remove ${setting(server, 'access.relayForEveryone')} and list your own networks in access.relayNetworks.`,
      source: 'KB 310356; KB 304897',
    },
  ];
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function exposure(server: NamedServer): Finding[] {
  const open = server.listen.filter(({ address }) => !isLoopback(address.address));
  const { connections, anonymous } = server.access;
  if (open.length === 0 || connections.default === 'deny' || !anonymous) return [];
  const names = open.map(({ address }) => `${address.address}:${address.port}`).join(', ');
  return [
    {
      id: 'access.exposed',
      severity: 'warning',
      seen: `'${server.name}' listens on ${names}, and everybody who reaches that may connect and send to local domains`,
      why: 'When only programs of this machine or of your own network send, nobody else should reach it.',
      cure: `Set ${setting(server, 'listen')}: [127.0.0.1:25, "[::1]:25"], or ${setting(server, 'access.connections')}: { default: deny, allow: [your networks, 127.0.0.0/8, ::1/128] }. Keep it so if it is to take mail from the Internet.`,
      source: 'doc "CDO migration checklist for IIS 7"',
    },
  ];
}

/** The checklist of old names 127.0.0.1 only; programs reach "localhost" by ::1 today. */
function loopback6(server: NamedServer): Finding[] {
  const findings: Finding[] = [];
  const { connections, relayNetworks } = server.access;
  const listensOn6 = server.listen.some(
    ({ address }) => address.address === '::1' || address.address === '::',
  );
  const lacks6 = (list: readonly string[]): boolean => {
    const networks = list.filter((entry) => /^[\d.:a-f]+(\/\d+)?$/i.test(entry));
    const covers = (address: string): boolean => NetworkList.of(...networks).contains(address);
    return covers('127.0.0.1') && !covers('::1');
  };
  const finding = (id: string, path: string, what: string): Finding => ({
    id,
    severity: 'warning',
    seen: `${setting(server, path)} has 127.0.0.1 and not ::1`,
    why: `Programs that send to "localhost" come from ::1 on most machines, and are ${what}.`,
    cure: `Add ::1/128 to ${setting(server, path)}.`,
    source: 'doc "CDO migration checklist for IIS 7"; docs/doctor.md',
  });
  if (!listensOn6) return findings;
  if (connections.default === 'deny' && lacks6(connections.allow))
    findings.push(finding('access.no-loopback6', 'access.connections.allow', 'turned away'));
  if (lacks6(relayNetworks))
    findings.push(finding('access.no-relay-loopback6', 'access.relayNetworks', 'refused with 550 5.7.1'));
  return findings;
}

function plainPasswords(server: NamedServer): Finding[] {
  const { usersFile, plainTextAuthNetworks } = server.access;
  const findings: Finding[] = [];
  if (usersFile === undefined) return findings;
  const wide = plainTextAuthNetworks.filter(
    (network) => !network.startsWith('127.') && network !== '::1/128',
  );
  if (wide.length > 0) {
    findings.push({
      id: 'access.plain-passwords',
      severity: 'warning',
      seen: `${setting(server, 'access.plainTextAuthNetworks')} lets ${wide.join(', ')} log on without TLS`,
      why: 'Passwords go over the network for everybody to read.',
      cure: 'Remove these networks; keep single devices that know no TLS, or list them under access.identities, which needs no password.',
      source: 'RFC 4954 §4; docs/doctor.md',
    });
  }
  if (server.tls.certificateFile === undefined && plainTextAuthNetworks.length === 0) {
    findings.push({
      id: 'access.users-without-tls',
      severity: 'error',
      seen: `users are set (${usersFile}), and no certificate: nobody can log on, because AUTH is not offered without TLS`,
      why: 'Clients answer that the server does not support authentication.',
      cure: `Set ${setting(server, 'tls.certificateFile')} and tls.keyFile.`,
      source: 'RFC 4954 §4',
    });
  }
  return findings;
}

function certificate({ clock, nameOf }: DoctorContext, server: NamedServer): Finding[] {
  const { certificateFile, keyFile } = server.tls;
  if (certificateFile === undefined || keyFile === undefined) return [];
  const finding = (
    id: string,
    severity: Finding['severity'],
    seen: string,
    why: string,
    cure: string,
  ): Finding => ({ id, severity, seen, why, cure, source: 'RFC 3207 §4; RFC 6125' });
  let read: X509Certificate;
  try {
    read = new X509Certificate(readFileSync(certificateFile));
  } catch (thrown) {
    return [
      finding(
        'access.certificate-unreadable',
        'error',
        `${certificateFile}: ${(thrown as Error).message}`,
        'Without it there is no TLS.',
        'Put the certificate there in PEM form (-----BEGIN CERTIFICATE-----), readable by the service.',
      ),
    ];
  }
  const findings: Finding[] = [];
  try {
    if (!read.checkPrivateKey(createPrivateKey(readFileSync(keyFile)))) {
      findings.push(
        finding(
          'access.key-mismatch',
          'error',
          `${keyFile} is not the key of ${certificateFile}`,
          'The handshake fails.',
          'Name the key that the certificate was made with.',
        ),
      );
    }
    if ((statSync(keyFile).mode & 0o004) !== 0) {
      findings.push({
        ...finding(
          'access.key-readable',
          'warning',
          `everybody on this machine may read ${keyFile}`,
          'Whoever has the key can pretend to be this server.',
          `chmod o-r ${shellWord(keyFile)}`,
        ),
        fix: { what: `chmod o-r ${keyFile}`, run: async () => chmodAway(keyFile) },
      });
    }
  } catch (thrown) {
    findings.push(
      finding(
        'access.key-unreadable',
        'error',
        `${keyFile}: ${(thrown as Error).message}`,
        'Without the key there is no TLS.',
        'Put the private key there in PEM form, without a passphrase.',
      ),
    );
  }
  const until = read.validToDate.getTime();
  const left = until - clock.now();
  if (left < EXPIRES_SOON_MS) {
    const isOver = left < 0;
    findings.push(
      finding(
        isOver ? 'access.certificate-expired' : 'access.certificate-expires',
        isOver ? 'error' : 'warning',
        `${certificateFile} is valid until ${read.validToDate.toISOString().slice(0, 10)}`,
        isOver ? 'Clients that check it hang up.' : 'After that, clients that check it hang up.',
        'Renew it; the service takes the new file without a restart.',
      ),
    );
  }
  const name = nameOf(server);
  if (read.checkHost(name) === undefined) {
    findings.push(
      finding(
        'access.certificate-name',
        'warning',
        `${certificateFile} is for ${read.subjectAltName ?? read.subject}, and this server is called ${name}`,
        'Clients that check the name hang up.',
        `Get a certificate for ${name}, or set ${setting(server, 'fqdn')} to a name that it holds.`,
      ),
    );
  }
  return findings;
}

async function chmodAway(file: string): Promise<void> {
  const { chmod, stat } = await import('node:fs/promises');
  await chmod(file, (await stat(file)).mode & 0o770);
}

/** The seven tests of KB 304897 and the forms that came later: what stands in RCPT, and in MAIL. */
const RELAY_FORMS: readonly { readonly from: string; readonly to: string }[] = [
  { from: '<sender@FOREIGN>', to: '<rcpt@FOREIGN>' },
  { from: '<spam@localhost>', to: '<rcpt@FOREIGN>' },
  { from: '<>', to: '<rcpt@FOREIGN>' },
  { from: '<postmaster@LOCAL>', to: '<rcpt@FOREIGN>' },
  { from: '<sender@LOCAL>', to: '<"rcpt@FOREIGN">' },
  { from: '<sender@LOCAL>', to: '<rcpt%FOREIGN@LOCAL>' },
  { from: '<sender@LOCAL>', to: '<@LOCAL:rcpt@FOREIGN>' },
  { from: '<sender@LOCAL>', to: '<FOREIGN!rcpt>' },
  { from: '<sender@LOCAL>', to: '<rcpt@FOREIGN@LOCAL>' },
  { from: '<sender@LOCAL>', to: '<rcpt@[192.0.2.1]>' },
  { from: '<sender@LOCAL>', to: 'rcpt@FOREIGN' },
];
/** Forms that a local domain may take as an odd local part, without sending anything on. */
const MAY_BE_LOCAL = new Set([4, 5, 7, 8]);

async function relayTests(context: DoctorContext, server: NamedServer): Promise<Finding[]> {
  const findings: Finding[] = [];
  const name = context.nameOf(server);
  const local = server.domains.default ?? name;
  for (const { address } of server.listen) {
    for (const source of foreignSources(server, address.address)) {
      const host = address.address === '0.0.0.0' || address.address === '::' ? source : address.address;
      const taken = await relayedForms(host, address.port, source, local);
      if (taken.length === 0) continue;
      findings.push({
        id: 'access.relays',
        severity: 'error',
        seen: `'${server.name}' on ${host}:${address.port} takes mail for ${FOREIGN} from ${source}, which no rule lists: ${taken.join('; ')}`,
        why: 'It relays for strangers: this is an open relay.',
        cure: `Look at ${setting(server, 'access')} and domains.remote (allowRelay); mailroot config show prints what is in effect.`,
        source: 'KB 304897',
      });
    }
  }
  return findings;
}

/** Addresses of this machine that may not relay, from which the listener can be reached. */
function foreignSources(server: NamedServer, listener: string): string[] {
  const allowed = NetworkList.of(
    ...server.access.relayNetworks,
    ...server.access.identities.filter(({ mayRelay }) => mayRelay).flatMap(({ networks }) => networks),
  );
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address)
    .filter((address) => !address.startsWith('fe80'));
  // Loopback has more addresses than its one name.
  const all = [...new Set([...own, '127.0.0.1', '127.0.0.9', '::1'])];
  const isFor6 = listener.includes(':');
  const reachable = all.filter((address) => {
    if (address.includes(':') !== isFor6) return false;
    return isLoopback(listener) ? isLoopback(address) : true;
  });
  return reachable.filter((address) => !allowed.contains(address)).slice(0, 2);
}

async function relayedForms(host: string, port: number, source: string, local: string): Promise<string[]> {
  const taken: string[] = [];
  try {
    const { probe, greeting } = await SmtpProbe.open(host, port, { localAddress: source });
    try {
      if (greeting.code !== 220 || (await probe.ask('EHLO relay-test.invalid')).code !== 250) return taken;
      for (const [index, { from, to }] of RELAY_FORMS.entries()) {
        const fill = (text: string): string => text.replaceAll('FOREIGN', FOREIGN).replaceAll('LOCAL', local);
        const mail = await probe.ask(`MAIL FROM:${fill(from)}`);
        if (mail.code === 250) {
          const rcpt = await probe.ask(`RCPT TO:${fill(to)}`);
          if (rcpt.code === 250 && !MAY_BE_LOCAL.has(index))
            taken.push(`RCPT TO:${fill(to)} answered ${replyText(rcpt)}`);
        }
        await probe.ask('RSET');
      }
    } finally {
      probe.close();
    }
  } catch {
    // A listener that hangs up on the test does not relay.
  }
  return taken;
}
