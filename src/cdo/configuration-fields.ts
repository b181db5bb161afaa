/**
 * The fields of a Configuration: names, constants, types, defaults.
 * Owns: the table; documentation and tests are made from it.  Leaves: the values (configuration.ts), sending (send.ts).
 * Sources: doc "CDO Configuration fields" (reference A2.2).
 */
import { NAMESPACE } from './constants.ts';

export type ConfigurationFieldRow = {
  /** Behind the namespace; all lower case, and compared exactly (KB 265527). */
  readonly name: string;
  readonly constant: string;
  readonly type: 'long' | 'text' | 'boolean';
  /** What counts when the field is absent; undefined: nothing. */
  readonly fallback?: number | string | boolean;
  readonly writeOnly?: true;
  readonly meaning: string;
};

export const CONFIGURATION_FIELDS = [
  {
    name: 'sendusing',
    constant: 'cdoSendUsingMethod',
    type: 'long',
    meaning: '1 writes into the pickup folder, 2 speaks SMTP',
  },
  { name: 'postusing', constant: 'cdoPostUsingMethod', type: 'long', meaning: 'the same for Post' },
  {
    name: 'smtpserver',
    constant: 'cdoSMTPServer',
    type: 'text',
    meaning: 'host name or address of the SMTP server',
  },
  {
    name: 'smtpserverport',
    constant: 'cdoSMTPServerPort',
    type: 'long',
    fallback: 25,
    meaning: 'port of the SMTP server',
  },
  {
    name: 'smtpserverpickupdirectory',
    constant: 'cdoSMTPServerPickupDirectory',
    type: 'text',
    meaning: 'the pickup folder',
  },
  {
    name: 'smtpauthenticate',
    constant: 'cdoSMTPAuthenticate',
    type: 'long',
    fallback: 0,
    meaning: '0 none, 1 user name and password, 2 NTLM',
  },
  {
    name: 'sendusername',
    constant: 'cdoSendUserName',
    type: 'text',
    meaning: 'user name for the SMTP server',
  },
  {
    name: 'sendpassword',
    constant: 'cdoSendPassword',
    type: 'text',
    writeOnly: true,
    meaning: 'password for the SMTP server; reads back as nothing',
  },
  {
    name: 'smtpusessl',
    constant: 'cdoSMTPUseSSL',
    type: 'boolean',
    fallback: false,
    meaning: 'TLS: STARTTLS on ports 25 and 587, implicit TLS elsewhere',
  },
  {
    name: 'smtpconnectiontimeout',
    constant: 'cdoSMTPConnectionTimeout',
    type: 'long',
    fallback: 30,
    meaning: 'seconds for connecting',
  },
  {
    name: 'smtpaccountname',
    constant: 'cdoSMTPAccountName',
    type: 'text',
    meaning: 'a name for display; without effect',
  },
  {
    name: 'sendemailaddress',
    constant: 'cdoSendEmailAddress',
    type: 'text',
    meaning: "the user's own address; not a default From",
  },
  {
    name: 'senduserreplyemailaddress',
    constant: 'cdoSendUserReplyEmailAddress',
    type: 'text',
    meaning: "the user's Reply-To address; without effect on Send",
  },
  {
    name: 'postemailaddress',
    constant: 'cdoPostEmailAddress',
    type: 'text',
    meaning: 'as sendemailaddress, for Post',
  },
  {
    name: 'postuserreplyemailaddress',
    constant: 'cdoPostUserReplyEmailAddress',
    type: 'text',
    meaning: 'as senduserreplyemailaddress, for Post',
  },
  {
    name: 'postusername',
    constant: 'cdoPostUserName',
    type: 'text',
    meaning: 'user name for the NNTP server',
  },
  {
    name: 'postpassword',
    constant: 'cdoPostPassword',
    type: 'text',
    writeOnly: true,
    meaning: 'password for the NNTP server; reads back as nothing',
  },
  {
    name: 'nntpserver',
    constant: 'cdoNNTPServer',
    type: 'text',
    meaning: 'host name or address of the NNTP server',
  },
  {
    name: 'nntpserverport',
    constant: 'cdoNNTPServerPort',
    type: 'long',
    fallback: 119,
    meaning: 'port of the NNTP server',
  },
  {
    name: 'nntpserverpickupdirectory',
    constant: 'cdoNNTPServerPickupDirectory',
    type: 'text',
    meaning: 'the folder for Post',
  },
  {
    name: 'nntpauthenticate',
    constant: 'cdoNNTPAuthenticate',
    type: 'long',
    fallback: 0,
    meaning: '0 none, 1 user name and password',
  },
  {
    name: 'nntpusessl',
    constant: 'cdoNNTPUseSSL',
    type: 'boolean',
    fallback: false,
    meaning: 'implicit TLS for Post',
  },
  {
    name: 'nntpconnectiontimeout',
    constant: 'cdoNNTPConnectionTimeout',
    type: 'long',
    fallback: 30,
    meaning: 'seconds for connecting',
  },
  {
    name: 'nntpaccountname',
    constant: 'cdoNNTPAccountName',
    type: 'text',
    meaning: 'a name for display; without effect',
  },
  {
    name: 'flushbuffersonwrite',
    constant: 'cdoFlushBuffersOnWrite',
    type: 'boolean',
    fallback: true,
    meaning: 'flush the pickup file to the disk before it appears',
  },
  {
    name: 'autopromotebodyparts',
    constant: 'cdoAutoPromoteBodyParts',
    type: 'boolean',
    fallback: true,
    meaning: 'write a multipart with one child as that child',
  },
  {
    name: 'languagecode',
    constant: 'cdoLanguageCode',
    type: 'text',
    meaning: 'language of the texts of Reply and Forward',
  },
  {
    name: 'usemessageresponsetext',
    constant: 'cdoUseMessageResponseText',
    type: 'boolean',
    fallback: false,
    meaning: 'quote the original in Reply and Forward',
  },
  {
    name: 'urlproxyserver',
    constant: 'cdoURLProxyServer',
    type: 'text',
    meaning: 'proxy for fetching, host:port',
  },
  {
    name: 'urlproxybypass',
    constant: 'cdoURLProxyBypass',
    type: 'text',
    meaning: 'hosts fetched without the proxy; <local> is every host without a dot',
  },
  {
    name: 'urlgetlatestversion',
    constant: 'cdoURLGetLatestVersion',
    type: 'boolean',
    fallback: false,
    meaning: 'ask caches on the way for a fresh copy',
  },
  { name: 'httpcookies', constant: 'cdoHTTPCookies', type: 'text', meaning: 'Cookie header for fetching' },
  {
    name: 'savesentitems',
    constant: 'cdoSaveSentItems',
    type: 'boolean',
    meaning: 'Exchange only; without effect',
  },
] as const satisfies readonly ConfigurationFieldRow[];

export type ConfigurationFieldName = (typeof CONFIGURATION_FIELDS)[number]['name'];

const BY_NAME: ReadonlyMap<string, ConfigurationFieldRow> = new Map(
  CONFIGURATION_FIELDS.map((row) => [NAMESPACE.configuration + row.name, row]),
);

/** The row of a full field name; names compare exactly, so `…/SMTPServer` is another field (KB 265527). */
export function configurationField(fullName: string): ConfigurationFieldRow | undefined {
  return BY_NAME.get(fullName);
}
