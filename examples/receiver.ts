/**
 * The receiving end of the demonstration: an SMTP server that keeps what arrives in memory, and a small web page that shows it.
 * Built from the SMTP server that the package exports, so it is an example of that too.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ParsedMail, simpleParser } from 'mailparser';
import { createIdSource, nodeDisk, silentLogger, systemClock } from '../src/base/index.ts';
import { formatMailbox, formatPath } from '../src/envelope/index.ts';
import {
  type ClientGrants,
  defaultServerSettings,
  type MessageSink,
  replies,
  type SessionPolicy,
  SmtpServer,
} from '../src/smtp/index.ts';

export type ReceivedMail = {
  readonly number: number;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly content: Buffer;
  readonly parsed: ParsedMail;
};

export type Receiver = {
  readonly smtpPort: number;
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  stop(): Promise<void>;
};

const GRANTS: ClientGrants = {
  lineEnds: 'refuse',
  mayAuthInClear: false,
  mayBeAnonymous: true,
  maxMessageBytes: 25 * 1024 * 1024,
  maxRecipients: 100,
};
/** Older mails are forgotten. */
const MOST_MAILS = 500;

/** Starts both servers on loopback; port 0 picks a free one. */
export async function startReceiver(ports: {
  readonly smtp: number;
  readonly web: number;
}): Promise<Receiver> {
  const mails: ReceivedMail[] = [];
  let count = 0;
  const keep = async (sender: string, recipients: readonly string[], content: Buffer): Promise<number> => {
    const parsed = await simpleParser(content);
    count += 1;
    mails.push({ number: count, sender, recipients, content, parsed });
    if (mails.length > MOST_MAILS) mails.shift();
    return count;
  };
  const smtp = await startSmtp(ports.smtp, keep);
  const web = createServer((request, response) => show(mails, request, response));
  web.listen(ports.web, '127.0.0.1');
  await once(web, 'listening');
  return {
    smtpPort: smtp.addresses[0]!.port,
    url: `http://127.0.0.1:${portOf(web)}/`,
    mails,
    stop: async () => {
      web.closeAllConnections();
      web.close();
      await smtp.stop(0);
    },
  };
}

async function startSmtp(
  port: number,
  keep: (sender: string, recipients: readonly string[], content: Buffer) => Promise<number>,
): Promise<SmtpServer> {
  const policy: SessionPolicy = {
    offersEtrn: false,
    connect: () => ({ admitted: true, grants: GRANTS }),
    mail: () => undefined,
    rcpt: () => undefined,
    etrn: (_session, node) => replies.etrnStarted(node),
  };
  const sink: MessageSink = {
    begin: ({ reversePath, recipients }) => {
      const pieces: Buffer[] = [];
      return {
        write: (piece) => void pieces.push(piece),
        end: async () => {
          const number = await keep(
            formatPath(reversePath),
            recipients.map(({ forwardPath }) => formatMailbox(forwardPath)),
            Buffer.concat(pieces),
          );
          return {
            reply: replies.queued(`<${number}@receiver.example>`),
            messageId: '',
            queueId: String(number),
          };
        },
        abort: () => {},
      };
    },
  };
  const server = new SmtpServer(
    {
      ...defaultServerSettings({ name: 'receiver', fqdn: 'receiver.example' }),
      bindings: [{ address: '127.0.0.1', port, tls: 'none' }],
    },
    {
      policy,
      sink,
      authenticator: { mechanisms: () => [], begin: () => undefined },
      clock: systemClock,
      ids: createIdSource(() => Date.now()),
      logger: silentLogger,
      readFile: nodeDisk.readFile,
      trace: { isWatched: false, line() {} },
      protocolLog: undefined,
    },
  );
  await server.start();
  return server;
}

function show(mails: readonly ReceivedMail[], request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://receiver');
  const [, number, part] = /^\/mails\/(\d+)(?:\/(source|\d+))?$/.exec(pathname) ?? [];
  const mail = mails.find((candidate) => String(candidate.number) === number);
  if (pathname === '/') send(response, listPage(mails));
  else if (mail === undefined) send(response, page('Not found', '<p>There is no such mail.</p>'), 404);
  else if (part === undefined) send(response, mailPage(mail));
  else if (part === 'source') sendBytes(response, mail.content, 'text/plain; charset=utf-8', undefined);
  else {
    const attachment = mail.parsed.attachments[Number(part)];
    if (attachment === undefined) send(response, page('Not found', ''), 404);
    else
      sendBytes(
        response,
        attachment.content,
        'application/octet-stream',
        attachment.filename ?? 'attachment',
      );
  }
}

function listPage(mails: readonly ReceivedMail[]): string {
  const rows = [...mails].reverse().map(({ number, sender, recipients, parsed }) => {
    const clip = parsed.attachments.length > 0 ? ` (${parsed.attachments.length} attached)` : '';
    return `<tr><td>${number}</td><td>${html(sender)}</td><td>${html(recipients.join(', '))}</td><td><a href="/mails/${number}">${html(parsed.subject ?? '(no subject)')}</a>${clip}</td></tr>`;
  });
  const table =
    rows.length === 0
      ? '<p>Nothing has arrived yet.</p>'
      : `<table><tr><th></th><th>From</th><th>To</th><th>Subject</th></tr>${rows.join('')}</table>`;
  return page('Received mails', table, '<meta http-equiv="refresh" content="3">');
}

function mailPage({ number, sender, recipients, parsed }: ReceivedMail): string {
  const attachments = parsed.attachments.map(
    ({ filename, content, contentType }, at) =>
      `<li><a href="/mails/${number}/${at}">${html(filename ?? 'attachment')}</a> ${html(contentType)}, ${content.length} bytes</li>`,
  );
  const asHtml =
    typeof parsed.html === 'string'
      ? `<h2>As HTML</h2><iframe sandbox srcdoc="${html(parsed.html)}"></iframe>`
      : '';
  return page(
    parsed.subject ?? '(no subject)',
    [
      `<p><a href="/">All mails</a> · <a href="/mails/${number}/source">Source</a></p>`,
      `<table><tr><th>Envelope</th><td>${html(sender)} → ${html(recipients.join(', '))}</td></tr>`,
      `<tr><th>From</th><td>${html(parsed.from?.text ?? '')}</td></tr>`,
      `<tr><th>Reply-To</th><td>${html(parsed.replyTo?.text ?? '')}</td></tr></table>`,
      `<pre id="text">${html(parsed.text ?? '')}</pre>`,
      asHtml,
      attachments.length === 0 ? '' : `<h2>Attachments</h2><ul id="attachments">${attachments.join('')}</ul>`,
    ].join('\n'),
  );
}

function page(title: string, body: string, head = ''): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${html(title)}</title>${head}<style>body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2em .6em;text-align:left}pre{background:#f4f4f4;padding:1em;white-space:pre-wrap}iframe{width:100%;height:16em;border:1px solid #ccc}</style></head><body><h1>${html(title)}</h1>${body}</body></html>`;
}

function send(response: ServerResponse, html: string, status = 200): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(html);
}

function sendBytes(
  response: ServerResponse,
  bytes: Buffer,
  type: string,
  fileName: string | undefined,
): void {
  response.writeHead(200, {
    'Content-Type': type,
    'X-Content-Type-Options': 'nosniff',
    ...(fileName !== undefined && {
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    }),
  });
  response.end(bytes);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}

function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
