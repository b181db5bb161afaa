/**
 * The settings of one site of Classic ASP pages: a row of `sites:`, and what the options of `mailroot asp` stand for.
 * Owns: what can be set and the defaults.  Leaves: web.config, which wins over these for `<asp>` (asp/site).
 * Sources: doc "IIS configuration reference: asp, requestFiltering, defaultDocument".
 */
import { z } from 'zod';
import {
  count,
  countOrUnlimited,
  domain,
  duration,
  mailAddress,
  path,
  section,
  setting,
  size,
  socketAddress,
  tlsVersion,
  toggle,
} from './fields.ts';

const windowsPath = z
  .string()
  .regex(/^[A-Za-z]:\\|^\\\\[^\\]+\\[^\\]+/, { error: "a Windows path such as 'C:\\inetpub' is expected" });

const grantedFolder = z.strictObject({
  folder: setting(path(), { doc: 'The folder of this machine.', applies: 'restart' }),
  access: setting(z.enum(['read', 'write', 'create']).default('read'), {
    doc: '`create`: new files may be put there and nothing else.',
    applies: 'restart',
  }),
});

const dataSource = z.strictObject({
  sqlite: setting(path().optional(), { doc: 'The SQLite file that holds the data now.', applies: 'restart' }),
  postgresql: setting(z.string().optional(), {
    doc: 'The PostgreSQL database that holds the data now: `postgresql://user@host/name`.',
    applies: 'restart',
  }),
  dialect: setting(z.enum(['access', 'sqlserver', 'native']).optional(), {
    doc: 'The SQL that the pages were written in; `native`: that of the database itself. Absent: what the connection string tells, else Access.',
    applies: 'restart',
  }),
});

const traceRule = z.strictObject({
  path: setting(z.string().min(1).default('*'), {
    doc: 'Pages that it is about, with `*`.',
    legacy: 'path',
    applies: 'restart',
  }),
  statusCodes: setting(
    z
      .string()
      .regex(/^\s*[1-9]\d\d(\s*-\s*[1-9]\d\d)?(\s*,\s*[1-9]\d\d(\s*-\s*[1-9]\d\d)?)*\s*$/, {
        error: "status codes are written as '500' or '500-599', with commas between them",
      })
      .optional(),
    { doc: "Keep requests with these: '500-599,404'.", legacy: 'statusCodes', applies: 'restart' },
  ),
  slowerThan: setting(duration({ min: '1ms', max: '1d' }).optional(), {
    doc: 'Keep requests that take this long.',
    legacy: 'timeTaken',
    applies: 'restart',
  }),
  errors: setting(toggle().default(false), {
    doc: 'Keep requests with an error of the page that nobody trapped.',
    applies: 'restart',
  }),
});

export const siteShape = {
  folder: setting(path(), { doc: 'The folder of the site.', legacy: 'Path', applies: 'restart' }),
  listen: setting(z.array(socketAddress()).default([]), {
    doc: 'Where it listens for HTTP.',
    legacy: 'ServerBindings',
    applies: 'restart',
  }),
  listenHttps: setting(z.array(socketAddress()).default([]), {
    doc: 'Where it listens for HTTPS; `tls` names the certificate.',
    legacy: 'SecureBindings',
    applies: 'restart',
  }),
  hostNames: setting(z.array(domain({ wildcard: true })).default([]), {
    doc: 'Names the site answers to; requests for other names get 400. Empty: any.',
    legacy: 'ServerBindings (host header)',
    applies: 'restart',
  }),
  pickup: setting(path().optional(), {
    doc: 'Where pages put mail for the local mail service. Absent: Pickup of the first server of this configuration.',
    applies: 'restart',
  }),
  windowsFolder: setting(windowsPath.default('C:\\inetpub\\wwwroot'), {
    doc: 'The folder of the site as pages see it, in Server.MapPath.',
    applies: 'restart',
  }),
  writable: setting(toggle().default(false), {
    doc: 'Pages may write anywhere in the folder of the site. Better: grant single folders in `folders`.',
    applies: 'restart',
  }),
  folders: setting(z.record(windowsPath, grantedFolder).default({}), {
    doc: 'Further folders that pages may use, by their Windows paths.',
    applies: 'restart',
  }),
  dataSources: setting(z.record(z.string().min(1), dataSource).default({}), {
    doc: 'Where the data of old databases is now, by DSN name or by a text that the connection string contains.',
    applies: 'restart',
  }),
  allowHttp: setting(z.array(z.string()).default([]), {
    doc: 'Hosts that the HTTP objects of pages may reach: `host`, `host:port`, `*`.',
    applies: 'restart',
  }),
  smtpServers: setting(z.array(z.string()).default(['*']), {
    doc: 'SMTP servers that the mail objects of pages may send through: `host`, `host:port`, `*`.',
    applies: 'restart',
  }),
  sendAs: setting(mailAddress().optional(), {
    doc: 'The address that Outlook.Application sends as.',
    applies: 'restart',
  }),
  defaultDocuments: setting(
    z
      .array(z.string().regex(/^[^\\/:*?"<>|]+$/))
      .default(['Default.asp', 'Default.htm', 'index.asp', 'index.htm', 'index.html', 'iisstart.htm']),
    { doc: 'What a folder shows, the first that exists.', legacy: 'DefaultDoc', applies: 'restart' },
  ),
  mediaTypes: setting(z.record(z.string().regex(/^\.?[a-z0-9-]+$/i), z.string()).default({}), {
    doc: 'Further files that are served: extension and media type. Sources, databases and copies never are.',
    legacy: 'MimeMap',
    applies: 'restart',
  }),
  compression: setting(toggle().default(true), {
    doc: 'Compress texts for clients that can take it.',
    legacy: 'DoDynamicCompression',
    applies: 'restart',
  }),
  showErrors: setting(toggle().default(false), {
    doc: 'Send the text of a script error to the browser instead of `errorMessage`. For development.',
    legacy: 'AspScriptErrorSentToBrowser',
    applies: 'restart',
  }),
  errorMessage: setting(
    z
      .string()
      .default(
        'An error occurred on the server when processing the URL. Please contact the system administrator.',
      ),
    {
      doc: 'What the browser gets instead of a script error.',
      legacy: 'AspScriptErrorMessage',
      applies: 'restart',
    },
  ),
  errorPage: setting(
    z.string().regex(/^\//, { error: "a path of the site such as '/errors/500.asp' is expected" }).optional(),
    {
      doc: 'The page for error 500;100; Server.GetLastError tells it what happened.',
      legacy: 'HttpErrors',
      applies: 'restart',
    },
  ),
  maskedNames: setting(z.array(z.string().min(1)).default(['password', 'passwd', 'pwd', 'secret', 'token']), {
    doc: 'Fields and variables whose values are masked in traces: a part of the name suffices.',
    applies: 'restart',
  }),
  trace: section('Traces of pages, line by line (docs/asp-trace.md).', {
    folder: setting(path().optional(), {
      doc: 'Where they are kept. Default: a folder for the site below Log.',
      legacy: 'traceFailedRequestsLogging directory',
      applies: 'restart',
    }),
    files: setting(count(1, 10_000).default(50), {
      doc: 'Most traces kept; the oldest go.',
      legacy: 'maxLogFiles',
      applies: 'restart',
    }),
    rules: setting(z.array(traceRule).default([]), {
      doc: 'Which requests are kept. Pages that a rule is about run with recording, which costs time; without rules none does.',
      legacy: 'traceFailedRequests',
      applies: 'restart',
    }),
  }),
  tls: section('The certificate for HTTPS. Files are watched; a new certificate needs no restart.', {
    certificateFile: setting(path().optional(), {
      doc: 'PEM file with the certificate and its chain.',
      applies: 'restart',
    }),
    keyFile: setting(path().optional(), { doc: 'PEM file with the private key.', applies: 'restart' }),
    minVersion: setting(tlsVersion.default('TLSv1.2'), { doc: 'Oldest TLS version.', applies: 'restart' }),
  }),
  asp: section('How pages run.', {
    language: setting(z.enum(['VBScript', 'JScript']).default('VBScript'), {
      doc: 'Language of pages that name none.',
      legacy: 'AspScriptLanguage',
      applies: 'restart',
    }),
    timeout: setting(duration({ min: '1s', max: '1d' }).prefault('90s'), {
      doc: 'Longest run of a page (Server.ScriptTimeout).',
      legacy: 'AspScriptTimeout',
      applies: 'restart',
    }),
    buffering: setting(toggle().default(true), {
      doc: 'Collect the answer before it is sent (Response.Buffer).',
      legacy: 'AspBufferingOn',
      applies: 'restart',
    }),
    bufferSize: setting(size({ min: '1 KB', max: '1 GiB' }).prefault('4 MiB'), {
      doc: 'Longest collected answer.',
      legacy: 'AspBufferingLimit',
      applies: 'restart',
    }),
    parentPaths: setting(toggle().default(false), {
      doc: 'Allow `..` in includes and Server.MapPath, within the site.',
      legacy: 'AspEnableParentPaths',
      applies: 'restart',
    }),
    codePage: setting(count(0, 65_001).default(0), {
      doc: 'Code page of pages that name none; 0: 1252.',
      legacy: 'AspCodepage',
      applies: 'restart',
    }),
    locale: setting(count(0, 65_535).default(0), {
      doc: 'Locale (LCID) of pages that name none; 0: 1033.',
      legacy: 'AspLCID',
      applies: 'restart',
    }),
    threads: setting(count(1, 256).default(25), {
      doc: 'Most pages that run at once. Only as many as the machine has processors compute at the same time, as long as none waits.',
      legacy: 'AspProcessorThreadMax',
      applies: 'restart',
    }),
    memory: setting(size({ min: '32 MiB', max: '16 GiB' }).prefault('256 MiB'), {
      doc: 'Memory of one of these threads; a page that needs more is ended.',
      applies: 'restart',
    }),
  }),
  sessions: section('Sessions.', {
    enabled: setting(toggle().default(true), {
      doc: 'Whether pages have a Session.',
      legacy: 'AspAllowSessionState',
      applies: 'restart',
    }),
    timeout: setting(duration({ min: '1m', max: '1d' }).prefault('20m'), {
      doc: 'A session ends when no request of it came for this long.',
      legacy: 'AspSessionTimeout',
      applies: 'restart',
    }),
    max: setting(count(1, 10_000_000).default(100_000), {
      doc: 'Sessions at once; newcomers beyond get 503.',
      legacy: 'AspSessionMax',
      applies: 'restart',
    }),
    memory: setting(size({ min: '1 MiB' }).prefault('512 MiB'), {
      doc: 'What all sessions may hold; newcomers beyond get 503.',
      applies: 'restart',
    }),
    secureCookie: setting(toggle().default(true), {
      doc: 'A session that began over HTTPS has a cookie for HTTPS alone.',
      legacy: 'AspKeepSessionIDSecure',
      applies: 'restart',
    }),
  }),
  limits: section('Bounds for requests.', {
    formSize: setting(size({ min: '1 KB', max: '1 GiB' }).prefault('200000 bytes'), {
      doc: 'Largest form; a page that reads a larger one fails with ASP 0104.',
      legacy: 'AspMaxRequestEntityAllowed',
      applies: 'restart',
    }),
    requestSize: setting(size({ min: '1 KB' }).prefault('30000000 bytes'), {
      doc: 'Largest body; a larger one gets 413 and is not read.',
      legacy: 'maxAllowedContentLength',
      applies: 'restart',
    }),
    urlLength: setting(count(64, 65_536).default(4096), {
      doc: 'Longest path; a longer one gets 414.',
      legacy: 'maxUrl',
      applies: 'restart',
    }),
    queryLength: setting(count(64, 65_536).default(2048), {
      doc: 'Longest query; a longer one gets 414.',
      legacy: 'maxQueryString',
      applies: 'restart',
    }),
    headerSize: setting(size({ min: '1 KB', max: '1 MiB' }).prefault('16 KiB'), {
      doc: 'All header fields of a request; more get 431.',
      applies: 'restart',
    }),
    headerFields: setting(count(10, 2000).default(100), {
      doc: 'Number of header fields of a request; more get 431.',
      applies: 'restart',
    }),
    headerTime: setting(duration({ min: '1s', max: '10m' }).prefault('20s'), {
      doc: 'Time to send the header; then 408.',
      legacy: 'HeaderWaitTimeout',
      applies: 'restart',
    }),
    requestTime: setting(duration({ min: '1s', max: '1d' }).prefault('5m'), {
      doc: 'Time to send the whole request; then 408.',
      applies: 'restart',
    }),
    idleTime: setting(duration({ min: '1s', max: '1d' }).prefault('2m'), {
      doc: 'A connection without a request, or whose client takes nothing, is closed after this.',
      legacy: 'ConnectionTimeout',
      applies: 'restart',
    }),
    connections: setting(count(1, 1_000_000).default(4000), {
      doc: 'Connections at once; more are closed.',
      legacy: 'MaxConnections',
      applies: 'restart',
    }),
    connectionsPerAddress: setting(countOrUnlimited(1, 1_000_000).default(256), {
      doc: 'Of these, from one address; loopback is not counted.',
      applies: 'restart',
    }),
    queue: setting(count(1, 1_000_000).default(3000), {
      doc: 'Requests that wait for a thread; more get 503.',
      legacy: 'AspRequestQueueMax',
      applies: 'restart',
    }),
    queuePerSession: setting(count(1, 10_000).default(20), {
      doc: 'Of these, for one session.',
      applies: 'restart',
    }),
  }),
  log: section('A log of requests in the W3C extended form.', {
    enabled: setting(toggle().default(true), {
      doc: 'Whether it is written.',
      legacy: 'LogType',
      applies: 'restart',
    }),
    folder: setting(path().optional(), {
      doc: 'Where; one file a day, u_exYYMMDD.log. Absent: Log/W3svc-NAME in the first mailroot; for `mailroot asp`: none is written.',
      legacy: 'LogFileDirectory',
      applies: 'restart',
    }),
  }),
} as const;

export const siteSchema = z.strictObject(siteShape, {
  error: 'settings in the form `name: value` are expected',
});

export type SiteConfig = z.output<typeof siteSchema>;
