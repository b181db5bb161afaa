/**
 * The SMTP server's slice of a virtual server's settings.
 * Unlimited is Infinity in the settings table and 0 in the slice.
 */
import type { NamedServer } from '../config/index.ts';
import { domainName } from '../envelope/index.ts';
import { LOOPBACK_NETWORKS, type ServerSettings } from '../smtp/index.ts';

/** `fqdn` is the server's name. */
export function serverSlice(server: NamedServer, fqdn: string): ServerSettings {
  const { access, limits, tls } = server;
  const defaultDomain = domainName(server.domains.default ?? fqdn);
  return {
    name: server.name,
    fqdn,
    bindings: server.listen.map(({ address, tls: mode, minTlsVersion }) => ({
      address: address.address,
      port: address.port,
      tls: mode,
      ...(minTlsVersion !== undefined && { minTlsVersion }),
    })),
    ...(server.banner !== undefined && { banner: server.banner }),
    ...(defaultDomain !== undefined && { defaultDomain }),
    helloCheck: server.checkHello ? 'syntax' : 'any',
    queuedReply: server.replyWithQueueId ? 'with-id' : 'original',
    requireTls: access.requireTls,
    tls: {
      certificates:
        tls.certificateFile === undefined || tls.keyFile === undefined
          ? []
          : [{ certFile: tls.certificateFile, keyFile: tls.keyFile }],
      minVersion: tls.minVersion,
    },
    limits: {
      maxConnections: orZero(limits.connections),
      maxConnectionsPerAddress: orZero(limits.connectionsPerAddress),
      maxConnectionRate: orZero(limits.newConnectionsPerMinute),
      unlimitedNetworks: LOOPBACK_NETWORKS,
      commandTimeoutMs: limits.connectionTimeout,
      dataTimeoutMs: limits.dataTimeout,
      messageTimeoutMs: limits.messageTimeout,
      handshakeTimeoutMs: 30_000,
      maxLineOctets: 2048,
      maxErrors: orZero(limits.errorsPerSession),
      maxIdleCommands: orZero(limits.idleCommandsPerSession),
      maxMessageBytes: orZero(limits.messageSize),
      maxSessionBytes: orZero(limits.sessionSize),
      maxMessages: orZero(limits.messagesPerSession),
      maxRecipients: orZero(limits.recipientsPerMessage),
    },
  };
}

/** The settings table says unlimited as Infinity, the SMTP rooms as 0. */
export function orZero(limit: number): number {
  return Number.isFinite(limit) ? limit : 0;
}
