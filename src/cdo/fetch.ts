/**
 * Fetching pages and attachments by URL: off until an operator allows hosts.
 * Owns: the list of allowed hosts, redirects, size and time limits, user name and password, proxies.
 * Leaves: what is fetched (attach.ts, mhtml.ts).
 * Fails: never rejects; what does not work is an answer with status 0 and the reason.
 * Sources: RFC 9110 §15.4 (redirects), §11.7 (Proxy-Authorization is not offered); RFC 7617 (Basic).
 */
import * as http from 'node:http';
import * as https from 'node:https';
import type { HttpFetch } from './host.ts';
import type { HttpGetAnswer, HttpGetRequest } from './steps.ts';

export type FetchRules = {
  /** `www.example.com`, `*.example.com` (every name below), or `*` for all. Ports are not part of it. */
  readonly allowedHosts: readonly string[];
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  /** PEM texts to trust instead of the platform's certificate authorities. */
  readonly certificateAuthorities?: string | readonly string[];
};

const USUAL_MAX_BYTES = 50 * 1024 * 1024;
const USUAL_TIMEOUT_MS = 30_000;
const MOST_REDIRECTS = 5;

export function createFetch(rules: FetchRules): HttpFetch {
  return {
    async get(request) {
      let url = request.url;
      for (let redirect = 0; redirect <= MOST_REDIRECTS; redirect += 1) {
        const refusal = refusalOf(url, rules);
        if (refusal !== undefined) return failed(url, refusal);
        const answer = await getOnce(url, request, rules);
        if (answer.location === undefined) return answer;
        const next = resolve(answer.location, url);
        if (next === undefined) return failed(url, `redirected to '${answer.location}', which is no URL`);
        url = next;
      }
      return failed(url, `redirected more than ${MOST_REDIRECTS} times`);
    },
  };
}

function resolve(location: string, base: string): string | undefined {
  try {
    return new URL(location, base).href;
  } catch {
    return undefined;
  }
}

function refusalOf(written: string, rules: FetchRules): string | undefined {
  const url = new URL(written);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `${url.protocol}// is not fetched here; use http or https`;
  const host = url.hostname.toLowerCase();
  const isAllowed = rules.allowedHosts.some((rule) => {
    const pattern = rule.toLowerCase();
    return (
      pattern === '*' || pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)))
    );
  });
  return isAllowed ? undefined : `fetching from '${host}' is not allowed; add it to the allowed hosts`;
}

function failed(url: string, statusText: string): HttpGetAnswer {
  return { status: 0, statusText, url, contentType: '', bytes: new Uint8Array() };
}

type Once = HttpGetAnswer & { readonly location?: string };

function getOnce(written: string, request: HttpGetRequest, rules: FetchRules): Promise<Once> {
  const url = new URL(written);
  const isSameHost = url.host === new URL(request.url).host;
  const headers: Record<string, string> = { 'user-agent': 'Mailroot', accept: '*/*' };
  // Names and passwords, and cookies, go to the host they were meant for, not where it redirects to.
  if (request.user !== undefined && isSameHost)
    headers['authorization'] =
      `Basic ${Buffer.from(`${request.user}:${request.password ?? ''}`).toString('base64')}`;
  if (request.cookies !== undefined && isSameHost) headers['cookie'] = request.cookies.replace(/[\r\n]/g, '');
  if (request.fresh) headers['cache-control'] = 'no-cache';
  return new Promise((done) => {
    const fail = (reason: string): void => {
      done(failed(written, reason));
      sent.destroy();
    };
    const sent = openRequest(url, headers, proxyFor(url, request), rules);
    sent.setTimeout(rules.timeoutMs ?? USUAL_TIMEOUT_MS, () => fail('no answer in time'));
    sent.on('error', (failure) => fail(failure.message));
    sent.on('response', (response) => {
      const limit = rules.maxBytes ?? USUAL_MAX_BYTES;
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > limit) fail(`the answer is larger than ${limit} bytes`);
      });
      response.on('error', (failure) => fail(failure.message));
      response.on('end', () => done(answerOf(written, response, Buffer.concat(chunks))));
    });
    sent.end();
  });
}

function answerOf(url: string, response: http.IncomingMessage, bytes: Buffer): Once {
  const status = response.statusCode ?? 0;
  const isRedirect = [301, 302, 303, 307, 308].includes(status) && response.headers.location !== undefined;
  const fileName = /filename\s*=\s*"?([^";]+)/i.exec(response.headers['content-disposition'] ?? '')?.[1];
  return {
    status,
    statusText: response.statusMessage ?? '',
    url,
    contentType: response.headers['content-type'] ?? '',
    ...(fileName !== undefined && { fileName: fileName.split(/[\\/]/).at(-1)!.trim() }),
    bytes,
    ...(isRedirect && { location: response.headers.location! }),
  };
}

function openRequest(
  url: URL,
  headers: Record<string, string>,
  proxy: { host: string; port: number } | undefined,
  rules: FetchRules,
): http.ClientRequest {
  const authorities = rules.certificateAuthorities;
  if (url.protocol === 'https:')
    return https.request(url, {
      headers,
      ...(authorities !== undefined && { ca: authorities as string | string[] }),
    });
  if (proxy === undefined) return http.request(url, { headers });
  // RFC 9112 §3.2.2: a proxy gets the whole URL. TLS goes straight to the host; tunnels are not built.
  return http.request({
    host: proxy.host,
    port: proxy.port,
    path: url.href,
    headers: { ...headers, host: url.host },
  });
}

function proxyFor(url: URL, request: HttpGetRequest): { host: string; port: number } | undefined {
  if (request.proxy === undefined) return undefined;
  const host = url.hostname.toLowerCase();
  const bypass = (request.proxyBypass ?? '').split(/[;, ]+/).filter(Boolean);
  const isBypassed = bypass.some((rule) => {
    if (rule.toLowerCase() === '<local>') return !host.includes('.');
    const pattern = rule.toLowerCase();
    return pattern === host || (pattern.startsWith('*') && host.endsWith(pattern.slice(1)));
  });
  if (isBypassed) return undefined;
  const [name, port] = request.proxy.replace(/^https?:\/\//i, '').split(':');
  return { host: name!, port: Number.parseInt(port ?? '80', 10) || 80 };
}
