/**
 * The settings slice of one virtual server, as the protocol needs it.
 * Owns: its type, and the two sets of defaults.  Leaves: reading the YAML (config), access and relay (intake/smtp-settings).
 * Doc comments name unit, default of today, default of the `iis` profile and the Windows name (metabase property).
 * Sources: RFC 5321 §4.5.3; KB 303701 (connection limit, time-out).
 */
import type { Domain } from '../../envelope/index.ts';

export type ServerSettings = {
  /** Names the virtual server in logs, folders and commands. Windows: the key `1` of `/LM/SmtpSvc/1`; `ServerComment`. */
  readonly name: string;
  /** Our own name in banner, HELO reply, Received and Message-ID. Default: the host's name. `FullyQualifiedDomainName`. */
  readonly fqdn: string;
  /** Where to listen. Default today without a configuration: 127.0.0.1:2525 and [::1]:2525. `ServerBindings` (`:25:`). */
  readonly bindings: readonly Binding[];
  /** Replaces the text after `220`. Default: `<fqdn> ESMTP Mailroot ready at  <date>`. `ConnectResponse`. */
  readonly banner?: string;
  /**
   * Given to an address without a domain in MAIL and RCPT. Default: the local default domain; undefined refuses such
   * addresses. `DefaultDomain`.
   */
  readonly defaultDomain?: Domain;
  /**
   * `syntax`: the name in HELO and EHLO must be a domain, an address or an address literal. `any`: one printable word.
   * Default `syntax` in both profiles. `SmtpDomainValidationFlags`.
   */
  readonly helloCheck: 'syntax' | 'any';
  /**
   * The original's reply after DATA, word for word, or the same with our queue id in brackets, as Exchange has it.
   * Default today: `with-id`; iis: `original`.
   */
  readonly queuedReply: 'original' | 'with-id';
  /** Every client must STARTTLS before MAIL. Default false. `AccessSSLFlags` (Require TLS). */
  readonly requireTls: boolean;
  readonly tls: TlsSettings;
  readonly limits: ServerLimits;
};

export type Binding = {
  /** IPv4 or IPv6 address without brackets; `0.0.0.0` or `::` for all. `::` takes IPv6 alone. */
  readonly address: string;
  readonly port: number;
  /** `starttls`: offered when a certificate is there. `implicit`: TLS from the first byte (port 465). `none`: never. */
  readonly tls: 'starttls' | 'implicit' | 'none';
  /** Opt-down of this binding alone, for old devices on an isolated network. */
  readonly minTlsVersion?: TlsVersion;
};

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export type TlsSettings = {
  /** PEM files, read at start and on every reload. Default: none, STARTTLS is then not offered. `SSLCertHash`. */
  readonly certificates: readonly CertificateFiles[];
  /** Default `TLSv1.2`. */
  readonly minVersion: TlsVersion;
  /** OpenSSL cipher list; undefined takes Node's. */
  readonly ciphers?: string;
};

export type CertificateFiles = {
  /** Certificate and chain. */
  readonly certFile: string;
  readonly keyFile: string;
  readonly passphrase?: string;
};

/** 0 means unlimited wherever a limit is a count or a size. */
export type ServerLimits = {
  /** Sessions at once. Today 2,000; iis 0 (2,000,000,000). `MaxConnections`. */
  readonly maxConnections: number;
  /** Sessions at once from one IPv4 address or one IPv6 /64. Today 100; iis 0. */
  readonly maxConnectionsPerAddress: number;
  /** New sessions in a minute from one address. Today 600; iis 0. */
  readonly maxConnectionRate: number;
  /** Networks that the two limits per address leave alone, as `parseNetwork` reads them. Default: loopback. */
  readonly unlimitedNetworks: readonly string[];
  /** Milliseconds to wait for the next command. Today 5 min (RFC 5321 §4.5.3.2.7); iis 10 min. `ConnectionTimeout`. */
  readonly commandTimeoutMs: number;
  /** Milliseconds to wait for the next bytes of a message. Today 3 min; iis 10 min. `SmtpDataTimeout`. */
  readonly dataTimeoutMs: number;
  /** Milliseconds one message may take from DATA to its end. Today 60 min; iis 0. */
  readonly messageTimeoutMs: number;
  /** Milliseconds a TLS handshake may take. 30 s. */
  readonly handshakeTimeoutMs: number;
  /** Octets of a command line, CRLF included. 2,048. AUTH lines may have 16,384 (RFC 4954 §4.5). */
  readonly maxLineOctets: number;
  /** Refused commands in one session before 421. Today 20; iis 0. `MaxSmtpErrors`. */
  readonly maxErrors: number;
  /** Commands in a row that bring no message forward (NOOP, RSET, VRFY, EHLO …) before 421. Today 200; iis 0. */
  readonly maxIdleCommands: number;
  /** Octets of one message; announced with SIZE. Today 26,214,400 (25 MiB); iis 2,097,152. `MaxMessageSize`. */
  readonly maxMessageBytes: number;
  /** Octets of all messages of one session; reached, the session ends with 421. Today 0; iis 10,485,760. `MaxSessionSize`. */
  readonly maxSessionBytes: number;
  /** Messages of one session. 0 in both; the Windows figure of 20 limits outgoing sessions only. `MaxBatchedMessages`. */
  readonly maxMessages: number;
  /** Recipients of one message; surplus ones get 452. Today 1,000; iis 100. `MaxRecipients`. */
  readonly maxRecipients: number;
};

export const LOOPBACK_NETWORKS: readonly string[] = ['127.0.0.0/8', '::1/128'];

const MINUTE = 60_000;

const LIMITS_TODAY: ServerLimits = {
  maxConnections: 2000,
  maxConnectionsPerAddress: 100,
  maxConnectionRate: 600,
  unlimitedNetworks: LOOPBACK_NETWORKS,
  commandTimeoutMs: 5 * MINUTE,
  dataTimeoutMs: 3 * MINUTE,
  messageTimeoutMs: 60 * MINUTE,
  handshakeTimeoutMs: 30_000,
  maxLineOctets: 2048,
  maxErrors: 20,
  maxIdleCommands: 200,
  maxMessageBytes: 25 * 1024 * 1024,
  maxSessionBytes: 0,
  maxMessages: 0,
  maxRecipients: 1000,
};

/** compat: the values a fresh Windows installation has. */
const LIMITS_IIS: ServerLimits = {
  ...LIMITS_TODAY,
  maxConnections: 0,
  maxConnectionsPerAddress: 0,
  maxConnectionRate: 0,
  commandTimeoutMs: 10 * MINUTE,
  dataTimeoutMs: 10 * MINUTE,
  messageTimeoutMs: 0,
  maxErrors: 0,
  maxIdleCommands: 0,
  maxMessageBytes: 2_097_152,
  maxSessionBytes: 10_485_760,
  maxRecipients: 100,
};

export type Profile = 'today' | 'iis';

/** The whole slice with defaults, for a server of this name. */
export function defaultServerSettings(
  identity: { readonly name: string; readonly fqdn: string },
  profile: Profile = 'today',
): ServerSettings {
  return {
    ...identity,
    bindings:
      profile === 'iis'
        ? [
            { address: '0.0.0.0', port: 25, tls: 'starttls' },
            { address: '::', port: 25, tls: 'starttls' },
          ]
        : [
            { address: '127.0.0.1', port: 2525, tls: 'starttls' },
            { address: '::1', port: 2525, tls: 'starttls' },
          ],
    helloCheck: 'syntax',
    queuedReply: profile === 'iis' ? 'original' : 'with-id',
    requireTls: false,
    tls: { certificates: [], minVersion: 'TLSv1.2' },
    limits: profile === 'iis' ? LIMITS_IIS : LIMITS_TODAY,
  };
}
