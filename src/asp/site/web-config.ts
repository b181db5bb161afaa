/**
 * Reads what a site's web.config says to us: `<asp>`, default documents, media types, request limits, error pages.
 * Owns: names and notation of these settings, which mistakes are told.  Leaves: who wins (settings), XML (import).
 * Fails: ParseResult with the line; sections that are not ours are passed over.
 * Sources: doc "IIS configuration reference: asp, limits, session, defaultDocument, httpErrors, requestLimits, staticContent".
 */
import { type ParseResult, parsed, unparsed } from '../../base/index.ts';
import type { XmlElement } from '../../import/index.ts';
import type { AspSettings } from '../contract.ts';

export type ErrorPage = {
  readonly status: number;
  /** -1: any. */
  readonly subStatus: number;
  /** Virtual path, URL, or file below the site. */
  readonly path: string;
  readonly mode: 'ExecuteURL' | 'Redirect' | 'File';
  /** The folder with a folder for each language, in mode File. */
  readonly prefix?: string;
};

/** What `<httpErrors>` says. */
export type ErrorPages = {
  /** False: every error keeps its own page. */
  readonly isOn: boolean;
  /** What a page answers with an error status stays as it is. */
  readonly passThrough: boolean;
  /** In the order of the file; the later of two for the same status counts. */
  readonly pages: readonly ErrorPage[];
  /** For a status without a row. */
  readonly fallback: ErrorPage | undefined;
};

export const NO_ERROR_PAGES: ErrorPages = { isOn: true, passThrough: false, pages: [], fallback: undefined };

type AspPart = {
  -readonly [Name in keyof Omit<AspSettings, 'errorPage' | 'maskedNames'>]?: AspSettings[Name];
};

export type WebConfig = {
  readonly asp: Readonly<AspPart>;
  /** undefined: the file says nothing of them. */
  readonly defaultDocuments: readonly string[] | undefined;
  /** Extension without the dot, in lower case. */
  readonly mediaTypes: ReadonlyMap<string, string>;
  readonly maxAllowedContentLength: number | undefined;
  readonly maxUrl: number | undefined;
  readonly maxQueryString: number | undefined;
  readonly errorPages: ErrorPages;
};

export const NO_WEB_CONFIG: WebConfig = {
  asp: {},
  defaultDocuments: undefined,
  mediaTypes: new Map(),
  maxAllowedContentLength: undefined,
  maxUrl: undefined,
  maxQueryString: undefined,
  errorPages: NO_ERROR_PAGES,
};

/** Most bytes of a web.config; IIS itself takes 250 KB. */
export const WEB_CONFIG_BYTES = 1024 * 1024;

/** `inherited` are the default documents that the file adds to and removes from. */
export async function readWebConfig(
  bytes: Buffer,
  inherited: readonly string[],
): Promise<ParseResult<WebConfig>> {
  if (bytes.length > WEB_CONFIG_BYTES) return unparsed(`the file has more than ${WEB_CONFIG_BYTES} bytes`, 0);
  const { readXml } = await import('../../import/index.ts');
  const read = readXml(bytes);
  if (!read.ok) return read;
  const root = read.value.find(({ name }) => name === 'configuration');
  if (root === undefined) return unparsed('the file has no element <configuration>', 0);
  try {
    return parsed(webConfigOf(root, inherited));
  } catch (thrown) {
    if (thrown instanceof Mistake) return unparsed(thrown.message, 0);
    throw thrown;
  }
}

class Mistake extends Error {
  constructor(element: XmlElement, attribute: string, expected: string) {
    const line = element.attributeLines.get(attribute) ?? element.line;
    const found = element.attributes.get(attribute) ?? '';
    super(`line ${line}: ${attribute}="${found.slice(0, 60)}" in <${element.name}>: ${expected} is expected`);
  }
}

function webConfigOf(root: XmlElement, inherited: readonly string[]): WebConfig {
  const server = child(root, 'system.webServer');
  if (server === undefined) return NO_WEB_CONFIG;
  const requestLimits = at(server, 'security', 'requestFiltering', 'requestLimits');
  return {
    asp: aspPart(child(server, 'asp')),
    defaultDocuments: defaultDocuments(child(server, 'defaultDocument'), inherited),
    mediaTypes: mediaTypes(child(server, 'staticContent')),
    maxAllowedContentLength: requestLimits && count(requestLimits, 'maxAllowedContentLength'),
    maxUrl: requestLimits && count(requestLimits, 'maxUrl'),
    maxQueryString: requestLimits && count(requestLimits, 'maxQueryString'),
    errorPages: errorPages(child(server, 'httpErrors')),
  };
}

function aspPart(asp: XmlElement | undefined): AspPart {
  if (asp === undefined) return {};
  const session = child(asp, 'session');
  const limits = child(asp, 'limits');
  const part: { -readonly [Name in keyof AspPart]: AspPart[Name] | undefined } = {
    bufferingOn: toggle(asp, 'bufferingOn'),
    codePage: count(asp, 'codePage'),
    lcid: count(asp, 'lcid'),
    enableParentPaths: toggle(asp, 'enableParentPaths'),
    scriptErrorSentToBrowser: toggle(asp, 'scriptErrorSentToBrowser'),
    scriptErrorMessage: asp.attributes.get('scriptErrorMessage'),
    scriptLanguage: language(asp),
    bufferingLimit: limits && count(limits, 'bufferingLimit'),
    maxRequestEntityAllowed: limits && count(limits, 'maxRequestEntityAllowed'),
    scriptTimeout: limits && seconds(limits, 'scriptTimeout'),
    allowSessionState: session && toggle(session, 'allowSessionState'),
    keepSessionIdSecure: session && toggle(session, 'keepSessionIdSecure'),
    sessionMax: session && count(session, 'max'),
    sessionTimeoutMinutes: minutes(session),
  };
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as AspPart;
}

function defaultDocuments(
  section: XmlElement | undefined,
  inherited: readonly string[],
): readonly string[] | undefined {
  if (section === undefined) return undefined;
  if (toggle(section, 'enabled') === false) return [];
  const files = child(section, 'files');
  if (files === undefined) return undefined;
  // Added ones come before those that were there.
  let documents = [...inherited];
  let added = 0;
  for (const entry of files.children) {
    const value = entry.attributes.get('value') ?? '';
    if (entry.name === 'clear') documents = [];
    else if (entry.name === 'remove')
      documents = documents.filter((name) => name.toLowerCase() !== value.toLowerCase());
    else if (entry.name === 'add') {
      if (value === '' || /[\\/:*?"<>|\x00-\x1f]/.test(value))
        throw new Mistake(entry, 'value', 'the name of a file in the folder');
      documents.splice(added, 0, value);
      added += 1;
    }
  }
  return documents;
}

function mediaTypes(section: XmlElement | undefined): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  for (const entry of section?.children ?? []) {
    if (entry.name !== 'mimeMap') continue;
    const extension = entry.attributes.get('fileExtension') ?? '';
    const type = entry.attributes.get('mimeType') ?? '';
    if (!/^\.[\w-]+$/.test(extension))
      throw new Mistake(entry, 'fileExtension', "an extension such as '.xyz'");
    if (!/^[\w.+-]+\/[\w.+-]+(?:\s*;\s*[\w-]+=[\w."-]+)*$/.test(type))
      throw new Mistake(entry, 'mimeType', "a media type such as 'image/png'");
    types.set(extension.slice(1).toLowerCase(), type);
  }
  return types;
}

function errorPages(section: XmlElement | undefined): ErrorPages {
  if (section === undefined) return NO_ERROR_PAGES;
  const errorMode = word(section, 'errorMode', ['DetailedLocalOnly', 'Custom', 'Detailed']);
  const existing = word(section, 'existingResponse', ['Auto', 'Replace', 'PassThrough']);
  const fallback = section.attributes.get('defaultPath');
  let pages: ErrorPage[] = [];
  for (const entry of section.children) {
    if (entry.name === 'clear') pages = [];
    else if (entry.name === 'remove') {
      const { status, subStatus } = statusOf(entry);
      pages = pages.filter((page) => page.status !== status || page.subStatus !== subStatus);
    } else if (entry.name === 'error')
      pages.push({ ...statusOf(entry), ...placeOf(entry, 'path', 'responseMode') });
  }
  return {
    isOn: errorMode !== 'Detailed',
    passThrough: existing === 'PassThrough',
    pages,
    fallback:
      fallback === undefined || fallback === ''
        ? undefined
        : { status: 0, subStatus: -1, ...placeOf(section, 'defaultPath', 'defaultResponseMode') },
  };
}

function statusOf(entry: XmlElement): { readonly status: number; readonly subStatus: number } {
  const status = count(entry, 'statusCode');
  if (status === undefined || status < 400 || status > 999)
    throw new Mistake(entry, 'statusCode', 'a status from 400 to 999');
  const sub = entry.attributes.get('subStatusCode') ?? '-1';
  if (!/^-?\d{1,3}$/.test(sub)) throw new Mistake(entry, 'subStatusCode', 'a number from -1 to 999');
  return { status, subStatus: Number(sub) };
}

function placeOf(
  entry: XmlElement,
  pathName: string,
  modeName: string,
): Pick<ErrorPage, 'path' | 'mode' | 'prefix'> {
  const path = entry.attributes.get(pathName) ?? '';
  const mode = word(entry, modeName, ['File', 'ExecuteURL', 'Redirect']) ?? 'File';
  // A file may have blanks in its name, an address may not.
  const isSound = mode === 'File' ? !/[\x00-\x1f\x7f]/.test(path) : !/[\x00-\x20\x7f]/.test(path);
  if (path === '' || !isSound) throw new Mistake(entry, pathName, 'a path or URL');
  if (mode === 'ExecuteURL' && !path.startsWith('/'))
    throw new Mistake(entry, pathName, "a path of this site that begins with '/'");
  if (mode === 'Redirect' && !/^(?:\/|https?:\/\/)/i.test(path))
    throw new Mistake(entry, pathName, "an address, or a path of this site that begins with '/'");
  const prefix = entry.attributes.get('prefixLanguageFilePath') ?? '';
  return { path, mode, ...(prefix !== '' && { prefix }) };
}

/** One of a few words, in any case; undefined: the attribute is absent. */
function word<Word extends string>(
  element: XmlElement,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const text = element.attributes.get(name);
  if (text === undefined) return undefined;
  const found = words.find((known) => known.toLowerCase() === text.trim().toLowerCase());
  if (found === undefined)
    throw new Mistake(element, name, `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`);
  return found;
}

function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((candidate) => candidate.name === name);
}

function at(element: XmlElement, ...names: readonly string[]): XmlElement | undefined {
  return names.reduce<XmlElement | undefined>((here, name) => here && child(here, name), element);
}

function toggle(element: XmlElement, name: string): boolean | undefined {
  const text = element.attributes.get(name)?.trim().toLowerCase();
  if (text === undefined) return undefined;
  if (text !== 'true' && text !== 'false') throw new Mistake(element, name, "'true' or 'false'");
  return text === 'true';
}

function count(element: XmlElement, name: string): number | undefined {
  const text = element.attributes.get(name)?.trim();
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text) || Number(text) > 0xffff_ffff)
    throw new Mistake(element, name, 'a whole number up to 4294967295');
  return Number(text);
}

/** A time span of .NET: `00:01:30`, `1.00:00:00`. */
function seconds(element: XmlElement, name: string): number | undefined {
  const text = element.attributes.get(name)?.trim();
  if (text === undefined) return undefined;
  const match = /^(?:(\d{1,4})\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$/.exec(text);
  if (match === null) throw new Mistake(element, name, "a time span such as '00:20:00'");
  const [, days = '0', hours, minutesText, secondsText = '0'] = match;
  const total = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutesText) * 60 + Number(secondsText);
  if (total < 1) throw new Mistake(element, name, 'a second at least');
  return total;
}

function minutes(session: XmlElement | undefined): number | undefined {
  const total = session && seconds(session, 'timeout');
  return total === undefined ? undefined : Math.max(1, Math.ceil(total / 60));
}

function language(asp: XmlElement): 'VBScript' | 'JScript' | undefined {
  const text = asp.attributes.get('scriptLanguage')?.trim().toLowerCase();
  if (text === undefined) return undefined;
  if (text === 'vbscript') return 'VBScript';
  if (text === 'jscript' || text === 'javascript') return 'JScript';
  throw new Mistake(asp, 'scriptLanguage', 'VBScript or JScript');
}
