/**
 * The routing room's slice of a server's settings.
 * Owns: the meaning of absent values (TLS follows from credentials), reading password files.
 * Fails: RelayError when a password file cannot be read.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { toRelayError } from '../base/index.ts';
import type { HostPort, NamedServer, RemoteDomainConfig } from '../config/index.ts';
import {
  type Credentials,
  DEFAULT_DNS_SETTINGS,
  type RemoteDomain,
  type RoutingSettings,
  type SmartHostRoute,
  type TransportSecurity,
} from '../routing/index.ts';

type Outbound = Pick<
  RemoteDomainConfig,
  | 'tls'
  | 'verifyCertificate'
  | 'user'
  | 'password'
  | 'passwordFile'
  | 'plainTextPassword'
  | 'smartHost'
  | 'greetWithHelo'
>;

/** `fqdn` is the server's name; `listeners` where any of our servers really listens. */
export function routingSlice(
  server: NamedServer,
  fqdn: string,
  listeners: readonly { readonly address: string; readonly port: number }[],
): RoutingSettings {
  const { delivery, domains } = server;
  const direct = transportSecurity({ ...delivery, user: undefined });
  return {
    localDomains: [domains.default ?? fqdn, ...domains.local],
    remoteDomains: Object.entries(domains.remote).map(([name, remote]) => remoteDomain(name, remote)),
    ...(delivery.smartHost !== undefined && {
      smartHost: {
        ...smartHostRoute({ ...delivery, greetWithHelo: false }, delivery.smartHost),
        directFirst: delivery.directFirst,
      },
    }),
    outboundPort: delivery.port,
    security: direct,
    addressFamilies: delivery.addressFamilies,
    dns: { ...DEFAULT_DNS_SETTINGS, servers: delivery.dnsServers },
    self: { names: [fqdn], listeners },
  };
}

function remoteDomain(name: string, remote: RemoteDomainConfig): RemoteDomain {
  return {
    name,
    allowRelay: remote.allowRelay,
    useDns: remote.useMx,
    greetWithHelo: remote.greetWithHelo,
    holdForEtrn: remote.holdForEtrn,
    ...(remote.port !== undefined && { port: remote.port }),
    ...(remote.smartHost === undefined
      ? (remote.tls !== undefined || remote.verifyCertificate !== undefined) && {
          security: transportSecurity(remote),
        }
      : { smartHost: smartHostRoute(remote, remote.smartHost) }),
  };
}

function smartHostRoute(outbound: Outbound, smartHost: HostPort): SmartHostRoute {
  const { host, port } = smartHost;
  const credentials = credentialsOf(outbound);
  return {
    hosts: [{ host: host.toLowerCase(), isAddress: isIP(host) !== 0, ...(port !== undefined && { port }) }],
    security: transportSecurity(outbound, port),
    greetWithHelo: outbound.greetWithHelo,
    ...(credentials !== undefined && { credentials }),
  };
}

/** Without a word from the operator: encrypt and verify when a password is at stake, else encrypt when offered. */
function transportSecurity(
  outbound: Pick<Outbound, 'tls' | 'verifyCertificate' | 'user'>,
  port?: number,
): TransportSecurity {
  const hasCredentials = outbound.user !== undefined;
  const unsaid = port === 465 ? 'implicit' : hasCredentials ? 'required' : 'opportunistic';
  return {
    tls: outbound.tls ?? unsaid,
    verifyCertificate: outbound.verifyCertificate ?? hasCredentials,
  };
}

function credentialsOf({
  user,
  password,
  passwordFile,
  plainTextPassword,
}: Outbound): Credentials | undefined {
  if (user === undefined) return undefined;
  const allowPlainText = plainTextPassword;
  if (password !== undefined) return { user, password, allowPlainText };
  if (passwordFile === undefined) return undefined;
  try {
    return { user, password: readFileSync(passwordFile, 'utf8').split(/\r?\n/, 1)[0]!, allowPlainText };
  } catch (thrown) {
    throw toRelayError(thrown, `reading the password file ${passwordFile}`);
  }
}
