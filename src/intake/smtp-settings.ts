/**
 * The settings slice of SMTP intake: who may connect, log on, relay, and what is done to a message on its way in.
 * Owns: its type and its defaults.  Leaves: reading the YAML (config), protocol limits (smtp/server settings).
 * Doc comments name unit, default of today, default of the `iis` profile and the Windows name.
 * Sources: KB 304897, KB 310356, KB 303734 (property sheet).
 */
import type { Mailbox } from '../envelope/index.ts';
import type { RemoteDomain } from '../routing/index.ts';
import { LOOPBACK_NETWORKS, type Profile } from '../smtp/index.ts';

export type SmtpIntakeSettings = {
  /** Name of the virtual server; goes into the queue with each message. */
  readonly server: string;
  /** Our own name in Received and Message-ID. `FullyQualifiedDomainName`. */
  readonly fqdn: string;
  readonly connections: ConnectionControl;
  /** Take mail without AUTH. Default true in both. `AuthFlags` bit 1 (AuthAnonymous). */
  readonly anonymous: boolean;
  /** Networks that may use AUTH without TLS. Default none. (Basic without "Requires TLS encryption".) */
  readonly plainTextAuthNetworks: readonly string[];
  /** Networks whose lone CR and LF are mended instead of refused. Default none. */
  readonly normalizeLineEndsNetworks: readonly string[];
  /** Clients that may send to any domain. Default today: loopback; iis: none. `RelayIpList`. */
  readonly relayNetworks: readonly string[];
  /** Authenticated clients may send to any domain. Default true in both. `RelayForAuth`. */
  readonly relayForAuthenticated: boolean;
  /** The whole world may send to any domain. Shouted at start. `SmtpDisableRelay`. */
  readonly relayForEveryone: boolean;
  /** Default domain first, then alias domains, A-labels; `*.example.com` for sub-domains. `DefaultDomain`, RouteAction 16. */
  readonly localDomains: readonly string[];
  /** As routing has them; `allowRelay` and `holdForEtrn` are read here. RouteAction 0x1000, 0x200. */
  readonly remoteDomains: readonly Pick<RemoteDomain, 'name' | 'allowRelay' | 'holdForEtrn'>[];
  /** Devices that can do neither AUTH nor TLS, known by network; the first that fits counts. */
  readonly identities: readonly NetworkIdentity[];
  /** A message with more Received fields is refused with 554 5.4.6. Default 15. `HopCount`. */
  readonly maxHops: number;
  /**
   * Compare the client's reverse-DNS name with its greeting and write `unverified` into Received on a mismatch. Never
   * rejects. Default false. `EnableReverseDnsLookup`.
   */
  readonly reverseDnsCheck: boolean;
  /** Octets of one message, 0 for unlimited: the same as in the server's limits. `MaxMessageSize`. */
  readonly maxMessageBytes: number;
  /** Recipients of one message, 0 for unlimited: the same as in the server's limits. `MaxRecipients`. */
  readonly maxRecipients: number;
  /** Tell our queue id in the reply to a message. Default today true; iis false. */
  readonly replyWithQueueId: boolean;
};

/** Connection control. An entry is an address, a network, or a domain: `example.com` or `*.example.com` by reverse DNS. */
export type ConnectionControl = {
  /** What holds for a client in no list. Default `allow`. `IPSecurity` GrantByDefault. */
  readonly otherwise: 'allow' | 'deny';
  /** With `deny`: who may. With `allow`: exceptions to the deny list. `IPGrant`, `DomainGrant`. */
  readonly allow: readonly string[];
  /** With `allow`: who may not. With `deny`: exceptions to the allow list. `IPDeny`, `DomainDeny`. */
  readonly deny: readonly string[];
};

export type NetworkIdentity = {
  readonly name: string;
  readonly networks: readonly string[];
  /** It may send to any domain. */
  readonly mayRelay: boolean;
  /** Becomes the reverse-path and the From of its messages; the old From becomes Reply-To unless there is one. */
  readonly sender?: Mailbox;
  readonly messagesPerHour?: number;
  /** Octets. */
  readonly maxMessageBytes?: number;
  readonly maxRecipients?: number;
};

export function defaultSmtpIntakeSettings(
  identity: { readonly server: string; readonly fqdn: string },
  profile: Profile = 'today',
): SmtpIntakeSettings {
  const isIis = profile === 'iis';
  return {
    ...identity,
    connections: { otherwise: 'allow', allow: [], deny: [] },
    anonymous: true,
    plainTextAuthNetworks: [],
    normalizeLineEndsNetworks: [],
    relayNetworks: isIis ? [] : LOOPBACK_NETWORKS,
    relayForAuthenticated: true,
    relayForEveryone: false,
    localDomains: [identity.fqdn],
    remoteDomains: [],
    identities: [],
    maxHops: 15,
    reverseDnsCheck: false,
    maxMessageBytes: isIis ? 2_097_152 : 25 * 1024 * 1024,
    maxRecipients: isIis ? 100 : 1000,
    replyWithQueueId: !isIis,
  };
}
