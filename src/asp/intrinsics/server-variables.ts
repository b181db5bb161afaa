/**
 * Request.ServerVariables: what the server tells of request and connection.
 * Owns: names, the variables that follow from the request, HTTP_ names of header fields.
 * Sources: doc "IIS Server Variables"; RFC 3875 §4.1.
 */
import type { AutomationValue } from '../../automation/index.ts';
import type { PageRequest, PageSite } from '../contract.ts';
import { type NamedItems, StringList, stringListFace } from './collections.ts';

type Reader = (request: PageRequest, site: PageSite, physicalPath: (path: string) => string) => string;

const headerOf =
  (name: string): Reader =>
  (request) =>
    fieldOf(request, name);

/** In the order in which For Each gives them. */
const VARIABLES: Readonly<Record<string, Reader>> = {
  ALL_HTTP: (request) =>
    combined(request)
      .map(([name, value]) => `${httpName(name)}:${value}\n`)
      .join(''),
  ALL_RAW: (request) => request.headers.map(([name, value]) => `${name}: ${value}\r\n`).join(''),
  APPL_MD_PATH: () => '/LM/W3SVC/1/ROOT',
  APPL_PHYSICAL_PATH: (_request, site) => `${site.windowsFolder.replace(/\\$/, '')}\\`,
  AUTH_PASSWORD: () => '',
  AUTH_TYPE: () => '',
  AUTH_USER: () => '',
  CERT_COOKIE: () => '',
  CERT_FLAGS: () => '',
  CERT_ISSUER: () => '',
  CERT_KEYSIZE: () => '',
  CERT_SECRETKEYSIZE: () => '',
  CERT_SERIALNUMBER: () => '',
  CERT_SERVER_ISSUER: () => '',
  CERT_SERVER_SUBJECT: () => '',
  CERT_SUBJECT: () => '',
  CONTENT_LENGTH: (request) => fieldOf(request, 'content-length') || String(request.body.length),
  CONTENT_TYPE: headerOf('content-type'),
  GATEWAY_INTERFACE: () => 'CGI/1.1',
  HTTPS: (request) => (request.isSecure ? 'on' : 'off'),
  HTTPS_KEYSIZE: () => '',
  HTTPS_SECRETKEYSIZE: () => '',
  HTTPS_SERVER_ISSUER: () => '',
  HTTPS_SERVER_SUBJECT: () => '',
  INSTANCE_ID: () => '1',
  INSTANCE_META_PATH: () => '/LM/W3SVC/1',
  LOCAL_ADDR: (request) => request.server.address,
  LOGON_USER: (request) => request.variables['AUTH_USER'] ?? '',
  PATH_INFO: (request) => request.path,
  PATH_TRANSLATED: (request, _site, physicalPath) => physicalPath(request.path),
  QUERY_STRING: (request) => request.query,
  REMOTE_ADDR: (request) => request.client.address,
  REMOTE_HOST: (request) => request.client.address,
  REMOTE_PORT: (request) => String(request.client.port),
  REMOTE_USER: (request) => request.variables['AUTH_USER'] ?? '',
  REQUEST_METHOD: (request) => request.method,
  SCRIPT_NAME: (request) => request.path,
  SERVER_NAME: (request) => request.server.name,
  SERVER_PORT: (request) => String(request.server.port),
  SERVER_PORT_SECURE: (request) => (request.isSecure ? '1' : '0'),
  SERVER_PROTOCOL: (request) => `HTTP/${request.httpVersion}`,
  // deviates: pages that look for IIS find it, so that they take the way they always took.
  SERVER_SOFTWARE: () => 'Microsoft-IIS/10.0',
  URL: (request) => request.path,
};

export class ServerVariables implements NamedItems {
  readonly #request: PageRequest;
  readonly #site: PageSite;
  readonly #physicalPath: (path: string) => string;
  #names: string[] | undefined;

  constructor(request: PageRequest, site: PageSite, physicalPath: (path: string) => string) {
    this.#request = request;
    this.#site = site;
    this.#physicalPath = physicalPath;
  }

  get names(): readonly string[] {
    return (this.#names ??= [
      ...Object.keys(VARIABLES),
      ...combined(this.#request).map(([name]) => httpName(name)),
    ]);
  }

  item(name: string): AutomationValue {
    const value = this.valueOf(name);
    return stringListFace(new StringList(value === undefined ? [] : [value]));
  }

  /** `undefined`: there is no such variable. */
  find(name: string): AutomationValue {
    return this.valueOf(name) === undefined ? undefined : this.item(name);
  }

  valueOf(given: string): string | undefined {
    const name = given.toUpperCase();
    const extra = this.#request.variables;
    if (Object.hasOwn(extra, name)) return extra[name];
    if (Object.hasOwn(VARIABLES, name))
      return VARIABLES[name]!(this.#request, this.#site, this.#physicalPath);
    if (name.startsWith('HTTP_')) return this.#field(name.slice(5).replaceAll('_', '-'));
    // HEADER_X gives the field of exactly this name, underscores and all.
    if (name.startsWith('HEADER_')) return this.#field(name.slice(7));
    return undefined;
  }

  #field(name: string): string | undefined {
    return combined(this.#request).find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1];
  }

  whole(): AutomationValue {
    return undefined;
  }
}

function httpName(field: string): string {
  return `HTTP_${field.toUpperCase().replaceAll('-', '_')}`;
}

/** Fields with several lines of one name put together. */
function combined(request: PageRequest): (readonly [name: string, value: string])[] {
  const fields = new Map<string, [string, string]>();
  for (const [name, value] of request.headers) {
    const known = fields.get(name.toLowerCase());
    if (known === undefined) fields.set(name.toLowerCase(), [name, value]);
    else known[1] += `${name.toLowerCase() === 'cookie' ? '; ' : ','}${value}`;
  }
  return [...fields.values()];
}

/** The value of a header field, '' when there is none. */
export function fieldOf(request: PageRequest, name: string): string {
  const values = request.headers.filter(([given]) => given.toLowerCase() === name);
  return values.map(([, value]) => value).join(name === 'cookie' ? '; ' : ',');
}
