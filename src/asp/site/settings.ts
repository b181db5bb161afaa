/**
 * The settings of one site as its parts need them, from a row of `sites:`, the options of `mailroot asp`, and web.config.
 * Owns: who wins (web.config over the rest, as with IIS), what pages may touch.  Leaves: reading web.config (web-config).
 */
import { hostname, userInfo } from 'node:os';
import type { SiteConfig, SocketAddress } from '../../config/index.ts';
import { type DataSource, EXCHANGE_PICKUP_PATH, PICKUP_PATH, withoutSecrets } from '../../objects/index.ts';
import { DEFAULT_LIMITS, type ScriptFolder, type ServicePolicy } from '../../script/index.ts';
import type { AspSettings, PageSite } from '../contract.ts';
import { parseStatusCodes, type TraceRule } from '../trace/rules.ts';
import type { WebConfig } from './web-config.ts';

export type SiteSettings = {
  readonly name: string;
  /** As a row of `sites:` has it, paths absolute. */
  readonly config: SiteConfig;
  /** Where mail for the local service goes; undefined: there is none. */
  readonly pickup: string | undefined;
  /** Where CDONTS writes instead; absent: it does not. */
  readonly exchangePickup?: string;
  /** Where the request log goes; undefined: none is written. */
  readonly logFolder: string | undefined;
  /** Where traces of pages are kept; undefined: none are. */
  readonly traceFolder?: string | undefined;
};

/** What web.config and settings together say of the web side. */
export type WebSettings = {
  readonly defaultDocuments: readonly string[];
  readonly mediaTypes: ReadonlyMap<string, string>;
  readonly formSize: number;
  readonly requestSize: number;
  readonly urlLength: number;
  readonly queryLength: number;
  readonly errorPages: WebConfig['errorPages'];
};

export function webSettings(config: SiteConfig, file: WebConfig): WebSettings {
  const { limits } = config;
  return {
    defaultDocuments: file.defaultDocuments ?? config.defaultDocuments,
    mediaTypes: new Map([
      ...Object.entries(config.mediaTypes).map(
        ([extension, type]) => [extension.replace(/^\./, '').toLowerCase(), type] as const,
      ),
      ...file.mediaTypes,
    ]),
    formSize: file.asp.maxRequestEntityAllowed ?? limits.formSize,
    requestSize: file.maxAllowedContentLength ?? limits.requestSize,
    urlLength: file.maxUrl ?? limits.urlLength,
    queryLength: file.maxQueryString ?? limits.queryLength,
    errorPages: file.errorPages,
  };
}

/** The site as its pages see it. `version` is the application's cell. */
export function pageSite(settings: SiteSettings, file: WebConfig, version: SharedArrayBuffer): PageSite {
  const { config, name } = settings;
  const asp = aspSettings(config, file);
  return {
    name,
    folder: config.folder,
    windowsFolder: config.windowsFolder,
    folders: grantedFolders(settings),
    machine: {
      computerName: hostname().split('.')[0]!.toUpperCase(),
      userName: `IUSR_${hostname().split('.')[0]!.toUpperCase()}`,
      userDomain: hostname().split('.')[0]!.toUpperCase(),
      variables: {},
      codePage: asp.codePage === 0 ? 1252 : asp.codePage,
      mailAddress: config.sendAs ?? `${userInfo().username}@${hostname()}`,
    },
    limits: { ...DEFAULT_LIMITS, timeMs: asp.scriptTimeout * 1000, outputLength: Number.MAX_SAFE_INTEGER },
    settings: asp,
    // Threads of pages see no passwords; the services that connect know them.
    dataSources: withoutSecrets(dataSources(config)),
    applicationVersion: version,
  };
}

function grantedFolders({ config, pickup, exchangePickup }: SiteSettings): readonly ScriptFolder[] {
  const create = (windows: string, folder: string | undefined): readonly ScriptFolder[] =>
    folder === undefined ? [] : [{ windows, folder, access: 'create' }];
  return [
    {
      windows: config.windowsFolder,
      folder: config.folder,
      access: config.writable ? 'write' : 'read',
    },
    ...Object.entries(config.folders).map(
      ([windows, { folder, access }]): ScriptFolder => ({ windows, folder, access }),
    ),
    ...create(PICKUP_PATH, pickup),
    ...create(EXCHANGE_PICKUP_PATH, exchangePickup),
  ];
}

function aspSettings(config: SiteConfig, { asp, errorPages }: WebConfig): AspSettings {
  // A row for every 500 is one for script errors too, where no other is.
  const errorPage = errorPages.isOn
    ? [100, -1]
        .map((wanted) =>
          errorPages.pages.findLast((page) => page.status === 500 && page.subStatus === wanted),
        )
        .find((page) => page !== undefined)
    : undefined;
  return {
    bufferingOn: asp.bufferingOn ?? config.asp.buffering,
    bufferingLimit: asp.bufferingLimit ?? config.asp.bufferSize,
    maxRequestEntityAllowed: asp.maxRequestEntityAllowed ?? config.limits.formSize,
    scriptTimeout: asp.scriptTimeout ?? config.asp.timeout / 1000,
    codePage: asp.codePage ?? config.asp.codePage,
    lcid: asp.lcid ?? config.asp.locale,
    enableParentPaths: asp.enableParentPaths ?? config.asp.parentPaths,
    scriptErrorSentToBrowser: config.showErrors || (asp.scriptErrorSentToBrowser ?? false),
    scriptErrorMessage: asp.scriptErrorMessage ?? config.errorMessage,
    scriptLanguage: asp.scriptLanguage ?? config.asp.language,
    allowSessionState: asp.allowSessionState ?? config.sessions.enabled,
    sessionTimeoutMinutes: asp.sessionTimeoutMinutes ?? Math.ceil(config.sessions.timeout / 60_000),
    sessionMax: Math.min(asp.sessionMax ?? config.sessions.max, config.sessions.max),
    keepSessionIdSecure: asp.keepSessionIdSecure ?? config.sessions.secureCookie,
    errorPage: errorPage?.mode === 'ExecuteURL' ? errorPage.path.replace(/\?.*$/s, '') : config.errorPage,
    maskedNames: config.maskedNames,
  };
}

function dataSources(config: SiteConfig): readonly DataSource[] {
  return Object.entries(config.dataSources).map(([match, { sqlite, postgresql, dialect }]) => ({
    match,
    target:
      sqlite === undefined ? { kind: 'postgresql', url: postgresql ?? '' } : { kind: 'sqlite', file: sqlite },
    ...(dialect !== undefined && { dialect }),
  }));
}

/** What pages may have done for them. */
export function servicePolicy({ config }: SiteSettings): ServicePolicy {
  return {
    http: { allowedHosts: config.allowHttp, maxBodyBytes: 64 * 1024 * 1024 },
    processes: { programs: {}, variables: {} },
    smtpServers: config.smtpServers,
    dataSources: dataSources(config),
  };
}

/** `127.0.0.1:8080`, `[::1]:8080`. */
export function addressText({ address, port }: SocketAddress): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The trace rules of the settings. */
export function traceRules({ config }: SiteSettings): readonly TraceRule[] {
  return config.trace.rules.map(({ path, statusCodes, slowerThan, errors }) => {
    const ranges = statusCodes === undefined ? undefined : parseStatusCodes(statusCodes);
    return {
      path,
      errors,
      ...(Array.isArray(ranges) && { statusCodes: ranges }),
      ...(slowerThan !== undefined && { timeTakenMs: slowerThan }),
    };
  });
}
