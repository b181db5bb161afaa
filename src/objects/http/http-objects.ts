/**
 * MSXML2.XMLHTTP, MSXML2.ServerXMLHTTP and WinHttp.WinHttpRequest.5.1 under their members' names.
 * Owns: names, optional arguments, option numbers.  Leaves: the request (client), the wire (exchange).
 * Sources: doc "IXMLHTTPRequest Members"; doc "IServerXMLHTTPRequest setOption"; doc "WinHttpRequestOption enumeration".
 */
import {
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  isAutomationObject,
  type Member,
} from '../../automation/index.ts';
import { argumentValue, booleanOf, isMissing, longAt, plainOf, textAt } from '../arguments.ts';
import type { ObjectScope } from '../scope.ts';
import { HttpClient, type HttpFlavour } from './client.ts';

type Request = {
  readonly client: HttpClient;
  readonly scope: ObjectScope;
  readonly options: Map<number, AutomationValue>;
};
type Members = Record<string, Member<Request>>;

const MSXML: HttpFlavour = {
  source: 'msxml3.dll',
  notReady: [0x8000_000a | 0, 'The data necessary to complete this operation is not yet available.'],
};
const WINHTTP: HttpFlavour = {
  source: 'WinHttp.WinHttpRequest',
  notReady: [
    0x8007_139f | 0,
    'The group or resource is not in the correct state to perform the requested operation.',
  ],
};

/** ServerXMLHTTP setOption: which certificate errors to ignore. */
const SXH_IGNORE_CERTIFICATE = 2;
/** WinHttpRequest Option: certificate errors to ignore, redirects, address of the answer. */
const WINHTTP_OPTION = { url: 1, sslErrorIgnoreFlags: 4, enableRedirects: 6 } as const;

const XML_HTTP: Members = {
  open: {
    arity: [2, 5],
    call: ({ client }, args) => {
      client.open(
        textAt(args, 0),
        textAt(args, 1),
        isMissing(args, 3) ? undefined : textAt(args, 3),
        isMissing(args, 4) ? undefined : textAt(args, 4),
      );
      return undefined;
    },
  },
  setRequestHeader: {
    arity: [2, 2],
    call: ({ client }, args) => client.setHeader(textAt(args, 0), textAt(args, 1)) as undefined,
  },
  send: {
    arity: [0, 1],
    call: (self, args) => sendAndNotify(self, args.length === 0 ? undefined : argumentValue(args[0])),
  },
  abort: { arity: [0, 0], call: ({ client }) => client.abort() as undefined },
  readyState: { arity: [0, 0], get: ({ client }) => client.readyState },
  onreadystatechange: {
    arity: [0, 0],
    put: ({ client }, args) => {
      client.onReady = argumentValue(args[0]);
    },
  },
  status: { arity: [0, 0], get: ({ client }) => client.response.status },
  statusText: { arity: [0, 0], get: ({ client }) => client.response.statusText },
  responseText: { arity: [0, 0], get: ({ client }) => (client.hasAnswer ? client.text() : '') },
  responseBody: { arity: [0, 0], get: ({ client }) => new Uint8Array(client.response.body) },
  responseStream: { arity: [0, 0], get: (self) => streamOf(self) },
  responseXML: {
    arity: [0, 0],
    get: ({ client, scope }) => {
      const document = scope.createObject('Microsoft.XMLDOM');
      if (client.hasAnswer) document.invoke('call', 'loadXML', [client.text()]);
      return document;
    },
  },
  getResponseHeader: { arity: [1, 1], call: ({ client }, args) => client.header(textAt(args, 0)) ?? '' },
  getAllResponseHeaders: { arity: [0, 0], call: ({ client }) => client.allHeaders() },
};

const SERVER_XML_HTTP: Members = {
  ...XML_HTTP,
  setTimeouts: {
    arity: [4, 4],
    call: ({ client }, args) => setTimeouts(client, longAt(args, 0), longAt(args, 1), longAt(args, 3)),
  },
  waitForResponse: { arity: [0, 1], call: ({ client }) => client.hasAnswer },
  setProxy: { arity: [1, 3], call: (_, args) => refuseProxy(longAt(args, 0)) },
  setProxyCredentials: { arity: [2, 2], call: () => undefined },
  setOption: {
    arity: [2, 2],
    call: ({ client, options }, args) => {
      const option = longAt(args, 0);
      options.set(option, plainOf(args[1]));
      if (option === SXH_IGNORE_CERTIFICATE) client.ignoreCertificate = longAt(args, 1) !== 0;
      return undefined;
    },
  },
  getOption: { arity: [1, 1], call: ({ options }, args) => options.get(longAt(args, 0)) },
};

const WIN_HTTP: Members = {
  Open: {
    arity: [2, 3],
    call: ({ client }, args) => client.open(textAt(args, 0), textAt(args, 1)) as undefined,
  },
  SetRequestHeader: XML_HTTP['setRequestHeader']!,
  Send: {
    arity: [0, 1],
    call: (self, args) => sendAndNotify(self, args.length === 0 ? undefined : argumentValue(args[0])),
  },
  Abort: XML_HTTP['abort']!,
  Status: XML_HTTP['status']!,
  StatusText: XML_HTTP['statusText']!,
  ResponseText: { arity: [0, 0], get: ({ client }) => client.text() },
  ResponseBody: XML_HTTP['responseBody']!,
  ResponseStream: XML_HTTP['responseStream']!,
  GetResponseHeader: {
    arity: [1, 1],
    call: ({ client }, args) => {
      const value = client.header(textAt(args, 0));
      if (value === undefined)
        throw new AutomationError(0x8007_2f76 | 0, 'The requested header was not found', {
          source: WINHTTP.source,
        });
      return value;
    },
  },
  GetAllResponseHeaders: XML_HTTP['getAllResponseHeaders']!,
  WaitForResponse: { arity: [0, 2], call: ({ client }) => client.hasAnswer },
  SetTimeouts: SERVER_XML_HTTP['setTimeouts']!,
  SetCredentials: {
    arity: [3, 3],
    // The third says whether the credentials are for the server (0) or the proxy (1); there is no proxy.
    call: ({ client }, args) => {
      if (longAt(args, 2) === 0) client.setCredentials(textAt(args, 0), textAt(args, 1));
      return undefined;
    },
  },
  SetProxy: SERVER_XML_HTTP['setProxy']!,
  SetAutoLogonPolicy: { arity: [1, 1], call: () => undefined },
  SetClientCertificate: {
    arity: [1, 1],
    call: () => {
      throw new AutomationError(
        0x8007_2f0c | 0,
        'A certificate is required to complete client authentication',
        {
          source: WINHTTP.source,
        },
      );
    },
  },
  Option: {
    arity: [1, 1],
    get: ({ client, options }, args) => {
      const option = longAt(args, 0);
      if (option === WINHTTP_OPTION.url) return client.hasAnswer ? client.response.url : '';
      if (option === WINHTTP_OPTION.enableRedirects) return client.followRedirects;
      return options.get(option);
    },
    put: ({ client, options }, args) => {
      const option = longAt(args, 0);
      options.set(option, plainOf(args[1]));
      if (option === WINHTTP_OPTION.sslErrorIgnoreFlags) client.ignoreCertificate = longAt(args, 1) !== 0;
      if (option === WINHTTP_OPTION.enableRedirects) client.followRedirects = booleanOf(plainOf(args[1]));
    },
  },
};

function sendAndNotify({ client }: Request, body: AutomationValue): undefined {
  client.send(body);
  // The answer is whole when send returns, so the one call says readyState 4.
  if (isAutomationObject(client.onReady)) client.onReady.invoke('call', '', []);
  return undefined;
}

function streamOf({ client, scope }: Request): AutomationValue {
  const body = new Uint8Array(client.response.body);
  const stream = scope.createObject('ADODB.Stream');
  stream.invoke('put', 'Type', [1]);
  stream.invoke('call', 'Open', []);
  stream.invoke('call', 'Write', [body]);
  stream.invoke('put', 'Position', [0]);
  return stream;
}

function setTimeouts(client: HttpClient, resolveMs: number, connectMs: number, receiveMs: number): undefined {
  // 0 means for ever; the run's own time limit still ends it.
  const day = 86_400_000;
  client.connectTimeoutMs = resolveMs === 0 || connectMs === 0 ? day : Math.min(day, resolveMs + connectMs);
  client.receiveTimeoutMs = receiveMs === 0 ? day : Math.min(day, receiveMs);
  return undefined;
}

/** 0 and 1 mean no proxy of one's own; a named proxy is none Mailroot would send through. */
function refuseProxy(setting: number): undefined {
  if (setting === 2)
    throw new AutomationError(0x8007_0005 | 0, 'Access is denied. Scripts cannot choose a proxy.', {
      source: MSXML.source,
    });
  return undefined;
}

function factory(
  name: string,
  members: Members,
  flavour: HttpFlavour,
): (scope: ObjectScope) => AutomationObject {
  const face = automationFace<Request>({ name, members });
  return (scope) =>
    face({ client: new HttpClient(scope, flavour), scope, options: new Map<number, AutomationValue>() });
}

export const createXmlHttp = factory('XMLHTTP', XML_HTTP, MSXML);
export const createServerXmlHttp = factory('ServerXMLHTTP', SERVER_XML_HTTP, MSXML);
export const createWinHttp = factory('WinHttpRequest', WIN_HTTP, WINHTTP);
