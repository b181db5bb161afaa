/**
 * `mailroot asp DIR`: serves one folder of Classic ASP pages.
 * Owns: which option stands for which setting.  Leaves: the settings table (config), sites (asp).
 */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SiteService, SiteSettings } from '../asp/index.ts';
import { systemClock, TerminalLines, TerminalLog } from '../base/index.ts';
import { checkSite, parseSocketAddress, programFolders, siteSchema } from '../config/index.ts';
import { DataSourceProblem, parseDataSource } from '../objects/index.ts';
import {
  type Command,
  EXIT,
  findConfig,
  type Invocation,
  loadFoundConfig,
  print,
  text,
  texts,
  UsageError,
} from './command.ts';
import { stopRequest } from './stop-request.ts';

const DEFAULT_LISTEN = '127.0.0.1:8080';

export const aspCommand: Command = {
  name: 'asp',
  summary: 'Serve a folder of Classic ASP pages, with the mail objects.',
  arguments: 'DIR',
  options: {
    listen: {
      type: 'string',
      multiple: true,
      value: 'IP:PORT',
      doc: `Listen for HTTP here (may be repeated; port 0 picks a free one). Default: ${DEFAULT_LISTEN}.`,
    },
    'listen-https': {
      type: 'string',
      multiple: true,
      value: 'IP:PORT',
      doc: 'Listen for HTTPS here; needs --certificate and --key.',
    },
    certificate: { type: 'string', value: 'FILE', doc: 'PEM file with the certificate and its chain.' },
    key: { type: 'string', value: 'FILE', doc: 'PEM file with the private key.' },
    pickup: {
      type: 'string',
      value: 'DIR',
      doc: 'Put mail for the local mail service into DIR. Default: the Pickup folder of the configuration.',
    },
    map: {
      type: 'string',
      multiple: true,
      value: "'C:\\dir=DIR'",
      doc: 'Let pages read and write DIR under the Windows path C:\\dir (may be repeated).',
    },
    'map-read': {
      type: 'string',
      multiple: true,
      value: "'C:\\dir=DIR'",
      doc: 'The same, for reading alone.',
    },
    writable: { type: 'boolean', doc: 'Let pages write anywhere in the folder of the site.' },
    'windows-folder': {
      type: 'string',
      value: 'PATH',
      doc: 'The folder of the site as pages see it. Default: C:\\inetpub\\wwwroot.',
    },
    'data-source': {
      type: 'string',
      multiple: true,
      value: "'DSN=sqlite:FILE'",
      doc: "An old database's new home: DSN name or part of its connection string, then [access:|sqlserver:|native:]sqlite:FILE or postgresql://…",
    },
    'allow-http': {
      type: 'string',
      multiple: true,
      value: 'HOST[:PORT]',
      doc: 'Let the HTTP objects of pages reach HOST (may be repeated; * for every host).',
    },
    'smtp-server': {
      type: 'string',
      multiple: true,
      value: 'HOST[:PORT]',
      doc: 'Let pages send through this SMTP server and no other (may be repeated). Default: any.',
    },
    'host-name': {
      type: 'string',
      multiple: true,
      value: 'NAME',
      doc: 'Answer to this name and no other (may be repeated).',
    },
    'show-errors': { type: 'boolean', doc: 'Send the text of script errors to the browser.' },
    'error-page': {
      type: 'string',
      value: 'PATH',
      doc: 'The page for script errors (500;100): /errors/500.asp.',
    },
    'parent-paths': { type: 'boolean', doc: 'Allow .. in includes and Server.MapPath, within the site.' },
    'session-timeout': {
      type: 'string',
      value: 'TIME',
      doc: 'End of a session without requests. Default: 20m.',
    },
    'code-page': {
      type: 'string',
      value: 'NUMBER',
      doc: 'Code page of pages that name none. Default: 1252.',
    },
    locale: { type: 'string', value: 'LCID', doc: 'Locale of pages that name none. Default: 1033.' },
    threads: { type: 'string', value: 'NUMBER', doc: 'Most pages that run at once. Default: 25.' },
    log: { type: 'string', value: 'DIR', doc: 'Write a log of requests in the W3C form, one file a day.' },
    trace: {
      type: 'string',
      value: 'DIR',
      doc: "Keep traces of pages that fail in DIR, and of those 'mailroot trace asp next' asks for.",
    },
    quiet: { type: 'boolean', doc: 'Print no events, only what is needed.' },
  },
  details: [
    'Pages run as under IIS: includes, global.asa, sessions, CDO, CDONTS, ADO over SQLite and PostgreSQL. A web.config in the',
    'folder is read. More can be set in the `sites:` section of a configuration, which `mailroot start` serves beside the relay.',
    '',
    '  mailroot asp ./wwwroot --listen 127.0.0.1:8080 --pickup ./mailroot/Pickup --show-errors',
  ].join('\n'),
  run,
};

async function run(invocation: Invocation): Promise<number> {
  const { io } = invocation;
  const settings = siteOf(invocation);
  // Loaded only now: the list of commands needs none of it.
  const asp = await import('../asp/index.ts');
  const write = (line: string) => print(io, line);
  const isQuiet = invocation.values['quiet'] === true;
  const log = new TerminalLog(new TerminalLines(isQuiet ? () => {} : write, systemClock));
  const service = await asp.SiteService.start([settings], {
    clock: systemClock,
    log,
    codeCache: io.environment['MAILROOT_CODE_CACHE'] || undefined,
  });
  // Who reads that it runs may stop it at once.
  const stopping = stopRequest();
  print(io, banner(settings, service));
  await stopping;
  print(io, 'The site is stopping …');
  await service.stop();
  print(io, 'The site has stopped.');
  return EXIT.done;
}

/** The settings that the options stand for. Throws UsageError that names the option. */
export function siteOf(invocation: Invocation): SiteSettings {
  const { io, positionals } = invocation;
  if (positionals.length !== 1)
    throw new UsageError('which folder? Give the folder of the site, and only one.');
  const folder = resolve(io.folder, positionals[0]!);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UsageError(`there is no folder ${folder}; give the folder that holds the pages.`);
  const path = (option: string) => {
    const value = text(invocation, option);
    return value === undefined ? undefined : resolve(io.folder, value);
  };
  const number = (option: string) => {
    const value = text(invocation, option);
    if (value !== undefined && !/^\d{1,6}$/.test(value))
      throw new UsageError(`--${option} ${value}: a number is expected.`);
    return value === undefined ? undefined : Number(value);
  };
  for (const option of ['listen', 'listen-https'])
    for (const address of texts(invocation, option)) {
      const parsed = parseSocketAddress(address);
      if (!parsed.ok) throw new UsageError(`--${option} ${address}: ${parsed.reason}`);
    }
  const listenHttps = texts(invocation, 'listen-https');
  const listen = texts(invocation, 'listen');
  const written = {
    folder,
    listen: listen.length + listenHttps.length === 0 ? [DEFAULT_LISTEN] : listen,
    listenHttps,
    tls: { certificateFile: path('certificate'), keyFile: path('key') },
    pickup: path('pickup'),
    writable: invocation.values['writable'] === true,
    windowsFolder: text(invocation, 'windows-folder'),
    folders: folders(invocation),
    dataSources: dataSources(invocation),
    allowHttp: texts(invocation, 'allow-http'),
    smtpServers: texts(invocation, 'smtp-server').length > 0 ? texts(invocation, 'smtp-server') : undefined,
    hostNames: texts(invocation, 'host-name'),
    showErrors: invocation.values['show-errors'] === true,
    errorPage: text(invocation, 'error-page'),
    asp: {
      parentPaths: invocation.values['parent-paths'] === true,
      codePage: number('code-page'),
      locale: number('locale'),
      threads: number('threads'),
    },
    sessions: { timeout: text(invocation, 'session-timeout') },
    log: { folder: path('log') },
    trace: {
      folder: path('trace'),
      rules: text(invocation, 'trace') === undefined ? undefined : [{ statusCodes: '500-599', errors: true }],
    },
  };
  const result = siteSchema.safeParse(withoutUndefined(written));
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const { message } = issue.code === 'invalid_key' ? (issue.issues[0] ?? issue) : issue;
    throw new UsageError(`${optionOf(issue.path)}: ${message}`);
  }
  const [problem] = checkSite(result.data);
  if (problem !== undefined) throw new UsageError(`${optionOf(problem.path)}: ${problem.text}`);
  return {
    name: 'site',
    config: result.data,
    ...mailFolders(invocation, result.data.pickup),
    logFolder: result.data.log.folder,
    traceFolder: result.data.trace.folder,
  };
}

const OPTION_OF: Readonly<Record<string, string>> = {
  listen: '--listen',
  listenHttps: '--listen-https',
  tls: '--certificate, --key',
  windowsFolder: '--windows-folder',
  folders: '--map',
  dataSources: '--data-source',
  hostNames: '--host-name',
  errorPage: '--error-page',
  asp: '--code-page, --locale, --threads',
  sessions: '--session-timeout',
};

function optionOf(path: readonly PropertyKey[]): string {
  return OPTION_OF[String(path[0])] ?? path.map(String).join('.');
}

function folders(invocation: Invocation): Record<string, { folder: string; access: string }> {
  const found: Record<string, { folder: string; access: string }> = {};
  for (const option of ['map', 'map-read'] as const) {
    for (const value of texts(invocation, option)) {
      const equals = value.indexOf('=');
      if (equals <= 0 || equals === value.length - 1)
        throw new UsageError(`--${option} '${value}': write it as 'C:\\folder=DIR'.`);
      found[value.slice(0, equals)] = {
        folder: resolve(invocation.io.folder, value.slice(equals + 1)),
        access: option === 'map' ? 'write' : 'read',
      };
    }
  }
  return found;
}

function dataSources(invocation: Invocation): Record<string, object> {
  const found: Record<string, object> = {};
  for (const value of texts(invocation, 'data-source')) {
    try {
      const { match, target, dialect } = parseDataSource(value, (file) =>
        resolve(invocation.io.folder, file),
      );
      if (target.kind === 'sqlite' && !existsSync(target.file))
        throw new DataSourceProblem(`there is no file ${target.file} for '${match}'.`);
      found[match] =
        target.kind === 'sqlite' ? { sqlite: target.file, dialect } : { postgresql: target.url, dialect };
    } catch (thrown) {
      if (thrown instanceof DataSourceProblem) throw new UsageError(`--data-source: ${thrown.message}`);
      throw thrown;
    }
  }
  return found;
}

/** --pickup, else the folders of the configuration that are there. */
function mailFolders(
  invocation: Invocation,
  given: string | undefined,
): Pick<SiteSettings, 'pickup' | 'exchangePickup'> {
  if (given !== undefined) {
    if (!existsSync(given))
      throw new UsageError(
        `--pickup: there is no folder ${given}; 'mailroot start' makes one, or make it yourself.`,
      );
    return { pickup: given };
  }
  const { values, positionals, io } = invocation;
  const plain = {
    values: { config: values['config'], mailroot: values['mailroot'] },
    positionals,
    io,
  };
  const { pickup, exchangePickup } = programFolders(loadFoundConfig(plain, findConfig(plain)));
  return {
    pickup: existsSync(pickup) ? pickup : undefined,
    ...(exchangePickup !== undefined && existsSync(exchangePickup) && { exchangePickup }),
  };
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [
        name,
        typeof item === 'object' && item !== null && !Array.isArray(item) ? withoutUndefined(item) : item,
      ]),
  );
}

function banner({ config, pickup: folder }: SiteSettings, service: SiteService): string {
  const { urls } = service.sites[0]!;
  return [
    `Mailroot serves ${config.folder}`,
    '',
    ...urls.map((url) => `  ${url}`),
    '',
    `  Mail by the local service  ${folder === undefined ? 'is refused: give --pickup DIR, or start the relay here' : `goes to ${folder}`}`,
    `  Script errors              ${config.showErrors ? 'are shown in the browser' : 'are kept from the browser; --show-errors shows them'}`,
    '',
    'Stop with Ctrl-C.',
    '',
  ].join('\n');
}
