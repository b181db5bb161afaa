/**
 * Checks between settings that no single setting can see: bindings, shared mailroots, TLS, relay.
 * Owns: what is refused and what is only warned of.  Leaves: anything that needs the disk or the network (doctor).
 */
import { isDeepStrictEqual } from 'node:util';
import { serverFolders } from './folders.ts';
import type { ConfigProblem, NamedServer } from './load.ts';
import type { ProcessConfig, ServerConfig } from './schema.ts';
import type { SiteConfig } from './site-schema.ts';

type Place = (server: string, path: readonly string[]) => { path: string; line: number | undefined };

/** Settings that belong to the mailroot: servers that share one must agree on them. */
const MAILROOT_SETTINGS = [
  'layout',
  'folders',
  'pickup',
  'domains',
  'delivery',
  'drop',
  'reports',
  'badmail',
] as const;

export function checkTogether(
  servers: readonly NamedServer[],
  { useExchange }: Pick<ProcessConfig, 'useExchange'>,
  place: Place,
): { problems: ConfigProblem[]; warnings: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const warnings: ConfigProblem[] = [];
  const problem = (server: NamedServer, path: readonly string[], text: string) =>
    problems.push({ ...place(server.name, path), text });
  const warning = (server: NamedServer, path: readonly string[], text: string) =>
    warnings.push({ ...place(server.name, path), text });

  const own = place('', ['useExchange']);
  if (useExchange === true && !servers.some(({ layout }) => layout === 'exchange-ims')) {
    problems.push({
      ...own,
      text: "no server has 'layout: exchange-ims', so there is no Pickup folder for CDONTS",
    });
  }
  if (useExchange === false && !servers.some(({ layout }) => layout === 'mailroot')) {
    // KB 306957 the other way round: programs write where nobody serves.
    problems.push({
      ...own,
      text: "every server has 'layout: exchange-ims', so there is no other Pickup folder for CDONTS; leave it out or set true",
    });
  }
  const bindings = new Map<string, string>();
  const mailroots = new Map<string, NamedServer>();
  for (const server of servers) {
    for (const { address } of server.listen) {
      const binding = `${address.address}:${address.port}`;
      const other = bindings.get(binding);
      if (other !== undefined && address.port !== 0) {
        problem(
          server,
          ['listen'],
          `the servers '${other}' and '${server.name}' both listen on ${binding}; change one`,
        );
      }
      bindings.set(binding, server.name);
    }
    const sharer = mailroots.get(server.mailroot);
    if (sharer !== undefined) checkSharing(sharer, server, problem);
    else mailroots.set(server.mailroot, server);
    checkFolders(server, problem);
    checkSecurity(server, problem, warning);
  }
  return { problems, warnings };
}

type Report = (server: NamedServer, path: readonly string[], text: string) => void;

function checkSharing(first: NamedServer, second: NamedServer, problem: Report): void {
  for (const name of MAILROOT_SETTINGS) {
    if (isDeepStrictEqual(first[name], second[name])) continue;
    problem(
      second,
      [name],
      `the servers '${first.name}' and '${second.name}' share the mailroot ${first.mailroot}, so their '${name}' must be the same; put it at file level or give one its own mailroot`,
    );
  }
}

function checkFolders(server: NamedServer, problem: Report): void {
  const { pickup, drop } = serverFolders(server);
  if (pickup === drop) {
    problem(server, ['folders', 'drop'], 'Drop must not be the Pickup folder: mail would circle for ever');
  }
}

function checkSecurity(server: NamedServer, problem: Report, warning: Report): void {
  const { certificateFile, keyFile } = server.tls;
  if ((certificateFile === undefined) !== (keyFile === undefined)) {
    problem(server, ['tls'], "'certificateFile' and 'keyFile' belong together; one is missing");
  }
  const needsCertificate =
    server.access.requireTls || server.listen.some((listener) => listener.tls === 'implicit');
  if (needsCertificate && certificateFile === undefined) {
    problem(
      server,
      ['tls'],
      'TLS is demanded here, but no certificate is set: add tls.certificateFile and tls.keyFile',
    );
  }
  if (server.limits.sessionSize < server.limits.messageSize) {
    problem(
      server,
      ['limits', 'sessionSize'],
      'sessionSize must not be smaller than messageSize: clients would try the same message again and again',
    );
  }
  if (server.access.relayForEveryone !== false) {
    warning(
      server,
      ['access', 'relayForEveryone'],
      `'${server.name}' is an OPEN RELAY: anyone may send anything to anyone through it`,
    );
  }
  for (const network of server.access.relayNetworks) {
    if (network.endsWith('/0')) {
      problem(
        server,
        ['access', 'relayNetworks'],
        `${network} is the whole world; an open relay must be asked for by relayForEveryone`,
      );
    }
  }
  checkOutbound(server, server.delivery, ['delivery'], problem);
  for (const [name, remote] of Object.entries(server.domains.remote)) {
    checkOutbound(server, remote, ['domains', 'remote', name], problem);
  }
}

type Outbound = Pick<
  ServerConfig['delivery'],
  'user' | 'password' | 'passwordFile' | 'plainTextPassword' | 'tls' | 'smartHost'
>;

function checkOutbound(
  server: NamedServer,
  outbound: Outbound,
  path: readonly string[],
  problem: Report,
): void {
  const hasPassword = outbound.password !== undefined || outbound.passwordFile !== undefined;
  if (outbound.password !== undefined && outbound.passwordFile !== undefined) {
    problem(server, [...path, 'password'], "set one of 'password' and 'passwordFile', not both");
  }
  if ((outbound.user !== undefined) !== hasPassword) {
    problem(server, [...path, 'user'], "'user' and a password belong together; one is missing");
  }
  if (outbound.user !== undefined && outbound.tls === 'none' && !outbound.plainTextPassword) {
    problem(
      server,
      [...path, 'tls'],
      "without TLS the password is read by anyone on the way; leave 'tls' out, or say 'plainTextPassword: true'",
    );
  }
  if (outbound.user !== undefined && outbound.smartHost === undefined) {
    problem(server, [...path, 'user'], "a user is for a smart host: set 'smartHost' beside it");
  }
}

type SiteProblem = { readonly path: readonly string[]; readonly text: string };

/** What no single setting of a site can see. */
export function checkSite(site: SiteConfig): readonly SiteProblem[] {
  const problems: SiteProblem[] = [];
  const problem = (path: readonly string[], text: string) => void problems.push({ path, text });
  if (site.listen.length + site.listenHttps.length === 0)
    problem([], "the site listens nowhere: set 'listen' or 'listenHttps'");
  const { certificateFile, keyFile } = site.tls;
  if ((certificateFile === undefined) !== (keyFile === undefined))
    problem(['tls'], "'certificateFile' and 'keyFile' belong together; one is missing");
  else if (site.listenHttps.length > 0 && certificateFile === undefined)
    problem(['listenHttps'], 'HTTPS needs a certificate: set tls.certificateFile and tls.keyFile');
  for (const [match, { sqlite, postgresql }] of Object.entries(site.dataSources)) {
    if ((sqlite === undefined) === (postgresql === undefined))
      problem(['dataSources', match], "set one of 'sqlite' and 'postgresql'");
  }
  return problems;
}

/** What is wrong with sites, each and together. Paths are below `sites`. */
export function checkSites(sites: Readonly<Record<string, SiteConfig>>): readonly SiteProblem[] {
  const problems: SiteProblem[] = [];
  const bindings = new Map<string, string>();
  for (const [name, site] of Object.entries(sites)) {
    for (const { path, text } of checkSite(site)) problems.push({ path: [name, ...path], text });
    for (const key of ['listen', 'listenHttps'] as const) {
      for (const { address, port } of site[key]) {
        const binding = `${address}:${port}`;
        const other = bindings.get(binding);
        if (other !== undefined && port !== 0)
          problems.push({
            path: [name, key],
            text: `the site '${other}' listens on ${binding} already; change one`,
          });
        bindings.set(binding, name);
      }
    }
  }
  return problems;
}
