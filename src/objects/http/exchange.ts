/**
 * One HTTP exchange, done where waiting is allowed: the part of the HTTP objects that runs outside the script.
 * Owns: the allow-list of hosts, redirects, limits, TLS.  Leaves: the objects scripts hold (xml-http, win-http).
 * Fails: throws HttpFailure with the HRESULT that WinHTTP would give.
 * Sources: doc "WinHTTP error messages"; RFC 9110 §15.4.
 */

/** The operation under which a waiting room performs exchanges. */
export const HTTP_OPERATION = 'http.exchange';

/** Plain data: it crosses from the script's thread to the one that waits. */
export type HttpRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly followRedirects: boolean;
  /** Accept any certificate: WinHTTP's SslErrorIgnoreFlags, ServerXMLHTTP's option 2. */
  readonly ignoreCertificate: boolean;
  readonly connectTimeoutMs: number;
  readonly receiveTimeoutMs: number;
};

export type HttpResponse = {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** Where the answer came from after redirects. */
  readonly url: string;
};

/** HRESULTs of the HTTP objects. */
export const HTTP_ERROR = {
  cannotConnect: [0x8007_2efd | 0, 'A connection with the server could not be established'],
  nameNotResolved: [0x8007_2ee7 | 0, 'The server name or address could not be resolved'],
  timeout: [0x8007_2ee2 | 0, 'The operation timed out'],
  invalidUrl: [0x8007_2ee5 | 0, 'The URL is invalid'],
  badScheme: [0x8007_2ee6 | 0, 'The URL does not use a recognized protocol'],
  connectionLost: [0x8007_2efe | 0, 'The connection with the server was terminated abnormally'],
  redirectFailed: [0x8007_2f7c | 0, 'The HTTP redirect request failed'],
  secureFailure: [0x8007_2f8f | 0, 'A security error occurred'],
  accessDenied: [0x8007_0005 | 0, 'Access is denied.'],
  tooLarge: [0x8007_000e | 0, 'Not enough memory resources are available to complete this operation.'],
} as const;

export type HttpErrorName = keyof typeof HTTP_ERROR;

/** A failed exchange. Its fields survive the way between threads. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly hresult: number;

  constructor(kind: HttpErrorName, detail = '') {
    super(HTTP_ERROR[kind][1] + (detail === '' ? '' : ` ${detail}`));
    this.hresult = HTTP_ERROR[kind][0];
  }
}

export type HttpPolicy = {
  /** `host` or `host:port`, in any case; `*` allows every host. Empty: HTTP is off. */
  readonly allowedHosts: readonly string[];
  readonly maxBodyBytes: number;
};

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 10;

/** Performs the exchange; every hop of a redirect must be allowed. */
export async function performExchange(request: HttpRequest, policy: HttpPolicy): Promise<HttpResponse> {
  let current = request;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const url = requireAllowed(current.url, policy);
    const answer = await exchangeOnce(url, current, policy);
    const location = answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
    if (!request.followRedirects || !REDIRECTS.has(answer.status) || location === undefined) return answer;
    current = redirected(current, url, location, answer.status);
  }
  throw new HttpFailure('redirectFailed');
}

/** The URL when a script may reach it. */
function requireAllowed(text: string, policy: HttpPolicy): URL {
  if (!URL.canParse(text)) throw new HttpFailure('invalidUrl');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new HttpFailure('badScheme');
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const name = url.hostname.toLowerCase();
  const isAllowed = policy.allowedHosts.some((allowed) => {
    const wanted = allowed.toLowerCase();
    return wanted === '*' || wanted === name || wanted === `${name}:${port}`;
  });
  if (!isAllowed)
    throw new HttpFailure(
      'accessDenied',
      `Scripts may not reach ${name}:${port}; allow it with --allow-host ${name}.`,
    );
  return url;
}

function redirected(request: HttpRequest, from: URL, location: string, status: number): HttpRequest {
  if (!URL.canParse(location, from.href)) throw new HttpFailure('invalidUrl');
  const to = new URL(location, from.href);
  // RFC 9110 §15.4.4: 303 asks for GET; 301 and 302 after POST are followed by GET as every client does.
  const becomesGet = status === 303 || ((status === 301 || status === 302) && request.method === 'POST');
  const isSameOrigin = to.origin === from.origin;
  return {
    ...request,
    url: to.href,
    ...(becomesGet && { method: request.method === 'HEAD' ? 'HEAD' : 'GET', body: undefined }),
    headers: request.headers.filter(
      ([name]) =>
        (isSameOrigin || !/^(?:authorization|cookie)$/i.test(name)) &&
        !(becomesGet && /^content-/i.test(name)),
    ),
    ...(!isSameOrigin && { user: undefined, password: undefined }),
  };
}

async function exchangeOnce(url: URL, request: HttpRequest, policy: HttpPolicy): Promise<HttpResponse> {
  // Loaded when first needed: most scripts fetch nothing, and all of them should start quickly.
  const client = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const headers: string[] = [];
    for (const [name, value] of request.headers) headers.push(name, value);
    if (!request.headers.some(([name]) => name.toLowerCase() === 'host')) headers.push('Host', url.host);
    if (
      request.body !== undefined &&
      !request.headers.some(([name]) => name.toLowerCase() === 'content-length')
    )
      headers.push('Content-Length', String(request.body.length));
    if (request.user !== undefined && !request.headers.some(([name]) => /^authorization$/i.test(name))) {
      const credentials = Buffer.from(`${request.user}:${request.password ?? ''}`, 'utf8');
      headers.push('Authorization', `Basic ${credentials.toString('base64')}`);
    }
    const outgoing = client.request(url, {
      method: request.method,
      headers,
      setHost: false,
      agent: false,
      ...(url.protocol === 'https:' && { rejectUnauthorized: !request.ignoreCertificate }),
    });
    const fail = (failure: Error): void => {
      outgoing.destroy();
      reject(failure);
    };
    const connecting = setTimeout(() => fail(new HttpFailure('timeout')), request.connectTimeoutMs);
    outgoing.on('socket', (socket) => {
      const ready = (): void => {
        clearTimeout(connecting);
        outgoing.setTimeout(request.receiveTimeoutMs, () => fail(new HttpFailure('timeout')));
      };
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', ready);
    });
    outgoing.on('error', (thrown) => {
      clearTimeout(connecting);
      fail(thrown instanceof HttpFailure ? thrown : failureOf(thrown));
    });
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > policy.maxBodyBytes) fail(new HttpFailure('tooLarge'));
        else chunks.push(chunk);
      });
      incoming.on('error', () => fail(new HttpFailure('connectionLost')));
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          statusText: incoming.statusMessage ?? '',
          headers: pairs(incoming.rawHeaders),
          body: Buffer.concat(chunks),
          url: url.href,
        }),
      );
    });
    outgoing.end(request.body);
  });
}

function failureOf(thrown: Error & { code?: string }): HttpFailure {
  const code = thrown.code ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new HttpFailure('nameNotResolved');
  if (/^(?:CERT|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_SSL|EPROTO)/.test(code))
    return new HttpFailure('secureFailure');
  if (code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('HPE_'))
    return new HttpFailure('connectionLost');
  if (code === 'ETIMEDOUT') return new HttpFailure('timeout');
  return new HttpFailure('cannotConnect');
}

function pairs(raw: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) result.push([raw[at]!, raw[at + 1]!]);
  return result;
}
