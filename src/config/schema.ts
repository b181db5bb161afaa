/**
 * The settings table: every setting once, with type, default, bounds, explanation and its name in the old product.
 * Owns: what can be set.  Leaves: reading files (load.ts), what settings do (each room, which gets its own slice).
 * The reference page, the commented file of `mailroot init`, the JSON Schema and the importer all come from here.
 * Sources: doc "IIS 6.0 SDK: SMTP metabase properties"; RFC 5321 §4.5.3.
 */
import { z } from 'zod';
import {
  count,
  countOrUnlimited,
  domain,
  duration,
  hostPort,
  mailAddress,
  network,
  path,
  section,
  setting,
  size,
  socketAddress,
  tlsVersion,
  toggle,
} from './fields.ts';
import { siteSchema } from './site-schema.ts';

const listener = z.strictObject({
  address: setting(socketAddress(), { doc: 'Address and port to listen on.', legacy: 'ServerBindings' }),
  tls: setting(z.enum(['starttls', 'implicit', 'none']).default('starttls'), {
    doc: '`starttls` offers STARTTLS when a certificate is set; `implicit` speaks TLS from the first byte (port 465); `none` offers no TLS.',
  }),
  minTlsVersion: setting(tlsVersion.optional(), {
    doc: 'Oldest TLS version of this listener alone, for devices that know no newer one. Isolate such a listener from the Internet.',
  }),
});

/** `listen: [127.0.0.1:25]` is short for `listen: [{ address: 127.0.0.1:25 }]`. */
const listeners = z.array(
  z.preprocess((value) => (typeof value === 'string' ? { address: value } : value), listener),
  { error: 'a list of addresses such as \'[127.0.0.1:25, "[::1]:25"]\' is expected' },
);

const outboundTls = z.enum(['none', 'opportunistic', 'required', 'implicit'], {
  error: "one of 'none', 'opportunistic', 'required', 'implicit' is expected",
});

const outboundSecurity = {
  tls: setting(outboundTls.optional(), {
    doc: '`opportunistic` uses STARTTLS when the host offers it; `required` defers rather than send in plain text; `implicit` is TLS from the first byte (port 465). Absent: opportunistic, and required when a user is set.',
    legacy: 'AlwaysUseSsl, RouteAction 0x4',
    applies: 'next attempt',
  }),
  verifyCertificate: setting(toggle().optional(), {
    doc: 'Whether certificate chain and name must be right. Absent: yes when a user is set, else no.',
    legacy: 'SmtpSSLRequireTrustedCA, SmtpSSLCertHostnameValidation',
    applies: 'next attempt',
  }),
  user: setting(z.string().optional(), {
    doc: 'User name for AUTH.',
    legacy: 'RouteUserName',
    applies: 'next attempt',
  }),
  password: setting(z.string().optional(), {
    doc: 'Password for AUTH. Better: `passwordFile`.',
    legacy: 'RoutePassword',
    applies: 'next attempt',
  }),
  passwordFile: setting(path().optional(), {
    doc: 'File whose first line is the password. It should be readable by the service alone.',
    applies: 'next attempt',
  }),
  plainTextPassword: setting(toggle().default(false), {
    doc: 'Send the password without TLS too, when `tls` lets it happen. Only for a network that nobody else reads.',
    applies: 'next attempt',
  }),
} as const;

const remoteDomain = z.strictObject({
  allowRelay: setting(toggle().default(false), {
    doc: 'Accept mail for this domain from anyone and pass it on.',
    legacy: 'RouteAction 0x1000 “Allow incoming mail to be relayed to this domain”',
    applies: 'new sessions',
  }),
  smartHost: setting(hostPort().optional(), {
    doc: 'Send all mail for this domain to this host instead of its MX hosts.',
    legacy: 'RouteAction 0x2, RouteActionString',
    applies: 'next attempt',
  }),
  useMx: setting(toggle().default(false), {
    doc: "Use the domain's MX hosts even when the server has a smart host.",
    legacy: '“Use DNS to route to this domain”',
    applies: 'next attempt',
  }),
  port: setting(count(1, 65_535).optional(), {
    doc: 'Port of its MX hosts. Absent: the port of `delivery`.',
    applies: 'next attempt',
  }),
  greetWithHelo: setting(toggle().default(false), {
    doc: 'Greet with HELO instead of EHLO.',
    legacy: 'RouteAction 0x400000',
    applies: 'next attempt',
  }),
  holdForEtrn: setting(toggle().default(false), {
    doc: 'Keep mail until the domain asks for it with ETRN.',
    legacy: 'RouteAction 0x200',
    applies: 'next attempt',
  }),
  ...outboundSecurity,
});

const identity = z.strictObject({
  name: setting(z.string().min(1), { doc: 'Name of the device or group in logs and commands.' }),
  networks: setting(z.array(network()).min(1), { doc: 'Where it connects from.' }),
  mayRelay: setting(toggle().default(true), { doc: 'Whether it may send to any domain.' }),
  sender: setting(mailAddress().optional(), {
    doc: 'Rewrites reverse-path and From to this address; the old From becomes Reply-To unless there is one.',
  }),
  messagesPerHour: setting(count(1, 1_000_000).optional(), { doc: 'More are answered with 452.' }),
  messageSize: setting(size({ min: '1 KB' }).optional(), { doc: 'Largest message from it.' }),
});

const minutes = (value: string) => duration({ min: '1s', max: '30d' }).prefault(value);

/** The settings of one virtual server. At the top level of the file they hold for every server. */
export const serverShape = {
  listen: setting(listeners.prefault(['127.0.0.1:2525', '[::1]:2525']), {
    doc: 'Where the server listens for SMTP. Empty: Pickup only.',
    legacy: 'ServerBindings',
    applies: 'restart',
  }),
  fqdn: setting(domain().optional(), {
    doc: 'The name of this server in greetings, Received lines and Message-IDs. Absent: the name of the computer.',
    legacy: 'FullyQualifiedDomainName',
    applies: 'new sessions',
  }),
  banner: setting(
    z
      .string()
      .regex(/^[\x20-\x7e]*$/)
      .optional(),
    {
      doc: 'Replaces the text after 220 in the greeting.',
      legacy: 'ConnectResponse',
      applies: 'new sessions',
    },
  ),
  checkHello: setting(toggle().default(true), {
    doc: 'Refuse HELO and EHLO with a name that is neither a domain nor an address literal. `false` takes any word.',
    legacy: 'SmtpDomainValidationFlags',
    applies: 'new sessions',
  }),
  replyWithQueueId: setting(toggle().default(true), {
    doc: 'Tell the queue id in the reply to a message. `false` gives the reply of the old product, word for word.',
    iis: 'false',
    applies: 'new sessions',
  }),
  mailroot: setting(path().prefault('mailroot'), {
    doc: 'The folder that holds Pickup, Queue, Drop and Badmail. Servers may share one.',
    applies: 'restart',
  }),
  layout: setting(z.enum(['mailroot', 'exchange-ims']).default('mailroot'), {
    doc: '`mailroot`: Pickup, Queue, Drop, Badmail. `exchange-ims`: the imcdata tree of the Internet Mail Service: Pickup with its Archive, In for local mail, Work for the queue, BAD, Out, Log; files of Pickup that are no messages go to Pickup/Archive (event 4164), and those that are too large stay.',
    legacy: 'MSExchangeIMC RootDir',
    source: 'KB 201314',
    applies: 'restart',
  }),
  folders: section('Single folders that lie elsewhere than in `mailroot`.', {
    pickup: setting(path().optional(), { doc: 'Pickup.', legacy: 'PickupDirectory', applies: 'restart' }),
    queue: setting(path().optional(), {
      doc: 'Queue; on a local disk.',
      legacy: 'QueueDirectory',
      applies: 'restart',
    }),
    drop: setting(path().optional(), {
      doc: 'Drop; must not be Pickup.',
      legacy: 'DropDirectory',
      applies: 'restart',
    }),
    badmail: setting(path().optional(), { doc: 'Badmail.', legacy: 'BadMailDirectory', applies: 'restart' }),
  }),
  pickup: section('The Pickup folder.', {
    enabled: setting(toggle().default(true), {
      doc: 'Whether files are taken.',
      legacy: 'ShouldPickupMail',
      applies: 'restart',
    }),
    settleTime: setting(duration({ min: '0s', max: '10m' }).prefault('1s'), {
      doc: 'A file written in place is taken when it has not changed for this long. Files renamed into place are taken at once.',
    }),
    rescanInterval: setting(duration({ min: '1s', max: '1h' }).prefault('10s'), {
      doc: 'How often the folder is read even if no change was noticed.',
    }),
    dotStuffed: setting(toggle().default(false), {
      doc: 'Files have doubled leading dots (as for Windows 2000 and 2003): one dot is removed from each line that starts with one.',
      legacy: 'SmtpDotStuffPickupDirFiles, DisablePickupDotStuff',
    }),
    maxTries: setting(count(1, 100).default(3), {
      doc: 'A file that was being handled this many times when the process died goes to Badmail.',
    }),
    addReceived: setting(toggle().default(true), {
      doc: 'Add the Received line.',
      legacy: 'AddNoHeaders (reversed)',
    }),
  }),
  domains: section('Local domains, whose mail goes to Drop, and settings for remote ones.', {
    default: setting(domain().optional(), {
      doc: 'The local default domain; completes addresses without a domain. Absent: the fqdn.',
      legacy: 'DefaultDomain',
      applies: 'new sessions',
    }),
    local: setting(z.array(domain({ wildcard: true })).default([]), {
      doc: 'More local domains (alias domains).',
      legacy: 'RouteAction 0x10',
      applies: 'new sessions',
    }),
    remote: setting(z.record(domain({ wildcard: true }), remoteDomain).default({}), {
      doc: 'Settings for remote domains, by name; `*.example.com` covers every sub-domain, the longest match wins.',
      legacy: 'IIsSmtpDomain',
      applies: 'next attempt',
    }),
  }),
  access: section('Who may connect, log on and relay.', {
    connections: section('Connection control.', {
      default: setting(z.enum(['allow', 'deny']).default('allow'), {
        doc: 'What happens to a client that is in no list below.',
        legacy: 'IPSecurity GrantByDefault',
        applies: 'new sessions',
      }),
      allow: setting(z.array(z.string()).default([]), {
        doc: 'Addresses, networks and reverse-DNS domains that may connect.',
        legacy: 'IPSecurity IPGrant, DomainGrant',
        applies: 'new sessions',
      }),
      deny: setting(z.array(z.string()).default([]), {
        doc: 'Addresses, networks and reverse-DNS domains that may not.',
        legacy: 'IPSecurity IPDeny, DomainDeny',
        applies: 'new sessions',
      }),
    }),
    anonymous: setting(toggle().default(true), {
      doc: 'Take mail without AUTH. Relaying still needs one of the rules below.',
      legacy: 'AuthFlags AuthAnonymous',
      applies: 'new sessions',
    }),
    requireTls: setting(toggle().default(false), {
      doc: 'Refuse mail before STARTTLS.',
      legacy: 'AccessSSLFlags AccessSSL',
      applies: 'new sessions',
    }),
    usersFile: setting(path().optional(), {
      doc: 'File of users (`mailroot user add`). Absent: nobody can log on, and AUTH is not offered.',
      legacy: 'AuthFlags AuthBasic',
    }),
    plainTextAuthNetworks: setting(z.array(network()).default([]), {
      doc: 'Networks that may use AUTH without TLS, for old devices.',
      applies: 'new sessions',
    }),
    relayNetworks: setting(z.array(network()).default(['127.0.0.0/8', '::1/128']), {
      doc: 'Clients that may send to any domain.',
      legacy: 'RelayIpList',
      iis: '[]',
      applies: 'new sessions',
    }),
    relayForAuthenticated: setting(toggle().default(true), {
      doc: 'Authenticated clients may send to any domain.',
      legacy: 'RelayForAuth',
      applies: 'new sessions',
    }),
    relayForEveryone: setting(
      z.union([z.literal(false), z.literal('yes, this is an open relay')]).default(false),
      {
        doc: "Opens relay to the whole world when it is 'yes, this is an open relay'. Spammers find such a server within hours.",
        legacy: 'RelayIpList=""',
        applies: 'new sessions',
      },
    ),
    identities: setting(z.array(identity).default([]), {
      doc: 'Devices that can do neither AUTH nor TLS, known by their network.',
      applies: 'new sessions',
    }),
    normalizeLineEndsNetworks: setting(z.array(network()).default([]), {
      doc: 'Clients whose bare LF and CR are mended instead of refused. Never name a network of strangers.',
      applies: 'new sessions',
    }),
    reverseDnsCheck: setting(toggle().default(false), {
      doc: "Compare the client's reverse-DNS name with its greeting and mark a mismatch as unverified in Received.",
      legacy: 'EnableReverseDnsLookup',
      applies: 'new sessions',
    }),
  }),
  tls: section(
    'The certificate for STARTTLS and implicit TLS. Files are watched; a new certificate needs no restart.',
    {
      certificateFile: setting(path().optional(), {
        doc: 'PEM file with the certificate and its chain.',
        legacy: 'SSLCertHash',
      }),
      keyFile: setting(path().optional(), { doc: 'PEM file with the private key.' }),
      minVersion: setting(tlsVersion.default('TLSv1.2'), {
        doc: 'Oldest TLS version.',
        applies: 'new sessions',
      }),
    },
  ),
  limits: section('Bounds for clients.', {
    connections: setting(countOrUnlimited(1, 1_000_000).default(2000), {
      doc: 'Clients connected at once; further ones get 421.',
      legacy: 'MaxConnections',
      iis: 'unlimited',
      applies: 'new sessions',
    }),
    connectionsPerAddress: setting(countOrUnlimited(1, 1_000_000).default(100), {
      doc: 'Of these, from one IPv4 address or one IPv6 /64; loopback is not counted.',
      iis: 'unlimited',
      applies: 'new sessions',
    }),
    newConnectionsPerMinute: setting(countOrUnlimited(1, 10_000_000).default(600), {
      doc: 'New connections a minute from one address; loopback is not counted.',
      iis: 'unlimited',
      applies: 'new sessions',
    }),
    connectionTimeout: setting(duration({ min: '1s', max: '1d' }).prefault('5m'), {
      doc: 'Longest wait for a command.',
      legacy: 'ConnectionTimeout',
      iis: '10m',
      source: 'RFC 5321 §4.5.3.2.7',
      applies: 'new sessions',
    }),
    dataTimeout: setting(duration({ min: '1s', max: '1d' }).prefault('3m'), {
      doc: 'Longest wait for the next bytes of a message.',
      legacy: 'SmtpDataTimeout',
      iis: '10m',
      source: 'RFC 5321 §4.5.3.2.5',
      applies: 'new sessions',
    }),
    messageTimeout: setting(duration({ min: '1m', max: '7d' }).prefault('1h'), {
      doc: 'Longest time one message may take from DATA to its end.',
      iis: '1d',
      applies: 'new sessions',
    }),
    messageSize: setting(size({ min: '1 KB', unlimited: true }).prefault('25 MiB'), {
      doc: 'Largest message, by SMTP and by Pickup.',
      legacy: 'MaxMessageSize',
      iis: '2048 KB',
      applies: 'new sessions',
    }),
    sessionSize: setting(size({ min: '1 KB', unlimited: true }).prefault('unlimited'), {
      doc: 'Sum of the messages of one connection.',
      legacy: 'MaxSessionSize',
      iis: '10240 KB',
      applies: 'new sessions',
    }),
    messagesPerSession: setting(countOrUnlimited(1, 1_000_000).prefault('unlimited'), {
      doc: 'Messages of one incoming connection.',
      applies: 'new sessions',
    }),
    recipientsPerMessage: setting(countOrUnlimited(1, 100_000).default(1000), {
      doc: 'Recipients of one message; surplus ones get 452 and may follow in a further transaction.',
      legacy: 'MaxRecipients',
      iis: '100',
      source: 'RFC 5321 §4.5.3.1.8',
      applies: 'new sessions',
    }),
    errorsPerSession: setting(countOrUnlimited(1, 10_000).default(20), {
      doc: 'Refused commands after which a session is closed with 421.',
      legacy: 'MaxSmtpErrors',
      iis: 'unlimited',
      applies: 'new sessions',
    }),
    idleCommandsPerSession: setting(countOrUnlimited(1, 1_000_000).default(200), {
      doc: 'Commands in a row that bring no message forward (NOOP, RSET, VRFY …) after which a session is closed.',
      iis: 'unlimited',
      applies: 'new sessions',
    }),
    hopCount: setting(count(1, 1000).default(15), {
      doc: 'A message with more Received lines loops and is returned.',
      legacy: 'HopCount',
    }),
  }),
  delivery: section('Sending.', {
    smartHost: setting(hostPort().optional(), {
      doc: "Send all remote mail to this host: 'mail.example.com:587', '[192.0.2.25]'.",
      legacy: 'SmartHost',
      applies: 'next attempt',
    }),
    directFirst: setting(toggle().default(false), {
      doc: 'Try the MX hosts first and the smart host only when none can be reached.',
      legacy: 'SmartHostType 1',
      applies: 'next attempt',
    }),
    ...outboundSecurity,
    port: setting(count(1, 65_535).default(25), {
      doc: 'Port of hosts that are named without one.',
      legacy: 'RemoteSmtpPort',
      applies: 'next attempt',
    }),
    dnsServers: setting(z.array(socketAddress()).default([]), {
      doc: "DNS servers as '192.0.2.53:53'. Empty: those of the system.",
      applies: 'next attempt',
    }),
    masqueradeDomain: setting(domain().optional(), {
      doc: 'Replaces the local domain in the reverse-path of outgoing mail, and is the domain of NDRs.',
      legacy: 'MasqueradeDomain',
      applies: 'next attempt',
    }),
    retryIntervals: setting(
      z
        .array(duration({ min: '1s', max: '30d' }))
        .min(1)
        .prefault(['15m', '30m', '60m', '240m']),
      {
        doc: 'Waits after the first, second … failed attempt; the last one repeats.',
        legacy: 'SmtpRemoteProgressiveRetry',
        applies: 'next attempt',
      },
    ),
    delayNotice: setting(minutes('12h'), {
      doc: 'Age at which the sender is told of a delay.',
      legacy: 'SmtpRemoteDelayExpireMinutes',
    }),
    expiry: setting(minutes('2d'), {
      doc: 'Age at which a message is returned.',
      legacy: 'SmtpRemoteNDRExpireMinutes',
    }),
    localRetryIntervals: setting(
      z
        .array(duration({ min: '1s', max: '30d' }))
        .min(1)
        .prefault(['15m', '30m', '60m', '240m']),
      { doc: 'The same for mail to Drop.', legacy: 'LocalRetryInterval', applies: 'next attempt' },
    ),
    localDelayNotice: setting(minutes('12h'), {
      doc: 'The same for mail to Drop.',
      legacy: 'SmtpLocalDelayExpireMinutes',
    }),
    localExpiry: setting(minutes('2d'), {
      doc: 'The same for mail to Drop.',
      legacy: 'SmtpLocalNDRExpireMinutes',
    }),
    connections: setting(count(1, 100_000).default(1000), {
      doc: 'Outgoing connections at once.',
      legacy: 'MaxOutConnections',
      applies: 'restart',
    }),
    connectionsPerDomain: setting(count(1, 100_000).default(100), {
      doc: 'Of these, to one next hop.',
      legacy: 'MaxOutConnectionsPerDomain',
      applies: 'restart',
    }),
    connectionTimeout: setting(duration({ min: '1s', max: '1h' }).prefault('10m'), {
      doc: 'Longest wait for a host in the middle of a conversation (single steps have the shorter limits of the standard).',
      legacy: 'RemoteTimeout',
      applies: 'restart',
    }),
    messagesPerConnection: setting(count(1, 1_000_000).default(100), {
      doc: 'Messages over one connection before a new one is opened.',
      legacy: 'MaxBatchedMessages',
      iis: '20',
      applies: 'restart',
    }),
    recipientsPerTransaction: setting(count(1, 10_000).default(100), {
      doc: 'More recipients of one message go in further transactions.',
      legacy: 'MaxRecipients',
      applies: 'restart',
    }),
    addressFamilies: setting(
      z.enum(['ipv4-first', 'ipv6-first', 'ipv4-only', 'ipv6-only']).default('ipv4-first'),
      { doc: 'Which addresses of a host are tried, and in which order.', applies: 'next attempt' },
    ),
  }),
  drop: section('The Drop folder.', {
    quota: setting(size({ min: '1 KB', unlimited: true }).prefault('unlimited'), {
      doc: 'Full at this size: mail waits with 452 4.2.2. The old product used ten times the message size.',
      legacy: '“Enable drop directory quota”',
    }),
  }),
  reports: section('NDRs and other reports.', {
    copyTo: setting(mailAddress().optional(), { doc: 'Gets a copy of every NDR.', legacy: 'SendNdrTo' }),
    postmaster: setting(
      z
        .string()
        .regex(/^[^\s@]+$/)
        .default('postmaster'),
      {
        doc: 'Local part of the From address of reports.',
        legacy: 'PostmasterName',
      },
    ),
    returnedMessageSize: setting(size({ unlimited: true }).prefault('1 MiB'), {
      doc: 'A message up to this size is returned whole, a larger one with its header only.',
      legacy: 'MaxDSNSize',
    }),
  }),
  badmail: section('How long Badmail keeps files. The old product kept them for ever.', {
    maxAge: setting(duration({ min: '1h' }).prefault('30d'), { doc: 'Older files are deleted.' }),
    maxSize: setting(size({ min: '1 MB', unlimited: true }).prefault('1 GiB'), {
      doc: 'The oldest files are deleted while all together are larger.',
    }),
  }),
  protocolLog: section('A protocol log in the W3C extended form that parsers of the old product read.', {
    enabled: setting(toggle().default(false), {
      doc: 'Whether it is written.',
      legacy: 'LogType',
      applies: 'new sessions',
    }),
    folder: setting(path().optional(), {
      doc: 'Where; one file a day, exYYMMDD.log. Absent: Log/SmtpSvc in the mailroot.',
      legacy: 'LogFileDirectory',
      applies: 'restart',
    }),
  }),
} as const;

/** Settings of the whole process. */
export const processShape = {
  profile: setting(z.enum(['today', 'iis']).default('today'), {
    doc: '`iis` picks the defaults that the old product was installed with wherever they differ.',
  }),
  submitters: setting(z.array(z.string().min(1)).default([]), {
    doc: 'Users whose programs write into Pickup, such as `www-data`, and groups of them as `group:mailsubmit`. `mailroot doctor` tries their rights without being told.',
    legacy: 'IUSR_machine, IWAM_machine, IIS_IUSRS',
    source: 'KB 260985',
  }),
  useExchange: setting(toggle().optional(), {
    doc: 'Whether CDONTS programs (`mailroot script`) write to the Pickup folder of the server with `layout: exchange-ims`; else to that of the first other server. Absent: yes when there is no other server.',
    legacy: 'Active Messaging “Use Exchange”',
    source: 'KB 306957',
  }),
  logonOnlyAs: setting(z.array(z.string()).optional(), {
    doc: 'Names that may run the service. When it is set and lacks `logonName` the service does not start (events 1023, 4018, 4116). Absent: anybody.',
    legacy: 'MSExchangeIS\\ParametersSystem “Logon Only As”',
    source: 'KB 306308',
    applies: 'restart',
  }),
  logonName: setting(z.string().min(1).optional(), {
    doc: 'The name that the service has in `logonOnlyAs`, alone or as the last part of a distinguished name. Absent: `Internet Mail Connector (COMPUTER)`.',
    applies: 'restart',
  }),
  log: section('The event log: one line of JSON for each event.', {
    level: setting(z.enum(['debug', 'info', 'warn', 'error']).default('info'), {
      doc: 'Least severe level that is written.',
    }),
    forward: setting(
      z
        .array(
          z.string().regex(/^(?:auto|none|journal|syslog|windows|(?:udp|tcp):\S+:\d+)$/, {
            error:
              "one of auto, none, journal, syslog, windows, 'udp:192.0.2.7:514', 'tcp:192.0.2.7:601' is expected",
          }),
        )
        .default(['auto']),
      {
        doc: "Where warnings, errors and events with a Windows number are told besides the file: `journal`, `syslog` (this machine's), `udp:ADDRESS:PORT` or `tcp:ADDRESS:PORT` (RFC 5424), `windows` (the event log). `auto`: when started with `--quiet`, the journal, else syslog, on Windows its event log.",
        applies: 'restart',
      },
    ),
    forwardLevel: setting(z.enum(['debug', 'info', 'warn', 'error']).default('warn'), {
      doc: 'Least severe level that is told there. Start, stop and events with a Windows number always are.',
      applies: 'restart',
    }),
    folder: setting(path().optional(), {
      doc: 'Where; one file a day. Absent: Log in the first mailroot.',
      applies: 'restart',
    }),
    keep: setting(duration({ min: '1d' }).prefault('30d'), { doc: 'Older files are deleted.' }),
  }),
  sites: setting(z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/), siteSchema).default({}), {
    doc: 'Sites of Classic ASP pages that are served beside the relay, by name.',
    applies: 'restart',
  }),
  history: section(
    'What is remembered of finished messages, for `queue show` and to recognise files after a crash.',
    {
      maxAge: setting(duration({ min: '1h' }).prefault('14d'), { doc: 'Older entries are forgotten.' }),
      maxMessages: setting(count(1000, 100_000_000).default(1_000_000), {
        doc: 'The oldest beyond this are forgotten.',
      }),
    },
  ),
} as const;

export const serverSchema = z.strictObject(serverShape);
export const processSchema = z.strictObject(processShape);

export type ServerConfig = z.output<typeof serverSchema>;
export type ProcessConfig = z.output<typeof processSchema>;
export type ListenerConfig = z.output<typeof listener>;
export type RemoteDomainConfig = z.output<typeof remoteDomain>;
