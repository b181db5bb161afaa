/**
 * The operations of the mail objects that go over the network, for scripts: sending, fetching, posting.
 * Owns: which servers a script may reach.  Leaves: the dialogues (cdo), loaded when first needed.
 */
import { AutomationError } from '../automation/index.ts';
import type { HttpGetAnswer, HttpGetRequest, NntpPostRequest, SmtpSubmissionRequest } from '../cdo/index.ts';
import { HttpFailure, performExchange } from '../objects/index.ts';
import type { ServicePolicy } from './services.ts';

export async function performMailOperation(
  operation: string,
  request: unknown,
  policy: ServicePolicy,
): Promise<unknown> {
  switch (operation) {
    case 'smtp.submit':
      return submit(request as SmtpSubmissionRequest, policy);
    case 'nntp.post':
      return post(request as NntpPostRequest, policy);
    case 'http.get':
      return get(request as HttpGetRequest, policy);
    default:
      throw new AutomationError(0x8000_4001 | 0, `The operation '${operation}' does not exist here.`);
  }
}

async function submit(request: SmtpSubmissionRequest, policy: ServicePolicy): Promise<unknown> {
  if (!isAllowed(request.server, request.port, policy.smtpServers))
    return {
      kind: 'failed',
      stage: 'connect',
      cause: 'not-connected',
      reason: `scripts may not send through ${request.server}:${request.port}`,
    };
  const { smtpSubmission } = await import('../cdo/index.ts');
  return smtpSubmission().submit(request);
}

async function post(request: NntpPostRequest, policy: ServicePolicy): Promise<unknown> {
  if (!isAllowed(request.server, request.port, policy.smtpServers))
    return {
      outcome: 'not-connected',
      response: `scripts may not post to ${request.server}:${request.port}`,
    };
  const { nntpPosting } = await import('../cdo/index.ts');
  return nntpPosting().post(request);
}

function isAllowed(server: string, port: number, allowed: readonly string[]): boolean {
  const name = server.toLowerCase();
  return allowed.some((entry) => {
    const wanted = entry.toLowerCase();
    return wanted === '*' || wanted === name || wanted === `${name}:${port}`;
  });
}

/** Fetches for attachments by URL and CreateMHTMLBody, under the rule for the HTTP objects. Never rejects. */
async function get(request: HttpGetRequest, policy: ServicePolicy): Promise<HttpGetAnswer> {
  const none = { url: request.url, contentType: '', bytes: new Uint8Array() };
  try {
    const answer = await performExchange(
      {
        method: 'GET',
        url: request.url,
        headers: [
          ...(request.cookies === undefined ? [] : [['Cookie', request.cookies] as const]),
          ...(request.fresh ? [['Cache-Control', 'no-cache'] as const] : []),
        ],
        body: undefined,
        user: request.user,
        password: request.password,
        followRedirects: true,
        ignoreCertificate: false,
        connectTimeoutMs: 30_000,
        receiveTimeoutMs: 30_000,
      },
      policy.http,
    );
    const header = (name: string) => answer.headers.find(([given]) => given.toLowerCase() === name)?.[1];
    const fileName = /filename\s*=\s*"?([^";]+)/i.exec(header('content-disposition') ?? '')?.[1];
    return {
      status: answer.status,
      statusText: answer.statusText,
      url: answer.url,
      contentType: header('content-type') ?? '',
      ...(fileName !== undefined && { fileName: fileName.trim() }),
      bytes: answer.body,
    };
  } catch (thrown) {
    if (!(thrown instanceof HttpFailure)) throw thrown;
    return { ...none, status: 0, statusText: thrown.message };
  }
}
