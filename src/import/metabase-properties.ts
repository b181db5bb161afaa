/**
 * The properties of the SMTP service in the metabase: id, type, the default that the schema supplies, and what becomes of
 * those that have no counterpart here.
 * Owns: the table.  Leaves: the mapping of the others (iis.ts).
 * Sources: doc "IIS 6.0 SDK: SMTP metabase properties"; doc "Windows Server 2003: metabase property reference".
 */

export type PropertyRow = {
  readonly name: string;
  readonly id?: number;
  readonly type: 'number' | 'truth' | 'text' | 'list' | 'blob' | 'secret';
  /** What holds when the property is in no node. Absent: nothing holds. */
  readonly schemaDefault?: string;
  /** Why it is not carried over. Absent: it is. */
  readonly dropped?: string;
};

const LIVE = 'state of the running service';
const OTHER_WAY = 'Mailroot does this without being told';
const LDAP = 'LDAP routing is not carried over';
const TIMEOUT = 'single commands have the limits of the standard; limits.connectionTimeout bounds them all';
const RARE = 'no counterpart';

const ROWS: readonly PropertyRow[] = [
  { name: 'PickupDirectory', id: 36880, type: 'text' },
  { name: 'QueueDirectory', id: 36875, type: 'text' },
  { name: 'DropDirectory', id: 36882, type: 'text' },
  { name: 'BadMailDirectory', id: 36909, type: 'text' },
  { name: 'SortTempDirectory', id: 36930, type: 'text', dropped: 'Mailroot needs no such folder' },
  { name: 'ServerBindings', id: 1023, type: 'list' },
  { name: 'SecureBindings', type: 'list', dropped: 'set listen with tls: implicit and a certificate' },
  { name: 'ServerComment', id: 1015, type: 'text' },
  { name: 'ServerAutoStart', id: 1017, type: 'truth' },
  { name: 'ServerState', id: 1016, type: 'number', dropped: LIVE },
  { name: 'Win32Error', id: 1099, type: 'number', dropped: LIVE },
  { name: 'KeyType', id: 1002, type: 'text', dropped: 'the class of the node' },
  { name: 'AdminACL', id: 6027, type: 'secret' },
  { name: 'AdminACLBin', type: 'secret' },
  { name: 'DefaultDomain', id: 36908, type: 'text' },
  { name: 'FullyQualifiedDomainName', type: 'text' },
  { name: 'MasqueradeDomain', id: 36912, type: 'text' },
  { name: 'DoMasquerade', id: 36913, type: 'truth' },
  { name: 'PostmasterName', id: 36916, type: 'text' },
  { name: 'PostmasterEmail', type: 'text', dropped: RARE },
  { name: 'UpdatedDefaultDomain', type: 'truth', dropped: LIVE },
  { name: 'UpdatedFQDN', type: 'truth', dropped: LIVE },
  { name: 'MaxMessageSize', id: 36891, type: 'number', schemaDefault: '33554432' },
  { name: 'MaxSessionSize', id: 36892, type: 'number', schemaDefault: '268435456' },
  { name: 'MaxRecipients', id: 36895, type: 'number', schemaDefault: '100' },
  { name: 'MaxBatchedMessages', id: 36871, type: 'number', schemaDefault: '0' },
  { name: 'MaxConnections', id: 1014, type: 'number' },
  { name: 'ConnectionTimeout', id: 1013, type: 'number' },
  { name: 'MaxOutConnections', id: 36894, type: 'number', schemaDefault: '0' },
  { name: 'MaxOutConnectionsPerDomain', id: 36925, type: 'number', schemaDefault: '0' },
  { name: 'RemoteTimeout', id: 36921, type: 'number', schemaDefault: '0' },
  { name: 'LimitRemoteConnections', id: 36926, type: 'truth', dropped: 'delivery.connections always bounds' },
  { name: 'MaxMailObjects', id: 36873, type: 'number', dropped: OTHER_WAY },
  { name: 'MaxSmtpErrors', id: 36887, type: 'number' },
  { name: 'MaxDirChangeIOSize', type: 'number', dropped: OTHER_WAY },
  { name: 'HopCount', id: 36886, type: 'number', schemaDefault: '10' },
  { name: 'SmtpRemoteProgressiveRetry', id: 36996, type: 'text' },
  {
    name: 'SmtpRemoteRetryThreshold',
    id: 36995,
    type: 'number',
    dropped: 'the list of retry intervals says it all',
  },
  { name: 'SmtpLocalDelayExpireMinutes', id: 37017, type: 'number', schemaDefault: '60' },
  { name: 'SmtpLocalNDRExpireMinutes', id: 37018, type: 'number', schemaDefault: '2880' },
  { name: 'SmtpRemoteDelayExpireMinutes', id: 37019, type: 'number', schemaDefault: '60' },
  { name: 'SmtpRemoteNDRExpireMinutes', id: 37020, type: 'number', schemaDefault: '2880' },
  { name: 'LocalRetryInterval', type: 'number' },
  { name: 'LocalRetryAttempts', type: 'number', dropped: 'the expiry time ends the attempts' },
  { name: 'RemoteRetryInterval', type: 'number', dropped: 'SmtpRemoteProgressiveRetry took its place' },
  { name: 'RemoteRetryAttempts', type: 'number', dropped: 'the expiry time ends the attempts' },
  { name: 'SmtpDSNOptions', type: 'number', dropped: RARE },
  { name: 'SmtpDSNLanguageID', type: 'number', dropped: RARE },
  { name: 'SendNdrTo', type: 'text' },
  { name: 'SendBadTo', id: 36923, type: 'text', dropped: 'watch Badmail with mailroot badmail list' },
  { name: 'EtrnDays', id: 36918, type: 'number', dropped: RARE },
  { name: 'SmartHost', id: 36906, type: 'text' },
  { name: 'SmartHostType', id: 36905, type: 'number', schemaDefault: '0' },
  { name: 'RemoteSmtpPort', type: 'number', schemaDefault: '25' },
  {
    name: 'RemoteSmtpSecurePort',
    id: 36929,
    type: 'number',
    dropped: "name the port in smartHost and set tls: 'implicit'",
  },
  { name: 'RouteAction', id: 36946, type: 'number', schemaDefault: '0' },
  { name: 'RouteActionString', id: 36947, type: 'text' },
  { name: 'RouteUserName', id: 36948, type: 'text' },
  { name: 'RoutePassword', id: 36949, type: 'secret' },
  { name: 'AlwaysUseSsl', type: 'truth' },
  { name: 'DomainRouting', id: 36920, type: 'list', dropped: 'Exchange wrote it' },
  { name: 'AuthTurnList', id: 36966, type: 'list' },
  { name: 'CSideEtrnDomains', id: 36968, type: 'text' },
  { name: 'NameResolutionType', type: 'number', dropped: OTHER_WAY },
  {
    name: 'SmtpUseTcpDns',
    id: 36997,
    type: 'number',
    dropped: 'Mailroot asks by UDP and goes on by TCP when an answer is cut',
  },
  { name: 'EnableReverseDnsLookup', type: 'truth' },
  { name: 'RoutingDll', type: 'text', dropped: LDAP },
  { name: 'SmtpRoutingTableType', type: 'number', dropped: LDAP },
  { name: 'RoutingSources', type: 'list', dropped: LDAP },
  { name: 'SmtpAdvQueueDll', id: 36987, type: 'text', dropped: 'a library of the old service' },
  { name: 'AuthFlags', id: 6000, type: 'number' },
  { name: 'AccessSSLFlags', id: 6030, type: 'number' },
  { name: 'SSLCertHash', id: 5506, type: 'blob' },
  { name: 'SSLStoreName', id: 5511, type: 'text', dropped: 'see the item about the certificate' },
  { name: 'DefaultLogonDomain', id: 6012, type: 'text', dropped: 'users here have no Windows domain' },
  { name: 'RelayForAuth', id: 36973, type: 'number', schemaDefault: '0' },
  { name: 'RelayIpList', id: 36970, type: 'blob' },
  { name: 'IPSecurity', id: 6019, type: 'blob' },
  {
    name: 'SmtpDisableRelay',
    id: 36974,
    type: 'truth',
    dropped: 'access.relayNetworks and access.relayForAuthenticated say who may relay',
  },
  {
    name: 'SmtpInboundCommandSupportOptions',
    id: 36998,
    type: 'number',
    dropped: 'Mailroot offers what it can do',
  },
  {
    name: 'SmtpOutboundCommandSupportOptions',
    id: 36999,
    type: 'number',
    dropped:
      'the installed value 7 turned ESMTP off, and large providers hang up on that; Mailroot uses what the host offers',
  },
  { name: 'ShouldPipelineIn', id: 36902, type: 'truth', dropped: OTHER_WAY },
  { name: 'ShouldPipelineOut', type: 'truth', dropped: OTHER_WAY },
  { name: 'ShouldPickupMail', type: 'truth' },
  { name: 'ShouldDeliver', id: 36881, type: 'truth', dropped: RARE },
  { name: 'SmtpDotStuffPickupDirFiles', id: 37030, type: 'truth' },
  { name: 'AddNoHeaders', id: 37000, type: 'truth' },
  { name: 'SmtpDomainValidationFlags', id: 36992, type: 'number', dropped: OTHER_WAY },
  { name: 'SmtpHeloNoDomain', type: 'truth', dropped: OTHER_WAY },
  { name: 'SmtpMailNoHelo', type: 'truth', dropped: OTHER_WAY },
  { name: 'ConnectResponse', type: 'text', dropped: 'the greeting is fixed; fqdn is its name' },
  { name: 'AllowVerify', type: 'truth', dropped: 'VRFY always answers 252' },
  { name: 'SmtpConnectTimeout', type: 'number', dropped: TIMEOUT },
  { name: 'SmtpHeloTimeout', type: 'number', dropped: TIMEOUT },
  { name: 'SmtpMailFromTimeout', type: 'number', dropped: TIMEOUT },
  { name: 'SmtpRcptToTimeout', type: 'number', dropped: TIMEOUT },
  { name: 'SmtpDataTimeout', id: 37004, type: 'number', dropped: TIMEOUT },
  { name: 'SmtpBdatTimeout', type: 'number', dropped: TIMEOUT },
  { name: 'SmtpRsetTimeout', id: 37010, type: 'number', dropped: TIMEOUT },
  { name: 'SmtpAuthTimeout', type: 'number', dropped: TIMEOUT },
  { name: 'SmtpSaslTimeout', type: 'number', dropped: TIMEOUT },
  { name: 'SmtpTurnTimeout', type: 'number', dropped: TIMEOUT },
  { name: 'SaslLogonDomain', id: 36940, type: 'text', dropped: 'users here have no Windows domain' },
  { name: 'SmtpServiceVersion', id: 36931, type: 'number', dropped: LIVE },
  { name: 'SmtpIpRestrictionFlag', id: 37031, type: 'number', dropped: RARE },
  { name: 'SmtpEventlogLevel', id: 37027, type: 'number', dropped: 'set log.level' },
  { name: 'SmtpCommandLogMask', id: 36864, type: 'number', dropped: RARE },
  {
    name: 'SmtpFlushMailFile',
    id: 36866,
    type: 'number',
    dropped: 'Mailroot always flushes before it answers',
  },
  { name: 'SmtpSSLRequireTrustedCA', type: 'truth' },
  { name: 'SmtpSSLCertHostnameValidation', type: 'truth' },
  { name: 'LogType', id: 4000, type: 'number' },
  { name: 'LogFileDirectory', id: 4001, type: 'text' },
  { name: 'LogFilePeriod', id: 4003, type: 'number', dropped: 'one file a day' },
  { name: 'LogFileTruncateSize', id: 4004, type: 'number', dropped: 'one file a day' },
  { name: 'LogFileLocaltimeRollover', id: 4015, type: 'truth', dropped: 'files turn at midnight UTC' },
  { name: 'LogPluginClsid', id: 4010, type: 'text', dropped: 'the log is written in the W3C extended form' },
  { name: 'LogExtFileFlags', id: 4013, type: 'number', dropped: 'all fields are written' },
  { name: 'LogOdbcPassword', id: 4005, type: 'secret', dropped: 'there is no log to a database' },
  { name: 'LogOdbcDataSource', type: 'text', dropped: 'there is no log to a database' },
  { name: 'LogOdbcTableName', type: 'text', dropped: 'there is no log to a database' },
  { name: 'LogOdbcUserName', type: 'text', dropped: 'there is no log to a database' },
  { name: 'SmtpDsHost', type: 'text', dropped: LDAP },
  { name: 'SmtpDsPort', type: 'number', dropped: LDAP },
  { name: 'SmtpDsSchemaType', type: 'text', dropped: LDAP },
  { name: 'SmtpDsBindType', type: 'text', dropped: LDAP },
  { name: 'SmtpDsAccount', type: 'text', dropped: LDAP },
  { name: 'SmtpDsPassword', type: 'secret', dropped: LDAP },
  { name: 'SmtpDsDomain', type: 'text', dropped: LDAP },
  { name: 'SmtpDsNamingContext', type: 'text', dropped: LDAP },
  { name: 'SmtpDsUseCat', type: 'truth', dropped: LDAP },
  { name: 'SmtpDsFlags', id: 37024, type: 'number', dropped: LDAP },
  { name: 'SmtpDsDataDirectory', type: 'text', dropped: LDAP },
];

/** By lower-case name. */
export const PROPERTIES: ReadonlyMap<string, PropertyRow> = new Map(
  ROWS.map((row) => [row.name.toLowerCase(), row]),
);

const NAMES_BY_ID: ReadonlyMap<number, string> = new Map(
  ROWS.flatMap((row) => (row.id === undefined ? [] : [[row.id, row.name] as const])),
);

/** The property of an id, for `UnknownName_36970`. */
export function nameOfId(id: number): string | undefined {
  return NAMES_BY_ID.get(id);
}
