/**
 * The SMTP service of Windows → settings of Mailroot.
 * Owns: what each property becomes, what is closed because it was open, what must be done by hand.
 * Leaves: reading the metabase (metabase.ts), the YAML text (settings-draft.ts), the mail (adoption.ts).
 * Fails: ParseResult for the file; a single property that makes no sense becomes a note and is left out.
 * Sources: doc "IIS 6.0 SDK: SMTP metabase properties"; KB 303734, KB 303701, KB 303668 (the property sheet).
 */
import { type ParseResult, parsed } from '../base/index.ts';
import type { Config } from '../config/index.ts';
import { importAccess } from './iis-access.ts';
import { importDelivery } from './iis-delivery.ts';
import { importDomains } from './iis-domains.ts';
import { importFolders } from './iis-folders.ts';
import { type Metabase, readMetabase } from './metabase.ts';
import { PROPERTIES } from './metabase-properties.ts';
import { ServerImport } from './server-import.ts';
import { type ImportNote, type ReportRow, SettingsDraft } from './settings-draft.ts';

export type IisImportOptions = {
  /** Name of the file that is read, for comments. */
  readonly source: string;
  /** Where the new settings will lie, absolute. */
  readonly target: string;
  /** The mailroot of the first server; others get a folder beside it. Absent: `mailroot`, or the old path on Windows. */
  readonly mailroot?: string;
  /** Whether paths of Windows mean something where the settings will be used. */
  readonly platform: 'windows' | 'posix';
};

export type SettingsImport = {
  readonly text: string;
  readonly config: Config;
  readonly notes: readonly ImportNote[];
  readonly rows: readonly ReportRow[];
};

export function importIis(bytes: Buffer, options: IisImportOptions): ParseResult<SettingsImport> {
  const read = readMetabase(bytes);
  if (!read.ok) return read;
  const metabase = read.value;
  const draft = new SettingsDraft([
    `Settings taken over from ${options.source} by 'mailroot import iis'.`,
    'Each line says which property it comes from. Read the report beside this file before you start the service.',
  ]);
  const numbers = metabase.servers();
  if (numbers.length === 0) {
    draft.note(
      'warning',
      'no-server',
      metabase.service,
      'the file names no virtual server; the settings of the service node are taken for one',
    );
    numbers.push(1);
  }
  const servers = numbers.map((number) => new ServerImport(metabase, draft, number));
  const bindings = new Set<string>();
  for (const [index, server] of servers.entries()) {
    server.begin();
    importBindings(server, bindings);
    importIdentity(server);
    importFolders(server, { ...options, index });
    importPickup(server);
    importDomains(server);
    importAccess(server);
    importLimits(server);
    importDelivery(server);
    importReports(server);
    importLogging(server, options.platform);
    noteTheRest(server, metabase);
  }
  const finished = draft.finish(options.target);
  return parsed({ ...finished, notes: draft.notes, rows: draft.rows });
}

function importBindings(server: ServerImport, taken: Set<string>): void {
  const found = server.get('ServerBindings');
  const listen: string[] = [];
  for (const binding of server.list(found)) {
    const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5}):(.*)$/.exec(binding);
    const port = Number(match?.[3]);
    if (match === null || port < 1 || port > 65_535) {
      server.note(
        'todo',
        'binding',
        found,
        `the binding '${binding}' is not understood; add it to listen by hand`,
      );
      continue;
    }
    const address = match[1] ?? match[2] ?? '';
    const addresses =
      address === '' ? ['0.0.0.0', '[::]'] : [address.includes(':') ? `[${address}]` : address];
    if (address === '') {
      server.note(
        'todo',
        'all-addresses',
        found,
        `the server listened on every address of the machine, port ${port}; name the addresses that need it, or 127.0.0.1 when only programs of this machine send`,
      );
    } else {
      server.note(
        'todo',
        'address',
        found,
        `the server listened on ${address}; the new machine must have this address, or change it`,
      );
    }
    for (const each of addresses) {
      const text = `${each}:${port}`;
      if (taken.has(text)) {
        server.note(
          'warning',
          'double-binding',
          found,
          `another server listens on ${text} already; of two servers with one binding the old service started only the first`,
        );
      } else {
        taken.add(text);
        listen.push(text);
      }
    }
  }
  if (found === undefined) {
    server.note(
      'todo',
      'no-binding',
      undefined,
      'the file names no binding for this server; the old default was port 25 on every address, and Mailroot listens on 127.0.0.1 alone until you say otherwise',
    );
    listen.push(...['127.0.0.1:25', '[::1]:25'].filter((each) => !taken.has(each)));
    for (const each of listen) taken.add(each);
  }
  server.set(['listen'], listen, found);
}

function importIdentity(server: ServerImport): void {
  server.setText(['fqdn'], 'FullyQualifiedDomainName');
  const autoStart = server.get('ServerAutoStart');
  if (server.truth(autoStart) === false) {
    server.note(
      'todo',
      'not-started',
      autoStart,
      'the server was not started automatically; leave it out if it is no longer used',
    );
  }
}

function importPickup(server: ServerImport): void {
  server.setTruth(['pickup', 'enabled'], 'ShouldPickupMail');
  server.setTruth(['pickup', 'dotStuffed'], 'SmtpDotStuffPickupDirFiles', { onlyWritten: true });
  const noHeaders = server.written('AddNoHeaders');
  if (noHeaders !== undefined) {
    const value = server.truth(noHeaders);
    if (value !== undefined) server.set(['pickup', 'addReceived'], !value, noHeaders);
  }
}

function importLimits(server: ServerImport): void {
  server.setNumber(['limits', 'connections'], 'MaxConnections', (value) =>
    value >= 1_000_000 || value === 0 ? 1_000_000 : value,
  );
  server.setNumber(['limits', 'connectionTimeout'], 'ConnectionTimeout', (seconds) =>
    duration(seconds, 86_400, '10m'),
  );
  server.setNumber(['limits', 'messageSize'], 'MaxMessageSize', sizeText);
  server.setNumber(['limits', 'sessionSize'], 'MaxSessionSize', sizeText);
  const message = server.number(server.get('MaxMessageSize'));
  const session = server.get('MaxSessionSize');
  const sessionBytes = server.number(session) ?? 0;
  if (message !== undefined && sessionBytes !== 0 && (message === 0 || sessionBytes < message)) {
    server.set(['limits', 'sessionSize'], message === 0 ? 'unlimited' : sizeText(message), session);
    server.note(
      'warning',
      'session-size',
      session,
      `the session limit of ${sessionBytes} bytes was below the message limit, with which clients try one message for ever; it was raised`,
    );
  }
  server.setNumber(['limits', 'recipientsPerMessage'], 'MaxRecipients', (value) => bounded(value, 100_000));
  server.setNumber(['limits', 'errorsPerSession'], 'MaxSmtpErrors', (value) => bounded(value, 10_000));
  server.setNumber(['limits', 'hopCount'], 'HopCount', (value) => bounded(value, 1000));
}

function importReports(server: ServerImport): void {
  server.setText(['reports', 'copyTo'], 'SendNdrTo');
  server.setText(['reports', 'postmaster'], 'PostmasterName');
}

function importLogging(server: ServerImport, platform: 'windows' | 'posix'): void {
  const type = server.get('LogType');
  const value = server.number(type);
  if (value !== undefined) server.set(['protocolLog', 'enabled'], value !== 0, type);
  const folder = server.get('LogFileDirectory');
  if (folder === undefined || folder.text === '') return;
  if (platform === 'windows') server.set(['protocolLog', 'folder'], folder.text, folder);
  else
    server.note(
      'dropped',
      'log-folder',
      folder,
      `the log lay in ${folder.text}; here it lies in Log/SmtpSvc of the mailroot`,
    );
}

/** Everything that no line above carried. */
function noteTheRest(server: ServerImport, metabase: Metabase): void {
  const { path } = server;
  for (const name of server.namesInForce()) {
    const row = PROPERTIES.get(name.toLowerCase());
    const found = server.get(name);
    if (found === undefined) continue;
    if (row === undefined) server.drop(found, 'unknown property');
    else if (row.dropped !== undefined) server.drop(found, row.dropped);
  }
  const password = server.get('RoutePassword');
  if (password !== undefined && password.text !== '') {
    server.note(
      'todo',
      'password',
      password,
      'the password for the next host is encrypted with the key of the old machine; write it into the file that passwordFile names',
    );
  }
  const acl = server.get('AdminACL') ?? server.get('AdminACLBin');
  if (acl !== undefined) {
    server.note(
      'todo',
      'operators',
      acl,
      'the list of operators is encrypted; here the operators are root and the user of the service',
    );
  }
  for (const node of metabase.below(path)) {
    const tail = node.path.slice(path.length + 1).toLowerCase();
    if (tail.startsWith('routingsources')) noteLdap(server, node.path, metabase);
    if (tail.startsWith('eventmanager') && node.properties.size > 0) {
      server.noteAt(
        'todo',
        'event-sinks',
        `${node.path}, line ${node.line}`,
        'event sinks are bound to this server; look with smtpreg.vbs /enum what they do',
      );
    }
  }
}

function noteLdap(server: ServerImport, path: string, metabase: Metabase): void {
  const uses = metabase.effective(path, 'SmtpDsUseCat');
  const host = metabase.effective(path, 'SmtpDsHost');
  if ((host === undefined || host.text === '') && (uses === undefined || /^(false|0)?$/i.test(uses.text)))
    return;
  server.noteAt(
    'todo',
    'ldap',
    `${path}, ${(host ?? uses)!.place}`,
    `recipients were looked up by LDAP${host === undefined || host.text === '' ? '' : ` on ${host.text}`}; Mailroot does not expand groups: send to the members, or through a server that does`,
  );
}

function sizeText(bytes: number): string {
  if (bytes === 0 || bytes >= 4_294_967_295) return 'unlimited';
  for (const [unit, factor] of [
    ['MB', 1024 ** 2],
    ['KB', 1024],
  ] as const) {
    if (bytes % factor === 0) return `${bytes / factor} ${unit}`;
  }
  return bytes < 1024 ? '1 KB' : `${bytes} bytes`;
}

function duration(seconds: number, most: number, whenNone: string): string {
  if (seconds === 0) return whenNone;
  const bounded = Math.min(seconds, most);
  return bounded % 60 === 0 ? `${bounded / 60}m` : `${bounded}s`;
}

/** 0 and huge numbers meant “no limit”. */
function bounded(value: number, most: number): number {
  return value === 0 || value > most ? most : value;
}
