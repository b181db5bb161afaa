/**
 * What routing needs to be told: this room's slice of the settings.
 * Owns: the types, and reading a smart host's text form.  Leaves: file, defaults and complaints (config).
 * Sources: doc "Managing SMTP domains"; RFC 5321 §4.1.3, §5.1.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { type ParseResult, parsed, unparsed } from '../base/index.ts';
import { domainName } from '../envelope/index.ts';
import type { Credentials, TransportSecurity } from './contract.ts';

/** Which addresses of a host are tried, and in which order. */
export type AddressFamilies = 'ipv4-first' | 'ipv6-first' | 'ipv4-only' | 'ipv6-only';

export type RoutingSettings = {
  /**
   * Domains whose mail goes to Drop: the default domain and its aliases, in A-labels. `*.example.com` covers every
   * sub-domain and not `example.com`; an address literal such as `[192.0.2.1]` may be listed too.
   */
  readonly localDomains: readonly string[];
  readonly remoteDomains: readonly RemoteDomain[];
  /** For every domain without a rule of its own. Absent: mail goes to the domain's own MX hosts. */
  readonly smartHost?: SmartHostRoute & {
    /** "Attempt direct delivery before sending to smart host". */
    readonly directFirst: boolean;
  };
  /** The port of MX hosts and address literals; 25 outside of tests. */
  readonly outboundPort: number;
  /** Of direct delivery, and of remote domains without security of their own. */
  readonly security: TransportSecurity;
  readonly addressFamilies: AddressFamilies;
  readonly dns: DnsSettings;
  readonly self: OwnIdentity;
};

/** A remote domain with delivery options of its own. The most specific name that covers a domain counts. */
export type RemoteDomain = {
  /** `example.com`, or `*.example.com` for every sub-domain, or `*` for every domain without a better rule. */
  readonly name: string;
  /** Where its mail goes instead of its MX hosts or the server's smart host. */
  readonly smartHost?: SmartHostRoute;
  /** Use the domain's MX hosts even when the server has a smart host. Without effect beside `smartHost`. */
  readonly useDns: boolean;
  /** The port of its MX hosts; the outbound port when absent. */
  readonly port?: number;
  readonly security?: TransportSecurity;
  /** Offered to its MX hosts. Only with `security` that encrypts. */
  readonly credentials?: Credentials;
  /** "Send HELO instead of EHLO". */
  readonly greetWithHelo: boolean;
  /** "Queue messages for remote triggered delivery" (ETRN). */
  readonly holdForEtrn: boolean;
  /** "Allow incoming mail to be relayed to this domain": read by the relay policy, not by the router. */
  readonly allowRelay: boolean;
};

export type SmartHostRoute = {
  /** In the order to try. Never empty. */
  readonly hosts: readonly SmartHostAddress[];
  readonly security: TransportSecurity;
  readonly credentials?: Credentials;
  readonly greetWithHelo: boolean;
};

export type SmartHostAddress = {
  /** A host name in A-labels, or an IPv4 or IPv6 address without brackets. */
  readonly host: string;
  readonly isAddress: boolean;
  /** Absent: the outbound port. */
  readonly port?: number;
};

export type DnsSettings = {
  /** Empty: the servers of the operating system. */
  readonly servers: readonly { readonly address: string; readonly port: number }[];
  /** Longest wait for one answer of one server, in milliseconds. */
  readonly timeoutMs: number;
  /** How often all silent servers are asked, 1 or more. */
  readonly rounds: number;
  /** Answers kept in memory. */
  readonly cacheEntries: number;
};

/** Who we are, so that mail is not sent in circles. */
export type OwnIdentity = {
  /** The fully-qualified domain name and other names of this relay, in A-labels. */
  readonly names: readonly string[];
  /** Where our own listeners accept mail; `0.0.0.0` and `::` stand for every address of the machine. */
  readonly listeners: readonly { readonly address: string; readonly port: number }[];
};

/** DNS as it works without anybody's doing. */
export const DEFAULT_DNS_SETTINGS: DnsSettings = {
  servers: [],
  timeoutMs: 5_000,
  rounds: 2,
  cacheEntries: 10_000,
};

/**
 * Reads one smart host: `mail.example.net`, `mail.example.net:587`, `[192.0.2.7]`, `[2001:db8::7]:25`.
 * An IPv4 address without brackets is taken too; the old service first looked such text up as a name.
 */
export function parseSmartHost(text: string): ParseResult<SmartHostAddress> {
  const trimmed = text.trim();
  if (trimmed.includes('://'))
    return unparsed('a smart host is a host name such as mail.example.net, not a URL', 0);
  const bracketed = /^\[(?:IPv6:)?([^\]]+)\](?::(\d+))?$/i.exec(trimmed);
  const [host, portText] = bracketed
    ? [bracketed[1]!, bracketed[2]]
    : isIPv6(trimmed)
      ? [trimmed, undefined]
      : splitPort(trimmed);
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && !(port >= 1 && port <= 65_535))
    return unparsed(`the port ${portText} is not between 1 and 65535`, text.lastIndexOf(':') + 1);
  const withPort = port === undefined ? {} : { port };
  if (isIPv4(host) || isIPv6(host)) return parsed({ host: host.toLowerCase(), isAddress: true, ...withPort });
  const name = /^[^\s@/\\[\],;:]+$/.test(host) ? domainName(host) : undefined;
  if (name === undefined || name.ascii.split('.').some((label) => label === '' || label.length > 63))
    return unparsed(`'${host}' is neither a host name nor an IP address`, 0);
  return parsed({ host: name.ascii, isAddress: false, ...withPort });
}

function splitPort(text: string): [string, string | undefined] {
  const split = /^(.*):(\d+)$/.exec(text);
  return split ? [split[1]!, split[2]!] : [text, undefined];
}

/** `mail.example.net:587` or `[192.0.2.7]`: the form that parseSmartHost reads. */
export function formatSmartHost(address: SmartHostAddress): string {
  const host = address.isAddress ? `[${address.host}]` : address.host;
  return address.port === undefined ? host : `${host}:${address.port}`;
}
